//! The service: opens redemptions, sends codes, takes codes, signs.

use crate::{
    code::{fill, Code},
    error::Error,
    record::{Record, Ticket},
    request::{must_be_plausible, Request},
    seal::StoreKey,
    sms::{Sms, SmsError},
    store::{Entry, Store},
};
use amanah_domain::{
    crypto::Native,
    ids::{ParticipantId, PublicKey, RedemptionId},
    layout::{DomainSeparator, RedemptionAttestation},
    redemption::Attestation,
    time::{Millis, DAY},
};
use rand_chacha::{rand_core::SeedableRng, ChaCha20Rng};
use scale::{DecodeAll, Encode};
use schnorrkel::{context::attach_rng, signing_context, Keypair};
use std::fmt;
use zeroize::Zeroizing;

/// How long a record is kept after its redemption ended (milliseconds): longer than clocks can be wrong, since a
/// redemption that is forgotten too early could be opened again with fresh tries.
pub const KEPT: Millis = DAY;

/// Marks a sealed record, so that it is nothing else.
const RECORD_TAG: &[u8; 16] = b"amanah-otpseal/1";

/// Whom the service signs as, and for which voucher contract.
pub struct Identity {
    domain: DomainSeparator,
    participant: ParticipantId,
    epoch: u32,
    pair: Keypair,
}

impl Identity {
    /// The voucher contract's separator, the attestor's number in the registry, and its present sr25519 key there with
    /// the key's epoch.
    pub fn new(domain: DomainSeparator, participant: ParticipantId, epoch: u32, pair: Keypair) -> Self {
        Self { domain, participant, epoch, pair }
    }

    /// The public key that the attestations verify with.
    pub fn public_key(&self) -> PublicKey {
        self.pair.public.to_bytes()
    }

    /// Signs that the holder agreed. It counts as long as the redemption can be confirmed at all: the code has been
    /// entered by now, what remains is to bring the attestation to the chain.
    fn attest(&self, request: &Request) -> Result<Attestation, Error> {
        let bytes = RedemptionAttestation {
            domain: self.domain,
            voucher: request.voucher,
            redemption: request.redemption,
            shop: request.shop,
            amount: request.amount.balance(),
            valid_until: request.expires,
            epoch: self.epoch,
            key: self.public_key(),
        }
        .signed_bytes::<Native>();
        // schnorrkel's own source of randomness panics where the operating system has none to give.
        let mut seed = Zeroizing::new([0; 32]);
        fill(seed.as_mut())?;
        let transcript = attach_rng(signing_context(b"substrate").bytes(&bytes), ChaCha20Rng::from_seed(*seed));
        let signature = self.pair.sign(transcript).to_bytes();
        Ok(Attestation { attestor: self.participant, valid_until: request.expires, signature })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("domain", &hex::encode(self.domain))
            .field("participant", &self.participant)
            .field("epoch", &self.epoch)
            .field("public_key", &hex::encode(self.public_key()))
            .finish_non_exhaustive()
    }
}

/// The one-time-code service over a store and an SMS transport.
///
/// `now` is always the service's clock in milliseconds since 1970.
pub struct Attestor<S, T> {
    identity: Identity,
    store_key: StoreKey,
    store: S,
    sms: T,
}

impl<S: Store, T: Sms> Attestor<S, T> {
    /// A service that signs as `identity` and keeps its records in `store`, encrypted with `store_key`.
    ///
    /// After a rotation of the signing key, a new `Identity` goes on with the same store and store key. Attestations that
    /// were made before stay as they are: the chain does not take them any more.
    pub fn new(identity: Identity, store_key: StoreKey, store: S, sms: T) -> Self {
        Self { identity, store_key, store, sms }
    }

    /// Draws a code for a redemption and sends it to the holder with the shop's name and the amount.
    ///
    /// The request must be that of a final block. The code is valid for [`CODE_LIFETIME`](crate::CODE_LIFETIME), or until
    /// the redemption ends if that is sooner.
    ///
    /// Opening the same redemption again changes nothing and answers how it stands, with one exception: if no message is
    /// known to have gone out, the same code is sent now. Codes and tries are never renewed. As long as surely none went out,
    /// the phone, the shop's name and the amount's text may be corrected: nobody has read them.
    ///
    /// # Errors
    /// `Request`, `ImplausibleTime`, `TimeOver`; `DifferentRequest` if it was opened with any other fact; `TriesUsedUp`;
    /// `MessagesUsedUp` if as many messages may have gone out as are allowed, though none surely did; `Sms` if the message
    /// could not be sent, after which it can be opened again; `Sealed`, `NoRandomness`, `Store`.
    pub fn open(&mut self, request: &Request, now: Millis) -> Result<Ticket, Error> {
        request.check(now)?;
        let record = match self.load(request.redemption)? {
            None => Record::new(request.clone(), Code::draw()?, now),
            Some(record) => record.asked_again(request)?,
        };
        record.must_be_alive(now)?;
        if !record.needs_message() {
            return Ok(record.ticket());
        }
        self.deliver(record)
    }

