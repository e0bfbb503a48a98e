//! Money goes into escrow: who invests, how much, until when.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::CampaignId,
    money::{Amount, AmountError},
    roles::Role,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    governance::Governed,
    ledger::{Error as LedgerError, Ledger, Owner, Transferred},
    loan::{CampaignRefusal, CampaignStatus, Error, Invested, Loan, Share},
    registry::Registry,
    Balance,
};

/// A campaign for 1,000 with tickets of 100, and an investor with more than enough.
fn ready() -> (Lenders, Cast, CampaignId) {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.funds(&cast.investors[0], 10_000);
    (lenders, cast, campaign)
}

#[track_caller]
fn refused(lenders: &mut Lenders, cast: &Cast, campaign: CampaignId, amount: Balance, refusal: CampaignRefusal) {
    lenders.refuses(&cast.investors[0].actor, cast.loans().invest(campaign, amount), Error::Campaign(refusal));
}

fn of(amount: u64) -> Share {
    Share { amount: Amount::new(amount), claimed: Amount::ZERO }
}

#[test]
fn an_investment_goes_into_escrow_and_is_a_share() {
    let (mut lenders, cast, campaign) = ready();
    let investor = cast.investors[0].number;
    let done = lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 300));
    let (from, to) = (Owner::Participant(investor), Owner::Contract(cast.suite.loan));
    let moved = Transferred { from, to, issuer: cast.bank.number, amount: 300 };
    let invested = Invested { campaign, investor, amount: 300 };
    let events = lenders.world.events(&done.events);
    assert_eq!(events, [Event::Transferred(moved), Event::Invested(invested)]);
    assert_eq!(share(&mut lenders, campaign, &cast.investors[0]), of(300));
    let record = lenders.campaign(campaign);
    assert_eq!((record.raised.balance(), record.reached_at), (300, 0));
    assert_eq!((lenders.held(), lenders.balance(&cast.investors[0])), (300, 9_700));
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 100));
    assert_eq!(share(&mut lenders, campaign, &cast.investors[0]), of(400), "one share, however often");
    lenders.chain.advance(DAY);
    lenders.invest(&cast.investors[1], campaign, 600);
    let record = lenders.campaign(campaign);
    assert_eq!((record.raised.balance(), record.reached_at), (1_000, START + DAY));
    assert_eq!((record.status, lenders.held()), (CampaignStatus::Open, 1_000));
    assert_eq!(credit(&mut lenders, &cast.bank), 0, "escrow is nobody's credit");
}

#[test]
fn a_ticket_is_never_above_what_is_missing() {
    let (mut lenders, cast, campaign) = ready();
    refused(&mut lenders, &cast, campaign, 1_001, CampaignRefusal::OverTarget { missing: 1_000 });
    refused(&mut lenders, &cast, campaign, u64::MAX.into(), CampaignRefusal::OverTarget { missing: 1_000 });
    lenders.invest(&cast.investors[1], campaign, 600);
    refused(&mut lenders, &cast, campaign, 401, CampaignRefusal::OverTarget { missing: 400 });
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 400));
    refused(&mut lenders, &cast, campaign, 1, CampaignRefusal::OverTarget { missing: 0 });
    assert_eq!(lenders.held(), 1_000);
}

#[test]
fn a_ticket_is_at_least_the_least_one_unless_less_is_missing() {
    let (mut lenders, cast, campaign) = ready();
    let below = CampaignRefusal::BelowMinimum { minimum: 100 };
    refused(&mut lenders, &cast, campaign, 1, below);
    refused(&mut lenders, &cast, campaign, 99, below);
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 100));
    lenders.invest(&cast.investors[1], campaign, 850);
    refused(&mut lenders, &cast, campaign, 49, below);
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 50));
    assert_eq!(lenders.campaign(campaign).raised, lenders.campaign(campaign).target);
}

#[test]
fn nothing_and_too_much_are_no_amounts() {
    let (mut lenders, cast, campaign) = ready();
    let investor = &cast.investors[0].actor;
    lenders.refuses(investor, cast.loans().invest(campaign, 0), Error::Amount(AmountError::Zero));
    lenders.refuses(investor, cast.loans().invest(campaign, 1 << 64), Error::Amount(AmountError::TooLarge));
}

#[test]
fn a_campaign_collects_until_its_deadline() {
    let (mut lenders, cast, campaign) = ready();
    let deadline = START + 10 * DAY;
    lenders.chain.set_time(deadline - 1);
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 100));
    for now in [deadline, deadline + 1] {
        lenders.chain.set_time(now);
        refused(&mut lenders, &cast, campaign, 100, CampaignRefusal::TooLate { deadline });
    }
}

