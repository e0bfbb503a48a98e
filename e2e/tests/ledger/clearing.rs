//! `clear_withdrawal`: an owner removes the record of an ended withdrawal, and its deposit goes back.

use crate::*;
use amanah_client::Event;
use amanah_interfaces::ledger::{WithdrawalCleared, WITHDRAWAL_PATIENCE};

#[test]
fn clearing_gives_the_deposit_back_and_keeps_the_money_where_it_is() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.number, world.citizen.clone());
    world.issue(&citizen, 100);
    let requested = world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank, 40, None));
    assert!(requested.cost.deposit > 0, "the owner pays for the record");
    let withdrawal = requested.value;
    let before =
        world.send(&world.bank.actor.clone(), world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
    assert!(before.cost.deposit > 0, "the bank pays for its reference");
    let cleared = world.send(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal));
    assert_eq!(world.events(&cleared.events), [Event::WithdrawalCleared(WithdrawalCleared { withdrawal })]);
    assert!(cleared.cost.deposit < 0, "and gets it back");
    assert_eq!(world.ask(world.suite.ledger().withdrawal(withdrawal)), None);
    assert_eq!(world.balance(&citizen), 60);
    assert_eq!(world.ask(world.suite.ledger().supply(bank)), supply(100, 40, 0));
    let error = Error::UnknownWithdrawal { withdrawal };
    world.refuses(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal), error);
}

#[test]
fn an_open_withdrawal_is_not_cleared_however_old_it_is() {
    let (mut world, withdrawal) = waiting();
    let citizen = world.citizen.actor.clone();
    let still_open = Error::Withdrawal(WithdrawalRefusal::StillOpen);
    world.refuses(&citizen, world.suite.ledger().clear_withdrawal(withdrawal), still_open);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    world.refuses(&citizen, world.suite.ledger().clear_withdrawal(withdrawal), still_open);
    world.send(&citizen, world.suite.ledger().cancel_withdrawal(withdrawal));
    world.send(&citizen, world.suite.ledger().clear_withdrawal(withdrawal));
}

#[test]
fn a_record_is_cleared_whichever_way_its_withdrawal_ended_also_by_a_suspended_owner() {
    let (mut world, settled) = waiting();
    let (bank, citizen) = (world.bank.actor.clone(), world.citizen.clone());
    let (rejected, cancelled) = (withdraw(&mut world, &citizen, 10), withdraw(&mut world, &citizen, 10));
    settle(&mut world, settled);
    world.send(&bank, world.suite.ledger().reject_withdrawal(rejected, 1));
    world.chain.advance(WITHDRAWAL_PATIENCE);
    world.send(&citizen.actor, world.suite.ledger().cancel_withdrawal(cancelled));
    world.suspend(&citizen);
    for withdrawal in [settled, rejected, cancelled] {
        world.send(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal));
        assert_eq!(world.ask(world.suite.ledger().withdrawal(withdrawal)), None);
    }
    assert_eq!(world.balance(&citizen), 60);
}

#[test]
fn nobody_but_the_owner_clears() {
    let (mut world, withdrawal) = waiting();
    let vault = vault(&mut world);
    settle(&mut world, withdrawal);
    let mut others = world.outsiders(&[Role::Bank]);
    others.extend([world.bank.actor.clone(), world.shop.actor.clone(), world.government.actor.clone()]);
    others.extend([world.administrator.clone(), vault]);
    for other in others {
        world.refuses(&other, world.suite.ledger().clear_withdrawal(withdrawal), Error::NotAllowed);
    }
}

#[test]
fn the_number_of_a_cleared_withdrawal_is_not_given_again() {
    let (mut world, withdrawal) = waiting();
    let citizen = world.citizen.clone();
    settle(&mut world, withdrawal);
    world.send(&citizen.actor, world.suite.ledger().clear_withdrawal(withdrawal));
    assert_eq!(withdraw(&mut world, &citizen, 1), withdrawal + 1);
}
