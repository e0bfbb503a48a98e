//! The bank's money goes into vouchers.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{ids::ProgrammeId, ledger::Owner, money::AmountError, roles::Role, time::DAY};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Transferred},
    registry::Registry,
    voucher::{Error, Funding, Mode, Voucher, VoucherFunded, VoucherRefusal, VoucherStatus},
    Balance,
};

fn moved(world: &World, amount: Balance) -> Event {
    let (from, to) = (Owner::Participant(world.bank.number), Owner::Contract(world.suite.voucher));
    Event::Transferred(Transferred { from, to, issuer: world.bank.number, amount })
}

fn funded(programme: ProgrammeId, voucher: u64, amount: Balance) -> Event {
    Event::VoucherFunded(VoucherFunded { voucher, programme, amount })
}

#[test]
fn funding_draws_from_the_banks_account_within_its_allowance_and_makes_the_voucher_active() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(1_000);
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund(number, 300));
    assert_eq!(world.events(&done.events), [funded(programme, number, 300), moved(&world, 300)]);
    assert_eq!(money(&mut world, number), [300, 300, 0]);
    assert_eq!(voucher(&mut world, number).status, VoucherStatus::Active);
    assert_eq!((world.balance(&cast.bank), held(&mut world)), (700, 300));
    let (voucher, bank) = (world.suite.voucher.into(), cast.bank.number);
    assert_eq!(world.ask(world.suite.ledger().allowance(cast.bank.id(), voucher, bank)), 700);
    assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 200));
    assert_eq!(money(&mut world, number), [500, 500, 0], "a voucher may be funded again");
    assert_eq!(books(&mut world, programme), [500, 500, 0, 0, 0]);
}

#[test]
fn only_the_programmes_own_active_bank_funds_its_vouchers() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(1_000);
    let mut others = world.outsiders(&[Role::Bank]);
    others.extend([world.enrol("other bank", &[Role::Bank]).actor, cast.government.actor.clone()]);
    for outsider in others {
        world.refuses(&outsider, world.suite.voucher().fund(number, 1), Error::NotAllowed);
        let rows = vec![Funding { voucher: number, amount: 1 }];
        world.refuses(&outsider, world.suite.voucher().fund_many(programme, rows), Error::NotAllowed);
    }
    world.suspend(&cast.bank);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 1), Error::NotAllowed);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.bank.number));
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 1));
}

#[test]
fn a_voucher_that_does_not_exist_is_not_funded() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    world.blank_voucher(programme, &cast.citizen);
    world.bank_has(1_000);
    for voucher in [0, 2, u64::MAX] {
        world.refuses(&cast.bank.actor, world.suite.voucher().fund(voucher, 1), Error::UnknownVoucher { voucher });
    }
}

#[test]
fn nothing_and_too_much_to_count_are_refused() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(1_000);
    for (amount, error) in
        [(0, AmountError::Zero), (1 << 64, AmountError::TooLarge), (u128::MAX, AmountError::TooLarge)]
    {
        world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, amount), Error::Amount(error));
    }
}

#[test]
fn a_voucher_is_filled_to_its_cap_and_not_a_unit_more() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.most_per_voucher = 500);
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(1_000);
    let over = |wanted| Error::Voucher(VoucherRefusal::OverVoucherCap { most: 500, wanted });
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 501), over(501));
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 500));
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 1), over(501));
    world.redeem(number, 200);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 1), over(501));
    assert_eq!(books(&mut world, programme), [500, 300, 0, 200, 0], "what was spent still counts");
}

#[test]
fn a_budget_is_used_up_and_not_passed_by_a_unit() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.budget = 900);
    let [one, two] = [0; 2].map(|_| world.blank_voucher(programme, &cast.citizen));
    world.bank_has(2_000);
    let over = Error::OverBudget { budget: 900 };
    world.send(&cast.bank.actor, world.suite.voucher().fund(one, 600));
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(two, 301), over);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(two, u128::from(u64::MAX)), over);
    world.send(&cast.bank.actor, world.suite.voucher().fund(two, 300));
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(two, 1), over);
    assert_eq!(books(&mut world, programme), [900, 900, 0, 0, 0]);
    let other = world.funded_voucher(600).1;
    assert_eq!(money(&mut world, other), [600, 600, 0], "another programme has a budget of its own");
}

