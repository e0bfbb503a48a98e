//! Verdicts one by one, from the oracles' own accounts: in order, on exactly the locked event, the last one runs it.

use crate::common::*;
use amanah_client::{Actor, Done};
use amanah_domain::{chaincode::Verdict, ids::CaseId, roles::Role, time::DAY};
use amanah_e2e::{
    lending::{Lenders, VALIDITY},
    Person, START,
};
use amanah_interfaces::{
    ledger::{self, Owner, Transferred},
    loan::{
        CaseExecuted, CaseFailed, CaseRefusal, CaseStatus, Code, Error, GrantorRefusal, Loan, LoanOpened, VerdictGiven,
    },
    registry::Registry,
};

/// The hash of a case's present event.
fn hash(lenders: &mut Lenders, case: CaseId) -> [u8; 32] {
    let question = lenders.suite.loan().event_hash(case);
    lenders.ask(question).expect("the case is there")
}

/// An oracle says this of a case's first revision from its account.
#[track_caller]
fn says(lenders: &mut Lenders, case: CaseId, oracle: &Person, verdict: Verdict) -> Done<()> {
    let hash = hash(lenders, case);
    let message = lenders.suite.loan().submit_verdict(case, 0, hash, verdict);
    lenders.send(&oracle.actor, message)
}

/// It would say Pass of a case's first revision, and is refused.
#[track_caller]
fn cannot_say(lenders: &mut Lenders, case: CaseId, oracle: &Person, error: Error) {
    let hash = hash(lenders, case);
    let message = lenders.suite.loan().submit_verdict(case, 0, hash, Verdict::Pass);
    lenders.refuses(&oracle.actor, message, error);
}

/// The citizen's application for 12,000, for which the bank has the money.
fn applied(lenders: &mut Lenders) -> CaseId {
    let bank = lenders.bank.clone();
    lenders.funds(&bank, 12_000);
    let event = lenders.application(12_000, 12);
    lenders.lock(&event)
}

#[test]
fn the_last_pass_runs_the_operations_and_each_is_told() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    let verdict = Verdict::Pass;
    for (passed, oracle) in (1..).zip([&cast.bank, &cast.civil_affairs]) {
        let done = says(&mut lenders, case, oracle, verdict);
        let given = VerdictGiven { case, oracle: oracle.number, revision: 0, verdict };
        assert_eq!(told(&lenders, &done), [Emitted::VerdictGiven(given)]);
        let record = lenders.case(case);
        assert_eq!((record.passed, record.status), (passed, CaseStatus::Open));
        assert_eq!(lenders.balance(&cast.citizen), 0);
    }
    let done = says(&mut lenders, case, &cast.department, verdict);
    let record = lenders.loan(1);
    let (from, to) = (Owner::Participant(cast.bank.number), Owner::Participant(cast.citizen.number));
    assert_eq!(
        told(&lenders, &done),
        [
            Emitted::VerdictGiven(VerdictGiven { case, oracle: cast.department.number, revision: 0, verdict }),
            Emitted::Transferred(Transferred { from, to, issuer: cast.bank.number, amount: 12_000 }),
            Emitted::LoanOpened(LoanOpened { loan: 1, borrower: cast.citizen.number, record }),
            Emitted::CaseExecuted(CaseExecuted { case, revision: 0 }),
        ]
    );
    assert_eq!(lenders.case(case).status, CaseStatus::Executed);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 0));
    let executed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Executed });
    for oracle in [&cast.bank, &cast.civil_affairs, &cast.department] {
        cannot_say(&mut lenders, case, oracle, executed);
    }
}

