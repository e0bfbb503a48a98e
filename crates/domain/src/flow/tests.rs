use super::*;
use crate::{crypto::Native, participant::Status};

const KINDS: [EventKind; 4] =
    [EventKind::LoanApplication, EventKind::InterestRefund, EventKind::CampaignClose, EventKind::Reschedule];

fn flow(kind: EventKind, oracles: &[Role]) -> Flow {
    let applicants = Roles::of(&[Role::Citizen]).unwrap();
    Flow { kind, applicants, oracles: oracles.to_vec(), validity: 30 * DAY }
}

fn loan_flow() -> Flow {
    flow(EventKind::LoanApplication, &[Role::Bank, Role::CivilAffairs, Role::FinancialDepartment])
}

fn event(grantors: &[ParticipantId], request: Request) -> Event {
    Event { flow: 3, applicant: 7, grantors: grantors.to_vec(), request }
}

fn loan_event() -> Event {
    event(&[21, 22, 23], Request::Loan { product: 5, principal: 30_000, months: 24, facts: [0xfa; 32] })
}

fn known(number: ParticipantId, roles: &[Role]) -> Credentials {
    Credentials {
        number,
        account: [0; 32],
        roles: Roles::of(roles).unwrap(),
        status: Status::Active,
        key: [number as u8; 32],
        epoch: 0,
        blacklisted: false,
        identity_valid_until: 0,
    }
}

fn applicant() -> Credentials {
    known(7, &[Role::Citizen])
}

fn grantors() -> Vec<Option<Credentials>> {
    let grantors = [(21, Role::Bank), (22, Role::CivilAffairs), (23, Role::FinancialDepartment)];
    grantors.map(|(number, role)| Some(known(number, &[role]))).to_vec()
}

fn named_now(known: &[Option<Credentials>]) -> Result<(), GrantorRefusal> {
    named(&loan_flow(), &loan_event(), &applicant(), known)
}

#[test]
fn the_usual_flows_can_be_used() {
    assert_eq!(loan_flow().checked(), Ok(loan_flow()));
    for (kind, oracles) in [
        (EventKind::InterestRefund, &[Role::Bank, Role::FinancialDepartment][..]),
        (EventKind::CampaignClose, &[Role::LoanAdministrator]),
        (EventKind::Reschedule, &[Role::Bank]),
        (EventKind::Reschedule, &[Role::Custom(31), Role::LoanAdministrator]),
    ] {
        assert_eq!(flow(kind, oracles).checked(), Ok(flow(kind, oracles)));
    }
}

#[test]
fn a_flow_needs_somebody_who_applies_and_somebody_who_grants() {
    let nobody = Flow { applicants: Roles::NONE, ..loan_flow() };
    assert_eq!(nobody.checked(), Err(FlowRefusal::NoApplicants));
    for kind in KINDS {
        assert_eq!(flow(kind, &[]).checked(), Err(FlowRefusal::NoOracles));
    }
}

#[test]
fn eight_oracles_are_the_most() {
    let eight: Vec<Role> = (0..7).map(Role::Custom).chain([Role::Bank]).collect();
    assert!(flow(EventKind::LoanApplication, &eight).checked().is_ok());
    let nine: Vec<Role> = (0..8).map(Role::Custom).chain([Role::Bank]).collect();
    let refusal = FlowRefusal::TooManyOracles { most: 8, given: 9 };
    assert_eq!(flow(EventKind::LoanApplication, &nine).checked(), Err(refusal));
    let refusal = FlowRefusal::TooManyOracles { most: 8, given: 255 };
    assert_eq!(flow(EventKind::LoanApplication, &[Role::Bank; 300]).checked(), Err(refusal));
}

#[test]
fn oracles_are_roles_that_exist_each_once() {
    let twice = flow(EventKind::LoanApplication, &[Role::Bank, Role::CivilAffairs, Role::CivilAffairs]);
    assert_eq!(twice.checked(), Err(FlowRefusal::Repeated { role: Role::CivilAffairs }));
    let none = flow(EventKind::LoanApplication, &[Role::Bank, Role::Custom(32)]);
    assert_eq!(none.checked(), Err(FlowRefusal::NoSuchRole { role: Role::Custom(32) }));
}

#[test]
fn who_pays_or_decides_must_grant() {
    for (kind, role) in [
        (EventKind::LoanApplication, Role::Bank),
        (EventKind::InterestRefund, Role::FinancialDepartment),
        (EventKind::CampaignClose, Role::LoanAdministrator),
        (EventKind::Reschedule, Role::Bank),
    ] {
        assert_eq!(flow(kind, &[Role::CivilAffairs]).checked(), Err(FlowRefusal::MustGrant { role }));
        assert!(flow(kind, &[Role::CivilAffairs, role]).checked().is_ok());
    }
}

