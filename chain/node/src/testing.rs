//! What tests of the node's parts begin with.

use crate::{
    cli::Cli,
    service::{self, Author, Client, Hash, Pool, SelectChain},
};
use amanah_runtime::{Nonce, RuntimeCall, SignedExtra, UncheckedExtrinsic, Version};
use sc_cli::SubstrateCli;
use sp_blockchain::HeaderBackend;
use sp_core::Encode;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::{Era, SignedPayload},
    OpaqueExtrinsic,
};
use std::{future::Future, sync::Arc};

/// What a block is made with.
pub struct Parts {
    pub client: Arc<Client>,
    pub select_chain: SelectChain,
    pub pool: Arc<Pool>,
    pub author: Author,
}

/// Does something with the pool of a development chain that has its first block, by this hash, and gets no others.
pub fn with_pool<Done: Future<Output = ()>>(test: impl FnOnce(Arc<Pool>, Hash) -> Done) {
    with_parts(|Parts { client, pool, .. }| test(pool, client.info().genesis_hash));
}

/// Does something with a development chain that has its first block only.
pub fn with_parts<Done: Future<Output = ()>>(test: impl FnOnce(Parts) -> Done) {
    let machine = sc_cli::build_runtime().expect("threads can be started");
    // A process has one folder for --tmp.
    let folder = tempfile::tempdir().expect("there is room for a chain");
    let path = folder.path().to_str().expect("it is called by letters");
    let cli = Cli::from_iter(["amanah-node", "--dev", "--base-path", path]);
    let config = cli.create_configuration(&cli.run, machine.handle().clone()).expect("it is a development chain");
    let parts = service::partial(&config).expect("the parts of a node");
    let (client, pool) = (parts.client.clone(), parts.transaction_pool.clone());
    let author = Author::new(parts.task_manager.spawn_handle(), client.clone(), pool.clone(), None, None);
    machine.block_on(test(Parts { client, select_chain: parts.select_chain.clone(), pool, author }));
}

/// A transaction that does nothing, signed for the chain that begins with this block.
pub fn remark(signer: Sr25519Keyring, nonce: Nonce, genesis: Hash) -> OpaqueExtrinsic {
    let call = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
    let extra: SignedExtra = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
    );
    let version = Version::get();
    let more = ((), version.spec_version, version.transaction_version, genesis, genesis, (), (), ());
    let signature =
        SignedPayload::from_raw(call.clone(), extra.clone(), more).using_encoded(|payload| signer.sign(payload));
    UncheckedExtrinsic::new_signed(call, signer.to_account_id().into(), signature.into(), extra).into()
}
