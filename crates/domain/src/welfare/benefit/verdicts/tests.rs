//! Which signed verdicts accept a stage, and every single way in which they do not (X1, X2).

use super::*;
use crate::{
    crypto::Native,
    ids::PublicKey,
    participant::Status,
    roles::{Role, Roles},
    welfare::{
        samples::{self, SCHOOL},
        Judgement, Outcome,
    },
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};

const NOW: Millis = 1_000;
const LATER: Millis = 2_000;
const APPLICANT: ParticipantId = 11;

fn pair(seed: u8) -> Keypair {
    MiniSecretKey::from_bytes(&[seed; 32]).unwrap().expand_to_keypair(ExpansionMode::Ed25519)
}

fn key(seed: u8) -> PublicKey {
    pair(seed).public.to_bytes()
}

fn member(number: u8) -> Credentials {
    Credentials {
        number: number.into(),
        key: key(number),
        epoch: 4,
        roles: Roles::of(&[SCHOOL]).unwrap(),
        ..samples::citizen()
    }
}

/// School meals at their second stage, where two schools must accept; members are 50, 51, ..
struct Scene {
    case: BenefitCase,
    scheme: Scheme,
    applicant: Credentials,
    amount: Option<Amount>,
    now: Millis,
}

impl Scene {
    fn new() -> Self {
        let passed = Judgement { reasons: Reasons::NONE, missing: 0, outcome: Outcome::Pass };
        let scheme = samples::school_meals();
        let case = BenefitCase::opened(7, samples::form(200, &[5]), &passed, APPLICANT, 0, NOW);
        let case = BenefitCase { round: 2, ..case.decide(&scheme, 40, Decision::Accept, None, NOW).unwrap() };
        let applicant = Credentials { key: key(APPLICANT as u8), ..samples::citizen() };
        Self { case, scheme, applicant, amount: None, now: NOW }
    }

    fn hearing(&self) -> Hearing {
        Hearing {
            domain: [0xdd; 32],
            number: 33,
            case: &self.case,
            scheme: &self.scheme,
            applicant: Some(&self.applicant),
            amount: self.amount,
            now: self.now,
        }
    }

    fn statement(&self, number: u8, verdict: Verdict) -> VerdictStatement {
        VerdictStatement {
            domain: [0xdd; 32],
            case: 33,
            revision: self.case.round,
            event: self.case.event_hash::<Native>(self.amount),
            role: 32,
            epoch: 4,
            key: key(number),
            verdict,
            valid_until: LATER,
        }
    }

    fn says(&self, number: u8, verdict: Verdict) -> MemberVerdict {
        sent(number, &self.statement(number, verdict))
    }

    fn passes(&self, numbers: &[u8]) -> (Vec<MemberVerdict>, Vec<Option<Credentials>>) {
        let verdicts = numbers.iter().map(|number| self.says(*number, Verdict::Pass)).collect();
        (verdicts, numbers.iter().map(|number| Some(member(*number))).collect())
    }

    fn given(&self, verdicts: &[MemberVerdict], known: &[Option<Credentials>]) -> Result<(), VerdictRefusal> {
        must_suffice::<Native>(&self.hearing(), verdicts, known)
    }

    fn given_by(&self, numbers: &[u8]) -> Result<(), VerdictRefusal> {
        let (verdicts, known) = self.passes(numbers);
        self.given(&verdicts, &known)
    }
}

/// Signed with the key of member `number`.
fn sent(number: u8, statement: &VerdictStatement) -> MemberVerdict {
    let signature = pair(number).sign_simple(b"substrate", &statement.signed_bytes::<Native>()).to_bytes();
    let verdict = SignedVerdict { verdict: statement.verdict, valid_until: statement.valid_until, signature };
    MemberVerdict { member: number.into(), verdict }
}

fn bad(signer: ParticipantId) -> Result<(), VerdictRefusal> {
    Err(VerdictRefusal::Signature(SigningRefusal::BadSignature { signer }))
}

fn not_in_good_standing(signer: ParticipantId) -> Result<(), VerdictRefusal> {
    Err(VerdictRefusal::Signature(SigningRefusal::NotInGoodStanding { signer }))
}

#[test]
fn exactly_as_many_members_as_are_missing_accept_a_stage_in_any_order_and_then_all_may_decide() {
    let scene = Scene::new();
    assert_eq!(scene.given_by(&[50, 51]), Ok(()));
    assert_eq!(scene.given_by(&[52, 50]), Ok(()));
    for numbers in [&[][..], &[50], &[50, 51, 52]] {
        let given = numbers.len() as u8;
        assert_eq!(scene.given_by(numbers), Err(VerdictRefusal::WrongCount { needed: 2, given }));
    }
    let case = [50, 51]
        .into_iter()
        .fold(scene.case.clone(), |case, by| case.decide(&scene.scheme, by, Decision::Accept, None, NOW).unwrap());
    assert_eq!(case.status, BenefitStatus::Running);
}

