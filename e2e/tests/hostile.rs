//! A ledger whose registry traps, never ends, answers nonsense or calls back: the answer is no, and nothing changes.

use amanah_client::{chain::RawCall, Bundle, Chain, Suite};
use amanah_domain::ids::Account;
use amanah_e2e::World;
use amanah_interfaces::ledger::{Error, Ledger};
use scale::{Decode, Encode};

const TRAPS: u8 = 0;
const NEVER_ENDS: u8 = 1;
const ANSWERS_TOO_LITTLE: u8 = 2;
const ANSWERS_NONSENSE: u8 = 3;
const CALLS_BACK: u8 = 4;
const IS_GOOD: u8 = 5;

/// A ledger on a registry that behaves like this; and the registry.
fn ledger_on(world: &mut World, mode: u8) -> (Suite, Account) {
    let from = world.administrator.account();
    let mut deploy = |folder: &std::path::Path, name: &str, arguments: Vec<u8>| {
        let bundle = Bundle::load(folder, name).expect("scripts/build tests was run");
        let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
        world.chain.deploy(&from, &bundle, input, vec![mode]).expect("it is made").0
    };
    let registry = deploy(&Bundle::folder().join("fixtures"), "hostile-registry", mode.encode());
    let ledger = deploy(&Bundle::folder(), "ledger", registry.encode());
    (Suite { registry, ledger, ..world.suite.clone() }, registry)
}

#[test]
fn a_registry_that_traps_or_answers_nonsense_means_no() {
    for mode in [TRAPS, ANSWERS_TOO_LITTLE, ANSWERS_NONSENSE] {
        let mut world = World::new();
        let (suite, _) = ledger_on(&mut world, mode);
        let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
        let closed = Error::RegistryUnavailable;
        world.refuses(&bank.actor, suite.ledger().issue(citizen.id(), 1, [1; 32]), closed);
        world.refuses(&citizen.actor, suite.ledger().transfer(bank.id(), 1, 1), closed);
        world.refuses(&citizen.actor, suite.ledger().approve(bank.id(), 1, 1), closed);
    }
}

#[test]
fn a_registry_that_never_ends_uses_up_the_callers_gas_and_nothing_changes() {
    let mut world = World::new();
    let (suite, _) = ledger_on(&mut world, NEVER_ENDS);
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.chain.endow(&bank.actor.account());
    let before = world.chain.state_root();
    let params = suite.ledger().issue(citizen.id(), 1, [1; 32]).params();
    let call = RawCall { from: bank.actor.account(), to: suite.ledger, data: params.exec_input().encode() };
    let outcome = world.chain.submit(&call);
    assert!(outcome.is_err() || outcome.is_ok_and(|outcome| outcome.reverted), "it cannot have gone through");
    assert!(world.chain.state_root() == before);
}

#[test]
fn a_registry_cannot_call_back_into_the_ledger_that_asks_it() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    for (mode, tried) in [(IS_GOOD, 0), (CALLS_BACK, 1)] {
        let (suite, registry) = ledger_on(&mut world, mode);
        world.send(&bank.actor, suite.ledger().issue(citizen.id(), 5, [1; 32]));
        let call = RawCall { from: [0; 32], to: registry, data: vec![0, 0, 0, 4] };
        let answer = world.chain.dry_run(&call).expect("the query runs");
        let calls = <Result<(u32, u32), ink::LangError>>::decode(&mut answer.data.as_slice());
        assert_eq!(calls, Ok(Ok((tried, 0))), "tried, and did not go through");
        assert_eq!(world.ask(suite.ledger().supply(1)).issued.balance(), 5, "what was asked for was done, once");
    }
}
