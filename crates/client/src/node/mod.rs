//! A node over RPC: `amanah-node`, or substrate-contracts-node 0.42.0; or several nodes of one chain, of which the next is
//! asked when one is lost.
//!
//! Whatever is sent is run dry first: what the contract refuses is never sent, and the gas and deposit limits come from the
//! dry run. A transaction is done when it is in a block of the best chain, or in a final one, as [`Wait`] says. The chain does
//! not keep what a message returned: a sent message's value is that of its dry run, and where others send at the same time,
//! the events say what happened.
//!
//! A transaction is signed once. When a node is lost before it is known what became of it, the identical transaction goes to
//! the next node; the chain runs it once at most. Where that must hold beyond the life of the process, [`Node::sign`] gives
//! the transaction to be written down before [`Node::settle`] sends it.

mod blocks;
mod contracts_api;
mod link;
mod transactions;

pub use self::{
    blocks::Block,
    contracts_api::{call_question, returned, Limits},
    transactions::{of_a_contract, Included, Signed},
};

use self::{
    contracts_api::{instantiate_question, DryRun, Instantiated, Returned, Uploaded},
    link::{Connection, Link},
};
use crate::{
    address,
    chain::{answer, raw, Chain, Message, NotRun, RawCall, RawOutcome},
    Actor, Bundle,
};
use amanah_domain::{ids::Account, time::Millis};
use scale::{Decode, Encode};
use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use subxt::{
    dynamic,
    ext::{
        futures::stream::{FuturesUnordered, StreamExt},
        scale_decode::DecodeAsType,
    },
    tx::{DynamicPayload, Payload},
    utils::{AccountId32, H256},
};
use tokio::runtime::Runtime;

/// How long a transaction may take into a block before its sender gives up waiting.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long lost nodes are looked for before a question fails, unless [`Node::with_patience`] says another time: nothing is
/// lost with a question.
pub const RECONNECTING: Duration = Duration::from_secs(20);
/// How often a transaction is signed anew when others of the same account take its nonce.
const SIGNINGS: usize = 5;
/// What the faucet gives to whoever is admitted: 5,000 UNIT.
const POCKET: u128 = 5_000_000_000_000_000;

/// The transaction that moves so many of the chain's smallest units, unless that would end the sender's account.
pub fn transfer(to: &Account, value: u128) -> DynamicPayload {
    let to = dynamic::Value::unnamed_variant("Id", [dynamic::Value::from_bytes(to)]);
    dynamic::tx("Balances", "transfer_keep_alive", vec![to, dynamic::Value::u128(value)])
}

/// When a transaction is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// When it is in a block of the best chain, which may still be replaced.
    Best,
    /// When its block is final.
    Finalized,
}

impl Wait {
    /// Which block a transaction must be in.
    fn block(self) -> &'static str {
        match self {
            Self::Best => "block",
            Self::Finalized => "final block",
        }
    }
}

/// A node over RPC, or several of one chain.
pub struct Node {
    runtime: Runtime,
    link: Link,
    wait: Wait,
    patience: Duration,
    /// Who can send: the keys that are known, by account.
    known: HashMap<Account, Actor>,
    /// The next nonce of each account that has signed here.
    nonces: HashMap<Account, u64>,
    /// Who gives the chain's token to whoever is admitted.
    faucet: Option<Actor>,
    /// The block whose state questions are about; the newest one's if none is set.
    pinned: Option<H256>,
}

impl Node {
    /// Connects to a node, `ws://127.0.0.1:9944` for example.
    ///
    /// # Errors
    /// [`NotRun`] when it does not answer, or is no node with pallet-contracts.
    pub fn connect(url: &str) -> Result<Self, NotRun> {
        Self::connect_any(&[url])
    }

