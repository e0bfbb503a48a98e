//! The test kit: a node with the suite on it, spoken to by ink_e2e's client in the suite's typed messages.

use amanah_client::{
    address,
    chain::{raw, RawCall, RawEvent},
    suite::plain_terms,
    Actor, Bundle, Event, Message, Suite,
};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{Account, ParticipantId},
    roles::Role,
    time::{Millis, DAY},
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
    voucher::{Proof, Terms, Voucher},
    Balance,
};
use ink::env::{
    call::{build_create, ExecutionInput, FromAccountId, Selector},
    ContractEnv, DefaultEnvironment,
};
use ink_e2e::{
    events::ContractInstantiatedEvent,
    subxt::{
        backend::legacy::LegacyRpcMethods,
        dynamic::{storage, Value},
    },
    ChainBackend, Client, ContractsBackend, Error, Keypair, PolkadotConfig, TestNodeProcess, H256,
};
use scale::{Decode, Encode};
use std::{env, fmt::Debug, path::PathBuf};
use tempfile::TempDir;

/// One token of the chain.
pub const UNIT: Balance = 1_000_000_000_000;
/// What everybody gets to begin with.
pub const POCKET: Balance = 1_000 * UNIT;

/// Gas for any message: a fifth of what a block has, and of its proof.
const GAS: u128 = 400_000_000_000;
const PROOF: u128 = 1 << 20;

/// The node's program.
pub fn program() -> PathBuf {
    env::var_os("CONTRACTS_NODE").map_or_else(|| beside("amanah-node"), PathBuf::from)
}

/// A program of the build that this test is from.
pub fn beside(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a test is a file");
    let built = test.ancestors().nth(2).expect("tests are in a folder of the build").join(name);
    assert!(built.exists(), "{} is not built; cargo build --workspace builds it", built.display());
    built
}

/// Somebody with an account and a key.
#[derive(Clone)]
pub struct Person {
    pub actor: Actor,
    /// The same key, as ink_e2e takes it.
    pub key: Keypair,
    /// Its number in the registry, 0 if it is not registered.
    pub number: ParticipantId,
}

impl Person {
    pub fn new(actor: Actor) -> Self {
        let key = Keypair::from_seed(*actor.seed().expect("it has a seed")).expect("32 bytes are a seed");
        Self { actor, key, number: 0 }
    }

    pub fn id(&self) -> amanah_interfaces::AccountId {
        self.actor.id()
    }
}

/// What a transaction did.
pub struct Sent<T> {
    pub value: T,
    /// The suite's events, decoded.
    pub events: Vec<Event>,
    /// Storage deposits: positive taken, negative given back.
    pub deposit: i128,
}

/// Why a transaction did nothing.
#[derive(Debug)]
pub enum Refusal<E> {
    /// The contract's error.
    Contract(E),
    /// The chain's error.
    Chain(String),
}

/// Which contract is instantiated: ink_e2e asks for a type, though the code decides.
#[derive(Clone)]
struct Code;

impl ContractEnv for Code {
    type Env = DefaultEnvironment;
}

impl FromAccountId<DefaultEnvironment> for Code {
    fn from_account_id(_: amanah_interfaces::AccountId) -> Self {
        Self
    }
}

/// A node with the suite on it.
pub struct Town {
    pub client: Client<PolkadotConfig, DefaultEnvironment>,
    pub node: TestNodeProcess<PolkadotConfig>,
    pub suite: Suite,
    /// Deploys and administers: Alice.
    pub administrator: Person,
    _code: TempDir,
}

