//! `apply`, `approve`, `deny`, `withdraw_application`, `clear_application`: who asks for a role, and who decides.

use crate::set;
use amanah_client::{Actor, Event};
use amanah_domain::{
    ids::ApplicationId,
    participant::Status,
    roles::Role,
    time::{DAY, EARLIEST},
};
use amanah_e2e::{registration, Person, World, CARDS_END, START};
use amanah_interfaces::registry::{
    Application, ApplicationApproved, ApplicationCleared, ApplicationDenied, ApplicationFiled, ApplicationRefusal,
    ApplicationStatus, ApplicationWithdrawn, Error, Registered, Registry, RoleGranted,
};

const DOCUMENT: [u8; 32] = [9; 32];

/// Applies, which must be taken.
#[track_caller]
fn apply(world: &mut World, applicant: &Actor, role: Role) -> ApplicationId {
    world.send(applicant, world.suite.registry().apply(role, DOCUMENT)).value
}

/// The identity that the registrar gives for somebody of this name.
fn identity(name: &str) -> [u8; 32] {
    registration(name, &[]).identity
}

fn status(world: &mut World, application: ApplicationId) -> ApplicationStatus {
    world.ask(world.suite.registry().application(application)).expect("the record is there").status
}

fn wrong(status: ApplicationStatus) -> Error {
    Error::Application(ApplicationRefusal::WrongStatus { status })
}

#[test]
fn anybody_applies_and_the_record_and_the_event_say_for_what() {
    let mut world = World::new();
    world.chain.advance(DAY);
    let stranger = world.stranger.clone();
    let done = world.send(&stranger, world.suite.registry().apply(Role::Shop, DOCUMENT));
    assert_eq!(done.value, 1, "numbers begin at 1");
    let (applicant, role, document) = (stranger.id(), Role::Shop, DOCUMENT);
    let filed = ApplicationFiled { application: 1, applicant, role, document };
    assert_eq!(world.events(&done.events), [Event::ApplicationFiled(filed)]);
    let record = Application {
        applicant: stranger.account(),
        role,
        document,
        applied_at: START + DAY,
        status: ApplicationStatus::Open,
        reason: 0,
    };
    assert_eq!(world.ask(world.suite.registry().application(1)), Some(record));
    assert_eq!(world.ask(world.suite.registry().open_application(applicant)), Some(1));
    assert_eq!(world.ask(world.suite.registry().application_count()), 1);
    assert_eq!(world.ask(world.suite.registry().credentials(applicant)), None, "applying registers nobody");
}

#[test]
fn an_approved_newcomer_is_registered_with_the_role_and_nothing_else() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let application = apply(&mut world, &stranger, Role::Shop);
    let approval = world.suite.registry().approve(application, identity("stranger"), CARDS_END, Some([7; 32]));
    let done = world.send(&government, approval);
    let participant = done.value;
    assert_eq!(participant, 7);
    let registered = Registered {
        participant,
        account: stranger.id(),
        identity: identity("stranger"),
        roles: set(&[Role::Shop]),
        key: [7; 32],
        identity_valid_until: CARDS_END,
    };
    let approved = ApplicationApproved { application, participant };
    assert_eq!(world.events(&done.events), [Event::Registered(registered), Event::ApplicationApproved(approved)]);
    assert_eq!(status(&mut world, application), ApplicationStatus::Approved);
    assert_eq!(world.ask(world.suite.registry().open_application(stranger.id())), None);
    assert!(world.ask(world.suite.registry().check(stranger.id(), Role::Shop)));
    assert_eq!(world.ask(world.suite.registry().find(identity("stranger"))), Some(participant));
    let members = world.ask(world.suite.registry().role_members(Role::Shop, 0, 50));
    assert_eq!(members, [world.shop.number, participant]);
}

#[test]
fn without_a_key_the_applicants_own_bytes_are_the_key() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let application = apply(&mut world, &stranger, Role::Citizen);
    world.send(&government, world.suite.registry().approve(application, identity("stranger"), CARDS_END, None));
    let known = world.ask(world.suite.registry().credentials(stranger.id())).expect("it is registered");
    assert_eq!(known.key, stranger.account());
}

