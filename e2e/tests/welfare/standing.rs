//! How somebody must stand when a benefit is granted, and what becomes of a running benefit when that changes.

use crate::common::*;
use amanah_client::Actor;
use amanah_domain::{
    ids::{SchemeId, WelfareCaseId},
    money::Amount,
    roles::Role,
    time::{Millis, DAY},
    welfare::samples,
};
use amanah_e2e::{
    registration,
    welfare::{injury_form, minimum_living_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    registry::{Registration, Registry},
    voucher::{self, Voucher},
    welfare::{Benefit, BenefitStatus, Decision, Error, Payout, Reason, Reasons, Scheme, Welfare},
};

/// A case of the work injury's that only the last stage has to accept.
fn nearly_granted(offices: &mut Offices, applicant: &Person) -> WelfareCaseId {
    let case = offices.apply(applicant, offices.injury, injury_form());
    offices.decide(case, Decision::Accept, None);
    offices.decide(case, Decision::Accept, None);
    case
}

/// The last stage's acceptance is refused, from a reviewer's account as by a signature.
#[track_caller]
fn cannot_be_granted(offices: &mut Offices, case: WelfareCaseId) {
    let expected = Error::NotInGoodStanding { participant: offices.case(case).applicant };
    let (reviewer, stranger, suite) = (offices.reviewer_of(case), offices.stranger.clone(), offices.suite.clone());
    let accept = offices.decision(case, Decision::Accept, None, 0);
    offices.refuses(&reviewer.actor, accept, expected);
    let verdict = offices.pass(case, &reviewer, None);
    offices.refuses(&stranger, suite.welfare().decide_signed(case, None, vec![verdict]), expected);
}

#[track_caller]
fn is_granted(offices: &mut Offices, case: WelfareCaseId) {
    offices.decide(case, Decision::Accept, None);
    assert_eq!(offices.status(case), BenefitStatus::Running);
}

/// Somebody whose identity card ends then.
fn with_card_until(offices: &mut Offices, name: &str, identity_valid_until: Millis) -> Person {
    let government = offices.government.actor.clone();
    let row = Registration { identity_valid_until, ..registration(name, &[Role::Citizen]) };
    let message = offices.suite.registry().register(row);
    let number = offices.send(&government, message).value;
    Person { actor: Actor::named(name), number }
}

/// A scheme that pays vouchers of a programme of which the welfare contract may create some.
fn in_vouchers(offices: &mut Offices, cast: &Cast) -> SchemeId {
    let terms = offices.world.terms();
    let programme = offices.programme(terms);
    let allow = cast.suite.voucher().set_issuer(programme, cast.suite.welfare.into(), true);
    offices.send(&cast.government.actor, allow);
    let payout = Payout::Voucher { programme, category: 0 };
    let benefit = Benefit::Fixed(Amount::new(60));
    offices.scheme(Scheme { payout, benefit, exclusive: false, ..samples::welfare() })
}

#[track_caller]
fn cannot_pay(offices: &mut Offices, case: WelfareCaseId, period: u16, expected: Error) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().pay(case, period));
    offices.refuses(&stranger, message, expected);
}

#[test]
fn who_was_suspended_after_applying_is_granted_nothing_until_it_is_reinstated() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    offices.suspend(&cast.citizen);
    // Reviewers go on; only the grant waits.
    for _ in 0..2 {
        offices.decide(case, Decision::Accept, None);
    }
    cannot_be_granted(&mut offices, case);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(cast.citizen.number));
    is_granted(&mut offices, case);
}

#[test]
fn who_was_blacklisted_after_applying_is_granted_nothing_until_the_mark_is_gone() {
    let (mut offices, cast) = stage();
    let case = nearly_granted(&mut offices, &cast.citizen);
    offices.send(&cast.regulator.actor, cast.registry().blacklist(cast.citizen.number, 1));
    cannot_be_granted(&mut offices, case);
    offices.send(&cast.regulator.actor, cast.registry().clear_blacklist(cast.citizen.number));
    is_granted(&mut offices, case);
}

#[test]
fn whose_card_ends_after_applying_is_granted_a_benefit_in_its_last_millisecond_and_none_afterwards() {
    let (mut offices, _) = stage();
    let end = START + 10 * DAY;
    let cases = ["first", "second", "third"].map(|name| {
        let applicant = with_card_until(&mut offices, name, end);
        nearly_granted(&mut offices, &applicant)
    });
    offices.chain.set_time(end - 1);
    is_granted(&mut offices, cases[0]);
    offices.chain.set_time(end);
    cannot_be_granted(&mut offices, cases[1]);
    offices.chain.set_time(end + DAY);
    cannot_be_granted(&mut offices, cases[2]);
}

#[test]
fn who_lost_the_role_that_may_apply_is_granted_nothing_until_it_has_it_again() {
    let (mut offices, cast) = stage();
    let case = nearly_granted(&mut offices, &cast.citizen);
    offices.send(&cast.government.actor, cast.registry().revoke(cast.citizen.number, Role::Citizen));
    cannot_be_granted(&mut offices, case);
    offices.send(&cast.government.actor, cast.registry().grant(cast.citizen.number, Role::Citizen));
    is_granted(&mut offices, case);
}

