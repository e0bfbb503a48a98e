//! What each command tells, field by field, and under which ids it is found.

use crate::{
    applying::{entry, moved},
    common::*,
};
use amanah_client::{Bundle, Done, Event};
use amanah_domain::{ids::WelfareCaseId, roles::Role, time::MINUTE, welfare::samples};
use amanah_e2e::{
    topic,
    welfare::{injury_form, insurance_form, minimum_living_form, Offices},
    Person,
};
use amanah_interfaces::{
    ledger::{Owner, Transferred},
    voucher::{FundingRequested, Voucher},
    welfare::{
        BenefitPaid, BenefitStatus, BenefitWithdrawn, CaseOpened, Decision, Deed, DocumentSealed, Entry, Form,
        PayerAgreed, Payout, PremiumCollected, Reason, Reasons, Scheme, SchemeCreated, SchemeRetired, Welfare,
    },
    Balance,
};
use scale::Encode;

type Ids = Vec<[u8; 32]>;

/// It told exactly this, each event under exactly these ids.
#[track_caller]
fn tells<T>(offices: &Offices, done: &Done<T>, expected: Vec<(Event, Ids)>) {
    let ids = done.events.iter().map(|event| event.topics[1..].to_vec());
    let found: Vec<_> = offices.world.events(&done.events).into_iter().zip(ids).collect();
    assert_eq!(found, expected);
}

fn under(first: &impl Encode, second: &impl Encode) -> Ids {
    vec![topic(first), topic(second)]
}

/// That a case moved, under its number and whoever moved it.
fn moves(case: WelfareCaseId, entry: Entry) -> (Event, Ids) {
    (moved(case, &entry), under(&case, &entry.by))
}

/// Money moves, in the bank's money.
fn transferred(offices: &Offices, from: Owner, to: Owner, amount: Balance) -> (Event, Ids) {
    let issuer = offices.world.bank.number;
    (Event::Transferred(Transferred { from, to, issuer, amount }), under(&from, &to))
}

fn person(person: &Person) -> Owner {
    Owner::Participant(person.number)
}

#[test]
fn every_event_of_the_contract_is_told_in_these_tests() {
    let metadata = Bundle::load(&Bundle::folder(), "welfare").expect("the bundle is built").metadata;
    let events = metadata["spec"]["events"].as_array().expect("the contract has events");
    let own = events.iter().filter(|event| event["module_path"] == "amanah_interfaces::welfare");
    let mut names: Vec<_> = own.filter_map(|event| event["label"].as_str()).collect();
    names.sort_unstable();
    let told = [
        "BenefitPaid",
        "BenefitWithdrawn",
        "CaseMoved",
        "CaseOpened",
        "DocumentSealed",
        "PayerAgreed",
        "PremiumCollected",
        "SchemeCreated",
        "SchemeRetired",
    ];
    assert_eq!(names, told);
}

#[test]
fn schemes_are_found_by_their_numbers_and_agreements_by_the_payers() {
    let (mut offices, cast) = stage();
    let meals = offices.school_meals();
    let terms = offices.terms(meals.clone());
    let done = offices.send(&cast.government.actor, cast.welfare().create_scheme(terms.clone()));
    let (scheme, owner) = (done.value, cast.government.number);
    let (payer, issuer) = (cast.payer.number, cast.bank.number);
    let stored = Scheme { owner, payer, issuer, ..meals };
    let created = Event::SchemeCreated(SchemeCreated { scheme, terms: stored.clone() });
    tells(&offices, &done, vec![(created, vec![topic(&scheme)])]);
    let done = offices.send(&cast.payer.actor, cast.welfare().agree_to_pay(scheme));
    tells(&offices, &done, vec![(Event::PayerAgreed(PayerAgreed { scheme, payer }), under(&scheme, &payer))]);
    let done = offices.send(&cast.government.actor, cast.welfare().retire_scheme(scheme));
    tells(&offices, &done, vec![(Event::SchemeRetired(SchemeRetired { scheme }), vec![topic(&scheme)])]);

    // Government that pays by itself agrees at once.
    let terms = amanah_interfaces::welfare::NewScheme { payer: owner, ..terms };
    let done = offices.send(&cast.government.actor, cast.welfare().create_scheme(terms));
    let scheme = done.value;
    let created = Event::SchemeCreated(SchemeCreated { scheme, terms: Scheme { payer: owner, ..stored } });
    let agreed = Event::PayerAgreed(PayerAgreed { scheme, payer: owner });
    tells(&offices, &done, vec![(created, vec![topic(&scheme)]), (agreed, under(&scheme, &owner))]);
}

