//! `propose_rebind`, `confirm_rebind`, `cancel_rebind`: a lost or stolen phone gets another account and key, by two officers
//! or by one and time.

use amanah_client::{suite::SUITE_DELAY, Actor, Event};
use amanah_domain::{
    delay::{DelayRefusal, OPEN_FOR},
    ids::PublicKey,
    redemption::ProofRefusal,
    roles::Role,
};
use amanah_e2e::{registration, Person, World, START};
use amanah_interfaces::{
    ledger::{self, Ledger},
    registry::{
        Error, Participant, RebindCancelled, RebindContested, RebindProposed, Rebinding, Rebound, Registration,
        Registry,
    },
    voucher::{self, Voucher},
};

/// A world with two officers, and a citizen who has a new phone.
struct Scene {
    world: World,
    first: Person,
    second: Person,
    citizen: Person,
    phone: Actor,
    /// The key that goes with the new phone, if it is not the account's own bytes.
    key: Option<PublicKey>,
}

fn scene() -> Scene {
    let mut world = World::new();
    let second = world.enrol("second department", &[Role::Government]);
    let (first, citizen) = (world.government.clone(), world.citizen.clone());
    Scene { world, first, second, citizen, phone: Actor::named("new phone"), key: None }
}

impl Scene {
    /// The first officer proposes that the citizen gets the new phone.
    #[track_caller]
    fn propose(&mut self) {
        let message = self.world.suite.registry().propose_rebind(self.citizen.number, self.phone.id(), self.key);
        self.world.send(&self.first.actor, message);
    }

    #[track_caller]
    fn confirm(&mut self, officer: &Person) -> Vec<Event> {
        let message = self.world.suite.registry().confirm_rebind(self.citizen.number, self.phone.id(), self.key);
        let done = self.world.send(&officer.actor, message);
        self.world.events(&done.events)
    }

    #[track_caller]
    fn confirmation_is_refused(&mut self, who: &Actor, error: Error) {
        let message = self.world.suite.registry().confirm_rebind(self.citizen.number, self.phone.id(), self.key);
        self.world.refuses(who, message, error);
    }

    #[track_caller]
    fn cancel(&mut self, who: &Actor) -> Vec<Event> {
        let message = self.world.suite.registry().cancel_rebind(self.citizen.number);
        let done = self.world.send(who, message);
        self.world.events(&done.events)
    }

    #[track_caller]
    fn cancellation_is_refused(&mut self, who: &Actor, error: Error) {
        let message = self.world.suite.registry().cancel_rebind(self.citizen.number);
        self.world.refuses(who, message, error);
    }

    fn record(&mut self) -> Participant {
        self.world.ask(self.world.suite.registry().participant(self.citizen.number)).expect("it is registered")
    }
}

#[test]
fn a_second_officer_confirms_at_once_and_account_and_key_are_replaced_and_nothing_else() {
    let mut scene = scene();
    let (participant, phone) = (scene.citizen.number, scene.phone.clone());
    let before = scene.record();
    scene.key = Some([7; 32]);
    let message = scene.world.suite.registry().propose_rebind(participant, phone.id(), scene.key);
    let done = scene.world.send(&scene.first.actor, message);
    let (first, second) = (scene.first.number, scene.second.clone());
    let proposed = RebindProposed { participant, account: phone.id(), key: [7; 32], proposed_by: first };
    assert_eq!(scene.world.events(&done.events), [Event::RebindProposed(proposed)]);
    assert_eq!(scene.record(), before, "nothing has changed yet");
    let proposal =
        Rebinding { account: phone.account(), key: [7; 32], proposed_by: first, proposed_at: START, contested: false };
    assert_eq!(scene.world.ask(scene.world.suite.registry().rebinding(participant)), Some(proposal));

    let rebound = Rebound {
        participant,
        account: phone.id(),
        key: [7; 32],
        epoch: 1,
        former: scene.citizen.id(),
        proposed_by: first,
        confirmed_by: second.number,
    };
    assert_eq!(scene.confirm(&second), [Event::Rebound(rebound)]);
    let after = Participant { account: phone.id(), key: [7; 32], epoch: 1, ..before };
    assert_eq!(scene.record(), after);
    let world = &mut scene.world;
    assert_eq!(world.ask(world.suite.registry().rebinding(participant)), None);
    assert_eq!(world.ask(world.suite.registry().credentials(scene.citizen.id())), None, "the old account is nobody's");
    let known = world.ask(world.suite.registry().credentials(phone.id())).expect("the new one is known");
    assert_eq!((known.number, known.account), (participant, phone.account()));
    assert!(world.ask(world.suite.registry().check(phone.id(), Role::Citizen)));
    scene.confirmation_is_refused(&second.actor, Error::NoRebind { participant });
}

