//! One node makes the blocks of an open chain, as it likes.

use crate::service::{Author, Client, Hash, Pool, SelectChain};
use amanah_runtime::{opaque::Block, BlockNumber};
use futures::{
    channel::{mpsc, oneshot},
    future, stream, FutureExt, Stream, StreamExt,
};
use futures_timer::Delay;
use sc_client_api::{BlockBackend, Finalizer};
use sc_consensus_manual_seal::{
    run_delayed_finalize, run_manual_seal, CreatedBlock, DelayedFinalizeParams, EngineCommand, Error, ManualSealParams,
};
use sc_service::{Configuration, TaskManager};
use sc_transaction_pool_api::TransactionPool;
use sp_blockchain::HeaderBackend;
use std::{
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

/// The least time between the beginnings of two blocks that are made on demand.
const REST: Duration = Duration::from_millis(50);

/// How long the pool may take until it knows a block. It does not say that it does if it learns of it while it is asked.
const PATIENCE: Duration = Duration::from_secs(1);

/// When blocks are made, and when they are final.
#[derive(Default)]
pub struct Sealing {
    /// A block whenever this time has passed, empty or not; else one at once when transactions come.
    pub every: Option<Duration>,
    /// How many seconds after its making a block is finalized; one, unless it is said.
    pub finalized_after: Option<u8>,
    /// What is added to this machine's clock (seconds).
    pub clock_offset: i64,
}

/// Takes blocks as they are.
pub fn import_queue(
    config: &Configuration,
    client: &Arc<Client>,
    task_manager: &TaskManager,
) -> sc_consensus::DefaultImportQueue<Block> {
    sc_consensus_manual_seal::import_queue(
        Box::new(client.clone()),
        &task_manager.spawn_essential_handle(),
        config.prometheus_registry(),
    )
}

/// Begins to make blocks. `moved` tells, now and then, while transactions may go into one (`waiting.rs`).
pub fn start(
    sealing: Sealing,
    client: Arc<Client>,
    select_chain: SelectChain,
    env: Author,
    pool: Arc<Pool>,
    moved: mpsc::Receiver<()>,
    task_manager: &TaskManager,
) {
    let offset = sealing.clock_offset.saturating_mul(1_000);
    let create_inherent_data_providers = move |_, ()| async move {
        let now = sp_timestamp::Timestamp::current().as_millis().saturating_add_signed(offset);
        Ok(sp_timestamp::InherentDataProvider::new(now.into()))
    };
    let commands_stream: Pin<Box<dyn Stream<Item = EngineCommand<Hash>> + Send>> = match sealing.every {
        None => Box::pin(on_demand(client.clone(), pool.clone(), moved)),
        Some(period) => Box::pin(every(period)),
    };
    let authorship = run_manual_seal(ManualSealParams {
        block_import: client.clone(),
        env,
        client: client.clone(),
        pool,
        commands_stream,
        select_chain,
        consensus_data_provider: None,
        create_inherent_data_providers,
    });
    task_manager.spawn_essential_handle().spawn_blocking("seal", None, authorship);
    let delay_sec = sealing.finalized_after.unwrap_or(1).into();
    task_manager.spawn_handle().spawn(
        "finalize-newest",
        None,
        finalize_newest(client.clone(), Duration::from_secs(delay_sec)),
    );
    task_manager.spawn_essential_handle().spawn_blocking(
        "delayed_finalize",
        None,
        run_delayed_finalize(DelayedFinalizeParams { client, spawn_handle: task_manager.spawn_handle(), delay_sec }),
    );
}

/// Makes the block final that is the newest now, after this time, unless it is final already.
///
/// `run_delayed_finalize` is told of blocks that are made from now on. One that was made just before the node was stopped would
/// wait for the next one, which comes with the next transaction only.
async fn finalize_newest(client: Arc<Client>, delay: Duration) {
    let newest = client.info();
    if newest.finalized_number >= newest.best_number {
        return;
    }
    Delay::new(delay).await;
    // With a later block, all before it are final.
    if client.info().finalized_number >= newest.best_number {
        return;
    }
    if let Err(error) = client.finalize_block(newest.best_hash, None, true) {
        log::warn!("Block {} of an earlier run cannot be made final: {error}", newest.best_number);
    }
}

/// A command to make a block when transactions have come, and again as long as a block leaves some of them over. What comes while
/// a block is made goes into the next one.
///
/// `run_instant_seal` makes one for each transaction, and what a full block leaves over waits there for the next one that comes.
/// Blocks are [`REST`] apart, so that the pool's checks seldom take longer than two of them (`waiting.rs` says what happens then).
fn on_demand(
    client: Arc<Client>,
    pool: Arc<Pool>,
    moved: mpsc::Receiver<()>,
) -> impl Stream<Item = EngineCommand<Hash>> {
    let arrivals = stream::select(pool.import_notification_stream().map(drop), moved);
    let begin = (arrivals, None, Instant::now());
    stream::unfold(begin, move |(mut arrivals, made, last)| {
        let (client, pool) = (client.clone(), pool.clone());
        async move {
            if !left_over(&client, &pool, made).await {
                arrivals.next().await?;
                // One block is for all that are there.
                while arrivals.next().now_or_never().flatten().is_some() {}
            }
            Delay::new(REST.saturating_sub(last.elapsed())).await;
            let (sender, made) = oneshot::channel();
            let (create_empty, finalize, parent_hash) = (false, false, None);
            let seal = EngineCommand::SealNewBlock { create_empty, finalize, parent_hash, sender: Some(sender) };
            Some((seal, (arrivals, Some(made), Instant::now())))
        }
    })
}

/// Has the block that is being made left over transactions that may go into the next one? Not if it had none itself: then they never
/// fit.
async fn left_over(
    client: &Client,
    pool: &Pool,
    made: Option<oneshot::Receiver<Result<CreatedBlock<Hash>, Error>>>,
) -> bool {
    let Some(made) = made else { return false };
    let Ok(Ok(CreatedBlock { hash, .. })) = made.await else { return false };
    let (Ok(Some(number)), Ok(Some(body))) = (client.number(hash), client.block_body(hash)) else { return false };
    // The first one is the block's time.
    body.len() > 1 && any_after(pool, number).await
}

/// Does the pool have transactions for the block after this one?
async fn any_after(pool: &Pool, number: BlockNumber) -> bool {
    future::select(pool.ready_at(number), Delay::new(PATIENCE)).await;
    pool.status().ready > 0
}

/// A command to make a block, empty or not, whenever `period` has passed.
fn every(period: Duration) -> impl Stream<Item = EngineCommand<Hash>> {
    stream::unfold((), move |()| async move {
        Delay::new(period).await;
        Some((EngineCommand::SealNewBlock { create_empty: true, finalize: false, parent_hash: None, sender: None }, ()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{remark, with_parts, with_pool, Parts};
    use sc_transaction_pool_api::TransactionSource;
    use sp_keyring::Sr25519Keyring::Alice;

    #[test]
    fn a_block_that_was_not_final_when_its_node_stopped_becomes_final_without_another_one() {
        with_parts(|Parts { client, select_chain, pool, author }| async move {
            let finalized = || (client.info().best_number, client.info().finalized_number);
            finalize_newest(client.clone(), Duration::ZERO).await;
            assert_eq!(finalized(), (0, 0));
            // Nobody here hears of this block, as after a restart.
            let seal =
                EngineCommand::SealNewBlock { create_empty: true, finalize: false, parent_hash: None, sender: None };
            run_manual_seal(ManualSealParams {
                block_import: client.clone(),
                env: author,
                client: client.clone(),
                pool,
                commands_stream: stream::iter([seal]),
                select_chain,
                consensus_data_provider: None,
                create_inherent_data_providers: |_, ()| async {
                    Ok(sp_timestamp::InherentDataProvider::from_system_time())
                },
            })
            .await;
            assert_eq!(finalized(), (1, 0));
            finalize_newest(client.clone(), Duration::ZERO).await;
            assert_eq!(finalized(), (1, 1));
        });
    }

    #[test]
    fn a_pool_that_never_says_that_it_knows_a_block_is_asked_for_what_it_has() {
        with_pool(|pool, genesis| async move {
            // Nobody tells this pool of a block.
            assert!(!any_after(&pool, 1).await);
            let sent = pool.submit_one(genesis, TransactionSource::External, remark(Alice, 0, genesis)).await;
            sent.expect("it is valid");
            assert!(any_after(&pool, 1).await);
        });
    }
}
