//! How a contract is paused and how its code is replaced, so that no party does either alone for long or at all.
//!
//! Pausing stops new business and nothing else: money on its way back is never stopped, so a pause harms nobody who is owed
//! something. New code is proposed by the administrator, approved by a second organisation (a Regulator or an Auditor), and
//! takes effect no earlier than a delay after that, in which everybody can see it and cancel it or leave.

use crate::{
    access::Actor,
    delay::OPEN_FOR,
    ids::ParticipantId,
    roles::Role,
    time::{after, is_before, Millis},
    wire,
};

wire! {
    /// New code that was proposed.
    #[derive(Copy)]
    pub struct CodeProposal {
        /// Its hash; the code itself has to be uploaded.
        pub code_hash: [u8; 32],
        /// Who approved it, once somebody has.
        pub approved_by: Option<ParticipantId>,
        /// From when it can be set (milliseconds), once it is approved; before that, when it was proposed.
        pub ready_at: Millis,
    }
}

wire! {
    /// A contract's state of governance.
    #[derive(Copy, Default)]
    pub struct Governance {
        /// Is new business stopped?
        pub paused: bool,
        /// New code that waits, if there is any.
        pub proposal: Option<CodeProposal>,
    }
}

wire! {
    /// Why a step of governance is refused.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum GovernanceRefusal {
        /// The caller may not do this.
        NotAllowed,
        /// Other code is proposed already.
        AnotherIsProposed {
            /// Its hash.
            code_hash: [u8; 32],
        },
        /// No code is proposed, or not this one.
        NotProposed,
        /// It was approved already.
        AlreadyApproved,
        /// A second organisation has to approve it first.
        NotApproved,
        /// It has to wait longer.
        TooEarly {
            /// From when it can be set (milliseconds).
            ready_at: Millis,
        },
        /// It has waited for too long and has to be cancelled and proposed again.
        Stale,
    }
}

/// Who takes part beside the administrator.
fn is_second_organisation(actor: &Actor) -> bool {
    !actor.is_administrator && (actor.acts_as(Role::Regulator) || actor.acts_as(Role::Auditor))
}

