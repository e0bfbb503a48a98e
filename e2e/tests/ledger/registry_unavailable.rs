//! A ledger whose registry does not answer says no to everything.

use crate::*;
use amanah_client::{Bundle, Chain, Suite};
use amanah_domain::ids::Account;
use scale::Encode;

/// A ledger whose registry is said to be at this account.
fn ledger_with_registry(world: &mut World, registry: Account) -> Suite {
    let bundle = Bundle::load(&Bundle::folder(), "ledger").expect("the bundle is built");
    let input = [ink::selector_bytes!("new").to_vec(), registry.encode()].concat();
    let (ledger, _) = world
        .chain
        .deploy(&world.administrator.account(), &bundle, input, b"a ledger alone".to_vec())
        .expect("a ledger does not look for its registry when it is made");
    Suite { ledger, ..world.suite.clone() }
}

/// Every message that asks the registry is refused, whoever sends it, and every query answers that there is nothing.
fn is_closed(registry: impl Fn(&World) -> Account) {
    let mut world = World::new();
    let registry = registry(&world);
    let alone = ledger_with_registry(&mut world, registry);
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let administrator = world.administrator.clone();
    let closed = Error::RegistryUnavailable;
    let issuer = bank.number;
    world.refuses(&bank.actor, alone.ledger().issue(citizen.id(), 1, reference(1)), closed);
    world.refuses(&bank.actor, alone.ledger().settle_withdrawal(1, reference(1)), closed);
    world.refuses(&citizen.actor, alone.ledger().transfer(shop.id(), issuer, 1), closed);
    world.refuses(&citizen.actor, alone.ledger().approve(shop.id(), issuer, 1), closed);
    world.refuses(&citizen.actor, alone.ledger().increase_allowance(shop.id(), issuer, 1), closed);
    world.refuses(&citizen.actor, alone.ledger().decrease_allowance(shop.id(), issuer, 1), closed);
    world.refuses(&shop.actor, alone.ledger().transfer_from(citizen.id(), shop.id(), issuer, 1), closed);
    world.refuses(&citizen.actor, alone.ledger().request_withdrawal(issuer, 1, None), closed);
    world.refuses(&bank.actor, alone.ledger().reject_withdrawal(1, 1), closed);
    world.refuses(&citizen.actor, alone.ledger().cancel_withdrawal(1), closed);
    world.refuses(&citizen.actor, alone.ledger().clear_withdrawal(1), closed);
    world.refuses(&bank.actor, alone.ledger().link_account(citizen.id(), ordinary(1)), closed);
    world.refuses(&bank.actor, alone.ledger().unlink_account(citizen.id(), ordinary(1)), closed);
    for marked in [true, false] {
        let message = alone.ledger().set_suite_contract(alone.voucher.into(), marked);
        world.refuses(&administrator, message, closed);
    }
    assert_eq!(world.ask(alone.ledger().balance_of(citizen.id(), issuer)), 0);
    assert_eq!(world.ask(alone.ledger().allowance(citizen.id(), shop.id(), issuer)), 0);
    assert_eq!(world.ask(alone.ledger().account(citizen.id(), 0, 50)), []);
    assert_eq!(world.ask(alone.ledger().links(citizen.id(), 0, 50)), []);
    assert_eq!(world.ask(alone.ledger().withdrawals_of(citizen.id(), None, 50)), []);
    assert!(!world.ask(alone.ledger().is_suite_contract(alone.voucher.into())));
    assert_eq!(world.ask(alone.ledger().supply(issuer)), supply(0, 0, 0));
}

#[test]
fn a_ledger_whose_registry_is_no_contract_refuses_everything() {
    is_closed(|world| world.stranger.account());
}

#[test]
fn a_ledger_whose_registry_is_another_contract_refuses_everything() {
    is_closed(|world| world.suite.voucher);
}

#[test]
fn two_ledgers_of_one_registry_keep_separate_books() {
    let mut world = World::new();
    let registry = world.suite.registry;
    let other = ledger_with_registry(&mut world, registry);
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    for (suite, amount) in [(world.suite.clone(), 5), (other.clone(), 7)] {
        world.send(&bank.actor, suite.ledger().issue(citizen.id(), amount, reference(1)));
    }
    assert_eq!(world.balance(&citizen), 5);
    assert_eq!(world.ask(other.ledger().balance_of(citizen.id(), bank.number)), 7);
    assert!(!world.ask(other.ledger().is_suite_contract(world.suite.voucher.into())));
}
