//! `request_withdrawal` and `settle_withdrawal`: from a digital account to an ordinary one.

use crate::*;
use amanah_client::Event;
use amanah_domain::time::DAY;
use amanah_e2e::START;
use amanah_interfaces::{
    ledger::{Place, WithdrawalRequested, WithdrawalSettled},
    registry::Registry,
};

#[test]
fn a_withdrawal_waits_until_its_bank_settles_it_and_then_the_money_is_burnt() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.issue(&citizen, 100);
    world.chain.advance(DAY);

    let done = world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank.number, 40, None));
    let withdrawal = done.value;
    let requested =
        WithdrawalRequested { withdrawal, issuer: bank.number, owner: citizen.number, amount: 40, to: None };
    assert_eq!(world.events(&done.events), [Event::WithdrawalRequested(requested)]);
    assert_eq!(world.balance(&citizen), 60);
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 0, 40));
    assert_eq!(world.ask(world.suite.ledger().total_supply(bank.number)), 100, "what waits is still in circulation");
    let open = Withdrawal {
        owner: citizen.number,
        issuer: bank.number,
        amount: Amount::new(40),
        requested_at: START + DAY,
        status: WithdrawalStatus::Open,
        to: None,
        of_owner: Place::default(),
        on_desk: Place::default(),
    };
    assert_eq!(world.ask(world.suite.ledger().withdrawal(withdrawal)), Some(open.clone()));

    world.chain.advance(DAY);
    let done = world.send(&bank.actor, world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
    let settled = WithdrawalSettled { withdrawal, issuer: bank.number, amount: 40, reference: reference(1) };
    assert_eq!(world.events(&done.events), [Event::WithdrawalSettled(settled)]);
    assert_eq!(world.balance(&citizen), 60);
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 40, 0));
    assert_eq!(world.ask(world.suite.ledger().total_supply(bank.number)), 60);
    let settled = Withdrawal { status: WithdrawalStatus::Settled, ..open };
    assert_eq!(world.ask(world.suite.ledger().withdrawal(withdrawal)), Some(settled));
}

#[test]
fn withdrawals_are_numbered_from_one_over_all_banks() {
    let mut world = World::new();
    let two = another_bank(&mut world);
    let (one, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 10);
    world.issue(&shop, 10);
    world.send(&two.actor, world.suite.ledger().issue(citizen.id(), 10, reference(1)));
    for (number, who, issuer) in [(1, &citizen, one), (2, &citizen, two.number), (3, &shop, one), (4, &citizen, one)] {
        let withdrawal = world.send(&who.actor, world.suite.ledger().request_withdrawal(issuer, 1, None)).value;
        assert_eq!(withdrawal, number);
        let record = world.ask(world.suite.ledger().withdrawal(number)).expect("it is there");
        assert_eq!((record.owner, record.issuer), (who.number, issuer));
    }
    assert_eq!(world.ask(world.suite.ledger().supply(one)), supply(20, 0, 3));
    assert_eq!(world.ask(world.suite.ledger().supply(two.number)), supply(10, 0, 1));
}

#[test]
fn what_waits_in_a_withdrawal_is_neither_spent_nor_withdrawn_again() {
    let (mut world, _) = waiting();
    let (bank, citizen, shop) = (world.bank.number, world.citizen.clone(), world.shop.clone());
    let error = insufficient(60, 61);
    world.refuses(&citizen.actor, world.suite.ledger().transfer(shop.id(), bank, 61), error);
    world.refuses(&citizen.actor, world.suite.ledger().request_withdrawal(bank, 61, None), error);
    world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank, 60, None));
    assert_eq!(world.balance(&citizen), 0);
}

