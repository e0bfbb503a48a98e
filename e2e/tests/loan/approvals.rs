//! An event that somebody else hands in, with its applicant's signature on exactly this, once and in time.

use crate::common::*;
use amanah_client::Actor;
use amanah_domain::{
    crypto::Native,
    flow::{Event, EventKind},
    layout::{domain_separator, ApplicantStatement},
    roles::Role,
    signing::Signed,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, Person, START};
use amanah_interfaces::{
    loan::{CaseLocked, CaseRefusal, CaseStatus, Error, Loan, Nonces, ProductRefusal, SigningRefusal, Verdict},
    registry::Registry,
};

/// What the citizen has to sign on an event, with this nonce, for a day.
fn statement(lenders: &mut Lenders, event: &Event, nonce: u64) -> ApplicantStatement {
    let question = lenders.suite.registry().credentials_of(lenders.citizen.number);
    let known = lenders.ask(question).expect("the citizen is registered");
    ApplicantStatement {
        domain: lenders.suite.loan_domain(),
        flow: event.flow,
        applicant: known.number,
        nonce,
        revision: 0,
        body: event.body_hash::<Native>(),
        epoch: known.epoch,
        key: known.key,
        valid_until: lenders.chain.now() + DAY,
    }
}

fn sign(statement: &ApplicantStatement, by: &Actor) -> Signed {
    let signature = by.sign(&statement.signed_bytes::<Native>());
    Signed { nonce: statement.nonce, valid_until: statement.valid_until, signature }
}

/// The citizen's signature on an event, with this nonce.
fn signed(lenders: &mut Lenders, event: &Event, nonce: u64) -> Signed {
    let statement = statement(lenders, event, nonce);
    sign(&statement, &lenders.citizen.actor.clone())
}

#[track_caller]
fn refused(lenders: &mut Lenders, event: &Event, signed: Signed, error: Error) {
    let stranger = lenders.stranger.clone();
    let message = lenders.suite.loan().lock(event.clone(), Some(signed));
    lenders.refuses(&stranger, message, error);
}

/// A stranger locks the citizen's event.
#[track_caller]
fn locked(lenders: &mut Lenders, event: &Event, signed: Signed) -> u64 {
    let stranger = lenders.stranger.clone();
    let message = lenders.suite.loan().lock(event.clone(), Some(signed));
    lenders.send(&stranger, message).value
}

fn nonces(lenders: &mut Lenders, of: &Person) -> Nonces {
    let message = lenders.suite.loan().nonces(of.number);
    lenders.ask(message)
}

fn bad_signature(cast: &Cast) -> Error {
    Error::Signing(SigningRefusal::BadSignature { signer: cast.citizen.number })
}

#[test]
fn a_stranger_locks_what_the_applicant_signed_and_the_case_is_the_applicants() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let signed = lenders.approval(&event, 0, &cast.citizen);
    let done = lenders.send(&cast.stranger, cast.suite.loan().lock(event.clone(), Some(signed)));
    let record = lenders.case(1);
    let applicant = cast.citizen.number;
    let told_of = CaseLocked { case: 1, applicant, event, expires: record.expires };
    assert_eq!(told(&lenders, &done), [Emitted::CaseLocked(told_of)]);
    assert_eq!(nonces(&mut lenders, &cast.citizen), Nonces { event: signed.nonce, rating: 0, passkey: 0 });
    let cases = lenders.send(&cast.citizen.actor, cast.suite.loan().inspect(applicant, None, None, 50)).value.cases;
    assert_eq!(cases, [(1, record)]);
}

