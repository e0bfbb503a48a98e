//! Rolls: many vouchers promised by one Merkle root, funded at once, claimed one by one (docs/rolls.md).
//!
//! ```text
//! Published --fund, now < deadline--> Open --claim, now < deadline--> Open
//!     |                                |
//!     +------ close, now >= deadline --+--> Closed
//! ```
//! Closed is final; what nobody claimed goes back to the bank.

use crate::{
    crypto::Crypto,
    ids::{ProgrammeId, RollId},
    layout::{DomainSeparator, RollEntry, RollHash},
    merkle::{proves, MOST_LEAVES},
    money::{Amount, AmountError},
    time::{is_before, is_plausible, Millis},
    wire,
};

wire! {
    /// How a roll stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum RollStatus {
        /// Its root is on chain; the bank has not put the money in yet.
        Published,
        /// Funded in full: its entries can be claimed.
        Open,
        /// Its time is over; what nobody claimed went back to the bank.
        Closed,
    }
}

wire! {
    /// A roll, as it is stored.
    pub struct Roll {
        /// The programme that its vouchers belong to.
        pub programme: ProgrammeId,
        /// The root of its tree.
        pub root: RollHash,
        /// How many entries it has.
        pub count: u64,
        /// What its entries come to.
        pub total: Amount,
        /// The most that one of its vouchers may be worth: what the programme said when it was published, so that no later
        /// change spoils it.
        pub most_per_voucher: Amount,
        /// What was put in and has not been claimed.
        pub unclaimed: Amount,
        /// How many entries were claimed.
        pub claimed: u64,
        /// Until when it can be funded and claimed (milliseconds).
        pub deadline: Millis,
        /// How it stands.
        pub status: RollStatus,
    }
}

wire! {
    /// Why something cannot be done with a roll.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum RollRefusal {
        /// It does not stand as this needs.
        WrongStatus {
            /// How it stands.
            status: RollStatus,
        },
        /// It has no entries, or more than a proof can reach.
        BadCount {
            /// The most.
            most: u64,
        },
        /// Its deadline is not in the future, or not a plausible time in milliseconds.
        BadDeadline {
            /// The deadline given.
            deadline: Millis,
        },
        /// Its time is over.
        TooLate {
            /// When it ended (milliseconds).
            deadline: Millis,
        },
        /// Its time is not over yet.
        TooEarly {
            /// When it ends (milliseconds).
            deadline: Millis,
        },
        /// It has no entry at this place.
        NoSuchEntry {
            /// How many it has.
            count: u64,
        },
        /// This entry was claimed already.
        Claimed,
        /// The entry and its proof do not lead to the roll's root.
        NotOnRoll,
        /// The entry's voucher would have ended already, or its end is not a plausible time in milliseconds.
        EntryExpired {
            /// When it ended (milliseconds).
            expires: Millis,
        },
        /// The entry is worth nothing, too much to count, or more than is left of the roll's money.
        Amount(AmountError),
    }
}

impl From<AmountError> for RollRefusal {
    fn from(error: AmountError) -> Self {
        RollRefusal::Amount(error)
    }
}

/// An entry, and what shows that it is on a roll.
pub struct Claim<'a> {
    /// The contract's separator.
    pub domain: DomainSeparator,
    /// The roll's number.
    pub number: RollId,
    /// The entry.
    pub entry: &'a RollEntry,
    /// The proof, from the bottom up.
    pub proof: &'a [RollHash],
}

impl Roll {
    /// A new roll, without money yet.
    ///
    /// # Errors
    /// `BadCount`, `BadDeadline`.
    pub fn published(
        programme: ProgrammeId,
        root: RollHash,
        count: u64,
        total: Amount,
        most_per_voucher: Amount,
        deadline: Millis,
        now: Millis,
    ) -> Result<Self, RollRefusal> {
        if count == 0 || count > MOST_LEAVES {
            return Err(RollRefusal::BadCount { most: MOST_LEAVES });
        }
        if !(is_before(now, deadline) && is_plausible(deadline)) {
            return Err(RollRefusal::BadDeadline { deadline });
        }
        let status = RollStatus::Published;
        let (unclaimed, claimed) = (Amount::ZERO, 0);
        Ok(Self { programme, root, count, total, most_per_voucher, unclaimed, claimed, deadline, status })
    }

