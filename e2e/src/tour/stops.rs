//! The stops: every message, in an order in which each succeeds.

use super::Tour;
use crate::{
    lending::{Lenders, VALIDITY},
    registration, World, CARDS_END,
};
use amanah_client::{Actor, Chain};
use amanah_domain::{
    crypto::Native,
    ids::Account,
    merkle,
    roles::Role,
    time::{DAY, MINUTE},
};
use amanah_interfaces::{
    governance::Governed,
    ledger::Ledger,
    loan::{Event, EventKind, Finding, Loan, Matter, Offer, Verdict},
    registry::{Registry, Subject},
    voucher::{Admission, Changes, Denomination, Funding, NewVoucher, RollEntry, Terms, Voucher},
};
use std::ops::DerefMut;

pub fn visit_all<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    registry(tour);
    accounts_and_keys(tour);
    ledger(tour);
    programme(tour);
    redemptions(tour);
    rolls(tour);
    lending(tour);
    lateness(tour);
    crowdfunding(tour);
    let suite = tour.world.suite.clone();
    for contract in [suite.registry, suite.ledger, suite.voucher, suite.loan] {
        governance(tour, contract);
    }
    administration(tour);
}

fn registry<C: Chain>(tour: &mut Tour<Lenders<C>>) {
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
    tour.send(&government, suite.registry().blacklist(number, 1));
    tour.send(&government, suite.registry().clear_blacklist(number));
    tour.send(&government, suite.registry().renew_identity(number, CARDS_END + 1));
    tour.send(&government, suite.registry().define_role(Role::Custom(1), "School".to_owned(), Role::Government));
    tour.send(&government, suite.registry().set_role_admin(Role::Custom(1), Role::Regulator));
    tour.send(&Actor::named("newcomer"), suite.registry().renounce(Role::Citizen));

    let applicant = Actor::named("applicant");
    let withdrawn = tour.send(&applicant, suite.registry().apply(Role::Citizen, [3; 32]));
    tour.send(&applicant, suite.registry().withdraw_application(withdrawn));
    let denied = tour.send(&applicant, suite.registry().apply(Role::Citizen, [3; 32]));
    tour.send(&government, suite.registry().deny(denied, 1));
    tour.ask(suite.registry().application(denied));
    tour.send(&applicant, suite.registry().clear_application(denied));
    let approved = tour.send(&applicant, suite.registry().apply(Role::Citizen, [3; 32]));
    tour.ask(suite.registry().open_application(applicant.id()));
    tour.ask(suite.registry().applications(1, 10));
    tour.ask(suite.registry().application_count());
    let identity = registration("applicant", &[]).identity;
    tour.send(&government, suite.registry().approve(approved, identity, CARDS_END, None));

    tour.ask(suite.registry().credentials(account));
    tour.ask(suite.registry().credentials_many(vec![Subject::Account(account), Subject::Number(1)]));
    tour.ask(suite.registry().check(account, Role::Citizen));
    tour.ask(suite.registry().find(newcomer.identity));
    tour.ask(suite.registry().participant(number));
    tour.ask(suite.registry().participant_count());
    tour.ask(suite.registry().participants(1, 10));
    tour.ask(suite.registry().credentials_of(number));
    tour.ask(suite.registry().role_members(Role::Citizen, 0, 10));
    tour.ask(suite.registry().role_definition(Role::Custom(1)));
    tour.ask(suite.registry().delay());
    tour.ask(suite.registry().governor(account));
    tour.ask(suite.registry().administrator());
    tour.ask(suite.registry().version());
}

fn accounts_and_keys<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let government = tour.world.government.actor.clone();
    let officer = tour.world.enrol("a second officer", &[Role::Government]).actor;
    let holder = tour.world.enrol("somebody who loses a phone", &[Role::Citizen]);
    let account = Actor::named("a new phone").id();
    tour.send(&government, suite.registry().propose_rebind(holder.number, account, None));
    tour.ask(suite.registry().rebinding(holder.number));
    tour.send(&government, suite.registry().cancel_rebind(holder.number));
    tour.send(&government, suite.registry().propose_rebind(holder.number, account, None));
    tour.send(&officer, suite.registry().confirm_rebind(holder.number, account, None));
    let new_phone = Actor::named("a new phone");
    tour.send(&new_phone, suite.registry().rotate_key(Actor::named("a newer key").account()));
}

