//! The address book: names for accounts, so that nobody types addresses.

use super::{config, keys};
use amanah_client::address;
use amanah_domain::ids::Account;
use anyhow::{bail, ensure, Context, Result};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Names and accounts, and the file that they are in: JSON, an object with an address for each name.
#[derive(Clone, Debug)]
pub struct Book {
    file: PathBuf,
    accounts: BTreeMap<String, Account>,
}

impl Book {
    /// Reads the book, or the usual one in the user's configuration, which is empty at first.
    ///
    /// # Errors
    /// When it is no address book.
    pub fn open(file: Option<&Path>) -> Result<Self> {
        let usual = || config::folder().map(|folder| folder.join("addresses.json"));
        let file = file.map(Path::to_owned).or_else(usual).context("there is no HOME to keep an address book in")?;
        if !file.exists() {
            return Ok(Self { file, accounts: BTreeMap::new() });
        }
        let named = || file.display().to_string();
        let text = fs::read_to_string(&file).with_context(named)?;
        let addresses: BTreeMap<String, String> = serde_json::from_str(&text).with_context(named)?;
        let mut accounts = BTreeMap::new();
        for (name, address) in addresses {
            let account = keys::account(&address).map_err(|reason| anyhow::anyhow!("{name}: {reason}"));
            accounts.insert(name, account.with_context(named)?);
        }
        Ok(Self { file, accounts })
    }

    /// The account of this name.
    pub fn account(&self, name: &str) -> Option<Account> {
        self.accounts.get(name).copied()
    }

    /// All names, in their order, with their accounts.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Account)> {
        self.accounts.iter().map(|(name, account)| (name.as_str(), account))
    }

    /// Gives an account a name, and keeps it.
    ///
    /// # Errors
    /// When the name looks like an address or belongs to another account.
    pub fn add(&mut self, name: &str, account: Account) -> Result<()> {
        let plain = name.chars().all(|sign| sign.is_alphanumeric() || "-_.".contains(sign)) && !name.is_empty();
        ensure!(plain, "a name is letters, digits, '-', '_' and '.': {name:?}");
        ensure!(keys::account(name).is_err(), "{name:?} is an address, and no name for one");
        match self.accounts.insert(name.to_owned(), account) {
            Some(before) if before != account => {
                bail!("{name} is {} already; remove that first", address(&before))
            }
            _ => self.keep(),
        }
    }

    /// Forgets a name.
    ///
    /// # Errors
    /// When nobody is called so.
    pub fn remove(&mut self, name: &str) -> Result<()> {
        self.accounts.remove(name).with_context(|| format!("nobody is called {name:?}"))?;
        self.keep()
    }

    fn keep(&self) -> Result<()> {
        let addresses: BTreeMap<&str, String> = self.entries().map(|(name, one)| (name, address(one))).collect();
        let text = serde_json::to_string_pretty(&addresses)? + "\n";
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(self.file.parent().unwrap_or(Path::new(".")))?;
            let new = self.file.with_extension("new");
            fs::write(&new, text)?;
            fs::rename(&new, &self.file)
        };
        write().with_context(|| self.file.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_and_a_name_never_changes_its_account_silently() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/addresses.json");
        let mut book = Book::open(Some(&file)).unwrap();
        book.add("warung-sari", [1; 32]).unwrap();
        book.add("bank", [2; 32]).unwrap();
        let mut book = Book::open(Some(&file)).unwrap();
        assert_eq!((book.account("bank"), book.account("warung-sari")), (Some([2; 32]), Some([1; 32])));
        assert!(book.add("bank", [3; 32]).unwrap_err().to_string().contains("already"));
        for name in ["", "two words", &address(&[1; 32])] {
            assert!(book.add(name, [4; 32]).is_err(), "{name}");
        }
        book.remove("bank").unwrap();
        assert!(book.remove("bank").is_err());
        assert_eq!(Book::open(Some(&file)).unwrap().entries().count(), 1);
    }
}
