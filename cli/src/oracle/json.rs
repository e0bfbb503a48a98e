//! Values of JSON files: what does not fit is named with its value and the rule.

use anyhow::{anyhow, Result};
use serde_json::{Map, Value};

/// The names and values of an object.
///
/// # Errors
/// When it is none.
pub fn object<'a>(what: &str, value: &'a Value) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| anyhow!("{what} is {value} and must be an object of names and values"))
}

/// A whole number up to `most`.
///
/// # Errors
/// When it is none.
pub fn whole(name: &str, value: &Value, most: u64) -> Result<u64> {
    let number = value.as_u64().filter(|number| *number <= most);
    number.ok_or_else(|| anyhow!("{name} is {value} and must be a whole number from 0 to {most}"))
}

/// True or false.
///
/// # Errors
/// When it is neither.
pub fn truth(name: &str, value: &Value) -> Result<bool> {
    value.as_bool().ok_or_else(|| anyhow!("{name} is {value} and must be true or false"))
}
