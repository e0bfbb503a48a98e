use super::*;
use crate::{
    participant::Status,
    roles::Roles,
    welfare::{
        samples::{
            assistance, citizen, document, form, insurance, kinds, minimum_living, samples, schemes, school_meals,
            welfare, Sample, ENROLMENT, INCOME, INJURY_PROOF, MEDICAL_RECORD, PHOTO, PROPERTY, TODAY,
        },
        top_up, Benefit, SchemeKind,
    },
};
use alloc::{string::String, vec};
use proptest::prelude::*;

mod algorithms;

/// All that an automatic check looks at.
#[derive(Clone)]
struct Case {
    scheme: Scheme,
    form: Form,
    applicant: Option<Credentials>,
    balance: Amount,
    has_running_benefit: bool,
    now: Millis,
}

impl Case {
    /// Passes if the form does.
    fn of(scheme: Scheme, form: Form) -> Self {
        let applicant = Some(citizen());
        Self { scheme, form, applicant, balance: Amount::ZERO, has_running_benefit: false, now: TODAY }
    }

    fn judged(&self) -> Judgement {
        let Self { scheme, form, applicant, balance, has_running_benefit, now } = self;
        judge(scheme, form, applicant.as_ref(), *balance, *has_running_benefit, *now)
    }

    fn fails(&self) -> Vec<Reason> {
        self.judged().reasons.iter().collect()
    }
}

fn insured() -> Case {
    Case { balance: Amount::new(160), ..Case::of(insurance(), Form { ratio: 800, ..form(2_000, &[PHOTO]) }) }
}

fn in_need() -> Case {
    let form = Form { property: Some(2_000), household: 4, ..form(200, &[PHOTO, INCOME, PROPERTY]) };
    Case::of(assistance(), form)
}

fn injured() -> Case {
    Case::of(welfare(), form(200, &[MEDICAL_RECORD, INJURY_PROOF]))
}

fn poor() -> Case {
    Case::of(minimum_living(), Form { household: 4, ..form(600, &[INCOME]) })
}

fn pupil() -> Case {
    Case::of(school_meals(), Form { household: 3, ..form(700, &[ENROLMENT]) })
}

/// Asserts which values fail for what.
fn assert_edges<const N: usize>(case: Case, set: impl Fn(&mut Case, u64), edges: [(u64, &[Reason]); N]) {
    for (value, fails) in edges {
        let mut case = case.clone();
        set(&mut case, value);
        assert_eq!(case.fails(), fails, "at {value}");
    }
}

fn set_income(case: &mut Case, value: u64) {
    case.form.income = Some(value.into());
}

#[test]
fn the_eight_sample_applications_come_out_as_expected() {
    let outcomes: Vec<(&str, String)> = samples()
        .into_iter()
        .map(|sample| {
            let (form, known) = (sample.form.clone().checked().unwrap(), sample.applicant());
            let judged = judge(&sample.scheme, &form, Some(&known), sample.balance, false, TODAY);
            assert_eq!(judged.reasons, Reasons::of(sample.fails), "{}", sample.name);
            assert_eq!(judged.missing, sample.missing, "{}", sample.name);
            let reasons: Vec<Reason> = judged.reasons.iter().collect();
            (sample.name, alloc::format!("{:?} {reasons:?} {}", judged.outcome, judged.missing))
        })
        .collect();
    let expected = [
        ("Lucy", "Pass [] 0"),
        ("Lily", "Pass [] 0"),
        ("Mark", "Pass [] 0"),
        ("Card expired", "Reject [CardExpired] 0"),
        ("No money", "Reject [BalanceTooLow] 0"),
        ("Too rich", "Reject [PropertyTooHigh] 0"),
        ("No record", "Return [DocumentMissing] 8"),
        ("Family of four", "Pass [] 0"),
    ];
    assert_eq!(outcomes, expected.map(|(name, outcome)| (name, String::from(outcome))));
}