#[test]
fn applications_and_reviews_are_found_by_the_case_and_by_whoever_acts() {
    use BenefitStatus::*;
    let (mut offices, cast) = stage();
    let (citizen, scheme) = (cast.citizen.clone(), offices.injury);
    offices.chain.advance(MINUTE);
    let papers = Form { complete: false, ..samples::form(1_000, &[samples::INJURY_PROOF]) };
    let done = offices.send(&citizen.actor, cast.welfare().apply(scheme, papers));
    let case = done.value;
    let reasons = Reasons::of(&[Reason::FormIncomplete, Reason::IncomeTooHigh, Reason::DocumentMissing]);
    let missing = samples::kinds(&[samples::MEDICAL_RECORD]);
    let applicant = citizen.number;
    let opened = CaseOpened { case, applicant, scheme, status: Returned, reasons, missing };
    let applied = entry(&offices, &citizen, Deed::Applied, 0, 0, Returned);
    tells(&offices, &done, vec![(Event::CaseOpened(opened), under(&case, &applicant)), moves(case, applied)]);

    let done = offices.send(&citizen.actor, cast.welfare().supplement(case, injury_form()));
    tells(&offices, &done, vec![moves(case, entry(&offices, &citizen, Deed::Applied, 1, 0, Review))]);
    let county = offices.reviewer(Role::WelfareDepartment);
    let done = offices.send(&county.actor, cast.welfare().decide(case, 1, 0, Decision::Return, None, 11));
    let returned = entry(&offices, &county, Deed::Returned, 1, 0, Returned);
    tells(&offices, &done, vec![moves(case, Entry { reason: 11, ..returned })]);
    offices.send(&citizen.actor, cast.welfare().supplement(case, injury_form()));
    let cid = samples::document(samples::MEDICAL_RECORD).cid;
    let seal = offices.seal(case, cid, &county);
    let done = offices.send(&county.actor, cast.welfare().add_document(case, cid, seal));
    let sealed = entry(&offices, &county, Deed::Sealed, 2, 0, Review);
    let said = DocumentSealed { case, by: county.number, cid, stage: 0, epoch: 0, seal };
    let said = (Event::DocumentSealed(said), under(&case, &county.number));
    tells(&offices, &done, vec![moves(case, Entry { document: Some(cid), ..sealed }), said]);
    let done = offices.send(&county.actor, cast.welfare().decide(case, 2, 0, Decision::Reject, None, 12));
    let rejected = entry(&offices, &county, Deed::Rejected, 2, 0, Rejected);
    tells(&offices, &done, vec![moves(case, Entry { reason: 12, ..rejected })]);
    let done = offices.send(&citizen.actor, cast.welfare().appeal(case));
    tells(&offices, &done, vec![moves(case, entry(&offices, &citizen, Deed::Appealed, 3, 0, Review))]);
    let other = offices.second_reviewer(Role::WelfareDepartment);
    let done = offices.send(&other.actor, cast.welfare().decide(case, 3, 0, Decision::Accept, None, 13));
    let accepted = entry(&offices, &other, Deed::Accepted, 3, 0, Review);
    tells(&offices, &done, vec![moves(case, Entry { reason: 13, ..accepted })]);
    // A signed verdict is its member's, whoever hands it in.
    let panel = offices.reviewer(Role::MedicalPanel);
    let verdict = offices.pass(case, &panel, None);
    let done = offices.send(&cast.stranger, cast.welfare().decide_signed(case, None, vec![verdict]));
    tells(&offices, &done, vec![moves(case, entry(&offices, &panel, Deed::Accepted, 3, 1, Review))]);
    let done = offices.send(&citizen.actor, cast.welfare().withdraw_application(case));
    tells(&offices, &done, vec![moves(case, entry(&offices, &citizen, Deed::Withdrawn, 3, 2, Ended))]);

    // A rejection becomes final by nobody's decision.
    let final_at_once = offices.scheme(Scheme { appeal_days: 0, ..samples::welfare() });
    let case = offices.apply(&citizen, final_at_once, injury_form());
    offices.decide(case, Decision::Reject, None);
    let done = offices.send(&cast.stranger, cast.welfare().close_case(case));
    let closed = entry(&offices, &citizen, Deed::Closed, 0, 0, Ended);
    tells(&offices, &done, vec![moves(case, Entry { by: 0, ..closed })]);
}

