//! Makes a bundle of a contract's code and its metadata.
//!
//! A contract's metadata is what a program prints that is compiled from the contract. contract-build would compile that program, and
//! all that it needs, optimised, which takes longer than everything else; it runs once.

use crate::package::{self, Profile};
use anyhow::{Context, Result};
use contract_build::{
    metadata, util, BuildInfo, BuildMode, CrateMetadata, Features, ManifestPath, MetadataArtifacts, Network,
    OptimizationPasses, Target, UnstableFlags, Verbosity, WasmOptSettings,
};
use std::path::{Path, PathBuf};

/// contract-build's version, as Cargo.toml pins it.
const CONTRACT_BUILD: semver::Version = semver::Version::new(5, 0, 3);

/// A bundle of this code, which was built of this contract, with the contract's metadata; gives its file.
pub fn bundle(root: &Path, contract: &Path, name: &str, code: &Path) -> Result<PathBuf> {
    let manifest = package::stand_alone(root, contract, name, Profile::Metadata)?;
    let package = CrateMetadata::collect(&ManifestPath::new(manifest)?, Target::Wasm)?;
    let made =
        MetadataArtifacts { dest_metadata: package.metadata_path(), dest_bundle: package.contract_bundle_path() };
    let about = BuildInfo {
        rust_toolchain: util::rust_toolchain()?,
        cargo_contract_version: CONTRACT_BUILD,
        build_mode: BuildMode::Release,
        wasm_opt_settings: WasmOptSettings { optimization_passes: OptimizationPasses::Z, keep_debug_symbols: false },
    };
    metadata::execute(
        &package,
        code,
        &made,
        &Features::default(),
        Network::default(),
        Verbosity::Default,
        &UnstableFlags::default(),
        about,
    )
    .with_context(|| format!("{name} has no metadata"))?;
    Ok(made.dest_bundle)
}
