//! A tour through every message of every contract: each is sent once with success. Before it is sent, everybody else tries
//! the same call, so that who may send it is measured and not believed; what it cost is compared with a snapshot.
//!
//! A new message fails these tests until it is on the tour, in the table of `access.rs`, and in the snapshot.

mod access;
mod snapshot;

use amanah_e2e::{
    lending::Lenders,
    tour::{through_lending, through_welfare, Notes, Tour},
    welfare::Offices,
    World,
};
use std::{collections::BTreeSet, sync::OnceLock, thread};

/// The tour, taken once for all tests: at the same time through welfare in one world, and through all else in another.
fn tour() -> &'static Notes {
    static NOTES: OnceLock<Notes> = OnceLock::new();
    NOTES.get_or_init(|| {
        let welfare = thread::spawn(|| through_welfare(Tour::with_everybody(World::new(), Offices::of)).0);
        let (rest, _) = through_lending(Tour::with_everybody(World::new(), Lenders::of));
        rest.and(welfare.join().expect("the tour through welfare ends"))
    })
}

#[test]
fn every_message_is_on_the_tour() {
    let seen: BTreeSet<String> = tour().visits.keys().cloned().collect();
    assert_eq!(seen, tour().labels);
}

#[test]
fn a_query_tells_everybody_the_same() {
    for (label, visit) in &tour().visits {
        assert!(visit.is_guarded || visit.may == tour().callers, "{label} tells some people something else");
    }
}
