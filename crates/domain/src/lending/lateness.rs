//! Due dates: which are over, which were met, what missing one costs.
//!
//! What a schedule asks for grows from date to date, so dates are met in their order, and numbers of dates say it all.

use super::{loan::held, Book, Clock, Loan, LoanRefusal, LoanStatus, Method, Owed};
use crate::{
    calendar::{add_months, months_since},
    money::Balance,
    time::{after, Millis, DAY},
    wire,
};

wire! {
    /// What is to be paid of a loan, as it is shown.
    #[derive(Copy)]
    pub struct Due {
        /// Late fees that the borrower owes.
        pub fees: Balance,
        /// Interest that the borrower owes, due or not.
        pub interest: Balance,
        /// Principal that the borrower owes, due or not.
        pub principal: Balance,
        /// Interest that is owed for the borrower.
        pub subsidy: Balance,
        /// How much interest and principal should have been paid by now.
        pub overdue: Balance,
        /// The next due date that asks for more than was paid (milliseconds); pauses move it.
        pub next_due: Option<Millis>,
        /// The earliest due date that was missed (milliseconds), if anything is overdue.
        pub late_from: Option<Millis>,
    }
}

impl Loan {
    /// What is to be paid, and when.
    ///
    /// # Errors
    /// `Amount` if the record contradicts itself.
    pub fn due(&self, clock: &Clock) -> Result<Due, LoanRefusal> {
        let owed = self.owed(clock)?;
        let (over, met) = (self.dates_over(0, clock), self.dates_met(&owed));
        let next = over.max(met).saturating_add(1);
        Ok(Due {
            fees: owed.fees.balance(),
            interest: owed.interest.balance(),
            principal: owed.principal.balance(),
            subsidy: owed.subsidy.balance(),
            overdue: self.missing(over, &owed),
            next_due: (next <= self.months).then(|| self.due_date(next, clock)),
            late_from: (met < over).then(|| self.due_date(met.saturating_add(1), clock)),
        })
    }

    /// How many due dates were missed at least so many days ago. The book must be at the time of the clock.
    pub(super) fn dates_missed(&self, days: u16, clock: &Clock) -> Result<u16, LoanRefusal> {
        Ok(self.dates_over(days, clock).saturating_sub(self.dates_met(&self.owed_in_book()?)))
    }

    /// Charges the late fee of each due date that is still short after its days of grace, once. Nothing was paid since
    /// the book was last brought to some time, so what is short now was short then.
    pub(super) fn judged(self, clock: &Clock) -> Result<Self, LoanRefusal> {
        if !matches!(self.status, LoanStatus::Active | LoanStatus::Delinquent) {
            return Ok(self);
        }
        let over = self.dates_over(self.terms.grace_days, clock);
        let met = self.dates_met(&self.owed_in_book()?);
        let fresh = over.saturating_sub(met.max(self.book.judged));
        let fees = self.terms.late_fee.balance().saturating_mul(fresh.into());
        let book = Book {
            fees_charged: held(self.book.fees_charged.balance().saturating_add(fees)),
            judged: self.book.judged.max(over),
            ..self.book
        };
        Ok(Self { book, ..self })
    }

    /// The last due date, by which everything is to be paid.
    pub(super) fn last_due_date(&self, clock: &Clock) -> Millis {
        self.due_date(self.months, clock)
    }

    /// How many due dates have come at least so many days ago; time during pauses does not count.
    fn dates_over(&self, days: u16, clock: &Clock) -> u16 {
        let waited = DAY.saturating_mul(days.into()).saturating_add(self.paused(clock));
        months_since(self.schedule_from, clock.now.saturating_sub(waited)).min(self.months)
    }

    /// Due date 1, 2 .., later by the pauses until now.
    fn due_date(&self, number: u16, clock: &Clock) -> Millis {
        after(add_months(self.schedule_from, number), self.paused(clock))
    }

    /// For how long the contract was paused since the schedule began.
    fn paused(&self, clock: &Clock) -> Millis {
        clock.pauses.saturating_sub(self.pauses)
    }

    /// How many due dates, passed or not, ask for no more than was paid.
    fn dates_met(&self, owed: &Owed) -> u16 {
        if owed.without_fees() == 0 {
            return self.months;
        }
        // The last one asks for everything.
        let others = self.months.saturating_sub(1);
        if self.in_instalments(owed) == 0 {
            return others;
        }
        let met = self.book.counted.balance().checked_div(self.instalment.balance());
        met.and_then(|met| u16::try_from(met).ok()).map_or(others, |met| met.min(others))
    }

    /// What is still to be paid for due date `number` and all before it.
    fn missing(&self, number: u16, owed: &Owed) -> Balance {
        if number >= self.months {
            return owed.without_fees();
        }
        let asked = self.instalment.balance().saturating_mul(number.into());
        asked.saturating_sub(self.book.counted.balance()).min(self.in_instalments(owed))
    }

    /// The part of what is owed that instalments ask for before the last due date.
    fn in_instalments(&self, owed: &Owed) -> Balance {
        match self.terms.method {
            Method::EqualInstalments => owed.without_fees(),
            Method::EqualPrincipal => owed.principal.balance(),
            Method::Bullet => 0,
        }
    }
}
