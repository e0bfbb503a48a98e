//! The parts of a running node, put together: what open chains and those of a consortium have in common.

use crate::{
    alone::{self, Sealing},
    rpc,
    together::{self, Voter},
    waiting,
};
use amanah_runtime::{opaque::Block, RuntimeApi};
use futures::{channel::mpsc, FutureExt};
use sc_client_api::Backend;
use sc_executor::{HeapAllocStrategy, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_network::NetworkBackend;
use sc_service::{config::BasePath, error::Error, ChainType, Configuration, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::AuraApi;
use sp_runtime::traits::Block as BlockT;
use std::sync::Arc;

pub type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
pub type FullBackend = sc_service::TFullBackend<Block>;
pub type Pool = sc_transaction_pool::FullPool<Block, Client>;
pub type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
pub type Hash = <Block as BlockT>::Hash;
pub type Author = sc_basic_authorship::ProposerFactory<Pool, Client, sp_consensus::DisableProofRecording>;
type Network = sc_network::NetworkWorker<Block, Hash>;
type Parts = sc_service::PartialComponents<
    Client,
    FullBackend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    Pool,
    (Option<Telemetry>, Option<Voter>),
>;

/// What runs the runtime, as `sc_service::new_wasm_executor` makes it. Nodes that are started and thrown away all day keep the
/// machine code that they have compiled, in the user's own folder, so that only the first start takes seconds; a
/// validator in earnest runs nothing but what it has compiled itself.
fn executor(config: &Configuration) -> Executor {
    let heap = config
        .executor
        .default_heap_pages
        .map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| HeapAllocStrategy::Static { extra_pages: pages as _ });
    let executor = WasmExecutor::builder()
        .with_execution_method(config.executor.wasm_method)
        .with_onchain_heap_alloc_strategy(heap)
        .with_offchain_heap_alloc_strategy(heap)
        .with_max_runtime_instances(config.executor.max_runtime_instances)
        .with_runtime_cache_size(config.executor.runtime_cache_size);
    match config.chain_spec.chain_type() {
        ChainType::Development | ChainType::Local => {
            let own = BasePath::from_project("", "", env!("CARGO_PKG_NAME"));
            executor.with_cache_path(own.path().join("compiled")).build()
        }
        ChainType::Live | ChainType::Custom(_) => executor.build(),
    }
}

/// What every command needs that touches the database. There is a voter if the chain is a consortium's.
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
        executor(config),
    )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = sc_transaction_pool::BasicPool::new_full(
        config.transaction_pool.clone(),
        config.role.is_authority().into(),
        config.prometheus_registry(),
        task_manager.spawn_essential_handle(),
        client.clone(),
    );
    let best = client.chain_info().best_hash;
    let validators = client.runtime_api().authorities(best).map_err(|error| Error::Application(error.into()))?;
    let (import_queue, voter) = if validators.is_empty() {
        (alone::import_queue(config, &client, &task_manager), None)
    } else {
        let telemetry = telemetry.as_ref().map(|telemetry| telemetry.handle());
        let (queue, voter) = together::import_queue(config, &client, &select_chain, &task_manager, telemetry)?;
        (queue, Some(voter))
    };
    Ok(Parts {
        select_chain,
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        transaction_pool,
        other: (telemetry, voter),
    })
}

/// Starts a node; it runs until its task manager is dropped. `sealing` says when blocks are made on an open chain, and must
/// not be given for a consortium's, whose genesis says it.
pub fn full(config: Configuration, sealing: Option<Sealing>) -> Result<TaskManager, Error> {
    let Parts {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (mut telemetry, voter),
    } = partial(&config)?;
    if voter.is_some() && sealing.is_some() {
        return Err(Error::Other(
            "--block-time, --clock-offset-sec and --finalize-delay-sec are for open chains; in a consortium the genesis says how long a slot \
             is, and the validators finalize together"
                .to_owned(),
        ));
    }
    let registry = config.prometheus_registry().cloned();
    let metrics = <Network as NetworkBackend<Block, Hash>>::register_notification_metrics(registry.as_ref());
    let mut net_config =
        sc_network::config::FullNetworkConfiguration::<Block, Hash, Network>::new(&config.network, registry.clone());
    let voting = match &voter {
        Some(voter) => Some(voter.join(&config, &client, &backend, &mut net_config, metrics.clone())?),
        None => None,
    };
    let (network, system_rpc_tx, tx_handler_controller, network_starter, sync_service) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            import_queue,
            net_config,
            block_announce_validator_builder: None,
            warp_sync_config: voting
                .as_ref()
                .map(|voting| voting.warp_sync.clone())
                .map(sc_service::WarpSyncConfig::WithProvider),
            block_relay: None,
            metrics,
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
        let finality = voter.as_ref().map(|voter| voter.finality(&backend));
        Box::new(move |executor| {
            rpc::methods(client.clone(), pool.clone(), finality.clone().map(|finality| (finality, executor)))
                .map_err(Into::into)
        })
    };
    let author = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        transaction_pool.clone(),
        registry.as_ref(),
        telemetry.as_ref().map(|telemetry| telemetry.handle()),
    );
    let (tell, moved) = mpsc::channel(1);
    task_manager.spawn_handle().spawn(
        "second-looks",
        Some("transaction-pool"),
        waiting::second_looks(client.clone(), transaction_pool.clone(), tell),
    );
    let (role, name, force_authoring) = (config.role, config.network.node_name.clone(), config.force_authoring);
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        network: network.clone(),
        client: client.clone(),
        keystore: keystore_container.keystore(),
        task_manager: &mut task_manager,
        transaction_pool: transaction_pool.clone(),
        rpc_builder,
        backend,
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        config,
        telemetry: telemetry.as_mut(),
    })?;
    match (voter, voting) {
        (Some(voter), Some(voting)) => voter.start(
            voting,
            together::Node {
                client,
                select_chain,
                author,
                pool: transaction_pool,
                network,
                sync: sync_service,
                keystore: keystore_container.keystore(),
                role,
                name,
                force_authoring,
                registry,
                telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
            },
            &task_manager,
        )?,
        _ => {
            let sealing = sealing.unwrap_or_default();
            alone::start(sealing, client, select_chain, author, transaction_pool, moved, &task_manager);
        }
    }
    network_starter.start_network();
    Ok(task_manager)
}
