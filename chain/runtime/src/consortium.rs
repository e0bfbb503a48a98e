//! Who makes blocks, and who governs.
//!
//! A *member* is an organisation, known by its account. Each has a seat in the council; whoever of them has set session keys has a
//! validator. Two thirds of the council admit and remove members, allow others to deploy contracts, and choose the next
//! runtime. No account can do any of it alone: a consortium has no sudo key.
//!
//! In an open chain there are no members, and everybody may deploy contracts.

use crate::{
    opaque, AccountId, Aura, AuraId, BlockNumber, Consortium, Council, Members, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, Session, MAXIMUM_BLOCK_WEIGHT,
};
use alloc::vec::Vec;
use frame_support::{
    pallet_prelude::*,
    parameter_types,
    traits::{ConstBool, ConstU64, NeverEnsureOrigin, OnTimestampSet, SortedMembers},
};
use frame_system::{EnsureSigned, RawOrigin};
use sp_runtime::{
    traits::{ConvertInto, OpaqueKeys, SaturatedConversion},
    Perbill,
};
use sp_staking::SessionIndex;

/// The most members that a consortium may have.
pub const MAX_MEMBERS: u32 = 100;

/// How long a motion is open (milliseconds).
const WEEK: u64 = 7 * 24 * 60 * 60 * 1_000;

/// Two thirds of the council have said yes. Whoever says nothing has not said yes.
type TwoThirds = pallet_collective::EnsureProportionAtLeast<AccountId, pallet_collective::Instance1, 2, 3>;

pub use pallet::*;

/// What a consortium decides of its chain, beside its members.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        type RuntimeEvent: From<Event<Self>> + IsType<<Self as frame_system::Config>::RuntimeEvent>;
        /// Who decides.
        type Decided: EnsureOrigin<Self::RuntimeOrigin>;
    }

    /// Is it an open chain, for development, and no consortium?
    #[pallet::storage]
    #[pallet::getter(fn is_open)]
    pub type Open<T> = StorageValue<_, bool, ValueQuery>;

    /// How long a slot is in which one validator may make one block (milliseconds).
    #[pallet::storage]
    pub type SlotDuration<T> = StorageValue<_, u64, ValueQuery>;

    /// After how many blocks the validators may change.
    #[pallet::storage]
    pub type SessionLength<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// Who may deploy contracts beside the members.
    #[pallet::storage]
    pub type Deployers<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ()>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Is it an open chain, for development?
        pub open: bool,
        /// How long a slot is (milliseconds).
        pub slot_duration: u64,
        /// After how many blocks the validators may change.
        pub session_length: BlockNumberFor<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Open::<T>::put(self.open);
            SlotDuration::<T>::put(self.slot_duration.max(1));
            SessionLength::<T>::put(self.session_length.max(1u32.into()));
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// This account may deploy contracts from now on.
        DeployingAllowed { who: T::AccountId },
        /// This account may not deploy contracts any more.
        DeployingForbidden { who: T::AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// It may deploy contracts already.
        AlreadyAllowed,
        /// It may not deploy contracts anyway.
        NotAllowed,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Decides that the chain's next runtime is the wasm with this BLAKE2b-256 hash. Then anybody may bring it, by
        /// `system.applyAuthorizedUpgrade`; it must have the same name and a higher version.
        #[pallet::call_index(0)]
        #[pallet::weight(T::DbWeight::get().writes(1))]
        pub fn authorize_upgrade(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::Decided::ensure_origin(origin)?;
            frame_system::Pallet::<T>::authorize_upgrade(RawOrigin::Root.into(), code_hash)
        }

        /// Lets somebody who is no member upload and instantiate contracts.
        #[pallet::call_index(1)]
        #[pallet::weight(T::DbWeight::get().reads_writes(1, 1))]
        pub fn allow_deploying(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            T::Decided::ensure_origin(origin)?;
            ensure!(!Deployers::<T>::contains_key(&who), Error::<T>::AlreadyAllowed);
            Deployers::<T>::insert(&who, ());
            Self::deposit_event(Event::DeployingAllowed { who });
            Ok(())
        }

        /// Takes that back. What was deployed stays.
        #[pallet::call_index(2)]
        #[pallet::weight(T::DbWeight::get().reads_writes(1, 1))]
        pub fn forbid_deploying(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
            T::Decided::ensure_origin(origin)?;
            Deployers::<T>::take(&who).ok_or(Error::<T>::NotAllowed)?;
            Self::deposit_event(Event::DeployingForbidden { who });
            Ok(())
        }
    }
}

