//! Schemes: what is stored of them, who creates, pays and retires them; and a new service that is configuration only.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{ids::SchemeId, money::Amount, roles::Role, welfare::samples};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    Person,
};
use amanah_interfaces::{
    registry::Registry,
    voucher::{self, Funding, Voucher},
    welfare::{
        Action, Benefit, BenefitPaid, BenefitStatus, Decision, Error, Form, NewScheme, PayerAgreed, Payout, Scheme,
        SchemeCreated, SchemeRefusal, SchemeRetired, Welfare,
    },
};

/// Government creates a scheme that nobody has agreed to pay yet.
#[track_caller]
fn create(offices: &mut Offices, by: &Person, terms: NewScheme) -> SchemeId {
    let message = offices.world.suite.welfare().create_scheme(terms);
    offices.world.send(&by.actor, message).value
}

#[track_caller]
fn cannot_create(offices: &mut Offices, by: &Actor, terms: NewScheme, error: Error) {
    let message = offices.world.suite.welfare().create_scheme(terms);
    offices.world.refuses(by, message, error);
}

#[test]
fn a_scheme_is_stored_as_it_was_given_with_whoever_created_it_as_its_owner() {
    let (mut offices, cast) = stage();
    let office = offices.enrol("social office", &[Role::Government]);
    // The programme, number 1, that the samples' school meals are paid in.
    let programme = cast.suite.voucher().create_programme(offices.world.terms());
    assert_eq!(offices.send(&office.actor, programme).value, 1);
    assert_eq!(offices.ask(cast.welfare().scheme_count()), 4, "those that every test begins with");
    for (number, sample) in (5..).zip(samples::schemes()) {
        let create = cast.welfare().create_scheme(offices.terms(sample.clone()));
        let done = offices.send(&office.actor, create);
        let (payer, issuer) = (cast.payer.number, cast.bank.number);
        let terms = Scheme { owner: office.number, payer, issuer, ..sample };
        assert_eq!(done.value, number);
        assert_eq!(done.events.len(), 1);
        let created = SchemeCreated { scheme: number, terms: terms.clone() };
        assert_eq!(own_events(&offices, &done), [Event::SchemeCreated(created)]);
        assert_eq!(offices.ask(cast.welfare().scheme(number)), Some(terms));
        assert_eq!(offices.ask(cast.welfare().scheme_count()), number);
        assert!(!offices.ask(cast.welfare().has_agreed(number)), "nobody has asked the payer");
    }
}

#[test]
fn only_active_government_creates_a_scheme_only_its_payer_agrees_and_only_its_owner_retires_it() {
    let (mut offices, cast) = stage();
    let owner = offices.enrol("social office", &[Role::Government]);
    let terms = offices.terms(samples::insurance());
    let scheme = create(&mut offices, &owner, terms.clone());
    for outsider in offices.outsiders(&[Role::Government]) {
        cannot_create(&mut offices, &outsider, terms.clone(), Error::NotAllowed);
        offices.refuses(&outsider, cast.welfare().agree_to_pay(scheme), Error::NotAllowed);
        offices.refuses(&outsider, cast.welfare().retire_scheme(scheme), Error::NotAllowed);
    }
    // The right role is not enough: neither the owner nor another department pays, nor does other Government retire.
    for other in [&owner, &cast.government, &cast.bank] {
        offices.refuses(&other.actor, cast.welfare().agree_to_pay(scheme), Error::NotAllowed);
    }
    for other in [&cast.government, &cast.payer] {
        offices.refuses(&other.actor, cast.welfare().retire_scheme(scheme), Error::NotAllowed);
    }
    for person in [&cast.payer, &owner] {
        offices.suspend(person);
    }
    offices.refuses(&cast.payer.actor, cast.welfare().agree_to_pay(scheme), Error::NotAllowed);
    offices.refuses(&owner.actor, cast.welfare().retire_scheme(scheme), Error::NotAllowed);
    for person in [&cast.payer, &owner] {
        offices.send(&cast.regulator.actor, cast.registry().reinstate(person.number));
    }
    offices.send(&cast.payer.actor, cast.welfare().agree_to_pay(scheme));
    offices.send(&cast.government.actor, cast.registry().revoke(owner.number, Role::Government));
    offices.refuses(&owner.actor, cast.welfare().retire_scheme(scheme), Error::NotAllowed);
    offices.send(&cast.government.actor, cast.registry().grant(owner.number, Role::Government));
    offices.send(&owner.actor, cast.welfare().retire_scheme(scheme));
}

