//! Days of grace, late fees, delinquency and default: each at its edge.

use crate::common::*;
use amanah_domain::time::DAY;
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::loan::{ChallengeRefusal, Due, Error, Finding, Loan, LoanStatus, Matter, Method};

fn fees(lenders: &mut Lenders, loan: u64) -> u128 {
    owed(lenders, loan)[0]
}

#[test]
fn a_payment_is_due_before_its_date_and_overdue_from_it_on() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    let before =
        Due { fees: 0, interest: 30, principal: 1_000, subsidy: 0, overdue: 0, next_due: Some(DUE), late_from: None };
    lenders.chain.set_time(DUE - 1);
    assert_eq!(due(&mut lenders, loan), before);
    let after = Due { interest: 31, overdue: 250, next_due: Some(DUE_2), late_from: Some(DUE), ..before };
    for now in [DUE, DUE + 1] {
        lenders.chain.set_time(now);
        assert_eq!(due(&mut lenders, loan), after);
    }
    lenders.chain.set_time(DUE_4);
    let at_the_end = due(&mut lenders, loan);
    assert_eq!((at_the_end.overdue, at_the_end.next_due), (1_120, None), "the last date asks for everything but fees");
}

#[test]
fn a_late_fee_is_charged_when_the_days_of_grace_are_over() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    for (now, expected) in [(LATE - 1, 0), (LATE, 10), (LATE + 1, 10), (DUE_2 + 5 * DAY - 1, 10), (DUE_2 + 5 * DAY, 20)]
    {
        lenders.chain.set_time(now);
        assert_eq!(fees(&mut lenders, loan), expected, "at {now}");
    }
    lenders.chain.advance(1_000 * DAY);
    assert_eq!(fees(&mut lenders, loan), 40, "once for each of the four dates");
}

#[test]
fn a_payment_is_in_time_until_the_days_of_grace_are_over_and_must_be_whole() {
    // When, how much principal, and the fees one day after the days of grace.
    for (paid_at, principal, expected) in
        [(DUE - 1, 250, 0), (DUE, 250, 0), (LATE - 1, 250, 0), (LATE, 250, 10), (DUE - 1, 249, 10), (LATE - 1, 249, 10)]
    {
        let (mut lenders, cast) = stage();
        let loan = lend_plainly(&mut lenders);
        lenders.chain.set_time(paid_at);
        let [fee, interest, ..] = owed(&mut lenders, loan);
        repay(&mut lenders, &cast.citizen, loan, fee + interest + principal);
        lenders.chain.set_time(LATE + DAY);
        assert_eq!(paid(&mut lenders, loan)[0] + fees(&mut lenders, loan), expected, "{principal} at {paid_at}");
        if expected == 0 {
            lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
        }
    }
}

#[test]
fn anybody_marks_a_loan_as_late_from_the_end_of_its_grace_on_and_once() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    for early in [START, DUE, LATE - 1] {
        lenders.chain.set_time(early);
        lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    }
    lenders.chain.set_time(LATE);
    mark_delinquent(&mut lenders, loan);
    lenders.refuses(&cast.bank.actor, cast.loans().mark_delinquent(loan), wrong(LoanStatus::Delinquent));
    assert_eq!(fees(&mut lenders, loan), 10, "marking costs nothing more");
}

#[test]
fn anybody_marks_a_late_loan_as_in_default_after_its_days_and_once() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE);
    lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(loan), wrong(LoanStatus::Active));
    mark_delinquent(&mut lenders, loan);
    for early in [LATE, DEFAULT - 1] {
        lenders.chain.set_time(early);
        lenders.refuses(&cast.bank.actor, cast.loans().mark_defaulted(loan), NOT_LATE);
    }
    lenders.chain.set_time(DEFAULT);
    mark_defaulted(&mut lenders, loan);
    lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(loan), wrong(LoanStatus::Defaulted));
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), wrong(LoanStatus::Defaulted));
}

#[test]
fn a_day_after_an_edge_is_on_the_same_side_as_the_edge() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE + DAY);
    mark_delinquent(&mut lenders, loan);
    lenders.chain.set_time(DEFAULT + DAY);
    mark_defaulted(&mut lenders, loan);
}

