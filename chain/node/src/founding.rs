//! Founding a consortium: its members' keys, and the chain specification that they agree on.
//!
//! The *founding file* is TOML: what the consortium decides, and a `[[member]]` for each organisation as `consortium
//! new-member` has printed it. It holds nothing secret.

use crate::{chain_spec, cli::NewMember};
use amanah_runtime::{consortium::MAX_MEMBERS, opaque::SessionKeys, AccountId, Balance};
use sc_keystore::LocalKeystore;
use sc_network::config::{MultiaddrWithPeerId, NodeKeyConfig, Secret};
use sc_service::ChainType;
use serde::{Deserialize, Serialize};
use sp_core::{
    crypto::{key_types, Ss58Codec},
    ed25519, sr25519,
};
use sp_keystore::Keystore;
use std::{
    collections::BTreeSet,
    fmt::Display,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

/// 1 UNIT in the token's smallest unit.
const UNIT: Balance = 1_000_000_000_000;
/// The shortest slot in which a block can be made and told to the others (milliseconds).
const SHORTEST_SLOT: u64 = 1_000;
/// The shortest session (blocks): in shorter ones votes do not become final before the validators change again.
const SHORTEST_SESSION: u32 = 10;

/// The founding file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Founding {
    /// What wallets call the chain.
    name: String,
    /// What its folder is called: letters, digits and hyphens.
    id: String,
    /// How long a slot is, in which one validator makes one block (milliseconds).
    #[serde(default = "six_seconds")]
    slot_duration: u64,
    /// After how many blocks admitted and removed members begin and cease to validate.
    #[serde(default = "six_hundred")]
    session_length: u32,
    /// What each member's account begins with (UNIT).
    endowment: u64,
    /// Does all of it run on one machine, to try things out?
    #[serde(default)]
    local: bool,
    #[serde(rename = "member")]
    members: Vec<Member>,
}

fn six_seconds() -> u64 {
    6_000
}

fn six_hundred() -> u32 {
    600
}

/// An organisation.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    /// What it is called; the chain does not know it.
    name: String,
    /// Its account (SS58).
    account: String,
    /// The key by which its validator makes blocks (SS58).
    aura: String,
    /// The key by which its validator finalizes them (SS58).
    grandpa: String,
    /// Where other nodes find its validator.
    address: MultiaddrWithPeerId,
}

/// Makes the keys of a member's validator, unless they are there; gives the member's part of the founding file.
pub fn new_member(of: &NewMember) -> Result<String, String> {
    let cannot = |what: &'static str| move |error: &dyn Display| format!("{what} in {}: {error}", of.folder.display());
    // The keys are nobody else's business.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&of.folder);
    made.map_err(|error| cannot("cannot make keys")(&error))?;
    let keystore =
        LocalKeystore::open(of.folder.join("keystore"), None).map_err(|error| cannot("cannot open keys")(&error))?;
    let aura = match keystore.sr25519_public_keys(key_types::AURA).first() {
        Some(key) => *key,
        None => {
            keystore.sr25519_generate_new(key_types::AURA, None).map_err(|error| cannot("cannot make keys")(&error))?
        }
    };
    let grandpa = match keystore.ed25519_public_keys(key_types::GRANDPA).first() {
        Some(key) => *key,
        None => keystore
            .ed25519_generate_new(key_types::GRANDPA, None)
            .map_err(|error| cannot("cannot make keys")(&error))?,
    };
    let node_key = NodeKeyConfig::Ed25519(Secret::File(of.folder.join("node-key")))
        .into_keypair()
        .map_err(|error| cannot("cannot make the node's key")(&error))?;
    let peer = node_key.public().to_peer_id();
    let member = Member {
        name: of.name.clone(),
        account: of.account.to_ss58check(),
        aura: aura.to_ss58check(),
        grandpa: grandpa.to_ss58check(),
        address: MultiaddrWithPeerId { multiaddr: of.address.clone(), peer_id: peer },
    };
    let toml = toml::to_string(&member).map_err(|error| error.to_string())?;
    Ok(format!("[[member]]\n{toml}"))
}

/// The chain specification that follows from a founding file.
pub fn chain_spec(file: &Path) -> Result<chain_spec::ChainSpec, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    founded(&text).map_err(|wrong| format!("{}: {wrong}", file.display()))
}

fn founded(text: &str) -> Result<chain_spec::ChainSpec, String> {
    let founding: Founding = toml::from_str(text).map_err(|error| error.to_string())?;
    if founding.id.is_empty() || !founding.id.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-') {
        return Err(format!("id is '{}'; it must be letters, digits and hyphens", founding.id));
    }
    if founding.slot_duration < SHORTEST_SLOT {
        return Err(format!(
            "slot-duration is {} ms; a block cannot be made and told in less than {SHORTEST_SLOT} ms",
            founding.slot_duration
        ));
    }
    if founding.session_length < SHORTEST_SESSION {
        return Err(format!(
            "session-length is {} blocks; it must be at least {SHORTEST_SESSION}",
            founding.session_length
        ));
    }
    if founding.members.is_empty() || founding.members.len() > MAX_MEMBERS as usize {
        return Err(format!("there are {} members; there must be 1 to {MAX_MEMBERS}", founding.members.len()));
    }
    let mut taken = BTreeSet::new();
    let (mut members, mut balances, mut keys, mut addresses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for member in founding.members {
        let of = |what: &str, value: &str| format!("the {what} of {}, {value}", member.name);
        for (what, value) in [("account", &member.account), ("aura", &member.aura), ("grandpa", &member.grandpa)] {
            if !taken.insert((what, value.clone())) {
                return Err(format!("{}, is that of another member too", of(what, value)));
            }
        }
        if !taken.insert(("address", member.address.peer_id.to_string())) {
            return Err(format!("{}, has the node key of another member", of("address", &member.address.to_string())));
        }
        let unread = |what: &str, value: &str| format!("{}, is no SS58 address", of(what, value));
        let account = AccountId::from_ss58check(&member.account).map_err(|_| unread("account", &member.account))?;
        let aura = sr25519::Public::from_ss58check(&member.aura).map_err(|_| unread("aura", &member.aura))?;
        let grandpa =
            ed25519::Public::from_ss58check(&member.grandpa).map_err(|_| unread("grandpa", &member.grandpa))?;
        balances.push((account.clone(), Balance::from(founding.endowment) * UNIT));
        keys.push((account.clone(), account.clone(), SessionKeys { aura: aura.into(), grandpa: grandpa.into() }));
        members.push(account);
        addresses.push(member.address);
    }
    Ok(chain_spec::ChainSpec::builder(chain_spec::wasm()?, None)
        .with_name(&founding.name)
        .with_id(&founding.id)
        .with_chain_type(if founding.local { ChainType::Local } else { ChainType::Live })
        .with_properties(chain_spec::properties())
        .with_protocol_id(&founding.id)
        .with_boot_nodes(addresses)
        .with_genesis_config_patch(serde_json::json!({
            "balances": { "balances": balances },
            "consortium": {
                "open": false,
                "slotDuration": founding.slot_duration,
                "sessionLength": founding.session_length,
            },
            "members": { "members": members },
            "session": { "keys": keys },
        }))
        .build())
}
