//! What each command tells, field by field, and under which ids it is found.

use crate::common::*;
use amanah_client::Done;
use amanah_domain::{calendar::add_months, chaincode::Verdict, roles::Role, time::DAY};
use amanah_e2e::{
    lending::{Lenders, VALIDITY},
    topic, Person, START,
};
use amanah_interfaces::{
    ledger::{Owner, Transferred},
    loan::{
        CampaignDecided, CampaignProposed, CampaignStatus, CaseExecuted, Claimed, Code, Event, EventKind, Finding,
        InterestRefunded, Invested, Loan, LoanMarked, LoanOpened, LoanRepaid, LoanRescheduled, LoanStatus, Matter,
        Refunded, RepaymentsWithdrawn,
    },
    Balance,
};
use scale::Encode;

type Ids = Vec<[u8; 32]>;

/// It told exactly this, each event under exactly these ids.
#[track_caller]
fn tells<T>(lenders: &Lenders, done: &Done<T>, expected: Vec<(Emitted, Ids)>) {
    let ids = done.events.iter().map(|event| event.topics[1..].to_vec());
    let found: Vec<_> = told(lenders, done).into_iter().zip(ids).collect();
    assert_eq!(found, expected);
}

/// The ids of its last event.
#[track_caller]
fn ids<T>(done: &Done<T>) -> Ids {
    done.events.last().expect("there is an event").topics[1..].to_vec()
}

fn under(first: &impl Encode, second: &impl Encode) -> Ids {
    vec![topic(first), topic(second)]
}

/// Money moves, in the bank's money.
fn moved(lenders: &Lenders, from: Owner, to: Owner, amount: Balance) -> (Emitted, Ids) {
    let transferred = Transferred { from, to, issuer: lenders.bank.number, amount };
    (Emitted::Transferred(transferred), under(&from, &to))
}

fn person(person: &Person) -> Owner {
    Owner::Participant(person.number)
}

fn contract(cast: &Cast) -> Owner {
    Owner::Contract(cast.suite.loan)
}

fn executed(case: u64) -> (Emitted, Ids) {
    (Emitted::CaseExecuted(CaseExecuted { case, revision: 0 }), vec![topic(&case)])
}

fn marked(loan: u64, status: LoanStatus) -> (Emitted, Ids) {
    (Emitted::LoanMarked(LoanMarked { loan, status }), vec![topic(&loan)])
}

#[test]
fn flows_products_cases_and_challenges_are_found_by_the_ids_that_they_are_about() {
    let (mut lenders, cast) = stage();
    let (suite, citizen) = (cast.suite.clone(), cast.citizen.actor.clone());
    let (kind, oracles) = (EventKind::LoanApplication, vec![Role::Bank]);
    let configure = suite.loan().configure_flow(kind, vec![Role::Citizen], oracles, VALIDITY);
    let done = lenders.send(&cast.government.actor, configure);
    assert_eq!(ids(&done), [topic(&5u32)]);
    let usual = lenders.usual_offer();
    let done = lenders.send(&cast.bank.actor, suite.loan().offer_product(usual));
    assert_eq!(ids(&done), [topic(&3u32)]);
    let done = lenders.send(&cast.bank.actor, suite.loan().retire_product(3));
    assert_eq!(ids(&done), [topic(&3u32)]);

    let event = lenders.application(12_000, 12);
    let done = lenders.send(&citizen, suite.loan().lock(event.clone(), None));
    assert_eq!(ids(&done), under(&1u64, &cast.citizen.number));
    let hash = lenders.ask(suite.loan().event_hash(1)).expect("the case is there");
    let done = lenders.send(&cast.bank.actor, suite.loan().submit_verdict(1, 0, hash, Verdict::Pass));
    assert_eq!(ids(&done), under(&1u64, &cast.bank.number));
    let done = lenders.send(&cast.stranger, suite.loan().unlock(1, event.clone(), vec![]));
    assert_eq!((done.value, ids(&done)), (Code::TypeError, vec![topic(&1u64)]));
    let failed = lenders.verdict(1, &cast.department, Verdict::Failed);
    let done = lenders.send(&cast.stranger, suite.loan().unlock(1, event.clone(), vec![failed]));
    assert_eq!((done.value, ids(&done)), (Code::OracleFailed, vec![topic(&1u64)]));
    let done = lenders.send(&citizen, suite.loan().revise(1, event, None));
    assert_eq!(ids(&done), [topic(&1u64)]);

    for matter in [Matter::Case(1), Matter::Loan(1)] {
        if matter == Matter::Loan(1) {
            let other = simple_product(&mut lenders);
            lenders.funds(&cast.bank, 10);
            let event = simple_application(&mut lenders, &cast.citizen, other, 10, 1);
            let case = lenders.lock(&event);
            lenders.unlock(case);
        }
        let done = lenders.send(&cast.regulator.actor, suite.loan().challenge(matter, 1));
        assert_eq!(ids(&done), under(&matter, &cast.regulator.number));
        let done = lenders.send(&cast.regulator.actor, suite.loan().resolve(matter, Finding::Dismissed));
        assert_eq!(ids(&done), under(&matter, &cast.regulator.number));
    }
    lenders.chain.advance(VALIDITY);
    let done = lenders.send(&cast.stranger, suite.loan().expire_case(1));
    assert_eq!(ids(&done), [topic(&1u64)]);
}

