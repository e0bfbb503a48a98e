//! Events as JSON, by the metadata in the contracts' bundles: names and shapes as UIs show them.

use amanah_client::{address, chain::RawEvent, Bundle, Suite};
use amanah_domain::ids::Account;
use anyhow::{Context, Result};
use ink::metadata::InkProject;
use scale_info::{PortableRegistry, TypeDef, TypeDefPrimitive};
use serde_json::{json, Map, Value as Json};
use std::path::Path;
use subxt::ext::scale_value::{scale::decode_as_type, Composite, Primitive, Value, ValueDef};

/// The contracts' metadata.
pub struct Metadata(Vec<(Account, &'static str, InkProject)>);

impl Metadata {
    /// Reads the bundles of the suite's contracts in this folder.
    ///
    /// # Errors
    /// When one is missing or no bundle.
    pub fn load(suite: &Suite, folder: &Path) -> Result<Self> {
        let Suite { registry, ledger, voucher, loan, welfare, .. } = *suite;
        let named =
            [("registry", registry), ("ledger", ledger), ("voucher", voucher), ("loan", loan), ("welfare", welfare)];
        let read = named.into_iter().map(|(name, account)| {
            let metadata = Bundle::load(folder, name)?.metadata;
            let project = serde_json::from_value(metadata);
            Ok((account, name, project.with_context(|| format!("{name}.contract has no metadata of ink! 5"))?))
        });
        Ok(Self(read.collect::<Result<_>>()?))
    }

    /// An event as `{"contract": .., "event": .., "fields": {..}}`; `None` if it is not of the suite's contracts. One that
    /// the metadata does not know, of newer code, has `topics` and `data` in hex instead.
    pub fn event(&self, raw: &RawEvent) -> Option<Json> {
        let (_, contract, project) = self.0.iter().find(|(account, ..)| *account == raw.contract)?;
        Some(decoded(project, raw).map_or_else(
            || {
                let topics: Vec<_> = raw.topics.iter().map(|topic| hexed(topic)).collect();
                json!({"contract": contract, "topics": topics, "data": hexed(&raw.data)})
            },
            |(event, fields)| json!({"contract": contract, "event": event, "fields": fields}),
        ))
    }
}

/// An event's name and fields, if the metadata knows it.
fn decoded(project: &InkProject, raw: &RawEvent) -> Option<(String, Map<String, Json>)> {
    let signature = raw.topics.first()?;
    let known = |topic: &[u8]| topic == signature;
    let mut events = project.spec().events().iter();
    let event = events.find(|event| event.signature_topic().is_some_and(|topic| known(topic.as_bytes())))?;
    let (data, types) = (&mut raw.data.as_slice(), project.registry());
    let fields = event.args().iter().map(|field| {
        let value = decode_as_type(data, field.ty().ty().id, types).ok()?;
        Some((field.label().clone(), shown(&value, types)))
    });
    Some((event.label().clone(), fields.collect::<Option<_>>()?))
}

/// A value as people write it: accounts as SS58, bytes in hex, choices by name, none as null. Numbers that JavaScript cannot
/// hold are strings.
fn shown(value: &Value<u32>, types: &PortableRegistry) -> Json {
    let kind = types.resolve(value.context);
    let of_bytes =
        |id: u32| types.resolve(id).is_some_and(|of| of.type_def == TypeDef::Primitive(TypeDefPrimitive::U8));
    let (is_list, is_bytes) = match kind.map(|kind| &kind.type_def) {
        Some(TypeDef::Array(array)) => (true, of_bytes(array.type_param.id)),
        Some(TypeDef::Sequence(sequence)) => (true, of_bytes(sequence.type_param.id)),
        Some(TypeDef::Tuple(_)) => (true, false),
        _ => (false, false),
    };
    let is_account = kind.and_then(|kind| kind.path.ident()).as_deref() == Some("AccountId");
    match &value.value {
        ValueDef::Composite(fields) if is_account => match Account::try_from(bytes(fields)) {
            Ok(account) => json!(address(&account)),
            Err(other) => hexed(&other),
        },
        ValueDef::Composite(fields) if is_bytes => hexed(&bytes(fields)),
        ValueDef::Composite(fields) if is_list => fields.values().map(|value| shown(value, types)).collect(),
        ValueDef::Composite(fields) => all(fields, types),
        ValueDef::Variant(variant) => match (variant.name.as_str(), variant.values.is_empty()) {
            ("None", true) => Json::Null,
            ("Some", false) => all(&variant.values, types),
            (name, true) => json!(name),
            (name, false) => json!({ name: all(&variant.values, types) }),
        },
        ValueDef::Primitive(Primitive::Bool(truth)) => json!(truth),
        ValueDef::Primitive(Primitive::String(text)) => json!(text),
        ValueDef::Primitive(Primitive::U128(number)) => match u64::try_from(*number) {
            Ok(small) if small < 1 << 53 => json!(small),
            _ => json!(number.to_string()),
        },
        other => json!(format!("{other:?}")),
    }
}

/// Fields by their names; a single one without a name as itself, several as a list.
fn all(fields: &Composite<u32>, types: &PortableRegistry) -> Json {
    match fields {
        Composite::Named(fields) => fields.iter().map(|(name, value)| (name.clone(), shown(value, types))).collect(),
        Composite::Unnamed(fields) => match &fields[..] {
            [only] => shown(only, types),
            fields => fields.iter().map(|value| shown(value, types)).collect(),
        },
    }
}

/// The bytes in a value that is made of nothing else.
fn bytes(fields: &Composite<u32>) -> Vec<u8> {
    let parts = fields.values().map(|value| match &value.value {
        ValueDef::Primitive(Primitive::U128(byte)) => u8::try_from(*byte).into_iter().collect(),
        ValueDef::Composite(inner) => bytes(inner),
        _ => Vec::new(),
    });
    parts.collect::<Vec<_>>().concat()
}

fn hexed(bytes: &[u8]) -> Json {
    json!(format!("0x{}", hex::encode(bytes)))
}
