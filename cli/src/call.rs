//! Runs a message of a contract: dry, and for good with `-x`.

use crate::{
    exit::{Mismatch, Refusal},
    message,
    network::{Network, Session},
    output,
    report::{cost_text, Format},
};
use amanah_client::{
    abi::{spoken, Abi, Answer},
    chain::{Chain, RawCall},
    node::Included,
    Cost,
};
use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};
use serde_json::{json, Value};

/// Adds to a message's command what all have: where to send it, and whether.
pub fn with_options(command: clap::Command) -> clap::Command {
    let execute = Arg::new("execute")
        .short('x')
        .long("execute")
        .action(ArgAction::SetTrue)
        .help("Sends it; without this it is run dry, and nothing changes");
    let (about, long_about) = (command.get_about().cloned(), command.get_long_about().cloned());
    // The options' own text is no text of the command.
    Network::augment_args(command.arg(execute))
        .about(about.unwrap_or_default())
        .long_about(long_about.unwrap_or_default())
}

/// What a message came to.
pub struct Told {
    contract: String,
    message: String,
    answer: Value,
    cost: Cost,
    /// Where it is, if it was sent.
    sent: Option<Included>,
    /// Could it be sent?
    changes: bool,
    events: Vec<Value>,
}

/// Runs the message that the command line means.
pub fn run(format: Format, abi: &Abi, name: &str, matches: &ArgMatches) -> Result<()> {
    let message = abi.message(name)?;
    let arguments = message::arguments(abi, message, matches)?;
    let mut session = Session::open(&Network::from_arg_matches(matches)?)?;
    let execute = matches.get_flag("execute");
    let told = call(&mut session, abi, name, &arguments, execute)?;
    told.print(format);
    Ok(())
}

/// Runs a message: dry, or for good if it changes anything.
///
/// # Errors
/// [`Refusal`] when the contract refuses; [`Mismatch`] when the description is not that of the code that runs; when an argument
/// is wrong, or the chain does not run it.
pub fn call(
    session: &mut Session,
    abi: &Abi,
    name: &str,
    arguments: &std::collections::BTreeMap<String, Value>,
    execute: bool,
) -> Result<Told> {
    must_describe(abi, session.abi(abi.contract())?)?;
    let message = abi.message(name)?;
    let data = abi.encode(name, arguments, session)?;
    let execute = execute && message.mutates;
    let from = if execute { session.actor()?.account() } else { session.caller()? };
    let to = session.contract(abi.contract()).ok_or_else(|| anyhow::anyhow!("there is no {}", abi.contract()))?;
    let raw = RawCall { from, to, data };
    let (outcome, sent) = match execute {
        true => session.node.send(&raw)?,
        false => (session.node.dry_run(&raw)?, None),
    };
    let answer = match abi.decode_answer(name, &outcome.data, session)? {
        Answer::Done(answer) => answer,
        Answer::Refused(error) => {
            let tried = format!("{} {name}", abi.contract());
            return Err(Refusal { tried, words: spoken(&error), error }.into());
        }
    };
    Ok(Told {
        contract: abi.contract().to_owned(),
        message: name.to_owned(),
        answer,
        cost: outcome.cost,
        events: outcome.events.iter().map(|event| session.event(event)).collect(),
        sent,
        changes: message.mutates,
    })
}

/// Is the description by which the command line was read that of the code that was found on the chain?
fn must_describe(read: &Abi, found: &Abi) -> Result<()> {
    let (here, there) = (read.code_hash(), found.code_hash());
    if here != there {
        return Err(Mismatch(format!(
            "the command line was read by the bundle of {} with code 0x{}, and the contract runs 0x{}: say where the bundles are by \
             --bundles",
            read.contract(),
            hex::encode(here),
            hex::encode(there)
        ))
        .into());
    }
    Ok(())
}

impl Told {
    /// Says it.
    pub fn print(&self, format: Format) {
        match format {
            Format::Json => output::json(&self.json()),
            Format::Text | Format::Csv => self.text(),
        }
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let Cost { ref_time, proof_size, deposit } = self.cost;
        let hex = |bytes: [u8; 32]| format!("0x{}", hex::encode(bytes));
        json!({
            "contract": self.contract,
            "message": self.message,
            "answer": self.answer,
            "sent": self.sent.is_some(),
            "transaction": self.sent.as_ref().map(|sent| hex(sent.hash)),
            "block": self.sent.as_ref().map(|sent| hex(sent.block)),
            "events": self.events,
            "gas": { "ref_time": ref_time, "proof_size": proof_size },
            "deposit": deposit.to_string(),
        })
    }

    fn text(&self) {
        match &self.answer {
            Value::Null => output::line(format_args!("{} {}: done", self.contract, self.message)),
            Value::Object(_) | Value::Array(_) => output::json(&self.answer),
            other => output::line(spoken(other)),
        }
        for event in &self.events {
            output::line(format_args!("  {}: {}", spoken(&event["event"]), spoken(&event["fields"])));
        }
        match &self.sent {
            Some(sent) => {
                output::line(format_args!("  transaction 0x{}, {}", hex::encode(sent.hash), cost_text(&self.cost)));
            }
            None if self.changes => {
                output::line(format_args!("  dry run, nothing was sent; -x sends it ({})", cost_text(&self.cost)))
            }
            None => {}
        }
    }
}
