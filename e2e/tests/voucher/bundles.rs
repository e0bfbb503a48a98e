//! Bundles: the vouchers of fixed values that each holder gets once, and the cap on a holder.

use crate::common::*;
use amanah_client::{send, Event};
use amanah_domain::{ids::ProgrammeId, money::Amount, roles::Role, time::DAY};
use amanah_e2e::{Person, World, START};
use amanah_interfaces::{
    registry::Registry,
    voucher::{
        BundleCreated, Denomination, Error, Funding, FundingRequested, HolderRefusal, Member, Terms, Voucher,
        VoucherRecord, VoucherRefusal, VoucherStatus,
    },
    Balance,
};

/// Two vouchers of 50 and one of 500 for category 0, one of 100 for category 1: 700.
fn with_bundle(terms: &mut Terms) {
    terms.denominations = [(0, 50, 2), (0, 500, 1), (1, 100, 1)]
        .map(|(category, face, count)| Denomination { category, face, count })
        .to_vec();
    terms.bundle_value = 700;
}

fn create(world: &mut World, programme: ProgrammeId, holder: &Person) -> Vec<u64> {
    let government = world.government.actor.clone();
    world.send(&government, world.suite.voucher().create_bundle(programme, holder.id())).value
}

#[test]
fn a_bundle_is_a_voucher_for_each_piece_and_the_bank_is_asked_for_exactly_their_values() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, with_bundle);
    let earlier = world.blank_voucher(programme, &cast.citizen);
    let done = world.send(&cast.government.actor, world.suite.voucher().create_bundle(programme, cast.citizen.id()));
    assert_eq!(done.value, [2, 3, 4, 5]);
    let (holder, bank, expires) = (cast.citizen.number, cast.bank.number, START + 90 * DAY);
    let pieces = [(0, 50), (0, 50), (0, 500), (1, 100)];
    let mut events = Vec::new();
    for (voucher_number, (category, face)) in (2..).zip(pieces) {
        let record = voucher(&mut world, voucher_number);
        let previous = voucher_number - 1;
        let face_amount = Amount::new(face);
        assert_eq!(record, VoucherRecord::blank(programme, holder, category, face_amount, expires, previous));
        let (voucher, face) = (voucher_number, Balance::from(face));
        let requested = FundingRequested { voucher, bank, programme, holder, category, face, expires };
        events.push(Event::FundingRequested(requested));
    }
    assert_eq!(earlier, 1);
    events.push(Event::BundleCreated(BundleCreated { programme, holder, first: 2, count: 4 }));
    assert_eq!(world.events(&done.events), events);
    let listed = world.ask(world.suite.voucher().vouchers_of(holder, None, 50));
    assert_eq!(listed.into_iter().map(|(number, _)| number).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
    assert_eq!(books(&mut world, programme), [0; 5], "nothing is worth anything yet");
}

#[test]
fn a_holder_gets_its_bundle_once_in_each_programme() {
    let (mut world, cast) = stage();
    let [one, other] = [0; 2].map(|_| programme_with(&mut world, with_bundle));
    let second = world.enrol("second citizen", &[Role::Citizen]);
    create(&mut world, one, &cast.citizen);
    let refused = Error::Holder(HolderRefusal::HasBundle { holder: cast.citizen.number });
    let again = world.suite.voucher().create_bundle(one, cast.citizen.id());
    world.refuses(&cast.government.actor, again, refused);
    let has = |world: &mut World, programme, of: &Person| {
        world.ask(world.suite.voucher().member(programme, of.number)).has_bundle
    };
    assert!(has(&mut world, one, &cast.citizen) && !has(&mut world, one, &second));
    assert!(!has(&mut world, other, &cast.citizen));
    create(&mut world, one, &second);
    create(&mut world, other, &cast.citizen);
    world.chain.set_time(START + 90 * DAY);
    expire_voucher(&mut world, 1);
    let again = world.suite.voucher().create_bundle(one, cast.citizen.id());
    world.refuses(&cast.government.actor, again, refused);
}

#[test]
fn each_voucher_of_a_bundle_takes_exactly_its_value_once_and_is_spent() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, with_bundle);
    let [fifty, other, five_hundred, hundred] = create(&mut world, programme, &cast.citizen)[..] else { panic!() };
    world.bank_has(5_000);
    let not = |face| Error::Voucher(VoucherRefusal::NotFace { face });
    for wrong in [1, 49, 51, 100, 500] {
        world.refuses(&cast.bank.actor, world.suite.voucher().fund(fifty, wrong), not(50));
    }
    let rows = [(fifty, 50), (other, 49), (five_hundred, 500), (hundred, 101), (other, 50), (fifty, 50)];
    let rows = rows.map(|(voucher, amount)| Funding { voucher, amount }).to_vec();
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
    assert_eq!(done.value, [Ok(()), Err(not(50)), Ok(()), Err(not(100)), Ok(()), Err(not(50))]);
    world.send(&cast.bank.actor, world.suite.voucher().fund(hundred, 100));
    assert_eq!(books(&mut world, programme), [700, 700, 0, 0, 0]);
    world.redeem(five_hundred, 500);
    assert_eq!(voucher(&mut world, five_hundred).status, VoucherStatus::Exhausted);
    assert_eq!(books(&mut world, programme), [700, 200, 0, 500, 0]);
}

