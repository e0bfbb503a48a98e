//! Where contracts run, and how typed messages are run there.

use crate::{Actor, Bundle};
use amanah_domain::{ids::Account, time::Millis};
use ink::env::{
    call::{
        utils::{ReturnType, Set},
        Call, CallBuilder, ExecutionInput,
    },
    DefaultEnvironment,
};
use scale::{Decode, Encode};
use std::fmt::Debug;

/// What a transaction cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Weight: picoseconds of computation.
    pub ref_time: u64,
    /// Weight: bytes of proof.
    pub proof_size: u64,
    /// Storage deposit in the chain's smallest unit: positive taken from the caller, negative given back to it.
    pub deposit: i128,
}

/// A call as bytes.
#[derive(Clone, Debug)]
pub struct RawCall {
    /// Who calls.
    pub from: Account,
    /// Which contract.
    pub to: Account,
    /// Selector and arguments, SCALE encoded.
    pub data: Vec<u8>,
}

/// An event as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEvent {
    /// Which contract emitted it.
    pub contract: Account,
    /// Its topics: the signature first.
    pub topics: Vec<[u8; 32]>,
    /// Its fields, SCALE encoded.
    pub data: Vec<u8>,
}

/// What a call did.
#[derive(Clone, Debug)]
pub struct RawOutcome {
    /// What it returned, SCALE encoded.
    pub data: Vec<u8>,
    /// Did it revert, so that nothing changed?
    pub reverted: bool,
    /// What it cost.
    pub cost: Cost,
    /// The events of the suite and of any other contract, in order; none if it reverted. A dry run may leave them out.
    pub events: Vec<RawEvent>,
}

/// Why a call did not run to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRun {
    /// The chain does not take it, or it trapped or ran out of gas. Nothing changed.
    #[error("the chain did not run the call: {0}")]
    Refused(String),
    /// Another transaction of the same account took its place in the account's order (its nonce). Nothing changed.
    #[error("another transaction of {0} was sent at the same time and took its nonce")]
    NonceTaken(String),
    /// No node answers. What was asked has not been sent.
    #[error("{0}")]
    Unreachable(String),
    /// It was sent, and it is not known whether it ran. The identical transaction can be sent again: it runs once at most. One
    /// that is signed anew for the same purpose runs beside it, and what they do is done twice.
    #[error("{0}")]
    Unsettled(String),
    /// The contract answered something that is no answer to this question.
    #[error("the contract's answer cannot be read; is its bundle the one that is deployed?")]
    Unreadable,
    /// The key of this account is not known here.
    #[error("the key of {0} is not known here")]
    NoKey(String),
}

impl NotRun {
    /// What the chain says.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(reason.into())
    }
}

/// Where contracts run.
pub trait Chain {
    /// The hash of the genesis block.
    fn genesis_hash(&self) -> [u8; 32];

    /// The time of the newest block (milliseconds).
    ///
    /// # Errors
    /// [`NotRun`] when the chain cannot be reached.
    fn now(&self) -> Result<Millis, NotRun>;

    /// Lets the chain's time pass until the newest block has at least this time (milliseconds).
    ///
    /// # Errors
    /// [`NotRun`] when the chain cannot be reached, or nobody has been admitted who could send anything.
    fn wait_until(&mut self, time: Millis) -> Result<(), NotRun>;

    /// Enables somebody to send: whoever signs needs a key that is known here, and some of the chain's token.
    ///
    /// # Errors
    /// [`NotRun`] when there is nobody to give it the token.
    fn admit(&mut self, actor: &Actor) -> Result<(), NotRun>;

    /// Uploads a bundle and instantiates it with this constructor input (selector and arguments) and salt.
    ///
    /// # Errors
    /// [`NotRun`].
    fn deploy(
        &mut self,
        from: &Account,
        bundle: &Bundle,
        input: Vec<u8>,
        salt: Vec<u8>,
    ) -> Result<(Account, Cost), NotRun>;

