//! Random interleavings of lending by two banks: applications, payments, delays, defaults, new schedules, refunds of interest,
//! withdrawals, pauses and challenges; each answered as the model says.

use crate::{
    loans_model::{Asked, Model, BANKS, BORROWERS, CONTRACT, DEPARTMENT, LIMIT, MOST_MONTHS, PRODUCTS, REGULATORS},
    loans_steps::{steps, Act},
    machine::{self, Machine, Side},
};
use amanah_domain::{
    flow::{Event, Request},
    ids::ProductId,
    roles::Role,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, Person};
use amanah_interfaces::{
    governance::Governed,
    ledger::Ledger,
    loan::{CaseStatus, Error, Finding, Loan, LoanStatus, Matter, Verdict},
    registry::Registry,
    Balance,
};

/// What each has of each bank's money at the beginning, by its place in the cast.
const MONEY: [[Balance; 2]; 9] =
    [[7_000, 0], [0, 5_000], [3_000, 3_000], [3_000, 900], [900, 3_000], [400, 100], [60, 60], [5_000, 5_000], [0, 0]];

struct Run {
    side: Side,
    cast: Vec<Person>,
    products: Vec<ProductId>,
    model: Model,
}

impl Run {
    /// An event as it is locked: the right ones are named to grant it.
    fn event(&self, by: usize, asked: Asked) -> Event {
        let lenders = &self.side.lenders;
        let bank_of = |loan: u64| self.model.lent(loan).map_or(BANKS[0], |lent| BANKS[lent.bank]);
        let number = |place: usize| self.cast[place].number;
        let civil_affairs = lenders.civil_affairs.number;
        let (flow, grantors, request) = match asked {
            Asked::Loan { product, principal, months } => {
                let (bank, product) = (number(BANKS[PRODUCTS[product].0]), self.products[product]);
                let request = Request::Loan { product, principal, months, facts: [7; 32] };
                (lenders.application, vec![bank, civil_affairs, number(DEPARTMENT)], request)
            }
            Asked::Refund { loan } => {
                let request = Request::InterestRefund { loan };
                (lenders.refund, vec![number(bank_of(loan)), number(DEPARTMENT)], request)
            }
            Asked::Schedule { loan, months } => {
                (lenders.reschedule, vec![number(bank_of(loan))], Request::Reschedule { loan, months })
            }
        };
        Event { flow, applicant: number(by), grantors, request }
    }

    fn lock(&mut self, by: usize, asked: Asked, expected: Result<(), Error>) {
        let (event, from) = (self.event(by, asked), self.cast[by].actor.clone());
        let message = self.side.lenders.world.suite.loan().lock(event, None);
        self.side.answers(&from, message, expected);
    }

    /// A stranger unlocks a case with everybody's Pass.
    fn unlock(&mut self, case: u64, expected: Result<(), Error>) {
        let suite = self.side.lenders.world.suite.clone();
        let (mut event, mut verdicts) = (self.event(BORROWERS[0], Asked::Refund { loan: 0 }), Vec::new());
        if self.side.lenders.world.ask(suite.loan().case(case)).is_some() {
            event = self.side.lenders.case(case).event;
            for number in &event.grantors {
                let civil_affairs = &self.side.lenders.civil_affairs;
                let oracle = self.cast.iter().chain([civil_affairs]).find(|one| one.number == *number);
                let oracle = oracle.expect("the oracle is known").clone();
                verdicts.push(self.side.lenders.verdict(case, &oracle, Verdict::Pass));
            }
        }
        let stranger = self.side.lenders.world.stranger.clone();
        self.side.answers(&stranger, suite.loan().unlock(case, event, verdicts), expected);
    }

