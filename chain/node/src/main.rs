//! `amanah-node`: a chain for contracts of ink! 5. Its command line and its RPC behave as substrate-contracts-node's.

mod alone;
mod chain_spec;
mod cli;
mod command;
mod founding;
mod rpc;
mod service;
#[cfg(test)]
mod testing;
mod together;
mod waiting;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
