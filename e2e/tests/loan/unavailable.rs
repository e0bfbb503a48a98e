//! A loan contract whose registry or ledger does not answer, or answers as a broken or hostile one would, says no, and nothing
//! is lost (X18).

use crate::common::*;
use amanah_client::{chain::raw, suite::SUITE_DELAY, Bundle, Chain, Suite};
use amanah_domain::{calendar::add_months, chaincode::Verdict, flow::EventKind, ids::Account, roles::Role, time::DAY};
use amanah_e2e::{
    lending::{Lenders, VALIDITY},
    World, START,
};
use amanah_interfaces::{
    governance::{self, Governed},
    loan::{CaseStatus, Code, Error, Finding, Loan, Matter, Method, Offer, Order},
};
use scale::Encode;

/// A contract gets another contract's code, the usual way, so that it understands nothing any more that it is asked.
fn silence(lenders: &mut Lenders, contract: Account, code_of: Account) {
    let code = lenders.chain.code_hash(&code_of).expect("it answers").expect("it is a contract");
    let (administrator, regulator) = (lenders.administrator.clone(), lenders.regulator.actor.clone());
    let suite = lenders.suite.clone();
    lenders.send(&administrator, suite.governance(contract).propose_code(code));
    lenders.send(&regulator, suite.governance(contract).approve_code(code));
    lenders.chain.advance(SUITE_DELAY);
    lenders.send(&administrator, suite.governance(contract).set_code());
}

/// Everything that may be done with money: cases that all have passed, loans that are repaid, campaigns of each kind.
struct Business {
    application: Ready,
    refund: Ready,
    close: Ready,
    failed: Ready,
    expired: u64,
    repayable: u64,
    lost: u64,
    proposed: u64,
    collecting: u64,
    cancelled: u64,
    funded: u64,
}

/// A campaign with another product, since a borrower has one loan of a product at a time.
fn campaign_of_its_own(lenders: &mut Lenders) {
    let officer = lenders.officer.actor.clone();
    let offer = Offer { flow: 0, subsidised: false, order: Order::InterestFirst, ..lenders.usual_offer() };
    lenders.campaign_product = lenders.offer(&officer, Offer { method: Method::Bullet, ..offer });
}

fn business(lenders: &mut Lenders, cast: &Cast) -> Business {
    let suite = cast.suite.clone();
    let [first, second, third, fourth] = [1, 2, 3, 4].map(|_| lenders.product_with(|offer| offer.limit = 20_000));
    let repayable = lenders.lend_of(first, 12_000, 12);
    let lost = lenders.lend_of(second, 1_000, 1);
    lenders.chain.set_time(add_months(START, 1) + 90 * DAY);
    lenders.send(&cast.stranger, suite.loan().mark_delinquent(lost));
    lenders.send(&cast.stranger, suite.loan().mark_defaulted(lost));
    let event = lenders.application_of(&cast.citizen, fourth, 5_000, 12);
    let expired = lenders.lock(&event);
    lenders.chain.advance(VALIDITY - 2 * DAY);

    let repaid = lenders.lend_of(third, 1_000, 12);
    lenders.chain.advance(DAY);
    lenders.repay(&cast.citizen, repaid, 1_000);
    lenders.funds(&cast.department, 100);
    let refund = lenders.interest_refund(repaid);
    let refund = ready(lenders, &refund);

    let funded = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, funded, 1_000);
    let close = lenders.campaign_close(funded);
    let close = lenders.lock(&close);
    lenders.unlock(close);
    let of_campaign = lenders.campaign(funded).loan;
    lenders.repay(&cast.citizen, of_campaign, 500);
    campaign_of_its_own(lenders);
    let full = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, full, 1_000);
    let close = lenders.campaign_close(full);
    let close = ready(lenders, &close);
    let cancelled = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, cancelled, 400);
    lenders.send(&cast.citizen.actor, suite.loan().cancel_campaign(cancelled));
    let collecting = lenders.open_campaign(1_000);
    let terms = lenders.new_campaign(1_000);
    let proposed = lenders.propose(terms);

    let failed = ready(lenders, &event);
    let verdict = lenders.verdict(failed.case, &cast.department, Verdict::Failed);
    assert_eq!(lenders.try_unlock(failed.case, vec![verdict]).map(|done| done.value), Ok(Code::OracleFailed));
    let application = ready(lenders, &event);
    lenders.funds(&cast.bank, 20_000);
    lenders.funds(&cast.citizen, 20_000);
    lenders.funds(&cast.investor, 20_000);
    Business { application, refund, close, failed, expired, repayable, lost, proposed, collecting, cancelled, funded }
}

