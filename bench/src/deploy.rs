//! How long deploying takes: upload and instance of each contract in one transaction, until a block has it.

use crate::{load::node::DevNode, machine::Machine};
use amanah_client::{node::Node, suite::SUITE_DELAY, Actor, Bundle, Chain, Suite};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path, time::Instant};

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deployments {
    /// On what.
    pub machine: Machine,
    /// Seconds of each deployment, by contract: dry run, signing, and until a block has it.
    pub seconds: BTreeMap<String, Vec<f64>>,
}

/// Deploys the whole suite on so many fresh chains.
///
/// # Errors
/// When the node does not answer, or refuses.
pub fn measure(program: &Path, runs: usize) -> Result<Deployments> {
    let mut seconds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..runs {
        let folder = tempfile::tempdir().context("there is no room for a chain")?;
        let mut dev = DevNode::new(program, folder.path());
        dev.start(&[])?;
        let mut node = Node::connect(&dev.url())?;
        let alice = Actor::alice();
        node.know(&alice);
        let account = alice.account();
        let (_, plan) =
            Suite::plan(node.genesis_hash(), &account, &account, SUITE_DELAY, &Bundle::folder(), b"deploy")?;
        for step in plan {
            let began = Instant::now();
            step.take(&mut node, &account, b"deploy")?;
            seconds.entry(step.name.to_owned()).or_default().push(began.elapsed().as_secs_f64());
        }
    }
    Ok(Deployments { machine: Machine::here(program), seconds })
}
