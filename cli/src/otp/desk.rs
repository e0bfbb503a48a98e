//! The desk: what is on chain in final blocks, whom to ask, the codes, the attestations.

use super::{
    asked_code,
    directory::Directory,
    key, money, private_folder,
    sms::{unsent, Outbox},
    Asking, Enter, Place, Send,
};
use crate::{
    call::{call, Told},
    network::{
        session::{Session, Settings},
        Network,
    },
    output,
    report::Format,
};
use amanah_attestor::{Attestor, FileStore, Identity, Request, Ticket};
use amanah_client::{
    abi::Scope,
    chain::{Chain, NotRun},
    node::Wait,
    Actor,
};
use amanah_domain::{
    ids::{ParticipantId, ProgrammeId, RedemptionId},
    participant::Credentials,
    redemption::{Attestation, Redemption, RedemptionStatus},
    roles::Role,
    time::{Millis, MINUTE},
};
use amanah_interfaces::{registry::Registry, voucher::Voucher};
use anyhow::{bail, ensure, Context, Result};
use chrono::{DateTime, SecondsFormat};
use schnorrkel::{ExpansionMode, MiniSecretKey};
use serde_json::{json, Value};
use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

/// How far this machine's clock may be from the chain's newest block (milliseconds).
const APART: Millis = MINUTE * 5;

/// A desk that is open.
pub struct Desk {
    pub session: Session,
    service: Attestor<FileStore, Outbox>,
    actor: Actor,
    number: ParticipantId,
    epoch: u32,
}

/// What became of asking a holder.
pub enum Asked {
    /// A code has been sent.
    Sent(Ticket),
    /// No final block has the redemption.
    Unknown,
    /// There is nothing left to confirm.
    Ended(RedemptionStatus),
    /// Its programme does not want this attestor's word.
    NotListed(ProgrammeId),
}

/// A redemption as the newest final block has it.
struct Facts {
    record: Redemption,
    holder: ParticipantId,
    programme: ProgrammeId,
    attestors: Vec<ParticipantId>,
    needed: u8,
}

impl Desk {
    /// Opens the desk: everything that can be wrong without a node is looked at before the node is.
    ///
    /// # Errors
    /// When the settings, the key, the store key or the store are wrong, no node answers, or the registry does not know the
    /// key as that of a redemption attestor.
    pub fn open(place: &Place, outbox: impl FnOnce() -> Result<Outbox>) -> Result<Self> {
        let settings = final_settings(&place.network)?;
        let store_key = key::read(&place.store_key)?;
        let actor = settings.actor.clone();
        let actor = actor.context(
            "the desk needs the attestor's key: --suri, --suri-file, or the environment variable AMANAH_SURI",
        )?;
        let seed = actor.seed().context(
            "the key of a keystore cannot sign attestations: give the attestor's secret by --suri-file or AMANAH_SURI",
        )?;
        let pair = MiniSecretKey::from_bytes(seed)
            .map_err(|error| anyhow::anyhow!("the attestor's key: {error}"))?
            .expand_to_keypair(ExpansionMode::Ed25519);
        let session = Session::with(settings)?;
        let known = attestor(&session, place.attestor, &actor)?;
        let identity = Identity::new(session.suite.voucher_domain(), known.number, known.epoch, pair);
        private_folder(&place.store)?;
        let store = FileStore::open(place.store.join("records.jsonl"))?;
        let service = Attestor::new(identity, store_key, store, outbox()?);
        Ok(Self { session, service, actor, number: known.number, epoch: known.epoch })
    }

    /// The attestor's number in the registry.
    pub fn number(&self) -> ParticipantId {
        self.number
    }

    /// This machine's time (milliseconds), which is near the chain's.
    ///
    /// # Errors
    /// When it is not, or the node does not answer.
    pub fn now(&mut self) -> Result<Millis> {
        let chain = self.session.node.now()?;
        let here = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let here = Millis::try_from(here).unwrap_or(Millis::MAX);
        must_be_near(here, chain)?;
        Ok(here)
    }

