//! `define_role` and `set_role_admin`: new kinds of participant without new code, and who gives and takes them.

use amanah_client::Event;
use amanah_domain::roles::Role;
use amanah_e2e::{Person, World};
use amanah_interfaces::registry::{Error, Registry, RoleAdminSet, RoleDefined, RoleDefinition};

const VILLAGE: Role = Role::Custom(3);

fn definition(world: &mut World, role: Role) -> RoleDefinition {
    world.ask(world.suite.registry().role_definition(role)).expect("the role exists")
}

fn name(text: &str) -> String {
    text.to_owned()
}

/// The officers of a world.
fn officers(world: &World) -> (Person, Person) {
    (world.government.clone(), world.regulator.clone())
}

#[test]
fn a_defined_role_has_a_name_and_is_given_by_the_holders_of_its_administering_role() {
    let mut world = World::new();
    let (government, regulator) = officers(&world);
    assert_eq!(world.ask(world.suite.registry().role_definition(VILLAGE)), None);
    let done = world
        .send(&government.actor, world.suite.registry().define_role(VILLAGE, name("Kepala desa"), Role::Regulator));
    let (role, administered_by) = (VILLAGE, Role::Regulator);
    let defined = RoleDefined { role, name: name("Kepala desa"), administered_by };
    assert_eq!(world.events(&done.events), [Event::RoleDefined(defined)]);
    let expected = RoleDefinition { name: name("Kepala desa"), administered_by, members: 0, active: 0 };
    assert_eq!(definition(&mut world, VILLAGE), expected);

    let citizen = world.citizen.clone();
    let grant = world.suite.registry().grant(citizen.number, VILLAGE);
    world.refuses(&government.actor, grant, Error::NotAllowed);
    world.send(&regulator.actor, world.suite.registry().grant(citizen.number, VILLAGE));
    assert!(world.ask(world.suite.registry().check(citizen.id(), VILLAGE)));
    assert_eq!(definition(&mut world, VILLAGE), RoleDefinition { members: 1, active: 1, ..expected });
    let last = Error::LastHolder { role: Role::Regulator };
    world.refuses(&government.actor, world.suite.registry().suspend(regulator.number, 1), last);
}

#[test]
fn a_named_role_exists_without_a_definition_and_government_administers_it() {
    let mut world = World::new();
    let expected = RoleDefinition { name: name(""), administered_by: Role::Government, members: 1, active: 1 };
    assert_eq!(definition(&mut world, Role::Bank), expected);
    assert_eq!(definition(&mut world, Role::Government), expected);
    assert_eq!(definition(&mut world, Role::Charity), RoleDefinition { members: 0, active: 0, ..expected.clone() });
    assert_eq!(world.ask(world.suite.registry().role_definition(Role::Custom(32))), None);
    let bank = world.bank.clone();
    world.suspend(&bank);
    assert_eq!(definition(&mut world, Role::Bank), RoleDefinition { active: 0, ..expected });
}

#[test]
fn a_role_is_defined_once_and_afterwards_only_renamed() {
    let mut world = World::new();
    let (government, _) = officers(&world);
    let define = |world: &World, text: &str, by: Role| world.suite.registry().define_role(VILLAGE, name(text), by);
    world.send(&government.actor, define(&world, "desa", Role::Government));
    world.changes_nothing(&government.actor, define(&world, "desa", Role::Government));
    let error = Error::AlreadyDefined { role: VILLAGE };
    world.refuses(&government.actor, define(&world, "desa", Role::Regulator), error);
    let done = world.send(&government.actor, define(&world, "village head", Role::Government));
    let defined = RoleDefined { role: VILLAGE, name: name("village head"), administered_by: Role::Government };
    assert_eq!(world.events(&done.events), [Event::RoleDefined(defined)]);
    assert_eq!(definition(&mut world, VILLAGE).name, "village head");
}

#[test]
fn only_custom_roles_from_0_to_31_are_defined_with_a_name_of_1_to_64_bytes() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let by = Role::Government;
    for role in [Role::Government, Role::Approver] {
        let message = world.suite.registry().define_role(role, name("x"), by);
        world.refuses(&government, message, Error::NotCustom { role });
    }
    for role in [Role::Custom(32), Role::Custom(u8::MAX)] {
        let message = world.suite.registry().define_role(role, name("x"), by);
        world.refuses(&government, message, Error::UnknownRole { role });
    }
    for text in [name(""), "x".repeat(65), name("two\nlines")] {
        let message = world.suite.registry().define_role(VILLAGE, text, by);
        world.refuses(&government, message, Error::BadName { most: 64 });
    }
    for (number, text) in [(0, name("x")), (31, "x".repeat(64))] {
        world.send(&government, world.suite.registry().define_role(Role::Custom(number), text, by));
    }
}

#[test]
fn only_an_active_holder_of_government_defines_roles() {
    let mut world = World::new();
    let mut outsiders = world.outsiders(&[Role::Government]);
    outsiders.push(world.administrator.clone());
    for outsider in outsiders {
        let message = world.suite.registry().define_role(VILLAGE, name("other"), Role::Government);
        world.refuses(&outsider, message, Error::NotAllowed);
    }
}

