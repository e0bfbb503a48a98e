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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Native;

    /// An application and facts that lie on every bound of these terms at once where two do not exclude each other.
    const TERMS: OracleTerms = OracleTerms {
        amount_max: Some(50_000),
        months_max: Some(36),
        income_min: Some(500),
        income_max: Some(3_000),
        asset_min: Some(2_000),
        asset_max: Some(80_000),
        debt_max: Some(30_000),
    };

    #[derive(Clone, Copy)]
    struct Application {
        amount: Balance,
        months: u16,
        facts: Facts,
    }

    fn fitting() -> Application {
        let facts = Facts {
            identity_matches: true,
            income: 500,
            assets: 2_000,
            debt: 30_000,
            issued_before: false,
            blacklisted: false,
        };
        Application { amount: 50_000, months: 36, facts }
    }

    fn judged(terms: &OracleTerms, application: &Application) -> Vec<TermFailed> {
        judge(terms, application.amount, application.months, &application.facts)
    }

    /// Takes one application just over one bound.
    type Change = fn(&mut Application);

    /// Every term with a change that breaks it by one unit.
    const BROKEN: [(TermFailed, Change); 10] = [
        (TermFailed::Identity, |one| one.facts.identity_matches = false),
        (TermFailed::Amount, |one| one.amount = 50_001),
        (TermFailed::Months, |one| one.months = 37),
        (TermFailed::IncomeTooLow, |one| one.facts.income = 499),
        (TermFailed::IncomeTooHigh, |one| one.facts.income = 3_001),
        (TermFailed::AssetsTooLow, |one| one.facts.assets = 1_999),
        (TermFailed::AssetsTooHigh, |one| one.facts.assets = 80_001),
        (TermFailed::Debt, |one| one.facts.debt = 30_001),
        (TermFailed::IssuedBefore, |one| one.facts.issued_before = true),
        (TermFailed::Blacklisted, |one| one.facts.blacklisted = true),
    ];

    /// The same fact cannot be too low and too high.
    fn exclude_each_other(one: TermFailed, other: TermFailed) -> bool {
        use TermFailed::{AssetsTooHigh, AssetsTooLow, IncomeTooHigh, IncomeTooLow};
        matches!((one, other), (IncomeTooLow, IncomeTooHigh) | (AssetsTooLow, AssetsTooHigh))
    }

    #[test]
    fn an_application_at_every_bound_passes() {
        assert_eq!(judged(&TERMS, &fitting()), []);
        let mut upper = fitting();
        (upper.facts.income, upper.facts.assets, upper.facts.debt) = (3_000, 80_000, 0);
        assert_eq!(judged(&TERMS, &upper), []);
    }

    #[test]
    fn one_unit_over_a_bound_fails_that_term_alone() {
        for (term, change) in BROKEN {
            let mut application = fitting();
            change(&mut application);
            assert_eq!(judged(&TERMS, &application), [term]);
        }
    }

    #[test]
    fn any_two_broken_terms_are_both_named_in_their_order() {
        for (at, (first, change_first)) in BROKEN.into_iter().enumerate() {
            for (second, change_second) in BROKEN.into_iter().skip(at + 1) {
                if exclude_each_other(first, second) {
                    continue;
                }
                let mut application = fitting();
                change_first(&mut application);
                change_second(&mut application);
                assert_eq!(judged(&TERMS, &application), [first, second]);
            }
        }
    }

    #[test]
    fn a_role_without_terms_still_asks_for_identity_first_loan_and_no_blacklist_mark() {
        use TermFailed::{Blacklisted, Identity, IssuedBefore};
        for (term, change) in BROKEN {
            let mut application = fitting();
            change(&mut application);
            let binds_all = [Identity, IssuedBefore, Blacklisted].contains(&term);
            assert_eq!(judged(&OracleTerms::default(), &application), if binds_all { vec![term] } else { vec![] });
        }
    }

    #[test]
    fn the_largest_numbers_are_judged_like_others() {
        let mut application = fitting();
        application.amount = Balance::MAX;
        application.months = u16::MAX;
        application.facts.debt = Balance::MAX;
        assert_eq!(judged(&TERMS, &application), [TermFailed::Amount, TermFailed::Months, TermFailed::Debt]);
        assert_eq!(judged(&OracleTerms::default(), &application), []);
    }

    /// The hash is Python's, over the bytes that SCALE's definition gives.
    #[test]
    fn the_facts_hash_is_over_the_salt_and_their_scale_bytes() {
        let facts = Facts { income: 800, debt: 5_000, ..fitting().facts };
        let hash = facts_hash::<Native>(&[0x5a; 32], &facts);
        assert_eq!(hex::encode(hash), "d6848d477796a7ce21d481ea219f446dbf40620f3beebd18828f3365760473a7");
        assert_ne!(hash, facts_hash::<Native>(&[0x5b; 32], &facts));
    }
}
