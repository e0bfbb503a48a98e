//! The desk as a process: it sends a code for each redemption that becomes final, and takes codes on standard input.

use super::{
    desk::{proof, spoken, Asked, Desk},
    directory::Directory,
    Run,
};
use crate::{exit::Mismatch, files, output, report::Format};
use amanah_attestor::{Error, SmsError};
use amanah_client::{address, chain::NotRun, Event, Suite};
use amanah_domain::{
    ids::RedemptionId,
    time::{is_before, Millis},
};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead},
    path::PathBuf,
    sync::mpsc::{channel, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// How often old records are forgotten.
const A_DAY: Duration = Duration::from_secs(86_400);

/// What it says.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    redemption: Option<RedemptionId>,
    #[serde(flatten)]
    did: Did,
}

/// What it does about a redemption, or answers to a code.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "did", rename_all = "snake_case")]
enum Did {
    /// The holder has been sent the code.
    Sent { ends: Millis, tries_left: u8, messages_left: u8 },
    /// It could not be sent yet.
    Waits { reason: String },
    /// It will not be sent.
    GaveUp { reason: String },
    /// The code was right.
    Confirmed {
        proof: Value,
        submitted: bool,
        /// Why it is not submitted, although that was wanted.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The code was wrong.
    Wrong { tries_left: u8 },
    /// All tries are used up.
    Dead,
    /// What was entered was not compared with anything.
    Refused { reason: String },
}

/// A redemption whose holder has to be sent the code.
struct Waiting {
    /// The block that it was requested in.
    block: u32,
    /// Until when it can be confirmed (milliseconds).
    expires: Millis,
    /// What was said about it last.
    said: Option<Did>,
}

/// A desk at work.
struct Process<'a> {
    format: Format,
    options: &'a Run,
    desk: Desk,
    cursor: Cursor,
    /// What the cursor's file says.
    kept: Option<u32>,
    /// The first block that was not looked at yet.
    next: u32,
    waiting: BTreeMap<RedemptionId, Waiting>,
    /// When old records were forgotten last.
    forgot: Option<Instant>,
}

/// Follows the node until it is stopped.
pub fn run(format: Format, options: &Run) -> Result<()> {
    Directory::read(&options.asking.directory)?;
    let desk = Desk::open(&options.place, || options.asking.way.open())?;
    let cursor = Cursor { file: options.place.store.join("cursor.json"), place: Place::of(&desk.session.suite) };
    let next = match options.from.map_or_else(|| cursor.read(), |from| Ok(Some(from)))? {
        Some(next) => next,
        None => desk.session.node.head()?,
    };
    let mut process =
        Process { format, options, desk, cursor, kept: None, next, waiting: BTreeMap::new(), forgot: None };
    process.hello();
    let lines = lines();
    let mut trouble = String::new();
    loop {
        match process.look() {
            Ok(()) => trouble.clear(),
            Err(error) if is_fatal(&error) => return Err(error),
            Err(error) => {
                // Trouble passes: the node starts again, the file is complete a moment later. It is told once.
                let now = spoken(&error);
                if now != trouble {
                    output::note(format_args!("amanah: {now}; trying again every {} s", options.every));
                    trouble = now;
                }
            }
        }
        process.answer(&lines, Duration::from_secs(options.every))?;
    }
}

/// The lines of standard input, as they come.
fn lines() -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n').map_while(io::Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    lines
}

