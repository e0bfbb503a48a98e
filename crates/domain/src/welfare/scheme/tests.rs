use super::*;
use crate::welfare::samples::{assistance, insurance, minimum_living, schemes, school_meals, welfare, SCHOOL};
use alloc::vec;
use proptest::prelude::*;

const ONE: Amount = Amount::new(1);

fn refusal_of(scheme: Scheme) -> SchemeRefusal {
    scheme.checked().unwrap_err()
}

/// The scheme with its rules changed.
fn with_rules(mut scheme: Scheme, change: impl Fn(&mut Rules)) -> Scheme {
    change(&mut scheme.rules);
    scheme
}

/// The scheme with its first stage changed.
fn with_stage(mut scheme: Scheme, change: impl Fn(&mut Stage)) -> Scheme {
    change(&mut scheme.stages[0]);
    scheme
}

#[test]
fn every_sample_scheme_can_be_run_whatever_it_is_called() {
    use SchemeKind::*;
    for scheme in schemes() {
        for kind in [Insurance, Assistance, Welfare, MinimumLiving, Custom] {
            let named = Scheme { kind, ..scheme.clone() };
            assert_eq!(named.clone().checked(), Ok(named));
        }
    }
}

#[test]
fn school_meals_are_pure_data_with_a_role_that_is_named_at_run_time() {
    let scheme = school_meals().checked().unwrap();
    assert_eq!((scheme.kind, scheme.stages[1].role), (SchemeKind::Custom, SCHOOL));
    assert!(SCHOOL.is_custom());
}

#[test]
fn a_scheme_has_one_to_eight_stages() {
    let of_length = |length| Scheme { stages: vec![insurance().stages[0]; length], ..insurance() };
    assert!(of_length(1).checked().is_ok() && of_length(8).checked().is_ok());
    for given in [0, 9] {
        let refusal = SchemeRefusal::BadStages { most: 8, given };
        assert_eq!(refusal_of(of_length(given.into())), refusal);
    }
    assert_eq!(refusal_of(of_length(300)), SchemeRefusal::BadStages { most: 8, given: 255 });
}

#[test]
fn a_stage_needs_one_to_eight_members_of_a_role_that_exists() {
    let needing = |needed| with_stage(insurance(), |stage| stage.needed = needed);
    assert!(needing(1).checked().is_ok() && needing(8).checked().is_ok());
    for wanted in [0, 9] {
        assert_eq!(refusal_of(needing(wanted)), SchemeRefusal::BadNeeded { stage: 0, most: 8, wanted });
    }
    let mut last = assistance();
    last.stages[3].needed = 0;
    assert_eq!(refusal_of(last), SchemeRefusal::BadNeeded { stage: 3, most: 8, wanted: 0 });

    let by = |role| with_stage(insurance(), |stage| stage.role = role);
    assert!(by(Role::Custom(31)).checked().is_ok());
    assert_eq!(refusal_of(by(Role::Custom(32))), SchemeRefusal::NoSuchRole { role: Role::Custom(32) });
}

#[test]
fn those_who_may_apply_have_a_role_that_exists() {
    let by = |applicants| Scheme { applicants, ..insurance() };
    assert!(by(Role::Custom(31)).checked().is_ok());
    assert_eq!(refusal_of(by(Role::Custom(32))), SchemeRefusal::NoSuchRole { role: Role::Custom(32) });
}

#[test]
fn exactly_one_stage_sets_the_amount_where_a_stage_is_to_set_it_and_none_elsewhere() {
    let none = Scheme { stages: welfare().stages, ..assistance() };
    assert_eq!(refusal_of(none), SchemeRefusal::BadAmountStages { needed: 1, given: 0 });
    let two = with_stage(assistance(), |stage| stage.action = Action::SetAmount);
    assert_eq!(refusal_of(two), SchemeRefusal::BadAmountStages { needed: 1, given: 2 });
    for scheme in [insurance(), welfare(), minimum_living()] {
        let one = with_stage(scheme, |stage| stage.action = Action::SetAmount);
        assert_eq!(refusal_of(one), SchemeRefusal::BadAmountStages { needed: 0, given: 1 });
    }
}

