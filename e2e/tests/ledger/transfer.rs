//! `transfer`: an owner moves its own money.

use crate::*;
use amanah_client::Event;
use amanah_interfaces::{ledger::Transferred, registry::Registry};

#[test]
fn money_moves_from_the_caller_to_somebody_else_and_the_event_names_both() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    for (amount, left) in [(30, 70), (70, 0)] {
        let done = world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank.number, amount));
        let moved = Transferred { from: owner(&citizen), to: owner(&shop), issuer: bank.number, amount };
        assert_eq!(world.events(&done.events), [Event::Transferred(moved)]);
        assert_eq!(world.balance(&citizen), left);
        assert_eq!(world.balance(&shop), 100 - left);
    }
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 0, 0), "moving money makes none");
}

#[test]
fn no_role_is_needed_to_have_and_to_send_money() {
    let mut world = World::new();
    let (bank, shop) = (world.bank.number, world.shop.clone());
    let member = world.enrol("member", &[]);
    world.issue(&member, 5);
    world.send(&member.actor, world.suite.ledger().transfer(shop.id(), bank, 5));
    assert_eq!((world.balance(&member), world.balance(&shop)), (0, 5));
}

#[test]
fn strangers_neither_send_nor_receive() {
    let mut world = World::new();
    let (bank, citizen, stranger) = (world.bank.number, world.citizen.clone(), world.stranger.clone());
    world.issue(&citizen, 5);
    let error = Error::UnknownOwner { account: stranger.id() };
    world.refuses(&stranger, world.suite.ledger().transfer(citizen.id(), bank, 1), error);
    world.refuses(&citizen.actor, world.suite.ledger().transfer(stranger.id(), bank, 1), error);
    let administrator = world.administrator.clone();
    let error = Error::UnknownOwner { account: administrator.id() };
    world.refuses(&administrator, world.suite.ledger().transfer(citizen.id(), bank, 1), error);
}

#[test]
fn a_suspended_participant_receives_and_sends_only_when_reinstated() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 5);
    world.issue(&shop, 5);
    world.suspend(&citizen);
    let error = Error::NotInGoodStanding { participant: citizen.number };
    world.refuses(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, 1), error);
    // Not even to itself, where nothing would move.
    world.refuses(&citizen.actor, world.suite.ledger().transfer(citizen.id(), bank, 1), error);
    world.send(&shop.actor, world.suite.ledger().transfer(citizen.id(), bank, 2));
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (7, 3));
    world.send(&world.government.actor.clone(), world.suite.registry().reinstate(citizen.number));
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, 7));
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (0, 10));
}

#[test]
fn nothing_too_much_and_more_than_there_is_do_not_move() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    let refusals = [
        (0, ZERO),
        (101, insufficient(100, 101)),
        (MOST, insufficient(100, MOST)),
        (MOST + 1, TOO_LARGE),
        (Balance::MAX, TOO_LARGE),
    ];
    for (amount, error) in refusals {
        world.refuses(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, amount), error);
    }
}

#[test]
fn the_largest_amount_moves_as_a_whole() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, MOST);
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, MOST));
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (0, MOST));
}

#[test]
fn a_transfer_to_oneself_changes_nothing_and_is_no_more_than_one_has() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.number, world.citizen.clone());
    world.issue(&citizen, 100);
    for amount in [1, 100] {
        world.changes_nothing(&citizen.actor, world.suite.ledger().transfer(citizen.id(), bank, amount));
    }
    assert_eq!(world.balance(&citizen), 100);
    for (amount, error) in [(101, insufficient(100, 101)), (0, ZERO), (MOST + 1, TOO_LARGE)] {
        world.refuses(&citizen.actor, world.suite.ledger().transfer(citizen.id(), bank, amount), error);
    }
}

#[test]
fn monies_of_two_banks_do_not_mix() {
    let mut world = World::new();
    let (one, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let two = another_bank(&mut world);
    world.issue(&citizen, 100);
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 10, reference(1)));
    let more = world.suite.ledger().transfer(shop.id(), two.number, 11);
    world.refuses(&citizen.actor, more, insufficient(10, 11));
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), two.number, 4));
    assert_eq!((balance(&mut world, &citizen.actor, &one), balance(&mut world, &shop.actor, &one)), (100, 0));
    assert_eq!((balance(&mut world, &citizen.actor, &two), balance(&mut world, &shop.actor, &two)), (6, 4));
    assert_eq!(world.ask(world.suite.ledger().supply(one.number)), supply(100, 0, 0));
    assert_eq!(world.ask(world.suite.ledger().supply(two.number)), supply(10, 0, 0));
}

#[test]
fn nobody_has_money_of_somebody_who_issued_none() {
    let mut world = World::new();
    let (citizen, shop) = (world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    for issuer in [NOBODY, 0, shop.number] {
        let message = world.suite.ledger().transfer(shop.id(), issuer, 1);
        world.refuses(&citizen.actor, message, insufficient(0, 1));
    }
}

#[test]
fn money_of_a_suspended_bank_still_moves() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    world.suspend(&bank);
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank.number, 100));
    assert_eq!(world.balance(&shop), 100);
}

#[test]
fn the_sender_pays_the_deposit_of_a_first_balance_and_a_second_transfer_takes_none() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    world.chain.endow(&citizen.actor.account());
    world.chain.endow(&shop.actor.account());
    let mut deposits = Vec::new();
    for _ in 0..2 {
        let before = world.chain.free_balance(&citizen.actor.account());
        let shops = world.chain.free_balance(&shop.actor.account());
        let done = world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, 1));
        let paid = before - world.chain.free_balance(&citizen.actor.account());
        assert_eq!(i128::try_from(paid), Ok(done.cost.deposit));
        assert_eq!(world.chain.free_balance(&shop.actor.account()), shops);
        deposits.push(paid);
    }
    assert!(deposits[0] > 0 && deposits[1] == 0, "{deposits:?}");
}
