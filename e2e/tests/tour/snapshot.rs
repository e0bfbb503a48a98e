//! What each message costs, and how large each contract is, compared with `e2e/snapshots/costs.json`: figures of the embedded
//! chain (pallet-contracts 31). The node's are compared in `bench/tests/goals.rs`.

use crate::tour;
use amanah_client::Bundle;
use amanah_e2e::{
    snapshot::{compare, Snapshot},
    tour::CONTRACTS,
};

#[test]
fn costs_and_sizes_are_within_a_hundredth_of_the_snapshot() {
    let code_bytes = CONTRACTS.into_iter().map(|name| {
        let bundle = Bundle::load(&Bundle::folder(), name).expect("the bundle is built");
        (name.to_owned(), bundle.wasm.len() as u64)
    });
    let messages = tour().visits.iter().map(|(label, visit)| (label.clone(), visit.cost.into()));
    let now = Snapshot { code_bytes: code_bytes.collect(), messages: messages.collect() };
    compare("snapshots/costs.json", &now);
}
