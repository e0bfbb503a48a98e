//! Who administers which role.
//!
//! Each role has an administering role, and only that role's active holders grant or revoke it. Government administers
//! every role to begin with, itself included; the suite's administrator (an account, not a participant) may name
//! Government participants, so that a new suite can be started. A role that administers another one always has an active
//! holder: the last one cannot go, so nothing is ever left without somebody who may change it.

use crate::{
    ids::ParticipantId,
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

    /// Its number, if it is registered.
    pub fn number(&self) -> Option<ParticipantId> {
        self.credentials.as_ref().map(|known| known.number)
    }

    /// May it grant and revoke `role`, which `administered_by` administers?
    pub fn administers(&self, role: Role, administered_by: Role) -> bool {
        self.acts_as(administered_by) || (self.is_administrator && role == Role::Government)
    }
}

/// May a participant of these roles be registered by it, as far as who may register anybody goes? Government may register;
/// the administrator may register Government. Each role that is given needs the right to grant it besides.
pub fn may_register(actor: &Actor, roles: Roles) -> bool {
    actor.acts_as(Role::Government)
        || (actor.is_administrator && Roles::of(&[Role::Government]).is_some_and(|government| roles == government))
}

/// May it suspend, reinstate and blacklist?
pub fn may_discipline(actor: &Actor) -> bool {
    actor.acts_as(Role::Government) || actor.acts_as(Role::Regulator)
}

/// May it take the blacklist mark from `participant`? Nobody takes its own.
pub fn may_clear_blacklist(actor: &Actor, participant: ParticipantId) -> bool {
    may_discipline(actor) && actor.number() != Some(participant)
}

/// May it set until when the identity card of `participant` is valid? Nobody does for itself.
pub fn may_renew_identity(actor: &Actor, participant: ParticipantId) -> bool {
    actor.acts_as(Role::Government) && actor.number() != Some(participant)
}

wire! {
    /// Who administers a role, and how many hold it.
    #[derive(Copy)]
    pub struct RoleRecord {
        /// The role whose active holders grant and revoke it.
        pub administered_by: Role,
        /// How many roles it administers. Not counted of Government, which always administers itself.
        pub administers: u32,
        /// How many participants hold it.
        pub members: u32,
        /// How many of them are active.
        pub active: u32,
    }
}

wire! {
    /// Why a role cannot be held, lost or administered so.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum RoleRefusal {
        /// The last active holder of an administering role cannot go.
        LastHolder,
        /// A role without an active holder cannot administer another one.
        NoHolder,
        /// Government administers itself, for good.
        Fixed,
        /// The counts do not fit: what is stored is corrupted.
        Miscounted,
    }
}

impl RoleRecord {
    /// A role that nobody holds yet.
    pub fn new(administered_by: Role) -> Self {
        Self { administered_by, administers: 0, members: 0, active: 0 }
    }

    /// Does this record's `role` administer any role?
    pub fn is_administering(&self, role: Role) -> bool {
        role == Role::Government || self.administers > 0
    }

    /// One more participant holds it.
    ///
    /// # Errors
    /// `Miscounted`.
    pub fn join(self, is_active: bool) -> Result<Self, RoleRefusal> {
        let joined = Self { members: more(self.members)?, ..self };
        if is_active {
            joined.activate()
        } else {
            Ok(joined)
        }
    }

    /// A participant that holds it is to hold it no more.
    ///
    /// # Errors
    /// `LastHolder` for the last active one of an administering role; `Miscounted`.
    pub fn leave(self, role: Role, is_active: bool) -> Result<Self, RoleRefusal> {
        let left = Self { members: fewer(self.members)?, ..self };
        if is_active {
            left.deactivate(role)
        } else {
            Ok(left)
        }
    }

    /// A holder is in good standing again.
    ///
    /// # Errors
    /// `Miscounted`.
    pub fn activate(self) -> Result<Self, RoleRefusal> {
        Ok(Self { active: more(self.active)?, ..self })
    }

    /// An active holder is suspended.
    ///
    /// # Errors
    /// `LastHolder` for the last active one of an administering role; `Miscounted`.
    pub fn deactivate(self, role: Role) -> Result<Self, RoleRefusal> {
        if self.active == 1 && self.is_administering(role) {
            return Err(RoleRefusal::LastHolder);
        }
        Ok(Self { active: fewer(self.active)?, ..self })
    }

    /// May it administer another role? It needs an active holder.
    ///
    /// # Errors
    /// `NoHolder`.
    pub fn must_have_holder(&self) -> Result<(), RoleRefusal> {
        if self.active == 0 {
            return Err(RoleRefusal::NoHolder);
        }
        Ok(())
    }

