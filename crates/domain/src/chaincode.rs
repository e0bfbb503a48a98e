//! The chaincode: two stacks that must fit each other before anything is done (LoC, algorithms 1 to 3).
//!
//! ```text
//! chaincode       operation n .. operation 1 | event | key 1     .. key k
//! unlocking code                               event | verdict 1 .. verdict k
//! ```
//! Both are popped from the right, pair by pair: each key must meet a Pass that its oracle signed, the event its equal,
//! and what is left are the operations, in the order in which they run. The first pair that does not fit decides the code.
//!
//! LoC's listing lets a stack run dry and tests the type of one item twice (line 14); here both are type errors, and so is
//! a chaincode without a key.

use crate::{
    crypto::Crypto,
    flow::{grantor, Event, Flow, Operation},
    ids::{CaseId, FlowId, PublicKey, Signature},
    layout::{ApplicantStatement, DomainSeparator, VerdictStatement},
    participant::Credentials,
    roles::Role,
    signing::{Signed, SigningRefusal},
    time::{is_before, Millis},
    wire,
};
use alloc::vec::Vec;

wire! {
    /// How an evaluation ends; the numbers are LoC's.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Code {
        /// 0: every key met a valid Pass, the events are equal and approved.
        Success,
        /// 1: a key met a verdict that is Failed, late, of another signer or about something else.
        OracleFailed,
        /// 2: all keys passed, but the events differ or an applicant's signature does not count.
        EventMismatch,
        /// 3: things of different types met: a verdict is missing or there is one too many.
        TypeError,
    }
}

wire! {
    /// What an oracle says.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Verdict {
        /// A term does not hold.
        Failed,
        /// Every term holds.
        Pass,
    }
}

wire! {
    /// An oracle's verdict as it is sent.
    pub struct SignedVerdict {
        /// What it says.
        pub verdict: Verdict,
        /// Until when it counts (milliseconds); signed over.
        pub valid_until: Millis,
        /// sr25519 over the wrapped digest of the 138 bytes of [`VerdictStatement`].
        pub signature: Signature,
    }
}

/// How an event's applicant approved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    /// By sending the transaction from the registered account, or earlier, checked when the case was locked.
    Sender,
    /// By this signature.
    Signed(Signed),
}

/// The key that a verdict must verify with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantingKey {
    /// The role in which its oracle speaks.
    pub role: Role,
    /// The present key and its epoch; `None` if no verdict of that oracle counts: unknown, suspended, without the role.
    pub known: Option<(PublicKey, u32)>,
}

/// An item of a chaincode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locked {
    /// Something to do.
    Operation(Operation),
    /// The event that was locked.
    Event {
        /// Its body.
        event: Event,
        /// How the applicant approved it.
        approval: Approval,
    },
    /// A key that must meet a Pass.
    Key(GrantingKey),
}

/// An item of an unlocking code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The event as whoever unlocks sees it.
    Event {
        /// Its body.
        event: Event,
        /// How the applicant approved it.
        approval: Approval,
    },
    /// A verdict.
    Verdict(SignedVerdict),
}

/// What an evaluation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The contract's separator.
    pub domain: DomainSeparator,
    /// The case's number.
    pub case: CaseId,
    /// The case's revision.
    pub revision: u32,
    /// The locked event's hash, see [`crate::flow::event_hash`].
    pub event_hash: [u8; 32],
    /// What the registry knows of the applicant; needed only where an approval is signed.
    pub applicant: Option<Credentials>,
    /// The number of the flow that the keys are from.
    pub flow: FlowId,
    /// The time (milliseconds).
    pub now: Millis,
}

/// What an evaluation finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub code: Code,
    /// The role whose correctly signed, unexpired Failed decided; only this may be stored, and it ends the revision.
    pub failed_by: Option<Role>,
    /// What to do, in order; nothing unless all fits.
    pub operations: Vec<Operation>,
}

impl Code {
    /// LoC's number, 0 to 3; the same as in SCALE.
    pub fn number(self) -> u8 {
        match self {
            Code::Success => 0,
            Code::OracleFailed => 1,
            Code::EventMismatch => 2,
            Code::TypeError => 3,
        }
    }
}

impl Verdict {
    /// 0 for Failed, 1 for Pass: the byte that is signed.
    pub fn number(self) -> u8 {
        match self {
            Verdict::Failed => 0,
            Verdict::Pass => 1,
        }
    }
}

/// The keys of an event's grantors, in the flow's order, from what the registry knows of them now.
pub fn granting_keys(
    flow: &Flow,
    event: &Event,
    applicant: Option<&Credentials>,
    known: &[Option<Credentials>],
) -> Vec<GrantingKey> {
    let key = |(at, role): (usize, &Role)| {
        let counted = grantor(event, applicant, known, at, *role);
        GrantingKey { role: *role, known: counted.ok().map(|oracle| (oracle.key, oracle.epoch)) }
    };
    flow.oracles.iter().enumerate().map(key).collect()
}