    /// Sends the holder of a redemption's voucher the code, unless it is known to have gone out.
    ///
    /// # Errors
    /// [`amanah_attestor::Error`]; when the directory lacks somebody, the clock or the attestor's key is wrong, or the node
    /// does not answer.
    pub fn ask(&mut self, redemption: RedemptionId, directory: &Directory, currency: &str) -> Result<Asked> {
        let Some(facts) = self.facts(redemption)? else { return Ok(Asked::Unknown) };
        let Facts { record, holder, .. } = &facts;
        if !facts.attestors.contains(&self.number) {
            return Ok(Asked::NotListed(facts.programme));
        }
        if record.status != RedemptionStatus::Open {
            return Ok(Asked::Ended(record.status));
        }
        ensure!(record.shop != self.number, "this attestor is the shop itself, so its word would not count");
        self.must_be_present()?;
        let registry = self.session.suite.registry();
        let account = self.session.node.ask_final(registry.credentials_of(*holder))?;
        let account = account.with_context(|| format!("the registry has no participant {holder}"))?.account;
        let phone = directory.entry(*holder, account)?.phone.clone();
        let request = Request {
            voucher: record.voucher,
            redemption,
            shop: record.account,
            shop_name: directory.entry(record.shop, record.account)?.name.clone(),
            amount: record.amount,
            amount_text: money::text(record.amount.balance(), self.session.decimals(), currency),
            expires: record.expires,
            phone: phone.with_context(|| format!("the holder, participant {holder}, has no phone in the directory"))?,
        };
        let now = self.now()?;
        Ok(Asked::Sent(self.service.open(&request, now)?))
    }

    /// Takes a code, and answers with the attestation.
    ///
    /// # Errors
    /// [`amanah_attestor::Error`]; when the clock or the attestor's key is wrong, or the node does not answer. No try is used
    /// then.
    pub fn confirm(&mut self, redemption: RedemptionId, code: &str) -> Result<Attestation> {
        self.must_be_present()?;
        let now = self.now()?;
        Ok(self.service.confirm(redemption, code, now)?)
    }

    /// How many attestations the redemption's programme needs.
    ///
    /// # Errors
    /// When no final block has the redemption, or the node does not answer.
    pub fn needed(&self, redemption: RedemptionId) -> Result<u8> {
        let facts = self.facts(redemption)?;
        Ok(facts.with_context(|| Asked::Unknown.words(redemption))?.needed)
    }

    /// Brings a redemption's only attestation to the contract.
    ///
    /// # Errors
    /// As [`call`].
    pub fn submit(&mut self, redemption: RedemptionId, proof: &Value) -> Result<Told> {
        let abi = self.session.abi("voucher")?.clone();
        call(&mut self.session, &abi, "confirm", &confirmation(redemption, proof), true)
    }

    /// Forgets the records of redemptions that ended more than a day ago.
    ///
    /// # Errors
    /// Those of the store.
    pub fn forget(&mut self, now: Millis) -> Result<(), amanah_attestor::Error> {
        self.service.forget(now).map(drop)
    }

    fn facts(&self, redemption: RedemptionId) -> Result<Option<Facts>, NotRun> {
        let (node, voucher) = (&self.session.node, self.session.suite.voucher());
        let Some(record) = node.ask_final(voucher.redemption(redemption))? else { return Ok(None) };
        let Some(spent) = node.ask_final(voucher.voucher(record.voucher))? else { return Ok(None) };
        let Some(programme) = node.ask_final(voucher.programme(spent.programme))? else { return Ok(None) };
        Ok(Some(Facts {
            record,
            holder: spent.holder,
            programme: spent.programme,
            attestors: programme.attestors,
            needed: programme.attestors_needed,
        }))
    }

    /// Is the key still the one that the registry has, with the epoch that is signed over?
    fn must_be_present(&self) -> Result<()> {
        let known = attestor(&self.session, Some(self.number), &self.actor)?;
        ensure!(
            known.epoch == self.epoch,
            "the registry has epoch {} of this attestor's key, and the desk was opened with epoch {}: open it again",
            known.epoch,
            self.epoch
        );
        Ok(())
    }
}

impl Asked {
    /// What it comes to, in a sentence.
    pub fn words(&self, redemption: RedemptionId) -> String {
        match self {
            Self::Sent(ticket) => format!(
                "redemption {redemption}: the holder has been sent the code, which is valid until {}; {} tries left",
                point(ticket.ends),
                ticket.tries_left
            ),
            Self::Unknown => format!("no final block has redemption {redemption}"),
            Self::Ended(status) => format!("redemption {redemption} is {status:?}: there is nothing to confirm"),
            Self::NotListed(programme) => {
                format!("redemption {redemption} is of programme {programme}, which does not list this attestor")
            }
        }
    }
}