#[test]
fn without_a_registry_everything_that_asks_who_somebody_is_is_refused_and_what_asks_nobody_goes_on() {
    let (mut lenders, cast) = stage();
    let suite = cast.suite.clone();
    let all = business(&mut lenders, &cast);
    let offer = lenders.usual_offer();
    let (terms, usual) = (lenders.new_campaign(1_000), lenders.usual_rating());
    let rating = lenders.rating(&cast.citizen, usual);
    let passkey = lenders.passkey(&cast.citizen, &terms, &rating);
    let approval = lenders.approval(&all.application.event, 0, &cast.citizen);
    let hash = lenders.ask(suite.loan().event_hash(all.application.case)).expect("the case is there");
    silence(&mut lenders, suite.registry, suite.ledger);

    let closed = Error::RegistryUnavailable;
    let (citizen, bank, officer) = (&cast.citizen.actor, &cast.bank.actor, &cast.officer.actor);
    let (regulator, investor) = (&cast.regulator.actor, &cast.investor.actor);
    let kind = EventKind::LoanApplication;
    let configure = suite.loan().configure_flow(kind, vec![Role::Citizen], vec![Role::Bank], DAY);
    lenders.refuses(&cast.government.actor, configure, closed);
    lenders.refuses(bank, suite.loan().offer_product(offer), closed);
    lenders.refuses(bank, suite.loan().retire_product(1), closed);
    let event = &all.application.event;
    cannot_lock(&mut lenders, event, closed);
    lenders.refuses(&cast.stranger, suite.loan().lock(event.clone(), Some(approval)), closed);
    for ready in [&all.application, &all.refund, &all.close] {
        cannot_unlock(&mut lenders, ready, closed);
    }
    lenders.refuses(&cast.stranger, suite.loan().unlock(all.application.case, event.clone(), vec![]), closed);
    let submit = suite.loan().submit_verdict(all.application.case, 0, hash, Verdict::Pass);
    lenders.refuses(bank, submit, closed);
    lenders.refuses(citizen, suite.loan().revise(all.failed.case, event.clone(), None), closed);
    lenders.refuses(citizen, suite.loan().repay(all.repayable, 1), closed);
    lenders.refuses(citizen, suite.loan().recover(all.lost, 1), closed);
    lenders.refuses(bank, suite.loan().write_off(all.lost), closed);
    lenders.refuses(bank, suite.loan().withdraw(cast.bank.number, 1), closed);
    lenders.refuses(citizen, suite.loan().open_campaign(terms, rating, passkey), closed);
    lenders.refuses(officer, suite.loan().approve_campaign(all.proposed), closed);
    lenders.refuses(officer, suite.loan().reject_campaign(all.proposed, 1), closed);
    lenders.refuses(citizen, suite.loan().cancel_campaign(all.collecting), closed);
    lenders.refuses(investor, suite.loan().invest(all.collecting, 100), closed);
    lenders.refuses(investor, suite.loan().refund(all.cancelled), closed);
    lenders.refuses(investor, suite.loan().claim(all.funded), closed);
    let matter = Matter::Loan(all.repayable);
    lenders.refuses(regulator, suite.loan().challenge(matter, 1), closed);
    lenders.refuses(regulator, suite.loan().resolve(matter, Finding::Dismissed), closed);
    lenders.refuses(regulator, suite.loan().inspect(cast.citizen.number, None, None, 50), closed);
    let unanswered = governance::Error::RegistryUnavailable;
    lenders.refuses(&cast.administrator, suite.governance(suite.loan).pause(), unanswered);

    lenders.send(&cast.stranger, suite.loan().mark_delinquent(all.repayable));
    lenders.send(&cast.stranger, suite.loan().expire_case(all.expired));
    assert_eq!(lenders.case(all.application.case).status, CaseStatus::Open);
}

#[test]
fn without_a_ledger_no_money_moves_and_nothing_is_marked_as_paid() {
    let (mut lenders, cast) = stage();
    let suite = cast.suite.clone();
    let all = business(&mut lenders, &cast);
    let event = &all.application.event;
    let wallets = lenders.lock(event);
    let hash = lenders.ask(suite.loan().event_hash(wallets)).expect("the case is there");
    for oracle in [&cast.bank, &cast.civil_affairs] {
        lenders.send(&oracle.actor, suite.loan().submit_verdict(wallets, 0, hash, Verdict::Pass));
    }
    silence(&mut lenders, suite.ledger, suite.registry);

    let closed = Error::LedgerUnavailable;
    let (citizen, investor) = (&cast.citizen.actor, &cast.investor.actor);
    for ready in [&all.application, &all.refund, &all.close] {
        cannot_unlock(&mut lenders, ready, closed);
        assert_eq!(lenders.case(ready.case).status, CaseStatus::Open);
    }
    let last = suite.loan().submit_verdict(wallets, 0, hash, Verdict::Pass);
    lenders.refuses(&cast.department.actor, last, closed);
    lenders.refuses(citizen, suite.loan().repay(all.repayable, 1), closed);
    lenders.refuses(citizen, suite.loan().recover(all.lost, 1), closed);
    lenders.refuses(&cast.bank.actor, suite.loan().withdraw(cast.bank.number, 1), closed);
    lenders.refuses(investor, suite.loan().invest(all.collecting, 100), closed);
    lenders.refuses(investor, suite.loan().refund(all.cancelled), closed);
    lenders.refuses(investor, suite.loan().claim(all.funded), closed);

    // What moves no money goes on.
    let next = lenders.application_of(&cast.citizen, lenders.product, 1, 1);
    lenders.lock(&next);
    lenders.send(&cast.stranger, suite.loan().mark_delinquent(all.repayable));
    let failed = suite.loan().submit_verdict(wallets, 0, hash, Verdict::Failed);
    lenders.send(&cast.department.actor, failed);
    assert_eq!(lenders.case(wallets).status, CaseStatus::Failed);
}

