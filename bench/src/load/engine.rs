//! Fires signed transactions and queries at a node, and sees what becomes of each.
//!
//! Everything is signed before the clock starts. At most so many operations are under way at a time; a transaction is under way
//! until a block has it. What it did is read from the blocks afterwards, so that reading does not slow the node down while it
//! is measured.

use amanah_client::{
    chain::RawEvent,
    node::{of_a_contract, returned, Signed},
};
use amanah_domain::crypto::{Crypto, Native};
use anyhow::{bail, Context, Result};
use indicatif::ProgressBar;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use subxt::{
    backend::{legacy::LegacyRpcMethods, rpc::RpcClient},
    config::{Header, PolkadotConfig},
    events::Phase,
    utils::H256,
    OnlineClient,
};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

/// How many questions a node is asked at the same time; the connection takes 256.
const ASKING: usize = 128;
/// How long nothing may happen before the rest counts as lost.
const SILENCE: Duration = Duration::from_secs(60);

type Rpc = LegacyRpcMethods<PolkadotConfig>;

/// Something to do.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Send this.
    Transaction(Signed),
    /// Ask pallet-contracts this, and expect this answer.
    Query {
        /// What is asked.
        question: Vec<u8>,
        /// What the contract must return.
        answer: Vec<u8>,
    },
}

/// What became of an operation.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// When it was sent, after the first one.
    pub sent: Duration,
    /// When a block had it or the answer arrived; `None`: never.
    pub done: Option<Duration>,
    /// When its block was final.
    pub finalized: Option<Duration>,
    /// Did it do what it should: succeed in its block, or get the right answer?
    pub succeeded: bool,
    /// What contracts emitted in it.
    pub events: Vec<RawEvent>,
    /// Why the node did not take it, if it did not.
    pub trouble: Option<String>,
}

/// A node under fire.
pub struct Range {
    rpc: Rpc,
    client: OnlineClient<PolkadotConfig>,
}

/// What is seen of blocks while the fire goes on.
#[derive(Default)]
struct Seen {
    /// When a block with this transaction was first seen.
    included: HashMap<[u8; 32], Instant>,
    /// The number of the newest block whose transactions are among these.
    head: u32,
    /// The number of the newest block with more than the chain's own transactions; those after it are made because it is time.
    filled: u32,
    /// When blocks up to this number were seen to be final.
    finalized: Vec<(u32, Instant)>,
    /// When a block with transactions came last.
    stirred: Option<Instant>,
}

impl Seen {
    /// Are all of these but the refused ones in blocks, and is the newest of those blocks final if that is asked for? Those after it
    /// need not be: where the clock makes blocks, the newest of all never is.
    fn has_settled(&self, hashes: &[Option<[u8; 32]>], refused: usize, finality: bool) -> bool {
        let missing = hashes.iter().flatten().filter(|hash| !self.included.contains_key(*hash)).count();
        let is_final = self.finalized.last().is_some_and(|(number, _)| *number >= self.filled);
        missing <= refused && (is_final || !finality)
    }
}