    /// The bank puts the whole total in.
    ///
    /// # Errors
    /// `WrongStatus` unless Published, `TooLate`.
    pub fn fund(self, now: Millis) -> Result<Self, RollRefusal> {
        self.must_be(RollStatus::Published)?;
        self.must_be_in_time(now)?;
        Ok(Self { status: RollStatus::Open, unclaimed: self.total, ..self })
    }

    /// An entry is claimed; answers with what it is worth. `claimed` is the word of [`word_and_bit`] that its place is in,
    /// and comes back with the place marked.
    ///
    /// # Errors
    /// `WrongStatus` unless Open, `TooLate`, `NoSuchEntry`, `Claimed`, `NotOnRoll`, `EntryExpired`, `Amount`.
    pub fn claim<C: Crypto>(
        self,
        claim: &Claim<'_>,
        claimed: u128,
        now: Millis,
    ) -> Result<(Self, u128, Amount), RollRefusal> {
        self.must_be(RollStatus::Open)?;
        self.must_be_in_time(now)?;
        let Claim { domain, number, entry, proof } = claim;
        if entry.index >= self.count {
            return Err(RollRefusal::NoSuchEntry { count: self.count });
        }
        let (_, bit) = word_and_bit(entry.index);
        if claimed & bit != 0 {
            return Err(RollRefusal::Claimed);
        }
        if !proves::<C>(entry.leaf::<C>(domain, *number), entry.index, self.count, proof, &self.root) {
            return Err(RollRefusal::NotOnRoll);
        }
        if !(is_before(now, entry.expires) && is_plausible(entry.expires)) {
            return Err(RollRefusal::EntryExpired { expires: entry.expires });
        }
        let amount = Amount::positive(entry.amount)?;
        let unclaimed = self.unclaimed.minus(amount)?;
        Ok((Self { unclaimed, claimed: self.claimed.saturating_add(1), ..self }, claimed | bit, amount))
    }

    /// Its time is over; answers with what goes back to the bank.
    ///
    /// # Errors
    /// `WrongStatus` if Closed, `TooEarly`.
    pub fn close(self, now: Millis) -> Result<(Self, Amount), RollRefusal> {
        if self.status == RollStatus::Closed {
            return Err(RollRefusal::WrongStatus { status: self.status });
        }
        if is_before(now, self.deadline) {
            return Err(RollRefusal::TooEarly { deadline: self.deadline });
        }
        let returned = self.unclaimed;
        Ok((Self { status: RollStatus::Closed, unclaimed: Amount::ZERO, ..self }, returned))
    }

    fn must_be(&self, status: RollStatus) -> Result<(), RollRefusal> {
        match self.status {
            is if is == status => Ok(()),
            status => Err(RollRefusal::WrongStatus { status }),
        }
    }

    fn must_be_in_time(&self, now: Millis) -> Result<(), RollRefusal> {
        match is_before(now, self.deadline) {
            true => Ok(()),
            false => Err(RollRefusal::TooLate { deadline: self.deadline }),
        }
    }
}