#[test]
fn a_participant_gets_a_further_role_and_must_be_itself() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let (participant, role) = (citizen.number, Role::Shop);
    let application = apply(&mut world, &citizen.actor, role);
    let error = Error::NotItsOwn { participant };
    let own = (identity("citizen"), CARDS_END, None);
    for (identity, until, key) in
        [(identity("somebody"), own.1, own.2), (own.0, CARDS_END - 1, own.2), (own.0, own.1, Some([1; 32]))]
    {
        let approval = world.suite.registry().approve(application, identity, until, key);
        world.refuses(&government, approval, error);
    }
    let key = Some(citizen.actor.account());
    let done = world.send(&government, world.suite.registry().approve(application, own.0, own.1, key));
    assert_eq!(done.value, participant);
    let granted = RoleGranted { participant, role };
    let approved = ApplicationApproved { application, participant };
    assert_eq!(world.events(&done.events), [Event::RoleGranted(granted), Event::ApplicationApproved(approved)]);
    assert!(world.ask(world.suite.registry().check(citizen.id(), Role::Shop)));
    assert!(world.ask(world.suite.registry().check(citizen.id(), Role::Citizen)));
    assert_eq!(world.ask(world.suite.registry().participant_count()), 6);
}

#[test]
fn a_denied_applicant_gets_nothing_and_may_apply_again() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let application = apply(&mut world, &stranger, Role::Shop);
    let done = world.send(&government, world.suite.registry().deny(application, 404));
    let denied = ApplicationDenied { application, reason: 404 };
    assert_eq!(world.events(&done.events), [Event::ApplicationDenied(denied)]);
    let record = world.ask(world.suite.registry().application(application)).expect("it stays");
    assert_eq!((record.status, record.reason), (ApplicationStatus::Denied, 404));
    assert_eq!(world.ask(world.suite.registry().credentials(stranger.id())), None);
    assert_eq!(world.ask(world.suite.registry().open_application(stranger.id())), None);
    assert_eq!(apply(&mut world, &stranger, Role::Shop), application + 1);
}

#[test]
fn an_application_is_decided_once() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let denied = apply(&mut world, &stranger, Role::Shop);
    world.send(&government, world.suite.registry().deny(denied, 1));
    let approved = apply(&mut world, &stranger, Role::Shop);
    world.send(&government, world.suite.registry().approve(approved, identity("stranger"), CARDS_END, None));
    for (application, status) in [(denied, ApplicationStatus::Denied), (approved, ApplicationStatus::Approved)] {
        let approval = world.suite.registry().approve(application, identity("other"), CARDS_END, None);
        world.refuses(&government, approval, wrong(status));
        world.refuses(&government, world.suite.registry().deny(application, 2), wrong(status));
    }
    let application = 3;
    let unknown = Error::UnknownApplication { application };
    let approval = world.suite.registry().approve(application, identity("other"), CARDS_END, None);
    world.refuses(&government, approval, unknown);
    world.refuses(&government, world.suite.registry().deny(application, 2), unknown);
    for applicant in [&stranger, &government] {
        world.refuses(applicant, world.suite.registry().withdraw_application(application), unknown);
        world.refuses(applicant, world.suite.registry().clear_application(application), unknown);
    }
}

#[test]
fn only_active_holders_of_the_roles_administering_role_decide() {
    let mut world = World::new();
    let stranger = Actor::named("applicant");
    let application = apply(&mut world, &stranger, Role::Shop);
    let mut others = world.outsiders(&[Role::Government]);
    others.push(world.administrator.clone());
    for other in &others {
        let approval = world.suite.registry().approve(application, identity("applicant"), CARDS_END, None);
        world.refuses(other, approval, Error::NotAllowed);
        world.refuses(other, world.suite.registry().deny(application, 1), Error::NotAllowed);
    }
    // The role that administers it now decides, and the one before no longer does.
    let (government, regulator) = (world.government.actor.clone(), world.regulator.actor.clone());
    world.send(&government, world.suite.registry().set_role_admin(Role::Shop, Role::Regulator));
    let approval = || (application, identity("applicant"), CARDS_END, None);
    let (a, b, c, d) = approval();
    world.refuses(&government, world.suite.registry().approve(a, b, c, d), Error::NotAllowed);
    world.refuses(&government, world.suite.registry().deny(application, 1), Error::NotAllowed);
    world.send(&regulator, world.suite.registry().approve(a, b, c, d));
    assert!(world.ask(world.suite.registry().check(stranger.id(), Role::Shop)));
}

#[test]
fn the_administrator_decides_about_government_as_it_grants_it() {
    let mut world = World::new();
    let (administrator, stranger) = (world.administrator.clone(), world.stranger.clone());
    let application = apply(&mut world, &stranger, Role::Government);
    world.send(&administrator, world.suite.registry().approve(application, identity("stranger"), CARDS_END, None));
    assert!(world.ask(world.suite.registry().check(stranger.id(), Role::Government)));
}

