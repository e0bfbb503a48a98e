//! The suite's events: where each happened, and which of them somebody wants to see.

mod concern;

pub use concern::Concern;

use crate::network::Session;
use amanah_client::{
    abi::{point, spoken},
    address,
    node::Block,
};
use amanah_domain::ids::Account;
use amanah_interfaces::registry::Registry;
use anyhow::{bail, Context, Result};
use clap::Args;
use serde::Serialize;
use serde_json::{json, Value};

/// Of which contracts.
#[derive(Args, Clone, Debug, Default)]
pub struct Of {
    /// Only events of this contract; again for another one.
    #[arg(long, value_name = "NAME", value_parser = ["registry", "ledger", "voucher", "loan", "welfare"])]
    pub contract: Vec<String>,
}

/// Which events.
#[derive(Args, Clone, Debug, Default)]
pub struct Which {
    #[command(flatten)]
    pub of: Of,
    /// Only events of this name, such as VoucherFunded; again for another one.
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
    /// Only events about this one: participant, voucher, redemption, loan, case, campaign, programme, roll, withdrawal, scheme
    /// or application, and its number. A case is one of loan and of welfare: `--contract` tells them apart.
    #[arg(long, value_name = "KIND=NUMBER")]
    pub concerning: Option<Concern>,
}

/// An event, and where it happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    pub block: u32,
    /// The block's hash, as 0x and hex.
    pub hash: String,
    /// The block's time, as RFC 3339.
    pub time: String,
    /// The transaction's place in the block.
    pub transaction: u32,
    /// The address that signed the transaction; none if it was not asked for, or no account signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    pub contract: &'static str,
    /// Its name; none if the bundle does not know it.
    pub event: Option<String>,
    pub fields: Value,
}

impl Seen {
    /// For a line of text.
    pub fn line(&self) -> String {
        let Self { block, time, contract, fields, .. } = self;
        let event = self.event.as_deref().unwrap_or("of older or newer code");
        let signer = self.signer.as_ref().map_or(String::new(), |signer| format!(" by {signer}"));
        format!("{time}  block {block}{signer}  {contract} {event}: {}", spoken(fields))
    }
}

/// Which events, with all that must be known to tell.
pub struct Filter {
    which: Which,
    /// The present account of the participant that they concern, which some events name instead of its number.
    account: Option<String>,
}

impl Filter {
    /// Makes sure that the events can exist.
    ///
    /// # Errors
    /// When no contract has an event of that name, or there is no such participant.
    pub fn of(session: &mut Session, which: &Which) -> Result<Self> {
        for name in &which.event {
            must_be_an_event(session, name)?;
        }
        let account = match which.concerning.and_then(|concern| concern.participant()) {
            None => None,
            Some(number) => {
                let suite = session.suite.clone();
                let found = amanah_client::ask(&mut session.node, suite.registry().credentials_of(number))?;
                let found = found.with_context(|| format!("--concerning: there is no participant {number}"))?;
                Some(address(&found.account))
            }
        };
        Ok(Self { which: which.clone(), account })
    }

    /// Is it one of them?
    fn takes(&self, seen: &Seen) -> bool {
        let Which { of: Of { contract }, event, concerning } = &self.which;
        let is_called = |name: &String| seen.event.as_ref().is_some_and(|event| event.eq_ignore_ascii_case(name));
        (contract.is_empty() || contract.iter().any(|name| name == seen.contract))
            && (event.is_empty() || event.iter().any(is_called))
            && concerning.is_none_or(|concern| concern.is_in(&seen.fields, self.account.as_deref()))
    }

    /// Those of a block, in order.
    pub fn seen(&self, session: &Session, block: &Block) -> Vec<Seen> {
        let all = block.events.iter().filter_map(|(transaction, raw)| {
            let (contract, _) = session.suite.contracts().into_iter().find(|(_, account)| *account == raw.contract)?;
            let told = session.event(raw);
            let (event, fields) = match told["event"].as_str() {
                Some(event) => (Some(event.to_owned()), told["fields"].clone()),
                None => (None, json!({ "data": told["data"] })),
            };
            Some(Seen {
                block: block.number,
                hash: format!("0x{}", hex::encode(block.hash)),
                time: point(block.time),
                transaction: *transaction,
                signer: None,
                contract,
                event,
                fields,
            })
        });
        all.filter(|seen| self.takes(seen)).collect()
    }
}

/// Says who signed each, from the signers of its block.
pub fn signed(seen: Vec<Seen>, signers: &[Option<Account>]) -> Vec<Seen> {
    let signer = |transaction: u32| {
        let place = usize::try_from(transaction).ok()?;
        signers.get(place).copied().flatten().map(|account| address(&account))
    };
    seen.into_iter().map(|one| Seen { signer: signer(one.transaction), ..one }).collect()
}

fn must_be_an_event(session: &Session, name: &str) -> Result<()> {
    let mut known: Vec<&str> = Vec::new();
    for (contract, _) in session.suite.contracts() {
        known.extend(session.abi(contract)?.events());
    }
    if !known.iter().any(|event| event.eq_ignore_ascii_case(name)) {
        known.sort_unstable();
        known.dedup();
        bail!("--event: no contract has an event {name}; there are {}", known.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(contract: &'static str, event: &str, fields: Value) -> Seen {
        Seen {
            block: 12,
            hash: "0x12".into(),
            time: "2026-01-02T03:04:05Z".into(),
            transaction: 1,
            signer: None,
            contract,
            event: Some(event.into()),
            fields,
        }
    }

    #[test]
    fn an_event_is_taken_if_contract_and_name_and_concern_all_fit() {
        let funded = seen("voucher", "VoucherFunded", json!({ "voucher": 3, "programme": 1, "amount": "100" }));
        let takes = |contract: &[&str], event: &[&str], concerning: Option<&str>| {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let concerning = concerning.map(|text| text.parse().unwrap());
            let which = Which { of: Of { contract: owned(contract) }, event: owned(event), concerning };
            Filter { which, account: None }.takes(&funded)
        };
        assert!(takes(&[], &[], None));
        assert!(takes(&["ledger", "voucher"], &["Issued", "voucherfunded"], Some("voucher=3")));
        assert!(!takes(&["ledger"], &["VoucherFunded"], Some("voucher=3")));
        assert!(!takes(&["voucher"], &["Issued"], Some("voucher=3")));
        assert!(!takes(&["voucher"], &["VoucherFunded"], Some("voucher=4")));
    }

    #[test]
    fn a_line_says_when_where_what_and_by_whom() {
        let funded = seen("voucher", "VoucherFunded", json!({ "amount": "100", "voucher": 3 }));
        assert_eq!(funded.line(), "2026-01-02T03:04:05Z  block 12  voucher VoucherFunded: amount 100, voucher 3");
        let signed = signed(vec![funded], &[None, Some([1; 32])]);
        assert!(signed[0].line().contains(&format!("block 12 by {}  voucher", address(&[1; 32]))));
    }

    #[test]
    fn whoever_signed_nothing_is_nobody() {
        let funded = seen("voucher", "VoucherFunded", json!({}));
        assert_eq!(signed(vec![funded.clone()], &[Some([1; 32]), None])[0].signer, None);
        assert_eq!(signed(vec![funded], &[])[0].signer, None);
    }
}
