//! The traits by which pallet-contracts 38 hands a contract's XCM to a runtime, and `()`, which takes none.
//!
//! The published crate of this name has them beside all that a parachain builds XCM from, which takes minutes to compile. Why the
//! runtime does without is told in `docs/adr/0017-without-xcm.md`. Names and signatures are those that pallet-contracts 38.0.0
//! calls in `src/wasm/runtime.rs`, `xcm_execute` and `xcm_send`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::boxed::Box;
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, WithPostDispatchInfo},
    pallet_prelude::DispatchError,
    weights::Weight,
};
use staging_xcm::{latest::XcmHash, VersionedLocation, VersionedXcm};

/// What a contract that executes or sends XCM is told.
pub const NONE: DispatchError = DispatchError::Other("this chain has no XCM");

/// Takes all XCM of contracts. `Timeout` is for queries, which pallet-contracts does not make.
pub trait Controller<Origin, RuntimeCall, Timeout>:
    ExecuteController<Origin, RuntimeCall> + SendController<Origin>
{
}

impl<T, Origin, RuntimeCall, Timeout> Controller<Origin, RuntimeCall, Timeout> for T where
    T: ExecuteController<Origin, RuntimeCall> + SendController<Origin>
{
}

/// Executes XCM on this chain.
pub trait ExecuteController<Origin, RuntimeCall> {
    type WeightInfo: ExecuteControllerWeightInfo;

    /// Gives the weight that was consumed.
    ///
    /// # Errors
    /// When the message was not executed.
    fn execute(
        origin: Origin,
        message: Box<VersionedXcm<RuntimeCall>>,
        max_weight: Weight,
    ) -> Result<Weight, DispatchErrorWithPostInfo>;
}

/// What [`ExecuteController::execute`] costs besides what it executes.
pub trait ExecuteControllerWeightInfo {
    fn execute() -> Weight;
}

/// Sends XCM to another chain.
pub trait SendController<Origin> {
    type WeightInfo: SendControllerWeightInfo;

    /// Gives the message's hash.
    ///
    /// # Errors
    /// When the message was not sent.
    fn send(
        origin: Origin,
        dest: Box<VersionedLocation>,
        message: Box<VersionedXcm<()>>,
    ) -> Result<XcmHash, DispatchError>;
}

/// What [`SendController::send`] costs.
pub trait SendControllerWeightInfo {
    fn send() -> Weight;
}

impl<Origin, RuntimeCall> ExecuteController<Origin, RuntimeCall> for () {
    type WeightInfo = ();

    fn execute(_: Origin, _: Box<VersionedXcm<RuntimeCall>>, _: Weight) -> Result<Weight, DispatchErrorWithPostInfo> {
        Err(NONE.with_weight(Weight::zero()))
    }
}

impl ExecuteControllerWeightInfo for () {
    fn execute() -> Weight {
        Weight::zero()
    }
}

impl<Origin> SendController<Origin> for () {
    type WeightInfo = ();

    fn send(_: Origin, _: Box<VersionedLocation>, _: Box<VersionedXcm<()>>) -> Result<XcmHash, DispatchError> {
        Err(NONE)
    }
}

impl SendControllerWeightInfo for () {
    fn send() -> Weight {
        Weight::zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use staging_xcm::latest::{Location, Xcm};

    #[test]
    fn nothing_is_executed_and_nothing_is_said_to_be_sent() {
        let message = Box::new(VersionedXcm::V4(Xcm(Vec::new())));
        let executed = <() as ExecuteController<(), ()>>::execute((), message.clone(), Weight::MAX);
        assert_eq!(executed.map_err(|refused| refused.error), Err(NONE));
        let there = Box::new(VersionedLocation::V4(Location::parent()));
        assert_eq!(<() as SendController<()>>::send((), there, message), Err(NONE));
    }
}
