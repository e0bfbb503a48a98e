//! The `amanah` program as people and scripts run it.

mod evaluate;
mod lending;
mod oracle;
mod otp;
mod unread;
mod view;
mod welfare;

use assert_cmd::Command;
use serde_json::Value;
use std::{collections::BTreeSet, fs, sync::OnceLock};

/// All stories of `amanah demo`.
const STORIES: [&str; 7] = ["voucher", "resident", "phone", "roll", "loan", "campaign", "welfare"];

fn amanah(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("amanah").unwrap();
    command.args(arguments);
    command
}

/// Runs a story and returns its summary, which must be all that is on standard output.
fn told(name: &str, arguments: &[&str]) -> Value {
    let output = amanah(&["demo", name, "--output", "json"]).args(arguments).assert().success().get_output().clone();
    serde_json::from_slice(&output.stdout).expect("one JSON object, and nothing else")
}

/// The voucher story of other files.
fn story(arguments: &[&str]) -> Value {
    told("voucher", arguments)
}

/// What all stories together say; told once for all tests, since it takes long.
fn all() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    ALL.get_or_init(|| told("all", &[]))
}

/// What a story says among all.
fn among_all(name: &str) -> &'static Value {
    &all()[name]
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
    let summary = among_all("voucher");
    assert_eq!(number(summary, "rows"), 2_000);
    assert_eq!(number(summary, "accepted"), 1_995);
    assert_eq!(refused_rows(summary), [778, 1_301, 1_501, 1_651, 1_802]);
    assert_balanced(summary);
    assert_eq!(number(summary, "issued"), 599_800_000, "the sum of the accepted rows");
    assert_eq!(number(summary, "funded"), 599_800_000);
    assert!(number(summary, "paid") > 0 && number(summary, "returned") > 0);
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

/// Exactly these attempts were shown, in this order, and refused with errors that begin so.
fn assert_refusals(summary: &Value, expected: &[(&str, &str)]) {
    let shown = summary["refusals_shown"].as_array().unwrap();
    let shown: Vec<_> =
        shown.iter().map(|one| (one["tried"].as_str().unwrap(), one["error"].as_str().unwrap())).collect();
    for (at, ((tried, error), (expected_try, expected_error))) in shown.iter().zip(expected).enumerate() {
        assert_eq!(tried, expected_try, "attempt {at}");
        assert!(error.starts_with(expected_error), "{tried}: {error} instead of {expected_error}");
    }
    assert_eq!(shown.len(), expected.len(), "{shown:?}");
}

fn figures<const N: usize>(summary: &Value, fields: [&str; N]) -> [u128; N] {
    fields.map(|field| number(summary, field))
}

/// What each story says of its money.
const BOOKS: [&str; 6] = ["issued", "funded", "available", "reserved", "paid", "returned"];

#[test]
fn a_resident_gets_5000_dollars_in_vouchers_that_add_up_and_spends_one_with_each_card() {
    let summary = among_all("resident");
    assert_eq!(figures(summary, BOOKS), [5_000, 5_000, 4_000, 0, 1_000, 0]);
    assert_balanced(summary);
    assert_eq!(figures(summary, ["bundle_value", "vouchers", "applications", "balance"]), [5_000, 20, 4, 4_000]);
    let pieces: Vec<_> =
        summary["denominations"].as_array().unwrap().iter().map(|one| figures(one, ["count", "face"])).collect();
    assert_eq!(pieces, [[4, 50], [8, 100], [8, 500]]);
    assert_eq!(pieces.iter().map(|[count, face]| count * face).sum::<u128>(), 5_000);
    let transactions = summary["transactions"].as_array().unwrap();
    let made: Vec<_> = transactions
        .iter()
        .map(|one| (one["operator"].as_str().unwrap(), number(one, "amount"), one["status"].as_str().unwrap()))
        .collect();
    assert_eq!(made, [("Octopus", 500, "Confirmed"), ("AlipayHK", 500, "Confirmed")]);
    assert_refusals(
        summary,
        &[
            ("5 x HK$50, 9 x HK$100 and 6 x HK$500 as HK$5,000", "Terms(BundleValue { value: 5000, sum: 4150 })"),
            ("the visitor approves its own application", "NotAllowed"),
            ("an officer approves a card that is registered already", "IdentityTaken"),
            ("the other officer approves its own application", "Application(IsTheApplicant)"),
            ("a second bundle for the same resident", "Holder(HasBundle"),
            ("a bundle for the visitor who was denied", "UnknownParticipant"),
            ("Octopus asks for a voucher without money", "Voucher(NotFunded)"),
            ("the bank funds a voucher of HK$500 with HK$400", "Voucher(NotFace { face: 500 })"),
            ("Octopus asks for a part of a one-time voucher", "Voucher(NotWhole { value: 500 })"),
            ("the shop enters a wrong code", "the code for redemption 1 is wrong"),
            ("Octopus asks for a second voucher with the same card", "Redemption(CardUsed { redemption: 1 })"),
            ("PayMe asks for the voucher that Octopus has redeemed", "Voucher(WrongStatus { status: Exhausted })"),
        ],
    );
}

