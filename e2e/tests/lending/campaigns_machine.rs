//! Random interleavings of crowdfunding: campaigns are proposed, collect, are closed, cancelled or missed, and give back; their
//! loans are repaid or not, and shared; each message is answered as the model says.

use crate::{
    campaigns_model::{Model, AGAIN, BORROWERS, CONTRACT, GIVER, INVESTORS, MONTHS, MOST, OFFICER, RULES},
    campaigns_steps::{steps, Act},
    machine::{self, Machine, Pay, Side},
};
use amanah_domain::{
    flow::{Event, Request},
    roles::Role,
    time::DAY,
};
use amanah_e2e::{lending::Lenders, Person};
use amanah_interfaces::{
    governance::Governed,
    ledger::Ledger,
    loan::{CampaignStatus, CaseStatus, Error, Loan, LoanStatus, NewCampaign, Offer, Rating},
    registry::Registry,
    Balance,
};

/// What each has at the beginning, by its place in the cast: one investor has little.
const MONEY: [Balance; 8] = [2_000, 500, 4_000, 6_000, 6_000, 700, 0, 5_000];

struct Run {
    side: Side,
    cast: Vec<Person>,
    model: Model,
}

impl Run {
    /// Opens a campaign with everything that is signed for it.
    fn propose(&mut self, by: usize, target: Balance, minimum: Balance, days: u64, expected: Result<(), Error>) {
        let (borrower, lenders) = (self.cast[by].clone(), &mut self.side.lenders);
        let deadline = lenders.world.chain.now() + days * DAY;
        let campaign = NewCampaign { minimum, months: MONTHS, deadline, ..lenders.new_campaign(target) };
        let rating = lenders.rating(&borrower, Rating { grade: 1, rate: RULES.rate, most: MOST });
        let passkey = lenders.passkey(&borrower, &campaign, &rating);
        let message = lenders.world.suite.loan().open_campaign(campaign, rating, passkey);
        self.side.answers(&borrower.actor, message, expected);
    }

    /// A borrower asks for a campaign's money.
    fn event(&self, by: usize, campaign: u64) -> Event {
        let request = Request::CampaignClose { campaign };
        let (flow, grantors) = (self.side.lenders.close, vec![self.cast[OFFICER].number]);
        Event { flow, applicant: self.cast[by].number, grantors, request }
    }

    /// A stranger unlocks a case with the officer's Pass.
    fn unlock(&mut self, case: u64, expected: Result<(), Error>) {
        let (mut event, mut verdicts) = (self.event(BORROWERS[0], 0), Vec::new());
        let lenders = &mut self.side.lenders;
        let (loans, stranger) = (lenders.world.suite.loan(), lenders.world.stranger.clone());
        if lenders.world.ask(loans.case(case)).is_some() {
            (event, verdicts) = (lenders.case(case).event, lenders.passes(case));
        }
        let message = lenders.world.suite.loan().unlock(case, event, verdicts);
        self.side.answers(&stranger, message, expected);
    }

