//! What happened on the chain, block by block.

use super::{link::Connection, transactions::of_a_contract, Wait};
use crate::chain::{NotRun, RawEvent};
use amanah_domain::time::Millis;
use subxt::{config::Header, dynamic, events::Phase};

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
pub async fn head(connection: &Connection, wait: Wait) -> Result<u32, NotRun> {
    let hash = match wait {
        Wait::Best => None,
        Wait::Finalized => Some(connection.rpc.chain_get_finalized_head().await?),
    };
    let header = connection.rpc.chain_get_header(hash).await?;
    Ok(header.ok_or_else(|| NotRun::refused("the node has no blocks"))?.number())
}

/// The block of this number in the chain that the node holds for the best; `None` if it is still to come.
pub async fn block(connection: &Connection, number: u32) -> Result<Option<Block>, NotRun> {
    let Some(hash) = connection.rpc.chain_get_block_hash(Some(number.into())).await? else { return Ok(None) };
    let gone = |error: subxt::Error| {
        match NotRun::from(error) {
        NotRun::Refused(reason) if reason.contains("State already discarded") => NotRun::Refused(format!(
            "this node has forgotten what happened in block {number}; ask one that was started with --state-pruning archive"
        )),
        other => other,
    }
    };
    let events = connection.client.events().at(hash).await.map_err(gone)?;
    let mut emitted = Vec::new();
    for event in events.iter() {
        let event = event.map_err(subxt::Error::from)?;
        if let (Phase::ApplyExtrinsic(place), Some(raw)) = (event.phase(), of_a_contract(&event)?) {
            emitted.push((place, raw));
        }
    }
    let now = dynamic::storage("Timestamp", "Now", Vec::<dynamic::Value>::new());
    let time = connection.client.storage().at(hash).fetch(&now).await.map_err(gone)?;
    let time = time.map(|time| time.as_type::<u64>()).transpose().map_err(subxt::Error::from)?;
    Ok(Some(Block { number, hash: hash.0, time: time.unwrap_or(0), events: emitted }))
}
