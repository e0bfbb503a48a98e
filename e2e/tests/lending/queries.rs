//! What anyone may ask of loans: schedules, what is due, a borrower's loans.

use crate::common::*;
use amanah_domain::time::{Millis, DAY};
use amanah_e2e::{lending::Lenders, START};
use amanah_interfaces::{
    loan::{Instalment, Loan, Method, Order},
    Balance,
};

#[track_caller]
fn schedule(lenders: &mut Lenders, loan: u64, start: u16, limit: u16) -> Vec<Instalment> {
    let message = lenders.world.suite.loan().schedule(loan, start, limit);
    lenders.world.ask(message)
}

/// A whole schedule as principal and interest of each instalment, whose numbers and dates are as they must be.
#[track_caller]
fn plan(lenders: &mut Lenders, loan: u64) -> Vec<(Balance, Balance)> {
    let rows = schedule(lenders, loan, 0, 50);
    for ((at, row), due) in rows.iter().enumerate().zip([DUE, DUE_2, DUE_3, DUE_4]) {
        assert_eq!((usize::from(row.number), row.due), (at + 1, due));
    }
    rows.into_iter().map(|row| (row.principal, row.interest)).collect()
}

#[test]
fn equal_instalments_of_principal_bear_less_interest_each_time() {
    let (mut lenders, _) = stage();
    let loan = lend_plainly(&mut lenders);
    // 31 days of 1,000, 28 of 750, 31 of 500, 30 of 250, at a tenth of a per cent a day, rounded up once.
    assert_eq!(plan(&mut lenders, loan), [(250, 31), (250, 21), (250, 16), (250, 7)]);
}

#[test]
fn of_a_subsidised_loan_a_schedule_shows_no_interest() {
    let (mut lenders, _) = stage();
    let loan = lend_subsidised(&mut lenders);
    assert_eq!(plan(&mut lenders, loan), [(250, 0); 4]);
}

#[test]
fn equal_instalments_are_equal_but_for_the_last() {
    let (mut lenders, _) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        offer.method = Method::EqualInstalments;
    });
    let instalment = lenders.loan(loan).instalment.balance();
    let rows = plan(&mut lenders, loan);
    assert!(rows[..3].iter().all(|(principal, interest)| principal + interest == instalment), "{rows:?}");
    assert_eq!(rows.iter().map(|row| row.0).sum::<Balance>(), 1_000);
    assert!(rows[3].0 + rows[3].1 <= instalment + 4, "the last takes what days and rounding left: {rows:?}");
}

#[test]
fn a_loan_that_is_repaid_at_once_is_scheduled_at_its_end() {
    let (mut lenders, _) = stage();
    let loan = lend_with(&mut lenders, |offer| {
        plain(offer);
        offer.method = Method::Bullet;
    });
    assert_eq!(plan(&mut lenders, loan), [(0, 0), (0, 0), (0, 0), (1_000, 120)]);
}

#[test]
fn who_pays_by_the_schedule_owes_nothing_at_its_end_and_no_fee() {
    for (method, order) in [
        (Method::EqualPrincipal, Order::InterestFirst),
        (Method::EqualPrincipal, Order::PrincipalFirst),
        (Method::EqualInstalments, Order::InterestFirst),
        (Method::EqualInstalments, Order::PrincipalFirst),
        (Method::Bullet, Order::InterestFirst),
    ] {
        let (mut lenders, cast) = stage();
        let loan = lend_with(&mut lenders, |offer| {
            plain(offer);
            (offer.method, offer.order) = (method, order);
        });
        for row in schedule(&mut lenders, loan, 0, 50) {
            // On the last day, a millisecond before the date: the day itself begins with it.
            let day: Millis = row.due - 1;
            lenders.chain.set_time(day);
            let last = row.number == 4;
            let expected = owed(&mut lenders, loan);
            let wanted = if last { expected[1] + expected[2] } else { row.principal + row.interest };
            if wanted > 0 {
                repay(&mut lenders, &cast.citizen, loan, wanted);
            }
        }
        let record = lenders.loan(loan);
        assert_eq!(record.status, amanah_interfaces::loan::LoanStatus::Closed, "{method:?}, {order:?}");
        assert_eq!(record.book.fees_charged.balance(), 0, "{method:?}, {order:?}");
    }
}

