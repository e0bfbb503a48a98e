//! The interest of a subsidised loan: owed by the financial department, paid to the lender through a case.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{
    flow::{self, EventKind, Request},
    money::AmountError,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Owner, Transferred},
    loan::{
        CaseStatus, ChallengeRefusal, Code, Error, GrantorRefusal, InterestRefunded, Loan, LoanRefusal, LoanStatus,
        Matter, Verdict,
    },
    registry::Registry,
};

fn too_early(from: Millis) -> Error {
    Error::Loan(LoanRefusal::TooEarly { from })
}

/// The department has more than enough, and lets the contract take it.
fn ready(lenders: &mut Lenders) {
    let department = lenders.department.clone();
    lenders.funds(&department, 10_000);
}

/// The department pays a loan's interest, granted by all.
#[track_caller]
fn refund(lenders: &mut Lenders, loan: u64) {
    let case = lenders.lock(&lenders.interest_refund(loan));
    lenders.unlock(case);
}

#[track_caller]
fn lock_refused(lenders: &mut Lenders, event: &flow::Event, error: Error) {
    let citizen = lenders.world.citizen.actor.clone();
    let message = lenders.world.suite.loan().lock(event.clone(), None);
    lenders.world.refuses(&citizen, message, error);
}

#[test]
fn the_department_pays_exactly_the_interest_to_the_banks_credit_and_the_loan_is_closed() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(START + 20 * DAY);
    repay(&mut lenders, &cast.citizen, loan, 1_000);
    let case = lenders.lock(&lenders.interest_refund(loan));
    let done = lenders.unlock(case);
    let (by, issuer, amount, status) = (cast.department.number, cast.bank.number, 20, LoanStatus::Closed);
    let (from, to) = (Owner::Participant(by), Owner::Contract(cast.suite.loan));
    let events = lenders.world.events(&done.events);
    assert_eq!(events[0], Event::Transferred(Transferred { from, to, issuer, amount }));
    assert_eq!(events[1], Event::InterestRefunded(InterestRefunded { loan, by, amount, status }));
    assert_eq!(paid(&mut lenders, loan), [0, 0, 1_000, 20]);
    assert_eq!((credit(&mut lenders, &cast.bank), lenders.held()), (1_020, 1_020));
    assert_eq!(lenders.balance(&cast.department), 9_980);
    assert_eq!(lenders.balance(&cast.citizen), 1_000, "the borrower has no part in it");
}

#[test]
fn while_principal_is_owed_the_department_pays_when_the_term_is_over_and_not_a_millisecond_earlier() {
    let (mut lenders, _) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4 - 1);
    let case = lenders.lock(&lenders.interest_refund(loan));
    unlock_refused(&mut lenders, case, too_early(DUE_4));
    assert_eq!(lenders.case(case).status, CaseStatus::Open);
    lenders.chain.set_time(DUE_4);
    lenders.unlock(case);
    assert_eq!(paid(&mut lenders, loan)[3], 120);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Active, "the principal is still owed");
}

#[test]
fn when_the_principal_is_repaid_the_department_pays_before_the_term_is_over() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(START + DAY);
    repay(&mut lenders, &cast.citizen, loan, 999);
    let case = lenders.lock(&lenders.interest_refund(loan));
    unlock_refused(&mut lenders, case, too_early(DUE_4));
    repay(&mut lenders, &cast.citizen, loan, 1);
    lenders.unlock(case);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
}

#[test]
fn interest_is_paid_once() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4);
    // Two cases ask for the same interest; the second finds nothing more on that day, and one day of it on the next.
    let cases = [0; 3].map(|_| lenders.lock(&lenders.interest_refund(loan)));
    lenders.unlock(cases[0]);
    unlock_refused(&mut lenders, cases[1], NOTHING_OWED);
    lenders.chain.advance(DAY);
    lenders.unlock(cases[1]);
    assert_eq!(paid(&mut lenders, loan)[3], 121);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 5_000), [30, 0, 1_000], "the fourth date is still in grace");
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
    unlock_refused(&mut lenders, cases[2], wrong(LoanStatus::Closed));
    assert_eq!(lenders.balance(&cast.department), 10_000 - 121);
}

