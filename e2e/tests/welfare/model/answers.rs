//! What each message must answer: that it is done, or the error, by what has happened so far.

use super::{
    hints::who,
    papers::{must_be_a_form, Check, Sheet},
    story::{Case, Story, What},
    Fact, Model, Opened, CONTRACT, NOWHERE,
};
use crate::steps::{Act, Broken, Flaw, Misfit, BANKS, GOVERNMENTS, PAYER, REGULATOR, STRANGER};
use amanah_domain::{ids::ParticipantId, money::AmountError, roles::Role, signing::SigningRefusal, welfare::samples};
use amanah_interfaces::{
    welfare::{
        Benefit, BenefitRefusal, BenefitStatus, Decision, Error, Form, FormRefusal, Payout, Reason, SchemeRefusal,
        VerdictRefusal,
    },
    Balance,
};

pub type Answer = Result<(), Error>;

pub fn must(holds: bool, otherwise: impl Into<Error>) -> Answer {
    match holds {
        true => Ok(()),
        false => Err(otherwise.into()),
    }
}

fn must_fit(amount: Option<Balance>) -> Answer {
    must(amount.is_none_or(|amount| amount >> 64 == 0), AmountError::TooLarge)
}

fn must_be(story: Story, allowed: &[BenefitStatus]) -> Answer {
    let status = story.status();
    must(allowed.contains(&status), BenefitRefusal::WrongStatus { status })
}

/// The document that is sealed about a case.
pub fn sealed_cid(case: u64, broken: Broken) -> [u8; 36] {
    let mut cid = samples::document(case as u8).cid;
    if broken == Broken::NoCid {
        cid[2] = 0x13;
    }
    cid
}