#[test]
fn the_sample_applications_have_the_amounts_that_the_data_expect() {
    for Sample { name, scheme, form, set_amount, amount, fails, .. } in samples() {
        let a_period = match scheme.benefit {
            Benefit::Nothing => form.premium_shares(&scheme).unwrap().0,
            Benefit::Fixed(amount) => amount,
            Benefit::TopUp { line } => top_up(line, form.household, form.income.unwrap()),
            Benefit::ByStage { .. } => Amount::from_balance(set_amount.unwrap_or(0)).unwrap(),
        };
        assert!(!fails.is_empty() || a_period == amount, "{name}");
    }
    let amounts: Vec<Balance> = samples().iter().map(|sample| sample.amount.balance()).collect();
    assert_eq!(amounts, [160, 250, 400, 0, 0, 0, 0, 600]);
}

#[test]
fn the_dates_of_the_samples_are_those_of_the_data() {
    let at = |date: &str| {
        let date: chrono::NaiveDate = date.parse().unwrap();
        Millis::try_from(date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis()).unwrap()
    };
    assert_eq!(TODAY, at("2026-01-15"));
    let dates: Vec<Millis> = samples().iter().map(|sample| sample.card_valid_until).collect();
    let written = ["2035-01-01", "2033-06-30", "2030-12-31", "2020-01-01", "2034-01-01"];
    assert_eq!(dates[..5], written.map(at));
    assert!(dates[5..].iter().all(|date| *date == at("2034-01-01")));
}

#[test]
fn an_income_may_be_the_lowest_and_the_highest() {
    assert_edges(
        insured(),
        |case, income| {
            set_income(case, income);
            case.balance = Amount::MAX;
        },
        [
            (0, &[Reason::IncomeTooLow]),
            (1, &[]),
            (2, &[]),
            (99_999, &[]),
            (100_000, &[]),
            (100_001, &[Reason::IncomeTooHigh]),
        ],
    );
}

#[test]
fn an_income_must_be_below_its_line() {
    let too_high = &[Reason::IncomeTooHigh];
    assert_edges(in_need(), set_income, [(0, &[]), (499, &[]), (500, too_high), (501, too_high)]);
    assert_edges(injured(), set_income, [(999, &[]), (1_000, too_high), (1_001, too_high)]);
    assert_edges(pupil(), set_income, [(799, &[]), (800, too_high), (801, too_high)]);
}

#[test]
fn the_income_per_head_must_be_below_its_line() {
    let too_high = &[Reason::IncomeTooHigh];
    assert_edges(poor(), set_income, [(0, &[]), (1_199, &[]), (1_200, too_high), (1_201, too_high)]);
    assert_edges(
        poor(),
        |case, heads| case.form.household = u16::try_from(heads).unwrap(),
        [(0, &[Reason::HouseholdMissing]), (1, too_high), (2, too_high), (3, &[]), (u16::MAX.into(), &[])],
    );
}

#[test]
fn a_property_must_be_below_its_line() {
    let too_high = &[Reason::PropertyTooHigh];
    let set_property = |case: &mut Case, value: u64| case.form.property = Some(value.into());
    assert_edges(in_need(), set_property, [(0, &[]), (9_999, &[]), (10_000, too_high), (10_001, too_high)]);
    assert_edges(injured(), set_property, [(u64::MAX, &[])]);
}

#[test]
fn a_household_has_at_least_one_head_where_it_must_be_given() {
    let set_heads = |case: &mut Case, heads: u64| case.form.household = u16::try_from(heads).unwrap();
    assert_edges(in_need(), set_heads, [(0, &[Reason::HouseholdMissing]), (1, &[]), (2, &[])]);
    assert_edges(injured(), set_heads, [(0, &[])]);
}

#[test]
fn a_ratio_may_be_the_lowest_and_the_highest_and_is_nothing_where_there_is_no_premium() {
    let out = &[Reason::RatioOutOfRange];
    let set_ratio = |case: &mut Case, ratio| {
        case.form.ratio = u16::try_from(ratio).unwrap();
        case.balance = Amount::MAX;
    };
    let edges: [(u64, &[Reason]); 7] =
        [(0, out), (399, out), (400, &[]), (401, &[]), (1_999, &[]), (2_000, &[]), (2_001, out)];
    assert_edges(insured(), set_ratio, edges);
    assert_edges(injured(), set_ratio, [(0, &[]), (1, out)]);
    let poor_but_wrong = Case { form: Form { ratio: 800, ..injured().form }, ..injured() };
    assert_eq!(poor_but_wrong.fails(), out, "without a premium there is none that an account could not pay");
}

