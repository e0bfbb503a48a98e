//! The registry: participants, their roles, keys and standing. The rules are in `amanah_domain::access` and
//! `amanah_domain::participant`.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
mod contract {
    use amanah_domain::{
        access::{self, Actor},
        ids::{IdentityCommitment, ParticipantId},
        participant::{Credentials, Status},
        roles::{Role, Roles},
        time,
    };
    use amanah_interfaces::{
        registry::{
            Error, Participant, Registered, Registration, Registry, Reinstated, RoleGranted, RoleRevoked, Subject,
            Suspended,
        },
        MOST_ROWS,
    };
    use ink::{
        prelude::vec::Vec,
        storage::{traits::ManualKey, Mapping},
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct RegistryContract {
        /// The account that administers the suite.
        administrator: AccountId,
        /// How many participants there are; the latest one's number.
        count: ParticipantId,
        /// Participants by number.
        participants: Mapping<ParticipantId, Participant, ManualKey<0x5245_0001>>,
        /// Numbers by account.
        numbers: Mapping<AccountId, ParticipantId, ManualKey<0x5245_0002>>,
        /// Numbers by identity commitment: one person, one participant.
        identities: Mapping<IdentityCommitment, ParticipantId, ManualKey<0x5245_0003>>,
        /// How many active participants hold a role.
        holders: Mapping<Role, u32, ManualKey<0x5245_0004>>,
    }

    impl RegistryContract {
        // ---- constructors ----

        /// A new registry. The administrator names the first Government participant and marks the suite's contracts.
        #[ink(constructor, default)]
        pub fn new(administrator: AccountId) -> Self {
            Self {
                administrator,
                count: 0,
                participants: Mapping::new(),
                numbers: Mapping::new(),
                identities: Mapping::new(),
                holders: Mapping::new(),
            }
        }

        // ---- private helpers ----

        /// Who calls, for the rules.
        fn actor(&self) -> Actor {
            let caller = self.env().caller();
            Actor { is_administrator: caller == self.administrator, credentials: self.known(&caller) }
        }

        fn known(&self, account: &AccountId) -> Option<Credentials> {
            let number = self.numbers.get(account)?;
            Some(self.participants.get(number)?.credentials(number))
        }

        fn load(&self, participant: ParticipantId) -> Result<Participant, Error> {
            self.participants.get(participant).ok_or(Error::UnknownParticipant { participant })
        }

        fn holders(&self, role: Role) -> u32 {
            self.holders.get(role).unwrap_or(0)
        }

        /// Counts active holders: `roles` gain one, or lose one.
        fn count_holders(&mut self, roles: Roles, gain: bool) -> Result<(), Error> {
            for role in roles.iter() {
                let now = self.holders(role);
                let then = if gain { now.checked_add(1) } else { now.checked_sub(1) };
                self.holders.insert(role, &then.ok_or(Error::Corrupted)?);
            }
            Ok(())
        }

        fn enrol(&mut self, actor: &Actor, registration: Registration) -> Result<ParticipantId, Error> {
            let Registration { account, identity, identity_valid_until, roles: wanted, key } = registration;
            let mut roles = Roles::NONE;
            for role in wanted {
                roles = roles.with(role).ok_or(Error::UnknownRole { role })?;
            }
            if !access::may_register(actor, roles) {
                return Err(Error::NotAllowed);
            }
            if !time::is_plausible(identity_valid_until) {
                return Err(Error::ImplausibleTime { at: identity_valid_until });
            }
            if let Some(participant) = self.numbers.get(account) {
                return Err(Error::AccountTaken { participant });
            }
            if let Some(participant) = self.identities.get(identity) {
                return Err(Error::IdentityTaken { participant });
            }
            let number = self.count.checked_add(1).ok_or(Error::Corrupted)?;
            let key = key.unwrap_or(*account.as_ref());
            let participant = Participant {
                account,
                identity,
                roles,
                status: Status::Active,
                reason: 0,
                key,
                epoch: 0,
                blacklisted: None,
                identity_valid_until,
                registered_at: self.env().block_timestamp(),
            };
            self.count_holders(roles, true)?;
            self.count = number;
            self.participants.insert(number, &participant);
            self.numbers.insert(account, &number);
            self.identities.insert(identity, &number);
            self.env().emit_event(Registered {
                participant: number,
                account,
                identity,
                roles,
                key,
                identity_valid_until,
            });
            Ok(number)
        }

        /// Checks that the caller administers `role`, and loads the participant whose roles are to change.
        fn role_change(&self, participant: ParticipantId, role: Role) -> Result<Participant, Error> {
            role.index().ok_or(Error::UnknownRole { role })?;
            if !self.actor().administers(role, access::default_administrator(role)) {
                return Err(Error::NotAllowed);
            }
            self.load(participant)
        }

        /// Checks that the caller may suspend and reinstate, and loads the participant.
        fn discipline(&self, participant: ParticipantId) -> Result<Participant, Error> {
            if !access::may_discipline(&self.actor()) {
                return Err(Error::NotAllowed);
            }
            self.load(participant)
        }

        fn must_not_be_last(&self, role: Role) -> Result<(), Error> {
            let is_administering = access::default_administrator(role) == role;
            if access::may_lose_holder(role, self.holders(role), is_administering) {
                Ok(())
            } else {
                Err(Error::LastHolder { role })
            }
        }
    }

    impl Registry for RegistryContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn credentials(&self, account: AccountId) -> Option<Credentials> {
            self.known(&account)
        }

        // ---- commands ----

        #[ink(message)]
        fn register(&mut self, registration: Registration) -> Result<ParticipantId, Error> {
            let actor = self.actor();
            self.enrol(&actor, registration)
        }

        #[ink(message)]
        fn register_many(
            &mut self,
            registrations: Vec<Registration>,
        ) -> Result<Vec<Result<ParticipantId, Error>>, Error> {
            let actor = self.actor();
            if !actor.acts_as(Role::Government) {
                return Err(Error::NotAllowed);
            }
            amanah_interfaces::check_rows(registrations.len())
                .map_err(|given| Error::TooManyRows { most: MOST_ROWS, given })?;
            Ok(registrations.into_iter().map(|registration| self.enrol(&actor, registration)).collect())
        }

        #[ink(message)]
        fn grant(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error> {
            let found = self.role_change(participant, role)?;
            if found.roles.has(role) {
                return Err(Error::AlreadyHeld { role });
            }
            let roles = found.roles.with(role).ok_or(Error::UnknownRole { role })?;
            if found.status == Status::Active {
                self.count_holders(Roles::NONE.with(role).unwrap_or_default(), true)?;
            }
            self.participants.insert(participant, &Participant { roles, ..found });
            self.env().emit_event(RoleGranted { participant, role });
            Ok(())
        }

        #[ink(message)]
        fn revoke(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error> {
            let found = self.role_change(participant, role)?;
            if !found.roles.has(role) {
                return Err(Error::NotHeld { role });
            }
            if found.status == Status::Active {
                self.must_not_be_last(role)?;
                self.count_holders(Roles::NONE.with(role).unwrap_or_default(), false)?;
            }
            let roles = found.roles.without(role);
            self.participants.insert(participant, &Participant { roles, ..found });
            self.env().emit_event(RoleRevoked { participant, role });
            Ok(())
        }

        #[ink(message)]
        fn suspend(&mut self, participant: ParticipantId, reason: u16) -> Result<(), Error> {
            let found = self.discipline(participant)?;
            let status = found.status.suspended().ok_or(Error::WrongStatus { status: found.status })?;
            if found.roles.has(Role::Government) {
                self.must_not_be_last(Role::Government)?;
            }
            self.count_holders(found.roles, false)?;
            self.participants.insert(participant, &Participant { status, reason, ..found });
            self.env().emit_event(Suspended { participant, reason });
            Ok(())
        }

        #[ink(message)]
        fn reinstate(&mut self, participant: ParticipantId) -> Result<(), Error> {
            let found = self.discipline(participant)?;
            let status = found.status.reinstated().ok_or(Error::WrongStatus { status: found.status })?;
            self.count_holders(found.roles, true)?;
            self.participants.insert(participant, &Participant { status, reason: 0, ..found });
            self.env().emit_event(Reinstated { participant });
            Ok(())
        }

        // ---- queries ----

        #[ink(message)]
        fn credentials_many(&self, subjects: Vec<Subject>) -> Vec<Option<Credentials>> {
            subjects
                .into_iter()
                .map(|subject| match subject {
                    Subject::Account(account) => self.known(&account),
                    Subject::Number(number) => self.participants.get(number).map(|found| found.credentials(number)),
                })
                .collect()
        }

        #[ink(message)]
        fn check(&self, account: AccountId, role: Role) -> bool {
            self.known(&account).is_some_and(|known| known.acts_as(role))
        }

        #[ink(message)]
        fn find(&self, identity: IdentityCommitment) -> Option<ParticipantId> {
            self.identities.get(identity)
        }

        #[ink(message)]
        fn participant(&self, number: ParticipantId) -> Option<Participant> {
            self.participants.get(number)
        }

        #[ink(message)]
        fn participant_count(&self) -> u64 {
            self.count
        }

        #[ink(message)]
        fn administrator(&self) -> AccountId {
            self.administrator
        }

        #[ink(message)]
        fn version(&self) -> u32 {
            1
        }
    }
}
