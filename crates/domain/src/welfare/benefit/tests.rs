//! The rules one by one, at their edges, and the ways of the sample schemes.

use super::*;
use crate::{
    money::Balance,
    time::{DAY, SECOND},
    welfare::{
        samples::{self, TODAY},
        Judgement, Outcome, Reason, Rules,
    },
};

const APPLICANT: ParticipantId = 11;
const APPEAL_DAYS: Millis = 30 * DAY;

fn judged(outcome: Outcome) -> Judgement {
    let failed: &[Reason] = if outcome == Outcome::Pass { &[] } else { &[Reason::DocumentMissing] };
    Judgement { reasons: Reasons::of(failed), missing: failed.len() as u32, outcome }
}

fn opened(outcome: Outcome) -> BenefitCase {
    BenefitCase::opened(1, samples::form(200, &[]), &judged(outcome), APPLICANT, 0, TODAY)
}

fn accept(case: BenefitCase, scheme: &Scheme, by: ParticipantId) -> BenefitCase {
    case.decide(scheme, by, Decision::Accept, None, TODAY).unwrap()
}

/// Three stages, each of one member; 400 a month, 24 times.
fn injured() -> Scheme {
    samples::welfare()
}

/// Granted by members 50, 51, .. at once.
fn granted(scheme: &Scheme, form: Form) -> BenefitCase {
    let mut case = BenefitCase::opened(1, form, &judged(Outcome::Pass), APPLICANT, 0, TODAY);
    for member in 50.. {
        if case.is_running() {
            break;
        }
        let sets = case.stage_of(scheme).unwrap().action == Action::SetAmount;
        let amount = sets.then(|| Amount::new(250));
        case = case.decide(scheme, member, Decision::Accept, amount, TODAY).unwrap();
    }
    case
}

#[test]
fn the_sample_applications_become_what_the_data_say() {
    for sample in samples::samples() {
        let (scheme, known) = (&sample.scheme, sample.applicant());
        let judgement = crate::welfare::judge(scheme, &sample.form, Some(&known), sample.balance, false, TODAY);
        let case = BenefitCase::opened(1, sample.form.clone(), &judgement, APPLICANT, 0, TODAY);
        if !sample.fails.is_empty() {
            let status = match judgement.outcome {
                Outcome::Return => BenefitStatus::Returned,
                _ => BenefitStatus::Rejected,
            };
            assert_eq!((case.status, case.reasons), (status, Reasons::of(sample.fails)), "{}", sample.name);
            assert_eq!((case.decided_by, case.missing), (0, sample.missing), "{}", sample.name);
            continue;
        }
        let case = granted(scheme, sample.form.clone());
        assert_eq!((case.status, case.amount), (BenefitStatus::Running, sample.amount), "{}", sample.name);
        let after = match scheme.benefit {
            Benefit::Nothing => {
                let (after, own, employers) = case.collect(scheme, 1, TODAY).unwrap();
                assert_eq!((own, employers), (sample.amount, Amount::ZERO), "{}", sample.name);
                after
            }
            _ => {
                let (after, paid) = case.pay(scheme, 1, TODAY).unwrap();
                assert_eq!(paid, sample.amount, "{}", sample.name);
                after
            }
        };
        assert_eq!((after.paid, after.sum), (1, sample.amount), "{}", sample.name);
    }
}

#[test]
fn a_stage_accepts_with_the_last_member_that_it_needs_and_the_next_begins_with_none() {
    let mut scheme = injured();
    scheme.stages[0].needed = 3;
    let mut case = opened(Outcome::Pass);
    for (member, before) in [(50, vec![]), (51, vec![50]), (52, vec![50, 51])] {
        assert_eq!((case.stage, &case.accepted), (0, &before));
        case = accept(case, &scheme, member);
    }
    assert_eq!((case.stage, case.accepted.len(), case.round), (1, 0, 0));
    let case = accept(case, &scheme, 50);
    assert_eq!(case.stage, 2, "somebody with two roles may decide in both");
}

