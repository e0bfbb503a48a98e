//! Parallel redemptions of one voucher: in every order, never more than the balance.

use crate::common::*;
use amanah_client::send;
use amanah_domain::{money::AmountError, programme::USUAL_WINDOW};
use amanah_e2e::{Person, World};
use amanah_interfaces::{
    voucher::{Error, Voucher, VoucherRefusal, VoucherStatus},
    Balance,
};

/// What may happen to a redemption.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Confirm,
    Cancel,
    Expire,
}

const STEPS: [Step; 3] = [Step::Confirm, Step::Cancel, Step::Expire];

/// Tries the step and says whether it was done.
fn attempt(world: &mut World, step: Step, shop: &Person, redemption: u64) -> bool {
    let (from, mut voucher) = (shop.actor.account(), world.suite.voucher());
    let answer = match step {
        Step::Confirm => {
            let proof = world.proof(redemption);
            send(&mut world.chain, &from, voucher.confirm(redemption, proof))
        }
        Step::Cancel => send(&mut world.chain, &from, voucher.cancel(redemption)),
        Step::Expire => send(&mut world.chain, &from, voucher.expire(redemption)),
    };
    answer.is_ok()
}

#[test]
fn two_parallel_redemptions_never_hold_more_than_the_balance() {
    let (mut world, cast) = stage();
    let second = second_shop(&mut world);
    let programme = world.programme(world.terms());
    for (one, two, fits) in [(60, 40, true), (60, 41, false), (100, 1, false), (1, 99, true), (1, 100, false)] {
        let number = world.funded_voucher_in(programme, 100);
        let first = request(&mut world, &cast.shop, number, one);
        let message = world.suite.voucher().request(number, two, 0, [0; 32]);
        if fits {
            let other = world.send(&second.actor, message).value;
            assert_eq!(money(&mut world, number), [100, 0, 100]);
            confirm(&mut world, other);
        } else {
            let insufficient = AmountError::Insufficient { available: 100 - one, wanted: two };
            let refused = Error::Voucher(VoucherRefusal::Amount(insufficient));
            world.refuses(&second.actor, message, refused);
        }
        confirm(&mut world, first);
        world.check_books(programme, &[&cast.shop, &second, &cast.bank]);
    }
}

#[test]
fn of_confirm_cancel_and_expire_the_first_wins_and_the_others_do_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let mut paid: Balance = 0;
    for first in STEPS {
        for late in [false, true] {
            let number = world.funded_voucher_in(programme, 100);
            let open = request(&mut world, &cast.shop, number, 70);
            if late {
                world.chain.advance(USUAL_WINDOW);
            }
            let possible = match first {
                Step::Confirm => !late,
                Step::Cancel => true,
                Step::Expire => late,
            };
            assert_eq!(attempt(&mut world, first, &cast.shop, open), possible, "{first:?}, late: {late}");
            for other in STEPS {
                let done = attempt(&mut world, other, &cast.shop, open);
                assert!(!(possible && done), "{other:?} after {first:?}, late: {late}");
            }
            let spent = if first == Step::Confirm && possible { 70 } else { 0 };
            let confirmed_after = first == Step::Expire && !possible;
            paid += if confirmed_after { 70 } else { spent };
            assert_eq!(books(&mut world, programme)[3], paid, "{first:?}, late: {late}");
            assert_eq!(credit(&mut world, &cast.shop), paid);
        }
    }
}

#[test]
fn two_redemptions_of_a_voucher_end_in_any_way_and_order_and_the_money_adds_up() {
    let (mut world, cast) = stage();
    let second = second_shop(&mut world);
    let programme = world.programme(world.terms());
    let shops = [&cast.shop, &second];
    for ends in STEPS.into_iter().flat_map(|a| STEPS.map(|b| [a, b])) {
        for order in [[0, 1], [1, 0]] {
            let before = world.check_books(programme, &[&cast.shop, &second, &cast.bank]);
            let number = world.funded_voucher_in(programme, 100);
            let open = [request(&mut world, &cast.shop, number, 60), request(&mut world, &second, number, 40)];
            // Confirmations come while there is time, the rest after it.
            for late in [false, true] {
                if late {
                    world.chain.advance(USUAL_WINDOW);
                }
                for at in order {
                    if (ends[at] != Step::Confirm) == late {
                        assert!(attempt(&mut world, ends[at], shops[at], open[at]), "{ends:?}, {order:?}");
                    }
                    world.check_books(programme, &[&cast.shop, &second, &cast.bank]);
                }
            }
            let spent: Balance =
                [60, 40].into_iter().zip(ends).filter(|(_, end)| *end == Step::Confirm).map(|(amount, _)| amount).sum();
            let after = world.check_books(programme, &[&cast.shop, &second, &cast.bank]);
            assert_eq!(after.paid.balance() - before.paid.balance(), spent, "{ends:?}, {order:?}");
            assert_eq!(money(&mut world, number), [100, 100 - spent, 0], "{ends:?}, {order:?}");
            let exhausted = voucher(&mut world, number).status == VoucherStatus::Exhausted;
            assert_eq!(exhausted, spent == 100, "{ends:?}, {order:?}");
        }
    }
}
