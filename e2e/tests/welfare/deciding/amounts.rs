//! The amount that a stage sets: exactly there, above nothing, at most what the scheme allows, and the same by all members.

use super::*;
use amanah_domain::money::AmountError;
use amanah_interfaces::Balance;

const WRONG: Error = Error::Benefit(BenefitRefusal::WrongAmount);

#[track_caller]
fn cannot_set(
    offices: &mut Offices,
    by: &Person,
    case: WelfareCaseId,
    given: (Decision, Option<Balance>),
    error: Error,
) {
    let message = offices.decision(case, given.0, given.1, 0);
    offices.world.refuses(&by.actor, message, error);
}

#[track_caller]
fn sets(offices: &mut Offices, by: &Person, case: WelfareCaseId, amount: Balance) {
    let message = offices.decision(case, Accept, Some(amount), 0);
    offices.world.send(&by.actor, message);
}

#[test]
fn only_the_stage_that_sets_the_amount_gives_one_and_only_by_accepting() {
    let (mut offices, cast) = stage();
    let scheme = offices.assistance;
    let case = offices.apply(&cast.citizen, scheme, assistance_form());
    for stage in 0..4 {
        let reviewer = offices.reviewer_of(case);
        for decision in [Return, Reject] {
            cannot_set(&mut offices, &reviewer, case, (decision, Some(250)), WRONG);
        }
        if stage == 1 {
            for amount in [None, Some(0), Some(501), Some(Balance::from(u64::MAX))] {
                cannot_set(&mut offices, &reviewer, case, (Accept, amount), WRONG);
            }
            sets(&mut offices, &reviewer, case, 500);
        } else {
            for amount in [0, 1, 250, 500] {
                cannot_set(&mut offices, &reviewer, case, (Accept, Some(amount)), WRONG);
            }
            decide(&mut offices, &reviewer, case, Accept);
        }
        // More than an amount can be is refused before anything else is asked, at every stage.
        if stage < 3 {
            let next = offices.reviewer_of(case);
            for decision in DECISIONS {
                for amount in [1 << 64, Balance::MAX] {
                    let too_large = Error::Amount(AmountError::TooLarge);
                    cannot_set(&mut offices, &next, case, (decision, Some(amount)), too_large);
                }
            }
        }
    }
    let record = offices.case(case);
    assert_eq!((record.status, record.amount), (BenefitStatus::Running, Amount::new(500)), "the scheme's most");

    let smallest = offices.applicant("smallest");
    let case = offices.apply(&smallest, scheme, assistance_form());
    offices.accept_all(case, 1);
    assert_eq!(offices.case(case).amount, Amount::new(1));
}

#[test]
fn the_members_of_a_committee_agree_on_the_amount() {
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::assistance(), 1, 3);
    let [first, second, third] = members(&mut offices, Role::AccountingTeam);
    let case = offices.apply(&cast.citizen, scheme, assistance_form());
    offices.decide(case, Accept, None);
    sets(&mut offices, &first, case, 250);
    for member in [&second, &third] {
        assert_eq!((offices.case(case).stage, offices.case(case).amount), (1, Amount::new(250)));
        for amount in [None, Some(0), Some(249), Some(251), Some(500), Some(501)] {
            cannot_set(&mut offices, member, case, (Accept, amount), WRONG);
        }
        sets(&mut offices, member, case, 250);
    }
    assert_eq!((offices.case(case).stage, offices.case(case).amount), (2, Amount::new(250)));
}

#[test]
fn an_amount_that_is_heard_again_is_set_again_and_one_that_is_not_stays() {
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::assistance(), 1, 2);
    let [first, second, third] = members(&mut offices, Role::AccountingTeam);
    let case = offices.apply(&cast.citizen, scheme, assistance_form());
    offices.decide(case, Accept, None);
    sets(&mut offices, &first, case, 250);
    decide(&mut offices, &second, case, Reject);
    offices.send(&cast.citizen.actor, cast.welfare().appeal(case));
    assert_eq!(offices.case(case).amount, Amount::ZERO, "nothing is agreed in this round");
    sets(&mut offices, &third, case, 300);
    cannot_set(&mut offices, &first, case, (Accept, Some(250)), WRONG);
    sets(&mut offices, &first, case, 300);

    // The review that follows returns it: what accounting has set is not heard again.
    offices.decide(case, Return, None);
    assert_eq!(offices.case(case).amount, Amount::new(300));
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, assistance_form()));
    assert_eq!((offices.case(case).stage, offices.case(case).amount), (2, Amount::new(300)));
    offices.accept_all(case, 0);
    assert_eq!(offices.case(case).amount, Amount::new(300));
}

#[test]
fn a_benefit_that_the_scheme_works_out_needs_no_amount_from_anybody() {
    let (mut offices, cast) = stage();
    let (insured, family) = (offices.applicant("insured"), offices.applicant("family"));
    offices.funds(&insured, 160);
    let granted = [
        (offices.grant(&cast.citizen, offices.injury, injury_form()), 400),
        (offices.grant(&insured, offices.insurance, amanah_e2e::welfare::insurance_form()), 160),
        (offices.grant(&family, offices.minimum_living, amanah_e2e::welfare::minimum_living_form()), 600),
    ];
    for (case, amount) in granted {
        assert_eq!(offices.case(case).amount, Amount::new(amount));
        let history = offices.ask(cast.welfare().history(case, 0, 50));
        assert!(history.iter().all(|entry| entry.amount.is_none()), "nobody has set it");
    }
}
