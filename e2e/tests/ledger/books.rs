//! The books balance after every step of long random sequences, as a plain model says they must: each message is accepted
//! or refused as the model expects, and per bank, balances and open withdrawals are what it issued and did not settle.

use crate::*;
use amanah_client::Event;
use amanah_domain::time::{Millis, DAY};
use amanah_e2e::START;
use amanah_interfaces::{ledger::WITHDRAWAL_PATIENCE, registry::Registry};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use scale::Encode;
use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

/// Whoever may own money: the citizen, the shop, the bank itself, and a contract of the suite.
const OWNERS: usize = 4;
const BANK: usize = 2;
const VAULT: usize = 3;
/// Banks: the usual one, which owns money too, and another.
const BANKS: usize = 2;

#[derive(Clone, Debug)]
enum Step {
    Issue { bank: usize, to: usize, amount: Balance },
    Transfer { from: usize, to: usize, bank: usize, amount: Balance },
    Approve { owner: usize, spender: usize, bank: usize, amount: Balance },
    TransferFrom { spender: usize, from: usize, to: usize, bank: usize, amount: Balance },
    Withdraw { owner: usize, bank: usize, amount: Balance, to: Option<u8> },
    Settle { bank: usize, withdrawal: WithdrawalId },
    Reject { bank: usize, withdrawal: WithdrawalId },
    Cancel { owner: usize, withdrawal: WithdrawalId },
    Clear { owner: usize, withdrawal: WithdrawalId },
    Link { bank: usize, owner: usize, account: u8 },
    Unlink { bank: usize, owner: usize, account: u8 },
    Wait { days: u64 },
    Suspend { owner: usize },
    Reinstate { owner: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || prop_oneof![12 => 1u128..400, 1 => Just(0), 1 => Just(MOST), 1 => Just(MOST + 1)];
    let (owner, bank, withdrawal, account) = (|| 0..OWNERS, || 0..BANKS, || 1u64..9, || 0u8..3);
    let to = || prop_oneof![2 => Just(None), 1 => account().prop_map(Some)];
    let step = prop_oneof![
        3 => (bank(), owner(), amount()).prop_map(|(bank, to, amount)| Step::Issue { bank, to, amount }),
        4 => (owner(), owner(), bank(), amount())
            .prop_map(|(from, to, bank, amount)| Step::Transfer { from, to, bank, amount }),
        3 => (owner(), owner(), bank(), amount())
            .prop_map(|(owner, spender, bank, amount)| Step::Approve { owner, spender, bank, amount }),
        6 => (owner(), owner(), owner(), bank(), amount())
            .prop_map(|(spender, from, to, bank, amount)| Step::TransferFrom { spender, from, to, bank, amount }),
        6 => (owner(), bank(), amount(), to())
            .prop_map(|(owner, bank, amount, to)| Step::Withdraw { owner, bank, amount, to }),
        2 => (bank(), withdrawal()).prop_map(|(bank, withdrawal)| Step::Settle { bank, withdrawal }),
        2 => (bank(), withdrawal()).prop_map(|(bank, withdrawal)| Step::Reject { bank, withdrawal }),
        6 => (owner(), withdrawal()).prop_map(|(owner, withdrawal)| Step::Cancel { owner, withdrawal }),
        5 => (owner(), withdrawal()).prop_map(|(owner, withdrawal)| Step::Clear { owner, withdrawal }),
        3 => (bank(), owner(), account()).prop_map(|(bank, owner, account)| Step::Link { bank, owner, account }),
        3 => (bank(), owner(), account()).prop_map(|(bank, owner, account)| Step::Unlink { bank, owner, account }),
        4 => (2u64..6).prop_map(|days| Step::Wait { days }),
        1 => (0..VAULT).prop_map(|owner| Step::Suspend { owner }),
        2 => (0..VAULT).prop_map(|owner| Step::Reinstate { owner }),
    ];
    proptest::collection::vec(step, 50..100)
}

/// A withdrawal in the model.
#[derive(Clone)]
struct Asked {
    owner: usize,
    bank: usize,
    amount: Balance,
    to: Option<u8>,
    at: Millis,
    status: WithdrawalStatus,
}

impl Asked {
    fn is_open(&self) -> bool {
        self.status == WithdrawalStatus::Open
    }
}

/// What the ledger must be, in plain numbers.
#[derive(Clone)]
struct Model {
    balances: [[Balance; BANKS]; OWNERS],
    allowed: [[[Balance; BANKS]; OWNERS]; OWNERS],
    issued: [Balance; BANKS],
    settled: [Balance; BANKS],
    /// By number.
    withdrawals: BTreeMap<WithdrawalId, Asked>,
    /// How many were ever asked for.
    asked: WithdrawalId,
    /// Of which banks an owner ever had money, in this order.
    held: [Vec<usize>; OWNERS],
    /// An owner's ordinary accounts, each at a bank.
    links: [Vec<(usize, u8)>; OWNERS],
    suspended: [bool; OWNERS],
    now: Millis,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            balances: Default::default(),
            allowed: Default::default(),
            issued: Default::default(),
            settled: Default::default(),
            withdrawals: BTreeMap::new(),
            asked: 0,
            held: Default::default(),
            links: Default::default(),
            suspended: Default::default(),
            now: START,
        }
    }
}