#[test]
fn the_account_must_hold_one_premium() {
    let set_balance = |case: &mut Case, balance| case.balance = Amount::new(balance);
    let too_low = &[Reason::BalanceTooLow];
    assert_edges(insured(), set_balance, [(0, too_low), (159, too_low), (160, &[]), (161, &[])]);
    let mut rounded_up = insured();
    rounded_up.form.income = Some(1_999);
    assert_edges(rounded_up, set_balance, [(159, too_low), (160, &[])]);
}

#[test]
fn the_account_must_hold_its_own_share_only_where_an_employer_is_named() {
    let set_balance = |case: &mut Case, balance| case.balance = Amount::new(balance);
    let mut case = insured();
    case.scheme.employer_share = 2_500;
    assert_edges(case.clone(), set_balance, [(159, &[Reason::BalanceTooLow]), (160, &[])]);
    case.form.employer = Some(5);
    assert_edges(case, set_balance, [(119, &[Reason::BalanceTooLow]), (120, &[])]);
}

#[test]
fn a_card_is_valid_until_its_time_and_no_longer() {
    let valid_until = citizen().identity_valid_until;
    let set_now = |case: &mut Case, now| case.now = now;
    let expired = &[Reason::CardExpired];
    assert_edges(insured(), set_now, [(valid_until - 1, &[]), (valid_until, expired), (valid_until + 1, expired)]);
}

#[test]
fn an_amount_that_does_not_fit_is_too_high_even_where_nothing_asks_for_it() {
    let edge = Amount::MAX.balance();
    for case in [insured(), in_need(), injured(), poor(), pupil()] {
        for income in [edge + 1, Balance::MAX] {
            let form = Form { income: Some(income), ..case.form.clone() };
            assert_eq!(Case { form, ..case.clone() }.fails(), [Reason::IncomeTooHigh]);
        }
    }
    let mut unasked = injured();
    unasked.scheme.rules.income_below = None;
    unasked.form.income = Some(edge);
    assert_eq!(unasked.fails(), []);
    unasked.form.income = Some(edge + 1);
    assert_eq!(unasked.fails(), [Reason::IncomeTooHigh]);
    let form = Form { property: Some(Balance::MAX), ..in_need().form };
    assert_eq!(Case { form, ..in_need() }.fails(), [Reason::PropertyTooHigh]);
}

#[test]
fn what_the_rules_do_not_mention_is_not_asked_for() {
    let mut case = Case::of(welfare(), Form { income: None, ..form(0, &[]) });
    case.scheme.rules.documents = 0;
    assert_eq!(case.fails(), [Reason::IncomeMissing]);
    case.scheme.rules.income_below = None;
    assert_eq!(case.judged(), Judgement { reasons: Reasons::NONE, missing: 0, outcome: Outcome::Pass });
}

#[test]
fn each_rule_about_incomes_alone_asks_for_the_income() {
    let mut case = insured();
    case.form.income = None;
    let clear: [fn(&mut crate::welfare::Rules); 3] = [
        |rules| rules.income_min = None,
        |rules| rules.income_max = None,
        |rules| (rules.ratio_min, rules.ratio_max) = (0, 0),
    ];
    case.form.ratio = 0;
    for kept in 0..clear.len() {
        let mut case = case.clone();
        for (_, clear) in clear.iter().enumerate().filter(|(at, _)| *at != kept) {
            clear(&mut case.scheme.rules);
        }
        assert!(case.judged().reasons.has(Reason::IncomeMissing), "{kept}");
    }
}

#[test]
fn a_document_that_is_not_valid_is_missing() {
    let codecs = [(0, 0x55, true), (1, 0x70, true), (1, 0x71, false)];
    for (kind, codec, valid) in codecs {
        let mut paper = document(kind);
        paper.cid[1] = codec;
        assert_eq!(paper.is_valid(), valid);
    }
    for at in [0, 2, 3] {
        let mut paper = document(INJURY_PROOF);
        paper.cid[at] += 1;
        assert!(!paper.is_valid());
        let case =
            Case { form: Form { documents: vec![document(MEDICAL_RECORD), paper], ..form(1, &[]) }, ..injured() };
        assert_eq!((case.fails(), case.judged().missing), (vec![Reason::DocumentMissing], kinds(&[INJURY_PROOF])));
    }
    assert!(document(31).is_valid() && !document(32).is_valid());
    assert_eq!(form(0, &[31, 32, 255]).kinds(), 1 << 31);
}