#[test]
fn one_member_who_returns_or_rejects_ends_the_round_and_the_others_decide_anew() {
    let mut scheme = injured();
    scheme.stages[0].needed = 2;
    let accepted = accept(opened(Outcome::Pass), &scheme, 50);
    let returned = accepted.clone().decide(&scheme, 51, Decision::Return, None, TODAY).unwrap();
    assert_eq!(returned.status, BenefitStatus::Returned);
    let form = samples::form(300, &[]);
    let again = returned.supplement(&scheme, form.clone(), &judged(Outcome::Pass), TODAY).unwrap();
    assert_eq!((again.status, again.round, again.stage, again.form.clone()), (BenefitStatus::Review, 1, 0, form));
    assert_eq!(accept(accept(again, &scheme, 50), &scheme, 51).stage, 1);
    let rejected = accepted.decide(&scheme, 51, Decision::Reject, None, TODAY + 5).unwrap();
    assert_eq!((rejected.status, rejected.decided_by, rejected.decided_at), (BenefitStatus::Rejected, 51, TODAY + 5));
}

#[test]
fn a_decision_is_about_the_round_and_stage_that_the_case_is_in_and_no_other() {
    let scheme = injured();
    let case = accept(opened(Outcome::Pass), &scheme, 50);
    assert_eq!(case.must_be_at(0, 1), Ok(()));
    let returned = case.decide(&scheme, 51, Decision::Return, None, TODAY).unwrap();
    let heard = returned.supplement(&scheme, samples::form(300, &[]), &judged(Outcome::Pass), TODAY).unwrap();
    assert_eq!(heard.must_be_at(1, 1), Ok(()));
    for (round, stage) in [(0, 1), (1, 0), (2, 1), (1, 2), (u32::MAX, u8::MAX)] {
        let other = Err(BenefitRefusal::OtherHearing { round: 1, stage: 1 });
        assert_eq!(heard.must_be_at(round, stage), other, "{round} {stage}");
    }
}

#[test]
fn a_supplement_is_judged_and_goes_on_at_the_stage_that_returned_it() {
    let scheme = injured();
    let case = accept(opened(Outcome::Pass), &scheme, 50);
    let returned = case.decide(&scheme, 51, Decision::Return, None, TODAY).unwrap();
    for (outcome, status) in [
        (Outcome::Pass, BenefitStatus::Review),
        (Outcome::Return, BenefitStatus::Returned),
        (Outcome::Reject, BenefitStatus::Rejected),
    ] {
        let judgement = judged(outcome);
        let next = returned.clone().supplement(&scheme, samples::form(1, &[]), &judgement, TODAY + 1).unwrap();
        assert_eq!((next.status, next.stage, next.round), (status, 1, 1));
        assert_eq!((next.reasons, next.missing), (judgement.reasons, judgement.missing));
        assert_eq!(next.decided_at, if outcome == Outcome::Reject { TODAY + 1 } else { 0 });
    }
}

#[test]
fn an_amount_comes_from_the_stage_that_sets_it_and_all_its_members_agree() {
    let mut scheme = samples::assistance();
    scheme.stages[1].needed = 2;
    let first = opened(Outcome::Pass);
    let decide = |case: &BenefitCase, by, decision, amount: Option<u64>| {
        case.clone().decide(&scheme, by, decision, amount.map(Amount::new), TODAY)
    };
    let wrong = Err(BenefitRefusal::WrongAmount);
    assert_eq!(decide(&first, 50, Decision::Accept, Some(250)), wrong, "inspecting sets nothing");
    let case = decide(&first, 50, Decision::Accept, None).unwrap();
    for amount in [None, Some(0), Some(501), Some(u64::MAX)] {
        assert_eq!(decide(&case, 51, Decision::Accept, amount), wrong, "{amount:?}");
    }
    for decision in [Decision::Return, Decision::Reject] {
        assert_eq!(decide(&case, 51, decision, Some(250)), wrong);
    }
    for amount in [1, 500] {
        assert_eq!(decide(&case, 51, Decision::Accept, Some(amount)).unwrap().amount, Amount::new(amount));
    }
    let case = decide(&case, 51, Decision::Accept, Some(250)).unwrap();
    assert_eq!(decide(&case, 52, Decision::Accept, Some(251)), wrong, "another amount than the first member's");
    let case = decide(&case, 52, Decision::Accept, Some(250)).unwrap();
    assert_eq!((case.stage, case.amount), (2, Amount::new(250)));
    let later = decide(&case, 53, Decision::Return, None).unwrap();
    let later = later.supplement(&scheme, samples::form(1, &[]), &judged(Outcome::Pass), TODAY).unwrap();
    assert_eq!(later.amount, Amount::new(250), "what an earlier stage has set stays");
}

