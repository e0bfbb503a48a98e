//! The ledger: digital accounts, an amount per owner and issuing bank.

use crate::{AccountId, Balance};
pub use amanah_domain::{
    ids::AccountHash,
    ledger::{Owner, Place, Supply, Withdrawal, WithdrawalRefusal, WithdrawalStatus, WITHDRAWAL_PATIENCE},
};
use amanah_domain::{
    ids::{ParticipantId, Reference, WithdrawalId},
    money::AmountError,
    wire,
};
use ink::prelude::vec::Vec;

/// How many contracts may be marked as the suite's: each call of the ledger reads all of them.
pub const MOST_SUITE_CONTRACTS: usize = 16;

wire! {
    /// Why the ledger refuses.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The caller may not do this.
        NotAllowed,
        /// The contract is paused: no new business.
        Paused,
        /// The registry does not answer, so the answer is no.
        RegistryUnavailable,
        /// Nobody is registered under this account, and it is no contract of the suite.
        UnknownOwner {
            /// The account.
            account: AccountId,
        },
        /// The participant's standing does not let it send or receive money.
        NotInGoodStanding {
            /// The participant.
            participant: ParticipantId,
        },
        /// There is less than is to move, nothing is to move, or it is too much to count.
        Amount(AmountError),
        /// The owner allows less.
        Allowance {
            /// What is allowed.
            allowed: Balance,
            /// What was asked for.
            wanted: Balance,
        },
        /// The bank has used this reference already.
        ReferenceUsed,
        /// There is no such withdrawal.
        UnknownWithdrawal {
            /// The number.
            withdrawal: WithdrawalId,
        },
        /// The withdrawal has ended, has not ended yet, or its bank still has time.
        Withdrawal(WithdrawalRefusal),
        /// What is stored cannot be read: the contract is broken, please report it.
        Corrupted,
        /// The bank has linked this ordinary account already.
        AlreadyLinked {
            /// Whose it is.
            owner: ParticipantId,
        },
        /// The bank has not linked this ordinary account to this owner.
        NotLinked,
        /// As many contracts as there may be are marked as the suite's: 16. Take a mark away first.
        SuiteFull,
    }
}

impl From<AmountError> for Error {
    fn from(error: AmountError) -> Self {
        Error::Amount(error)
    }
}

impl From<WithdrawalRefusal> for Error {
    fn from(error: WithdrawalRefusal) -> Self {
        Error::Withdrawal(error)
    }
}

/// A bank issued money.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The bank.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// Who got it.
    #[ink(topic)]
    pub to: Owner,
    /// How much.
    pub amount: Balance,
    /// The bank's reference.
    pub reference: Reference,
}

/// Money moved.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transferred {
    /// From whom.
    #[ink(topic)]
    pub from: Owner,
    /// To whom.
    #[ink(topic)]
    pub to: Owner,
    /// Whose money: the issuing bank.
    pub issuer: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// An owner allowed a spender so much.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// The owner.
    #[ink(topic)]
    pub owner: Owner,
    /// The spender.
    #[ink(topic)]
    pub spender: Owner,
    /// Whose money.
    pub issuer: ParticipantId,
    /// What is allowed now.
    pub allowed: Balance,
}

/// An owner asked its bank to pay out.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalRequested {
    /// The withdrawal.
    #[ink(topic)]
    pub withdrawal: WithdrawalId,
    /// The bank.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// The owner.
    pub owner: ParticipantId,
    /// How much.
    pub amount: Balance,
    /// Which linked account is to be paid, if the owner named one.
    pub to: Option<AccountHash>,
}

/// A bank paid out; the money is burnt.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalSettled {
    /// The withdrawal.
    #[ink(topic)]
    pub withdrawal: WithdrawalId,
    /// The bank.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// How much was burnt.
    pub amount: Balance,
    /// The bank's reference.
    pub reference: Reference,
}

/// A bank refused to pay out; the money is the owner's again.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalRejected {
    /// The withdrawal.
    #[ink(topic)]
    pub withdrawal: WithdrawalId,
    /// The bank.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// The owner.
    pub owner: ParticipantId,
    /// How much went back.
    pub amount: Balance,
    /// The reason's code.
    pub reason: u16,
}

