//! The three oracles that grant a bank's loans, each with the terms of its own role, its own facts and its own key.

use super::applications::Wish;
use crate::{
    demo::{
        lenders::{event, Lenders},
        offices::Registered,
        stage::Stage,
    },
    oracle::{
        facts::Dossier,
        judge::{Judged, Look, Oracle},
        terms::Terms,
    },
};
use amanah_client::{self as client, chain::NotRun, Actor, Cost};
use amanah_domain::{
    chaincode::SignedVerdict,
    crypto::{Crypto, Native},
    flow::{Event, Request},
    ids::{CaseId, FlowId, ProductId},
    oracle::facts_hash,
    roles::Role,
};
use amanah_interfaces::loan::{Code, Loan};
use anyhow::{bail, Context, Result};
use scale::Encode;

/// The granting roles, in the order of the flow.
pub const ROLES: [Role; 3] = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment];

/// A product with the oracles that grant it.
pub struct Panel {
    flow: FlowId,
    product: ProductId,
    offices: [Registered; 3],
    pub oracles: [Oracle; 3],
}

/// What came of an application.
pub struct Decision {
    pub judged: [Judged; 3],
    /// What the contract answered when the case was unlocked.
    pub code: Code,
    pub lock: Cost,
    pub unlock: Cost,
}

impl Panel {
    /// Three oracles, which know nobody's facts yet.
    pub fn new(stage: &mut Stage, lenders: &Lenders, product: ProductId, terms: &Terms) -> Result<Self> {
        let offices = [&lenders.bank, &lenders.civil_affairs, &lenders.department];
        let mut oracle = |at: usize| {
            let (actor, role) = (offices[at].actor.clone(), ROLES[at]);
            Oracle::new(&mut *stage.chain, &stage.suite, actor, role, terms.of(role)?, Dossier::default())
        };
        let oracles = [oracle(0)?, oracle(1)?, oracle(2)?];
        Ok(Self { flow: lenders.application, product, offices: offices.map(Clone::clone), oracles })
    }

    /// Somebody's application: the event, of which the oracles get the facts beside the chain.
    pub fn application(&mut self, applicant: &Registered, wish: &Wish) -> Event {
        // In life the salt is random. These people are made up, and the same file is to give the same events.
        let salt = Native::blake2b_256(&("salt", applicant.number, wish.amount, wish.months).encode());
        for oracle in &mut self.oracles {
            oracle.dossier.learn(&salt, wish.facts);
        }
        let Wish { amount: principal, months, ref facts } = *wish;
        let facts = facts_hash::<Native>(&salt, facts);
        let [bank, civil_affairs, department] = &self.offices;
        let request = Request::Loan { product: self.product, principal, months, facts };
        event(self.flow, applicant, &[bank, civil_affairs, department], request)
    }

    /// What each oracle finds of a case.
    ///
    /// # Errors
    /// When one of them cannot judge it.
    pub fn judge(&mut self, stage: &mut Stage, case: CaseId) -> Result<[Judged; 3]> {
        self.each(|oracle| oracle.look(&mut *stage.chain, &stage.suite, case))
    }

    fn each(&mut self, mut look: impl FnMut(&mut Oracle) -> Result<Look, NotRun>) -> Result<[Judged; 3]> {
        let mut one = |oracle: &mut Oracle| match look(oracle)? {
            Look::Judged(judged) => Ok(judged),
            other => bail!("{:?} cannot judge the case: {other:?}", oracle.role()),
        };
        let [bank, civil_affairs, department] = &mut self.oracles;
        Ok([one(bank)?, one(civil_affairs)?, one(department)?])
    }

    /// What each of them signs.
    ///
    /// # Errors
    /// When one of them has another key than the registered one.
    pub fn sign(&self, stage: &Stage, judged: &[Judged; 3]) -> Result<Vec<SignedVerdict>> {
        let domain = stage.suite.loan_domain();
        self.oracles.iter().zip(judged).map(|(oracle, judged)| oracle.sign(domain, judged)).collect()
    }

    /// Takes an application through lock, all oracles, and unlock by anybody.
    ///
    /// # Errors
    /// When the contract refuses one of the steps. That an oracle fails the application is no error.
    pub fn decide(&mut self, stage: &mut Stage, applicant: &Registered, wish: &Wish) -> Result<Decision> {
        let event = self.application(applicant, wish);
        let lock = stage.suite.loan().lock(event.clone(), None);
        let locked = stage.send("lock the event", &applicant.actor, lock)?;
        let heard = locked.events.iter().find_map(|raw| match client::Event::decode(&stage.suite, raw) {
            Some(client::Event::CaseLocked(heard)) => Some(heard),
            _ => None,
        });
        let heard = heard.context("the chain tells of a locked case")?;
        let judged = self.each(|oracle| oracle.hear(&mut *stage.chain, &stage.suite, &heard))?;
        let verdicts = self.sign(stage, &judged)?;
        let unlock = stage.suite.loan().unlock(locked.value, event, verdicts);
        let unlocked = stage.send("unlock the case", &Actor::named("anybody"), unlock)?;
        Ok(Decision { judged, code: unlocked.value, lock: locked.cost, unlock: unlocked.cost })
    }
}
