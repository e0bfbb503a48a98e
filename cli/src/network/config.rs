//! The configuration file: profiles with what would otherwise be given each time.

use super::Until;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The name of the file, and of the folder in the user's configuration.
const HERE: &str = "amanah.toml";
const FOLDER: &str = "amanah";

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// The profile that is used when none is named.
    default: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// What a profile says. Paths are as seen from the file's folder.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    #[serde(default)]
    pub url: Vec<String>,
    pub deployment: Option<PathBuf>,
    pub bundles: Option<PathBuf>,
    pub keystore: Option<PathBuf>,
    pub suri_file: Option<PathBuf>,
    pub book: Option<PathBuf>,
    pub wait: Option<Until>,
}

/// The folder of the user's configuration.
pub fn folder() -> Option<PathBuf> {
    let set = std::env::var_os("XDG_CONFIG_HOME").filter(|set| !set.is_empty()).map(PathBuf::from);
    let base = set.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")));
    base.map(|base| base.join(FOLDER))
}

/// The profile of this name, or the one that the file says is usual; an empty one if there is no file and none is named.
///
/// # Errors
/// When the file cannot be read, or has no such profile.
pub fn profile(name: Option<&str>) -> Result<Profile> {
    let files = [Some(PathBuf::from(HERE)), folder().map(|folder| folder.join("config.toml"))];
    let Some(file) = files.into_iter().flatten().find(|file| file.exists()) else {
        return match name {
            None => Ok(Profile::default()),
            Some(name) => {
                anyhow::bail!("there is no profile {name}: neither {HERE} here nor a file in the user's configuration")
            }
        };
    };
    read(&file, name).with_context(|| file.display().to_string())
}

fn read(file: &Path, name: Option<&str>) -> Result<Profile> {
    let config: Config = toml::from_str(&fs::read_to_string(file)?)?;
    let Some(name) = name.or(config.default.as_deref()) else { return Ok(Profile::default()) };
    let profile = config.profiles.get(name).with_context(|| {
        let known: Vec<&str> = config.profiles.keys().map(String::as_str).collect();
        format!("there is no profile {name}; there are: {}", known.join(", "))
    })?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let seen = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
    Ok(Profile {
        deployment: seen(&profile.deployment),
        bundles: seen(&profile.bundles),
        keystore: seen(&profile.keystore),
        suri_file: seen(&profile.suri_file),
        book: seen(&profile.book),
        ..profile.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, name: Option<&str>) -> Result<Profile, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("amanah.toml");
        fs::write(&file, text).unwrap();
        let profile = read(&file, name).map_err(|error| format!("{error:#}"))?;
        let bare = |path: Option<PathBuf>| path.map(|path| path.strip_prefix(folder.path()).unwrap().to_owned());
        Ok(Profile { deployment: bare(profile.deployment), ..profile })
    }

    #[test]
    fn a_profile_is_found_by_name_or_as_the_usual_one_and_its_paths_are_beside_the_file() {
        let text =
            "default = \"pilot\"\n[profiles.pilot]\nurl = [\"ws://a\", \"ws://b\"]\ndeployment = \"d/pilot.json\"\n\
                    wait = \"finalized\"\n[profiles.local]\n";
        let pilot = Profile {
            url: vec!["ws://a".into(), "ws://b".into()],
            deployment: Some("d/pilot.json".into()),
            wait: Some(Until::Finalized),
            ..Profile::default()
        };
        assert_eq!(told(text, None), Ok(pilot.clone()));
        assert_eq!(told(text, Some("pilot")), Ok(pilot));
        assert_eq!(told(text, Some("local")), Ok(Profile::default()));
        assert_eq!(told(text, Some("other")), Err("there is no profile other; there are: local, pilot".into()));
    }

    #[test]
    fn a_wrong_key_is_named() {
        assert!(told("[profiles.x]\nurls = []\n", Some("x")).unwrap_err().contains("urls"));
    }
}