#[test]
fn a_scheme_that_cannot_be_run_is_refused_for_its_reason() {
    use SchemeRefusal::*;
    let (mut offices, cast) = stage();
    offices.world.programme(offices.world.terms());
    let no_role = Role::Custom(32);
    type Change = fn(&mut NewScheme);
    let changes: [(Scheme, Change, SchemeRefusal); 19] = [
        (samples::insurance(), |it| it.stages.clear(), BadStages { most: 8, given: 0 }),
        (samples::insurance(), |it| it.stages = vec![it.stages[0]; 9], BadStages { most: 8, given: 9 }),
        (samples::insurance(), |it| it.applicants = Role::Custom(32), NoSuchRole { role: no_role }),
        (samples::insurance(), |it| it.stages[0].role = Role::Custom(32), NoSuchRole { role: no_role }),
        (samples::assistance(), |it| it.stages[3].needed = 0, BadNeeded { stage: 3, most: 8, wanted: 0 }),
        (samples::assistance(), |it| it.stages[0].needed = 9, BadNeeded { stage: 0, most: 8, wanted: 9 }),
        (samples::assistance(), |it| it.stages.truncate(1), BadAmountStages { needed: 1, given: 0 }),
        (samples::welfare(), |it| it.stages[2].action = Action::SetAmount, BadAmountStages { needed: 0, given: 1 }),
        (samples::welfare(), |it| it.period_months = 0, NoPeriod),
        (samples::welfare(), |it| it.benefit = Benefit::Fixed(Amount::ZERO), NoBenefit),
        (samples::insurance(), |it| it.rules.ratio_max = 399, BadRatio { min: 400, max: 399 }),
        (samples::assistance(), |it| it.rules.ratio_min = 1, BadRatio { min: 1, max: 0 }),
        (samples::minimum_living(), |it| it.rules.line_per_head = Some(Amount::new(299)), LineDiffers),
        (samples::insurance(), |it| it.rules.income_max = Some(Amount::ZERO), BadIncomes),
        (samples::insurance(), |it| it.rules.income_min = None, NoIncomeMin),
        (
            samples::school_meals(),
            |it| it.payout = Payout::Voucher { programme: 1, category: 32 },
            NoSuchCategory { category: 32 },
        ),
        (samples::insurance(), |it| it.employer_share = 10_001, BadShare { most: 10_000, wanted: 10_001 }),
        (samples::insurance(), |it| it.appeal_days = 367, BadAppealTime { most: 366, wanted: 367 }),
        (samples::insurance(), |it| it.appeal_days = u16::MAX, BadAppealTime { most: 366, wanted: u16::MAX }),
    ];
    for (sample, change, refusal) in changes {
        let terms = offices.terms(sample);
        let mut changed = terms.clone();
        change(&mut changed);
        cannot_create(&mut offices, &cast.government.actor, changed, Error::Scheme(refusal));
        create(&mut offices, &cast.government, terms);
    }
}

#[test]
fn payer_and_issuer_are_in_good_standing_and_the_issuer_is_a_bank() {
    let (mut offices, cast) = stage();
    let former = offices.enrol("former bank", &[Role::Bank]);
    offices.send(&cast.government.actor, cast.registry().revoke(former.number, Role::Bank));
    let suspended = offices.enrol("suspended bank", &[Role::Bank]);
    offices.suspend(&suspended);
    let terms = offices.terms(samples::welfare());
    for payer in [0, 9_999, u64::MAX, suspended.number] {
        let refusal = Error::NotInGoodStanding { participant: payer };
        let terms = NewScheme { payer, ..terms.clone() };
        cannot_create(&mut offices, &cast.government.actor, terms, refusal);
    }
    for issuer in [0, 9_999, u64::MAX, suspended.number, former.number, cast.payer.number, cast.government.number] {
        let refusal = Error::NotInGoodStanding { participant: issuer };
        let terms = NewScheme { issuer, ..terms.clone() };
        cannot_create(&mut offices, &cast.government.actor, terms, refusal);
    }
    // Whoever agrees may pay, a bank in its own money too.
    for payer in [&cast.citizen, &cast.bank] {
        let scheme = create(&mut offices, &cast.government, NewScheme { payer: payer.number, ..terms.clone() });
        offices.send(&payer.actor, cast.welfare().agree_to_pay(scheme));
        assert!(offices.ask(cast.welfare().has_agreed(scheme)));
    }
}

