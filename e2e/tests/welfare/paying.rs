//! Paying: each period once, in order, from its due time on, out of the payer's allowance into the beneficiary's credit here.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::WelfareCaseId,
    money::AmountError,
    roles::Role,
    time::{Millis, DAY, MINUTE},
    welfare::samples,
};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    START,
};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Owner, Transferred},
    registry::Registry,
    welfare::{BenefitPaid, BenefitRefusal, BenefitStatus, Decision, Error, Form, NewScheme, Scheme, Welfare},
    Balance,
};

fn too_early(from: Millis) -> Error {
    Error::Benefit(BenefitRefusal::TooEarly { from })
}

fn next_is(next: u16) -> Error {
    Error::Benefit(BenefitRefusal::WrongPeriod { next })
}

fn allowance(allowed: Balance, wanted: Balance) -> Error {
    Error::Ledger(LedgerError::Allowance { allowed, wanted })
}

fn insufficient(available: Balance, wanted: Balance) -> AmountError {
    AmountError::Insufficient { available, wanted }
}

#[track_caller]
fn cannot_pay(offices: &mut Offices, case: WelfareCaseId, period: u16, expected: Error) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().pay(case, period));
    offices.refuses(&stranger, message, expected);
}

#[test]
fn a_period_is_paid_from_its_due_time_on_and_not_a_millisecond_earlier() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    let done = offices.pay(case, 1);
    let (from, to) = (Owner::Participant(cast.payer.number), Owner::Contract(cast.suite.welfare));
    let moved = Transferred { from, to, issuer: cast.bank.number, amount: 400 };
    let paid = BenefitPaid { case, beneficiary: cast.citizen.number, period: 1, amount: 400, voucher: None };
    assert_eq!(offices.events(&done.events), [Event::Transferred(moved), Event::BenefitPaid(paid)]);

    for (period, due, at) in [(2, SECOND, SECOND), (3, THIRD, THIRD + 1)] {
        assert_eq!(offices.ask(cast.welfare().next_due(case)), Some(due));
        for early in [due - DAY, due - 1] {
            offices.chain.set_time(early);
            cannot_pay(&mut offices, case, period, too_early(due));
        }
        offices.chain.set_time(at);
        offices.pay(case, period);
        let record = offices.case(case);
        let sum = 400 * Balance::from(period);
        assert_eq!((record.paid, record.sum.balance(), record.status), (period, sum, BenefitStatus::Running));
        assert_eq!((offices.credit(&cast.citizen), offices.balance(&cast.payer)), (sum, 100_000 - sum));
        offices.check_books(&[&cast.citizen]);
    }
    assert_eq!(offices.balance(&cast.citizen), 0, "it lies here until the beneficiary takes it");
}

#[test]
fn what_was_granted_on_a_31st_is_due_on_the_last_day_of_a_shorter_month_and_on_the_31st_again() {
    let (mut offices, _) = stage();
    // The 31st of January, five in the morning.
    let granted = START + 16 * DAY + 5 * 60 * MINUTE;
    offices.chain.set_time(granted);
    let case = offices.granted_injury();
    offices.pay(case, 1);
    // The 28th of February, the 31st of March, the 30th of April.
    for (period, days) in [(2, 28), (3, 59), (4, 89)] {
        let due = granted + days * DAY;
        offices.chain.set_time(due - 1);
        cannot_pay(&mut offices, case, period, too_early(due));
        offices.chain.set_time(due);
        offices.pay(case, period);
    }
}

#[test]
fn periods_are_paid_in_order_and_each_once_whoever_calls() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.suspend(&cast.shop);
    offices.chain.set_time(THIRD);
    let callers = [&cast.stranger, &cast.citizen.actor, &cast.shop.actor];
    for (period, caller) in (1..).zip(callers) {
        for other in [0, period - 1, period + 1, u16::MAX] {
            cannot_pay(&mut offices, case, other, next_is(period));
        }
        offices.send(caller, cast.welfare().pay(case, period));
    }
    cannot_pay(&mut offices, case, 3, next_is(4));
    assert_eq!(offices.credit(&cast.citizen), 1_200);
}

