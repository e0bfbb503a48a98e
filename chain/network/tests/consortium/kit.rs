//! The test kit: a network whose folder is kept when a test fails, and what is waited for.

use amanah_client::{
    address,
    node::{Node, Wait},
    Actor,
};
use amanah_network::{Member, Network, Terms};
use std::{
    env, fs,
    ops::{Deref, DerefMut},
    path::PathBuf,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};
use subxt::{
    dynamic::{tx, Value},
    utils::H256,
};
use tempfile::TempDir;

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program of the build that this test is from.
pub fn beside(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a test is a file");
    let built = test.ancestors().nth(2).expect("tests are in a folder of the build").join(name);
    assert!(built.exists(), "{} is not built; cargo build --workspace builds it", built.display());
    built
}

/// Four organisations and their chain.
pub struct Consortium {
    network: Network,
    pub members: Vec<Actor>,
    folder: Option<TempDir>,
}

impl Consortium {
    /// Founds it, with slots of two seconds, and starts its validators.
    pub fn start() -> Self {
        step("founding");
        let folder = tempfile::tempdir().expect("there is room for four chains");
        let members = ["ministry", "bank", "union", "charity"].map(Actor::named).to_vec();
        let organisations: Vec<Member> = members
            .iter()
            .map(|actor| Member { name: actor.name().to_owned(), account: address(&actor.account()) })
            .collect();
        let terms = Terms { slot: Duration::from_secs(2), session: 10, endowment: 1_000_000 };
        let network = Network::found(&beside("amanah-node"), folder.path(), &organisations, terms)
            .unwrap_or_else(|error| panic!("{error:?}"));
        let validators: Vec<usize> = (0..members.len()).collect();
        let mut consortium = Self { network, members, folder: Some(folder) };
        consortium.start(&validators, &[]).unwrap_or_else(|error| panic!("{error:?}"));
        consortium
    }

    /// Its observer.
    pub fn observer(&self) -> usize {
        self.members.len()
    }

    /// A connection to one node only.
    pub fn node(&self, place: usize) -> Node {
        Node::connect(&self.places[place].url()).unwrap_or_else(|error| panic!("{}: {error}", self.places[place].name))
    }

    /// A connection to all nodes but the observer, this one first, for whoever pays with the first member's tokens.
    pub fn any(&self, first: usize) -> Node {
        let mut urls = self.urls()[..self.members.len()].to_vec();
        urls.rotate_left(first);
        Node::connect_any(&urls).expect("a validator answers").with_faucet(self.members[0].clone())
    }

    /// The number of the newest final block that this node knows.
    pub fn finalized(&self, place: usize) -> u32 {
        self.node(place).newest(Wait::Finalized).expect("it answers")
    }

    /// Waits until `more` blocks are final at this node that were not.
    pub fn goes_on(&self, place: usize, more: u32) {
        let node = self.node(place);
        let now = node.newest(Wait::Finalized).expect("it answers");
        until("nothing becomes final", || node.newest(Wait::Finalized).expect("it answers") >= now + more);
    }

    /// Restarts what does not run, and waits until this node has caught up with that one.
    pub fn back(&mut self, place: usize, model: usize) {
        self.start(&[place], &[]).unwrap_or_else(|error| panic!("{error:?}"));
        let (node, model) = (self.node(place), self.node(model));
        until("it does not catch up", || {
            node.newest(Wait::Finalized).expect("it answers") + 2 >= model.newest(Wait::Finalized).expect("it answers")
        });
    }

    /// All these nodes have the same blocks, up to the newest that is final everywhere.
    pub fn agree(&self, places: &[usize]) {
        let nodes: Vec<Node> = places.iter().map(|place| self.node(*place)).collect();
        let everywhere = nodes.iter().map(|node| node.newest(Wait::Finalized).expect("it answers")).min();
        for number in 1..=everywhere.expect("there are nodes") {
            let mut hashes: Vec<_> =
                nodes.iter().map(|node| node.block(number).expect("it answers").expect("it is final").hash).collect();
            hashes.dedup();
            assert_eq!(hashes.len(), 1, "the nodes {places:?} have different blocks {number}");
        }
    }