#[test]
fn only_the_owner_of_a_programme_creates_a_scheme_that_pays_its_vouchers() {
    let (mut offices, cast) = stage();
    let other = offices.enrol("second government", &[Role::Government]);
    let meals = offices.school_meals();
    let Payout::Voucher { programme, category } = meals.payout else { panic!("school meals are vouchers") };
    let allow = cast.suite.voucher().set_issuer(programme, cast.suite.welfare.into(), true);
    offices.send(&cast.government.actor, allow);
    let terms = offices.terms(meals);
    // The contract may create its vouchers, but not for another Government's friends.
    cannot_create(&mut offices, &other.actor, terms.clone(), Error::NotAllowed);
    for programme in [0, programme + 1, u64::MAX] {
        let unknown = Error::Voucher(voucher::Error::UnknownProgramme { programme });
        let terms = NewScheme { payout: Payout::Voucher { programme, category }, ..terms.clone() };
        for government in [&cast.government, &other] {
            cannot_create(&mut offices, &government.actor, terms.clone(), unknown);
        }
    }
    let own = cast.suite.voucher().create_programme(offices.world.terms());
    let own = offices.send(&other.actor, own).value;
    let in_own = NewScheme { payout: Payout::Voucher { programme: own, category }, ..terms.clone() };
    cannot_create(&mut offices, &cast.government.actor, in_own.clone(), Error::NotAllowed);
    create(&mut offices, &other, in_own);
    create(&mut offices, &other, NewScheme { payout: Payout::Money, ..terms.clone() });
    create(&mut offices, &cast.government, terms);
}

#[test]
fn nobody_applies_before_the_payer_agrees_and_it_agrees_once() {
    let (mut offices, cast) = stage();
    let terms = offices.terms(samples::welfare());
    let scheme = create(&mut offices, &cast.government, terms.clone());
    let not_agreed = Error::NotAgreed { payer: cast.payer.number };
    offices.refuses(&cast.citizen.actor, cast.welfare().apply(scheme, injury_form()), not_agreed);
    let done = offices.send(&cast.payer.actor, cast.welfare().agree_to_pay(scheme));
    let agreed = |scheme, payer: &Person| Event::PayerAgreed(PayerAgreed { scheme, payer: payer.number });
    assert_eq!(own_events(&offices, &done), [agreed(scheme, &cast.payer)]);
    assert!(offices.ask(cast.welfare().has_agreed(scheme)));
    offices.changes_nothing(&cast.payer.actor, cast.welfare().agree_to_pay(scheme));
    assert_eq!(offices.apply(&cast.citizen, scheme, injury_form()), 1);

    // Government that itself pays has agreed by creating the scheme.
    let own = NewScheme { payer: cast.government.number, ..terms };
    let done = offices.send(&cast.government.actor, cast.welfare().create_scheme(own));
    let own = done.value;
    let events = own_events(&offices, &done);
    assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), ["SchemeCreated", "PayerAgreed"]);
    assert_eq!(events[1], agreed(own, &cast.government));
    assert!(offices.ask(cast.welfare().has_agreed(own)));
    offices.changes_nothing(&cast.government.actor, cast.welfare().agree_to_pay(own));
    assert_eq!(offices.apply(&cast.citizen, own, injury_form()), 2);
}

#[test]
fn a_retired_scheme_takes_no_applications_and_what_exists_goes_on() {
    let (mut offices, cast) = stage();
    let scheme = offices.injury;
    let terms = offices.ask(cast.welfare().scheme(scheme)).expect("it is there");
    let (waiting, returned) = (offices.applicant("waiting"), offices.applicant("returned"));
    let waiting = offices.apply(&waiting, scheme, injury_form());
    let papers = samples::form(200, &[samples::INJURY_PROOF]);
    let supplemented = offices.apply(&returned, scheme, papers);
    assert_eq!(offices.status(supplemented), BenefitStatus::Returned);
    let terms_agreed_by_nobody = offices.terms(samples::welfare());
    let unpaid = create(&mut offices, &cast.government, terms_agreed_by_nobody);

    let done = offices.send(&cast.government.actor, cast.welfare().retire_scheme(scheme));
    assert_eq!(own_events(&offices, &done), [Event::SchemeRetired(SchemeRetired { scheme })]);
    let retired = Scheme { retired: true, ..terms };
    assert_eq!(offices.ask(cast.welfare().scheme(scheme)), Some(retired));
    let refusal = Error::SchemeRetired { scheme };
    offices.refuses(&cast.government.actor, cast.welfare().retire_scheme(scheme), refusal);
    offices.refuses(&cast.citizen.actor, cast.welfare().apply(scheme, injury_form()), refusal);

    offices.send(&returned.actor, cast.welfare().supplement(supplemented, injury_form()));
    let payer = cast.payer.clone();
    offices.funds(&payer, 800);
    for case in [waiting, supplemented] {
        offices.accept_all(case, 0);
        offices.pay(case, 1);
        assert_eq!(offices.case(case).sum, Amount::new(400));
    }
    // The other schemes are not touched, also not one that nobody has agreed to pay.
    offices.apply(&cast.citizen, offices.minimum_living, injury_form());
    offices.send(&cast.government.actor, cast.welfare().retire_scheme(unpaid));
    let refusal = Error::SchemeRetired { scheme: unpaid };
    offices.refuses(&cast.citizen.actor, cast.welfare().apply(unpaid, injury_form()), refusal);
}

