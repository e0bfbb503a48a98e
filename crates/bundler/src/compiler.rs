//! Keeps the places of sources out of the code.
//!
//! Where code can panic, the compiler may leave the path of the source in it: of the project's folder, and of the folder that cargo
//! unpacks dependencies to, which is in somebody's home. The same sources would have another code hash for everybody. contract-build
//! leaves no way to give the compiler an option, so cargo calls the bundler in the compiler's place.

use anyhow::{ensure, Context, Result};
use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
};

/// Tells the bundler that it is called in the compiler's place, and where the project is.
const ROOT: &str = "AMANAH_BUNDLER_ROOT";

/// From now on cargo calls this program in the compiler's place, for the project at `root`.
pub fn stand_in(root: &Path) -> Result<()> {
    env::set_var(ROOT, fs::canonicalize(root).with_context(|| format!("there is no {}", root.display()))?);
    env::set_var("RUSTC_WRAPPER", env::current_exe()?);
    Ok(())
}

/// Becomes the compiler, if cargo has called this program in its place.
pub fn if_called_as_one() -> Result<()> {
    let Some(root) = env::var_os(ROOT) else { return Ok(()) };
    let mut arguments = env::args_os().skip(1);
    let compiler = arguments.next().context("cargo names the compiler")?;
    let package = |what: &str| env::var_os(format!("CARGO_{what}"));
    let package = package("MANIFEST_DIR").zip(package("PKG_NAME").zip(package("PKG_VERSION")));
    let renamed = package.map(|(folder, (name, version))| renamings(&root, &folder, &name, &version));
    let error = Command::new(&compiler).args(arguments).args(renamed.into_iter().flatten()).exec();
    Err(error).with_context(|| format!("cannot run {}", Path::new(&compiler).display()))
}

/// The options by which sources in the project have paths from there, and others the name and version of their package.
fn renamings(root: &OsStr, folder: &OsStr, name: &OsStr, version: &OsStr) -> [OsString; 2] {
    let renamed = |from: &OsStr, to: &[&OsStr]| {
        let mut option = OsString::from("--remap-path-prefix=");
        option.push(from);
        option.push("=");
        to.iter().for_each(|part| option.push(part));
        option
    };
    [renamed(root, &[]), renamed(folder, &[name, OsStr::new("-"), version])]
}

/// Refuses code in which a place on this machine is left.
pub fn must_not_tell_places(root: &Path, code: &Path) -> Result<()> {
    let bytes = fs::read(code).with_context(|| format!("cannot read {}", code.display()))?;
    let places = [fs::canonicalize(root)?, env::temp_dir().join("amanah-shared"), PathBuf::from("/registry/src/")];
    for place in &places {
        let wanted = place.as_os_str().as_bytes();
        let found = bytes.windows(wanted.len()).any(|window| window == wanted);
        ensure!(
            !found,
            "{} contains the path {}, so its hash is another one elsewhere",
            code.display(),
            place.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_a_dependency_are_named_by_their_package() {
        let [root, package] = ["/project", "/home/registry/src/index/ink-5.1.1"].map(OsStr::new);
        let [first, second] = renamings(root, package, OsStr::new("ink"), OsStr::new("5.1.1"));
        assert_eq!(first, "--remap-path-prefix=/project=");
        assert_eq!(second, "--remap-path-prefix=/home/registry/src/index/ink-5.1.1=ink-5.1.1");
    }

    #[test]
    fn code_that_tells_a_place_on_this_machine_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let code = folder.path().join("code.wasm");
        fs::write(&code, b"\0asm ink_env-5.1.1/src/lib.rs").unwrap();
        must_not_tell_places(folder.path(), &code).unwrap();
        fs::write(&code, b"\0asm /home/somebody/.cargo/registry/src/index/ink_env-5.1.1/src/lib.rs").unwrap();
        let error = must_not_tell_places(folder.path(), &code).unwrap_err().to_string();
        assert!(error.contains("contains the path /registry/src/"), "{error}");
    }
}
