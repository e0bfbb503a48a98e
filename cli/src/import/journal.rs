//! The journal of an import: what was sent and what became of it, written down before and after, so that an import that is
//! killed at any moment goes on where it was.
//!
//! A line of JSON each: first what the journal is about, then for each batch the signed transaction *before* it is sent, and
//! what became of its rows *after*. A line that was cut off by the end of the process counts as not written; whatever it
//! would have said has not been sent, or is found out again from the chain.

use amanah_client::node::Signed;
use anyhow::{ensure, Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

/// What an import is about: one with another file, chain or programme has a journal of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub kind: String,
    /// BLAKE2b-256 of the file's bytes.
    pub file: String,
    pub genesis: String,
    pub programme: Option<u64>,
    pub sender: String,
}

/// A row's outcome in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done; the number that it got, or that it is about.
    Done(u64),
    /// Refused, for this reason.
    Refused(String),
}

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    About(About),
    Sent(Sent),
    /// What became of rows, by their lines in the file; of a transaction that was sent, if it is about one.
    Became {
        step: String,
        transaction: Option<String>,
        rows: Vec<(u64, Outcome)>,
    },
    /// A transaction that never ran and never will.
    Void {
        transaction: String,
    },
}

/// A transaction that may have been sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub step: String,
    /// The lines of the file's rows in it, in its order.
    pub rows: Vec<u64>,
    from: String,
    nonce: u64,
    bytes: String,
    born: u32,
    dies: u32,
}

impl Sent {
    /// The transaction of these rows.
    pub fn new(step: &str, rows: Vec<u64>, signed: &Signed) -> Self {
        let Signed { from, nonce, bytes, born, dies } = signed;
        let (from, bytes) = (hex::encode(from), hex::encode(bytes));
        Self { step: step.to_owned(), rows, from, nonce: *nonce, bytes, born: *born, dies: *dies }
    }

    /// The transaction, as it was signed.
    ///
    /// # Errors
    /// When the journal was changed by hand.
    pub fn signed(&self) -> Result<Signed> {
        let mut from = [0; 32];
        hex::decode_to_slice(&self.from, &mut from).context("the journal's sender is no account")?;
        let bytes = hex::decode(&self.bytes).context("the journal's transaction is no hex")?;
        Ok(Signed { from, nonce: self.nonce, bytes, born: self.born, dies: self.dies })
    }
}

/// A journal.
pub struct Journal {
    file: File,
    /// What became of each row, by step and line.
    became: BTreeMap<(String, u64), (Outcome, Option<String>)>,
    /// What was sent and has no outcome yet, by transaction.
    open: BTreeMap<String, Sent>,
}

impl Journal {
    /// Opens the journal, or begins it.
    ///
    /// # Errors
    /// When it cannot be written, is used by another process, or is about something else.
    pub fn open(path: &Path, about: &About) -> Result<Self> {
        Self::try_open(path, about).with_context(|| path.display().to_string())
    }

