//! A loan's record, what is owed of it, and the steps in which no money moves.

use super::{annuity::equal_instalment, Lender, LoanRefusal, LoanStatus, Method, Terms, MOST_MONTHS};
use crate::{
    ids::{LoanId, ParticipantId, ProductId},
    money::{Amount, AmountError, Balance},
    time::{day_of, Millis},
    wire,
};

/// What interest is summed up in: principal x basis points x days. So much is one unit of money.
pub(super) const UNIT: u128 = 10_000 * 365;
/// Where interest stops growing: at the largest amount, see [`held`].
const MOST_ACCRUED: u128 = UNIT * u64::MAX as u128;

/// The time, as a loan sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The time (milliseconds).
    pub now: Millis,
    /// For how long the contract has been paused in all until now, with the present pause (milliseconds).
    pub pauses: Millis,
}

wire! {
    /// A loan, as it is stored.
    pub struct Loan {
        /// Who borrows.
        pub borrower: ParticipantId,
        /// Whose money it is.
        pub lender: Lender,
        /// The bank that issued the money, and in whose money it is repaid.
        pub issuer: ParticipantId,
        /// The product; 0 for none.
        pub product: ProductId,
        /// Who owes the interest instead of the borrower; 0: nobody does.
        pub subsidised_by: ParticipantId,
        /// What was lent.
        pub principal: Amount,
        /// What it costs.
        pub terms: Terms,
        /// How many due dates the present schedule has.
        pub months: u16,
        /// What each due date asks for; 0 if everything is due on the last.
        pub instalment: Amount,
        /// When it was lent (milliseconds).
        pub started: Millis,
        /// When the present schedule began (milliseconds).
        pub schedule_from: Millis,
        /// The principal that was outstanding then.
        pub base: Amount,
        /// For how long the contract had been paused in all until then (milliseconds).
        pub pauses: Millis,
        /// What was paid and what accrued.
        pub book: Book,
        /// How it stands.
        pub status: LoanStatus,
        /// The next older loan in the borrower's list; 0 for none.
        pub previous: LoanId,
    }
}

wire! {
    /// What was paid of a loan and what it cost, until the day `accrued_to`.
    #[derive(Copy, Default)]
    pub struct Book {
        /// Principal that was repaid.
        pub principal_paid: Amount,
        /// Interest that the borrower paid.
        pub interest_paid: Amount,
        /// Fees that were paid.
        pub fees_paid: Amount,
        /// Interest that was paid for the borrower.
        pub subsidy_paid: Amount,
        /// Fees that were charged.
        pub fees_charged: Amount,
        /// What was paid towards the present schedule: principal, and with equal instalments interest too.
        pub counted: Amount,
        /// Interest, paid or not: the sum of outstanding principal x rate (basis points) x days.
        pub accrued: u128,
        /// Until the beginning of which day (since 1970, UTC) interest is in `accrued`.
        pub accrued_to: u32,
        /// How many due dates were judged: their late fees, if any, are charged.
        pub judged: u16,
    }
}

wire! {
    /// What is owed of a loan now, whether due yet or not.
    #[derive(Copy)]
    pub struct Owed {
        /// Late fees, by the borrower.
        pub fees: Amount,
        /// Interest, by the borrower.
        pub interest: Amount,
        /// Principal, by the borrower.
        pub principal: Amount,
        /// Interest, by the one who pays it for the borrower.
        pub subsidy: Amount,
    }
}

/// What a loan begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLoan {
    /// Who borrows.
    pub borrower: ParticipantId,
    /// Whose money it is.
    pub lender: Lender,
    /// The bank that issued the money.
    pub issuer: ParticipantId,
    /// The product; 0 for none.
    pub product: ProductId,
    /// Who owes the interest if the terms are subsidised; not read otherwise.
    pub subsidised_by: ParticipantId,
    /// What is lent.
    pub principal: Amount,
    /// What it costs; [`Terms::checked`].
    pub terms: Terms,
    /// In how many months it is to be repaid.
    pub months: u16,
    /// The next older loan in the borrower's list; 0 for none.
    pub previous: LoanId,
    /// When it is lent.
    pub clock: Clock,
}

