//! From the application to the grant: the automatic check's outcome, decisions stage by stage, supplements, the appeal.

use super::*;
use crate::{
    time::{after, is_before, DAY},
    welfare::{Judgement, Outcome},
};

impl BenefitCase {
    /// A new case of this scheme's, whose form the automatic check has judged.
    pub fn opened(
        scheme: SchemeId,
        form: Form,
        judgement: &Judgement,
        applicant: ParticipantId,
        previous: WelfareCaseId,
        now: Millis,
    ) -> Self {
        let case = Self {
            scheme,
            applicant,
            form,
            round: 0,
            stage: 0,
            accepted: Vec::new(),
            status: BenefitStatus::Review,
            reasons: judgement.reasons,
            missing: judgement.missing,
            decided_by: 0,
            decided_at: 0,
            amount: Amount::ZERO,
            approved_at: 0,
            paid: 0,
            certified_until: 0,
            appealed: false,
            opened_at: now,
            previous,
            sum: Amount::ZERO,
        };
        case.judged(judgement, now)
    }

    /// The applicant hands in the whole form anew, which the automatic check has judged: a new round at the same stage, if
    /// it passes.
    ///
    /// # Errors
    /// `WrongStatus` unless Returned, `Corrupted`.
    pub fn supplement(
        self,
        scheme: &Scheme,
        form: Form,
        judgement: &Judgement,
        now: Millis,
    ) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Returned])?;
        let stage = self.stage;
        Ok(Self { form, ..self.heard_anew(scheme, stage)? }.judged(judgement, now))
    }

    /// May this reviewer decide now, as far as the record says? The role is the caller's to ask: [`BenefitCase::stage_of`].
    ///
    /// # Errors
    /// `WrongStatus` unless in Review, `OwnCase`, `AlreadyDecided`, `SameReviewer`.
    pub fn may_be_decided_by(&self, reviewer: ParticipantId) -> Result<(), BenefitRefusal> {
        self.must_be(&[BenefitStatus::Review])?;
        if reviewer == self.applicant {
            return Err(BenefitRefusal::OwnCase);
        }
        if self.accepted.contains(&reviewer) {
            return Err(BenefitRefusal::AlreadyDecided);
        }
        if self.appealed && reviewer == self.decided_by {
            return Err(BenefitRefusal::SameReviewer);
        }
        Ok(())
    }

    /// A member of the stage's role decides. `amount` is a period's benefit, given by who accepts a stage that sets it,
    /// and by nobody else; its members must agree on it. The last stage's acceptance grants the benefit.
    ///
    /// # Errors
    /// As [`BenefitCase::may_be_decided_by`]; `WrongAmount`; `Corrupted`; and where the benefit would be granted, `NoAmount`
    /// and `Amount` (`Zero` if there is nothing to pay, `TooLarge`).
    pub fn decide(
        self,
        scheme: &Scheme,
        reviewer: ParticipantId,
        decision: Decision,
        amount: Option<Amount>,
        now: Millis,
    ) -> Result<Self, BenefitRefusal> {
        self.may_be_decided_by(reviewer)?;
        let stage = self.stage_of(scheme)?;
        if decision != Decision::Accept && amount.is_some() {
            return Err(BenefitRefusal::WrongAmount);
        }
        match decision {
            Decision::Accept => self.accepted_by(scheme, stage, reviewer, amount, now),
            Decision::Return => Ok(Self { status: BenefitStatus::Returned, ..self }),
            Decision::Reject => Ok(self.rejected(reviewer, now)),
        }
    }

    /// The applicant contests a rejection: the stage that rejected hears the case again, with other reviewers; after an
    /// automatic rejection the first stage.
    ///
    /// # Errors
    /// `WrongStatus` unless Rejected, `AlreadyAppealed`, `TooLate`, `Corrupted`.
    pub fn appeal(self, scheme: &Scheme, now: Millis) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Rejected])?;
        if self.appealed {
            return Err(BenefitRefusal::AlreadyAppealed);
        }
        let at = self.end_of_appeals(scheme);
        if !is_before(now, at) {
            return Err(BenefitRefusal::TooLate { at });
        }
        let stage = if self.decided_by == 0 { 0 } else { self.stage };
        Ok(Self { status: BenefitStatus::Review, appealed: true, ..self.heard_anew(scheme, stage)? })
    }

    /// The applicant gives it up before it is decided.
    ///
    /// # Errors
    /// `WrongStatus` unless Returned or in Review.
    pub fn withdraw_application(self) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Returned, BenefitStatus::Review])?;
        Ok(Self { status: BenefitStatus::Ended, ..self })
    }

    /// A rejection becomes final, because no appeal is possible any more. Anybody may.
    ///
    /// # Errors
    /// `WrongStatus` unless Rejected, `TooEarly`.
    pub fn close(self, scheme: &Scheme, now: Millis) -> Result<Self, BenefitRefusal> {
        self.must_be(&[BenefitStatus::Rejected])?;
        let from = self.end_of_appeals(scheme);
        if !self.appealed && is_before(now, from) {
            return Err(BenefitRefusal::TooEarly { from });
        }
        Ok(Self { status: BenefitStatus::Ended, ..self })
    }

    /// From when on the last rejection cannot be contested any more (milliseconds).
    fn end_of_appeals(&self, scheme: &Scheme) -> Millis {
        after(self.decided_at, DAY.saturating_mul(scheme.appeal_days.into()))
    }

    /// As the automatic check says.
    fn judged(self, judgement: &Judgement, now: Millis) -> Self {
        let case = Self { reasons: judgement.reasons, missing: judgement.missing, ..self };
        match judgement.outcome {
            Outcome::Pass => Self { status: BenefitStatus::Review, ..case },
            Outcome::Return => Self { status: BenefitStatus::Returned, ..case },
            Outcome::Reject => case.rejected(0, now),
        }
    }

    fn rejected(self, by: ParticipantId, now: Millis) -> Self {
        Self { status: BenefitStatus::Rejected, decided_by: by, decided_at: now, ..self }
    }

    /// In a new round at this stage. An amount stays only if an earlier stage has set it.
    fn heard_anew(self, scheme: &Scheme, stage: u8) -> Result<Self, BenefitRefusal> {
        let round = self.round.checked_add(1).ok_or(BenefitRefusal::Corrupted)?;
        let is_set = scheme.stages.iter().take(stage.into()).any(|earlier| earlier.action == Action::SetAmount);
        let amount = if is_set { self.amount } else { Amount::ZERO };
        Ok(Self { round, stage, accepted: Vec::new(), amount, ..self })
    }

    fn accepted_by(
        mut self,
        scheme: &Scheme,
        stage: Stage,
        reviewer: ParticipantId,
        amount: Option<Amount>,
        now: Millis,
    ) -> Result<Self, BenefitRefusal> {
        self.amount = self.amount_after(scheme, stage, amount)?;
        self.accepted.push(reviewer);
        if self.accepted.len() < usize::from(stage.needed) {
            return Ok(self);
        }
        let next = self.stage.checked_add(1).ok_or(BenefitRefusal::Corrupted)?;
        if usize::from(next) < scheme.stages.len() {
            return Ok(Self { stage: next, accepted: Vec::new(), ..self });
        }
        Ok(Self { status: BenefitStatus::Running, approved_at: now, ..self.certified(scheme, now)? })
    }

    /// The amount, when a member of this stage accepts with this one.
    fn amount_after(&self, scheme: &Scheme, stage: Stage, given: Option<Amount>) -> Result<Amount, BenefitRefusal> {
        let most = match (stage.action, scheme.benefit) {
            (Action::SetAmount, Benefit::ByStage { most }) => most,
            (Action::SetAmount, _) => return Err(BenefitRefusal::Corrupted),
            _ if given.is_none() => return Ok(self.amount),
            _ => return Err(BenefitRefusal::WrongAmount),
        };
        let as_before = |amount: &Amount| self.accepted.is_empty() || *amount == self.amount;
        let possible = given.filter(|amount| !amount.is_zero() && *amount <= most).filter(as_before);
        possible.ok_or(BenefitRefusal::WrongAmount)
    }
}
