//! What each message costs, compared with a file: figures that depend on code and compiler alone, not on the machine.
//!
//! To renew the files after a change that is meant: `scripts/renew-snapshots`.

use amanah_client::Cost;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, env, fs, path::Path};

/// Costs, as they are kept in a file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// Bytes of optimised wasm, by contract.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub code_bytes: BTreeMap<String, u64>,
    /// By message.
    pub messages: BTreeMap<String, Priced>,
}

/// What a message costs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Priced {
    /// Picoseconds.
    pub ref_time: u64,
    /// Bytes.
    pub proof_size: u64,
    /// The chain's smallest unit; negative: given back.
    pub deposit: i64,
}

impl From<Cost> for Priced {
    fn from(cost: Cost) -> Self {
        let deposit = i64::try_from(cost.deposit).expect("a deposit of one message is small");
        Self { ref_time: cost.ref_time, proof_size: cost.proof_size, deposit }
    }
}

impl Snapshot {
    /// Each figure by its name.
    fn figures(&self) -> BTreeMap<String, i64> {
        let sizes = self.code_bytes.iter().map(|(name, bytes)| (format!("{name}, code bytes"), *bytes as i64));
        let messages = self.messages.iter().flat_map(|(label, figures)| {
            [
                (format!("{label}, ref_time"), figures.ref_time as i64),
                (format!("{label}, proof_size"), figures.proof_size as i64),
                (format!("{label}, deposit"), figures.deposit),
            ]
        });
        sizes.chain(messages).collect()
    }
}

/// Is `now` within a hundredth of `then`?
fn is_close(now: i64, then: i64) -> bool {
    now.abs_diff(then) * 100 <= then.unsigned_abs()
}

/// Compares these costs with those in a file; or writes the file, if `AMANAH_RENEW_SNAPSHOTS` is set.
#[track_caller]
pub fn compare(file: &str, now: &Snapshot) {
    if env::var_os("AMANAH_RENEW_SNAPSHOTS").is_some() {
        fs::create_dir_all(Path::new(file).parent().expect("a folder")).expect("the folder can be made");
        let text = serde_json::to_string_pretty(now).expect("figures are JSON") + "\n";
        fs::write(file, text).expect("the snapshot can be written");
        return;
    }
    let then: Snapshot = serde_json::from_str(&fs::read_to_string(file).expect("there is a snapshot")).expect("JSON");
    let (now, then) = (now.figures(), then.figures());
    let mut differ: Vec<String> = Vec::new();
    for (what, was) in &then {
        match now.get(what) {
            Some(is) if is_close(*is, *was) => {}
            Some(is) => differ.push(format!("{what}: {was} -> {is}")),
            None => differ.push(format!("{what}: {was} -> gone")),
        }
    }
    differ.extend(
        now.iter().filter(|(what, _)| !then.contains_key(*what)).map(|(what, is)| format!("{what}: new, {is}")),
    );
    assert!(differ.is_empty(), "if this is meant, run scripts/renew-snapshots:\n{}", differ.join("\n"));
}
