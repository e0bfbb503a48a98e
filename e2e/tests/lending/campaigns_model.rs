//! A plain model of crowdfunding: campaigns, escrow, shares, and what each message answers.

use crate::{
    campaigns_steps::Act,
    machine::{pick, Pay},
    one_loan::{Loan, Rules},
};
use amanah_domain::{
    calendar::add_months,
    ids::ParticipantId,
    lending::Clock,
    money::AmountError,
    time::{Millis, DAY},
};
use amanah_e2e::lending::VALIDITY;
use amanah_interfaces::{
    ledger::Error as LedgerError,
    loan::{CampaignRefusal, CampaignStatus, CaseRefusal, CaseStatus, Error, LoanRefusal, LoanStatus, Method, Order},
    Balance,
};
use std::collections::BTreeMap;

/// The cast, by place: three borrowers, of whom the last invests too, and three investors.
pub const BORROWERS: [usize; 3] = [0, 1, 2];
pub const INVESTORS: [usize; 4] = [2, 3, 4, 5];
pub const OFFICER: usize = 6;
/// Who gives the contract money for nothing.
pub const GIVER: usize = 7;
/// The loan contract among those who have money.
pub const CONTRACT: usize = 8;

/// What the officer rates everybody to be good for, within the product's limit.
pub const MOST: Balance = 3_000;
/// For how many months every campaign is.
pub const MONTHS: u16 = 2;
/// Another loan is possible after so many months.
pub const AGAIN: u16 = 1;
pub const RULES: Rules = Rules {
    rate: 3_650,
    method: Method::Bullet,
    order: Order::InterestFirst,
    grace_days: 0,
    late_fee: 5,
    default_after_days: 10,
    subsidised: false,
};

#[derive(Clone, Debug)]
pub struct Campaign {
    pub borrower: usize,
    pub target: Balance,
    minimum: Balance,
    deadline: Millis,
    pub reached_at: Millis,
    pub status: CampaignStatus,
    /// The number of its loan; 0 for none.
    pub loan: u64,
    pub repaid: Balance,
    /// What each investor has put in, until it has all back that it will ever get; and what it has claimed.
    pub shares: BTreeMap<usize, [Balance; 2]>,
    pub claimed: Balance,
}

impl Campaign {
    pub fn raised(&self) -> Balance {
        self.shares.values().map(|[amount, _]| amount).sum()
    }

    fn missing(&self) -> Balance {
        self.target - self.raised()
    }

    /// Until when it may still come about.
    fn end(&self) -> Millis {
        match self.missing() {
            0 => self.reached_at + 30 * DAY,
            _ => self.deadline,
        }
    }

