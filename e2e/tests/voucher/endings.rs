//! Vouchers are withdrawn, given a later end, and ended many at once.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{programme::USUAL_WINDOW, roles::Role, time::DAY};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    registry::Registry,
    voucher::{
        Error, RedemptionEnded, RedemptionStatus, Voucher, VoucherExpired, VoucherExtended, VoucherRecord,
        VoucherRefusal, VoucherStatus, VoucherVoided,
    },
    Balance,
};

/// When a voucher of the usual terms ends.
const END: u64 = START + 90 * DAY;

fn wrong_status(status: VoucherStatus) -> Error {
    Error::Voucher(VoucherRefusal::WrongStatus { status })
}

/// The regulator voids a voucher.
fn void(world: &mut World, voucher: u64) {
    let regulator = world.regulator.actor.clone();
    world.send(&regulator, world.suite.voucher().void(voucher, 1));
}

/// A voucher in each status that is final, with the status.
fn ended(world: &mut World, cast: &Cast) -> [(u64, VoucherStatus); 3] {
    let programme = world.programme(world.terms());
    let soon = Some(START + 1);
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, soon);
    let expired = world.send(&cast.government.actor, create).value;
    let [exhausted, voided] = [0; 2].map(|_| world.funded_voucher_in(programme, 10));
    world.redeem(exhausted, 10);
    void(world, voided);
    world.chain.advance(1);
    expire_voucher(world, expired);
    [(expired, VoucherStatus::Expired), (exhausted, VoucherStatus::Exhausted), (voided, VoucherStatus::Void)]
}

#[test]
fn the_owner_and_regulators_void_a_voucher_and_the_bank_has_the_rest_to_its_credit() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    for (supervisor, credited) in [(&cast.government.actor, 200), (&cast.regulator.actor, 400)] {
        let number = world.funded_voucher_in(programme, 300);
        world.redeem(number, 100);
        let done = world.send(supervisor, world.suite.voucher().void(number, 7));
        let event = VoucherVoided { voucher: number, programme, reason: 7, returned: 200 };
        assert_eq!(world.events(&done.events), [Event::VoucherVoided(event)]);
        assert_eq!(voucher(&mut world, number).status, VoucherStatus::Void);
        assert_eq!(money(&mut world, number), [300, 0, 0]);
        assert_eq!(credit(&mut world, &cast.bank), credited);
    }
    assert_eq!(books(&mut world, programme), [600, 0, 0, 200, 400]);
    world.send(&cast.bank.actor, world.suite.voucher().withdraw(cast.bank.number, 400));
    assert_eq!(held(&mut world), 200, "the shop's credit");
}

#[test]
fn blank_and_frozen_vouchers_are_voided_too() {
    let (mut world, cast) = stage();
    let (programme, frozen) = world.funded_voucher(300);
    freeze(&mut world, frozen);
    let blank = world.blank_voucher(programme, &cast.citizen);
    for (number, returned) in [(frozen, 300), (blank, 0)] {
        let done = world.send(&cast.regulator.actor, world.suite.voucher().void(number, 1));
        let event = VoucherVoided { voucher: number, programme, reason: 1, returned };
        assert_eq!(world.events(&done.events), [Event::VoucherVoided(event)]);
    }
    assert_eq!(books(&mut world, programme), [300, 0, 0, 0, 300]);
}

#[test]
fn nobody_else_voids_and_nobody_but_the_owner_extends() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let mut others = world.outsiders(&[Role::Government, Role::Regulator]);
    let other_owner = second_government(&mut world);
    others.extend([other_owner.actor, cast.administrator.clone(), cast.citizen.actor.clone()]);
    for other in &others {
        world.refuses(other, world.suite.voucher().void(number, 1), Error::NotAllowed);
        world.refuses(other, world.suite.voucher().extend(number, END + 1), Error::NotAllowed);
    }
    world.refuses(&cast.regulator.actor, world.suite.voucher().extend(number, END + 1), Error::NotAllowed);
    world.suspend(&cast.government);
    world.refuses(&cast.government.actor, world.suite.voucher().void(number, 1), Error::NotAllowed);
    world.refuses(&cast.government.actor, world.suite.voucher().extend(number, END + 1), Error::NotAllowed);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.government.number));
    world.send(&cast.government.actor, world.suite.voucher().extend(number, END + 1));
}

