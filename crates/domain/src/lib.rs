//! The rules of Amanah.
//!
//! Everything that decides something lives here: who may act, how money moves, what a voucher may become, which bytes
//! are signed. Functions take the caller, the time and values, and return a new state or an error; they never read a
//! clock, a store or a random source. Contracts load, call these functions, store and emit.
//!
//! Units: amounts in the smallest unit of the issuing bank's money, times in milliseconds since 1970, shares in basis
//! points. Windows are half open: something valid until `t` is valid while `now < t`.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]

extern crate alloc;

pub mod access;
pub mod application;
pub mod bundle;
pub mod calendar;
pub mod campaign;
pub mod case;
pub mod chaincode;
pub mod challenge;
pub mod crypto;
pub mod delay;
pub mod flow;
pub mod governance;
#[cfg(feature = "std")]
pub mod identity;
pub mod ids;
pub mod layout;
pub mod ledger;
pub mod lending;
pub mod member;
pub mod merkle;
pub mod money;
pub mod oracle;
pub mod participant;
pub mod programme;
pub mod rating;
pub mod rebinding;
pub mod redemption;
pub mod roles;
pub mod roll;
pub mod shop;
pub mod signing;
pub mod time;
#[cfg(feature = "vectors")]
pub mod vectors;
pub mod voucher;

/// Derives what a value needs that goes over the wire: SCALE, and type information where metadata is made.
#[macro_export]
macro_rules! wire {
    ($item:item) => {
        #[derive(Clone, Debug, PartialEq, Eq, ::scale::Encode, ::scale::Decode)]
        #[cfg_attr(feature = "std", derive(::scale_info::TypeInfo))]
        #[cfg_attr(all(feature = "std", feature = "ink"), derive(::ink::storage::traits::StorageLayout))]
        $item
    };
}
