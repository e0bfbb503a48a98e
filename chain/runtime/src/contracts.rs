//! pallet-contracts as substrate-contracts-node 0.42.0 has it: limits, deposits, code size, what contracts may call.

use crate::{
    consortium::MayDeploy, Balance, Balances, BalancesCall, RandomnessCollectiveFlip, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeHoldReason, Timestamp, MILLIUNIT,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, Contains},
};
use sp_runtime::Perbill;

/// Contracts may send the chain's token by the runtime's own call, and nothing else.
pub enum AllowBalancesCall {}

impl Contains<RuntimeCall> for AllowBalancesCall {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::Balances(BalancesCall::transfer_allow_death { .. }))
    }
}

/// What storing this many items and bytes holds back: 0.1 UNIT an item, 0.000005 UNIT a byte.
const fn deposit(items: u32, bytes: u32) -> Balance {
    (items as Balance * 1_000 * MILLIUNIT + (bytes as Balance) * (5 * MILLIUNIT / 100)) / 10
}

fn schedule() -> pallet_contracts::Schedule<Runtime> {
    pallet_contracts::Schedule {
        limits: pallet_contracts::Limits {
            runtime_memory: 1024 * 1024 * 1024,
            validator_runtime_memory: 1024 * 1024 * 1024 * 2,
            ..Default::default()
        },
        ..Default::default()
    }
}

parameter_types! {
    pub const DepositPerItem: Balance = deposit(1, 0);
    pub const DepositPerByte: Balance = deposit(0, 1);
    pub Schedule: pallet_contracts::Schedule<Runtime> = schedule();
    pub const DefaultDepositLimit: Balance = deposit(1024, 1024 * 1024);
    pub const CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(0);
}

impl pallet_contracts::Config for Runtime {
    type Time = Timestamp;
    type Randomness = RandomnessCollectiveFlip;
    type Currency = Balances;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type RuntimeHoldReason = RuntimeHoldReason;
    type CallFilter = AllowBalancesCall;
    type DepositPerItem = DepositPerItem;
    type DepositPerByte = DepositPerByte;
    type CallStack = [pallet_contracts::Frame<Self>; 23];
    type WeightPrice = pallet_transaction_payment::Pallet<Self>;
    type WeightInfo = pallet_contracts::weights::SubstrateWeight<Self>;
    type ChainExtension = ();
    type Schedule = Schedule;
    type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
    type MaxCodeLen = ConstU32<{ 256 * 1024 }>;
    type DefaultDepositLimit = DefaultDepositLimit;
    type MaxStorageKeyLen = ConstU32<128>;
    type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
    type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
    type UnsafeUnstableInterface = ConstBool<true>;
    type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
    type MaxDelegateDependencies = ConstU32<32>;
    type UploadOrigin = MayDeploy;
    type InstantiateOrigin = MayDeploy;
    type Environment = ();
    type Debug = ();
    type ApiVersion = ();
    type Migrations = ();
    type Xcm = ();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of substrate-contracts-node 0.42.0, whose token has 12 decimals.
    #[test]
    fn deposits_are_those_of_substrate_contracts_node() {
        assert_eq!(DepositPerItem::get(), 100_000_000_000);
        assert_eq!(DepositPerByte::get(), 5_000_000);
        assert_eq!(DefaultDepositLimit::get(), 102_400_000_000_000 + 5_242_880_000_000);
    }
}
