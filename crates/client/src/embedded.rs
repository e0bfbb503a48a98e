//! The embedded chain: pallet-contracts (version 31, by `ink_sandbox`) in this process.
//!
//! No install, time can be set, state lives as long as the value. Each call has a block's worth of gas, as on a node; no
//! fees are taken, storage deposits are.

use crate::{
    chain::{Chain, Cost, NotRun, RawCall, RawEvent, RawOutcome},
    Actor, Bundle,
};
use amanah_domain::{ids::Account, time::Millis};
use ink_sandbox::{
    api::prelude::*,
    frame_support::{
        sp_runtime::{StateVersion, TransactionOutcome},
        storage::with_transaction_unchecked,
        weights::Weight,
    },
    frame_system,
    macros::{DefaultSandboxRuntime, RuntimeEvent},
    pallet_contracts::{self, Code, CollectEvents, ContractResult, DebugInfo, Determinism, StorageDeposit},
    AccountId32, DefaultSandbox, DispatchError, EventRecordOf, Sandbox,
};
use scale::Decode;

/// What a call may use: the gas of half a second's block, as substrate-contracts-node grants a contract call.
const GAS: Weight = Weight::from_parts(1_500_000_000_000, 3_932_160);
/// Balance of the chain's own token for everybody who sends something: enough for any deposit.
const POCKET: u128 = 1 << 60;

/// pallet-contracts in this process.
pub struct Embedded {
    sandbox: DefaultSandbox,
    now: Millis,
    /// The data of every call and event so far, as blocks would keep them.
    history: Vec<Vec<u8>>,
}

impl Embedded {
    /// A new chain whose clock stands at `now` (milliseconds).
    pub fn new(now: Millis) -> Self {
        let mut chain = Self { sandbox: DefaultSandbox::default(), now, history: Vec::new() };
        chain.set_time(now);
        chain
    }

    /// The time of the block that the next transaction will be in (milliseconds).
    pub fn now(&self) -> Millis {
        self.now
    }

    /// Sets the clock, in a new block.
    pub fn set_time(&mut self, now: Millis) {
        self.sandbox.build_block();
        // The sandbox writes wall-clock seconds into each new block; the contracts expect milliseconds.
        self.sandbox.set_timestamp(now);
        self.now = now;
    }

    /// Moves the clock on, in a new block.
    pub fn advance(&mut self, by: Millis) {
        self.set_time(self.now.saturating_add(by));
    }

    /// A hash over everything that the chain stores: equal before and after whatever changes nothing.
    pub fn state_root(&mut self) -> Vec<u8> {
        self.sandbox.execute_with(|| {
            frame_system::Pallet::<DefaultSandboxRuntime>::reset_events();
            sp_io::storage::root(StateVersion::V1)
        })
    }

    /// All that whoever runs a node can read, piece by piece: what is stored, contracts' own storage too, under which keys,
    /// and the data of every call (refused ones too) and event so far.
    pub fn everything_public(&mut self) -> Vec<Vec<u8>> {
        let stored = self.sandbox.execute_with(|| {
            let mut stored = Vec::new();
            let mut key = Vec::new();
            while let Some(next) = sp_io::storage::next_key(&key) {
                if let Some(value) = sp_io::storage::get(&next) {
                    if let Some(trie) = own_storage(&next, &value) {
                        stored.extend(pieces_of(&trie));
                    }
                    stored.push(value.to_vec());
                }
                stored.push(next.clone());
                key = next;
            }
            stored
        });
        self.history.iter().cloned().chain(stored).collect()
    }

    /// Balance of the chain's own token that `account` can use, held deposits not counted.
    pub fn free_balance(&mut self, account: &Account) -> u128 {
        self.sandbox.free_balance(&(*account).into())
    }

    /// Gives an account the chain's own token for deposits, unless it has enough; every transaction does so by itself.
    pub fn endow(&mut self, account: &Account) {
        let account = (*account).into();
        if self.sandbox.free_balance(&account) < POCKET / 2 {
            // A mint can only fail when the total issuance overflows, which needs 2^68 accounts.
            let _ = self.sandbox.mint_into(&account, POCKET);
        }
    }

    fn run(&mut self, call: &RawCall, keep: bool) -> Result<RawOutcome, NotRun> {
        self.sandbox.execute_with(|| {
            with_transaction_unchecked(|| {
                frame_system::Pallet::<DefaultSandboxRuntime>::reset_events();
                let outcome = bare_call(call);
                if keep {
                    TransactionOutcome::Commit(outcome)
                } else {
                    TransactionOutcome::Rollback(outcome)
                }
            })
        })
    }
}

/// Calls a contract; what it wrote stays unless the caller rolls it back.
fn bare_call(call: &RawCall) -> Result<RawOutcome, NotRun> {
    let result = pallet_contracts::Pallet::<DefaultSandboxRuntime>::bare_call(
        call.from.into(),
        call.to.into(),
        0,
        GAS,
        None,
        call.data.clone(),
        DebugInfo::Skip,
        CollectEvents::Skip,
        Determinism::Enforced,
    );
    let cost = cost(&result);
    let value = result.result.map_err(|error| not_run(&error))?;
    let reverted = value.did_revert();
    Ok(RawOutcome { data: value.data, reverted, cost, events: if reverted { Vec::new() } else { events() } })
}

