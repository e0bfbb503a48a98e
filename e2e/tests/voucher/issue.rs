//! Blank vouchers: who creates them, for whom, until when.

use crate::common::*;
use amanah_client::{send, Actor, Event};
use amanah_domain::{
    ids::{ParticipantId, ProgrammeId, VoucherId},
    money::Amount,
    roles::Role,
    time::{DAY, EARLIEST, LATEST},
};
use amanah_e2e::{registration, Person, World, START};
use amanah_interfaces::{
    registry::{Registration, Registry},
    voucher::{Error, FundingRequested, NewVoucher, Voucher, VoucherRecord},
    AccountId, Timestamp,
};

fn row(holder: AccountId, category: u8, expires: Option<Timestamp>) -> NewVoucher {
    NewVoucher { holder, category, expires }
}

fn requested(cast: &Cast, programme: ProgrammeId, voucher: VoucherId, row: (ParticipantId, u8, Timestamp)) -> Event {
    let (holder, category, expires) = row;
    let bank = cast.bank.number;
    Event::FundingRequested(FundingRequested { voucher, bank, programme, holder, category, face: 0, expires })
}

/// Somebody whose identity card is valid until `until`.
fn citizen_with_card(world: &mut World, name: &str, until: Timestamp) -> Person {
    let government = world.government.actor.clone();
    let wanted = Registration { identity_valid_until: until, ..registration(name, &[Role::Citizen]) };
    let number = world.send(&government, world.suite.registry().register(wanted)).value;
    Person { actor: amanah_client::Actor::named(name), number }
}

#[test]
fn a_new_voucher_is_blank_and_lives_as_long_as_its_programme_says_and_the_bank_is_asked() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 2, None);
    let done = world.send(&cast.government.actor, create);
    assert_eq!(done.value, 1);
    let expires = START + 90 * DAY;
    assert_eq!(world.events(&done.events), [requested(&cast, programme, 1, (cast.citizen.number, 2, expires))]);
    assert_eq!(
        voucher(&mut world, 1),
        VoucherRecord::blank(programme, cast.citizen.number, 2, Amount::ZERO, expires, 0)
    );
    assert_eq!(books(&mut world, programme), [0; 5], "a blank voucher is worth nothing");
}

#[test]
fn a_voucher_may_be_given_an_end_of_its_own_in_the_future_and_in_milliseconds() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    for end in [START + 1, START + 1_000 * DAY, LATEST - 1] {
        let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, Some(end));
        let number = world.send(&cast.government.actor, create).value;
        assert_eq!(voucher(&mut world, number).expires, end);
    }
    let seconds = (START + DAY) / 1_000;
    let microseconds = (START + DAY) * 1_000;
    for expires in [0, seconds, EARLIEST, START - 1, START, LATEST, microseconds, u64::MAX] {
        let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, Some(expires));
        world.refuses(&cast.government.actor, create, Error::BadExpiry { expires });
    }
}

#[test]
fn the_end_of_a_voucher_that_lives_for_ever_does_not_wrap() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.life = u64::MAX);
    let number = world.blank_voucher(programme, &cast.citizen);
    assert_eq!(voucher(&mut world, number).expires, u64::MAX);
}

#[test]
fn only_the_owner_and_issuers_create_vouchers() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let mut others = world.outsiders(&[Role::Government]);
    others.push(second_government(&mut world).actor);
    for outsider in others {
        let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
        world.refuses(&outsider, create, Error::NotAllowed);
        let create = world.suite.voucher().create_many(programme, vec![row(cast.citizen.id(), 0, None)]);
        world.refuses(&outsider, create, Error::NotAllowed);
    }
}

#[test]
fn an_issuer_creates_vouchers_of_its_programme_only_and_no_more_once_it_is_removed() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let other = world.programme(world.terms());
    let issuer = world.enrol("issuer", &[Role::Charity]);
    let set = |allowed| world.suite.voucher().set_issuer(programme, issuer.id(), allowed);
    let (add, remove) = (set(true), set(false));
    world.send(&cast.government.actor, add);
    let done = world.send(&issuer.actor, world.suite.voucher().create(programme, cast.citizen.id(), 0, None));
    assert_eq!(voucher(&mut world, done.value).programme, programme);
    let create = world.suite.voucher().create_many(programme, vec![row(cast.citizen.id(), 1, None)]);
    assert_eq!(world.send(&issuer.actor, create).value, [Ok(2)]);
    let elsewhere = world.suite.voucher().create(other, cast.citizen.id(), 0, None);
    world.refuses(&issuer.actor, elsewhere, Error::NotAllowed);
    world.send(&cast.government.actor, remove);
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
    world.refuses(&issuer.actor, create, Error::NotAllowed);
}

#[test]
fn a_contract_that_is_an_issuer_creates_vouchers() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    // Any account that is no participant's stands for the welfare contract, which calls from its own.
    let contract = world.suite.ledger;
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
    let refused = send(&mut world.chain, &contract, create).expect_err("not yet an issuer");
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed));
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, contract.into(), true));
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
    let done = send(&mut world.chain, &contract, create).expect("an issuer creates");
    assert_eq!(voucher(&mut world, done.value).holder, cast.citizen.number);
}

#[test]
fn an_issuer_that_is_suspended_creates_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let issuer = world.enrol("issuer", &[Role::Charity]);
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, issuer.id(), true));
    world.suspend(&issuer);
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
    world.refuses(&issuer.actor, create, Error::NotAllowed);
}

