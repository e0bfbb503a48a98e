//! Looks in every contract for what waits.

use super::{
    item::{turn, Item},
    PAGE,
};
use crate::network::Session;
use amanah_client::{abi::Scope, ask, chain::Chain, chain::NotRun, node::Node, Suite};
use amanah_domain::{access::Actor, ids::ParticipantId, participant::Credentials, roles::Role, time::Millis};
use amanah_interfaces::{
    ledger::Ledger,
    loan::Loan,
    registry::Registry,
    voucher::{RedemptionStatus, Voucher},
    welfare::Welfare,
};
use std::collections::{btree_map::Entry, BTreeMap, BTreeSet};

/// What waits for any of these offices.
pub fn items(session: &mut Session, offices: &[Actor]) -> Result<Vec<Item>, NotRun> {
    let (suite, decimals) = (session.suite.clone(), session.decimals());
    let now = session.node.now()?;
    let mut search = Search { node: &mut session.node, suite, offices, decimals, now, found: Vec::new() };
    search.applications()?;
    search.withdrawals()?;
    search.redemptions()?;
    search.loan_cases()?;
    search.welfare_cases()?;
    Ok(search.found)
}

struct Search<'a> {
    node: &'a mut Node,
    suite: Suite,
    offices: &'a [Actor],
    decimals: u8,
    now: Millis,
    found: Vec<Item>,
}

impl Search<'_> {
    /// Those who act in one of these roles.
    fn acting_as(&self, roles: &[Role]) -> Vec<ParticipantId> {
        let acting = self.offices.iter().filter(|office| roles.iter().any(|role| office.acts_as(*role)));
        acting.filter_map(Actor::number).collect()
    }

    fn applications(&mut self) -> Result<(), NotRun> {
        let registry = || self.suite.registry();
        let count = ask(self.node, registry().application_count())?;
        let mut administered_by: BTreeMap<Option<u8>, Option<Role>> = BTreeMap::new();
        let mut start = 1;
        while start <= count {
            for (number, application) in ask(self.node, registry().applications(start, PAGE))? {
                if !application.is_open() {
                    continue;
                }
                let role = application.role;
                let by = match administered_by.get(&role.index()) {
                    Some(known) => *known,
                    None => ask(self.node, registry().role_definition(role))?.map(|role| role.administered_by),
                };
                administered_by.insert(role.index(), by);
                if !by.is_some_and(|by| self.offices.iter().any(|office| office.administers(role, by))) {
                    continue;
                }
                let known = ask(self.node, registry().credentials(application.applicant.into()))?;
                let known = match known {
                    Some(known) => ask(self.node, registry().participant(known.number))?,
                    None => None,
                };
                self.found.push(Item::application(number, &application, known.as_ref()));
            }
            start = start.saturating_add(PAGE.into());
        }
        Ok(())
    }

    fn withdrawals(&mut self) -> Result<(), NotRun> {
        for bank in self.acting_as(&[Role::Bank]) {
            let mut start = None;
            loop {
                let page = ask(self.node, self.suite.ledger().open_withdrawals(bank, start, PAGE))?;
                self.found.extend(page.iter().map(|(number, one)| Item::withdrawal(*number, one, self.decimals)));
                match page.last().map(|(_, last)| last.on_desk.newer) {
                    None | Some(0) => break,
                    next => start = next,
                }
            }
        }
        Ok(())
    }

    fn redemptions(&mut self) -> Result<(), NotRun> {
        for shop in self.acting_as(&[Role::Shop, Role::Operator]) {
            let mut start = None;
            loop {
                let page = ask(self.node, self.suite.voucher().redemptions_of_shop(shop, start, PAGE))?;
                let open = page.iter().filter(|(_, one)| one.status == RedemptionStatus::Open);
                self.found.extend(open.map(|(number, one)| Item::redemption(*number, one, self.now, self.decimals)));
                match page.last().map(|(_, last)| last.links.shop.older) {
                    None | Some(0) => break,
                    next => start = next,
                }
            }
        }
        Ok(())
    }

    /// Cases are numbered from 1 without a gap.
    fn loan_cases(&mut self) -> Result<(), NotRun> {
        if self.offices.is_empty() {
            return Ok(());
        }
        let mut flows = BTreeMap::new();
        for number in 1.. {
            let Some(case) = ask(self.node, self.suite.loan().case(number))? else { break };
            let Some((place, grantor)) = turn(&case, self.now) else { continue };
            let flow = case.event.flow;
            if let Entry::Vacant(new) = flows.entry(flow) {
                new.insert(ask(self.node, self.suite.loan().flow(flow))?);
            }
            let oracles = flows.get(&flow).and_then(Option::as_ref).map(|flow| &flow.oracles);
            let role = oracles.and_then(|oracles| oracles.get(place)).copied();
            let is_next =
                |office: &&Actor| office.number() == Some(grantor) && role.is_some_and(|role| office.acts_as(role));
            if !self.offices.iter().any(|office| is_next(&office)) {
                continue;
            }
            if let Some(hash) = ask(self.node, self.suite.loan().event_hash(number))? {
                self.found.push(Item::loan_case(number, &case, hash));
            }
        }
        Ok(())
    }

    fn welfare_cases(&mut self) -> Result<(), NotRun> {
        let of_office = |office: &Actor| office.credentials.as_ref().filter(|known| known.is_active()).map(roles);
        let all: BTreeSet<Option<u8>> = self.offices.iter().filter_map(of_office).flatten().map(Role::index).collect();
        for role in all.into_iter().flatten().filter_map(Role::from_index) {
            let reviewers = self.acting_as(&[role]);
            let mut start = 0;
            loop {
                let page = ask(self.node, self.suite.welfare().worklist(role, start, PAGE))?;
                let Ok(length) = u32::try_from(page.len()) else { break };
                if length == 0 {
                    break;
                }
                start = start.saturating_add(length);
                for number in page {
                    self.welfare_case(number, &reviewers)?;
                }
            }
        }
        Ok(())
    }

    /// A case at a stage of these reviewers, unless it waits for others than them.
    fn welfare_case(&mut self, number: u64, reviewers: &[ParticipantId]) -> Result<(), NotRun> {
        let Some(case) = ask(self.node, self.suite.welfare().benefit_case(number))? else { return Ok(()) };
        if !reviewers.iter().any(|reviewer| case.may_be_decided_by(*reviewer).is_ok()) {
            return Ok(());
        }
        let scheme = ask(self.node, self.suite.welfare().scheme(case.scheme))?;
        if let Some(stage) = scheme.as_ref().and_then(|scheme| scheme.stages.get(usize::from(case.stage))) {
            self.found.push(Item::welfare_case(number, &case, stage));
        }
        Ok(())
    }
}

fn roles(known: &Credentials) -> Vec<Role> {
    known.roles.iter().collect()
}