#[test]
fn only_the_owner_and_issuers_create_bundles() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, with_bundle);
    let mut others = world.outsiders(&[Role::Government]);
    others.extend([second_government(&mut world).actor, cast.citizen.actor.clone()]);
    for outsider in others {
        let create = world.suite.voucher().create_bundle(programme, cast.citizen.id());
        world.refuses(&outsider, create, Error::NotAllowed);
    }
    let issuer = world.enrol("issuer", &[Role::Charity]);
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, issuer.id(), true));
    world.send(&issuer.actor, world.suite.voucher().create_bundle(programme, cast.citizen.id()));
    let contract = world.suite.ledger;
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, contract.into(), true));
    let second = world.enrol("second citizen", &[Role::Citizen]);
    let create = world.suite.voucher().create_bundle(programme, second.id());
    assert_eq!(send(&mut world.chain, &contract, create).expect("an issuer creates").value, [5, 6, 7, 8]);
}

#[test]
fn in_a_universal_programme_anybody_triggers_the_bundle_of_an_eligible_holder() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| {
        with_bundle(terms);
        terms.universal = true;
    });
    let second = world.enrol("second citizen", &[Role::Citizen]);
    world.send(&cast.stranger, world.suite.voucher().create_bundle(programme, cast.citizen.id()));
    world.send(&second.actor, world.suite.voucher().create_bundle(programme, second.id()));
    let single = world.suite.voucher().create(programme, second.id(), 0, None);
    world.refuses(&second.actor, single, Error::NotAllowed);
}

#[test]
fn a_bundle_is_for_a_registered_eligible_citizen() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| {
        with_bundle(terms);
        terms.universal = true;
    });
    let account = cast.stranger.id();
    let create = world.suite.voucher().create_bundle(programme, account);
    world.refuses(&cast.government.actor, create, Error::UnknownParticipant { account });
    for outsider in world.outsiders(&[Role::Citizen]).iter().skip(1) {
        let participant = world.ask(world.suite.registry().credentials(outsider.id())).unwrap().number;
        let create = world.suite.voucher().create_bundle(programme, outsider.id());
        world.refuses(&cast.stranger, create, Error::HolderNotEligible { participant });
    }
}

#[test]
fn a_programme_without_denominations_has_no_bundles() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let create = world.suite.voucher().create_bundle(programme, cast.citizen.id());
    world.refuses(&cast.government.actor, create, Error::NoBundle { programme });
}

#[test]
fn a_bundle_of_fifty_vouchers_is_created_at_once() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| {
        terms.denominations = vec![Denomination { category: 3, face: 100, count: 50 }];
        terms.bundle_value = 5_000;
    });
    assert_eq!(create(&mut world, programme, &cast.citizen), (1..=50).collect::<Vec<_>>());
    world.bank_has(5_000);
    let rows = (1..=50).map(|voucher| Funding { voucher, amount: 100 }).collect();
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
    assert_eq!(done.value, [Ok(()); 50]);
    assert_eq!(books(&mut world, programme), [5_000, 5_000, 0, 0, 0]);
}

#[test]
fn all_vouchers_of_a_holder_are_filled_to_its_cap_and_not_a_unit_more() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.most_per_holder = 500);
    let second = world.enrol("second citizen", &[Role::Citizen]);
    let [one, two] = [0; 2].map(|_| world.blank_voucher(programme, &cast.citizen));
    let others = world.blank_voucher(programme, &second);
    world.bank_has(5_000);
    let over = |wanted| Error::Holder(HolderRefusal::OverHolderCap { most: 500, wanted });
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(one, 501), over(501));
    world.send(&cast.bank.actor, world.suite.voucher().fund(one, 300));
    let rows = [(two, 201), (others, 500), (two, 200), (one, 1), (others, 1)];
    let rows = rows.map(|(voucher, amount)| Funding { voucher, amount }).to_vec();
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_many(programme, rows));
    assert_eq!(done.value, [Err(over(501)), Ok(()), Ok(()), Err(over(501)), Err(over(501))]);
    let member = world.ask(world.suite.voucher().member(programme, cast.citizen.number));
    assert_eq!(member, Member { has_bundle: false, funded: Amount::new(500) });
    assert_eq!(books(&mut world, programme), [1_000, 1_000, 0, 0, 0]);
    world.send(&cast.regulator.actor, world.suite.voucher().void(one, 1));
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(two, 1), over(501));
}
