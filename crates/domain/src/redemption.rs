//! Redemptions: one attempt of a shop to spend from a voucher, and the proofs that confirm it
//! (docs/redemption.md).

use crate::{
    crypto::Crypto,
    ids::{Account, ParticipantId, RedemptionId, Signature, VoucherId},
    layout::{DomainSeparator, RedemptionAttestation},
    money::Amount,
    participant::Credentials,
    roles::Role,
    time::{after, is_before, Millis, DAY},
    wire,
};
use alloc::vec::Vec;

/// After so many redemptions that ended unconfirmed, a shop is barred from a voucher for [`BAR`].
pub const STRIKES: u8 = 3;
/// How long a shop is barred.
pub const BAR: Millis = DAY;
/// The most attestors of a programme, and the most proofs in one confirmation.
pub const MOST_ATTESTORS: usize = 8;

wire! {
    /// How a redemption stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum RedemptionStatus {
        /// Requested; the amount is reserved.
        Open,
        /// Confirmed: the shop has been credited.
        Confirmed,
        /// Given up by the shop or the holder.
        Cancelled,
        /// Not confirmed in time.
        Expired,
    }
}

wire! {
    /// What stands beside a redemption in a list of stored ones, newest first; 0 for nothing.
    #[derive(Copy, Default)]
    pub struct Neighbours {
        /// The next older one.
        pub older: RedemptionId,
        /// The next newer one.
        pub newer: RedemptionId,
    }
}

wire! {
    /// A redemption's places in the two lists that it is on while its record is stored.
    #[derive(Copy, Default)]
    pub struct Links {
        /// Among the redemptions of its shop.
        pub shop: Neighbours,
        /// Among the redemptions of its voucher.
        pub voucher: Neighbours,
    }
}

wire! {
    /// A redemption, as it is stored until the shop clears it: one item of 105 bytes.
    pub struct Redemption {
        /// The voucher it spends from.
        pub voucher: VoucherId,
        /// The shop, or the payment operator.
        pub shop: ParticipantId,
        /// The account that the shop asked from: it is signed over, and the storage deposit is its.
        pub account: Account,
        /// How much.
        pub amount: Amount,
        /// When it was requested (milliseconds).
        pub requested_at: Millis,
        /// Until when it can be confirmed (milliseconds).
        pub expires: Millis,
        /// How it stands.
        pub status: RedemptionStatus,
        /// What stands beside it in the lists.
        pub links: Links,
    }
}

wire! {
    /// Why a redemption cannot go on.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum RedemptionRefusal {
        /// It has ended.
        NotOpen {
            /// How it stands.
            status: RedemptionStatus,
        },
        /// Its time is over.
        TooLate {
            /// When it ended (milliseconds).
            expires: Millis,
        },
        /// Its time is not over yet.
        TooEarly {
            /// When it ends (milliseconds).
            expires: Millis,
        },
        /// It is still open, so its record is needed.
        StillOpen,
        /// This shop has an open redemption of this voucher already.
        AnotherIsOpen {
            /// Its number.
            redemption: RedemptionId,
        },
        /// Too many of this shop's redemptions of this voucher ended unconfirmed.
        Barred {
            /// Until when (milliseconds).
            until: Millis,
        },
        /// The shop is the voucher's holder.
        OwnVoucher,
        /// It is neither the shop that asked for it nor the voucher's holder.
        NotYours,
        /// The holder has redeemed at this shop or operator, or is about to; this programme allows it once.
        CardUsed {
            /// By this redemption.
            redemption: RedemptionId,
        },
    }
}

impl Redemption {
    /// Must be open and in time, for a confirmation.
    ///
    /// # Errors
    /// `NotOpen`, `TooLate`.
    pub fn confirmed(self, now: Millis) -> Result<Self, RedemptionRefusal> {
        self.must_be_open()?;
        if !is_before(now, self.expires) {
            return Err(RedemptionRefusal::TooLate { expires: self.expires });
        }
        Ok(Self { status: RedemptionStatus::Confirmed, ..self })
    }

    /// The shop or the holder gives it up, in time or not.
    ///
    /// # Errors
    /// `NotOpen`.
    pub fn cancelled(self) -> Result<Self, RedemptionRefusal> {
        self.must_be_open()?;
        Ok(Self { status: RedemptionStatus::Cancelled, ..self })
    }