#[test]
fn a_lost_phone_is_replaced_by_two_officers_and_neither_thief_nor_single_officer_gets_anything() {
    let summary = among_all("phone");
    assert_eq!(figures(summary, BOOKS), [800_000, 800_000, 600_000, 0, 200_000, 0]);
    assert_balanced(summary);
    assert_eq!(figures(summary, ["epoch", "delay_ms"]), [2, 2 * 86_400_000]);
    assert_eq!(summary["vouchers_before"], summary["vouchers_after"]);
    assert_eq!(summary["vouchers_after"].as_array().unwrap().len(), 2);
    let accounts: BTreeSet<_> =
        summary["accounts"].as_array().unwrap().iter().map(|account| account.as_str().unwrap()).collect();
    assert_eq!(accounts.len(), 3, "one for each phone");
    assert_refusals(
        summary,
        &[
            ("the same officer confirms at once", "Delay(TooEarly"),
            ("the officer confirms after the delay, against Siti's objection", "Contested"),
            ("the thief signs with the stolen phone", "Voucher(WrongStatus { status: Frozen })"),
            ("the thief tries the other voucher", "Voucher(WrongStatus { status: Frozen })"),
            ("the first officer confirms alone", "Delay(TooEarly"),
            ("Siti's own old account confirms", "NotAllowed"),
            ("the old phone's signature for the purchase at the till", "Proof(BadSignature"),
            ("a signature with the new key over the old epoch", "Proof(BadSignature"),
            ("the thief gives up the purchase, as if the voucher were its own", "Redemption(NotYours)"),
            ("the thief makes the old key the registered one again", "NotAllowed"),
            ("an officer approves it for Siti's card", "IdentityTaken"),
            ("the officer confirms before the delay is over", "Delay(TooEarly"),
        ],
    );
}

#[test]
fn a_roll_of_a_thousand_is_funded_at_once_claimed_by_anybody_and_the_rest_goes_back() {
    let summary = among_all("roll");
    assert_eq!(figures(summary, BOOKS), [305_000_000, 305_000_000, 302_500_000, 0, 0, 2_500_000]);
    assert_balanced(summary);
    let fields = ["entries", "claimed", "total", "unclaimed_returned"];
    assert_eq!(figures(summary, fields), [1_000, 990, 305_000_000, 2_500_000]);
    let root = summary["root"].as_str().unwrap();
    assert!(root.len() == 64 && root.bytes().all(|digit| digit.is_ascii_hexdigit()), "{root}");
    for transaction in ["publish_gas", "fund_gas", "gas_per_claim"] {
        let costs = figures(&summary[transaction], ["ref_time", "proof_size", "deposit"]);
        assert!(costs.iter().all(|cost| *cost > 0), "{transaction}: {costs:?}");
    }
    assert_refusals(
        summary,
        &[
            ("an entry is claimed before the roll has money", "Roll(WrongStatus { status: Published })"),
            ("an entry with a wrong amount: one rupiah more", "Roll(NotOnRoll)"),
            ("an entry with another holder", "Roll(NotOnRoll)"),
            ("an entry with its neighbour's proof", "Roll(NotOnRoll)"),
            ("an entry is claimed a second time", "Roll(Claimed)"),
            ("the roll is closed before its deadline", "Roll(TooEarly"),
            ("an entry is claimed at the deadline", "Roll(TooLate"),
        ],
    );
}

#[test]
fn all_stories_together_are_one_object_that_says_what_each_says_alone() {
    let names: BTreeSet<_> = all().as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(STORIES));
    // The voucher story is told alone with files, below, and the loan story with other applications, in `lending`.
    for name in ["resident", "phone", "roll", "campaign"] {
        assert!(told(name, &[]) == *among_all(name), "the {name} story differs from the one told alone");
    }
}

#[test]
fn a_story_for_people_has_numbered_chapters_costs_and_refusals() {
    let told = amanah(&["demo", "resident"]).assert().success();
    let text = String::from_utf8(told.get_output().stdout.clone()).unwrap();
    for part in [
        "\n1. The suite is deployed\n",
        "\n9. The reckoning",
        "   REFUSED  ",
        "ref_time",
        "SMS to the holder: Octopus: HK$500.",
    ] {
        assert!(text.contains(part), "{part:?} is missing");
    }
    assert!(text.contains("FundingRequested { voucher: 1, ") && text.contains("and 19 more such; BundleCreated"));
}

#[test]
fn every_story_has_a_help_text_with_an_example() {
    let listed = amanah(&["demo", "--help"]).assert().success();
    let list = String::from_utf8(listed.get_output().stdout.clone()).unwrap();
    for name in STORIES.into_iter().chain(["all"]) {
        assert!(list.contains(&format!("\n  {name} ")), "{name} is missing in {list}");
        let help = amanah(&["demo", name, "--help"]).assert().success();
        let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
        assert!(help.contains(&format!("Example: amanah demo {name} ")), "{help}");
        assert!(help.contains("--bundles <FOLDER>"), "{help}");
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
    for name in STORIES.into_iter().chain(["all"]) {
        let refused = amanah(&["demo", name, "--bundles", folder.path().to_str().unwrap()]).assert().code(1);
        let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
        assert!(told.contains("registry.contract") && told.contains("scripts/build"), "{told}");
        assert!(!String::from_utf8(refused.get_output().stdout.clone()).unwrap().contains('{'));
    }
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
    amanah(&["vectors", "--output", "csv"]).assert().code(2);
    amanah(&["demo", "loan", "--output", "csv"]).assert().code(2);
}
