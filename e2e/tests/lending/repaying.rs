//! Payments: what they cover, who may pay, what is taken.

use crate::common::*;
use amanah_domain::{ids::LoanId, money::AmountError, roles::Role, time::DAY};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    governance::Governed,
    ledger::{Error as LedgerError, Ledger},
    loan::{Error, Loan, LoanStatus, Method, Order},
    registry::Registry,
    Balance,
};

fn insufficient(available: Balance, wanted: Balance) -> Error {
    Error::Ledger(LedgerError::Amount(AmountError::Insufficient { available, wanted }))
}

#[test]
fn a_payment_covers_fees_first_then_interest_then_principal() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(START + 40 * DAY);
    assert_eq!(owed(&mut lenders, loan), [10, 40, 1_000, 0]);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 5), [5, 0, 0]);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 25), [5, 20, 0]);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 120), [0, 20, 100]);
    assert_eq!(owed(&mut lenders, loan), [0, 0, 900, 0]);
    assert_eq!(paid(&mut lenders, loan), [10, 40, 100, 0]);
    assert_eq!((credit(&mut lenders, &cast.bank), lenders.held()), (150, 150));
}

#[test]
fn a_payment_covers_principal_before_interest_where_the_product_says_so() {
    let (mut lenders, cast) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        offer.order = Order::PrincipalFirst;
    });
    lenders.chain.set_time(START + 40 * DAY);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 610), [10, 0, 600]);
    assert_eq!(owed(&mut lenders, loan), [0, 40, 400, 0]);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 430), [0, 30, 400]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Active);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 10), [0, 10, 0]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
}

#[test]
fn no_more_is_taken_than_the_borrower_owes() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(START + 7 * DAY);
    let before = lenders.balance(&cast.citizen);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 5_000), [0, 7, 1_000]);
    assert_eq!(lenders.balance(&cast.citizen), before + 5_000 - 1_007);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
    assert_eq!(owed(&mut lenders, loan), [0; 4]);
    lenders.chain.advance(400 * DAY);
    assert_eq!(owed(&mut lenders, loan), [0; 4], "a closed loan costs nothing more");
}

#[test]
fn of_a_subsidised_loan_the_borrower_pays_no_interest() {
    let (mut lenders, cast) = stage();
    let loan = lend_subsidised(&mut lenders);
    lenders.chain.set_time(START + 7 * DAY);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 5_000), [0, 0, 1_000]);
    assert_eq!(owed(&mut lenders, loan), [0, 0, 0, 7]);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Active, "the department owes the interest");
    lenders.refuses(&cast.citizen.actor, cast.loans().repay(loan, 1), NOTHING_OWED);
}

#[test]
fn any_active_participant_pays_for_a_borrower_and_is_named_for_it() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    // `repay` checks that the event names the payer.
    assert_eq!(repay(&mut lenders, &cast.investors[0], loan, 100), [0, 0, 100]);
    assert_eq!(repay(&mut lenders, &cast.bank, loan, 100), [0, 0, 100]);
    assert_eq!(lenders.balance(&cast.investors[0]), 0);
    assert_eq!(lenders.balance(&cast.citizen), 1_000, "the borrower's own money is left alone");
}

#[test]
fn a_suspended_borrower_repays() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.suspend(&cast.citizen);
    let contract = cast.suite.loan.into();
    lenders.world.send(&cast.citizen.actor, cast.ledger().approve(contract, cast.bank.number, 1_000));
    let taken = lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, 1_000)).value;
    assert_eq!((taken, lenders.balance(&cast.citizen)), (1_000, 0));
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
}

#[test]
fn who_is_suspended_repays_nobody_elses_loan_until_it_is_reinstated() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let victim = cast.investors[0].clone();
    lenders.suspend(&victim);
    // Whoever stole its wallet can let the contract take all that is there.
    lenders.funds(&victim, 1_000);
    for amount in [1, 1_000, 5_000] {
        lenders.refuses(&victim.actor, cast.loans().repay(loan, amount), Error::NotAllowed);
    }
    lenders.refuses(&victim.actor, cast.loans().repay(9, 1), Error::UnknownLoan { loan: 9 });
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(victim.number));
    assert_eq!(lenders.world.send(&victim.actor, cast.loans().repay(loan, 100)).value, 100);
}