#[test]
fn nobody_decides_about_its_own_application() {
    let mut world = World::new();
    let government = world.government.clone();
    let application = apply(&mut world, &government.actor, Role::Bank);
    let own = Error::Application(ApplicationRefusal::IsTheApplicant);
    let approval = world.suite.registry().approve(application, identity("government"), CARDS_END, None);
    world.refuses(&government.actor, approval, own);
    world.refuses(&government.actor, world.suite.registry().deny(application, 1), own);
    let second = world.enrol("second department", &[Role::Government]);
    world.send(&second.actor, world.suite.registry().approve(application, identity("government"), CARDS_END, None));
    assert!(world.ask(world.suite.registry().check(government.id(), Role::Bank)));
}

#[test]
fn an_identity_that_is_registered_is_not_registered_again_by_an_application() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let application = apply(&mut world, &stranger, Role::Citizen);
    let approval = world.suite.registry().approve(application, identity("citizen"), CARDS_END, None);
    let error = Error::IdentityTaken { participant: world.citizen.number };
    world.refuses(&government, approval, error);
    let at = EARLIEST - 1;
    let approval = world.suite.registry().approve(application, identity("stranger"), at, None);
    world.refuses(&government, approval, Error::ImplausibleTime { at });
    assert_eq!(status(&mut world, application), ApplicationStatus::Open);
}

#[test]
fn an_account_has_one_open_application() {
    let mut world = World::new();
    let (stranger, citizen) = (world.stranger.clone(), world.citizen.actor.clone());
    let application = apply(&mut world, &stranger, Role::Shop);
    for role in [Role::Shop, Role::Citizen] {
        let error = Error::ApplicationOpen { application };
        world.refuses(&stranger, world.suite.registry().apply(role, DOCUMENT), error);
    }
    assert_eq!(apply(&mut world, &citizen, Role::Shop), application + 1, "another account has its own");
    world.send(&stranger, world.suite.registry().withdraw_application(application));
    assert_eq!(apply(&mut world, &stranger, Role::Citizen), application + 2);
}

#[test]
fn an_application_is_for_a_role_that_exists_and_is_not_held_yet() {
    let mut world = World::new();
    let (stranger, citizen) = (world.stranger.clone(), world.citizen.clone());
    let [unknown, undefined] = [Role::Custom(32), Role::Custom(4)];
    world.refuses(&stranger, world.suite.registry().apply(unknown, DOCUMENT), Error::UnknownRole { role: unknown });
    let error = Error::UndefinedRole { role: undefined };
    world.refuses(&stranger, world.suite.registry().apply(undefined, DOCUMENT), error);
    let error = Error::AlreadyHeld { role: Role::Citizen };
    world.refuses(&citizen.actor, world.suite.registry().apply(Role::Citizen, DOCUMENT), error);
    world.suspend(&citizen);
    let error = Error::WrongStatus { status: Status::Suspended };
    world.refuses(&citizen.actor, world.suite.registry().apply(Role::Shop, DOCUMENT), error);
    world.define(undefined);
    apply(&mut world, &stranger, undefined);
}

#[test]
fn a_role_that_was_granted_in_the_meantime_is_not_approved_again() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let application = apply(&mut world, &citizen.actor, Role::Shop);
    world.send(&government, world.suite.registry().grant(citizen.number, Role::Shop));
    let approval = world.suite.registry().approve(application, identity("citizen"), CARDS_END, None);
    world.refuses(&government, approval, Error::AlreadyHeld { role: Role::Shop });
}

#[test]
fn an_applicant_that_was_registered_in_the_meantime_gets_the_role_on_top() {
    let mut world = World::new();
    let government = world.government.actor.clone();
    let newcomer = Actor::named("newcomer");
    let application = apply(&mut world, &newcomer, Role::Shop);
    let person = world.enrol("newcomer", &[Role::Citizen]);
    let approval = world.suite.registry().approve(application, identity("newcomer"), CARDS_END, None);
    assert_eq!(world.send(&government, approval).value, person.number);
    assert!(world.ask(world.suite.registry().check(person.id(), Role::Shop)));
    assert!(world.ask(world.suite.registry().check(person.id(), Role::Citizen)));
}

#[test]
fn a_suspended_applicant_may_get_the_role_and_does_not_act_in_it() {
    let mut world = World::new();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let application = apply(&mut world, &citizen.actor, Role::Government);
    world.suspend(&citizen);
    world.send(&government, world.suite.registry().approve(application, identity("citizen"), CARDS_END, None));
    assert!(!world.ask(world.suite.registry().check(citizen.id(), Role::Government)));
    let definition = world.ask(world.suite.registry().role_definition(Role::Government)).expect("it exists");
    assert_eq!((definition.members, definition.active), (2, 1));
}