impl Process<'_> {
    fn hello(&self) {
        if self.format != Format::Json {
            let (number, urls) = (self.desk.number(), self.desk.session.settings.urls.join(", "));
            let way = self.options.asking.way.name();
            output::note(format_args!(
                "amanah: attestor {number} follows {urls} from block {}; messages are {way}",
                self.next
            ));
        }
    }

    /// Tries again what waits, and looks at all new final blocks.
    fn look(&mut self) -> Result<()> {
        let directory = Directory::read(&self.options.asking.directory)?;
        for redemption in self.waiting.keys().copied().collect::<Vec<_>>() {
            self.attempt(redemption, &directory)?;
        }
        let head = self.desk.session.node.head()?;
        while self.next <= head {
            let Some(block) = self.desk.session.node.block(self.next)? else { break };
            let suite = &self.desk.session.suite;
            let requested = block.events.iter().filter_map(|(_, raw)| match Event::decode(suite, raw) {
                Some(Event::RedemptionRequested(event)) => Some((event.redemption, event.expires)),
                _ => None,
            });
            for (redemption, expires) in requested.collect::<Vec<_>>() {
                self.waiting.insert(redemption, Waiting { block: block.number, expires, said: None });
            }
            self.next = self.next.saturating_add(1);
            let of_block = self.waiting.iter().filter(|(_, waiting)| waiting.block == block.number);
            for redemption in of_block.map(|(redemption, _)| *redemption).collect::<Vec<_>>() {
                self.attempt(redemption, &directory)?;
            }
            self.keep_cursor()?;
        }
        self.keep_cursor()?;
        self.forget_daily()
    }

    /// Where a restart has to begin: at the first block with a redemption that still waits.
    fn keep_cursor(&mut self) -> Result<()> {
        let first = self.waiting.values().map(|waiting| waiting.block).min().unwrap_or(self.next);
        if self.kept != Some(first) {
            self.cursor.keep(first)?;
            self.kept = Some(first);
        }
        Ok(())
    }

    fn forget_daily(&mut self) -> Result<()> {
        if self.forgot.is_some_and(|at| at.elapsed() < A_DAY) {
            return Ok(());
        }
        // Without a time that is sure nothing is forgotten: what is forgotten too early could be opened again.
        if let Ok(now) = self.desk.now() {
            self.desk.forget(now)?;
            self.forgot = Some(Instant::now());
        }
        Ok(())
    }

    /// Asks the holder of a redemption that waits.
    fn attempt(&mut self, redemption: RedemptionId, directory: &Directory) -> Result<()> {
        let asked = self.desk.ask(redemption, directory, &self.options.asking.currency);
        let did = match asked {
            Ok(Asked::Sent(ticket)) if ticket.confirmed => None,
            Ok(Asked::Sent(ticket)) => Some(Did::Sent {
                ends: ticket.ends,
                tries_left: ticket.tries_left,
                messages_left: ticket.messages_left,
            }),
            Ok(Asked::NotListed(_) | Asked::Ended(_)) => None,
            // Another node of the network may lag behind.
            Ok(asked @ Asked::Unknown) => Some(Did::Waits { reason: asked.words(redemption) }),
            Err(error) => Some(unsent(error)?),
        };
        let did = match did {
            Some(Did::Waits { reason }) if self.is_over(redemption) => Some(Did::GaveUp { reason }),
            did => did,
        };
        self.settle(redemption, did);
        Ok(())
    }

    /// Is its time surely over?
    fn is_over(&mut self, redemption: RedemptionId) -> bool {
        let now = self.desk.now();
        let expires = self.waiting.get(&redemption).map(|waiting| waiting.expires);
        expires.is_some_and(|expires| now.is_ok_and(|now| !is_before(now, expires)))
    }

    /// Says what was done about a redemption, once, and lets go of it unless it still waits.
    fn settle(&mut self, redemption: RedemptionId, did: Option<Did>) {
        let Some(waiting) = self.waiting.get_mut(&redemption) else { return };
        if let Some(did) = did.clone().filter(|did| waiting.said.as_ref() != Some(did)) {
            Line { redemption: Some(redemption), did }.print(self.format);
        }
        match did {
            Some(Did::Waits { .. }) => waiting.said = did,
            _ => drop(self.waiting.remove(&redemption)),
        }
    }

    /// Answers lines for so long.
    fn answer(&mut self, lines: &Receiver<String>, length: Duration) -> Result<()> {
        let until = Instant::now() + length;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            match lines.recv_timeout(left) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => self.entered(&line)?,
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                // Whoever entered codes has gone; they are sent all the same.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(left),
            }
        }
    }

    /// Answers a line.
    fn entered(&mut self, line: &str) -> Result<()> {
        let Some((redemption, code)) = entry(line) else {
            let reason = "a line must be a redemption's number, a space, and its code".to_owned();
            Line { redemption: None, did: Did::Refused { reason } }.print(self.format);
            return Ok(());
        };
        let (did, failed) = match self.desk.confirm(redemption, code) {
            Ok(attestation) => (self.confirmed(redemption, proof(&attestation)), None),
            Err(error) => (answered(&error), Some(error).filter(is_fatal)),
        };
        Line { redemption: Some(redemption), did }.print(self.format);
        failed.map_or(Ok(()), Err)
    }

    /// Submits an attestation, if that is wanted and enough.
    fn confirmed(&mut self, redemption: RedemptionId, proof: Value) -> Did {
        if !self.options.execute {
            return Did::Confirmed { proof, submitted: false, reason: None };
        }
        let submitted = match self.desk.needed(redemption) {
            Ok(1) => self.desk.submit(redemption, &proof).map(drop),
            Ok(needed) => Err(anyhow::anyhow!("the programme needs {needed} attestations")),
            Err(error) => Err(error),
        };
        let reason = submitted.err().map(|error| format!("{error:#}"));
        Did::Confirmed { proof, submitted: reason.is_none(), reason }
    }
}

