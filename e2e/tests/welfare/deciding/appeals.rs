//! Appeals: once, in time, to the stage that rejected and to another reviewer; and when a rejection becomes final.

use super::*;
use amanah_client::Event;
use amanah_domain::time::DAY;
use amanah_interfaces::welfare::{CaseMoved, Form, Reason, Reasons};

/// When appeals against what was decided when the world began are over.
const END: u64 = START + 30 * DAY;

#[track_caller]
fn appeal(offices: &mut Offices, by: &Person, case: WelfareCaseId) -> Done<()> {
    let message = offices.world.suite.welfare().appeal(case);
    offices.world.send(&by.actor, message)
}

#[test]
fn the_stage_that_rejected_hears_an_appeal_with_another_reviewer() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    offices.decide(case, Accept, None);
    let panel = offices.reviewer(Role::MedicalPanel);
    offices.chain.advance(MINUTE);
    decide(&mut offices, &panel, case, Reject);
    let rejected = offices.case(case);
    assert_eq!((rejected.status, rejected.stage), (BenefitStatus::Rejected, 1));
    assert_eq!((rejected.decided_by, rejected.decided_at), (panel.number, START + MINUTE));
    assert_eq!(offices.worklist(Role::MedicalPanel), [0; 0]);

    let done = appeal(&mut offices, &cast.citizen, case);
    let appealed = entry(&offices, &cast.citizen, Deed::Appealed, 1, 1, BenefitStatus::Review);
    assert_eq!(own_events(&offices, &done), [moved(case, &appealed)]);
    let heard = BenefitCase { status: BenefitStatus::Review, round: 1, appealed: true, ..rejected };
    assert_eq!(offices.case(case), heard);
    assert_eq!(offices.worklist(Role::MedicalPanel), [case]);
    assert_eq!(offices.worklist(Role::WelfareDepartment), [0; 0], "which had accepted");

    cannot_decide(&mut offices, &panel.actor, case, refusal(BenefitRefusal::SameReviewer));
    let second = offices.second_reviewer(Role::MedicalPanel);
    decide(&mut offices, &second, case, Accept);
    offices.decide(case, Accept, None);
    assert_eq!(offices.status(case), BenefitStatus::Running);
}

#[test]
fn an_appeal_against_the_automatic_check_is_heard_from_the_first_stage_on() {
    let (mut offices, cast) = stage();
    let rich = Form { property: Some(10_000), ..assistance_form() };
    let case = offices.apply(&cast.citizen, offices.assistance, rich);
    assert_eq!((offices.status(case), offices.case(case).decided_by), (BenefitStatus::Rejected, 0));
    appeal(&mut offices, &cast.citizen, case);
    let record = offices.case(case);
    assert_eq!((record.status, record.stage, record.round), (BenefitStatus::Review, 0, 1));
    assert_eq!(record.reasons, Reasons::of(&[Reason::PropertyTooHigh]), "the reviewers see why");
    offices.accept_all(case, 250);
    assert_eq!(offices.status(case), BenefitStatus::Running);

    // A supplement that the check rejects is heard from the first stage too, whichever stage had returned it.
    let other = offices.applicant("other");
    let case = offices.apply(&other, offices.assistance, assistance_form());
    offices.decide(case, Accept, None);
    offices.decide(case, Return, None);
    let rich = Form { property: Some(10_000), ..assistance_form() };
    offices.send(&other.actor, cast.welfare().supplement(case, rich));
    assert_eq!((offices.status(case), offices.case(case).stage), (BenefitStatus::Rejected, 1));
    appeal(&mut offices, &other, case);
    assert_eq!((offices.case(case).stage, offices.case(case).round), (0, 2));
    assert_eq!(offices.worklist(Role::NeighbourhoodCommittee), [case]);
}