#[test]
fn a_voucher_that_has_ended_is_neither_voided_nor_extended() {
    let (mut world, cast) = stage();
    for (number, status) in ended(&mut world, &cast) {
        world.refuses(&cast.regulator.actor, world.suite.voucher().void(number, 1), wrong_status(status));
        let extend = world.suite.voucher().extend(number, END + DAY);
        world.refuses(&cast.government.actor, extend, wrong_status(status));
    }
}

#[test]
fn a_void_voucher_takes_no_money_no_requests_and_no_supervision() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    void(&mut world, number);
    world.bank_has(10);
    let refused = wrong_status(VoucherStatus::Void);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(number, 10), refused);
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    world.refuses(&cast.regulator.actor, world.suite.voucher().freeze(number, 1), refused);
    world.refuses(&cast.regulator.actor, world.suite.voucher().unfreeze(number), refused);
    world.chain.set_time(END);
    world.refuses(&cast.stranger, world.suite.voucher().expire_voucher(number), refused);
}

#[test]
fn open_redemptions_of_a_void_voucher_are_not_confirmed_and_what_they_hold_goes_to_the_bank() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    let cancelled = request(&mut world, &cast.shop, number, 120);
    let run_out = request(&mut world, &second, number, 80);
    void(&mut world, number);
    assert_eq!(books(&mut world, programme), [300, 0, 200, 0, 100]);
    for open in [cancelled, run_out] {
        let proof = world.proof(open);
        let confirm = world.suite.voucher().confirm(open, proof);
        world.refuses(&cast.stranger, confirm, wrong_status(VoucherStatus::Void));
    }
    let event = |redemption, status, amount| {
        Event::RedemptionEnded(RedemptionEnded { redemption, voucher: number, status, amount, returned: amount })
    };
    let done = world.send(&cast.citizen.actor, world.suite.voucher().cancel(cancelled));
    assert_eq!(world.events(&done.events), [event(cancelled, RedemptionStatus::Cancelled, 120)]);
    world.chain.advance(USUAL_WINDOW);
    let done = world.send(&cast.stranger, world.suite.voucher().expire(run_out));
    assert_eq!(world.events(&done.events), [event(run_out, RedemptionStatus::Expired, 80)]);
    assert_eq!(books(&mut world, programme), [300, 0, 0, 0, 300]);
    assert_eq!(credit(&mut world, &cast.bank), 300);
}

#[test]
fn a_voucher_is_given_a_later_end_whether_blank_active_or_frozen() {
    let (mut world, cast) = stage();
    let (programme, active) = world.funded_voucher(300);
    let frozen = world.funded_voucher_in(programme, 300);
    freeze(&mut world, frozen);
    let blank = world.blank_voucher(programme, &cast.citizen);
    for number in [blank, active, frozen] {
        let before = voucher(&mut world, number);
        let done = world.send(&cast.government.actor, world.suite.voucher().extend(number, END + 1));
        let event = VoucherExtended { voucher: number, expires: END + 1 };
        assert_eq!(world.events(&done.events), [Event::VoucherExtended(event)]);
        assert_eq!(voucher(&mut world, number), VoucherRecord { expires: END + 1, ..before });
    }
    world.chain.set_time(END);
    request(&mut world, &cast.shop, active, 1);
    let early = Error::Voucher(VoucherRefusal::NotExpired { expires: END + 1 });
    world.refuses(&cast.stranger, world.suite.voucher().expire_voucher(active), early);
    world.chain.set_time(END + 1);
    expire_voucher(&mut world, active);
}

#[test]
fn a_new_end_is_later_than_the_old_one_and_than_now_and_in_milliseconds() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let from = &cast.government.actor;
    for early in [START + 1, END - 1, END] {
        let refused = Error::Voucher(VoucherRefusal::NotLater { expires: END });
        world.refuses(from, world.suite.voucher().extend(number, early), refused);
    }
    for expires in [0, START - 1, START, END / 1_000, (END + DAY) * 1_000, u64::MAX] {
        world.refuses(from, world.suite.voucher().extend(number, expires), Error::BadExpiry { expires });
    }
    world.chain.set_time(END + DAY);
    for expires in [END + 1, END + DAY] {
        world.refuses(from, world.suite.voucher().extend(number, expires), Error::BadExpiry { expires });
    }
}

