//! Book-keeping of digital accounts (LoC, section "digital account"): balances per owner and issuing bank, withdrawals
//! to ordinary accounts, and each bank's supply.
//!
//! Per issuer, at all times: sum of balances + open withdrawals = issued - settled.

mod list;
mod withdrawal;

pub use list::{Ends, Place};
pub use withdrawal::{Withdrawal, WithdrawalList, WithdrawalRefusal, WithdrawalStatus, WITHDRAWAL_PATIENCE};

use crate::{
    ids::{Account, ParticipantId},
    money::{Amount, AmountError},
    wire,
};

wire! {
    /// Who owns money: sums hang on a participant's number, so that a new account or key moves nothing.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Owner {
        /// A registered participant.
        Participant(ParticipantId),
        /// A contract of the suite, holding money for others.
        Contract(Account),
    }
}

/// Moves `amount` from one balance to another; returns both.
///
/// # Errors
/// `Insufficient`, `TooLarge`.
pub fn transfer(from: Amount, to: Amount, amount: Amount) -> Result<(Amount, Amount), AmountError> {
    Ok((from.minus(amount)?, to.plus(amount)?))
}

wire! {
    /// What a bank has issued, settled, and owes to open withdrawals.
    #[derive(Copy, Default)]
    pub struct Supply {
        /// Issued in all.
        pub issued: Amount,
        /// Burnt by settled withdrawals in all.
        pub settled: Amount,
        /// Held by open withdrawals.
        pub withdrawing: Amount,
    }
}

impl Supply {
    /// What is in circulation, open withdrawals included: issued - settled.
    pub fn total(&self) -> Amount {
        self.issued.minus(self.settled).unwrap_or(Amount::ZERO)
    }

    /// The bank issues `amount`.
    ///
    /// # Errors
    /// `TooLarge`: everything ever issued stays below 2^64, so that no sum of balances can overflow.
    pub fn issue(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { issued: self.issued.plus(amount)?, ..self })
    }

    /// A holder asks its bank for cash: `amount` leaves the balance and waits.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn open_withdrawal(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { withdrawing: self.withdrawing.plus(amount)?, ..self })
    }

    /// The bank has paid: `amount` is burnt.
    ///
    /// # Errors
    /// `Insufficient` when less waits.
    pub fn settle_withdrawal(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { withdrawing: self.withdrawing.minus(amount)?, settled: self.settled.plus(amount)?, ..self })
    }

    /// The withdrawal was rejected or cancelled: `amount` goes back to a balance.
    ///
    /// # Errors
    /// `Insufficient` when less waits.
    pub fn return_withdrawal(self, amount: Amount) -> Result<Self, AmountError> {
        Ok(Self { withdrawing: self.withdrawing.minus(amount)?, ..self })
    }
}

wire! {
    /// A bank's page in the ledger.
    #[derive(Copy, Default)]
    pub struct Book {
        /// What it has issued, settled, and owes.
        pub supply: Supply,
        /// The open withdrawals that wait for it.
        pub desk: Ends,
    }
}

