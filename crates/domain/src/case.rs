//! A case: one event on its way through its oracles.
//!
//! ```text
//!      +--revise------------------+
//!      v                          |
//! Open +--an oracle's Failed--> Failed --expire--+
//!      |                                         v
//!      +--expire--------------------------> Expired
//!      +--every oracle's Pass--> Executed
//! ```
//! Executed and Expired are final, so a case is executed at most once. A case stays stored: it is the evidence of who granted what.

use crate::{
    chaincode::Verdict,
    flow::{Event, Flow},
    ids::{CaseId, ParticipantId},
    time::{after, is_before, Millis},
    wire,
};

wire! {
    /// How a case stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum CaseStatus {
        /// Waits for verdicts.
        Open,
        /// An oracle said Failed: this revision is over, the applicant may revise.
        Failed,
        /// Every oracle passed it and its operations ran.
        Executed,
        /// Its time ran out.
        Expired,
    }
}

wire! {
    /// A case.
    pub struct Case {
        /// What is applied for.
        pub event: Event,
        /// How often it was revised.
        pub revision: u32,
        /// How many oracles have passed it from their own accounts, in the flow's order.
        pub passed: u8,
        /// How it stands.
        pub status: CaseStatus,
        /// Until when it is open (milliseconds).
        pub expires: Millis,
        /// The applicant's case before this one; 0 for none.
        pub previous: CaseId,
    }
}

wire! {
    /// Why something cannot be done with a case.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum CaseRefusal {
        /// It is not open.
        NotOpen {
            /// How it stands.
            status: CaseStatus,
        },
        /// It has not failed, so there is nothing to revise.
        NotFailed {
            /// How it stands.
            status: CaseStatus,
        },
        /// Its time is over.
        TooLate {
            /// When it ended (milliseconds).
            expires: Millis,
        },
        /// Its time is not over yet.
        TooEarly {
            /// When it ends (milliseconds).
            expires: Millis,
        },
        /// Another oracle comes first.
        NotYourTurn {
            /// Its number; 0 if nobody's verdict is missing.
            next: ParticipantId,
        },
        /// The case is at another revision, or cannot be revised any more.
        WrongRevision {
            /// The revision it is at.
            revision: u32,
        },
        /// The event is of another flow or applicant than the case.
        AnotherMatter,
    }
}

impl Case {
    /// A new case of this event, locked `now`.
    pub fn locked(event: Event, previous: CaseId, now: Millis, validity: Millis) -> Self {
        let expires = after(now, validity);
        Self { event, revision: 0, passed: 0, status: CaseStatus::Open, expires, previous }
    }

    /// Must be open and in time, for a verdict or for unlocking it.
    ///
    /// # Errors
    /// `NotOpen`, `TooLate`.
    pub fn must_be_open(&self, now: Millis) -> Result<(), CaseRefusal> {
        self.must_have_status_open()?;
        self.must_be_in_time(now)
    }

    /// An oracle said Failed.
    ///
    /// # Errors
    /// `NotOpen`.
    pub fn failed(self) -> Result<Self, CaseRefusal> {
        self.must_have_status_open()?;
        Ok(Self { status: CaseStatus::Failed, ..self })
    }

    /// Every oracle has passed it. Stored before the operations run, so that nothing they call can run them again.
    ///
    /// # Errors
    /// `NotOpen`.
    pub fn executed(self) -> Result<Self, CaseRefusal> {
        self.must_have_status_open()?;
        Ok(Self { status: CaseStatus::Executed, ..self })
    }

    /// The oracle `signer` says this of this revision, from its own account; have all passed it now? They pass in the
    /// flow's order. A Failed ends the revision, whether its oracle's turn has come or it has passed before: whoever had its
    /// account then may have been somebody else. Whether the signer still acts in its role is the caller's to ask.
    ///
    /// # Errors
    /// `NotOpen`, `TooLate`, `WrongRevision`, `AnotherMatter`, `NotYourTurn`.
    pub fn submit(
        self,
        flow: &Flow,
        signer: ParticipantId,
        revision: u32,
        verdict: Verdict,
        now: Millis,
    ) -> Result<(Self, bool), CaseRefusal> {
        self.must_be_open(now)?;
        if revision != self.revision {
            return Err(CaseRefusal::WrongRevision { revision: self.revision });
        }
        if flow.kind != self.event.request.kind() || flow.oracles.len() != self.event.grantors.len() {
            return Err(CaseRefusal::AnotherMatter);
        }
        let turn = usize::from(self.passed);
        let next = self.event.grantors.get(turn).copied().unwrap_or(0);
        let may = match verdict {
            Verdict::Pass => signer == next,
            Verdict::Failed => self.event.grantors.iter().take(turn.saturating_add(1)).any(|named| *named == signer),
        };
        if signer == 0 || !may {
            return Err(CaseRefusal::NotYourTurn { next });
        }
        match verdict {
            Verdict::Failed => self.failed().map(|case| (case, false)),
            Verdict::Pass => {
                let passed = self.passed.saturating_add(1);
                let all = usize::from(passed) == self.event.grantors.len();
                Ok((Self { passed, ..self }, all))
            }
        }
    }

    /// The applicant tries again with a changed event after a Failed: no verdict so far counts, and the time begins anew.
    ///
    /// # Errors
    /// `NotFailed`, `TooLate`, `AnotherMatter`, `WrongRevision` when there are no more numbers for revisions.
    pub fn revise(self, event: Event, now: Millis, validity: Millis) -> Result<Self, CaseRefusal> {
        if self.status != CaseStatus::Failed {
            return Err(CaseRefusal::NotFailed { status: self.status });
        }
        self.must_be_in_time(now)?;
        if event.flow != self.event.flow || event.applicant != self.event.applicant {
            return Err(CaseRefusal::AnotherMatter);
        }
        let revision = self.revision.checked_add(1).ok_or(CaseRefusal::WrongRevision { revision: self.revision })?;
        Ok(Self { event, revision, passed: 0, status: CaseStatus::Open, expires: after(now, validity), ..self })
    }

    /// Its time is over, whether it was still open or had failed.
    ///
    /// # Errors
    /// `NotOpen` if it has ended, `TooEarly`.
    pub fn expire(self, now: Millis) -> Result<Self, CaseRefusal> {
        match self.status {
            CaseStatus::Open | CaseStatus::Failed => {}
            status => return Err(CaseRefusal::NotOpen { status }),
        }
        if is_before(now, self.expires) {
            return Err(CaseRefusal::TooEarly { expires: self.expires });
        }
        Ok(Self { status: CaseStatus::Expired, ..self })
    }

    fn must_have_status_open(&self) -> Result<(), CaseRefusal> {
        match self.status {
            CaseStatus::Open => Ok(()),
            status => Err(CaseRefusal::NotOpen { status }),
        }
    }

    fn must_be_in_time(&self, now: Millis) -> Result<(), CaseRefusal> {
        if is_before(now, self.expires) {
            return Ok(());
        }
        Err(CaseRefusal::TooLate { expires: self.expires })
    }
}

#[cfg(test)]
mod tests;
