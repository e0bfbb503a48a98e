//! A regulator's challenge: it freezes a case or a loan, never payments; it lapses, is dismissed, or is upheld.

use crate::common::*;
use amanah_domain::{
    calendar::add_months,
    chaincode::Verdict,
    challenge::CHALLENGE_HOLDS,
    flow::EventKind,
    ids::LoanId,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{lending::Lenders, Person, START};
use amanah_interfaces::loan::{
    CaseStatus, Challenge, ChallengeRefusal, Challenged, Error, Finding, Loan, LoanStatus, Matter, Resolved,
};

fn frozen(until: Millis) -> Error {
    Error::Challenge(ChallengeRefusal::Frozen { until })
}

#[track_caller]
fn challenge(lenders: &mut Lenders, by: &Person, matter: Matter) {
    let message = lenders.suite.loan().challenge(matter, 1);
    lenders.send(&by.actor, message);
}

#[track_caller]
fn cannot_challenge(lenders: &mut Lenders, by: &Person, matter: Matter, error: Error) {
    let message = lenders.suite.loan().challenge(matter, 1);
    lenders.refuses(&by.actor, message, error);
}

#[track_caller]
fn resolve(lenders: &mut Lenders, by: &Person, matter: Matter, finding: Finding) {
    let message = lenders.suite.loan().resolve(matter, finding);
    lenders.send(&by.actor, message);
}

/// The citizen's application, passed by all, whose case stays open for two months.
fn long_case(lenders: &mut Lenders) -> Ready {
    let bank = lenders.bank.clone();
    let flow = flow_for(lenders, EventKind::LoanApplication, &[Role::Bank], 60 * DAY);
    let product = lenders.product_with(|offer| (offer.flow, offer.subsidised) = (flow, false));
    lenders.funds(&bank, 12_000);
    let citizen = lenders.citizen.clone();
    let event = simple_application(lenders, &citizen, product, 12_000, 12);
    ready(lenders, &event)
}

#[test]
fn a_challenge_and_what_comes_of_it_is_told_and_can_be_asked_for() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    unlock_ready(&mut lenders, &ready);
    let second = lenders.enrol("second regulator", &[Role::Regulator]);
    for matter in [Matter::Case(ready.case), Matter::Loan(1)] {
        assert_eq!(lenders.ask(cast.suite.loan().challenge_of(matter)), None);
        let (by, until) = (cast.regulator.number, START + CHALLENGE_HOLDS);
        let done = lenders.send(&cast.regulator.actor, cast.suite.loan().challenge(matter, 77));
        let challenged = Challenged { matter, by, reason: 77, until };
        assert_eq!(told(&lenders, &done), [Emitted::Challenged(challenged)]);
        let stored = Challenge { by, reason: 77, until };
        assert_eq!(lenders.ask(cast.suite.loan().challenge_of(matter)), Some(stored));

        let finding = Finding::Upheld;
        let done = lenders.send(&second.actor, cast.suite.loan().resolve(matter, finding));
        assert_eq!(told(&lenders, &done), [Emitted::Resolved(Resolved { matter, by: second.number, finding })]);
        let upheld = Challenge { until: Millis::MAX, ..stored };
        assert_eq!(lenders.ask(cast.suite.loan().challenge_of(matter)), Some(upheld));
        let finding = Finding::Dismissed;
        let done = lenders.send(&cast.regulator.actor, cast.suite.loan().resolve(matter, finding));
        assert_eq!(told(&lenders, &done), [Emitted::Resolved(Resolved { matter, by, finding })]);
        let dismissed = Challenge { until: 0, ..stored };
        assert_eq!(lenders.ask(cast.suite.loan().challenge_of(matter)), Some(dismissed));
    }
}

#[test]
fn a_regulator_does_not_uphold_its_own_challenge_and_may_dismiss_it() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    unlock_ready(&mut lenders, &ready);
    let second = lenders.enrol("second regulator", &[Role::Regulator]);
    let own = Error::Challenge(ChallengeRefusal::Own);
    for matter in [Matter::Case(ready.case), Matter::Loan(1)] {
        challenge(&mut lenders, &cast.regulator, matter);
        let uphold = || cast.suite.loan().resolve(matter, Finding::Upheld);
        lenders.refuses(&cast.regulator.actor, uphold(), own);
        resolve(&mut lenders, &second, matter, Finding::Upheld);
        lenders.refuses(&cast.regulator.actor, uphold(), own);
        resolve(&mut lenders, &cast.regulator, matter, Finding::Dismissed);
        // The other way round, it is the second one's own.
        challenge(&mut lenders, &second, matter);
        lenders.refuses(&second.actor, uphold(), own);
        resolve(&mut lenders, &second, matter, Finding::Dismissed);
    }
}

