//! From what people write to values that are encoded by their type.

use super::{amount, binary, kind::kind, names, time, AbiError, Kind, Part, Scope, Set, Variant};
use ink::scale_info::PortableRegistry;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use subxt::ext::scale_value::{Composite, Value};

/// Reads values.
pub(super) struct Reader<'a> {
    pub types: &'a PortableRegistry,
    pub scope: &'a dyn Scope,
}

impl Reader<'_> {
    /// An argument or a field, which may be missing if it is optional.
    pub fn field(&self, path: &str, part: &Part, json: Option<&Json>) -> Result<Value, AbiError> {
        let kind = kind(self.types, part);
        match json {
            None if !kind.is_optional() => {
                Err(AbiError::Missing { path: path.to_owned(), rule: kind.rule(self.scope.decimals()) })
            }
            json => self.value(path, part, json.unwrap_or(&Json::Null)),
        }
    }

    fn value(&self, path: &str, part: &Part, json: &Json) -> Result<Value, AbiError> {
        let kind = kind(self.types, part);
        // What has parts may come as text from a command line.
        let json = &*if kind.has_parts() { opened(json) } else { Cow::Borrowed(json) };
        let refused = || AbiError::value(path, json, kind.rule(self.scope.decimals()));
        let text = text(json);
        let read = match &kind {
            Kind::Option(_) if json.is_null() => Some(Value::unnamed_variant("None", [])),
            Kind::Option(inner) => Some(Value::unnamed_variant("Some", [self.value(path, inner, json)?])),
            Kind::List(item) => match items(json) {
                Some(items) => Some(Value::unnamed_composite(self.items(path, item, &items)?)),
                None => None,
            },
            Kind::Tuple(parts) if parts.is_empty() => json.is_null().then(|| Value::unnamed_composite([])),
            Kind::Tuple(parts) => match json.as_array().filter(|items| items.len() == parts.len()) {
                Some(items) => Some(Value::unnamed_composite(self.places(path, parts, items)?)),
                None => None,
            },
            Kind::Struct(parts) => match json.as_object() {
                Some(object) => Some(Value::named_composite(self.fields(path, parts, object)?)),
                None => None,
            },
            Kind::Choice { variants, .. } => self.choice(path, variants, json)?,
            Kind::Text => json.as_str().map(Value::string),
            Kind::Bool => truth(json).map(Value::bool),
            Kind::Set(set) => bits(*set, json).map(Value::u128),
            Kind::Point => {
                let now = || self.scope.now();
                let point = text.map_or(Ok(None), |text| time::read_point(&text, now));
                let no_time = |reason| AbiError::NoTime { path: path.to_owned(), reason };
                point.map_err(no_time)?.map(|at| Value::u128(at.into()))
            }
            Kind::Length => text.and_then(|text| time::read_length(&text)).map(|length| Value::u128(length.into())),
            Kind::Amount => text.and_then(|text| amount::read(&text, self.scope.decimals())).map(Value::u128),
            Kind::Number(most) => text.and_then(|text| whole(&text)).filter(|number| number <= most).map(Value::u128),
            Kind::Account => text.and_then(|text| binary::read_account(&text, self.scope)).map(Value::from_bytes),
            Kind::Cid => text.and_then(|text| binary::read_cid(&text)).map(Value::from_bytes),
            Kind::Bytes(length) => text.and_then(|text| binary::read_hex(&text, *length)).map(Value::from_bytes),
            Kind::Foreign => None,
        };
        read.ok_or_else(refused)
    }

    fn items(&self, path: &str, part: &Part, items: &[Json]) -> Result<Vec<Value>, AbiError> {
        items.iter().enumerate().map(|(at, item)| self.value(&format!("{path}[{at}]"), part, item)).collect()
    }

    fn places(&self, path: &str, parts: &[Part], items: &[Json]) -> Result<Vec<Value>, AbiError> {
        let places = parts.iter().zip(items).enumerate();
        places.map(|(at, (part, item))| self.value(&format!("{path}[{at}]"), part, item)).collect()
    }

    fn fields(&self, path: &str, parts: &[Part], object: &Map<String, Json>) -> Result<Vec<(String, Value)>, AbiError> {
        let known = |label: &String| parts.iter().any(|part| part.label == *label);
        if let Some(unknown) = object.keys().find(|label| !known(label)) {
            return Err(AbiError::unknown(&format!("{path}."), unknown, parts));
        }
        let field = |part: &Part| {
            let value = self.field(&format!("{path}.{}", part.label), part, object.get(&part.label))?;
            Ok((part.label.clone(), value))
        };
        parts.iter().map(field).collect()
    }

    /// `Bullet`, `Custom-3`, `{"Fixed": ..}`.
    fn choice(&self, path: &str, variants: &[Variant], json: &Json) -> Result<Option<Value>, AbiError> {
        let called = |name: &str| variants.iter().find(|variant| names::same(&variant.name, name));
        let (variant, inner) = match json {
            Json::String(name) => match (called(name), names::numbered(name)) {
                (Some(variant), _) if variant.fields.is_empty() => {
                    return Ok(Some(Value::unnamed_variant(variant.name.clone(), [])));
                }
                (None, Some((name, number))) => (called(&name), Cow::Owned(Json::String(number))),
                _ => return Ok(None),
            },
            Json::Object(object) if object.len() == 1 => match object.iter().next() {
                Some((name, inner)) => (called(name), Cow::Borrowed(inner)),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let Some(variant) = variant else { return Ok(None) };
        let path = format!("{path}.{}", variant.name);
        let values = match (variant.fields.as_slice(), &*inner) {
            ([], _) => return Ok(None),
            (parts, Json::Object(object)) if variant.has_names => Composite::Named(self.fields(&path, parts, object)?),
            (_, _) if variant.has_names => return Ok(None),
            ([part], inner) => Composite::Unnamed(vec![self.value(&path, part, inner)?]),
            (parts, Json::Array(items)) if items.len() == parts.len() => {
                Composite::Unnamed(self.places(&path, parts, items)?)
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::variant(variant.name.clone(), values)))
    }
}

/// JSON that is in a text, if it is an object or a list.
fn opened(json: &Json) -> Cow<'_, Json> {
    let text = json.as_str().filter(|text| text.trim_start().starts_with(['{', '[']));
    match text.and_then(|text| serde_json::from_str(text).ok()) {
        Some(inner) => Cow::Owned(inner),
        None => Cow::Borrowed(json),
    }
}

/// A text or a number as text. Numbers keep their digits, as serde_json's arbitrary precision does.
fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The items of a list, or of a text with commas.
fn items(json: &Json) -> Option<Vec<Json>> {
    match json {
        Json::Array(items) => Some(items.clone()),
        Json::String(text) if text.trim().is_empty() => Some(Vec::new()),
        Json::String(text) if text.trim_start().starts_with(['{', '[']) => None,
        Json::String(text) => Some(text.split(',').map(|item| item.trim().into()).collect()),
        Json::Number(_) => Some(vec![json.clone()]),
        _ => None,
    }
}

fn bits(set: Set, json: &Json) -> Option<u128> {
    let items = items(&opened(json))?;
    let texts: Option<Vec<String>> = items.iter().map(text).collect();
    set.read(texts?.iter().map(String::as_str))
}

fn truth(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(truth) => Some(*truth),
        Json::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Digits and nothing else.
fn whole(text: &str) -> Option<u128> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}
