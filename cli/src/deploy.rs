//! `amanah deploy`: the whole suite onto a chain.

use crate::{
    exit::{undone, Continues},
    network::{keys, session::Settings, Network},
    output,
    report::{cost_text, table, Format},
};
use amanah_client::{abi::read_length, address, chain::Chain, send, Deployment, Suite};
use amanah_domain::time::Millis;
use amanah_interfaces::ledger::Ledger;
use anyhow::{bail, Context, Result};
use clap::Args;
use serde_json::{json, Value};
use std::path::Path;

/// What to deploy, and as whom.
#[derive(Args)]
#[command(after_help = "Example: amanah deploy --network pilot --decimals 2 --suri-file administrator.suri -x

Run it again after an interruption: what is there already is left as it is.")]
pub struct Options {
    /// What the network is called: names the deployment's file, unless --deployment does.
    #[arg(long, value_name = "NAME", default_value = "development")]
    network: String,
    /// The suite's administrator, who names the first Government and marks the contracts that hold money; the sender, unless
    /// this says another. Another must mark them then (`ledger set-suite-contract`).
    #[arg(long, value_name = "ACCOUNT")]
    administrator: Option<String>,
    /// How long new code and what one party starts alone must wait, such as 2d or 36h; less than 30d. It never changes.
    #[arg(long, value_name = "DURATION", default_value = "2d", value_parser = read_length)]
    delay: Millis,
    /// Tells suites of one sender on one chain apart.
    #[arg(long, value_name = "TEXT", default_value = "amanah")]
    salt: String,
    /// Sends it; without this it only says what it would do.
    #[arg(short = 'x', long)]
    execute: bool,
    #[command(flatten)]
    place: Network,
}

/// Deploys what is missing.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let settings = Settings::of(&options.place)?;
    let actor = settings
        .actor
        .clone()
        .context("deploying needs a key: --suri, --suri-file, --keystore, or the environment variable AMANAH_SURI")?;
    let named = |name: &String| settings.book.account(name).or_else(|| keys::account(name).ok());
    let administrator = match &options.administrator {
        None => actor.account(),
        Some(name) => {
            named(name).with_context(|| format!("--administrator: {name:?} is neither an address nor a name"))?
        }
    };
    let file = match options.place.deployment {
        None => format!("deployments/{}.json", options.network).into(),
        Some(_) => settings.deployment.clone(),
    };
    let mut node = settings.connect()?;
    let genesis = node.genesis_hash();
    let salt = options.salt.as_bytes();
    let (suite, plan) = Suite::plan(genesis, &actor.account(), &administrator, options.delay, &settings.bundles, salt)?;
    let hashes: Vec<(&str, [u8; 32])> = plan.iter().map(|step| (step.name, step.bundle.code_hash)).collect();
    let hash_of =
        |name: &str| hashes.iter().find_map(|(known, hash)| (*known == name).then_some(*hash)).unwrap_or([0; 32]);
    let decimals = options.place.decimals;
    let deployment = Deployment::of(&options.network, decimals.unwrap_or(0), &suite, hash_of);
    let deployment = continued(&file, deployment, decimals)?;
    let mut steps: Vec<Value> = Vec::new();
    let mut told = table(&["contract", "address", "code", ""]);
    for step in &plan {
        let there = node.code_hash(&step.account)?.is_some();
        let did = match (there, options.execute) {
            (true, _) => "is there".to_owned(),
            (false, false) => "would be deployed".to_owned(),
            (false, true) => {
                let cost = step.take(&mut node, &actor.account(), salt).map_err(stopped)?.unwrap_or_default();
                deployment.save(&file).with_context(|| {
                    format!("{} is on the chain, and the same command goes on once the file can be written", step.name)
                })?;
                format!("deployed, {}", cost_text(&cost))
            }
        };
        let code_bytes = step.bundle.wasm.len();
        told.add_row([step.name, &address(&step.account), &format!("{code_bytes} B"), &did]);
        steps.push(json!({ "contract": step.name, "address": address(&step.account), "code_bytes": code_bytes, "was_there": there, "did": did }));
    }
    let mut unmarked = Vec::new();
    if options.execute {
        for contract in suite.unmarked(&mut node)? {
            if administrator != actor.account() {
                unmarked.push(address(&contract));
                continue;
            }
            let mark = suite.ledger().set_suite_contract(contract.into(), true);
            send(&mut node, &actor.account(), mark)
                .map_err(|failure| stopped(undone(format!("marking {} in the ledger", address(&contract)), failure)))?;
        }
        deployment.save(&file).context(
            "everything is on the chain; only the file is missing, and the same command writes it once it can be",
        )?;
    }
    let shown = file.display().to_string();
    match format {
        Format::Json => output::json(&json!({
            "sent": options.execute,
            "file": shown,
            "network": options.network,
            "genesis": deployment.genesis,
            "steps": steps,
            "to_be_marked_by_the_administrator": unmarked,
        })),
        Format::Text | Format::Csv => {
            output::line(told);
            match options.execute {
                false => output::line(format_args!("dry run, nothing was sent; -x deploys it and writes {shown}")),
                true => output::line(format_args!("{shown} says where it is; `amanah verify` checks it")),
            }
            for contract in unmarked {
                let mark = format!("amanah ledger set-suite-contract --contract {contract} --marked yes -x");
                output::line(format_args!("the administrator must still: {mark}"));
            }
        }
    }
    Ok(())
}

