//! Ten thousand cases cost no more than some: no message walks through what is stored, and every list is read to its end page
//! by page, each page for the same (X17).

mod planting;

use crate::common::*;
use amanah_client::{chain::raw, Chain, Cost, Message};
use amanah_domain::{ids::WelfareCaseId, roles::Role, welfare::samples};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    Person,
};
use amanah_interfaces::{
    welfare::{BenefitStatus, Decision, Deed, Entry, Welfare},
    MOST_PER_PAGE,
};
use scale::{Decode, Encode};
use std::collections::BTreeSet;

/// Enough for a full page of every list.
const FEW: u64 = 60;
const MANY: u64 = 10_000;
/// The first desk that the work injury's cases lie on.
const DESK: Role = Role::WelfareDepartment;

/// At most one per cent apart.
#[track_caller]
fn costs_the_same(what: &str, one: Cost, other: Cost) {
    let is_close = |one: i128, other: i128| (one - other).abs() * 100 <= one.abs();
    let parts = |cost: Cost| [cost.ref_time.into(), cost.proof_size.into(), cost.deposit];
    for (one_part, other_part) in parts(one).into_iter().zip(parts(other)) {
        assert!(is_close(one_part, other_part), "{what}: {one:?} and then {other:?}");
    }
}

/// A query's answer, and what it cost.
#[track_caller]
fn asking<A: Encode, T: Decode>(offices: &mut Offices, message: Message<A, T>) -> (T, Cost) {
    let outcome = offices.chain.dry_run(&raw(&[0; 32], message)).expect("the query runs");
    let answer = ink::MessageResult::<T>::decode(&mut &*outcome.data).expect("it can be read").expect("it answers");
    (answer, outcome.cost)
}

/// What the daily work costs for two new people: each figure with its name.
fn daily_work(offices: &mut Offices, cast: &Cast, round: &str) -> Vec<(&'static str, Cost)> {
    let mut costs = Vec::new();
    let (first, second) = (offices.applicant(&format!("first {round}")), offices.applicant(&format!("second {round}")));
    let apply = || cast.welfare().apply(offices.injury, injury_form());
    let (one, two) = (apply(), apply());
    let done = offices.send(&first.actor, one);
    costs.push(("apply", done.cost));
    let case = done.value;
    // Another one comes after it, so that it is taken from the middle of the desk.
    let other = offices.send(&second.actor, two).value;
    for what in ["accept, and fill the gap on the desk", "conclude", "approve"] {
        costs.push((what, offices.decide(case, Decision::Accept, None).cost));
    }
    costs.push(("reject", offices.decide(other, Decision::Reject, None).cost));
    costs.push(("pay", offices.pay(case, 1).cost));
    let withdraw = cast.welfare().withdraw(cast.bank.number, 400);
    costs.push(("withdraw", offices.send(&first.actor, withdraw).cost));
    costs.push(("a page of the worklist", asking(offices, cast.welfare().worklist(DESK, 0, 50)).1));
    costs.push(("count the worklist", asking(offices, cast.welfare().worklist_count(DESK)).1));
    costs.push(("a page of cases", asking(offices, cast.welfare().cases_of(cast.citizen.number, None, 50)).1));
    costs.push(("a history", asking(offices, cast.welfare().history(case, 0, 50)).1));
    costs.push(("a case", asking(offices, cast.welfare().benefit_case(case)).1));
    costs
}

/// All that lies on the desk, page by page; each full page costs the same.
fn whole_worklist(offices: &mut Offices, cast: &Cast) -> Vec<WelfareCaseId> {
    let mut all: Vec<WelfareCaseId> = Vec::new();
    let mut usual = None;
    loop {
        let start = u32::try_from(all.len()).expect("few enough");
        let (page, cost) = asking(offices, cast.welfare().worklist(DESK, start, u32::MAX));
        all.extend(&page);
        if page.len() < 50 {
            return all;
        }
        costs_the_same("a page of the worklist", *usual.get_or_insert(cost), cost);
    }
}

