//! `rotate_key`: a new signing key, and what was signed with the older one.

use amanah_client::Event;
use amanah_domain::{participant::Status, redemption::ProofRefusal, roles::Role};
use amanah_e2e::{Person, World};
use amanah_interfaces::{
    registry::{Error, KeyRotated, Participant, Registry},
    voucher::{self, Voucher},
};

fn record(world: &mut World, person: &Person) -> Participant {
    world.ask(world.suite.registry().participant(person.number)).expect("it is registered")
}

#[test]
fn a_participant_changes_its_key_and_each_time_the_epoch_grows() {
    let mut world = World::new();
    let citizen = world.citizen.clone();
    let participant = citizen.number;
    let before = record(&mut world, &citizen);
    for (epoch, key) in [(1, [7; 32]), (2, [8; 32]), (3, [8; 32])] {
        let done = world.send(&citizen.actor, world.suite.registry().rotate_key(key));
        assert_eq!(world.events(&done.events), [Event::KeyRotated(KeyRotated { participant, key, epoch })]);
        assert_eq!(record(&mut world, &citizen), Participant { key, epoch, ..before.clone() });
        let known = world.ask(world.suite.registry().credentials(citizen.id())).expect("it is registered");
        assert_eq!((known.key, known.epoch), (key, epoch));
    }
}

#[test]
fn any_active_participant_and_nobody_else_changes_its_key() {
    let mut world = World::new();
    let citizen = world.citizen.clone();
    for stranger in [world.stranger.clone(), world.administrator.clone()] {
        world.refuses(&stranger, world.suite.registry().rotate_key([1; 32]), Error::NotAllowed);
    }
    world.suspend(&citizen);
    let error = Error::WrongStatus { status: Status::Suspended };
    world.refuses(&citizen.actor, world.suite.registry().rotate_key([1; 32]), error);
    let member = world.enrol("member", &[]);
    world.send(&member.actor, world.suite.registry().rotate_key([1; 32]));
    assert_eq!(record(&mut world, &citizen).epoch, 0, "nobody else's key changed");
}

#[test]
fn what_an_attestor_signed_before_is_void_even_if_the_key_is_the_same() {
    let mut world = World::new();
    let (stranger, attestor) = (world.stranger.clone(), world.attestor.clone());
    assert!(world.ask(world.suite.registry().check(attestor.id(), Role::RedemptionAttestor)));
    let (programme, number) = world.funded_voucher(300);
    let redemption = world.request(number, 100);
    let older = world.proof(redemption);
    world.send(&attestor.actor, world.suite.registry().rotate_key(attestor.actor.account()));
    let void = voucher::Error::Proof(ProofRefusal::BadSignature { signer: attestor.number });
    world.refuses(&stranger, world.suite.voucher().confirm(redemption, older), void);
    let newer = world.proof(redemption);
    world.send(&stranger, world.suite.voucher().confirm(redemption, newer));
    world.check_books(programme, &[&world.shop.clone()]);
}
