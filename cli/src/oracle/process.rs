//! The process of an oracle: it looks at every case that may still change, says what it does about each, once, and follows
//! the node.

use super::{
    facts::Dossier,
    judge::{Judged, Look, Oracle, Turn},
    roles::name_of,
    terms::{name, Terms},
    Options,
};
use crate::{exit::undone, network::keys, output, report::Format};
use amanah_client::{address, ask, node::Node, Chain, Failure, Suite};
use amanah_domain::{
    chaincode::SignedVerdict,
    ids::{Account, CaseId, ParticipantId},
};
use amanah_interfaces::loan::Loan;
use anyhow::{ensure, Context, Result};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::Duration,
};

/// What an oracle does about a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Step {
    case: CaseId,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Found>,
    #[serde(flatten)]
    did: Did,
}

/// What it has found of the case's event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Found {
    applicant: ParticipantId,
    revision: u32,
    verdict: String,
    /// What does not hold.
    reasons: Vec<&'static str>,
}

/// What it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "did", rename_all = "snake_case")]
enum Did {
    /// Its verdict is on chain.
    Submitted,
    /// Its signed verdict is printed.
    Signed,
    /// An oracle before it has its turn.
    Waits { next: ParticipantId },
    /// The contract does not take its verdict now.
    Refused { error: String },
    /// It does not know the facts.
    UnknownFacts,
    /// The contract's hash of the event is another one.
    OtherHash,
    /// Its terms say nothing about such an event.
    NotForTerms { event: String },
}

/// A signed verdict, for whoever unlocks the case.
#[derive(Serialize)]
struct Signed {
    case: CaseId,
    revision: u32,
    role: String,
    oracle: ParticipantId,
    event_hash: String,
    verdict: SignedJson,
}

/// As the contract's message `unlock` takes it.
#[derive(Serialize)]
struct SignedJson {
    verdict: String,
    valid_until: u64,
    signature: String,
}

/// Looks once, or follows the node.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let terms = Terms::read(Some(&options.terms))?.of(options.role)?;
    let dossier = Dossier::read(&options.facts)?;
    let actor = keys::actor(&name_of(options.role), options.suri.as_deref())?;
    let mut node = Node::connect(&options.node)?;
    node.admit(&actor)?;
    let suite = suite_at(&mut node, options.contract)?;
    let oracle = Oracle::new(&mut node, &suite, actor.clone(), options.role, terms, dossier)?;
    let mut process = Process {
        format,
        sign_only: options.sign_only,
        oracle,
        suite,
        next: 1,
        watched: BTreeSet::new(),
        said: BTreeMap::new(),
    };
    process.hello(&options.node);
    if options.once {
        return process.look_at_all(&mut node);
    }
    let mut trouble = String::new();
    loop {
        let looked = process.look_at_all(&mut node);
        let facts = Dossier::read(&options.facts).map(|dossier| process.oracle.dossier = dossier);
        match looked.and(facts) {
            Ok(()) => trouble.clear(),
            Err(error) => {
                // Trouble passes: the node starts again, the file is complete a moment later. It is told once.
                let now = format!("{error:#}");
                if now != trouble {
                    output::note(format_args!("amanah: {now}; trying again every {} s", options.every));
                    trouble = now;
                }
                if let Ok(mut other) = Node::connect(&options.node) {
                    other.admit(&actor)?;
                    node = other;
                }
            }
        }
        thread::sleep(Duration::from_secs(options.every));
    }
}

/// The suite of a loan contract, whose signatures must be for this chain and this contract.
fn suite_at(chain: &mut dyn Chain, contract: Account) -> Result<Suite> {
    let nowhere = [0; 32];
    let genesis = chain.genesis_hash();
    let suite =
        Suite { registry: nowhere, ledger: nowhere, voucher: nowhere, loan: contract, welfare: nowhere, genesis };
    let at = || format!("is there a loan contract at {}?", address(&contract));
    let domain = ask(chain, suite.loan().domain_separator()).with_context(at)?;
    ensure!(
        domain == suite.loan_domain(),
        "the contract at {} was made for another chain: verdicts for it would be worthless here",
        address(&contract)
    );
    let registry = ask(chain, suite.loan().registry()).with_context(at)?;
    let ledger = ask(chain, suite.loan().ledger()).with_context(at)?;
    Ok(Suite { registry: *registry.as_ref(), ledger: *ledger.as_ref(), ..suite })
}

/// An oracle at work.
struct Process {
    format: Format,
    sign_only: bool,
    oracle: Oracle,
    suite: Suite,
    /// The first case that was not there yet.
    next: CaseId,
    /// The cases before it that may still change.
    watched: BTreeSet<CaseId>,
    /// What was said last about each of them.
    said: BTreeMap<CaseId, Step>,
}

