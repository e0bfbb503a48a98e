//! A contract as a package of its own.
//!
//! contract-build compiles a member of a workspace without the workspace's Cargo.lock, and so with whatever versions are the
//! newest on that day. A package of its own, with the lock file beside it, is compiled as locked.

use crate::sources;
use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// What a package is compiled for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The contract's code, with contract-build's profile.
    Code,
    /// The program that prints the contract's metadata: as quickly as it can be compiled.
    Metadata,
}

/// Writes the contract in the folder `contract` of the project at `root` as a package called `name` in the target folder, with
/// its path dependencies taken from a copy of them; gives its manifest.
pub fn stand_alone(root: &Path, contract: &Path, name: &str, profile: Profile) -> Result<PathBuf> {
    let source = contract.join("Cargo.toml");
    let manifest = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let manifest = without_workspace(&manifest, contract, root, &sources::shared_copy(root)?, profile)
        .with_context(|| format!("cannot use {}", source.display()))?;
    let target = env::var_os("CARGO_TARGET_DIR").context("CARGO_TARGET_DIR is not set")?;
    let folder = match profile {
        Profile::Code => "code",
        Profile::Metadata => "metadata",
    };
    let package = Path::new(&target).join("packages").join(folder).join(name);
    fs::create_dir_all(&package)?;
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    let path = package.join("Cargo.toml");
    fs::write(&path, manifest)?;
    Ok(path)
}

/// The manifest from `folder` as the root of a workspace of its own: the library's path absolute, dependencies that are in
/// `root` taken from `shared`.
fn without_workspace(manifest: &str, folder: &Path, root: &Path, shared: &Path, profile: Profile) -> Result<String> {
    let mut manifest: Table = toml::from_str(manifest)?;
    let root = fs::canonicalize(root)?;
    let dependencies = manifest.get_mut("dependencies").and_then(Value::as_table_mut).context("no dependencies")?;
    for (_, dependency) in dependencies.iter_mut() {
        move_path(dependency, |path| Ok(shared.join(fs::canonicalize(folder.join(path))?.strip_prefix(&root)?)))?;
    }
    move_path(manifest.get_mut("lib").context("no lib")?, |path| Ok(fs::canonicalize(folder.join(path))?))?;
    manifest.insert("workspace".to_owned(), Value::Table(Table::new()));
    if profile == Profile::Metadata {
        manifest
            .insert("profile".to_owned(), toml::from_str::<Table>("release = { opt-level = 0, lto = false }")?.into());
    }
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

    fn alone(manifest: &str, profile: Profile) -> Result<Table> {
        // Tests run in the package's folder.
        let folder = Path::new(".");
        Ok(toml::from_str(&without_workspace(manifest, folder, &folder.join("../.."), Path::new("/copy"), profile)?)?)
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
        let for_metadata = alone(manifest, Profile::Metadata).unwrap();
        let alone = alone(manifest, Profile::Code).unwrap();
        assert_eq!(alone["dependencies"]["domain"]["path"], Value::from("/copy/crates/domain"));
        assert_eq!(alone["dependencies"]["domain"]["default-features"], Value::from(false));
        assert_eq!(alone["dependencies"]["ink"], Value::from("=5.1.1"));
        assert_eq!(alone["lib"]["path"], Value::from(fs::canonicalize("src/main.rs").unwrap().to_str().unwrap()));
        assert_eq!(alone["workspace"], Value::Table(Table::new()));
        assert!(!alone.contains_key("profile"));
        assert_eq!(for_metadata["profile"]["release"]["opt-level"], Value::from(0));
    }

    #[test]
    fn a_path_to_nowhere_is_an_error_that_names_it() {
        let manifest = "[dependencies]\nnowhere = { path = '../nowhere' }\n[lib]\npath = 'src/main.rs'";
        assert_eq!(alone(manifest, Profile::Code).unwrap_err().to_string(), "there is no ../nowhere in the project");
    }
}
