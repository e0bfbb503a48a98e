//! The registry: who may do what.

use crate::{AccountId, Timestamp};
use amanah_domain::{
    access::{Actor, RoleRefusal},
    ids::{ApplicationId, IdentityCommitment, ParticipantId, PublicKey},
    participant::{Credentials, Status},
    rebinding::RebindRefusal,
    roles::{Role, Roles},
    wire,
};
pub use amanah_domain::{
    application::{Application, ApplicationRefusal, ApplicationStatus},
    delay::DelayRefusal,
    rebinding::Rebinding,
};
use ink::prelude::{string::String, vec::Vec};

wire! {
    /// What an account is to the governance of the suite's contracts.
    pub struct Governor {
        /// Is it the administrator, and what does the registry know of it?
        pub actor: Actor,
        /// How long what one party starts alone must wait (milliseconds).
        pub delay: Timestamp,
    }
}

wire! {
    /// A person or organisation to be registered.
    pub struct Registration {
        /// The account it will act from.
        pub account: AccountId,
        /// Its identity commitment, made by the registrar: HMAC-SHA256, never a plain hash.
        pub identity: IdentityCommitment,
        /// Until when its identity card is valid (milliseconds).
        pub identity_valid_until: Timestamp,
        /// The roles it gets.
        pub roles: Vec<Role>,
        /// The sr25519 key that its signatures must verify with; none means that the account's own bytes are the key.
        pub key: Option<PublicKey>,
    }
}

wire! {
    /// How somebody is named in a question: by account or by number.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Subject {
        /// By its account.
        Account(AccountId),
        /// By its number.
        Number(ParticipantId),
    }
}

wire! {
    /// A participant as the registry keeps it.
    pub struct Participant {
        /// The account it acts from now.
        pub account: AccountId,
        /// Its identity commitment.
        pub identity: IdentityCommitment,
        /// Its roles, a bit each.
        pub roles: Roles,
        /// Where it stands.
        pub status: Status,
        /// The reason code of its suspension; 0 when it is not suspended.
        pub reason: u16,
        /// The sr25519 key that its signatures must verify with.
        pub key: PublicKey,
        /// The key's epoch.
        pub epoch: u32,
        /// The reason code of its blacklist mark, if it has one.
        pub blacklisted: Option<u16>,
        /// Until when its identity card is valid (milliseconds).
        pub identity_valid_until: Timestamp,
        /// When it was registered (milliseconds).
        pub registered_at: Timestamp,
    }
}

impl Participant {
    /// What other contracts need to know of it.
    pub fn credentials(&self, number: ParticipantId) -> Credentials {
        Credentials {
            number,
            account: *self.account.as_ref(),
            roles: self.roles,
            status: self.status,
            key: self.key,
            epoch: self.epoch,
            blacklisted: self.blacklisted.is_some(),
            identity_valid_until: self.identity_valid_until,
        }
    }
}

wire! {
    /// A role that exists: a named one, or a custom one that was defined.
    pub struct RoleDefinition {
        /// What a custom role is called; empty for a named one, whose name is its own.
        pub name: String,
        /// The role whose active holders grant and revoke it.
        pub administered_by: Role,
        /// How many participants hold it.
        pub members: u32,
        /// How many of them are in good standing.
        pub active: u32,
    }
}

wire! {
    /// A change of the suite's administrator that has begun.
    #[derive(Copy)]
    pub struct AdminTransfer {
        /// The account that is to administer the suite.
        pub successor: AccountId,
        /// When it began (milliseconds).
        pub begun_at: Timestamp,
    }
}

