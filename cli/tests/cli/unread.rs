//! What becomes of a command whose output nobody takes.

use assert_cmd::cargo::cargo_bin;
use std::{
    fs::{self, OpenOptions},
    process::{Command, Stdio},
};

/// A pipe whose reader has ended.
fn unread() -> Stdio {
    let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
    let pipe = reader.stdin.take().unwrap();
    reader.wait().unwrap();
    pipe.into()
}

/// The exit code of a command with this standard output, and what it says on standard error.
fn ended(arguments: &[&str], out: Stdio) -> (Option<i32>, String) {
    let process = Command::new(cargo_bin("amanah")).args(arguments).stdout(out).stderr(Stdio::piped()).spawn();
    let output = process.unwrap().wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_command_that_nobody_reads_ends_quietly_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let book = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let (good, bad) = (book("good", "{}"), book("bad", "?"));
    for (arguments, code) in [
        (&["vectors"][..], 0),
        (&["vectors", "--output", "json"], 0),
        (&["--help"], 0),
        (&["voucher", "request", "--help"], 0),
        (&["completions", "bash"], 0),
        (&["address", "list", "--book", &good], 0),
        (&["address", "list", "--book", &bad, "--output", "json"], 1),
    ] {
        assert_eq!(ended(arguments, unread()), (Some(code), String::new()), "{arguments:?}");
    }
    // Nor does it matter that nobody hears why it failed.
    let mut deaf = Command::new(cargo_bin("amanah"));
    let deaf = deaf.args(["address", "list", "--book", &bad]).stdout(unread()).stderr(unread());
    assert_eq!(deaf.status().unwrap().code(), Some(1));
}

#[test]
fn a_story_that_nobody_reads_ends_at_its_first_line() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = folder.path().join("people.csv");
    fs::write(&nobody, "row,name,nik,phone,category,amount_idr,household_size\n").unwrap();
    let story = ["demo", "voucher", "--beneficiaries", nobody.to_str().unwrap()];
    assert_eq!(ended(&story, Stdio::null()).0, Some(1), "whoever reads on is told that it needs people");
    assert_eq!(ended(&story, unread()), (Some(0), String::new()));
}

#[test]
fn output_that_cannot_be_written_is_a_failure_that_says_why() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (code, told) = ended(&["vectors"], full.into());
    assert_eq!(code, Some(9));
    assert!(told.starts_with("amanah: cannot write to standard output: No space left"), "{told}");
}