#[test]
fn nothing_too_much_and_more_than_there_is_are_not_withdrawn() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.number, world.citizen.clone());
    world.issue(&citizen, 100);
    let refusals = [
        (bank, 0, ZERO),
        (bank, 101, insufficient(100, 101)),
        (bank, MOST, insufficient(100, MOST)),
        (bank, MOST + 1, TOO_LARGE),
        (bank, Balance::MAX, TOO_LARGE),
        (NOBODY, 1, insufficient(0, 1)),
    ];
    for (issuer, amount, error) in refusals {
        world.refuses(&citizen.actor, world.suite.ledger().request_withdrawal(issuer, amount, None), error);
    }
}

#[test]
fn the_largest_amount_is_withdrawn_as_a_whole() {
    let mut world = World::new();
    let (bank, citizen) = (world.bank.number, world.citizen.clone());
    world.issue(&citizen, MOST);
    world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank, MOST, None));
    assert_eq!(world.balance(&citizen), 0);
    assert_eq!(world.ask(world.suite.ledger().supply(bank)), supply(u64::MAX, 0, u64::MAX));
    assert_eq!(world.ask(world.suite.ledger().total_supply(bank)), MOST);
}

#[test]
fn strangers_contracts_and_suspended_participants_withdraw_nothing() {
    let mut world = World::new();
    let vault = vault(&mut world);
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    world.issue(&citizen, 100);
    world.send(&bank.actor, world.suite.ledger().issue(vault.id(), 100, reference(1)));
    for who in [&world.stranger.clone(), &vault] {
        let error = Error::UnknownOwner { account: who.id() };
        world.refuses(who, world.suite.ledger().request_withdrawal(bank.number, 1, None), error);
    }
    world.suspend(&citizen);
    let error = Error::NotInGoodStanding { participant: citizen.number };
    world.refuses(&citizen.actor, world.suite.ledger().request_withdrawal(bank.number, 1, None), error);
}

#[test]
fn a_withdrawal_names_a_linked_account_of_its_owner_at_its_bank_or_none() {
    let mut world = World::new();
    let two = another_bank(&mut world);
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    world.issue(&citizen, 100);
    for (bank, whose, number) in [(&bank, &citizen, 1), (&bank, &shop, 2), (&two, &citizen, 3)] {
        world.send(&bank.actor, world.suite.ledger().link_account(whose.id(), ordinary(number)));
    }
    let to = Some(ordinary(1));
    let done = world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank.number, 40, to));
    let (issuer, owner) = (bank.number, citizen.number);
    let requested = WithdrawalRequested { withdrawal: done.value, issuer, owner, amount: 40, to };
    assert_eq!(world.events(&done.events), [Event::WithdrawalRequested(requested)]);
    assert_eq!(record(&mut world, done.value).to, to);
    // Somebody else's there, its own at another bank, and one that nobody linked.
    for number in [2, 3, 4] {
        let message = world.suite.ledger().request_withdrawal(bank.number, 1, Some(ordinary(number)));
        world.refuses(&citizen.actor, message, Error::NotLinked);
    }
    world.send(&bank.actor, world.suite.ledger().unlink_account(citizen.id(), ordinary(1)));
    let message = world.suite.ledger().request_withdrawal(bank.number, 1, to);
    world.refuses(&citizen.actor, message, Error::NotLinked);
    assert_eq!(record(&mut world, done.value).to, to, "what is open stays");
    settle(&mut world, done.value);
}

