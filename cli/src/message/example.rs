//! Plausible arguments of each message.

use super::options::items;
use amanah_client::abi::{Abi, Message};
use serde_json::Value;

/// Options and values of a message that can be encoded, as words of a command line.
pub fn example(abi: &Abi, message: &Message) -> Vec<String> {
    let single = items(abi, message).into_iter().filter(|item| !item.is_whole);
    single.flat_map(|item| [format!("--{}", item.name), text(&abi.example(&item.part))]).collect()
}

/// The command for a help text: its name and the example, quoted for a shell.
pub fn shown(abi: &Abi, message: &Message) -> String {
    let words = [vec![message.name.clone()], example(abi, message)].concat();
    shell_words::join(words)
}

/// A value as it is typed: lists of what has no parts with commas.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if !items.is_empty() && !items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().map(text).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
