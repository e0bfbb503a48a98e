//! The eight applications of the sample data through the real contracts: registered people with their cards and their money,
//! every stage that the data name, and the outcome in the data's own words.

use crate::common::*;
use amanah_client::Actor;
use amanah_domain::{
    ids::{SchemeId, WelfareCaseId},
    money::Amount,
    roles::Role,
    welfare::samples::{self, Sample},
};
use amanah_e2e::{registration, welfare::Offices, Person, START};
use amanah_interfaces::{
    registry::{Registration, Registry},
    welfare::{BenefitRefusal, BenefitStatus, Error, Reason, Reasons, SchemeKind, Welfare},
};
use serde_json::Value;

/// The schemes, decisions and outcomes of the sample data.
fn data() -> Value {
    serde_json::from_str(include_str!("../../../data/welfare_schemes.json")).expect("the sample data are JSON")
}

/// A sample's scheme in this world, and what the data call it.
fn scheme_of(offices: &Offices, sample: &Sample) -> (SchemeId, &'static str) {
    match sample.scheme.kind {
        SchemeKind::Insurance => (offices.insurance, "insurance"),
        SchemeKind::Assistance => (offices.assistance, "assistance"),
        SchemeKind::Welfare => (offices.injury, "welfare"),
        SchemeKind::MinimumLiving => (offices.minimum_living, "minimum_living"),
        SchemeKind::Custom => panic!("no sample application is for another scheme"),
    }
}

/// Registers a sample's applicant with its own card, and gives it its own money.
fn register(offices: &mut Offices, sample: &Sample) -> Person {
    let usual = registration(sample.name, &[Role::Citizen]);
    let registration = Registration { identity_valid_until: sample.card_valid_until, ..usual };
    let (government, message) =
        (offices.world.government.actor.clone(), offices.world.suite.registry().register(registration));
    let number = offices.world.send(&government, message).value;
    let person = Person { actor: Actor::named(sample.name), number };
    if !sample.balance.is_zero() {
        offices.funds(&person, sample.balance.balance());
    }
    person
}

/// What came of an application, in the words of the sample data.
fn outcome(offices: &mut Offices, case: WelfareCaseId) -> String {
    let (record, scheme) = (offices.case(case), offices.scheme_of(case));
    let amount = record.amount.balance();
    match record.status {
        BenefitStatus::Running if scheme.kind == SchemeKind::Insurance => {
            format!("premium {amount} a period, certificate")
        }
        BenefitStatus::Running => format!("approved, {amount} a month"),
        BenefitStatus::Rejected => format!("refused: {}", word(record.reasons)),
        BenefitStatus::Returned => format!("returned for supplement: {}", papers(record.missing)),
        status => panic!("no sample ends as {status:?}"),
    }
}

/// The only reason of a refusal.
fn word(reasons: Reasons) -> &'static str {
    match reasons.iter().collect::<Vec<_>>()[..] {
        [Reason::CardExpired] => "card",
        [Reason::BalanceTooLow] => "balance",
        [Reason::PropertyTooHigh] => "property",
        ref other => panic!("no sample fails for {other:?}"),
    }
}

/// The only kind of papers that is missing.
fn papers(missing: u32) -> &'static str {
    assert_eq!(missing, samples::kinds(&[samples::MEDICAL_RECORD]));
    "medical_record"
}

/// The first period of what was granted is paid, or collected.
fn settle(offices: &mut Offices, cast: &Cast, person: &Person, case: WelfareCaseId, sample: &Sample) {
    let amount = sample.amount.balance();
    let department = offices.balance(&cast.payer);
    if sample.scheme.kind == SchemeKind::Insurance {
        offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
        assert_eq!(offices.balance(person), sample.balance.balance() - amount);
        assert_eq!(offices.balance(&cast.payer), department + amount);
    } else {
        offices.pay(case, 1);
        assert_eq!((offices.credit(person), offices.balance(&cast.payer)), (amount, department - amount));
        offices.send(&person.actor, cast.welfare().withdraw(cast.bank.number, amount));
        assert_eq!(offices.balance(person), amount);
    }
    let record = offices.case(case);
    assert_eq!((record.paid, record.sum), (1, sample.amount));
    let certificate = offices.ask(cast.welfare().certificate(case)).expect("it was granted");
    assert_eq!((certificate.is_valid, certificate.amount, certificate.sum), (true, amount, amount));
}