#[test]
fn nothing_is_booked_when_the_payer_does_not_let_the_contract_take_it() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let payer = &cast.citizen.actor;
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 0, wanted: 100 });
    lenders.refuses(payer, cast.loans().repay(loan, 100), refused);
    let contract = cast.suite.loan.into();
    lenders.world.send(payer, cast.ledger().approve(contract, cast.bank.number, 99));
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 99, wanted: 100 });
    lenders.refuses(payer, cast.loans().repay(loan, 100), refused);
    // An allowance for more than is owed is not needed: 5,000 is asked for, 1,000 is taken.
    lenders.world.send(payer, cast.ledger().approve(contract, cast.bank.number, 1_000));
    assert_eq!(lenders.world.send(payer, cast.loans().repay(loan, 5_000)).value, 1_000);
}

#[test]
fn nothing_is_booked_when_the_payer_has_too_little_or_another_banks_money() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let (bank, payer) = (cast.bank.clone(), cast.investors[0].clone());
    let contract = cast.suite.loan.into();
    lenders.world.send(&payer.actor, cast.ledger().approve(contract, bank.number, 1_000));
    lenders.refuses(&payer.actor, cast.loans().repay(loan, 100), insufficient(0, 100));
    let (other, _) = other_bank(&mut lenders, plain);
    lenders.world.bank = other;
    lenders.funds(&payer, 5_000);
    lenders.world.bank = bank;
    lenders.refuses(&payer.actor, cast.loans().repay(loan, 100), insufficient(0, 100));
    lenders.issue(&payer, 99);
    lenders.refuses(&payer.actor, cast.loans().repay(loan, 100), insufficient(99, 100));
    assert_eq!(paid(&mut lenders, loan), [0; 4]);
    lenders.issue(&payer, 1);
    assert_eq!(lenders.world.send(&payer.actor, cast.loans().repay(loan, 100)).value, 100);
}

#[test]
fn nothing_too_much_and_what_nobody_knows_cannot_be_repaid() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.funds(&cast.citizen, 5_000);
    let payer = &cast.citizen.actor;
    lenders.refuses(payer, cast.loans().repay(loan, 0), Error::Amount(AmountError::Zero));
    lenders.refuses(payer, cast.loans().repay(loan, 1 << 64), Error::Amount(AmountError::TooLarge));
    for unknown in [0, loan + 1, u64::MAX] {
        lenders.refuses(payer, cast.loans().repay(unknown, 1), Error::UnknownLoan { loan: unknown });
    }
    lenders.refuses(&cast.stranger, cast.loans().repay(loan, 1), Error::NotAllowed);
}

#[test]
fn a_closed_loan_takes_no_payment() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 1_000);
    lenders.funds(&cast.citizen, 1_000);
    lenders.refuses(&cast.citizen.actor, cast.loans().repay(loan, 1), wrong(LoanStatus::Closed));
    lenders.refuses(&cast.citizen.actor, cast.loans().recover(loan, 1), wrong(LoanStatus::Closed));
}

#[test]
fn sixty_payments_of_one_unit_are_worth_one_of_sixty() {
    let (mut lenders, cast) = stage();
    let product = lenders.product_with(|offer| {
        plain(offer);
        // 9.77 % of 997 for 50 days is 13.34: nothing here is a round number.
        offer.rate = 977;
    });
    let one = lenders.lend_of(product, 997, 4);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    lenders.world.citizen = neighbour;
    let other = lenders.lend_of(product, 997, 4);
    lenders.world.citizen = cast.citizen.clone();
    lenders.chain.set_time(START + 50 * DAY);
    lenders.funds(&cast.citizen, 60);
    for _ in 0..60 {
        lenders.world.send(&cast.citizen.actor, cast.loans().repay(one, 1));
    }
    assert_eq!(repay(&mut lenders, &cast.investors[0], other, 60), [10, 14, 36]);
    assert_eq!(lenders.loan(one).book, lenders.loan(other).book);
    lenders.chain.advance(300 * DAY);
    assert_eq!(due(&mut lenders, one), due(&mut lenders, other), "and stays so");
}