    /// This record's `role` is to be administered by another one from now on.
    ///
    /// # Errors
    /// `Fixed` for Government.
    pub fn handed_to(self, role: Role, administered_by: Role) -> Result<Self, RoleRefusal> {
        if role == Role::Government {
            return Err(RoleRefusal::Fixed);
        }
        Ok(Self { administered_by, ..self })
    }

    /// This record's `role` administers one role more.
    ///
    /// # Errors
    /// `NoHolder`, `Miscounted`.
    pub fn take_on(self, role: Role) -> Result<Self, RoleRefusal> {
        self.must_have_holder()?;
        if role == Role::Government {
            return Ok(self);
        }
        Ok(Self { administers: more(self.administers)?, ..self })
    }

    /// This record's `role` administers one role less.
    ///
    /// # Errors
    /// `Miscounted`.
    pub fn hand_over(self, role: Role) -> Result<Self, RoleRefusal> {
        if role == Role::Government {
            return Ok(self);
        }
        Ok(Self { administers: fewer(self.administers)?, ..self })
    }
}

fn more(count: u32) -> Result<u32, RoleRefusal> {
    count.checked_add(1).ok_or(RoleRefusal::Miscounted)
}

fn fewer(count: u32) -> Result<u32, RoleRefusal> {
    count.checked_sub(1).ok_or(RoleRefusal::Miscounted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::participant::Status;
    use proptest::prelude::*;

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
    fn nobody_takes_its_own_blacklist_mark_away() {
        let regulator = actor(false, &[Role::Regulator], Status::Active);
        assert!(may_clear_blacklist(&regulator, 2));
        assert!(!may_clear_blacklist(&regulator, 1));
        assert!(!may_clear_blacklist(&actor(false, &[Role::Bank], Status::Active), 2));
    }

    #[test]
    fn government_renews_others_cards_and_nobody_its_own() {
        let officer = actor(false, &[Role::Government], Status::Active);
        assert!(may_renew_identity(&officer, 2));
        assert!(!may_renew_identity(&officer, 1));
        assert!(!may_renew_identity(&actor(false, &[Role::Government], Status::Suspended), 2));
        assert!(!may_renew_identity(&actor(true, &[Role::Regulator], Status::Active), 2));
    }

    /// A role with so many active holders that administers so many others.
    fn record(active: u32, administers: u32) -> RoleRecord {
        RoleRecord { administered_by: Role::Government, administers, members: active, active }
    }

    #[test]
    fn an_administering_role_keeps_its_last_active_holder() {
        let last = Err(RoleRefusal::LastHolder);
        for (role, administers) in [(Role::Government, 0), (Role::Bank, 1)] {
            assert_eq!(record(1, administers).leave(role, true), last);
            assert_eq!(record(1, administers).deactivate(role), last);
            assert_eq!(record(2, administers).leave(role, true), Ok(record(1, administers)));
            let suspended_too = RoleRecord { members: 2, ..record(1, administers) };
            assert_eq!(suspended_too.leave(role, false), Ok(record(1, administers)), "a suspended one may go");
            assert_eq!(suspended_too.leave(role, true), last, "a suspended one does not count");
        }
        assert_eq!(record(1, 0).leave(Role::Bank, true), Ok(record(0, 0)), "what administers nothing may be empty");
    }

    #[test]
    fn a_role_without_an_active_holder_administers_nothing_and_governments_administrator_is_fixed() {
        assert_eq!(record(0, 0).take_on(Role::Bank), Err(RoleRefusal::NoHolder));
        assert_eq!(record(1, 0).take_on(Role::Bank), Ok(record(1, 1)));
        assert_eq!(record(1, 1).hand_over(Role::Bank), Ok(record(1, 0)));
        assert_eq!(record(1, 0).take_on(Role::Government), Ok(record(1, 0)), "government's duties are not counted");
        assert_eq!(record(1, 0).hand_over(Role::Government), Ok(record(1, 0)));
        assert_eq!(record(1, 0).handed_to(Role::Government, Role::Bank), Err(RoleRefusal::Fixed));
        let handed = record(1, 0).handed_to(Role::Shop, Role::Bank).map(|shop| shop.administered_by);
        assert_eq!(handed, Ok(Role::Bank));
    }

    #[test]
    fn counts_never_wrap() {
        let miscounted = Err(RoleRefusal::Miscounted);
        let full = RoleRecord { members: u32::MAX, active: u32::MAX, administers: u32::MAX, ..record(0, 0) };
        assert_eq!(full.join(false), miscounted);
        assert_eq!(full.activate(), miscounted);
        assert_eq!(full.take_on(Role::Bank), miscounted);
        let empty = record(0, 0);
        assert_eq!(empty.leave(Role::Bank, false), miscounted);
        assert_eq!(empty.deactivate(Role::Bank), miscounted);
        assert_eq!(empty.hand_over(Role::Bank), miscounted);
    }

    /// The roles of the property test: two that may administer, and two that may not stay the only ones.
    const ROLES: [Role; 4] = [Role::Government, Role::Bank, Role::Shop, Role::Custom(0)];
    const PEOPLE: usize = 4;

    #[derive(Clone, Debug)]
    enum Step {
        Grant(usize, usize),
        /// Revoked or renounced: the count is the same.
        Leave(usize, usize),
        Suspend(usize),
        Reinstate(usize),
        HandOver(usize, usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => (0..PEOPLE, 0..ROLES.len()).prop_map(|(who, role)| Step::Grant(who, role)),
            4 => (0..PEOPLE, 0..ROLES.len()).prop_map(|(who, role)| Step::Leave(who, role)),
            2 => (0..PEOPLE).prop_map(Step::Suspend),
            2 => (0..PEOPLE).prop_map(Step::Reinstate),
            3 => (0..ROLES.len(), 0..ROLES.len()).prop_map(|(role, by)| Step::HandOver(role, by)),
        ];
        proptest::collection::vec(step, 0..120)
    }

    /// People with roles, and the records that are kept of the roles.
    #[derive(Clone)]
    struct Book {
        records: [RoleRecord; ROLES.len()],
        holds: [[bool; ROLES.len()]; PEOPLE],
        active: [bool; PEOPLE],
    }

    impl Book {
        /// Does a step as the registry does; after an error this book is to be thrown away.
        fn apply(&mut self, step: &Step) -> Result<(), RoleRefusal> {
            match *step {
                Step::Grant(who, role) if !self.holds[who][role] => {
                    self.records[role] = self.records[role].join(self.active[who])?;
                    self.holds[who][role] = true;
                }
                Step::Leave(who, role) if self.holds[who][role] => {
                    self.records[role] = self.records[role].leave(ROLES[role], self.active[who])?;
                    self.holds[who][role] = false;
                }
                Step::Suspend(who) if self.active[who] => {
                    for role in (0..ROLES.len()).filter(|role| self.holds[who][*role]) {
                        self.records[role] = self.records[role].deactivate(ROLES[role])?;
                    }
                    self.active[who] = false;
                }
                Step::Reinstate(who) if !self.active[who] => {
                    for role in (0..ROLES.len()).filter(|role| self.holds[who][*role]) {
                        self.records[role] = self.records[role].activate()?;
                    }
                    self.active[who] = true;
                }
                Step::HandOver(role, by) if self.records[role].administered_by != ROLES[by] => {
                    let before = ROLES.iter().position(|one| *one == self.records[role].administered_by).unwrap();
                    self.records[role] = self.records[role].handed_to(ROLES[role], ROLES[by])?;
                    self.records[before] = self.records[before].hand_over(ROLES[before])?;
                    self.records[by] = self.records[by].take_on(ROLES[by])?;
                }
                _ => {}
            }
            Ok(())
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_steps_leaves_a_role_without_an_active_holder_of_the_one_that_administers_it(steps in steps()) {
            let mut book = Book {
                records: [RoleRecord::new(Role::Government); ROLES.len()],
                holds: [[false; ROLES.len()]; PEOPLE],
                active: [true; PEOPLE],
            };
            book.apply(&Step::Grant(0, 0)).unwrap();
            for step in &steps {
                let mut next = book.clone();
                match next.apply(step) {
                    Ok(()) => book = next,
                    Err(refusal) => prop_assert_ne!(refusal, RoleRefusal::Miscounted),
                }
                for (at, role) in ROLES.iter().enumerate() {
                    let record = book.records[at];
                    let holders = || (0..PEOPLE).filter(|who| book.holds[*who][at]);
                    prop_assert_eq!(record.members as usize, holders().count());
                    prop_assert_eq!(record.active as usize, holders().filter(|who| book.active[*who]).count());
                    let administers = book.records.iter().filter(|one| one.administered_by == *role).count();
                    if administers > 0 {
                        prop_assert!(record.active > 0, "{:?} administers {} roles and nobody acts as it", role, administers);
                    }
                    if *role != Role::Government {
                        prop_assert_eq!(record.administers as usize, administers);
                    }
                }
            }
        }
    }
}