#[test]
fn the_last_payment_ends_the_case() {
    let (mut offices, cast) = stage();
    let scheme = offices.scheme(Scheme { period_months: 3, most_payments: 2, ..samples::welfare() });
    offices.funds(&cast.payer, 2_000);
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    offices.pay(case, 1);
    // Three months after the 15th of January.
    let due = START + 90 * DAY;
    offices.chain.set_time(due - 1);
    cannot_pay(&mut offices, case, 2, too_early(due));
    offices.chain.set_time(due);
    offices.pay(case, 2);
    let certificate = offices.ask(cast.welfare().certificate(case)).expect("it was granted");
    assert_eq!((certificate.is_valid, certificate.sum), (false, 800));
    assert_eq!((offices.status(case), offices.ask(cast.welfare().next_due(case))), (BenefitStatus::Ended, None));
    offices.chain.advance(200 * DAY);
    for period in [2, 3] {
        cannot_pay(&mut offices, case, period, wrong(BenefitStatus::Ended));
    }
}

#[test]
fn only_a_running_benefit_is_paid() {
    let (mut offices, cast) = stage();
    let injury = offices.injury;
    let [review, rejected, withdrawn] = [0; 3].map(|_| offices.apply(&cast.citizen, injury, injury_form()));
    let returned = offices.apply(&cast.citizen, injury, Form { documents: Vec::new(), ..injury_form() });
    offices.decide(rejected, Decision::Reject, None);
    offices.send(&cast.citizen.actor, cast.welfare().withdraw_application(withdrawn));
    let suspended = offices.granted_injury();
    offices.send(&cast.regulator.actor, cast.welfare().suspend(suspended, 1));
    for (case, status) in [
        (review, BenefitStatus::Review),
        (rejected, BenefitStatus::Rejected),
        (withdrawn, BenefitStatus::Ended),
        (returned, BenefitStatus::Returned),
        (suspended, BenefitStatus::Suspended),
    ] {
        cannot_pay(&mut offices, case, 1, wrong(status));
    }
    let insurance = offices.granted_insurance();
    cannot_pay(&mut offices, insurance, 1, Error::Benefit(BenefitRefusal::NothingToPay));
    cannot_pay(&mut offices, 99, 1, Error::UnknownCase { case: 99 });
}

#[test]
fn what_the_ledger_refuses_leaves_no_trace_and_is_paid_later() {
    let (mut offices, cast) = stage();
    let case = offices.grant(&cast.citizen, offices.injury, injury_form());
    let contract = cast.suite.welfare.into();
    cannot_pay(&mut offices, case, 1, allowance(0, 400));
    offices.funds(&cast.payer, 399);
    cannot_pay(&mut offices, case, 1, allowance(399, 400));
    offices.send(&cast.payer.actor, cast.ledger().approve(contract, cast.bank.number, 400));
    let short = Error::Ledger(LedgerError::Amount(insufficient(399, 400)));
    cannot_pay(&mut offices, case, 1, short);
    offices.issue(&cast.payer, 1);
    offices.send(&cast.administrator, cast.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    cannot_pay(&mut offices, case, 1, unmarked);
    offices.send(&cast.administrator, cast.ledger().set_suite_contract(contract, true));

    assert_eq!((offices.credit(&cast.citizen), offices.case(case).paid), (0, 0));
    offices.pay(case, 1);
    assert_eq!((offices.balance(&cast.payer), offices.credit(&cast.citizen)), (0, 400));
    offices.check_books(&[&cast.citizen]);
}

#[test]
fn a_suspended_payer_pays_once_it_is_reinstated() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.suspend(&cast.payer);
    cannot_pay(&mut offices, case, 1, Error::NotInGoodStanding { participant: cast.payer.number });
    offices.send(&cast.regulator.actor, cast.registry().reinstate(cast.payer.number));
    offices.pay(case, 1);
}

