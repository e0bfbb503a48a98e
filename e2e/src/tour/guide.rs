//! Takes a world through messages, and notes who may send each and what it costs.

use crate::World;
use amanah_client::{
    chain::{raw, RawCall, RawOutcome},
    Actor, Bundle, Chain, Cost, Message, Suite,
};
use amanah_domain::{
    ids::{Account, ParticipantId},
    participant::Status,
    roles::Role,
};
use amanah_interfaces::{
    governance,
    ledger::{self, Ledger},
    loan, registry, voucher, welfare,
};
use scale::{Decode, Encode};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::DerefMut,
};

/// The contracts, by the names of their bundles.
pub const CONTRACTS: [&str; 5] = ["ledger", "loan", "registry", "voucher", "welfare"];
/// One custom role stands for all of them.
const CUSTOM: Role = Role::Custom(0);

/// Somebody who tries what is not its own to do.
struct Caller {
    name: String,
    actor: Actor,
    number: Option<ParticipantId>,
}

/// What was noted of a message.
pub struct Visit {
    /// Is it for some people only: a command, or a query that says so?
    pub is_guarded: bool,
    /// Who, beside the one who sent it, may send it too; for a query: who gets the same answer.
    pub may: BTreeSet<String>,
    /// The call itself.
    pub call: RawCall,
    pub cost: Cost,
}

/// Labels, and whether they change something, by contract's account and selector.
type Messages = BTreeMap<(Account, [u8; 4]), (String, bool)>;

/// What was noted.
#[derive(Default)]
pub struct Notes {
    /// Everybody who tried.
    pub callers: BTreeSet<String>,
    /// The messages that were sent, by label.
    pub visits: BTreeMap<String, Visit>,
    /// The labels of all messages there are.
    pub labels: BTreeSet<String>,
}

impl Notes {
    /// These, and those of another tour.
    pub fn and(mut self, other: Self) -> Self {
        self.callers.extend(other.callers);
        self.visits.extend(other.visits);
        self.labels.extend(other.labels);
        self
    }
}

/// A tour through a world, with whatever kit is around it.
pub struct Tour<W> {
    pub world: W,
    callers: Vec<Caller>,
    visits: BTreeMap<String, Visit>,
    messages: Messages,
}

impl<C: Chain, W: DerefMut<Target = World<C>>> Tour<W> {
    /// A tour on which everybody tries every message: holders of each role, suspended ones too, and whoever has none.
    pub fn with_everybody(mut world: World<C>, kit: impl FnOnce(World<C>) -> W) -> Self {
        world.define(CUSTOM);
        let (stranger, administrator) = (world.stranger.clone(), world.administrator.clone());
        let mut callers = vec![
            Caller { name: "stranger".to_owned(), actor: stranger, number: None },
            Caller { name: "administrator".to_owned(), actor: administrator.clone(), number: None },
        ];
        let roles = (0..32).filter_map(Role::from_index).chain([CUSTOM]).map(Some).chain([None]);
        for role in roles {
            let kind = role.map_or("nobody".to_owned(), |role| format!("{role:?}"));
            let active = world.enrol(&format!("a {kind}"), role.as_slice());
            let suspended = world.enrol(&format!("a suspended {kind}"), role.as_slice());
            world.suspend(&suspended);
            for (name, person) in [(kind.clone(), active), (format!("suspended {kind}"), suspended)] {
                callers.push(Caller { name, actor: person.actor, number: Some(person.number) });
            }
        }
        let vault = Actor::named("vault");
        world.admit(&vault);
        world.send(&administrator, world.suite.ledger().set_suite_contract(vault.id(), true));
        callers.push(Caller { name: "contract".to_owned(), actor: vault, number: None });
        Self { callers, ..Self::alone(world, kit) }
    }

    /// A tour on which nobody else tries anything.
    pub fn alone(world: World<C>, kit: impl FnOnce(World<C>) -> W) -> Self {
        let messages = CONTRACTS.into_iter().flat_map(|contract| messages(&world.suite, contract)).collect();
        Self { world: kit(world), callers: Vec::new(), visits: BTreeMap::new(), messages }
    }

    /// The end: what was noted, and what is left of the world.
    pub(super) fn end<T>(self, take: impl FnOnce(W) -> T) -> (Notes, T) {
        let callers = self.callers.into_iter().map(|caller| caller.name).collect();
        let labels = self.messages.into_values().map(|(label, _)| label).collect();
        (Notes { callers, visits: self.visits, labels }, take(self.world))
    }

    /// Sends a message, which must succeed, after everybody else has tried it.
    #[track_caller]
    pub fn send<A: Encode, T: Decode, E: Decode>(&mut self, from: &Actor, message: Message<A, Result<T, E>>) -> T {
        let call = raw(&from.account(), message);
        let (label, is_command) = self.message(&call);
        assert!(is_command, "{label} is a query");
        let may = self.who(|tour, caller| {
            let outcome = tour.try_as(caller, &call);
            !is_refused(&label, caller, &outcome)
        });
        let outcome = self.world.chain.submit(&call).expect("the message runs");
        let answer = <Result<Result<T, E>, ink::LangError>>::decode(&mut outcome.data.as_slice());
        let Ok(Ok(Ok(value))) = answer else { panic!("{label} was refused: {:?}", outcome.data) };
        self.visits.entry(label).or_insert(Visit { is_guarded: true, may, call, cost: outcome.cost });
        value
    }

