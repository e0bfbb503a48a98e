//! What a lender offers.

use super::{LoanRefusal, Method, Order};
use crate::{
    calendar::add_months,
    ids::{FlowId, ParticipantId},
    money::{Amount, Balance},
    time::{is_before, Millis},
    wire,
};

/// The most months of a loan: 40 years.
pub const MOST_MONTHS: u16 = 480;
/// The highest rate: 100 % a year, in basis points.
pub const MOST_RATE: u32 = 10_000;

wire! {
    /// What a loan costs, and how it is repaid.
    #[derive(Copy)]
    pub struct Terms {
        /// Interest (basis points a year).
        pub rate: u32,
        /// How it is repaid.
        pub method: Method,
        /// What a payment repays first.
        pub order: Order,
        /// How many days after a due date its late fee is charged.
        pub grace_days: u16,
        /// The fee for each due date that was missed.
        pub late_fee: Amount,
        /// How many days after a missed due date the loan is in default.
        pub default_after_days: u16,
        /// Does the financial department owe the interest?
        pub subsidised: bool,
    }
}

wire! {
    /// A kind of loan that somebody offers.
    pub struct Product {
        /// Who offers it: a bank.
        pub owner: ParticipantId,
        /// The flow that grants it.
        pub flow: FlowId,
        /// The most principal.
        pub limit: Amount,
        /// The most months.
        pub most_months: u16,
        /// How many months after the start of one loan the same borrower may have another; 0: never (LoC, table 3:
        /// "issued before").
        pub again_after_months: u16,
        /// What it costs.
        pub terms: Terms,
        /// Is it offered no more?
        pub retired: bool,
    }
}

wire! {
    /// Why a product, or a loan of it, is refused.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum ProductRefusal {
        /// Nothing could be lent.
        NoLimit,
        /// A loan cannot run for so many months.
        BadMonths {
            /// The most; the least is 1.
            most: u16,
            /// What was asked for.
            wanted: u16,
        },
        /// The interest is too high.
        RateTooHigh {
            /// The highest (basis points a year).
            most: u32,
            /// What was asked for.
            wanted: u32,
        },
        /// Loans would be in default before they are late.
        DefaultBeforeGrace {
            /// The days of grace.
            grace_days: u16,
            /// The days until default.
            default_after_days: u16,
        },
        /// It is offered no more.
        Retired,
        /// The principal is too large.
        OverLimit {
            /// The most.
            most: Balance,
            /// What was asked for.
            wanted: Balance,
        },
    }
}

impl Terms {
    /// Terms that a loan can have: at most [`MOST_RATE`], and in default no earlier than late.
    ///
    /// # Errors
    /// `RateTooHigh`, `DefaultBeforeGrace`.
    pub fn checked(self) -> Result<Self, ProductRefusal> {
        let Self { rate, grace_days, default_after_days, .. } = self;
        if rate > MOST_RATE {
            return Err(ProductRefusal::RateTooHigh { most: MOST_RATE, wanted: rate });
        }
        if default_after_days < grace_days {
            return Err(ProductRefusal::DefaultBeforeGrace { grace_days, default_after_days });
        }
        Ok(self)
    }
}

impl Product {
    /// A product that can be offered.
    ///
    /// # Errors
    /// `NoLimit`, `BadMonths`, `RateTooHigh`, `DefaultBeforeGrace`.
    pub fn checked(self) -> Result<Self, ProductRefusal> {
        if self.limit.is_zero() {
            return Err(ProductRefusal::NoLimit);
        }
        must_be_months(self.most_months, MOST_MONTHS)?;
        self.terms.checked()?;
        Ok(self)
    }

    /// Does it allow this loan?
    ///
    /// # Errors
    /// `Retired`, `OverLimit`, `BadMonths`.
    pub fn must_cover(&self, principal: Amount, months: u16) -> Result<(), ProductRefusal> {
        if self.retired {
            return Err(ProductRefusal::Retired);
        }
        if principal > self.limit {
            return Err(ProductRefusal::OverLimit { most: self.limit.balance(), wanted: principal.balance() });
        }
        must_be_months(months, self.most_months)
    }
}

fn must_be_months(wanted: u16, most: u16) -> Result<(), ProductRefusal> {
    match (1..=most).contains(&wanted) {
        true => Ok(()),
        false => Err(ProductRefusal::BadMonths { most, wanted }),
    }
}

