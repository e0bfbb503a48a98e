//! Somebody with an account and a key: an sr25519 pair whose public key is the account.

use crate::wallet;
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{Account, Signature},
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};
use std::fmt;

/// The seed of `//Alice`.
const ALICE: [u8; 32] = [
    0xe5, 0xbe, 0x9a, 0x50, 0x92, 0xb8, 0x1b, 0xca, 0x64, 0xbe, 0x81, 0xd2, 0x12, 0xe7, 0xf2, 0xf9, 0xeb, 0xa1, 0x83,
    0xbb, 0x7a, 0x90, 0x95, 0x4f, 0x7b, 0x76, 0x36, 0x1f, 0x6e, 0xdb, 0x5c, 0x0a,
];

/// Somebody who sends transactions and signs.
#[derive(Clone)]
pub struct Actor {
    name: String,
    seed: Option<[u8; 32]>,
    pair: Keypair,
}

impl Actor {
    /// The actor of this name: always the same key for the same name. For demos, evaluations and tests; anybody can make
    /// these keys.
    pub fn named(name: &str) -> Self {
        Self::from_seed(name, Native::blake2b_256(format!("amanah actor {name}").as_bytes()))
    }

    /// An actor with a key of its own.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Self {
        // A mini secret key is any 32 bytes: only another length could be refused.
        let pair = MiniSecretKey::from_bytes(&seed)
            .map(|secret| secret.expand_to_keypair(ExpansionMode::Ed25519))
            .expect("32 bytes are a mini secret key");
        Self { name: name.to_owned(), seed: Some(seed), pair }
    }

    /// The actor with the key of a secret as wallets and nodes write it (suri): a phrase, or `0x` and a seed, then
    /// `//junctions`, then `///password`.
    ///
    /// # Errors
    /// A sentence, when it is no such secret. The secret is not repeated.
    pub fn from_suri(name: &str, suri: &str) -> Result<Self, String> {
        use sp_core::{sr25519, Pair};
        // Nothing at all would mean the phrase of development chains.
        if suri.is_empty() {
            return Err("the secret is empty".to_owned());
        }
        let (_, seed) = sr25519::Pair::from_string_with_seed(suri, None).map_err(|_| {
            "this is no secret: it must be a phrase of 12 to 24 words, or 0x and 64 hex digits, or nothing for development \
             chains, then //junctions, then ///password"
        })?;
        let seed = seed.ok_or("soft junctions (/) are not supported here, hard ones (//) are")?;
        Ok(Self::from_seed(name, seed))
    }

    /// The actor with the key of an account that Polkadot.js wallets exported, as JSON, under a password.
    ///
    /// # Errors
    /// A sentence: when it is no such file, holds no sr25519 key, or the password is another one.
    pub fn from_wallet(name: &str, json: &str, password: &str) -> Result<Self, String> {
        Ok(Self { name: name.to_owned(), seed: None, pair: wallet::open(json, password)? })
    }

    /// Alice of every development chain, whose key everybody knows and who has tokens there.
    pub fn alice() -> Self {
        Self::from_seed("Alice", ALICE)
    }

    /// Its name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its account, which is its public key.
    pub fn account(&self) -> Account {
        self.pair.public.to_bytes()
    }

    /// Its account as messages take it.
    pub fn id(&self) -> amanah_interfaces::AccountId {
        self.account().into()
    }

    /// The seed of its key, for services that sign on its behalf; `None` if its key is a wallet's.
    pub fn seed(&self) -> Option<&[u8; 32]> {
        self.seed.as_ref()
    }

    /// Its signature over exactly these bytes (sr25519, context `substrate`).
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        self.pair.sign_simple(b"substrate", bytes).to_bytes()
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, hex::encode(self.account()))
    }
}

/// An account as people write it: SS58, in the generic form that Polkadot.js UI shows.
pub fn address(account: &Account) -> String {
    use ink_sandbox::{AccountId32, Ss58Codec};
    AccountId32::from(*account).to_ss58check()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_one_that_wallets_show() {
        // Alice of every development chain.
        let alice = hex::decode("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d").unwrap();
        assert_eq!(address(&alice.try_into().unwrap()), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    }

    #[test]
    fn alice_has_the_account_that_development_chains_endow() {
        assert_eq!(address(&Actor::alice().account()), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    }

    #[test]
    fn a_name_is_always_the_same_actor_and_another_name_another_one() {
        assert_eq!(Actor::named("shop").account(), Actor::named("shop").account());
        assert_ne!(Actor::named("shop").account(), Actor::named("bank").account());
    }
}
