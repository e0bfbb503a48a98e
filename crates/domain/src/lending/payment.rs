//! Payments: by the borrower, from what is left of a defaulted loan, and of the interest by the financial department.

use super::{loan::held, Book, Clock, Loan, LoanRefusal, LoanStatus, Method, Order};
use crate::{
    money::{Amount, AmountError, Balance},
    time::is_before,
    wire,
};

wire! {
    /// How a payment was used.
    #[derive(Copy)]
    pub struct Paid {
        /// For late fees.
        pub fees: Amount,
        /// For interest.
        pub interest: Amount,
        /// For principal.
        pub principal: Amount,
    }
}

impl Paid {
    /// How much was taken: no more than was given.
    pub fn total(&self) -> Balance {
        self.fees.balance().saturating_add(self.interest.balance()).saturating_add(self.principal.balance())
    }
}

impl Loan {
    /// The borrower, or somebody for him, pays: fees first, then interest and principal in the order of the terms. No
    /// more is taken than the borrower owes. A delinquent loan becomes active when nothing is overdue any more.
    ///
    /// # Errors
    /// `WrongStatus` unless Active or Delinquent (see [`Loan::recover`]), `Amount` (`Zero`), `NothingOwed`.
    pub fn repay(self, amount: Amount, clock: &Clock) -> Result<(Self, Paid), LoanRefusal> {
        self.must_be(&[LoanStatus::Active, LoanStatus::Delinquent])?;
        let loan = self.brought_to(clock)?;
        let fees = amount.min(loan.owed_in_book()?.fees);
        let order = loan.terms.order;
        loan.paid(amount, fees, order, clock)
    }

    /// Something is got back of a loan that was called in: it repays principal, then interest, then fees.
    ///
    /// # Errors
    /// `WrongStatus` unless Defaulted or WrittenOff, `Amount` (`Zero`), `NothingOwed`.
    pub fn recover(self, amount: Amount, clock: &Clock) -> Result<(Self, Paid), LoanRefusal> {
        self.must_be(&[LoanStatus::Defaulted, LoanStatus::WrittenOff])?;
        let loan = self.brought_to(clock)?;
        let owed = loan.owed_in_book()?;
        let rest = amount.balance().saturating_sub(owed.without_fees());
        let fees = Amount::from_balance(rest)?.min(owed.fees);
        loan.paid(amount, fees, Order::PrincipalFirst, clock)
    }

    /// The interest of a subsidised loan is paid for the borrower: all that is owed, which is the second value. This is
    /// possible when the principal is repaid or the term is over (LoC, the interest refund event).
    ///
    /// # Errors
    /// `NotSubsidised`, `WrongStatus` if Closed, `TooEarly`, `NothingOwed`.
    pub fn refund_interest(self, clock: &Clock) -> Result<(Self, Amount), LoanRefusal> {
        if !self.terms.subsidised {
            return Err(LoanRefusal::NotSubsidised);
        }
        if self.status == LoanStatus::Closed {
            return Err(LoanRefusal::WrongStatus { status: self.status });
        }
        let loan = self.brought_to(clock)?;
        let owed = loan.owed_in_book()?;
        let from = loan.last_due_date(clock);
        if !owed.principal.is_zero() && is_before(clock.now, from) {
            return Err(LoanRefusal::TooEarly { from });
        }
        if owed.subsidy.is_zero() {
            return Err(LoanRefusal::NothingOwed);
        }
        let book = Book { subsidy_paid: loan.book.subsidy_paid.plus(owed.subsidy)?, ..loan.book };
        Ok((Self { book, ..loan }.settled(clock)?, owed.subsidy))
    }

    /// Books a payment of which so much is for fees.
    fn paid(self, amount: Amount, fees: Amount, order: Order, clock: &Clock) -> Result<(Self, Paid), LoanRefusal> {
        let owed = self.owed_in_book()?;
        if amount.is_zero() {
            return Err(AmountError::Zero.into());
        }
        if owed.by_borrower() == 0 {
            return Err(LoanRefusal::NothingOwed);
        }
        let (interest, principal) =
            order.split(amount.minus(fees)?.balance(), owed.interest.balance(), owed.principal.balance());
        let paid =
            Paid { fees, interest: Amount::from_balance(interest)?, principal: Amount::from_balance(principal)? };
        let counted = match self.terms.method {
            Method::EqualInstalments => interest.saturating_add(principal),
            Method::EqualPrincipal | Method::Bullet => principal,
        };
        let book = Book {
            principal_paid: self.book.principal_paid.plus(paid.principal)?,
            interest_paid: self.book.interest_paid.plus(paid.interest)?,
            fees_paid: self.book.fees_paid.plus(paid.fees)?,
            counted: held(self.book.counted.balance().saturating_add(counted)),
            ..self.book
        };
        Ok((Self { book, ..self }.settled(clock)?, paid))
    }

    /// Closed if nobody owes anything, active again if it was only late and nothing is overdue.
    fn settled(self, clock: &Clock) -> Result<Self, LoanRefusal> {
        let status = if self.owed_in_book()?.is_nothing() {
            LoanStatus::Closed
        } else if self.status == LoanStatus::Delinquent && self.dates_missed(0, clock)? == 0 {
            LoanStatus::Active
        } else {
            self.status
        };
        Ok(Self { status, ..self })
    }
}
