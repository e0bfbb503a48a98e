//! The registry: participants, their roles, keys and standing. The rules are in `amanah_domain::access` and
//! `amanah_domain::participant`.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
mod contract {
    use amanah_domain::{
        access::{self, Actor, RoleRecord, RoleRefusal},
        delay,
        ids::{ApplicationId, IdentityCommitment, ParticipantId, PublicKey},
        participant::{Credentials, Status},
        rebinding::Cancelled,
        roles::{self, Role, Roles, MOST_NAME_BYTES},
        time,
    };
    use amanah_interfaces::{
        governance::{self, Governance, Governed, Step},
        registry::{
            AdminTransfer, AdminTransferBegun, AdminTransferCancelled, AdministratorChanged, Application,
            ApplicationApproved, ApplicationCleared, ApplicationDenied, ApplicationFiled, ApplicationWithdrawn,
            BlacklistCleared, Blacklisted, Error, Governor, IdentityRenewed, KeyRotated, Participant, RebindCancelled,
            RebindContested, RebindProposed, Rebinding, Rebound, Registered, Registration, Registry, Reinstated,
            RoleAdminSet, RoleDefined, RoleDefinition, RoleGranted, RoleRenounced, RoleRevoked, Subject, Suspended,
        },
        MOST_PER_PAGE, MOST_ROWS,
    };
    use ink::{
        prelude::{string::String, vec::Vec},
        storage::{traits::ManualKey, Mapping},
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct RegistryContract {
        /// Is new business stopped, and what code is proposed?
        governance: Governance,
        /// The account that administers the suite.
        administrator: AccountId,
        /// Who is to administer it, if the administrator has named somebody.
        admin_transfer: Option<AdminTransfer>,
        /// How long what one party starts alone must wait.
        delay: Timestamp,
        /// How many participants there are; the latest one's number.
        count: ParticipantId,
        /// The latest application's number.
        application_count: ApplicationId,
        /// Participants by number.
        participants: Mapping<ParticipantId, Participant, ManualKey<0x5245_0001>>,
        /// Numbers by account.
        numbers: Mapping<AccountId, ParticipantId, ManualKey<0x5245_0002>>,
        /// Numbers by identity commitment: one person, one participant.
        identities: Mapping<IdentityCommitment, ParticipantId, ManualKey<0x5245_0003>>,
        /// Who administers a role and how many hold it. Government administers a named role that is not in here, and nobody
        /// holds it; a custom role that is not in here is not defined.
        roles: Mapping<Role, RoleRecord, ManualKey<0x5245_0004>>,
        /// What custom roles are called.
        role_names: Mapping<Role, String, ManualKey<0x5245_0005>>,
        /// The holders of a role, by position: 0 to one less than its members.
        members: Mapping<(Role, u32), ParticipantId, ManualKey<0x5245_0006>>,
        /// The position of a holder among those of a role.
        positions: Mapping<(Role, ParticipantId), u32, ManualKey<0x5245_0007>>,
        /// Applications by number.
        applications: Mapping<ApplicationId, Application, ManualKey<0x5245_0008>>,
        /// The latest application of an account, open or ended, until its record is removed.
        latest_applications: Mapping<AccountId, ApplicationId, ManualKey<0x5245_0009>>,
        /// Proposals to re-bind a participant.
        rebindings: Mapping<ParticipantId, Rebinding, ManualKey<0x5245_000a>>,
    }

    impl RegistryContract {
        // ---- constructors ----

        /// A new registry. The administrator names the first Government participant and marks the suite's contracts. `delay`
        /// (milliseconds, less than 30 days, usually some days) is how long what one party starts alone must wait.
        ///
        /// # Errors
        /// `BadDelay`.
        #[ink(constructor, default)]
        pub fn new(administrator: AccountId, delay: Timestamp) -> Result<Self, Error> {
            if !delay::is_usable(delay) {
                return Err(Error::BadDelay { delay });
            }
            Ok(Self {
                governance: Governance::default(),
                administrator,
                admin_transfer: None,
                delay,
                count: 0,
                application_count: 0,
                participants: Mapping::new(),
                numbers: Mapping::new(),
                identities: Mapping::new(),
                roles: Mapping::new(),
                role_names: Mapping::new(),
                members: Mapping::new(),
                positions: Mapping::new(),
                applications: Mapping::new(),
                latest_applications: Mapping::new(),
                rebindings: Mapping::new(),
            })
        }

        // ---- private helpers: who ----

        /// Takes a step of governance for the caller.
        fn govern(&mut self, step: Step) -> Result<(), governance::Error> {
            self.governance = governance::govern(self.governance, Some(self.governor(self.env().caller())), step)?;
            Ok(())
        }

        /// Checks that new business is not stopped.
        fn must_run(&self) -> Result<(), Error> {
            if self.governance.paused {
                return Err(Error::Paused);
            }
            Ok(())
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        /// Who calls, for the rules.
        fn actor(&self) -> Actor {
            self.governor(self.env().caller()).actor
        }

        fn known(&self, account: &AccountId) -> Option<Credentials> {
            let number = self.numbers.get(account)?;
            self.known_by_number(number)
        }

        fn known_by_number(&self, number: ParticipantId) -> Option<Credentials> {
            Some(self.participants.get(number)?.credentials(number))
        }

        fn load(&self, participant: ParticipantId) -> Result<Participant, Error> {
            self.participants.get(participant).ok_or(Error::UnknownParticipant { participant })
        }

        fn store(&mut self, participant: ParticipantId, record: &Participant) {
            self.participants.insert(participant, record);
        }

        /// The active participant that calls.
        fn calling_participant(&self) -> Result<(ParticipantId, Participant), Error> {
            let number = self.numbers.get(self.env().caller()).ok_or(Error::NotAllowed)?;
            let found = self.participants.get(number).ok_or(Error::Corrupted)?;
            match found.status {
                Status::Active => Ok((number, found)),
                status => Err(Error::WrongStatus { status }),
            }
        }

        /// The number of the Government officer that calls.
        fn calling_officer(&self) -> Result<ParticipantId, Error> {
            match self.known(&self.env().caller()) {
                Some(known) if known.acts_as(Role::Government) => Ok(known.number),
                _ => Err(Error::NotAllowed),
            }
        }

        fn must_administrate(&self) -> Result<(), Error> {
            if self.env().caller() == self.administrator {
                Ok(())
            } else {
                Err(Error::NotAllowed)
            }
        }

        /// Checks that the caller may suspend, reinstate and blacklist, and loads the participant.
        fn discipline(&self, participant: ParticipantId) -> Result<Participant, Error> {
            if !access::may_discipline(&self.actor()) {
                return Err(Error::NotAllowed);
            }
            self.load(participant)
        }

        // ---- private helpers: roles ----

        fn role(&self, role: Role) -> Result<RoleRecord, Error> {
            role.index().ok_or(Error::UnknownRole { role })?;
            match self.roles.get(role) {
                Some(record) => Ok(record),
                None if role.is_custom() => Err(Error::UndefinedRole { role }),
                None => Ok(RoleRecord::new(Role::Government)),
            }
        }

        /// Keeps what a rule made of a role's record.
        fn keep_role(&mut self, role: Role, record: Result<RoleRecord, RoleRefusal>) -> Result<RoleRecord, Error> {
            let record = record.map_err(|refusal| Error::of_role(role, refusal))?;
            self.roles.insert(role, &record);
            Ok(record)
        }

        /// The participant holds the role from now on: its record, and the last place in its list.
        fn join(&mut self, participant: ParticipantId, role: Role, is_active: bool) -> Result<(), Error> {
            let record = self.keep_role(role, self.role(role)?.join(is_active))?;
            let last = record.members.checked_sub(1).ok_or(Error::Corrupted)?;
            self.members.insert((role, last), &participant);
            self.positions.insert((role, participant), &last);
            Ok(())
        }

        /// The participant holds the role no more: the last one in the list takes its place.
        fn leave(&mut self, participant: ParticipantId, role: Role, is_active: bool) -> Result<(), Error> {
            let last = self.keep_role(role, self.role(role)?.leave(role, is_active))?.members;
            let place = self.positions.take((role, participant)).ok_or(Error::Corrupted)?;
            let moved = self.members.take((role, last)).ok_or(Error::Corrupted)?;
            if moved != participant {
                self.members.insert((role, place), &moved);
                self.positions.insert((role, moved), &place);
            }
            Ok(())
        }

        /// Checks that the caller administers `role`, and loads the participant whose roles are to change.
        fn role_change(&self, participant: ParticipantId, role: Role) -> Result<Participant, Error> {
            self.must_administer(role)?;
            self.load(participant)
        }

        fn must_administer(&self, role: Role) -> Result<(), Error> {
            let administered_by = self.role(role)?.administered_by;
            if self.actor().administers(role, administered_by) {
                Ok(())
            } else {
                Err(Error::NotAllowed)
            }
        }

        fn give(&mut self, participant: ParticipantId, mut found: Participant, role: Role) -> Result<(), Error> {
            if found.roles.has(role) {
                return Err(Error::AlreadyHeld { role });
            }
            let roles = found.roles.with(role).ok_or(Error::UnknownRole { role })?;
            self.join(participant, role, found.status == Status::Active)?;
            found.roles = roles;
            self.store(participant, &found);
            self.env().emit_event(RoleGranted { participant, role });
            Ok(())
        }

        fn take(&mut self, participant: ParticipantId, mut found: Participant, role: Role) -> Result<(), Error> {
            if !found.roles.has(role) {
                return Err(Error::NotHeld { role });
            }
            self.leave(participant, role, found.status == Status::Active)?;
            found.roles = found.roles.without(role);
            self.store(participant, &found);
            Ok(())
        }

        // ---- private helpers: registration ----

        /// Registers, if the actor may; a refused row has written nothing.
        fn enrol(&mut self, actor: &Actor, registration: Registration) -> Result<ParticipantId, Error> {
            let mut roles = Roles::NONE;
            for role in &registration.roles {
                roles = roles.with(*role).ok_or(Error::UnknownRole { role: *role })?;
            }
            if !access::may_register(actor, roles) {
                return Err(Error::NotAllowed);
            }
            for role in roles.iter() {
                let record = self.role(role)?;
                if !actor.administers(role, record.administered_by) {
                    return Err(Error::NotAllowed);
                }
                record.join(true).map_err(|refusal| Error::of_role(role, refusal))?;
            }
            self.admit(registration, roles)
        }

        /// Registers somebody with these roles, which exist and are defined; if it is refused, nothing was written.
        fn admit(&mut self, registration: Registration, roles: Roles) -> Result<ParticipantId, Error> {
            let Registration { account, identity, identity_valid_until, key, .. } = registration;
            must_be_plausible(identity_valid_until)?;
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
                registered_at: self.now(),
            };
            for role in roles.iter() {
                self.join(number, role, true)?;
            }
            self.count = number;
            self.store(number, &participant);
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

        // ---- private helpers: applications, proposals, pages ----

        fn load_application(&self, application: ApplicationId) -> Result<Application, Error> {
            self.applications.get(application).ok_or(Error::UnknownApplication { application })
        }

        /// Removes an application's record.
        fn remove_application(&mut self, application: ApplicationId) {
            let applicant = self.env().caller();
            self.applications.remove(application);
            if self.latest_applications.get(applicant) == Some(application) {
                self.latest_applications.remove(applicant);
            }
        }

        fn load_rebinding(&self, participant: ParticipantId) -> Result<Rebinding, Error> {
            self.rebindings.get(participant).ok_or(Error::NoRebind { participant })
        }

        /// The account is nobody's.
        fn must_be_free(&self, account: &AccountId) -> Result<(), Error> {
            match self.numbers.get(account) {
                Some(participant) => Err(Error::AccountTaken { participant }),
                None => Ok(()),
            }
        }
    }

    /// Checks that a card's end is a time in milliseconds.
    fn must_be_plausible(at: Timestamp) -> Result<(), Error> {
        match time::is_plausible(at) {
            true => Ok(()),
            false => Err(Error::ImplausibleTime { at }),
        }
    }

    /// The numbers of a page of at most `limit`, from `start` to `last`.
    fn page(start: u64, limit: u32, last: u64) -> impl Iterator<Item = u64> {
        let limit = u64::from(limit.min(MOST_PER_PAGE));
        let start = start.max(1);
        (0..limit).map_while(move |at| start.checked_add(at)).take_while(move |number| *number <= last)
    }

    #[amanah_interfaces::outline]
    impl Registry for RegistryContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn credentials(&self, account: AccountId) -> Option<Credentials> {
            self.known(&account)
        }

        // ---- commands: registration ----

        #[ink(message)]
        fn register(&mut self, registration: Registration) -> Result<ParticipantId, Error> {
            self.must_run()?;
            let actor = self.actor();
            self.enrol(&actor, registration)
        }

        #[ink(message)]
        fn register_many(
            &mut self,
            registrations: Vec<Registration>,
        ) -> Result<Vec<Result<ParticipantId, Error>>, Error> {
            self.must_run()?;
            let actor = self.actor();
            if !actor.acts_as(Role::Government) {
                return Err(Error::NotAllowed);
            }
            amanah_interfaces::check_rows(registrations.len())
                .map_err(|given| Error::TooManyRows { most: MOST_ROWS, given })?;
            Ok(registrations.into_iter().map(|registration| self.enrol(&actor, registration)).collect())
        }

        // ---- commands: roles ----

        #[ink(message)]
        fn grant(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error> {
            self.must_run()?;
            let found = self.role_change(participant, role)?;
            self.give(participant, found, role)
        }

        #[ink(message)]
        fn revoke(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error> {
            let found = self.role_change(participant, role)?;
            self.take(participant, found, role)?;
            self.env().emit_event(RoleRevoked { participant, role });
            Ok(())
        }

        #[ink(message)]
        fn renounce(&mut self, role: Role) -> Result<(), Error> {
            let (participant, found) = self.calling_participant()?;
            self.role(role)?;
            self.take(participant, found, role)?;
            self.env().emit_event(RoleRenounced { participant, role });
            Ok(())
        }

        #[ink(message)]
        fn define_role(&mut self, role: Role, name: String, administered_by: Role) -> Result<(), Error> {
            self.calling_officer()?;
            if !role.is_custom() {
                return Err(Error::NotCustom { role });
            }
            if !roles::is_name(&name) {
                return Err(Error::BadName { most: MOST_NAME_BYTES });
            }
            match self.role(role) {
                Err(Error::UndefinedRole { .. }) => {
                    self.keep_role(administered_by, self.role(administered_by)?.take_on(administered_by))?;
                    self.roles.insert(role, &RoleRecord::new(administered_by));
                }
                defined if defined?.administered_by != administered_by => return Err(Error::AlreadyDefined { role }),
                _ if self.role_names.get(role).as_ref() == Some(&name) => return Ok(()),
                _ => {}
            }
            self.role_names.insert(role, &name);
            self.env().emit_event(RoleDefined { role, name, administered_by });
            Ok(())
        }

        #[ink(message)]
        fn set_role_admin(&mut self, role: Role, administered_by: Role) -> Result<(), Error> {
            let before = self.role(role)?.administered_by;
            if !self.actor().acts_as(before) {
                return Err(Error::NotAllowed);
            }
            if before == administered_by {
                return Ok(());
            }
            self.keep_role(role, self.role(role)?.handed_to(role, administered_by))?;
            self.keep_role(before, self.role(before)?.hand_over(before))?;
            self.keep_role(administered_by, self.role(administered_by)?.take_on(administered_by))?;
            self.env().emit_event(RoleAdminSet { role, administered_by });
            Ok(())
        }

        // ---- commands: standing ----

        #[ink(message)]
        fn suspend(&mut self, participant: ParticipantId, reason: u16) -> Result<(), Error> {
            let mut found = self.discipline(participant)?;
            let status = found.status.suspended().ok_or(Error::WrongStatus { status: found.status })?;
            for role in found.roles.iter() {
                self.keep_role(role, self.role(role)?.deactivate(role))?;
            }
            found.status = status;
            found.reason = reason;
            self.store(participant, &found);
            self.env().emit_event(Suspended { participant, reason });
            Ok(())
        }

        #[ink(message)]
        fn reinstate(&mut self, participant: ParticipantId) -> Result<(), Error> {
            let mut found = self.discipline(participant)?;
            let status = found.status.reinstated().ok_or(Error::WrongStatus { status: found.status })?;
            for role in found.roles.iter() {
                self.keep_role(role, self.role(role)?.activate())?;
            }
            found.status = status;
            found.reason = 0;
            self.store(participant, &found);
            self.env().emit_event(Reinstated { participant });
            Ok(())
        }

        #[ink(message)]
        fn blacklist(&mut self, participant: ParticipantId, reason: u16) -> Result<(), Error> {
            let mut found = self.discipline(participant)?;
            if let Some(reason) = found.blacklisted {
                return Err(Error::AlreadyBlacklisted { reason });
            }
            found.blacklisted = Some(reason);
            self.store(participant, &found);
            self.env().emit_event(Blacklisted { participant, reason });
            Ok(())
        }

        #[ink(message)]
        fn clear_blacklist(&mut self, participant: ParticipantId) -> Result<(), Error> {
            if !access::may_clear_blacklist(&self.actor(), participant) {
                return Err(Error::NotAllowed);
            }
            let mut found = self.load(participant)?;
            found.blacklisted.take().ok_or(Error::NotBlacklisted)?;
            self.store(participant, &found);
            self.env().emit_event(BlacklistCleared { participant });
            Ok(())
        }

        #[ink(message)]
        fn renew_identity(&mut self, participant: ParticipantId, identity_valid_until: Timestamp) -> Result<(), Error> {
            self.must_run()?;
            if !access::may_renew_identity(&self.actor(), participant) {
                return Err(Error::NotAllowed);
            }
            must_be_plausible(identity_valid_until)?;
            let mut found = self.load(participant)?;
            if found.identity_valid_until != identity_valid_until {
                found.identity_valid_until = identity_valid_until;
                self.store(participant, &found);
                self.env().emit_event(IdentityRenewed { participant, identity_valid_until });
            }
            Ok(())
        }

        // ---- commands: applications ----

        #[ink(message)]
        fn apply(&mut self, role: Role, document: [u8; 32]) -> Result<ApplicationId, Error> {
            self.must_run()?;
            self.role(role)?;
            let applicant = self.env().caller();
            if self.numbers.contains(applicant) {
                let (_, found) = self.calling_participant()?;
                if found.roles.has(role) {
                    return Err(Error::AlreadyHeld { role });
                }
            }
            if let Some(application) = self.open_application(applicant) {
                return Err(Error::ApplicationOpen { application });
            }
            let number = self.application_count.checked_add(1).ok_or(Error::Corrupted)?;
            let application = Application::new(*applicant.as_ref(), role, document, self.now());
            self.application_count = number;
            self.applications.insert(number, &application);
            self.latest_applications.insert(applicant, &number);
            self.env().emit_event(ApplicationFiled { application: number, applicant, role, document });
            Ok(number)
        }

        #[ink(message)]
        fn approve(
            &mut self,
            application: ApplicationId,
            identity: IdentityCommitment,
            identity_valid_until: Timestamp,
            key: Option<PublicKey>,
        ) -> Result<ParticipantId, Error> {
            self.must_run()?;
            let found = self.load_application(application)?;
            let role = found.role;
            self.must_administer(role)?;
            let approved = found.approve(self.env().caller().as_ref())?;
            let account = AccountId::from(approved.applicant);
            let participant = match self.numbers.get(account) {
                None => {
                    let roles = Roles::NONE.with(role).ok_or(Error::UnknownRole { role })?;
                    let registration = Registration { account, identity, identity_valid_until, roles: Vec::new(), key };
                    self.admit(registration, roles)?
                }
                Some(participant) => {
                    let known = self.load(participant)?;
                    let is_its_own = known.identity == identity
                        && known.identity_valid_until == identity_valid_until
                        && key.is_none_or(|key| known.key == key);
                    if !is_its_own {
                        return Err(Error::NotItsOwn { participant });
                    }
                    self.give(participant, known, role)?;
                    participant
                }
            };
            self.applications.insert(application, &approved);
            self.env().emit_event(ApplicationApproved { application, participant });
            Ok(participant)
        }

        #[ink(message)]
        fn deny(&mut self, application: ApplicationId, reason: u16) -> Result<(), Error> {
            let found = self.load_application(application)?;
            self.must_administer(found.role)?;
            self.applications.insert(application, &found.deny(self.env().caller().as_ref(), reason)?);
            self.env().emit_event(ApplicationDenied { application, reason });
            Ok(())
        }

        #[ink(message)]
        fn withdraw_application(&mut self, application: ApplicationId) -> Result<(), Error> {
            self.load_application(application)?.check_withdrawal(self.env().caller().as_ref())?;
            self.remove_application(application);
            self.env().emit_event(ApplicationWithdrawn { application });
            Ok(())
        }

        #[ink(message)]
        fn clear_application(&mut self, application: ApplicationId) -> Result<(), Error> {
            self.load_application(application)?.check_clearing(self.env().caller().as_ref())?;
            self.remove_application(application);
            self.env().emit_event(ApplicationCleared { application });
            Ok(())
        }

        // ---- commands: accounts and keys ----

        #[ink(message)]
        fn propose_rebind(
            &mut self,
            participant: ParticipantId,
            account: AccountId,
            key: Option<PublicKey>,
        ) -> Result<(), Error> {
            let officer = self.calling_officer()?;
            self.load(participant)?;
            self.must_be_free(&account)?;
            let earlier = self.rebindings.get(participant);
            let bytes = *account.as_ref();
            let key = key.unwrap_or(bytes);
            let proposal = Rebinding::propose(earlier.as_ref(), bytes, key, officer, self.now())
                .map_err(|refusal| Error::of_rebinding(participant, refusal))?;
            self.rebindings.insert(participant, &proposal);
            self.env().emit_event(RebindProposed { participant, account, key, proposed_by: officer });
            Ok(())
        }

        #[ink(message)]
        fn confirm_rebind(
            &mut self,
            participant: ParticipantId,
            account: AccountId,
            key: Option<PublicKey>,
        ) -> Result<(), Error> {
            let officer = self.calling_officer()?;
            let proposal = self.load_rebinding(participant)?;
            let bytes = *account.as_ref();
            let key = key.unwrap_or(bytes);
            proposal
                .must_be_for(&bytes, &key)
                .and_then(|()| proposal.check_confirmation(officer, self.delay, self.now()))
                .map_err(|refusal| Error::of_rebinding(participant, refusal))?;
            let proposed_by = proposal.proposed_by;
            self.must_be_free(&account)?;
            let mut found = self.load(participant)?;
            let former = found.account;
            let epoch = found.epoch.checked_add(1).ok_or(Error::Corrupted)?;
            self.rebindings.remove(participant);
            self.numbers.remove(former);
            self.numbers.insert(account, &participant);
            found.account = account;
            found.key = key;
            found.epoch = epoch;
            self.store(participant, &found);
            self.env().emit_event(Rebound {
                participant,
                account,
                key,
                epoch,
                former,
                proposed_by,
                confirmed_by: officer,
            });
            Ok(())
        }

        #[ink(message)]
        fn cancel_rebind(&mut self, participant: ParticipantId) -> Result<(), Error> {
            let caller = self.known(&self.env().caller()).ok_or(Error::NotAllowed)?;
            let by = caller.number;
            let is_officer = caller.acts_as(Role::Government);
            if !is_officer && by != participant {
                return Err(Error::NotAllowed);
            }
            let cancelled = self
                .load_rebinding(participant)?
                .cancel(participant, by, is_officer, self.now())
                .map_err(|refusal| Error::of_rebinding(participant, refusal))?;
            match cancelled {
                Cancelled::Dropped => {
                    self.rebindings.remove(participant);
                    self.env().emit_event(RebindCancelled { participant, cancelled_by: by });
                }
                Cancelled::Contested(proposal) => {
                    self.rebindings.insert(participant, &proposal);
                    self.env().emit_event(RebindContested { participant });
                }
            }
            Ok(())
        }

        #[ink(message)]
        fn rotate_key(&mut self, key: PublicKey) -> Result<(), Error> {
            let (participant, mut found) = self.calling_participant()?;
            let epoch = found.epoch.checked_add(1).ok_or(Error::Corrupted)?;
            found.key = key;
            found.epoch = epoch;
            self.store(participant, &found);
            self.env().emit_event(KeyRotated { participant, key, epoch });
            Ok(())
        }

        // ---- queries ----

        #[ink(message)]
        fn credentials_many(&self, subjects: Vec<Subject>) -> Vec<Option<Credentials>> {
            subjects
                .into_iter()
                .map(|subject| match subject {
                    Subject::Account(account) => self.known(&account),
                    Subject::Number(number) => self.known_by_number(number),
                })
                .collect()
        }

        #[ink(message)]
        fn credentials_of(&self, participant: ParticipantId) -> Option<Credentials> {
            self.known_by_number(participant)
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
        fn participants(&self, start: ParticipantId, limit: u32) -> Vec<(ParticipantId, Participant)> {
            page(start, limit, self.count).filter_map(|number| Some((number, self.participants.get(number)?))).collect()
        }

        #[ink(message)]
        fn role_members(&self, role: Role, start: u32, limit: u32) -> Vec<ParticipantId> {
            (0..limit.min(MOST_PER_PAGE)).map_while(|at| self.members.get((role, start.checked_add(at)?))).collect()
        }

        #[ink(message)]
        fn role_definition(&self, role: Role) -> Option<RoleDefinition> {
            let RoleRecord { administered_by, members, active, .. } = self.role(role).ok()?;
            let name = self.role_names.get(role).unwrap_or_default();
            Some(RoleDefinition { name, administered_by, members, active })
        }

        #[ink(message)]
        fn application(&self, number: ApplicationId) -> Option<Application> {
            self.applications.get(number)
        }

        #[ink(message)]
        fn open_application(&self, account: AccountId) -> Option<ApplicationId> {
            let latest = self.latest_applications.get(account)?;
            self.applications.get(latest).filter(Application::is_open).map(|_| latest)
        }

        #[ink(message)]
        fn applications(&self, start: ApplicationId, limit: u32) -> Vec<(ApplicationId, Application)> {
            page(start, limit, self.application_count)
                .filter_map(|number| Some((number, self.applications.get(number)?)))
                .collect()
        }

        #[ink(message)]
        fn application_count(&self) -> u64 {
            self.application_count
        }

        #[ink(message)]
        fn rebinding(&self, participant: ParticipantId) -> Option<Rebinding> {
            self.rebindings.get(participant)
        }

        #[ink(message)]
        fn admin_transfer(&self) -> Option<AdminTransfer> {
            self.admin_transfer
        }

        #[ink(message)]
        fn delay(&self) -> Timestamp {
            self.delay
        }

        #[ink(message)]
        fn governor(&self, account: AccountId) -> Governor {
            let is_administrator = account == self.administrator;
            Governor { actor: Actor { is_administrator, credentials: self.known(&account) }, delay: self.delay }
        }

        #[ink(message)]
        fn administrator(&self) -> AccountId {
            self.administrator
        }

        #[ink(message)]
        fn version(&self) -> u32 {
            1
        }

        // ---- administration ----

        #[ink(message)]
        fn begin_admin_transfer(&mut self, successor: AccountId) -> Result<(), Error> {
            self.must_administrate()?;
            let begun_at = self.now();
            if let Some(AdminTransfer { successor, begun_at: before }) = self.admin_transfer {
                if delay::must_be_open(before, begun_at).is_ok() {
                    return Err(Error::AdminTransferOpen { successor });
                }
            }
            self.admin_transfer = Some(AdminTransfer { successor, begun_at });
            self.env().emit_event(AdminTransferBegun { successor });
            Ok(())
        }

        #[ink(message)]
        fn accept_admin_transfer(&mut self) -> Result<(), Error> {
            let AdminTransfer { successor, begun_at } = self.admin_transfer.ok_or(Error::NoAdminTransfer)?;
            if self.env().caller() != successor {
                return Err(Error::NotAllowed);
            }
            delay::must_have_waited(begun_at, self.delay, self.now())?;
            let former = self.administrator;
            self.administrator = successor;
            self.admin_transfer = None;
            self.env().emit_event(AdministratorChanged { former, administrator: successor });
            Ok(())
        }

        #[ink(message)]
        fn cancel_admin_transfer(&mut self) -> Result<(), Error> {
            self.must_administrate()?;
            let AdminTransfer { successor, .. } = self.admin_transfer.take().ok_or(Error::NoAdminTransfer)?;
            self.env().emit_event(AdminTransferCancelled { successor });
            Ok(())
        }
    }

    #[amanah_interfaces::outline]
    impl Governed for RegistryContract {
        #[ink(message)]
        fn pause(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Pause)
        }

        #[ink(message)]
        fn unpause(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Unpause)
        }

        #[ink(message)]
        fn propose_code(&mut self, code_hash: [u8; 32]) -> Result<(), governance::Error> {
            self.govern(Step::Propose(code_hash))
        }

        #[ink(message)]
        fn approve_code(&mut self, code_hash: [u8; 32]) -> Result<(), governance::Error> {
            self.govern(Step::Approve(code_hash))
        }

        #[ink(message)]
        fn set_code(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Set)
        }

        #[ink(message)]
        fn cancel_code(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Cancel)
        }

        #[ink(message)]
        fn governance(&self) -> Governance {
            self.governance
        }
    }
}
