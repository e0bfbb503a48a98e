//! `amanah deploy`: the whole suite onto a chain.

use crate::{
    network::{keys, session::Settings, Network},
    output,
    report::{cost_text, table, Format},
};
use amanah_client::{abi::read_length, address, chain::Chain, send, Deployment, Suite};
use amanah_domain::time::Millis;
use amanah_interfaces::ledger::Ledger;
use anyhow::{anyhow, bail, Context, Result};
use clap::Args;
use serde_json::{json, Value};

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
    let deployment = Deployment::of(&options.network, options.place.decimals.unwrap_or(0), &suite, hash_of);
    refuse_another(&file, &deployment)?;
    let mut steps: Vec<Value> = Vec::new();
    let mut told = table(&["contract", "address", "code", ""]);
    for step in &plan {
        let there = node.code_hash(&step.account)?.is_some();
        let did = match (there, options.execute) {
            (true, _) => "is there".to_owned(),
            (false, false) => "would be deployed".to_owned(),
            (false, true) => {
                let cost = step.take(&mut node, &actor.account(), salt)?.unwrap_or_default();
                deployment.save(&file)?;
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
                .map_err(|error| anyhow!("the ledger does not mark {}: {error}", address(&contract)))?;
        }
        deployment.save(&file)?;
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

/// A file about another suite is not written over.
fn refuse_another(file: &std::path::Path, deployment: &Deployment) -> Result<()> {
    if !file.exists() {
        return Ok(());
    }
    let there = Deployment::load(file)?;
    let addresses = |of: &Deployment| of.contracts.values().map(|one| one.address.clone()).collect::<Vec<_>>();
    if addresses(&there) != addresses(deployment) || there.genesis != deployment.genesis {
        bail!(
            "{} is about another suite: name another --network, or move the file away; the same sender, salt, delay and \
             bundles continue an interrupted deployment",
            file.display()
        );
    }
    Ok(())
}
