//! The yardstick beside the suite: a plain token in the manner of PSP22.

use amanah_client::{
    chain::{Chain, RawCall},
    Actor, Bundle,
};
use amanah_domain::ids::Account;
use anyhow::Result;
use scale::Encode;

/// Units of the token that there are.
const SUPPLY: u128 = 1 << 100;

/// The token, deployed.
pub struct Token {
    /// The contract.
    pub contract: Account,
}

impl Token {
    /// Deploys it, and gives each of these accounts a share of it.
    ///
    /// # Errors
    /// When the chain refuses.
    pub fn deploy(chain: &mut impl Chain, owners: &[Actor]) -> Result<Self> {
        let bundle = Bundle::load(&Bundle::folder().join("fixtures"), "psp22")?;
        let owner = owners.first().map(Actor::account).unwrap_or_default();
        let input = (ink::selector_bytes!("new"), SUPPLY).encode();
        let (contract, _) = chain.deploy(&owner, &bundle, input, b"peer".to_vec())?;
        let token = Self { contract };
        for other in owners {
            chain.submit(&RawCall {
                from: owner,
                to: contract,
                data: token.transfer(&other.account(), SUPPLY >> 10),
            })?;
        }
        Ok(token)
    }

    /// The data of a call that transfers so much.
    pub fn transfer(&self, to: &Account, value: u128) -> Vec<u8> {
        (ink::selector_bytes!("PSP22::transfer"), to, value, Vec::<u8>::new()).encode()
    }
}
