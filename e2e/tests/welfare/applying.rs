//! Applying, handing in more papers, giving an application up; how the automatic check ends is in the file beside this one.

mod checks;

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{ids::WelfareCaseId, money::Amount, roles::Role, time::MINUTE, welfare::samples};
use amanah_e2e::{
    welfare::{injury_form, insurance_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    registry::Registry,
    welfare::{
        BenefitCase, BenefitStatus, CaseMoved, CaseOpened, Decision, Deed, Document, Entry, Error, Form, FormRefusal,
        Reason, Reasons, Welfare,
    },
};

/// An entry of a history that was made now, without amount, reason or document.
pub fn entry(offices: &Offices, by: &Person, deed: Deed, round: u32, stage: u8, status: BenefitStatus) -> Entry {
    let at = offices.world.chain.now();
    Entry { at, by: by.number, deed, round, stage, status, amount: None, reason: 0, document: None }
}

/// That a case moved so, as it is told.
pub fn moved(case: WelfareCaseId, entry: &Entry) -> Event {
    Event::CaseMoved(CaseMoved { case, by: entry.by, entry: entry.clone() })
}

/// Six insurances of one person: one of each status.
pub fn one_of_each_status(offices: &mut Offices, insured: &Person) -> Vec<(BenefitStatus, WelfareCaseId)> {
    use BenefitStatus::*;
    offices.funds(insured, 5_000);
    let (suite, government) = (offices.world.suite.clone(), offices.world.government.actor.clone());
    let all = [Returned, Review, Rejected, Running, Suspended, Ended].map(|status| {
        let case = offices.apply(insured, offices.insurance, insurance_form());
        match status {
            Review => {}
            Returned => drop(offices.decide(case, Decision::Return, None)),
            Rejected => drop(offices.decide(case, Decision::Reject, None)),
            Running | Suspended => drop(offices.decide(case, Decision::Accept, None)),
            Ended => drop(offices.world.send(&insured.actor, suite.welfare().withdraw_application(case))),
        }
        if status == Suspended {
            offices.world.send(&government, suite.welfare().suspend(case, 1));
        }
        assert_eq!(offices.status(case), status);
        (status, case)
    });
    all.into()
}

/// An injury form without the medical record.
fn without_record() -> Form {
    samples::form(200, &[samples::INJURY_PROOF])
}

#[test]
fn an_application_that_passes_is_stored_in_full_and_waits_for_the_first_stage() {
    let (mut offices, cast) = stage();
    offices.chain.advance(MINUTE);
    let (scheme, form) = (offices.injury, Form { employer: Some(cast.shop.number), ..injury_form() });
    let done = offices.send(&cast.citizen.actor, cast.welfare().apply(scheme, form.clone()));
    let case = done.value;
    assert_eq!(case, 1);
    let (applicant, status, reasons) = (cast.citizen.number, BenefitStatus::Review, Reasons::NONE);
    let record = BenefitCase {
        scheme,
        applicant,
        form,
        round: 0,
        stage: 0,
        accepted: vec![],
        status,
        reasons,
        missing: 0,
        decided_by: 0,
        decided_at: 0,
        amount: Amount::ZERO,
        approved_at: 0,
        paid: 0,
        certified_until: 0,
        appealed: false,
        opened_at: START + MINUTE,
        previous: 0,
        sum: Amount::ZERO,
    };
    assert_eq!(offices.case(case), record);
    let applied = entry(&offices, &cast.citizen, Deed::Applied, 0, 0, status);
    assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)), [applied.clone()]);
    let opened = CaseOpened { case, applicant, scheme, status, reasons, missing: 0 };
    assert_eq!(own_events(&offices, &done), [Event::CaseOpened(opened), moved(case, &applied)]);
    assert_eq!(done.events.len(), 2);
    assert_eq!(offices.worklist(Role::WelfareDepartment), [case]);
}

#[test]
fn an_applicants_cases_are_chained_from_the_newest_to_the_first() {
    let (mut offices, cast) = stage();
    let neighbour = offices.applicant("neighbour");
    // However they end: the neighbour's first is returned, the citizen's second rejected.
    let numbers = [
        offices.apply(&cast.citizen, offices.injury, injury_form()),
        offices.apply(&neighbour, offices.injury, without_record()),
        offices.apply(&cast.citizen, offices.assistance, injury_form()),
        offices.apply(&neighbour, offices.injury, injury_form()),
        offices.apply(&cast.citizen, offices.injury, injury_form()),
    ];
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(numbers.map(|case| offices.case(case).previous), [0, 0, 1, 2, 3]);
    assert_eq!(offices.status(3), BenefitStatus::Rejected);
}

