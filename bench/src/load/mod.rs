//! How much a chain carries: the loads of the papers, with plain transfers and a plain token beside them.
//!
//! The load shares the machine with the node, so the figures are lower than a node alone would give, and are compared as
//! ratios within one run.

pub mod engine;
pub mod node;
mod peer;
mod stage;

use crate::machine::Machine;
use amanah_client::{address, chain::RawCall, node::Signed, Actor};
use amanah_domain::ids::LoanId;
use amanah_e2e::Person;
use amanah_network::{Member, Network, Terms};
use anyhow::{ensure, Context, Result};
use engine::{Fate, Operation};
use indicatif::ProgressBar;
use node::{own_processor, DevNode};
use serde::{Deserialize, Serialize};
use stage::Stage;
use std::{
    collections::VecDeque,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// How old the loans are whose interest is refunded: their month is over.
const AGE: i64 = 40 * 24 * 60 * 60;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Load {
    /// Plain transfers of the chain's token.
    Transfers,
    /// Transfers of a PSP22-style token.
    Token,
    /// Confirms of requested redemptions, each with an attestor's signature.
    Confirms,
    /// Unlocks of loans (three signatures) and refunds (two), half and half.
    Writes,
    /// LoC's mix: two loans, two refunds, one query. In a consortium, whose clock cannot be turned back, voucher confirms stand
    /// in for refunds.
    Mix,
}

impl Load {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transfers => "transfers",
            Self::Token => "token",
            Self::Confirms => "confirms",
            Self::Writes => "writes",
            Self::Mix => "mix",
        }
    }
}

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Operations of a run.
    pub operations: usize,
    /// Runs of each load.
    pub runs: usize,
    /// Operations under way at a time.
    pub most: usize,
    /// For the ramp: operations of each step; none if it is 0.
    pub ramp: usize,
}

/// How many operations are under way in the ramp's steps.
pub const RAMP: [usize; 7] = [1, 4, 16, 64, 256, 1_024, 4_096];

/// What came of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// What was done.
    pub load: Load,
    /// Which run of it, from 1; of the ramp: 0.
    pub run: usize,
    /// Operations under way at a time, at most.
    pub most: usize,
    /// Operations that were tried.
    pub operations: usize,
    /// Operations that did what they should, as blocks and answers say.
    pub succeeded: usize,
    /// From the first submission to the last inclusion or answer (seconds).
    pub seconds: f64,
    /// Operations that succeeded in a second.
    pub rate: f64,
    /// Seconds until a block had it or the answer came: half, 95 %, 99 % of the operations took no longer.
    pub inclusion: [f64; 3],
    /// Seconds until its block was final, in the same way; none if that was not waited for.
    pub finality: Option<[f64; 3]>,
    /// Processors in use meanwhile, by the nodes and by the load itself.
    pub processors: [f64; 2],
}

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// Of what kind of chain: `dev`, or `consortium of 4`.
    pub chain: String,
    /// On what.
    pub machine: Machine,
    /// The runs.
    pub runs: Vec<Run>,
}

/// A sample: an operation of a run, for the table of raw data.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    load: Load,
    run: usize,
    most: usize,
    sent: f64,
    done: Option<f64>,
    finalized: Option<f64>,
    succeeded: bool,
}

/// Where the samples of each run go.
type Keep<'a> = dyn FnMut(&[Sample]) -> Result<()> + 'a;

/// A stage on which loads are run.
struct Session<'a> {
    stage: Stage,
    /// Loans whose interest can be refunded.
    granted: VecDeque<(Person, LoanId)>,
    query: Operation,
    /// Does a run end when its blocks are final?
    finality: bool,
    /// Seconds of a processor that the nodes have used.
    processors: &'a dyn Fn() -> f64,
    progress: ProgressBar,
    keep: &'a mut Keep<'a>,
    runs: Vec<Run>,
}

