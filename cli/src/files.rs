//! Files that are written whole or not at all.

use anyhow::{Context, Result};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// Puts these bytes into a file, which keeps what it had if this fails halfway.
///
/// # Errors
/// When it cannot be written.
pub fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let mut new = file.as_os_str().to_owned();
    new.push(".new");
    let new = Path::new(&new);
    let write = || -> io::Result<()> {
        let mut there = File::create(new)?;
        there.write_all(bytes)?;
        there.sync_all()?;
        fs::rename(new, file)
    };
    let written = write();
    if written.is_err() {
        // It may not even have been made.
        let _ = fs::remove_file(new);
    }
    written.with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cursor");
        replace(&file, b"a long first text").unwrap();
        replace(&file, b"short").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"short");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_replaced_is_named_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("folder");
        fs::create_dir_all(in_the_way.join("full")).unwrap();
        let refused = replace(&in_the_way, b"x").unwrap_err();
        assert_eq!(refused.to_string(), format!("cannot write {}", in_the_way.display()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