/// What a failed attempt comes to: it is tried again if somebody can mend what is wrong.
///
/// # Errors
/// When the node or the store failed, which has nothing to do with the redemption.
fn unsent(error: anyhow::Error) -> Result<Did> {
    if is_fatal(&error) || error.chain().any(|cause| cause.is::<NotRun>()) {
        return Err(error);
    }
    let reason = spoken(&error);
    Ok(match error.downcast_ref::<Error>() {
        None | Some(Error::Request(_) | Error::NoRandomness { .. } | Error::Sms(SmsError::NotSent { .. })) => {
            Did::Waits { reason }
        }
        // A message that may have gone out is not repeated at once.
        Some(_) => Did::GaveUp { reason },
    })
}

/// What an attempt at a code comes to.
fn answered(error: &anyhow::Error) -> Did {
    match error.downcast_ref::<Error>() {
        Some(Error::WrongCode { tries_left: 0, .. } | Error::TriesUsedUp { .. }) => Did::Dead,
        Some(Error::WrongCode { tries_left, .. }) => Did::Wrong { tries_left: *tries_left },
        _ => Did::Refused { reason: spoken(error) },
    }
}

/// Did the store fail? It has to be opened again then.
fn is_fatal(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Error::Store(_)))
}

/// `33 012345`.
fn entry(line: &str) -> Option<(RedemptionId, &str)> {
    let (redemption, code) = line.trim().split_once(char::is_whitespace)?;
    Some((redemption.parse().ok()?, code.trim_start()))
}

impl Line {
    fn print(&self, format: Format) {
        match format {
            // What has fields only can be written.
            Format::Json => output::line_or_end(serde_json::to_string(self).unwrap_or_default()),
            Format::Text | Format::Csv => output::line_or_end(self.text()),
        }
    }

    fn text(&self) -> String {
        let did = match &self.did {
            Did::Sent { tries_left, .. } => format!("the holder has been sent the code, {tries_left} tries left"),
            Did::Waits { reason } => format!("no code yet: {reason}"),
            Did::GaveUp { reason } => format!("given up: {reason}"),
            Did::Confirmed { submitted: true, .. } => "confirmed and submitted".to_owned(),
            Did::Confirmed { proof, reason: None, .. } => format!("confirmed {proof}"),
            Did::Confirmed { proof, reason: Some(reason), .. } => format!("confirmed, not submitted: {reason} {proof}"),
            Did::Wrong { tries_left } => format!("wrong, {tries_left} tries left"),
            Did::Dead => "dead".to_owned(),
            Did::Refused { reason } => format!("refused: {reason}"),
        };
        self.redemption.map_or_else(|| did.clone(), |redemption| format!("redemption {redemption}: {did}"))
    }
}

/// Where a desk has got to, on which chain and for which contract.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    place: Place,
    next: u32,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Place {
    genesis: String,
    contract: String,
}

/// The file that says where to go on.
struct Cursor {
    file: PathBuf,
    place: Place,
}

impl Place {
    fn of(suite: &Suite) -> Self {
        Self { genesis: format!("0x{}", hex::encode(suite.genesis)), contract: address(&suite.voucher) }
    }
}

impl Cursor {
    /// The block to go on with; `None` in a new store.
    fn read(&self) -> Result<Option<u32>> {
        let named = || self.file.display().to_string();
        if !self.file.exists() {
            return Ok(None);
        }
        let kept: Kept = serde_json::from_str(&fs::read_to_string(&self.file).with_context(named)?)
            .with_context(|| format!("{} does not say where the desk stopped; --from BLOCK does", named()))?;
        if kept.place != self.place {
            let words = format!("the store of {} is that of another voucher contract or another chain", named());
            return Err(Mismatch(words).into());
        }
        Ok(Some(kept.next))
    }

