//! What can go wrong.

use crate::{request::RequestError, sms::SmsError, store::StoreError};
use amanah_domain::{ids::RedemptionId, time::Millis};

/// Why the service did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The request is not one that can be made.
    #[error("the request cannot be taken: {0}")]
    Request(#[from] RequestError),
    /// The time given cannot be milliseconds since 1970.
    #[error("{at} is no time in milliseconds since 1970")]
    ImplausibleTime {
        /// What was given.
        at: Millis,
    },
    /// The redemption was opened before, with other facts.
    #[error("redemption {redemption} was opened with other facts")]
    DifferentRequest {
        /// The redemption.
        redemption: RedemptionId,
    },
    /// Nobody has opened this redemption.
    #[error("redemption {redemption} has not been opened")]
    Unknown {
        /// The redemption.
        redemption: RedemptionId,
    },
    /// No message with a code has gone out yet, so nobody can know it; no try was used.
    #[error("no code has been sent for redemption {redemption}")]
    NoCodeSent {
        /// The redemption.
        redemption: RedemptionId,
    },
    /// What was entered is not six ASCII digits; no try was used.
    #[error("a code is six digits; {length} bytes were given")]
    NotACode {
        /// How many bytes were entered.
        length: usize,
    },
    /// The code is wrong; a try was used.
    #[error("the code for redemption {redemption} is wrong; {tries_left} tries left")]
    WrongCode {
        /// The redemption.
        redemption: RedemptionId,
        /// How many tries are left; 0: the redemption is dead.
        tries_left: u8,
    },
    /// All tries were used: the redemption is dead here. The shop has to request another on chain.
    #[error("all {tries} tries for redemption {redemption} are used up")]
    TriesUsedUp {
        /// The redemption.
        redemption: RedemptionId,
        /// How many there were.
        tries: u8,
    },
    /// The code's or the redemption's time is over; no try was used.
    #[error("the time for redemption {redemption} ended at {ended}")]
    TimeOver {
        /// The redemption.
        redemption: RedemptionId,
        /// When it ended (milliseconds).
        ended: Millis,
    },
    /// The code has been entered already, so there is no sense in sending it again.
    #[error("redemption {redemption} has been confirmed")]
    AlreadyConfirmed {
        /// The redemption.
        redemption: RedemptionId,
    },
    /// As many messages as a redemption may cost the holder's patience have gone out.
    #[error("all {messages} messages for redemption {redemption} are used up")]
    MessagesUsedUp {
        /// The redemption.
        redemption: RedemptionId,
        /// How many there were.
        messages: u8,
    },
    /// The stored record does not open: it was kept with another store key, for another contract, or is damaged. Nothing
    /// was changed, no try was used.
    #[error("the record of redemption {redemption} does not open with this store key for this contract")]
    Sealed {
        /// The redemption.
        redemption: RedemptionId,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes (error {os_error:?})")]
    NoRandomness {
        /// Its error number, if it gave one.
        os_error: Option<i32>,
    },
    /// The message could not be sent. The redemption can be opened again: the code and the tries stay as they are.
    #[error("the message could not be sent: {0}")]
    Sms(#[from] SmsError),
    /// The store failed. Nothing that depends on it was done.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
}
