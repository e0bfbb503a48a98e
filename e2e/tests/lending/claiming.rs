//! What a campaign's loan brings is shared: rounded down, in any order, at any time, and to the last unit.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{
    ids::{CampaignId, LoanId},
    ledger::Owner,
    money::AmountError,
    roles::Role,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    governance::Governed,
    ledger::{Error as LedgerError, Ledger, Transferred},
    loan::{CampaignRefusal, Claimed, Error, Loan, LoanStatus, Method, Offer, Rating, Share},
    registry::Registry,
    Balance,
};

const NOTHING: Error = Error::Campaign(CampaignRefusal::NothingToTake);

/// Each order of three.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// The borrower repays everything: what the investors share.
#[track_caller]
fn repay_all(lenders: &mut Lenders, cast: &Cast, loan: LoanId) -> Balance {
    let before = paid(lenders, loan);
    repay(lenders, &cast.citizen, loan, 100_000);
    assert_eq!(status(lenders, loan), LoanStatus::Closed);
    paid(lenders, loan).iter().sum::<Balance>() - before.iter().sum::<Balance>()
}

#[test]
fn an_investor_takes_its_part_of_what_was_repaid_so_far_and_later_the_rest() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [300, 300, 400]);
    let investor = &cast.investors[0];
    lenders.refuses(&investor.actor, cast.loans().claim(campaign), NOTHING);
    repay(&mut lenders, &cast.citizen, loan, 105);
    let done = lenders.world.send(&investor.actor, cast.loans().claim(campaign));
    assert_eq!(done.value, 31, "30 % of 105, rounded down");
    let (from, to) = (Owner::Contract(cast.suite.loan), Owner::Participant(investor.number));
    let moved = Transferred { from, to, issuer: cast.bank.number, amount: 31 };
    let claimed = Claimed { campaign, investor: investor.number, amount: 31 };
    let events = lenders.world.events(&done.events);
    assert_eq!(events, [Event::Transferred(moved), Event::Claimed(claimed)]);
    lenders.refuses(&investor.actor, cast.loans().claim(campaign), NOTHING);
    assert_eq!(lenders.balance(investor), 31);
    repay(&mut lenders, &cast.citizen, loan, 5);
    assert_eq!(claim(&mut lenders, investor, campaign), 2, "33 of 110, less 31");
    let record = lenders.campaign(campaign);
    assert_eq!((record.repaid.balance(), record.claimed.balance(), lenders.held()), (110, 33, 77));
}

#[test]
fn in_any_order_the_last_one_takes_what_rounding_left_and_all_get_everything() {
    for order in ORDERS {
        let (mut lenders, cast) = stage();
        let (campaign, loan) = fund(&mut lenders, [333, 333, 334]);
        lenders.chain.set_time(START + 31 * DAY);
        assert_eq!(repay_all(&mut lenders, &cast, loan), 1_007);
        let floors = [335, 335, 336];
        for (turn, at) in order.into_iter().enumerate() {
            let residue = if turn == 2 { 1 } else { 0 };
            let taken = claim(&mut lenders, &cast.investors[at], campaign);
            assert_eq!(taken, floors[at] + residue, "{order:?}");
            lenders.refuses(&cast.investors[at].actor, cast.loans().claim(campaign), NOTHING);
            assert_eq!(share(&mut lenders, campaign, &cast.investors[at]), Share::default());
        }
        assert_eq!(lenders.held(), 0, "{order:?}");
    }
}

#[test]
fn claims_between_payments_of_one_unit_lose_nothing_and_overdraw_nothing() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [100, 217, 683]);
    lenders.funds(&cast.citizen, 40);
    let mut taken = [0; 3];
    for unit in 1..=40u128 {
        lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, 1));
        // Somebody asks each time, two of them every fifth time.
        for at in [unit as usize % 3, unit as usize % 5] {
            let Some(investor) = cast.investors.get(at) else { continue };
            let due = unit * [100, 217, 683][at] / 1_000 - taken[at];
            if due == 0 {
                lenders.refuses(&investor.actor, cast.loans().claim(campaign), NOTHING);
            } else {
                assert_eq!(claim(&mut lenders, investor, campaign), due);
            }
            taken[at] += due;
        }
        assert_eq!(lenders.held(), unit - taken.iter().sum::<u128>());
    }
    lenders.chain.advance(100 * DAY);
    let all = 40 + repay_all(&mut lenders, &cast, loan);
    for (at, amount) in [100, 217].into_iter().enumerate() {
        taken[at] += claim(&mut lenders, &cast.investors[at], campaign);
        assert_eq!(taken[at], all * amount / 1_000);
    }
    taken[2] += claim(&mut lenders, &cast.investors[2], campaign);
    assert_eq!((taken.iter().sum::<u128>(), lenders.held()), (all, 0));
}

