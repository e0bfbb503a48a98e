//! The steps of a random sequence of lending, and how often each is tried.

use crate::{
    loans_model::{BANKS, BORROWERS, LIMIT, POOR, REGULATORS},
    machine::{pay, Pay, PLAIN},
};
use amanah_domain::time::{Millis, DAY, MINUTE};
use amanah_interfaces::Balance;
use proptest::prelude::*;

/// What is asked for. A loan or a case is counted backwards among those that fit, or, from [`PLAIN`] on, among all;
/// `Model::resolve` makes it a number.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Apply {
        by: usize,
        product: usize,
        principal: Balance,
        months: u16,
    },
    AskRefund {
        by: Option<usize>,
        loan: u64,
    },
    AskSchedule {
        by: Option<usize>,
        loan: u64,
        months: u16,
    },
    Unlock {
        case: u64,
    },
    ExpireCase {
        case: u64,
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
        by: Option<usize>,
        loan: u64,
    },
    Withdraw {
        by: usize,
        bank: usize,
        pay: Pay,
    },
    Challenge {
        by: usize,
        case: bool,
        number: u64,
    },
    /// Of a case or a loan that is frozen, counted backwards; from [`PLAIN`] on, of any. By the first regulator, who may have
    /// challenged it.
    Resolve {
        matter: (bool, u64),
        upheld: bool,
    },
    /// Suspends a borrower, or reinstates it.
    Stand {
        who: usize,
    },
    /// Money from outside.
    Gift {
        bank: usize,
        amount: Balance,
    },
    Pause,
    Unpause,
    Wait {
        by: Millis,
    },
    /// Until so many days after a loan's next due date, or a millisecond before.
    WaitFor {
        loan: u64,
        days: u16,
        early: bool,
    },
}

pub fn steps() -> impl Strategy<Value = Vec<Act>> {
    let back = || prop_oneof![9 => 0u64..3, 1 => PLAIN..PLAIN + 8];
    let borrower = || (0usize..3).prop_map(|at| BORROWERS[at]);
    let somebody = || prop::option::weighted(0.1, borrower());
    let payer = || prop_oneof![6 => borrower(), 1 => Just(POOR), 1 => Just(BANKS[0])];
    let principal = prop_oneof![12 => 100u128..1_200, 1 => Just(0), 1 => Just(LIMIT + 1), 1 => Just(LIMIT)];
    let applying = (borrower(), 0usize..3, principal, prop_oneof![8 => 1u16..4, 1 => Just(0), 1 => Just(7)])
        .prop_map(|(by, product, principal, months)| Act::Apply { by, product, principal, months });
    let scheduling = (somebody(), back(), prop_oneof![6 => 1u16..5, 1 => Just(0), 1 => Just(481)])
        .prop_map(|(by, loan, months)| Act::AskSchedule { by, loan, months });
    let asking = prop_oneof![
        4 => applying,
        2 => (somebody(), back()).prop_map(|(by, loan)| Act::AskRefund { by, loan }),
        2 => scheduling,
    ];
    // Most of what is asked for is granted at once, so that there are loans to go on with.
    let granting = (asking, prop::bool::weighted(0.8))
        .prop_map(|(ask, at_once)| [vec![ask], vec![Act::Unlock { case: 0 }; usize::from(at_once)]].concat());
    let deciding = prop_oneof![
        3 => back().prop_map(|case| Act::Unlock { case }),
        1 => back().prop_map(|case| Act::ExpireCase { case }),
    ];
    let paying = prop_oneof![
        8 => (payer(), back(), pay()).prop_map(|(by, loan, pay)| Act::Repay { by, loan, pay }),
        3 => (payer(), back(), pay()).prop_map(|(by, loan, pay)| Act::Recover { by, loan, pay }),
        3 => (prop_oneof![4 => 0usize..2, 1 => Just(POOR)], 0usize..2, pay())
            .prop_map(|(by, bank, pay)| Act::Withdraw { by, bank, pay }),
        1 => (0usize..2, 1u128..50).prop_map(|(bank, amount)| Act::Gift { bank, amount }),
    ];
    let marking = prop_oneof![
        2 => back().prop_map(|loan| Act::MarkDelinquent { loan }),
        2 => back().prop_map(|loan| Act::MarkDefaulted { loan }),
        2 => (prop::option::weighted(0.3, 0usize..3), back()).prop_map(|(by, loan)| Act::WriteOff { by, loan }),
    ];
    let supervising = prop_oneof![
        4 => (any::<bool>(), back(), prop::bool::weighted(0.2))
            .prop_map(|(case, back, upheld)| Act::Resolve { matter: (case, back), upheld }),
        2 => borrower().prop_map(|who| Act::Stand { who }),
        2 => Just(Act::Pause),
        3 => Just(Act::Unpause),
    ];
    // One challenge, or two of the same.
    let challenging = (0usize..2, 0usize..2, any::<bool>(), back(), any::<bool>());
    let challenging = challenging.prop_map(|(first, second, case, number, twice)| {
        let by = |at: usize| Act::Challenge { by: REGULATORS[at], case, number };
        if twice {
            vec![by(first), by(second)]
        } else {
            vec![by(first)]
        }
    });
    let days = || prop_oneof![Just(0u16), Just(2), Just(5), Just(20), Just(30)];
    let waiting = prop_oneof![
        2 => prop_oneof![Just(1), Just(MINUTE), Just(DAY), Just(7 * DAY - 1)].prop_map(|by| Act::Wait { by }),
        1 => prop_oneof![Just(7 * DAY), Just(31 * DAY)].prop_map(|by| Act::Wait { by }),
        2 => (back(), days(), any::<bool>()).prop_map(|(loan, days, early)| Act::WaitFor { loan, days, early }),
    ];
    // To an edge of a loan, and what happens at it.
    let edge =
        (back(), days(), any::<bool>(), prop::bool::weighted(0.35)).prop_map(|(loan, days, early, defaulted)| {
            let mark = if defaulted { Act::MarkDefaulted { loan } } else { Act::MarkDelinquent { loan } };
            vec![Act::WaitFor { loan, days, early }, mark]
        });
    let one = prop_oneof![2 => deciding, 8 => paying, 3 => marking, 3 => supervising, 3 => waiting];
    let acts = prop_oneof![6 => granting, 16 => one.prop_map(|act| vec![act]), 5 => edge, 1 => challenging];
    // In pieces, so that a failing sequence shrinks by pieces first.
    let pieces = prop::collection::vec(prop::collection::vec(acts, 6..9), 7..9);
    pieces.prop_map(|pieces| pieces.into_iter().flatten().flatten().collect())
}
