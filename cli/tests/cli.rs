//! The `amanah` program as people and scripts run it.

use assert_cmd::Command;
use serde_json::Value;
use std::{collections::BTreeSet, fs};

fn amanah(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("amanah").unwrap();
    command.args(arguments);
    command
}

/// Runs the voucher story and returns its summary, which must be all that is on standard output.
fn story(arguments: &[&str]) -> Value {
    let output =
        amanah(&["demo", "voucher", "--output", "json"]).args(arguments).assert().success().get_output().clone();
    serde_json::from_slice(&output.stdout).expect("one JSON object, and nothing else")
}

fn number(summary: &Value, field: &str) -> u128 {
    u128::from(summary[field].as_u64().unwrap_or_else(|| panic!("{field} is no number in {summary}")))
}

fn assert_balanced(summary: &Value) {
    let parts: u128 = ["available", "reserved", "paid", "returned"].iter().map(|part| number(summary, part)).sum();
    assert_eq!(number(summary, "funded"), parts);
}

fn refused_rows(summary: &Value) -> Vec<u64> {
    summary["refused"].as_array().unwrap().iter().map(|one| one["row"].as_u64().unwrap()).collect()
}

#[test]
fn the_sample_gives_1995_vouchers_refuses_five_rows_and_loses_nothing() {
    let summary = story(&[]);
    assert_eq!(number(&summary, "rows"), 2_000);
    assert_eq!(number(&summary, "accepted"), 1_995);
    assert_eq!(refused_rows(&summary), [778, 1_301, 1_501, 1_651, 1_802]);
    assert_balanced(&summary);
    assert_eq!(number(&summary, "issued"), 599_800_000, "the sum of the accepted rows");
    assert_eq!(number(&summary, "funded"), 599_800_000);
    assert!(number(&summary, "paid") > 0 && number(&summary, "returned") > 0);
    let errors: BTreeSet<String> = summary["refusals_shown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shown| shown["error"].as_str().unwrap().split([' ', '{']).next().unwrap().to_owned())
        .collect();
    for error in [
        "Voucher(NotFunded)",
        "Voucher(Amount(Insufficient",
        "Voucher(WrongCategory",
        "Voucher(Expired",
        "Proof(BadSignature",
        "Redemption(NotOpen",
        "NotAllowed",
    ] {
        assert!(errors.contains(error), "{error} was not shown, only {errors:?}");
    }
}

const PEOPLE: &str = "row,name,nik,phone,category,amount_idr,household_size
10,Siti,1203114902683264,+6288123980907,staples,90000,2
20,Budi,1203114902683264,+6288123980908,staples,90000,2
30,Ani,3142194904551787,+6282172578027,health,50000,1
40,,3142194904551788,+6282172578028,health,50000,1
";
const SHOPS: &str = "row,name,licence,categories,daily_cap_idr
1,Warung A,A-1,staples|health,5000000
2,Warung B,B-2,staples,0
3,Warung C,A-1,staples,0
";

#[test]
fn other_files_of_the_same_columns_run_and_wrong_rows_and_shops_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (people, shops) = (folder.path().join("people.csv"), folder.path().join("shops.csv"));
    fs::write(&people, PEOPLE).unwrap();
    fs::write(&shops, SHOPS).unwrap();
    let summary = story(&["--beneficiaries", people.to_str().unwrap(), "--shops", shops.to_str().unwrap()]);
    assert_eq!((number(&summary, "rows"), number(&summary, "accepted")), (4, 2));
    assert_eq!(refused_rows(&summary), [20, 40]);
    let reason = summary["refused"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("row 10") && reason.contains("IdentityTaken"), "{reason}");
    assert_eq!(summary["shops_refused"][0]["row"], 3);
    assert_eq!(number(&summary, "funded"), 140_000);
    assert_balanced(&summary);
}

#[test]
fn a_file_that_is_not_there_or_lacks_a_column_is_named_and_nothing_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.csv");
    let refused = amanah(&["demo", "voucher", "--beneficiaries", missing.to_str().unwrap()]).assert().code(1);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("missing.csv"), "{told}");
    assert!(refused.get_output().stdout.is_empty());

    let narrow = folder.path().join("narrow.csv");
    fs::write(&narrow, "row,name\n1,Siti\n").unwrap();
    let refused = amanah(&["demo", "voucher", "--beneficiaries", narrow.to_str().unwrap()]).assert().code(1);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("narrow.csv") && told.contains("there is no column nik"), "{told}");
}

#[test]
fn missing_bundles_are_an_error_that_says_what_makes_them() {
    let folder = tempfile::tempdir().unwrap();
    let refused = amanah(&["demo", "voucher", "--bundles", folder.path().to_str().unwrap()]).assert().code(1);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("registry.contract") && told.contains("scripts/build"), "{told}");
}

#[test]
fn too_few_people_for_the_story_are_an_error_that_says_how_many_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    fs::write(&people, "row,name,nik,phone,category,amount_idr,household_size\n").unwrap();
    let refused = amanah(&["demo", "voucher", "--beneficiaries", people.to_str().unwrap()]).assert().code(1);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("the story needs two accepted beneficiaries"), "{told}");
}

#[test]
fn the_golden_vectors_agree_and_are_printed_as_json_on_demand() {
    let shown = amanah(&["vectors"]).assert().success();
    let text = String::from_utf8(shown.get_output().stdout.clone()).unwrap();
    assert!(text.contains("checks agree") && !text.contains("DIFFERS"), "{text}");
    let printed = amanah(&["vectors", "--output", "json"]).assert().success();
    let vectors: Value = serde_json::from_slice(&printed.get_output().stdout).unwrap();
    assert_eq!(vectors["redemption"].as_array().unwrap().len(), 3);
}

#[test]
fn an_unknown_argument_is_a_usage_error() {
    amanah(&["demo", "vouchers"]).assert().code(2);
    amanah(&["vectors", "--output", "yaml"]).assert().code(2);
}
