//! The test kit: a [`World`] deploys and wires the suite on the embedded chain, registers people, and speaks to the
//! contracts in typed messages.
//!
//! `send` expects success, `refuses` expects exactly one error and that nothing at all changed. A world can also be set up on
//! another chain than the embedded one, to measure there what the same people do.

pub mod lending;
pub mod snapshot;
pub mod tour;
pub mod welfare;

use amanah_client::{
    ask,
    chain::{raw, RawEvent},
    embedded::Embedded,
    send,
    suite::plain_terms,
    suite::SUITE_DELAY,
    Actor, Bundle, Chain, Cost, Done, Event, Failure, Message, Suite,
};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{ParticipantId, ProgrammeId, RedemptionId, VoucherId},
    money::Amount,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
    voucher::{Attestation, Funding, Proof, Terms, Totals, Voucher},
    Balance,
};
use scale::{Decode, Encode};
use std::fmt::Debug;

/// The clock of a new world: 2026-01-15, 00:00 UTC.
pub const START: Millis = 1_768_435_200_000;
/// When the identity cards of a new world end.
pub const CARDS_END: Millis = START + 3_650 * DAY;

/// Somebody who is registered.
#[derive(Clone, Debug)]
pub struct Person {
    /// Account and key.
    pub actor: Actor,
    /// Its number in the registry.
    pub number: ParticipantId,
}

impl Person {
    /// Its account as messages take it.
    pub fn id(&self) -> amanah_interfaces::AccountId {
        self.actor.id()
    }
}

/// A chain with the suite on it, and one person of each kind that the voucher story needs.
pub struct World<C = Embedded> {
    pub chain: C,
    pub suite: Suite,
    pub administrator: Actor,
    pub government: Person,
    pub regulator: Person,
    pub bank: Person,
    pub shop: Person,
    pub citizen: Person,
    pub attestor: Person,
    /// Nobody has registered this one.
    pub stranger: Actor,
    references: u64,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A new chain with the suite and its people; the bank has no money yet.
    pub fn new() -> Self {
        Self::on(Embedded::new(START))
    }

    /// Sends a message that must be refused with exactly this error and change nothing at all; returns what the attempt
    /// cost.
    #[track_caller]
    pub fn refuses<A: Encode, T: Decode + Debug, E: Decode + Debug + PartialEq>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, E>>,
        expected: E,
    ) -> Cost {
        // The first thing that an account does gives it the chain's token for deposits; that is no effect of the message.
        self.chain.endow(&from.account());
        let before = self.chain.state_root();
        let answer = send(&mut self.chain, &from.account(), message);
        let cost = match answer {
            Err(Failure::Refused { error, cost }) => {
                assert_eq!(error, expected);
                cost
            }
            other => panic!("{from:?} should have been refused with {expected:?}, and got {other:?}"),
        };
        assert!(self.chain.state_root() == before, "a refused message changed the state");
        cost
    }

    /// Sends a message that must succeed, and yet change nothing at all and emit nothing.
    #[track_caller]
    pub fn changes_nothing<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> T {
        self.chain.endow(&from.account());
        let before = self.chain.state_root();
        let done = self.send(from, message);
        assert_eq!(done.events, [], "nothing changed, and yet there is an event");
        assert!(self.chain.state_root() == before, "a message that should change nothing did");
        done.value
    }

    /// Runs a message as a transaction, for good, be it a query (which `ask` would forget, whatever it did): did anything
    /// at all change?
    #[track_caller]
    pub fn changes<A: Encode, T>(&mut self, from: &Actor, message: Message<A, T>) -> bool {
        self.chain.endow(&from.account());
        let before = self.chain.state_root();
        let call = raw(&from.account(), message);
        let outcome = self.chain.submit(&call).expect("the chain runs the message");
        assert!(!outcome.reverted, "the message was refused");
        self.chain.state_root() != before
    }

    /// The messages of a contract that say of themselves that they change nothing, by their labels in alphabetical order;
    /// but for those that all contracts have in common.
    pub fn queries(contract: &str) -> Vec<String> {
        let metadata = Bundle::load(&Bundle::folder(), contract).expect("the bundle is built").metadata;
        let messages = metadata["spec"]["messages"].as_array().expect("a contract has messages");
        let queries = messages.iter().filter(|message| message["mutates"] == false);
        let mut labels: Vec<_> = queries.filter_map(|query| Some(query["label"].as_str()?.to_owned())).collect();
        labels.retain(|label| !label.starts_with("Governed::"));
        labels.sort_unstable();
        labels
    }
}

