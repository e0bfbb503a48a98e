use super::*;
use crate::{
    crypto::Native,
    flow::{event_hash, operations, EventKind, Request},
    participant::Status,
    roles::Roles,
    time::DAY,
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};
use std::cell::Cell;

mod approvals;
mod table;
mod verdicts;

const NOW: Millis = 1_000;
const LATER: Millis = 2_000;
/// The roles of up to five oracles.
const ROLES: [Role; 5] = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment, Role::Auditor, Role::Custom(3)];

thread_local! {
    /// How many signatures [`Fake`] has checked on this thread.
    static CHECKS: Cell<usize> = const { Cell::new(0) };
}

/// Signatures that are quick to make and to check: a hash of key and message.
struct Fake;

impl Fake {
    fn sign(key: &PublicKey, message: &[u8]) -> Signature {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&Native::blake2b_256(&[key, message].concat()));
        signature
    }

    /// How many signatures were checked since this was asked last.
    fn checks() -> usize {
        CHECKS.replace(0)
    }
}

impl Crypto for Fake {
    fn blake2b_256(bytes: &[u8]) -> [u8; 32] {
        Native::blake2b_256(bytes)
    }

    fn sr25519_verify(signature: &Signature, message: &[u8], key: &PublicKey) -> bool {
        CHECKS.set(CHECKS.get() + 1);
        *signature == Self::sign(key, message)
    }
}

fn pair(seed: u8) -> Keypair {
    MiniSecretKey::from_bytes(&[seed; 32]).unwrap().expand_to_keypair(ExpansionMode::Ed25519)
}

/// A locked loan application with its oracles, who are participants 11, 12, ..; participant 7 applies.
struct Scene {
    flow: Flow,
    event: Event,
    about: About,
    keys: Vec<GrantingKey>,
    /// Are the signatures sr25519, or [`Fake`]'s?
    real: bool,
}

impl Scene {
    fn new(oracles: usize, real: bool) -> Self {
        let roles: Vec<Role> = ROLES.into_iter().chain((10..13).map(Role::Custom)).take(oracles).collect();
        let applicants = Roles::of(&[Role::Citizen]).unwrap();
        let numbers = (11..).take(oracles);
        let flow =
            Flow { kind: EventKind::LoanApplication, applicants, oracles: roles.clone(), validity: DAY }.checked();
        let flow = flow.unwrap();
        let request = Request::Loan { product: 5, principal: 30_000, months: 24, facts: [0xfa; 32] };
        let event = Event { flow: 3, applicant: 7, grantors: numbers.clone().collect(), request };
        let known = |number: u64, role| Credentials {
            number,
            account: [0; 32],
            roles: Roles::of(&[role]).unwrap(),
            status: Status::Active,
            key: Self::key(real, number as u8),
            epoch: 4,
            blacklisted: false,
            identity_valid_until: 0,
        };
        let applicant = known(7, Role::Citizen);
        let oracles: Vec<_> = numbers.zip(&roles).map(|(number, role)| Some(known(number, *role))).collect();
        let keys = granting_keys(&flow, &event, Some(&applicant), &oracles);
        let about = About {
            domain: [0xdd; 32],
            case: 33,
            revision: 2,
            event_hash: event_hash::<Native>(&flow, &event).unwrap(),
            applicant: Some(applicant),
            flow: 3,
            now: NOW,
        };
        Self { flow, event, about, keys, real }
    }

    fn key(real: bool, seed: u8) -> PublicKey {
        if real {
            pair(seed).public.to_bytes()
        } else {
            [seed; 32]
        }
    }

    fn sign(&self, seed: u8, wrapped: &[u8]) -> Signature {
        if self.real {
            pair(seed).sign_simple(b"substrate", wrapped).to_bytes()
        } else {
            Fake::sign(&Self::key(false, seed), wrapped)
        }
    }

    /// The statement of the oracle at this place, from 0.
    fn statement(&self, at: usize, verdict: Verdict) -> VerdictStatement {
        VerdictStatement {
            domain: [0xdd; 32],
            case: 33,
            revision: 2,
            event: self.about.event_hash,
            role: self.flow.oracles[at].index().unwrap(),
            epoch: 4,
            key: Self::key(self.real, seed(at)),
            verdict,
            valid_until: LATER,
        }
    }

    /// A statement as its oracle sends it.
    fn signed(&self, at: usize, statement: &VerdictStatement) -> SignedVerdict {
        let signature = self.sign(seed(at), &statement.signed_bytes::<Native>());
        SignedVerdict { verdict: statement.verdict, valid_until: statement.valid_until, signature }
    }

    fn says(&self, at: usize, verdict: Verdict) -> SignedVerdict {
        self.signed(at, &self.statement(at, verdict))
    }

    /// A Pass of every oracle, in order.
    fn passes(&self) -> Vec<SignedVerdict> {
        (0..self.keys.len()).map(|at| self.says(at, Verdict::Pass)).collect()
    }

    fn operations(&self) -> Vec<Operation> {
        operations(&self.flow, &self.event).unwrap()
    }

    fn locked(&self) -> Vec<Locked> {
        chaincode(self.operations(), self.event.clone(), Approval::Sender, self.keys.clone())
    }

    fn unlocking(&self, verdicts: &[SignedVerdict]) -> Vec<Given> {
        unlocking_code(self.event.clone(), Approval::Sender, verdicts.to_vec())
    }

    fn run(&self, locked: Vec<Locked>, given: Vec<Given>) -> Outcome {
        if self.real {
            evaluate::<Native>(locked, given, &self.about)
        } else {
            evaluate::<Fake>(locked, given, &self.about)
        }
    }

