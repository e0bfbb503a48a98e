//! Certifying a benefit anew: what is paid until when, and what a new form changes.

use crate::common::*;
use amanah_domain::{
    calendar::add_months,
    ids::WelfareCaseId,
    time::{Millis, DAY},
    welfare::samples,
};
use amanah_e2e::{
    welfare::{insurance_form, minimum_living_form, Offices},
    START,
};
use amanah_interfaces::{
    welfare::{
        BenefitRefusal, BenefitStatus, Deed, Document, Entry, Error, Form, FormRefusal, Reason, Reasons, Welfare,
    },
    Balance,
};

/// A year after the beginning of the world.
const END: Millis = START + 365 * DAY;

fn uncertified(at: Millis) -> Error {
    Error::Benefit(BenefitRefusal::Uncertified { at })
}

/// The form of the family of four, with another income: what it lacks to 1,200 is paid.
fn with_income(income: Balance) -> Form {
    Form { income: Some(income), ..minimum_living_form() }
}

/// The citizen has the minimum living's benefit of 600.
fn granted(offices: &mut Offices) -> WelfareCaseId {
    let (citizen, payer) = (offices.citizen.clone(), offices.payer.clone());
    offices.funds(&payer, 100_000);
    offices.grant(&citizen, offices.minimum_living, minimum_living_form())
}

#[track_caller]
fn recertify(offices: &mut Offices, case: WelfareCaseId, form: Form) {
    let (citizen, message) = (offices.citizen.actor.clone(), offices.suite.welfare().recertify(case, form));
    offices.send(&citizen, message);
}

#[track_caller]
fn cannot_pay(offices: &mut Offices, case: WelfareCaseId, period: u16, expected: Error) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().pay(case, period));
    offices.refuses(&stranger, message, expected);
}

/// Does the certificate count, and for how much a period?
#[track_caller]
fn certificate(offices: &mut Offices, case: WelfareCaseId) -> (bool, Balance) {
    let message = offices.suite.welfare().certificate(case);
    let certificate = offices.ask(message).expect("it was granted");
    (certificate.is_valid, certificate.amount)
}

fn last_entry(offices: &mut Offices, case: WelfareCaseId) -> Entry {
    let message = offices.suite.welfare().history(case, 0, 50);
    offices.ask(message).pop().expect("something happened")
}

#[test]
fn a_benefit_is_paid_until_the_last_millisecond_of_its_year_and_then_not_until_it_is_certified_anew() {
    let (mut offices, cast) = stage();
    let case = granted(&mut offices);
    assert_eq!(offices.case(case).certified_until, END);
    offices.chain.set_time(END - 1);
    assert_eq!(certificate(&mut offices, case), (true, 600));
    offices.pay(case, 1);
    for late in [END, END + 1, END + DAY] {
        offices.chain.set_time(late);
        assert_eq!(certificate(&mut offices, case), (false, 600));
        cannot_pay(&mut offices, case, 2, uncertified(END));
        assert_eq!(offices.status(case), BenefitStatus::Running, "it only waits for its form");
    }
    // The income has risen by 100: so much less is paid from now on, also for what fell due before.
    recertify(&mut offices, case, with_income(700));
    assert_eq!(certificate(&mut offices, case), (true, 500));
    let record = offices.case(case);
    assert_eq!(record.certified_until, add_months(END + DAY, 12));
    assert_eq!((record.form, record.reasons), (with_income(700), Reasons::NONE));
    for period in [2, 3] {
        offices.pay(case, period);
    }
    assert_eq!(offices.credit(&cast.citizen), 600 + 500 + 500);
    offices.check_books(&[&cast.citizen]);
}

#[test]
fn who_certifies_early_has_a_year_from_then_on() {
    let (mut offices, cast) = stage();
    let case = granted(&mut offices);
    offices.chain.set_time(SECOND);
    recertify(&mut offices, case, with_income(1_199));
    let entry = last_entry(&mut offices, case);
    assert_eq!((entry.deed, entry.by, entry.at), (Deed::Recertified, cast.citizen.number, SECOND));
    assert_eq!(entry.status, BenefitStatus::Running);
    let end = SECOND + 365 * DAY;
    assert_eq!((offices.case(case).certified_until, certificate(&mut offices, case)), (end, (true, 1)));
    offices.chain.set_time(end - 1);
    offices.pay(case, 1);
    offices.chain.set_time(end);
    cannot_pay(&mut offices, case, 2, uncertified(end));
}

