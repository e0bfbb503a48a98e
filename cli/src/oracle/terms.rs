//! The terms of the granting roles from a JSON file, and how terms that do not hold are called.

use super::{
    json::{object, whole},
    roles::{name_of, role_named},
};
use amanah_domain::{
    oracle::{OracleTerms, TermFailed},
    roles::Role,
};
use amanah_interfaces::Balance;
use anyhow::{anyhow, bail, Context, Result};
use serde_json::{Map, Value};
use std::path::Path;

/// The terms that a file may set.
const NAMES: [&str; 7] = ["amount_max", "months_max", "income_min", "income_max", "asset_min", "asset_max", "debt_max"];

/// The terms of several roles.
#[derive(Debug)]
pub struct Terms {
    /// What the file is called in errors.
    file: String,
    roles: Vec<(Role, OracleTerms)>,
}

impl Terms {
    /// Reads terms from a file, or the sample's.
    ///
    /// # Errors
    /// When the file cannot be read, or says something that is no term.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let text = crate::rows::content(file, include_str!("../../../data/loan_terms.json"))?;
        let file = crate::rows::named(file, "the sample of terms");
        match parse(&text) {
            Ok(roles) => Ok(Self { file, roles }),
            Err(error) => Err(error.context(file)),
        }
    }

    /// The terms of a role.
    ///
    /// # Errors
    /// When there are none: a role without conditions has empty ones.
    pub fn of(&self, role: Role) -> Result<OracleTerms> {
        let found = self.roles.iter().find(|(one, _)| *one == role);
        let (_, terms) = found.with_context(|| {
            let name = name_of(role);
            format!("{}: there are no terms for {name}; a role without conditions has \"{name}\": {{}}", self.file)
        })?;
        Ok(*terms)
    }
}

fn parse(text: &str) -> Result<Vec<(Role, OracleTerms)>> {
    let value: Value = serde_json::from_str(text).map_err(|error| anyhow!("this is no JSON: {error}"))?;
    object("the file", &value)?
        .iter()
        .map(|(name, terms)| {
            let role = role_named(name).map_err(|error| anyhow!(error))?;
            Ok((role, of_role(object(name, terms)?).with_context(|| name.clone())?))
        })
        .collect()
}

fn of_role(given: &Map<String, Value>) -> Result<OracleTerms> {
    let mut terms = OracleTerms::default();
    for (name, value) in given {
        let money = || whole(name, value, u64::MAX).map(|amount| Some(Balance::from(amount)));
        match name.as_str() {
            "amount_max" => terms.amount_max = money()?,
            "months_max" => terms.months_max = u16::try_from(whole(name, value, u16::MAX.into())?).ok(),
            "income_min" => terms.income_min = money()?,
            "income_max" => terms.income_max = money()?,
            "asset_min" => terms.asset_min = money()?,
            "asset_max" => terms.asset_max = money()?,
            "debt_max" => terms.debt_max = money()?,
            _ => bail!("there is no term {name:?}; the terms are {}", NAMES.join(", ")),
        }
    }
    Ok(terms)
}

/// What a term that does not hold is called, for people and programs.
pub fn name(term: TermFailed) -> &'static str {
    match term {
        TermFailed::Identity => "identity",
        TermFailed::Amount => "amount",
        TermFailed::Months => "months",
        TermFailed::IncomeTooLow => "income too low",
        TermFailed::IncomeTooHigh => "income too high",
        TermFailed::AssetsTooLow => "assets too low",
        TermFailed::AssetsTooHigh => "assets too high",
        TermFailed::Debt => "debt",
        TermFailed::IssuedBefore => "issued before",
        TermFailed::Blacklisted => "blacklisted",
    }
}

/// Several of them, with commas.
pub fn names(terms: &[TermFailed]) -> String {
    terms.iter().map(|term| name(*term)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        format!("{:#}", parse(text).unwrap_err())
    }

    #[test]
    fn the_sample_has_the_terms_of_three_roles() {
        let sample = Terms::read(None).unwrap();
        let bank = OracleTerms {
            amount_max: Some(50_000),
            months_max: Some(36),
            income_min: Some(500),
            asset_min: Some(2_000),
            debt_max: Some(30_000),
            ..OracleTerms::default()
        };
        assert_eq!(sample.of(Role::Bank).unwrap(), bank);
        let civil_affairs = OracleTerms { income_max: Some(3_000), asset_max: Some(80_000), ..OracleTerms::default() };
        assert_eq!(sample.of(Role::CivilAffairs).unwrap(), civil_affairs);
        assert_eq!(sample.of(Role::FinancialDepartment).unwrap(), OracleTerms::default());
    }

    #[test]
    fn a_role_that_the_file_leaves_out_is_named() {
        let error = Terms::read(None).unwrap().of(Role::Regulator).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the sample of terms: there are no terms for regulator; a role without conditions has \"regulator\": {}"
        );
    }

    #[test]
    fn each_wrong_term_is_named_with_its_value_and_the_rule() {
        let whole = "must be a whole number from 0 to 18446744073709551615";
        for (text, reason) in [
            ("[]", "the file is [] and must be an object of names and values".to_owned()),
            (r#"{"bank": 5}"#, "bank is 5 and must be an object of names and values".to_owned()),
            (r#"{"bank": {"debt_max": -1}}"#, format!("bank: debt_max is -1 and {whole}")),
            (r#"{"bank": {"debt_max": 1.5}}"#, format!("bank: debt_max is 1.5 and {whole}")),
            (r#"{"bank": {"amount_max": "5"}}"#, format!("bank: amount_max is \"5\" and {whole}")),
            (
                r#"{"bank": {"months_max": 65536}}"#,
                "bank: months_max is 65536 and must be a whole number from 0 to 65535".to_owned(),
            ),
        ] {
            assert_eq!(refusal(text), reason, "{text}");
        }
        assert!(refusal(r#"{"bank": {"income": 5}}"#).starts_with("bank: there is no term \"income\"; the terms are "));
        assert!(refusal(r#"{"bnk": {}}"#).starts_with("there is no role \"bnk\"; the roles are government, bank, "));
        assert!(refusal("{").starts_with("this is no JSON: EOF"));
    }
}