#[test]
fn a_voucher_whose_time_is_over_lives_again_only_if_nobody_has_ended_it() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let gone = world.funded_voucher_in(programme, 300);
    world.chain.set_time(END + DAY);
    expire_voucher(&mut world, gone);
    let extend = world.suite.voucher().extend(gone, END + 2 * DAY);
    world.refuses(&cast.government.actor, extend, wrong_status(VoucherStatus::Expired));
    world.send(&cast.government.actor, world.suite.voucher().extend(number, END + 2 * DAY));
    world.redeem(number, 300);
    assert_eq!(books(&mut world, programme), [600, 0, 0, 300, 300]);
}

#[test]
fn many_vouchers_are_ended_at_once_and_each_row_gets_its_own_answer() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let other = world.programme(world.terms());
    let [one, two, spent, frozen] = [100, 200, 50, 70].map(|amount| world.funded_voucher_in(programme, amount));
    let elsewhere = world.funded_voucher_in(other, 30);
    let blank = world.blank_voucher(programme, &cast.citizen);
    world.redeem(spent, 50);
    freeze(&mut world, frozen);
    let open = request(&mut world, &cast.shop, two, 80);
    let lasting = world.funded_voucher_in(programme, 60);
    world.send(&cast.government.actor, world.suite.voucher().extend(lasting, END + DAY));
    world.chain.set_time(END);
    let rows = vec![one, 99, elsewhere, two, spent, frozen, lasting, blank, one];
    let done = world.send(&cast.stranger, world.suite.voucher().expire_vouchers(rows));
    let answers = [
        Ok(100),
        Err(Error::UnknownVoucher { voucher: 99 }),
        Ok(30),
        Ok(120),
        Err(wrong_status(VoucherStatus::Exhausted)),
        Err(wrong_status(VoucherStatus::Frozen)),
        Err(Error::Voucher(VoucherRefusal::NotExpired { expires: END + DAY })),
        Ok(0),
        Err(wrong_status(VoucherStatus::Expired)),
    ];
    assert_eq!(done.value, answers);
    let event = |voucher, programme, returned| Event::VoucherExpired(VoucherExpired { voucher, programme, returned });
    let events = [
        event(one, programme, 100),
        event(elsewhere, other, 30),
        event(two, programme, 120),
        event(blank, programme, 0),
    ];
    assert_eq!(world.events(&done.events), events);
    assert_eq!(books(&mut world, programme), [480, 130, 80, 50, 220]);
    assert_eq!(books(&mut world, other), [30, 0, 0, 0, 30]);
    assert_eq!(credit(&mut world, &cast.bank), 250);
    assert_eq!(redemption(&mut world, open).status, RedemptionStatus::Open);
}

#[test]
fn a_sweep_of_refused_rows_or_of_none_changes_nothing() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for rows in [vec![], vec![number, 99, 0]] {
        let answers = world.changes_nothing(&cast.stranger, world.suite.voucher().expire_vouchers(rows));
        assert!(answers.iter().all(Result::is_err), "{answers:?}");
    }
}

#[test]
fn a_hundred_vouchers_are_ended_at_once_and_a_hundred_and_one_refused() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let row = amanah_interfaces::voucher::NewVoucher { holder: cast.citizen.id(), category: 0, expires: None };
    let create = world.suite.voucher().create_many(programme, vec![row; 100]);
    world.send(&cast.government.actor, create);
    world.bank_has(10_000);
    let rows = (1..=100).map(|voucher| amanah_interfaces::voucher::Funding { voucher, amount: 100 }).collect();
    world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
    world.chain.set_time(END);
    let too_many = Error::TooManyRows { most: 100, given: 101 };
    world.refuses(&cast.stranger, world.suite.voucher().expire_vouchers((1..=101).collect()), too_many);
    let done = world.send(&cast.stranger, world.suite.voucher().expire_vouchers((1..=100).collect()));
    assert_eq!(done.value, vec![Ok::<Balance, Error>(100); 100]);
    assert_eq!(books(&mut world, programme), [10_000, 0, 0, 0, 10_000]);
}