impl<C: Chain> World<C> {
    /// The suite and its people on this chain; the bank has no money yet.
    pub fn on(mut chain: C) -> Self {
        let administrator = Actor::named("administrator");
        chain.admit(&administrator).expect("the chain has something for deposits");
        let (suite, _) = Suite::deploy(&mut chain, &administrator, SUITE_DELAY, &Bundle::folder(), b"e2e")
            .expect("the suite deploys");
        let nobody = |name: &str| Person { actor: Actor::named(name), number: 0 };
        let mut world = Self {
            chain,
            suite,
            administrator,
            government: nobody("government"),
            regulator: nobody("regulator"),
            bank: nobody("bank"),
            shop: nobody("shop"),
            citizen: nobody("citizen"),
            attestor: nobody("attestor"),
            stranger: Actor::named("stranger"),
            references: 0,
        };
        world.admit(&Actor::named("government"));
        let stranger = world.stranger.clone();
        world.admit(&stranger);
        let first = registration("government", &[Role::Government]);
        let administrator = world.administrator.clone();
        world.government.number = world.send(&administrator, world.suite.registry().register(first)).value;
        world.regulator = world.enrol("regulator", &[Role::Regulator]);
        world.bank = world.enrol("bank", &[Role::Bank]);
        world.shop = world.enrol("shop", &[Role::Shop]);
        world.citizen = world.enrol("citizen", &[Role::Citizen]);
        world.attestor = world.enrol("attestor", &[Role::RedemptionAttestor]);
        world
    }

    /// The time of the newest block (milliseconds).
    pub fn now(&self) -> Millis {
        self.chain.now().expect("the chain tells the time")
    }

    /// Lets the chain's time pass.
    pub fn advance(&mut self, by: Millis) {
        self.chain.wait_until(self.now() + by).expect("time passes");
    }

    /// Enables somebody to send.
    pub fn admit(&mut self, actor: &Actor) {
        self.chain.admit(actor).expect("the chain has something for deposits");
    }

    /// Registers somebody, by Government.
    pub fn enrol(&mut self, name: &str, roles: &[Role]) -> Person {
        self.admit(&Actor::named(name));
        let government = self.government.actor.clone();
        let number = self.send(&government, self.suite.registry().register(registration(name, roles))).value;
        Person { actor: Actor::named(name), number }
    }

    /// Defines a custom role that Government administers; each once.
    pub fn define(&mut self, role: Role) {
        let government = self.government.actor.clone();
        let definition = self.suite.registry().define_role(role, format!("{role:?}"), Role::Government);
        self.send(&government, definition);
    }

    /// Sends a message that must succeed.
    #[track_caller]
    pub fn send<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> Done<T> {
        match send(&mut self.chain, &from.account(), message) {
            Ok(done) => done,
            Err(failure) => panic!("{from:?} was not served: {failure}"),
        }
    }

    /// Asks a query.
    #[track_caller]
    pub fn ask<A: Encode, T: Decode>(&mut self, message: Message<A, T>) -> T {
        match ask(&mut self.chain, message) {
            Ok(answer) => answer,
            Err(error) => panic!("{error}"),
        }
    }

