//! What is wrong with a value that somebody gave.

use super::Part;
use serde_json::Value as Json;

/// How much of a wrong value is repeated.
const SHOWN: usize = 80;

/// Why a message cannot be encoded, or an answer not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AbiError {
    /// There is no message of this name.
    #[error("the {contract} contract has no message {name}")]
    NoMessage {
        /// The contract.
        contract: String,
        /// The name.
        name: String,
    },
    /// A value breaks a rule.
    #[error("{path} is {value} and must be {rule}")]
    Value {
        /// Where it is: `terms.denominations[2].face`.
        path: String,
        /// The value, shortened.
        value: String,
        /// What it must be.
        rule: String,
    },
    /// A value is missing.
    #[error("{path} is missing and must be {rule}")]
    Missing {
        /// Where it should be.
        path: String,
        /// What it must be.
        rule: String,
    },
    /// There is no such argument or field.
    #[error("{path} is not known: {known}")]
    Unknown {
        /// Where it is.
        path: String,
        /// Which there are.
        known: String,
    },
    /// A time is counted from the chain's, which is not known.
    #[error("{path} counts from the chain's time, which is not known: {reason}")]
    NoTime {
        /// Where it is.
        path: String,
        /// Why.
        reason: String,
    },
    /// The answer is none to this message.
    #[error("the contract's answer cannot be read; is its bundle the one that is deployed?")]
    Unreadable,
}

impl AbiError {
    pub(super) fn value(path: &str, value: &Json, rule: String) -> Self {
        let mut value = value.to_string();
        if let Some((end, _)) = value.char_indices().nth(SHOWN) {
            value.truncate(end);
            value.push_str("..");
        }
        Self::Value { path: path.to_owned(), value, rule }
    }

    pub(super) fn unknown(path: &str, label: &str, known: &[Part]) -> Self {
        let known: Vec<&str> = known.iter().map(|part| part.label.as_str()).collect();
        let known = match known.as_slice() {
            [] => "nothing is given here".to_owned(),
            known => format!("it must be one of {}", known.join(", ")),
        };
        Self::Unknown { path: format!("{path}{label}"), known }
    }
}
