//! The node's own runtime in this process: pallet-contracts 38 with the prices, limits and deposits of the chain that people
//! run, and no node around it.
//!
//! What a call costs here is what a node's dry run says, which a test compares: without what the transaction around it is
//! charged. And the runtime tells which host functions a contract called.

use amanah_client::{
    chain::{Chain, Cost, NotRun, RawCall, RawEvent, RawOutcome},
    Actor, Bundle,
};
use amanah_domain::{ids::Account, time::Millis};
use amanah_runtime::{Balances, Contracts, Runtime, RuntimeBlockWeights, RuntimeEvent, RuntimeGenesisConfig, System};
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::fungible::Mutate,
};
use pallet_contracts::{Code, CollectEvents, ContractResult, DebugInfo, Determinism, StorageDeposit};
use sp_runtime::{AccountId32, BuildStorage, DispatchError};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Once,
};

/// The chain's token for everybody who sends: enough for any deposit.
const POCKET: u128 = 1 << 60;
/// Where pallet-contracts says which host functions are called.
const CALLS: &str = "runtime::contracts::strace";

/// What a run made the runtime do.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// How often each host function was called, by name: `get_storage`, `call`, ...
    pub host_calls: BTreeMap<String, u32>,
    /// How many contracts ran, the called one among them.
    pub contracts: u32,
    /// How many bytes their code has.
    pub code: u32,
}

/// The node's runtime.
pub struct OwnRuntime {
    chain: sp_io::TestExternalities,
    now: Millis,
    /// Bytes of code, by contract.
    sizes: HashMap<Account, u32>,
    /// What each run made the runtime do, if that is noted.
    runs: Option<Vec<(RawCall, Work)>>,
}

/// Lets pallet-contracts write down the host functions that are called; it asks a logger whether anybody wants to know.
fn note_host_calls() {
    struct Wanted;
    impl log::Log for Wanted {
        fn enabled(&self, what: &log::Metadata) -> bool {
            what.target() == CALLS
        }
        fn log(&self, _: &log::Record) {}
        fn flush(&self) {}
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Another logger would be one of a test harness; then there is nothing to note.
        if log::set_boxed_logger(Box::new(Wanted)).is_ok() {
            log::set_max_level(log::LevelFilter::Trace);
        }
    });
}

impl OwnRuntime {
    /// A new open chain whose clock stands at `now` (milliseconds).
    pub fn new(now: Millis) -> Self {
        let mut genesis = RuntimeGenesisConfig::default();
        genesis.consortium.open = true;
        let storage = genesis.build_storage().expect("the genesis of an open chain can be built");
        let mut chain = Self { chain: sp_io::TestExternalities::from(storage), now, sizes: HashMap::new(), runs: None };
        chain.set_time(now);
        chain
    }

    /// A new chain that notes what each run makes the runtime do, which takes time and memory.
    pub fn noting(now: Millis) -> Self {
        note_host_calls();
        Self { runs: Some(Vec::new()), ..Self::new(now) }
    }

    /// What this very call made the runtime do, the first time that it was run; `None` if that is not noted.
    pub fn work(&self, call: &RawCall) -> Option<&Work> {
        let same = |(run, _): &&(RawCall, Work)| (run.from, run.to, &run.data) == (call.from, call.to, &call.data);
        self.runs.iter().flatten().find(same).map(|(_, work)| work)
    }

    /// Sets the clock, in a new block.
    fn set_time(&mut self, now: Millis) {
        self.now = now;
        self.chain.execute_with(|| {
            System::set_block_number(System::block_number() + 1);
            pallet_timestamp::Now::<Runtime>::put(now);
        });
    }

