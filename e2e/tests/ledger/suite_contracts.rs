//! `set_suite_contract`: contracts that hold money for others.

use crate::*;
use amanah_client::{send, Event};
use amanah_interfaces::{
    ledger::{Approved, Issued, SuiteContractSet, Transferred, MOST_SUITE_CONTRACTS},
    voucher::Voucher,
};

#[test]
fn the_administrator_marks_a_contract_and_takes_the_mark_away_and_doing_so_twice_changes_nothing() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    let contract = Actor::named("vault").id();
    assert!(!world.ask(world.suite.ledger().is_suite_contract(contract)));
    world.changes_nothing(&administrator, world.suite.ledger().set_suite_contract(contract, false));
    for marked in [true, false, true] {
        let done = world.send(&administrator, world.suite.ledger().set_suite_contract(contract, marked));
        let event = Event::SuiteContractSet(SuiteContractSet { contract, marked });
        assert_eq!(world.events(&done.events), [event]);
        assert_eq!(world.ask(world.suite.ledger().is_suite_contract(contract)), marked);
        world.changes_nothing(&administrator, world.suite.ledger().set_suite_contract(contract, marked));
    }
}

#[test]
fn sixteen_contracts_are_marked_and_another_one_when_one_of_them_is_not_any_more() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    // The world's suite has marked three.
    let all: Vec<_> =
        (0..=MOST_SUITE_CONTRACTS - 3).map(|number| Actor::named(&format!("vault {number}")).id()).collect();
    let (last, others) = all.split_last().expect("there are some");
    for contract in others {
        world.send(&administrator, world.suite.ledger().set_suite_contract(*contract, true));
    }
    world.refuses(&administrator, world.suite.ledger().set_suite_contract(*last, true), Error::SuiteFull);
    world.send(&administrator, world.suite.ledger().set_suite_contract(others[4], false));
    world.send(&administrator, world.suite.ledger().set_suite_contract(*last, true));
    for (contract, marked) in [(*last, true), (others[3], true), (others[4], false), (others[5], true)] {
        assert_eq!(world.ask(world.suite.ledger().is_suite_contract(contract)), marked);
    }
}

#[test]
fn nobody_but_the_administrator_marks_contracts() {
    let mut world = World::new();
    let (voucher, vault) = (world.suite.voucher.into(), vault(&mut world));
    let mut outsiders = world.outsiders(&[]);
    outsiders.extend([world.government.actor.clone(), vault]);
    for outsider in outsiders {
        let mark = world.suite.ledger().set_suite_contract(outsider.id(), true);
        world.refuses(&outsider, mark, Error::NotAllowed);
        let take_away = world.suite.ledger().set_suite_contract(voucher, false);
        world.refuses(&outsider, take_away, Error::NotAllowed);
    }
}

#[test]
fn who_marks_pays_the_deposit_and_taking_the_mark_away_takes_none() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    let contract = Actor::named("vault").id();
    let marked = world.send(&administrator, world.suite.ledger().set_suite_contract(contract, true));
    assert!(marked.cost.deposit > 0);
    // What is given back is rounded down: to nothing, where deposits are as small as on the embedded chain.
    let unmarked = world.send(&administrator, world.suite.ledger().set_suite_contract(contract, false));
    assert!(unmarked.cost.deposit <= 0);
}

#[test]
fn a_marked_contract_is_paid_sends_allows_and_spends_under_its_account() {
    let mut world = World::new();
    let vault = vault(&mut world);
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let (issuer, contract) = (bank.number, Owner::Contract(vault.account()));
    world.issue(&citizen, 100);

    let done = world.send(&bank.actor, world.suite.ledger().issue(vault.id(), 50, reference(1)));
    let issued = Issued { issuer, to: contract, amount: 50, reference: reference(1) };
    assert_eq!(world.events(&done.events), [Event::Issued(issued)]);

    let done = world.send(&vault, world.suite.ledger().transfer(shop.id(), issuer, 20));
    let sent = Transferred { from: contract, to: owner(&shop), issuer, amount: 20 };
    assert_eq!(world.events(&done.events), [Event::Transferred(sent)]);

    let done = world.send(&citizen.actor, world.suite.ledger().approve(vault.id(), issuer, 8));
    let allowed = Approved { owner: owner(&citizen), spender: contract, issuer, allowed: 8 };
    assert_eq!(world.events(&done.events), [Event::Approved(allowed)]);

    let done = world.send(&vault, world.suite.ledger().transfer_from(citizen.id(), vault.id(), issuer, 8));
    let taken = Transferred { from: owner(&citizen), to: contract, issuer, amount: 8 };
    assert_eq!(world.events(&done.events), [Event::Transferred(taken)]);

    let done = world.send(&vault, world.suite.ledger().increase_allowance(shop.id(), issuer, 3));
    let allowed = Approved { owner: contract, spender: owner(&shop), issuer, allowed: 3 };
    assert_eq!(world.events(&done.events), [Event::Approved(allowed)]);
    world.send(&shop.actor, world.suite.ledger().transfer_from(vault.id(), shop.id(), issuer, 3));

    assert_eq!(balance(&mut world, &vault, &bank), 50 - 20 + 8 - 3);
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (92, 23));
    assert_eq!(world.ask(world.suite.ledger().supply(issuer)), supply(150, 0, 0));
}

