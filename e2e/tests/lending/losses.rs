//! Loans in default: written off, and what is got back of them.

use crate::common::*;
use amanah_domain::{money::AmountError, roles::Role, time::DAY};
use amanah_e2e::lending::Lenders;
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger},
    loan::{ChallengeRefusal, Error, Loan, LoanStatus, Matter},
    registry::Registry,
};

/// A plain loan in default since just now: day 121, so 121 of interest and three late fees.
fn defaulted(lenders: &mut Lenders) -> u64 {
    let loan = lend_plainly(lenders);
    default(lenders, loan);
    assert_eq!(owed(lenders, loan), [30, 121, 1_000, 0]);
    loan
}

#[test]
fn the_bank_that_lent_writes_a_loan_in_default_off_and_nobody_else_does() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    let (second, _) = other_bank(&mut lenders, plain);
    let others = [&second, &cast.citizen, &cast.officer, &cast.regulator, &cast.department, &cast.government];
    lenders.refuses(&cast.stranger, cast.loans().write_off(loan), Error::NotAllowed);
    for other in others {
        lenders.refuses(&other.actor, cast.loans().write_off(loan), Error::NotAllowed);
    }
    write_off(&mut lenders, &cast.bank, loan);
    lenders.refuses(&cast.bank.actor, cast.loans().write_off(loan), wrong(LoanStatus::WrittenOff));
}

#[test]
fn a_suspended_bank_and_a_former_bank_write_nothing_off() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    lenders.suspend(&cast.bank);
    lenders.refuses(&cast.bank.actor, cast.loans().write_off(loan), Error::NotAllowed);
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(cast.bank.number));
    lenders.world.send(&cast.government.actor, cast.registry().revoke(cast.bank.number, Role::Bank));
    lenders.refuses(&cast.bank.actor, cast.loans().write_off(loan), Error::NotAllowed);
}

#[test]
fn only_a_loan_in_default_is_written_off() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let write_off = || cast.loans().write_off(loan);
    lenders.refuses(&cast.bank.actor, write_off(), wrong(LoanStatus::Active));
    lenders.chain.set_time(DEFAULT);
    mark_delinquent(&mut lenders, loan);
    lenders.refuses(&cast.bank.actor, write_off(), wrong(LoanStatus::Delinquent));
    repay(&mut lenders, &cast.citizen, loan, 5_000);
    lenders.refuses(&cast.bank.actor, write_off(), wrong(LoanStatus::Closed));
    lenders.refuses(&cast.bank.actor, cast.loans().write_off(9), Error::UnknownLoan { loan: 9 });
}

#[test]
fn interest_runs_in_default_and_stops_when_the_loan_is_written_off() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    lenders.chain.advance(9 * DAY);
    assert_eq!(owed(&mut lenders, loan), [30, 130, 1_000, 0]);
    write_off(&mut lenders, &cast.bank, loan);
    lenders.chain.advance(1_000 * DAY);
    assert_eq!(owed(&mut lenders, loan), [30, 130, 1_000, 0], "what is owed stays owed");
}

#[test]
fn in_default_no_more_late_fees_are_charged() {
    let (mut lenders, _) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        offer.default_after_days = 5;
    });
    lenders.chain.set_time(LATE);
    mark_delinquent(&mut lenders, loan);
    mark_defaulted(&mut lenders, loan);
    lenders.chain.set_time(DEFAULT + 365 * DAY);
    assert_eq!(owed(&mut lenders, loan)[0], 10);
}

#[test]
fn what_is_recovered_covers_principal_first_then_interest_then_fees() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 990), [0, 0, 990]);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 100), [0, 90, 10]);
    write_off(&mut lenders, &cast.bank, loan);
    assert_eq!(recover(&mut lenders, &cast.investors[0], loan, 36), [5, 31, 0]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::WrittenOff);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 1_000), [25, 0, 0], "no more than is owed");
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
    assert_eq!(paid(&mut lenders, loan), [30, 121, 1_000, 0]);
    assert_eq!((credit(&mut lenders, &cast.bank), lenders.held()), (1_151, 1_151));
}

#[test]
fn a_loan_in_default_is_closed_when_everything_was_recovered() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 1_150), [29, 121, 1_000]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Defaulted);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 1), [1, 0, 0]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
}

