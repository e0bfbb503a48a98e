//! Loans on a node: from the lock to the last payment, by three oracles and by many investors.

use crate::lenders::Lenders;
use amanah_client::Event;
use amanah_domain::{
    lending::LoanStatus,
    rating::Rating,
    roles::Role,
    time::{day_of, DAY},
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{
        CampaignRefusal, CampaignStatus, CaseRefusal, CaseStatus, Code, Error, Loan, NewCampaign, Request,
        SigningRefusal,
    },
};

/// The price of an item of storage; a byte costs the 20,000th part.
const ITEM: i128 = 100_000_000_000;

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::name).collect()
}

#[tokio::test]
async fn a_loan_is_unlocked_by_three_oracles_repaid_late_and_its_interest_paid_by_the_department() {
    let mut lenders = Lenders::new().await;
    let suite = lenders.suite.clone();
    let (citizen, bank, department) = (lenders.citizen.clone(), lenders.bank.clone(), lenders.department.clone());
    let civil_affairs = lenders.civil_affairs.clone();
    lenders.funds(&bank, 12_000).await;

    // A case is an item, and so is the beginning of the applicant's list; whoever locks it pays for both.
    let request = Request::Loan { product: lenders.product, principal: 12_000, months: 12, facts: [7; 32] };
    let event = lenders.event(lenders.application, &[&bank, &civil_affairs, &department], request);
    let before = lenders.free(citizen.actor.account()).await;
    let locked = lenders.send(&citizen, suite.loan().lock(event.clone(), None)).await;
    assert!((2 * ITEM..3 * ITEM).contains(&locked.deposit), "a case takes a deposit of {}", locked.deposit);
    let taken = before - lenders.free(citizen.actor.account()).await;
    assert!(taken > locked.deposit.unsigned_abs(), "the deposit and a fee are paid: {taken}");
    let case = locked.value;

    // Junk stores nothing.
    let passes = lenders.passes(case, &[&bank, &civil_affairs, &department]).await;
    let junk = lenders.send(&citizen, suite.loan().unlock(case, event.clone(), passes[1..].to_vec())).await;
    assert_eq!((junk.value, names(&junk.events), junk.deposit), (Code::TypeError, vec!["UnlockRefused"], 0));

    // All three unlock it, a hundred days ago.
    let started = lenders.now().await - 100 * DAY;
    lenders.send_at(started, suite.loan().unlock(case, event.clone(), passes.clone())).await;
    let again = lenders.refused(&citizen, suite.loan().unlock(case, event, passes)).await;
    assert_eq!(again, Error::Case(CaseRefusal::NotOpen { status: CaseStatus::Executed }));
    let record = lenders.ask(suite.loan().loan(1)).await.expect("the loan is there");
    assert_eq!((record.started, record.borrower, record.principal.balance()), (started, citizen.number, 12_000));
    assert_eq!((lenders.owned(citizen.id()).await, lenders.owned(bank.id()).await), (12_000, 0));

    // Three due dates and their days of grace are over.
    lenders.send(&citizen, suite.loan().mark_delinquent(1)).await;
    lenders.funds(&citizen, 30).await;
    lenders.send(&citizen, suite.ledger().approve(suite.loan.into(), bank.number, 20_000)).await;
    let repaid = lenders.send(&citizen, suite.loan().repay(1, 20_000)).await;
    assert_eq!(repaid.value, 12_030, "no more than is owed, with three late fees");
    assert!(repaid.deposit > 2 * ITEM, "the bank's credit and the contract's account take {}", repaid.deposit);
    let record = lenders.ask(suite.loan().loan(1)).await.expect("the loan is there");
    // Another day when midnight passes meanwhile.
    let days = u128::from(record.book.accrued_to - day_of(started));
    assert!(days >= 100, "{days}");
    let interest = (12_000 * 500 * days).div_ceil(10_000 * 365);
    let due = lenders.ask(suite.loan().due(1)).await.expect("the loan is there");
    assert_eq!((due.principal, due.interest, due.subsidy), (0, 0, interest));
    assert_eq!(record.status, LoanStatus::Active, "the department's interest is missing");

    lenders.funds(&department, 1_000).await;
    let event = lenders.event(lenders.refund, &[&bank, &department], Request::InterestRefund { loan: 1 });
    let case = lenders.send(&citizen, suite.loan().lock(event.clone(), None)).await.value;
    let passes = lenders.passes(case, &[&bank, &department]).await;
    let refunded = lenders.send(&citizen, suite.loan().unlock(case, event, passes)).await;
    assert_eq!(refunded.value, Code::Success);
    assert_eq!(names(&refunded.events), ["Transferred", "InterestRefunded", "CaseExecuted"]);
    let record = lenders.ask(suite.loan().loan(1)).await.expect("the loan is there");
    assert_eq!(record.status, LoanStatus::Closed);

    assert_eq!(lenders.ask(suite.loan().credit(bank.number, bank.number)).await, 12_030 + interest);
    lenders.send(&bank, suite.loan().withdraw(bank.number, 12_030 + interest)).await;
    assert_eq!(lenders.owned(bank.id()).await, 12_030 + interest);
    assert_eq!(lenders.owned(department.id()).await, 1_000 - interest);
    assert_eq!(lenders.owned(suite.loan.into()).await, 0);
}