#[test]
fn a_scheme_that_nobody_knows_is_refused_by_each_message() {
    let (mut offices, cast) = stage();
    for scheme in [0, 5, SchemeId::MAX] {
        let unknown = Error::UnknownScheme { scheme };
        offices.refuses(&cast.payer.actor, cast.welfare().agree_to_pay(scheme), unknown);
        offices.refuses(&cast.government.actor, cast.welfare().retire_scheme(scheme), unknown);
        offices.refuses(&cast.citizen.actor, cast.welfare().apply(scheme, injury_form()), unknown);
        assert_eq!(offices.ask(cast.welfare().scheme(scheme)), None);
        assert!(!offices.ask(cast.welfare().has_agreed(scheme)));
    }
}

/// A programme whose vouchers the welfare contract may create, and two schools: their role is named, and given to them by civil
/// affairs, while everything runs.
fn school_meals(offices: &mut Offices, cast: &Cast) -> (u64, [Person; 2]) {
    let terms = offices.world.terms();
    let programme = offices.programme(terms);
    let issuer = cast.suite.voucher().set_issuer(programme, cast.suite.welfare.into(), true);
    offices.send(&cast.government.actor, issuer);
    let civil_affairs = offices.reviewer(Role::CivilAffairs);
    let define = cast.registry().define_role(samples::SCHOOL, "School".to_owned(), Role::CivilAffairs);
    offices.send(&cast.government.actor, define);
    let schools = ["school in the east", "school in the west"].map(|name| offices.enrol(name, &[]));
    for school in &schools {
        offices.send(&civil_affairs.actor, cast.registry().grant(school.number, samples::SCHOOL));
    }
    (programme, schools)
}

#[test]
fn school_meals_with_a_role_named_at_run_time_are_configuration_only() {
    let (mut offices, cast) = stage();
    let (programme, schools) = school_meals(&mut offices, &cast);
    let payout = Payout::Voucher { programme, category: 3 };
    let scheme = offices.scheme(Scheme { payout, ..samples::school_meals() });
    let form = Form { household: 3, ..samples::form(500, &[samples::ENROLMENT]) };
    let case = offices.apply(&cast.citizen, scheme, form.clone());

    let accept = |case, stage| cast.welfare().decide(case, 0, stage, Decision::Accept, None, 0);
    assert_eq!((offices.worklist(Role::CivilAffairs), offices.worklist(samples::SCHOOL)), (vec![case], vec![]));
    offices.refuses(&schools[0].actor, accept(case, 0), Error::NotAllowed);
    offices.decide(case, Decision::Accept, None);
    assert_eq!((offices.worklist(Role::CivilAffairs), offices.worklist(samples::SCHOOL)), (vec![], vec![case]));
    for school in &schools {
        assert_eq!(offices.status(case), BenefitStatus::Review, "two schools must accept");
        offices.send(&school.actor, accept(case, 1));
    }
    assert_eq!(offices.status(case), BenefitStatus::Running);

    // Each period is a voucher, which the bank funds and a shop takes.
    let done = offices.pay(case, 1);
    let (beneficiary, voucher) = (cast.citizen.number, 1);
    let paid = BenefitPaid { case, beneficiary, period: 1, amount: 60, voucher: Some(voucher) };
    assert_eq!(own_events(&offices, &done), [Event::BenefitPaid(paid)]);
    offices.bank_has(60);
    let fund = cast.suite.voucher().fund_many(programme, vec![Funding { voucher, amount: 60 }]);
    assert_eq!(offices.send(&cast.bank.actor, fund).value, [Ok(())]);
    let redemption = offices.send(&cast.shop.actor, cast.suite.voucher().request(voucher, 60, 3, [0; 32])).value;
    let proof = offices.proof(redemption);
    offices.send(&cast.stranger, cast.suite.voucher().confirm(redemption, proof));
    assert_eq!(offices.ask(cast.suite.voucher().credit(cast.shop.number, cast.bank.number)), 60);

    // The same stages in another order: schools first.
    let mut stages = samples::school_meals().stages;
    stages.reverse();
    let other = offices.scheme(Scheme { payout, stages, ..samples::school_meals() });
    let case = offices.apply(&cast.citizen, other, form);
    assert_eq!((offices.worklist(Role::CivilAffairs), offices.worklist(samples::SCHOOL)), (vec![], vec![case]));
    for school in &schools {
        offices.send(&school.actor, accept(case, 0));
    }
    assert_eq!((offices.worklist(Role::CivilAffairs), offices.worklist(samples::SCHOOL)), (vec![case], vec![]));
    offices.decide(case, Decision::Accept, None);
    assert_eq!(offices.status(case), BenefitStatus::Running);
}
