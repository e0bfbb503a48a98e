//! The ledger: digital accounts, an amount per owner and issuing bank.

use crate::{AccountId, Balance};
pub use amanah_domain::ledger::{Owner, Supply, Withdrawal, WithdrawalStatus};
use amanah_domain::{
    ids::{ParticipantId, Reference, WithdrawalId},
    money::AmountError,
    wire,
};

wire! {
    /// Why the ledger refuses.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The caller may not do this.
        NotAllowed,
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
        /// The withdrawal has ended.
        WithdrawalEnded {
            /// How it stands.
            status: WithdrawalStatus,
        },
        /// What is stored cannot be read: the contract is broken, please report it.
        Corrupted,
    }
}

impl From<AmountError> for Error {
    fn from(error: AmountError) -> Self {
        Error::Amount(error)
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

    /// A bank issues its own money to somebody. Each of its references is used once.
    ///
    /// # Errors
    /// `NotAllowed` (no active Bank), `UnknownOwner`, `NotInGoodStanding`, `Amount`, `ReferenceUsed`,
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
    /// allowance that may be in use, prefer `increase_allowance` and `decrease_allowance`.
    ///
    /// # Errors
    /// `UnknownOwner`, `NotInGoodStanding`, `Amount`, `RegistryUnavailable`.
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
    /// As `approve`; `Allowance` when less than `by` is allowed.
    ///
    /// # Events
    /// `Approved`.
    #[ink(message)]
    fn decrease_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error>;

    /// Moves `from`'s money to `to`, within what `from` allows the caller.
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
    /// withdrawal's number. The amount leaves the balance and waits. Active participants.
    ///
    /// # Errors
    /// `UnknownOwner`, `NotInGoodStanding`, `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalRequested`.
    #[ink(message)]
    fn request_withdrawal(&mut self, issuer: ParticipantId, amount: Balance) -> Result<WithdrawalId, Error>;

    /// The bank has paid a withdrawal out: its money is burnt. The bank that issued it, each reference once.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownWithdrawal`, `WithdrawalEnded`, `ReferenceUsed`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `WithdrawalSettled`.
    #[ink(message)]
    fn settle_withdrawal(&mut self, withdrawal: WithdrawalId, reference: Reference) -> Result<(), Error>;

    /// What `spender` may take of `owner`'s money. Anyone may ask.
    #[ink(message)]
    fn allowance(&self, owner: AccountId, spender: AccountId, issuer: ParticipantId) -> Balance;

    /// What a bank has issued, settled, and owes to open withdrawals. Anyone may ask.
    #[ink(message)]
    fn supply(&self, issuer: ParticipantId) -> Supply;

    /// A bank's money in circulation, open withdrawals included: issued - settled. Anyone may ask.
    #[ink(message)]
    fn total_supply(&self, issuer: ParticipantId) -> Balance;

    /// A withdrawal. Anyone may ask.
    #[ink(message)]
    fn withdrawal(&self, id: WithdrawalId) -> Option<Withdrawal>;

    /// Marks a contract as one of the suite, so that it may hold money for others, or takes the mark away. The
    /// administrator of the registry.
    ///
    /// # Errors
    /// `NotAllowed`, `RegistryUnavailable`.
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
