//! Who and what a step of a random sequence means: hints become numbers.

use super::{
    at,
    papers::{Sheet, Twist},
    story::{Case, Story},
    Model, Opened,
};
use crate::steps::{
    Act, By, Edge, Flaw, Set, CITIZENS, EMPLOYERS, GOVERNMENTS, LAST, PAYER, PLAIN, REGULATOR, REVIEWERS, REVIEWING,
};
use amanah_domain::{
    ids::ParticipantId,
    roles::Role,
    time::{Millis, DAY, MINUTE},
};
use amanah_interfaces::{
    welfare::{Benefit, BenefitStatus, Decision},
    Balance,
};
use std::cell::Cell;

/// The number of one of those that fit, counted backwards; from [`PLAIN`] on, of all and of the one that will come next.
fn pick(all: usize, back: u64, fits: impl Fn(u64) -> bool) -> u64 {
    let all = all as u64;
    let fitting: Vec<u64> = (1..=all).rev().filter(|number| fits(*number)).collect();
    match back.checked_sub(PLAIN) {
        Some(back) => (all + 1).saturating_sub(back),
        None => fitting.get(back as usize % fitting.len().max(1)).copied().unwrap_or(all),
    }
}

/// One of these, unless somebody is named.
fn chosen(by: By, all: &[ParticipantId]) -> By {
    match by {
        By::Right(at) | By::Suspect(at) => By::Number(all[at % all.len()]),
        named => named,
    }
}

/// Who a resolved act is by.
pub fn who(by: By) -> ParticipantId {
    match by {
        By::Number(number) => number,
        By::Right(_) | By::Suspect(_) => unreachable!("it was resolved"),
    }
}

impl Model {
    /// The act with numbers instead of hints. Where no case fits, it is mostly one that moves something on.
    pub fn resolve(&self, act: &Act) -> Act {
        let in_vain = Cell::new(None);
        let case = |back, fits: &dyn Fn(&Case, Story) -> bool| {
            let fits = |number: u64| self.story(number).is_ok_and(|(case, story)| fits(case, story));
            if back < PLAIN && back != 1 && !(1..=self.cases.len() as u64).any(fits) {
                in_vain.set(Some(back));
            }
            pick(self.cases.len(), back, fits)
        };
        let scheme = |back, fits: fn(&Opened) -> bool| {
            pick(self.schemes.len(), back, |number| at(&self.schemes, number).is_some_and(fits))
        };
        let with = |status: BenefitStatus| move |_: &Case, story: Story| story.status() == status;
        let mut act = *act;
        match &mut act {
            Act::Apply { scheme: number, .. } => *number = scheme(*number, |one| one.agreed && !one.retired),
            Act::AgreeToPay { scheme: number, .. } => *number = scheme(*number, |one| !one.agreed),
            Act::RetireScheme { scheme: number, .. } => *number = scheme(*number, |one| !one.retired),
            Act::Supplement { case: number, .. } => *number = case(*number, &with(BenefitStatus::Returned)),
            Act::Decide { case: number, .. } | Act::DecideSigned { case: number, .. } => {
                *number = case(*number, &with(BenefitStatus::Review));
            }
            Act::AddDocument { case: number, .. } => *number = case(*number, &with(BenefitStatus::Review)),
            Act::WithdrawApplication { case: number, .. } => *number = case(*number, &with(BenefitStatus::Review)),
            Act::Appeal { case: number, .. } => {
                *number = case(*number, &|_, story| {
                    let in_time = || story.scheme.appeal_days > 0 && self.now <= story.end_of_appeals();
                    story.status() == BenefitStatus::Rejected && !story.has_appealed() && in_time()
                });
            }
            Act::CloseCase { case: number } => *number = case(*number, &with(BenefitStatus::Rejected)),
            Act::Pay { case: number, .. } => *number = case(*number, &|_, story| self.is_payable(story, false)),
            Act::CollectPremium { case: number, .. } => {
                *number = case(*number, &|_, story| self.is_payable(story, true));
            }
            Act::AgreeAsEmployer { case: number, .. } => {
                *number = case(*number, &|_, story| {
                    let agreed = story.agreed_employer().map(|(by, _)| by);
                    story.form().employer.is_some() && agreed != story.form().employer
                });
            }
            Act::Suspend { case: number, .. } | Act::Recertify { case: number, .. } => {
                *number = case(*number, &with(BenefitStatus::Running));
            }
            Act::Resume { case: number, .. } => *number = case(*number, &with(BenefitStatus::Suspended)),
            Act::Terminate { case: number, .. } => *number = case(*number, &|_, story| story.goes_on()),
            Act::Stand { who, mends: true } => *who = self.mended(*who, &|one| self.is_suspended(one)),
            Act::Blacklist { who, mends: true } => *who = self.mended(*who, &|one| self.is_blacklisted(one)),
            Act::ChangeRole { who, role, mends: true } => {
                let lost = |one| move |role: &Role| self.has_lost(one, *role);
                *who = self.mended(*who, &|one| REVIEWING.iter().chain([&Role::Citizen]).any(lost(one)));
                *role = REVIEWING.into_iter().chain([Role::Citizen]).find(lost(*who)).unwrap_or(*role);
            }
            Act::WaitFor { case: number, edge, early } => {
                let by = self.waits_for(*number, *edge).saturating_sub(u64::from(*early)).saturating_sub(self.now);
                act = Act::Wait { by: if (1..=100 * DAY).contains(&by) { by } else { MINUTE } };
            }
            _ => {}
        }
        match in_vain.get() {
            Some(back) => self.resolve(&self.onward(back)),
            None => self.named(act),
        }
    }