#[test]
fn who_has_taken_all_before_the_end_takes_nothing_at_the_end_and_leaves_the_rest_to_the_last() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [500, 300, 200]);
    repay(&mut lenders, &cast.citizen, loan, 999);
    assert_eq!(claim(&mut lenders, &cast.investors[2], campaign), 199);
    assert_eq!(repay_all(&mut lenders, &cast, loan), 1);
    assert_eq!(claim(&mut lenders, &cast.investors[2], campaign), 1);
    lenders.refuses(&cast.investors[2].actor, cast.loans().claim(campaign), NOTHING);
    assert_eq!(claim(&mut lenders, &cast.investors[1], campaign), 300);
    assert_eq!(claim(&mut lenders, &cast.investors[0], campaign), 500);
    assert_eq!(lenders.held(), 0);
}

#[test]
fn a_share_that_gets_nothing_more_ends_with_a_claim_of_nothing_and_no_transfer() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [100, 100, 800]);
    repay(&mut lenders, &cast.citizen, loan, 900);
    assert_eq!(claim(&mut lenders, &cast.investors[0], campaign), 90);
    lenders.chain.advance(DAY);
    // A day of 8 % of 100 is rounded up to 1. So 101 is owed, and the last of it is too little for a tenth.
    repay(&mut lenders, &cast.citizen, loan, 100);
    assert_eq!(claim(&mut lenders, &cast.investors[0], campaign), 10);
    assert_eq!(repay_all(&mut lenders, &cast, loan), 1);
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
    let done = lenders.world.send(&cast.investors[0].actor, cast.loans().claim(campaign));
    let event = Claimed { campaign, investor: cast.investors[0].number, amount: 0 };
    assert_eq!((done.value, lenders.world.events(&done.events)), (0, vec![Event::Claimed(event)]));
    assert_eq!(share(&mut lenders, campaign, &cast.investors[0]), Share::default());
    assert_eq!(claim(&mut lenders, &cast.investors[2], campaign), 800);
    assert_eq!(claim(&mut lenders, &cast.investors[1], campaign), 101);
    assert_eq!(lenders.held(), 0);
}

#[test]
fn who_has_no_share_claims_nothing() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let loan = close(&mut lenders, campaign);
    repay(&mut lenders, &cast.citizen, loan, 500);
    for other in [&cast.investors[1], &cast.citizen, &cast.bank, &cast.officer] {
        lenders.refuses(&other.actor, cast.loans().claim(campaign), NOTHING);
    }
    lenders.refuses(&cast.stranger, cast.loans().claim(campaign), Error::NotAllowed);
    let nothing = Error::Amount(AmountError::Insufficient { available: 0, wanted: 1 });
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 1), nothing);
}

/// A campaign whose loan is in default, and nothing was repaid.
fn in_default(lenders: &mut Lenders) -> (CampaignId, LoanId) {
    let (campaign, loan) = fund(lenders, [333, 333, 334]);
    default(lenders, loan);
    (campaign, loan)
}

#[test]
fn a_loss_is_shared_like_a_gain() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = in_default(&mut lenders);
    lenders.refuses(&cast.investors[0].actor, cast.loans().claim(campaign), NOTHING);
    recover(&mut lenders, &cast.citizen, loan, 100);
    assert_eq!(claim(&mut lenders, &cast.investors[0], campaign), 33);
    write_off(&mut lenders, &cast.officer, loan);
    recover(&mut lenders, &cast.citizen, loan, 50);
    for (investor, expected) in cast.investors.iter().zip([16, 49, 50]) {
        assert_eq!(claim(&mut lenders, investor, campaign), expected);
    }
    assert_eq!(lenders.held(), 2, "a loan that was written off may still bring something, so nobody is the last");
    for investor in &cast.investors {
        lenders.refuses(&investor.actor, cast.loans().claim(campaign), NOTHING);
    }
}

#[test]
fn a_loan_that_was_written_off_and_then_recovered_in_full_leaves_nothing() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = in_default(&mut lenders);
    write_off(&mut lenders, &cast.officer, loan);
    recover(&mut lenders, &cast.citizen, loan, 400);
    assert_eq!(claim(&mut lenders, &cast.investors[1], campaign), 133);
    let rest = recover(&mut lenders, &cast.citizen, loan, 100_000).iter().sum::<Balance>();
    assert_eq!(status(&mut lenders, loan), LoanStatus::Closed);
    let all = 400 + rest;
    assert_eq!(claim(&mut lenders, &cast.investors[2], campaign), all * 334 / 1_000);
    assert_eq!(claim(&mut lenders, &cast.investors[0], campaign), all * 333 / 1_000);
    claim(&mut lenders, &cast.investors[1], campaign);
    let taken: Balance = cast.investors.iter().map(|one| lenders.balance(one)).sum();
    assert_eq!((taken, lenders.held()), (all, 0));
}