#[tokio::test]
async fn a_campaign_is_filled_closed_by_its_administrator_repaid_and_shared_to_the_last_unit() {
    let mut lenders = Lenders::new().await;
    let suite = lenders.suite.clone();
    let (citizen, bank, officer) = (lenders.citizen.clone(), lenders.bank.clone(), lenders.officer.clone());
    let government = lenders.government.clone();
    let investors = [
        lenders.enrol(&government, "first investor", &[Role::Investor]).await,
        lenders.enrol(&government, "second investor", &[Role::Investor]).await,
    ];
    let campaign = NewCampaign {
        product: lenders.collected,
        issuer: bank.number,
        target: 1_000,
        minimum: 100,
        months: 12,
        deadline: lenders.now().await + 10 * DAY,
        document: [9; 32],
    };
    let (rating, passkey) = lenders.rated(&campaign, Rating { grade: 1, rate: 800, most: 9_600 }).await;
    let another = NewCampaign { target: 999, ..campaign.clone() };
    let refused = lenders.refused(&citizen, suite.loan().open_campaign(another, rating.clone(), passkey.clone())).await;
    let signer = lenders.authenticator.number;
    assert_eq!(refused, SigningRefusal::BadSignature { signer }.into(), "the passkey approved another campaign");
    let opened = lenders.send(&citizen, suite.loan().open_campaign(campaign, rating, passkey)).await;
    // The campaign, the beginning of its grade's list, and the nonces that it used up.
    assert!((3 * ITEM..4 * ITEM).contains(&opened.deposit), "a campaign takes a deposit of {}", opened.deposit);
    let campaign = opened.value;
    let early = lenders.refused(&investors[0], suite.loan().invest(campaign, 600)).await;
    assert_eq!(early, Error::Campaign(CampaignRefusal::WrongStatus { status: CampaignStatus::Proposed }));
    lenders.send(&officer, suite.loan().approve_campaign(campaign)).await;
    for (investor, amount) in investors.iter().zip([600, 400]) {
        lenders.funds(investor, amount).await;
        let invested = lenders.send(investor, suite.loan().invest(campaign, amount)).await;
        assert_eq!(names(&invested.events), ["Transferred", "Invested"]);
    }
    assert_eq!(lenders.owned(suite.loan.into()).await, 1_000, "it is in escrow");

    let event = lenders.event(lenders.close, &[&officer], Request::CampaignClose { campaign });
    let case = lenders.send(&citizen, suite.loan().lock(event.clone(), None)).await.value;
    let passes = lenders.passes(case, &[&officer]).await;
    let started = lenders.now().await - 31 * DAY;
    lenders.send_at(started, suite.loan().unlock(case, event, passes)).await;
    let record = lenders.ask(suite.loan().campaign(campaign)).await.expect("it is kept");
    assert_eq!((record.status, record.loan), (CampaignStatus::Funded, 1));
    assert_eq!((lenders.owned(citizen.id()).await, lenders.owned(suite.loan.into()).await), (1_000, 0));

    lenders.funds(&citizen, 1_000).await;
    lenders.send(&citizen, suite.ledger().approve(suite.loan.into(), bank.number, 2_000)).await;
    let repaid = lenders.send(&citizen, suite.loan().repay(1, 2_000)).await.value;
    let loan = lenders.ask(suite.loan().loan(1)).await.expect("the loan is there");
    let days = u128::from(loan.book.accrued_to - day_of(started));
    assert!(days >= 31, "{days}");
    assert_eq!(repaid, 1_000 + (1_000 * 800 * days).div_ceil(10_000 * 365));
    assert_eq!(loan.status, LoanStatus::Closed);
    let mut claimed = Vec::new();
    for investor in &investors {
        claimed.push(lenders.send(investor, suite.loan().claim(campaign)).await.value);
    }
    let first = repaid * 600 / 1_000;
    assert_eq!(claimed, [first, repaid - first], "the last one takes what rounding left");
    assert_eq!(lenders.owned(investors[1].id()).await, repaid - first);
    assert_eq!(lenders.owned(suite.loan.into()).await, 0);
}