    fn act(&mut self, act: &Act, expected: Result<(), Error>) {
        let suite = self.side.lenders.world.suite.clone();
        let mut loans = suite.loan();
        let stranger = self.side.lenders.world.stranger.clone();
        let cast = self.cast.clone();
        let actor = |place: usize| cast[place].actor.clone();
        match *act {
            Act::Apply { by, product, principal, months } => {
                self.lock(by, Asked::Loan { product, principal, months }, expected);
            }
            Act::AskRefund { by, loan } => self.lock(by.unwrap_or_default(), Asked::Refund { loan }, expected),
            Act::AskSchedule { by, loan, months } => {
                self.lock(by.unwrap_or_default(), Asked::Schedule { loan, months }, expected);
            }
            Act::Unlock { case } => self.unlock(case, expected),
            Act::ExpireCase { case } => self.side.answers(&stranger, loans.expire_case(case), expected),
            Act::Repay { by, loan, pay } => {
                self.side.answers(&actor(by), loans.repay(loan, pay.sent()), expected);
            }
            Act::Recover { by, loan, pay } => {
                self.side.answers(&actor(by), loans.recover(loan, pay.sent()), expected);
            }
            Act::MarkDelinquent { loan } => self.side.answers(&stranger, loans.mark_delinquent(loan), expected),
            Act::MarkDefaulted { loan } => self.side.answers(&stranger, loans.mark_defaulted(loan), expected),
            Act::WriteOff { by, loan } => {
                self.side.answers(&actor(by.unwrap_or_default()), loans.write_off(loan), expected);
            }
            Act::Withdraw { by, bank, pay } => {
                let message = loans.withdraw(self.cast[BANKS[bank]].number, pay.sent());
                self.side.answers(&actor(by), message, expected);
            }
            Act::Challenge { by, case, number } => {
                self.side.answers(&actor(by), loans.challenge(matter(case, number), 7), expected);
            }
            Act::Resolve { matter: (case, number), upheld } => {
                let finding = if upheld { Finding::Upheld } else { Finding::Dismissed };
                let resolve = loans.resolve(matter(case, number), finding);
                self.side.answers(&actor(REGULATORS[0]), resolve, expected);
            }
            Act::Stand { who } => {
                let number = self.cast[who].number;
                match self.model.is_suspended(who) {
                    true => self.side.send(&actor(REGULATORS[0]), suite.registry().reinstate(number)),
                    false => self.side.send(&actor(REGULATORS[0]), suite.registry().suspend(number, 1)),
                }
            }
            Act::Gift { bank, amount } => {
                let issuer = self.cast[BANKS[bank]].number;
                let gift = suite.ledger().transfer(suite.loan.into(), issuer, amount);
                self.side.send(&actor(REGULATORS[0]), gift);
            }
            Act::Pause => {
                let administrator = self.side.lenders.world.administrator.clone();
                self.side.send(&administrator, suite.governance(suite.loan).pause());
            }
            Act::Unpause => {
                let administrator = self.side.lenders.world.administrator.clone();
                self.side.send(&administrator, suite.governance(suite.loan).unpause());
            }
            Act::Wait { by } => self.side.lenders.world.chain.advance(by),
            Act::WaitFor { .. } => unreachable!("it was resolved"),
        }
    }

    /// A loan, as the chain has it, is as the model says.
    fn check_loan(&mut self, number: u64) {
        let record = self.side.lenders.loan(number);
        let lent = self.model.lent(number).expect("the model has it").clone();
        let book = record.book;
        let paid = [book.fees_paid, book.interest_paid, book.principal_paid, book.subsidy_paid];
        assert_eq!(paid.map(|amount| amount.balance()), lent.loan.paid, "loan {number}");
        assert_eq!((record.status, record.months), (lent.loan.status, lent.loan.months), "loan {number}");
        assert_eq!(record.borrower, self.cast[lent.borrower].number);
        let due = self.side.lenders.world.suite.loan().due(number);
        assert_eq!(self.side.lenders.world.ask(due), Ok(lent.loan.due(&self.model.clock)), "loan {number}");
    }

    /// What has ended stays.
    fn check_terminal(&self, after: &Model) {
        for (before, now) in self.model.cases.iter().zip(&after.cases) {
            assert!(before.status == CaseStatus::Open || before.status == now.status);
        }
        for (before, now) in self.model.loans.iter().zip(&after.loans) {
            assert!(before.loan.status != LoanStatus::Closed || now.loan.status == LoanStatus::Closed);
        }
    }

    fn check_books(&mut self) {
        for bank in BANKS {
            let supply = MONEY.iter().map(|money| money[bank]).sum();
            self.side.check_books(self.cast[bank].number, self.model.gifts[bank], supply);
        }
    }
}

fn matter(case: bool, number: u64) -> Matter {
    if case {
        Matter::Case(number)
    } else {
        Matter::Loan(number)
    }
}

/// The loan that an act is about.
fn loan_of(act: &Act) -> Option<u64> {
    match *act {
        Act::Repay { loan, .. } | Act::Recover { loan, .. } | Act::WriteOff { loan, .. } => Some(loan),
        Act::MarkDelinquent { loan } | Act::MarkDefaulted { loan } => Some(loan),
        _ => None,
    }
}

