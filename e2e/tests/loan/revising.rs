//! Trying again after an oracle said no, and the end of a case whose time is over.

use crate::common::*;
use amanah_domain::{
    chaincode::Verdict,
    flow::{Event, Request},
    ids::CaseId,
    roles::Role,
    time::DAY,
};
use amanah_e2e::{
    lending::{Lenders, VALIDITY},
    START,
};
use amanah_interfaces::loan::{
    Case, CaseExpired, CaseRefusal, CaseRevised, CaseStatus, Code, Error, EventKind, GrantorRefusal, Loan,
    ProductRefusal,
};

/// The citizen's application, failed by the department.
fn failed(lenders: &mut Lenders) -> CaseId {
    let event = lenders.application(12_000, 12);
    let case = lenders.lock(&event);
    fail(lenders, case);
    case
}

/// The department fails a case.
fn fail(lenders: &mut Lenders, case: CaseId) {
    let department = lenders.department.clone();
    let verdict = lenders.verdict(case, &department, Verdict::Failed);
    let done = lenders.try_unlock(case, vec![verdict]).expect("a Failed is taken");
    assert_eq!(done.value, Code::OracleFailed);
    assert_eq!(lenders.case(case).status, CaseStatus::Failed);
}

#[track_caller]
fn cannot_revise(lenders: &mut Lenders, case: CaseId, event: &Event, error: Error) {
    let citizen = lenders.citizen.actor.clone();
    let message = lenders.suite.loan().revise(case, event.clone(), None);
    lenders.refuses(&citizen, message, error);
}

#[test]
fn a_failed_case_goes_on_as_its_next_revision_with_new_time_and_no_verdicts() {
    let (mut lenders, cast) = stage();
    let case = failed(&mut lenders);
    let before = lenders.case(case);
    lenders.chain.advance(2 * DAY);
    let event = lenders.application(6_000, 24);
    let done = lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event.clone(), None));
    let expires = START + 2 * DAY + VALIDITY;
    let revised = CaseRevised { case, revision: 1, event: event.clone(), expires };
    assert_eq!(told(&lenders, &done), [Emitted::CaseRevised(revised)]);
    let now = Case { event, revision: 1, passed: 0, status: CaseStatus::Open, expires, ..before };
    assert_eq!(lenders.case(case), now);

    fail(&mut lenders, case);
    let event = lenders.application(3_000, 24);
    lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event, None));
    lenders.funds(&cast.bank, 3_000);
    lenders.unlock(case);
    assert_eq!((lenders.case(case).revision, lenders.balance(&cast.citizen)), (2, 3_000));
}

#[test]
fn only_what_failed_is_revised() {
    let (mut lenders, cast) = stage();
    let status = |status| Error::Case(CaseRefusal::NotFailed { status });
    let expired = failed(&mut lenders);
    lenders.chain.advance(VALIDITY);
    lenders.send(&cast.stranger, cast.suite.loan().expire_case(expired));
    let ready = ready_application(&mut lenders);
    cannot_revise(&mut lenders, expired, &ready.event, status(CaseStatus::Expired));
    cannot_revise(&mut lenders, ready.case, &ready.event, status(CaseStatus::Open));
    unlock_ready(&mut lenders, &ready);
    cannot_revise(&mut lenders, ready.case, &ready.event, status(CaseStatus::Executed));
    cannot_revise(&mut lenders, 99, &ready.event, Error::UnknownCase { case: 99 });
}