/// Everything that all contracts have in common, but for a change of code, which `upgrade` shows.
pub fn governance<C: Chain, W: DerefMut<Target = World<C>>>(tour: &mut Tour<W>, contract: Account) {
    let suite = tour.world.suite.clone();
    let (administrator, regulator) = (tour.world.administrator.clone(), tour.world.regulator.actor.clone());
    tour.send(&administrator, suite.governance(contract).pause());
    tour.send(&administrator, suite.governance(contract).unpause());
    let code = tour.world.chain.code_hash(&contract).expect("it answers").expect("a contract has code");
    tour.send(&administrator, suite.governance(contract).propose_code(code));
    tour.send(&administrator, suite.governance(contract).cancel_code());
    tour.send(&administrator, suite.governance(contract).propose_code(code));
    tour.send(&regulator, suite.governance(contract).approve_code(code));
    tour.ask(suite.governance(contract).governance());
    tour.world.advance(amanah_client::suite::SUITE_DELAY);
    tour.send(&administrator, suite.governance(contract).set_code());
}

fn administration<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let administrator = tour.world.administrator.clone();
    let successor = Actor::named("the next administrator");
    tour.send(&administrator, suite.registry().begin_admin_transfer(successor.id()));
    tour.ask(suite.registry().admin_transfer());
    tour.send(&administrator, suite.registry().cancel_admin_transfer());
    tour.send(&administrator, suite.registry().begin_admin_transfer(successor.id()));
    tour.world.advance(amanah_client::suite::SUITE_DELAY);
    tour.send(&successor, suite.registry().accept_admin_transfer());
}

fn ledger<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (bank, citizen, shop) = (tour.world.bank.clone(), tour.world.citizen.clone(), tour.world.shop.clone());
    let issuer = bank.number;
    tour.send(&bank.actor, suite.ledger().issue(citizen.id(), 1_000, [1; 32]));
    tour.send(&citizen.actor, suite.ledger().transfer(shop.id(), issuer, 100));
    tour.send(&citizen.actor, suite.ledger().approve(shop.id(), issuer, 100));
    tour.send(&citizen.actor, suite.ledger().increase_allowance(shop.id(), issuer, 50));
    tour.send(&citizen.actor, suite.ledger().decrease_allowance(shop.id(), issuer, 25));
    tour.send(&shop.actor, suite.ledger().transfer_from(citizen.id(), shop.id(), issuer, 60));
    tour.send(&bank.actor, suite.ledger().link_account(shop.id(), [4; 32]));
    let request = |amount| suite.ledger().request_withdrawal(issuer, amount, Some([4; 32]));
    let settled = tour.send(&shop.actor, request(10));
    tour.ask(suite.ledger().withdrawal(settled));
    tour.ask(suite.ledger().withdrawals_of(shop.id(), None, 10));
    tour.ask(suite.ledger().open_withdrawals(issuer, None, 10));
    tour.send(&bank.actor, suite.ledger().settle_withdrawal(settled, [2; 32]));
    tour.send(&shop.actor, suite.ledger().clear_withdrawal(settled));
    let rejected = tour.send(&shop.actor, request(10));
    tour.send(&bank.actor, suite.ledger().reject_withdrawal(rejected, 1));
    let cancelled = tour.send(&shop.actor, request(10));
    tour.world.advance(8 * DAY);
    tour.send(&shop.actor, suite.ledger().cancel_withdrawal(cancelled));
    tour.ask(suite.ledger().links(shop.id(), 0, 10));
    tour.ask(suite.ledger().linked_owner(issuer, [4; 32]));
    tour.ask(suite.ledger().account(shop.id(), 0, 10));
    tour.send(&bank.actor, suite.ledger().unlink_account(shop.id(), [4; 32]));
    let administrator = tour.world.administrator.clone();
    let vault = Actor::named("another vault").id();
    tour.send(&administrator, suite.ledger().set_suite_contract(vault, true));
    tour.ask(suite.ledger().balance_of(citizen.id(), issuer));
    tour.ask(suite.ledger().allowance(citizen.id(), shop.id(), issuer));
    tour.ask(suite.ledger().supply(issuer));
    tour.ask(suite.ledger().total_supply(issuer));
    tour.ask(suite.ledger().is_suite_contract(vault));
    tour.ask(suite.ledger().version());
}

