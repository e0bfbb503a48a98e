//! What is paid and collected, and why it cannot be.

use super::{
    answers::{must, Answer},
    story::{Story, What},
    Fact, Model, CONTRACT,
};
use crate::steps::STRANGER;
use amanah_domain::{ids::ParticipantId, money::AmountError};
use amanah_interfaces::{
    ledger::Error as LedgerError,
    voucher::Error as VoucherError,
    welfare::{Benefit, BenefitRefusal, BenefitStatus, Error, Payout},
    Balance,
};

impl Model {
    /// The contract takes somebody's money, within what it may.
    fn take(&mut self, from: ParticipantId, to: ParticipantId, bank: usize, wanted: Balance) -> Answer {
        if wanted == 0 {
            return Ok(());
        }
        let allowed = self.allowance(from, bank);
        must(wanted <= allowed, Error::Ledger(LedgerError::Allowance { allowed, wanted }))?;
        let available = self.money(from, bank);
        let short = LedgerError::Amount(AmountError::Insufficient { available, wanted });
        must(wanted <= available, Error::Ledger(short))?;
        self.fact(Fact::Moved { from, to, bank, amount: wanted, taken: true })
    }

    fn must_be_due(&self, story: Story, period: u16) -> Answer {
        let next = story.paid() + 1;
        must(usize::from(period) == next, BenefitRefusal::WrongPeriod { next: next as u16 })?;
        must(self.now >= story.due(next), BenefitRefusal::TooEarly { from: story.due(next) })?;
        must(story.is_certified(self.now), BenefitRefusal::Uncertified { at: story.certified_until() })
    }

    pub fn pay(&mut self, number: u64, period: u16) -> Answer {
        self.must_be(number, &[BenefitStatus::Running])?;
        let (case, story) = self.story(number)?;
        must(story.scheme.benefit != Benefit::Nothing, BenefitRefusal::NothingToPay)?;
        self.must_be_due(story, period)?;
        let (holder, amount, payer) = (case.applicant, story.amount(), self.opened(case.scheme)?.payer);
        if let Payout::Voucher { .. } = story.scheme.payout {
            self.must_be_in_good_standing(holder)?;
            let refused = VoucherError::HolderNotEligible { participant: holder };
            must(self.may_benefit(holder), Error::Voucher(refused))?;
            self.vouchers.push(holder);
        } else {
            self.must_be_in_good_standing(payer)?;
            self.take(payer, CONTRACT, self.bank(number), amount)?;
        }
        self.tell(number, STRANGER, What::Paid(amount))
    }

    pub fn collect(&mut self, number: u64, period: u16) -> Answer {
        self.must_be(number, &[BenefitStatus::Running])?;
        let (case, story) = self.story(number)?;
        must(story.scheme.benefit == Benefit::Nothing, BenefitRefusal::NothingToCollect)?;
        self.must_be_due(story, period)?;
        let (payer, insured, bank) = (self.opened(case.scheme)?.payer, case.applicant, self.bank(number));
        let (employer, agreed) = (story.form().employer, story.agreed_employer());
        let share = employer.map_or(0, |_| Balance::from(story.scheme.employer_share));
        let employers = story.amount() * share / 10_000;
        let own = story.amount() - employers;
        self.must_be_in_good_standing(payer)?;
        self.must_be_in_good_standing(insured)?;
        self.take(insured, payer, bank, own)?;
        if let (Some(employer), true) = (employer, employers > 0) {
            let has_agreed = agreed.is_some_and(|(by, most)| by == employer && most >= employers);
            must(has_agreed, Error::NotAgreed { payer: employer })?;
            self.must_be_in_good_standing(employer)?;
            self.take(employer, payer, bank, employers)?;
        }
        self.tell(number, STRANGER, What::Collected(own, employers))
    }
}
