//! `amanah upgrade`: new code for a contract, by two organisations and after the suite's delay.

use crate::{
    exit::undone,
    network::{session::Settings, Network},
    output,
    report::Format,
};
use amanah_client::{address, ask, chain::Chain, send, Bundle, Deployment};
use amanah_domain::governance::CodeProposal;
use amanah_interfaces::governance::Governed;
use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;

/// Which contract.
#[derive(Args)]
#[command(after_help = "Example: amanah upgrade voucher --keystore administrator.json -x

Each party runs it in turn; it does the step that is next, or says who must do it: the administrator proposes, a Regulator or \
Auditor of another organisation approves, and after the delay the administrator sets it. docs/governance.md says more.")]
pub struct Options {
    /// registry, ledger, voucher, loan or welfare; its bundle is the new code.
    contract: String,
    /// Sends it; without this it only says what is next.
    #[arg(short = 'x', long)]
    execute: bool,
    #[command(flatten)]
    place: Network,
}

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Nothing,
    Propose,
    Approve,
    Wait,
    Set,
}

impl Next {
    fn after(proposal: Option<&CodeProposal>, present: [u8; 32], new: [u8; 32], now: u64) -> Self {
        match proposal {
            _ if present == new => Self::Nothing,
            Some(proposal) if proposal.code_hash == new => match proposal.approved_by {
                None => Self::Approve,
                Some(_) if now < proposal.ready_at => Self::Wait,
                Some(_) => Self::Set,
            },
            _ => Self::Propose,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Wait => "wait",
            Self::Set => "set",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Nothing => "the contract runs this code",
            Self::Propose => "the administrator uploads and proposes the code",
            Self::Approve => "a Regulator or Auditor of another organisation approves it",
            Self::Wait => "the delay has to pass",
            Self::Set => "the administrator sets it",
        }
    }
}

/// Does the next step, or says what it is.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let settings = Settings::of(&options.place)?;
    let mut deployment = Deployment::load(&settings.deployment)?;
    let (mut node, suite) = settings.connect_to(&deployment)?;
    let name = options.contract.as_str();
    let contract = suite.contracts().into_iter().find_map(|(known, account)| (known == name).then_some(account));
    let contract = contract
        .with_context(|| format!("there is no contract {name}; there are registry, ledger, voucher, loan, welfare"))?;
    let bundle = Bundle::load(&settings.bundles, name)?;
    let present =
        node.code_hash(&contract)?.with_context(|| format!("there is no contract at {}", address(&contract)))?;
    let proposal = ask(&mut node, suite.governance(contract).governance())?.proposal;
    let next = Next::after(proposal.as_ref(), present, bundle.code_hash, node.now()?);
    let mut did = None;
    if options.execute && !matches!(next, Next::Nothing | Next::Wait) {
        let actor = settings.actor.clone().context("this needs a key: --suri, --keystore ..")?;
        let from = actor.account();
        if next == Next::Propose {
            node.upload(&from, &bundle)?;
        }
        let mut messages = suite.governance(contract);
        let sent = match next {
            Next::Propose => send(&mut node, &from, messages.propose_code(bundle.code_hash)),
            Next::Approve => send(&mut node, &from, messages.approve_code(bundle.code_hash)),
            Next::Set | Next::Nothing | Next::Wait => send(&mut node, &from, messages.set_code()),
        };
        sent.map_err(|failure| undone(format!("{name}: {}", next.name()), failure))?;
        did = Some(next.name());
        if next == Next::Set {
            if let Some(instance) = deployment.contracts.get_mut(name) {
                instance.code_hash = format!("0x{}", hex::encode(bundle.code_hash));
            }
            deployment.save(&settings.deployment).with_context(|| {
                let hash = hex::encode(bundle.code_hash);
                format!("{name} runs the new code, and only its hash, 0x{hash}, is still to be written into the file")
            })?;
        }
    }
    let proposal = ask(&mut node, suite.governance(contract).governance())?.proposal;
    let present = node.code_hash(&contract)?.unwrap_or(present);
    let next = Next::after(proposal.as_ref(), present, bundle.code_hash, node.now()?);
    let ready = proposal.filter(|proposal| proposal.approved_by.is_some()).map(|proposal| proposal.ready_at);
    match format {
        Format::Json => output::json(&json!({ "contract": name, "did": did, "next": next.name(), "ready_at": ready,
                "present_code": format!("0x{}", hex::encode(present)),
                "new_code": format!("0x{}", hex::encode(bundle.code_hash)) })),
        Format::Text | Format::Csv => {
            if let Some(did) = did {
                output::line(format_args!("done: {did}"));
            }
            output::line(format_args!(
                "next for {name}: {}{}",
                next.text(),
                match ready {
                    Some(ready) if next == Next::Wait => format!(" (until {ready} ms)"),
                    _ => String::new(),
                }
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_follows_from_what_the_contract_says() {
        let proposal = |approved_by| CodeProposal { code_hash: [2; 32], approved_by, ready_at: 100 };
        for (proposal, new, now, next) in [
            (None, [1; 32], 0, Next::Nothing),
            (None, [2; 32], 0, Next::Propose),
            (Some(proposal(None)), [2; 32], 0, Next::Approve),
            (Some(proposal(None)), [3; 32], 0, Next::Propose),
            (Some(proposal(Some(7))), [2; 32], 99, Next::Wait),
            (Some(proposal(Some(7))), [2; 32], 100, Next::Set),
        ] {
            assert_eq!(Next::after(proposal.as_ref(), [1; 32], new, now), next);
        }
    }
}
