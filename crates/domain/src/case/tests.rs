use super::*;
use crate::{
    flow::{EventKind, Request},
    roles::{Role, Roles},
    time::DAY,
};
use proptest::prelude::*;

const NOW: Millis = 1_000;
const END: Millis = NOW + DAY;

fn flow() -> Flow {
    let applicants = Roles::of(&[Role::Citizen]).unwrap();
    let oracles = vec![Role::Bank, Role::CivilAffairs, Role::FinancialDepartment];
    Flow { kind: EventKind::LoanApplication, applicants, oracles, validity: DAY }
}

fn event(principal: u128) -> Event {
    let request = Request::Loan { product: 5, principal, months: 24, facts: [0xfa; 32] };
    Event { flow: 3, applicant: 7, grantors: vec![21, 22, 23], request }
}

fn open() -> Case {
    Case::locked(event(30_000), 4, NOW, DAY)
}

fn with(status: CaseStatus) -> Case {
    Case { status, ..open() }
}

fn pass(case: Case, signer: ParticipantId) -> Result<(Case, bool), CaseRefusal> {
    case.submit(&flow(), signer, 0, Verdict::Pass, NOW)
}

const ALL: [CaseStatus; 4] = [CaseStatus::Open, CaseStatus::Failed, CaseStatus::Executed, CaseStatus::Expired];

#[test]
fn a_new_case_is_open_for_its_flows_time_and_at_revision_0() {
    let expected =
        Case { event: event(30_000), revision: 0, passed: 0, status: CaseStatus::Open, expires: END, previous: 4 };
    assert_eq!(open(), expected);
    assert_eq!(Case::locked(event(1), 0, Millis::MAX, DAY).expires, Millis::MAX);
}

#[test]
fn a_case_is_open_one_millisecond_before_its_end_and_runs_out_at_it() {
    for now in [NOW, END - 1] {
        assert_eq!(open().must_be_open(now), Ok(()));
        assert_eq!(open().expire(now), Err(CaseRefusal::TooEarly { expires: END }));
        assert_eq!(with(CaseStatus::Failed).expire(now), Err(CaseRefusal::TooEarly { expires: END }));
    }
    for now in [END, END + 1] {
        let late = Err(CaseRefusal::TooLate { expires: END });
        assert_eq!(open().must_be_open(now), late);
        assert_eq!(open().submit(&flow(), 21, 0, Verdict::Pass, now).map(|_| ()), late);
        assert_eq!(with(CaseStatus::Failed).revise(event(1), now, DAY).map(|_| ()), late);
        assert_eq!(open().expire(now), Ok(with(CaseStatus::Expired)));
        assert_eq!(with(CaseStatus::Failed).expire(now), Ok(with(CaseStatus::Expired)));
    }
}

#[test]
fn every_step_from_every_status_is_taken_or_refused_as_drawn() {
    use CaseStatus::{Executed, Expired, Failed, Open};
    for status in ALL {
        let not_open = CaseRefusal::NotOpen { status };
        let if_open = |to: CaseStatus| if status == Open { Ok(to) } else { Err(not_open) };
        let now_is = |step: Result<Case, CaseRefusal>| step.map(|case| case.status);
        assert_eq!(now_is(with(status).failed()), if_open(Failed));
        assert_eq!(now_is(with(status).executed()), if_open(Executed));
        assert_eq!(with(status).must_be_open(NOW), if_open(Open).map(|_| ()));
        for (verdict, to) in [(Verdict::Pass, Open), (Verdict::Failed, Failed)] {
            let submitted = with(status).submit(&flow(), 21, 0, verdict, NOW);
            assert_eq!(now_is(submitted.map(|(case, _)| case)), if_open(to));
        }
        let revised = if status == Failed { Ok(Open) } else { Err(CaseRefusal::NotFailed { status }) };
        assert_eq!(now_is(with(status).revise(event(1), NOW, DAY)), revised);
        let goes_on = matches!(status, Open | Failed);
        assert_eq!(now_is(with(status).expire(END)), if goes_on { Ok(Expired) } else { Err(not_open) });
    }
}

