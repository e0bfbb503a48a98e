//! What the ledger's storage costs, whom, and that no message becomes dearer as records gather.

use crate::*;
use amanah_client::Cost;

/// At most two per cent more gas.
#[track_caller]
fn costs_no_more(first: Cost, later: Cost) {
    assert!(later.ref_time * 50 <= first.ref_time * 51, "{first:?} has become {later:?}");
    assert!(later.deposit <= first.deposit, "{first:?} has become {later:?}");
}

#[test]
fn a_transfer_costs_the_same_however_many_banks_money_both_have() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    world.issue(&shop, 100);
    let transfer = world.suite.ledger().transfer(shop.id(), bank, 1);
    let first = world.send(&citizen.actor, transfer).cost;
    for number in 1..=30 {
        let bank = world.enrol(&format!("bank {number}"), &[Role::Bank]);
        for (owner, number) in [(&citizen, 1), (&shop, 2)] {
            world.send(&bank.actor, world.suite.ledger().issue(owner.id(), 1, reference(number)));
        }
    }
    let transfer = world.suite.ledger().transfer(shop.id(), bank, 1);
    costs_no_more(first, world.send(&citizen.actor, transfer).cost);
}

#[test]
fn a_withdrawal_is_requested_settled_and_cleared_at_the_same_cost_however_many_lie_there() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.issue(&citizen, 1_000);
    // In the middle of both lists, so that all neighbours are there.
    let costs = |world: &mut World, number: u8| {
        let mut ask = || {
            let message = world.suite.ledger().request_withdrawal(bank.number, 1, None);
            world.send(&citizen.actor, message)
        };
        let (requested, _) = (ask(), ask());
        let withdrawal = requested.value;
        let settle = world.suite.ledger().settle_withdrawal(withdrawal, reference(number));
        let settled = world.send(&bank.actor, settle);
        let cleared = world.send(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal));
        [requested.cost, settled.cost, cleared.cost]
    };
    withdraw(&mut world, &citizen, 1);
    let few = costs(&mut world, 1);
    for _ in 0..60 {
        withdraw(&mut world, &citizen, 1);
    }
    let many = costs(&mut world, 2);
    for (few, many) in few.into_iter().zip(many).take(2) {
        costs_no_more(few, many);
    }
    assert!(many[2].ref_time * 50 <= few[2].ref_time * 51);
}

#[test]
fn an_allowance_that_is_used_up_or_taken_back_leaves_nothing_to_pay_for() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    world.issue(&shop, 100);
    let approve = |world: &World, amount| world.suite.ledger().approve(shop.id(), bank, amount);
    let first = world.send(&citizen.actor, approve(&world, 9)).cost.deposit;
    assert!(first > 0, "the owner pays for the item");
    world.send(&citizen.actor, approve(&world, 0));
    assert_eq!(world.send(&citizen.actor, approve(&world, 9)).cost.deposit, first, "the item was gone");
    let message = world.suite.ledger().transfer_from(citizen.id(), shop.id(), bank, 9);
    assert!(world.send(&shop.actor, message).cost.deposit <= 0, "who uses it up frees it");
    assert_eq!(world.send(&citizen.actor, approve(&world, 9)).cost.deposit, first, "the item was gone");
    let message = world.suite.ledger().decrease_allowance(shop.id(), bank, 9);
    world.send(&citizen.actor, message);
    assert_eq!(world.send(&citizen.actor, approve(&world, 9)).cost.deposit, first, "the item was gone");
}

#[test]
fn only_the_first_money_of_a_bank_takes_a_deposit_even_if_it_was_all_spent_since() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    let mut pay = |amount| {
        let message = world.suite.ledger().transfer(shop.id(), bank, amount);
        let paid = world.send(&citizen.actor, message).cost.deposit;
        let message = world.suite.ledger().transfer(citizen.id(), bank, amount);
        (paid, world.send(&shop.actor, message).cost.deposit)
    };
    let (first, back) = pay(100);
    assert!(first > 0 && back == 0);
    for amount in [1, 100] {
        assert_eq!(pay(amount), (0, 0));
    }
}
