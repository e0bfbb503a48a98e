//! Requests: a shop asks to spend from a voucher, and the amount is reserved.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    money::{Amount, AmountError},
    programme::USUAL_WINDOW,
    roles::Role,
    time::{DAY, SECOND},
};
use amanah_e2e::START;
use amanah_interfaces::{
    registry::Registry,
    voucher::{
        Error, Links, Mode, Redemption, RedemptionRefusal, RedemptionRequested, RedemptionStatus, Standing, Voucher,
        VoucherRefusal, VoucherStatus,
    },
};

#[test]
fn a_request_reserves_its_amount_and_is_stored_and_announced() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.chain.advance(5);
    let (now, account) = (START + 5, cast.shop.actor.account());
    let expires = now + USUAL_WINDOW;
    let done = world.send(&cast.shop.actor, world.suite.voucher().request(number, 120, 0, [7; 32]));
    assert_eq!(done.value, 1);
    let event = RedemptionRequested {
        redemption: 1,
        voucher: number,
        shop: cast.shop.number,
        account: account.into(),
        amount: 120,
        expires,
        items: [7; 32],
    };
    assert_eq!(world.events(&done.events), [Event::RedemptionRequested(event)]);
    let record = Redemption {
        voucher: number,
        shop: cast.shop.number,
        account,
        amount: Amount::new(120),
        requested_at: now,
        expires,
        status: RedemptionStatus::Open,
        links: Links::default(),
    };
    assert_eq!(redemption(&mut world, 1), record);
    assert_eq!(standing(&mut world, number, &cast.shop), Standing { latest: 1, strikes: 0, barred_until: 0 });
    assert_eq!(money(&mut world, number), [300, 180, 120]);
    assert_eq!(books(&mut world, programme), [300, 180, 120, 0, 0]);
    assert_eq!((credit(&mut world, &cast.shop), held(&mut world)), (0, 300), "asking pays nobody");
}

#[test]
fn a_redemption_stays_open_for_the_programmes_window() {
    let (mut world, cast) = stage();
    for window in [SECOND, DAY] {
        let programme = programme_with(&mut world, |terms| terms.window = window);
        let number = world.funded_voucher_in(programme, 10);
        let open = request(&mut world, &cast.shop, number, 10);
        assert_eq!(redemption(&mut world, open).expires, START + window);
    }
}

#[test]
fn only_an_active_shop_or_operator_requests() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for outsider in world.outsiders(&[Role::Shop, Role::Operator]) {
        world.refuses(&outsider, world.suite.voucher().request(number, 1, 0, [0; 32]), Error::NotAllowed);
    }
    world.suspend(&cast.shop);
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), Error::NotAllowed);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.shop.number));
    assert_eq!(request(&mut world, &cast.shop, number, 1), 1);
}

#[test]
fn a_voucher_that_does_not_exist_is_not_requested_frozen_or_expired() {
    let (mut world, cast) = stage();
    world.funded_voucher(300);
    for voucher in [0, 2, u64::MAX] {
        let unknown = Error::UnknownVoucher { voucher };
        world.refuses(&cast.shop.actor, world.suite.voucher().request(voucher, 1, 0, [0; 32]), unknown);
        world.refuses(&cast.regulator.actor, world.suite.voucher().freeze(voucher, 1), unknown);
        world.refuses(&cast.regulator.actor, world.suite.voucher().unfreeze(voucher), unknown);
        world.refuses(&cast.stranger, world.suite.voucher().expire_voucher(voucher), unknown);
        world.refuses(&cast.government.actor, world.suite.voucher().extend(voucher, START + DAY), unknown);
        world.refuses(&cast.regulator.actor, world.suite.voucher().void(voucher, 1), unknown);
        assert_eq!(world.ask(world.suite.voucher().voucher(voucher)), None);
    }
}

#[test]
fn a_blank_voucher_cannot_be_spent() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let number = world.blank_voucher(programme, &cast.citizen);
    let refused = Error::Voucher(VoucherRefusal::NotFunded);
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
}