/// An owner took back what its bank neither paid nor refused in time.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalCancelled {
    /// The withdrawal.
    #[ink(topic)]
    pub withdrawal: WithdrawalId,
    /// The bank.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// The owner.
    pub owner: ParticipantId,
    /// How much went back.
    pub amount: Balance,
}

/// The record of an ended withdrawal was removed.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalCleared {
    /// The withdrawal.
    #[ink(topic)]
    pub withdrawal: WithdrawalId,
}

/// A bank linked a digital account with an ordinary one.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLinked {
    /// The owner.
    #[ink(topic)]
    pub owner: ParticipantId,
    /// The bank.
    #[ink(topic)]
    pub bank: ParticipantId,
    /// The ordinary account, as the bank's keyed hash.
    pub account_hash: AccountHash,
}

/// A bank took a link between a digital account and an ordinary one away.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountUnlinked {
    /// The owner.
    #[ink(topic)]
    pub owner: ParticipantId,
    /// The bank.
    #[ink(topic)]
    pub bank: ParticipantId,
    /// The ordinary account, as the bank's keyed hash.
    pub account_hash: AccountHash,
}

/// The administrator marked a contract as one of the suite, or took the mark away.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteContractSet {
    /// The contract.
    #[ink(topic)]
    pub contract: AccountId,
    /// Is it marked now?
    pub marked: bool,
}

/// Digital accounts: money of several banks, told apart by the bank that issued it, convertible in both directions.
///
/// Per bank, at all times: sum of balances + open withdrawals = issued - settled.
#[ink::trait_definition]
pub trait Ledger {
    /// What `account` owns of the money that bank number `issuer` issued. Anyone may ask.
    #[ink(message)]
    fn balance_of(&self, account: AccountId, issuer: ParticipantId) -> Balance;

    /// A bank issues its own money to somebody. Each of its references is used once. A suspended bank issues nothing, and
    /// the money that it has issued still moves between others.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (no active Bank), `UnknownOwner`, `NotInGoodStanding`, `Amount`, `ReferenceUsed`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `Issued`.
    #[ink(message)]
    fn issue(&mut self, to: AccountId, amount: Balance, reference: Reference) -> Result<(), Error>;

    /// Moves the caller's own money. Active participants and the suite's contracts may send; suspended ones may receive.
    ///
    /// # Errors
    /// `UnknownOwner`, `NotInGoodStanding`, `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Transferred`.
    #[ink(message)]
    fn transfer(&mut self, to: AccountId, issuer: ParticipantId, amount: Balance) -> Result<(), Error>;

    /// Lets `spender` take up to `amount` of the caller's money, instead of what was allowed before. To change an
    /// allowance that may be in use, prefer `increase_allowance` and `decrease_allowance`. An allowance of 0 is not stored:
    /// its deposit goes back to who signs the transaction that takes it there. Active participants and the suite's contracts;
    /// a suspended participant, and anyone while the ledger is paused, may let only contracts of the suite take something, so
    /// that loans can be repaid.
    ///
    /// # Errors
    /// `Paused`, `UnknownOwner`, `NotInGoodStanding`, `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Approved`.
    #[ink(message)]
    fn approve(&mut self, spender: AccountId, issuer: ParticipantId, amount: Balance) -> Result<(), Error>;

    /// Lets `spender` take `by` more of the caller's money.
    ///
    /// # Errors
    /// As `approve`.
    ///
    /// # Events
    /// `Approved`.
    #[ink(message)]
    fn increase_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error>;

    /// Lets `spender` take `by` less of the caller's money.
    ///
    /// # Errors
    /// `UnknownOwner`, `NotInGoodStanding`, `Amount`, `Allowance` when less than `by` is allowed, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Approved`.
    #[ink(message)]
    fn decrease_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error>;

    /// Moves `from`'s money to `to`, within what `from` allows the caller. From a suspended participant only contracts of the
    /// suite take something.
    ///
    /// # Errors
    /// `UnknownOwner`, `NotInGoodStanding`, `Amount`, `Allowance`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Transferred`.
    #[ink(message)]
    fn transfer_from(
        &mut self,
        from: AccountId,
        to: AccountId,
        issuer: ParticipantId,
        amount: Balance,
    ) -> Result<(), Error>;

