//! Where a story takes place: the embedded chain, whose time the story sets, or a node, where time passes as it does.

use amanah_client::{chain::Chain, embedded::Embedded, node::Node, Actor, Bundle};
use amanah_domain::time::Millis;
use anyhow::Result;
use clap::Args;
use std::{
    ops::{Deref, DerefMut},
    path::PathBuf,
};

/// 2026-01-15, 09:00 UTC: when a story on the embedded chain begins, unless it says something else.
pub const START: Millis = 1_768_467_600_000;

/// Where to tell a story.
#[derive(Args, Clone, Default)]
pub struct Whereabouts {
    /// The folder with the contracts' bundles, as scripts/build makes them.
    #[arg(long, value_name = "FOLDER")]
    bundles: Option<PathBuf>,
    /// Tell it on the node at this WebSocket address instead of the embedded chain. It must be a development chain, where
    /// Alice has tokens to give. What takes days in the story takes seconds there.
    ///
    /// Example: amanah demo phone --node ws://127.0.0.1:9944
    #[arg(long, visible_alias = "url", value_name = "URL")]
    node: Option<String>,
}

impl Whereabouts {
    /// The folder with the contracts' bundles.
    pub fn bundles(&self) -> PathBuf {
        self.bundles.clone().unwrap_or_else(Bundle::folder)
    }

    /// The embedded chain.
    pub fn embedded(bundles: Option<PathBuf>) -> Self {
        Self { bundles, node: None }
    }

    /// Goes there; on the embedded chain it is `start` then (milliseconds), on a node what it is.
    pub fn reach(&self, start: Millis) -> Result<Place> {
        Ok(match &self.node {
            None => Place::Embedded(Box::new(Embedded::new(start))),
            Some(url) => Place::Node(Box::new(Node::connect(url)?.with_faucet(Actor::alice()))),
        })
    }
}

/// A chain to tell a story on.
pub enum Place {
    Embedded(Box<Embedded>),
    Node(Box<Node>),
}

impl Place {
    /// How long something lasts here: on the embedded chain as long as it would in life, on a node as long as people wait
    /// for a demo.
    pub fn lasting(&self, in_life: Millis, on_a_node: Millis) -> Millis {
        match self {
            Place::Embedded(_) => in_life,
            Place::Node(_) => on_a_node,
        }
    }

    /// Does the story set the time here, so that months may pass in it?
    pub fn sets_time(&self) -> bool {
        matches!(self, Place::Embedded(_))
    }

    /// Lets this much time pass.
    pub fn pass(&mut self, time: Millis) -> Result<()> {
        let until = self.now()?.saturating_add(time);
        Ok(self.wait_until(until)?)
    }

    /// Lets as much time pass as people take to do the next thing; on a node it passes by itself.
    pub fn moment(&mut self, time: Millis) {
        if let Place::Embedded(chain) = self {
            chain.advance(time);
        }
    }
}

impl Deref for Place {
    type Target = dyn Chain;

    fn deref(&self) -> &Self::Target {
        match self {
            Place::Embedded(chain) => &**chain,
            Place::Node(node) => &**node,
        }
    }
}

impl DerefMut for Place {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Place::Embedded(chain) => &mut **chain,
            Place::Node(node) => &mut **node,
        }
    }
}
