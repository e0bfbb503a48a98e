//! The record of an ended redemption is cleared by who paid for it, and its deposit goes back.

use crate::common::*;
use amanah_client::{Actor, Event};
use amanah_domain::{programme::USUAL_WINDOW, time::DAY};
use amanah_e2e::START;
use amanah_interfaces::{
    registry::Registry,
    voucher::{Error, RedemptionCleared, RedemptionRefusal, Standing, Voucher},
};

#[test]
fn clearing_gives_the_deposit_back_and_keeps_the_money_where_it_is() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let message = world.suite.voucher().request(number, 120, 0, [0; 32]);
    let requested = world.send(&cast.shop.actor, message);
    assert!(requested.cost.deposit > 0, "the shop pays for the record");
    let ended = requested.value;
    confirm(&mut world, ended);
    let before = books(&mut world, programme);
    let cleared = world.send(&cast.shop.actor, world.suite.voucher().clear(ended));
    assert_eq!(world.events(&cleared.events), [Event::RedemptionCleared(RedemptionCleared { redemption: ended })]);
    assert!(cleared.cost.deposit < 0, "and gets it back");
    assert_eq!(world.ask(world.suite.voucher().redemption(ended)), None);
    assert_eq!(books(&mut world, programme), before);
    assert_eq!(credit(&mut world, &cast.shop), 120);
}

#[test]
fn a_request_pays_for_what_it_stores_as_the_papers_say() {
    let (mut world, cast) = stage();
    let (programme, one) = world.funded_voucher(300);
    let two = world.funded_voucher_in(programme, 300);
    let per_card = programme_with(&mut world, |terms| terms.per_card = true);
    let three = world.funded_voucher_in(per_card, 300);
    let mut pays = |number| {
        let done = world.send(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]));
        cancel(&mut world, done.value);
        done.cost.deposit
    };
    let (record, standing, head, card) = (105 + 1, 17 + 1, 8 + 1, 8 + 1);
    assert_eq!(pays(one), record + standing + head, "the shop's first");
    assert_eq!(pays(one), record, "the same voucher again");
    assert_eq!(pays(two), record + standing, "another voucher");
    assert_eq!(pays(three), record + standing + card, "in a per-card programme");
}

#[test]
fn a_record_is_kept_while_its_redemption_is_open() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 1);
    let still_open = Error::Redemption(RedemptionRefusal::StillOpen);
    world.refuses(&cast.shop.actor, world.suite.voucher().clear(open), still_open);
    world.chain.advance(USUAL_WINDOW);
    world.refuses(&cast.shop.actor, world.suite.voucher().clear(open), still_open);
    world.send(&cast.stranger, world.suite.voucher().expire(open));
    world.send(&cast.shop.actor, world.suite.voucher().clear(open));
}

#[test]
fn nobody_but_the_account_that_requested_or_its_shop_clears_and_it_clears_once() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let ended = world.redeem(number, 1);
    let second = second_shop(&mut world);
    let not_yours = Error::Redemption(RedemptionRefusal::NotYours);
    let others = [second.actor, cast.citizen.actor, cast.attestor.actor, cast.government.actor, cast.stranger];
    for other in others {
        world.refuses(&other, world.suite.voucher().clear(ended), not_yours);
    }
    world.send(&cast.shop.actor, world.suite.voucher().clear(ended));
    let unknown = Error::UnknownRedemption { redemption: ended };
    world.refuses(&cast.shop.actor, world.suite.voucher().clear(ended), unknown);
}

#[test]
fn a_shop_that_moved_to_another_account_clears_what_it_requested_from_the_old_one() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let [first, second] = [1, 2].map(|amount| world.redeem(number, amount));
    let moved = Actor::named("the shop, later");
    let officer = second_government(&mut world);
    let propose = world.suite.registry().propose_rebind(cast.shop.number, moved.id(), None);
    world.send(&cast.government.actor, propose);
    let not_yours = Error::Redemption(RedemptionRefusal::NotYours);
    world.refuses(&moved, world.suite.voucher().clear(first), not_yours);
    world.send(&officer.actor, world.suite.registry().confirm_rebind(cast.shop.number, moved.id(), None));
    let cleared = world.send(&moved, world.suite.voucher().clear(first));
    assert!(cleared.cost.deposit < 0, "the deposit is the shop's");
    // Whoever holds the account that requested still may.
    world.send(&cast.shop.actor, world.suite.voucher().clear(second));
}

#[test]
fn what_is_known_of_a_shop_goes_with_a_record_that_is_cleared_after_the_vouchers_end() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let [exhausted, expired, void, alive] = [0; 4].map(|_| world.funded_voucher_in(programme, 300));
    let second = second_shop(&mut world);
    let mut struck = |number| {
        let open = request(&mut world, &cast.shop, number, 1);
        cancel(&mut world, open);
        open
    };
    let ended = [exhausted, expired, void, alive].map(|number| (number, [struck(number), struck(number)]));
    let open = request(&mut world, &second, exhausted, 300);
    confirm(&mut world, open);
    world.send(&cast.regulator.actor, world.suite.voucher().void(void, 1));
    let extend = world.suite.voucher().extend(alive, START + 200 * DAY);
    world.send(&cast.government.actor, extend);
    world.chain.advance(90 * DAY);
    expire_voucher(&mut world, expired);
    for (number, [first, latest]) in ended {
        let before = standing(&mut world, number, &cast.shop);
        assert_eq!((before.latest, before.strikes), (latest, 2));
        // The later record first: clearing the earlier one brings nothing back.
        for record in [latest, first] {
            world.send(&cast.shop.actor, world.suite.voucher().clear(record));
            let kept = if number == alive { before } else { Standing::default() };
            assert_eq!(standing(&mut world, number, &cast.shop), kept);
        }
    }
}

#[test]
fn a_redemption_that_is_open_at_the_vouchers_end_is_no_strike_once_the_shop_has_cleared_another_one() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let cancelled = request(&mut world, &cast.shop, number, 1);
    cancel(&mut world, cancelled);
    let open = request(&mut world, &cast.shop, number, 1);
    world.send(&cast.regulator.actor, world.suite.voucher().void(number, 1));
    world.send(&cast.shop.actor, world.suite.voucher().clear(cancelled));
    assert_eq!(standing(&mut world, number, &cast.shop), Standing::default());
    cancel(&mut world, open);
    assert_eq!(standing(&mut world, number, &cast.shop), Standing::default());
    world.send(&cast.shop.actor, world.suite.voucher().clear(open));
    assert_eq!(standing(&mut world, number, &cast.shop), Standing::default());
}

#[test]
fn a_suspended_shop_still_clears() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let ended = world.redeem(number, 1);
    world.suspend(&cast.shop);
    world.send(&cast.shop.actor, world.suite.voucher().clear(ended));
}

#[test]
fn a_proof_does_not_serve_again_once_the_record_is_cleared() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let ended = request(&mut world, &cast.shop, number, 100);
    let proof = world.proof(ended);
    world.send(&cast.stranger, world.suite.voucher().confirm(ended, proof.clone()));
    world.send(&cast.shop.actor, world.suite.voucher().clear(ended));
    let unknown = Error::UnknownRedemption { redemption: ended };
    world.refuses(&cast.stranger, world.suite.voucher().confirm(ended, proof), unknown);
    assert_eq!(request(&mut world, &cast.shop, number, 100), ended + 1, "a number is given once");
    assert_eq!(books(&mut world, programme), [300, 100, 100, 100, 0]);
}
