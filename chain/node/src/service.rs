//! The parts of a running node, put together.

use crate::rpc;
use amanah_runtime::{opaque::Block, RuntimeApi};
use futures::{stream, FutureExt, Stream};
use futures_timer::Delay;
use sc_client_api::Backend;
use sc_consensus_manual_seal::{
    run_delayed_finalize, run_instant_seal, run_manual_seal, DelayedFinalizeParams, EngineCommand, InstantSealParams,
    ManualSealParams,
};
use sc_network::NetworkBackend;
use sc_service::{error::Error, Configuration, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_runtime::traits::Block as BlockT;
use std::{sync::Arc, time::Duration};

type Client = sc_service::TFullClient<Block, RuntimeApi, sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>>;
type FullBackend = sc_service::TFullBackend<Block>;
type Hash = <Block as BlockT>::Hash;
type Network = sc_network::NetworkWorker<Block, Hash>;
type Parts = sc_service::PartialComponents<
    Client,
    FullBackend,
    sc_consensus::LongestChain<FullBackend, Block>,
    sc_consensus::DefaultImportQueue<Block>,
    sc_transaction_pool::FullPool<Block, Client>,
    Option<Telemetry>,
>;

/// When blocks are made.
pub enum Sealing {
    /// One for each transaction, at once.
    EachTransaction,
    /// One whenever this time has passed, empty or not.
    Every(Duration),
}

/// What every command needs that touches the database.
pub fn partial(config: &Configuration) -> Result<Parts, Error> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;
    let (client, backend, keystore_container, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, _>(
        config,
        telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
        sc_service::new_wasm_executor(&config.executor),
    )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let import_queue = sc_consensus_manual_seal::import_queue(
        Box::new(client.clone()),
        &task_manager.spawn_essential_handle(),
        config.prometheus_registry(),
    );
    let transaction_pool = sc_transaction_pool::BasicPool::new_full(
        config.transaction_pool.clone(),
        config.role.is_authority().into(),
        config.prometheus_registry(),
        task_manager.spawn_essential_handle(),
        client.clone(),
    );
    Ok(Parts {
        select_chain: sc_consensus::LongestChain::new(backend.clone()),
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        transaction_pool,
        other: telemetry,
    })
}

/// Starts a node; it runs until its task manager is dropped.
pub fn full(config: Configuration, sealing: Sealing, finalize_delay_sec: u8) -> Result<TaskManager, Error> {
    let Parts {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: mut telemetry,
    } = partial(&config)?;
    let registry = config.prometheus_registry().cloned();

    let (network, system_rpc_tx, tx_handler_controller, network_starter, sync_service) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            import_queue,
            net_config: sc_network::config::FullNetworkConfiguration::<Block, Hash, Network>::new(
                &config.network,
                registry.clone(),
            ),
            block_announce_validator_builder: None,
            warp_sync_config: None,
            block_relay: None,
            metrics: <Network as NetworkBackend<Block, Hash>>::register_notification_metrics(registry.as_ref()),
        })?;

    if config.offchain_worker.enabled {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            is_validator: config.role.is_authority(),
            keystore: Some(keystore_container.keystore()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(transaction_pool.clone())),
            network_provider: Arc::new(network.clone()),
            enable_http_requests: false,
            custom_extensions: |_| vec![],
        });
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers.run(client.clone(), task_manager.spawn_handle()).boxed(),
        );
    }

    let rpc_builder = {
        let (client, pool) = (client.clone(), transaction_pool.clone());
        Box::new(move |_| rpc::methods(client.clone(), pool.clone()).map_err(Into::into))
    };
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        network,
        client: client.clone(),
        keystore: keystore_container.keystore(),
        task_manager: &mut task_manager,
        transaction_pool: transaction_pool.clone(),
        rpc_builder,
        backend,
        system_rpc_tx,
        tx_handler_controller,
        sync_service,
        config,
        telemetry: telemetry.as_mut(),
    })?;

    let env = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        transaction_pool.clone(),
        registry.as_ref(),
        telemetry.as_ref().map(|telemetry| telemetry.handle()),
    );
    let create_inherent_data_providers =
        |_, ()| async move { Ok(sp_timestamp::InherentDataProvider::from_system_time()) };
    let authorship = match sealing {
        Sealing::EachTransaction => run_instant_seal(InstantSealParams {
            block_import: client.clone(),
            env,
            client: client.clone(),
            pool: transaction_pool,
            select_chain,
            consensus_data_provider: None,
            create_inherent_data_providers,
        })
        .boxed(),
        Sealing::Every(period) => run_manual_seal(ManualSealParams {
            block_import: client.clone(),
            env,
            client: client.clone(),
            pool: transaction_pool,
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
            delay_sec: finalize_delay_sec.into(),
        }),
    );
    network_starter.start_network();
    Ok(task_manager)
}

/// A command to make a block, empty or not, whenever `period` has passed.
fn every(period: Duration) -> impl Stream<Item = EngineCommand<Hash>> {
    stream::unfold((), move |()| async move {
        Delay::new(period).await;
        Some((EngineCommand::SealNewBlock { create_empty: true, finalize: false, parent_hash: None, sender: None }, ()))
    })
}