#[test]
fn a_signature_over_anything_else_does_not_count() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let honest = statement(&mut lenders, &event, 1);
    let suite = cast.suite.clone();
    let on_another_chain = domain_separator::<Native>(&[9; 32], &suite.loan);
    let other_body = lenders.application(12_001, 12).body_hash::<Native>();
    type Change<'a> = (&'a str, &'a dyn Fn(&mut ApplicantStatement));
    let changes: [Change; 12] = [
        ("another contract's domain", &|signed| signed.domain = suite.voucher_domain()),
        ("another chain's domain", &|signed| signed.domain = on_another_chain),
        ("another flow", &|signed| signed.flow += 1),
        ("another applicant", &|signed| signed.applicant += 1),
        ("another nonce", &|signed| signed.nonce += 1),
        ("another revision", &|signed| signed.revision += 1),
        ("another event", &|signed| signed.body = other_body),
        ("another epoch", &|signed| signed.epoch += 1),
        ("another key", &|signed| signed.key = suite.loan),
        ("a later time", &|signed| signed.valid_until += 1),
        ("an earlier time", &|signed| signed.valid_until -= 1),
        ("a time without end", &|signed| signed.valid_until = u64::MAX),
    ];
    for (what, change) in changes {
        let mut other = honest.clone();
        change(&mut other);
        assert_ne!(other, honest, "{what}");
        let signature = sign(&other, &cast.citizen.actor).signature;
        let Signed { nonce, valid_until, .. } = sign(&honest, &cast.citizen.actor);
        refused(&mut lenders, &event, Signed { nonce, valid_until, signature }, bad_signature(&cast));
    }
    for other in [&cast.shop.actor, &cast.bank.actor, &cast.stranger] {
        refused(&mut lenders, &event, sign(&honest, other), bad_signature(&cast));
    }
    let junk = Signed { signature: [0; 64], ..sign(&honest, &cast.citizen.actor) };
    refused(&mut lenders, &event, junk, bad_signature(&cast));
    locked(&mut lenders, &event, sign(&honest, &cast.citizen.actor));
}

#[test]
fn a_signature_on_one_event_locks_no_other() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let signed = signed(&mut lenders, &event, 1);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let mut others = vec![lenders.application(12_001, 12), lenders.application(12_000, 13)];
    let roles = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment];
    let flow = lenders.configure(EventKind::LoanApplication, &roles);
    others.push(Event { flow, ..event.clone() });
    let mut swapped = event.clone();
    swapped.grantors.swap(0, 1);
    others.push(swapped);
    for other in others {
        refused(&mut lenders, &other, signed, bad_signature(&cast));
    }
    let theirs = lenders.application_of(&neighbour, lenders.product, 12_000, 12);
    let signer = neighbour.number;
    refused(&mut lenders, &theirs, signed, Error::Signing(SigningRefusal::BadSignature { signer }));
}

#[test]
fn a_signature_counts_until_its_time_and_no_longer() {
    let (mut lenders, _) = stage();
    let event = lenders.application(12_000, 12);
    let first = signed(&mut lenders, &event, 1);
    let valid_until = START + DAY;
    let stale = Error::Signing(SigningRefusal::Stale { valid_until });
    for late in [valid_until, valid_until + 1] {
        lenders.chain.set_time(late);
        refused(&mut lenders, &event, first, stale);
    }
    lenders.chain.set_time(valid_until - 1);
    locked(&mut lenders, &event, first);
}

#[test]
fn a_nonce_serves_once_and_only_above_those_before_it() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let used = |latest| Error::Signing(SigningRefusal::NonceUsed { latest });
    let zero = signed(&mut lenders, &event, 0);
    refused(&mut lenders, &event, zero, used(0));
    let fifth = signed(&mut lenders, &event, 5);
    locked(&mut lenders, &event, fifth);
    refused(&mut lenders, &event, fifth, used(5));
    for earlier in [1, 4, 5] {
        let signed = signed(&mut lenders, &event, earlier);
        refused(&mut lenders, &event, signed, used(5));
    }
    let last = signed(&mut lenders, &event, u64::MAX);
    locked(&mut lenders, &event, last);
    assert_eq!(nonces(&mut lenders, &cast.citizen).event, u64::MAX);
    // The applicant itself never runs out.
    lenders.lock(&event);
    assert_eq!(nonces(&mut lenders, &cast.citizen).event, u64::MAX, "its own account needs no nonce");
}

#[test]
fn each_applicants_nonces_are_its_own() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let many = signed(&mut lenders, &event, 1_000_000);
    locked(&mut lenders, &event, many);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let event = lenders.application_of(&neighbour, lenders.product, 12_000, 12);
    let theirs = lenders.approval(&event, 0, &neighbour);
    locked(&mut lenders, &event, theirs);
    assert_eq!(nonces(&mut lenders, &neighbour).event, theirs.nonce);
    assert_eq!(nonces(&mut lenders, &cast.citizen).event, 1_000_000);
}