/// Where it is marked that the entry at `index` was claimed: the number of the word, and the bit in it. A word holds 128
/// entries.
pub fn word_and_bit(index: u64) -> (u64, u128) {
    (index >> 7, 1u128.checked_shl(u32::try_from(index & 127).unwrap_or(0)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crypto::Native, merkle, time::DAY};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const NOW: Millis = 1_800_000_000_000;
    const DEADLINE: Millis = NOW + 30 * DAY;
    const D: DomainSeparator = [0xdd; 32];
    const NUMBER: RollId = 9;

    fn entry(index: u64, amount: Balance) -> RollEntry {
        RollEntry { index, holder: 100 + index, category: 1, amount, expires: DEADLINE + DAY }
    }

    use crate::money::Balance;

    struct List {
        entries: Vec<RollEntry>,
        leaves: Vec<RollHash>,
    }

    impl List {
        fn of(amounts: &[Balance]) -> Self {
            let entries: Vec<_> = (0..).zip(amounts).map(|(at, amount)| entry(at, *amount)).collect();
            let leaves = entries.iter().map(|one| one.leaf::<Native>(&D, NUMBER)).collect();
            Self { entries, leaves }
        }

        /// A roll of these entries, which claims to come to `total`.
        fn published(&self, total: u64) -> Roll {
            let root = merkle::root::<Native>(&self.leaves).unwrap();
            let count = self.leaves.len() as u64;
            Roll::published(4, root, count, Amount::new(total), Amount::MAX, DEADLINE, NOW).unwrap()
        }

        fn open(&self, total: u64) -> Roll {
            self.published(total).fund(NOW).unwrap()
        }

        fn claim_as(
            &self,
            roll: &Roll,
            entry: &RollEntry,
            proof_of: usize,
            word: u128,
            now: Millis,
        ) -> Result<(Roll, u128, Amount), RollRefusal> {
            let proof = merkle::proof::<Native>(&self.leaves, proof_of).unwrap();
            let claim = Claim { domain: D, number: NUMBER, entry, proof: &proof };
            roll.clone().claim::<Native>(&claim, word, now)
        }

        fn claim(&self, roll: &Roll, at: usize, word: u128, now: Millis) -> Result<(Roll, u128, Amount), RollRefusal> {
            self.claim_as(roll, &self.entries[at], at, word, now)
        }
    }

    #[test]
    fn a_roll_has_entries_and_a_deadline_in_the_future_in_milliseconds() {
        let roll = |count, deadline| Roll::published(1, [0; 32], count, Amount::new(1), Amount::new(1), deadline, NOW);
        assert!(roll(1, NOW + 1).is_ok() && roll(MOST_LEAVES, DEADLINE).is_ok());
        for count in [0, MOST_LEAVES + 1, u64::MAX] {
            assert_eq!(roll(count, DEADLINE), Err(RollRefusal::BadCount { most: MOST_LEAVES }));
        }
        for deadline in [0, NOW, NOW / 1_000 + DAY, NOW * 1_000, u64::MAX] {
            assert_eq!(roll(1, deadline), Err(RollRefusal::BadDeadline { deadline }));
        }
    }

    #[test]
    fn a_roll_is_funded_once_and_in_full_until_just_before_its_deadline() {
        let published = List::of(&[5, 6]).published(11);
        assert!(published.unclaimed.is_zero());
        let open = published.clone().fund(DEADLINE - 1).unwrap();
        assert_eq!((open.status, open.unclaimed), (RollStatus::Open, Amount::new(11)));
        assert_eq!(open.fund(NOW), Err(RollRefusal::WrongStatus { status: RollStatus::Open }));
        assert_eq!(published.fund(DEADLINE), Err(RollRefusal::TooLate { deadline: DEADLINE }));
    }

    #[test]
    fn an_entry_is_claimed_once_from_a_funded_roll_until_just_before_its_deadline() {
        let list = List::of(&[5, 6, 7]);
        let unfunded = Err(RollRefusal::WrongStatus { status: RollStatus::Published });
        assert_eq!(list.claim(&list.published(18), 1, 0, NOW), unfunded);
        let roll = list.open(18);
        let (after, word, amount) = list.claim(&roll, 1, 0, DEADLINE - 1).unwrap();
        assert_eq!((after.unclaimed, after.claimed, word, amount), (Amount::new(12), 1, 0b10, Amount::new(6)));
        assert_eq!(list.claim(&after, 1, word, NOW), Err(RollRefusal::Claimed));
        assert!(list.claim(&after, 2, word, NOW).is_ok());
        for late in [DEADLINE, DEADLINE + 1] {
            assert_eq!(list.claim(&roll, 1, 0, late), Err(RollRefusal::TooLate { deadline: DEADLINE }));
        }
    }

    #[test]
    fn an_entry_with_anything_changed_is_not_on_the_roll() {
        let list = List::of(&[5, 6, 7]);
        let (roll, good) = (list.open(18), list.entries[1]);
        for changed in [
            RollEntry { index: 0, ..good },
            RollEntry { index: 2, ..good },
            RollEntry { holder: 100, ..good },
            RollEntry { category: 2, ..good },
            RollEntry { amount: 7, ..good },
            RollEntry { expires: good.expires + 1, ..good },
        ] {
            assert_eq!(list.claim_as(&roll, &changed, 1, 0, NOW), Err(RollRefusal::NotOnRoll));
        }
        let beyond = RollEntry { index: 3, ..good };
        assert_eq!(list.claim_as(&roll, &beyond, 1, 0, NOW), Err(RollRefusal::NoSuchEntry { count: 3 }));
        let proof = merkle::proof::<Native>(&list.leaves, 1).unwrap();
        for (domain, number) in [([0xde; 32], NUMBER), (D, NUMBER + 1)] {
            let claim = Claim { domain, number, entry: &good, proof: &proof };
            assert_eq!(roll.clone().claim::<Native>(&claim, 0, NOW), Err(RollRefusal::NotOnRoll));
        }
    }

    #[test]
    fn an_entry_lives_until_just_before_its_own_end() {
        let end = NOW + DAY;
        let short = RollEntry { expires: end, ..entry(0, 5) };
        let for_ever = RollEntry { expires: u64::MAX, ..entry(1, 5) };
        let entries = vec![short, for_ever];
        let leaves = entries.iter().map(|one| one.leaf::<Native>(&D, NUMBER)).collect();
        let list = List { entries, leaves };
        let roll = list.open(10);
        assert!(list.claim(&roll, 0, 0, end - 1).is_ok());
        for late in [end, end + 1] {
            assert_eq!(list.claim(&roll, 0, 0, late), Err(RollRefusal::EntryExpired { expires: end }));
        }
        assert_eq!(list.claim(&roll, 1, 0, NOW), Err(RollRefusal::EntryExpired { expires: u64::MAX }));
    }

    #[test]
    fn a_roll_pays_no_more_than_was_put_in_and_no_entry_of_nothing() {
        let list = List::of(&[5, 0, 1 << 64]);
        let insufficient = AmountError::Insufficient { available: 4, wanted: 5 };
        assert_eq!(list.claim(&list.open(4), 0, 0, NOW), Err(RollRefusal::Amount(insufficient)));
        assert_eq!(list.claim(&list.open(9), 1, 0, NOW), Err(RollRefusal::Amount(AmountError::Zero)));
        assert_eq!(list.claim(&list.open(9), 2, 0, NOW), Err(RollRefusal::Amount(AmountError::TooLarge)));
    }

    #[test]
    fn a_roll_closes_once_at_its_deadline_and_gives_the_rest_back() {
        let list = List::of(&[5, 6]);
        let (roll, ..) = list.claim(&list.open(11), 0, 0, NOW).unwrap();
        assert_eq!(roll.clone().close(DEADLINE - 1), Err(RollRefusal::TooEarly { deadline: DEADLINE }));
        let (closed, returned) = roll.close(DEADLINE).unwrap();
        assert_eq!((closed.status, closed.unclaimed, returned), (RollStatus::Closed, Amount::ZERO, Amount::new(6)));
        let refused = RollRefusal::WrongStatus { status: RollStatus::Closed };
        assert_eq!(closed.clone().close(DEADLINE), Err(refused));
        assert_eq!(closed.clone().fund(NOW), Err(refused));
        assert_eq!(list.claim(&closed, 1, 1, NOW), Err(refused));
        let (unfunded, nothing) = list.published(11).close(DEADLINE + 1).unwrap();
        assert_eq!((unfunded.status, nothing), (RollStatus::Closed, Amount::ZERO));
    }

    #[test]
    fn each_place_has_a_bit_of_its_own() {
        assert_eq!(word_and_bit(0), (0, 1));
        assert_eq!(word_and_bit(127), (0, 1 << 127));
        assert_eq!(word_and_bit(128), (1, 1));
        assert_eq!(word_and_bit(u64::MAX), (u64::MAX >> 7, 1 << 127));
    }

    proptest! {
        /// Total = unclaimed + claimed + returned after any steps, and each entry counts once at most.
        #[test]
        fn no_sequence_of_claims_loses_or_makes_money(
            amounts in proptest::collection::vec(1u64..50, 1..200), total in 1u64..4_000,
            steps in proptest::collection::vec((0usize..200, NOW..DEADLINE + DAY), 0..120),
        ) {
            let list = List::of(&amounts.iter().map(|one| Balance::from(*one)).collect::<Vec<_>>());
            let mut roll = list.open(total);
            let (mut words, mut taken, mut paid, mut returned) = (BTreeMap::new(), BTreeMap::new(), 0, 0);
            for (at, now) in steps {
                if now >= DEADLINE {
                    if let Ok((closed, back)) = roll.clone().close(now) {
                        (roll, returned) = (closed, returned + back.balance());
                    }
                } else if at < amounts.len() {
                    let (word, _) = word_and_bit(at as u64);
                    let before = words.get(&word).copied().unwrap_or(0);
                    if let Ok((after, marked, amount)) = list.claim(&roll, at, before, now) {
                        prop_assert_eq!(taken.insert(at, ()), None, "an entry counts once");
                        words.insert(word, marked);
                        (roll, paid) = (after, paid + amount.balance());
                    }
                }
                prop_assert_eq!(Balance::from(total), roll.unclaimed.balance() + paid + returned);
                prop_assert_eq!(roll.claimed, taken.len() as u64);
            }
        }
    }
}