#[test]
fn paying_a_unit_a_day_costs_a_unit_of_rounding_at_most() {
    let (mut lenders, cast) = stage();
    let product = lenders.product_with(|offer| {
        plain(offer);
        offer.rate = 977;
    });
    let loan = lenders.lend_of(product, 997, 4);
    lenders.funds(&cast.citizen, 100);
    // The interest of each day, in 3,650,000ths.
    let (mut exact, mut interest) = (0u128, 0);
    for _ in 0..25 {
        lenders.chain.advance(DAY);
        exact += lenders.loan(loan).principal.balance() * 977 - paid(&mut lenders, loan)[2] * 977;
        lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, 1));
        interest = paid(&mut lenders, loan)[1] + owed(&mut lenders, loan)[1];
        assert_eq!(interest, exact.div_ceil(3_650_000));
    }
    assert_eq!(interest, 7, "rounded up each day it would be 25");
}

#[test]
fn payments_are_taken_while_new_business_is_stopped() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    pause(&mut lenders);
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 100), [0, 0, 100]);
    // Also while the ledger itself is paused.
    lenders.funds(&cast.citizen, 1);
    lenders.world.send(&cast.administrator, cast.suite.governance(cast.suite.ledger).pause());
    assert_eq!(lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, 100)).value, 100);
}

#[test]
fn a_payment_that_the_ledger_refuses_changes_nothing() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.funds(&cast.citizen, 100);
    let contract = cast.suite.loan.into();
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    lenders.refuses(&cast.citizen.actor, cast.loans().repay(loan, 100), unmarked);
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, true));
    assert_eq!(repay(&mut lenders, &cast.citizen, loan, 100), [0, 0, 100]);
}

/// The largest half of all money that there can be, lent for three years at 100 %. After two of them as much interest is owed
/// as there can be money; the borrower lets the contract take everything, has paid one half, and nothing is left.
fn huge_loan(lenders: &mut Lenders, cast: &Cast, method: Method) -> LoanId {
    let product = lenders.product_with(|offer| {
        plain(offer);
        (offer.limit, offer.rate, offer.method, offer.late_fee) = (HALF, 10_000, method, 0);
    });
    let loan = lenders.lend_of(product, HALF, 36);
    lenders.chain.set_time(START + 731 * DAY);
    let (contract, everything) = (cast.suite.loan.into(), u64::MAX.into());
    lenders.world.send(&cast.citizen.actor, cast.ledger().approve(contract, cast.bank.number, everything));
    lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, HALF));
    assert_eq!(paid(lenders, loan), [0, HALF, 0, 0]);
    loan
}

const HALF: Balance = 1 << 63;

#[test]
fn a_bank_that_is_owed_all_money_that_can_be_counted_takes_its_credit_before_more_is_repaid() {
    let (mut lenders, cast) = stage();
    let loan = huge_loan(&mut lenders, &cast, Method::Bullet);
    let (borrower, bank) = (&cast.citizen.actor, &cast.bank.actor);
    lenders.refuses(borrower, cast.loans().repay(loan, HALF), Error::Amount(AmountError::TooLarge));
    // The edge: one less could be counted, if there were money for it.
    lenders.refuses(borrower, cast.loans().repay(loan, HALF - 1), insufficient(0, HALF - 1));
    lenders.world.send(bank, cast.loans().withdraw(cast.bank.number, HALF));
    lenders.world.send(bank, cast.ledger().transfer(cast.citizen.id(), cast.bank.number, HALF));
    lenders.world.send(borrower, cast.loans().repay(loan, HALF - 1));
    assert_eq!(paid(&mut lenders, loan), [0, 2 * HALF - 1, 0, 0], "which is all the interest that ever accrues");
    assert_eq!(owed(&mut lenders, loan), [0, 0, HALF, 0]);
}

#[test]
fn a_loan_of_which_more_is_repaid_than_can_be_counted_goes_on_to_its_end() {
    let (mut lenders, cast) = stage();
    let loan = huge_loan(&mut lenders, &cast, Method::EqualInstalments);
    // The same half of all money goes round twice more: to the bank, back to the borrower, and into the contract.
    for expected in [[0, 2 * HALF - 1, 1, 0], [0, 2 * HALF - 1, HALF, 0]] {
        let owed = credit(&mut lenders, &cast.bank);
        lenders.world.send(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, owed));
        let everything = lenders.balance(&cast.bank);
        let back = cast.ledger().transfer(cast.citizen.id(), cast.bank.number, everything);
        lenders.world.send(&cast.bank.actor, back);
        let allow = cast.ledger().approve(cast.suite.loan.into(), cast.bank.number, HALF);
        lenders.world.send(&cast.citizen.actor, allow);
        lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, HALF));
        assert_eq!(paid(&mut lenders, loan), expected);
    }
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
}