impl Model {
    /// Does a resolved act, or says why it cannot be done. Then nothing of this model is to be used any more.
    pub fn apply(&mut self, act: &Act) -> Answer {
        match *act {
            Act::CreateScheme { by, template, payer, misfit } => self.create_scheme(who(by), template, payer, misfit),
            Act::AgreeToPay { by, scheme } => {
                let payer = self.opened(scheme)?.payer;
                must(who(by) == payer && self.is_active(payer), Error::NotAllowed)?;
                self.schemes[scheme as usize - 1].agreed = true;
                Ok(())
            }
            Act::RetireScheme { by, scheme } => {
                let Opened { owner, retired, .. } = *self.opened(scheme)?;
                must(who(by) == owner, Error::NotAllowed)?;
                must(!retired, Error::SchemeRetired { scheme: scheme as u32 })?;
                self.schemes[scheme as usize - 1].retired = true;
                Ok(())
            }
            Act::Apply { by, scheme, sheet } => self.file(who(by), scheme, sheet),
            Act::Supplement { by, case, sheet } => {
                self.must_run()?;
                let (form, check) = self.own_form(who(by), case, sheet, true)?;
                self.must_be(case, &[BenefitStatus::Returned])?;
                self.tell(case, who(by), What::Supplemented(form, check))
            }
            Act::WithdrawApplication { by, case } => {
                self.must_own(who(by), case)?;
                self.must_be(case, &[BenefitStatus::Returned, BenefitStatus::Review])?;
                self.tell(case, who(by), What::Withdrawn)
            }
            Act::Decide { by, case, behind, decision, set, reason } => {
                self.must_run()?;
                self.must_be(case, &[BenefitStatus::Review])?;
                let (round, stage) = self.hearing(case, false);
                must(!behind, BenefitRefusal::OtherHearing { round, stage })?;
                must(self.acts_as(who(by), self.story(case)?.1.role()), Error::NotAllowed)?;
                let amount = self.amount(case, decision, set);
                must_fit(amount)?;
                self.decide(case, who(by), decision, amount, reason)
            }
            Act::DecideSigned { case, set, first, flaw } => {
                self.must_run()?;
                self.story(case)?;
                let amount = self.amount(case, Decision::Accept, set);
                must_fit(amount)?;
                let signers = self.signers(case, first, flaw);
                self.must_suffice(case, &signers, flaw).map_err(Error::Verdict)?;
                signers.iter().try_for_each(|signer| self.decide(case, *signer, Decision::Accept, amount, 0))
            }
            Act::Appeal { by, case } => {
                self.must_own(who(by), case)?;
                self.must_be(case, &[BenefitStatus::Rejected])?;
                let (_, story) = self.story(case)?;
                must(!story.has_appealed(), BenefitRefusal::AlreadyAppealed)?;
                must(self.now < story.end_of_appeals(), BenefitRefusal::TooLate { at: story.end_of_appeals() })?;
                self.tell(case, who(by), What::Appealed)
            }
            Act::CloseCase { case } => {
                self.must_be(case, &[BenefitStatus::Rejected])?;
                let (_, story) = self.story(case)?;
                let from = story.end_of_appeals();
                must(story.has_appealed() || self.now >= from, BenefitRefusal::TooEarly { from })?;
                self.tell(case, STRANGER, What::Closed)
            }
            Act::Pay { case, off } => self.pay(case, self.period(case, off)),
            Act::CollectPremium { case, off } => self.collect(case, self.period(case, off)),
            Act::AgreeAsEmployer { by, case } => {
                must(self.acts_as(who(by), Role::Employer), Error::NotAllowed)?;
                let (_, story) = self.story(case)?;
                must(story.form().employer == Some(who(by)), Error::NotAllowed)?;
                match story.agreed_employer() {
                    Some((agreed, most)) if agreed == who(by) && most >= story.employers_share() => Ok(()),
                    _ => self.tell(case, who(by), What::EmployerAgreed),
                }
            }
            Act::Suspend { by, case, reason } => {
                self.must_supervise(who(by), case, false)?;
                self.must_be(case, &[BenefitStatus::Running])?;
                self.tell(case, who(by), What::Suspended(reason))
            }
            Act::Resume { by, case } => {
                self.must_supervise(who(by), case, false)?;
                self.must_be(case, &[BenefitStatus::Suspended])?;
                self.tell(case, who(by), What::Resumed)
            }
            Act::Recertify { by, case, sheet } => {
                let (form, check) = self.own_form(who(by), case, sheet, false)?;
                self.must_be(case, &[BenefitStatus::Running])?;
                let (_, story) = self.story(case)?;
                if check.passes() {
                    story.family.worth(&form, story.set())?;
                }
                self.tell(case, who(by), What::Recertified(form, check))
            }
            Act::Terminate { by, case, reason } => {
                self.must_supervise(who(by), case, true)?;
                self.must_be(case, &[BenefitStatus::Running, BenefitStatus::Suspended])?;
                self.tell(case, who(by), What::Terminated(reason))
            }
            Act::AddDocument { by, case, broken } => {
                self.must_be(case, &[BenefitStatus::Review])?;
                must(self.acts_as(who(by), self.story(case)?.1.role()), Error::NotAllowed)?;
                must(who(by) != self.story(case)?.0.applicant, BenefitRefusal::OwnCase)?;
                must(broken != Broken::NoCid, FormRefusal::BadDocument { at: 0 })?;
                must(broken != Broken::OtherCase, Error::BadSeal)?;
                self.tell(case, who(by), What::Sealed(sealed_cid(case, broken)))
            }
            Act::Withdraw { by, bank, percent } => {
                let (by, wanted) = (who(by), self.taken(who(by), bank, percent));
                must(self.is_active(by), Error::NotAllowed)?;
                must_fit(Some(wanted))?;
                must(wanted > 0, AmountError::Zero)?;
                let available = self.credit(by, bank);
                must(wanted <= available, AmountError::Insufficient { available, wanted })?;
                self.fact(Fact::Moved { from: CONTRACT, to: by, bank, amount: wanted, taken: false })
            }
            Act::Stand { who, .. } => self.fact(Fact::Stood { who }),
            Act::Blacklist { who, .. } => self.fact(Fact::Blacklisted { who }),
            Act::ChangeRole { who, role, .. } => self.fact(Fact::ChangedRole { who, role }),
            Act::Approve { who, bank, amount } => self.fact(Fact::Approved { who, bank, amount }),
            Act::Issue { who, bank, amount } => {
                self.fact(Fact::Moved { from: NOWHERE, to: who, bank, amount, taken: false })
            }
            Act::Gift { bank, amount } => {
                self.fact(Fact::Moved { from: REGULATOR, to: CONTRACT, bank, amount, taken: false })
            }
            Act::Pause => self.fact(Fact::Paused(true)),
            Act::Unpause => self.fact(Fact::Paused(false)),
            Act::Wait { by } => {
                self.now += by;
                Ok(())
            }
            Act::WaitFor { .. } => unreachable!("it was resolved"),
        }
    }

    pub fn fact(&mut self, fact: Fact) -> Answer {
        self.facts.push(fact);
        Ok(())
    }