#[test]
fn a_case_is_open_from_one_hour_to_366_days() {
    let (least, most) = (3_600_000, 366 * 86_400_000);
    for (wanted, fits) in [(0, false), (least - 1, false), (least, true), (most, true), (most + 1, false)] {
        let checked = Flow { validity: wanted, ..loan_flow() }.checked().map(|flow| flow.validity);
        assert_eq!(checked, if fits { Ok(wanted) } else { Err(FlowRefusal::BadValidity { least, most, wanted }) });
    }
}

#[test]
fn one_of_the_applicants_roles_in_good_standing_is_enough_to_apply() {
    let flow = Flow { applicants: Roles::of(&[Role::Citizen, Role::Shop]).unwrap(), ..loan_flow() };
    assert!(flow.may_apply(&applicant()) && flow.may_apply(&known(8, &[Role::Shop, Role::Bank])));
    assert!(!flow.may_apply(&known(8, &[Role::Bank])));
    assert!(!flow.may_apply(&Credentials { status: Status::Suspended, ..applicant() }));
}

#[test]
fn a_loan_is_paid_by_the_bank_that_the_event_names_wherever_it_stands_in_the_order() {
    let expected = |from| vec![Operation::Transfer { from, to: 7, amount: 30_000 }, Operation::OpenLoan];
    assert_eq!(operations(&loan_flow(), &loan_event()), Some(expected(21)));
    let last = flow(EventKind::LoanApplication, &[Role::CivilAffairs, Role::FinancialDepartment, Role::Bank]);
    assert_eq!(operations(&last, &loan_event()), Some(expected(23)));
}

#[test]
fn interest_is_paid_by_the_financial_department_that_the_event_names_after_the_loan_was_looked_up() {
    let flow = flow(EventKind::InterestRefund, &[Role::Bank, Role::FinancialDepartment]);
    let expected = vec![Operation::QueryLoan { loan: 9 }, Operation::RepayInterest { loan: 9, from: 22 }];
    assert_eq!(operations(&flow, &event(&[21, 22], Request::InterestRefund { loan: 9 })), Some(expected));
}

#[test]
fn an_event_is_locked_by_its_applicant_and_an_interest_refund_also_by_whom_it_names() {
    let requests = [
        (Request::Loan { product: 1, principal: 1, months: 1, facts: [0; 32] }, false),
        (Request::InterestRefund { loan: 9 }, true),
        (Request::CampaignClose { campaign: 4 }, false),
        (Request::Reschedule { loan: 9, months: 1 }, false),
    ];
    for (request, grantors_may) in requests {
        let event = event(&[21, 22], request);
        assert!(event.may_be_locked_by(7), "the applicant: {request:?}");
        assert_eq!([21, 22].map(|named| event.may_be_locked_by(named)), [grantors_may; 2], "{request:?}");
        assert!(!event.may_be_locked_by(23), "somebody else: {request:?}");
    }
}

#[test]
fn a_full_campaign_is_paid_out_to_its_borrower_before_the_loan_begins() {
    let flow = flow(EventKind::CampaignClose, &[Role::LoanAdministrator]);
    let expected = vec![Operation::PayOut { campaign: 4, to: 7 }, Operation::OpenLoan];
    assert_eq!(operations(&flow, &event(&[21], Request::CampaignClose { campaign: 4 })), Some(expected));
}

#[test]
fn a_new_schedule_moves_no_money_whether_bank_or_administrator_grants_it() {
    for role in [Role::Bank, Role::LoanAdministrator] {
        let granted = event(&[21], Request::Reschedule { loan: 9, months: 12 });
        let expected = vec![Operation::Reschedule { loan: 9, months: 12 }];
        assert_eq!(operations(&flow(EventKind::Reschedule, &[role]), &granted), Some(expected));
    }
}

#[test]
fn an_event_that_does_not_fit_its_flow_does_nothing_and_has_no_hash() {
    let refused = |flow: &Flow, event: &Event| {
        assert_eq!(operations(flow, event), None);
        assert_eq!(event_hash::<Native>(flow, event), None);
    };
    for kind in KINDS.into_iter().filter(|kind| *kind != EventKind::LoanApplication) {
        refused(&Flow { kind, ..loan_flow() }, &loan_event());
    }
    for grantors in [&[][..], &[21, 22], &[21, 22, 23, 24]] {
        refused(&loan_flow(), &Event { grantors: grantors.to_vec(), ..loan_event() });
    }
    let without_bank = [Role::Government, Role::CivilAffairs, Role::FinancialDepartment];
    refused(&flow(EventKind::LoanApplication, &without_bank), &loan_event());
}

