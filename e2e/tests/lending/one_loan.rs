//! A plain model of one loan: interest day by day, due dates one by one.

use amanah_domain::{
    calendar::add_months,
    lending::Clock,
    time::{day_of, Millis, DAY},
};
use amanah_interfaces::{
    loan::{Due, LoanRefusal, LoanStatus, Method, Order},
    Balance,
};

/// A day's interest is principal x basis points of this.
const UNIT: Balance = 3_650_000;

#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub rate: u32,
    pub method: Method,
    pub order: Order,
    pub grace_days: u16,
    pub late_fee: Balance,
    pub default_after_days: u16,
    pub subsidised: bool,
}

#[derive(Clone, Debug)]
pub struct Loan {
    pub rules: Rules,
    pub principal: Balance,
    pub months: u16,
    pub instalment: Balance,
    /// When the present schedule began, and for how long the contract had been paused by then.
    since: Millis,
    pauses: Millis,
    /// Fees, interest and principal by the borrower, interest by the department.
    pub paid: [Balance; 4],
    fees: Balance,
    accrued: Balance,
    /// Towards the present schedule.
    counted: Balance,
    judged: u16,
    pub status: LoanStatus,
}

impl Loan {
    pub fn open(rules: Rules, principal: Balance, months: u16, clock: &Clock) -> Self {
        let mut loan = Self {
            rules,
            principal,
            months,
            instalment: 0,
            since: clock.now,
            pauses: clock.pauses,
            paid: [0; 4],
            fees: 0,
            accrued: 0,
            counted: 0,
            judged: 0,
            status: LoanStatus::Active,
        };
        loan.begin(months, clock);
        loan
    }

    fn begin(&mut self, months: u16, clock: &Clock) {
        (self.months, self.since, self.pauses) = (months, clock.now, clock.pauses);
        (self.counted, self.judged, self.status) = (0, 0, LoanStatus::Active);
        let left = self.owed()[2];
        self.instalment = match self.rules.method {
            Method::Bullet => 0,
            Method::EqualInstalments if !self.rules.subsidised => annuity(left, self.rules.rate, months),
            _ => left.div_ceil(months.into()),
        };
    }

    /// The instalment that the chain says: equal ones may be one too large (and no more), by rounding.
    pub fn adopt(&mut self, instalment: Balance) {
        let spare = if self.rules.method == Method::EqualInstalments { 1 } else { 0 };
        assert!((self.instalment..=self.instalment + spare).contains(&instalment), "{instalment} of {self:?}");
        self.instalment = instalment;
    }

    /// Fees, interest and principal by the borrower, interest by the department.
    pub fn owed(&self) -> [Balance; 4] {
        let interest = self.accrued.div_ceil(UNIT);
        let (borrowers, departments) = if self.rules.subsidised { (0, interest) } else { (interest, 0) };
        let costs = [self.fees, borrowers, self.principal, departments];
        [0, 1, 2, 3].map(|at| costs[at] - self.paid[at])
    }

    pub fn by_borrower(&self) -> Balance {
        self.owed()[..3].iter().sum()
    }

    /// Time passes from `from` until now.
    pub fn passes(&mut self, from: Millis, clock: &Clock) {
        for _ in day_of(from)..day_of(clock.now) {
            if self.status != LoanStatus::WrittenOff {
                self.accrued += self.owed()[2] * Balance::from(self.rules.rate);
            }
        }
        if ![LoanStatus::Active, LoanStatus::Delinquent].contains(&self.status) {
            return;
        }
        let over = self.over(self.rules.grace_days, clock);
        for number in self.judged + 1..=over {
            if self.asks(number) > 0 {
                self.fees += self.rules.late_fee;
            }
        }
        self.judged = self.judged.max(over);
    }

    /// A due date, moved by the pauses since the schedule began.
    pub fn date(&self, number: u16, clock: &Clock) -> Millis {
        add_months(self.since, number) + (clock.pauses - self.pauses)
    }

    /// How many due dates came at least so many days ago.
    fn over(&self, days: u16, clock: &Clock) -> u16 {
        let is_over = |number: &u16| self.date(*number, clock) + u64::from(days) * DAY <= clock.now;
        (1..=self.months).take_while(is_over).last().unwrap_or(0)
    }

    /// What is still to be paid for due date `number` and all before it; the last one asks for everything but fees.
    fn asks(&self, number: u16) -> Balance {
        let [_, interest, principal, _] = self.owed();
        let in_instalments = match self.rules.method {
            Method::EqualInstalments => interest + principal,
            Method::EqualPrincipal => principal,
            Method::Bullet => 0,
        };
        match number {
            0 => 0,
            last if last == self.months => interest + principal,
            number => (Balance::from(number) * self.instalment).saturating_sub(self.counted).min(in_instalments),
        }
    }

    /// The first date that asks for something, if any does.
    pub fn first_unmet(&self) -> Option<u16> {
        (1..=self.months).find(|number| self.asks(*number) > 0)
    }

    fn missed(&self, days: u16, clock: &Clock) -> bool {
        self.first_unmet().is_some_and(|number| number <= self.over(days, clock))
    }

