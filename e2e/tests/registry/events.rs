//! Under which ids the registry's events are found; their fields are checked where they are emitted.

use amanah_client::{chain::RawEvent, Done};
use amanah_domain::roles::Role;
use amanah_e2e::{registration, topic, World};
use amanah_interfaces::registry::Registry;

/// The ids of the only event, after the signature.
#[track_caller]
fn ids<T>(done: Done<T>) -> Vec<[u8; 32]> {
    let [RawEvent { topics, .. }] = done.events.as_slice() else { panic!("one event, not {:?}", done.events) };
    topics[1..].to_vec()
}

#[test]
fn events_are_found_by_participant_and_by_account_or_role() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    world.define(Role::Custom(3));
    let newcomer = registration("newcomer", &[Role::Citizen]);
    let (account, role) = (newcomer.account, Role::Custom(3));
    let (number, suite) = (topic(&7u64), world.suite.clone());

    let done = world.send(&government, suite.registry().register(newcomer));
    assert_eq!(ids(done), [number, topic(&account)]);
    let done = world.send(&government, suite.registry().grant(7, role));
    assert_eq!(ids(done), [number, topic(&role)]);
    let done = world.send(&government, suite.registry().revoke(7, role));
    assert_eq!(ids(done), [number, topic(&role)]);
    let done = world.send(&government, suite.registry().suspend(7, 1));
    assert_eq!(ids(done), [number]);
    let done = world.send(&government, suite.registry().reinstate(7));
    assert_eq!(ids(done), [number]);
}
