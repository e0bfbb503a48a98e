//! A contract as its bundle describes it: its messages with their arguments, encoded from what people write and decoded
//! into what people read, without a Rust type of any of them.
//!
//! There is one notation for both directions, so what is printed can be given back: see [`Kind::rule`] for each kind of
//! value.

mod amount;
mod binary;
mod error;
mod example;
mod kind;
mod names;
mod read;
mod set;
mod spoken;
#[cfg(test)]
mod tests;
mod time;
mod write;

pub use error::AbiError;
pub use kind::{Kind, Part, Variant};
pub use names::kebab;
pub use set::Set;
pub use spoken::spoken;

/// An amount as people write it in units of a money with so many decimals, in the money's smallest unit.
///
/// # Errors
/// The rule that it breaks.
pub fn read_amount(text: &str, decimals: u8) -> Result<u128, String> {
    amount::read(text, decimals).ok_or_else(|| Kind::Amount.rule(decimals))
}

/// A length of time as people write it, such as `2d`, in milliseconds.
///
/// # Errors
/// The rule that it breaks.
pub fn read_length(text: &str) -> Result<Millis, String> {
    time::read_length(text).ok_or_else(|| Kind::Length.rule(0))
}

/// A point in time as people write it, such as `2026-12-31`, or `+30d` from the chain's time, in milliseconds.
///
/// # Errors
/// The rule that it breaks, or why the chain's time is not known.
pub fn read_point(text: &str, scope: &dyn Scope) -> Result<Millis, String> {
    time::read_point(text, || scope.now())?.ok_or_else(|| Kind::Point.rule(0))
}

/// An amount of smallest units as people read it, such as `12.50` of a money with two decimals.
pub fn amount(units: Balance, decimals: u8) -> String {
    amount::write(units, decimals)
}

/// A point in time (milliseconds) as people read it, such as `2026-12-31T10:00:00Z`.
pub fn point(at: Millis) -> String {
    spoken(&time::write_point(at))
}

use crate::{bundle::BundleError, chain::RawEvent, Bundle};
use amanah_domain::{ids::Account, money::Balance, time::Millis};
use ink::{
    metadata::{ContractSpec, EventSpec, MessageParamSpec, Selector, TypeSpec},
    scale_info::{form::PortableForm, PortableRegistry, TypeDef},
};
use serde_json::{json, Map, Value as Json};
use std::{collections::BTreeMap, path::PathBuf};
use subxt::ext::scale_value::{
    scale::{decode_as_type, encode_as_type},
    Value, ValueDef,
};

/// What values mean depends on it: the money, the clock, and who is called what.
pub trait Scope {
    /// How many decimals the bank's money has.
    fn decimals(&self) -> u8;

    /// The chain's time now (milliseconds).
    ///
    /// # Errors
    /// Why it is not known.
    fn now(&self) -> Result<Millis, String>;

    /// The account of this name, if the name is known.
    fn account(&self, name: &str) -> Option<Account>;
}

/// A message or constructor.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its name for people: `create-programme`.
    pub name: String,
    /// Its name in the metadata: `Voucher::create_programme`.
    pub label: String,
    /// Its text, line by line.
    pub docs: Vec<String>,
    /// May it change anything? A query may not.
    pub mutates: bool,
    /// Its arguments, in order.
    pub arguments: Vec<Part>,
    selector: Vec<u8>,
    answer: Part,
}

impl Message {
    /// The bytes that say which message it is: the first of a call's data.
    pub fn selector(&self) -> &[u8] {
        &self.selector
    }
}

/// What a message answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It did it, and returned this.
    Done(Json),
    /// It refused, for this reason, such as `{"NotInGoodStanding": {"participant": 3}}`.
    Refused(Json),
}

/// A contract as its bundle describes it.
#[derive(Clone, Debug)]
pub struct Abi {
    contract: String,
    code_hash: [u8; 32],
    types: PortableRegistry,
    messages: Vec<Message>,
    constructors: Vec<Message>,
    events: Vec<EventForm>,
}

/// How an event looks.
#[derive(Clone, Debug)]
struct EventForm {
    name: String,
    signature: Vec<u8>,
    fields: Vec<Part>,
}