impl Governance {
    /// Stops new business, or lets it go on. The administrator or a Regulator.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn set_paused(self, actor: &Actor, paused: bool) -> Result<Self, GovernanceRefusal> {
        if !actor.is_administrator && !actor.acts_as(Role::Regulator) {
            return Err(GovernanceRefusal::NotAllowed);
        }
        Ok(Self { paused, ..self })
    }

    /// Proposes new code. The administrator.
    ///
    /// # Errors
    /// `NotAllowed`, `AnotherIsProposed`.
    pub fn propose(self, actor: &Actor, code_hash: [u8; 32], now: Millis) -> Result<Self, GovernanceRefusal> {
        if !actor.is_administrator {
            return Err(GovernanceRefusal::NotAllowed);
        }
        if let Some(CodeProposal { code_hash, .. }) = self.proposal {
            return Err(GovernanceRefusal::AnotherIsProposed { code_hash });
        }
        Ok(Self { proposal: Some(CodeProposal { code_hash, approved_by: None, ready_at: now }), ..self })
    }

    /// Approves exactly this code, which can then be set after `delay`. A Regulator or Auditor who is not the administrator.
    ///
    /// # Errors
    /// `NotAllowed`, `NotProposed`, `AlreadyApproved`.
    pub fn approve(
        self,
        actor: &Actor,
        code_hash: [u8; 32],
        delay: Millis,
        now: Millis,
    ) -> Result<Self, GovernanceRefusal> {
        let approver = actor.credentials.as_ref().filter(|_| is_second_organisation(actor));
        let approved_by = Some(approver.ok_or(GovernanceRefusal::NotAllowed)?.number);
        let proposal =
            self.proposal.filter(|proposal| proposal.code_hash == code_hash).ok_or(GovernanceRefusal::NotProposed)?;
        if proposal.approved_by.is_some() {
            return Err(GovernanceRefusal::AlreadyApproved);
        }
        let proposal = CodeProposal { approved_by, ready_at: after(now, delay), ..proposal };
        Ok(Self { proposal: Some(proposal), ..self })
    }

    /// Takes the approved code out, to be set now. The administrator, from when it is ready and for [`OPEN_FOR`].
    ///
    /// # Errors
    /// `NotAllowed`, `NotProposed`, `NotApproved`, `TooEarly`, `Stale`.
    pub fn take(self, actor: &Actor, now: Millis) -> Result<(Self, [u8; 32]), GovernanceRefusal> {
        if !actor.is_administrator {
            return Err(GovernanceRefusal::NotAllowed);
        }
        let CodeProposal { code_hash, approved_by, ready_at } = self.proposal.ok_or(GovernanceRefusal::NotProposed)?;
        if approved_by.is_none() {
            return Err(GovernanceRefusal::NotApproved);
        }
        if is_before(now, ready_at) {
            return Err(GovernanceRefusal::TooEarly { ready_at });
        }
        if !is_before(now, after(ready_at, OPEN_FOR)) {
            return Err(GovernanceRefusal::Stale);
        }
        Ok((Self { proposal: None, ..self }, code_hash))
    }

    /// Drops the proposal. The administrator, Government, a Regulator or an Auditor.
    ///
    /// # Errors
    /// `NotAllowed`, `NotProposed`.
    pub fn cancel(self, actor: &Actor) -> Result<(Self, [u8; 32]), GovernanceRefusal> {
        let may = [Role::Government, Role::Regulator, Role::Auditor].iter().any(|role| actor.acts_as(*role));
        if !actor.is_administrator && !may {
            return Err(GovernanceRefusal::NotAllowed);
        }
        let CodeProposal { code_hash, .. } = self.proposal.ok_or(GovernanceRefusal::NotProposed)?;
        Ok((Self { proposal: None, ..self }, code_hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        participant::{Credentials, Status},
        roles::Roles,
    };

    const CODE: [u8; 32] = [1; 32];
    const OTHER: [u8; 32] = [2; 32];
    const DELAY: Millis = 100;
    const NOW: Millis = 1_000;

    fn administrator() -> Actor {
        Actor { is_administrator: true, credentials: None }
    }

    fn holder(role: Role, status: Status) -> Actor {
        let credentials = Credentials {
            number: 7,
            account: [7; 32],
            roles: Roles::of(&[role]).unwrap(),
            status,
            key: [7; 32],
            epoch: 0,
            blacklisted: false,
            identity_valid_until: 0,
        };
        Actor { is_administrator: false, credentials: Some(credentials) }
    }

    fn active(role: Role) -> Actor {
        holder(role, Status::Active)
    }

    fn all_roles() -> impl Iterator<Item = Role> {
        (0..64).filter_map(Role::from_index)
    }

    fn proposed() -> Governance {
        Governance::default().propose(&administrator(), CODE, NOW).unwrap()
    }

    fn approved() -> Governance {
        proposed().approve(&active(Role::Auditor), CODE, DELAY, NOW).unwrap()
    }

    #[test]
    fn code_needs_the_administrator_a_second_organisation_and_the_delay() {
        let ready_at = NOW + DELAY;
        assert_eq!(approved().take(&administrator(), ready_at - 1), Err(GovernanceRefusal::TooEarly { ready_at }));
        assert_eq!(approved().take(&administrator(), ready_at), Ok((Governance::default(), CODE)));
        let end = ready_at + OPEN_FOR;
        assert!(approved().take(&administrator(), end - 1).is_ok());
        assert_eq!(approved().take(&administrator(), end), Err(GovernanceRefusal::Stale));
        assert_eq!(proposed().take(&administrator(), u64::MAX), Err(GovernanceRefusal::NotApproved));
        assert_eq!(Governance::default().take(&administrator(), NOW), Err(GovernanceRefusal::NotProposed));
    }

    #[test]
    fn only_a_regulator_or_auditor_in_good_standing_is_a_second_organisation() {
        for role in all_roles() {
            let may = matches!(role, Role::Regulator | Role::Auditor);
            assert_eq!(proposed().approve(&active(role), CODE, DELAY, NOW).is_ok(), may, "{role:?}");
            let refused = Err(GovernanceRefusal::NotAllowed);
            assert_eq!(proposed().approve(&holder(role, Status::Suspended), CODE, DELAY, NOW), refused);
            let both = Actor { is_administrator: true, ..active(role) };
            assert_eq!(proposed().approve(&both, CODE, DELAY, NOW), refused, "the administrator is not a second one");
            assert_eq!(Governance::default().propose(&active(role), CODE, NOW), refused);
            assert_eq!(approved().take(&active(role), NOW + DELAY).map(drop), refused.map(drop));
        }
    }

    #[test]
    fn exactly_the_proposed_code_is_approved_and_once() {
        let auditor = active(Role::Auditor);
        assert_eq!(proposed().approve(&auditor, OTHER, DELAY, NOW), Err(GovernanceRefusal::NotProposed));
        assert_eq!(approved().approve(&auditor, CODE, DELAY, NOW), Err(GovernanceRefusal::AlreadyApproved));
        let another = Err(GovernanceRefusal::AnotherIsProposed { code_hash: CODE });
        assert_eq!(approved().propose(&administrator(), OTHER, NOW), another, "approval is for what was seen");
    }

    #[test]
    fn a_proposal_is_cancelled_by_those_who_watch_over_it() {
        for role in all_roles() {
            let may = matches!(role, Role::Government | Role::Regulator | Role::Auditor);
            assert_eq!(approved().cancel(&active(role)).is_ok(), may, "{role:?}");
        }
        assert_eq!(proposed().cancel(&administrator()), Ok((Governance::default(), CODE)));
        assert_eq!(Governance::default().cancel(&administrator()), Err(GovernanceRefusal::NotProposed));
    }

    #[test]
    fn the_administrator_and_regulators_pause_and_a_proposal_outlives_it() {
        for role in all_roles() {
            assert_eq!(proposed().set_paused(&active(role), true).is_ok(), role == Role::Regulator, "{role:?}");
        }
        let paused = proposed().set_paused(&administrator(), true).unwrap();
        assert_eq!((paused.paused, paused.proposal), (true, proposed().proposal));
        assert_eq!(paused.set_paused(&active(Role::Regulator), false), Ok(proposed()));
    }
}
