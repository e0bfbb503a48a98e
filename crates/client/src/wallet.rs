//! Accounts as Polkadot.js wallets export them: JSON, encrypted under a password (xsalsa20-poly1305 under a key by scrypt).
//!
//! subxt-signer 0.38 reads only the form that wallets wrote until 2024 (scrypt with N = 2^15); newer ones write N = 2^17. The
//! layout is that of `@polkadot/keyring`: salt [32], N, p, r [u32 each], nonce [24], box; in the box a PKCS8 header [16], the
//! secret key [64], a divider [5], the public key [32].

use base64::{engine::general_purpose::STANDARD, Engine};
use crypto_secretbox::{aead::Aead, Key, KeyInit, Nonce, XSalsa20Poly1305};
use schnorrkel::{Keypair, SecretKey};
use serde_json::Value;

const HEADER: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
const DIVIDER: [u8; 5] = [161, 35, 3, 33, 0];

/// The largest scrypt work that is done: N = 2^20 takes a gigabyte.
const MOST_WORK: u8 = 20;

/// The key pair in an exported account.
///
/// # Errors
/// What is wrong with it, or that the password is another one.
pub fn open(json: &str, password: &str) -> Result<Keypair, String> {
    let export: Value = serde_json::from_str(json).map_err(|_| "it is no JSON".to_owned())?;
    let lists = |key: &str, word: &str| {
        let list = &export["encoding"][key];
        list.as_array().is_some_and(|list| list.iter().any(|one| one == word))
    };
    let is_known = export["encoding"]["version"] == "3"
        && [("content", "pkcs8"), ("type", "scrypt"), ("type", "xsalsa20-poly1305")]
            .iter()
            .all(|(key, word)| lists(key, word));
    if !is_known {
        return Err("it is no account that Polkadot.js exported under a password (version 3)".to_owned());
    }
    if !lists("content", "sr25519") {
        return Err("its key is not of the kind sr25519".to_owned());
    }
    let cut_off = || "its content is cut off".to_owned();
    let encoded = export["encoded"].as_str().ok_or_else(cut_off)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| "its content is not base64".to_owned())?;
    let (salt, rest) = bytes.split_first_chunk::<32>().ok_or_else(cut_off)?;
    let (numbers, rest) = rest.split_first_chunk::<12>().ok_or_else(cut_off)?;
    let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or_else(cut_off)?;
    let mut key = Key::default();
    scrypt::scrypt(password.as_bytes(), salt, &work(numbers)?, &mut key).map_err(|error| error.to_string())?;
    let opened = XSalsa20Poly1305::new(&key)
        .decrypt(&Nonce::from(*nonce), sealed)
        .map_err(|_| "the password is another one".to_owned())?;
    let damaged = || "its key is damaged".to_owned();
    let (secret, rest) =
        opened.strip_prefix(&HEADER).and_then(|rest| rest.split_first_chunk::<64>()).ok_or_else(damaged)?;
    let public = rest.strip_prefix(&DIVIDER).ok_or_else(damaged)?;
    let pair: Keypair = SecretKey::from_ed25519_bytes(secret).map_err(|_| damaged())?.into();
    if pair.public.to_bytes() == *public {
        Ok(pair)
    } else {
        Err(damaged())
    }
}

/// How much work the key takes: N, p, r.
fn work(numbers: &[u8; 12]) -> Result<scrypt::Params, String> {
    let number =
        |at: usize| numbers.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
    let (n, p, r) = (number(0), number(4), number(8));
    let log_n = u8::try_from(n.max(1).ilog2()).unwrap_or(u8::MAX);
    let refused = || format!("it asks for scrypt with N {n}, p {p}, r {r}, which no wallet does");
    if !n.is_power_of_two() || log_n > MOST_WORK || p != 1 || r != 8 {
        return Err(refused());
    }
    scrypt::Params::new(log_n, r, p, scrypt::Params::RECOMMENDED_LEN).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bob of every development chain, exported by `@polkadot/keyring` 14 under the password `correct horse`.
    const BOB: &str = include_str!("wallet/bob.json");

    #[test]
    fn an_exported_account_is_opened_by_its_password_only() {
        let bob = "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48";
        assert_eq!(hex::encode(open(BOB, "correct horse").unwrap().public.to_bytes()), bob);
        assert_eq!(open(BOB, "wrong").unwrap_err(), "the password is another one");
    }

    #[test]
    fn what_is_no_such_account_is_refused_with_the_reason() {
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut export: Value = serde_json::from_str(BOB).unwrap();
            change(&mut export);
            open(&export.to_string(), "correct horse").unwrap_err()
        };
        assert_eq!(open("", "x").unwrap_err(), "it is no JSON");
        assert!(changed(&|export| export["encoding"]["version"] = "2".into()).contains("version 3"));
        assert!(changed(&|export| export["encoding"]["content"] = vec!["pkcs8", "ed25519"].into()).contains("sr25519"));
        assert!(changed(&|export| export["encoded"] = "AAAA".into()).contains("cut off"));
        let mut bytes =
            STANDARD.decode(serde_json::from_str::<Value>(BOB).unwrap()["encoded"].as_str().unwrap()).unwrap();
        // N = 2^31 would take for ever.
        bytes[32..36].copy_from_slice(&(1u32 << 31).to_le_bytes());
        let greedy = STANDARD.encode(bytes);
        assert!(changed(&|export| export["encoded"] = greedy.clone().into()).contains("which no wallet does"));
    }
}
