//! Random values of every kind.

use super::super::{Abi, Kind, Part, Set};
use amanah_domain::time::Millis;
use proptest::{prelude::*, strategy::Union};
use subxt::ext::scale_value::{Composite, Value};

/// Times in a century or two, which are written as dates.
const LATE: Millis = 8_000_000_000_000;

/// Any value of this type.
pub(super) fn any_of(abi: &Abi, part: &Part) -> BoxedStrategy<Value> {
    let numbers = |most: u128| (0..=most).prop_map(Value::u128).boxed();
    let times = || prop_oneof![Just(0), Just(u64::MAX), 0..LATE, any::<u64>()].prop_map(|at| Value::u128(at.into()));
    let sequence = |parts: &[Part]| parts.iter().map(|part| any_of(abi, part)).collect::<Vec<_>>();
    match abi.kind(part) {
        Kind::Amount => numbers(u64::MAX.into()),
        Kind::Point | Kind::Length => times().boxed(),
        Kind::Number(most) => numbers(most),
        Kind::Bool => any::<bool>().prop_map(Value::bool).boxed(),
        Kind::Text => any::<String>().prop_map(Value::string).boxed(),
        Kind::Set(Set::Roles) => numbers(u64::MAX.into()),
        Kind::Set(_) => numbers(u32::MAX.into()),
        Kind::Account => any::<[u8; 32]>().prop_map(Value::from_bytes).boxed(),
        Kind::Cid => (any::<[u8; 32]>(), any::<bool>())
            .prop_map(|(hash, is_cid)| {
                Value::from_bytes([&[if is_cid { 1 } else { 7 }, 0x55, 0x12, 32], &hash[..]].concat())
            })
            .boxed(),
        Kind::Bytes(length) => prop::collection::vec(any::<u8>(), length).prop_map(Value::from_bytes).boxed(),
        Kind::Option(inner) => prop::option::of(any_of(abi, &inner))
            .prop_map(|inner| {
                inner.map_or(Value::unnamed_variant("None", []), |inner| Value::unnamed_variant("Some", [inner]))
            })
            .boxed(),
        Kind::List(item) => prop::collection::vec(any_of(abi, &item), 0..3).prop_map(Value::unnamed_composite).boxed(),
        Kind::Tuple(parts) => sequence(&parts).prop_map(Value::unnamed_composite).boxed(),
        Kind::Struct(parts) => {
            let labels: Vec<String> = parts.iter().map(|part| part.label.clone()).collect();
            sequence(&parts).prop_map(move |values| Value::named_composite(labels.iter().cloned().zip(values))).boxed()
        }
        Kind::Choice { variants, .. } => {
            let variants = variants.into_iter().map(|variant| {
                let labels: Vec<String> = variant.fields.iter().map(|part| part.label.clone()).collect();
                let values = sequence(&variant.fields);
                values.prop_map(move |values| {
                    let values = match variant.has_names {
                        true => Composite::Named(labels.iter().cloned().zip(values).collect()),
                        false => Composite::Unnamed(values),
                    };
                    Value::variant(variant.name.clone(), values)
                })
            });
            Union::new(variants).boxed()
        }
        Kind::Foreign => panic!("{part:?}"),
    }
}
