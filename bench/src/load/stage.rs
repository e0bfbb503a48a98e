//! The suite on a node, with everything prepared that a load then does: locked cases and their signatures, open redemptions and
//! their proofs.

use super::{
    engine::{Fate, Operation, Range},
    peer::Token,
};
use amanah_client::{
    chain::{raw, RawCall},
    node::{call_question, transfer, Node, Signed},
    suite::plain_terms,
    Actor, Event as SuiteEvent,
};
use amanah_domain::{
    chaincode::Verdict,
    crypto::Native,
    flow::{event_hash, Event, Flow, Request},
    ids::{Account, CaseId, LoanId},
    layout::VerdictStatement,
    participant::Credentials,
    roles::Role,
    time::{Millis, DAY, MINUTE},
};
use amanah_e2e::{
    lending::{sign_verdict, Lenders},
    registration, Person, World,
};
use amanah_interfaces::{
    loan::Loan,
    registry::Registry,
    voucher::{Funding, NewVoucher, Proof, Terms, Voucher},
    MOST_ROWS,
};
use anyhow::{ensure, Context, Result};
use indicatif::ProgressBar;
use scale::Encode;
use std::{collections::HashMap, sync::Arc};
use tokio::runtime::Runtime;

/// How many accounts send, each with tokens of its own.
const SENDERS: usize = 20;
/// What each loan is about.
const PRINCIPAL: u128 = 1_000;
/// What each voucher is worth, and what is spent of it.
const VOUCHER: u128 = 100;
/// What the office gets that registers citizens, less than one UNIT of deposit each: 100,000 UNIT.
const DEPOSITS: u128 = 100_000_000_000_000_000;
/// How many preparations are under way at a time.
const ROOM: usize = 500;

/// The suite and its people on a node.
pub struct Stage {
    lenders: Lenders<Node>,
    senders: Vec<Actor>,
    runtime: Arc<Runtime>,
    url: String,
    progress: ProgressBar,
    people: usize,
}

impl Stage {
    /// The suite, its offices and whoever sends, on the chain of the node at this address. `payer` pays for all that is prepared.
    ///
    /// # Errors
    /// When a node does not answer.
    pub fn set(payer: Actor, url: String, runtime: Arc<Runtime>, progress: ProgressBar) -> Result<Self> {
        progress.set_message("deploying, and registering offices");
        let from = payer.account();
        let node = Node::connect(&url)?.with_faucet(payer);
        let mut lenders = Lenders::of(World::on(node));
        let senders: Vec<Actor> = (0..SENDERS).map(|number| Actor::named(&format!("sender {number}"))).collect();
        for sender in &senders {
            lenders.world.admit(sender);
        }
        let office = lenders.government.actor.account();
        lenders.chain.transact(&from, &transfer(&office, DEPOSITS))?;
        Ok(Self { lenders, senders, runtime, url, progress, people: 0 })
    }

    /// Registers so many citizens more.
    fn citizens(&mut self, number: usize) -> Vec<Person> {
        self.progress.set_message(format!("registering {number} citizens"));
        let names: Vec<String> = (self.people..self.people + number).map(|one| format!("citizen {one}")).collect();
        self.people += number;
        let government = self.lenders.government.actor.clone();
        let mut citizens = Vec::new();
        for some in names.chunks(MOST_ROWS as usize) {
            let rows = some.iter().map(|name| registration(name, &[Role::Citizen])).collect();
            let register = self.lenders.suite.registry().register_many(rows);
            let done = self.lenders.send(&government, register);
            for (name, row) in some.iter().zip(done.value) {
                let number = row.expect("nobody of that name is registered");
                citizens.push(Person { actor: Actor::named(name), number });
            }
        }
        citizens
    }

