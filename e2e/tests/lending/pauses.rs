//! While the contract is paused, the clock of lateness stands still, and nothing else does.

use crate::common::*;
use amanah_domain::time::DAY;
use amanah_e2e::START;
use amanah_interfaces::loan::{Loan, LoanStatus};

#[test]
fn a_pause_moves_due_dates_and_everything_counted_from_them() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(DUE - 1);
    pause(&mut lenders);
    lenders.chain.set_time(DUE + 20 * DAY - 1);
    let paused = due(&mut lenders, loan);
    assert_eq!((paused.fees, paused.overdue, paused.next_due), (0, 0, Some(DUE + 20 * DAY)));
    assert_eq!(paused.interest, 50, "interest runs on");
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    unpause(&mut lenders);
    assert_eq!(due(&mut lenders, loan), paused, "the end of a pause is no leap");
    lenders.chain.set_time(DUE + 20 * DAY);
    assert_eq!(due(&mut lenders, loan).overdue, 250);

    lenders.chain.set_time(LATE + 20 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    assert_eq!(owed(&mut lenders, loan)[0], 0);
    lenders.chain.set_time(LATE + 20 * DAY);
    mark_delinquent(&mut lenders, loan);
    assert_eq!(owed(&mut lenders, loan)[0], 10);

    lenders.chain.set_time(DEFAULT + 20 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(loan), NOT_LATE);
    lenders.chain.set_time(DEFAULT + 20 * DAY);
    mark_defaulted(&mut lenders, loan);
}

#[test]
fn pauses_add_up_and_pausing_twice_is_one_pause() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    for _ in 0..2 {
        lenders.chain.advance(DAY);
        pause(&mut lenders);
        lenders.chain.advance(DAY);
        pause(&mut lenders);
        lenders.chain.advance(DAY);
        unpause(&mut lenders);
        unpause(&mut lenders);
    }
    assert_eq!(due(&mut lenders, loan).next_due, Some(DUE + 4 * DAY));
    lenders.chain.set_time(LATE + 4 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    lenders.chain.set_time(LATE + 4 * DAY);
    mark_delinquent(&mut lenders, loan);
}

#[test]
fn a_pause_in_the_days_of_grace_lengthens_them() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE - 1);
    pause(&mut lenders);
    lenders.chain.advance(300 * DAY);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    unpause(&mut lenders);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    lenders.chain.advance(1);
    mark_delinquent(&mut lenders, loan);
}

#[test]
fn what_was_late_before_a_pause_stays_late_and_is_marked_during_it() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(LATE);
    pause(&mut lenders);
    lenders.chain.advance(200 * DAY);
    assert_eq!(owed(&mut lenders, loan)[0], 10, "no second fee");
    mark_delinquent(&mut lenders, loan);
    lenders.refuses(&cast.stranger, cast.loans().mark_defaulted(loan), NOT_LATE);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 10 + 236 + 250), [10, 236, 250]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Active);
}

#[test]
fn a_pause_before_a_loan_began_moves_nothing() {
    let (mut lenders, _) = stage();
    pause(&mut lenders);
    lenders.chain.advance(14 * DAY);
    unpause(&mut lenders);
    let loan = lend_plainly(&mut lenders);
    // A month after the 29th of January is the last of February.
    assert_eq!(lenders.loan(loan).started, START + 14 * DAY);
    assert_eq!(due(&mut lenders, loan).next_due, Some(START + (14 + 30) * DAY));
}

#[test]
fn a_pause_before_a_new_schedule_does_not_move_the_new_dates() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    pause(&mut lenders);
    lenders.chain.advance(31 * DAY);
    unpause(&mut lenders);
    let case = lenders.lock(&lenders.new_schedule(loan, 4));
    lenders.unlock(case);
    assert_eq!(due(&mut lenders, loan).next_due, Some(DUE_2), "a month after the 15th of February");
    lenders.chain.set_time(DUE_2 + 5 * DAY - 1);
    lenders.refuses(&cast.stranger, cast.loans().mark_delinquent(loan), NOT_LATE);
    lenders.chain.set_time(DUE_2 + 5 * DAY);
    mark_delinquent(&mut lenders, loan);
}