#[test]
fn nothing_is_refunded_of_a_loan_that_nobody_subsidises() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    ready(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 1);
    let refused = Error::WrongGrantor { role: Role::FinancialDepartment };
    let event = lenders.interest_refund(loan);
    lock_refused(&mut lenders, &event, refused);
    let (_, loan) = fund(&mut lenders, [300, 300, 400]);
    let event = lenders.interest_refund(loan);
    lock_refused(&mut lenders, &event, Error::WrongGrantor { role: Role::Bank });
}

#[test]
fn only_the_department_and_the_bank_of_the_loan_grant_it_to_its_borrower() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    let event = lenders.interest_refund(loan);
    let second = lenders.enrol("second department", &[Role::FinancialDepartment]);
    lenders.funds(&second, 10_000);
    let named = flow::Event { grantors: vec![cast.bank.number, second.number], ..event.clone() };
    lock_refused(&mut lenders, &named, Error::WrongGrantor { role: Role::FinancialDepartment });
    let (other, _) = other_bank(&mut lenders, plain);
    let named = flow::Event { grantors: vec![other.number, cast.department.number], ..event.clone() };
    lock_refused(&mut lenders, &named, Error::WrongGrantor { role: Role::Bank });
    let unknown = flow::Event { request: Request::InterestRefund { loan: 9 }, ..event.clone() };
    lock_refused(&mut lenders, &unknown, Error::UnknownLoan { loan: 9 });
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    lenders.world.citizen = neighbour.clone();
    lock_refused(&mut lenders, &flow::Event { applicant: neighbour.number, ..event }, Error::NotYours);
}

#[test]
fn a_department_without_money_pays_later_and_the_case_waits_for_it() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    lenders.chain.set_time(DUE_4);
    let case = lenders.lock(&lenders.interest_refund(loan));
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 0, wanted: 120 });
    unlock_refused(&mut lenders, case, refused);
    lenders.funds(&cast.department, 119);
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 119, wanted: 120 });
    unlock_refused(&mut lenders, case, refused);
    let allow = cast.ledger().approve(cast.suite.loan.into(), cast.bank.number, 120);
    lenders.world.send(&cast.department.actor, allow);
    let short = LedgerError::Amount(AmountError::Insufficient { available: 119, wanted: 120 });
    unlock_refused(&mut lenders, case, Error::Ledger(short));
    lenders.funds(&cast.department, 1);
    lenders.unlock(case);
    assert_eq!((lenders.balance(&cast.department), credit(&mut lenders, &cast.bank)), (0, 120));
}

#[test]
fn a_pause_stops_no_refund_and_moves_the_end_of_the_term() {
    let (mut lenders, _) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4 - DAY);
    pause(&mut lenders);
    lenders.chain.set_time(DUE_4);
    let case = lenders.lock(&lenders.interest_refund(loan));
    unlock_refused(&mut lenders, case, too_early(DUE_4 + DAY));
    unpause(&mut lenders);
    lenders.chain.set_time(DUE_4 + DAY - 1);
    unlock_refused(&mut lenders, case, too_early(DUE_4 + DAY));
    lenders.chain.set_time(DUE_4 + DAY);
    pause(&mut lenders);
    lenders.unlock(case);
    assert_eq!(paid(&mut lenders, loan)[3], 121);
}

#[test]
fn a_challenged_loan_gets_no_refund_until_the_challenge_is_over() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4);
    lenders.world.send(&cast.regulator.actor, cast.loans().challenge(Matter::Loan(loan), 3));
    let until = DUE_4 + 30 * DAY;
    let event = lenders.interest_refund(loan);
    lock_refused(&mut lenders, &event, Error::Challenge(ChallengeRefusal::Frozen { until }));
    lenders.chain.set_time(until);
    refund(&mut lenders, loan);
    assert_eq!(paid(&mut lenders, loan)[3], 150);
}

