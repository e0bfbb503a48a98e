//! Voucher programmes: their terms, and the totals that prove that nothing is lost.

use crate::{
    bundle::{must_add_up, Denomination},
    ids::ParticipantId,
    money::{Amount, AmountError, Balance},
    redemption::MOST_ATTESTORS,
    time::{after, is_before, is_plausible, Millis, DAY, MINUTE, SECOND},
    voucher::Mode,
    wire,
};
use alloc::vec::Vec;
use scale::{Decode, Encode};

/// What a voucher buys: a number from 0 to 31 whose name is the programme's affair.
pub type Category = u8;
/// How many categories there can be.
pub const CATEGORIES: Category = 32;

/// The shortest and the longest time that a redemption may stay open.
pub const WINDOW: core::ops::RangeInclusive<Millis> = SECOND..=DAY;
/// The usual time that a redemption stays open: ten minutes.
pub const USUAL_WINDOW: Millis = 10 * MINUTE;

/// A set of categories, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(all(feature = "std", feature = "ink"), derive(ink::storage::traits::StorageLayout))]
pub struct Categories(u32);

impl Categories {
    /// The set of these categories; `None` if one is over 31.
    pub fn of(categories: &[Category]) -> Option<Self> {
        categories
            .iter()
            .try_fold(0u32, |set, category| 1u32.checked_shl(u32::from(*category)).map(|bit| set | bit))
            .map(Self)
    }

    /// Is `category` among these?
    pub fn has(self, category: Category) -> bool {
        1u32.checked_shl(u32::from(category)).is_some_and(|bit| self.0 & bit != 0)
    }

    /// Is every one of `other` among these?
    pub fn includes(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Is there none?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

wire! {
    /// A programme, as it is stored.
    pub struct Programme {
        /// The Government participant that owns it.
        pub owner: ParticipantId,
        /// The bank whose money it spends.
        pub bank: ParticipantId,
        /// What its vouchers may buy.
        pub categories: Categories,
        /// How its vouchers are spent.
        pub mode: Mode,
        /// How long a voucher lives unless its creator says otherwise (milliseconds).
        pub life: Millis,
        /// How long a redemption stays open (milliseconds).
        pub window: Millis,
        /// The most that one voucher may be worth.
        pub most_per_voucher: Amount,
        /// The most that the bank may put into all of its vouchers together.
        pub budget: Amount,
        /// The participants whose attestations count.
        pub attestors: Vec<ParticipantId>,
        /// How many distinct ones a confirmation needs.
        pub attestors_needed: u8,
        /// May a holder confirm by its own signature instead?
        pub holder_signature: bool,
        /// Must a shop be admitted, with what it may sell and a daily cap? If not, every shop may sell everything.
        pub admitted_shops_only: bool,
        /// The most that one holder's vouchers may be funded with, all together; 0 for no limit.
        pub most_per_holder: Amount,
        /// May anybody create an eligible holder's bundle, not only the owner and issuers?
        pub universal: bool,
        /// Does a holder redeem once at each payment operator or shop (with each card) in the whole programme?
        pub per_card: bool,
        /// Was it closed: no new vouchers, money or rolls? What exists lives on.
        pub closed: bool,
    }
}

/// What the owner may change of a programme, so far as it is given: nothing that vouchers already made depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The most that the bank may put in.
    pub budget: Option<Amount>,
    /// The most that one voucher may be worth.
    pub most_per_voucher: Option<Amount>,
    /// How long a voucher lives (milliseconds).
    pub life: Option<Millis>,
    /// How long a redemption stays open (milliseconds).
    pub window: Option<Millis>,
    /// Whose attestations count.
    pub attestors: Option<Vec<ParticipantId>>,
    /// How many distinct ones a confirmation needs.
    pub attestors_needed: Option<u8>,
    /// May a holder confirm by its own signature?
    pub holder_signature: Option<bool>,
}

wire! {
    /// Which term of a programme makes no sense.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum TermsRefusal {
        /// No category, or one over 31.
        Categories,
        /// Not between one second and one day.
        Window,
        /// Vouchers would live for no time, or shorter than a redemption stays open.
        Life,
        /// A voucher worth nothing.
        MostPerVoucher,
        /// A budget of nothing.
        Budget,
        /// None, more than eight, or one twice.
        Attestors,
        /// None needed, or more than are listed.
        AttestorsNeeded,
        /// A denomination of another category, of none at all, worth nothing or more than a voucher may be worth, or more
        /// than fifty vouchers in a bundle.
        Denominations,
        /// The denominations do not add up to the bundle's value.
        BundleValue {
            /// The value.
            value: Balance,
            /// What they come to.
            sum: Balance,
        },
        /// Anybody may create bundles, and there are none.
        Universal,
        /// A bundle is worth more than a holder may have.
        MostPerHolder,
        /// A budget below what the bank has put in already.
        BudgetUsed {
            /// What it has put in.
            funded: Balance,
        },
    }
}

