//! Pausing stops new business, and never what was granted, or who wants out.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{roles::Role, welfare::samples};
use amanah_e2e::welfare::{injury_form, insurance_form, minimum_living_form};
use amanah_interfaces::{
    governance::{self, GovernanceRefusal, Governed, Paused, Unpaused},
    welfare::{BenefitStatus, Decision, Error, Form, Scheme, Welfare},
};

#[test]
fn administrator_and_regulator_pause_the_contract_and_let_it_go_on_and_nobody_else_does() {
    let (mut offices, cast) = stage();
    let governance = || cast.suite.governance(cast.suite.welfare);
    let refused = governance::Error::Refused(GovernanceRefusal::NotAllowed);
    for outsider in [&cast.government.actor, &cast.payer.actor, &cast.citizen.actor, &cast.stranger] {
        offices.refuses(outsider, governance().pause(), refused);
        offices.refuses(outsider, governance().unpause(), refused);
    }
    for by in [&cast.administrator, &cast.regulator.actor] {
        let done = offices.send(by, governance().pause());
        assert_eq!(own_events(&offices, &done), [Event::Paused(Paused { by: by.id() })]);
        offices.changes_nothing(by, governance().pause());
        let done = offices.send(by, governance().unpause());
        assert_eq!(own_events(&offices, &done), [Event::Unpaused(Unpaused { by: by.id() })]);
        offices.changes_nothing(by, governance().unpause());
    }
}

#[test]
fn a_paused_contract_takes_no_scheme_no_application_and_no_decision_and_afterwards_all_of_them() {
    let (mut offices, cast) = stage();
    let injury = offices.injury;
    let [review, returned] = [0; 2].map(|_| offices.apply(&cast.citizen, injury, injury_form()));
    offices.decide(returned, Decision::Return, None);
    let reviewer = offices.reviewer_of(review);
    let verdict = offices.pass(review, &reviewer, None);
    let meals = offices.school_meals();
    let terms = offices.terms(meals);
    let messages = || {
        (
            cast.welfare().create_scheme(terms.clone()),
            cast.welfare().apply(injury, injury_form()),
            cast.welfare().supplement(returned, injury_form()),
        )
    };
    let decide = |decision| cast.welfare().decide(review, 0, 0, decision, None, 1);

    pause(&mut offices);
    let (create, apply, supplement) = messages();
    offices.refuses(&cast.government.actor, create, Error::Paused);
    offices.refuses(&cast.citizen.actor, apply, Error::Paused);
    offices.refuses(&cast.citizen.actor, supplement, Error::Paused);
    for decision in [Decision::Accept, Decision::Return, Decision::Reject] {
        offices.refuses(&reviewer.actor, decide(decision), Error::Paused);
    }
    let signed = cast.welfare().decide_signed(review, None, vec![verdict.clone()]);
    offices.refuses(&cast.stranger, signed, Error::Paused);

    unpause(&mut offices);
    let (create, apply, supplement) = messages();
    offices.send(&cast.government.actor, create);
    offices.send(&cast.citizen.actor, apply);
    offices.send(&cast.citizen.actor, supplement);
    offices.send(&cast.stranger, cast.welfare().decide_signed(review, None, vec![verdict]));
    offices.decide(review, Decision::Accept, None);
}

#[test]
fn a_paused_contract_pays_and_collects_what_is_due_and_lets_out_who_wants_out() {
    let (mut offices, cast) = stage();
    let (citizen, regulator, stranger) = (&cast.citizen.actor, &cast.regulator.actor, &cast.stranger);
    let employer = offices.enrol("employer", &[Role::Employer]);
    let shared = offices.scheme(Scheme { employer_share: 5_000, ..samples::insurance() });
    let meals = offices.school_meals();
    let terms = offices.terms(meals);
    let new = offices.send(&cast.government.actor, cast.welfare().create_scheme(terms)).value;
    for person in [&cast.citizen, &employer, &cast.payer] {
        offices.funds(person, 10_000);
    }
    let injury = offices.injury;
    let [review, withdrawn, appealed, closed] = [0; 4].map(|_| offices.apply(&cast.citizen, injury, injury_form()));
    for rejected in [appealed, closed] {
        offices.decide(rejected, Decision::Reject, None);
    }
    let form = Form { employer: Some(employer.number), ..insurance_form() };
    let insurance = offices.grant(&cast.citizen, shared, form);
    let benefit = offices.grant(&cast.citizen, offices.minimum_living, minimum_living_form());
    let reviewer = offices.reviewer_of(review);
    let document = samples::document(samples::MEDICAL_RECORD).cid;
    let seal = offices.seal(review, document, &reviewer);

    pause(&mut offices);
    offices.send(citizen, cast.welfare().appeal(appealed));
    offices.send(citizen, cast.welfare().withdraw_application(withdrawn));
    offices.send(&reviewer.actor, cast.welfare().add_document(review, document, seal));
    offices.send(&cast.payer.actor, cast.welfare().agree_to_pay(new));
    offices.send(&employer.actor, cast.welfare().agree_as_employer(insurance));
    offices.send(&cast.government.actor, cast.welfare().retire_scheme(new));
    offices.chain.set_time(SECOND);
    offices.send(stranger, cast.welfare().close_case(closed));
    for period in [1, 2] {
        offices.send(stranger, cast.welfare().pay(benefit, period));
        offices.send(stranger, cast.welfare().collect_premium(insurance, period));
    }
    offices.send(citizen, cast.welfare().withdraw(cast.bank.number, 1_200));
    assert_eq!((offices.balance(&cast.citizen), offices.balance(&employer)), (10_000 - 160 + 1_200, 10_000 - 160));
    offices.send(regulator, cast.welfare().suspend(benefit, 1));
    offices.send(regulator, cast.welfare().resume(benefit));
    offices.send(citizen, cast.welfare().recertify(benefit, minimum_living_form()));
    for case in [benefit, insurance] {
        offices.send(citizen, cast.welfare().terminate(case, 1));
    }
    for (case, status) in [
        (review, BenefitStatus::Review),
        (appealed, BenefitStatus::Review),
        (withdrawn, BenefitStatus::Ended),
        (closed, BenefitStatus::Ended),
        (benefit, BenefitStatus::Ended),
        (insurance, BenefitStatus::Ended),
    ] {
        assert_eq!(offices.status(case), status);
    }
    assert!(offices.ask(cast.suite.governance(cast.suite.welfare).governance()).paused);
}

#[test]
fn a_paused_ledger_stops_no_benefit_and_no_premium() {
    let (mut offices, cast) = stage();
    let benefit = offices.granted_injury();
    let insurance = offices.granted_insurance();
    offices.send(&cast.administrator, cast.suite.governance(cast.suite.ledger).pause());
    offices.pay(benefit, 1);
    offices.send(&cast.stranger, cast.welfare().collect_premium(insurance, 1));
    offices.send(&cast.citizen.actor, cast.welfare().withdraw(cast.bank.number, 400));
    assert_eq!(offices.balance(&cast.citizen), 5_000 - 160 + 400);
}