#[test]
fn an_officer_confirms_the_account_and_key_that_it_has_read_and_none_that_was_put_in_their_place() {
    let mut scene = scene();
    let (first, second, participant) = (scene.first.actor.clone(), scene.second.clone(), scene.citizen.number);
    let (read, other) = ((scene.phone.clone(), Some([7; 32])), (Actor::named("the thief's phone"), Some([8; 32])));
    let another = Error::AnotherRebind { participant };
    for (account, key) in [(&other.0, read.1), (&read.0, other.1), (&read.0, None), (&other.0, other.1)] {
        (scene.phone, scene.key) = (account.clone(), key);
        scene.propose();
        (scene.phone, scene.key) = read.clone();
        scene.confirmation_is_refused(&second.actor, another);
        scene.world.chain.advance(SUITE_DELAY);
        scene.confirmation_is_refused(&first, another);
        scene.cancel(&first);
    }
    scene.propose();
    scene.confirm(&second);
    assert_eq!(scene.record().account, read.0.id());
}

#[test]
fn without_a_key_the_new_accounts_own_bytes_are_the_key_and_the_epoch_grows_each_time() {
    let mut scene = scene();
    let second = scene.second.clone();
    for (epoch, name) in [(1, "new phone"), (2, "newer phone"), (3, "citizen")] {
        scene.phone = Actor::named(name);
        scene.propose();
        scene.confirm(&second);
        let record = scene.record();
        assert_eq!((record.epoch, record.key), (epoch, scene.phone.account()), "{name}");
        assert_eq!(record.account, scene.phone.id());
    }
}

