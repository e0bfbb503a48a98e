//! What the contracts cost and how much a node carries, measured; and the goals that this is compared with.
#![deny(missing_docs)]

pub mod deploy;
pub mod gas;
pub mod goals;
pub mod load;
pub mod machine;
pub mod own_runtime;
pub mod prices;
pub mod report;
pub mod scale;
