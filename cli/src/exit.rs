//! How the program ends: a code for each kind of failure, so that scripts can tell them apart.

use crate::{output, report::Format};
use amanah_client::{bundle::BundleError, chain::NotRun, deployment::DeploymentError, Failure};
use serde_json::{json, Value};
use std::{fmt, process::ExitCode};

/// The table of `amanah --help`.
pub const CODES: &str = "Exit codes:
  0  done
  1  a file or a value is wrong; nothing was sent, unless the message says that something was
  2  the command line is wrong
  3  the contract refused; nothing changed
  4  the chain refused (no tokens, no gas, no key); nothing changed
  5  no node answers
  6  another network, another code or another roll than expected: genesis, address, a stale bundle, a root
  7  sent, and not known what became of it: `import` and `deploy` go on when they are run again; anything
     else would be done twice: look for the transaction that the message names
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

/// A command was interrupted that goes on where it was when it is run again, and does nothing twice.
#[derive(Debug)]
pub struct Continues(pub String);

impl fmt::Display for Continues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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

/// Why a typed message did nothing, as an error that has its own exit code.
pub fn undone<E: fmt::Debug>(tried: impl Into<String>, failure: Failure<E>) -> anyhow::Error {
    match failure {
        Failure::Refused { error, .. } => {
            let words = format!("{error:?}");
            Refusal { tried: tried.into(), error: json!(words), words }.into()
        }
        Failure::NotRun(error) => error.into(),
        Failure::Unreadable => NotRun::Unreadable.into(),
    }
}

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

/// Why the program failed, in one sentence. Whoever reads that something is not settled must not do it a second time.
fn words(error: &anyhow::Error) -> String {
    let unsettled = error.chain().any(|cause| matches!(cause.downcast_ref(), Some(NotRun::Unsettled(_))));
    match unsettled && error.downcast_ref::<Continues>().is_none() {
        true => format!(
            "{error:#}; the same command would send another one: run it again only when the chain shows that this one has not \
             done it, and no longer can"
        ),
        false => format!("{error:#}"),
    }
}

/// Says why the program failed, and gives its code.
pub fn failed(format: Format, error: &anyhow::Error) -> ExitCode {
    let (code, kind) = kind(error);
    let shown = error.downcast_ref::<Shown>().is_some() || error.downcast_ref::<InPart>().is_some();
    match format {
        Format::Json if !shown => {
            let refusal = error.chain().find_map(|cause| cause.downcast_ref::<Refusal>());
            let mut told = json!({ "kind": kind, "code": code, "message": words(error) });
            if let (Some(refusal), Some(told)) = (refusal, told.as_object_mut()) {
                told.insert("refusal".to_owned(), refusal.error.clone());
            }
            output::json(&json!({ "error": told }));
        }
        _ => output::note(format_args!("amanah: {}", words(error))),
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

    #[test]
    fn a_typed_message_that_did_nothing_has_the_code_of_its_reason() {
        let refused = Failure::Refused { error: "Late", cost: amanah_client::Cost::default() };
        for (failure, code) in [
            (refused, 3),
            (Failure::NotRun(NotRun::Refused("x".into())), 4),
            (Failure::NotRun(NotRun::Unreachable("x".into())), 5),
            (Failure::Unreadable, 6),
            (Failure::NotRun(NotRun::Unsettled("x".into())), 7),
        ] {
            assert_eq!(kind(&undone("marking", failure)).0, code);
        }
    }

    #[test]
    fn only_what_goes_on_where_it_was_is_said_to_be_run_again() {
        let unsettled = || anyhow::Error::from(NotRun::Unsettled("transaction 0x12 was sent".into()));
        for bare in [unsettled(), unsettled().context("voucher fund")] {
            let words = words(&bare);
            assert!(words.contains("transaction 0x12") && words.contains("run it again only when"), "{words}");
        }
        let continued = unsettled().context(Continues("funding stopped; the same command goes on".into()));
        assert_eq!(words(&continued), "funding stopped; the same command goes on: transaction 0x12 was sent");
        assert_eq!(kind(&continued).0, 7);
        assert_eq!(words(&NotRun::Unreachable("gone".into()).into()), "gone");
    }
}
