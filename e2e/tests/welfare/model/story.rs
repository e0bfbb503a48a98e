//! What the log of a case says: how it stands, where, and what it is worth. Everything is found in the list of what
//! happened, each time anew.

use super::papers::{premium, Check, Family};
use amanah_domain::{
    calendar::add_months,
    ids::ParticipantId,
    money::Amount,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_interfaces::{
    welfare::{Action, Benefit, BenefitCase, BenefitStatus, Decision, Deed, Entry, Form, Scheme},
    Balance,
};

/// Something that happened to a case.
#[derive(Clone, Debug)]
pub enum What {
    Applied(Form, Check),
    Supplemented(Form, Check),
    // At which stage and in which round, with which amount and reason.
    Decided(Decision, usize, usize, Option<Balance>, u16),
    Appealed,
    Withdrawn,
    Closed,
    Sealed([u8; 36]),
    EmployerAgreed,
    Suspended(u16),
    Resumed,
    Recertified(Form, Check),
    Terminated(u16),
    Paid(Balance),
    // The insured's part and the employer's.
    Collected(Balance, Balance),
}

/// When, by whom (0: the contract, or anybody), and what.
pub type Told = (Millis, ParticipantId, What);

/// A case: for what, by whom, and all that happened to it.
#[derive(Clone, Debug)]
pub struct Case {
    pub scheme: u64,
    pub applicant: ParticipantId,
    pub told: Vec<Told>,
}

/// A case's log, or its beginning, with the scheme that it is read by.
#[derive(Clone, Copy)]
pub struct Story<'a> {
    pub family: Family,
    pub scheme: &'a Scheme,
    pub told: &'a [Told],
}