#[test]
fn an_appeal_is_possible_until_the_last_millisecond_of_its_days_and_a_rejection_is_closed_from_then_on() {
    let (mut offices, cast) = stage();
    let cases = [(); 3].map(|()| {
        let case = offices.apply(&cast.citizen, offices.injury, injury_form());
        offices.decide(case, Reject, None);
        case
    });
    offices.chain.set_time(END - 1);
    for case in cases {
        let early = refusal(BenefitRefusal::TooEarly { from: END });
        offices.refuses(&cast.stranger, cast.welfare().close_case(case), early);
    }
    appeal(&mut offices, &cast.citizen, cases[0]);
    let late = refusal(BenefitRefusal::TooLate { at: END });
    for (case, now) in [(cases[1], END), (cases[2], END + 1)] {
        offices.chain.set_time(now);
        offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), late);
        let before = offices.case(case);
        let done = offices.send(&cast.stranger, cast.welfare().close_case(case));
        let (status, by) = (BenefitStatus::Ended, 0);
        let closed = Entry { by, ..entry(&offices, &cast.citizen, Deed::Closed, 0, 0, status) };
        let told = CaseMoved { case, by, entry: closed.clone() };
        assert_eq!(own_events(&offices, &done), [Event::CaseMoved(told)]);
        assert_eq!(offices.case(case), BenefitCase { status, ..before });
        assert_eq!(offices.ask(cast.welfare().history(case, 2, 50)), [closed]);
        offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), wrong(status));
    }
}

#[test]
fn there_is_one_appeal_and_what_it_rejects_is_final_at_once() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    offices.decide(case, Reject, None);
    appeal(&mut offices, &cast.citizen, case);
    let second = offices.second_reviewer(Role::WelfareDepartment);
    decide(&mut offices, &second, case, Reject);
    assert_eq!(offices.case(case).decided_by, second.number);
    let again = refusal(BenefitRefusal::AlreadyAppealed);
    offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), again);
    offices.send(&cast.stranger, cast.welfare().close_case(case));
    assert_eq!(offices.status(case), BenefitStatus::Ended);

    // Nor is there a second one when the appeal was returned, supplemented and rejected then.
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    offices.decide(case, Reject, None);
    appeal(&mut offices, &cast.citizen, case);
    decide(&mut offices, &second, case, Return);
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    let usual = offices.reviewer(Role::WelfareDepartment);
    cannot_decide(&mut offices, &usual.actor, case, refusal(BenefitRefusal::SameReviewer));
    decide(&mut offices, &second, case, Reject);
    offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), again);
}

#[test]
fn where_a_scheme_has_no_days_for_appeals_a_rejection_is_final_at_once() {
    let (mut offices, cast) = stage();
    let scheme = offices.scheme(Scheme { appeal_days: 0, ..samples::welfare() });
    let case = offices.apply(&cast.citizen, scheme, injury_form());
    offices.decide(case, Reject, None);
    let late = refusal(BenefitRefusal::TooLate { at: START });
    offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), late);
    offices.send(&cast.stranger, cast.welfare().close_case(case));
    assert_eq!(offices.status(case), BenefitStatus::Ended);
}

#[test]
fn only_the_applicant_appeals_and_only_a_rejected_case_is_appealed_or_closed() {
    let (mut offices, cast) = stage();
    let all = one_of_each_status(&mut offices, &cast.citizen);
    let reviewer = offices.reviewer(Role::SocialInsuranceAgency);
    for (status, case) in all.clone() {
        for other in [&cast.shop, &cast.government, &cast.regulator, &cast.payer, &reviewer] {
            offices.refuses(&other.actor, cast.welfare().appeal(case), NOT_YOURS);
        }
        offices.refuses(&cast.stranger, cast.welfare().appeal(case), Error::NotAllowed);
        if status != BenefitStatus::Rejected {
            offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), wrong(status));
            offices.refuses(&cast.stranger, cast.welfare().close_case(case), wrong(status));
        }
    }
    for case in [0, 7, u64::MAX] {
        let unknown = Error::UnknownCase { case };
        offices.refuses(&cast.citizen.actor, cast.welfare().appeal(case), unknown);
        offices.refuses(&cast.stranger, cast.welfare().close_case(case), unknown);
    }
    // Whoever is suspended may still contest.
    offices.suspend(&cast.citizen);
    appeal(&mut offices, &cast.citizen, all[2].1);
}
