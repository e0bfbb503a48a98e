//! `amanah export`: the chain's record as files for spreadsheets and programs.

mod balances;
mod books;
mod events;

use crate::{files, output, report::Format};
use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::Value;
use std::path::PathBuf;

/// What can be exported. Each answers in text, JSON or CSV (`--output`).
#[derive(Subcommand)]
pub enum Command {
    /// All events of some blocks.
    ///
    /// Example: amanah export events --from 1 --contract ledger --output csv --file ledger.csv
    Events(events::Options),
    /// Everything that happened to one participant, voucher, redemption, loan, case .., with who signed it.
    ///
    /// Example: amanah export audit --concerning voucher=7 --output json --file voucher-7.json
    Audit(events::AuditOptions),
    /// What everybody has of each bank's money, in one block; fails if it does not add up to what the bank has issued.
    ///
    /// Example: amanah export balances --output csv --file balances.csv
    Balances(balances::Options),
}

/// Where to.
#[derive(Args)]
struct Target {
    /// The file to write, whole or not at all; without it standard output.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// What is exported, in each form.
struct Export {
    text: String,
    json: Value,
    headings: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

/// Does it.
pub fn run(format: Format, command: Command) -> Result<()> {
    match command {
        Command::Events(options) => events::run(format, &options),
        Command::Audit(options) => events::audit(format, &options),
        Command::Balances(options) => balances::run(format, &options),
    }
}

impl Export {
    fn write(self, format: Format, target: &Target) -> Result<()> {
        let mut told = match format {
            Format::Text => self.text,
            Format::Json => format!("{:#}", self.json),
            Format::Csv => csv(self.headings, &self.rows)?,
        };
        if !told.is_empty() && !told.ends_with('\n') {
            told.push('\n');
        }
        match &target.file {
            Some(file) => files::replace(file, told.as_bytes()),
            None => {
                output::print(told);
                Ok(())
            }
        }
    }
}

fn csv(headings: &[&str], rows: &[Vec<String>]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_has_a_heading_and_quotes_what_has_commas() {
        let rows = [vec!["1".to_owned(), "a, \"b\"".to_owned()]];
        assert_eq!(csv(&["number", "text"], &rows).unwrap(), "number,text\n1,\"a, \"\"b\"\"\"\n");
    }

    #[test]
    fn a_file_gets_the_format_that_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target { file: Some(folder.path().join("x")) };
        for (format, written) in [(Format::Text, "one line\n"), (Format::Json, "[]\n"), (Format::Csv, "number\n7\n")] {
            let rows = vec![vec!["7".to_owned()]];
            let export = Export { text: "one line".into(), json: serde_json::json!([]), headings: &["number"], rows };
            export.write(format, &target).unwrap();
            assert_eq!(std::fs::read_to_string(target.file.as_ref().unwrap()).unwrap(), written);
        }
    }
}
