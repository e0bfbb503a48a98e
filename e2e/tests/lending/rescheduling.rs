//! A new schedule for what is left of a loan, granted through a case: by the bank that lent, or by the loan administrator.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    flow::{self, EventKind, Request},
    roles::Role,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    loan::{
        CaseStatus, ChallengeRefusal, Code, Error, Finding, Loan, LoanRefusal, LoanRescheduled, LoanStatus, Matter,
        Method, Verdict,
    },
    registry::Registry,
};

fn bad_months(wanted: u16) -> Error {
    Error::Loan(LoanRefusal::BadMonths { most: 480, wanted })
}

/// The citizen cannot lock an event.
#[track_caller]
fn lock_refused(lenders: &mut Lenders, event: &flow::Event, error: Error) {
    let citizen = lenders.world.citizen.actor.clone();
    let message = lenders.world.suite.loan().lock(event.clone(), None);
    lenders.world.refuses(&citizen, message, error);
}

#[test]
fn what_is_left_gets_a_new_schedule_from_today_and_what_is_owed_stays_owed() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE);
    mark_delinquent(&mut lenders, loan);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 146), [10, 36, 100]);
    lenders.chain.advance(DAY);
    let case = lenders.lock(&lenders.new_schedule(loan, 10));
    let done = lenders.unlock(case);
    let events = lenders.world.events(&done.events);
    let event = LoanRescheduled { loan, months: 10, instalment: 90 };
    assert_eq!(events.first(), Some(&Event::LoanRescheduled(event)));
    assert_eq!(events.len(), 2, "and the case was executed: {events:?}");
    let record = lenders.loan(loan);
    assert_eq!((record.status, record.months, record.base.balance()), (LoanStatus::Active, 10, 900));
    assert_eq!((record.started, record.schedule_from), (START, LATE + DAY));
    assert_eq!(owed(&mut lenders, loan), [0, 1, 900, 0]);
    // A month after the 21st of February.
    let next = LATE + 29 * DAY;
    assert_eq!(due(&mut lenders, loan).next_due, Some(next));
    lenders.chain.set_time(next + 5 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    lenders.chain.set_time(next + 5 * DAY);
    mark_delinquent(&mut lenders, loan);
    assert_eq!(owed(&mut lenders, loan)[0], 10);
}

#[test]
fn fees_that_are_owed_stay_owed_and_are_not_charged_again() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE);
    let case = lenders.lock(&lenders.new_schedule(loan, 4));
    lenders.unlock(case);
    assert_eq!(owed(&mut lenders, loan), [10, 36, 1_000, 0]);
    lenders.chain.advance(30 * DAY);
    assert_eq!(owed(&mut lenders, loan)[0], 10, "the first date of the new schedule has its own days of grace");
}

#[test]
fn a_loan_in_default_that_is_rescheduled_is_active_again() {
    let (mut lenders, cast) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        offer.method = Method::EqualInstalments;
    });
    default(&mut lenders, loan);
    let case = lenders.lock(&lenders.new_schedule(loan, 480));
    lenders.unlock(case);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Active);
    let instalment = lenders.loan(loan).instalment.balance();
    // 36.5 % a year of 1,000 is 30.42 a month: forty years of it repay next to nothing.
    assert_eq!(instalment, 31);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 151), [30, 121, 0]);
}

#[test]
fn a_new_schedule_has_1_to_480_months() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    for months in [0, 481, u16::MAX] {
        let case = lenders.lock(&lenders.new_schedule(loan, months));
        unlock_refused(&mut lenders, case, bad_months(months));
        assert_eq!(lenders.case(case).status, CaseStatus::Open);
    }
    for months in [1, 480] {
        let case = lenders.lock(&lenders.new_schedule(loan, months));
        lenders.unlock(case);
        assert_eq!(lenders.loan(loan).months, months);
    }
}

#[test]
fn a_loan_without_anything_left_gets_no_new_schedule_even_if_something_was_left_when_it_was_asked_for() {
    let (mut lenders, cast) = stage();
    let (closed, subsidised) = (lend_plainly(&mut lenders), lend_subsidised(&mut lenders));
    let cases = [closed, subsidised].map(|loan| lenders.lock(&lenders.new_schedule(loan, 12)));
    lenders.chain.advance(DAY);
    for loan in [closed, subsidised] {
        repay(&mut lenders, &cast.citizen, loan, 5_000);
    }
    unlock_refused(&mut lenders, cases[0], wrong(LoanStatus::Closed));
    unlock_refused(&mut lenders, cases[1], NOTHING_OWED);
}

#[test]
fn a_loan_that_is_written_off_gets_no_new_schedule() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    default(&mut lenders, loan);
    let case = lenders.lock(&lenders.new_schedule(loan, 12));
    write_off(&mut lenders, &cast.bank, loan);
    unlock_refused(&mut lenders, case, wrong(LoanStatus::WrittenOff));
}