impl Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Decided = TwoThirds;
}

/// Who may upload and instantiate contracts: everybody in an open chain; in a consortium its members, and whom they allowed to.
pub struct MayDeploy;

impl EnsureOrigin<RuntimeOrigin> for MayDeploy {
    type Success = AccountId;

    fn try_origin(origin: RuntimeOrigin) -> Result<AccountId, RuntimeOrigin> {
        let who = EnsureSigned::<AccountId>::try_origin(origin)?;
        let may = Consortium::is_open() || Members::contains(&who) || Deployers::<Runtime>::contains_key(&who);
        may.then_some(who.clone()).ok_or_else(|| RawOrigin::Signed(who).into())
    }
}

/// Makes the members with session keys validators.
pub struct Validators;

impl pallet_session::SessionManager<AccountId> for Validators {
    /// The validators of the session after the next; `None` leaves them as they are, lest the set that finalizes gets another
    /// number for nothing, or is empty.
    fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
        let mut validators = Members::sorted_members();
        validators.retain(|member| pallet_session::NextKeys::<Runtime>::contains_key(member));
        (!validators.is_empty() && validators != Session::validators()).then_some(validators)
    }

    fn start_session(_: SessionIndex) {}

    fn end_session(_: SessionIndex) {}
}

/// Whoever has not voted when a motion ends has said no, whatever the others said.
pub struct SilenceIsNo;

impl pallet_collective::DefaultVote for SilenceIsNo {
    fn default_vote(_: Option<bool>, _: u32, _: u32, _: u32) -> bool {
        false
    }
}

/// In a consortium, a block's time must lie in the slot that its maker has. An open chain has no slots.
pub struct InItsSlot;

impl OnTimestampSet<u64> for InItsSlot {
    fn on_timestamp_set(moment: u64) {
        if !Consortium::is_open() {
            Aura::on_timestamp_set(moment);
        }
    }
}

parameter_types! {
    pub WeekInBlocks: BlockNumber = WEEK.checked_div(SlotDuration::<Runtime>::get()).unwrap_or(0).saturated_into();
    pub SlotMilliseconds: u64 = SlotDuration::<Runtime>::get();
    pub SessionBlocks: BlockNumber = SessionLength::<Runtime>::get();
    pub MaxProposalWeight: Weight = Perbill::from_percent(50) * MAXIMUM_BLOCK_WEIGHT;
}

impl pallet_membership::Config<pallet_membership::Instance1> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AddOrigin = TwoThirds;
    type RemoveOrigin = TwoThirds;
    type SwapOrigin = TwoThirds;
    type ResetOrigin = TwoThirds;
    type PrimeOrigin = NeverEnsureOrigin<()>;
    type MembershipInitialized = Council;
    type MembershipChanged = Council;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type WeightInfo = pallet_membership::weights::SubstrateWeight<Runtime>;
}

impl pallet_collective::Config<pallet_collective::Instance1> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = WeekInBlocks;
    type MaxProposals = ConstU32<100>;
    type MaxMembers = ConstU32<MAX_MEMBERS>;
    type DefaultVote = SilenceIsNo;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    type SetMembersOrigin = NeverEnsureOrigin<()>;
    type MaxProposalWeight = MaxProposalWeight;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    type MaxAuthorities = ConstU32<MAX_MEMBERS>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = SlotMilliseconds;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_MEMBERS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<SessionBlocks, ConstU32<0>>;
    type NextSessionRotation = pallet_session::PeriodicSessions<SessionBlocks, ConstU32<0>>;
    type SessionManager = Validators;
    type SessionHandler = <opaque::SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = opaque::SessionKeys;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
}

#[cfg(test)]
mod tests;
