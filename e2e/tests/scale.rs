//! Ten thousand of everything cost no more than one: no message walks through what is stored.

use amanah_client::{chain::raw, Chain, Cost, Message};
use amanah_domain::roles::Role;
use amanah_e2e::{registration, World};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registry, Subject},
    voucher::{Funding, NewVoucher, Voucher},
    MOST_ROWS,
};
use scale::{Decode, Encode};
use std::fmt::Debug;

/// How many batches make ten thousand.
const BATCHES: u32 = 10_000 / MOST_ROWS;

/// What the daily work costs in a world: each figure with its name.
fn daily_work(world: &mut World, programme: u64, name: &str) -> Vec<(&'static str, Cost)> {
    let suite = world.suite.clone();
    let (government, bank, shop) = (world.government.actor.clone(), world.bank.clone(), world.shop.clone());
    let mut costs = Vec::new();
    let done = world.send(&government, suite.registry().register(registration(name, &[Role::Citizen])));
    costs.push(("register", done.cost));
    let number = done.value;
    let holder = registration(name, &[]).account;
    let done = world.send(&government, suite.voucher().create(programme, holder, 0, None));
    costs.push(("create", done.cost));
    let voucher = done.value;
    world.bank_has(1_000);
    costs.push(("fund", world.send(&bank.actor, suite.voucher().fund(voucher, 1_000)).cost));
    let done = world.send(&shop.actor, suite.voucher().request(voucher, 100, 0, [0; 32]));
    costs.push(("request", done.cost));
    let proof = world.proof(done.value);
    costs.push(("confirm", world.send(&shop.actor, suite.voucher().confirm(done.value, proof)).cost));
    costs.push(("withdraw", world.send(&shop.actor, suite.voucher().withdraw(bank.number, 100)).cost));
    costs.push(("transfer", world.send(&shop.actor, suite.ledger().transfer(holder, bank.number, 10)).cost));
    costs.push(("vouchers_of", asking(world, suite.voucher().vouchers_of(number, None, 50))));
    costs.push(("credentials_many", asking(world, suite.registry().credentials_many(vec![Subject::Account(holder)]))));
    costs.push(("revoke", world.send(&government, suite.registry().revoke(number, Role::Citizen)).cost));
    costs
}

fn asking<A: Encode, T>(world: &mut World, message: Message<A, T>) -> Cost {
    world.chain.dry_run(&raw(&[0; 32], message)).expect("the query runs").cost
}

/// A batch that must go through, row by row.
fn all<T: Debug, E: Debug + Decode>(rows: Vec<Result<T, E>>) -> Vec<T> {
    rows.into_iter().map(|row| row.expect("each row goes through")).collect()
}

#[test]
fn with_ten_thousand_participants_and_vouchers_the_daily_work_costs_what_it_cost_at_first() {
    let mut world = World::new();
    let (government, bank) = (world.government.actor.clone(), world.bank.actor.clone());
    let terms = amanah_interfaces::voucher::Terms { budget: 1 << 40, ..world.terms() };
    let programme = world.programme(terms);
    // The first time makes items that later work only changes.
    daily_work(&mut world, programme, "the very first");
    let before = daily_work(&mut world, programme, "an early one");

    world.bank_has(10_000_000);
    for batch in 0..BATCHES {
        let people: Vec<_> =
            (0..MOST_ROWS).map(|row| registration(&format!("{batch}/{row}"), &[Role::Citizen])).collect();
        let holders: Vec<_> = people.iter().map(|one| one.account).collect();
        all(world.send(&government, world.suite.registry().register_many(people)).value);
        let rows = holders.into_iter().map(|holder| NewVoucher { holder, category: 0, expires: None }).collect();
        let vouchers = all(world.send(&government, world.suite.voucher().create_many(programme, rows)).value);
        let rows = vouchers.into_iter().map(|voucher| Funding { voucher, amount: 1_000 }).collect();
        all(world.send(&bank, world.suite.voucher().fund_many(programme, rows)).value);
    }

    let after = daily_work(&mut world, programme, "a late one");
    for ((what, before), (_, after)) in before.into_iter().zip(after) {
        let is_close = |now: u64, then: u64| now.abs_diff(then) * 100 <= then;
        assert!(is_close(after.ref_time, before.ref_time), "{what}: {before:?} at first, {after:?} now");
        assert!(is_close(after.proof_size, before.proof_size), "{what}: {before:?} at first, {after:?} now");
        // What is given back is a share of all that the contract holds, rounded: it differs by a unit or two.
        assert!(after.deposit == before.deposit || (before.deposit < 0 && after.deposit < 0), "{what}: {after:?}");
    }
}