#[test]
fn a_form_that_cannot_be_stored_is_refused_whatever_it_is_for() {
    let (mut offices, cast) = stage();
    let returned = offices.apply(&cast.citizen, offices.injury, without_record());
    let with = |papers: Vec<Document>| Form { documents: papers, ..injury_form() };
    let good = samples::document(0);
    let broken = |at: usize| {
        let mut document = good;
        document.cid[at] += 1;
        document
    };
    let too_many = |given| FormRefusal::TooManyDocuments { most: 16, given };
    let mut forms = vec![
        (with(vec![good; 17]), too_many(17)),
        (with(vec![good; 256]), too_many(255)),
        // Before all: a bad one among too many is not even looked at.
        (with(vec![broken(0); 17]), too_many(17)),
        (with(vec![good, Document { kind: 32, ..good }]), FormRefusal::BadDocument { at: 1 }),
        (with(vec![Document { kind: 255, ..good }, broken(0)]), FormRefusal::BadDocument { at: 0 }),
    ];
    // Version, codec, hash function, its length.
    for at in 0..4 {
        let papers = [vec![good; 15], vec![broken(at)]].concat();
        forms.push((with(papers), FormRefusal::BadDocument { at: 15 }));
    }
    for (form, refusal) in forms {
        let apply = cast.welfare().apply(offices.injury, form.clone());
        offices.refuses(&cast.citizen.actor, apply, Error::Form(refusal));
        let supplement = cast.welfare().supplement(returned, form);
        offices.refuses(&cast.citizen.actor, supplement, Error::Form(refusal));
    }
    // The most documents, of the last kind, as raw data and as a graph.
    let mut papers = injury_form().documents;
    papers.resize(16, Document { kind: 31, ..good });
    papers[15].cid[1] = 0x70;
    offices.send(&cast.citizen.actor, cast.welfare().supplement(returned, with(papers.clone())));
    assert_eq!(offices.status(returned), BenefitStatus::Review);
    let case = offices.apply(&cast.citizen, offices.injury, with(papers.clone()));
    assert_eq!(offices.case(case).form.documents, papers);
}

#[test]
fn a_supplement_is_checked_anew_and_begins_a_round_at_the_same_stage() {
    use BenefitStatus::{Returned, Review};
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, without_record());
    let mut history = vec![entry(&offices, &cast.citizen, Deed::Applied, 0, 0, Returned)];
    let before = offices.case(case);
    assert_eq!((before.status, before.missing), (Returned, samples::kinds(&[samples::MEDICAL_RECORD])));

    // Too high an income instead of the missing record: back again, for another reason.
    offices.chain.advance(MINUTE);
    let form = Form { income: Some(1_000), ..injury_form() };
    let done = offices.send(&cast.citizen.actor, cast.welfare().supplement(case, form.clone()));
    history.push(entry(&offices, &cast.citizen, Deed::Applied, 1, 0, Returned));
    assert_eq!(own_events(&offices, &done), [moved(case, &history[1])]);
    let reasons = Reasons::of(&[Reason::IncomeTooHigh]);
    let again = BenefitCase { form, round: 1, reasons, missing: 0, ..before };
    assert_eq!(offices.case(case), again);
    assert_eq!(offices.worklist(Role::WelfareDepartment), [0; 0]);

    offices.chain.advance(MINUTE);
    let done = offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    history.push(entry(&offices, &cast.citizen, Deed::Applied, 2, 0, Review));
    assert_eq!(own_events(&offices, &done), [moved(case, &history[2])]);
    assert_eq!(done.events.len(), 1);
    let reviewed = BenefitCase { form: injury_form(), round: 2, reasons: Reasons::NONE, status: Review, ..again };
    assert_eq!(offices.case(case), reviewed);
    assert_eq!(offices.worklist(Role::WelfareDepartment), [case]);
    assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)), history);

    // A later stage that returns it also gets it back.
    offices.decide(case, Decision::Accept, None);
    offices.decide(case, Decision::Return, None);
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    let record = offices.case(case);
    assert_eq!((record.round, record.stage, record.status), (3, 1, Review));
    assert_eq!(offices.worklist(Role::WelfareDepartment), [0; 0]);
    assert_eq!(offices.worklist(Role::MedicalPanel), [case]);
}

