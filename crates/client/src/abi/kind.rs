//! What a value is: by its type, and by the names that the metadata has for the type and the value where the type alone
//! does not tell, since an amount, a time and a number are all just integers.

use super::{
    binary::CID_BYTES,
    time::{LENGTHS, POINTS},
    Set,
};
use ink::scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive};

/// An argument, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in the metadata, such as `code_hash`; empty if it has none.
    pub label: String,
    /// What its type is called there, such as `Balance` or `Option<Timestamp>`; empty if that is lost.
    pub(super) alias: String,
    pub(super) ty: u32,
}

/// A kind of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An amount of money.
    Amount,
    /// A point in time.
    Point,
    /// A length of time.
    Length,
    /// An account.
    Account,
    /// The content id of a document.
    Cid,
    /// So many bytes: a hash, a key, a signature.
    Bytes(usize),
    /// A whole number up to this: an id, a count, a code.
    Number(u128),
    /// Yes or no.
    Bool,
    /// Text.
    Text,
    /// A set of names or numbers.
    Set(Set),
    /// A value or none.
    Option(Box<Part>),
    /// Any number of values.
    List(Box<Part>),
    /// Values by their places; none for nothing at all.
    Tuple(Vec<Part>),
    /// Values by their names.
    Struct(Vec<Part>),
    /// One of these. Roles are told apart, since those that are named at run time have a notation of their own.
    Choice {
        /// Is it a role?
        is_role: bool,
        /// What it can be.
        variants: Vec<Variant>,
    },
    /// Something that no contract of the suite uses.
    Foreign,
}

/// One of several things that a value can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name: `LoanApplication`.
    pub name: String,
    /// What it holds.
    pub fields: Vec<Part>,
    /// Have its fields names?
    pub has_names: bool,
}

/// The kind of a value.
pub(super) fn kind(types: &PortableRegistry, part: &Part) -> Kind {
    let Some(ty) = types.resolve(part.ty) else { return Kind::Foreign };
    let name = ty.path.ident().unwrap_or_default();
    match &ty.type_def {
        TypeDef::Primitive(primitive) => of_primitive(primitive, part),
        TypeDef::Composite(composite) => match (name.as_str(), composite.fields.as_slice()) {
            ("Amount", _) => Kind::Amount,
            ("AccountId", _) => Kind::Account,
            (name, [_]) if Set::called(name).is_some() => Set::called(name).map_or(Kind::Foreign, Kind::Set),
            (_, fields) if fields.iter().all(|field| field.name.is_some()) => {
                Kind::Struct(fields.iter().map(Part::field).collect())
            }
            _ => Kind::Foreign,
        },
        TypeDef::Variant(choice) if name == "Option" => match choice.variants.last().map(|some| some.fields.as_slice())
        {
            Some([some]) => Kind::Option(Box::new(part.within(some.ty.id))),
            _ => Kind::Foreign,
        },
        TypeDef::Variant(choice) => Kind::Choice {
            is_role: name == "Role",
            variants: choice
                .variants
                .iter()
                .map(|variant| Variant {
                    name: variant.name.clone(),
                    fields: variant.fields.iter().map(Part::field).collect(),
                    has_names: variant.fields.iter().all(|field| field.name.is_some()),
                })
                .collect(),
        },
        TypeDef::Sequence(items) => Kind::List(Box::new(part.within(items.type_param.id))),
        TypeDef::Array(array) if is_byte(types, array.type_param.id) => match usize::try_from(array.len) {
            Ok(32) if part.is_account() => Kind::Account,
            Ok(CID_BYTES) => Kind::Cid,
            Ok(length) => Kind::Bytes(length),
            Err(_) => Kind::Foreign,
        },
        TypeDef::Tuple(items) => Kind::Tuple(items.fields.iter().map(|item| Part::unnamed(item.id)).collect()),
        TypeDef::Array(_) | TypeDef::Compact(_) | TypeDef::BitSequence(_) => Kind::Foreign,
    }
}

fn of_primitive(primitive: &TypeDefPrimitive, part: &Part) -> Kind {
    match primitive {
        TypeDefPrimitive::Bool => Kind::Bool,
        TypeDefPrimitive::Str => Kind::Text,
        TypeDefPrimitive::U8 => Kind::Number(u8::MAX.into()),
        TypeDefPrimitive::U16 => Kind::Number(u16::MAX.into()),
        TypeDefPrimitive::U32 => Kind::Number(u32::MAX.into()),
        TypeDefPrimitive::U64 if part.is_time() && LENGTHS.contains(&part.label.as_str()) => Kind::Length,
        TypeDefPrimitive::U64 if part.is_time() => Kind::Point,
        TypeDefPrimitive::U64 => Kind::Number(u64::MAX.into()),
        // What is called a plain number is none: interest accrues in parts of the smallest unit.
        TypeDefPrimitive::U128 if part.alias == "u128" => Kind::Number(u128::MAX),
        TypeDefPrimitive::U128 => Kind::Amount,
        _ => Kind::Foreign,
    }
}

