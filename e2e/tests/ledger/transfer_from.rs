//! `transfer_from`: a spender takes what an owner allows.

use crate::*;
use amanah_client::Event;
use amanah_interfaces::{ledger::Transferred, registry::Registry};

/// A world in which the citizen has 100 and lets the shop take 60 of it.
fn allowed() -> World {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), bank, 60));
    world
}

#[test]
fn a_spender_moves_an_owners_money_to_itself_or_to_a_third_and_the_allowance_goes_down() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    let third = world.attestor.clone();
    for (to, amount, left) in [(&shop, 10, 50), (&third, 50, 0)] {
        let message = world.suite.ledger().transfer_from(citizen.id(), to.id(), bank, amount);
        let done = world.send(&shop.actor, message);
        let moved = Transferred { from: owner(&citizen), to: owner(to), issuer: bank, amount };
        assert_eq!(world.events(&done.events), [Event::Transferred(moved)]);
        assert_eq!(allowance(&mut world, &citizen.actor, &shop.actor), left);
    }
    let balances = [&citizen, &shop, &third].map(|one| world.balance(one));
    assert_eq!(balances, [40, 10, 50]);
    assert_eq!(world.ask(world.suite.ledger().supply(bank)), supply(100, 0, 0));
}

#[test]
fn a_spender_takes_no_more_than_is_allowed_to_it() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    for wanted in [61, MOST] {
        let message = world.suite.ledger().transfer_from(citizen.id(), shop.id(), bank, wanted);
        world.refuses(&shop.actor, message, Error::Allowance { allowed: 60, wanted });
    }
    let attestor = world.attestor.clone();
    let message = world.suite.ledger().transfer_from(citizen.id(), attestor.id(), bank, 1);
    world.refuses(&attestor.actor, message, Error::Allowance { allowed: 0, wanted: 1 });
}

#[test]
fn the_owner_itself_needs_an_allowance_for_this_message() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    let message = world.suite.ledger().transfer_from(citizen.id(), shop.id(), bank, 1);
    world.refuses(&citizen.actor, message, Error::Allowance { allowed: 0, wanted: 1 });
}

#[test]
fn an_allowance_is_no_money_and_is_not_used_up_by_a_refused_transfer() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, 90));
    for to in [shop.id(), citizen.id()] {
        let message = world.suite.ledger().transfer_from(citizen.id(), to, bank, 11);
        world.refuses(&shop.actor, message, insufficient(10, 11));
    }
    assert_eq!(allowance(&mut world, &citizen.actor, &shop.actor), 60);
}

#[test]
fn an_allowance_of_one_banks_money_takes_none_of_anothers() {
    let mut world = allowed();
    let two = another_bank(&mut world);
    let (citizen, shop) = (world.citizen.clone(), world.shop.clone());
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 100, reference(1)));
    let message = world.suite.ledger().transfer_from(citizen.id(), shop.id(), two.number, 1);
    world.refuses(&shop.actor, message, Error::Allowance { allowed: 0, wanted: 1 });
}

#[test]
fn nothing_and_two_to_the_sixty_four_are_not_taken() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    for (amount, error) in [(0, ZERO), (MOST + 1, TOO_LARGE), (Balance::MAX, TOO_LARGE)] {
        let message = world.suite.ledger().transfer_from(citizen.id(), shop.id(), bank, amount);
        world.refuses(&shop.actor, message, error);
    }
}

#[test]
fn the_largest_amount_is_taken_as_a_whole() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, MOST);
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), bank, MOST));
    world.send(&shop.actor, world.suite.ledger().transfer_from(citizen.id(), shop.id(), bank, MOST));
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (0, MOST));
    assert_eq!(allowance(&mut world, &citizen.actor, &shop.actor), 0);
}

#[test]
fn all_three_must_be_known() {
    let mut world = allowed();
    let (bank, citizen, shop, stranger) =
        (world.bank.number, world.citizen.clone(), world.shop.clone(), world.stranger.clone());
    let error = Error::UnknownOwner { account: stranger.id() };
    let attempts = [
        (&stranger, citizen.id(), shop.id()),
        (&shop.actor, stranger.id(), shop.id()),
        (&shop.actor, citizen.id(), stranger.id()),
    ];
    for (spender, from, to) in attempts {
        world.refuses(spender, world.suite.ledger().transfer_from(from, to, bank, 1), error);
    }
}

#[test]
fn neither_a_suspended_spender_nor_a_suspended_owner_moves_money_and_a_suspended_receiver_is_paid() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    let third = world.attestor.clone();
    let regulator = world.regulator.actor.clone();
    for suspended in [&shop, &citizen] {
        world.suspend(suspended);
        let message = world.suite.ledger().transfer_from(citizen.id(), third.id(), bank, 1);
        world.refuses(&shop.actor, message, Error::NotInGoodStanding { participant: suspended.number });
        world.send(&regulator, world.suite.registry().reinstate(suspended.number));
    }
    world.suspend(&third);
    world.send(&shop.actor, world.suite.ledger().transfer_from(citizen.id(), third.id(), bank, 1));
    assert_eq!(world.balance(&third), 1);
}

#[test]
fn an_owners_money_sent_back_to_itself_stays_what_it_was() {
    let mut world = allowed();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.send(&shop.actor, world.suite.ledger().transfer_from(citizen.id(), citizen.id(), bank, 60));
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (100, 0));
    let beyond = world.suite.ledger().transfer_from(citizen.id(), citizen.id(), bank, 61);
    let allowed = allowance(&mut world, &citizen.actor, &shop.actor);
    world.refuses(&shop.actor, beyond, Error::Allowance { allowed, wanted: 61 });
}
