//! How a shop stands with a voucher: one open redemption at a time, and three that end unconfirmed bar it for a day.

use crate::common::*;
use amanah_domain::{
    ids::VoucherId,
    programme::USUAL_WINDOW,
    time::{Millis, DAY},
};
use amanah_e2e::{Person, World, START};
use amanah_interfaces::voucher::{Error, RedemptionRefusal, Standing, Voucher};

/// The shop's next request of this voucher is refused.
#[track_caller]
fn refused(world: &mut World, shop: &Person, voucher: VoucherId, refusal: RedemptionRefusal) {
    let message = world.suite.voucher().request(voucher, 1, 0, [0; 32]);
    world.refuses(&shop.actor, message, Error::Redemption(refusal));
}

/// The shop requests and lets it run out; a stranger expires it.
fn run_out(world: &mut World, shop: &Person, voucher: VoucherId) {
    let open = request(world, shop, voucher, 1);
    world.chain.advance(USUAL_WINDOW);
    let stranger = world.stranger.clone();
    world.send(&stranger, world.suite.voucher().expire(open));
}

fn strikes(world: &mut World, voucher: VoucherId, shop: &Person) -> (u8, Millis) {
    let Standing { strikes, barred_until, .. } = standing(world, voucher, shop);
    (strikes, barred_until)
}

#[test]
fn a_shop_has_one_open_redemption_of_a_voucher_at_a_time() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let other = world.funded_voucher_in(programme, 300);
    let open = request(&mut world, &cast.shop, number, 1);
    let another = RedemptionRefusal::AnotherIsOpen { redemption: open };
    refused(&mut world, &cast.shop, number, another);
    world.chain.advance(USUAL_WINDOW);
    refused(&mut world, &cast.shop, number, another);
    request(&mut world, &cast.shop, other, 1);
    let second = second_shop(&mut world);
    request(&mut world, &second, number, 1);
    world.send(&cast.stranger, world.suite.voucher().expire(open));
    request(&mut world, &cast.shop, number, 1);
    assert_eq!(books(&mut world, programme), [600, 597, 3, 0, 0]);
}

#[test]
fn three_that_ran_out_bar_the_shop_for_a_day_and_then_it_starts_afresh() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    for count in 1..=2 {
        run_out(&mut world, &cast.shop, number);
        assert_eq!(strikes(&mut world, number, &cast.shop), (count, 0));
    }
    run_out(&mut world, &cast.shop, number);
    let until = START + 3 * USUAL_WINDOW + DAY;
    assert_eq!(strikes(&mut world, number, &cast.shop), (3, until));
    assert_eq!(books(&mut world, programme), [300, 300, 0, 0, 0], "the holder's balance is free again");
    for early in [START + 3 * USUAL_WINDOW, until - 1] {
        world.chain.set_time(early);
        refused(&mut world, &cast.shop, number, RedemptionRefusal::Barred { until });
    }
    world.chain.set_time(until);
    request(&mut world, &cast.shop, number, 1);
    assert_eq!(strikes(&mut world, number, &cast.shop), (0, 0));
}

#[test]
fn what_the_shop_or_the_holder_cancels_counts_as_unconfirmed() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for canceller in [&cast.shop, &cast.citizen, &cast.shop] {
        let open = request(&mut world, &cast.shop, number, 1);
        world.send(&canceller.actor, world.suite.voucher().cancel(open));
    }
    refused(&mut world, &cast.shop, number, RedemptionRefusal::Barred { until: START + DAY });
}

#[test]
fn a_bar_is_one_shops_at_one_voucher() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let other = world.funded_voucher_in(programme, 300);
    let second = second_shop(&mut world);
    for _ in 0..3 {
        run_out(&mut world, &cast.shop, number);
    }
    let until = standing(&mut world, number, &cast.shop).barred_until;
    refused(&mut world, &cast.shop, number, RedemptionRefusal::Barred { until });
    request(&mut world, &second, number, 300);
    request(&mut world, &cast.shop, other, 300);
}

#[test]
fn a_confirmed_redemption_forgives_the_ones_before_it() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for _ in 0..2 {
        run_out(&mut world, &cast.shop, number);
    }
    world.redeem(number, 1);
    for count in 1..=2 {
        run_out(&mut world, &cast.shop, number);
        assert_eq!(strikes(&mut world, number, &cast.shop), (count, 0));
    }
}

#[test]
fn clearing_records_buys_no_fresh_guesses() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for redemption in 1..=3 {
        run_out(&mut world, &cast.shop, number);
        world.send(&cast.shop.actor, world.suite.voucher().clear(redemption));
    }
    let until = START + 3 * USUAL_WINDOW + DAY;
    refused(&mut world, &cast.shop, number, RedemptionRefusal::Barred { until });
}

#[test]
fn clearing_an_older_confirmed_record_forgives_nothing_that_came_after_it() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let confirmed = world.redeem(number, 1);
    for _ in 0..2 {
        run_out(&mut world, &cast.shop, number);
    }
    world.send(&cast.shop.actor, world.suite.voucher().clear(confirmed));
    assert_eq!(strikes(&mut world, number, &cast.shop), (2, 0));
    run_out(&mut world, &cast.shop, number);
    let until = standing(&mut world, number, &cast.shop).barred_until;
    refused(&mut world, &cast.shop, number, RedemptionRefusal::Barred { until });
}

#[test]
fn a_shop_that_was_never_seen_stands_clean() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    assert_eq!(standing(&mut world, number, &cast.shop), Standing::default());
    assert_eq!(standing(&mut world, 99, &cast.citizen), Standing::default());
}