#[test]
fn oracles_pass_in_the_flows_order_and_each_once_and_nobody_fails_before_its_turn() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    let turns = [&cast.bank, &cast.civil_affairs, &cast.department];
    for (turn, present) in turns.iter().enumerate() {
        let not_yet = Error::Case(CaseRefusal::NotYourTurn { next: present.number });
        for (other, oracle) in turns.iter().enumerate() {
            if other != turn {
                cannot_say(&mut lenders, case, oracle, not_yet);
            }
            if other > turn {
                let hash = hash(&mut lenders, case);
                let fails = cast.suite.loan().submit_verdict(case, 0, hash, Verdict::Failed);
                lenders.refuses(&oracle.actor, fails, not_yet);
            }
        }
        says(&mut lenders, case, present, Verdict::Pass);
    }
}

/// An oracle ends the first revision, and both is told.
#[track_caller]
fn fails(lenders: &mut Lenders, case: CaseId, oracle: &Person, role: Role) {
    let verdict = Verdict::Failed;
    let done = says(lenders, case, oracle, verdict);
    assert_eq!(
        told(lenders, &done),
        [
            Emitted::VerdictGiven(VerdictGiven { case, oracle: oracle.number, revision: 0, verdict }),
            Emitted::CaseFailed(CaseFailed { case, revision: 0, role }),
        ]
    );
}

#[test]
fn a_failed_from_the_oracle_whose_turn_it_is_ends_the_revision() {
    for place in 0..3 {
        let (mut lenders, cast) = stage();
        let case = applied(&mut lenders);
        let oracles = [&cast.bank, &cast.civil_affairs, &cast.department];
        let role = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment][place];
        for earlier in &oracles[..place] {
            says(&mut lenders, case, earlier, Verdict::Pass);
        }
        fails(&mut lenders, case, oracles[place], role);
        let failed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Failed });
        for oracle in oracles {
            cannot_say(&mut lenders, case, oracle, failed);
        }
        assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (0, 12_000));
    }
}

#[test]
fn who_passed_a_case_may_still_fail_it_until_the_last_one_has_passed() {
    for (passed, place) in [(1, 0), (2, 0), (2, 1)] {
        let (mut lenders, cast) = stage();
        let case = applied(&mut lenders);
        let oracles = [&cast.bank, &cast.civil_affairs, &cast.department];
        let role = [Role::Bank, Role::CivilAffairs][place];
        for earlier in &oracles[..passed] {
            says(&mut lenders, case, earlier, Verdict::Pass);
        }
        fails(&mut lenders, case, oracles[place], role);
        let failed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Failed });
        cannot_say(&mut lenders, case, oracles[passed], failed);
        assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (0, 12_000));
        // The next revision begins with nobody.
        let event = lenders.case(case).event;
        lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event, None));
        let record = lenders.case(case);
        assert_eq!((record.passed, record.revision, record.status), (0, 1, CaseStatus::Open));
    }
}

#[test]
fn what_a_thief_passed_its_owner_takes_back_from_its_new_account() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    says(&mut lenders, case, &cast.bank, Verdict::Pass);
    let moved = lenders.rebind(&cast.bank, &Actor::named("bank, moved"));
    let hash = hash(&mut lenders, case);
    let fails = || cast.suite.loan().submit_verdict(case, 0, hash, Verdict::Failed);
    lenders.refuses(&cast.bank.actor, fails(), Error::NotAllowed);
    lenders.send(&moved.actor, fails());
    assert_eq!(lenders.case(case).status, CaseStatus::Failed);
}

#[test]
fn nobody_but_those_whom_the_event_names_gives_a_verdict() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    let other_bank = lenders.enrol("another bank", &[Role::Bank]);
    for outsider in [&other_bank, &cast.citizen, &cast.regulator, &cast.officer, &cast.government] {
        cannot_say(&mut lenders, case, outsider, Error::NotAllowed);
    }
    let hash = hash(&mut lenders, case);
    let message = cast.suite.loan().submit_verdict(case, 0, hash, Verdict::Pass);
    lenders.refuses(&cast.stranger, message, Error::NotAllowed);
    for unknown in [0, case + 1] {
        let message = cast.suite.loan().submit_verdict(unknown, 0, hash, Verdict::Pass);
        lenders.refuses(&cast.bank.actor, message, Error::UnknownCase { case: unknown });
    }
}

