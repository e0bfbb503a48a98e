//! The kit itself: the suite deploys, and the voucher story's main path runs.

use amanah_e2e::World;
use amanah_interfaces::{registry::Registry, voucher::Voucher};

#[test]
fn the_suite_deploys_and_a_voucher_goes_from_blank_to_cash_in_the_shops_account() {
    let mut world = World::new();
    assert_eq!(world.ask(world.suite.registry().participant_count()), 6);
    let (programme, voucher) = world.funded_voucher(300_000);
    world.redeem(voucher, 120_000);
    let shop = world.shop.clone();
    world.send(&shop.actor, world.suite.voucher().withdraw(world.bank.number, 120_000));
    assert_eq!(world.balance(&shop), 120_000);
    let totals = world.check_books(programme, &[&shop]);
    assert_eq!((totals.paid.balance(), totals.available.balance()), (120_000, 180_000));
}

#[test]
fn the_contract_and_the_client_agree_on_the_domain_separator() {
    let mut world = World::new();
    assert_eq!(world.ask(world.suite.voucher().domain_separator()), world.suite.voucher_domain());
}

#[test]
fn everything_public_includes_what_contracts_store() {
    let mut world = World::new();
    // Only the contracts themselves have worked these out.
    let separators = [world.suite.voucher_domain(), world.suite.loan_domain(), world.suite.welfare_domain()];
    let public = world.chain.everything_public();
    for separator in separators {
        assert!(public.iter().any(|piece| piece.windows(32).any(|part| part == separator)));
    }
}