#[test]
fn a_nonce_is_not_used_up_by_an_attempt_that_is_refused() {
    let (mut lenders, cast) = stage();
    let product = lenders.product;
    let event = lenders.application(12_000, 12);
    let signed = signed(&mut lenders, &event, 1);
    lenders.send(&cast.bank.actor, cast.suite.loan().retire_product(product));
    refused(&mut lenders, &event, signed, Error::Product(ProductRefusal::Retired));
    assert_eq!(nonces(&mut lenders, &cast.citizen), Nonces::default());
}

#[test]
fn a_signature_of_an_older_key_is_void_even_if_the_key_is_the_same() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let before = signed(&mut lenders, &event, 1);
    rotate_key(&mut lenders, &cast.citizen, &cast.citizen.actor);
    refused(&mut lenders, &event, before, bad_signature(&cast));
    let new = Actor::named("the citizen's new key");
    let with_the_same = signed(&mut lenders, &event, 1);
    rotate_key(&mut lenders, &cast.citizen, &new);
    refused(&mut lenders, &event, with_the_same, bad_signature(&cast));
    let present = statement(&mut lenders, &event, 1);
    refused(&mut lenders, &event, sign(&present, &cast.citizen.actor), bad_signature(&cast));
    locked(&mut lenders, &event, sign(&present, &new));
}

#[test]
fn a_signature_does_not_help_who_may_not_apply() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let signed = signed(&mut lenders, &event, 1);
    lenders.suspend(&cast.citizen);
    let signer = cast.citizen.number;
    refused(&mut lenders, &event, signed, Error::Signing(SigningRefusal::NotInGoodStanding { signer }));
    reinstate(&mut lenders, &cast.citizen);
    lenders.send(&cast.regulator.actor, cast.suite.registry().blacklist(cast.citizen.number, 1));
    refused(&mut lenders, &event, signed, Error::NotEligible { applicant: cast.citizen.number });
}

#[test]
fn even_the_applicants_own_account_cannot_hand_in_a_bad_signature() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let junk = Signed { signature: [1; 64], ..signed(&mut lenders, &event, 1) };
    let message = cast.suite.loan().lock(event, Some(junk));
    lenders.refuses(&cast.citizen.actor, message, bad_signature(&cast));
}

#[test]
fn a_revision_needs_a_signature_of_its_own() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let to_lock = signed(&mut lenders, &event, 1);
    let case = locked(&mut lenders, &event, to_lock);
    let failed = lenders.verdict(case, &cast.department, Verdict::Failed);
    lenders.send(&cast.stranger, cast.suite.loan().unlock(case, event.clone(), vec![failed]));
    assert_eq!(lenders.case(case).status, CaseStatus::Failed);

    let better = lenders.application(6_000, 12);
    let revise = |signed| cast.suite.loan().revise(case, better.clone(), signed);
    lenders.refuses(&cast.stranger, revise(None), Error::NotAllowed);
    let used = Error::Signing(SigningRefusal::NonceUsed { latest: 1 });
    lenders.refuses(&cast.stranger, revise(Some(to_lock)), used);
    let for_locking = signed(&mut lenders, &better, 2);
    lenders.refuses(&cast.stranger, revise(Some(for_locking)), bad_signature(&cast));
    let first = ApplicantStatement { revision: 1, ..statement(&mut lenders, &better, 2) };
    let first = sign(&first, &cast.citizen.actor);
    let done = lenders.send(&cast.stranger, revise(Some(first)));
    assert_eq!(told(&lenders, &done)[0].name(), "CaseRevised");
    assert_eq!(nonces(&mut lenders, &cast.citizen).event, 2);
    let open = Error::Case(CaseRefusal::NotFailed { status: CaseStatus::Open });
    lenders.refuses(&cast.stranger, revise(Some(first)), open);
    // What was signed for a revision locks nothing new either.
    let third = ApplicantStatement { revision: 1, ..statement(&mut lenders, &better, 3) };
    refused(&mut lenders, &better, sign(&third, &cast.citizen.actor), bad_signature(&cast));
}
