//! What the example programs share: a node with the suite on it, and the secrets of those who send. subxt carries the bytes;
//! `amanah-client` and `amanah-interfaces` say which bytes they are.
#![deny(missing_docs)]

pub mod calls;
pub mod json;
pub mod keys;
pub mod table;

use amanah_client::Suite;
use anyhow::{ensure, Context, Result};
use serde::Deserialize;
use std::{fs, future::Future, path::PathBuf, process::ExitCode};
use subxt::{
    backend::{legacy::LegacyRpcMethods, rpc::RpcClient},
    OnlineClient, PolkadotConfig,
};

/// Where the suite is: the options that all programs have.
#[derive(clap::Parser)]
pub struct Place {
    /// The node, by its WebSocket address.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    node: String,
    /// JSON with the addresses of the contracts.
    #[arg(long, value_name = "FILE", default_value = "deployments/development.json")]
    deployment: PathBuf,
}

/// What is read of the file with the addresses; it may say more.
#[derive(Deserialize)]
struct Deployment {
    genesis: String,
    contracts: Contracts,
}

#[derive(Deserialize)]
struct Contracts {
    registry: Contract,
    ledger: Contract,
    voucher: Contract,
    loan: Contract,
    welfare: Contract,
}

#[derive(Deserialize)]
struct Contract {
    address: String,
}

/// A node with the suite on it.
pub struct Connection {
    /// subxt's client, for all that is not about contracts.
    pub client: OnlineClient<PolkadotConfig>,
    /// The node's plain methods.
    pub rpc: LegacyRpcMethods<PolkadotConfig>,
    /// Makes the messages of the contracts.
    pub suite: Suite,
}

impl Connection {
    /// Connects to the node, which must be on the chain that the addresses are for.
    ///
    /// # Errors
    /// When the file makes no sense, or no such node answers.
    pub async fn open(place: &Place) -> Result<Self> {
        let file = place.deployment.display();
        let text = fs::read_to_string(&place.deployment).with_context(|| format!("cannot read {file}"))?;
        let Deployment { genesis, contracts } =
            serde_json::from_str(&text).with_context(|| format!("{file} does not say where the contracts are"))?;
        let unreachable = || format!("cannot reach a node at {}", place.node);
        let rpc = RpcClient::from_url(&place.node).await.with_context(unreachable)?;
        let client = OnlineClient::<PolkadotConfig>::from_rpc_client(rpc.clone()).await.with_context(unreachable)?;
        let here = client.genesis_hash().0;
        ensure!(
            genesis == format!("0x{}", hex::encode(here)),
            "{file} is for the chain with genesis {genesis}, and the node's is 0x{}",
            hex::encode(here)
        );
        let at = |contract: Contract| keys::account(&contract.address).with_context(|| file.to_string());
        let suite = Suite {
            registry: at(contracts.registry)?,
            ledger: at(contracts.ledger)?,
            voucher: at(contracts.voucher)?,
            loan: at(contracts.loan)?,
            welfare: at(contracts.welfare)?,
            genesis: here,
        };
        Ok(Self { client, rpc: LegacyRpcMethods::new(rpc), suite })
    }
}

/// Runs a program; what goes wrong is a sentence on standard error.
pub fn run(program: impl Future<Output = Result<()>>) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().context("cannot start");
    match runtime.and_then(|runtime| runtime.block_on(program)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
