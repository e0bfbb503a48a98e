//! One loan of a product every so many months, or once: counted when it is asked for, and again when it is granted.

use crate::common::*;
use amanah_domain::{
    calendar::add_months,
    ids::ProductId,
    money::AmountError,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::loan::{CampaignStatus, CaseStatus, Error, Loan, LoanRefusal, Method, Offer};

fn too_soon(from: Millis) -> Error {
    Error::Loan(LoanRefusal::TooSoon { from })
}

/// The citizen cannot apply for a loan of this product.
#[track_caller]
fn lock_refused(lenders: &mut Lenders, product: ProductId, error: Error) {
    let citizen = lenders.world.citizen.clone();
    let event = lenders.application_of(&citizen, product, 100, 4);
    let message = lenders.world.suite.loan().lock(event, None);
    lenders.world.refuses(&citizen.actor, message, error);
}

#[test]
fn another_loan_of_a_product_is_possible_after_its_months_and_not_a_millisecond_earlier() {
    let (mut lenders, cast) = stage();
    let product = lenders.product_with(plain);
    let loan = lenders.lend_of(product, 100, 4);
    let again = add_months(START, 12);
    assert_eq!(again, START + 365 * DAY);
    lock_refused(&mut lenders, product, too_soon(again));
    // Repaying it does not help, and neither does a pause: these are months of the calendar.
    repay(&mut lenders, &cast.citizen, loan, 5_000);
    pause(&mut lenders);
    lenders.chain.advance(DAY);
    unpause(&mut lenders);
    lenders.chain.set_time(again - 1);
    lock_refused(&mut lenders, product, too_soon(again));
    lenders.chain.set_time(again);
    lenders.lend_of(product, 100, 4);
    lock_refused(&mut lenders, product, too_soon(add_months(again, 12)));
}

#[test]
fn a_loan_that_is_given_once_is_never_given_again() {
    let (mut lenders, _) = stage();
    let product = lenders.product_with(|offer| {
        plain(offer);
        offer.again_after_months = 0;
    });
    lenders.lend_of(product, 100, 4);
    lenders.chain.set_time(amanah_e2e::CARDS_END - 1);
    lock_refused(&mut lenders, product, too_soon(Millis::MAX));
}

#[test]
fn another_product_and_another_borrower_are_counted_apart() {
    let (mut lenders, _) = stage();
    let [one, other] = [0; 2].map(|_| lenders.product_with(plain));
    lenders.lend_of(one, 100, 4);
    lenders.lend_of(other, 100, 4);
    lenders.world.citizen = lenders.enrol("neighbour", &[Role::Citizen]);
    lenders.lend_of(one, 100, 4);
    lock_refused(&mut lenders, one, too_soon(START + 365 * DAY));
}

#[test]
fn of_two_applications_at_once_one_is_granted_and_the_other_waits_in_vain() {
    let (mut lenders, cast) = stage();
    let product = lenders.product_with(plain);
    lenders.funds(&cast.bank, 200);
    let event = lenders.application_of(&cast.citizen, product, 100, 4);
    let cases = [lenders.lock(&event), lenders.lock(&event)];
    let verdicts = cases.map(|case| lenders.passes(case));
    let [first, second] = verdicts;
    lenders.try_unlock(cases[1], second).expect("the second one is unlocked first");
    let message = cast.loans().unlock(cases[0], event, first);
    lenders.refuses(&cast.stranger, message, too_soon(START + 365 * DAY));
    assert_eq!(lenders.case(cases[0]).status, CaseStatus::Open);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (100, 100));
}

#[test]
fn of_two_campaigns_of_a_borrower_one_is_closed_and_the_other_gives_back() {
    let (mut lenders, cast) = stage();
    let campaigns = [lenders.open_campaign(200), lenders.open_campaign(200)];
    for campaign in campaigns {
        lenders.invest(&cast.investors[0], campaign, 200);
    }
    let cases = campaigns.map(|campaign| lenders.lock(&lenders.campaign_close(campaign)));
    lenders.unlock(cases[0]);
    let refused = too_soon(START + 365 * DAY);
    unlock_refused(&mut lenders, cases[1], refused);
    let event = lenders.campaign_close(campaigns[1]);
    lenders.refuses(&cast.citizen.actor, cast.loans().lock(event, None), refused);
    let new = lenders.new_campaign(200);
    let rating = lenders.rating(&cast.citizen, lenders.usual_rating());
    let passkey = lenders.passkey(&cast.citizen, &new, &rating);
    lenders.refuses(&cast.citizen.actor, cast.loans().open_campaign(new, rating, passkey), refused);

    lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(campaigns[1]));
    lenders.world.send(&cast.investors[0].actor, cast.loans().refund(campaigns[1]));
    assert_eq!((lenders.balance(&cast.investors[0]), lenders.held()), (200, 0));
    assert_eq!(lenders.campaign(campaigns[0]).status, CampaignStatus::Funded);
}

#[test]
fn a_loan_whose_instalment_could_not_be_counted_is_not_opened_and_no_money_moves() {
    let (mut lenders, cast) = stage();
    let everything = u64::MAX.into();
    let product = lenders.product_with(|offer: &mut Offer| {
        plain(offer);
        (offer.limit, offer.method) = (everything, Method::EqualInstalments);
    });
    lenders.funds(&cast.bank, everything);
    let event = lenders.application_of(&cast.citizen, product, everything, 1);
    let case = lenders.lock(&event);
    unlock_refused(&mut lenders, case, Error::Loan(LoanRefusal::Amount(AmountError::TooLarge)));
    assert_eq!(lenders.balance(&cast.bank), everything);
}