    /// Its time is over.
    ///
    /// # Errors
    /// `NotOpen`, `TooEarly`.
    pub fn expired(self, now: Millis) -> Result<Self, RedemptionRefusal> {
        self.must_be_open()?;
        if is_before(now, self.expires) {
            return Err(RedemptionRefusal::TooEarly { expires: self.expires });
        }
        Ok(Self { status: RedemptionStatus::Expired, ..self })
    }

    fn must_be_open(&self) -> Result<(), RedemptionRefusal> {
        match self.status {
            RedemptionStatus::Open => Ok(()),
            status => Err(RedemptionRefusal::NotOpen { status }),
        }
    }
}

wire! {
    /// How a shop stands with one voucher: so that it can neither lock a stranger's balance for long, nor flood a phone,
    /// nor buy fresh guesses of a code.
    #[derive(Copy, Default)]
    pub struct Standing {
        /// Its latest redemption of this voucher; 0 for none.
        pub latest: RedemptionId,
        /// How many in a row ended unconfirmed.
        pub strikes: u8,
        /// Until when it may not ask (milliseconds); 0 for never barred.
        pub barred_until: Millis,
    }
}

impl Standing {
    /// The shop asks for redemption number `next`; `latest` is how its latest one stands, if its record is still there.
    ///
    /// # Errors
    /// `AnotherIsOpen`, `Barred`.
    pub fn request(
        self,
        next: RedemptionId,
        latest: Option<RedemptionStatus>,
        now: Millis,
    ) -> Result<Self, RedemptionRefusal> {
        if latest == Some(RedemptionStatus::Open) {
            return Err(RedemptionRefusal::AnotherIsOpen { redemption: self.latest });
        }
        if is_before(now, self.barred_until) {
            return Err(RedemptionRefusal::Barred { until: self.barred_until });
        }
        let forgiven = latest == Some(RedemptionStatus::Confirmed) || self.strikes >= STRIKES;
        Ok(Self { latest: next, strikes: if forgiven { 0 } else { self.strikes }, barred_until: 0 })
    }

    /// A redemption ended unconfirmed: run out or given up.
    pub fn strike(self, now: Millis) -> Self {
        let strikes = self.strikes.saturating_add(1);
        Self { strikes, barred_until: if strikes >= STRIKES { after(now, BAR) } else { self.barred_until }, ..self }
    }

    /// The record of `redemption`, which ended as `status`, is cleared; does anything of this standing still count? `is_over`:
    /// has the voucher ended, so that the shop has nothing more to ask for?
    pub fn still_counts(self, redemption: RedemptionId, status: RedemptionStatus, is_over: bool, now: Millis) -> bool {
        if is_over {
            return false;
        }
        let clean = status == RedemptionStatus::Confirmed || self.strikes == 0;
        let served = self.strikes >= STRIKES && !is_before(now, self.barred_until);
        let is_forgiven = clean || served;
        self.latest != redemption || !is_forgiven
    }
}

wire! {
    /// One signed attestation of a redemption.
    pub struct Attestation {
        /// The attestor's number in the registry.
        pub attestor: ParticipantId,
        /// Until when it counts (milliseconds); signed over.
        pub valid_until: Millis,
        /// sr25519 over the wrapped digest of the 156 bytes of docs/redemption.md.
        pub signature: Signature,
    }
}

wire! {
    /// What proves that the holder wants a redemption.
    // Contracts UI shows an enum by its first variant, and cannot show one that begins with a list.
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Proof {
        /// The holder's own signature over the same bytes, where the programme allows it.
        Holder {
            /// Until when it counts (milliseconds); signed over.
            valid_until: Millis,
            /// The holder's signature.
            signature: Signature,
        },
        /// As many of the programme's attestors as it needs, each after a one-time code of its own.
        Attestors(Vec<Attestation>),
    }
}

