//! Deploying, verifying, and noticing that something is not what it should be.

use super::desk::Desk;
use amanah_client::Bundle;
use serde_json::Value;
use std::fs;

#[test]
fn a_suite_is_deployed_once_however_often_it_is_asked_for_and_whatever_is_wrong_is_named() {
    let desk = Desk::new();
    let dry = desk.done("//Alice", &["deploy"]);
    assert_eq!(dry["sent"], false);
    assert!(!desk.path("deployments/development.json").exists(), "a dry run writes nothing");
    desk.fails("", &["deploy", "-x"], 1, "needs a key");

    let first = desk.done("//Alice", &["deploy", "-x"]);
    let second = desk.done("//Alice", &["deploy", "-x"]);
    let told = |of: &Value| -> Vec<(Value, bool)> {
        let steps = of["steps"].as_array().expect("steps are listed").iter();
        steps.map(|step| (step["address"].clone(), step["was_there"] == true)).collect()
    };
    assert_eq!(told(&first).len(), 5);
    assert!(told(&first).iter().all(|(_, was_there)| !was_there), "{first}");
    let again: Vec<_> = told(&first).into_iter().map(|(address, _)| (address, true)).collect();
    assert_eq!(told(&second), again, "an interrupted deployment goes on with what is there");
    let planned: Vec<_> = told(&dry).into_iter().map(|(address, _)| address).collect();
    assert_eq!(planned, told(&first).into_iter().map(|(address, _)| address).collect::<Vec<_>>());
    assert_eq!(desk.done("", &["verify"])["holds"], true);

    // Another administrator, the same file.
    desk.fails("//Bob", &["deploy", "-x"], 1, "is about another suite");

    // A bundle that is not what runs.
    let stale = desk.path("stale");
    fs::create_dir(&stale).expect("a folder can be made");
    for entry in fs::read_dir(Bundle::folder()).expect("bundles are built").flatten() {
        if entry.file_name().to_string_lossy().ends_with(".contract") {
            fs::copy(entry.path(), stale.join(entry.file_name())).expect("a bundle can be copied");
        }
    }
    let voucher = stale.join("voucher.contract");
    let text = fs::read_to_string(&voucher).expect("the bundle is there");
    let mut bundle: Value = serde_json::from_str(&text).expect("it is JSON");
    bundle["source"]["hash"] = format!("0x{}", "11".repeat(32)).into();
    fs::write(&voucher, bundle.to_string()).expect("it can be written");
    desk.fails("", &["voucher", "version", "--bundles", "stale"], 6, "the bundle is stale");
    desk.fails("", &["verify", "--bundles", "stale"], 6, "code in the bundle of voucher");

    // Another network.
    let file = desk.read("deployments/development.json");
    let mut other: Value = serde_json::from_str(&file).expect("it is JSON");
    other["genesis"] = format!("0x{}", "22".repeat(32)).into();
    desk.write("other.json", &other.to_string());
    desk.fails("", &["registry", "version", "--deployment", "other.json"], 6, "another network");
    desk.fails("", &["upgrade", "registry", "--deployment", "other.json"], 6, "another network");
    desk.fails("", &["verify", "--deployment", "other.json"], 6, "genesis of chain");

    // No contract there, no file, no node, no bundles.
    let mut gone: Value = serde_json::from_str(&file).expect("it is JSON");
    gone["contracts"]["loan"]["address"] = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY".into();
    desk.write("gone.json", &gone.to_string());
    desk.fails("", &["loan", "version", "--deployment", "gone.json"], 6, "there is no contract at 5Grwva");
    desk.fails("", &["loan", "version", "--deployment", "nowhere.json"], 1, "nowhere.json");
    desk.fails("", &["loan", "version", "--url", "ws://127.0.0.1:1"], 5, "ws://127.0.0.1:1");
    desk.fails("", &["registry", "version", "--bundles", "nowhere"], 1, "registry.contract");
}
