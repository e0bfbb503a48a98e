//! Registers the people of a CSV in one batch, creates a voucher for each, and lets the bank fund the vouchers. Rows that a
//! contract refuses are named and the others go through; a row that makes no sense stops everything before it begins.
//!
//! Columns: `account` (SS58, or on a development chain a suri such as `//Siti`), `number_type` (`national`, `passport`), `number`,
//! `valid_until` (of the identity card, milliseconds since 1970), `category`, `amount` (in the smallest unit of the bank's
//! money). Identity numbers stay here: only commitments under the registrar's key go on chain. The bank must have the money
//! and let the voucher contract take it (`Ledger::approve`).
//!
//! With `AMANAH_GOVERNMENT_SURI`, `AMANAH_BANK_SURI` and `AMANAH_IDENTITY_KEY` (the registrar's key, 64 hex digits) set:
//! `cargo run -p amanah-examples --bin register_and_issue -- --programme 1 people.csv > vouchers.csv`
use amanah_client::Event;
use amanah_domain::{
    identity::{commitment, is_nik, NumberType},
    roles::Role,
};
use amanah_examples::{keys, run, table, Connection, Place};
use amanah_interfaces::{
    registry::{Registration, Registry},
    voucher::{Funding, NewVoucher, Voucher},
};
use anyhow::{bail, ensure, Context, Result};
use clap::Parser;
use std::{collections::HashMap, fmt::Debug, path::PathBuf, process::ExitCode};

/// Registers the people of a CSV and issues a funded voucher to each.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// The number of the programme that the vouchers are of.
    #[arg(long, value_name = "NUMBER")]
    programme: u64,
    /// The people.
    people: PathBuf,
}

/// Somebody who is to have a voucher of this category and amount.
struct Person(Registration, u8, u128);

async fn issue(Options { place, programme, people: file }: Options) -> Result<()> {
    let (government, bank) = (keys::actor("AMANAH_GOVERNMENT_SURI")?, keys::actor("AMANAH_BANK_SURI")?);
    let key = keys::secret_bytes("AMANAH_IDENTITY_KEY")?;
    let mut people = Vec::new();
    for row in table::read(&file)? {
        let number = row.text("number")?;
        let kind = match row.text("number_type")? {
            // An identity number is personal: no message repeats it.
            "national" if !is_nik(number) => bail!("{}: a national number has 16 digits", row.at),
            "national" => NumberType::National,
            "passport" => NumberType::Passport,
            other => bail!("{}: number_type is {other:?} and must be national or passport", row.at),
        };
        let (account, identity_valid_until) = (row.account("account")?.into(), row.number("valid_until")?);
        let (identity, roles) = (commitment(&key, kind, number), vec![Role::Citizen]);
        let registration = Registration { account, identity, identity_valid_until, roles, key: None };
        people.push((row.at.clone(), Person(registration, row.number("category")?, row.number("amount")?)));
    }
    let all = people.len();
    ensure!((1..=100).contains(&all), "{} has {all} rows, and a batch has 1 to 100", file.display());
    let there = Connection::open(&place).await?;
    let suite = &there.suite;

    let rows = people.iter().map(|(_, Person(registration, ..))| registration.clone()).collect();
    let done = there.send(&government, suite.registry().register_many(rows)).await.context("cannot register")?;
    people = accepted("registered", people, done.value);
    // Which numbers they got, the events say: a dry run cannot know who else registers somebody meanwhile.
    let numbers = done.events.iter().filter_map(|event| match event {
        Event::Registered(new) => Some((new.account, new.participant)),
        _ => None,
    });
    let numbers: HashMap<_, _> = numbers.collect();

    let blank = |holder, category| NewVoucher { holder, category, expires: None };
    let rows = people.iter().map(|(_, Person(who, category, _))| blank(who.account, *category)).collect();
    let done = there.send(&government, suite.voucher().create_many(programme, rows)).await.context("cannot create")?;
    people = accepted("given a voucher", people, done.value);
    let vouchers = done.events.iter().filter_map(|event| match event {
        Event::FundingRequested(new) => Some((new.holder, new.voucher)),
        _ => None,
    });
    let vouchers: HashMap<_, _> = vouchers.collect();

    println!("account,participant,voucher,amount");
    let mut rows = Vec::new();
    for (at, Person(who, _, amount)) in &people {
        let ids = numbers.get(&who.account).and_then(|number| Some((number, vouchers.get(number)?)));
        let (participant, voucher) = ids.with_context(|| format!("{at}: the chain did something else than it said"))?;
        println!("{},{participant},{voucher},{amount}", amanah_client::address(who.account.as_ref()));
        rows.push(Funding { voucher: *voucher, amount: *amount });
    }
    let done = there.send(&bank, suite.voucher().fund_many(programme, rows)).await.context("cannot fund")?;
    let funded = accepted("funded", people, done.value).len();
    ensure!(funded == all, "{} of {all} rows did not go through", all - funded);
    Ok(())
}

/// The rows that went through; of the others it says why they did not.
fn accepted<T, E: Debug>(what: &str, rows: Vec<(String, Person)>, answers: Vec<Result<T, E>>) -> Vec<(String, Person)> {
    let went_through = rows.into_iter().zip(answers).filter_map(|(row, answer)| match answer {
        Ok(_) => Some(row),
        Err(error) => {
            eprintln!("{} is not {what}: {error:?}", row.0);
            None
        }
    });
    went_through.collect()
}

fn main() -> ExitCode {
    run(issue(Options::parse()))
}
