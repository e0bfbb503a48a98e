//! Transactions: signed once, sent until they are in a block, and the identical one sent again when a node is lost.

use super::{
    contracts_api::error_name,
    link::{said, within, Connection, Link},
    Wait,
};
use crate::{
    address,
    chain::{NotRun, RawEvent},
    Actor,
};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::Account,
};
use scale::Decode;
use std::time::Duration;
use subxt::{
    blocks::ExtrinsicEvents,
    config::{polkadot::PolkadotExtrinsicParamsBuilder, Header, PolkadotConfig},
    error::DispatchError,
    tx::{Payload, Signer, SubmittableExtrinsic, TxStatus},
    utils::{AccountId32, MultiAddress, MultiSignature, H256},
};
use tokio::time::{sleep, Instant};

/// The most blocks during which a transaction may be included, after the block on which it was signed.
const LIFE: u32 = 2_048;
/// How long a pool may say nothing about a transaction before the chain is looked at, and another node asked.
const SILENCE: Duration = Duration::from_secs(40);
/// How long to wait before a transaction is looked for again.
const PAUSE: Duration = Duration::from_millis(300);

/// What nodes answer to a transaction that their pool has seen before, or has no room for: banned for a while, as those that
/// are in a block already; imported already; dropped at once.
const SEEN: [i32; 3] = [1012, 1013, 1016];
/// What they answer to one whose nonce another one has.
const TAKEN: i32 = 1014;

/// A signed transaction. It runs once at most, however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who signed it.
    pub from: Account,
    /// Its place among the transactions of this account.
    pub nonce: u64,
    /// The whole of it, as it is sent.
    pub bytes: Vec<u8>,
    /// The number of the block on which it was signed: no block up to it has it.
    pub born: u32,
    /// The number of the first block that cannot have it any more.
    pub dies: u32,
}

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// The block's hash.
    pub block: [u8; 32],
    /// The transaction's hash.
    pub hash: [u8; 32],
    /// What contracts emitted in it.
    pub events: Vec<RawEvent>,
}

impl Signed {
    /// Its hash, by which explorers find it.
    pub fn hash(&self) -> [u8; 32] {
        Native::blake2b_256(&self.bytes)
    }

    /// Its hash in full, to look for it.
    fn name(&self) -> String {
        format!("0x{}", hex::encode(self.hash()))
    }
}

impl Signer<PolkadotConfig> for Actor {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.account())
    }

    fn address(&self) -> MultiAddress<AccountId32, ()> {
        AccountId32(self.account()).into()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(Actor::sign(self, payload))
    }
}

/// Speaks to the runtime that the chain has now: a signature says for which one it was made.
async fn follow_upgrades(connection: &Connection) -> Result<(), NotRun> {
    let (client, rpc) = (&connection.client, &connection.rpc);
    let present = rpc.state_get_runtime_version(None).await?;
    if present.spec_version == client.runtime_version().spec_version {
        return Ok(());
    }
    client.set_metadata(rpc.state_get_metadata(None).await?);
    client.set_runtime_version(subxt::client::RuntimeVersion {
        spec_version: present.spec_version,
        transaction_version: present.transaction_version,
    });
    Ok(())
}

/// The block on which transactions are signed: until so many blocks after it they may be included.
pub struct Birth {
    hash: H256,
    born: u32,
    life: u32,
}

/// The newest final block, to sign transactions on.
pub async fn birth(connection: &Connection) -> Result<Birth, NotRun> {
    follow_upgrades(connection).await?;
    let hash = connection.rpc.chain_get_finalized_head().await?;
    let header = connection.rpc.chain_get_header(Some(hash)).await?;
    let born = header.ok_or_else(|| NotRun::refused("the node has no final block"))?.number();
    // The chain knows the hashes of so many blocks; a transaction may not live longer.
    let known = connection.client.constants().at(&subxt::dynamic::constant("System", "BlockHashCount"))?;
    let known: u32 = known.as_type().map_err(subxt::Error::from)?;
    Ok(Birth { hash, born, life: LIFE.min(1 << known.max(4).ilog2()) })
}

/// Signs a transaction with a nonce; asks nobody.
pub fn sign(
    connection: &Connection,
    payload: &impl Payload,
    signer: &Actor,
    nonce: u64,
    birth: &Birth,
) -> Result<Signed, NotRun> {
    let Birth { hash, born, life } = *birth;
    let params =
        PolkadotExtrinsicParamsBuilder::new().nonce(nonce).mortal_unchecked(born.into(), hash, life.into()).build();
    let signed = connection.client.tx().create_signed_offline(payload, signer, params)?;
    let (bytes, dies) = (signed.into_encoded(), born.saturating_add(life));
    Ok(Signed { from: signer.account(), nonce, bytes, born, dies })
}

