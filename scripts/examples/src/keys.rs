//! Secrets and accounts as people write them.

use amanah_client::Actor;
use amanah_domain::ids::Account;
use anyhow::{anyhow, Context, Error, Result};
use std::{env, str::FromStr};
use subxt::utils::AccountId32;

/// Whoever holds the secret in this environment variable: a phrase or 0x and a seed, then //junctions, then ///password.
/// Command lines can be read by everybody on the machine, so secrets do not belong there.
///
/// # Errors
/// When there is none, or it is none. The secret is not repeated.
pub fn actor(variable: &str) -> Result<Actor> {
    let suri = env::var(variable).with_context(|| format!("set {variable} to the secret of the account that sends"))?;
    Actor::from_suri(variable, &suri).map_err(Error::msg).with_context(|| variable.to_owned())
}

/// The account that somebody writes as SS58, or on a development chain as a suri such as `//Siti`.
///
/// # Errors
/// When it is neither.
pub fn account(text: &str) -> Result<Account> {
    if text.starts_with("//") {
        return Ok(Actor::from_suri(text, text).map_err(Error::msg)?.account());
    }
    let account = AccountId32::from_str(text);
    account.map(|account| account.0).map_err(|_| anyhow!("{text:?} is no SS58 address, such as wallets show"))
}

/// 32 bytes that are kept secret in an environment variable, as 64 hex digits.
///
/// # Errors
/// When there are none. They are not repeated.
pub fn secret_bytes(variable: &str) -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    let digits = env::var(variable).unwrap_or_default();
    hex::decode_to_slice(&digits, &mut bytes).map_err(|_| anyhow!("set {variable} to 64 hex digits"))?;
    Ok(bytes)
}
