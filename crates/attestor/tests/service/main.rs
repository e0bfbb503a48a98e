//! What holders, shops and thieves see of the service.

mod confirming;
mod durability;
mod opening;
mod random_sequences;
mod secrecy;

use amanah_attestor::{
    Attestor, Identity, MemoryOutbox, MemoryStore, PhoneNumber, Request, Sms, SmsError, SmsMessage, Store, StoreKey,
};
use amanah_domain::{
    crypto::Native,
    ids::RedemptionId,
    money::Amount,
    participant::{Credentials, Status},
    redemption::{Attestation, Claim, Links, ProofRefusal, Redemption, RedemptionStatus},
    roles::{Role, Roles},
    time::{Millis, MINUTE},
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};
use std::{cell::RefCell, rc::Rc};

const DOMAIN: [u8; 32] = [0xdd; 32];
const ATTESTOR: u64 = 5;
const EPOCH: u32 = 4;
const NOW: Millis = 1_800_000_000_000;
/// The redemption was requested a minute before it was final and opened here.
const EXPIRES: Millis = NOW + 9 * MINUTE;
const STORE_KEY: [u8; 32] = [0x5a; 32];

fn pair(seed: u8) -> Keypair {
    MiniSecretKey::from_bytes(&[seed; 32]).unwrap().expand_to_keypair(ExpansionMode::Ed25519)
}

fn identity() -> Identity {
    Identity::new(DOMAIN, ATTESTOR, EPOCH, pair(1))
}

fn service<S: Store, T: Sms>(store: S, sms: T) -> Attestor<S, T> {
    Attestor::new(identity(), StoreKey::from_bytes(STORE_KEY), store, sms)
}

fn in_memory() -> Attestor<MemoryStore, MemoryOutbox> {
    service(MemoryStore::new(), MemoryOutbox::new())
}

fn phone() -> PhoneNumber {
    PhoneNumber::new("+6281234567890").unwrap()
}

fn request(redemption: RedemptionId) -> Request {
    Request {
        voucher: 11,
        redemption,
        shop: [0x22; 32],
        shop_name: "Warung Sari".to_owned(),
        amount: Amount::new(50_000),
        amount_text: "Rp 50.000".to_owned(),
        expires: EXPIRES,
        phone: phone(),
    }
}

/// Opens the redemption and reads the holder's phone.
fn opened<S: Store>(service: &mut Attestor<S, MemoryOutbox>, redemption: RedemptionId) -> String {
    service.open(&request(redemption), NOW).unwrap();
    service.sms().messages().last().unwrap().code().to_owned()
}

/// The `nth` code that is not this one.
fn wrong(code: &str, nth: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + nth + 1) % 1_000_000)
}

/// What the voucher contract says of the attestation, just before the redemption ends.
fn on_chain(request: &Request, attestation: &Attestation) -> Result<(), ProofRefusal> {
    let redemption = Redemption {
        voucher: request.voucher,
        shop: 22,
        account: request.shop,
        amount: request.amount,
        requested_at: request.expires - 10 * MINUTE,
        expires: request.expires,
        status: RedemptionStatus::Open,
        links: Links::default(),
    };
    let credentials = Credentials {
        number: ATTESTOR,
        account: [0x55; 32],
        roles: Roles::of(&[Role::RedemptionAttestor]).unwrap(),
        status: Status::Active,
        key: identity().public_key(),
        epoch: EPOCH,
        blacklisted: false,
        identity_valid_until: 0,
    };
    Claim { domain: DOMAIN, number: request.redemption, redemption: &redemption, now: request.expires - 1 }
        .attested::<Native>(&[(attestation.clone(), Some(credentials))], &[ATTESTOR], 1)
}

/// What a [`Moody`] transport does with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Sends,
    Refuses,
    SendsAndFails,
}

/// A transport that fails on demand, and shows what reached the phone.
#[derive(Clone)]
struct Moody(Rc<RefCell<(Mood, Vec<SmsMessage>)>>);

impl Moody {
    fn new(mood: Mood) -> Self {
        Self(Rc::new(RefCell::new((mood, Vec::new()))))
    }

    fn is_now(&self, mood: Mood) {
        self.0.borrow_mut().0 = mood;
    }

    fn received(&self) -> Vec<String> {
        self.messages().iter().map(|message| message.code().to_owned()).collect()
    }

    fn messages(&self) -> Vec<SmsMessage> {
        self.0.borrow().1.clone()
    }
}

impl Sms for Moody {
    fn send(&mut self, message: &SmsMessage) -> Result<(), SmsError> {
        let (mood, received) = &mut *self.0.borrow_mut();
        if *mood == Mood::Refuses {
            return Err(refused());
        }
        received.push(message.clone());
        if *mood == Mood::SendsAndFails {
            return Err(uncertain());
        }
        Ok(())
    }
}

fn refused() -> SmsError {
    SmsError::NotSent { detail: "the gateway is down".to_owned() }
}

fn uncertain() -> SmsError {
    SmsError::Uncertain { detail: "the gateway did not answer".to_owned() }
}
