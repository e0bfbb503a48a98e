//! Investors get their money back from a campaign that did not come about: each on its own, whenever it asks.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{
    ids::CampaignId,
    ledger::Owner,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{lending::Lenders, Person, START};
use amanah_interfaces::{
    governance::Governed,
    ledger::{Error as LedgerError, Ledger, Transferred},
    loan::{CampaignRefusal, CampaignStatus, Error, Loan, Refunded, Share},
    registry::Registry,
};

const DEADLINE: Millis = START + 10 * DAY;
const NOTHING: Error = Error::Campaign(CampaignRefusal::NothingToTake);

fn still_going(until: Millis) -> Error {
    Error::Campaign(CampaignRefusal::StillGoing { until })
}

/// A campaign for 1,000 in which the first two investors have 300 and 250.
fn ready() -> (Lenders, Cast, CampaignId) {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 300);
    lenders.invest(&cast.investors[1], campaign, 250);
    (lenders, cast, campaign)
}

/// An investor takes its money back: exactly this much.
#[track_caller]
fn refund(lenders: &mut Lenders, investor: &Person, campaign: CampaignId, amount: u128) {
    let (before, held) = (lenders.world.balance(investor), lenders.held());
    let message = lenders.world.suite.loan().refund(campaign);
    let done = lenders.world.send(&investor.actor, message);
    let (from, to) = (Owner::Contract(lenders.world.suite.loan), Owner::Participant(investor.number));
    let moved = Transferred { from, to, issuer: lenders.world.bank.number, amount };
    let refunded = Refunded { campaign, investor: investor.number, amount };
    let events = lenders.world.events(&done.events);
    assert_eq!(events, [Event::Transferred(moved), Event::Refunded(refunded)]);
    assert_eq!((lenders.world.balance(investor), lenders.held()), (before + amount, held - amount));
    assert_eq!(share(lenders, campaign, investor), Share::default());
    let again = lenders.world.suite.loan().refund(campaign);
    lenders.world.refuses(&investor.actor, again, NOTHING);
}

#[test]
fn a_campaign_that_missed_its_deadline_gives_back_from_it_on_and_takes_nothing_more() {
    let (mut lenders, cast, campaign) = ready();
    for early in [START, DEADLINE - 1] {
        lenders.chain.set_time(early);
        lenders.refuses(&cast.investors[0].actor, cast.loans().refund(campaign), still_going(DEADLINE));
    }
    lenders.chain.set_time(DEADLINE);
    refund(&mut lenders, &cast.investors[0], campaign, 300);
    let record = lenders.campaign(campaign);
    assert_eq!((record.status, record.raised.balance()), (CampaignStatus::Failed, 250));
    lenders.chain.advance(1_000 * DAY);
    refund(&mut lenders, &cast.investors[1], campaign, 250);
    assert_eq!(lenders.held(), 0);
}

#[test]
fn who_invested_nothing_gets_nothing_and_ends_nothing() {
    let (mut lenders, cast, campaign) = ready();
    lenders.chain.set_time(DEADLINE + 1);
    for other in [&cast.investors[2], &cast.citizen, &cast.officer, &cast.bank] {
        lenders.refuses(&other.actor, cast.loans().refund(campaign), NOTHING);
    }
    lenders.refuses(&cast.stranger, cast.loans().refund(campaign), Error::NotAllowed);
    assert_eq!(lenders.campaign(campaign).status, CampaignStatus::Open);
}

#[test]
fn a_cancelled_campaign_gives_back_at_once() {
    let (mut lenders, cast, campaign) = ready();
    lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(campaign));
    refund(&mut lenders, &cast.investors[1], campaign, 250);
    refund(&mut lenders, &cast.investors[0], campaign, 300);
    assert_eq!(lenders.campaign(campaign).status, CampaignStatus::Cancelled);
}

#[test]
fn a_campaign_that_is_rejected_while_it_collects_or_is_full_gives_back_at_once() {
    for missing in [0, 450] {
        let (mut lenders, cast, campaign) = ready();
        if missing == 0 {
            lenders.invest(&cast.investors[2], campaign, 450);
        }
        lenders.world.send(&cast.officer.actor, cast.loans().reject_campaign(campaign, 1));
        refund(&mut lenders, &cast.investors[1], campaign, 250);
        assert_eq!(lenders.held(), 750 - missing, "the others' stays until they come");
        refund(&mut lenders, &cast.investors[0], campaign, 300);
        assert_eq!(lenders.campaign(campaign).status, CampaignStatus::Rejected);
    }
}

