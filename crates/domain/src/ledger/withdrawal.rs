//! A withdrawal from a digital account to an ordinary one.
//!
//! ```text
//!        +--settle--> Settled     the bank has paid: the amount is burnt
//! Open --+--reject--> Rejected    the bank does not pay: the amount is the owner's again
//!        +--cancel--> Cancelled   the owner waited long enough: likewise
//! ```
//! Settled, Rejected and Cancelled are final; an ended record may be cleared.

use super::list::Place;
use crate::{
    ids::{AccountHash, ParticipantId, WithdrawalId},
    money::Amount,
    time::{after, is_before, Millis, DAY},
    wire,
};

/// How long a bank has to settle or reject before the owner may cancel: a week.
pub const WITHDRAWAL_PATIENCE: Millis = 7 * DAY;

wire! {
    /// How a withdrawal stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum WithdrawalStatus {
        /// The bank has neither paid nor refused yet.
        Open,
        /// The bank has paid; the amount is burnt.
        Settled,
        /// The bank has refused to pay; the amount went back to the owner's balance.
        Rejected,
        /// The bank did nothing in time and the owner took the amount back.
        Cancelled,
    }
}

wire! {
    /// Why something cannot be done with a withdrawal.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum WithdrawalRefusal {
        /// It has ended.
        Ended {
            /// How it stands.
            status: WithdrawalStatus,
        },
        /// Its bank still has time.
        TooEarly {
            /// Until when (milliseconds).
            until: Millis,
        },
        /// It has not ended yet.
        StillOpen,
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
        /// Which linked account is to be paid, if the owner named one.
        pub to: Option<AccountHash>,
        /// Its place among its owner's withdrawals, until it is cleared.
        pub of_owner: Place,
        /// Its place on its bank's desk, while it is open.
        pub on_desk: Place,
    }
}

/// The lists that a withdrawal is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithdrawalList {
    /// All that its owner asked for and did not clear.
    OfOwner,
    /// All that its bank has to settle or reject.
    OnDesk,
}

impl Withdrawal {
    /// A withdrawal that its owner asks for `now`; it is in no list yet.
    pub fn requested(
        owner: ParticipantId,
        issuer: ParticipantId,
        amount: Amount,
        to: Option<AccountHash>,
        now: Millis,
    ) -> Self {
        Self {
            owner,
            issuer,
            amount,
            requested_at: now,
            status: WithdrawalStatus::Open,
            to,
            of_owner: Place::default(),
            on_desk: Place::default(),
        }
    }

    /// The bank has paid.
    ///
    /// # Errors
    /// `Ended`.
    pub fn settle(self) -> Result<Self, WithdrawalRefusal> {
        self.end(WithdrawalStatus::Settled)
    }

    /// The bank does not pay; it may say so at any time before the end.
    ///
    /// # Errors
    /// `Ended`.
    pub fn reject(self) -> Result<Self, WithdrawalRefusal> {
        self.end(WithdrawalStatus::Rejected)
    }

    /// The owner has waited for [`WITHDRAWAL_PATIENCE`] and takes the amount back.
    ///
    /// # Errors
    /// `Ended`, `TooEarly`.
    pub fn cancel(self, now: Millis) -> Result<Self, WithdrawalRefusal> {
        let until = after(self.requested_at, WITHDRAWAL_PATIENCE);
        if self.is_open() && is_before(now, until) {
            return Err(WithdrawalRefusal::TooEarly { until });
        }
        self.end(WithdrawalStatus::Cancelled)
    }

    /// May its record be removed?
    ///
    /// # Errors
    /// `StillOpen`.
    pub fn must_have_ended(&self) -> Result<(), WithdrawalRefusal> {
        match self.is_open() {
            true => Err(WithdrawalRefusal::StillOpen),
            false => Ok(()),
        }
    }

    /// Does its bank still owe an answer?
    pub fn is_open(&self) -> bool {
        self.status == WithdrawalStatus::Open
    }

    /// Its place in a list.
    pub fn place(&self, list: WithdrawalList) -> Place {
        match list {
            WithdrawalList::OfOwner => self.of_owner,
            WithdrawalList::OnDesk => self.on_desk,
        }
    }

    /// The same record at another place in a list.
    pub fn at(self, list: WithdrawalList, place: Place) -> Self {
        match list {
            WithdrawalList::OfOwner => Self { of_owner: place, ..self },
            WithdrawalList::OnDesk => Self { on_desk: place, ..self },
        }
    }

    /// Is it in this list of this participant: of the owner, or of the bank that has still to answer?
    pub fn is_in(&self, list: WithdrawalList, whose: ParticipantId) -> bool {
        match list {
            WithdrawalList::OfOwner => self.owner == whose,
            WithdrawalList::OnDesk => self.issuer == whose && self.is_open(),
        }
    }

    /// Which one a list shows after it; 0 if none. An owner sees the newest first, a bank the oldest.
    pub fn next_in(&self, list: WithdrawalList) -> WithdrawalId {
        match list {
            WithdrawalList::OfOwner => self.of_owner.older,
            WithdrawalList::OnDesk => self.on_desk.newer,
        }
    }

