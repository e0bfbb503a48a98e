//! Standard output and standard error, whose readers may go away.

use crate::exit;
use serde_json::Value;
use std::{
    fmt::Display,
    io::{self, Write},
    process,
};

/// Prints a line of an answer. When nobody reads any more, as in `| head`, it goes nowhere: the command still comes to its end,
/// and its exit code says how it went.
pub fn line(text: impl Display) {
    print(format_args!("{text}\n"));
}

/// As [`line`], for what programs read.
pub fn json(answer: &Value) {
    line(format_args!("{answer:#}"));
}

/// As [`line`], for text that has its line ends.
pub fn print(text: impl Display) {
    is_read(text);
}

/// Prints a line of what goes on for long. When nobody reads any more, the program ends, and that is no failure.
pub fn line_or_end(text: impl Display) {
    if !is_read(format_args!("{text}\n")) {
        process::exit(0);
    }
}

/// Prints a line on standard error. Nobody could be told if that fails.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints, and says whether somebody reads it. Ends the program when it cannot be written for any other reason.
fn is_read(text: impl Display) -> bool {
    let mut out = io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => false,
        Err(error) => {
            note(format_args!("amanah: cannot write to standard output: {error}"));
            process::exit(exit::UNWRITTEN.into())
        }
    }
}
