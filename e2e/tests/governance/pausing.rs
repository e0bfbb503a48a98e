//! Pausing stops new business, and never money on its way back.

use crate::contracts;
use amanah_client::{Actor, Event};
use amanah_domain::{
    programme::USUAL_WINDOW,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{registration, World, START};
use amanah_interfaces::{
    governance::{Error as Refusal, GovernanceRefusal, Governed, Paused, Unpaused},
    ledger::{self, Ledger},
    registry::{self, Registry},
    voucher::{self, Changes, Funding, NewVoucher, RollEntry, Voucher},
};

#[test]
fn the_administrator_and_a_regulator_pause_and_unpause_each_contract_and_it_is_said_once() {
    let mut world = World::new();
    let suite = world.suite.clone();
    for contract in contracts(&world) {
        for by in [world.administrator.clone(), world.regulator.actor.clone()] {
            let done = world.send(&by, suite.governance(contract).pause());
            assert_eq!(world.events(&done.events), [Event::Paused(Paused { by: by.id() })]);
            assert!(world.ask(suite.governance(contract).governance()).paused);
            world.changes_nothing(&by, suite.governance(contract).pause());
            let done = world.send(&by, suite.governance(contract).unpause());
            assert_eq!(world.events(&done.events), [Event::Unpaused(Unpaused { by: by.id() })]);
            assert!(!world.ask(suite.governance(contract).governance()).paused);
            world.changes_nothing(&by, suite.governance(contract).unpause());
        }
    }
}

#[test]
fn a_contract_is_paused_by_itself_and_not_with_the_others() {
    let mut world = World::new();
    let (administrator, suite) = (world.administrator.clone(), world.suite.clone());
    world.send(&administrator, suite.governance(suite.ledger).pause());
    for (contract, paused) in contracts(&world).into_iter().zip([false, true, false, false]) {
        assert_eq!(world.ask(suite.governance(contract).governance()).paused, paused);
    }
}

#[test]
fn a_suspended_regulator_does_not_pause() {
    let mut world = World::new();
    let (regulator, suite) = (world.regulator.clone(), world.suite.clone());
    let government = world.government.actor.clone();
    world.send(&government, suite.registry().suspend(regulator.number, 1));
    let refused = Refusal::Refused(GovernanceRefusal::NotAllowed);
    world.refuses(&regulator.actor, suite.governance(suite.voucher).pause(), refused);
}

/// A world in which a contract is paused after `before` was done in it.
fn paused_after<T>(contract: impl Fn(&World) -> [u8; 32], before: impl Fn(&mut World) -> T) -> (World, T) {
    let mut world = World::new();
    let done = before(&mut world);
    let (administrator, contract) = (world.administrator.clone(), contract(&world));
    world.send(&administrator, world.suite.governance(contract).pause());
    (world, done)
}

#[test]
fn a_paused_registry_admits_nobody_and_still_suspends_and_re_binds() {
    let applicant = Actor::named("applicant");
    let (mut world, application) = paused_after(
        |world| world.suite.registry,
        |world| world.send(&Actor::named("applicant"), world.suite.registry().apply(Role::Citizen, [0; 32])).value,
    );
    let suite = world.suite.clone();
    let (government, citizen) = (world.government.actor.clone(), world.citizen.clone());
    let newcomer = registration("newcomer", &[Role::Citizen]);
    let identity = newcomer.identity;
    let closed = registry::Error::Paused;
    world.refuses(&government, suite.registry().register(newcomer.clone()), closed);
    world.refuses(&government, suite.registry().register_many(vec![newcomer]), closed);
    world.refuses(&government, suite.registry().grant(citizen.number, Role::Bank), closed);
    world.refuses(&Actor::named("other"), suite.registry().apply(Role::Citizen, [0; 32]), closed);
    world.refuses(&government, suite.registry().approve(application, identity, START + DAY, None), closed);
    world.refuses(&government, suite.registry().renew_identity(citizen.number, START + DAY), closed);
    world.send(&applicant, suite.registry().withdraw_application(application));
    world.send(&government, suite.registry().suspend(citizen.number, 1));
    world.send(&government, suite.registry().reinstate(citizen.number));
    world.send(&citizen.actor, suite.registry().rotate_key([1; 32]));
    world.send(&government, suite.registry().propose_rebind(citizen.number, Actor::named("new").id(), None));
    world.chain.advance(amanah_client::suite::SUITE_DELAY);
    world.send(&government, suite.registry().confirm_rebind(citizen.number, Actor::named("new").id(), None));
    world.send(&government, suite.registry().revoke(citizen.number, Role::Citizen));
}

#[test]
fn a_paused_ledger_makes_no_money_and_pays_all_that_is_owed_also_by_way_of_the_suites_contracts() {
    let (mut world, (withdrawal, other)) = paused_after(
        |world| world.suite.ledger,
        |world| {
            let citizen = world.citizen.clone();
            world.issue(&citizen, 100);
            let request = |world: &mut World| {
                world.send(&citizen.actor, world.suite.ledger().request_withdrawal(world.bank.number, 10, None)).value
            };
            (request(world), request(world))
        },
    );
    let suite = world.suite.clone();
    let (bank, citizen, shop) = (world.bank.clone(), world.citizen.clone(), world.shop.clone());
    let closed = ledger::Error::Paused;
    world.refuses(&bank.actor, suite.ledger().issue(citizen.id(), 1, [9; 32]), closed);
    world.refuses(&citizen.actor, suite.ledger().approve(shop.id(), bank.number, 1), closed);
    world.refuses(&citizen.actor, suite.ledger().increase_allowance(shop.id(), bank.number, 1), closed);
    world.send(&citizen.actor, suite.ledger().approve(suite.loan.into(), bank.number, 1));
    world.refuses(&bank.actor, suite.ledger().link_account(citizen.id(), [1; 32]), closed);
    world.send(&citizen.actor, suite.ledger().transfer(shop.id(), bank.number, 30));
    world.send(&shop.actor, suite.ledger().request_withdrawal(bank.number, 30, None));
    world.send(&bank.actor, suite.ledger().settle_withdrawal(withdrawal, [1; 32]));
    world.send(&bank.actor, suite.ledger().reject_withdrawal(other, 1));
    let late = world.send(&citizen.actor, suite.ledger().request_withdrawal(bank.number, 5, None)).value;
    world.chain.advance(7 * DAY);
    world.send(&citizen.actor, suite.ledger().cancel_withdrawal(late));
    world.send(&citizen.actor, suite.ledger().clear_withdrawal(late));
    assert_eq!((world.balance(&citizen), world.balance(&shop)), (60, 0));
}

#[test]
fn a_paused_voucher_contract_starts_nothing_and_finishes_and_gives_back_everything() {
    let (mut world, (programme, voucher, roll, open, proof, given_up)) = paused_after(
        |world| world.suite.voucher,
        |world| {
            let (programme, voucher) = world.funded_voucher(300);
            let second = world.funded_voucher_in(programme, 100);
            let open = world.request(voucher, 100);
            let proof = world.proof(open);
            let given_up = world.request(second, 50);
            let government = world.government.actor.clone();
            let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, 10, START + DAY);
            let roll = world.send(&government, publish).value;
            world.bank_has(10);
            let bank = world.bank.actor.clone();
            world.send(&bank, world.suite.voucher().fund_roll(roll));
            (programme, voucher, roll, open, proof, given_up)
        },
    );
    let suite = world.suite.clone();
    let (government, bank, shop) = (world.government.actor.clone(), world.bank.clone(), world.shop.clone());
    let (citizen, regulator, stranger) = (world.citizen.clone(), world.regulator.actor.clone(), world.stranger.clone());
    let closed = voucher::Error::Paused;
    let terms = world.terms();
    world.refuses(&government, suite.voucher().create_programme(terms), closed);
    world.refuses(&government, suite.voucher().admit_shops(programme, Vec::new()), closed);
    world.refuses(&government, suite.voucher().create(programme, citizen.id(), 0, None), closed);
    let row = NewVoucher { holder: citizen.id(), category: 0, expires: None };
    world.refuses(&government, suite.voucher().create_many(programme, vec![row]), closed);
    world.refuses(&government, suite.voucher().create_bundle(programme, citizen.id()), closed);
    world.refuses(&bank.actor, suite.voucher().fund(voucher, 1), closed);
    world.refuses(&bank.actor, suite.voucher().fund_many(programme, vec![Funding { voucher, amount: 1 }]), closed);
    world.refuses(&government, suite.voucher().publish_roll(programme, [0; 32], 1, 1, START + DAY), closed);
    world.refuses(&bank.actor, suite.voucher().fund_roll(roll), closed);
    let entry = RollEntry { index: 0, holder: citizen.number, category: 0, amount: 1, expires: START + DAY };
    world.refuses(&stranger, suite.voucher().claim(roll, entry, Vec::new()), closed);
    world.refuses(&shop.actor, suite.voucher().request(voucher, 1, 0, [0; 32]), closed);

    let changes = Changes { window: Some(DAY), ..Changes::default() };
    world.send(&government, suite.voucher().update_programme(programme, changes));
    world.send(&government, suite.voucher().set_issuer(programme, citizen.id(), true));
    world.send(&government, suite.voucher().extend(voucher, START + 91 * DAY));
    world.send(&stranger, suite.voucher().confirm(open, proof));
    world.send(&shop.actor, suite.voucher().withdraw(bank.number, 100));
    assert_eq!(world.balance(&shop), 100);
    world.send(&regulator, suite.voucher().freeze(voucher, 1));
    world.send(&regulator, suite.voucher().unfreeze(voucher));
    world.chain.advance(USUAL_WINDOW);
    world.send(&stranger, suite.voucher().expire(given_up));
    world.send(&shop.actor, suite.voucher().clear(given_up));
    let later: Millis = 91 * DAY;
    world.chain.advance(later);
    let answers = world.send(&stranger, suite.voucher().expire_vouchers(vec![voucher])).value;
    assert_eq!(answers, [Ok(200)], "what is left after a hundred were confirmed");
    world.send(&regulator, suite.voucher().void(voucher + 1, 1));
    world.send(&stranger, suite.voucher().close_roll(roll));
    world.send(&government, suite.voucher().close_programme(programme));
    world.send(&bank.actor, suite.voucher().withdraw(bank.number, 310));
    let totals = world.check_books(programme, &[&shop, &bank]);
    assert_eq!((totals.paid.balance(), totals.returned.balance()), (100, 310));
}
