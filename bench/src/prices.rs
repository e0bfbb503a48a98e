//! The chain's own prices, asked of the runtime that the node runs, and what an operation cannot cost less than.

use amanah_runtime::Runtime;
use anyhow::{Context, Result};
use frame_support::weights::Weight;
use pallet_contracts::{weights::SubstrateWeight, WeightInfo};
use serde::Deserialize;
use std::collections::BTreeMap;

type Prices = SubstrateWeight<Runtime>;

/// The reviewed list of what each operation cannot do without.
const LIST: &str = include_str!("../floors.toml");

/// `contracts.call`, whatever the contract does (picoseconds).
pub fn extrinsic() -> u64 {
    Prices::call().ref_time()
}

/// Storing reads a value that may lie deep in the state, as pallet-contracts charges it.
fn deep(one: Weight, full: Weight, empty: Weight) -> u64 {
    one.saturating_add(full.saturating_sub(empty)).ref_time()
}

/// A read of a stored value.
pub fn read() -> u64 {
    deep(Prices::seal_get_storage(0), Prices::get_storage_full(), Prices::get_storage_empty())
}

/// A write, be it of something new, of a change, or that removes something.
pub fn write() -> u64 {
    deep(Prices::seal_set_storage(0, 0), Prices::set_storage_full(), Prices::set_storage_empty())
}

/// An event with this many topics.
pub fn event(topics: u32) -> u64 {
    Prices::seal_deposit_event(topics, 0).ref_time()
}

/// A call of another contract, whatever that one does.
pub fn call() -> u64 {
    Prices::seal_call(0, 0).ref_time()
}

/// A check of an sr25519 signature on so many bytes.
pub fn signature(bytes: u32) -> u64 {
    Prices::seal_sr25519_verify(bytes).ref_time()
}

/// Loading a contract's code of so many bytes.
pub fn code(bytes: u32) -> u64 {
    Prices::call_with_code_per_byte(bytes).saturating_sub(Prices::call_with_code_per_byte(0)).ref_time()
}

/// A plain transfer of the chain's token.
pub fn transfer() -> u64 {
    use pallet_balances::WeightInfo as _;
    pallet_balances::weights::SubstrateWeight::<Runtime>::transfer_keep_alive().ref_time()
}

/// What any transaction costs its block, whatever it calls.
pub fn base() -> u64 {
    let weights: frame_system::limits::BlockWeights = <Runtime as frame_system::Config>::BlockWeights::get();
    weights.get(frame_support::dispatch::DispatchClass::Normal).base_extrinsic.ref_time()
}

/// What an operation cannot do without.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Values that it must read.
    pub reads: u32,
    /// Values that it must write.
    pub writes: u32,
    /// Topics of each event that it must emit, the signature counted.
    pub events: Vec<u32>,
    /// Calls of other contracts.
    pub calls: u32,
    /// Bytes under each signature that it must check.
    #[serde(default)]
    pub signatures: Vec<u32>,
    /// Why these, and no fewer.
    pub why: String,
}

impl Needs {
    /// The operation's floor: the sum of the prices (picoseconds), with the transaction that calls the contract.
    pub fn floor(&self) -> u64 {
        let events: u64 = self.events.iter().map(|topics| event(*topics)).sum();
        let signatures: u64 = self.signatures.iter().map(|bytes| signature(*bytes)).sum();
        extrinsic()
            + u64::from(self.reads) * read()
            + u64::from(self.writes) * write()
            + u64::from(self.calls) * call()
            + events
            + signatures
    }
}

/// What each operation of the list needs, by its message.
///
/// # Errors
/// When the list cannot be read.
pub fn list() -> Result<BTreeMap<String, Needs>> {
    toml::from_str(LIST).context("bench/floors.toml is not what it should be")
}
