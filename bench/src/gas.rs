//! What every message costs, on the embedded chain and on the node's own runtime.

use crate::{
    own_runtime::{OwnRuntime, Work},
    prices::{self, Needs},
};
use amanah_client::{embedded::Embedded, Chain};
use amanah_e2e::{
    lending::Lenders,
    snapshot::Priced,
    tour::{through_lending, through_welfare, Notes, Tour},
    welfare::Offices,
    World, START,
};
use anyhow::Result;
use serde::{Deserialize, Serialize};

/// What a message costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// Its label; with the contract before it where all contracts have it.
    pub message: String,
    /// On the embedded chain, pallet-contracts 31; without the transaction around the call, here and on the node.
    pub embedded: Priced,
    /// On the node's runtime, pallet-contracts 38.
    pub node: Priced,
    /// Where the node's computation goes.
    pub parts: Parts,
    /// What it cannot cost less than (picoseconds), if the list of floors has it.
    pub floor: Option<u64>,
}

/// Where computation goes (picoseconds), by the chain's prices without what depends on bytes.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Parts {
    /// Reads of stored values.
    pub reads: u64,
    /// Writes and removals.
    pub writes: u64,
    /// Events and their topics, if each had one topic beside the signature.
    pub events: u64,
    /// Calls of other contracts.
    pub calls: u64,
    /// Signatures.
    pub signatures: u64,
    /// Loading the code of the contract and of those that it calls.
    pub code: u64,
    /// All else: instructions, arguments and results, bytes.
    pub rest: u64,
    /// Values read.
    pub read: u32,
    /// Values written or removed.
    pub written: u32,
    /// Contracts that ran, the called one among them.
    pub contracts: u32,
}

impl Figures {
    /// How near the floor it comes: floor divided by what is measured, the transaction counted in both.
    pub fn efficiency(&self) -> Option<f64> {
        let measured = (self.node.ref_time + prices::extrinsic()) as f64;
        self.floor.map(|floor| floor as f64 / measured)
    }
}

/// Measures every message.
///
/// # Errors
/// When the list of floors cannot be read.
pub fn measure() -> Result<Vec<Figures>> {
    let (embedded, _) = tour(|| Embedded::new(START));
    let (node, chains) = tour(|| OwnRuntime::noting(START));
    let floors = prices::list()?;
    let figures = node.visits.iter().filter_map(|(label, visit)| {
        let work = chains.iter().find_map(|chain| chain.work(&visit.call))?;
        Some(Figures {
            message: label.clone(),
            embedded: embedded.visits.get(label)?.cost.into(),
            node: visit.cost.into(),
            parts: parts(visit.cost.ref_time, work),
            floor: floors.get(label).map(Needs::floor),
        })
    });
    Ok(figures.collect())
}

/// The tour through all messages, in two worlds on such chains.
fn tour<C: Chain>(chain: impl Fn() -> C) -> (Notes, [C; 2]) {
    let (rest, first) = through_lending(Tour::alone(World::on(chain()), Lenders::of));
    let (welfare, second) = through_welfare(Tour::alone(World::on(chain()), Offices::of));
    (rest.and(welfare), [first, second])
}

/// Where the computation of a run goes.
fn parts(ref_time: u64, work: &Work) -> Parts {
    let count = |names: &[&str]| names.iter().filter_map(|name| work.host_calls.get(*name)).sum::<u32>();
    let read = count(&["get_storage", "contains_storage"]);
    let written = count(&["set_storage", "clear_storage", "take_storage"]);
    let mut parts = Parts {
        reads: u64::from(read) * prices::read(),
        writes: u64::from(written) * prices::write(),
        events: u64::from(count(&["deposit_event"])) * prices::event(2),
        calls: u64::from(count(&["call"])) * prices::call(),
        signatures: u64::from(count(&["sr25519_verify"])) * prices::signature(200),
        code: prices::code(work.code),
        rest: 0,
        read,
        written,
        contracts: work.contracts,
    };
    let named = parts.reads + parts.writes + parts.events + parts.calls + parts.signatures + parts.code;
    parts.rest = ref_time.saturating_sub(named);
    parts
}
