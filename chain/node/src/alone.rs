//! One node makes the blocks of an open chain, as it likes.

use crate::service::{Author, Client, Hash, Pool, SelectChain};
use amanah_runtime::opaque::Block;
use futures::{stream, FutureExt, Stream};
use futures_timer::Delay;
use sc_consensus_manual_seal::{
    run_delayed_finalize, run_instant_seal, run_manual_seal, DelayedFinalizeParams, EngineCommand, InstantSealParams,
    ManualSealParams,
};
use sc_service::{Configuration, TaskManager};
use std::{sync::Arc, time::Duration};

/// When blocks are made, and when they are final.
#[derive(Default)]
pub struct Sealing {
    /// A block whenever this time has passed, empty or not; else one for each transaction, at once.
    pub every: Option<Duration>,
    /// How many seconds after its making a block is finalized; one, unless it is said.
    pub finalized_after: Option<u8>,
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

/// Begins to make blocks.
pub fn start(
    sealing: Sealing,
    client: Arc<Client>,
    select_chain: SelectChain,
    env: Author,
    pool: Arc<Pool>,
    task_manager: &TaskManager,
) {
    let create_inherent_data_providers =
        |_, ()| async move { Ok(sp_timestamp::InherentDataProvider::from_system_time()) };
    let authorship = match sealing.every {
        None => run_instant_seal(InstantSealParams {
            block_import: client.clone(),
            env,
            client: client.clone(),
            pool,
            select_chain,
            consensus_data_provider: None,
            create_inherent_data_providers,
        })
        .boxed(),
        Some(period) => run_manual_seal(ManualSealParams {
            block_import: client.clone(),
            env,
            client: client.clone(),
            pool,
            commands_stream: Box::pin(every(period)),
            select_chain,
            consensus_data_provider: None,
            create_inherent_data_providers,
        })
        .boxed(),
    };
    task_manager.spawn_essential_handle().spawn_blocking("seal", None, authorship);
    task_manager.spawn_essential_handle().spawn_blocking(
        "delayed_finalize",
        None,
        run_delayed_finalize(DelayedFinalizeParams {
            client,
            spawn_handle: task_manager.spawn_handle(),
            delay_sec: sealing.finalized_after.unwrap_or(1).into(),
        }),
    );
}

/// A command to make a block, empty or not, whenever `period` has passed.
fn every(period: Duration) -> impl Stream<Item = EngineCommand<Hash>> {
    stream::unfold((), move |()| async move {
        Delay::new(period).await;
        Some((EngineCommand::SealNewBlock { create_empty: true, finalize: false, parent_hash: None, sender: None }, ()))
    })
}