impl Session<'_> {
    /// LoC's mix of so many operations.
    fn mix(&mut self, operations: usize) -> Result<Vec<Operation>> {
        let each = operations * 2 / 5;
        let loans = self.stage.loans(each)?;
        let others = if self.granted.is_empty() { self.stage.confirms(each)? } else { self.refunds(each)? };
        let mut all = Vec::new();
        for (turn, write) in self.sign(vec![loans, others])?.into_iter().enumerate() {
            all.push(write);
            if turn % 4 == 3 {
                all.push(self.query.clone());
            }
        }
        Ok(all)
    }

    /// So many loans and refunds in turns.
    fn writes(&mut self, operations: usize) -> Result<Vec<Operation>> {
        let loans = self.stage.loans(operations / 2)?;
        let refunds = self.refunds(operations / 2)?;
        self.sign(vec![loans, refunds])
    }

    fn refunds(&mut self, number: usize) -> Result<Vec<RawCall>> {
        ensure!(self.granted.len() >= number, "too few loans were granted for {number} refunds");
        let some: Vec<_> = self.granted.drain(..number).collect();
        self.stage.refunds(&some)
    }

    fn sign(&mut self, kinds: Vec<Vec<RawCall>>) -> Result<Vec<Operation>> {
        Ok(sent(self.stage.sign(kinds)?))
    }

    /// Does all of this, and notes how it went.
    fn measure(&mut self, load: Load, run: usize, most: usize, operations: &[Operation]) -> Result<()> {
        self.progress.set_message(format!("{}, run {run}, {most} at a time", load.name()));
        let before = [(self.processors)(), own_processor()];
        let began = Instant::now();
        let fates = self.stage.fire(operations, most, self.finality)?;
        let took = began.elapsed().as_secs_f64();
        let processors = [((self.processors)() - before[0]) / took, (own_processor() - before[1]) / took];
        let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64());
        let samples: Vec<Sample> = fates
            .iter()
            .map(|fate| Sample {
                load,
                run,
                most,
                sent: fate.sent.as_secs_f64(),
                done: seconds(fate.done),
                finalized: seconds(fate.finalized),
                succeeded: fate.succeeded,
            })
            .collect();
        (self.keep)(&samples)?;
        if let Some(trouble) = fates.iter().find_map(|fate| fate.trouble.as_ref()) {
            self.progress.println(format!("{}, run {run}: a node did not take a transaction: {trouble}", load.name()));
        }
        self.runs.push(Run { load, run, most, processors, ..summary(&fates, self.finality) });
        Ok(())
    }
}

/// The rates and times of a run.
fn summary(fates: &[Fate], finality: bool) -> Run {
    let good: Vec<&Fate> = fates.iter().filter(|fate| fate.succeeded && fate.done.is_some()).collect();
    let seconds = good.iter().filter_map(|fate| fate.done).max().unwrap_or_default().as_secs_f64();
    let took = |until: fn(&Fate) -> Option<Duration>| {
        let mut all: Vec<f64> =
            good.iter().filter_map(|fate| Some(until(fate)?.saturating_sub(fate.sent).as_secs_f64())).collect();
        all.sort_by(f64::total_cmp);
        [50, 95, 99].map(|percent| {
            all.get((all.len() * percent / 100).min(all.len().saturating_sub(1))).copied().unwrap_or(0.0)
        })
    };
    Run {
        load: Load::Mix,
        run: 0,
        most: 0,
        operations: fates.len(),
        succeeded: good.len(),
        seconds,
        rate: if seconds > 0.0 { good.len() as f64 / seconds } else { 0.0 },
        inclusion: took(|fate| fate.done),
        finality: finality.then(|| took(|fate| fate.finalized)),
        processors: [0.0; 2],
    }
}

fn sent(signed: Vec<Signed>) -> Vec<Operation> {
    signed.into_iter().map(Operation::Transaction).collect()
}

fn runtime() -> Result<Arc<Runtime>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(Arc::new(runtime))
}