impl Process {
    /// Looks at every case that may still change, and at those that are new.
    fn look_at_all(&mut self, chain: &mut dyn Chain) -> Result<()> {
        self.oracle.refresh(chain, &self.suite)?;
        for case in self.watched.clone() {
            let look = self.oracle.look(chain, &self.suite, case)?;
            self.handle(chain, case, look)?;
        }
        loop {
            let case = self.next;
            match self.oracle.look(chain, &self.suite, case)? {
                Look::Unknown => return Ok(()),
                look => {
                    self.watched.insert(case);
                    self.next += 1;
                    self.handle(chain, case, look)?;
                }
            }
        }
    }

    /// Does what is to be done about a case, and says it unless it was said before.
    fn handle(&mut self, chain: &mut dyn Chain, case: CaseId, look: Look) -> Result<()> {
        let bare = |did| Some(Step { case, found: None, did });
        let step = match &look {
            Look::Unknown | Look::Ended => {
                self.watched.remove(&case);
                self.said.remove(&case);
                None
            }
            // Whoever revises it may name this oracle.
            Look::Failed | Look::NotMine => None,
            Look::NotForTerms(kind) => bare(Did::NotForTerms { event: format!("{kind:?}") }),
            Look::OtherHash => bare(Did::OtherHash),
            Look::UnknownFacts => bare(Did::UnknownFacts),
            Look::Judged(judged) => {
                let did = self.act(chain, judged)?;
                did.map(|did| Step { case, found: Some(Found::of(judged)), did })
            }
        };
        let Some(step) = step.filter(|step| self.said.get(&case) != Some(step)) else { return Ok(()) };
        self.say(&step, &look)?;
        self.said.insert(case, step);
        Ok(())
    }

    /// Submits a verdict if it is its turn; `None` if there is nothing left to do.
    fn act(&self, chain: &mut dyn Chain, judged: &Judged) -> Result<Option<Did>> {
        if ask(chain, self.suite.loan().event_hash(judged.case))? != Some(judged.event_hash) {
            return Ok(Some(Did::OtherHash));
        }
        if self.sign_only {
            return Ok(Some(Did::Signed));
        }
        Ok(match judged.turn {
            Turn::Over => None,
            Turn::Later { next } => Some(Did::Waits { next }),
            Turn::Now => match self.oracle.submit(chain, &self.suite, judged) {
                Ok(_) => Some(Did::Submitted),
                Err(Failure::Refused { error, .. }) => Some(Did::Refused { error: format!("{error:?}") }),
                Err(other) => return Err(undone(format!("the verdict on case {}", judged.case), other)),
            },
        })
    }

    fn hello(&self, url: &str) {
        if self.format != Format::Json {
            let (number, role) = (self.oracle.number(), name_of(self.oracle.role()));
            output::note(format_args!("amanah: participant {number} looks for cases as {role} at {url}"));
        }
    }

    fn say(&self, step: &Step, look: &Look) -> Result<()> {
        match (look, &step.did) {
            (Look::Judged(judged), Did::Signed) => output::line_or_end(serde_json::to_string(&self.signed(judged)?)?),
            _ if self.format == Format::Json => output::line_or_end(serde_json::to_string(step)?),
            // Standard output is for verdicts then.
            _ if self.sign_only => output::note(step.text()),
            _ => output::line_or_end(step.text()),
        }
        Ok(())
    }

    fn signed(&self, judged: &Judged) -> Result<Signed> {
        let SignedVerdict { verdict, valid_until, signature } = self.oracle.sign(self.suite.loan_domain(), judged)?;
        Ok(Signed {
            case: judged.case,
            revision: judged.revision,
            role: name_of(self.oracle.role()),
            oracle: self.oracle.number(),
            event_hash: format!("0x{}", hex::encode(judged.event_hash)),
            verdict: SignedJson {
                verdict: format!("{verdict:?}"),
                valid_until,
                signature: format!("0x{}", hex::encode(signature)),
            },
        })
    }
}

impl Found {
    fn of(judged: &Judged) -> Self {
        Self {
            applicant: judged.applicant,
            revision: judged.revision,
            verdict: format!("{:?}", judged.verdict()),
            reasons: judged.failed.iter().map(|term| name(*term)).collect(),
        }
    }
}

impl Step {
    fn text(&self) -> String {
        let found = self.found.as_ref().map_or(String::new(), |found| {
            let reasons =
                if found.reasons.is_empty() { String::new() } else { format!(" ({})", found.reasons.join(", ")) };
            format!("participant {}, revision {}: {}{reasons}; ", found.applicant, found.revision, found.verdict)
        });
        let did = match &self.did {
            Did::Submitted => "submitted".to_owned(),
            Did::Signed => "signed".to_owned(),
            Did::Waits { next } => format!("waits until participant {next} has passed it"),
            Did::Refused { error } => format!("the contract does not take it now: {error}"),
            Did::UnknownFacts => "no verdict: no record of the facts has the hash that the event carries".to_owned(),
            Did::OtherHash => "no verdict: the contract says another hash of the event than follows from it".to_owned(),
            Did::NotForTerms { event } => format!("no verdict: terms say nothing about {event}, a person decides"),
        };
        format!("case {}: {found}{did}", self.case)
    }
}