/// Sends a signed transaction until it is in a block, by whatever node answers; gives what happened in it. One that was
/// `sent_before` may be in some pool or block already, so that a pool's refusal says nothing about it.
///
/// # Errors
/// [`NotRun`]: `NonceTaken` and `Refused` when it did not run and never will, `Unsettled` when that is not known after
/// `patience`.
pub async fn settle(
    link: &Link,
    signed: &Signed,
    sent_before: bool,
    wait: Wait,
    patience: Duration,
) -> Result<Included, NotRun> {
    let deadline = Instant::now() + patience;
    let unsettled = |trouble: &NotRun| in_no_block(signed, wait, patience, trouble);
    let mut connection = link.connection().await;
    // May any pool have it? Then only the blocks say what becomes of it.
    let mut known = sent_before;
    loop {
        let mut trouble = match watch(&connection, signed, wait, &mut known).await {
            Ok(block) => match included(&connection, block, signed).await {
                Err(trouble @ NotRun::Unreachable(_)) => trouble,
                settled => return settled,
            },
            Err(trouble) => trouble,
        };
        // Whatever the pool says, the blocks know.
        match find(&connection, signed, wait).await {
            Ok(Found::In(block)) => match included(&connection, block, signed).await {
                Err(lost @ NotRun::Unreachable(_)) => trouble = lost,
                settled => return settled,
            },
            Ok(Found::NotYet) => {}
            Ok(Found::Another) => return Err(NotRun::NonceTaken(address(&signed.from))),
            Ok(Found::Never) => {
                return Err(NotRun::refused(format!(
                    "transaction {} was in no block before {}, after which it is worthless",
                    signed.name(),
                    signed.dies
                )))
            }
            Err(lost) => trouble = lost,
        }
        if !known {
            return Err(trouble);
        }
        if Instant::now() >= deadline {
            return Err(unsettled(&trouble));
        }
        match trouble {
            NotRun::Unreachable(_) => {
                connection = link.renew(&connection, deadline).await.map_err(|lost| unsettled(&lost))?
            }
            _ => sleep(PAUSE).await,
        }
    }
}

/// What is known of a transaction that is in no block that counts when patience ends.
fn in_no_block(signed: &Signed, wait: Wait, patience: Duration, trouble: &NotRun) -> NotRun {
    NotRun::Unsettled(format!(
        "transaction {} of {} was sent, and is in no {} after {} s ({trouble}); it can still come into a block before block {}, \
         and into none from that one on",
        signed.name(),
        address(&signed.from),
        wait.block(),
        patience.as_secs(),
        signed.dies
    ))
}

/// Sends a transaction, and watches it into a block.
async fn watch(connection: &Connection, signed: &Signed, wait: Wait, known: &mut bool) -> Result<H256, NotRun> {
    let extrinsic = SubmittableExtrinsic::from_bytes(connection.client.clone(), signed.bytes.clone());
    let submitted = within(SILENCE, async {
        extrinsic.submit_and_watch().await.map_err(|error| match said(&error) {
            Some((code, words)) if SEEN.contains(&code) => {
                *known = true;
                NotRun::Refused(words)
            }
            Some((TAKEN, _)) => NotRun::NonceTaken(address(&signed.from)),
            // The nonce is that of a transaction in a block: of this one, or of another.
            Some((_, words)) if words.contains("outdated") => NotRun::NonceTaken(address(&signed.from)),
            _ => error.into(),
        })
    })
    .await;
    // A node that was lost while it was told may have heard it.
    *known |= matches!(submitted, Ok(_) | Err(NotRun::Unreachable(_)));
    let mut progress = submitted?;
    loop {
        let status = within(SILENCE, async { Ok(progress.next().await.transpose()?) }).await?;
        match (status, wait) {
            (Some(TxStatus::InBestBlock(block)), Wait::Best) => return Ok(block.block_hash()),
            (Some(TxStatus::InFinalizedBlock(block)), _) => return Ok(block.block_hash()),
            (Some(TxStatus::Error { message } | TxStatus::Invalid { message } | TxStatus::Dropped { message }), _) => {
                return Err(NotRun::Refused(message))
            }
            (Some(_), _) => {}
            (None, _) => {
                return Err(NotRun::Unreachable("the node has stopped telling about the transaction".to_owned()))
            }
        }
    }
}

/// Where a transaction is.
enum Found {
    /// In this block.
    In(H256),
    /// In none that counts, but it may come to be in one.
    NotYet,
    /// In none, and a final block has another one in its place.
    Another,
    /// In none, ever.
    Never,
}

