//! From the grant to the end: what is due when, paying and collecting it, stopping it, certifying it anew.

use super::*;
use crate::{
    calendar::add_months,
    time::is_before,
    welfare::{premium, top_up, Judgement, Outcome},
};

impl BenefitCase {
    /// When this period (from 1) is due (milliseconds), whether or not there is such a period.
    pub fn due(&self, scheme: &Scheme, period: u16) -> Millis {
        let periods = u32::from(period.saturating_sub(1));
        match u16::try_from(periods.saturating_mul(scheme.period_months.into())) {
            Ok(months) => add_months(self.approved_at, months),
            Err(_) => Millis::MAX,
        }
    }

    /// When the next period is due (milliseconds); `None` unless Running, and when there are no more.
    pub fn next_due(&self, scheme: &Scheme) -> Option<Millis> {
        self.must_be(&[BenefitStatus::Running]).ok()?;
        self.next_period(scheme).map(|period| self.due(scheme, period))
    }

    /// Does its certificate count now, or does it need none? What is not granted has none.
    pub fn is_certified(&self, now: Millis) -> bool {
        self.approved_at != 0 && (self.certified_until == 0 || is_before(now, self.certified_until))
    }

    /// Pays this period (from 1): the case after it, and how much. The last one ends the case.
    ///
    /// # Errors
    /// `WrongStatus` unless Running, `NothingToPay`, `AllPaid`, `WrongPeriod`, `TooEarly`, `Uncertified`, `Amount`.
    pub fn pay(self, scheme: &Scheme, period: u16, now: Millis) -> Result<(Self, Amount), BenefitRefusal> {
        self.must_be(&[BenefitStatus::Running])?;
        if scheme.benefit == Benefit::Nothing {
            return Err(BenefitRefusal::NothingToPay);
        }
        let amount = self.amount;
        Ok((self.settled(scheme, period, now)?, amount))
    }

    /// Collects this period's premium (from 1): the case after it, the insured's share, and the employer's. The last one
    /// ends the case.
    ///
    /// # Errors
    /// As [`BenefitCase::pay`], with `NothingToCollect`.
    pub fn collect(self, scheme: &Scheme, period: u16, now: Millis) -> Result<(Self, Amount, Amount), BenefitRefusal> {
        self.must_be(&[BenefitStatus::Running])?;
        if scheme.benefit != Benefit::Nothing || self.amount.is_zero() {
            return Err(BenefitRefusal::NothingToCollect);
        }
        let (own, employers) = match self.form.employer {
            Some(_) => scheme.premium_shares(self.amount),
            None => (self.amount, Amount::ZERO),
        };
        Ok((self.settled(scheme, period, now)?, own, employers))
    }

