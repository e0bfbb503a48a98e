//! A plain model of welfare: the list of all that happened, and what each message must therefore answer. Sums of money,
//! standings and cases are found in that list, each time anew.

mod answers;
mod hints;
mod money;
pub mod papers;
mod story;

pub use answers::sealed_cid;
pub use hints::who;

use crate::steps::{BANKS, CITIZENS, EMPLOYERS, GOVERNMENTS, LAST, PAYER, REGULATOR, REVIEWERS, REVIEWING};
use amanah_domain::{
    ids::ParticipantId,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{CARDS_END, START};
use amanah_interfaces::{
    welfare::{Benefit, BenefitCase, BenefitStatus, Certificate, Error, Payout, Scheme},
    Balance,
};
use papers::{templates, Family};
use story::{Case, Story};

/// Owners of money beside the people: the welfare contract, and whoever has what was not issued yet.
pub const CONTRACT: ParticipantId = 1 << 32;
const NOWHERE: ParticipantId = 1 << 33;
/// When the card of the last but one citizen ends.
pub const EARLY_END: Millis = START + 75 * DAY;

/// Something that happened outside of cases.
#[derive(Clone, Debug)]
pub enum Fact {
    // From whom, to whom, at which bank, how much; was it taken by the contract, within what it may?
    Moved { from: ParticipantId, to: ParticipantId, bank: usize, amount: Balance, taken: bool },
    Approved { who: ParticipantId, bank: usize, amount: Balance },
    // A participant was suspended, blacklisted, lost a role; or the other way round.
    Stood { who: ParticipantId },
    Blacklisted { who: ParticipantId },
    ChangedRole { who: ParticipantId, role: Role },
    Paused(bool),
}

/// A scheme: of which template, whose, who pays, and has it agreed?
#[derive(Clone, Debug)]
pub struct Opened {
    pub template: usize,
    pub owner: ParticipantId,
    pub payer: ParticipantId,
    pub agreed: bool,
    pub retired: bool,
}

#[derive(Clone, Debug)]
pub struct Model {
    templates: Vec<(Family, usize, Scheme)>,
    pub now: Millis,
    facts: Vec<Fact>,
    pub schemes: Vec<Opened>,
    pub cases: Vec<Case>,
    pub vouchers: Vec<ParticipantId>,
}

fn at<T>(all: &[T], number: u64) -> Option<&T> {
    all.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

impl Model {
    pub fn new() -> Self {
        let usual = |template| Opened { template, owner: GOVERNMENTS[0], payer: PAYER, agreed: true, retired: false };
        Self {
            templates: templates(),
            now: START,
            facts: Vec::new(),
            schemes: (0..4).map(usual).collect(),
            cases: Vec::new(),
            vouchers: Vec::new(),
        }
    }

    // ---- what the list says ----

    fn count(&self, is_one: impl Fn(&Fact) -> bool) -> usize {
        self.facts.iter().filter(|fact| is_one(fact)).count()
    }

    pub fn is_paused(&self) -> bool {
        let paused = self.facts.iter().rev().find_map(|fact| match fact {
            Fact::Paused(paused) => Some(*paused),
            _ => None,
        });
        paused.unwrap_or(false)
    }

    pub fn is_suspended(&self, who: ParticipantId) -> bool {
        self.count(|fact| matches!(fact, Fact::Stood { who: of } if *of == who)) % 2 == 1
    }

    pub fn is_blacklisted(&self, who: ParticipantId) -> bool {
        self.count(|fact| matches!(fact, Fact::Blacklisted { who: of } if *of == who)) % 2 == 1
    }

    pub fn holds(&self, who: ParticipantId, role: Role) -> bool {
        let held_at_first = match role {
            Role::Government => GOVERNMENTS.contains(&who),
            Role::Regulator => who == REGULATOR,
            Role::Bank => BANKS.contains(&who),
            Role::Citizen => CITIZENS.contains(&who),
            Role::Employer => EMPLOYERS.contains(&who),
            role => REVIEWERS.contains(&who) && REVIEWING.contains(&role),
        };
        let changes = self
            .count(|fact| matches!(fact, Fact::ChangedRole { who: of, role: other } if (*of, *other) == (who, role)));
        held_at_first ^ (changes % 2 == 1)
    }

    fn is_active(&self, who: ParticipantId) -> bool {
        (1..=LAST).contains(&who) && !self.is_suspended(who)
    }

    fn acts_as(&self, who: ParticipantId, role: Role) -> bool {
        self.is_active(who) && self.holds(who, role)
    }

    fn has_valid_card(&self, who: ParticipantId) -> bool {
        self.now < if who == CITIZENS[2] { EARLY_END } else { CARDS_END }
    }

    /// What somebody owns of a bank's money.
    pub fn money(&self, who: ParticipantId, of_bank: usize) -> Balance {
        let sum = |side: fn(&Fact) -> Option<(ParticipantId, usize, Balance)>| -> Balance {
            let moved = self.facts.iter().filter_map(side);
            moved.filter(|(owner, bank, _)| (*owner, *bank) == (who, of_bank)).map(|(_, _, amount)| amount).sum()
        };
        let got = sum(|fact| match *fact {
            Fact::Moved { to, bank, amount, .. } => Some((to, bank, amount)),
            _ => None,
        });
        let gave = sum(|fact| match *fact {
            Fact::Moved { from, bank, amount, .. } => Some((from, bank, amount)),
            _ => None,
        });
        got - gave
    }

    /// All that a bank has issued.
    pub fn supply(&self, of_bank: usize) -> Balance {
        let issued = self.facts.iter().map(|fact| match *fact {
            Fact::Moved { from: NOWHERE, bank, amount, .. } if bank == of_bank => amount,
            _ => 0,
        });
        issued.sum()
    }

    /// What the contract was given and owes to nobody.
    pub fn gifts(&self, of_bank: usize) -> Balance {
        let given = self.facts.iter().map(|fact| match *fact {
            Fact::Moved { to: CONTRACT, bank, amount, taken: false, .. } if bank == of_bank => amount,
            _ => 0,
        });
        given.sum()
    }

    /// What the contract may still take of somebody's money.
    fn allowance(&self, of: ParticipantId, of_bank: usize) -> Balance {
        let mut left = 0;
        for fact in &self.facts {
            match *fact {
                Fact::Approved { who, bank, amount } if (who, bank) == (of, of_bank) => left = amount,
                Fact::Moved { from, bank, amount, taken: true, .. } if (from, bank) == (of, of_bank) => left -= amount,
                _ => {}
            }
        }
        left
    }

    /// What the contract owes to somebody: all benefits that were paid to it as money, without what it took out.
    pub fn credit(&self, of: ParticipantId, of_bank: usize) -> Balance {
        let cases = (1..=self.cases.len() as u64).filter(|case| self.bank(*case) == of_bank);
        let own = cases.filter_map(|case| self.story(case).ok()).filter(|(case, story)| {
            case.applicant == of && story.scheme.benefit != Benefit::Nothing && story.scheme.payout == Payout::Money
        });
        let taken = self.facts.iter().map(|fact| match *fact {
            Fact::Moved { from: CONTRACT, to, bank, amount, .. } if (to, bank) == (of, of_bank) => amount,
            _ => 0,
        });
        own.map(|(_, story)| story.sum()).sum::<Balance>() - taken.sum::<Balance>()
    }

    fn opened(&self, scheme: u64) -> Result<&Opened, Error> {
        at(&self.schemes, scheme).ok_or(Error::UnknownScheme { scheme: scheme as u32 })
    }

    pub fn story(&self, number: u64) -> Result<(&Case, Story<'_>), Error> {
        let case = at(&self.cases, number).ok_or(Error::UnknownCase { case: number })?;
        let (family, _, scheme) = self.template(case.scheme);
        Ok((case, Story { family: *family, scheme, told: &case.told }))
    }

    pub fn template(&self, scheme: u64) -> &(Family, usize, Scheme) {
        &self.templates[at(&self.schemes, scheme).map_or(0, |opened| opened.template)]
    }

    pub fn terms(&self, template: usize) -> &(Family, usize, Scheme) {
        &self.templates[template]
    }

    /// What a form for a case must look like.
    pub fn family_of(&self, case: u64) -> Family {
        self.story(case).map_or(Family::Injury, |(_, story)| story.family)
    }

    fn bank(&self, case: u64) -> usize {
        self.story(case).map_or(0, |(case, _)| self.template(case.scheme).1)
    }

    fn is(&self, case: u64, status: BenefitStatus) -> bool {
        self.story(case).is_ok_and(|(_, story)| story.status() == status)
    }

    /// Has somebody a benefit, not ended, beside which there can be no other?
    fn has_exclusive(&self, applicant: ParticipantId) -> bool {
        let stories = (1..=self.cases.len() as u64).filter_map(|case| self.story(case).ok());
        stories
            .filter(|(case, _)| case.applicant == applicant)
            .any(|(_, story)| story.scheme.exclusive && story.goes_on())
    }

    /// The record as it must be stored.
    pub fn record(&self, number: u64) -> BenefitCase {
        let (case, story) = self.story(number).expect("the case is there");
        let earlier = self.cases.iter().zip(1..number).filter(|(other, _)| other.applicant == case.applicant);
        story.record(case, earlier.map(|(_, number)| number).last().unwrap_or(0))
    }

    pub fn certificate(&self, number: u64) -> Option<Certificate> {
        let (case, story) = self.story(number).ok()?;
        Some(Certificate {
            since: story.granted()?,
            scheme: case.scheme as u32,
            participant: case.applicant,
            is_valid: story.status() == BenefitStatus::Running && story.is_certified(self.now),
            amount: story.amount(),
            sum: story.sum(),
        })
    }

    pub fn next_due(&self, number: u64) -> Option<Millis> {
        let (_, story) = self.story(number).ok()?;
        (story.status() == BenefitStatus::Running).then(|| story.due(story.paid() + 1))
    }

    /// The cases that wait for a role.
    pub fn worklist(&self, role: Role) -> Vec<u64> {
        let waits = |case: &u64| self.is(*case, BenefitStatus::Review) && self.story(*case).unwrap().1.role() == role;
        (1..=self.cases.len() as u64).filter(waits).collect()
    }
}
