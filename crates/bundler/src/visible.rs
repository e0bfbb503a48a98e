//! No part of a contract is compiled on a condition: a message behind a `cfg` could be in the code and not in the metadata,
//! which is made by another compilation, and nobody would see it.

use anyhow::{ensure, Context, Result};
use std::{fs, path::Path};
use syn::{visit::Visit, Attribute};

/// Checks every source file in a contract's folder.
pub fn check(folder: &Path) -> Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        let path = entry?.into_path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            check_text(&text).with_context(|| format!("{} is not built", path.display()))?;
        }
    }
    Ok(())
}

fn check_text(text: &str) -> Result<()> {
    let file = syn::parse_file(text)?;
    let mut conditions = Conditions(Vec::new());
    // Those of the whole file are the usual ones: `no_std` and `no_main` for the chain.
    file.items.iter().for_each(|item| conditions.visit_item(item));
    let found = conditions.0;
    ensure!(
        found.is_empty(),
        "a contract has no conditional parts, and none outside its folder, and this one has {}",
        found.join(", ")
    );
    Ok(())
}

/// The conditional attributes that were found, as written.
struct Conditions(Vec<String>);

impl<'ast> Visit<'ast> for Conditions {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("path") {
            // What is outside the folder would not be looked at.
            self.0.push("#[path]".to_owned());
        }
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
    fn a_contract_is_all_in_its_folder() {
        assert!(check_text(r#"#[path = "../elsewhere.rs"] mod elsewhere;"#).is_err());
        assert!(check_text("mod beside;").is_ok());
    }

    #[test]
    fn a_condition_in_a_file_beside_counts_too() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("beside")).unwrap();
        fs::write(folder.path().join("lib.rs"), "mod beside;").unwrap();
        let deeper = folder.path().join("beside/mod.rs");
        fs::write(&deeper, "fn seen() {}").unwrap();
        assert!(check(folder.path()).is_ok());
        fs::write(&deeper, "#[cfg(test)] fn unseen() {}").unwrap();
        assert!(check(folder.path()).is_err());
    }
}
