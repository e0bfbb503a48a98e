//! A programme's terms change, and programmes are closed.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::ProgrammeId,
    money::{Amount, AmountError},
    programme::USUAL_WINDOW,
    roles::Role,
    time::{DAY, MINUTE, SECOND},
};
use amanah_e2e::{World, START};
use amanah_interfaces::voucher::{
    Changes, Denomination, Error, NewVoucher, Programme, ProgrammeClosed, ProgrammeUpdated, Proof, ProofRefusal,
    TermsRefusal, Voucher, VoucherRefusal,
};

fn stored(world: &mut World, programme: ProgrammeId) -> Programme {
    world.ask(world.suite.voucher().programme(programme)).expect("the programme is there")
}

/// The owner changes a programme.
#[track_caller]
fn update(world: &mut World, programme: ProgrammeId, changes: Changes) {
    let government = world.government.actor.clone();
    world.send(&government, world.suite.voucher().update_programme(programme, changes));
}

/// The owner closes a programme.
fn close(world: &mut World, programme: ProgrammeId) {
    let government = world.government.actor.clone();
    world.send(&government, world.suite.voucher().close_programme(programme));
}

#[test]
fn the_owner_changes_terms_and_the_others_stay() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let before = stored(&mut world, programme);
    let [one, two] = ["second attestor", "third attestor"].map(|name| world.enrol(name, &[Role::RedemptionAttestor]));
    let changes = Changes {
        budget: Some(5_000),
        most_per_voucher: Some(700),
        life: Some(DAY),
        window: Some(MINUTE),
        attestors: Some(vec![one.id(), two.id()]),
        attestors_needed: Some(2),
        holder_signature: Some(true),
    };
    let update = world.suite.voucher().update_programme(programme, changes);
    let done = world.send(&cast.government.actor, update);
    let terms = Programme {
        budget: Amount::new(5_000),
        most_per_voucher: Amount::new(700),
        life: DAY,
        window: MINUTE,
        attestors: vec![one.number, two.number],
        attestors_needed: 2,
        holder_signature: true,
        ..before
    };
    let event = ProgrammeUpdated { programme, terms: terms.clone() };
    assert_eq!(world.events(&done.events), [Event::ProgrammeUpdated(event)]);
    assert_eq!(stored(&mut world, programme), terms);
}

#[test]
fn what_is_not_given_or_is_as_it_was_changes_nothing() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let same = Changes { budget: Some(world.terms().budget), attestors_needed: Some(1), ..Changes::default() };
    for changes in [Changes::default(), same] {
        let update = world.suite.voucher().update_programme(programme, changes);
        world.changes_nothing(&cast.government.actor, update);
    }
}

#[test]
fn only_the_owner_changes_and_closes_a_programme() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let mut others = world.outsiders(&[Role::Government]);
    others.extend([second_government(&mut world).actor, cast.administrator.clone()]);
    for outsider in others {
        let changes = Changes { budget: Some(1), ..Changes::default() };
        let update = world.suite.voucher().update_programme(programme, changes);
        world.refuses(&outsider, update, Error::NotAllowed);
        world.refuses(&outsider, world.suite.voucher().close_programme(programme), Error::NotAllowed);
    }
    world.suspend(&cast.government);
    let update = world.suite.voucher().update_programme(programme, Changes::default());
    world.refuses(&cast.government.actor, update, Error::NotAllowed);
    world.refuses(&cast.government.actor, world.suite.voucher().close_programme(programme), Error::NotAllowed);
}

#[test]
fn each_senseless_change_is_refused_by_its_name() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| {
        terms.denominations = vec![Denomination { category: 0, face: 500, count: 2 }];
        terms.bundle_value = 1_000;
    });
    world.funded_voucher_in(programme, 300);
    let one = cast.attestor.id();
    let none = Changes::default;
    for (changes, refusal) in [
        (Changes { budget: Some(299), ..none() }, TermsRefusal::BudgetUsed { funded: 300 }),
        (Changes { budget: Some(0), ..none() }, TermsRefusal::Budget),
        (Changes { most_per_voucher: Some(0), ..none() }, TermsRefusal::MostPerVoucher),
        (Changes { most_per_voucher: Some(499), ..none() }, TermsRefusal::Denominations),
        (Changes { life: Some(USUAL_WINDOW - 1), ..none() }, TermsRefusal::Life),
        (Changes { window: Some(SECOND - 1), ..none() }, TermsRefusal::Window),
        (Changes { window: Some(DAY + 1), ..none() }, TermsRefusal::Window),
        (Changes { attestors: Some(vec![]), ..none() }, TermsRefusal::Attestors),
        (Changes { attestors: Some(vec![one; 2]), ..none() }, TermsRefusal::Attestors),
        (Changes { attestors: Some(vec![one; 101]), ..none() }, TermsRefusal::Attestors),
        (Changes { attestors_needed: Some(0), ..none() }, TermsRefusal::AttestorsNeeded),
        (Changes { attestors_needed: Some(2), ..none() }, TermsRefusal::AttestorsNeeded),
    ] {
        let update = world.suite.voucher().update_programme(programme, changes);
        world.refuses(&cast.government.actor, update, Error::Terms(refusal));
    }
    for changes in [Changes { budget: Some(1 << 64), ..none() }, Changes { most_per_voucher: Some(1 << 64), ..none() }]
    {
        let update = world.suite.voucher().update_programme(programme, changes);
        world.refuses(&cast.government.actor, update, Error::Amount(AmountError::TooLarge));
    }
    update(&mut world, programme, Changes { budget: Some(300), most_per_voucher: Some(500), ..none() });
    let another = world.blank_voucher(programme, &cast.citizen);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(another, 1), Error::OverBudget { budget: 300 });
}

