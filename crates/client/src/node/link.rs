//! The connection to a chain: to one of several nodes, and to the next one when it is lost.

use crate::chain::NotRun;
use jsonrpsee_core::client::Error as Call;
use std::{
    fmt::Display,
    future::Future,
    sync::{atomic::AtomicU32, Arc},
    time::Duration,
};
use subxt::{
    backend::{legacy::LegacyRpcMethods, rpc::RpcClient},
    config::PolkadotConfig,
    error::RpcError,
    utils::H256,
    OnlineClient,
};
use tokio::{
    sync::Mutex,
    task::AbortHandle,
    time::{sleep, timeout, Instant},
};

/// How long a node may take to answer a question before it counts as lost.
const ANSWER: Duration = Duration::from_secs(20);
/// How long to wait before all nodes are tried again, or another one is asked what several could not answer.
const PAUSE: Duration = Duration::from_millis(300);

/// A connection to one node.
#[derive(Clone)]
pub struct Connection {
    pub client: OnlineClient<PolkadotConfig>,
    pub rpc: LegacyRpcMethods<PolkadotConfig>,
    /// The newest block of which this node has said that it is final.
    pub finalized: Arc<AtomicU32>,
    /// What follows the chain's changes of its own code, until another connection takes this one's place.
    updater: AbortHandle,
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
                    present.updater.abort();
                    *present = next.clone();
                    return Ok(next);
                }
                Ok(next) => {
                    next.updater.abort();
                    return Err(NotRun::Unreachable(format!(
                        "the node at {} has another chain than the one before",
                        self.urls.get(next.place).map_or("?", String::as_str)
                    )));
                }
                Err(error) if Instant::now() >= deadline => return Err(error),
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    /// Asks a question that changes nothing, of another node if this one is lost.
    pub async fn ask<T>(&self, question: impl AsyncFn(Connection) -> Result<T, NotRun>) -> Result<T, NotRun> {
        let mut connection = self.connection().await;
        let mut losses = Losses::new(self.patience, self.urls.len());
        loop {
            let lost = match within(ANSWER, question(connection.clone())).await {
                Err(lost @ NotRun::Unreachable(_)) => lost,
                answer => return answer,
            };
            let Some(deadline) = losses.another(Instant::now()) else { return Err(lost) };
            if losses.count > 1 {
                sleep(PAUSE).await;
            }
            connection = self.renew(&connection, deadline).await?;
        }
    }
}

/// How often a question was asked in vain, though each time some node could be reached.
struct Losses {
    count: usize,
    /// How long that may go on.
    patience: Duration,
    /// How many nodes there are: each is asked, however long those before it have taken.
    nodes: usize,
    /// When it has gone on for long enough.
    deadline: Option<Instant>,
}

impl Losses {
    fn new(patience: Duration, nodes: usize) -> Self {
        Self { count: 0, patience, nodes, deadline: None }
    }

    /// One more: until when another connection may be looked for; `None` if the question has failed.
    fn another(&mut self, now: Instant) -> Option<Instant> {
        self.count = self.count.saturating_add(1);
        let deadline = *self.deadline.get_or_insert(now + self.patience);
        (now < deadline || self.count <= self.nodes).then_some(deadline)
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
                let updates = client.updater();
                let updater = tokio::spawn(async move { updates.perform_runtime_updates().await }).abort_handle();
                return Ok(Connection { client, rpc, finalized: Arc::default(), updater, place, turn });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_fails_at_nodes_that_can_be_reached_is_put_to_each_and_ends_with_the_patience() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let expected = |losses: [u64; 4], asked: [bool; 4]| {
            let mut counted = Losses::new(Duration::from_secs(20), 2);
            let deadline = at(losses[0] + 20);
            for (loss, again) in losses.into_iter().zip(asked) {
                assert_eq!(counted.another(at(loss)), again.then_some(deadline), "lost after {loss} s");
            }
        };
        // Nodes that answer at once that they cannot answer.
        expected([5, 6, 24, 25], [true, true, true, false]);
        // Nodes that say nothing for as long as they are waited for.
        expected([20, 40, 60, 80], [true, true, false, false]);
    }
}
