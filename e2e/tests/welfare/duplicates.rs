//! One person, one exclusive benefit: refused when it applies, and again when the second would be granted.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{ids::WelfareCaseId, money::Amount, roles::Role, welfare::samples};
use amanah_e2e::{
    registration,
    welfare::{assistance_form, injury_form, minimum_living_form, Offices},
};
use amanah_interfaces::{
    registry::{self, Registration, Registry},
    welfare::{
        Action, Benefit, BenefitStatus, CaseOpened, Decision, Error, Form, Payout, Reason, Reasons, Scheme, Welfare,
    },
};

/// The automatic check has rejected the case for this alone.
#[track_caller]
fn is_a_duplicate(offices: &mut Offices, case: WelfareCaseId) {
    let record = offices.case(case);
    let reasons = Reasons::of(&[Reason::DuplicateBenefit]);
    assert_eq!((record.status, record.reasons, record.decided_by), (BenefitStatus::Rejected, reasons, 0));
}

/// The reviewers accept all stages but the last.
fn accept_up_to_the_last(offices: &mut Offices, case: WelfareCaseId) {
    let stages = offices.scheme_of(case).stages.len();
    while usize::from(offices.case(case).stage) + 1 < stages {
        let sets = offices.stage(case).action == Action::SetAmount;
        offices.decide(case, Decision::Accept, sets.then_some(250));
    }
}

/// The last stage's acceptance is refused, from a reviewer's account as by a signature.
#[track_caller]
fn cannot_be_granted(offices: &mut Offices, case: WelfareCaseId, expected: Error) {
    let (reviewer, stranger, suite) = (offices.reviewer_of(case), offices.stranger.clone(), offices.suite.clone());
    let accept = offices.decision(case, Decision::Accept, None, 0);
    offices.refuses(&reviewer.actor, accept, expected);
    let verdict = offices.pass(case, &reviewer, None);
    offices.refuses(&stranger, suite.welfare().decide_signed(case, None, vec![verdict]), expected);
}

#[test]
fn who_has_a_benefit_is_refused_another_one_when_it_applies() {
    let (mut offices, cast) = stage();
    let running = offices.granted_injury();
    let assistance = offices.assistance;
    let applicant = cast.citizen.number;
    let done = offices.send(&cast.citizen.actor, cast.welfare().apply(assistance, assistance_form()));
    let case = done.value;
    is_a_duplicate(&mut offices, case);
    let reasons = Reasons::of(&[Reason::DuplicateBenefit]);
    let opened =
        CaseOpened { case, applicant, scheme: assistance, status: BenefitStatus::Rejected, reasons, missing: 0 };
    assert_eq!(own_events(&offices, &done)[0], Event::CaseOpened(opened));
    // The same scheme once more is another benefit too; and somebody else's is not affected.
    let again = offices.apply(&cast.citizen, offices.injury, injury_form());
    is_a_duplicate(&mut offices, again);
    let neighbour = offices.applicant("neighbour");
    offices.grant(&neighbour, offices.injury, injury_form());
    // A suspended benefit goes on sooner or later, so it counts.
    offices.send(&cast.regulator.actor, cast.welfare().suspend(running, 1));
    let meanwhile = offices.apply(&cast.citizen, offices.minimum_living, minimum_living_form());
    is_a_duplicate(&mut offices, meanwhile);
}

#[test]
fn of_two_open_applications_the_second_is_not_granted_until_the_first_benefit_has_ended() {
    let (mut offices, cast) = stage();
    let first = offices.apply(&cast.citizen, offices.injury, injury_form());
    let second = offices.apply(&cast.citizen, offices.assistance, assistance_form());
    accept_up_to_the_last(&mut offices, first);
    accept_up_to_the_last(&mut offices, second);
    offices.accept_all(first, 0);
    let duplicate = Error::HasBenefit { participant: cast.citizen.number };
    cannot_be_granted(&mut offices, second, duplicate);
    offices.send(&cast.regulator.actor, cast.welfare().suspend(first, 1));
    cannot_be_granted(&mut offices, second, duplicate);
    assert_eq!(offices.status(second), BenefitStatus::Review);

    offices.send(&cast.citizen.actor, cast.welfare().terminate(first, 1));
    offices.accept_all(second, 0);
    assert_eq!(offices.status(second), BenefitStatus::Running);
    let third = offices.apply(&cast.citizen, offices.injury, injury_form());
    is_a_duplicate(&mut offices, third);
}