    /// Stops it for a time.
    ///
    /// # Errors
    /// `WrongStatus` unless Running.
    pub fn suspend(self) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Running])?;
        Ok(Self { status: BenefitStatus::Suspended, ..self })
    }

    /// Lets it go on. After a recertification that failed, it must be certified anew before it is paid.
    ///
    /// # Errors
    /// `WrongStatus` unless Suspended.
    pub fn resume(self) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Suspended])?;
        Ok(Self { status: BenefitStatus::Running, ..self })
    }

    /// Ends it before its time.
    ///
    /// # Errors
    /// `WrongStatus` unless Running or Suspended.
    pub fn terminate(self) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Running, BenefitStatus::Suspended])?;
        Ok(Self { status: BenefitStatus::Ended, ..self })
    }

    /// The beneficiary hands in a new form, which the automatic check has judged. If it passes, the certificate counts anew
    /// from now, and the amount follows the form where the scheme says so, but never in the beneficiary's favour: no reviewer
    /// has seen this form, so it can lower a benefit and raise a premium, and no more. If it does not pass, the benefit is
    /// suspended and the certificate ends.
    ///
    /// # Errors
    /// `WrongStatus` unless Running, `NoAmount`, `Amount`.
    pub fn recertify(
        self,
        scheme: &Scheme,
        form: Form,
        judgement: &Judgement,
        now: Millis,
    ) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Running])?;
        let case = Self { form, reasons: judgement.reasons, missing: judgement.missing, ..self };
        match judgement.outcome {
            Outcome::Pass => {
                let held = case.amount;
                let case = case.certified(scheme, now)?;
                let amount = match scheme.benefit {
                    Benefit::Nothing => case.amount.max(held),
                    _ => case.amount.min(held),
                };
                Ok(Self { amount, ..case })
            }
            Outcome::Return | Outcome::Reject => {
                let certified_until = match case.certified_until {
                    0 => now,
                    until => until.min(now),
                };
                Ok(Self { status: BenefitStatus::Suspended, certified_until, ..case })
            }
        }
    }

    /// The employer's share of each premium: of the one that holds since the grant, before it of the one that follows from the
    /// form; nothing without an employer.
    pub fn employers_share(&self, scheme: &Scheme) -> Amount {
        if self.approved_at == 0 {
            return self.form.premium_shares(scheme).map_or(Amount::ZERO, |(_, employers)| employers);
        }
        match self.form.employer {
            Some(_) if scheme.rules.has_premium() => scheme.premium_shares(self.amount).1,
            _ => Amount::ZERO,
        }
    }

    /// With the amount that its form gives, certified from now on.
    pub(super) fn certified(self, scheme: &Scheme, now: Millis) -> Result<Self, BenefitRefusal> {
        let amount = self.amount_due(scheme)?;
        let certified_until = match scheme.recertify_months {
            0 => 0,
            months => add_months(now, months),
        };
        Ok(Self { amount, certified_until, ..self })
    }

    /// What a period pays, or of an insurance its premium.
    fn amount_due(&self, scheme: &Scheme) -> Result<Amount, BenefitRefusal> {
        let income = || self.form.income.ok_or(BenefitRefusal::NoAmount);
        let amount = match scheme.benefit {
            Benefit::Nothing if !scheme.rules.has_premium() => return Ok(Amount::ZERO),
            Benefit::Nothing => {
                // An appeal can bring a form here that the automatic check has rejected.
                let possible = scheme.rules.ratio_min..=scheme.rules.ratio_max;
                if !possible.contains(&self.form.ratio) {
                    return Err(BenefitRefusal::NoAmount);
                }
                premium(Amount::from_balance(income()?)?, self.form.ratio)?
            }
            Benefit::Fixed(amount) => amount,
            Benefit::TopUp { line } => top_up(line, self.form.household, income()?),
            Benefit::ByStage { .. } => self.amount,
        };
        match amount.is_zero() {
            true => Err(AmountError::Zero.into()),
            false => Ok(amount),
        }
    }

    /// The period that is to be paid next; `None` when there are no more.
    fn next_period(&self, scheme: &Scheme) -> Option<u16> {
        let next = self.paid.checked_add(1)?;
        (scheme.most_payments == 0 || next <= scheme.most_payments).then_some(next)
    }

    /// With this period done: it must be the next one, due, and certified.
    fn settled(self, scheme: &Scheme, period: u16, now: Millis) -> Result<Self, BenefitRefusal> {
        let next = self.next_period(scheme).ok_or(BenefitRefusal::AllPaid)?;
        if period != next {
            return Err(BenefitRefusal::WrongPeriod { next });
        }
        let from = self.due(scheme, period);
        if is_before(now, from) {
            return Err(BenefitRefusal::TooEarly { from });
        }
        if !self.is_certified(now) {
            return Err(BenefitRefusal::Uncertified { at: self.certified_until });
        }
        let sum = self.sum.plus(self.amount)?;
        let case = Self { paid: period, sum, ..self };
        match case.next_period(scheme) {
            Some(_) => Ok(case),
            None => Ok(Self { status: BenefitStatus::Ended, ..case }),
        }
    }
}
