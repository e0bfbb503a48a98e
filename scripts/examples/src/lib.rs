//! What the example programs share: a node with the suite on it, and the secrets of those who send. subxt carries the bytes;
//! `amanah-client` and `amanah-interfaces` say which bytes they are.
#![deny(missing_docs)]

pub mod calls;
pub mod json;
pub mod keys;
pub mod table;

use amanah_client::{Deployment, Suite};
use anyhow::{ensure, Context, Error, Result};
use std::{future::Future, path::PathBuf, process::ExitCode};
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
    /// The file that `amanah deploy` wrote.
    #[arg(long, value_name = "FILE", default_value = "deployments/development.json")]
    deployment: PathBuf,
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
        let suite = Deployment::load(&place.deployment)?.suite().map_err(Error::msg)?;
        let unreachable = || format!("cannot reach a node at {}", place.node);
        let rpc = RpcClient::from_url(&place.node).await.with_context(unreachable)?;
        let client = OnlineClient::<PolkadotConfig>::from_rpc_client(rpc.clone()).await.with_context(unreachable)?;
        let here = client.genesis_hash().0;
        ensure!(
            suite.genesis == here,
            "{file} is for the chain with genesis 0x{}, and the node's is 0x{}",
            hex::encode(suite.genesis),
            hex::encode(here)
        );
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