#[test]
fn a_voucher_is_funded_until_just_before_its_end() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(1_000);
    let expires = START + 90 * DAY;
    world.chain.set_time(expires - 1);
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 1));
    let over = Error::Voucher(VoucherRefusal::Expired { expires });
    for late in [expires, expires + 1] {
        world.chain.set_time(late);
        world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 1), over);
    }
}

#[test]
fn a_frozen_exhausted_or_expired_voucher_is_not_funded() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let [frozen, exhausted, expired] = [0; 3].map(|_| world.funded_voucher_in(programme, 100));
    world.bank_has(1_000);
    freeze(&mut world, frozen);
    world.redeem(exhausted, 100);
    world.chain.advance(90 * DAY);
    expire_voucher(&mut world, expired);
    for (number, status) in
        [(frozen, VoucherStatus::Frozen), (exhausted, VoucherStatus::Exhausted), (expired, VoucherStatus::Expired)]
    {
        let refused = Error::Voucher(VoucherRefusal::WrongStatus { status });
        world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 1), refused);
    }
    assert_eq!(books(&mut world, programme), [300, 100, 0, 100, 100]);
}

#[test]
fn a_one_time_voucher_is_not_funded_while_something_of_it_is_held_and_its_row_is_refused_alone() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.mode = Mode::OneTime);
    let [held, free] = [0; 2].map(|_| world.funded_voucher_in(programme, 300));
    world.bank_has(1_000);
    let open = request(&mut world, &cast.shop, held, 300);
    let in_use = Error::Voucher(VoucherRefusal::InUse { value: 300 });
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(held, 200), in_use);
    let rows = [held, free].map(|voucher| Funding { voucher, amount: 200 }).to_vec();
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
    assert_eq!(done.value, [Err(in_use), Ok(())]);
    assert_eq!(world.events(&done.events), [funded(programme, free, 200), moved(&world, 200)]);
    // Once it is free again it takes more, and all of it can be spent.
    cancel(&mut world, open);
    world.send(&cast.bank.actor, world.suite.voucher().fund(held, 200));
    for number in [held, free] {
        world.redeem(number, 500);
        assert_eq!(voucher(&mut world, number).status, VoucherStatus::Exhausted);
    }
    assert_eq!(books(&mut world, programme), [1_000, 0, 0, 1_000, 0]);
}

#[test]
fn what_the_ledger_refuses_rolls_the_funding_back() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(100);
    world.bank_has(500);
    let voucher_contract = world.suite.voucher.into();
    let fund = |world: &World, amount| world.suite.voucher().fund(number, amount);
    let fund_many = |world: &World, amount| {
        let rows = vec![Funding { voucher: number, amount: 1 }, Funding { voucher: number, amount: amount - 1 }];
        world.suite.voucher().fund_many(programme, rows)
    };
    let refuses = |world: &mut World, amount, error| {
        world.refuses(&cast.bank.actor, fund(world, amount), Error::Ledger(error));
        world.refuses(&cast.bank.actor, fund_many(world, amount), Error::Ledger(error));
        assert_eq!(money(world, number), [100, 100, 0]);
        assert_eq!(books(world, programme), [100, 100, 0, 0, 0]);
    };
    refuses(&mut world, 501, LedgerError::Allowance { allowed: 500, wanted: 501 });
    let more = world.suite.ledger().approve(voucher_contract, cast.bank.number, 600);
    world.send(&cast.bank.actor, more);
    let insufficient = AmountError::Insufficient { available: 500, wanted: 501 };
    refuses(&mut world, 501, LedgerError::Amount(insufficient));
    world.send(&cast.administrator, world.suite.ledger().set_suite_contract(voucher_contract, false));
    let unmarked = LedgerError::UnknownOwner { account: voucher_contract };
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 500), Error::Ledger(unmarked));
    world.send(&cast.administrator, world.suite.ledger().set_suite_contract(voucher_contract, true));
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 500));
    assert_eq!(books(&mut world, programme), [600, 600, 0, 0, 0], "the same once the ledger agrees");
}

