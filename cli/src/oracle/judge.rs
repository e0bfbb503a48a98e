//! An oracle: it looks at cases that name it for its role, judges their facts by its role's terms, and signs or submits what it
//! finds. Whatever it says is about the event that it has seen, and it never says anything about facts that it does not know.

use super::facts::Dossier;
use amanah_client::{ask, chain::NotRun, send, Actor, Chain, Cost, Failure, Suite};
use amanah_domain::{
    case::{Case, CaseStatus},
    chaincode::{SignedVerdict, Verdict},
    crypto::Native,
    flow::{self, Event, EventKind, Flow, Request},
    ids::{CaseId, FlowId, ParticipantId},
    layout::{DomainSeparator, VerdictStatement},
    oracle::{judge, OracleTerms, TermFailed},
    participant::Credentials,
    roles::Role,
    time::Millis,
};
use amanah_interfaces::{
    loan::{self, CaseLocked, Loan},
    registry::Registry,
};
use anyhow::{ensure, Context, Result};
use std::collections::BTreeMap;

/// An oracle of one role.
pub struct Oracle {
    actor: Actor,
    role: Role,
    terms: OracleTerms,
    /// What it has been told of applicants.
    pub dossier: Dossier,
    /// What the registry knows of it.
    known: Credentials,
    /// The flows that it has seen; they never change.
    flows: BTreeMap<FlowId, Flow>,
}

/// What an oracle sees when it looks at a case.
#[derive(Debug, PartialEq, Eq)]
pub enum Look {
    /// There is no such case.
    Unknown,
    /// It was executed, or its time is over.
    Ended,
    /// An oracle failed it; its applicant may still revise it.
    Failed,
    /// The event names somebody else for this role, or needs nobody in it.
    NotMine,
    /// No application for a loan: the terms say nothing about it, so a person decides.
    NotForTerms(EventKind),
    /// The event does not fit its flow, or the contract says another hash of it: nothing is signed.
    OtherHash,
    /// Nobody has told it facts with the hash that the event carries: nothing is signed.
    UnknownFacts,
    /// It has found something.
    Judged(Judged),
}

/// What an oracle has found of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub case: CaseId,
    pub applicant: ParticipantId,
    pub revision: u32,
    pub event_hash: [u8; 32],
    /// The terms that do not hold; none means Pass.
    pub failed: Vec<TermFailed>,
    /// Until when the case is open (milliseconds).
    pub expires: Millis,
    pub turn: Turn,
}

/// Whose turn it is to submit a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// This oracle's.
    Now,
    /// That of an oracle before it.
    Later {
        /// Its number.
        next: ParticipantId,
    },
    /// It has submitted its Pass already.
    Over,
}

/// An open case, as an oracle sees it.
struct Open {
    case: CaseId,
    event: Event,
    revision: u32,
    /// How many oracles have passed it from their own accounts.
    passed: u8,
    expires: Millis,
}

impl Open {
    /// Whose turn it is, for the oracle at this place.
    fn turn(&self, at: usize) -> Turn {
        let passed = usize::from(self.passed);
        match self.event.grantors.get(passed) {
            Some(_) if passed == at => Turn::Now,
            Some(next) if passed < at => Turn::Later { next: *next },
            _ => Turn::Over,
        }
    }
}

impl Judged {
    /// What the oracle says.
    pub fn verdict(&self) -> Verdict {
        match self.failed.is_empty() {
            true => Verdict::Pass,
            false => Verdict::Failed,
        }
    }
}

impl Oracle {
    /// An oracle that acts as `actor`, which must be registered in this role and in good standing.
    ///
    /// # Errors
    /// When it is not, or the chain does not answer.
    pub fn new(
        chain: &mut dyn Chain,
        suite: &Suite,
        actor: Actor,
        role: Role,
        terms: OracleTerms,
        dossier: Dossier,
    ) -> Result<Self> {
        let known = standing(chain, suite, &actor, role)?;
        Ok(Self { actor, role, terms, dossier, known, flows: BTreeMap::new() })
    }

    /// Its number.
    pub fn number(&self) -> ParticipantId {
        self.known.number
    }

    /// Its role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Asks the registry again: it may have been suspended, or have another key.
    ///
    /// # Errors
    /// As [`Oracle::new`].
    pub fn refresh(&mut self, chain: &mut dyn Chain, suite: &Suite) -> Result<()> {
        self.known = standing(chain, suite, &self.actor, self.role)?;
        Ok(())
    }

