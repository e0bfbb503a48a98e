//! Participants: who they are to the suite, and what their standing lets them do.

use crate::{
    ids::{ParticipantId, PublicKey},
    roles::{Role, Roles},
    time::{is_before, Millis},
    wire,
};

wire! {
    /// Where a participant stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Status {
        /// In good standing.
        Active,
        /// May receive and repay; may not sign, spend or withdraw.
        Suspended,
    }
}

wire! {
    /// All that another contract needs to know of a participant, in one answer.
    pub struct Credentials {
        /// The participant's number.
        pub number: ParticipantId,
        /// The account it acts from now.
        pub account: [u8; 32],
        /// Its roles.
        pub roles: Roles,
        /// Where it stands.
        pub status: Status,
        /// The sr25519 key that its signatures must verify with.
        pub key: PublicKey,
        /// The key's epoch: signatures over an older epoch are void.
        pub epoch: u32,
        /// Gets no new loan or benefit; what exists goes on.
        pub blacklisted: bool,
        /// Until when the identity card is valid (milliseconds).
        pub identity_valid_until: Millis,
    }
}

impl Credentials {
    /// May it act in `role`: in good standing and holding the role?
    pub fn acts_as(&self, role: Role) -> bool {
        self.is_active() && self.roles.has(role)
    }

    /// Is it in good standing: may it sign, spend and withdraw?
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// May it be paid and repay? Suspended participants may too.
    pub fn may_receive(&self) -> bool {
        match self.status {
            Status::Active | Status::Suspended => true,
        }
    }

    /// May it get a new benefit: active, not blacklisted, with a valid identity card?
    pub fn may_benefit(&self, now: Millis) -> bool {
        self.is_active() && !self.blacklisted && is_before(now, self.identity_valid_until)
    }
}

/// What suspending and reinstating do to a status; `None` where the step does not exist.
impl Status {
    /// Active to Suspended.
    pub fn suspended(self) -> Option<Self> {
        (self == Status::Active).then_some(Status::Suspended)
    }

    /// Suspended to Active.
    pub fn reinstated(self) -> Option<Self> {
        (self == Status::Suspended).then_some(Status::Active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(status: Status, roles: &[Role]) -> Credentials {
        Credentials {
            number: 7,
            account: [7; 32],
            roles: Roles::of(roles).unwrap(),
            status,
            key: [7; 32],
            epoch: 0,
            blacklisted: false,
            identity_valid_until: 100,
        }
    }

    #[test]
    fn only_an_active_participant_acts_and_only_in_a_role_it_holds() {
        for status in [Status::Active, Status::Suspended] {
            let shop = somebody(status, &[Role::Shop]);
            assert_eq!(shop.acts_as(Role::Shop), status == Status::Active);
            assert!(!shop.acts_as(Role::Bank));
        }
    }

    #[test]
    fn a_suspended_participant_may_still_be_paid() {
        let receives = |status| somebody(status, &[]).may_receive();
        assert!(receives(Status::Active) && receives(Status::Suspended));
    }

    #[test]
    fn a_benefit_needs_good_standing_no_blacklist_mark_and_a_card_that_is_valid_now() {
        let fit = somebody(Status::Active, &[Role::Citizen]);
        assert!(fit.may_benefit(99));
        assert!(!fit.may_benefit(100), "the card ends at 100");
        assert!(!Credentials { blacklisted: true, ..fit.clone() }.may_benefit(99));
        assert!(!Credentials { status: Status::Suspended, ..fit }.may_benefit(99));
    }

    #[test]
    fn suspension_and_reinstatement_are_the_only_two_steps_between_their_states() {
        assert_eq!(Status::Active.suspended(), Some(Status::Suspended));
        assert_eq!(Status::Suspended.reinstated(), Some(Status::Active));
        assert_eq!(Status::Suspended.suspended(), None);
        assert_eq!(Status::Active.reinstated(), None);
    }
}
