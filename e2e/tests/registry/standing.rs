//! `suspend` and `reinstate`: who disciplines whom, and who always remains.

use amanah_client::Event;
use amanah_domain::{participant::Status, roles::Role};
use amanah_e2e::{Person, World};
use amanah_interfaces::registry::{Error, Participant, Registry, Reinstated, Suspended};

fn record(world: &mut World, person: &Person) -> Participant {
    world.ask(world.suite.registry().participant(person.number)).expect("it is registered")
}

#[test]
fn government_and_regulator_suspend_with_a_reason_and_either_reinstates() {
    let mut world = World::new();
    let (government, regulator) = (world.government.actor.clone(), world.regulator.actor.clone());
    let citizen = world.citizen.clone();
    let participant = citizen.number;
    let before = record(&mut world, &citizen);
    for (suspends, reinstates, reason) in [(&government, &regulator, 1), (&regulator, &government, u16::MAX)] {
        let done = world.send(suspends, world.suite.registry().suspend(participant, reason));
        assert_eq!(world.events(&done.events), [Event::Suspended(Suspended { participant, reason })]);
        let suspended = Participant { status: Status::Suspended, reason, ..before.clone() };
        assert_eq!(record(&mut world, &citizen), suspended, "nothing but status and reason changes");
        let known = world.ask(world.suite.registry().credentials(citizen.id())).expect("it stays registered");
        assert_eq!((known.status, known.roles), (Status::Suspended, before.roles));
        assert!(!world.ask(world.suite.registry().check(citizen.id(), Role::Citizen)));

        let done = world.send(reinstates, world.suite.registry().reinstate(participant));
        assert_eq!(world.events(&done.events), [Event::Reinstated(Reinstated { participant })]);
        assert_eq!(record(&mut world, &citizen), before, "reinstatement leaves no trace, the reason included");
        assert!(world.ask(world.suite.registry().check(citizen.id(), Role::Citizen)));
    }
}

#[test]
fn only_active_holders_of_government_and_regulator_suspend_and_reinstate() {
    let mut world = World::new();
    let (shop, citizen) = (world.shop.number, world.citizen.clone());
    world.suspend(&citizen);
    let mut outsiders = world.outsiders(&[Role::Government, Role::Regulator]);
    outsiders.push(world.administrator.clone());
    outsiders.push(citizen.actor);
    for outsider in outsiders {
        world.refuses(&outsider, world.suite.registry().suspend(shop, 1), Error::NotAllowed);
        world.refuses(&outsider, world.suite.registry().reinstate(citizen.number), Error::NotAllowed);
    }
}

#[test]
fn a_number_that_nobody_has_is_neither_suspended_nor_reinstated() {
    let mut world = World::new();
    let regulator = world.regulator.actor.clone();
    for participant in [0, 7, u64::MAX] {
        let error = Error::UnknownParticipant { participant };
        world.refuses(&regulator, world.suite.registry().suspend(participant, 1), error);
        world.refuses(&regulator, world.suite.registry().reinstate(participant), error);
    }
}

#[test]
fn only_an_active_participant_is_suspended_and_only_a_suspended_one_reinstated() {
    let mut world = World::new();
    let regulator = world.regulator.actor.clone();
    let citizen = world.citizen.clone();
    let error = Error::WrongStatus { status: Status::Active };
    world.refuses(&regulator, world.suite.registry().reinstate(citizen.number), error);
    world.suspend(&citizen);
    let error = Error::WrongStatus { status: Status::Suspended };
    world.refuses(&regulator, world.suite.registry().suspend(citizen.number, 2), error);
}

#[test]
fn a_suspended_regulator_cannot_reinstate_itself() {
    let mut world = World::new();
    let regulator = world.regulator.clone();
    world.send(&regulator.actor, world.suite.registry().suspend(regulator.number, 1));
    world.refuses(&regulator.actor, world.suite.registry().reinstate(regulator.number), Error::NotAllowed);
}

#[test]
fn the_last_active_holder_of_government_is_not_suspended_not_even_by_itself() {
    let mut world = World::new();
    let (first, regulator) = (world.government.clone(), world.regulator.actor.clone());
    let last = Error::LastHolder { role: Role::Government };
    for who in [&regulator, &first.actor] {
        world.refuses(who, world.suite.registry().suspend(first.number, 1), last);
    }
    let second = world.enrol("second department", &[Role::Government, Role::Bank]);
    world.send(&regulator, world.suite.registry().suspend(first.number, 1));
    world.refuses(&regulator, world.suite.registry().suspend(second.number, 1), last);
    world.send(&second.actor, world.suite.registry().reinstate(first.number));
    world.send(&regulator, world.suite.registry().suspend(second.number, 1));
    world.refuses(&regulator, world.suite.registry().suspend(first.number, 1), last);
}

#[test]
fn a_named_second_holder_of_government_may_replace_a_suspended_first_one() {
    let mut world = World::new();
    let (first, administrator) = (world.government.clone(), world.administrator.clone());
    let second = world.citizen.clone();
    world.send(&administrator, world.suite.registry().grant(second.number, Role::Government));
    world.suspend(&first);
    let last = Error::LastHolder { role: Role::Government };
    world.refuses(&administrator, world.suite.registry().revoke(second.number, Role::Government), last);
    world.send(&administrator, world.suite.registry().revoke(first.number, Role::Government));
    world.refuses(&administrator, world.suite.registry().revoke(second.number, Role::Government), last);
    assert!(!record(&mut world, &first).roles.has(Role::Government));
}

#[test]
fn the_last_holder_of_any_other_role_may_be_suspended() {
    let mut world = World::new();
    for person in [world.bank.clone(), world.regulator.clone(), world.attestor.clone()] {
        let government = world.government.actor.clone();
        world.send(&government, world.suite.registry().suspend(person.number, 3));
        assert_eq!(record(&mut world, &person).status, Status::Suspended);
    }
}
