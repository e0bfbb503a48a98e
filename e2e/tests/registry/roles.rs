//! `grant`, `revoke` and `renounce`: who gives and takes roles, and which are never without a holder.

use crate::set;
use amanah_client::Event;
use amanah_domain::{
    participant::Status,
    roles::{Role, Roles},
};
use amanah_e2e::{Person, World};
use amanah_interfaces::registry::{Error, Registry, RoleGranted, RoleRenounced, RoleRevoked};

fn roles_of(world: &mut World, person: &Person) -> Roles {
    world.ask(world.suite.registry().participant(person.number)).expect("it is registered").roles
}

#[test]
fn a_granted_role_is_held_until_it_is_revoked_and_the_events_say_so() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let shop = world.shop.clone();
    let participant = shop.number;
    for role in [Role::Investor, Role::Custom(0), Role::Custom(31)] {
        if role.is_custom() {
            world.define(role);
        }
        let done = world.send(&government, world.suite.registry().grant(participant, role));
        assert_eq!(world.events(&done.events), [Event::RoleGranted(RoleGranted { participant, role })]);
        assert_eq!(roles_of(&mut world, &shop), set(&[Role::Shop, role]));
        assert!(world.ask(world.suite.registry().check(shop.id(), role)));

        let done = world.send(&government, world.suite.registry().revoke(participant, role));
        assert_eq!(world.events(&done.events), [Event::RoleRevoked(RoleRevoked { participant, role })]);
        assert_eq!(roles_of(&mut world, &shop), set(&[Role::Shop]));
        assert!(!world.ask(world.suite.registry().check(shop.id(), role)));
    }
    assert!(world.ask(world.suite.registry().check(shop.id(), Role::Shop)), "its own role was never touched");
}

#[test]
fn every_role_that_exists_is_given_and_taken_by_government() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let everything: Vec<Role> = (0..64).filter_map(Role::from_index).collect();
    assert!(everything.contains(&Role::Approver) && everything.contains(&Role::Custom(31)));
    let member = world.enrol("member", &[]);
    for role in &everything {
        if role.is_custom() {
            let error = Error::UndefinedRole { role: *role };
            world.refuses(&government, world.suite.registry().grant(member.number, *role), error);
            world.refuses(&government, world.suite.registry().revoke(member.number, *role), error);
            world.define(*role);
        }
        world.send(&government, world.suite.registry().grant(member.number, *role));
    }
    assert_eq!(roles_of(&mut world, &member), set(&everything));
    for role in &everything {
        world.send(&government, world.suite.registry().revoke(member.number, *role));
    }
    assert_eq!(roles_of(&mut world, &member), Roles::NONE);
}

#[test]
fn only_an_active_holder_of_government_grants_and_revokes() {
    let mut world = World::new();
    let shop = world.shop.number;
    for outsider in world.outsiders(&[Role::Government]) {
        for role in [Role::Government, Role::Bank] {
            world.refuses(&outsider, world.suite.registry().grant(shop, role), Error::NotAllowed);
        }
        world.refuses(&outsider, world.suite.registry().revoke(shop, Role::Shop), Error::NotAllowed);
    }
}

#[test]
fn nobody_takes_its_own_role_or_gives_itself_another() {
    let mut world = World::new();
    let bank = world.bank.clone();
    world.refuses(&bank.actor, world.suite.registry().grant(bank.number, Role::Government), Error::NotAllowed);
    world.refuses(&bank.actor, world.suite.registry().revoke(bank.number, Role::Bank), Error::NotAllowed);
}

#[test]
fn the_administrator_gives_and_takes_government_and_no_other_role() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    let (shop, regulator) = (world.shop.clone(), world.regulator.number);
    for role in (0..64).filter_map(Role::from_index).filter(|role| *role != Role::Government) {
        if role.is_custom() {
            world.define(role);
        }
        world.refuses(&administrator, world.suite.registry().grant(shop.number, role), Error::NotAllowed);
    }
    world.refuses(&administrator, world.suite.registry().revoke(regulator, Role::Regulator), Error::NotAllowed);
    world.send(&administrator, world.suite.registry().grant(shop.number, Role::Government));
    assert!(world.ask(world.suite.registry().check(shop.id(), Role::Government)));
    world.send(&administrator, world.suite.registry().revoke(shop.number, Role::Government));
    assert!(!world.ask(world.suite.registry().check(shop.id(), Role::Government)));
}

#[test]
fn a_custom_role_over_thirty_one_is_neither_given_nor_taken() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let shop = world.shop.number;
    for number in [32, u8::MAX] {
        let role = Role::Custom(number);
        world.refuses(&government, world.suite.registry().grant(shop, role), Error::UnknownRole { role });
        world.refuses(&government, world.suite.registry().revoke(shop, role), Error::UnknownRole { role });
    }
}

#[test]
fn a_number_that_nobody_has_is_unknown() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    for participant in [0, 7, u64::MAX] {
        let error = Error::UnknownParticipant { participant };
        world.refuses(&government, world.suite.registry().grant(participant, Role::Shop), error);
        world.refuses(&government, world.suite.registry().revoke(participant, Role::Shop), error);
    }
}

#[test]
fn a_role_is_given_once_and_taken_only_from_its_holder() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let shop = world.shop.number;
    let error = Error::AlreadyHeld { role: Role::Shop };
    world.refuses(&government, world.suite.registry().grant(shop, Role::Shop), error);
    let error = Error::NotHeld { role: Role::Citizen };
    world.refuses(&government, world.suite.registry().revoke(shop, Role::Citizen), error);
}

