//! A plain model of a loan: interest day by day in big integers, due dates one by one from a library's calendar, late
//! fees at the moment when they are incurred, a list of all payments.

use super::{annuity::equal_instalment, *};
use crate::{
    money::Amount,
    time::{day_of, DAY},
};
use chrono::{DateTime, Months};
use num_bigint::BigUint;

pub struct Payment {
    pub fees: u128,
    pub interest: u128,
    pub principal: u128,
    pub subsidy: u128,
    /// Was it made before the present schedule began?
    earlier: bool,
}

pub struct Model {
    pub terms: Terms,
    principal: u128,
    payments: Vec<Payment>,
    accrued: BigUint,
    fees: u128,
    pub status: LoanStatus,
    pub now: Millis,
    pub pauses: Millis,
    // The present schedule.
    pub dates: Vec<Millis>,
    base: u128,
    pub instalment: u128,
    pauses_before: Millis,
    judged: usize,
}

fn after_months(from: Millis, months: usize) -> Millis {
    let from = DateTime::from_timestamp_millis(from.try_into().unwrap()).unwrap();
    let months = Months::new(months.try_into().unwrap());
    from.checked_add_months(months).unwrap().timestamp_millis().try_into().unwrap()
}

impl Model {
    pub fn open(principal: u64, months: u16, terms: Terms, clock: Clock) -> Self {
        let mut model = Self {
            terms,
            principal: principal.into(),
            payments: Vec::new(),
            accrued: BigUint::ZERO,
            fees: 0,
            status: LoanStatus::Active,
            now: clock.now,
            pauses: clock.pauses,
            dates: Vec::new(),
            base: 0,
            instalment: 0,
            pauses_before: 0,
            judged: 0,
        };
        model.schedule(months);
        model
    }

    pub fn clock(&self) -> Clock {
        Clock { now: self.now, pauses: self.pauses }
    }

    fn schedule(&mut self, months: u16) {
        self.dates = (1..=months.into()).map(|number| after_months(self.now, number)).collect();
        self.base = self.outstanding();
        self.instalment = match self.terms.method {
            Method::Bullet => 0,
            Method::EqualInstalments if !self.terms.subsidised => {
                let base = Amount::from_balance(self.base).unwrap();
                equal_instalment(base, self.terms.rate, months).unwrap().balance()
            }
            _ => self.base.div_ceil(months.into()),
        };
        self.pauses_before = self.pauses;
        self.judged = 0;
        self.status = LoanStatus::Active;
        self.payments.iter_mut().for_each(|payment| payment.earlier = true);
    }

    pub fn sum(&self, part: impl Fn(&Payment) -> u128) -> u128 {
        self.payments.iter().map(part).sum()
    }

    fn outstanding(&self) -> u128 {
        self.principal - self.sum(|payment| payment.principal)
    }

    /// Fees, interest, principal, subsidy.
    pub fn owed(&self) -> [u128; 4] {
        let accrued: u128 = ((&self.accrued + 3_649_999u32) / 3_650_000u32).try_into().unwrap();
        let (interest, subsidy) = if self.terms.subsidised { (0, accrued) } else { (accrued, 0) };
        [
            self.fees - self.sum(|payment| payment.fees),
            interest - self.sum(|payment| payment.interest),
            self.outstanding(),
            subsidy - self.sum(|payment| payment.subsidy),
        ]
    }

    /// What due date `at` (from 0) and those before it still ask for.
    fn short(&self, at: usize) -> u128 {
        let [_, interest, principal, _] = self.owed();
        let all = interest + principal;
        let present = |payment: &Payment| u128::from(!payment.earlier);
        let asked = self.instalment * (at as u128 + 1);
        if at + 1 == self.dates.len() {
            return all;
        }
        match self.terms.method {
            Method::EqualInstalments => {
                let counted = self.sum(|payment| present(payment) * (payment.interest + payment.principal));
                asked.min(counted + all).saturating_sub(counted)
            }
            Method::EqualPrincipal => {
                let counted = self.sum(|payment| present(payment) * payment.principal);
                asked.min(self.base).saturating_sub(counted)
            }
            Method::Bullet => 0,
        }
    }

    /// The due dates that have come so many days ago and are still short.
    fn missed(&self, days: u16) -> Vec<usize> {
        let is_over = |at: &usize| self.moment(*at, days) <= self.now;
        (0..self.dates.len()).filter(is_over).filter(|at| self.short(*at) > 0).collect()
    }

    /// When a due date was so many days ago, by the pauses until now.
    pub fn moment(&self, at: usize, days: u16) -> Millis {
        self.dates[at] + DAY * Millis::from(days) + (self.pauses - self.pauses_before)
    }

