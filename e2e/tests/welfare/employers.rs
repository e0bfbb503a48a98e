//! The employer's share of a premium: only of who has agreed, rounded down, and never without the insured's own.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::{ParticipantId, WelfareCaseId},
    roles::Role,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{insurance_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger},
    registry::Registry,
    welfare::{BenefitStatus, CaseMoved, Deed, Entry, Error, Form, PremiumCollected, Scheme, Welfare},
    Balance,
};

/// An employer that lets the welfare contract take up to this much.
fn employer(offices: &mut Offices, name: &str, money: Balance) -> Person {
    let employer = offices.enrol(name, &[Role::Employer]);
    if money > 0 {
        offices.funds(&employer, money);
    }
    employer
}

/// The citizen is insured with a premium of 160, half of which that employer is to pay.
fn insured_with(offices: &mut Offices, employer: Option<ParticipantId>) -> WelfareCaseId {
    let citizen = offices.citizen.clone();
    let scheme = offices.scheme(Scheme { employer_share: 5_000, ..samples::insurance() });
    offices.funds(&citizen, 1_000);
    offices.grant(&citizen, scheme, Form { employer, ..insurance_form() })
}

#[track_caller]
fn agree(offices: &mut Offices, employer: &Person, case: WelfareCaseId) {
    let message = offices.suite.welfare().agree_as_employer(case);
    offices.send(&employer.actor, message);
}

#[track_caller]
fn cannot_collect(offices: &mut Offices, case: WelfareCaseId, period: u16, expected: Error) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().collect_premium(case, period));
    offices.refuses(&stranger, message, expected);
}

#[test]
fn the_employers_share_is_rounded_down_and_both_add_up_to_the_premium() {
    let (mut offices, cast) = stage();
    let employer = employer(&mut offices, "employer", 10_000);
    let mut paid = 0;
    // Basis points of premiums of 160 and 161: a share of less than one unit is the insured's.
    for (share, income, own, employers) in [
        (5_000, 2_000, 80, 80),
        (5_000, 2_001, 81, 80),
        (3_333, 2_000, 107, 53),
        (10_000, 2_001, 0, 161),
        (62, 2_000, 160, 0),
        (63, 2_000, 159, 1),
        (0, 2_000, 160, 0),
    ] {
        let insured = offices.applicant(&format!("earns {income}, {share}"));
        if own > 0 {
            offices.funds(&insured, own);
        }
        let scheme = offices.scheme(Scheme { employer_share: share, ..samples::insurance() });
        let form = Form { income: Some(income), employer: Some(employer.number), ..insurance_form() };
        let case = offices.grant(&insured, scheme, form);
        if employers > 0 {
            let payer = employer.number;
            cannot_collect(&mut offices, case, 1, Error::NotAgreed { payer });
            agree(&mut offices, &employer, case);
        }
        let done = offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
        let collected = PremiumCollected { case, insured: insured.number, period: 1, own, employers };
        assert_eq!(own_events(&offices, &done), [Event::PremiumCollected(collected)]);
        paid += employers;
        assert_eq!((offices.balance(&insured), offices.balance(&employer)), (0, 10_000 - paid));
    }
    assert_eq!(offices.balance(&cast.payer), 80 + 80 + 81 + 80 + 107 + 53 + 161 + 160 + 159 + 1 + 160);
}

#[test]
fn who_names_no_employer_pays_the_whole_premium() {
    let (mut offices, cast) = stage();
    let case = insured_with(&mut offices, None);
    let employer = employer(&mut offices, "employer", 1_000);
    offices.refuses(&employer.actor, cast.welfare().agree_as_employer(case), Error::NotAllowed);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!((offices.balance(&cast.citizen), offices.balance(&cast.payer)), (840, 160));
}

#[test]
fn only_the_employer_that_the_form_names_agrees_and_that_is_told_once() {
    let (mut offices, cast) = stage();
    let named = employer(&mut offices, "employer", 0);
    let other = employer(&mut offices, "another employer", 0);
    let case = insured_with(&mut offices, Some(named.number));
    for outsider in [&other.actor, &cast.citizen.actor, &cast.payer.actor, &cast.government.actor, &cast.stranger] {
        offices.refuses(outsider, cast.welfare().agree_as_employer(case), Error::NotAllowed);
    }
    offices.suspend(&named);
    offices.refuses(&named.actor, cast.welfare().agree_as_employer(case), Error::NotAllowed);
    offices.send(&cast.regulator.actor, cast.registry().reinstate(named.number));
    offices.send(&cast.government.actor, cast.registry().revoke(named.number, Role::Employer));
    offices.refuses(&named.actor, cast.welfare().agree_as_employer(case), Error::NotAllowed);
    offices.send(&cast.government.actor, cast.registry().grant(named.number, Role::Employer));
    offices.refuses(&named.actor, cast.welfare().agree_as_employer(99), Error::UnknownCase { case: 99 });

    let done = offices.send(&named.actor, cast.welfare().agree_as_employer(case));
    let entry = Entry {
        at: START,
        by: named.number,
        deed: Deed::EmployerAgreed,
        round: 0,
        stage: 0,
        status: BenefitStatus::Running,
        amount: None,
        reason: 0,
        document: None,
    };
    let moved = CaseMoved { case, by: named.number, entry: entry.clone() };
    assert_eq!(own_events(&offices, &done), [Event::CaseMoved(moved)]);
    assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)).last(), Some(&entry));
    offices.changes_nothing(&named.actor, cast.welfare().agree_as_employer(case));
}

