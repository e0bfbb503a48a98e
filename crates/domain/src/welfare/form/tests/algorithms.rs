//! Each algorithm, its conditions one by one and in all pairs: what fails alone is named alone, and what fails together
//! is named together.

use super::*;

/// A way to break one condition.
#[derive(Clone, Copy)]
struct Fault {
    reason: Reason,
    /// The kinds of documents that go missing.
    missing: u32,
    /// What the fault is made of: two faults with one of these in common cannot be made or seen together.
    of: &'static [&'static str],
    make: fn(&mut Case),
}

const fn fault(reason: Reason, of: &'static [&'static str], make: fn(&mut Case)) -> Fault {
    Fault { reason, missing: 0, of, make }
}

const fn missing<const KIND: u8>() -> Fault {
    let make = |case: &mut Case| case.form.documents.retain(|document| document.kind != KIND);
    Fault { reason: Reason::DocumentMissing, missing: 1 << KIND, of: &[], make }
}

fn applicant(case: &mut Case) -> &mut Credentials {
    case.applicant.as_mut().unwrap()
}

/// What every algorithm asks of the person.
const PERSON: [Fault; 5] = [
    fault(Reason::NotRegistered, &[], |case| applicant(case).roles = Roles::NONE),
    fault(Reason::NotInGoodStanding, &[], |case| applicant(case).status = Status::Suspended),
    fault(Reason::Blacklisted, &[], |case| applicant(case).blacklisted = true),
    fault(Reason::CardExpired, &[], |case| applicant(case).identity_valid_until = TODAY),
    fault(Reason::DuplicateBenefit, &[], |case| case.has_running_benefit = true),
];

const INCOMPLETE: Fault = fault(Reason::FormIncomplete, &[], |case| case.form.complete = false);
const NO_INCOME: Fault = fault(Reason::IncomeMissing, &["income"], |case| case.form.income = None);
const NO_HOUSEHOLD: Fault = fault(Reason::HouseholdMissing, &[], |case| case.form.household = 0);

fn with_income(case: &mut Case, income: Balance) {
    case.form.income = Some(income);
}

/// Algorithm 1, insurance. Whether the account can pay a premium shows only where there is an income.
const ALGORITHM_1: [Fault; 8] = [
    INCOMPLETE,
    Fault { of: &["income", "premium"], ..NO_INCOME },
    fault(Reason::IncomeTooLow, &["income"], |case| with_income(case, 999)),
    fault(Reason::IncomeTooHigh, &["income"], |case| with_income(case, 100_001)),
    fault(Reason::RatioOutOfRange, &["ratio"], |case| case.form.ratio = 399),
    fault(Reason::RatioOutOfRange, &["ratio"], |case| case.form.ratio = 2_001),
    fault(Reason::BalanceTooLow, &["premium"], |case| case.balance = Amount::new(39)),
    missing::<PHOTO>(),
];

/// Algorithm 2, assistance.
const ALGORITHM_2: [Fault; 9] = [
    INCOMPLETE,
    NO_HOUSEHOLD,
    NO_INCOME,
    fault(Reason::IncomeTooHigh, &["income"], |case| with_income(case, 500)),
    fault(Reason::PropertyMissing, &["property"], |case| case.form.property = None),
    fault(Reason::PropertyTooHigh, &["property"], |case| case.form.property = Some(10_000)),
    missing::<PHOTO>(),
    missing::<INCOME>(),
    missing::<PROPERTY>(),
];

/// Algorithm 3, welfare.
const ALGORITHM_3: [Fault; 5] = [
    INCOMPLETE,
    NO_INCOME,
    fault(Reason::IncomeTooHigh, &["income"], |case| with_income(case, 1_000)),
    missing::<MEDICAL_RECORD>(),
    missing::<INJURY_PROOF>(),
];

/// Ours, minimum living. Whether the income per head is too high shows only where there are heads.
const MINIMUM_LIVING: [Fault; 5] = [
    INCOMPLETE,
    Fault { of: &["line"], ..NO_HOUSEHOLD },
    NO_INCOME,
    fault(Reason::IncomeTooHigh, &["income", "line"], |case| with_income(case, 1_200)),
    missing::<INCOME>(),
];

