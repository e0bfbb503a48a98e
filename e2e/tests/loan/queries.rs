//! What anybody may ask the loan contract, and that asking changes nothing (X23).

use crate::common::*;
use amanah_domain::{roles::Role, time::DAY};
use amanah_e2e::World;
use amanah_interfaces::loan::{Error, EventKind, Finding, Loan, Matter, Nonces, Share};

#[test]
fn there_is_nothing_where_nothing_was_made() {
    let mut world = World::new();
    let (suite, citizen) = (world.suite.clone(), world.citizen.number);
    for number in [0, 1, u64::MAX] {
        assert_eq!(world.ask(suite.loan().loan(number)), None);
        assert_eq!(world.ask(suite.loan().due(number)), Err(Error::UnknownLoan { loan: number }));
        assert_eq!(world.ask(suite.loan().schedule(number, 1, 50)), []);
        assert_eq!(world.ask(suite.loan().case(number)), None);
        assert_eq!(world.ask(suite.loan().event_hash(number)), None);
        assert_eq!(world.ask(suite.loan().campaign(number)), None);
        assert_eq!(world.ask(suite.loan().share(number, citizen)), Share::default());
        assert_eq!(world.ask(suite.loan().credit(number, citizen)), 0);
        assert_eq!(world.ask(suite.loan().nonces(number)), Nonces::default());
        assert_eq!(world.ask(suite.loan().loans_of(number, None, 50)), []);
        for matter in [Matter::Case(number), Matter::Loan(number)] {
            assert_eq!(world.ask(suite.loan().challenge_of(matter)), None);
        }
    }
    for number in [0, 1, u32::MAX] {
        assert_eq!(world.ask(suite.loan().flow(number)), None);
        assert_eq!(world.ask(suite.loan().product(number)), None);
    }
    for grade in [0, 4, 5, u8::MAX] {
        assert_eq!(world.ask(suite.loan().campaigns(grade, None, 50)), []);
    }
    assert_eq!(world.ask(suite.loan().present_flow(EventKind::Reschedule)), 0);
}

#[test]
fn a_contract_tells_where_its_registry_and_ledger_are_and_what_is_signed_for_it() {
    let mut world = World::new();
    let suite = world.suite.clone();
    assert_eq!(world.ask(suite.loan().registry()), suite.registry.into());
    assert_eq!(world.ask(suite.loan().ledger()), suite.ledger.into());
    assert_eq!(world.ask(suite.loan().domain_separator()), suite.loan_domain());
    assert_ne!(suite.loan_domain(), suite.voucher_domain());
    assert_eq!(world.ask(suite.loan().version()), 1);
}

#[test]
fn no_query_changes_anything_even_when_it_is_sent_as_a_transaction() {
    let (mut lenders, cast) = stage();
    let (product, citizen, investor) = (lenders.product, cast.citizen.number, cast.investor.number);
    let loan = lenders.lend(12_000, 12);
    let campaign = lenders.open_campaign(1_000);
    lenders.invest(&cast.investor, campaign, 400);
    let open = lenders.new_schedule(loan, 6);
    let case = lenders.lock(&open);
    let matter = Matter::Case(case);
    lenders.send(&cast.regulator.actor, cast.suite.loan().challenge(matter, 1));
    lenders.chain.advance(40 * DAY);
    let mut asked = Vec::new();
    macro_rules! unchanged_by {
        ($($query:ident($($argument:expr),*)),* $(,)?) => {$(
            let question = cast.suite.loan().$query($($argument),*);
            assert!(!lenders.changes(&cast.citizen.actor, question), stringify!($query));
            asked.push(concat!("Loan::", stringify!($query)));
        )*};
    }
    unchanged_by!(
        loan(loan),
        due(loan),
        schedule(loan, 1, 50),
        loans_of(citizen, None, 50),
        inspect(citizen, None, None, 50),
        case(case),
        event_hash(case),
        flow(1),
        present_flow(EventKind::LoanApplication),
        product(product),
        campaign(campaign),
        campaigns(1, None, 50),
        share(campaign, investor),
        credit(cast.bank.number, cast.bank.number),
        challenge_of(matter),
        nonces(citizen),
        domain_separator(),
        registry(),
        ledger(),
        version(),
    );
    asked.sort_unstable();
    assert_eq!(asked, World::queries("loan"), "each query of the contract is in this test");
    // The way it is measured does see a change.
    let second = lenders.enrol("second regulator", &[Role::Regulator]);
    assert!(lenders.changes(&second.actor, cast.suite.loan().challenge(matter, 1)));
    assert!(lenders.changes(&second.actor, cast.suite.loan().resolve(matter, Finding::Dismissed)));
}