wire! {
    /// Why the registry refuses.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The caller may not do this.
        NotAllowed,
        /// The contract is paused: no new business.
        Paused,
        /// No participant has this number.
        UnknownParticipant {
            /// The number.
            participant: ParticipantId,
        },
        /// The account belongs to a participant already.
        AccountTaken {
            /// Whose it is.
            participant: ParticipantId,
        },
        /// The identity is registered already: one person, one participant.
        IdentityTaken {
            /// Whose it is.
            participant: ParticipantId,
        },
        /// There is no such role: custom roles go from 0 to 31.
        UnknownRole {
            /// The role.
            role: Role,
        },
        /// It has the role already.
        AlreadyHeld {
            /// The role.
            role: Role,
        },
        /// It does not have the role.
        NotHeld {
            /// The role.
            role: Role,
        },
        /// The last holder of an administering role cannot lose it.
        LastHolder {
            /// The role.
            role: Role,
        },
        /// It does not stand as this needs.
        WrongStatus {
            /// Where it stands.
            status: Status,
        },
        /// The identity card's end is not a plausible time in milliseconds.
        ImplausibleTime {
            /// The time given.
            at: Timestamp,
        },
        /// More rows than one message takes.
        TooManyRows {
            /// The most.
            most: u32,
            /// How many were given.
            given: u32,
        },
        /// What is stored cannot be read: the contract is broken, please report it.
        Corrupted,
        /// Nobody has defined this custom role yet.
        UndefinedRole {
            /// The role.
            role: Role,
        },
        /// Only custom roles are defined at run time.
        NotCustom {
            /// The role.
            role: Role,
        },
        /// The custom role is defined already, with another administering role: `set_role_admin` changes that.
        AlreadyDefined {
            /// The role.
            role: Role,
        },
        /// A custom role's name has 1 to so many bytes, in one line.
        BadName {
            /// The most bytes.
            most: u32,
        },
        /// A role without an active holder cannot administer another one.
        NoHolder {
            /// The role.
            role: Role,
        },
        /// Government administers itself, for good.
        FixedRole {
            /// The role.
            role: Role,
        },
        /// It has a blacklist mark already.
        AlreadyBlacklisted {
            /// The mark's reason code.
            reason: u16,
        },
        /// It has no blacklist mark.
        NotBlacklisted,
        /// There is no application of this number, or no longer.
        UnknownApplication {
            /// The number.
            application: ApplicationId,
        },
        /// The account has an open application already.
        ApplicationOpen {
            /// Its number.
            application: ApplicationId,
        },
        /// The application refuses.
        Application(ApplicationRefusal),
        /// The applicant is registered already, and the identity, the card's end or the key given are not its own.
        NotItsOwn {
            /// Its number.
            participant: ParticipantId,
        },
        /// Nobody has proposed to re-bind this participant.
        NoRebind {
            /// The participant.
            participant: ParticipantId,
        },
        /// There is an open proposal to re-bind this participant already.
        RebindOpen {
            /// The participant.
            participant: ParticipantId,
        },
        /// The participant's account has objected: only a second officer can confirm.
        Contested {
            /// The participant.
            participant: ParticipantId,
        },
        /// No change of the administrator has begun.
        NoAdminTransfer,
        /// A change of the administrator has begun already; it must be cancelled first.
        AdminTransferOpen {
            /// The account that is to administer the suite.
            successor: AccountId,
        },
        /// It is too early or too late.
        Delay(DelayRefusal),
        /// A suite's delay is less than 30 days, in milliseconds.
        BadDelay {
            /// The delay given.
            delay: Timestamp,
        },
        /// The open proposal to re-bind this participant names another account or key than the one confirmed.
        AnotherRebind {
            /// The participant.
            participant: ParticipantId,
        },
    }
}

impl Error {
    /// Why something cannot be done with `role`.
    pub fn of_role(role: Role, refusal: RoleRefusal) -> Self {
        match refusal {
            RoleRefusal::LastHolder => Self::LastHolder { role },
            RoleRefusal::NoHolder => Self::NoHolder { role },
            RoleRefusal::Fixed => Self::FixedRole { role },
            RoleRefusal::Miscounted => Self::Corrupted,
        }
    }

    /// Why something cannot be done with the proposal to re-bind `participant`.
    pub fn of_rebinding(participant: ParticipantId, refusal: RebindRefusal) -> Self {
        match refusal {
            RebindRefusal::Delay(refusal) => Self::Delay(refusal),
            RebindRefusal::Contested => Self::Contested { participant },
            RebindRefusal::IsOpen => Self::RebindOpen { participant },
            RebindRefusal::NotAllowed => Self::NotAllowed,
            RebindRefusal::AnotherProposal => Self::AnotherRebind { participant },
        }
    }
}

impl From<ApplicationRefusal> for Error {
    fn from(refusal: ApplicationRefusal) -> Self {
        match refusal {
            ApplicationRefusal::IsNotTheApplicant => Self::NotAllowed,
            other => Self::Application(other),
        }
    }
}