#[test]
fn a_marked_contract_moves_money_within_the_same_limits_as_anybody() {
    let mut world = World::new();
    let vault = vault(&mut world);
    let (bank, citizen) = (world.bank.number, world.citizen.clone());
    world.issue(&citizen, 100);
    let message = world.suite.ledger().transfer_from(citizen.id(), vault.id(), bank, 1);
    world.refuses(&vault, message, Error::Allowance { allowed: 0, wanted: 1 });
    world.refuses(&vault, world.suite.ledger().transfer(citizen.id(), bank, 1), insufficient(0, 1));
    world.refuses(&vault, world.suite.ledger().transfer(citizen.id(), bank, 0), ZERO);
    let account = world.stranger.id();
    let message = world.suite.ledger().transfer(account, bank, 1);
    world.refuses(&vault, message, Error::UnknownOwner { account });
}

#[test]
fn a_contract_without_the_mark_is_nobody_to_the_ledger() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.issue(&citizen, 100);
    let contract = Actor::named("some contract");
    let error = Error::UnknownOwner { account: contract.id() };
    world.refuses(&bank.actor, world.suite.ledger().issue(contract.id(), 1, reference(1)), error);
    world.refuses(&citizen.actor, world.suite.ledger().transfer(contract.id(), bank.number, 1), error);
    world.refuses(&citizen.actor, world.suite.ledger().approve(contract.id(), bank.number, 1), error);
    let message = world.suite.ledger().transfer_from(citizen.id(), contract.id(), bank.number, 1);
    world.refuses(&contract, message, error);
}

#[test]
fn a_contract_that_loses_the_mark_has_nothing_until_it_is_marked_again() {
    let mut world = World::new();
    let vault = vault(&mut world);
    let (bank, citizen, administrator) = (world.bank.clone(), world.citizen.clone(), world.administrator.clone());
    world.send(&bank.actor, world.suite.ledger().issue(vault.id(), 50, reference(1)));
    world.send(&citizen.actor, world.suite.ledger().approve(vault.id(), bank.number, 8));

    world.send(&administrator, world.suite.ledger().set_suite_contract(vault.id(), false));
    let error = Error::UnknownOwner { account: vault.id() };
    world.refuses(&vault, world.suite.ledger().transfer(citizen.id(), bank.number, 1), error);
    world.refuses(&vault, world.suite.ledger().approve(citizen.id(), bank.number, 1), error);
    let message = world.suite.ledger().transfer_from(citizen.id(), citizen.id(), bank.number, 1);
    world.refuses(&vault, message, error);
    assert_eq!(balance(&mut world, &vault, &bank), 0);
    assert_eq!(allowance(&mut world, &citizen.actor, &vault), 0);

    world.send(&administrator, world.suite.ledger().set_suite_contract(vault.id(), true));
    assert_eq!(balance(&mut world, &vault, &bank), 50);
    assert_eq!(allowance(&mut world, &citizen.actor, &vault), 8);
    world.send(&vault, world.suite.ledger().transfer(citizen.id(), bank.number, 50));
    assert_eq!(world.balance(&citizen), 50);
}

#[test]
fn two_contracts_of_the_suite_pay_each_other() {
    let mut world = World::new();
    let (vault, bank) = (vault(&mut world), world.bank.clone());
    let voucher = world.suite.voucher;
    world.send(&bank.actor, world.suite.ledger().issue(vault.id(), 50, reference(1)));
    let done = world.send(&vault, world.suite.ledger().transfer(voucher.into(), bank.number, 50));
    let (from, to) = (Owner::Contract(vault.account()), Owner::Contract(voucher));
    let moved = Transferred { from, to, issuer: bank.number, amount: 50 };
    assert_eq!(world.events(&done.events), [Event::Transferred(moved)]);
    assert_eq!(balance(&mut world, &vault, &bank), 0);
    assert_eq!(world.ask(world.suite.ledger().balance_of(voucher.into(), bank.number)), 50);
}

#[test]
fn money_sent_to_a_contract_from_outside_is_in_nobodys_credit_there() {
    let mut world = World::new();
    let (programme, voucher) = world.funded_voucher(1_000);
    world.redeem(voucher, 400);
    let (bank, shop, citizen) = (world.bank.clone(), world.shop.clone(), world.citizen.clone());
    let before = world.check_books(programme, &[&shop, &bank, &citizen]);
    world.issue(&citizen, 5_000);
    let message = world.suite.ledger().transfer(world.suite.voucher.into(), bank.number, 5_000);
    world.send(&citizen.actor, message);
    assert_eq!(world.ask(world.suite.ledger().balance_of(world.suite.voucher.into(), bank.number)), 6_000);
    assert_eq!(world.check_books(programme, &[&shop, &bank, &citizen]), before);
    for (person, credit) in [(&shop, 400), (&bank, 0), (&citizen, 0)] {
        assert_eq!(world.ask(world.suite.voucher().credit(person.number, bank.number)), credit);
        let more = world.suite.voucher().withdraw(bank.number, credit + 1);
        assert!(send(&mut world.chain, &person.actor.account(), more).is_err(), "{person:?}");
    }
}

#[test]
fn a_suspended_owner_is_drawn_on_by_contracts_of_the_suite_only_and_within_what_it_allows_them() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let vault = vault(&mut world);
    world.issue(&citizen, 100);
    world.suspend(&citizen);
    world.send(&citizen.actor, world.suite.ledger().approve(vault.id(), bank.number, 30));
    world.send(&citizen.actor, world.suite.ledger().increase_allowance(vault.id(), bank.number, 10));
    let draw =
        |world: &World, amount| world.suite.ledger().transfer_from(citizen.id(), vault.id(), bank.number, amount);
    world.refuses(&vault, draw(&world, 41), Error::Allowance { allowed: 40, wanted: 41 });
    world.send(&vault, draw(&world, 40));
    assert_eq!(world.balance(&citizen), 60);
    let no = Error::NotInGoodStanding { participant: citizen.number };
    world.refuses(&citizen.actor, world.suite.ledger().approve(shop.id(), bank.number, 1), no);
}
