//! The automatic check on chain: each condition reaches the stored case and the event, all that fail are named at once, and what
//! fails decides between rejected and returned.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{
    ids::{SchemeId, WelfareCaseId},
    roles::Role,
    time::{Millis, DAY},
    welfare::samples::{self, INCOME, INJURY_PROOF, MEDICAL_RECORD, PHOTO, PROPERTY},
};
use amanah_e2e::{
    registration,
    welfare::{assistance_form, injury_form, insurance_form, minimum_living_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
    welfare::{BenefitStatus, CaseOpened, Error, Form, Reason, Reasons, Scheme, Welfare},
    Balance,
};
use BenefitStatus::{Rejected, Returned, Review};

/// What the check says: how the case stands, for which reasons, and which papers are missing.
type Wanted<'a> = (BenefitStatus, &'a [Reason], &'a [u8]);

/// What is different in a form.
type Change = fn(&mut Form);

const PASSES: Wanted = (Review, &[], &[]);

/// Somebody applies, and the check says exactly this: in the record, in the event, and by what is on the first desk.
#[track_caller]
fn judged(offices: &mut Offices, applicant: &Person, scheme: SchemeId, form: Form, wanted: Wanted) -> WelfareCaseId {
    let message = offices.world.suite.welfare().apply(scheme, form);
    let done = offices.world.send(&applicant.actor, message);
    let (case, applicant, status) = (done.value, applicant.number, wanted.0);
    let (reasons, missing) = (Reasons::of(wanted.1), samples::kinds(wanted.2));
    let record = offices.case(case);
    assert_eq!((record.status, record.reasons, record.missing), (status, reasons, missing));
    let opened = CaseOpened { case, applicant, scheme, status, reasons, missing };
    assert_eq!(own_events(offices, &done)[0], Event::CaseOpened(opened));
    let (decided_by, decided_at) = (0, if status == Rejected { offices.world.chain.now() } else { 0 });
    assert_eq!((record.decided_by, record.decided_at), (decided_by, decided_at), "by no reviewer");
    let first = offices.scheme_of(case).stages[0].role;
    assert_eq!(offices.worklist(first).contains(&case), status == Review);
    case
}

/// One form after another, each the usual one with one change.
#[track_caller]
fn all_judged(offices: &mut Offices, scheme: SchemeId, usual: &Form, changes: &[(Change, Wanted)]) {
    let citizen = offices.world.citizen.clone();
    for (change, wanted) in changes {
        let mut form = usual.clone();
        change(&mut form);
        judged(offices, &citizen, scheme, form, *wanted);
    }
}

/// Somebody with a card that ends at this time.
fn enrol_until(offices: &mut Offices, name: &str, roles: &[Role], card_ends: Millis) -> Person {
    let registration = Registration { identity_valid_until: card_ends, ..registration(name, roles) };
    let (government, message) =
        (offices.world.government.actor.clone(), offices.world.suite.registry().register(registration));
    Person { actor: Actor::named(name), number: offices.world.send(&government, message).value }
}

fn drop_paper(form: &mut Form, kind: u8) {
    form.documents.retain(|document| document.kind != kind);
}

#[test]
fn algorithm_1_names_each_condition_of_an_insurance_that_fails_and_rejects() {
    let (mut offices, cast) = stage();
    offices.funds(&cast.citizen, 8_000);
    let changes: &[(Change, Wanted)] = &[
        (|_| {}, PASSES),
        (|it| it.complete = false, (Rejected, &[Reason::FormIncomplete], &[])),
        (|it| it.income = None, (Rejected, &[Reason::IncomeMissing], &[])),
        (|it| it.income = Some(0), (Rejected, &[Reason::IncomeTooLow], &[])),
        (|it| it.income = Some(1), PASSES),
        // A premium of exactly what is there.
        (|it| it.income = Some(100_000), PASSES),
        (|it| (it.income, it.ratio) = (Some(100_001), 400), (Rejected, &[Reason::IncomeTooHigh], &[])),
        (|it| it.income = Some(Balance::MAX), (Rejected, &[Reason::IncomeTooHigh], &[])),
        (|it| it.ratio = 399, (Rejected, &[Reason::RatioOutOfRange], &[])),
        (|it| it.ratio = 400, PASSES),
        (|it| it.ratio = 2_000, PASSES),
        (|it| it.ratio = 2_001, (Rejected, &[Reason::RatioOutOfRange], &[])),
        (|it| it.documents.clear(), (Rejected, &[Reason::DocumentMissing], &[PHOTO])),
    ];
    let scheme = offices.insurance;
    all_judged(&mut offices, scheme, &insurance_form(), changes);
}

#[test]
fn algorithm_2_names_each_condition_of_an_assistance_that_fails_and_rejects() {
    let (mut offices, _) = stage();
    let changes: &[(Change, Wanted)] = &[
        (|_| {}, PASSES),
        (|it| it.complete = false, (Rejected, &[Reason::FormIncomplete], &[])),
        (|it| it.household = 0, (Rejected, &[Reason::HouseholdMissing], &[])),
        (|it| it.income = None, (Rejected, &[Reason::IncomeMissing], &[])),
        (|it| it.income = Some(499), PASSES),
        (|it| it.income = Some(500), (Rejected, &[Reason::IncomeTooHigh], &[])),
        (|it| it.property = None, (Rejected, &[Reason::PropertyMissing], &[])),
        (|it| it.property = Some(9_999), PASSES),
        (|it| it.property = Some(10_000), (Rejected, &[Reason::PropertyTooHigh], &[])),
        (|it| it.property = Some(Balance::MAX), (Rejected, &[Reason::PropertyTooHigh], &[])),
        (|it| drop_paper(it, PHOTO), (Rejected, &[Reason::DocumentMissing], &[PHOTO])),
        (|it| drop_paper(it, INCOME), (Rejected, &[Reason::DocumentMissing], &[INCOME])),
        (|it| it.documents.clear(), (Rejected, &[Reason::DocumentMissing], &[PHOTO, INCOME, PROPERTY])),
    ];
    let scheme = offices.assistance;
    all_judged(&mut offices, scheme, &assistance_form(), changes);
}

#[test]
fn algorithm_3_names_each_condition_of_a_work_injury_that_fails_and_returns() {
    let (mut offices, _) = stage();
    let changes: &[(Change, Wanted)] = &[
        (|_| {}, PASSES),
        (|it| it.complete = false, (Returned, &[Reason::FormIncomplete], &[])),
        (|it| it.income = None, (Returned, &[Reason::IncomeMissing], &[])),
        (|it| it.income = Some(999), PASSES),
        (|it| it.income = Some(1_000), (Returned, &[Reason::IncomeTooHigh], &[])),
        (|it| drop_paper(it, MEDICAL_RECORD), (Returned, &[Reason::DocumentMissing], &[MEDICAL_RECORD])),
        (|it| drop_paper(it, INJURY_PROOF), (Returned, &[Reason::DocumentMissing], &[INJURY_PROOF])),
    ];
    let scheme = offices.injury;
    all_judged(&mut offices, scheme, &injury_form(), changes);
}

#[test]
fn minimum_living_asks_for_an_income_per_head_below_the_line() {
    let (mut offices, _) = stage();
    let changes: &[(Change, Wanted)] = &[
        (|_| {}, PASSES),
        (|it| it.household = 0, (Rejected, &[Reason::HouseholdMissing], &[])),
        (|it| it.income = None, (Rejected, &[Reason::IncomeMissing], &[])),
        (|it| it.income = Some(1_199), PASSES),
        (|it| it.income = Some(1_200), (Rejected, &[Reason::IncomeTooHigh], &[])),
        (|it| (it.income, it.household) = (Some(1_200), 5), PASSES),
        (|it| (it.income, it.household) = (Some(300), 1), (Rejected, &[Reason::IncomeTooHigh], &[])),
        (|it| it.documents.clear(), (Rejected, &[Reason::DocumentMissing], &[INCOME])),
    ];
    let scheme = offices.minimum_living;
    all_judged(&mut offices, scheme, &minimum_living_form(), changes);
}

#[test]
fn what_fails_for_the_person_rejects_under_every_scheme_and_who_is_not_registered_is_refused() {
    let (mut offices, cast) = stage();
    let [suspended, blacklisted] = ["suspended", "blacklisted"].map(|name| offices.applicant(name));
    let expired = enrol_until(&mut offices, "expired", &[Role::Citizen], START);
    let people = [
        (&cast.shop, Reason::NotRegistered),
        (&suspended, Reason::NotInGoodStanding),
        (&blacklisted, Reason::Blacklisted),
        (&expired, Reason::CardExpired),
    ];
    for (person, _) in people {
        offices.funds(person, 160);
    }
    offices.suspend(&suspended);
    offices.send(&cast.regulator.actor, cast.registry().blacklist(blacklisted.number, 1));
    for (scheme, form) in [
        (offices.insurance, insurance_form()),
        (offices.assistance, assistance_form()),
        (offices.injury, injury_form()),
        (offices.minimum_living, minimum_living_form()),
    ] {
        for (person, reason) in people {
            judged(&mut offices, person, scheme, form.clone(), (Rejected, &[reason], &[]));
        }
        offices.refuses(&cast.stranger, cast.welfare().apply(scheme, form), Error::NotAllowed);
    }
}

#[test]
fn an_identity_card_counts_until_its_last_millisecond() {
    let (mut offices, _) = stage();
    let end = START + DAY;
    let person = enrol_until(&mut offices, "card", &[Role::Citizen], end);
    let scheme = offices.injury;
    for (now, wanted) in [
        (end - 1, PASSES),
        (end, (Rejected, &[Reason::CardExpired][..], &[][..])),
        (end + 1, (Rejected, &[Reason::CardExpired], &[])),
    ] {
        offices.chain.set_time(now);
        judged(&mut offices, &person, scheme, injury_form(), wanted);
    }
}

#[test]
fn a_digital_account_must_hold_ones_own_share_of_one_premium_in_the_schemes_money() {
    const TOO_LOW: Wanted = (Rejected, &[Reason::BalanceTooLow], &[]);
    let (mut offices, cast) = stage();
    let shared = offices.scheme(Scheme { employer_share: 5_000, ..samples::insurance() });
    let with_employer = Form { employer: Some(cast.shop.number), ..insurance_form() };
    let other = offices.enrol("other bank", &[Role::Bank]);
    // Other money does not count, nor does what others have.
    offices.send(&other.actor, cast.ledger().issue(cast.citizen.id(), 1_000_000, [1; 32]));
    offices.issue(&cast.shop, 1_000_000);
    let insurance = offices.insurance;
    let mut has = 0;
    for (balance, whole, half) in [
        (0, TOO_LOW, TOO_LOW),
        (79, TOO_LOW, TOO_LOW),
        (80, TOO_LOW, PASSES),
        (159, TOO_LOW, PASSES),
        (160, PASSES, PASSES),
    ] {
        if balance > has {
            offices.issue(&cast.citizen, balance - has);
            has = balance;
        }
        judged(&mut offices, &cast.citizen, insurance, insurance_form(), whole);
        judged(&mut offices, &cast.citizen, shared, insurance_form(), whole);
        judged(&mut offices, &cast.citizen, shared, with_employer.clone(), half);
        // Where the scheme gives the employer no share, naming one does not help.
        judged(&mut offices, &cast.citizen, insurance, with_employer.clone(), whole);
    }
}

#[test]
fn all_conditions_that_fail_are_named_at_once() {
    use Reason::*;
    let (mut offices, cast) = stage();
    let person = enrol_until(&mut offices, "nobody's idea of an applicant", &[Role::Shop], START);
    offices.suspend(&person);
    offices.send(&cast.regulator.actor, cast.registry().blacklist(person.number, 1));
    let of_the_person = [NotRegistered, NotInGoodStanding, Blacklisted, CardExpired];
    let nothing = Form { complete: false, income: None, ..samples::form(0, &[]) };
    let papers: [&[u8]; 3] = [&[PHOTO], &[PHOTO, INCOME, PROPERTY], &[MEDICAL_RECORD, INJURY_PROOF]];
    let (insurance, assistance, injury) = (offices.insurance, offices.assistance, offices.injury);
    let rich = Form { income: Some(100_000), property: Some(10_000), household: 1, ..nothing.clone() };
    let forms: [(SchemeId, Form, &[Reason], &[u8]); 7] = [
        (insurance, nothing.clone(), &[FormIncomplete, IncomeMissing, RatioOutOfRange, DocumentMissing], papers[0]),
        (
            insurance,
            Form { income: Some(100_001), ratio: 2_001, ..nothing.clone() },
            &[FormIncomplete, IncomeTooHigh, RatioOutOfRange, BalanceTooLow, DocumentMissing],
            papers[0],
        ),
        (
            insurance,
            Form { income: Some(0), ..nothing.clone() },
            &[FormIncomplete, IncomeTooLow, RatioOutOfRange, DocumentMissing],
            papers[0],
        ),
        (
            assistance,
            nothing.clone(),
            &[FormIncomplete, HouseholdMissing, IncomeMissing, PropertyMissing, DocumentMissing],
            papers[1],
        ),
        (assistance, rich.clone(), &[FormIncomplete, IncomeTooHigh, PropertyTooHigh, DocumentMissing], papers[1]),
        (injury, nothing, &[FormIncomplete, IncomeMissing, DocumentMissing], papers[2]),
        (injury, rich, &[FormIncomplete, IncomeTooHigh, DocumentMissing], papers[2]),
    ];
    for (scheme, form, of_the_form, missing) in forms {
        let all = [&of_the_person, of_the_form].concat();
        judged(&mut offices, &person, scheme, form.clone(), (Rejected, &all, missing));
        // Of somebody who may apply, the form alone: the scheme says what becomes of it.
        let status = if scheme == injury { Returned } else { Rejected };
        judged(&mut offices, &cast.citizen, scheme, form, (status, of_the_form, missing));
    }
}
