//! `blacklist` and `clear_blacklist`: a mark that stops new benefits and nothing else.

use amanah_client::Event;
use amanah_domain::{participant::Status, roles::Role};
use amanah_e2e::{Person, World, START};
use amanah_interfaces::registry::{BlacklistCleared, Blacklisted, Error, Participant, Registry};

fn record(world: &mut World, person: &Person) -> Participant {
    world.ask(world.suite.registry().participant(person.number)).expect("it is registered")
}

#[test]
fn government_and_regulator_mark_with_a_reason_and_either_takes_the_mark_away() {
    let mut world = World::new();
    let (government, regulator) = (world.government.actor.clone(), world.regulator.actor.clone());
    let citizen = world.citizen.clone();
    let participant = citizen.number;
    let before = record(&mut world, &citizen);
    for (marks, clears, reason) in [(&government, &regulator, 0), (&regulator, &government, u16::MAX)] {
        let done = world.send(marks, world.suite.registry().blacklist(participant, reason));
        assert_eq!(world.events(&done.events), [Event::Blacklisted(Blacklisted { participant, reason })]);
        let marked = Participant { blacklisted: Some(reason), ..before.clone() };
        assert_eq!(record(&mut world, &citizen), marked, "nothing but the mark changes");
        let known = world.ask(world.suite.registry().credentials(citizen.id())).expect("it is registered");
        assert!(known.blacklisted && known.is_active() && !known.may_benefit(START));
        assert!(world.ask(world.suite.registry().check(citizen.id(), Role::Citizen)), "it acts as before");
        let error = Error::AlreadyBlacklisted { reason };
        world.refuses(marks, world.suite.registry().blacklist(participant, 3), error);

        let done = world.send(clears, world.suite.registry().clear_blacklist(participant));
        assert_eq!(world.events(&done.events), [Event::BlacklistCleared(BlacklistCleared { participant })]);
        assert_eq!(record(&mut world, &citizen), before);
        world.refuses(clears, world.suite.registry().clear_blacklist(participant), Error::NotBlacklisted);
    }
}

#[test]
fn only_active_holders_of_government_and_regulator_mark_and_clear() {
    let mut world = World::new();
    let (shop, citizen) = (world.shop.number, world.citizen.clone());
    let regulator = world.regulator.actor.clone();
    world.send(&regulator, world.suite.registry().blacklist(citizen.number, 1));
    let mut outsiders = world.outsiders(&[Role::Government, Role::Regulator]);
    outsiders.extend([world.administrator.clone(), citizen.actor]);
    for outsider in outsiders {
        world.refuses(&outsider, world.suite.registry().blacklist(shop, 1), Error::NotAllowed);
        world.refuses(&outsider, world.suite.registry().clear_blacklist(citizen.number), Error::NotAllowed);
    }
    for participant in [0, u64::MAX] {
        let error = Error::UnknownParticipant { participant };
        world.refuses(&regulator, world.suite.registry().blacklist(participant, 1), error);
        world.refuses(&regulator, world.suite.registry().clear_blacklist(participant), error);
    }
}

#[test]
fn nobody_takes_its_own_mark_away() {
    let mut world = World::new();
    let (government, regulator) = (world.government.clone(), world.regulator.clone());
    world.send(&government.actor, world.suite.registry().blacklist(regulator.number, 1));
    world.refuses(&regulator.actor, world.suite.registry().clear_blacklist(regulator.number), Error::NotAllowed);
    world.send(&government.actor, world.suite.registry().clear_blacklist(regulator.number));
}

#[test]
fn a_mark_and_a_suspension_do_not_touch_each_other() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    world.suspend(&citizen);
    world.send(&government, world.suite.registry().blacklist(citizen.number, 4));
    let both = record(&mut world, &citizen);
    assert_eq!((both.status, both.reason, both.blacklisted), (Status::Suspended, 1, Some(4)));
    world.send(&government, world.suite.registry().reinstate(citizen.number));
    let marked = record(&mut world, &citizen);
    assert_eq!((marked.status, marked.blacklisted), (Status::Active, Some(4)));
}