/// `amanah otp send`.
pub fn send(format: Format, options: &Send) -> Result<()> {
    let Send { redemption, asking: Asking { directory, currency, way }, place } = options;
    let directory = Directory::read(directory)?;
    let mut desk = Desk::open(place, || way.open())?;
    let asked = desk.ask(*redemption, &directory, currency).map_err(plain)?;
    let words = asked.words(*redemption);
    let Asked::Sent(ticket) = asked else { bail!(words) };
    match format {
        Format::Json => output::json(&json!({
            "redemption": redemption,
            "ends": ticket.ends,
            "tries_left": ticket.tries_left,
            "messages_left": ticket.messages_left,
            "confirmed": ticket.confirmed,
            "messages": way.name(),
        })),
        Format::Text | Format::Csv => output::line(format_args!("{words}\n  messages are {}", way.name())),
    }
    Ok(())
}

/// `amanah otp enter`.
pub fn enter(format: Format, options: &Enter) -> Result<()> {
    let Enter { redemption, code, execute, place } = options;
    // Asked for first: nobody else can use the store while it is open.
    let code = code.clone().map_or_else(asked_code, Ok)?;
    let mut desk = Desk::open(place, || Ok(unsent()))?;
    let proof = proof(&desk.confirm(*redemption, &code).map_err(plain)?);
    let needed = desk.needed(*redemption)?;
    if *execute && needed == 1 {
        desk.submit(*redemption, &proof)?.print(format);
        return Ok(());
    }
    match format {
        Format::Json => output::json(&json!({ "redemption": redemption, "needed": needed, "proof": proof })),
        Format::Text | Format::Csv => {
            if needed > 1 {
                output::note(format_args!("amanah: the programme needs {needed} attestations; this is one of them"));
            }
            output::line(proof);
        }
    }
    Ok(())
}

/// A failure in one sentence. The service's errors tell their causes themselves.
pub fn spoken(error: &anyhow::Error) -> String {
    match error.downcast_ref::<amanah_attestor::Error>() {
        Some(own) => own.to_string(),
        None => format!("{error:#}"),
    }
}

/// As an error that says every cause once.
fn plain(error: anyhow::Error) -> anyhow::Error {
    match error.is::<amanah_attestor::Error>() {
        true => anyhow::anyhow!(spoken(&error)),
        false => error,
    }
}

/// The attestation as `amanah voucher confirm --proof` takes it.
pub fn proof(attestation: &Attestation) -> Value {
    let Attestation { attestor, valid_until, signature } = attestation;
    let signature = format!("0x{}", hex::encode(signature));
    json!({ "Attestors": [{ "attestor": attestor, "valid_until": valid_until, "signature": signature }] })
}

/// The arguments of `Voucher::confirm`.
fn confirmation(redemption: RedemptionId, proof: &Value) -> BTreeMap<String, Value> {
    [("redemption".to_owned(), json!(redemption)), ("proof".to_owned(), proof.clone())].into()
}

/// The settings, which must be for final blocks.
fn final_settings(network: &Network) -> Result<Settings> {
    let settings = Settings::of(network)?;
    ensure!(
        settings.wait == Wait::Finalized,
        "codes are for redemptions in final blocks only, so the desk cannot work with --wait best"
    );
    Ok(settings)
}

/// What the registry knows of the attestor: of this number, or else of the key's account.
fn attestor(session: &Session, number: Option<ParticipantId>, actor: &Actor) -> Result<Credentials> {
    let registry = session.suite.registry();
    let known = match number {
        Some(number) => session.node.ask_final(registry.credentials_of(number))?,
        None => session.node.ask_final(registry.credentials(actor.id()))?,
    };
    let account = amanah_client::address(&actor.account());
    let known = known.with_context(|| match number {
        Some(number) => format!("the registry has no participant {number}"),
        None => format!("the registry knows nobody who acts from {account}; if its key was rotated, give --attestor"),
    })?;
    must_attest(&known, actor)?;
    Ok(known)
}

/// Does a signature of this key count as an attestation?
fn must_attest(known: &Credentials, actor: &Actor) -> Result<()> {
    let number = known.number;
    ensure!(
        known.acts_as(Role::RedemptionAttestor),
        "participant {number} is no active redemption attestor, so its word would not count"
    );
    ensure!(
        known.key == actor.account(),
        "the registry has another signing key for participant {number}, so attestations of this one would not count"
    );
    Ok(())
}