#[test]
fn an_amount_is_set_anew_when_its_stage_is_heard_again() {
    let mut scheme = samples::assistance();
    scheme.stages[1].needed = 2;
    let set = |case: BenefitCase, by, amount| {
        case.decide(&scheme, by, Decision::Accept, Some(Amount::new(amount)), TODAY).unwrap()
    };
    let case = set(accept(opened(Outcome::Pass), &scheme, 50), 51, 250);
    let rejected = case.decide(&scheme, 52, Decision::Reject, None, TODAY).unwrap();
    let heard = rejected.appeal(&scheme, TODAY).unwrap();
    assert_eq!((heard.stage, heard.amount), (1, Amount::ZERO));
    assert_eq!(set(set(heard, 51, 300), 53, 300).amount, Amount::new(300));
}

#[test]
fn nobody_decides_their_own_case_nor_twice_in_a_stage_and_round() {
    let mut scheme = injured();
    scheme.stages[0].needed = 2;
    let case = opened(Outcome::Pass);
    let accepted = accept(case.clone(), &scheme, 50);
    for decision in [Decision::Accept, Decision::Return, Decision::Reject] {
        let own = case.clone().decide(&scheme, APPLICANT, decision, None, TODAY);
        assert_eq!(own, Err(BenefitRefusal::OwnCase));
        let twice = accepted.clone().decide(&scheme, 50, decision, None, TODAY);
        assert_eq!(twice, Err(BenefitRefusal::AlreadyDecided));
    }
}

#[test]
fn an_appeal_is_heard_by_others_at_the_stage_that_rejected_until_it_is_decided() {
    let scheme = injured();
    let case = accept(opened(Outcome::Pass), &scheme, 50);
    let rejected = case.decide(&scheme, 51, Decision::Reject, None, TODAY).unwrap();
    let heard = rejected.appeal(&scheme, TODAY).unwrap();
    assert_eq!((heard.status, heard.stage, heard.round, heard.appealed), (BenefitStatus::Review, 1, 1, true));
    let same = Err(BenefitRefusal::SameReviewer);
    let by_the_same = |case: &BenefitCase| case.clone().decide(&scheme, 51, Decision::Accept, None, TODAY);
    assert_eq!(by_the_same(&heard), same);
    let returned = heard.clone().decide(&scheme, 52, Decision::Return, None, TODAY).unwrap();
    let again = returned.supplement(&scheme, samples::form(1, &[]), &judged(Outcome::Pass), TODAY).unwrap();
    assert_eq!(by_the_same(&again), same, "nor after a supplement");
    assert_eq!(by_the_same(&accept(heard.clone(), &scheme, 52)), same, "nor at a later stage");
    let granted = accept(accept(heard.clone(), &scheme, 52), &scheme, 53);
    assert_eq!(granted.status, BenefitStatus::Running);
    let final_ = heard.decide(&scheme, 52, Decision::Reject, None, TODAY).unwrap();
    assert_eq!(final_.clone().appeal(&scheme, TODAY), Err(BenefitRefusal::AlreadyAppealed));
    assert_eq!(final_.close(&scheme, TODAY).unwrap().status, BenefitStatus::Ended);
}

