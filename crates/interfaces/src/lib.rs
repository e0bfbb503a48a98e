//! What the contracts of Amanah promise: one module a contract, with its trait (the messages), its error, its events and
//! its views. The traits' texts are what people read in Polkadot.js UI.
//!
//! Units everywhere: amounts in the smallest unit of the issuing bank's money, times in milliseconds since 1970.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]

pub mod chain;
pub mod governance;
pub mod ledger;
pub mod loan;
pub mod registry;
pub mod voucher;
pub mod welfare;

/// For the messages of a contract.
pub use amanah_outline::outline;

/// The accounts and balances of the chain.
pub type AccountId = <ink::env::DefaultEnvironment as ink::env::Environment>::AccountId;
/// An amount of money in the smallest unit of the issuing bank's money.
pub type Balance = <ink::env::DefaultEnvironment as ink::env::Environment>::Balance;
/// A time in milliseconds since 1970.
pub type Timestamp = <ink::env::DefaultEnvironment as ink::env::Environment>::Timestamp;

/// The most rows of a message that takes many.
pub const MOST_ROWS: u32 = 100;
/// The most items that one page of a list holds.
pub const MOST_PER_PAGE: u32 = 50;

/// May a message take so many rows?
///
/// # Errors
/// The number given, when it is more than [`MOST_ROWS`].
pub fn check_rows(given: usize) -> Result<(), u32> {
    match u32::try_from(given).unwrap_or(u32::MAX) {
        given if given > MOST_ROWS => Err(given),
        _ => Ok(()),
    }
}
