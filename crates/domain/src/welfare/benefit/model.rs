//! A plain model of a case: the list of all that happened to it. Every answer goes through that list anew, and dates come
//! from a library's calendar.

use super::*;
use crate::{time::DAY, welfare::Outcome};
use chrono::{DateTime, Months};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Deed {
    Opened(Form, Outcome),
    Supplemented(Form, Outcome),
    Accepted(ParticipantId, Option<Amount>),
    Returned(ParticipantId),
    Rejected(ParticipantId),
    Appealed,
    Withdrawn,
    Closed,
    /// How much was paid, or collected: the insured's share and the employer's.
    Paid(Amount),
    Collected(Amount, Amount),
    Suspended,
    Resumed,
    Terminated,
    Recertified(Form, Outcome),
}

pub struct Model {
    pub scheme: Scheme,
    pub applicant: ParticipantId,
    pub now: Millis,
    pub list: Vec<(Millis, Deed)>,
}

type Expected = Result<Deed, BenefitRefusal>;

/// How far the stages have come.
#[derive(Default)]
pub struct Hearing {
    pub stage: usize,
    pub accepted: Vec<ParticipantId>,
    /// What the stage that sets the amount has said.
    pub set: Option<Amount>,
    /// When all had accepted; 0 for not yet.
    pub granted: Millis,
}

pub fn months_after(from: Millis, months: u32) -> Millis {
    let from = DateTime::from_timestamp_millis(from.try_into().unwrap()).unwrap();
    from.checked_add_months(Months::new(months)).unwrap().timestamp_millis().try_into().unwrap()
}

impl Model {
    fn deeds(&self) -> impl DoubleEndedIterator<Item = &Deed> {
        self.list.iter().map(|(_, deed)| deed)
    }

    fn count(&self, is_one: impl Fn(&Deed) -> bool) -> usize {
        self.deeds().filter(|deed| is_one(deed)).count()
    }

    pub fn status(&self) -> BenefitStatus {
        use BenefitStatus::*;
        match self.deeds().next_back().unwrap() {
            Deed::Opened(_, Outcome::Pass) | Deed::Supplemented(_, Outcome::Pass) | Deed::Appealed => Review,
            Deed::Opened(_, Outcome::Return) | Deed::Supplemented(_, Outcome::Return) | Deed::Returned(_) => Returned,
            Deed::Opened(_, Outcome::Reject) | Deed::Supplemented(_, Outcome::Reject) | Deed::Rejected(_) => Rejected,
            Deed::Accepted(..) if self.hearing().granted == 0 => Review,
            Deed::Paid(_) | Deed::Collected(..) if self.paid() == usize::from(self.scheme.most_payments) => Ended,
            Deed::Accepted(..) | Deed::Resumed | Deed::Paid(_) | Deed::Collected(..) => Running,
            Deed::Recertified(_, Outcome::Pass) => Running,
            Deed::Recertified(..) | Deed::Suspended => Suspended,
            Deed::Withdrawn | Deed::Closed | Deed::Terminated => Ended,
        }
    }

    pub fn round(&self) -> usize {
        self.count(|deed| matches!(deed, Deed::Supplemented(..) | Deed::Appealed))
    }

    pub fn appealed(&self) -> bool {
        self.count(|deed| matches!(deed, Deed::Appealed)) > 0
    }

    pub fn paid(&self) -> usize {
        self.count(|deed| matches!(deed, Deed::Paid(_) | Deed::Collected(..)))
    }

    pub fn sum(&self) -> u128 {
        let paid = self.deeds().map(|deed| match deed {
            Deed::Paid(amount) => amount.balance(),
            Deed::Collected(own, employers) => own.balance() + employers.balance(),
            _ => 0,
        });
        paid.sum()
    }

    /// Who rejected it last, and when; 0 for the automatic check.
    pub fn rejection(&self) -> Option<(ParticipantId, Millis)> {
        self.list.iter().rev().find_map(|(at, deed)| match deed {
            Deed::Rejected(by) => Some((*by, *at)),
            Deed::Opened(_, Outcome::Reject) | Deed::Supplemented(_, Outcome::Reject) => Some((0, *at)),
            _ => None,
        })
    }

