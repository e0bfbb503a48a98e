//! What changes between locking and unlocking is judged as it stands at unlocking: conditions (X22), and who signed (X2).

use crate::common::*;
use amanah_client::Actor;
use amanah_domain::{calendar::add_months, chaincode::Verdict, flow::EventKind, roles::Role, time::DAY};
use amanah_e2e::{lending::sign_verdict, Person, START};
use amanah_interfaces::{
    loan::{
        CampaignRefusal, CampaignStatus, CaseStatus, ChallengeRefusal, Code, Error, Finding, Loan, LoanRefusal,
        LoanStatus, Matter, ProductRefusal,
    },
    registry::Registry,
};

// ---- conditions ----

#[test]
fn a_product_that_is_retired_after_the_verdicts_is_not_lent() {
    let (mut lenders, cast) = stage();
    let (ready, product) = (ready_application(&mut lenders), lenders.product);
    lenders.send(&cast.bank.actor, cast.suite.loan().retire_product(product));
    cannot_unlock(&mut lenders, &ready, Error::Product(ProductRefusal::Retired));
    assert_eq!(lenders.case(ready.case).status, CaseStatus::Open);
}

#[test]
fn an_applicant_who_is_blacklisted_or_suspended_after_the_verdicts_gets_no_loan() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let not_eligible = Error::NotEligible { applicant: cast.citizen.number };
    lenders.send(&cast.regulator.actor, cast.suite.registry().blacklist(cast.citizen.number, 1));
    cannot_unlock(&mut lenders, &ready, not_eligible);
    lenders.send(&cast.regulator.actor, cast.suite.registry().clear_blacklist(cast.citizen.number));
    lenders.suspend(&cast.citizen);
    cannot_unlock(&mut lenders, &ready, not_eligible);
    reinstate(&mut lenders, &cast.citizen);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn an_applicant_who_has_lost_the_role_since_gets_no_loan() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    revoke(&mut lenders, &cast.citizen, Role::Citizen);
    cannot_unlock(&mut lenders, &ready, Error::NotEligible { applicant: cast.citizen.number });
    grant(&mut lenders, &cast.citizen, Role::Citizen);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn a_lenders_interest_is_paid_though_the_borrower_is_suspended_and_blacklisted_since() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    lenders.chain.advance(20 * DAY);
    lenders.repay(&cast.citizen, loan, 12_000);
    lenders.funds(&cast.department, 33);
    let event = lenders.interest_refund(loan);
    let ready = ready(&mut lenders, &event);
    lenders.send(&cast.regulator.actor, cast.suite.registry().blacklist(cast.citizen.number, 1));
    lenders.suspend(&cast.citizen);
    unlock_ready(&mut lenders, &ready);
    assert_eq!(lenders.loan(loan).status, LoanStatus::Closed);
}

#[test]
fn a_suspended_borrower_still_asks_that_its_interest_is_paid_and_for_nothing_else() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    lenders.chain.advance(20 * DAY);
    lenders.suspend(&cast.citizen);
    lenders.repay(&cast.citizen, loan, 6_000);
    let not_eligible = Error::NotEligible { applicant: cast.citizen.number };
    let schedule = cast.suite.loan().lock(lenders.new_schedule(loan, 6), None);
    lenders.refuses(&cast.citizen.actor, schedule, not_eligible);
    lenders.repay(&cast.citizen, loan, 6_000);
    lenders.funds(&cast.department, 33);
    let case = lenders.lock(&lenders.interest_refund(loan));
    lenders.unlock(case);
    assert_eq!(lenders.loan(loan).status, LoanStatus::Closed);
}

