//! A voucher contract whose registry or ledger does not answer says no, and nothing is lost.

use crate::common::*;
use amanah_client::{Bundle, Chain, Suite};
use amanah_domain::ids::Account;
use amanah_e2e::{World, START};
use amanah_interfaces::voucher::{Admission, Changes, Error, Funding, NewVoucher, Proof, Totals, Voucher};
use scale::Encode;

/// A voucher contract that believes its registry and its ledger to be at these accounts.
fn voucher_contract(world: &mut World, registry: Account, ledger: Account) -> Suite {
    let bundle = Bundle::load(&Bundle::folder(), "voucher").expect("the bundle is built");
    let input = [ink::selector_bytes!("new").to_vec(), (registry, ledger, world.suite.genesis).encode()].concat();
    let deployed = world.chain.deploy(&world.administrator.account(), &bundle, input, b"alone".to_vec());
    let (voucher, _) = deployed.expect("a voucher contract does not look for the others when it is made");
    Suite { voucher, ..world.suite.clone() }
}

#[test]
fn without_a_registry_nobody_may_do_anything() {
    let (mut world, cast) = stage();
    let ledger = world.suite.ledger;
    for registry in [world.stranger.account(), ledger] {
        let alone = voucher_contract(&mut world, registry, ledger);
        let closed = Error::RegistryUnavailable;
        let terms = world.terms();
        world.refuses(&cast.government.actor, alone.voucher().create_programme(terms), closed);
        world.refuses(&cast.shop.actor, alone.voucher().withdraw(cast.bank.number, 1), closed);
        // Without a registry there is no programme and no voucher, so these are refused before anybody is asked for.
        let unknown = Error::UnknownVoucher { voucher: 1 };
        world.refuses(&cast.shop.actor, alone.voucher().request(1, 1, 0, [0; 32]), unknown);
        let unknown = Error::UnknownProgramme { programme: 1 };
        let row = NewVoucher { holder: cast.citizen.id(), category: 0, expires: None };
        world.refuses(&cast.government.actor, alone.voucher().create_many(1, vec![row]), unknown);
        let row = Funding { voucher: 1, amount: 1 };
        world.refuses(&cast.bank.actor, alone.voucher().fund_many(1, vec![row]), unknown);
        let row = Admission { shop: cast.shop.id(), categories: vec![0], daily_cap: 0 };
        world.refuses(&cast.government.actor, alone.voucher().admit_shops(1, vec![row]), unknown);
        world.refuses(&cast.government.actor, alone.voucher().create_bundle(1, cast.citizen.id()), unknown);
        world.refuses(&cast.government.actor, alone.voucher().update_programme(1, Changes::default()), unknown);
        world.refuses(&cast.government.actor, alone.voucher().close_programme(1), unknown);
        let unknown = Error::UnknownRoll { roll: 1 };
        world.refuses(&cast.bank.actor, alone.voucher().fund_roll(1), unknown);
        let unknown = Error::UnknownRedemption { redemption: 1 };
        world.refuses(&cast.stranger, alone.voucher().confirm(1, Proof::Attestors(Vec::new())), unknown);
        assert_eq!(world.ask(alone.voucher().programme(1)), None);
        assert_eq!(world.ask(alone.voucher().totals(1)), Totals::default());
    }
}

#[test]
fn without_a_ledger_no_voucher_is_funded() {
    let (mut world, cast) = stage();
    let registry = world.suite.registry;
    for ledger in [world.stranger.account(), registry] {
        let alone = voucher_contract(&mut world, registry, ledger);
        let terms = world.terms();
        let programme = world.send(&cast.government.actor, alone.voucher().create_programme(terms)).value;
        let create = alone.voucher().create(programme, cast.citizen.id(), 0, None);
        let number = world.send(&cast.government.actor, create).value;
        world.refuses(&cast.bank.actor, alone.voucher().fund(number, 1), Error::LedgerUnavailable);
        let rows = vec![Funding { voucher: number, amount: 1 }];
        world.refuses(&cast.bank.actor, alone.voucher().fund_many(programme, rows), Error::LedgerUnavailable);
        let publish = alone.voucher().publish_roll(programme, [0; 32], 1, 1, START + 1);
        let roll = world.send(&cast.government.actor, publish).value;
        world.refuses(&cast.bank.actor, alone.voucher().fund_roll(roll), Error::LedgerUnavailable);
        assert_eq!(world.ask(alone.voucher().totals(programme)), Totals::default());
    }
}