/// The hashes are Python's, over the bytes that SCALE's definition gives.
#[test]
fn an_events_hashes_are_over_its_scale_bytes_its_operations_and_its_roles() {
    let hex = |hash: [u8; 32]| hex::encode(hash);
    assert_eq!(
        hex(loan_event().body_hash::<Native>()),
        "7f8dbf42acd519161c3fbcd5465abc25e57a2e7f27fcac562c63719082c7fdcd"
    );
    assert_eq!(
        hex(event_hash::<Native>(&loan_flow(), &loan_event()).unwrap()),
        "6d27bf63584a9205bc769b17ea4ebd6a314c19b603bbb6fb4a4fa6798367fc41"
    );
}

#[test]
fn the_hash_is_another_one_for_other_roles_with_the_same_event_and_operations() {
    let of = |oracles: &[Role]| event_hash::<Native>(&flow(EventKind::LoanApplication, oracles), &loan_event());
    let usual = of(&[Role::Bank, Role::CivilAffairs, Role::FinancialDepartment]);
    assert_ne!(usual, of(&[Role::Bank, Role::FinancialDepartment, Role::CivilAffairs]));
    assert_ne!(usual, of(&[Role::Bank, Role::CivilAffairs, Role::Auditor]));
}

#[test]
fn grantors_in_their_roles_with_keys_of_their_own_may_be_named() {
    assert_eq!(named_now(&grantors()), Ok(()));
}

#[test]
fn as_many_grantors_are_named_as_the_flow_has_oracles() {
    let fewer = Event { grantors: vec![21, 22], ..loan_event() };
    let refusal = GrantorRefusal::WrongCount { needed: 3, given: 2 };
    assert_eq!(named(&loan_flow(), &fewer, &applicant(), &grantors()), Err(refusal));
    assert_eq!(named_now(&grantors()[..2]), Err(refusal));
    let more = Event { grantors: vec![21; 300], ..loan_event() };
    let refusal = GrantorRefusal::WrongCount { needed: 3, given: 255 };
    assert_eq!(named(&loan_flow(), &more, &applicant(), &grantors()), Err(refusal));
    // Also before anybody knows who they are.
    assert_eq!((counted(&loan_flow(), 3), counted(&loan_flow(), 300)), (Ok(()), Err(refusal)));
}

#[test]
fn every_grantor_must_be_known_under_its_number_active_and_in_its_role() {
    for (at, grantor) in [21, 22, 23].into_iter().enumerate() {
        let right = grantors()[at].clone().unwrap();
        for wrong in [
            None,
            Some(Credentials { number: 99, ..right.clone() }),
            Some(Credentials { status: Status::Suspended, ..right.clone() }),
            Some(Credentials { roles: Roles::of(&[Role::Auditor]).unwrap(), ..right }),
        ] {
            let mut known = grantors();
            known[at] = wrong;
            assert_eq!(named_now(&known), Err(GrantorRefusal::NotInGoodStanding { grantor }));
        }
    }
}

#[test]
fn nobody_fills_two_roles_by_number_or_by_key() {
    let both = Some(known(21, &[Role::Bank, Role::CivilAffairs]));
    let event = Event { grantors: vec![21, 21, 23], ..loan_event() };
    let by_number = named(&loan_flow(), &event, &applicant(), &[both.clone(), both, grantors()[2].clone()]);
    assert_eq!(by_number, Err(GrantorRefusal::Repeated { grantor: 21 }));

    let mut known = grantors();
    known[2].as_mut().unwrap().key = [21; 32];
    assert_eq!(named_now(&known), Err(GrantorRefusal::Repeated { grantor: 23 }));
}

#[test]
fn the_applicant_does_not_grant_its_own_event_by_number_or_by_key() {
    let event = Event { applicant: 22, ..loan_event() };
    let refused = named(&loan_flow(), &event, &known(22, &[Role::Citizen]), &grantors());
    assert_eq!(refused, Err(GrantorRefusal::IsApplicant { grantor: 22 }));

    let mut known = grantors();
    known[1].as_mut().unwrap().key = applicant().key;
    assert_eq!(named_now(&known), Err(GrantorRefusal::IsApplicant { grantor: 22 }));
}

#[test]
fn who_owes_does_not_hold_up_an_interest_refund_by_taking_a_grantors_key_and_does_not_grant_it_either() {
    let roles = [Role::Bank, Role::FinancialDepartment];
    let flow = flow(EventKind::InterestRefund, &roles);
    let refund = event(&[21, 22], Request::InterestRefund { loan: 9 });
    let both = [known(21, &roles[..1]), known(22, &roles[1..])].map(Some);
    let borrower = Credentials { key: known(21, &[]).key, ..applicant() };
    assert_eq!(named(&flow, &refund, &borrower, &both), Ok(()));
    let own = Event { applicant: 22, ..refund };
    assert_eq!(named(&flow, &own, &borrower, &both), Err(GrantorRefusal::IsApplicant { grantor: 22 }));
}