impl Model {
    fn may_spend(&self, who: usize, people: &People) -> Result<(), Error> {
        match self.suspended[who] {
            true => Err(Error::NotInGoodStanding { participant: people.numbers[who] }),
            false => Ok(()),
        }
    }

    /// Contracts of the suite judge themselves from whom they take.
    fn may_pay(&self, who: usize, spender: usize, people: &People) -> Result<(), Error> {
        match spender {
            VAULT => Ok(()),
            _ => self.may_spend(who, people),
        }
    }

    fn is_open(&self, bank: usize) -> bool {
        bank != 0 || !self.suspended[BANK]
    }

    fn take(&mut self, from: usize, bank: usize, amount: Balance) -> Result<(), Error> {
        let available = self.balances[from][bank];
        self.balances[from][bank] = available.checked_sub(amount).ok_or(insufficient(available, amount))?;
        Ok(())
    }

    fn give(&mut self, to: usize, bank: usize, amount: Balance) {
        self.balances[to][bank] += amount;
        if !self.held[to].contains(&bank) {
            self.held[to].push(bank);
        }
    }

    /// A withdrawal that this bank is to pay.
    fn banks(&mut self, bank: usize, withdrawal: WithdrawalId) -> Result<&mut Asked, Error> {
        if !self.is_open(bank) {
            return Err(Error::NotAllowed);
        }
        let found = self.withdrawals.get_mut(&withdrawal).ok_or(Error::UnknownWithdrawal { withdrawal })?;
        match found.bank == bank {
            true => Ok(found),
            false => Err(Error::NotAllowed),
        }
    }

    /// A withdrawal that this owner asked for.
    fn owners(&mut self, owner: usize, withdrawal: WithdrawalId) -> Result<&mut Asked, Error> {
        let found = self.withdrawals.get_mut(&withdrawal).ok_or(Error::UnknownWithdrawal { withdrawal })?;
        match found.owner == owner {
            true => Ok(found),
            false => Err(Error::NotAllowed),
        }
    }

    /// The amount of a withdrawal that ended unpaid is its owner's again.
    fn give_back(&mut self, withdrawal: WithdrawalId) {
        let Asked { owner, bank, amount, .. } = self.withdrawals[&withdrawal];
        self.give(owner, bank, amount);
    }

