//! A loan contract whose registry or ledger does not answer says no, and nothing is lost.

use crate::common::*;
use amanah_client::{Bundle, Chain, Suite};
use amanah_domain::ids::Account;
use amanah_e2e::{lending::Lenders, World};
use amanah_interfaces::{
    governance::Governed,
    loan::{CampaignStatus, Error, EventKind, Finding, Loan, Matter, Share},
};
use scale::Encode;

/// A loan contract that believes its registry and its ledger to be at these accounts.
fn loan_contract(world: &mut World, registry: Account, ledger: Account) -> Suite {
    let bundle = Bundle::load(&Bundle::folder(), "loan").expect("the bundle is built");
    let input = [ink::selector_bytes!("new").to_vec(), (registry, ledger, world.suite.genesis).encode()].concat();
    let deployed = world.chain.deploy(&world.administrator.account(), &bundle, input, b"alone".to_vec());
    let (loan, _) = deployed.expect("a loan contract does not look for the others when it is made");
    Suite { loan, ..world.suite.clone() }
}

#[test]
fn without_a_registry_nobody_may_do_anything() {
    let (mut lenders, cast) = stage();
    let ledger = lenders.suite.ledger;
    let (new, offer) = (lenders.new_campaign(1_000), lenders.usual_offer());
    let rating = lenders.rating(&cast.citizen, lenders.usual_rating());
    let passkey = lenders.passkey(&cast.citizen, &new, &rating);
    for registry in [cast.stranger.account(), ledger] {
        let alone = loan_contract(&mut lenders.world, registry, ledger);
        let closed = Error::RegistryUnavailable;
        let kind = EventKind::Reschedule;
        let configure = alone.loan().configure_flow(kind, Vec::new(), Vec::new(), 0);
        lenders.refuses(&cast.government.actor, configure, closed);
        lenders.refuses(&cast.officer.actor, alone.loan().offer_product(offer.clone()), closed);
        lenders.refuses(&cast.citizen.actor, alone.loan().repay(1, 1), closed);
        lenders.refuses(&cast.citizen.actor, alone.loan().recover(1, 1), closed);
        lenders.refuses(&cast.bank.actor, alone.loan().withdraw(cast.bank.number, 1), closed);
        let open = alone.loan().open_campaign(new.clone(), rating.clone(), passkey.clone());
        lenders.refuses(&cast.citizen.actor, open, closed);
        lenders.refuses(&cast.officer.actor, alone.loan().approve_campaign(1), closed);
        lenders.refuses(&cast.officer.actor, alone.loan().reject_campaign(1, 1), closed);
        lenders.refuses(&cast.citizen.actor, alone.loan().cancel_campaign(1), closed);
        lenders.refuses(&cast.investors[0].actor, alone.loan().invest(1, 1), closed);
        lenders.refuses(&cast.investors[0].actor, alone.loan().refund(1), closed);
        lenders.refuses(&cast.investors[0].actor, alone.loan().claim(1), closed);
        lenders.refuses(&cast.regulator.actor, alone.loan().challenge(Matter::Loan(1), 1), closed);
        let resolve = alone.loan().resolve(Matter::Loan(1), Finding::Upheld);
        lenders.refuses(&cast.regulator.actor, resolve, closed);
        let inspect = alone.loan().inspect(cast.citizen.number, None, None, 1);
        assert_eq!(lenders.world.ask(inspect), Err(closed));
        // Without a registry there is no product and no loan, so these are refused before anybody is asked for.
        let unknown = Error::UnknownProduct { product: 1 };
        lenders.refuses(&cast.bank.actor, alone.loan().retire_product(1), unknown);
        let unknown = Error::UnknownLoan { loan: 1 };
        lenders.refuses(&cast.bank.actor, alone.loan().write_off(1), unknown);
    }
}

#[test]
fn without_a_ledger_nothing_is_lent_and_nothing_goes_into_escrow() {
    for elsewhere in [false, true] {
        let mut world = World::new();
        let registry = world.suite.registry;
        let ledger = if elsewhere { registry } else { world.stranger.account() };
        world.suite = loan_contract(&mut world, registry, ledger);
        let mut lenders = Lenders::of(world);
        let (stranger, investor) = (lenders.world.stranger.clone(), lenders.investors[0].clone());
        let case = lenders.lock(&lenders.application(1_000, 4));
        let (event, verdicts) = (lenders.case(case).event, lenders.passes(case));
        let unlock = lenders.world.suite.loan().unlock(case, event, verdicts);
        lenders.world.refuses(&stranger, unlock, Error::LedgerUnavailable);
        let campaign = lenders.open_campaign(1_000);
        let invest = lenders.world.suite.loan().invest(campaign, 1_000);
        lenders.world.refuses(&investor.actor, invest, Error::LedgerUnavailable);
        assert_eq!(lenders.campaign(campaign).status, CampaignStatus::Open);
        assert_eq!(share(&mut lenders, campaign, &investor), Share::default());
    }
}

#[test]
fn a_ledger_that_is_gone_takes_nothing_along() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 500);
    let open = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], open, 500);
    let (campaign, of_campaign) = fund(&mut lenders, [300, 300, 400]);
    repay(&mut lenders, &cast.citizen, of_campaign, 500);
    lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(open));
    lenders.funds(&cast.citizen, 500);
    // Its code has nothing to answer with any more: a voucher contract's.
    let bundle = Bundle::load(&Bundle::folder(), "voucher").expect("the bundle is built");
    let code = lenders.world.chain.upload(&cast.administrator.account(), &bundle).expect("it is uploaded");
    let suite = cast.suite.clone();

    lenders.world.send(&cast.administrator, suite.governance(suite.ledger).propose_code(code));
    lenders.world.send(&cast.regulator.actor, suite.governance(suite.ledger).approve_code(code));
    lenders.world.chain.advance(amanah_client::suite::SUITE_DELAY);
    lenders.world.send(&cast.administrator, suite.governance(suite.ledger).set_code());
    let closed = Error::LedgerUnavailable;
    lenders.refuses(&cast.citizen.actor, cast.loans().repay(loan, 1), closed);
    lenders.refuses(&cast.bank.actor, cast.loans().withdraw(cast.bank.number, 500), closed);
    lenders.refuses(&cast.investors[0].actor, cast.loans().refund(open), closed);
    lenders.refuses(&cast.investors[0].actor, cast.loans().claim(campaign), closed);
    assert_eq!(credit(&mut lenders, &cast.bank), 500);
}
