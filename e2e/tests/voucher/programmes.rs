//! Programmes: their terms, their issuers.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    money::{Amount, AmountError},
    programme::{Categories, USUAL_WINDOW},
    roles::Role,
    time::{DAY, SECOND},
};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    registry::Registry,
    voucher::{
        Changes, Denomination, Error, IssuerSet, Mode, Programme, ProgrammeCreated, Terms, TermsRefusal, Voucher,
    },
    AccountId,
};

#[test]
fn a_programme_is_stored_and_announced_as_its_terms_say() {
    let (mut world, cast) = stage();
    let second = world.enrol("second attestor", &[Role::RedemptionAttestor]);
    let denominations =
        vec![Denomination { category: 0, face: 50, count: 6 }, Denomination { category: 31, face: 500, count: 1 }];
    let terms = Terms {
        bank: cast.bank.id(),
        categories: vec![0, 31],
        mode: Mode::OneTime,
        life: 30 * DAY,
        window: USUAL_WINDOW,
        most_per_voucher: 500,
        budget: 7_000,
        attestors: vec![cast.attestor.id(), second.id()],
        attestors_needed: 2,
        holder_signature: true,
        admitted_shops_only: true,
        most_per_holder: 900,
        denominations: denominations.clone(),
        bundle_value: 800,
        universal: true,
        per_card: true,
    };
    let stored = Programme {
        owner: cast.government.number,
        bank: cast.bank.number,
        categories: Categories::of(&[0, 31]).unwrap(),
        mode: Mode::OneTime,
        life: 30 * DAY,
        window: USUAL_WINDOW,
        most_per_voucher: Amount::new(500),
        budget: Amount::new(7_000),
        attestors: vec![cast.attestor.number, second.number],
        attestors_needed: 2,
        holder_signature: true,
        admitted_shops_only: true,
        most_per_holder: Amount::new(900),
        universal: true,
        per_card: true,
        closed: false,
    };
    assert_eq!(world.ask(world.suite.voucher().programme(1)), None);
    let done = world.send(&cast.government.actor, world.suite.voucher().create_programme(terms));
    assert_eq!(done.value, 1);
    let created = ProgrammeCreated { programme: 1, terms: stored.clone(), denominations: denominations.clone() };
    assert_eq!(world.events(&done.events), [Event::ProgrammeCreated(created)]);
    assert_eq!(world.ask(world.suite.voucher().programme(1)), Some(stored));
    assert_eq!(world.ask(world.suite.voucher().bundle(1)), denominations);
    assert_eq!(books(&mut world, 1), [0; 5]);
    assert_eq!(world.programme(world.terms()), 2, "numbers go on");
    assert_eq!(world.ask(world.suite.voucher().programme(3)), None);
}

#[test]
fn only_an_active_government_creates_programmes() {
    let (mut world, cast) = stage();
    for outsider in world.outsiders(&[Role::Government]) {
        world.refuses(&outsider, world.suite.voucher().create_programme(world.terms()), Error::NotAllowed);
    }
    world.refuses(&cast.administrator, world.suite.voucher().create_programme(world.terms()), Error::NotAllowed);
    let second = second_government(&mut world);
    let done = world.send(&second.actor, world.suite.voucher().create_programme(world.terms()));
    assert_eq!(world.ask(world.suite.voucher().programme(done.value)).map(|one| one.owner), Some(second.number));
}

