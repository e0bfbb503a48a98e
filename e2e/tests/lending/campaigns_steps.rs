//! The steps of a random sequence of crowdfunding, and how often each is tried.

use crate::{
    campaigns_model::{BORROWERS, INVESTORS, MOST, OFFICER},
    machine::{pay, Pay, PLAIN},
};
use amanah_domain::time::{Millis, DAY, MINUTE};
use amanah_interfaces::Balance;
use proptest::prelude::*;

/// A campaign or a case is counted backwards among those that fit; `Model::resolve` makes it a number.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Propose {
        by: usize,
        target: Balance,
        minimum: Balance,
        days: u64,
    },
    Approve {
        by: usize,
        campaign: u64,
    },
    Reject {
        by: usize,
        campaign: u64,
    },
    Cancel {
        by: Option<usize>,
        campaign: u64,
    },
    /// Of what is missing, if in per cent.
    Invest {
        by: usize,
        campaign: u64,
        pay: Pay,
    },
    AskClose {
        by: Option<usize>,
        campaign: u64,
    },
    Unlock {
        case: u64,
    },
    Refund {
        by: usize,
        campaign: u64,
    },
    Repay {
        by: usize,
        loan: u64,
        pay: Pay,
    },
    Recover {
        by: usize,
        loan: u64,
        pay: Pay,
    },
    MarkDelinquent {
        loan: u64,
    },
    MarkDefaulted {
        loan: u64,
    },
    WriteOff {
        by: usize,
        loan: u64,
    },
    Claim {
        by: usize,
        campaign: u64,
    },
    /// Suspends somebody, or reinstates it.
    Stand {
        who: usize,
    },
    /// Money from outside.
    Gift {
        amount: Balance,
    },
    Pause,
    Unpause,
    Wait {
        by: Millis,
    },
    /// Until a campaign's time is over, or so many days after its loan is due; or a millisecond before.
    WaitFor {
        campaign: u64,
        funded: bool,
        days: u64,
        early: bool,
    },
}

