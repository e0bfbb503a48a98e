//! Configuring flows: who may, what cannot be a flow, and which is the present one of its kind.

use crate::common::*;
use amanah_domain::{
    flow::{LEAST_VALIDITY, MOST_VALIDITY},
    roles::{Role, Roles},
    time::{Millis, DAY},
};
use amanah_e2e::World;
use amanah_interfaces::loan::{Error, EventKind, Flow, FlowConfigured, FlowRefusal, Loan};

const KINDS: [EventKind; 4] =
    [EventKind::LoanApplication, EventKind::InterestRefund, EventKind::CampaignClose, EventKind::Reschedule];

#[test]
fn the_latest_flow_of_a_kind_is_the_present_one_and_those_before_it_stay_as_they_were() {
    let mut world = World::new();
    let (suite, government) = (world.suite.clone(), world.government.actor.clone());
    for kind in KINDS {
        assert_eq!(world.ask(suite.loan().present_flow(kind)), 0);
    }
    let applicants = [Role::Shop, Role::Citizen];
    let mut flows = Vec::new();
    for (number, oracles) in [(1, vec![Role::CivilAffairs, Role::Bank]), (2, vec![Role::Bank])] {
        let kind = EventKind::LoanApplication;
        let terms = Flow { kind, applicants: Roles::of(&applicants).unwrap(), oracles: oracles.clone(), validity: DAY };
        let done = world.send(&government, suite.loan().configure_flow(kind, applicants.to_vec(), oracles, DAY));
        assert_eq!(done.value, number);
        let configured = FlowConfigured { flow: number, terms: terms.clone() };
        assert_eq!(world.events(&done.events), [Emitted::FlowConfigured(configured)]);
        assert_eq!(world.ask(suite.loan().present_flow(kind)), number);
        flows.push(terms);
    }
    assert_eq!(world.ask(suite.loan().flow(1)), Some(flows[0].clone()));
    assert_eq!(world.ask(suite.loan().flow(2)), Some(flows[1].clone()));
    for kind in &KINDS[1..] {
        assert_eq!(world.ask(suite.loan().present_flow(*kind)), 0, "{kind:?}");
    }
}

#[test]
fn nobody_but_government_configures_a_flow() {
    let mut world = World::new();
    let suite = world.suite.clone();
    for outsider in world.outsiders(&[Role::Government]) {
        let kind = EventKind::LoanApplication;
        let message = suite.loan().configure_flow(kind, vec![Role::Citizen], vec![Role::Bank], DAY);
        world.refuses(&outsider, message, Error::NotAllowed);
    }
}

/// Eight roles, the bank's among them.
const EIGHT: [Role; 8] = [
    Role::Bank,
    Role::CivilAffairs,
    Role::FinancialDepartment,
    Role::LoanAdministrator,
    Role::Regulator,
    Role::Auditor,
    Role::Charity,
    Role::Custom(31),
];

#[test]
fn a_flow_that_nobody_could_use_or_that_leaves_out_who_pays_is_refused() {
    let mut world = World::new();
    let (suite, government) = (world.suite.clone(), world.government.actor.clone());
    let mut refused = |kind, applicants: &[Role], oracles: &[Role], validity, refusal| {
        let message = suite.loan().configure_flow(kind, applicants.to_vec(), oracles.to_vec(), validity);
        world.refuses(&government, message, Error::Flow(refusal));
    };
    let (kind, citizens, bank) = (EventKind::LoanApplication, &[Role::Citizen][..], &[Role::Bank][..]);
    refused(kind, &[], bank, DAY, FlowRefusal::NoApplicants);
    refused(kind, &[Role::Citizen, Role::Custom(32)], bank, DAY, FlowRefusal::NoApplicants);
    refused(kind, citizens, &[], DAY, FlowRefusal::NoOracles);
    let nine = [&EIGHT[..], &[Role::Shop]].concat();
    refused(kind, citizens, &nine, DAY, FlowRefusal::TooManyOracles { most: 8, given: 9 });
    refused(kind, citizens, &[Role::Bank; 300], DAY, FlowRefusal::TooManyOracles { most: 8, given: 255 });
    let role = Role::Custom(32);
    refused(kind, citizens, &[Role::Bank, role], DAY, FlowRefusal::NoSuchRole { role });
    let twice = [Role::Bank, Role::CivilAffairs, Role::CivilAffairs];
    refused(kind, citizens, &twice, DAY, FlowRefusal::Repeated { role: Role::CivilAffairs });
    for (kind, oracles, role) in [
        (EventKind::LoanApplication, vec![Role::CivilAffairs, Role::FinancialDepartment], Role::Bank),
        (EventKind::InterestRefund, vec![Role::Bank], Role::FinancialDepartment),
        (EventKind::CampaignClose, vec![Role::Bank], Role::LoanAdministrator),
        (EventKind::Reschedule, vec![Role::CivilAffairs], Role::Bank),
    ] {
        refused(kind, citizens, &oracles, DAY, FlowRefusal::MustGrant { role });
    }
    let (least, most) = (LEAST_VALIDITY, MOST_VALIDITY);
    for wanted in [0, least - 1, most + 1, Millis::MAX] {
        refused(kind, citizens, bank, wanted, FlowRefusal::BadValidity { least, most, wanted });
    }
}

#[test]
fn a_flow_at_the_edge_of_what_is_allowed_is_configured() {
    let mut world = World::new();
    let (suite, government) = (world.suite.clone(), world.government.actor.clone());
    for (number, (kind, oracles, validity)) in (1..).zip([
        (EventKind::LoanApplication, EIGHT.to_vec(), LEAST_VALIDITY),
        (EventKind::InterestRefund, vec![Role::FinancialDepartment], MOST_VALIDITY),
        (EventKind::Reschedule, vec![Role::LoanAdministrator], 366 * DAY),
        (EventKind::CampaignClose, vec![Role::Bank, Role::LoanAdministrator], 3_600_000),
    ]) {
        let message = suite.loan().configure_flow(kind, vec![Role::Custom(0)], oracles.clone(), validity);
        assert_eq!(world.send(&government, message).value, number);
        assert_eq!(world.ask(suite.loan().flow(number)).map(|flow| flow.oracles), Some(oracles));
        assert_eq!(world.ask(suite.loan().present_flow(kind)), number);
    }
}