#[test]
fn an_automatic_rejection_is_heard_from_the_first_stage_even_when_a_later_one_had_it() {
    let scheme = injured();
    let at_once = opened(Outcome::Reject).appeal(&scheme, TODAY).unwrap();
    assert_eq!((at_once.status, at_once.stage), (BenefitStatus::Review, 0));
    let returned = accept(opened(Outcome::Pass), &scheme, 50).decide(&scheme, 51, Decision::Return, None, TODAY);
    let form = samples::form(1, &[]);
    let rejected = returned.unwrap().supplement(&scheme, form, &judged(Outcome::Reject), TODAY).unwrap();
    assert_eq!((rejected.stage, rejected.decided_by), (1, 0));
    assert_eq!(rejected.appeal(&scheme, TODAY).unwrap().stage, 0);
}

#[test]
fn an_appeal_is_in_time_until_the_last_millisecond_and_only_then_the_case_can_be_closed() {
    let scheme = injured();
    let end = TODAY + APPEAL_DAYS;
    for now in [TODAY, end - DAY, end - 1, end, end + DAY] {
        let (appeal, close) =
            (opened(Outcome::Reject).appeal(&scheme, now), opened(Outcome::Reject).close(&scheme, now));
        if now < end {
            assert_eq!(appeal.unwrap().status, BenefitStatus::Review);
            assert_eq!(close, Err(BenefitRefusal::TooEarly { from: end }));
        } else {
            assert_eq!(appeal, Err(BenefitRefusal::TooLate { at: end }));
            assert_eq!(close.unwrap().status, BenefitStatus::Ended);
        }
    }
    let never = Scheme { appeal_days: 0, ..scheme };
    assert_eq!(opened(Outcome::Reject).appeal(&never, TODAY), Err(BenefitRefusal::TooLate { at: TODAY }));
}

#[test]
fn a_period_is_paid_on_its_day_and_never_before_in_order_and_once() {
    let scheme = injured();
    let case = granted(&scheme, samples::form(200, &[]));
    assert!(case.is_certified(Millis::MAX) && !opened(Outcome::Pass).is_certified(TODAY), "where nothing ends it");
    // 2026-02-15, at the same time of day.
    let second = TODAY + 31 * DAY;
    let (case, _) = case.pay(&scheme, 1, TODAY).unwrap();
    assert_eq!((case.next_due(&scheme), case.due(&scheme, 2)), (Some(second), second));
    for now in [second - DAY, second - SECOND, second - 1] {
        assert_eq!(case.clone().pay(&scheme, 2, now), Err(BenefitRefusal::TooEarly { from: second }));
    }
    for now in [second, second + 1, second + DAY] {
        let (after, paid) = case.clone().pay(&scheme, 2, now).unwrap();
        assert_eq!((paid, after.paid, after.sum), (Amount::new(400), 2, Amount::new(800)));
        assert_eq!(after.pay(&scheme, 2, now), Err(BenefitRefusal::WrongPeriod { next: 3 }));
    }
    for period in [0, 1, 3, u16::MAX] {
        assert_eq!(case.clone().pay(&scheme, period, Millis::MAX), Err(BenefitRefusal::WrongPeriod { next: 2 }));
    }
}

#[test]
fn the_last_payment_ends_the_case_and_the_sum_is_periods_times_amount() {
    let scheme = injured();
    let mut case = granted(&scheme, samples::form(200, &[]));
    for period in 1..=24 {
        assert_eq!(case.status, BenefitStatus::Running);
        (case, _) = case.clone().pay(&scheme, period, TODAY + 800 * DAY).unwrap();
    }
    assert_eq!((case.status, case.paid, case.sum), (BenefitStatus::Ended, 24, Amount::new(24 * 400)));
    assert!(!case.is_running() && case.next_due(&scheme).is_none());
    let ended = BenefitRefusal::WrongStatus { status: BenefitStatus::Ended };
    assert_eq!(case.clone().pay(&scheme, 25, Millis::MAX), Err(ended));
    // A record that says it runs, though all was paid.
    let case = BenefitCase { status: BenefitStatus::Running, ..case };
    assert_eq!(case.pay(&scheme, 25, Millis::MAX), Err(BenefitRefusal::AllPaid));
}

