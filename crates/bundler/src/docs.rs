//! Puts the messages' texts into a bundle.
//!
//! ink! takes a message's text from the contract, but ours stand on the traits in `crates/interfaces`, once. Without this
//! step, Polkadot.js UI would show messages without a text.

use anyhow::{ensure, Context, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, TraitItem};

/// Reads the bundle `built`, adds the texts that the traits in `interfaces` have for its messages, and writes it to `bundle`.
pub fn complete(interfaces: &[PathBuf], built: &Path, bundle: &Path) -> Result<()> {
    let mut texts = BTreeMap::new();
    for interface in interfaces.iter().filter(|interface| interface.exists()) {
        let source = fs::read_to_string(interface).with_context(|| format!("cannot read {}", interface.display()))?;
        let found = texts_in(&source).with_context(|| format!("cannot read the trait in {}", interface.display()))?;
        texts.extend(found);
    }
    let mut json: Value = serde_json::from_slice(&fs::read(built)?)?;
    for message in json["spec"]["messages"].as_array_mut().context("a bundle has messages")? {
        let label = message["label"].as_str().unwrap_or_default().to_owned();
        let has_its_own = message["docs"].as_array().is_some_and(|lines| !lines.is_empty());
        match texts.get(&label) {
            Some(text) => message["docs"] = text.iter().map(|line| Value::from(line.as_str())).collect(),
            None => ensure!(has_its_own, "the message {label} has no text in any of {interfaces:?}"),
        }
    }
    fs::write(bundle, serde_json::to_vec(&json)?)?;
    Ok(())
}

/// The texts of the messages of the traits in a source file, by the label that metadata gives them: `Trait::message`.
fn texts_in(source: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found = BTreeMap::new();
    for item in syn::parse_file(source)?.items {
        let Item::Trait(definition) = item else { continue };
        for item in definition.items {
            let TraitItem::Fn(message) = item else { continue };
            let label = format!("{}::{}", definition.ident, message.sig.ident);
            let text = lines(&message.attrs);
            ensure!(!text.is_empty(), "{label} has no text");
            found.insert(label, text);
        }
    }
    Ok(found)
}

fn lines(attributes: &[Attribute]) -> Vec<String> {
    attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim_start().to_owned()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messages_text_is_found_under_the_label_that_metadata_gives_it() {
        let source = "pub trait Bell { /// Rings it.\n /// Twice.\n fn ring(&self); }";
        let found = texts_in(source).unwrap();
        assert_eq!(found["Bell::ring"], ["Rings it.", "Twice."]);
    }

    #[test]
    fn a_message_without_a_text_is_an_error() {
        let error = texts_in("pub trait Bell { fn ring(&self); }").unwrap_err();
        assert_eq!(error.to_string(), "Bell::ring has no text");
    }
}