#[test]
fn a_borrower_who_has_lost_the_role_since_does_not_get_its_campaigns_money() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    let investor = lenders.investors[0].clone();
    lenders.invest(&investor, campaign, 1_000);
    let event = lenders.campaign_close(campaign);
    let ready = ready(&mut lenders, &event);
    revoke(&mut lenders, &cast.citizen, Role::Citizen);
    cannot_unlock(&mut lenders, &ready, Error::NotEligible { applicant: cast.citizen.number });
    grant(&mut lenders, &cast.citizen, Role::Citizen);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn an_identity_card_must_still_be_valid_when_the_loan_begins() {
    let (mut lenders, cast) = stage();
    let end = START + 2 * DAY;
    let holder = enrol_with(&mut lenders, "holder of an old card", &[Role::Citizen], |who| {
        who.identity_valid_until = end;
    });
    lenders.funds(&cast.bank, 24_000);
    let event = lenders.application_of(&holder, lenders.product, 12_000, 12);
    let ready = ready_for(&mut lenders, &holder, &event);
    for late in [end, end + 1] {
        lenders.chain.set_time(late);
        cannot_unlock(&mut lenders, &ready, Error::NotEligible { applicant: holder.number });
    }
    lenders.chain.set_time(end - 1);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn of_two_loans_of_one_product_raced_by_one_applicant_the_first_wins_and_the_second_is_too_soon() {
    for first in [0, 1] {
        let (mut lenders, cast) = stage();
        let cases = [ready_application(&mut lenders), ready_application(&mut lenders)];
        unlock_ready(&mut lenders, &cases[first]);
        let from = add_months(START, 12);
        cannot_unlock(&mut lenders, &cases[1 - first], Error::Loan(LoanRefusal::TooSoon { from }));
        let loans = lenders.ask(cast.suite.loan().loans_of(cast.citizen.number, None, 50));
        assert_eq!(loans.len(), 1);
        assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&cast.bank)), (12_000, 12_000));
    }
}

#[test]
fn two_loans_of_different_products_do_not_stand_in_each_others_way() {
    let (mut lenders, cast) = stage();
    let other = lenders.product_with(|offer| offer.limit = 1_000);
    lenders.funds(&cast.bank, 2_000);
    let events = [lenders.product, other].map(|product| lenders.application_of(&cast.citizen, product, 1_000, 12));
    let cases = events.map(|event| ready(&mut lenders, &event));
    for case in &cases {
        unlock_ready(&mut lenders, case);
    }
    assert_eq!(lenders.balance(&cast.citizen), 2_000);
}

#[test]
fn an_application_goes_on_through_its_products_flow_when_another_one_is_configured() {
    let (mut lenders, _) = stage();
    let ready = ready_application(&mut lenders);
    lenders.configure(EventKind::LoanApplication, &[Role::Bank]);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn what_is_no_application_is_not_run_by_a_flow_that_was_replaced() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, campaign, 1_000);
    lenders.repay(&cast.citizen, loan, 6_000);
    lenders.funds(&cast.department, 1_000);
    lenders.chain.advance(DAY);
    let events = [lenders.new_schedule(loan, 24), lenders.campaign_close(campaign)];
    let [schedule, close] = events.map(|event| ready(&mut lenders, &event));
    let flow = lenders.configure(EventKind::Reschedule, &[Role::Bank, Role::CivilAffairs]);
    cannot_unlock(&mut lenders, &schedule, Error::WrongFlow { flow });
    let flow = lenders.configure(EventKind::CampaignClose, &[Role::LoanAdministrator, Role::Bank]);
    cannot_unlock(&mut lenders, &close, Error::WrongFlow { flow });
    assert_eq!((lenders.held(), lenders.loan(loan).months), (1_000 + 6_000, 12));
}

#[test]
fn of_two_cases_that_close_one_campaign_the_second_finds_it_funded() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, campaign, 1_000);
    let event = lenders.campaign_close(campaign);
    let (first, second) = (ready(&mut lenders, &event), ready(&mut lenders, &event));
    unlock_ready(&mut lenders, &second);
    let funded = CampaignRefusal::WrongStatus { status: CampaignStatus::Funded };
    cannot_unlock(&mut lenders, &first, Error::Campaign(funded));
    assert_eq!((lenders.held(), lenders.balance(&cast.citizen)), (0, 1_000));
}

#[test]
fn a_campaign_that_is_cancelled_after_the_verdicts_is_not_paid_out() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, campaign, 1_000);
    let event = lenders.campaign_close(campaign);
    let ready = ready(&mut lenders, &event);
    lenders.send(&cast.citizen.actor, cast.suite.loan().cancel_campaign(campaign));
    let cancelled = CampaignRefusal::WrongStatus { status: CampaignStatus::Cancelled };
    cannot_unlock(&mut lenders, &ready, Error::Campaign(cancelled));
    assert_eq!(lenders.held(), 1_000);
}