#[test]
fn a_campaign_that_is_rejected_before_it_collects_never_had_anything() {
    let (mut lenders, cast) = stage();
    let new = lenders.new_campaign(1_000);
    let campaign = lenders.propose(new);
    lenders.world.send(&cast.officer.actor, cast.loans().reject_campaign(campaign, 1));
    lenders.refuses(&cast.investors[0].actor, cast.loans().refund(campaign), NOTHING);
}

#[test]
fn a_full_campaign_that_is_not_closed_within_thirty_days_gives_back_and_is_never_closed() {
    let (mut lenders, cast, campaign) = ready();
    lenders.chain.set_time(START + 5 * DAY);
    lenders.invest(&cast.investors[2], campaign, 450);
    let until = START + 35 * DAY;
    for early in [START + 5 * DAY, DEADLINE, DEADLINE + 1, until - 1] {
        lenders.chain.set_time(early);
        lenders.refuses(&cast.investors[0].actor, cast.loans().refund(campaign), still_going(until));
    }
    let case = lenders.lock(&lenders.campaign_close(campaign));
    lenders.chain.set_time(until);
    refund(&mut lenders, &cast.investors[0], campaign, 300);
    let failed = CampaignRefusal::WrongStatus { status: CampaignStatus::Failed };
    unlock_refused(&mut lenders, case, Error::Campaign(failed));
    refund(&mut lenders, &cast.investors[2], campaign, 450);
    refund(&mut lenders, &cast.investors[1], campaign, 250);
    assert_eq!(lenders.held(), 0);
}

#[test]
fn what_an_investor_put_in_bit_by_bit_comes_back_at_once() {
    let (mut lenders, cast, campaign) = ready();
    lenders.invest(&cast.investors[0], campaign, 100);
    lenders.invest(&cast.investors[0], campaign, 150);
    lenders.chain.set_time(DEADLINE);
    refund(&mut lenders, &cast.investors[0], campaign, 550);
}

#[test]
fn a_suspended_or_former_investor_gets_its_money_back() {
    let (mut lenders, cast, campaign) = ready();
    lenders.suspend(&cast.investors[0]);
    lenders.world.send(&cast.government.actor, cast.registry().revoke(cast.investors[1].number, Role::Investor));
    lenders.world.send(&cast.regulator.actor, cast.registry().blacklist(cast.investors[1].number, 1));
    lenders.chain.set_time(DEADLINE);
    refund(&mut lenders, &cast.investors[0], campaign, 300);
    refund(&mut lenders, &cast.investors[1], campaign, 250);
}

#[test]
fn money_comes_back_while_all_business_is_stopped() {
    let (mut lenders, cast, campaign) = ready();
    lenders.chain.set_time(DEADLINE);
    pause(&mut lenders);
    lenders.world.send(&cast.administrator, cast.suite.governance(cast.suite.ledger).pause());
    refund(&mut lenders, &cast.investors[0], campaign, 300);
}

#[test]
fn a_pause_moves_no_deadline_of_a_campaign() {
    let (mut lenders, cast, campaign) = ready();
    pause(&mut lenders);
    lenders.chain.set_time(DEADLINE);
    unpause(&mut lenders);
    refund(&mut lenders, &cast.investors[0], campaign, 300);
}

#[test]
fn an_investor_who_never_comes_back_holds_up_nobody_else() {
    let (mut lenders, cast, campaign) = ready();
    // Its account is lost: nobody can act from it any more.
    let lost = cast.investors[0].clone();
    let found = lenders.rebind(&lost, &Actor::named("an account without anybody"));
    lenders.chain.set_time(DEADLINE);
    lenders.refuses(&lost.actor, cast.loans().refund(campaign), Error::NotAllowed);
    refund(&mut lenders, &cast.investors[1], campaign, 250);
    assert_eq!(lenders.held(), 300, "exactly what is the lost one's");
    // What hangs on its number is there when somebody acts for it again.
    refund(&mut lenders, &found, campaign, 300);
}

#[test]
fn an_investment_stays_when_the_ledger_refuses_to_pay_it_back() {
    let (mut lenders, cast, campaign) = ready();
    lenders.chain.set_time(DEADLINE);
    let contract = cast.suite.loan.into();
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    lenders.refuses(&cast.investors[0].actor, cast.loans().refund(campaign), unmarked);
    assert_eq!(lenders.campaign(campaign).status, CampaignStatus::Open);
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, true));
    refund(&mut lenders, &cast.investors[0], campaign, 300);
}
