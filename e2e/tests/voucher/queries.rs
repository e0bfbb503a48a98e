//! What anybody may ask the voucher contract, and that asking changes nothing.

use crate::common::*;
use amanah_e2e::World;
use amanah_interfaces::voucher::{Member, Totals, Voucher};

#[test]
fn there_is_nothing_where_nothing_was_made() {
    let (mut world, cast) = stage();
    for number in [0, 1, u64::MAX] {
        assert_eq!(world.ask(world.suite.voucher().voucher(number)), None);
        assert_eq!(world.ask(world.suite.voucher().redemption(number)), None);
        assert_eq!(world.ask(world.suite.voucher().programme(number)), None);
        assert_eq!(world.ask(world.suite.voucher().totals(number)), Totals::default());
        assert_eq!(world.ask(world.suite.voucher().shop(number, cast.shop.number)), None);
        assert_eq!(world.ask(world.suite.voucher().credit(number, cast.bank.number)), 0);
        assert_eq!(world.ask(world.suite.voucher().vouchers_of(number, None, 50)), []);
        assert!(!world.ask(world.suite.voucher().is_issuer(number, cast.government.id())));
        assert_eq!(world.ask(world.suite.voucher().bundle(number)), []);
        assert_eq!(world.ask(world.suite.voucher().member(number, cast.citizen.number)), Member::default());
        assert_eq!(world.ask(world.suite.voucher().card(number, cast.citizen.number, cast.shop.number)), 0);
        assert_eq!(world.ask(world.suite.voucher().roll(number)), None);
        assert!(!world.ask(world.suite.voucher().is_claimed(number, 0)));
        assert_eq!(world.ask(world.suite.voucher().redemptions_of_shop(number, None, 50)), []);
        assert_eq!(world.ask(world.suite.voucher().redemptions_of_voucher(number, None, 50)), []);
    }
    assert_eq!(world.ask(world.suite.voucher().roll_count()), 0);
}

#[test]
fn a_contract_tells_where_its_registry_and_ledger_are_and_what_is_signed_for_it() {
    let (mut world, _) = stage();
    let suite = world.suite.clone();
    assert_eq!(world.ask(suite.voucher().registry()), suite.registry.into());
    assert_eq!(world.ask(suite.voucher().ledger()), suite.ledger.into());
    assert_eq!(world.ask(suite.voucher().domain_separator()), suite.voucher_domain());
    assert_eq!(world.ask(suite.voucher().version()), 1);
}

#[test]
fn no_query_changes_anything_even_when_it_is_sent_as_a_transaction() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let redeemed = world.redeem(number, 100);
    let mut asked = Vec::new();
    macro_rules! unchanged_by {
        ($($query:ident($($argument:expr),*)),* $(,)?) => {$(
            assert!(!world.changes(&cast.stranger, world.suite.voucher().$query($($argument),*)), stringify!($query));
            asked.push(concat!("Voucher::", stringify!($query)));
        )*};
    }
    unchanged_by!(
        voucher(number),
        vouchers_of(cast.citizen.number, None, 50),
        redemption(redeemed),
        redemptions_of_shop(cast.shop.number, None, 50),
        redemptions_of_voucher(number, None, 50),
        bundle(programme),
        member(programme, cast.citizen.number),
        card(programme, cast.citizen.number, cast.shop.number),
        roll(1),
        roll_count(),
        is_claimed(1, 0),
        credit(cast.shop.number, cast.bank.number),
        programme(programme),
        totals(programme),
        shop(programme, cast.shop.number),
        is_issuer(programme, cast.government.id()),
        standing(number, cast.shop.number),
        domain_separator(),
        registry(),
        ledger(),
        version(),
    );
    asked.sort_unstable();
    assert_eq!(asked, World::queries("voucher"), "each query of the contract is in this test");
    // The way it is measured does see a change.
    assert!(world.changes(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32])));
}
