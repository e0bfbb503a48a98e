//! The rules of governing, on the runtime itself, without a node.

use super::*;
use crate::{RuntimeGenesisConfig, System, Timestamp, Utility};
use frame_support::{assert_noop, assert_ok};
use pallet_session::SessionManager;
use sp_runtime::{
    traits::{BlakeTwo256, Dispatchable, Hash as _},
    BuildStorage, DispatchError,
};

const SLOT: u64 = 6_000;

fn member(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

fn stranger() -> AccountId {
    AccountId::from([99; 32])
}

/// A chain of so many members, of whom the first have validators.
fn chain(members: u8, validators: u8) -> sp_io::TestExternalities {
    let keys = |number: u8| opaque::SessionKeys {
        aura: sp_core::sr25519::Public::from_raw([number; 32]).into(),
        grandpa: sp_core::ed25519::Public::from_raw([number; 32]).into(),
    };
    let genesis = RuntimeGenesisConfig {
        consortium: GenesisConfig { open: members == 0, slot_duration: SLOT, session_length: 10 },
        members: pallet_membership::GenesisConfig {
            members: (1..=members).map(member).collect::<Vec<_>>().try_into().expect("they are few"),
            ..Default::default()
        },
        session: pallet_session::GenesisConfig {
            keys: (1..=validators).map(|number| (member(number), member(number), keys(number))).collect(),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut chain = sp_io::TestExternalities::from(genesis.build_storage().expect("it can be built"));
    chain.execute_with(|| System::set_block_number(1));
    chain
}

fn by(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn allow() -> RuntimeCall {
    RuntimeCall::Consortium(Call::allow_deploying { who: stranger() })
}

/// Opens a motion; so many of the first members say yes, and the motion is closed after so many blocks.
fn decide(what: RuntimeCall, yes: u8, after: BlockNumber) -> DispatchResultWithPostInfo {
    let (length, weight) = (what.encoded_size() as u32, Weight::from_parts(10_000_000_000, 1 << 20));
    let number = pallet_collective::ProposalCount::<Runtime, pallet_collective::Instance1>::get();
    let hash = BlakeTwo256::hash_of(&what);
    assert_ok!(Council::propose(by(member(1)), 2, alloc::boxed::Box::new(what), length));
    for voter in 1..=yes {
        assert_ok!(Council::vote(by(member(voter)), hash, number, true));
    }
    System::set_block_number(System::block_number() + after);
    Council::close(by(member(1)), hash, number, weight, length)
}

fn may_deploy(who: AccountId) -> bool {
    MayDeploy::try_origin(by(who)).is_ok()
}

#[test]
fn two_thirds_of_the_council_decide_and_one_vote_less_does_not() {
    for (members, enough) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (10, 7)] {
        chain(members, members).execute_with(|| {
            if enough > 2 {
                assert_ok!(decide(allow(), enough - 1, 0));
                assert!(!may_deploy(stranger()), "{} of {members} have decided", enough - 1);
            }
            // A motion needs two votes to be opened for others to vote on.
            if members > 1 {
                assert_ok!(decide(allow(), enough, 0));
                assert!(may_deploy(stranger()), "{enough} of {members} are two thirds");
            }
        });
    }
}

#[test]
fn whoever_does_not_vote_until_the_motion_ends_has_said_no_even_if_the_majority_said_yes() {
    chain(5, 5).execute_with(|| {
        assert_eq!(WeekInBlocks::get(), 7 * 24 * 600);
        assert_ok!(decide(allow(), 3, WeekInBlocks::get() + 1));
        assert!(!may_deploy(stranger()));
        assert_ok!(decide(allow(), 4, WeekInBlocks::get() + 1));
        assert!(may_deploy(stranger()));
    });
}

#[test]
fn nobody_decides_alone_what_the_council_decides() {
    chain(4, 4).execute_with(|| {
        let calls = [
            allow(),
            RuntimeCall::Consortium(Call::forbid_deploying { who: member(1) }),
            RuntimeCall::Consortium(Call::authorize_upgrade { code_hash: Default::default() }),
            RuntimeCall::Members(pallet_membership::Call::add_member { who: stranger().into() }),
            RuntimeCall::Members(pallet_membership::Call::remove_member { who: member(2).into() }),
            RuntimeCall::Members(pallet_membership::Call::swap_member {
                remove: member(2).into(),
                add: stranger().into(),
            }),
            RuntimeCall::Members(pallet_membership::Call::reset_members { members: alloc::vec![member(1)] }),
            RuntimeCall::Council(pallet_collective::Call::set_members {
                new_members: alloc::vec![member(1)],
                prime: None,
                old_count: 4,
            }),
            RuntimeCall::Members(pallet_membership::Call::set_prime { who: member(1).into() }),
        ];
        for call in calls {
            for who in [member(1), stranger()] {
                assert_noop!(call.clone().dispatch(by(who.clone())), DispatchError::BadOrigin);
                // Nor by way of a batch.
                let batch = Utility::batch_all(by(who), alloc::vec![call.clone()]);
                assert_eq!(batch.map_err(|failed| failed.error), Err(DispatchError::BadOrigin));
            }
        }
        let sudo = RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: alloc::boxed::Box::new(allow()) });
        assert_noop!(sudo.dispatch(by(member(1))), pallet_sudo::Error::<Runtime>::RequireSudo);
    });
}

#[test]
fn members_and_whom_they_allow_deploy_and_on_an_open_chain_everybody() {
    chain(4, 4).execute_with(|| {
        assert!(may_deploy(member(4)) && !may_deploy(stranger()));
        assert_ok!(decide(allow(), 3, 0));
        assert!(may_deploy(stranger()));
        let decided = || RuntimeOrigin::from(pallet_collective::RawOrigin::Members(3, 4));
        assert_noop!(Consortium::allow_deploying(decided(), stranger()), Error::<Runtime>::AlreadyAllowed);
        assert_ok!(Consortium::forbid_deploying(decided(), stranger()));
        assert!(!may_deploy(stranger()));
        assert_noop!(Consortium::forbid_deploying(decided(), stranger()), Error::<Runtime>::NotAllowed);
        assert!(
            MayDeploy::try_origin(RuntimeOrigin::root()).is_err()
                && MayDeploy::try_origin(RuntimeOrigin::none()).is_err()
        );
    });
    chain(0, 0).execute_with(|| assert!(may_deploy(stranger())));
}

#[test]
fn members_with_keys_validate_and_a_set_that_would_be_empty_or_the_same_is_left_alone() {
    chain(4, 3).execute_with(|| {
        assert_eq!(Session::validators(), [member(1), member(2), member(3)], "the fourth has no keys");
        assert_eq!(Validators::new_session(2), None, "nothing has changed");
        let decided = || RuntimeOrigin::from(pallet_collective::RawOrigin::Members(3, 4));
        assert_ok!(Members::remove_member(decided(), member(2).into()));
        assert_eq!(Validators::new_session(2), Some(alloc::vec![member(1), member(3)]));
        assert_ok!(Members::reset_members(decided(), alloc::vec![member(4)]));
        assert_eq!(Validators::new_session(2), None, "nobody who is left could make a block");
    });
}

#[test]
fn a_removed_member_has_no_vote() {
    chain(4, 4).execute_with(|| {
        let decided = || RuntimeOrigin::from(pallet_collective::RawOrigin::Members(3, 4));
        assert_ok!(Members::remove_member(decided(), member(4).into()));
        let propose = Council::propose(by(member(4)), 2, alloc::boxed::Box::new(allow()), 100);
        let not_a_member = pallet_collective::Error::<Runtime, pallet_collective::Instance1>::NotMember;
        assert_eq!(propose.map_err(|failed| failed.error), Err(not_a_member.into()));
        assert!(!may_deploy(member(4)));
    });
}

#[test]
#[should_panic(expected = "Timestamp slot must match")]
fn in_a_consortium_a_blocks_time_lies_in_its_slot() {
    chain(4, 4).execute_with(|| Timestamp::set(RuntimeOrigin::none(), 10 * SLOT).map(drop).expect("it panics"));
}

#[test]
fn on_an_open_chain_time_is_what_its_node_says() {
    chain(0, 0).execute_with(|| {
        assert_ok!(Timestamp::set(RuntimeOrigin::none(), 10 * SLOT));
        assert_eq!(Timestamp::get(), 10 * SLOT);
    });
}
