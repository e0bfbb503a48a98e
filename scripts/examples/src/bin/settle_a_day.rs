//! A bank's end of day: settles the withdrawals that wait for it, and prints a CSV of what is to be paid to whom.
//!
//! Each gets a reference of the bank, which serves once and is seen on chain: from a CSV with the columns `withdrawal` and
//! `reference`, and then only those in it are settled; otherwise one is made of the withdrawal's number and the day. Where a
//! reference was used before, the withdrawal is left open and named. The bank pays by what is printed: a withdrawal
//! that is settled can no longer be taken back by its owner. If this program dies, the events `WithdrawalSettled` say how far it came.
//!
//! With `AMANAH_BANK_SURI` set:
//! `cargo run -p amanah-examples --bin settle_a_day -- --day 2026-11-22 > payments.csv`
use amanah_examples::{calls::Refused, keys, run, table, Connection, Place};
use amanah_interfaces::{
    ledger::{Error, Ledger},
    registry::Registry,
};
use anyhow::{ensure, Context, Result};
use chrono::NaiveDate;
use clap::Parser;
use std::{collections::HashMap, path::PathBuf, process::ExitCode};

/// Settles the withdrawals that wait for a bank.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// The day, such as 2026-11-22, that references are made of.
    #[arg(long, value_name = "DAY")]
    day: NaiveDate,
    /// References, instead of those made.
    #[arg(long, value_name = "FILE")]
    references: Option<PathBuf>,
    /// How many withdrawals are asked for at once.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=50))]
    page: u32,
}

async fn settle(options: Options) -> Result<()> {
    let bank = keys::actor("AMANAH_BANK_SURI")?;
    let mut given = HashMap::new();
    for row in options.references.iter().map(|file| table::read(file)).collect::<Result<Vec<_>>>()?.concat() {
        let (withdrawal, text) = (row.number::<u64>("withdrawal")?, row.text("reference")?.to_owned());
        ensure!((1..=32).contains(&text.len()), "{}: reference is {text:?} and must have 1 to 32 bytes", row.at);
        ensure!(given.values().all(|other| *other != text), "{}: reference {text:?} is there twice", row.at);
        ensure!(given.insert(withdrawal, text).is_none(), "{}: withdrawal {withdrawal} is there twice", row.at);
    }
    let there = Connection::open(&options.place).await?;
    let ledger = || there.suite.ledger();
    let known = there.ask(there.suite.registry().credentials(bank.id())).await?;
    let issuer = known.context("the account of AMANAH_BANK_SURI is not registered")?.number;

    // The whole list first: what is settled leaves it. A page is empty if its first one has ended meanwhile; then the rest has
    // time until the next run.
    let mut open = Vec::new();
    let mut next = None;
    loop {
        let page = there.ask(ledger().open_withdrawals(issuer, next, options.page)).await?;
        let Some((_, last)) = page.last() else { break };
        next = Some(last.on_desk.newer);
        open.extend(page);
        if next == Some(0) {
            break;
        }
    }

    println!("withdrawal,participant,account_hash,amount,reference");
    for (withdrawal, record) in open {
        let made = || format!("{withdrawal} of {}", options.day);
        let text = if options.references.is_some() { given.remove(&withdrawal) } else { Some(made()) };
        let Some(text) = text else { continue };
        let mut reference = [0; 32];
        reference.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        match there.send(&bank, ledger().settle_withdrawal(withdrawal, reference)).await {
            Ok(_) => {
                let hash = record.to.map_or_else(String::new, |hash| format!("0x{}", hex::encode(hash)));
                println!("{withdrawal},{},{hash},{},{text}", record.owner, record.amount.balance());
            }
            Err(error) => match error.downcast_ref::<Refused<Error>>() {
                Some(Refused(Error::ReferenceUsed)) => {
                    eprintln!("withdrawal {withdrawal} stays open: reference {text:?} was used before")
                }
                _ => return Err(error.context(format!("withdrawal {withdrawal}"))),
            },
        }
    }
    for withdrawal in given.keys() {
        eprintln!("withdrawal {withdrawal} does not wait for participant {issuer}");
    }
    Ok(())
}

fn main() -> ExitCode {
    run(settle(Options::parse()))
}