    /// Connects to the first of these nodes that answers; to the next one when it is lost. They must be of one chain.
    ///
    /// # Errors
    /// [`NotRun`] when none answers, or one is no node with pallet-contracts.
    pub fn connect_any(urls: &[impl AsRef<str>]) -> Result<Self, NotRun> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| NotRun::Unreachable(format!("cannot start: {error}")))?;
        let link = runtime.block_on(Link::to(urls, RECONNECTING))?;
        Ok(Self {
            runtime,
            link,
            wait: Wait::Best,
            patience: PATIENCE,
            known: HashMap::new(),
            nonces: HashMap::new(),
            faucet: None,
            pinned: None,
        })
    }

    /// From now on, whoever is admitted gets the chain's token from this account: Alice's on a development chain.
    pub fn with_faucet(mut self, faucet: Actor) -> Self {
        self.known.insert(faucet.account(), faucet.clone());
        self.faucet = Some(faucet);
        self
    }

    /// From now on, transactions are done when this holds; without it, when they are in a block of the best chain.
    pub fn waiting_for(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// From now on, lost nodes are looked for so long, and transactions may take so long into a block.
    pub fn with_patience(mut self, reconnecting: Duration, transactions: Duration) -> Self {
        self.link.patience = reconnecting;
        self.patience = transactions;
        self
    }

    /// From now on, dry runs and questions are about the state after the block of this number, so that many answers fit
    /// together.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer, or has no such block.
    pub fn pin(&mut self, number: u32) -> Result<(), NotRun> {
        let hash =
            self.ask(async move |connection| Ok(connection.rpc.chain_get_block_hash(Some(number.into())).await?))?;
        self.pinned = Some(hash.ok_or_else(|| NotRun::Refused(format!("there is no block {number} yet")))?);
        Ok(())
    }

    /// Makes a key known, so that its account can send.
    pub fn know(&mut self, actor: &Actor) {
        self.known.insert(actor.account(), actor.clone());
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

    /// The number of the newest block that counts, as [`Wait`] says.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer.
    pub fn head(&self) -> Result<u32, NotRun> {
        self.newest(self.wait)
    }

    /// The number of the newest block, or of the newest final one.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer.
    pub fn newest(&self, wait: Wait) -> Result<u32, NotRun> {
        self.ask(async move |connection| blocks::head(&connection.rpc, wait).await)
    }

    /// What contracts emitted in the block of this number; `None` if it is still to come at the node that answers. That may be
    /// another one than said what [`Node::head`] is, and behind it: then the block is to be asked for again. Whoever does so, one
    /// after the other, misses none and gets none twice.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer, or has forgotten the block.
    pub fn block(&self, number: u32) -> Result<Option<Block>, NotRun> {
        let wait = self.wait;
        self.ask(async move |connection| blocks::block(&connection, number, wait).await)
    }

    /// The time of the block of this number in the best chain (milliseconds), final or not; `None` if it is still to come.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer, or has forgotten the block.
    pub fn time_of(&self, number: u32) -> Result<Option<Millis>, NotRun> {
        self.ask(async move |connection| blocks::time_of(&connection, number).await)
    }

    /// Asks a query as [`crate::ask`] does, of the newest final block: what it answers is never taken back.
    ///
    /// # Errors
    /// [`NotRun`] when the node or the contract does not answer, or the answer cannot be read.
    pub fn ask_final<Arguments: Encode, T: Decode>(&self, message: Message<Arguments, T>) -> Result<T, NotRun> {
        let call = raw(&[0; 32], message);
        let question = call_question(&call.from, &call.to, &call.data);
        let dry = self.ask(async |connection| {
            let block = connection.rpc.chain_get_finalized_head().await?;
            let answer = connection.rpc.state_call("ContractsApi_call", Some(&question), Some(block)).await?;
            DryRun::read(&answer, &connection.client.metadata()).map_err(NotRun::Refused)
        })?;
        answer(&outcome(dry))
    }

    /// The accounts that signed the transactions of this block, by their places in it; `None` for what no account signed.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer, or has forgotten the block.
    pub fn signers(&self, block: &Block) -> Result<Vec<Option<Account>>, NotRun> {
        let hash = block.hash;
        self.ask(async move |connection| blocks::signers(&connection, hash).await)
    }

    /// The name of the chain, as the node says it.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer.
    pub fn chain_name(&self) -> Result<String, NotRun> {
        self.ask(async |connection| Ok(connection.rpc.system_chain().await?))
    }

    /// Runs a call dry, and signs the transaction that does it for good, without sending it. `Err` of the dry run's outcome if
    /// the contract refuses.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn sign(&mut self, call: &RawCall) -> Result<Result<(RawOutcome, Signed), RawOutcome>, NotRun> {
        let dry = self.dry_call(call)?;
        let payload = contracts_api::call(&call.to, call.data.clone(), dry.limits);
        let outcome = outcome(dry);
        if outcome.reverted {
            return Ok(Err(outcome));
        }
        Ok(Ok((outcome, self.sign_payload(&call.from, &payload)?)))
    }

    /// What a call may use when it runs for good, as a dry run finds; for [`Node::sign_all`].
    ///
    /// # Errors
    /// [`NotRun`], also when the contract refuses.
    pub fn limits(&self, call: &RawCall) -> Result<Limits, NotRun> {
        let dry = self.dry_call(call)?;
        match dry.value.reverted() {
            true => Err(NotRun::refused("the contract refuses the call")),
            false => Ok(dry.limits),
        }
    }

    /// Signs many calls, each within its limits, without a dry run of each: for loads. They are given nonces in their order, and
    /// live as long as any other transaction.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn sign_all(&mut self, calls: &[(RawCall, Limits)]) -> Result<Vec<Signed>, NotRun> {
        let payloads =
            calls.iter().map(|(call, limits)| (call.from, contracts_api::call(&call.to, call.data.clone(), *limits)));
        self.sign_payloads(&payloads.collect::<Vec<_>>())
    }

    /// Signs many transactions of whatever the chain offers, as [`Node::sign_all`] signs calls.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn sign_payloads(&mut self, payloads: &[(Account, impl Payload)]) -> Result<Vec<Signed>, NotRun> {
        let signers: BTreeSet<Account> = payloads.iter().map(|(from, _)| *from).collect();
        let (connection, birth, pools) = self.ask(async |connection| {
            let mut pools = HashMap::new();
            for account in &signers {
                pools.insert(*account, connection.rpc.system_account_next_index(&AccountId32(*account)).await?);
            }
            let birth = transactions::birth(&connection).await?;
            Ok((connection, birth, pools))
        })?;
        let mut signed = Vec::new();
        for (from, payload) in payloads {
            let signer = self.known.get(from).ok_or_else(|| NotRun::NoKey(address(from)))?;
            let next = self.nonces.entry(*from).or_default();
            let nonce = (*next).max(pools.get(from).copied().unwrap_or(0));
            signed.push(transactions::sign(&connection, payload, signer, nonce, &birth)?);
            *next = nonce.saturating_add(1);
        }
        Ok(signed)
    }

    /// Runs a call dry, and for good unless the contract refuses; gives the dry run's outcome with the events of the real one,
    /// and the transaction unless there was a refusal. One whose nonce another one has taken is signed anew.
    ///
    /// # Errors
    /// As [`Node::transact`].
    pub fn send(&mut self, call: &RawCall) -> Result<(RawOutcome, Option<Included>), NotRun> {
        let dry = self.dry_call(call)?;
        let payload = contracts_api::call(&call.to, call.data.clone(), dry.limits);
        let mut outcome = outcome(dry);
        if outcome.reverted {
            return Ok((outcome, None));
        }
        let included = self.transact(&call.from, &payload)?;
        outcome.events.clone_from(&included.events);
        Ok((outcome, Some(included)))
    }

    /// Sends signed transactions, all at once, and says of each what became of it as soon as that is known, by its place in
    /// the list. `sent_before`: they may have been sent already, by whoever wrote them down and does not know what became of
    /// them.
    pub fn settle(
        &mut self,
        signed: &[Signed],
        sent_before: bool,
        mut each: impl FnMut(usize, Result<Included, NotRun>),
    ) {
        let (link, wait, patience) = (&self.link, self.wait, self.patience);
        let nonces = &mut self.nonces;
        self.runtime.block_on(async {
            let mut settling: FuturesUnordered<_> = signed
                .iter()
                .enumerate()
                .map(|(place, one)| async move {
                    (place, transactions::settle(link, one, sent_before, wait, patience).await)
                })
                .collect();
            while let Some((place, outcome)) = settling.next().await {
                if let (Err(_), Some(one)) = (&outcome, signed.get(place)) {
                    // Whoever goes on without it would wait for it for ever; the pool knows what is next.
                    nonces.remove(&one.from);
                }
                each(place, outcome);
            }
        });
    }

    fn ask<T>(&self, question: impl AsyncFn(Connection) -> Result<T, NotRun>) -> Result<T, NotRun> {
        self.runtime.block_on(self.link.ask(question))
    }

    /// What a pallet stores under a key, in the newest block or the pinned one; `None` if it stores nothing there.
    ///
    /// # Errors
    /// [`NotRun`] when the node does not answer, or what it answers is no `T`.
    pub fn stored<T: DecodeAsType>(
        &self,
        pallet: &str,
        entry: &str,
        key: Vec<dynamic::Value>,
    ) -> Result<Option<T>, NotRun> {
        self.ask(async |connection| {
            let at = match self.pinned {
                Some(pinned) => pinned,
                None => best(&connection).await?,
            };
            let address = dynamic::storage(pallet, entry, key.clone());
            let value = connection.client.storage().at(at).fetch(&address).await?;
            Ok(value.map(|value| value.as_type::<T>()).transpose().map_err(subxt::Error::from)?)
        })
    }

    /// Runs something of pallet-contracts on the newest state or the pinned one, and forgets it.
    fn dry<T: Decode>(&self, function: &str, question: &[u8]) -> Result<DryRun<T>, NotRun> {
        self.ask(async |connection| {
            let answer = connection.rpc.state_call(function, Some(question), self.pinned).await?;
            DryRun::read(&answer, &connection.client.metadata()).map_err(NotRun::Refused)
        })
    }

    fn dry_call(&self, call: &RawCall) -> Result<DryRun<Returned>, NotRun> {
        self.dry("ContractsApi_call", &call_question(&call.from, &call.to, &call.data))
    }

    fn sign_payload(&mut self, from: &Account, payload: &impl Payload) -> Result<Signed, NotRun> {
        let signer = self.known.get(from).ok_or_else(|| NotRun::NoKey(address(from)))?;
        let ours = self.nonces.get(from).copied().unwrap_or(0);
        let signed = self.ask(async |connection| {
            // The pool's own count of what the account has sent; the state of finalized blocks lags behind.
            let pools = connection.rpc.system_account_next_index(&AccountId32(*from)).await?;
            let birth = transactions::birth(&connection).await?;
            transactions::sign(&connection, payload, signer, pools.max(ours), &birth)
        })?;
        self.nonces.insert(*from, signed.nonce.saturating_add(1));
        Ok(signed)
    }

    /// Signs a transaction of whatever the chain offers, sends it, and waits until it is done. One whose nonce another one has
    /// taken is signed anew. Gives what contracts emitted in it.
    ///
    /// # Errors
    /// [`NotRun`]. After `Unsettled`, calling it again signs another transaction, and both may run: whatever must not be done
    /// twice is kept by [`Node::sign`], and settled again.
    pub fn transact(&mut self, from: &Account, payload: &impl Payload) -> Result<Included, NotRun> {
        let mut signings = 1;
        loop {
            let signed = self.sign_payload(from, payload)?;
            let mut outcome = None;
            self.settle(&[signed], false, |_, settled| outcome = Some(settled));
            match outcome {
                Some(Err(NotRun::NonceTaken(_))) if signings < SIGNINGS => signings += 1,
                Some(settled) => return settled,
                None => return Err(NotRun::refused("nothing was sent")),
            }
        }
    }
}

