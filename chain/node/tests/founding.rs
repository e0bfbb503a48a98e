//! Founding a consortium: what the founders do before there is a chain.

use assert_cmd::Command;
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const BOB: &str = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";

fn new_member(folder: &Path, account: &str) -> String {
    let mut command = Command::cargo_bin("amanah-node").unwrap();
    command.args(["consortium", "new-member", "--name", "A ministry", "--account", account]);
    command.args(["--address", "/dns/ministry.example.org/tcp/30333", "--folder"]).arg(folder);
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

/// The chain specification that comes of a founding file, or what is wrong with it.
fn build_spec(folder: &Path, founding: &str) -> Result<Value, String> {
    let file = folder.join("founding.toml");
    fs::write(&file, founding).unwrap();
    let built =
        Command::cargo_bin("amanah-node").unwrap().args(["consortium", "build-spec"]).arg(file).output().unwrap();
    match built.status.success() {
        true => Ok(serde_json::from_slice(&built.stdout).unwrap()),
        false => Err(String::from_utf8(built.stderr).unwrap()),
    }
}

#[test]
fn the_same_file_gives_the_same_chain_and_keys_that_are_there_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    let members = new_member(&one, ALICE) + &new_member(&other, BOB);
    assert_eq!(members, new_member(&one, ALICE) + &new_member(&other, BOB), "other keys are made the second time");
    assert_eq!(fs::metadata(&one).unwrap().permissions().mode() & 0o077, 0, "others may read the keys");
    let founding = format!("name = 'Aid'\nid = 'aid'\nendowment = 1000000000\n{members}");
    let spec = build_spec(folder.path(), &founding).unwrap();
    assert_eq!(spec, build_spec(folder.path(), &founding).unwrap());
    assert_eq!((&spec["chainType"], &spec["id"]), (&"Live".into(), &"aid".into()));
    assert_eq!(spec["bootNodes"].as_array().unwrap().len(), 2);
    // The state itself, so that nobody's node decides what it is.
    assert!(spec["genesis"]["raw"]["top"].as_object().unwrap().len() > 10);
}

#[test]
fn what_is_wrong_with_a_founding_file_is_said_with_the_value_and_the_rule() {
    let folder = tempfile::tempdir().unwrap();
    let member = new_member(&folder.path().join("one"), ALICE);
    let other = new_member(&folder.path().join("other"), ALICE);
    let head = "name = 'Aid'\nid = 'aid'\nendowment = 1\n";
    let wrong = [
        (format!("{head}slot-duration = 200\n{member}"), "slot-duration is 200 ms"),
        (format!("{head}session-length = 3\n{member}"), "session-length is 3 blocks"),
        (format!("{}{member}", head.replace("'aid'", "'../aid'")), "id is '../aid'"),
        (format!("{head}member = []\n"), "there are 0 members"),
        (format!("{head}{member}{other}"), ALICE),
        (format!("{head}{}", member.replace(ALICE, "Alice")), "Alice, is no SS58 address"),
        (format!("{head}slots = 6\n{member}"), "slots"),
        (format!("{head}{}", member.replace("/p2p/", "/udp/")), "address"),
    ];
    for (founding, expected) in wrong {
        let error = build_spec(folder.path(), &founding).expect_err(expected);
        assert!(error.contains(expected), "{expected} is not said: {error}");
        assert!(error.contains("founding.toml"), "the file is not named: {error}");
    }
}
