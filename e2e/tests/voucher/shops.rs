//! Shops: their admission to a programme, what they may sell, how much a day.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::ProgrammeId,
    money::{Amount, AmountError},
    programme::{Categories, USUAL_WINDOW},
    roles::Role,
    time::{day_of, DAY},
};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    voucher::{Admission, Error, ShopAdmitted, ShopRecord, ShopRefusal, TermsRefusal, Voucher},
    AccountId, Balance,
};

fn row(shop: AccountId, categories: &[u8], daily_cap: Balance) -> Admission {
    Admission { shop, categories: categories.to_vec(), daily_cap }
}

fn admitted(categories: &[u8], daily_cap: u64) -> ShopRecord {
    ShopRecord::admitted(Categories::of(categories).unwrap(), Amount::new(daily_cap))
}

/// A programme for admitted shops, which has admitted the usual shop for category 0 with this daily cap.
fn capped(world: &mut World, daily_cap: Balance) -> ProgrammeId {
    let programme = programme_with(world, |terms| terms.admitted_shops_only = true);
    admit(world, programme, daily_cap);
    programme
}

/// Admits the usual shop for category 0.
fn admit(world: &mut World, programme: ProgrammeId, daily_cap: Balance) {
    let (government, shop) = (world.government.actor.clone(), world.shop.clone());
    let admit = world.suite.voucher().admit_shops(programme, vec![row(shop.id(), &[0], daily_cap)]);
    assert_eq!(world.send(&government, admit).value, [Ok(shop.number)]);
}

/// What the usual shop's day has come to.
fn today(world: &mut World, programme: ProgrammeId) -> Balance {
    let record = world.ask(world.suite.voucher().shop(programme, world.shop.number)).expect("the shop is admitted");
    record.today.balance()
}

#[test]
fn admitted_shops_are_stored_and_announced() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let second = second_shop(&mut world);
    let rows = vec![row(cast.shop.id(), &[0, 3], 500), row(second.id(), &[1], 0)];
    let done = world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows));
    assert_eq!(done.value, [Ok(cast.shop.number), Ok(second.number)]);
    let records = [(cast.shop.number, admitted(&[0, 3], 500)), (second.number, admitted(&[1], 0))];
    let events = records.map(|(shop, record)| Event::ShopAdmitted(ShopAdmitted { programme, shop, record }));
    assert_eq!(world.events(&done.events), events);
    for (shop, record) in records {
        assert_eq!(world.ask(world.suite.voucher().shop(programme, shop)), Some(record));
    }
    assert_eq!(world.ask(world.suite.voucher().shop(programme + 1, cast.shop.number)), None, "in this programme only");
}

#[test]
fn only_the_owner_admits_shops() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, cast.regulator.id(), true));
    let mut others = world.outsiders(&[Role::Government]);
    others.extend([second_government(&mut world).actor, cast.regulator.actor]);
    for outsider in others {
        let admit = world.suite.voucher().admit_shops(programme, vec![row(cast.shop.id(), &[0], 0)]);
        world.refuses(&outsider, admit, Error::NotAllowed);
    }
}

