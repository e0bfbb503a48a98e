//! Signed verdicts: a stage is accepted by exactly as many different members as it still needs, handed in together by anybody;
//! what each of them signs is in the file beside this one.

mod statements;

use crate::{
    applying::{entry, moved, one_of_each_status},
    common::*,
    deciding::{committee, members},
};
use amanah_client::{Actor, Done};
use amanah_domain::{
    ids::{SchemeId, WelfareCaseId},
    money::{Amount, AmountError},
    roles::Role,
    signing::SigningRefusal,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{assistance_form, injury_form, Offices},
    Person, START,
};
use amanah_interfaces::{
    registry::Registry,
    welfare::{BenefitRefusal, BenefitStatus, Decision, Deed, Entry, Error, MemberVerdict, VerdictRefusal, Welfare},
    Balance,
};

/// A case that waits for two members of a medical panel of three.
struct Panel {
    scheme: SchemeId,
    case: WelfareCaseId,
    members: [Person; 3],
}

fn panel(offices: &mut Offices) -> Panel {
    let scheme = committee(offices, samples::welfare(), 1, 2);
    let citizen = offices.world.citizen.clone();
    let case = at_panel(offices, &citizen, scheme);
    Panel { scheme, case, members: members(offices, Role::MedicalPanel) }
}

/// Another case that waits for the panel.
#[track_caller]
fn at_panel(offices: &mut Offices, applicant: &Person, scheme: SchemeId) -> WelfareCaseId {
    let case = offices.apply(applicant, scheme, injury_form());
    offices.decide(case, Decision::Accept, None);
    case
}

/// The verdicts of these members about a case as it stands.
#[track_caller]
fn passes<const N: usize>(offices: &mut Offices, case: WelfareCaseId, by: [&Person; N]) -> Vec<MemberVerdict> {
    by.map(|member| offices.pass(case, member, None)).into()
}

/// A stranger hands verdicts in.
#[track_caller]
fn hand_in(
    offices: &mut Offices,
    case: WelfareCaseId,
    amount: Option<Balance>,
    verdicts: Vec<MemberVerdict>,
) -> Done<()> {
    let (stranger, suite) = (offices.world.stranger.clone(), offices.world.suite.clone());
    offices.world.send(&stranger, suite.welfare().decide_signed(case, amount, verdicts))
}

#[track_caller]
fn refused(
    offices: &mut Offices,
    case: WelfareCaseId,
    amount: Option<Balance>,
    verdicts: Vec<MemberVerdict>,
    error: Error,
) {
    let (stranger, suite) = (offices.world.stranger.clone(), offices.world.suite.clone());
    offices.world.refuses(&stranger, suite.welfare().decide_signed(case, amount, verdicts), error);
}

/// Verdicts without an amount do not accept the stage, and nothing of them is stored.
#[track_caller]
fn do_not_count(offices: &mut Offices, case: WelfareCaseId, verdicts: Vec<MemberVerdict>, refusal: VerdictRefusal) {
    refused(offices, case, None, verdicts, Error::Verdict(refusal));
}

fn bad_signature(signer: &Person) -> VerdictRefusal {
    VerdictRefusal::Signature(SigningRefusal::BadSignature { signer: signer.number })
}

fn not_in_good_standing(signer: u64) -> VerdictRefusal {
    VerdictRefusal::Signature(SigningRefusal::NotInGoodStanding { signer })
}

#[test]
fn two_members_of_three_accept_a_stage_by_what_they_have_signed() {
    let (mut offices, _) = stage();
    let Panel { case, members: [first, second, _], .. } = panel(&mut offices);
    let mut history = offices.world.ask(offices.world.suite.welfare().history(case, 0, 50));
    let verdicts = passes(&mut offices, case, [&second, &first]);
    let done = hand_in(&mut offices, case, None, verdicts);
    let accepted = [&second, &first].map(|by| entry(&offices, by, Deed::Accepted, 0, 1, BenefitStatus::Review));
    assert_eq!(own_events(&offices, &done), accepted.clone().map(|entry| moved(case, &entry)));
    history.extend(accepted);
    assert_eq!(offices.world.ask(offices.world.suite.welfare().history(case, 0, 50)), history);
    let record = offices.case(case);
    assert_eq!((record.stage, record.accepted, record.status), (2, vec![], BenefitStatus::Review));
    assert_eq!((offices.worklist(Role::MedicalPanel), offices.worklist(Role::WelfareInstitute)), (vec![], vec![case]));
}

