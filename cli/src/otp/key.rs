//! The key of a store, in a file: `0x` and 64 hex digits.

use crate::{output, report::Format};
use amanah_attestor::StoreKey;
use anyhow::{Context, Result};
use serde_json::json;
use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

/// Makes a key, and says where.
///
/// # Errors
/// When the file is there, or cannot be written.
pub fn generate(format: Format, file: &Path) -> Result<()> {
    write(file)?;
    match format {
        Format::Json => output::json(&json!({ "file": file })),
        Format::Text | Format::Csv => {
            output::line(format_args!("{} has a new store key; keep a copy where the store is not", file.display()));
        }
    }
    Ok(())
}

fn write(file: &Path) -> Result<()> {
    let key = StoreKey::generate()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| {
        writeln!(opened, "0x{}", hex::encode(key.reveal()))?;
        opened.sync_all()
    });
    written.with_context(|| format!("cannot make the key file {}, which must be a new one", file.display()))
}

/// Reads a key.
///
/// # Errors
/// When the file cannot be read or holds no key. What is in it is not repeated.
pub fn read(file: &Path) -> Result<StoreKey> {
    let shown = file.display();
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read the store key {shown}; `amanah otp keygen` makes one"))?;
    let mut bytes = [0; 32];
    let digits = text.trim().strip_prefix("0x").unwrap_or_default();
    hex::decode_to_slice(digits, &mut bytes)
        .ok()
        .with_context(|| format!("{shown} is no store key: it must be 0x and 64 hex digits"))?;
    Ok(StoreKey::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_made_and_no_two_are_alike() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        write(&one).unwrap();
        write(&two).unwrap();
        let line = fs::read_to_string(&one).unwrap();
        assert_eq!(line.trim_end(), format!("0x{}", hex::encode(read(&one).unwrap().reveal())));
        assert_ne!(read(&one).unwrap().reveal(), read(&two).unwrap().reveal());
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        for text in ["", "5a", &"5a".repeat(32), &format!("0x{}", "5a".repeat(31)), &format!("0x{}", "5g".repeat(32))] {
            fs::write(&file, text).unwrap();
            let refused = format!("{:#}", read(&file).unwrap_err());
            assert!(refused.ends_with("key is no store key: it must be 0x and 64 hex digits"), "{refused}");
        }
    }
}