impl Range {
    /// Connects to a node.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn of(url: &str) -> Result<Self> {
        let rpc = RpcClient::from_insecure_url(url).await.with_context(|| format!("no node at {url}"))?;
        let client = OnlineClient::from_rpc_client(rpc.clone()).await?;
        Ok(Self { rpc: LegacyRpcMethods::new(rpc), client })
    }

    /// What a contract returns to a question now.
    ///
    /// # Errors
    /// When the node does not answer, or the contract refuses.
    pub async fn answer(&self, question: &[u8]) -> Result<Vec<u8>> {
        let answer = self.rpc.state_call("ContractsApi_call", Some(question), None).await?;
        returned(&answer).context("the contract does not answer")
    }

    /// Does all of this, at most `most` at a time, and waits until blocks have all transactions, and until they are final if
    /// `finality` says so. Gives what became of each, in their order.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn fire(
        &self,
        operations: &[Operation],
        most: usize,
        finality: bool,
        progress: &ProgressBar,
    ) -> Result<Vec<Fate>> {
        let (rpc, client) = (&self.rpc, &self.client);
        let seen = Arc::new(Mutex::new(Seen::default()));
        let room = Arc::new(Semaphore::new(most));
        let before = rpc.chain_get_header(None).await?.context("the chain has a block")?.number();
        seen.lock().expect("nobody panics").head = before;
        let mut watchers = JoinSet::new();
        watchers.spawn(watch_heads(rpc.clone(), seen.clone(), room.clone(), progress.clone()));
        watchers.spawn(watch_finality(rpc.clone(), seen.clone()));

        let mut asked = JoinSet::new();
        let asking = Arc::new(Semaphore::new(ASKING));
        let mut sent = Vec::new();
        let mut first = None;
        for (place, operation) in operations.iter().enumerate() {
            let permit = tokio::time::timeout(SILENCE, room.clone().acquire_owned()).await;
            let Ok(permit) = permit else { break };
            let permit = permit?;
            let line = asking.clone().acquire_owned().await?;
            let now = Instant::now();
            let start = *first.get_or_insert(now);
            sent.push(now - start);
            let rpc = rpc.clone();
            match operation.clone() {
                Operation::Transaction(signed) => {
                    // A block gives the room back.
                    permit.forget();
                    let room = room.clone();
                    asked.spawn(async move {
                        let trouble = rpc.author_submit_extrinsic(&signed.bytes).await.err();
                        drop(line);
                        if trouble.is_some() {
                            room.add_permits(1);
                        }
                        (place, false, None, trouble.map(|trouble| trouble.to_string()))
                    });
                }
                Operation::Query { question, answer } => {
                    let progress = progress.clone();
                    asked.spawn(async move {
                        let got = rpc.state_call("ContractsApi_call", Some(&question), None).await;
                        drop((permit, line));
                        progress.inc(1);
                        let right = got.is_ok_and(|got| returned(&got).as_ref() == Some(&answer));
                        (place, right, Some(start.elapsed()), None)
                    });
                }
            }
        }
        let start = first.unwrap_or_else(Instant::now);
        let mut fates: Vec<Fate> = sent.into_iter().map(|sent| Fate { sent, ..Fate::default() }).collect();
        fates.resize_with(operations.len(), Fate::default);
        let mut refused = 0;
        while let Some(one) = asked.join_next().await {
            let (place, right, done, trouble) = one?;
            refused += usize::from(trouble.is_some());
            let fate = &mut fates[place];
            (fate.done, fate.succeeded, fate.trouble) = (done, right, trouble);
        }
        let hashes: Vec<Option<[u8; 32]>> = operations
            .iter()
            .map(|operation| match operation {
                Operation::Transaction(signed) => Some(signed.hash()),
                Operation::Query { .. } => None,
            })
            .collect();
        wait_for(&seen, &hashes, refused, finality).await;
        watchers.abort_all();
        let seen = std::mem::take(&mut *seen.lock().expect("nobody panics"));
        let outcomes = outcomes(client, rpc, before, seen.head).await?;
        for (fate, hash) in fates.iter_mut().zip(hashes) {
            let Some(hash) = hash else { continue };
            fate.done = seen.included.get(&hash).map(|at| *at - start);
            if let Some((block, succeeded, events)) = outcomes.get(&hash) {
                fate.succeeded = *succeeded;
                fate.events.clone_from(events);
                fate.finalized = seen
                    .finalized
                    .iter()
                    .find(|(number, _)| number >= block)
                    .map(|(_, at)| at.saturating_duration_since(start));
            }
        }
        Ok(fates)
    }
}

