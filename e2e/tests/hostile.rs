//! A ledger whose registry traps, never ends, answers nonsense or calls back: the answer is no, and nothing changes.

use amanah_client::{chain::raw, Bundle, Chain, Suite};
use amanah_domain::ids::Account;
use amanah_e2e::World;
use amanah_interfaces::ledger::{Error, Ledger};
use scale::Encode;

const TRAPS: u8 = 0;
const NEVER_ENDS: u8 = 1;
const ANSWERS_TOO_LITTLE: u8 = 2;
const ANSWERS_NONSENSE: u8 = 3;
const CALLS: u8 = 4;
const IS_GOOD: u8 = 5;

/// A ledger on a registry that behaves like this, and calls that account if it calls any.
fn ledger_on(world: &mut World, mode: u8, calls: Option<Account>) -> Suite {
    let from = world.administrator.account();
    let mut deploy = |folder: &std::path::Path, name: &str, arguments: Vec<u8>| {
        let bundle = Bundle::load(folder, name).expect("scripts/build tests was run");
        let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
        world.chain.deploy(&from, &bundle, input, vec![mode, u8::from(calls.is_some())]).expect("it is made").0
    };
    let registry = deploy(&Bundle::folder().join("fixtures"), "hostile-registry", (mode, calls).encode());
    let ledger = deploy(&Bundle::folder(), "ledger", registry.encode());
    Suite { registry, ledger, ..world.suite.clone() }
}

#[test]
fn a_registry_that_traps_or_answers_nonsense_means_no() {
    for mode in [TRAPS, ANSWERS_TOO_LITTLE, ANSWERS_NONSENSE] {
        let mut world = World::new();
        let suite = ledger_on(&mut world, mode, None);
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
    let suite = ledger_on(&mut world, NEVER_ENDS, None);
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.chain.endow(&bank.actor.account());
    let before = world.chain.state_root();
    let call = raw(&bank.actor.account(), suite.ledger().issue(citizen.id(), 1, [1; 32]));
    let outcome = world.chain.submit(&call);
    assert!(outcome.is_err() || outcome.is_ok_and(|outcome| outcome.reverted), "it cannot have gone through");
    assert!(world.chain.state_root() == before);
}

#[test]
fn a_registry_cannot_call_back_into_the_ledger_that_asks_it() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let issue = |suite: &Suite| suite.ledger().issue(citizen.id(), 5, [1; 32]);
    let suite = ledger_on(&mut world, IS_GOOD, None);
    world.send(&bank.actor, issue(&suite));
    // The attempt traps the registry that makes it.
    let suite = ledger_on(&mut world, CALLS, None);
    world.refuses(&bank.actor, issue(&suite), Error::RegistryUnavailable);
    // Calling another ledger, which waits for no answer, does not; the registry then says that it knows nobody.
    let other = world.suite.ledger;
    let suite = ledger_on(&mut world, CALLS, Some(other));
    world.refuses(&bank.actor, issue(&suite), Error::NotAllowed);
}
