//! The codes that unlocking ends with: every way to hand in verdicts, against the table of the protocol (codes 0 to 3).

use crate::common::*;
use amanah_domain::{
    flow::{Event, Request},
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{
    lending::{sign_verdict, Lenders},
    Person, START,
};
use amanah_interfaces::{
    ledger::{Owner, Transferred},
    loan::{CaseExecuted, CaseFailed, CaseRefusal, CaseStatus, Code, Error, Loan, LoanOpened, SignedVerdict, Verdict},
};
use Code::{EventMismatch, OracleFailed, Success, TypeError};

/// The places of bank, civil affairs and department in the flow.
const B: usize = 0;
const C: usize = 1;
const D: usize = 2;

fn given(ready: &Ready, places: &[usize]) -> Vec<SignedVerdict> {
    places.iter().map(|place| ready.verdicts[*place].clone()).collect()
}

/// What the table says of Passes by the oracles of these places: compared from the right, the first pair that does not fit
/// decides.
fn expected(places: &[usize]) -> Code {
    let mut from_the_right = places.iter().rev();
    for key in [D, C, B] {
        match from_the_right.next() {
            Some(place) if *place == key => {}
            Some(_) => return OracleFailed,
            // The key meets the event.
            None => return TypeError,
        }
    }
    match from_the_right.next() {
        None => Success,
        // The locked event meets a verdict.
        Some(_) => TypeError,
    }
}

#[test]
fn all_passes_in_the_flows_order_unlock_a_case_and_nothing_else_does() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    // Written out from the table, so that the model above is not alone.
    for (places, code) in [
        (vec![], TypeError),
        (vec![D], TypeError),
        (vec![C, D], TypeError),
        (vec![B], OracleFailed),
        (vec![C], OracleFailed),
        (vec![B, C], OracleFailed),
        (vec![B, D], OracleFailed),
        (vec![D, C, B], OracleFailed),
        (vec![C, B, D], OracleFailed),
        (vec![B, D, C], OracleFailed),
        (vec![B, C, C], OracleFailed),
        (vec![B, D, D], OracleFailed),
        (vec![D, D, D], OracleFailed),
        (vec![B, B, C, D], TypeError),
        (vec![D, B, C, D], TypeError),
        (vec![B, C, D, D], OracleFailed),
        (vec![B, C, C, D], OracleFailed),
        (vec![B, C, D, B, C, D], TypeError),
    ] {
        assert_eq!(expected(&places), code, "{places:?}");
        stores_nothing(&mut lenders, ready.case, &ready.event, &given(&ready, &places), code);
    }
    let mut longer = vec![vec![]];
    for _ in 0..4 {
        longer = longer.iter().flat_map(|shorter| [B, C, D].map(|one| [&shorter[..], &[one]].concat())).collect();
        for places in longer.iter().filter(|places| **places != [B, C, D]) {
            stores_nothing(&mut lenders, ready.case, &ready.event, &given(&ready, places), expected(places));
        }
    }

    let done = unlock_ready(&mut lenders, &ready);
    let record = lenders.loan(1);
    let (from, to) = (Owner::Participant(cast.bank.number), Owner::Participant(cast.citizen.number));
    assert_eq!(
        told(&lenders, &done),
        [
            Emitted::Transferred(Transferred { from, to, issuer: cast.bank.number, amount: 12_000 }),
            Emitted::LoanOpened(LoanOpened { loan: 1, borrower: cast.citizen.number, record }),
            Emitted::CaseExecuted(CaseExecuted { case: ready.case, revision: 0 }),
        ]
    );
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 0));
}