/// The interest on a principal for so many days, in [`UNIT`]ths of money.
pub(super) fn interest_of(principal: Balance, rate: u32, days: u32) -> u128 {
    principal.saturating_mul(rate.into()).saturating_mul(days.into())
}

/// The amount, held at the largest: a sum that outgrew it must not leave a loan that nothing can be done with.
pub(super) fn held(value: Balance) -> Amount {
    Amount::from_balance(value).unwrap_or(Amount::MAX)
}

impl Owed {
    /// What the borrower owes of interest and principal.
    pub fn without_fees(&self) -> Balance {
        self.interest.balance().saturating_add(self.principal.balance())
    }

    /// What the borrower owes.
    pub fn by_borrower(&self) -> Balance {
        self.without_fees().saturating_add(self.fees.balance())
    }

    /// Does nobody owe anything?
    pub fn is_nothing(&self) -> bool {
        self.by_borrower() == 0 && self.subsidy.is_zero()
    }
}

impl Loan {
    /// A loan that begins now.
    ///
    /// # Errors
    /// `Amount` (`Zero`, or `TooLarge` if an instalment would reach 2^64), `BadMonths` (1 to [`MOST_MONTHS`]),
    /// `NotSubsidised` if the terms are subsidised and nobody is named who pays.
    pub fn open(new: NewLoan) -> Result<Self, LoanRefusal> {
        let NewLoan { borrower, lender, issuer, product, principal, terms, months, previous, clock, .. } = new;
        if principal.is_zero() {
            return Err(AmountError::Zero.into());
        }
        if terms.subsidised && new.subsidised_by == 0 {
            return Err(LoanRefusal::NotSubsidised);
        }
        let loan = Self {
            borrower,
            lender,
            issuer,
            product,
            subsidised_by: if terms.subsidised { new.subsidised_by } else { 0 },
            principal,
            terms,
            months: 0,
            instalment: Amount::ZERO,
            started: clock.now,
            schedule_from: clock.now,
            base: Amount::ZERO,
            pauses: 0,
            book: Book { accrued_to: day_of(clock.now), ..Book::default() },
            status: LoanStatus::Active,
            previous,
        };
        loan.scheduled(months, &clock)
    }

    /// Is nothing left to do with it? A loan that was written off may still be recovered.
    pub fn is_ended(&self) -> bool {
        self.status == LoanStatus::Closed
    }

    /// The same loan, with the interest and the late fees until now in its book.
    ///
    /// # Errors
    /// `Amount` if the record contradicts itself.
    pub fn brought_to(self, clock: &Clock) -> Result<Self, LoanRefusal> {
        let today = day_of(clock.now);
        let mut book = self.book;
        if self.status != LoanStatus::WrittenOff {
            let days = today.saturating_sub(book.accrued_to);
            let more = interest_of(self.outstanding()?.balance(), self.terms.rate, days);
            book.accrued = book.accrued.saturating_add(more).min(MOST_ACCRUED);
        }
        book.accrued_to = book.accrued_to.max(today);
        Self { book, ..self }.judged(clock)
    }

    /// What is owed now.
    ///
    /// # Errors
    /// `Amount` if the record contradicts itself.
    pub fn owed(&self, clock: &Clock) -> Result<Owed, LoanRefusal> {
        self.clone().brought_to(clock)?.owed_in_book()
    }

    /// Says that the borrower missed a due date. Anybody may, once its days of grace are over.
    ///
    /// # Errors
    /// `WrongStatus` unless Active, `NotLate`.
    pub fn mark_delinquent(self, clock: &Clock) -> Result<Self, LoanRefusal> {
        self.must_be(&[LoanStatus::Active])?;
        let days = self.terms.grace_days;
        self.marked(LoanStatus::Delinquent, days, clock)
    }

