//! The stops: every message, in an order in which each succeeds.

use crate::guide::Tour;
use amanah_domain::{roles::Role, time::DAY};
use amanah_e2e::registration;
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registry, Subject},
    voucher::{Admission, Funding, NewVoucher, Proof, Voucher},
};

pub fn visit_all(tour: &mut Tour) {
    registry(tour);
    ledger(tour);
    voucher(tour);
}

fn registry(tour: &mut Tour) {
    let suite = tour.world.suite.clone();
    let government = tour.world.government.actor.clone();
    let newcomer = registration("newcomer", &[Role::Citizen]);
    let account = newcomer.account;
    let number = tour.send(&government, suite.registry().register(newcomer.clone()));
    let rows = vec![registration("another newcomer", &[Role::Citizen])];
    tour.send(&government, suite.registry().register_many(rows));
    tour.send(&government, suite.registry().grant(number, Role::Employer));
    tour.send(&government, suite.registry().revoke(number, Role::Employer));
    tour.send(&government, suite.registry().suspend(number, 1));
    tour.send(&government, suite.registry().reinstate(number));
    tour.ask(suite.registry().credentials(account));
    tour.ask(suite.registry().credentials_many(vec![Subject::Account(account), Subject::Number(1)]));
    tour.ask(suite.registry().check(account, Role::Citizen));
    tour.ask(suite.registry().find(newcomer.identity));
    tour.ask(suite.registry().participant(number));
    tour.ask(suite.registry().participant_count());
    tour.ask(suite.registry().administrator());
    tour.ask(suite.registry().version());
}

fn ledger(tour: &mut Tour) {
    let suite = tour.world.suite.clone();
    let (bank, citizen, shop) = (tour.world.bank.clone(), tour.world.citizen.clone(), tour.world.shop.clone());
    let issuer = bank.number;
    tour.send(&bank.actor, suite.ledger().issue(citizen.id(), 1_000, [1; 32]));
    tour.send(&citizen.actor, suite.ledger().transfer(shop.id(), issuer, 100));
    tour.send(&citizen.actor, suite.ledger().approve(shop.id(), issuer, 100));
    tour.send(&citizen.actor, suite.ledger().increase_allowance(shop.id(), issuer, 50));
    tour.send(&citizen.actor, suite.ledger().decrease_allowance(shop.id(), issuer, 25));
    tour.send(&shop.actor, suite.ledger().transfer_from(citizen.id(), shop.id(), issuer, 60));
    let withdrawal = tour.send(&shop.actor, suite.ledger().request_withdrawal(issuer, 60, None));
    tour.ask(suite.ledger().withdrawal(withdrawal));
    tour.send(&bank.actor, suite.ledger().settle_withdrawal(withdrawal, [2; 32]));
    let administrator = tour.world.administrator.clone();
    let vault = amanah_client::Actor::named("another vault").id();
    tour.send(&administrator, suite.ledger().set_suite_contract(vault, true));
    tour.ask(suite.ledger().balance_of(citizen.id(), issuer));
    tour.ask(suite.ledger().allowance(citizen.id(), shop.id(), issuer));
    tour.ask(suite.ledger().supply(issuer));
    tour.ask(suite.ledger().total_supply(issuer));
    tour.ask(suite.ledger().is_suite_contract(vault));
    tour.ask(suite.ledger().version());
}

fn voucher(tour: &mut Tour) {
    let suite = tour.world.suite.clone();
    let (bank, citizen, shop) = (tour.world.bank.clone(), tour.world.citizen.clone(), tour.world.shop.clone());
    let (government, regulator) = (tour.world.government.actor.clone(), tour.world.regulator.actor.clone());
    let stranger = tour.world.stranger.clone();

    let terms = amanah_interfaces::voucher::Terms { admitted_shops_only: true, ..tour.world.terms() };
    let programme = tour.send(&government, suite.voucher().create_programme(terms));
    let issuer = tour.world.enrol("an issuer", &[Role::Charity]);
    tour.send(&government, suite.voucher().set_issuer(programme, issuer.id(), true));
    let admission = Admission { shop: shop.id(), categories: vec![0], daily_cap: 10_000 };
    tour.send(&government, suite.voucher().admit_shops(programme, vec![admission]));

    let voucher = tour.send(&government, suite.voucher().create(programme, citizen.id(), 0, None));
    let row = NewVoucher { holder: citizen.id(), category: 0, expires: None };
    tour.send(&government, suite.voucher().create_many(programme, vec![row]));
    tour.world.bank_has(10_000);
    tour.send(&bank.actor, suite.voucher().fund(voucher, 1_000));
    tour.send(&bank.actor, suite.voucher().fund_many(programme, vec![Funding { voucher: voucher + 1, amount: 500 }]));

    let redemption = tour.send(&shop.actor, suite.voucher().request(voucher, 100, 0, [7; 32]));
    tour.ask(suite.voucher().redemption(redemption));
    let proof = tour.world.proof(redemption);
    tour.send(&shop.actor, suite.voucher().confirm(redemption, proof.clone()));
    let Proof::Attestors(_) = proof else { unreachable!("the usual proof is an attestor's") };
    tour.send(&shop.actor, suite.voucher().clear(redemption));
    let redemption = tour.send(&shop.actor, suite.voucher().request(voucher, 100, 0, [7; 32]));
    tour.send(&shop.actor, suite.voucher().cancel(redemption));
    let redemption = tour.send(&shop.actor, suite.voucher().request(voucher, 100, 0, [7; 32]));
    tour.world.chain.advance(DAY);
    tour.send(&stranger, suite.voucher().expire(redemption));
    tour.send(&shop.actor, suite.voucher().withdraw(bank.number, 50));
    tour.send(&regulator, suite.voucher().freeze(voucher, 1));
    tour.send(&regulator, suite.voucher().unfreeze(voucher));

    tour.ask(suite.voucher().voucher(voucher));
    tour.ask(suite.voucher().vouchers_of(citizen.number, None, 10));
    tour.ask(suite.voucher().credit(shop.number, bank.number));
    tour.ask(suite.voucher().programme(programme));
    tour.ask(suite.voucher().totals(programme));
    tour.ask(suite.voucher().shop(programme, shop.number));
    tour.ask(suite.voucher().is_issuer(programme, issuer.id()));
    tour.ask(suite.voucher().standing(voucher, shop.number));
    tour.ask(suite.voucher().domain_separator());
    tour.ask(suite.voucher().registry());
    tour.ask(suite.voucher().ledger());
    tour.ask(suite.voucher().version());

    tour.world.chain.advance(90 * DAY);
    tour.send(&stranger, suite.voucher().expire_voucher(voucher));
}
