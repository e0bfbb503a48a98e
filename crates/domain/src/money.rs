//! Amounts of money.
//!
//! Messages carry `u128` ([`Balance`]), because that is what chains and user interfaces speak. Inside, an amount stays
//! below 2^64 so that products of two amounts fit in `u128`; more is refused at the door.

use crate::wire;
use scale::{Decode, Encode};

/// An amount as it appears in messages: smallest units of the issuing bank's money.
pub type Balance = u128;

/// An amount below 2^64, as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(all(feature = "std", feature = "ink"), derive(ink::storage::traits::StorageLayout))]
pub struct Amount(u64);

wire! {
    /// Why an amount is refused.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum AmountError {
        /// The amount is 0 where something must move.
        Zero,
        /// The amount, or a total with it, would reach 2^64.
        TooLarge,
        /// There is less than is taken away.
        Insufficient {
            /// What is there.
            available: Balance,
            /// What was asked for.
            wanted: Balance,
        },
    }
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount: 2^64 - 1.
    pub const MAX: Self = Self(u64::MAX);

    /// An amount from its number of smallest units.
    pub const fn new(units: u64) -> Self {
        Self(units)
    }

    /// An amount from a message; at most 2^64 - 1.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn from_balance(value: Balance) -> Result<Self, AmountError> {
        u64::try_from(value).map(Self).map_err(|_| AmountError::TooLarge)
    }

    /// An amount from a message that has to move something; 1 to 2^64 - 1.
    ///
    /// # Errors
    /// `Zero`, `TooLarge`.
    pub fn positive(value: Balance) -> Result<Self, AmountError> {
        match Self::from_balance(value)? {
            Self::ZERO => Err(AmountError::Zero),
            amount => Ok(amount),
        }
    }

    /// The amount as messages carry it.
    pub fn balance(self) -> Balance {
        Balance::from(self.0)
    }

    /// Is this nothing?
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// `TooLarge` when it would reach 2^64.
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        self.0.checked_add(other.0).map(Self).ok_or(AmountError::TooLarge)
    }

    /// The difference.
    ///
    /// # Errors
    /// `Insufficient` when `other` is more than this.
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or(AmountError::Insufficient { available: self.balance(), wanted: other.balance() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_of_two_to_the_sixty_four_is_refused_and_one_less_is_not() {
        let edge = Balance::from(u64::MAX);
        assert_eq!(Amount::from_balance(edge), Ok(Amount::MAX));
        assert_eq!(Amount::from_balance(edge + 1), Err(AmountError::TooLarge));
        assert_eq!(Amount::from_balance(Balance::MAX), Err(AmountError::TooLarge));
    }

    #[test]
    fn zero_moves_nothing_and_is_refused_where_something_must_move() {
        assert_eq!(Amount::positive(0), Err(AmountError::Zero));
        assert_eq!(Amount::positive(1), Ok(Amount::new(1)));
        assert_eq!(Amount::positive(Balance::MAX), Err(AmountError::TooLarge));
    }

    proptest! {
        #[test]
        fn sums_and_differences_agree_with_wide_arithmetic(a: u64, b: u64) {
            let (x, y) = (Amount::new(a), Amount::new(b));
            let sum = u128::from(a) + u128::from(b);
            prop_assert_eq!(x.plus(y).map(Amount::balance).ok(), (sum <= u128::from(u64::MAX)).then_some(sum));
            match x.minus(y) {
                Ok(rest) => prop_assert_eq!(rest.balance() + y.balance(), x.balance()),
                Err(error) => {
                    prop_assert!(b > a);
                    prop_assert_eq!(error, AmountError::Insufficient { available: a.into(), wanted: b.into() });
                }
            }
        }
    }
}
