//! From decoded values to what people read, and programs as JSON.

use super::{amount, binary, kind::kind, time, Kind, Part, Variant};
use crate::actor::address;
use ink::scale_info::PortableRegistry;
use serde_json::{Number, Value as Json};
use subxt::ext::scale_value::{Composite, Primitive, Value, ValueDef};

/// A value as JSON in the notation that [`super::read`] reads; `None` if it is not of its type.
pub(super) fn write(types: &PortableRegistry, decimals: u8, part: &Part, value: &Value<u32>) -> Option<Json> {
    let write = |part: &Part, value: &Value<u32>| write(types, decimals, part, value);
    match kind(types, part) {
        Kind::Amount => number(value).map(|units| amount::write(units, decimals).into()),
        Kind::Point => number(value)?.try_into().ok().map(time::write_point),
        Kind::Length => number(value)?.try_into().ok().map(|length| time::write_length(length).into()),
        Kind::Number(_) => Number::from_u128(number(value)?).map(Json::Number),
        Kind::Set(set) => number(value).map(|bits| set.write(bits).into()),
        Kind::Bool => value.as_bool().map(Json::Bool),
        Kind::Text => value.as_str().map(Json::from),
        Kind::Account => bytes(value)?.try_into().ok().map(|account| address(&account).into()),
        Kind::Cid => bytes(value).map(|bytes| binary::write_cid(&bytes).into()),
        Kind::Bytes(_) => bytes(value).map(|bytes| binary::write_hex(&bytes).into()),
        Kind::Option(inner) => match variant(value)? {
            ("Some", fields) => write(&inner, fields.values().next()?),
            _ => Some(Json::Null),
        },
        Kind::List(item) => composite(value)?.values().map(|value| write(&item, value)).collect(),
        Kind::Tuple(parts) if parts.is_empty() => Some(Json::Null),
        Kind::Tuple(parts) => places(&parts, composite(value)?, &write),
        Kind::Struct(parts) => fields(&parts, composite(value)?, &write),
        Kind::Choice { is_role, variants } => {
            let (name, values) = variant(value)?;
            let Variant { name, fields: parts, has_names } =
                variants.into_iter().find(|variant| variant.name == name)?;
            let inner = match parts.as_slice() {
                [] => return Some(name.into()),
                parts if has_names => fields(parts, values, &write)?,
                [part] => write(part, values.values().next()?)?,
                parts => places(parts, values, &write)?,
            };
            Some(match inner {
                Json::Number(number) if is_role => format!("{name}-{number}").into(),
                inner => Json::Object([(name, inner)].into_iter().collect()),
            })
        }
        Kind::Foreign => Some(value.to_string().into()),
    }
}

type Write<'a> = &'a dyn Fn(&Part, &Value<u32>) -> Option<Json>;

fn fields(parts: &[Part], values: &Composite<u32>, write: Write) -> Option<Json> {
    let field = |(part, value): (&Part, &Value<u32>)| Some((part.label.clone(), write(part, value)?));
    parts.iter().zip(values.values()).map(field).collect::<Option<_>>().map(Json::Object)
}

fn places(parts: &[Part], values: &Composite<u32>, write: Write) -> Option<Json> {
    parts.iter().zip(values.values()).map(|(part, value)| write(part, value)).collect()
}

fn composite(value: &Value<u32>) -> Option<&Composite<u32>> {
    match &value.value {
        ValueDef::Composite(values) => Some(values),
        _ => None,
    }
}

fn variant(value: &Value<u32>) -> Option<(&str, &Composite<u32>)> {
    match &value.value {
        ValueDef::Variant(variant) => Some((&variant.name, &variant.values)),
        _ => None,
    }
}

/// A number, also one that is wrapped in a type of its own.
fn number(value: &Value<u32>) -> Option<u128> {
    match &value.value {
        ValueDef::Primitive(Primitive::U128(number)) => Some(*number),
        ValueDef::Composite(values) if values.len() == 1 => number(values.values().next()?),
        _ => None,
    }
}

/// Bytes, also those that are wrapped in a type of their own.
fn bytes(value: &Value<u32>) -> Option<Vec<u8>> {
    let values = composite(value)?;
    match values.values().next() {
        Some(inner) if values.len() == 1 && composite(inner).is_some() => bytes(inner),
        _ => values.values().map(|byte| number(byte)?.try_into().ok()).collect(),
    }
}
