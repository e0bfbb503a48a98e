//! Golden vectors of the byte layouts: `vectors/layouts.json`, for every language that signs or checks. They were made by
//! another implementation (Python), so agreeing with them means something.

use crate::{
    chaincode::Verdict,
    crypto::{Crypto, Native},
    identity::{commitment, NumberType},
    layout::{domain_separator, roll_node, wrapped, RedemptionAttestation, RollEntry, RollHash},
    merkle::{proof, proves, root},
};
use serde::{de::Error, Deserialize, Deserializer};
use statements::{ApplicantVector, PasskeyVector, RatingVector, VerdictVector};
use std::str::FromStr;

mod statements;

/// The vectors, as JSON.
pub const LAYOUTS: &str = include_str!("../vectors/layouts.json");

/// What was checked of one vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Which layout.
    pub layout: &'static str,
    /// Which vector of it, from 1.
    pub number: usize,
    /// What was compared.
    pub what: &'static str,
    /// Does this code agree with the vector?
    pub agrees: bool,
}

/// Checks this code against vectors in the form of [`LAYOUTS`].
///
/// # Errors
/// When the JSON does not have that form.
pub fn check(json: &str) -> Result<Vec<Checked>, serde_json::Error> {
    let vectors: Vectors = serde_json::from_str(json)?;
    let mut checked = Vec::new();
    let mut note = |layout, at: usize, what, agrees| {
        checked.push(Checked { layout, number: at.saturating_add(1), what, agrees });
    };
    for (at, vector) in vectors.domain_separator.iter().enumerate() {
        let layout = "domain separator";
        let separator = domain_separator::<Native>(&vector.genesis.0, &vector.contract.0);
        note(
            layout,
            at,
            "preimage hashes to the separator",
            Native::blake2b_256(&vector.preimage.0) == vector.separator.0,
        );
        note(layout, at, "separator", separator == vector.separator.0);
    }
    for (at, vector) in vectors.wrapped.iter().enumerate() {
        let layout = "wrapped digest";
        note(layout, at, "hash", Native::blake2b_256(&vector.message.0) == vector.hash.0);
        note(layout, at, "signed bytes", wrapped::<Native>(&vector.message.0) == vector.signed.as_bytes());
    }
    let mut signed = |layout, bytes, at, message: &[u8], signed: &[u8], vector: &SignedVector| {
        let verifies = |signature: &Signature| Native::sr25519_verify(&signature.0, signed, &vector.key.0);
        note(layout, at, bytes, message == vector.message.0);
        note(layout, at, "hash", Native::blake2b_256(message) == vector.hash.0);
        note(layout, at, "signed bytes", signed == vector.signed.as_bytes());
        note(layout, at, "signature verifies", verifies(&vector.signature));
        note(layout, at, "signature over the raw message does not", !verifies(&vector.signature_over_raw_message));
        note(layout, at, "signature over the bare hex does not", !verifies(&vector.signature_over_bare_hex));
    };
    for (at, vector) in vectors.redemption.iter().enumerate() {
        let attestation = vector.attestation();
        let (message, bytes) = (attestation.to_bytes(), attestation.signed_bytes::<Native>());
        signed("redemption attestation", "156 bytes", at, &message, &bytes, &vector.signed);
    }
    for (at, vector) in vectors.verdict.iter().enumerate() {
        let verdict = match vector.verdict.0 {
            0 => Verdict::Failed,
            1 => Verdict::Pass,
            _ => return Err(serde_json::Error::custom("a verdict is 0 or 1")),
        };
        let statement = vector.statement(verdict);
        let (message, bytes) = (statement.to_bytes(), statement.signed_bytes::<Native>());
        signed("oracle verdict", "138 bytes", at, &message, &bytes, &vector.signed);
    }
    for (at, vector) in vectors.applicant.iter().enumerate() {
        let statement = vector.statement();
        let (message, bytes) = (statement.to_bytes(), statement.signed_bytes::<Native>());
        signed("applicant approval", "148 bytes", at, &message, &bytes, &vector.signed);
    }
    for (at, vector) in vectors.passkey.iter().enumerate() {
        let statement = vector.statement();
        let (message, bytes) = (statement.to_bytes(), statement.signed_bytes::<Native>());
        signed("passkey approval", "140 bytes", at, &message, &bytes, &vector.signed);
    }
    for (at, vector) in vectors.rating.iter().enumerate() {
        let statement = vector.statement();
        let (message, bytes) = (statement.to_bytes(), statement.signed_bytes::<Native>());
        signed("credit rating", "161 bytes", at, &message, &bytes, &vector.signed);
    }
    for (at, vector) in vectors.identity.iter().enumerate() {
        let kind = match vector.number_type.0 {
            0 => NumberType::National,
            1 => NumberType::Passport,
            2 => NumberType::Organisation,
            _ => return Err(serde_json::Error::custom("an identity's type is 0, 1 or 2")),
        };
        let made = commitment(&vector.key.0, kind, &vector.number);
        note("identity", at, "commitment", made == vector.commitment.0);
    }
    for (at, vector) in vectors.roll_node.iter().enumerate() {
        let layout = "roll node";
        note(layout, at, "65 bytes hash to the node", Native::blake2b_256(&vector.message.0) == vector.node.0);
        note(layout, at, "node", roll_node::<Native>(&vector.left.0, &vector.right.0) == vector.node.0);
    }
    for (at, vector) in vectors.roll.iter().enumerate() {
        let (layout, domain, number) = ("roll", &vector.domain.0, vector.roll.0);
        let entries: Vec<_> = vector.entries.iter().map(RollEntryVector::entry).collect();
        let leaves: Vec<RollHash> = vector.entries.iter().map(|one| one.leaf.0).collect();
        let proofs: Vec<Vec<RollHash>> =
            vector.entries.iter().map(|one| one.proof.iter().map(|hash| hash.0).collect()).collect();
        let all =
            |agrees: &dyn Fn(usize, &RollEntry) -> bool| entries.iter().enumerate().all(|(n, one)| agrees(n, one));
        let message = |n: usize| vector.entries.get(n).map(|one| one.message.0.as_slice());
        note(layout, at, "count", u64::try_from(entries.len()) == Ok(vector.count.0));
        note(layout, at, "82 bytes", all(&|n, one| Some(one.to_bytes(domain, number).as_slice()) == message(n)));
        note(layout, at, "leaves", all(&|n, one| Some(&one.leaf::<Native>(domain, number)) == leaves.get(n)));
        note(layout, at, "root", root::<Native>(&leaves) == Some(vector.root.0));
        note(layout, at, "proofs", all(&|n, _| proof::<Native>(&leaves, n).as_ref() == proofs.get(n)));
        let proved = all(&|n, one| {
            let (Some(leaf), Some(proof)) = (leaves.get(n), proofs.get(n)) else { return false };
            proves::<Native>(*leaf, one.index, vector.count.0, proof, &vector.root.0)
        });
        note(layout, at, "proofs prove", proved);
    }
    Ok(checked)
}

