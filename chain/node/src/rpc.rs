//! What the node answers over RPC beside what every node does: the next nonce of an account, fees, and in a consortium how
//! its validators vote.

use crate::together::Finality;
use amanah_runtime::{opaque::Block, AccountId, Balance, Nonce};
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer, TransactionPaymentRuntimeApi};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};
use std::sync::Arc;
use substrate_frame_rpc_system::{AccountNonceApi, System, SystemApiServer};

/// The methods, over this client and transaction pool.
pub fn methods<C, P>(
    client: Arc<C>,
    pool: Arc<P>,
    finality: Option<(Finality, SubscriptionTaskExecutor)>,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + HeaderMetadata<Block, Error = BlockChainError>
        + Send
        + Sync
        + 'static,
    C::Api: TransactionPaymentRuntimeApi<Block, Balance>,
    C::Api: AccountNonceApi<Block, AccountId, Nonce>,
    C::Api: BlockBuilder<Block>,
    P: TransactionPool + Sync + Send + 'static,
{
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    if let Some((Finality { authorities, votes, justifications, proofs }, executor)) = finality {
        module.merge(Grandpa::new(executor, authorities, votes, justifications, proofs).into_rpc())?;
    }
    Ok(module)
}
