//! Deciding stage by stage: who, in which order, how often; what the history says of it.

mod amounts;
mod appeals;
mod desks;

use crate::{
    applying::{entry, moved, one_of_each_status},
    common::*,
};
use amanah_client::{Actor, Done};
use amanah_domain::{
    ids::{SchemeId, WelfareCaseId},
    money::Amount,
    roles::Role,
    time::MINUTE,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{assistance_form, injury_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    registry::Registry,
    welfare::{
        Action, BenefitCase, BenefitRefusal, BenefitStatus, Decision, Deed, Entry, Error, Form, Scheme, Stage, Welfare,
    },
};
use Decision::{Accept, Reject, Return};

const DECISIONS: [Decision; 3] = [Accept, Return, Reject];

/// Somebody decides, without an amount or a reason.
#[track_caller]
fn decide(offices: &mut Offices, by: &Person, case: WelfareCaseId, decision: Decision) -> Done<()> {
    let message = offices.decision(case, decision, None, 0);
    offices.world.send(&by.actor, message)
}

/// Somebody is refused whatever it decides.
#[track_caller]
fn cannot_decide(offices: &mut Offices, by: &Actor, case: WelfareCaseId, error: Error) {
    for decision in DECISIONS {
        let message = offices.decision(case, decision, None, 0);
        offices.world.refuses(by, message, error);
    }
}

fn refusal(refusal: BenefitRefusal) -> Error {
    Error::Benefit(refusal)
}

/// A scheme of the samples in one of whose stages so many members must accept.
pub fn committee(offices: &mut Offices, mut sample: Scheme, stage: usize, needed: u8) -> SchemeId {
    sample.stages[stage].needed = needed;
    offices.scheme(sample)
}

/// Three members of a committee.
pub fn members(offices: &mut Offices, role: Role) -> [Person; 3] {
    ["first", "second", "third"].map(|name| offices.world.enrol(&format!("{name} member {role:?}"), &[role]))
}

#[test]
fn assistance_goes_from_the_committee_to_accounting_to_the_review_to_civil_affairs() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.assistance, assistance_form());
    let mut record = offices.case(case);
    let mut history = vec![entry(&offices, &cast.citizen, Deed::Applied, 0, 0, BenefitStatus::Review)];
    let roles = [Role::NeighbourhoodCommittee, Role::AccountingTeam, Role::DemocraticReviewTeam, Role::CivilAffairs];
    let reviewers = roles.map(|role| offices.reviewer(role));
    for stage in 0..4u8 {
        offices.chain.advance(MINUTE);
        let at = usize::from(stage);
        for (other, role) in roles.into_iter().enumerate() {
            assert_eq!(offices.worklist(role), if other == at { vec![case] } else { vec![] });
            if other != at {
                cannot_decide(&mut offices, &reviewers[other].actor, case, Error::NotAllowed);
            }
        }
        for other in [&cast.citizen, &cast.government, &cast.regulator, &cast.payer] {
            cannot_decide(&mut offices, &other.actor, case, Error::NotAllowed);
        }
        let (amount, reason) = ((stage == 1).then_some(250), 40 + u16::from(stage));
        let message = cast.welfare().decide(case, 0, stage, Accept, amount, reason);
        let done = offices.send(&reviewers[at].actor, message);

        let status = if stage == 3 { BenefitStatus::Running } else { BenefitStatus::Review };
        let accepted = entry(&offices, &reviewers[at], Deed::Accepted, 0, stage, status);
        let accepted = Entry { amount, reason, ..accepted };
        assert_eq!(own_events(&offices, &done), [moved(case, &accepted)]);
        assert_eq!(done.events.len(), 1);
        history.push(accepted);
        record = match stage {
            0 => BenefitCase { stage: 1, ..record },
            1 => BenefitCase { stage: 2, amount: Amount::new(250), ..record },
            2 => BenefitCase { stage: 3, ..record },
            _ => {
                let accepted = vec![reviewers[3].number];
                BenefitCase { status, accepted, approved_at: START + 4 * MINUTE, ..record }
            }
        };
        assert_eq!(offices.case(case), record);
    }
    assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)), history);
    assert!(roles.into_iter().all(|role| offices.worklist(role).is_empty()));
}

