//! Who stops a benefit, lets it go on and ends it: its scheme's owner, a regulator, and to end it the beneficiary too.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{ids::WelfareCaseId, roles::Role, time::DAY};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    registry::Registry,
    welfare::{BenefitStatus, CaseMoved, Decision, Deed, Entry, Error, Welfare},
};

/// What is told when that one has done this.
fn told(case: WelfareCaseId, by: &Person, deed: Deed, status: BenefitStatus, reason: u16) -> [Event; 1] {
    let stage = 2;
    let by = by.number;
    let entry = Entry { at: START + DAY, by, deed, round: 0, stage, status, amount: None, reason, document: None };
    [Event::CaseMoved(CaseMoved { case, by, entry })]
}

#[track_caller]
fn may_neither_stop_nor_start(offices: &mut Offices, who: &Actor, running: WelfareCaseId, suspended: WelfareCaseId) {
    let suite = offices.suite.clone();
    offices.refuses(who, suite.welfare().suspend(running, 1), Error::NotAllowed);
    offices.refuses(who, suite.welfare().resume(suspended), Error::NotAllowed);
}

#[track_caller]
fn may_not_end(offices: &mut Offices, who: &Actor, cases: [WelfareCaseId; 2]) {
    let suite = offices.suite.clone();
    for case in cases {
        offices.refuses(who, suite.welfare().terminate(case, 1), Error::NotAllowed);
    }
}

/// A benefit that runs, and a neighbour's that is suspended.
fn two_benefits(offices: &mut Offices) -> (WelfareCaseId, WelfareCaseId) {
    let running = offices.granted_injury();
    let neighbour = offices.applicant("neighbour");
    let suspended = offices.grant(&neighbour, offices.injury, injury_form());
    let (regulator, message) = (offices.regulator.actor.clone(), offices.suite.welfare().suspend(suspended, 1));
    offices.send(&regulator, message);
    (running, suspended)
}

#[test]
fn the_owner_and_regulators_stop_a_benefit_and_let_it_go_on_and_what_was_paid_stays() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.pay(case, 1);
    offices.chain.set_time(START + DAY);
    let before = offices.case(case);
    for (stops, starts) in [(&cast.government, &cast.regulator), (&cast.regulator, &cast.government)] {
        let done = offices.send(&stops.actor, cast.welfare().suspend(case, 7));
        let expected = told(case, stops, Deed::Suspended, BenefitStatus::Suspended, 7);
        assert_eq!(own_events(&offices, &done), expected);
        assert_eq!(offices.status(case), BenefitStatus::Suspended);
        let done = offices.send(&starts.actor, cast.welfare().resume(case));
        assert_eq!(own_events(&offices, &done), told(case, starts, Deed::Resumed, BenefitStatus::Running, 0));
        assert_eq!(offices.case(case), before);
    }
    assert_eq!(offices.credit(&cast.citizen), 400);
}

#[test]
fn the_owner_a_regulator_and_the_beneficiary_end_a_benefit_that_runs_or_is_suspended() {
    let (mut offices, cast) = stage();
    offices.funds(&cast.payer, 10_000);
    offices.chain.set_time(START + DAY);
    for by in [&cast.government, &cast.regulator, &cast.citizen] {
        for suspended in [false, true] {
            let case = offices.grant(&cast.citizen, offices.injury, injury_form());
            offices.pay(case, 1);
            if suspended {
                offices.send(&cast.regulator.actor, cast.welfare().suspend(case, 1));
            }
            let done = offices.send(&by.actor, cast.welfare().terminate(case, 9));
            assert_eq!(own_events(&offices, &done), told(case, by, Deed::Terminated, BenefitStatus::Ended, 9));
            let certificate = offices.ask(cast.welfare().certificate(case)).expect("it was granted");
            assert_eq!((certificate.is_valid, certificate.sum), (false, 400));
            offices.refuses(&cast.stranger, cast.welfare().pay(case, 2), wrong(BenefitStatus::Ended));
        }
    }
    // What was paid before is the beneficiary's.
    offices.send(&cast.citizen.actor, cast.welfare().withdraw(cast.bank.number, 2_400));
}

