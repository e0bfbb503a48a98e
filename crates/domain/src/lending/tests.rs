use super::*;
use crate::{
    calendar::add_months,
    money::Amount,
    time::{DAY, MINUTE},
};
use proptest::prelude::*;
use scale::Encode;

/// 2027-01-31, noon.
const START: Millis = 1_801_396_800_000;
const AT_START: Clock = Clock { now: START, pauses: 0 };

const TERMS: Terms = Terms {
    rate: 1_200,
    method: Method::EqualInstalments,
    order: Order::InterestFirst,
    grace_days: 10,
    late_fee: Amount::new(500),
    default_after_days: 90,
    subsidised: false,
};

pub(super) fn open(principal: u64, months: u16, terms: Terms, clock: Clock) -> Result<Loan, LoanRefusal> {
    Loan::open(NewLoan {
        borrower: 11,
        lender: Lender::Bank(2),
        issuer: 2,
        product: 3,
        subsidised_by: 4,
        principal: Amount::new(principal),
        terms,
        months,
        previous: 7,
        clock,
    })
}

/// 1,000,000 in 12 months.
fn loan(terms: Terms) -> Loan {
    open(1_000_000, 12, terms, AT_START).unwrap()
}

fn at(now: Millis) -> Clock {
    Clock { now, pauses: 0 }
}

fn due_date(number: u16) -> Millis {
    add_months(START, number)
}

fn repay(loan: Loan, amount: u64, now: Millis) -> Loan {
    loan.repay(Amount::new(amount), &at(now)).unwrap().0
}

/// In default since the first due date was missed for 90 days.
fn defaulted(terms: Terms) -> (Loan, Millis) {
    let now = due_date(1) + 90 * DAY;
    (loan(terms).mark_delinquent(&at(now)).unwrap().mark_defaulted(&at(now)).unwrap(), now)
}

#[test]
fn a_stored_loan_takes_185_bytes() {
    assert_eq!(loan(TERMS).encode().len(), 185);
}

#[test]
fn a_loan_needs_a_principal_months_and_somebody_who_pays_its_subsidy() {
    assert_eq!(open(0, 12, TERMS, AT_START), Err(LoanRefusal::Amount(AmountError::Zero)));
    for wanted in [0, MOST_MONTHS + 1] {
        assert_eq!(open(1, wanted, TERMS, AT_START), Err(LoanRefusal::BadMonths { most: MOST_MONTHS, wanted }));
    }
    assert!(open(1, 1, TERMS, AT_START).is_ok() && open(1, MOST_MONTHS, TERMS, AT_START).is_ok());
    assert_eq!(open(u64::MAX, 1, TERMS, AT_START), Err(LoanRefusal::Amount(AmountError::TooLarge)));

    let new = |terms, subsidised_by| NewLoan {
        borrower: 11,
        lender: Lender::Campaign(5),
        issuer: 2,
        product: 0,
        subsidised_by,
        principal: Amount::new(1),
        terms,
        months: 1,
        previous: 0,
        clock: AT_START,
    };
    let subsidised = Terms { subsidised: true, ..TERMS };
    assert_eq!(Loan::open(new(subsidised, 0)), Err(LoanRefusal::NotSubsidised));
    assert_eq!(Loan::open(new(subsidised, 4)).unwrap().subsidised_by, 4);
    assert_eq!(Loan::open(new(TERMS, 4)).unwrap().subsidised_by, 0, "nobody pays what is not subsidised");
}

#[test]
fn a_year_of_twelve_per_cent_costs_twelve_per_cent_and_a_day_a_365th_rounded_up() {
    let loan = loan(TERMS);
    let interest = |now| loan.owed(&at(now)).unwrap().interest.balance();
    assert_eq!(interest(START + 365 * DAY), 120_000);
    assert_eq!(interest(START), 0);
    assert_eq!(interest(START + DAY / 2 - 1), 0, "the day is not over: the loan began at noon");
    assert_eq!(interest(START + DAY / 2), 329, "328.77 rounded up");
    assert_eq!(interest(0), 0, "not even with an earlier clock");
}

#[test]
fn thousands_of_one_unit_payments_equal_one_payment() {
    for order in [Order::InterestFirst, Order::PrincipalFirst] {
        let terms = Terms { order, ..TERMS };
        let now = START + 3 * DAY;
        let small = (0..5_000).fold(loan(terms), |loan, _| repay(loan, 1, now));
        assert_eq!(small, repay(loan(terms), 5_000, now));
    }
}

