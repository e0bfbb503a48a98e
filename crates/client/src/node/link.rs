//! The connection to a chain: to one of several nodes, and to the next one when it is lost.

use crate::chain::NotRun;
use jsonrpsee_core::client::Error as Call;
use std::{fmt::Display, future::Future, time::Duration};
use subxt::{
    backend::{legacy::LegacyRpcMethods, rpc::RpcClient},
    config::PolkadotConfig,
    error::RpcError,
    utils::H256,
    OnlineClient,
};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout, Instant},
};

/// How long a node may take to answer a question before it counts as lost.
const ANSWER: Duration = Duration::from_secs(20);
/// How long to wait before all nodes are tried again.
const PAUSE: Duration = Duration::from_millis(300);

/// A connection to one node.
#[derive(Clone)]
pub struct Connection {
    pub client: OnlineClient<PolkadotConfig>,
    pub rpc: LegacyRpcMethods<PolkadotConfig>,
    /// Which of the addresses.
    place: usize,
    /// How many connections there were before.
    turn: u64,
}

/// The connection that is in use, and where to find others to the same chain.
pub struct Link {
    urls: Vec<String>,
    genesis: H256,
    /// How long lost connections are replaced before a question fails.
    pub patience: Duration,
    present: Mutex<Connection>,
}

impl Link {
    /// Connects to the first of these nodes that answers.
    pub async fn to(urls: &[impl AsRef<str>], patience: Duration) -> Result<Self, NotRun> {
        let urls: Vec<String> = urls.iter().map(|url| url.as_ref().to_owned()).collect();
        let first = first_of(&urls, 0, 0).await?;
        Ok(Self { genesis: first.client.genesis_hash(), present: Mutex::new(first), urls, patience })
    }

    /// The hash of the chain's first block.
    pub fn genesis(&self) -> H256 {
        self.genesis
    }

    /// The connection in use.
    pub async fn connection(&self) -> Connection {
        self.present.lock().await.clone()
    }

    /// Another connection than the one that was lost: to the next node, round and round until `deadline`.
    pub async fn renew(&self, lost: &Connection, deadline: Instant) -> Result<Connection, NotRun> {
        // Whoever asks meanwhile waits here for the new connection.
        let mut present = self.present.lock().await;
        if present.turn != lost.turn {
            return Ok(present.clone());
        }
        loop {
            let next = first_of(&self.urls, lost.place.wrapping_add(1), lost.turn.wrapping_add(1)).await;
            match next {
                Ok(next) if next.client.genesis_hash() == self.genesis => {
                    *present = next.clone();
                    return Ok(next);
                }
                Ok(next) => {
                    return Err(NotRun::Unreachable(format!(
                        "the node at {} has another chain than the one before",
                        self.urls.get(next.place).map_or("?", String::as_str)
                    )))
                }
                Err(error) if Instant::now() >= deadline => return Err(error),
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    /// Asks a question that changes nothing, of another node if this one is lost.
    pub async fn ask<T>(&self, question: impl AsyncFn(Connection) -> Result<T, NotRun>) -> Result<T, NotRun> {
        let deadline = Instant::now() + self.patience;
        let mut connection = self.connection().await;
        loop {
            match within(ANSWER, question(connection.clone())).await {
                Err(NotRun::Unreachable(_)) => connection = self.renew(&connection, deadline).await?,
                answer => return answer,
            }
        }
    }
}

/// What comes of something, unless it takes too long.
pub async fn within<T>(limit: Duration, what: impl Future<Output = Result<T, NotRun>>) -> Result<T, NotRun> {
    timeout(limit, what)
        .await
        .unwrap_or_else(|_| Err(NotRun::Unreachable(format!("the node has said nothing for {} s", limit.as_secs()))))
}

/// A connection to the first node that answers, beginning with the one at `start`.
async fn first_of(urls: &[String], start: usize, turn: u64) -> Result<Connection, NotRun> {
    let mut troubles = Vec::new();
    for place in (0..urls.len()).map(|step| start.wrapping_add(step) % urls.len()) {
        let Some(url) = urls.get(place) else { continue };
        let connected = within(ANSWER, async {
            let rpc = RpcClient::from_insecure_url(url).await?;
            let client = OnlineClient::from_rpc_client(rpc.clone()).await?;
            Ok((LegacyRpcMethods::new(rpc), client))
        });
        let cannot = |error: &dyn Display| format!("cannot reach a node at {url}: {error}");
        match connected.await {
            Ok((_, client)) if client.metadata().pallet_by_name("Contracts").is_none() => {
                troubles.push(cannot(&"its chain has no pallet-contracts"))
            }
            Ok((rpc, client)) => {
                // The chain may change its own code while we are connected.
                let updater = client.updater();
                tokio::spawn(async move { updater.perform_runtime_updates().await });
                return Ok(Connection { client, rpc, place, turn });
            }
            Err(error) => troubles.push(cannot(&error)),
        }
    }
    match troubles.is_empty() {
        true => Err(NotRun::Unreachable("no node's address is given".to_owned())),
        false => Err(NotRun::Unreachable(troubles.join("; "))),
    }
}

/// The node's own error of a call: its code and what it says.
pub fn said(error: &subxt::Error) -> Option<(i32, String)> {
    let subxt::Error::Rpc(RpcError::ClientError(error)) = error else { return None };
    let Call::Call(object) = error.downcast_ref::<Call>()? else { return None };
    let data = object.data().map(|data| data.get().trim_matches('"'));
    Some((object.code(), data.map_or(object.message().to_owned(), |data| format!("{}: {data}", object.message()))))
}

impl From<subxt::Error> for NotRun {
    fn from(error: subxt::Error) -> Self {
        match (&error, said(&error)) {
            (_, Some((_, words))) => Self::Refused(words),
            (subxt::Error::Rpc(RpcError::RequestRejected(words)), None) => Self::Refused(words.clone()),
            (subxt::Error::Rpc(_) | subxt::Error::Io(_), None) => Self::Unreachable(error.to_string()),
            (subxt::Error::Runtime(error), None) => Self::Refused(super::contracts_api::error_name(error)),
            (_, None) => Self::Refused(error.to_string()),
        }
    }
}
