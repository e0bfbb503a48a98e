//! What all contracts have in common: they can be paused, and their code can be replaced, by no party alone.

use crate::{registry::Governor, AccountId, Timestamp};
pub use amanah_domain::governance::{CodeProposal, Governance, GovernanceRefusal};
use amanah_domain::ids::ParticipantId;
use amanah_domain::wire;
use ink::env::DefaultEnvironment;

wire! {
    /// Why a contract refuses a step of its governance.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The registry does not answer, so the answer is no.
        RegistryUnavailable,
        /// The rules of governance do not allow it.
        Refused(GovernanceRefusal),
        /// Code with this hash was never uploaded to the chain.
        UnknownCode {
            /// The hash.
            code_hash: [u8; 32],
        },
    }
}

impl From<GovernanceRefusal> for Error {
    fn from(refusal: GovernanceRefusal) -> Self {
        Error::Refused(refusal)
    }
}

/// New business was stopped.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paused {
    /// Who stopped it.
    #[ink(topic)]
    pub by: AccountId,
}

/// New business goes on.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaused {
    /// Who let it go on.
    #[ink(topic)]
    pub by: AccountId,
}

/// New code was proposed for this contract.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeProposed {
    /// Its hash.
    #[ink(topic)]
    pub code_hash: [u8; 32],
}

/// A second organisation approved the proposed code.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeApproved {
    /// Its hash.
    #[ink(topic)]
    pub code_hash: [u8; 32],
    /// Who approved it.
    #[ink(topic)]
    pub by: ParticipantId,
    /// From when it can be set (milliseconds).
    pub ready_at: Timestamp,
}

/// The proposed code was dropped.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCancelled {
    /// Its hash.
    #[ink(topic)]
    pub code_hash: [u8; 32],
    /// Who dropped it.
    #[ink(topic)]
    pub by: AccountId,
}

/// The contract runs new code from now on.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeReplaced {
    /// Its hash.
    #[ink(topic)]
    pub code_hash: [u8; 32],
}

/// Pausing and upgrading, the same for every contract of the suite.
#[ink::trait_definition]
pub trait Governed {
    /// Stops new business. What is under way goes on, and money on its way back is never stopped: each message says
    /// whether it pauses. The administrator or a Regulator.
    ///
    /// # Errors
    /// `Refused`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Paused`, if it was not.
    #[ink(message)]
    fn pause(&mut self) -> Result<(), Error>;

    /// Lets new business go on. The administrator or a Regulator.
    ///
    /// # Errors
    /// `Refused`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Unpaused`, if it was paused.
    #[ink(message)]
    fn unpause(&mut self) -> Result<(), Error>;

    /// Proposes to replace this contract's code by the uploaded code with this hash. The administrator.
    ///
    /// # Errors
    /// `Refused`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CodeProposed`.
    #[ink(message)]
    fn propose_code(&mut self, code_hash: [u8; 32]) -> Result<(), Error>;

    /// Approves exactly this proposed code; it can be set once the registry's delay has passed. A Regulator or an Auditor
    /// who is not the administrator.
    ///
    /// # Errors
    /// `Refused`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CodeApproved`.
    #[ink(message)]
    fn approve_code(&mut self, code_hash: [u8; 32]) -> Result<(), Error>;

    /// Replaces this contract's code by the approved one; storage stays. Within 30 days of when it is ready, else it has to
    /// be cancelled and proposed again. The administrator.
    ///
    /// # Errors
    /// `Refused`, `UnknownCode`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CodeReplaced`.
    #[ink(message)]
    fn set_code(&mut self) -> Result<(), Error>;

    /// Drops the proposed code. The administrator, Government, a Regulator or an Auditor.
    ///
    /// # Errors
    /// `Refused`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CodeCancelled`.
    #[ink(message)]
    fn cancel_code(&mut self) -> Result<(), Error>;

    /// Is the contract paused, and what code is proposed for it? Anyone may ask.
    #[ink(message)]
    fn governance(&self) -> Governance;
}

/// How a contract's governance is called.
pub type GovernedRef = ink::contract_ref!(Governed, ink::env::DefaultEnvironment);

/// A step of a contract's governance.
#[derive(Clone, Copy)]
pub enum Step {
    /// Stop new business.
    Pause,
    /// Let it go on.
    Unpause,
    /// Propose the code with this hash.
    Propose([u8; 32]),
    /// Approve it.
    Approve([u8; 32]),
    /// Set the approved code.
    Set,
    /// Drop the proposal.
    Cancel,
}

/// Takes a step for the caller, whom the registry knows as `governor`; gives the state to be stored.
///
/// # Errors
/// [`Error`].
pub fn govern(state: Governance, governor: Option<Governor>, step: Step) -> Result<Governance, Error> {
    let Governor { actor, delay } = governor.ok_or(Error::RegistryUnavailable)?;
    let by = ink::env::caller::<DefaultEnvironment>();
    let now = ink::env::block_timestamp::<DefaultEnvironment>();
    match step {
        Step::Pause | Step::Unpause => {
            let next = state.set_paused(&actor, matches!(step, Step::Pause))?;
            match (state.paused, next.paused) {
                (false, true) => ink::env::emit_event::<DefaultEnvironment, _>(Paused { by }),
                (true, false) => ink::env::emit_event::<DefaultEnvironment, _>(Unpaused { by }),
                _ => {}
            }
            Ok(next)
        }
        Step::Propose(code_hash) => {
            let next = state.propose(&actor, code_hash, now)?;
            ink::env::emit_event::<DefaultEnvironment, _>(CodeProposed { code_hash });
            Ok(next)
        }
        Step::Approve(code_hash) => {
            let next = state.approve(&actor, code_hash, delay, now)?;
            if let Some(CodeProposal { approved_by: Some(by), ready_at, .. }) = next.proposal {
                ink::env::emit_event::<DefaultEnvironment, _>(CodeApproved { code_hash, by, ready_at });
            }
            Ok(next)
        }
        Step::Set => {
            let (next, code_hash) = state.take(&actor, now)?;
            ink::env::set_code_hash::<DefaultEnvironment>(&code_hash.into())
                .map_err(|_| Error::UnknownCode { code_hash })?;
            ink::env::emit_event::<DefaultEnvironment, _>(CodeReplaced { code_hash });
            Ok(next)
        }
        Step::Cancel => {
            let (next, code_hash) = state.cancel(&actor)?;
            ink::env::emit_event::<DefaultEnvironment, _>(CodeCancelled { code_hash, by });
            Ok(next)
        }
    }
}
