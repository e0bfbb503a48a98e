//! `reject_withdrawal`: a bank does not pay, and the money is its owner's again.

use crate::*;
use amanah_client::Event;
use amanah_domain::time::DAY;
use amanah_interfaces::{ledger::WithdrawalRejected, registry::Registry};

#[test]
fn a_rejected_withdrawal_goes_back_to_its_owners_balance_and_leaves_the_banks_desk() {
    let (mut world, withdrawal) = waiting();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let open = record(&mut world, withdrawal);
    let done = world.send(&bank.actor, world.suite.ledger().reject_withdrawal(withdrawal, 17));
    let (issuer, owner) = (bank.number, citizen.number);
    let rejected = WithdrawalRejected { withdrawal, issuer, owner, amount: 40, reason: 17 };
    assert_eq!(world.events(&done.events), [Event::WithdrawalRejected(rejected)]);
    assert_eq!(world.balance(&citizen), 100);
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 0, 0));
    let rejected = Withdrawal { status: WithdrawalStatus::Rejected, ..open };
    assert_eq!(record(&mut world, withdrawal), rejected);
    assert_eq!(world.ask(world.suite.ledger().open_withdrawals(bank.number, None, 50)), []);
}

#[test]
fn what_was_rejected_is_spent_or_asked_for_again() {
    let (mut world, withdrawal) = waiting();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.send(&bank.actor, world.suite.ledger().reject_withdrawal(withdrawal, 1));
    world.send(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank.number, 30));
    let second = withdraw(&mut world, &citizen, 70);
    settle(&mut world, second);
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (0, 30));
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 70, 0));
}

#[test]
fn a_withdrawal_that_has_ended_is_not_rejected() {
    let (mut world, withdrawal) = waiting();
    let bank = world.bank.actor.clone();
    world.send(&bank, world.suite.ledger().reject_withdrawal(withdrawal, 1));
    let rejected = ended(WithdrawalStatus::Rejected);
    world.refuses(&bank, world.suite.ledger().reject_withdrawal(withdrawal, 1), rejected);
    world.refuses(&bank, world.suite.ledger().settle_withdrawal(withdrawal, reference(1)), rejected);
}

#[test]
fn only_the_bank_that_issued_the_money_rejects_and_only_while_it_is_active() {
    let (mut world, withdrawal) = waiting();
    let (two, vault) = (another_bank(&mut world), vault(&mut world));
    let mut outsiders = world.outsiders(&[Role::Bank]);
    outsiders.extend([two.actor, vault, world.administrator.clone(), world.citizen.actor.clone()]);
    for outsider in outsiders {
        world.refuses(&outsider, world.suite.ledger().reject_withdrawal(withdrawal, 1), Error::NotAllowed);
    }
    let (bank, regulator) = (world.bank.clone(), world.regulator.actor.clone());
    world.suspend(&bank);
    world.refuses(&bank.actor, world.suite.ledger().reject_withdrawal(withdrawal, 1), Error::NotAllowed);
    world.send(&regulator, world.suite.registry().reinstate(bank.number));
    world.send(&bank.actor, world.suite.ledger().reject_withdrawal(withdrawal, 1));
}

#[test]
fn a_suspended_owner_gets_back_what_its_bank_rejects_however_late() {
    let (mut world, withdrawal) = waiting();
    let (bank, citizen) = (world.bank.actor.clone(), world.citizen.clone());
    world.suspend(&citizen);
    world.chain.advance(400 * DAY);
    world.send(&bank, world.suite.ledger().reject_withdrawal(withdrawal, 1));
    assert_eq!(world.balance(&citizen), 100);
}

#[test]
fn a_rejection_of_the_whole_supply_gives_the_largest_amount_back() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.issue(&citizen, MOST);
    let withdrawal = withdraw(&mut world, &citizen, MOST);
    world.send(&bank.actor, world.suite.ledger().reject_withdrawal(withdrawal, u16::MAX));
    assert_eq!(world.balance(&citizen), MOST);
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(u64::MAX, 0, 0));
}
