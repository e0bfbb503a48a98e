//! The one-time-code service: it confirms redemptions for holders who have no smartphone (docs/redemption.md).
//!
//! A shop requests a redemption on chain. When the request is final, [`Attestor::open`] draws a six-digit code and sends
//! the holder the shop's name, the amount and the code. The holder tells the shop, the shop enters the code, and
//! [`Attestor::confirm`] answers with the signed attestation that anybody may submit to the voucher contract.
//!
//! What holds, whatever happens to the process:
//!
//! * A redemption has one code, ever. Opening it again, a message that failed, a restart: the code stays the same.
//! * It can be guessed at three times. A try is counted durably *before* the code is compared, so that a process that
//!   dies, or is killed, has used it up. After the third wrong code the redemption is dead.
//! * A right code counts once: it makes one attestation. Whoever enters it again, because the answer was lost, gets the
//!   identical bytes; they say nothing new, and the chain takes them once. Wrong codes still use up tries then, so the
//!   answer cannot be guessed at either.
//! * The chain never sees anything derived from the code, and the store keeps it encrypted, like the holder's phone
//!   number, under a key that is not in the store.
//!
//! The service trusts its caller for what is on chain: only redemptions whose request is final may be opened.
//!
//! Units: amounts in the smallest unit of the issuing bank's money, times in milliseconds since 1970. Windows are half
//! open: a code that is valid until `t` is valid while `now < t`.
//!
//! ```
//! # use amanah_attestor::*;
//! # use amanah_domain::{money::Amount, time::MINUTE};
//! # let (domain, shop, now) = ([0; 32], [0; 32], 1_800_000_000_000);
//! # let pair = schnorrkel::Keypair::generate();
//! let identity = Identity::new(domain, 5, 0, pair);
//! let mut attestor = Attestor::new(identity, StoreKey::generate()?, MemoryStore::new(), MemoryOutbox::new());
//! let request = Request {
//!     voucher: 11,
//!     redemption: 33,
//!     shop,
//!     shop_name: "Warung Sari".into(),
//!     amount: Amount::new(50_000),
//!     amount_text: "Rp 50.000".into(),
//!     expires: now + 9 * MINUTE,
//!     phone: PhoneNumber::new("+6281234567890")?,
//! };
//! attestor.open(&request, now)?;
//! let code = attestor.sms().messages()[0].code().to_owned();
//! let attestation = attestor.confirm(33, &code, now + MINUTE)?;
//! # assert_eq!(attestation.attestor, 5);
//! # Ok::<(), Error>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod attestor;
mod code;
mod error;
mod record;
mod request;
mod seal;
mod sms;
mod store;

pub use attestor::{Attestor, Identity, KEPT};
pub use error::Error;
pub use record::{Ticket, CODE_LIFETIME, MOST_MESSAGES, TRIES};
pub use request::{PhoneNumber, Request, RequestError, MOST_AMOUNT_TEXT, MOST_SHOP_NAME};
pub use seal::StoreKey;
pub use sms::{FileOutbox, MemoryOutbox, Sms, SmsError, SmsMessage};
pub use store::{Entry, FileStore, MemoryStore, Store, StoreError};
