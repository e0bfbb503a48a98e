//! What the events alone say of balances, cases, loans and campaigns; and that what has ended stays as it is.

use amanah_client::{chain::RawEvent, Event};
use amanah_domain::{
    ids::{CampaignId, CaseId, LoanId, ParticipantId},
    money::Amount,
};
use amanah_e2e::{lending::Lenders, World};
use amanah_interfaces::{
    ledger::{Ledger, Owner},
    loan::{Campaign, CampaignStatus, CaseStatus, Lender, Loan, LoanRecord, LoanStatus, Share},
    registry::Registry,
    Balance,
};
use scale::Encode;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Replay {
    /// By owner (encoded) and bank.
    balances: BTreeMap<(Vec<u8>, ParticipantId), Balance>,
    cases: BTreeMap<CaseId, CaseStatus>,
    /// As they were opened, with what was paid, months, instalment and status as they are now.
    loans: BTreeMap<LoanId, LoanRecord>,
    campaigns: BTreeMap<CampaignId, Campaign>,
    shares: BTreeMap<(CampaignId, ParticipantId), Share>,
    /// By lender and bank.
    credits: BTreeMap<(ParticipantId, ParticipantId), Balance>,
}

fn add(to: &mut Amount, amount: Balance) {
    *to = Amount::from_balance(to.balance() + amount).expect("an amount is small");
}

fn take(from: &mut Amount, amount: Balance) {
    let left = from.balance().checked_sub(amount).expect("no more is taken than is there");
    *from = Amount::from_balance(left).expect("an amount is small");
}

impl Replay {
    /// Adds what a step told.
    pub fn add(&mut self, world: &World, events: &[RawEvent]) {
        for event in world.events(events) {
            self.add_one(event);
        }
    }

    fn add_one(&mut self, event: Event) {
        match event {
            Event::Issued(it) => self.give(it.to, it.issuer, it.amount),
            Event::Transferred(it) => {
                let balance = self.balances.entry((it.from.encode(), it.issuer)).or_default();
                *balance = balance.checked_sub(it.amount).expect("nobody has less than nothing");
                self.give(it.to, it.issuer, it.amount);
            }
            Event::CaseLocked(it) => {
                assert_eq!(self.cases.insert(it.case, CaseStatus::Open), None, "a number is given once");
            }
            Event::CaseExecuted(it) => self.end_case(it.case, CaseStatus::Executed),
            Event::CaseExpired(it) => self.end_case(it.case, CaseStatus::Expired),
            Event::LoanOpened(it) => {
                if let Lender::Campaign(campaign) = it.record.lender {
                    let campaign = self.campaign(campaign);
                    assert_eq!(campaign.loan, 0, "a campaign has one loan");
                    (campaign.loan, campaign.shares_left) = (it.loan, campaign.target);
                }
                assert_eq!(self.loans.insert(it.loan, it.record), None, "a number is given once");
            }
            Event::LoanRepaid(it) => {
                let record = self.stand(it.loan, it.status);
                add(&mut record.book.fees_paid, it.fees);
                add(&mut record.book.interest_paid, it.interest);
                add(&mut record.book.principal_paid, it.principal);
                self.credit(it.loan, it.fees + it.interest + it.principal);
            }
            Event::InterestRefunded(it) => {
                add(&mut self.stand(it.loan, it.status).book.subsidy_paid, it.amount);
                self.credit(it.loan, it.amount);
            }
            Event::LoanMarked(it) => drop(self.stand(it.loan, it.status)),
            Event::LoanRescheduled(it) => {
                let record = self.stand(it.loan, LoanStatus::Active);
                record.months = it.months;
                record.instalment = Amount::from_balance(it.instalment).expect("an amount is small");
            }
            Event::CampaignProposed(it) => {
                assert_eq!(self.campaigns.insert(it.campaign, it.record), None, "a number is given once");
            }
            Event::CampaignDecided(it) => {
                let campaign = self.campaign(it.campaign);
                let going = matches!(campaign.status, CampaignStatus::Proposed | CampaignStatus::Open);
                assert!(going, "what has ended stays: {campaign:?}");
                campaign.status = it.status;
            }
            Event::Invested(it) => {
                add(&mut self.campaign(it.campaign).raised, it.amount);
                add(&mut self.shares.entry((it.campaign, it.investor)).or_default().amount, it.amount);
            }
            Event::Refunded(it) => {
                let share = self.shares.remove(&(it.campaign, it.investor)).unwrap_or_default();
                assert_eq!(share.amount.balance(), it.amount, "everything comes back at once");
                let campaign = self.campaign(it.campaign);
                take(&mut campaign.raised, it.amount);
                if campaign.status == CampaignStatus::Open {
                    campaign.status = CampaignStatus::Failed;
                }
            }
            Event::Claimed(it) => self.claim(it.campaign, it.investor, it.amount),
            Event::RepaymentsWithdrawn(it) => {
                let credit = self.credits.entry((it.participant, it.issuer)).or_default();
                *credit = credit.checked_sub(it.amount).expect("nobody gets more than was repaid");
            }
            _ => {}
        }
    }

