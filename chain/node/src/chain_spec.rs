//! The chains that the node knows by name.

use amanah_runtime::{AccountId, Balance, WASM_BINARY};
use sc_service::{ChainType, Properties};
use sp_keyring::AccountKeyring;

/// A chain specification: a genesis state, and what wallets show of the chain.
pub type ChainSpec = sc_service::GenericChainSpec;

/// What each development account begins with, as in substrate-contracts-node: 1,152,921.5 UNIT.
const ENDOWMENT: Balance = 1 << 60;

/// The development chain: Alice to Ferdie and their stashes have tokens, Alice is sudo.
pub fn development() -> Result<ChainSpec, String> {
    Ok(ChainSpec::builder(wasm()?, None)
        .with_name("Development")
        .with_id("dev")
        .with_chain_type(ChainType::Development)
        .with_properties(properties())
        .with_protocol_id("amanah-dev")
        .with_genesis_config_patch(genesis(AccountKeyring::Alice.to_account_id()))
        .build())
}

/// The runtime that chains begin with.
pub fn wasm() -> Result<&'static [u8], String> {
    WASM_BINARY.ok_or("this node was built without its runtime's wasm; build it without SKIP_WASM_BUILD".to_owned())
}

/// What wallets show of every chain of this runtime.
pub fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "UNIT".into());
    properties.insert("tokenDecimals".into(), 12.into());
    properties.insert("ss58Format".into(), amanah_runtime::SS58Prefix::get().into());
    properties
}

fn genesis(sudo: AccountId) -> serde_json::Value {
    // The keyring's One and Two are not among substrate-contracts-node's development accounts.
    let people = AccountKeyring::iter().filter(|person| !matches!(person, AccountKeyring::One | AccountKeyring::Two));
    let balances: Vec<_> = people.map(|person| (person.to_account_id(), ENDOWMENT)).collect();
    serde_json::json!({
        "balances": { "balances": balances },
        "sudo": { "key": sudo },
        // Nobody's session ever ends, for nobody has one.
        "consortium": { "open": true, "sessionLength": u32::MAX },
    })
}