#[test]
fn nobody_but_a_regulator_challenges_or_resolves_anything() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(1, 1);
    let matter = Matter::Case(lenders.lock(&event));
    let regulator = cast.regulator.clone();
    let outsiders = lenders.outsiders(&[Role::Regulator]);
    for outsider in &outsiders {
        lenders.refuses(outsider, cast.suite.loan().challenge(matter, 1), Error::NotAllowed);
    }
    challenge(&mut lenders, &regulator, matter);
    for outsider in &outsiders {
        lenders.refuses(outsider, cast.suite.loan().resolve(matter, Finding::Dismissed), Error::NotAllowed);
    }
}

#[test]
fn only_what_is_there_is_challenged_and_only_what_is_frozen_resolved() {
    let (mut lenders, cast) = stage();
    for number in [0, 1, u64::MAX] {
        let error = Error::UnknownCase { case: number };
        cannot_challenge(&mut lenders, &cast.regulator, Matter::Case(number), error);
        let error = Error::UnknownLoan { loan: number };
        cannot_challenge(&mut lenders, &cast.regulator, Matter::Loan(number), error);
    }
    let ready = long_case(&mut lenders);
    let matter = Matter::Case(ready.case);
    let not_frozen = Error::Challenge(ChallengeRefusal::NotFrozen);
    let regulator = &cast.regulator.actor;
    for finding in [Finding::Dismissed, Finding::Upheld] {
        lenders.refuses(regulator, cast.suite.loan().resolve(matter, finding), not_frozen);
        lenders.refuses(regulator, cast.suite.loan().resolve(Matter::Loan(99), finding), not_frozen);
    }
    challenge(&mut lenders, &cast.regulator, matter);
    // The case and a loan of the same number are different matters.
    let loan = Matter::Loan(ready.case);
    lenders.refuses(regulator, cast.suite.loan().resolve(loan, Finding::Dismissed), not_frozen);
    resolve(&mut lenders, &cast.regulator, matter, Finding::Dismissed);
    for finding in [Finding::Dismissed, Finding::Upheld] {
        lenders.refuses(regulator, cast.suite.loan().resolve(matter, finding), not_frozen);
    }
}

#[test]
fn a_frozen_case_is_neither_unlocked_nor_failed_nor_revised_until_the_challenge_lapses() {
    let (mut lenders, cast) = stage();
    let ready = long_case(&mut lenders);
    challenge(&mut lenders, &cast.regulator, Matter::Case(ready.case));
    let until = START + CHALLENGE_HOLDS;
    let hash = lenders.ask(cast.suite.loan().event_hash(ready.case)).expect("the case is there");
    for early in [START, until - 1] {
        lenders.chain.set_time(early);
        cannot_unlock(&mut lenders, &ready, frozen(until));
        for verdict in [Verdict::Pass, Verdict::Failed] {
            let submit = cast.suite.loan().submit_verdict(ready.case, 0, hash, verdict);
            lenders.refuses(&cast.bank.actor, submit, frozen(until));
        }
        let revise = cast.suite.loan().revise(ready.case, ready.event.clone(), None);
        lenders.refuses(&cast.citizen.actor, revise, frozen(until));
        let unlock = cast.suite.loan().unlock(ready.case, ready.event.clone(), vec![]);
        lenders.refuses(&cast.stranger, unlock, frozen(until));
    }
    lenders.chain.set_time(until);
    let not_frozen = Error::Challenge(ChallengeRefusal::NotFrozen);
    let late = cast.suite.loan().resolve(Matter::Case(ready.case), Finding::Upheld);
    lenders.refuses(&cast.regulator.actor, late, not_frozen);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn a_day_after_a_challenge_lapsed_the_case_still_goes_on() {
    let (mut lenders, cast) = stage();
    let ready = long_case(&mut lenders);
    challenge(&mut lenders, &cast.regulator, Matter::Case(ready.case));
    lenders.chain.set_time(START + CHALLENGE_HOLDS + DAY);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn a_challenge_stops_no_clock_so_a_frozen_case_expires() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    challenge(&mut lenders, &cast.regulator, Matter::Case(ready.case));
    let expires = lenders.case(ready.case).expires;
    lenders.chain.set_time(expires);
    lenders.send(&cast.stranger, cast.suite.loan().expire_case(ready.case));
    assert_eq!(lenders.case(ready.case).status, CaseStatus::Expired);
}

#[test]
fn one_regulator_does_not_challenge_twice_in_a_row_and_two_take_turns() {
    let (mut lenders, cast) = stage();
    let matter = Matter::Case(long_case(&mut lenders).case);
    let second = lenders.enrol("second regulator", &[Role::Regulator]);
    challenge(&mut lenders, &cast.regulator, matter);
    let until = START + CHALLENGE_HOLDS;
    for by in [&cast.regulator, &second] {
        cannot_challenge(&mut lenders, by, matter, frozen(until));
    }
    lenders.chain.set_time(until);
    let repeated = Error::Challenge(ChallengeRefusal::Repeated);
    cannot_challenge(&mut lenders, &cast.regulator, matter, repeated);
    challenge(&mut lenders, &second, matter);
    resolve(&mut lenders, &second, matter, Finding::Dismissed);
    cannot_challenge(&mut lenders, &second, matter, repeated);
    challenge(&mut lenders, &cast.regulator, matter);
    resolve(&mut lenders, &second, matter, Finding::Dismissed);
    cannot_challenge(&mut lenders, &cast.regulator, matter, repeated);
    // Another matter is another story.
    let event = lenders.application(1, 1);
    let other = Matter::Case(lenders.lock(&event));
    challenge(&mut lenders, &cast.regulator, other);
}

#[test]
fn what_is_upheld_stays_frozen_for_years_and_goes_on_when_it_is_dismissed() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    let matter = Matter::Loan(loan);
    challenge(&mut lenders, &cast.regulator, matter);
    let second = lenders.enrol("second regulator", &[Role::Regulator]);
    resolve(&mut lenders, &second, matter, Finding::Upheld);
    lenders.chain.advance(5 * 365 * DAY);
    lenders.refuses(&cast.stranger, cast.suite.loan().mark_delinquent(loan), frozen(Millis::MAX));
    cannot_challenge(&mut lenders, &second, matter, frozen(Millis::MAX));
    resolve(&mut lenders, &second, matter, Finding::Dismissed);
    lenders.send(&cast.stranger, cast.suite.loan().mark_delinquent(loan));
}

