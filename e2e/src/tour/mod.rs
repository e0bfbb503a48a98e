//! A tour through every message of every contract: each is sent once with success. What each costs is noted and, if asked for,
//! who else may send it: everybody tries.

mod guide;
mod stops;
mod welfare;

pub use guide::{Notes, Tour, Visit, CONTRACTS};

use crate::{lending::Lenders, welfare::Offices};
use amanah_client::Chain;

/// Through everything but welfare.
pub fn through_lending<C: Chain>(mut tour: Tour<Lenders<C>>) -> (Notes, C) {
    stops::visit_all(&mut tour);
    tour.end(|lenders| lenders.world.chain)
}

/// Through welfare.
pub fn through_welfare<C: Chain>(mut tour: Tour<Offices<C>>) -> (Notes, C) {
    welfare::visit_all(&mut tour);
    tour.end(|offices| offices.world.chain)
}