#[test]
fn a_batch_funds_row_by_row_and_draws_the_sum_once() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| (terms.most_per_voucher, terms.budget) = (500, 1_000));
    let other = world.programme(world.terms());
    let [one, two, frozen] = [0; 3].map(|_| world.blank_voucher(programme, &cast.citizen));
    let foreign = world.blank_voucher(other, &cast.citizen);
    world.bank_has(5_000);
    world.send(&cast.bank.actor, world.suite.voucher().fund(frozen, 50));
    freeze(&mut world, frozen);
    let rows = [
        (one, 400),
        (99, 1),
        (foreign, 1),
        (one, 101),
        (one, 100),
        (two, 0),
        (two, 1 << 64),
        (two, 451),
        (frozen, 1),
        (two, 450),
        (two, 1),
    ];
    let rows = rows.map(|(voucher, amount)| Funding { voucher, amount }).to_vec();
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
    let cap = VoucherRefusal::OverVoucherCap { most: 500, wanted: 501 };
    let answers = [
        Ok(()),
        Err(Error::UnknownVoucher { voucher: 99 }),
        Err(Error::OtherProgramme { programme: other }),
        Err(Error::Voucher(cap)),
        Ok(()),
        Err(Error::Amount(AmountError::Zero)),
        Err(Error::Amount(AmountError::TooLarge)),
        Err(Error::OverBudget { budget: 1_000 }),
        Err(Error::Voucher(VoucherRefusal::WrongStatus { status: VoucherStatus::Frozen })),
        Ok(()),
        Err(Error::OverBudget { budget: 1_000 }),
    ];
    assert_eq!(done.value, answers);
    let events =
        [funded(programme, one, 400), funded(programme, one, 100), funded(programme, two, 450), moved(&world, 950)];
    assert_eq!(world.events(&done.events), events);
    assert_eq!([one, two, frozen, foreign].map(|number| money(&mut world, number)[0]), [500, 450, 50, 0]);
    assert_eq!(books(&mut world, programme), [1_000, 1_000, 0, 0, 0]);
    assert_eq!(books(&mut world, other), [0; 5]);
    assert_eq!((world.balance(&cast.bank), held(&mut world)), (4_000, 1_000));
}

#[test]
fn a_batch_of_refused_rows_or_of_none_changes_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(100);
    let refused = [(number, 0), (99, 1)].map(|(voucher, amount)| Funding { voucher, amount }).to_vec();
    for rows in [vec![], refused] {
        let answers = world.changes_nothing(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
        assert!(answers.iter().all(Result::is_err), "{answers:?}");
    }
}

#[test]
fn a_hundred_rows_are_funded_and_a_hundred_and_one_refused() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.bank_has(5_050);
    let rows = |many: u128| (1..=many).map(|amount| Funding { voucher: number, amount }).collect::<Vec<_>>();
    let too_many = Error::TooManyRows { most: 100, given: 101 };
    world.refuses(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows(101)), too_many);
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows(100)));
    assert_eq!(done.value, [Ok(()); 100]);
    let events = world.events(&done.events);
    assert_eq!((events.len(), events.last()), (101, Some(&moved(&world, 5_050))));
    assert_eq!(books(&mut world, programme), [5_050, 5_050, 0, 0, 0]);
}

#[test]
fn a_voucher_worth_the_largest_amount_is_funded_spent_and_paid_out_without_a_wrap() {
    let (mut world, cast) = stage();
    let most = Balance::from(u64::MAX);
    let programme = programme_with(&mut world, |terms| (terms.most_per_voucher, terms.budget) = (most, most));
    let number = world.funded_voucher_in(programme, most);
    let second = world.blank_voucher(programme, &cast.citizen);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(second, 1), Error::OverBudget { budget: most });
    world.redeem(number, most);
    assert_eq!(books(&mut world, programme), [most, 0, 0, most, 0]);
    world.send(&cast.shop.actor, world.suite.voucher().withdraw(cast.bank.number, most));
    assert_eq!((world.balance(&cast.shop), held(&mut world)), (most, 0));
}