    /// What these verdicts unlock, with the right event.
    fn unlock(&self, verdicts: &[SignedVerdict]) -> Outcome {
        self.run(self.locked(), self.unlocking(verdicts))
    }

    fn success(&self) -> Outcome {
        Outcome { code: Code::Success, failed_by: None, operations: self.operations() }
    }
}

/// The oracle's seed, which is its number.
fn seed(at: usize) -> u8 {
    11 + at as u8
}

fn stopped(code: Code) -> Outcome {
    Outcome { code, failed_by: None, operations: vec![] }
}

fn failed_by(role: Role) -> Outcome {
    Outcome { failed_by: Some(role), ..stopped(Code::OracleFailed) }
}

#[test]
fn the_codes_have_the_papers_numbers_in_calls_and_in_scale() {
    use scale::Encode;
    for (number, code) in
        [Code::Success, Code::OracleFailed, Code::EventMismatch, Code::TypeError].into_iter().enumerate()
    {
        assert_eq!(usize::from(code.number()), number);
        assert_eq!(code.encode(), [code.number()]);
    }
    for verdict in [Verdict::Failed, Verdict::Pass] {
        assert_eq!(verdict.encode(), [verdict.number()]);
    }
    assert_eq!((Verdict::Failed.number(), Verdict::Pass.number()), (0, 1));
}

#[test]
fn the_stacks_are_built_as_the_paper_says() {
    let scene = Scene::new(2, false);
    let [transfer, open] = scene.operations().try_into().unwrap();
    let (event, passes) = (scene.event.clone(), scene.passes());
    let (first, second) = (scene.keys[0].clone(), scene.keys[1].clone());
    let expected = vec![
        Locked::Operation(open),
        Locked::Operation(transfer),
        Locked::Event { event: event.clone(), approval: Approval::Sender },
        Locked::Key(first),
        Locked::Key(second),
    ];
    assert_eq!(scene.locked(), expected);
    let expected = vec![
        Given::Event { event, approval: Approval::Sender },
        Given::Verdict(passes[0].clone()),
        Given::Verdict(passes[1].clone()),
    ];
    assert_eq!(scene.unlocking(&passes), expected);
}

#[test]
fn real_signatures_of_all_oracles_unlock_the_operations_in_their_order() {
    let scene = Scene::new(3, true);
    assert_eq!(scene.unlock(&scene.passes()), scene.success());
    assert_eq!(
        scene.success().operations,
        [Operation::Transfer { from: 11, to: 7, amount: 30_000 }, Operation::OpenLoan]
    );
}

#[test]
fn real_signatures_in_another_order_or_with_one_missing_or_failed_unlock_nothing() {
    let scene = Scene::new(3, true);
    let [one, two, three] = scene.passes().try_into().unwrap();
    let swapped = scene.unlock(&[two.clone(), one.clone(), three.clone()]);
    assert_eq!(swapped, stopped(Code::OracleFailed));
    assert_eq!(scene.unlock(&[two.clone(), three.clone()]), stopped(Code::TypeError));
    let no = scene.says(1, Verdict::Failed);
    assert_eq!(scene.unlock(&[one, no, three]), failed_by(Role::CivilAffairs));
}

#[test]
fn keys_are_those_of_grantors_whose_verdict_counts_and_none_for_the_others() {
    let scene = Scene::new(5, false);
    let applicant = scene.about.applicant.as_ref();
    let right: Vec<Credentials> = (0..5)
        .map(|at| Credentials {
            number: u64::from(seed(at)),
            key: [seed(at); 32],
            roles: Roles::of(&[ROLES[at]]).unwrap(),
            ..applicant.unwrap().clone()
        })
        .collect();
    let wrong = |at: usize, how: usize| {
        let right = right[at].clone();
        match how {
            0 => None,
            1 => Some(Credentials { status: Status::Suspended, ..right }),
            2 => Some(Credentials { roles: Roles::NONE, ..right }),
            3 => Some(Credentials { number: 99, ..right }),
            _ => Some(Credentials { key: [7; 32], ..right }),
        }
    };
    for bad in 0u32..1 << 5 {
        let is_bad = |at: usize| (bad >> at) & 1 == 1;
        for how in 0..5 {
            let known: Vec<_> =
                (0..5).map(|at| if is_bad(at) { wrong(at, how) } else { Some(right[at].clone()) }).collect();
            let expected: Vec<_> = (0..5)
                .map(|at| GrantingKey { role: ROLES[at], known: (!is_bad(at)).then_some(([seed(at); 32], 4)) })
                .collect();
            assert_eq!(granting_keys(&scene.flow, &scene.event, applicant, &known), expected);
        }
    }
}

#[test]
fn a_grantor_named_twice_has_one_key_only() {
    let scene = Scene::new(2, false);
    let applicant = scene.about.applicant.clone().unwrap();
    let both = Credentials { number: 11, key: [11; 32], roles: Roles::of(&ROLES).unwrap(), ..applicant };
    let event = Event { grantors: vec![11, 11], ..scene.event.clone() };
    let keys = granting_keys(&scene.flow, &event, None, &[Some(both.clone()), Some(both.clone())]);
    assert_eq!(keys.iter().map(|key| key.known.is_some()).collect::<Vec<_>>(), [true, false]);
    let same_key = Credentials { number: 12, ..both.clone() };
    let keys = granting_keys(&scene.flow, &scene.event, None, &[Some(both), Some(same_key)]);
    assert_eq!(keys.iter().map(|key| key.known.is_some()).collect::<Vec<_>>(), [true, false]);
    assert!(granting_keys(&scene.flow, &scene.event, None, &[]).iter().all(|key| key.known.is_none()));
}