    /// What a step does to the ledger; after an error this model is to be thrown away.
    fn apply(&mut self, step: &Step, people: &People) -> Result<(), Error> {
        match *step {
            Step::Issue { bank, to, amount } => {
                if !self.is_open(bank) {
                    return Err(Error::NotAllowed);
                }
                moves(amount)?;
                self.issued[bank] += amount;
                if self.issued[bank] > MOST {
                    return Err(TOO_LARGE);
                }
                self.give(to, bank, amount);
            }
            Step::Transfer { from, to, bank, amount } => {
                self.may_spend(from, people)?;
                moves(amount)?;
                self.take(from, bank, amount)?;
                self.give(to, bank, amount);
            }
            Step::Approve { owner, spender, bank, amount } => {
                self.may_pay(owner, spender, people)?;
                if amount > MOST {
                    return Err(TOO_LARGE);
                }
                self.allowed[owner][spender][bank] = amount;
            }
            Step::TransferFrom { spender, from, to, bank, amount } => {
                self.may_spend(spender, people)?;
                self.may_pay(from, spender, people)?;
                moves(amount)?;
                let allowed = self.allowed[from][spender][bank];
                self.allowed[from][spender][bank] =
                    allowed.checked_sub(amount).ok_or(Error::Allowance { allowed, wanted: amount })?;
                self.take(from, bank, amount)?;
                self.give(to, bank, amount);
            }
            Step::Withdraw { owner, bank, amount, to } => {
                self.may_spend(owner, people)?;
                if owner == VAULT {
                    return Err(Error::UnknownOwner { account: people.actors[VAULT].id() });
                }
                moves(amount)?;
                self.take(owner, bank, amount)?;
                if to.is_some_and(|account| !self.links[owner].contains(&(bank, account))) {
                    return Err(Error::NotLinked);
                }
                self.asked += 1;
                let asked = Asked { owner, bank, amount, to, at: self.now, status: WithdrawalStatus::Open };
                self.withdrawals.insert(self.asked, asked);
            }
            Step::Settle { bank, withdrawal } => {
                let amount = end(self.banks(bank, withdrawal)?, WithdrawalStatus::Settled)?;
                self.settled[bank] += amount;
            }
            Step::Reject { bank, withdrawal } => {
                end(self.banks(bank, withdrawal)?, WithdrawalStatus::Rejected)?;
                self.give_back(withdrawal);
            }
            Step::Cancel { owner, withdrawal } => {
                let now = self.now;
                let asked = self.owners(owner, withdrawal)?;
                let until = asked.at + WITHDRAWAL_PATIENCE;
                if asked.is_open() && now < until {
                    return Err(Error::Withdrawal(WithdrawalRefusal::TooEarly { until }));
                }
                end(asked, WithdrawalStatus::Cancelled)?;
                self.give_back(withdrawal);
            }
            Step::Clear { owner, withdrawal } => {
                if self.owners(owner, withdrawal)?.is_open() {
                    return Err(Error::Withdrawal(WithdrawalRefusal::StillOpen));
                }
                self.withdrawals.remove(&withdrawal);
            }
            Step::Link { bank, owner, account } => {
                if !self.is_open(bank) {
                    return Err(Error::NotAllowed);
                }
                if owner == VAULT {
                    return Err(Error::UnknownOwner { account: people.actors[VAULT].id() });
                }
                if let Some(holder) = (0..OWNERS).find(|one| self.links[*one].contains(&(bank, account))) {
                    return Err(Error::AlreadyLinked { owner: people.numbers[holder] });
                }
                self.links[owner].push((bank, account));
            }
            Step::Unlink { bank, owner, account } => {
                if !self.is_open(bank) {
                    return Err(Error::NotAllowed);
                }
                let at = self.links[owner].iter().position(|one| *one == (bank, account)).ok_or(Error::NotLinked)?;
                self.links[owner].swap_remove(at);
            }
            Step::Wait { days } => self.now += days * DAY,
            Step::Suspend { owner } => self.suspended[owner] = true,
            Step::Reinstate { owner } => self.suspended[owner] = false,
        }
        Ok(())
    }

    fn waiting(&self, bank: usize) -> Balance {
        self.withdrawals.values().filter(|one| one.bank == bank && one.is_open()).map(|one| one.amount).sum()
    }
}