#[test]
fn a_late_loan_is_active_again_when_all_that_is_overdue_was_paid_and_not_a_unit_less() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(DUE_2 + 5 * DAY);
    mark_delinquent(&mut lenders, loan);
    // Two dates were missed: 20 in fees, 64 of interest, 500 of principal.
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 583), [20, 64, 499]);
    assert_eq!((status(&mut lenders, loan), due(&mut lenders, loan).overdue), (LoanStatus::Delinquent, 1));
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 1), [0, 0, 1]);
    assert_eq!((status(&mut lenders, loan), due(&mut lenders, loan).overdue), (LoanStatus::Active, 0));
    assert_eq!(due(&mut lenders, loan).late_from, None);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    lenders.chain.set_time(DUE_3 + 5 * DAY);
    mark_delinquent(&mut lenders, loan);
    assert_eq!(fees(&mut lenders, loan), 10, "the third date costs its own");
}

#[test]
fn a_late_loan_that_caught_up_in_part_defaults_counted_from_the_date_that_it_missed() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(DUE_2 + 5 * DAY);
    mark_delinquent(&mut lenders, loan);
    // The first date is made up for, the second is not.
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 20 + 64 + 250), [20, 64, 250]);
    lenders.chain.set_time(DUE_2 + 90 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(loan), NOT_LATE);
    lenders.chain.set_time(DUE_2 + 90 * DAY);
    mark_defaulted(&mut lenders, loan);
}

#[test]
fn without_days_of_grace_a_loan_is_late_and_in_default_on_its_due_date() {
    let (mut lenders, cast) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        (offer.grace_days, offer.default_after_days) = (0, 0);
    });
    lenders.chain.set_time(DUE - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    lenders.chain.set_time(DUE);
    mark_delinquent(&mut lenders, loan);
    mark_defaulted(&mut lenders, loan);
}

#[test]
fn the_most_days_of_grace_that_can_be_written_down_do_not_wrap() {
    let (mut lenders, cast) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        (offer.grace_days, offer.default_after_days) = (u16::MAX, u16::MAX);
    });
    let late = DUE + u64::from(u16::MAX) * DAY;
    lenders.chain.set_time(late - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    assert_eq!(fees(&mut lenders, loan), 0);
    lenders.chain.set_time(late);
    mark_delinquent(&mut lenders, loan);
    mark_defaulted(&mut lenders, loan);
    assert_eq!(fees(&mut lenders, loan), 10);
}

#[test]
fn a_loan_that_is_repaid_at_once_is_late_only_after_its_last_date() {
    let (mut lenders, cast) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        offer.method = Method::Bullet;
    });
    lenders.chain.set_time(DUE_4 + 5 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    assert_eq!(fees(&mut lenders, loan), 0);
    lenders.chain.set_time(DUE_4 + 5 * DAY);
    mark_delinquent(&mut lenders, loan);
    assert_eq!(owed(&mut lenders, loan), [10, 125, 1_000, 0]);
}

#[test]
fn only_the_departments_interest_is_missing_and_the_borrower_is_not_late() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    lenders.chain.set_time(DUE - 1);
    repay(&mut lenders, &cast.citizen, loan, 1_000);
    lenders.chain.set_time(DUE_4 + 365 * DAY);
    assert_eq!(owed(&mut lenders, loan), [0, 0, 0, 30]);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
}

#[test]
fn a_challenged_loan_is_not_marked_and_takes_payments_until_the_challenge_is_over() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE);
    lenders.world.send(&cast.regulator.actor, cast.loans().challenge(Matter::Loan(loan), 3));
    let until = LATE + 30 * DAY;
    let frozen = Error::Challenge(ChallengeRefusal::Frozen { until });
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), frozen);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 20), [10, 10, 0]);
    lenders.chain.set_time(until - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), frozen);
    lenders.chain.set_time(until);
    mark_delinquent(&mut lenders, loan);

    let second = lenders.enrol("second regulator", &[amanah_domain::roles::Role::Regulator]);
    lenders.chain.set_time(DEFAULT);
    lenders.world.send(&second.actor, cast.loans().challenge(Matter::Loan(loan), 3));
    let frozen = Error::Challenge(ChallengeRefusal::Frozen { until: DEFAULT + 30 * DAY });
    lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(loan), frozen);
    lenders.world.send(&second.actor, cast.loans().resolve(Matter::Loan(loan), Finding::Dismissed));
    mark_defaulted(&mut lenders, loan);
}

#[test]
fn what_nobody_knows_is_not_late() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    for unknown in [0, loan + 1, u64::MAX] {
        let refused = Error::UnknownLoan { loan: unknown };
        lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(unknown), refused);
        lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(unknown), refused);
        assert_eq!(lenders.world.ask(cast.loans().due(unknown)), Err(refused));
    }
}
