//! The table of codes, recounted: every sequence of verdicts of up to five oracles against what the table says of it.

use super::*;

/// What somebody sends as a verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sent {
    /// A proper Pass of the oracle at this place.
    Pass(usize),
    /// Its proper Failed.
    Failed(usize),
    /// Its Pass, of which the time is over.
    Late(usize),
    /// Its Failed, of which the time is over.
    LateFailed(usize),
    /// Its Pass of another event.
    Elsewhere(usize),
    /// Its Failed of another event.
    FailedElsewhere(usize),
    /// A Pass signed by who is no oracle.
    Stranger,
}

impl Sent {
    fn verdict(self, scene: &Scene) -> SignedVerdict {
        let signed = |at, verdict, event: Option<[u8; 32]>, valid_until| {
            let right = scene.statement(at, verdict);
            let event = event.unwrap_or(right.event);
            scene.signed(at, &VerdictStatement { event, valid_until, ..right })
        };
        let elsewhere = Some([0xee; 32]);
        match self {
            Sent::Pass(at) => signed(at, Verdict::Pass, None, LATER),
            Sent::Failed(at) => signed(at, Verdict::Failed, None, LATER),
            Sent::Late(at) => signed(at, Verdict::Pass, None, NOW),
            Sent::LateFailed(at) => signed(at, Verdict::Failed, None, NOW),
            Sent::Elsewhere(at) => signed(at, Verdict::Pass, elsewhere, LATER),
            Sent::FailedElsewhere(at) => signed(at, Verdict::Failed, elsewhere, LATER),
            Sent::Stranger => SignedVerdict {
                signature: scene.sign(99, &scene.statement(0, Verdict::Pass).signed_bytes::<Native>()),
                ..scene.says(0, Verdict::Pass)
            },
        }
    }

    fn is_late(self) -> bool {
        matches!(self, Sent::Late(_) | Sent::LateFailed(_))
    }
}

/// What the table says of these verdicts: the code, whose Failed ended it, and how many signatures had to be checked.
fn table(oracles: usize, sent: &[Sent]) -> (Code, Option<usize>, usize) {
    let mut checks = 0;
    for (at, sent) in (0..oracles).rev().zip(sent.iter().rev()) {
        checks += usize::from(!sent.is_late());
        if *sent == Sent::Failed(at) {
            return (Code::OracleFailed, Some(at), checks);
        }
        if *sent != Sent::Pass(at) {
            return (Code::OracleFailed, None, checks);
        }
    }
    let code = if sent.len() == oracles { Code::Success } else { Code::TypeError };
    (code, None, checks)
}

/// Compares every sequence of up to `oracles + 1` of these verdicts with the table; tells how many there were, and how
/// many of them succeeded.
fn compare_all(oracles: usize, alphabet: &[Sent]) -> (usize, usize) {
    let scene = Scene::new(oracles, false);
    let verdicts: Vec<SignedVerdict> = alphabet.iter().map(|sent| sent.verdict(&scene)).collect();
    let (mut count, mut successes) = (0, 0);
    for length in 0..=oracles as u32 + 1 {
        for number in 0..alphabet.len().pow(length) {
            let places: Vec<usize> =
                (0..length).map(|digit| number / alphabet.len().pow(digit) % alphabet.len()).collect();
            let sent: Vec<Sent> = places.iter().map(|place| alphabet[*place]).collect();
            let given: Vec<SignedVerdict> = places.iter().map(|place| verdicts[*place].clone()).collect();
            let (code, failed, checks) = table(oracles, &sent);
            let operations = if code == Code::Success { scene.operations() } else { vec![] };
            let expected = Outcome { code, failed_by: failed.map(|at| ROLES[at]), operations };
            Fake::checks();
            assert_eq!(scene.unlock(&given), expected, "{sent:?}");
            assert_eq!(Fake::checks(), checks, "{sent:?}");
            count += 1;
            successes += usize::from(code == Code::Success);
        }
    }
    (count, successes)
}

#[test]
fn of_all_subsets_orders_and_duplicates_of_up_to_five_passes_and_a_strangers_exactly_one_succeeds() {
    for (oracles, sequences) in [(1, 7), (2, 40), (3, 341), (4, 3_906), (5, 55_987)] {
        let alphabet: Vec<Sent> = (0..oracles).map(Sent::Pass).chain([Sent::Stranger]).collect();
        assert_eq!(compare_all(oracles, &alphabet), (sequences, 1));
    }
}

#[test]
fn failed_late_and_misdirected_verdicts_in_any_order_end_as_the_table_says() {
    type Kind = fn(usize) -> Sent;
    let kinds: [Kind; 6] =
        [Sent::Pass, Sent::Failed, Sent::Late, Sent::LateFailed, Sent::Elsewhere, Sent::FailedElsewhere];
    for oracles in 1..=2 {
        let alphabet: Vec<Sent> = (0..oracles).flat_map(|at| kinds.map(|kind| kind(at))).collect();
        assert_eq!(compare_all(oracles, &alphabet).1, 1);
    }
    let three: Vec<Sent> = (0..3).flat_map(|at| [Sent::Pass(at), Sent::Failed(at), Sent::Late(at)]).collect();
    assert_eq!(compare_all(3, &three).1, 1);
}

