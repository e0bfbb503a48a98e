//! A journal in a file: one line for each entry that was put, the last one of a redemption counts.

use super::{private_file, Entry, Store, StoreError};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::RedemptionId,
    time::Millis,
};
use fs4::fs_std::FileExt;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Keeps entries in a file of JSON lines, each flushed to the disk before [`put`](Store::put) returns.
///
/// Beside the journal `<path>` there is `<path>.lock`, which is locked while the store is open: a second store on the same
/// journal, in this process or another, is refused. A last line without its end was never acknowledged to anybody and is
/// cut off when the journal is opened; any other damage is an error.
pub struct FileStore {
    path: PathBuf,
    journal: File,
    entries: BTreeMap<RedemptionId, Entry>,
    /// A write failed: what is on the disk is not known.
    broken: bool,
    /// Held, not used.
    _lock: Lock,
}

/// Keeps other stores from the journal.
struct Lock(File);

/// Closing the file is not enough: a process that was just forked from this one may still have it open.
impl Drop for Lock {
    fn drop(&mut self) {
        let _ = FileExt::unlock(&self.0);
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    redemption: RedemptionId,
    ends: Millis,
    sealed: String,
    /// The first eight bytes of BLAKE2b-256 over the rest: tells damage on the disk.
    check: String,
}

impl FileStore {
    /// Opens the journal, or makes it.
    ///
    /// # Errors
    /// `Busy`, `Damaged`, `Failed`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let given = path.as_ref();
        open_journal(given).map_err(failed("open", given))?;
        // By its real name, so that two links to one journal share one lock.
        let path = given.canonicalize().map_err(failed("find", given))?;
        let lock = lock(&path)?;
        // Opened anew: whoever had the lock until now may have put another file in its place.
        let mut journal = open_journal(&path).map_err(failed("open", &path))?;
        sync_directory(&path).map_err(failed("keep", &path))?;
        let mut bytes = Vec::new();
        journal.read_to_end(&mut bytes).map_err(failed("read", &path))?;
        let (entries, whole) = replay(&path, &bytes)?;
        if whole < bytes.len() {
            let whole = u64::try_from(whole).unwrap_or(u64::MAX);
            journal.set_len(whole).and_then(|()| journal.sync_all()).map_err(failed("mend", &path))?;
        }
        Ok(Self { path, journal, entries, broken: false, _lock: lock })
    }

    fn must_work(&self) -> Result<(), StoreError> {
        if self.broken {
            Err(StoreError::Broken)
        } else {
            Ok(())
        }
    }

    /// Writes the entries to a new journal and puts it in the place of this one, all or nothing.
    fn rewrite(&mut self, entries: &BTreeMap<RedemptionId, Entry>) -> io::Result<()> {
        let next = beside(&self.path, ".new");
        match fs::remove_file(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut journal = open_journal(&next)?;
        for entry in entries.values() {
            journal.write_all(&to_line(entry)?)?;
        }
        journal.sync_all()?;
        // From here on either journal may be the one that the next start finds.
        self.broken = true;
        fs::rename(&next, &self.path)?;
        sync_directory(&self.path)?;
        self.journal = journal;
        self.broken = false;
        Ok(())
    }
}

impl Store for FileStore {
    fn get(&self, redemption: RedemptionId) -> Result<Option<Entry>, StoreError> {
        self.must_work()?;
        Ok(self.entries.get(&redemption).cloned())
    }

    fn put(&mut self, entry: Entry) -> Result<(), StoreError> {
        self.must_work()?;
        let written = to_line(&entry).and_then(|line| {
            self.journal.write_all(&line)?;
            self.journal.sync_data()
        });
        if let Err(error) = written {
            self.broken = true;
            return Err(failed("write", &self.path)(error));
        }
        self.entries.insert(entry.redemption, entry);
        Ok(())
    }

    fn forget(&mut self, ended_before: Millis) -> Result<usize, StoreError> {
        self.must_work()?;
        let mut kept = self.entries.clone();
        kept.retain(|_, entry| entry.ends >= ended_before);
        let forgotten = self.entries.len().saturating_sub(kept.len());
        if forgotten > 0 {
            self.rewrite(&kept).map_err(failed("rewrite", &self.path.clone()))?;
            self.entries = kept;
        }
        Ok(forgotten)
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, entries, broken, .. } = self;
        f.debug_struct("FileStore")
            .field("path", path)
            .field("entries", &entries.len())
            .field("broken", broken)
            .finish_non_exhaustive()
    }
}

