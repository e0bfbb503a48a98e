//! Every message of a contract as a sub-command, made from the contract's bundle.

mod command;
mod example;
mod options;
#[cfg(test)]
mod tests;

pub use command::{command, commands};
pub use example::example;
pub use options::{arguments, items, Item};