fn cost<R>(result: &ContractResult<R, u128, EventRecordOf<DefaultSandboxRuntime>>) -> Cost {
    let deposit = match result.storage_deposit {
        StorageDeposit::Charge(amount) => i128::try_from(amount).unwrap_or(i128::MAX),
        StorageDeposit::Refund(amount) => -i128::try_from(amount).unwrap_or(i128::MAX),
    };
    Cost { ref_time: result.gas_consumed.ref_time(), proof_size: result.gas_consumed.proof_size(), deposit }
}

/// The trie in which a contract's own storage lies, if this key and value are the record of a contract: its first field.
fn own_storage(key: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let records = [sp_io::hashing::twox_128(b"Contracts"), sp_io::hashing::twox_128(b"ContractInfoOf")].concat();
    key.starts_with(&records).then(|| Vec::decode(&mut &*value).ok()).flatten()
}

/// The keys and values of a contract's own storage.
fn pieces_of(trie: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut key = Vec::new();
    while let Some(next) = sp_io::default_child_storage::next_key(trie, &key) {
        pieces.extend(sp_io::default_child_storage::get(trie, &next).map(|value| value.to_vec()));
        pieces.push(next.clone());
        key = next;
    }
    pieces
}

fn not_run(error: &DispatchError) -> NotRun {
    let reason = match error {
        // The name of the pallet's error: `OutOfGas`, `ContractTrapped`, ...
        DispatchError::Module(module) => module.message.unwrap_or("an error without a name").to_owned(),
        other => format!("{other:?}"),
    };
    NotRun::Refused(reason)
}

/// The events that contracts emitted since the last reset.
fn events() -> Vec<RawEvent> {
    frame_system::Pallet::<DefaultSandboxRuntime>::read_events_no_consensus()
        .filter_map(|record| match record.event {
            RuntimeEvent::Contracts(pallet_contracts::Event::ContractEmitted { contract, data }) => Some(RawEvent {
                contract: contract.into(),
                topics: record.topics.iter().map(|topic| topic.0).collect(),
                data,
            }),
            _ => None,
        })
        .collect()
}

impl Chain for Embedded {
    fn genesis_hash(&self) -> [u8; 32] {
        // The sandbox has no genesis block; a constant stands for it, as a genesis hash does on any other chain.
        *b"amanah embedded chain, genesis  "
    }

    fn now(&self) -> Result<Millis, NotRun> {
        Ok(self.now)
    }

    fn wait_until(&mut self, time: Millis) -> Result<(), NotRun> {
        self.set_time(time.max(self.now));
        Ok(())
    }

    fn admit(&mut self, actor: &Actor) -> Result<(), NotRun> {
        self.endow(&actor.account());
        Ok(())
    }

    fn deploy(
        &mut self,
        from: &Account,
        bundle: &Bundle,
        input: Vec<u8>,
        salt: Vec<u8>,
    ) -> Result<(Account, Cost), NotRun> {
        self.endow(from);
        self.history.push(input.clone());
        let from = AccountId32::from(*from);
        self.sandbox.execute_with(|| {
            let result = pallet_contracts::Pallet::<DefaultSandboxRuntime>::bare_instantiate(
                from,
                0,
                GAS,
                None,
                Code::Upload(bundle.wasm.clone()),
                input,
                salt,
                DebugInfo::Skip,
                CollectEvents::Skip,
            );
            let cost = cost(&result);
            let instance = result.result.map_err(|error| not_run(&error))?;
            if instance.result.did_revert() {
                return Err(NotRun::Refused(format!("the constructor of {} refused", bundle.name)));
            }
            Ok((instance.account_id.into(), cost))
        })
    }

    fn code_hash(&mut self, contract: &Account) -> Result<Option<[u8; 32]>, NotRun> {
        let contract = AccountId32::from(*contract);
        let found =
            self.sandbox.execute_with(|| pallet_contracts::Pallet::<DefaultSandboxRuntime>::code_hash(&contract));
        Ok(found.map(|hash| hash.0))
    }

    fn upload(&mut self, from: &Account, bundle: &Bundle) -> Result<[u8; 32], NotRun> {
        self.endow(from);
        let from = AccountId32::from(*from);
        self.sandbox.execute_with(|| {
            pallet_contracts::Pallet::<DefaultSandboxRuntime>::bare_upload_code(
                from,
                bundle.wasm.clone(),
                None,
                Determinism::Enforced,
            )
            .map(|uploaded| uploaded.code_hash.0)
            .map_err(|error| not_run(&error))
        })
    }

    fn submit(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        self.endow(&call.from);
        self.history.push(call.data.clone());
        let outcome = self.run(call, true)?;
        for event in &outcome.events {
            self.history.push(event.data.clone());
            self.history.extend(event.topics.iter().map(|topic| topic.to_vec()));
        }
        Ok(outcome)
    }

    fn dry_run(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        self.run(call, false)
    }
}