impl Abi {
    /// The description in a bundle.
    ///
    /// # Errors
    /// [`BundleError::Malformed`] when its metadata is not that of an ink! contract.
    pub fn of(bundle: &Bundle) -> Result<Self, BundleError> {
        let malformed =
            |reason| BundleError::Malformed { path: PathBuf::from(format!("{}.contract", bundle.name)), reason };
        // Not as one `InkProject`: it flattens its registry, and flattened numbers are not read when another crate of the
        // program turns on serde_json's arbitrary precision.
        let types = json!({ "types": bundle.metadata["types"] });
        let types = serde_json::from_value(types).map_err(|_| malformed("its types cannot be read"))?;
        let spec: ContractSpec<PortableForm> = serde_json::from_value(bundle.metadata["spec"].clone())
            .map_err(|_| malformed("its messages cannot be read"))?;
        let messages = spec.messages().iter().map(|spec| {
            let answer = spec.return_type().ret_type();
            message(spec.label(), spec.mutates(), spec.selector(), spec.docs(), spec.args(), answer)
        });
        let constructors = spec.constructors().iter().map(|spec| {
            message(spec.label(), true, spec.selector(), spec.docs(), spec.args(), spec.return_type().ret_type())
        });
        Ok(Self {
            contract: bundle.name.clone(),
            code_hash: bundle.code_hash,
            types,
            messages: messages.collect(),
            constructors: constructors.collect(),
            // Each event of the suite has a signature.
            events: spec.events().iter().filter_map(event).collect(),
        })
    }

    /// The contract's name.
    pub fn contract(&self) -> &str {
        &self.contract
    }

    /// The hash of its code.
    pub fn code_hash(&self) -> [u8; 32] {
        self.code_hash
    }

    /// Its messages, in the metadata's order.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Its constructors.
    pub fn constructors(&self) -> &[Message] {
        &self.constructors
    }

