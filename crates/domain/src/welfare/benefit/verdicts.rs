//! A committee accepts a stage by its members' signed verdicts, handed in together by anybody.

use super::*;
use crate::{
    chaincode::{SignedVerdict, Verdict},
    crypto::Crypto,
    layout::{DomainSeparator, VerdictStatement},
    participant::Credentials,
    signing::SigningRefusal,
    time::is_before,
};
use scale::Encode;

wire! {
    /// A committee member's signed verdict as it is sent.
    pub struct MemberVerdict {
        /// The member's number.
        pub member: ParticipantId,
        /// What it says, signed over the 138 bytes of [`VerdictStatement`].
        pub verdict: SignedVerdict,
    }
}

wire! {
    /// Why signed verdicts do not accept a stage.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum VerdictRefusal {
        /// Not as many as are still missing.
        WrongCount {
            /// How many are missing.
            needed: u8,
            /// How many were given, 255 standing for more.
            given: u8,
        },
        /// Given twice, or under the key of one given before.
        Repeated {
            /// The member's number.
            member: ParticipantId,
        },
        /// It says Failed. Who rejects or returns does so from its own account, with a reason.
        NotPassed {
            /// The member's number.
            member: ParticipantId,
        },
        /// The member may not decide this case, or nobody may now.
        Case(BenefitRefusal),
        /// The member does not act in the stage's role, has the applicant's key, or its signature does not count.
        Signature(SigningRefusal),
    }
}

/// What signed verdicts are about.
#[derive(Clone, Copy, Debug)]
pub struct Hearing<'a> {
    /// The contract's separator.
    pub domain: DomainSeparator,
    /// The case's number.
    pub number: WelfareCaseId,
    /// The case.
    pub case: &'a BenefitCase,
    /// Its scheme.
    pub scheme: &'a Scheme,
    /// What the registry knows of the applicant.
    pub applicant: Option<&'a Credentials>,
    /// What a period's benefit is to be, where the stage sets it.
    pub amount: Option<Amount>,
    /// The time (milliseconds).
    pub now: Millis,
}

impl BenefitCase {
    /// What a verdict on this stage is about: `H(SCALE((scheme u32, stage u8, form, amount Option<u64>)))`. The case's
    /// number and round stand beside it in the statement, so that it fits no other hearing.
    pub fn event_hash<C: Crypto>(&self, amount: Option<Amount>) -> [u8; 32] {
        C::blake2b_256(&(self.scheme, self.stage, &self.form, amount).encode())
    }
}

/// Do these verdicts accept the case's stage? They must be exactly as many as are still missing, each a Pass in time of
/// another member of the stage's role, who may decide the case; no two may share a key, and none has the applicant's.
/// `known` is what the registry knows of each member, in order. Then each member accepts by [`BenefitCase::decide`].
///
/// # Errors
/// `WrongCount`, else the first [`VerdictRefusal`] in the order of the verdicts.
pub fn must_suffice<C: Crypto>(
    hearing: &Hearing,
    verdicts: &[MemberVerdict],
    known: &[Option<Credentials>],
) -> Result<(), VerdictRefusal> {
    let case = hearing.case;
    case.must_be(&[BenefitStatus::Review]).map_err(VerdictRefusal::Case)?;
    let stage = case.stage_of(hearing.scheme).map_err(VerdictRefusal::Case)?;
    let needed = usize::from(stage.needed).saturating_sub(case.accepted.len());
    for given in [verdicts.len(), known.len()] {
        if given != needed {
            return Err(VerdictRefusal::WrongCount { needed: count(needed), given: count(given) });
        }
    }
    let event = case.event_hash::<C>(hearing.amount);
    for (at, (given, known_of)) in verdicts.iter().zip(known).enumerate() {
        let signer = given.member;
        case.may_be_decided_by(signer).map_err(VerdictRefusal::Case)?;
        let member = known_of
            .as_ref()
            .filter(|member| member.number == signer && member.acts_as(stage.role))
            .ok_or(VerdictRefusal::Signature(SigningRefusal::NotInGoodStanding { signer }))?;
        if hearing.applicant.is_some_and(|applicant| applicant.key == member.key) {
            return Err(VerdictRefusal::Signature(SigningRefusal::OwnMatter { signer }));
        }
        let repeats = |earlier: &Credentials| earlier.number == signer || earlier.key == member.key;
        if known.iter().take(at).flatten().any(repeats) {
            return Err(VerdictRefusal::Repeated { member: signer });
        }
        if given.verdict.verdict != Verdict::Pass {
            return Err(VerdictRefusal::NotPassed { member: signer });
        }
        hearing.must_be_signed::<C>(&given.verdict, event, stage, member).map_err(VerdictRefusal::Signature)?;
    }
    Ok(())
}

impl Hearing<'_> {
    /// Is the verdict in time, and signed by this member over exactly this?
    fn must_be_signed<C: Crypto>(
        &self,
        given: &SignedVerdict,
        event: [u8; 32],
        stage: Stage,
        member: &Credentials,
    ) -> Result<(), SigningRefusal> {
        let signer = member.number;
        if !is_before(self.now, given.valid_until) {
            return Err(SigningRefusal::Stale { valid_until: given.valid_until });
        }
        let statement = VerdictStatement {
            domain: self.domain,
            case: self.number,
            revision: self.case.round,
            event,
            role: stage.role.index().ok_or(SigningRefusal::NotInGoodStanding { signer })?,
            epoch: member.epoch,
            key: member.key,
            verdict: given.verdict,
            valid_until: given.valid_until,
        };
        match C::sr25519_verify(&given.signature, &statement.signed_bytes::<C>(), &member.key) {
            true => Ok(()),
            false => Err(SigningRefusal::BadSignature { signer }),
        }
    }
}

/// A length for an error, held at 255.
fn count(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
