//! Plausible arguments.

use super::{Abi, Kind, Part, Set};
use crate::{address, Actor};
use serde_json::{json, Map, Value};

pub(super) fn value(abi: &Abi, part: &Part) -> Value {
    let fields = |parts: &[Part]| -> Map<String, Value> {
        parts.iter().map(|part| (part.label.clone(), value(abi, part))).collect()
    };
    match abi.kind(part) {
        Kind::Amount => json!("12.50"),
        Kind::Point => json!("+30d"),
        Kind::Length => json!(if part.label == "window" { "10m" } else { "30d" }),
        Kind::Account => json!(address(&Actor::alice().account())),
        Kind::Cid => json!("bafkreidgvpkjawlxz6sffxzwgooowe5yt7i6wsyg236mfoks77nywkptdq"),
        Kind::Bytes(length) => json!(format!("0x{}", "5a".repeat(length))),
        Kind::Number(_) => number(&part.label),
        Kind::Bool => json!(true),
        Kind::Text => json!("Headteacher"),
        Kind::Set(Set::Roles) => json!(["Citizen", "Shop"]),
        Kind::Set(Set::Categories) => json!([1, 2]),
        Kind::Set(Set::Reasons) => json!([]),
        Kind::Option(inner) => value(abi, &inner),
        Kind::List(item) => json!([value(abi, &item)]),
        Kind::Tuple(parts) => parts.iter().map(|part| value(abi, part)).collect(),
        Kind::Struct(parts) => Value::Object(fields(&parts)),
        Kind::Choice { is_role: true, .. } if part.label == "role" => json!("Custom-3"),
        Kind::Choice { variants, .. } => match variants.first() {
            Some(first) if first.has_names && !first.fields.is_empty() => json!({&first.name: fields(&first.fields)}),
            Some(first) => match first.fields.first() {
                Some(field) => json!({&first.name: value(abi, field)}),
                None => json!(first.name),
            },
            None => Value::Null,
        },
        Kind::Foreign => Value::Null,
    }
}

fn number(label: &str) -> Value {
    match label {
        "limit" => json!(20),
        "months" | "most_months" => json!(12),
        "rate" => json!(450),
        "category" | "categories" | "count" | "attestors_needed" | "needed" | "reason" => json!(1),
        _ => json!(7),
    }
}