    /// The names of its events.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| event.name.as_str())
    }

    /// The message or constructor of this name, such as `create-programme`.
    ///
    /// # Errors
    /// [`AbiError::NoMessage`].
    pub fn message(&self, name: &str) -> Result<&Message, AbiError> {
        let mut all = self.messages.iter().chain(&self.constructors);
        all.find(|message| message.name == name)
            .ok_or_else(|| AbiError::NoMessage { contract: self.contract.clone(), name: name.to_owned() })
    }

    /// What kind of value an argument or a part of it is.
    pub fn kind(&self, part: &Part) -> Kind {
        kind::kind(&self.types, part)
    }

    /// A plausible value of an argument or a part of it, in the notation that [`Abi::encode`] takes.
    pub fn example(&self, part: &Part) -> Json {
        example::value(self, part)
    }

    /// A message or constructor as bytes: its selector and its arguments, which are given by their labels. An optional
    /// one may be missing.
    ///
    /// # Errors
    /// [`AbiError`], with the path of the value that is missing, unknown or wrong.
    pub fn encode(
        &self,
        message: &str,
        arguments: &BTreeMap<String, Json>,
        scope: &dyn Scope,
    ) -> Result<Vec<u8>, AbiError> {
        let message = self.message(message)?;
        let known = |label: &String| message.arguments.iter().any(|part| part.label == *label);
        if let Some(unknown) = arguments.keys().find(|label| !known(label)) {
            return Err(AbiError::unknown("", unknown, &message.arguments));
        }
        let reader = read::Reader { types: &self.types, scope };
        let mut bytes = message.selector.clone();
        for part in &message.arguments {
            let value = reader.field(&part.label, part, arguments.get(&part.label))?;
            self.append(part, &value, &mut bytes)?;
        }
        Ok(bytes)
    }

    /// Appends a value's encoding.
    fn append(&self, part: &Part, value: &Value, bytes: &mut Vec<u8>) -> Result<(), AbiError> {
        encode_as_type(value, part.ty, &self.types, bytes).map_err(|error| AbiError::Value {
            path: part.label.clone(),
            value: value.to_string(),
            rule: format!("what the contract takes: {error}"),
        })
    }

    /// What a message answered, from the bytes that its call returned.
    ///
    /// # Errors
    /// [`AbiError::NoMessage`]; [`AbiError::Unreadable`] when the bytes are no answer to it, or the contract could not read
    /// the message.
    pub fn decode_answer(&self, message: &str, bytes: &[u8], scope: &dyn Scope) -> Result<Answer, AbiError> {
        let part = &self.message(message)?.answer;
        let mut rest = bytes;
        let value = decode_as_type(&mut rest, part.ty, &self.types).map_err(|_| AbiError::Unreadable)?;
        let answered = self.answered(part, value).filter(|_| rest.is_empty()).ok_or(AbiError::Unreadable)?;
        let write = |part: &Part, value: &Value<u32>| {
            write::write(&self.types, scope.decimals(), part, value).ok_or(AbiError::Unreadable)
        };
        match answered {
            // The outer result is ink!'s own.
            (_, "Err", _) => Err(AbiError::Unreadable),
            (part, _, value) if self.is_result(&part) => match self.answered(&part, value) {
                Some((part, "Err", value)) => Ok(Answer::Refused(write(&part, &value)?)),
                Some((part, _, value)) => Ok(Answer::Done(write(&part, &value)?)),
                None => Err(AbiError::Unreadable),
            },
            (part, _, value) => Ok(Answer::Done(write(&part, &value)?)),
        }
    }

    fn is_result(&self, part: &Part) -> bool {
        self.types.resolve(part.ty).and_then(|ty| ty.path.ident()).as_deref() == Some("Result")
    }

    /// Which side of a result a value is, and what it holds.
    fn answered(&self, part: &Part, value: Value<u32>) -> Option<(Part, &'static str, Value<u32>)> {
        let TypeDef::Variant(sides) = &self.types.resolve(part.ty)?.type_def else { return None };
        let ValueDef::Variant(given) = value.value else { return None };
        let side = if given.name == "Ok" { "Ok" } else { "Err" };
        let field = sides.variants.iter().find(|variant| variant.name == given.name)?.fields.first()?;
        let inner = given.values.into_values().next()?;
        Some((Part { label: part.label.clone(), alias: String::new(), ty: field.ty.id }, side, inner))
    }

    /// An event's name and its fields; `None` if it is none of this contract's, or not encoded as the bundle says. Whether
    /// this contract emitted it, the caller must see from its account.
    pub fn decode_event(&self, event: &RawEvent, scope: &dyn Scope) -> Option<(String, Json)> {
        let signature = event.topics.first()?;
        let form = self.events.iter().find(|form| form.signature == signature)?;
        let mut rest = event.data.as_slice();
        let mut fields = Map::new();
        for part in &form.fields {
            let value = decode_as_type(&mut rest, part.ty, &self.types).ok()?;
            fields.insert(part.label.clone(), write::write(&self.types, scope.decimals(), part, &value)?);
        }
        rest.is_empty().then(|| (form.name.clone(), Json::Object(fields)))
    }
}

fn message(
    label: &str,
    mutates: bool,
    selector: &Selector,
    docs: &[String],
    arguments: &[MessageParamSpec<PortableForm>],
    answer: &TypeSpec<PortableForm>,
) -> Message {
    let own = label.rsplit("::").next().unwrap_or(label);
    Message {
        name: kebab(own),
        label: label.to_owned(),
        docs: docs.to_vec(),
        mutates,
        arguments: arguments.iter().map(|argument| part(argument.label(), argument.ty())).collect(),
        selector: selector.to_bytes().to_vec(),
        answer: part(own, answer),
    }
}

fn event(spec: &EventSpec<PortableForm>) -> Option<EventForm> {
    Some(EventForm {
        name: spec.label().clone(),
        signature: spec.signature_topic()?.as_bytes().to_vec(),
        fields: spec.args().iter().map(|field| part(field.label(), field.ty())).collect(),
    })
}

fn part(label: &str, spec: &TypeSpec<PortableForm>) -> Part {
    let alias = spec.display_name().segments.last().cloned().unwrap_or_default();
    Part { label: label.to_owned(), alias, ty: spec.ty().id }
}
