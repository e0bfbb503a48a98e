//! What a participant's cases and loans show to whom, and lists page by page.

use crate::common::*;
use amanah_domain::{
    flow::{Event, EventKind},
    ids::{CaseId, LoanId, ParticipantId},
    roles::Role,
};
use amanah_e2e::lending::Lenders;
use amanah_interfaces::loan::{Case, Error, Inspection, Loan, LoanRecord, Verdict};

#[test]
fn a_participant_a_regulator_civil_affairs_and_a_bank_inspect_and_nobody_else() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    let open = lenders.interest_refund(loan);
    let case = lenders.lock(&open);
    let cases = [case, 1].map(|number| (number, lenders.case(number))).to_vec();
    let all = Inspection { cases, loans: vec![(loan, lenders.loan(loan))] };
    let inspect = || cast.suite.loan().inspect(cast.citizen.number, None, None, 50);
    for insider in [&cast.citizen, &cast.regulator, &cast.civil_affairs, &cast.bank] {
        assert_eq!(lenders.send(&insider.actor, inspect()).value, all, "{insider:?}");
    }
    for outsider in lenders.outsiders(&[Role::Regulator, Role::CivilAffairs, Role::Bank]) {
        lenders.refuses(&outsider, inspect(), Error::NotAllowed);
    }
    lenders.suspend(&cast.citizen);
    assert_eq!(lenders.send(&cast.citizen.actor, inspect()).value, all, "suspended, it still sees its own");
}

#[test]
fn who_inspects_somebody_without_cases_or_loans_finds_none() {
    let (mut lenders, cast) = stage();
    lenders.lend(12_000, 12);
    for participant in [cast.shop.number, 0, ParticipantId::MAX] {
        let found = lenders.send(&cast.regulator.actor, cast.suite.loan().inspect(participant, None, None, 50)).value;
        assert_eq!(found, Inspection { cases: Vec::new(), loans: Vec::new() });
    }
}

/// A page of what the regulator sees of the citizen.
fn page(lenders: &mut Lenders, case: Option<CaseId>, loan: Option<LoanId>, limit: u32) -> Inspection {
    let (regulator, citizen) = (lenders.regulator.actor.clone(), lenders.citizen.number);
    let message = lenders.suite.loan().inspect(citizen, case, loan, limit);
    lenders.send(&regulator, message).value
}

fn numbers_of_cases(page: &[(CaseId, Case)]) -> Vec<CaseId> {
    page.iter().map(|(number, _)| *number).collect()
}

fn numbers_of_loans(page: &[(LoanId, LoanRecord)]) -> Vec<LoanId> {
    page.iter().map(|(number, _)| *number).collect()
}

#[test]
fn cases_are_listed_newest_first_and_followed_from_page_to_page_past_those_of_others() {
    let (mut lenders, cast) = stage();
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let mut mine = Vec::new();
    for round in 0..53 {
        let event = lenders.application(1_000 + round, 12);
        mine.push(lenders.lock(&event));
        let theirs = lenders.application_of(&neighbour, lenders.product, 1_000, 12);
        lock_by(&mut lenders, &neighbour, &theirs);
    }
    mine.reverse();
    assert_eq!(numbers_of_cases(&page(&mut lenders, None, None, 0).cases), mine[..0]);
    assert_eq!(numbers_of_cases(&page(&mut lenders, None, None, 2).cases), mine[..2]);
    for limit in [25, 26, u32::MAX] {
        assert_eq!(numbers_of_cases(&page(&mut lenders, None, None, limit).cases), mine[..25], "no more than 25");
    }
    let mut all = Vec::new();
    let mut next = None;
    loop {
        let cases = page(&mut lenders, next, None, 20).cases;
        all.extend(numbers_of_cases(&cases));
        match cases.last() {
            Some((_, last)) if last.previous != 0 => next = Some(last.previous),
            _ => break,
        }
    }
    assert_eq!(all, mine);
    let oldest = mine[mine.len() - 1];
    assert_eq!(numbers_of_cases(&page(&mut lenders, Some(oldest), None, 50).cases), [oldest]);
    // Where somebody else's case is given, or none, nothing is listed.
    for start in [0, 2, 999, u64::MAX] {
        assert_eq!(numbers_of_cases(&page(&mut lenders, Some(start), None, 50).cases), mine[..0]);
    }
    let theirs = lenders.send(&neighbour.actor, cast.suite.loan().inspect(neighbour.number, None, None, 1)).value;
    assert_eq!(numbers_of_cases(&theirs.cases), [106]);
}