#[test]
fn an_oracle_that_looked_at_another_event_or_revision_passes_nothing() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    let event = lenders.application(11_999, 12);
    let other = lenders.lock(&event);
    let (right, wrong) = (hash(&mut lenders, case), hash(&mut lenders, other));
    for verdict in [Verdict::Pass, Verdict::Failed] {
        for hash in [wrong, [0; 32]] {
            let message = cast.suite.loan().submit_verdict(case, 0, hash, verdict);
            lenders.refuses(&cast.bank.actor, message, Error::OtherEvent);
        }
        for revision in [1, u32::MAX] {
            let message = cast.suite.loan().submit_verdict(case, revision, right, verdict);
            lenders.refuses(&cast.bank.actor, message, Error::Case(CaseRefusal::WrongRevision { revision: 0 }));
        }
    }
    says(&mut lenders, case, &cast.bank, Verdict::Failed);
    let event = lenders.application(12_000, 12);
    lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event, None));
    assert_eq!(hash(&mut lenders, case), right, "the event is the same again");
    cannot_say(&mut lenders, case, &cast.bank, Error::Case(CaseRefusal::WrongRevision { revision: 1 }));
    let message = cast.suite.loan().submit_verdict(case, 1, right, Verdict::Pass);
    lenders.send(&cast.bank.actor, message);
    assert_eq!(lenders.case(case).passed, 1);
}

#[test]
fn verdicts_come_before_the_cases_time_is_over_and_not_then() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    let expires = START + VALIDITY;
    for late in [expires, expires + 1] {
        lenders.chain.set_time(late);
        cannot_say(&mut lenders, case, &cast.bank, Error::Case(CaseRefusal::TooLate { expires }));
    }
    lenders.chain.set_time(expires - 1);
    for oracle in [&cast.bank, &cast.civil_affairs, &cast.department] {
        says(&mut lenders, case, oracle, Verdict::Pass);
    }
    assert_eq!(lenders.case(case).status, CaseStatus::Executed);
}

#[test]
fn who_passed_a_case_must_still_be_in_good_standing_when_others_do() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    says(&mut lenders, case, &cast.bank, Verdict::Pass);
    let grantor = cast.bank.number;
    let refused = Error::Grantor(GrantorRefusal::NotInGoodStanding { grantor });
    lenders.suspend(&cast.bank);
    cannot_say(&mut lenders, case, &cast.civil_affairs, refused);
    reinstate(&mut lenders, &cast.bank);
    says(&mut lenders, case, &cast.civil_affairs, Verdict::Pass);
    revoke(&mut lenders, &cast.bank, Role::Bank);
    cannot_say(&mut lenders, case, &cast.department, refused);
    grant(&mut lenders, &cast.bank, Role::Bank);
    // Nor may its key have become another oracle's: of the two, the later one is named.
    rotate_key(&mut lenders, &cast.bank, &cast.department.actor);
    let repeated = GrantorRefusal::Repeated { grantor: cast.department.number };
    cannot_say(&mut lenders, case, &cast.department, Error::Grantor(repeated));
    rotate_key(&mut lenders, &cast.bank, &cast.citizen.actor);
    cannot_say(&mut lenders, case, &cast.department, Error::Grantor(GrantorRefusal::IsApplicant { grantor }));
    rotate_key(&mut lenders, &cast.bank, &cast.bank.actor);
    says(&mut lenders, case, &cast.department, Verdict::Pass);
    assert_eq!(lenders.case(case).status, CaseStatus::Executed);
}

