//! Identifiers. Numbers start at 1, so 0 never names anything and serves as "none" in packed records.

/// A 32-byte account of the chain, also an sr25519 public key for ordinary accounts.
pub type Account = [u8; 32];
/// A participant's number in the registry: the "unique identification code" of the social-security paper (S1).
pub type ParticipantId = u64;
/// Somebody's application for a role.
pub type ApplicationId = u64;
/// A voucher programme.
pub type ProgrammeId = u64;
/// A voucher.
pub type VoucherId = u64;
/// One attempt to spend from a voucher.
pub type RedemptionId = u64;
/// A roll: a list of people and amounts of which only the Merkle root is on chain.
pub type RollId = u64;
/// A withdrawal from a digital account to an ordinary bank account.
pub type WithdrawalId = u64;
/// A business flow: who applies, who grants.
pub type FlowId = u32;
/// A case: an event that waits for its verdicts.
pub type CaseId = u64;
/// What a bank or the administrator of lending offers.
pub type ProductId = u32;
/// A loan.
pub type LoanId = u64;
/// A crowdfunding campaign.
pub type CampaignId = u64;
/// An sr25519 public key.
pub type PublicKey = [u8; 32];
/// An sr25519 signature (context `substrate`).
pub type Signature = [u8; 64];
/// `HMAC-SHA256(key, identity number)`, see [`crate::identity`]: never a plain hash.
pub type IdentityCommitment = [u8; 32];
/// A bank's own reference of a payment, unique per bank.
pub type Reference = [u8; 32];
/// An ordinary account at a bank, to whoever has no key: HMAC-SHA256 of its number under a key that stays with the bank,
/// never a plain hash, since account numbers can be tried one by one.
pub type AccountHash = [u8; 32];
