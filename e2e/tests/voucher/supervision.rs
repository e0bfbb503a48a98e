//! A voucher is blocked and unblocked by its programme's owner or a regulator; its balance is kept.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{programme::USUAL_WINDOW, roles::Role};
use amanah_e2e::World;
use amanah_interfaces::{
    registry::Registry,
    voucher::{Error, Voucher, VoucherFrozen, VoucherRefusal, VoucherStatus, VoucherUnfrozen},
};

const FROZEN: Error = Error::Voucher(VoucherRefusal::WrongStatus { status: VoucherStatus::Frozen });

#[test]
fn the_owner_and_regulators_freeze_and_unfreeze_and_the_balance_is_kept() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let before = voucher(&mut world, number);
    for supervisor in [&cast.government.actor, &cast.regulator.actor] {
        let done = world.send(supervisor, world.suite.voucher().freeze(number, 7));
        let event = VoucherFrozen { voucher: number, reason: 7 };
        assert_eq!(world.events(&done.events), [Event::VoucherFrozen(event)]);
        assert_eq!(voucher(&mut world, number).status, VoucherStatus::Frozen);
        assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
        let done = world.send(supervisor, world.suite.voucher().unfreeze(number));
        assert_eq!(world.events(&done.events), [Event::VoucherUnfrozen(VoucherUnfrozen { voucher: number })]);
        assert_eq!(voucher(&mut world, number), before);
    }
    world.redeem(number, 300);
}

#[test]
fn nobody_else_freezes_or_unfreezes() {
    let (mut world, cast) = stage();
    let [active, frozen] = [world.funded_voucher(300).1, world.funded_voucher(300).1];
    freeze(&mut world, frozen);
    let mut others = world.outsiders(&[Role::Government, Role::Regulator]);
    let other_owner = second_government(&mut world);
    others.extend([other_owner.actor, cast.administrator.clone(), cast.citizen.actor.clone()]);
    for other in &others {
        world.refuses(other, world.suite.voucher().freeze(active, 1), Error::NotAllowed);
        world.refuses(other, world.suite.voucher().unfreeze(frozen), Error::NotAllowed);
    }
}

#[test]
fn a_suspended_owner_supervises_no_more_until_it_is_reinstated() {
    let (mut world, cast) = stage();
    second_government(&mut world);
    let number = world.funded_voucher(300).1;
    world.suspend(&cast.government);
    world.refuses(&cast.government.actor, world.suite.voucher().freeze(number, 1), Error::NotAllowed);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.government.number));
    world.send(&cast.government.actor, world.suite.voucher().freeze(number, 1));
}

/// A voucher in each status but Active and Frozen, with the status.
fn not_active(world: &mut World, cast: &Cast) -> [(u64, VoucherStatus); 3] {
    let programme = world.programme(world.terms());
    let blank = world.blank_voucher(programme, &cast.citizen);
    let soon = Some(amanah_e2e::START + 1);
    let created =
        world.send(&cast.government.actor, world.suite.voucher().create(programme, cast.citizen.id(), 0, soon));
    let expired = created.value;
    let exhausted = world.funded_voucher_in(programme, 10);
    world.redeem(exhausted, 10);
    world.chain.advance(1);
    expire_voucher(world, expired);
    [(blank, VoucherStatus::Created), (expired, VoucherStatus::Expired), (exhausted, VoucherStatus::Exhausted)]
}

#[test]
fn only_an_active_voucher_is_frozen_and_only_a_frozen_one_unfrozen() {
    let (mut world, cast) = stage();
    let regulator = cast.regulator.actor.clone();
    for (number, status) in not_active(&mut world, &cast) {
        let refused = Error::Voucher(VoucherRefusal::WrongStatus { status });
        world.refuses(&regulator, world.suite.voucher().freeze(number, 1), refused);
        world.refuses(&regulator, world.suite.voucher().unfreeze(number), refused);
    }
    let number = world.funded_voucher(300).1;
    let active = Error::Voucher(VoucherRefusal::WrongStatus { status: VoucherStatus::Active });
    world.refuses(&regulator, world.suite.voucher().unfreeze(number), active);
    freeze(&mut world, number);
    world.refuses(&regulator, world.suite.voucher().freeze(number, 1), FROZEN);
    let unknown = Error::UnknownVoucher { voucher: 99 };
    world.refuses(&regulator, world.suite.voucher().unfreeze(99), unknown);
}

#[test]
fn freezing_stops_confirmations_and_never_the_way_back() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    let one = request(&mut world, &cast.shop, number, 100);
    let two = request(&mut world, &second, number, 50);
    freeze(&mut world, number);
    let proof = world.proof(one);
    world.refuses(&cast.stranger, world.suite.voucher().confirm(one, proof.clone()), FROZEN);
    world.send(&second.actor, world.suite.voucher().cancel(two));
    assert_eq!(books(&mut world, programme), [300, 200, 100, 0, 0]);
    world.send(&cast.regulator.actor, world.suite.voucher().unfreeze(number));
    world.send(&cast.stranger, world.suite.voucher().confirm(one, proof));
    assert_eq!(books(&mut world, programme), [300, 200, 0, 100, 0]);
    let three = request(&mut world, &cast.shop, number, 100);
    freeze(&mut world, number);
    world.chain.advance(USUAL_WINDOW);
    world.send(&cast.stranger, world.suite.voucher().expire(three));
    assert_eq!(books(&mut world, programme), [300, 200, 0, 100, 0]);
}
