//! `withdrawals_of` and `open_withdrawals`: an owner's withdrawals and a bank's desk, page by page, whoever is cleared or
//! ends in between.

use crate::*;
use amanah_interfaces::ledger::{Place, WITHDRAWAL_PATIENCE};

/// The numbers on a page of an owner's withdrawals, newest first.
fn of(world: &mut World, owner: &Person, start: Option<WithdrawalId>, limit: u32) -> Vec<WithdrawalId> {
    let page = world.ask(world.suite.ledger().withdrawals_of(owner.id(), start, limit));
    for (number, on_page) in &page {
        assert_eq!(on_page, &record(world, *number), "a page shows the record itself");
        assert_eq!(on_page.owner, owner.number);
    }
    page.into_iter().map(|(number, _)| number).collect()
}

/// The numbers on a page of a bank's desk, oldest first.
fn desk(world: &mut World, bank: &Person, start: Option<WithdrawalId>, limit: u32) -> Vec<WithdrawalId> {
    let page = world.ask(world.suite.ledger().open_withdrawals(bank.number, start, limit));
    for (number, on_page) in &page {
        assert_eq!(on_page, &record(world, *number), "a page shows the record itself");
        assert_eq!((on_page.issuer, on_page.status), (bank.number, WithdrawalStatus::Open));
    }
    page.into_iter().map(|(number, _)| number).collect()
}

/// A world in which the citizen (odd numbers) and the shop (even ones) have asked the bank, in turn, this often each.
fn asked(each: u64) -> World {
    let mut world = World::new();
    let people = [world.citizen.clone(), world.shop.clone()];
    people.each_ref().map(|person| world.issue(person, 1_000));
    for _ in 0..each {
        people.each_ref().map(|person| withdraw(&mut world, person, 1));
    }
    world
}

#[test]
fn an_owner_sees_its_own_withdrawals_from_the_newest_to_the_oldest_page_by_page() {
    let mut world = asked(7);
    let (citizen, shop) = (world.citizen.clone(), world.shop.clone());
    assert_eq!(of(&mut world, &citizen, None, 3), [13, 11, 9]);
    assert_eq!(of(&mut world, &shop, None, 3), [14, 12, 10]);
    let (mut all, mut next) = (Vec::new(), None);
    while next != Some(0) {
        all.extend(of(&mut world, &citizen, next, 3));
        next = Some(record(&mut world, *all.last().expect("it is not empty before the end")).of_owner.older);
    }
    assert_eq!(all, [13, 11, 9, 7, 5, 3, 1]);
}

#[test]
fn a_bank_sees_what_waits_for_it_from_the_oldest_to_the_newest_page_by_page() {
    let mut world = asked(4);
    let (bank, two, citizen) = (world.bank.clone(), another_bank(&mut world), world.citizen.clone());
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 1, reference(1)));
    let other = world.send(&citizen.actor, world.suite.ledger().request_withdrawal(two.number, 1, None)).value;
    assert_eq!(desk(&mut world, &two, None, 50), [other]);
    let (mut all, mut next) = (Vec::new(), None);
    while next != Some(0) {
        all.extend(desk(&mut world, &bank, next, 3));
        next = Some(record(&mut world, *all.last().expect("it is not empty before the end")).on_desk.newer);
    }
    assert_eq!(all, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(of(&mut world, &citizen, None, 50), [other, 7, 5, 3, 1], "an owner's list goes over all banks");
}

