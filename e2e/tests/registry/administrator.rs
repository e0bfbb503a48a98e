//! The suite's administrator: two steps with a delay, and the delay itself.

use amanah_client::{chain::NotRun, suite::SUITE_DELAY, Actor, Bundle, Chain, Event};
use amanah_domain::{
    delay::{DelayRefusal, OPEN_FOR},
    roles::Role,
};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    ledger::{self, Ledger},
    registry::{AdminTransfer, AdminTransferBegun, AdminTransferCancelled, AdministratorChanged, Error, Registry},
};
use scale::Encode;

/// A world, its administrator, and the one who is to be it.
fn stage() -> (World, Actor, Actor) {
    let world = World::new();
    let administrator = world.administrator.clone();
    (world, administrator, Actor::named("successor"))
}

fn begin(world: &mut World, administrator: &Actor, successor: &Actor) {
    world.send(administrator, world.suite.registry().begin_admin_transfer(successor.id()));
}

#[test]
fn the_successor_takes_over_after_the_delay_and_the_former_one_can_do_nothing_more() {
    let (mut world, administrator, successor) = stage();
    let done = world.send(&administrator, world.suite.registry().begin_admin_transfer(successor.id()));
    let begun = AdminTransferBegun { successor: successor.id() };
    assert_eq!(world.events(&done.events), [Event::AdminTransferBegun(begun)]);
    let pending = AdminTransfer { successor: successor.id(), begun_at: START };
    assert_eq!(world.ask(world.suite.registry().admin_transfer()), Some(pending));
    assert_eq!(world.ask(world.suite.registry().administrator()), administrator.id(), "nothing has changed yet");

    world.chain.set_time(START + SUITE_DELAY);
    let done = world.send(&successor, world.suite.registry().accept_admin_transfer());
    let changed = AdministratorChanged { former: administrator.id(), administrator: successor.id() };
    assert_eq!(world.events(&done.events), [Event::AdministratorChanged(changed)]);
    assert_eq!(world.ask(world.suite.registry().administrator()), successor.id());
    assert_eq!(world.ask(world.suite.registry().admin_transfer()), None);

    let shop = world.shop.number;
    let grant = world.suite.registry().grant(shop, Role::Government);
    world.refuses(&administrator, grant, Error::NotAllowed);
    let begin = world.suite.registry().begin_admin_transfer(administrator.id());
    world.refuses(&administrator, begin, Error::NotAllowed);
    // The other contracts ask the registry who it is.
    let mark = world.suite.ledger().set_suite_contract(world.stranger.id(), true);
    world.refuses(&administrator, mark, ledger::Error::NotAllowed);
    world.send(&successor, world.suite.ledger().set_suite_contract(world.stranger.id(), true));
    world.send(&successor, world.suite.registry().grant(shop, Role::Government));
}

#[test]
fn acceptance_is_open_from_the_end_of_the_delay_for_thirty_days_from_the_beginning() {
    let (mut world, administrator, successor) = stage();
    begin(&mut world, &administrator, &successor);
    let accept = |world: &World| world.suite.registry().accept_admin_transfer();
    let from = START + SUITE_DELAY;
    for now in [START, from - 1] {
        world.chain.set_time(now);
        world.refuses(&successor, accept(&world), Error::Delay(DelayRefusal::TooEarly { from }));
    }
    let at = START + OPEN_FOR;
    for now in [at, at + 1] {
        world.chain.set_time(now);
        world.refuses(&successor, accept(&world), Error::Delay(DelayRefusal::TooLate { at }));
    }
    // A stale one stands in nobody's way, and one millisecond before the end is in time.
    begin(&mut world, &administrator, &successor);
    world.chain.set_time(at + 1 + OPEN_FOR - 1);
    world.send(&successor, accept(&world));
}

#[test]
fn only_the_one_who_was_named_accepts_and_once() {
    let (mut world, administrator, successor) = stage();
    let accept = |world: &World| world.suite.registry().accept_admin_transfer();
    world.refuses(&successor, accept(&world), Error::NoAdminTransfer);
    begin(&mut world, &administrator, &successor);
    let mut others = world.outsiders(&[]);
    world.chain.set_time(START + SUITE_DELAY);
    others.push(administrator);
    for other in others {
        world.refuses(&other, accept(&world), Error::NotAllowed);
    }
    world.send(&successor, accept(&world));
    world.refuses(&successor, accept(&world), Error::NoAdminTransfer);
}

#[test]
fn only_the_administrator_names_a_successor_and_takes_that_back() {
    let (mut world, administrator, successor) = stage();
    begin(&mut world, &administrator, &successor);
    let mut others = world.outsiders(&[]);
    others.extend([world.government.actor.clone(), successor]);
    for other in others {
        let begin = world.suite.registry().begin_admin_transfer(other.id());
        world.refuses(&other, begin, Error::NotAllowed);
        world.refuses(&other, world.suite.registry().cancel_admin_transfer(), Error::NotAllowed);
    }
}

#[test]
fn what_was_cancelled_is_not_accepted_and_an_open_one_is_not_replaced() {
    let (mut world, administrator, successor) = stage();
    let cancel = |world: &World| world.suite.registry().cancel_admin_transfer();
    world.refuses(&administrator, cancel(&world), Error::NoAdminTransfer);
    begin(&mut world, &administrator, &successor);
    let another = Actor::named("another");
    let error = Error::AdminTransferOpen { successor: successor.id() };
    world.chain.set_time(START + OPEN_FOR - 1);
    world.refuses(&administrator, world.suite.registry().begin_admin_transfer(another.id()), error);
    let done = world.send(&administrator, cancel(&world));
    let cancelled = AdminTransferCancelled { successor: successor.id() };
    assert_eq!(world.events(&done.events), [Event::AdminTransferCancelled(cancelled)]);
    assert_eq!(world.ask(world.suite.registry().admin_transfer()), None);
    world.refuses(&successor, world.suite.registry().accept_admin_transfer(), Error::NoAdminTransfer);
    world.refuses(&administrator, cancel(&world), Error::NoAdminTransfer);
    begin(&mut world, &administrator, &another);
}

#[test]
fn a_registry_whose_delay_is_longer_than_a_proposal_is_open_is_not_made() {
    let mut world = World::new();
    let administrator = world.administrator.clone();
    let bundle = Bundle::load(&Bundle::folder(), "registry").expect("the bundle is built");
    let mut make = |delay: u64, salt: u8| {
        let input = [ink::selector_bytes!("new").to_vec(), (administrator.account(), delay).encode()].concat();
        world.chain.deploy(&administrator.account(), &bundle, input, vec![salt]).map(|(account, _)| account)
    };
    let refused = Err(NotRun::refused("the constructor of registry refused"));
    for delay in [OPEN_FOR, OPEN_FOR + 1, u64::MAX] {
        assert_eq!(make(delay, 1), refused);
    }
    for (delay, salt) in [(OPEN_FOR - 1, 2), (0, 3)] {
        assert!(make(delay, salt).is_ok());
    }
}
