//! `amanah-network`: starts a consortium's chain on this machine, and stops it on Ctrl-C.

use amanah_client::node::{Node, Wait};
use amanah_network::{account, Member, Network, Terms};
use anyhow::{bail, Context, Result};
use clap::Parser;
use comfy_table::{presets, Table};
use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

/// How long until the first block is final.
const PATIENCE: Duration = Duration::from_secs(180);

/// Starts a consortium's chain on this machine: a validator for each organisation, and one more node.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// How many organisations; one that fails is borne from four on.
    #[arg(value_parser = clap::value_parser!(u16).range(1..=100), default_value = "4")]
    organisations: u16,

    /// Keep keys and chain in this folder, and go on from there if it has them; else all is forgotten at the end.
    #[arg(long)]
    folder: Option<PathBuf>,

    /// How long a slot is, in which one validator makes one block (milliseconds).
    #[arg(long, value_name = "MS", default_value_t = 6_000)]
    slot_duration: u64,

    /// After how many blocks the validators may change.
    #[arg(long, value_name = "BLOCKS", default_value_t = 600)]
    session_length: u32,

    /// Print the addresses as JSON.
    #[arg(long, value_parser = ["text", "json"], default_value = "text")]
    output: String,

    /// The node's program; the one beside this program unless it is said.
    #[arg(long, env = "AMANAH_NODE")]
    node: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let program = match &arguments.node {
        Some(node) => node.clone(),
        None => std::env::current_exe()?.with_file_name("amanah-node"),
    };
    let temporary = tempfile::tempdir()?;
    let folder = arguments.folder.clone().unwrap_or_else(|| temporary.path().to_owned());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;

    let mut network = match Network::opened(&program, &folder)? {
        Some(network) if network.validators() == usize::from(arguments.organisations) => network,
        Some(network) => bail!(
            "{} has a consortium of {} already, not of {}",
            folder.display(),
            network.validators(),
            arguments.organisations
        ),
        None => {
            let mut members = Vec::new();
            for number in 1..=arguments.organisations {
                let name = format!("organisation-{number}");
                let secret = folder.join(format!("{name}.account.json"));
                members.push(Member { account: account(&program, &secret)?, name });
            }
            let terms = Terms {
                slot: Duration::from_millis(arguments.slot_duration),
                session: arguments.session_length,
                ..Terms::default()
            };
            Network::found(&program, &folder, &members, terms)?
        }
    };
    // Heard from the beginning, so that Ctrl-C stops what was started.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stop = runtime.block_on(async { tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) })?;
    eprintln!("starting {} validators and an observer in {}", network.validators(), folder.display());
    network.start(&(0..network.places.len()).collect::<Vec<_>>(), &[])?;
    first_final_block(&network)?;
    print(&arguments, &network, &folder)?;
    runtime.block_on(async {
        let mut stop = stop;
        tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = stop.recv() => {} }
    });
    eprintln!("stopping");
    network.stop_all()
}

fn first_final_block(network: &Network) -> Result<()> {
    let by = Instant::now() + PATIENCE;
    let node = Node::connect_any(&network.urls())?;
    while node.newest(Wait::Finalized)? == 0 {
        if Instant::now() > by {
            bail!("no block is final after {} s; the end of a log:\n{}", PATIENCE.as_secs(), network.log_end(0));
        }
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn print(arguments: &Arguments, network: &Network, folder: &std::path::Path) -> Result<()> {
    if arguments.output == "json" {
        let nodes: Vec<_> = network
            .places
            .iter()
            .map(|place| {
                serde_json::json!({
                    "name": place.name, "account": place.account, "url": place.url(), "metrics": place.metrics(),
                })
            })
            .collect();
        println!("{}", serde_json::json!({ "folder": folder, "nodes": nodes }));
        return Ok(());
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(["node", "account of its organisation", "RPC", "metrics"]);
    for place in &network.places {
        let account = place.account.clone().unwrap_or_default();
        table.add_row([place.name.clone(), account, place.url(), place.metrics()]);
    }
    println!("{table}");
    println!("The first block is final. Logs: {}/NAME/log", folder.display());
    println!("Secret phrases of the accounts: {}/NAME.account.json", folder.display());
    println!("Ctrl-C stops all nodes.");
    Ok(())
}
