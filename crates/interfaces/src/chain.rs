//! The chain's hashing and signature checks, for the rules in `amanah-domain`.

use amanah_domain::{
    crypto::Crypto,
    ids::{PublicKey, Signature},
};
use ink::env::hash::{Blake2x256, CryptoHash};

/// The primitives of the chain that runs the contract.
pub struct Chain;

impl Crypto for Chain {
    fn blake2b_256(bytes: &[u8]) -> [u8; 32] {
        let mut hash = [0; 32];
        Blake2x256::hash(bytes, &mut hash);
        hash
    }

    fn sr25519_verify(signature: &Signature, message: &[u8], key: &PublicKey) -> bool {
        ink::env::sr25519_verify(signature, message, key).is_ok()
    }
}