fn is_byte(types: &PortableRegistry, id: u32) -> bool {
    types.resolve(id).is_some_and(|ty| matches!(ty.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)))
}

impl Part {
    fn field(field: &Field<PortableForm>) -> Self {
        Self {
            label: field.name.clone().unwrap_or_default(),
            alias: field.type_name.clone().unwrap_or_default(),
            ty: field.ty.id,
        }
    }

    fn unnamed(ty: u32) -> Self {
        Self { label: String::new(), alias: String::new(), ty }
    }

    /// What an optional value or a list holds: it is called so too, and its type as between the brackets.
    fn within(&self, ty: u32) -> Self {
        let inner = self.alias.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
        Self { label: self.label.clone(), alias: inner.unwrap_or_default().to_owned(), ty }
    }

    /// Is this integer a time? An argument `Option<Timestamp>` and an answer keep only their own names.
    fn is_time(&self) -> bool {
        let label = self.label.as_str();
        match self.alias.as_str() {
            "Timestamp" | "Millis" => true,
            "" | "MessageResult" => POINTS.contains(&label) || LENGTHS.contains(&label),
            _ => false,
        }
    }

    /// Are these 32 bytes an account? Credentials name theirs so without the type's name.
    fn is_account(&self) -> bool {
        self.alias == "Account" || self.label == "account"
    }
}

impl Kind {
    /// May it be left out?
    pub fn is_optional(&self) -> bool {
        matches!(self, Kind::Option(_))
    }

    /// Is it written as JSON, because it has parts?
    pub fn has_parts(&self) -> bool {
        match self {
            Kind::Option(_) | Kind::List(_) | Kind::Tuple(_) | Kind::Struct(_) => true,
            Kind::Choice { variants, .. } => variants.iter().any(|variant| !variant.fields.is_empty()),
            _ => false,
        }
    }

    /// What a value of this kind must be, for people: the end of a sentence that begins with `must be`.
    pub fn rule(&self, decimals: u8) -> String {
        match self {
            Kind::Amount if decimals == 0 => "an amount below 2^64 in whole units of the money, without a sign".to_owned(),
            Kind::Amount => format!(
                "an amount such as 12 or {}, with at most {decimals} decimals, without a sign, and below 2^64 smallest units",
                format_args!("12.{:0<width$}", 5, width = usize::from(decimals))
            ),
            Kind::Point => "a point in time such as 2026-12-31 or 2026-12-31T10:00:00Z, or +30d from now, or milliseconds \
                            since 1970"
                .to_owned(),
            Kind::Length => "a length of time such as 30d, 12h, 10m or 90s, or milliseconds".to_owned(),
            Kind::Account => "an SS58 address, 0x and 64 hex digits, or a known name".to_owned(),
            Kind::Cid => format!("the CIDv1 of a document, or 0x and the {} hex digits of its bytes", CID_BYTES * 2),
            Kind::Bytes(length) => format!("0x and {} hex digits", length * 2),
            Kind::Number(most) => match most.checked_add(1).map(u128::trailing_zeros) {
                Some(bits) if bits < 64 => format!("a whole number from 0 to {most}"),
                bits => format!("a whole number below 2^{}", bits.unwrap_or(u128::BITS)),
            },
            Kind::Bool => "true or false (yes or no)".to_owned(),
            Kind::Text => "text".to_owned(),
            Kind::Set(Set::Categories) => "numbers from 0 to 31, separated by commas".to_owned(),
            Kind::Set(set) => format!("some of {}, separated by commas", set.names().join(", ")),
            Kind::Option(_) => "a value or null".to_owned(),
            Kind::List(_) => "a list: JSON, or separated by commas if its items have no parts".to_owned(),
            Kind::Tuple(parts) => format!("a JSON list of {}", parts.len()),
            Kind::Struct(parts) => format!("a JSON object of {}", labels(parts)),
            Kind::Choice { variants, .. } => {
                format!("one of {}", variants.iter().map(Variant::form).collect::<Vec<_>>().join(", "))
            }
            Kind::Foreign => "of a type that this program knows".to_owned(),
        }
    }
}

impl Variant {
    /// How it is written: `Bullet`, `Custom-N`, `{"Fixed": ..}`.
    fn form(&self) -> String {
        match self.fields.as_slice() {
            [] => self.name.clone(),
            fields if self.has_names => format!("{{\"{}\": {{{}}}}}", self.name, labels(fields)),
            _ if self.name == "Custom" => format!("{}-N", self.name),
            _ => format!("{{\"{}\": ..}}", self.name),
        }
    }
}

fn labels(parts: &[Part]) -> String {
    parts.iter().map(|part| part.label.as_str()).collect::<Vec<_>>().join(", ")
}