    fn give(&mut self, to: Owner, bank: ParticipantId, amount: Balance) {
        *self.balances.entry((to.encode(), bank)).or_default() += amount;
    }

    fn end_case(&mut self, case: CaseId, status: CaseStatus) {
        let before = self.cases.insert(case, status);
        assert_eq!(before, Some(CaseStatus::Open), "case {case} ends once");
    }

    fn campaign(&mut self, campaign: CampaignId) -> &mut Campaign {
        self.campaigns.get_mut(&campaign).expect("the campaign was proposed")
    }

    fn stand(&mut self, loan: LoanId, status: LoanStatus) -> &mut LoanRecord {
        let record = self.loans.get_mut(&loan).expect("the loan was opened");
        assert_ne!(record.status, LoanStatus::Closed, "what has ended stays");
        record.status = status;
        record
    }

    /// What was repaid is its lender's.
    fn credit(&mut self, loan: LoanId, amount: Balance) {
        let record = &self.loans[&loan];
        match record.lender {
            Lender::Bank(bank) => *self.credits.entry((bank, record.issuer)).or_default() += amount,
            Lender::Campaign(campaign) => add(&mut self.campaign(campaign).repaid, amount),
        }
    }

    fn claim(&mut self, number: CampaignId, investor: ParticipantId, amount: Balance) {
        let campaign = self.campaigns.get_mut(&number).expect("the campaign was proposed");
        add(&mut campaign.claimed, amount);
        assert!(campaign.claimed <= campaign.repaid, "claims are never more than repayments: {campaign:?}");
        let share = self.shares.entry((number, investor)).or_default();
        add(&mut share.claimed, amount);
        if self.loans[&campaign.loan].status == LoanStatus::Closed {
            take(&mut campaign.shares_left, share.amount.balance());
            self.shares.remove(&(number, investor));
        }
    }

    /// What the loan contract owes in a bank's money: escrows, credits, and repayments that were not claimed.
    pub fn liabilities(&self, bank: ParticipantId) -> Balance {
        let credits = self.credits.iter().filter(|((_, issuer), _)| *issuer == bank).map(|(_, amount)| *amount);
        let of_campaign = |campaign: &Campaign| match campaign.status {
            CampaignStatus::Funded => campaign.repaid.balance() - campaign.claimed.balance(),
            _ => campaign.raised.balance(),
        };
        let campaigns = self.campaigns.values().filter(|campaign| campaign.issuer == bank).map(of_campaign);
        credits.chain(campaigns).sum()
    }

    /// Checks that the chain has exactly this stored. `people`: everybody who may have a share.
    pub fn check(&self, lenders: &mut Lenders, people: &[ParticipantId]) {
        let suite = lenders.world.suite.clone();
        for ((owner, bank), balance) in &self.balances {
            let account = match scale::Decode::decode(&mut owner.as_slice()).expect("an owner") {
                Owner::Contract(account) => account.into(),
                Owner::Participant(number) => {
                    let known = lenders.world.ask(suite.registry().credentials_of(number)).expect("registered");
                    known.account.into()
                }
            };
            assert_eq!(lenders.world.ask(suite.ledger().balance_of(account, *bank)), *balance, "of {owner:?}");
        }
        for (number, status) in &self.cases {
            assert_eq!(lenders.case(*number).status, *status, "case {number}");
        }
        for (number, record) in &self.loans {
            let stored = lenders.loan(*number);
            let paid = |record: &LoanRecord| {
                let book = &record.book;
                [book.fees_paid, book.interest_paid, book.principal_paid, book.subsidy_paid]
            };
            assert_eq!(paid(&stored), paid(record), "loan {number}");
            let state = |record: &LoanRecord| (record.status, record.months, record.instalment);
            assert_eq!(state(&stored), state(record), "loan {number}");
        }
        for (number, campaign) in &self.campaigns {
            let stored = lenders.campaign(*number);
            // When a target was reached is in no event of its own: the block's time says it.
            assert_eq!(Campaign { reached_at: campaign.reached_at, ..stored }, *campaign, "campaign {number}");
            for person in people {
                let share = self.shares.get(&(*number, *person)).copied().unwrap_or_default();
                assert_eq!(lenders.world.ask(suite.loan().share(*number, *person)), share, "of {person} in {number}");
            }
        }
        for ((lender, bank), credit) in &self.credits {
            assert_eq!(lenders.world.ask(suite.loan().credit(*lender, *bank)), *credit, "of {lender}");
        }
        assert_eq!(lenders.world.ask(suite.loan().loan(self.loans.len() as u64 + 1)), None, "no other loan");
        assert_eq!(
            lenders.world.ask(suite.loan().campaign(self.campaigns.len() as u64 + 1)),
            None,
            "no other campaign"
        );
    }
}
