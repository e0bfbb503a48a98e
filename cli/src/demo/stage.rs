//! What a story is told with: a chain with the suite on it, and the report of what happens there.

use super::place::{Place, Whereabouts, START};
use crate::report::{cost_text, table, Report};
use amanah_client::{
    address, ask,
    chain::{Done, RawEvent},
    send,
    suite::SUITE_DELAY,
    Actor, Event, Failure, Message, Suite,
};
use amanah_domain::time::{Millis, SECOND};
use anyhow::{bail, Context, Result};
use scale::{Decode, Encode};
use serde::Serialize;
use std::fmt::Debug;

/// An attempt that was refused, as it was shown.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// What was tried.
    pub tried: String,
    /// Why it was refused: the contract's error, or the service's.
    pub error: String,
}

/// The chain, the suite, the report.
pub struct Stage {
    pub chain: Place,
    pub suite: Suite,
    pub report: Report,
    /// The refusals that were shown so far.
    pub shown: Vec<Shown>,
}

impl Stage {
    /// Deploys the suite, with a salt from the chain's time: each story has its own suite, on one node too.
    pub fn new(report: Report, administrator: &Actor, place: &Whereabouts) -> Result<Self> {
        Self::beginning(START, report, administrator, place)
    }

    /// The same; on the embedded chain the story begins then (milliseconds).
    pub fn beginning(start: Millis, mut report: Report, administrator: &Actor, place: &Whereabouts) -> Result<Self> {
        report.chapter("The suite is deployed");
        let mut chain = place.reach(start)?;
        let (delay, salt) = (chain.lasting(SUITE_DELAY, 10 * SECOND), format!("demo {}", chain.now()?));
        let (suite, steps) = Suite::deploy(&mut *chain, administrator, delay, &place.bundles(), salt.as_bytes())?;
        let mut rows = table(&["contract", "address", "code", "cost of upload and instantiation"]);
        for step in steps {
            let code = format!("{} bytes", step.code_bytes);
            rows.add_row([step.name.to_owned(), address(&step.account), code, cost_text(&step.cost)]);
        }
        report.line(rows);
        Ok(Self { chain, suite, report, shown: Vec::new() })
    }

    /// Sends a message that must succeed, and shows it.
    pub fn act<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        what: impl AsRef<str>,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> Result<Done<T>> {
        let done = self.send(what.as_ref(), from, message)?;
        self.report.line(format_args!("   {}", what.as_ref()));
        self.report.cost(&done.cost, &self.events(&done.events));
        Ok(done)
    }

    /// Sends a message that must succeed, and says nothing.
    pub fn send<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        what: &str,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> Result<Done<T>> {
        self.chain.admit(from)?;
        send(&mut *self.chain, &from.account(), message)
            .map_err(|failure| anyhow::anyhow!("{failure}"))
            .with_context(|| format!("{} could not be done: {what}", from.name()))
    }

    /// Sends a message that must be refused by the contract, and shows the refusal.
    pub fn refused<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        tried: &str,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> Result<()> {
        self.chain.admit(from)?;
        match send(&mut *self.chain, &from.account(), message) {
            Err(Failure::Refused { error, .. }) => {
                self.show_refusal(tried, format!("{error:?}"));
                Ok(())
            }
            Err(other) => bail!("{tried}: {other}"),
            Ok(_) => bail!("{tried}: the contract should have refused this, and did it"),
        }
    }

    /// Shows a refusal and remembers it.
    pub fn show_refusal(&mut self, tried: &str, error: String) {
        let error = shorten(&error);
        self.report.line(format_args!("   REFUSED  {tried}\n     {error}"));
        self.shown.push(Shown { tried: tried.to_owned(), error });
    }

    /// Asks a query.
    pub fn ask<A: Encode, T: Decode>(&mut self, message: Message<A, T>) -> Result<T> {
        Ok(ask(&mut *self.chain, message)?)
    }

    /// Events in words; of several alike in a row, the first one.
    fn events(&self, raw: &[RawEvent]) -> String {
        let known = raw.iter().map(|event| match Event::decode(&self.suite, event) {
            Some(event) => (event.name(), shorten(&inner(&format!("{event:?}")))),
            None => ("", format!("an event of {}", address(&event.contract))),
        });
        in_short(&known.collect::<Vec<_>>())
    }
}

/// Named texts in a row; of several of one name, the first.
fn in_short(named: &[(&str, String)]) -> String {
    let alike = named.chunk_by(|one, other| one.0 == other.0).filter_map(|alike| match alike {
        [] => None,
        [(_, only)] => Some(only.clone()),
        [(_, first), others @ ..] => Some(format!("{first} and {} more such", others.len())),
    });
    alike.collect::<Vec<_>>().join("; ")
}

/// `Name(Name { field: 1 })` without the outer name.
fn inner(debug: &str) -> String {
    debug.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(debug).to_owned()
}

/// Writes byte arrays of 32 and more as the beginning of their hex, and amounts as bare numbers.
fn shorten(debug: &str) -> String {
    let mut text = String::with_capacity(debug.len());
    let mut rest = debug;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let bytes = after.split_once(']').and_then(|(list, after)| {
            let bytes: Option<Vec<u8>> = list.split(", ").map(|byte| byte.parse().ok()).collect();
            bytes.filter(|bytes| bytes.len() >= 32).map(|bytes| (bytes, after))
        });
        match bytes {
            Some((bytes, after)) => {
                text.push_str(&format!("0x{}..", hex::encode(&bytes[..4])));
                rest = after;
            }
            None => {
                text.push('[');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_byte_arrays_are_shortened_and_short_lists_are_not() {
        let bytes = format!("{:?}", [0xabu8; 32]);
        assert_eq!(shorten(&format!("A {{ key: {bytes}, list: [1, 2] }}")), "A { key: 0xabababab.., list: [1, 2] }");
        assert_eq!(shorten("plain [open"), "plain [open");
    }

    #[test]
    fn of_events_of_one_name_in_a_row_the_first_is_written() {
        let named = [("A", "A1"), ("B", "B1"), ("B", "B2"), ("B", "B3"), ("A", "A2")];
        assert_eq!(in_short(&named.map(|(name, text)| (name, text.to_owned()))), "A1; B1 and 2 more such; A2");
        assert_eq!(in_short(&[]), "");
    }

    #[test]
    fn an_events_name_is_written_once() {
        assert_eq!(inner("Issued(Issued { amount: 1 })"), "Issued { amount: 1 }");
    }
}