#[test]
fn each_sample_application_comes_out_as_the_sample_data_say() {
    let (mut offices, cast) = stage();
    let data = data();
    assert_eq!((START, &data["today"]), (samples::TODAY, &Value::from("2026-01-15")));
    let payer = cast.payer.clone();
    offices.funds(&payer, 10_000);
    let samples = samples::samples();
    assert_eq!(samples.len(), data["expected"].as_object().map_or(0, |expected| expected.len()));
    for sample in samples {
        let name = sample.name;
        let (scheme, called) = scheme_of(&offices, &sample);
        let person = register(&mut offices, &sample);
        let case = offices.apply(&person, scheme, sample.form.clone());
        let record = offices.case(case);
        assert_eq!((record.reasons, record.missing), (Reasons::of(sample.fails), sample.missing), "{name}");

        if sample.fails.is_empty() {
            offices.accept_all(case, sample.set_amount.unwrap_or(0));
            // Who decided, in the order that the data give.
            let stages = data[called]["stages"].as_array().expect("a scheme has stages").clone();
            let wanted: Vec<_> = stages.iter().filter_map(|stage| stage.as_str()?.split_once(':')).collect();
            let decided = offices.ask(cast.welfare().history(case, 1, 50));
            assert_eq!(decided.len(), wanted.len(), "{name}");
            for (entry, (role, _)) in decided.iter().zip(wanted) {
                let known = offices.ask(cast.registry().credentials_of(entry.by)).expect("reviewers are registered");
                let roles: Vec<_> = (0..64).filter_map(Role::from_index).filter(|it| known.roles.has(*it)).collect();
                assert_eq!(format!("{roles:?}"), format!("[{role}]"), "{name}");
            }
            settle(&mut offices, &cast, &person, case, &sample);
        } else {
            let status = offices.status(case);
            offices.refuses(&cast.stranger, cast.welfare().pay(case, 1), wrong(status));
            offices.refuses(&cast.stranger, cast.welfare().collect_premium(case, 1), wrong(status));
            assert_eq!(offices.ask(cast.welfare().certificate(case)), None, "{name}");
            assert_eq!(offices.balance(&person), sample.balance.balance(), "{name}");
        }
        assert_eq!(offices.case(case).amount, sample.amount, "{name}");
        let (outcome, said) = (outcome(&mut offices, case), data["expected"][name].as_str().unwrap_or_default());
        assert!(said.starts_with(&outcome), "{name}: {outcome}, and the data say: {said}");
    }
    assert_eq!(offices.held(), 0, "all that was paid was withdrawn");
}

/// The sample of this name.
fn sample(name: &str) -> Sample {
    samples::samples().into_iter().find(|sample| sample.name == name).expect("there is such a sample")
}

#[test]
fn the_injured_whose_record_was_missing_is_paid_once_it_is_there() {
    let (mut offices, cast) = stage();
    let injured = sample("No record");
    let person = register(&mut offices, &injured);
    let case = offices.apply(&person, offices.injury, injured.form.clone());
    assert_eq!(offices.status(case), BenefitStatus::Returned);
    let whole = sample("Mark").form;
    offices.send(&person.actor, cast.welfare().supplement(case, whole));
    offices.accept_all(case, 0);
    let payer = cast.payer.clone();
    offices.funds(&payer, 400);
    offices.pay(case, 1);
    assert_eq!(offices.credit(&person), 400);
}

#[test]
fn the_insured_without_money_is_insured_with_one_unit_more() {
    let (mut offices, cast) = stage();
    let poor = sample("No money");
    let person = register(&mut offices, &poor);
    let refused = offices.apply(&person, offices.insurance, poor.form.clone());
    assert_eq!(offices.status(refused), BenefitStatus::Rejected);
    offices.funds(&person, 1);
    let case = offices.apply(&person, offices.insurance, poor.form);
    offices.accept_all(case, 0);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!((offices.balance(&person), offices.balance(&cast.payer)), (0, 160));
    assert_eq!(offices.case(case).sum, Amount::new(160));
    // An insurance pays nothing by itself.
    let nothing = Error::Benefit(BenefitRefusal::NothingToPay);
    offices.refuses(&cast.stranger, cast.welfare().pay(case, 2), nothing);
}
