//! Tests over the messages, answers and events of all five contracts, as their bundles describe them.

mod any;

use super::{
    kind::kind,
    read::Reader,
    time::{LENGTHS, POINTS},
    *,
};
use crate::{actor::address, Actor};
use amanah_domain::ledger::Owner;
use amanah_interfaces::{ledger::Issued, loan, registry, voucher};
use any::any_of;
use ink::env::Event as _;
use proptest::{prelude::*, test_runner::TestRunner};
use scale::Encode;
use std::collections::BTreeSet;

const CONTRACTS: [&str; 5] = ["registry", "ledger", "voucher", "loan", "welfare"];
const NOW: Millis = 1_800_000_000_000;

/// Two decimals, a clock, and somebody called `bank`.
struct Town;

impl Scope for Town {
    fn decimals(&self) -> u8 {
        2
    }

    fn now(&self) -> Result<Millis, String> {
        Ok(NOW)
    }

    fn account(&self, name: &str) -> Option<Account> {
        (name == "bank").then(|| Actor::named("bank").account())
    }
}

fn abi(contract: &str) -> Abi {
    Abi::of(&Bundle::load(&Bundle::folder(), contract).unwrap()).unwrap()
}

/// Everything that is written or read: arguments, answers and fields of events.
fn parts(abi: &Abi) -> impl Iterator<Item = &Part> {
    let messages = abi.messages.iter().chain(&abi.constructors);
    messages
        .flat_map(|message| message.arguments.iter().chain([&message.answer]))
        .chain(abi.events.iter().flat_map(|event| &event.fields))
}

/// Parts and all that they are made of.
fn all_parts(abi: &Abi) -> Vec<Part> {
    let mut open: Vec<Part> = parts(abi).cloned().collect();
    let mut all: Vec<Part> = Vec::new();
    while let Some(part) = open.pop() {
        if all.contains(&part) {
            continue;
        }
        match abi.kind(&part) {
            Kind::Option(inner) | Kind::List(inner) => open.push(*inner),
            Kind::Tuple(parts) | Kind::Struct(parts) => open.extend(parts),
            Kind::Choice { variants, .. } => open.extend(variants.into_iter().flat_map(|variant| variant.fields)),
            _ => {}
        }
        all.push(part);
    }
    all
}

fn object(json: Json) -> BTreeMap<String, Json> {
    json.as_object().unwrap().clone().into_iter().collect()
}

fn refused(abi: &Abi, message: &str, arguments: Json) -> String {
    abi.encode(message, &object(arguments), &Town).unwrap_err().to_string()
}

#[test]
fn names_are_unique_in_each_contract() {
    for contract in CONTRACTS {
        let abi = abi(contract);
        let names: Vec<&str> = abi.messages.iter().chain(&abi.constructors).map(|one| one.name.as_str()).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{contract}: {names:?}");
        assert!(names.contains(&"pause") && names.contains(&"new"), "{contract}: {names:?}");
    }
    assert_eq!(abi("voucher").message("create-programme").unwrap().label, "Voucher::create_programme");
}

#[test]
fn every_time_is_either_a_point_or_a_length() {
    assert!(POINTS.iter().all(|label| !LENGTHS.contains(label)));
    for contract in CONTRACTS {
        for part in all_parts(&abi(contract)) {
            let is_time = part.alias.contains("Timestamp") || part.alias.contains("Millis");
            let label = part.label.as_str();
            assert!(
                !is_time || POINTS.contains(&label) || LENGTHS.contains(&label),
                "{contract}: {part:?} is in no list"
            );
        }
    }
}

#[test]
fn every_type_is_known() {
    for contract in CONTRACTS {
        let abi = abi(contract);
        for part in all_parts(&abi) {
            assert_ne!(abi.kind(&part), Kind::Foreign, "{contract}: {part:?}");
        }
    }
}

#[test]
fn what_is_written_is_read_as_the_same_value() {
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() });
    for contract in CONTRACTS {
        let abi = abi(contract);
        let reader = Reader { types: &abi.types, scope: &Town };
        for part in parts(&abi) {
            let law = |value: Value| {
                let mut bytes = Vec::new();
                encode_as_type(&value, part.ty, &abi.types, &mut bytes).unwrap();
                let value = decode_as_type(&mut bytes.as_slice(), part.ty, &abi.types).unwrap();
                let json = write::write(&abi.types, 2, part, &value).unwrap();
                // As programs hand it over: through text.
                let json: Json = serde_json::from_str(&json.to_string()).unwrap();
                let read = reader.field("value", part, Some(&json));
                let read = read.map_err(|error| TestCaseError::fail(format!("{error}: {json}")))?;
                let mut again = Vec::new();
                encode_as_type(&read, part.ty, &abi.types, &mut again).unwrap();
                prop_assert_eq!(again, bytes, "{}", json);
                Ok(())
            };
            runner.run(&any_of(&abi, part), law).unwrap_or_else(|error| panic!("{contract}, {part:?}: {error}"));
        }
    }
}