#[test]
fn junk_among_the_verdicts_is_one_or_three_by_where_it_meets_the_chaincode() {
    let (mut lenders, _) = stage();
    let ready = ready_application(&mut lenders);
    let junk = SignedVerdict { verdict: Verdict::Pass, valid_until: Millis::MAX, signature: [0; 64] };
    for place in [B, C, D] {
        let mut verdicts = ready.verdicts.clone();
        verdicts[place] = junk.clone();
        stores_nothing(&mut lenders, ready.case, &ready.event, &verdicts, OracleFailed);
        for bit in [0, 511] {
            let mut verdicts = ready.verdicts.clone();
            verdicts[place].signature[bit / 8] ^= 1 << (bit % 8);
            stores_nothing(&mut lenders, ready.case, &ready.event, &verdicts, OracleFailed);
        }
    }
    let surplus_first = [&[junk.clone()], &ready.verdicts[..]].concat();
    stores_nothing(&mut lenders, ready.case, &ready.event, &surplus_first, TypeError);
    let surplus_last = [&ready.verdicts[..], &[junk.clone()]].concat();
    stores_nothing(&mut lenders, ready.case, &ready.event, &surplus_last, OracleFailed);
    stores_nothing(&mut lenders, ready.case, &ready.event, &vec![junk; 100], OracleFailed);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn another_event_with_all_passes_is_two_whatever_differs() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let event = &ready.event;
    let Request::Loan { product, principal, months, facts } = event.request else { panic!("an application") };
    let asks = |request| Event { request, ..event.clone() };
    let mut swapped = event.clone();
    swapped.grantors.swap(0, 2);
    let others = [
        Event { flow: event.flow + 1, ..event.clone() },
        Event { applicant: cast.shop.number, ..event.clone() },
        Event { grantors: vec![], ..event.clone() },
        swapped,
        asks(Request::Loan { product: product + 1, principal, months, facts }),
        asks(Request::Loan { product, principal: principal + 1, months, facts }),
        asks(Request::Loan { product, principal, months: months + 1, facts }),
        asks(Request::Loan { product, principal, months, facts: [0; 32] }),
        asks(Request::InterestRefund { loan: 1 }),
    ];
    for other in &others {
        stores_nothing(&mut lenders, ready.case, other, &ready.verdicts, EventMismatch);
    }
    // The first pair from the right that does not fit decides, and that is a verdict before the event.
    let other = &others[0];
    stores_nothing(&mut lenders, ready.case, other, &given(&ready, &[C, D]), TypeError);
    stores_nothing(&mut lenders, ready.case, other, &given(&ready, &[D, C, B]), OracleFailed);
    stores_nothing(&mut lenders, ready.case, other, &given(&ready, &[B, B, C, D]), TypeError);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn a_verdict_counts_until_its_time_and_no_longer() {
    let (mut lenders, cast) = stage();
    let mut ready = ready_application(&mut lenders);
    let oracles = [&cast.bank, &cast.civil_affairs, &cast.department];
    let until = |lenders: &mut Lenders, place: usize, time: Millis| {
        let statement = pass_with(lenders, ready.case, oracles[place], |statement| statement.valid_until = time);
        sign_verdict(&statement, oracles[place])
    };
    for place in [B, C, D] {
        for late in [0, START - 1, START] {
            let mut verdicts = ready.verdicts.clone();
            verdicts[place] = until(&mut lenders, place, late);
            stores_nothing(&mut lenders, ready.case, &ready.event, &verdicts, OracleFailed);
        }
    }
    let verdicts = [B, C, D].map(|place| until(&mut lenders, place, START + 1)).to_vec();
    ready.verdicts = verdicts;
    unlock_ready(&mut lenders, &ready);
}

// ---- who fails it ----

/// An oracle's signed Failed, for a day.
fn failed_by(lenders: &mut Lenders, ready: &Ready, oracle: &Person) -> SignedVerdict {
    let statement = pass_with(lenders, ready.case, oracle, |statement| statement.verdict = Verdict::Failed);
    sign_verdict(&statement, oracle)
}

#[test]
fn a_named_oracles_failed_ends_the_revision_whoever_hands_it_in() {
    for place in [B, C, D] {
        let (mut lenders, cast) = stage();
        let ready = ready_application(&mut lenders);
        let oracle = lenders.oracles(ready.case)[place].clone();
        let role = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment][place];
        let mut verdicts = ready.verdicts.clone();
        verdicts[place] = failed_by(&mut lenders, &ready, &oracle);
        let unlock = cast.suite.loan().unlock(ready.case, ready.event.clone(), verdicts.clone());
        let done = lenders.send(&cast.stranger, unlock);
        assert_eq!(done.value, OracleFailed);
        let failed = CaseFailed { case: ready.case, revision: 0, role };
        assert_eq!(told(&lenders, &done), [Emitted::CaseFailed(failed)]);
        assert_eq!(lenders.case(ready.case).status, CaseStatus::Failed);
        assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (0, 12_000));
        let ended = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Failed });
        cannot_unlock(&mut lenders, &ready, ended);
        lenders.refuses(&cast.stranger, cast.suite.loan().unlock(ready.case, ready.event.clone(), verdicts), ended);
    }
}

#[test]
fn a_failed_ends_the_revision_even_if_what_comes_before_it_is_missing_or_the_event_is_another() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let failed = failed_by(&mut lenders, &ready, &cast.department);
    let other = lenders.application(1, 1);
    let done = lenders.send(&cast.stranger, cast.suite.loan().unlock(ready.case, other, vec![failed]));
    assert_eq!(done.value, OracleFailed);
    assert_eq!(lenders.case(ready.case).status, CaseStatus::Failed);
}

#[test]
fn a_failed_that_is_not_reached_late_forged_or_about_something_else_ends_nothing() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let genuine = failed_by(&mut lenders, &ready, &cast.civil_affairs);
    let junk = SignedVerdict { verdict: Verdict::Pass, valid_until: Millis::MAX, signature: [0; 64] };
    let with = |place: usize, verdict: &SignedVerdict| {
        let mut verdicts = ready.verdicts.clone();
        verdicts[place] = verdict.clone();
        verdicts
    };
    let mut not_reached = with(C, &genuine);
    not_reached[D] = junk;
    // A Pass with its byte turned, a Failed by somebody else, one in another place, one that is late, one of the next revision.
    let mut turned = ready.verdicts[D].clone();
    turned.verdict = Verdict::Failed;
    let mut failed = |oracle: &Person, time: Millis, revision: u32, signer: &Person| {
        let statement = pass_with(&mut lenders, ready.case, oracle, |statement| {
            statement.verdict = Verdict::Failed;
            statement.valid_until = time;
            statement.revision = revision;
        });
        sign_verdict(&statement, signer)
    };
    let in_time = START + DAY;
    let by_another = failed(&cast.department, in_time, 0, &cast.shop);
    let by_the_bank = failed(&cast.department, in_time, 0, &cast.bank);
    let late = failed(&cast.department, START, 0, &cast.department);
    let of_the_next_revision = failed(&cast.department, in_time, 1, &cast.department);
    for verdicts in [
        not_reached,
        with(D, &turned),
        with(D, &by_another),
        with(D, &by_the_bank),
        with(D, &late),
        with(D, &of_the_next_revision),
        with(B, &genuine),
        with(D, &genuine),
    ] {
        stores_nothing(&mut lenders, ready.case, &ready.event, &verdicts, OracleFailed);
    }
    unlock_ready(&mut lenders, &ready);
}