    fn keep(&self, next: u32) -> Result<()> {
        let text = serde_json::to_string(&Kept { place: self.place.clone(), next })? + "\n";
        files::replace(&self.file, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_attestor::{RequestError, StoreError};
    use anyhow::anyhow;
    use serde_json::json;

    #[test]
    fn a_line_is_a_redemption_and_a_code() {
        assert_eq!(entry("33 012345"), Some((33, "012345")));
        assert_eq!(entry(" 33\t 012345\r"), Some((33, "012345")));
        for line in ["33", "x 012345", "-1 012345", "33:012345"] {
            assert_eq!(entry(line), None, "{line}");
        }
    }

    #[test]
    fn a_wrong_code_has_tries_left_until_the_redemption_is_dead() {
        let redemption = 33;
        for (error, did) in [
            (Error::WrongCode { redemption, tries_left: 2 }, json!({"did": "wrong", "tries_left": 2})),
            (Error::WrongCode { redemption, tries_left: 0 }, json!({"did": "dead"})),
            (Error::TriesUsedUp { redemption, tries: 3 }, json!({"did": "dead"})),
            (Error::Unknown { redemption }, json!({"did": "refused", "reason": "redemption 33 has not been opened"})),
        ] {
            assert_eq!(json!(answered(&error.into())), did);
        }
        assert_eq!(answered(&NotRun::Unreachable("gone".into()).into()), Did::Refused { reason: "gone".into() });
    }

    #[test]
    fn what_can_be_mended_waits_what_cannot_is_given_up_and_trouble_of_the_desk_is_none_of_the_redemption() {
        let waits = |error: anyhow::Error| matches!(unsent(error), Ok(Did::Waits { .. }));
        let detail = || "x".to_owned();
        assert!(waits(anyhow!("participant 7 is not in the directory")));
        assert!(waits(Error::Request(RequestError::NoPhoneNumber).into()));
        assert!(waits(Error::Sms(SmsError::NotSent { detail: detail() }).into()));
        for error in [
            Error::Sms(SmsError::Uncertain { detail: detail() }),
            Error::TimeOver { redemption: 33, ended: 1 },
            Error::MessagesUsedUp { redemption: 33, messages: 3 },
        ] {
            assert!(matches!(unsent(error.into()), Ok(Did::GaveUp { .. })));
        }
        assert!(unsent(NotRun::Unreachable(detail()).into()).is_err());
        assert!(is_fatal(&unsent(Error::Store(StoreError::Broken).into()).unwrap_err()));
    }

    #[test]
    fn an_answer_is_one_line() {
        let proof = json!({"Attestors": []});
        for (did, text) in [
            (Did::Wrong { tries_left: 2 }, "redemption 33: wrong, 2 tries left"),
            (Did::Dead, "redemption 33: dead"),
            (
                Did::Confirmed { proof: proof.clone(), submitted: false, reason: None },
                "redemption 33: confirmed {\"Attestors\":[]}",
            ),
            (Did::Confirmed { proof, submitted: true, reason: None }, "redemption 33: confirmed and submitted"),
        ] {
            assert_eq!(Line { redemption: Some(33), did }.text(), text);
        }
        let line = Line { redemption: None, did: Did::Refused { reason: "x".into() } };
        assert_eq!((line.text(), json!(line)), ("refused: x".into(), json!({"did": "refused", "reason": "x"})));
    }

    #[test]
    fn a_desk_goes_on_where_it_stopped_and_only_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { genesis: "0x01".into(), contract: "5Gxyz".into() };
        let cursor = Cursor { file: folder.path().join("cursor.json"), place: place.clone() };
        assert_eq!(cursor.read().unwrap(), None);
        cursor.keep(7).unwrap();
        cursor.keep(9).unwrap();
        assert_eq!(cursor.read().unwrap(), Some(9));
        for other in [Place { genesis: "0x02".into(), ..place.clone() }, Place { contract: "5H".into(), ..place }] {
            let refused = Cursor { file: cursor.file.clone(), place: other }.read().unwrap_err();
            assert!(refused.is::<Mismatch>() && refused.to_string().contains("another chain"), "{refused}");
        }
        fs::write(&cursor.file, "{").unwrap();
        assert!(cursor.read().unwrap_err().to_string().contains("--from BLOCK"));
    }
}
