//! Builds the optimised `.contract` bundles of all contracts into one folder, only what changed, and prints their sizes.
//!
//! Usage: `amanah-bundler ROOT OUTPUT [CONTRACTS]`: the project's folder, the folder for the bundles, and the folder of the
//! contracts' folders, which is `contracts` in the project's unless given.
//!
//! `amanah-bundler --code ROOT OUTPUT` builds all contracts' code and nothing else, as `.wasm`: to compare it with what others
//! have built.

mod compiler;
mod docs;
mod metadata;
mod optimise;
mod package;
mod sources;
mod visible;

use anyhow::{ensure, Context, Result};
use contract_build::{BuildArtifacts, BuildMode, ExecuteArgs, ManifestPath, OptimizationPasses, Verbosity};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

fn main() -> Result<()> {
    compiler::if_called_as_one()?;
    // Cargo locks a target folder while it compiles into it: with one of their own, contracts need not wait for others.
    let target = env::var_os("CARGO_TARGET_DIR").context("CARGO_TARGET_DIR is not set; call scripts/build")?;
    env::set_var("CARGO_TARGET_DIR", Path::new(&target).join("contracts"));
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if let [flag, root, output] = arguments.as_slice() {
        if flag.as_os_str() == "--code" {
            return code(root, output);
        }
    }
    let (root, output, folder) = match arguments.as_slice() {
        [root, output] => (root, output, root.join("contracts")),
        [root, output, folder] => (root, output, folder.clone()),
        _ => anyhow::bail!("usage: amanah-bundler [--code] ROOT OUTPUT [CONTRACTS]"),
    };
    compiler::stand_in(root)?;
    fs::create_dir_all(output).with_context(|| format!("cannot create {}", output.display()))?;
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["contract", "wasm bytes", "messages", "bytes a message", "code hash", ""]);
    for contract in contracts(&folder)? {
        let name =
            contract.file_name().and_then(|name| name.to_str()).context("a contract's folder has a name")?.to_owned();
        let bundle = output.join(format!("{name}.contract"));
        let stamp = output.join(format!("{name}.sources"));
        let sources = sources::fingerprint(root, &contract)?;
        let unchanged = bundle.exists() && fs::read_to_string(&stamp).is_ok_and(|built| built == sources);
        let note = if unchanged {
            "unchanged".to_owned()
        } else {
            let started = Instant::now();
            eprintln!("building {name}");
            visible::check(&contract)?;
            let code = build(root, &contract, &name)?;
            let built = metadata::bundle(root, &contract, &name, &code)?;
            let interfaces =
                [name.as_str(), "governance"].map(|of| root.join(format!("crates/interfaces/src/{of}.rs")));
            docs::complete(&interfaces, &built, &bundle)?;
            fs::write(&stamp, sources)?;
            format!("built in {} s", started.elapsed().as_secs())
        };
        table.add_row(row(&name, &bundle, note)?);
    }
    println!("{table}");
    println!("bundles are in {}", output.display());
    Ok(())
}

/// The folders of the contracts, in a fixed order.
fn contracts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.join("Cargo.toml").exists() {
            found.push(path);
        }
    }
    ensure!(!found.is_empty(), "there is no contract in {}", folder.display());
    found.sort();
    Ok(found)
}

/// Builds the code of all contracts in a project, whether or not it changed.
fn code(root: &Path, output: &Path) -> Result<()> {
    compiler::stand_in(root)?;
    fs::create_dir_all(output).with_context(|| format!("cannot create {}", output.display()))?;
    for contract in contracts(&root.join("contracts"))? {
        let name = contract.file_name().and_then(|name| name.to_str()).context("a contract's folder has a name")?;
        eprintln!("building {name}");
        let code = build(root, &contract, name)?;
        let file = output.join(format!("{name}.wasm"));
        fs::copy(code, &file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Builds one contract's optimised code; gives its file. All are compiled in one target folder, and so share their compiled
/// dependencies.
fn build(root: &Path, contract: &Path, name: &str) -> Result<PathBuf> {
    let manifest = package::stand_alone(root, contract, name, package::Profile::Code)?;
    let built = contract_build::execute(ExecuteArgs {
        manifest_path: ManifestPath::new(manifest)?,
        verbosity: Verbosity::Default,
        build_mode: BuildMode::Release,
        build_artifact: BuildArtifacts::CodeOnly,
        // `optimise` does that.
        optimization_passes: Some(OptimizationPasses::Zero),
        ..ExecuteArgs::default()
    })
    .with_context(|| format!("{name} does not build"))?;
    let code = optimise::optimise(&built.dest_wasm.context("contract-build made no code")?)?;
    compiler::must_not_tell_places(root, &code)?;
    Ok(code)
}

fn row(name: &str, bundle: &Path, note: String) -> Result<[String; 6]> {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(bundle)?)?;
    let hex_length = json["source"]["wasm"].as_str().context("a bundle has code")?.len();
    let bytes = hex_length.saturating_sub(2) / 2;
    let messages = json["spec"]["messages"].as_array().map_or(0, Vec::len);
    let hash = json["source"]["hash"].as_str().unwrap_or_default().to_owned();
    let each = bytes.checked_div(messages).unwrap_or(0);
    Ok([name.to_owned(), bytes.to_string(), messages.to_string(), each.to_string(), hash, note])
}