/// What a dry run comes to, without events.
fn outcome(dry: DryRun<Returned>) -> RawOutcome {
    RawOutcome { reverted: dry.value.reverted(), data: dry.value.data, cost: dry.cost, events: Vec::new() }
}

async fn best(connection: &Connection) -> Result<H256, NotRun> {
    let best = connection.rpc.chain_get_block_hash(None).await?;
    best.ok_or_else(|| NotRun::refused("the node has no best block"))
}

impl Chain for Node {
    fn genesis_hash(&self) -> [u8; 32] {
        self.link.genesis().0
    }

    fn now(&self) -> Result<Millis, NotRun> {
        // Before the first block there is no time.
        Ok(self.stored("Timestamp", "Now", Vec::new())?.unwrap_or(0))
    }

    fn wait_until(&mut self, time: Millis) -> Result<(), NotRun> {
        while self.now()? < time {
            let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            std::thread::sleep(Duration::from_millis(time).saturating_sub(clock));
            // Where blocks are made on demand only, time passes with transactions only.
            let anybody = self.known.keys().next().copied();
            let anybody = anybody.ok_or_else(|| NotRun::refused("nobody has been admitted to send"))?;
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
            let faucet = faucet.account();
            if self.free_balance(&account)? < POCKET / 2 {
                self.transact(&faucet, &transfer(&account, POCKET))?;
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
    ) -> Result<(Account, crate::Cost), NotRun> {
        let question = instantiate_question(from, &bundle.wasm, &input, &salt);
        let dry = self.dry::<Instantiated>("ContractsApi_instantiate", &question)?;
        if dry.value.returned.reverted() {
            return Err(NotRun::Refused(format!("the constructor of {} refused", bundle.name)));
        }
        self.transact(from, &contracts_api::instantiate(bundle.wasm.clone(), input, salt, dry.limits))?;
        Ok((dry.value.account, dry.cost))
    }

    fn code_hash(&mut self, contract: &Account) -> Result<Option<[u8; 32]>, NotRun> {
        #[derive(DecodeAsType)]
        #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
        struct Info {
            code_hash: H256,
        }
        let key = vec![dynamic::Value::from_bytes(contract)];
        Ok(self.stored::<Info>("Contracts", "ContractInfoOf", key)?.map(|info| info.code_hash.0))
    }

    fn upload(&mut self, from: &Account, bundle: &Bundle) -> Result<[u8; 32], NotRun> {
        let answer = self.ask(async |connection| {
            let question = contracts_api::upload_question(from, &bundle.wasm);
            Ok(connection.rpc.state_call("ContractsApi_upload_code", Some(&question), None).await?)
        })?;
        let metadata = self.runtime.block_on(self.link.connection()).client.metadata();
        let uploaded = Uploaded::read(&answer, &metadata).map_err(NotRun::Refused)?;
        let code = vec![dynamic::Value::from_bytes(uploaded.code_hash)];
        if self.stored::<()>("Contracts", "CodeInfoOf", code)?.is_none() {
            self.transact(from, &contracts_api::upload(bundle.wasm.clone(), &uploaded))?;
        }
        Ok(uploaded.code_hash)
    }

    fn submit(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        Ok(self.send(call)?.0)
    }

    fn dry_run(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        Ok(outcome(self.dry_call(call)?))
    }
}
