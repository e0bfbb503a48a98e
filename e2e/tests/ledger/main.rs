//! The ledger: digital accounts, told apart by the bank that issued the money.
//!
//! What cannot be provoked is left out: `Corrupted`; `NotInGoodStanding` of somebody who is to be paid, since no message
//! sets the statuses `Pending` and `Left` yet; sums of balances over 2^64 - 1, since the bank's supply stops before.

mod account;
mod allowances;
mod books;
mod cancelling;
mod clearing;
mod costs;
mod events;
mod issue;
mod links;
mod lists;
mod queries;
mod registry_unavailable;
mod rejecting;
mod suite_contracts;
mod transfer;
mod transfer_from;
mod withdrawals;

use amanah_client::Actor;
use amanah_domain::{
    ids::{AccountHash, ParticipantId, Reference, WithdrawalId},
    ledger::{Owner, Supply},
    money::{Amount, AmountError},
    roles::Role,
};
use amanah_e2e::{Person, World};
use amanah_interfaces::{
    ledger::{Error, Ledger, Withdrawal, WithdrawalRefusal, WithdrawalStatus},
    Balance,
};

/// The largest amount: 2^64 - 1.
const MOST: Balance = u64::MAX as Balance;
/// A participant's number or bank's number that nobody has in these tests.
const NOBODY: ParticipantId = 999;

/// A bank's reference; the kit's own begin with a small number.
fn reference(number: u8) -> Reference {
    [number; 32]
}

/// An ordinary account, as a bank's keyed hash of it.
fn ordinary(number: u8) -> AccountHash {
    [number; 32]
}

/// Somebody as an owner of money.
fn owner(person: &Person) -> Owner {
    Owner::Participant(person.number)
}

/// A second bank.
fn another_bank(world: &mut World) -> Person {
    world.enrol("another bank", &[Role::Bank])
}

/// A contract of the suite that acts as these tests want: an account that the administrator has marked as one.
fn vault(world: &mut World) -> Actor {
    let vault = Actor::named("vault");
    let administrator = world.administrator.clone();
    world.send(&administrator, world.suite.ledger().set_suite_contract(vault.id(), true));
    vault
}

/// What somebody owns of a bank's money.
fn balance(world: &mut World, of: &Actor, bank: &Person) -> Balance {
    world.ask(world.suite.ledger().balance_of(of.id(), bank.number))
}

/// A world in which the citizen has 100, and 40 of it waits in withdrawal 1.
fn waiting() -> (World, WithdrawalId) {
    let mut world = World::new();
    let citizen = world.citizen.clone();
    world.issue(&citizen, 100);
    let withdrawal = withdraw(&mut world, &citizen, 40);
    (world, withdrawal)
}

/// Somebody asks the usual bank for cash.
#[track_caller]
fn withdraw(world: &mut World, who: &Person, amount: Balance) -> WithdrawalId {
    let message = world.suite.ledger().request_withdrawal(world.bank.number, amount, None);
    world.send(&who.actor, message).value
}

/// The usual bank settles a withdrawal, under a reference of its own number.
#[track_caller]
fn settle(world: &mut World, withdrawal: WithdrawalId) {
    let (bank, mut reference) = (world.bank.actor.clone(), [0xff; 32]);
    reference[..8].copy_from_slice(&withdrawal.to_le_bytes());
    world.send(&bank, world.suite.ledger().settle_withdrawal(withdrawal, reference));
}

/// A withdrawal's record.
#[track_caller]
fn record(world: &mut World, withdrawal: WithdrawalId) -> Withdrawal {
    world.ask(world.suite.ledger().withdrawal(withdrawal)).expect("it is there")
}

/// A withdrawal has ended like this.
fn ended(status: WithdrawalStatus) -> Error {
    Error::Withdrawal(WithdrawalRefusal::Ended { status })
}

/// What a spender may take of an owner's money of the usual bank.
fn allowance(world: &mut World, owner: &Actor, spender: &Actor) -> Balance {
    world.ask(world.suite.ledger().allowance(owner.id(), spender.id(), world.bank.number))
}

/// A bank's supply.
fn supply(issued: u64, settled: u64, withdrawing: u64) -> Supply {
    Supply { issued: Amount::new(issued), settled: Amount::new(settled), withdrawing: Amount::new(withdrawing) }
}

/// There is less than is wanted.
fn insufficient(available: Balance, wanted: Balance) -> Error {
    Error::Amount(AmountError::Insufficient { available, wanted })
}

/// Nothing is to move.
const ZERO: Error = Error::Amount(AmountError::Zero);
/// Too much to count.
const TOO_LARGE: Error = Error::Amount(AmountError::TooLarge);