impl Town {
    /// Starts a node and deploys the suite; what one party starts alone need not wait.
    pub async fn new() -> Self {
        let node =
            TestNodeProcess::<PolkadotConfig>::build(program().as_os_str()).spawn().await.expect("the node starts");
        let code = tempfile::tempdir().expect("there is room for the code");
        let paths = ["registry", "ledger", "voucher", "loan", "welfare"].map(|name| {
            let path = code.path().join(name).with_extension("wasm");
            std::fs::write(&path, bundle(name).wasm).expect("the code can be written");
            path
        });
        let client = Client::new(node.rpc(), paths).await.expect("the node answers");
        let genesis = node.client().genesis_hash().0;
        let suite =
            Suite { registry: [0; 32], ledger: [0; 32], voucher: [0; 32], loan: [0; 32], welfare: [0; 32], genesis };
        let administrator = Person::new(Actor::alice());
        let mut town = Self { client, node, suite, administrator, _code: code };
        let alice = town.administrator.clone();
        town.suite.registry = town.instantiate("registry", &alice, (alice.id(), 0u64)).await;
        town.suite.ledger = town.instantiate("ledger", &alice, town.suite.registry).await;
        let known = (town.suite.registry, town.suite.ledger, genesis);
        town.suite.voucher = town.instantiate("voucher", &alice, known).await;
        town.suite.loan = town.instantiate("loan", &alice, known).await;
        let known = (town.suite.registry, town.suite.ledger, town.suite.voucher, genesis);
        town.suite.welfare = town.instantiate("welfare", &alice, known).await;
        for holds_money in [town.suite.voucher, town.suite.loan, town.suite.welfare] {
            let mark = town.suite.ledger().set_suite_contract(holds_money.into(), true);
            town.send(&alice, mark).await;
        }
        town
    }

    /// Uploads and instantiates a contract with its constructor `new`.
    pub async fn instantiate(
        &mut self,
        name: &str,
        from: &Person,
        arguments: impl Encode + Clone + Send + Sync,
    ) -> Account {
        let input = ExecutionInput::new(Selector::new(ink::selector_bytes!("new"))).push_arg(arguments);
        let mut constructor = build_create::<Code>().exec_input(input).returns::<Code>();
        let made = self.client.instantiate(name, &from.key, &mut constructor).submit().await;
        let made = made.unwrap_or_else(|error| panic!("{name} is not deployed: {error}"));
        let event = made.events.find_first::<ContractInstantiatedEvent<DefaultEnvironment>>();
        let event = event.expect("events decode").expect("an instantiation has its event");
        assert_eq!(event.contract, made.account_id);
        *made.account_id.as_ref()
    }

    /// Gives somebody tokens to begin with.
    pub async fn fund(&mut self, person: &Person) {
        let to = Value::unnamed_variant("Id", [Value::from_bytes(person.actor.account())]);
        let alice = self.administrator.key.clone();
        let transfer = vec![to, Value::u128(POCKET)];
        let done = self.client.runtime_call(&alice, "Balances", "transfer_keep_alive", transfer).await;
        done.unwrap_or_else(|error| panic!("{:?} gets no tokens: {error}", person.actor));
    }

    /// Somebody who is not registered, with tokens.
    pub async fn stranger(&mut self, name: &str) -> Person {
        let person = Person::new(Actor::named(name));
        self.fund(&person).await;
        person
    }

    /// Registers somebody new with tokens, by `by`.
    pub async fn enrol(&mut self, by: &Person, name: &str, roles: &[Role]) -> Person {
        let mut person = self.stranger(name).await;
        let registration = Registration {
            account: person.id(),
            identity: Native::blake2b_256(name.as_bytes()),
            identity_valid_until: self.now().await + 3_650 * DAY,
            roles: roles.to_vec(),
            key: None,
        };
        person.number = self.send(by, self.suite.registry().register(registration)).await.value;
        person
    }

    /// Sends a message that must succeed.
    pub async fn send<A, T, E>(&mut self, from: &Person, message: Message<A, Result<T, E>>) -> Sent<T>
    where
        A: Encode + Clone + Sync,
        T: Decode + Send,
        E: Decode + Debug + Send,
    {
        match self.try_send(from, message).await {
            Ok(sent) => sent,
            Err(refusal) => panic!("{:?} was not served: {refusal:?}", from.actor),
        }
    }

