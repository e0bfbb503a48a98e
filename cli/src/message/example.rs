//! Plausible arguments of each message.

use super::options::items;
use amanah_client::{
    abi::{Abi, Kind, Message, Part, Set},
    address, Actor,
};
use serde_json::{json, Map, Value};

/// Options and values of a message that can be encoded, as words of a command line.
pub fn example(abi: &Abi, message: &Message) -> Vec<String> {
    let single = items(abi, message).into_iter().filter(|item| !item.is_whole);
    single.flat_map(|item| [format!("--{}", item.name), text(&value(abi, &item.part))]).collect()
}

/// The command for a help text: its name and the example, quoted for a shell.
pub fn shown(abi: &Abi, message: &Message) -> String {
    let words = [vec![message.name.clone()], example(abi, message)].concat();
    shell_words::join(words)
}

fn value(abi: &Abi, part: &Part) -> Value {
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

/// A value as it is typed: lists of what has no parts with commas.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if !items.is_empty() && !items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().map(text).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