/// Looks for a transaction in all blocks that may have it.
async fn find(connection: &Connection, signed: &Signed, wait: Wait) -> Result<Found, NotRun> {
    let rpc = &connection.rpc;
    let height = |hash| async move {
        let header = within(SILENCE, async { Ok(rpc.chain_get_header(hash).await?) }).await?;
        header.map(|header| header.number()).ok_or_else(|| NotRun::Unreachable("the node has no blocks".to_owned()))
    };
    let final_head = within(SILENCE, async { Ok(rpc.chain_get_finalized_head().await?) }).await?;
    let finalized = height(Some(final_head)).await?;
    let newest = match wait {
        Wait::Best => height(None).await?,
        Wait::Finalized => finalized,
    };
    for number in signed.born.saturating_add(1)..=newest.min(signed.dies) {
        let block = within(SILENCE, async {
            let Some(hash) = rpc.chain_get_block_hash(Some(number.into())).await? else { return Ok(None) };
            Ok(rpc.chain_get_block(Some(hash)).await?.map(|block| (hash, block)))
        });
        let Some((hash, block)) = block.await? else { return Ok(Found::NotYet) };
        if block.block.extrinsics.iter().any(|extrinsic| extrinsic.0 == signed.bytes) {
            return Ok(Found::In(hash));
        }
    }
    let next = within(SILENCE, async {
        let state = connection.client.blocks().at(final_head).await?;
        Ok(state.account_nonce(&AccountId32(signed.from)).await?)
    });
    Ok(match finalized > signed.dies {
        true => Found::Never,
        false if next.await? > signed.nonce => Found::Another,
        false => Found::NotYet,
    })
}

/// What a transaction did in its block.
///
/// # Errors
/// [`NotRun`]: `Refused` when it failed there: its fee is paid, and nothing else changed. `Unsettled` when the node cannot
/// tell, as one that has forgotten the block's state.
async fn included(connection: &Connection, block: H256, signed: &Signed) -> Result<Included, NotRun> {
    match within(SILENCE, result(connection, block, signed)).await {
        Ok(Ok(included)) => Ok(included),
        Ok(Err(reason)) => Err(NotRun::Refused(reason)),
        Err(lost @ NotRun::Unreachable(_)) => Err(lost),
        Err(trouble) => Err(NotRun::Unsettled(format!(
            "transaction {} is in block {block:?}, and this node cannot tell what it did there ({trouble}); ask one that \
             keeps all states (--state-pruning archive)",
            signed.name()
        ))),
    }
}

/// What a transaction did in its block, or why it failed there.
async fn result(connection: &Connection, block: H256, signed: &Signed) -> Result<Result<Included, String>, NotRun> {
    let hash = signed.hash();
    let block_is = connection.client.blocks().at(block).await?;
    let extrinsics = block_is.extrinsics().await?;
    let found = extrinsics.iter().find(|extrinsic| extrinsic.hash().0 == hash);
    let found = found.ok_or_else(|| NotRun::Unreachable("the block has lost the transaction".to_owned()))?;
    let events = found.events().await?;
    for event in events.iter() {
        let event = event?;
        if (event.pallet_name(), event.variant_name()) == ("System", "ExtrinsicFailed") {
            let error = DispatchError::decode_from(event.field_bytes(), connection.client.metadata())?;
            return Ok(Err(error_name(&error)));
        }
    }
    Ok(Ok(Included { block: block.0, hash, events: emitted(&events)? }))
}

/// The events that contracts emitted.
fn emitted(events: &ExtrinsicEvents<PolkadotConfig>) -> Result<Vec<RawEvent>, NotRun> {
    let mut emitted = Vec::new();
    for event in events.iter() {
        emitted.extend(of_a_contract(&event?)?);
    }
    Ok(emitted)
}

/// The event of a contract that this event of the chain is, if it is one.
///
/// # Errors
/// [`NotRun`] when it cannot be read.
pub fn of_a_contract(event: &subxt::events::EventDetails<PolkadotConfig>) -> Result<Option<RawEvent>, NotRun> {
    if (event.pallet_name(), event.variant_name()) != ("Contracts", "ContractEmitted") {
        return Ok(None);
    }
    let (contract, data) = Decode::decode(&mut event.field_bytes())
        .map_err(|error| NotRun::Refused(format!("an event cannot be read: {error}")))?;
    Ok(Some(RawEvent { contract, topics: event.topics().iter().map(|topic| topic.0).collect(), data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_settled_can_be_looked_for_and_is_said_to_be_worthless_from_a_block_on() {
        let signed = Signed { from: [1; 32], nonce: 3, bytes: vec![1, 2, 3], born: 10, dies: 74 };
        let trouble = NotRun::Unreachable("gone".to_owned());
        let told = in_no_block(&signed, Wait::Finalized, Duration::from_secs(120), &trouble);
        let NotRun::Unsettled(words) = told else { panic!("it may still run") };
        let hash = format!("transaction 0x{} ", hex::encode(signed.hash()));
        for part in ["no final block after 120 s (gone)", "before block 74,", &hash, &address(&signed.from)] {
            assert!(words.contains(part), "{part} is missing in {words}");
        }
        // Whoever reads it may have no identical one to send.
        assert!(!words.contains("again"), "{words}");
    }
}
