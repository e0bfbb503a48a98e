//! What the two state machines share: random steps, each answered as a plain model says.

use crate::replay::Replay;
use amanah_client::{Actor, Message};
use amanah_domain::{ids::ParticipantId, money::AmountError};
use amanah_e2e::{lending::Lenders, Person};
use amanah_interfaces::{ledger::Ledger, loan::Error, Balance};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use scale::{Decode, Encode};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt::Debug,
    panic::{catch_unwind, resume_unwind, AssertUnwindSafe},
};

/// A world and its model side by side.
pub trait Machine {
    type Act: Debug + Clone;

    /// The world at the beginning.
    fn new() -> Self;

    /// What must have been done before anything is left to chance.
    fn beginning() -> Vec<Self::Act>;

    /// Does a step in both; was it accepted?
    fn take(&mut self, act: &Self::Act) -> bool;

    /// After the last step: does everything that is stored fit?
    fn end(&mut self);
}

/// Tries many sequences of steps, always the same: a failure of one run is a failure of the next. `AMANAH_CASES` sets how
/// many; without it, `cases`. Each kind of step must have been accepted and refused, but for those `never_refused`.
pub fn run<M: Machine>(steps: impl Strategy<Value = Vec<M::Act>>, cases: u32, never_refused: &[&str]) {
    let asked = std::env::var("AMANAH_CASES").ok().map(|cases| cases.parse().expect("a number of cases"));
    let config =
        Config { cases: asked.unwrap_or(cases), failure_persistence: None, max_shrink_iters: 120, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let seen = RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    let result = runner.run(&steps, |steps| {
        let mut machine = M::new();
        for act in M::beginning() {
            assert!(machine.take(&act), "{act:?}");
        }
        for act in &steps {
            let accepted = catch_unwind(AssertUnwindSafe(|| machine.take(act))).unwrap_or_else(|panic| {
                eprintln!("at {act:?}");
                resume_unwind(panic)
            });
            let kind = format!("{act:?}").split(' ').next().unwrap_or_default().to_owned();
            seen.borrow_mut().entry(kind).or_default()[usize::from(accepted)] += 1;
        }
        machine.end();
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    let seen = seen.into_inner();
    eprintln!("refused and accepted: {seen:?}");
    let is_lopsided = |(kind, [refused, accepted]): &(&String, &[usize; 2])| {
        *accepted == 0 || (*refused == 0 && !never_refused.contains(&kind.as_str()))
    };
    assert_eq!(seen.iter().filter(is_lopsided).collect::<Vec<_>>(), []);
}

/// How much is paid.
#[derive(Clone, Copy, Debug)]
pub enum Pay {
    Units(Balance),
    /// So many per cent of all that would fit; a model makes it units.
    Percent(Balance),
}

impl Pay {
    /// The amount, which must move something.
    pub fn units(self) -> Result<Balance, AmountError> {
        match self {
            Pay::Units(0) => Err(AmountError::Zero),
            Pay::Units(amount) if amount >> 64 != 0 => Err(AmountError::TooLarge),
            Pay::Units(amount) | Pay::Percent(amount) => Ok(amount),
        }
    }

    /// The amount as it is sent.
    pub fn sent(self) -> Balance {
        let (Pay::Units(amount) | Pay::Percent(amount)) = self;
        amount
    }
}

/// Amounts around everything that would fit, and some that never do.
pub fn pay() -> impl Strategy<Value = Pay> {
    prop_oneof![
        4 => (1u128..400).prop_map(Pay::Units),
        1 => Just(Pay::Units(1)),
        1 => prop_oneof![Just(Pay::Units(0)), Just(Pay::Units(1 << 64))],
        5 => prop_oneof![Just(100), Just(100), Just(101), Just(50), Just(30)].prop_map(Pay::Percent),
    ]
}

/// From here on, what is counted backwards is meant among all.
pub const PLAIN: u64 = 6;

/// The number of one of those that fit, counted backwards; from [`PLAIN`] on, of all and of the one that will come next.
pub fn pick<T>(all: &[T], back: u64, fits: impl Fn(&T) -> bool) -> u64 {
    let all_of_them = all.len() as u64;
    let mut fitting: Vec<u64> = (1..).zip(all).filter(|(_, one)| fits(one)).map(|(number, _)| number).collect();
    fitting.reverse();
    match back.checked_sub(PLAIN) {
        Some(back) => (all_of_them + 1).saturating_sub(back),
        None => fitting.get(back as usize % fitting.len().max(1)).copied().unwrap_or(all_of_them),
    }
}

/// What both have beside their models.
pub struct Side {
    pub lenders: Lenders,
    pub replay: Replay,
    references: u64,
}

impl Side {
    pub fn new(lenders: Lenders) -> Self {
        Self { lenders, replay: Replay::default(), references: 0 }
    }

    /// Sends a message that must succeed, whatever contract it is for.
    pub fn send<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> T {
        let done = self.lenders.world.send(from, message);
        self.replay.add(&self.lenders.world, &done.events);
        done.value
    }

    /// Sends a message whose answer the model knows; a refused one must change nothing.
    pub fn answers<A: Encode, T: Decode + Debug>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, Error>>,
        expected: Result<(), Error>,
    ) {
        match expected {
            Ok(()) => {
                self.send(from, message);
            }
            Err(error) => {
                self.lenders.world.refuses(from, message, error);
            }
        }
    }

    /// Somebody has so much of a bank's money, and lets the loan contract take whatever it has.
    pub fn endow(&mut self, bank: &Person, somebody: &Person, amount: Balance) {
        let suite = self.lenders.world.suite.clone();
        if amount > 0 {
            self.references += 1;
            let mut reference = [0; 32];
            reference[..8].copy_from_slice(&self.references.to_le_bytes());
            self.send(&bank.actor, suite.ledger().issue(somebody.id(), amount, reference));
        }
        let everything = u64::MAX.into();
        self.send(&somebody.actor, suite.ledger().approve(suite.loan.into(), bank.number, everything));
    }

    /// What the contract holds of a bank's money, which must be what it owes and what came from outside, to the last unit;
    /// the bank's supply is what it was.
    pub fn check_books(&mut self, bank: ParticipantId, gifts: Balance, supply: Balance) {
        let suite = self.lenders.world.suite.clone();
        let held = self.lenders.world.ask(suite.ledger().balance_of(suite.loan.into(), bank));
        assert_eq!(held, self.replay.liabilities(bank) + gifts, "escrows, credits, repayments not claimed, and gifts");
        assert_eq!(self.lenders.world.ask(suite.ledger().total_supply(bank)), supply);
    }
}