    /// Lets the first so many members vote for something at once, and carries out what comes of it.
    pub fn decide(&self, voters: usize, what: Value) {
        let mut node = self.any(0);
        let proposer = &self.members[0];
        node.know(proposer);
        let number = node.stored::<u32>("Council", "ProposalCount", Vec::new()).expect("it answers").unwrap_or(0);
        let number = Value::u128(number.into());
        let length = Value::u128(10_000);
        let propose = tx("Council", "propose", vec![Value::u128(voters as u128), what, length.clone()]);
        node.transact(&proposer.account(), &propose).expect("a member proposes");
        let open = node.stored::<Vec<H256>>("Council", "Proposals", Vec::new()).expect("it answers");
        let hash = Value::from_bytes(open.and_then(|open| open.last().copied()).expect("it is open"));
        let vote = tx("Council", "vote", vec![hash.clone(), number.clone(), Value::bool(true)]);
        thread::scope(|scope| {
            for member in &self.members[..voters] {
                scope.spawn(|| {
                    let mut node = self.any(0);
                    node.know(member);
                    node.transact(&member.account(), &vote).expect("a member votes");
                });
            }
        });
        let weight = [("ref_time", Value::u128(10_000_000_000)), ("proof_size", Value::u128(1 << 20))];
        let close = tx("Council", "close", vec![hash, number, Value::named_composite(weight), length]);
        node.transact(&proposer.account(), &close).expect("it is closed");
    }

    /// Makes the keys of one more validator, starts it, and waits until it has caught up; gives its place.
    pub fn join_up(&mut self, actor: &Actor) -> usize {
        let member = Member { name: actor.name().to_owned(), account: address(&actor.account()) };
        let place = self.join(&member).unwrap_or_else(|error| panic!("{error:?}"));
        self.back(place, 0);
        place
    }

    /// The public keys by which this validator works, as `session.set_keys` takes them. The keystore has a file for each, named by
    /// its type and its public key.
    pub fn session_keys(&self, place: usize) -> Value {
        let files = fs::read_dir(self.folder_of(place).join("keystore")).expect("it has keys");
        let names: Vec<String> =
            files.map(|file| file.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
        let key = |kind: &str| {
            let prefix = hex::encode(kind);
            let public = names.iter().find_map(|name| name.strip_prefix(&prefix)).expect("it has this key");
            Value::from_bytes(hex::decode(public).expect("it is hexadecimal"))
        };
        Value::named_composite([("aura", key("aura")), ("grandpa", key("gran"))])
    }
}

impl Deref for Consortium {
    type Target = Network;

    fn deref(&self) -> &Network {
        &self.network
    }
}

impl DerefMut for Consortium {
    fn deref_mut(&mut self) -> &mut Network {
        &mut self.network
    }
}

impl Drop for Consortium {
    /// Keeps the logs of what went wrong.
    fn drop(&mut self) {
        if let (true, Some(folder)) = (thread::panicking(), self.folder.take()) {
            eprintln!("the logs are kept in {}", folder.keep().display());
        }
    }
}

/// Tells where a long test is.
pub fn step(name: &str) {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    let test = thread::current().name().unwrap_or_default().split("::").next().unwrap_or_default().to_owned();
    eprintln!("{:>4} s  {test}: {name}", STARTED.get_or_init(Instant::now).elapsed().as_secs());
}

/// Waits until something holds that must come to hold.
pub fn until(trouble: &str, mut holds: impl FnMut() -> bool) {
    let by = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < by, "{trouble} within {} s", PATIENCE.as_secs());
        thread::sleep(Duration::from_millis(200));
    }
}