#[test]
fn the_interest_of_a_loan_that_was_written_off_is_paid_too_and_closes_it_when_all_else_was_recovered() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    default(&mut lenders, loan);
    write_off(&mut lenders, &cast.bank, loan);
    refund(&mut lenders, loan);
    assert_eq!((status(&mut lenders, loan), paid(&mut lenders, loan)[3]), (LoanStatus::WrittenOff, 121));
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 5_000), [30, 0, 1_000]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
}

#[test]
fn a_suspended_and_blacklisted_borrower_has_its_interest_refunded() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4);
    lenders.world.send(&cast.regulator.actor, cast.registry().blacklist(cast.citizen.number, 1));
    lenders.suspend(&cast.citizen);
    refund(&mut lenders, loan);
    assert_eq!(paid(&mut lenders, loan)[3], 120);
}

#[test]
fn bank_and_department_lock_a_refund_themselves_when_its_borrower_is_gone() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4);
    // The borrower has lost its wallet and its role.
    lenders.rebind(&cast.citizen, &Actor::named("an account without anybody"));
    lenders.world.send(&cast.government.actor, cast.registry().revoke(cast.citizen.number, Role::Citizen));
    let event = lenders.interest_refund(loan);
    lock_refused(&mut lenders, &event, Error::NotAllowed);
    let by = [&cast.bank, &cast.department];
    let cases = by.map(|by| lenders.world.send(&by.actor, cast.loans().lock(event.clone(), None)).value);
    lenders.unlock(cases[0]);
    assert_eq!((paid(&mut lenders, loan)[3], credit(&mut lenders, &cast.bank)), (120, 120));
    // What the second one asks for is owed a day later.
    unlock_refused(&mut lenders, cases[1], NOTHING_OWED);

    // Nobody whom it does not name, and nobody who is suspended.
    let other = lenders.enrol("another department", &[Role::FinancialDepartment]);
    for outsider in [&other.actor, &cast.regulator.actor, &cast.stranger] {
        lenders.refuses(outsider, cast.loans().lock(event.clone(), None), Error::NotAllowed);
    }
    // Of everything else, the applicant alone decides that it is asked for.
    let schedule = lenders.new_schedule(loan, 6);
    lenders.refuses(&cast.bank.actor, cast.loans().lock(schedule, None), Error::NotAllowed);
    lenders.suspend(&cast.bank);
    let refused = Error::Grantor(GrantorRefusal::NotInGoodStanding { grantor: cast.bank.number });
    lenders.refuses(&cast.bank.actor, cast.loans().lock(event, None), refused);
}

#[test]
fn a_borrower_that_takes_the_banks_public_key_for_its_own_holds_nothing_up() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    lenders.chain.set_time(DUE_4);
    let take = |key: &Actor| cast.registry().rotate_key(key.account());
    lenders.world.send(&cast.citizen.actor, take(&cast.bank.actor));
    let event = lenders.interest_refund(loan);
    let case = lenders.world.send(&cast.bank.actor, cast.loans().lock(event, None)).value;
    lenders.world.send(&cast.citizen.actor, take(&cast.department.actor));
    lenders.unlock(case);
    assert_eq!((paid(&mut lenders, loan)[3], credit(&mut lenders, &cast.bank)), (120, 120));
}

#[test]
fn a_flow_without_the_bank_pays_the_bank_all_the_same() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    ready(&mut lenders);
    let flow = lenders.configure(EventKind::InterestRefund, &[Role::FinancialDepartment]);
    let former = lenders.interest_refund(loan);
    lock_refused(&mut lenders, &former, Error::WrongFlow { flow });
    lenders.chain.set_time(DUE_4);
    let case = lenders.lock(&flow::Event { flow, grantors: vec![cast.department.number], ..former });
    let verdict = lenders.verdict(case, &cast.department, Verdict::Pass);
    assert_eq!(lenders.try_unlock(case, vec![verdict]).expect("it is unlocked").value, Code::Success);
    assert_eq!(credit(&mut lenders, &cast.bank), 120);
}