    /// The hash of the code that a contract runs; `None` if there is no contract.
    ///
    /// # Errors
    /// [`NotRun`] when the chain cannot be reached.
    fn code_hash(&mut self, contract: &Account) -> Result<Option<[u8; 32]>, NotRun>;

    /// Uploads a bundle's code without an instance of it, unless it is there; gives its hash.
    ///
    /// # Errors
    /// [`NotRun`] when the chain refuses the code.
    fn upload(&mut self, from: &Account, bundle: &Bundle) -> Result<[u8; 32], NotRun>;

    /// Runs a call for good.
    ///
    /// # Errors
    /// [`NotRun`] when it trapped or ran out of gas; nothing changed then.
    fn submit(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun>;

    /// Runs a call and forgets it.
    ///
    /// # Errors
    /// As [`Chain::submit`].
    fn dry_run(&mut self, call: &RawCall) -> Result<RawOutcome, NotRun>;
}

/// A typed message of one of the contracts, addressed to an instance: what [`crate::Suite`]'s builders make.
pub type Message<Arguments, Output> = CallBuilder<
    DefaultEnvironment,
    Set<Call<DefaultEnvironment>>,
    Set<ExecutionInput<Arguments>>,
    Set<ReturnType<Output>>,
>;

/// What a message did.
#[derive(Clone, Debug)]
pub struct Done<T> {
    /// What it returned.
    pub value: T,
    /// What it cost.
    pub cost: Cost,
    /// Its events.
    pub events: Vec<RawEvent>,
}

/// Why a message did nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure<E: Debug> {
    /// The contract refused, for this reason.
    #[error("refused: {error:?}")]
    Refused {
        /// The contract's error.
        error: E,
        /// What the attempt cost.
        cost: Cost,
    },
    /// The contract answered something that is no answer to this message.
    #[error("the contract's answer cannot be read; is its bundle the one that is deployed?")]
    Unreadable,
    /// The chain did not run it.
    #[error(transparent)]
    NotRun(#[from] NotRun),
}

impl<E: Debug> Failure<E> {
    /// The contract's error, if it is one.
    pub fn refusal(&self) -> Option<&E> {
        match self {
            Failure::Refused { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Sends a message for good, from an account.
///
/// # Errors
/// [`Failure`]; nothing changed then.
pub fn send<Arguments: Encode, T: Decode, E: Decode + Debug>(
    chain: &mut (impl Chain + ?Sized),
    from: &Account,
    message: Message<Arguments, Result<T, E>>,
) -> Result<Done<T>, Failure<E>> {
    let outcome = chain.submit(&raw(from, message))?;
    match decode::<Result<T, E>>(&outcome.data).ok_or(Failure::Unreadable)? {
        Ok(value) => Ok(Done { value, cost: outcome.cost, events: outcome.events }),
        Err(error) => Err(Failure::Refused { error, cost: outcome.cost }),
    }
}

/// Asks a query, without changing anything.
///
/// # Errors
/// [`NotRun`] when the contract does not answer, or its answer cannot be read.
pub fn ask<Arguments: Encode, T: Decode>(
    chain: &mut (impl Chain + ?Sized),
    message: Message<Arguments, T>,
) -> Result<T, NotRun> {
    answer(&chain.dry_run(&raw(&[0; 32], message))?)
}

/// What a query answered.
pub(crate) fn answer<T: Decode>(outcome: &RawOutcome) -> Result<T, NotRun> {
    decode(&outcome.data).ok_or(NotRun::Unreadable)
}

/// A message as bytes, from an account.
pub fn raw<Arguments: Encode, Output>(from: &Account, message: Message<Arguments, Output>) -> RawCall {
    let params = message.params();
    RawCall { from: *from, to: *params.callee().as_ref(), data: params.exec_input().encode() }
}

/// What a message returned, without ink!'s own layer around it.
pub fn decode<T: Decode>(data: &[u8]) -> Option<T> {
    ink::MessageResult::<T>::decode(&mut &*data).ok()?.ok()
}