    /// Sends a message as a transaction, also when its dry run says that the contract will refuse it.
    pub async fn try_send<A, T, E>(
        &mut self,
        from: &Person,
        message: Message<A, Result<T, E>>,
    ) -> Result<Sent<T>, Refusal<E>>
    where
        A: Encode + Clone + Sync,
        T: Decode + Send,
        E: Decode + Send,
    {
        let dry = self.client.call(&from.key, &message).dry_run().await;
        let said = dry.map_err(|error| Refusal::Chain(error.to_string()))?.return_value();
        match (self.client.call(&from.key, &message).submit().await, said) {
            (Ok(done), Ok(value)) => {
                let deposits = done.events.iter().map(|event| {
                    let event = event.expect("events decode");
                    let amount = || {
                        let (_from, _to, amount) = <(Account, Account, Balance)>::decode(&mut event.field_bytes())
                            .expect("deposits have three fields");
                        i128::try_from(amount).expect("deposits are not so large")
                    };
                    match (event.pallet_name(), event.variant_name()) {
                        ("Contracts", "StorageDepositTransferredAndHeld") => amount(),
                        ("Contracts", "StorageDepositTransferredAndReleased") => -amount(),
                        _ => 0,
                    }
                });
                let deposit = deposits.sum();
                let emitted = done.contract_emitted_events().expect("events decode").into_iter().map(|emitted| {
                    let topics = emitted.topics.iter().map(|topic| topic.0).collect();
                    let raw = RawEvent { contract: *emitted.event.contract.as_ref(), topics, data: emitted.event.data };
                    Event::decode(&self.suite, &raw).unwrap_or_else(|| panic!("not an event of the suite: {raw:?}"))
                });
                Ok(Sent { value, events: emitted.collect(), deposit })
            }
            (Err(Error::CallExtrinsic(error)), Err(refusal)) => {
                assert!(error.to_string().contains("ContractReverted"), "the chain says of a refusal: {error}");
                Err(Refusal::Contract(refusal))
            }
            (Err(error), _) => Err(Refusal::Chain(error.to_string())),
            (Ok(_), Err(_)) => panic!("the contract did what it refused in the dry run"),
        }
    }

    /// Sends a message that the contract must refuse, and answers with its error.
    pub async fn refused<A, T, E>(&mut self, from: &Person, message: Message<A, Result<T, E>>) -> E
    where
        A: Encode + Clone + Sync,
        T: Decode + Send + Debug,
        E: Decode + Debug + Send,
    {
        match self.try_send(from, message).await {
            Err(Refusal::Contract(error)) => error,
            Err(other) => panic!("{:?} was refused by somebody else: {other:?}", from.actor),
            Ok(sent) => panic!("{:?} was served: {:?}", from.actor, sent.value),
        }
    }

    /// Asks a query.
    pub async fn ask<A: Encode + Clone + Sync, T: Decode + Send>(&mut self, message: Message<A, T>) -> T {
        let alice = self.administrator.key.clone();
        let answer = self.client.call(&alice, &message).dry_run().await;
        answer.unwrap_or_else(|error| panic!("no answer: {error}")).return_value()
    }

    /// The newest block.
    pub async fn best(&self) -> H256 {
        let rpc = LegacyRpcMethods::<PolkadotConfig>::new(self.node.rpc());
        rpc.chain_get_block_hash(None).await.expect("the node answers").expect("there is a block")
    }

    /// Lets time pass until the newest block has at least this time.
    pub async fn pass_until(&mut self, time: Millis) {
        let alice = self.administrator.key.clone();
        while self.now().await < time {
            // Blocks are made on demand, so time passes with transactions only.
            let remark = self.client.runtime_call(&alice, "System", "remark", vec![Value::from_bytes([])]).await;
            remark.unwrap_or_else(|error| panic!("the node does nothing: {error}"));
        }
    }

