//! The stories of `amanah demo` come to the same on a node as on the embedded chain.

use crate::{running::Running, town::beside};
use serde_json::Value;
use std::process::Command;

/// What a story comes to.
fn told(story: &str, more: &[&str]) -> Value {
    let output = Command::new(beside("amanah"))
        .args(["demo", story, "--output", "json"])
        .args(more)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON, and nothing else")
}

#[test]
fn a_story_comes_to_the_same_on_a_node() {
    let running = Running::start(&["--tmp".as_ref()]);
    let on_a_node = ["--node", &running.url];
    for story in ["resident", "welfare"] {
        assert_eq!(told(story, &on_a_node), told(story, &[]), "{story}");
    }

    // Here times differ: what takes days there takes seconds.
    let (on_a_node, embedded) = (told("phone", &on_a_node), told("phone", &[]));
    for key in ["participant", "accounts", "epoch", "vouchers_before", "vouchers_after", "funded", "available", "paid"]
    {
        assert_eq!(on_a_node[key], embedded[key], "{key}");
        assert!(!embedded[key].is_null(), "the story says {key}");
    }
    let tried = |told: &Value| -> Vec<String> {
        let shown = told["refusals_shown"].as_array().expect("refusals are listed");
        shown.iter().map(|one| one["tried"].to_string()).collect()
    };
    assert_eq!(tried(&on_a_node), tried(&embedded));
}