    /// All who may not do what only active holders of `allowed` may do: an active holder of each other role, somebody
    /// without any, a suspended and a former holder of each allowed role, and somebody who is not registered.
    pub fn outsiders(&mut self, allowed: &[Role]) -> Vec<Actor> {
        let government = self.government.actor.clone();
        let mut outsiders = vec![self.stranger.clone(), self.enrol("nothing at all", &[]).actor];
        for role in (0..64).filter_map(Role::from_index) {
            if role.is_custom() {
                self.define(role);
            }
            if !allowed.contains(&role) {
                outsiders.push(self.enrol(&format!("only {role:?}"), &[role]).actor);
                continue;
            }
            let suspended = self.enrol(&format!("suspended {role:?}"), &[role]);
            self.send(&government, self.suite.registry().suspend(suspended.number, 1));
            let former = self.enrol(&format!("former {role:?}"), &[role]);
            self.send(&government, self.suite.registry().revoke(former.number, role));
            outsiders.extend([suspended.actor, former.actor]);
        }
        outsiders
    }

    /// Suspends somebody, by the regulator.
    pub fn suspend(&mut self, person: &Person) {
        let regulator = self.regulator.actor.clone();
        self.send(&regulator, self.suite.registry().suspend(person.number, 1));
    }

    /// Two officers give somebody another account, whose own bytes are then the key.
    #[track_caller]
    pub fn rebind(&mut self, person: &Person, new: &Actor) -> Person {
        let government = self.government.actor.clone();
        let second = self.enrol("second officer", &[Role::Government]);
        self.send(&government, self.suite.registry().propose_rebind(person.number, new.id(), None));
        self.send(&second.actor, self.suite.registry().confirm_rebind(person.number, new.id(), None));
        Person { actor: new.clone(), number: person.number }
    }

    /// Events, decoded; all of them must be the suite's.
    #[track_caller]
    pub fn events(&self, raw: &[RawEvent]) -> Vec<Event> {
        raw.iter()
            .map(|event| {
                Event::decode(&self.suite, event).unwrap_or_else(|| panic!("not an event of the suite: {event:?}"))
            })
            .collect()
    }

    /// The bank issues money to somebody, under a reference of its own.
    pub fn issue(&mut self, to: &Person, amount: Balance) {
        self.references += 1;
        let mut reference = [0; 32];
        reference[..8].copy_from_slice(&self.references.to_le_bytes());
        let bank = self.bank.actor.clone();
        self.send(&bank, self.suite.ledger().issue(to.id(), amount, reference));
    }

    /// The bank has this much money, and allows the voucher contract to draw all of it.
    pub fn bank_has(&mut self, amount: Balance) {
        let bank = self.bank.clone();
        self.issue(&bank, amount);
        let voucher = self.suite.voucher.into();
        self.send(&bank.actor, self.suite.ledger().approve(voucher, bank.number, amount));
    }

    /// What somebody owns of the bank's money.
    pub fn balance(&mut self, of: &Person) -> Balance {
        let message = self.suite.ledger().balance_of(of.id(), self.bank.number);
        self.ask(message)
    }

    /// Usual terms of a programme: categories 0 to 3, ten minutes to confirm, one attestor.
    pub fn terms(&self) -> Terms {
        plain_terms(self.bank.id(), self.attestor.id(), vec![0, 1, 2, 3], 1_000_000, 100_000_000)
    }

    /// Creates a programme, by Government.
    pub fn programme(&mut self, terms: Terms) -> ProgrammeId {
        let government = self.government.actor.clone();
        self.send(&government, self.suite.voucher().create_programme(terms)).value
    }

    /// Creates a blank voucher of category 0 for somebody, by Government.
    pub fn blank_voucher(&mut self, programme: ProgrammeId, holder: &Person) -> VoucherId {
        let government = self.government.actor.clone();
        self.send(&government, self.suite.voucher().create(programme, holder.id(), 0, None)).value
    }

    /// A programme with the usual terms and a voucher of category 0 in it, worth `amount`, for the citizen.
    pub fn funded_voucher(&mut self, amount: Balance) -> (ProgrammeId, VoucherId) {
        let programme = self.programme(self.terms());
        let voucher = self.funded_voucher_in(programme, amount);
        (programme, voucher)
    }

