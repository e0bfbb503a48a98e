//! A contract as a package of its own.
//!
//! contract-build compiles a member of a workspace without the workspace's Cargo.lock, and so with whatever versions are the
//! newest on that day. A package of its own, with the lock file beside it, is compiled as locked.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// Writes the contract in the folder `contract` of the project at `root` as a package in the folder `package`, with its path
/// dependencies taken from `shared`, a copy of them; gives its manifest.
pub fn stand_alone(root: &Path, contract: &Path, shared: &Path, package: &Path) -> Result<PathBuf> {
    let source = contract.join("Cargo.toml");
    let manifest = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let manifest = without_workspace(&manifest, contract, root, shared)
        .with_context(|| format!("cannot use {}", source.display()))?;
    fs::create_dir_all(package)?;
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    let path = package.join("Cargo.toml");
    fs::write(&path, manifest)?;
    Ok(path)
}

/// The manifest from `folder` as the root of a workspace of its own: the library's path absolute, dependencies that are in
/// `root` taken from `shared`.
fn without_workspace(manifest: &str, folder: &Path, root: &Path, shared: &Path) -> Result<String> {
    let mut manifest: Table = toml::from_str(manifest)?;
    let root = fs::canonicalize(root)?;
    let dependencies = manifest.get_mut("dependencies").and_then(Value::as_table_mut).context("no dependencies")?;
    for (_, dependency) in dependencies.iter_mut() {
        move_path(dependency, |path| Ok(shared.join(fs::canonicalize(folder.join(path))?.strip_prefix(&root)?)))?;
    }
    move_path(manifest.get_mut("lib").context("no lib")?, |path| Ok(fs::canonicalize(folder.join(path))?))?;
    manifest.insert("workspace".to_owned(), Value::Table(Table::new()));
    Ok(toml::to_string(&manifest)?)
}

fn move_path(part: &mut Value, to: impl Fn(&str) -> Result<PathBuf>) -> Result<()> {
    if let Some(Value::String(path)) = part.get_mut("path") {
        let moved = to(path).with_context(|| format!("there is no {path} in the project"))?;
        *path = moved.to_str().context("a path is not UTF-8")?.to_owned();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(manifest: &str) -> Result<Table> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        Ok(toml::from_str(&without_workspace(manifest, folder, &folder.join("../.."), Path::new("/copy"))?)?)
    }

    #[test]
    fn dependencies_are_taken_from_the_copy_and_the_rest_is_kept() {
        let manifest = r#"
            [dependencies]
            domain = { path = "../domain", default-features = false }
            ink = "=5.1.1"
            [lib]
            path = "src/main.rs"
        "#;
        let alone = alone(manifest).unwrap();
        assert_eq!(alone["dependencies"]["domain"]["path"], Value::from("/copy/crates/domain"));
        assert_eq!(alone["dependencies"]["domain"]["default-features"], Value::from(false));
        assert_eq!(alone["dependencies"]["ink"], Value::from("=5.1.1"));
        let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
        assert_eq!(alone["lib"]["path"], Value::from(fs::canonicalize(lib).unwrap().to_str().unwrap()));
        assert_eq!(alone["workspace"], Value::Table(Table::new()));
    }

    #[test]
    fn a_path_to_nowhere_is_an_error_that_names_it() {
        let manifest = "[dependencies]\nnowhere = { path = '../nowhere' }\n[lib]\npath = 'src/main.rs'";
        assert_eq!(alone(manifest).unwrap_err().to_string(), "there is no ../nowhere in the project");
    }
}
