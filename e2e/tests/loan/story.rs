//! The main paths, from application to the last payment.

use amanah_client::Event;
use amanah_domain::time::DAY;
use amanah_e2e::lending::Lenders;
use amanah_interfaces::{
    ledger::Ledger,
    loan::{CampaignStatus, CaseStatus, Loan, LoanStatus},
};

#[test]
fn a_loan_is_granted_by_three_oracles_repaid_and_its_interest_paid_by_the_department() {
    let mut lenders = Lenders::new();
    let (citizen, bank, department) =
        (lenders.world.citizen.clone(), lenders.world.bank.clone(), lenders.department.clone());
    lenders.funds(&bank, 12_000);
    let case = lenders.lock(&lenders.application(12_000, 12));
    let done = lenders.unlock(case);
    let names: Vec<_> = lenders.world.events(&done.events).iter().map(Event::name).collect();
    assert_eq!(names, ["Transferred", "LoanOpened", "CaseExecuted"]);
    assert_eq!(lenders.case(case).status, CaseStatus::Executed);
    assert_eq!((lenders.world.balance(&citizen), lenders.world.balance(&bank)), (12_000, 0));

    lenders.world.chain.advance(20 * DAY);
    assert_eq!(lenders.repay(&citizen, 1, 20_000), 12_000, "no more than is owed");
    // 5 % of 12,000 for 20 days is 32.88.
    let owed = lenders.world.ask(lenders.world.suite.loan().due(1)).unwrap();
    assert_eq!((owed.principal, owed.interest, owed.subsidy), (0, 0, 33));
    assert_eq!(lenders.loan(1).status, LoanStatus::Active, "the department's interest is missing");

    lenders.funds(&department, 1_000);
    let case = lenders.lock(&lenders.interest_refund(1));
    lenders.unlock(case);
    assert_eq!(lenders.loan(1).status, LoanStatus::Closed);
    assert_eq!(lenders.world.balance(&department), 967);
    assert_eq!(lenders.held(), 12_033);
    let withdraw = lenders.world.suite.loan().withdraw(bank.number, 12_033);
    lenders.world.send(&bank.actor, withdraw);
    assert_eq!((lenders.world.balance(&bank), lenders.held()), (12_033, 0));
}

#[test]
fn a_campaign_reaches_its_target_is_closed_repaid_and_shared_to_the_last_unit() {
    let mut lenders = Lenders::new();
    let (citizen, investors) = (lenders.world.citizen.clone(), lenders.investors.clone());
    let campaign = lenders.open_campaign(1_000);
    for (investor, amount) in investors.iter().zip([333, 333, 334]) {
        lenders.invest(investor, campaign, amount);
    }
    assert_eq!(lenders.held(), 1_000);
    let case = lenders.lock(&lenders.campaign_close(campaign));
    lenders.unlock(case);
    assert_eq!((lenders.world.balance(&citizen), lenders.held()), (1_000, 0));
    let record = lenders.campaign(campaign);
    assert_eq!((record.status, record.loan), (CampaignStatus::Funded, 1));

    lenders.world.chain.advance(31 * DAY);
    // 8 % of 1,000 for 31 days is 6.79.
    assert_eq!(lenders.repay(&citizen, 1, 2_000), 1_007);
    assert_eq!(lenders.loan(1).status, LoanStatus::Closed);
    let mut paid = Vec::new();
    for investor in &investors {
        let claim = lenders.world.suite.loan().claim(campaign);
        paid.push(lenders.world.send(&investor.actor, claim).value);
    }
    assert_eq!(paid, [335, 335, 337], "the last takes what rounding left");
    assert_eq!(lenders.held(), 0);
    let bank = lenders.world.bank.number;
    let balance = lenders.world.suite.ledger().balance_of(investors[2].id(), bank);
    assert_eq!(lenders.world.ask(balance), 337);
}