    /// A voucher of category 0 worth `amount` for the citizen.
    pub fn funded_voucher_in(&mut self, programme: ProgrammeId, amount: Balance) -> VoucherId {
        let citizen = self.citizen.clone();
        let voucher = self.blank_voucher(programme, &citizen);
        self.bank_has(amount);
        let bank = self.bank.actor.clone();
        let funded = self.send(&bank, self.suite.voucher().fund_many(programme, vec![Funding { voucher, amount }]));
        assert_eq!(funded.value, vec![Ok(())]);
        voucher
    }

    /// The shop requests a redemption of category 0.
    #[track_caller]
    pub fn request(&mut self, voucher: VoucherId, amount: Balance) -> RedemptionId {
        let shop = self.shop.actor.clone();
        self.send(&shop, self.suite.voucher().request(voucher, amount, 0, [0; 32])).value
    }

    /// An attestor's (or a holder's) signature over a redemption as it stands, valid until `valid_until`.
    #[track_caller]
    pub fn attest(&mut self, redemption: RedemptionId, signer: &Person, valid_until: Millis) -> Attestation {
        let record = self.ask(self.suite.voucher().redemption(redemption)).expect("the redemption is there");
        let credentials = self.ask(self.suite.registry().credentials(signer.id())).expect("the signer is registered");
        self.suite.attest(&signer.actor, &credentials, redemption, &record, valid_until)
    }

    /// The usual proof of a redemption: the attestor's, valid for an hour.
    #[track_caller]
    pub fn proof(&mut self, redemption: RedemptionId) -> Proof {
        let attestor = self.attestor.clone();
        let until = self.now() + 3_600_000;
        Proof::Attestors(vec![self.attest(redemption, &attestor, until)])
    }

    /// Requests and confirms a redemption.
    #[track_caller]
    pub fn redeem(&mut self, voucher: VoucherId, amount: Balance) -> RedemptionId {
        let redemption = self.request(voucher, amount);
        let proof = self.proof(redemption);
        let stranger = self.stranger.clone();
        self.send(&stranger, self.suite.voucher().confirm(redemption, proof));
        redemption
    }

    /// Checks that no money is lost: a programme's totals balance, and the voucher contract owns at least what it owes to
    /// these people.
    #[track_caller]
    pub fn check_books(&mut self, programme: ProgrammeId, creditors: &[&Person]) -> Totals {
        let totals = self.ask(self.suite.voucher().totals(programme));
        assert!(totals.is_balanced(), "{totals:?}");
        let bank = self.bank.number;
        let credits: Balance =
            creditors.iter().map(|one| self.ask(self.suite.voucher().credit(one.number, bank))).sum();
        let owned = self.ask(self.suite.ledger().balance_of(self.suite.voucher.into(), bank));
        let owed = [totals.unclaimed, totals.available, totals.reserved].map(Amount::balance).iter().sum::<Balance>()
            + credits;
        assert!(owned >= owed, "the voucher contract owns {owned} and owes {owed}");
        totals
    }
}

/// The topic under which an event with this id is found: the id's bytes, hashed if they are too many.
pub fn topic(id: &impl Encode) -> [u8; 32] {
    let bytes = id.encode();
    let mut topic = [0; 32];
    match topic.get_mut(..bytes.len()) {
        Some(start) => start.copy_from_slice(&bytes),
        None => topic = Native::blake2b_256(&bytes),
    }
    topic
}

/// A registration of the actor of this name: its own identity, a card that is valid for ten years.
pub fn registration(name: &str, roles: &[Role]) -> Registration {
    use amanah_domain::identity::{commitment, NumberType};
    Registration {
        account: Actor::named(name).id(),
        identity: commitment(&[1; 32], NumberType::National, name),
        identity_valid_until: CARDS_END,
        roles: roles.to_vec(),
        key: None,
    }
}