#[test]
fn verdicts_and_what_is_known_of_their_signers_must_be_as_many() {
    let scene = Scene::new();
    let (verdicts, mut known) = scene.passes(&[50, 51]);
    assert_eq!(scene.given(&verdicts, &known[..1]), Err(VerdictRefusal::WrongCount { needed: 2, given: 1 }));
    known.extend(vec![None; 300]);
    assert_eq!(scene.given(&verdicts, &known), Err(VerdictRefusal::WrongCount { needed: 2, given: 255 }));
}

#[test]
fn who_accepted_from_its_own_account_is_not_missing_any_more_and_does_not_count_twice() {
    let mut scene = Scene::new();
    scene.case = scene.case.decide(&scene.scheme, 50, Decision::Accept, None, NOW).unwrap();
    assert_eq!(scene.given_by(&[51]), Ok(()));
    assert_eq!(scene.given_by(&[50]), Err(VerdictRefusal::Case(BenefitRefusal::AlreadyDecided)));
    assert_eq!(scene.given_by(&[51, 52]), Err(VerdictRefusal::WrongCount { needed: 1, given: 2 }));
}

/// X2.
#[test]
fn no_member_and_no_key_counts_twice() {
    let scene = Scene::new();
    assert_eq!(scene.given_by(&[50, 50]), Err(VerdictRefusal::Repeated { member: 50 }));
    // One member with two keys, whatever the registry says.
    let verdicts = [scene.says(50, Verdict::Pass), MemberVerdict { member: 50, ..scene.says(51, Verdict::Pass) }];
    let known = [Some(member(50)), Some(Credentials { number: 50, ..member(51) })];
    assert_eq!(scene.given(&verdicts, &known), Err(VerdictRefusal::Repeated { member: 50 }));
    // Two members with one key.
    let statement = scene.statement(50, Verdict::Pass);
    let second = MemberVerdict { member: 51, ..sent(50, &statement) };
    let (first, known) =
        (scene.says(50, Verdict::Pass), [Some(member(50)), Some(Credentials { number: 51, ..member(50) })]);
    assert_eq!(scene.given(&[first, second], &known), Err(VerdictRefusal::Repeated { member: 51 }));
}

/// X2.
#[test]
fn the_applicant_does_not_count_by_number_or_by_key() {
    let mut scene = Scene::new();
    let own = VerdictRefusal::Case(BenefitRefusal::OwnCase);
    assert_eq!(scene.given_by(&[50, APPLICANT as u8]), Err(own));
    scene.applicant.key = key(51);
    let refused = VerdictRefusal::Signature(SigningRefusal::OwnMatter { signer: 51 });
    assert_eq!(scene.given_by(&[50, 51]), Err(refused));
}

#[test]
fn whose_decision_an_appeal_is_against_does_not_count() {
    let mut scene = Scene::new();
    scene.case = BenefitCase { appealed: true, decided_by: 51, ..scene.case };
    assert_eq!(scene.given_by(&[50, 51]), Err(VerdictRefusal::Case(BenefitRefusal::SameReviewer)));
    assert_eq!(scene.given_by(&[50, 52]), Ok(()));
}

/// X2.
#[test]
fn who_is_unknown_suspended_without_the_role_or_somebody_else_does_not_count() {
    let scene = Scene::new();
    let (verdicts, _) = scene.passes(&[50, 51]);
    let suspended = Credentials { status: Status::Suspended, ..member(51) };
    let without = Credentials { roles: Roles::of(&[Role::Citizen, Role::Custom(1)]).unwrap(), ..member(51) };
    let other = Credentials { number: 52, ..member(51) };
    for known in [None, Some(suspended), Some(without), Some(other)] {
        assert_eq!(scene.given(&verdicts, &[Some(member(50)), known]), not_in_good_standing(51));
    }
}

/// X1.
#[test]
fn a_verdict_about_anything_else_does_not_count() {
    let mut scene = Scene::new();
    scene.amount = Some(Amount::new(60));
    let right = || scene.statement(51, Verdict::Pass);
    let event = |change: &dyn Fn(&mut BenefitCase)| {
        let mut case = scene.case.clone();
        change(&mut case);
        case.event_hash::<Native>(scene.amount)
    };
    let wrong = [
        VerdictStatement { domain: [0xde; 32], ..right() },
        VerdictStatement { case: 34, ..right() },
        VerdictStatement { revision: 1, ..right() },
        VerdictStatement { revision: 3, ..right() },
        VerdictStatement { event: event(&|case| case.scheme = 8), ..right() },
        VerdictStatement { event: event(&|case| case.stage = 0), ..right() },
        VerdictStatement { event: event(&|case| case.form.income = Some(201)), ..right() },
        VerdictStatement { event: event(&|case| case.form.facts[31] ^= 1), ..right() },
        VerdictStatement { event: event(&|case| case.form.documents.clear()), ..right() },
        VerdictStatement { event: scene.case.event_hash::<Native>(None), ..right() },
        VerdictStatement { event: scene.case.event_hash::<Native>(Some(Amount::new(61))), ..right() },
        VerdictStatement { role: 33, ..right() },
        VerdictStatement { epoch: 3, ..right() },
        VerdictStatement { epoch: 5, ..right() },
        VerdictStatement { key: key(50), ..right() },
    ];
    let (first, known) = (scene.says(50, Verdict::Pass), [Some(member(50)), Some(member(51))]);
    for statement in wrong {
        assert_eq!(scene.given(&[first.clone(), sent(51, &statement)], &known), bad(51), "{statement:?}");
    }
    assert_eq!(scene.given(&[first, sent(51, &right())], &known), Ok(()));
}