#[test]
fn what_falls_due_while_a_benefit_is_suspended_is_made_up_for_afterwards() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.send(&cast.government.actor, cast.welfare().suspend(case, 1));
    offices.chain.set_time(SECOND);
    cannot_pay(&mut offices, case, 1, wrong(BenefitStatus::Suspended));
    assert_eq!(offices.ask(cast.welfare().next_due(case)), None);
    offices.chain.set_time(THIRD - 1);
    offices.send(&cast.government.actor, cast.welfare().resume(case));
    assert_eq!(offices.ask(cast.welfare().next_due(case)), Some(START));
    for period in [1, 2] {
        offices.pay(case, period);
    }
    cannot_pay(&mut offices, case, 3, too_early(THIRD));
    offices.chain.set_time(THIRD);
    offices.pay(case, 3);
    assert_eq!(offices.credit(&cast.citizen), 1_200);
}

#[test]
fn a_beneficiary_that_cannot_be_paid_holds_up_nobody_else() {
    let (mut offices, cast) = stage();
    let poor = offices.enrol("poor department", &[Role::FinancialDepartment]);
    let terms = NewScheme { payer: poor.number, ..offices.terms(samples::welfare()) };
    let of_the_poor = offices.send(&cast.government.actor, cast.welfare().create_scheme(terms)).value;
    offices.send(&poor.actor, cast.welfare().agree_to_pay(of_the_poor));
    offices.funds(&cast.payer, 800);
    let people = ["first", "second", "third", "fourth"].map(|name| offices.applicant(name));
    let injury = offices.injury;
    let schemes = [of_the_poor, injury, injury, injury];
    let [unpaid, stopped, barred, well] = [0, 1, 2, 3].map(|at| offices.grant(&people[at], schemes[at], injury_form()));
    offices.send(&cast.regulator.actor, cast.welfare().suspend(stopped, 1));
    offices.suspend(&people[2]);

    cannot_pay(&mut offices, unpaid, 1, allowance(0, 400));
    cannot_pay(&mut offices, stopped, 1, wrong(BenefitStatus::Suspended));
    offices.pay(barred, 1);
    offices.pay(well, 1);
    let withdraw = || cast.welfare().withdraw(cast.bank.number, 400);
    offices.refuses(&people[2].actor, withdraw(), Error::NotAllowed);
    offices.send(&people[3].actor, withdraw());
    assert_eq!((offices.balance(&people[3]), offices.credit(&people[2])), (400, 400));
    offices.check_books(&people.each_ref());
}

#[test]
fn money_sent_to_the_contract_from_outside_changes_no_credit_no_payment_and_no_check() {
    let (mut offices, cast) = stage();
    let case = offices.grant(&cast.citizen, offices.injury, injury_form());
    offices.funds(&cast.payer, 500);
    offices.pay(case, 1);
    offices.chain.set_time(SECOND);
    let picture = |offices: &mut Offices| {
        let certificate = offices.ask(cast.welfare().certificate(case));
        let due = offices.ask(cast.welfare().next_due(case));
        (offices.case(case), certificate, due, offices.credit(&cast.citizen), offices.credit(&cast.regulator))
    };
    let before = picture(&mut offices);
    offices.issue(&cast.regulator, 5_000);
    let gift = cast.ledger().transfer(cast.suite.welfare.into(), cast.bank.number, 5_000);
    offices.send(&cast.regulator.actor, gift);
    assert_eq!(picture(&mut offices), before);
    assert_eq!(offices.held(), 400 + 5_000);

    cannot_pay(&mut offices, case, 2, allowance(100, 400));
    let withdraw = |amount| cast.welfare().withdraw(cast.bank.number, amount);
    offices.refuses(&cast.citizen.actor, withdraw(401), Error::Amount(insufficient(400, 401)));
    offices.refuses(&cast.regulator.actor, withdraw(1), Error::Amount(insufficient(0, 1)));
    offices.send(&cast.citizen.actor, withdraw(400));
    assert_eq!(offices.held(), 5_000, "what came from outside stays");
}
