//! The one-time-code service of the stories, with a phone network that is a list in memory.

use super::{offices::Offices, stage::Stage};
use crate::money::Currency;
use amanah_attestor::{Attestor, Identity, MemoryOutbox, MemoryStore, PhoneNumber, Request, StoreKey};
use amanah_client::Actor;
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{RedemptionId, VoucherId},
};
use amanah_interfaces::{
    voucher::{Proof, Voucher},
    Balance,
};
use anyhow::{Context, Result};
use schnorrkel::{ExpansionMode, MiniSecretKey};

/// The service.
pub struct Codes {
    service: Attestor<MemoryStore, MemoryOutbox>,
}

/// Who is asked to agree, and to what it is told.
pub struct Asked<'a> {
    /// The shop or operator, as the holder knows it.
    pub shop: &'a str,
    /// The holder's phone.
    pub phone: &'a PhoneNumber,
    /// How the amount is written.
    pub money: &'a Currency,
}

impl Codes {
    /// Starts the service with the key of the registered attestor.
    pub fn start(stage: &Stage, offices: &Offices) -> Result<Self> {
        let seed = offices.attestor.seed().context("the service's key has a seed")?;
        let pair = MiniSecretKey::from_bytes(seed)
            .map_err(|error| anyhow::anyhow!("the service's key: {error}"))?
            .expand_to_keypair(ExpansionMode::Ed25519);
        let identity = Identity::new(stage.suite.voucher_domain(), offices.attestor_number, 0, pair);
        Ok(Self { service: Attestor::new(identity, StoreKey::generate()?, MemoryStore::new(), MemoryOutbox::new()) })
    }

    /// All messages that went out.
    pub fn outbox(&self) -> &MemoryOutbox {
        self.service.sms()
    }

    /// The service sends the holder a code; answers with it, as the holder reads it from the SMS.
    pub fn send(&mut self, stage: &mut Stage, redemption: RedemptionId, asked: &Asked) -> Result<String> {
        let record = stage.ask(stage.suite.voucher().redemption(redemption))?.context("the redemption is on chain")?;
        let request = Request {
            voucher: record.voucher,
            redemption,
            shop: record.account,
            shop_name: asked.shop.to_owned(),
            amount: record.amount,
            amount_text: asked.money.text(record.amount.balance()),
            expires: record.expires,
            phone: asked.phone.clone(),
        };
        self.service.open(&request, stage.chain.now()?)?;
        let message = self.outbox().latest_to(asked.phone).context("the message is in the outbox")?;
        Ok(message.code().to_owned())
    }

    /// Sends the code, shows the SMS, and shows that another code is refused.
    pub fn send_and_show(&mut self, stage: &mut Stage, redemption: RedemptionId, asked: &Asked) -> Result<String> {
        let code = self.send(stage, redemption, asked)?;
        let text = self.outbox().latest_to(asked.phone).context("the message is there")?.text();
        stage.report.line(format_args!("   SMS to the holder: {text}"));
        let now = stage.chain.now()?;
        match self.service.confirm(redemption, &wrong_code(&code), now) {
            Err(error) => stage.show_refusal("the shop enters a wrong code", format!("{error}")),
            Ok(_) => anyhow::bail!("a wrong code was taken"),
        }
        Ok(code)
    }

    /// The service signs that the holder agreed, for the right code.
    pub fn proof(&mut self, stage: &mut Stage, redemption: RedemptionId, code: &str) -> Result<Proof> {
        let attestation = self.service.confirm(redemption, code, stage.chain.now()?)?;
        Ok(Proof::Attestors(vec![attestation]))
    }
}

/// Another code than this one.
fn wrong_code(code: &str) -> String {
    let last = if code.ends_with('0') { "1" } else { "0" };
    format!("{}{last}", &code[..code.len() - 1])
}

/// A shop's hash over what was bought, with a salt of its own, without which the list of items could be guessed; the
/// stories have no lists of items.
pub fn items(shop: &Actor, voucher: VoucherId, amount: Balance) -> [u8; 32] {
    let salt = Native::blake2b_256(&[b"items", &shop.seed().copied().unwrap_or_default()[..]].concat());
    Native::blake2b_256(&[&salt, format!("rice and oil, voucher {voucher}, {amount}").as_bytes()].concat())
}