    /// Signs calls of several kinds in turns, one of each, within the limits that the dry run of each kind's first one finds. An
    /// account's transactions run in the order in which they are signed, so they must be sent in this order.
    ///
    /// # Errors
    /// When the contract refuses the first of a kind, or the node does not answer.
    pub fn sign(&mut self, kinds: Vec<Vec<RawCall>>) -> Result<Vec<Signed>> {
        let mut limited = Vec::new();
        for calls in kinds {
            let Some(first) = calls.first() else { continue };
            let limits = self.lenders.chain.limits(first)?;
            limited.push(calls.into_iter().map(move |call| (call, limits)));
        }
        let mut in_turns = Vec::new();
        loop {
            let turn: Vec<_> = limited.iter_mut().filter_map(Iterator::next).collect();
            if turn.is_empty() {
                return Ok(self.lenders.chain.sign_all(&in_turns)?);
            }
            in_turns.extend(turn);
        }
    }

    /// Does all of this now, as a preparation; every one must succeed.
    fn prepare(&mut self, what: &str, calls: Vec<RawCall>) -> Result<Vec<Vec<SuiteEvent>>> {
        self.progress.set_message(format!("{what}: {} transactions", calls.len()));
        let signed = self.sign(vec![calls])?;
        let operations: Vec<Operation> = signed.into_iter().map(Operation::Transaction).collect();
        let fates = self.fire(&operations, ROOM, false)?;
        fates
            .into_iter()
            .map(|fate| {
                let trouble = fate.trouble.as_deref().unwrap_or("it failed in its block, or was lost");
                ensure!(fate.succeeded, "{what}: a transaction did not succeed: {trouble}");
                Ok(fate.events.iter().filter_map(|raw| SuiteEvent::decode(&self.lenders.suite, raw)).collect())
            })
            .collect()
    }

    /// Does all of this, at most `most` at a time.
    ///
    /// # Errors
    /// When a node does not answer.
    pub fn fire(&self, operations: &[Operation], most: usize, finality: bool) -> Result<Vec<Fate>> {
        self.progress.set_length(operations.len() as u64);
        self.progress.set_position(0);
        self.runtime
            .block_on(async { Range::of(&self.url).await?.fire(operations, most, finality, &self.progress).await })
    }

    fn sender(&self, turn: usize) -> Account {
        self.senders[turn % self.senders.len()].account()
    }

    // ---- loans ----

    /// Citizens whose loans' interest the department owes from now on, and that have so many days behind them when the clock is
    /// right again; one loan more, of which nobody asks anything.
    ///
    /// # Errors
    /// When a preparation fails.
    pub fn grant(&mut self, number: usize) -> Result<(Vec<(Person, LoanId)>, LoanId)> {
        let citizens = self.citizens(number + 1);
        let lending = u128::try_from(number + 1)? * PRINCIPAL;
        let bank = self.lenders.bank.clone();
        self.lenders.funds(&bank, lending);
        let unlocks = self.loan_unlocks(&citizens)?;
        let mut loans = HashMap::new();
        for events in self.prepare("granting loans", unlocks)? {
            for event in events {
                if let SuiteEvent::LoanOpened(opened) = event {
                    loans.insert(opened.borrower, opened.loan);
                }
            }
        }
        let mut granted = Vec::new();
        for citizen in citizens {
            let loan = *loans.get(&citizen.number).context("a loan was opened for each")?;
            granted.push((citizen, loan));
        }
        let (_, untouched) = granted.pop().context("one more was granted")?;
        Ok((granted, untouched))
    }

    /// Locks an application of new citizens each, for which the bank has the money; the calls that unlock them.
    ///
    /// # Errors
    /// When a preparation fails.
    pub fn loans(&mut self, number: usize) -> Result<Vec<RawCall>> {
        let citizens = self.citizens(number);
        let bank = self.lenders.bank.clone();
        self.lenders.funds(&bank, u128::try_from(number)? * PRINCIPAL);
        self.loan_unlocks(&citizens)
    }

    fn loan_unlocks(&mut self, citizens: &[Person]) -> Result<Vec<RawCall>> {
        let product = self.lenders.product;
        let events: Vec<Event> =
            citizens.iter().map(|citizen| self.lenders.application_of(citizen, product, PRINCIPAL, 1)).collect();
        self.unlocks("locking applications", citizens, events)
    }

