//! `issue`: a bank makes its own money.

use crate::*;
use amanah_client::Event;
use amanah_interfaces::{ledger::Issued, registry::Registry};

#[test]
fn issued_money_is_the_receivers_and_counts_in_the_banks_supply() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    for (number, amount, sum) in [(1, 700, 700), (2, 5, 705)] {
        let done = world.send(&bank.actor, world.suite.ledger().issue(citizen.id(), amount, reference(number)));
        let issued = Issued { issuer: bank.number, to: owner(&citizen), amount, reference: reference(number) };
        assert_eq!(world.events(&done.events), [Event::Issued(issued)]);
        assert_eq!(balance(&mut world, &citizen.actor, &bank), sum);
        assert_eq!(world.ask(world.suite.ledger().total_supply(bank.number)), sum);
    }
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(705, 0, 0));
    assert_eq!(balance(&mut world, &bank.actor, &bank), 0, "the bank itself got nothing");
}

#[test]
fn a_bank_may_issue_to_itself() {
    let mut world = World::new();
    let bank = world.bank.clone();
    world.issue(&bank, 40);
    assert_eq!(balance(&mut world, &bank.actor, &bank), 40);
}

#[test]
fn only_an_active_bank_issues() {
    let mut world = World::new();
    let vault = vault(&mut world);
    let mut outsiders = world.outsiders(&[Role::Bank]);
    outsiders.extend([world.administrator.clone(), vault]);
    for outsider in outsiders {
        let message = world.suite.ledger().issue(world.citizen.id(), 1, reference(1));
        world.refuses(&outsider, message, Error::NotAllowed);
    }
}

#[test]
fn a_bank_that_is_reinstated_issues_again() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.suspend(&bank);
    let message = world.suite.ledger().issue(citizen.id(), 1, reference(1));
    world.refuses(&bank.actor, message, Error::NotAllowed);
    world.send(&world.regulator.actor.clone(), world.suite.registry().reinstate(bank.number));
    world.issue(&citizen, 1);
    assert_eq!(balance(&mut world, &citizen.actor, &bank), 1);
}

#[test]
fn money_is_issued_to_registered_participants_and_marked_contracts_only() {
    let mut world = World::new();
    let bank = world.bank.actor.clone();
    let nobodies = [world.stranger.id(), world.suite.registry.into(), world.suite.ledger.into(), [0; 32].into()];
    for account in nobodies {
        let message = world.suite.ledger().issue(account, 1, reference(1));
        world.refuses(&bank, message, Error::UnknownOwner { account });
    }
}

#[test]
fn a_suspended_participant_is_still_paid() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.suspend(&citizen);
    world.issue(&citizen, 12);
    assert_eq!(balance(&mut world, &citizen.actor, &bank), 12);
}

#[test]
fn nothing_and_two_to_the_sixty_four_are_not_issued() {
    let mut world = World::new();
    let bank = world.bank.actor.clone();
    for (amount, error) in [(0, ZERO), (MOST + 1, TOO_LARGE), (Balance::MAX, TOO_LARGE)] {
        let message = world.suite.ledger().issue(world.citizen.id(), amount, reference(1));
        world.refuses(&bank, message, error);
    }
}

#[test]
fn all_that_a_bank_ever_issues_stays_below_two_to_the_sixty_four_whoever_has_it_or_had_it_paid_out() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, MOST);
    assert_eq!(balance(&mut world, &citizen.actor, &bank), MOST);
    for to in [citizen.id(), shop.id()] {
        world.refuses(&bank.actor, world.suite.ledger().issue(to, 1, reference(1)), TOO_LARGE);
    }
    let message = world.suite.ledger().request_withdrawal(bank.number, MOST, None);
    let withdrawal = world.send(&citizen.actor, message).value;
    world.send(&bank.actor, world.suite.ledger().settle_withdrawal(withdrawal, reference(2)));
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(u64::MAX, u64::MAX, 0));
    assert_eq!(world.ask(world.suite.ledger().total_supply(bank.number)), 0);
    world.refuses(&bank.actor, world.suite.ledger().issue(shop.id(), 1, reference(1)), TOO_LARGE);
}

#[test]
fn one_owner_may_have_the_largest_amount_of_each_of_two_banks() {
    let mut world = World::new();
    let (one, citizen) = (world.bank.clone(), world.citizen.clone());
    let two = another_bank(&mut world);
    world.issue(&citizen, MOST);
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), MOST, reference(1)));
    for bank in [one, two] {
        assert_eq!(balance(&mut world, &citizen.actor, &bank), MOST);
        assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(u64::MAX, 0, 0));
    }
}

#[test]
fn a_bank_uses_a_reference_once_whatever_it_was_for() {
    let mut world = World::new();
    let bank = world.bank.clone();
    world.send(&bank.actor, world.suite.ledger().issue(world.citizen.id(), 10, reference(1)));
    for (to, amount) in [(world.citizen.id(), 10), (world.shop.id(), 3)] {
        let again = world.suite.ledger().issue(to, amount, reference(1));
        world.refuses(&bank.actor, again, Error::ReferenceUsed);
    }
}

#[test]
fn two_banks_may_use_the_same_reference() {
    let mut world = World::new();
    let (one, citizen) = (world.bank.clone(), world.citizen.clone());
    let two = another_bank(&mut world);
    for bank in [&one, &two] {
        world.send(&bank.actor, world.suite.ledger().issue(citizen.id(), 10, reference(1)));
    }
    for bank in [&one, &two] {
        let again = world.suite.ledger().issue(citizen.id(), 10, reference(1));
        world.refuses(&bank.actor, again, Error::ReferenceUsed);
        assert_eq!(balance(&mut world, &citizen.actor, bank), 10);
    }
}

#[test]
fn a_refused_issue_does_not_use_its_reference_up() {
    let mut world = World::new();
    let bank = world.bank.clone();
    let (citizen, account) = (world.citizen.id(), world.stranger.id());
    world.refuses(&bank.actor, world.suite.ledger().issue(citizen, 0, reference(1)), ZERO);
    let message = world.suite.ledger().issue(account, 1, reference(1));
    world.refuses(&bank.actor, message, Error::UnknownOwner { account });
    world.send(&bank.actor, world.suite.ledger().issue(citizen, 1, reference(1)));
}

#[test]
fn the_bank_pays_the_storage_deposit_of_what_it_issues() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.chain.endow(&bank.actor.account());
    world.chain.endow(&citizen.actor.account());
    let free = |world: &mut World| {
        (world.chain.free_balance(&bank.actor.account()), world.chain.free_balance(&citizen.actor.account()))
    };
    let before = free(&mut world);
    let done = world.send(&bank.actor, world.suite.ledger().issue(citizen.id(), 1, reference(1)));
    let deposit = u128::try_from(done.cost.deposit).expect("new storage takes a deposit");
    assert!(deposit > 0);
    assert_eq!(free(&mut world), (before.0 - deposit, before.1));
}