    /// What brings a case on, or begins one.
    fn onward(&self, back: u64) -> Act {
        let (at, set) = (back as usize, Set::Right(250));
        let waits = (1..=self.cases.len() as u64).any(|case| self.is(case, BenefitStatus::Review));
        match (waits, back % 3) {
            (true, 0) => Act::DecideSigned { case: 0, set, first: at, flaw: Flaw::Nothing },
            (true, _) => {
                let by = By::Right(at);
                Act::Decide { by, case: 0, behind: false, decision: Decision::Accept, set, reason: 0 }
            }
            (false, 0) => Act::WaitFor { case: 0, edge: Edge::Due, early: false },
            (false, _) => {
                let sheet = Sheet { twist: Twist::Nothing, employer: None };
                Act::Apply { by: By::Right(at), scheme: back * 2, sheet }
            }
        }
    }

    fn is_payable(&self, story: Story, as_premium: bool) -> bool {
        let is_insurance = story.scheme.benefit == Benefit::Nothing;
        story.status() == BenefitStatus::Running
            && is_insurance == as_premium
            && story.due(story.paid() + 1) <= self.now
    }

    /// Somebody of whom this is so, beginning with one; this one, if there is none.
    fn mended(&self, first: ParticipantId, is_so: &dyn Fn(ParticipantId) -> bool) -> ParticipantId {
        (first..=LAST).chain(1..first).find(|one| is_so(*one)).unwrap_or(first)
    }

    fn has_lost(&self, who: ParticipantId, role: Role) -> bool {
        let belongs = if role == Role::Citizen { CITIZENS.contains(&who) } else { REVIEWERS.contains(&who) };
        belongs && !self.holds(who, role)
    }

    /// When an edge of one of the cases that have it comes; 0 for never.
    fn waits_for(&self, back: u64, edge: Edge) -> Millis {
        let coming = |number: u64| {
            let (_, story) = self.story(number).ok()?;
            let (is_running, is_rejected) =
                (story.status() == BenefitStatus::Running, story.status() == BenefitStatus::Rejected);
            let comes = match edge {
                Edge::Due => is_running.then(|| story.due(story.paid() + 1)),
                Edge::EndOfAppeals => (is_rejected && !story.has_appealed()).then(|| story.end_of_appeals()),
                Edge::EndOfCertificate => is_running.then(|| story.certified_until()),
            };
            comes.filter(|at| *at > self.now)
        };
        coming(pick(self.cases.len(), back, |number| coming(number).is_some())).unwrap_or(0)
    }

    /// The act by somebody's number.
    fn named(&self, mut act: Act) -> Act {
        let of_case = |number: u64| self.story(number).map(|(case, story)| (case.applicant, story));
        let applicant = |number| of_case(number).map_or(CITIZENS[0], |(applicant, _)| applicant);
        let owner = |number| self.opened(number).map_or(GOVERNMENTS[0], |opened| opened.owner);
        match &mut act {
            Act::CreateScheme { by, .. } => *by = chosen(*by, &[GOVERNMENTS[0], GOVERNMENTS[0], GOVERNMENTS[1]]),
            Act::AgreeToPay { by, scheme } => {
                *by = chosen(*by, &[self.opened(*scheme).map_or(PAYER, |opened| opened.payer)]);
            }
            Act::RetireScheme { by, scheme } => *by = chosen(*by, &[owner(*scheme)]),
            Act::Apply { by, .. } => *by = chosen(*by, &CITIZENS),
            Act::Supplement { by, case, .. }
            | Act::WithdrawApplication { by, case }
            | Act::Appeal { by, case }
            | Act::Recertify { by, case, .. } => *by = chosen(*by, &[applicant(*case)]),
            Act::Decide { by, case, .. } | Act::AddDocument { by, case, .. } => {
                let all = match by {
                    By::Suspect(_) => self.suspects(*case),
                    _ => self.reviewers(*case),
                };
                *by = chosen(*by, if all.is_empty() { &REVIEWERS } else { &all });
            }
            Act::AgreeAsEmployer { by, case } => {
                let named = of_case(*case).ok().and_then(|(_, story)| story.form().employer);
                *by = chosen(*by, &[named.unwrap_or(EMPLOYERS[0])]);
            }
            Act::Suspend { by, case, .. } | Act::Resume { by, case } => {
                *by = chosen(
                    *by,
                    &[REGULATOR, owner(of_case(*case).map_or(1, |_| self.cases[*case as usize - 1].scheme))],
                );
            }
            Act::Terminate { by, case, .. } => *by = chosen(*by, &[REGULATOR, applicant(*case)]),
            Act::Withdraw { by, bank, .. } => {
                let owes = |bank: usize| CITIZENS.iter().any(|one| self.credit(*one, bank) > 0);
                if !owes(*bank) && owes(1 - *bank) {
                    *bank = 1 - *bank;
                }
                let creditors: Vec<_> = CITIZENS.into_iter().filter(|one| self.credit(*one, *bank) > 0).collect();
                *by = chosen(*by, if creditors.is_empty() { &CITIZENS } else { &creditors });
            }
            _ => {}
        }
        act
    }

