//! What each message costs, and how large each contract is, compared with `e2e/snapshots/costs.json`. Figures of the embedded
//! chain (pallet-contracts 31) depend on code and compiler alone, not on the machine.
//!
//! To renew the file after a change that is meant: `scripts/renew-snapshots`.

use crate::{guide::CONTRACTS, tour};
use amanah_client::Bundle;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, env, fs, path::Path};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/costs.json");

#[derive(Debug, Serialize, Deserialize)]
struct Snapshot {
    /// Bytes of optimised wasm, by contract.
    code_bytes: BTreeMap<String, u64>,
    /// By message.
    messages: BTreeMap<String, Figures>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Figures {
    /// Picoseconds.
    ref_time: u64,
    /// Bytes.
    proof_size: u64,
    /// A unit a byte and an item; negative: given back.
    deposit: i64,
}

fn measured() -> Snapshot {
    let code_bytes = CONTRACTS
        .into_iter()
        .map(|name| {
            let bundle = Bundle::load(&Bundle::folder(), name).expect("the bundle is built");
            (name.to_owned(), bundle.wasm.len() as u64)
        })
        .collect();
    let messages = tour()
        .visits
        .iter()
        .map(|(label, visit)| {
            let cost = visit.cost;
            let deposit = i64::try_from(cost.deposit).expect("a deposit of the tour is small");
            (label.clone(), Figures { ref_time: cost.ref_time, proof_size: cost.proof_size, deposit })
        })
        .collect();
    Snapshot { code_bytes, messages }
}

/// Is `now` within a hundredth of `then`?
fn is_close(now: i64, then: i64) -> bool {
    now.abs_diff(then) * 100 <= then.unsigned_abs()
}

#[test]
fn costs_and_sizes_are_within_a_hundredth_of_the_snapshot() {
    let now = measured();
    if env::var_os("AMANAH_RENEW_SNAPSHOTS").is_some() {
        fs::create_dir_all(Path::new(FILE).parent().expect("a folder")).expect("the folder can be made");
        let text = serde_json::to_string_pretty(&now).expect("figures are JSON") + "\n";
        fs::write(FILE, text).expect("the snapshot can be written");
        return;
    }
    let then: Snapshot = serde_json::from_str(&fs::read_to_string(FILE).expect("there is a snapshot")).expect("JSON");
    let flat = |snapshot: &Snapshot| -> BTreeMap<String, i64> {
        let sizes = snapshot.code_bytes.iter().map(|(name, bytes)| (format!("{name}, code bytes"), *bytes as i64));
        let messages = snapshot.messages.iter().flat_map(|(label, figures)| {
            [
                (format!("{label}, ref_time"), figures.ref_time as i64),
                (format!("{label}, proof_size"), figures.proof_size as i64),
                (format!("{label}, deposit"), figures.deposit),
            ]
        });
        sizes.chain(messages).collect()
    };
    let (now, then) = (flat(&now), flat(&then));
    let mut differ: Vec<String> = Vec::new();
    for (what, was) in &then {
        match now.get(what) {
            Some(is) if is_close(*is, *was) => {}
            Some(is) => differ.push(format!("{what}: {was} -> {is}")),
            None => differ.push(format!("{what}: {was} -> gone")),
        }
    }
    differ.extend(
        now.iter().filter(|(what, _)| !then.contains_key(*what)).map(|(what, is)| format!("{what}: new, {is}")),
    );
    assert!(differ.is_empty(), "if this is meant, run scripts/renew-snapshots:\n{}", differ.join("\n"));
}
