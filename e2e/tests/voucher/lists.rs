//! A holder's vouchers, page by page.

use crate::common::*;
use amanah_domain::{
    ids::{ProgrammeId, VoucherId},
    roles::Role,
};
use amanah_e2e::{Person, World};
use amanah_interfaces::voucher::{NewVoucher, Voucher};

/// Creates this many blank vouchers for each of two people, in turn.
fn fill(world: &mut World, people: [&Person; 2], each: usize) -> ProgrammeId {
    let programme = world.programme(world.terms());
    let government = world.government.actor.clone();
    let rows: Vec<_> = (0..each)
        .flat_map(|_| people.map(|holder| NewVoucher { holder: holder.id(), category: 0, expires: None }))
        .collect();
    for rows in rows.chunks(100) {
        let create = world.suite.voucher().create_many(programme, rows.to_vec());
        assert!(world.send(&government, create).value.iter().all(Result::is_ok));
    }
    programme
}

/// The numbers on a page.
fn page(world: &mut World, holder: &Person, start: Option<VoucherId>, limit: u32) -> Vec<VoucherId> {
    let page = world.ask(world.suite.voucher().vouchers_of(holder.number, start, limit));
    for (number, record) in &page {
        assert_eq!(record, &voucher(world, *number), "a page shows the record itself");
        assert_eq!(record.holder, holder.number);
    }
    page.into_iter().map(|(number, _)| number).collect()
}

#[test]
fn pages_go_from_the_newest_to_the_oldest_and_show_each_voucher_once() {
    let (mut world, cast) = stage();
    let second = world.enrol("second citizen", &[Role::Citizen]);
    fill(&mut world, [&cast.citizen, &second], 7);
    assert_eq!(page(&mut world, &cast.citizen, None, 3), [13, 11, 9]);
    assert_eq!(page(&mut world, &second, None, 3), [14, 12, 10]);
    let (mut all, mut next) = (Vec::new(), None);
    while next != Some(0) {
        all.extend(page(&mut world, &cast.citizen, next, 3));
        let last = *all.last().expect("a page is not empty before the end");
        next = Some(voucher(&mut world, last).previous);
    }
    assert_eq!(all, [13, 11, 9, 7, 5, 3, 1]);
}

#[test]
fn a_page_holds_fifty_at_most_and_may_hold_none() {
    let (mut world, cast) = stage();
    let second = world.enrol("second citizen", &[Role::Citizen]);
    fill(&mut world, [&cast.citizen, &second], 51);
    let newest: Vec<VoucherId> = (1..=101).rev().step_by(2).collect();
    for limit in [50, 51, u32::MAX] {
        assert_eq!(page(&mut world, &cast.citizen, None, limit), newest[..50]);
    }
    assert_eq!(page(&mut world, &cast.citizen, None, 49), newest[..49]);
    assert_eq!(page(&mut world, &cast.citizen, Some(1), 50), [1]);
    assert!(page(&mut world, &cast.citizen, None, 0).is_empty());
}

#[test]
fn a_start_that_is_not_the_holders_gives_nothing() {
    let (mut world, cast) = stage();
    let second = world.enrol("second citizen", &[Role::Citizen]);
    fill(&mut world, [&cast.citizen, &second], 2);
    assert_eq!(page(&mut world, &cast.citizen, Some(3), 50), [3, 1], "the control: one of its own");
    for start in [0, 2, 4, 5, u64::MAX] {
        assert!(page(&mut world, &cast.citizen, Some(start), 50).is_empty());
    }
    assert!(page(&mut world, &cast.shop, None, 50).is_empty());
    let nobody = world.ask(world.suite.voucher().vouchers_of(99, None, 50));
    assert_eq!(nobody, []);
}