#[test]
fn the_officer_who_proposed_it_confirms_from_the_end_of_the_delay_until_it_is_stale() {
    let mut scene = scene();
    let (first, from, at) = (scene.first.clone(), START + SUITE_DELAY, START + OPEN_FOR);
    scene.propose();
    for now in [START, from - 1] {
        scene.world.chain.set_time(now);
        scene.confirmation_is_refused(&first.actor, Error::Delay(DelayRefusal::TooEarly { from }));
    }
    for now in [at, at + 1] {
        scene.world.chain.set_time(now);
        for officer in [first.clone(), scene.second.clone()] {
            scene.confirmation_is_refused(&officer.actor, Error::Delay(DelayRefusal::TooLate { at }));
        }
    }
    // A stale one is replaced by a new one, which is confirmed at the very end of its delay.
    scene.propose();
    scene.world.chain.set_time(at + 1 + SUITE_DELAY);
    let events = scene.confirm(&first);
    let [Event::Rebound(rebound)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((rebound.proposed_by, rebound.confirmed_by), (first.number, first.number));
}

#[test]
fn the_last_moment_of_a_proposal_is_in_time_for_either_officer() {
    for second_confirms in [false, true] {
        let mut scene = scene();
        scene.propose();
        scene.world.chain.set_time(START + OPEN_FOR - 1);
        let officer = if second_confirms { scene.second.clone() } else { scene.first.clone() };
        scene.confirm(&officer);
    }
}

#[test]
fn the_old_account_closes_the_way_by_the_delay_and_never_a_second_officers_confirmation() {
    let mut scene = scene();
    let (participant, citizen) = (scene.citizen.number, scene.citizen.clone());
    let (first, second) = (scene.first.clone(), scene.second.clone());
    scene.propose();
    let contested = RebindContested { participant };
    assert_eq!(scene.cancel(&citizen.actor), [Event::RebindContested(contested)]);
    let error = Error::Contested { participant };
    scene.cancellation_is_refused(&citizen.actor, error);
    for now in [START, START + SUITE_DELAY, START + OPEN_FOR - 1] {
        scene.world.chain.set_time(now);
        scene.confirmation_is_refused(&first.actor, error);
    }
    scene.confirm(&second);
    assert_eq!(scene.record().account, scene.phone.id());
}

#[test]
fn a_suspended_participant_objects_too_so_that_no_single_officer_takes_its_account() {
    let mut scene = scene();
    let (citizen, first) = (scene.citizen.clone(), scene.first.clone());
    scene.world.suspend(&citizen);
    scene.propose();
    scene.cancel(&citizen.actor);
    scene.world.chain.advance(SUITE_DELAY);
    scene.confirmation_is_refused(&first.actor, Error::Contested { participant: citizen.number });
}

#[test]
fn there_is_nothing_to_object_to_once_a_proposal_is_stale_and_an_officer_still_drops_it() {
    let mut scene = scene();
    scene.propose();
    let at = START + OPEN_FOR;
    scene.world.chain.set_time(at);
    let (citizen, second) = (scene.citizen.actor.clone(), scene.second.clone());
    scene.cancellation_is_refused(&citizen, Error::Delay(DelayRefusal::TooLate { at }));
    scene.cancel(&second.actor);
    assert_eq!(scene.world.ask(scene.world.suite.registry().rebinding(scene.citizen.number)), None);
}

#[test]
fn either_officer_drops_a_proposal() {
    let mut scene = scene();
    let participant = scene.citizen.number;
    for officer in [scene.first.clone(), scene.second.clone()] {
        scene.propose();
        let cancelled = RebindCancelled { participant, cancelled_by: officer.number };
        assert_eq!(scene.cancel(&officer.actor), [Event::RebindCancelled(cancelled)]);
        scene.confirmation_is_refused(&officer.actor, Error::NoRebind { participant });
        scene.cancellation_is_refused(&officer.actor, Error::NoRebind { participant });
        let citizen = scene.citizen.actor.clone();
        scene.cancellation_is_refused(&citizen, Error::NoRebind { participant });
    }
}

#[test]
fn an_officer_whose_own_account_is_to_be_replaced_only_objects_unless_it_proposed_that_itself() {
    let mut scene = scene();
    let (first, second) = (scene.first.clone(), scene.second.clone());
    scene.citizen = second.clone();
    scene.propose();
    let contested = RebindContested { participant: second.number };
    assert_eq!(scene.cancel(&second.actor), [Event::RebindContested(contested)]);
    scene.cancel(&first.actor);
    scene.citizen = first.clone();
    scene.propose();
    let cancelled = RebindCancelled { participant: first.number, cancelled_by: first.number };
    assert_eq!(scene.cancel(&first.actor), [Event::RebindCancelled(cancelled)]);
}

#[test]
fn only_active_officers_propose_and_confirm_and_nobody_else_cancels() {
    let mut scene = scene();
    let phone = scene.phone.id();
    let citizen = scene.citizen.clone();
    scene.propose();
    let mut others = scene.world.outsiders(&[Role::Government]);
    others.push(scene.world.administrator.clone());
    scene.world.chain.advance(SUITE_DELAY);
    for other in &others {
        let message = scene.world.suite.registry().propose_rebind(scene.world.shop.number, phone, None);
        scene.world.refuses(other, message, Error::NotAllowed);
        scene.confirmation_is_refused(other, Error::NotAllowed);
        scene.cancellation_is_refused(other, Error::NotAllowed);
    }
    let message = scene.world.suite.registry().propose_rebind(citizen.number, phone, None);
    scene.world.refuses(&citizen.actor, message, Error::NotAllowed);
    scene.confirmation_is_refused(&citizen.actor, Error::NotAllowed);
    let phone = scene.phone.clone();
    scene.confirmation_is_refused(&phone, Error::NotAllowed);
    scene.cancellation_is_refused(&phone, Error::NotAllowed);
}

#[test]
fn a_suspended_officer_s_proposal_may_be_confirmed_by_another_one_only() {
    let mut scene = scene();
    let (first, second) = (scene.first.clone(), scene.second.clone());
    scene.propose();
    scene.world.suspend(&first);
    scene.world.chain.advance(SUITE_DELAY);
    scene.confirmation_is_refused(&first.actor, Error::NotAllowed);
    scene.confirm(&second);
}

#[test]
fn a_proposal_names_a_participant_and_an_account_that_is_nobodys_and_there_is_one_at_a_time() {
    let mut scene = scene();
    let (first, phone) = (scene.first.actor.clone(), scene.phone.id());
    for participant in [0, u64::MAX] {
        let message = scene.world.suite.registry().propose_rebind(participant, phone, None);
        scene.world.refuses(&first, message, Error::UnknownParticipant { participant });
    }
    let (citizen, shop) = (scene.citizen.clone(), scene.world.shop.clone());
    for taken in [shop, citizen.clone()] {
        let message = scene.world.suite.registry().propose_rebind(citizen.number, taken.id(), None);
        scene.world.refuses(&first, message, Error::AccountTaken { participant: taken.number });
    }
    scene.propose();
    scene.world.chain.set_time(START + OPEN_FOR - 1);
    let error = Error::RebindOpen { participant: citizen.number };
    for officer in [first, scene.second.actor.clone()] {
        let message = scene.world.suite.registry().propose_rebind(citizen.number, phone, None);
        scene.world.refuses(&officer, message, error);
    }
}

#[test]
fn an_account_that_was_taken_in_the_meantime_is_not_taken_over() {
    let mut scene = scene();
    scene.propose();
    let somebody = scene.world.enrol("new phone", &[Role::Citizen]);
    let second = scene.second.actor.clone();
    scene.confirmation_is_refused(&second, Error::AccountTaken { participant: somebody.number });
    assert_eq!(scene.record().account, scene.citizen.id());
}

#[test]
fn the_former_account_does_nothing_and_the_identity_stays_taken() {
    let mut scene = scene();
    let second = scene.second.clone();
    scene.propose();
    scene.confirm(&second);
    let (thief, participant) = (scene.citizen.actor.clone(), scene.citizen.number);
    let government = scene.first.actor.clone();
    let world = &mut scene.world;
    world.refuses(&thief, world.suite.registry().rotate_key([1; 32]), Error::NotAllowed);
    world.refuses(&thief, world.suite.registry().renounce(Role::Citizen), Error::NotAllowed);
    let again = registration("citizen", &[Role::Citizen]);
    let error = Error::IdentityTaken { participant };
    world.refuses(&government, world.suite.registry().register(again.clone()), error);
    // The account is free: an officer may register it as somebody else, which is a new participant with nothing.
    let other = Registration { identity: [3; 32], ..again };
    let number = world.send(&government, world.suite.registry().register(other)).value;
    assert_ne!(number, participant);
}

#[test]
fn money_and_vouchers_stay_with_the_number_and_the_thief_spends_neither() {
    let mut scene = scene();
    let (citizen, second, phone) = (scene.citizen.clone(), scene.second.clone(), scene.phone.clone());
    scene.world.issue(&citizen, 500);
    let (programme, number) = scene.world.funded_voucher(300);
    scene.propose();
    scene.confirm(&second);
    let world = &mut scene.world;
    let (bank, shop) = (world.bank.number, world.shop.clone());
    let account = citizen.id();
    let theft = world.suite.ledger().transfer(shop.id(), bank, 1);
    world.refuses(&citizen.actor, theft, ledger::Error::UnknownOwner { account });
    assert_eq!(world.ask(world.suite.ledger().balance_of(phone.id(), bank)), 500);
    world.send(&phone, world.suite.ledger().transfer(shop.id(), bank, 200));
    assert_eq!(world.ask(world.suite.voucher().voucher(number)).map(|one| one.holder), Some(citizen.number));
    world.redeem(number, 100);
    world.check_books(programme, &[&shop]);
}

#[test]
fn what_the_former_key_signed_is_void() {
    let mut scene = scene();
    let attestor = scene.world.attestor.clone();
    let (_, number) = scene.world.funded_voucher(300);
    let redemption = scene.world.request(number, 100);
    let older = scene.world.proof(redemption);
    let second = scene.second.clone();
    scene.citizen = attestor.clone();
    scene.propose();
    scene.confirm(&second);
    let stranger = scene.world.stranger.clone();
    let void = voucher::Error::Proof(ProofRefusal::BadSignature { signer: attestor.number });
    scene.world.refuses(&stranger, scene.world.suite.voucher().confirm(redemption, older), void);
    scene.world.attestor = Person { actor: scene.phone.clone(), number: attestor.number };
    let newer = scene.world.proof(redemption);
    scene.world.send(&stranger, scene.world.suite.voucher().confirm(redemption, newer));
}