    /// Those who had to do with a case, so that some of them may not decide it.
    fn suspects(&self, case: u64) -> Vec<ParticipantId> {
        let Ok((case, story)) = self.story(case) else { return Vec::new() };
        let accepted = story.acceptances(story.stage(), story.round());
        let mut all: Vec<_> = accepted.into_iter().map(|(by, ..)| by).collect();
        all.extend(story.rejection().map(|(by, _)| by));
        all.push(case.applicant);
        all.retain(|one| self.acts_as(*one, story.role()));
        all
    }

    /// Those who may decide a case now.
    fn reviewers(&self, case: u64) -> Vec<ParticipantId> {
        let Ok((_, story)) = self.story(case) else { return Vec::new() };
        let may = |who: &ParticipantId| self.acts_as(*who, story.role()) && self.may_decide(case, *who).is_ok();
        (1..=LAST).filter(may).collect()
    }

    /// Who signs, for as many acceptances as a case still needs, with this flaw.
    pub fn signers(&self, case: u64, first: usize, flaw: Flaw) -> Vec<ParticipantId> {
        if !self.is(case, BenefitStatus::Review) {
            return Vec::new();
        }
        let mut signers = self.reviewers(case);
        let around = signers.len().max(1);
        signers.rotate_left(first % around);
        let missing = self.missing(case);
        signers.truncate(if flaw == Flaw::OneMore { missing + 1 } else { missing });
        match flaw {
            Flaw::OneShort => drop(signers.pop()),
            Flaw::Twice => {
                signers.pop();
                signers.extend(signers.first().copied());
            }
            Flaw::Of(who) => {
                signers.pop();
                signers.push(who);
            }
            _ => {}
        }
        signers
    }

    /// How many acceptances the stage of a case still needs.
    pub fn missing(&self, case: u64) -> usize {
        self.story(case)
            .map_or(0, |(_, story)| story.needed(story.stage()) - story.acceptances(story.stage(), story.round()).len())
    }

    /// The amount that is sent with a decision.
    pub fn amount(&self, case: u64, decision: Decision, set: Set) -> Option<Balance> {
        let wanted = match set {
            Set::Exactly(amount) => return amount,
            Set::Right(amount) => amount,
        };
        let (_, story) = self.story(case).ok()?;
        let before = story.acceptances(story.stage(), story.round()).first().and_then(|(_, _, amount)| *amount);
        (story.sets() && decision == Decision::Accept).then(|| before.unwrap_or(wanted))
    }

    /// The round and stage that a decision is about: where the case is heard, or behind that.
    pub fn hearing(&self, case: u64, behind: bool) -> (u32, u8) {
        let (round, stage) = self.story(case).map_or((0, 0), |(_, story)| (story.round() as u32, story.stage() as u8));
        match (behind, stage) {
            (false, _) => (round, stage),
            (true, 0) => (round.wrapping_sub(1), stage),
            (true, _) => (round, stage - 1),
        }
    }

    /// The period that is sent with a payment.
    pub fn period(&self, case: u64, off: i32) -> u16 {
        let next = self.story(case).map_or(1, |(_, story)| story.paid() + 1);
        (next as i32 + off) as u16
    }

    /// The amount that is sent with a withdrawal.
    pub fn taken(&self, by: ParticipantId, bank: usize, percent: Result<Balance, Balance>) -> Balance {
        percent.map_or_else(|exactly| exactly, |percent| (self.credit(by, bank) * percent).div_ceil(100))
    }
}
