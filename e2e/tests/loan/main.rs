//! The loan contract: events that several oracles unlock, lending, crowdfunding.

mod approvals;
mod challenges;
mod changes;
mod codes;
mod common;
mod flows;
mod inspection;
mod locking;
mod products;
mod queries;
mod replay;
mod revising;
mod story;
mod unlocking;
mod wallets;
