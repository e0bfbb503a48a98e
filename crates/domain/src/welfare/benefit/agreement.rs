//! A case does what its model does, whatever is done with it and whenever; and what must never happen is in no list.

use super::{
    model::{months_after, Deed, Model},
    *,
};
use crate::{
    time::DAY,
    welfare::{samples, Judgement, Outcome, Reason},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::BTreeSet;

const APPLICANT: ParticipantId = 20;

#[derive(Clone, Debug)]
enum Step {
    Days(u64),
    /// To the next due date, the end of the certificate or that of appeals; a millisecond earlier or later if the second
    /// number is 0 or 2.
    ToEdge(usize, u64),
    Decide(ParticipantId, Decision, Given),
    Supplement(Form, Outcome),
    Appeal,
    Withdraw,
    Close,
    Suspend,
    Resume,
    Terminate,
    Recertify(Form, Outcome),
    /// The next period is 1, the one before 0. Collects, if that is the scheme's way, or else pays; or the other way round.
    Pay(u16, bool),
}

/// The amount with a decision.
#[derive(Clone, Debug)]
enum Given {
    /// One where one belongs, the same that was given before.
    Right,
    This(Option<Amount>),
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![7 => Just(Outcome::Pass), 2 => Just(Outcome::Return), 1 => Just(Outcome::Reject)]
}

prop_compose! {
    fn forms()(
        income in prop_oneof![8 => (150..300u128).prop_map(Some), 1 => (0..2_000u128).prop_map(Some), 1 => Just(None)],
        household in 0..5u16,
        ratio in prop_oneof![8 => 400..2_001u16, 1 => any::<u16>()],
        employer in prop::option::of(Just(30)),
    ) -> Form {
        Form { household, ratio, income, employer, ..samples::form(0, &[]) }
    }
}

fn steps() -> impl Strategy<Value = Step> {
    use Decision::{Accept, Reject, Return};
    let decision = prop_oneof![12 => Just(Accept), 1 => Just(Return), 1 => Just(Reject)];
    let amount = prop_oneof![Just(0u64), Just(1), Just(500), Just(501)].prop_map(Amount::new);
    let given = prop_oneof![8 => Just(Given::Right), 1 => prop::option::of(amount).prop_map(Given::This)];
    prop_oneof![
        2 => (0..70u64).prop_map(Step::Days),
        9 => (0..3usize, 0..3u64).prop_map(|(edge, offset)| Step::ToEdge(edge, offset)),
        30 => (APPLICANT..APPLICANT + 7, decision, given).prop_map(|(by, what, given)| Step::Decide(by, what, given)),
        5 => (forms(), outcomes()).prop_map(|(form, outcome)| Step::Supplement(form, outcome)),
        3 => Just(Step::Appeal),
        1 => Just(Step::Close),
        3 => (forms(), outcomes()).prop_map(|(form, outcome)| Step::Recertify(form, outcome)),
        2 => Just(Step::Resume),
        15 => (prop_oneof![1 => Just(0), 8 => Just(1), 1 => Just(2)], prop::bool::weighted(0.05))
            .prop_map(|(period, wrong_way)| Step::Pay(period, wrong_way)),
        1 => prop_oneof![2 => Just(Step::Suspend), 1 => Just(Step::Withdraw), 1 => Just(Step::Terminate)],
    ]
}

/// One of the sample schemes, with other committees, periods and times.
fn schemes() -> impl Strategy<Value = Scheme> {
    let numbers = (1..4u16, 0..4u16, 0..4u16, prop_oneof![Just(0), Just(1), Just(30)]);
    let needed = prop::collection::vec(1..4u8, 4);
    (prop::sample::select(samples::schemes()), numbers, needed, 0..=10_000u16).prop_map(
        |(mut scheme, (period_months, most_payments, recertify_months, appeal_days), needed, employer_share)| {
            scheme.stages.iter_mut().zip(needed).for_each(|(stage, needed)| stage.needed = needed);
            let times = Scheme { period_months, most_payments, recertify_months, appeal_days, ..scheme };
            Scheme { employer_share, ..times }.checked().unwrap()
        },
    )
}

fn judged(outcome: Outcome) -> Judgement {
    let failed: &[Reason] = if outcome == Outcome::Pass { &[] } else { &[Reason::DocumentMissing] };
    Judgement { reasons: Reasons::of(failed), missing: u32::from(!failed.is_empty()), outcome }
}

/// The case itself and its model, which must agree.
struct Both {
    case: BenefitCase,
    model: Model,
    /// What happened, by whom, in which stage and round, as the case itself had it.
    decided: Vec<(ParticipantId, u8, u32)>,
    refusals: BTreeSet<String>,
}

impl Both {
    fn open(scheme: Scheme, form: Form, outcome: Outcome, now: Millis) -> Self {
        let case = BenefitCase::opened(7, form.clone(), &judged(outcome), APPLICANT, 3, now);
        let list = vec![(now, Deed::Opened(form, outcome))];
        let model = Model { scheme, applicant: APPLICANT, now, list };
        Self { case, model, decided: Vec::new(), refusals: BTreeSet::new() }
    }

    fn step(&mut self, step: Step) {
        use BenefitStatus::{Returned, Review, Running, Suspended};
        let (case, model) = (self.case.clone(), &self.model);
        let (scheme, now) = (model.scheme.clone(), model.now);
        let (expected, done) = match step {
            Step::Days(days) => return self.model.now += days * DAY,
            Step::ToEdge(edge, offset) => {
                let (_, until) = model.terms();
                let edges = [model.next_due(), Some(until), model.end_of_appeals()];
                let moment = edges[edge].unwrap_or(0).saturating_sub(1) + offset;
                return self.model.now = now.max(moment);
            }
            Step::Decide(by, decision, given) => {
                let amount = match given {
                    Given::This(amount) => amount,
                    Given::Right => {
                        let hearing = model.hearing();
                        let sets = scheme.stages[hearing.stage].action == Action::SetAmount;
                        (sets && decision == Decision::Accept).then(|| hearing.set.unwrap_or(Amount::new(250)))
                    }
                };
                let before = (by, case.stage, case.round);
                let done = case.decide(&scheme, by, decision, amount, now);
                if done.is_ok() {
                    self.decided.push(before);
                }
                (model.decide(by, decision, amount), done)
            }
            Step::Supplement(form, outcome) => {
                (model.supplement(form.clone(), outcome), case.supplement(&scheme, form, &judged(outcome), now))
            }
            Step::Appeal => (model.appeal(), case.appeal(&scheme, now)),
            Step::Close => (model.close(), case.close(&scheme, now)),
            Step::Withdraw => (model.plain(&[Returned, Review], Deed::Withdrawn), case.withdraw_application()),
            Step::Suspend => (model.plain(&[Running], Deed::Suspended), case.suspend()),
            Step::Resume => (model.plain(&[Suspended], Deed::Resumed), case.resume()),
            Step::Terminate => (model.plain(&[Running, Suspended], Deed::Terminated), case.terminate()),
            Step::Recertify(form, outcome) => {
                (model.recertify(form.clone(), outcome), case.recertify(&scheme, form, &judged(outcome), now))
            }
            Step::Pay(offset, wrong_way) => {
                let period = case.paid + offset;
                let collects = (scheme.benefit == Benefit::Nothing) != wrong_way;
                let expected = model.pay(period, collects);
                let done = if collects {
                    case.collect(&scheme, period, now)
                        .map(|(case, own, employers)| (case, Deed::Collected(own, employers)))
                } else {
                    case.pay(&scheme, period, now).map(|(case, amount)| (case, Deed::Paid(amount)))
                };
                if let (Ok(expected), Ok((_, paid))) = (&expected, &done) {
                    assert_eq!(format!("{expected:?}"), format!("{paid:?}"));
                }
                (expected, done.map(|(case, _)| case))
            }
        };
        match (expected, done) {
            (Ok(deed), Ok(case)) => {
                self.model.list.push((now, deed));
                self.case = case;
            }
            (Err(expected), Err(refused)) => {
                assert_eq!(refused, expected);
                let name = format!("{refused:?}");
                self.refusals.insert(name.split([' ', '(']).next().unwrap().to_string());
            }
            (expected, done) => panic!("expected {expected:?}, got {done:?}"),
        }
        self.must_agree();
    }

    fn must_agree(&self) {
        let (case, model) = (&self.case, &self.model);
        let hearing = model.hearing();
        assert_eq!(case.status, model.status());
        assert_eq!(case.round as usize, model.round());
        assert_eq!((usize::from(case.stage), &case.accepted), (hearing.stage, &hearing.accepted));
        assert_eq!((case.amount.balance(), case.certified_until), model.terms());
        assert_eq!((case.decided_by, case.decided_at), model.rejection().unwrap_or((0, 0)));
        assert_eq!((case.appealed, case.approved_at), (model.appealed(), hearing.granted));
        assert_eq!((usize::from(case.paid), case.sum.balance()), (model.paid(), model.sum()));
        assert_eq!(case.next_due(&model.scheme), model.next_due());
        assert_eq!((case.applicant, case.scheme, case.previous), (APPLICANT, 7, 3));
    }

    /// What must hold of any list, whatever the model thinks.
    fn must_be_fair(&self) {
        let distinct: BTreeSet<_> = self.decided.iter().collect();
        assert_eq!(distinct.len(), self.decided.len(), "nobody decides twice in a stage and round");
        assert!(self.decided.iter().all(|(by, ..)| *by != APPLICANT), "nobody decides their own case");

        let list = &self.model.list;
        let by = |deed: &Deed| match deed {
            Deed::Accepted(by, _) | Deed::Returned(by) | Deed::Rejected(by) => Some(*by),
            _ => None,
        };
        if let Some(appeal) = list.iter().position(|(_, deed)| matches!(deed, Deed::Appealed)) {
            let (before, after) = list.split_at(appeal);
            let contested = before.last().and_then(|(_, deed)| by(deed));
            let heard_by: Vec<_> = after.iter().filter_map(|(_, deed)| by(deed)).collect();
            assert!(contested.is_none_or(|contested| !heard_by.contains(&contested)), "another one hears an appeal");
        }

        let grant = list.iter().rposition(|(_, deed)| matches!(deed, Deed::Accepted(..)));
        let paid = list.iter().enumerate().filter(|(_, (_, deed))| matches!(deed, Deed::Paid(_) | Deed::Collected(..)));
        for (number, (place, (at, _))) in paid.enumerate() {
            let granted = grant.expect("nothing is paid before it is granted");
            let months = number as u32 * u32::from(self.model.scheme.period_months);
            assert!(place > granted && *at >= months_after(list[granted].0, months), "never before its day");
        }
        let most = usize::from(self.model.scheme.most_payments);
        assert!(most == 0 || self.model.paid() <= most);

        let paid = list.iter().filter_map(|(_, deed)| match deed {
            Deed::Paid(amount) => Some(amount.balance()),
            _ => None,
        });
        let paid: Vec<_> = paid.collect();
        assert!(paid.windows(2).all(|two| two[1] <= two[0]), "nobody raises its own benefit: {paid:?}");
        let collected = list.iter().filter_map(|(_, deed)| match deed {
            Deed::Collected(own, employers) => Some(own.balance() + employers.balance()),
            _ => None,
        });
        let collected: Vec<_> = collected.collect();
        assert!(collected.windows(2).all(|two| two[1] >= two[0]), "nor lowers its own premium: {collected:?}");

        let is_final = |deed: &Deed| matches!(deed, Deed::Withdrawn | Deed::Closed | Deed::Terminated);
        let ended = list.iter().position(|(_, deed)| is_final(deed));
        assert!(ended.is_none_or(|at| at + 1 == list.len()), "nothing happens after the end");
    }
}

/// From 2026 on, at any time of day, often late in a month.
fn starts() -> impl Strategy<Value = Millis> {
    let month_end = samples::TODAY + 16 * DAY;
    prop_oneof![Just(month_end), samples::TODAY..samples::TODAY + 365 * DAY]
}

fn lives() -> impl Strategy<Value = (Scheme, Form, Outcome, Millis, Vec<Step>)> {
    (schemes(), forms(), outcomes(), starts(), prop::collection::vec(steps(), 0..150))
}

fn live((scheme, form, outcome, start, steps): (Scheme, Form, Outcome, Millis, Vec<Step>)) -> Both {
    let mut both = Both::open(scheme, form, outcome, start);
    both.must_agree();
    steps.into_iter().for_each(|step| both.step(step));
    both.must_be_fair();
    both
}

proptest! {
    #[test]
    fn a_case_does_what_its_model_does(life in lives()) {
        live(life);
    }
}

/// What the lists of the property do not reach, they do not test.
#[test]
fn the_lives_of_cases_meet_every_status_and_every_refusal() {
    let mut runner = TestRunner::deterministic();
    let (mut met, mut refused, mut most_paid) = (BTreeSet::new(), BTreeSet::new(), 0);
    for _ in 0..400 {
        let both = live(lives().new_tree(&mut runner).unwrap().current());
        met.insert(format!("{:?}", both.case.status));
        most_paid = most_paid.max(both.case.paid);
        refused.extend(both.refusals);
    }
    assert_eq!(met.len(), 6, "{met:?}");
    let all = [
        "AlreadyAppealed",
        "AlreadyDecided",
        "Amount",
        "NoAmount",
        "NothingToCollect",
        "NothingToPay",
        "OwnCase",
        "SameReviewer",
        "TooEarly",
        "TooLate",
        "Uncertified",
        "WrongAmount",
        "WrongPeriod",
        "WrongStatus",
    ];
    assert_eq!(refused.iter().map(String::as_str).collect::<Vec<_>>(), all);
    assert!(most_paid > 4, "{most_paid}");
}
