//! The vectors of the statements that the loan contract takes signatures over.

use super::{Decimal, Hex, SignedVector};
use crate::{
    chaincode::Verdict,
    layout::{ApplicantStatement, PasskeyStatement, RatingStatement, VerdictStatement},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct VerdictVector {
    domain: Hex<32>,
    case: Decimal<u64>,
    revision: Decimal<u32>,
    event: Hex<32>,
    role: Decimal<u8>,
    epoch: Decimal<u32>,
    pub(super) verdict: Decimal<u8>,
    valid_until: Decimal<u64>,
    #[serde(flatten)]
    pub(super) signed: SignedVector,
}

impl VerdictVector {
    pub(super) fn statement(&self, verdict: Verdict) -> VerdictStatement {
        VerdictStatement {
            domain: self.domain.0,
            case: self.case.0,
            revision: self.revision.0,
            event: self.event.0,
            role: self.role.0,
            epoch: self.epoch.0,
            verdict,
            valid_until: self.valid_until.0,
            key: self.signed.key.0,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ApplicantVector {
    domain: Hex<32>,
    flow: Decimal<u32>,
    applicant: Decimal<u64>,
    nonce: Decimal<u64>,
    revision: Decimal<u32>,
    body: Hex<32>,
    epoch: Decimal<u32>,
    valid_until: Decimal<u64>,
    #[serde(flatten)]
    pub(super) signed: SignedVector,
}

impl ApplicantVector {
    pub(super) fn statement(&self) -> ApplicantStatement {
        ApplicantStatement {
            domain: self.domain.0,
            flow: self.flow.0,
            applicant: self.applicant.0,
            nonce: self.nonce.0,
            revision: self.revision.0,
            body: self.body.0,
            epoch: self.epoch.0,
            valid_until: self.valid_until.0,
            key: self.signed.key.0,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct PasskeyVector {
    domain: Hex<32>,
    participant: Decimal<u64>,
    nonce: Decimal<u64>,
    arguments: Hex<32>,
    valid_until: Decimal<u64>,
    epoch: Decimal<u32>,
    #[serde(flatten)]
    pub(super) signed: SignedVector,
}

impl PasskeyVector {
    pub(super) fn statement(&self) -> PasskeyStatement {
        PasskeyStatement {
            domain: self.domain.0,
            participant: self.participant.0,
            nonce: self.nonce.0,
            arguments: self.arguments.0,
            valid_until: self.valid_until.0,
            epoch: self.epoch.0,
            key: self.signed.key.0,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct RatingVector {
    domain: Hex<32>,
    borrower: Decimal<u64>,
    grade: Decimal<u8>,
    rate: Decimal<u32>,
    most: Decimal<u128>,
    facts: Hex<32>,
    nonce: Decimal<u64>,
    valid_until: Decimal<u64>,
    epoch: Decimal<u32>,
    #[serde(flatten)]
    pub(super) signed: SignedVector,
}

impl RatingVector {
    pub(super) fn statement(&self) -> RatingStatement {
        RatingStatement {
            domain: self.domain.0,
            borrower: self.borrower.0,
            grade: self.grade.0,
            rate: self.rate.0,
            most: self.most.0,
            facts: self.facts.0,
            nonce: self.nonce.0,
            valid_until: self.valid_until.0,
            epoch: self.epoch.0,
            key: self.signed.key.0,
        }
    }
}