#[test]
fn withdrawing_frees_the_record_and_gives_the_deposit_back() {
    let mut world = World::new();
    let stranger = world.stranger.clone();
    let filed = world.send(&stranger, world.suite.registry().apply(Role::Shop, DOCUMENT));
    let application = filed.value;
    assert!(filed.cost.deposit > 0, "who applies pays for the record");
    let done = world.send(&stranger, world.suite.registry().withdraw_application(application));
    let withdrawn = ApplicationWithdrawn { application };
    assert_eq!(world.events(&done.events), [Event::ApplicationWithdrawn(withdrawn)]);
    must_be_given_back(filed.cost.deposit, done.cost.deposit);
    assert_eq!(world.ask(world.suite.registry().application(application)), None);
    assert_eq!(world.ask(world.suite.registry().open_application(stranger.id())), None);
    assert_eq!(world.ask(world.suite.registry().application_count()), 1, "its number is not given again");
    let unknown = Error::UnknownApplication { application };
    world.refuses(&stranger, world.suite.registry().withdraw_application(application), unknown);
}

/// What was freed came back: all of it, but for what the chain rounds down.
#[track_caller]
fn must_be_given_back(taken: i128, change: i128) {
    assert!((taken - 2..=taken).contains(&-change), "{taken} was taken and {} given back", -change);
}

#[test]
fn clearing_an_ended_one_gives_the_deposit_back_and_deciding_it_cost_nothing() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let filed = world.send(&stranger, world.suite.registry().apply(Role::Shop, DOCUMENT));
    let application = filed.value;
    let still_open = wrong(ApplicationStatus::Open);
    world.refuses(&stranger, world.suite.registry().clear_application(application), still_open);
    let denied = world.send(&government, world.suite.registry().deny(application, u16::MAX));
    assert_eq!(denied.cost.deposit, 0);
    let ended = wrong(ApplicationStatus::Denied);
    world.refuses(&stranger, world.suite.registry().withdraw_application(application), ended);
    let done = world.send(&stranger, world.suite.registry().clear_application(application));
    let cleared = ApplicationCleared { application };
    assert_eq!(world.events(&done.events), [Event::ApplicationCleared(cleared)]);
    must_be_given_back(filed.cost.deposit, done.cost.deposit);
    assert_eq!(world.ask(world.suite.registry().application(application)), None);
}

#[test]
fn clearing_an_older_one_leaves_the_open_one_alone() {
    let mut world = World::new();
    let (government, stranger) = (world.government.actor.clone(), world.stranger.clone());
    let older = apply(&mut world, &stranger, Role::Shop);
    world.send(&government, world.suite.registry().deny(older, 1));
    let open = apply(&mut world, &stranger, Role::Shop);
    world.send(&stranger, world.suite.registry().clear_application(older));
    assert_eq!(world.ask(world.suite.registry().open_application(stranger.id())), Some(open));
    let error = Error::ApplicationOpen { application: open };
    world.refuses(&stranger, world.suite.registry().apply(Role::Citizen, DOCUMENT), error);
}

#[test]
fn nobody_but_the_account_that_applied_withdraws_or_clears() {
    let mut world = World::new();
    let (government, applicant) = (world.government.actor.clone(), Actor::named("applicant"));
    let ended = apply(&mut world, &applicant, Role::Shop);
    world.send(&government, world.suite.registry().deny(ended, 1));
    let open = apply(&mut world, &applicant, Role::Shop);
    let mut others = world.outsiders(&[]);
    others.extend([government, world.administrator.clone()]);
    for other in others {
        world.refuses(&other, world.suite.registry().withdraw_application(open), Error::NotAllowed);
        world.refuses(&other, world.suite.registry().clear_application(ended), Error::NotAllowed);
    }
}

#[test]
fn a_suspended_participant_still_withdraws_and_clears() {
    let mut world = World::new();
    let (government, citizen): (Actor, Person) = (world.government.actor.clone(), world.citizen.clone());
    let ended = apply(&mut world, &citizen.actor, Role::Shop);
    world.send(&government, world.suite.registry().deny(ended, 1));
    let open = apply(&mut world, &citizen.actor, Role::Shop);
    world.suspend(&citizen);
    world.send(&citizen.actor, world.suite.registry().withdraw_application(open));
    world.send(&citizen.actor, world.suite.registry().clear_application(ended));
}