#[test]
fn a_century_in_one_step_is_a_century_day_by_day() {
    let (loan, now) = defaulted(TERMS);
    let by_day = (0..36_525).fold(loan.clone(), |loan, day| loan.brought_to(&at(now + day * DAY)).unwrap());
    assert_eq!(by_day, loan.brought_to(&at(now + 36_524 * DAY)).unwrap());
}

#[test]
fn a_clock_that_goes_back_and_forth_charges_no_day_and_no_date_twice() {
    let now = due_date(3);
    let once = loan(TERMS).brought_to(&at(now)).unwrap();
    let again = once.clone().brought_to(&at(START)).unwrap().brought_to(&at(now)).unwrap();
    assert_eq!(again, once);
}

#[test]
fn at_the_end_of_time_a_loan_can_still_be_repaid_or_written_off() {
    let dear = Terms { rate: MOST_RATE, late_fee: Amount::MAX, ..TERMS };
    let end = at(Millis::MAX);
    let loan = open(1 << 62, 480, dear, AT_START).unwrap();
    let owed = loan.owed(&end).unwrap();
    assert_eq!((owed.fees, owed.interest), (Amount::MAX, Amount::MAX), "held at the largest amount");

    let after_fees = repay(loan.clone(), u64::MAX, Millis::MAX);
    let after_interest = repay(after_fees, u64::MAX, Millis::MAX);
    assert_eq!(repay(after_interest, 1 << 62, Millis::MAX).status, LoanStatus::Closed);

    let called_in = loan.mark_delinquent(&end).unwrap().mark_defaulted(&end).unwrap();
    assert_eq!(called_in.write_off(&end).unwrap().status, LoanStatus::WrittenOff);
}

#[test]
fn a_late_fee_is_charged_once_for_each_missed_date_when_its_grace_is_over() {
    let loan = loan(TERMS);
    let fees = |loan: &Loan, now| loan.owed(&at(now)).unwrap().fees.balance();
    let end_of_grace = due_date(1) + 10 * DAY;
    assert_eq!(fees(&loan, end_of_grace - 1), 0);
    assert_eq!(fees(&loan, end_of_grace), 500);
    let stored = loan.clone().brought_to(&at(end_of_grace)).unwrap();
    assert_eq!(fees(&stored, end_of_grace + 1), 500);
    assert_eq!(fees(&stored, due_date(2) + 10 * DAY - 1), 500);
    assert_eq!(fees(&stored, due_date(2) + 10 * DAY), 1_000);
    assert_eq!(fees(&loan, due_date(12) + 1_000 * DAY), 6_000, "never more than one for each date");

    let paid = repay(loan.clone(), 88_849, end_of_grace - 1);
    assert_eq!(fees(&paid, due_date(2) + 10 * DAY - 1), 0, "paid in the last moment");
    let short = repay(loan, 88_848, end_of_grace - 1);
    assert_eq!(fees(&short, end_of_grace), 500, "one unit short is short");
}

#[test]
fn a_loan_is_delinquent_from_the_end_of_grace_and_in_default_from_its_day_on() {
    for (now, marked) in [(10 * DAY - 1, false), (10 * DAY, true), (10 * DAY + 1, true)] {
        let result = loan(TERMS).mark_delinquent(&at(due_date(1) + now));
        let status = result.map(|loan| loan.status);
        assert_eq!(status, if marked { Ok(LoanStatus::Delinquent) } else { Err(LoanRefusal::NotLate) });
    }
    let delinquent = loan(TERMS).mark_delinquent(&at(due_date(1) + 10 * DAY)).unwrap();
    for (now, marked) in [(90 * DAY - 1, false), (90 * DAY, true), (90 * DAY + 1, true)] {
        let result = delinquent.clone().mark_defaulted(&at(due_date(1) + now));
        let status = result.map(|loan| loan.status);
        assert_eq!(status, if marked { Ok(LoanStatus::Defaulted) } else { Err(LoanRefusal::NotLate) });
    }
}

#[test]
fn without_grace_a_payment_at_the_due_date_itself_is_late() {
    let strict = loan(Terms { grace_days: 0, ..TERMS });
    let fees = |loan: Loan| loan.owed(&at(due_date(1))).unwrap().fees.balance();
    assert_eq!(fees(repay(strict.clone(), 88_849, due_date(1) - 1)), 0);
    assert_eq!(fees(strict), 500);
}

