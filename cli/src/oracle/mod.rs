//! `amanah oracle`: the process of an office that grants loans.

pub mod facts;
mod json;
pub mod judge;
mod process;
pub mod roles;
pub mod terms;

use crate::{network::keys, report::Format};
use amanah_domain::{ids::Account, roles::Role};
use anyhow::Result;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What `amanah oracle` can do.
#[derive(Subcommand)]
pub enum Command {
    /// Looks for open cases whose event names this oracle for its role, checks the event, judges its facts by the role's
    /// terms, and submits its verdict from its own account when it is its turn. It follows the node until it is stopped.
    ///
    /// It judges applications for loans; of other events it says that they are there. With `--output json`, each line is an
    /// object.
    ///
    /// Example: amanah oracle run --role bank --terms loan_terms.json --facts facts.json --node ws://127.0.0.1:9944 --contract
    /// 5Gxyz.. --suri //Bank
    Run(Options),
}

/// What an oracle needs.
#[derive(Args)]
pub struct Options {
    /// The role in which it speaks: bank, civil_affairs, financial_department ..
    #[arg(long, value_name = "ROLE", value_parser = roles::role_named)]
    role: Role,
    /// JSON with an object of terms for each role, as `amanah loan evaluate` takes it; those of this role are used.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,
    /// JSON with a list of records {"salt": "0x..", "facts": {"identity_matches": true, "income": 3000, "assets": 80000,
    /// "debt": 0, "issued_before": false, "blacklisted": false}}. The record counts whose hash, H(salt | SCALE(facts)), the event
    /// carries; if there is none, the oracle says so and gives no verdict. The file is read again each time.
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// Handles what is there, and ends.
    #[arg(long)]
    once: bool,
    /// Submits nothing: prints each signed verdict as a line of JSON, for whoever unlocks the case with all of them.
    #[arg(long)]
    sign_only: bool,
    /// The node, by its WebSocket address.
    #[arg(long, visible_alias = "url", value_name = "URL")]
    node: String,
    /// The loan contract's address, as SS58 or 0x and hex.
    #[arg(long, value_name = "ADDRESS", value_parser = keys::account)]
    contract: Account,
    /// The secret of the oracle's account: a phrase or 0x and a seed, then //junctions, then ///password, as //Bank or
    /// "word word ..//oracle". Others on this machine may see it here; without it, that in the environment variable
    /// AMANAH_SURI is taken.
    #[arg(long, value_name = "SURI")]
    suri: Option<String>,
    /// How often it looks, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    every: u64,
}

/// Does it.
pub fn run(format: Format, command: Command) -> Result<()> {
    match command {
        Command::Run(options) => process::run(format, &options),
    }
}