    /// Locks the refund of these loans' interest, for which the department has the money; the calls that unlock them.
    ///
    /// # Errors
    /// When a preparation fails.
    pub fn refunds(&mut self, granted: &[(Person, LoanId)]) -> Result<Vec<RawCall>> {
        let department = self.lenders.department.clone();
        self.lenders.funds(&department, u128::try_from(granted.len())? * PRINCIPAL);
        let (flow, bank) = (self.lenders.refund, self.lenders.bank.number);
        let events: Vec<Event> = granted
            .iter()
            .map(|(citizen, loan)| Event {
                flow,
                applicant: citizen.number,
                grantors: vec![bank, department.number],
                request: Request::InterestRefund { loan: *loan },
            })
            .collect();
        let citizens: Vec<Person> = granted.iter().map(|(citizen, _)| citizen.clone()).collect();
        self.unlocks("locking refunds", &citizens, events)
    }

    /// Locks events for their applicants, who have signed them, and gives the calls that unlock them, with every oracle's Pass.
    fn unlocks(&mut self, what: &str, applicants: &[Person], events: Vec<Event>) -> Result<Vec<RawCall>> {
        let Some(flow) = events.first().map(|event| event.flow) else { return Ok(Vec::new()) };
        let suite = self.lenders.suite.clone();
        let mut locks = Vec::new();
        for (turn, (event, applicant)) in events.iter().zip(applicants).enumerate() {
            let approval = self.lenders.approval(event, 0, applicant);
            locks.push(raw(&self.sender(turn), suite.loan().lock(event.clone(), Some(approval))));
        }
        let mut cases: HashMap<Vec<u8>, CaseId> = HashMap::new();
        for locked in self.prepare(what, locks)?.into_iter().flatten() {
            if let SuiteEvent::CaseLocked(locked) = locked {
                cases.insert(locked.event.encode(), locked.case);
            }
        }
        let flow = self.lenders.ask(suite.loan().flow(flow)).context("the flow is there")?;
        let until = self.lenders.now() + 60 * MINUTE;
        let mut oracles = HashMap::new();
        let offices = [&self.lenders.bank, &self.lenders.civil_affairs, &self.lenders.department].map(Person::clone);
        for office in offices {
            let known = self.lenders.ask(suite.registry().credentials_of(office.number)).context("it is registered")?;
            oracles.insert(office.number, (office, known));
        }
        let mut unlocks = Vec::new();
        for (turn, event) in events.into_iter().enumerate() {
            let case = *cases.get(&event.encode()).context("each event was locked")?;
            let mut verdicts = Vec::new();
            for (role, grantor) in flow.oracles.iter().zip(&event.grantors) {
                let (oracle, known) = oracles.get(grantor).context("a usual office")?;
                verdicts.push(sign_verdict(&self.statement(&flow, &event, case, *role, known, until)?, oracle));
            }
            unlocks.push(raw(&self.sender(turn), suite.loan().unlock(case, event, verdicts)));
        }
        Ok(unlocks)
    }

    fn statement(
        &self,
        flow: &Flow,
        event: &Event,
        case: CaseId,
        role: Role,
        known: &Credentials,
        valid_until: Millis,
    ) -> Result<VerdictStatement> {
        Ok(VerdictStatement {
            domain: self.lenders.suite.loan_domain(),
            case,
            revision: 0,
            event: event_hash::<Native>(flow, event).context("the event fits its flow")?,
            role: role.index().context("a role")?,
            epoch: known.epoch,
            key: known.key,
            verdict: Verdict::Pass,
            valid_until,
        })
    }

    /// A query about a loan, and what is answered as long as nothing happens to it.
    ///
    /// # Errors
    /// When the node does not answer.
    pub fn query(&self, loan: LoanId) -> Result<Operation> {
        let call = raw(&[0; 32], self.lenders.suite.loan().loan(loan));
        let question = call_question(&call.from, &call.to, &call.data);
        let answer = self.runtime.block_on(async { Range::of(&self.url).await?.answer(&question).await })?;
        Ok(Operation::Query { question, answer })
    }

    // ---- vouchers ----