#[test]
fn a_benefit_is_at_least_one_unit() {
    let fixed = |amount| Scheme { benefit: Benefit::Fixed(amount), ..welfare() };
    let by_stage = |most| Scheme { benefit: Benefit::ByStage { most }, ..assistance() };
    assert!(fixed(ONE).checked().is_ok() && by_stage(ONE).checked().is_ok());
    assert_eq!(refusal_of(fixed(Amount::ZERO)), SchemeRefusal::NoBenefit);
    assert_eq!(refusal_of(by_stage(Amount::ZERO)), SchemeRefusal::NoBenefit);
}

#[test]
fn a_top_up_goes_to_the_line_that_the_income_must_be_below() {
    let with_line = |line| with_rules(minimum_living(), |rules| rules.line_per_head = line);
    for line in [None, Some(Amount::new(299)), Some(Amount::new(301))] {
        assert_eq!(refusal_of(with_line(line)), SchemeRefusal::LineDiffers);
    }
    let fixed = Scheme { benefit: Benefit::Fixed(ONE), ..with_line(Some(Amount::new(299))) };
    assert!(fixed.checked().is_ok(), "another benefit may use the line as a rule only");
}

#[test]
fn a_premium_is_more_than_nothing_and_at_most_the_whole_income() {
    let with_ratios = |min, max| with_rules(insurance(), |rules| (rules.ratio_min, rules.ratio_max) = (min, max));
    for (min, max) in [(1, 1), (1, 10_000), (10_000, 10_000), (0, 0)] {
        assert!(with_ratios(min, max).checked().is_ok(), "{min} to {max}");
    }
    for (min, max) in [(0, 1), (1, 0), (2, 1), (1, 10_001), (10_001, 10_001)] {
        assert_eq!(refusal_of(with_ratios(min, max)), SchemeRefusal::BadRatio { min, max });
    }
}

#[test]
fn nobody_pays_a_premium_for_a_benefit() {
    for scheme in [assistance(), welfare(), minimum_living(), school_meals()] {
        let both = with_rules(scheme, |rules| {
            (rules.ratio_min, rules.ratio_max, rules.income_min) = (400, 500, Some(ONE));
        });
        assert_eq!(refusal_of(both), SchemeRefusal::BadRatio { min: 400, max: 500 });
    }
}

#[test]
fn a_premium_needs_a_lowest_income_of_at_least_one_unit_and_other_schemes_do_not() {
    let with_lowest = |scheme, lowest| with_rules(scheme, |rules| rules.income_min = lowest);
    assert!(with_lowest(insurance(), Some(ONE)).checked().is_ok());
    for lowest in [None, Some(Amount::ZERO)] {
        assert_eq!(refusal_of(with_lowest(insurance(), lowest)), SchemeRefusal::NoIncomeMin);
        assert!(with_lowest(welfare(), lowest).checked().is_ok());
    }
}

#[test]
fn some_income_is_high_and_low_enough() {
    let (low, high) = (Some(Amount::new(100)), Some(Amount::new(101)));
    let to_highest = |min, max| with_rules(insurance(), |rules| (rules.income_min, rules.income_max) = (min, max));
    assert!(to_highest(low, high).checked().is_ok() && to_highest(low, low).checked().is_ok());
    assert_eq!(refusal_of(to_highest(high, low)), SchemeRefusal::BadIncomes);

    let to_line = |min, below| with_rules(welfare(), |rules| (rules.income_min, rules.income_below) = (min, below));
    assert!(to_line(low, high).checked().is_ok() && to_line(None, Some(ONE)).checked().is_ok());
    assert_eq!(refusal_of(to_line(low, low)), SchemeRefusal::BadIncomes);
    assert_eq!(refusal_of(to_line(None, Some(Amount::ZERO))), SchemeRefusal::BadIncomes);

    let line = Amount::ZERO;
    let no_line = with_rules(minimum_living(), |rules| rules.line_per_head = Some(line));
    let no_line = Scheme { benefit: Benefit::TopUp { line }, ..no_line };
    assert_eq!(refusal_of(no_line), SchemeRefusal::BadIncomes);
}

