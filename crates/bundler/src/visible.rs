//! No part of a contract is compiled on a condition: a message behind a `cfg` could be in the code and not in the metadata,
//! which is made by another compilation, and nobody would see it.

use anyhow::{ensure, Context, Result};
use std::{fs, path::Path};
use syn::{visit::Visit, Attribute};

/// Checks the source of a contract.
pub fn check(source: &Path) -> Result<()> {
    let text = fs::read_to_string(source).with_context(|| format!("cannot read {}", source.display()))?;
    check_text(&text).with_context(|| format!("{} is not built", source.display()))
}

fn check_text(text: &str) -> Result<()> {
    let file = syn::parse_file(text)?;
    let mut conditions = Conditions(Vec::new());
    // Those of the whole file are the usual ones: `no_std` and `no_main` for the chain.
    file.items.iter().for_each(|item| conditions.visit_item(item));
    let found = conditions.0;
    ensure!(
        found.is_empty(),
        "a contract is one file without conditional parts, and this one has {}",
        found.join(", ")
    );
    Ok(())
}

/// The conditional attributes that were found, as written.
struct Conditions(Vec<String>);

impl<'ast> Visit<'ast> for Conditions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_none() {
            // What is in another file would not be looked at.
            self.0.push(format!("mod {};", module.ident));
        }
        syn::visit::visit_item_mod(self, module);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if ["cfg", "cfg_attr"].iter().any(|name| attribute.path().is_ident(name)) {
            let condition = match &attribute.meta {
                syn::Meta::List(list) => list.tokens.to_string(),
                _ => String::new(),
            };
            self.0.push(format!("#[cfg({condition})]"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_hidden_from_metadata_fails_the_build() {
        let hidden = r#"
            #![cfg_attr(not(feature = "std"), no_std, no_main)]
            #[ink::contract]
            mod contract {
                impl Bell {
                    #[ink(message)]
                    pub fn ring(&self) {}
                    #[cfg(not(feature = "std"))]
                    #[ink(message)]
                    pub fn steal(&mut self) {}
                }
            }
        "#;
        let error = check_text(hidden).unwrap_err().to_string();
        assert!(error.contains(r#"#[cfg(not (feature = "std"))]"#), "{error}");
        assert!(check_text(&hidden.replace(r#"#[cfg(not(feature = "std"))]"#, "")).is_ok());
    }

    #[test]
    fn a_condition_by_way_of_an_attribute_counts_too() {
        let hidden =
            r#"mod contract { impl Bell { #[cfg_attr(feature = "x", ink(message))] pub fn steal(&mut self) {} } }"#;
        assert!(check_text(hidden).is_err());
    }

    #[test]
    fn a_contract_is_one_file() {
        assert!(check_text("mod elsewhere;").is_err());
    }
}
