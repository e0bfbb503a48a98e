//! Rolls by commands alone: made of a file, published, compared by the bank, funded, claimed.

use super::desk::Desk;
use serde_json::json;

/// An account which only receives: Ferdie's.
const HOLDER: &str = "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL";

/// A desk with a programme, and two citizens: participants 4 and 5.
fn desk() -> Desk {
    let desk = Desk::with_suite();
    desk.done("", &["address", "add", "sari", HOLDER]);
    desk.register("//Bob", "sari", "Citizen");
    desk.register("//Bob", "shop", "Citizen");
    desk.programme();
    desk.write("people.csv", "participant,category,amount\n4,staples,1500\n5,protein,700\n");
    desk
}

fn make<'a>(rows: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let plain = ["roll", "make", rows, "--programme", "1", "--categories", "staples=0,protein=1", "--expires", "+90d"];
    [&plain[..], more].concat()
}

fn publish(desk: &Desk, root: &str, total: &str) {
    let publish = ["voucher", "publish-roll", "--programme", "1", "--root", root, "--count", "2", "--total", total];
    desk.done("//Bob", &[&publish[..], &["--deadline", "+30d", "-x"]].concat());
}

#[test]
fn a_roll_is_made_published_compared_funded_and_claimed() {
    let desk = desk();
    let made = desk.done("", &make("people.csv", &[]));
    assert_eq!((&made["roll"], &made["count"], &made["total"]), (&1.into(), &2.into(), &"2200".into()), "{made}");
    let root = made["root"].as_str().expect("it has a root");
    let check = ["roll", "check", "roll-1.json"];
    desk.fails("", &check, 1, "roll 1 was not published");
    publish(&desk, root, "2200");
    let compared = desk.done("", &check);
    assert_eq!((&compared["status"], &compared["root"]), (&"Published".into(), &made["root"]));

    let claim = ["roll", "claim", "roll-1.json", "--participant", "4"];
    desk.fails("//Eve", &claim, 3, "WrongStatus");
    let reference = format!("0x{}", "05".repeat(32));
    desk.done("//Charlie", &["ledger", "issue", "--to", "bank", "--amount", "2200", "--reference", &reference, "-x"]);
    desk.done("//Charlie", &["ledger", "approve", "--spender", "voucher", "--issuer", "2", "--amount", "2200", "-x"]);
    desk.done("//Charlie", &["voucher", "fund-roll", "--roll", "1", "-x"]);
    assert_eq!(desk.done("//Eve", &claim)["sent"], false, "without -x it is only tried");
    let claim = [&claim[..], &["-x"]].concat();
    assert_eq!(desk.done("//Eve", &claim)["answer"], 1, "voucher 1");
    desk.fails("//Eve", &claim, 3, "Claimed");

    // Another tool claims by the proof alone.
    let proof = desk.done("", &["roll", "proof", "roll-1.json", "--index", "1"]);
    let (entry, hashes) = (proof["entry"].to_string(), proof["proof"].to_string());
    let by_message = ["voucher", "claim", "--roll", "1", "--entry", &entry, "--proof", &hashes, "-x"];
    assert_eq!(desk.done("//Eve", &by_message)["answer"], 2, "voucher 2");
    assert_eq!(desk.answer(&["voucher", "totals", "--programme", "1"])["funded"], "2200");
}

#[test]
fn a_file_with_a_wrong_row_makes_no_roll() {
    let desk = desk();
    desk.write("wrong.csv", "participant,category,amount\n4,staples,0\n4,protein,1\n4,protein,2\n6,protein,2\n");
    let wrong = desk.run("", &make("wrong.csv", &[]));
    assert_eq!((wrong.code, &wrong.json["rows"]), (1, &4.into()), "{wrong:?}");
    let lines: Vec<_> = wrong.json["refused"].as_array().expect("they are listed").iter().collect();
    assert_eq!(lines.iter().map(|one| one["line"].clone()).collect::<Vec<_>>(), [2, 4, 5]);
    assert!(wrong.errors.contains("3 of 4 rows are wrong"), "{wrong:?}");
    assert!(!desk.path("roll-1.json").exists());
    // Nor is another roll's file written over.
    desk.done("", &make("people.csv", &[]));
    desk.fails("", &make("people.csv", &[]), 1, "roll-1.json is there");
}

#[test]
fn the_bank_is_told_when_the_file_is_not_what_was_published() {
    let desk = desk();
    let made = desk.done("", &make("people.csv", &["--roll", "1"]));
    let root = made["root"].as_str().expect("it has a root").to_owned();
    publish(&desk, &root, "2300");
    desk.fails("", &["roll", "check", "roll-1.json"], 6, "the total of roll 1 is 2300, and roll-1.json has 2200");

    desk.write("fewer.csv", "participant,category,amount\n4,staples,1500\n");
    desk.done("", &make("fewer.csv", &["--roll", "1", "--file", "fewer.json"]));
    desk.fails("", &["roll", "check", "fewer.json"], 6, "the root of roll 1 is");

    desk.fails("", &["roll", "check", "roll-1.json", "--decimals", "2"], 6, "have 0 decimals, and the money has 2");

    desk.write("changed.json", &desk.read("roll-1.json").replace("\"1500\"", "\"1600\""));
    desk.fails("", &["roll", "check", "changed.json"], 1, "it was changed");

    // Made for another number than it got, its entries are worth nothing.
    desk.done("", &make("people.csv", &["--roll", "7", "--file", "seven.json"]));
    desk.fails("", &["roll", "check", "seven.json"], 1, "roll 7 was not published");

    // Of another voucher contract's entries this one knows nothing.
    desk.done("//Alice", &["deploy", "--salt", "another", "--network", "another", "-x"]);
    let elsewhere = ["roll", "check", "roll-1.json", "--deployment", "deployments/another.json"];
    desk.fails("", &elsewhere, 6, "another voucher contract or chain");
}

#[test]
fn the_bank_is_shown_entries_that_could_never_be_claimed_although_the_file_is_what_was_published() {
    let desk = desk();
    let made = desk.done("", &make("people.csv", &[]));
    // A roll goes by the most that the programme says when it is published, and the file is older.
    desk.done("//Bob", &["voucher", "update-programme", "--programme", "1", "--most-per-voucher", "1200", "-x"]);
    publish(&desk, made["root"].as_str().expect("it has a root"), "2200");
    let shown = desk.run("", &["roll", "check", "roll-1.json"]);
    let reason = "the amount is 1500, and a voucher is worth at most 1200";
    assert_eq!(shown.json, json!({ "entries": 2, "refused": [{ "entry": 0, "reason": reason }] }), "{shown:?}");
    assert_eq!(shown.code, 1, "{shown:?}");
    assert!(shown.errors.contains("1 of the 2 entries of roll 1 are wrong"), "{shown:?}");
}
