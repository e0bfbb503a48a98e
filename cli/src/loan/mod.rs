//! `amanah loan`: what can be done with applications for loans.

pub mod applications;
pub mod evaluate;
pub mod panel;
pub mod tally;

use crate::{demo::place::Whereabouts, report::Format};
use anyhow::Result;
use clap::Subcommand;
use std::path::PathBuf;

/// What `amanah loan` can do.
#[derive(Subcommand)]
pub enum Command {
    /// Takes every application of a file through lock, three separate oracles and unlock, on the embedded chain. Each row is
    /// another registered person, the product's limits are above every row, and what a row says of identity, earlier loans
    /// and the blacklist reaches the oracles as facts, so that every row has an outcome.
    ///
    /// With `--output csv`, it prints row,bank,civil_affairs,financial_department,code: 1 for an oracle's Pass and 0 for its
    /// Failed; the contract's code is 0 for success, 1 for an oracle that failed it, 2 for another event, 3 for something
    /// missing or surplus.
    ///
    /// Example: amanah loan evaluate --terms loan_terms.json --applications loan_applications.csv --output csv
    Evaluate {
        /// JSON with an object of terms for bank, civil_affairs and financial_department: any of amount_max, months_max,
        /// income_min, income_max, asset_min, asset_max, debt_max; bounds are allowed themselves, and none means no term.
        #[arg(long, value_name = "FILE")]
        terms: PathBuf,
        /// CSV with the columns row, amount, months, income, assets, debt, identity_matches, issued_before and blacklisted;
        /// money in smallest units, the last three 0 or 1.
        #[arg(long, value_name = "FILE")]
        applications: PathBuf,
        /// The folder with the contracts' bundles, as scripts/build makes them.
        #[arg(long, value_name = "FOLDER")]
        bundles: Option<PathBuf>,
    },
}

impl Command {
    /// Can it answer with CSV?
    pub fn has_csv(&self) -> bool {
        match self {
            Command::Evaluate { .. } => true,
        }
    }
}

/// Does it.
pub fn run(format: Format, command: Command) -> Result<()> {
    match command {
        Command::Evaluate { terms, applications, bundles } => {
            evaluate::run(format, &terms, &applications, &Whereabouts::embedded(bundles))
        }
    }
}
