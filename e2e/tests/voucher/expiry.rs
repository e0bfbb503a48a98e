//! The end of a voucher's time: what is left goes back to the bank.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{programme::USUAL_WINDOW, time::DAY};
use amanah_e2e::START;
use amanah_interfaces::voucher::{
    Error, RedemptionEnded, RedemptionStatus, Voucher, VoucherExpired, VoucherRefusal, VoucherStatus,
};

/// When a voucher of the usual terms ends.
const END: u64 = START + 90 * DAY;

#[test]
fn a_voucher_expires_at_its_end_and_not_a_millisecond_earlier_and_anybody_may_say_so() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.redeem(number, 100);
    world.chain.set_time(END - 1);
    let early = Error::Voucher(VoucherRefusal::NotExpired { expires: END });
    world.refuses(&cast.stranger, world.suite.voucher().expire_voucher(number), early);
    world.chain.set_time(END);
    let done = expire_voucher(&mut world, number);
    let event = VoucherExpired { voucher: number, programme, returned: 200 };
    assert_eq!(world.events(&done.events), [Event::VoucherExpired(event)]);
    assert_eq!(voucher(&mut world, number).status, VoucherStatus::Expired);
    assert_eq!(money(&mut world, number), [300, 0, 0]);
    assert_eq!(credit(&mut world, &cast.bank), 200, "the bank's credit");
    assert_eq!(held(&mut world), 300, "nothing moves before somebody withdraws");
    assert_eq!(books(&mut world, programme), [300, 0, 0, 100, 200]);
}

#[test]
fn a_voucher_without_money_expires_too() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    world.chain.set_time(END);
    let done = expire_voucher(&mut world, number);
    let event = VoucherExpired { voucher: number, programme, returned: 0 };
    assert_eq!(world.events(&done.events), [Event::VoucherExpired(event)]);
    assert_eq!(credit(&mut world, &cast.bank), 0);
}

#[test]
fn a_voucher_expires_once_and_not_after_it_was_used_up() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let [expired, exhausted] = [0; 2].map(|_| world.funded_voucher_in(programme, 100));
    world.redeem(exhausted, 100);
    world.chain.set_time(END);
    expire_voucher(&mut world, expired);
    for (number, status) in [(expired, VoucherStatus::Expired), (exhausted, VoucherStatus::Exhausted)] {
        let refused = Error::Voucher(VoucherRefusal::WrongStatus { status });
        world.refuses(&cast.stranger, world.suite.voucher().expire_voucher(number), refused);
    }
    assert_eq!(books(&mut world, programme), [200, 0, 0, 100, 100]);
}

#[test]
fn a_frozen_voucher_does_not_expire_until_it_is_unfrozen() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    freeze(&mut world, number);
    world.chain.set_time(END);
    let frozen = Error::Voucher(VoucherRefusal::WrongStatus { status: VoucherStatus::Frozen });
    world.refuses(&cast.stranger, world.suite.voucher().expire_voucher(number), frozen);
    world.send(&cast.regulator.actor, world.suite.voucher().unfreeze(number));
    expire_voucher(&mut world, number);
    assert_eq!(books(&mut world, programme), [300, 0, 0, 0, 300]);
}

#[test]
fn a_redemption_that_is_open_at_the_end_may_still_be_confirmed() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.chain.set_time(END - 1);
    let open = request(&mut world, &cast.shop, number, 120);
    world.chain.set_time(END);
    expire_voucher(&mut world, number);
    assert_eq!(books(&mut world, programme), [300, 0, 120, 0, 180]);
    confirm(&mut world, open);
    assert_eq!(voucher(&mut world, number).status, VoucherStatus::Expired);
    assert_eq!(books(&mut world, programme), [300, 0, 0, 120, 180]);
}

#[test]
fn what_a_redemption_releases_after_the_end_goes_to_the_bank() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    world.chain.set_time(END - 1);
    let cancelled = request(&mut world, &cast.shop, number, 120);
    let run_out = request(&mut world, &second, number, 80);
    world.chain.set_time(END);
    expire_voucher(&mut world, number);
    let done = cancel(&mut world, cancelled);
    let event = |redemption, status, amount| {
        Event::RedemptionEnded(RedemptionEnded { redemption, voucher: number, status, amount, returned: amount })
    };
    assert_eq!(world.events(&done.events), [event(cancelled, RedemptionStatus::Cancelled, 120)]);
    world.chain.advance(USUAL_WINDOW);
    let done = world.send(&cast.stranger, world.suite.voucher().expire(run_out));
    assert_eq!(world.events(&done.events), [event(run_out, RedemptionStatus::Expired, 80)]);
    assert_eq!(credit(&mut world, &cast.bank), 300);
    assert_eq!(books(&mut world, programme), [300, 0, 0, 0, 300]);
    world.send(&cast.bank.actor, world.suite.voucher().withdraw(cast.bank.number, 300));
    assert_eq!((world.balance(&cast.bank), held(&mut world)), (300, 0));
}
