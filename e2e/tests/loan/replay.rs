//! A Pass is about one event of one case in one revision, for one contract on one chain, in one role, by one key (X1).

use crate::common::*;
use amanah_client::{Bundle, Chain};
use amanah_domain::{
    chaincode::Verdict,
    crypto::Native,
    flow::EventKind,
    layout::{domain_separator, VerdictStatement},
    roles::Role,
};
use amanah_e2e::lending::{sign_verdict, Lenders};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{CaseStatus, Code, Loan},
};
use scale::Encode;

#[test]
fn a_pass_over_anything_else_does_not_count_in_any_place() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let suite = cast.suite.clone();
    let other_event = lenders.ask(suite.loan().event_hash(ready.case)).map(|hash| hash.map(|byte| !byte));
    let other_event = other_event.expect("the case is there");
    let on_another_chain = domain_separator::<Native>(&[9; 32], &suite.loan);
    type Change<'a> = (&'a str, &'a dyn Fn(&mut VerdictStatement));
    let changes: [Change; 13] = [
        ("another contract", &|signed| signed.domain = suite.voucher_domain()),
        ("another chain", &|signed| signed.domain = on_another_chain),
        ("another case", &|signed| signed.case += 1),
        ("no case", &|signed| signed.case = 0),
        ("another revision", &|signed| signed.revision += 1),
        ("another event", &|signed| signed.event = other_event),
        ("another role", &|signed| signed.role ^= 1),
        ("a custom role", &|signed| signed.role += 32),
        ("another epoch", &|signed| signed.epoch += 1),
        ("another key", &|signed| signed.key = suite.loan),
        ("another verdict", &|signed| signed.verdict = Verdict::Failed),
        ("a later time", &|signed| signed.valid_until += 1),
        ("an earlier time", &|signed| signed.valid_until -= 1),
    ];
    for (place, oracle) in [&cast.bank, &cast.civil_affairs, &cast.department].into_iter().enumerate() {
        let honest = pass_with(&mut lenders, ready.case, oracle, |_| {});
        for (what, change) in changes {
            let mut other = honest.clone();
            change(&mut other);
            assert_ne!(other, honest, "{what}");
            let mut verdicts = ready.verdicts.clone();
            verdicts[place] = sign_verdict(&other, oracle);
            // Handed in as what the contract would have to see in it.
            (verdicts[place].verdict, verdicts[place].valid_until) = (honest.verdict, honest.valid_until);
            stores_nothing(&mut lenders, ready.case, &ready.event, &verdicts, Code::OracleFailed);
        }
    }
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn the_same_event_locked_again_needs_verdicts_of_its_own() {
    let (mut lenders, _) = stage();
    let first = ready_application(&mut lenders);
    let second = ready(&mut lenders, &first.event);
    assert_ne!(first.case, second.case);
    let hash = |lenders: &mut Lenders, case| lenders.world.ask(lenders.world.suite.loan().event_hash(case));
    assert_eq!(hash(&mut lenders, first.case), hash(&mut lenders, second.case));
    stores_nothing(&mut lenders, second.case, &second.event, &first.verdicts, Code::OracleFailed);
    stores_nothing(&mut lenders, first.case, &first.event, &second.verdicts, Code::OracleFailed);
    unlock_ready(&mut lenders, &first);
    // Nor do they once their own case has been executed.
    stores_nothing(&mut lenders, second.case, &second.event, &first.verdicts, Code::OracleFailed);
}

#[test]
fn verdicts_on_a_revision_that_failed_serve_no_later_one_of_the_same_event() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let failed = lenders.verdict(ready.case, &cast.department, Verdict::Failed);
    let unlock = cast.suite.loan().unlock(ready.case, ready.event.clone(), vec![failed.clone()]);
    lenders.send(&cast.stranger, unlock);
    lenders.send(&cast.citizen.actor, cast.suite.loan().revise(ready.case, ready.event.clone(), None));
    stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
    // Not even the Failed that ended the revision before.
    stores_nothing(&mut lenders, ready.case, &ready.event, &[failed], Code::OracleFailed);
    assert_eq!(lenders.case(ready.case).status, CaseStatus::Open);
    lenders.unlock(ready.case);
}

#[test]
fn a_verdict_for_one_loan_contract_is_worth_nothing_in_another_of_the_same_chain() {
    let (mut lenders, cast) = stage();
    let first = ready_application(&mut lenders);
    let hash = lenders.ask(cast.suite.loan().event_hash(first.case));

    // Another contract with the same flow, product and case, down to the numbers.
    let suite = lenders.suite.clone();
    let bundle = Bundle::load(&Bundle::folder(), "loan").expect("the bundle is built");
    let input = [ink::selector_bytes!("new").to_vec(), (suite.registry, suite.ledger, suite.genesis).encode()].concat();
    let (other, _) = lenders
        .chain
        .deploy(&cast.administrator.account(), &bundle, input, b"another".to_vec())
        .expect("a second loan contract is made");
    lenders.send(&cast.administrator, suite.ledger().set_suite_contract(other.into(), true));
    lenders.world.suite.loan = other;
    let oracles = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment];
    assert_eq!(lenders.configure(EventKind::LoanApplication, &oracles), first.event.flow);
    let usual = lenders.usual_offer();
    assert_eq!(lenders.offer(&cast.bank.actor, usual), lenders.product);
    let second = ready_application(&mut lenders);
    assert_eq!((second.case, &second.event), (first.case, &first.event));
    assert_eq!(lenders.world.ask(lenders.world.suite.loan().event_hash(second.case)), hash);

    stores_nothing(&mut lenders, second.case, &second.event, &first.verdicts, Code::OracleFailed);
    unlock_ready(&mut lenders, &second);
    lenders.world.suite.loan = cast.suite.loan;
    stores_nothing(&mut lenders, first.case, &first.event, &second.verdicts, Code::OracleFailed);
    unlock_ready(&mut lenders, &first);
}