impl From<DelayRefusal> for Error {
    fn from(refusal: DelayRefusal) -> Self {
        Self::Delay(refusal)
    }
}

/// A participant was registered.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its number.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// Its account.
    #[ink(topic)]
    pub account: AccountId,
    /// Its identity commitment.
    pub identity: IdentityCommitment,
    /// Its roles.
    pub roles: Roles,
    /// Its signing key.
    pub key: PublicKey,
    /// Until when its identity card is valid.
    pub identity_valid_until: Timestamp,
}

/// A participant got a role.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGranted {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The role.
    #[ink(topic)]
    pub role: Role,
}

/// A participant lost a role.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRevoked {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The role.
    #[ink(topic)]
    pub role: Role,
}

/// A participant was suspended: it may receive and repay, not sign, spend or withdraw.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The reason's code.
    pub reason: u16,
}

/// A suspended participant is in good standing again.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reinstated {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
}

/// A participant gave a role back.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRenounced {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The role.
    #[ink(topic)]
    pub role: Role,
}

/// A custom role was defined, or got another name.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefined {
    /// The role.
    #[ink(topic)]
    pub role: Role,
    /// What it is called.
    pub name: String,
    /// The role that administers it.
    pub administered_by: Role,
}

/// A role is administered by another one from now on.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAdminSet {
    /// The role.
    #[ink(topic)]
    pub role: Role,
    /// The role that administers it.
    #[ink(topic)]
    pub administered_by: Role,
}

/// A participant got a blacklist mark: no new loan or benefit; what exists goes on.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blacklisted {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The reason's code.
    pub reason: u16,
}

/// A participant's blacklist mark was taken away.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlacklistCleared {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
}

/// A participant's identity card is valid until another time.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRenewed {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// Until when the card is valid (milliseconds).
    pub identity_valid_until: Timestamp,
}

/// Somebody applied for a role.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationFiled {
    /// The application's number.
    #[ink(topic)]
    pub application: ApplicationId,
    /// The account that applied.
    #[ink(topic)]
    pub applicant: AccountId,
    /// The role.
    pub role: Role,
    /// A hash over the papers.
    pub document: [u8; 32],
}

/// An application was approved; `Registered` or `RoleGranted` says what came of it.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationApproved {
    /// The application's number.
    #[ink(topic)]
    pub application: ApplicationId,
    /// Who applied.
    #[ink(topic)]
    pub participant: ParticipantId,
}

/// An application was denied.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationDenied {
    /// The application's number.
    #[ink(topic)]
    pub application: ApplicationId,
    /// The reason's code.
    pub reason: u16,
}

/// An open application was withdrawn by who had applied; its record is gone.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationWithdrawn {
    /// The application's number.
    #[ink(topic)]
    pub application: ApplicationId,
}

/// The record of an ended application was removed by who had applied.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationCleared {
    /// The application's number.
    #[ink(topic)]
    pub application: ApplicationId,
}

/// An officer proposed to give a participant another account and key.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebindProposed {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The account it would act from.
    #[ink(topic)]
    pub account: AccountId,
    /// Its signing key.
    pub key: PublicKey,
    /// The officer.
    pub proposed_by: ParticipantId,
}

/// The participant's present account objected to a proposal to re-bind it: only a second officer can confirm it now.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebindContested {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
}

/// A proposal to re-bind a participant was dropped.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebindCancelled {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The officer who dropped it.
    pub cancelled_by: ParticipantId,
}

/// A participant has another account and key; signatures with the older key are void.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebound {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The account it acts from now.
    #[ink(topic)]
    pub account: AccountId,
    /// Its signing key.
    pub key: PublicKey,
    /// The key's epoch.
    pub epoch: u32,
    /// The account it acted from before, which belongs to nobody now.
    pub former: AccountId,
    /// The officer who proposed it.
    pub proposed_by: ParticipantId,
    /// The officer who confirmed it; the one who proposed it, if the delay had passed.
    pub confirmed_by: ParticipantId,
}

/// A participant changed its signing key; older signatures are void.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRotated {
    /// The participant.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// Its signing key.
    pub key: PublicKey,
    /// The key's epoch.
    pub epoch: u32,
}