#[test]
fn there_is_no_period_after_the_last_number_and_no_day_after_the_end_of_time() {
    let scheme = Scheme { most_payments: 0, period_months: u16::MAX, ..injured() };
    let case = granted(&scheme, samples::form(200, &[]));
    assert_eq!(case.due(&scheme, 2), crate::calendar::add_months(TODAY, u16::MAX));
    assert_eq!((case.due(&scheme, 3), case.due(&scheme, u16::MAX)), (Millis::MAX, Millis::MAX));
    let case = BenefitCase { paid: u16::MAX, ..case };
    assert_eq!(case.next_due(&scheme), None);
    assert_eq!(case.clone().pay(&scheme, u16::MAX, Millis::MAX), Err(BenefitRefusal::AllPaid));
    let full = BenefitCase { paid: 0, sum: Amount::MAX, ..case };
    assert_eq!(full.pay(&scheme, 1, TODAY), Err(BenefitRefusal::Amount(AmountError::TooLarge)));
}

#[test]
fn a_premium_is_shared_with_the_employer_if_there_is_one() {
    let scheme = Scheme { employer_share: 3_333, ..samples::insurance() };
    let alone = Form { ratio: 800, ..samples::form(2_000, &[]) };
    let employed = Form { employer: Some(9), ..alone.clone() };
    for (form, own, employers) in [(alone, 160, 0), (employed, 107, 53)] {
        let case = granted(&scheme, form);
        assert_eq!(case.clone().pay(&scheme, 1, TODAY), Err(BenefitRefusal::NothingToPay));
        let (case, a, b) = case.collect(&scheme, 1, TODAY).unwrap();
        assert_eq!((a, b, case.sum), (Amount::new(own), Amount::new(employers), Amount::new(160)));
    }
    let free = Scheme { rules: Rules { ratio_min: 0, ratio_max: 0, ..scheme.rules }, ..scheme };
    let case = granted(&free, samples::form(2_000, &[]));
    assert_eq!(case.collect(&free, 1, TODAY), Err(BenefitRefusal::NothingToCollect));
    let scheme = injured();
    let case = granted(&scheme, samples::form(200, &[]));
    assert_eq!(case.collect(&scheme, 1, TODAY), Err(BenefitRefusal::NothingToCollect));
}

#[test]
fn an_appeal_cannot_grant_what_the_form_does_not_say() {
    let last = |scheme: &Scheme, form: Form| {
        let rejected = BenefitCase::opened(1, form, &judged(Outcome::Reject), APPLICANT, 0, TODAY);
        let mut case = rejected.appeal(scheme, TODAY).unwrap();
        case.stage = scheme.stages.len() as u8 - 1;
        case.decide(scheme, 50, Decision::Accept, None, TODAY)
    };
    let insurance = samples::insurance();
    let form = |income, ratio| Form { income, ratio, ..samples::form(0, &[]) };
    for (income, ratio) in [(None, 800), (Some(2_000), 399), (Some(2_000), 2_001), (Some(2_000), u16::MAX)] {
        assert_eq!(last(&insurance, form(income, ratio)), Err(BenefitRefusal::NoAmount));
    }
    let (zero, too_large) = (AmountError::Zero, AmountError::TooLarge);
    assert_eq!(last(&insurance, form(Some(0), 800)), Err(BenefitRefusal::Amount(zero)));
    assert_eq!(last(&insurance, form(Some(Balance::MAX), 800)), Err(BenefitRefusal::Amount(too_large)));
    let minimum = samples::minimum_living();
    let of_two = |income| Form { household: 2, ..form(income, 0) };
    assert_eq!(last(&minimum, of_two(None)), Err(BenefitRefusal::NoAmount));
    assert_eq!(last(&minimum, of_two(Some(600))), Err(BenefitRefusal::Amount(zero)));
    assert_eq!(last(&minimum, of_two(Some(599))).unwrap().amount, Amount::new(1));
}

