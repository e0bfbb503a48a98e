//! Who lets a campaign collect, rejects it, gives it up, and closes it.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    flow::{self, Request},
    ids::CampaignId,
    roles::Role,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    ledger::{Owner, Transferred},
    loan::{CampaignDecided, CampaignRefusal, CampaignStatus, CaseStatus, Code, Error, Loan, LoanStatus, Verdict},
    registry::Registry,
};

fn stands(status: CampaignStatus) -> Error {
    Error::Campaign(CampaignRefusal::WrongStatus { status })
}

/// A usual campaign that nobody has decided about.
fn proposed(lenders: &mut Lenders) -> CampaignId {
    let campaign = lenders.new_campaign(1_000);
    lenders.propose(campaign)
}

#[track_caller]
fn lock_refused(lenders: &mut Lenders, event: &flow::Event, error: Error) {
    let citizen = lenders.world.citizen.actor.clone();
    let message = lenders.world.suite.loan().lock(event.clone(), None);
    lenders.world.refuses(&citizen, message, error);
}

#[test]
fn a_loan_administrator_approves_or_rejects_and_it_is_said() {
    let (mut lenders, cast) = stage();
    let campaigns = [proposed(&mut lenders), proposed(&mut lenders)];
    let done = lenders.world.send(&cast.officer.actor, cast.loans().approve_campaign(campaigns[0]));
    let decided = CampaignDecided { campaign: campaigns[0], status: CampaignStatus::Open, reason: 0 };
    assert_eq!(lenders.world.events(&done.events), [Event::CampaignDecided(decided)]);
    let done = lenders.world.send(&cast.officer.actor, cast.loans().reject_campaign(campaigns[1], 7));
    let decided = CampaignDecided { campaign: campaigns[1], status: CampaignStatus::Rejected, reason: 7 };
    assert_eq!(lenders.world.events(&done.events), [Event::CampaignDecided(decided)]);
    assert_eq!(lenders.campaign(campaigns[0]).status, CampaignStatus::Open);
    assert_eq!(lenders.campaign(campaigns[1]).status, CampaignStatus::Rejected);
}

#[test]
fn nobody_else_decides_and_nobody_about_its_own_campaign() {
    let (mut lenders, cast) = stage();
    let borrower = lenders.enrol("borrower and administrator", &[Role::Citizen, Role::LoanAdministrator]);
    lenders.world.citizen = borrower.clone();
    let campaign = proposed(&mut lenders);
    let suspended = lenders.enrol("suspended", &[Role::LoanAdministrator]);
    lenders.suspend(&suspended);
    let former = lenders.enrol("former", &[Role::LoanAdministrator]);
    lenders.world.send(&cast.government.actor, cast.registry().revoke(former.number, Role::LoanAdministrator));
    let others = [&borrower, &cast.citizen, &cast.bank, &cast.regulator, &cast.government, &suspended, &former];
    for other in others.map(|one| &one.actor).into_iter().chain([&cast.stranger]) {
        lenders.refuses(other, cast.loans().approve_campaign(campaign), Error::NotAllowed);
        lenders.refuses(other, cast.loans().reject_campaign(campaign, 1), Error::NotAllowed);
    }
    let second = lenders.enrol("second officer", &[Role::LoanAdministrator]);
    lenders.world.send(&second.actor, cast.loans().approve_campaign(campaign));
}

#[test]
fn only_the_borrower_cancels_also_while_it_is_suspended() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    let others = [&cast.officer, &cast.bank, &cast.regulator, &cast.government, &cast.investors[0]];
    for other in others.map(|one| &one.actor).into_iter().chain([&cast.stranger]) {
        lenders.refuses(other, cast.loans().cancel_campaign(campaign), Error::NotYours);
    }
    lenders.suspend(&cast.citizen);
    let done = lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(campaign));
    let decided = CampaignDecided { campaign, status: CampaignStatus::Cancelled, reason: 0 };
    assert_eq!(lenders.world.events(&done.events), [Event::CampaignDecided(decided)]);
}

