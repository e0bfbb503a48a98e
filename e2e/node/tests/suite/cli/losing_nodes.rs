//! Nodes that are lost while something is under way: nothing is lost with them, and nothing is done twice.

use crate::running::Running;
use amanah_client::{
    ask,
    chain::{raw, send, NotRun},
    node::{Included, Node, Signed, Wait},
    Actor, Bundle, Chain, Suite,
};
use amanah_domain::{
    identity::{commitment, NumberType},
    roles::Role,
    time::DAY,
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
};
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Another address of a node, which can be cut off from one moment to the next.
struct Way {
    url: String,
    listener: TcpListener,
    open: Arc<Mutex<(bool, Vec<TcpStream>)>>,
}

impl Way {
    fn to(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let way = Self {
            url: format!("ws://{}", listener.local_addr().expect("it has an address")),
            listener: listener.try_clone().expect("it can be shared"),
            open: Arc::new(Mutex::new((true, Vec::new()))),
        };
        let (node, open) = (url.trim_start_matches("ws://").to_owned(), way.open.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut open = open.lock().expect("nobody panicked with it");
                if !open.0 {
                    return;
                }
                let Ok(to_node) = TcpStream::connect(&node) else { return };
                for (mut from, mut to) in [
                    (stream.try_clone().expect("it can be shared"), to_node.try_clone().expect("it can be shared")),
                    (to_node.try_clone().expect("it can be shared"), stream.try_clone().expect("it can be shared")),
                ] {
                    thread::spawn(move || {
                        let mut bytes = [0; 1 << 16];
                        while let Ok(length @ 1..) = from.read(&mut bytes) {
                            if to.write_all(&bytes[..length]).is_err() {
                                break;
                            }
                        }
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                open.1.extend([stream, to_node]);
            }
        });
        way
    }

    /// Cuts it off; nobody gets through any more.
    fn cut(&self) {
        let mut open = self.open.lock().expect("nobody panicked with it");
        open.0 = false;
        for stream in open.1.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(open);
        // Wakes whoever listens, so that it stops.
        let _ = TcpStream::connect(self.listener.local_addr().expect("it has an address"));
    }
}

#[test]
fn transactions_under_way_survive_the_loss_of_their_node_and_run_once() {
    let running = Running::start(&["--tmp".as_ref(), "--finalize-delay-sec=0".as_ref()]);
    let (first, second) = (Way::to(&running.url), Way::to(&running.url));
    let mut node = Node::connect_any(&[&first.url, &second.url])
        .expect("the first answers")
        .with_faucet(Actor::alice())
        .waiting_for(Wait::Finalized);
    let (administrator, government, bank) =
        (Actor::named("administrator"), Actor::named("government"), Actor::named("bank"));
    let (suite, _) = Suite::deploy(&mut node, &administrator, DAY, &Bundle::folder(), b"losing").expect("it deploys");
    let valid_until = node.now().expect("it answers") + 365 * DAY;
    for (by, who, role) in [(&administrator, &government, Role::Government), (&government, &bank, Role::Bank)] {
        node.admit(by).expect("it gets tokens");
        let registration = Registration {
            account: who.id(),
            identity: commitment(&[1; 32], NumberType::Organisation, who.name()),
            identity_valid_until: valid_until,
            roles: vec![role],
            key: None,
        };
        let register = raw(&by.account(), suite.registry().register(registration));
        assert!(node.send(&register).expect("it is sent").1.is_some());
    }
    node.admit(&bank).expect("it gets tokens");

    // Twenty issues by one key, all in flight; the node's first address is cut off when some of them are known to be done.
    let mut signed = Vec::new();
    for number in 1..=20u8 {
        let issue = raw(&bank.account(), suite.ledger().issue(bank.id(), 100, [number; 32]));
        let (_, one) = node.sign(&issue).expect("it answers").expect("the contract takes it");
        signed.push(one);
    }
    let nonces: Vec<u64> = signed.iter().map(|one| one.nonce).collect();
    assert_eq!(nonces, (nonces[0]..nonces[0] + 20).collect::<Vec<_>>(), "one after the other");
    let mut done = 0;
    node.settle(&signed, false, |place, outcome| {
        outcome.unwrap_or_else(|error| panic!("transaction {place}: {error}"));
        done += 1;
        if done == 3 {
            first.cut();
        }
    });
    assert_eq!(done, 20);
    let number =
        ask(&mut node, suite.registry().credentials(bank.id())).expect("it answers").expect("it is there").number;
    assert_eq!(ask(&mut node, suite.ledger().total_supply(number)), Ok(2_000), "each of them once");

    // Whoever was killed before it knew, sends the same again: the blocks know that they ran.
    let mut known = 0;
    node.settle(&signed, true, |place, outcome| {
        assert!(!outcome.unwrap_or_else(|error| panic!("transaction {place}: {error}")).events.is_empty());
        known += 1;
    });
    assert_eq!(known, 20);
    assert_eq!(ask(&mut node, suite.ledger().total_supply(number)), Ok(2_000), "and not again");

    // With all ways cut off, it says so.
    second.cut();
    let mut node = node.with_patience(std::time::Duration::from_millis(100), std::time::Duration::from_secs(1));
    let lost = ask(&mut node, suite.ledger().total_supply(number)).expect_err("nobody answers").to_string();
    assert!(lost.contains(&first.url) && lost.contains(&second.url), "{lost}");
}

/// What becomes of one transaction.
fn settle(node: &mut Node, signed: &Signed, sent_before: bool) -> Result<Included, NotRun> {
    let mut outcome = None;
    node.settle(std::slice::from_ref(signed), sent_before, |_, settled| outcome = Some(settled));
    outcome.expect("it is told")
}

#[test]
fn a_transaction_that_is_in_a_block_but_not_in_a_final_one_is_waited_for_and_one_without_a_place_is_not() {
    let running = Running::start(&["--tmp".as_ref(), "--finalize-delay-sec=2".as_ref()]);
    let connect = |wait| {
        let mut node = Node::connect(&running.url).expect("it answers").waiting_for(wait);
        node.know(&Actor::alice());
        node
    };
    let (mut first, mut second) = (connect(Wait::Best), connect(Wait::Finalized));
    let alice = Actor::alice();
    let (suite, _) = Suite::deploy(&mut first, &alice, DAY, &Bundle::folder(), b"waiting").expect("it deploys");
    let call = raw(&alice.account(), suite.registry().apply(Role::Shop, [1; 32]));
    // Two that want the same place.
    let (_, one) = first.sign(&call).expect("it answers").expect("the contract takes it");
    let (_, other) = second.sign(&call).expect("it answers").expect("the contract takes it");
    assert_eq!(one.nonce, other.nonce);
    let included = settle(&mut first, &one, false).expect("it is in a block");
    // Whoever was killed now would find it in the chain's newest block only.
    assert_eq!(settle(&mut second, &one, true).expect("it becomes final").hash, included.hash);
    let taken = |outcome| assert!(matches!(outcome, Err(NotRun::NonceTaken(_))), "{outcome:?}");
    taken(settle(&mut second, &other, true));
    taken(settle(&mut second, &other, false));
}

#[test]
fn a_node_that_has_forgotten_what_a_transaction_did_does_not_make_it_a_refused_one() {
    let options = ["--tmp", "--finalize-delay-sec=0", "--state-pruning=8"];
    let running = Running::start(&options.map(AsRef::as_ref));
    let mut node = Node::connect(&running.url).expect("it answers").waiting_for(Wait::Best);
    let alice = Actor::alice();
    node.know(&alice);
    let (suite, _) = Suite::deploy(&mut node, &alice, DAY, &Bundle::folder(), b"forgotten").expect("it deploys");
    let (_, one) = node
        .sign(&raw(&alice.account(), suite.registry().apply(Role::Shop, [1; 32])))
        .expect("it answers")
        .expect("the contract takes it");
    settle(&mut node, &one, false).expect("it runs");
    // Each makes a block.
    for change in 0..20 {
        let mark = suite.ledger().set_suite_contract(suite.registry.into(), change % 2 == 0);
        send(&mut node, &alice.account(), mark).expect("Alice is the administrator");
    }
    let forgotten = settle(&mut node, &one, true).expect_err("the state after that block is gone");
    assert!(matches!(&forgotten, NotRun::Unsettled(why) if why.contains("archive")), "{forgotten:?}");
}