#[test]
fn only_the_bank_that_lent_grants_it_to_the_borrower_of_the_loan() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let (other, _) = other_bank(&mut lenders, plain);
    let event = lenders.new_schedule(loan, 12);
    let named = flow::Event { grantors: vec![other.number], ..event.clone() };
    lock_refused(&mut lenders, &named, Error::WrongGrantor { role: Role::Bank });
    let unknown = flow::Event { request: Request::Reschedule { loan: 9, months: 12 }, ..event.clone() };
    lock_refused(&mut lenders, &unknown, Error::UnknownLoan { loan: 9 });

    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    lenders.world.citizen = neighbour.clone();
    let theirs = flow::Event { applicant: neighbour.number, ..event.clone() };
    lock_refused(&mut lenders, &theirs, Error::NotYours);
    lenders.world.citizen = cast.citizen.clone();
    let case = lenders.lock(&event);
    let verdict = lenders.verdict(case, &cast.bank, Verdict::Failed);
    let done = lenders.try_unlock(case, vec![verdict]).expect("a genuine Failed is taken");
    assert_eq!((done.value, lenders.case(case).status), (Code::OracleFailed, CaseStatus::Failed));
    assert_eq!(lenders.loan(loan).months, 4, "the bank said no");
}

#[test]
fn a_campaigns_loan_is_rescheduled_by_the_loan_administrator_once_a_flow_names_one() {
    let (mut lenders, cast) = stage();
    let (_, loan) = fund(&mut lenders, [300, 300, 400]);
    let event = lenders.new_schedule(loan, 24);
    lock_refused(&mut lenders, &event, Error::WrongGrantor { role: Role::LoanAdministrator });

    let former = lenders.reschedule;
    lenders.reschedule = lenders.configure(EventKind::Reschedule, &[Role::LoanAdministrator]);
    let flow = lenders.reschedule;
    assert_ne!(former, flow);
    lock_refused(&mut lenders, &event, Error::WrongFlow { flow });
    let event = flow::Event { flow, grantors: vec![cast.officer.number], ..event };
    let case = lenders.lock(&event);
    lenders.unlock(case);
    assert_eq!((lenders.loan(loan).months, status(&mut lenders, loan)), (24, LoanStatus::Active));

    // A bank's loan needs its bank, whoever else grants.
    let banks = lend_plainly(&mut lenders);
    let event = flow::Event { request: Request::Reschedule { loan: banks, months: 12 }, ..event };
    lock_refused(&mut lenders, &event, Error::WrongGrantor { role: Role::Bank });
    let flow = lenders.configure(EventKind::Reschedule, &[Role::LoanAdministrator, Role::Bank]);
    let grantors = vec![cast.officer.number, cast.bank.number];
    let case = lenders.lock(&flow::Event { flow, grantors, ..event });
    let verdicts = [&cast.officer, &cast.bank].map(|oracle| lenders.verdict(case, oracle, Verdict::Pass));
    let done = lenders.try_unlock(case, verdicts.to_vec()).expect("it is unlocked");
    assert_eq!((done.value, lenders.loan(banks).months), (Code::Success, 12));
}

#[test]
fn a_suspended_borrower_gets_no_new_schedule_until_it_is_reinstated() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let event = lenders.new_schedule(loan, 12);
    let case = lenders.lock(&event);
    lenders.suspend(&cast.citizen);
    let suspended = Error::NotEligible { applicant: cast.citizen.number };
    unlock_refused(&mut lenders, case, suspended);
    lock_refused(&mut lenders, &event, suspended);
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(cast.citizen.number));
    lenders.unlock(case);
    assert_eq!(lenders.loan(loan).months, 12);
}

#[test]
fn a_flow_that_was_replaced_while_a_case_waited_grants_nothing_more() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    let case = lenders.lock(&lenders.new_schedule(loan, 12));
    let flow = lenders.configure(EventKind::Reschedule, &[Role::Bank]);
    unlock_refused(&mut lenders, case, Error::WrongFlow { flow });
}

#[test]
fn nothing_is_rescheduled_while_business_is_stopped_or_the_loan_is_challenged() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let event = lenders.new_schedule(loan, 12);
    let case = lenders.lock(&event);
    pause(&mut lenders);
    lock_refused(&mut lenders, &event, Error::Paused);
    unlock_refused(&mut lenders, case, Error::Paused);
    unpause(&mut lenders);
    lenders.world.send(&cast.regulator.actor, cast.loans().challenge(Matter::Loan(loan), 3));
    let frozen = Error::Challenge(ChallengeRefusal::Frozen { until: START + 30 * DAY });
    lock_refused(&mut lenders, &event, frozen);
    unlock_refused(&mut lenders, case, frozen);
    lenders.world.send(&cast.regulator.actor, cast.loans().resolve(Matter::Loan(loan), Finding::Dismissed));
    lenders.unlock(case);
    assert_eq!(lenders.loan(loan).months, 12);
}
