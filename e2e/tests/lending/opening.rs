//! New campaigns: who opens one, and within which terms.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::CampaignId,
    money::{Amount, AmountError},
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{lending::Lenders, registration, Person, CARDS_END, START};
use amanah_interfaces::{
    loan::{
        Campaign, CampaignProposed, CampaignRefusal, CampaignStatus, Error, Loan, NewCampaign, Offer, ProductRefusal,
        Rating,
    },
    registry::Registry,
    Balance,
};

/// A usual campaign, signed as it must be, is refused to its borrower.
#[track_caller]
fn refused(lenders: &mut Lenders, change: impl FnOnce(&mut NewCampaign), error: Error) {
    let mut campaign = lenders.new_campaign(1_000);
    change(&mut campaign);
    let rating = lenders.usual_rating();
    refused_by(lenders, campaign, rating, error);
}

#[track_caller]
fn refused_by(lenders: &mut Lenders, campaign: NewCampaign, rating: Rating, error: Error) {
    let citizen = lenders.world.citizen.clone();
    let rating = lenders.rating(&citizen, rating);
    let passkey = lenders.passkey(&citizen, &campaign, &rating);
    let message = lenders.world.suite.loan().open_campaign(campaign, rating, passkey);
    lenders.world.refuses(&citizen.actor, message, error);
}

/// The citizen opens a usual campaign that was changed like this.
#[track_caller]
fn opens(lenders: &mut Lenders, change: impl FnOnce(&mut NewCampaign)) -> CampaignId {
    let mut campaign = lenders.new_campaign(1_000);
    change(&mut campaign);
    lenders.propose(campaign)
}

#[test]
fn a_campaign_is_proposed_with_its_borrowers_rating_and_waits_to_be_approved() {
    let (mut lenders, cast) = stage();
    let new = lenders.new_campaign(1_000);
    let rating = lenders.rating(&cast.citizen, lenders.usual_rating());
    let passkey = lenders.passkey(&cast.citizen, &new, &rating);
    let message = cast.loans().open_campaign(new.clone(), rating, passkey);
    let done = lenders.world.send(&cast.citizen.actor, message);
    let record = Campaign {
        borrower: cast.citizen.number,
        issuer: cast.bank.number,
        product: lenders.campaign_product,
        target: Amount::new(1_000),
        minimum: Amount::new(100),
        rate: 800,
        months: 12,
        grade: 1,
        deadline: START + 10 * DAY,
        reached_at: 0,
        document: [9; 32],
        raised: Amount::ZERO,
        status: CampaignStatus::Proposed,
        loan: 0,
        repaid: Amount::ZERO,
        claimed: Amount::ZERO,
        shares_left: Amount::ZERO,
        older: 0,
    };
    assert_eq!((done.value, lenders.campaign(1)), (1, record.clone()));
    let proposed = CampaignProposed { campaign: 1, borrower: cast.citizen.number, record };
    assert_eq!(lenders.world.events(&done.events), [Event::CampaignProposed(proposed)]);
}

#[test]
fn a_campaign_wants_no_more_than_its_borrowers_rating_allows() {
    let (mut lenders, _) = stage();
    let most: Balance = 30_000;
    let rating = Rating { most, ..lenders.usual_rating() };
    let over = Error::Campaign(CampaignRefusal::OverRating { most, wanted: most + 1 });
    let campaign = lenders.new_campaign(most + 1);
    refused_by(&mut lenders, campaign, rating, over);
    let campaign = lenders.new_campaign(100);
    let over = Error::Campaign(CampaignRefusal::OverRating { most: 0, wanted: 100 });
    refused_by(&mut lenders, campaign, Rating { most: 0, ..rating }, over);
    let citizen = lenders.world.citizen.clone();
    let (campaign, rating) = (lenders.new_campaign(most), lenders.rating(&citizen, rating));
    let passkey = lenders.passkey(&citizen, &campaign, &rating);
    let message = lenders.world.suite.loan().open_campaign(campaign, rating, passkey);
    lenders.world.send(&citizen.actor, message);
}

#[test]
fn there_are_grades_0_to_4() {
    let (mut lenders, _) = stage();
    for grade in [5, u8::MAX] {
        let (campaign, rating) = (lenders.new_campaign(1_000), Rating { grade, ..lenders.usual_rating() });
        refused_by(&mut lenders, campaign, rating, Error::Campaign(CampaignRefusal::BadGrade { grade }));
    }
}

