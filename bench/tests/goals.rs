//! The goals that do not depend on the machine: whoever makes them worse sees it here.

use amanah_bench::{
    gas::{self, Figures},
    goals::{Goal, Measured, HOT},
    own_runtime::OwnRuntime,
    prices, scale,
};
use amanah_client::{chain::raw, Chain};
use amanah_e2e::{
    snapshot::{self, Priced, Snapshot},
    World, START,
};
use amanah_interfaces::voucher::Voucher;
use std::sync::OnceLock;

/// Every message, measured once for all tests.
fn figures() -> &'static [Figures] {
    static FIGURES: OnceLock<Vec<Figures>> = OnceLock::new();
    FIGURES.get_or_init(|| gas::measure().expect("the list of floors can be read"))
}

#[track_caller]
fn is_met(goal: &Goal) {
    assert_eq!(goal.met, Some(true), "{}: {} is not {}", goal.metric, goal.measured, goal.goal);
}

#[test]
fn on_the_nodes_runtime_costs_are_within_a_hundredth_of_the_snapshot() {
    let messages = figures().iter().map(|one| {
        let deposit = i64::try_from(one.node.deposit).expect("a deposit of the tour is small");
        let (ref_time, proof_size) = (one.node.ref_time, one.node.proof_size);
        (one.message.clone(), Priced { ref_time, proof_size, deposit })
    });
    let now = Snapshot { messages: messages.collect(), ..Snapshot::default() };
    snapshot::compare(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/costs.json"), &now);
}

#[test]
fn what_every_call_pays_for_nothing_is_little_beside_what_it_pays_for() {
    let goals = Measured { gas: figures().to_vec(), ..Measured::default() }.goals();
    let floors = prices::list().expect("it can be read");
    assert!(HOT.iter().all(|name| floors.contains_key(*name)), "each has its floor");
    is_met(&goals[0]);
}

#[test]
fn no_message_reads_or_writes_less_than_its_floor_says_it_must() {
    for (message, needs) in prices::list().expect("it can be read") {
        let one = figures().iter().find(|one| one.message == message).expect("it is on the tour");
        assert!(one.parts.read >= needs.reads, "{message} reads {} values, not {}", one.parts.read, needs.reads);
        assert!(one.parts.written >= needs.writes, "{message} writes {}, not {}", one.parts.written, needs.writes);
        assert_eq!(one.parts.contracts, needs.calls + 1, "{message}");
        assert!(!needs.why.is_empty(), "{message} does not say why");
    }
}

#[test]
fn one_more_oracle_costs_little_more_than_a_signature_and_a_record() {
    is_met(&Measured { oracles: scale::oracles(), ..Measured::default() }.goals()[1]);
}

#[test]
fn a_batch_of_a_hundred_is_cheaper_than_a_hundred_and_a_roll_of_any_size_is_one_transaction() {
    let measured =
        Measured { batches: scale::batches(&[100]), rolls: scale::rolls(&[100, 100_000]), ..Measured::default() };
    let goals = measured.goals();
    is_met(&goals[6]);
    assert!(!goals[5].measured.is_empty(), "it is measured; docs/performance.md says how it stands");
}

#[test]
fn what_is_asked_here_costs_what_the_runtime_says_without_the_transaction_around_it() {
    let mut world = World::on(OwnRuntime::new(START));
    let (_, voucher) = world.funded_voucher(1_000);
    let query = raw(&[0; 32], world.suite.voucher().voucher(voucher));
    let cost = world.chain.dry_run(&query).expect("it answers").cost;
    let work = world.chain.work(&query).expect("it ran").clone();
    assert_eq!(work.contracts, 1);
    assert_eq!(work.host_calls.get("get_storage"), Some(&2), "the contract's own record and the voucher");
    assert_eq!(work.host_calls.get("set_storage"), None);
    assert!(cost.ref_time > 2 * prices::read() + prices::code(work.code), "{cost:?}");
    assert_eq!(cost.deposit, 0);
}
