//! Locking an event from the applicant's own account: what is stored, whom it must name, what it must fit.

use crate::common::*;
use amanah_domain::{
    calendar::add_months,
    crypto::Native,
    flow::{self, Event, Request},
    ids::ParticipantId,
    lending::MOST_MONTHS,
    money::AmountError,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{
    lending::{Lenders, VALIDITY},
    Person, START,
};
use amanah_interfaces::{
    loan::{
        CampaignRefusal, Case, CaseLocked, CaseStatus, Error, EventKind, GrantorRefusal, Loan, LoanRefusal,
        ProductRefusal,
    },
    registry::Registry,
    Balance,
};

#[test]
fn a_locked_event_is_stored_as_it_was_sent_and_its_hash_is_what_oracles_are_asked_about() {
    let (mut lenders, cast) = stage();
    lenders.chain.advance(5 * DAY);
    for (case, previous) in [(1, 0), (2, 1)] {
        let event = lenders.application(12_000, 12);
        let done = lenders.send(&cast.citizen.actor, cast.suite.loan().lock(event.clone(), None));
        assert_eq!(done.value, case);
        let expires = START + 5 * DAY + VALIDITY;
        let locked = CaseLocked { case, applicant: cast.citizen.number, event: event.clone(), expires };
        assert_eq!(told(&lenders, &done), [Emitted::CaseLocked(locked)]);
        let flow = lenders.ask(cast.suite.loan().flow(event.flow)).expect("the flow is there");
        let hash = flow::event_hash::<Native>(&flow, &event);
        assert!(hash.is_some());
        assert_eq!(lenders.ask(cast.suite.loan().event_hash(case)), hash);
        let status = CaseStatus::Open;
        assert_eq!(lenders.case(case), Case { event, revision: 0, passed: 0, status, expires, previous });
    }
}

#[test]
fn nobody_locks_somebody_elses_event_from_its_own_account() {
    let (mut lenders, cast) = stage();
    let event = lenders.application(12_000, 12);
    for other in [&cast.shop.actor, &cast.bank.actor, &cast.government.actor, &cast.administrator, &cast.stranger] {
        lenders.refuses(other, cast.suite.loan().lock(event.clone(), None), Error::NotAllowed);
    }
    for applicant in [0, 999, ParticipantId::MAX] {
        let event = Event { applicant, ..event.clone() };
        cannot_lock(&mut lenders, &event, Error::NotInGoodStanding { participant: applicant });
    }
}

// ---- whom it names ----

/// The citizen's application to these grantors is refused.
#[track_caller]
fn cannot_name(lenders: &mut Lenders, grantors: &[ParticipantId], refusal: GrantorRefusal) {
    let event = Event { grantors: grantors.to_vec(), ..lenders.application(12_000, 12) };
    cannot_lock(lenders, &event, Error::Grantor(refusal));
}

#[test]
fn an_event_names_one_participant_for_each_role_of_its_flow() {
    let (mut lenders, cast) = stage();
    let (bank, civil, department) = (cast.bank.number, cast.civil_affairs.number, cast.department.number);
    for (grantors, given) in [
        (vec![], 0),
        (vec![bank, civil], 2),
        (vec![bank, civil, department, cast.regulator.number], 4),
        (vec![bank; 150], 150),
        // More than the registry answers about at once.
        (vec![bank; 300], 255),
    ] {
        cannot_name(&mut lenders, &grantors, GrantorRefusal::WrongCount { needed: 3, given });
    }
}

#[test]
fn an_event_names_only_active_holders_of_the_role() {
    let (mut lenders, cast) = stage();
    let (bank, civil, department) = (cast.bank.number, cast.civil_affairs.number, cast.department.number);
    for other in [0, 999, cast.shop.number, cast.regulator.number] {
        let refusal = GrantorRefusal::NotInGoodStanding { grantor: other };
        cannot_name(&mut lenders, &[other, civil, department], refusal);
        cannot_name(&mut lenders, &[bank, other, department], refusal);
        cannot_name(&mut lenders, &[bank, civil, other], refusal);
    }
    let swapped = GrantorRefusal::NotInGoodStanding { grantor: civil };
    cannot_name(&mut lenders, &[civil, bank, department], swapped);
    lenders.suspend(&cast.civil_affairs);
    cannot_name(&mut lenders, &[bank, civil, department], swapped);
    reinstate(&mut lenders, &cast.civil_affairs);
    revoke(&mut lenders, &cast.civil_affairs, Role::CivilAffairs);
    cannot_name(&mut lenders, &[bank, civil, department], swapped);
}

#[test]
fn nobody_grants_one_event_in_two_roles_or_under_anothers_key() {
    let (mut lenders, cast) = stage();
    let (bank, civil, department) = (cast.bank.number, cast.civil_affairs.number, cast.department.number);
    grant(&mut lenders, &cast.bank, Role::CivilAffairs);
    cannot_name(&mut lenders, &[bank, bank, department], GrantorRefusal::Repeated { grantor: bank });
    let key = cast.bank.actor.account();
    let double = enrol_with(&mut lenders, "the bank's double", &[Role::FinancialDepartment], |who| who.key = Some(key));
    let refusal = GrantorRefusal::Repeated { grantor: double.number };
    cannot_name(&mut lenders, &[bank, civil, double.number], refusal);
}

#[test]
fn an_applicant_grants_nothing_to_itself_neither_by_number_nor_by_key() {
    let (mut lenders, cast) = stage();
    let (bank, department) = (cast.bank.number, cast.department.number);
    grant(&mut lenders, &cast.citizen, Role::CivilAffairs);
    let itself = cast.citizen.number;
    cannot_name(&mut lenders, &[bank, itself, department], GrantorRefusal::IsApplicant { grantor: itself });
    let key = cast.citizen.actor.account();
    let double = enrol_with(&mut lenders, "the citizen's double", &[Role::CivilAffairs], |who| who.key = Some(key));
    let refusal = GrantorRefusal::IsApplicant { grantor: double.number };
    cannot_name(&mut lenders, &[bank, double.number, department], refusal);
}

#[test]
fn no_other_bank_grants_a_banks_product() {
    let (mut lenders, _) = stage();
    let other = lenders.enrol("another bank", &[Role::Bank]);
    let mut event = lenders.application(12_000, 12);
    event.grantors[0] = other.number;
    cannot_lock(&mut lenders, &event, Error::WrongGrantor { role: Role::Bank });
}

// ---- who applies ----

/// This participant's application is refused, since it may have no new loan.
#[track_caller]
fn is_not_eligible(lenders: &mut Lenders, applicant: &Person) {
    let event = lenders.application_of(applicant, lenders.product, 12_000, 12);
    let message = lenders.suite.loan().lock(event, None);
    lenders.refuses(&applicant.actor, message, Error::NotEligible { applicant: applicant.number });
}

#[test]
fn who_is_suspended_blacklisted_or_without_the_role_gets_no_new_loan() {
    let (mut lenders, cast) = stage();
    is_not_eligible(&mut lenders, &cast.shop);
    is_not_eligible(&mut lenders, &cast.regulator);
    lenders.suspend(&cast.citizen);
    is_not_eligible(&mut lenders, &cast.citizen);
    reinstate(&mut lenders, &cast.citizen);
    let regulator = &cast.regulator.actor;
    lenders.send(regulator, cast.suite.registry().blacklist(cast.citizen.number, 7));
    is_not_eligible(&mut lenders, &cast.citizen);
    lenders.send(regulator, cast.suite.registry().clear_blacklist(cast.citizen.number));
    revoke(&mut lenders, &cast.citizen, Role::Citizen);
    is_not_eligible(&mut lenders, &cast.citizen);
    grant(&mut lenders, &cast.citizen, Role::Citizen);
    let event = lenders.application(12_000, 12);
    lenders.lock(&event);
}

#[test]
fn an_identity_card_must_be_valid_at_the_moment_of_applying() {
    let (mut lenders, _) = stage();
    let end = START + 30 * DAY;
    let holder = enrol_with(&mut lenders, "holder of an old card", &[Role::Citizen], |who| {
        who.identity_valid_until = end;
    });
    lenders.chain.set_time(end - 1);
    let event = lenders.application_of(&holder, lenders.product, 12_000, 12);
    lock_by(&mut lenders, &holder, &event);
    for late in [end, end + 1] {
        lenders.chain.set_time(late);
        is_not_eligible(&mut lenders, &holder);
    }
}

#[test]
fn only_applicants_of_the_flow_apply_and_one_of_their_roles_is_enough() {
    let (mut lenders, cast) = stage();
    let government = cast.government.actor.clone();
    let applicants = vec![Role::Shop, Role::Charity];
    let kind = EventKind::LoanApplication;
    let configure = cast.suite.loan().configure_flow(kind, applicants, vec![Role::Bank], VALIDITY);
    let flow = lenders.send(&government, configure).value;
    let product = lenders.product_with(|offer| (offer.flow, offer.subsidised) = (flow, false));
    let event = |lenders: &Lenders, who: &Person| Event {
        flow,
        grantors: vec![cast.bank.number],
        ..lenders.application_of(who, product, 100, 1)
    };
    let citizens = event(&lenders, &cast.citizen);
    cannot_lock(&mut lenders, &citizens, Error::NotEligible { applicant: cast.citizen.number });
    let shops = event(&lenders, &cast.shop);
    lock_by(&mut lenders, &cast.shop, &shops);
}

// ---- what it asks for ----

#[test]
fn an_application_stays_within_its_product_and_may_reach_its_limits() {
    let (mut lenders, cast) = stage();
    for (principal, months) in [(50_000, 36), (1, 1)] {
        let event = lenders.application(principal, months);
        lenders.lock(&event);
    }
    let over = |wanted| Error::Product(ProductRefusal::OverLimit { most: 50_000, wanted });
    let bad = |wanted| Error::Product(ProductRefusal::BadMonths { most: 36, wanted });
    for (principal, months, error) in [
        (50_001, 36, over(50_001)),
        (u64::MAX.into(), 36, over(u64::MAX.into())),
        (Balance::from(u64::MAX) + 1, 36, Error::Amount(AmountError::TooLarge)),
        (Balance::MAX, 36, Error::Amount(AmountError::TooLarge)),
        (0, 36, Error::Amount(AmountError::Zero)),
        (50_000, 37, bad(37)),
        (50_000, 0, bad(0)),
        (50_000, u16::MAX, bad(u16::MAX)),
    ] {
        let event = lenders.application(principal, months);
        cannot_lock(&mut lenders, &event, error);
    }
    for product in [0, 99] {
        let event = lenders.application_of(&cast.citizen, product, 1, 1);
        cannot_lock(&mut lenders, &event, Error::UnknownProduct { product });
    }
}

#[test]
fn another_loan_of_a_product_is_asked_for_when_its_months_are_over_and_not_a_millisecond_earlier() {
    let (mut lenders, cast) = stage();
    lenders.lend(1_000, 12);
    let from = add_months(START, 12);
    let other = lenders.product_with(|offer| offer.again_after_months = 0);
    for early in [START, from - 1] {
        lenders.chain.set_time(early);
        let event = lenders.application(1_000, 12);
        cannot_lock(&mut lenders, &event, Error::Loan(LoanRefusal::TooSoon { from }));
    }
    let event = lenders.application_of(&cast.citizen, other, 1_000, 12);
    lenders.lock(&event);
    lenders.chain.set_time(from);
    let event = lenders.application(1_000, 12);
    lenders.lock(&event);
}

#[test]
fn a_product_that_is_given_once_is_never_given_again() {
    let (mut lenders, cast) = stage();
    let once = lenders.product_with(|offer| offer.again_after_months = 0);
    lenders.lend_of(once, 1_000, 12);
    lenders.chain.advance(9 * 365 * DAY);
    let event = lenders.application_of(&cast.citizen, once, 1_000, 12);
    cannot_lock(&mut lenders, &event, Error::Loan(LoanRefusal::TooSoon { from: Millis::MAX }));
}

#[test]
fn an_event_goes_through_the_flow_that_is_meant_for_it() {
    let (mut lenders, cast) = stage();
    let application = lenders.application(12_000, 12);
    for flow in [0, 99] {
        cannot_lock(&mut lenders, &Event { flow, ..application.clone() }, Error::UnknownFlow { flow });
    }
    // Of another kind: the present one of its kind is named.
    let wrong = Error::WrongFlow { flow: lenders.application };
    for flow in [lenders.refund, lenders.close, lenders.reschedule] {
        cannot_lock(&mut lenders, &Event { flow, ..application.clone() }, wrong);
    }
    // A product keeps the flow that it was offered with.
    let newer = lenders.configure(EventKind::LoanApplication, &[Role::Bank]);
    let weaker = Event { flow: newer, grantors: vec![cast.bank.number], ..application.clone() };
    cannot_lock(&mut lenders, &weaker, wrong);
    lenders.lock(&application);
    // A campaign's product is not applied for.
    let campaigns = lenders.application_of(&cast.citizen, lenders.campaign_product, 1_000, 12);
    cannot_lock(&mut lenders, &campaigns, Error::WrongFlow { flow: 0 });
}

#[test]
fn what_is_no_application_goes_through_the_present_flow_of_its_kind_only() {
    let (mut lenders, _) = stage();
    let loan = lenders.lend(12_000, 12);
    let campaign = lenders.open_campaign(1_000);
    let events = [lenders.interest_refund(loan), lenders.new_schedule(loan, 6), lenders.campaign_close(campaign)];
    let newer = [
        lenders.configure(EventKind::InterestRefund, &[Role::FinancialDepartment]),
        lenders.configure(EventKind::Reschedule, &[Role::Bank, Role::CivilAffairs]),
        lenders.configure(EventKind::CampaignClose, &[Role::Bank, Role::LoanAdministrator]),
    ];
    for (event, flow) in events.iter().zip(newer) {
        cannot_lock(&mut lenders, event, Error::WrongFlow { flow });
    }
}

// ---- events about loans and campaigns that are there ----

#[test]
fn an_event_about_a_loan_is_its_borrowers_and_names_its_lender_and_its_department() {
    let (mut lenders, cast) = stage();
    let loan = lenders.lend(12_000, 12);
    let other_bank = lenders.enrol("another bank", &[Role::Bank]);
    let other_department = lenders.enrol("another department", &[Role::FinancialDepartment]);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let (refund, schedule) = (lenders.interest_refund(loan), lenders.new_schedule(loan, 6));
    for event in [&refund, &schedule] {
        let event = Event { applicant: neighbour.number, ..event.clone() };
        let message = cast.suite.loan().lock(event.clone(), None);
        lenders.refuses(&neighbour.actor, message, Error::NotYours);
        let event = Event { applicant: cast.citizen.number, ..event };
        let grantors = [&[other_bank.number], &event.grantors[1..]].concat();
        cannot_lock(&mut lenders, &Event { grantors, ..event }, Error::WrongGrantor { role: Role::Bank });
    }
    let grantors = vec![cast.bank.number, other_department.number];
    let role = Role::FinancialDepartment;
    cannot_lock(&mut lenders, &Event { grantors, ..refund.clone() }, Error::WrongGrantor { role });
    for unknown in [0, loan + 1, u64::MAX] {
        let error = Error::UnknownLoan { loan: unknown };
        cannot_lock(
            &mut lenders,
            &Event { request: Request::InterestRefund { loan: unknown }, ..refund.clone() },
            error,
        );
        let request = Request::Reschedule { loan: unknown, months: MOST_MONTHS };
        cannot_lock(&mut lenders, &Event { request, ..schedule.clone() }, error);
    }
    lenders.lock(&refund);
    lenders.lock(&schedule);
}

#[test]
fn nobody_owes_the_interest_of_a_loan_that_is_not_subsidised_for_its_borrower() {
    let (mut lenders, _) = stage();
    let product = lenders.product_with(|offer| offer.subsidised = false);
    let loan = lenders.lend_of(product, 12_000, 12);
    let event = lenders.interest_refund(loan);
    cannot_lock(&mut lenders, &event, Error::WrongGrantor { role: Role::FinancialDepartment });
}

#[test]
fn an_administrator_alone_gives_a_banks_loan_no_new_schedule_and_a_bank_alone_none_to_a_campaigns() {
    let (mut lenders, cast) = stage();
    let of_bank = lenders.lend(1_000, 12);
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, campaign, 1_000);
    let close = lenders.campaign_close(campaign);
    let case = lenders.lock(&close);
    lenders.unlock(case);
    let of_campaign = lenders.campaign(campaign).loan;

    let event = lenders.new_schedule(of_campaign, 6);
    cannot_lock(&mut lenders, &event, Error::WrongGrantor { role: Role::LoanAdministrator });
    let flow = lenders.configure(EventKind::Reschedule, &[Role::LoanAdministrator]);
    let grantors = vec![cast.officer.number];
    let event = Event { flow, grantors, ..lenders.new_schedule(of_bank, 6) };
    cannot_lock(&mut lenders, &event, Error::WrongGrantor { role: Role::Bank });
    let event = Event { request: Request::Reschedule { loan: of_campaign, months: 6 }, ..event };
    lenders.lock(&event);
}

#[test]
fn a_campaign_is_closed_for_its_borrower_only_and_when_it_has_its_target() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    let event = lenders.campaign_close(campaign);
    let missing = CampaignRefusal::NotReached { missing: 1_000 };
    cannot_lock(&mut lenders, &event, Error::Campaign(missing));
    lenders.invest(&cast.investor, campaign, 1_000);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    let message = cast.suite.loan().lock(Event { applicant: neighbour.number, ..event.clone() }, None);
    lenders.refuses(&neighbour.actor, message, Error::NotYours);
    let request = Request::CampaignClose { campaign: 99 };
    cannot_lock(&mut lenders, &Event { request, ..event.clone() }, Error::UnknownCampaign { campaign: 99 });
    lenders.lock(&event);
}
