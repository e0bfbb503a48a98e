//! The command line.

use sp_core::crypto::AccountId32;
use std::{num::NonZeroU64, path::PathBuf};

/// A chain for contracts of ink! 5.
#[derive(Debug, clap::Parser)]
#[command(propagate_version = true, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    #[command(flatten)]
    pub run: sc_cli::RunCmd,

    /// How many seconds after its making a block of an open chain is finalized [default: 1].
    #[arg(long, value_name = "SECONDS")]
    pub finalize_delay_sec: Option<u8>,

    /// On an open chain, make a block every so many milliseconds, empty ones too, instead of one for each transaction: then the chain's time
    /// passes without transactions.
    #[arg(long, value_name = "MS")]
    pub block_time: Option<NonZeroU64>,

    /// On an open chain, seconds to add to this machine's clock, negative ones too: what happened while it was behind is old when the
    /// node runs again without. Time goes forward only: blocks are refused that are older than the one before.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub clock_offset_sec: Option<i64>,
}

/// What the node does beside running.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Makes and inspects keys, and puts them into the keystore.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Founds a consortium.
    #[command(subcommand)]
    Consortium(Consortium),

    /// Builds a chain specification.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Validates blocks.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Exports blocks.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Exports the state of a block into a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Imports blocks.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Removes the whole chain.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Takes back the newest blocks.
    Revert(sc_cli::RevertCmd),

    /// Prints what the database knows of the chain.
    ChainInfo(sc_cli::ChainInfoCmd),
}

/// What the founders of a consortium do.
#[derive(Debug, clap::Subcommand)]
pub enum Consortium {
    /// Each member: makes the keys of its validator, and prints what the others must know of it, for the founding file.
    ///
    /// Nothing that is printed is secret. FOLDER/node-key and FOLDER/keystore are, and stay with the validator; keys that are
    /// there already are kept.
    NewMember(NewMember),

    /// One of them, or each: makes the chain specification from the founding file, in which what each member printed is
    /// written one after the other. The same file gives the same chain to everybody.
    BuildSpec(BuildSpec),
}

/// A member's validator.
#[derive(Debug, clap::Args)]
pub struct NewMember {
    /// Where the validator's keys are kept.
    #[arg(long, value_name = "FOLDER")]
    pub folder: PathBuf,

    /// What the organisation is called.
    #[arg(long)]
    pub name: String,

    /// The account by which the organisation votes and pays. Its key need not be, and should not be, on the validator.
    #[arg(long, value_name = "SS58")]
    pub account: AccountId32,

    /// Where other nodes find the validator, as /dns/validator.example.org/tcp/30333 or /ip4/192.0.2.7/tcp/30333.
    #[arg(long, value_name = "MULTIADDRESS")]
    pub address: sc_network::Multiaddr,
}

/// The founding file.
#[derive(Debug, clap::Args)]
pub struct BuildSpec {
    /// The founding file.
    pub file: PathBuf,
}
