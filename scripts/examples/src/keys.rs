//! Secrets and accounts as people write them.

use amanah_client::Actor;
use amanah_domain::ids::Account;
use anyhow::{anyhow, ensure, Context, Result};
use sp_core::{sr25519, Pair};
use std::{env, str::FromStr};
use subxt::utils::AccountId32;

/// Whoever holds the secret in this environment variable: a phrase or 0x and a seed, then //junctions, then ///password.
/// Command lines can be read by everybody on the machine, so secrets do not belong there.
///
/// # Errors
/// When there is none, or it is none. The secret is not repeated.
pub fn actor(variable: &str) -> Result<Actor> {
    let suri = env::var(variable).with_context(|| format!("set {variable} to the secret of the account that sends"))?;
    of_suri(variable, &suri).with_context(|| variable.to_owned())
}

/// The account that somebody writes as SS58, or on a development chain as a suri such as `//Siti`.
///
/// # Errors
/// When it is neither.
pub fn account(text: &str) -> Result<Account> {
    if text.starts_with("//") {
        return Ok(of_suri(text, text)?.account());
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

fn of_suri(name: &str, suri: &str) -> Result<Actor> {
    // Nothing at all would mean the phrase of development chains.
    ensure!(!suri.is_empty(), "the secret is empty");
    let (_, seed) = sr25519::Pair::from_string_with_seed(suri, None).ok().context(
        "this is no secret: it must be a phrase of 12 to 24 words, or 0x and 64 hex digits, or nothing for development \
         chains, then //junctions, then ///password",
    )?;
    Ok(Actor::from_seed(name, seed.context("soft junctions (/) are not supported here, hard ones (//) are")?))
}
