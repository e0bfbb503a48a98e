//! The books: what everybody has of each bank's money, and whether it adds up.

use amanah_domain::ids::ParticipantId;
use amanah_interfaces::{ledger::Supply, Balance};
use std::collections::BTreeMap;

/// The contracts that hold money for others, in the order of their columns.
pub const HOLDING: [&str; 3] = ["voucher", "loan", "welfare"];

/// What a participant has of one bank's money (smallest units).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// In its digital account.
    pub ledger: Balance,
    /// What each contract of [`HOLDING`] owes it; the contract holds that money.
    pub credits: [Balance; 3],
}

impl Line {
    /// Has it nothing?
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// All balances.
#[derive(Debug, Default)]
pub struct Books {
    lines: BTreeMap<(ParticipantId, ParticipantId), Line>,
    /// What each contract of [`HOLDING`] holds, by issuing bank.
    contracts: [BTreeMap<ParticipantId, Balance>; 3],
}

/// A bank's money, summed up (smallest units).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub issuer: ParticipantId,
    /// In the digital accounts of participants.
    pub participants: Balance,
    /// Held by each contract of [`HOLDING`].
    pub contracts: [Balance; 3],
    /// What each of them owes as credits.
    pub credits: [Balance; 3],
    /// In open withdrawals.
    pub withdrawing: Balance,
    /// What the bank has issued and not settled.
    pub supply: Balance,
}

impl Total {
    /// All that was found.
    pub fn found(&self) -> Balance {
        let held = self.contracts.iter().fold(self.participants, |sum, one| sum.saturating_add(*one));
        held.saturating_add(self.withdrawing)
    }

    /// What does not add up, in a sentence.
    pub fn trouble(&self) -> Option<String> {
        let Self { issuer, supply, .. } = self;
        if self.found() != *supply {
            return Some(format!(
                "of bank {issuer}'s money {} smallest units were found, and it has issued {supply} that it has not settled",
                self.found()
            ));
        }
        let owing = HOLDING.iter().zip(self.contracts.iter().zip(self.credits));
        let short = owing.into_iter().find(|(_, (holds, owes))| owes > *holds);
        short.map(|(name, (holds, owes))| {
            format!("of bank {issuer}'s money {name} owes {owes} smallest units as credits and holds {holds}")
        })
    }
}

impl Books {
    /// Writes down what is in a participant's digital account.
    pub fn put_account(&mut self, participant: ParticipantId, account: &[(ParticipantId, Balance)]) {
        for (issuer, amount) in account {
            self.lines.entry((participant, *issuer)).or_default().ledger = *amount;
        }
    }

    /// Writes down what a contract of [`HOLDING`] has in its digital account.
    pub fn put_contract(&mut self, place: usize, account: &[(ParticipantId, Balance)]) {
        if let Some(contract) = self.contracts.get_mut(place) {
            contract.extend(account.iter().copied());
        }
    }

    /// Writes down what a contract of [`HOLDING`] owes a participant.
    pub fn put_credit(&mut self, place: usize, participant: ParticipantId, issuer: ParticipantId, amount: Balance) {
        if let Some(credit) = self.lines.entry((participant, issuer)).or_default().credits.get_mut(place) {
            *credit = amount;
        }
    }

    /// The banks whose money a contract of [`HOLDING`] holds: only in theirs can it owe anything.
    pub fn issuers_held(&self, place: usize) -> Vec<ParticipantId> {
        let held = self.contracts.get(place).into_iter().flatten();
        held.filter(|(_, amount)| **amount > 0).map(|(issuer, _)| *issuer).collect()
    }

    /// Every bank whose money anybody has had.
    pub fn issuers(&self) -> Vec<ParticipantId> {
        let of_participants = self.lines.keys().map(|(_, issuer)| *issuer);
        let mut all: Vec<_> =
            of_participants.chain(self.contracts.iter().flat_map(|held| held.keys().copied())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Who has what: participant, issuing bank, amounts; those who have nothing are left out.
    pub fn lines(&self) -> impl Iterator<Item = (ParticipantId, ParticipantId, &Line)> {
        let all = self.lines.iter().filter(|(_, line)| !line.is_empty());
        all.map(|((participant, issuer), line)| (*participant, *issuer, line))
    }

    /// The sums of a bank's money, which has this supply.
    pub fn total(&self, issuer: ParticipantId, supply: &Supply) -> Total {
        let lines = || self.lines.iter().filter(move |((_, of), _)| *of == issuer).map(|(_, line)| line);
        let sum = |amounts: &mut dyn Iterator<Item = Balance>| amounts.fold(0, Balance::saturating_add);
        Total {
            issuer,
            participants: sum(&mut lines().map(|line| line.ledger)),
            contracts: [0, 1, 2]
                .map(|at: usize| self.contracts.get(at).and_then(|held| held.get(&issuer)).copied().unwrap_or(0)),
            credits: [0, 1, 2]
                .map(|at: usize| sum(&mut lines().map(|line| line.credits.get(at).copied().unwrap_or(0)))),
            withdrawing: supply.withdrawing.balance(),
            supply: supply.total().balance(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_domain::money::Amount;

    fn books() -> Books {
        let mut books = Books::default();
        books.put_account(7, &[(1, 100), (2, 5)]);
        books.put_account(8, &[(1, 0)]);
        books.put_contract(0, &[(1, 40), (2, 0)]);
        books.put_credit(0, 8, 1, 30);
        books
    }

    fn supply(issued: u64, settled: u64, withdrawing: u64) -> Supply {
        let amount = Amount::new;
        Supply { issued: amount(issued), settled: amount(settled), withdrawing: amount(withdrawing) }
    }

    #[test]
    fn accounts_contracts_and_open_withdrawals_add_up_to_the_supply() {
        let total = books().total(1, &supply(200, 50, 10));
        assert_eq!((total.participants, total.contracts, total.credits), (100, [40, 0, 0], [30, 0, 0]));
        assert_eq!((total.found(), total.trouble()), (150, None));
        let missing = books().total(1, &supply(201, 50, 10)).trouble().unwrap();
        assert!(missing.contains("150 smallest units were found, and it has issued 151"), "{missing}");
    }

    #[test]
    fn a_contract_that_owes_more_than_it_holds_is_trouble_even_where_the_sum_fits() {
        let mut books = books();
        books.put_credit(0, 7, 1, 11);
        let trouble = books.total(1, &supply(150, 0, 10)).trouble().unwrap();
        assert!(trouble.contains("voucher owes 41 smallest units as credits and holds 40"), "{trouble}");
    }

    #[test]
    fn every_bank_is_counted_and_empty_lines_are_left_out() {
        let books = books();
        assert_eq!(books.issuers(), [1, 2]);
        assert_eq!(books.issuers_held(0), [1]);
        let lines: Vec<_> = books.lines().map(|(participant, issuer, _)| (participant, issuer)).collect();
        assert_eq!(lines, [(7, 1), (7, 2), (8, 1)]);
        let mut nothing = Books::default();
        nothing.put_account(8, &[(1, 0)]);
        assert_eq!(nothing.lines().count(), 0);
    }
}
