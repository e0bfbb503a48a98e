//! The offices that every story needs: a government, a bank, a one-time-code service; and what they do in all of them.

use super::stage::Stage;
use crate::money::Currency;
use amanah_client::{suite::plain_terms, Actor};
use amanah_domain::{
    identity::{commitment, NumberType},
    ids::{IdentityCommitment, ParticipantId, ProgrammeId},
    programme::Category,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
    voucher::{Terms, Voucher},
    Balance,
};
use anyhow::{anyhow, bail, Context, Result};

/// The registrar's key for identity commitments. The stories' people are made up, so it need not be secret.
pub const REGISTRAR: [u8; 32] = *b"the registrar's key of the demo ";

/// The people that a story needs beside its own.
pub struct Offices {
    pub government: Actor,
    pub bank: Actor,
    pub bank_number: ParticipantId,
    pub attestor: Actor,
    pub attestor_number: ParticipantId,
}

/// Somebody who is registered.
#[derive(Clone)]
pub struct Registered {
    pub actor: Actor,
    pub number: ParticipantId,
}

impl Offices {
    /// Registers the government, the bank and the one-time-code service.
    pub fn register(stage: &mut Stage, administrator: &Actor) -> Result<Self> {
        let government = government(stage, administrator)?;
        let rows = [("bank", Role::Bank), ("one-time codes", Role::RedemptionAttestor)];
        let what = "the government registers the bank and the one-time-code service";
        let [bank, attestor] = organisations(stage, &government, what, rows)?;
        Ok(Self {
            government,
            bank: bank.actor,
            bank_number: bank.number,
            attestor: attestor.actor,
            attestor_number: attestor.number,
        })
    }

    /// The government registers a further organisation or person.
    pub fn enrol(&self, stage: &mut Stage, name: &str, identity: IdentityCommitment, role: Role) -> Result<Registered> {
        enrol(stage, &self.government, name, identity, role)
    }

    /// The bank issues money to itself and lets the voucher contract draw all of it.
    pub fn issue_money(&self, stage: &mut Stage, total: Balance, money: &Currency) -> Result<()> {
        let issue = stage.suite.ledger().issue(self.bank.id(), total, reference("opening"));
        stage.act(format!("the bank issues {}", money.text(total)), &self.bank, issue)?;
        let approve = stage.suite.ledger().approve(stage.suite.voucher.into(), self.bank_number, total);
        stage.act("the bank lets the voucher contract draw that much", &self.bank, approve)?;
        Ok(())
    }

    /// Plain terms: vouchers of these categories, spent in parts within ninety days anywhere, confirmed by a one-time
    /// code.
    pub fn terms(&self, categories: Vec<Category>, most_per_voucher: Balance, budget: Balance) -> Terms {
        plain_terms(self.bank.id(), self.attestor.id(), categories, most_per_voucher, budget)
    }

    /// The government creates a programme.
    pub fn create_programme(&self, stage: &mut Stage, what: &str, terms: Terms) -> Result<ProgrammeId> {
        let message = stage.suite.voucher().create_programme(terms);
        Ok(stage.act(format!("the government creates {what}"), &self.government, message)?.value)
    }
}

/// The administrator registers the government, who registers everybody else.
pub fn government(stage: &mut Stage, administrator: &Actor) -> Result<Actor> {
    let government = Actor::named("government");
    let first = registration(&government, organisation("government"), Role::Government, stage)?;
    let message = stage.suite.registry().register(first);
    stage.act("the administrator registers the government", administrator, message)?;
    Ok(government)
}

/// The government registers organisations by their names, in one transaction.
pub fn organisations<const N: usize>(
    stage: &mut Stage,
    government: &Actor,
    what: &str,
    rows: [(&str, Role); N],
) -> Result<[Registered; N]> {
    let actors = rows.map(|(name, _)| Actor::named(name));
    let registrations = rows
        .iter()
        .zip(&actors)
        .map(|((name, role), actor)| registration(actor, organisation(name), *role, stage))
        .collect::<Result<Vec<_>>>()?;
    let message = stage.suite.registry().register_many(registrations);
    let done = stage.act(what, government, message)?;
    let registered = actors.into_iter().zip(done.value).map(|(actor, row)| match row {
        Ok(number) => Ok(Registered { actor, number }),
        Err(error) => bail!("{} was refused: {error:?}", actor.name()),
    });
    let registered = registered.collect::<Result<Vec<_>>>()?;
    registered.try_into().map_err(|_| anyhow!("the registry did not answer for every office"))
}

/// The government registers a further organisation or person.
pub fn enrol(
    stage: &mut Stage,
    government: &Actor,
    name: &str,
    identity: IdentityCommitment,
    role: Role,
) -> Result<Registered> {
    let actor = Actor::named(name);
    let message = stage.suite.registry().register(registration(&actor, identity, role, stage)?);
    let number = stage.act(format!("the government registers {name} ({role:?})"), government, message)?.value;
    Ok(Registered { actor, number })
}

/// What registers somebody in one role.
pub fn registration(
    actor: &Actor,
    identity: IdentityCommitment,
    role: Role,
    stage: &mut Stage,
) -> Result<Registration> {
    let identity_valid_until = card_end(stage)?;
    Ok(Registration { account: actor.id(), identity, identity_valid_until, roles: vec![role], key: None })
}

/// When identity cards end that are valid now.
pub fn card_end(stage: &mut Stage) -> Result<Millis> {
    stage.chain.now()?.checked_add(5 * 365 * DAY).context("the identity card's end is a time")
}

/// What the registrar keeps on chain of an organisation; the stories' go by their names.
pub fn organisation(name: &str) -> IdentityCommitment {
    commitment(&REGISTRAR, NumberType::Organisation, name)
}

/// What the registrar keeps on chain of a person's identity card with this number.
pub fn card(number: &str) -> IdentityCommitment {
    commitment(&REGISTRAR, NumberType::National, number)
}

/// A bank's reference as 32 bytes.
pub fn reference(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    bytes
}
