//! `register`: one person or organisation.

use crate::set;
use amanah_client::Event;
use amanah_domain::{
    participant::{Credentials, Status},
    roles::Role,
    time::{DAY, EARLIEST, LATEST},
};
use amanah_e2e::{registration, World, CARDS_END, START};
use amanah_interfaces::registry::{Error, Participant, Registered, Registration, Registry};

#[test]
fn a_registered_participant_is_found_by_number_account_and_identity_and_the_event_tells_all_of_it() {
    let mut world = World::new();
    world.chain.advance(DAY);
    world.define(Role::Custom(31));
    let key = Some([7; 32]);
    let wanted = Registration { key, ..registration("kiosk", &[Role::Shop, Role::Custom(31), Role::Citizen]) };
    let (account, identity) = (wanted.account, wanted.identity);
    let roles = set(&[Role::Shop, Role::Citizen, Role::Custom(31)]);

    let done = world.send(&world.government.actor.clone(), world.suite.registry().register(wanted));

    assert_eq!(done.value, 7, "numbers go on from the six of a new world");
    let registered =
        Registered { participant: 7, account, identity, roles, key: [7; 32], identity_valid_until: CARDS_END };
    assert_eq!(world.events(&done.events), [Event::Registered(registered)]);
    let record = Participant {
        account,
        identity,
        roles,
        status: Status::Active,
        reason: 0,
        key: [7; 32],
        epoch: 0,
        blacklisted: None,
        identity_valid_until: CARDS_END,
        registered_at: START + DAY,
    };
    assert_eq!(world.ask(world.suite.registry().participant(7)), Some(record));
    let credentials = Credentials {
        number: 7,
        account: *account.as_ref(),
        roles,
        status: Status::Active,
        key: [7; 32],
        epoch: 0,
        blacklisted: false,
        identity_valid_until: CARDS_END,
    };
    assert_eq!(world.ask(world.suite.registry().credentials(account)), Some(credentials));
    assert_eq!(world.ask(world.suite.registry().find(identity)), Some(7));
    assert_eq!(world.ask(world.suite.registry().participant_count()), 7);
    assert!(world.ask(world.suite.registry().check(account, Role::Custom(31))));
    assert!(!world.ask(world.suite.registry().check(account, Role::Bank)));
}

#[test]
fn without_a_key_the_accounts_own_bytes_are_the_key() {
    let mut world = World::new();
    let known = world.ask(world.suite.registry().credentials(world.citizen.id())).expect("the citizen is registered");
    assert_eq!(known.key, world.citizen.actor.account());
}

#[test]
fn a_participant_may_have_no_role_at_all() {
    let mut world = World::new();
    let member = world.enrol("member", &[]);
    let known = world.ask(world.suite.registry().credentials(member.id())).expect("the member is registered");
    assert_eq!((known.roles, known.status), (set(&[]), Status::Active));
}

#[test]
fn only_an_active_holder_of_government_registers_one_or_many() {
    let mut world = World::new();
    for outsider in world.outsiders(&[Role::Government]) {
        let wanted = registration("newcomer", &[Role::Citizen]);
        world.refuses(&outsider, world.suite.registry().register(wanted.clone()), Error::NotAllowed);
        world.refuses(&outsider, world.suite.registry().register_many(vec![wanted]), Error::NotAllowed);
    }
}

#[test]
fn the_administrator_registers_government_and_nobody_else_and_not_many_at_once() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    let others: [&[Role]; 4] =
        [&[], &[Role::Citizen], &[Role::Government, Role::Bank], &[Role::Regulator, Role::Custom(0)]];
    for roles in others {
        let wanted = registration("newcomer", roles);
        world.refuses(&administrator, world.suite.registry().register(wanted), Error::NotAllowed);
    }
    let department = registration("department", &[Role::Government]);
    let many = world.suite.registry().register_many(vec![department.clone()]);
    world.refuses(&administrator, many, Error::NotAllowed);
    let account = department.account;
    let number = world.send(&administrator, world.suite.registry().register(department)).value;
    assert_eq!(number, 7);
    assert!(world.ask(world.suite.registry().check(account, Role::Government)));
}

#[test]
fn an_account_belongs_to_one_participant() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let taken = Registration { account: world.citizen.id(), ..registration("newcomer", &[Role::Shop]) };
    let error = Error::AccountTaken { participant: world.citizen.number };
    world.refuses(&government, world.suite.registry().register(taken), error);
}