#[test]
fn each_senseless_term_is_refused_by_its_name() {
    let (mut world, cast) = stage();
    let many: Vec<AccountId> =
        (0..9).map(|n| world.enrol(&format!("attestor {n}"), &[Role::RedemptionAttestor]).id()).collect();
    let one = cast.attestor.id();
    type Change = Box<dyn Fn(&mut Terms)>;
    let senseless: Vec<(Change, TermsRefusal)> = vec![
        (Box::new(|t| t.categories = vec![]), TermsRefusal::Categories),
        (Box::new(|t| t.categories = vec![0, 32]), TermsRefusal::Categories),
        (Box::new(|t| t.categories = vec![255]), TermsRefusal::Categories),
        (Box::new(|t| t.window = SECOND - 1), TermsRefusal::Window),
        (Box::new(|t| t.window = DAY + 1), TermsRefusal::Window),
        (Box::new(|t| t.window = 0), TermsRefusal::Window),
        (Box::new(|t| t.life = t.window - 1), TermsRefusal::Life),
        (Box::new(|t| t.life = 0), TermsRefusal::Life),
        (Box::new(|t| t.most_per_voucher = 0), TermsRefusal::MostPerVoucher),
        (Box::new(|t| t.budget = 0), TermsRefusal::Budget),
        (Box::new(|t| t.attestors = vec![]), TermsRefusal::Attestors),
        (Box::new(move |t| t.attestors = many.clone()), TermsRefusal::Attestors),
        (Box::new(move |t| t.attestors = vec![one; 2]), TermsRefusal::Attestors),
        (Box::new(move |t| t.attestors = vec![one; 101]), TermsRefusal::Attestors),
        (Box::new(|t| t.attestors_needed = 0), TermsRefusal::AttestorsNeeded),
        (Box::new(|t| t.attestors_needed = 2), TermsRefusal::AttestorsNeeded),
        (Box::new(|t| t.attestors_needed = 255), TermsRefusal::AttestorsNeeded),
    ];
    for (change, refusal) in senseless {
        let mut terms = world.terms();
        change(&mut terms);
        let message = world.suite.voucher().create_programme(terms);
        world.refuses(&cast.government.actor, message, Error::Terms(refusal));
    }
    for (denominations, bundle_value, refusal) in [
        (vec![(50, 5), (100, 9), (500, 6)], 5_000, TermsRefusal::BundleValue { value: 5_000, sum: 4_150 }),
        (vec![], 1, TermsRefusal::BundleValue { value: 1, sum: 0 }),
        (vec![(1, 51)], 51, TermsRefusal::Denominations),
        (vec![(0, 1)], 0, TermsRefusal::Denominations),
        (vec![(1_000_001, 1)], 1_000_001, TermsRefusal::Denominations),
        (vec![(u128::MAX, 2)], u128::MAX, TermsRefusal::Denominations),
        (vec![(101, 1)], 101, TermsRefusal::MostPerHolder),
        (vec![], 0, TermsRefusal::Universal),
    ] {
        let denominations = denominations.into_iter();
        let denominations = denominations.map(|(face, count)| Denomination { category: 0, face, count }).collect();
        let universal = refusal == TermsRefusal::Universal;
        let most_per_holder = 100;
        let terms = Terms { denominations, bundle_value, universal, most_per_holder, ..world.terms() };
        let message = world.suite.voucher().create_programme(terms);
        world.refuses(&cast.government.actor, message, Error::Terms(refusal));
    }
    assert_eq!(world.programme(world.terms()), 1, "the refused ones took no number");
}

#[test]
fn terms_at_their_edges_pass() {
    let (mut world, _) = stage();
    let eight: Vec<AccountId> =
        (0..8).map(|n| world.enrol(&format!("attestor {n}"), &[Role::RedemptionAttestor]).id()).collect();
    let most = u128::from(u64::MAX);
    let edges = [
        programme_with(&mut world, |t| t.categories = vec![31, 31]),
        programme_with(&mut world, |t| t.window = SECOND),
        programme_with(&mut world, |t| t.window = DAY),
        programme_with(&mut world, |t| t.life = t.window),
        programme_with(&mut world, |t| t.life = u64::MAX),
        programme_with(&mut world, |t| (t.most_per_voucher, t.budget) = (1, 1)),
        programme_with(&mut world, |t| (t.most_per_voucher, t.budget) = (most, most)),
        programme_with(&mut world, |t| (t.attestors, t.attestors_needed) = (eight, 8)),
    ];
    assert_eq!(edges, [1, 2, 3, 4, 5, 6, 7, 8]);
    let stored = world.ask(world.suite.voucher().programme(7)).unwrap();
    assert_eq!((stored.most_per_voucher, stored.budget), (Amount::MAX, Amount::MAX));
}

#[test]
fn amounts_of_two_to_the_sixty_four_and_more_are_refused_at_the_door() {
    let (mut world, cast) = stage();
    for too_large in [1 << 64, u128::MAX] {
        for terms in [
            Terms { most_per_voucher: too_large, ..world.terms() },
            Terms { budget: too_large, ..world.terms() },
            Terms { most_per_holder: too_large, ..world.terms() },
        ] {
            let message = world.suite.voucher().create_programme(terms);
            world.refuses(&cast.government.actor, message, Error::Amount(AmountError::TooLarge));
        }
    }
}

