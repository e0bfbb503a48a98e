//! `amanah status`: the suite on one screen.

use crate::{
    exit::Refusal,
    network::{Network, Session},
    output,
    report::{table, Format},
};
use amanah_client::{
    abi::{point, spoken},
    address,
    chain::Chain,
    node::Wait,
};
use anyhow::{ensure, Result};
use clap::Args;
use serde_json::{json, Map, Value};

/// The most entries of a list that are shown; a contract lists no more at once.
const PAGE: u32 = 50;

/// What to show besides the chain and the contracts.
#[derive(Args)]
#[command(after_help = "Example: amanah status --participant 7

Lists show the newest 50 entries.")]
pub struct Options {
    /// The number of a participant: its record, roles and standing, its balances, vouchers, loans and welfare cases.
    #[arg(long, value_name = "NUMBER")]
    participant: Option<u64>,
    /// The number of a programme: its terms and totals.
    #[arg(long, value_name = "NUMBER")]
    programme: Option<u64>,
    /// The number of a voucher: its record and redemptions.
    #[arg(long, value_name = "NUMBER")]
    voucher: Option<u64>,
    /// The number of a loan: its record, what is due, and its schedule.
    #[arg(long, value_name = "NUMBER")]
    loan: Option<u64>,
    /// The number of a case: that of the loan contract and that of the welfare contract, as far as there are such.
    #[arg(long, value_name = "NUMBER")]
    case: Option<u64>,
    #[command(flatten)]
    place: Network,
}

/// Shows it.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let mut session = Session::open_unchecked(&options.place)?;
    let mut told = Map::new();
    told.insert("chain".to_owned(), chain(&session)?);
    let contracts = contracts(&mut session)?;
    let counts = counts(&mut session, &contracts)?;
    told.insert("contracts".to_owned(), contracts.into());
    told.insert("counts".to_owned(), counts);
    let asked: [(&str, Option<u64>, Things); 5] = [
        ("participant", options.participant, &[("participant", PARTICIPANT)]),
        ("programme", options.programme, &[("programme", PROGRAMME)]),
        ("voucher", options.voucher, &[("voucher", VOUCHER)]),
        ("loan", options.loan, &[("loan", LOAN)]),
        ("case", options.case, &[("loan_case", LOAN_CASE), ("welfare_case", WELFARE_CASE)]),
    ];
    for (kind, number, things) in asked {
        let Some(number) = number else { continue };
        let mut is_there = false;
        for (name, questions) in things {
            let found = details(&mut session, questions, number)?;
            is_there |= !found.is_null();
            told.insert((*name).to_owned(), found);
        }
        ensure!(is_there, "there is no {kind} {number}");
    }
    match format {
        Format::Json => output::json(&Value::Object(told)),
        Format::Text | Format::Csv => output::print(text(&told)),
    }
    Ok(())
}

/// A question about one thing.
struct Question {
    /// What the answer is called.
    part: &'static str,
    contract: &'static str,
    message: &'static str,
    /// Its arguments, from the thing's number and its record, which is the answer to the first question.
    arguments: fn(u64, &Value) -> Value,
}

/// What a number may mean: names, and the questions about each.
type Things = &'static [(&'static str, &'static [Question])];

fn chain(session: &Session) -> Result<Value> {
    let block = |wait| -> Result<Value> {
        let number = session.node.newest(wait)?;
        let time = session.node.time_of(number)?.map(point);
        Ok(json!({ "number": number, "time": time }))
    };
    Ok(json!({
        "name": session.node.chain_name()?,
        "genesis": format!("0x{}", hex::encode(session.node.genesis_hash())),
        "newest_block": block(Wait::Best)?,
        "final_block": block(Wait::Finalized)?,
    }))
}

/// Each contract; of one that runs other code than its bundle's, only what can be told without the bundle.
fn contracts(session: &mut Session) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for (name, account) in session.suite.contracts() {
        let found = session.node.code_hash(&account)?;
        let is_bundled = found == Some(session.abi(name)?.code_hash());
        let (version, governance) = match is_bundled {
            true => (session.query(name, "version", json!({}))?, session.query(name, "governance", json!({}))?),
            false => (Value::Null, Value::Null),
        };
        all.push(json!({
            "contract": name,
            "address": address(&account),
            "code_hash": found.map(|hash| format!("0x{}", hex::encode(hash))),
            "code_is_the_bundles": is_bundled,
            "version": version,
            "paused": governance["paused"],
            "code_proposal": governance["proposal"],
        }));
    }
    Ok(all)
}

