//! A node under load: every operation must do what it should, so that a rate counts nothing else; and it prices calls as its
//! runtime does.

use amanah_bench::{
    load::{self, node::DevNode, Load, Plan},
    own_runtime::OwnRuntime,
};
use amanah_client::{chain::raw, node::Node, Actor, Chain, Cost};
use amanah_e2e::{World, START};
use amanah_interfaces::voucher::Voucher;
use indicatif::ProgressBar;
use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
    time::Duration,
};
use subxt::dynamic::{tx, Value};

/// The node of the build that this test is from.
fn node() -> PathBuf {
    let test = env::current_exe().expect("a test is a file");
    let node = test.ancestors().nth(2).expect("tests are in a folder of the build").join("amanah-node");
    assert!(node.exists(), "{} is not built; cargo build --workspace builds it", node.display());
    node
}

/// A development chain, and a connection for which Alice pays.
fn development(folder: &Path) -> (DevNode, Node) {
    let mut dev = DevNode::new(&node(), folder);
    dev.start(&[]).unwrap_or_else(|error| panic!("{error:?}"));
    let node = Node::connect(&dev.url()).expect("it answers").with_faucet(Actor::alice());
    (dev, node)
}

#[test]
fn a_nodes_dry_run_says_what_its_runtime_says_without_it() {
    fn costs<C: Chain>(chain: C) -> Vec<Cost> {
        let mut world = World::on(chain);
        let (programme, voucher) = world.funded_voucher(1_000);
        let (government, shop) = (world.government.actor.account(), world.shop.actor.account());
        let suite = world.suite.clone();
        let calls = [
            raw(&[0; 32], suite.voucher().voucher(voucher)),
            raw(&government, suite.voucher().create(programme, world.citizen.id(), 0, None)),
            raw(&shop, suite.voucher().request(voucher, 100, 0, [7; 32])),
        ];
        calls.iter().map(|call| world.chain.dry_run(call).expect("it runs").cost).collect()
    }
    let folder = tempfile::tempdir().expect("there is room for a chain");
    let (_dev, node) = development(folder.path());
    assert_eq!(costs(node), costs(OwnRuntime::new(START)));
}

#[test]
fn what_a_full_block_leaves_over_goes_into_the_next_ones_though_nothing_more_is_sent() {
    let folder = tempfile::tempdir().expect("there is room for a chain");
    let (_dev, mut node) = development(folder.path());
    let alice = Actor::alice();
    // A block takes transactions of less than four million bytes together.
    let remark = tx("System", "remark", vec![Value::from_bytes(vec![0; 1_500_000])]);
    let all: Vec<_> = (0..6).map(|_| (alice.account(), remark.clone())).collect();
    let signed = node.sign_payloads(&all).expect("Alice signs");
    let mut blocks = BTreeSet::new();
    node.settle(&signed, false, |_, included| {
        blocks.insert(included.expect("it is in a block").block);
    });
    assert!(blocks.len() >= 3, "six such transactions were in {} blocks", blocks.len());
}

#[test]
fn a_small_load_on_a_development_chain_loses_nothing() {
    let plan = Plan { operations: 20, runs: 1, most: 20, ramp: 0 };
    let mut samples = 0;
    let results = load::development(&node(), plan, &ProgressBar::hidden(), &mut |some| {
        samples += some.len();
        Ok(())
    });
    let results = results.unwrap_or_else(|error| panic!("{error:?}"));
    let loads: Vec<Load> = results.runs.iter().map(|run| run.load).collect();
    assert_eq!(loads, [Load::Transfers, Load::Token, Load::Confirms, Load::Mix, Load::Writes]);
    for run in &results.runs {
        assert_eq!((run.succeeded, run.operations), (20, 20), "{run:?}");
        assert!(run.rate > 0.0 && run.inclusion[0] <= run.inclusion[2], "{run:?}");
    }
    assert_eq!(samples, 5 * 20);
}

#[test]
fn a_small_load_on_a_consortium_is_waited_for_until_it_is_final_though_empty_blocks_go_on() {
    let plan = Plan { operations: 10, runs: 1, most: 10, ramp: 0 };
    let results = load::consortium(&node(), 1, Duration::from_secs(1), plan, &ProgressBar::hidden(), &mut |_| Ok(()));
    let results = results.unwrap_or_else(|error| panic!("{error:?}"));
    for run in &results.runs {
        assert_eq!((run.succeeded, run.operations), (10, 10), "{run:?}");
        assert!(run.finality.is_some_and(|seconds| seconds[0] >= run.inclusion[0]), "{run:?}");
    }
    assert_eq!(results.runs.iter().map(|run| run.load).collect::<Vec<_>>(), [Load::Transfers, Load::Mix]);
}
