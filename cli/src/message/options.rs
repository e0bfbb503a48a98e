//! The options of a message's command: one for each argument, or for each field of an argument that is a struct.

use amanah_client::abi::{kebab, Abi, Kind, Message, Part};
use anyhow::{anyhow, Context, Result};
use clap::ArgMatches;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fs};

/// Options that every command has: no message's option may be called so.
pub const COMMON: [&str; 18] = [
    "book",
    "bundles",
    "caller",
    "decimals",
    "deployment",
    "execute",
    "help",
    "keystore",
    "output",
    "password-file",
    "patience",
    "profile",
    "suri",
    "suri-file",
    "url",
    "version",
    "wait",
    "yes",
];

/// An option.
pub struct Item {
    /// Its name on the command line, without the dashes.
    pub name: String,
    /// Its value: an argument, or a field of one.
    pub part: Part,
    /// What its value is.
    pub kind: Kind,
    /// The argument whose field it is, if it is one.
    pub field_of: Option<String>,
    /// Is it the whole of an argument whose fields have options of their own?
    pub is_whole: bool,
}

impl Item {
    /// Where the value goes, as errors say it: `terms.bank`. It is the option's identity too.
    pub fn path(&self) -> String {
        match &self.field_of {
            Some(argument) => format!("{argument}.{}", self.part.label),
            None => self.part.label.clone(),
        }
    }
}

/// The options of a message, in the order of its arguments.
pub fn items(abi: &Abi, message: &Message) -> Vec<Item> {
    let mut items: Vec<Item> = message.arguments.iter().flat_map(|part| of_argument(abi, part)).collect();
    let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
    for item in &mut items {
        let times = names.iter().filter(|name| **name == item.name).count();
        match &item.field_of {
            Some(argument) if times > 1 || COMMON.contains(&item.name.as_str()) => {
                item.name = format!("{}-{}", kebab(argument), item.name);
            }
            _ => {}
        }
    }
    items
}

fn of_argument(abi: &Abi, part: &Part) -> Vec<Item> {
    let item = |part: &Part, field_of| {
        let kind = abi.kind(part);
        Item { name: kebab(&part.label), part: part.clone(), kind, field_of, is_whole: false }
    };
    let whole = item(part, None);
    match &whole.kind {
        Kind::Struct(fields) => {
            let fields: Vec<Item> = fields.iter().map(|field| item(field, Some(part.label.clone()))).collect();
            [Item { is_whole: true, ..whole }].into_iter().chain(fields).collect()
        }
        _ => vec![whole],
    }
}

/// The arguments of a message as they were given, by their labels.
///
/// # Errors
/// When a file that a value names by `@` cannot be read or is no JSON, or the whole of an argument is no object although
/// single fields of it are given too.
pub fn arguments(abi: &Abi, message: &Message, matches: &ArgMatches) -> Result<BTreeMap<String, Value>> {
    let mut arguments = BTreeMap::new();
    for item in items(abi, message) {
        let given = match matches.get_one::<String>(&item.path()) {
            Some(text) => Some(value(abi, &item, text)?),
            None if item.is_whole => Some(Value::Object(Map::new())),
            None => None,
        };
        let Some(given) = given else { continue };
        match &item.field_of {
            None => arguments.insert(item.part.label, given),
            Some(argument) => {
                let whole = arguments.get_mut(argument).and_then(Value::as_object_mut);
                let whole = whole
                    .with_context(|| format!("{argument} must be a JSON object if {} is given beside it", item.name))?;
                whole.insert(item.part.label, given)
            }
        };
    }
    Ok(arguments)
}

/// A value as it was given: text, or what is in the file that it names. A whole is opened, so that fields can be put into it.
fn value(abi: &Abi, item: &Item, text: &str) -> Result<Value> {
    match text.strip_prefix('@').filter(|_| has_parts(abi, &item.kind)) {
        Some(path) => {
            let content = fs::read_to_string(path).with_context(|| format!("{}: cannot read {path}", item.path()))?;
            let read = serde_json::from_str(&content);
            read.map_err(|error| anyhow!("{}: {path} is no JSON: {error}", item.path()))
        }
        None if item.is_whole => Ok(serde_json::from_str(text).unwrap_or_else(|_| text.into())),
        None => Ok(text.into()),
    }
}

/// Has it parts, so that nobody wants to type it?
pub fn has_parts(abi: &Abi, kind: &Kind) -> bool {
    match kind {
        Kind::Option(inner) => has_parts(abi, &abi.kind(inner)),
        kind => kind.has_parts(),
    }
}
