//! The two primitives that the rules need, so that contracts use the chain's and tests use a library's.

use crate::ids::{PublicKey, Signature};

/// Hashing and signature checks.
pub trait Crypto {
    /// BLAKE2b-256.
    fn blake2b_256(bytes: &[u8]) -> [u8; 32];
    /// Does `signature` over `message` verify with `key`: sr25519, context `substrate`?
    fn sr25519_verify(signature: &Signature, message: &[u8], key: &PublicKey) -> bool;
}

/// The primitives from libraries, off chain.
#[cfg(feature = "std")]
pub struct Native;

#[cfg(feature = "std")]
impl Crypto for Native {
    fn blake2b_256(bytes: &[u8]) -> [u8; 32] {
        use blake2::{digest::consts::U32, Blake2b, Digest};
        Blake2b::<U32>::digest(bytes).into()
    }

    fn sr25519_verify(signature: &Signature, message: &[u8], key: &PublicKey) -> bool {
        let (Ok(key), Ok(signature)) =
            (schnorrkel::PublicKey::from_bytes(key), schnorrkel::Signature::from_bytes(signature))
        else {
            return false;
        };
        key.verify_simple(b"substrate", message, &signature).is_ok()
    }
}