fn programme<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (bank, citizen, shop) = (tour.world.bank.clone(), tour.world.citizen.clone(), tour.world.shop.clone());
    let (government, regulator) = (tour.world.government.actor.clone(), tour.world.regulator.actor.clone());
    let stranger = tour.world.stranger.clone();
    let terms = Terms {
        admitted_shops_only: true,
        denominations: vec![Denomination { category: 0, face: 500, count: 2 }],
        bundle_value: 1_000,
        ..tour.world.terms()
    };
    let programme = tour.send(&government, suite.voucher().create_programme(terms));
    let changes = Changes { window: Some(5 * MINUTE), ..Changes::default() };
    tour.send(&government, suite.voucher().update_programme(programme, changes));
    let issuer = tour.world.enrol("an issuer", &[Role::Charity]);
    tour.send(&government, suite.voucher().set_issuer(programme, issuer.id(), true));
    let admission = Admission { shop: shop.id(), categories: vec![0], daily_cap: 10_000 };
    tour.send(&government, suite.voucher().admit_shops(programme, vec![admission]));

    let voucher = tour.send(&government, suite.voucher().create(programme, citizen.id(), 0, None));
    let row = NewVoucher { holder: citizen.id(), category: 0, expires: None };
    tour.send(&government, suite.voucher().create_many(programme, vec![row]));
    tour.send(&government, suite.voucher().create_bundle(programme, citizen.id()));
    tour.world.bank_has(10_000);
    tour.send(&bank.actor, suite.voucher().fund(voucher, 1_000));
    tour.send(&bank.actor, suite.voucher().fund_many(programme, vec![Funding { voucher: voucher + 1, amount: 500 }]));
    tour.send(&regulator, suite.voucher().freeze(voucher, 1));
    tour.send(&regulator, suite.voucher().unfreeze(voucher));
    let later = tour.world.now() + 100 * DAY;
    tour.send(&government, suite.voucher().extend(voucher, later));
    tour.send(&regulator, suite.voucher().void(voucher, 1));

    tour.ask(suite.voucher().voucher(voucher));
    tour.ask(suite.voucher().vouchers_of(citizen.number, None, 10));
    tour.ask(suite.voucher().credit(bank.number, bank.number));
    tour.ask(suite.voucher().programme(programme));
    tour.ask(suite.voucher().bundle(programme));
    tour.ask(suite.voucher().member(programme, citizen.number));
    tour.ask(suite.voucher().card(programme, citizen.number, shop.number));
    tour.ask(suite.voucher().totals(programme));
    tour.ask(suite.voucher().shop(programme, shop.number));
    tour.ask(suite.voucher().is_issuer(programme, issuer.id()));
    tour.ask(suite.voucher().domain_separator());
    tour.ask(suite.voucher().registry());
    tour.ask(suite.voucher().ledger());
    tour.ask(suite.voucher().version());

    tour.world.advance(90 * DAY);
    tour.send(&stranger, suite.voucher().expire_voucher(voucher + 1));
    tour.send(&stranger, suite.voucher().expire_vouchers(vec![voucher + 2, voucher + 3]));
    tour.send(&government, suite.voucher().close_programme(programme));
}

