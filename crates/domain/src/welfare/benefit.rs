//! A benefit case: one application on its way through its scheme's stages, and the benefit that it becomes.
//!
//! ```text
//! Review           --the last stage accepts---------> Running
//! Review           --return-------------------------> Returned   --supplement---> Review
//! Review           --reject-------------------------> Rejected   --appeal, once-> Review
//! Running          --suspend, failed recertification> Suspended  --resume-------> Running
//! Running          --the last payment---------------> Ended
//! Running or Suspended --terminate------------------> Ended
//! Review or Returned --withdraw---------------------> Ended
//! Rejected         --close, once no appeal can come-> Ended
//! ```
//! An application begins in Review, or where the automatic check puts it: Returned or Rejected, as with a supplement.
//! Ended is final, and so is Rejected after an appeal.
//!
//! - A **round** is one hearing of one form: each supplement and the appeal begin a new one, at the stage that returned or
//!   rejected the case. Stages before it are not heard again, except on the appeal against an automatic rejection, which
//!   begins at the first.
//! - A stage **accepts** when as many distinct members of its role as it needs have accepted in this round. One member
//!   who returns or rejects is enough to end the round.
//! - **Payments** and premiums share a clock: period n is due n - 1 periods of calendar months after the approval, at its
//!   time of day. They are made in order, each once, and none without a certificate that is valid when it is made.
//!   What fell due while the benefit was suspended or uncertified is made up for afterwards.
//!
//! Who may call what is the caller's to ask, except what the record itself says: nobody decides their own case, twice in
//! a stage and round, or an appeal against their own decision.

mod payment;
mod review;
mod verdicts;

pub use verdicts::{must_suffice, Hearing, MemberVerdict, VerdictRefusal};

use super::{Action, Benefit, Form, Reasons, Scheme, Stage};
use crate::{
    ids::{ParticipantId, SchemeId, WelfareCaseId},
    money::{Amount, AmountError},
    time::Millis,
    wire,
};
use alloc::vec::Vec;

wire! {
    /// How a case stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum BenefitStatus {
        /// Back with the applicant, for more papers.
        Returned,
        /// With the reviewers of its stage.
        Review,
        /// Refused; perhaps an appeal is still possible.
        Rejected,
        /// Granted: periods are paid, or premiums collected.
        Running,
        /// Stopped for a time.
        Suspended,
        /// Over: all was paid, or it was terminated, withdrawn or closed.
        Ended,
    }
}

wire! {
    /// What a reviewer decides.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Decision {
        /// The stage's condition holds.
        Accept,
        /// Papers are missing: back to the applicant.
        Return,
        /// It does not hold.
        Reject,
    }
}

wire! {
    /// An application and the benefit that it becomes, as it is stored.
    pub struct BenefitCase {
        /// For what.
        pub scheme: SchemeId,
        /// Who applies.
        pub applicant: ParticipantId,
        /// The latest form.
        pub form: Form,
        /// How many supplements and appeals there were.
        pub round: u32,
        /// The stage that it is at, or that decided last; from 0.
        pub stage: u8,
        /// Who accepted in this stage and round.
        pub accepted: Vec<ParticipantId>,
        /// How it stands.
        pub status: BenefitStatus,
        /// Every condition that failed in the latest automatic check.
        pub reasons: Reasons,
        /// The kinds of documents that were missing in it, a bit each.
        pub missing: u32,
        /// Who rejected it last, so that another one hears the appeal; 0 for the automatic check, or nobody.
        pub decided_by: ParticipantId,
        /// When it was rejected last (milliseconds); 0 for never.
        pub decided_at: Millis,
        /// A period's benefit, or its premium; while in review, what a stage has set so far.
        pub amount: Amount,
        /// When it was granted (milliseconds); 0 for not yet.
        pub approved_at: Millis,
        /// How many periods were paid, or their premiums collected.
        pub paid: u16,
        /// Until when it may be paid (milliseconds); 0 for no end.
        pub certified_until: Millis,
        /// Was there an appeal?
        pub appealed: bool,
        /// When it was opened (milliseconds).
        pub opened_at: Millis,
        /// The applicant's case before this one; 0 for none.
        pub previous: WelfareCaseId,
        /// All benefits that were paid, or all premiums.
        pub sum: Amount,
    }
}

