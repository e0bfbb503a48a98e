//! Credits become money on digital accounts, and money on digital accounts becomes cash.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{ledger::Owner, money::AmountError, roles::Role};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Transferred},
    registry::Registry,
    voucher::{CreditWithdrawn, Error, Voucher},
    Balance,
};

fn insufficient(available: Balance, wanted: Balance) -> Error {
    Error::Amount(AmountError::Insufficient { available, wanted })
}

#[test]
fn a_shop_withdraws_its_credit_to_its_digital_account_and_then_to_cash() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.redeem(number, 120);
    let (bank, shop) = (cast.bank.number, cast.shop.number);
    let done = world.send(&cast.shop.actor, world.suite.voucher().withdraw(bank, 100));
    let (from, to) = (Owner::Contract(world.suite.voucher), Owner::Participant(shop));
    assert_eq!(
        world.events(&done.events),
        [
            Event::Transferred(Transferred { from, to, issuer: bank, amount: 100 }),
            Event::CreditWithdrawn(CreditWithdrawn { participant: shop, issuer: bank, amount: 100 }),
        ]
    );
    assert_eq!((credit(&mut world, &cast.shop), world.balance(&cast.shop), held(&mut world)), (20, 100, 200));
    assert_eq!(books(&mut world, programme), [300, 180, 0, 120, 0]);
    let cash = world.send(&cast.shop.actor, world.suite.ledger().request_withdrawal(bank, 100, None)).value;
    world.send(&cast.bank.actor, world.suite.ledger().settle_withdrawal(cash, [9; 32]));
    assert_eq!(world.balance(&cast.shop), 0);
    assert_eq!(world.ask(world.suite.ledger().total_supply(bank)), 200, "cash paid out is burnt");
}

#[test]
fn nobody_withdraws_more_than_its_credit_or_nothing_or_anothers() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    world.redeem(number, 120);
    let bank = cast.bank.number;
    let refused = [(121, insufficient(120, 121)), (0, Error::Amount(AmountError::Zero))];
    for (amount, error) in refused.into_iter().chain([(1 << 64, Error::Amount(AmountError::TooLarge))]) {
        world.refuses(&cast.shop.actor, world.suite.voucher().withdraw(bank, amount), error);
    }
    let second = second_shop(&mut world);
    for other in [&second.actor, &cast.citizen.actor, &cast.bank.actor, &cast.government.actor] {
        world.refuses(other, world.suite.voucher().withdraw(bank, 1), insufficient(0, 1));
    }
    world.refuses(&cast.stranger, world.suite.voucher().withdraw(bank, 1), Error::NotAllowed);
    world.send(&cast.shop.actor, world.suite.voucher().withdraw(bank, 120));
    world.refuses(&cast.shop.actor, world.suite.voucher().withdraw(bank, 1), insufficient(0, 1));
}

#[test]
fn a_suspended_shop_withdraws_once_it_is_reinstated() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    world.redeem(number, 120);
    world.suspend(&cast.shop);
    let withdraw = |amount| world.suite.voucher().withdraw(cast.bank.number, amount);
    let (now, later) = (withdraw(120), withdraw(120));
    world.refuses(&cast.shop.actor, now, Error::NotAllowed);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.shop.number));
    world.send(&cast.shop.actor, later);
    assert_eq!(world.balance(&cast.shop), 120);
}

#[test]
fn credits_in_the_money_of_different_banks_are_apart() {
    let (mut world, cast) = stage();
    let first = world.funded_voucher(300).1;
    world.redeem(first, 120);
    let usual = cast.bank.clone();
    let other = world.enrol("other bank", &[Role::Bank]);
    world.bank = other.clone();
    let second = world.funded_voucher(300).1;
    world.redeem(second, 50);
    world.refuses(&cast.shop.actor, world.suite.voucher().withdraw(other.number, 51), insufficient(50, 51));
    world.send(&cast.shop.actor, world.suite.voucher().withdraw(other.number, 50));
    assert_eq!(world.balance(&cast.shop), 50);
    world.bank = usual;
    assert_eq!((credit(&mut world, &cast.shop), world.balance(&cast.shop)), (120, 0));
}

#[test]
fn a_credit_stays_when_the_ledger_refuses_to_pay_it() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.redeem(number, 120);
    let contract = world.suite.voucher.into();
    world.send(&cast.administrator, world.suite.ledger().set_suite_contract(contract, false));
    let unmarked = Error::Ledger(LedgerError::UnknownOwner { account: contract });
    world.refuses(&cast.shop.actor, world.suite.voucher().withdraw(cast.bank.number, 120), unmarked);
    world.send(&cast.administrator, world.suite.ledger().set_suite_contract(contract, true));
    assert_eq!(credit(&mut world, &cast.shop), 120);
    world.send(&cast.shop.actor, world.suite.voucher().withdraw(cast.bank.number, 120));
    assert_eq!(books(&mut world, programme), [300, 180, 0, 120, 0]);
}

#[test]
fn money_sent_to_the_contract_from_outside_changes_no_voucher_and_no_credit() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.issue(&cast.citizen, 50);
    let contract = world.suite.voucher.into();
    world.send(&cast.citizen.actor, world.suite.ledger().transfer(contract, cast.bank.number, 50));
    assert_eq!(held(&mut world), 350);
    assert_eq!(money(&mut world, number), [300, 300, 0]);
    assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
    for person in [&cast.citizen, &cast.shop, &cast.bank] {
        assert_eq!(credit(&mut world, person), 0);
    }
    world.redeem(number, 300);
    world.send(&cast.shop.actor, world.suite.voucher().withdraw(cast.bank.number, 300));
    assert_eq!(held(&mut world), 50, "what came from outside stays");
}

#[test]
fn a_shop_that_cannot_be_paid_holds_up_nobody_else() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    world.redeem(number, 120);
    let open = request(&mut world, &second, number, 80);
    world.suspend(&cast.shop);
    confirm(&mut world, open);
    let withdraw = |amount| world.suite.voucher().withdraw(cast.bank.number, amount);
    let (blocked, paid) = (withdraw(120), withdraw(80));
    world.refuses(&cast.shop.actor, blocked, Error::NotAllowed);
    world.send(&second.actor, paid);
    assert_eq!((world.balance(&second), credit(&mut world, &cast.shop)), (80, 120));
    world.check_books(programme, &[&cast.shop, &second]);
}
