//! Where records are kept. A store sees numbers, times and sealed bytes, nothing else.

mod file;

pub use file::FileStore;

use amanah_domain::{ids::RedemptionId, time::Millis};
use std::{collections::BTreeMap, fs::OpenOptions};

/// A redemption's record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The redemption.
    pub redemption: RedemptionId,
    /// When the redemption ends (milliseconds): some time after that it can be forgotten.
    pub ends: Millis,
    /// The record, encrypted.
    pub sealed: Vec<u8>,
}

/// Keeps one entry for each redemption. One service uses a store at a time.
pub trait Store {
    /// The entry of a redemption, as it was last put.
    ///
    /// # Errors
    /// Those of the store. An entry that cannot be read is an error, never `None`: `None` means fresh tries.
    fn get(&self, redemption: RedemptionId) -> Result<Option<Entry>, StoreError>;

    /// Keeps an entry in the place of the redemption's former one. When this returns `Ok`, the entry survives the death
    /// of the process and of the machine.
    ///
    /// # Errors
    /// Those of the store; the entry may or may not have been kept then.
    fn put(&mut self, entry: Entry) -> Result<(), StoreError>;

    /// Drops the entries of all redemptions that ended before `ended_before` (milliseconds), and says how many.
    ///
    /// # Errors
    /// Those of the store; the entries may or may not have been dropped then.
    fn forget(&mut self, ended_before: Millis) -> Result<usize, StoreError>;
}

/// Why a store does not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another service has it open.
    #[error("{path} is in use by another process")]
    Busy {
        /// The journal.
        path: String,
    },
    /// A line that was kept once is damaged. Which tries were used is not known any more, so nothing goes on until an
    /// operator has looked at it.
    #[error("{path} is damaged at line {line}")]
    Damaged {
        /// The journal.
        path: String,
        /// Which line, counted from 1.
        line: usize,
    },
    /// A write failed before, so what is kept is not known; it has to be opened again.
    #[error("a write failed before: the store has to be opened again")]
    Broken,
    /// Whatever it is built on failed.
    #[error("cannot {action}: {detail}")]
    Failed {
        /// What was tried.
        action: String,
        /// What came back.
        detail: String,
    },
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn get(&self, redemption: RedemptionId) -> Result<Option<Entry>, StoreError> {
        (**self).get(redemption)
    }

    fn put(&mut self, entry: Entry) -> Result<(), StoreError> {
        (**self).put(entry)
    }

    fn forget(&mut self, ended_before: Millis) -> Result<usize, StoreError> {
        (**self).forget(ended_before)
    }
}

/// Keeps entries in memory: for tests and demonstrations. Its tries do not survive the process.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    entries: BTreeMap<RedemptionId, Entry>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn get(&self, redemption: RedemptionId) -> Result<Option<Entry>, StoreError> {
        Ok(self.entries.get(&redemption).cloned())
    }

    fn put(&mut self, entry: Entry) -> Result<(), StoreError> {
        self.entries.insert(entry.redemption, entry);
        Ok(())
    }

    fn forget(&mut self, ended_before: Millis) -> Result<usize, StoreError> {
        let before = self.entries.len();
        self.entries.retain(|_, entry| entry.ends >= ended_before);
        Ok(before.saturating_sub(self.entries.len()))
    }
}

/// How files with secrets are opened: to be read, and to be made for their owner only.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_in_memory_keeps_the_last_entry_and_forgets_what_ended_before() {
        let entry = |redemption, ends, byte| Entry { redemption, ends, sealed: vec![byte] };
        let mut store = MemoryStore::new();
        for entry in [entry(1, 10, 1), entry(2, 9, 2), entry(1, 10, 3)] {
            store.put(entry).unwrap();
        }
        assert_eq!(store.get(3), Ok(None));
        assert_eq!(store.forget(10), Ok(1));
        assert_eq!(store.get(2), Ok(None));
        assert_eq!(store.get(1), Ok(Some(entry(1, 10, 3))));
    }
}