#[test]
fn only_active_investors_invest_and_not_in_their_own_campaign() {
    let (mut lenders, cast, _) = ready();
    let borrower = lenders.enrol("borrower and investor", &[Role::Citizen, Role::Investor]);
    lenders.world.citizen = borrower.clone();
    let campaign = lenders.open_campaign(1_000);
    for other in [&cast.citizen, &cast.bank, &cast.officer, &cast.government] {
        lenders.funds(other, 1_000);
        lenders.refuses(&other.actor, cast.loans().invest(campaign, 100), Error::NotAllowed);
    }
    lenders.refuses(&cast.stranger, cast.loans().invest(campaign, 100), Error::NotAllowed);
    lenders.funds(&borrower, 1_000);
    let own = Error::Campaign(CampaignRefusal::OwnCampaign);
    lenders.refuses(&borrower.actor, cast.loans().invest(campaign, 100), own);

    let investor = &cast.investors[0];
    lenders.suspend(investor);
    lenders.refuses(&investor.actor, cast.loans().invest(campaign, 100), Error::NotAllowed);
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(investor.number));
    lenders.world.send(&cast.government.actor, cast.registry().revoke(investor.number, Role::Investor));
    lenders.refuses(&investor.actor, cast.loans().invest(campaign, 100), Error::NotAllowed);
    lenders.world.send(&cast.government.actor, cast.registry().grant(investor.number, Role::Investor));
    lenders.world.send(&investor.actor, cast.loans().invest(campaign, 100));
}

#[test]
fn nothing_is_booked_without_the_investors_allowance_and_money() {
    let (mut lenders, cast, campaign) = ready();
    let investor = cast.investors[1].clone();
    let invest = || cast.loans().invest(campaign, 100);
    let refused = LedgerError::Allowance { allowed: 0, wanted: 100 };
    lenders.refuses(&investor.actor, invest(), Error::Ledger(refused));
    let allow = cast.ledger().approve(cast.suite.loan.into(), cast.bank.number, 500);
    lenders.world.send(&investor.actor, allow);
    let short = |available| LedgerError::Amount(AmountError::Insufficient { available, wanted: 100 });
    lenders.refuses(&investor.actor, invest(), Error::Ledger(short(0)));
    // Another bank's money is not what this campaign collects.
    let (other, _) = other_bank(&mut lenders, plain);
    let bank = std::mem::replace(&mut lenders.world.bank, other);
    lenders.funds(&investor, 500);
    lenders.world.bank = bank;
    lenders.refuses(&investor.actor, invest(), Error::Ledger(short(0)));
    lenders.issue(&investor, 99);
    lenders.refuses(&investor.actor, invest(), Error::Ledger(short(99)));
    assert_eq!(share(&mut lenders, campaign, &investor), of(0));
    lenders.issue(&investor, 1);
    lenders.world.send(&investor.actor, invest());
    assert_eq!(share(&mut lenders, campaign, &investor), of(100));
}

#[test]
fn nobody_invests_while_business_is_stopped() {
    let (mut lenders, cast, campaign) = ready();
    pause(&mut lenders);
    let investor = &cast.investors[0].actor;
    lenders.refuses(investor, cast.loans().invest(campaign, 100), Error::Paused);
    unpause(&mut lenders);
    lenders.world.send(&cast.administrator, cast.suite.governance(cast.suite.ledger).pause());
    lenders.world.send(investor, cast.loans().invest(campaign, 100));
}

#[test]
fn escrows_of_different_campaigns_and_banks_are_apart() {
    let (mut lenders, cast, campaign) = ready();
    let other = lenders.open_campaign(500);
    let (bank, _) = other_bank(&mut lenders, plain);
    let mut new = lenders.new_campaign(700);
    new.issuer = bank.number;
    let third = lenders.propose(new);
    lenders.world.send(&cast.officer.actor, cast.loans().approve_campaign(third));
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(campaign, 300));
    lenders.world.send(&cast.investors[0].actor, cast.loans().invest(other, 200));
    let usual = std::mem::replace(&mut lenders.world.bank, bank.clone());
    lenders.invest(&cast.investors[0], third, 700);
    assert_eq!(lenders.held(), 700);
    lenders.world.bank = usual;
    assert_eq!(lenders.held(), 500);
    let raised = [campaign, other, third].map(|one| lenders.campaign(one).raised.balance());
    assert_eq!(raised, [300, 200, 700]);
    lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(other));
    lenders.world.send(&cast.investors[0].actor, cast.loans().refund(other));
    assert_eq!(lenders.held(), 300);
    assert_eq!(share(&mut lenders, campaign, &cast.investors[0]), of(300));
}
