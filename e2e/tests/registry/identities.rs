//! `renew_identity`: until when somebody's identity card is valid.

use amanah_client::Event;
use amanah_domain::{
    roles::Role,
    time::{EARLIEST, LATEST},
};
use amanah_e2e::{World, CARDS_END, START};
use amanah_interfaces::registry::{Error, IdentityRenewed, Participant, Registry};

#[test]
fn a_card_that_ran_out_counts_again_when_it_is_renewed_and_nothing_else_changes() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let (participant, suite) = (citizen.number, world.suite.clone());
    let registry = || suite.registry();
    let before = world.ask(registry().participant(participant)).expect("it is registered");
    assert_eq!(before.identity_valid_until, CARDS_END);
    // An end that was registered wrongly is mended in either direction.
    for (identity_valid_until, may_benefit) in [(START, false), (START + 1, true), (CARDS_END + 1, true)] {
        let done = world.send(&government, registry().renew_identity(participant, identity_valid_until));
        let renewed = IdentityRenewed { participant, identity_valid_until };
        assert_eq!(world.events(&done.events), [Event::IdentityRenewed(renewed)]);
        let record = world.ask(registry().participant(participant)).expect("it is registered");
        assert_eq!(record, Participant { identity_valid_until, ..before.clone() });
        let known = world.ask(registry().credentials(citizen.id())).expect("it is registered");
        assert_eq!(known.may_benefit(START), may_benefit, "{identity_valid_until}");
    }
    let again = world.send(&government, registry().renew_identity(participant, CARDS_END + 1));
    assert_eq!(again.events.len(), 0, "it was so already");
}

#[test]
fn only_active_holders_of_government_renew_cards_and_nobody_its_own() {
    let mut world = World::new();
    let (government, citizen) = (world.government.clone(), world.citizen.clone());
    let mut outsiders = world.outsiders(&[Role::Government]);
    outsiders.extend([world.administrator.clone(), citizen.actor]);
    for outsider in outsiders {
        world.refuses(&outsider, world.suite.registry().renew_identity(citizen.number, START), Error::NotAllowed);
    }
    let own = world.suite.registry().renew_identity(government.number, START);
    world.refuses(&government.actor, own, Error::NotAllowed);
    let second = world.enrol("second officer", &[Role::Government]);
    world.send(&second.actor, world.suite.registry().renew_identity(government.number, START));
}

#[test]
fn a_card_of_nobody_and_an_end_in_seconds_are_refused() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.number);
    for participant in [0, u64::MAX] {
        let error = Error::UnknownParticipant { participant };
        world.refuses(&government, world.suite.registry().renew_identity(participant, START), error);
    }
    for at in [0, START / 1_000, EARLIEST - 1, LATEST, u64::MAX] {
        let error = Error::ImplausibleTime { at };
        world.refuses(&government, world.suite.registry().renew_identity(citizen, at), error);
    }
}
