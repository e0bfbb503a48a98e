//! The plan of repayment, as it is shown.

use super::{
    loan::{interest_of, UNIT},
    Loan, Method, Order,
};
use crate::{
    calendar::add_months,
    money::Balance,
    time::{day_of, Millis},
    wire,
};
use alloc::vec::Vec;

wire! {
    /// What the borrower is expected to pay on one due date.
    #[derive(Copy)]
    pub struct Instalment {
        /// Which due date: 1, 2 ..
        pub number: u16,
        /// When (milliseconds), if the contract is not paused before.
        pub due: Millis,
        /// For principal.
        pub principal: Balance,
        /// For interest.
        pub interest: Balance,
    }
}

impl Loan {
    /// The present schedule, if everything is paid on its due date: at most `limit` instalments after the first
    /// `start`. All principal parts together are what was outstanding when it began. Fees, and interest that was owed
    /// already then, are not in it.
    pub fn schedule(&self, start: u16, limit: u16) -> Vec<Instalment> {
        let end = start.saturating_add(limit).min(self.months);
        let mut rows = Vec::new();
        let (mut outstanding, mut accrued, mut interest_paid) = (self.base.balance(), 0u128, 0);
        let mut day = day_of(self.schedule_from);
        // From the first on even for a later page, since each follows from the one before; there are at most 480.
        for number in 1..=end {
            let due = add_months(self.schedule_from, number);
            let days = day_of(due).saturating_sub(day);
            day = day_of(due);
            accrued = accrued.saturating_add(interest_of(outstanding, self.borrowers_rate(), days));
            let owed = accrued.div_ceil(UNIT).saturating_sub(interest_paid);
            let asked = self.instalment.balance();
            let (interest, principal) = match self.terms.method {
                _ if number == self.months => (owed, outstanding),
                Method::Bullet => (0, 0),
                // To repay principal, interest must be paid before it.
                Method::EqualPrincipal if self.terms.order == Order::InterestFirst => (owed, asked.min(outstanding)),
                Method::EqualPrincipal | Method::EqualInstalments => self.terms.order.split(asked, owed, outstanding),
            };
            outstanding = outstanding.saturating_sub(principal);
            interest_paid = interest_paid.saturating_add(interest);
            if number > start {
                rows.push(Instalment { number, due, principal, interest });
            }
        }
        rows
    }
}
