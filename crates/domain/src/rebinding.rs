//! Re-binding: a participant gets another account and another key, because its phone or wallet was lost or stolen.
//!
//! One Government officer proposes, another one confirms at once. Where there is no second officer, the one who proposed
//! may confirm after the suite's delay. The participant's present account may object in that time: it closes the way by
//! the delay, and never a second officer's confirmation. So neither a single officer takes over somebody's account, nor
//! does a thief keep the one that was stolen.

use crate::{
    delay::{must_be_open, must_have_waited, DelayRefusal},
    ids::{Account, ParticipantId, PublicKey},
    time::Millis,
    wire,
};

wire! {
    /// A proposal to re-bind a participant.
    pub struct Rebinding {
        /// The account that it would act from.
        pub account: Account,
        /// The sr25519 key that its signatures would have to verify with.
        pub key: PublicKey,
        /// The officer who proposed it.
        pub proposed_by: ParticipantId,
        /// When it was proposed (milliseconds).
        pub proposed_at: Millis,
        /// Has the present account objected? Then only a second officer can confirm.
        pub contested: bool,
    }
}

wire! {
    /// Why a proposal to re-bind cannot be made, confirmed or cancelled.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum RebindRefusal {
        /// It is too early or too late.
        Delay(DelayRefusal),
        /// The present account has objected: only a second officer can confirm.
        Contested,
        /// There is an open proposal already.
        IsOpen,
        /// Neither an officer nor the participant that is to be re-bound.
        NotAllowed,
        /// The open proposal names another account or key than the one that is confirmed.
        AnotherProposal,
    }
}

impl From<DelayRefusal> for RebindRefusal {
    fn from(refusal: DelayRefusal) -> Self {
        Self::Delay(refusal)
    }
}

/// What became of a proposal that somebody cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// It is gone.
    Dropped,
    /// It goes on, and only a second officer can confirm it.
    Contested(Rebinding),
}

impl Rebinding {
    /// A new proposal, in the place of an `earlier` one that is no longer open.
    ///
    /// # Errors
    /// `IsOpen`.
    pub fn propose(
        earlier: Option<&Self>,
        account: Account,
        key: PublicKey,
        officer: ParticipantId,
        now: Millis,
    ) -> Result<Self, RebindRefusal> {
        if earlier.is_some_and(|one| must_be_open(one.proposed_at, now).is_ok()) {
            return Err(RebindRefusal::IsOpen);
        }
        Ok(Self { account, key, proposed_by: officer, proposed_at: now, contested: false })
    }

    /// Is it about this account and key? Whoever confirms says what: a proposal can be dropped and replaced by another one
    /// after an honest officer has read it.
    ///
    /// # Errors
    /// `AnotherProposal`.
    pub fn must_be_for(&self, account: &Account, key: &PublicKey) -> Result<(), RebindRefusal> {
        match self.account == *account && self.key == *key {
            true => Ok(()),
            false => Err(RebindRefusal::AnotherProposal),
        }
    }

    /// May this officer confirm it now? Another one than who proposed it may at once; the one who proposed it after the
    /// delay, unless the present account has objected.
    ///
    /// # Errors
    /// `Delay`, `Contested`.
    pub fn check_confirmation(&self, officer: ParticipantId, delay: Millis, now: Millis) -> Result<(), RebindRefusal> {
        must_be_open(self.proposed_at, now)?;
        if officer != self.proposed_by {
            return Ok(());
        }
        if self.contested {
            return Err(RebindRefusal::Contested);
        }
        Ok(must_have_waited(self.proposed_at, delay, now)?)
    }

