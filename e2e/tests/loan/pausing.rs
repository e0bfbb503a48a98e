//! Pausing stops new business and the clock of lateness; never money on its way back.

use crate::common::*;
use amanah_domain::{
    calendar::add_months,
    chaincode::Verdict,
    flow::EventKind,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{
    lending::{Lenders, VALIDITY},
    START,
};
use amanah_interfaces::{
    governance::{self, GovernanceRefusal, Governed, Paused, Unpaused},
    loan::{CaseRefusal, CaseStatus, Code, Error, Finding, Loan, LoanRefusal, LoanStatus, Matter},
};

/// The administrator pauses the contract, or lets it go on.
fn set_paused(lenders: &mut Lenders, paused: bool) {
    let (administrator, contract) = (lenders.administrator.clone(), lenders.suite.loan);
    let mut governance = lenders.suite.governance(contract);
    match paused {
        true => lenders.send(&administrator, governance.pause()),
        false => lenders.send(&administrator, governance.unpause()),
    };
}

#[test]
fn administrator_and_regulator_pause_the_contract_and_let_it_go_on_and_nobody_else_does() {
    let (mut lenders, cast) = stage();
    let governance = || cast.suite.governance(cast.suite.loan);
    let refused = governance::Error::Refused(GovernanceRefusal::NotAllowed);
    for outsider in [&cast.bank.actor, &cast.officer.actor, &cast.government.actor, &cast.stranger] {
        lenders.refuses(outsider, governance().pause(), refused);
        lenders.refuses(outsider, governance().unpause(), refused);
    }
    for by in [&cast.administrator, &cast.regulator.actor] {
        let done = lenders.send(by, governance().pause());
        assert_eq!(told(&lenders, &done), [Emitted::Paused(Paused { by: by.id() })]);
        lenders.changes_nothing(by, governance().pause());
        let done = lenders.send(by, governance().unpause());
        assert_eq!(told(&lenders, &done), [Emitted::Unpaused(Unpaused { by: by.id() })]);
        lenders.changes_nothing(by, governance().unpause());
    }
}

#[test]
fn a_paused_contract_starts_nothing_new() {
    let (mut lenders, cast) = stage();
    let suite = cast.suite.clone();
    let loan = lenders.lend(12_000, 12);
    let other = lenders.product_with(|offer| offer.limit = 1_000);
    lenders.funds(&cast.bank, 1_000);
    let event = lenders.application_of(&cast.citizen, other, 1_000, 12);
    let [open, failed] = [ready(&mut lenders, &event), ready(&mut lenders, &event)];
    let verdict = lenders.verdict(failed.case, &cast.department, Verdict::Failed);
    let done = lenders.try_unlock(failed.case, vec![verdict.clone()]).expect("a Failed is taken");
    assert_eq!(done.value, Code::OracleFailed);
    let schedule = lenders.new_schedule(loan, 6);
    let schedule_locked = ready(&mut lenders, &schedule);
    let collecting = lenders.open_campaign(1_000);
    let terms = lenders.new_campaign(1_000);
    let proposed = lenders.propose(terms);
    let terms = lenders.new_campaign(2_000);
    let usual = lenders.usual_rating();
    let rating = lenders.rating(&cast.citizen, usual);
    let passkey = lenders.passkey(&cast.citizen, &terms, &rating);
    lenders.funds(&cast.investor, 1_000);
    let approval = lenders.approval(&event, 0, &cast.citizen);
    let hash = lenders.ask(suite.loan().event_hash(open.case)).expect("the case is there");
    let offer = lenders.usual_offer();

    set_paused(&mut lenders, true);
    let (citizen, closed) = (&cast.citizen.actor, Error::Paused);
    let kind = EventKind::LoanApplication;
    let configure = suite.loan().configure_flow(kind, vec![Role::Citizen], vec![Role::Bank], DAY);
    lenders.refuses(&cast.government.actor, configure, closed);
    lenders.refuses(&cast.bank.actor, suite.loan().offer_product(offer), closed);
    cannot_lock(&mut lenders, &event, closed);
    cannot_lock(&mut lenders, &schedule, closed);
    lenders.refuses(&cast.stranger, suite.loan().lock(event.clone(), Some(approval)), closed);
    lenders.refuses(citizen, suite.loan().revise(failed.case, event.clone(), None), closed);
    for case in [&open, &schedule_locked] {
        cannot_unlock(&mut lenders, case, closed);
    }
    let junk = suite.loan().unlock(open.case, event.clone(), vec![]);
    lenders.refuses(&cast.stranger, junk, closed);
    for verdict in [Verdict::Pass, Verdict::Failed] {
        let submit = suite.loan().submit_verdict(open.case, 0, hash, verdict);
        lenders.refuses(&cast.bank.actor, submit, closed);
    }
    lenders.refuses(citizen, suite.loan().open_campaign(terms, rating, passkey), closed);
    lenders.refuses(&cast.officer.actor, suite.loan().approve_campaign(proposed), closed);
    lenders.refuses(&cast.investor.actor, suite.loan().invest(collecting, 1_000), closed);

    set_paused(&mut lenders, false);
    unlock_ready(&mut lenders, &open);
    lenders.send(&cast.investor.actor, suite.loan().invest(collecting, 1_000));
}

#[test]
fn a_paused_contract_takes_what_is_owed_and_pays_what_it_owes() {
    let (mut lenders, cast) = stage();
    let suite = cast.suite.clone();
    let (citizen, bank, stranger) = (&cast.citizen.actor, &cast.bank.actor, &cast.stranger);
    // A subsidised loan to be repaid, another one that will default, and a campaign's loan.
    let loan = lenders.lend(12_000, 12);
    let other = lenders.product_with(|offer| offer.limit = 1_000);
    let lost = lenders.lend_of(other, 1_000, 1);
    let [cancelled, rejected] = [1_500, 1_600].map(|target| {
        let terms = lenders.new_campaign(target);
        lenders.propose(terms)
    });
    lenders.send(&cast.officer.actor, suite.loan().approve_campaign(cancelled));
    lenders.invest(&cast.investor, cancelled, 700);
    let funded = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, funded, 1_000);
    let close = lenders.campaign_close(funded);
    let close = lenders.lock(&close);
    lenders.unlock(close);
    let of_campaign = lenders.campaign(funded).loan;
    let waiting = lenders.new_schedule(loan, 6);
    let waiting = lenders.lock(&waiting);
    let late = add_months(START, 1) + 90 * DAY;
    lenders.chain.set_time(late);

    set_paused(&mut lenders, true);
    lenders.send(stranger, suite.loan().mark_delinquent(lost));
    lenders.send(stranger, suite.loan().mark_defaulted(lost));
    lenders.send(bank, suite.loan().write_off(lost));
    lenders.funds(&cast.citizen, 20_000);
    assert_eq!(lenders.send(citizen, suite.loan().recover(lost, 300)).value, 300);
    let due = lenders.ask(suite.loan().due(loan)).expect("the loan is there");
    assert_eq!(lenders.send(citizen, suite.loan().repay(loan, 15_000)).value, due.fees + due.principal);
    assert_eq!(lenders.send(citizen, suite.loan().repay(of_campaign, 100)).value, 100);

    // An interest refund goes all its ways: failed, revised, passed from a wallet, unlocked.
    lenders.funds(&cast.department, due.subsidy);
    let refund = lenders.interest_refund(loan);
    let case = lenders.lock(&refund);
    let hash = lenders.ask(suite.loan().event_hash(case)).expect("the case is there");
    lenders.send(bank, suite.loan().submit_verdict(case, 0, hash, Verdict::Failed));
    lenders.send(citizen, suite.loan().revise(case, refund.clone(), None));
    lenders.send(bank, suite.loan().submit_verdict(case, 1, hash, Verdict::Pass));
    lenders.unlock(case);
    assert_eq!(lenders.loan(loan).status, LoanStatus::Closed);

    let owed = 300 + due.fees + due.principal + due.subsidy;
    lenders.send(bank, suite.loan().withdraw(cast.bank.number, owed));
    assert_eq!(lenders.send(&cast.investor.actor, suite.loan().claim(funded)).value, 100);
    lenders.send(citizen, suite.loan().cancel_campaign(cancelled));
    lenders.send(&cast.officer.actor, suite.loan().reject_campaign(rejected, 1));
    lenders.send(&cast.investor.actor, suite.loan().refund(cancelled));
    assert_eq!((lenders.held(), lenders.balance(&cast.investor)), (0, 800));

    lenders.send(stranger, suite.loan().expire_case(waiting));
    assert_eq!(lenders.case(waiting).status, CaseStatus::Expired);
    let matter = Matter::Loan(lost);
    lenders.send(&cast.regulator.actor, suite.loan().challenge(matter, 1));
    let second = lenders.enrol("second regulator", &[Role::Regulator]);
    lenders.send(&second.actor, suite.loan().resolve(matter, Finding::Upheld));
    lenders.send(bank, suite.loan().retire_product(other));
    assert!(lenders.ask(suite.governance(suite.loan).governance()).paused);
}

