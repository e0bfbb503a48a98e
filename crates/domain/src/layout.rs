//! The bytes that are signed (docs/redemption.md) and those that are hashed into rolls (docs/rolls.md). Integers are little-endian, layouts fixed-width, `H` is BLAKE2b-256.
//!
//! Each layout is implemented once, here; `vectors/` holds golden examples that other languages check against.

use crate::{
    crypto::Crypto,
    ids::{Account, ParticipantId, PublicKey, RedemptionId, RollId, VoucherId},
    money::Balance,
    time::Millis,
    wire,
};

mod statements;
pub use statements::*;

/// Marks the separator of a contract on a chain.
const DOMAIN_TAG: &[u8; 16] = b"amanah-domain/1\0";
/// Marks a redemption attestation.
const REDEEM_TAG: &[u8; 16] = b"amanah-redeem/1\0";
/// Marks an entry of a roll, so that none can pass for a node.
const LEAF_TAG: &[u8; 1] = &[0x00];
/// Marks a node over two entries or nodes of a roll.
const NODE_TAG: &[u8; 1] = &[0x01];

/// Length of a redemption attestation in bytes.
pub const REDEMPTION_BYTES: usize = 156;
/// Length of an entry of a roll in bytes, before it is hashed.
pub const ROLL_ENTRY_BYTES: usize = 82;
/// Length of what a signer signs in bytes.
pub const WRAPPED_BYTES: usize = 79;

/// `D`: makes a signature worthless in any other contract or chain.
pub type DomainSeparator = [u8; 32];
/// A hash in a roll's tree: of an entry, of a node, or its root.
pub type RollHash = [u8; 32];

/// `D = H("amanah-domain/1\0" | genesis block hash | contract account)`.
pub fn domain_separator<C: Crypto>(genesis: &[u8; 32], contract: &Account) -> DomainSeparator {
    let mut bytes = Writer::<80>::new();
    bytes.put(DOMAIN_TAG).put(genesis).put(contract);
    C::blake2b_256(&bytes.done())
}

/// What a signer signs for `message`: `"<Bytes>" | lowercase hex of H(message) | "</Bytes>"`, 79 bytes.
///
/// It is what Polkadot.js wallets produce for raw data, and can never be confused with a transaction.
pub fn wrapped<C: Crypto>(message: &[u8]) -> [u8; WRAPPED_BYTES] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut bytes = Writer::<WRAPPED_BYTES>::new();
    bytes.put(b"<Bytes>");
    for byte in C::blake2b_256(message) {
        for nibble in [byte >> 4, byte & 0x0f] {
            bytes.put(DIGITS.get(usize::from(nibble)).map_or(&[], core::slice::from_ref));
        }
    }
    bytes.put(b"</Bytes>");
    bytes.done()
}

/// What an attestor (after a one-time code) or the holder says: this redemption may go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedemptionAttestation {
    /// The voucher contract's separator.
    pub domain: DomainSeparator,
    /// The voucher.
    pub voucher: VoucherId,
    /// The redemption.
    pub redemption: RedemptionId,
    /// The account that the shop requested it from.
    pub shop: Account,
    /// How much is spent.
    pub amount: Balance,
    /// Until when this counts.
    pub valid_until: Millis,
    /// The epoch of the signer's key.
    pub epoch: u32,
    /// The signer's key.
    pub key: PublicKey,
}

impl RedemptionAttestation {
    /// The 156 bytes of docs/redemption.md.
    pub fn to_bytes(&self) -> [u8; REDEMPTION_BYTES] {
        let mut bytes = Writer::<REDEMPTION_BYTES>::new();
        bytes
            .put(REDEEM_TAG)
            .put(&self.domain)
            .put(&self.voucher.to_le_bytes())
            .put(&self.redemption.to_le_bytes())
            .put(&self.shop)
            .put(&self.amount.to_le_bytes())
            .put(&self.valid_until.to_le_bytes())
            .put(&self.epoch.to_le_bytes())
            .put(&self.key);
        bytes.done()
    }

    /// The 79 bytes that are signed.
    pub fn signed_bytes<C: Crypto>(&self) -> [u8; WRAPPED_BYTES] {
        wrapped::<C>(&self.to_bytes())
    }
}

wire! {
    /// One line of a roll: what whoever shows it may get, once.
    #[derive(Copy)]
    pub struct RollEntry {
        /// Its place on the roll, from 0.
        pub index: u64,
        /// The number of the participant whose voucher it becomes.
        pub holder: ParticipantId,
        /// What the voucher buys.
        pub category: u8,
        /// What the voucher is worth.
        pub amount: Balance,
        /// When the voucher ends (milliseconds).
        pub expires: Millis,
    }
}

impl RollEntry {
    /// The 82 bytes of docs/rolls.md, of this contract's roll number `roll`.
    pub fn to_bytes(&self, domain: &DomainSeparator, roll: RollId) -> [u8; ROLL_ENTRY_BYTES] {
        let mut bytes = Writer::<ROLL_ENTRY_BYTES>::new();
        bytes
            .put(LEAF_TAG)
            .put(domain)
            .put(&roll.to_le_bytes())
            .put(&self.index.to_le_bytes())
            .put(&self.holder.to_le_bytes())
            .put(&[self.category])
            .put(&self.amount.to_le_bytes())
            .put(&self.expires.to_le_bytes());
        bytes.done()
    }

    /// The entry's leaf in the tree: `H` of its bytes.
    pub fn leaf<C: Crypto>(&self, domain: &DomainSeparator, roll: RollId) -> RollHash {
        C::blake2b_256(&self.to_bytes(domain, roll))
    }
}

/// A node of a roll's tree: `H(0x01 | left | right)`.
pub fn roll_node<C: Crypto>(left: &RollHash, right: &RollHash) -> RollHash {
    let mut bytes = Writer::<65>::new();
    bytes.put(NODE_TAG).put(left).put(right);
    C::blake2b_256(&bytes.done())
}

/// Fills a fixed-width layout from the left.
struct Writer<const N: usize> {
    bytes: [u8; N],
    at: usize,
}

impl<const N: usize> Writer<N> {
    fn new() -> Self {
        Self { bytes: [0; N], at: 0 }
    }

    fn put(&mut self, part: &[u8]) -> &mut Self {
        let end = self.at.saturating_add(part.len());
        debug_assert!(end <= N, "a layout is longer than its declared width");
        if let Some(space) = self.bytes.get_mut(self.at..end) {
            space.copy_from_slice(part);
        }
        self.at = end;
        self
    }

    fn done(&self) -> [u8; N] {
        debug_assert!(self.at == N, "a layout is shorter than its declared width");
        self.bytes
    }
}
