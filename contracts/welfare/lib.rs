//! Welfare: schemes as data, applications, reviews in stages, benefits and premiums. What a scheme may be, how a form is judged
//! and what a case may become is decided in `amanah_domain::welfare`, and stored in the file beside this one; here it is
//! authorised, put together and emitted.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod cases;

#[ink::contract]
mod contract {
    use crate::cases::{Cases, Docket};
    use amanah_domain::{
        crypto::Crypto,
        ids::{ParticipantId, SchemeId, Signature, WelfareCaseId},
        layout::{self, SealStatement},
        money::Amount,
        participant::Credentials,
        roles::Role,
        welfare::{judge, must_suffice, Document, Hearing, Judgement, MOST_NEEDED},
    };
    use amanah_interfaces::{
        chain::Chain,
        governance::{self, Governance, Governed, Step},
        ledger::{self, Ledger, LedgerRef},
        registry::{self, RegistryRef, Subject},
        voucher::{self, Voucher, VoucherRef},
        welfare::{
            BenefitCase, BenefitPaid, BenefitRefusal, BenefitStatus, BenefitWithdrawn, CaseMoved, CaseOpened,
            Certificate, Decision, Deed, DocumentSealed, Entry, Error, Form, FormRefusal, MemberVerdict, NewScheme,
            PayerAgreed, Payout, PremiumCollected, Scheme, SchemeCreated, SchemeRetired, Welfare,
        },
    };
    use ink::{
        codegen::TraitCallBuilder,
        prelude::{vec, vec::Vec},
        storage::{traits::ManualKey, Mapping},
        ToAccountId,
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct WelfareContract {
        /// Is new business stopped, and what code is proposed?
        governance: Governance,
        /// Who knows the participants.
        registry: RegistryRef,
        /// Where this contract keeps the money that it holds for others.
        ledger: LedgerRef,
        /// Where benefits are issued as vouchers.
        voucher: VoucherRef,
        /// What every signature for this contract is made over.
        domain: [u8; 32],
        /// The latest scheme's number.
        scheme_count: SchemeId,
        /// Schemes by number.
        schemes: Mapping<SchemeId, Scheme, ManualKey<0x5745_0101>>,
        /// The schemes whose payers have agreed to pay.
        agreed: Mapping<SchemeId, (), ManualKey<0x5745_0102>>,
        /// What is owed to a beneficiary in a bank's money.
        credits: Mapping<(ParticipantId, ParticipantId), Amount, ManualKey<0x5745_0103>>,
        /// Cases, their histories, and the desks where they wait.
        cases: Cases,
    }

    impl WelfareContract {
        // ---- constructors ----

        /// A new welfare contract. `genesis`: the hash of the chain's genesis block, so that signatures are worthless on any
        /// other chain.
        #[ink(constructor, default)]
        pub fn new(registry: AccountId, ledger: AccountId, voucher: AccountId, genesis: [u8; 32]) -> Self {
            let account = Self::env().account_id();
            Self {
                governance: Governance::default(),
                registry: registry.into(),
                ledger: ledger.into(),
                voucher: voucher.into(),
                domain: layout::domain_separator::<Chain>(&genesis, account.as_ref()),
                scheme_count: 0,
                schemes: Mapping::new(),
                agreed: Mapping::new(),
                credits: Mapping::new(),
                cases: Cases::default(),
            }
        }

        // ---- asking ----

        /// Takes a step of governance for the caller.
        fn govern(&mut self, step: Step) -> Result<(), governance::Error> {
            self.governance =
                governance::govern(self.governance, registry::governor(&self.registry, self.env().caller()), step)?;
            Ok(())
        }

        /// Checks that new business is not stopped.
        fn must_run(&self) -> Result<(), Error> {
            match self.governance.paused {
                true => Err(Error::Paused),
                false => Ok(()),
            }
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        fn ask(&self, subjects: Vec<Subject>) -> Result<Vec<Option<Credentials>>, Error> {
            registry::ask(&self.registry, subjects).ok_or(Error::RegistryUnavailable)
        }

        /// The participant that calls, however it stands.
        fn caller(&self) -> Result<Credentials, Error> {
            let answers = self.ask(vec![Subject::Account(self.env().caller())])?;
            answers.into_iter().flatten().next().ok_or(Error::NotAllowed)
        }

        /// The caller, active in `role`.
        fn caller_as(&self, role: Role) -> Result<Credentials, Error> {
            Some(self.caller()?).filter(|known| known.acts_as(role)).ok_or(Error::NotAllowed)
        }

        /// These participants, each active; one question.
        fn active<const N: usize>(&self, numbers: [ParticipantId; N]) -> Result<[Credentials; N], Error> {
            let answers = self.ask(numbers.iter().copied().map(Subject::Number).collect())?;
            let known = numbers.iter().zip(answers).map(|(&participant, known)| {
                known.filter(Credentials::is_active).ok_or(Error::NotInGoodStanding { participant })
            });
            known.collect::<Result<Vec<_>, _>>()?.try_into().map_err(|_| Error::Corrupted)
        }

        fn load_scheme(&self, scheme: SchemeId) -> Result<Scheme, Error> {
            self.schemes.get(scheme).ok_or(Error::UnknownScheme { scheme })
        }

        /// A case and its scheme.
        fn load(&self, case: WelfareCaseId) -> Result<(Docket, Scheme), Error> {
            let docket = self.cases.load(case)?;
            let scheme = self.load_scheme(docket.case.scheme)?;
            Ok((docket, scheme))
        }

        /// A case of the calling participant, and its scheme.
        fn load_own(&self, case: WelfareCaseId) -> Result<(Docket, Scheme, Credentials), Error> {
            let caller = self.caller()?;
            let (docket, scheme) = self.load(case)?;
            match docket.case.applicant == caller.number {
                true => Ok((docket, scheme, caller)),
                false => Err(BenefitRefusal::NotYours.into()),
            }
        }

        /// A case that the caller supervises, as its scheme's owner or as a regulator; or its beneficiary, where that may too.
        fn load_supervised(
            &self,
            case: WelfareCaseId,
            also_beneficiary: bool,
        ) -> Result<(Docket, Scheme, ParticipantId), Error> {
            let caller = self.caller()?;
            let (docket, scheme) = self.load(case)?;
            let owns = caller.number == scheme.owner && caller.acts_as(Role::Government);
            let benefits = also_beneficiary && caller.number == docket.case.applicant && caller.is_active();
            match owns || benefits || caller.acts_as(Role::Regulator) {
                true => Ok((docket, scheme, caller.number)),
                false => Err(Error::NotAllowed),
            }
        }

        /// The role whose holders decide the stage that a case is at.
        fn reviewers(docket: &Docket, scheme: &Scheme) -> Result<Role, Error> {
            match docket.case.status {
                BenefitStatus::Review => {}
                status => return Err(BenefitRefusal::WrongStatus { status }.into()),
            }
            let stage = scheme.stages.get(usize::from(docket.case.stage));
            stage.map(|stage| stage.role).ok_or(Error::Corrupted)
        }

        /// Checks a form by the rules of a scheme, for a participant who calls. `running`: does it have a benefit that excludes
        /// this one?
        fn judged(
            &self,
            scheme: &Scheme,
            form: &Form,
            applicant: &Credentials,
            running: bool,
        ) -> Result<Judgement, Error> {
            let balance = match scheme.rules.has_premium() {
                false => Amount::ZERO,
                true => {
                    let asked = self.ledger.call().balance_of(self.env().caller(), scheme.issuer).try_invoke();
                    let balance = asked.ok().and_then(Result::ok).ok_or(Error::LedgerUnavailable)?;
                    Amount::from_balance(balance)?
                }
            };
            Ok(judge(scheme, form, Some(applicant), balance, running && scheme.exclusive, self.now()))
        }

        /// Checks that what is paid as a voucher is paid out of a programme of this government's own: an issuer of a programme
        /// may create any number of its vouchers, and so nobody else may direct this contract to it. A programme's owner never
        /// changes, so that once is enough.
        fn must_own_programme(&self, payout: Payout, owner: ParticipantId) -> Result<(), Error> {
            let Payout::Voucher { programme, .. } = payout else { return Ok(()) };
            match self.voucher.call().programme(programme).try_invoke() {
                Ok(Ok(Some(terms))) if terms.owner == owner => Ok(()),
                Ok(Ok(Some(_))) => Err(Error::NotAllowed),
                Ok(Ok(None)) => Err(Error::Voucher(voucher::Error::UnknownProgramme { programme })),
                _ => Err(Error::VoucherUnavailable),
            }
        }

        // ---- doing ----

        /// An entry of a case's history, as the case stands now.
        fn entry(&self, case: &BenefitCase, by: ParticipantId, deed: Deed) -> Entry {
            let BenefitCase { round, stage, status, .. } = *case;
            Entry { at: self.now(), by, deed, round, stage, status, amount: None, reason: 0, document: None }
        }

        /// Stores what became of a case, notes it in its history, and says so.
        fn put(
            &mut self,
            case: WelfareCaseId,
            docket: Docket,
            next: BenefitCase,
            scheme: &Scheme,
            entry: Entry,
        ) -> Result<(), Error> {
            self.cases.store(case, docket, next, scheme, Some(&entry))?;
            self.env().emit_event(CaseMoved { case, by: entry.by, entry });
            Ok(())
        }

        /// A benefit that is about to begin must still be one that this participant may have.
        fn must_be_eligible(&self, before: &BenefitCase, next: &BenefitCase, scheme: &Scheme) -> Result<(), Error> {
            if before.is_running() || !next.is_running() {
                return Ok(());
            }
            let participant = next.applicant;
            let known = self.ask(vec![Subject::Number(participant)])?.into_iter().next().flatten();
            let fits = |known: &Credentials| known.may_benefit(self.now()) && known.acts_as(scheme.applicants);
            if !known.as_ref().is_some_and(fits) {
                return Err(Error::NotInGoodStanding { participant });
            }
            match scheme.exclusive && self.cases.has_running(participant) {
                true => Err(Error::HasBenefit { participant }),
                false => Ok(()),
            }
        }

        /// Moves somebody's money, within what it lets this contract take.
        fn draw(&mut self, from: AccountId, to: AccountId, issuer: ParticipantId, amount: Amount) -> Result<(), Error> {
            match amount.is_zero() {
                true => Ok(()),
                false => Ok(ledger::transfer_from(&mut self.ledger, from, to, issuer, amount.balance())?),
            }
        }

        fn agree(&mut self, scheme: SchemeId, payer: ParticipantId) {
            if !self.agreed.contains(scheme) {
                self.agreed.insert(scheme, &());
                self.env().emit_event(PayerAgreed { scheme, payer });
            }
        }
    }

    #[amanah_interfaces::outline]
    impl Welfare for WelfareContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn benefit_case(&self, id: WelfareCaseId) -> Option<BenefitCase> {
            self.cases.load(id).ok().map(|docket| docket.case)
        }

        // ---- commands: schemes ----

        #[ink(message)]
        fn create_scheme(&mut self, scheme: NewScheme) -> Result<SchemeId, Error> {
            self.must_run()?;
            let owner = self.caller_as(Role::Government)?.number;
            let [payer, issuer] = self.active([scheme.payer, scheme.issuer])?;
            if !issuer.acts_as(Role::Bank) {
                return Err(Error::NotInGoodStanding { participant: issuer.number });
            }
            let terms = Scheme {
                owner,
                payer: payer.number,
                issuer: issuer.number,
                kind: scheme.kind,
                applicants: scheme.applicants,
                rules: scheme.rules,
                stages: scheme.stages,
                benefit: scheme.benefit,
                payout: scheme.payout,
                exclusive: scheme.exclusive,
                period_months: scheme.period_months,
                most_payments: scheme.most_payments,
                recertify_months: scheme.recertify_months,
                appeal_days: scheme.appeal_days,
                employer_share: scheme.employer_share,
                retired: false,
            }
            .checked()?;
            self.must_own_programme(terms.payout, owner)?;
            let number = self.scheme_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.scheme_count = number;
            self.schemes.insert(number, &terms);
            self.env().emit_event(SchemeCreated { scheme: number, terms });
            if payer.number == owner {
                self.agree(number, owner);
            }
            Ok(number)
        }

        #[ink(message)]
        fn agree_to_pay(&mut self, scheme: SchemeId) -> Result<(), Error> {
            let payer = self.load_scheme(scheme)?.payer;
            let caller = self.caller()?;
            if caller.number != payer || !caller.is_active() {
                return Err(Error::NotAllowed);
            }
            self.agree(scheme, payer);
            Ok(())
        }

        #[ink(message)]
        fn retire_scheme(&mut self, scheme: SchemeId) -> Result<(), Error> {
            let terms = self.load_scheme(scheme)?;
            if self.caller_as(Role::Government)?.number != terms.owner {
                return Err(Error::NotAllowed);
            }
            if terms.retired {
                return Err(Error::SchemeRetired { scheme });
            }
            self.schemes.insert(scheme, &Scheme { retired: true, ..terms });
            self.env().emit_event(SchemeRetired { scheme });
            Ok(())
        }

        // ---- commands: applications ----

        #[ink(message)]
        fn apply(&mut self, scheme: SchemeId, form: Form) -> Result<WelfareCaseId, Error> {
            self.must_run()?;
            let terms = self.load_scheme(scheme)?;
            if terms.retired {
                return Err(Error::SchemeRetired { scheme });
            }
            if !self.agreed.contains(scheme) {
                return Err(Error::NotAgreed { payer: terms.payer });
            }
            let form = form.checked()?;
            let applicant = self.caller()?;
            let running = self.cases.has_running(applicant.number);
            let judgement = self.judged(&terms, &form, &applicant, running)?;
            let previous = self.cases.newest(applicant.number);
            let record = BenefitCase::opened(scheme, form, &judgement, applicant.number, previous, self.now());
            let entry = self.entry(&record, applicant.number, Deed::Applied);
            let (status, reasons, missing) = (record.status, record.reasons, record.missing);
            let case = self.cases.add(record, &terms, &entry)?;
            let applicant = applicant.number;
            self.env().emit_event(CaseOpened { case, applicant, scheme, status, reasons, missing });
            self.env().emit_event(CaseMoved { case, by: applicant, entry });
            Ok(case)
        }

        #[ink(message)]
        fn supplement(&mut self, case: WelfareCaseId, form: Form) -> Result<(), Error> {
            self.must_run()?;
            let form = form.checked()?;
            let (docket, scheme, applicant) = self.load_own(case)?;
            let running = self.cases.has_running(applicant.number);
            let judgement = self.judged(&scheme, &form, &applicant, running)?;
            let next = docket.case.clone().supplement(&scheme, form, &judgement, self.now())?;
            let entry = self.entry(&next, applicant.number, Deed::Applied);
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn withdraw_application(&mut self, case: WelfareCaseId) -> Result<(), Error> {
            let (docket, scheme, applicant) = self.load_own(case)?;
            let next = docket.case.clone().withdraw_application()?;
            let entry = self.entry(&next, applicant.number, Deed::Withdrawn);
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn decide(
            &mut self,
            case: WelfareCaseId,
            round: u32,
            stage: u8,
            decision: Decision,
            amount: Option<Balance>,
            reason: u16,
        ) -> Result<(), Error> {
            self.must_run()?;
            let (docket, scheme) = self.load(case)?;
            let role = Self::reviewers(&docket, &scheme)?;
            docket.case.must_be_at(round, stage)?;
            let by = self.caller_as(role)?.number;
            let set = amount.map(Amount::from_balance).transpose()?;
            let next = docket.case.clone().decide(&scheme, by, decision, set, self.now())?;
            self.must_be_eligible(&docket.case, &next, &scheme)?;
            let deed = match decision {
                Decision::Accept => Deed::Accepted,
                Decision::Return => Deed::Returned,
                Decision::Reject => Deed::Rejected,
            };
            let entry = Entry { round, stage, amount, reason, ..self.entry(&next, by, deed) };
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn decide_signed(
            &mut self,
            case: WelfareCaseId,
            amount: Option<Balance>,
            verdicts: Vec<MemberVerdict>,
        ) -> Result<(), Error> {
            self.must_run()?;
            let (docket, scheme) = self.load(case)?;
            let set = amount.map(Amount::from_balance).transpose()?;
            let now = self.now();
            let mut subjects = vec![Subject::Number(docket.case.applicant)];
            // More verdicts than any stage needs are refused by their number, whoever the members are.
            subjects.extend(verdicts.iter().take(MOST_NEEDED.into()).map(|one| Subject::Number(one.member)));
            let mut answers = self.ask(subjects)?.into_iter();
            let applicant = answers.next().flatten();
            let hearing = Hearing {
                domain: self.domain,
                number: case,
                case: &docket.case,
                scheme: &scheme,
                applicant: applicant.as_ref(),
                amount: set,
                now,
            };
            must_suffice::<Chain>(&hearing, &verdicts, &answers.collect::<Vec<_>>())?;
            for MemberVerdict { member, .. } in &verdicts {
                let (docket, _) = self.load(case)?;
                let next = docket.case.clone().decide(&scheme, *member, Decision::Accept, set, now)?;
                self.must_be_eligible(&docket.case, &next, &scheme)?;
                let BenefitCase { round, stage, .. } = docket.case;
                let entry = Entry { round, stage, amount, ..self.entry(&next, *member, Deed::Accepted) };
                self.put(case, docket, next, &scheme, entry)?;
            }
            Ok(())
        }

        #[ink(message)]
        fn appeal(&mut self, case: WelfareCaseId) -> Result<(), Error> {
            let (docket, scheme, applicant) = self.load_own(case)?;
            let next = docket.case.clone().appeal(&scheme, self.now())?;
            let entry = self.entry(&next, applicant.number, Deed::Appealed);
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn close_case(&mut self, case: WelfareCaseId) -> Result<(), Error> {
            let (docket, scheme) = self.load(case)?;
            let next = docket.case.clone().close(&scheme, self.now())?;
            let entry = self.entry(&next, 0, Deed::Closed);
            self.put(case, docket, next, &scheme, entry)
        }

        // ---- commands: money ----

        #[ink(message)]
        fn pay(&mut self, case: WelfareCaseId, period: u16) -> Result<(), Error> {
            let (docket, scheme) = self.load(case)?;
            let beneficiary = docket.case.applicant;
            let (next, amount) = docket.case.clone().pay(&scheme, period, self.now())?;
            self.cases.store(case, docket, next, &scheme, None)?;
            let voucher = match scheme.payout {
                Payout::Money => {
                    let [payer] = self.active([scheme.payer])?;
                    let credit = self.credits.get((beneficiary, scheme.issuer)).unwrap_or(Amount::ZERO).plus(amount)?;
                    self.credits.insert((beneficiary, scheme.issuer), &credit);
                    self.draw(payer.account.into(), self.env().account_id(), scheme.issuer, amount)?;
                    None
                }
                Payout::Voucher { programme, category } => {
                    let [holder] = self.active([beneficiary])?;
                    let create = self.voucher.call_mut().create(programme, holder.account.into(), category, None);
                    match create.try_invoke() {
                        Ok(Ok(created)) => Some(created.map_err(Error::Voucher)?),
                        _ => return Err(Error::VoucherUnavailable),
                    }
                }
            };
            let amount = amount.balance();
            self.env().emit_event(BenefitPaid { case, beneficiary, period, amount, voucher });
            Ok(())
        }

        #[ink(message)]
        fn collect_premium(&mut self, case: WelfareCaseId, period: u16) -> Result<(), Error> {
            let (docket, scheme) = self.load(case)?;
            let (insured, employer) = (docket.case.applicant, docket.case.form.employer);
            let (next, own, employers) = docket.case.clone().collect(&scheme, period, self.now())?;
            self.cases.store(case, docket, next, &scheme, None)?;
            let [payer, member] = self.active([scheme.payer, insured])?;
            self.draw(member.account.into(), payer.account.into(), scheme.issuer, own)?;
            if !employers.is_zero() {
                let employer = employer.ok_or(Error::Corrupted)?;
                if !self.cases.employer_agreed(case, employer, employers) {
                    return Err(Error::NotAgreed { payer: employer });
                }
                let [employer] = self.active([employer])?;
                self.draw(employer.account.into(), payer.account.into(), scheme.issuer, employers)?;
            }
            let (own, employers) = (own.balance(), employers.balance());
            self.env().emit_event(PremiumCollected { case, insured, period, own, employers });
            Ok(())
        }

        #[ink(message)]
        fn agree_as_employer(&mut self, case: WelfareCaseId) -> Result<(), Error> {
            let employer = self.caller_as(Role::Employer)?.number;
            let (docket, scheme) = self.load(case)?;
            if docket.case.form.employer != Some(employer) {
                return Err(Error::NotAllowed);
            }
            let share = docket.case.employers_share(&scheme);
            if self.cases.employer_agreed(case, employer, share) {
                return Ok(());
            }
            self.cases.note_employer(case, employer, share);
            let entry = self.entry(&docket.case, employer, Deed::EmployerAgreed);
            let same = docket.case.clone();
            self.put(case, docket, same, &scheme, entry)
        }

        #[ink(message)]
        fn withdraw(&mut self, issuer: ParticipantId, amount: Balance) -> Result<(), Error> {
            let participant = Some(self.caller()?).filter(Credentials::is_active).ok_or(Error::NotAllowed)?.number;
            let amount = Amount::positive(amount)?;
            let credit = self.credits.get((participant, issuer)).unwrap_or(Amount::ZERO).minus(amount)?;
            self.credits.insert((participant, issuer), &credit);
            let to = self.env().caller();
            ledger::transfer(&mut self.ledger, to, issuer, amount.balance())?;
            self.env().emit_event(BenefitWithdrawn { participant, issuer, amount: amount.balance() });
            Ok(())
        }

        // ---- commands: supervision and documents ----

        #[ink(message)]
        fn suspend(&mut self, case: WelfareCaseId, reason: u16) -> Result<(), Error> {
            let (docket, scheme, by) = self.load_supervised(case, false)?;
            let next = docket.case.clone().suspend()?;
            let entry = Entry { reason, ..self.entry(&next, by, Deed::Suspended) };
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn resume(&mut self, case: WelfareCaseId) -> Result<(), Error> {
            let (docket, scheme, by) = self.load_supervised(case, false)?;
            let next = docket.case.clone().resume()?;
            let entry = self.entry(&next, by, Deed::Resumed);
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn recertify(&mut self, case: WelfareCaseId, form: Form) -> Result<(), Error> {
            let form = form.checked()?;
            let (docket, scheme, applicant) = self.load_own(case)?;
            // The benefit that runs is this one.
            let judgement = self.judged(&scheme, &form, &applicant, false)?;
            let next = docket.case.clone().recertify(&scheme, form, &judgement, self.now())?;
            // The amount does not follow from the form alone, so it is told.
            let amount = (next.status == BenefitStatus::Running).then(|| next.amount.balance());
            let entry = Entry { amount, ..self.entry(&next, applicant.number, Deed::Recertified) };
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn terminate(&mut self, case: WelfareCaseId, reason: u16) -> Result<(), Error> {
            let (docket, scheme, by) = self.load_supervised(case, true)?;
            let next = docket.case.clone().terminate()?;
            let entry = Entry { reason, ..self.entry(&next, by, Deed::Terminated) };
            self.put(case, docket, next, &scheme, entry)
        }

        #[ink(message)]
        fn add_document(&mut self, case: WelfareCaseId, cid: [u8; 36], seal: Signature) -> Result<(), Error> {
            let (docket, scheme) = self.load(case)?;
            let reviewer = self.caller_as(Self::reviewers(&docket, &scheme)?)?;
            if reviewer.number == docket.case.applicant {
                return Err(BenefitRefusal::OwnCase.into());
            }
            if !(Document { kind: 0, cid }).is_valid() {
                return Err(FormRefusal::BadDocument { at: 0 }.into());
            }
            let statement = SealStatement {
                domain: self.domain,
                case,
                cid_hash: Chain::blake2b_256(&cid),
                stage: docket.case.stage,
                epoch: reviewer.epoch,
                key: reviewer.key,
            };
            if !Chain::sr25519_verify(&seal, &statement.signed_bytes::<Chain>(), &reviewer.key) {
                return Err(Error::BadSeal);
            }
            let entry = Entry { document: Some(cid), ..self.entry(&docket.case, reviewer.number, Deed::Sealed) };
            let same = docket.case.clone();
            self.put(case, docket, same, &scheme, entry)?;
            let (by, SealStatement { stage, epoch, .. }) = (reviewer.number, statement);
            self.env().emit_event(DocumentSealed { case, by, cid, stage, epoch, seal });
            Ok(())
        }

        // ---- queries ----

        #[ink(message)]
        fn scheme(&self, id: SchemeId) -> Option<Scheme> {
            self.schemes.get(id)
        }

        #[ink(message)]
        fn scheme_count(&self) -> SchemeId {
            self.scheme_count
        }

        #[ink(message)]
        fn has_agreed(&self, scheme: SchemeId) -> bool {
            self.agreed.contains(scheme)
        }

        #[ink(message)]
        fn certificate(&self, case: WelfareCaseId) -> Option<Certificate> {
            let case = self.cases.load(case).ok()?.case;
            (case.approved_at != 0).then(|| Certificate {
                scheme: case.scheme,
                participant: case.applicant,
                since: case.approved_at,
                is_valid: case.status == BenefitStatus::Running && case.is_certified(self.now()),
                amount: case.amount.balance(),
                sum: case.sum.balance(),
            })
        }

        #[ink(message)]
        fn history(&self, case: WelfareCaseId, start: u32, limit: u32) -> Vec<Entry> {
            self.cases.history(case, start, limit)
        }

        #[ink(message)]
        fn cases_of(
            &self,
            applicant: ParticipantId,
            start: Option<WelfareCaseId>,
            limit: u32,
        ) -> Vec<(WelfareCaseId, BenefitCase)> {
            self.cases.of_applicant(applicant, start, limit)
        }

        #[ink(message)]
        fn worklist(&self, role: Role, start: u32, limit: u32) -> Vec<WelfareCaseId> {
            self.cases.on_desk(role, start, limit)
        }

        #[ink(message)]
        fn worklist_count(&self, role: Role) -> u32 {
            self.cases.desk_count(role)
        }

        #[ink(message)]
        fn next_due(&self, case: WelfareCaseId) -> Option<Timestamp> {
            let (docket, scheme) = self.load(case).ok()?;
            docket.case.next_due(&scheme)
        }

        #[ink(message)]
        fn verdict_hash(&self, case: WelfareCaseId, amount: Option<Balance>) -> Option<[u8; 32]> {
            let docket = self.cases.load(case).ok()?;
            let amount = amount.map(Amount::from_balance).transpose().ok()?;
            (docket.case.status == BenefitStatus::Review).then(|| docket.case.event_hash::<Chain>(amount))
        }

        #[ink(message)]
        fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Balance {
            self.credits.get((participant, issuer)).unwrap_or(Amount::ZERO).balance()
        }

        #[ink(message)]
        fn domain_separator(&self) -> [u8; 32] {
            self.domain
        }

        #[ink(message)]
        fn registry(&self) -> AccountId {
            self.registry.to_account_id()
        }

        #[ink(message)]
        fn ledger(&self) -> AccountId {
            self.ledger.to_account_id()
        }

        #[ink(message)]
        fn voucher(&self) -> AccountId {
            self.voucher.to_account_id()
        }

        #[ink(message)]
        fn version(&self) -> u32 {
            1
        }
    }

    #[amanah_interfaces::outline]
    impl Governed for WelfareContract {
        #[ink(message)]
        fn pause(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Pause)
        }

        #[ink(message)]
        fn unpause(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Unpause)
        }

        #[ink(message)]
        fn propose_code(&mut self, code_hash: [u8; 32]) -> Result<(), governance::Error> {
            self.govern(Step::Propose(code_hash))
        }

        #[ink(message)]
        fn approve_code(&mut self, code_hash: [u8; 32]) -> Result<(), governance::Error> {
            self.govern(Step::Approve(code_hash))
        }

        #[ink(message)]
        fn set_code(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Set)
        }

        #[ink(message)]
        fn cancel_code(&mut self) -> Result<(), governance::Error> {
            self.govern(Step::Cancel)
        }

        #[ink(message)]
        fn governance(&self) -> Governance {
            self.governance
        }
    }
}
