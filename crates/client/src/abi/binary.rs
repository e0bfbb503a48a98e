//! Accounts, hashes, signatures and content ids.

use super::Scope;
use amanah_domain::ids::Account;
use cid::Cid;
use ink_sandbox::{AccountId32, Ss58Codec};

/// The bytes of a content id as the contracts keep it: CIDv1 with a hash of 32 bytes.
pub(super) const CID_BYTES: usize = 36;

/// An account: `0x` and 64 hex digits, SS58, or a name that the scope knows.
pub(super) fn read_account(text: &str, scope: &dyn Scope) -> Option<Account> {
    if text.starts_with("0x") {
        return read_hex(text, 32)?.try_into().ok();
    }
    let address = AccountId32::from_ss58check(text).ok();
    address.map(Into::into).or_else(|| scope.account(text))
}

/// `0x` and two hex digits for each of exactly `length` bytes.
pub(super) fn read_hex(text: &str, length: usize) -> Option<Vec<u8>> {
    let bytes = hex::decode(text.strip_prefix("0x")?).ok()?;
    (bytes.len() == length).then_some(bytes)
}

/// Bytes as [`read_hex`] reads them.
pub(super) fn write_hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// A content id: CIDv1, or its 36 bytes in hex.
pub(super) fn read_cid(text: &str) -> Option<Vec<u8>> {
    if text.starts_with("0x") {
        return read_hex(text, CID_BYTES);
    }
    let bytes = Cid::try_from(text).ok()?.to_bytes();
    (bytes.len() == CID_BYTES).then_some(bytes)
}

/// A content id as CIDv1; in hex if the bytes are none.
pub(super) fn write_cid(bytes: &[u8]) -> String {
    // What is read again from the text must be the same bytes.
    let text = Cid::try_from(bytes).ok().map(|cid| cid.to_string());
    text.filter(|text| read_cid(text).as_deref() == Some(bytes)).unwrap_or_else(|| write_hex(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_id_is_read_as_text_and_as_bytes_and_written_as_text() {
        let text = "bafkreidgvpkjawlxz6sffxzwgooowe5yt7i6wsyg236mfoks77nywkptdq";
        let bytes = read_cid(text).unwrap();
        assert_eq!(bytes[..4], [1, 0x55, 0x12, 32]);
        assert_eq!(write_cid(&bytes), text);
        assert_eq!(read_cid(&write_hex(&bytes)), Some(bytes));
        assert_eq!(write_cid(&[7; 36]), write_hex(&[7; 36]), "what is no content id");
        for wrong in ["QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG", "bafkrei", "0x00", ""] {
            assert_eq!(read_cid(wrong), None, "{wrong}");
        }
    }
}
