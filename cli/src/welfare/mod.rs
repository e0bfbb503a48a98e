//! Schemes and applications of social security from JSON files.

pub mod applications;
pub mod schemes;

use amanah_domain::{money::Amount, time::Millis};
use amanah_interfaces::Balance;
use anyhow::{ensure, Context, Result};
use chrono::{NaiveDate, NaiveTime};

/// When a day begins (UTC).
///
/// # Errors
/// For a day before 1970.
fn begin(day: NaiveDate) -> Result<Millis> {
    let at = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    Millis::try_from(at).with_context(|| format!("{day} is before 1970"))
}

/// An amount of whole units.
fn amount(name: &str, units: Balance) -> Result<Amount> {
    Amount::from_balance(units).map_err(|_| anyhow::anyhow!("{name} is {units} and must be below 2^64"))
}

/// Per cent as basis points.
fn basis_points(name: &str, percent: u16) -> Result<u16> {
    ensure!(percent <= 100, "{name} is {percent} and must be from 0 to 100");
    Ok(percent * 100)
}