#[derive(Deserialize)]
struct Vectors {
    domain_separator: Vec<DomainVector>,
    wrapped: Vec<WrappedVector>,
    redemption: Vec<RedemptionVector>,
    verdict: Vec<VerdictVector>,
    applicant: Vec<ApplicantVector>,
    passkey: Vec<PasskeyVector>,
    rating: Vec<RatingVector>,
    identity: Vec<IdentityVector>,
    roll_node: Vec<RollNodeVector>,
    roll: Vec<RollVector>,
}

#[derive(Deserialize)]
struct DomainVector {
    genesis: Hex<32>,
    contract: Hex<32>,
    preimage: Bytes,
    separator: Hex<32>,
}

#[derive(Deserialize)]
struct WrappedVector {
    message: Bytes,
    hash: Hex<32>,
    signed: String,
}

/// What every signed layout's vector has.
#[derive(Deserialize)]
struct SignedVector {
    key: Hex<32>,
    message: Bytes,
    hash: Hex<32>,
    signed: String,
    signature: Signature,
    signature_over_raw_message: Signature,
    signature_over_bare_hex: Signature,
}

#[derive(Deserialize)]
struct RedemptionVector {
    domain: Hex<32>,
    voucher: Decimal<u64>,
    redemption: Decimal<u64>,
    shop: Hex<32>,
    amount: Decimal<u128>,
    valid_until: Decimal<u64>,
    epoch: Decimal<u32>,
    #[serde(flatten)]
    signed: SignedVector,
}