#[test]
fn nothing_is_paid_while_suspended_and_it_is_made_up_for_afterwards() {
    let scheme = injured();
    let case = granted(&scheme, samples::form(200, &[])).suspend().unwrap();
    let later = TODAY + 62 * DAY;
    let suspended = Err(BenefitRefusal::WrongStatus { status: BenefitStatus::Suspended });
    assert_eq!(case.clone().pay(&scheme, 1, later), suspended);
    assert_eq!(
        case.clone().collect(&scheme, 1, later),
        Err(BenefitRefusal::WrongStatus { status: BenefitStatus::Suspended })
    );
    assert!(case.is_running() && case.next_due(&scheme).is_none(), "it still excludes another benefit");
    let mut case = case.resume().unwrap();
    for period in [1, 2] {
        (case, _) = case.clone().pay(&scheme, period, later).unwrap();
    }
    assert_eq!(case.sum, Amount::new(800));
}

#[test]
fn a_certificate_counts_until_its_last_millisecond_and_recertifying_follows_the_new_form() {
    let scheme = Scheme { recertify_months: 1, ..samples::minimum_living() };
    let family = |income| Form { household: 4, ..samples::form(income, &[]) };
    let case = granted(&scheme, family(600));
    let end = TODAY + 31 * DAY;
    assert_eq!((case.amount, case.certified_until), (Amount::new(600), end));
    for now in [end - DAY, end - 1] {
        assert!(case.is_certified(now));
        assert_eq!(case.clone().pay(&scheme, 1, now).unwrap().1, Amount::new(600));
    }
    for now in [end, end + DAY] {
        assert!(!case.is_certified(now));
        assert_eq!(case.clone().pay(&scheme, 1, now), Err(BenefitRefusal::Uncertified { at: end }));
    }
    let again = case.recertify(&scheme, family(700), &judged(Outcome::Pass), end + DAY).unwrap();
    // 2026-03-16.
    assert_eq!((again.amount, again.certified_until), (Amount::new(500), end + DAY + 28 * DAY));
    assert_eq!(again.pay(&scheme, 1, end + DAY).unwrap().1, Amount::new(500));
}

#[test]
fn what_no_reviewer_has_seen_neither_raises_a_benefit_nor_lowers_a_premium() {
    let again = |case: BenefitCase, scheme: &Scheme, form: Form| {
        case.recertify(scheme, form, &judged(Outcome::Pass), TODAY).unwrap()
    };
    // Whether it must be certified anew at all or not.
    for recertify_months in [0, 12] {
        let scheme = Scheme { recertify_months, ..samples::minimum_living() };
        let family = |household, income| Form { household, ..samples::form(income, &[]) };
        let mut case = granted(&scheme, family(4, 600));
        // More heads, less income, both at once; less is less, and does not come back either.
        for (form, worth) in [
            (family(u16::MAX, 0), 600),
            (family(5, 600), 600),
            (family(4, 599), 600),
            (family(4, 601), 599),
            (family(4, 600), 599),
            (family(1, 299), 1),
            (family(4, 600), 1),
        ] {
            case = again(case, &scheme, form.clone());
            assert_eq!((case.amount, &case.form), (Amount::new(worth), &form));
            assert_eq!(case.clone().pay(&scheme, 1, TODAY).unwrap().1, Amount::new(worth));
        }

        let scheme = Scheme { recertify_months, ..samples::insurance() };
        let insured = |income, ratio| Form { ratio, ..samples::form(income, &[]) };
        let mut case = granted(&scheme, insured(2_000, 800));
        for (form, worth) in
            [(insured(1, 400), 160), (insured(2_000, 799), 160), (insured(2_000, 805), 161), (insured(1, 400), 161)]
        {
            case = again(case, &scheme, form);
            assert_eq!(case.amount, Amount::new(worth));
            assert_eq!(case.clone().collect(&scheme, 1, TODAY).unwrap().1, Amount::new(worth));
        }
    }
    // What does not follow from the form stays as it is.
    let (fixed, by_stage) = (injured(), samples::assistance());
    for (scheme, amount) in [(fixed, 400), (by_stage, 250)] {
        let case = granted(&scheme, samples::form(200, &[]));
        assert_eq!(again(case, &scheme, samples::form(0, &[])).amount, Amount::new(amount));
    }
}