wire! {
    /// Why a proof does not count.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum ProofRefusal {
        /// Not as many attestations as the programme needs.
        WrongCount {
            /// How many it needs.
            needed: u8,
            /// How many were given.
            given: u8,
        },
        /// The programme does not list this attestor.
        NotListed {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// The same attestor, or the same key, twice.
        Repeated {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// The signer is not active, or does not hold the role any more.
        NotInGoodStanding {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// The attestor is the shop itself.
        IsTheShop {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// The attestation's own time is over.
        Stale {
            /// The signer's number.
            signer: ParticipantId,
            /// When it ended (milliseconds).
            valid_until: Millis,
        },
        /// The signature does not verify with the signer's present key over exactly this redemption.
        BadSignature {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// The programme does not allow the holder's own signature.
        HolderNotAllowed,
    }
}

/// May this participant ask for redemptions: is it an active shop or payment operator?
pub fn may_redeem(known: &Credentials) -> bool {
    known.acts_as(Role::Shop) || known.acts_as(Role::Operator)
}

/// In a programme with one redemption per holder and card: is the card free, which `taken_by` took (0 for none)?
///
/// # Errors
/// `CardUsed`.
pub fn must_be_free(taken_by: RedemptionId) -> Result<(), RedemptionRefusal> {
    match taken_by {
        0 => Ok(()),
        redemption => Err(RedemptionRefusal::CardUsed { redemption }),
    }
}

/// Are there as many attestations as are needed, and any at all? Cheap, and so asked before anybody is looked up.
///
/// # Errors
/// `WrongCount`.
pub fn must_be_as_many(given: usize, needed: u8) -> Result<(), ProofRefusal> {
    if given == usize::from(needed) && needed > 0 {
        return Ok(());
    }
    Err(ProofRefusal::WrongCount { needed, given: u8::try_from(given).unwrap_or(u8::MAX) })
}

/// What a proof has to be about.
pub struct Claim<'a> {
    /// The contract's separator.
    pub domain: DomainSeparator,
    /// The redemption's number.
    pub number: RedemptionId,
    /// The redemption.
    pub redemption: &'a Redemption,
    /// The time.
    pub now: Millis,
}

impl Claim<'_> {
    /// Do these attestations, each with what the registry knows of its signer, confirm the redemption: exactly `needed`
    /// distinct attestors with distinct keys, all listed and in good standing, none of them the shop?
    ///
    /// # Errors
    /// The first [`ProofRefusal`] in the order of the attestations.
    pub fn attested<C: Crypto>(
        &self,
        attestations: &[(Attestation, Option<Credentials>)],
        listed: &[ParticipantId],
        needed: u8,
    ) -> Result<(), ProofRefusal> {
        must_be_as_many(attestations.len(), needed)?;
        for (at, (attestation, known)) in attestations.iter().enumerate() {
            let signer = attestation.attestor;
            if !listed.contains(&signer) {
                return Err(ProofRefusal::NotListed { signer });
            }
            let known = known
                .as_ref()
                .filter(|known| known.number == signer && known.acts_as(Role::RedemptionAttestor))
                .ok_or(ProofRefusal::NotInGoodStanding { signer })?;
            if signer == self.redemption.shop {
                return Err(ProofRefusal::IsTheShop { signer });
            }
            let repeated = attestations.iter().take(at).any(|(earlier, other)| {
                earlier.attestor == signer || other.as_ref().is_some_and(|other| other.key == known.key)
            });
            if repeated {
                return Err(ProofRefusal::Repeated { signer });
            }
            self.signed::<C>(known, attestation.valid_until, &attestation.signature)?;
        }
        Ok(())
    }

    /// Does the holder's own signature confirm the redemption?
    ///
    /// # Errors
    /// `HolderNotAllowed`, `NotInGoodStanding`, `Stale`, `BadSignature`.
    pub fn signed_by_holder<C: Crypto>(
        &self,
        holder: ParticipantId,
        known: Option<&Credentials>,
        allowed: bool,
        valid_until: Millis,
        signature: &Signature,
    ) -> Result<(), ProofRefusal> {
        if !allowed {
            return Err(ProofRefusal::HolderNotAllowed);
        }
        let known = known
            .filter(|known| known.number == holder && known.is_active())
            .ok_or(ProofRefusal::NotInGoodStanding { signer: holder })?;
        self.signed::<C>(known, valid_until, signature)
    }

    /// The bytes that a signer with this key signs.
    pub fn attestation(&self, signer: &Credentials, valid_until: Millis) -> RedemptionAttestation {
        RedemptionAttestation {
            domain: self.domain,
            voucher: self.redemption.voucher,
            redemption: self.number,
            shop: self.redemption.account,
            amount: self.redemption.amount.balance(),
            valid_until,
            epoch: signer.epoch,
            key: signer.key,
        }
    }

    fn signed<C: Crypto>(
        &self,
        signer: &Credentials,
        valid_until: Millis,
        signature: &Signature,
    ) -> Result<(), ProofRefusal> {
        let number = signer.number;
        if !is_before(self.now, valid_until) {
            return Err(ProofRefusal::Stale { signer: number, valid_until });
        }
        let bytes = self.attestation(signer, valid_until).signed_bytes::<C>();
        if C::sr25519_verify(signature, &bytes, &signer.key) {
            Ok(())
        } else {
            Err(ProofRefusal::BadSignature { signer: number })
        }
    }
}

#[cfg(test)]
mod tests;