#[test]
fn each_admission_gets_its_own_answer_and_refused_ones_change_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let shops: Vec<_> = (0..9).map(|n| world.enrol(&format!("shop {n}"), &[Role::Shop])).collect();
    let suspended = world.enrol("suspended shop", &[Role::Shop]);
    world.suspend(&suspended);
    let most = Balance::from(u64::MAX);
    let rows = vec![
        row(shops[0].id(), &[0], 0),
        row(cast.stranger.id(), &[0], 0),
        row(cast.bank.id(), &[0], 0),
        row(suspended.id(), &[0], 0),
        row(shops[1].id(), &[], 0),
        row(shops[2].id(), &[0, 32], 0),
        row(shops[3].id(), &[0, 4, 5], 0),
        row(shops[4].id(), &[0], most + 1),
        row(shops[5].id(), &[0], most),
    ];
    let answers = [
        Ok(shops[0].number),
        Err(Error::UnknownParticipant { account: cast.stranger.id() }),
        Err(Error::WrongRole { account: cast.bank.id() }),
        Err(Error::WrongRole { account: suspended.id() }),
        Err(Error::Terms(TermsRefusal::Categories)),
        Err(Error::Terms(TermsRefusal::Categories)),
        Err(Error::UnknownCategory { category: 4 }),
        Err(Error::Amount(AmountError::TooLarge)),
        Ok(shops[5].number),
    ];
    let done = world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows.clone()));
    assert_eq!(done.value, answers);
    assert_eq!(world.events(&done.events).len(), 2);
    let shop = |world: &mut World, number| world.ask(world.suite.voucher().shop(programme, number));
    assert_eq!(shop(&mut world, shops[0].number), Some(admitted(&[0], 0)));
    assert_eq!(shop(&mut world, shops[5].number), Some(admitted(&[0], u64::MAX)));
    for refused in shops[1..5].iter().chain([&cast.bank, &suspended]) {
        assert_eq!(shop(&mut world, refused.number), None);
    }
    for rows in [rows[1..8].to_vec(), vec![]] {
        world.changes_nothing(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows));
    }
}

#[test]
fn a_hundred_shops_are_admitted_at_once_and_a_hundred_and_one_refused() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let rows = |many| vec![row(cast.shop.id(), &[0, 1, 2, 3], 5); many];
    let too_many = Error::TooManyRows { most: 100, given: 101 };
    let admit = world.suite.voucher().admit_shops(programme, rows(101));
    world.refuses(&cast.government.actor, admit, too_many);
    let done = world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows(100)));
    assert_eq!(done.value, vec![Ok(cast.shop.number); 100]);
}

#[test]
fn a_programme_for_admitted_shops_pays_no_other() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.admitted_shops_only = true);
    let number = world.funded_voucher_in(programme, 300);
    let refused = Error::Shop(ShopRefusal::NotAdmitted);
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    let elsewhere = programme_with(&mut world, |terms| terms.admitted_shops_only = true);
    admit(&mut world, elsewhere, 0);
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    admit(&mut world, programme, 0);
    world.redeem(number, 1);
    assert_eq!(books(&mut world, programme), [300, 299, 0, 1, 0]);
}

#[test]
fn an_admitted_shop_sells_only_what_it_was_admitted_for() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.admitted_shops_only = true);
    let number = world.funded_voucher_in(programme, 300);
    let admit_for = |categories: &[u8]| vec![row(cast.shop.id(), categories, 0)];
    world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, admit_for(&[1, 2, 3])));
    let refused = Error::Shop(ShopRefusal::CategoryNotSold { category: 0 });
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), refused);
    world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, admit_for(&[0])));
    assert_eq!(request(&mut world, &cast.shop, number, 1), 1);
}

#[test]
fn where_every_shop_may_sell_an_admission_limits_nothing() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let rows = vec![row(cast.shop.id(), &[1], 5)];
    world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows));
    let open = request(&mut world, &cast.shop, number, 100);
    cancel(&mut world, open);
    world.redeem(number, 300);
    assert_eq!(books(&mut world, programme), [300, 0, 0, 300, 0]);
}

#[test]
fn a_day_reaches_its_cap_and_not_a_unit_more_and_starts_again_at_midnight() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let numbers = [0; 3].map(|_| world.funded_voucher_in(programme, 300));
    world.redeem(numbers[0], 60);
    request(&mut world, &cast.shop, numbers[1], 40);
    assert_eq!(today(&mut world, programme), 100, "what is open counts as well");
    let refused = Error::Shop(ShopRefusal::OverDailyCap { most: 100, wanted: 101 });
    for at in [START, START + DAY - 1] {
        world.chain.set_time(at);
        world.refuses(&cast.shop.actor, world.suite.voucher().request(numbers[2], 1, 0, [0; 32]), refused);
    }
    world.chain.set_time(START + DAY);
    let refused = Error::Shop(ShopRefusal::OverDailyCap { most: 100, wanted: 101 });
    world.refuses(&cast.shop.actor, world.suite.voucher().request(numbers[2], 101, 0, [0; 32]), refused);
    request(&mut world, &cast.shop, numbers[2], 100);
    assert_eq!(today(&mut world, programme), 100);
    assert_eq!(books(&mut world, programme), [900, 700, 140, 60, 0]);
}