impl<'a> Story<'a> {
    fn whats(self) -> impl DoubleEndedIterator<Item = &'a What> {
        self.told.iter().map(|(_, _, what)| what)
    }

    fn count(self, is_one: impl Fn(&What) -> bool) -> usize {
        self.whats().filter(|what| is_one(what)).count()
    }

    /// The log up to one of its entries, without it.
    pub fn before(self, at: usize) -> Self {
        Self { told: &self.told[..at], ..self }
    }

    pub fn round(self) -> usize {
        self.count(|what| matches!(what, What::Supplemented(..) | What::Appealed))
    }

    pub fn has_appealed(self) -> bool {
        self.count(|what| matches!(what, What::Appealed)) > 0
    }

    pub fn paid(self) -> usize {
        self.count(|what| matches!(what, What::Paid(_) | What::Collected(..)))
    }

    /// All benefits that were paid, or all premiums.
    pub fn sum(self) -> Balance {
        let of = |what: &What| match what {
            What::Paid(amount) => *amount,
            What::Collected(own, employers) => own + employers,
            _ => 0,
        };
        self.whats().map(of).sum()
    }

    pub fn form(self) -> &'a Form {
        self.checked_forms().last().expect("somebody applied").0
    }

    pub fn check(self) -> &'a Check {
        self.checked_forms().last().expect("somebody applied").1
    }

    fn checked_forms(self) -> impl Iterator<Item = (&'a Form, &'a Check, bool)> {
        self.whats().filter_map(|what| match what {
            What::Applied(form, check) | What::Supplemented(form, check) => Some((form, check, false)),
            What::Recertified(form, check) => Some((form, check, true)),
            _ => None,
        })
    }

    /// Who rejected it last, and when; 0 for the automatic check.
    pub fn rejection(self) -> Option<(ParticipantId, Millis)> {
        self.told.iter().rev().find_map(|(at, by, what)| match what {
            What::Decided(Decision::Reject, ..) => Some((*by, *at)),
            What::Applied(_, check) | What::Supplemented(_, check) if check.status == BenefitStatus::Rejected => {
                Some((0, *at))
            }
            _ => None,
        })
    }

    /// Who accepted at a stage in a round, when, and with which amounts.
    pub fn acceptances(self, stage: usize, round: usize) -> Vec<(ParticipantId, Millis, Option<Balance>)> {
        let of = |(at, by, what): &Told| match what {
            What::Decided(Decision::Accept, of_stage, of_round, amount, _) => {
                ((*of_stage, *of_round) == (stage, round)).then_some((*by, *at, *amount))
            }
            _ => None,
        };
        self.told.iter().filter_map(of).collect()
    }

    pub fn needed(self, stage: usize) -> usize {
        self.scheme.stages[stage].needed.into()
    }

    fn last_stage(self) -> usize {
        self.scheme.stages.len() - 1
    }

    /// The stage that it is at, or that decided last.
    pub fn stage(self) -> usize {
        let latest = self.told.len() - 1;
        match &self.told[latest].2 {
            What::Decided(Decision::Accept, stage, round, ..) => {
                let is_done = self.acceptances(*stage, *round).len() == self.needed(*stage);
                self.last_stage().min(stage + usize::from(is_done))
            }
            What::Decided(_, stage, ..) => *stage,
            What::Applied(..) => 0,
            What::Appealed if self.rejection().is_some_and(|(by, _)| by == 0) => 0,
            _ => self.before(latest).stage(),
        }
    }

    pub fn role(self) -> Role {
        self.scheme.stages[self.stage()].role
    }

    /// When the last stage had all acceptances that it needs.
    pub fn granted(self) -> Option<Millis> {
        let last = self.last_stage();
        (0..=self.round()).find_map(|round| Some(self.acceptances(last, round).get(self.needed(last) - 1)?.1))
    }

    pub fn status(self) -> BenefitStatus {
        let latest = self.told.len() - 1;
        match &self.told[latest].2 {
            What::Applied(_, check) | What::Supplemented(_, check) => check.status,
            What::Decided(Decision::Accept, ..) if self.granted().is_some() => BenefitStatus::Running,
            What::Decided(Decision::Accept, ..) | What::Appealed => BenefitStatus::Review,
            What::Decided(Decision::Return, ..) => BenefitStatus::Returned,
            What::Decided(Decision::Reject, ..) => BenefitStatus::Rejected,
            What::Withdrawn | What::Closed | What::Terminated(_) => BenefitStatus::Ended,
            What::Recertified(_, check) if check.passes() => BenefitStatus::Running,
            What::Suspended(_) | What::Recertified(..) => BenefitStatus::Suspended,
            What::Resumed => BenefitStatus::Running,
            What::Paid(_) | What::Collected(..) if self.paid() == usize::from(self.scheme.most_payments) => {
                BenefitStatus::Ended
            }
            What::Paid(_) | What::Collected(..) => BenefitStatus::Running,
            What::Sealed(_) | What::EmployerAgreed => self.before(latest).status(),
        }
    }

    /// Was it granted, and has it not ended?
    pub fn goes_on(self) -> bool {
        self.granted().is_some() && self.status() != BenefitStatus::Ended
    }

    /// The amount that a stage has set and that counts at the stage where the case is now: of this round, or of an earlier
    /// stage.
    pub fn set(self) -> Option<Balance> {
        let (stage, round) = (self.stage(), self.round());
        self.whats().rev().find_map(|what| match what {
            What::Decided(Decision::Accept, at, of, amount, _) if *at < stage || (*at, *of) == (stage, round) => {
                *amount
            }
            _ => None,
        })
    }

    /// A period's benefit or premium: by the form that was granted, and by later ones that pass, which no reviewer saw, only as
    /// far as they are to the beneficiary's disadvantage; before the grant what was set.
    pub fn amount(self) -> Balance {
        if self.granted().is_none() {
            return self.set().unwrap_or(0);
        }
        let worth = |form: &Form| self.family.worth(form, self.set()).expect("it was granted");
        let (granted, ..) = self.checked_forms().filter(|(_, _, anew)| !anew).last().expect("somebody applied");
        let later = self.checked_forms().filter(|(_, check, anew)| *anew && check.passes());
        let later = later.map(|(form, ..)| worth(form));
        match self.scheme.benefit {
            Benefit::Nothing => later.fold(worth(granted), Balance::max),
            _ => later.fold(worth(granted), Balance::min),
        }
    }

    /// Until when it may be paid; 0 for no end.
    pub fn certified_until(self) -> Millis {
        let months = self.scheme.recertify_months;
        let end = |at| if months == 0 { 0 } else { add_months(at, months) };
        let mut until = self.granted().map_or(0, end);
        for (at, _, what) in self.told {
            match what {
                What::Recertified(_, check) if check.passes() => until = end(*at),
                What::Recertified(..) => until = if until == 0 { *at } else { until.min(*at) },
                _ => {}
            }
        }
        until
    }

    pub fn is_certified(self, now: Millis) -> bool {
        self.certified_until() == 0 || now < self.certified_until()
    }

    /// When a period (from 1) is due.
    pub fn due(self, period: usize) -> Millis {
        let months = (period - 1) * usize::from(self.scheme.period_months);
        add_months(self.granted().expect("it was granted"), months.try_into().expect("few periods"))
    }

    /// From when on the latest rejection cannot be contested any more.
    pub fn end_of_appeals(self) -> Millis {
        let (_, at) = self.rejection().expect("it was rejected");
        at + u64::from(self.scheme.appeal_days) * DAY
    }

    /// The employer that agreed last, and to how much of each premium: what was its share then.
    pub fn agreed_employer(self) -> Option<(ParticipantId, Balance)> {
        let last = self.told.iter().rposition(|(_, _, what)| matches!(what, What::EmployerAgreed))?;
        Some((self.told[last].1, self.before(last).employers_share()))
    }

    /// What is the employer's of each premium: by the form, and once it is granted, of the premium that holds.
    pub fn employers_share(self) -> Balance {
        let share = self.scheme.employer_share;
        match self.form().employer {
            Some(_) if self.granted().is_some() => self.amount() * Balance::from(share) / 10_000,
            _ => premium(self.form(), share).map_or(0, |(_, employers)| employers),
        }
    }

    /// The record as it must be stored.
    pub fn record(self, case: &Case, previous: u64) -> BenefitCase {
        let amount = |amount: Balance| Amount::from_balance(amount).expect("an amount is small");
        let (decided_by, decided_at) = self.rejection().unwrap_or_default();
        // Whoever granted it stays in the record, as do those at a stage that has returned or rejected it.
        let accepted = self.acceptances(self.stage(), self.round()).iter().map(|(by, ..)| *by).collect();
        BenefitCase {
            scheme: case.scheme.try_into().expect("few schemes"),
            applicant: case.applicant,
            form: self.form().clone(),
            round: self.round().try_into().expect("few rounds"),
            stage: self.stage().try_into().expect("few stages"),
            accepted,
            status: self.status(),
            reasons: self.check().reasons,
            missing: self.check().missing,
            decided_by,
            decided_at,
            amount: amount(self.amount()),
            approved_at: self.granted().unwrap_or(0),
            paid: self.paid().try_into().expect("few payments"),
            certified_until: if self.granted().is_some() { self.certified_until() } else { 0 },
            appealed: self.has_appealed(),
            opened_at: self.told[0].0,
            previous,
            sum: amount(self.sum()),
        }
    }

    /// The history as it must be stored: all but payments.
    pub fn history(self) -> Vec<Entry> {
        let entries = (0..self.told.len()).filter_map(|at| {
            let after = self.before(at + 1);
            let (when, by, what) = &self.told[at];
            let (round, stage) = match what {
                What::Decided(_, stage, round, ..) => (*round, *stage),
                _ => (after.round(), after.stage()),
            };
            let (deed, amount, reason, document) = match what {
                What::Applied(..) | What::Supplemented(..) => (Deed::Applied, None, 0, None),
                What::Decided(Decision::Accept, _, _, amount, reason) => (Deed::Accepted, *amount, *reason, None),
                What::Decided(Decision::Return, _, _, _, reason) => (Deed::Returned, None, *reason, None),
                What::Decided(Decision::Reject, _, _, _, reason) => (Deed::Rejected, None, *reason, None),
                What::Appealed => (Deed::Appealed, None, 0, None),
                What::Withdrawn => (Deed::Withdrawn, None, 0, None),
                What::Closed => (Deed::Closed, None, 0, None),
                What::Sealed(cid) => (Deed::Sealed, None, 0, Some(*cid)),
                What::EmployerAgreed => (Deed::EmployerAgreed, None, 0, None),
                What::Suspended(reason) => (Deed::Suspended, None, *reason, None),
                What::Resumed => (Deed::Resumed, None, 0, None),
                What::Recertified(_, check) => (Deed::Recertified, check.passes().then(|| after.amount()), 0, None),
                What::Terminated(reason) => (Deed::Terminated, None, *reason, None),
                What::Paid(_) | What::Collected(..) => return None,
            };
            let (round, stage) = (round.try_into().expect("few"), stage.try_into().expect("few"));
            let status = after.status();
            Some(Entry { at: *when, by: *by, deed, round, stage, status, amount, reason, document })
        });
        entries.collect()
    }

    /// Does the stage that it is at set the amount?
    pub fn sets(self) -> bool {
        self.scheme.stages[self.stage()].action == Action::SetAmount
    }
}
