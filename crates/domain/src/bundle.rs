//! Bundles: the set of vouchers of fixed values that each holder of a programme gets once, such as Hong Kong's HK$5,000 in
//! vouchers of 50, 100 and 500.

use crate::{
    money::{Amount, Balance},
    programme::{Categories, Category, TermsRefusal},
    wire,
};
use alloc::vec::Vec;

/// The most vouchers in a bundle.
pub const MOST_PIECES: u32 = 50;

wire! {
    /// Some vouchers of a bundle that are alike.
    #[derive(Copy)]
    pub struct Denomination {
        /// What each buys.
        pub category: Category,
        /// What each is worth.
        pub face: Balance,
        /// How many there are.
        pub count: u16,
    }
}

/// Do these denominations make a bundle worth exactly `value`: of the programme's categories, none of them worth nothing or
/// more than a voucher may be worth, and not too many? None at all do if the value is 0.
///
/// # Errors
/// `Denominations`, `BundleValue`.
pub fn must_add_up(
    denominations: &[Denomination],
    value: Balance,
    categories: Categories,
    most_per_voucher: Amount,
) -> Result<(), TermsRefusal> {
    let makes_sense = |one: &Denomination| {
        categories.has(one.category) && one.count > 0 && one.face > 0 && one.face <= most_per_voucher.balance()
    };
    let pieces = denominations.iter().try_fold(0u32, |sum, one| sum.checked_add(u32::from(one.count)));
    if !denominations.iter().all(makes_sense) || pieces.is_none_or(|pieces| pieces > MOST_PIECES) {
        return Err(TermsRefusal::Denominations);
    }
    match value_of(denominations) {
        sum if sum == value => Ok(()),
        sum => Err(TermsRefusal::BundleValue { value, sum }),
    }
}

/// What the denominations come to. At most fifty faces below 2^64, so far from the end of `u128`.
pub fn value_of(denominations: &[Denomination]) -> Balance {
    let worth = |one: &Denomination| one.face.saturating_mul(Balance::from(one.count));
    denominations.iter().map(worth).fold(0, Balance::saturating_add)
}

/// The vouchers of a bundle, one by one: what each buys and is worth.
pub fn pieces(denominations: &[Denomination]) -> Vec<(Category, Amount)> {
    let piece = |one: &Denomination| Some((one.category, Amount::from_balance(one.face).ok()?));
    denominations
        .iter()
        .filter_map(|one| Some((piece(one)?, one.count)))
        .flat_map(|(piece, count)| (0..count).map(move |_| piece))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOST: Amount = Amount::new(1_000);

    fn of(faces: &[(Balance, u16)]) -> Vec<Denomination> {
        faces.iter().map(|(face, count)| Denomination { category: 1, face: *face, count: *count }).collect()
    }

    fn check(denominations: &[Denomination], value: Balance) -> Result<(), TermsRefusal> {
        must_add_up(denominations, value, Categories::of(&[1, 2]).unwrap(), MOST)
    }

    #[test]
    fn denominations_that_do_not_add_up_are_refused_with_both_figures() {
        // As published for Hong Kong's HK$5,000: five of 50, nine of 100 and six of 500 are 4,150.
        let published = of(&[(50, 5), (100, 9), (500, 6)]);
        assert_eq!(check(&published, 5_000), Err(TermsRefusal::BundleValue { value: 5_000, sum: 4_150 }));
        assert_eq!(check(&published, 4_150), Ok(()));
        assert_eq!(check(&of(&[(50, 10), (100, 10), (500, 7)]), 5_000), Ok(()));
    }

    #[test]
    fn no_denominations_are_worth_nothing() {
        assert_eq!(check(&[], 0), Ok(()));
        assert_eq!(check(&[], 1), Err(TermsRefusal::BundleValue { value: 1, sum: 0 }));
    }

    #[test]
    fn each_denomination_is_of_a_category_worth_something_and_within_the_cap_and_there_are_fifty_at_most() {
        let senseless = Err(TermsRefusal::Denominations);
        assert_eq!(check(&of(&[(0, 1)]), 0), senseless);
        assert_eq!(check(&of(&[(10, 0)]), 0), senseless);
        assert_eq!(check(&of(&[(1_001, 1)]), 1_001), senseless);
        assert_eq!(check(&of(&[(Balance::MAX, 1)]), Balance::MAX), senseless);
        assert_eq!(check(&[Denomination { category: 3, face: 10, count: 1 }], 10), senseless);
        assert_eq!(check(&of(&[(1_000, 50)]), 50_000), Ok(()));
        assert_eq!(check(&of(&[(1, 51)]), 51), senseless);
        assert_eq!(check(&of(&[(1, 50), (2, 1)]), 52), senseless);
        assert_eq!(check(&of(&[(1, u16::MAX); 70_000]), 0), senseless);
    }

    proptest! {
        #[test]
        fn the_pieces_come_to_the_value(faces in proptest::collection::vec((1u128..1_000, 1u16..9), 0..6)) {
            let denominations = of(&faces);
            let pieces = pieces(&denominations);
            let sum: Balance = pieces.iter().map(|(_, face)| face.balance()).sum();
            prop_assert_eq!(sum, value_of(&denominations));
            prop_assert_eq!(pieces.len(), faces.iter().map(|(_, count)| usize::from(*count)).sum::<usize>());
            prop_assert_eq!(check(&denominations, sum).is_ok(), pieces.len() <= MOST_PIECES as usize);
        }
    }
}