#[test]
fn the_bank_of_a_programme_is_a_registered_active_bank() {
    let (mut world, cast) = stage();
    let unknown = Error::UnknownParticipant { account: cast.stranger.id() };
    let message = world.suite.voucher().create_programme(Terms { bank: cast.stranger.id(), ..world.terms() });
    world.refuses(&cast.government.actor, message, unknown);
    for account in world.outsiders(&[Role::Bank]).iter().skip(1).map(|outsider| outsider.id()) {
        let message = world.suite.voucher().create_programme(Terms { bank: account, ..world.terms() });
        world.refuses(&cast.government.actor, message, Error::WrongRole { account });
    }
}

#[test]
fn each_attestor_of_a_programme_is_a_registered_active_attestor() {
    let (mut world, cast) = stage();
    let with = |world: &World, account| Terms { attestors: vec![cast.attestor.id(), account], ..world.terms() };
    let unknown = Error::UnknownParticipant { account: cast.stranger.id() };
    let message = world.suite.voucher().create_programme(with(&world, cast.stranger.id()));
    world.refuses(&cast.government.actor, message, unknown);
    for account in world.outsiders(&[Role::RedemptionAttestor]).iter().skip(1).map(|outsider| outsider.id()) {
        let message = world.suite.voucher().create_programme(with(&world, account));
        world.refuses(&cast.government.actor, message, Error::WrongRole { account });
    }
}

#[test]
fn the_owner_adds_and_removes_issuers_be_they_participants_or_contracts() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let other = world.programme(world.terms());
    for issuer in [world.enrol("charity", &[Role::Charity]).id(), world.suite.ledger.into()] {
        let is_issuer = |world: &mut World, of| world.ask(world.suite.voucher().is_issuer(of, issuer));
        for allowed in [true, false, true] {
            let set = world.suite.voucher().set_issuer(programme, issuer, allowed);
            let done = world.send(&cast.government.actor, set);
            let event = Event::IssuerSet(IssuerSet { programme, issuer, allowed });
            assert_eq!(world.events(&done.events), [event]);
            assert_eq!((is_issuer(&mut world, programme), is_issuer(&mut world, other)), (allowed, false));
            let again = world.suite.voucher().set_issuer(programme, issuer, allowed);
            world.changes_nothing(&cast.government.actor, again);
        }
    }
}

#[test]
fn only_the_owner_sets_issuers() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let issuer = world.enrol("issuer", &[Role::Charity]);
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, issuer.id(), true));
    let mut others = world.outsiders(&[Role::Government]);
    others.extend([second_government(&mut world).actor, issuer.actor]);
    for outsider in others {
        let set = world.suite.voucher().set_issuer(programme, outsider.id(), true);
        world.refuses(&outsider, set, Error::NotAllowed);
    }
}

#[test]
fn an_owner_that_is_suspended_owns_nothing_until_it_is_reinstated() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    second_government(&mut world);
    world.suspend(&cast.government);
    let set = world.suite.voucher().set_issuer(programme, cast.citizen.id(), true);
    world.refuses(&cast.government.actor, set, Error::NotAllowed);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.government.number));
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, cast.citizen.id(), true));
}

#[test]
fn a_programme_that_does_not_exist_has_no_issuers_shops_or_vouchers() {
    let (mut world, cast) = stage();
    world.programme(world.terms());
    let from = &cast.government.actor;
    for programme in [0, 2, u64::MAX] {
        let unknown = Error::UnknownProgramme { programme };
        world.refuses(from, world.suite.voucher().set_issuer(programme, cast.citizen.id(), true), unknown);
        world.refuses(from, world.suite.voucher().admit_shops(programme, vec![]), unknown);
        world.refuses(from, world.suite.voucher().create(programme, cast.citizen.id(), 0, None), unknown);
        world.refuses(from, world.suite.voucher().create_many(programme, vec![]), unknown);
        world.refuses(&cast.bank.actor, world.suite.voucher().fund_many(programme, vec![]), unknown);
        world.refuses(from, world.suite.voucher().create_bundle(programme, cast.citizen.id()), unknown);
        world.refuses(from, world.suite.voucher().update_programme(programme, Changes::default()), unknown);
        world.refuses(from, world.suite.voucher().close_programme(programme), unknown);
        let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, 1, START + DAY);
        world.refuses(from, publish, unknown);
    }
}