/// The administrator named a successor, who may accept after the delay.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminTransferBegun {
    /// The account that is to administer the suite.
    #[ink(topic)]
    pub successor: AccountId,
}

/// The administrator took back that it had named a successor.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminTransferCancelled {
    /// The account that was to administer the suite.
    #[ink(topic)]
    pub successor: AccountId,
}

/// The suite has another administrator.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdministratorChanged {
    /// The account that administered it before.
    #[ink(topic)]
    pub former: AccountId,
    /// The account that administers it now.
    #[ink(topic)]
    pub administrator: AccountId,
}

/// Who may do what: participants, their roles, keys and standing. Every other contract asks here.
#[ink::trait_definition]
pub trait Registry {
    /// All that others need to know of the participant that acts from `account`: number, roles, status, key, epoch,
    /// blacklist mark. Anyone may ask. `None` if nobody acts from it.
    #[ink(message)]
    fn credentials(&self, account: AccountId) -> Option<Credentials>;

    /// Registers a person or organisation and answers with its number. Government may do this, with roles that it
    /// administers; the administrator may register a participant whose only role is Government, so that a new suite can be
    /// started.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownRole`, `UndefinedRole`, `ImplausibleTime`, `AccountTaken`, `IdentityTaken`.
    ///
    /// # Events
    /// `Registered`.
    #[ink(message)]
    fn register(&mut self, registration: Registration) -> Result<ParticipantId, Error>;

    /// Registers up to 100 at once. Each row gets its own answer: its number, or why it was refused; refused rows change
    /// nothing and the others go through. Government.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `TooManyRows`; a row: as `register`.
    ///
    /// # Events
    /// `Registered` for each row that went through.
    #[ink(message)]
    fn register_many(&mut self, registrations: Vec<Registration>) -> Result<Vec<Result<ParticipantId, Error>>, Error>;

