//! Where values are read and written in tests, without a chain.

use amanah_client::abi::Scope;
use amanah_domain::{ids::Account, time::Millis};

/// A money with two decimals, a clock, and `sari`, whose account is [7; 32].
pub struct Town;

impl Scope for Town {
    fn decimals(&self) -> u8 {
        2
    }

    fn now(&self) -> Result<Millis, String> {
        Ok(1_800_000_000_000)
    }

    fn account(&self, name: &str) -> Option<Account> {
        (name == "sari").then_some([7; 32])
    }
}