#[test]
fn a_message_is_encoded_as_the_typed_client_encodes_it() {
    let bank = Actor::named("bank");
    let terms = voucher::Terms {
        bank: bank.id(),
        categories: vec![1, 2],
        mode: amanah_domain::voucher::Mode::OneTime,
        life: 30 * 86_400_000,
        window: 600_000,
        most_per_voucher: 1_250,
        budget: u128::from(u64::MAX),
        attestors: vec![bank.id()],
        attestors_needed: 1,
        holder_signature: true,
        admitted_shops_only: false,
        most_per_holder: 0,
        denominations: vec![amanah_domain::bundle::Denomination { category: 1, face: 50, count: 3 }],
        bundle_value: 150,
        universal: false,
        per_card: false,
    };
    let json = json!({"terms": {
        "bank": "bank", "categories": "1,2", "mode": "one-time", "life": "30d", "window": "10m",
        "most_per_voucher": "12.50", "budget": "184467440737095516.15", "attestors": [address(&bank.account())],
        "attestors_needed": 1, "holder_signature": "yes", "admitted_shops_only": false, "most_per_holder": "0",
        "denominations": [{"category": 1, "face": 0.5, "count": "3"}], "bundle_value": "1.5", "universal": "no",
        "per_card": "false",
    }});
    let bytes = abi("voucher").encode("create-programme", &object(json), &Town).unwrap();
    assert_eq!(bytes[4..], terms.encode());
    assert_eq!(bytes[..4], ink::selector_bytes!("Voucher::create_programme"));

    let flow =
        json!({"kind": "loan_application", "applicants": "citizen", "oracles": ["Bank", "custom-3"], "validity": "7d"});
    let bytes = abi("loan").encode("configure-flow", &object(flow), &Town).unwrap();
    use amanah_domain::{flow::EventKind, roles::Role};
    let expected =
        (EventKind::LoanApplication, vec![Role::Citizen], vec![Role::Bank, Role::Custom(3)], 7 * 86_400_000u64);
    assert_eq!(bytes[4..], expected.encode());

    let challenge = json!({"matter": {"Loan": 9}, "reason": 4});
    let bytes = abi("loan").encode("challenge", &object(challenge), &Town).unwrap();
    assert_eq!(bytes[4..], (amanah_domain::challenge::Matter::Loan(9), 4u16).encode());

    let voucher = json!({"programme": 1, "holder": "bank", "category": 1, "expires": "+30d"});
    let bytes = abi("voucher").encode("create", &object(voucher), &Town).unwrap();
    assert_eq!(bytes[4..], (1u64, bank.account(), 1u8, Some(NOW + 30 * 86_400_000)).encode());
}

