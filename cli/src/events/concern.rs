//! What an event is about: the numbers in its fields.

use serde_json::Value;
use std::str::FromStr;

/// A participant, a voucher .., by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concern {
    kind: &'static str,
    /// What events call fields with numbers of this kind.
    fields: &'static [&'static str],
    number: u64,
}

/// What participants are called in events: by what they do there.
const PARTICIPANT: &[&str] = &[
    "participant",
    "applicant",
    "attestors",
    "bank",
    "beneficiary",
    "borrower",
    "by",
    "cancelled_by",
    "confirmed_by",
    "grantors",
    "holder",
    "insured",
    "investor",
    "issuer",
    "oracle",
    "owner",
    "payer",
    "proposed_by",
    "shop",
    "subsidised_by",
];

const KINDS: [(&str, &[&str]); 11] = [
    ("participant", PARTICIPANT),
    ("voucher", &["voucher"]),
    ("redemption", &["redemption"]),
    ("loan", &["loan"]),
    ("case", &["case"]),
    ("campaign", &["campaign"]),
    ("programme", &["programme"]),
    ("roll", &["roll"]),
    ("withdrawal", &["withdrawal"]),
    ("scheme", &["scheme"]),
    ("application", &["application"]),
];

impl FromStr for Concern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, number) = text.split_once('=').unwrap_or((text, ""));
        let known = || KINDS.iter().map(|(kind, _)| *kind).collect::<Vec<_>>().join(", ");
        let kind = KINDS.iter().find(|(kind, _)| *kind == name);
        let (kind, fields) = kind.ok_or_else(|| format!("{name:?} is none of {}", known()))?;
        let number = number.parse().map_err(|_| format!("after {kind}= there must be its number, not {number:?}"))?;
        Ok(Self { kind, fields, number })
    }
}

impl Concern {
    /// The participant's number, if it is one.
    pub fn participant(&self) -> Option<u64> {
        (self.kind == "participant").then_some(self.number)
    }

    /// For people and programs: `voucher=3`.
    pub fn text(&self) -> String {
        format!("{}={}", self.kind, self.number)
    }

    /// Is it in these fields, at whatever depth, by its number or by its account?
    pub fn is_in(&self, value: &Value, account: Option<&str>) -> bool {
        match value {
            Value::Object(fields) => fields.iter().any(|(name, value)| {
                let is_a_number_of_it = self.fields.iter().any(|field| field.eq_ignore_ascii_case(name));
                (is_a_number_of_it && self.is(value)) || self.is_in(value, account)
            }),
            Value::Array(items) => items.iter().any(|item| self.is_in(item, account)),
            Value::String(text) => account == Some(text),
            _ => false,
        }
    }

    fn is(&self, value: &Value) -> bool {
        match value {
            Value::Number(number) => number.as_u64() == Some(self.number),
            Value::Array(items) => items.iter().any(|item| self.is(item)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_client::Bundle;
    use serde_json::json;
    use std::collections::{BTreeSet, HashMap};

    fn is_in(concern: &str, value: Value) -> bool {
        concern.parse::<Concern>().unwrap().is_in(&value, Some("5Alice"))
    }

    #[test]
    fn a_number_is_found_at_any_depth_under_the_names_of_its_kind_only() {
        assert!(is_in("voucher=3", json!({ "voucher": 3, "programme": 1 })));
        assert!(!is_in("voucher=1", json!({ "voucher": 3, "programme": 1 })));
        assert!(is_in("case=7", json!({ "matter": { "Case": 7 }, "by": 2 })));
        assert!(is_in("participant=4", json!({ "terms": { "attestors": [3, 4] } })));
        assert!(is_in("participant=4", json!({ "from": { "Participant": 4 } })));
        assert!(!is_in("participant=4", json!({ "amount": 4, "terms": { "reason": 4 }, "by": "4" })));
        assert!(is_in("participant=4", json!({ "issuer": "5Alice" })));
        assert!(!is_in("participant=4", json!({ "issuer": "5Bob" })));
    }

    #[test]
    fn what_is_no_concern_is_refused_with_the_rule() {
        let refused = |text: &str| text.parse::<Concern>().unwrap_err();
        assert!(refused("person=3").starts_with("\"person\" is none of participant, voucher,"));
        assert_eq!(refused("voucher"), "after voucher= there must be its number, not \"\"");
        assert_eq!(refused("voucher=-1"), "after voucher= there must be its number, not \"-1\"");
    }

    /// Every field of every event whose type is a number of a kind is found for that kind, except those that point from a
    /// record to the one before it.
    #[test]
    fn the_names_are_those_of_all_fields_that_the_bundles_give_the_numbers_types() {
        let kinds = [
            ("ParticipantId", "participant"),
            ("VoucherId", "voucher"),
            ("RedemptionId", "redemption"),
            ("LoanId", "loan"),
            ("CaseId", "case"),
            ("WelfareCaseId", "case"),
            ("CampaignId", "campaign"),
            ("ProgrammeId", "programme"),
            ("RollId", "roll"),
            ("WithdrawalId", "withdrawal"),
            ("SchemeId", "scheme"),
            ("ApplicationId", "application"),
        ];
        // The first of several vouchers: each has an event of its own.
        let others = ["previous", "older", "first"];
        let mut found = 0;
        for contract in ["registry", "ledger", "voucher", "loan", "welfare"] {
            for (name, ty) in named_types(&Bundle::load(&Bundle::folder(), contract).unwrap().metadata) {
                let bare = ty.trim_start_matches("Vec<").trim_start_matches("Option<").trim_end_matches('>');
                let Some((_, kind)) = kinds.iter().find(|(ty, _)| *ty == bare) else { continue };
                let (_, names) = KINDS.iter().find(|(known, _)| known == kind).unwrap();
                let is_known = names.iter().any(|known| known.eq_ignore_ascii_case(&name));
                assert!(is_known || others.contains(&name.as_str()), "{contract}: {name} is a {ty}");
                found += 1;
            }
        }
        assert!(found > 100, "{found}");
    }

    /// Names and types' names of all fields in a contract's events; an unnamed field of a variant is called as the variant.
    fn named_types(metadata: &Value) -> Vec<(String, String)> {
        let types: HashMap<u64, &Value> = metadata["types"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| (entry["id"].as_u64().unwrap(), &entry["type"]["def"]))
            .collect();
        let (mut named, mut waiting, mut done) = (Vec::new(), Vec::new(), BTreeSet::new());
        for argument in
            metadata["spec"]["events"].as_array().unwrap().iter().flat_map(|event| event["args"].as_array().unwrap())
        {
            let ty = &argument["type"];
            let path = ty["displayName"].as_array().unwrap();
            named.push((text(&argument["label"]), path.last().map(text).unwrap_or_default()));
            waiting.push(ty["type"].as_u64().unwrap());
        }
        while let Some(id) = waiting.pop() {
            if !done.insert(id) {
                continue;
            }
            let definition = types[&id];
            let of_variants = definition["variant"]["variants"].as_array().into_iter().flatten();
            let parents = of_variants.map(|variant| (text(&variant["name"]), &variant["fields"]));
            for (parent, fields) in parents.chain([(String::new(), &definition["composite"]["fields"])]) {
                for field in fields.as_array().into_iter().flatten() {
                    let name = field["name"].as_str().unwrap_or(&parent);
                    named.push((name.to_owned(), text(&field["typeName"])));
                    waiting.push(field["type"].as_u64().unwrap());
                }
            }
            waiting.extend(definition["sequence"]["type"].as_u64());
        }
        named
    }

    fn text(value: &Value) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}
