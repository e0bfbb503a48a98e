//! Under which ids the voucher contract's events are found; their fields are checked where they are emitted.

use crate::common::*;
use amanah_client::Done;
use amanah_domain::{crypto::Native, merkle, time::DAY};
use amanah_e2e::{topic, START};
use amanah_interfaces::voucher::{Changes, Denomination, Funding, RollEntry, Voucher};

/// The ids of the last event, after the signature.
#[track_caller]
fn ids<T>(done: Done<T>) -> Vec<[u8; 32]> {
    done.events.last().expect("there is an event").topics[1..].to_vec()
}

#[test]
fn events_are_found_by_the_ids_that_they_are_about() {
    let (mut world, cast) = stage();
    let (suite, government, bank) = (world.suite.clone(), cast.government.actor.clone(), cast.bank.actor.clone());
    let terms = amanah_interfaces::voucher::Terms {
        denominations: vec![Denomination { category: 0, face: 100, count: 2 }],
        bundle_value: 200,
        ..world.terms()
    };
    let one = topic(&1u64);
    let done = world.send(&government, suite.voucher().create_programme(terms));
    assert_eq!(ids(done), [one]);
    let changes = Changes { budget: Some(10_000), ..Changes::default() };
    assert_eq!(ids(world.send(&government, suite.voucher().update_programme(1, changes))), [one]);
    let done = world.send(&government, suite.voucher().set_issuer(1, cast.shop.id(), true));
    assert_eq!(ids(done), [one, topic(&cast.shop.actor.account())]);
    let done = world.send(&government, suite.voucher().create(1, cast.citizen.id(), 0, None));
    assert_eq!(ids(done), [one, topic(&cast.bank.number)]);
    let done = world.send(&government, suite.voucher().create_bundle(1, cast.citizen.id()));
    assert_eq!(ids(done), [one, topic(&cast.citizen.number)]);
    world.bank_has(1_000);
    let rows = vec![Funding { voucher: 1, amount: 300 }, Funding { voucher: 2, amount: 100 }];
    let done = world.send(&bank, suite.voucher().fund_many(1, rows));
    assert_eq!(done.events[1].topics[1..], [topic(&2u64), one]);

    let entry = RollEntry { index: 0, holder: cast.citizen.number, category: 0, amount: 50, expires: START + 9 * DAY };
    let root = merkle::root::<Native>(&[entry.leaf::<Native>(&suite.voucher_domain(), 1)]).unwrap();
    let done = world.send(&government, suite.voucher().publish_roll(1, root, 1, 60, START + DAY));
    assert_eq!(ids(done), [one, topic(&cast.bank.number)]);
    assert_eq!(ids(world.send(&bank, suite.voucher().fund_roll(1))), [one, one]);
    let done = world.send(&cast.stranger, suite.voucher().claim(1, entry, vec![]));
    assert_eq!(ids(done), [one, topic(&4u64)]);

    let done = world.send(&cast.shop.actor, suite.voucher().request(2, 60, 0, [0; 32]));
    assert_eq!(ids(done), [one, topic(&2u64)]);
    assert_eq!(ids(confirm(&mut world, 1)), [one, topic(&2u64)]);
    assert_eq!(ids(world.send(&cast.shop.actor, suite.voucher().clear(1))), [one]);
    let open = request(&mut world, &cast.shop, 2, 1);
    assert_eq!(ids(cancel(&mut world, open)), [topic(&open), topic(&2u64)]);
    assert_eq!(ids(world.send(&government, suite.voucher().freeze(2, 1))), [topic(&2u64)]);
    assert_eq!(ids(world.send(&government, suite.voucher().unfreeze(2))), [topic(&2u64)]);
    assert_eq!(ids(world.send(&government, suite.voucher().extend(2, START + 99 * DAY))), [topic(&2u64)]);
    assert_eq!(ids(world.send(&government, suite.voucher().void(2, 1))), [topic(&2u64), one]);
    let done = world.send(&cast.shop.actor, suite.voucher().withdraw(cast.bank.number, 60));
    assert_eq!(ids(done), [topic(&cast.shop.number), topic(&cast.bank.number)]);
    world.chain.set_time(START + 90 * DAY);
    assert_eq!(ids(expire_voucher(&mut world, 1)), [one, one]);
    assert_eq!(ids(world.send(&cast.stranger, suite.voucher().close_roll(1))), [one, one]);
    assert_eq!(ids(world.send(&government, suite.voucher().close_programme(1))), [one]);
    let totals = world.check_books(1, &[&cast.shop, &cast.bank]);
    assert_eq!((totals.funded.balance(), totals.paid.balance(), totals.returned.balance()), (460, 60, 350));
}