#[test]
fn oracles_submit_in_the_flows_order_and_the_last_pass_completes_the_case() {
    let (one, all) = pass(open(), 21).unwrap();
    assert_eq!((one.passed, all), (1, false));
    let (two, all) = pass(one, 22).unwrap();
    assert_eq!((two.passed, all), (2, false));
    let (three, all) = pass(two, 23).unwrap();
    assert_eq!((three.passed, three.status, all), (3, CaseStatus::Open, true));
    assert_eq!(pass(three, 23), Err(CaseRefusal::NotYourTurn { next: 0 }), "nobody's verdict is missing");
}

#[test]
fn nobody_but_the_next_oracle_passes() {
    for passed in 0..3u8 {
        let next = 21 + u64::from(passed);
        for signer in [0, 7, 20, 21, 22, 23, 24] {
            let submitted = pass(Case { passed, ..open() }, signer).map(|(case, _)| case.passed);
            let refusal = CaseRefusal::NotYourTurn { next };
            assert_eq!(submitted, if signer == next { Ok(passed + 1) } else { Err(refusal) });
        }
    }
    let unnamed = Case { event: Event { grantors: vec![0, 22, 23], ..event(1) }, ..open() };
    assert_eq!(pass(unnamed, 0), Err(CaseRefusal::NotYourTurn { next: 0 }), "0 is nobody");
}

#[test]
fn whose_turn_it_is_and_who_has_passed_may_fail_it_and_nobody_later() {
    for passed in 0..=3u8 {
        let next = if passed < 3 { 21 + u64::from(passed) } else { 0 };
        for signer in [0, 7, 20, 21, 22, 23, 24] {
            let case = Case { passed, ..open() };
            let submitted = case.submit(&flow(), signer, 0, Verdict::Failed, NOW);
            let may = (21..=21 + u64::from(passed.min(2))).contains(&signer);
            let refusal = CaseRefusal::NotYourTurn { next };
            let expected = if may { Ok((CaseStatus::Failed, false)) } else { Err(refusal) };
            assert_eq!(submitted.map(|(case, all)| (case.status, all)), expected, "{signer} after {passed}");
        }
    }
    let unnamed = Case { event: Event { grantors: vec![0, 22, 23], ..event(1) }, ..open() };
    let nobody = unnamed.submit(&flow(), 0, 0, Verdict::Failed, NOW);
    assert_eq!(nobody, Err(CaseRefusal::NotYourTurn { next: 0 }), "0 is nobody");
}

#[test]
fn a_failed_verdict_ends_the_revision_whoever_has_passed_before() {
    let (one, _) = pass(open(), 21).unwrap();
    let (failed, all) = one.submit(&flow(), 22, 0, Verdict::Failed, NOW).unwrap();
    assert_eq!((failed.status, all), (CaseStatus::Failed, false));
    assert_eq!(pass(failed, 23), Err(CaseRefusal::NotOpen { status: CaseStatus::Failed }));
}

#[test]
fn a_verdict_is_about_one_revision() {
    let case = Case { revision: 2, ..open() };
    for (revision, fits) in [(0, false), (1, false), (2, true), (3, false)] {
        let submitted = case.clone().submit(&flow(), 21, revision, Verdict::Pass, NOW).map(|_| ());
        assert_eq!(submitted, if fits { Ok(()) } else { Err(CaseRefusal::WrongRevision { revision: 2 }) });
    }
}

#[test]
fn a_case_does_not_go_through_another_flow() {
    for other in [
        Flow { kind: EventKind::InterestRefund, ..flow() },
        Flow { oracles: vec![Role::Bank], ..flow() },
        Flow { oracles: vec![], ..flow() },
    ] {
        let submitted = open().submit(&other, 21, 0, Verdict::Pass, NOW);
        assert_eq!(submitted, Err(CaseRefusal::AnotherMatter));
    }
}

#[test]
fn a_revision_begins_anew_with_the_changed_event() {
    let failed = Case { passed: 2, ..with(CaseStatus::Failed) };
    let revised = failed.revise(event(20_000), END - 1, DAY).unwrap();
    let expected = Case { event: event(20_000), revision: 1, expires: END - 1 + DAY, ..open() };
    assert_eq!(revised, expected);
}