    /// So many funded vouchers, and the calls by which the shop requests a redemption of each.
    ///
    /// # Errors
    /// When a preparation fails.
    pub fn requests(&mut self, number: usize) -> Result<Vec<RawCall>> {
        let citizens = self.citizens(number);
        let (bank, attestor) = (self.lenders.bank.clone(), self.lenders.attestor.id());
        let budget = u128::try_from(number)? * VOUCHER;
        let plain = plain_terms(bank.id(), attestor, vec![0], VOUCHER, budget);
        let programme = self.lenders.world.programme(Terms { window: DAY / 2, ..plain });
        self.lenders.bank_has(budget);
        let (suite, government) = (self.lenders.suite.clone(), self.lenders.government.actor.clone());
        let shop = self.lenders.shop.actor.account();
        let mut requests = Vec::new();
        self.progress.set_message(format!("creating and funding {number} vouchers"));
        for some in citizens.chunks(MOST_ROWS as usize) {
            let rows =
                some.iter().map(|holder| NewVoucher { holder: holder.id(), category: 0, expires: None }).collect();
            let created = self.lenders.send(&government, suite.voucher().create_many(programme, rows)).value;
            let vouchers = created.into_iter().collect::<Result<Vec<_>, _>>().ok().context("each row goes through")?;
            let funding = vouchers.iter().map(|voucher| Funding { voucher: *voucher, amount: VOUCHER }).collect();
            let funded = self.lenders.send(&bank.actor, suite.voucher().fund_many(programme, funding)).value;
            ensure!(funded.iter().all(Result::is_ok), "each voucher is funded");
            requests.extend(
                vouchers.iter().map(|voucher| raw(&shop, suite.voucher().request(*voucher, VOUCHER, 0, [7; 32]))),
            );
        }
        Ok(requests)
    }

    /// Requests a redemption of so many vouchers; the calls that confirm them.
    ///
    /// # Errors
    /// When a preparation fails.
    pub fn confirms(&mut self, number: usize) -> Result<Vec<RawCall>> {
        let requests = self.requests(number)?;
        let suite = self.lenders.suite.clone();
        let attestor = self.lenders.attestor.clone();
        let known = self.lenders.ask(suite.registry().credentials_of(attestor.number)).context("it is registered")?;
        let mut confirms = Vec::new();
        for requested in self.prepare("requesting redemptions", requests)?.into_iter().flatten() {
            let SuiteEvent::RedemptionRequested(requested) = requested else { continue };
            let number = requested.redemption;
            let record = self.lenders.ask(suite.voucher().redemption(number)).context("it was requested")?;
            let said = suite.attest(&attestor.actor, &known, number, &record, record.expires);
            let confirm = suite.voucher().confirm(number, Proof::Attestors(vec![said]));
            confirms.push(raw(&self.sender(confirms.len()), confirm));
        }
        Ok(confirms)
    }

    // ---- peers ----

    /// Plain transfers of the chain's token.
    ///
    /// # Errors
    /// When the node does not answer.
    pub fn transfers(&mut self, number: usize) -> Result<Vec<Signed>> {
        // To the next sender: an account that is not there yet cannot be sent as little as this.
        let payloads: Vec<_> =
            (0..number).map(|turn| (self.sender(turn), transfer(&self.sender(turn + 1), 1))).collect();
        Ok(self.lenders.chain.sign_payloads(&payloads)?)
    }

    /// A PSP22-style token of which each sender has some.
    ///
    /// # Errors
    /// When the chain refuses it.
    pub fn token(&mut self) -> Result<Token> {
        Token::deploy(&mut self.lenders.world.chain, &self.senders)
    }

    /// Transfers of a PSP22-style token, from each sender's own, to accounts that have some already.
    ///
    /// # Errors
    /// When the contract cannot be deployed.
    pub fn token_transfers(&mut self, token: &Token, number: usize) -> Vec<RawCall> {
        (0..number)
            .map(|turn| RawCall {
                from: self.sender(turn),
                to: token.contract,
                data: token.transfer(&self.sender(turn + 1), 1),
            })
            .collect()
    }
}