fn open_journal(path: &Path) -> io::Result<File> {
    private_file().append(true).create(true).open(path)
}

/// Locks the journal at `path` until what this gives is dropped.
fn lock(path: &Path) -> Result<Lock, StoreError> {
    let name = beside(path, ".lock");
    let lock = private_file().write(true).create(true).truncate(false).open(&name).map_err(failed("open", &name))?;
    if FileExt::try_lock_exclusive(&lock).map_err(failed("lock", &name))? {
        Ok(Lock(lock))
    } else {
        Err(StoreError::Busy { path: path.display().to_string() })
    }
}

/// The entries in a journal, and how many of its bytes are whole lines.
fn replay(path: &Path, bytes: &[u8]) -> Result<(BTreeMap<RedemptionId, Entry>, usize), StoreError> {
    let mut entries = BTreeMap::new();
    let mut whole = 0_usize;
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let Some(text) = line.strip_suffix(b"\n") else {
            break;
        };
        let entry = from_line(text)
            .ok_or_else(|| StoreError::Damaged { path: path.display().to_string(), line: at.saturating_add(1) })?;
        entries.insert(entry.redemption, entry);
        whole = whole.saturating_add(line.len());
    }
    Ok((entries, whole))
}

fn to_line(entry: &Entry) -> io::Result<Vec<u8>> {
    let Entry { redemption, ends, sealed } = entry;
    let line = Line { redemption: *redemption, ends: *ends, sealed: hex::encode(sealed), check: check(entry) };
    let mut bytes = serde_json::to_vec(&line)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn from_line(text: &[u8]) -> Option<Entry> {
    let line: Line = serde_json::from_slice(text).ok()?;
    let entry = Entry { redemption: line.redemption, ends: line.ends, sealed: hex::decode(line.sealed).ok()? };
    (check(&entry) == line.check).then_some(entry)
}

fn check(entry: &Entry) -> String {
    let bytes = [entry.redemption.to_le_bytes().as_slice(), &entry.ends.to_le_bytes(), &entry.sealed].concat();
    let [a, b, c, d, e, f, g, h, ..] = Native::blake2b_256(&bytes);
    hex::encode([a, b, c, d, e, f, g, h])
}

/// The path with something added to its name.
fn beside(path: &Path, added: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(added);
    name.into()
}

/// Makes the names of new files durable, where directories can be flushed.
fn sync_directory(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        File::open(directory)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn failed<'a>(action: &'a str, path: &'a Path) -> impl Fn(io::Error) -> StoreError + 'a {
    move |error| StoreError::Failed { action: format!("{action} {}", path.display()), detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;

    fn entry(redemption: RedemptionId, ends: Millis, sealed: &[u8]) -> Entry {
        Entry { redemption, ends, sealed: sealed.to_vec() }
    }

    fn journal_with(entries: &[Entry]) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.jsonl");
        let mut store = FileStore::open(&path).unwrap();
        for entry in entries {
            store.put(entry.clone()).unwrap();
        }
        (directory, path)
    }

    #[test]
    fn what_was_put_last_is_there_after_opening_again() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a"), entry(2, 20, b"b"), entry(1, 10, b"c")]);
        let store = FileStore::open(&path).unwrap();
        assert_eq!(store.get(1), Ok(Some(entry(1, 10, b"c"))));
        assert_eq!(store.get(2), Ok(Some(entry(2, 20, b"b"))));
        assert_eq!(store.get(3), Ok(None));
    }

    #[test]
    fn a_torn_last_line_is_cut_off_wherever_it_was_torn_and_the_next_entry_is_whole() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a"), entry(1, 10, b"b")]);
        let whole = fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for torn in first..whole.len() {
            fs::write(&path, &whole[..torn]).unwrap();
            let mut store = FileStore::open(&path).unwrap();
            assert_eq!(store.get(1), Ok(Some(entry(1, 10, b"a"))), "torn at {torn}");
            store.put(entry(2, 20, b"c")).unwrap();
            drop(store);
            let store = FileStore::open(&path).unwrap();
            assert_eq!(store.get(1), Ok(Some(entry(1, 10, b"a"))), "torn at {torn}");
            assert_eq!(store.get(2), Ok(Some(entry(2, 20, b"c"))), "torn at {torn}");
        }
    }

    #[test]
    fn a_damaged_line_is_an_error_and_not_a_forgotten_try() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a"), entry(2, 10, b"b")]);
        let good = fs::read(&path).unwrap();
        let first = good.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for at in 0..good.len() - 1 {
            if at + 1 == first {
                continue; // Two lines in one, seen below.
            }
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            let line = if at < first { 1 } else { 2 };
            let path_ = path.canonicalize().unwrap().display().to_string();
            let error = FileStore::open(&path).unwrap_err();
            assert_eq!(error, StoreError::Damaged { path: path_, line }, "byte {at}");
            assert_eq!(fs::read(&path).unwrap(), bad, "nothing is thrown away");
        }
        let mut joined = good.clone();
        joined.remove(first - 1);
        fs::write(&path, &joined).unwrap();
        assert!(matches!(FileStore::open(&path), Err(StoreError::Damaged { line: 1, .. })));
    }

    #[test]
    fn one_journal_is_open_once_also_by_another_name() {
        let (directory, path) = journal_with(&[entry(1, 10, b"a")]);
        let store = FileStore::open(&path).unwrap();
        let busy = StoreError::Busy { path: path.canonicalize().unwrap().display().to_string() };
        assert_eq!(FileStore::open(&path).unwrap_err(), busy);
        #[cfg(unix)]
        {
            let link = directory.path().join("link.jsonl");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            assert_eq!(FileStore::open(&link).unwrap_err(), busy);
        }
        drop(store);
        assert!(FileStore::open(&path).is_ok());
        drop(directory);
    }

    #[test]
    fn a_closed_journal_is_free_even_if_a_forked_process_still_has_the_lock_file_open() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a")]);
        let store = FileStore::open(&path).unwrap();
        let inherited = store._lock.0.try_clone().unwrap();
        drop(store);
        assert!(FileStore::open(&path).is_ok());
        drop(inherited);
    }

    #[test]
    fn forgetting_drops_what_ended_before_and_keeps_the_rest_for_good() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a"), entry(2, 20, b"b"), entry(3, 19, b"c")]);
        let mut store = FileStore::open(&path).unwrap();
        assert_eq!(store.forget(10), Ok(0));
        assert_eq!(store.forget(20), Ok(2));
        store.put(entry(4, 40, b"d")).unwrap();
        drop(store);
        let store = FileStore::open(&path).unwrap();
        let there: Vec<_> = (1..=4).map(|number| store.get(number).unwrap().is_some()).collect();
        assert_eq!(there, [false, true, false, true]);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
    }

    #[test]
    fn a_journal_is_still_locked_after_it_was_rewritten() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a")]);
        let mut store = FileStore::open(&path).unwrap();
        assert_eq!(store.forget(11), Ok(1));
        assert!(matches!(FileStore::open(&path), Err(StoreError::Busy { .. })));
    }

    #[test]
    fn what_a_crash_left_of_a_rewriting_is_ignored() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a"), entry(2, 20, b"b")]);
        fs::write(beside(&path, ".new"), b"{\"redemp").unwrap();
        let mut store = FileStore::open(&path).unwrap();
        assert_eq!(store.forget(20), Ok(1));
        drop(store);
        assert_eq!(FileStore::open(&path).unwrap().get(2), Ok(Some(entry(2, 20, b"b"))));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn after_a_failed_write_nothing_goes_on_until_the_journal_is_opened_again() {
        let (_directory, path) = journal_with(&[entry(1, 10, b"a")]);
        let mut store = FileStore::open(&path).unwrap();
        store.journal = OpenOptions::new().append(true).open("/dev/full").unwrap();
        assert!(matches!(store.put(entry(1, 10, b"b")), Err(StoreError::Failed { .. })));
        assert_eq!(store.get(1), Err(StoreError::Broken));
        assert_eq!(store.put(entry(1, 10, b"b")), Err(StoreError::Broken));
        assert_eq!(store.forget(11), Err(StoreError::Broken));
        drop(store);
        assert_eq!(FileStore::open(&path).unwrap().get(1), Ok(Some(entry(1, 10, b"a"))));
    }

    #[test]
    #[cfg(unix)]
    fn the_journal_is_for_its_owners_eyes_only_also_after_it_was_rewritten() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (_directory, path) = journal_with(&[entry(1, 10, b"a")]);
        assert_eq!(mode(&path), 0o600);
        FileStore::open(&path).unwrap().forget(11).unwrap();
        assert_eq!(mode(&path), 0o600);
    }
}