#[test]
fn a_schedule_comes_in_pages_of_fifty_at_most() {
    let (mut lenders, _) = stage();
    let product = lenders.product_with(|offer| {
        plain(offer);
        offer.most_months = 480;
    });
    let loan = lenders.lend_of(product, 48_000, 480);
    let numbers = |rows: Vec<Instalment>| rows.into_iter().map(|row| row.number).collect::<Vec<_>>();
    for limit in [50, 51, u16::MAX] {
        assert_eq!(numbers(schedule(&mut lenders, loan, 0, limit)), (1..=50).collect::<Vec<_>>());
    }
    let mut all = Vec::new();
    while let Some(next) = Some(schedule(&mut lenders, loan, after(&all), 50)).filter(|page| !page.is_empty()) {
        all.extend(next);
    }
    assert_eq!(numbers(all.clone()), (1..=480).collect::<Vec<_>>(), "each once");
    assert_eq!(all.iter().map(|row| row.principal).sum::<Balance>(), 48_000);
    assert_eq!(schedule(&mut lenders, loan, after(&all[..99]), 1), [all[99]], "a page begins anywhere");
    assert_eq!(schedule(&mut lenders, loan, 0, 0), []);
    assert_eq!(schedule(&mut lenders, loan, u16::MAX, 50), []);
    assert_eq!(schedule(&mut lenders, loan + 1, 0, 50), [], "of a loan that nobody knows");
}

/// Where the page after these rows starts.
fn after(rows: &[Instalment]) -> u16 {
    rows.last().map_or(0, |row| row.number)
}

#[test]
fn a_borrowers_loans_are_listed_from_the_newest_page_by_page() {
    let (mut lenders, cast) = stage();
    for _ in 0..3 {
        lend_plainly(&mut lenders);
    }
    let neighbour = lenders.enrol("neighbour", &[amanah_domain::roles::Role::Citizen]);
    lenders.world.citizen = neighbour.clone();
    let theirs = lend_plainly(&mut lenders);
    let list = |lenders: &mut Lenders, of: u64, start, limit| {
        let page = lenders.world.ask(cast.loans().loans_of(of, start, limit));
        for (number, record) in &page {
            assert_eq!((record, record.borrower), (&lenders.loan(*number), of));
        }
        page.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
    };
    let citizen = cast.citizen.number;
    assert_eq!(list(&mut lenders, citizen, None, 50), [3, 2, 1]);
    assert_eq!(list(&mut lenders, citizen, None, 2), [3, 2]);
    let next = lenders.loan(2).previous;
    assert_eq!(list(&mut lenders, citizen, Some(next), 2), [1]);
    assert_eq!(lenders.loan(1).previous, 0);
    assert_eq!(list(&mut lenders, citizen, None, 0), [0; 0]);
    assert_eq!(list(&mut lenders, neighbour.number, None, 50), [theirs]);
    for start in [0, theirs, theirs + 1, u64::MAX] {
        assert_eq!(list(&mut lenders, citizen, Some(start), 50), [0; 0], "none of its own");
    }
    assert_eq!(list(&mut lenders, cast.bank.number, None, 50), [0; 0]);
}

#[test]
fn what_is_due_goes_on_where_payments_were_made_in_advance() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    repay(&mut lenders, &cast.citizen, loan, 500);
    let due_now = due(&mut lenders, loan);
    assert_eq!((due_now.next_due, due_now.overdue, due_now.late_from), (Some(DUE_3), 0, None));
    lenders.chain.set_time(DUE_3 + 30 * DAY);
    let due_now = due(&mut lenders, loan);
    assert_eq!((due_now.late_from, due_now.next_due), (Some(DUE_3), None));
    assert_eq!(due_now.overdue, 500 + 60, "the last date asks for everything");
}

#[test]
fn asking_changes_nothing() {
    let (mut lenders, cast) = stage();
    let loan = lend_plainly(&mut lenders);
    let (campaign, _) = fund(&mut lenders, [300, 300, 400]);
    lenders.chain.set_time(LATE);
    let (from, citizen, bank) = (cast.stranger.clone(), cast.citizen.number, cast.bank.number);
    assert!(!lenders.changes(&from, cast.loans().due(loan)));
    assert!(!lenders.changes(&from, cast.loans().schedule(loan, 0, 50)));
    assert!(!lenders.changes(&from, cast.loans().loans_of(citizen, None, 50)));
    assert!(!lenders.changes(&from, cast.loans().loan(loan)));
    assert!(!lenders.changes(&from, cast.loans().credit(bank, bank)));
    assert!(!lenders.changes(&from, cast.loans().campaign(campaign)));
    assert!(!lenders.changes(&from, cast.loans().campaigns(1, None, 50)));
    assert!(!lenders.changes(&from, cast.loans().share(campaign, cast.investors[0].number)));
    assert!(!lenders.changes(&from, cast.loans().nonces(citizen)));
    assert_eq!(lenders.world.chain.now(), START + 36 * DAY);
}