#[test]
fn the_work_grows_by_one_signature_an_oracle() {
    for oracles in 1..=8 {
        let scene = Scene::new(oracles, false);
        let passes = scene.passes();
        Fake::checks();
        assert_eq!(scene.unlock(&passes), scene.success());
        assert_eq!(Fake::checks(), oracles);
    }
}

#[test]
fn a_real_failed_ends_the_revision_only_where_it_is_the_first_that_does_not_fit() {
    let scene = Scene::new(3, false);
    let failed = Sent::Failed(0).verdict(&scene);
    let junk = Sent::Stranger.verdict(&scene);
    let [_, two, three] = scene.passes().try_into().unwrap();
    assert_eq!(scene.unlock(&[failed.clone(), two, three.clone()]), failed_by(Role::Bank));
    assert_eq!(scene.unlock(&[failed, junk, three]), stopped(Code::OracleFailed));
}

#[test]
fn another_event_is_a_mismatch_only_after_all_keys_have_passed() {
    let scene = Scene::new(2, false);
    let passes = scene.passes();
    let unlock = |event: &Event, verdicts: &[SignedVerdict]| {
        scene.run(scene.locked(), unlocking_code(event.clone(), Approval::Sender, verdicts.to_vec()))
    };
    let right = &scene.event;
    let loan = |principal, months| Request::Loan { product: 5, principal, months, facts: [0xfa; 32] };
    for other in [
        Event { flow: 4, ..right.clone() },
        Event { applicant: 8, ..right.clone() },
        Event { grantors: vec![11, 13], ..right.clone() },
        Event { request: loan(30_001, 24), ..right.clone() },
        Event { request: loan(30_000, 25), ..right.clone() },
        Event { request: Request::InterestRefund { loan: 1 }, ..right.clone() },
    ] {
        assert_eq!(unlock(&other, &passes), stopped(Code::EventMismatch));
        assert_eq!(unlock(&other, &passes[..1]), stopped(Code::OracleFailed), "the key that is popped first decides");
        assert_eq!(unlock(&other, &passes[1..]), stopped(Code::TypeError));
    }
}

#[test]
fn an_event_of_another_flow_than_the_keys_is_a_mismatch_though_both_sides_agree() {
    let mut scene = Scene::new(2, false);
    scene.about.flow = 4;
    assert_eq!(scene.unlock(&scene.passes()), stopped(Code::EventMismatch));
}

/// LoC's listing pops until a stack is empty, and says nothing of what is left on the other.
#[test]
fn a_stack_that_runs_dry_first_is_a_type_error_where_the_papers_listing_just_ends() {
    let scene = Scene::new(2, false);
    let (locked, given) = (scene.locked(), scene.unlocking(&scene.passes()));
    assert_eq!(scene.run(locked.clone(), given.clone()), scene.success());
    for kept in 0..given.len() {
        let rest = given[given.len() - kept..].to_vec();
        assert_eq!(scene.run(locked.clone(), rest), stopped(Code::TypeError), "{kept} of the unlocking code");
    }
    for kept in 0..=2 {
        let rest = locked[locked.len() - kept..].to_vec();
        assert_eq!(scene.run(rest, given.clone()), stopped(Code::TypeError), "{kept} of the chaincode");
    }
    assert_eq!(scene.run(vec![], vec![]), stopped(Code::TypeError));
    let surplus = [given.clone(), given[..1].to_vec()].concat();
    assert_eq!(scene.run(locked.clone(), surplus), stopped(Code::TypeError), "an event where a verdict is due");
    let surplus = [given[..1].to_vec(), given].concat();
    let without_operations = locked[locked.len() - 3..].to_vec();
    assert_eq!(scene.run(locked, surplus.clone()), stopped(Code::TypeError), "an operation meets something");
    assert_eq!(scene.run(without_operations, surplus), stopped(Code::TypeError), "something is left over");
}

/// LoC's listing, line 14, tests the type of one of the two items twice.
#[test]
fn both_items_must_be_events_where_line_14_of_the_papers_listing_tests_one_of_them_twice() {
    let scene = Scene::new(1, false);
    let (event, pass) = (scene.unlocking(&[])[0].clone(), Given::Verdict(scene.says(0, Verdict::Pass)));
    let verdict_for_event = vec![pass.clone(), pass];
    assert_eq!(scene.run(scene.locked(), verdict_for_event), stopped(Code::TypeError));
    let event_for_verdict = vec![event.clone(), event];
    assert_eq!(scene.run(scene.locked(), event_for_verdict), stopped(Code::TypeError));
}

#[test]
fn a_chaincode_without_keys_or_without_its_event_unlocks_nothing() {
    let scene = Scene::new(2, false);
    let operations = || scene.operations().into_iter().map(Locked::Operation).collect::<Vec<_>>();
    let without_keys = chaincode(scene.operations(), scene.event.clone(), Approval::Sender, vec![]);
    assert_eq!(scene.run(without_keys, scene.unlocking(&[])), stopped(Code::TypeError));
    let keys = scene.keys.iter().cloned().map(Locked::Key);
    let verdicts = scene.passes().into_iter().map(Given::Verdict).collect();
    let without_event = operations().into_iter().chain(keys).collect();
    assert_eq!(scene.run(without_event, verdicts), stopped(Code::TypeError));
    assert_eq!(scene.run(operations(), vec![]), stopped(Code::TypeError));
}