/// All cases of somebody, page by page; each full page costs the same.
fn all_cases_of(offices: &mut Offices, cast: &Cast, applicant: &Person) -> Vec<WelfareCaseId> {
    let mut all = Vec::new();
    let (mut start, mut usual) = (None, None);
    while start != Some(0) {
        let (page, cost) = asking(offices, cast.welfare().cases_of(applicant.number, start, u32::MAX));
        start = Some(page.last().map_or(0, |(_, case)| case.previous));
        if page.len() == 50 {
            costs_the_same("a page of cases", *usual.get_or_insert(cost), cost);
        }
        all.extend(page.into_iter().map(|(number, _)| number));
    }
    all
}

#[test]
fn with_ten_thousand_cases_the_daily_work_and_each_page_cost_what_they_cost_at_first() {
    let (mut offices, cast) = stage();
    assert_eq!(MOST_PER_PAGE, 50);
    offices.funds(&cast.payer, 1_000_000);
    for _ in 0..FEW {
        offices.apply(&cast.citizen, offices.injury, injury_form());
    }
    // The first time makes items that later work only changes.
    daily_work(&mut offices, &cast, "at the very first");
    let few = daily_work(&mut offices, &cast, "early");
    let newest = offices.apply(&cast.citizen, offices.injury, injury_form());
    planting::plant(&mut offices, newest, MANY - FEW - 1);
    let many = daily_work(&mut offices, &cast, "late");
    for ((what, few), (_, many)) in few.into_iter().zip(many) {
        costs_the_same(what, few, many);
    }

    // All are there, each once: on the desk and in the list of whose they are.
    let waiting = whole_worklist(&mut offices, &cast);
    assert_eq!(waiting.len() as u64, MANY);
    let of_citizen = all_cases_of(&mut offices, &cast, &cast.citizen);
    assert!(of_citizen.is_sorted_by(|newer, older| newer > older), "newest first");
    assert_eq!(waiting.iter().copied().collect::<BTreeSet<_>>(), of_citizen.into_iter().collect());

    // One is decided from the middle of the desk: the last takes its place.
    offices.decide(waiting[5_000], Decision::Accept, None);
    assert_eq!(offices.ask(cast.welfare().worklist(DESK, 5_000, 1)), [waiting[9_999]]);
    assert_eq!(offices.ask(cast.welfare().worklist_count(DESK)), 9_999);
}

#[test]
fn a_long_history_is_read_to_its_end_and_each_entry_costs_what_the_first_did() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let reviewer = offices.reviewer_of(case);
    let document = samples::document(samples::MEDICAL_RECORD).cid;
    let seal = offices.seal(case, document, &reviewer);
    let add = || cast.welfare().add_document(case, document, seal);
    let sealed = [0; 129].map(|_| offices.send(&reviewer.actor, add()).cost);
    for cost in sealed {
        costs_the_same("a document", sealed[0], cost);
    }

    let mut all: Vec<Entry> = Vec::new();
    let mut pages = Vec::new();
    loop {
        let start = u32::try_from(all.len()).expect("few enough");
        let (page, cost) = asking(&mut offices, cast.welfare().history(case, start, u32::MAX));
        if page.is_empty() {
            break;
        }
        pages.push((page.len(), cost));
        all.extend(page);
    }
    assert_eq!(pages.iter().map(|(length, _)| *length).collect::<Vec<_>>(), [50, 50, 30]);
    // The first entry has no document.
    costs_the_same("a page of history", pages[0].1, pages[1].1);
    assert_eq!((all[0].deed, all[0].status), (Deed::Applied, BenefitStatus::Review));
    let is_sealed = |entry: &Entry| entry.deed == Deed::Sealed && entry.document == Some(document);
    assert!(all[1..].iter().all(is_sealed));
}
