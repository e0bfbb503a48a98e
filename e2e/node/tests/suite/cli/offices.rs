//! What offices do all day: codes for redemptions, work that waits, the books, and the record of what happened.

use super::desk::{address_of, said, Background, Desk};
use serde_json::{json, Value};
use std::{collections::BTreeSet, fs, io::Write, process::Stdio};

/// The holder's account, which only receives: Ferdie's.
const HOLDER: &str = "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL";

/// A desk where a shop has asked for 1,000 of voucher 1, which the bank has funded with 2,500.
fn asked_for() -> Desk {
    let desk = Desk::with_suite();
    desk.register("//Bob", "shop", "Shop");
    desk.done("", &["address", "add", "holder", HOLDER]);
    desk.register("//Bob", "holder", "Citizen");
    desk.programme();
    let reference = format!("0x{}", "05".repeat(32));
    desk.done("//Charlie", &["ledger", "issue", "--to", "bank", "--amount", "5000", "--reference", &reference, "-x"]);
    let bank = desk.answer(&["registry", "credentials", "--account", "bank"])["number"].to_string();
    desk.done("//Charlie", &["ledger", "approve", "--spender", "voucher", "--issuer", &bank, "--amount", "5000", "-x"]);
    desk.done("//Bob", &["voucher", "create", "--programme", "1", "--holder", "holder", "--category", "1", "-x"]);
    desk.done("//Charlie", &["voucher", "fund", "--voucher", "1", "--amount", "2500", "-x"]);
    request(&desk);
    desk
}

fn request(desk: &Desk) {
    let items = format!("0x{}", "07".repeat(32));
    let request =
        ["voucher", "request", "--voucher", "1", "--category", "1", "--items", &items, "--amount", "1000", "-x"];
    desk.done("//Eve", &request);
}

/// The options of the one-time-code desk.
const STORE: [&str; 4] = ["--store", "codes", "--store-key", "otp.key"];

/// The code in the newest message.
fn newest_code(desk: &Desk) -> String {
    let outbox = desk.read("outbox/outbox.jsonl");
    let message: Value = serde_json::from_str(outbox.lines().last().expect("a message is there")).expect("it is JSON");
    assert_eq!(message["to"], "+6281234567890");
    let text = message["text"].as_str().expect("it has a text");
    assert!(text.starts_with("Warung Sari: Rp 1,000."), "{text}");
    text.split("Code ").nth(1).expect("it has a code")[..6].to_owned()
}

fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..5])
}

