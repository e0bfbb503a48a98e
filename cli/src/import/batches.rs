//! Rows to the chain in batches: several transactions in flight, each written down before it is sent, each row's outcome
//! taken from the events of its transaction.

use super::journal::{Journal, Outcome, Sent};
use crate::{exit::Mismatch, network::Session};
use amanah_client::{
    chain::{Chain, NotRun, RawCall, RawEvent},
    node::{Included, Signed},
    Actor, Event, Suite,
};
use anyhow::{bail, Result};
use indicatif::ProgressBar;
use std::collections::BTreeMap;

/// How many transactions are in flight at once.
const IN_FLIGHT: usize = 4;
/// How often a row is tried whose transaction ran without doing it, though the dry run said that it would.
const TRIES: u32 = 3;

/// A message that takes many rows.
pub trait Step {
    /// A row as the message takes it.
    type Row: Clone;

    /// Its name in the journal.
    const NAME: &'static str;

    /// The message for these rows.
    fn call(&self, suite: &Suite, from: &Actor, rows: &[Self::Row]) -> RawCall;

    /// What the dry run answers for each row: the reason if it is refused.
    ///
    /// # Errors
    /// When the contract refuses all of it, or the answer cannot be read.
    fn answers(&self, data: &[u8]) -> Result<Vec<Result<(), String>>>;

    /// What each row came to, by the transaction's events: the number that it got.
    fn outcomes(&self, rows: &[Self::Row], events: &[Event]) -> Vec<Option<u64>>;

    /// A row that is refused may be done already in another way: then its number.
    fn adopt(&self, _session: &mut Session, _row: &Self::Row, _reason: &str) -> Result<Option<u64>> {
        Ok(None)
    }
}

/// Brings all rows to the chain that have no outcome in the journal yet.
///
/// # Errors
/// When the chain cannot be reached, or refuses a transaction. The journal knows what was done by then.
pub fn run<S: Step>(
    session: &mut Session,
    journal: &mut Journal,
    step: &S,
    rows: &[(u64, S::Row)],
    batch: usize,
    bar: &ProgressBar,
) -> Result<()> {
    let actor = session.actor()?;
    let by_line: BTreeMap<u64, &S::Row> = rows.iter().map(|(line, row)| (*line, row)).collect();
    let mut tries: BTreeMap<u64, u32> = BTreeMap::new();
    // What an earlier run has signed is settled first, as it is.
    let earlier = journal.open_in(S::NAME);
    settle(session, journal, step, &by_line, earlier, true, bar)?;
    loop {
        let pending: Vec<(u64, S::Row)> =
            rows.iter().filter(|(line, _)| journal.outcome(S::NAME, *line).is_none()).cloned().collect();
        if pending.is_empty() {
            return Ok(());
        }
        let mut sent = Vec::new();
        for rows in pending.chunks(batch).take(IN_FLIGHT) {
            let accepted = accepted(session, journal, step, &actor, rows, bar)?;
            if accepted.is_empty() {
                continue;
            }
            for (line, _) in &accepted {
                let tried = tries.entry(*line).or_default();
                *tried += 1;
                if *tried > TRIES {
                    bail!("line {line} is not done after {TRIES} transactions that should have done it");
                }
            }
            let (lines, rows): (Vec<u64>, Vec<S::Row>) = accepted.into_iter().unzip();
            let signed = match session.node.sign(&step.call(&session.suite, &actor, &rows))? {
                Ok((_, signed)) => signed,
                Err(refused) => {
                    step.answers(&refused.data)?;
                    bail!("the contract refuses the rows that it accepted a moment before");
                }
            };
            let one = Sent::new(S::NAME, lines, &signed);
            journal.sent(one.clone())?;
            sent.push((format!("0x{}", hex::encode(signed.hash())), one));
        }
        settle(session, journal, step, &by_line, sent, false, bar)?;
    }
}

/// The rows that the contract takes, by a dry run; the others are refused in the journal.
fn accepted<S: Step>(
    session: &mut Session,
    journal: &mut Journal,
    step: &S,
    actor: &Actor,
    rows: &[(u64, S::Row)],
    bar: &ProgressBar,
) -> Result<Vec<(u64, S::Row)>> {
    let mut accepted = Vec::new();
    let mut outcomes = Vec::new();
    let bare: Vec<S::Row> = rows.iter().map(|(_, row)| row.clone()).collect();
    let answers = dry(session, step, actor, &bare)?;
    for ((line, row), answer) in rows.iter().zip(answers) {
        match answer {
            Ok(()) => accepted.push((*line, row.clone())),
            Err(reason) => outcomes.push((
                *line,
                match step.adopt(session, row, &reason)? {
                    Some(number) => Outcome::Done(number),
                    None => Outcome::Refused(reason),
                },
            )),
        }
    }
    if !outcomes.is_empty() {
        bar.inc(outcomes.len() as u64);
        journal.became(S::NAME, None, outcomes)?;
    }
    Ok(accepted)
}