#[test]
fn a_loan_is_repaid_before_its_default_and_recovered_after() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.funds(&cast.citizen, 5_000);
    let payer = &cast.citizen.actor;
    lenders.refuses(payer, cast.loans().recover(loan, 1), wrong(LoanStatus::Active));
    lenders.chain.set_time(DEFAULT);
    mark_delinquent(&mut lenders, loan);
    lenders.refuses(payer, cast.loans().recover(loan, 1), wrong(LoanStatus::Delinquent));
    mark_defaulted(&mut lenders, loan);
    lenders.refuses(payer, cast.loans().repay(loan, 1), wrong(LoanStatus::Defaulted));
    write_off(&mut lenders, &cast.bank, loan);
    lenders.refuses(payer, cast.loans().repay(loan, 1), wrong(LoanStatus::WrittenOff));
}

#[test]
fn what_cannot_be_paid_is_not_recovered() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    let payer = cast.investors[0].clone();
    let recover = |amount| cast.loans().recover(loan, amount);
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 0, wanted: 7 });
    lenders.refuses(&payer.actor, recover(7), refused);
    lenders.world.send(&payer.actor, cast.ledger().approve(cast.suite.loan.into(), cast.bank.number, 9_000));
    let refused = LedgerError::Amount(AmountError::Insufficient { available: 0, wanted: 1_151 });
    lenders.refuses(&payer.actor, recover(9_000), Error::Ledger(refused));
    lenders.refuses(&payer.actor, recover(0), Error::Amount(AmountError::Zero));
    lenders.refuses(&payer.actor, recover(1 << 64), Error::Amount(AmountError::TooLarge));
    lenders.refuses(&payer.actor, cast.loans().recover(9, 1), Error::UnknownLoan { loan: 9 });
    lenders.refuses(&cast.stranger, recover(1), Error::NotAllowed);
}

#[test]
fn a_suspended_borrower_pays_back_also_while_the_loan_is_challenged_and_business_stopped() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    let until = DEFAULT + 30 * DAY;
    lenders.world.send(&cast.regulator.actor, cast.loans().challenge(Matter::Loan(loan), 3));
    pause(&mut lenders);
    lenders.suspend(&cast.citizen);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 100), [0, 0, 100]);
    let frozen = Error::Challenge(ChallengeRefusal::Frozen { until });
    lenders.refuses(&cast.bank.actor, cast.loans().write_off(loan), frozen);
    lenders.chain.set_time(until);
    write_off(&mut lenders, &cast.bank, loan);
}

#[test]
fn who_is_suspended_pays_nothing_back_for_somebody_else() {
    let (mut lenders, cast) = stage();
    let loan = defaulted(&mut lenders);
    let victim = cast.investors[0].clone();
    lenders.suspend(&victim);
    lenders.funds(&victim, 100);
    lenders.refuses(&victim.actor, cast.loans().recover(loan, 100), Error::NotAllowed);
    write_off(&mut lenders, &cast.bank, loan);
    lenders.refuses(&victim.actor, cast.loans().recover(loan, 100), Error::NotAllowed);
}

#[test]
fn of_a_subsidised_loan_in_default_the_borrower_owes_no_interest() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    default(&mut lenders, loan);
    assert_eq!(recover(&mut lenders, &cast.citizen, loan, 9_000), [30, 0, 1_000]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Defaulted, "the department's interest is missing");
    lenders.refuses(&cast.citizen.actor, cast.loans().recover(loan, 1), NOTHING_OWED);
}

#[test]
fn a_campaigns_loan_is_written_off_by_a_loan_administrator_who_is_not_its_borrower() {
    let (mut lenders, cast) = stage();
    let borrower = lenders.enrol("borrower and administrator", &[Role::Citizen, Role::LoanAdministrator]);
    lenders.world.citizen = borrower.clone();
    let (_, loan) = fund(&mut lenders, [300, 300, 400]);
    // The usual term of a campaign is a year.
    lenders.chain.set_time(DEFAULT);
    mark_delinquent(&mut lenders, loan);
    mark_defaulted(&mut lenders, loan);
    for other in [&borrower, &cast.bank, &cast.investors[0], &cast.regulator] {
        lenders.refuses(&other.actor, cast.loans().write_off(loan), Error::NotAllowed);
    }
    lenders.suspend(&cast.officer);
    lenders.refuses(&cast.officer.actor, cast.loans().write_off(loan), Error::NotAllowed);
    let second = lenders.enrol("second officer", &[Role::LoanAdministrator]);
    write_off(&mut lenders, &second, loan);
}
