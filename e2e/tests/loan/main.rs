//! The loan contract: events that several oracles unlock, lending, crowdfunding.

mod approvals;
mod challenges;
mod changes;
mod codes;
mod common;
mod costs;
mod events;
mod flows;
mod inspection;
mod locking;
mod pausing;
mod products;
mod queries;
mod replay;
mod revising;
mod story;
mod unavailable;
mod unlocking;
mod wallets;