    pub fn tell(&mut self, case: u64, by: ParticipantId, what: What) -> Answer {
        let now = self.now;
        self.cases[case as usize - 1].told.push((now, by, what));
        Ok(())
    }

    // ---- who may ----

    fn must_run(&self) -> Answer {
        must(!self.is_paused(), Error::Paused)
    }

    pub fn must_be(&self, case: u64, allowed: &[BenefitStatus]) -> Answer {
        must_be(self.story(case)?.1, allowed)
    }

    fn must_own(&self, by: ParticipantId, case: u64) -> Answer {
        must(by != STRANGER, Error::NotAllowed)?;
        must(self.story(case)?.0.applicant == by, BenefitRefusal::NotYours)
    }

    fn must_supervise(&self, by: ParticipantId, case: u64, or_be_beneficiary: bool) -> Answer {
        must(by != STRANGER, Error::NotAllowed)?;
        let (case, _) = self.story(case)?;
        let benefits = or_be_beneficiary && by == case.applicant && self.is_active(by);
        must(benefits || by == REGULATOR || by == self.opened(case.scheme)?.owner, Error::NotAllowed)
    }

    pub fn must_be_in_good_standing(&self, participant: ParticipantId) -> Answer {
        must(self.is_active(participant), Error::NotInGoodStanding { participant })
    }

    /// A new benefit is for an active citizen with a valid card who is not on the blacklist.
    pub fn may_benefit(&self, who: ParticipantId) -> bool {
        self.acts_as(who, Role::Citizen) && !self.is_blacklisted(who) && self.has_valid_card(who)
    }

    // ---- schemes and forms ----

    fn create_scheme(&mut self, owner: ParticipantId, template: usize, payer: ParticipantId, misfit: Misfit) -> Answer {
        self.must_run()?;
        must(self.acts_as(owner, Role::Government), Error::NotAllowed)?;
        self.must_be_in_good_standing(payer)?;
        let issuer = self.issuer(template, misfit);
        self.must_be_in_good_standing(issuer)?;
        must(misfit != Misfit::NoBank, Error::NotInGoodStanding { participant: issuer })?;
        match misfit {
            Misfit::NoStages => Err(SchemeRefusal::BadStages { most: 8, given: 0 }.into()),
            Misfit::NoPeriod => Err(SchemeRefusal::NoPeriod.into()),
            Misfit::Share => Err(SchemeRefusal::BadShare { most: 10_000, wanted: 10_001 }.into()),
            Misfit::AppealTime => Err(SchemeRefusal::BadAppealTime { most: 366, wanted: 367 }.into()),
            Misfit::Nothing | Misfit::NoBank => {
                // The only programme is the first government's.
                let pays_vouchers = matches!(self.terms(template).2.payout, Payout::Voucher { .. });
                must(!pays_vouchers || owner == GOVERNMENTS[0], Error::NotAllowed)?;
                self.schemes.push(Opened { template, owner, payer, agreed: payer == owner, retired: false });
                Ok(())
            }
        }
    }

    /// In whose money a scheme is to pay.
    pub fn issuer(&self, template: usize, misfit: Misfit) -> ParticipantId {
        match misfit {
            Misfit::NoBank => PAYER,
            _ => BANKS[self.terms(template).1],
        }
    }

    fn file(&mut self, by: ParticipantId, number: u64, sheet: Sheet) -> Answer {
        self.must_run()?;
        let Opened { payer, agreed, retired, .. } = *self.opened(number)?;
        must(!retired, Error::SchemeRetired { scheme: number as u32 })?;
        must(agreed, Error::NotAgreed { payer })?;
        let form = sheet.form(self.template(number).0);
        must_be_a_form(&form)?;
        must(by != STRANGER, Error::NotAllowed)?;
        let check = self.check(by, number, &form, true);
        let told = vec![(self.now, by, What::Applied(form, check))];
        self.cases.push(Case { scheme: number, applicant: by, told });
        Ok(())
    }

    /// The form for a case of somebody's own, and how the check of it ends.
    fn own_form(&self, by: ParticipantId, case: u64, sheet: Sheet, as_new: bool) -> Result<(Form, Check), Error> {
        let form = sheet.form(self.family_of(case));
        must_be_a_form(&form)?;
        self.must_own(by, case)?;
        let check = self.check(by, self.story(case)?.0.scheme, &form, as_new);
        Ok((form, check))
    }