#[test]
fn nobody_else_stops_a_benefit_lets_it_go_on_or_ends_it() {
    let (mut offices, cast) = stage();
    let (running, suspended) = two_benefits(&mut offices);
    let mut others = offices.outsiders(&[Role::Government, Role::Regulator]);
    let other_owner = offices.enrol("second government", &[Role::Government]);
    others.extend([other_owner.actor, cast.administrator.clone(), cast.payer.actor.clone()]);
    for other in &others {
        may_neither_stop_nor_start(&mut offices, other, running, suspended);
        may_not_end(&mut offices, other, [running, suspended]);
    }
    let (citizen, neighbour) = (&cast.citizen.actor, &Actor::named("neighbour"));
    may_neither_stop_nor_start(&mut offices, citizen, running, suspended);
    may_neither_stop_nor_start(&mut offices, neighbour, running, suspended);
    may_not_end(&mut offices, citizen, [suspended; 2]);
    may_not_end(&mut offices, neighbour, [running; 2]);
}

#[test]
fn an_owner_whose_role_is_gone_or_who_is_suspended_supervises_no_more() {
    let (mut offices, cast) = stage();
    let (running, suspended) = two_benefits(&mut offices);
    let second = offices.enrol("second government", &[Role::Government]);
    let owner = &cast.government.actor;
    offices.send(&second.actor, cast.registry().revoke(cast.government.number, Role::Government));
    may_neither_stop_nor_start(&mut offices, owner, running, suspended);
    may_not_end(&mut offices, owner, [running, suspended]);
    offices.send(&second.actor, cast.registry().grant(cast.government.number, Role::Government));
    offices.suspend(&cast.government);
    may_neither_stop_nor_start(&mut offices, owner, running, suspended);
    may_not_end(&mut offices, owner, [running, suspended]);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(cast.government.number));
    offices.send(owner, cast.welfare().suspend(running, 1));
    offices.send(owner, cast.welfare().resume(running));
}

#[test]
fn a_suspended_beneficiary_ends_nothing_until_it_is_reinstated() {
    let (mut offices, cast) = stage();
    let case = offices.granted_injury();
    offices.suspend(&cast.citizen);
    may_not_end(&mut offices, &cast.citizen.actor, [case; 2]);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(cast.citizen.number));
    offices.send(&cast.citizen.actor, cast.welfare().terminate(case, 1));
}

#[test]
fn only_what_runs_is_stopped_only_what_is_stopped_goes_on_and_only_these_two_are_ended() {
    let (mut offices, cast) = stage();
    let regulator = &cast.regulator.actor;
    let [review, returned, rejected, ended] =
        [0; 4].map(|_| offices.apply(&cast.citizen, offices.injury, injury_form()));
    offices.decide(returned, Decision::Return, None);
    offices.decide(rejected, Decision::Reject, None);
    offices.send(&cast.citizen.actor, cast.welfare().withdraw_application(ended));
    for (case, status) in [
        (review, BenefitStatus::Review),
        (returned, BenefitStatus::Returned),
        (rejected, BenefitStatus::Rejected),
        (ended, BenefitStatus::Ended),
    ] {
        offices.refuses(regulator, cast.welfare().suspend(case, 1), wrong(status));
        offices.refuses(regulator, cast.welfare().resume(case), wrong(status));
        offices.refuses(regulator, cast.welfare().terminate(case, 1), wrong(status));
    }
    let (running, suspended) = two_benefits(&mut offices);
    offices.refuses(regulator, cast.welfare().resume(running), wrong(BenefitStatus::Running));
    offices.refuses(regulator, cast.welfare().suspend(suspended, 1), wrong(BenefitStatus::Suspended));
    let unknown = Error::UnknownCase { case: 99 };
    offices.refuses(regulator, cast.welfare().suspend(99, 1), unknown);
    offices.refuses(regulator, cast.welfare().resume(99), unknown);
    offices.refuses(regulator, cast.welfare().terminate(99, 1), unknown);
}
