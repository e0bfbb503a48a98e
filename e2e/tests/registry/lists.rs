//! The lists: participants, holders of a role, applications.

use amanah_client::Actor;
use amanah_domain::{ids::ParticipantId, roles::Role};
use amanah_e2e::{registration, World};
use amanah_interfaces::registry::Registry;
use std::collections::BTreeSet;

/// The numbers of a page of participants.
fn numbers(world: &mut World, start: u64, limit: u32) -> Vec<ParticipantId> {
    let page = world.ask(world.suite.registry().participants(start, limit));
    page.into_iter().map(|(number, _)| number).collect()
}

fn members(world: &mut World, role: Role, start: u32, limit: u32) -> Vec<ParticipantId> {
    world.ask(world.suite.registry().role_members(role, start, limit))
}

#[test]
fn participants_are_listed_by_number_a_page_at_a_time() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let rows = (0..60).map(|at| registration(&format!("resident {at}"), &[Role::Citizen])).collect();
    world.send(&government, world.suite.registry().register_many(rows));
    assert_eq!(numbers(&mut world, 1, 3), [1, 2, 3]);
    assert_eq!(numbers(&mut world, 0, 2), [1, 2], "there is no number 0");
    assert_eq!(numbers(&mut world, 2, 1000), (2..52).collect::<Vec<_>>(), "a page has fifty at most");
    assert_eq!(numbers(&mut world, 65, 50), [65, 66]);
    assert_eq!(numbers(&mut world, 67, 50), [0u64; 0]);
    assert_eq!(numbers(&mut world, u64::MAX, 50), [0u64; 0]);
    assert_eq!(numbers(&mut world, 1, 0), [0u64; 0]);
    let [(_, first)] = world.ask(world.suite.registry().participants(5, 1)).try_into().expect("one");
    assert_eq!(Some(first), world.ask(world.suite.registry().participant(5)));
}

#[test]
fn a_roles_holders_are_listed_suspended_ones_too() {
    let mut world = World::new();
    let citizens: Vec<_> =
        (0..3).map(|at| world.enrol(&format!("resident {at}"), &[Role::Citizen, Role::Investor])).collect();
    let first = world.citizen.number;
    assert_eq!(members(&mut world, Role::Citizen, 0, 50), [first, 7, 8, 9]);
    assert_eq!(members(&mut world, Role::Investor, 0, 50), [7, 8, 9]);
    assert_eq!(members(&mut world, Role::Citizen, 1, 2), [7, 8]);
    assert_eq!(members(&mut world, Role::Citizen, 4, 50), [0u64; 0]);
    assert_eq!(members(&mut world, Role::Citizen, u32::MAX, 50), [0u64; 0]);
    assert_eq!(members(&mut world, Role::Custom(32), 0, 50), [0u64; 0]);
    world.suspend(&citizens[0]);
    assert_eq!(members(&mut world, Role::Citizen, 0, 50), [first, 7, 8, 9]);
}

#[test]
fn whoever_loses_a_role_leaves_its_place_to_the_last_one() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let first = world.citizen.number;
    for at in 0..3 {
        world.enrol(&format!("resident {at}"), &[Role::Citizen]);
    }
    let revoke = |world: &mut World, number, expected: &[ParticipantId]| {
        world.send(&government, world.suite.registry().revoke(number, Role::Citizen));
        assert_eq!(members(world, Role::Citizen, 0, 50), expected);
    };
    revoke(&mut world, 7, &[first, 9, 8]);
    revoke(&mut world, 9, &[first, 8]);
    revoke(&mut world, first, &[8]);
    revoke(&mut world, 8, &[]);
    world.send(&government, world.suite.registry().grant(7, Role::Citizen));
    assert_eq!(members(&mut world, Role::Citizen, 0, 50), [7]);
}

#[test]
fn a_list_of_more_than_a_page_is_walked_to_its_end() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let rows = (0..99).map(|at| registration(&format!("resident {at}"), &[Role::Citizen])).collect();
    world.send(&government, world.suite.registry().register_many(rows));
    let mut seen = BTreeSet::new();
    for (start, many) in [(0, 50), (50, 50), (100, 0)] {
        let page = members(&mut world, Role::Citizen, start, u32::MAX);
        assert_eq!(page.len(), many);
        seen.extend(page);
    }
    assert_eq!(seen, [world.citizen.number].into_iter().chain(7..106).collect());
}

#[test]
fn applications_are_listed_by_number_and_those_that_are_gone_are_left_out() {
    let mut world = World::new();
    let applicants: Vec<_> = (0..60).map(|at| Actor::named(&format!("applicant {at}"))).collect();
    for applicant in &applicants {
        world.send(applicant, world.suite.registry().apply(Role::Citizen, [1; 32]));
    }
    world.send(&applicants[1], world.suite.registry().withdraw_application(2));
    let numbers = |world: &mut World, start, limit| -> Vec<u64> {
        let page = world.ask(world.suite.registry().applications(start, limit));
        page.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(numbers(&mut world, 1, 3), [1, 3], "as many numbers are read as were asked for");
    assert_eq!(numbers(&mut world, 2, 1), [0u64; 0]);
    assert_eq!(numbers(&mut world, 0, 1000), (1..51).filter(|number| *number != 2).collect::<Vec<_>>());
    assert_eq!(numbers(&mut world, 51, 50), (51..61).collect::<Vec<_>>());
    assert_eq!(numbers(&mut world, 61, 50), [0u64; 0]);
    assert_eq!(world.ask(world.suite.registry().application_count()), 60);
    let [(_, third)] = world.ask(world.suite.registry().applications(3, 1)).try_into().expect("one");
    assert_eq!(third.applicant, applicants[2].account());
}
