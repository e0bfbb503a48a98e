//! The end of a redemption: confirmed, cancelled, expired; who may, until when.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{programme::USUAL_WINDOW, roles::Role};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    registry::Registry,
    voucher::{
        Error, Redemption, RedemptionConfirmed, RedemptionEnded, RedemptionRefusal, RedemptionStatus, Voucher,
        VoucherStatus,
    },
    Balance,
};

/// When a redemption ends that was requested at once.
const END: u64 = START + USUAL_WINDOW;

fn ended(world: &World, redemption: u64, status: RedemptionStatus, amount: Balance) -> Event {
    let voucher = 1;
    assert!(world.shop.number > 0);
    Event::RedemptionEnded(RedemptionEnded { redemption, voucher, status, amount, returned: 0 })
}

#[test]
fn a_confirmation_moves_what_was_reserved_to_the_shops_credit() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 120);
    let before = redemption(&mut world, open);
    let done = confirm(&mut world, open);
    let event = RedemptionConfirmed { redemption: open, voucher: number, shop: cast.shop.number, amount: 120 };
    assert_eq!(world.events(&done.events), [Event::RedemptionConfirmed(event)]);
    assert_eq!(redemption(&mut world, open), Redemption { status: RedemptionStatus::Confirmed, ..before });
    assert_eq!(money(&mut world, number), [300, 180, 0]);
    assert_eq!((credit(&mut world, &cast.shop), held(&mut world)), (120, 300));
    assert_eq!(books(&mut world, programme), [300, 180, 0, 120, 0]);
    world.redeem(number, 80);
    assert_eq!(credit(&mut world, &cast.shop), 200, "credits add up");
    assert_eq!(books(&mut world, programme), [300, 100, 0, 200, 0]);
}

#[test]
fn a_voucher_is_exhausted_when_its_last_unit_is_confirmed() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    let one = request(&mut world, &cast.shop, number, 299);
    let two = request(&mut world, &second, number, 1);
    confirm(&mut world, one);
    assert_eq!(voucher(&mut world, number).status, VoucherStatus::Active, "a unit is still reserved");
    confirm(&mut world, two);
    assert_eq!(voucher(&mut world, number).status, VoucherStatus::Exhausted);
    assert_eq!(credit(&mut world, &second), 1);
    world.check_books(programme, &[&cast.shop, &second]);
}

#[test]
fn a_redemption_is_confirmed_until_just_before_its_end() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    let in_time = request(&mut world, &cast.shop, number, 100);
    let late = request(&mut world, &second, number, 100);
    world.chain.set_time(END - 1);
    confirm(&mut world, in_time);
    let proof = world.proof(late);
    let refused = Error::Redemption(RedemptionRefusal::TooLate { expires: END });
    for at in [END, END + 1] {
        world.chain.set_time(at);
        world.refuses(&cast.stranger, world.suite.voucher().confirm(late, proof.clone()), refused);
    }
    assert_eq!(books(&mut world, programme), [300, 100, 100, 100, 0]);
}

#[test]
fn a_redemption_expires_at_its_end_and_not_a_millisecond_earlier_and_anybody_may_say_so() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 120);
    let early = Error::Redemption(RedemptionRefusal::TooEarly { expires: END });
    for at in [START, END - 1] {
        world.chain.set_time(at);
        world.refuses(&cast.stranger, world.suite.voucher().expire(open), early);
    }
    world.chain.set_time(END);
    let done = world.send(&cast.stranger, world.suite.voucher().expire(open));
    assert_eq!(world.events(&done.events), [ended(&world, open, RedemptionStatus::Expired, 120)]);
    assert_eq!(redemption(&mut world, open).status, RedemptionStatus::Expired);
    assert_eq!(money(&mut world, number), [300, 300, 0]);
    assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
    assert_eq!(credit(&mut world, &cast.bank), 0, "a living voucher keeps its money");
}

#[test]
fn the_shop_and_the_holder_cancel_in_time_and_after_it() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    for (canceller, at) in [(&cast.shop, START), (&cast.citizen, END - 1)] {
        world.chain.set_time(at);
        let open = request(&mut world, &cast.shop, number, 120);
        world.chain.set_time(at + USUAL_WINDOW);
        let done = world.send(&canceller.actor, world.suite.voucher().cancel(open));
        assert_eq!(world.events(&done.events), [ended(&world, open, RedemptionStatus::Cancelled, 120)]);
        assert_eq!(redemption(&mut world, open).status, RedemptionStatus::Cancelled);
        assert_eq!(money(&mut world, number), [300, 300, 0]);
        assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
    }
}

