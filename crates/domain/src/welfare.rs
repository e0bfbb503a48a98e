//! Social security: schemes, applications, benefits.
//!
//! A scheme is data ([`Scheme`]): who may apply, what the automatic check asks for, which roles then decide in which
//! order, what is paid. No rule depends on a scheme's kind, so a new service is a new scheme and needs no new code.
//!
//! | scheme | automatic check | source |
//! | --- | --- | --- |
//! | insurance | registered, form complete, income valid, card valid, the account can pay one premium | Tang et al., algorithm 1 |
//! | assistance | registered, family complete, income and property below their lines, card valid | algorithm 2 |
//! | welfare (work injury) | registered, data complete, medical records, proof of injury, card, income below the line; what fails is returned for supplement | algorithm 3 |
//! | minimum living | registered, the household's income per head below the line, card valid | ours: the paper names it only |
//!
//! "Tang et al." is *Blockchain-enabled social security services*, IEEE Access, 2022. The four schemes as data are in
//! `samples`.

pub mod benefit;
pub mod form;
#[cfg(any(test, feature = "vectors"))]
pub mod samples;
pub mod scheme;

pub use benefit::*;
pub use form::{judge, Document, Form, FormRefusal, Judgement, Outcome, Reason, Reasons, MOST_DOCUMENTS};
pub use scheme::{
    premium, top_up, Action, Benefit, OnFailure, Payout, Rules, Scheme, SchemeKind, SchemeRefusal, Stage,
    MOST_APPEAL_DAYS, MOST_NEEDED, MOST_STAGES, WHOLE,
};
