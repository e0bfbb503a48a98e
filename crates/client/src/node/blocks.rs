//! What happened on the chain, block by block.

use super::{link::Connection, transactions::of_a_contract, Wait};
use crate::chain::{NotRun, RawEvent};
use amanah_domain::{ids::Account, time::Millis};
use scale::Decode;
use std::sync::atomic::{AtomicU32, Ordering};
use subxt::{
    backend::legacy::LegacyRpcMethods,
    config::{Header, PolkadotConfig},
    dynamic,
    events::Phase,
    utils::{AccountId32, MultiAddress, H256},
};

/// What contracts emitted in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: [u8; 32],
    /// Its time (milliseconds).
    pub time: Millis,
    /// What contracts emitted, in order, each with its transaction's place in the block.
    pub events: Vec<(u32, RawEvent)>,
}

/// The number of the newest block that counts.
pub async fn head(rpc: &LegacyRpcMethods<PolkadotConfig>, wait: Wait) -> Result<u32, NotRun> {
    let hash = match wait {
        Wait::Best => None,
        Wait::Finalized => Some(rpc.chain_get_finalized_head().await?),
    };
    let header = rpc.chain_get_header(hash).await?;
    Ok(header.ok_or_else(|| NotRun::refused("the node has no blocks"))?.number())
}

/// Is the block of this number final, as this node sees it? What it has said before is `known`, so that it is asked about new
/// blocks only.
async fn is_final(rpc: &LegacyRpcMethods<PolkadotConfig>, known: &AtomicU32, number: u32) -> Result<bool, NotRun> {
    if known.load(Ordering::Relaxed) < number {
        known.fetch_max(head(rpc, Wait::Finalized).await?, Ordering::Relaxed);
    }
    Ok(number <= known.load(Ordering::Relaxed))
}

/// The block of this number in the chain that the node holds for the best; `None` if it is still to come, or still to become final
/// where only final ones count. Another node may have said that it is there.
pub async fn block(connection: &Connection, number: u32, wait: Wait) -> Result<Option<Block>, NotRun> {
    if wait == Wait::Finalized && !is_final(&connection.rpc, &connection.finalized, number).await? {
        return Ok(None);
    }
    let Some(hash) = connection.rpc.chain_get_block_hash(Some(number.into())).await? else { return Ok(None) };
    let events = connection.client.events().at(hash).await.map_err(|error| gone(number, error))?;
    let mut emitted = Vec::new();
    for event in events.iter() {
        let event = event.map_err(subxt::Error::from)?;
        if let (Phase::ApplyExtrinsic(place), Some(raw)) = (event.phase(), of_a_contract(&event)?) {
            emitted.push((place, raw));
        }
    }
    Ok(Some(Block { number, hash: hash.0, time: time(connection, number, hash).await?, events: emitted }))
}

/// The time of the block of this number in the chain that the node holds for the best; `None` if it is still to come.
pub async fn time_of(connection: &Connection, number: u32) -> Result<Option<Millis>, NotRun> {
    let Some(hash) = connection.rpc.chain_get_block_hash(Some(number.into())).await? else { return Ok(None) };
    Ok(Some(time(connection, number, hash).await?))
}

async fn time(connection: &Connection, number: u32, hash: H256) -> Result<Millis, NotRun> {
    let now = dynamic::storage("Timestamp", "Now", Vec::<dynamic::Value>::new());
    let time = connection.client.storage().at(hash).fetch(&now).await.map_err(|error| gone(number, error))?;
    let time = time.map(|time| time.as_type::<u64>()).transpose().map_err(subxt::Error::from)?;
    Ok(time.unwrap_or(0))
}

/// Why a block's state cannot be read.
fn gone(number: u32, error: subxt::Error) -> NotRun {
    match NotRun::from(error) {
        NotRun::Refused(reason) if reason.contains("State already discarded") => NotRun::Refused(format!(
            "this node has forgotten what happened in block {number}; ask one that was started with --state-pruning archive"
        )),
        other => other,
    }
}

/// Who signed each transaction of the block with this hash, in their order; `None` for those that no account signed.
pub async fn signers(connection: &Connection, hash: [u8; 32]) -> Result<Vec<Option<Account>>, NotRun> {
    let block = connection.client.blocks().at(H256(hash)).await?;
    let transactions = block.extrinsics().await?;
    Ok(transactions.iter().map(|one| one.address_bytes().and_then(account)).collect())
}

/// The account that an address is.
fn account(mut address: &[u8]) -> Option<Account> {
    match MultiAddress::<AccountId32, ()>::decode(&mut address) {
        Ok(MultiAddress::Id(account)) => Some(account.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use subxt::backend::rpc::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClient, RpcClientT};

    /// A node whose newest final block has this number.
    struct Finalized(u32);

    impl RpcClientT for Finalized {
        fn request_raw<'a>(&'a self, method: &'a str, _: Option<Box<RawValue>>) -> RawRpcFuture<'a, Box<RawValue>> {
            let hash = format!("0x{}", "00".repeat(32));
            let answer = match method {
                "chain_getFinalizedHead" => json!(hash),
                _ => json!({ "parentHash": hash, "number": format!("0x{:x}", self.0), "stateRoot": hash,
                    "extrinsicsRoot": hash, "digest": { "logs": [] } }),
            };
            Box::pin(async move { Ok(RawValue::from_string(answer.to_string()).unwrap()) })
        }

        fn subscribe_raw<'a>(
            &'a self,
            _: &'a str,
            _: Option<Box<RawValue>>,
            _: &'a str,
        ) -> RawRpcFuture<'a, RawRpcSubscription> {
            unimplemented!("nobody subscribes")
        }
    }

    #[test]
    fn a_node_that_is_behind_the_one_before_has_no_block_that_is_not_final_there() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let node = |finalized| LegacyRpcMethods::new(RpcClient::new(Finalized(finalized)));
        let (first, second) = ((node(20), AtomicU32::new(0)), (node(17), AtomicU32::new(0)));
        for ((rpc, known), number, expected) in [
            (&first, 19, true),
            (&first, 20, true),
            (&first, 21, false),
            (&second, 18, false),
            (&second, 17, true),
            (&second, 18, false),
        ] {
            assert_eq!(runtime.block_on(is_final(rpc, known, number)), Ok(expected), "block {number}");
        }
    }

    #[test]
    fn only_the_address_of_an_account_is_an_account() {
        let id = [&[0][..], &[7; 32]].concat();
        assert_eq!(account(&id), Some([7; 32]));
        let raw_32_bytes = [&[3][..], &[7; 32]].concat();
        for other in [&raw_32_bytes[..], &id[..32], &[]] {
            assert_eq!(account(other), None, "{other:?}");
        }
    }
}