#[test]
fn a_voucher_buys_one_of_the_thirty_two_categories() {
    let buying = |category| Scheme { payout: Payout::Voucher { programme: 1, category }, ..welfare() };
    assert!(buying(31).checked().is_ok());
    assert_eq!(refusal_of(buying(32)), SchemeRefusal::NoSuchCategory { category: 32 });
}

#[test]
fn a_period_has_months() {
    assert_eq!(refusal_of(Scheme { period_months: 0, ..welfare() }), SchemeRefusal::NoPeriod);
}

#[test]
fn an_employer_pays_at_most_the_whole_premium() {
    let with_share = |employer_share| Scheme { employer_share, ..insurance() };
    assert!(with_share(10_000).checked().is_ok());
    assert_eq!(refusal_of(with_share(10_001)), SchemeRefusal::BadShare { most: 10_000, wanted: 10_001 });
}

#[test]
fn an_appeal_is_possible_for_at_most_a_leap_year() {
    let with_days = |appeal_days| Scheme { appeal_days, ..insurance() };
    assert!(with_days(0).checked().is_ok() && with_days(366).checked().is_ok());
    assert_eq!(refusal_of(with_days(367)), SchemeRefusal::BadAppealTime { most: 366, wanted: 367 });
}

#[test]
fn a_premium_is_rounded_up() {
    let of = |income, ratio| premium(Amount::new(income), ratio).unwrap();
    assert_eq!(of(2_000, 800), Amount::new(160), "Lucy's");
    assert_eq!((of(1_999, 800), of(1, 1), of(0, 800)), (Amount::new(160), ONE, Amount::ZERO));
    assert_eq!(premium(Amount::MAX, WHOLE), Ok(Amount::MAX));
    assert_eq!(premium(Amount::MAX, WHOLE + 1), Err(AmountError::TooLarge));
}

#[test]
fn an_employers_share_is_rounded_down() {
    let scheme = Scheme { employer_share: 3_333, ..insurance() };
    assert_eq!(scheme.premium_shares(Amount::new(160)), (Amount::new(107), Amount::new(53)));
    assert_eq!(insurance().premium_shares(Amount::new(160)), (Amount::new(160), Amount::ZERO));
}

#[test]
fn a_top_up_is_what_the_household_lacks_and_never_negative() {
    let lacks = |household, income| top_up(Amount::new(300), household, income);
    assert_eq!(lacks(4, 600), Amount::new(600), "the family of four's");
    assert_eq!((lacks(4, 1_199), lacks(4, 1_200), lacks(4, 1_201)), (ONE, Amount::ZERO, Amount::ZERO));
    assert_eq!((lacks(0, 0), lacks(1, Balance::MAX)), (Amount::ZERO, Amount::ZERO));
    assert_eq!(top_up(Amount::MAX, u16::MAX, 0), Amount::MAX, "held");
}

proptest! {
    #[test]
    fn a_premium_is_the_smallest_amount_that_covers_the_share(income: u64, ratio in 0..=WHOLE) {
        let premium = premium(Amount::new(income), ratio).unwrap().balance() * 10_000;
        let exact = u128::from(income) * u128::from(ratio);
        prop_assert!(premium >= exact && premium - exact < 10_000);
    }

    #[test]
    fn both_shares_add_up_to_the_premium_exactly(premium: u64, employer_share: u16) {
        let (own, employers) = Scheme { employer_share, ..insurance() }.premium_shares(Amount::new(premium));
        prop_assert_eq!(own.balance() + employers.balance(), premium.into());
        prop_assert!(employers.balance() * 10_000 <= u128::from(premium) * u128::from(employer_share));
    }
}