#[test]
fn a_new_attestor_is_a_registered_active_attestor() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let with = |account| Changes { attestors: Some(vec![cast.attestor.id(), account]), ..Changes::default() };
    let unknown = Error::UnknownParticipant { account: cast.stranger.id() };
    let update = world.suite.voucher().update_programme(programme, with(cast.stranger.id()));
    world.refuses(&cast.government.actor, update, unknown);
    for account in [cast.shop.id(), cast.government.id()] {
        let update = world.suite.voucher().update_programme(programme, with(account));
        world.refuses(&cast.government.actor, update, Error::WrongRole { account });
    }
}

#[test]
fn vouchers_and_redemptions_that_exist_keep_their_end_and_their_money() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 100);
    let before = (voucher(&mut world, number), redemption(&mut world, open));
    let changes = Changes {
        most_per_voucher: Some(1),
        budget: Some(300),
        life: Some(SECOND),
        window: Some(SECOND),
        ..Changes::default()
    };
    update(&mut world, programme, changes);
    assert_eq!((voucher(&mut world, number), redemption(&mut world, open)), before);
    confirm(&mut world, open);
    let next = request(&mut world, &cast.shop, number, 200);
    assert_eq!(redemption(&mut world, next).expires, START + SECOND, "a new one has the new window");
    assert_eq!(books(&mut world, programme), [300, 0, 200, 100, 0]);
}

#[test]
fn an_attestor_that_is_replaced_attests_no_more_and_the_new_one_does() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 100);
    let old = world.proof(open);
    let new = world.enrol("new attestor", &[Role::RedemptionAttestor]);
    update(&mut world, programme, Changes { attestors: Some(vec![new.id()]), ..Changes::default() });
    let refused = Error::Proof(ProofRefusal::NotListed { signer: cast.attestor.number });
    world.refuses(&cast.stranger, world.suite.voucher().confirm(open, old), refused);
    let proof = Proof::Attestors(vec![world.attest(open, &new, START + MINUTE)]);
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn a_closed_programme_makes_no_new_vouchers_takes_no_money_and_has_no_new_rolls() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| {
        terms.denominations = vec![Denomination { category: 0, face: 500, count: 2 }];
        terms.bundle_value = 1_000;
        terms.universal = true;
    });
    let blank = world.blank_voucher(programme, &cast.citizen);
    let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, 1, START + DAY);
    let roll = world.send(&cast.government.actor, publish).value;
    world.bank_has(100);
    let done = world.send(&cast.government.actor, world.suite.voucher().close_programme(programme));
    assert_eq!(world.events(&done.events), [Event::ProgrammeClosed(ProgrammeClosed { programme })]);
    assert!(stored(&mut world, programme).closed);
    let closed = Error::ProgrammeClosed { programme };
    let (government, bank) = (&cast.government.actor, &cast.bank.actor);
    let row = NewVoucher { holder: cast.citizen.id(), category: 0, expires: None };
    world.refuses(government, world.suite.voucher().create(programme, cast.citizen.id(), 0, None), closed);
    world.refuses(government, world.suite.voucher().create_many(programme, vec![row]), closed);
    world.refuses(government, world.suite.voucher().create_bundle(programme, cast.citizen.id()), closed);
    world.refuses(bank, world.suite.voucher().fund(blank, 1), closed);
    world.refuses(bank, world.suite.voucher().fund_many(programme, vec![]), closed);
    let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, 1, START + DAY);
    world.refuses(government, publish, closed);
    world.refuses(bank, world.suite.voucher().fund_roll(roll), closed);
    world.refuses(government, world.suite.voucher().close_programme(programme), closed);
}

#[test]
fn vouchers_of_a_closed_programme_live_on_and_what_they_keep_goes_back_when_they_end() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 100);
    close(&mut world, programme);
    confirm(&mut world, open);
    world.redeem(number, 50);
    freeze(&mut world, number);
    world.send(&cast.government.actor, world.suite.voucher().unfreeze(number));
    let admit = amanah_interfaces::voucher::Admission { shop: cast.shop.id(), categories: vec![0], daily_cap: 0 };
    world.send(&cast.government.actor, world.suite.voucher().admit_shops(programme, vec![admit]));
    let changes = Changes { holder_signature: Some(true), ..Changes::default() };
    update(&mut world, programme, changes);
    assert!(stored(&mut world, programme).closed, "it stays closed");
    world.send(&cast.government.actor, world.suite.voucher().extend(number, START + 91 * DAY));
    world.chain.set_time(START + 91 * DAY);
    let late = Error::Voucher(VoucherRefusal::Expired { expires: START + 91 * DAY });
    world.refuses(&cast.shop.actor, world.suite.voucher().request(number, 1, 0, [0; 32]), late);
    expire_voucher(&mut world, number);
    assert_eq!(books(&mut world, programme), [300, 0, 0, 150, 150]);
}

#[test]
fn a_closed_programme_closes_no_other() {
    let (mut world, cast) = stage();
    let [one, other] = [0; 2].map(|_| world.programme(world.terms()));
    close(&mut world, one);
    let number = world.blank_voucher(other, &cast.citizen);
    world.bank_has(10);
    world.send(&cast.bank.actor, world.suite.voucher().fund(number, 10));
    assert_eq!(books(&mut world, other), [10, 10, 0, 0, 0]);
}
