//! How an oracle judges a loan application (LoC, table 3).
//!
//! `f(event) = Pass if every term holds and there is no exception, else Failed`. Each role has its own terms and its own
//! data; three conditions bind every role: the identity is the registered one, no such loan was made before, and the
//! applicant is not blacklisted. Income, assets and debt stay off chain; the event carries their hash.

use crate::{crypto::Crypto, money::Balance, wire};
use alloc::vec::Vec;
use scale::Encode;

wire! {
    /// What an oracle knows of an applicant. Money in smallest units.
    #[derive(Copy)]
    pub struct Facts {
        /// Is the identity the one that is registered?
        pub identity_matches: bool,
        /// Income a month.
        pub income: Balance,
        /// Assets in all.
        pub assets: Balance,
        /// Debt in all.
        pub debt: Balance,
        /// Was a loan of this product made before, too recently for another one?
        pub issued_before: bool,
        /// Is the applicant blacklisted?
        pub blacklisted: bool,
    }
}

/// What a loan application carries of the facts: `H(salt | SCALE(facts))`. The salt is random and as secret as the facts,
/// since few enough incomes are likely to try them all.
pub fn facts_hash<C: Crypto>(salt: &[u8; 32], facts: &Facts) -> [u8; 32] {
    C::blake2b_256(&(salt, facts).encode())
}

/// One role's terms; a term that is `None` is not asked for. All bounds are allowed themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OracleTerms {
    /// The most that may be lent.
    pub amount_max: Option<Balance>,
    /// The most months.
    pub months_max: Option<u16>,
    /// The least income.
    pub income_min: Option<Balance>,
    /// The most income: assistance is for those who need it.
    pub income_max: Option<Balance>,
    /// The least assets.
    pub asset_min: Option<Balance>,
    /// The most assets.
    pub asset_max: Option<Balance>,
    /// The most debt.
    pub debt_max: Option<Balance>,
}

/// A term that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermFailed {
    /// The identity is not the registered one.
    Identity,
    /// More than may be lent.
    Amount,
    /// More months than are allowed.
    Months,
    /// Less income than is needed.
    IncomeTooLow,
    /// More income than is allowed.
    IncomeTooHigh,
    /// Less assets than are needed.
    AssetsTooLow,
    /// More assets than are allowed.
    AssetsTooHigh,
    /// More debt than is allowed.
    Debt,
    /// A loan of this product was made before.
    IssuedBefore,
    /// The applicant is blacklisted.
    Blacklisted,
}

/// Which terms fail for this application, in the order of [`TermFailed`]; none means Pass.
pub fn judge(terms: &OracleTerms, amount: Balance, months: u16, facts: &Facts) -> Vec<TermFailed> {
    let over = |value: Balance, most: Option<Balance>| most.is_some_and(|most| value > most);
    let under = |value: Balance, least: Option<Balance>| least.is_some_and(|least| value < least);
    [
        (!facts.identity_matches, TermFailed::Identity),
        (over(amount, terms.amount_max), TermFailed::Amount),
        (over(months.into(), terms.months_max.map(Balance::from)), TermFailed::Months),
        (under(facts.income, terms.income_min), TermFailed::IncomeTooLow),
        (over(facts.income, terms.income_max), TermFailed::IncomeTooHigh),
        (under(facts.assets, terms.asset_min), TermFailed::AssetsTooLow),
        (over(facts.assets, terms.asset_max), TermFailed::AssetsTooHigh),
        (over(facts.debt, terms.debt_max), TermFailed::Debt),
        (facts.issued_before, TermFailed::IssuedBefore),
        (facts.blacklisted, TermFailed::Blacklisted),
    ]
    .into_iter()
    .filter_map(|(fails, term)| fails.then_some(term))
    .collect()
}
