//! An office that grants loans: watches for cases of the loan contract that name it, and gives its verdict on each from its
//! own account when it is its turn. Its rule is one line, in `verdict`.
//!
//! It keeps nothing: all that it needs is on chain, so it can be stopped and started at any time. What must be known of an
//! applicant besides is off chain: `amanah oracle run` judges that too.
//!
//! With `AMANAH_ORACLE_SURI` set: `cargo run -p amanah-examples --bin oracle -- --limit 10000`
use amanah_client::Actor;
use amanah_domain::{
    crypto::Native,
    flow::event_hash,
    ids::{CaseId, ParticipantId},
};
use amanah_examples::{calls::Refused, keys, run, Connection, Place};
use amanah_interfaces::{
    loan::{Case, CaseStatus, Error, Loan, Request, Verdict},
    registry::Registry,
};
use anyhow::{Context, Result};
use clap::Parser;
use std::{collections::BTreeSet, process::ExitCode};

/// Passes applications for loans up to a limit, and fails those above it.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// The most that it grants, in the smallest unit of the bank's money.
    #[arg(long, value_name = "AMOUNT")]
    limit: u128,
    /// Ends when it has looked at every case, instead of waiting for more.
    #[arg(long)]
    once: bool,
}

/// The rule: replace it by your own. `None`: a person decides.
fn verdict(request: &Request, limit: u128) -> Option<Verdict> {
    match request {
        Request::Loan { principal, .. } => Some(if *principal <= limit { Verdict::Pass } else { Verdict::Failed }),
        _ => None,
    }
}

async fn watch(options: Options) -> Result<()> {
    let office = keys::actor("AMANAH_ORACLE_SURI")?;
    let there = Connection::open(&options.place).await?;
    let known = there.ask(there.suite.registry().credentials(office.id())).await?;
    let number = known.context("the account of AMANAH_ORACLE_SURI is not registered")?.number;
    // The cases that may still change, and the first one that was not there yet.
    let (mut watched, mut next) = (BTreeSet::new(), 1);
    let mut said = BTreeSet::new();
    let mut blocks = there.client.blocks().subscribe_finalized().await?;
    loop {
        while there.ask(there.suite.loan().case(next)).await?.is_some() {
            watched.insert(next);
            next += 1;
        }
        for id in watched.clone() {
            match there.ask(there.suite.loan().case(id)).await? {
                Some(case) if case.status == CaseStatus::Open => {
                    let line = judge(&there, &office, number, id, &case, options.limit).await?;
                    line.into_iter().filter(|line| said.insert(line.clone())).for_each(|line| println!("{line}"));
                }
                // Its applicant may still revise it.
                Some(case) if case.status == CaseStatus::Failed => {}
                _ => drop(watched.remove(&id)),
            }
        }
        if options.once {
            return Ok(());
        }
        blocks.next().await.context("the node tells of no more blocks")??;
    }
}

/// Gives a verdict if it is this office's turn, and says what came of it.
async fn judge(
    there: &Connection,
    office: &Actor,
    number: ParticipantId,
    id: CaseId,
    case: &Case,
    limit: u128,
) -> Result<Option<String>> {
    // The event names its oracles in the order in which they speak.
    let is_its_turn = case.event.grantors.get(usize::from(case.passed)) == Some(&number);
    let Some(verdict) = verdict(&case.event.request, limit).filter(|_| is_its_turn) else { return Ok(None) };
    // The hash of what was looked at, made here: a verdict never counts for another event.
    let flow = there.ask(there.suite.loan().flow(case.event.flow)).await?.context("there is no such flow")?;
    let hash = event_hash::<Native>(&flow, &case.event).context("the event does not fit its flow")?;
    let about = format!("case {id}, revision {}: {verdict:?}", case.revision);
    match there.send(office, there.suite.loan().submit_verdict(id, case.revision, hash, verdict)).await {
        Ok(_) => Ok(Some(about)),
        // Its time is over, or the bank has no money: it may be otherwise at the next block.
        Err(error) if error.is::<Refused<Error>>() => Ok(Some(format!("{about} does not count now: {error}"))),
        Err(error) => Err(error),
    }
}

fn main() -> ExitCode {
    run(watch(Options::parse()))
}