    pub fn hearing(&self) -> Hearing {
        let mut hearing = Hearing::default();
        let mut by_machine = false;
        for (at, deed) in &self.list {
            by_machine = match deed {
                Deed::Opened(..) | Deed::Supplemented(..) => true,
                Deed::Rejected(_) => false,
                _ => by_machine,
            };
            match deed {
                Deed::Appealed if by_machine => hearing = Hearing::default(),
                Deed::Appealed | Deed::Supplemented(..) => {
                    hearing.accepted.clear();
                    if self.scheme.stages[hearing.stage].action == Action::SetAmount {
                        hearing.set = None;
                    }
                }
                Deed::Accepted(who, amount) => {
                    hearing.accepted.push(*who);
                    hearing.set = amount.or(hearing.set);
                    if hearing.accepted.len() == usize::from(self.scheme.stages[hearing.stage].needed) {
                        if hearing.stage + 1 == self.scheme.stages.len() {
                            hearing.granted = *at;
                        } else {
                            hearing.stage += 1;
                            hearing.accepted.clear();
                        }
                    }
                }
                _ => {}
            }
        }
        hearing
    }

    /// What a period pays by this form, or of an insurance its premium.
    fn worth(&self, form: &Form, set: Option<Amount>) -> Result<u128, BenefitRefusal> {
        let rules = self.scheme.rules;
        let worth = match self.scheme.benefit {
            Benefit::Nothing if rules.ratio_max == 0 => return Ok(0),
            Benefit::Nothing if form.ratio < rules.ratio_min || form.ratio > rules.ratio_max => None,
            Benefit::Nothing => form.income.map(|income| (income * u128::from(form.ratio) + 9_999) / 10_000),
            Benefit::Fixed(amount) => Some(amount.balance()),
            Benefit::TopUp { line } => {
                form.income.map(|income| (line.balance() * u128::from(form.household)).saturating_sub(income))
            }
            Benefit::ByStage { .. } => set.map(Amount::balance),
        };
        match worth {
            None => Err(BenefitRefusal::NoAmount),
            Some(0) => Err(BenefitRefusal::Amount(AmountError::Zero)),
            Some(worth) => Ok(worth),
        }
    }

    fn form(&self) -> &Form {
        self.deeds().rev().find_map(form_of).unwrap()
    }

    /// A period's benefit, and until when it is certified.
    pub fn terms(&self) -> (u128, Millis) {
        let Hearing { set, granted, .. } = self.hearing();
        if granted == 0 {
            return (set.map_or(0, Amount::balance), 0);
        }
        let end = |at| match self.scheme.recertify_months {
            0 => 0,
            months => months_after(at, months.into()),
        };
        let (mut form, mut worth, mut until) = (None, 0, 0);
        for (at, deed) in &self.list {
            form = form_of(deed).or(form);
            match deed {
                Deed::Accepted(..) => {
                    worth = self.worth(form.unwrap(), set).unwrap_or(0);
                    until = end(*at);
                }
                Deed::Recertified(form, Outcome::Pass) => {
                    let anew = self.worth(form, set).unwrap_or(0);
                    let takes = self.scheme.benefit == Benefit::Nothing;
                    worth = if takes { worth.max(anew) } else { worth.min(anew) };
                    until = end(*at);
                }
                Deed::Recertified(..) => until = if until == 0 { *at } else { until.min(*at) },
                _ => {}
            }
        }
        (worth, until)
    }

    fn must_be(&self, allowed: &[BenefitStatus]) -> Result<(), BenefitRefusal> {
        let status = self.status();
        if allowed.contains(&status) {
            return Ok(());
        }
        Err(BenefitRefusal::WrongStatus { status })
    }

    pub fn supplement(&self, form: Form, outcome: Outcome) -> Expected {
        self.must_be(&[BenefitStatus::Returned])?;
        Ok(Deed::Supplemented(form, outcome))
    }