#[test]
fn more_documents_than_asked_for_do_no_harm() {
    let form = form(200, &[PHOTO, MEDICAL_RECORD, MEDICAL_RECORD, INJURY_PROOF, 31]);
    assert_eq!(Case { form, ..injured() }.fails(), []);
}

#[test]
fn a_form_has_at_most_sixteen_documents_all_of_them_valid() {
    assert!(form(0, &[]).checked().is_ok() && form(0, &[1; 16]).checked().is_ok());
    let refusal = |form: Form| form.checked().unwrap_err();
    assert_eq!(refusal(form(0, &[1; 17])), FormRefusal::TooManyDocuments { most: 16, given: 17 });
    assert_eq!(refusal(form(0, &[1; 300])), FormRefusal::TooManyDocuments { most: 16, given: 255 });
    assert_eq!(refusal(form(0, &[1, 32, 1])), FormRefusal::BadDocument { at: 1 });
}

#[test]
fn a_second_benefit_matters_only_where_the_scheme_is_exclusive() {
    for exclusive in [true, false] {
        let scheme = Scheme { exclusive, ..welfare() };
        let case = Case { scheme, has_running_benefit: true, ..injured() };
        assert_eq!(case.judged().reasons.has(Reason::DuplicateBenefit), exclusive);
        assert!(Case { has_running_benefit: false, ..case }.fails().is_empty());
    }
}

#[test]
fn nobody_is_registered_without_the_role_that_may_apply() {
    for applicant in [None, Some(Credentials { roles: Roles::NONE, ..citizen() })] {
        let judged = Case { applicant, ..injured() }.judged();
        let not_registered = Reasons::of(&[Reason::NotRegistered]);
        assert_eq!(judged, Judgement { reasons: not_registered, missing: 0, outcome: Outcome::Reject });
    }
}

#[test]
fn a_reasons_bit_is_its_scale_number_so_that_the_set_reads_the_same_everywhere() {
    for (at, reason) in ALL.into_iter().enumerate() {
        assert_eq!(reason.encode(), [u8::try_from(at).unwrap()]);
        assert_eq!(Reasons::of(&[reason]).encode(), (1u32 << at).encode());
    }
    assert!(Reason::decode(&mut &[ALL.len() as u8][..]).is_err(), "every reason is in the list");
}

proptest! {
    #[test]
    fn a_set_holds_exactly_what_was_put_in(bits in 0u32..1 << 15) {
        let reasons: Vec<Reason> = ALL.into_iter().filter(|reason| (bits >> (*reason as u8)) & 1 == 1).collect();
        let set = Reasons::of(&reasons);
        prop_assert_eq!(set.iter().collect::<Vec<_>>(), reasons);
        prop_assert_eq!(set.is_empty(), bits == 0);
        prop_assert!(ALL.into_iter().all(|reason| set.has(reason) == ((bits >> (reason as u8)) & 1 == 1)));
    }

    #[test]
    fn what_a_scheme_is_called_changes_nothing(
        which in 0usize..5, income in 0u128..2_000, household in 0u16..6, ratio in prop_oneof![Just(0u16), 300..2_100u16],
        documents: u8, complete: bool,
    ) {
        let papers: Vec<u8> = (0..6).filter(|kind| (documents >> kind) & 1 == 1).collect();
        let form = Form { complete, household, ratio, ..form(income, &papers) };
        let case = Case::of(schemes()[which].clone(), form);
        for kind in [SchemeKind::Insurance, SchemeKind::MinimumLiving, SchemeKind::Custom] {
            let scheme = Scheme { kind, ..case.scheme.clone() };
            prop_assert_eq!(Case { scheme, ..case.clone() }.judged(), case.judged());
        }
    }
}
