//! A node over RPC: `amanah-node`, or substrate-contracts-node 0.42.0.
//!
//! Whatever is sent is run dry first: what the contract refuses is never sent, and the gas and deposit limits come from the
//! dry run. A transaction is done when it is in a block of the best chain. The chain does not keep what a message returned:
//! a sent message's value is that of its dry run, and where others send at the same time, the events say what happened.

mod contracts_api;

use self::contracts_api::{call_question, error_name, instantiate_question, DryRun, Instantiated, Returned};
use crate::{
    address,
    chain::{Chain, NotRun, RawCall, RawEvent, RawOutcome},
    Actor, Bundle, Cost,
};
use amanah_domain::{ids::Account, time::Millis};
use scale::Decode;
use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use subxt::{
    backend::{legacy::LegacyRpcMethods, rpc::RpcClient},
    blocks::ExtrinsicEvents,
    config::{polkadot::PolkadotExtrinsicParamsBuilder, PolkadotConfig},
    dynamic,
    ext::scale_decode::DecodeAsType,
    tx::{Payload, Signer, TxStatus},
    utils::{AccountId32, MultiAddress, MultiSignature, H256},
    OnlineClient,
};
use tokio::runtime::Runtime;

/// How long a transaction may take into a block before its sender gives up waiting.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the faucet gives to whoever is admitted: 5,000 UNIT.
const POCKET: u128 = 5_000_000_000_000_000;

/// A node over RPC.
pub struct Node {
    runtime: Runtime,
    client: OnlineClient<PolkadotConfig>,
    rpc: LegacyRpcMethods<PolkadotConfig>,
    /// Who can send: the keys that are known, by account.
    known: HashMap<Account, Actor>,
    /// Who gives the chain's token to whoever is admitted.
    faucet: Option<Actor>,
}

impl From<subxt::Error> for NotRun {
    fn from(error: subxt::Error) -> Self {
        let reason = match &error {
            subxt::Error::Runtime(error) => error_name(error),
            other => other.to_string(),
        };
        Self { reason }
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

impl Node {
    /// Connects to a node, `ws://127.0.0.1:9944` for example.
    ///
    /// # Errors
    /// [`NotRun`] when it does not answer, or is no node with pallet-contracts.
    pub fn connect(url: &str) -> Result<Self, NotRun> {
        let cannot =
            |error: &dyn std::fmt::Display| NotRun { reason: format!("cannot reach a node at {url}: {error}") };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| cannot(&error))?;
        let (client, rpc) = runtime
            .block_on(async {
                let rpc = RpcClient::from_insecure_url(url).await?;
                let client = OnlineClient::from_rpc_client(rpc.clone()).await?;
                Ok::<_, subxt::Error>((client, LegacyRpcMethods::new(rpc)))
            })
            .map_err(|error| cannot(&error))?;
        if client.metadata().pallet_by_name("Contracts").is_none() {
            return Err(cannot(&"its chain has no pallet-contracts"));
        }
        Ok(Self { runtime, client, rpc, known: HashMap::new(), faucet: None })
    }

    /// From now on, whoever is admitted gets the chain's token from this account: Alice's on a development chain.
    pub fn with_faucet(mut self, faucet: Actor) -> Self {
        self.known.insert(faucet.account(), faucet.clone());
        self.faucet = Some(faucet);
        self
    }

    /// Balance of the chain's own token that `account` can use, held deposits not counted.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer.
    pub fn free_balance(&self, account: &Account) -> Result<u128, NotRun> {
        #[derive(DecodeAsType)]
        #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
        struct Info {
            data: Data,
        }
        #[derive(DecodeAsType)]
        #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
        struct Data {
            free: u128,
        }
        let key = vec![dynamic::Value::from_bytes(account)];
        Ok(self.stored::<Info>("System", "Account", key)?.map_or(0, |info| info.data.free))
    }

    /// What a pallet stores under a key, in the newest block.
    fn stored<T: DecodeAsType>(
        &self,
        pallet: &str,
        entry: &str,
        key: Vec<dynamic::Value>,
    ) -> Result<Option<T>, NotRun> {
        self.runtime.block_on(async {
            let best = self.best().await?;
            let value = self.client.storage().at(best).fetch(&dynamic::storage(pallet, entry, key)).await?;
            Ok(value.map(|value| value.as_type::<T>()).transpose().map_err(subxt::Error::from)?)
        })
    }

    async fn best(&self) -> Result<H256, NotRun> {
        let best = self.rpc.chain_get_block_hash(None).await?;
        best.ok_or_else(|| NotRun { reason: "the node has no best block".to_owned() })
    }

    /// Runs something of pallet-contracts on the newest state, and forgets it.
    fn dry<T: Decode>(&self, function: &str, question: &[u8]) -> Result<DryRun<T>, NotRun> {
        let answer = self.runtime.block_on(self.rpc.state_call(function, Some(question), None))?;
        DryRun::read(&answer, &self.client.metadata()).map_err(|reason| NotRun { reason })
    }

    fn dry_call(&self, call: &RawCall) -> Result<DryRun<Returned>, NotRun> {
        self.dry("ContractsApi_call", &call_question(&call.from, &call.to, &call.data))
    }

    /// Signs a transaction, sends it, and waits until it is in a block and has succeeded.
    fn transact(&self, from: &Account, payload: &impl Payload) -> Result<ExtrinsicEvents<PolkadotConfig>, NotRun> {
        let signer = self
            .known
            .get(from)
            .ok_or_else(|| NotRun { reason: format!("the key of {} is not known here", address(from)) })?;
        self.runtime.block_on(async {
            // The pool's own count of what the account has sent; the state of finalized blocks lags behind.
            let nonce = self.rpc.system_account_next_index(&AccountId32(*from)).await?;
            let params = PolkadotExtrinsicParamsBuilder::new().nonce(nonce).build();
            let signed = self.client.tx().create_signed_offline(payload, signer, params)?;
            let inclusion = async {
                let mut progress = signed.submit_and_watch().await?;
                while let Some(status) = progress.next().await {
                    match status? {
                        TxStatus::InBestBlock(block) | TxStatus::InFinalizedBlock(block) => {
                            return Ok(block.wait_for_success().await?)
                        }
                        TxStatus::Error { message } | TxStatus::Invalid { message } | TxStatus::Dropped { message } => {
                            return Err(NotRun { reason: message })
                        }
                        _ => {}
                    }
                }
                Err(NotRun { reason: "the node stopped telling about the transaction".to_owned() })
            };
            match tokio::time::timeout(PATIENCE, inclusion).await {
                Ok(events) => events,
                Err(_) => Err(NotRun {
                    reason: format!(
                        "the transaction {:?} is in no block after {} s",
                        signed.hash(),
                        PATIENCE.as_secs()
                    ),
                }),
            }
        })
    }
}

/// The events that contracts emitted.
fn emitted(events: &ExtrinsicEvents<PolkadotConfig>) -> Result<Vec<RawEvent>, NotRun> {
    let mut emitted = Vec::new();
    for event in events.iter() {
        let event = event?;
        if (event.pallet_name(), event.variant_name()) == ("Contracts", "ContractEmitted") {
            let (contract, data) = Decode::decode(&mut event.field_bytes())
                .map_err(|error| NotRun { reason: format!("an event cannot be read: {error}") })?;
            emitted.push(RawEvent { contract, topics: event.topics().iter().map(|topic| topic.0).collect(), data });
        }
    }
    Ok(emitted)
}

impl Chain for Node {
    fn genesis_hash(&self) -> [u8; 32] {
        self.client.genesis_hash().0
    }

