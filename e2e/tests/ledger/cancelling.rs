//! `cancel_withdrawal`: an owner takes back what its bank neither paid nor refused in a week.

use crate::*;
use amanah_client::Event;
use amanah_domain::time::{Millis, DAY};
use amanah_e2e::START;
use amanah_interfaces::ledger::{WithdrawalCancelled, WITHDRAWAL_PATIENCE};

/// When the withdrawal of `waiting` may be cancelled.
const END: Millis = START + WITHDRAWAL_PATIENCE;

#[test]
fn a_bank_has_seven_days() {
    assert_eq!(WITHDRAWAL_PATIENCE, 7 * DAY);
}

#[test]
fn a_withdrawal_is_cancelled_from_the_end_of_the_week_on_and_not_a_millisecond_before() {
    for (elapsed, early) in
        [(0, true), (WITHDRAWAL_PATIENCE - 1, true), (WITHDRAWAL_PATIENCE, false), (WITHDRAWAL_PATIENCE + 1, false)]
    {
        let (mut world, withdrawal) = waiting();
        let citizen = world.citizen.clone();
        world.chain.advance(elapsed);
        let message = world.suite.ledger().cancel_withdrawal(withdrawal);
        if early {
            let error = Error::Withdrawal(WithdrawalRefusal::TooEarly { until: END });
            world.refuses(&citizen.actor, message, error);
        } else {
            world.send(&citizen.actor, message);
        }
        assert_eq!(world.balance(&citizen), if early { 60 } else { 100 });
    }
}

#[test]
fn a_cancelled_withdrawal_goes_back_to_its_owners_balance_and_leaves_the_banks_desk() {
    let (mut world, withdrawal) = waiting();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let open = record(&mut world, withdrawal);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    let done = world.send(&citizen.actor, world.suite.ledger().cancel_withdrawal(withdrawal));
    let cancelled = WithdrawalCancelled { withdrawal, issuer: bank.number, owner: citizen.number, amount: 40 };
    assert_eq!(world.events(&done.events), [Event::WithdrawalCancelled(cancelled)]);
    assert_eq!(world.balance(&citizen), 100);
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 0, 0));
    let cancelled = Withdrawal { status: WithdrawalStatus::Cancelled, ..open };
    assert_eq!(record(&mut world, withdrawal), cancelled);
    assert_eq!(world.ask(world.suite.ledger().open_withdrawals(bank.number, None, 50)), []);
}

#[test]
fn nobody_but_the_owner_cancels() {
    let (mut world, withdrawal) = waiting();
    let vault = vault(&mut world);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    let mut others = world.outsiders(&[Role::Bank]);
    others.extend([world.bank.actor.clone(), world.shop.actor.clone(), world.government.actor.clone()]);
    others.extend([world.administrator.clone(), vault]);
    for other in others {
        world.refuses(&other, world.suite.ledger().cancel_withdrawal(withdrawal), Error::NotAllowed);
    }
    let citizen = world.citizen.actor.clone();
    world.send(&citizen, world.suite.ledger().cancel_withdrawal(withdrawal));
}

#[test]
fn a_suspended_owner_takes_its_money_back_and_sends_none_away() {
    let (mut world, withdrawal) = waiting();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.suspend(&citizen);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    world.send(&citizen.actor, world.suite.ledger().cancel_withdrawal(withdrawal));
    assert_eq!(world.balance(&citizen), 100);
    let error = Error::NotInGoodStanding { participant: citizen.number };
    world.refuses(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, 1), error);
}

#[test]
fn a_suspended_bank_does_not_keep_the_money_of_those_who_asked_for_it() {
    let (mut world, withdrawal) = waiting();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.suspend(&bank);
    world.chain.advance(WITHDRAWAL_PATIENCE);
    world.send(&citizen.actor, world.suite.ledger().cancel_withdrawal(withdrawal));
    assert_eq!(world.balance(&citizen), 100);
}

#[test]
fn a_withdrawal_ends_once_and_its_end_stays() {
    let statuses = [WithdrawalStatus::Settled, WithdrawalStatus::Rejected, WithdrawalStatus::Cancelled];
    for status in statuses {
        let (mut world, withdrawal) = waiting();
        let (bank, citizen) = (world.bank.actor.clone(), world.citizen.clone());
        world.chain.advance(WITHDRAWAL_PATIENCE);
        match status {
            WithdrawalStatus::Rejected => {
                world.send(&bank, world.suite.ledger().reject_withdrawal(withdrawal, 1));
            }
            WithdrawalStatus::Cancelled => {
                world.send(&citizen.actor, world.suite.ledger().cancel_withdrawal(withdrawal));
            }
            _ => settle(&mut world, withdrawal),
        }
        let error = ended(status);
        world.refuses(&citizen.actor, world.suite.ledger().cancel_withdrawal(withdrawal), error);
        world.refuses(&bank, world.suite.ledger().reject_withdrawal(withdrawal, 1), error);
        world.refuses(&bank, world.suite.ledger().settle_withdrawal(withdrawal, reference(9)), error);
        assert_eq!(record(&mut world, withdrawal).status, status);
        assert_eq!(world.balance(&citizen), if status == WithdrawalStatus::Settled { 60 } else { 100 });
    }
}

#[test]
fn a_bank_that_is_late_still_settles_while_the_owner_has_not_cancelled() {
    let (mut world, withdrawal) = waiting();
    world.chain.advance(10 * WITHDRAWAL_PATIENCE);
    settle(&mut world, withdrawal);
    assert_eq!(world.ask(world.suite.ledger().supply(world.bank.number)), supply(100, 40, 0));
}