#[test]
fn a_suspended_shop_and_a_suspended_holder_may_still_give_up_a_redemption() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    for canceller in [&cast.shop, &cast.citizen] {
        let open = request(&mut world, &cast.shop, number, 120);
        world.suspend(canceller);
        world.send(&canceller.actor, world.suite.voucher().cancel(open));
        world.send(&cast.regulator.actor, world.suite.registry().reinstate(canceller.number));
        assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
    }
}

#[test]
fn nobody_but_the_shop_and_the_holder_cancels() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 120);
    let mut others = world.outsiders(&[]);
    let named = [&cast.government, &cast.regulator, &cast.bank, &cast.attestor].map(|one| one.actor.clone());
    others.extend(named);
    for outsider in others {
        let refused = Error::Redemption(RedemptionRefusal::NotYours);
        world.refuses(&outsider, world.suite.voucher().cancel(open), refused);
    }
    assert_eq!(books(&mut world, programme), [300, 180, 120, 0, 0]);
}

#[test]
fn a_redemption_that_does_not_exist_is_not_confirmed_cancelled_expired_or_cleared() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 120);
    let proof = world.proof(open);
    for redemption in [0, 2, u64::MAX] {
        let unknown = Error::UnknownRedemption { redemption };
        let shop = &cast.shop.actor;
        world.refuses(shop, world.suite.voucher().confirm(redemption, proof.clone()), unknown);
        world.refuses(shop, world.suite.voucher().cancel(redemption), unknown);
        world.refuses(shop, world.suite.voucher().expire(redemption), unknown);
        world.refuses(shop, world.suite.voucher().clear(redemption), unknown);
        assert_eq!(world.ask(world.suite.voucher().redemption(redemption)), None);
    }
}

#[test]
fn an_ended_redemption_stays_as_it_ended() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let [second, third] = ["b", "c"].map(|name| world.enrol(name, &[Role::Shop]));
    let confirmed = request(&mut world, &cast.shop, number, 100);
    let cancelled = request(&mut world, &second, number, 100);
    let expired = request(&mut world, &third, number, 100);
    let proofs = [confirmed, cancelled, expired].map(|number| world.proof(number));
    confirm(&mut world, confirmed);
    world.send(&second.actor, world.suite.voucher().cancel(cancelled));
    world.chain.set_time(END);
    world.send(&cast.stranger, world.suite.voucher().expire(expired));
    let books_then = books(&mut world, programme);
    assert_eq!(books_then, [300, 200, 0, 100, 0]);
    let rows = [
        (confirmed, RedemptionStatus::Confirmed, &cast.shop),
        (cancelled, RedemptionStatus::Cancelled, &second),
        (expired, RedemptionStatus::Expired, &third),
    ];
    for ((number, status, shop), proof) in rows.into_iter().zip(proofs) {
        let refused = Error::Redemption(RedemptionRefusal::NotOpen { status });
        for at in [END - 1, END] {
            world.chain.set_time(at);
            world.refuses(&cast.stranger, world.suite.voucher().confirm(number, proof.clone()), refused);
            world.refuses(&shop.actor, world.suite.voucher().cancel(number), refused);
            world.refuses(&cast.citizen.actor, world.suite.voucher().cancel(number), refused);
            world.refuses(&cast.stranger, world.suite.voucher().expire(number), refused);
        }
    }
    assert_eq!(books(&mut world, programme), books_then);
}

#[test]
fn a_shop_that_is_suspended_after_its_request_is_still_paid() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 120);
    world.suspend(&cast.shop);
    confirm(&mut world, open);
    assert_eq!(credit(&mut world, &cast.shop), 120, "a suspended participant may receive");
    assert_eq!(books(&mut world, programme), [300, 180, 0, 120, 0]);
}

#[test]
fn a_voucher_whose_holder_was_suspended_after_the_request_is_not_spent() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 120);
    let proof = world.proof(open);
    world.suspend(&cast.citizen);
    let refused = Error::HolderNotEligible { participant: cast.citizen.number };
    world.refuses(&cast.stranger, world.suite.voucher().confirm(open, proof), refused);
    assert_eq!(books(&mut world, programme), [300, 180, 120, 0, 0]);
}