#[test]
fn the_desk_sends_a_code_counts_tries_and_confirms_by_the_right_one() {
    let desk = asked_for();
    desk.done("", &["otp", "keygen", "--file", "otp.key"]);
    desk.fails("", &["otp", "keygen", "--file", "otp.key"], 1, "otp.key");
    let shop = address_of("//Eve");
    desk.write("people.csv", &format!("who,name,phone\n{HOLDER},Siti,+6281234567890\n{shop},Warung Sari,\n"));
    let send = |redemption: &str| {
        let plain = ["otp", "send", "--redemption", redemption, "--directory", "people.csv", "--currency", "Rp"];
        [&plain[..], &["--outbox", "outbox"], &STORE].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    // Somebody who is not the programme's attestor sends nothing.
    let stranger = desk.run("//Eve", &send("1"));
    assert_ne!(stranger.code, 0, "{stranger:?}");
    assert!(!desk.path("outbox/outbox.jsonl").exists() || desk.read("outbox/outbox.jsonl").is_empty());
    desk.done("//Dave", &send("1"));
    let code = newest_code(&desk);
    desk.done("//Dave", &send("1"));
    assert_eq!(desk.read("outbox/outbox.jsonl").lines().count(), 1, "asked again, nothing goes out twice");

    let enter = |code: &str, more: &[&str]| {
        let plain = ["otp", "enter", "--redemption", "1", "--code", code];
        let words = [&plain[..], &STORE, more].concat();
        desk.run("//Dave", &words)
    };
    let refused = enter(&wrong(&code), &["-x"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.message().contains("2 tries left"), "{refused:?}");
    let done = enter(&code, &["-x"]);
    assert_eq!(done.code, 0, "{done:?}");
    let voucher = desk.answer(&["voucher", "voucher", "--id", "1"]);
    assert_eq!((&voucher["available"], &voucher["reserved"]), (&"1500".into(), &"0".into()), "{voucher}");

    // As a process: it follows the chain, sends, and takes what the shop enters.
    request(&desk);
    let run = [
        "otp",
        "run",
        "--directory",
        "people.csv",
        "--currency",
        "Rp",
        "--outbox",
        "outbox",
        "--every",
        "1",
        "--from",
        "1",
        "-x",
    ];
    let spawned = desk
        .command("//Dave", &[&run[..], &STORE].concat())
        .args(["--output", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = Background(spawned.expect("it runs"));
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(process.0.stdout.take().expect("it is read")));
    let mut until = |did: &str| loop {
        let line = lines.next().expect("it goes on").expect("it is text");
        let said: Value = serde_json::from_str(&line).expect("each line is JSON");
        if said["did"] == did && said["redemption"] == 2 {
            return said;
        }
    };
    until("sent");
    let code = newest_code(&desk);
    let mut input = process.0.stdin.take().expect("it is asked");
    writeln!(input, "2 {}", wrong(&code)).expect("it listens");
    assert_eq!(until("wrong")["tries_left"], 2);
    writeln!(input, "2 {code}").expect("it listens");
    assert_eq!(until("confirmed")["submitted"], true);
    drop(process);
    assert_eq!(desk.answer(&["voucher", "voucher", "--id", "1"])["available"], "500");
}

#[test]
fn what_happened_what_waits_and_who_has_what_can_be_read_and_followed() {
    let desk = asked_for();
    // Everything once, however often the follower is started.
    let watch = ["watch", "--cursor", "cursor", "--until-head"];
    let follow = || -> Vec<Value> {
        let output = desk.command("", &watch).args(["--output", "json"]).output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout)
            .expect("text")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    let first = follow();
    let names: BTreeSet<&str> = first.iter().filter_map(|event| event["event"].as_str()).collect();
    for name in ["Registered", "ProgrammeCreated", "Issued", "VoucherFunded", "RedemptionRequested"] {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
    assert!(follow().is_empty(), "nothing new");
    request_is_cancelled(&desk);
    let next = follow();
    assert_eq!(next.iter().map(|event| &event["event"]).collect::<Vec<_>>(), ["RedemptionEnded"]);
    let only = ["watch", "--until-head", "--event", "VoucherFunded", "--concerning", "voucher=1"];
    let only = desk.command("", &only).args(["--output", "json"]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&only.stdout).lines().count(), 1);

    // The audit of a voucher names who signed.
    let audit = desk.done("", &["export", "audit", "--concerning", "voucher=1"]);
    let signers: Vec<&Value> = audit
        .as_array()
        .map_or_else(|| audit["events"].as_array(), Some)
        .expect("a list")
        .iter()
        .map(|event| &event["signer"])
        .collect();
    assert_eq!(
        signers[..3],
        [&json!(address_of("//Bob")), &json!(address_of("//Charlie")), &json!(address_of("//Eve"))],
        "{audit}"
    );

    // The books, in all three forms.
    let balances = desk.done("", &["export", "balances"]);
    assert_eq!(balances["totals"][0]["adds_up"], true, "{balances}");
    assert_eq!(balances["totals"][0]["supply"], "5000", "{balances}");
    let csv =
        desk.command("", &["export", "balances", "--output", "csv", "--file", "books.csv"]).output().expect("it runs");
    assert!(csv.status.success() && csv.stdout.is_empty(), "{csv:?}");
    assert!(desk.read("books.csv").lines().count() > 1);

    let status = desk.done("", &["status", "--voucher", "1"]);
    assert!(status.to_string().contains("2500"), "{status}");
    desk.fails("", &["status", "--url", "ws://127.0.0.1:1"], 5, "ws://127.0.0.1:1");

    // What waits for the bank; the command that does it is one.
    request(&desk);
    let shop = desk.done("", &["worklist", "--caller", "shop"]);
    assert!(shop.to_string().contains("redemption"), "{shop}");
    let nobody = desk.done("", &["worklist", "--caller", "bank"]);
    assert!(!nobody.to_string().contains("amanah "), "nothing waits for the bank: {nobody}");
    let bank = desk.answer(&["registry", "credentials", "--account", "bank"])["number"].to_string();
    desk.done("//Charlie", &["ledger", "request-withdrawal", "--issuer", &bank, "--amount", "5", "-x"]);
    let waiting = desk.done("", &["worklist", "--caller", "bank"]);
    assert!(waiting.to_string().contains("amanah ledger settle-withdrawal --withdrawal 1"), "{waiting}");

    // New code: who is next is said, and a dry run proposes nothing.
    let upgrade = desk.done("", &["upgrade", "ledger"]);
    assert_eq!((&upgrade["next"], &upgrade["did"]), (&"nothing".into(), &Value::Null), "{upgrade}");
    desk.fails("", &["upgrade", "shoe"], 1, "there is no contract shoe");
    // Without a terminal there is no guide.
    assert_eq!(desk.run("", &["guide"]).code, 2);
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.command("", &["completions", shell]).output().expect("it runs");
        assert!(String::from_utf8_lossy(&script.stdout).contains("create-programme"), "{shell}");
    }
    let typed = desk.command("", &["address", "list"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&typed.stdout).contains(HOLDER) && said(&typed).code == 0);
    fs::remove_file(desk.path("books.csv")).expect("it was there");
}

/// The shop takes its request back.
fn request_is_cancelled(desk: &Desk) {
    desk.done("//Eve", &["voucher", "cancel", "--redemption", "1", "-x"]);
}
