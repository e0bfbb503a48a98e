//! Identity commitments, made by the registrar: the key never leaves it, so nobody else can try numbers.

use crate::ids::IdentityCommitment;
use hmac::{digest::KeyInit, Hmac, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

/// Marks an identity commitment.
const TAG: &[u8] = b"amanah-identity\0";

/// What kind of number names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberType {
    /// A national identity number (NIK).
    National = 0,
    /// A passport.
    Passport = 1,
    /// An organisation's registration or licence.
    Organisation = 2,
}

/// `HMAC-SHA256(key, "amanah-identity\0" | number type u8 | number)`, the number in normal form: NFKC, without white
/// space, in upper case.
pub fn commitment(key: &[u8; 32], kind: NumberType, number: &str) -> IdentityCommitment {
    let normal: String = number.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    // HMAC fills a short key up with zeros; done here, its length is the block's and nothing can fail.
    let mut block = [0u8; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(TAG);
    mac.update(&[kind as u8]);
    mac.update(normal.as_bytes());
    mac.finalize().into_bytes().into()
}

/// Is this a well-formed Indonesian identity number (NIK): sixteen digits?
///
/// The date of birth inside is not judged: numbers were issued whose date is wrong, and their holders are real.
pub fn is_nik(number: &str) -> bool {
    number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [9; 32];

    #[test]
    fn the_same_number_written_differently_is_the_same_identity() {
        let plain = commitment(&KEY, NumberType::National, "AB123456");
        assert_eq!(plain, commitment(&KEY, NumberType::National, " ab 123456 "));
        assert_eq!(plain, commitment(&KEY, NumberType::National, "\u{ff21}\u{ff22}123456"), "full-width letters");
    }

    #[test]
    fn another_key_type_or_number_is_another_identity() {
        let plain = commitment(&KEY, NumberType::National, "123456");
        assert_ne!(plain, commitment(&[8; 32], NumberType::National, "123456"));
        assert_ne!(plain, commitment(&KEY, NumberType::Passport, "123456"));
        assert_ne!(plain, commitment(&KEY, NumberType::National, "123457"));
    }

    #[test]
    fn a_nik_is_sixteen_ascii_digits() {
        assert!(is_nik("1203114902683264"));
        for wrong in ["", "12AB", "120311490268326", "12031149026832644", "12031149026832x4", "\u{ff11}03114902683264"]
        {
            assert!(!is_nik(wrong), "{wrong}");
        }
    }
}
