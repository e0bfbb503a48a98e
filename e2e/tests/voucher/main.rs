//! The voucher contract on the embedded chain: what each message does, and each refusal that can be provoked. One module a
//! subject.

mod clearing;
mod common;
mod expiry;
mod funding;
mod issue;
mod lists;
mod programmes;
mod proofs;
mod queries;
mod quorum;
mod races;
mod redemptions;
mod requests;
mod settlement;
mod shops;
mod standing;
mod supervision;
mod unavailable;
