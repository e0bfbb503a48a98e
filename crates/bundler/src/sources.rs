//! When a bundle has to be built again, and where its sources are compiled.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};
use toml::{Table, Value};
use walkdir::WalkDir;

/// What contracts share: these are compiled into each of them.
const SHARED: [&str; 3] = ["crates/domain", "crates/interfaces", "crates/outline"];

/// A fingerprint of all that goes into a contract's bundle: its sources, the lock file, the compiler, the bundler.
pub fn fingerprint(root: &Path, contract: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(Command::new("rustc").arg("-vV").output().context("cannot run rustc")?.stdout);
    hash.update(fs::read(root.join("Cargo.lock"))?);
    hash.update(shared_fingerprint(root)?);
    for part in [contract, &root.join("crates/bundler")] {
        add(&mut hash, root, part)?;
    }
    Ok(hex::encode(hash.finalize()))
}

/// A copy of the shared crates in a folder whose name tells only what is in them.
///
/// Cargo mixes the absolute path of a path dependency into the names of its symbols, their order changes with that, and so
/// the contract's code hash. Compiled from this folder, the same sources give the same code hash wherever the project is.
pub fn shared_copy(root: &Path) -> Result<PathBuf> {
    let fingerprint = shared_fingerprint(root)?;
    let name = fingerprint.get(..16).context("a fingerprint has 64 digits")?;
    let copy = env::temp_dir().join(format!("amanah-shared-{name}"));
    if copy.exists() {
        if shared_fingerprint(&copy).is_ok_and(|found| found == fingerprint) {
            return Ok(copy);
        }
        fs::remove_dir_all(&copy)?;
    }
    // Another build may do the same now: the folder appears whole or not at all.
    let unfinished = copy.with_extension(std::process::id().to_string());
    for file in files(root, SHARED.map(|part| root.join(part)).iter())? {
        let to = unfinished.join(file.strip_prefix(root)?);
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        fs::copy(&file, &to).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    fs::write(unfinished.join("Cargo.toml"), shared_manifest(root)?)?;
    if fs::rename(&unfinished, &copy).is_err() {
        fs::remove_dir_all(&unfinished)?;
    }
    Ok(copy)
}

fn shared_fingerprint(root: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(shared_manifest(root)?);
    for part in SHARED {
        add(&mut hash, root, &root.join(part))?;
    }
    Ok(hex::encode(hash.finalize()))
}

/// What the shared crates need of the workspace's manifest: themselves as members, and what they inherit.
fn shared_manifest(root: &Path) -> Result<String> {
    let mut manifest: Table = toml::from_str(&fs::read_to_string(root.join("Cargo.toml"))?)?;
    manifest.retain(|table, _| table == "workspace");
    let workspace =
        manifest.get_mut("workspace").and_then(Value::as_table_mut).context("Cargo.toml has no workspace")?;
    workspace.insert("members".to_owned(), Value::from(SHARED.to_vec()));
    Ok(toml::to_string(&manifest)?)
}

/// Adds the sources in the folder `part` of the project at `root`.
fn add(hash: &mut Sha256, root: &Path, part: &Path) -> Result<()> {
    for file in files(root, [part.to_owned()].iter())? {
        hash.update(file.strip_prefix(root)?.as_os_str().as_encoded_bytes());
        hash.update(fs::read(&file)?);
    }
    Ok(())
}

/// The sources in these folders, in a fixed order.
fn files<'a>(root: &Path, folders: impl Iterator<Item = &'a PathBuf>) -> Result<impl Iterator<Item = PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.with_context(|| format!("cannot list {}", root.display()))?;
            let is_source = entry.path().extension().is_some_and(|end| end == "rs" || end == "toml" || end == "json");
            if entry.file_type().is_file() && is_source {
                found.push(entry.into_path());
            }
        }
    }
    Ok(found.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project in a folder of its own.
    fn project(name: &str, rule: &str) -> PathBuf {
        let root = env::temp_dir().join(format!("amanah-bundler-test-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for part in SHARED {
            fs::create_dir_all(root.join(part).join("src")).unwrap();
            fs::write(root.join(part).join("src/lib.rs"), rule).unwrap();
        }
        fs::write(root.join("Cargo.toml"), "[workspace]").unwrap();
        root
    }

    #[test]
    fn the_same_sources_are_compiled_from_the_same_folder_wherever_they_are() {
        let [one, two, other] = [project("one", "rule"), project("two", "rule"), project("other", "another rule")];
        let copy = shared_copy(&one).unwrap();
        assert_eq!(copy, shared_copy(&two).unwrap());
        assert_ne!(copy, shared_copy(&other).unwrap());
        assert_eq!(fs::read_to_string(copy.join("crates/domain/src/lib.rs")).unwrap(), "rule");
        for folder in [one, two, shared_copy(&other).unwrap(), other, copy] {
            fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn a_copy_that_somebody_changed_is_made_again() {
        let root = project("changed", "a rule");
        let copy = shared_copy(&root).unwrap();
        fs::write(copy.join("crates/domain/src/lib.rs"), "a bent rule").unwrap();
        assert_eq!(shared_copy(&root).unwrap(), copy);
        assert_eq!(fs::read_to_string(copy.join("crates/domain/src/lib.rs")).unwrap(), "a rule");
        fs::remove_dir_all(copy).unwrap();
        fs::remove_dir_all(root).unwrap();
    }
}
