//! What was paid is the beneficiary's, until it takes it; and the contract always owns what it owes.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{money::AmountError, roles::Role, welfare::samples};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    Person,
};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Owner, Transferred},
    registry::Registry,
    welfare::{BenefitWithdrawn, Error, Scheme, Welfare},
    Balance,
};

fn insufficient(available: Balance, wanted: Balance) -> Error {
    Error::Amount(AmountError::Insufficient { available, wanted })
}

/// The citizen has a credit of 400.
fn paid(offices: &mut Offices) {
    let case = offices.granted_injury();
    offices.pay(case, 1);
}

#[test]
fn a_beneficiary_withdraws_in_parts_and_to_the_last_unit() {
    let (mut offices, cast) = stage();
    paid(&mut offices);
    let bank = cast.bank.number;
    let withdraw = |amount| cast.welfare().withdraw(bank, amount);
    let done = offices.send(&cast.citizen.actor, withdraw(300));
    let (from, to) = (Owner::Contract(cast.suite.welfare), Owner::Participant(cast.citizen.number));
    let moved = Transferred { from, to, issuer: bank, amount: 300 };
    let withdrawn = BenefitWithdrawn { participant: cast.citizen.number, issuer: bank, amount: 300 };
    assert_eq!(offices.events(&done.events), [Event::Transferred(moved), Event::BenefitWithdrawn(withdrawn)]);
    assert_eq!((offices.credit(&cast.citizen), offices.balance(&cast.citizen)), (100, 300));
    offices.check_books(&[&cast.citizen]);
    offices.send(&cast.citizen.actor, withdraw(100));
    assert_eq!((offices.credit(&cast.citizen), offices.balance(&cast.citizen), offices.held()), (0, 400, 0));
    offices.refuses(&cast.citizen.actor, withdraw(1), insufficient(0, 1));
}

#[test]
fn nobody_withdraws_more_than_its_credit_or_nothing_or_anothers() {
    let (mut offices, cast) = stage();
    paid(&mut offices);
    let bank = cast.bank.number;
    let withdraw = |amount| cast.welfare().withdraw(bank, amount);
    offices.refuses(&cast.citizen.actor, withdraw(401), insufficient(400, 401));
    offices.refuses(&cast.citizen.actor, withdraw(u64::MAX.into()), insufficient(400, u64::MAX.into()));
    offices.refuses(&cast.citizen.actor, withdraw(1 << 64), Error::Amount(AmountError::TooLarge));
    offices.refuses(&cast.citizen.actor, withdraw(0), Error::Amount(AmountError::Zero));
    let neighbour = offices.applicant("neighbour");
    for other in [&neighbour, &cast.payer, &cast.bank, &cast.government, &cast.regulator] {
        offices.refuses(&other.actor, withdraw(1), insufficient(0, 1));
    }
    offices.refuses(&cast.stranger, withdraw(1), Error::NotAllowed);
    offices.refuses(&cast.citizen.actor, cast.welfare().withdraw(cast.shop.number, 1), insufficient(0, 1));
    offices.check_books(&[&cast.citizen, &neighbour]);
}

#[test]
fn credits_in_the_money_of_different_banks_are_apart() {
    let (mut offices, cast) = stage();
    paid(&mut offices);
    let other = offices.enrol("other bank", &[Role::Bank]);
    let usual = std::mem::replace(&mut offices.world.bank, other.clone());
    let scheme = offices.scheme(Scheme { exclusive: false, ..samples::welfare() });
    offices.funds(&cast.payer, 500);
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    offices.pay(case, 1);
    assert_eq!((offices.credit(&cast.citizen), offices.held()), (400, 400), "in the other bank's money");
    let withdraw = |bank: &Person, amount| cast.welfare().withdraw(bank.number, amount);
    offices.refuses(&cast.citizen.actor, withdraw(&other, 401), insufficient(400, 401));
    offices.send(&cast.citizen.actor, withdraw(&other, 400));
    assert_eq!((offices.credit(&cast.citizen), offices.held(), offices.balance(&cast.citizen)), (0, 0, 400));
    offices.world.bank = usual;
    assert_eq!((offices.credit(&cast.citizen), offices.balance(&cast.citizen)), (400, 0));
    offices.check_books(&[&cast.citizen]);
}

#[test]
fn credits_of_several_schemes_and_people_add_up() {
    let (mut offices, cast) = stage();
    paid(&mut offices);
    let neighbour = offices.applicant("neighbour");
    let scheme = offices.scheme(Scheme { exclusive: false, ..samples::welfare() });
    let second = offices.grant(&cast.citizen, scheme, injury_form());
    let of_neighbour = offices.grant(&neighbour, scheme, injury_form());
    offices.pay(second, 1);
    offices.pay(of_neighbour, 1);
    assert_eq!((offices.credit(&cast.citizen), offices.credit(&neighbour)), (800, 400));
    offices.check_books(&[&cast.citizen, &neighbour]);
    let withdraw = |amount| cast.welfare().withdraw(cast.bank.number, amount);
    offices.send(&cast.citizen.actor, withdraw(800));
    assert_eq!((offices.credit(&cast.citizen), offices.credit(&neighbour)), (0, 400));
    offices.check_books(&[&cast.citizen, &neighbour]);
}

#[test]
fn a_suspended_beneficiary_withdraws_once_it_is_reinstated() {
    let (mut offices, cast) = stage();
    paid(&mut offices);
    let withdraw = || cast.welfare().withdraw(cast.bank.number, 400);
    offices.suspend(&cast.citizen);
    offices.refuses(&cast.citizen.actor, withdraw(), Error::NotAllowed);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(cast.citizen.number));
    offices.send(&cast.citizen.actor, withdraw());
    assert_eq!(offices.balance(&cast.citizen), 400);
}

#[test]
fn a_credit_stays_when_the_ledger_refuses_to_pay_it_or_the_benefit_ends() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.pay(case, 1);
    offices.send(&cast.regulator.actor, cast.welfare().terminate(case, 1));
    let contract = cast.suite.welfare.into();
    let withdraw = || cast.welfare().withdraw(cast.bank.number, 400);
    offices.send(&cast.administrator, cast.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    offices.refuses(&cast.citizen.actor, withdraw(), unmarked);
    offices.send(&cast.administrator, cast.ledger().set_suite_contract(contract, true));
    offices.send(&cast.citizen.actor, withdraw());
    assert_eq!(offices.balance(&cast.citizen), 400);
}

#[test]
fn a_beneficiary_that_moved_to_another_account_has_its_credit_there() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.pay(case, 1);
    let phone = offices.rebind(&cast.citizen, &Actor::named("new phone"));
    let withdraw = |amount| cast.welfare().withdraw(cast.bank.number, amount);
    offices.refuses(&cast.citizen.actor, withdraw(1), Error::NotAllowed);
    // What falls due later is paid there too.
    offices.chain.set_time(SECOND);
    offices.pay(case, 2);
    offices.send(&phone.actor, withdraw(800));
    assert_eq!((offices.balance(&phone), offices.held()), (800, 0));
}
