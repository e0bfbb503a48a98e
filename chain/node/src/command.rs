//! What the command line asks for, done.

use crate::{
    alone::Sealing,
    chain_spec,
    cli::{Cli, Consortium, Subcommand},
    founding, service,
};
use sc_cli::SubstrateCli;
use sc_service::PartialComponents;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// What is logged of a development chain unless `-l` says otherwise: no noise of blocks being made; what contracts print; the RPC address.
const USUAL_LOG: [&str; 4] = ["runtime::contracts=debug", "sc_cli=info", "sc_rpc_server=info", "warn"];

/// Where other nodes are served unless `--port` says otherwise.
const P2P_PORT: u16 = 30333;

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Amanah Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn executable_name() -> String {
        env!("CARGO_PKG_NAME").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "the Amanah developers".into()
    }

    fn support_url() -> String {
        "the README of Amanah".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(match id {
            "" | "dev" => Box::new(chain_spec::development()?),
            path => Box::new(chain_spec::ChainSpec::from_json_file(PathBuf::from(path))?),
        })
    }
}

/// Reads the command line and does what it asks for.
pub fn run() -> sc_cli::Result<()> {
    let mut cli = Cli::from_args();
    // As substrate-contracts-node: without a chain it is the development chain.
    if cli.run.shared_params.chain.is_none() {
        cli.run.shared_params.dev = true;
    }
    // Everybody knows the development chain's keys, so no other machine need reach it unless somebody says so.
    let network = &mut cli.run.network_params;
    if cli.run.shared_params.dev && network.listen_addr.is_empty() {
        let address = format!("/ip4/127.0.0.1/tcp/{}", network.port.unwrap_or(P2P_PORT));
        network.listen_addr.extend(address.parse());
        // Else the node warns that others may not find it.
        network.public_addr.extend(address.parse());
    }
    if cli.run.shared_params.dev && cli.run.shared_params.log.is_empty() {
        cli.run.shared_params.log = USUAL_LOG.map(String::from).to_vec();
    }

    match &cli.subcommand {
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::Consortium(Consortium::NewMember(member))) => {
            print!("{}", founding::new_member(member)?);
            Ok(())
        }
        Some(Subcommand::Consortium(Consortium::BuildSpec(founding))) => {
            println!("{}", founding::chain_spec(&founding.file)?.as_json(true)?);
            Ok(())
        }
        Some(Subcommand::BuildSpec(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
        }
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, import_queue, .. } = service::partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, .. } = service::partial(&config)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, .. } = service::partial(&config)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, import_queue, .. } = service::partial(&config)?;
            Ok((cmd.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database)),
        Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let PartialComponents { client, task_manager, backend, other: (_, voter), .. } = service::partial(&config)?;
            let is_consortium = voter.is_some();
            let take_back = move |client: Arc<service::Client>, _, blocks| match is_consortium {
                // The votes on these blocks too.
                true => Ok(sc_consensus_grandpa::revert(client, blocks)?),
                false => Ok(()),
            };
            Ok((cmd.run(client, backend, Some(Box::new(take_back))), task_manager))
        }),
        Some(Subcommand::ChainInfo(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run::<amanah_runtime::opaque::Block>(&config))
        }
        None => {
            let every = cli.block_time.map(|milliseconds| Duration::from_millis(milliseconds.get()));
            let finalized_after = cli.finalize_delay_sec;
            let offset = cli.clock_offset_sec;
            let sealing = (every.is_some() || finalized_after.is_some() || offset.is_some()).then_some(Sealing {
                every,
                finalized_after,
                clock_offset: offset.unwrap_or(0),
            });
            cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
                service::full(config, sealing).map_err(sc_cli::Error::Service)
            })
        }
    }
}