    /// Runs a message in a block whose clock shows `time` meanwhile; it must succeed. A test cannot wait for interest, but
    /// contracts take the time from the chain's storage, where the development chain's sudo key, Alice's, may write.
    pub async fn send_at<A: Encode, T>(&mut self, time: Millis, message: Message<A, T>) {
        let alice = self.administrator.clone();
        let present = self.now().await;
        let clock = storage("Timestamp", "Now", Vec::<Value>::new());
        let clock = self.node.client().storage().address_bytes(&clock).expect("the chain has a clock");
        let set = |time: Millis| {
            let item = Value::unnamed_composite([Value::from_bytes(&clock), Value::from_bytes(time.encode())]);
            let items = Value::unnamed_composite([item]);
            let set = Value::unnamed_variant("System", [Value::named_variant("set_storage", [("items", items)])]);
            Value::unnamed_variant("Sudo", [Value::named_variant("sudo", [("call", set)])])
        };
        let RawCall { to, data, .. } = raw(&alice.actor.account(), message);
        let arguments = [
            ("dest", Value::unnamed_variant("Id", [Value::from_bytes(to)])),
            ("value", Value::u128(0)),
            ("gas_limit", Value::named_composite([("ref_time", Value::u128(GAS)), ("proof_size", Value::u128(PROOF))])),
            ("storage_deposit_limit", Value::unnamed_variant("None", [])),
            ("data", Value::from_bytes(data)),
        ];
        let call = Value::unnamed_variant("Contracts", [Value::named_variant("call", arguments)]);
        let all = vec![Value::unnamed_composite([set(time), call, set(present)])];
        let done = self.client.runtime_call(&alice.key, "Utility", "batch_all", all).await;
        done.unwrap_or_else(|error| panic!("it was not served at {time}: {error}"));
    }

    /// The time of the newest block.
    pub async fn now(&self) -> Millis {
        let key = storage("Timestamp", "Now", Vec::<Value>::new());
        let best = self.best().await;
        let now = self.node.client().storage().at(best).fetch(&key).await.expect("the node answers");
        let now = now.map(|now| Decode::decode(&mut now.encoded()).expect("a time is a number"));
        now.unwrap_or(0)
    }

    /// The hash of the code that a contract runs.
    pub async fn code_hash(&self, contract: Account) -> [u8; 32] {
        let key = storage("Contracts", "ContractInfoOf", vec![Value::from_bytes(contract)]);
        let best = self.best().await;
        let info = self.node.client().storage().at(best).fetch(&key).await.expect("the node answers");
        let info = info.expect("there is a contract");
        // The record begins with the id of the contract's storage, bytes with their length; then comes the hash.
        let (_, code_hash) = <(Vec<u8>, [u8; 32])>::decode(&mut info.encoded()).expect("the record decodes");
        code_hash
    }

    /// What somebody can spend of the chain's token.
    pub async fn free(&mut self, account: Account) -> Balance {
        let free = self.client.free_balance(account.into()).await;
        free.unwrap_or_else(|error| panic!("no balance of {}: {error}", address(&account)))
    }

    /// Usual terms of a programme whose money is `bank`'s and whose redemptions `attestor` confirms.
    pub fn terms(&self, bank: &Person, attestor: &Person, window: Millis) -> Terms {
        let plain = plain_terms(bank.id(), attestor.id(), vec![0, 1], 1_000_000, 100_000_000);
        Terms { window, ..plain }
    }

    /// An attestor's proof of a redemption as it stands.
    pub async fn proof(&mut self, redemption: u64, attestor: &Person) -> Proof {
        let record = self.ask(self.suite.voucher().redemption(redemption)).await.expect("the redemption is there");
        let known = self.ask(self.suite.registry().credentials(attestor.id())).await.expect("it is registered");
        Proof::Attestors(vec![self.suite.attest(&attestor.actor, &known, redemption, &record, record.expires)])
    }
}

/// A contract's bundle.
pub fn bundle(name: &str) -> Bundle {
    Bundle::load(&Bundle::folder(), name).unwrap_or_else(|error| panic!("{error}"))
}