#[test]
fn an_appeal_or_more_papers_bring_no_second_benefit_either() {
    let (mut offices, cast) = stage();
    let no_papers = Form { documents: Vec::new(), ..injury_form() };
    let returned = offices.apply(&cast.citizen, offices.injury, no_papers);
    assert_eq!(offices.status(returned), BenefitStatus::Returned);
    let running = offices.granted_injury();
    offices.send(&cast.citizen.actor, cast.welfare().supplement(returned, injury_form()));
    is_a_duplicate(&mut offices, returned);
    offices.send(&cast.citizen.actor, cast.welfare().appeal(returned));
    accept_up_to_the_last(&mut offices, returned);
    cannot_be_granted(&mut offices, returned, Error::HasBenefit { participant: cast.citizen.number });
    offices.send(&cast.regulator.actor, cast.welfare().terminate(running, 1));
    offices.accept_all(returned, 0);
    assert_eq!(offices.status(returned), BenefitStatus::Running);
}

#[test]
fn after_the_last_payment_another_benefit_is_possible() {
    let (mut offices, cast) = stage();
    let once = offices.scheme(Scheme { most_payments: 1, ..samples::welfare() });
    offices.funds(&cast.payer, 1_000);
    for _ in 0..2 {
        let case = offices.grant(&cast.citizen, once, injury_form());
        let other = offices.apply(&cast.citizen, offices.injury, injury_form());
        is_a_duplicate(&mut offices, other);
        offices.pay(case, 1);
        assert_eq!(offices.status(case), BenefitStatus::Ended);
    }
    offices.grant(&cast.citizen, offices.injury, injury_form());
}

#[test]
fn what_excludes_nothing_stands_beside_a_benefit_before_and_after() {
    let (mut offices, cast) = stage();
    let programme = offices.world.programme(offices.world.terms());
    let payout = Payout::Voucher { programme, category: 0 };
    let benefit = Benefit::Fixed(Amount::new(60));
    let beside = offices.scheme(Scheme { exclusive: false, payout, benefit, ..samples::welfare() });
    offices.grant(&cast.citizen, beside, injury_form());
    let insurance = offices.granted_insurance();
    let exclusive = offices.granted_injury();
    let second = offices.grant(&cast.citizen, beside, injury_form());
    let again = offices.granted_insurance();
    // That these end frees nobody from the one that excludes.
    for case in [insurance, second, again] {
        offices.send(&cast.regulator.actor, cast.welfare().terminate(case, 1));
    }
    let other = offices.apply(&cast.citizen, offices.assistance, assistance_form());
    is_a_duplicate(&mut offices, other);
    offices.send(&cast.regulator.actor, cast.welfare().terminate(exclusive, 1));
    offices.grant(&cast.citizen, offices.assistance, assistance_form());
}

#[test]
fn a_person_that_moved_to_another_account_is_still_the_same_person() {
    let (mut offices, cast) = stage();
    let running = offices.granted_injury();
    let phone = offices.rebind(&cast.citizen, &Actor::named("new phone"));
    let case = offices.apply(&phone, offices.assistance, assistance_form());
    is_a_duplicate(&mut offices, case);
    // The account that it had is nobody's, and brings nobody a second benefit.
    let apply = cast.welfare().apply(offices.assistance, assistance_form());
    offices.refuses(&cast.citizen.actor, apply, Error::NotAllowed);
    offices.send(&phone.actor, cast.welfare().terminate(running, 1));
    offices.grant(&phone, offices.assistance, assistance_form());
    // A second registration of the same identity would be a second person; the registry makes none.
    let account = Actor::named("a third phone").id();
    let again = Registration { account, ..registration("citizen", &[Role::Citizen]) };
    let taken = registry::Error::IdentityTaken { participant: phone.number };
    offices.refuses(&cast.government.actor, cast.registry().register(again), taken);
}