#[test]
fn a_loan_that_is_repaid_or_challenged_after_the_verdicts_gets_no_new_schedule() {
    let (mut lenders, cast) = stage();
    let product = lenders.product_with(|offer| offer.subsidised = false);
    let loan = lenders.lend_of(product, 12_000, 12);
    let event = lenders.new_schedule(loan, 24);
    let ready = ready(&mut lenders, &event);
    lenders.send(&cast.regulator.actor, cast.suite.loan().challenge(Matter::Loan(loan), 1));
    let until = START + 30 * DAY;
    cannot_unlock(&mut lenders, &ready, Error::Challenge(ChallengeRefusal::Frozen { until }));
    lenders.send(&cast.regulator.actor, cast.suite.loan().resolve(Matter::Loan(loan), Finding::Dismissed));
    assert_eq!(lenders.repay(&cast.citizen, loan, 20_000), 12_000);
    let closed = LoanRefusal::WrongStatus { status: LoanStatus::Closed };
    cannot_unlock(&mut lenders, &ready, Error::Loan(closed));
}

// ---- who signed ----

#[test]
fn a_pass_of_somebody_who_is_suspended_or_has_lost_the_role_since_does_not_count() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    for (oracle, role) in [
        (&cast.bank, Role::Bank),
        (&cast.civil_affairs, Role::CivilAffairs),
        (&cast.department, Role::FinancialDepartment),
    ] {
        lenders.suspend(oracle);
        stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
        reinstate(&mut lenders, oracle);
        revoke(&mut lenders, oracle, role);
        stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
        // In another role, it is still not the one that is asked for.
        grant(&mut lenders, oracle, Role::Charity);
        stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
        grant(&mut lenders, oracle, role);
    }
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn a_failed_of_somebody_who_is_suspended_since_ends_nothing() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let failed = lenders.verdict(ready.case, &cast.department, Verdict::Failed);
    lenders.suspend(&cast.department);
    stores_nothing(&mut lenders, ready.case, &ready.event, &[failed], Code::OracleFailed);
}

#[test]
fn a_key_that_was_changed_since_voids_its_verdict_and_the_new_one_signs_again() {
    for key in [Actor::named("department's new key"), Actor::named("financial department")] {
        let (mut lenders, cast) = stage();
        let mut ready = ready_application(&mut lenders);
        rotate_key(&mut lenders, &cast.department, &key);
        stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
        let statement = pass_with(&mut lenders, ready.case, &cast.department, |_| {});
        assert_eq!((statement.key, statement.epoch), (key.account(), 1));
        let with_new_key = Person { actor: key, number: cast.department.number };
        ready.verdicts[2] = sign_verdict(&statement, &with_new_key);
        unlock_ready(&mut lenders, &ready);
    }
}

#[test]
fn one_key_in_two_roles_or_the_applicants_does_not_count_though_it_was_another_at_locking() {
    let (mut lenders, cast) = stage();
    let mut ready = ready_application(&mut lenders);
    for taken in [&cast.bank, &cast.civil_affairs, &cast.citizen] {
        rotate_key(&mut lenders, &cast.department, &taken.actor);
        let statement = pass_with(&mut lenders, ready.case, &cast.department, |_| {});
        assert_eq!(statement.key, taken.actor.account());
        ready.verdicts[2] = sign_verdict(&statement, taken);
        stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
    }
    rotate_key(&mut lenders, &cast.department, &cast.department.actor);
    let statement = pass_with(&mut lenders, ready.case, &cast.department, |_| {});
    ready.verdicts[2] = sign_verdict(&statement, &cast.department);
    unlock_ready(&mut lenders, &ready);
}

#[test]
fn a_bank_that_has_another_account_since_signs_again_and_lends_the_same_money() {
    let (mut lenders, cast) = stage();
    let mut ready = ready_application(&mut lenders);
    let new = Person { actor: Actor::named("the bank's new account"), number: cast.bank.number };
    lenders.rebind(&cast.bank, &new.actor);
    stores_nothing(&mut lenders, ready.case, &ready.event, &ready.verdicts, Code::OracleFailed);
    let statement = pass_with(&mut lenders, ready.case, &new, |_| {});
    ready.verdicts[0] = sign_verdict(&statement, &new);
    unlock_ready(&mut lenders, &ready);
    assert_eq!((lenders.balance(&cast.citizen), lenders.balance(&new)), (12_000, 0));
}

#[test]
fn a_borrower_that_has_another_account_since_is_paid_there() {
    let (mut lenders, cast) = stage();
    let ready = ready_application(&mut lenders);
    let new = Person { actor: Actor::named("the citizen's new account"), number: cast.citizen.number };
    lenders.rebind(&cast.citizen, &new.actor);
    unlock_ready(&mut lenders, &ready);
    assert_eq!((lenders.balance(&new), lenders.loan(1).borrower), (12_000, cast.citizen.number));
}
