//! What an oracle has been told of applicants: records of a salt and facts, found by the hash that an event carries.

use super::json::{object, truth, whole};
use amanah_domain::{
    crypto::Native,
    oracle::{facts_hash, Facts},
};
use amanah_interfaces::Balance;
use anyhow::{anyhow, bail, Context, Result};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fs, path::Path};

/// Facts by their hashes.
#[derive(Debug, Default)]
pub struct Dossier {
    known: BTreeMap<[u8; 32], Facts>,
}

/// The fields of a record's facts.
const FIELDS: [&str; 6] = ["identity_matches", "income", "assets", "debt", "issued_before", "blacklisted"];

impl Dossier {
    /// Reads a file of records.
    ///
    /// # Errors
    /// When it cannot be read, is no list of records, or a record makes no sense.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| file.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let records: Vec<Value> =
            serde_json::from_str(text).map_err(|error| anyhow!("this is no JSON list of records: {error}"))?;
        let mut dossier = Self::default();
        for (at, record) in records.into_iter().enumerate() {
            dossier.record(&record).with_context(|| format!("record {}", at + 1))?;
        }
        Ok(dossier)
    }

    fn record(&mut self, record: &Value) -> Result<()> {
        let record = object("the record", record)?;
        must_have(record, &["salt", "facts"])?;
        let (salt, facts) = (&record["salt"], object("facts", &record["facts"])?);
        let mut bytes = [0; 32];
        salt.as_str()
            .and_then(|digits| hex::decode_to_slice(digits.trim_start_matches("0x"), &mut bytes).ok())
            .ok_or_else(|| anyhow!("salt is {salt} and must be 32 bytes in hex"))?;
        must_have(facts, &FIELDS)?;
        let money = |name: &str| whole(name, &facts[name], u64::MAX).map(Balance::from);
        let flag = |name: &str| truth(name, &facts[name]);
        let facts = Facts {
            identity_matches: flag("identity_matches")?,
            income: money("income")?,
            assets: money("assets")?,
            debt: money("debt")?,
            issued_before: flag("issued_before")?,
            blacklisted: flag("blacklisted")?,
        };
        self.learn(&bytes, facts);
        Ok(())
    }

    /// Adds what somebody said of an applicant.
    pub fn learn(&mut self, salt: &[u8; 32], facts: Facts) {
        self.known.insert(facts_hash::<Native>(salt, &facts), facts);
    }

    /// The facts with this hash.
    pub fn find(&self, hash: &[u8; 32]) -> Option<&Facts> {
        self.known.get(hash)
    }
}

/// Exactly these fields are there.
fn must_have(object: &Map<String, Value>, fields: &[&str]) -> Result<()> {
    let all = fields.join(", ");
    if let Some(missing) = fields.iter().find(|field| !object.contains_key(**field)) {
        bail!("there is no {missing}; the fields are {all}");
    }
    if let Some(surplus) = object.keys().find(|key| !fields.contains(&key.as_str())) {
        bail!("there is no field {surplus:?}; the fields are {all}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: &str = r#"{"identity_matches": true, "income": 3000, "assets": 5, "debt": 0, "issued_before": false,
        "blacklisted": true}"#;

    fn refusal(text: &str) -> String {
        format!("{:#}", Dossier::parse(text).unwrap_err())
    }

    #[test]
    fn facts_are_found_by_the_hash_of_their_salt_and_themselves() {
        let salt = "0102030405060708".repeat(4);
        let dossier = Dossier::parse(&format!(r#"[{{"salt": "0x{salt}", "facts": {FACTS}}}]"#)).unwrap();
        let facts = Facts {
            identity_matches: true,
            income: 3_000,
            assets: 5,
            debt: 0,
            issued_before: false,
            blacklisted: true,
        };
        let bytes: [u8; 32] = hex::decode(&salt).unwrap().try_into().unwrap();
        assert_eq!(dossier.find(&facts_hash::<Native>(&bytes, &facts)), Some(&facts));
        assert_eq!(dossier.find(&facts_hash::<Native>(&[0; 32], &facts)), None, "another salt");
        let richer = Facts { income: 3_001, ..facts };
        assert_eq!(dossier.find(&facts_hash::<Native>(&bytes, &richer)), None, "other facts");
    }

    #[test]
    fn each_wrong_record_is_named_with_its_value_and_the_rule() {
        let good = format!(r#"{{"salt": "{}", "facts": {FACTS}}}"#, "00".repeat(32));
        assert!(Dossier::parse(&format!("[{good}]")).is_ok());
        let short = good.replace(&"00".repeat(32), "0xabc");
        assert_eq!(refusal(&format!("[{good}, {short}]")), "record 2: salt is \"0xabc\" and must be 32 bytes in hex");
        let negative = good.replace("3000", "-3");
        assert_eq!(
            refusal(&format!("[{negative}]")),
            "record 1: income is -3 and must be a whole number from 0 to 18446744073709551615"
        );
        let vague = good.replace("true", "1");
        assert_eq!(refusal(&format!("[{vague}]")), "record 1: identity_matches is 1 and must be true or false");
        let fields = "the fields are identity_matches, income, assets, debt, issued_before, blacklisted";
        let incomplete = good.replace("\"debt\": 0, ", "");
        assert_eq!(refusal(&format!("[{incomplete}]")), format!("record 1: there is no debt; {fields}"));
        let surplus = good.replace("\"debt\": 0", "\"debt\": 0, \"debts\": 0");
        assert_eq!(refusal(&format!("[{surplus}]")), format!("record 1: there is no field \"debts\"; {fields}"));
        assert_eq!(refusal("[5]"), "record 1: the record is 5 and must be an object of names and values");
        assert_eq!(refusal(r#"[{"salt": "0x12"}]"#), "record 1: there is no facts; the fields are salt, facts");
        assert!(refusal("{}").starts_with("this is no JSON list of records: "));
    }
}