    /// Asks the bank that issued the caller's money to pay `amount` out to an ordinary account; answers with the
    /// withdrawal's number. `to`: which of the accounts that the bank has linked with the caller's is to be paid; none
    /// leaves that to the bank. The amount leaves the balance and waits. Active participants.
    ///
    /// # Errors
    /// `UnknownOwner`, `NotInGoodStanding`, `Amount`, `NotLinked`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalRequested`.
    #[ink(message)]
    fn request_withdrawal(
        &mut self,
        issuer: ParticipantId,
        amount: Balance,
        to: Option<AccountHash>,
    ) -> Result<WithdrawalId, Error>;

    /// The bank has paid a withdrawal out: its money is burnt. The bank that issued it, each reference once. From seven days
    /// after the request on, a withdrawal may be cancelled at any moment: a bank that is late settles here before it pays.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownWithdrawal`, `Withdrawal` (`Ended`), `ReferenceUsed`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalSettled`.
    #[ink(message)]
    fn settle_withdrawal(&mut self, withdrawal: WithdrawalId, reference: Reference) -> Result<(), Error>;

    /// The bank does not pay a withdrawal out, for a reason that the code says: the amount goes back to the owner's balance,
    /// however the owner stands. The bank that issued it.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownWithdrawal`, `Withdrawal` (`Ended`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalRejected`.
    #[ink(message)]
    fn reject_withdrawal(&mut self, withdrawal: WithdrawalId, reason: u16) -> Result<(), Error>;

    /// Takes back what lies unsettled for seven days since the request. The owner, from its present account, also while it
    /// is suspended: the money comes back, and nothing leaves.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownWithdrawal`, `Withdrawal` (`Ended`, `TooEarly`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalCancelled`.
    #[ink(message)]
    fn cancel_withdrawal(&mut self, withdrawal: WithdrawalId) -> Result<(), Error>;

    /// Removes the record of an ended withdrawal; the deposit for its storage goes back to the caller. The owner, from its
    /// present account, however it stands.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownWithdrawal`, `Withdrawal` (`StillOpen`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalCleared`.
    #[ink(message)]
    fn clear_withdrawal(&mut self, withdrawal: WithdrawalId) -> Result<(), Error>;

    /// Links a participant's digital account with an ordinary account at the calling bank. An ordinary account belongs to one
    /// owner; an owner may have several. A Bank, for accounts that it keeps.
    ///
    /// `account_hash`: HMAC-SHA256 of the ordinary account's number under a key that stays with the bank. Never a plain
    /// hash: account numbers can be tried one by one, and everything here can be read by everybody.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (no active Bank), `UnknownOwner` (nobody's account, or a contract's), `NotInGoodStanding`,
    /// `AlreadyLinked`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `AccountLinked`.
    #[ink(message)]
    fn link_account(&mut self, owner: AccountId, account_hash: AccountHash) -> Result<(), Error>;

    /// Takes a link away, however its owner stands. Open withdrawals to that account stay: the bank settles or rejects them.
    /// The bank that linked it.
    ///
    /// # Errors
    /// `NotAllowed` (no active Bank), `UnknownOwner`, `NotLinked`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `AccountUnlinked`.
    #[ink(message)]
    fn unlink_account(&mut self, owner: AccountId, account_hash: AccountHash) -> Result<(), Error>;

    /// What an owner has, by issuing bank, in the order in which it first held each bank's money: at most `limit` (50) from
    /// position `start` (0 is the first). A bank whose money is all spent stays in the list, with 0. Anyone may ask.
    #[ink(message)]
    fn account(&self, owner: AccountId, start: u32, limit: u32) -> Vec<(ParticipantId, Balance)>;

    /// The ordinary accounts linked with an owner's digital account, each with its bank: at most `limit` (50) from position
    /// `start` (0 is the first). When one is unlinked, the last takes its position. Anyone may ask.
    #[ink(message)]
    fn links(&self, owner: AccountId, start: u32, limit: u32) -> Vec<(ParticipantId, AccountHash)>;

