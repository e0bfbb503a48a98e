//! What anybody may ask the welfare contract, page by page, and that asking changes nothing.

use crate::{
    applying::{entry, one_of_each_status},
    common::*,
};
use amanah_domain::{
    calendar::add_months,
    crypto::{Crypto, Native},
    ids::WelfareCaseId,
    money::Amount,
    roles::Role,
    time::DAY,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{assistance_form, injury_form, insurance_form, minimum_living_form, Offices},
    Person, World, START,
};
use amanah_interfaces::{
    welfare::{BenefitStatus, Certificate, Decision, Deed, Entry, Scheme, Welfare},
    Balance,
};
use scale::Encode;

#[test]
fn there_is_nothing_where_nothing_was_made() {
    let (mut offices, cast) = stage();
    let citizen = cast.citizen.number;
    for number in [0, 1, u64::MAX] {
        assert_eq!(offices.ask(cast.welfare().benefit_case(number)), None);
        assert_eq!(offices.ask(cast.welfare().certificate(number)), None);
        assert_eq!(offices.ask(cast.welfare().history(number, 0, 50)), []);
        assert_eq!(offices.ask(cast.welfare().next_due(number)), None);
        assert_eq!(offices.ask(cast.welfare().verdict_hash(number, None)), None);
        assert_eq!(offices.ask(cast.welfare().cases_of(number, None, 50)), []);
        assert_eq!(offices.ask(cast.welfare().cases_of(citizen, Some(number), 50)), []);
        assert_eq!(offices.ask(cast.welfare().credit(number, cast.bank.number)), 0);
        assert_eq!(offices.ask(cast.welfare().credit(citizen, number)), 0);
    }
    for role in (0..=u8::MAX).filter_map(Role::from_index).chain([Role::Custom(32), Role::Custom(255)]) {
        assert_eq!(offices.ask(cast.welfare().worklist(role, 0, 50)), [0; 0]);
        assert_eq!(offices.ask(cast.welfare().worklist_count(role)), 0);
    }
}

#[test]
fn a_contract_tells_where_the_others_are_and_what_is_signed_for_it() {
    let (mut offices, cast) = stage();
    let suite = cast.suite.clone();
    assert_eq!(offices.ask(suite.welfare().registry()), suite.registry.into());
    assert_eq!(offices.ask(suite.welfare().ledger()), suite.ledger.into());
    assert_eq!(offices.ask(suite.welfare().voucher()), suite.voucher.into());
    assert_eq!(offices.ask(suite.welfare().domain_separator()), suite.welfare_domain());
    assert_eq!(offices.ask(suite.welfare().version()), 1);
}

#[test]
fn no_query_changes_anything_even_when_it_is_sent_as_a_transaction() {
    let (mut offices, cast) = stage();
    // Something is there for each of them to be read.
    let granted = offices.granted_injury();
    offices.pay(granted, 1);
    offices.funds(&cast.citizen, 160);
    let waiting = offices.apply(&cast.citizen, offices.insurance, insurance_form());
    let (citizen, scheme) = (cast.citizen.number, offices.injury);
    let mut asked = Vec::new();
    macro_rules! unchanged_by {
        ($($query:ident($($argument:expr),*)),* $(,)?) => {$(
            assert!(!offices.changes(&cast.stranger, cast.welfare().$query($($argument),*)), stringify!($query));
            asked.push(concat!("Welfare::", stringify!($query)));
        )*};
    }
    unchanged_by!(
        benefit_case(granted),
        scheme(scheme),
        scheme_count(),
        has_agreed(scheme),
        certificate(granted),
        history(granted, 0, 50),
        cases_of(citizen, None, 50),
        worklist(Role::SocialInsuranceAgency, 0, 50),
        worklist_count(Role::SocialInsuranceAgency),
        next_due(granted),
        verdict_hash(waiting, None),
        credit(citizen, cast.bank.number),
        domain_separator(),
        registry(),
        ledger(),
        voucher(),
        version(),
    );
    asked.sort_unstable();
    assert_eq!(asked, World::queries("welfare"), "each query of the contract is in this test");
    // The way it is measured does see a change.
    assert!(offices.changes(&cast.citizen.actor, cast.welfare().withdraw_application(waiting)));
}

