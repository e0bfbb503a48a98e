//! Where a suite is: the file `deployments/<network>.json`, which `amanah deploy` writes and everything else reads.

use crate::{address, Suite};
use amanah_domain::ids::Account;
use ink_sandbox::{AccountId32, Ss58Codec};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// A suite on a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// What the network is called here.
    pub network: String,
    /// The hash of the chain's first block, `0x` and hex.
    pub genesis: String,
    /// How many decimals amounts have for people: 2 where the smallest unit is a cent.
    #[serde(default)]
    pub decimals: u8,
    /// Each contract by its name.
    pub contracts: BTreeMap<String, Instance>,
}

/// A contract of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its account, as SS58.
    pub address: String,
    /// The hash of the code that it was instantiated with, or upgraded to by `amanah upgrade`; `0x` and hex.
    pub code_hash: String,
}

/// Why a deployment's file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// It cannot be read or written.
    #[error("{path}: {reason}; `amanah deploy` writes it")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// It is no deployment.
    #[error("{path} is no deployment: {reason}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Deployment {
    /// The deployment of a suite, with the hash of each contract's code.
    pub fn of(network: &str, decimals: u8, suite: &Suite, code_hash: impl Fn(&str) -> [u8; 32]) -> Self {
        let hex = |bytes: [u8; 32]| format!("0x{}", hex::encode(bytes));
        let instance = |(name, account): (&str, Account)| {
            (name.to_owned(), Instance { address: address(&account), code_hash: hex(code_hash(name)) })
        };
        let contracts = suite.contracts().map(instance).into();
        Self { network: network.to_owned(), genesis: hex(suite.genesis), decimals, contracts }
    }

    /// Reads a deployment's file.
    ///
    /// # Errors
    /// [`DeploymentError`].
    pub fn load(path: &Path) -> Result<Self, DeploymentError> {
        let text = fs::read_to_string(path).map_err(|reason| DeploymentError::File { path: path.into(), reason })?;
        let read: Self = serde_json::from_str(&text)
            .map_err(|error| DeploymentError::Malformed { path: path.into(), reason: error.to_string() })?;
        read.suite().map_err(|reason| DeploymentError::Malformed { path: path.into(), reason })?;
        Ok(read)
    }

    /// Writes it whole or not at all.
    ///
    /// # Errors
    /// [`DeploymentError::File`].
    pub fn save(&self, path: &Path) -> Result<(), DeploymentError> {
        let failed = |reason| DeploymentError::File { path: path.into(), reason };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))? + "\n";
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        let new = path.with_extension("new");
        fs::write(&new, text).map_err(failed)?;
        fs::rename(&new, path).map_err(failed)
    }

    /// The accounts of its contracts.
    ///
    /// # Errors
    /// A sentence that names what is missing or wrong.
    pub fn suite(&self) -> Result<Suite, String> {
        let account = |name: &str| {
            let instance = self.contracts.get(name).ok_or_else(|| format!("it has no contract {name}"))?;
            let account = AccountId32::from_ss58check(&instance.address)
                .map_err(|_| format!("the address of {name} is no SS58 address: {}", instance.address))?;
            Ok::<Account, String>(account.into())
        };
        let mut genesis = [0; 32];
        let digits = self.genesis.strip_prefix("0x").unwrap_or_default();
        hex::decode_to_slice(digits, &mut genesis)
            .map_err(|_| format!("its genesis is not 0x and 64 hex digits: {}", self.genesis))?;
        Ok(Suite {
            registry: account("registry")?,
            ledger: account("ledger")?,
            voucher: account("voucher")?,
            loan: account("loan")?,
            welfare: account("welfare")?,
            genesis,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite() -> Suite {
        Suite {
            registry: [1; 32],
            ledger: [2; 32],
            voucher: [3; 32],
            loan: [4; 32],
            welfare: [5; 32],
            genesis: [6; 32],
        }
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deployments/pilot.json");
        let deployment = Deployment::of("pilot", 2, &suite(), |name| [name.len() as u8; 32]);
        deployment.save(&file).unwrap();
        let loaded = Deployment::load(&file).unwrap();
        assert_eq!((loaded.suite().unwrap(), &loaded), (suite(), &deployment));
    }

    #[test]
    fn a_file_that_is_no_deployment_is_named_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pilot.json");
        assert!(Deployment::load(&file).unwrap_err().to_string().contains("pilot.json"));
        let whole = serde_json::to_value(Deployment::of("pilot", 0, &suite(), |_| [0; 32])).unwrap();
        for (pointer, reason) in [
            ("/contracts/loan/address", "the address of loan is no SS58 address: wrong"),
            ("/genesis", "its genesis is not 0x and 64 hex digits: wrong"),
        ] {
            let mut wrong = whole.clone();
            *wrong.pointer_mut(pointer).unwrap() = "wrong".into();
            fs::write(&file, wrong.to_string()).unwrap();
            let error = Deployment::load(&file).unwrap_err().to_string();
            assert!(error.ends_with(reason), "{error}");
        }
    }
}
