use super::*;
use proptest::prelude::*;

const NOW: Millis = 1_700_000_000_000;
const DEADLINE: Millis = NOW + 10 * DAY;
const BORROWER: ParticipantId = 1;
const INVESTOR: ParticipantId = 2;

fn campaign(status: CampaignStatus) -> Campaign {
    Campaign {
        borrower: BORROWER,
        issuer: 9,
        product: 1,
        target: Amount::new(1_000),
        minimum: Amount::new(100),
        rate: 800,
        months: 12,
        grade: 1,
        deadline: DEADLINE,
        reached_at: 0,
        document: [0; 32],
        raised: Amount::ZERO,
        status,
        loan: 0,
        repaid: Amount::ZERO,
        claimed: Amount::ZERO,
        shares_left: Amount::ZERO,
        older: 0,
    }
}

fn share(amount: u64, claimed: u64) -> Share {
    Share { amount: Amount::new(amount), claimed: Amount::new(claimed) }
}

const ALL: [CampaignStatus; 6] = [
    CampaignStatus::Proposed,
    CampaignStatus::Open,
    CampaignStatus::Rejected,
    CampaignStatus::Cancelled,
    CampaignStatus::Failed,
    CampaignStatus::Funded,
];

#[test]
fn each_step_is_possible_in_exactly_its_states() {
    use CampaignStatus::*;
    for status in ALL {
        let wrong = || CampaignRefusal::WrongStatus { status };
        let reached = Campaign { raised: Amount::new(1_000), reached_at: NOW, ..campaign(status) };
        let is = |allowed: &[CampaignStatus]| if allowed.contains(&status) { Ok(()) } else { Err(wrong()) };
        assert_eq!(campaign(status).approved(NOW).map(drop), is(&[Proposed]));
        assert_eq!(campaign(status).rejected().map(drop), is(&[Proposed, Open]));
        assert_eq!(campaign(status).cancelled().map(drop), is(&[Proposed, Open]));
        let invested = campaign(status).invested(INVESTOR, Share::default(), Amount::new(100), NOW);
        assert_eq!(invested.map(drop), is(&[Open]));
        assert_eq!(reached.clone().funded(4, NOW).map(drop), is(&[Open]));
        let late = NOW + CLOSING_WINDOW;
        assert_eq!(reached.refunded(share(10, 0), late).map(drop), is(&[Open, Rejected, Cancelled, Failed]));
        let funded = Campaign { repaid: Amount::new(10), shares_left: Amount::new(1_000), ..campaign(status) };
        assert_eq!(funded.claimed(share(1_000, 0), false).map(drop), is(&[Funded]));
    }
}

#[test]
fn a_new_campaign_has_a_known_grade_a_sensible_ticket_a_target_within_its_rating_and_a_deadline_within_a_year() {
    let new = campaign(CampaignStatus::Proposed);
    let with = |change: fn(&mut Campaign)| {
        let mut changed = new.clone();
        change(&mut changed);
        changed.proposed(1_000, NOW).map(drop)
    };
    assert_eq!(with(|_| {}), Ok(()));
    assert_eq!(new.clone().proposed(999, NOW), Err(CampaignRefusal::OverRating { most: 999, wanted: 1_000 }));
    assert_eq!(with(|new| new.grade = GRADES), Err(CampaignRefusal::BadGrade { grade: GRADES }));
    assert_eq!(with(|new| new.minimum = Amount::ZERO), Err(CampaignRefusal::BadMinimum));
    assert_eq!(with(|new| new.minimum = Amount::new(1_001)), Err(CampaignRefusal::BadMinimum));
    assert_eq!(with(|new| new.deadline = NOW), Err(CampaignRefusal::BadDeadline { deadline: NOW }));
    assert_eq!(with(|new| new.deadline = NOW + 1), Ok(()));
    assert_eq!(with(|new| new.deadline = NOW + LONGEST_CAMPAIGN), Ok(()));
    let over = NOW + LONGEST_CAMPAIGN + 1;
    assert_eq!(
        with(|new| new.deadline = NOW + LONGEST_CAMPAIGN + 1),
        Err(CampaignRefusal::BadDeadline { deadline: over })
    );
    let seconds = NOW / 1_000;
    let in_seconds = Campaign { deadline: seconds + 60, ..new };
    assert_eq!(in_seconds.proposed(1_000, seconds), Err(CampaignRefusal::BadDeadline { deadline: seconds + 60 }));
}