#[test]
fn a_case_expires_while_the_contract_is_paused() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    set_paused(&mut lenders, true);
    lenders.chain.advance(VALIDITY);
    lenders.send(&cast.stranger, cast.suite.loan().expire_case(ready.case));
    set_paused(&mut lenders, false);
    let status = CaseStatus::Expired;
    cannot_unlock(&mut lenders, &ready, Error::Case(CaseRefusal::NotOpen { status }));
}

// ---- lateness ----

/// The loan becomes late at exactly this time, when its fee is charged too.
#[track_caller]
fn is_late_from(lenders: &mut Lenders, loan: u64, at: Millis) {
    let (suite, stranger) = (lenders.suite.clone(), lenders.stranger.clone());
    for early in [at - DAY, at - 1] {
        lenders.chain.set_time(early);
        lenders.refuses(&stranger, suite.loan().mark_delinquent(loan), Error::Loan(LoanRefusal::NotLate));
        assert_eq!(lenders.ask(suite.loan().due(loan)).map(|due| due.fees), Ok(0));
    }
    lenders.chain.set_time(at);
    assert_eq!(lenders.ask(suite.loan().due(loan)).map(|due| due.fees), Ok(10));
    lenders.send(&stranger, suite.loan().mark_delinquent(loan));
}

#[test]
fn due_dates_move_along_by_all_pauses_since_the_loan_began() {
    let (mut lenders, cast) = stage();
    // A pause before the loan began moves nothing.
    set_paused(&mut lenders, true);
    lenders.chain.set_time(START + 10 * DAY);
    set_paused(&mut lenders, false);
    let loan = lenders.lend(12_000, 12);
    let due = add_months(START + 10 * DAY, 1);
    for (from, to) in [(13, 20), (40, 50)] {
        lenders.chain.set_time(START + from * DAY);
        set_paused(&mut lenders, true);
        let next =
            |lenders: &mut Lenders| lenders.ask(cast.suite.loan().due(loan)).expect("the loan is there").next_due;
        let before = next(&mut lenders);
        lenders.chain.set_time(START + to * DAY);
        assert_eq!(next(&mut lenders), before.map(|before| before + (to - from) * DAY));
        set_paused(&mut lenders, false);
    }
    is_late_from(&mut lenders, loan, due + 5 * DAY + 17 * DAY);
}