    fn act(&mut self, act: &Act, expected: Result<(), Error>) {
        let suite = self.side.lenders.world.suite.clone();
        let (mut loans, cast) = (suite.loan(), self.cast.clone());
        let stranger = self.side.lenders.world.stranger.clone();
        let administrator = self.side.lenders.world.administrator.clone();
        let regulator = self.side.lenders.world.regulator.actor.clone();
        let actor = |place: usize| &cast[place].actor;
        match *act {
            Act::Propose { by, target, minimum, days } => self.propose(by, target, minimum, days, expected),
            Act::Approve { by, campaign } => {
                self.side.answers(actor(by), loans.approve_campaign(campaign), expected);
            }
            Act::Reject { by, campaign } => {
                self.side.answers(actor(by), loans.reject_campaign(campaign, 1), expected);
            }
            Act::Cancel { by, campaign } => {
                self.side.answers(actor(by.unwrap_or_default()), loans.cancel_campaign(campaign), expected);
            }
            Act::Invest { by, campaign, pay } => {
                self.side.answers(actor(by), loans.invest(campaign, pay.sent()), expected);
            }
            Act::AskClose { by, campaign } => {
                let by = by.unwrap_or_default();
                self.side.answers(actor(by), loans.lock(self.event(by, campaign), None), expected);
            }
            Act::Unlock { case } => self.unlock(case, expected),
            Act::Refund { by, campaign } => self.side.answers(actor(by), loans.refund(campaign), expected),
            Act::Claim { by, campaign } => self.side.answers(actor(by), loans.claim(campaign), expected),
            Act::Repay { by, loan, pay } => self.side.answers(actor(by), loans.repay(loan, pay.sent()), expected),
            Act::Recover { by, loan, pay } => self.side.answers(actor(by), loans.recover(loan, pay.sent()), expected),
            Act::MarkDelinquent { loan } => self.side.answers(&stranger, loans.mark_delinquent(loan), expected),
            Act::MarkDefaulted { loan } => self.side.answers(&stranger, loans.mark_defaulted(loan), expected),
            Act::WriteOff { by, loan } => self.side.answers(actor(by), loans.write_off(loan), expected),
            Act::Stand { who } => {
                let number = self.cast[who].number;
                match self.model.is_suspended(who) {
                    true => self.side.send(&regulator, suite.registry().reinstate(number)),
                    false => self.side.send(&regulator, suite.registry().suspend(number, 1)),
                }
            }
            Act::Gift { amount } => {
                let bank = self.side.lenders.world.bank.number;
                self.side.send(actor(GIVER), suite.ledger().transfer(suite.loan.into(), bank, amount));
            }
            Act::Pause => self.side.send(&administrator, suite.governance(suite.loan).pause()),
            Act::Unpause => self.side.send(&administrator, suite.governance(suite.loan).unpause()),
            Act::Wait { by } => self.side.lenders.world.chain.advance(by),
            Act::WaitFor { .. } => unreachable!("it was resolved"),
        }
    }

    /// A campaign, as the chain has it, is as the model says.
    fn check_campaign(&mut self, number: u64) {
        let record = self.side.lenders.campaign(number);
        let campaign = self.model.campaign(number).expect("the model has it").clone();
        assert_eq!((record.status, record.loan), (campaign.status, campaign.loan), "campaign {number}");
        assert_eq!(record.repaid.balance(), campaign.repaid, "campaign {number}");
        assert_eq!(record.claimed.balance(), campaign.claimed, "campaign {number}");
        assert_eq!(record.borrower, self.cast[campaign.borrower].number);
        if campaign.loan == 0 {
            assert_eq!(record.raised.balance(), campaign.raised(), "campaign {number}");
            assert_eq!(record.reached_at, campaign.reached_at, "campaign {number}");
        }
    }

    /// A loan, as the chain has it, is as the model says.
    fn check_loan(&mut self, number: u64) {
        let book = self.side.lenders.loan(number).book;
        let (_, loan) = &self.model.loans[number as usize - 1];
        let paid = [book.fees_paid, book.interest_paid, book.principal_paid, book.subsidy_paid];
        assert_eq!(paid.map(|amount| amount.balance()), loan.paid, "loan {number}");
        let (expected, due) = (loan.due(&self.model.clock), self.side.lenders.world.suite.loan().due(number));
        assert_eq!(self.side.lenders.world.ask(due), Ok(expected), "loan {number}");
    }

    /// What has ended stays.
    fn check_terminal(&self, after: &Model) {
        for (before, now) in self.model.cases.iter().zip(&after.cases) {
            assert!(before.status == CaseStatus::Open || before.status == now.status);
        }
        for (before, now) in self.model.campaigns.iter().zip(&after.campaigns) {
            let going = [CampaignStatus::Proposed, CampaignStatus::Open].contains(&before.status);
            assert!(going || before.status == now.status);
        }
        for ((_, before), (_, now)) in self.model.loans.iter().zip(&after.loans) {
            assert!(before.status != LoanStatus::Closed || now.status == LoanStatus::Closed);
        }
    }

    fn check_books(&mut self) {
        let bank = self.side.lenders.world.bank.number;
        self.side.check_books(bank, self.model.gifts, MONEY.iter().sum());
    }
}

impl Machine for Run {
    type Act = Act;