#[test]
fn a_voucher_buys_its_own_category_only() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for wanted in [1, 3, 4, 32, 255] {
        let refused = Error::Voucher(VoucherRefusal::WrongCategory { category: 0, wanted });
        world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, wanted, [0; 32]), refused);
    }
}

#[test]
fn nothing_too_much_to_count_and_more_than_is_available_are_refused() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let second = second_shop(&mut world);
    request(&mut world, &second, number, 100);
    let insufficient =
        |wanted| Error::Voucher(VoucherRefusal::Amount(AmountError::Insufficient { available: 200, wanted }));
    for (amount, error) in [
        (0, Error::Amount(AmountError::Zero)),
        (1 << 64, Error::Amount(AmountError::TooLarge)),
        (u128::MAX, Error::Amount(AmountError::TooLarge)),
        (201, insufficient(201)),
        (u128::from(u64::MAX), insufficient(u128::from(u64::MAX))),
    ] {
        world.refuses(&cast.shop.actor, world.suite.voucher().request(number, amount, 0, [0; 32]), error);
    }
    request(&mut world, &cast.shop, number, 200);
    assert_eq!(books(&mut world, programme), [300, 0, 300, 0, 0]);
}

#[test]
fn a_voucher_is_requested_until_just_before_its_end() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let expires = START + 90 * DAY;
    world.chain.set_time(expires - 1);
    let open = request(&mut world, &cast.shop, number, 1);
    cancel(&mut world, open);
    let refused = Error::Voucher(VoucherRefusal::Expired { expires });
    for late in [expires, expires + 1] {
        world.chain.set_time(late);
        world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    }
    expire_voucher(&mut world, number);
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
}

#[test]
fn a_frozen_or_exhausted_voucher_is_not_requested() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let [frozen, exhausted] = [0; 2].map(|_| world.funded_voucher_in(programme, 100));
    freeze(&mut world, frozen);
    world.redeem(exhausted, 100);
    for (number, status) in [(frozen, VoucherStatus::Frozen), (exhausted, VoucherStatus::Exhausted)] {
        let refused = Error::Voucher(VoucherRefusal::WrongStatus { status });
        world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    }
}

#[test]
fn a_one_time_voucher_is_spent_whole_and_once() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.mode = Mode::OneTime);
    let number = world.funded_voucher_in(programme, 300);
    for part in [1, 299] {
        let refused = Error::Voucher(VoucherRefusal::NotWhole { value: 300 });
        world.refuses(&cast.shop.actor, world.suite.voucher().request(number, part, 0, [0; 32]), refused);
    }
    let open = request(&mut world, &cast.shop, number, 300);
    cancel(&mut world, open);
    let open = request(&mut world, &cast.shop, number, 300);
    let second = second_shop(&mut world);
    let held_already = AmountError::Insufficient { available: 0, wanted: 300 };
    let refused = Error::Voucher(VoucherRefusal::Amount(held_already));
    world.refuses(&second.actor, world.suite.voucher().request(number, 300, 0, [0; 32]), refused);
    confirm(&mut world, open);
    let refused = Error::Voucher(VoucherRefusal::WrongStatus { status: VoucherStatus::Exhausted });
    for shop in [&cast.shop, &second] {
        world.refuses(&shop.actor, world.suite.voucher().request(number, 300, 0, [0; 32]), refused);
    }
    assert_eq!(books(&mut world, programme), [300, 0, 0, 300, 0]);
}

#[test]
fn a_shop_that_is_the_holder_does_not_redeem_its_own_voucher() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let both = world.enrol("shopkeeper", &[Role::Shop, Role::Citizen]);
    let number = world.blank_voucher(programme, &both);
    world.bank_has(100);
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 100));
    let refused = Error::Redemption(RedemptionRefusal::OwnVoucher);
    world.refuses(&both.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    assert_eq!(request(&mut world, &cast.shop, number, 1), 1, "another shop does");
}

#[test]
fn a_suspended_holder_does_not_spend() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    world.suspend(&cast.citizen);
    let refused = Error::HolderNotEligible { participant: cast.citizen.number };
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 100, 0, [0; 32]), refused);
    assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0]);
}