/// Why a deployment did not come to its end. What of it is done is found there when it goes on.
fn stopped(error: impl Into<anyhow::Error>) -> anyhow::Error {
    error.into().context(Continues("deploying stopped; the same command goes on where it was".to_owned()))
}

/// What the file is to say. One that is there keeps its decimals: amounts that were typed before would be read as other ones. A
/// file about another suite is not written over.
fn continued(file: &Path, deployment: Deployment, decimals: Option<u8>) -> Result<Deployment> {
    if !file.exists() {
        return Ok(deployment);
    }
    let there = Deployment::load(file)?;
    let addresses = |of: &Deployment| of.contracts.values().map(|one| one.address.clone()).collect::<Vec<_>>();
    if addresses(&there) != addresses(&deployment) || there.genesis != deployment.genesis {
        bail!(
            "{} is about another suite: name another --network, or move the file away; the same sender, salt, delay and \
             bundles continue an interrupted deployment",
            file.display()
        );
    }
    if let Some(decimals) = decimals.filter(|decimals| *decimals != there.decimals) {
        bail!(
            "{} says that amounts have {} decimals, and --decimals says {decimals}: leave the option out, or correct the file",
            file.display(),
            there.decimals
        );
    }
    Ok(Deployment { decimals: there.decimals, ..deployment })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_decimals_when_deploying_goes_on_and_refuses_other_ones() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pilot.json");
        let suite = |genesis| Suite {
            registry: [1; 32],
            ledger: [2; 32],
            voucher: [3; 32],
            loan: [4; 32],
            welfare: [5; 32],
            genesis: [genesis; 32],
        };
        let wanted = |decimals: Option<u8>| Deployment::of("pilot", decimals.unwrap_or(0), &suite(6), |_| [7; 32]);
        let first = continued(&file, wanted(Some(2)), Some(2)).unwrap();
        assert_eq!(first, wanted(Some(2)));
        first.save(&file).unwrap();
        for again in [None, Some(2)] {
            assert_eq!(continued(&file, wanted(again), again).unwrap(), first);
        }
        for other in [0, 3] {
            let refused = continued(&file, wanted(Some(other)), Some(other)).unwrap_err().to_string();
            assert!(refused.contains("have 2 decimals"), "{refused}");
            assert!(refused.contains(&format!("--decimals says {other}:")), "{refused}");
        }
        let elsewhere = Deployment::of("pilot", 3, &suite(8), |_| [7; 32]);
        let refused = continued(&file, elsewhere, Some(3)).unwrap_err().to_string();
        assert!(refused.contains("is about another suite"), "{refused}");
    }
}
