//! Premiums: a share of the income, from the insured to the payer, each period once, in order, from its due time on.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::WelfareCaseId,
    money::AmountError,
    time::{Millis, DAY},
    welfare::samples,
};
use amanah_e2e::{
    welfare::{insurance_form, Offices},
    START,
};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Owner, Transferred},
    registry::Registry,
    welfare::{BenefitRefusal, BenefitStatus, Certificate, Error, Form, PremiumCollected, Rules, Scheme, Welfare},
    Balance,
};

fn too_early(from: Millis) -> Error {
    Error::Benefit(BenefitRefusal::TooEarly { from })
}

#[track_caller]
fn collect(offices: &mut Offices, case: WelfareCaseId, period: u16) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().collect_premium(case, period));
    offices.send(&stranger, message);
}

#[track_caller]
fn cannot_collect(offices: &mut Offices, case: WelfareCaseId, period: u16, expected: Error) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().collect_premium(case, period));
    offices.refuses(&stranger, message, expected);
}

#[track_caller]
fn certificate(offices: &mut Offices, case: WelfareCaseId) -> Certificate {
    let message = offices.suite.welfare().certificate(case);
    offices.ask(message).expect("it was granted")
}

#[test]
fn a_premium_goes_from_the_insured_to_the_payer_from_its_due_time_on_and_not_a_millisecond_earlier() {
    let (mut offices, cast) = stage();
    let case = offices.granted_insurance();
    let done = offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    let (insured, payer) = (cast.citizen.number, cast.payer.number);
    let (from, to) = (Owner::Participant(insured), Owner::Participant(payer));
    let moved = Transferred { from, to, issuer: cast.bank.number, amount: 160 };
    let collected = PremiumCollected { case, insured, period: 1, own: 160, employers: 0 };
    assert_eq!(offices.events(&done.events), [Event::Transferred(moved), Event::PremiumCollected(collected)]);

    for (period, due, at) in [(2, SECOND, SECOND), (3, THIRD, THIRD + 1)] {
        assert_eq!(offices.ask(cast.welfare().next_due(case)), Some(due));
        for early in [due - DAY, due - 1] {
            offices.chain.set_time(early);
            cannot_collect(&mut offices, case, period, too_early(due));
        }
        offices.chain.set_time(at);
        collect(&mut offices, case, period);
        let sum = 160 * Balance::from(period);
        assert_eq!((offices.balance(&cast.citizen), offices.balance(&cast.payer)), (5_000 - sum, sum));
        assert_eq!(offices.case(case).sum.balance(), sum);
    }
    assert_eq!(offices.held(), 0, "the contract keeps nothing of it");
}

#[test]
fn premiums_are_collected_in_order_and_each_once_whoever_calls_and_the_last_ends_the_case() {
    let (mut offices, cast) = stage();
    let scheme = offices.scheme(Scheme { most_payments: 3, ..samples::insurance() });
    offices.funds(&cast.citizen, 5_000);
    let case = offices.grant(&cast.citizen, scheme, insurance_form());
    offices.suspend(&cast.shop);
    offices.chain.set_time(THIRD);
    for (period, caller) in (1..).zip([&cast.stranger, &cast.payer.actor, &cast.shop.actor]) {
        for other in [0, period - 1, period + 1, u16::MAX] {
            let next = Error::Benefit(BenefitRefusal::WrongPeriod { next: period });
            cannot_collect(&mut offices, case, other, next);
        }
        offices.send(caller, cast.welfare().collect_premium(case, period));
    }
    cannot_collect(&mut offices, case, 4, wrong(BenefitStatus::Ended));
    assert_eq!(offices.balance(&cast.payer), 480);
}

#[test]
fn a_premium_is_the_chosen_share_of_the_income_rounded_up() {
    let (mut offices, _) = stage();
    // Each a share (basis points) of an income: the least, some that do not come out even, the most.
    let shares = [(1, 400, 1), (2_000, 801, 161), (2_001, 800, 161), (12_345, 777, 960), (100_000, 2_000, 20_000)];
    for (income, ratio, premium) in shares {
        let insured = offices.applicant(&format!("earns {income}"));
        offices.funds(&insured, premium);
        let form = Form { income: Some(income), ratio, ..insurance_form() };
        let case = offices.grant(&insured, offices.insurance, form);
        assert_eq!(certificate(&mut offices, case).amount, premium);
        collect(&mut offices, case, 1);
        assert_eq!(offices.balance(&insured), 0, "all that it had");
    }
}