/// X1: of all 138 bytes, and of the signature.
#[test]
fn a_verdict_with_any_byte_changed_does_not_count() {
    let mut scene = Scene::new();
    scene.scheme.stages[1].needed = 1;
    let right = scene.statement(50, Verdict::Pass).to_bytes();
    let known = [Some(member(50))];
    for at in 0..right.len() {
        let mut bytes = right;
        bytes[at] ^= 1;
        let mut given = scene.says(50, Verdict::Pass);
        let wrapped = crate::layout::wrapped::<Native>(&bytes);
        given.verdict.signature = pair(50).sign_simple(b"substrate", &wrapped).to_bytes();
        assert_eq!(scene.given(&[given], &known), bad(50), "byte {at}");
    }
    for at in 0..64 {
        let mut given = scene.says(50, Verdict::Pass);
        given.verdict.signature[at] ^= 1 << (at % 8);
        assert_eq!(scene.given(&[given], &known), bad(50), "byte {at}");
    }
    let mut raw = scene.says(50, Verdict::Pass);
    raw.verdict.signature = pair(50).sign_simple(b"substrate", &right).to_bytes();
    assert_eq!(scene.given(&[raw], &known), bad(50));
}

#[test]
fn a_verdict_counts_until_one_millisecond_before_its_end_which_is_signed() {
    let mut scene = Scene::new();
    let stale = Err(VerdictRefusal::Signature(SigningRefusal::Stale { valid_until: LATER }));
    for (now, expected) in [(0, Ok(())), (LATER - 1, Ok(())), (LATER, stale), (LATER + 1, stale), (Millis::MAX, stale)]
    {
        scene.now = now;
        assert_eq!(scene.given_by(&[50, 51]), expected);
    }
    scene.now = NOW;
    let (mut verdicts, known) = scene.passes(&[50, 51]);
    verdicts[1].verdict.valid_until = LATER + 1;
    assert_eq!(scene.given(&verdicts, &known), bad(51));
}

#[test]
fn a_failed_does_not_count_and_turned_round_it_is_not_signed() {
    let scene = Scene::new();
    let (mut verdicts, known) = scene.passes(&[50, 51]);
    verdicts[1] = scene.says(51, Verdict::Failed);
    assert_eq!(scene.given(&verdicts, &known), Err(VerdictRefusal::NotPassed { member: 51 }));
    verdicts[1].verdict.verdict = Verdict::Pass;
    assert_eq!(scene.given(&verdicts, &known), bad(51));
}

#[test]
fn outside_a_review_no_verdict_counts() {
    for status in [
        BenefitStatus::Returned,
        BenefitStatus::Rejected,
        BenefitStatus::Running,
        BenefitStatus::Suspended,
        BenefitStatus::Ended,
    ] {
        let mut scene = Scene::new();
        scene.case.status = status;
        let refused = VerdictRefusal::Case(BenefitRefusal::WrongStatus { status });
        assert_eq!(scene.given_by(&[50, 51]), Err(refused));
        assert_eq!(scene.given_by(&[]), Err(refused), "not even none");
    }
}

/// Written out by hand, so that other languages have an example.
#[test]
fn the_event_is_the_hash_of_scheme_stage_form_and_amount_in_scale() {
    let scene = Scene::new();
    let mut bytes = vec![7, 0, 0, 0, 1, /* complete */ 1, /* income */ 1, 200];
    bytes.extend([0; 15]);
    bytes.extend([
        /* no property */ 0, /* household */ 0, 0, /* ratio */ 0, 0, /* no employer */ 0,
        /* one document */ 4,
    ]);
    bytes.extend([5, /* its CID */ 1, 0x55, 0x12, 32]);
    bytes.extend([5; 32]);
    bytes.extend(/* facts */ [9; 32]);
    let none = [&bytes[..], &[0]].concat();
    let some = [&bytes[..], &[1, 60, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(scene.case.event_hash::<Native>(None), Native::blake2b_256(&none));
    assert_eq!(scene.case.event_hash::<Native>(Some(Amount::new(60))), Native::blake2b_256(&some));
}
