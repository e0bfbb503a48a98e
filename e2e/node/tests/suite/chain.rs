//! What contracts and wallets notice of the chain: the same values here and on substrate-contracts-node 0.42.0, which
//! `scripts/check-official-node` runs these tests on too.

use crate::town::{program, UNIT};
use ink_e2e::{
    subxt::{backend::legacy::LegacyRpcMethods, dynamic::constant, ext::scale_decode::DecodeAsType, Metadata},
    PolkadotConfig, TestNodeProcess,
};
use scale::Decode;

type Running = TestNodeProcess<PolkadotConfig>;

fn read<T: DecodeAsType>(node: &Running, pallet: &str, name: &str) -> T {
    let value = node.client().constants().at(&constant(pallet, name)).expect("the chain has this constant");
    value.as_type().unwrap_or_else(|error| panic!("{pallet}.{name}: {error}"))
}

/// The first number that a constant is encoded with.
fn first<T: Decode>(node: &Running, pallet: &str, name: &str) -> T {
    let value = node.client().constants().at(&constant(pallet, name)).expect("the chain has this constant");
    T::decode(&mut value.encoded()).unwrap_or_else(|error| panic!("{pallet}.{name}: {error}"))
}

#[tokio::test]
async fn prices_limits_and_extensions_are_those_of_substrate_contracts_node() {
    let node: Running = TestNodeProcess::build(program().as_os_str()).spawn().await.expect("the node starts");
    assert_eq!(read::<u128>(&node, "Balances", "ExistentialDeposit"), UNIT / 1_000);
    assert_eq!(read::<u128>(&node, "Contracts", "DepositPerItem"), UNIT / 10);
    assert_eq!(read::<u128>(&node, "Contracts", "DepositPerByte"), UNIT / 200_000);
    assert_eq!(read::<u128>(&node, "Contracts", "DefaultDepositLimit"), 1_024 * UNIT / 10 + 1_048_576 * UNIT / 200_000);
    assert_eq!(first::<u32>(&node, "Contracts", "CodeHashLockupDepositPercent"), 0);
    assert_eq!(read::<u32>(&node, "Contracts", "MaxCodeLen"), 256 * 1_024);
    assert_eq!(read::<u32>(&node, "Contracts", "MaxStorageKeyLen"), 128);
    assert_eq!(read::<u32>(&node, "Contracts", "MaxTransientStorageSize"), 1_024 * 1_024);
    assert_eq!(read::<u32>(&node, "Contracts", "MaxDelegateDependencies"), 32);
    assert_eq!(read::<u32>(&node, "Contracts", "MaxDebugBufferLen"), 2 * 1_024 * 1_024);
    assert!(read::<bool>(&node, "Contracts", "UnsafeUnstableInterface"));
    assert_eq!(read::<u16>(&node, "System", "SS58Prefix"), 42);
    assert_eq!(read::<u32>(&node, "System", "BlockHashCount"), 2_400);
    assert_eq!(read::<u64>(&node, "Timestamp", "MinimumPeriod"), 5);
    assert_eq!(read::<u8>(&node, "TransactionPayment", "OperationalFeeMultiplier"), 5);
    // The most that a block's computation may weigh follows what each block costs by itself.
    let (_base, most) = first::<(Weight, Weight)>(&node, "System", "BlockWeights");
    assert_eq!((most.ref_time, most.proof_size), (2_000_000_000_000, u64::MAX));

    let metadata = node.client().metadata();
    let extensions: Vec<_> = metadata.extrinsic().signed_extensions().iter().map(|one| one.identifier()).collect();
    assert_eq!(
        extensions,
        [
            "CheckNonZeroSender",
            "CheckSpecVersion",
            "CheckTxVersion",
            "CheckGenesis",
            "CheckMortality",
            "CheckNonce",
            "CheckWeight",
            "ChargeTransactionPayment",
        ]
    );
    let numbers: Vec<_> = ["System", "Utility", "Timestamp", "Balances", "TransactionPayment", "Sudo", "Contracts"]
        .map(|name| pallet(&metadata, name))
        .into();
    assert_eq!(numbers, [0, 2, 3, 4, 6, 7, 8]);
}

#[tokio::test]
async fn wallets_get_metadata_of_both_versions() {
    let node: Running = TestNodeProcess::build(program().as_os_str()).spawn().await.expect("the node starts");
    let rpc = LegacyRpcMethods::<PolkadotConfig>::new(node.rpc());
    let versions = rpc.state_call("Metadata_metadata_versions", None, None).await.expect("the node answers");
    assert_eq!(<Vec<u32>>::decode(&mut &versions[..]), Ok(vec![14, 15]));
    let metadata = node.client().metadata();
    for api in ["ContractsApi", "AccountNonceApi", "TransactionPaymentApi"] {
        assert!(metadata.runtime_api_trait_by_name(api).is_some(), "version 15 describes {api}");
    }
    if std::env::var_os("CONTRACTS_NODE").is_none() {
        let properties = rpc.system_properties().await.expect("the node answers");
        assert_eq!(properties["tokenSymbol"], "UNIT");
        assert_eq!(properties["tokenDecimals"], 12);
        assert_eq!(properties["ss58Format"], 42);
    }
}

#[derive(Decode)]
struct Weight {
    #[codec(compact)]
    ref_time: u64,
    #[codec(compact)]
    proof_size: u64,
}

fn pallet(metadata: &Metadata, name: &str) -> u8 {
    metadata.pallet_by_name(name).unwrap_or_else(|| panic!("the chain has no pallet {name}")).index()
}