#[test]
fn what_the_ledger_refuses_leaves_no_trace_and_is_collected_later() {
    let (mut offices, cast) = stage();
    offices.issue(&cast.citizen, 160);
    let case = offices.grant(&cast.citizen, offices.insurance, insurance_form());
    let allowance = |allowed| Error::Ledger(LedgerError::Allowance { allowed, wanted: 160 });
    let (contract, bank) = (cast.suite.welfare.into(), cast.bank.number);
    cannot_collect(&mut offices, case, 1, allowance(0));
    offices.send(&cast.citizen.actor, cast.ledger().approve(contract, bank, 159));
    cannot_collect(&mut offices, case, 1, allowance(159));
    offices.send(&cast.citizen.actor, cast.ledger().approve(contract, bank, 320));
    offices.send(&cast.citizen.actor, cast.ledger().transfer(cast.shop.id(), bank, 1));
    let short = AmountError::Insufficient { available: 159, wanted: 160 };
    cannot_collect(&mut offices, case, 1, Error::Ledger(LedgerError::Amount(short)));
    offices.issue(&cast.citizen, 1);
    collect(&mut offices, case, 1);
    assert_eq!((offices.balance(&cast.citizen), offices.balance(&cast.payer)), (0, 160));
}

#[test]
fn nothing_is_collected_of_who_is_suspended_or_for_who_is_until_it_is_reinstated() {
    let (mut offices, cast) = stage();
    let case = offices.granted_insurance();
    for person in [&cast.citizen, &cast.payer] {
        offices.suspend(person);
        cannot_collect(&mut offices, case, 1, Error::NotInGoodStanding { participant: person.number });
        offices.send(&cast.regulator.actor, cast.registry().reinstate(person.number));
    }
    collect(&mut offices, case, 1);
}

#[test]
fn only_a_running_insurance_with_a_premium_collects() {
    let (mut offices, cast) = stage();
    offices.funds(&cast.citizen, 5_000);
    let review = offices.apply(&cast.citizen, offices.insurance, insurance_form());
    cannot_collect(&mut offices, review, 1, wrong(BenefitStatus::Review));
    let nothing = Error::Benefit(BenefitRefusal::NothingToCollect);
    let injury = offices.granted_injury();
    cannot_collect(&mut offices, injury, 1, nothing);
    let rules = Rules { ratio_min: 0, ratio_max: 0, ..samples::insurance().rules };
    let free = offices.scheme(Scheme { rules, ..samples::insurance() });
    let free = offices.grant(&cast.citizen, free, Form { ratio: 0, ..insurance_form() });
    cannot_collect(&mut offices, free, 1, nothing);
    cannot_collect(&mut offices, 99, 1, Error::UnknownCase { case: 99 });
}

#[test]
fn the_certificate_counts_while_the_insurance_runs_and_shows_all_that_was_paid() {
    let (mut offices, cast) = stage();
    offices.funds(&cast.citizen, 5_000);
    let case = offices.apply(&cast.citizen, offices.insurance, insurance_form());
    assert_eq!(offices.ask(cast.welfare().certificate(case)), None, "nothing is granted yet");
    offices.chain.advance(DAY);
    offices.accept_all(case, 0);
    let granted = Certificate {
        scheme: offices.insurance,
        participant: cast.citizen.number,
        since: START + DAY,
        is_valid: true,
        amount: 160,
        sum: 0,
    };
    assert_eq!(certificate(&mut offices, case), granted);
    collect(&mut offices, case, 1);
    assert_eq!(certificate(&mut offices, case), Certificate { sum: 160, ..granted.clone() });

    offices.send(&cast.regulator.actor, cast.welfare().suspend(case, 1));
    assert_eq!(certificate(&mut offices, case), Certificate { sum: 160, is_valid: false, ..granted.clone() });
    offices.chain.set_time(THIRD + DAY);
    cannot_collect(&mut offices, case, 2, wrong(BenefitStatus::Suspended));
    offices.send(&cast.regulator.actor, cast.welfare().resume(case));
    for period in [2, 3] {
        collect(&mut offices, case, period);
    }
    assert_eq!(certificate(&mut offices, case), Certificate { sum: 480, ..granted.clone() });
    offices.send(&cast.citizen.actor, cast.welfare().terminate(case, 1));
    assert_eq!(certificate(&mut offices, case), Certificate { sum: 480, is_valid: false, ..granted });
    offices.chain.advance(60 * DAY);
    cannot_collect(&mut offices, case, 4, wrong(BenefitStatus::Ended));
}