    /// Sends the message of an opened redemption once more, with the same code; at most
    /// [`MOST_MESSAGES`](crate::MOST_MESSAGES) go out in all.
    ///
    /// # Errors
    /// `ImplausibleTime`, `Unknown`, `TimeOver`, `TriesUsedUp`, `AlreadyConfirmed`, `MessagesUsedUp`, `Sms`, `Sealed`,
    /// `NoRandomness`, `Store`.
    pub fn resend(&mut self, redemption: RedemptionId, now: Millis) -> Result<Ticket, Error> {
        must_be_plausible(now)?;
        let record = self.load(redemption)?.ok_or(Error::Unknown { redemption })?;
        record.must_be_alive(now)?;
        if record.attestation().is_some() {
            return Err(Error::AlreadyConfirmed { redemption });
        }
        self.deliver(record)
    }

    /// Takes the code that the holder told the shop, and answers with the attestation for the voucher contract.
    ///
    /// The right code makes the attestation once. Entered again in its time, it gives the identical attestation, so that
    /// an answer that was lost on its way is lost to nobody. That is safe: it is the same signature over the same bytes,
    /// good for the same shop only, and the chain confirms a redemption once.
    ///
    /// A wrong code uses up a try, also after the right one was entered. A process that dies between counting the try and
    /// answering has used it up too, even if the code was right. What is not six ASCII digits uses up nothing.
    ///
    /// # Errors
    /// `NotACode`, `ImplausibleTime`, `Unknown`, `TimeOver`, `NoCodeSent` and `TriesUsedUp`, none of which uses a try;
    /// `WrongCode`; `Sealed`, `NoRandomness`, `Store`.
    pub fn confirm(&mut self, redemption: RedemptionId, code: &str, now: Millis) -> Result<Attestation, Error> {
        let given = Code::parse(code).ok_or(Error::NotACode { length: code.len() })?;
        must_be_plausible(now)?;
        let record = self.load(redemption)?.ok_or(Error::Unknown { redemption })?.try_counted(now)?;
        // The count must be durable before anything that depends on the comparison happens.
        self.save(&record)?;
        if record.code != given {
            return Err(record.wrong_code());
        }
        let attestation = match record.attestation() {
            Some(attestation) => attestation.clone(),
            None => self.identity.attest(&record.request)?,
        };
        self.save(&record.confirmed(attestation.clone()))?;
        Ok(attestation)
    }

    /// Forgets the redemptions that ended more than [`KEPT`] before `now`, and says how many those were. To be called
    /// daily or so: phone numbers are not kept longer than they are needed.
    ///
    /// # Errors
    /// `ImplausibleTime`, `Store`.
    pub fn forget(&mut self, now: Millis) -> Result<usize, Error> {
        must_be_plausible(now)?;
        Ok(self.store.forget(now.saturating_sub(KEPT))?)
    }

    /// The SMS transport.
    pub fn sms(&self) -> &T {
        &self.sms
    }

    /// The store and the SMS transport, to go on with under another identity.
    pub fn into_parts(self) -> (S, T) {
        (self.store, self.sms)
    }

    /// Counts a message, then sends it: a process that dies in between has sent one too few, never one too many.
    fn deliver(&mut self, record: Record) -> Result<Ticket, Error> {
        let record = record.message_counted()?;
        self.save(&record)?;
        match self.sms.send(&record.message()) {
            Ok(()) => {
                let record = record.message_delivered();
                self.save(&record)?;
                Ok(record.ticket())
            }
            Err(error) => {
                if matches!(error, SmsError::NotSent { .. }) {
                    self.save(&record.message_returned())?;
                }
                Err(error.into())
            }
        }
    }

    fn load(&self, redemption: RedemptionId) -> Result<Option<Record>, Error> {
        let Some(entry) = self.store.get(redemption)? else {
            return Ok(None);
        };
        let plain = self.store_key.unseal(&self.context(redemption), &entry.sealed);
        let record = plain.and_then(|plain| Record::decode_all(&mut plain.as_slice()).ok());
        record.map(Some).ok_or(Error::Sealed { redemption })
    }

    fn save(&mut self, record: &Record) -> Result<(), Error> {
        let Request { redemption, expires, .. } = record.request;
        let plain = Zeroizing::new(record.encode());
        let sealed = self.store_key.seal(&self.context(redemption), &plain)?.ok_or(Error::Sealed { redemption })?;
        Ok(self.store.put(Entry { redemption, ends: expires, sealed })?)
    }

    /// A record opens only as that of this redemption of this contract.
    fn context(&self, redemption: RedemptionId) -> Vec<u8> {
        [RECORD_TAG.as_slice(), &self.identity.domain, &redemption.to_le_bytes()].concat()
    }
}

impl<S, T> fmt::Debug for Attestor<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attestor").field("identity", &self.identity).finish_non_exhaustive()
    }
}
