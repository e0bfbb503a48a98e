//! `approve`, `increase_allowance`, `decrease_allowance`: what an owner lets somebody else take.

use crate::*;
use amanah_client::{Done, Event};
use amanah_interfaces::ledger::Approved;

/// The only event is that the citizen now allows the shop so much of the bank's money, and so it is.
#[track_caller]
fn allows(world: &mut World, done: &Done<()>, allowed: Balance) {
    let (citizen, shop) = (world.citizen.clone(), world.shop.clone());
    let approved = Approved { owner: owner(&citizen), spender: owner(&shop), issuer: world.bank.number, allowed };
    assert_eq!(world.events(&done.events), [Event::Approved(approved)]);
    assert_eq!(allowance(world, &citizen.actor, &shop.actor), allowed);
}

#[test]
fn an_approval_replaces_what_was_allowed_before() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.actor.clone(), world.shop.id());
    for allowed in [100, 30, MOST, 0] {
        let done = world.send(&citizen, world.suite.ledger().approve(shop, bank, allowed));
        allows(&mut world, &done, allowed);
    }
}

#[test]
fn approving_the_same_again_changes_nothing() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.actor.clone(), world.shop.id());
    world.changes_nothing(&citizen, world.suite.ledger().approve(shop, bank, 0));
    world.send(&citizen, world.suite.ledger().approve(shop, bank, 100));
    world.changes_nothing(&citizen, world.suite.ledger().approve(shop, bank, 100));
    world.send(&citizen, world.suite.ledger().approve(shop, bank, 0));
    world.changes_nothing(&citizen, world.suite.ledger().approve(shop, bank, 0));
}

#[test]
fn increases_and_decreases_add_up() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.actor.clone(), world.shop.id());
    for (more, by, allowed) in [(true, 100, 100), (true, 1, 101), (false, 41, 60), (false, 60, 0), (true, MOST, MOST)] {
        let done = if more {
            world.send(&citizen, world.suite.ledger().increase_allowance(shop, bank, by))
        } else {
            world.send(&citizen, world.suite.ledger().decrease_allowance(shop, bank, by))
        };
        allows(&mut world, &done, allowed);
    }
}

#[test]
fn an_allowance_stays_between_nothing_and_two_to_the_sixty_four() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.actor.clone(), world.shop.id());
    world.send(&citizen, world.suite.ledger().approve(shop, bank, 100));
    for amount in [MOST + 1, Balance::MAX] {
        world.refuses(&citizen, world.suite.ledger().approve(shop, bank, amount), TOO_LARGE);
        world.refuses(&citizen, world.suite.ledger().increase_allowance(shop, bank, amount), TOO_LARGE);
        world.refuses(&citizen, world.suite.ledger().decrease_allowance(shop, bank, amount), TOO_LARGE);
    }
    world.refuses(&citizen, world.suite.ledger().increase_allowance(shop, bank, MOST - 99), TOO_LARGE);
    for wanted in [101, MOST] {
        let error = Error::Allowance { allowed: 100, wanted };
        world.refuses(&citizen, world.suite.ledger().decrease_allowance(shop, bank, wanted), error);
    }
    let done = world.send(&citizen, world.suite.ledger().increase_allowance(shop, bank, MOST - 100));
    allows(&mut world, &done, MOST);
    world.refuses(&citizen, world.suite.ledger().increase_allowance(shop, bank, 1), TOO_LARGE);
    let done = world.send(&citizen, world.suite.ledger().decrease_allowance(shop, bank, MOST));
    allows(&mut world, &done, 0);
    let error = Error::Allowance { allowed: 0, wanted: 1 };
    world.refuses(&citizen, world.suite.ledger().decrease_allowance(shop, bank, 1), error);
}

#[test]
fn nothing_is_neither_added_nor_taken() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.actor.clone(), world.shop.id());
    for allowed in [0, 100] {
        if allowed > 0 {
            world.send(&citizen, world.suite.ledger().approve(shop, bank, allowed));
        }
        world.refuses(&citizen, world.suite.ledger().increase_allowance(shop, bank, 0), ZERO);
        world.refuses(&citizen, world.suite.ledger().decrease_allowance(shop, bank, 0), ZERO);
    }
}

#[test]
fn one_may_allow_more_than_one_has() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    assert_eq!(world.balance(&citizen), 0);
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), bank, 100));
    assert_eq!(allowance(&mut world, &citizen.actor, &shop.actor), 100);
}

#[test]
fn an_allowance_is_of_one_owner_to_one_spender_of_one_banks_money() {
    let mut world = World::new();
    let two = another_bank(&mut world);
    let (one, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), one.number, 100));
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), two.number, 7));
    let mut allowed = |owner: &Person, spender: &Person, bank: &Person| {
        world.ask(world.suite.ledger().allowance(owner.id(), spender.id(), bank.number))
    };
    assert_eq!(allowed(&citizen, &shop, &one), 100);
    assert_eq!(allowed(&citizen, &shop, &two), 7);
    assert_eq!(allowed(&shop, &citizen, &one), 0, "not the other way round");
    assert_eq!(allowed(&citizen, &one, &one), 0, "nobody else");
    assert_eq!(allowed(&citizen, &citizen, &one), 0, "not even the owner, as a spender");
}

#[test]
fn strangers_neither_allow_nor_are_allowed_anything() {
    let mut world = World::new();
    let (bank, citizen, stranger) = (world.bank.number, world.citizen.clone(), world.stranger.clone());
    let error = Error::UnknownOwner { account: stranger.id() };
    for (from, to) in [(&stranger, citizen.id()), (&citizen.actor, stranger.id())] {
        world.refuses(from, world.suite.ledger().approve(to, bank, 1), error);
        world.refuses(from, world.suite.ledger().approve(to, bank, 0), error);
        world.refuses(from, world.suite.ledger().increase_allowance(to, bank, 1), error);
        world.refuses(from, world.suite.ledger().decrease_allowance(to, bank, 1), error);
    }
}

#[test]
fn a_suspended_owner_allows_nothing_and_a_suspended_spender_may_be_allowed_something() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.suspend(&shop);
    let done = world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), bank, 9));
    allows(&mut world, &done, 9);
    let error = Error::NotInGoodStanding { participant: shop.number };
    world.refuses(&shop.actor, world.suite.ledger().approve(citizen.id(), bank, 1), error);
    world.refuses(&shop.actor, world.suite.ledger().increase_allowance(citizen.id(), bank, 1), error);
    world.refuses(&shop.actor, world.suite.ledger().decrease_allowance(citizen.id(), bank, 1), error);
}