/// School meals, which no algorithm knows.
const SCHOOL_MEALS: [Fault; 5] = [
    INCOMPLETE,
    NO_HOUSEHOLD,
    NO_INCOME,
    fault(Reason::IncomeTooHigh, &["income"], |case| with_income(case, 800)),
    missing::<ENROLMENT>(),
];

/// Every algorithm: an application that passes, and the ways in which it can fail.
fn algorithms() -> Vec<(Case, Vec<Fault>)> {
    let mut insured = insured();
    // So that every income and ratio below has a premium that a full account can pay and an empty one cannot.
    insured.scheme.rules.income_min = Some(Amount::new(1_000));
    insured.balance = Amount::MAX;
    let of_forms: [(Case, &[Fault]); 5] = [
        (insured, &ALGORITHM_1),
        (in_need(), &ALGORITHM_2),
        (injured(), &ALGORITHM_3),
        (poor(), &MINIMUM_LIVING),
        (pupil(), &SCHOOL_MEALS),
    ];
    let with_person = |(mut case, faults): (Case, &[Fault])| {
        case.scheme.exclusive = true;
        (case, [faults, &PERSON].concat())
    };
    of_forms.into_iter().map(with_person).collect()
}

/// Asserts what is said of an application with these faults, and with no others.
fn assert_named(case: &Case, faults: &[Fault]) {
    let mut broken = case.clone();
    for fault in faults {
        (fault.make)(&mut broken);
    }
    let reasons: Vec<Reason> = faults.iter().map(|fault| fault.reason).collect();
    let of_the_person = PERSON.iter().any(|fault| reasons.contains(&fault.reason));
    let outcome = match case.scheme.rules.on_failure {
        _ if faults.is_empty() => Outcome::Pass,
        OnFailure::Return if !of_the_person => Outcome::Return,
        _ => Outcome::Reject,
    };
    let missing = faults.iter().fold(0, |kinds, fault| kinds | fault.missing);
    let expected = Judgement { reasons: Reasons::of(&reasons), missing, outcome };
    assert_eq!(broken.judged(), expected, "{:?} with {reasons:?}", case.scheme.kind);
}

fn exclude_each_other(one: &Fault, other: &Fault) -> bool {
    one.of.iter().any(|part| other.of.contains(part))
}

#[test]
fn an_application_that_breaks_no_condition_passes() {
    for (case, _) in algorithms() {
        assert_named(&case, &[]);
    }
}

#[test]
fn each_condition_that_fails_alone_is_named_alone() {
    for (case, faults) in algorithms() {
        for fault in faults {
            assert_named(&case, &[fault]);
        }
    }
}

#[test]
fn any_two_conditions_that_fail_are_both_named() {
    let mut pairs = 0;
    for (case, faults) in algorithms() {
        for (at, one) in faults.iter().enumerate() {
            for other in faults[at + 1..].iter().filter(|other| !exclude_each_other(one, other)) {
                assert_named(&case, &[*one, *other]);
                pairs += 1;
            }
        }
    }
    // 13, 14 and three times 10 conditions: 78 + 91 + 3 x 45 pairs, without the 5, 2, 1, 2 and 1 that exclude each other.
    assert_eq!(pairs, 293);
}

#[test]
fn everything_that_can_fail_together_is_named_together() {
    for (case, faults) in algorithms() {
        let mut together: Vec<Fault> = Vec::new();
        for fault in faults {
            if !together.iter().any(|other| exclude_each_other(&fault, other)) {
                together.push(fault);
            }
        }
        assert_named(&case, &together);
    }
}

#[test]
fn without_an_income_no_account_is_too_poor_and_without_heads_no_income_per_head_too_high() {
    let mut insured = insured();
    (insured.form.income, insured.balance) = (None, Amount::ZERO);
    assert_eq!(insured.fails(), [Reason::IncomeMissing]);
    let mut poor = poor();
    (poor.form.household, poor.form.income) = (0, Some(Amount::MAX.balance()));
    assert_eq!(poor.fails(), [Reason::HouseholdMissing]);
}
