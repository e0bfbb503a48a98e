//! What must be so after each step. What the events say and what is on the chain is compared at the end; until then what a
//! step may have changed is asked for, and everything else is taken from the events.

use super::Run;
use crate::{
    model::{Model, CONTRACT},
    steps::{Act, BANKS, LAST, STRANGER},
};
use amanah_domain::{ids::ParticipantId, roles::Role, time::DAY};
use amanah_interfaces::{
    ledger::{Ledger, Owner},
    voucher::Voucher,
    welfare::{BenefitCase, BenefitStatus, Deed, Welfare},
};
use std::collections::BTreeSet;

/// The case that an act is about. Time changes all of them: one is looked at.
fn touched(act: &Act, newest: u64) -> Option<u64> {
    match *act {
        Act::Apply { .. } => Some(newest),
        Act::Supplement { case, .. } | Act::WithdrawApplication { case, .. } | Act::Decide { case, .. } => Some(case),
        Act::DecideSigned { case, .. } | Act::Appeal { case, .. } | Act::CloseCase { case } => Some(case),
        Act::Pay { case, .. } | Act::CollectPremium { case, .. } => Some(case),
        Act::AgreeAsEmployer { case, .. } | Act::Suspend { case, .. } | Act::Resume { case, .. } => Some(case),
        Act::Recertify { case, .. } | Act::Terminate { case, .. } | Act::AddDocument { case, .. } => Some(case),
        Act::Wait { by } if newest > 0 => Some(1 + by / DAY % newest),
        _ => None,
    }
}

fn goes_on(case: &BenefitCase) -> bool {
    matches!(case.status, BenefitStatus::Running | BenefitStatus::Suspended)
}

impl Run {
    /// After a step that was done: is all that it may have changed as the model says?
    pub fn check(&mut self, act: &Act, before: &Model) {
        if let Some(case) = touched(act, self.model.cases.len() as u64) {
            self.check_case(case);
            self.check_deciders(case);
            let now = self.model.story(case).expect("the case is there").1.role();
            let was = before.story(case).map_or(now, |(_, story)| story.role());
            self.check_worklist(now);
            if was != now {
                self.check_worklist(was);
            }
        }
        (0..BANKS.len()).for_each(|bank| self.check_books(bank));
        if matches!(act, Act::Pay { .. } | Act::CollectPremium { .. } | Act::Withdraw { .. } | Act::Gift { .. }) {
            (0..BANKS.len()).for_each(|bank| self.check_held(bank));
        }
    }

    /// The applicant's cases, as the chain has them, are as the model says, and no two exclusive benefits go on.
    fn check_case(&mut self, case: u64) {
        let welfare = self.watched.offices.suite.welfare();
        let applicant = self.model.cases[case as usize - 1].applicant;
        let (mut cases, mut start) = (Vec::new(), None);
        loop {
            let page = self.ask(welfare.cases_of(applicant, start, 50));
            start = page.last().map(|(_, case)| case.previous).filter(|previous| *previous > 0);
            cases.extend(page);
            if start.is_none() {
                break;
            }
        }
        for (number, stored) in &cases {
            assert_eq!(*stored, self.model.record(*number), "case {number}");
        }
        let all = (1..=self.model.cases.len() as u64).rev();
        let own: Vec<_> = all.filter(|number| self.model.cases[*number as usize - 1].applicant == applicant).collect();
        assert_eq!(cases.iter().map(|(number, _)| *number).collect::<Vec<_>>(), own, "of {applicant}");
        let exclusive =
            |case: &&(u64, BenefitCase)| self.watched.replay.is_exclusive(case.1.scheme) && goes_on(&case.1);
        assert!(cases.iter().filter(exclusive).count() <= 1, "{applicant} has exclusive benefits: {cases:?}");

        let expected = self.model.story(case).expect("the case is there").1.history();
        assert_eq!(self.watched.replay.entries(case), expected, "of case {case}");
        if self.model.certificate(case).is_some() {
            self.check_certificate(case);
        }
    }