// ---- a registry that misbehaves ----

const TRAPS: u8 = 0;
const NEVER_ENDS: u8 = 1;
const ANSWERS_TOO_LITTLE: u8 = 2;
const ANSWERS_NONSENSE: u8 = 3;
const CALLS: u8 = 4;
const IS_GOOD: u8 = 5;

/// A loan contract on a registry that behaves like this, and calls that account if it calls any.
fn loans_on(world: &mut World, mode: u8, calls: Option<Account>) -> Suite {
    let from = world.administrator.account();
    let mut deploy = |folder: &std::path::Path, name: &str, arguments: Vec<u8>| {
        let bundle = Bundle::load(folder, name).expect("scripts/build tests was run");
        let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
        world.chain.deploy(&from, &bundle, input, vec![mode, u8::from(calls.is_some())]).expect("it is made").0
    };
    let registry = deploy(&Bundle::folder().join("fixtures"), "hostile-registry", (mode, calls).encode());
    let loan = deploy(&Bundle::folder(), "loan", (registry, world.suite.ledger, world.suite.genesis).encode());
    Suite { registry, loan, ..world.suite.clone() }
}

fn offer() -> Offer {
    Offer {
        flow: 9,
        limit: 1,
        most_months: 1,
        again_after_months: 0,
        rate: 0,
        method: Method::Bullet,
        order: Order::InterestFirst,
        grace_days: 0,
        late_fee: 0,
        default_after_days: 0,
        subsidised: false,
    }
}

#[test]
fn a_registry_that_traps_or_answers_nonsense_means_no() {
    for mode in [TRAPS, ANSWERS_TOO_LITTLE, ANSWERS_NONSENSE] {
        let mut world = World::new();
        let suite = loans_on(&mut world, mode, None);
        let (bank, closed) = (world.bank.actor.clone(), Error::RegistryUnavailable);
        // Where one subject is asked for, one answer, that nobody is known, is not too little.
        let expected = if mode == ANSWERS_TOO_LITTLE { Error::NotAllowed } else { closed };
        world.refuses(&bank, suite.loan().offer_product(offer()), expected);
        world.refuses(&bank, suite.loan().withdraw(1, 1), expected);
        world.refuses(&bank, suite.loan().challenge(Matter::Case(1), 1), expected);
    }
}

#[test]
fn a_registry_that_never_ends_uses_up_the_callers_gas_and_nothing_changes() {
    let mut world = World::new();
    let suite = loans_on(&mut world, NEVER_ENDS, None);
    let bank = world.bank.actor.account();
    world.chain.endow(&bank);
    let before = world.chain.state_root();
    let outcome = world.chain.submit(&raw(&bank, suite.loan().offer_product(offer())));
    assert!(outcome.is_err() || outcome.is_ok_and(|outcome| outcome.reverted), "it cannot have gone through");
    assert!(world.chain.state_root() == before);
}

#[test]
fn a_registry_cannot_call_back_into_the_loan_contract_that_asks_it() {
    let mut world = World::new();
    let bank = world.bank.actor.clone();
    // One that answers is believed: the bank is one, and only its flow is not there.
    let suite = loans_on(&mut world, IS_GOOD, None);
    world.refuses(&bank, suite.loan().offer_product(offer()), Error::UnknownFlow { flow: 9 });
    // The attempt to call back traps the registry that makes it.
    let suite = loans_on(&mut world, CALLS, None);
    world.refuses(&bank, suite.loan().offer_product(offer()), Error::RegistryUnavailable);
    // Calling another contract, which waits for no answer, does not; the registry then says that it knows nobody.
    let other = world.suite.ledger;
    let suite = loans_on(&mut world, CALLS, Some(other));
    world.refuses(&bank, suite.loan().offer_product(offer()), Error::NotAllowed);
}
