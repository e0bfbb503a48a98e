//! Messages by the command line: the voucher story typed in, and wrong input of every kind.

use super::desk::Desk;
use crate::access::Plain;
use amanah_client::{
    abi::{Abi, Message},
    chain::{Chain, RawCall},
    Actor, Bundle,
};

#[test]
fn a_programme_is_set_up_and_a_voucher_issued_funded_and_requested_by_commands_alone() {
    let desk = Desk::with_suite();
    desk.register("//Bob", "shop", "Shop");
    let account = "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL"; // Ferdie's, who will only receive.
    desk.done("", &["address", "add", "sari", account]);
    desk.register("//Bob", "sari", "Citizen");

    let terms = [
        "voucher",
        "create-programme",
        "--bank",
        "bank",
        "--categories",
        "0,1",
        "--mode",
        "balance",
        "--life",
        "90d",
        "--window",
        "10m",
        "--most-per-voucher",
        "100.00",
        "--budget",
        "5_000.00",
        "--attestors",
        "attestor",
        "--attestors-needed",
        "1",
        "--holder-signature",
        "no",
        "--admitted-shops-only",
        "no",
        "--most-per-holder",
        "0",
        "--denominations",
        "[]",
        "--bundle-value",
        "0",
        "--universal",
        "no",
        "--per-card",
        "no",
        "--decimals",
        "2",
    ];
    let dry = desk.done("//Bob", &terms);
    assert_eq!((&dry["sent"], &dry["answer"]), (&false.into(), &1.into()), "a dry run says what would come");
    assert_eq!(desk.answer(&["voucher", "programme", "--id", "1"]), serde_json::Value::Null, "and changes nothing");
    let made = desk.done("//Bob", &[&terms[..], &["-x"]].concat());
    assert_eq!((&made["sent"], &made["events"][0]["event"]), (&true.into(), &"ProgrammeCreated".into()), "{made}");
    // What is printed is in the notation that is taken.
    assert_eq!(made["events"][0]["fields"]["terms"]["most_per_voucher"], "100.00", "{made}");

    let reference = format!("0x{}", "05".repeat(32));
    let money =
        ["ledger", "issue", "--to", "bank", "--amount", "50.00", "--reference", &reference, "--decimals", "2", "-x"];
    desk.done("//Charlie", &money);
    let bank = desk.answer(&["registry", "credentials", "--account", "bank"])["number"].to_string();
    let draw = ["ledger", "approve", "--spender", "voucher", "--issuer", &bank, "--amount", "5000", "-x"];
    desk.done("//Charlie", &draw);
    // By the name that the paper gives it.
    let create = ["voucher", "CreateVoucher", "--programme", "1", "--holder", "sari", "--category", "1", "-x"];
    assert_eq!(desk.done("//Bob", &create)["answer"], 1);
    desk.done(
        "//Charlie",
        &["voucher", "TransferToken", "--voucher", "1", "--amount", "25.00", "--decimals", "2", "-x"],
    );
    let items = format!("0x{}", "07".repeat(32));
    let request = ["voucher", "request", "--voucher", "1", "--category", "1", "--items", &items, "--amount"];
    desk.done("//Eve", &[&request[..], &["1000", "-x"]].concat());
    let voucher = desk.answer(&["voucher", "voucher", "--id", "1", "--decimals", "2"]);
    assert_eq!((&voucher["available"], &voucher["reserved"]), (&"15.00".into(), &"10.00".into()), "{voucher}");

    // The contract's refusal comes before anything is sent, decoded.
    let too_much = desk.fails("//Eve", &[&request[..], &["900000", "-x"]].concat(), 3, "the contract refuses");
    assert!(
        too_much.json["error"]["refusal"].is_object() || too_much.json["error"]["refusal"].is_string(),
        "{too_much:?}"
    );
    assert_eq!(desk.answer(&["voucher", "voucher", "--id", "1", "--decimals", "2"]), voucher, "nothing changed");

    // A key out of a wallet.
    desk.write("bob.json", include_str!("../../../../../crates/client/src/wallet/bob.json"));
    desk.write("password", "correct horse\n");
    let keystore = ["--keystore", "bob.json", "--password-file", "password", "-x"];
    let freeze = [&["voucher", "freeze", "--voucher", "1", "--reason", "7"], &keystore[..]].concat();
    assert_eq!(desk.done("", &freeze)["events"][0]["event"], "VoucherFrozen");
    desk.write("password", "wrong\n");
    desk.fails("", &freeze, 1, "cannot be opened with this password");

    // Wrong input of every kind: one sentence, and nothing is sent.
    for (arguments, with) in [
        (
            &["voucher", "request", "--voucher", "1", "--amount", "1.5", "--category", "1", "--items", &items][..],
            "amount",
        ),
        (&["voucher", "request", "--voucher", "-1", "--amount", "1", "--category", "1", "--items", &items], "voucher"),
        (&["voucher", "request", "--voucher", "1", "--amount", "1", "--category", "1", "--items", "0x07"], "items"),
        (&["registry", "credentials", "--account", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"], "account"),
        (&["registry", "credentials", "--account", "nobody"], "account"),
        (&["registry", "grant", "--participant", "1", "--role", "King"], "role"),
        (&["voucher", "extend", "--voucher", "1", "--expires", "tomorrow"], "expires"),
        (&["loan", "lock", "--event", "{\"flow\": 1}"], "event"),
        (&["welfare", "apply", "--scheme", "1", "--form", "@nowhere.json"], "nowhere.json"),
    ] {
        let said = desk.fails("//Eve", arguments, 1, with);
        assert_eq!(said.message().lines().count(), 1, "{said:?}");
    }
    desk.fails(
        "",
        &["voucher", "request", "--voucher", "1", "--amount", "1", "--category", "1", "--items", &items, "-x"],
        1,
        "needs a key",
    );
    assert_eq!(desk.run("", &["voucher", "no-such-message"]).code, 2);
    assert_eq!(desk.run("", &["voucher", "request"]).code, 2);
    // An account without tokens.
    desk.fails("//nobody/at//all", &["voucher", "version"], 1, "soft junctions");
    desk.fails("//Nobody", &["registry", "apply", "--role", "Shop", "--document", &items, "-x"], 4, "");
}

#[test]
fn the_node_understands_the_example_of_every_message_of_every_contract() {
    let desk = Desk::with_suite();
    let (mut node, suite) = desk.suite();
    let plain = Plain { decimals: 2, now: node.now().expect("it answers") };
    let from = Actor::from_suri("bob", "//Bob").expect("it is a secret").account();
    let mut understood = 0;
    for (contract, to) in suite.contracts() {
        let abi = Abi::of(&Bundle::load(&Bundle::folder(), contract).expect("it is built")).expect("it is a contract");
        for message in abi.messages() {
            // That these are the arguments of the example that the help shows is tested beside the command line.
            let arguments = message.arguments.iter().map(|part| (part.label.clone(), abi.example(part))).collect();
            let data = abi.encode(&message.name, &arguments, &plain).expect("it can be encoded");
            let outcome = node.dry_run(&RawCall { from, to, data });
            let outcome = outcome.unwrap_or_else(|error| panic!("{}: {error}", message.label));
            // The example's numbers may not exist: the contract says so then, which is an answer too.
            let answer = abi.decode_answer(&message.name, &outcome.data, &plain);
            assert!(answer.is_ok(), "{}: {answer:?}", message.label);
            understood += 1;
        }
    }
    assert!(understood > 200, "{understood}");
}

#[test]
fn the_longest_example_of_each_contract_is_copied_from_its_help_and_run() {
    let desk = Desk::with_suite();
    for contract in ["registry", "ledger", "voucher", "loan", "welfare"] {
        let abi = Abi::of(&Bundle::load(&Bundle::folder(), contract).expect("it is built")).expect("it is a contract");
        let length = |message: &&Message| -> usize {
            message.arguments.iter().map(|part| abi.example(part).to_string().len()).sum()
        };
        let longest = abi.messages().iter().max_by_key(length).expect("it has messages");
        let help = desk.command("", &[contract, longest.name.as_str(), "--help"]).output().expect("it runs");
        let help = String::from_utf8(help.stdout).expect("help is text");
        let example = help.split("Example: amanah ").nth(1).expect("there is an example");
        let words = shell_words::split(example.trim()).expect("it is a command line");
        let said = desk.run("//Bob", &[words.clone(), vec!["--decimals".into(), "2".into()]].concat());
        assert!([0, 3].contains(&said.code), "{words:?}: {said:?}");
    }
}
