//! The voucher contract on the embedded chain: what each message does, and each refusal that can be provoked. One module a
//! subject.

mod common;
mod funding;
mod issue;
mod lists;
mod programmes;
mod proofs;
mod quorum;
mod races;
mod redemptions;
mod requests;
mod shops;
mod standing;