/// Waits until all transactions are in blocks, and these are final if that is asked for, or nothing happens any more.
async fn wait_for(seen: &Mutex<Seen>, hashes: &[Option<[u8; 32]>], refused: usize, finality: bool) {
    let began = Instant::now();
    loop {
        {
            let seen = seen.lock().expect("nobody panics");
            if seen.has_settled(hashes, refused, finality) {
                return;
            }
            if seen.stirred.unwrap_or(began).max(began).elapsed() > SILENCE {
                return;
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Notes when transactions come to be in blocks, and gives their room back.
async fn watch_heads(rpc: Rpc, seen: Arc<Mutex<Seen>>, room: Arc<Semaphore>, progress: ProgressBar) -> Result<()> {
    loop {
        let head = rpc.chain_get_header(None).await?.context("the chain has a block")?.number();
        let mut next = seen.lock().expect("nobody panics").head + 1;
        while next <= head {
            let hash = rpc.chain_get_block_hash(Some(next.into())).await?.context("the block is there")?;
            let block = rpc.chain_get_block(Some(hash)).await?.context("the block is there")?;
            let now = Instant::now();
            let mut seen = seen.lock().expect("nobody panics");
            for one in &block.block.extrinsics {
                if seen.included.insert(hash_of(&one.0), now).is_none() && one.0.len() > 40 {
                    (seen.filled, seen.stirred) = (next, Some(now));
                    room.add_permits(1);
                    progress.inc(1);
                }
            }
            seen.head = next;
            next += 1;
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Notes when blocks come to be final.
async fn watch_finality(rpc: Rpc, seen: Arc<Mutex<Seen>>) -> Result<()> {
    loop {
        let hash = rpc.chain_get_finalized_head().await?;
        let number = rpc.chain_get_header(Some(hash)).await?.context("the block is there")?.number();
        {
            let mut seen = seen.lock().expect("nobody panics");
            if seen.finalized.last().is_none_or(|(last, _)| *last < number) {
                seen.finalized.push((number, Instant::now()));
            }
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// What each transaction did, by its hash: its block, whether it succeeded, what contracts emitted.
type Outcomes = HashMap<[u8; 32], (u32, bool, Vec<RawEvent>)>;

/// Reads what the transactions of these blocks did.
async fn outcomes(client: &OnlineClient<PolkadotConfig>, rpc: &Rpc, after: u32, upto: u32) -> Result<Outcomes> {
    let mut all = HashMap::new();
    for number in after + 1..=upto {
        let hash: H256 = rpc.chain_get_block_hash(Some(number.into())).await?.context("the block is there")?;
        let block = rpc.chain_get_block(Some(hash)).await?.context("the block is there")?;
        let mut done: Vec<(bool, Vec<RawEvent>)> = vec![Default::default(); block.block.extrinsics.len()];
        for event in client.events().at(hash).await?.iter() {
            let event = event?;
            let Phase::ApplyExtrinsic(place) = event.phase() else { continue };
            let Some((succeeded, events)) = done.get_mut(place as usize) else { bail!("block {number} is odd") };
            match (event.pallet_name(), event.variant_name()) {
                ("System", "ExtrinsicSuccess") => *succeeded = true,
                _ => events.extend(of_a_contract(&event)?),
            }
        }
        for (one, (succeeded, events)) in block.block.extrinsics.iter().zip(done) {
            all.insert(hash_of(&one.0), (number, succeeded, events));
        }
    }
    Ok(all)
}

fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Native::blake2b_256(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_has_settled_when_its_last_block_is_final_whatever_empty_ones_follow() {
        let (now, ours) = (Instant::now(), [[1; 32], [2; 32]]);
        let hashes = [Some(ours[0]), None, Some(ours[1])];
        let mut seen = Seen { head: 9, filled: 6, finalized: vec![(5, now)], ..Seen::default() };
        seen.included.insert(ours[0], now);
        assert!(!seen.has_settled(&hashes, 0, false), "one is in no block");
        assert!(seen.has_settled(&hashes, 1, false), "it was refused");
        seen.included.insert(ours[1], now);
        assert!(seen.has_settled(&hashes, 0, false));
        assert!(!seen.has_settled(&hashes, 0, true), "the block that has it is not final");
        seen.finalized.push((6, now));
        assert!(seen.has_settled(&hashes, 0, true), "three empty blocks are not final");
    }
}