fn redemptions<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (bank, shop, stranger) = (tour.world.bank.clone(), tour.world.shop.clone(), tour.world.stranger.clone());
    let (_, voucher) = tour.world.funded_voucher(1_000);
    let request = || suite.voucher().request(voucher, 100, 0, [7; 32]);
    let redemption = tour.send(&shop.actor, request());
    tour.ask(suite.voucher().redemption(redemption));
    tour.ask(suite.voucher().redemptions_of_shop(shop.number, None, 10));
    tour.ask(suite.voucher().redemptions_of_voucher(voucher, None, 10));
    tour.ask(suite.voucher().standing(voucher, shop.number));
    let proof = tour.world.proof(redemption);
    tour.send(&shop.actor, suite.voucher().confirm(redemption, proof));
    tour.send(&shop.actor, suite.voucher().clear(redemption));
    let redemption = tour.send(&shop.actor, request());
    tour.send(&shop.actor, suite.voucher().cancel(redemption));
    let redemption = tour.send(&shop.actor, request());
    tour.world.advance(DAY);
    tour.send(&stranger, suite.voucher().expire(redemption));
    tour.send(&shop.actor, suite.voucher().withdraw(bank.number, 50));
}

/// A roll of a thousand, so that the cost of a claim is that of ten hashes.
fn rolls<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (bank, citizen) = (tour.world.bank.clone(), tour.world.citizen.clone());
    let (government, stranger) = (tour.world.government.actor.clone(), tour.world.stranger.clone());
    let terms = tour.world.terms();
    let programme = tour.world.programme(terms);
    let deadline = tour.world.now() + DAY;
    let (holder, number, expires) = (citizen.number, 1, deadline + DAY);
    let entries = (0..1_000).map(|index| RollEntry { index, holder, category: 0, amount: 10, expires });
    let domain = suite.voucher_domain();
    let leaves: Vec<_> = entries.clone().map(|entry| entry.leaf::<Native>(&domain, number)).collect();
    let root = merkle::root::<Native>(&leaves).expect("a roll is not empty");
    let roll = tour.send(&government, suite.voucher().publish_roll(programme, root, 1_000, 10_000, deadline));
    assert_eq!(roll, number);
    tour.world.bank_has(10_000);
    tour.send(&bank.actor, suite.voucher().fund_roll(roll));
    let claimed = entries.clone().nth(500).expect("it is on the roll");
    let proof = merkle::proof::<Native>(&leaves, 500).expect("it is on the roll");
    tour.send(&stranger, suite.voucher().claim(roll, claimed, proof));
    tour.ask(suite.voucher().roll(roll));
    tour.ask(suite.voucher().roll_count());
    tour.ask(suite.voucher().is_claimed(roll, 500));
    tour.world.chain.wait_until(deadline).expect("time passes");
    tour.send(&stranger, suite.voucher().close_roll(roll));
}

/// A loan's cases: refused, revised, granted from wallets and by signed verdicts, challenged, out of time.
fn lending<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (bank, citizen, stranger) = (tour.world.bank.clone(), tour.world.citizen.clone(), tour.world.stranger.clone());
    let (government, regulator) = (tour.world.government.actor.clone(), tour.world.regulator.actor.clone());
    let department = tour.world.department.clone();
    let oracles = vec![Role::Bank, Role::CivilAffairs, Role::FinancialDepartment];
    let kind = EventKind::LoanApplication;
    let flow = tour.send(&government, suite.loan().configure_flow(kind, vec![Role::Citizen], oracles, VALIDITY));
    let product = tour.send(&bank.actor, suite.loan().offer_product(Offer { flow, ..tour.world.usual_offer() }));
    let event = Event { flow, ..tour.world.application_of(&citizen, product, 12_000, 12) };

    let case = tour.send(&citizen.actor, suite.loan().lock(event.clone(), None));
    let hash = tour.ask(suite.loan().event_hash(case)).expect("the case has an event");
    tour.send(&bank.actor, suite.loan().submit_verdict(case, 0, hash, Verdict::Failed));
    tour.send(&citizen.actor, suite.loan().revise(case, event.clone(), None));
    let matter = Matter::Case(case);
    tour.send(&regulator, suite.loan().challenge(matter, 1));
    tour.send(&regulator, suite.loan().resolve(matter, Finding::Dismissed));
    tour.world.funds(&bank, 12_000);
    let verdicts = tour.world.passes(case);
    tour.send(&stranger, suite.loan().unlock(case, event.clone(), verdicts));
    let loan = 1;
    tour.world.advance(40 * DAY);
    tour.world.funds(&citizen, 12_000);
    tour.send(&citizen.actor, suite.loan().repay(loan, 1_000));
    tour.send(&bank.actor, suite.loan().withdraw(bank.number, 500));
    tour.send(&bank.actor, suite.loan().retire_product(product));
    tour.world.funds(&department, 1_000);

    let case = tour.send(&citizen.actor, suite.loan().lock(tour.world.new_schedule(loan, 6), None));
    tour.world.advance(VALIDITY);
    tour.send(&stranger, suite.loan().expire_case(case));

    tour.ask(suite.loan().loan(loan));
    tour.ask(suite.loan().due(loan)).expect("the loan is there");
    tour.ask(suite.loan().schedule(loan, 1, 12));
    tour.ask(suite.loan().loans_of(citizen.number, None, 10));
    tour.ask(suite.loan().case(case));
    tour.ask(suite.loan().flow(flow));
    tour.ask(suite.loan().present_flow(kind));
    tour.ask(suite.loan().product(product));
    tour.ask(suite.loan().credit(bank.number, bank.number));
    tour.ask(suite.loan().challenge_of(matter));
    tour.ask(suite.loan().nonces(citizen.number));
    tour.ask(suite.loan().domain_separator());
    tour.ask(suite.loan().registry());
    tour.ask(suite.loan().ledger());
    tour.ask(suite.loan().version());
    let inspect = suite.loan().inspect(citizen.number, None, None, 10);
    tour.ask_guarded(&citizen.actor, inspect).expect("it is the citizen's own");
}