#[test]
fn a_revision_keeps_its_flow_and_its_applicant() {
    let (mut lenders, cast) = stage();
    let case = failed(&mut lenders);
    let event = lenders.application(12_000, 12);
    let another = Error::Case(CaseRefusal::AnotherMatter);
    let flow = lenders.configure(EventKind::LoanApplication, &[Role::Bank]);
    cannot_revise(&mut lenders, case, &Event { flow, ..event.clone() }, another);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let theirs = Event { applicant: neighbour.number, ..event.clone() };
    cannot_revise(&mut lenders, case, &theirs, another);
    lenders.refuses(&neighbour.actor, cast.suite.loan().revise(case, theirs, None), another);
    lenders.refuses(&neighbour.actor, cast.suite.loan().revise(case, event.clone(), None), Error::NotAllowed);
    lenders.refuses(&cast.department.actor, cast.suite.loan().revise(case, event.clone(), None), Error::NotAllowed);
    let request = Request::Reschedule { loan: 1, months: 6 };
    let wrong = Error::WrongFlow { flow: lenders.reschedule };
    cannot_revise(&mut lenders, case, &Event { request, ..event }, wrong);
}

#[test]
fn a_revision_must_fit_as_a_new_case_must() {
    let (mut lenders, cast) = stage();
    let case = failed(&mut lenders);
    let over = Error::Product(ProductRefusal::OverLimit { most: 50_000, wanted: 50_001 });
    let event = lenders.application(50_001, 12);
    cannot_revise(&mut lenders, case, &event, over);
    let mut event = lenders.application(12_000, 12);
    event.grantors[1] = cast.shop.number;
    let refusal = GrantorRefusal::NotInGoodStanding { grantor: cast.shop.number };
    cannot_revise(&mut lenders, case, &event, Error::Grantor(refusal));
    // Another office of the same kind may be asked.
    let other = lenders.enrol("another office", &[Role::CivilAffairs]);
    event.grantors[1] = other.number;
    lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event.clone(), None));
    assert_eq!(lenders.case(case).event, event);
}

#[test]
fn a_case_is_revised_before_its_time_is_over_and_not_then() {
    let (mut lenders, cast) = stage();
    let case = failed(&mut lenders);
    let (event, expires) = (lenders.application(6_000, 12), START + VALIDITY);
    for late in [expires, expires + 1] {
        lenders.chain.set_time(late);
        cannot_revise(&mut lenders, case, &event, Error::Case(CaseRefusal::TooLate { expires }));
    }
    lenders.chain.set_time(expires - 1);
    lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event, None));
    assert_eq!(lenders.case(case).expires, expires - 1 + VALIDITY);
}

// ---- expiry ----

#[test]
fn anybody_ends_a_case_whose_time_is_over_and_nobody_before() {
    let (mut lenders, cast) = stage();
    let failed = failed(&mut lenders);
    let open = ready_application(&mut lenders);
    let expires = START + VALIDITY;
    for case in [failed, open.case] {
        for early in [START, expires - 1] {
            lenders.chain.set_time(early);
            let error = Error::Case(CaseRefusal::TooEarly { expires });
            lenders.refuses(&cast.stranger, cast.suite.loan().expire_case(case), error);
        }
    }
    for (case, late) in [(failed, expires), (open.case, expires + 1)] {
        lenders.chain.set_time(late);
        let done = lenders.send(&cast.stranger, cast.suite.loan().expire_case(case));
        assert_eq!(told(&lenders, &done), [Emitted::CaseExpired(CaseExpired { case })]);
        assert_eq!(lenders.case(case).status, CaseStatus::Expired);
        let expired = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Expired });
        lenders.refuses(&cast.stranger, cast.suite.loan().expire_case(case), expired);
    }
    let expired = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Expired });
    cannot_unlock(&mut lenders, &open, expired);
    for unknown in [0, 99] {
        let error = Error::UnknownCase { case: unknown };
        lenders.refuses(&cast.stranger, cast.suite.loan().expire_case(unknown), error);
    }
}

#[test]
fn an_executed_case_never_expires() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    unlock_ready(&mut lenders, &ready);
    lenders.chain.advance(2 * VALIDITY);
    let executed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Executed });
    lenders.refuses(&cast.stranger, cast.suite.loan().expire_case(ready.case), executed);
}
