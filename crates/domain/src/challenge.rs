//! What a regulator challenges stands still until it is resolved (LoC, section on roles: the regulator inspects and
//! challenges any party or transaction).

use crate::{
    ids::{CaseId, LoanId, ParticipantId},
    time::{after, is_before, Millis, DAY},
    wire,
};

/// How long a challenge that nobody resolves holds.
pub const CHALLENGE_HOLDS: Millis = DAY * 30;

wire! {
    /// What is challenged.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Matter {
        /// A case: it cannot be unlocked.
        Case(CaseId),
        /// A loan: nothing happens to it but repayments.
        Loan(LoanId),
    }
}

wire! {
    /// What a regulator finds in the end.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Finding {
        /// Nothing is wrong: it goes on.
        Dismissed,
        /// It stays frozen, unless a regulator dismisses the challenge later: another regulator's finding than the one's who
        /// raised it.
        Upheld,
    }
}

wire! {
    /// The latest challenge of a matter.
    #[derive(Copy)]
    pub struct Challenge {
        /// The regulator.
        pub by: ParticipantId,
        /// Its reason code.
        pub reason: u16,
        /// Until when the matter is frozen (milliseconds): 0 if the challenge was dismissed, the end of time if it was upheld.
        pub until: Millis,
    }
}

wire! {
    /// Why a matter cannot be challenged, resolved or gone on with.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum ChallengeRefusal {
        /// It is frozen by a challenge.
        Frozen {
            /// Until when, unless it is resolved before (milliseconds).
            until: Millis,
        },
        /// This regulator was the last to challenge it, and that is over: another one may.
        Repeated,
        /// It is not frozen.
        NotFrozen,
        /// Another regulator upholds it than the one who raised it.
        Own,
    }
}

impl Challenge {
    /// A regulator challenges something whose latest challenge is `latest`.
    ///
    /// # Errors
    /// `Frozen`, `Repeated`.
    pub fn raised(latest: Option<Self>, by: ParticipantId, reason: u16, now: Millis) -> Result<Self, ChallengeRefusal> {
        if let Some(latest) = latest {
            latest.must_be_over(now)?;
            if latest.by == by {
                return Err(ChallengeRefusal::Repeated);
            }
        }
        Ok(Self { by, reason, until: after(now, CHALLENGE_HOLDS) })
    }

    /// The regulator `by` resolves it.
    ///
    /// # Errors
    /// `NotFrozen` when it is over, `Own`.
    pub fn resolved(self, by: ParticipantId, finding: Finding, now: Millis) -> Result<Self, ChallengeRefusal> {
        if self.must_be_over(now).is_ok() {
            return Err(ChallengeRefusal::NotFrozen);
        }
        let until = match finding {
            Finding::Dismissed => 0,
            // One regulator alone freezes nothing for ever.
            Finding::Upheld if by == self.by => return Err(ChallengeRefusal::Own),
            Finding::Upheld => Millis::MAX,
        };
        Ok(Self { until, ..self })
    }

    /// Does what it challenged go on?
    ///
    /// # Errors
    /// `Frozen`.
    pub fn must_be_over(&self, now: Millis) -> Result<(), ChallengeRefusal> {
        match is_before(now, self.until) {
            true => Err(ChallengeRefusal::Frozen { until: self.until }),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    #[test]
    fn a_challenge_holds_for_thirty_days_and_lapses_exactly_then() {
        let challenge = Challenge::raised(None, 7, 3, NOW).unwrap();
        let until = NOW + CHALLENGE_HOLDS;
        assert_eq!(challenge, Challenge { by: 7, reason: 3, until });
        assert_eq!(challenge.must_be_over(until - 1), Err(ChallengeRefusal::Frozen { until }));
        assert_eq!(challenge.must_be_over(until), Ok(()));
        for by in [7, 8] {
            let late = challenge.resolved(by, Finding::Upheld, until);
            assert_eq!(late, Err(ChallengeRefusal::NotFrozen), "too late to uphold");
        }
    }

    #[test]
    fn one_regulator_cannot_freeze_something_for_ever_by_challenging_it_again_and_again() {
        let first = Challenge::raised(None, 7, 3, NOW).unwrap();
        let later = first.until;
        let while_frozen = Challenge::raised(Some(first), 8, 3, later - 1);
        assert_eq!(while_frozen, Err(ChallengeRefusal::Frozen { until: later }));
        assert_eq!(Challenge::raised(Some(first), 7, 3, later), Err(ChallengeRefusal::Repeated));
        let dismissed = first.resolved(7, Finding::Dismissed, NOW).unwrap();
        assert_eq!(Challenge::raised(Some(dismissed), 7, 4, NOW), Err(ChallengeRefusal::Repeated));
        assert!(Challenge::raised(Some(first), 8, 3, later).is_ok(), "another regulator may");
    }

    #[test]
    fn who_challenges_does_not_uphold_it_and_may_take_it_back() {
        let challenge = Challenge::raised(None, 7, 3, NOW).unwrap();
        assert_eq!(challenge.resolved(7, Finding::Upheld, NOW), Err(ChallengeRefusal::Own));
        assert_eq!(challenge.resolved(7, Finding::Dismissed, NOW), Ok(Challenge { until: 0, ..challenge }));
        let upheld = challenge.resolved(8, Finding::Upheld, NOW).unwrap();
        assert_eq!(upheld, Challenge { until: Millis::MAX, ..challenge });
        assert_eq!(upheld.resolved(7, Finding::Upheld, NOW), Err(ChallengeRefusal::Own), "nor again");
        assert!(upheld.resolved(7, Finding::Dismissed, NOW).is_ok());
    }

    #[test]
    fn what_is_upheld_stays_frozen_until_it_is_dismissed() {
        let upheld = Challenge::raised(None, 7, 3, NOW).unwrap().resolved(8, Finding::Upheld, NOW).unwrap();
        let end = Millis::MAX;
        assert_eq!(upheld.must_be_over(end - 1), Err(ChallengeRefusal::Frozen { until: end }));
        let dismissed = upheld.resolved(8, Finding::Dismissed, NOW).unwrap();
        assert_eq!(dismissed.must_be_over(NOW), Ok(()));
        assert_eq!(dismissed.resolved(8, Finding::Dismissed, NOW), Err(ChallengeRefusal::NotFrozen));
    }
}