#[test]
fn the_last_stages_verdicts_grant_the_benefit() {
    use BenefitStatus::{Review, Running};
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::welfare(), 2, 3);
    let institute = members(&mut offices, Role::WelfareInstitute);
    let case = offices.apply(&cast.citizen, scheme, injury_form());
    for _ in 0..2 {
        offices.decide(case, Decision::Accept, None);
    }
    let verdicts = passes(&mut offices, case, institute.each_ref());
    let done = hand_in(&mut offices, case, None, verdicts);
    let accepted = [0, 1, 2].map(|at: usize| {
        let status = if at == 2 { Running } else { Review };
        moved(case, &entry(&offices, &institute[at], Deed::Accepted, 0, 2, status))
    });
    assert_eq!(own_events(&offices, &done), accepted);
    let record = offices.case(case);
    assert_eq!((record.status, record.approved_at, record.amount), (Running, START, Amount::new(400)));
    assert_eq!(record.accepted, institute.map(|member| member.number));
    assert_eq!(offices.worklist(Role::WelfareInstitute), [0; 0]);
}

#[test]
fn every_sequence_of_members_is_refused_but_two_different_ones() {
    let (mut offices, _) = stage();
    let Panel { scheme, case, members } = panel(&mut offices);
    let verdicts = passes(&mut offices, case, members.each_ref());
    let count = |given| VerdictRefusal::WrongCount { needed: 2, given };
    do_not_count(&mut offices, case, vec![], count(0));
    for first in 0..3usize {
        do_not_count(&mut offices, case, vec![verdicts[first].clone()], count(1));
        for second in 0..3 {
            let two = vec![verdicts[first].clone(), verdicts[second].clone()];
            for third in &verdicts {
                do_not_count(&mut offices, case, [two.clone(), vec![third.clone()]].concat(), count(3));
            }
            if first == second {
                let repeated = VerdictRefusal::Repeated { member: members[first].number };
                do_not_count(&mut offices, case, two, repeated);
                continue;
            }
            let applicant = offices.applicant(&format!("applicant {first} {second}"));
            let fresh = at_panel(&mut offices, &applicant, scheme);
            let signed = passes(&mut offices, fresh, [&members[first], &members[second]]);
            hand_in(&mut offices, fresh, None, signed);
            assert_eq!(offices.case(fresh).stage, 2);
        }
    }
    // More than any stage needs.
    for given in [8, 9, 100] {
        do_not_count(&mut offices, case, vec![verdicts[0].clone(); given.into()], count(given));
    }
    assert_eq!((offices.case(case).stage, offices.case(case).accepted), (1, vec![]));
}

#[test]
fn who_is_no_active_member_does_not_count_in_any_place() {
    let (mut offices, cast) = stage();
    let Panel { case, members: [member, former, suspended], .. } = panel(&mut offices);
    let institute = offices.reviewer(Role::WelfareInstitute);
    let good = offices.pass(case, &member, None);
    let others = [&former, &suspended, &institute, &cast.bank, &cast.government, &cast.payer];
    let mut verdicts = passes(&mut offices, case, others);
    let of_the_suspended = verdicts[1].clone();
    // Nobody has this number: a member's own verdict under it.
    verdicts.push(MemberVerdict { member: 9_999, ..offices.pass(case, &former, None) });
    offices.send(&cast.government.actor, cast.registry().revoke(former.number, Role::MedicalPanel));
    offices.suspend(&suspended);
    for theirs in verdicts {
        let refusal = not_in_good_standing(theirs.member);
        do_not_count(&mut offices, case, vec![good.clone(), theirs.clone()], refusal);
        do_not_count(&mut offices, case, vec![theirs, good.clone()], refusal);
    }
    // Back in good standing, what it had signed counts: suspension alone voids no signature.
    offices.send(&cast.regulator.actor, cast.registry().reinstate(suspended.number));
    hand_in(&mut offices, case, None, vec![good, of_the_suspended]);
    assert_eq!(offices.case(case).stage, 2);
}