#[test]
fn a_campaign_is_approved_before_its_deadline() {
    let (mut lenders, cast) = stage();
    let campaigns = [proposed(&mut lenders), proposed(&mut lenders)];
    let deadline = START + 10 * DAY;
    lenders.chain.set_time(deadline - 1);
    lenders.world.send(&cast.officer.actor, cast.loans().approve_campaign(campaigns[0]));
    for now in [deadline, deadline + 1] {
        lenders.chain.set_time(now);
        let late = Error::Campaign(CampaignRefusal::TooLate { deadline });
        lenders.refuses(&cast.officer.actor, cast.loans().approve_campaign(campaigns[1]), late);
    }
    lenders.world.send(&cast.officer.actor, cast.loans().reject_campaign(campaigns[1], 1));
}

#[test]
fn each_message_is_refused_where_a_campaign_stands_otherwise() {
    use CampaignStatus::{Cancelled, Failed, Funded, Open, Proposed, Rejected};
    let (mut lenders, cast) = stage();
    let (officer, borrower, investor) = (&cast.officer.actor, &cast.citizen.actor, cast.investors[0].clone());
    let [waiting, open, rejected, cancelled] = [0; 4].map(|_| proposed(&mut lenders));
    for campaign in [open, cancelled] {
        lenders.world.send(officer, cast.loans().approve_campaign(campaign));
        lenders.invest(&investor, campaign, 500);
    }
    lenders.world.send(officer, cast.loans().reject_campaign(rejected, 1));
    lenders.world.send(borrower, cast.loans().cancel_campaign(cancelled));
    let mut early = lenders.new_campaign(1_000);
    early.deadline = START + DAY;
    let failed = lenders.propose(early);
    lenders.world.send(officer, cast.loans().approve_campaign(failed));
    lenders.invest(&investor, failed, 500);
    let (funded, _) = fund(&mut lenders, [300, 300, 400]);
    lenders.chain.set_time(START + DAY);
    lenders.world.send(&investor.actor, cast.loans().refund(failed));

    let all = [
        (waiting, Proposed),
        (open, Open),
        (rejected, Rejected),
        (cancelled, Cancelled),
        (failed, Failed),
        (funded, Funded),
    ];
    lenders.funds(&investor, 100);
    for (campaign, status) in all {
        assert_eq!(lenders.campaign(campaign).status, status);
        let wrong = stands(status);
        if status != Proposed {
            lenders.refuses(officer, cast.loans().approve_campaign(campaign), wrong);
        }
        if ![Proposed, Open].contains(&status) {
            lenders.refuses(officer, cast.loans().reject_campaign(campaign, 1), wrong);
            lenders.refuses(borrower, cast.loans().cancel_campaign(campaign), wrong);
        }
        if status != Open {
            lenders.refuses(&investor.actor, cast.loans().invest(campaign, 100), wrong);
            let event = lenders.campaign_close(campaign);
            lock_refused(&mut lenders, &event, wrong);
        }
        if [Proposed, Funded].contains(&status) {
            lenders.refuses(&investor.actor, cast.loans().refund(campaign), wrong);
        }
        if status != Funded {
            lenders.refuses(&investor.actor, cast.loans().claim(campaign), wrong);
        }
    }
    // And what is not refused goes through.
    lenders.world.send(borrower, cast.loans().cancel_campaign(waiting));
    lenders.world.send(borrower, cast.loans().cancel_campaign(open));
}

#[test]
fn a_campaign_that_collects_or_waits_to_be_closed_is_rejected_and_its_borrower_gets_nothing() {
    let (mut lenders, cast) = stage();
    let investor = cast.investors[0].clone();
    let [collecting, full] = [400, 1_000].map(|invested| {
        let campaign = lenders.open_campaign(1_000);
        lenders.invest(&investor, campaign, invested);
        campaign
    });
    let case = lenders.lock(&lenders.campaign_close(full));
    for campaign in [collecting, full] {
        let done = lenders.world.send(&cast.officer.actor, cast.loans().reject_campaign(campaign, 7));
        let decided = CampaignDecided { campaign, status: CampaignStatus::Rejected, reason: 7 };
        assert_eq!(lenders.world.events(&done.events), [Event::CampaignDecided(decided)]);
    }
    let rejected = stands(CampaignStatus::Rejected);
    unlock_refused(&mut lenders, case, rejected);
    lenders.refuses(&investor.actor, cast.loans().invest(collecting, 100), rejected);
    lenders.refuses(&cast.citizen.actor, cast.loans().cancel_campaign(collecting), rejected);
    assert_eq!((lenders.held(), lenders.balance(&cast.citizen)), (1_400, 0), "it is the investor's");
}