    fn check_certificate(&mut self, case: u64) {
        let welfare = self.watched.offices.suite.welfare();
        assert_eq!(self.ask(welfare.certificate(case)), self.model.certificate(case), "of case {case}");
        assert_eq!(self.ask(welfare.next_due(case)), self.model.next_due(case), "of case {case}");
    }

    /// Nobody decides its own case, nor twice in a stage and round, nor an appeal against itself.
    fn check_deciders(&self, case: u64) {
        let applicant = self.model.cases[case as usize - 1].applicant;
        let (mut seen, mut rejecter, mut appealed) = (BTreeSet::new(), None, None);
        for entry in self.watched.replay.entries(case) {
            match entry.deed {
                Deed::Accepted | Deed::Returned | Deed::Rejected => {
                    assert_ne!(entry.by, applicant, "nobody decides its own case");
                    assert!(seen.insert((entry.stage, entry.round, entry.by)), "nobody decides twice: {entry:?}");
                    assert_ne!(appealed, Some(entry.by), "nobody decides an appeal against itself");
                }
                Deed::Appealed => appealed = rejecter,
                _ => {}
            }
            match (entry.deed, entry.status) {
                (Deed::Rejected, _) => rejecter = Some(entry.by),
                (Deed::Applied, BenefitStatus::Rejected) => rejecter = Some(STRANGER),
                _ => {}
            }
        }
    }

    /// Exactly the cases that wait for a role are on its list, each once.
    fn check_worklist(&mut self, role: Role) {
        let welfare = self.watched.offices.suite.welfare();
        let mut stored = self.ask(welfare.worklist(role, 0, 50));
        stored.sort_unstable();
        assert_eq!(stored, self.model.worklist(role), "before {role:?}");
    }

    /// By the events, everybody has what it should have of a bank's money. The contract has what it owes and what it was
    /// given, to the last unit; all together have what the bank has issued.
    fn check_books(&self, bank: usize) {
        let replay = &self.watched.replay;
        let mut sum = 0;
        for number in 1..=LAST {
            let balance = replay.balance(Owner::Participant(number), BANKS[bank]);
            assert_eq!(balance, self.model.money(number, bank), "of {number} at {bank}");
            sum += balance;
        }
        let held = replay.balance(Owner::Contract(self.watched.offices.suite.welfare), BANKS[bank]);
        assert_eq!(held, self.model.money(CONTRACT, bank), "at {bank}");
        assert_eq!(held, replay.liabilities(BANKS[bank]) + self.model.gifts(bank), "credits and gifts at {bank}");
        assert_eq!(sum + held, self.model.supply(bank), "no unit is lost or made at {bank}");
    }

    /// So it is on the chain.
    fn check_held(&mut self, bank: usize) {
        let suite = self.watched.offices.suite.clone();
        let held = self.ask(suite.ledger().balance_of(suite.welfare.into(), BANKS[bank]));
        assert_eq!(held, self.watched.replay.liabilities(BANKS[bank]) + self.model.gifts(bank), "at {bank}");
    }

    /// After the last step: is everything that is stored as the model and the events say?
    pub fn end(&mut self) {
        let suite = self.watched.offices.suite.clone();
        let mut people = BTreeSet::<ParticipantId>::new();
        for case in (1..=self.model.cases.len() as u64).rev() {
            if people.insert(self.model.cases[case as usize - 1].applicant) {
                self.check_case(case);
            }
            self.check_certificate(case);
        }
        for (bank, number) in BANKS.into_iter().enumerate() {
            assert_eq!(self.ask(suite.ledger().total_supply(number)), self.model.supply(bank));
            for who in 1..=LAST {
                let credit = self.watched.replay.credit(who, number);
                assert_eq!(credit, self.model.credit(who, bank), "of {who} at {bank}");
            }
        }
        for (number, holder) in (1..).zip(self.model.vouchers.clone()) {
            let voucher = self.ask(suite.voucher().voucher(number));
            assert_eq!(voucher.map(|voucher| voucher.holder), Some(holder), "voucher {number}");
        }
        self.watched.replay.check(&mut self.watched.offices);
    }
}