#[test]
fn campaigns_of_a_grade_are_listed_from_the_newest_page_by_page() {
    let (mut lenders, cast) = stage();
    for grade in [1, 4, 1, 1, 0] {
        let (citizen, campaign) = (cast.citizen.clone(), lenders.new_campaign(1_000));
        let rating = lenders.rating(&citizen, Rating { grade, ..lenders.usual_rating() });
        let passkey = lenders.passkey(&citizen, &campaign, &rating);
        lenders.world.send(&citizen.actor, cast.loans().open_campaign(campaign, rating, passkey));
    }
    let list = |lenders: &mut Lenders, grade, start, limit| {
        let page = lenders.world.ask(cast.loans().campaigns(grade, start, limit));
        for (number, record) in &page {
            assert_eq!((record, record.grade), (&lenders.campaign(*number), grade));
        }
        page.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
    };
    assert_eq!(list(&mut lenders, 1, None, 50), [4, 3, 1]);
    assert_eq!(list(&mut lenders, 1, None, 2), [4, 3]);
    let next = lenders.campaign(3).older;
    assert_eq!(list(&mut lenders, 1, Some(next), 2), [1]);
    assert_eq!((list(&mut lenders, 4, None, 50), list(&mut lenders, 0, None, 50)), (vec![2], vec![5]));
    for (grade, start) in [(1, Some(2)), (1, Some(0)), (1, Some(6)), (2, None), (5, None), (u8::MAX, Some(1))] {
        assert_eq!(list(&mut lenders, grade, start, 50), [0; 0]);
    }
    assert_eq!(list(&mut lenders, 1, None, 0), [0; 0]);
}

#[test]
fn a_deadline_is_in_the_future_and_at_most_a_leap_year_ahead() {
    let (mut lenders, _) = stage();
    let last = START + 366 * DAY;
    let seconds: Millis = START / 1_000 + 10 * 86_400;
    for deadline in [0, START - 1, START, last + 1, u64::MAX, seconds] {
        let bad = Error::Campaign(CampaignRefusal::BadDeadline { deadline });
        refused(&mut lenders, |campaign| campaign.deadline = deadline, bad);
    }
    for deadline in [START + 1, last] {
        opens(&mut lenders, |campaign| campaign.deadline = deadline);
    }
}

#[test]
fn the_least_ticket_is_something_and_at_most_the_target() {
    let (mut lenders, _) = stage();
    for minimum in [0, 1_001, u64::MAX.into()] {
        let bad = Error::Campaign(CampaignRefusal::BadMinimum);
        refused(&mut lenders, |campaign| campaign.minimum = minimum, bad);
    }
    refused(&mut lenders, |campaign| campaign.minimum = 1 << 64, Error::Amount(AmountError::TooLarge));
    for minimum in [1, 1_000] {
        opens(&mut lenders, |campaign| campaign.minimum = minimum);
    }
}

#[test]
fn the_products_limit_and_months_hold_for_campaigns_too() {
    let (mut lenders, _) = stage();
    for wanted in [0, 37, u16::MAX] {
        let bad = Error::Product(ProductRefusal::BadMonths { most: 36, wanted });
        refused(&mut lenders, |campaign| campaign.months = wanted, bad);
    }
    for months in [1, 36] {
        opens(&mut lenders, |campaign| campaign.months = months);
    }
    let over = Error::Product(ProductRefusal::OverLimit { most: 50_000, wanted: 50_001 });
    refused(&mut lenders, |campaign| campaign.target = 50_001, over);
    opens(&mut lenders, |campaign| campaign.target = 50_000);
    refused(&mut lenders, |campaign| campaign.target = 0, Error::Amount(AmountError::Zero));
    refused(&mut lenders, |campaign| campaign.target = 1 << 64, Error::Amount(AmountError::TooLarge));
}