#[test]
fn a_suspended_oracle_says_nothing() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    lenders.suspend(&cast.bank);
    let grantor = cast.bank.number;
    let refused = Error::Grantor(GrantorRefusal::NotInGoodStanding { grantor });
    cannot_say(&mut lenders, case, &cast.bank, refused);
    let hash = hash(&mut lenders, case);
    let message = cast.suite.loan().submit_verdict(case, 0, hash, Verdict::Failed);
    lenders.refuses(&cast.bank.actor, message, refused);
}

#[test]
fn a_last_pass_whose_operations_fail_leaves_the_case_where_it_was() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let case = lenders.lock(&event);
    for oracle in [&cast.bank, &cast.civil_affairs] {
        says(&mut lenders, case, oracle, Verdict::Pass);
    }
    let none = Error::Ledger(ledger::Error::Allowance { allowed: 0, wanted: 12_000 });
    cannot_say(&mut lenders, case, &cast.department, none);
    lenders.funds(&cast.bank, 12_000);
    lenders.send(&cast.regulator.actor, cast.suite.registry().blacklist(cast.citizen.number, 1));
    cannot_say(&mut lenders, case, &cast.department, Error::NotEligible { applicant: cast.citizen.number });
    lenders.send(&cast.regulator.actor, cast.suite.registry().clear_blacklist(cast.citizen.number));
    says(&mut lenders, case, &cast.department, Verdict::Pass);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 0));
}

// ---- mixed with signed verdicts ----

#[test]
fn a_case_that_some_passed_from_wallets_is_unlocked_by_all_signed_verdicts_and_then_it_is_over() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    says(&mut lenders, ready.case, &cast.bank, Verdict::Pass);
    // What came from a wallet stands in for no signed verdict.
    stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts[1..], Code::TypeError);
    says(&mut lenders, ready.case, &cast.civil_affairs, Verdict::Pass);
    stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts[2..], Code::TypeError);
    unlock_ready(&mut lenders, &ready);
    let executed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Executed });
    cannot_say(&mut lenders, ready.case, &cast.department, executed);
    assert_eq!(lenders.balance(&cast.citizen), 12_000, "paid once");
}

#[test]
fn signed_verdicts_stand_in_for_none_from_a_wallet_and_a_case_that_wallets_ran_is_unlocked_no_more() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    lenders.funds(&cast.bank, 12_000);
    stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts[1..], Code::TypeError);
    let not_yet = Error::Case(CaseRefusal::NotYourTurn { next: cast.bank.number });
    cannot_say(&mut lenders, ready.case, &cast.department, not_yet);
    for oracle in [&cast.bank, &cast.civil_affairs, &cast.department] {
        says(&mut lenders, ready.case, oracle, Verdict::Pass);
    }
    let executed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Executed });
    cannot_unlock(&mut lenders, &ready, executed);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 12_000), "paid once");
}

#[test]
fn a_signed_failed_ends_what_wallets_passed_and_the_next_revision_begins_with_nobody() {
    let (mut lenders, cast) = stage();
    let case = applied(&mut lenders);
    for oracle in [&cast.bank, &cast.civil_affairs] {
        says(&mut lenders, case, oracle, Verdict::Pass);
    }
    let event = lenders.case(case).event;
    let failed = lenders.verdict(case, &cast.department, Verdict::Failed);
    lenders.send(&cast.stranger, cast.suite.loan().unlock(case, event.clone(), vec![failed]));
    assert_eq!(lenders.case(case).status, CaseStatus::Failed);
    lenders.chain.advance(DAY);
    lenders.send(&cast.citizen.actor, cast.suite.loan().revise(case, event, None));
    let record = lenders.case(case);
    assert_eq!((record.passed, record.revision, record.status), (0, 1, CaseStatus::Open));
    let hash = hash(&mut lenders, case);
    let message = cast.suite.loan().submit_verdict(case, 1, hash, Verdict::Pass);
    let not_yet = Error::Case(CaseRefusal::NotYourTurn { next: cast.bank.number });
    lenders.refuses(&cast.department.actor, message, not_yet);
}