#[test]
fn a_withdrawal_is_settled_once() {
    let (mut world, withdrawal) = waiting();
    let bank = world.bank.actor.clone();
    world.send(&bank, world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
    let ended = ended(WithdrawalStatus::Settled);
    for number in [1, 2] {
        world.refuses(&bank, world.suite.ledger().settle_withdrawal(withdrawal, reference(number)), ended);
    }
    world.refuses(&bank, world.suite.ledger().reject_withdrawal(withdrawal, 1), ended);
}

#[test]
fn only_the_bank_that_issued_the_money_settles_and_only_while_it_is_active() {
    let (mut world, withdrawal) = waiting();
    let two = another_bank(&mut world);
    let mut outsiders = world.outsiders(&[Role::Bank]);
    outsiders.extend([two.actor, world.administrator.clone(), world.citizen.actor.clone()]);
    for outsider in outsiders {
        let message = world.suite.ledger().settle_withdrawal(withdrawal, reference(1));
        world.refuses(&outsider, message, Error::NotAllowed);
    }
    let (bank, regulator) = (world.bank.clone(), world.regulator.actor.clone());
    world.suspend(&bank);
    let message = world.suite.ledger().settle_withdrawal(withdrawal, reference(1));
    world.refuses(&bank.actor, message, Error::NotAllowed);
    world.send(&regulator, world.suite.registry().reinstate(bank.number));
    world.send(&bank.actor, world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
    assert_eq!(world.ask(world.suite.ledger().supply(bank.number)), supply(100, 40, 0));
}

#[test]
fn a_withdrawal_that_was_never_requested_is_unknown() {
    let (mut world, _) = waiting();
    let bank = world.bank.actor.clone();
    for withdrawal in [0, 2, u64::MAX] {
        assert_eq!(world.ask(world.suite.ledger().withdrawal(withdrawal)), None);
        let message = world.suite.ledger().settle_withdrawal(withdrawal, reference(1));
        world.refuses(&bank, message, Error::UnknownWithdrawal { withdrawal });
        let message = world.suite.ledger().reject_withdrawal(withdrawal, 1);
        world.refuses(&bank, message, Error::UnknownWithdrawal { withdrawal });
        for message in
            [world.suite.ledger().cancel_withdrawal(withdrawal), world.suite.ledger().clear_withdrawal(withdrawal)]
        {
            world.refuses(&bank, message, Error::UnknownWithdrawal { withdrawal });
        }
    }
}

#[test]
fn issues_and_settlements_of_one_bank_share_its_references() {
    let (mut world, first) = waiting();
    let (bank, citizen) = (world.bank.clone(), world.citizen.clone());
    let second = world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank.number, 1, None)).value;
    world.send(&bank.actor, world.suite.ledger().issue(citizen.id(), 1, reference(1)));
    let message = world.suite.ledger().settle_withdrawal(first, reference(1));
    world.refuses(&bank.actor, message, Error::ReferenceUsed);
    world.send(&bank.actor, world.suite.ledger().settle_withdrawal(first, reference(2)));
    let message = world.suite.ledger().settle_withdrawal(second, reference(2));
    world.refuses(&bank.actor, message, Error::ReferenceUsed);
    let message = world.suite.ledger().issue(citizen.id(), 1, reference(2));
    world.refuses(&bank.actor, message, Error::ReferenceUsed);
}

#[test]
fn a_reference_that_another_bank_has_used_is_free_for_a_settlement() {
    let (mut world, withdrawal) = waiting();
    let two = another_bank(&mut world);
    world.send(&two.actor, world.suite.ledger().issue(world.shop.id(), 1, reference(1)));
    world.send(&world.bank.actor.clone(), world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
    assert_eq!(world.ask(world.suite.ledger().supply(world.bank.number)), supply(100, 40, 0));
    assert_eq!(world.ask(world.suite.ledger().supply(two.number)), supply(1, 0, 0));
}

#[test]
fn a_refused_settlement_does_not_use_its_reference_up() {
    let (mut world, withdrawal) = waiting();
    let bank = world.bank.actor.clone();
    let message = world.suite.ledger().settle_withdrawal(NOBODY, reference(1));
    world.refuses(&bank, message, Error::UnknownWithdrawal { withdrawal: NOBODY });
    world.send(&bank, world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
}

#[test]
fn what_was_requested_in_good_standing_is_settled_even_if_its_owner_is_suspended_since() {
    let (mut world, withdrawal) = waiting();
    let citizen = world.citizen.clone();
    world.suspend(&citizen);
    world.send(&world.bank.actor.clone(), world.suite.ledger().settle_withdrawal(withdrawal, reference(1)));
    assert_eq!(world.ask(world.suite.ledger().supply(world.bank.number)), supply(100, 40, 0));
}