#[test]
fn a_suspended_or_former_investor_claims_also_while_all_business_is_stopped() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [300, 300, 400]);
    repay(&mut lenders, &cast.citizen, loan, 100);
    lenders.suspend(&cast.investors[0]);
    lenders.world.send(&cast.government.actor, cast.registry().revoke(cast.investors[1].number, Role::Investor));
    lenders.world.send(&cast.regulator.actor, cast.registry().blacklist(cast.investors[1].number, 1));
    pause(&mut lenders);
    lenders.world.send(&cast.administrator, cast.suite.governance(cast.suite.ledger).pause());
    for (investor, expected) in cast.investors.iter().zip([30, 30, 40]) {
        assert_eq!(claim(&mut lenders, investor, campaign), expected);
    }
}

#[test]
fn an_investor_who_cannot_be_paid_holds_up_nobody_else() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [300, 300, 400]);
    // Its account is lost: nobody can act from it any more.
    let lost = cast.investors[0].clone();
    let found = lenders.rebind(&lost, &Actor::named("an account without anybody"));
    lenders.chain.advance(31 * DAY);
    assert_eq!(repay_all(&mut lenders, &cast, loan), 1_007);
    lenders.refuses(&lost.actor, cast.loans().claim(campaign), Error::NotAllowed);
    assert_eq!(claim(&mut lenders, &cast.investors[1], campaign), 302);
    assert_eq!(claim(&mut lenders, &cast.investors[2], campaign), 402);
    assert_eq!(lenders.held(), 303, "its part, and what rounding left");
    // What hangs on its number is there when somebody acts for it again.
    assert_eq!(claim(&mut lenders, &found, campaign), 303);
}

#[test]
fn a_part_stays_when_the_ledger_refuses_to_pay_it() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = fund(&mut lenders, [300, 300, 400]);
    repay_all(&mut lenders, &cast, loan);
    let contract = cast.suite.loan.into();
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    lenders.refuses(&cast.investors[0].actor, cast.loans().claim(campaign), unmarked);
    lenders.world.send(&cast.administrator, cast.ledger().set_suite_contract(contract, true));
    assert_eq!(claim(&mut lenders, &cast.investors[0], campaign), 300);
}

/// A campaign for nearly half of all money that there can be, at 100 % a year, and its loan.
fn huge(lenders: &mut Lenders, cast: &Cast) -> (CampaignId, LoanId) {
    let offer =
        Offer { flow: 0, limit: HALF, method: Method::Bullet, late_fee: 0, subsidised: false, ..lenders.usual_offer() };
    lenders.campaign_product = lenders.offer(&cast.officer.actor, offer);
    let (citizen, mut new) = (cast.citizen.clone(), lenders.new_campaign(HALF));
    new.months = 36;
    let rating = lenders.rating(&citizen, Rating { grade: 4, rate: 10_000, most: HALF });
    let passkey = lenders.passkey(&citizen, &new, &rating);
    let campaign = lenders.world.send(&citizen.actor, cast.loans().open_campaign(new, rating, passkey)).value;
    lenders.world.send(&cast.officer.actor, cast.loans().approve_campaign(campaign));
    for (investor, amount) in cast.investors.iter().zip([HALF - 1_000, 333, 667]) {
        lenders.invest(investor, campaign, amount);
    }
    let loan = close(lenders, campaign);
    (campaign, loan)
}

const HALF: Balance = 1 << 63;

#[test]
fn parts_of_the_largest_sums_are_exact_and_what_can_no_longer_be_counted_is_refused() {
    let (mut lenders, cast) = stage();
    let (campaign, loan) = huge(&mut lenders, &cast);
    lenders.chain.set_time(START + 731 * DAY);
    let everything = u64::MAX.into();
    let allow = || cast.ledger().approve(cast.suite.loan.into(), cast.bank.number, everything);
    lenders.world.send(&cast.citizen.actor, allow());
    lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, HALF - 3));
    // The shares' parts of HALF - 3, in exact arithmetic: each loses less than a unit of its own.
    for (investor, expected) in cast.investors.iter().zip([HALF - 1_003, 332, 666]) {
        assert_eq!(claim(&mut lenders, investor, campaign), expected);
    }
    lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, 3));
    for (investor, expected) in cast.investors.iter().zip([3, 1, 1]) {
        assert_eq!(claim(&mut lenders, investor, campaign), expected);
    }
    assert_eq!(lenders.held(), 0);
    // The same money goes round again: 2^64 can no longer be counted.
    for investor in &cast.investors {
        let amount = lenders.balance(investor);
        let give = cast.ledger().transfer(cast.citizen.id(), cast.bank.number, amount);
        lenders.world.send(&investor.actor, give);
    }
    lenders.world.send(&cast.citizen.actor, allow());
    let full = Error::Campaign(CampaignRefusal::Amount(AmountError::TooLarge));
    lenders.refuses(&cast.citizen.actor, cast.loans().repay(loan, HALF), full);
    lenders.world.send(&cast.citizen.actor, cast.loans().repay(loan, HALF - 1));
    assert_eq!(lenders.campaign(campaign).repaid.balance(), u64::MAX.into());
}
