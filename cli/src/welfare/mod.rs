//! Schemes and applications of social security from JSON files.

pub mod applications;
pub mod schemes;

use amanah_domain::time::Millis;
use anyhow::{anyhow, ensure, Context, Result};
use chrono::{NaiveDate, NaiveTime};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value as what it must be; an error names where in it something does not fit, and what is there.
fn typed<T: DeserializeOwned>(value: &Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let there = path.split('.').try_fold(value, |within, name| within.get(name));
        match there {
            Some(there) => anyhow!("{path} is {there}: {}", error.inner()),
            None => anyhow!("{}", error.inner()),
        }
    })
}

/// When a day begins (UTC).
///
/// # Errors
/// For a day before 1970.
fn begin(day: NaiveDate) -> Result<Millis> {
    let at = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    Millis::try_from(at).with_context(|| format!("{day} is before 1970"))
}

/// Per cent as basis points.
fn basis_points(name: &str, percent: u16) -> Result<u16> {
    ensure!(percent <= 100, "{name} is {percent} and must be from 0 to 100");
    Ok(percent * 100)
}
