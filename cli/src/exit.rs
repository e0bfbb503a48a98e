//! How the program ends: a code for each kind of failure, so that scripts can tell them apart.

use crate::{output, report::Format};
use amanah_client::{bundle::BundleError, chain::NotRun, deployment::DeploymentError};
use serde_json::{json, Value};
use std::{fmt, process::ExitCode};

/// The table of `amanah --help`.
pub const CODES: &str = "Exit codes:
  0  done
  1  a file or a value is wrong; nothing was sent
  2  the command line is wrong
  3  the contract refused; nothing changed
  4  the chain refused (no tokens, no gas, no key); nothing changed
  5  no node answers
  6  another network or another code than expected: genesis, address, or a stale bundle
  7  sent, and not known what became of it: run the same command again
  8  done in part: some rows were refused, the others are done
  9  standard output cannot be written (a full disk, for example); what was sent stays sent";

/// The code when standard output cannot be written.
pub const UNWRITTEN: u8 = 9;

/// A contract refused.
#[derive(Debug)]
pub struct Refusal {
    /// What was tried: `voucher request`.
    pub tried: String,
    /// The contract's error, as JSON.
    pub error: Value,
    /// The same for people.
    pub words: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the contract refuses: {}", self.tried, self.words)
    }
}

impl std::error::Error for Refusal {}

/// What is there is not what was expected.
#[derive(Debug)]
pub struct Mismatch(pub String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

/// What failed has been told on standard output already.
#[derive(Debug)]
pub struct Shown;

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it does not hold")
    }
}

/// Some rows were refused.
#[derive(Debug)]
pub struct InPart {
    /// How many.
    pub refused: usize,
    /// Of how many.
    pub rows: usize,
}

impl fmt::Display for InPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} rows were refused; the others are done", self.refused, self.rows)
    }
}

impl std::error::Error for InPart {}

/// The kind of a failure: its code and its name.
fn kind(error: &anyhow::Error) -> (u8, &'static str) {
    for cause in error.chain() {
        if cause.is::<Refusal>() {
            return (3, "refused_by_contract");
        }
        if cause.is::<Mismatch>() {
            return (6, "mismatch");
        }
        if cause.is::<InPart>() {
            return (8, "in_part");
        }
        if cause.is::<BundleError>() || cause.is::<DeploymentError>() {
            return (1, "wrong_input");
        }
        match cause.downcast_ref::<NotRun>() {
            Some(NotRun::Refused(_) | NotRun::NonceTaken(_) | NotRun::NoKey(_)) => return (4, "refused_by_chain"),
            Some(NotRun::Unreadable) => return (6, "mismatch"),
            Some(NotRun::Unreachable(_)) => return (5, "unreachable"),
            Some(NotRun::Unsettled(_)) => return (7, "unsettled"),
            None => {}
        }
    }
    (1, "wrong_input")
}

/// Says why the program failed, in one sentence, and gives its code.
pub fn failed(format: Format, error: &anyhow::Error) -> ExitCode {
    let (code, kind) = kind(error);
    let shown = error.downcast_ref::<Shown>().is_some() || error.downcast_ref::<InPart>().is_some();
    match format {
        Format::Json if !shown => {
            let refusal = error.chain().find_map(|cause| cause.downcast_ref::<Refusal>());
            let mut told = json!({ "kind": kind, "code": code, "message": format!("{error:#}") });
            if let (Some(refusal), Some(told)) = (refusal, told.as_object_mut()) {
                told.insert("refusal".to_owned(), refusal.error.clone());
            }
            output::json(&json!({ "error": told }));
        }
        _ => output::note(format_args!("amanah: {error:#}")),
    }
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn each_kind_of_failure_has_its_code_however_deep_it_lies() {
        let refusal = || Refusal { tried: "x".into(), error: Value::Null, words: "x".into() };
        for (error, code) in [
            (anyhow::anyhow!("x"), 1),
            (refusal().into(), 3),
            (NotRun::Refused("x".into()).into(), 4),
            (NotRun::NoKey("x".into()).into(), 4),
            (NotRun::Unreachable("x".into()).into(), 5),
            (NotRun::Unreadable.into(), 6),
            (Mismatch("x".into()).into(), 6),
            (NotRun::Unsettled("x".into()).into(), 7),
            (InPart { refused: 1, rows: 2 }.into(), 8),
        ] {
            let deep = Err::<(), _>(error).context("while doing that").unwrap_err();
            assert_eq!(kind(&deep).0, code, "{deep:#}");
        }
    }
}