#[test]
fn a_revision_stays_with_its_flow_and_applicant() {
    for other in [Event { flow: 4, ..event(1) }, Event { applicant: 8, ..event(1) }] {
        let refused = with(CaseStatus::Failed).revise(other, NOW, DAY);
        assert_eq!(refused, Err(CaseRefusal::AnotherMatter));
    }
    let other_bank = Event { grantors: vec![31, 22, 23], ..event(1) };
    assert_eq!(with(CaseStatus::Failed).revise(other_bank.clone(), NOW, DAY).map(|case| case.event), Ok(other_bank));
}

#[test]
fn there_is_no_revision_after_the_last_number() {
    let last = Case { revision: u32::MAX, ..with(CaseStatus::Failed) };
    assert_eq!(last.revise(event(1), NOW, DAY), Err(CaseRefusal::WrongRevision { revision: u32::MAX }));
}

/// Anything that somebody may try.
#[derive(Clone, Debug)]
enum Step {
    /// `None` stands for the oracle whose turn it is, and for the revision that the case is at.
    Submit {
        signer: Option<ParticipantId>,
        revision: Option<u32>,
        pass: bool,
    },
    Unlock {
        succeeds: bool,
    },
    Revise,
    Expire,
}

fn steps() -> impl Strategy<Value = Vec<(Step, Millis)>> {
    let step = prop_oneof![
        6 => (prop::option::weighted(0.2, 20u64..25), prop::option::weighted(0.1, 0u32..3), prop::bool::weighted(0.8))
            .prop_map(|(signer, revision, pass)| Step::Submit { signer, revision, pass }),
        1 => any::<bool>().prop_map(|succeeds| Step::Unlock { succeeds }),
        2 => Just(Step::Revise),
        1 => Just(Step::Expire),
    ];
    prop::collection::vec((step, 0..DAY / 8), 0..60)
}

proptest! {
    #[test]
    fn a_case_executes_at_most_once_and_what_has_ended_stays(steps in steps()) {
        let (mut case, mut now, mut executions) = (open(), NOW, 0);
        // The oracles that passed this revision, kept apart from the case.
        let mut passes: Vec<ParticipantId> = vec![];
        for (step, waited) in steps {
            now += waited;
            let before = case.clone();
            let verdict = |pass| if pass { Verdict::Pass } else { Verdict::Failed };
            let done = match step {
                Step::Submit { signer, revision, pass } => {
                    let next = case.event.grantors.get(usize::from(case.passed)).copied();
                    let (signer, revision) = (signer.or(next).unwrap_or(0), revision.unwrap_or(case.revision));
                    case.submit(&flow(), signer, revision, verdict(pass), now).and_then(|(case, all)| {
                        if pass {
                            passes.push(signer);
                        }
                        if all { case.executed() } else { Ok(case) }
                    })
                }
                Step::Unlock { succeeds } => case
                    .must_be_open(now)
                    .and_then(|()| if succeeds { case.clone().executed() } else { case.failed() }),
                Step::Revise => case.revise(event(now.into()), now, DAY).inspect(|_| passes.clear()),
                Step::Expire => case.expire(now),
            };
            case = done.unwrap_or_else(|_| before.clone());
            let ended = matches!(before.status, CaseStatus::Executed | CaseStatus::Expired);
            prop_assert!(!ended || case == before, "{before:?} became {case:?}");
            if case.status == CaseStatus::Executed && before.status != CaseStatus::Executed {
                executions += 1;
                prop_assert!(before.status == CaseStatus::Open && now < before.expires);
            }
            prop_assert!(executions <= 1);
            prop_assert_eq!(&passes[..], &[21, 22, 23][..usize::from(case.passed)]);
            prop_assert!(case.revision >= before.revision && case.expires >= before.expires);
            prop_assert_eq!(case.revision > before.revision, case.expires > before.expires || case.event != before.event);
        }
    }
}
