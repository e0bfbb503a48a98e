//! The validators of a consortium make blocks in turn (Aura) and finalize them by two thirds of their votes (GRANDPA).

use crate::service::{Author, Client, FullBackend, Hash, Pool, SelectChain};
use amanah_runtime::opaque::Block;
use sc_consensus_aura::{ImportQueueParams, SlotDuration, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    grandpa_peers_set_config, protocol_standard_name, warp_proof, FinalityProofProvider, GrandpaBlockImport,
    GrandpaJustificationStream, GrandpaParams, LinkHalf, SharedAuthoritySet, SharedVoterState, VotingRulesBuilder,
};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network::{
    config::{FullNetworkConfiguration, Role},
    service::traits::NetworkService,
    NetworkBackend, NotificationMetrics, NotificationService, ProtocolName,
};
use sc_service::{error::Error, Configuration, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::{inherents::InherentDataProvider as SlotOf, sr25519::AuthorityPair};
use sp_core::crypto::key_types::{AURA, GRANDPA};
use sp_keystore::KeystorePtr;
use std::{sync::Arc, time::Duration};

/// How often votes are gossiped anew.
const GOSSIP: Duration = Duration::from_millis(333);
/// After how many blocks at the latest a proof of finality is kept, so that a node can begin with the newest.
const PROOF_EVERY: u32 = 512;

/// Where votes are sent and come in.
pub struct Voting {
    protocol: ProtocolName,
    notifications: Box<dyn NotificationService>,
    /// What a new node may begin from, instead of the first block.
    pub warp_sync: Arc<dyn sc_network_sync::strategy::warp::WarpSyncProvider<Block>>,
}

/// What the node says of finality over RPC.
#[derive(Clone)]
pub struct Finality {
    pub authorities: SharedAuthoritySet<Hash, u32>,
    pub votes: SharedVoterState,
    pub justifications: GrandpaJustificationStream<Block>,
    pub proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// This node's part in making blocks final.
pub struct Voter {
    import: GrandpaBlockImport<FullBackend, Block, Client, SelectChain>,
    link: LinkHalf<Block, Client, SelectChain>,
    slot: SlotDuration,
    votes: SharedVoterState,
}

/// The parts of the node that make blocks.
pub struct Node {
    pub client: Arc<Client>,
    pub select_chain: SelectChain,
    pub author: Author,
    pub pool: Arc<Pool>,
    pub network: Arc<dyn NetworkService>,
    pub sync: Arc<sc_network_sync::SyncingService<Block>>,
    pub keystore: KeystorePtr,
    pub role: Role,
    pub name: String,
    pub force_authoring: bool,
    pub registry: Option<substrate_prometheus_endpoint::Registry>,
    pub telemetry: Option<TelemetryHandle>,
}

/// Takes blocks that a validator has sealed in its slot, and that came out as it said when they are run here.
pub fn import_queue(
    config: &Configuration,
    client: &Arc<Client>,
    select_chain: &SelectChain,
    task_manager: &TaskManager,
    telemetry: Option<TelemetryHandle>,
) -> Result<(sc_consensus::DefaultImportQueue<Block>, Voter), Error> {
    let (import, link) = sc_consensus_grandpa::block_import(
        client.clone(),
        PROOF_EVERY,
        client,
        select_chain.clone(),
        telemetry.clone(),
    )?;
    let slot = sc_consensus_aura::slot_duration(&**client)?;
    let queue = sc_consensus_aura::import_queue::<AuthorityPair, _, _, _, _, _>(ImportQueueParams {
        block_import: import.clone(),
        justification_import: Some(Box::new(import.clone())),
        client: client.clone(),
        create_inherent_data_providers: move |_, ()| async move { Ok(now(slot)) },
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry,
        compatibility_mode: Default::default(),
    })?;
    Ok((queue, Voter { import, link, slot, votes: SharedVoterState::empty() }))
}

/// The slot and the time that it is.
fn now(slot: SlotDuration) -> (SlotOf, sp_timestamp::InherentDataProvider) {
    let time = sp_timestamp::InherentDataProvider::from_system_time();
    (SlotOf::from_timestamp_and_slot_duration(*time, slot), time)
}

impl Voter {
    /// Tells the network of the votes' protocol.
    pub fn join<N: NetworkBackend<Block, Hash>>(
        &self,
        config: &Configuration,
        client: &Client,
        backend: &Arc<FullBackend>,
        network: &mut FullNetworkConfiguration<Block, Hash, N>,
        metrics: NotificationMetrics,
    ) -> Result<Voting, Error> {
        let protocol = protocol_standard_name(&client.chain_info().genesis_hash, &config.chain_spec);
        let (peers, notifications) =
            grandpa_peers_set_config::<Block, N>(protocol.clone(), metrics, network.peer_store_handle());
        network.add_notification_protocol(peers);
        let authorities = self.link.shared_authority_set().clone();
        let warp_sync = Arc::new(warp_proof::NetworkProvider::new(backend.clone(), authorities, Vec::new()));
        Ok(Voting { protocol, notifications, warp_sync })
    }

    /// What the node says of finality over RPC.
    pub fn finality(&self, backend: &Arc<FullBackend>) -> Finality {
        let authorities = self.link.shared_authority_set().clone();
        Finality {
            proofs: FinalityProofProvider::new_for_service(backend.clone(), Some(authorities.clone())),
            justifications: self.link.justification_stream(),
            votes: self.votes.clone(),
            authorities,
        }
    }

    /// Begins to make blocks, if this is a validator, and to follow the votes.
    pub fn start(self, voting: Voting, node: Node, task_manager: &TaskManager) -> Result<(), Error> {
        let Self { import, link, slot, votes } = self;
        let validates = node.role.is_authority();
        if validates {
            let (aura, grandpa) = (node.keystore.sr25519_public_keys(AURA), node.keystore.ed25519_public_keys(GRANDPA));
            if aura.is_empty() || grandpa.is_empty() {
                log::warn!("This validator has no keys to work by: see `amanah-node consortium new-member`.");
            }
            let aura = sc_consensus_aura::start_aura::<AuthorityPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
                slot_duration: slot,
                client: node.client,
                select_chain: node.select_chain,
                block_import: import,
                proposer_factory: node.author,
                sync_oracle: node.sync.clone(),
                justification_sync_link: node.sync.clone(),
                create_inherent_data_providers: move |_, ()| async move { Ok(now(slot)) },
                force_authoring: node.force_authoring,
                // While nothing becomes final, ever fewer blocks are made.
                backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
                keystore: node.keystore.clone(),
                block_proposal_slot_portion: SlotProportion::new(2f32 / 3f32),
                max_block_proposal_slot_portion: None,
                telemetry: node.telemetry.clone(),
                compatibility_mode: Default::default(),
            })?;
            task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
        }
        let grandpa = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP,
                justification_generation_period: PROOF_EVERY,
                observer_enabled: false,
                local_role: node.role,
                name: Some(node.name),
                keystore: validates.then_some(node.keystore),
                telemetry: node.telemetry.clone(),
                protocol_name: voting.protocol,
            },
            link,
            network: node.network,
            sync: node.sync,
            notification_service: voting.notifications,
            voting_rule: VotingRulesBuilder::default().build(),
            prometheus_registry: node.registry,
            shared_voter_state: votes,
            telemetry: node.telemetry,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(node.pool),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, grandpa);
        Ok(())
    }
}
