//! What the rows of an import's files say, and what a row must be before anything is sent for it.

use crate::rows::Fields;
use amanah_client::abi::{self, Scope};
use amanah_client::Actor;
use amanah_domain::{
    crypto::{Crypto, Native},
    identity::{commitment, is_nik, NumberType},
    ids::{Account, IdentityCommitment},
    programme::Category,
};
use anyhow::{bail, ensure, Context, Result};
use std::{collections::BTreeMap, fs, path::Path};

/// Somebody who is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub identity: IdentityCommitment,
    pub account: Account,
}

/// The key that identity commitments are made with.
///
/// # Errors
/// When the file is no key: 64 hex digits.
pub fn registrar_key(path: &Path) -> Result<[u8; 32]> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut key = [0; 32];
    let digits = text.trim();
    hex::decode_to_slice(digits.strip_prefix("0x").unwrap_or(digits), &mut key).map_err(|_| {
        anyhow::anyhow!(
            "{} is no registrar's key: it must be 64 hex digits; `amanah identity keygen` makes one",
            path.display()
        )
    })?;
    Ok(key)
}

/// The person of a row: identity by `nik`, or by `identity_number` and `identity_type`; the account as given, or kept by the
/// registrar for somebody without a wallet: made from the registrar's key and the identity, the same each time.
pub fn person(fields: &Fields, key: &[u8; 32], kind: NumberType, scope: &dyn Scope) -> Result<Person> {
    ensure!(!fields.has("name") || fields.get("name").is_some(), "the name is empty");
    let (number, kind) = match (fields.get("nik"), fields.get("licence"), fields.get("identity_number")) {
        (Some(nik), _, _) => {
            ensure!(
                is_nik(nik),
                "the identity number (nik) has {} characters and must be 16 digits",
                nik.chars().count()
            );
            (nik, NumberType::National)
        }
        (None, Some(licence), _) => (licence, NumberType::Organisation),
        (None, None, Some(number)) => (number, number_type(fields.get("identity_type"), kind)?),
        (None, None, None) => {
            bail!("there is no identity: the column nik, licence or identity_number is missing or empty")
        }
    };
    let identity = commitment(key, kind, number);
    let account = match fields.get("account") {
        Some(name) => scope
            .account(name)
            .or_else(|| crate::network::keys::account(name).ok())
            .with_context(|| format!("the account {name:?} is neither an address nor a name of the address book"))?,
        None => kept(key, &identity).account(),
    };
    Ok(Person { identity, account })
}

/// The key that the registrar keeps for somebody without a wallet.
pub fn kept(key: &[u8; 32], identity: &IdentityCommitment) -> Actor {
    Actor::from_seed("kept", Native::blake2b_256(&[&key[..], b"amanah kept account", &identity[..]].concat()))
}

/// A kind of identity number, by its name.
///
/// # Errors
/// When there is no such kind.
pub fn number_type(name: Option<&str>, usual: NumberType) -> Result<NumberType> {
    Ok(match name {
        None => usual,
        Some("national") => NumberType::National,
        Some("passport") => NumberType::Passport,
        Some("organisation") => NumberType::Organisation,
        Some(other) => bail!("the identity type {other:?} is unknown; there are national, passport, organisation"),
    })
}

/// Names of categories and their numbers.
#[derive(Clone, Debug, Default)]
pub struct Categories(BTreeMap<String, Category>);

impl std::str::FromStr for Categories {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut names = BTreeMap::new();
        for one in text.split(',') {
            let (name, number) = one.split_once('=').ok_or_else(|| format!("{one:?} is not NAME=NUMBER"))?;
            let number = number.trim().parse().map_err(|_| format!("{number:?} is no category's number, 0 to 31"))?;
            names.insert(name.trim().to_owned(), number);
        }
        Ok(Self(names))
    }
}