    fn must_be(&self, wanted: &[CampaignStatus]) -> Result<(), Error> {
        match wanted.contains(&self.status) {
            true => Ok(()),
            false => Err(CampaignRefusal::WrongStatus { status: self.status }.into()),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Case {
    by: usize,
    campaign: u64,
    pub status: CaseStatus,
    expires: Millis,
}

#[derive(Clone, Debug)]
pub struct Model {
    /// Their numbers in the registry.
    pub people: Vec<ParticipantId>,
    pub clock: Clock,
    paused: bool,
    suspended: [bool; 6],
    pub money: BTreeMap<usize, Balance>,
    pub gifts: Balance,
    pub cases: Vec<Case>,
    pub campaigns: Vec<Campaign>,
    /// Each with the number of its campaign.
    pub loans: Vec<(u64, Loan)>,
    /// When somebody's latest loan began.
    latest: BTreeMap<usize, Millis>,
}

impl Model {
    pub fn new(people: Vec<ParticipantId>, now: Millis) -> Self {
        Self {
            people,
            clock: Clock { now, pauses: 0 },
            paused: false,
            suspended: [false; 6],
            money: BTreeMap::new(),
            gifts: 0,
            cases: Vec::new(),
            campaigns: Vec::new(),
            loans: Vec::new(),
            latest: BTreeMap::new(),
        }
    }

    pub fn is_suspended(&self, who: usize) -> bool {
        self.suspended.get(who) == Some(&true)
    }

    pub fn campaign(&self, number: u64) -> Result<&Campaign, Error> {
        let at = (number as usize).wrapping_sub(1);
        self.campaigns.get(at).ok_or(Error::UnknownCampaign { campaign: number })
    }

    fn campaign_mut(&mut self, number: u64) -> Result<&mut Campaign, Error> {
        let at = (number as usize).wrapping_sub(1);
        self.campaigns.get_mut(at).ok_or(Error::UnknownCampaign { campaign: number })
    }

    fn loan(&mut self, number: u64) -> Result<&mut (u64, Loan), Error> {
        let at = (number as usize).wrapping_sub(1);
        self.loans.get_mut(at).ok_or(Error::UnknownLoan { loan: number })
    }

    /// Whose matter a campaign is; of one that nobody knows, somebody's.
    fn borrower(&self, campaign: u64) -> usize {
        self.campaign(campaign).map_or(BORROWERS[0], |campaign| campaign.borrower)
    }

    /// The act with numbers instead of hints.
    pub fn resolve(&self, act: &Act) -> Act {
        use CampaignStatus::{Open, Proposed};
        let campaign = |back, fits: &dyn Fn(&Campaign) -> bool| pick(&self.campaigns, back, fits);
        let loan = |back, wanted: &[LoanStatus]| pick(&self.loans, back, |(_, loan)| wanted.contains(&loan.status));
        let part = |loan: u64, pay| match (self.loans.get((loan as usize).wrapping_sub(1)), pay) {
            (Some((_, loan)), Pay::Percent(part)) => Pay::Units((loan.by_borrower() * part).div_ceil(100)),
            (None, Pay::Percent(part)) => Pay::Units(part),
            (_, units) => units,
        };
        match *act {
            Act::Approve { by, campaign: back } => {
                Act::Approve { by, campaign: campaign(back, &|one| one.status == Proposed) }
            }
            // One that collects only where nothing is proposed: else few would come about.
            Act::Reject { by, campaign: back } => {
                Act::Reject { by, campaign: campaign(back, &|one| one.status == Proposed) }
            }
            Act::Cancel { by, campaign: back } => {
                let number = campaign(back, &|one| [Proposed, Open].contains(&one.status));
                Act::Cancel { by: by.or(Some(self.borrower(number))), campaign: number }
            }
            Act::Invest { by, campaign: back, pay } => {
                // Also at its deadline, when it is just too late.
                let number = campaign(back, &|one| {
                    one.status == Open && one.missing() > 0 && self.clock.now <= one.deadline && one.borrower != by
                });
                let missing = self.campaign(number).map_or(1, Campaign::missing);
                let pay = match pay {
                    Pay::Percent(part) => Pay::Units((missing * part).div_ceil(100)),
                    units => units,
                };
                Act::Invest { by, campaign: number, pay }
            }
            Act::AskClose { by, campaign: back } => {
                let number = campaign(back, &|one| one.status == Open && one.missing() == 0);
                Act::AskClose { by: by.or(Some(self.borrower(number))), campaign: number }
            }
            Act::Unlock { case: back } => {
                let is_open = |case: &Case| case.status == CaseStatus::Open && self.clock.now < case.expires;
                Act::Unlock { case: pick(&self.cases, back, is_open) }
            }
            Act::Refund { by, campaign: back } => {
                let fits = |one: &Campaign| one.status != CampaignStatus::Funded && one.shares.contains_key(&by);
                Act::Refund { by, campaign: campaign(back, &fits) }
            }
            Act::Claim { by, campaign: back } => {
                let fits = |one: &Campaign| one.repaid > one.claimed && one.shares.contains_key(&by);
                Act::Claim { by, campaign: campaign(back, &fits) }
            }
            Act::Repay { by, loan: back, pay } => {
                let number = loan(back, &[LoanStatus::Active, LoanStatus::Delinquent]);
                Act::Repay { by, loan: number, pay: part(number, pay) }
            }
            Act::Recover { by, loan: back, pay } => {
                let number = loan(back, &[LoanStatus::Defaulted, LoanStatus::WrittenOff]);
                Act::Recover { by, loan: number, pay: part(number, pay) }
            }
            Act::MarkDelinquent { loan: back } => Act::MarkDelinquent { loan: loan(back, &[LoanStatus::Active]) },
            Act::MarkDefaulted { loan: back } => Act::MarkDefaulted { loan: loan(back, &[LoanStatus::Delinquent]) },
            Act::WriteOff { by, loan: back } => Act::WriteOff { by, loan: loan(back, &[LoanStatus::Defaulted]) },
            Act::WaitFor { campaign: back, funded, days, early } => {
                let loan_of =
                    |one: &Campaign| self.loans.get((one.loan as usize).wrapping_sub(1)).map(|(_, loan)| loan);
                let number = campaign(back, &|one| match loan_of(one) {
                    Some(loan) => funded && loan.status != LoanStatus::Closed,
                    None => !funded && one.status == Open,
                });
                let end = self.campaign(number).map_or(1, |one| match loan_of(one) {
                    Some(loan) => loan.date(loan.months, &self.clock) + days * DAY,
                    None => one.end(),
                });
                let by = (end - u64::from(early)).saturating_sub(self.clock.now);
                Act::Wait { by: if (1..=70 * DAY).contains(&by) { by } else { DAY } }
            }
            other => other,
        }
    }

    /// Does a resolved act, or says why it cannot be done. Then nothing of this model is to be used any more.
    pub fn apply(&mut self, act: &Act) -> Result<(), Error> {
        let clock = self.clock;
        match *act {
            Act::Propose { by, target, minimum, days } => self.propose(by, target, minimum, days),
            Act::Approve { by, campaign } => {
                self.must_run()?;
                let found = self.judged_by(by, campaign, &[CampaignStatus::Proposed])?;
                if clock.now >= found.deadline {
                    return Err(CampaignRefusal::TooLate { deadline: found.deadline }.into());
                }
                found.status = CampaignStatus::Open;
                Ok(())
            }
            Act::Reject { by, campaign } => {
                let going = [CampaignStatus::Proposed, CampaignStatus::Open];
                self.judged_by(by, campaign, &going)?.status = CampaignStatus::Rejected;
                Ok(())
            }
            Act::Cancel { by, campaign } => {
                let found = self.campaign_mut(campaign)?;
                if by != Some(found.borrower) {
                    return Err(Error::NotYours);
                }
                found.must_be(&[CampaignStatus::Proposed, CampaignStatus::Open])?;
                found.status = CampaignStatus::Cancelled;
                Ok(())
            }
            Act::Invest { by, campaign, pay } => self.invest(by, campaign, pay),
            Act::AskClose { by, campaign } => {
                let by = by.unwrap_or_default();
                self.must_run()?;
                self.must_close(by, campaign)?;
                self.cases.push(Case { by, campaign, status: CaseStatus::Open, expires: clock.now + VALIDITY });
                Ok(())
            }
            Act::Unlock { case } => self.unlock(case),
            Act::Refund { by, campaign } => {
                let found = self.campaign_mut(campaign)?;
                if found.status == CampaignStatus::Open {
                    let until = found.end();
                    if clock.now < until {
                        return Err(CampaignRefusal::StillGoing { until }.into());
                    }
                    found.status = CampaignStatus::Failed;
                }
                found.must_be(&[CampaignStatus::Rejected, CampaignStatus::Cancelled, CampaignStatus::Failed])?;
                let [amount, _] = found.shares.remove(&by).ok_or(CampaignRefusal::NothingToTake)?;
                self.transfer(CONTRACT, by, amount)
            }
            Act::Claim { by, campaign } => self.claim(by, campaign),
            Act::Repay { by, loan, pay } => self.pay(by, loan, pay, |loan, amount| loan.repay(amount, &clock)),
            Act::Recover { by, loan, pay } => self.pay(by, loan, pay, |loan, amount| loan.recover(amount, &clock)),
            Act::MarkDelinquent { loan } => Ok(self.loan(loan)?.1.mark_delinquent(&clock)?),
            Act::MarkDefaulted { loan } => Ok(self.loan(loan)?.1.mark_defaulted(&clock)?),
            Act::WriteOff { by, loan } => {
                let (_, found) = self.loan(loan)?;
                if by != OFFICER {
                    return Err(Error::NotAllowed);
                }
                Ok(found.write_off()?)
            }
            Act::Stand { who } => {
                self.suspended[who] ^= true;
                Ok(())
            }
            Act::Gift { amount } => {
                self.gifts += amount;
                self.transfer(GIVER, CONTRACT, amount)
            }
            Act::Pause | Act::Unpause => {
                self.paused = matches!(act, Act::Pause);
                Ok(())
            }
            Act::Wait { by } => {
                let from = clock.now;
                self.clock.now += by;
                self.clock.pauses += if self.paused { by } else { 0 };
                for (_, loan) in &mut self.loans {
                    loan.passes(from, &self.clock);
                }
                Ok(())
            }
            Act::WaitFor { .. } => unreachable!("it was resolved"),
        }
    }

    fn must_run(&self) -> Result<(), Error> {
        match self.paused {
            true => Err(Error::Paused),
            false => Ok(()),
        }
    }

    fn transfer(&mut self, from: usize, to: usize, wanted: Balance) -> Result<(), Error> {
        let available = self.money.get(&from).copied().unwrap_or_default();
        if available < wanted {
            return Err(Error::Ledger(LedgerError::Amount(AmountError::Insufficient { available, wanted })));
        }
        *self.money.entry(from).or_default() -= wanted;
        *self.money.entry(to).or_default() += wanted;
        Ok(())
    }

    fn must_borrow_again(&self, by: usize) -> Result<(), Error> {
        let from = self.latest.get(&by).map_or(0, |latest| add_months(*latest, AGAIN));
        match self.clock.now < from {
            true => Err(LoanRefusal::TooSoon { from }.into()),
            false => Ok(()),
        }
    }

    fn propose(&mut self, by: usize, target: Balance, minimum: Balance, days: u64) -> Result<(), Error> {
        self.must_run()?;
        if self.is_suspended(by) {
            return Err(Error::NotAllowed);
        }
        Pay::Units(target).units()?;
        self.must_borrow_again(by)?;
        if minimum == 0 || minimum > target {
            return Err(CampaignRefusal::BadMinimum.into());
        }
        if target > MOST {
            return Err(CampaignRefusal::OverRating { most: MOST, wanted: target }.into());
        }
        let deadline = self.clock.now + days * DAY;
        if !(1..=366).contains(&days) {
            return Err(CampaignRefusal::BadDeadline { deadline }.into());
        }
        self.campaigns.push(Campaign {
            borrower: by,
            target,
            minimum,
            deadline,
            reached_at: 0,
            status: CampaignStatus::Proposed,
            loan: 0,
            repaid: 0,
            shares: BTreeMap::new(),
            claimed: 0,
        });
        Ok(())
    }

    fn judged_by(&mut self, by: usize, campaign: u64, wanted: &[CampaignStatus]) -> Result<&mut Campaign, Error> {
        if by != OFFICER {
            return Err(Error::NotAllowed);
        }
        let found = self.campaign_mut(campaign)?;
        found.must_be(wanted)?;
        Ok(found)
    }

    fn invest(&mut self, by: usize, campaign: u64, pay: Pay) -> Result<(), Error> {
        self.must_run()?;
        if !INVESTORS.contains(&by) || self.is_suspended(by) {
            return Err(Error::NotAllowed);
        }
        let now = self.clock.now;
        let found = self.campaign_mut(campaign)?;
        let amount = pay.units()?;
        found.must_be(&[CampaignStatus::Open])?;
        let (missing, minimum, deadline) = (found.missing(), found.minimum, found.deadline);
        if now >= deadline {
            return Err(CampaignRefusal::TooLate { deadline }.into());
        }
        if by == found.borrower {
            return Err(CampaignRefusal::OwnCampaign.into());
        }
        if amount > missing {
            return Err(CampaignRefusal::OverTarget { missing }.into());
        }
        if amount < minimum && amount < missing {
            return Err(CampaignRefusal::BelowMinimum { minimum }.into());
        }
        found.shares.entry(by).or_default()[0] += amount;
        found.reached_at = if amount == missing { now } else { 0 };
        self.transfer(by, CONTRACT, amount)
    }

    fn must_close(&self, by: usize, campaign: u64) -> Result<(), Error> {
        let found = self.campaign(campaign)?;
        if found.borrower != by {
            return Err(Error::NotYours);
        }
        found.must_be(&[CampaignStatus::Open])?;
        if found.missing() > 0 {
            return Err(CampaignRefusal::NotReached { missing: found.missing() }.into());
        }
        if self.clock.now >= found.end() {
            return Err(CampaignRefusal::TooLate { deadline: found.end() }.into());
        }
        if self.is_suspended(by) {
            return Err(Error::NotEligible { applicant: self.people[by] });
        }
        self.must_borrow_again(by)
    }

    fn unlock(&mut self, number: u64) -> Result<(), Error> {
        let found = self.cases.get((number as usize).wrapping_sub(1)).ok_or(Error::UnknownCase { case: number })?;
        let Case { by, campaign, status, expires } = found.clone();
        self.must_run()?;
        if status != CaseStatus::Open {
            return Err(CaseRefusal::NotOpen { status }.into());
        }
        if self.clock.now >= expires {
            return Err(CaseRefusal::TooLate { expires }.into());
        }
        self.must_close(by, campaign)?;
        self.cases[number as usize - 1].status = CaseStatus::Executed;
        let (clock, loan) = (self.clock, self.loans.len() as u64 + 1);
        let found = self.campaign_mut(campaign)?;
        (found.status, found.loan) = (CampaignStatus::Funded, loan);
        let target = found.target;
        self.transfer(CONTRACT, by, target)?;
        self.loans.push((campaign, Loan::open(RULES, target, MONTHS, &clock)));
        self.latest.insert(by, clock.now);
        Ok(())
    }

    fn claim(&mut self, by: usize, campaign: u64) -> Result<(), Error> {
        let loan = self.campaign(campaign)?.loan;
        let ended = self.loan(loan).is_ok_and(|(_, loan)| loan.status == LoanStatus::Closed);
        let found = self.campaign_mut(campaign)?;
        found.must_be(&[CampaignStatus::Funded])?;
        let is_last = ended && found.shares.len() == 1;
        let [share, taken] = *found.shares.get(&by).ok_or(CampaignRefusal::NothingToTake)?;
        let amount = match is_last {
            true => found.repaid - found.claimed,
            false => found.repaid * share / found.target - taken,
        };
        match (ended, amount) {
            (true, _) => drop(found.shares.remove(&by)),
            (false, 0) => return Err(CampaignRefusal::NothingToTake.into()),
            _ => drop(found.shares.insert(by, [share, taken + amount])),
        }
        found.claimed += amount;
        assert!(found.claimed <= found.repaid, "claims are never more than repayments");
        self.transfer(CONTRACT, by, amount)
    }

    fn pay(
        &mut self,
        by: usize,
        loan: u64,
        pay: Pay,
        settle: impl Fn(&mut Loan, Balance) -> Result<[Balance; 3], LoanRefusal>,
    ) -> Result<(), Error> {
        let campaign = self.loan(loan)?.0;
        if by != self.borrower(campaign) && self.is_suspended(by) {
            return Err(Error::NotAllowed);
        }
        let (_, found) = self.loan(loan)?;
        let taken = settle(found, pay.units()?)?.iter().sum();
        self.campaign_mut(campaign)?.repaid += taken;
        self.transfer(by, CONTRACT, taken)
    }
}
