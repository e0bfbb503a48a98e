//! The internal credit rating of a borrower who asks many investors for a loan.
//!
//! Kim and Hong (2017) derive a grade, an interest rate and a limit from education, income and existing debt. The
//! points are ours, up to 100:
//!
//! | fact | points | why |
//! | --- | --- | --- |
//! | education | 0 to 15, 3 a level | named by the paper |
//! | income a month | 3 to 15, 3 for each of [`INCOME_STEPS`] | named by the paper |
//! | existing debt | 1 for every 2 months of income that it is below [`MOST_DEBT_MONTHS`] | named by the paper |
//! | debt service a month | 1 for every per cent of income that it is below [`MOST_SERVICE`] | Korea limits it to 40 % (DSR) |
//!
//! Grades are A from 80 points on, B from 65, C from 50, D from 35, E from 20. Less is declined, as is an income below
//! the first step, debt of more than 60 months of income, or debt service of more than 40 % of it. A better fact never
//! makes a worse rating.
//!
//! Debt and debt service are rounded up, as what is owed is everywhere: a part of a month, or of a per cent, counts as a whole
//! one.
//!
//! Amounts are in smallest units of money. The steps fit the sample data, whose money has no cents.

use crate::{
    crypto::Crypto,
    money::{Amount, Balance},
    wire,
};
use alloc::vec::Vec;
use scale::Encode;

/// From which incomes a month on there are 3, 6, 9, 12, 15 points; less than the first is declined.
pub const INCOME_STEPS: [Balance; 5] = [500, 1_000, 2_000, 3_500, 5_000];
/// The most debt, in months of income.
pub const MOST_DEBT_MONTHS: Balance = 60;
/// The most debt service, in per cent of income.
pub const MOST_SERVICE: Balance = 40;

/// Grades, best first: from how many points on, the interest (basis points a year), the most in months of income.
const GRADES: [(Balance, u32, Balance); 5] =
    [(80, 500, 18), (65, 800, 12), (50, 1_100, 9), (35, 1_400, 6), (20, 1_800, 3)];

wire! {
    /// The highest education that was completed.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Education {
        /// None.
        None,
        /// Primary school.
        Primary,
        /// Secondary school.
        Secondary,
        /// Vocational training.
        Vocational,
        /// A bachelor's degree.
        Bachelor,
        /// A higher degree.
        Postgraduate,
    }
}

wire! {
    /// What a rating is made of; it stays off chain.
    #[derive(Copy)]
    pub struct RatingFacts {
        /// The highest education that was completed.
        pub education: Education,
        /// Income a month (smallest units).
        pub income: Balance,
        /// Existing debt, in all.
        pub debt: Balance,
        /// What existing debt costs a month, interest and principal.
        pub debt_service: Balance,
    }
}

wire! {
    /// How good a borrower is.
    #[derive(Copy)]
    pub struct Rating {
        /// 0, the best ("A"), to 4 ("E").
        pub grade: u8,
        /// The interest that goes with it (basis points a year).
        pub rate: u32,
        /// The most that may be lent (smallest units), below 2^64.
        pub most: Balance,
    }
}

/// Rates a borrower; `None`: declined.
pub fn rate(facts: &RatingFacts) -> Option<Rating> {
    // More than any amount counts as the largest, so that products below fit.
    let held = |value: Balance| value.min(Amount::MAX.balance());
    let (income, debt, service) = (held(facts.income), held(facts.debt), held(facts.debt_service));
    let steps = INCOME_STEPS.iter().filter(|step| income >= **step).count();
    if steps == 0 || debt > income.saturating_mul(MOST_DEBT_MONTHS) {
        return None;
    }
    // Above 0, since it reaches the first step.
    let months_of_debt = debt.div_ceil(income);
    let service_share = service.saturating_mul(100).div_ceil(income);
    if service_share > MOST_SERVICE {
        return None;
    }
    let points = (education_level(facts.education).saturating_mul(3))
        .saturating_add(Balance::try_from(steps).ok()?.saturating_mul(3))
        .saturating_add(MOST_DEBT_MONTHS.saturating_sub(months_of_debt) / 2)
        .saturating_add(MOST_SERVICE.saturating_sub(service_share));
    let (grade, (_, rate, months)) = (0u8..).zip(GRADES).find(|(_, (from, _, _))| points >= *from)?;
    Some(Rating { grade, rate, most: held(income.saturating_mul(months)) })
}

/// 0 to 5.
fn education_level(education: Education) -> Balance {
    match education {
        Education::None => 0,
        Education::Primary => 1,
        Education::Secondary => 2,
        Education::Vocational => 3,
        Education::Bachelor => 4,
        Education::Postgraduate => 5,
    }
}

