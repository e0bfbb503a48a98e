//! A plain model of lending by banks: who may do what, what each message answers, and whose the money is.

use crate::{
    loans_steps::Act,
    machine::{pick, Pay, PLAIN},
    one_loan::{Loan, Rules},
};
use amanah_domain::{
    calendar::add_months,
    ids::ParticipantId,
    lending::Clock,
    money::AmountError,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::lending::VALIDITY;
use amanah_interfaces::{
    ledger::Error as LedgerError,
    loan::{CaseRefusal, CaseStatus, ChallengeRefusal, Error, LoanRefusal, LoanStatus, Method, Order, ProductRefusal},
    Balance,
};
use std::collections::BTreeMap;

/// The cast, by place: two banks, three borrowers, the department, somebody with little money, two regulators.
pub const BANKS: [usize; 2] = [0, 1];
pub const BORROWERS: [usize; 3] = [2, 3, 4];
pub const DEPARTMENT: usize = 5;
pub const POOR: usize = 6;
pub const REGULATORS: [usize; 2] = [7, 8];
/// The loan contract among those who have money.
pub const CONTRACT: usize = 9;

/// Whose product it is, after how many months another loan is possible, and its terms.
pub const PRODUCTS: [(usize, u16, Rules); 3] = [
    (0, 2, rules(3_650, Method::EqualPrincipal, Order::PrincipalFirst, [5, 30], 10, true)),
    (1, 1, rules(977, Method::EqualInstalments, Order::InterestFirst, [0, 20], 7, false)),
    (0, 0, rules(10_000, Method::Bullet, Order::PrincipalFirst, [2, 2], 3, false)),
];
pub const LIMIT: Balance = 2_000;
pub const MOST_MONTHS: u16 = 6;

const fn rules(
    rate: u32,
    method: Method,
    order: Order,
    [grace_days, default_after_days]: [u16; 2],
    late_fee: Balance,
    subsidised: bool,
) -> Rules {
    Rules { rate, method, order, grace_days, late_fee, default_after_days, subsidised }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Loan { product: usize, principal: Balance, months: u16 },
    Refund { loan: u64 },
    Schedule { loan: u64, months: u16 },
}

#[derive(Clone, Debug)]
pub struct Case {
    pub by: usize,
    pub asked: Asked,
    pub status: CaseStatus,
    pub expires: Millis,
}

#[derive(Clone, Debug)]
pub struct Lent {
    pub borrower: usize,
    pub bank: usize,
    pub loan: Loan,
}

#[derive(Clone, Debug)]
pub struct Model {
    /// Their numbers in the registry.
    pub people: Vec<ParticipantId>,
    pub clock: Clock,
    pub paused: bool,
    suspended: [bool; 3],
    /// By owner and bank.
    pub money: BTreeMap<(usize, usize), Balance>,
    pub credits: [Balance; 2],
    pub gifts: [Balance; 2],
    pub cases: Vec<Case>,
    pub loans: Vec<Lent>,
    /// When somebody's latest loan of a product began.
    latest: BTreeMap<(usize, usize), Millis>,
    /// By whom, and until when.
    challenges: BTreeMap<(bool, u64), (usize, Millis)>,
}

fn is_open(loan: &Lent) -> bool {
    matches!(loan.loan.status, LoanStatus::Active | LoanStatus::Delinquent)
}

fn is_called_in(loan: &Lent) -> bool {
    matches!(loan.loan.status, LoanStatus::Defaulted | LoanStatus::WrittenOff)
}

impl Model {
    pub fn new(people: Vec<ParticipantId>, now: Millis) -> Self {
        Self {
            people,
            clock: Clock { now, pauses: 0 },
            paused: false,
            suspended: [false; 3],
            money: BTreeMap::new(),
            credits: [0; 2],
            gifts: [0; 2],
            cases: Vec::new(),
            loans: Vec::new(),
            latest: BTreeMap::new(),
            challenges: BTreeMap::new(),
        }
    }

    pub fn lent(&self, number: u64) -> Result<&Lent, Error> {
        let at = (number as usize).wrapping_sub(1);
        self.loans.get(at).ok_or(Error::UnknownLoan { loan: number })
    }

    fn lent_mut(&mut self, number: u64) -> Result<&mut Lent, Error> {
        let at = (number as usize).wrapping_sub(1);
        self.loans.get_mut(at).ok_or(Error::UnknownLoan { loan: number })
    }

    /// The act with numbers instead of hints.
    pub fn resolve(&self, act: &Act) -> Act {
        let loan = |back, fits: fn(&Lent) -> bool| pick(&self.loans, back, fits);
        let now = self.clock.now;
        let case = |back| pick(&self.cases, back, |case| case.status == CaseStatus::Open && now < case.expires);
        let borrower = |loan| self.lent(loan).map_or(BORROWERS[0], |lent| lent.borrower);
        let pay = |loan, pay| match pay {
            Pay::Percent(part) => {
                let owed = self.lent(loan).map_or(1, |lent| lent.loan.by_borrower());
                Pay::Units((owed * part).div_ceil(100))
            }
            units => units,
        };
        match *act {
            Act::AskRefund { by, loan: back } => {
                let loan = loan(back, |lent| lent.loan.rules.subsidised && lent.loan.owed()[3] > 0);
                Act::AskRefund { by: by.or(Some(borrower(loan))), loan }
            }
            Act::AskSchedule { by, loan: back, months } => {
                let loan = loan(back, |lent| is_open(lent) || lent.loan.status == LoanStatus::Defaulted);
                Act::AskSchedule { by: by.or(Some(borrower(loan))), loan, months }
            }
            Act::Unlock { case: back } => Act::Unlock { case: case(back) },
            Act::ExpireCase { case: back } => {
                Act::ExpireCase { case: pick(&self.cases, back, |case| case.status == CaseStatus::Open) }
            }
            Act::Repay { by, loan: back, pay: part } => {
                let loan = loan(back, is_open);
                Act::Repay { by, loan, pay: pay(loan, part) }
            }
            Act::Recover { by, loan: back, pay: part } => {
                let loan = loan(back, is_called_in);
                Act::Recover { by, loan, pay: pay(loan, part) }
            }
            Act::MarkDelinquent { loan: back } => {
                Act::MarkDelinquent { loan: loan(back, |lent| lent.loan.status == LoanStatus::Active) }
            }
            Act::MarkDefaulted { loan: back } => {
                Act::MarkDefaulted { loan: loan(back, |lent| lent.loan.status == LoanStatus::Delinquent) }
            }
            Act::WriteOff { by, loan: back } => {
                let loan = loan(back, |lent| lent.loan.status == LoanStatus::Defaulted);
                Act::WriteOff { by: by.or(Some(self.lent(loan).map_or(BANKS[0], |lent| lent.bank))), loan }
            }
            Act::Withdraw { by, bank, pay: Pay::Percent(part) } => {
                Act::Withdraw { by, bank, pay: Pay::Units((self.credits[bank] * part).div_ceil(100)) }
            }
            Act::Challenge { by, case: true, number } => Act::Challenge { by, case: true, number: case(number) },
            Act::Challenge { by, case: false, number } => {
                Act::Challenge { by, case: false, number: loan(number, is_open) }
            }
            Act::Resolve { matter: (case, back), upheld } => {
                let frozen: Vec<_> = self.challenges.iter().filter(|(_, (_, until))| self.clock.now < *until).collect();
                let chosen = (back as usize).checked_rem(frozen.len()).filter(|_| back < PLAIN);
                Act::Resolve { matter: chosen.map_or((case, back), |at| *frozen[at].0), upheld }
            }
            Act::WaitFor { loan: back, days, early } => {
                let number = loan(back, is_open);
                let date = self.lent(number).ok().and_then(|lent| {
                    let first = lent.loan.first_unmet()?;
                    Some(lent.loan.date(first, &self.clock) + u64::from(days) * DAY - u64::from(early))
                });
                let by = date.unwrap_or(0).saturating_sub(self.clock.now);
                Act::Wait { by: if (1..=70 * DAY).contains(&by) { by } else { DAY } }
            }
            other => other,
        }
    }

    /// Does a resolved act, or says why it cannot be done. Then nothing of this model is to be used any more.
    pub fn apply(&mut self, act: &Act) -> Result<(), Error> {
        let clock = self.clock;
        match *act {
            Act::Apply { by, product, principal, months } => self.lock(by, Asked::Loan { product, principal, months }),
            Act::AskRefund { by, loan } => self.lock(by.unwrap_or_default(), Asked::Refund { loan }),
            Act::AskSchedule { by, loan, months } => {
                self.lock(by.unwrap_or_default(), Asked::Schedule { loan, months })
            }
            Act::Unlock { case } => self.unlock(case),
            Act::ExpireCase { case } => {
                let found = self.case(case)?.clone();
                if found.status != CaseStatus::Open {
                    return Err(CaseRefusal::NotOpen { status: found.status }.into());
                }
                if clock.now < found.expires {
                    return Err(CaseRefusal::TooEarly { expires: found.expires }.into());
                }
                self.cases[case as usize - 1].status = CaseStatus::Expired;
                Ok(())
            }
            Act::Repay { by, loan, pay } => self.pay(by, loan, pay, |loan, amount| loan.repay(amount, &clock)),
            Act::Recover { by, loan, pay } => self.pay(by, loan, pay, |loan, amount| loan.recover(amount, &clock)),
            Act::MarkDelinquent { loan } => Ok(self.in_motion(loan)?.loan.mark_delinquent(&clock)?),
            Act::MarkDefaulted { loan } => Ok(self.in_motion(loan)?.loan.mark_defaulted(&clock)?),
            Act::WriteOff { by, loan } => {
                let lent = self.in_motion(loan)?;
                if by != Some(lent.bank) {
                    return Err(Error::NotAllowed);
                }
                Ok(lent.loan.write_off()?)
            }
            Act::Withdraw { by, bank, pay } => {
                let amount = pay.units()?;
                let available = if by == BANKS[bank] { self.credits[bank] } else { 0 };
                if available < amount {
                    return Err(AmountError::Insufficient { available, wanted: amount }.into());
                }
                self.credits[bank] -= amount;
                self.transfer(CONTRACT, by, bank, amount)
            }
            Act::Challenge { by, case, number } => {
                match case {
                    true => drop(self.case(number)?),
                    false => drop(self.lent(number)?),
                }
                self.must_not_be_frozen(case, number)?;
                if self.challenges.get(&(case, number)).is_some_and(|(latest, _)| *latest == by) {
                    return Err(ChallengeRefusal::Repeated.into());
                }
                self.challenges.insert((case, number), (by, clock.now + 30 * DAY));
                Ok(())
            }
            Act::Resolve { matter, upheld } => {
                let found = self.challenges.get_mut(&matter).filter(|(_, until)| clock.now < *until);
                let (by, until) = found.ok_or(ChallengeRefusal::NotFrozen)?;
                if upheld && *by == REGULATORS[0] {
                    return Err(ChallengeRefusal::Own.into());
                }
                *until = if upheld { Millis::MAX } else { 0 };
                Ok(())
            }
            Act::Stand { who } => {
                self.suspended[who - BORROWERS[0]] ^= true;
                Ok(())
            }
            Act::Gift { bank, amount } => {
                self.gifts[bank] += amount;
                self.transfer(REGULATORS[0], CONTRACT, bank, amount)
            }
            Act::Pause | Act::Unpause => {
                self.paused = matches!(act, Act::Pause);
                Ok(())
            }
            Act::Wait { by } => {
                self.pass(by);
                Ok(())
            }
            Act::WaitFor { .. } => unreachable!("it was resolved"),
        }
    }

    fn pass(&mut self, by: Millis) {
        let from = self.clock.now;
        self.clock.now += by;
        self.clock.pauses += if self.paused { by } else { 0 };
        for lent in &mut self.loans {
            lent.loan.passes(from, &self.clock);
        }
    }

    pub fn is_suspended(&self, who: usize) -> bool {
        self.suspended[who - BORROWERS[0]]
    }

    fn must_be_active(&self, who: usize) -> Result<(), Error> {
        match self.is_suspended(who) {
            true => Err(Error::NotEligible { applicant: self.people[who] }),
            false => Ok(()),
        }
    }

    fn case(&self, number: u64) -> Result<&Case, Error> {
        self.cases.get((number as usize).wrapping_sub(1)).ok_or(Error::UnknownCase { case: number })
    }

    fn must_not_be_frozen(&self, case: bool, number: u64) -> Result<(), Error> {
        match self.challenges.get(&(case, number)) {
            Some((_, until)) if self.clock.now < *until => Err(ChallengeRefusal::Frozen { until: *until }.into()),
            _ => Ok(()),
        }
    }

    fn in_motion(&mut self, loan: u64) -> Result<&mut Lent, Error> {
        self.lent(loan)?;
        self.must_not_be_frozen(false, loan)?;
        self.lent_mut(loan)
    }

    fn transfer(&mut self, from: usize, to: usize, bank: usize, wanted: Balance) -> Result<(), Error> {
        let available = self.money.get(&(from, bank)).copied().unwrap_or_default();
        if available < wanted {
            return Err(Error::Ledger(LedgerError::Amount(AmountError::Insufficient { available, wanted })));
        }
        *self.money.entry((from, bank)).or_default() -= wanted;
        *self.money.entry((to, bank)).or_default() += wanted;
        Ok(())
    }

    fn pay(
        &mut self,
        by: usize,
        loan: u64,
        pay: Pay,
        settle: impl Fn(&mut Loan, Balance) -> Result<[Balance; 3], LoanRefusal>,
    ) -> Result<(), Error> {
        let borrower = self.lent(loan)?.borrower;
        if by != borrower && BORROWERS.contains(&by) && self.is_suspended(by) {
            return Err(Error::NotAllowed);
        }
        let lent = self.lent_mut(loan)?;
        let bank = lent.bank;
        let taken = settle(&mut lent.loan, pay.units()?)?.iter().sum();
        self.credits[bank] += taken;
        self.transfer(by, CONTRACT, bank, taken)
    }

    fn must_run(&self, asked: Asked) -> Result<(), Error> {
        match asked {
            Asked::Refund { .. } => Ok(()),
            _ if self.paused => Err(Error::Paused),
            _ => Ok(()),
        }
    }

    fn lock(&mut self, by: usize, asked: Asked) -> Result<(), Error> {
        self.must_run(asked)?;
        self.must_fit(by, asked)?;
        self.cases.push(Case { by, asked, status: CaseStatus::Open, expires: self.clock.now + VALIDITY });
        Ok(())
    }

    fn must_fit(&mut self, by: usize, asked: Asked) -> Result<(), Error> {
        match asked {
            Asked::Loan { product, principal, months } => {
                Pay::Units(principal).units()?;
                if principal > LIMIT {
                    return Err(ProductRefusal::OverLimit { most: LIMIT, wanted: principal }.into());
                }
                if !(1..=MOST_MONTHS).contains(&months) {
                    return Err(ProductRefusal::BadMonths { most: MOST_MONTHS, wanted: months }.into());
                }
                self.must_be_active(by)?;
                let Some(latest) = self.latest.get(&(product, by)) else { return Ok(()) };
                let from = match PRODUCTS[product].1 {
                    0 => Millis::MAX,
                    months => add_months(*latest, months),
                };
                match self.clock.now < from {
                    true => Err(LoanRefusal::TooSoon { from }.into()),
                    false => Ok(()),
                }
            }
            Asked::Refund { loan } | Asked::Schedule { loan, .. } => {
                if let Asked::Schedule { .. } = asked {
                    self.must_be_active(by)?;
                }
                let lent = self.in_motion(loan)?;
                if lent.borrower != by {
                    return Err(Error::NotYours);
                }
                match asked {
                    Asked::Refund { .. } if !lent.loan.rules.subsidised => {
                        Err(Error::WrongGrantor { role: Role::FinancialDepartment })
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    fn unlock(&mut self, number: u64) -> Result<(), Error> {
        let Case { by, asked, status, expires } = self.case(number)?.clone();
        self.must_run(asked)?;
        if status != CaseStatus::Open {
            return Err(CaseRefusal::NotOpen { status }.into());
        }
        if self.clock.now >= expires {
            return Err(CaseRefusal::TooLate { expires }.into());
        }
        self.must_not_be_frozen(true, number)?;
        self.must_fit(by, asked)?;
        self.cases[number as usize - 1].status = CaseStatus::Executed;
        let clock = self.clock;
        match asked {
            Asked::Loan { product, principal, months } => {
                let (bank, _, rules) = PRODUCTS[product];
                self.transfer(BANKS[bank], by, bank, principal)?;
                let loan = Loan::open(rules, principal, months, &clock);
                self.loans.push(Lent { borrower: by, bank, loan });
                self.latest.insert((product, by), clock.now);
                Ok(())
            }
            Asked::Refund { loan } => {
                let lent = self.lent_mut(loan)?;
                let (amount, bank) = (lent.loan.refund(&clock)?, lent.bank);
                self.credits[bank] += amount;
                self.transfer(DEPARTMENT, CONTRACT, bank, amount)
            }
            Asked::Schedule { loan, months } => Ok(self.lent_mut(loan)?.loan.reschedule(months, &clock)?),
        }
    }
}