#[test]
fn nobody_but_an_active_holder_of_the_stages_role_decides() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    for (outsider, decision) in offices.outsiders(&[Role::WelfareDepartment]).iter().zip(DECISIONS.into_iter().cycle())
    {
        offices.refuses(outsider, cast.welfare().decide(case, 0, 0, decision, None, 0), Error::NotAllowed);
    }
    let member = offices.enrol("member", &[Role::WelfareDepartment]);
    decide(&mut offices, &member, case, Accept);
}

#[test]
fn only_a_case_in_review_is_decided() {
    let (mut offices, cast) = stage();
    let all = one_of_each_status(&mut offices, &cast.citizen);
    let reviewer = offices.reviewer(Role::SocialInsuranceAgency).actor;
    for (status, case) in all {
        if status != BenefitStatus::Review {
            cannot_decide(&mut offices, &reviewer, case, wrong(status));
            cannot_decide(&mut offices, &cast.stranger, case, wrong(status));
        }
    }
    for case in [0, 7, u64::MAX] {
        let message = cast.welfare().decide(case, 0, 0, Accept, None, 0);
        offices.refuses(&reviewer, message, Error::UnknownCase { case });
    }
}

#[test]
fn who_has_read_a_form_decides_no_other_one_and_no_other_stage() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let first = offices.reviewer(Role::WelfareDepartment);
    let second = offices.second_reviewer(Role::WelfareDepartment);
    // Both read the first form. One returns it, and the applicant hands in another one before the other one has decided.
    decide(&mut offices, &first, case, Return);
    let other = Form { facts: [9; 32], ..injury_form() };
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, other));
    let about_the_first = cast.welfare().decide(case, 0, 0, Accept, None, 0);
    let elsewhere = refusal(BenefitRefusal::OtherHearing { round: 1, stage: 0 });
    offices.refuses(&second.actor, about_the_first, elsewhere);
    // Nor does it count one stage later, where the member may decide too.
    offices.send(&cast.government.actor, cast.registry().grant(second.number, Role::MedicalPanel));
    decide(&mut offices, &first, case, Accept);
    let about_the_stage_before = cast.welfare().decide(case, 1, 0, Accept, None, 0);
    let elsewhere = refusal(BenefitRefusal::OtherHearing { round: 1, stage: 1 });
    offices.refuses(&second.actor, about_the_stage_before, elsewhere);
    offices.send(&second.actor, cast.welfare().decide(case, 1, 1, Accept, None, 0));
}

#[test]
fn what_a_stage_returns_comes_back_to_it_and_not_to_those_before() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let [department, panel, institute] =
        [Role::WelfareDepartment, Role::MedicalPanel, Role::WelfareInstitute].map(|role| offices.reviewer(role));
    decide(&mut offices, &department, case, Accept);
    let before = offices.case(case);
    let done = offices.send(&panel.actor, cast.welfare().decide(case, 0, 1, Return, None, 17));
    let returned = entry(&offices, &panel, Deed::Returned, 0, 1, BenefitStatus::Returned);
    assert_eq!(own_events(&offices, &done), [moved(case, &Entry { reason: 17, ..returned })]);
    assert_eq!(offices.case(case), BenefitCase { status: BenefitStatus::Returned, ..before });

    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    cannot_decide(&mut offices, &department.actor, case, Error::NotAllowed);
    // In the new round the same reviewer decides again, and the entry says in which round.
    let done = decide(&mut offices, &panel, case, Accept);
    let accepted = entry(&offices, &panel, Deed::Accepted, 1, 1, BenefitStatus::Review);
    assert_eq!(own_events(&offices, &done), [moved(case, &accepted)]);
    decide(&mut offices, &institute, case, Accept);
    let record = offices.case(case);
    assert_eq!((record.status, record.round), (BenefitStatus::Running, 1));
}

