//! Under which ids the registry's events are found; their fields are checked where they are emitted.

use amanah_client::{chain::RawEvent, suite::SUITE_DELAY, Actor, Done};
use amanah_domain::roles::Role;
use amanah_e2e::{registration, topic, World, CARDS_END, START};
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

#[test]
fn changes_of_roles_are_found_by_role_and_those_of_standing_and_keys_by_participant() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let (number, suite, role) = (topic(&citizen.number), world.suite.clone(), Role::Custom(3));

    let defined = suite.registry().define_role(role, "desa".to_owned(), Role::Government);
    assert_eq!(ids(world.send(&government, defined)), [topic(&role)]);
    let handed = suite.registry().set_role_admin(role, Role::Bank);
    assert_eq!(ids(world.send(&government, handed)), [topic(&role), topic(&Role::Bank)]);
    assert_eq!(ids(world.send(&government, suite.registry().blacklist(citizen.number, 1))), [number]);
    assert_eq!(ids(world.send(&government, suite.registry().clear_blacklist(citizen.number))), [number]);
    assert_eq!(ids(world.send(&government, suite.registry().renew_identity(citizen.number, START))), [number]);
    assert_eq!(ids(world.send(&citizen.actor, suite.registry().rotate_key([1; 32]))), [number]);
    let renounced = world.send(&citizen.actor, suite.registry().renounce(Role::Citizen));
    assert_eq!(ids(renounced), [number, topic(&Role::Citizen)]);
}

#[test]
fn applications_are_found_by_their_number_and_their_applicant() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let (suite, role, document) = (world.suite.clone(), Role::Shop, [1; 32]);
    let number = |application: u64| topic(&application);

    let applied = world.send(&citizen.actor, suite.registry().apply(role, document));
    assert_eq!(ids(applied), [number(1), topic(&citizen.id())]);
    assert_eq!(ids(world.send(&citizen.actor, suite.registry().withdraw_application(1))), [number(1)]);
    world.send(&citizen.actor, suite.registry().apply(role, document));
    assert_eq!(ids(world.send(&government, suite.registry().deny(2, 1))), [number(2)]);
    assert_eq!(ids(world.send(&citizen.actor, suite.registry().clear_application(2))), [number(2)]);
    world.send(&citizen.actor, suite.registry().apply(role, document));
    let identity = registration("citizen", &[]).identity;
    let approved = world.send(&government, suite.registry().approve(3, identity, CARDS_END, None));
    let topics: Vec<_> = approved.events.iter().map(|event| event.topics[1..].to_vec()).collect();
    let participant = topic(&citizen.number);
    assert_eq!(topics, [vec![participant, topic(&role)], vec![number(3), participant]]);
}

#[test]
fn re_bindings_are_found_by_participant_and_new_account_and_administrators_by_account() {
    let mut world = World::new();
    let second = world.enrol("second department", &[Role::Government]).actor;
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let (administrator, phone) = (world.administrator.clone(), Actor::named("new phone"));
    let (number, suite) = (topic(&citizen.number), world.suite.clone());
    let both = [number, topic(&phone.id())];

    let propose = || suite.registry().propose_rebind(citizen.number, phone.id(), None);
    assert_eq!(ids(world.send(&government, propose())), both);
    assert_eq!(ids(world.send(&citizen.actor, suite.registry().cancel_rebind(citizen.number))), [number]);
    assert_eq!(ids(world.send(&government, suite.registry().cancel_rebind(citizen.number))), [number]);
    world.send(&government, propose());
    assert_eq!(ids(world.send(&second, suite.registry().confirm_rebind(citizen.number, phone.id(), None))), both);

    let begin = || suite.registry().begin_admin_transfer(phone.id());
    assert_eq!(ids(world.send(&administrator, begin())), [topic(&phone.id())]);
    assert_eq!(ids(world.send(&administrator, suite.registry().cancel_admin_transfer())), [topic(&phone.id())]);
    world.send(&administrator, begin());
    world.chain.advance(SUITE_DELAY);
    let accepted = world.send(&phone, suite.registry().accept_admin_transfer());
    assert_eq!(ids(accepted), [topic(&administrator.id()), topic(&phone.id())]);
}
