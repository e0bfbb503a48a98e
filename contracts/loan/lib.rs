//! Loans: events that several oracles unlock together (LoC's chaincode), lending, and crowdfunding. What a case, a loan or a
//! campaign may become is decided in `amanah_domain::{flow, case, chaincode, lending, campaign, challenge}`, and stored in the
//! files beside this one; here it is authorised, put together and emitted.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod cases;
mod crowdfunding;
mod lending;

#[ink::contract]
mod contract {
    use crate::{
        cases::Cases,
        crowdfunding::Crowdfunding,
        lending::{bank_of, Lending},
    };
    use amanah_domain::{
        chaincode::{self, granting_keys, must_approve, About, Approval},
        flow,
        ids::{CampaignId, CaseId, FlowId, LoanId, ParticipantId, ProductId},
        layout::{self, PasskeyStatement, RatingStatement},
        lending::{may_borrow_again, Clock, NewLoan, Terms},
        money::Amount,
        participant::Credentials,
        roles::{Role, Roles},
    };
    use amanah_interfaces::{
        chain::Chain,
        governance::{self, Governance, Governed, Step},
        ledger::{self, LedgerRef},
        loan::{
            Campaign, CampaignDecided, CampaignProposed, CampaignStatus, Case, CaseExecuted, CaseExpired, CaseFailed,
            CaseLocked, CaseRevised, Challenge, Challenged, Claimed, Code, Due, Error, Event, EventKind, Finding, Flow,
            FlowConfigured, Inspection, Instalment, InterestRefunded, Invested, Lender, Loan, LoanMarked, LoanOpened,
            LoanRecord, LoanRefusal, LoanRepaid, LoanRescheduled, Matter, NewCampaign, Nonces, Offer, Operation, Paid,
            PasskeyApproval, Product, ProductOffered, ProductRefusal, ProductRetired, Refunded, RepaymentsWithdrawn,
            Request, Resolved, Share, Signed, SignedRating, SignedVerdict, SigningRefusal, UnlockRefused, Verdict,
            VerdictGiven, MOST_INSPECTED,
        },
        registry::{self, RegistryRef, Subject},
        MOST_PER_PAGE,
    };
    use ink::{
        prelude::{vec, vec::Vec},
        scale::Encode,
        ToAccountId,
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct LoanContract {
        /// Is new business stopped, and what code is proposed?
        governance: Governance,
        /// For how long it was stopped in all, until it last went on (milliseconds).
        pauses: Timestamp,
        /// Since when it is stopped, if it is (milliseconds).
        paused_at: Timestamp,
        /// Who knows the participants.
        registry: RegistryRef,
        /// Where this contract keeps the money that it holds for others.
        ledger: LedgerRef,
        /// What every signature for this contract is made over.
        domain: [u8; 32],
        /// Flows, cases, challenges.
        cases: Cases,
        /// Products, loans, credits.
        lending: Lending,
        /// Campaigns and shares in them.
        crowdfunding: Crowdfunding,
    }

    /// What a payment covers: the loan after it, and what was taken for what.
    type Settle = fn(LoanRecord, Amount, &Clock) -> Result<(LoanRecord, Paid), LoanRefusal>;

    /// Whom an event is about, as the registry knows them now.
    struct Parties {
        applicant: Credentials,
        grantors: Vec<Option<Credentials>>,
    }

    impl Parties {
        /// The account that the participant of this number acts from.
        fn account(&self, number: ParticipantId) -> Result<AccountId, Error> {
            let all = core::iter::once(&self.applicant).chain(self.grantors.iter().flatten());
            let found = all.into_iter().find(|known| known.number == number);
            found.map(|known| known.account.into()).ok_or(Error::NotInGoodStanding { participant: number })
        }
    }

    impl LoanContract {
        // ---- constructors ----

        /// A new loan contract. `genesis`: the hash of the chain's genesis block, so that signatures are worthless on any other
        /// chain.
        #[ink(constructor, default)]
        pub fn new(registry: AccountId, ledger: AccountId, genesis: [u8; 32]) -> Self {
            let account = Self::env().account_id();
            Self {
                governance: Governance::default(),
                pauses: 0,
                paused_at: 0,
                registry: registry.into(),
                ledger: ledger.into(),
                domain: layout::domain_separator::<Chain>(&genesis, account.as_ref()),
                cases: Cases::default(),
                lending: Lending::default(),
                crowdfunding: Crowdfunding::default(),
            }
        }

        // ---- asking ----

        /// Takes a step of governance for the caller, and keeps count of how long the contract is paused.
        fn govern(&mut self, step: Step) -> Result<(), governance::Error> {
            let next =
                governance::govern(self.governance, registry::governor(&self.registry, self.env().caller()), step)?;
            match (self.governance.paused, next.paused) {
                (false, true) => self.paused_at = self.now(),
                (true, false) => self.pauses = self.clock().pauses,
                _ => {}
            }
            self.governance = next;
            Ok(())
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        fn clock(&self) -> Clock {
            let now = self.now();
            let running = if self.governance.paused { now.saturating_sub(self.paused_at) } else { 0 };
            Clock { now, pauses: self.pauses.saturating_add(running) }
        }

        /// Checks that new business is not stopped.
        fn must_run(&self) -> Result<(), Error> {
            match self.governance.paused {
                true => Err(Error::Paused),
                false => Ok(()),
            }
        }

        /// Checks that events like this are not stopped: what is owed to a lender goes on.
        fn must_run_for(&self, event: &Event) -> Result<(), Error> {
            match event.request.is_owed() {
                true => Ok(()),
                false => self.must_run(),
            }
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

        /// What the registry knows of the caller, and of those whom an event names; one question.
        fn caller_and_parties(&self, event: &Event) -> Result<(Option<Credentials>, Parties), Error> {
            let (mut others, parties) = self.parties_and(&[Subject::Account(self.env().caller())], event)?;
            Ok((others.pop().flatten(), parties))
        }

        /// What the registry knows of others and of those whom an event names, asked at once.
        fn parties_and(&self, others: &[Subject], event: &Event) -> Result<(Vec<Option<Credentials>>, Parties), Error> {
            let mut subjects = others.to_vec();
            subjects.push(Subject::Number(event.applicant));
            subjects.extend(event.grantors.iter().map(|grantor| Subject::Number(*grantor)));
            let mut known = self.ask(subjects)?;
            let mut parties = known.split_off(others.len().min(known.len())).into_iter();
            let applicant =
                parties.next().flatten().ok_or(Error::NotInGoodStanding { participant: event.applicant })?;
            Ok((known, Parties { applicant, grantors: parties.collect() }))
        }

        // ---- events: what they must fit ----

        /// Checks an event against what it is about, as that stands now: when it is locked, and again before it runs. Gives the
        /// product of the loan that it would open, if it would open one.
        fn must_fit(&self, event: &Event, flow: &Flow, applicant: &Credentials) -> Result<Option<Product>, Error> {
            let now = self.now();
            let grants = |role: Role, wanted: ParticipantId| match grantor(event, flow, role) {
                Some(named) if named == wanted => Ok(()),
                _ => Err(Error::WrongGrantor { role }),
            };
            let mine = |borrower: ParticipantId| match borrower == event.applicant {
                true => Ok(()),
                false => Err(Error::NotYours),
            };
            match event.request {
                Request::Loan { product, principal, months, .. } => {
                    let terms = self.lending.product(product)?;
                    must_go_through(event, terms.flow)?;
                    terms.must_cover(Amount::positive(principal)?, months)?;
                    grants(Role::Bank, terms.owner)?;
                    must_apply(flow, applicant)?;
                    self.must_be_eligible(applicant)?;
                    let latest = self.lending.latest(product, event.applicant);
                    may_borrow_again(latest, terms.again_after_months, now)?;
                    Ok(Some(terms))
                }
                Request::InterestRefund { loan } => {
                    // However the borrower stands: what its lender is owed is paid.
                    let record = self.loan_in_motion(loan)?;
                    must_go_through(event, self.cases.present_flow(flow.kind))?;
                    mine(record.borrower)?;
                    if grantor(event, flow, Role::Bank).is_some() {
                        grants(Role::Bank, bank_of(&record).unwrap_or(0))?;
                    }
                    grants(Role::FinancialDepartment, record.subsidised_by)?;
                    Ok(None)
                }
                Request::Reschedule { loan, .. } => {
                    must_apply(flow, applicant)?;
                    let record = self.loan_in_motion(loan)?;
                    must_go_through(event, self.cases.present_flow(flow.kind))?;
                    mine(record.borrower)?;
                    match record.lender {
                        Lender::Bank(bank) => grants(Role::Bank, bank)?,
                        Lender::Campaign(_) => {
                            let administrator = Role::LoanAdministrator;
                            grantor(event, flow, administrator).ok_or(Error::WrongGrantor { role: administrator })?;
                        }
                    }
                    Ok(None)
                }
                Request::CampaignClose { campaign } => {
                    let record = self.crowdfunding.load(campaign)?;
                    must_go_through(event, self.cases.present_flow(flow.kind))?;
                    mine(record.borrower)?;
                    record.must_be_closable(now)?;
                    must_apply(flow, applicant)?;
                    self.must_be_eligible(applicant)?;
                    let terms = self.lending.product(record.product)?;
                    let latest = self.lending.latest(record.product, record.borrower);
                    may_borrow_again(latest, terms.again_after_months, now)?;
                    Ok(Some(terms))
                }
            }
        }

        /// May this participant have a new loan?
        fn must_be_eligible(&self, applicant: &Credentials) -> Result<(), Error> {
            match applicant.may_benefit(self.now()) {
                true => Ok(()),
                false => Err(Error::NotEligible { applicant: applicant.number }),
            }
        }

        /// A loan that no challenge freezes.
        fn loan_in_motion(&self, loan: LoanId) -> Result<LoanRecord, Error> {
            let record = self.lending.load(loan)?;
            self.cases.must_not_be_frozen(Matter::Loan(loan), self.now())?;
            Ok(record)
        }

        /// Checks an event that is to be locked as this revision, and uses up the applicant's signature if there is one.
        fn admit(&mut self, event: &Event, revision: u32, approval: Option<Signed>) -> Result<Flow, Error> {
            self.must_run_for(event)?;
            let flow = self.cases.flow(event.flow)?;
            if flow.kind != event.request.kind() {
                return Err(Error::WrongFlow { flow: self.cases.present_flow(event.request.kind()) });
            }
            // Before the registry is asked about all of them: it does not answer about more than fit into its answer.
            flow::counted(&flow, event.grantors.len())?;
            let (caller, parties) = self.caller_and_parties(event)?;
            let applicant = &parties.applicant;
            match approval {
                None if caller.is_some_and(|caller| event.may_be_locked_by(caller.number)) => {}
                None => return Err(Error::NotAllowed),
                Some(signed) => self.use_approval(event, revision, &signed, applicant)?,
            }
            flow::named(&flow, event, applicant, &parties.grantors)?;
            self.must_fit(event, &flow, applicant)?;
            Ok(flow)
        }

        /// Checks the applicant's signature on an event and uses up its nonce.
        fn use_approval(
            &mut self,
            event: &Event,
            revision: u32,
            signed: &Signed,
            applicant: &Credentials,
        ) -> Result<(), Error> {
            let nonces = self.cases.nonces(applicant.number);
            let (domain, now) = (&self.domain, self.now());
            must_approve::<Chain>(signed, domain, event, revision, Some(applicant), nonces.event, now)?;
            self.cases.store_nonces(applicant.number, &Nonces { event: signed.nonce, ..nonces });
            Ok(())
        }

        // ---- events: what they do ----

        /// A case that can be unlocked now, and its flow.
        fn open_case(&self, case: CaseId) -> Result<(Case, Flow), Error> {
            let record = self.cases.load(case)?;
            self.must_run_for(&record.event)?;
            record.must_be_open(self.now())?;
            self.cases.must_not_be_frozen(Matter::Case(case), self.now())?;
            let flow = self.cases.flow(record.event.flow)?;
            Ok((record, flow))
        }

        /// A named oracle failed the event: its revision ends.
        fn fail(&mut self, case: CaseId, failed: &Case, role: Role) {
            self.cases.store(case, failed);
            self.env().emit_event(CaseFailed { case, revision: failed.revision, role });
        }

        /// Runs what all oracles have granted. The case is stored as executed before anything moves; if anything fails, all of
        /// it fails.
        fn execute(
            &mut self,
            case: CaseId,
            record: Case,
            flow: &Flow,
            parties: &Parties,
            operations: Vec<Operation>,
        ) -> Result<(), Error> {
            let product = self.must_fit(&record.event, flow, &parties.applicant)?;
            let executed = record.executed()?;
            self.cases.store(case, &executed);
            for operation in operations {
                self.run(operation, &executed.event, flow, parties, product.as_ref())?;
            }
            self.env().emit_event(CaseExecuted { case, revision: executed.revision });
            Ok(())
        }

        fn run(
            &mut self,
            operation: Operation,
            event: &Event,
            flow: &Flow,
            parties: &Parties,
            product: Option<&Product>,
        ) -> Result<(), Error> {
            match operation {
                Operation::Transfer { from, to, amount } => {
                    self.draw(parties.account(from)?, parties.account(to)?, from, amount)
                }
                Operation::PayOut { campaign, to } => {
                    let record = self.crowdfunding.load(campaign)?;
                    self.pay(parties.account(to)?, record.issuer, record.target)
                }
                Operation::OpenLoan => self.open_loan(event, flow, product.ok_or(Error::Corrupted)?),
                Operation::QueryLoan { loan } => self.lending.load(loan).map(drop),
                Operation::RepayInterest { loan, from } => self.refund_interest(loan, from, parties.account(from)?),
                Operation::Reschedule { loan, months } => {
                    let record = self.lending.load(loan)?.reschedule(months, &self.clock())?;
                    self.lending.store(loan, &record);
                    let instalment = record.instalment.balance();
                    self.env().emit_event(LoanRescheduled { loan, months, instalment });
                    Ok(())
                }
            }
        }

        /// Opens the loan of a product that an event is about.
        fn open_loan(&mut self, event: &Event, flow: &Flow, product: &Product) -> Result<(), Error> {
            let Product { owner, terms, .. } = *product;
            let clock = self.clock();
            let (new, campaign) = match event.request {
                Request::Loan { product, principal, months, .. } => {
                    let department = grantor(event, flow, Role::FinancialDepartment).unwrap_or(0);
                    let new = NewLoan {
                        borrower: event.applicant,
                        lender: Lender::Bank(owner),
                        issuer: owner,
                        product,
                        subsidised_by: if terms.subsidised { department } else { 0 },
                        principal: Amount::positive(principal)?,
                        terms,
                        months,
                        previous: 0,
                        clock,
                    };
                    (new, None)
                }
                Request::CampaignClose { campaign } => {
                    let record = self.crowdfunding.load(campaign)?;
                    let new = NewLoan {
                        borrower: record.borrower,
                        lender: Lender::Campaign(campaign),
                        issuer: record.issuer,
                        product: record.product,
                        subsidised_by: 0,
                        principal: record.target,
                        terms: Terms { rate: record.rate, ..terms },
                        months: record.months,
                        previous: 0,
                        clock,
                    };
                    (new, Some((campaign, record)))
                }
                Request::InterestRefund { .. } | Request::Reschedule { .. } => return Err(Error::Corrupted),
            };
            let (loan, record) = self.lending.open(new)?;
            if let Some((campaign, funded)) = campaign {
                self.decide(campaign, funded.funded(loan, clock.now)?, 0);
            }
            self.env().emit_event(LoanOpened { loan, borrower: record.borrower, record });
            Ok(())
        }

        /// Draws the interest of a subsidised loan from its financial department, for the lender's credit.
        fn refund_interest(&mut self, loan: LoanId, by: ParticipantId, from: AccountId) -> Result<(), Error> {
            let (record, amount) = self.lending.load(loan)?.refund_interest(&self.clock())?;
            self.lending.store(loan, &record);
            self.credit_lender(&record, amount)?;
            self.draw(from, self.env().account_id(), record.issuer, amount.balance())?;
            let (amount, status) = (amount.balance(), record.status);
            self.env().emit_event(InterestRefunded { loan, by, amount, status });
            Ok(())
        }

        // ---- money ----

        /// Moves somebody's money, within what it lets this contract take.
        fn draw(
            &mut self,
            from: AccountId,
            to: AccountId,
            issuer: ParticipantId,
            amount: Balance,
        ) -> Result<(), Error> {
            Ok(ledger::transfer_from(&mut self.ledger, from, to, issuer, amount)?)
        }

        /// Pays out of what this contract holds.
        fn pay(&mut self, to: AccountId, issuer: ParticipantId, amount: Amount) -> Result<(), Error> {
            Ok(ledger::transfer(&mut self.ledger, to, issuer, amount.balance())?)
        }

        /// What was repaid is the lender's: a bank's credit, or its campaign's investors'.
        fn credit_lender(&mut self, loan: &LoanRecord, amount: Amount) -> Result<(), Error> {
            match loan.lender {
                Lender::Bank(bank) => {
                    let credit = self.lending.credit(bank, loan.issuer).plus(amount)?;
                    self.lending.set_credit(bank, loan.issuer, credit);
                }
                Lender::Campaign(campaign) => {
                    let record = self.crowdfunding.load(campaign)?.repaid(amount)?;
                    self.crowdfunding.store(campaign, &record);
                }
            }
            Ok(())
        }

        /// The caller pays something of a loan: `settle` says what that covers.
        fn take_payment(&mut self, loan: LoanId, amount: Balance, settle: Settle) -> Result<Balance, Error> {
            let (payer, owed) = (self.caller()?, self.lending.load(loan)?);
            // Suspending is first aid for a stolen wallet: it must not be emptied for somebody else's debt.
            if !payer.is_active() && payer.number != owed.borrower {
                return Err(Error::NotAllowed);
            }
            let (record, paid) = settle(owed, Amount::positive(amount)?, &self.clock())?;
            let taken = Amount::from_balance(paid.total())?;
            self.lending.store(loan, &record);
            self.credit_lender(&record, taken)?;
            self.draw(self.env().caller(), self.env().account_id(), record.issuer, taken.balance())?;
            self.env().emit_event(LoanRepaid {
                loan,
                by: payer.number,
                fees: paid.fees.balance(),
                interest: paid.interest.balance(),
                principal: paid.principal.balance(),
                status: record.status,
            });
            Ok(taken.balance())
        }

        /// Stores a loan's new standing.
        fn mark(&mut self, loan: LoanId, record: &LoanRecord) {
            self.lending.store(loan, record);
            self.env().emit_event(LoanMarked { loan, status: record.status });
        }

        // ---- campaigns ----

        /// Stores a campaign's new standing.
        fn decide(&mut self, campaign: CampaignId, record: Campaign, reason: u16) {
            self.crowdfunding.store(campaign, &record);
            self.env().emit_event(CampaignDecided { campaign, status: record.status, reason });
        }

        /// The campaign, which the caller may decide about: a loan administrator who does not borrow.
        fn campaign_to_judge(&self, campaign: CampaignId) -> Result<Campaign, Error> {
            let judge = self.caller_as(Role::LoanAdministrator)?.number;
            let record = self.crowdfunding.load(campaign)?;
            match record.borrower == judge {
                true => Err(Error::NotAllowed),
                false => Ok(record),
            }
        }

        /// Checks what a loan administrator and an authenticator signed for a new campaign, and uses up their nonces.
        fn use_signatures(
            &mut self,
            campaign: &NewCampaign,
            rating: &SignedRating,
            passkey: &PasskeyApproval,
            borrower: &Credentials,
            [rater, authenticator]: [Option<Credentials>; 2],
        ) -> Result<(), Error> {
            let now = self.now();
            let nonces = self.cases.nonces(borrower.number);
            let rater = signer(rater, rating.signer, Role::LoanAdministrator, borrower)?;
            let statement = RatingStatement {
                domain: self.domain,
                borrower: borrower.number,
                grade: rating.rating.grade,
                rate: rating.rating.rate,
                most: rating.rating.most,
                facts: rating.facts,
                nonce: rating.signed.nonce,
                valid_until: rating.signed.valid_until,
                epoch: rater.epoch,
                key: rater.key,
            };
            rating.signed.must_count::<Chain>(&rater, &statement.signed_bytes::<Chain>(), nonces.rating, now)?;
            let authenticator = signer(authenticator, passkey.signer, Role::Authenticator, borrower)?;
            // A second factor is another one's word.
            if authenticator.number == rater.number || authenticator.key == rater.key {
                return Err(SigningRefusal::Repeated { signer: authenticator.number }.into());
            }
            let arguments = (ink::selector_bytes!("Loan::open_campaign"), campaign, rating).encode();
            let statement = PasskeyStatement {
                domain: self.domain,
                participant: borrower.number,
                nonce: passkey.signed.nonce,
                arguments: <Chain as amanah_domain::crypto::Crypto>::blake2b_256(&arguments),
                valid_until: passkey.signed.valid_until,
                epoch: authenticator.epoch,
                key: authenticator.key,
            };
            let signed = statement.signed_bytes::<Chain>();
            passkey.signed.must_count::<Chain>(&authenticator, &signed, nonces.passkey, now)?;
            let used = Nonces { rating: rating.signed.nonce, passkey: passkey.signed.nonce, ..nonces };
            self.cases.store_nonces(borrower.number, &used);
            Ok(())
        }
    }

    /// Whom an event names for a role of its flow.
    fn grantor(event: &Event, flow: &Flow, role: Role) -> Option<ParticipantId> {
        let at = flow.oracles.iter().position(|one| *one == role)?;
        event.grantors.get(at).copied()
    }

    /// Checks that somebody is active in a role that may apply.
    fn must_apply(flow: &Flow, applicant: &Credentials) -> Result<(), Error> {
        match flow.may_apply(applicant) {
            true => Ok(()),
            false => Err(Error::NotEligible { applicant: applicant.number }),
        }
    }

    /// Checks that an event goes through this flow.
    fn must_go_through(event: &Event, flow: FlowId) -> Result<(), Error> {
        match event.flow == flow {
            true => Ok(()),
            false => Err(Error::WrongFlow { flow }),
        }
    }

    /// Somebody who signs for another one: active in its role, and not the borrower itself.
    fn signer(
        known: Option<Credentials>,
        signer: ParticipantId,
        role: Role,
        borrower: &Credentials,
    ) -> Result<Credentials, Error> {
        let known = known.filter(|known| known.acts_as(role)).ok_or(SigningRefusal::NotInGoodStanding { signer })?;
        match known.number == borrower.number || known.key == borrower.key {
            true => Err(SigningRefusal::OwnMatter { signer }.into()),
            false => Ok(known),
        }
    }

    #[amanah_interfaces::outline]
    impl Loan for LoanContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn loan(&self, id: LoanId) -> Option<LoanRecord> {
            self.lending.load(id).ok()
        }

        // ---- commands: flows and products ----

        #[ink(message)]
        fn configure_flow(
            &mut self,
            kind: EventKind,
            applicants: Vec<Role>,
            oracles: Vec<Role>,
            validity: Timestamp,
        ) -> Result<FlowId, Error> {
            self.must_run()?;
            self.caller_as(Role::Government)?;
            let applicants = Roles::of(&applicants).unwrap_or(Roles::NONE);
            let terms = Flow { kind, applicants, oracles, validity }.checked()?;
            let flow = self.cases.add_flow(&terms)?;
            self.env().emit_event(FlowConfigured { flow, terms });
            Ok(flow)
        }

        #[ink(message)]
        fn offer_product(&mut self, offer: Offer) -> Result<ProductId, Error> {
            self.must_run()?;
            let caller = self.caller()?;
            let lends = caller.acts_as(Role::Bank) && offer.flow != 0;
            if !lends && !caller.acts_as(Role::LoanAdministrator) {
                return Err(Error::NotAllowed);
            }
            let subsidised = offer.subsidised;
            if lends {
                let flow = self.cases.flow(offer.flow)?;
                let pays = !subsidised || flow.oracles.contains(&Role::FinancialDepartment);
                if flow.kind != EventKind::LoanApplication || !pays {
                    return Err(Error::WrongFlow { flow: self.cases.present_flow(EventKind::LoanApplication) });
                }
            } else if offer.flow != 0 || subsidised {
                return Err(Error::WrongFlow { flow: 0 });
            }
            let terms = Product {
                owner: caller.number,
                flow: offer.flow,
                limit: Amount::from_balance(offer.limit)?,
                most_months: offer.most_months,
                again_after_months: offer.again_after_months,
                terms: Terms {
                    rate: offer.rate,
                    method: offer.method,
                    order: offer.order,
                    grace_days: offer.grace_days,
                    late_fee: Amount::from_balance(offer.late_fee)?,
                    default_after_days: offer.default_after_days,
                    subsidised,
                },
                retired: false,
            }
            .checked()?;
            let product = self.lending.add_product(&terms)?;
            self.env().emit_event(ProductOffered { product, terms });
            Ok(product)
        }

        #[ink(message)]
        fn retire_product(&mut self, product: ProductId) -> Result<(), Error> {
            let terms = self.lending.product(product)?;
            let caller = self.caller()?;
            if !caller.is_active() || caller.number != terms.owner {
                return Err(Error::NotAllowed);
            }
            if terms.retired {
                return Err(ProductRefusal::Retired.into());
            }
            self.lending.store_product(product, &Product { retired: true, ..terms });
            self.env().emit_event(ProductRetired { product });
            Ok(())
        }

        // ---- commands: cases ----

        #[ink(message)]
        fn lock(&mut self, event: Event, approval: Option<Signed>) -> Result<CaseId, Error> {
            let flow = self.admit(&event, 0, approval)?;
            let applicant = event.applicant;
            let (case, previous) = self.cases.next_of(applicant)?;
            let record = Case::locked(event, previous, self.now(), flow.validity);
            self.cases.store(case, &record);
            let Case { event, expires, .. } = record;
            self.env().emit_event(CaseLocked { case, applicant, event, expires });
            Ok(case)
        }

        #[ink(message)]
        fn unlock(&mut self, case: CaseId, event: Event, verdicts: Vec<SignedVerdict>) -> Result<Code, Error> {
            let (record, flow) = self.open_case(case)?;
            let (_, parties) = self.parties_and(&[], &record.event)?;
            let operations = flow::operations(&flow, &record.event).ok_or(Error::Corrupted)?;
            let about = About {
                domain: self.domain,
                case,
                revision: record.revision,
                event_hash: flow::event_hash::<Chain>(&flow, &record.event).ok_or(Error::Corrupted)?,
                applicant: None,
                flow: record.event.flow,
                now: self.now(),
            };
            let keys = granting_keys(&flow, &record.event, Some(&parties.applicant), &parties.grantors);
            // The applicant's own signature was checked and used up when the event was locked.
            let locked = chaincode::chaincode(operations, record.event.clone(), Approval::Sender, keys);
            let given = chaincode::unlocking_code(event, Approval::Sender, verdicts);
            let outcome = chaincode::evaluate::<Chain>(locked, given, &about);
            match (outcome.code, outcome.failed_by) {
                (Code::Success, _) => self.execute(case, record, &flow, &parties, outcome.operations)?,
                (_, Some(role)) => self.fail(case, &record.failed()?, role),
                (code, None) => self.env().emit_event(UnlockRefused { case, code }),
            }
            Ok(outcome.code)
        }

        #[ink(message)]
        fn submit_verdict(
            &mut self,
            case: CaseId,
            revision: u32,
            event_hash: [u8; 32],
            verdict: Verdict,
        ) -> Result<(), Error> {
            let (record, flow) = self.open_case(case)?;
            if flow::event_hash::<Chain>(&flow, &record.event) != Some(event_hash) {
                return Err(Error::OtherEvent);
            }
            let (caller, parties) = self.caller_and_parties(&record.event)?;
            let oracle = caller.ok_or(Error::NotAllowed)?.number;
            let role = record.event.grantors.iter().position(|named| *named == oracle);
            let role = role.and_then(|at| flow.oracles.get(at).copied()).ok_or(Error::NotAllowed)?;
            // Whoever passed it before must still be in good standing now.
            flow::named(&flow, &record.event, &parties.applicant, &parties.grantors)?;
            let (record, all_passed) = record.submit(&flow, oracle, revision, verdict, self.now())?;
            self.env().emit_event(VerdictGiven { case, oracle, revision, verdict });
            if verdict == Verdict::Failed {
                self.fail(case, &record, role);
            } else if all_passed {
                let operations = flow::operations(&flow, &record.event).ok_or(Error::Corrupted)?;
                self.execute(case, record, &flow, &parties, operations)?;
            } else {
                self.cases.store(case, &record);
            }
            Ok(())
        }

        #[ink(message)]
        fn revise(&mut self, case: CaseId, event: Event, approval: Option<Signed>) -> Result<(), Error> {
            let record = self.cases.load(case)?;
            self.cases.must_not_be_frozen(Matter::Case(case), self.now())?;
            let flow = self.cases.flow(record.event.flow)?;
            let revised = record.revise(event, self.now(), flow.validity)?;
            self.admit(&revised.event, revised.revision, approval)?;
            self.cases.store(case, &revised);
            let Case { revision, event, expires, .. } = revised;
            self.env().emit_event(CaseRevised { case, revision, event, expires });
            Ok(())
        }

        #[ink(message)]
        fn expire_case(&mut self, case: CaseId) -> Result<(), Error> {
            let expired = self.cases.load(case)?.expire(self.now())?;
            self.cases.store(case, &expired);
            self.env().emit_event(CaseExpired { case });
            Ok(())
        }

        // ---- commands: loans ----

        #[ink(message)]
        fn repay(&mut self, loan: LoanId, amount: Balance) -> Result<Balance, Error> {
            self.take_payment(loan, amount, LoanRecord::repay)
        }

        #[ink(message)]
        fn recover(&mut self, loan: LoanId, amount: Balance) -> Result<Balance, Error> {
            self.take_payment(loan, amount, LoanRecord::recover)
        }

        #[ink(message)]
        fn mark_delinquent(&mut self, loan: LoanId) -> Result<(), Error> {
            let marked = self.loan_in_motion(loan)?.mark_delinquent(&self.clock())?;
            self.mark(loan, &marked);
            Ok(())
        }

        #[ink(message)]
        fn mark_defaulted(&mut self, loan: LoanId) -> Result<(), Error> {
            let marked = self.loan_in_motion(loan)?.mark_defaulted(&self.clock())?;
            self.mark(loan, &marked);
            Ok(())
        }

        #[ink(message)]
        fn write_off(&mut self, loan: LoanId) -> Result<(), Error> {
            let record = self.loan_in_motion(loan)?;
            let caller = self.caller()?;
            let may = match record.lender {
                Lender::Bank(bank) => caller.acts_as(Role::Bank) && caller.number == bank,
                Lender::Campaign(_) => caller.acts_as(Role::LoanAdministrator) && caller.number != record.borrower,
            };
            if !may {
                return Err(Error::NotAllowed);
            }
            let marked = record.write_off(&self.clock())?;
            self.mark(loan, &marked);
            Ok(())
        }

        #[ink(message)]
        fn withdraw(&mut self, issuer: ParticipantId, amount: Balance) -> Result<(), Error> {
            let participant = Some(self.caller()?).filter(Credentials::is_active).ok_or(Error::NotAllowed)?.number;
            let amount = Amount::positive(amount)?;
            let credit = self.lending.credit(participant, issuer).minus(amount)?;
            self.lending.set_credit(participant, issuer, credit);
            self.pay(self.env().caller(), issuer, amount)?;
            self.env().emit_event(RepaymentsWithdrawn { participant, issuer, amount: amount.balance() });
            Ok(())
        }

        // ---- commands: campaigns ----

        #[ink(message)]
        fn open_campaign(
            &mut self,
            campaign: NewCampaign,
            rating: SignedRating,
            passkey: PasskeyApproval,
        ) -> Result<CampaignId, Error> {
            self.must_run()?;
            let now = self.now();
            let subjects = vec![
                Subject::Account(self.env().caller()),
                Subject::Number(campaign.issuer),
                Subject::Number(rating.signer),
                Subject::Number(passkey.signer),
            ];
            let answers: [_; 4] = self.ask(subjects)?.try_into().map_err(|_| Error::RegistryUnavailable)?;
            let [borrower, issuer, rater, authenticator] = answers;
            let borrower = borrower.filter(|known| known.acts_as(Role::Citizen)).ok_or(Error::NotAllowed)?;
            self.must_be_eligible(&borrower)?;
            if !issuer.is_some_and(|known| known.acts_as(Role::Bank)) {
                return Err(Error::NotInGoodStanding { participant: campaign.issuer });
            }
            let product = self.lending.product(campaign.product)?;
            if product.flow != 0 {
                return Err(Error::WrongFlow { flow: product.flow });
            }
            let target = Amount::positive(campaign.target)?;
            product.must_cover(target, campaign.months)?;
            Terms { rate: rating.rating.rate, ..product.terms }.checked()?;
            let latest = self.lending.latest(campaign.product, borrower.number);
            may_borrow_again(latest, product.again_after_months, now)?;
            let proposed = Campaign {
                borrower: borrower.number,
                issuer: campaign.issuer,
                product: campaign.product,
                target,
                minimum: Amount::from_balance(campaign.minimum)?,
                rate: rating.rating.rate,
                months: campaign.months,
                grade: rating.rating.grade,
                deadline: campaign.deadline,
                reached_at: 0,
                document: campaign.document,
                raised: Amount::ZERO,
                status: CampaignStatus::Proposed,
                loan: 0,
                repaid: Amount::ZERO,
                claimed: Amount::ZERO,
                shares_left: Amount::ZERO,
                older: 0,
            }
            .proposed(rating.rating.most, now)?;
            self.use_signatures(&campaign, &rating, &passkey, &borrower, [rater, authenticator])?;
            let (campaign, record) = self.crowdfunding.add(proposed)?;
            self.env().emit_event(CampaignProposed { campaign, borrower: borrower.number, record });
            Ok(campaign)
        }

        #[ink(message)]
        fn approve_campaign(&mut self, campaign: CampaignId) -> Result<(), Error> {
            self.must_run()?;
            let approved = self.campaign_to_judge(campaign)?.approved(self.now())?;
            self.decide(campaign, approved, 0);
            Ok(())
        }

        #[ink(message)]
        fn reject_campaign(&mut self, campaign: CampaignId, reason: u16) -> Result<(), Error> {
            let rejected = self.campaign_to_judge(campaign)?.rejected()?;
            self.decide(campaign, rejected, reason);
            Ok(())
        }

        #[ink(message)]
        fn cancel_campaign(&mut self, campaign: CampaignId) -> Result<(), Error> {
            let caller = self.caller().map_err(|error| match error {
                Error::NotAllowed => Error::NotYours,
                error => error,
            })?;
            let record = self.crowdfunding.load(campaign)?;
            if record.borrower != caller.number {
                return Err(Error::NotYours);
            }
            self.decide(campaign, record.cancelled()?, 0);
            Ok(())
        }

        #[ink(message)]
        fn invest(&mut self, campaign: CampaignId, amount: Balance) -> Result<(), Error> {
            self.must_run()?;
            let investor = self.caller_as(Role::Investor)?.number;
            let record = self.crowdfunding.load(campaign)?;
            let share = self.crowdfunding.share(campaign, investor);
            let (record, share) = record.invested(investor, share, Amount::positive(amount)?, self.now())?;
            self.crowdfunding.store(campaign, &record);
            self.crowdfunding.set_share(campaign, investor, Some(share));
            self.draw(self.env().caller(), self.env().account_id(), record.issuer, amount)?;
            self.env().emit_event(Invested { campaign, investor, amount });
            Ok(())
        }

        #[ink(message)]
        fn refund(&mut self, campaign: CampaignId) -> Result<(), Error> {
            let investor = self.caller()?.number;
            let share = self.crowdfunding.share(campaign, investor);
            let record = self.crowdfunding.load(campaign)?.refunded(share, self.now())?;
            self.crowdfunding.store(campaign, &record);
            self.crowdfunding.set_share(campaign, investor, None);
            self.pay(self.env().caller(), record.issuer, share.amount)?;
            self.env().emit_event(Refunded { campaign, investor, amount: share.amount.balance() });
            Ok(())
        }

        #[ink(message)]
        fn claim(&mut self, campaign: CampaignId) -> Result<Balance, Error> {
            let investor = self.caller()?.number;
            let share = self.crowdfunding.share(campaign, investor);
            let record = self.crowdfunding.load(campaign)?;
            let ended = self.lending.load(record.loan).is_ok_and(|loan| loan.is_ended());
            let (record, share, amount) = record.claimed(share, ended)?;
            self.crowdfunding.store(campaign, &record);
            self.crowdfunding.set_share(campaign, investor, share);
            if !amount.is_zero() {
                self.pay(self.env().caller(), record.issuer, amount)?;
            }
            let amount = amount.balance();
            self.env().emit_event(Claimed { campaign, investor, amount });
            Ok(amount)
        }

        // ---- commands: supervision ----

        #[ink(message)]
        fn challenge(&mut self, matter: Matter, reason: u16) -> Result<(), Error> {
            let by = self.caller_as(Role::Regulator)?.number;
            match matter {
                Matter::Case(case) => self.cases.load(case).map(drop)?,
                Matter::Loan(loan) => self.lending.load(loan).map(drop)?,
            }
            let challenge = Challenge::raised(self.cases.challenge(matter), by, reason, self.now())?;
            self.cases.store_challenge(matter, &challenge);
            self.env().emit_event(Challenged { matter, by, reason, until: challenge.until });
            Ok(())
        }

        #[ink(message)]
        fn resolve(&mut self, matter: Matter, finding: Finding) -> Result<(), Error> {
            let by = self.caller_as(Role::Regulator)?.number;
            let challenge = self.cases.challenge(matter).unwrap_or(Challenge { by: 0, reason: 0, until: 0 });
            self.cases.store_challenge(matter, &challenge.resolved(by, finding, self.now())?);
            self.env().emit_event(Resolved { matter, by, finding });
            Ok(())
        }

        // ---- queries ----

        #[ink(message)]
        fn due(&self, loan: LoanId) -> Result<Due, Error> {
            Ok(self.lending.load(loan)?.due(&self.clock())?)
        }

        #[ink(message)]
        fn schedule(&self, loan: LoanId, start: u16, limit: u16) -> Vec<Instalment> {
            let most = u16::try_from(MOST_PER_PAGE).unwrap_or(u16::MAX);
            self.lending.load(loan).map_or(Vec::new(), |record| record.schedule(start, limit.min(most)))
        }

        #[ink(message)]
        fn loans_of(&self, borrower: ParticipantId, start: Option<LoanId>, limit: u32) -> Vec<(LoanId, LoanRecord)> {
            self.lending.of_borrower(borrower, start, limit)
        }

        #[ink(message)]
        fn inspect(
            &self,
            participant: ParticipantId,
            start_case: Option<CaseId>,
            start_loan: Option<LoanId>,
            limit: u32,
        ) -> Result<Inspection, Error> {
            let caller = self.caller()?;
            let may = |role| caller.acts_as(role);
            if caller.number != participant && ![Role::Regulator, Role::CivilAffairs, Role::Bank].into_iter().any(may) {
                return Err(Error::NotAllowed);
            }
            let limit = limit.min(MOST_INSPECTED);
            Ok(Inspection {
                cases: self.cases.of_applicant(participant, start_case, limit),
                loans: self.lending.of_borrower(participant, start_loan, limit),
            })
        }

        #[ink(message)]
        fn case(&self, id: CaseId) -> Option<Case> {
            self.cases.load(id).ok()
        }

        #[ink(message)]
        fn event_hash(&self, case: CaseId) -> Option<[u8; 32]> {
            let event = self.cases.load(case).ok()?.event;
            flow::event_hash::<Chain>(&self.cases.flow(event.flow).ok()?, &event)
        }

        #[ink(message)]
        fn flow(&self, id: FlowId) -> Option<Flow> {
            self.cases.flow(id).ok()
        }

        #[ink(message)]
        fn present_flow(&self, kind: EventKind) -> FlowId {
            self.cases.present_flow(kind)
        }

        #[ink(message)]
        fn product(&self, id: ProductId) -> Option<Product> {
            self.lending.product(id).ok()
        }

        #[ink(message)]
        fn campaign(&self, id: CampaignId) -> Option<Campaign> {
            self.crowdfunding.load(id).ok()
        }

        #[ink(message)]
        fn campaigns(&self, grade: u8, start: Option<CampaignId>, limit: u32) -> Vec<(CampaignId, Campaign)> {
            self.crowdfunding.of_grade(grade, start, limit)
        }

        #[ink(message)]
        fn share(&self, campaign: CampaignId, investor: ParticipantId) -> Share {
            self.crowdfunding.share(campaign, investor)
        }

        #[ink(message)]
        fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Balance {
            self.lending.credit(participant, issuer).balance()
        }

        #[ink(message)]
        fn challenge_of(&self, matter: Matter) -> Option<Challenge> {
            self.cases.challenge(matter)
        }

        #[ink(message)]
        fn nonces(&self, participant: ParticipantId) -> Nonces {
            self.cases.nonces(participant)
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
        fn version(&self) -> u32 {
            1
        }
    }

    #[amanah_interfaces::outline]
    impl Governed for LoanContract {
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