#[test]
fn a_role_that_nobody_holds_actively_administers_nothing() {
    let mut world = World::new();
    let (government, regulator) = officers(&world);
    let define = |world: &World, by: Role| world.suite.registry().define_role(VILLAGE, name("desa"), by);
    world.refuses(&government.actor, define(&world, Role::Charity), Error::NoHolder { role: Role::Charity });
    let undefined = Error::UndefinedRole { role: Role::Custom(9) };
    world.refuses(&government.actor, define(&world, Role::Custom(9)), undefined);
    let undefined = Error::UndefinedRole { role: VILLAGE };
    world.refuses(&government.actor, define(&world, VILLAGE), undefined);
    let unknown = Error::UnknownRole { role: Role::Custom(32) };
    world.refuses(&government.actor, define(&world, Role::Custom(32)), unknown);

    let set = |world: &World, by: Role| world.suite.registry().set_role_admin(Role::Shop, by);
    world.refuses(&government.actor, set(&world, Role::Charity), Error::NoHolder { role: Role::Charity });
    world.suspend(&regulator);
    world.refuses(&government.actor, set(&world, Role::Regulator), Error::NoHolder { role: Role::Regulator });
    let undefined = Error::UndefinedRole { role: Role::Custom(9) };
    world.refuses(&government.actor, set(&world, Role::Custom(9)), undefined);
    world.send(&government.actor, world.suite.registry().reinstate(regulator.number));
    world.send(&government.actor, set(&world, Role::Regulator));
}

#[test]
fn the_present_administering_role_hands_a_role_over_and_then_no_longer_gives_it() {
    let mut world = World::new();
    let (government, regulator) = officers(&world);
    let shop = world.shop.number;
    let (role, administered_by) = (Role::Shop, Role::Regulator);
    let done = world.send(&government.actor, world.suite.registry().set_role_admin(role, administered_by));
    let handed = RoleAdminSet { role, administered_by };
    assert_eq!(world.events(&done.events), [Event::RoleAdminSet(handed)]);
    assert_eq!(definition(&mut world, role).administered_by, administered_by);
    world.refuses(&government.actor, world.suite.registry().revoke(shop, role), Error::NotAllowed);
    let back = world.suite.registry().set_role_admin(role, Role::Government);
    world.refuses(&government.actor, back, Error::NotAllowed);
    world.send(&regulator.actor, world.suite.registry().revoke(shop, role));
    world.send(&regulator.actor, world.suite.registry().grant(shop, role));
    world.changes_nothing(&regulator.actor, world.suite.registry().set_role_admin(role, administered_by));
    world.send(&regulator.actor, world.suite.registry().set_role_admin(role, Role::Government));
    world.send(&government.actor, world.suite.registry().revoke(shop, role));
}

#[test]
fn only_active_holders_of_the_administering_role_hand_it_over() {
    let mut world = World::new();
    let mut outsiders = world.outsiders(&[Role::Government]);
    outsiders.push(world.administrator.clone());
    for outsider in outsiders {
        let message = world.suite.registry().set_role_admin(Role::Shop, Role::Regulator);
        world.refuses(&outsider, message, Error::NotAllowed);
        let message = world.suite.registry().set_role_admin(Role::Government, Role::Regulator);
        world.refuses(&outsider, message, Error::NotAllowed);
    }
    let government = world.government.actor.clone();
    for role in [Role::Custom(32), Role::Custom(u8::MAX)] {
        let message = world.suite.registry().set_role_admin(role, Role::Regulator);
        world.refuses(&government, message, Error::UnknownRole { role });
    }
}

#[test]
fn government_administers_itself_for_good() {
    let mut world = World::new();
    let (government, _) = officers(&world);
    let role = Role::Government;
    let message = world.suite.registry().set_role_admin(role, Role::Regulator);
    world.refuses(&government.actor, message, Error::FixedRole { role });
    world.changes_nothing(&government.actor, world.suite.registry().set_role_admin(role, role));
}

#[test]
fn the_last_active_holder_of_a_role_that_administers_another_one_cannot_go() {
    let mut world = World::new();
    let (government, regulator) = officers(&world);
    let role = Role::Regulator;
    let last = Error::LastHolder { role };
    world.send(&government.actor, world.suite.registry().set_role_admin(Role::Shop, role));
    world.refuses(&government.actor, world.suite.registry().revoke(regulator.number, role), last);
    world.refuses(&government.actor, world.suite.registry().suspend(regulator.number, 1), last);
    world.refuses(&regulator.actor, world.suite.registry().renounce(role), last);
    // A second one that is suspended does not help, an active one does.
    let second = world.enrol("second regulator", &[role]);
    world.send(&government.actor, world.suite.registry().suspend(second.number, 1));
    world.refuses(&regulator.actor, world.suite.registry().renounce(role), last);
    world.send(&government.actor, world.suite.registry().reinstate(second.number));
    world.send(&regulator.actor, world.suite.registry().renounce(role));
    world.refuses(&government.actor, world.suite.registry().suspend(second.number, 1), last);
    // Once it administers nothing, nobody is needed.
    world.send(&second.actor, world.suite.registry().set_role_admin(Role::Shop, Role::Government));
    world.send(&government.actor, world.suite.registry().suspend(second.number, 1));
    assert_eq!(definition(&mut world, role).active, 0);
}

#[test]
fn a_role_may_administer_itself_as_long_as_somebody_holds_it() {
    let mut world = World::new();
    let (government, regulator) = officers(&world);
    let role = Role::Regulator;
    world.send(&government.actor, world.suite.registry().set_role_admin(role, role));
    let last = Error::LastHolder { role };
    world.refuses(&regulator.actor, world.suite.registry().revoke(regulator.number, role), last);
    let citizen = world.citizen.clone();
    let grant = world.suite.registry().grant(citizen.number, role);
    world.refuses(&government.actor, grant, Error::NotAllowed);
    world.send(&regulator.actor, world.suite.registry().grant(citizen.number, role));
    world.send(&citizen.actor, world.suite.registry().revoke(regulator.number, role));
    world.refuses(&citizen.actor, world.suite.registry().renounce(role), last);
}
