//! Products: who offers which, what cannot be offered, and how an offer ends.

use crate::common::*;
use amanah_domain::{
    lending::Terms,
    money::{Amount, AmountError},
    roles::Role,
};
use amanah_interfaces::{
    loan::{Error, EventKind, Loan, Method, Offer, Order, Product, ProductOffered, ProductRefusal, ProductRetired},
    Balance,
};

#[test]
fn a_bank_offers_a_product_and_it_is_told_as_it_is_stored() {
    let (mut lenders, cast) = stage();
    let offer = Offer {
        flow: lenders.application,
        limit: u64::MAX.into(),
        most_months: 480,
        again_after_months: 0,
        rate: 10_000,
        method: Method::Bullet,
        order: Order::InterestFirst,
        grace_days: 30,
        late_fee: 7,
        default_after_days: 30,
        subsidised: false,
    };
    let done = lenders.send(&cast.bank.actor, cast.suite.loan().offer_product(offer));
    let terms = Product {
        owner: cast.bank.number,
        flow: lenders.application,
        limit: Amount::MAX,
        most_months: 480,
        again_after_months: 0,
        terms: Terms {
            rate: 10_000,
            method: Method::Bullet,
            order: Order::InterestFirst,
            grace_days: 30,
            late_fee: Amount::new(7),
            default_after_days: 30,
            subsidised: false,
        },
        retired: false,
    };
    assert_eq!(done.value, 3, "the world began with two");
    let offered = ProductOffered { product: 3, terms: terms.clone() };
    assert_eq!(told(&lenders, &done), [Emitted::ProductOffered(offered)]);
    assert_eq!(lenders.ask(cast.suite.loan().product(3)), Some(terms));
}

#[test]
fn nobody_but_a_bank_or_a_loan_administrator_offers_anything() {
    let (mut lenders, cast) = stage();
    let offer = lenders.usual_offer();
    for outsider in lenders.outsiders(&[Role::Bank, Role::LoanAdministrator]) {
        for flow in [offer.flow, 0] {
            let offer = Offer { flow, subsidised: false, ..offer.clone() };
            lenders.refuses(&outsider, cast.suite.loan().offer_product(offer), Error::NotAllowed);
        }
    }
}

#[test]
fn a_bank_offers_through_a_flow_of_applications_and_an_administrator_through_none() {
    let (mut lenders, cast) = stage();
    let usual = lenders.usual_offer();
    let offer = |change: &dyn Fn(&mut Offer)| {
        let mut offer = usual.clone();
        change(&mut offer);
        cast.suite.loan().offer_product(offer)
    };
    let (bank, officer) = (&cast.bank.actor, &cast.officer.actor);
    lenders.refuses(bank, offer(&|offer| offer.flow = 0), Error::NotAllowed);
    lenders.refuses(bank, offer(&|offer| offer.flow = 99), Error::UnknownFlow { flow: 99 });
    let present = Error::WrongFlow { flow: lenders.application };
    for flow in [lenders.refund, lenders.close, lenders.reschedule] {
        lenders.refuses(bank, offer(&|offer| offer.flow = flow), present);
    }
    // A subsidised loan needs somebody who pays its interest.
    let without_department = lenders.configure(EventKind::LoanApplication, &[Role::Bank, Role::CivilAffairs]);
    let present = Error::WrongFlow { flow: without_department };
    lenders.refuses(bank, offer(&|offer| offer.flow = without_department), present);
    let none = Error::WrongFlow { flow: 0 };
    lenders.refuses(officer, offer(&|offer| offer.subsidised = false), none);
    lenders.refuses(officer, offer(&|offer| offer.flow = 0), none);
    let unsubsidised = offer(&|offer| (offer.flow, offer.subsidised) = (without_department, false));
    lenders.send(bank, unsubsidised);
    lenders.send(officer, offer(&|offer| (offer.flow, offer.subsidised) = (0, false)));
}

