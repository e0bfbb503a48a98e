//! A node with a suite, and somebody who speaks to it.

use super::{
    book::Book,
    config,
    keys::{self, Sources},
    Network,
};
use crate::exit::{Mismatch, Refusal};
use amanah_client::{
    abi::{spoken, Abi, Answer, Scope},
    address,
    chain::{Chain, RawCall, RawEvent},
    node::{Node, Wait, RECONNECTING},
    Actor, Bundle, Deployment, Suite,
};
use amanah_domain::{ids::Account, time::Millis};
use anyhow::{Context, Result};
use serde_json::{json, Value};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    time::Duration,
};

/// The node of `scripts/node`.
const USUAL_URL: &str = "ws://127.0.0.1:9944";
/// Where `amanah deploy` writes, and everything else reads, unless something else is said.
const USUAL_DEPLOYMENT: &str = "deployments/development.json";

/// The command line's [`Network`] with all that the profile adds.
pub struct Settings {
    pub urls: Vec<String>,
    pub deployment: PathBuf,
    pub bundles: PathBuf,
    pub book: Book,
    pub actor: Option<Actor>,
    pub caller: Option<String>,
    pub decimals: Option<u8>,
    pub wait: Wait,
    pub patience: Duration,
}

impl Settings {
    /// Puts together what the command line, the profile and the environment say.
    ///
    /// # Errors
    /// When a file or a secret is wrong.
    pub fn of(network: &Network) -> Result<Self> {
        let profile = config::profile(network.profile.as_deref())?;
        let keyless = network.suri.is_none() && network.suri_file.is_none() && network.keystore.is_none();
        let usual = |given: Option<PathBuf>| given.filter(|_| keyless && std::env::var_os("AMANAH_SURI").is_none());
        let (suri_file, keystore) = (usual(profile.suri_file), usual(profile.keystore));
        let sources = Sources {
            suri: network.suri.as_deref(),
            suri_file: network.suri_file.as_deref().or(suri_file.as_deref()),
            keystore: network.keystore.as_deref().or(keystore.as_deref()),
            password_file: network.password_file.as_deref(),
        };
        let first_of = |given: &[String], usual: &[String]| match (given, usual) {
            ([], []) => vec![USUAL_URL.to_owned()],
            ([], usual) => usual.to_vec(),
            (given, _) => given.to_vec(),
        };
        Ok(Self {
            urls: first_of(&network.url, &profile.url),
            deployment: network.deployment.clone().or(profile.deployment).unwrap_or(USUAL_DEPLOYMENT.into()),
            bundles: network.bundles.clone().or(profile.bundles).unwrap_or_else(Bundle::folder),
            book: Book::open(network.book.as_deref().or(profile.book.as_deref()))?,
            actor: sources.actor("the sender")?,
            caller: network.caller.clone(),
            decimals: network.decimals,
            patience: Duration::from_secs(network.patience),
            wait: network.wait.or(profile.wait).map_or(Wait::Finalized, Wait::from),
        })
    }

    /// Connects to a node of the chain that the deployment's file is about; gives it with the suite.
    ///
    /// # Errors
    /// [`Mismatch`] when it is another chain; when none of the nodes answers.
    pub fn connect_to(&self, deployment: &Deployment) -> Result<(Node, Suite)> {
        let suite = deployment.suite().map_err(anyhow::Error::msg)?;
        let node = self.connect()?;
        let genesis = node.genesis_hash();
        if genesis != suite.genesis {
            let (file, here) = (self.deployment.display(), hex::encode(genesis));
            return Err(Mismatch(format!(
                "{file} is about the chain with genesis {}, and the node's is 0x{here}: another network",
                deployment.genesis
            ))
            .into());
        }
        Ok((node, suite))
    }

    /// Connects to the node, which knows the sender's key then.
    ///
    /// # Errors
    /// When none of the nodes answers.
    pub fn connect(&self) -> Result<Node> {
        let mut node = Node::connect_any(&self.urls)?
            .waiting_for(self.wait)
            .with_patience(self.patience.min(RECONNECTING), self.patience);
        if let Some(actor) = &self.actor {
            node.know(actor);
        }
        Ok(node)
    }
}

/// A node with a suite on it.
pub struct Session {
    pub node: Node,
    pub suite: Suite,
    pub deployment: Deployment,
    pub settings: Settings,
    /// The contracts' descriptions, by name.
    abis: HashMap<&'static str, Abi>,
    now: Millis,
}

impl Session {
    /// Connects, and makes sure that the deployment's file is about this chain, and the bundles about these contracts.
    ///
    /// # Errors
    /// [`Mismatch`] when it is another chain, when there is no such contract, or when a bundle is stale.
    pub fn open(network: &Network) -> Result<Self> {
        Self::with(Settings::of(network)?)
    }

