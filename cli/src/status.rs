//! `amanah status`: the suite on one screen.

use crate::{
    exit::Refusal,
    network::{Network, Session},
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
    let details: [(&str, Option<u64>, Detail); 5] = [
        ("participant", options.participant, participant),
        ("programme", options.programme, programme),
        ("voucher", options.voucher, voucher),
        ("loan", options.loan, loan),
        ("case", options.case, case),
    ];
    for (kind, number, detail) in details {
        if let Some(number) = number {
            let found = detail(&mut session, number)?;
            let is_there = found.as_object().is_some_and(|parts| parts.values().any(|part| !part.is_null()));
            ensure!(is_there, "there is no {kind} {number}");
            told.insert(format!("{kind} {number}"), found);
        }
    }
    match format {
        Format::Json => println!("{:#}", Value::Object(told)),
        Format::Text | Format::Csv => print!("{}", text(&told)),
    }
    Ok(())
}

/// Asks for all about one thing; parts of what is not there are null.
type Detail = fn(&mut Session, u64) -> Result<Value>;

fn chain(session: &Session) -> Result<Value> {
    let block = |wait| -> Result<Value> {
        let number = session.node.newest(wait)?;
        let time = session.node.block(number)?.map(|block| point(block.time));
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

fn counts(session: &mut Session, contracts: &[Value]) -> Result<Value> {
    let is_bundled =
        |name: &str| contracts.iter().any(|one| one["contract"] == name && one["code_is_the_bundles"] == true);
    let mut counts = Map::new();
    for (contract, message, what) in QUESTIONS_COUNTED {
        let count = match is_bundled(contract) {
            true => session.query(contract, message, json!({}))?,
            false => Value::Null,
        };
        counts.insert(what.to_owned(), count);
    }
    Ok(Value::Object(counts))
}

const QUESTIONS_COUNTED: [(&str, &str, &str); 4] = [
    ("registry", "participant-count", "participants"),
    ("registry", "application-count", "applications"),
    ("voucher", "roll-count", "rolls"),
    ("welfare", "scheme-count", "schemes"),
];

fn participant(session: &mut Session, number: u64) -> Result<Value> {
    let record = session.query("registry", "participant", json!({ "number": number }))?;
    if record.is_null() {
        return Ok(json!({ "record": null }));
    }
    let account = json!({ "owner": record["account"], "start": 0, "limit": PAGE });
    Ok(json!({
        "balances_by_bank": session.query("ledger", "account", account)?,
        "vouchers": session.query("voucher", "vouchers-of", json!({ "holder": number, "limit": PAGE }))?,
        "loans": session.query("loan", "loans-of", json!({ "borrower": number, "limit": PAGE }))?,
        "welfare_cases": session.query("welfare", "cases-of", json!({ "applicant": number, "limit": PAGE }))?,
        "record": record,
    }))
}

fn programme(session: &mut Session, number: u64) -> Result<Value> {
    let terms = session.query("voucher", "programme", json!({ "id": number }))?;
    let totals = match terms.is_null() {
        true => Value::Null,
        false => session.query("voucher", "totals", json!({ "programme": number }))?,
    };
    Ok(json!({ "terms": terms, "totals": totals }))
}

fn voucher(session: &mut Session, number: u64) -> Result<Value> {
    let record = session.query("voucher", "voucher", json!({ "id": number }))?;
    let redemptions = match record.is_null() {
        true => Value::Null,
        false => session.query("voucher", "redemptions-of-voucher", json!({ "voucher": number, "limit": PAGE }))?,
    };
    Ok(json!({ "record": record, "redemptions": redemptions }))
}

fn loan(session: &mut Session, number: u64) -> Result<Value> {
    let record = session.query("loan", "loan", json!({ "id": number }))?;
    if record.is_null() {
        return Ok(json!({ "record": null }));
    }
    Ok(json!({
        "record": record,
        "due": unless_refused(session.query("loan", "due", json!({ "loan": number })))?,
        "schedule": session.query("loan", "schedule", json!({ "loan": number, "start": 0, "limit": PAGE }))?,
    }))
}

fn case(session: &mut Session, number: u64) -> Result<Value> {
    let record = session.query("welfare", "benefit-case", json!({ "id": number }))?;
    let welfare = match record.is_null() {
        true => Value::Null,
        false => json!({
            "certificate": session.query("welfare", "certificate", json!({ "case": number }))?,
            "next_due": session.query("welfare", "next-due", json!({ "case": number }))?,
            "history": session.query("welfare", "history", json!({ "case": number, "start": 0, "limit": PAGE }))?,
            "record": record,
        }),
    };
    Ok(json!({ "loan_case": session.query("loan", "case", json!({ "id": number }))?, "welfare_case": welfare }))
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
