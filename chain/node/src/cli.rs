//! The command line.

use std::num::NonZeroU64;

/// A chain for contracts of ink! 5.
#[derive(Debug, clap::Parser)]
#[command(propagate_version = true, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    #[command(flatten)]
    pub run: sc_cli::RunCmd,

    /// How many seconds after its making a block is finalized.
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    pub finalize_delay_sec: u8,

    /// Make a block every so many milliseconds, empty ones too, instead of one for each transaction: then the chain's time
    /// passes without transactions.
    #[arg(long, value_name = "MS")]
    pub block_time: Option<NonZeroU64>,
}

/// What the node does beside running.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Makes and inspects keys, and puts them into the keystore.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

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