impl Programme {
    /// Do the terms make sense?
    ///
    /// # Errors
    /// The first [`TermsRefusal`] in the order of its variants.
    pub fn checked(self) -> Result<Self, TermsRefusal> {
        let distinct = |at: usize, one: &ParticipantId| self.attestors.iter().take(at).all(|other| other != one);
        let refused = if self.categories.is_empty() {
            TermsRefusal::Categories
        } else if !WINDOW.contains(&self.window) {
            TermsRefusal::Window
        } else if self.life < self.window {
            TermsRefusal::Life
        } else if self.most_per_voucher.is_zero() {
            TermsRefusal::MostPerVoucher
        } else if self.budget.is_zero() {
            TermsRefusal::Budget
        } else if self.attestors.is_empty()
            || self.attestors.len() > MOST_ATTESTORS
            || !self.attestors.iter().enumerate().all(|(at, one)| distinct(at, one))
        {
            TermsRefusal::Attestors
        } else if self.attestors_needed == 0 || usize::from(self.attestors_needed) > self.attestors.len() {
            TermsRefusal::AttestorsNeeded
        } else {
            return Ok(self);
        };
        Err(refused)
    }

    /// Does the bundle of `value` in these denominations fit the other terms? None at all does, with a value of 0.
    ///
    /// # Errors
    /// `Denominations`, `BundleValue`, `Universal`, `MostPerHolder`.
    pub fn with_bundle(self, denominations: &[Denomination], value: Balance) -> Result<Self, TermsRefusal> {
        must_add_up(denominations, value, self.categories, self.most_per_voucher)?;
        if self.universal && denominations.is_empty() {
            return Err(TermsRefusal::Universal);
        }
        if !self.most_per_holder.is_zero() && value > self.most_per_holder.balance() {
            return Err(TermsRefusal::MostPerHolder);
        }
        Ok(self)
    }

    /// The terms with what changes; `funded` is what the bank has put in.
    ///
    /// # Errors
    /// As [`Programme::checked`], and `BudgetUsed`.
    pub fn changed(self, changes: Changes, funded: Amount) -> Result<Self, TermsRefusal> {
        let changed = Self {
            budget: changes.budget.unwrap_or(self.budget),
            most_per_voucher: changes.most_per_voucher.unwrap_or(self.most_per_voucher),
            life: changes.life.unwrap_or(self.life),
            window: changes.window.unwrap_or(self.window),
            attestors: changes.attestors.unwrap_or(self.attestors),
            attestors_needed: changes.attestors_needed.unwrap_or(self.attestors_needed),
            holder_signature: changes.holder_signature.unwrap_or(self.holder_signature),
            ..self
        }
        .checked()?;
        match changed.budget < funded {
            true => Err(TermsRefusal::BudgetUsed { funded: funded.balance() }),
            false => Ok(changed),
        }
    }

    /// When a voucher made now ends: at `wanted`, or after the programme's usual life.
    ///
    /// # Errors
    /// `wanted` itself, when it is not in the future or not a plausible time in milliseconds.
    pub fn voucher_end(&self, wanted: Option<Millis>, now: Millis) -> Result<Millis, Millis> {
        match wanted {
            None => Ok(after(now, self.life)),
            Some(end) if is_before(now, end) && is_plausible(end) => Ok(end),
            Some(end) => Err(end),
        }
    }

    /// May the bank put `amount` more in, after `funded`?
    ///
    /// # Errors
    /// The budget, when it would be passed.
    pub fn within_budget(&self, funded: Amount, amount: Amount) -> Result<(), Balance> {
        match funded.plus(amount) {
            Ok(total) if total <= self.budget => Ok(()),
            _ => Err(self.budget.balance()),
        }
    }
}

