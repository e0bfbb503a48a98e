//! Secrets and addresses as people write them.

use amanah_client::Actor;
use amanah_domain::ids::Account;
use anyhow::{ensure, Context, Result};
use sp_core::{
    crypto::{AccountId32, Ss58Codec},
    sr25519, Pair,
};

/// Where a secret is looked for that is not on the command line.
const VARIABLE: &str = "AMANAH_SURI";

/// The actor with the key of a SURI; without one, that of the environment variable `AMANAH_SURI`.
///
/// # Errors
/// When there is none, or it is no SURI. The secret is not repeated.
pub fn actor(name: &str, suri: Option<&str>) -> Result<Actor> {
    match suri {
        Some(suri) => of_suri(name, suri).context("--suri"),
        None => {
            let suri = std::env::var(VARIABLE);
            let suri = suri.with_context(|| format!("the oracle needs a key: give --suri, or set {VARIABLE}"))?;
            of_suri(name, &suri).context(VARIABLE)
        }
    }
}

fn of_suri(name: &str, suri: &str) -> Result<Actor> {
    // Nothing at all would mean the phrase of development chains.
    ensure!(!suri.is_empty(), "the secret is empty");
    let (_, seed) = sr25519::Pair::from_string_with_seed(suri, None).ok().context(
        "this is no secret: it must be a phrase of 12 to 24 words, or 0x and 64 hex digits, or nothing for development \
         chains, then //junctions, then ///password",
    )?;
    let seed = seed.context("soft junctions (/) are not supported here, hard ones (//) are")?;
    Ok(Actor::from_seed(name, seed))
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
            assert_eq!(address(&of_suri("x", suri).unwrap().account()), account, "{suri}");
        }
    }

    #[test]
    fn a_secret_that_is_none_is_refused_and_not_repeated() {
        for suri in ["secret words", "0x1234", "//Alice/soft", ""] {
            let error = of_suri("x", suri).unwrap_err().to_string();
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
}
