//! `register_many`: up to a hundred rows, each with an answer of its own.

use amanah_client::{Actor, Event};
use amanah_domain::{
    roles::Role,
    time::{EARLIEST, LATEST},
};
use amanah_e2e::{registration, World, CARDS_END};
use amanah_interfaces::registry::{Error, Registered, Registration, Registry};

/// Citizens without a quarrel, with keys of their own.
fn citizens(many: usize) -> Vec<Registration> {
    (0..many)
        .map(|at| Registration {
            key: Some([at as u8; 32]),
            ..registration(&format!("resident {at}"), &[Role::Citizen, Role::Investor])
        })
        .collect()
}

#[test]
fn each_row_gets_its_own_answer_and_the_good_ones_go_through() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let citizen = world.citizen.clone();
    let good = |name: &str| registration(name, &[Role::Citizen]);
    let rows = vec![
        good("anna"),
        Registration { identity: good("anna").identity, ..good("anna's second wallet") },
        Registration { account: good("anna").account, ..good("bert") },
        registration("carla", &[Role::Shop, Role::Custom(32)]),
        Registration { identity_valid_until: CARDS_END / 1_000, ..good("dora") },
        Registration { identity_valid_until: EARLIEST - 1, ..good("early") },
        Registration { identity_valid_until: LATEST, ..good("late") },
        Registration { account: citizen.id(), ..good("emil") },
        Registration { identity: good("citizen").identity, ..good("citizen's second wallet") },
        registration("fritz", &[Role::Shop]),
        registration("gerda", &[Role::Citizen, Role::Custom(5)]),
    ];

    let done = world.send(&government, world.suite.registry().register_many(rows.clone()));

    let answers = vec![
        Ok(7),
        Err(Error::IdentityTaken { participant: 7 }),
        Err(Error::AccountTaken { participant: 7 }),
        Err(Error::UnknownRole { role: Role::Custom(32) }),
        Err(Error::ImplausibleTime { at: CARDS_END / 1_000 }),
        Err(Error::ImplausibleTime { at: EARLIEST - 1 }),
        Err(Error::ImplausibleTime { at: LATEST }),
        Err(Error::AccountTaken { participant: citizen.number }),
        Err(Error::IdentityTaken { participant: citizen.number }),
        Ok(8),
        Err(Error::UndefinedRole { role: Role::Custom(5) }),
    ];
    assert_eq!(done.value, answers);
    let registered = |participant, row: &Registration| {
        Event::Registered(Registered {
            participant,
            account: row.account,
            identity: row.identity,
            roles: crate::set(&row.roles),
            key: *row.account.as_ref(),
            identity_valid_until: row.identity_valid_until,
        })
    };
    assert_eq!(world.events(&done.events), [registered(7, &rows[0]), registered(8, &rows[9])]);
    assert_eq!(world.ask(world.suite.registry().participant_count()), 8);
    assert_eq!(world.ask(world.suite.registry().find(rows[0].identity)), Some(7));
    assert_eq!(world.ask(world.suite.registry().find(rows[9].identity)), Some(8));
    assert_eq!(world.ask(world.suite.registry().role_members(Role::Citizen, 0, 50)), [citizen.number, 7]);
    assert_eq!(world.ask(world.suite.registry().role_members(Role::Shop, 0, 50)), [world.shop.number, 8]);
    // Accounts and identities of refused rows are free, unless somebody else has them.
    for name in
        ["anna's second wallet", "bert", "carla", "dora", "early", "late", "emil", "citizen's second wallet", "gerda"]
    {
        let free = good(name);
        assert_eq!(world.ask(world.suite.registry().credentials(free.account)), None, "{name}");
        assert_eq!(world.ask(world.suite.registry().find(free.identity)), None, "{name}");
        world.send(&government, world.suite.registry().register(free));
    }
}

#[test]
fn a_batch_whose_rows_are_all_refused_changes_nothing() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let rows = ["citizen", "shop"].map(|name| registration(name, &[Role::Citizen])).to_vec();
    let answers = world.changes_nothing(&government, world.suite.registry().register_many(rows));
    let taken = |participant| Err(Error::AccountTaken { participant });
    assert_eq!(answers, vec![taken(world.citizen.number), taken(world.shop.number)]);
}

#[test]
fn a_hundred_rows_go_through_and_one_more_is_refused_as_a_whole() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let error = Error::TooManyRows { most: 100, given: 101 };
    world.refuses(&government, world.suite.registry().register_many(citizens(101)), error);
    let done = world.send(&government, world.suite.registry().register_many(citizens(100)));
    assert_eq!(done.value, (7..107).map(Ok).collect::<Vec<_>>());
    assert_eq!(done.events.len(), 100);
    assert_eq!(world.ask(world.suite.registry().participant_count()), 106);
    for (at, number) in (7..107).enumerate() {
        let known = world.ask(world.suite.registry().participant(number)).expect("it is registered");
        assert_eq!(known.account, Actor::named(&format!("resident {at}")).id());
        assert_eq!(known.key, [at as u8; 32]);
    }
}

#[test]
fn no_rows_are_answered_with_no_answers() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    assert_eq!(world.changes_nothing(&government, world.suite.registry().register_many(Vec::new())), Vec::new());
}

#[test]
fn who_may_not_register_many_learns_nothing_of_the_limit() {
    let mut world = World::new();
    let bank = world.bank.actor.clone();
    world.refuses(&bank, world.suite.registry().register_many(citizens(101)), Error::NotAllowed);
}