/// What the contract would answer for each row.
pub fn dry<S: Step>(
    session: &mut Session,
    step: &S,
    actor: &Actor,
    rows: &[S::Row],
) -> Result<Vec<Result<(), String>>> {
    let outcome = session.node.dry_run(&step.call(&session.suite, actor, rows))?;
    let answers = step.answers(&outcome.data)?;
    if answers.len() != rows.len() {
        bail!("the contract answered {} of {} rows", answers.len(), rows.len());
    }
    Ok(answers)
}

/// What a transaction tells of the suite's contracts.
///
/// # Errors
/// [`Mismatch`] when it tells something that this program cannot read: what happened would be taken for nothing, and done again.
fn told(suite: &Suite, transaction: &str, events: &[RawEvent]) -> Result<Vec<Event>> {
    let is_suites = |raw: &&RawEvent| suite.contracts().iter().any(|(_, account)| *account == raw.contract);
    let read = |raw: &RawEvent| {
        Event::decode(suite, raw).ok_or_else(|| {
            Mismatch(format!(
                "transaction {transaction} tells what this program cannot read: a contract's code was replaced; with the program \
                 and the bundles of the new code, the same command goes on"
            ))
            .into()
        })
    };
    events.iter().filter(is_suites).map(read).collect()
}

/// Sends transactions until it is known what became of each, and writes that down as soon as it is known.
fn settle<S: Step>(
    session: &mut Session,
    journal: &mut Journal,
    step: &S,
    rows: &BTreeMap<u64, &S::Row>,
    sent: Vec<(String, Sent)>,
    sent_before: bool,
    bar: &ProgressBar,
) -> Result<()> {
    let signed: Vec<Signed> = sent.iter().map(|(_, sent)| sent.signed()).collect::<Result<_>>()?;
    let suite = session.suite.clone();
    let mut trouble: Option<anyhow::Error> = None;
    let mut note = |place: usize, outcome: Result<Included, NotRun>| -> Result<()> {
        let Some((transaction, one)) = sent.get(place) else { return Ok(()) };
        match outcome {
            Ok(included) => {
                let events = match told(&suite, transaction, &included.events) {
                    Ok(events) => events,
                    // Its rows stay open; what became of the others is written down all the same.
                    Err(error) => {
                        trouble.get_or_insert(error);
                        return Ok(());
                    }
                };
                let of_it: Vec<(u64, S::Row)> =
                    one.rows.iter().filter_map(|line| Some((*line, (*rows.get(line)?).clone()))).collect();
                let bare: Vec<S::Row> = of_it.iter().map(|(_, row)| row.clone()).collect();
                let numbers = step.outcomes(&bare, &events);
                let became = of_it.iter().zip(numbers);
                let became: Vec<(u64, Outcome)> =
                    became.filter_map(|((line, _), number)| Some((*line, Outcome::Done(number?)))).collect();
                bar.inc(became.len() as u64);
                journal.became(S::NAME, Some(transaction.clone()), became)
            }
            // It never ran, and never will: its rows are as before.
            Err(NotRun::NonceTaken(_)) => journal.void(transaction.clone()),
            Err(error @ NotRun::Refused(_)) => {
                trouble.get_or_insert(error.into());
                journal.void(transaction.clone())
            }
            Err(error) => {
                trouble.get_or_insert(error.into());
                Ok(())
            }
        }
    };
    let mut written = Ok(());
    session.node.settle(&signed, sent_before, |place, outcome| {
        if written.is_ok() {
            written = note(place, outcome);
        }
    });
    written?;
    match trouble {
        None => Ok(()),
        Some(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_of_the_suite_stops_an_import_and_what_others_tell_is_nothing_to_it() {
        let [registry, ledger, voucher, loan, welfare, stranger] = [1u8, 2, 3, 4, 5, 6].map(|byte| [byte; 32]);
        let suite = Suite { genesis: [0; 32], registry, ledger, voucher, loan, welfare };
        let event = |contract| RawEvent { contract, topics: vec![[9; 32]], data: vec![1, 2, 3] };
        assert_eq!(told(&suite, "0x07", &[event(stranger)]).unwrap(), []);
        let refused = told(&suite, "0x07", &[event(stranger), event(voucher)]).unwrap_err();
        assert!(refused.is::<Mismatch>());
        assert!(refused.to_string().starts_with("transaction 0x07 tells what this program cannot read"), "{refused}");
    }
}
