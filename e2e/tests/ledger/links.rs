//! `link_account` and `unlink_account`: the two-way link between a digital account and an ordinary one.

use crate::*;
use amanah_client::Event;
use amanah_interfaces::{
    ledger::{AccountLinked, AccountUnlinked},
    registry::Registry,
};

/// A bank links an ordinary account with somebody's digital one.
#[track_caller]
fn link(world: &mut World, bank: &Person, owner: &Person, number: u8) {
    world.send(&bank.actor, world.suite.ledger().link_account(owner.id(), ordinary(number)));
}

/// Somebody's linked accounts, on one page.
fn links(world: &mut World, owner: &Person) -> Vec<(ParticipantId, AccountHash)> {
    world.ask(world.suite.ledger().links(owner.id(), 0, 50))
}

/// Whose an ordinary account is.
fn whose(world: &mut World, bank: &Person, number: u8) -> Option<ParticipantId> {
    world.ask(world.suite.ledger().linked_owner(bank.number, ordinary(number)))
}

#[test]
fn a_link_is_found_from_both_sides_until_its_bank_takes_it_away() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let (account_hash, owner) = (ordinary(7), citizen.number);
    let done = world.send(&bank.actor, world.suite.ledger().link_account(citizen.id(), account_hash));
    let linked = AccountLinked { owner, bank: bank.number, account_hash };
    assert_eq!(world.events(&done.events), [Event::AccountLinked(linked)]);
    assert_eq!(links(&mut world, &citizen), [(bank.number, account_hash)]);
    assert_eq!(whose(&mut world, &bank, 7), Some(owner));

    let done = world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), account_hash));
    let unlinked = AccountUnlinked { owner, bank: bank.number, account_hash };
    assert_eq!(world.events(&done.events), [Event::AccountUnlinked(unlinked)]);
    assert_eq!(links(&mut world, &citizen), []);
    assert_eq!(whose(&mut world, &bank, 7), None);
}

#[test]
fn an_ordinary_account_belongs_to_one_owner_until_it_is_unlinked() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    link(&mut world, &bank, &citizen, 7);
    let error = Error::AlreadyLinked { owner: citizen.number };
    for owner in [&citizen, &shop] {
        world.refuses(&bank.actor, world.suite.ledger().link_account(owner.id(), ordinary(7)), error);
    }
    world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(7)));
    link(&mut world, &bank, &shop, 7);
    assert_eq!(whose(&mut world, &bank, 7), Some(shop.number));
    assert_eq!(links(&mut world, &citizen), []);
}

#[test]
fn two_banks_may_use_the_same_hash_for_different_owners_or_the_same() {
    let mut world = World::new();
    let two = another_bank(&mut world);
    let (one, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    for (bank, owner, number) in [(&one, &citizen, 1), (&two, &shop, 1), (&one, &citizen, 2), (&two, &citizen, 2)] {
        link(&mut world, bank, owner, number);
    }
    assert_eq!(whose(&mut world, &one, 1), Some(citizen.number));
    assert_eq!(whose(&mut world, &two, 1), Some(shop.number));
    let (one, two) = (one.number, two.number);
    assert_eq!(links(&mut world, &citizen), [(one, ordinary(1)), (one, ordinary(2)), (two, ordinary(2))]);
    assert_eq!(links(&mut world, &shop), [(two, ordinary(1))]);
}

#[test]
fn when_one_is_unlinked_the_last_takes_its_position_and_none_is_lost() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    for number in 1..=5 {
        link(&mut world, &bank, &citizen, number);
    }
    let mut unlink = |number, left: &[u8]| {
        world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(number)));
        let left: Vec<_> = left.iter().map(|number| (bank.number, ordinary(*number))).collect();
        assert_eq!(links(&mut world, &citizen), left);
        for number in 1..=5 {
            let linked = left.contains(&(bank.number, ordinary(number)));
            assert_eq!(whose(&mut world, &bank, number), linked.then_some(citizen.number));
        }
    };
    unlink(2, &[1, 5, 3, 4]);
    unlink(4, &[1, 5, 3]);
    unlink(5, &[1, 3]);
    unlink(1, &[3]);
    unlink(3, &[]);
    link(&mut world, &bank, &citizen, 2);
    assert_eq!(links(&mut world, &citizen), [(bank.number, ordinary(2))]);
}

