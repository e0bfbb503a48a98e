//! Applications for social security from a JSON file: `data/welfare_applications.json` is one.

use super::{basis_points, begin, schemes::File, typed};
use crate::rows::{content, named};
use amanah_domain::{
    crypto::{Crypto, Native},
    time::Millis,
    welfare::{Document, Form},
};
use amanah_interfaces::Balance;
use anyhow::{anyhow, ensure, Context, Result};
use chrono::NaiveDate;
use cid::Cid;
use multihash::{Code, MultihashDigest};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

/// The codec of documents that are bytes and nothing more.
const RAW: u64 = 0x55;

/// An application.
#[derive(Debug)]
pub struct Application {
    /// Who applies.
    pub name: String,
    /// The scheme's place in its file.
    pub scheme: usize,
    /// Until when the identity card is valid (milliseconds).
    pub card_valid_until: Millis,
    /// What is in the digital account.
    pub balance: Balance,
    pub form: Form,
}

/// An application as it is written. What else there is, such as age or injury, is for reviewers, and stays off chain.
#[derive(Deserialize)]
struct Row {
    scheme: String,
    name: String,
    card_valid_until: NaiveDate,
    income: Option<u64>,
    household_income: Option<u64>,
    property: Option<u64>,
    household: Option<Household>,
    household_size: Option<u16>,
    #[serde(default)]
    ratio_percent: u16,
    #[serde(default)]
    balance: u64,
    form_complete: bool,
    documents: Vec<String>,
}

/// Who lives with the applicant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Household {
    parents: u16,
    children: u16,
}

/// Reads a file, or the sample; `schemes` says what can be applied for.
///
/// # Errors
/// When it cannot be read, is no JSON, or has an application that makes no sense: each one has its outcome, so none is left
/// out.
pub fn read(file: Option<&Path>, schemes: &File) -> Result<Vec<Application>> {
    let text = content(file, include_str!("../../../data/welfare_applications.json"))?;
    parse(&text, schemes).with_context(|| named(file, "the sample of applications"))
}

fn parse(text: &str, schemes: &File) -> Result<Vec<Application>> {
    let rows: Vec<Value> = serde_json::from_str(text)?;
    ensure!(!rows.is_empty(), "there is no application");
    let mut names = BTreeSet::new();
    let mut all = Vec::new();
    for (at, row) in (1..).zip(rows) {
        let application = application(row, schemes).with_context(|| format!("application {at}"))?;
        ensure!(
            names.insert(application.name.clone()),
            "application {at}: there is another one by {:?}, and each must be by another person",
            application.name
        );
        all.push(application);
    }
    Ok(all)
}

fn application(row: Value, schemes: &File) -> Result<Application> {
    // The file's own bytes stand for what the office keeps of it: the chain gets their hash.
    let facts = Native::blake2b_256(row.to_string().as_bytes());
    let row: Row = typed(&row)?;
    let scheme = schemes.schemes.iter().position(|scheme| scheme.name == row.scheme).ok_or_else(|| {
        let names: Vec<&str> = schemes.schemes.iter().map(|scheme| scheme.name.as_str()).collect();
        anyhow!("there is no scheme {:?}; the schemes are {}", row.scheme, names.join(", "))
    })?;
    ensure!(
        row.income.is_none() || row.household_income.is_none(),
        "there are both income and household_income; a form has one"
    );
    let heads = match (row.household_size, row.household) {
        (Some(_), Some(_)) => anyhow::bail!("there are both household and household_size"),
        (size, None) => size.unwrap_or(0),
        // The applicant is one of them.
        (None, Some(Household { parents, children })) => {
            let others = parents.checked_add(children).and_then(|others| others.checked_add(1));
            others.with_context(|| format!("a household of {parents} parents and {children} children is too large"))?
        }
    };
    let documents = row.documents.iter().map(|name| document(&row.name, name, schemes)).collect::<Result<_>>()?;
    let form = Form {
        complete: row.form_complete,
        income: row.income.or(row.household_income).map(Into::into),
        property: row.property.map(Into::into),
        household: heads,
        ratio: basis_points("ratio_percent", row.ratio_percent)?,
        employer: None,
        documents,
        facts,
    };
    let card_valid_until = begin(row.card_valid_until)?;
    Ok(Application { name: row.name, scheme, card_valid_until, balance: row.balance.into(), form })
}

/// A document of a kind that the schemes know. The stories' documents are made up, so their content is their name.
fn document(of: &str, name: &str, schemes: &File) -> Result<Document> {
    let kind = schemes.documents.iter().position(|known| known == name).and_then(|kind| u8::try_from(kind).ok());
    let kind = kind.with_context(|| {
        format!("there is no document {name:?} in any scheme; the documents are {}", schemes.documents.join(", "))
    })?;
    Ok(Document { kind, cid: cid(format!("{name} of {of}").as_bytes()) })
}

/// The CIDv1 of these bytes: raw, sha2-256.
pub fn cid(content: &[u8]) -> [u8; 36] {
    let bytes = Cid::new_v1(RAW, Code::Sha2_256.digest(content)).to_bytes();
    bytes.try_into().expect("version, codec, hash function and length take a byte each, the hash 32")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::welfare::schemes;
    use amanah_domain::welfare::samples;

    fn error(change: impl FnOnce(&mut Value)) -> String {
        let mut value: Value = serde_json::from_str(include_str!("../../../data/welfare_applications.json")).unwrap();
        change(&mut value);
        let schemes = schemes::read(None).unwrap();
        format!("{:#}", parse(&value.to_string(), &schemes).unwrap_err())
    }

    #[test]
    fn the_sample_is_what_the_rules_are_tested_with() {
        let file = schemes::read(None).unwrap();
        let all = read(None, &file).unwrap();
        let tested = samples::samples();
        assert_eq!(all.len(), tested.len());
        for (read, expected) in all.iter().zip(tested) {
            assert_eq!(read.name, expected.name);
            assert_eq!(read.balance, expected.balance.balance(), "{}", read.name);
            assert_eq!(read.card_valid_until, expected.card_valid_until, "{}", read.name);
            let (form, known) = (&read.form, expected.form);
            let numbers = |form: &Form| (form.complete, form.income, form.property, form.household, form.ratio);
            assert_eq!(numbers(form), numbers(&known), "{}", read.name);
            assert_eq!(form.documents.len(), known.documents.len(), "{}", read.name);
        }
    }

    #[test]
    fn an_application_that_makes_no_sense_is_named() {
        let cases = [
            (error(|file| file[0]["scheme"] = "lottery".into()), "there is no scheme \"lottery\"; the schemes are"),
            (error(|file| file[1]["documents"][0] = "poem".into()), "there is no document \"poem\" in any scheme"),
            (error(|file| file[2]["card_valid_until"] = "1.1.2030".into()), "application 3"),
            (error(|file| file[3]["name"] = "Lucy".into()), "application 4: there is another one by \"Lucy\""),
            (error(|file| file[0]["household_income"] = 1.into()), "there are both income and household_income"),
            (error(|file| file[0]["ratio_percent"] = 200.into()), "ratio_percent is 200 and must be from 0 to 100"),
            (error(|file| *file = Value::Array(Vec::new())), "there is no application"),
        ];
        for (error, part) in cases {
            assert!(error.contains(part), "{error}");
        }
    }
}
