//! A typed client of the Amanah contracts.
//!
//! [`Chain`] is where contracts run: dry runs, calls, deployment. [`embedded::Embedded`] is pallet-contracts in this
//! process, for demos, evaluations and tests; [`node::Node`] is a node over RPC. [`Suite`] knows the accounts of the contracts and makes their typed messages;
//! [`send`] and [`ask`] run them.
#![deny(missing_docs)]

pub mod abi;
pub mod actor;
pub mod bundle;
pub mod chain;
pub mod deployment;
pub mod embedded;
pub mod events;
pub mod node;
pub mod suite;
mod wallet;

pub use abi::Abi;
pub use actor::{address, Actor};
pub use bundle::Bundle;
pub use chain::{ask, send, Chain, Cost, Done, Failure, Message};
pub use deployment::Deployment;
pub use events::Event;
pub use suite::Suite;
