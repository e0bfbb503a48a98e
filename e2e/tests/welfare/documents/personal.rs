//! Personal data stay off chain: what a family hands to an office is looked for in everything that a whole story made public.

use super::*;
use amanah_client::Bundle;
use amanah_domain::{
    identity::{commitment, NumberType},
    welfare::Document,
};
use amanah_e2e::{registration, welfare::minimum_living_form};
use amanah_interfaces::{
    registry::Registration,
    welfare::{Form, Scheme},
};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

const NAME: &str = "Siti Rahmawati binti Harun";
const NIK: &str = "3204115506900003";
const PHONE: &str = "+6281298765432";
/// What else is in the file.
const FACTS: [&str; 4] =
    ["Jalan Melati 14, Bandung", "comminuted fracture of the left tibia", "CV Sumber Rezeki", "household of four"];

fn sha2_256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    ink::env::hash_bytes::<ink::env::hash::Sha2x256>(bytes, &mut hash);
    hash
}

/// The file as the office has it.
fn file() -> String {
    serde_json::json!({ "name": NAME, "nik": NIK, "phone": PHONE, "facts": FACTS }).to_string()
}

/// A document as it is stored elsewhere: no longer text, but what a cipher made of it.
fn stored() -> Document {
    let mask = Native::blake2b_256(b"the office's key");
    let encrypted: Vec<u8> = file().bytes().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
    let mut document = samples::document(samples::MEDICAL_RECORD);
    document.cid[4..].copy_from_slice(&sha2_256(&encrypted));
    document
}

/// What somebody would look for: each piece of text as it is, as hex, as a number, and hashed in the usual ways.
fn traces(text: &str) -> Vec<Vec<u8>> {
    let mut traces = vec![text.as_bytes().to_vec(), text.to_uppercase().into_bytes()];
    let hex: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    traces.push(hex.concat().into_bytes());
    traces.extend([Native::blake2b_256(text.as_bytes()), sha2_256(text.as_bytes())].map(Vec::from));
    if let Ok(number) = text.trim_start_matches('+').parse::<u64>() {
        traces.push(number.to_le_bytes().to_vec());
    }
    traces
}

/// What was made public since `before`.
fn published(offices: &mut Offices, before: &HashSet<Vec<u8>>) -> Vec<Vec<u8>> {
    offices.chain.everything_public().into_iter().filter(|piece| !before.contains(piece)).collect()
}

fn has(public: &[Vec<u8>], bytes: &[u8]) -> bool {
    public.iter().any(|piece| piece.windows(bytes.len()).any(|window| window == bytes))
}

/// Which of these texts has left a trace.
fn found(public: &[Vec<u8>], texts: &[&str]) -> Vec<String> {
    let told = texts.iter().filter(|text| traces(text).iter().any(|trace| has(public, trace)));
    told.map(|text| (*text).to_owned()).collect()
}

/// A whole story: returned, supplemented, sealed, rejected, appealed, signed, granted, paid, certified anew, stopped, ended.
fn story(offices: &mut Offices, cast: &Cast, siti: &Person, facts: [u8; 32]) {
    let mut terms = samples::minimum_living();
    terms.rules.on_failure = amanah_interfaces::welfare::OnFailure::Return;
    let scheme = offices.scheme(Scheme { exclusive: false, ..terms });
    let form = |paper: Document| {
        let mut documents = minimum_living_form().documents;
        documents.push(paper);
        Form { facts, documents, employer: Some(cast.shop.number), ..minimum_living_form() }
    };
    let incomplete = Form { complete: false, ..form(stored()) };
    let case = offices.apply(siti, scheme, incomplete);
    offices.send(&siti.actor, cast.welfare().supplement(case, form(stored())));
    let committee = offices.reviewer_of(case);
    seals(offices, &committee, case, stored().cid);
    offices.send(&committee.actor, cast.welfare().decide(case, 1, 0, Decision::Reject, None, 12));
    offices.send(&siti.actor, cast.welfare().appeal(case));
    let other = offices.second_reviewer(Role::NeighbourhoodCommittee);
    let verdict = offices.pass(case, &other, None);
    offices.send(&cast.stranger, cast.welfare().decide_signed(case, None, vec![verdict]));
    offices.accept_all(case, 0);
    let payer = cast.payer.clone();
    offices.funds(&payer, 600);
    offices.pay(case, 1);
    offices.send(&siti.actor, cast.welfare().withdraw(cast.bank.number, 600));
    offices.send(&siti.actor, cast.welfare().recertify(case, form(stored())));
    offices.send(&cast.regulator.actor, cast.welfare().suspend(case, 5));
    offices.send(&cast.regulator.actor, cast.welfare().resume(case));
    offices.send(&siti.actor, cast.welfare().terminate(case, 6));
}

