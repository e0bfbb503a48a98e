//! What a shop may sell in a programme, and how much a day.

use crate::{
    money::{Amount, AmountError, Balance},
    programme::{Categories, Category},
    time::{day_of, Millis},
    wire,
};

wire! {
    /// A shop's place in a programme.
    #[derive(Copy)]
    pub struct ShopRecord {
        /// What it may sell.
        pub categories: Categories,
        /// The most it may be asked to be paid a day (UTC); 0 for no limit.
        pub daily_cap: Amount,
        /// The day that `today` counts.
        pub day: u32,
        /// What its open and confirmed redemptions of that day add up to.
        pub today: Amount,
    }
}

wire! {
    /// Why a shop cannot be paid by a programme.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum ShopRefusal {
        /// The programme has not admitted it.
        NotAdmitted,
        /// It may not sell this.
        CategoryNotSold {
            /// What was asked for.
            category: Category,
        },
        /// Its cap for the day would be passed.
        OverDailyCap {
            /// The cap.
            most: Balance,
            /// What the day would come to.
            wanted: Balance,
        },
        /// The day's total cannot be counted.
        Amount(AmountError),
    }
}

impl ShopRecord {
    /// A shop that may sell `categories` for at most `daily_cap` a day (0 = no limit).
    pub fn admitted(categories: Categories, daily_cap: Amount) -> Self {
        Self { categories, daily_cap, day: 0, today: Amount::ZERO }
    }

    /// New terms; what was counted today still counts.
    pub fn readmitted(self, categories: Categories, daily_cap: Amount) -> Self {
        Self { categories, daily_cap, ..self }
    }

    /// The shop asks for `amount`.
    ///
    /// # Errors
    /// `CategoryNotSold`, `OverDailyCap`, `Amount`.
    pub fn take(self, amount: Amount, category: Category, now: Millis) -> Result<Self, ShopRefusal> {
        if !self.categories.has(category) {
            return Err(ShopRefusal::CategoryNotSold { category });
        }
        let day = day_of(now);
        let so_far = if self.day == day { self.today } else { Amount::ZERO };
        let today = so_far.plus(amount).map_err(ShopRefusal::Amount)?;
        if !self.daily_cap.is_zero() && today > self.daily_cap {
            return Err(ShopRefusal::OverDailyCap { most: self.daily_cap.balance(), wanted: today.balance() });
        }
        Ok(Self { day, today, ..self })
    }

    /// A redemption requested at `requested_at` ended unconfirmed: it no longer counts, if its day is still the one that
    /// is counted.
    pub fn give_back(self, amount: Amount, requested_at: Millis) -> Self {
        if self.day != day_of(requested_at) {
            return self;
        }
        Self { today: self.today.minus(amount).unwrap_or(Amount::ZERO), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;

    fn shop() -> ShopRecord {
        ShopRecord::admitted(Categories::of(&[1, 2]).unwrap(), Amount::new(100))
    }

    #[test]
    fn a_shop_sells_only_what_it_was_admitted_for() {
        assert!(shop().take(Amount::new(1), 1, 0).is_ok());
        assert_eq!(shop().take(Amount::new(1), 3, 0), Err(ShopRefusal::CategoryNotSold { category: 3 }));
    }

    #[test]
    fn a_days_total_reaches_the_cap_and_not_a_unit_more_and_starts_again_at_midnight() {
        let full = shop().take(Amount::new(60), 1, 0).unwrap().take(Amount::new(40), 2, DAY - 1).unwrap();
        assert_eq!(full.take(Amount::new(1), 1, DAY - 1), Err(ShopRefusal::OverDailyCap { most: 100, wanted: 101 }));
        assert!(full.take(Amount::new(100), 1, DAY).is_ok());
    }

    #[test]
    fn no_cap_means_no_limit() {
        let shop = ShopRecord::admitted(Categories::of(&[1]).unwrap(), Amount::ZERO);
        assert!(shop.take(Amount::MAX, 1, 0).is_ok());
        assert!(shop.take(Amount::MAX, 1, 0).unwrap().take(Amount::new(1), 1, 0).is_err());
    }

    #[test]
    fn what_ended_unconfirmed_counts_no_more_on_its_own_day_only() {
        let used = shop().take(Amount::new(60), 1, 5).unwrap();
        assert_eq!(used.give_back(Amount::new(60), 5).today, Amount::ZERO);
        assert_eq!(used.give_back(Amount::new(60), DAY).today, Amount::new(60), "requested on another day");
    }

    #[test]
    fn new_terms_do_not_reset_the_day() {
        let used =
            shop().take(Amount::new(60), 1, 5).unwrap().readmitted(Categories::of(&[1]).unwrap(), Amount::new(70));
        assert_eq!(used.take(Amount::new(11), 1, 5), Err(ShopRefusal::OverDailyCap { most: 70, wanted: 71 }));
    }
}