    fn try_open(path: &Path, about: &About) -> Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        ensure!(fs4::fs_std::FileExt::try_lock_exclusive(&file)?, "another import works with this journal");
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // A line without its end was cut off.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut journal = Self { file, became: BTreeMap::new(), open: BTreeMap::new() };
        let mut lines = text.get(..whole).unwrap_or_default().lines();
        match lines.next() {
            None => journal.write(&Line::About(about.clone()))?,
            Some(first) => match serde_json::from_str(first)? {
                Line::About(known) => ensure!(
                    known == *about,
                    "this is the journal of another import (other file, network, programme or sender): name another one \
                     with --journal"
                ),
                _ => anyhow::bail!("it is no journal of an import"),
            },
        }
        for line in lines {
            let line = serde_json::from_str(line).context("it is no journal of an import")?;
            journal.take(line);
        }
        Ok(journal)
    }

    /// What became of a row in a step, and in which transaction.
    pub fn outcome(&self, step: &str, line: u64) -> Option<&(Outcome, Option<String>)> {
        self.became.get(&(step.to_owned(), line))
    }

    /// What was sent in a step and has no outcome yet.
    pub fn open_in(&self, step: &str) -> Vec<(String, Sent)> {
        let of_step = self.open.iter().filter(|(_, sent)| sent.step == step);
        of_step.map(|(transaction, sent)| (transaction.clone(), sent.clone())).collect()
    }

    /// Writes down what is about to be sent.
    ///
    /// # Errors
    /// When it cannot be written; then it must not be sent.
    pub fn sent(&mut self, sent: Sent) -> Result<()> {
        self.write(&Line::Sent(sent.clone()))?;
        self.take(Line::Sent(sent));
        Ok(())
    }

    /// Writes down what became of rows.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn became(&mut self, step: &str, transaction: Option<String>, rows: Vec<(u64, Outcome)>) -> Result<()> {
        let line = Line::Became { step: step.to_owned(), transaction, rows };
        self.write(&line)?;
        self.take(line);
        Ok(())
    }

    /// Writes down that a transaction will never run.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn void(&mut self, transaction: String) -> Result<()> {
        let line = Line::Void { transaction };
        self.write(&line)?;
        self.take(line);
        Ok(())
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::About(_) => {}
            Line::Sent(sent) => {
                let hash = sent.signed().map(|signed| hex::encode(signed.hash())).unwrap_or_default();
                self.open.insert(format!("0x{hash}"), sent);
            }
            Line::Became { step, transaction, rows } => {
                if let Some(transaction) = &transaction {
                    self.open.remove(transaction);
                }
                for (line, outcome) in rows {
                    self.became.insert((step.clone(), line), (outcome, transaction.clone()));
                }
            }
            Line::Void { transaction } => {
                self.open.remove(&transaction);
            }
        }
    }

    fn write(&mut self, line: &Line) -> Result<()> {
        let text = serde_json::to_string(line)? + "\n";
        self.file.write_all(text.as_bytes())?;
        // What is sent must be on the disk before.
        self.file.sync_data()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn about() -> About {
        About {
            kind: "beneficiaries".into(),
            file: "0x01".into(),
            genesis: "0x02".into(),
            programme: Some(1),
            sender: "5x".into(),
        }
    }

    fn signed(nonce: u64) -> Signed {
        Signed { from: [1; 32], nonce, bytes: vec![2, 3, nonce as u8], born: 4, dies: 5 }
    }

    #[test]
    fn what_was_written_is_known_again_and_a_line_that_was_cut_off_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let transaction = |nonce| format!("0x{}", hex::encode(signed(nonce).hash()));
        let mut journal = Journal::open(&path, &about()).unwrap();
        for nonce in 1..=3 {
            journal.sent(Sent::new("register", vec![nonce * 10], &signed(nonce))).unwrap();
        }
        journal.became("register", Some(transaction(1)), vec![(10, Outcome::Done(7))]).unwrap();
        journal.became("register", None, vec![(40, Outcome::Refused("why".into()))]).unwrap();
        journal.void(transaction(2)).unwrap();
        drop(journal);
        let whole = fs::read_to_string(&path).unwrap();
        for cut in 0..=20 {
            fs::write(&path, format!("{whole}{}", &"{\"became\":{\"step\":\"register\"}}"[..cut])).unwrap();
            let journal = Journal::open(&path, &about()).unwrap();
            assert_eq!(journal.outcome("register", 10), Some(&(Outcome::Done(7), Some(transaction(1)))));
            assert_eq!(journal.outcome("register", 40), Some(&(Outcome::Refused("why".into()), None)));
            assert_eq!(journal.outcome("register", 20), None);
            let open = journal.open_in("register");
            assert_eq!(open.iter().map(|(hash, _)| hash.clone()).collect::<Vec<_>>(), [transaction(3)]);
            assert_eq!(open[0].1.signed().unwrap(), signed(3), "the identical transaction");
            drop(journal);
            assert_eq!(fs::read_to_string(&path).unwrap(), whole, "what was cut off is gone");
        }
    }

    #[test]
    fn a_journal_is_of_one_import_and_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path, &about()).unwrap();
        let second = Journal::open(&path, &about()).err().unwrap();
        assert!(format!("{second:#}").contains("another import works"), "{second:#}");
        drop(journal);
        let other = About { programme: Some(2), ..about() };
        let other = Journal::open(&path, &other).err().unwrap();
        assert!(format!("{other:#}").contains("journal of another import"), "{other:#}");
        fs::write(&path, "{}\n").unwrap();
        assert!(Journal::open(&path, &about()).is_err());
    }
}