    /// Gives a participant a role. The role's administering role may do this (Government, to begin with); the
    /// administrator may grant Government.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownRole`, `UndefinedRole`, `UnknownParticipant`, `AlreadyHeld`.
    ///
    /// # Events
    /// `RoleGranted`.
    #[ink(message)]
    fn grant(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error>;

    /// Takes a role from a participant. Who may: as `grant`. The last active holder of a role that administers another one
    /// keeps it.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownRole`, `UndefinedRole`, `UnknownParticipant`, `NotHeld`, `LastHolder`.
    ///
    /// # Events
    /// `RoleRevoked`.
    #[ink(message)]
    fn revoke(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error>;

    /// Gives back one of the caller's own roles. Any active participant. The last active holder of a role that administers
    /// another one keeps it.
    ///
    /// # Errors
    /// `NotAllowed`, `WrongStatus`, `UnknownRole`, `UndefinedRole`, `NotHeld`, `LastHolder`.
    ///
    /// # Events
    /// `RoleRenounced`.
    #[ink(message)]
    fn renounce(&mut self, role: Role) -> Result<(), Error>;

    /// Defines the custom role `role` (`Custom`, 0 to 31): what it is called, 1 to 64 bytes in one line, and which role's
    /// holders grant and revoke it; somebody must hold that one actively. Once it is defined, this changes its name only, and
    /// `administered_by` must be the present one. Government.
    ///
    /// # Errors
    /// `NotAllowed`, `NotCustom`, `UnknownRole`, `BadName`, `AlreadyDefined`, `UndefinedRole`, `NoHolder`.
    ///
    /// # Events
    /// `RoleDefined`, unless it is so already.
    #[ink(message)]
    fn define_role(&mut self, role: Role, name: String, administered_by: Role) -> Result<(), Error>;

    /// Hands the administration of `role` over: from now on the active holders of `administered_by` grant and revoke it;
    /// somebody must hold that one actively. An active holder of the role that administers it at present. Government
    /// administers itself, for good.
    ///
    /// # Errors
    /// `UnknownRole`, `UndefinedRole`, `NotAllowed`, `FixedRole`, `NoHolder`.
    ///
    /// # Events
    /// `RoleAdminSet`, unless it is so already.
    #[ink(message)]
    fn set_role_admin(&mut self, role: Role, administered_by: Role) -> Result<(), Error>;

    /// Suspends an active participant, with a reason code: it may receive and repay, not sign, spend or withdraw.
    /// Government or Regulator. The last active holder of a role that administers another one, such as Government, cannot be
    /// suspended.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownParticipant`, `WrongStatus`, `LastHolder`.
    ///
    /// # Events
    /// `Suspended`.
    #[ink(message)]
    fn suspend(&mut self, participant: ParticipantId, reason: u16) -> Result<(), Error>;

    /// Puts a suspended participant back in good standing. Government or Regulator.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownParticipant`, `WrongStatus`.
    ///
    /// # Events
    /// `Reinstated`.
    #[ink(message)]
    fn reinstate(&mut self, participant: ParticipantId) -> Result<(), Error>;

    /// Gives a participant a blacklist mark, with a reason code: no new loan or benefit; what exists goes on. Government or
    /// Regulator.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownParticipant`, `AlreadyBlacklisted`.
    ///
    /// # Events
    /// `Blacklisted`.
    #[ink(message)]
    fn blacklist(&mut self, participant: ParticipantId, reason: u16) -> Result<(), Error>;

    /// Takes a participant's blacklist mark away. Government or Regulator, but nobody its own.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownParticipant`, `NotBlacklisted`.
    ///
    /// # Events
    /// `BlacklistCleared`.
    #[ink(message)]
    fn clear_blacklist(&mut self, participant: ParticipantId) -> Result<(), Error>;

    /// Sets until when a participant's identity card is valid (milliseconds), when it was renewed or was registered wrongly.
    /// The identity stays. Government, but nobody its own.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownParticipant`, `ImplausibleTime`.
    ///
    /// # Events
    /// `IdentityRenewed`, unless it is so already.
    #[ink(message)]
    fn renew_identity(&mut self, participant: ParticipantId, identity_valid_until: Timestamp) -> Result<(), Error>;

    /// Asks to be registered with a role, or, by an active participant, for a further role. Answers with the application's
    /// number. Anyone may, with one open application at a time. `document` is a hash over the papers that the registrar is
    /// shown, zeros if there are none: salt it, and never give the plain hash of an identity or phone number. Who applies
    /// pays the storage deposit, and gets it back by `withdraw_application` or `clear_application`.
    ///
    /// # Errors
    /// `Paused`, `UnknownRole`, `UndefinedRole`, `WrongStatus`, `AlreadyHeld`, `ApplicationOpen`.
    ///
    /// # Events
    /// `ApplicationFiled`.
    #[ink(message)]
    fn apply(&mut self, role: Role, document: [u8; 32]) -> Result<ApplicationId, Error>;

    /// Approves an open application and answers with the applicant's number. Whoever may `grant` the role, but nobody its
    /// own application. A new applicant is registered as by `register`, with this one role: the registrar gives the identity
    /// commitment, until when the card is valid (milliseconds), and the signing key; none means that the account's own
    /// bytes are the key. A participant gets the role: then identity and card's end must be its own, and so must the key, if
    /// one is given.
    ///
    /// # Errors
    /// `Paused`, `UnknownApplication`, `NotAllowed`, `Application`, `ImplausibleTime`, `IdentityTaken`, `NotItsOwn`, `AlreadyHeld`.
    ///
    /// # Events
    /// `Registered` or `RoleGranted`, then `ApplicationApproved`.
    #[ink(message)]
    fn approve(
        &mut self,
        application: ApplicationId,
        identity: IdentityCommitment,
        identity_valid_until: Timestamp,
        key: Option<PublicKey>,
    ) -> Result<ParticipantId, Error>;

    /// Denies an open application, with a reason code. Who may: as `approve`. The applicant may apply again.
    ///
    /// # Errors
    /// `UnknownApplication`, `NotAllowed`, `Application`.
    ///
    /// # Events
    /// `ApplicationDenied`.
    #[ink(message)]
    fn deny(&mut self, application: ApplicationId, reason: u16) -> Result<(), Error>;

    /// Takes an open application back and removes its record; the storage deposit goes back to the caller. The account that
    /// applied.
    ///
    /// # Errors
    /// `UnknownApplication`, `NotAllowed`, `Application`.
    ///
    /// # Events
    /// `ApplicationWithdrawn`.
    #[ink(message)]
    fn withdraw_application(&mut self, application: ApplicationId) -> Result<(), Error>;

    /// Removes the record of an approved or denied application; the storage deposit goes back to the caller. The account
    /// that applied.
    ///
    /// # Errors
    /// `UnknownApplication`, `NotAllowed`, `Application`.
    ///
    /// # Events
    /// `ApplicationCleared`.
    #[ink(message)]
    fn clear_application(&mut self, application: ApplicationId) -> Result<(), Error>;

    /// Proposes to give a participant, whose phone or wallet was lost or stolen, another account and signing key; no key
    /// means that the new account's own bytes are the key. The new account must be nobody's. Nothing changes until
    /// `confirm_rebind`. Government. A proposal is open for 30 days.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownParticipant`, `AccountTaken`, `RebindOpen`.
    ///
    /// # Events
    /// `RebindProposed`.
    #[ink(message)]
    fn propose_rebind(
        &mut self,
        participant: ParticipantId,
        account: AccountId,
        key: Option<PublicKey>,
    ) -> Result<(), Error>;

    /// Confirms the proposal to give a participant this account and key, and carries it out: no key means the account's own
    /// bytes, as in `propose_rebind`, and another proposal is refused. The participant acts from the new account from now on,
    /// its key's epoch grows by one, and signatures with the older key are void. Its number, roles, standing and money stay.
    /// The former account is nobody's then: whoever holds it can do nothing with it, and since the identity stays taken it
    /// cannot be registered as the same person again. Government: another officer than the one who proposed it at once; the
    /// one who proposed it after the suite's `delay`, unless the participant has objected.
    ///
    /// # Errors
    /// `NotAllowed`, `NoRebind`, `AnotherRebind`, `Contested`, `Delay`, `AccountTaken`.
    ///
    /// # Events
    /// `Rebound`.
    #[ink(message)]
    fn confirm_rebind(
        &mut self,
        participant: ParticipantId,
        account: AccountId,
        key: Option<PublicKey>,
    ) -> Result<(), Error>;

    /// Government drops a proposal. The participant's own account, even a suspended one's, only objects to it: then the
    /// delay no longer helps who proposed it, and a second officer may still confirm. An officer whose own account is to be
    /// replaced only objects too, unless it has proposed that itself.
    ///
    /// # Errors
    /// `NotAllowed`, `NoRebind`, `Contested`, `Delay`.
    ///
    /// # Events
    /// `RebindCancelled` or `RebindContested`.
    #[ink(message)]
    fn cancel_rebind(&mut self, participant: ParticipantId) -> Result<(), Error>;

    /// Changes the caller's own signing key (sr25519). Its epoch grows by one: older signatures are void, even if the key is
    /// the same. Any active participant.
    ///
    /// # Errors
    /// `NotAllowed`, `WrongStatus`.
    ///
    /// # Events
    /// `KeyRotated`.
    #[ink(message)]
    fn rotate_key(&mut self, key: PublicKey) -> Result<(), Error>;

    /// Names the account that is to administer the suite. It may accept after the suite's `delay`, for 30 days from now. The
    /// administrator.
    ///
    /// # Errors
    /// `NotAllowed`, `AdminTransferOpen`.
    ///
    /// # Events
    /// `AdminTransferBegun`.
    #[ink(message)]
    fn begin_admin_transfer(&mut self, successor: AccountId) -> Result<(), Error>;

    /// Takes over the administration of the suite, after the delay. The account that the administrator has named.
    ///
    /// # Errors
    /// `NoAdminTransfer`, `NotAllowed`, `Delay`.
    ///
    /// # Events
    /// `AdministratorChanged`.
    #[ink(message)]
    fn accept_admin_transfer(&mut self) -> Result<(), Error>;

    /// Takes back that a successor was named. The administrator.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAdminTransfer`.
    ///
    /// # Events
    /// `AdminTransferCancelled`.
    #[ink(message)]
    fn cancel_admin_transfer(&mut self) -> Result<(), Error>;

    /// `credentials` of several at once, each named by account or by number, in the order asked. Anyone may ask; the answer
    /// has to fit into 16 KiB, which 172 do.
    #[ink(message)]
    fn credentials_many(&self, subjects: Vec<Subject>) -> Vec<Option<Credentials>>;

    /// `credentials` of the participant of this number. Anyone may ask.
    #[ink(message)]
    fn credentials_of(&self, participant: ParticipantId) -> Option<Credentials>;

    /// Does the participant that acts from `account` hold `role`, in good standing? Anyone may ask.
    #[ink(message)]
    fn check(&self, account: AccountId, role: Role) -> bool;

    /// The number of the participant with this identity commitment. Anyone may ask.
    #[ink(message)]
    fn find(&self, identity: IdentityCommitment) -> Option<ParticipantId>;

    /// A participant's record. Anyone may ask.
    #[ink(message)]
    fn participant(&self, number: ParticipantId) -> Option<Participant>;

    /// How many participants are registered; their numbers are 1 to this. Anyone may ask.
    #[ink(message)]
    fn participant_count(&self) -> u64;

    /// Participants by number: at most `limit` (50), beginning with the number `start`. To go on, start with the last one's
    /// number and one. Anyone may ask.
    #[ink(message)]
    fn participants(&self, start: ParticipantId, limit: u32) -> Vec<(ParticipantId, Participant)>;

    /// The numbers of those who hold a role, suspended ones too: at most `limit` (50), beginning with the position `start`
    /// (0 is the first). Whoever loses the role leaves its position to the last one. Anyone may ask.
    #[ink(message)]
    fn role_members(&self, role: Role, start: u32, limit: u32) -> Vec<ParticipantId>;

    /// Who administers a role and how many hold it; `None` for a custom role that is not defined. Anyone may ask.
    #[ink(message)]
    fn role_definition(&self, role: Role) -> Option<RoleDefinition>;

    /// An application's record, as long as it is stored. Anyone may ask.
    #[ink(message)]
    fn application(&self, number: ApplicationId) -> Option<Application>;

    /// The number of the account's open application. Anyone may ask.
    #[ink(message)]
    fn open_application(&self, account: AccountId) -> Option<ApplicationId>;

    /// Applications that are still stored, by number: those among `limit` numbers (50 at most) from `start` on. A page may be
    /// empty before the last number, which `application_count` tells. To go on, start with `start` and `limit`. Anyone may
    /// ask.
    #[ink(message)]
    fn applications(&self, start: ApplicationId, limit: u32) -> Vec<(ApplicationId, Application)>;

    /// How many applications there ever were; their numbers are 1 to this. Anyone may ask.
    #[ink(message)]
    fn application_count(&self) -> u64;

    /// The latest proposal to re-bind a participant, if it was neither confirmed nor dropped; it may be stale. Anyone may
    /// ask.
    #[ink(message)]
    fn rebinding(&self, participant: ParticipantId) -> Option<Rebinding>;

    /// A change of the administrator that has begun; it may be stale. Anyone may ask.
    #[ink(message)]
    fn admin_transfer(&self) -> Option<AdminTransfer>;

    /// How long what one party starts alone must wait (milliseconds): re-binding without a second officer, a change of the
    /// administrator, new code. Anyone may ask.
    #[ink(message)]
    fn delay(&self) -> Timestamp;

    /// What `account` is to the governance of the suite's contracts, and how long what one party starts alone must wait.
    /// Anyone may ask.
    #[ink(message)]
    fn governor(&self, account: AccountId) -> Governor;

    /// The account that administers the suite: it marks the suite's contracts and names Government. Anyone may ask.
    #[ink(message)]
    fn administrator(&self) -> AccountId;

    /// The version of this contract's code. Anyone may ask.
    #[ink(message)]
    fn version(&self) -> u32;
}

/// How contracts keep the registry's address and call it.
pub type RegistryRef = ink::contract_ref!(Registry, ink::env::DefaultEnvironment);

/// Asks the registry what an account is to governance; `None` if it does not answer, which means no.
pub fn governor(registry: &RegistryRef, account: AccountId) -> Option<Governor> {
    use ink::codegen::TraitCallBuilder;
    registry.call().governor(account).try_invoke().ok()?.ok()
}

/// Asks the registry about several subjects in one call; `None` if it does not answer, which means no.
pub fn ask(registry: &RegistryRef, subjects: Vec<Subject>) -> Option<Vec<Option<Credentials>>> {
    use ink::codegen::TraitCallBuilder;
    let asked = subjects.len();
    match registry.call().credentials_many(subjects).try_invoke() {
        Ok(Ok(answers)) if answers.len() == asked => Some(answers),
        _ => None,
    }
}
