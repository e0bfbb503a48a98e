//! The registry: who may do what.

use crate::{AccountId, Timestamp};
use amanah_domain::{
    ids::{IdentityCommitment, ParticipantId, PublicKey},
    participant::{Credentials, Status},
    roles::{Role, Roles},
    wire,
};
use ink::prelude::vec::Vec;

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
    /// Why the registry refuses.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The caller may not do this.
        NotAllowed,
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

/// Who may do what: participants, their roles, keys and standing. Every other contract asks here.
#[ink::trait_definition]
pub trait Registry {
    /// All that others need to know of the participant that acts from `account`: number, roles, status, key, epoch,
    /// blacklist mark. Anyone may ask. `None` if nobody acts from it.
    #[ink(message)]
    fn credentials(&self, account: AccountId) -> Option<Credentials>;

    /// Registers a person or organisation and answers with its number. Government may do this; the administrator may
    /// register a participant whose only role is Government, so that a new suite can be started.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownRole`, `ImplausibleTime`, `AccountTaken`, `IdentityTaken`.
    ///
    /// # Events
    /// `Registered`.
    #[ink(message)]
    fn register(&mut self, registration: Registration) -> Result<ParticipantId, Error>;

    /// Registers up to 100 at once. Each row gets its own answer: its number, or why it was refused; refused rows change
    /// nothing and the others go through. Government.
    ///
    /// # Errors
    /// `NotAllowed`, `TooManyRows`; a row: as `register`.
    ///
    /// # Events
    /// `Registered` for each row that went through.
    #[ink(message)]
    fn register_many(&mut self, registrations: Vec<Registration>) -> Result<Vec<Result<ParticipantId, Error>>, Error>;

    /// Gives a participant a role. The role's administering role may do this (Government, to begin with); the
    /// administrator may grant Government.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownRole`, `UnknownParticipant`, `AlreadyHeld`.
    ///
    /// # Events
    /// `RoleGranted`.
    #[ink(message)]
    fn grant(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error>;

    /// Takes a role from a participant. Who may: as `grant`. The last holder of an administering role keeps it.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownRole`, `UnknownParticipant`, `NotHeld`, `LastHolder`.
    ///
    /// # Events
    /// `RoleRevoked`.
    #[ink(message)]
    fn revoke(&mut self, participant: ParticipantId, role: Role) -> Result<(), Error>;

    /// Suspends an active participant, with a reason code: it may receive and repay, not sign, spend or withdraw.
    /// Government or Regulator. The last active holder of Government cannot be suspended.
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

    /// `credentials` of several at once, each named by account or by number, in the order asked. Anyone may ask; the answer
    /// has to fit into 16 KiB, which 172 do.
    #[ink(message)]
    fn credentials_many(&self, subjects: Vec<Subject>) -> Vec<Option<Credentials>>;

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

    /// The account that administers the suite: it marks the suite's contracts and names Government. Anyone may ask.
    #[ink(message)]
    fn administrator(&self) -> AccountId;

    /// The version of this contract's code. Anyone may ask.
    #[ink(message)]
    fn version(&self) -> u32;
}

/// How contracts keep the registry's address and call it.
pub type RegistryRef = ink::contract_ref!(Registry, ink::env::DefaultEnvironment);

/// Asks the registry about several subjects in one call; `None` if it does not answer, which means no.
pub fn ask(registry: &RegistryRef, subjects: Vec<Subject>) -> Option<Vec<Option<Credentials>>> {
    use ink::codegen::TraitCallBuilder;
    let asked = subjects.len();
    match registry.call().credentials_many(subjects).try_invoke() {
        Ok(Ok(answers)) if answers.len() == asked => Some(answers),
        _ => None,
    }
}