#[test]
fn a_cap_is_one_shops_in_one_programme() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let number = world.funded_voucher_in(programme, 300);
    let second = second_shop(&mut world);
    let rows = vec![row(second.id(), &[0], 100)];
    world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows));
    request(&mut world, &cast.shop, number, 100);
    request(&mut world, &second, number, 100);
    let other = capped(&mut world, 100);
    let number = world.funded_voucher_in(other, 300);
    request(&mut world, &cast.shop, number, 100);
    assert_eq!((today(&mut world, programme), today(&mut world, other)), (100, 100));
}

#[test]
fn what_is_cancelled_or_runs_out_on_its_own_day_counts_no_more() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let number = world.funded_voucher_in(programme, 300);
    let open = request(&mut world, &cast.shop, number, 100);
    cancel(&mut world, open);
    assert_eq!(today(&mut world, programme), 0);
    let open = request(&mut world, &cast.shop, number, 70);
    world.chain.advance(USUAL_WINDOW);
    world.send(&cast.stranger, world.suite.voucher().expire(open));
    assert_eq!(today(&mut world, programme), 0);
    world.redeem(number, 100);
    assert_eq!(today(&mut world, programme), 100);
    assert_eq!(books(&mut world, programme), [300, 200, 0, 100, 0]);
}

#[test]
fn what_was_requested_before_midnight_and_ends_after_it_leaves_the_new_day_alone() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let [late, early] = [0; 2].map(|_| world.funded_voucher_in(programme, 300));
    world.chain.set_time(START + DAY - 1);
    let open = request(&mut world, &cast.shop, late, 100);
    world.chain.set_time(START + DAY);
    request(&mut world, &cast.shop, early, 80);
    cancel(&mut world, open);
    assert_eq!(today(&mut world, programme), 80, "yesterday's amount does not make room today");
    let refused = Error::Shop(ShopRefusal::OverDailyCap { most: 100, wanted: 101 });
    world.refuses(&cast.shop.actor, world.suite.voucher().request(late, 21, 0, [0; 32]), refused);
    request(&mut world, &cast.shop, late, 20);
}

#[test]
fn a_refused_request_does_not_count() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let number = world.funded_voucher_in(programme, 50);
    request(&mut world, &cast.shop, number, 10);
    let message = world.suite.voucher().request(number, 10, 0, [0; 32]);
    let another = amanah_interfaces::voucher::RedemptionRefusal::AnotherIsOpen { redemption: 1 };
    world.refuses(&cast.shop.actor, message, Error::Redemption(another));
    assert_eq!(today(&mut world, programme), 10);
}

#[test]
fn new_terms_for_a_shop_keep_what_its_day_has_come_to() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let [one, two] = [0; 2].map(|_| world.funded_voucher_in(programme, 300));
    request(&mut world, &cast.shop, one, 90);
    let rows = vec![row(cast.shop.id(), &[0, 1], 95)];
    let done = world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows));
    let (day, today) = (day_of(START), Amount::new(90));
    let record = ShopRecord { day, today, ..admitted(&[0, 1], 95) };
    let event = ShopAdmitted { programme, shop: cast.shop.number, record };
    assert_eq!(world.events(&done.events), [Event::ShopAdmitted(event)]);
    let refused = Error::Shop(ShopRefusal::OverDailyCap { most: 95, wanted: 96 });
    world.refuses(&cast.shop.actor, world.suite.voucher().request(two, 6, 0, [0; 32]), refused);
    request(&mut world, &cast.shop, two, 5);
}

#[test]
fn admitting_a_shop_again_on_the_same_terms_changes_nothing() {
    let (mut world, cast) = stage();
    let programme = capped(&mut world, 100);
    let rows = vec![row(cast.shop.id(), &[0], 100)];
    let answers = world.changes_nothing(&cast.government.actor, world.suite.voucher().admit_shops(programme, rows));
    assert_eq!(answers, [Ok(cast.shop.number)]);
}