#[test]
fn no_personal_text_of_a_case_is_on_chain_plain_or_hashed() {
    let (mut offices, cast) = stage();
    let before = offices.chain.everything_public().into_iter().collect();
    let identity = commitment(&[7; 32], NumberType::National, NIK);
    let registration = Registration { identity, ..registration(NAME, &[Role::Citizen]) };
    let number = offices.send(&cast.government.actor, cast.registry().register(registration)).value;
    let siti = Person { actor: Actor::named(NAME), number };
    let salted = Native::blake2b_256(&[&[0x5a; 32], file().as_bytes()].concat());
    story(&mut offices, &cast, &siti, salted);

    let whole = file();
    let mut texts = vec![NAME, "Siti", "Rahmawati", NIK, PHONE, whole.as_str()];
    texts.extend(FACTS);
    let public = published(&mut offices, &before);
    assert_eq!(found(&public, &texts), [""; 0]);
    // The search sees what is on chain: the keyed commitment, the salted hash, the document's content id.
    assert!(has(&public, &identity) && has(&public, &salted) && has(&public, &stored().cid));

    // And it finds what is put there, in any of these forms.
    let mut plain = [0; 32];
    plain[..NAME.len()].copy_from_slice(NAME.as_bytes());
    for facts in [plain, Native::blake2b_256(NAME.as_bytes()), sha2_256(NAME.as_bytes())] {
        let before = offices.chain.everything_public().into_iter().collect();
        offices.apply(&cast.citizen, offices.minimum_living, Form { facts, ..minimum_living_form() });
        let public = published(&mut offices, &before);
        assert!(found(&public, &texts).contains(&NAME.to_owned()));
    }
}

/// The types that something in the metadata names, and all that these are made of.
fn types_of(metadata: &Value, named: &Value) -> BTreeSet<u64> {
    fn numbers(value: &Value, found: &mut Vec<u64>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_u64().filter(|_| name == "type") {
                        Some(number) => found.push(number),
                        None => numbers(value, found),
                    }
                }
            }
            // A tuple is a list of bare numbers.
            Value::Array(items) => items.iter().for_each(|item| match item.as_u64() {
                Some(number) => found.push(number),
                None => numbers(item, found),
            }),
            _ => {}
        }
    }
    let (mut waiting, mut all) = (Vec::new(), BTreeSet::new());
    numbers(named, &mut waiting);
    while let Some(number) = waiting.pop() {
        if all.insert(number) {
            let types = metadata["types"].as_array().expect("the metadata have types");
            let of_this = types.iter().find(|it| it["id"] == number).expect("the type is there");
            numbers(&of_this["type"]["def"], &mut waiting);
        }
    }
    all
}

/// Can any message, constructor or event of a contract carry a text, or bytes of any length?
fn carries_text(contract: &str) -> bool {
    let metadata = Bundle::load(&Bundle::folder(), contract).expect("the bundle is built").metadata;
    let is_own = |event: &&Value| {
        let path = event["module_path"].as_str().unwrap_or_default();
        path.ends_with(&format!("::{contract}")) || path.ends_with("::governance")
    };
    let events = metadata["spec"]["events"].as_array().expect("a contract has events").iter().filter(is_own);
    let events: Vec<_> = events.map(|event| event["args"].clone()).collect();
    assert!(events.len() > 7, "its events are found");
    let messages = ["messages", "constructors"].map(|part| metadata["spec"][part].clone());
    let calls: Vec<_> = messages.iter().filter_map(Value::as_array).flatten().collect();
    let calls: Vec<_> = calls.iter().flat_map(|call| [call["args"].clone(), call["returnType"].clone()]).collect();
    let types = metadata["types"].as_array().expect("the metadata have types");
    let of = |number: u64| &types.iter().find(|it| it["id"] == number).expect("the type is there")["type"]["def"];
    let is_text = |number: &u64| {
        let of_bytes = |number: u64| of(number)["primitive"] == "u8";
        let item = of(*number)["sequence"]["type"].as_u64();
        of(*number)["primitive"] == "str" || item.is_some_and(of_bytes)
    };
    types_of(&metadata, &Value::Array([calls, events].concat())).iter().any(is_text)
}

#[test]
fn there_is_no_place_for_a_text_in_any_message_or_event() {
    assert!(!carries_text("welfare"), "numbers, choices and hashes only");
    assert!(carries_text("registry"), "whose names of custom roles this way of looking finds");
}