#[test]
fn without_the_employers_share_nothing_is_taken_from_the_insured_either() {
    let (mut offices, cast) = stage();
    let employer = employer(&mut offices, "employer", 0);
    let case = insured_with(&mut offices, Some(employer.number));
    cannot_collect(&mut offices, case, 1, Error::NotAgreed { payer: employer.number });
    agree(&mut offices, &employer, case);
    let allowance = |allowed| Error::Ledger(LedgerError::Allowance { allowed, wanted: 80 });
    cannot_collect(&mut offices, case, 1, allowance(0));
    offices.funds(&employer, 79);
    cannot_collect(&mut offices, case, 1, allowance(79));
    offices.funds(&employer, 1);
    offices.suspend(&employer);
    cannot_collect(&mut offices, case, 1, Error::NotInGoodStanding { participant: employer.number });
    assert_eq!(
        (offices.balance(&cast.citizen), offices.balance(&employer), offices.balance(&cast.payer)),
        (1_000, 80, 0)
    );
    offices.send(&cast.regulator.actor, cast.registry().reinstate(employer.number));
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!(
        (offices.balance(&cast.citizen), offices.balance(&employer), offices.balance(&cast.payer)),
        (920, 0, 160)
    );
}

#[test]
fn without_the_insureds_share_nothing_is_taken_from_the_employer_either() {
    let (mut offices, cast) = stage();
    let employer = employer(&mut offices, "employer", 80);
    let case = insured_with(&mut offices, Some(employer.number));
    agree(&mut offices, &employer, case);
    offices.send(&cast.citizen.actor, cast.ledger().approve(cast.suite.welfare.into(), cast.bank.number, 79));
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 79, wanted: 80 });
    cannot_collect(&mut offices, case, 1, refused);
    assert_eq!(offices.balance(&employer), 80);
}

#[test]
fn an_employer_agrees_while_the_application_is_reviewed() {
    let (mut offices, cast) = stage();
    let employer = employer(&mut offices, "employer", 80);
    let scheme = offices.scheme(Scheme { employer_share: 5_000, ..samples::insurance() });
    offices.funds(&cast.citizen, 80);
    let form = Form { employer: Some(employer.number), ..insurance_form() };
    let case = offices.apply(&cast.citizen, scheme, form);
    agree(&mut offices, &employer, case);
    assert_eq!(offices.status(case), BenefitStatus::Review, "that grants nothing");
    offices.accept_all(case, 0);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!((offices.balance(&cast.citizen), offices.balance(&employer)), (0, 0));
}

#[test]
fn an_agreement_is_one_employers_and_another_one_that_is_named_later_must_agree_itself() {
    let (mut offices, cast) = stage();
    let first = employer(&mut offices, "employer", 1_000);
    let second = employer(&mut offices, "next employer", 1_000);
    let case = insured_with(&mut offices, Some(first.number));
    agree(&mut offices, &first, case);
    let form = |employer: &Person| Form { employer: Some(employer.number), ..insurance_form() };
    offices.send(&cast.citizen.actor, cast.welfare().recertify(case, form(&second)));
    cannot_collect(&mut offices, case, 1, Error::NotAgreed { payer: second.number });
    offices.refuses(&first.actor, cast.welfare().agree_as_employer(case), Error::NotAllowed);
    agree(&mut offices, &second, case);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!((offices.balance(&first), offices.balance(&second)), (1_000, 920));
}

#[test]
fn an_employer_that_does_not_exist_can_never_be_charged() {
    let (mut offices, cast) = stage();
    let case = insured_with(&mut offices, Some(9_999));
    cannot_collect(&mut offices, case, 1, Error::NotAgreed { payer: 9_999 });
    assert_eq!(offices.balance(&cast.citizen), 1_000);
}

#[test]
fn an_employer_pays_no_more_than_followed_from_the_form_when_it_agreed() {
    let (mut offices, cast) = stage();
    let employer = employer(&mut offices, "employer", 10_000);
    let case = insured_with(&mut offices, Some(employer.number));
    agree(&mut offices, &employer, case);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    let form = offices.case(case).form;
    let double = Form { ratio: form.ratio * 2, ..form.clone() };
    offices.send(&cast.citizen.actor, cast.welfare().recertify(case, double));
    offices.world.chain.set_time(SECOND);
    cannot_collect(&mut offices, case, 2, Error::NotAgreed { payer: employer.number });
    agree(&mut offices, &employer, case);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 2));
    // A form that would be less by the insured's word alone changes nothing of what it agreed to.
    offices.send(&cast.citizen.actor, cast.welfare().recertify(case, form));
    offices.world.chain.set_time(THIRD);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 3));
    assert_eq!((offices.balance(&cast.citizen), offices.balance(&employer)), (600, 9_600));
}

#[test]
fn an_employer_that_is_named_later_agrees_to_its_share_of_the_premium_that_holds() {
    let (mut offices, cast) = stage();
    let employer = employer(&mut offices, "employer", 1_000);
    let case = insured_with(&mut offices, None);
    // A form of less income: its premium would be 80, and what is collected stays 160.
    let form = Form { income: Some(1_000), employer: Some(employer.number), ..insurance_form() };
    offices.send(&cast.citizen.actor, cast.welfare().recertify(case, form));
    cannot_collect(&mut offices, case, 1, Error::NotAgreed { payer: employer.number });
    agree(&mut offices, &employer, case);
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!((offices.balance(&cast.citizen), offices.balance(&employer)), (920, 920));
}