impl Categories {
    /// The number of a category, given by number or name.
    ///
    /// # Errors
    /// When there is no such category.
    pub fn number(&self, text: &str) -> Result<Category> {
        let named = self.0.get(text).copied().or_else(|| text.parse().ok());
        named.with_context(|| match self.0.is_empty() {
            true => format!("the category {text:?} is no number, and --categories names none"),
            false => {
                let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
                format!("the category {text:?} is unknown; there are {}", known.join(", "))
            }
        })
    }

    /// The category of a row.
    ///
    /// # Errors
    /// As [`Categories::number`].
    pub fn of(&self, fields: &Fields) -> Result<Category> {
        self.number(fields.need("category")?)
    }

    /// The categories of a row, separated by `|`.
    ///
    /// # Errors
    /// As [`Categories::number`].
    pub fn all_of(&self, fields: &Fields) -> Result<Vec<Category>> {
        fields.need("categories")?.split('|').map(|one| self.number(one.trim())).collect()
    }
}

/// The amount in a column whose name may have a unit at its end; `None` if there is none.
///
/// # Errors
/// When it is no amount.
pub fn amount(fields: &Fields, column: &str, scope: &dyn Scope) -> Result<Option<u128>> {
    let Some(text) = fields.with_unit(column) else { return Ok(None) };
    let amount = abi::read_amount(text, scope.decimals());
    amount.map(Some).map_err(|reason| anyhow::anyhow!("{column} is {text:?}: {reason}"))
}

/// The voucher's number of a row; `None` if the row has none.
///
/// # Errors
/// When it is no number.
pub fn voucher(fields: &Fields) -> Result<Option<u64>> {
    let read = |text: &str| text.parse().with_context(|| format!("the voucher {text:?} is no number"));
    fields.get("voucher").map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rows::read, town::Town};

    fn people(text: &str) -> Vec<Result<Person, String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        fs::write(&path, text).unwrap();
        let rows = read(&path, |fields| person(fields, &[1; 32], NumberType::National, &Town)).unwrap();
        let accepted = rows.accepted.into_iter().map(|(line, person)| (line, Ok(person)));
        let refused = rows.refused.into_iter().map(|refused| (refused.line, Err(refused.reason)));
        let mut all: Vec<_> = accepted.chain(refused).collect();
        all.sort_by_key(|(line, _)| *line);
        all.into_iter().map(|(_, row)| row).collect()
    }

    #[test]
    fn people_are_known_by_their_number_and_act_from_their_account_or_from_one_that_is_kept() {
        let identity = commitment(&[1; 32], NumberType::National, "1203114902683264");
        let of =
            people("nik,account\n1203114902683264,\n1203114902683264,sari\n1203114902683264,nobody\n12,sari\n,sari\n");
        assert_eq!(of[0], Ok(Person { identity, account: kept(&[1; 32], &identity).account() }));
        assert_eq!(of[1], Ok(Person { identity, account: [7; 32] }));
        assert_eq!(of[2], Err("the account \"nobody\" is neither an address nor a name of the address book".into()));
        assert_eq!(of[3], Err("the identity number (nik) has 2 characters and must be 16 digits".into()));
        assert_eq!(
            of[4],
            Err("there is no identity: the column nik, licence or identity_number is missing or empty".into())
        );
    }

    #[test]
    fn another_kind_of_number_is_another_identity() {
        let of = people("identity_number,identity_type\nAB1,passport\nAB1,national\nAB1,shoe\n");
        assert_eq!(of[0].as_ref().unwrap().identity, commitment(&[1; 32], NumberType::Passport, "AB1"));
        assert_ne!(of[0], of[1]);
        assert!(of[2].as_ref().unwrap_err().contains("\"shoe\""));
    }

    #[test]
    fn categories_go_by_number_or_name() {
        let names: Categories = "staples=0, protein=1".parse().unwrap();
        assert_eq!((names.number("protein").unwrap(), names.number("7").unwrap()), (1, 7));
        assert!(names.number("x").unwrap_err().to_string().contains("there are protein, staples"));
        assert!("staples".parse::<Categories>().is_err());
    }
}
