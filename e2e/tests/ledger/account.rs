//! `account`: what an owner has, by issuing bank.

use crate::*;

/// An owner's account, on one page.
fn account(world: &mut World, of: &Actor) -> Vec<(ParticipantId, Balance)> {
    world.ask(world.suite.ledger().account(of.id(), 0, 50))
}

#[test]
fn an_account_shows_each_banks_money_once_in_the_order_in_which_it_was_first_held() {
    let mut world = World::new();
    let two = another_bank(&mut world);
    let (one, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    assert_eq!(account(&mut world, &citizen.actor), []);
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 5, reference(1)));
    world.issue(&citizen, 100);
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 2, reference(2)));
    assert_eq!(account(&mut world, &citizen.actor), [(two.number, 7), (one.number, 100)]);
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), one.number, 30));
    assert_eq!(account(&mut world, &shop.actor), [(one.number, 30)]);
    assert_eq!(account(&mut world, &citizen.actor), [(two.number, 7), (one.number, 70)]);
}

#[test]
fn money_that_is_all_spent_stays_in_the_list_with_nothing_and_comes_back_in_its_place() {
    let mut world = World::new();
    let two = another_bank(&mut world);
    let (one, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 10);
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 5, reference(1)));
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), one.number, 10));
    assert_eq!(account(&mut world, &citizen.actor), [(one.number, 0), (two.number, 5)]);
    world.send(&shop.actor, world.suite.ledger().transfer(citizen.id(), one.number, 4));
    assert_eq!(account(&mut world, &citizen.actor), [(one.number, 4), (two.number, 5)]);
}

#[test]
fn each_way_of_getting_money_puts_its_bank_into_the_list() {
    let mut world = World::new();
    let vault = vault(&mut world);
    let (bank, citizen, shop, third) =
        (world.bank.clone(), world.citizen.clone(), world.shop.clone(), world.attestor.clone());
    world.issue(&citizen, 100);
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), bank.number, 60));
    let message = world.suite.ledger().transfer_from(citizen.id(), third.id(), bank.number, 20);
    world.send(&shop.actor, message);
    let message = world.suite.ledger().transfer_from(citizen.id(), vault.id(), bank.number, 10);
    world.send(&shop.actor, message);
    assert_eq!(account(&mut world, &third.actor), [(bank.number, 20)]);
    assert_eq!(account(&mut world, &vault), [(bank.number, 10)], "a contract of the suite has an account too");
    assert_eq!(account(&mut world, &shop.actor), [], "moving others' money gives none");
    let withdrawal = withdraw(&mut world, &citizen, 70);
    assert_eq!(account(&mut world, &citizen.actor), [(bank.number, 0)], "what waits is in no account");
    world.send(&bank.actor, world.suite.ledger().reject_withdrawal(withdrawal, 1));
    assert_eq!(account(&mut world, &citizen.actor), [(bank.number, 70)]);
}

#[test]
fn an_account_is_shown_page_by_page() {
    let mut world = World::new();
    let citizen = world.citizen.clone();
    let mut all = Vec::new();
    for number in 1..=51 {
        let bank = world.enrol(&format!("bank {number}"), &[Role::Bank]);
        world.send(&bank.actor, world.suite.ledger().issue(citizen.id(), number, reference(1)));
        all.push((bank.number, number));
    }
    let mut page = |start, limit| world.ask(world.suite.ledger().account(citizen.id(), start, limit));
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
fn strangers_have_no_account_and_a_suspended_owners_is_shown() {
    let mut world = World::new();
    let (bank, citizen, stranger) = (world.bank.number, world.citizen.clone(), world.stranger.clone());
    world.issue(&citizen, 5);
    world.suspend(&citizen);
    assert_eq!(account(&mut world, &citizen.actor), [(bank, 5)]);
    assert_eq!(account(&mut world, &stranger), []);
}
