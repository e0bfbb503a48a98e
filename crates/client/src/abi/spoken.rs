//! Values in words, for a line of text.

use serde_json::{Map, Value as Json};

/// A value, or the reason of a refusal, for people: `NotInGoodStanding (participant 3)`.
pub fn spoken(value: &Json) -> String {
    match value {
        Json::Null => "none".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(spoken).collect::<Vec<_>>().join(", "),
        Json::Object(fields) => match variant(fields) {
            Some((name, Json::Object(fields))) if variant(fields).is_none() => format!("{name} ({})", listed(fields)),
            Some((name, inner)) => format!("{name}: {}", spoken(inner)),
            None => listed(fields),
        },
        other => other.to_string(),
    }
}

/// The one name and content of a variant: types' names begin with a capital, fields' do not.
fn variant(fields: &Map<String, Json>) -> Option<(&String, &Json)> {
    let mut all = fields.iter();
    all.next().filter(|(name, _)| fields.len() == 1 && name.starts_with(|first: char| first.is_ascii_uppercase()))
}

fn listed(fields: &Map<String, Json>) -> String {
    let field = |(name, value): (&String, &Json)| match value {
        Json::Object(_) => format!("{} ({})", name.replace('_', " "), spoken(value)),
        _ => format!("{} {}", name.replace('_', " "), spoken(value)),
    };
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_said_in_one_line() {
        for (value, text) in [
            (json!("NotAllowed"), "NotAllowed"),
            (json!({"NotInGoodStanding": {"participant": 3}}), "NotInGoodStanding (participant 3)"),
            (json!({"Redemption": {"NotOpen": {"status": "Confirmed"}}}), "Redemption: NotOpen (status Confirmed)"),
            (json!({"Terms": "Window"}), "Terms: Window"),
            (json!({"NoSuchRole": {"role": "Custom-3"}}), "NoSuchRole (role Custom-3)"),
            (json!({"fees": ["1.00", "2.00"], "late_from": null}), "fees 1.00, 2.00, late from none"),
        ] {
            assert_eq!(spoken(&value), text);
        }
    }
}
