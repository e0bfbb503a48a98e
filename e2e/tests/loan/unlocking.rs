//! Unlocking: junk first does no harm (X27), twice is refused, and what fails half-way leaves nothing behind (X3).

use crate::common::*;
use amanah_domain::{
    calendar::add_months, chaincode::Verdict, layout::VerdictStatement, money::AmountError, roles::Role, time::DAY,
};
use amanah_e2e::{
    lending::{sign_verdict, VALIDITY},
    START,
};
use amanah_interfaces::{
    ledger::{self, Ledger},
    loan::{
        CaseRefusal, CaseStatus, Code, Error, Loan, LoanRefusal, LoanStatus, Method, NewCampaign, Offer, Order, Rating,
        SignedVerdict,
    },
};

#[test]
fn whatever_a_stranger_sends_first_the_case_lives_and_money_moves_from_the_named_bank_only() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    // Another bank, which has money of the named bank and lets the contract take it, passes the case in its place.
    let other = lenders.enrol("another bank", &[Role::Bank]);
    lenders.funds(&other, 50_000);
    let honest = pass_with(&mut lenders, ready.case, &cast.bank, |_| {});
    let own_key = VerdictStatement { key: other.actor.account(), ..honest.clone() };
    for statement in [own_key, honest] {
        let mut verdicts = ready.verdicts.clone();
        verdicts[0] = sign_verdict(&statement, &other);
        stores_nothing(&mut lenders, ready.case, &ready.event, &verdicts, Code::OracleFailed);
    }
    let mut to_the_other = ready.event.clone();
    to_the_other.grantors[0] = other.number;
    stores_nothing(&mut lenders, ready.case, &to_the_other, &ready.verdicts, Code::EventMismatch);
    let junk = SignedVerdict { verdict: Verdict::Failed, valid_until: u64::MAX, signature: [7; 64] };
    stores_nothing(&mut lenders, ready.case, &ready.event, &vec![junk; 3], Code::OracleFailed);
    stores_nothing(&mut lenders, ready.case, &ready.event, &[], Code::TypeError);

    unlock_ready(&mut lenders, &ready);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 0));
    assert_eq!(lenders.balance(&other), 50_000);
}

#[test]
fn anybody_unlocks_with_what_the_oracles_signed() {
    let (mut lenders, cast) = stage();
    lenders.suspend(&cast.shop);
    for by in [&cast.stranger, &cast.shop.actor, &cast.citizen.actor] {
        let product = simple_product(&mut lenders);
        lenders.funds(&cast.bank, 100);
        let event = simple_application(&mut lenders, &cast.citizen, product, 100, 1);
        let ready = ready(&mut lenders, &event);
        let done = lenders.send(by, cast.suite.loan().unlock(ready.case, ready.event, ready.verdicts));
        assert_eq!(done.value, Code::Success);
    }
    assert_eq!(lenders.balance(&cast.citizen), 300);
}

#[test]
fn a_case_is_unlocked_once() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    lenders.funds(&cast.bank, 12_000);
    unlock_ready(&mut lenders, &ready);
    let executed = Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Executed });
    cannot_unlock(&mut lenders, &ready, executed);
    let failed = lenders.verdict(ready.case, &cast.department, Verdict::Failed);
    let unlock = cast.suite.loan().unlock(ready.case, ready.event.clone(), vec![failed]);
    lenders.refuses(&cast.stranger, unlock, executed);
    lenders.chain.advance(VALIDITY);
    cannot_unlock(&mut lenders, &ready, executed);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 12_000));
}

#[test]
fn there_is_nothing_to_unlock_where_nothing_was_locked() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(1, 1);
    for case in [0, 1, u64::MAX] {
        let unlock = cast.suite.loan().unlock(case, event.clone(), vec![]);
        lenders.refuses(&cast.stranger, unlock, Error::UnknownCase { case });
    }
}

#[test]
fn a_case_is_unlocked_before_its_time_is_over_and_not_then() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let expires = START + VALIDITY;
    for late in [expires, expires + 1] {
        lenders.chain.set_time(late);
        cannot_unlock(&mut lenders, &ready, Error::Case(CaseRefusal::TooLate { expires }));
        let failed = lenders.verdict(ready.case, &cast.department, Verdict::Failed);
        let unlock = cast.suite.loan().unlock(ready.case, ready.event.clone(), vec![failed]);
        lenders.refuses(&cast.stranger, unlock, Error::Case(CaseRefusal::TooLate { expires }));
    }
    lenders.chain.set_time(expires - 1);
    unlock_ready(&mut lenders, &ready);
}

// ---- an operation fails ----

