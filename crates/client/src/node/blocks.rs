//! What happened on the chain, block by block.

use super::{link::Connection, transactions::of_a_contract, Wait};
use crate::chain::{NotRun, RawEvent};
use amanah_domain::{ids::Account, time::Millis};
use scale::Decode;
use subxt::{
    config::Header,
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
