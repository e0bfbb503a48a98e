//! Records are encrypted before they reach the store: it holds codes and phone numbers, but not the key to them.

use crate::{code::fill, error::Error};
use chacha20poly1305::{
    aead::{Aead, Payload},
    KeyInit, XChaCha20Poly1305, XNonce,
};
use std::fmt;
use zeroize::Zeroizing;

/// Length of a nonce: long enough to be drawn at random for every record.
const NONCE: usize = 24;

/// The secret that the service's records are encrypted with (XChaCha20-Poly1305). It outlives signing keys: a store only
/// opens with the store key it was written with.
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// The key with these bytes, which must be random and secret.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh key from the operating system's random source.
    ///
    /// # Errors
    /// `NoRandomness`.
    pub fn generate() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(bytes.as_mut())?;
        Ok(Self(bytes))
    }

    /// The key's bytes, to keep them somewhere safe.
    pub fn reveal(&self) -> &[u8; 32] {
        &self.0
    }

    /// Encrypts `plain` so that it only opens in the same `context`; `None` if it is too long.
    pub(crate) fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let mut nonce = [0; NONCE];
        fill(&mut nonce)?;
        let payload = Payload { msg: plain, aad: context };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).ok();
        Ok(sealed.map(|sealed| [nonce.as_slice(), &sealed].concat()))
    }

    /// What was sealed; `None` if the key or the context is another, or the bytes were changed.
    pub(crate) fn unseal(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: context };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.as_slice().into())
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_context_only() {
        let key = StoreKey::from_bytes([1; 32]);
        let sealed = key.seal(b"one", b"secret").unwrap().unwrap();
        assert_eq!(key.unseal(b"one", &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(key.unseal(b"two", &sealed), None);
        assert_eq!(StoreKey::from_bytes([2; 32]).unseal(b"one", &sealed), None);
    }

    #[test]
    fn no_byte_of_it_can_be_changed_or_left_out() {
        let key = StoreKey::generate().unwrap();
        let sealed = key.seal(b"one", b"secret").unwrap().unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.unseal(b"one", &changed), None, "byte {at}");
            assert_eq!(key.unseal(b"one", &sealed[..at]), None, "{at} bytes");
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_to_the_same_bytes() {
        let key = StoreKey::from_bytes([1; 32]);
        assert_ne!(key.seal(b"one", b"secret").unwrap(), key.seal(b"one", b"secret").unwrap());
    }

    #[test]
    fn generated_keys_differ_and_debugging_output_hides_them() {
        let (one, two) = (StoreKey::generate().unwrap(), StoreKey::generate().unwrap());
        assert_ne!(one.reveal(), two.reveal());
        assert_eq!(format!("{one:?}"), "StoreKey(hidden)");
    }
}
