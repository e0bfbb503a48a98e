//! Who administers which role.
//!
//! Each role has an administering role, and only that role's active holders grant or revoke it. Government administers
//! every role to begin with, itself included; the suite's administrator (an account, not a participant) may name
//! Government participants, so that a new suite can be started.

use crate::{
    participant::Credentials,
    roles::{Role, Roles},
    wire,
};

wire! {
    /// Who asks to change somebody's roles.
    pub struct Actor {
        /// Is it the suite's administrator?
        pub is_administrator: bool,
        /// What the registry knows of it, if it is registered.
        pub credentials: Option<Credentials>,
    }
}

impl Actor {
    /// Does it act in `role`?
    pub fn acts_as(&self, role: Role) -> bool {
        self.credentials.as_ref().is_some_and(|known| known.acts_as(role))
    }

    /// May it grant and revoke `role`, which `administered_by` administers?
    pub fn administers(&self, role: Role, administered_by: Role) -> bool {
        self.acts_as(administered_by) || (self.is_administrator && role == Role::Government)
    }
}

/// The role that administers `role` until somebody changes that.
pub fn default_administrator(_role: Role) -> Role {
    Role::Government
}

/// May a participant of these roles register others? Government may; the administrator may register Government.
pub fn may_register(actor: &Actor, roles: Roles) -> bool {
    actor.acts_as(Role::Government)
        || (actor.is_administrator && Roles::of(&[Role::Government]).is_some_and(|government| roles == government))
}

/// May it suspend, reinstate and blacklist?
pub fn may_discipline(actor: &Actor) -> bool {
    actor.acts_as(Role::Government) || actor.acts_as(Role::Regulator)
}

/// May `role` lose a holder when `holders` hold it? An administering role keeps its last one.
pub fn may_lose_holder(role: Role, holders: u32, is_administering: bool) -> bool {
    !(is_administering || role == Role::Government) || holders > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::participant::Status;

    fn actor(is_administrator: bool, roles: &[Role], status: Status) -> Actor {
        Actor {
            is_administrator,
            credentials: Some(Credentials {
                number: 1,
                account: [1; 32],
                roles: Roles::of(roles).unwrap(),
                status,
                key: [1; 32],
                epoch: 0,
                blacklisted: false,
                identity_valid_until: 0,
            }),
        }
    }

    fn set(roles: &[Role]) -> Roles {
        Roles::of(roles).unwrap()
    }

    #[test]
    fn the_administrator_names_government_and_nobody_else() {
        let administrator = Actor { is_administrator: true, credentials: None };
        assert!(may_register(&administrator, set(&[Role::Government])));
        assert!(!may_register(&administrator, set(&[Role::Government, Role::Bank])));
        assert!(!may_register(&administrator, set(&[Role::Bank])));
        assert!(!may_register(&administrator, Roles::NONE));
        assert!(administrator.administers(Role::Government, Role::Government));
        assert!(!administrator.administers(Role::Bank, Role::Government));
        assert!(!may_discipline(&administrator));
    }

    #[test]
    fn an_active_holder_of_the_administering_role_grants_and_a_suspended_one_does_not() {
        let active = actor(false, &[Role::Government], Status::Active);
        let suspended = actor(false, &[Role::Government], Status::Suspended);
        assert!(active.administers(Role::Shop, Role::Government) && may_register(&active, set(&[Role::Shop])));
        assert!(!suspended.administers(Role::Shop, Role::Government) && !may_register(&suspended, set(&[Role::Shop])));
        assert!(!active.administers(Role::Shop, Role::Bank));
    }

    #[test]
    fn government_and_regulator_discipline_and_no_other_role_does() {
        for index in 0..64 {
            let Some(role) = Role::from_index(index) else { continue };
            let expected = matches!(role, Role::Government | Role::Regulator);
            assert_eq!(may_discipline(&actor(false, &[role], Status::Active)), expected, "{role:?}");
        }
    }

    #[test]
    fn an_administering_role_keeps_its_last_holder() {
        assert!(!may_lose_holder(Role::Government, 1, true));
        assert!(!may_lose_holder(Role::Government, 1, false), "government can never vanish");
        assert!(may_lose_holder(Role::Government, 2, true));
        assert!(!may_lose_holder(Role::Bank, 1, true));
        assert!(may_lose_holder(Role::Bank, 1, false));
    }
}
