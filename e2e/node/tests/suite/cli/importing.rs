//! Imports: two thousand rows in one command, and an import that is killed again and again.

use super::desk::Desk;
use amanah_client::{ask, Event};
use amanah_interfaces::registry::Registry;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::{collections::BTreeSet, fs, process::Stdio, thread, time::Duration};

/// The categories of the sample.
const CATEGORIES: &str = "staples=0,protein=1,education=2,health=3";

fn desk() -> Desk {
    let desk = Desk::with_suite();
    desk.programme();
    desk.done("", &["identity", "keygen", "--file", "registrar.key"]);
    desk
}

fn import<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let plain = [
        "import",
        "beneficiaries",
        file,
        "--programme",
        "1",
        "--registrar-key",
        "registrar.key",
        "--categories",
        CATEGORIES,
        "-x",
    ];
    [&plain[..], more].concat()
}

/// The rows of the sample, with its heading.
fn sample(rows: usize) -> String {
    let text = include_str!("../../../../../data/beneficiaries.csv");
    text.lines().take(rows + 1).collect::<Vec<_>>().join("\n")
}

/// How many participants there are.
fn participants(desk: &Desk) -> u64 {
    let (mut node, suite) = desk.suite();
    ask(&mut node, suite.registry().participant_count()).expect("it answers")
}

/// All vouchers that were ever created: their numbers and holders, by the events of all blocks.
fn created(desk: &Desk) -> Vec<(u64, u64)> {
    let (node, suite) = desk.suite();
    let head = node.head().expect("it answers");
    let mut created = Vec::new();
    for number in 1..=head {
        let block = node.block(number).expect("it answers").expect("it is there");
        created.extend(block.events.iter().filter_map(|(_, raw)| match Event::decode(&suite, raw)? {
            Event::FundingRequested(event) => Some((event.voucher, event.holder)),
            _ => None,
        }));
    }
    created
}

#[test]
fn an_import_that_is_killed_at_twenty_points_continues_and_does_nothing_twice() {
    // Some 50 transactions: more than 20 processes get done, each of which dies within about one.
    const ROWS: usize = 100;
    let desk = desk();
    desk.write("people.csv", &sample(ROWS));
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, b"points at which imports die     ");
    let journal = desk.path("people.csv.beneficiaries.journal");
    let size = || fs::metadata(&journal).map_or(0, |file| file.len());
    let mut kills = 0;
    while kills < 20 {
        use proptest::prelude::RngCore;
        // After so many further bytes of the journal: in the middle of whatever is going on then.
        let until = size() + u64::from(random.next_u32() % 1_000);
        let command = import("people.csv", &["--batch", "4"]);
        let mut process =
            desk.command("//Bob", &command).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        while size() <= until && process.try_wait().expect("it can be asked").is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        if process.try_wait().expect("it can be asked").is_some() {
            break;
        }
        process.kill().expect("it can be killed");
        process.wait().expect("it ends");
        kills += 1;
    }
    assert_eq!(kills, 20, "it came to its end before it was killed often enough");
    let ended = desk.run("//Bob", &import("people.csv", &["--batch", "4"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!((&ended.json["rows"], &ended.json["done"]), (&ROWS.into(), &ROWS.into()));
    assert_eq!(participants(&desk), 3 + ROWS as u64);
    let created = created(&desk);
    let holders: BTreeSet<u64> = created.iter().map(|(_, holder)| *holder).collect();
    assert_eq!((created.len(), holders.len()), (ROWS, ROWS), "a voucher each");

    // The results say which is whose, and are what the bank needs.
    let results = desk.read("people.csv.results.csv");
    let told: BTreeSet<(u64, u64)> = results
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[5].parse().expect("a voucher"), fields[4].parse().expect("a participant"))
        })
        .collect();
    assert_eq!(told, created.into_iter().collect());
    // A second time, nothing is left to do.
    assert_eq!(desk.done("//Bob", &import("people.csv", &["--batch", "4"]))["done"], ROWS);
    assert_eq!(participants(&desk), 3 + ROWS as u64);
}