#[test]
fn who_is_bank_and_administrator_offers_both_kinds() {
    let (mut lenders, cast) = stage();
    grant(&mut lenders, &cast.bank, Role::LoanAdministrator);
    let usual = lenders.usual_offer();
    for (flow, subsidised) in [(lenders.application, true), (0, false)] {
        let offer = Offer { flow, subsidised, ..usual.clone() };
        lenders.send(&cast.bank.actor, cast.suite.loan().offer_product(offer));
    }
}

#[test]
fn terms_that_no_loan_can_have_are_refused() {
    let (mut lenders, cast) = stage();
    let usual = lenders.usual_offer();
    let mut refused = |change: &dyn Fn(&mut Offer), error| {
        let mut offer = usual.clone();
        change(&mut offer);
        lenders.refuses(&cast.bank.actor, cast.suite.loan().offer_product(offer), error);
    };
    refused(&|offer| offer.limit = 0, Error::Product(ProductRefusal::NoLimit));
    let too_large = Error::Amount(AmountError::TooLarge);
    for amount in [Balance::from(u64::MAX) + 1, Balance::MAX] {
        refused(&|offer| offer.limit = amount, too_large);
        refused(&|offer| offer.late_fee = amount, too_large);
    }
    for wanted in [0, 481] {
        let bad = Error::Product(ProductRefusal::BadMonths { most: 480, wanted });
        refused(&|offer| offer.most_months = wanted, bad);
    }
    for wanted in [10_001, u32::MAX] {
        let dear = Error::Product(ProductRefusal::RateTooHigh { most: 10_000, wanted });
        refused(&|offer| offer.rate = wanted, dear);
    }
    let hasty = ProductRefusal::DefaultBeforeGrace { grace_days: 31, default_after_days: 30 };
    refused(&|offer| (offer.grace_days, offer.default_after_days) = (31, 30), Error::Product(hasty));
}

#[test]
fn only_who_offers_a_product_retires_it_and_only_once() {
    let (mut lenders, cast) = stage();
    let (other_bank, product) = (lenders.enrol("another bank", &[Role::Bank]), lenders.product);
    let retire = |product| cast.suite.loan().retire_product(product);
    for outsider in [&other_bank.actor, &cast.officer.actor, &cast.government.actor, &cast.stranger] {
        lenders.refuses(outsider, retire(product), Error::NotAllowed);
    }
    lenders.refuses(&cast.bank.actor, retire(99), Error::UnknownProduct { product: 99 });
    lenders.suspend(&cast.bank);
    lenders.refuses(&cast.bank.actor, retire(product), Error::NotAllowed);
    reinstate(&mut lenders, &cast.bank);

    let before = lenders.ask(cast.suite.loan().product(product)).expect("the product is there");
    let done = lenders.send(&cast.bank.actor, retire(product));
    assert_eq!(told(&lenders, &done), [Emitted::ProductRetired(ProductRetired { product })]);
    let after = lenders.ask(cast.suite.loan().product(product));
    assert_eq!(after, Some(Product { retired: true, ..before }), "nothing else changed");
    let retired = Error::Product(ProductRefusal::Retired);
    lenders.refuses(&cast.bank.actor, retire(product), retired);
    let event = lenders.application(1, 1);
    cannot_lock(&mut lenders, &event, retired);
}

#[test]
fn loans_of_a_retired_product_go_on() {
    let (mut lenders, cast) = stage();
    let product = lenders.product;
    let loan = lenders.lend(12_000, 12);
    lenders.send(&cast.bank.actor, cast.suite.loan().retire_product(product));
    assert_eq!(lenders.repay(&cast.citizen, loan, 5_000), 5_000);
    let event = lenders.new_schedule(loan, 36);
    let case = lenders.lock(&event);
    lenders.unlock(case);
    assert_eq!(lenders.loan(loan).months, 36);
}