wire! {
    /// Why something cannot be done with a case.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum BenefitRefusal {
        /// Not as it stands.
        WrongStatus {
            /// How it stands.
            status: BenefitStatus,
        },
        /// It is somebody else's case.
        NotYours,
        /// Nobody decides their own case.
        OwnCase,
        /// This reviewer has decided in this stage and round.
        AlreadyDecided,
        /// The appeal is against this reviewer's own decision.
        SameReviewer,
        /// There was an appeal.
        AlreadyAppealed,
        /// An amount where none belongs, none where one must be, 0, more than the scheme's most, or another one than the
        /// members before have accepted.
        WrongAmount,
        /// The form does not say what the amount is worked out from.
        NoAmount,
        /// Its time is over.
        TooLate {
            /// Since when (milliseconds).
            at: Millis,
        },
        /// Its time has not come.
        TooEarly {
            /// When it comes (milliseconds).
            from: Millis,
        },
        /// Periods come in order, each once.
        WrongPeriod {
            /// Which one is next.
            next: u16,
        },
        /// There are no more periods.
        AllPaid,
        /// It must be certified anew first.
        Uncertified {
            /// Since when (milliseconds).
            at: Millis,
        },
        /// The scheme pays nothing.
        NothingToPay,
        /// The scheme collects nothing.
        NothingToCollect,
        /// The amount is not possible.
        Amount(AmountError),
        /// The record contradicts its scheme, or its numbers are used up.
        Corrupted,
        /// It is heard in another round or at another stage than the decision is about.
        OtherHearing {
            /// The round that it is in.
            round: u32,
            /// The stage that it is at.
            stage: u8,
        },
    }
}

impl From<AmountError> for BenefitRefusal {
    fn from(error: AmountError) -> Self {
        Self::Amount(error)
    }
}

impl BenefitCase {
    /// Was it granted, and has it not ended? Also while it is suspended: a suspended benefit goes on sooner or later, so that
    /// it still excludes another one. Whether it is paid now is its status' to say.
    pub fn is_running(&self) -> bool {
        matches!(self.status, BenefitStatus::Running | BenefitStatus::Suspended)
    }

    /// Must be this participant's.
    ///
    /// # Errors
    /// `NotYours`.
    pub fn must_be_of(&self, participant: ParticipantId) -> Result<(), BenefitRefusal> {
        match participant == self.applicant {
            true => Ok(()),
            false => Err(BenefitRefusal::NotYours),
        }
    }

    /// Must be in this round, and at this stage: who decides has read that round's form, and what stages before have said of it.
    ///
    /// # Errors
    /// `OtherHearing`.
    pub fn must_be_at(&self, round: u32, stage: u8) -> Result<(), BenefitRefusal> {
        match (self.round, self.stage) == (round, stage) {
            true => Ok(()),
            false => Err(BenefitRefusal::OtherHearing { round: self.round, stage: self.stage }),
        }
    }

    /// The stage that it is at, or that decided last.
    ///
    /// # Errors
    /// `Corrupted` if the scheme has no such stage.
    pub fn stage_of(&self, scheme: &Scheme) -> Result<Stage, BenefitRefusal> {
        scheme.stages.get(usize::from(self.stage)).copied().ok_or(BenefitRefusal::Corrupted)
    }

    fn must_be(&self, allowed: &[BenefitStatus]) -> Result<(), BenefitRefusal> {
        match allowed.contains(&self.status) {
            true => Ok(()),
            false => Err(BenefitRefusal::WrongStatus { status: self.status }),
        }
    }
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