#[test]
fn the_sample_is_imported_in_one_command_and_funded_in_another() {
    let desk = desk();
    desk.write("people.csv", &sample(2_000));
    let checked =
        desk.run("//Bob", &import("people.csv", &[]).into_iter().filter(|word| *word != "-x").collect::<Vec<_>>());
    assert_eq!((checked.code, &checked.json["rows"]), (8, &2_000.into()), "{checked:?}");
    assert_eq!(participants(&desk), 3, "without -x nothing is sent");

    let said = desk.run("//Bob", &import("people.csv", &[]));
    println!("{} rows in {} s", said.json["rows"], said.json["seconds"]);
    // Rows that make no sense, and one person twice.
    let refused = said.json["refused"].as_array().expect("they are listed");
    assert_eq!(
        (said.code, &said.json["rows"], &said.json["done"], refused.len()),
        (8, &2_000.into(), &1_995.into(), 5),
        "{said:?}"
    );
    assert!(
        refused.iter().any(|one| one["reason"].to_string().contains("that of line 14, which came first")),
        "{refused:?}"
    );
    assert_eq!(participants(&desk), 3 + 1_995);

    let reference = format!("0x{}", "05".repeat(32));
    desk.done(
        "//Charlie",
        &["ledger", "issue", "--to", "bank", "--amount", "1000000000", "--reference", &reference, "-x"],
    );
    let bank = desk.answer(&["registry", "credentials", "--account", "bank"])["number"].to_string();
    desk.done(
        "//Charlie",
        &["ledger", "approve", "--spender", "voucher", "--issuer", &bank, "--amount", "1000000000", "-x"],
    );
    let funded = desk.run("//Charlie", &["import", "fundings", "people.csv.results.csv", "--programme", "1", "-x"]);
    println!("fundings in {} s", funded.json["seconds"]);
    assert_eq!((funded.code, &funded.json["done"]), (0, &1_995.into()), "{funded:?}");
    assert_eq!(desk.answer(&["voucher", "totals", "--programme", "1"])["funded"], "599800000");

    // The bank's reading of the file with another key, and a second import of the same people.
    desk.write("again.csv", &sample(3));
    let again = desk.run("//Bob", &import("again.csv", &[]));
    assert_eq!((again.code, &again.json["done"]), (8, &0.into()), "{again:?}");
    let adopted = desk.run("//Bob", &import("again.csv", &["--adopt", "--journal", "adopted.journal"]));
    assert_eq!(
        (adopted.code, &adopted.json["done"]),
        (0, &3.into()),
        "a further voucher for the same people: {adopted:?}"
    );
    desk.fails(
        "//Bob",
        &import("again.csv", &["--journal", "people.csv.beneficiaries.journal"]),
        1,
        "journal of another import",
    );
    desk.fails("//Eve", &import("again.csv", &["--journal", "new.journal"]), 3, "NotAllowed");
}

#[test]
fn shops_are_imported_and_what_happened_is_exported_in_each_form() {
    let desk = desk();
    desk.write("shops.csv", include_str!("../../../../../data/shops.csv"));
    let import = [
        "import",
        "shops",
        "shops.csv",
        "--programme",
        "1",
        "--registrar-key",
        "registrar.key",
        "--categories",
        CATEGORIES,
    ];
    assert_eq!(desk.done("//Bob", &import)["sent"], false);
    let said = desk.done("//Bob", &[&import[..], &["-x"]].concat());
    assert_eq!((&said["done"], &said["rows"]), (&40.into(), &40.into()), "{said}");
    // The administrator's three participants came first, so the first shop is the fourth.
    let shop = desk.answer(&["voucher", "shop", "--programme", "1", "--shop", "4"]);
    assert!(!shop.is_null(), "it is admitted");

    let export = ["export", "events", "--contract", "voucher", "--event", "ShopAdmitted"];
    let json = desk.done("", &export);
    assert_eq!(json["events"].as_array().map_or(0, Vec::len), 40, "{json}");
    let csv = desk.command("", &export).args(["--output", "csv"]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&csv.stdout).lines().count(), 41, "a heading and forty");
}

#[test]
fn an_import_whose_node_dies_says_so_and_continues_at_another() {
    let folder = tempfile::tempdir().expect("there is room for a chain");
    let start = || {
        crate::running::Running::start(&[
            "--base-path".as_ref(),
            folder.path().as_ref(),
            "--finalize-delay-sec=0".as_ref(),
            "--state-pruning=archive".as_ref(),
        ])
    };
    let running = start();
    let mut desk = Desk::at(&running.url);
    desk.deploy();
    desk.programme();
    desk.done("", &["identity", "keygen", "--file", "registrar.key"]);
    desk.write("people.csv", &sample(60));
    let journal = desk.path("people.csv.beneficiaries.journal");
    let command = import("people.csv", &["--batch", "5"]);
    let process = desk
        .command("//Bob", &command)
        .args(["--output", "json", "--patience", "3"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    while fs::read_to_string(&journal).map_or(0, |text| text.matches("\"became\"").count()) < 2 {
        thread::sleep(Duration::from_millis(1));
    }
    drop(running);
    let said = super::desk::said(&process.wait_with_output().expect("it ends"));
    assert!([5, 7].contains(&said.code), "{said:?}");

    let running = start();
    desk.url = running.url.clone();
    let ended = desk.run("//Bob", &import("people.csv", &["--batch", "5"]));
    assert_eq!((ended.code, &ended.json["done"]), (0, &60.into()), "{ended:?}");
    assert_eq!(participants(&desk), 3 + 60);
    assert_eq!(created(&desk).len(), 60);
}