/// Ends a withdrawal, once; answers with its amount.
fn end(asked: &mut Asked, status: WithdrawalStatus) -> Result<Balance, Error> {
    if !asked.is_open() {
        return Err(ended(asked.status));
    }
    asked.status = status;
    Ok(asked.amount)
}

fn moves(amount: Balance) -> Result<(), Error> {
    match amount {
        0 => Err(ZERO),
        amount if amount > MOST => Err(TOO_LARGE),
        _ => Ok(()),
    }
}

/// Who is behind the model's indices.
struct People {
    actors: [Actor; OWNERS],
    numbers: [ParticipantId; OWNERS],
    banks: [Person; BANKS],
}

impl People {
    fn of(world: &mut World) -> Self {
        let (citizen, shop, bank) = (world.citizen.clone(), world.shop.clone(), world.bank.clone());
        Self {
            actors: [citizen.actor, shop.actor, bank.actor.clone(), vault(world)],
            numbers: [citizen.number, shop.number, bank.number, 0],
            banks: [bank, another_bank(world)],
        }
    }
}

/// What the events alone say of balances, by owner (encoded) and bank.
#[derive(Default)]
struct Replay(HashMap<(Vec<u8>, ParticipantId), i128>);

impl Replay {
    fn add(&mut self, event: Event) {
        let mut add = |owner: Owner, issuer, amount: Balance, sign| {
            *self.0.entry((owner.encode(), issuer)).or_default() +=
                sign * i128::try_from(amount).expect("an amount is small");
        };
        match event {
            Event::Issued(it) => add(it.to, it.issuer, it.amount, 1),
            Event::Transferred(it) => {
                add(it.from, it.issuer, it.amount, -1);
                add(it.to, it.issuer, it.amount, 1);
            }
            Event::WithdrawalRequested(it) => add(Owner::Participant(it.owner), it.issuer, it.amount, -1),
            Event::WithdrawalRejected(it) => add(Owner::Participant(it.owner), it.issuer, it.amount, 1),
            Event::WithdrawalCancelled(it) => add(Owner::Participant(it.owner), it.issuer, it.amount, 1),
            _ => {}
        }
    }
}

/// A world under test: every step is done there and in the model.
struct Run {
    world: World,
    people: People,
    model: Model,
    replay: Replay,
    steps: u8,
}

impl Run {
    fn new() -> Self {
        let mut world = World::new();
        let people = People::of(&mut world);
        Self { world, people, model: Model::default(), replay: Replay::default(), steps: 0 }
    }

    /// Does a step; was it accepted?
    fn take(&mut self, step: &Step) -> bool {
        let mut after = self.model.clone();
        let expected = after.apply(step, &self.people);
        self.steps += 1;
        let (people, mut ledger) = (&self.people, self.world.suite.ledger());
        let id = |who: usize| people.actors[who].id();
        let number = |bank: usize| people.banks[bank].number;
        macro_rules! send {
            ($from:expr, $message:expr) => {
                match expected {
                    Ok(()) => self.world.send($from, $message).events,
                    Err(error) => {
                        self.world.refuses($from, $message, error);
                        return false;
                    }
                }
            };
        }
        let events = match *step {
            Step::Issue { bank, to, amount } => {
                send!(&people.banks[bank].actor, ledger.issue(id(to), amount, reference(self.steps)))
            }
            Step::Transfer { from, to, bank, amount } => {
                send!(&people.actors[from], ledger.transfer(id(to), number(bank), amount))
            }
            Step::Approve { owner, spender, bank, amount } => {
                send!(&people.actors[owner], ledger.approve(id(spender), number(bank), amount))
            }
            Step::TransferFrom { spender, from, to, bank, amount } => {
                send!(&people.actors[spender], ledger.transfer_from(id(from), id(to), number(bank), amount))
            }
            Step::Withdraw { owner, bank, amount, to } => {
                let to = to.map(ordinary);
                send!(&people.actors[owner], ledger.request_withdrawal(number(bank), amount, to))
            }
            Step::Settle { bank, withdrawal } => {
                send!(&people.banks[bank].actor, ledger.settle_withdrawal(withdrawal, reference(self.steps)))
            }
            Step::Reject { bank, withdrawal } => {
                send!(&people.banks[bank].actor, ledger.reject_withdrawal(withdrawal, 1))
            }
            Step::Cancel { owner, withdrawal } => {
                send!(&people.actors[owner], ledger.cancel_withdrawal(withdrawal))
            }
            Step::Clear { owner, withdrawal } => {
                send!(&people.actors[owner], ledger.clear_withdrawal(withdrawal))
            }
            Step::Link { bank, owner, account } => {
                send!(&people.banks[bank].actor, ledger.link_account(id(owner), ordinary(account)))
            }
            Step::Unlink { bank, owner, account } => {
                send!(&people.banks[bank].actor, ledger.unlink_account(id(owner), ordinary(account)))
            }
            Step::Wait { days } => {
                self.world.chain.advance(days * DAY);
                assert_eq!(self.world.chain.now(), after.now);
                Vec::new()
            }
            Step::Suspend { owner } | Step::Reinstate { owner } => self.discipline(owner, after.suspended[owner]),
        };
        for event in self.world.events(&events) {
            self.replay.add(event);
        }
        self.model = after;
        true
    }