#[test]
fn an_identity_is_registered_once_even_if_its_participant_is_suspended() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let citizen = world.citizen.clone();
    let identity = registration("citizen", &[]).identity;
    let second = Registration { identity, ..registration("second wallet", &[Role::Citizen]) };
    let error = Error::IdentityTaken { participant: citizen.number };
    world.refuses(&government, world.suite.registry().register(second.clone()), error);
    world.suspend(&citizen);
    world.refuses(&government, world.suite.registry().register(second), error);
}

#[test]
fn when_account_and_identity_are_both_taken_the_accounts_owner_is_named() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let mixed = Registration { account: world.shop.id(), ..registration("citizen", &[Role::Citizen]) };
    let error = Error::AccountTaken { participant: world.shop.number };
    world.refuses(&government, world.suite.registry().register(mixed), error);
}

#[test]
fn a_custom_role_over_thirty_one_does_not_exist() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    for number in [32, u8::MAX] {
        let role = Role::Custom(number);
        let wanted = registration("newcomer", &[Role::Citizen, role]);
        world.refuses(&government, world.suite.registry().register(wanted), Error::UnknownRole { role });
    }
}

#[test]
fn a_custom_role_that_nobody_has_defined_is_not_given() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let role = Role::Custom(5);
    let wanted = registration("newcomer", &[Role::Citizen, role]);
    world.refuses(&government, world.suite.registry().register(wanted.clone()), Error::UndefinedRole { role });
    world.define(role);
    world.send(&government, world.suite.registry().register(wanted));
}

#[test]
fn government_registers_nobody_with_a_role_that_another_role_administers() {
    let mut world = World::new();
    let (government, regulator) = (world.government.actor.clone(), world.regulator.actor.clone());
    world.send(&government, world.suite.registry().set_role_admin(Role::Auditor, Role::Regulator));
    let auditor = registration("auditor", &[Role::Citizen, Role::Auditor]);
    world.refuses(&government, world.suite.registry().register(auditor.clone()), Error::NotAllowed);
    world.refuses(&regulator, world.suite.registry().register(auditor), Error::NotAllowed);
    let citizen = world.enrol("auditor", &[Role::Citizen]);
    world.send(&regulator, world.suite.registry().grant(citizen.number, Role::Auditor));
}

#[test]
fn the_end_of_an_identity_card_is_a_time_between_2020_and_2200_in_milliseconds() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let seconds = CARDS_END / 1_000;
    for at in [0, seconds, EARLIEST - 1, LATEST, u64::MAX] {
        let wanted = Registration { identity_valid_until: at, ..registration("newcomer", &[Role::Citizen]) };
        world.refuses(&government, world.suite.registry().register(wanted), Error::ImplausibleTime { at });
    }
    // A card that has ended is registered too: its holder may hold money, and gets no benefit.
    for (name, at) in [("first", EARLIEST), ("last", LATEST - 1)] {
        let wanted = Registration { identity_valid_until: at, ..registration(name, &[Role::Citizen]) };
        let account = wanted.account;
        world.send(&government, world.suite.registry().register(wanted));
        let known = world.ask(world.suite.registry().credentials(account)).expect("it is registered");
        assert_eq!(known.identity_valid_until, at);
    }
}

#[test]
fn a_role_that_is_named_twice_is_held_and_counted_once() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    let department = registration("department", &[Role::Government, Role::Government]);
    let number = world.send(&administrator, world.suite.registry().register(department)).value;
    let first = world.government.number;
    world.send(&administrator, world.suite.registry().revoke(first, Role::Government));
    let last = Error::LastHolder { role: Role::Government };
    world.refuses(&administrator, world.suite.registry().revoke(number, Role::Government), last);
}

#[test]
fn who_registers_pays_the_storage_deposit_and_the_registered_pays_nothing() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let citizen = registration("newcomer", &[Role::Citizen]);
    let account = *citizen.account.as_ref();
    world.chain.endow(&government.account());
    let before = (world.chain.free_balance(&government.account()), world.chain.free_balance(&account));
    let done = world.send(&government, world.suite.registry().register(citizen));
    let deposit = u128::try_from(done.cost.deposit).expect("new storage takes a deposit");
    assert!(deposit > 0);
    let after = (world.chain.free_balance(&government.account()), world.chain.free_balance(&account));
    assert_eq!(after, (before.0 - deposit, before.1));
}