#[test]
fn the_product_is_a_loan_administrators_that_is_still_offered() {
    let (mut lenders, cast) = stage();
    let banks = lenders.product;
    let flow = lenders.application;
    refused(&mut lenders, |campaign| campaign.product = banks, Error::WrongFlow { flow });
    for product in [0, 9, u32::MAX] {
        refused(&mut lenders, |campaign| campaign.product = product, Error::UnknownProduct { product });
    }
    let offer = Offer { flow: 0, subsidised: false, ..lenders.usual_offer() };
    let product = lenders.offer(&cast.officer.actor, offer);
    opens(&mut lenders, |campaign| campaign.product = product);
    lenders.world.send(&cast.officer.actor, cast.loans().retire_product(product));
    let retired = Error::Product(ProductRefusal::Retired);
    refused(&mut lenders, |campaign| campaign.product = product, retired);
}

#[test]
fn it_collects_the_money_of_an_active_bank() {
    let (mut lenders, cast) = stage();
    let (other, _) = other_bank(&mut lenders, plain);
    lenders.suspend(&other);
    for participant in [0, 9_999, cast.citizen.number, cast.officer.number, other.number] {
        let refusal = Error::NotInGoodStanding { participant };
        refused(&mut lenders, |campaign| campaign.issuer = participant, refusal);
    }
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(other.number));
    opens(&mut lenders, |campaign| campaign.issuer = other.number);
}

/// Somebody else is refused.
#[track_caller]
fn refused_to(lenders: &mut Lenders, somebody: Person, error: Error) {
    let citizen = std::mem::replace(&mut lenders.world.citizen, somebody);
    refused(lenders, |_| {}, error);
    lenders.world.citizen = citizen;
}

#[test]
fn only_active_citizens_who_may_have_a_new_loan_open_one() {
    let (mut lenders, cast) = stage();
    for other in [&cast.bank, &cast.officer, &cast.investors[0], &cast.government] {
        refused_to(&mut lenders, other.clone(), Error::NotAllowed);
    }
    let stranger = Person { actor: cast.stranger.clone(), number: 9_999 };
    let rating = lenders.rating(&cast.citizen, lenders.usual_rating());
    let new = lenders.new_campaign(1_000);
    let passkey = lenders.passkey(&cast.citizen, &new, &rating);
    let message = cast.loans().open_campaign(new, rating, passkey);
    lenders.refuses(&stranger.actor, message, Error::NotAllowed);

    let citizen = cast.citizen.clone();
    lenders.suspend(&citizen);
    refused_to(&mut lenders, citizen.clone(), Error::NotAllowed);
    lenders.world.send(&cast.regulator.actor, cast.registry().reinstate(citizen.number));
    lenders.world.send(&cast.regulator.actor, cast.registry().blacklist(citizen.number, 1));
    let not_eligible = Error::NotEligible { applicant: citizen.number };
    refused_to(&mut lenders, citizen.clone(), not_eligible);
    lenders.world.send(&cast.regulator.actor, cast.registry().clear_blacklist(citizen.number));
    opens(&mut lenders, |_| {});
}

#[test]
fn an_identity_card_that_is_out_of_date_opens_nothing() {
    let (mut lenders, cast) = stage();
    let mut card = registration("short card", &[Role::Citizen]);
    card.identity_valid_until = START + DAY;
    let number = lenders.world.send(&cast.government.actor, cast.registry().register(card)).value;
    lenders.world.citizen = Person { actor: amanah_client::Actor::named("short card"), number };
    lenders.chain.set_time(START + DAY);
    refused(&mut lenders, |_| {}, Error::NotEligible { applicant: number });
    lenders.chain.set_time(CARDS_END - 1);
    lenders.world.citizen = cast.citizen.clone();
    opens(&mut lenders, |_| {});
    lenders.chain.set_time(CARDS_END);
    refused(&mut lenders, |_| {}, Error::NotEligible { applicant: cast.citizen.number });
}

#[test]
fn no_campaign_is_opened_while_business_is_stopped() {
    let (mut lenders, _) = stage();
    pause(&mut lenders);
    refused(&mut lenders, |_| {}, Error::Paused);
    unpause(&mut lenders);
    opens(&mut lenders, |_| {});
}
#[test]
fn a_rating_above_the_highest_rate_opens_nothing() {
    let (mut lenders, _) = stage();
    for wanted in [10_001, u32::MAX] {
        let (campaign, rating) = (lenders.new_campaign(1_000), Rating { rate: wanted, ..lenders.usual_rating() });
        let refusal = Error::Product(ProductRefusal::RateTooHigh { most: 10_000, wanted });
        refused_by(&mut lenders, campaign, rating, refusal);
    }
}
