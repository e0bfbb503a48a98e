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

/// Writes the contract in the folder `contract` of the project at `root` as a package in the folder `package`; gives its
/// manifest.
pub fn stand_alone(root: &Path, contract: &Path, package: &Path) -> Result<PathBuf> {
    let source = contract.join("Cargo.toml");
    let manifest = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let manifest =
        without_workspace(&manifest, contract).with_context(|| format!("cannot use {}", source.display()))?;
    fs::create_dir_all(package)?;
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    let path = package.join("Cargo.toml");
    fs::write(&path, manifest)?;
    Ok(path)
}

/// The manifest with its paths from `folder` made absolute, as the root of a workspace of its own.
fn without_workspace(manifest: &str, folder: &Path) -> Result<String> {
    let mut manifest: Table = toml::from_str(manifest)?;
    let folder = fs::canonicalize(folder)?;
    let dependencies = manifest.get_mut("dependencies").and_then(Value::as_table_mut).context("no dependencies")?;
    for (_, dependency) in dependencies.iter_mut() {
        make_absolute(dependency, &folder)?;
    }
    make_absolute(manifest.get_mut("lib").context("no lib")?, &folder)?;
    manifest.insert("workspace".to_owned(), Value::Table(Table::new()));
    Ok(toml::to_string(&manifest)?)
}

fn make_absolute(part: &mut Value, folder: &Path) -> Result<()> {
    if let Some(Value::String(path)) = part.get_mut("path") {
        let absolute = fs::canonicalize(folder.join(&path)).with_context(|| format!("there is no {path}"))?;
        *path = absolute.to_str().context("a path is not UTF-8")?.to_owned();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute_and_the_rest_is_kept() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = r#"
            [dependencies]
            domain = { path = "../domain", default-features = false }
            ink = "=5.1.1"
            [lib]
            path = "src/main.rs"
        "#;
        let alone: Table = toml::from_str(&without_workspace(manifest, folder).unwrap()).unwrap();
        let absolute = |path| Value::from(fs::canonicalize(folder.join(path)).unwrap().to_str().unwrap());
        assert_eq!(alone["dependencies"]["domain"]["path"], absolute("../domain"));
        assert_eq!(alone["dependencies"]["domain"]["default-features"], Value::from(false));
        assert_eq!(alone["dependencies"]["ink"], Value::from("=5.1.1"));
        assert_eq!(alone["lib"]["path"], absolute("src/main.rs"));
        assert_eq!(alone["workspace"], Value::Table(Table::new()));
    }

    #[test]
    fn a_path_to_nowhere_is_an_error_that_names_it() {
        let manifest = "[dependencies]\nnowhere = { path = '../nowhere' }\n[lib]\npath = 'src/main.rs'";
        let error = without_workspace(manifest, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
        assert_eq!(error.to_string(), "there is no ../nowhere");
    }
}
