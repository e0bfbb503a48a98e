//! When a bundle has to be built again: when its sources, the lock file or the compiler changed.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{fs, path::Path, process::Command};
use walkdir::WalkDir;

/// A fingerprint of all that goes into a contract's bundle.
pub fn fingerprint(root: &Path, contract: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(Command::new("rustc").arg("-vV").output().context("cannot run rustc")?.stdout);
    for shared in ["Cargo.lock", "Cargo.toml"] {
        hash.update(fs::read(root.join(shared))?);
    }
    let parts = [contract, &root.join("crates/domain"), &root.join("crates/interfaces"), &root.join("crates/bundler")];
    for part in parts {
        for entry in WalkDir::new(part).sort_by_file_name() {
            let entry = entry?;
            let is_source = entry.path().extension().is_some_and(|end| end == "rs" || end == "toml");
            if entry.file_type().is_file() && is_source {
                hash.update(entry.path().strip_prefix(root).unwrap_or(entry.path()).as_os_str().as_encoded_bytes());
                hash.update(fs::read(entry.path())?);
            }
        }
    }
    Ok(hex::encode(hash.finalize()))
}