#[test]
fn a_form_that_fails_suspends_the_benefit_with_its_reasons_and_resuming_alone_does_not_pay_it() {
    let (mut offices, cast) = stage();
    let case = granted(&mut offices);
    let at = START + DAY;
    offices.chain.set_time(at);
    let form = Form { documents: Vec::new(), ..with_income(1_200) };
    recertify(&mut offices, case, form);
    let record = offices.case(case);
    assert_eq!((record.status, record.certified_until), (BenefitStatus::Suspended, at));
    assert_eq!(record.reasons, Reasons::of(&[Reason::IncomeTooHigh, Reason::DocumentMissing]));
    assert_eq!(record.missing, samples::kinds(&[samples::INCOME]));
    let entry = last_entry(&mut offices, case);
    assert_eq!((entry.deed, entry.status), (Deed::Recertified, BenefitStatus::Suspended));
    assert_eq!(certificate(&mut offices, case), (false, 600));
    cannot_pay(&mut offices, case, 1, wrong(BenefitStatus::Suspended));
    let again = cast.welfare().recertify(case, minimum_living_form());
    offices.refuses(&cast.citizen.actor, again, wrong(BenefitStatus::Suspended));

    offices.send(&cast.regulator.actor, cast.welfare().resume(case));
    offices.chain.advance(1);
    assert_eq!(certificate(&mut offices, case), (false, 600));
    cannot_pay(&mut offices, case, 1, uncertified(at));
    recertify(&mut offices, case, minimum_living_form());
    let record = offices.case(case);
    assert_eq!((record.reasons, record.missing), (Reasons::NONE, 0));
    assert_eq!(certificate(&mut offices, case), (true, 600));
    offices.pay(case, 1);
}

#[test]
fn a_form_that_fails_after_the_year_leaves_the_certificates_end_where_it_was() {
    let (mut offices, cast) = stage();
    let case = granted(&mut offices);
    offices.chain.set_time(END + DAY);
    recertify(&mut offices, case, with_income(1_200));
    offices.send(&cast.government.actor, cast.welfare().resume(case));
    cannot_pay(&mut offices, case, 1, uncertified(END));
}

#[test]
fn only_the_beneficiary_certifies_and_only_a_running_benefit_with_a_form_that_can_be() {
    let (mut offices, cast) = stage();
    let case = granted(&mut offices);
    // Of an insurance that asks for a photo and a premium.
    let rejected = offices.apply(&cast.citizen, offices.insurance, minimum_living_form());
    let message = |case| cast.welfare().recertify(case, minimum_living_form());
    for other in [&cast.government, &cast.regulator, &cast.payer, &cast.shop] {
        offices.refuses(&other.actor, message(case), NOT_YOURS);
    }
    offices.refuses(&cast.stranger, message(case), Error::NotAllowed);
    offices.refuses(&cast.citizen.actor, message(99), Error::UnknownCase { case: 99 });
    offices.refuses(&cast.citizen.actor, message(rejected), wrong(BenefitStatus::Rejected));
    let no_cid = Document { kind: samples::INCOME, cid: [0; 36] };
    let form = Form { documents: vec![no_cid], ..minimum_living_form() };
    let bad = Error::Form(FormRefusal::BadDocument { at: 0 });
    offices.refuses(&cast.citizen.actor, cast.welfare().recertify(case, form), bad);
    offices.send(&cast.citizen.actor, cast.welfare().terminate(case, 1));
    offices.refuses(&cast.citizen.actor, message(case), wrong(BenefitStatus::Ended));
}

#[test]
fn an_insurance_that_is_certified_anew_has_the_premium_of_an_income_that_has_risen() {
    let (mut offices, cast) = stage();
    let case = offices.granted_insurance();
    let form = Form { income: Some(3_000), ratio: 1_000, ..insurance_form() };
    recertify(&mut offices, case, form);
    assert_eq!(certificate(&mut offices, case), (true, 300));
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!(offices.balance(&cast.payer), 300);
}

#[test]
fn nobody_raises_its_own_benefit_nor_lowers_its_own_premium_with_a_form_that_nobody_reviews() {
    let (mut offices, cast) = stage();
    let case = granted(&mut offices);
    // All that the automatic check asks for: heads without end, no income, any paper.
    let greedy = Form { household: u16::MAX, ..with_income(0) };
    recertify(&mut offices, case, greedy.clone());
    assert_eq!(certificate(&mut offices, case), (true, 600));
    let entry = last_entry(&mut offices, case);
    assert_eq!((entry.deed, entry.status, entry.amount), (Deed::Recertified, BenefitStatus::Running, Some(600)));
    offices.pay(case, 1);
    assert_eq!(offices.credit(&cast.citizen), 600);
    // Also a contract that is paused lowers it, and nothing brings it back but a new application, which is reviewed.
    pause(&mut offices);
    recertify(&mut offices, case, with_income(1_000));
    recertify(&mut offices, case, greedy.clone());
    assert_eq!(certificate(&mut offices, case), (true, 200));
    unpause(&mut offices);
    offices.send(&cast.citizen.actor, cast.welfare().terminate(case, 1));
    let anew = offices.apply(&cast.citizen, offices.minimum_living, greedy);
    assert_eq!(offices.status(anew), BenefitStatus::Review);
    offices.check_books(&[&cast.citizen]);
}

#[test]
fn overdue_premiums_are_collected_as_they_were_granted_whatever_income_is_said_afterwards() {
    let (mut offices, cast) = stage();
    let case = offices.granted_insurance();
    offices.chain.set_time(THIRD);
    let lowest = Form { income: Some(1), ratio: 400, ..insurance_form() };
    recertify(&mut offices, case, lowest);
    assert_eq!(certificate(&mut offices, case), (true, 160));
    assert_eq!(last_entry(&mut offices, case).amount, Some(160));
    for period in 1..=3 {
        offices.send(&cast.stranger, cast.welfare().collect_premium(case, period));
    }
    assert_eq!(offices.balance(&cast.payer), 3 * 160);
}