/// A loan that nobody repays.
fn lateness<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (bank, citizen, stranger) = (tour.world.bank.clone(), tour.world.citizen.clone(), tour.world.stranger.clone());
    let product = tour.world.product;
    let loan = tour.world.lend_of(product, 6_000, 6);
    tour.world.advance(40 * DAY);
    tour.send(&stranger, suite.loan().mark_delinquent(loan));
    tour.world.advance(90 * DAY);
    tour.send(&stranger, suite.loan().mark_defaulted(loan));
    tour.send(&bank.actor, suite.loan().write_off(loan));
    tour.world.funds(&citizen, 1_000);
    tour.send(&citizen.actor, suite.loan().recover(loan, 1_000));
}

/// Campaigns: one rejected, one cancelled and given back, one funded and repaid in part.
fn crowdfunding<C: Chain>(tour: &mut Tour<Lenders<C>>) {
    let suite = tour.world.suite.clone();
    let (citizen, officer) = (tour.world.citizen.clone(), tour.world.officer.actor.clone());
    let investor = tour.world.investors[0].clone();
    let propose = |tour: &mut Tour<Lenders<C>>| {
        let campaign = tour.world.new_campaign(1_000);
        let rating = tour.world.usual_rating();
        let rating = tour.world.rating(&citizen, rating);
        let passkey = tour.world.passkey(&citizen, &campaign, &rating);
        tour.send(&citizen.actor, suite.loan().open_campaign(campaign, rating, passkey))
    };
    let rejected = propose(tour);
    tour.send(&officer, suite.loan().reject_campaign(rejected, 1));
    let cancelled = propose(tour);
    tour.send(&officer, suite.loan().approve_campaign(cancelled));
    tour.world.funds(&investor, 2_000);
    tour.send(&investor.actor, suite.loan().invest(cancelled, 400));
    tour.send(&citizen.actor, suite.loan().cancel_campaign(cancelled));
    tour.send(&investor.actor, suite.loan().refund(cancelled));
    let funded = propose(tour);
    tour.send(&officer, suite.loan().approve_campaign(funded));
    tour.world.funds(&investor, 1_000);
    tour.send(&investor.actor, suite.loan().invest(funded, 1_000));
    let close = tour.world.campaign_close(funded);
    let case = tour.world.lock(&close);
    tour.world.unlock(case);
    let loan = tour.ask(suite.loan().campaign(funded)).expect("the campaign is there").loan;
    tour.world.repay(&citizen, loan, 100);
    tour.send(&investor.actor, suite.loan().claim(funded));
    tour.ask(suite.loan().campaigns(1, None, 10));
    tour.ask(suite.loan().share(funded, investor.number));
}