#[test]
fn a_history_is_read_page_by_page_from_any_entry() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let other = offices.apply(&cast.citizen, offices.injury, injury_form());
    let county = offices.reviewer(Role::WelfareDepartment);
    let mut all = vec![entry(&offices, &cast.citizen, Deed::Applied, 0, 0, BenefitStatus::Review)];
    for at in 1..60 {
        let mut cid = samples::document(0).cid;
        cid[35] = at;
        let seal = offices.seal(case, cid, &county);
        offices.send(&county.actor, cast.welfare().add_document(case, cid, seal));
        let sealed = entry(&offices, &county, Deed::Sealed, 0, 0, BenefitStatus::Review);
        all.push(Entry { document: Some(cid), ..sealed });
    }
    let mut page = |start, limit| offices.world.ask(cast.welfare().history(case, start, limit));
    assert_eq!(page(0, 0), []);
    assert_eq!(page(0, 1), all[..1]);
    for limit in [50, 51, u32::MAX] {
        assert_eq!(page(0, limit), all[..50], "at most 50");
        assert_eq!(page(7, limit), all[7..57], "from any entry");
        assert_eq!(page(50, limit), all[50..]);
        assert_eq!(page(59, limit), all[59..]);
        assert_eq!(page(60, limit), []);
        assert_eq!(page(u32::MAX - 49, limit), []);
        assert_eq!(page(u32::MAX, limit), []);
    }
    assert_eq!(page(59, 1), all[59..]);
    assert_eq!(offices.ask(cast.welfare().history(other, 0, 50)).len(), 1, "of this case alone");
}

/// Fifty-three insurances of the citizen, numbers 1 to 55 without 20 and 40, which are the neighbour's.
fn many_cases(offices: &mut Offices, citizen: &Person) -> Person {
    let neighbour = offices.applicant("neighbour");
    for person in [citizen, &neighbour] {
        offices.funds(person, 160);
    }
    for number in 1..=55 {
        let applicant = if number % 20 == 0 { &neighbour } else { citizen };
        assert_eq!(offices.apply(applicant, offices.insurance, insurance_form()), number);
    }
    neighbour
}

#[test]
fn cases_and_desks_are_read_page_by_page_and_a_foreign_start_gives_nothing() {
    let (mut offices, cast) = stage();
    let citizen = cast.citizen.number;
    let neighbour = many_cases(&mut offices, &cast.citizen).number;
    let newest_first: Vec<WelfareCaseId> = (1..=55).rev().filter(|number| number % 20 != 0).collect();

    let mut page = |of: u64, start: Option<WelfareCaseId>, limit: u32| {
        let page = offices.world.ask(cast.welfare().cases_of(of, start, limit));
        for (number, record) in &page {
            assert_eq!((record, record.applicant), (&offices.case(*number), of));
        }
        page.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
    };
    assert_eq!(page(citizen, None, 0), [0; 0]);
    assert_eq!(page(citizen, None, 1), [55]);
    for limit in [50, 51, u32::MAX] {
        assert_eq!(page(citizen, None, limit), newest_first[..50], "at most 50");
        assert_eq!(page(citizen, Some(55), limit), newest_first[..50]);
        assert_eq!(page(citizen, Some(3), limit), [3, 2, 1], "on from the last one's previous");
    }
    assert_eq!(page(citizen, Some(21), 3), [21, 19, 18]);
    assert_eq!(page(neighbour, None, 50), [40, 20]);
    for foreign in [0, 20, 40, 56, u64::MAX] {
        assert_eq!(page(citizen, Some(foreign), 50), [0; 0]);
    }
    assert_eq!(page(neighbour, Some(55), 50), [0; 0]);
    assert_eq!(page(cast.bank.number, None, 50), [0; 0]);
    assert_eq!(offices.case(newest_first[49]).previous, 3);

    let agency = Role::SocialInsuranceAgency;
    let all: Vec<WelfareCaseId> = (1..=55).collect();
    assert_eq!(offices.ask(cast.welfare().worklist_count(agency)), 55);
    let mut page = |start, limit| offices.world.ask(cast.welfare().worklist(agency, start, limit));
    assert_eq!(page(0, 0), [0; 0]);
    assert_eq!(page(0, 1), [1]);
    for limit in [50, 51, u32::MAX] {
        assert_eq!(page(0, limit), all[..50], "at most 50");
        assert_eq!(page(5, limit), all[5..], "exactly 50");
        assert_eq!(page(50, limit), all[50..]);
        assert_eq!(page(54, limit), [55]);
        for beyond in [55, 56, u32::MAX - 49, u32::MAX] {
            assert_eq!(page(beyond, limit), [0; 0]);
        }
    }
    assert_eq!(page(10, 5), all[10..15]);
    offices.decide(1, Decision::Accept, None);
    assert_eq!(offices.ask(cast.welfare().worklist(agency, 0, 2)), [55, 2], "the last one takes its place");
    assert_eq!(offices.ask(cast.welfare().worklist(agency, 53, 50)), [54]);
}

