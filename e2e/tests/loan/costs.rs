//! What unlocking costs: the same however much is stored, and for each oracle one signature and one record more.

use crate::common::*;
use amanah_client::{chain::raw, Chain, Cost};
use amanah_domain::{chaincode::Verdict, flow::EventKind, ids::ProductId, roles::Role};
use amanah_e2e::{
    lending::{sign_verdict, Lenders},
    Person,
};
use amanah_interfaces::{
    loan::{Event, Loan, Request},
    registry::Registry,
};

/// At most two per cent apart.
#[track_caller]
fn costs_the_same(what: &str, few: Cost, many: Cost) {
    let is_close = |one: u64, other: u64| one.abs_diff(other) * 50 <= one;
    assert!(is_close(few.ref_time, many.ref_time), "{what}: {few:?} and then {many:?}");
    assert!(is_close(few.proof_size, many.proof_size), "{what}: {few:?} and then {many:?}");
    assert_eq!(few.deposit, many.deposit, "{what}");
}

/// Somebody has a loan of this product, granted by the bank from its wallet.
fn borrow(lenders: &mut Lenders, borrower: &Person, product: ProductId) {
    let event = simple_application(lenders, borrower, product, 10, 12);
    let case = lock_by(lenders, borrower, &event);
    let (suite, bank) = (lenders.suite.clone(), lenders.bank.actor.clone());
    let hash = lenders.ask(suite.loan().event_hash(case)).expect("the case is there");
    lenders.send(&bank, suite.loan().submit_verdict(case, 0, hash, Verdict::Pass));
}

/// What locking, unlocking and listing cost for this borrower of the usual product.
fn daily_work(lenders: &mut Lenders, borrower: &Person) -> Vec<(&'static str, Cost)> {
    let (suite, stranger) = (lenders.suite.clone(), lenders.stranger.clone());
    let event = lenders.application_of(borrower, lenders.product, 1_000, 12);
    let locked = lenders.send(&borrower.actor, suite.loan().lock(event.clone(), None));
    let verdicts = lenders.passes(locked.value);
    let refused = lenders.send(&stranger, suite.loan().unlock(locked.value, event.clone(), verdicts[1..].to_vec()));
    let unlocked = lenders.send(&stranger, suite.loan().unlock(locked.value, event, verdicts));
    let loan = lenders.ask(suite.loan().loans_of(borrower.number, None, 1))[0].0;
    lenders.funds(borrower, 100);
    let repaid = lenders.send(&borrower.actor, suite.loan().repay(loan, 100));
    let names = ["lock", "unlock with too little", "unlock", "repay"];
    names.into_iter().zip([locked.cost, refused.cost, unlocked.cost, repaid.cost]).collect()
}

#[test]
fn unlocking_costs_the_same_with_ten_and_with_three_hundred_loans_stored() {
    let (mut lenders, cast) = stage();
    lenders.funds(&cast.bank, 1_000_000);
    let borrowers: Vec<_> =
        (0..10).map(|number| lenders.enrol(&format!("borrower {number}"), &[Role::Citizen])).collect();
    let lend_to_all = |lenders: &mut Lenders| {
        let product = simple_product(lenders);
        for borrower in &borrowers {
            borrow(lenders, borrower, product);
        }
    };
    lend_to_all(&mut lenders);
    // The first time makes items that later work only changes.
    daily_work(&mut lenders, &borrowers[0]);
    let few = daily_work(&mut lenders, &borrowers[1]);
    for _ in 1..30 {
        lend_to_all(&mut lenders);
    }
    let many = daily_work(&mut lenders, &borrowers[2]);
    let newest = lenders.ask(cast.suite.loan().loans_of(borrowers[2].number, None, 1))[0].0;
    assert!(newest > 300, "so many are stored");
    for ((what, few), (_, many)) in few.into_iter().zip(many) {
        costs_the_same(what, few, many);
    }
}

#[test]
fn each_oracle_adds_one_signature_and_one_record_to_the_cost_of_unlocking() {
    let (mut lenders, cast) = stage();
    let committee = lenders.enrol("neighbourhood committee", &[Role::NeighbourhoodCommittee]);
    let offices = [
        (Role::Bank, cast.bank.clone()),
        (Role::CivilAffairs, cast.civil_affairs.clone()),
        (Role::FinancialDepartment, cast.department.clone()),
        (Role::Regulator, cast.regulator.clone()),
        (Role::NeighbourhoodCommittee, committee),
    ];
    lenders.funds(&cast.bank, 1_000_000);
    // The first time makes items that later work only changes.
    let product = simple_product(&mut lenders);
    borrow(&mut lenders, &cast.citizen, product);
    let costs: Vec<_> = (1..=offices.len())
        .map(|count| {
            let (roles, people): (Vec<_>, Vec<_>) = offices[..count].iter().cloned().unzip();
            let flow = lenders.configure(EventKind::LoanApplication, &roles);
            let product = lenders.product_with(|offer| (offer.flow, offer.subsidised) = (flow, false));
            let request = Request::Loan { product, principal: 1_000, months: 12, facts: [7; 32] };
            let grantors = people.iter().map(|office| office.number).collect();
            let event = Event { flow, applicant: cast.citizen.number, grantors, request };
            let case = lenders.lock(&event);
            let pass = |office: &Person| {
                let statement = pass_with(&mut lenders, case, office, |_| {});
                sign_verdict(&statement, office)
            };
            let verdicts = people.iter().map(pass).collect();
            lenders.send(&cast.stranger, cast.suite.loan().unlock(case, event, verdicts)).cost
        })
        .collect();
    let more = |part: fn(&Cost) -> u64| -> Vec<u64> {
        let step = |pair: &[Cost]| part(&pair[1]).checked_sub(part(&pair[0])).expect("more oracles cost more");
        costs.windows(2).map(step).collect()
    };
    let question = cast.suite.registry().credentials_of(cast.bank.number);
    let question = lenders.chain.dry_run(&raw(&[0; 32], question)).expect("the registry answers").cost;
    for (increments, question) in
        [(more(|cost| cost.ref_time), question.ref_time), (more(|cost| cost.proof_size), question.proof_size)]
    {
        let mean = increments.iter().sum::<u64>() / 4;
        let is_close = |step: &u64| step.abs_diff(mean) * 10 <= mean;
        assert!(increments.iter().all(is_close), "one oracle costs more than another: {increments:?} of {costs:?}");
        assert!(mean < question, "an oracle costs {mean}; asking the registry about it alone would cost {question}");
    }
}