pub fn steps() -> impl Strategy<Value = Vec<Act>> {
    let back = || prop_oneof![9 => 0u64..3, 1 => PLAIN..PLAIN + 7];
    let investor = || (0usize..4).prop_map(|at| INVESTORS[at]);
    let borrower = || (0usize..3).prop_map(|at| BORROWERS[at]);
    let somebody = || prop::option::weighted(0.1, borrower());
    let officer = || prop_oneof![9 => Just(OFFICER), 1 => investor()];
    let payer = || prop_oneof![2 => borrower(), 1 => Just(INVESTORS[2])];
    let target = prop_oneof![12 => 200u128..1_500, 1 => Just(0), 1 => Just(MOST + 1)];
    let minimum = prop_oneof![8 => 1u128..120, 1 => Just(0), 1 => Just(1_400)];
    let proposing = (borrower(), target, minimum, prop_oneof![8 => 1u64..20, 1 => Just(0), 1 => Just(367)])
        .prop_map(|(by, target, minimum, days)| Act::Propose { by, target, minimum, days });
    let deciding = prop_oneof![
        5 => (officer(), back()).prop_map(|(by, campaign)| Act::Approve { by, campaign }),
        3 => (officer(), back()).prop_map(|(by, campaign)| Act::Reject { by, campaign }),
        4 => (somebody(), back()).prop_map(|(by, campaign)| Act::Cancel { by, campaign }),
    ];
    let investing = (prop_oneof![9 => investor(), 1 => borrower()], back(), pay())
        .prop_map(|(by, campaign, pay)| Act::Invest { by, campaign, pay });
    let closing = prop_oneof![
        1 => (somebody(), back()).prop_map(|(by, campaign)| Act::AskClose { by, campaign }),
        1 => back().prop_map(|case| Act::Unlock { case }),
    ];
    let taking = prop_oneof![
        3 => (investor(), back()).prop_map(|(by, campaign)| Act::Refund { by, campaign }),
        5 => (investor(), back()).prop_map(|(by, campaign)| Act::Claim { by, campaign }),
    ];
    let paying = prop_oneof![
        5 => (payer(), back(), pay()).prop_map(|(by, loan, pay)| Act::Repay { by, loan, pay }),
        3 => (payer(), back(), pay()).prop_map(|(by, loan, pay)| Act::Recover { by, loan, pay }),
    ];
    let marking = prop_oneof![
        3 => back().prop_map(|loan| Act::MarkDelinquent { loan }),
        3 => back().prop_map(|loan| Act::MarkDefaulted { loan }),
        2 => (officer(), back()).prop_map(|(by, loan)| Act::WriteOff { by, loan }),
    ];
    let around = prop_oneof![
        2 => (0usize..6).prop_map(|who| Act::Stand { who }),
        1 => (1u128..50).prop_map(|amount| Act::Gift { amount }),
    ];
    let waiting = prop_oneof![
        2 => prop_oneof![Just(1), Just(MINUTE), Just(DAY), Just(30 * DAY)].prop_map(|by| Act::Wait { by }),
        4 => (back(), any::<bool>(), prop_oneof![Just(0u64), Just(10)], any::<bool>())
            .prop_map(|(campaign, funded, days, early)| Act::WaitFor { campaign, funded, days, early }),
    ];
    let one = prop_oneof![
        1 => proposing, 3 => deciding, 7 => investing, 2 => closing, 9 => taking, 6 => paying, 2 => marking,
        1 => around, 4 => waiting
    ];
    // A pause is short: nearly nothing is to be seen in it.
    let pausing = one.clone().prop_map(|act| vec![Act::Pause, act, Act::Unpause]);
    // To the edge of a campaign's time, and what happens at it.
    let edge = (investor(), any::<bool>(), any::<bool>()).prop_map(|(by, early, refund)| {
        let (campaign, pay) = (0, Pay::Percent(60));
        let act = if refund { Act::Refund { by, campaign } } else { Act::Invest { by, campaign, pay } };
        vec![Act::WaitFor { campaign, funded: false, days: 0, early }, act]
    });
    let acts = prop_oneof![4 => life(), 3 => ruin(), 2 => edge, 1 => pausing, 24 => one.prop_map(|act| vec![act])];
    // In pieces, so that a failing sequence shrinks by pieces first.
    let pieces = prop::collection::vec(prop::collection::vec(acts, 5..8), 7..10);
    pieces.prop_map(|pieces| pieces.into_iter().flatten().flatten().collect())
}

/// The way of a campaign that comes about, up to some step of it.
fn life() -> impl Strategy<Value = Vec<Act>> {
    (0usize..3, 200u128..1_500, 1u64..20, 1usize..8).prop_map(|(borrower, target, days, steps)| {
        let (campaign, by) = (0, BORROWERS[borrower]);
        let invest = |by, part| Act::Invest { by, campaign, pay: Pay::Percent(part) };
        let all = [
            Act::Propose { by, target, minimum: 50, days },
            Act::Approve { by: OFFICER, campaign },
            invest(INVESTORS[1], 40),
            invest(INVESTORS[2], 70),
            invest(INVESTORS[1], 100),
            Act::AskClose { by: None, campaign },
            Act::Unlock { case: 0 },
        ];
        all[..steps].to_vec()
    })
}

/// The way of a loan that is not repaid, up to some step of it.
fn ruin() -> impl Strategy<Value = Vec<Act>> {
    (any::<bool>(), 2usize..6).prop_map(|(early, steps)| {
        let (campaign, loan) = (0, 0);
        let all = [
            Act::WaitFor { campaign, funded: true, days: 0, early },
            Act::MarkDelinquent { loan },
            Act::WaitFor { campaign, funded: true, days: 10, early: false },
            Act::MarkDefaulted { loan },
            Act::WriteOff { by: OFFICER, loan },
        ];
        all[..steps].to_vec()
    })
}
