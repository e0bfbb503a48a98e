//! The messages that take many rows, and how each row's outcome is found in the events of a transaction.

use super::batches::Step;
use crate::{exit::Refusal, network::Session};
use amanah_client::{
    ask,
    chain::{decode, raw, RawCall},
    Actor, Event, Suite,
};
use amanah_domain::{ids::ProgrammeId, programme::Category};
use amanah_interfaces::{
    registry::{self, Registration, Registry},
    voucher::{self, Admission, Funding, NewVoucher, Voucher},
    AccountId,
};
use anyhow::{anyhow, Result};
use scale::Decode;
use serde_json::json;
use std::fmt::Debug;

/// What each row of a message is answered, if the message is not refused as a whole.
fn each<T: Decode, E: Decode + Debug>(tried: &str, data: &[u8]) -> Result<Vec<Result<(), E>>> {
    match decode::<Result<Vec<Result<T, E>>, E>>(data) {
        Some(Ok(rows)) => Ok(rows.into_iter().map(|row| row.map(|_| ())).collect()),
        Some(Err(error)) => {
            let words = format!("{error:?}");
            Err(Refusal { tried: tried.to_owned(), error: json!(words), words }.into())
        }
        None => Err(anyhow!("the contract's answer cannot be read; is its bundle the one that is deployed?")),
    }
}

fn in_words<E: Debug>(rows: Vec<Result<(), E>>) -> Vec<Result<(), String>> {
    rows.into_iter().map(|row| row.map_err(|error| format!("{error:?}"))).collect()
}

/// For each row in order, the first number that is left whose event fits it.
fn in_order<Row, T>(rows: &[Row], mut events: Vec<(T, u64)>, fits: impl Fn(&Row, &T) -> bool) -> Vec<Option<u64>> {
    let taken = rows.iter().map(|row| {
        let place = events.iter().position(|(event, _)| fits(row, event))?;
        Some(events.remove(place).1)
    });
    taken.collect()
}

/// Registers people in one role.
pub struct Register {
    /// Does somebody who is registered already count as done?
    pub adopt: bool,
}

impl Step for Register {
    type Row = Registration;

    const NAME: &'static str = "register";

    fn call(&self, suite: &Suite, from: &Actor, rows: &[Registration]) -> RawCall {
        raw(&from.account(), suite.registry().register_many(rows.to_vec()))
    }

    fn answers(&self, data: &[u8]) -> Result<Vec<Result<(), String>>> {
        Ok(in_words(each::<u64, registry::Error>("registry register-many", data)?))
    }

    fn outcomes(&self, rows: &[Registration], events: &[Event]) -> Vec<Option<u64>> {
        let registered = events.iter().filter_map(|event| match event {
            Event::Registered(event) => Some((event.account, event.participant)),
            _ => None,
        });
        in_order(rows, registered.collect(), |row, account| row.account == *account)
    }

    fn adopt(&self, session: &mut Session, row: &Registration, _: &str) -> Result<Option<u64>> {
        if !self.adopt {
            return Ok(None);
        }
        let found = ask(&mut session.node, session.suite.registry().find(row.identity))?;
        let Some(number) = found else { return Ok(None) };
        // Without the row's role it is not what the row means.
        let there = ask(&mut session.node, session.suite.registry().credentials_of(number))?;
        Ok(there.filter(|there| row.roles.iter().all(|role| there.roles.has(*role))).map(|_| number))
    }
}

/// Creates a blank voucher for each of several holders.
pub struct Create {
    pub programme: ProgrammeId,
}

/// A holder's voucher that is to be created.
#[derive(Clone)]
pub struct Blank {
    pub holder: u64,
    pub account: AccountId,
    pub category: Category,
    pub expires: Option<u64>,
}

impl Step for Create {
    type Row = Blank;

    const NAME: &'static str = "create";

    fn call(&self, suite: &Suite, from: &Actor, rows: &[Blank]) -> RawCall {
        let rows =
            rows.iter().map(|row| NewVoucher { holder: row.account, category: row.category, expires: row.expires });
        raw(&from.account(), suite.voucher().create_many(self.programme, rows.collect()))
    }

    fn answers(&self, data: &[u8]) -> Result<Vec<Result<(), String>>> {
        Ok(in_words(each::<u64, voucher::Error>("voucher create-many", data)?))
    }

    fn outcomes(&self, rows: &[Blank], events: &[Event]) -> Vec<Option<u64>> {
        let created = events.iter().filter_map(|event| match event {
            Event::FundingRequested(event) => Some(((event.holder, event.category), event.voucher)),
            _ => None,
        });
        in_order(rows, created.collect(), |row, of| (row.holder, row.category) == *of)
    }
}

/// Admits shops to a programme.
pub struct Admit {
    pub programme: ProgrammeId,
}

impl Step for Admit {
    type Row = (u64, Admission);

    const NAME: &'static str = "admit";

    fn call(&self, suite: &Suite, from: &Actor, rows: &[(u64, Admission)]) -> RawCall {
        let rows = rows.iter().map(|(_, row)| row.clone()).collect();
        raw(&from.account(), suite.voucher().admit_shops(self.programme, rows))
    }

    fn answers(&self, data: &[u8]) -> Result<Vec<Result<(), String>>> {
        Ok(in_words(each::<u64, voucher::Error>("voucher admit-shops", data)?))
    }

    fn outcomes(&self, rows: &[(u64, Admission)], events: &[Event]) -> Vec<Option<u64>> {
        let admitted = events.iter().filter_map(|event| match event {
            Event::ShopAdmitted(event) => Some((event.shop, event.shop)),
            _ => None,
        });
        in_order(rows, admitted.collect(), |(shop, _), of| shop == of)
    }
}

/// Funds vouchers.
pub struct Fund {
    pub programme: ProgrammeId,
}

impl Step for Fund {
    type Row = Funding;

    const NAME: &'static str = "fund";

    fn call(&self, suite: &Suite, from: &Actor, rows: &[Funding]) -> RawCall {
        raw(&from.account(), suite.voucher().fund_many(self.programme, rows.to_vec()))
    }

    fn answers(&self, data: &[u8]) -> Result<Vec<Result<(), String>>> {
        Ok(in_words(each::<(), voucher::Error>("voucher fund-many", data)?))
    }

    fn outcomes(&self, rows: &[Funding], events: &[Event]) -> Vec<Option<u64>> {
        let funded = events.iter().filter_map(|event| match event {
            Event::VoucherFunded(event) => Some(((event.voucher, event.amount), event.voucher)),
            _ => None,
        });
        in_order(rows, funded.collect(), |row, of| (row.voucher, row.amount) == *of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_takes_the_first_event_that_fits_it_and_none_twice() {
        let rows = ["a", "b", "a", "c"];
        let events = vec![("a", 1), ("a", 2), ("b", 3)];
        let fits = |row: &&str, event: &&str| row == event;
        assert_eq!(in_order(&rows, events, fits), [Some(1), Some(3), Some(2), None]);
    }
}