/// What anybody may do to a loan but pay is refused, since it is frozen.
#[track_caller]
fn nothing_happens_to(lenders: &mut Lenders, loan: LoanId, until: Millis) {
    let (suite, stranger, bank) = (lenders.suite.clone(), lenders.stranger.clone(), lenders.bank.actor.clone());
    lenders.refuses(&stranger, suite.loan().mark_delinquent(loan), frozen(until));
    lenders.refuses(&stranger, suite.loan().mark_defaulted(loan), frozen(until));
    lenders.refuses(&bank, suite.loan().write_off(loan), frozen(until));
    for event in [lenders.new_schedule(loan, 6), lenders.interest_refund(loan)] {
        cannot_lock(lenders, &event, frozen(until));
    }
}

#[test]
fn a_frozen_loan_is_marked_by_nobody_and_gets_no_new_schedule_and_is_repaid_all_the_same() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    let late = add_months(START, 1) + 5 * DAY;
    lenders.chain.set_time(late);
    challenge(&mut lenders, &cast.regulator, Matter::Loan(loan));
    let until = late + CHALLENGE_HOLDS;
    for early in [late, until - 1] {
        lenders.chain.set_time(early);
        nothing_happens_to(&mut lenders, loan, until);
    }
    assert_eq!(lenders.repay(&cast.citizen, loan, 100), 100);
    assert_eq!(lenders.loan(loan).status, LoanStatus::Active);
    lenders.chain.set_time(until);
    lenders.send(&cast.stranger, cast.suite.loan().mark_delinquent(loan));
    assert_eq!(lenders.loan(loan).status, LoanStatus::Delinquent);
}

#[test]
fn what_defaulted_is_recovered_and_its_lender_takes_the_money_while_it_is_frozen() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    lenders.chain.set_time(add_months(START, 1) + 90 * DAY);
    lenders.send(&cast.stranger, cast.suite.loan().mark_delinquent(loan));
    lenders.send(&cast.stranger, cast.suite.loan().mark_defaulted(loan));
    challenge(&mut lenders, &cast.regulator, Matter::Loan(loan));
    let until = lenders.chain.now() + CHALLENGE_HOLDS;
    nothing_happens_to(&mut lenders, loan, until);
    lenders.funds(&cast.citizen, 500);
    lenders.send(&cast.citizen.actor, cast.suite.loan().recover(loan, 500));
    lenders.send(&cast.bank.actor, cast.suite.loan().withdraw(cast.bank.number, 500));
    assert_eq!(lenders.loan(loan).status, LoanStatus::Defaulted);
    resolve(&mut lenders, &cast.regulator, Matter::Loan(loan), Finding::Dismissed);
    lenders.send(&cast.bank.actor, cast.suite.loan().write_off(loan));
}