/// Codes run out by this machine's clock, redemptions by the chain's.
fn must_be_near(here: Millis, chain: Millis) -> Result<()> {
    ensure!(
        here.abs_diff(chain) <= APART,
        "this machine's clock and the chain's newest block are {} minutes apart, and {} are allowed: the clock is wrong, or the \
         node lags behind",
        here.abs_diff(chain).div_ceil(MINUTE),
        APART / MINUTE
    );
    Ok(())
}

/// A point in time, for people.
fn point(at: Millis) -> String {
    let time = i64::try_from(at).ok().and_then(DateTime::from_timestamp_millis);
    time.map_or_else(|| format!("{at} ms"), |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::town::Town;
    use amanah_client::{abi::Abi, chain::raw, Bundle, Suite};
    use amanah_domain::{participant::Status, roles::Roles};
    use amanah_interfaces::voucher::Proof;

    #[test]
    fn the_printed_proof_is_what_the_typed_message_confirms_with() {
        let nowhere = [0; 32];
        let suite = Suite {
            registry: nowhere,
            ledger: nowhere,
            voucher: nowhere,
            loan: nowhere,
            welfare: nowhere,
            genesis: nowhere,
        };
        let attestation = Attestation { attestor: 5, valid_until: 1_800_000_000_123, signature: [0xa5; 64] };
        let printed: Value = serde_json::from_str(&proof(&attestation).to_string()).unwrap();
        let typed = raw(&nowhere, suite.voucher().confirm(33, Proof::Attestors(vec![attestation])));
        let abi = Abi::of(&Bundle::load(&Bundle::folder(), "voucher").unwrap()).unwrap();
        // As the value of `--proof`, and as the desk itself submits it.
        let words = ["confirm", "--redemption", "33", "--proof", &printed.to_string()].map(str::to_owned);
        let command =
            crate::message::commands(&abi).into_iter().find(|command| command.get_name() == "confirm").unwrap();
        let matches = command.try_get_matches_from(words).unwrap();
        let given = crate::message::arguments(&abi, abi.message("confirm").unwrap(), &matches).unwrap();
        for arguments in [given, confirmation(33, &printed)] {
            assert_eq!(abi.encode("confirm", &arguments, &Town).unwrap(), typed.data);
        }
    }

    #[test]
    fn a_failure_says_each_cause_once() {
        let sms = amanah_attestor::SmsError::NotSent { detail: "no credit".to_owned() };
        let error = amanah_attestor::Error::from(sms);
        let sentence = "the message could not be sent: it did not go out: no credit";
        assert_eq!(spoken(&error.clone().into()), sentence);
        assert_eq!(format!("{:#}", plain(error.into())), sentence);
        let unreachable = anyhow::Error::from(NotRun::Unreachable("gone".to_owned())).context("while asking");
        assert!(plain(unreachable).is::<NotRun>(), "what decides the exit code stays what it is");
    }

    #[test]
    fn the_clocks_may_be_five_minutes_apart_and_no_more() {
        let chain = 1_800_000_000_000;
        for here in [chain - APART, chain, chain + APART] {
            assert!(must_be_near(here, chain).is_ok(), "{here}");
        }
        assert!(must_be_near(chain - APART - 1, chain).unwrap_err().to_string().contains(" are 6 minutes apart"));
        for here in [chain - APART - 1, chain + APART + 1, 0] {
            let refused = must_be_near(here, chain).unwrap_err().to_string();
            assert!(refused.contains("minutes apart, and 5 are allowed"), "{refused}");
        }
    }

    #[test]
    fn only_an_active_attestor_with_its_registered_key_attests() {
        let actor = Actor::named("attestor");
        let known = Credentials {
            number: 5,
            account: [1; 32],
            roles: Roles::of(&[Role::RedemptionAttestor]).unwrap(),
            status: Status::Active,
            key: actor.account(),
            epoch: 2,
            blacklisted: false,
            identity_valid_until: 0,
        };
        must_attest(&known, &actor).unwrap();
        for (other, reason) in [
            (Credentials { roles: Roles::NONE, ..known.clone() }, "no active redemption attestor"),
            (Credentials { status: Status::Suspended, ..known.clone() }, "no active redemption attestor"),
            (Credentials { key: [1; 32], ..known.clone() }, "another signing key"),
        ] {
            let refused = must_attest(&other, &actor).unwrap_err().to_string();
            assert!(refused.contains("participant 5") && refused.contains(reason), "{refused}");
        }
    }
}