    /// Runs a call; what it changed stays if `keep` says so.
    fn run(&mut self, call: &RawCall, keep: bool) -> Result<RawOutcome, NotRun> {
        let debug = if self.runs.is_some() { DebugInfo::UnsafeDebug } else { DebugInfo::Skip };
        let result = self.chain.execute_with(|| {
            with_transaction(|| {
                System::reset_events();
                let result = Contracts::bare_call(
                    call.from.into(),
                    call.to.into(),
                    0,
                    RuntimeBlockWeights::get().max_block,
                    None,
                    call.data.clone(),
                    debug,
                    CollectEvents::UnsafeCollect,
                    Determinism::Enforced,
                );
                match keep {
                    true => TransactionOutcome::Commit(Ok::<_, DispatchError>(result)),
                    false => TransactionOutcome::Rollback(Ok(result)),
                }
            })
        });
        let result = result.map_err(|error| not_run(&error))?;
        let cost = cost(&result);
        let events = result.events.unwrap_or_default();
        if let Some(runs) = &mut self.runs {
            let mut work = Work { host_calls: host_calls(&result.debug_message), ..Work::default() };
            for record in &events {
                if let RuntimeEvent::Contracts(pallet_contracts::Event::Called { contract, .. }) = &record.event {
                    work.contracts += 1;
                    work.code += self.sizes.get::<Account>(contract.as_ref()).unwrap_or(&0);
                }
            }
            runs.push((call.clone(), work));
        }
        let value = result.result.map_err(|error| not_run(&error))?;
        let reverted = value.did_revert();
        let events = events.into_iter().filter_map(|record| match record.event {
            RuntimeEvent::Contracts(pallet_contracts::Event::ContractEmitted { contract, data }) => Some(RawEvent {
                contract: contract.into(),
                topics: record.topics.iter().map(|topic| topic.0).collect(),
                data,
            }),
            _ => None,
        });
        Ok(RawOutcome {
            data: value.data,
            reverted,
            cost,
            events: if reverted { Vec::new() } else { events.collect() },
        })
    }

    fn endow(&mut self, account: &Account) {
        let account = AccountId32::from(*account);
        self.chain.execute_with(|| {
            if Balances::free_balance(&account) < POCKET / 2 {
                Balances::set_balance(&account, POCKET);
            }
        });
    }
}

/// How often each host function is named in what pallet-contracts wrote down: lines such as
/// `seal1::get_storage(...) = Ok(Success)`.
fn host_calls(written: &[u8]) -> BTreeMap<String, u32> {
    let mut calls = BTreeMap::<String, u32>::new();
    for line in String::from_utf8_lossy(written).lines() {
        if let Some(name) = line.split_once("::").and_then(|(_, rest)| rest.split('(').next()) {
            *calls.entry(name.to_owned()).or_default() += 1;
        }
    }
    calls
}

/// What a run cost.
fn cost<R, E>(result: &ContractResult<R, u128, E>) -> Cost {
    let deposit = match result.storage_deposit {
        StorageDeposit::Charge(amount) => i128::try_from(amount).unwrap_or(i128::MAX),
        StorageDeposit::Refund(amount) => -i128::try_from(amount).unwrap_or(i128::MAX),
    };
    Cost { ref_time: result.gas_consumed.ref_time(), proof_size: result.gas_consumed.proof_size(), deposit }
}

fn not_run(error: &DispatchError) -> NotRun {
    NotRun::refused(match error {
        DispatchError::Module(module) => module.message.unwrap_or("an error without a name").to_owned(),
        other => format!("{other:?}"),
    })
}

impl Chain for OwnRuntime {
    fn genesis_hash(&self) -> [u8; 32] {
        *b"amanah runtime, without a node  "
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
        let result = self.chain.execute_with(|| {
            Contracts::bare_instantiate(
                (*from).into(),
                0,
                RuntimeBlockWeights::get().max_block,
                None,
                Code::Upload(bundle.wasm.clone()),
                input,
                salt,
                DebugInfo::Skip,
                CollectEvents::Skip,
            )
        });
        let cost = cost(&result);
        let instance = result.result.map_err(|error| not_run(&error))?;
        if instance.result.did_revert() {
            return Err(NotRun::refused(format!("the constructor of {} refused", bundle.name)));
        }
        let contract = instance.account_id.into();
        self.sizes.insert(contract, u32::try_from(bundle.wasm.len()).unwrap_or(u32::MAX));
        Ok((contract, cost))
    }

    fn code_hash(&mut self, contract: &Account) -> Result<Option<[u8; 32]>, NotRun> {
        let contract = AccountId32::from(*contract);
        Ok(self.chain.execute_with(|| Contracts::code_hash(&contract)).map(|hash| hash.0))
    }

    fn upload(&mut self, from: &Account, bundle: &Bundle) -> Result<[u8; 32], NotRun> {
        self.endow(from);
        self.chain
            .execute_with(|| {
                Contracts::bare_upload_code((*from).into(), bundle.wasm.clone(), None, Determinism::Enforced)
            })
            .map(|uploaded| uploaded.code_hash.0)
            .map_err(|error| not_run(&error))
    }

    fn submit(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        self.endow(&call.from);
        self.run(call, true)
    }

    fn dry_run(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun> {
        self.endow(&call.from);
        self.run(call, false)
    }
}