#[test]
fn a_benefit_tells_what_was_paid_and_what_became_of_it() {
    use BenefitStatus::*;
    let (mut offices, cast) = stage();
    let (citizen, contract) = (cast.citizen.clone(), Owner::Contract(cast.suite.welfare));
    let payer = cast.payer.clone();
    offices.funds(&payer, 5_000);
    let case = offices.grant(&citizen, offices.minimum_living, minimum_living_form());
    offices.chain.set_time(SECOND);
    let (beneficiary, bank) = (citizen.number, cast.bank.number);
    for period in 1..=2 {
        let done = offices.pay(case, period);
        let paid = BenefitPaid { case, beneficiary, period, amount: 600, voucher: None };
        let money = transferred(&offices, person(&payer), contract, 600);
        tells(&offices, &done, vec![money, (Event::BenefitPaid(paid), under(&case, &beneficiary))]);
    }
    let done = offices.send(&citizen.actor, cast.welfare().withdraw(bank, 700));
    let withdrawn = BenefitWithdrawn { participant: beneficiary, issuer: bank, amount: 700 };
    let money = transferred(&offices, contract, person(&citizen), 700);
    tells(&offices, &done, vec![money, (Event::BenefitWithdrawn(withdrawn), under(&beneficiary, &bank))]);

    let at = |offices: &Offices, by: &Person, deed, status| entry(offices, by, deed, 0, 2, status);
    let done = offices.send(&cast.government.actor, cast.welfare().suspend(case, 21));
    let suspended = at(&offices, &cast.government, Deed::Suspended, Suspended);
    tells(&offices, &done, vec![moves(case, Entry { reason: 21, ..suspended })]);
    let done = offices.send(&cast.regulator.actor, cast.welfare().resume(case));
    tells(&offices, &done, vec![moves(case, at(&offices, &cast.regulator, Deed::Resumed, Running))]);
    let done = offices.send(&citizen.actor, cast.welfare().recertify(case, minimum_living_form()));
    let recertified = at(&offices, &citizen, Deed::Recertified, Running);
    tells(&offices, &done, vec![moves(case, Entry { amount: Some(600), ..recertified })]);
    let failing = Form { income: Some(1_200), ..minimum_living_form() };
    let done = offices.send(&citizen.actor, cast.welfare().recertify(case, failing));
    tells(&offices, &done, vec![moves(case, at(&offices, &citizen, Deed::Recertified, Suspended))]);
    let done = offices.send(&citizen.actor, cast.welfare().terminate(case, 22));
    let terminated = at(&offices, &citizen, Deed::Terminated, Ended);
    tells(&offices, &done, vec![moves(case, Entry { reason: 22, ..terminated })]);
}

#[test]
fn a_benefit_that_is_a_voucher_tells_its_number_after_the_bank_was_asked_to_fund_it() {
    let (mut offices, cast) = stage();
    let terms = offices.world.terms();
    let (life, programme) = (terms.life, offices.programme(terms));
    let issuer = cast.suite.voucher().set_issuer(programme, cast.suite.welfare.into(), true);
    offices.send(&cast.government.actor, issuer);
    let payout = Payout::Voucher { programme, category: 3 };
    let scheme = offices.scheme(Scheme { payout, ..samples::welfare() });
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    let done = offices.pay(case, 1);
    let (beneficiary, bank, voucher) = (cast.citizen.number, cast.bank.number, 1);
    let expires = offices.chain.now() + life;
    let asked = FundingRequested { voucher, bank, programme, holder: beneficiary, category: 3, face: 0, expires };
    let paid = BenefitPaid { case, beneficiary, period: 1, amount: 400, voucher: Some(voucher) };
    tells(
        &offices,
        &done,
        vec![
            (Event::FundingRequested(asked), under(&voucher, &bank)),
            (Event::BenefitPaid(paid), under(&case, &beneficiary)),
        ],
    );
}

#[test]
fn a_premium_tells_both_shares_and_an_employers_agreement_is_the_employers() {
    let (mut offices, cast) = stage();
    let employer = offices.enrol("employer", &[Role::Employer]);
    let (citizen, payer) = (cast.citizen.clone(), cast.payer.clone());
    for person in [&citizen, &employer] {
        offices.funds(person, 1_000);
    }
    // A share that does not divide 160: 3,333 of 10,000 is 53.3, rounded down.
    let scheme = offices.scheme(Scheme { employer_share: 3_333, ..samples::insurance() });
    let form = Form { employer: Some(employer.number), ..insurance_form() };
    let case = offices.grant(&citizen, scheme, form);
    let done = offices.send(&employer.actor, cast.welfare().agree_as_employer(case));
    let agreed = entry(&offices, &employer, Deed::EmployerAgreed, 0, 0, BenefitStatus::Running);
    tells(&offices, &done, vec![moves(case, agreed)]);
    let done = offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    let insured = citizen.number;
    let collected = PremiumCollected { case, insured, period: 1, own: 107, employers: 53 };
    tells(
        &offices,
        &done,
        vec![
            transferred(&offices, person(&citizen), person(&payer), 107),
            transferred(&offices, person(&employer), person(&payer), 53),
            (Event::PremiumCollected(collected), under(&case, &insured)),
        ],
    );

    // Without an employer there is one share.
    let own = offices.grant(&citizen, offices.insurance, insurance_form());
    let done = offices.send(&cast.stranger, cast.welfare().collect_premium(own, 1));
    let collected = PremiumCollected { case: own, insured, period: 1, own: 160, employers: 0 };
    let money = transferred(&offices, person(&citizen), person(&payer), 160);
    tells(&offices, &done, vec![money, (Event::PremiumCollected(collected), under(&own, &insured))]);
}