#[test]
fn links_are_shown_page_by_page() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    for number in 1..=51 {
        link(&mut world, &bank, &citizen, number);
    }
    let all: Vec<_> = (1..=51).map(|number| (bank.number, ordinary(number))).collect();
    let mut page = |start, limit| world.ask(world.suite.ledger().links(citizen.id(), start, limit));
    for limit in [50, 51, u32::MAX] {
        assert_eq!(page(0, limit), all[..50]);
        assert_eq!(page(50, limit), all[50..]);
    }
    assert_eq!(page(10, 3), all[10..13]);
    for (start, limit) in [(51, 50), (52, 50), (u32::MAX, u32::MAX), (0, 0)] {
        assert_eq!(page(start, limit), []);
    }
}

#[test]
fn only_an_active_bank_links_and_only_the_bank_that_linked_unlinks() {
    let mut world = World::new();
    let (bank, citizen, vault) = (world.bank.clone(), world.citizen.clone(), vault(&mut world));
    link(&mut world, &bank, &citizen, 1);
    let two = another_bank(&mut world);
    world.refuses(&two.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(1)), Error::NotLinked);
    let mut outsiders = world.outsiders(&[Role::Bank]);
    outsiders.extend([world.administrator.clone(), vault, citizen.actor.clone()]);
    world.suspend(&bank);
    outsiders.push(bank.actor.clone());
    for outsider in outsiders {
        world.refuses(&outsider, world.suite.ledger().link_account(citizen.id(), ordinary(2)), Error::NotAllowed);
        world.refuses(&outsider, world.suite.ledger().unlink_account(citizen.id(), ordinary(1)), Error::NotAllowed);
    }
    assert_eq!(links(&mut world, &citizen), [(bank.number, ordinary(1))], "a suspended bank's links stay");
    world.send(&world.regulator.actor.clone(), world.suite.registry().reinstate(bank.number));
    world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(1)));
}

#[test]
fn only_participants_have_ordinary_accounts() {
    let mut world = World::new();
    let (bank, vault) = (world.bank.actor.clone(), vault(&mut world));
    for account in [world.stranger.id(), vault.id(), world.suite.voucher.into(), world.suite.ledger.into()] {
        let message = world.suite.ledger().link_account(account, ordinary(1));
        world.refuses(&bank, message, Error::UnknownOwner { account });
        assert_eq!(world.ask(world.suite.ledger().links(account, 0, 50)), []);
    }
    let account = world.stranger.id();
    let message = world.suite.ledger().unlink_account(account, ordinary(1));
    world.refuses(&bank, message, Error::UnknownOwner { account });
    world.refuses(&bank, world.suite.ledger().unlink_account(vault.id(), ordinary(1)), Error::NotLinked);
}

#[test]
fn what_is_not_linked_with_this_owner_is_not_unlinked() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    link(&mut world, &bank, &citizen, 1);
    for (owner, number) in [(&citizen, 2), (&shop, 1)] {
        let message = world.suite.ledger().unlink_account(owner.id(), ordinary(number));
        world.refuses(&bank.actor, message, Error::NotLinked);
    }
}

#[test]
fn a_suspended_participants_accounts_are_linked_shown_and_unlinked() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.suspend(&citizen);
    link(&mut world, &bank, &citizen, 1);
    assert_eq!(links(&mut world, &citizen), [(bank.number, ordinary(1))]);
    world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(1)));
}

#[test]
fn a_bank_pays_the_deposit_of_its_links_and_gets_it_back() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let linked = world.send(&bank.actor, world.suite.ledger().link_account(citizen.id(), ordinary(1)));
    assert!(linked.cost.deposit > 0);
    let unlinked = world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(1)));
    assert!(unlinked.cost.deposit < 0);
}
