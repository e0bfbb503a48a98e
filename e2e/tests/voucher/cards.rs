//! Per-card programmes: a holder redeems once at each payment operator or shop.

use crate::common::*;
use amanah_domain::{ids::ProgrammeId, programme::USUAL_WINDOW, roles::Role};
use amanah_e2e::{Person, World};
use amanah_interfaces::voucher::{Admission, Error, Mode, RedemptionRefusal, Voucher};

/// A per-card programme of one-time vouchers.
fn per_card(world: &mut World) -> ProgrammeId {
    programme_with(world, |terms| (terms.per_card, terms.mode) = (true, Mode::OneTime))
}

fn operator(world: &mut World, name: &str) -> Person {
    world.enrol(name, &[Role::Operator])
}

fn used(redemption: u64) -> Error {
    Error::Redemption(RedemptionRefusal::CardUsed { redemption })
}

fn card(world: &mut World, programme: ProgrammeId, operator: &Person) -> u64 {
    world.ask(world.suite.voucher().card(programme, world.citizen.number, operator.number))
}

#[track_caller]
fn refused(world: &mut World, operator: &Person, voucher: u64, error: Error) {
    world.refuses(&operator.actor, world.suite.voucher().request(voucher, 50, 0, [0; 32]), error);
}

#[test]
fn a_holder_redeems_one_voucher_per_card() {
    let (mut world, cast) = stage();
    let programme = per_card(&mut world);
    let [one, two, three] = [0; 3].map(|_| world.funded_voucher_in(programme, 50));
    let [octopus, alipay] = ["octopus", "alipay"].map(|name| operator(&mut world, name));
    let first = request(&mut world, &octopus, one, 50);
    assert_eq!(card(&mut world, programme, &octopus), first);
    refused(&mut world, &octopus, two, used(first));
    confirm(&mut world, first);
    refused(&mut world, &octopus, two, used(first));
    world.send(&octopus.actor, world.suite.voucher().clear(first));
    refused(&mut world, &octopus, two, used(first));
    assert_eq!(card(&mut world, programme, &octopus), first, "used up for good, though the record is gone");
    let second = request(&mut world, &alipay, two, 50);
    confirm(&mut world, second);
    let third = request(&mut world, &cast.shop, three, 50);
    confirm(&mut world, third);
    assert_eq!(world.ask(world.suite.voucher().credit(octopus.number, cast.bank.number)), 50);
    let totals = world.check_books(programme, &[&octopus, &alipay, &cast.shop, &cast.bank]);
    assert_eq!((totals.funded.balance(), totals.paid.balance()), (150, 150));
    world.send(&octopus.actor, world.suite.voucher().withdraw(cast.bank.number, 50));
    assert_eq!(world.balance(&octopus), 50);
}

#[test]
fn a_card_is_one_holders_in_one_programme() {
    let (mut world, cast) = stage();
    let programme = per_card(&mut world);
    let octopus = operator(&mut world, "octopus");
    let second = world.enrol("second citizen", &[Role::Citizen]);
    let mine = world.funded_voucher_in(programme, 50);
    let others = world.blank_voucher(programme, &second);
    world.bank_has(50);
    world.send(&cast.bank.actor, world.suite.voucher().fund(others, 50));
    let other_programme = per_card(&mut world);
    let elsewhere = world.funded_voucher_in(other_programme, 50);
    for number in [mine, others, elsewhere] {
        let open = request(&mut world, &octopus, number, 50);
        confirm(&mut world, open);
    }
}

#[test]
fn a_redemption_that_ends_unconfirmed_frees_the_card() {
    let (mut world, cast) = stage();
    let programme = per_card(&mut world);
    let [one, two] = [0; 2].map(|_| world.funded_voucher_in(programme, 50));
    let octopus = operator(&mut world, "octopus");
    let cancelled = request(&mut world, &octopus, one, 50);
    world.send(&cast.citizen.actor, world.suite.voucher().cancel(cancelled));
    assert_eq!(card(&mut world, programme, &octopus), 0);
    let run_out = request(&mut world, &octopus, two, 50);
    refused(&mut world, &octopus, one, used(run_out));
    world.chain.advance(USUAL_WINDOW);
    refused(&mut world, &octopus, one, used(run_out));
    world.send(&cast.stranger, world.suite.voucher().expire(run_out));
    let open = request(&mut world, &octopus, one, 50);
    for ended in [cancelled, run_out] {
        world.send(&octopus.actor, world.suite.voucher().clear(ended));
        refused(&mut world, &octopus, two, used(open));
    }
    confirm(&mut world, open);
    refused(&mut world, &octopus, two, used(open));
}

#[test]
fn the_cards_deposit_goes_back_to_the_operator_that_paid_it_and_to_nobody_else() {
    let (mut world, cast) = stage();
    let programme = per_card(&mut world);
    let number = world.funded_voucher_in(programme, 50);
    let octopus = operator(&mut world, "octopus");
    let open = request(&mut world, &octopus, number, 50);
    world.chain.advance(USUAL_WINDOW);
    let ended = world.send(&cast.stranger, world.suite.voucher().expire(open));
    assert_eq!(ended.cost.deposit, 0, "whoever ends it gets and pays nothing");
    let cleared = world.send(&octopus.actor, world.suite.voucher().clear(open));
    assert!(cleared.cost.deposit < 0);
    assert_eq!(card(&mut world, programme, &octopus), 0);
}

#[test]
fn without_cards_an_operator_redeems_as_often_as_a_shop() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let octopus = operator(&mut world, "octopus");
    for _ in 0..2 {
        let open = request(&mut world, &octopus, number, 50);
        confirm(&mut world, open);
    }
    assert_eq!(card(&mut world, programme, &octopus), 0);
    assert_eq!(world.ask(world.suite.voucher().credit(octopus.number, cast.bank.number)), 100);
}

#[test]
fn an_operator_is_admitted_to_a_programme_like_a_shop() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| (terms.per_card, terms.admitted_shops_only) = (true, true));
    let number = world.funded_voucher_in(programme, 300);
    let octopus = operator(&mut world, "octopus");
    let not_admitted = Error::Shop(amanah_interfaces::voucher::ShopRefusal::NotAdmitted);
    refused(&mut world, &octopus, number, not_admitted);
    let row = Admission { shop: octopus.id(), categories: vec![0], daily_cap: 50 };
    let admit = world.suite.voucher().admit_shops(programme, vec![row]);
    assert_eq!(world.send(&cast.government.actor, admit).value, [Ok(octopus.number)]);
    let open = request(&mut world, &octopus, number, 50);
    confirm(&mut world, open);
}
