//! The contracts on a real node: what the embedded chain cannot show. Deposits and the existential deposit have their real
//! prices here, time is the node's, and transactions have a signature, a fee and a block.
//!
//! Each test starts a node of its own: `amanah-node` from the build that the test is from, or the one that `CONTRACTS_NODE`
//! names (substrate-contracts-node 0.42.0).

mod access;
mod chain;
mod cli;
mod demo;
mod deployment;
mod deposits;
mod examples;
mod lenders;
mod lending;
mod restart;
mod running;
mod story;
mod time;
mod town;
mod upgrade;
mod welfare;
