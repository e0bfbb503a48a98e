//! `amanah`: the command line of the suite.

mod demo;
mod money;
mod report;
mod vectors;

use clap::{Parser, Subcommand};
use report::Format;
use std::process::ExitCode;

/// Social assistance on a chain that no single party controls: vouchers, digital accounts, roles.
#[derive(Parser)]
#[command(name = "amanah", version, propagate_version = true)]
struct Arguments {
    /// How to answer: text for people, json for programs (one object, and nothing else, on standard output).
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
    /// Checks this program against the golden vectors of all signed byte layouts; `--output json` prints the vectors.
    ///
    /// Example: amanah vectors --output json > layouts.json
    Vectors,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Demo { story } => demo::run(arguments.output, story),
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