    fn now(&mut self) -> Result<Millis, NotRun> {
        // Before the first block there is no time.
        Ok(self.stored("Timestamp", "Now", Vec::new())?.unwrap_or(0))
    }

    fn wait_until(&mut self, time: Millis) -> Result<(), NotRun> {
        while self.now()? < time {
            let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            std::thread::sleep(Duration::from_millis(time).saturating_sub(clock));
            // Where blocks are made on demand only, time passes with transactions only.
            let anybody = self.known.keys().next().copied();
            let anybody = anybody.ok_or_else(|| NotRun { reason: "nobody has been admitted to send".to_owned() })?;
            self.transact(&anybody, &dynamic::tx("System", "remark", vec![dynamic::Value::from_bytes([])]))?;
        }
        Ok(())
    }

    fn admit(&mut self, actor: &Actor) -> Result<(), NotRun> {
        let account = actor.account();
        if self.known.insert(account, actor.clone()).is_some() {
            return Ok(());
        }
        if let Some(faucet) = &self.faucet {
            if self.free_balance(&account)? < POCKET / 2 {
                let to = dynamic::Value::unnamed_variant("Id", [dynamic::Value::from_bytes(account)]);
                let transfer = dynamic::tx("Balances", "transfer_keep_alive", vec![to, dynamic::Value::u128(POCKET)]);
                self.transact(&faucet.account(), &transfer)?;
            }
        }
        Ok(())
    }

    fn deploy(
        &mut self,
        from: &Account,
        bundle: &Bundle,
        input: Vec<u8>,
        salt: Vec<u8>,
    ) -> Result<(Account, Cost), NotRun> {
        let question = instantiate_question(from, &bundle.wasm, &input, &salt);
        let dry = self.dry::<Instantiated>("ContractsApi_instantiate", &question)?;
        if dry.value.returned.reverted() {
            return Err(NotRun { reason: format!("the constructor of {} refused", bundle.name) });
        }
        self.transact(from, &contracts_api::instantiate(bundle.wasm.clone(), input, salt, &dry))?;
        Ok((dry.value.account, dry.cost))
    }

    fn submit(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        let dry = self.dry_call(call)?;
        let reverted = dry.value.reverted();
        let events = match reverted {
            true => Vec::new(),
            false => emitted(&self.transact(&call.from, &contracts_api::call(&call.to, call.data.clone(), &dry))?)?,
        };
        Ok(RawOutcome { data: dry.value.data, reverted, cost: dry.cost, events })
    }

    fn dry_run(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        let dry = self.dry_call(call)?;
        Ok(RawOutcome { reverted: dry.value.reverted(), data: dry.value.data, cost: dry.cost, events: Vec::new() })
    }
}
