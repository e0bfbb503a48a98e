//! What anybody may ask the registry, and that asking changes nothing.

use amanah_client::{ask, chain::NotRun, suite::SUITE_DELAY, Actor};
use amanah_domain::{participant::Status, roles::Role};
use amanah_e2e::{registration, World};
use amanah_interfaces::{
    registry::{Registry, Subject},
    AccountId,
};

#[test]
fn nobody_is_known_under_an_account_number_or_identity_that_was_never_registered() {
    let mut world = World::new();
    let stranger = world.stranger.id();
    assert_eq!(world.ask(world.suite.registry().credentials(stranger)), None);
    assert_eq!(world.ask(world.suite.registry().find(registration("stranger", &[]).identity)), None);
    for number in [0, 7, u64::MAX] {
        assert_eq!(world.ask(world.suite.registry().participant(number)), None);
        assert_eq!(world.ask(world.suite.registry().credentials_of(number)), None);
    }
    assert_eq!(world.ask(world.suite.registry().participant_count()), 6);
}

#[test]
fn a_role_is_checked_of_active_holders_only() {
    let mut world = World::new();
    let bank = world.bank.clone();
    assert!(world.ask(world.suite.registry().check(bank.id(), Role::Bank)));
    assert!(!world.ask(world.suite.registry().check(bank.id(), Role::Government)));
    assert!(!world.ask(world.suite.registry().check(bank.id(), Role::Custom(32))));
    assert!(!world.ask(world.suite.registry().check(world.stranger.id(), Role::Bank)));
    assert!(!world.ask(world.suite.registry().check(world.administrator.id(), Role::Government)));
    world.suspend(&bank);
    assert!(!world.ask(world.suite.registry().check(bank.id(), Role::Bank)));
}

#[test]
fn several_are_answered_in_the_order_asked_whether_named_by_account_or_by_number() {
    let mut world = World::new();
    let (shop, citizen) = (world.shop.clone(), world.citizen.clone());
    world.suspend(&citizen);
    let subjects = vec![
        Subject::Number(citizen.number),
        Subject::Account(world.stranger.id()),
        Subject::Account(shop.id()),
        Subject::Number(0),
        Subject::Account(citizen.id()),
        Subject::Number(7),
    ];
    let answers = world.ask(world.suite.registry().credentials_many(subjects));
    let numbers: Vec<_> = answers.iter().map(|answer| answer.as_ref().map(|known| known.number)).collect();
    let (a, b) = (Some(citizen.number), Some(shop.number));
    assert_eq!(numbers, [a, None, b, None, a, None]);
    assert_eq!(answers[0], answers[4], "by number and by account is the same");
    assert_eq!(answers[0].as_ref().map(|known| known.status), Some(Status::Suspended));
    assert_eq!(answers[2], world.ask(world.suite.registry().credentials(shop.id())));
    assert_eq!(answers[2], world.ask(world.suite.registry().credentials_of(shop.number)));
    assert_eq!(world.ask(world.suite.registry().credentials_many(Vec::new())), []);
}

#[test]
fn a_hundred_and_seventy_two_credentials_fit_into_an_answer_and_more_are_not_cut_off_silently() {
    let mut world = World::new();
    let subjects = |many| vec![Subject::Number(1); many];
    let answers = world.ask(world.suite.registry().credentials_many(subjects(172)));
    assert_eq!(answers.len(), 172);
    assert!(answers.iter().flatten().all(|known| known.number == 1) && answers.iter().all(Option::is_some));
    let more = ask(&mut world.chain, world.suite.registry().credentials_many(subjects(173)));
    assert_eq!(more, Err(NotRun::refused("ContractTrapped")));
}

#[test]
fn administrator_delay_and_version_are_told_to_anybody() {
    let mut world = World::new();
    assert_eq!(world.ask(world.suite.registry().administrator()), world.administrator.id());
    assert_eq!(world.ask(world.suite.registry().version()), 1);
    assert_eq!(world.ask(world.suite.registry().delay()), SUITE_DELAY);
}

#[test]
fn no_query_changes_anything_even_when_it_is_sent_as_a_transaction() {
    let mut world = World::new();
    let stranger = world.stranger.clone();
    let account: AccountId = world.citizen.id();
    // Something is there for each of them to be read.
    world.define(Role::Custom(0));
    world.send(&stranger, world.suite.registry().apply(Role::Shop, [1; 32]));
    let (government, citizen) = (world.government.actor.clone(), world.citizen.number);
    world.send(&government, world.suite.registry().propose_rebind(citizen, world.stranger.id(), None));
    let administrator = world.administrator.clone();
    world.send(&administrator, world.suite.registry().begin_admin_transfer(world.stranger.id()));
    let mut asked = Vec::new();
    macro_rules! unchanged_by {
        ($($query:ident($($argument:expr),*)),* $(,)?) => {$(
            assert!(!world.changes(&stranger, world.suite.registry().$query($($argument),*)), stringify!($query));
            asked.push(concat!("Registry::", stringify!($query)));
        )*};
    }
    unchanged_by!(
        credentials(account),
        credentials_many(vec![Subject::Account(account), Subject::Number(1), Subject::Number(9)]),
        check(account, Role::Citizen),
        find(registration("citizen", &[]).identity),
        participant(1),
        participant_count(),
        participants(1, 50),
        credentials_of(1),
        role_members(Role::Citizen, 0, 50),
        role_definition(Role::Custom(0)),
        application(1),
        applications(1, 50),
        application_count(),
        open_application(stranger.id()),
        rebinding(5),
        admin_transfer(),
        delay(),
        governor(account),
        administrator(),
        version(),
    );
    asked.sort_unstable();
    assert_eq!(asked, World::queries("registry"), "each query of the contract is in this test");
    // The way it is measured does see a change.
    let enrolment = world.suite.registry().register(registration("newcomer", &[Role::Citizen]));
    assert!(world.changes(&world.government.actor.clone(), enrolment));
    assert_eq!(world.ask(world.suite.registry().credentials(Actor::named("newcomer").id())).map(|k| k.number), Some(7));
}