/// What locks an event (LoC, algorithm 1): the operations pushed in reverse, so that they run in their order, then the
/// event, then the keys.
pub fn chaincode(operations: Vec<Operation>, event: Event, approval: Approval, keys: Vec<GrantingKey>) -> Vec<Locked> {
    let mut stack = Vec::with_capacity(operations.len().saturating_add(keys.len()).saturating_add(1));
    stack.extend(operations.into_iter().rev().map(Locked::Operation));
    stack.push(Locked::Event { event, approval });
    stack.extend(keys.into_iter().map(Locked::Key));
    stack
}

/// What unlocks it (LoC, algorithm 2): the event, then the verdicts in the flow's order.
pub fn unlocking_code(event: Event, approval: Approval, verdicts: Vec<SignedVerdict>) -> Vec<Given> {
    let mut stack = Vec::from([Given::Event { event, approval }]);
    stack.extend(verdicts.into_iter().map(Given::Verdict));
    stack
}

/// Does the unlocking code fit the chaincode (LoC, algorithm 3)? At most one signature is checked for each verdict and
/// each approval, and none after the first pair that does not fit.
pub fn evaluate<C: Crypto>(mut chaincode: Vec<Locked>, mut unlocking: Vec<Given>, about: &About) -> Outcome {
    let mut operations = Vec::new();
    let (mut granted, mut agreed) = (false, false);
    while let Some(locked) = chaincode.pop() {
        match (locked, unlocking.pop()) {
            (Locked::Key(key), Some(Given::Verdict(verdict))) => match about.said::<C>(&key, &verdict) {
                Some(Verdict::Pass) => granted = true,
                Some(Verdict::Failed) => return Outcome::stopped(Code::OracleFailed, Some(key.role)),
                None => return Outcome::stopped(Code::OracleFailed, None),
            },
            (Locked::Event { event, approval: first }, Some(Given::Event { event: other, approval: second })) => {
                let approved = |approval: &Approval| about.approved::<C>(&event, approval);
                let same = event == other && event.flow == about.flow;
                agreed = same && approved(&first) && (first == second || approved(&second));
                if !agreed {
                    return Outcome::stopped(Code::EventMismatch, None);
                }
            }
            (Locked::Operation(operation), None) => operations.push(operation),
            _ => return Outcome::stopped(Code::TypeError, None),
        }
    }
    if granted && agreed && unlocking.is_empty() {
        Outcome { code: Code::Success, failed_by: None, operations }
    } else {
        Outcome::stopped(Code::TypeError, None)
    }
}

impl Outcome {
    fn stopped(code: Code, failed_by: Option<Role>) -> Self {
        Self { code, failed_by, operations: Vec::new() }
    }
}

impl About {
    /// What the oracle with this key has said, if it really said it, about this, and it still counts.
    fn said<C: Crypto>(&self, oracle: &GrantingKey, given: &SignedVerdict) -> Option<Verdict> {
        let (key, epoch) = oracle.known?;
        if !is_before(self.now, given.valid_until) {
            return None;
        }
        let statement = VerdictStatement {
            domain: self.domain,
            case: self.case,
            revision: self.revision,
            event: self.event_hash,
            role: oracle.role.index()?,
            epoch,
            key,
            verdict: given.verdict,
            valid_until: given.valid_until,
        };
        C::sr25519_verify(&given.signature, &statement.signed_bytes::<C>(), &key).then_some(given.verdict)
    }

    /// Has the applicant approved the event?
    fn approved<C: Crypto>(&self, event: &Event, approval: &Approval) -> bool {
        match approval {
            Approval::Sender => true,
            Approval::Signed(signed) => {
                let applicant = self.applicant.as_ref();
                must_approve::<C>(signed, &self.domain, event, self.revision, applicant, 0, self.now).is_ok()
            }
        }
    }
}

/// Does the event's applicant sign this event for this revision (0 to lock it)? `latest` is the latest nonce of its that was
/// used up.
///
/// # Errors
/// `NotInGoodStanding`, `Stale`, `NonceUsed`, `BadSignature`.
pub fn must_approve<C: Crypto>(
    signed: &Signed,
    domain: &DomainSeparator,
    event: &Event,
    revision: u32,
    applicant: Option<&Credentials>,
    latest: u64,
    now: Millis,
) -> Result<(), SigningRefusal> {
    let applicant = applicant
        .filter(|known| known.number == event.applicant && known.is_active())
        .ok_or(SigningRefusal::NotInGoodStanding { signer: event.applicant })?;
    let statement = ApplicantStatement {
        domain: *domain,
        flow: event.flow,
        applicant: event.applicant,
        nonce: signed.nonce,
        revision,
        body: event.body_hash::<C>(),
        epoch: applicant.epoch,
        key: applicant.key,
        valid_until: signed.valid_until,
    };
    signed.must_count::<C>(applicant, &statement.signed_bytes::<C>(), latest, now)
}

#[cfg(test)]
mod tests;