    /// Looks at a case, and judges it if it can.
    ///
    /// # Errors
    /// [`NotRun`] when the chain does not answer.
    pub fn look(&mut self, chain: &mut dyn Chain, suite: &Suite, case: CaseId) -> Result<Look, NotRun> {
        let Some(record) = ask(chain, suite.loan().case(case))? else { return Ok(Look::Unknown) };
        let in_time = chain.now()? < record.expires;
        match record.status {
            CaseStatus::Open if in_time => {}
            CaseStatus::Failed if in_time => return Ok(Look::Failed),
            _ => return Ok(Look::Ended),
        }
        let Case { event, revision, passed, expires, .. } = record;
        self.consider(chain, suite, Open { case, event, revision, passed, expires })
    }

    /// Judges a case of which it has just heard that it was locked, from the chain's event alone.
    ///
    /// # Errors
    /// As [`Oracle::look`].
    pub fn hear(&mut self, chain: &mut dyn Chain, suite: &Suite, locked: &CaseLocked) -> Result<Look, NotRun> {
        let CaseLocked { case, event, expires, .. } = locked.clone();
        self.consider(chain, suite, Open { case, event, revision: 0, passed: 0, expires })
    }

    /// Judges an open case, if it can.
    fn consider(&mut self, chain: &mut dyn Chain, suite: &Suite, open: Open) -> Result<Look, NotRun> {
        let Open { case, ref event, revision, expires, .. } = open;
        let Some(flow) = self.flow(chain, suite, event.flow)? else { return Ok(Look::OtherHash) };
        let at = flow.oracles.iter().position(|role| *role == self.role);
        let Some(at) = at.filter(|at| event.grantors.get(*at) == Some(&self.known.number)) else {
            return Ok(Look::NotMine);
        };
        let Request::Loan { principal, months, facts, .. } = event.request else {
            return Ok(Look::NotForTerms(event.request.kind()));
        };
        let Some(event_hash) = flow::event_hash::<Native>(&flow, event) else { return Ok(Look::OtherHash) };
        let Some(facts) = self.dossier.find(&facts) else { return Ok(Look::UnknownFacts) };
        let failed = judge(&self.terms, principal, months, facts);
        let (applicant, turn) = (event.applicant, open.turn(at));
        Ok(Look::Judged(Judged { case, applicant, revision, event_hash, failed, expires, turn }))
    }

    fn flow(&mut self, chain: &mut dyn Chain, suite: &Suite, flow: FlowId) -> Result<Option<Flow>, NotRun> {
        if let Some(known) = self.flows.get(&flow) {
            return Ok(Some(known.clone()));
        }
        let found = ask(chain, suite.loan().flow(flow))?;
        if let Some(found) = &found {
            self.flows.insert(flow, found.clone());
        }
        Ok(found)
    }

    /// Its signed verdict, which counts as long as the case is open.
    ///
    /// # Errors
    /// When its registered key is another one than it signs with.
    pub fn sign(&self, domain: DomainSeparator, judged: &Judged) -> Result<SignedVerdict> {
        ensure!(
            self.known.key == self.actor.account(),
            "the registered key of participant {} is 0x{}, not the one that would sign",
            self.known.number,
            hex::encode(self.known.key)
        );
        let statement = VerdictStatement {
            domain,
            case: judged.case,
            revision: judged.revision,
            event: judged.event_hash,
            role: self.role.index().context("the role has a number")?,
            epoch: self.known.epoch,
            key: self.known.key,
            verdict: judged.verdict(),
            valid_until: judged.expires,
        };
        let signature = self.actor.sign(&statement.signed_bytes::<Native>());
        Ok(SignedVerdict { verdict: statement.verdict, valid_until: statement.valid_until, signature })
    }

    /// Submits its verdict from its own account; answers with what that cost.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn submit(&self, chain: &mut dyn Chain, suite: &Suite, judged: &Judged) -> Result<Cost, Failure<loan::Error>> {
        let Judged { case, revision, event_hash, .. } = *judged;
        let message = suite.loan().submit_verdict(case, revision, event_hash, judged.verdict());
        Ok(send(chain, &self.actor.account(), message)?.cost)
    }
}

/// What the registry knows of an actor, which must act in this role.
fn standing(chain: &mut dyn Chain, suite: &Suite, actor: &Actor, role: Role) -> Result<Credentials> {
    let account = amanah_client::address(&actor.account());
    let known = ask(chain, suite.registry().credentials(actor.id()))?;
    let known = known.with_context(|| format!("the account {account} is not registered"))?;
    ensure!(
        known.acts_as(role),
        "participant {} ({account}) may not act as {}: suspended, or without the role",
        known.number,
        super::roles::name_of(role)
    );
    Ok(known)
}