#[test]
fn loans_are_listed_newest_first_and_followed_from_page_to_page_past_those_of_others() {
    let (mut lenders, cast) = stage();
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let mut mine = Vec::new();
    lenders.funds(&cast.bank, 10_000);
    for round in 0..53 {
        let product = simple_product(&mut lenders);
        for borrower in [&cast.citizen, &neighbour] {
            let event = simple_application(&mut lenders, borrower, product, 10, 12);
            let case = lock_by(&mut lenders, borrower, &event);
            let hash = lenders.ask(cast.suite.loan().event_hash(case)).expect("the case is there");
            let submit = cast.suite.loan().submit_verdict(case, 0, hash, Verdict::Pass);
            lenders.send(&cast.bank.actor, submit);
        }
        mine.push(2 * round + 1);
    }
    mine.reverse();
    let list = |lenders: &mut Lenders, start, limit| {
        let listed = lenders.ask(cast.suite.loan().loans_of(cast.citizen.number, start, limit));
        // A page of an inspection is the same, but for its size.
        assert_eq!(page(lenders, Some(0), start, limit).loans, listed[..listed.len().min(25)]);
        listed
    };
    assert_eq!(list(&mut lenders, None, 0), []);
    assert_eq!(numbers_of_loans(&list(&mut lenders, None, 2)), mine[..2]);
    for limit in [50, 51, u32::MAX] {
        assert_eq!(numbers_of_loans(&list(&mut lenders, None, limit)), mine[..50], "no more than 50");
    }
    let mut all = Vec::new();
    let mut next = None;
    loop {
        let loans = list(&mut lenders, next, 20);
        all.extend(numbers_of_loans(&loans));
        match loans.last() {
            Some((_, last)) if last.previous != 0 => next = Some(last.previous),
            _ => break,
        }
    }
    assert_eq!(all, mine);
    for (number, record) in list(&mut lenders, None, 3) {
        assert_eq!(lenders.loan(number), record);
    }
    for start in [0, 2, 999, u64::MAX] {
        assert_eq!(list(&mut lenders, Some(start), 50), []);
    }
    assert_eq!(lenders.ask(cast.suite.loan().loans_of(cast.shop.number, None, 50)), []);
}

#[test]
fn an_inspection_of_somebody_with_many_of_the_largest_cases_and_loans_fits_into_an_answer() {
    let (mut lenders, cast) = stage();
    lenders.funds(&cast.bank, 500);
    for _ in 0..50 {
        let product = simple_product(&mut lenders);
        let event = simple_application(&mut lenders, &cast.citizen, product, 10, 12);
        let case = lenders.lock(&event);
        let hash = lenders.ask(cast.suite.loan().event_hash(case)).expect("the case is there");
        lenders.send(&cast.bank.actor, cast.suite.loan().submit_verdict(case, 0, hash, Verdict::Pass));
    }
    // Cases with as many oracles as there may be.
    let offices = [
        (Role::Bank, &cast.bank),
        (Role::CivilAffairs, &cast.civil_affairs),
        (Role::FinancialDepartment, &cast.department),
        (Role::Government, &cast.government),
        (Role::Regulator, &cast.regulator),
        (Role::LoanAdministrator, &cast.officer),
        (Role::Investor, &cast.investor),
        (Role::Shop, &cast.shop),
    ];
    let flow = lenders.configure(EventKind::LoanApplication, &offices.map(|(role, _)| role));
    let product = lenders.product_with(|offer| (offer.flow, offer.subsidised) = (flow, false));
    let grantors = offices.map(|(_, office)| office.number).to_vec();
    let event = Event { flow, grantors, ..lenders.application_of(&cast.citizen, product, 10, 12) };
    for _ in 0..50 {
        lenders.lock(&event);
    }
    let (mut cases, mut loans, mut next) = (Vec::new(), Vec::new(), (None, None));
    for _ in 0..2 {
        let found = page(&mut lenders, next.0, next.1, 50);
        assert_eq!((found.cases.len(), found.loans.len()), (25, 25));
        next = (found.cases.last().map(|(_, last)| last.previous), found.loans.last().map(|(_, last)| last.previous));
        cases.extend(numbers_of_cases(&found.cases));
        loans.extend(numbers_of_loans(&found.loans));
    }
    assert_eq!(cases, (51..=100).rev().collect::<Vec<CaseId>>());
    assert_eq!(loans, (1..=50).rev().collect::<Vec<LoanId>>());
}