    fn new() -> Self {
        let mut lenders = Lenders::new();
        let [one, two] = ["one", "two"].map(|name| lenders.enrol(name, &[Role::Citizen]));
        let both = lenders.enrol("borrower and investor", &[Role::Citizen, Role::Investor]);
        let ([first, second, third], officer) = (lenders.investors.clone(), lenders.officer.clone());
        let cast = vec![one, two, both, first, second, third, officer.clone(), lenders.shop.clone()];
        let offer = Offer {
            flow: 0,
            again_after_months: AGAIN,
            method: RULES.method,
            order: RULES.order,
            grace_days: RULES.grace_days,
            late_fee: RULES.late_fee,
            default_after_days: RULES.default_after_days,
            subsidised: RULES.subsidised,
            ..lenders.usual_offer()
        };
        lenders.campaign_product = lenders.offer(&officer.actor, offer);
        let mut model = Model::new(cast.iter().map(|one| one.number).collect(), lenders.world.chain.now());
        let (bank, mut side) = (lenders.bank.clone(), Side::new(lenders));
        for (place, money) in MONEY.into_iter().enumerate() {
            side.endow(&bank, &cast[place], money);
            model.money.insert(place, money);
        }
        Self { side, cast, model }
    }

    /// A funded campaign, and one that collects.
    fn beginning() -> Vec<Act> {
        let propose = |by, target| Act::Propose { by, target, minimum: 50, days: 5 };
        let invest = |by, amount| Act::Invest { by, campaign: 0, pay: Pay::Units(amount) };
        let approve = Act::Approve { by: OFFICER, campaign: 0 };
        vec![
            propose(BORROWERS[0], 997),
            approve,
            invest(INVESTORS[0], 331),
            invest(INVESTORS[1], 100),
            invest(INVESTORS[2], 566),
            Act::AskClose { by: None, campaign: 0 },
            Act::Unlock { case: 0 },
            propose(BORROWERS[1], 1_200),
            approve,
            invest(INVESTORS[3], 70),
        ]
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
        self.model = after;
        let (campaigns, loans) = (self.model.campaigns.len() as u64, self.model.loans.len() as u64);
        match act {
            Act::Propose { .. } => self.check_campaign(campaigns),
            Act::Approve { campaign, .. } | Act::Reject { campaign, .. } | Act::Cancel { campaign, .. } => {
                self.check_campaign(campaign);
            }
            Act::Invest { campaign, .. } | Act::Refund { campaign, .. } | Act::Claim { campaign, .. } => {
                self.check_campaign(campaign);
            }
            Act::Repay { loan, .. } | Act::Recover { loan, .. } | Act::WriteOff { loan, .. } => {
                self.check_loan(loan);
                self.check_campaign(self.model.loans[loan as usize - 1].0);
            }
            Act::MarkDelinquent { loan } | Act::MarkDefaulted { loan } => self.check_loan(loan),
            // Time changes all of them; one is looked at.
            Act::Wait { by } if loans > 0 => self.check_loan(1 + by / DAY % loans),
            _ => {}
        }
        self.check_books();
        true
    }

    fn end(&mut self) {
        for campaign in 1..=self.model.campaigns.len() as u64 {
            self.check_campaign(campaign);
        }
        for loan in 1..=self.model.loans.len() as u64 {
            self.check_loan(loan);
            assert_eq!(self.side.lenders.loan(loan).status, self.model.loans[loan as usize - 1].1.status);
        }
        let suite = self.side.lenders.world.suite.clone();
        let bank = self.side.lenders.world.bank.number;
        for (place, balance) in self.model.money.clone() {
            let owner = if place == CONTRACT { suite.loan.into() } else { self.cast[place].id() };
            assert_eq!(self.side.lenders.world.ask(suite.ledger().balance_of(owner, bank)), balance, "of {place}");
        }
        let Self { side, model, .. } = self;
        side.replay.check(&mut side.lenders, &model.people);
    }
}

#[test]
fn in_any_interleaving_campaigns_are_answered_as_the_model_says_and_no_unit_is_lost() {
    machine::run::<Run>(steps(), 14, &["Gift", "Stand", "Pause", "Unpause", "Wait", "WaitFor"]);
}