#[test]
fn a_pause_moves_what_is_due_by_its_length_and_interest_runs_on() {
    let loan = loan(TERMS);
    let end_of_grace = due_date(1) + 10 * DAY;
    let paused = |now| Clock { now, pauses: 3 * DAY };
    assert_eq!(loan.owed(&paused(end_of_grace + 3 * DAY - 1)).unwrap().fees, Amount::ZERO);
    assert_eq!(loan.owed(&paused(end_of_grace + 3 * DAY)).unwrap().fees, Amount::new(500));
    let due = loan.due(&paused(START)).unwrap();
    assert_eq!(due.next_due, Some(due_date(1) + 3 * DAY));
    let now = START + 100 * DAY;
    assert_eq!(loan.owed(&paused(now)).unwrap().interest, loan.owed(&at(now)).unwrap().interest);

    let pauses_before = open(1_000_000, 12, TERMS, Clock { now: START, pauses: 3 * DAY }).unwrap();
    assert_eq!(
        pauses_before.owed(&paused(end_of_grace)).unwrap().fees,
        Amount::new(500),
        "earlier pauses do not count"
    );
}

#[test]
fn a_delinquent_loan_is_active_again_only_when_nothing_is_overdue() {
    let now = due_date(2) + MINUTE;
    let late = loan(TERMS).mark_delinquent(&at(now)).unwrap();
    let due = late.due(&at(now)).unwrap();
    assert_eq!((due.fees, due.overdue), (500, 2 * 88_849));
    assert_eq!((due.late_from, due.next_due), (Some(due_date(1)), Some(due_date(3))));
    let needed = 500 + 2 * 88_849;
    assert_eq!(repay(late.clone(), needed - 1, now).status, LoanStatus::Delinquent);
    assert_eq!(repay(late, needed, now).status, LoanStatus::Active);
}

#[test]
fn a_closed_loan_stays_closed_whatever_is_tried() {
    let closed = repay(loan(TERMS), 1_000_000, START);
    assert!(closed.is_ended());
    let later = at(START + 9_999 * DAY);
    let unit = Amount::new(1);
    let refusals = [
        closed.clone().repay(unit, &later).unwrap_err(),
        closed.clone().recover(unit, &later).unwrap_err(),
        closed.clone().mark_delinquent(&later).unwrap_err(),
        closed.clone().mark_defaulted(&later).unwrap_err(),
        closed.clone().write_off(&later).unwrap_err(),
        closed.clone().reschedule(1, &later).unwrap_err(),
    ];
    assert_eq!(refusals, [LoanRefusal::WrongStatus { status: LoanStatus::Closed }; 6]);
    assert_eq!(closed.clone().refund_interest(&later), Err(LoanRefusal::NotSubsidised));
    assert_eq!(closed.due(&later).unwrap(), Due { next_due: None, late_from: None, ..no_due() });
}

fn no_due() -> Due {
    Due { fees: 0, interest: 0, principal: 0, subsidy: 0, overdue: 0, next_due: None, late_from: None }
}

#[test]
fn what_is_recovered_repays_principal_then_interest_then_fees() {
    let (loan, now) = defaulted(TERMS);
    let owed = loan.owed(&at(now)).unwrap();
    assert!(!owed.fees.is_zero() && !owed.interest.is_zero());
    assert_eq!(
        loan.clone().repay(Amount::new(1), &at(now)),
        Err(LoanRefusal::WrongStatus { status: LoanStatus::Defaulted })
    );
    let (loan, paid) = loan.recover(Amount::new(1_000_001), &at(now)).unwrap();
    assert_eq!((paid.principal.balance(), paid.interest.balance(), paid.fees.balance()), (1_000_000, 1, 0));
    let (loan, paid) = loan.recover(Amount::MAX, &at(now)).unwrap();
    assert_eq!((paid.interest.balance(), paid.fees), (owed.interest.balance() - 1, owed.fees));
    assert_eq!(loan.status, LoanStatus::Closed);
}

#[test]
fn interest_stops_when_a_loan_is_written_off_and_late_fees_when_it_is_in_default() {
    let (loan, now) = defaulted(TERMS);
    let (before, later) = (loan.owed(&at(now)).unwrap(), at(now + 300 * DAY));
    let running = loan.owed(&later).unwrap();
    assert!(running.fees == before.fees && running.interest > before.interest);
    let written_off = loan.write_off(&at(now)).unwrap();
    assert_eq!(written_off.owed(&later).unwrap(), before);
}