wire! {
    /// Where a programme's money is. At all times funded = unclaimed + available + reserved + paid + returned.
    #[derive(Copy, Default)]
    pub struct Totals {
        /// Put in by the bank in all.
        pub funded: Amount,
        /// Put into rolls and not claimed yet.
        pub unclaimed: Amount,
        /// Can be requested, over all vouchers.
        pub available: Amount,
        /// Held by open redemptions.
        pub reserved: Amount,
        /// Credited to shops in all.
        pub paid: Amount,
        /// Credited back to the bank in all.
        pub returned: Amount,
    }
}

impl Totals {
    /// The bank put `amount` in.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn fund(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { funded: self.funded.plus(amount)?, available: self.available.plus(amount)?, ..self })
    }

    /// The bank put `amount` into a roll.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn fund_roll(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { funded: self.funded.plus(amount)?, unclaimed: self.unclaimed.plus(amount)?, ..self })
    }

    /// `amount` of a roll was claimed.
    ///
    /// # Errors
    /// `Insufficient`.
    pub fn claim(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { unclaimed: self.unclaimed.minus(amount)?, available: self.available.plus(amount)?, ..self })
    }

    /// A roll closed with `amount` unclaimed, which goes to the bank.
    ///
    /// # Errors
    /// `Insufficient`.
    pub fn close_roll(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { unclaimed: self.unclaimed.minus(amount)?, returned: self.returned.plus(amount)?, ..self })
    }

    /// A shop requested `amount`.
    ///
    /// # Errors
    /// `Insufficient`.
    pub fn reserve(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { available: self.available.minus(amount)?, reserved: self.reserved.plus(amount)?, ..self })
    }

    /// A redemption of `amount` was confirmed.
    ///
    /// # Errors
    /// `Insufficient`.
    pub fn pay(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { reserved: self.reserved.minus(amount)?, paid: self.paid.plus(amount)?, ..self })
    }

    /// A redemption of `amount` ended unconfirmed; `returned` of it goes to the bank, the rest is available again.
    ///
    /// # Errors
    /// `Insufficient`.
    pub fn release(self, amount: Amount, returned: Amount) -> Result<Self, AmountError> {
        Ok(Self {
            reserved: self.reserved.minus(amount)?,
            available: self.available.plus(amount.minus(returned)?)?,
            returned: self.returned.plus(returned)?,
            ..self
        })
    }

    /// A voucher ended, or was voided, with `amount` available, which goes to the bank.
    ///
    /// # Errors
    /// `Insufficient`.
    pub fn give_back(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { available: self.available.minus(amount)?, returned: self.returned.plus(amount)?, ..self })
    }

    /// Does the invariant hold?
    pub fn is_balanced(&self) -> bool {
        [self.unclaimed, self.available, self.reserved, self.paid, self.returned]
            .iter()
            .try_fold(Amount::ZERO, |sum, part| sum.plus(*part))
            .is_ok_and(|sum| sum == self.funded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms() -> Programme {
        Programme {
            owner: 1,
            bank: 2,
            categories: Categories::of(&[0, 31]).unwrap(),
            mode: Mode::Balance,
            life: 90 * DAY,
            window: USUAL_WINDOW,
            most_per_voucher: Amount::new(1_000),
            budget: Amount::new(10_000),
            attestors: vec![3, 4],
            attestors_needed: 2,
            holder_signature: false,
            admitted_shops_only: true,
            most_per_holder: Amount::ZERO,
            universal: false,
            per_card: false,
            closed: false,
        }
    }

    #[test]
    fn people_usually_have_ten_minutes() {
        assert_eq!(USUAL_WINDOW, 600_000);
    }

    #[test]
    fn sensible_terms_pass_unchanged() {
        assert_eq!(terms().checked(), Ok(terms()));
    }

    #[test]
    fn each_senseless_term_is_named() {
        let refused = |change: fn(&mut Programme)| {
            let mut programme = terms();
            change(&mut programme);
            programme.checked().unwrap_err()
        };
        assert_eq!(refused(|p| p.categories = Categories::default()), TermsRefusal::Categories);
        assert_eq!(refused(|p| p.window = SECOND - 1), TermsRefusal::Window);
        assert_eq!(refused(|p| p.window = DAY + 1), TermsRefusal::Window);
        assert_eq!(refused(|p| p.life = USUAL_WINDOW - 1), TermsRefusal::Life);
        assert_eq!(refused(|p| p.most_per_voucher = Amount::ZERO), TermsRefusal::MostPerVoucher);
        assert_eq!(refused(|p| p.budget = Amount::ZERO), TermsRefusal::Budget);
        assert_eq!(refused(|p| p.attestors = vec![]), TermsRefusal::Attestors);
        assert_eq!(refused(|p| p.attestors = (1..=9).collect()), TermsRefusal::Attestors);
        assert_eq!(refused(|p| p.attestors = vec![3, 4, 3]), TermsRefusal::Attestors);
        assert_eq!(refused(|p| p.attestors_needed = 0), TermsRefusal::AttestorsNeeded);
        assert_eq!(refused(|p| p.attestors_needed = 3), TermsRefusal::AttestorsNeeded);
    }

    #[test]
    fn the_edges_of_the_terms_pass() {
        for change in [
            |p: &mut Programme| p.window = SECOND,
            |p: &mut Programme| p.window = DAY,
            |p: &mut Programme| p.life = p.window,
            |p: &mut Programme| p.attestors = (1..=8).collect(),
            |p: &mut Programme| p.attestors_needed = 1,
        ] {
            let mut programme = terms();
            change(&mut programme);
            assert!(programme.checked().is_ok());
        }
    }

    #[test]
    fn a_bundle_fits_the_other_terms() {
        let bundle = [Denomination { category: 31, face: 50, count: 2 }];
        let universal = Programme { universal: true, ..terms() };
        let capped = |most| Programme { most_per_holder: Amount::new(most), ..terms() };
        assert_eq!(terms().with_bundle(&[], 0), Ok(terms()));
        assert_eq!(universal.clone().with_bundle(&bundle, 100), Ok(universal.clone()));
        assert_eq!(universal.with_bundle(&[], 0), Err(TermsRefusal::Universal));
        assert_eq!(capped(100).with_bundle(&bundle, 100), Ok(capped(100)));
        assert_eq!(capped(99).with_bundle(&bundle, 100), Err(TermsRefusal::MostPerHolder));
        assert_eq!(terms().with_bundle(&bundle, 99), Err(TermsRefusal::BundleValue { value: 99, sum: 100 }));
        let low = Programme { most_per_voucher: Amount::new(49), ..terms() };
        assert_eq!(low.with_bundle(&bundle, 100), Err(TermsRefusal::Denominations));
    }

    #[test]
    fn what_is_given_changes_and_the_rest_stays() {
        assert_eq!(terms().changed(Changes::default(), Amount::ZERO), Ok(terms()));
        let changes = Changes {
            budget: Some(Amount::new(500)),
            most_per_voucher: Some(Amount::new(2_000)),
            life: Some(DAY),
            window: Some(MINUTE),
            attestors: Some(vec![9]),
            attestors_needed: Some(1),
            holder_signature: Some(true),
        };
        let expected = Programme {
            budget: Amount::new(500),
            most_per_voucher: Amount::new(2_000),
            life: DAY,
            window: MINUTE,
            attestors: vec![9],
            attestors_needed: 1,
            holder_signature: true,
            ..terms()
        };
        assert_eq!(terms().changed(changes, Amount::new(500)), Ok(expected));
    }

    #[test]
    fn senseless_changes_and_a_budget_below_what_was_put_in_are_refused() {
        let refused = |changes: Changes| terms().changed(changes, Amount::new(700)).unwrap_err();
        let none = Changes::default;
        assert_eq!(
            refused(Changes { budget: Some(Amount::new(699)), ..none() }),
            TermsRefusal::BudgetUsed { funded: 700 }
        );
        assert_eq!(refused(Changes { budget: Some(Amount::ZERO), ..none() }), TermsRefusal::Budget);
        assert_eq!(refused(Changes { most_per_voucher: Some(Amount::ZERO), ..none() }), TermsRefusal::MostPerVoucher);
        assert_eq!(refused(Changes { life: Some(USUAL_WINDOW - 1), ..none() }), TermsRefusal::Life);
        assert_eq!(refused(Changes { window: Some(DAY + 1), ..none() }), TermsRefusal::Window);
        assert_eq!(refused(Changes { attestors: Some(vec![3, 3]), ..none() }), TermsRefusal::Attestors);
        assert_eq!(refused(Changes { attestors: Some(vec![3]), ..none() }), TermsRefusal::AttestorsNeeded);
        assert_eq!(refused(Changes { attestors_needed: Some(3), ..none() }), TermsRefusal::AttestorsNeeded);
    }

    #[test]
    fn a_voucher_ends_in_the_future_and_its_time_is_in_milliseconds() {
        let now = 1_800_000_000_000;
        assert_eq!(terms().voucher_end(None, now), Ok(now + 90 * DAY));
        assert_eq!(terms().voucher_end(Some(now + 1), now), Ok(now + 1));
        assert_eq!(terms().voucher_end(Some(now), now), Err(now));
        let microseconds = (now + DAY) * 1_000;
        assert_eq!(terms().voucher_end(Some(microseconds), now), Err(microseconds));
    }

    #[test]
    fn the_budget_can_be_used_up_and_not_passed() {
        assert_eq!(terms().within_budget(Amount::new(9_999), Amount::new(1)), Ok(()));
        assert_eq!(terms().within_budget(Amount::new(9_999), Amount::new(2)), Err(10_000));
        assert_eq!(terms().within_budget(Amount::MAX, Amount::MAX), Err(10_000));
    }

    #[test]
    fn a_category_over_thirty_one_is_in_no_set() {
        assert_eq!(Categories::of(&[32]), None);
        assert_eq!(Categories::of(&[7, 7]), Categories::of(&[7]), "a category named twice is in it once");
        assert!(!Categories::of(&[0, 31]).unwrap().has(32));
        assert!(Categories::of(&[0, 31]).unwrap().includes(Categories::of(&[31]).unwrap()));
        assert!(!Categories::of(&[0, 31]).unwrap().includes(Categories::of(&[30]).unwrap()));
    }

    /// What each step leaves of totals that have 100 everywhere.
    #[test]
    fn each_step_moves_the_amount_and_nothing_else() {
        let [hundred, seven, two] = [100, 7, 2].map(Amount::new);
        let all = Totals {
            funded: hundred,
            unclaimed: hundred,
            available: hundred,
            reserved: hundred,
            paid: hundred,
            returned: hundred,
        };
        let [more, less] = [107, 93].map(Amount::new);
        assert_eq!(all.fund(seven), Ok(Totals { funded: more, available: more, ..all }));
        assert_eq!(all.fund_roll(seven), Ok(Totals { funded: more, unclaimed: more, ..all }));
        assert_eq!(all.claim(seven), Ok(Totals { unclaimed: less, available: more, ..all }));
        assert_eq!(all.close_roll(seven), Ok(Totals { unclaimed: less, returned: more, ..all }));
        assert_eq!(all.reserve(seven), Ok(Totals { available: less, reserved: more, ..all }));
        assert_eq!(all.pay(seven), Ok(Totals { reserved: less, paid: more, ..all }));
        assert_eq!(all.give_back(seven), Ok(Totals { available: less, returned: more, ..all }));
        let released = Totals { reserved: less, available: Amount::new(105), returned: Amount::new(102), ..all };
        assert_eq!(all.release(seven, two), Ok(released));
    }

    #[test]
    fn totals_that_do_not_add_up_are_noticed() {
        let one = Amount::new(1);
        assert!(!Totals { funded: one, ..Totals::default() }.is_balanced());
        assert!(!Totals { funded: Amount::MAX, paid: Amount::MAX, returned: one, ..Totals::default() }.is_balanced());
    }

    proptest! {
        #[test]
        fn totals_balance_after_any_steps(steps in proptest::collection::vec((0u8..8, 0u64..1_000, 0u64..1_000), 0..100)) {
            let mut totals = Totals::default();
            for (kind, a, b) in steps {
                let (a, b) = (Amount::new(a), Amount::new(b));
                let next = match kind {
                    0 => totals.fund(a),
                    1 => totals.reserve(a),
                    2 => totals.pay(a),
                    3 => totals.release(a, b),
                    4 => totals.fund_roll(a),
                    5 => totals.claim(a),
                    6 => totals.close_roll(a),
                    _ => totals.give_back(a),
                };
                totals = next.unwrap_or(totals);
                prop_assert!(totals.is_balanced(), "{:?}", totals);
            }
        }
    }
}