    /// Asks a query, as everybody.
    #[track_caller]
    pub fn ask<A: Encode, T: Decode>(&mut self, message: Message<A, T>) -> T {
        self.ask_as(&[0; 32], message, false)
    }

    /// Asks a query that is not for everybody, as somebody whom it is for.
    #[track_caller]
    pub fn ask_guarded<A: Encode, T: Decode>(&mut self, from: &Actor, message: Message<A, T>) -> T {
        self.ask_as(&from.account(), message, true)
    }

    #[track_caller]
    fn ask_as<A: Encode, T: Decode>(&mut self, from: &Account, message: Message<A, T>, is_guarded: bool) -> T {
        let call = raw(from, message);
        let (label, is_command) = self.message(&call);
        assert!(!is_command, "{label} is a command");
        let outcome = self.world.chain.dry_run(&call).expect("the query runs");
        let may = self.who(|tour, caller| tour.try_as(caller, &call).data == outcome.data);
        self.visits.entry(label).or_insert(Visit { is_guarded, may, call, cost: outcome.cost });
        <Result<T, ink::LangError>>::decode(&mut outcome.data.as_slice()).expect("an answer").expect("a known selector")
    }

    fn who(&mut self, passes: impl Fn(&mut Self, &Caller) -> bool) -> BTreeSet<String> {
        let callers = std::mem::take(&mut self.callers);
        let may = callers.iter().filter(|caller| passes(self, caller)).map(|caller| caller.name.clone()).collect();
        self.callers = callers;
        may
    }

    fn try_as(&mut self, caller: &Caller, call: &RawCall) -> RawOutcome {
        let call = RawCall { from: caller.actor.account(), ..call.clone() };
        self.world.chain.dry_run(&call).expect("the message runs")
    }

    #[track_caller]
    fn message(&self, call: &RawCall) -> (String, bool) {
        let selector = call.data[..4].try_into().expect("a selector");
        self.messages.get(&(call.to, selector)).cloned().expect("a message of the contract")
    }
}

/// The messages of a contract, from its metadata.
fn messages(suite: &Suite, contract: &str) -> Messages {
    let account = match contract {
        "registry" => suite.registry,
        "ledger" => suite.ledger,
        "loan" => suite.loan,
        "welfare" => suite.welfare,
        _ => suite.voucher,
    };
    let metadata = Bundle::load(&Bundle::folder(), contract).expect("the bundle is built").metadata;
    let messages = metadata["spec"]["messages"].as_array().expect("a contract has messages");
    messages
        .iter()
        .map(|message| {
            let selector = message["selector"].as_str().and_then(|hex| u32::from_str_radix(&hex[2..], 16).ok());
            let selector = selector.expect("a selector in hex").to_be_bytes();
            let label = message["label"].as_str().expect("a label");
            // Labels of what all contracts share are told apart by the contract.
            let label = if label.starts_with("Governed::") { format!("{contract}/{label}") } else { label.to_owned() };
            ((account, selector), (label, message["mutates"] == true))
        })
        .collect()
}

/// Was the caller refused because of who it is?
fn is_refused(label: &str, caller: &Caller, outcome: &RawOutcome) -> bool {
    let Some(error) = outcome.data.strip_prefix(&[0, 1]) else { return false };
    let account = caller.actor.id();
    let participant = caller.number.unwrap_or(0);
    let refusals = match label.split("::").next() {
        Some("Registry") => vec![
            registry::Error::NotAllowed.encode(),
            registry::Error::WrongStatus { status: Status::Suspended }.encode(),
            registry::Error::Application(registry::ApplicationRefusal::IsNotTheApplicant).encode(),
        ],
        Some("Ledger") => vec![
            ledger::Error::NotAllowed.encode(),
            ledger::Error::UnknownOwner { account }.encode(),
            ledger::Error::NotInGoodStanding { participant }.encode(),
        ],
        Some("Loan") => vec![
            loan::Error::NotAllowed.encode(),
            loan::Error::NotYours.encode(),
            loan::Error::Campaign(loan::CampaignRefusal::NothingToTake).encode(),
        ],
        Some("Voucher") => vec![
            voucher::Error::NotAllowed.encode(),
            voucher::Error::Redemption(voucher::RedemptionRefusal::NotYours).encode(),
        ],
        Some("Welfare") => vec![
            welfare::Error::NotAllowed.encode(),
            welfare::Error::Benefit(welfare::BenefitRefusal::NotYours).encode(),
        ],
        _ => vec![governance::Error::Refused(governance::GovernanceRefusal::NotAllowed).encode()],
    };
    refusals.contains(&error.to_vec())
}