    fn end(self, status: WithdrawalStatus) -> Result<Self, WithdrawalRefusal> {
        match self.status {
            WithdrawalStatus::Open => Ok(Self { status, ..self }),
            status => Err(WithdrawalRefusal::Ended { status }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scale::Encode;

    const ASKED: Millis = 1_000;
    const END: Millis = ASKED + WITHDRAWAL_PATIENCE;

    fn open() -> Withdrawal {
        Withdrawal::requested(1, 2, Amount::new(40), None, ASKED)
    }

    /// Everything that ends a withdrawal, at a time when all of it is possible.
    fn endings(of: &Withdrawal) -> [Result<Withdrawal, WithdrawalRefusal>; 3] {
        [of.clone().settle(), of.clone().reject(), of.clone().cancel(END)]
    }

    #[test]
    fn a_bank_has_a_week() {
        assert_eq!(WITHDRAWAL_PATIENCE, 604_800_000);
    }

    #[test]
    fn a_stored_withdrawal_takes_66_bytes_and_32_more_with_an_account() {
        assert_eq!(open().encode().len(), 66);
        assert_eq!(Withdrawal { to: Some([1; 32]), ..open() }.encode().len(), 98);
    }

    #[test]
    fn an_owner_cancels_from_the_end_of_the_banks_week_on_and_not_a_millisecond_before() {
        assert_eq!(open().cancel(END - 1), Err(WithdrawalRefusal::TooEarly { until: END }));
        assert_eq!(open().cancel(0), Err(WithdrawalRefusal::TooEarly { until: END }), "not even with an earlier clock");
        for now in [END, END + 1, Millis::MAX] {
            assert_eq!(open().cancel(now).unwrap().status, WithdrawalStatus::Cancelled);
        }
    }

    #[test]
    fn a_week_that_would_pass_the_end_of_time_ends_there() {
        let late = Withdrawal { requested_at: Millis::MAX - 1, ..open() };
        assert_eq!(late.clone().cancel(Millis::MAX - 1), Err(WithdrawalRefusal::TooEarly { until: Millis::MAX }));
        assert!(late.cancel(Millis::MAX).is_ok());
    }

    #[test]
    fn each_ending_has_its_own_status_and_keeps_everything_else() {
        let statuses = [WithdrawalStatus::Settled, WithdrawalStatus::Rejected, WithdrawalStatus::Cancelled];
        for (ended, status) in endings(&open()).into_iter().zip(statuses) {
            assert_eq!(ended, Ok(Withdrawal { status, ..open() }));
        }
    }

    #[test]
    fn what_has_ended_does_not_end_again_and_only_then_is_its_record_removed() {
        assert_eq!(open().must_have_ended(), Err(WithdrawalRefusal::StillOpen));
        for ended in endings(&open()).map(Result::unwrap) {
            assert_eq!(ended.must_have_ended(), Ok(()));
            for again in endings(&ended) {
                assert_eq!(again, Err(WithdrawalRefusal::Ended { status: ended.status }));
            }
            assert_eq!(
                ended.clone().cancel(0),
                Err(WithdrawalRefusal::Ended { status: ended.status }),
                "the end is told, not the time"
            );
        }
    }

    #[test]
    fn a_place_in_one_list_is_no_place_in_the_other() {
        let place = Place { older: 3, newer: 9 };
        for (list, other) in
            [(WithdrawalList::OfOwner, WithdrawalList::OnDesk), (WithdrawalList::OnDesk, WithdrawalList::OfOwner)]
        {
            let moved = open().at(list, place);
            assert_eq!((moved.place(list), moved.place(other)), (place, Place::default()));
        }
    }

    #[test]
    fn an_owner_sees_the_newest_first_and_a_bank_the_oldest_of_what_is_open() {
        let place = Place { older: 3, newer: 9 };
        let one = open().at(WithdrawalList::OfOwner, place).at(WithdrawalList::OnDesk, place);
        assert_eq!((one.next_in(WithdrawalList::OfOwner), one.next_in(WithdrawalList::OnDesk)), (3, 9));
        assert!(one.is_in(WithdrawalList::OfOwner, 1) && !one.is_in(WithdrawalList::OfOwner, 2));
        assert!(one.is_in(WithdrawalList::OnDesk, 2) && !one.is_in(WithdrawalList::OnDesk, 1));
        for ended in endings(&one).map(Result::unwrap) {
            assert!(ended.is_in(WithdrawalList::OfOwner, 1) && !ended.is_in(WithdrawalList::OnDesk, 2));
        }
    }

    proptest! {
        /// The first ending that is possible decides, and the status stays from then on.
        #[test]
        fn a_terminal_status_stays_whatever_is_tried(tries in proptest::collection::vec((0u8..3, 0..2 * END), 0..20)) {
            let mut withdrawal = open();
            for (kind, now) in tries {
                let before = withdrawal.clone();
                let next = match kind {
                    0 => before.clone().settle(),
                    1 => before.clone().reject(),
                    _ => before.clone().cancel(now),
                };
                let early = kind == 2 && now < END;
                prop_assert_eq!(next.is_ok(), before.is_open() && !early);
                withdrawal = next.unwrap_or(before.clone());
                prop_assert_eq!(&Withdrawal { status: before.status, ..withdrawal.clone() }, &before, "only the status");
                prop_assert_eq!(withdrawal.must_have_ended().is_ok(), !withdrawal.is_open());
            }
        }
    }
}
