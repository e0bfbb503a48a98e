//! `amanah`: the command line of the suite.

mod demo;
mod money;
mod report;
mod vectors;

use clap::{Parser, Subcommand};
use report::Format;
use std::{path::PathBuf, process::ExitCode};

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
        story: Story,
    },
    /// Checks this program against the golden vectors of all signed byte layouts; `--output json` prints the vectors.
    ///
    /// Example: amanah vectors --output json > layouts.json
    Vectors,
}

#[derive(Subcommand)]
enum Story {
    /// A voucher programme from registration to cash: wrong rows refused, a redemption by a one-time code, attacks shown
    /// live, and totals that prove that nothing was lost.
    ///
    /// Example: amanah demo voucher --beneficiaries people.csv --shops shops.csv --output json
    Voucher {
        /// CSV with the columns row, name, nik, phone, category and amount_idr (others are ignored); amounts in whole rupiah.
        /// Without it, a sample of 2,000 made-up people.
        #[arg(long, value_name = "FILE")]
        beneficiaries: Option<PathBuf>,
        /// CSV with the columns row, name, licence, categories (separated by |), daily_cap_idr; amounts in whole rupiah.
        /// Without it, a sample of 40 made-up shops.
        #[arg(long, value_name = "FILE")]
        shops: Option<PathBuf>,
        /// The folder with the contracts' bundles, as scripts/build makes them.
        #[arg(long, value_name = "FOLDER")]
        bundles: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Demo { story: Story::Voucher { beneficiaries, shops, bundles } } => {
            demo::voucher::run(arguments.output, beneficiaries.as_deref(), shops.as_deref(), bundles)
        }
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