/// Contract, message, and what it counts.
const COUNTS: [(&str, &str, &str); 4] = [
    ("registry", "participant-count", "participants"),
    ("registry", "application-count", "applications"),
    ("voucher", "roll-count", "rolls"),
    ("welfare", "scheme-count", "schemes"),
];

fn counts(session: &mut Session, contracts: &[Value]) -> Result<Value> {
    let is_bundled =
        |name: &str| contracts.iter().any(|one| one["contract"] == name && one["code_is_the_bundles"] == true);
    let mut counts = Map::new();
    for (contract, message, what) in COUNTS {
        let count = match is_bundled(contract) {
            true => session.query(contract, message, json!({}))?,
            false => Value::Null,
        };
        counts.insert(what.to_owned(), count);
    }
    Ok(Value::Object(counts))
}

const PARTICIPANT: &[Question] = &[
    Question {
        part: "record",
        contract: "registry",
        message: "participant",
        arguments: |id, _| json!({ "number": id }),
    },
    Question {
        part: "balances_by_bank",
        contract: "ledger",
        message: "account",
        arguments: |_, record| json!({ "owner": record["account"], "start": 0, "limit": PAGE }),
    },
    Question {
        part: "vouchers",
        contract: "voucher",
        message: "vouchers-of",
        arguments: |id, _| json!({ "holder": id, "limit": PAGE }),
    },
    Question {
        part: "loans",
        contract: "loan",
        message: "loans-of",
        arguments: |id, _| json!({ "borrower": id, "limit": PAGE }),
    },
    Question {
        part: "welfare_cases",
        contract: "welfare",
        message: "cases-of",
        arguments: |id, _| json!({ "applicant": id, "limit": PAGE }),
    },
];

const PROGRAMME: &[Question] = &[
    Question { part: "terms", contract: "voucher", message: "programme", arguments: |id, _| json!({ "id": id }) },
    Question { part: "totals", contract: "voucher", message: "totals", arguments: |id, _| json!({ "programme": id }) },
];

const VOUCHER: &[Question] = &[
    Question { part: "record", contract: "voucher", message: "voucher", arguments: |id, _| json!({ "id": id }) },
    Question {
        part: "redemptions",
        contract: "voucher",
        message: "redemptions-of-voucher",
        arguments: |id, _| json!({ "voucher": id, "limit": PAGE }),
    },
];

const LOAN: &[Question] = &[
    Question { part: "record", contract: "loan", message: "loan", arguments: |id, _| json!({ "id": id }) },
    Question { part: "due", contract: "loan", message: "due", arguments: |id, _| json!({ "loan": id }) },
    Question {
        part: "schedule",
        contract: "loan",
        message: "schedule",
        arguments: |id, _| json!({ "loan": id, "start": 0, "limit": PAGE }),
    },
];

const LOAN_CASE: &[Question] =
    &[Question { part: "record", contract: "loan", message: "case", arguments: |id, _| json!({ "id": id }) }];

const WELFARE_CASE: &[Question] = &[
    Question { part: "record", contract: "welfare", message: "benefit-case", arguments: |id, _| json!({ "id": id }) },
    Question {
        part: "certificate",
        contract: "welfare",
        message: "certificate",
        arguments: |id, _| json!({ "case": id }),
    },
    Question { part: "next_due", contract: "welfare", message: "next-due", arguments: |id, _| json!({ "case": id }) },
    Question {
        part: "history",
        contract: "welfare",
        message: "history",
        arguments: |id, _| json!({ "case": id, "start": 0, "limit": PAGE }),
    },
];

/// All about one thing; null if it is not there.
fn details(session: &mut Session, questions: &[Question], number: u64) -> Result<Value> {
    let mut record = Value::Null;
    let mut parts = Map::new();
    for Question { part, contract, message, arguments } in questions {
        let answer = unless_refused(session.query(contract, message, arguments(number, &record)))?;
        if parts.is_empty() {
            if answer.is_null() {
                return Ok(Value::Null);
            }
            record = answer.clone();
        }
        parts.insert((*part).to_owned(), answer);
    }
    Ok(Value::Object(parts))
}

/// A contract that refuses to tell has nothing to tell.
fn unless_refused(answer: Result<Value>) -> Result<Value> {
    match answer {
        Err(error) if error.is::<Refusal>() => Ok(Value::Null),
        answer => answer,
    }
}

fn text(told: &Map<String, Value>) -> String {
    let mut out = String::new();
    for (title, part) in told {
        match part {
            Value::Array(contracts) => out += &contracts_text(contracts),
            part => {
                out += &format!("{title}\n");
                outline(part, 1, &mut out);
            }
        }
    }
    out
}

