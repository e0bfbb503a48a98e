//! `amanah-node`: a chain for contracts of ink! 5. Its command line and its RPC behave as substrate-contracts-node's.

mod alone;
mod chain_spec;
mod cli;
mod command;
mod founding;
mod rpc;
mod service;
mod together;

fn main() -> sc_cli::Result<()> {
    command::run()
}