impl RedemptionVector {
    fn attestation(&self) -> RedemptionAttestation {
        RedemptionAttestation {
            domain: self.domain.0,
            voucher: self.voucher.0,
            redemption: self.redemption.0,
            shop: self.shop.0,
            amount: self.amount.0,
            valid_until: self.valid_until.0,
            epoch: self.epoch.0,
            key: self.signed.key.0,
        }
    }
}

#[derive(Deserialize)]
struct IdentityVector {
    key: Hex<32>,
    #[serde(rename = "type")]
    number_type: Decimal<u8>,
    number: String,
    commitment: Hex<32>,
}

#[derive(Deserialize)]
struct RollNodeVector {
    left: Hex<32>,
    right: Hex<32>,
    message: Bytes,
    node: Hex<32>,
}

#[derive(Deserialize)]
struct RollVector {
    domain: Hex<32>,
    roll: Decimal<u64>,
    count: Decimal<u64>,
    root: Hex<32>,
    entries: Vec<RollEntryVector>,
}

#[derive(Deserialize)]
struct RollEntryVector {
    index: Decimal<u64>,
    holder: Decimal<u64>,
    category: Decimal<u8>,
    amount: Decimal<u128>,
    expires: Decimal<u64>,
    message: Bytes,
    leaf: Hex<32>,
    proof: Vec<Hex<32>>,
}

impl RollEntryVector {
    fn entry(&self) -> RollEntry {
        let Self { index, holder, category, amount, expires, .. } = self;
        RollEntry { index: index.0, holder: holder.0, category: category.0, amount: amount.0, expires: expires.0 }
    }
}

type Signature = Hex<64>;

/// Bytes of a fixed length, in hex.
struct Hex<const N: usize>([u8; N]);
/// Bytes of any length, in hex.
struct Bytes(Vec<u8>);
/// An integer as a decimal string: JSON's numbers are too short.
struct Decimal<T>(T);

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = Bytes::deserialize(from)?.0;
        bytes.try_into().map(Self).map_err(|_| D::Error::custom(format!("expected {N} bytes")))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        hex::decode(String::deserialize(from)?).map(Self).map_err(D::Error::custom)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Decimal<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("{text} is no integer that fits")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_code_agrees_with_every_golden_vector() {
        let checked = check(LAYOUTS).unwrap();
        let wrong: Vec<_> = checked.iter().filter(|one| !one.agrees).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(checked.len() >= 100, "only {} checks", checked.len());
    }

    #[test]
    fn a_changed_vector_is_noticed() {
        let changed = LAYOUTS.replacen("\"voucher\": \"1\"", "\"voucher\": \"2\"", 1);
        assert_ne!(changed, LAYOUTS);
        let wrong: Vec<_> =
            check(&changed).unwrap().into_iter().filter(|one| !one.agrees).map(|one| one.what).collect();
        assert_eq!(wrong, ["156 bytes", "hash", "signed bytes", "signature verifies"]);
    }

    #[test]
    fn a_changed_statement_is_noticed() {
        for (field, bytes) in [
            ("\"case\": \"33\"", "138 bytes"),
            ("\"applicant\": \"258\"", "148 bytes"),
            ("\"participant\": \"258\"", "140 bytes"),
            ("\"borrower\": \"258\"", "161 bytes"),
        ] {
            let changed = LAYOUTS.replacen(field, &field.replace('3', "4").replace('2', "3"), 1);
            assert_ne!(changed, LAYOUTS);
            let wrong: Vec<_> =
                check(&changed).unwrap().into_iter().filter(|one| !one.agrees).map(|one| one.what).collect();
            assert_eq!(wrong, [bytes, "hash", "signed bytes", "signature verifies"]);
        }
    }

    #[test]
    fn a_changed_roll_is_noticed() {
        let wrong = |from: &str, to: &str| {
            let changed = LAYOUTS.replacen(from, to, 1);
            assert_ne!(changed, LAYOUTS);
            let checked = check(&changed).unwrap().into_iter();
            checked.filter(|one| !one.agrees).map(|one| one.what).collect::<Vec<_>>()
        };
        assert_eq!(wrong("\"amount\": \"150000\"", "\"amount\": \"150001\""), ["82 bytes", "leaves"]);
        assert_eq!(wrong("\"roll\": \"2\"", "\"roll\": \"3\""), ["82 bytes", "leaves"]);
        assert_eq!(wrong("\"count\": \"5\"", "\"count\": \"6\""), ["count", "proofs prove"]);
    }
}