#[test]
fn a_bank_that_has_no_money_or_allows_too_little_opens_no_loan_until_it_does() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    let ready = ready(&mut lenders, &event);
    let contract = cast.suite.loan.into();
    let bank = cast.bank.number;
    let approve = |amount| cast.suite.ledger().approve(contract, bank, amount);
    let refused = |refusal| Error::Ledger(refusal);
    cannot_unlock(&mut lenders, &ready, refused(ledger::Error::Allowance { allowed: 0, wanted: 12_000 }));
    lenders.send(&cast.bank.actor, approve(12_000));
    let insufficient = |available| AmountError::Insufficient { available, wanted: 12_000 };
    cannot_unlock(&mut lenders, &ready, refused(ledger::Error::Amount(insufficient(0))));
    lenders.issue(&cast.bank, 11_999);
    cannot_unlock(&mut lenders, &ready, refused(ledger::Error::Amount(insufficient(11_999))));
    lenders.issue(&cast.bank, 1);
    lenders.send(&cast.bank.actor, approve(11_999));
    cannot_unlock(&mut lenders, &ready, refused(ledger::Error::Allowance { allowed: 11_999, wanted: 12_000 }));
    assert_eq!(lenders.ask(cast.suite.loan().loan(1)), None);
    lenders.send(&cast.bank.actor, approve(12_000));
    unlock_ready(&mut lenders, &ready);
    assert_eq!(lenders.loan(1).borrower, cast.citizen.number);
}

#[test]
fn money_that_moved_is_back_when_the_loan_cannot_be_opened_after_it() {
    let (mut lenders, cast) = stage();
    // A month's interest on top of all that can be counted is more than an instalment can be.
    let most = u64::MAX.into();
    let flow = lenders.application;
    let product = lenders.product_with(|offer| {
        offer.flow = flow;
        offer.limit = most;
        offer.rate = 10_000;
        offer.method = Method::EqualInstalments;
        offer.order = Order::InterestFirst;
        offer.subsidised = false;
    });
    lenders.funds(&cast.bank, most);
    let event = lenders.application_of(&cast.citizen, product, most, 1);
    let ready = ready(&mut lenders, &event);
    let too_large = Error::Loan(LoanRefusal::Amount(AmountError::TooLarge));
    cannot_unlock(&mut lenders, &ready, too_large);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (0, most));
    assert_eq!(lenders.case(ready.case).status, CaseStatus::Open);
    // The transfer alone does go through: of a little less, both do.
    let event = lenders.application_of(&cast.citizen, product, 1 << 62, 1);
    let case = lenders.lock(&event);
    lenders.unlock(case);
    assert_eq!(lenders.balance(&cast.citizen), 1 << 62);
}

#[test]
fn an_interest_refund_that_its_department_cannot_pay_leaves_the_loan_as_it_was() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    lenders.chain.advance(20 * DAY);
    let event = lenders.interest_refund(loan);
    let early = ready(&mut lenders, &event);
    let from = add_months(START, 12);
    cannot_unlock(&mut lenders, &early, Error::Loan(LoanRefusal::TooEarly { from }));
    lenders.repay(&cast.citizen, loan, 12_000);
    let before = lenders.loan(loan);
    // 5 % of 12,000 for 20 days is 32.88.
    let none = ledger::Error::Allowance { allowed: 0, wanted: 33 };
    cannot_unlock(&mut lenders, &early, Error::Ledger(none));
    assert_eq!((lenders.loan(loan), credit(&mut lenders, &cast.bank)), (before, 12_000));
    lenders.funds(&cast.department, 33);
    unlock_ready(&mut lenders, &early);
    assert_eq!(credit(&mut lenders, &cast.bank), 12_033);
}

#[test]
fn of_two_cases_about_one_refund_the_second_pays_nothing() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    lenders.chain.advance(20 * DAY);
    lenders.repay(&cast.citizen, loan, 12_000);
    lenders.funds(&cast.department, 1_000);
    let event = lenders.interest_refund(loan);
    let (first, second) = (ready(&mut lenders, &event), ready(&mut lenders, &event));
    unlock_ready(&mut lenders, &first);
    let status = LoanStatus::Closed;
    cannot_unlock(&mut lenders, &second, Error::Loan(LoanRefusal::WrongStatus { status }));
    assert_eq!(lenders.balance(&cast.department), 967);
}

#[test]
fn a_campaigns_money_is_back_in_escrow_when_its_loan_cannot_be_opened() {
    let (mut lenders, cast) = stage();
    let most = u64::MAX.into();
    let offer = Offer { flow: 0, limit: most, subsidised: false, ..lenders.usual_offer() };
    let offer = Offer { method: Method::EqualInstalments, order: Order::InterestFirst, ..offer };
    let product = lenders.offer(&cast.officer.actor, offer);
    let terms = NewCampaign { product, months: 1, ..lenders.new_campaign(most) };
    let rating = lenders.rating(&cast.citizen, Rating { most, ..lenders.usual_rating() });
    let passkey = lenders.passkey(&cast.citizen, &terms, &rating);
    let open = cast.suite.loan().open_campaign(terms, rating, passkey);
    let campaign = lenders.send(&cast.citizen.actor, open).value;
    lenders.send(&cast.officer.actor, cast.suite.loan().approve_campaign(campaign));
    lenders.invest(&cast.investor, campaign, most);
    let event = lenders.campaign_close(campaign);
    let ready = ready(&mut lenders, &event);
    let before = lenders.campaign(campaign);
    cannot_unlock(&mut lenders, &ready, Error::Loan(LoanRefusal::Amount(AmountError::TooLarge)));
    assert_eq!((lenders.held(), lenders.balance(&cast.citizen)), (most, 0));
    assert_eq!(lenders.campaign(campaign), before);
}