#[test]
fn it_collects_until_its_deadline_and_gives_back_from_then_on() {
    let open = Campaign { raised: Amount::new(400), ..campaign(CampaignStatus::Open) };
    let invest = |now| open.clone().invested(INVESTOR, Share::default(), Amount::new(100), now).map(drop);
    let refund = |now| open.clone().refunded(share(400, 0), now).map(|after| (after.status, after.raised));
    assert_eq!(invest(DEADLINE - 1), Ok(()));
    assert_eq!(refund(DEADLINE - 1), Err(CampaignRefusal::StillGoing { until: DEADLINE }));
    for now in [DEADLINE, DEADLINE + 1] {
        assert_eq!(invest(now), Err(CampaignRefusal::TooLate { deadline: DEADLINE }));
        assert_eq!(refund(now), Ok((CampaignStatus::Failed, Amount::ZERO)));
    }
    assert_eq!(
        campaign(CampaignStatus::Proposed).approved(DEADLINE),
        Err(CampaignRefusal::TooLate { deadline: DEADLINE })
    );
    assert_eq!(open.must_be_closable(NOW), Err(CampaignRefusal::NotReached { missing: 600 }));
}

#[test]
fn a_campaign_that_reached_its_target_is_closed_within_its_window_or_gives_back() {
    let open = Campaign { raised: Amount::new(900), ..campaign(CampaignStatus::Open) };
    let (reached, _) = open.invested(INVESTOR, Share::default(), Amount::new(100), NOW).unwrap();
    let end = NOW + CLOSING_WINDOW;
    assert_eq!(reached.must_be_closable(end - 1), Ok(()));
    let still = CampaignRefusal::StillGoing { until: end };
    assert_eq!(
        reached.clone().refunded(share(100, 0), end - 1),
        Err(still),
        "its own deadline does not matter any more"
    );
    assert_eq!(reached.must_be_closable(end), Err(CampaignRefusal::TooLate { deadline: end }));
    let refunded = reached.refunded(share(100, 0), end).unwrap();
    assert_eq!(refunded.status, CampaignStatus::Failed, "so nobody can invest in what gives back");
    let nothing = refunded.clone().refunded(Share::default(), end);
    assert_eq!(nothing, Err(CampaignRefusal::NothingToTake));
    let overdrawn = refunded.refunded(share(901, 0), end);
    assert_eq!(overdrawn, Err(AmountError::Insufficient { available: 900, wanted: 901 }.into()));
}

#[test]
fn a_campaign_that_was_rejected_while_it_collected_gives_back_at_once() {
    let full = Campaign { raised: Amount::new(1_000), reached_at: NOW, ..campaign(CampaignStatus::Open) };
    for raised in [400, 1_000] {
        let open = Campaign { raised: Amount::new(raised), ..full.clone() };
        let rejected = open.rejected().unwrap();
        assert_eq!((rejected.status, rejected.raised), (CampaignStatus::Rejected, Amount::new(raised)));
        let refunded = rejected.refunded(share(400, 0), NOW).unwrap();
        assert_eq!((refunded.status, refunded.raised), (CampaignStatus::Rejected, Amount::new(raised - 400)));
    }
}

#[test]
fn tickets_are_not_below_the_least_nor_above_what_is_missing_and_the_last_one_may_be_small() {
    let open = campaign(CampaignStatus::Open);
    let invest = |raised: u64, amount: u64| {
        let open = Campaign { raised: Amount::new(raised), ..open.clone() };
        open.invested(INVESTOR, share(7, 0), Amount::new(amount), NOW)
    };
    assert_eq!(invest(0, 99), Err(CampaignRefusal::BelowMinimum { minimum: 100 }));
    assert_eq!(invest(0, 1_001), Err(CampaignRefusal::OverTarget { missing: 1_000 }));
    assert_eq!(invest(1_000, 100), Err(CampaignRefusal::OverTarget { missing: 0 }));
    assert_eq!(invest(950, 49), Err(CampaignRefusal::BelowMinimum { minimum: 100 }));
    let (last, mine) = invest(950, 50).unwrap();
    assert_eq!((last.raised, last.reached_at, mine), (Amount::new(1_000), NOW, share(57, 0)));
    let (first, _) = invest(0, 100).unwrap();
    assert_eq!(first.reached_at, 0);
    let own = open.invested(BORROWER, Share::default(), Amount::new(100), NOW);
    assert_eq!(own, Err(CampaignRefusal::OwnCampaign));
}