/// The hash by which a signed rating names its facts; the salt keeps them from being guessed.
pub fn facts_hash<C: Crypto>(salt: &[u8; 32], facts: &RatingFacts) -> [u8; 32] {
    let mut bytes = Vec::from(*salt);
    facts.encode_to(&mut bytes);
    C::blake2b_256(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Native;
    use proptest::prelude::*;

    const LEVELS: [Education; 6] = [
        Education::None,
        Education::Primary,
        Education::Secondary,
        Education::Vocational,
        Education::Bachelor,
        Education::Postgraduate,
    ];

    const BEST: RatingFacts =
        RatingFacts { education: Education::Postgraduate, income: 5_000, debt: 0, debt_service: 0 };

    fn grade(facts: RatingFacts) -> Option<u8> {
        rate(&facts).map(|rating| rating.grade)
    }

    /// What of two ratings is better, with "declined" the worst.
    fn is_no_worse(better: Option<Rating>, worse: Option<Rating>) -> bool {
        match (better, worse) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(better), Some(worse)) => {
                better.grade <= worse.grade && better.rate <= worse.rate && better.most >= worse.most
            }
        }
    }

    #[test]
    fn the_best_facts_give_a_hundred_points_and_grade_a() {
        assert_eq!(rate(&BEST), Some(Rating { grade: 0, rate: 500, most: 90_000 }));
    }

    #[test]
    fn grades_end_where_the_table_says() {
        // 0 points for education, 3 for income; 30 without debt, 40 without debt service.
        let poor =
            |debt, debt_service| grade(RatingFacts { education: Education::None, income: 500, debt, debt_service });
        assert_eq!(poor(0, 0), Some(1), "73");
        assert_eq!((poor(0, 40), poor(0, 41)), (Some(1), Some(2)), "65 and 64: a part of a per cent counts");
        assert_eq!((poor(0, 115), poor(0, 120)), (Some(2), Some(3)), "50 and 49");
        assert_eq!((poor(0, 190), poor(0, 195)), (Some(3), Some(4)), "35 and 34");
        let worn = |debt| grade(RatingFacts { education: Education::None, income: 500, debt, debt_service: 200 });
        assert_eq!((worn(500 * 26), worn(500 * 28)), (Some(4), None), "20 and 19");
        let rich = |debt_service| grade(RatingFacts { debt_service, ..BEST });
        assert_eq!((rich(1_000), rich(1_001)), (Some(0), Some(1)), "80 and 79");
    }

    #[test]
    fn a_part_of_a_month_of_debt_counts_as_a_month() {
        // 12 points for education, 15 for income; 30 without debt; 23 and 24 for debt service of 17 and 16 % of income.
        let owing = |debt, debt_service| {
            grade(RatingFacts { education: Education::Bachelor, income: 5_000, debt, debt_service })
        };
        assert_eq!((owing(0, 850), owing(1, 850)), (Some(0), Some(1)), "80 and 79");
        assert_eq!((owing(5_000, 800), owing(10_000, 800)), (Some(0), Some(0)), "80: one month, and two");
        assert_eq!(owing(10_001, 800), Some(1), "79: a part of the third");
    }

    #[test]
    fn beyond_any_limit_a_borrower_is_declined() {
        assert!(rate(&RatingFacts { income: 500, ..BEST }).is_some());
        assert_eq!(rate(&RatingFacts { income: 499, ..BEST }), None);
        assert_eq!(rate(&RatingFacts { income: 0, ..BEST }), None);
        assert!(rate(&RatingFacts { debt: 300_000, ..BEST }).is_some());
        assert_eq!(rate(&RatingFacts { debt: 300_001, ..BEST }), None);
        assert!(rate(&RatingFacts { debt_service: 2_000, ..BEST }).is_some());
        assert_eq!(rate(&RatingFacts { debt_service: 2_001, ..BEST }), None);
    }

    #[test]
    fn the_most_is_held_below_two_to_the_sixty_four() {
        let most = rate(&RatingFacts { income: Balance::MAX, ..BEST }).unwrap().most;
        assert_eq!(most, Amount::MAX.balance());
    }

    #[test]
    fn the_hash_is_of_the_salt_and_then_the_facts_in_scale() {
        let bytes = [&[9; 32][..], &[5], &5_000u128.to_le_bytes(), &[0; 32]].concat();
        assert_eq!(facts_hash::<Native>(&[9; 32], &BEST), Native::blake2b_256(&bytes));
        assert_ne!(facts_hash::<Native>(&[8; 32], &BEST), facts_hash::<Native>(&[9; 32], &BEST));
    }

    /// Mostly amounts near those that decide, sometimes any.
    fn amounts(most: Balance) -> impl Strategy<Value = Balance> {
        prop_oneof![9 => 0..most, 1 => any::<Balance>()]
    }

    proptest! {
        #[test]
        fn a_better_fact_never_makes_a_worse_rating(
            level in 0usize..6, better_level in 0usize..6,
            income in amounts(8_000), better_income in amounts(8_000),
            debt in amounts(300_000), less_debt in amounts(300_000),
            service in amounts(3_000), less_service in amounts(3_000),
        ) {
            let facts = RatingFacts { education: LEVELS[level], income, debt, debt_service: service };
            let before = rate(&facts);
            let better = [
                RatingFacts { education: LEVELS[level.max(better_level)], ..facts },
                RatingFacts { income: income.max(better_income), ..facts },
                RatingFacts { debt: debt.min(less_debt), ..facts },
                RatingFacts { debt_service: service.min(less_service), ..facts },
            ];
            for facts in better {
                prop_assert!(is_no_worse(rate(&facts), before), "{facts:?}");
            }
        }
    }
}