#[test]
fn a_loan_that_is_repaid_tells_every_step() {
    let (mut lenders, cast) = stage();
    let suite = cast.suite.clone();
    let granted = ready_application(&mut lenders);
    let done = unlock_ready(&mut lenders, &granted);
    let record = lenders.loan(1);
    let opened = LoanOpened { loan: 1, borrower: cast.citizen.number, record };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, person(&cast.bank), person(&cast.citizen), 12_000),
            (Emitted::LoanOpened(opened), under(&1u64, &cast.citizen.number)),
            executed(granted.case),
        ],
    );

    // The 36th day: the first due date is missed, and its fee of 10 is charged.
    lenders.chain.set_time(add_months(START, 1) + 5 * DAY);
    let done = lenders.send(&cast.stranger, suite.loan().mark_delinquent(1));
    tells(&lenders, &done, vec![marked(1, LoanStatus::Delinquent)]);
    lenders.funds(&cast.shop, 20_000);
    let done = lenders.send(&cast.shop.actor, suite.loan().repay(1, 1_010));
    let repaid = |fees, principal| {
        let (by, status) = (cast.shop.number, LoanStatus::Active);
        let repaid = LoanRepaid { loan: 1, by, fees, interest: 0, principal, status };
        (Emitted::LoanRepaid(repaid), under(&1u64, &by))
    };
    let payment = moved(&lenders, person(&cast.shop), contract(&cast), 1_010);
    tells(&lenders, &done, vec![payment, repaid(10, 1_000)]);

    let schedule = lenders.new_schedule(1, 6);
    let schedule = ready(&mut lenders, &schedule);
    let done = unlock_ready(&mut lenders, &schedule);
    // 11,000 in six months.
    let rescheduled = LoanRescheduled { loan: 1, months: 6, instalment: 1_834 };
    tells(&lenders, &done, vec![(Emitted::LoanRescheduled(rescheduled), vec![topic(&1u64)]), executed(schedule.case)]);

    let done = lenders.send(&cast.shop.actor, suite.loan().repay(1, 15_000));
    let payment = moved(&lenders, person(&cast.shop), contract(&cast), 11_000);
    tells(&lenders, &done, vec![payment, repaid(0, 11_000)]);
    lenders.funds(&cast.department, 60);
    let refund = lenders.interest_refund(1);
    let refund = ready(&mut lenders, &refund);
    let done = unlock_ready(&mut lenders, &refund);
    // 5 % of 12,000 for 36 days is 59.18.
    let refunded = InterestRefunded { loan: 1, by: cast.department.number, amount: 60, status: LoanStatus::Closed };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, person(&cast.department), contract(&cast), 60),
            (Emitted::InterestRefunded(refunded), under(&1u64, &cast.department.number)),
            executed(refund.case),
        ],
    );

    let bank = cast.bank.number;
    let done = lenders.send(&cast.bank.actor, suite.loan().withdraw(bank, 12_070));
    let withdrawn = RepaymentsWithdrawn { participant: bank, issuer: bank, amount: 12_070 };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, contract(&cast), person(&cast.bank), 12_070),
            (Emitted::RepaymentsWithdrawn(withdrawn), under(&bank, &bank)),
        ],
    );
    assert_eq!(lenders.held(), 0);
}

#[test]
fn a_loan_that_is_not_repaid_tells_how_it_ends() {
    let (mut lenders, cast) = stage();
    let suite = cast.suite.clone();
    let loan = lenders.lend(12_000, 12);
    lenders.chain.set_time(add_months(START, 1) + 90 * DAY);
    let done = lenders.send(&cast.stranger, suite.loan().mark_delinquent(loan));
    tells(&lenders, &done, vec![marked(loan, LoanStatus::Delinquent)]);
    let done = lenders.send(&cast.stranger, suite.loan().mark_defaulted(loan));
    tells(&lenders, &done, vec![marked(loan, LoanStatus::Defaulted)]);
    let done = lenders.send(&cast.bank.actor, suite.loan().write_off(loan));
    tells(&lenders, &done, vec![marked(loan, LoanStatus::WrittenOff)]);
    lenders.funds(&cast.citizen, 500);
    let done = lenders.send(&cast.citizen.actor, suite.loan().recover(loan, 500));
    let (by, status) = (cast.citizen.number, LoanStatus::WrittenOff);
    let recovered = LoanRepaid { loan, by, fees: 0, interest: 0, principal: 500, status };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, person(&cast.citizen), contract(&cast), 500),
            (Emitted::LoanRepaid(recovered), under(&loan, &by)),
        ],
    );
}