    /// Somebody cancels it: an officer drops it, the participant itself only objects. A participant that is an officer too
    /// drops what it has proposed itself, and nothing else about itself: its account may be the stolen one.
    ///
    /// # Errors
    /// `NotAllowed`; `Contested` if the participant has objected already; `Delay` if it is stale and there is nothing to
    /// object to.
    pub fn cancel(
        self,
        participant: ParticipantId,
        by: ParticipantId,
        is_officer: bool,
        now: Millis,
    ) -> Result<Cancelled, RebindRefusal> {
        if is_officer && (by != participant || by == self.proposed_by) {
            return Ok(Cancelled::Dropped);
        }
        if by != participant {
            return Err(RebindRefusal::NotAllowed);
        }
        must_be_open(self.proposed_at, now)?;
        if self.contested {
            return Err(RebindRefusal::Contested);
        }
        Ok(Cancelled::Contested(Self { contested: true, ..self }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{delay::OPEN_FOR, time::DAY};

    const START: Millis = 1_800_000_000_000;
    const DELAY: Millis = 2 * DAY;
    /// The participant that is to be re-bound, the officer who proposes, another officer.
    const HOLDER: ParticipantId = 7;
    const FIRST: ParticipantId = 1;
    const SECOND: ParticipantId = 2;

    fn proposal() -> Rebinding {
        Rebinding::propose(None, [5; 32], [6; 32], FIRST, START).unwrap()
    }

    fn contested() -> Rebinding {
        match proposal().cancel(HOLDER, HOLDER, false, START) {
            Ok(Cancelled::Contested(contested)) => contested,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_second_officer_confirms_at_once_and_the_first_one_after_the_delay() {
        let from = START + DELAY;
        let early = Err(RebindRefusal::Delay(DelayRefusal::TooEarly { from }));
        assert_eq!(proposal().check_confirmation(SECOND, DELAY, START), Ok(()));
        assert_eq!(proposal().check_confirmation(FIRST, DELAY, START), early);
        assert_eq!(proposal().check_confirmation(FIRST, DELAY, from - 1), early);
        assert_eq!(proposal().check_confirmation(FIRST, DELAY, from), Ok(()));
    }

    #[test]
    fn a_proposal_is_about_one_account_and_one_key() {
        assert_eq!(proposal().must_be_for(&[5; 32], &[6; 32]), Ok(()));
        for (account, key) in [([6; 32], [6; 32]), ([5; 32], [5; 32]), ([6; 32], [5; 32])] {
            assert_eq!(proposal().must_be_for(&account, &key), Err(RebindRefusal::AnotherProposal));
        }
    }

    #[test]
    fn an_objection_closes_the_way_by_the_delay_and_not_a_second_officers_confirmation() {
        assert_eq!(contested(), Rebinding { contested: true, ..proposal() });
        for now in [START, START + DELAY, START + OPEN_FOR - 1] {
            assert_eq!(contested().check_confirmation(FIRST, DELAY, now), Err(RebindRefusal::Contested));
            assert_eq!(contested().check_confirmation(SECOND, DELAY, now), Ok(()));
        }
        assert_eq!(contested().cancel(HOLDER, HOLDER, false, START), Err(RebindRefusal::Contested));
    }

    #[test]
    fn a_stale_proposal_is_confirmed_by_nobody_and_replaced_by_a_new_one() {
        let at = START + OPEN_FOR;
        let stale = RebindRefusal::Delay(DelayRefusal::TooLate { at });
        for officer in [FIRST, SECOND] {
            assert_eq!(proposal().check_confirmation(officer, DELAY, at - 1), Ok(()));
            assert_eq!(proposal().check_confirmation(officer, DELAY, at), Err(stale));
            assert_eq!(proposal().check_confirmation(officer, DELAY, at + 1), Err(stale));
        }
        assert_eq!(proposal().cancel(HOLDER, HOLDER, false, at), Err(stale), "there is nothing to object to");
        let again = |now| Rebinding::propose(Some(&proposal()), [8; 32], [8; 32], SECOND, now);
        assert_eq!(again(at - 1), Err(RebindRefusal::IsOpen));
        assert_eq!(again(at).map(|new| (new.account, new.proposed_at)), Ok(([8; 32], at)));
    }

    #[test]
    fn an_officer_drops_a_proposal_and_others_than_the_participant_do_nothing() {
        for officer in [FIRST, SECOND] {
            assert_eq!(proposal().cancel(HOLDER, officer, true, START), Ok(Cancelled::Dropped));
            assert_eq!(contested().cancel(HOLDER, officer, true, START + OPEN_FOR), Ok(Cancelled::Dropped));
        }
        assert_eq!(proposal().cancel(HOLDER, SECOND, false, START), Err(RebindRefusal::NotAllowed));
    }

    #[test]
    fn an_officer_whose_own_account_is_to_be_replaced_only_objects_unless_it_proposed_that_itself() {
        let about_second = proposal();
        let cancelled = about_second.clone().cancel(SECOND, SECOND, true, START);
        assert_eq!(cancelled, Ok(Cancelled::Contested(Rebinding { contested: true, ..about_second })));
        assert_eq!(proposal().cancel(FIRST, FIRST, true, START), Ok(Cancelled::Dropped));
    }
}