wire! {
    /// Whose an ordinary account is, and where that stands among the owner's links.
    #[derive(Copy)]
    pub struct Link {
        /// The owner.
        pub owner: ParticipantId,
        /// Its place in the owner's list, from 0.
        pub at: u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Millis;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Issue(usize, u64),
        Transfer(usize, usize, u64),
        Withdraw(usize, u64),
        Settle(usize),
        Reject(usize),
        Cancel(usize, Millis),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let amount = prop_oneof![0u64..1_000, Just(u64::MAX), any::<u64>()];
        let step = prop_oneof![
            (0usize..4, amount.clone()).prop_map(|(who, a)| Step::Issue(who, a)),
            (0usize..4, 0usize..4, amount.clone()).prop_map(|(from, to, a)| Step::Transfer(from, to, a)),
            (0usize..4, amount).prop_map(|(who, a)| Step::Withdraw(who, a)),
            (0usize..12).prop_map(Step::Settle),
            (0usize..12).prop_map(Step::Reject),
            (0usize..12, 0..2 * WITHDRAWAL_PATIENCE).prop_map(|(which, now)| Step::Cancel(which, now)),
        ];
        proptest::collection::vec(step, 0..60)
    }

    proptest! {
        #[test]
        fn balances_and_open_withdrawals_always_add_up_to_the_supply(steps in steps()) {
            let (mut supply, mut balances) = (Supply::default(), [Amount::ZERO; 4]);
            let mut withdrawals: Vec<Withdrawal> = Vec::new();
            for step in steps {
                let (before, settled) = (withdrawals.clone(), supply.settled);
                match step {
                    Step::Issue(who, amount) => {
                        let amount = Amount::new(amount);
                        if let (Ok(next), Ok(balance)) = (supply.issue(amount), balances[who].plus(amount)) {
                            supply = next;
                            balances[who] = balance;
                        }
                    }
                    Step::Transfer(from, to, amount) if from != to => {
                        if let Ok((a, b)) = transfer(balances[from], balances[to], Amount::new(amount)) {
                            balances[from] = a;
                            balances[to] = b;
                        }
                    }
                    Step::Transfer(..) => {}
                    Step::Withdraw(who, amount) => {
                        let amount = Amount::new(amount);
                        if let (Ok(rest), Ok(next)) = (balances[who].minus(amount), supply.open_withdrawal(amount)) {
                            balances[who] = rest;
                            supply = next;
                            withdrawals.push(Withdrawal::requested(who as u64, 1, amount, None, 0));
                        }
                    }
                    Step::Settle(which) => {
                        if let Some(Ok(ended)) = withdrawals.get(which).cloned().map(Withdrawal::settle) {
                            supply = supply.settle_withdrawal(ended.amount).unwrap();
                            withdrawals[which] = ended;
                        }
                    }
                    Step::Reject(which) | Step::Cancel(which, _) => {
                        let end = |one: Withdrawal| match step {
                            Step::Cancel(_, now) => one.cancel(now),
                            _ => one.reject(),
                        };
                        if let Some(Ok(ended)) = withdrawals.get(which).cloned().map(end) {
                            let owner = ended.owner as usize;
                            supply = supply.return_withdrawal(ended.amount).unwrap();
                            balances[owner] = balances[owner].plus(ended.amount).unwrap();
                            withdrawals[which] = ended;
                        }
                    }
                }
                for (was, is) in before.iter().zip(&withdrawals) {
                    prop_assert!(was.is_open() || was == is, "what has ended stays as it is");
                }
                prop_assert!(supply.settled >= settled, "what is burnt does not come back");
                let held: u128 = balances.iter().map(|b| b.balance()).sum();
                let sum = |status| -> u128 {
                    withdrawals.iter().filter(|one| one.status == status).map(|one| one.amount.balance()).sum()
                };
                let waiting = sum(WithdrawalStatus::Open);
                prop_assert_eq!(supply.settled.balance(), sum(WithdrawalStatus::Settled));
                prop_assert_eq!(supply.withdrawing.balance(), waiting);
                prop_assert_eq!(held + waiting, supply.issued.balance() - supply.settled.balance());
                prop_assert_eq!(supply.total().balance(), held + waiting);
            }
        }
    }

    #[test]
    fn more_than_what_waits_is_never_settled_nor_returned() {
        let supply = Supply::default().issue(Amount::new(5)).unwrap().open_withdrawal(Amount::new(3)).unwrap();
        let refused = Err(AmountError::Insufficient { available: 3, wanted: 4 });
        assert_eq!(supply.settle_withdrawal(Amount::new(4)), refused);
        assert_eq!(supply.return_withdrawal(Amount::new(4)), refused);
    }

    #[test]
    fn what_is_returned_is_in_circulation_as_before() {
        let before = Supply::default().issue(Amount::new(5)).unwrap();
        let after = before.open_withdrawal(Amount::new(3)).unwrap().return_withdrawal(Amount::new(3)).unwrap();
        assert_eq!(after, before);
        assert_eq!(after.total(), Amount::new(5));
    }
}
