//! What anybody may ask the ledger, and that asking changes nothing.

use crate::*;

#[test]
fn there_is_nothing_where_nobody_is() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.issue(&citizen, 5);
    world.send(&citizen.actor, world.suite.ledger().approve(world.shop.id(), bank.number, 5));
    let (stranger, shop) = (world.stranger.clone(), world.shop.clone());
    assert_eq!(balance(&mut world, &stranger, &bank), 0);
    assert_eq!(world.ask(world.suite.ledger().balance_of(citizen.id(), NOBODY)), 0);
    assert_eq!(allowance(&mut world, &stranger, &shop.actor), 0);
    assert_eq!(allowance(&mut world, &citizen.actor, &stranger), 0);
    assert_eq!(world.ask(world.suite.ledger().allowance(citizen.id(), shop.id(), NOBODY)), 0);
    assert_eq!(world.ask(world.suite.ledger().supply(NOBODY)), supply(0, 0, 0));
    assert_eq!(world.ask(world.suite.ledger().total_supply(NOBODY)), 0);
    assert_eq!(world.ask(world.suite.ledger().withdrawal(1)), None);
    assert_eq!(world.ask(world.suite.ledger().account(stranger.id(), 0, 50)), []);
    assert_eq!(world.ask(world.suite.ledger().links(stranger.id(), 0, 50)), []);
    assert_eq!(world.ask(world.suite.ledger().linked_owner(NOBODY, ordinary(1))), None);
    assert_eq!(world.ask(world.suite.ledger().withdrawals_of(stranger.id(), None, 50)), []);
    assert_eq!(world.ask(world.suite.ledger().open_withdrawals(NOBODY, None, 50)), []);
}

#[test]
fn suspension_hides_no_money() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 5);
    world.send(&citizen.actor, world.suite.ledger().approve(shop.id(), bank.number, 3));
    for person in [&citizen, &shop, &bank] {
        world.suspend(person);
    }
    assert_eq!(world.balance(&citizen), 5);
    assert_eq!(allowance(&mut world, &citizen.actor, &shop.actor), 3);
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(5, 0, 0));
}

#[test]
fn a_new_suite_has_marked_the_voucher_contract_and_no_other() {
    let mut world = World::new();
    assert!(world.ask(world.suite.ledger().is_suite_contract(world.suite.voucher.into())));
    for account in [world.suite.registry.into(), world.suite.ledger.into(), world.administrator.id()] {
        assert!(!world.ask(world.suite.ledger().is_suite_contract(account)));
    }
    assert_eq!(world.ask(world.suite.ledger().version()), 1);
}

#[test]
fn no_query_changes_anything_even_when_it_is_sent_as_a_transaction() {
    let mut world = World::new();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let stranger = world.stranger.clone();
    world.issue(&citizen, 5);
    world.send(&bank.actor, world.suite.ledger().link_account(citizen.id(), ordinary(1)));
    world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank.number, 2, Some(ordinary(1))));
    let mut asked = Vec::new();
    macro_rules! unchanged_by {
        ($($query:ident($($argument:expr),*)),* $(,)?) => {$(
            assert!(!world.changes(&stranger, world.suite.ledger().$query($($argument),*)), stringify!($query));
            asked.push(concat!("Ledger::", stringify!($query)));
        )*};
    }
    unchanged_by!(
        balance_of(citizen.id(), bank.number),
        allowance(citizen.id(), shop.id(), bank.number),
        supply(bank.number),
        total_supply(bank.number),
        withdrawal(1),
        account(citizen.id(), 0, 50),
        links(citizen.id(), 0, 50),
        linked_owner(bank.number, ordinary(1)),
        withdrawals_of(citizen.id(), None, 50),
        open_withdrawals(bank.number, None, 50),
        is_suite_contract(world.suite.voucher.into()),
        version(),
    );
    asked.sort_unstable();
    assert_eq!(asked, World::queries("ledger"), "each query of the contract is in this test");
    // The way it is measured does see a change.
    let transfer = world.suite.ledger().transfer(shop.id(), bank.number, 1);
    assert!(world.changes(&citizen.actor, transfer));
}