/// Measures a development chain. `program` is its node; `keep` is given each run's samples.
///
/// # Errors
/// When a preparation fails, or the node does not answer.
pub fn development(program: &Path, plan: Plan, progress: &ProgressBar, keep: &mut Keep<'_>) -> Result<Results> {
    let folder = tempfile::tempdir().context("there is no room for a chain")?;
    let mut dev = DevNode::new(program, folder.path());
    // Loans are granted while the node's clock is behind, so that their month is over when it is right.
    dev.start(&[&format!("--clock-offset-sec=-{AGE}")])?;
    let mut stage = Stage::set(Actor::alice(), dev.url(), runtime()?, progress.clone())?;
    let refunded = plan.runs * (plan.operations * 2 / 5 + plan.operations / 2) + RAMP.len() * (plan.ramp * 2 / 5);
    let (granted, untouched) = stage.grant(refunded)?;
    progress.set_message("forty days pass");
    dev.start(&[])?;

    let token = stage.token()?;
    let query = stage.query(untouched)?;
    let processors = || dev.processor();
    let progress = progress.clone();
    let mut session = Session {
        stage,
        granted: granted.into(),
        query,
        finality: false,
        processors: &processors,
        progress,
        keep,
        runs: Vec::new(),
    };
    if plan.ramp > 0 {
        for most in RAMP {
            let operations = session.mix(plan.ramp)?;
            session.measure(Load::Mix, 0, most, &operations)?;
        }
    }
    for run in 1..=plan.runs {
        let transfers = session.stage.transfers(plan.operations)?;
        session.measure(Load::Transfers, run, plan.most, &sent(transfers))?;
        let calls = session.stage.token_transfers(&token, plan.operations);
        let operations = session.sign(vec![calls])?;
        session.measure(Load::Token, run, plan.most, &operations)?;
        let calls = session.stage.confirms(plan.operations)?;
        let operations = session.sign(vec![calls])?;
        session.measure(Load::Confirms, run, plan.most, &operations)?;
        let operations = session.mix(plan.operations)?;
        session.measure(Load::Mix, run, plan.most, &operations)?;
        let operations = session.writes(plan.operations)?;
        session.measure(Load::Writes, run, plan.most, &operations)?;
    }
    Ok(Results { chain: "dev".to_owned(), machine: Machine::here(program), runs: session.runs })
}

/// Measures a consortium of so many validators on this machine, waiting until everything is final.
///
/// # Errors
/// When a preparation fails, or a node does not answer.
pub fn consortium(
    program: &Path,
    members: usize,
    slot: Duration,
    plan: Plan,
    progress: &ProgressBar,
    keep: &mut Keep<'_>,
) -> Result<Results> {
    let folder = tempfile::tempdir().context("there is no room for the chains")?;
    // The first member deploys the suite and administers it.
    let first = Actor::named("administrator");
    let others = (2..=members).map(|number| Actor::named(&format!("member-{number}")));
    let organisations: Vec<Member> = std::iter::once(first.clone())
        .chain(others)
        .map(|actor| Member { name: actor.name().to_owned(), account: address(&actor.account()) })
        .collect();
    let terms = Terms { slot, ..Terms::default() };
    let mut network = Network::found(program, folder.path(), &organisations, terms)?;
    network.start(&(0..=members).collect::<Vec<_>>(), &[])?;
    let urls = network.urls();
    // Whoever only reads and sends asks the observer, the last one.
    let observer = urls.last().context("it has an observer")?.clone();
    let mut stage = Stage::set(first, observer, runtime()?, progress.clone())?;
    let (_, untouched) = stage.grant(0)?;
    let query = stage.query(untouched)?;
    let processors = || network.processes().into_iter().filter_map(node::used).sum();
    let progress = progress.clone();
    let mut session = Session {
        stage,
        granted: VecDeque::new(),
        query,
        finality: true,
        processors: &processors,
        progress,
        keep,
        runs: Vec::new(),
    };
    for run in 1..=plan.runs {
        let transfers = session.stage.transfers(plan.operations)?;
        session.measure(Load::Transfers, run, plan.most, &sent(transfers))?;
        let operations = session.mix(plan.operations)?;
        session.measure(Load::Mix, run, plan.most, &operations)?;
    }
    Ok(Results { chain: format!("consortium of {members}"), machine: Machine::here(program), runs: session.runs })
}