fn contracts_text(contracts: &[Value]) -> String {
    let mut rows = table(&["contract", "address", "code", "version", "", "new code"]);
    for one in contracts {
        let code = match (&one["code_hash"], one["code_is_the_bundles"] == true) {
            (Value::Null, _) => "no contract is there",
            (_, true) => "as in the bundle",
            (_, false) => "NOT AS IN THE BUNDLE",
        };
        let state = match &one["paused"] {
            Value::Bool(true) => "PAUSED",
            Value::Bool(false) => "runs",
            _ => "unknown",
        };
        let [name, address, version, proposal] =
            [&one["contract"], &one["address"], &one["version"], &one["code_proposal"]].map(spoken);
        rows.add_row([&name, &address, code, &version, state, &proposal]);
    }
    format!("{rows}\n")
}

/// Fields a line each, and lists an entry a line, further in.
fn outline(value: &Value, depth: usize, out: &mut String) {
    let margin = "  ".repeat(depth);
    let is_long = |value: &Value| match value {
        Value::Array(items) => items.iter().any(|item| item.is_array() || item.is_object()),
        Value::Object(fields) => fields.values().any(|field| field.is_array() || field.is_object()),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('_', " ");
                match is_long(field) {
                    true => {
                        *out += &format!("{margin}{name}\n");
                        outline(field, depth.saturating_add(1), out);
                    }
                    false => *out += &format!("{margin}{name:<22} {}\n", spoken(field)),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                match item.as_array().map(Vec::as_slice) {
                    Some([number, rest]) => *out += &format!("{margin}{}: {}\n", spoken(number), spoken(rest)),
                    _ => *out += &format!("{margin}{}\n", spoken(item)),
                }
            }
        }
        other => *out += &format!("{margin}{}\n", spoken(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::town::Town;
    use amanah_client::{abi::Abi, Bundle};

    /// What messages are called and take is in the bundles.
    #[test]
    fn every_question_can_be_put_to_its_contract() {
        let record = json!({ "account": address(&[7; 32]) });
        let details = [PARTICIPANT, PROGRAMME, VOUCHER, LOAN, LOAN_CASE, WELFARE_CASE].into_iter().flatten();
        let details = details.map(|one| (one.contract, one.message, (one.arguments)(7, &record)));
        let counts = COUNTS.map(|(contract, message, _)| (contract, message, json!({})));
        for (contract, message, arguments) in details.chain(counts) {
            let abi = Abi::of(&Bundle::load(&Bundle::folder(), contract).unwrap()).unwrap();
            let arguments = arguments.as_object().unwrap().clone().into_iter().collect();
            let encoded = abi.encode(message, &arguments, &Town);
            assert!(encoded.is_ok(), "{contract} {message}: {}", encoded.unwrap_err());
            assert!(!abi.message(message).unwrap().mutates, "{contract} {message}");
        }
    }

    #[test]
    fn what_is_long_goes_over_several_lines_and_the_rest_is_in_one() {
        let participant = json!({
            "record": { "roles": ["Shop", "Citizen"], "status": "Active" },
            "balances_by_bank": [[1, "12.50"], [2, "0.00"]],
            "loans": [],
        });
        let mut out = String::new();
        outline(&participant, 1, &mut out);
        let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
        for line in ["    roles                  Shop, Citizen", "    1: 12.50", "  balances by bank", "  loans"] {
            assert!(lines.contains(&line), "{line:?} is not in\n{out}");
        }
    }

    #[test]
    fn a_contract_with_other_code_stands_out() {
        let contract = |code_hash: Value, is_bundled: bool, paused: Value| {
            let one = json!({ "contract": "ledger", "address": "5X", "code_hash": code_hash, "paused": paused,
                "code_is_the_bundles": is_bundled, "version": null, "code_proposal": null });
            contracts_text(&[one])
        };
        assert!(contract(json!("0x1"), true, json!(false)).contains("as in the bundle"));
        assert!(contract(json!("0x1"), true, json!(true)).contains("PAUSED"));
        assert!(contract(json!("0x1"), false, json!(null)).contains("NOT AS IN THE BUNDLE"));
        assert!(contract(json!(null), false, json!(null)).contains("no contract is there"));
    }

    #[test]
    fn a_refusal_is_nothing_and_any_other_error_is_one() {
        let refusal = Refusal { tried: "loan due".into(), error: Value::Null, words: "x".into() };
        assert_eq!(unless_refused(Err(refusal.into())).unwrap(), Value::Null);
        assert!(unless_refused(Err(anyhow::anyhow!("x"))).is_err());
        assert_eq!(unless_refused(Ok(json!(1))).unwrap(), json!(1));
    }
}
