//! Three people's stories, told again by their events.

use super::Watched;
use crate::common::stage;
use amanah_domain::{roles::Role, time::DAY};
use amanah_e2e::welfare::{assistance_form, injury_form, insurance_form};
use amanah_interfaces::{
    ledger::Ledger,
    welfare::{BenefitStatus, Decision, Form, Welfare},
};

#[test]
fn the_events_of_a_story_rebuild_each_case_its_history_and_every_sum() {
    let (offices, cast) = stage();
    let mut watched = Watched::new(offices);
    let (welfare, ledger, bank) = (|| cast.welfare(), || cast.ledger(), cast.bank.number);
    let [lily, lucy] = ["Lily", "Lucy"].map(|name| watched.offices.applicant(name));
    for (at, person) in [&cast.payer, &lucy].into_iter().enumerate() {
        watched.send(&cast.bank.actor, ledger().issue(person.id(), 5_000, [at as u8 + 1; 32]));
        watched.send(&person.actor, ledger().approve(cast.suite.welfare.into(), bank, 5_000));
    }
    let (insurance, assistance, injury) =
        (watched.offices.insurance, watched.offices.assistance, watched.offices.injury);
    let decide = |watched: &mut Watched, case, decision, amount| {
        let reviewer = watched.offices.reviewer_of(case).actor;
        let message = watched.offices.decision(case, decision, amount, 3);
        watched.send(&reviewer, message);
    };

    // Mark's is returned, rejected, and granted on appeal.
    let mark = &cast.citizen.actor;
    let without_papers = Form { documents: Vec::new(), ..injury_form() };
    let marks = watched.send(mark, welfare().apply(injury, without_papers));
    watched.send(mark, welfare().supplement(marks, injury_form()));
    decide(&mut watched, marks, Decision::Accept, None);
    decide(&mut watched, marks, Decision::Reject, None);
    watched.send(mark, welfare().appeal(marks));
    let second = watched.offices.second_reviewer(Role::MedicalPanel);
    watched.send(&second.actor, welfare().decide(marks, 2, 1, Decision::Accept, None, 0));
    decide(&mut watched, marks, Decision::Accept, None);
    watched.send(&cast.stranger, welfare().pay(marks, 1));
    watched.send(mark, welfare().withdraw(bank, 150));

    // Lily's waits in the middle; another one of hers was given up, and one was refused at once and closed.
    let lilys = watched.send(&lily.actor, welfare().apply(assistance, assistance_form()));
    decide(&mut watched, lilys, Decision::Accept, None);
    decide(&mut watched, lilys, Decision::Accept, Some(250));
    let other = watched.send(&lily.actor, welfare().apply(injury, injury_form()));
    watched.send(&lily.actor, welfare().withdraw_application(other));
    let refused = watched.send(&lily.actor, welfare().apply(insurance, insurance_form()));

    // Lucy is insured, pays once, is stopped, goes on, and ends it.
    let lucys = watched.send(&lucy.actor, welfare().apply(insurance, insurance_form()));
    decide(&mut watched, lucys, Decision::Accept, None);
    watched.send(&cast.stranger, welfare().collect_premium(lucys, 1));
    watched.send(&cast.regulator.actor, welfare().suspend(lucys, 7));
    watched.send(&cast.regulator.actor, welfare().resume(lucys));
    watched.send(&lucy.actor, welfare().terminate(lucys, 0));
    watched.offices.chain.advance(30 * DAY);
    watched.send(&cast.stranger, welfare().close_case(refused));
    watched.send(&cast.government.actor, welfare().retire_scheme(injury));

    let [running, review, ended] = [BenefitStatus::Running, BenefitStatus::Review, BenefitStatus::Ended];
    let statuses = [marks, lilys, other, refused, lucys].map(|case| watched.offices.status(case));
    assert_eq!(statuses, [running, review, ended, ended, ended]);
    assert_eq!(watched.replay.liabilities(bank), 250);
    let Watched { offices, replay } = &mut watched;
    replay.check(offices);
}