#[test]
fn an_applicant_is_no_member_of_the_committee_that_decides_its_case_under_no_number() {
    let (mut offices, cast) = stage();
    let Panel { scheme, members: [first, second, _], .. } = panel(&mut offices);
    let applicant = offices.enrol("citizen on the panel", &[Role::Citizen, Role::MedicalPanel]);
    let case = at_panel(&mut offices, &applicant, scheme);
    let verdicts = passes(&mut offices, case, [&first, &applicant]);
    do_not_count(&mut offices, case, verdicts, VerdictRefusal::Case(BenefitRefusal::OwnCase));

    // The same key under a member's number.
    offices.send(&second.actor, cast.registry().rotate_key(applicant.actor.account()));
    let disguised = Person { actor: applicant.actor, number: second.number };
    let verdicts = passes(&mut offices, case, [&first, &disguised]);
    let own = SigningRefusal::OwnMatter { signer: second.number };
    do_not_count(&mut offices, case, verdicts, VerdictRefusal::Signature(own));
}

#[test]
fn one_key_under_two_numbers_counts_once() {
    let (mut offices, cast) = stage();
    let Panel { case, members: [first, second, third], .. } = panel(&mut offices);
    offices.send(&second.actor, cast.registry().rotate_key(first.actor.account()));
    let twin = Person { actor: first.actor.clone(), number: second.number };
    for (one, other) in [(&first, &twin), (&twin, &first)] {
        let verdicts = passes(&mut offices, case, [one, other]);
        do_not_count(&mut offices, case, verdicts, VerdictRefusal::Repeated { member: other.number });
    }
    let verdicts = passes(&mut offices, case, [&twin, &third]);
    hand_in(&mut offices, case, None, verdicts);
    assert_eq!(offices.case(case).stage, 2, "beside another one each counts");
}

#[test]
fn members_who_accepted_from_their_accounts_are_not_asked_again() {
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::welfare(), 1, 3);
    let [first, second, third] = members(&mut offices, Role::MedicalPanel);
    let case = at_panel(&mut offices, &cast.citizen, scheme);
    let verdicts = passes(&mut offices, case, [&first, &second, &third]);
    offices.send(&first.actor, cast.welfare().decide(case, 0, 1, Decision::Accept, None, 0));

    let count = |given| VerdictRefusal::WrongCount { needed: 2, given };
    do_not_count(&mut offices, case, verdicts.clone(), count(3));
    do_not_count(&mut offices, case, verdicts[1..2].to_vec(), count(1));
    let again = VerdictRefusal::Case(BenefitRefusal::AlreadyDecided);
    do_not_count(&mut offices, case, verdicts[..2].to_vec(), again);
    // What the others had signed before counts: it is the same stage and round.
    hand_in(&mut offices, case, None, verdicts[1..].to_vec());
    assert_eq!(offices.case(case).stage, 2);
    let by: Vec<_> = offices.ask(cast.welfare().history(case, 2, 50)).iter().map(|entry| entry.by).collect();
    assert_eq!(by, [&first, &second, &third].map(|member| member.number));
}

#[test]
fn a_verdict_is_used_up_by_its_stage_and_round() {
    let (mut offices, cast) = stage();
    let Panel { case, scheme, members: [first, second, third] } = panel(&mut offices);
    let verdicts = passes(&mut offices, case, [&first, &second]);
    offices.send(&third.actor, cast.welfare().decide(case, 0, 1, Decision::Return, None, 1));
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    do_not_count(&mut offices, case, verdicts, bad_signature(&first));
    let anew = passes(&mut offices, case, [&first, &second]);
    hand_in(&mut offices, case, None, anew.clone());
    do_not_count(&mut offices, case, anew.clone(), VerdictRefusal::WrongCount { needed: 1, given: 2 });
    do_not_count(&mut offices, case, anew[..1].to_vec(), not_in_good_standing(first.number));

    // Nor at the next stage by a member who may decide there too, nor at an appeal.
    offices.send(&cast.government.actor, cast.registry().grant(first.number, Role::WelfareInstitute));
    do_not_count(&mut offices, case, anew[..1].to_vec(), bad_signature(&first));
    let other = offices.applicant("other");
    let case = at_panel(&mut offices, &other, scheme);
    let verdicts = passes(&mut offices, case, [&first, &second]);
    offices.send(&third.actor, cast.welfare().decide(case, 0, 1, Decision::Reject, None, 1));
    offices.send(&other.actor, cast.welfare().appeal(case));
    do_not_count(&mut offices, case, verdicts, bad_signature(&first));
    let contested = passes(&mut offices, case, [&first, &third]);
    do_not_count(&mut offices, case, contested, VerdictRefusal::Case(BenefitRefusal::SameReviewer));
    let anew = passes(&mut offices, case, [&first, &second]);
    hand_in(&mut offices, case, None, anew);
    assert_eq!(offices.case(case).stage, 2);
}