#[test]
fn while_the_contract_is_paused_nobody_becomes_late_and_interest_runs_on() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    let due = add_months(START, 1);
    lenders.chain.set_time(due + 5 * DAY - 1);
    set_paused(&mut lenders, true);
    lenders.chain.set_time(START + 365 * DAY);
    lenders.refuses(&cast.stranger, cast.suite.loan().mark_delinquent(loan), Error::Loan(LoanRefusal::NotLate));
    let now = lenders.ask(cast.suite.loan().due(loan)).expect("the loan is there");
    assert_eq!((now.fees, now.subsidy), (0, 600), "5 % of 12,000 for a year, and no fee");
    set_paused(&mut lenders, false);
    lenders.refuses(&cast.stranger, cast.suite.loan().mark_delinquent(loan), Error::Loan(LoanRefusal::NotLate));
    lenders.chain.advance(1);
    lenders.send(&cast.stranger, cast.suite.loan().mark_delinquent(loan));
}

#[test]
fn pausing_what_is_paused_and_letting_go_on_what_is_not_move_no_clock() {
    let (mut lenders, _) = stage();
    let loan = lenders.lend(12_000, 12);
    for (day, paused) in [(1, false), (5, true), (7, true), (10, false), (20, false)] {
        lenders.chain.set_time(START + day * DAY);
        set_paused(&mut lenders, paused);
    }
    // Paused from the fifth to the tenth day.
    is_late_from(&mut lenders, loan, add_months(START, 1) + 5 * DAY + 5 * DAY);
}
