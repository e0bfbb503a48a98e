//! What was repaid is the lender's, until it takes it; and money that comes from outside is nobody's.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{ledger::Owner, money::AmountError, roles::Role, time::DAY};
use amanah_e2e::START;
use amanah_interfaces::{
    governance::Governed,
    ledger::{Error as LedgerError, Ledger, Transferred},
    loan::{CampaignRefusal, Error, Loan, RepaymentsWithdrawn},
    registry::Registry,
    Balance,
};

fn insufficient(available: Balance, wanted: Balance) -> Error {
    Error::Amount(AmountError::Insufficient { available, wanted })
}

#[test]
fn a_bank_withdraws_what_was_repaid_in_parts_and_to_the_last_unit() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.chain.set_time(START + 10 * DAY);
    repay(&mut lenders, &cast.citizen, loan, 500);
    let bank = cast.bank.number;
    let done = lenders.world.send(&cast.bank.actor, cast.loans().withdraw(bank, 400));
    let (from, to) = (Owner::Contract(cast.suite.loan), Owner::Participant(bank));
    let moved = Transferred { from, to, issuer: bank, amount: 400 };
    let withdrawn = RepaymentsWithdrawn { participant: bank, issuer: bank, amount: 400 };
    let expected = [Event::Transferred(moved), Event::RepaymentsWithdrawn(withdrawn)];
    assert_eq!(lenders.world.events(&done.events), expected);
    assert_eq!((credit(&mut lenders, &cast.bank), lenders.balance(&cast.bank), lenders.held()), (100, 400, 100));
    lenders.world.send(&cast.bank.actor, cast.loans().withdraw(bank, 100));
    assert_eq!((credit(&mut lenders, &cast.bank), lenders.balance(&cast.bank), lenders.held()), (0, 500, 0));
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(bank, 1), insufficient(0, 1));
}

#[test]
fn nobody_withdraws_more_than_its_credit_or_nothing_or_anothers() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 500);
    let withdraw = |amount| cast.loans().withdraw(cast.bank.number, amount);
    lenders.refuses(&cast.bank.actor, withdraw(501), insufficient(500, 501));
    lenders.refuses(&cast.bank.actor, withdraw(u64::MAX.into()), insufficient(500, u64::MAX.into()));
    lenders.refuses(&cast.bank.actor, withdraw(1 << 64), Error::Amount(AmountError::TooLarge));
    lenders.refuses(&cast.bank.actor, withdraw(0), Error::Amount(AmountError::Zero));
    let (second, _) = other_bank(&mut lenders, plain);
    for other in [&second, &cast.citizen, &cast.officer, &cast.department, &cast.investors[0], &cast.government] {
        lenders.refuses(&other.actor, withdraw(1), insufficient(0, 1));
    }
    lenders.refuses(&cast.stranger, withdraw(1), Error::NotAllowed);
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(second.number, 1), insufficient(0, 1));
    assert_eq!(credit(&mut lenders, &cast.bank), 500);
}

#[test]
fn credits_of_different_banks_are_apart() {
    let (mut lenders, cast) = stage();
    let first = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, first, 300);
    let (other, product) = other_bank(&mut lenders, plain);
    let usual = std::mem::replace(&mut lenders.world.bank, other.clone());
    let second = lenders.lend_of(product, 1_000, 4);
    repay(&mut lenders, &cast.citizen, second, 50);
    assert_eq!((credit(&mut lenders, &other), lenders.held()), (50, 50), "in the other bank's money");
    lenders.refuses(&other.actor, cast.loans().withdraw(other.number, 51), insufficient(50, 51));
    lenders.world.send(&other.actor, cast.loans().withdraw(other.number, 50));
    assert_eq!((lenders.balance(&other), lenders.held()), (50, 0));
    lenders.world.bank = usual;
    assert_eq!((credit(&mut lenders, &cast.bank), lenders.held()), (300, 300));
    assert_eq!(credit(&mut lenders, &other), 0);
}

#[test]
fn a_suspended_bank_withdraws_once_it_is_reinstated_and_payments_go_on() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    lenders.funds(&cast.citizen, 1_000);
    lenders.suspend(&cast.bank);
    lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, 500));
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 500), Error::NotAllowed);
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(cast.bank.number));
    lenders.world.send(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 500));
    assert_eq!(lenders.balance(&cast.bank), 500);
}

#[test]
fn credits_are_paid_while_business_is_stopped() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 500);
    pause(&mut lenders);
    lenders.world.send(&cast.administrator, cast.suite.governance(cast.suite.ledger).pause());
    lenders.world.send(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 500));
    assert_eq!(lenders.balance(&cast.bank), 500);
}

#[test]
fn a_credit_stays_when_the_ledger_refuses_to_pay_it() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 500);
    let contract = cast.suite.loan.into();
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 500), unmarked);
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, true));
    lenders.world.send(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 500));
}

#[test]
fn a_bank_that_moved_to_another_account_has_its_credit_there() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 500);
    let moved = lenders.rebind(&cast.bank, &amanah_client::Actor::named("bank, moved"));
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(moved.number, 1), Error::NotAllowed);
    lenders.world.send(&moved.actor, cast.loans().withdraw(moved.number, 500));
    assert_eq!(balance_at(&mut lenders, &moved, moved.number), 500);
}

#[test]
fn money_sent_to_the_contract_from_outside_changes_no_share_no_price_and_no_check() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 300);
    let (campaign, of_campaign) = fund(&mut lenders, [300, 300, 400]);
    repay(&mut lenders, &cast.citizen, of_campaign, 100);
    // Another citizen's campaign misses 100.
    lenders.world.citizen = lenders.enrol("neighbour", &[Role::Citizen]);
    let open = lenders.open_campaign(200);
    lenders.invest(&cast.investors[0], open, 100);
    let before = (
        due(&mut lenders, loan),
        due(&mut lenders, of_campaign),
        lenders.campaign(campaign),
        lenders.campaign(open),
        share(&mut lenders, campaign, &cast.investors[0]),
        credit(&mut lenders, &cast.bank),
        lenders.held(),
    );
    lenders.funds(&cast.regulator, 5_000);
    let gift = cast.ledger().transfer(cast.suite.loan.into(), cast.bank.number, 5_000);
    lenders.world.send(&cast.regulator.actor, gift);
    let after = (
        due(&mut lenders, loan),
        due(&mut lenders, of_campaign),
        lenders.campaign(campaign),
        lenders.campaign(open),
        share(&mut lenders, campaign, &cast.investors[0]),
        credit(&mut lenders, &cast.bank),
        lenders.held() - 5_000,
    );
    assert_eq!(before, after);

    let bank = cast.bank.number;
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(bank, 301), insufficient(300, 301));
    lenders.refuses(&cast.regulator.actor, cast.loans().withdraw(bank, 1), insufficient(0, 1));
    let nothing = Error::Campaign(CampaignRefusal::NothingToTake);
    lenders.refuses(&cast.regulator.actor, cast.loans().claim(campaign), nothing);
    lenders.funds(&cast.investors[1], 101);
    let over = Error::Campaign(CampaignRefusal::OverTarget { missing: 100 });
    lenders.refuses(&cast.investors[1].actor, cast.loans().invest(open, 101), over);
    for (investor, expected) in cast.investors.iter().zip([30, 30, 40]) {
        assert_eq!(claim(&mut lenders, investor, campaign), expected);
    }
    lenders.world.send(&cast.bank.actor, cast.loans().withdraw(bank, 300));
    assert_eq!(lenders.held(), 100 + 5_000, "the escrow, and what came from outside");
}