#[test]
fn nobody_decides_its_own_case() {
    let (mut offices, cast) = stage();
    let roles = [Role::Citizen, Role::WelfareDepartment, Role::MedicalPanel];
    let both = offices.enrol("citizen and reviewer", &roles);
    let own = offices.apply(&both, offices.injury, injury_form());
    let other = offices.apply(&cast.citizen, offices.injury, injury_form());
    for _ in 0..2 {
        cannot_decide(&mut offices, &both.actor, own, refusal(BenefitRefusal::OwnCase));
        offices.decide(own, Accept, None);
        decide(&mut offices, &both, other, Accept);
    }
    assert_eq!((offices.case(own).stage, offices.case(other).stage), (2, 2));
}

#[test]
fn a_committee_needs_different_members_and_one_who_says_no_ends_the_round() {
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::welfare(), 0, 2);
    let [first, second, third] = members(&mut offices, Role::WelfareDepartment);
    let twice = refusal(BenefitRefusal::AlreadyDecided);
    let case = offices.apply(&cast.citizen, scheme, injury_form());
    decide(&mut offices, &first, case, Accept);
    let record = offices.case(case);
    assert_eq!((record.stage, record.accepted), (0, vec![first.number]));
    cannot_decide(&mut offices, &first.actor, case, twice);

    // The other one returns it: the first one's acceptance counted for that round only.
    decide(&mut offices, &second, case, Return);
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    assert_eq!(offices.case(case).accepted, [0; 0]);
    for (member, stage) in [(&second, 0), (&first, 1)] {
        decide(&mut offices, member, case, Accept);
        assert_eq!(offices.case(case).stage, stage);
    }
    assert_eq!(offices.case(case).accepted, [0; 0], "of the next stage");

    // One who rejects is enough, also against another who accepted; on the appeal that other one counts again.
    let case = offices.apply(&cast.citizen, scheme, injury_form());
    decide(&mut offices, &first, case, Accept);
    decide(&mut offices, &second, case, Reject);
    let record = offices.case(case);
    assert_eq!((record.status, record.decided_by), (BenefitStatus::Rejected, second.number));
    offices.send(&cast.citizen.actor, cast.welfare().appeal(case));
    cannot_decide(&mut offices, &second.actor, case, refusal(BenefitRefusal::SameReviewer));
    for member in [&first, &third] {
        assert_eq!(offices.case(case).stage, 0);
        decide(&mut offices, member, case, Accept);
    }
    assert_eq!(offices.case(case).stage, 1);
}

#[test]
fn a_reviewer_with_two_roles_acts_in_both_stages() {
    let (mut offices, cast) = stage();
    let roles = [Role::WelfareDepartment, Role::MedicalPanel, Role::WelfareInstitute];
    let everything = offices.enrol("department, panel and institute", &roles);
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    for _ in roles {
        decide(&mut offices, &everything, case, Accept);
    }
    assert_eq!(offices.status(case), BenefitStatus::Running);

    // And so does a member of one role that has two stages.
    let stage = |action| Stage { role: Role::CivilAffairs, action, needed: 1 };
    let stages = vec![stage(Action::Inspect), stage(Action::Approve)];
    let scheme = offices.scheme(Scheme { stages, exclusive: false, ..samples::welfare() });
    let [case, other] = [(); 2].map(|()| offices.apply(&cast.citizen, scheme, injury_form()));
    let office = offices.reviewer(Role::CivilAffairs);
    decide(&mut offices, &office, case, Accept);
    assert_eq!(offices.worklist(Role::CivilAffairs), [case, other], "it stays on the same desk");
    decide(&mut offices, &office, case, Accept);
    assert_eq!(offices.status(case), BenefitStatus::Running);
    assert_eq!(offices.worklist(Role::CivilAffairs), [other]);
}

