//! The voucher contract on the embedded chain: what each message does, and each refusal that can be provoked. One module a
//! subject.

mod bundles;
mod cards;
mod changing;
mod clearing;
mod common;
mod endings;
mod expiry;
mod funding;
mod history;
mod issue;
mod lists;
mod programmes;
mod proofs;
mod queries;
mod quorum;
mod races;
mod redemptions;
mod requests;
mod rolls;
mod settlement;
mod shops;
mod standing;
mod supervision;
mod unavailable;
