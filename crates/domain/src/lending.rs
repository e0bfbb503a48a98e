//! Lending: what a loan costs, what is due, who owes what.
//!
//! ```text
//!            mark_delinquent             mark_defaulted             write_off
//!   Active <-----------------> Delinquent -----------> Defaulted ----------> WrittenOff
//!      ^      repay what is overdue   |                    |                     |
//!      +------- reschedule -----------+--------------------+                     |
//!
//!   Active, Delinquent --repay--> Closed <--recover-- Defaulted, WrittenOff
//! ```
//! A loan is closed when nobody owes anything of it any more; Closed is final.
//!
//! - **Interest** is simple, on the outstanding principal, for each day (UTC) that passes, a day being 1/365 of a year
//!   (Actual/365 fixed). It is summed up exactly and rounded up once, so many small payments cost no more than one.
//!   Of a subsidised loan the financial department owes it, never the borrower (LoC, the interest refund event).
//! - **Due dates** are calendar months after the schedule's start, at its time of day. What is due must be paid
//!   *before* its due date. While the contract is paused, due dates move along; interest runs on.
//! - **Late fees** are flat, one for each due date that is still short when its days of grace are over.
//!
//! A record is behind the time since it was last stored; each function first brings it to the time of its clock, in a
//! few steps whatever that distance is.

mod annuity;
mod lateness;
mod loan;
mod payment;
mod product;
mod schedule;

pub use lateness::Due;
pub use loan::{Book, Clock, Loan, NewLoan, Owed};
pub use payment::Paid;
pub use product::{may_borrow_again, Product, ProductRefusal, Terms, MOST_MONTHS, MOST_RATE};
pub use schedule::Instalment;

use crate::{
    ids::{CampaignId, ParticipantId},
    money::{AmountError, Balance},
    time::Millis,
    wire,
};

wire! {
    /// How a loan is repaid.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Method {
        /// The same amount each month, interest and principal together.
        EqualInstalments,
        /// The same principal each month, and all interest by the last due date.
        EqualPrincipal,
        /// Everything on the last due date.
        Bullet,
    }
}

wire! {
    /// What a payment repays first, once fees are paid.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Order {
        /// Interest, then principal.
        InterestFirst,
        /// Principal, then interest.
        PrincipalFirst,
    }
}

wire! {
    /// Whose money it is.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Lender {
        /// A bank's.
        Bank(ParticipantId),
        /// That of a campaign's investors.
        Campaign(CampaignId),
    }
}

wire! {
    /// How a loan stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum LoanStatus {
        /// Being repaid.
        Active,
        /// A due date was missed, and its days of grace are over.
        Delinquent,
        /// It was missed for so long that the whole loan is called in.
        Defaulted,
        /// The lender expects no more; interest has stopped.
        WrittenOff,
        /// Nobody owes anything of it.
        Closed,
    }
}

wire! {
    /// Why something cannot be done with a loan.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum LoanRefusal {
        /// Not as it stands.
        WrongStatus {
            /// How it stands.
            status: LoanStatus,
        },
        /// The one who would pay owes nothing now.
        NothingOwed,
        /// No due date was missed for long enough.
        NotLate,
        /// Nobody pays the interest for the borrower.
        NotSubsidised,
        /// The department pays once the principal is repaid or the term is over.
        TooEarly {
            /// When the term is over (milliseconds).
            from: Millis,
        },
        /// The borrower had such a loan not long enough ago.
        TooSoon {
            /// From when another is possible (milliseconds); the end of time: never.
            from: Millis,
        },
        /// It cannot run for so many months.
        BadMonths {
            /// The most; the least is 1.
            most: u16,
            /// What was asked for.
            wanted: u16,
        },
        /// The amount is not possible.
        Amount(AmountError),
    }
}

impl From<AmountError> for LoanRefusal {
    fn from(error: AmountError) -> Self {
        Self::Amount(error)
    }
}

impl Order {
    /// How much of `amount` repays interest and how much principal, of which so much is owed.
    fn split(self, amount: Balance, interest: Balance, principal: Balance) -> (Balance, Balance) {
        match self {
            Self::InterestFirst => {
                let first = amount.min(interest);
                (first, amount.saturating_sub(first).min(principal))
            }
            Self::PrincipalFirst => {
                let first = amount.min(principal);
                (amount.saturating_sub(first).min(interest), first)
            }
        }
    }
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
