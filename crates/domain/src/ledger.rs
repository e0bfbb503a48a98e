//! Book-keeping of digital accounts (LoC, section "digital account"): balances per owner and issuing bank, withdrawals
//! to ordinary accounts, and each bank's supply.
//!
//! Per issuer, at all times: sum of balances + open withdrawals = issued - settled.

use crate::{
    ids::{Account, ParticipantId},
    money::{Amount, AmountError},
    time::Millis,
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
}

wire! {
    /// How a withdrawal stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum WithdrawalStatus {
        /// The bank has not paid yet.
        Open,
        /// The bank has paid; the amount is burnt.
        Settled,
    }
}

wire! {
    /// A withdrawal to an ordinary bank account.
    pub struct Withdrawal {
        /// Whose money it is.
        pub owner: ParticipantId,
        /// The bank that issued the money and pays it out.
        pub issuer: ParticipantId,
        /// How much.
        pub amount: Amount,
        /// When it was asked for (milliseconds).
        pub requested_at: Millis,
        /// How it stands.
        pub status: WithdrawalStatus,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Issue(usize, u64),
        Transfer(usize, usize, u64),
        Withdraw(usize, u64),
        Settle,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let amount = prop_oneof![0u64..1_000, Just(u64::MAX), any::<u64>()];
        let step = prop_oneof![
            (0usize..4, amount.clone()).prop_map(|(who, a)| Step::Issue(who, a)),
            (0usize..4, 0usize..4, amount.clone()).prop_map(|(from, to, a)| Step::Transfer(from, to, a)),
            (0usize..4, amount).prop_map(|(who, a)| Step::Withdraw(who, a)),
            Just(Step::Settle),
        ];
        proptest::collection::vec(step, 0..60)
    }

    proptest! {
        #[test]
        fn balances_and_open_withdrawals_always_add_up_to_the_supply(steps in steps()) {
            let (mut supply, mut balances, mut open) = (Supply::default(), [Amount::ZERO; 4], Vec::new());
            for step in steps {
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
                            open.push(amount);
                        }
                    }
                    Step::Settle => {
                        if let Some(amount) = open.pop() {
                            supply = supply.settle_withdrawal(amount).unwrap();
                        }
                    }
                }
                let held: u128 = balances.iter().map(|b| b.balance()).sum();
                let waiting: u128 = open.iter().map(|b| b.balance()).sum();
                prop_assert_eq!(supply.withdrawing.balance(), waiting);
                prop_assert_eq!(held + waiting, supply.issued.balance() - supply.settled.balance());
                prop_assert_eq!(supply.total().balance(), held + waiting);
            }
        }
    }

    #[test]
    fn more_than_what_waits_is_never_settled() {
        let supply = Supply::default().issue(Amount::new(5)).unwrap().open_withdrawal(Amount::new(3)).unwrap();
        assert_eq!(
            supply.settle_withdrawal(Amount::new(4)),
            Err(AmountError::Insufficient { available: 3, wanted: 4 })
        );
    }
}
