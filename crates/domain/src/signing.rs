//! What a participant signs off chain and somebody else hands in: it counts once, in time, with the signer's present key.

use crate::{
    crypto::Crypto,
    ids::{ParticipantId, Signature},
    layout::WRAPPED_BYTES,
    participant::Credentials,
    time::{is_before, Millis},
    wire,
};

wire! {
    /// Why something signed does not count.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum SigningRefusal {
        /// The signer is not active, or does not hold the role that this needs.
        NotInGoodStanding {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// The signer signs about itself what another one has to sign.
        OwnMatter {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// Its time is over.
        Stale {
            /// When it ended (milliseconds).
            valid_until: Millis,
        },
        /// The nonce is not above the latest one that was used.
        NonceUsed {
            /// The latest one.
            latest: u64,
        },
        /// The signature does not verify with the signer's present key over exactly this.
        BadSignature {
            /// The signer's number.
            signer: ParticipantId,
        },
        /// Somebody signs for the same in another role already, under this number or this key: another one must.
        Repeated {
            /// The signer's number.
            signer: ParticipantId,
        },
    }
}

wire! {
    /// A signature with what limits it.
    #[derive(Copy)]
    pub struct Signed {
        /// Above every nonce that this signature's subject has used for the same purpose.
        pub nonce: u64,
        /// Until when it counts (milliseconds); signed over.
        pub valid_until: Millis,
        /// sr25519 over the wrapped digest of the statement (docs/loan.md).
        pub signature: Signature,
    }
}

impl Signed {
    /// Is it in time, its nonce new (`latest` is the latest one used), and the signature `signer`'s over `statement`?
    ///
    /// # Errors
    /// `Stale`, `NonceUsed`, `BadSignature`.
    pub fn must_count<C: Crypto>(
        &self,
        signer: &Credentials,
        statement: &[u8; WRAPPED_BYTES],
        latest: u64,
        now: Millis,
    ) -> Result<(), SigningRefusal> {
        if !is_before(now, self.valid_until) {
            return Err(SigningRefusal::Stale { valid_until: self.valid_until });
        }
        if self.nonce <= latest {
            return Err(SigningRefusal::NonceUsed { latest });
        }
        if !C::sr25519_verify(&self.signature, statement, &signer.key) {
            return Err(SigningRefusal::BadSignature { signer: signer.number });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crypto::Native, participant::Status, roles::Roles};

    fn signer() -> (schnorrkel::Keypair, Credentials) {
        let pair = schnorrkel::MiniSecretKey::from_bytes(&[7; 32]).unwrap();
        let pair = pair.expand_to_keypair(schnorrkel::ExpansionMode::Ed25519);
        let known = Credentials {
            number: 5,
            account: [5; 32],
            roles: Roles::NONE,
            status: Status::Active,
            key: pair.public.to_bytes(),
            epoch: 0,
            blacklisted: false,
            identity_valid_until: 0,
        };
        (pair, known)
    }

    #[test]
    fn a_signature_counts_until_its_time_with_a_new_nonce_and_over_exactly_this() {
        let (pair, known) = signer();
        let statement = [1; WRAPPED_BYTES];
        let signature = pair.sign_simple(b"substrate", &statement).to_bytes();
        let signed = Signed { nonce: 4, valid_until: 100, signature };
        let counts =
            |signed: Signed, statement, latest, now| signed.must_count::<Native>(&known, statement, latest, now);
        assert_eq!(counts(signed, &statement, 3, 99), Ok(()));
        assert_eq!(counts(signed, &statement, 3, 100), Err(SigningRefusal::Stale { valid_until: 100 }));
        assert_eq!(counts(signed, &statement, 4, 99), Err(SigningRefusal::NonceUsed { latest: 4 }));
        assert_eq!(counts(signed, &statement, 5, 99), Err(SigningRefusal::NonceUsed { latest: 5 }));
        let bad = Err(SigningRefusal::BadSignature { signer: 5 });
        assert_eq!(counts(signed, &[2; WRAPPED_BYTES], 3, 99), bad);
        let mut other = signed;
        other.signature[0] ^= 1;
        assert_eq!(counts(other, &statement, 3, 99), bad);
    }
}
