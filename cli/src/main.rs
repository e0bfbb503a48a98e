//! `amanah`: the command line of the suite.

mod demo;
mod loan;
#[allow(dead_code)]
mod message;
mod money;
mod oracle;
mod report;
mod rows;
mod vectors;
mod welfare;

use clap::{error::ErrorKind, CommandFactory, Parser, Subcommand};
use report::Format;
use std::process::ExitCode;

/// Social assistance on a chain that no single party controls: vouchers, digital accounts, roles.
#[derive(Parser)]
#[command(name = "amanah", version, propagate_version = true)]
struct Arguments {
    /// How to answer: text for people, json for programs (one object, and nothing else, on standard output), csv for
    /// spreadsheets (`loan evaluate` only).
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    output: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the suite at work, on an embedded chain (pallet-contracts in this process). Nothing is kept.
    Demo {
        #[command(subcommand)]
        story: demo::Story,
    },
    /// Applications for loans.
    Loan {
        #[command(subcommand)]
        command: loan::Command,
    },
    /// Offices that grant loans.
    Oracle {
        #[command(subcommand)]
        command: oracle::Command,
    },
    /// Checks this program against the golden vectors of all signed byte layouts; `--output json` prints the vectors.
    ///
    /// Example: amanah vectors --output json > layouts.json
    Vectors,
}

impl Command {
    /// Can it answer with CSV?
    fn has_csv(&self) -> bool {
        matches!(self, Command::Loan { command } if command.has_csv())
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.output == Format::Csv && !arguments.command.has_csv() {
        let refusal = "this command answers in text or json; only `loan evaluate` answers in csv";
        Arguments::command().error(ErrorKind::InvalidValue, refusal).exit();
    }
    let done = match arguments.command {
        Command::Demo { story } => demo::run(arguments.output, story),
        Command::Loan { command } => loan::run(arguments.output, command),
        Command::Oracle { command } => oracle::run(arguments.output, command),
        Command::Vectors => vectors::run(arguments.output),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("amanah: {error:#}");
            ExitCode::FAILURE
        }
    }
}
