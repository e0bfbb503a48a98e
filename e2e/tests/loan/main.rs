//! The loan contract: events that several oracles unlock, lending, crowdfunding.

mod story;