/// May somebody whose latest loan of a product started at `latest` have another `now`?
///
/// # Errors
/// `TooSoon`.
pub fn may_borrow_again(latest: Option<Millis>, again_after_months: u16, now: Millis) -> Result<(), LoanRefusal> {
    let from = match (latest, again_after_months) {
        (None, _) => return Ok(()),
        (Some(_), 0) => Millis::MAX,
        (Some(latest), months) => add_months(latest, months),
    };
    // The end of time never comes.
    if is_before(now, from) || from == Millis::MAX {
        return Err(LoanRefusal::TooSoon { from });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        rate: MOST_RATE,
        method: Method::EqualInstalments,
        order: Order::InterestFirst,
        grace_days: 5,
        late_fee: Amount::new(10),
        default_after_days: 5,
        subsidised: false,
    };

    fn product() -> Product {
        Product {
            owner: 2,
            flow: 1,
            limit: Amount::new(1_000),
            most_months: MOST_MONTHS,
            again_after_months: 12,
            terms: TERMS,
            retired: false,
        }
    }

    fn refusal_of(product: Product) -> ProductRefusal {
        product.checked().unwrap_err()
    }

    #[test]
    fn a_product_at_the_edge_of_everything_can_be_offered() {
        assert_eq!(product().checked(), Ok(product()));
        let least = Product { limit: Amount::new(1), most_months: 1, terms: Terms { rate: 0, ..TERMS }, ..product() };
        assert!(least.checked().is_ok());
    }

    #[test]
    fn a_product_beyond_an_edge_cannot_be_offered() {
        assert_eq!(refusal_of(Product { limit: Amount::ZERO, ..product() }), ProductRefusal::NoLimit);
        for wanted in [0, MOST_MONTHS + 1] {
            let bad = ProductRefusal::BadMonths { most: MOST_MONTHS, wanted };
            assert_eq!(refusal_of(Product { most_months: wanted, ..product() }), bad);
        }
        let dear = Terms { rate: MOST_RATE + 1, ..TERMS };
        let refusal = ProductRefusal::RateTooHigh { most: MOST_RATE, wanted: MOST_RATE + 1 };
        assert_eq!(refusal_of(Product { terms: dear, ..product() }), refusal);
        let hasty = Terms { default_after_days: 4, ..TERMS };
        let refusal = ProductRefusal::DefaultBeforeGrace { grace_days: 5, default_after_days: 4 };
        assert_eq!(refusal_of(Product { terms: hasty, ..product() }), refusal);
    }

    #[test]
    fn a_product_covers_loans_up_to_its_limit_and_months_until_it_is_retired() {
        let product = Product { most_months: 24, ..product() };
        let covers = |principal, months| product.must_cover(Amount::new(principal), months);
        assert_eq!(covers(1_000, 24), Ok(()));
        assert_eq!(covers(1_001, 24), Err(ProductRefusal::OverLimit { most: 1_000, wanted: 1_001 }));
        assert_eq!(covers(1_000, 25), Err(ProductRefusal::BadMonths { most: 24, wanted: 25 }));
        assert_eq!(covers(1_000, 0), Err(ProductRefusal::BadMonths { most: 24, wanted: 0 }));
        let retired = Product { retired: true, ..product.clone() };
        assert_eq!(retired.must_cover(Amount::new(1), 1), Err(ProductRefusal::Retired));
    }

    #[test]
    fn another_loan_is_possible_so_many_months_after_the_latest_and_not_a_millisecond_earlier() {
        let latest = 1_800_000_000_000;
        let from = add_months(latest, 12);
        assert_eq!(may_borrow_again(None, 12, latest), Ok(()));
        assert_eq!(may_borrow_again(Some(latest), 12, from), Ok(()));
        assert_eq!(may_borrow_again(Some(latest), 12, from - 1), Err(LoanRefusal::TooSoon { from }));
    }

    #[test]
    fn a_loan_that_is_given_once_is_never_given_again() {
        assert_eq!(may_borrow_again(None, 0, 5), Ok(()));
        let never = Err(LoanRefusal::TooSoon { from: Millis::MAX });
        assert_eq!(may_borrow_again(Some(0), 0, 5), never);
        assert_eq!(may_borrow_again(Some(0), 0, Millis::MAX), never);
    }
}