#[test]
fn the_department_owes_a_subsidised_loans_interest_and_pays_when_the_principal_is_repaid() {
    let terms = Terms { subsidised: true, ..TERMS };
    let (loan, now) = (loan(terms), START + 365 * DAY);
    let owed = loan.owed(&at(now)).unwrap();
    assert_eq!((owed.interest.balance(), owed.subsidy.balance()), (0, 120_000));
    let from = due_date(12);
    let soon = START + 73 * DAY;
    assert_eq!(loan.clone().refund_interest(&at(soon)), Err(LoanRefusal::TooEarly { from }));
    let repaid = repay(loan, u64::MAX, soon);
    assert_eq!(repaid.status, LoanStatus::Active, "the interest is still owed");
    assert_eq!(repaid.clone().repay(Amount::new(1), &at(now)), Err(LoanRefusal::NothingOwed));
    assert_eq!(repaid.clone().reschedule(1, &at(now)), Err(LoanRefusal::NothingOwed));
    let (closed, refund) = repaid.refund_interest(&at(now)).unwrap();
    assert_eq!((closed.status, refund.balance()), (LoanStatus::Closed, 24_000), "interest stopped with the principal");
    assert_eq!(
        closed.refund_interest(&at(now)),
        Err(LoanRefusal::WrongStatus { status: LoanStatus::Closed }),
        "paid once"
    );
}

#[test]
fn the_department_pays_at_the_end_of_the_term_even_if_principal_is_missing_and_pays_the_rest_later() {
    let loan = loan(Terms { subsidised: true, grace_days: 100, default_after_days: 100, ..TERMS });
    let from = due_date(12);
    assert_eq!(loan.clone().refund_interest(&at(from - 1)), Err(LoanRefusal::TooEarly { from }));
    let (loan, first) = loan.refund_interest(&at(from)).unwrap();
    assert_eq!((loan.status, first.balance()), (LoanStatus::Active, 120_000));
    assert_eq!(loan.clone().refund_interest(&at(from)), Err(LoanRefusal::NothingOwed));
    let (_, second) = loan.refund_interest(&at(from + DAY)).unwrap();
    assert_eq!(second.balance(), 329);
}

#[test]
fn a_new_schedule_asks_again_for_the_principal_and_keeps_interest_and_fees() {
    let (loan, now) = defaulted(TERMS);
    let before = loan.owed(&at(now)).unwrap();
    let clock = Clock { now, pauses: 0 };
    let anew = loan.reschedule(24, &clock).unwrap();
    assert_eq!((anew.status, anew.months, anew.base), (LoanStatus::Active, 24, before.principal));
    assert_eq!(anew.owed(&clock).unwrap(), before);
    let due = anew.due(&clock).unwrap();
    assert_eq!((due.overdue, due.next_due), (0, Some(add_months(now, 1))));
    assert_eq!(anew.started, START, "it is the same loan");
}

#[test]
fn a_page_of_a_schedule_is_a_part_of_it() {
    let loan = loan(TERMS);
    let whole = loan.schedule(0, u16::MAX);
    assert_eq!(whole.iter().map(|row| row.number).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
    assert_eq!(loan.schedule(3, 4), whole[3..7]);
    assert_eq!(loan.schedule(10, 4), whole[10..]);
    assert_eq!(loan.schedule(12, 4), []);
    assert_eq!(loan.schedule(u16::MAX, u16::MAX), []);
    assert_eq!(loan.schedule(0, 0), []);
}

proptest! {
    #[test]
    fn who_pays_by_the_schedule_is_never_late_pays_what_it_says_and_is_done_at_its_end(
        principal in prop_oneof![1..20u64, 1..=1u64 << 50],
        months in prop_oneof![1..40u16, Just(MOST_MONTHS)],
        rate in prop_oneof![0..3_000u32, Just(MOST_RATE)],
        method in prop_oneof![Just(Method::EqualInstalments), Just(Method::EqualPrincipal), Just(Method::Bullet)],
        order in prop_oneof![Just(Order::InterestFirst), Just(Order::PrincipalFirst)],
        subsidised: bool,
    ) {
        let terms = Terms { rate, method, order, subsidised, grace_days: 0, ..TERMS };
        let mut loan = open(principal, months, terms, AT_START).unwrap();
        let rows = loan.schedule(0, u16::MAX);
        prop_assert_eq!(rows.iter().map(|row| row.principal).sum::<u128>(), u128::from(principal));
        for row in rows {
            let (just_before, asked) = (at(row.due - 1), row.principal + row.interest);
            if asked > 0 {
                let (after, paid) = loan.repay(Amount::from_balance(asked).unwrap(), &just_before).unwrap();
                prop_assert_eq!((paid.principal.balance(), paid.interest.balance()), (row.principal, row.interest));
                loan = after;
            }
            prop_assert_eq!(loan.due(&at(row.due)).unwrap().overdue, 0);
        }
        let end = at(due_date(months));
        prop_assert_eq!(loan.owed(&end).unwrap().by_borrower(), 0);
        if terms.subsidised && !loan.is_ended() {
            loan = loan.refund_interest(&end).unwrap().0;
        }
        prop_assert_eq!(loan.status, LoanStatus::Closed);
    }
}
