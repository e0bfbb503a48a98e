//! Contracts as they are built: `.contract` files.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A contract's code.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The contract's name: `registry`, `ledger`, `voucher`.
    pub name: String,
    /// The optimised wasm.
    pub wasm: Vec<u8>,
    /// The code hash.
    pub code_hash: [u8; 32],
    /// The metadata: labels, types, texts.
    pub metadata: serde_json::Value,
}

/// Why a bundle cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file cannot be read.
    #[error("cannot read the bundle {path}: {reason}; scripts/build makes it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is no bundle.
    #[error("{path} is not a contract bundle: {reason}; scripts/build makes it anew")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is missing or wrong.
        reason: &'static str,
    },
}

impl Bundle {
    /// Loads `folder/name.contract`.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn load(folder: &Path, name: &str) -> Result<Self, BundleError> {
        let path = folder.join(format!("{name}.contract"));
        let bytes = fs::read(&path).map_err(|reason| BundleError::Unreadable { path: path.clone(), reason })?;
        let malformed = |reason| BundleError::Malformed { path: path.clone(), reason };
        let metadata: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| malformed("no JSON"))?;
        let text = |field: &str| metadata["source"][field].as_str().and_then(|text| text.strip_prefix("0x"));
        let wasm = text("wasm").and_then(|wasm| hex::decode(wasm).ok()).ok_or_else(|| malformed("no source.wasm"))?;
        let code_hash = text("hash")
            .and_then(|hash| hex::decode(hash).ok())
            .and_then(|hash| hash.try_into().ok())
            .ok_or_else(|| malformed("no source.hash"))?;
        Ok(Self { name: name.to_owned(), wasm, code_hash, metadata })
    }

    /// The folder where scripts/build puts bundles: `AMANAH_BUNDLES`, else `bundles` in `CARGO_TARGET_DIR`, else in the
    /// user's cache.
    pub fn folder() -> PathBuf {
        let variable = |name| std::env::var_os(name).map(PathBuf::from);
        variable("AMANAH_BUNDLES")
            .or_else(|| variable("CARGO_TARGET_DIR").map(|target| target.join("bundles")))
            .unwrap_or_else(|| variable("HOME").unwrap_or_default().join(".cache/amanah/target/bundles"))
    }
}
