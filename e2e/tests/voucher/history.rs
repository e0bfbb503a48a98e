//! The stored redemptions of a shop and of a voucher, page by page, with records cleared in between.

use crate::common::*;
use amanah_domain::ids::{RedemptionId, VoucherId};
use amanah_e2e::{Person, World};
use amanah_interfaces::voucher::Voucher;

/// The numbers on a page of a shop's list.
fn of_shop(world: &mut World, shop: &Person, start: Option<RedemptionId>, limit: u32) -> Vec<RedemptionId> {
    let page = world.ask(world.suite.voucher().redemptions_of_shop(shop.number, start, limit));
    for (number, record) in &page {
        assert_eq!(record, &redemption(world, *number), "a page shows the record itself");
        assert_eq!(record.shop, shop.number);
    }
    page.into_iter().map(|(number, _)| number).collect()
}

/// The numbers on a page of a voucher's list.
fn of_voucher(world: &mut World, voucher: VoucherId, start: Option<RedemptionId>, limit: u32) -> Vec<RedemptionId> {
    let page = world.ask(world.suite.voucher().redemptions_of_voucher(voucher, start, limit));
    for (number, record) in &page {
        assert_eq!(record, &redemption(world, *number), "a page shows the record itself");
        assert_eq!(record.voucher, voucher);
    }
    page.into_iter().map(|(number, _)| number).collect()
}

/// The shop requests one unit, and it is confirmed.
fn ended(world: &mut World, shop: &Person, voucher: VoucherId) -> RedemptionId {
    let open = request(world, shop, voucher, 1);
    confirm(world, open);
    open
}

fn clear(world: &mut World, shop: &Person, redemption: RedemptionId) {
    world.send(&shop.actor, world.suite.voucher().clear(redemption));
}

#[test]
fn pages_go_from_the_newest_to_the_oldest_and_show_each_redemption_once() {
    let (mut world, cast) = stage();
    let (programme, one) = world.funded_voucher(300);
    let two = world.funded_voucher_in(programme, 300);
    let second = second_shop(&mut world);
    for (shop, number) in [(&cast.shop, one), (&second, one), (&cast.shop, two), (&cast.shop, one), (&second, two)] {
        ended(&mut world, shop, number);
    }
    assert_eq!(of_shop(&mut world, &cast.shop, None, 50), [4, 3, 1]);
    assert_eq!(of_shop(&mut world, &second, None, 50), [5, 2]);
    assert_eq!(of_voucher(&mut world, one, None, 50), [4, 2, 1]);
    assert_eq!(of_voucher(&mut world, two, None, 50), [5, 3]);
    assert_eq!(of_shop(&mut world, &cast.shop, None, 2), [4, 3]);
    let next = redemption(&mut world, 3).links.shop.older;
    assert_eq!(of_shop(&mut world, &cast.shop, Some(next), 2), [1]);
    let next = redemption(&mut world, 4).links.voucher.older;
    assert_eq!(of_voucher(&mut world, one, Some(next), 50), [2, 1]);
    assert!(of_shop(&mut world, &cast.shop, None, 0).is_empty());
}

#[test]
fn open_and_ended_redemptions_are_listed_until_their_records_are_cleared() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let cancelled = request(&mut world, &cast.shop, number, 1);
    cancel(&mut world, cancelled);
    let confirmed = ended(&mut world, &cast.shop, number);
    let open = request(&mut world, &cast.shop, number, 1);
    assert_eq!(of_voucher(&mut world, number, None, 50), [open, confirmed, cancelled]);
    clear(&mut world, &cast.shop, confirmed);
    assert_eq!(of_voucher(&mut world, number, None, 50), [open, cancelled]);
    assert_eq!(of_shop(&mut world, &cast.shop, None, 50), [open, cancelled]);
    confirm(&mut world, open);
    clear(&mut world, &cast.shop, open);
    clear(&mut world, &cast.shop, cancelled);
    assert!(of_voucher(&mut world, number, None, 50).is_empty());
    assert!(of_shop(&mut world, &cast.shop, None, 50).is_empty());
    let again = ended(&mut world, &cast.shop, number);
    assert_eq!(of_voucher(&mut world, number, None, 50), [again], "the lists start afresh");
    assert_eq!(of_shop(&mut world, &cast.shop, None, 50), [again]);
}

#[test]
fn a_start_that_is_cleared_or_anothers_gives_nothing() {
    let (mut world, cast) = stage();
    let (programme, one) = world.funded_voucher(300);
    let two = world.funded_voucher_in(programme, 300);
    let second = second_shop(&mut world);
    for (shop, number) in [(&cast.shop, one), (&cast.shop, one), (&second, two)] {
        ended(&mut world, shop, number);
    }
    clear(&mut world, &cast.shop, 1);
    assert_eq!(of_shop(&mut world, &cast.shop, Some(2), 50), [2], "the control: one of its own");
    for start in [0, 1, 3, 4, u64::MAX] {
        assert!(of_shop(&mut world, &cast.shop, Some(start), 50).is_empty());
        assert!(of_voucher(&mut world, one, Some(start), 50).is_empty());
    }
}

#[test]
fn a_page_holds_fifty_at_most() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    for _ in 0..51 {
        ended(&mut world, &cast.shop, number);
    }
    let newest: Vec<RedemptionId> = (2..=51).rev().collect();
    for limit in [50, 51, u32::MAX] {
        assert_eq!(of_shop(&mut world, &cast.shop, None, limit), newest);
        assert_eq!(of_voucher(&mut world, number, None, limit), newest);
    }
}

/// A small generator of numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn records_cleared_in_any_order_leave_the_others_listed_in_order() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let vouchers = [0; 3].map(|_| world.funded_voucher_in(programme, 1_000));
    let shops = [cast.shop.clone(), second_shop(&mut world)];
    let mut dice = Dice(7);
    // What must be listed: number, shop, voucher; newest last.
    let mut stored: Vec<(RedemptionId, usize, usize)> = Vec::new();
    for step in 0..120 {
        if dice.below(5) < 3 || stored.is_empty() {
            let (shop, number) = (dice.below(2), dice.below(3));
            stored.push((ended(&mut world, &shops[shop], vouchers[number]), shop, number));
        } else {
            let (number, shop, _) = stored.remove(dice.below(stored.len()));
            clear(&mut world, &shops[shop], number);
        }
        if step % 10 != 9 {
            continue;
        }
        for (at, shop) in shops.iter().enumerate() {
            let expected: Vec<_> = stored.iter().rev().filter(|one| one.1 == at).map(|one| one.0).collect();
            assert_eq!(of_shop(&mut world, shop, None, 50), expected);
        }
        for (at, number) in vouchers.into_iter().enumerate() {
            let expected: Vec<_> = stored.iter().rev().filter(|one| one.2 == at).map(|one| one.0).collect();
            assert_eq!(of_voucher(&mut world, number, None, 50), expected);
        }
    }
}