    /// Says that the borrower missed a due date for so long that the whole loan is called in. Anybody may.
    ///
    /// # Errors
    /// `WrongStatus` unless Delinquent, `NotLate`.
    pub fn mark_defaulted(self, clock: &Clock) -> Result<Self, LoanRefusal> {
        self.must_be(&[LoanStatus::Delinquent])?;
        let days = self.terms.default_after_days;
        self.marked(LoanStatus::Defaulted, days, clock)
    }

    /// The lender expects no more; interest stops. What is owed stays owed.
    ///
    /// # Errors
    /// `WrongStatus` unless Defaulted.
    pub fn write_off(self, clock: &Clock) -> Result<Self, LoanRefusal> {
        self.must_be(&[LoanStatus::Defaulted])?;
        Ok(Self { status: LoanStatus::WrittenOff, ..self.brought_to(clock)? })
    }

    /// Begins a new schedule of so many months for the principal that is outstanding. Interest and fees that are owed
    /// stay owed; the last due date asks for them.
    ///
    /// # Errors
    /// `WrongStatus` if WrittenOff or Closed, `NothingOwed` by the borrower, `BadMonths`, `Amount`.
    pub fn reschedule(self, months: u16, clock: &Clock) -> Result<Self, LoanRefusal> {
        self.must_be(&[LoanStatus::Active, LoanStatus::Delinquent, LoanStatus::Defaulted])?;
        let loan = self.brought_to(clock)?;
        if loan.owed_in_book()?.by_borrower() == 0 {
            return Err(LoanRefusal::NothingOwed);
        }
        loan.scheduled(months, clock)
    }

    pub(super) fn must_be(&self, allowed: &[LoanStatus]) -> Result<(), LoanRefusal> {
        match allowed.contains(&self.status) {
            true => Ok(()),
            false => Err(LoanRefusal::WrongStatus { status: self.status }),
        }
    }

    pub(super) fn outstanding(&self) -> Result<Amount, AmountError> {
        self.principal.minus(self.book.principal_paid)
    }

    /// What is owed by the book: at the time that it was last brought to. Interest is rounded up.
    pub(super) fn owed_in_book(&self) -> Result<Owed, LoanRefusal> {
        let Book { interest_paid, fees_paid, subsidy_paid, fees_charged, accrued, .. } = self.book;
        let accrued = Amount::from_balance(accrued.div_ceil(UNIT))?;
        let (borrowers, departments) =
            if self.terms.subsidised { (Amount::ZERO, accrued) } else { (accrued, Amount::ZERO) };
        Ok(Owed {
            fees: fees_charged.minus(fees_paid)?,
            interest: borrowers.minus(interest_paid)?,
            principal: self.outstanding()?,
            subsidy: departments.minus(subsidy_paid)?,
        })
    }

    /// The rate that the borrower pays (basis points a year).
    pub(super) fn borrowers_rate(&self) -> u32 {
        if self.terms.subsidised {
            0
        } else {
            self.terms.rate
        }
    }

    fn marked(self, status: LoanStatus, days: u16, clock: &Clock) -> Result<Self, LoanRefusal> {
        let loan = self.brought_to(clock)?;
        if loan.dates_missed(days, clock)? == 0 {
            return Err(LoanRefusal::NotLate);
        }
        Ok(Self { status, ..loan })
    }

    /// With a schedule that begins now.
    fn scheduled(self, months: u16, clock: &Clock) -> Result<Self, LoanRefusal> {
        if !(1..=MOST_MONTHS).contains(&months) {
            return Err(LoanRefusal::BadMonths { most: MOST_MONTHS, wanted: months });
        }
        let base = self.outstanding()?;
        let instalment = match self.terms.method {
            Method::EqualInstalments => equal_instalment(base, self.borrowers_rate(), months)?,
            Method::EqualPrincipal => equal_instalment(base, 0, months)?,
            Method::Bullet => Amount::ZERO,
        };
        Ok(Self {
            months,
            instalment,
            schedule_from: clock.now,
            base,
            pauses: clock.pauses,
            book: Book { counted: Amount::ZERO, judged: 0, ..self.book },
            status: LoanStatus::Active,
            ..self
        })
    }
}