    /// The automatic check. `as_new`: nobody gets a second exclusive benefit; when one is certified anew, it is this one.
    fn check(&self, by: ParticipantId, scheme: u64, form: &Form, as_new: bool) -> Check {
        let (family, bank, terms) = self.template(scheme);
        let of_the_person = [
            (!self.holds(by, Role::Citizen), Reason::NotRegistered),
            (self.is_suspended(by), Reason::NotInGoodStanding),
            (self.is_blacklisted(by), Reason::Blacklisted),
            (!self.has_valid_card(by), Reason::CardExpired),
            (as_new && terms.exclusive && self.has_exclusive(by), Reason::DuplicateBenefit),
        ];
        let failing: Vec<_> = of_the_person.iter().filter(|(fails, _)| *fails).map(|(_, reason)| *reason).collect();
        family.check(form, &failing, self.money(by, *bank), terms.employer_share)
    }

    // ---- reviews ----

    /// May this one decide a case, as far as what has happened goes?
    pub fn may_decide(&self, case: u64, by: ParticipantId) -> Result<(), BenefitRefusal> {
        let Ok((case, story)) = self.story(case) else { return Ok(()) };
        let accepted = story.acceptances(story.stage(), story.round());
        match () {
            () if by == case.applicant => Err(BenefitRefusal::OwnCase),
            () if accepted.iter().any(|(one, ..)| *one == by) => Err(BenefitRefusal::AlreadyDecided),
            () if story.has_appealed() && story.rejection().is_some_and(|(one, _)| one == by) => {
                Err(BenefitRefusal::SameReviewer)
            }
            () => Ok(()),
        }
    }

    fn decide(
        &mut self,
        case: u64,
        by: ParticipantId,
        decision: Decision,
        amount: Option<Balance>,
        reason: u16,
    ) -> Answer {
        self.may_decide(case, by)?;
        let (found, story) = self.story(case)?;
        let (stage, round) = (story.stage(), story.round());
        let before = story.acceptances(stage, round);
        let fits = match amount {
            None => decision != Decision::Accept || !story.sets(),
            Some(amount) => {
                let most = match story.scheme.benefit {
                    Benefit::ByStage { most } => most.balance(),
                    _ => 0,
                };
                let agrees = before.iter().all(|(_, _, other)| *other == Some(amount));
                decision == Decision::Accept && story.sets() && agrees && (1..=most).contains(&amount)
            }
        };
        must(fits, BenefitRefusal::WrongAmount)?;
        let is_last = stage + 1 == story.scheme.stages.len() && before.len() + 1 == story.needed(stage);
        if decision == Decision::Accept && is_last {
            story.family.worth(story.form(), amount.or(story.set()))?;
            let participant = found.applicant;
            must(self.may_benefit(participant), Error::NotInGoodStanding { participant })?;
            let excludes = story.scheme.exclusive && self.has_exclusive(participant);
            must(!excludes, Error::HasBenefit { participant })?;
        }
        self.tell(case, by, What::Decided(decision, stage, round, amount, reason))
    }

    fn must_suffice(&self, case: u64, signers: &[ParticipantId], flaw: Flaw) -> Result<(), VerdictRefusal> {
        let Ok((_, story)) = self.story(case) else { return Ok(()) };
        let status = story.status();
        if status != BenefitStatus::Review {
            return Err(VerdictRefusal::Case(BenefitRefusal::WrongStatus { status }));
        }
        let missing = self.missing(case);
        if signers.len() != missing {
            return Err(VerdictRefusal::WrongCount { needed: missing as u8, given: signers.len() as u8 });
        }
        for (place, signer) in signers.iter().enumerate() {
            let signer = *signer;
            self.may_decide(case, signer).map_err(VerdictRefusal::Case)?;
            if !self.acts_as(signer, story.role()) {
                return Err(VerdictRefusal::Signature(SigningRefusal::NotInGoodStanding { signer }));
            }
            if signers[..place].contains(&signer) {
                return Err(VerdictRefusal::Repeated { member: signer });
            }
            let is_last = place + 1 == signers.len();
            match flaw {
                Flaw::Failed if is_last => return Err(VerdictRefusal::NotPassed { member: signer }),
                Flaw::Stale if is_last => {
                    return Err(VerdictRefusal::Signature(SigningRefusal::Stale { valid_until: self.now }))
                }
                Flaw::Forged if is_last => {
                    return Err(VerdictRefusal::Signature(SigningRefusal::BadSignature { signer }))
                }
                _ => {}
            }
        }
        Ok(())
    }
}