#[test]
fn a_supplement_of_somebody_who_may_have_no_benefit_any_more_is_rejected() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, without_record());
    offices.send(&cast.regulator.actor, cast.registry().blacklist(cast.citizen.number, 7));
    offices.suspend(&cast.citizen);
    offices.chain.advance(MINUTE);
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    let record = offices.case(case);
    assert_eq!(record.reasons, Reasons::of(&[Reason::Blacklisted, Reason::NotInGoodStanding]));
    assert_eq!((record.status, record.round), (BenefitStatus::Rejected, 1));
    assert_eq!((record.decided_by, record.decided_at), (0, START + MINUTE), "by the automatic check");
}

#[test]
fn only_the_applicant_supplements_or_withdraws_and_only_while_that_is_open() {
    use BenefitStatus::{Returned, Review};
    let (mut offices, cast) = stage();
    let all = one_of_each_status(&mut offices, &cast.citizen);
    let reviewer = offices.reviewer(Role::SocialInsuranceAgency);
    for (status, case) in all.clone() {
        for other in [&cast.shop, &cast.government, &cast.regulator, &cast.payer, &reviewer] {
            offices.refuses(&other.actor, cast.welfare().supplement(case, insurance_form()), NOT_YOURS);
            offices.refuses(&other.actor, cast.welfare().withdraw_application(case), NOT_YOURS);
        }
        offices.refuses(&cast.stranger, cast.welfare().supplement(case, insurance_form()), Error::NotAllowed);
        offices.refuses(&cast.stranger, cast.welfare().withdraw_application(case), Error::NotAllowed);
        if status != Returned {
            let message = cast.welfare().supplement(case, insurance_form());
            offices.refuses(&cast.citizen.actor, message, wrong(status));
        }
        if ![Returned, Review].contains(&status) {
            offices.refuses(&cast.citizen.actor, cast.welfare().withdraw_application(case), wrong(status));
        }
    }
    for case in [0, 7, u64::MAX] {
        let unknown = Error::UnknownCase { case };
        offices.refuses(&cast.citizen.actor, cast.welfare().supplement(case, insurance_form()), unknown);
        offices.refuses(&cast.citizen.actor, cast.welfare().withdraw_application(case), unknown);
    }
    let case_of = |wanted| all.iter().find(|(status, _)| *status == wanted).expect("one of each").1;
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case_of(Returned), insurance_form()));
    // Whoever is suspended may still give up.
    offices.suspend(&cast.citizen);
    offices.send(&cast.citizen.actor, cast.welfare().withdraw_application(case_of(Review)));
}

#[test]
fn an_application_is_given_up_from_any_stage_and_for_good() {
    use BenefitStatus::Ended;
    let (mut offices, cast) = stage();
    let first = offices.apply(&cast.citizen, offices.injury, injury_form());
    let second = offices.apply(&cast.citizen, offices.injury, injury_form());
    let returned = offices.apply(&cast.citizen, offices.injury, without_record());
    offices.decide(second, Decision::Accept, None);
    for (case, at) in [(first, 0), (second, 1), (returned, 0)] {
        let before = offices.case(case);
        let done = offices.send(&cast.citizen.actor, cast.welfare().withdraw_application(case));
        let withdrawn = entry(&offices, &cast.citizen, Deed::Withdrawn, 0, at, Ended);
        assert_eq!(own_events(&offices, &done), [moved(case, &withdrawn)]);
        assert_eq!(offices.case(case), BenefitCase { status: Ended, ..before });
        assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)).pop(), Some(withdrawn));
        offices.refuses(&cast.citizen.actor, cast.welfare().withdraw_application(case), wrong(Ended));
    }
    for role in [Role::WelfareDepartment, Role::MedicalPanel] {
        assert_eq!(offices.worklist(role), [0; 0]);
        assert_eq!(offices.ask(cast.welfare().worklist_count(role)), 0);
    }
}