    pub fn is_alive(&self) -> bool {
        matches!(self.status, LoanStatus::Active | LoanStatus::Delinquent)
    }

    /// Lets time pass, not paused.
    pub fn pass(&mut self, until: Millis) {
        while self.judged < self.dates.len() && self.is_alive() {
            let end_of_grace = self.moment(self.judged, self.terms.grace_days);
            if end_of_grace > until {
                break;
            }
            self.accrue(end_of_grace);
            if self.short(self.judged) > 0 {
                self.fees += self.terms.late_fee.balance();
            }
            self.judged += 1;
        }
        self.accrue(until);
    }

    pub fn accrue(&mut self, until: Millis) {
        for _ in day_of(self.now)..day_of(until) {
            if self.status != LoanStatus::WrittenOff {
                self.accrued += BigUint::from(self.outstanding()) * self.terms.rate;
            }
        }
        self.now = self.now.max(until);
    }

    fn pay(&mut self, fees: u128, interest: u128, principal: u128, subsidy: u128) {
        self.payments.push(Payment { fees, interest, principal, subsidy, earlier: false });
        if self.owed() == [0; 4] {
            self.status = LoanStatus::Closed;
        } else if self.status == LoanStatus::Delinquent && self.missed(0).is_empty() {
            self.status = LoanStatus::Active;
        }
    }

    fn wrong(&self) -> LoanRefusal {
        LoanRefusal::WrongStatus { status: self.status }
    }

    /// `repay` if the loan is alive, `recover` if it was called in.
    pub fn receive(&mut self, amount: u128, called_in: bool) -> Result<[u128; 3], LoanRefusal> {
        if self.status == LoanStatus::Closed || self.is_alive() == called_in {
            return Err(self.wrong());
        }
        if amount == 0 {
            return Err(LoanRefusal::Amount(AmountError::Zero));
        }
        let owed = self.owed();
        if owed[..3] == [0; 3] {
            return Err(LoanRefusal::NothingOwed);
        }
        let order = match (called_in, self.terms.order) {
            (true, _) => [2, 1, 0],
            (false, Order::InterestFirst) => [0, 1, 2],
            (false, Order::PrincipalFirst) => [0, 2, 1],
        };
        let (mut rest, mut paid) = (amount, [0; 3]);
        for part in order {
            paid[part] = rest.min(owed[part]);
            rest -= paid[part];
        }
        self.pay(paid[0], paid[1], paid[2], 0);
        Ok(paid)
    }

    pub fn refund(&mut self) -> Result<u128, LoanRefusal> {
        let [_, _, principal, subsidy] = self.owed();
        let from = self.moment(self.dates.len() - 1, 0);
        if !self.terms.subsidised {
            return Err(LoanRefusal::NotSubsidised);
        }
        if self.status == LoanStatus::Closed {
            return Err(self.wrong());
        }
        if principal > 0 && self.now < from {
            return Err(LoanRefusal::TooEarly { from });
        }
        if subsidy == 0 {
            return Err(LoanRefusal::NothingOwed);
        }
        self.pay(0, 0, 0, subsidy);
        Ok(subsidy)
    }

    pub fn mark(&mut self, from: LoanStatus, to: LoanStatus, days: Option<u16>) -> Result<(), LoanRefusal> {
        if self.status != from {
            return Err(self.wrong());
        }
        if days.is_some_and(|days| self.missed(days).is_empty()) {
            return Err(LoanRefusal::NotLate);
        }
        self.status = to;
        Ok(())
    }

    pub fn reschedule(&mut self, wanted: u16) -> Result<(), LoanRefusal> {
        if matches!(self.status, LoanStatus::WrittenOff | LoanStatus::Closed) {
            return Err(self.wrong());
        }
        if self.owed()[..3] == [0; 3] {
            return Err(LoanRefusal::NothingOwed);
        }
        if wanted == 0 || wanted > 480 {
            return Err(LoanRefusal::BadMonths { most: 480, wanted });
        }
        self.schedule(wanted);
        Ok(())
    }

    pub fn due(&self) -> Due {
        let [fees, interest, principal, subsidy] = self.owed();
        let missed = self.missed(0);
        let date = |at: usize| self.moment(at, 0);
        let next = (0..self.dates.len()).find(|at| date(*at) > self.now && self.short(*at) > 0);
        Due {
            fees,
            interest,
            principal,
            subsidy,
            overdue: missed.iter().map(|at| self.short(*at)).max().unwrap_or(0),
            next_due: next.map(date),
            late_from: missed.first().copied().map(date),
        }
    }
}