#[test]
fn a_history_tells_everything_that_happened_in_the_order_in_which_it_did() {
    use BenefitStatus::*;
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::welfare(), 0, 2);
    let [first, second, third] = members(&mut offices, Role::WelfareDepartment);
    let papers = samples::form(200, &[samples::INJURY_PROOF]);
    let case = offices.apply(&cast.citizen, scheme, papers);
    let (by, regulator) = (cast.citizen.clone(), cast.regulator.clone());
    let mut expected = vec![entry(&offices, &by, Deed::Applied, 0, 0, Returned)];

    let mut told = Vec::new();
    let mut step = |offices: &mut Offices, done: Done<()>, entry: Entry| {
        told.extend(own_events(offices, &done).into_iter().filter(|event| event.name() == "CaseMoved"));
        expected.push(entry);
        offices.chain.advance(MINUTE);
    };
    offices.chain.advance(MINUTE);
    let done = offices.send(&by.actor, cast.welfare().supplement(case, injury_form()));
    let now = entry(&offices, &by, Deed::Applied, 1, 0, Review);
    step(&mut offices, done, now);
    let cid = samples::document(samples::MEDICAL_RECORD).cid;
    let seal = offices.seal(case, cid, &first);
    let done = offices.send(&first.actor, cast.welfare().add_document(case, cid, seal));
    let now = entry(&offices, &first, Deed::Sealed, 1, 0, Review);
    step(&mut offices, done, Entry { document: Some(cid), ..now });
    let done = decide(&mut offices, &first, case, Accept);
    let now = entry(&offices, &first, Deed::Accepted, 1, 0, Review);
    step(&mut offices, done, now);
    let done = offices.send(&second.actor, cast.welfare().decide(case, 1, 0, Reject, None, u16::MAX));
    let now = entry(&offices, &second, Deed::Rejected, 1, 0, Rejected);
    step(&mut offices, done, Entry { reason: u16::MAX, ..now });
    let done = offices.send(&by.actor, cast.welfare().appeal(case));
    let now = entry(&offices, &by, Deed::Appealed, 2, 0, Review);
    step(&mut offices, done, now);
    for (member, stage) in [(&first, 0), (&third, 0)] {
        let done = decide(&mut offices, member, case, Accept);
        let now = entry(&offices, member, Deed::Accepted, 2, stage, Review);
        step(&mut offices, done, now);
    }
    let panel = offices.reviewer(Role::MedicalPanel);
    let done = decide(&mut offices, &panel, case, Accept);
    let now = entry(&offices, &panel, Deed::Accepted, 2, 1, Review);
    step(&mut offices, done, now);
    let institute = offices.reviewer(Role::WelfareInstitute);
    let done = decide(&mut offices, &institute, case, Accept);
    let now = entry(&offices, &institute, Deed::Accepted, 2, 2, Running);
    step(&mut offices, done, now);
    let done = offices.send(&regulator.actor, cast.welfare().suspend(case, 3));
    let now = entry(&offices, &regulator, Deed::Suspended, 2, 2, Suspended);
    step(&mut offices, done, Entry { reason: 3, ..now });
    let done = offices.send(&by.actor, cast.welfare().terminate(case, 4));
    let now = entry(&offices, &by, Deed::Terminated, 2, 2, Ended);
    step(&mut offices, done, Entry { reason: 4, ..now });

    assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)), expected);
    let moves: Vec<_> = expected.iter().skip(1).map(|entry| moved(case, entry)).collect();
    assert_eq!(told, moves, "the events say the same");
}

#[test]
fn nobody_is_granted_a_benefit_without_the_role_that_may_apply() {
    let (mut offices, cast) = stage();
    let institute = offices.reviewer(Role::WelfareInstitute);
    let grant = |case, round| cast.welfare().decide(case, round, 2, Accept, None, 0);
    let refusal = |person: &Person| Error::NotInGoodStanding { participant: person.number };
    // Rejected by the automatic check, and heard on appeal.
    let never = offices.apply(&cast.shop, offices.injury, injury_form());
    offices.send(&cast.shop.actor, cast.welfare().appeal(never));
    let no_longer = offices.apply(&cast.citizen, offices.injury, injury_form());
    for case in [never, no_longer, never, no_longer] {
        offices.decide(case, Accept, None);
    }
    offices.send(&cast.government.actor, cast.registry().revoke(cast.citizen.number, Role::Citizen));
    offices.refuses(&institute.actor, grant(never, 1), refusal(&cast.shop));
    offices.refuses(&institute.actor, grant(no_longer, 0), refusal(&cast.citizen));
    for (person, case, round) in [(&cast.shop, never, 1), (&cast.citizen, no_longer, 0)] {
        offices.send(&cast.government.actor, cast.registry().grant(person.number, Role::Citizen));
        offices.send(&institute.actor, grant(case, round));
    }
}