#[test]
fn a_wrong_value_is_refused_by_its_path_itself_and_the_rule() {
    let voucher = abi("voucher");
    let denominations = json!([{"category": 1, "face": "1", "count": 1}, {"category": 1, "face": "1.234", "count": 1}]);
    let terms = object(json!({"bank": "bank", "categories": [], "mode": "Balance", "life": "1d", "window": "1m",
        "most_per_voucher": "1", "budget": "1", "attestors": [], "attestors_needed": 1, "holder_signature": true,
        "admitted_shops_only": true, "most_per_holder": "1", "denominations": [], "bundle_value": "1", "universal": true,
        "per_card": true}));
    let with = |label: &str, value: Json| {
        let mut terms = terms.clone();
        terms.insert(label.to_owned(), value);
        refused(&voucher, "create-programme", json!({ "terms": terms }))
    };
    for (label, value, expected) in [
        (
            "denominations",
            denominations,
            "terms.denominations[1].face is \"1.234\" and must be an amount such as 12 or \
            12.50, with at most 2 decimals, without a sign, and below 2^64 smallest units",
        ),
        ("budget", json!("-1"), "terms.budget is \"-1\" and must be an amount such as"),
        (
            "budget",
            json!("184467440737095516.16"),
            "terms.budget is \"184467440737095516.16\" and must be an amount such as",
        ),
        ("life", json!("1w"), "terms.life is \"1w\" and must be a length of time such as 30d"),
        (
            "bank",
            json!("nobody"),
            "terms.bank is \"nobody\" and must be an SS58 address, 0x and 64 hex digits, or a known name",
        ),
        ("categories", json!("1,256"), "terms.categories[1] is \"256\" and must be a whole number from 0 to 255"),
        ("mode", json!("Twice"), "terms.mode is \"Twice\" and must be one of Balance, OneTime"),
        ("universal", json!("maybe"), "terms.universal is \"maybe\" and must be true or false (yes or no)"),
        ("attestors", json!(true), "terms.attestors is true and must be a list"),
        ("bnak", json!(1), "terms.bnak is not known: it must be one of bank, categories,"),
    ] {
        let refused = with(label, value);
        assert!(refused.starts_with(expected), "{refused}");
    }
    let items = "0x".to_owned() + &"00".repeat(31);
    for (contract, message, arguments, expected) in [
        (
            "voucher",
            "request",
            json!({"voucher": 1, "amount": "1", "category": 1, "items": items}),
            "and must be 0x and 64 hex digits",
        ),
        (
            "voucher",
            "extend",
            json!({"voucher": 1, "expires": "tomorrow"}),
            "expires is \"tomorrow\" and must be a point in time",
        ),
        ("voucher", "extend", json!({"voucher": 1}), "expires is missing and must be a point in time"),
        ("voucher", "extend", json!({"vuocher": 1}), "vuocher is not known: it must be one of voucher, expires"),
        ("voucher", "pause", json!({"now": 1}), "now is not known: nothing is given here"),
        ("voucher", "extend", json!({"voucher": 1.5, "expires": 1}), "voucher is 1.5 and must be a whole number"),
        (
            "registry",
            "grant",
            json!({"participant": 1, "role": "banker"}),
            "role is \"banker\" and must be one of Government,",
        ),
        (
            "loan",
            "challenge",
            json!({"matter": "Loan", "reason": 1}),
            "matter is \"Loan\" and must be one of {\"Case\": ..}",
        ),
        (
            "welfare",
            "add-document",
            json!({"case": 1, "cid": "bafy", "seal": "0x"}),
            "cid is \"bafy\" and must be the CIDv1",
        ),
        ("voucher", "nothing", json!({}), "the voucher contract has no message nothing"),
    ] {
        let refused = refused(&abi(contract), message, arguments);
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn answers_refusals_and_events_are_read() {
    let ok = |value: Vec<u8>| [vec![0], value].concat();
    let answer = |contract: &str, message: &str, bytes: Vec<u8>| abi(contract).decode_answer(message, &bytes, &Town);
    let done = |json: Json| Ok(Answer::Done(json));
    let number: Result<u64, voucher::Error> = Ok(7);
    assert_eq!(answer("voucher", "create", ok(number.encode())), done(json!(7)));
    assert_eq!(answer("ledger", "balance-of", ok(1_250u128.encode())), done(json!("12.50")));
    assert_eq!(answer("registry", "delay", ok(172_800_000u64.encode())), done(json!("2d")));
    let due = Some(1_798_711_200_000u64);
    assert_eq!(answer("welfare", "next-due", ok(due.encode())), done(json!("2026-12-31T10:00:00Z")));
    let nothing: Result<(), registry::Error> = Ok(());
    assert_eq!(answer("registry", "suspend", ok(nothing.encode())), done(json!(null)));
    let refusal: Result<u64, loan::Error> = Err(loan::Error::NotAllowed);
    assert_eq!(answer("loan", "lock", ok(refusal.encode())), Ok(Answer::Refused(json!("NotAllowed"))));
    let redemption = amanah_domain::redemption::RedemptionRefusal::AnotherIsOpen { redemption: 3 };
    let refusal: Result<u64, voucher::Error> = Err(voucher::Error::Redemption(redemption));
    let Ok(Answer::Refused(refusal)) = answer("voucher", "request", ok(refusal.encode())) else { panic!("a refusal") };
    assert_eq!(refusal, json!({"Redemption": {"AnotherIsOpen": {"redemption": 3}}}));
    assert_eq!(spoken(&refusal), "Redemption: AnotherIsOpen (redemption 3)");
    for unreadable in [vec![], vec![1, 1], vec![0, 7], ok([1_250u128.encode(), vec![0]].concat())] {
        assert_eq!(answer("ledger", "balance-of", unreadable), Err(AbiError::Unreadable));
    }

    let bank = Actor::named("bank");
    let issued = Issued { issuer: 2, to: Owner::Contract(bank.account()), amount: 1_250, reference: [7; 32] };
    let event = |topic| RawEvent { contract: [0; 32], topics: vec![topic], data: issued.encode() };
    let decoded = abi("ledger").decode_event(&event(Issued::SIGNATURE_TOPIC.unwrap()), &Town);
    let fields = json!({"issuer": 2, "to": {"Contract": address(&bank.account())}, "amount": "12.50",
        "reference": "0x".to_owned() + &"07".repeat(32)});
    assert_eq!(decoded, Some(("Issued".to_owned(), fields)));
    assert_eq!(abi("ledger").decode_event(&event([0; 32]), &Town), None);
}

#[test]
fn a_choice_with_a_number_is_also_read_without_braces() {
    let loan = abi("loan");
    let part = &loan.message("challenge").unwrap().arguments[0];
    assert!(matches!(kind(&loan.types, part), Kind::Choice { .. }));
    let short = loan.encode("challenge", &object(json!({"matter": "loan-9", "reason": 4})), &Town);
    assert_eq!(short, loan.encode("challenge", &object(json!({"matter": {"Loan": "9"}, "reason": 4})), &Town));
}