#[test]
fn a_campaign_that_nobody_knows_is_refused_by_each_message() {
    let (mut lenders, cast) = stage();
    proposed(&mut lenders);
    for campaign in [0, 2, u64::MAX] {
        let unknown = Error::UnknownCampaign { campaign };
        lenders.refuses(&cast.officer.actor, cast.loans().approve_campaign(campaign), unknown);
        lenders.refuses(&cast.officer.actor, cast.loans().reject_campaign(campaign, 1), unknown);
        lenders.refuses(&cast.citizen.actor, cast.loans().cancel_campaign(campaign), unknown);
        lenders.refuses(&cast.investors[0].actor, cast.loans().invest(campaign, 1), unknown);
        lenders.refuses(&cast.investors[0].actor, cast.loans().refund(campaign), unknown);
        lenders.refuses(&cast.investors[0].actor, cast.loans().claim(campaign), unknown);
        let event = lenders.campaign_close(campaign);
        lock_refused(&mut lenders, &event, unknown);
        assert_eq!(lenders.world.ask(cast.loans().campaign(campaign)), None);
        assert_eq!(share(&mut lenders, campaign, &cast.investors[0]), Default::default());
    }
}

#[test]
fn while_business_is_stopped_nothing_is_approved_and_anything_may_be_given_up() {
    let (mut lenders, cast) = stage();
    let campaigns = [proposed(&mut lenders), proposed(&mut lenders)];
    pause(&mut lenders);
    lenders.refuses(&cast.officer.actor, cast.loans().approve_campaign(campaigns[0]), Error::Paused);
    lenders.world.send(&cast.officer.actor, cast.loans().reject_campaign(campaigns[0], 1));
    lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(campaigns[1]));
}

// ---- closing ----

#[test]
fn a_full_campaign_is_closed_by_its_borrower_and_the_administrator_who_gives_the_escrow_as_a_loan() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let case = lenders.lock(&lenders.campaign_close(campaign));
    let done = lenders.unlock(case);
    let events = lenders.world.events(&done.events);
    let (from, to) = (Owner::Contract(cast.suite.loan), Owner::Participant(cast.citizen.number));
    let moved = Transferred { from, to, issuer: cast.bank.number, amount: 1_000 };
    let decided = CampaignDecided { campaign, status: CampaignStatus::Funded, reason: 0 };
    assert_eq!(events[..2], [Event::Transferred(moved), Event::CampaignDecided(decided)]);
    let names: Vec<_> = events.iter().map(Event::name).collect();
    assert_eq!(names[2..], ["LoanOpened", "CaseExecuted"]);
    let loan = lenders.campaign(campaign).loan;
    let record = lenders.loan(loan);
    assert_eq!((record.borrower, record.issuer), (cast.citizen.number, cast.bank.number));
    assert_eq!((record.principal.balance(), record.terms.rate, record.months), (1_000, 800, 12), "as it was rated");
    assert_eq!((record.status, record.subsidised_by), (LoanStatus::Active, 0));
    assert_eq!((lenders.balance(&cast.citizen), lenders.held()), (1_000, 0));
    let refused = stands(CampaignStatus::Funded);
    let event = lenders.campaign_close(campaign);
    lock_refused(&mut lenders, &event, refused);
}

#[test]
fn a_campaign_that_misses_a_unit_is_not_closed() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 999);
    let event = lenders.campaign_close(campaign);
    let missing = Error::Campaign(CampaignRefusal::NotReached { missing: 1 });
    lock_refused(&mut lenders, &event, missing);
    lenders.invest(&cast.investors[1], campaign, 1);
    close(&mut lenders, campaign);
}