#[test]
fn the_employers_share_is_of_the_forms_premium_until_the_grant_and_then_of_the_one_that_holds() {
    let scheme = Scheme { employer_share: 5_000, ..samples::insurance() };
    let form = |income, employer| Form { ratio: 800, employer, ..samples::form(income, &[]) };
    let case = BenefitCase::opened(1, form(2_000, Some(9)), &judged(Outcome::Pass), APPLICANT, 0, TODAY);
    assert_eq!(case.employers_share(&scheme), Amount::new(80));
    let case = granted(&scheme, form(2_000, Some(9)));
    assert_eq!(case.employers_share(&scheme), Amount::new(80));
    let lower = case.recertify(&scheme, form(1_000, Some(9)), &judged(Outcome::Pass), TODAY).unwrap();
    assert_eq!(lower.employers_share(&scheme), Amount::new(80), "of what is collected");
    let (_, _, employers) = lower.clone().collect(&scheme, 1, TODAY).unwrap();
    assert_eq!(employers, Amount::new(80));
    let alone = lower.recertify(&scheme, form(1_000, None), &judged(Outcome::Pass), TODAY).unwrap();
    assert_eq!(alone.employers_share(&scheme), Amount::ZERO);
    let injured = Scheme { employer_share: 5_000, ..injured() };
    let case = granted(&injured, Form { employer: Some(9), ..samples::form(200, &[]) });
    assert_eq!(case.employers_share(&injured), Amount::ZERO, "there is no premium");
}

#[test]
fn a_recertification_that_fails_suspends_and_ends_the_certificate_until_one_passes() {
    let family = |income| Form { household: 4, ..samples::form(income, &[]) };
    let now = TODAY + DAY;
    // Also where nothing else ends the certificate.
    for (outcome, recertify_months) in [(Outcome::Return, 12), (Outcome::Reject, 12), (Outcome::Reject, 0)] {
        let scheme = Scheme { recertify_months, ..samples::minimum_living() };
        let case = granted(&scheme, family(600));
        let case = case.recertify(&scheme, family(2_000), &judged(outcome), now).unwrap();
        assert_eq!((case.status, case.reasons), (BenefitStatus::Suspended, judged(outcome).reasons));
        assert_eq!((case.amount, case.certified_until), (Amount::new(600), now));
        let case = case.resume().unwrap();
        assert_eq!(case.clone().pay(&scheme, 1, now), Err(BenefitRefusal::Uncertified { at: now }));
        let case = case.recertify(&scheme, family(600), &judged(Outcome::Pass), now).unwrap();
        assert!(case.reasons.is_empty() && case.pay(&scheme, 1, now).is_ok());
    }
}

#[test]
fn only_the_applicant_calls_it_its_own() {
    let case = opened(Outcome::Pass);
    assert_eq!(case.must_be_of(APPLICANT), Ok(()));
    assert_eq!(case.must_be_of(APPLICANT + 1), Err(BenefitRefusal::NotYours));
}

#[test]
fn a_record_that_contradicts_its_scheme_is_refused() {
    let scheme = injured();
    let case = BenefitCase { stage: 3, ..opened(Outcome::Pass) };
    assert_eq!(case.decide(&scheme, 50, Decision::Accept, None, TODAY), Err(BenefitRefusal::Corrupted));
    let case = BenefitCase { round: u32::MAX, ..opened(Outcome::Reject) };
    assert_eq!(case.appeal(&scheme, TODAY), Err(BenefitRefusal::Corrupted));
    let mut scheme = scheme;
    scheme.stages[0].action = Action::SetAmount;
    let given = Some(Amount::new(1));
    assert_eq!(
        opened(Outcome::Pass).decide(&scheme, 50, Decision::Accept, given, TODAY),
        Err(BenefitRefusal::Corrupted)
    );
}