    pub fn due(&self, clock: &Clock) -> Due {
        let ([fees, interest, principal, subsidy], over) = (self.owed(), self.over(0, clock));
        let unmet = |from: u16| (from..=self.months).find(|number| self.asks(*number) > 0);
        Due {
            fees,
            interest,
            principal,
            subsidy,
            overdue: self.asks(over),
            next_due: unmet(over + 1).map(|number| self.date(number, clock)),
            late_from: unmet(1).filter(|number| *number <= over).map(|number| self.date(number, clock)),
        }
    }

    fn must_be(&self, wanted: &[LoanStatus]) -> Result<(), LoanRefusal> {
        let status = self.status;
        wanted.contains(&status).then_some(()).ok_or(LoanRefusal::WrongStatus { status })
    }

    pub fn repay(&mut self, amount: Balance, clock: &Clock) -> Result<[Balance; 3], LoanRefusal> {
        self.must_be(&[LoanStatus::Active, LoanStatus::Delinquent])?;
        let order = match self.rules.order {
            Order::InterestFirst => [0, 1, 2],
            Order::PrincipalFirst => [0, 2, 1],
        };
        self.pay(amount, order, clock)
    }

    pub fn recover(&mut self, amount: Balance, clock: &Clock) -> Result<[Balance; 3], LoanRefusal> {
        self.must_be(&[LoanStatus::Defaulted, LoanStatus::WrittenOff])?;
        self.pay(amount, [2, 1, 0], clock)
    }

    /// Pays fees (0), interest (1) and principal (2) in this order.
    fn pay(&mut self, amount: Balance, order: [usize; 3], clock: &Clock) -> Result<[Balance; 3], LoanRefusal> {
        if self.by_borrower() == 0 {
            return Err(LoanRefusal::NothingOwed);
        }
        let (mut left, mut parts) = (amount, [0; 3]);
        for at in order {
            parts[at] = left.min(self.owed()[at]);
            self.paid[at] += parts[at];
            left -= parts[at];
        }
        self.counted += match self.rules.method {
            Method::EqualInstalments => parts[1] + parts[2],
            Method::EqualPrincipal | Method::Bullet => parts[2],
        };
        self.settle(clock);
        Ok(parts)
    }

    fn settle(&mut self, clock: &Clock) {
        if self.owed() == [0; 4] {
            self.status = LoanStatus::Closed;
        } else if self.status == LoanStatus::Delinquent && !self.missed(0, clock) {
            self.status = LoanStatus::Active;
        }
    }

    /// The department pays the interest of a subsidised loan.
    pub fn refund(&mut self, clock: &Clock) -> Result<Balance, LoanRefusal> {
        if self.status == LoanStatus::Closed {
            return Err(LoanRefusal::WrongStatus { status: self.status });
        }
        let ([_, _, principal, subsidy], from) = (self.owed(), self.date(self.months, clock));
        if principal > 0 && clock.now < from {
            return Err(LoanRefusal::TooEarly { from });
        }
        if subsidy == 0 {
            return Err(LoanRefusal::NothingOwed);
        }
        self.paid[3] += subsidy;
        self.settle(clock);
        Ok(subsidy)
    }

    pub fn mark_delinquent(&mut self, clock: &Clock) -> Result<(), LoanRefusal> {
        self.must_be(&[LoanStatus::Active])?;
        self.mark(LoanStatus::Delinquent, self.missed(self.rules.grace_days, clock))
    }

    pub fn mark_defaulted(&mut self, clock: &Clock) -> Result<(), LoanRefusal> {
        self.must_be(&[LoanStatus::Delinquent])?;
        self.mark(LoanStatus::Defaulted, self.missed(self.rules.default_after_days, clock))
    }

    pub fn write_off(&mut self) -> Result<(), LoanRefusal> {
        self.must_be(&[LoanStatus::Defaulted])?;
        self.mark(LoanStatus::WrittenOff, true)
    }

    fn mark(&mut self, status: LoanStatus, may: bool) -> Result<(), LoanRefusal> {
        if !may {
            return Err(LoanRefusal::NotLate);
        }
        self.status = status;
        Ok(())
    }

    pub fn reschedule(&mut self, months: u16, clock: &Clock) -> Result<(), LoanRefusal> {
        self.must_be(&[LoanStatus::Active, LoanStatus::Delinquent, LoanStatus::Defaulted])?;
        if self.by_borrower() == 0 {
            return Err(LoanRefusal::NothingOwed);
        }
        if !(1..=480).contains(&months) {
            return Err(LoanRefusal::BadMonths { most: 480, wanted: months });
        }
        self.begin(months, clock);
        Ok(())
    }
}

/// The smallest instalment that repays `principal`, in exact fractions: for up to six months and 2,000.
fn annuity(principal: Balance, rate: u32, months: u16) -> Balance {
    let (whole, rate) = (120_000u128, Balance::from(rate));
    let (grown, flat) = ((whole + rate).pow(months.into()), whole.pow(months.into()));
    (principal * rate * grown).div_ceil(whole * (grown - flat))
}
