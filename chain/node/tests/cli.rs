//! `amanah-node` as people and scripts run it: what works without a chain, and on a chain that a node has left behind.

use assert_cmd::Command;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
};

fn node(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("amanah-node").unwrap();
    command.args(arguments);
    command
}

/// What it prints, when all goes well.
fn said(arguments: &[&str]) -> String {
    let output = node(arguments).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

/// Runs a chain in this folder until it has made some blocks.
fn make_blocks(folder: &Path) {
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin("amanah-node"))
        .args(["--dev", "--port=0", "--rpc-port=0", "--block-time=100", "-lsc_basic_authorship=info", "--base-path"])
        .arg(folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(process.stderr.take().unwrap()).lines();
    let made = log.map_while(Result::ok).filter(|line| line.contains("Prepared block for proposing")).take(5).count();
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(made, 5);
}

#[test]
fn the_development_chain_says_its_token_and_who_has_tokens() {
    let spec: Value = serde_json::from_str(&said(&["build-spec", "--dev"])).unwrap();
    assert_eq!(spec["name"], "Development");
    assert_eq!(spec["properties"]["tokenSymbol"], "UNIT");
    assert_eq!(spec["properties"]["tokenDecimals"], 12);
    let patch = &spec["genesis"]["runtimeGenesis"]["patch"];
    assert_eq!(patch["sudo"]["key"], "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "Alice is sudo");
    let balances = patch["balances"]["balances"].as_array().unwrap();
    assert!(balances.len() == 12 && balances.iter().all(|one| one[1].as_u64() == Some(1 << 60)), "{balances:?}");
}

#[test]
fn keys_are_inspected_as_everywhere() {
    let key: Value = serde_json::from_str(&said(&["key", "inspect", "--output-type", "json", "//Alice"])).unwrap();
    assert_eq!(key["ss58Address"], "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
}

#[test]
fn a_chain_can_be_exported_taken_back_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    make_blocks(folder.path());
    let on_chain = |command: &str, more: &[&str]| {
        said(&[&[command, "--dev", "--base-path", path][..], more].concat());
    };
    let (exported, shorter) = (folder.path().join("blocks"), folder.path().join("fewer"));
    on_chain("export-blocks", &["--from", "1", exported.to_str().unwrap()]);
    let all = std::fs::metadata(&exported).unwrap().len();
    assert!(all > 0);
    on_chain("revert", &["2"]);
    on_chain("export-blocks", &["--from", "1", shorter.to_str().unwrap()]);
    assert!(std::fs::metadata(&shorter).unwrap().len() < all, "two blocks are taken back");
    on_chain("purge-chain", &["-y"]);
    assert!(!folder.path().join("chains/dev/paritydb").exists(), "the database is removed");
}

#[test]
fn a_wrong_option_is_named() {
    let error = node(&["--dev", "--block-time", "0"]).assert().failure().get_output().stderr.clone();
    let error = String::from_utf8(error).unwrap();
    assert!(error.contains("--block-time") && error.contains('0'), "{error}");
}