impl Machine for Run {
    type Act = Act;

    fn new() -> Self {
        let mut lenders = Lenders::new();
        let other = lenders.enrol("second bank", &[Role::Bank]);
        let borrowers = ["one", "two", "three"].map(|name| lenders.enrol(name, &[Role::Citizen]));
        let [bank, regulator, department] = [&lenders.bank, &lenders.regulator, &lenders.department].map(Person::clone);
        let second = lenders.enrol("second regulator", &[Role::Regulator]);
        let [one, two, three] = borrowers;
        let poor = lenders.investors[0].clone();
        let cast = vec![bank, other, one, two, three, department, poor, regulator, second];
        let mut products = Vec::new();
        for (bank, again_after_months, rules) in PRODUCTS {
            let mut offer = lenders.usual_offer();
            (offer.limit, offer.most_months, offer.again_after_months) = (LIMIT, MOST_MONTHS, again_after_months);
            (offer.rate, offer.method, offer.order) = (rules.rate, rules.method, rules.order);
            (offer.grace_days, offer.default_after_days) = (rules.grace_days, rules.default_after_days);
            (offer.late_fee, offer.subsidised) = (rules.late_fee, rules.subsidised);
            products.push(lenders.offer(&cast[BANKS[bank]].actor, offer));
        }
        let mut model = Model::new(cast.iter().map(|one| one.number).collect(), lenders.world.chain.now());
        let mut side = Side::new(lenders);
        for (place, money) in MONEY.into_iter().enumerate() {
            for bank in BANKS {
                side.endow(&cast[bank], &cast[place], money[bank]);
                model.money.insert((place, bank), money[bank]);
            }
        }
        Self { side, cast, products, model }
    }

    /// A loan of each product.
    fn beginning() -> Vec<Act> {
        let apply = |product| Act::Apply { by: BORROWERS[product], product, principal: 900, months: 3 };
        (0..3).flat_map(|product| [apply(product), Act::Unlock { case: 0 }]).collect()
    }

    fn take(&mut self, act: &Act) -> bool {
        let act = self.model.resolve(act);
        let mut after = self.model.clone();
        let expected = after.apply(&act);
        self.act(&act, expected);
        if expected.is_err() {
            return false;
        }
        self.check_terminal(&after);
        let opened = after.loans.len() > self.model.loans.len();
        self.model = after;
        let newest = self.model.loans.len() as u64;
        let touched = match (act, loan_of(&act)) {
            (_, Some(loan)) => Some(loan),
            (Act::Unlock { case }, _) => match self.model.cases[case as usize - 1].asked {
                Asked::Refund { loan } | Asked::Schedule { loan, .. } => Some(loan),
                Asked::Loan { .. } => opened.then_some(newest),
            },
            // Time changes all of them; one is looked at.
            (Act::Wait { by }, _) if newest > 0 => Some(1 + by / DAY % newest),
            _ => None,
        };
        if let Some(loan) = touched {
            let instalment = self.side.lenders.loan(loan).instalment.balance();
            self.model.loans[loan as usize - 1].loan.adopt(instalment);
            self.check_loan(loan);
        }
        self.check_books();
        true
    }

    fn end(&mut self) {
        for loan in 1..=self.model.loans.len() as u64 {
            self.check_loan(loan);
        }
        let suite = self.side.lenders.world.suite.clone();
        for ((place, bank), balance) in self.model.money.clone() {
            let owner = if place == CONTRACT { suite.loan.into() } else { self.cast[place].id() };
            let message = suite.ledger().balance_of(owner, self.cast[bank].number);
            assert_eq!(self.side.lenders.world.ask(message), balance, "{place} at {bank}");
        }
        for bank in BANKS {
            let message = suite.loan().credit(self.cast[bank].number, self.cast[bank].number);
            assert_eq!(self.side.lenders.world.ask(message), self.model.credits[bank]);
        }
        let Self { side, model, .. } = self;
        side.replay.check(&mut side.lenders, &model.people);
    }
}

#[test]
fn in_any_interleaving_lending_is_answered_as_the_model_says_and_no_unit_is_lost() {
    let never_refused = ["Gift", "Stand", "Pause", "Unpause", "Wait", "WaitFor"];
    machine::run::<Run>(steps(), 10, &never_refused);
}