    /// Suspends or reinstates, if that is a change.
    fn discipline(&mut self, who: usize, suspended: bool) -> Vec<amanah_client::chain::RawEvent> {
        let (regulator, mut registry) = (self.world.regulator.actor.clone(), self.world.suite.registry());
        let number = self.people.numbers[who];
        match (self.model.suspended[who], suspended) {
            (false, true) => self.world.send(&regulator, registry.suspend(number, 1)).events,
            (true, false) => self.world.send(&regulator, registry.reinstate(number)).events,
            _ => Vec::new(),
        }
    }

    /// Ledger, model and events agree, and the books balance.
    fn check(&mut self) {
        for bank in 0..BANKS {
            let issuer = self.people.banks[bank].number;
            let mut held = 0;
            for who in 0..OWNERS {
                let actor = &self.people.actors[who];
                let balance = self.world.ask(self.world.suite.ledger().balance_of(actor.id(), issuer));
                assert_eq!(balance, self.model.balances[who][bank], "{actor:?}");
                let owner = if who == VAULT {
                    Owner::Contract(actor.account())
                } else {
                    Owner::Participant(self.people.numbers[who])
                };
                let replayed = self.replay.0.get(&(owner.encode(), issuer)).copied().unwrap_or_default();
                assert_eq!(Balance::try_from(replayed), Ok(balance), "what the events say of {actor:?}");
                held += balance;
            }
            let supply = self.world.ask(self.world.suite.ledger().supply(issuer));
            let (issued, settled) = (supply.issued.balance(), supply.settled.balance());
            assert_eq!((issued, settled), (self.model.issued[bank], self.model.settled[bank]));
            assert_eq!(supply.withdrawing.balance(), self.model.waiting(bank));
            assert_eq!(held + supply.withdrawing.balance(), issued - settled);
            assert_eq!(self.world.ask(self.world.suite.ledger().total_supply(issuer)), issued - settled);
        }
    }

    /// Allowances and withdrawals are as the model has them.
    fn check_records(&mut self) {
        let (people, ledger) = (&self.people, self.world.suite.ledger());
        for owner in 0..OWNERS {
            for spender in 0..OWNERS {
                for bank in 0..BANKS {
                    let (from, by) = (people.actors[owner].id(), people.actors[spender].id());
                    let allowed = self.world.ask(ledger.allowance(from, by, people.banks[bank].number));
                    assert_eq!(allowed, self.model.allowed[owner][spender][bank]);
                }
            }
        }
        for number in 1..=self.model.asked {
            let record = self.world.ask(self.world.suite.ledger().withdrawal(number));
            let Some(asked) = self.model.withdrawals.get(&number) else {
                assert_eq!(record, None, "it was cleared");
                continue;
            };
            let record = record.expect("it is there");
            let (owner, issuer) = (self.people.numbers[asked.owner], self.people.banks[asked.bank].number);
            assert_eq!((record.owner, record.issuer, record.amount.balance()), (owner, issuer, asked.amount));
            assert_eq!((record.status, record.requested_at), (asked.status, asked.at));
            assert_eq!(record.to, asked.to.map(ordinary));
        }
    }