    /// As [`Session::open`], with settings that were looked at before.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn with(settings: Settings) -> Result<Self> {
        let mut session = Self::unchecked(settings)?;
        for (name, account) in session.suite.contracts() {
            let expected = session.abi(name)?.code_hash();
            session.check_code(name, &account, expected)?;
        }
        Ok(session)
    }

    /// Connects, and makes sure that the deployment's file is about this chain, but not which code the contracts run.
    ///
    /// # Errors
    /// [`Mismatch`] when it is another chain.
    pub fn open_unchecked(network: &Network) -> Result<Self> {
        Self::unchecked(Settings::of(network)?)
    }

    fn unchecked(settings: Settings) -> Result<Self> {
        let deployment = Deployment::load(&settings.deployment)?;
        let (node, suite) = settings.connect_to(&deployment)?;
        let now = node.now()?;
        let mut session = Self { node, suite, deployment, settings, abis: HashMap::new(), now };
        for (name, _) in session.suite.contracts() {
            let abi = Abi::of(&Bundle::load(&session.settings.bundles, name)?)?;
            session.abis.insert(name, abi);
        }
        Ok(session)
    }

    fn check_code(&mut self, name: &str, account: &Account, expected: [u8; 32]) -> Result<()> {
        let found = self.node.code_hash(account)?;
        let Some(found) = found else {
            return Err(Mismatch(format!(
                "there is no contract at {}, where {} has {name}",
                address(account),
                self.settings.deployment.display()
            ))
            .into());
        };
        if found != expected {
            return Err(Mismatch(format!(
                "the bundle {} has code 0x{}, and the contract at {} runs 0x{}: the bundle is stale; take the one that was \
                 deployed (--bundles), or `amanah upgrade {name}`",
                self.settings.bundles.join(format!("{name}.contract")).display(),
                hex::encode(expected),
                address(account),
                hex::encode(found)
            ))
            .into());
        }
        Ok(())
    }

    /// The sender.
    ///
    /// # Errors
    /// When no key was given.
    pub fn actor(&self) -> Result<Actor> {
        self.settings
            .actor
            .clone()
            .context("this needs a key: --suri, --suri-file, --keystore, or the environment variable AMANAH_SURI")
    }

    /// Who asks when nothing is sent: the sender, or whom `--caller` names, or nobody.
    ///
    /// # Errors
    /// When `--caller` is nobody.
    pub fn caller(&self) -> Result<Account> {
        match (&self.settings.caller, &self.settings.actor) {
            (Some(name), _) => self.who(name),
            (None, Some(actor)) => Ok(actor.account()),
            (None, None) => Ok([0; 32]),
        }
    }

    /// The account that somebody means: an address, a name of the address book, or a contract of the suite.
    ///
    /// # Errors
    /// When it is nobody.
    pub fn who(&self, name: &str) -> Result<Account> {
        let found = self.account(name).or_else(|| keys::account(name).ok());
        found.with_context(|| format!("{name:?} is neither an address nor a name of the address book"))
    }

    /// The description of a contract.
    ///
    /// # Errors
    /// When there is no such contract.
    pub fn abi(&self, contract: &str) -> Result<&Abi> {
        self.abis.get(contract).with_context(|| format!("there is no contract {contract}"))
    }

    /// The account of a contract.
    pub fn contract(&self, name: &str) -> Option<Account> {
        self.suite.contracts().into_iter().find_map(|(known, account)| (known == name).then_some(account))
    }

    /// What a contract answers to a question, which is put by the argument's labels as in the bundle.
    ///
    /// # Errors
    /// [`Refusal`] when the contract refuses to answer.
    pub fn query(&mut self, contract: &str, message: &str, arguments: Value) -> Result<Value> {
        let arguments = match arguments {
            Value::Object(arguments) => arguments.into_iter().collect(),
            _ => BTreeMap::new(),
        };
        let to = self.contract(contract).with_context(|| format!("there is no contract {contract}"))?;
        let data = self.abi(contract)?.encode(message, &arguments, self)?;
        let outcome = self.node.dry_run(&RawCall { from: self.caller()?, to, data })?;
        match self.abi(contract)?.decode_answer(message, &outcome.data, self)? {
            Answer::Done(answer) => Ok(answer),
            Answer::Refused(error) => {
                Err(Refusal { tried: format!("{contract} {message}"), words: spoken(&error), error }.into())
            }
        }
    }

    /// An event for people and programs: which contract, its name, its fields. Whatever is not of the suite is shown as bytes.
    pub fn event(&self, raw: &RawEvent) -> Value {
        let of = self.suite.contracts().into_iter().find(|(_, account)| *account == raw.contract);
        let known = of.and_then(|(name, _)| Some((name, self.abis.get(name)?.decode_event(raw, self)?)));
        match known {
            Some((contract, (event, fields))) => json!({ "contract": contract, "event": event, "fields": fields }),
            None => json!({ "contract": address(&raw.contract), "data": format!("0x{}", hex::encode(&raw.data)) }),
        }
    }
}

impl Scope for Session {
    fn decimals(&self) -> u8 {
        self.settings.decimals.unwrap_or(self.deployment.decimals)
    }

    fn now(&self) -> Result<Millis, String> {
        Ok(self.now)
    }

    fn account(&self, name: &str) -> Option<Account> {
        self.contract(name).or_else(|| self.settings.book.account(name))
    }
}