    pub fn decide(&self, reviewer: ParticipantId, decision: Decision, amount: Option<Amount>) -> Expected {
        self.must_be(&[BenefitStatus::Review])?;
        let Hearing { stage, accepted, set, .. } = self.hearing();
        if reviewer == self.applicant {
            return Err(BenefitRefusal::OwnCase);
        }
        if accepted.contains(&reviewer) {
            return Err(BenefitRefusal::AlreadyDecided);
        }
        if self.appealed() && self.rejection().is_some_and(|(by, _)| by == reviewer) {
            return Err(BenefitRefusal::SameReviewer);
        }
        let Stage { action, needed, .. } = self.scheme.stages[stage];
        let is_possible = match (decision, action, self.scheme.benefit, amount) {
            (Decision::Accept, Action::SetAmount, Benefit::ByStage { most }, Some(amount)) => {
                (1..=most.balance()).contains(&amount.balance()) && (accepted.is_empty() || set == Some(amount))
            }
            (Decision::Accept, Action::SetAmount, _, None) => false,
            (_, _, _, amount) => amount.is_none(),
        };
        if !is_possible {
            return Err(BenefitRefusal::WrongAmount);
        }
        match decision {
            Decision::Return => Ok(Deed::Returned(reviewer)),
            Decision::Reject => Ok(Deed::Rejected(reviewer)),
            Decision::Accept => {
                if stage + 1 == self.scheme.stages.len() && accepted.len() + 1 == usize::from(needed) {
                    self.worth(self.form(), amount.or(set))?;
                }
                Ok(Deed::Accepted(reviewer, amount))
            }
        }
    }

    pub fn end_of_appeals(&self) -> Option<Millis> {
        self.rejection().map(|(_, at)| at + u64::from(self.scheme.appeal_days) * DAY)
    }

    pub fn appeal(&self) -> Expected {
        self.must_be(&[BenefitStatus::Rejected])?;
        let at = self.end_of_appeals().unwrap();
        match () {
            () if self.appealed() => Err(BenefitRefusal::AlreadyAppealed),
            () if self.now >= at => Err(BenefitRefusal::TooLate { at }),
            () => Ok(Deed::Appealed),
        }
    }

    pub fn close(&self) -> Expected {
        self.must_be(&[BenefitStatus::Rejected])?;
        match self.appeal() {
            Ok(_) => Err(BenefitRefusal::TooEarly { from: self.end_of_appeals().unwrap() }),
            Err(_) => Ok(Deed::Closed),
        }
    }

    /// `deed`, which is possible from these.
    pub fn plain(&self, from: &[BenefitStatus], deed: Deed) -> Expected {
        self.must_be(from).map(|()| deed)
    }

    pub fn recertify(&self, form: Form, outcome: Outcome) -> Expected {
        self.must_be(&[BenefitStatus::Running])?;
        if outcome == Outcome::Pass {
            self.worth(&form, self.hearing().set)?;
        }
        Ok(Deed::Recertified(form, outcome))
    }

    /// When a period (from 1) is due.
    pub fn due(&self, period: usize) -> Millis {
        let months = (period - 1) * usize::from(self.scheme.period_months);
        months_after(self.hearing().granted, months.try_into().unwrap())
    }

    pub fn next_due(&self) -> Option<Millis> {
        (self.status() == BenefitStatus::Running).then(|| self.due(self.paid() + 1))
    }

    pub fn pay(&self, period: u16, collects: bool) -> Expected {
        self.must_be(&[BenefitStatus::Running])?;
        let (worth, until) = self.terms();
        match (collects, self.scheme.benefit) {
            (false, Benefit::Nothing) => return Err(BenefitRefusal::NothingToPay),
            (true, Benefit::Nothing) if worth > 0 => {}
            (true, _) => return Err(BenefitRefusal::NothingToCollect),
            (false, _) => {}
        }
        let next = self.paid() + 1;
        if usize::from(period) != next {
            return Err(BenefitRefusal::WrongPeriod { next: next.try_into().unwrap() });
        }
        if self.now < self.due(next) {
            return Err(BenefitRefusal::TooEarly { from: self.due(next) });
        }
        if until > 0 && self.now >= until {
            return Err(BenefitRefusal::Uncertified { at: until });
        }
        let amount = |worth| Amount::from_balance(worth).unwrap();
        if !collects {
            return Ok(Deed::Paid(amount(worth)));
        }
        let share = self.form().employer.map_or(0, |_| u128::from(self.scheme.employer_share));
        let employers = worth * share / 10_000;
        Ok(Deed::Collected(amount(worth - employers), amount(employers)))
    }
}

fn form_of(deed: &Deed) -> Option<&Form> {
    match deed {
        Deed::Opened(form, _) | Deed::Supplemented(form, _) | Deed::Recertified(form, _) => Some(form),
        _ => None,
    }
}