#[test]
fn a_campaign_matches_who_can_invest_in_it_now_on_terms_that_it_looks_for() {
    let open = Campaign { raised: Amount::new(400), ..campaign(CampaignStatus::Open) };
    let wish = Wish { worst_grade: 1, least_rate: 800, most_months: 12, issuer: Some(9), amount: Amount::new(100) };
    assert!(open.matches(&wish, DEADLINE - 1));
    assert!(open.matches(&Wish { issuer: None, ..wish.clone() }, NOW));
    assert!(!open.matches(&wish, DEADLINE));
    let wishes: [fn(&mut Wish); 5] = [
        |wish| wish.worst_grade = 0,
        |wish| wish.least_rate = 801,
        |wish| wish.most_months = 11,
        |wish| wish.issuer = Some(8),
        |wish| wish.amount = Amount::new(99),
    ];
    for change in wishes {
        let mut other = wish.clone();
        change(&mut other);
        assert!(!open.matches(&other, NOW), "{other:?}");
    }
    let nearly = Campaign { raised: Amount::new(960), ..open.clone() };
    assert!(nearly.matches(&Wish { amount: Amount::new(40), ..wish.clone() }, NOW), "the last ticket may be small");
    assert!(!nearly.matches(&Wish { amount: Amount::new(39), ..wish.clone() }, NOW));
    let full = Campaign { raised: Amount::new(1_000), ..open.clone() };
    assert!(!full.matches(&wish, NOW));
    for status in ALL {
        assert_eq!(Campaign { status, ..open.clone() }.matches(&wish, NOW), status == CampaignStatus::Open);
    }
}

#[test]
fn one_unit_that_does_not_divide_goes_to_who_takes_last() {
    let mut funded = Campaign {
        target: Amount::new(3),
        shares_left: Amount::new(3),
        repaid: Amount::new(10),
        ..campaign(CampaignStatus::Funded)
    };
    let mut taken = Vec::new();
    for _ in 0..3 {
        let (next, left, amount) = funded.claimed(share(1, 0), true).unwrap();
        assert_eq!(left, None);
        taken.push(amount.balance());
        funded = next;
    }
    assert_eq!(taken, [3, 3, 4]);
}

#[derive(Clone, Debug)]
enum Step {
    Repay(u64),
    Claim(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step =
        prop_oneof![prop_oneof![1u64..4, 1u64..1_000_000].prop_map(Step::Repay), (0usize..6).prop_map(Step::Claim),];
    proptest::collection::vec(step, 0..60)
}

proptest! {
    #[test]
    fn whatever_the_order_claims_never_exceed_what_was_repaid_and_in_the_end_are_exactly_that(
        shares in proptest::collection::vec(1u64..1_000, 6),
        steps in steps(),
    ) {
        let target: u64 = shares.iter().sum();
        let mut funded = Campaign {
            target: Amount::new(target),
            shares_left: Amount::new(target),
            ..campaign(CampaignStatus::Funded)
        };
        let mut book: Vec<Share> = shares.iter().map(|amount| share(*amount, 0)).collect();
        let (mut repaid, mut paid) = (0u128, vec![0u128; shares.len()]);
        for step in steps {
            match step {
                Step::Repay(amount) => {
                    funded = funded.repaid(Amount::new(amount)).unwrap();
                    repaid += u128::from(amount);
                }
                Step::Claim(who) => {
                    let due = repaid * u128::from(shares[who]) / u128::from(target);
                    match funded.clone().claimed(book[who], false) {
                        Ok((next, Some(left), amount)) => {
                            (funded, book[who]) = (next, left);
                            paid[who] += amount.balance();
                        }
                        refused => prop_assert_eq!(refused, Err(CampaignRefusal::NothingToTake)),
                    }
                    prop_assert_eq!(paid[who], due);
                }
            }
            prop_assert!(paid.iter().sum::<u128>() <= repaid);
        }
        for (who, amount) in shares.iter().enumerate() {
            let (next, left, last) = funded.clone().claimed(book[who], true).unwrap();
            prop_assert_eq!(left, None);
            funded = next;
            paid[who] += last.balance();
            let due = repaid * u128::from(*amount) / u128::from(target);
            prop_assert!(paid[who] >= due && paid[who] - due < shares.len() as u128);
        }
        prop_assert_eq!(paid.iter().sum::<u128>(), repaid);
        prop_assert_eq!(funded.claimed.balance(), repaid);
    }
}
