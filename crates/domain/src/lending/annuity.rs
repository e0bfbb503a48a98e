//! The amount of equal instalments.

use crate::money::{Amount, AmountError};

/// One, in numbers with 59 binary places: the most with which no product below reaches 2^128 within 480 months.
const ONE: u128 = 1 << 59;
/// Twelve months of 10,000 basis points: what a yearly rate in basis points is divided by for a month's.
const MONTHLY: u128 = 120_000;

/// The smallest amount that repays `principal` in this many monthly instalments, at a twelfth of the yearly `rate`
/// (basis points) a month.
///
/// An instalment after `k` months is worth `v^k` of it today, with `v = 1 / (1 + rate / 120,000)`. So the principal is
/// divided by `v + v^2 + .. + v^months`. That sum is rounded down, so an instalment may be too large, by 1 for a
/// principal of up to 2^50, and never too small.
///
/// # Errors
/// `TooLarge` when it would reach 2^64.
pub(super) fn equal_instalment(principal: Amount, rate: u32, months: u16) -> Result<Amount, AmountError> {
    let discount = MONTHLY.saturating_mul(ONE).checked_div(MONTHLY.saturating_add(rate.into())).unwrap_or(ONE);
    // The sum of the first 1, 2, 4, 8 .. powers, and the last of these powers.
    let (mut doubled, mut power) = (discount, discount);
    // The sum of so many powers as the binary digits of `months` that were looked at say.
    let mut sum = 0;
    let mut digits = months;
    while digits > 0 {
        if digits % 2 == 1 {
            sum = doubled.saturating_add(times(power, sum));
        }
        doubled = doubled.saturating_add(times(power, doubled));
        power = times(power, power);
        digits /= 2;
    }
    Amount::from_balance(principal.balance().saturating_mul(ONE).div_ceil(sum.max(1)))
}

/// The product, rounded down.
fn times(a: u128, b: u128) -> u128 {
    a.saturating_mul(b) / ONE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lending::{MOST_MONTHS, MOST_RATE};
    use num_bigint::BigUint;
    use proptest::prelude::*;

    /// `ceil(P i (1+i)^n / ((1+i)^n - 1))` in exact fractions, with `i = rate / 120,000`.
    fn exact(principal: u64, rate: u32, months: u16) -> BigUint {
        if rate == 0 {
            return principal.div_ceil(months.into()).into();
        }
        let grown = BigUint::from(120_000 + rate).pow(months.into());
        let whole = BigUint::from(120_000u32).pow(months.into());
        let above = BigUint::from(principal) * rate * &grown;
        let below = BigUint::from(120_000u32) * (grown - whole);
        (above + &below - 1u8) / below
    }

    fn ours(principal: u64, rate: u32, months: u16) -> u64 {
        equal_instalment(Amount::new(principal), rate, months).unwrap().balance().try_into().unwrap()
    }

    fn assert_fits(principal: u64, rate: u32, months: u16) {
        let (ours, exact) = (BigUint::from(ours(principal, rate, months)), exact(principal, rate, months));
        assert!(ours == exact || ours == exact + 1u8, "{principal} at {rate} in {months}");
    }

    #[test]
    fn the_example_of_a_text_book_comes_out() {
        // 10,000.00 at 12 % a year in 12 months: 888.49 a month (888.4879 rounded up).
        assert_eq!(ours(1_000_000, 1_200, 12), 88_849);
    }

    #[test]
    fn without_interest_it_is_the_principal_divided_by_the_months() {
        assert_eq!((ours(1_200, 0, 12), ours(1_201, 0, 12), ours(1, 0, 480)), (100, 101, 1));
    }

    #[test]
    fn it_fits_at_the_ends_of_every_range() {
        for principal in [1, 2, (1 << 50) - 1, 1 << 50] {
            for rate in [0, 1, 2, 1_200, MOST_RATE - 1, MOST_RATE] {
                for months in [1, 2, 3, 12, 255, 256, 257, MOST_MONTHS - 1, MOST_MONTHS] {
                    assert_fits(principal, rate, months);
                }
            }
        }
    }

    #[test]
    fn an_instalment_that_would_reach_two_to_the_sixty_four_is_refused() {
        assert_eq!(equal_instalment(Amount::MAX, 1, 1), Err(AmountError::TooLarge));
        assert_eq!(equal_instalment(Amount::MAX, 0, 1), Ok(Amount::MAX));
    }

    proptest! {
        #[test]
        fn it_is_at_most_one_too_large_and_never_too_small(
            principal in 1u64..=1 << 50, rate in 0..=MOST_RATE, months in 1..=MOST_MONTHS,
        ) {
            assert_fits(principal, rate, months);
        }

        #[test]
        fn large_principals_are_repaid_too(principal: u64, rate in 0..=MOST_RATE, months in 2..=MOST_MONTHS) {
            prop_assert!(BigUint::from(ours(principal, rate, months)) >= exact(principal, rate, months));
        }
    }
}
