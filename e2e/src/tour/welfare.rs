//! The stops of the welfare contract: every message, in an order in which each succeeds.

use super::{stops::governance, Tour};
use crate::welfare::{injury_form, insurance_form, minimum_living_form, Offices};
use amanah_client::Chain;
use amanah_domain::{ids::WelfareCaseId, roles::Role, welfare::samples};
use amanah_interfaces::welfare::{Decision, Form, Payout, Scheme, Welfare};

pub fn visit_all<C: Chain>(tour: &mut Tour<Offices<C>>) {
    schemes(tour);
    applications(tour);
    let case = benefits(tour);
    premiums(tour);
    queries(tour, case);
    let contract = tour.world.suite.welfare;
    governance(tour, contract);
}

fn schemes<C: Chain>(tour: &mut Tour<Offices<C>>) {
    let suite = tour.world.suite.clone();
    let (government, payer) = (tour.world.government.actor.clone(), tour.world.payer.actor.clone());
    // In money, so that any Government may: vouchers are their programme's owner's to promise.
    let terms = tour.world.terms(Scheme { payout: Payout::Money, ..samples::school_meals() });
    let scheme = tour.send(&government, suite.welfare().create_scheme(terms));
    tour.send(&payer, suite.welfare().agree_to_pay(scheme));
    tour.send(&government, suite.welfare().retire_scheme(scheme));
    tour.ask(suite.welfare().scheme(scheme));
    tour.ask(suite.welfare().scheme_count());
    tour.ask(suite.welfare().has_agreed(scheme));
}

/// Given up, returned and supplemented, rejected, appealed, rejected for good; accepted by signed verdicts.
fn applications<C: Chain>(tour: &mut Tour<Offices<C>>) {
    let suite = tour.world.suite.clone();
    let (citizen, stranger) = (tour.world.citizen.actor.clone(), tour.world.stranger.clone());
    let injury = tour.world.injury;
    let apply = || suite.welfare().apply(injury, injury_form());
    let given_up = tour.send(&citizen, apply());
    tour.send(&citizen, suite.welfare().withdraw_application(given_up));

    let case = tour.send(&citizen, apply());
    let county = tour.world.reviewer_of(case).actor;
    tour.send(&county, suite.welfare().decide(case, 0, 0, Decision::Return, None, 1));
    tour.send(&citizen, suite.welfare().supplement(case, injury_form()));
    tour.world.decide(case, Decision::Reject, None);
    tour.send(&citizen, suite.welfare().appeal(case));
    let document = samples::document(samples::MEDICAL_RECORD).cid;
    let other = tour.world.second_reviewer(Role::WelfareDepartment);
    let seal = tour.world.seal(case, document, &other);
    tour.send(&other.actor, suite.welfare().add_document(case, document, seal));
    tour.ask(suite.welfare().verdict_hash(case, None));
    tour.ask(suite.welfare().worklist(Role::WelfareDepartment, 0, 10));
    tour.ask(suite.welfare().worklist_count(Role::WelfareDepartment));
    let verdict = tour.world.pass(case, &other, None);
    tour.send(&stranger, suite.welfare().decide_signed(case, None, vec![verdict]));
    tour.world.decide(case, Decision::Reject, None);
    tour.send(&stranger, suite.welfare().close_case(case));
}

/// Granted, paid, withdrawn, stopped, certified anew, ended; the case.
fn benefits<C: Chain>(tour: &mut Tour<Offices<C>>) -> WelfareCaseId {
    let suite = tour.world.suite.clone();
    let (citizen, payer) = (tour.world.citizen.clone(), tour.world.payer.clone());
    let (government, stranger) = (tour.world.government.actor.clone(), tour.world.stranger.clone());
    tour.world.funds(&payer, 100_000);
    let scheme = tour.world.minimum_living;
    let case = tour.world.grant(&citizen, scheme, minimum_living_form());
    tour.send(&stranger, suite.welfare().pay(case, 1));
    tour.send(&citizen.actor, suite.welfare().withdraw(tour.world.bank.number, 100));
    tour.send(&government, suite.welfare().suspend(case, 1));
    tour.send(&government, suite.welfare().resume(case));
    tour.send(&citizen.actor, suite.welfare().recertify(case, minimum_living_form()));
    tour.send(&government, suite.welfare().terminate(case, 1));
    case
}

/// A premium of which the employer pays a share.
fn premiums<C: Chain>(tour: &mut Tour<Offices<C>>) {
    let suite = tour.world.suite.clone();
    let (citizen, stranger) = (tour.world.citizen.clone(), tour.world.stranger.clone());
    let employer = tour.world.enrol("employer", &[Role::Employer]);
    let scheme = tour.world.scheme(Scheme { employer_share: 5_000, ..samples::insurance() });
    tour.world.funds(&citizen, 5_000);
    tour.world.funds(&employer, 5_000);
    let form = Form { employer: Some(employer.number), ..insurance_form() };
    let case = tour.world.grant(&citizen, scheme, form);
    tour.send(&employer.actor, suite.welfare().agree_as_employer(case));
    tour.send(&stranger, suite.welfare().collect_premium(case, 1));
}

fn queries<C: Chain>(tour: &mut Tour<Offices<C>>, case: WelfareCaseId) {
    let suite = tour.world.suite.clone();
    let (citizen, bank) = (tour.world.citizen.number, tour.world.bank.number);
    tour.ask(suite.welfare().benefit_case(case)).expect("the case is there");
    tour.ask(suite.welfare().certificate(case)).expect("it was granted");
    tour.ask(suite.welfare().history(case, 0, 10));
    tour.ask(suite.welfare().cases_of(citizen, None, 10));
    tour.ask(suite.welfare().next_due(case));
    tour.ask(suite.welfare().credit(citizen, bank));
    tour.ask(suite.welfare().domain_separator());
    tour.ask(suite.welfare().registry());
    tour.ask(suite.welfare().ledger());
    tour.ask(suite.welfare().voucher());
    tour.ask(suite.welfare().version());
}
