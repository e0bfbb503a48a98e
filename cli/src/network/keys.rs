//! Secrets and addresses as people write them.

use amanah_client::Actor;
use amanah_domain::ids::Account;
use anyhow::{ensure, Context, Error, Result};
use sp_core::crypto::{AccountId32, Ss58Codec};
use std::{fs, io::IsTerminal, path::Path};

/// Where a secret is looked for that is neither on the command line nor in a file.
const SURI: &str = "AMANAH_SURI";
/// Where a keystore's password is looked for that is not in a file.
const PASSWORD: &str = "AMANAH_PASSWORD";

/// Where a key is.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a> {
    /// The secret itself, or `-` to ask for it on the terminal.
    pub suri: Option<&'a str>,
    /// A file whose first line is the secret.
    pub suri_file: Option<&'a Path>,
    /// An account that Polkadot.js exported.
    pub keystore: Option<&'a Path>,
    /// A file whose first line is its password.
    pub password_file: Option<&'a Path>,
}

impl Sources<'_> {
    /// The actor with the key; `None` if there is none anywhere.
    ///
    /// # Errors
    /// When a secret is none, or a file cannot be read. No secret is repeated.
    pub fn actor(&self, name: &str) -> Result<Option<Actor>> {
        if let Some(file) = self.keystore {
            return keystore(name, file, self.password_file).map(Some);
        }
        let (suri, from) = match (self.suri, self.suri_file) {
            (Some("-"), _) => (asked("Secret (suri): ")?, "the terminal".to_owned()),
            (Some(suri), _) => (suri.to_owned(), "--suri".to_owned()),
            (None, Some(file)) => (first_line(file)?, file.display().to_string()),
            (None, None) => match std::env::var(SURI) {
                Ok(suri) => (suri, SURI.to_owned()),
                Err(_) => return Ok(None),
            },
        };
        Actor::from_suri(name, &suri).map_err(Error::msg).context(from).map(Some)
    }
}

/// The actor with the key of a SURI; without one, that of the environment variable `AMANAH_SURI`.
///
/// # Errors
/// When there is none, or it is no SURI. The secret is not repeated.
pub fn actor(name: &str, suri: Option<&str>) -> Result<Actor> {
    let actor = Sources { suri, ..Sources::default() }.actor(name)?;
    actor.with_context(|| format!("{name} needs a key: give --suri, or set {SURI}"))
}

fn keystore(name: &str, file: &Path, password_file: Option<&Path>) -> Result<Actor> {
    let shown = file.display();
    let json = fs::read_to_string(file).with_context(|| shown.to_string())?;
    let password = match (password_file, std::env::var(PASSWORD)) {
        (Some(file), _) => first_line(file)?,
        (None, Ok(password)) => password,
        (None, Err(_)) => asked(&format!("Password of {shown}: "))?,
    };
    Actor::from_wallet(name, &json, &password)
        .map_err(|reason| anyhow::anyhow!("{shown} cannot be opened with this password: {reason}"))
}

/// A secret from the terminal, unseen.
fn asked(prompt: &str) -> Result<String> {
    ensure!(std::io::stdin().is_terminal(), "there is no terminal to ask on: give a file or an environment variable");
    Ok(rpassword::prompt_password(prompt)?)
}

fn first_line(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// An account as SS58, or as 0x and 64 hex digits.
///
/// # Errors
/// A sentence, if it is neither.
pub fn account(text: &str) -> Result<Account, String> {
    if let Some(digits) = text.strip_prefix("0x") {
        let mut account = [0; 32];
        hex::decode_to_slice(digits, &mut account).map_err(|_| "after 0x there must be 64 hex digits".to_owned())?;
        return Ok(account);
    }
    let account = AccountId32::from_ss58check(text);
    account.map(Into::into).map_err(|_| "this is no SS58 address, such as wallets show".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_client::address;
    use amanah_domain::{
        crypto::{Crypto, Native},
        layout::wrapped,
    };
    use sp_core::{sr25519, Pair};

    #[test]
    fn a_suri_gives_the_account_that_wallets_and_nodes_give_it() {
        // The accounts of every development chain, as `subkey inspect` prints them.
        let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
        for (suri, account) in [
            ("//Alice", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"),
            ("//Bob", "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"),
            (
                "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a",
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            ),
            (&format!("{phrase}//Alice"), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"),
            (phrase, "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV"),
        ] {
            assert_eq!(address(&Actor::from_suri("x", suri).unwrap().account()), account, "{suri}");
        }
    }

    #[test]
    fn a_secret_that_is_none_is_refused_and_not_repeated() {
        for suri in ["secret words", "0x1234", "//Alice/soft", ""] {
            let error = Actor::from_suri("x", suri).unwrap_err();
            assert!(suri.is_empty() || !error.contains(suri), "{error}");
        }
    }

    #[test]
    fn an_address_is_read_in_both_forms() {
        let alice = Actor::alice().account();
        assert_eq!(account("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"), Ok(alice));
        assert_eq!(account(&format!("0x{}", hex::encode(alice))), Ok(alice));
        for wrong in ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ", "0x12", "", "alice"] {
            assert!(account(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn signatures_of_subkey_are_taken_in_the_wrapped_form_only() {
        // subkey signs with sp-core's pairs.
        let pair = sr25519::Pair::from_string("//Bob", None).unwrap();
        let key = pair.public().0;
        let message = b"whatever a contract asks to be signed";
        let wrapped = wrapped::<Native>(message);
        assert!(Native::sr25519_verify(&pair.sign(&wrapped).0, &wrapped, &key));
        let mut other = pair.sign(&wrapped).0;
        other[7] ^= 1;
        assert!(!Native::sr25519_verify(&other, &wrapped, &key), "damaged");
        assert!(!Native::sr25519_verify(&pair.sign(message).0, &wrapped, &key), "of the bare message");
    }
}