#[test]
fn members_sign_the_amount_that_their_stage_sets() {
    let (mut offices, cast) = stage();
    let wrong_amount = Error::Benefit(BenefitRefusal::WrongAmount);
    let scheme = committee(&mut offices, samples::assistance(), 1, 2);
    let team = members(&mut offices, Role::AccountingTeam);
    let [first, second, _] = &team;
    let case = offices.apply(&cast.citizen, scheme, assistance_form());
    let committee = offices.reviewer(Role::NeighbourhoodCommittee);
    let early = offices.pass(case, &committee, Some(250));
    refused(&mut offices, case, Some(250), vec![early], wrong_amount);
    offices.decide(case, Decision::Accept, None);

    let over = |offices: &mut Offices, amounts: [Option<Balance>; 2]| {
        vec![offices.pass(case, first, amounts[0]), offices.pass(case, second, amounts[1])]
    };
    let right = over(&mut offices, [Some(250); 2]);
    for amount in [None, Some(0), Some(249), Some(251)] {
        refused(&mut offices, case, amount, right.clone(), Error::Verdict(bad_signature(first)));
    }
    for amount in [1 << 64, Balance::MAX] {
        refused(&mut offices, case, Some(amount), right.clone(), Error::Amount(AmountError::TooLarge));
    }
    for amount in [None, Some(0), Some(501)] {
        let signed = over(&mut offices, [amount; 2]);
        refused(&mut offices, case, amount, signed, wrong_amount);
    }
    let different = over(&mut offices, [Some(250), Some(300)]);
    refused(&mut offices, case, Some(250), different, Error::Verdict(bad_signature(second)));

    let done = hand_in(&mut offices, case, Some(250), right);
    let accepted = [first, second].map(|by| {
        let accepted = entry(&offices, by, Deed::Accepted, 0, 1, BenefitStatus::Review);
        moved(case, &Entry { amount: Some(250), ..accepted })
    });
    assert_eq!(own_events(&offices, &done), accepted);
    assert_eq!((offices.case(case).stage, offices.case(case).amount), (2, Amount::new(250)));

    // Beside one who has set it from its account, only the same amount.
    let other = offices.applicant("other");
    let case = offices.apply(&other, scheme, assistance_form());
    offices.decide(case, Decision::Accept, None);
    offices.send(&first.actor, cast.welfare().decide(case, 0, 1, Decision::Accept, Some(250), 0));
    let less = offices.pass(case, second, Some(249));
    refused(&mut offices, case, Some(249), vec![less], wrong_amount);
    let same = offices.pass(case, second, Some(250));
    hand_in(&mut offices, case, Some(250), vec![same]);
    assert_eq!((offices.case(case).stage, offices.case(case).amount), (2, Amount::new(250)));
}

#[test]
fn verdicts_grant_nothing_that_the_applicant_may_not_have_any_more_and_leave_no_half_of_them() {
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::welfare(), 2, 2);
    let [first, second, _] = members(&mut offices, Role::WelfareInstitute);
    let case = at_panel(&mut offices, &cast.citizen, scheme);
    offices.decide(case, Decision::Accept, None);
    let verdicts = passes(&mut offices, case, [&first, &second]);
    offices.send(&cast.regulator.actor, cast.registry().blacklist(cast.citizen.number, 1));
    let refusal = Error::NotInGoodStanding { participant: cast.citizen.number };
    refused(&mut offices, case, None, verdicts.clone(), refusal);
    assert_eq!(offices.case(case).accepted, [0; 0]);
    offices.send(&cast.regulator.actor, cast.registry().clear_blacklist(cast.citizen.number));
    hand_in(&mut offices, case, None, verdicts);
    assert_eq!(offices.status(case), BenefitStatus::Running);
}

#[test]
fn verdicts_accept_only_what_is_in_review() {
    let (mut offices, cast) = stage();
    let all = one_of_each_status(&mut offices, &cast.citizen);
    let agency = offices.reviewer(Role::SocialInsuranceAgency);
    let verdict = offices.pass(all[1].1, &agency, None);
    for (status, case) in all {
        if status != BenefitStatus::Review {
            let refusal = VerdictRefusal::Case(BenefitRefusal::WrongStatus { status });
            do_not_count(&mut offices, case, vec![verdict.clone()], refusal);
        }
    }
    for case in [0, 7, u64::MAX] {
        refused(&mut offices, case, None, vec![verdict.clone()], Error::UnknownCase { case });
    }
}