#[test]
fn a_role_granted_while_suspended_is_used_only_after_reinstatement() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let citizen = world.citizen.clone();
    world.suspend(&citizen);
    world.send(&government, world.suite.registry().grant(citizen.number, Role::Government));
    assert!(!world.ask(world.suite.registry().check(citizen.id(), Role::Government)));
    let grant = world.suite.registry().grant(citizen.number, Role::Bank);
    world.refuses(&citizen.actor, grant, Error::NotAllowed);
    world.send(&government, world.suite.registry().reinstate(citizen.number));
    assert!(world.ask(world.suite.registry().check(citizen.id(), Role::Government)));
    world.send(&citizen.actor, world.suite.registry().grant(citizen.number, Role::Bank));
}

#[test]
fn the_last_holder_of_government_keeps_it_whoever_asks() {
    let mut world = World::new();
    let (government, administrator) = (world.government.clone(), world.administrator.clone());
    let last = Error::LastHolder { role: Role::Government };
    for who in [&government.actor, &administrator] {
        world.refuses(who, world.suite.registry().revoke(government.number, Role::Government), last);
    }
}

#[test]
fn government_changes_hands_and_then_the_new_holder_is_the_last() {
    let mut world = World::new();
    let first = world.government.clone();
    let second = world.enrol("second department", &[Role::Government]);
    let last = Error::LastHolder { role: Role::Government };
    world.send(&second.actor, world.suite.registry().revoke(first.number, Role::Government));
    world.refuses(&second.actor, world.suite.registry().revoke(second.number, Role::Government), last);
    let back = world.suite.registry().grant(first.number, Role::Government);
    world.refuses(&first.actor, back, Error::NotAllowed);
    world.send(&second.actor, world.suite.registry().grant(first.number, Role::Government));
    world.send(&second.actor, world.suite.registry().revoke(second.number, Role::Government));
    assert!(world.ask(world.suite.registry().check(first.id(), Role::Government)));
}

#[test]
fn a_suspended_holder_of_government_does_not_count_as_one() {
    let mut world = World::new();
    let first = world.government.clone();
    let second = world.enrol("second department", &[Role::Government]);
    let last = Error::LastHolder { role: Role::Government };
    world.suspend(&second);
    world.refuses(&first.actor, world.suite.registry().revoke(first.number, Role::Government), last);
    // Losing the role while suspended takes nobody away from the active holders.
    world.send(&first.actor, world.suite.registry().revoke(second.number, Role::Government));
    world.refuses(&first.actor, world.suite.registry().revoke(first.number, Role::Government), last);
    // Getting it back while suspended adds nobody; reinstatement does.
    world.send(&first.actor, world.suite.registry().grant(second.number, Role::Government));
    world.refuses(&first.actor, world.suite.registry().revoke(first.number, Role::Government), last);
    world.send(&first.actor, world.suite.registry().reinstate(second.number));
    world.send(&second.actor, world.suite.registry().revoke(first.number, Role::Government));
    world.refuses(&second.actor, world.suite.registry().revoke(second.number, Role::Government), last);
}

#[test]
fn the_last_holder_of_a_role_that_administers_nothing_may_lose_it() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let (bank, regulator) = (world.bank.number, world.regulator.number);
    world.send(&government, world.suite.registry().revoke(bank, Role::Bank));
    world.send(&government, world.suite.registry().revoke(regulator, Role::Regulator));
    assert!(!world.ask(world.suite.registry().check(world.bank.id(), Role::Bank)));
    assert!(!world.ask(world.suite.registry().check(world.regulator.id(), Role::Regulator)));
}

#[test]
fn a_holder_gives_its_role_back_and_keeps_the_others() {
    let mut world = World::new();
    let both = world.enrol("both", &[Role::Shop, Role::Citizen]);
    let (participant, role) = (both.number, Role::Shop);
    let done = world.send(&both.actor, world.suite.registry().renounce(role));
    assert_eq!(world.events(&done.events), [Event::RoleRenounced(RoleRenounced { participant, role })]);
    assert_eq!(roles_of(&mut world, &both), set(&[Role::Citizen]));
    world.refuses(&both.actor, world.suite.registry().renounce(role), Error::NotHeld { role });
    let role = Role::Custom(32);
    world.refuses(&both.actor, world.suite.registry().renounce(role), Error::UnknownRole { role });
    let role = Role::Custom(1);
    world.refuses(&both.actor, world.suite.registry().renounce(role), Error::UndefinedRole { role });
}

#[test]
fn neither_strangers_nor_suspended_holders_renounce() {
    let mut world = World::new();
    let (shop, administrator) = (world.shop.clone(), world.administrator.clone());
    for stranger in [world.stranger.clone(), administrator] {
        world.refuses(&stranger, world.suite.registry().renounce(Role::Shop), Error::NotAllowed);
    }
    world.suspend(&shop);
    let error = Error::WrongStatus { status: Status::Suspended };
    world.refuses(&shop.actor, world.suite.registry().renounce(Role::Shop), error);
}

#[test]
fn the_last_holder_of_government_cannot_renounce_it_and_the_last_but_one_can() {
    let mut world = World::new();
    let first = world.government.clone();
    let role = Role::Government;
    world.refuses(&first.actor, world.suite.registry().renounce(role), Error::LastHolder { role });
    let second = world.enrol("second department", &[role]);
    world.send(&first.actor, world.suite.registry().renounce(role));
    world.refuses(&second.actor, world.suite.registry().renounce(role), Error::LastHolder { role });
}