#[test]
fn the_hash_that_a_committee_signs_is_of_scheme_stage_form_and_amount() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.assistance, assistance_form());
    let scheme: u32 = offices.assistance;
    for stage in 0..2u8 {
        for amount in [None, Some(0), Some(250), Some(u64::MAX)] {
            let hash = Native::blake2b_256(&(scheme, stage, assistance_form(), amount).encode());
            let asked = cast.welfare().verdict_hash(case, amount.map(Balance::from));
            assert_eq!(offices.ask(asked), Some(hash), "stage {stage}, {amount:?}");
        }
        assert_eq!(offices.ask(cast.welfare().verdict_hash(case, Some(1 << 64))), None);
        if stage == 0 {
            offices.decide(case, Decision::Accept, None);
        }
    }
    for (status, case) in one_of_each_status(&mut offices, &cast.citizen) {
        let hash = offices.ask(cast.welfare().verdict_hash(case, None));
        assert_eq!(hash.is_some(), status == BenefitStatus::Review, "{status:?}");
    }
}

#[test]
fn a_certificate_says_whether_somebody_takes_part_now() {
    let (mut offices, cast) = stage();
    let message = |case| cast.welfare().certificate(case);
    for (status, case) in one_of_each_status(&mut offices, &cast.citizen) {
        let certificate = offices.ask(message(case));
        let granted = Certificate {
            scheme: offices.insurance,
            participant: cast.citizen.number,
            since: START,
            is_valid: status == BenefitStatus::Running,
            amount: 160,
            sum: 0,
        };
        let was_granted = matches!(status, BenefitStatus::Running | BenefitStatus::Suspended);
        assert_eq!(certificate, was_granted.then_some(granted), "{status:?}");
    }
    let case = offices.granted_insurance();
    offices.send(&cast.stranger, cast.welfare().collect_premium(case, 1));
    assert_eq!(offices.ask(message(case)).map(|it| (it.is_valid, it.sum)), Some((true, 160)));
    offices.send(&cast.citizen.actor, cast.welfare().terminate(case, 1));
    assert_eq!(offices.ask(message(case)).map(|it| (it.is_valid, it.sum)), Some((false, 160)), "it took part");

    // One that must be certified anew counts until its last millisecond.
    let family = offices.grant(&cast.citizen, offices.minimum_living, minimum_living_form());
    let until = add_months(START, 12);
    for (now, is_valid) in [(until - 1, true), (until, false), (until + 1, false)] {
        offices.chain.set_time(now);
        assert_eq!(offices.ask(message(family)).map(|it| it.is_valid), Some(is_valid));
    }
}

#[test]
fn the_next_period_is_due_while_a_benefit_runs_and_there_is_one() {
    let (mut offices, cast) = stage();
    let due = |offices: &mut Offices, case| offices.world.ask(cast.welfare().next_due(case));
    for (status, case) in one_of_each_status(&mut offices, &cast.citizen) {
        assert_eq!(due(&mut offices, case), (status == BenefitStatus::Running).then_some(START), "{status:?}");
    }
    let payer = cast.payer.clone();
    offices.funds(&payer, 800);
    let scheme = offices.scheme(Scheme { most_payments: 2, ..samples::welfare() });
    offices.chain.set_time(START + DAY);
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    assert_eq!(due(&mut offices, case), Some(START + DAY));
    offices.pay(case, 1);
    assert_eq!(due(&mut offices, case), Some(SECOND + DAY), "also before its time");
    offices.chain.set_time(SECOND + DAY);
    offices.pay(case, 2);
    assert_eq!(due(&mut offices, case), None, "all is paid");
    assert_eq!(offices.case(case).sum, Amount::new(800));
}