fn decided(campaign: u64, status: CampaignStatus, reason: u16) -> (Emitted, Ids) {
    (Emitted::CampaignDecided(CampaignDecided { campaign, status, reason }), vec![topic(&campaign)])
}

/// The citizen proposes a usual campaign; it is told.
fn proposed(lenders: &mut Lenders, cast: &Cast, target: Balance) -> u64 {
    let terms = lenders.new_campaign(target);
    let usual = lenders.usual_rating();
    let rating = lenders.rating(&cast.citizen, usual);
    let passkey = lenders.passkey(&cast.citizen, &terms, &rating);
    let done = lenders.send(&cast.citizen.actor, cast.suite.loan().open_campaign(terms, rating, passkey));
    let (campaign, borrower) = (done.value, cast.citizen.number);
    let record = lenders.campaign(campaign);
    let proposed = CampaignProposed { campaign, borrower, record };
    tells(lenders, &done, vec![(Emitted::CampaignProposed(proposed), under(&campaign, &borrower))]);
    campaign
}

#[test]
fn a_campaign_tells_every_step() {
    let (mut lenders, cast) = stage();
    let (suite, officer, investor) = (cast.suite.clone(), cast.officer.actor.clone(), cast.investor.clone());
    let rejected = proposed(&mut lenders, &cast, 1_000);
    let done = lenders.send(&officer, suite.loan().reject_campaign(rejected, 42));
    tells(&lenders, &done, vec![decided(rejected, CampaignStatus::Rejected, 42)]);

    let cancelled = proposed(&mut lenders, &cast, 1_000);
    let done = lenders.send(&officer, suite.loan().approve_campaign(cancelled));
    tells(&lenders, &done, vec![decided(cancelled, CampaignStatus::Open, 0)]);
    lenders.funds(&investor, 2_000);
    let done = lenders.send(&investor.actor, suite.loan().invest(cancelled, 400));
    let invested = |campaign, amount| {
        let invested = Invested { campaign, investor: investor.number, amount };
        (Emitted::Invested(invested), under(&campaign, &investor.number))
    };
    let payment = moved(&lenders, person(&investor), contract(&cast), 400);
    tells(&lenders, &done, vec![payment, invested(cancelled, 400)]);
    let done = lenders.send(&cast.citizen.actor, suite.loan().cancel_campaign(cancelled));
    tells(&lenders, &done, vec![decided(cancelled, CampaignStatus::Cancelled, 0)]);
    let done = lenders.send(&investor.actor, suite.loan().refund(cancelled));
    let refunded = Refunded { campaign: cancelled, investor: investor.number, amount: 400 };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, contract(&cast), person(&investor), 400),
            (Emitted::Refunded(refunded), under(&cancelled, &investor.number)),
        ],
    );

    let funded = proposed(&mut lenders, &cast, 1_000);
    lenders.send(&officer, suite.loan().approve_campaign(funded));
    let done = lenders.send(&investor.actor, suite.loan().invest(funded, 1_000));
    let payment = moved(&lenders, person(&investor), contract(&cast), 1_000);
    tells(&lenders, &done, vec![payment, invested(funded, 1_000)]);
    let close: Event = lenders.campaign_close(funded);
    let close = ready(&mut lenders, &close);
    let done = unlock_ready(&mut lenders, &close);
    let record = lenders.loan(1);
    let opened = LoanOpened { loan: 1, borrower: cast.citizen.number, record };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, contract(&cast), person(&cast.citizen), 1_000),
            decided(funded, CampaignStatus::Funded, 0),
            (Emitted::LoanOpened(opened), under(&1u64, &cast.citizen.number)),
            executed(close.case),
        ],
    );
    lenders.repay(&cast.citizen, 1, 100);
    let done = lenders.send(&investor.actor, suite.loan().claim(funded));
    let claimed = Claimed { campaign: funded, investor: investor.number, amount: 100 };
    tells(
        &lenders,
        &done,
        vec![
            moved(&lenders, contract(&cast), person(&investor), 100),
            (Emitted::Claimed(claimed), under(&funded, &investor.number)),
        ],
    );
}