#[test]
fn whatever_ends_leaves_the_desk_and_stays_in_its_owners_list() {
    let mut world = asked(3);
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    // From the middle, from the end, from the beginning, and the rest.
    settle(&mut world, 3);
    assert_eq!(desk(&mut world, &bank, None, 50), [1, 2, 4, 5, 6]);
    world.send(&bank.actor, world.suite.ledger().reject_withdrawal(6, 1));
    assert_eq!(desk(&mut world, &bank, None, 50), [1, 2, 4, 5]);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    world.send(&citizen.actor, world.suite.ledger().cancel_withdrawal(1));
    assert_eq!(desk(&mut world, &bank, None, 50), [2, 4, 5]);
    assert_eq!(withdraw(&mut world, &citizen, 1), 7);
    assert_eq!(desk(&mut world, &bank, None, 50), [2, 4, 5, 7]);
    for (withdrawal, left) in [(4, vec![2, 5, 7]), (7, vec![2, 5]), (2, vec![5]), (5, vec![])] {
        settle(&mut world, withdrawal);
        assert_eq!(desk(&mut world, &bank, None, 50), left);
        assert_eq!(record(&mut world, withdrawal).on_desk, Place::default());
    }
    assert_eq!(of(&mut world, &citizen, None, 50), [7, 5, 3, 1]);
    assert_eq!(of(&mut world, &shop, None, 50), [6, 4, 2]);
    assert_eq!(withdraw(&mut world, &shop, 1), 8);
    assert_eq!(desk(&mut world, &bank, None, 50), [8], "a desk that was empty fills again");
}

#[test]
fn an_owners_list_stays_whole_whichever_records_are_cleared() {
    let mut world = asked(5);
    let (citizen, shop) = (world.citizen.clone(), world.shop.clone());
    for withdrawal in 1..=10 {
        settle(&mut world, withdrawal);
    }
    let mut clear = |withdrawal, left: &[WithdrawalId]| {
        world.send(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal));
        assert_eq!(of(&mut world, &citizen, None, 50), left);
        assert_eq!(of(&mut world, &shop, None, 50), [10, 8, 6, 4, 2], "others' lists stay");
    };
    clear(5, &[9, 7, 3, 1]);
    clear(9, &[7, 3, 1]);
    clear(1, &[7, 3]);
    assert_eq!(withdraw(&mut world, &citizen, 1), 11);
    assert_eq!(of(&mut world, &citizen, None, 50), [11, 7, 3]);
    assert_eq!(of(&mut world, &citizen, Some(7), 50), [7, 3]);
    assert!(of(&mut world, &citizen, Some(5), 50).is_empty(), "it is cleared");
    settle(&mut world, 11);
    for withdrawal in [7, 3, 11] {
        world.send(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal));
    }
    assert!(of(&mut world, &citizen, None, 50).is_empty());
    assert_eq!(withdraw(&mut world, &citizen, 1), 12);
    assert_eq!(of(&mut world, &citizen, None, 50), [12], "a list that was empty fills again");
}

#[test]
fn a_page_holds_fifty_at_most_and_may_hold_none() {
    let mut world = asked(51);
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let (newest, oldest) = ((1..=101).rev().step_by(2).collect::<Vec<_>>(), (1..=102).collect::<Vec<_>>());
    for limit in [50, 51, u32::MAX] {
        assert_eq!(of(&mut world, &citizen, None, limit), newest[..50]);
        assert_eq!(desk(&mut world, &bank, None, limit), oldest[..50]);
    }
    assert_eq!(of(&mut world, &citizen, Some(1), 50), [1]);
    assert_eq!(desk(&mut world, &bank, Some(102), 50), [102]);
    assert!(of(&mut world, &citizen, None, 0).is_empty());
    assert!(desk(&mut world, &bank, None, 0).is_empty());
}

#[test]
fn a_start_that_does_not_belong_there_gives_nothing() {
    let mut world = asked(2);
    let (bank, two, citizen) = (world.bank.clone(), another_bank(&mut world), world.citizen.clone());
    assert_eq!(of(&mut world, &citizen, Some(3), 50), [3, 1], "the control: one of its own");
    for start in [0, 2, 4, 5, u64::MAX] {
        assert!(of(&mut world, &citizen, Some(start), 50).is_empty());
    }
    assert_eq!(desk(&mut world, &bank, Some(3), 50), [3, 4], "the control: one that waits");
    settle(&mut world, 3);
    for start in [0, 3, 5, u64::MAX] {
        assert!(desk(&mut world, &bank, Some(start), 50).is_empty());
    }
    assert!(desk(&mut world, &two, Some(1), 50).is_empty());
    assert!(desk(&mut world, &two, None, 50).is_empty());
    let (stranger, vault) = (world.stranger.clone(), vault(&mut world));
    for account in [stranger.id(), vault.id(), bank.id()] {
        assert_eq!(world.ask(world.suite.ledger().withdrawals_of(account, None, 50)), []);
    }
}