#[test]
fn the_account_that_an_issuer_was_rebound_from_creates_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let issuer = world.enrol("issuer", &[Role::Charity]);
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, issuer.id(), true));
    world.rebind(&issuer, &Actor::named("issuer, later"));
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
    world.refuses(&issuer.actor, create, Error::NotAllowed);
}

#[test]
fn a_voucher_is_for_a_registered_active_citizen() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let account = cast.stranger.id();
    let create = world.suite.voucher().create(programme, account, 0, None);
    world.refuses(&cast.government.actor, create, Error::UnknownParticipant { account });
    for outsider in world.outsiders(&[Role::Citizen]).iter().skip(1) {
        let participant = world.ask(world.suite.registry().credentials(outsider.id())).unwrap().number;
        let create = world.suite.voucher().create(programme, outsider.id(), 0, None);
        world.refuses(&cast.government.actor, create, Error::HolderNotEligible { participant });
    }
}

#[test]
fn a_suspended_citizen_gets_vouchers_again_once_it_is_reinstated() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    world.suspend(&cast.citizen);
    let create = world.suite.voucher().create(programme, cast.citizen.id(), 0, None);
    let refused = Error::HolderNotEligible { participant: cast.citizen.number };
    world.refuses(&cast.government.actor, create, refused);
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.citizen.number));
    assert_eq!(world.blank_voucher(programme, &cast.citizen), 1);
}

#[test]
fn an_identity_card_serves_until_just_before_its_end() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let end = START + DAY;
    let holder = citizen_with_card(&mut world, "card that ends", end);
    let refused = Error::HolderNotEligible { participant: holder.number };
    world.chain.set_time(end - 1);
    assert_eq!(world.blank_voucher(programme, &holder), 1);
    for late in [end, end + 1] {
        world.chain.set_time(late);
        let create = world.suite.voucher().create(programme, holder.id(), 0, None);
        world.refuses(&cast.government.actor, create, refused);
    }
}

#[test]
fn a_voucher_is_of_one_of_its_programmes_categories() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.categories = vec![1, 31]);
    for category in [1, 31] {
        let create = world.suite.voucher().create(programme, cast.citizen.id(), category, None);
        let number = world.send(&cast.government.actor, create).value;
        assert_eq!(voucher(&mut world, number).category, category);
    }
    for category in [0, 2, 30, 32, 33, 63, 64, 255] {
        let create = world.suite.voucher().create(programme, cast.citizen.id(), category, None);
        world.refuses(&cast.government.actor, create, Error::UnknownCategory { category });
    }
}

#[test]
fn each_row_gets_its_own_answer_and_refused_rows_change_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let expired = citizen_with_card(&mut world, "old card", START);
    let second = world.enrol("second citizen", &[Role::Citizen]);
    let (one, two) = (cast.citizen.id(), second.id());
    let (later, stranger) = (START + 5 * DAY, cast.stranger.id());
    let rows = vec![
        row(one, 0, None),
        row(stranger, 0, None),
        row(cast.shop.id(), 0, None),
        row(two, 1, Some(later)),
        row(expired.id(), 0, None),
        row(one, 4, None),
        row(one, 0, Some(START)),
        row(one, 3, Some(later)),
    ];
    let done = world.send(&cast.government.actor, world.suite.voucher().create_many(programme, rows));
    let answers = [
        Ok(1),
        Err(Error::UnknownParticipant { account: stranger }),
        Err(Error::HolderNotEligible { participant: cast.shop.number }),
        Ok(2),
        Err(Error::HolderNotEligible { participant: expired.number }),
        Err(Error::UnknownCategory { category: 4 }),
        Err(Error::BadExpiry { expires: START }),
        Ok(3),
    ];
    assert_eq!(done.value, answers);
    let (one, two) = (cast.citizen.number, second.number);
    let events = [
        requested(&cast, programme, 1, (one, 0, START + 90 * DAY)),
        requested(&cast, programme, 2, (two, 1, later)),
        requested(&cast, programme, 3, (one, 3, later)),
    ];
    assert_eq!(world.events(&done.events), events);
    assert_eq!(voucher(&mut world, 1), VoucherRecord::blank(programme, one, 0, Amount::ZERO, START + 90 * DAY, 0));
    assert_eq!(voucher(&mut world, 2), VoucherRecord::blank(programme, two, 1, Amount::ZERO, later, 0));
    assert_eq!(voucher(&mut world, 3), VoucherRecord::blank(programme, one, 3, Amount::ZERO, later, 1));
    assert_eq!(world.ask(world.suite.voucher().voucher(4)), None);
}

#[test]
fn a_batch_of_refused_rows_or_of_none_changes_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let refused = vec![row(cast.stranger.id(), 0, None), row(cast.citizen.id(), 32, None)];
    for rows in [refused, vec![]] {
        let create = world.suite.voucher().create_many(programme, rows);
        let answers = world.changes_nothing(&cast.government.actor, create);
        assert!(answers.iter().all(Result::is_err), "{answers:?}");
    }
}

#[test]
fn a_hundred_rows_go_through_and_a_hundred_and_one_are_refused() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let rows = |many| vec![row(cast.citizen.id(), 0, None); many];
    let too_many = Error::TooManyRows { most: 100, given: 101 };
    let create = world.suite.voucher().create_many(programme, rows(101));
    world.refuses(&cast.government.actor, create, too_many);
    let done = world.send(&cast.government.actor, world.suite.voucher().create_many(programme, rows(100)));
    assert_eq!(done.value, (1..=100).map(Ok).collect::<Vec<_>>());
    assert_eq!(world.events(&done.events).len(), 100);
    assert_eq!(voucher(&mut world, 100).previous, 99);
}
