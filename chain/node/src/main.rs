//! `amanah-node`: a chain for contracts of ink! 5. Its command line and its RPC behave as substrate-contracts-node's.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;

fn main() -> sc_cli::Result<()> {
    command::run()
}