    /// Each list shows what the model has, in its order.
    fn check_lists(&mut self) {
        let (world, people, model) = (&mut self.world, &self.people, &self.model);
        let number = |bank: &usize| people.banks[*bank].number;
        for who in 0..OWNERS {
            let id = people.actors[who].id();
            let account = world.ask(world.suite.ledger().account(id, 0, 50));
            let held = model.held[who].iter().map(|bank| (number(bank), model.balances[who][*bank]));
            assert_eq!(account, held.collect::<Vec<_>>());
            let links = world.ask(world.suite.ledger().links(id, 0, 50));
            let linked = model.links[who].iter().map(|(bank, account)| (number(bank), ordinary(*account)));
            assert_eq!(links, linked.collect::<Vec<_>>());
            let own = world.ask(world.suite.ledger().withdrawals_of(id, None, 50));
            let asked = model.withdrawals.iter().rev().filter(|(_, one)| one.owner == who).map(|(number, _)| *number);
            assert_eq!(own.into_iter().map(|(number, _)| number).collect::<Vec<_>>(), asked.collect::<Vec<_>>());
        }
        for bank in 0..BANKS {
            let desk = world.ask(world.suite.ledger().open_withdrawals(number(&bank), None, 50));
            let open = model.withdrawals.iter().filter(|(_, one)| one.bank == bank && one.is_open());
            let open: Vec<_> = open.map(|(number, _)| *number).collect();
            assert_eq!(desk.into_iter().map(|(number, _)| number).collect::<Vec<_>>(), open);
            for account in 0..3 {
                let owner = world.ask(world.suite.ledger().linked_owner(number(&bank), ordinary(account)));
                let holder = (0..OWNERS).find(|one| model.links[*one].contains(&(bank, account)));
                assert_eq!(owner, holder.map(|one| people.numbers[one]));
            }
        }
    }
}

#[test]
fn in_any_sequence_each_step_is_answered_as_the_model_says_and_the_books_of_each_bank_balance() {
    // Each owner begins with something of each bank and lets the others take some of it; participants have asked for cash.
    let everywhere = (0..OWNERS).flat_map(|owner| (0..BANKS).map(move |bank| (owner, bank)));
    let beginning: Vec<Step> = everywhere
        .flat_map(|(owner, bank)| {
            let spender = (owner + 1) % OWNERS;
            let cash = (owner != VAULT).then_some(Step::Withdraw { owner, bank, amount: 200, to: None });
            let issue = Step::Issue { bank, to: owner, amount: 1_000 };
            [issue, Step::Approve { owner, spender, bank, amount: 500 }].into_iter().chain(cash)
        })
        .collect();
    let seen = RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    // The same sequences in each run: a failure of one run is a failure of the next.
    let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&steps(), |steps| {
        let mut run = Run::new();
        for step in &beginning {
            assert!(run.take(step), "{step:?}");
        }
        for step in &steps {
            let accepted = run.take(step);
            run.check();
            run.check_lists();
            let kind = format!("{step:?}").split(' ').next().unwrap_or_default().to_owned();
            seen.borrow_mut().entry(kind).or_default()[usize::from(accepted)] += 1;
        }
        run.check_records();
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    for (kind, [refused, accepted]) in seen.into_inner() {
        let is_never_refused = ["Suspend", "Reinstate", "Wait"].contains(&kind.as_str());
        assert!(
            accepted > 0 && (refused > 0 || is_never_refused),
            "{kind} was accepted {accepted}, refused {refused} times"
        );
    }
}