#[test]
fn a_full_campaign_is_closed_within_thirty_days_also_after_its_deadline() {
    for (wait, in_time) in [(30 * DAY - 1, true), (30 * DAY, false), (30 * DAY + 1, false)] {
        let (mut lenders, cast) = stage();
        let campaign = lenders.open_campaign(1_000);
        lenders.chain.set_time(START + 10 * DAY - 1);
        lenders.invest(&cast.investors[0], campaign, 1_000);
        let reached = lenders.chain.now();
        assert_eq!(lenders.campaign(campaign).reached_at, reached);
        lenders.chain.set_time(reached + 25 * DAY);
        let case = lenders.lock(&lenders.campaign_close(campaign));
        lenders.chain.set_time(reached + wait);
        if in_time {
            lenders.unlock(case);
            continue;
        }
        let late = Error::Campaign(CampaignRefusal::TooLate { deadline: reached + 30 * DAY });
        unlock_refused(&mut lenders, case, late);
        let event = lenders.campaign_close(campaign);
        lock_refused(&mut lenders, &event, late);
    }
}

#[test]
fn only_the_borrower_asks_for_the_money_and_only_while_it_may_have_a_loan() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let event = lenders.campaign_close(campaign);
    let neighbour = lenders.enrol("neighbour", &[Role::Citizen]);
    lenders.world.citizen = neighbour.clone();
    let theirs = flow::Event { applicant: neighbour.number, ..event.clone() };
    lock_refused(&mut lenders, &theirs, Error::NotYours);
    lenders.world.citizen = cast.citizen.clone();
    let case = lenders.lock(&event);
    lenders.world.send(&cast.regulator.actor, cast.registry().blacklist(cast.citizen.number, 1));
    unlock_refused(&mut lenders, case, Error::NotEligible { applicant: cast.citizen.number });
    lenders.world.send(&cast.regulator.actor, cast.registry().clear_blacklist(cast.citizen.number));
    lenders.unlock(case);
}

#[test]
fn a_campaign_that_was_cancelled_while_its_closing_was_decided_stays_cancelled() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let case = lenders.lock(&lenders.campaign_close(campaign));
    lenders.world.send(&cast.citizen.actor, cast.loans().cancel_campaign(campaign));
    unlock_refused(&mut lenders, case, stands(CampaignStatus::Cancelled));
    lenders.world.send(&cast.investors[0].actor, cast.loans().refund(campaign));
    unlock_refused(&mut lenders, case, stands(CampaignStatus::Cancelled));
    assert_eq!((lenders.balance(&cast.investors[0]), lenders.balance(&cast.citizen)), (1_000, 0));
}

#[test]
fn of_two_cases_that_close_a_campaign_one_is_executed() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let event = lenders.campaign_close(campaign);
    let cases = [lenders.lock(&event), lenders.lock(&event)];
    lenders.unlock(cases[0]);
    unlock_refused(&mut lenders, cases[1], stands(CampaignStatus::Funded));
    assert_eq!((lenders.balance(&cast.citizen), lenders.held()), (1_000, 0), "paid once");
}

#[test]
fn an_administrator_who_says_no_leaves_the_money_in_escrow() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let event = lenders.campaign_close(campaign);
    let case = lenders.lock(&event);
    let verdict = lenders.verdict(case, &cast.officer, Verdict::Failed);
    let done = lenders.try_unlock(case, vec![verdict]).expect("a genuine Failed is taken");
    assert_eq!((done.value, lenders.case(case).status), (Code::OracleFailed, CaseStatus::Failed));
    assert_eq!((lenders.campaign(campaign).status, lenders.held()), (CampaignStatus::Open, 1_000));
    // Another campaign's number in the event that is unlocked does not help either.
    let other = flow::Event { request: Request::CampaignClose { campaign: campaign + 1 }, ..event };
    lock_refused(&mut lenders, &other, Error::UnknownCampaign { campaign: campaign + 1 });
}

#[test]
fn no_campaign_is_closed_while_business_is_stopped() {
    let (mut lenders, cast) = stage();
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investors[0], campaign, 1_000);
    let case = lenders.lock(&lenders.campaign_close(campaign));
    pause(&mut lenders);
    unlock_refused(&mut lenders, case, Error::Paused);
    let event = lenders.campaign_close(campaign);
    lock_refused(&mut lenders, &event, Error::Paused);
    unpause(&mut lenders);
    lenders.unlock(case);
}
