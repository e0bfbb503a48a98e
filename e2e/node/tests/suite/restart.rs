//! The node dies after it has taken a transaction, and the sender, who does not know what became of it, sends it again.

use crate::running::Running;
use amanah_client::{ask, node::Node, send, Actor, Bundle, Chain, Failure, Suite};
use amanah_domain::{
    identity::{commitment, NumberType},
    roles::Role,
    time::DAY,
};
use amanah_interfaces::{
    ledger::{self, Ledger},
    registry::{Registration, Registry},
    Balance,
};
use std::path::Path;

/// Starts a node on the chain in this folder, which finalizes nothing for a minute.
fn start(folder: &Path) -> (Running, Node) {
    let running = Running::start(&["--finalize-delay-sec=60".as_ref(), "--base-path".as_ref(), folder.as_ref()]);
    let node = Node::connect(&running.url).expect("it answers").with_faucet(Actor::alice());
    (running, node)
}

fn registration(node: &mut Node, actor: &Actor, role: Role) -> Registration {
    Registration {
        account: actor.id(),
        identity: commitment(&[1; 32], NumberType::Organisation, actor.name()),
        identity_valid_until: node.now().expect("it answers") + 365 * DAY,
        roles: vec![role],
        key: None,
    }
}

#[test]
fn a_node_that_dies_before_finality_loses_nothing_and_a_request_sent_again_counts_once() {
    let folder = tempfile::tempdir().expect("there is room for a chain");
    let (administrator, government, bank) =
        (Actor::named("administrator"), Actor::named("government"), Actor::named("bank"));
    let (running, mut node) = start(folder.path());
    let (suite, _) = Suite::deploy(&mut node, &administrator, DAY, &Bundle::folder(), b"restart").expect("it deploys");
    for (by, who, role) in [(&administrator, &government, Role::Government), (&government, &bank, Role::Bank)] {
        node.admit(by).expect("it gets tokens");
        let registration = registration(&mut node, who, role);
        send(&mut node, &by.account(), suite.registry().register(registration)).expect("it is registered");
    }
    node.admit(&bank).expect("it gets tokens");
    let issue = || suite.ledger().issue(bank.id(), 500, [7; 32]);
    send(&mut node, &bank.account(), issue()).expect("the bank issues");
    let last = node.now().expect("it answers");

    drop(running);
    let lost = send(&mut node, &bank.account(), issue());
    assert!(matches!(lost, Err(Failure::NotRun(_))), "nobody answers, and the client says {lost:?}");

    let (_running, mut node) = start(folder.path());
    assert!(node.now().expect("it answers") >= last, "the newest block is lost");
    node.admit(&bank).expect("it has tokens");
    let again = send(&mut node, &bank.account(), issue());
    match again {
        Err(Failure::Refused { error, .. }) => assert_eq!(error, ledger::Error::ReferenceUsed),
        other => panic!("the same issue was sent twice, and the second time the answer is {other:?}"),
    }
    let number =
        ask(&mut node, suite.registry().credentials(bank.id())).expect("it answers").expect("it is there").number;
    let balance: Balance = ask(&mut node, suite.ledger().balance_of(bank.id(), number)).expect("it answers");
    assert_eq!(balance, 500, "issued once");
}

#[test]
fn an_address_without_a_node_is_named() {
    let refused = Node::connect("ws://127.0.0.1:1").err().expect("nobody is there").to_string();
    assert!(refused.contains("ws://127.0.0.1:1"), "{refused}");
}
