//! Under which ids the ledger's events are found; their fields are checked where they are emitted.

use crate::*;
use amanah_client::{chain::RawEvent, Done};
use amanah_e2e::topic;
use amanah_interfaces::ledger::WITHDRAWAL_PATIENCE;

/// The ids of the only event, after the signature.
#[track_caller]
fn ids<T>(done: Done<T>) -> Vec<[u8; 32]> {
    let [RawEvent { topics, .. }] = done.events.as_slice() else { panic!("one event, not {:?}", done.events) };
    topics[1..].to_vec()
}

#[test]
fn events_are_found_by_the_owners_they_are_about_or_by_withdrawal_and_bank_or_by_owner_and_bank() {
    let mut world = World::new();
    let (suite, vault) = (world.suite.clone(), vault(&mut world));
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let (issuer, contract) = (bank.number, topic(&Owner::Contract(vault.account())));

    let done = world.send(&bank.actor, suite.ledger().issue(citizen.id(), 100, reference(1)));
    assert_eq!(ids(done), [topic(&issuer), topic(&owner(&citizen))]);
    let done = world.send(&citizen.actor, suite.ledger().transfer(vault.id(), issuer, 10));
    assert_eq!(ids(done), [topic(&owner(&citizen)), contract]);
    let done = world.send(&vault, suite.ledger().approve(shop.id(), issuer, 10));
    assert_eq!(ids(done), [contract, topic(&owner(&shop))]);
    let done = world.send(&citizen.actor, suite.ledger().request_withdrawal(issuer, 10, None));
    assert_eq!(ids(done), [topic(&1u64), topic(&issuer)]);
    let done = world.send(&bank.actor, suite.ledger().settle_withdrawal(1, reference(2)));
    assert_eq!(ids(done), [topic(&1u64), topic(&issuer)]);
    let done = world.send(&citizen.actor, suite.ledger().clear_withdrawal(1));
    assert_eq!(ids(done), [topic(&1u64)]);
    let [second, third] = [10, 10].map(|amount| withdraw(&mut world, &citizen, amount));
    let done = world.send(&bank.actor, suite.ledger().reject_withdrawal(second, 1));
    assert_eq!(ids(done), [topic(&second), topic(&issuer)]);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    let done = world.send(&citizen.actor, suite.ledger().cancel_withdrawal(third));
    assert_eq!(ids(done), [topic(&third), topic(&issuer)]);
    let done = world.send(&bank.actor, suite.ledger().link_account(citizen.id(), ordinary(1)));
    assert_eq!(ids(done), [topic(&citizen.number), topic(&issuer)]);
    let done = world.send(&bank.actor, suite.ledger().unlink_account(citizen.id(), ordinary(1)));
    assert_eq!(ids(done), [topic(&citizen.number), topic(&issuer)]);
    let administrator = world.administrator.clone();
    let done = world.send(&administrator, suite.ledger().set_suite_contract(vault.id(), false));
    assert_eq!(ids(done), [topic(&vault.account())]);
}
