//! The statements that the loan contract takes signatures over: an oracle's verdict, an applicant's approval, a passkey
//! approval, a credit rating (docs/loan.md).

use super::{wrapped, DomainSeparator, Writer, WRAPPED_BYTES};
use crate::{
    chaincode::Verdict,
    crypto::Crypto,
    ids::{CaseId, FlowId, ParticipantId, PublicKey},
    money::Balance,
    time::Millis,
};

/// Marks an oracle's verdict.
const ORACLE_TAG: &[u8; 16] = b"amanah-oracle/1\0";
/// Marks an applicant's approval of an event.
const APPLICANT_TAG: &[u8; 16] = b"amanah-applic/1\0";
/// Marks a passkey approval.
const PASSKEY_TAG: &[u8; 16] = b"amanah-passkey/1";
/// Marks a credit rating.
const RATING_TAG: &[u8; 16] = b"amanah-rating/1\0";

/// Length of an oracle's verdict in bytes.
pub const VERDICT_BYTES: usize = 138;
/// Length of an applicant's approval in bytes.
pub const APPLICANT_BYTES: usize = 148;
/// Length of a passkey approval in bytes.
pub const PASSKEY_BYTES: usize = 140;
/// Length of a credit rating in bytes.
pub const RATING_BYTES: usize = 161;

/// What an oracle says of an event: Pass or Failed.
///
/// LoC (algorithm 3) signs the result alone, so that one "Pass" would fit any event; this binds all that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictStatement {
    /// The loan contract's separator.
    pub domain: DomainSeparator,
    /// The case.
    pub case: CaseId,
    /// The case's revision.
    pub revision: u32,
    /// The event's hash, see [`crate::flow::event_hash`].
    pub event: [u8; 32],
    /// The bit index of the role in which the oracle speaks, see [`crate::roles::Role::index`].
    pub role: u8,
    /// The epoch of the oracle's key.
    pub epoch: u32,
    /// The oracle's key.
    pub key: PublicKey,
    /// What it says.
    pub verdict: Verdict,
    /// Until when this counts (milliseconds).
    pub valid_until: Millis,
}

impl VerdictStatement {
    /// The 138 bytes of docs/loan.md.
    pub fn to_bytes(&self) -> [u8; VERDICT_BYTES] {
        let mut bytes = Writer::<VERDICT_BYTES>::new();
        bytes
            .put(ORACLE_TAG)
            .put(&self.domain)
            .put(&self.case.to_le_bytes())
            .put(&self.revision.to_le_bytes())
            .put(&self.event)
            .put(&[self.role])
            .put(&self.epoch.to_le_bytes())
            .put(&self.key)
            .put(&[self.verdict.number()])
            .put(&self.valid_until.to_le_bytes());
        bytes.done()
    }

    /// The 79 bytes that are signed.
    pub fn signed_bytes<C: Crypto>(&self) -> [u8; WRAPPED_BYTES] {
        wrapped::<C>(&self.to_bytes())
    }
}

/// What an applicant says who does not send the transaction: I want this event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicantStatement {
    /// The loan contract's separator.
    pub domain: DomainSeparator,
    /// The flow that the event goes through.
    pub flow: FlowId,
    /// The applicant's number.
    pub applicant: ParticipantId,
    /// Used for one lock or one revision, ever.
    pub nonce: u64,
    /// The revision of the case that it is about; 0 for a new case.
    pub revision: u32,
    /// The event's body, hashed, see [`crate::flow::Event::body_hash`].
    pub body: [u8; 32],
    /// The epoch of the applicant's key.
    pub epoch: u32,
    /// The applicant's key.
    pub key: PublicKey,
    /// Until when this counts (milliseconds).
    pub valid_until: Millis,
}

impl ApplicantStatement {
    /// The 148 bytes of docs/loan.md.
    pub fn to_bytes(&self) -> [u8; APPLICANT_BYTES] {
        let mut bytes = Writer::<APPLICANT_BYTES>::new();
        bytes
            .put(APPLICANT_TAG)
            .put(&self.domain)
            .put(&self.flow.to_le_bytes())
            .put(&self.applicant.to_le_bytes())
            .put(&self.nonce.to_le_bytes())
            .put(&self.revision.to_le_bytes())
            .put(&self.body)
            .put(&self.epoch.to_le_bytes())
            .put(&self.key)
            .put(&self.valid_until.to_le_bytes());
        bytes.done()
    }

    /// The 79 bytes that are signed.
    pub fn signed_bytes<C: Crypto>(&self) -> [u8; WRAPPED_BYTES] {
        wrapped::<C>(&self.to_bytes())
    }
}

/// What an authenticator service says after a second factor (FIDO2): this participant approved this call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyStatement {
    /// The loan contract's separator.
    pub domain: DomainSeparator,
    /// The number of the participant who approved.
    pub participant: ParticipantId,
    /// Used once.
    pub nonce: u64,
    /// `H(selector | arguments before the approval)` of the call.
    pub arguments: [u8; 32],
    /// Until when this counts (milliseconds).
    pub valid_until: Millis,
    /// The epoch of the authenticator's key.
    pub epoch: u32,
    /// The authenticator's key.
    pub key: PublicKey,
}

impl PasskeyStatement {
    /// The 140 bytes of docs/loan.md.
    pub fn to_bytes(&self) -> [u8; PASSKEY_BYTES] {
        let mut bytes = Writer::<PASSKEY_BYTES>::new();
        bytes
            .put(PASSKEY_TAG)
            .put(&self.domain)
            .put(&self.participant.to_le_bytes())
            .put(&self.nonce.to_le_bytes())
            .put(&self.arguments)
            .put(&self.valid_until.to_le_bytes())
            .put(&self.epoch.to_le_bytes())
            .put(&self.key);
        bytes.done()
    }

    /// The 79 bytes that are signed.
    pub fn signed_bytes<C: Crypto>(&self) -> [u8; WRAPPED_BYTES] {
        wrapped::<C>(&self.to_bytes())
    }
}

/// What the loan administrator says of a borrower: how good, at which rate, for how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingStatement {
    /// The loan contract's separator.
    pub domain: DomainSeparator,
    /// The borrower's number.
    pub borrower: ParticipantId,
    /// The grade, 0 the best.
    pub grade: u8,
    /// The rate in basis points a year.
    pub rate: u32,
    /// The most that may be borrowed.
    pub most: Balance,
    /// `H(salt | facts)`: what the rating rests on stays off chain.
    pub facts: [u8; 32],
    /// Used once.
    pub nonce: u64,
    /// Until when this counts (milliseconds).
    pub valid_until: Millis,
    /// The epoch of the administrator's key.
    pub epoch: u32,
    /// The administrator's key.
    pub key: PublicKey,
}

impl RatingStatement {
    /// The 161 bytes of docs/loan.md.
    pub fn to_bytes(&self) -> [u8; RATING_BYTES] {
        let mut bytes = Writer::<RATING_BYTES>::new();
        bytes
            .put(RATING_TAG)
            .put(&self.domain)
            .put(&self.borrower.to_le_bytes())
            .put(&[self.grade])
            .put(&self.rate.to_le_bytes())
            .put(&self.most.to_le_bytes())
            .put(&self.facts)
            .put(&self.nonce.to_le_bytes())
            .put(&self.valid_until.to_le_bytes())
            .put(&self.epoch.to_le_bytes())
            .put(&self.key);
        bytes.done()
    }

    /// The 79 bytes that are signed.
    pub fn signed_bytes<C: Crypto>(&self) -> [u8; WRAPPED_BYTES] {
        wrapped::<C>(&self.to_bytes())
    }
}