#[test]
fn whoever_cannot_get_a_benefit_can_still_be_refused_one_or_asked_for_papers() {
    let (mut offices, cast) = stage();
    let [first, second] = [0; 2].map(|_| nearly_granted(&mut offices, &cast.citizen));
    offices.suspend(&cast.citizen);
    offices.decide(first, Decision::Return, None);
    offices.decide(second, Decision::Reject, None);
    assert_eq!(offices.status(first), BenefitStatus::Returned);
    assert_eq!(offices.status(second), BenefitStatus::Rejected);
}

#[test]
fn a_suspended_beneficiarys_benefit_is_paid_into_its_credit_and_waits_there() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.suspend(&cast.citizen);
    offices.pay(case, 1);
    assert_eq!(offices.credit(&cast.citizen), 400);
    let withdraw = || cast.welfare().withdraw(cast.bank.number, 400);
    offices.refuses(&cast.citizen.actor, withdraw(), Error::NotAllowed);
    assert!(offices.ask(cast.welfare().certificate(case)).expect("it was granted").is_valid);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(cast.citizen.number));
    offices.send(&cast.citizen.actor, withdraw());
    offices.check_books(&[&cast.citizen]);
}

#[test]
fn a_mark_an_old_card_or_a_lost_role_ends_no_benefit_that_runs() {
    let (mut offices, cast) = stage();
    let end = START + DAY;
    let citizen = with_card_until(&mut offices, "somebody", end);
    offices.funds(&cast.payer, 10_000);
    let case = offices.grant(&citizen, offices.injury, injury_form());
    offices.chain.set_time(SECOND);
    offices.send(&cast.regulator.actor, cast.registry().blacklist(citizen.number, 1));
    offices.send(&cast.government.actor, cast.registry().revoke(citizen.number, Role::Citizen));
    for period in [1, 2] {
        offices.pay(case, period);
    }
    offices.send(&citizen.actor, cast.welfare().withdraw(cast.bank.number, 800));
    assert_eq!(offices.balance(&citizen), 800);
}

#[test]
fn no_voucher_is_created_for_who_may_have_none_and_it_is_made_up_for_afterwards() {
    let (mut offices, cast) = stage();
    let scheme = in_vouchers(&mut offices, &cast);
    let participant = cast.citizen.number;
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    let neighbour = offices.applicant("neighbour");
    let of_neighbour = offices.grant(&neighbour, scheme, injury_form());
    let not_eligible = Error::Voucher(voucher::Error::HolderNotEligible { participant });

    offices.suspend(&cast.citizen);
    cannot_pay(&mut offices, case, 1, Error::NotInGoodStanding { participant });
    offices.pay(of_neighbour, 1);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(participant));
    offices.send(&cast.regulator.actor, cast.registry().blacklist(participant, 1));
    cannot_pay(&mut offices, case, 1, not_eligible);
    offices.send(&cast.regulator.actor, cast.registry().clear_blacklist(participant));
    offices.send(&cast.government.actor, cast.registry().revoke(participant, Role::Citizen));
    cannot_pay(&mut offices, case, 1, not_eligible);
    offices.send(&cast.government.actor, cast.registry().grant(participant, Role::Citizen));
    offices.chain.set_time(SECOND);
    for period in [1, 2] {
        offices.pay(case, period);
    }
}

#[test]
fn no_voucher_is_created_once_the_card_has_ended() {
    let (mut offices, cast) = stage();
    let scheme = in_vouchers(&mut offices, &cast);
    let end = SECOND;
    let citizen = with_card_until(&mut offices, "somebody", end);
    let case = offices.grant(&citizen, scheme, injury_form());
    offices.chain.set_time(end - 1);
    offices.pay(case, 1);
    offices.chain.set_time(end);
    let expected = Error::Voucher(voucher::Error::HolderNotEligible { participant: citizen.number });
    cannot_pay(&mut offices, case, 2, expected);
}

#[test]
fn a_benefit_is_not_certified_anew_for_who_does_not_stand_well_and_every_reason_is_named() {
    let (mut offices, cast) = stage();
    let citizen = with_card_until(&mut offices, "somebody", START + DAY);
    let case = offices.grant(&citizen, offices.minimum_living, minimum_living_form());
    offices.send(&cast.regulator.actor, cast.registry().blacklist(citizen.number, 1));
    offices.suspend(&citizen);
    offices.send(&cast.government.actor, cast.registry().revoke(citizen.number, Role::Citizen));
    offices.chain.set_time(START + DAY);
    offices.send(&citizen.actor, cast.welfare().recertify(case, minimum_living_form()));
    let record = offices.case(case);
    let reasons = [Reason::NotRegistered, Reason::NotInGoodStanding, Reason::Blacklisted, Reason::CardExpired];
    assert_eq!((record.status, record.reasons), (BenefitStatus::Suspended, Reasons::of(&reasons)));
}