    /// The owner that a bank has linked an ordinary account with. Anyone may ask.
    #[ink(message)]
    fn linked_owner(&self, bank: ParticipantId, account_hash: AccountHash) -> Option<ParticipantId>;

    /// An owner's withdrawals that are not cleared, newest first: at most `limit` (50), beginning with `start`, or with the
    /// newest if none is given. To go on, start with the last one's `of_owner.older`. Anyone may ask.
    #[ink(message)]
    fn withdrawals_of(
        &self,
        owner: AccountId,
        start: Option<WithdrawalId>,
        limit: u32,
    ) -> Vec<(WithdrawalId, Withdrawal)>;

    /// The withdrawals that wait for a bank, oldest first: at most `limit` (50), beginning with `start`, or with the oldest
    /// if none is given. To go on, start with the last one's `on_desk.newer`; if that has ended meanwhile the page is empty,
    /// and the list is to be read from its beginning. Anyone may ask.
    #[ink(message)]
    fn open_withdrawals(
        &self,
        issuer: ParticipantId,
        start: Option<WithdrawalId>,
        limit: u32,
    ) -> Vec<(WithdrawalId, Withdrawal)>;

    /// What `spender` may take of `owner`'s money. Anyone may ask.
    #[ink(message)]
    fn allowance(&self, owner: AccountId, spender: AccountId, issuer: ParticipantId) -> Balance;

    /// What a bank has issued, settled, and owes to open withdrawals. Anyone may ask.
    #[ink(message)]
    fn supply(&self, issuer: ParticipantId) -> Supply;

    /// A bank's money in circulation, open withdrawals included: issued - settled. Anyone may ask.
    #[ink(message)]
    fn total_supply(&self, issuer: ParticipantId) -> Balance;

    /// A withdrawal, until it is cleared. Anyone may ask.
    #[ink(message)]
    fn withdrawal(&self, id: WithdrawalId) -> Option<Withdrawal>;

    /// Marks a contract as one of the suite, so that it may hold money for others, or takes the mark away; at most 16 are
    /// marked. The administrator of the registry.
    ///
    /// # Errors
    /// `NotAllowed`, `SuiteFull`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `SuiteContractSet`, if it changed.
    #[ink(message)]
    fn set_suite_contract(&mut self, contract: AccountId, marked: bool) -> Result<(), Error>;

    /// Is this account a contract of the suite? Anyone may ask.
    #[ink(message)]
    fn is_suite_contract(&self, contract: AccountId) -> bool;

    /// The version of this contract's code. Anyone may ask.
    #[ink(message)]
    fn version(&self) -> u32;
}

/// How contracts keep the ledger's address and call it.
pub type LedgerRef = ink::contract_ref!(Ledger, ink::env::DefaultEnvironment);

/// Why no money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmoved {
    /// The ledger does not answer, so the answer is no.
    Unavailable,
    /// The ledger refuses.
    Refused(Error),
}

type Answer = Result<ink::MessageResult<Result<(), Error>>, ink::env::Error>;

fn moved(answer: Answer) -> Result<(), Unmoved> {
    match answer {
        Ok(Ok(answer)) => answer.map_err(Unmoved::Refused),
        _ => Err(Unmoved::Unavailable),
    }
}

/// Pays out of what the calling contract holds.
///
/// # Errors
/// [`Unmoved`].
pub fn transfer(ledger: &mut LedgerRef, to: AccountId, issuer: ParticipantId, amount: Balance) -> Result<(), Unmoved> {
    use ink::codegen::TraitCallBuilder;
    moved(ledger.call_mut().transfer(to, issuer, amount).try_invoke())
}

/// Moves somebody's money, within what it lets the calling contract take.
///
/// # Errors
/// [`Unmoved`].
pub fn transfer_from(
    ledger: &mut LedgerRef,
    from: AccountId,
    to: AccountId,
    issuer: ParticipantId,
    amount: Balance,
) -> Result<(), Unmoved> {
    use ink::codegen::TraitCallBuilder;
    moved(ledger.call_mut().transfer_from(from, to, issuer, amount).try_invoke())
}
