//! Vouchers: programmes, issue, redemption, settlement. What a voucher, a redemption, a shop or a programme may become is
//! decided in `amanah_domain::{voucher, redemption, shop, programme}`; here it is authorised, loaded, stored and emitted.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
mod contract {
    use amanah_domain::{
        ids::{ParticipantId, ProgrammeId, RedemptionId, VoucherId},
        layout,
        money::Amount,
        participant::Credentials,
        programme::{Categories, Category},
        redemption::{must_be_as_many, Claim},
        roles::Role,
        time,
    };
    use amanah_interfaces::{
        chain::Chain,
        check_rows,
        ledger::{Ledger, LedgerRef},
        registry::{self, RegistryRef, Subject},
        voucher::{
            Admission, CreditWithdrawn, Error, Funding, FundingRequested, IssuerSet, NewVoucher, Programme,
            ProgrammeCreated, Proof, Redemption, RedemptionCleared, RedemptionConfirmed, RedemptionEnded,
            RedemptionRefusal, RedemptionRequested, RedemptionStatus, ShopAdmitted, ShopRecord, ShopRefusal, Standing,
            Terms, TermsRefusal, Totals, Voucher, VoucherExpired, VoucherFrozen, VoucherFunded, VoucherRecord,
            VoucherUnfrozen,
        },
        MOST_PER_PAGE, MOST_ROWS,
    };
    use ink::{
        codegen::TraitCallBuilder,
        prelude::{vec, vec::Vec},
        storage::{traits::ManualKey, Mapping},
        ToAccountId,
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct VoucherContract {
        /// Who knows the participants.
        registry: RegistryRef,
        /// Where this contract keeps the money that it holds for others.
        ledger: LedgerRef,
        /// What every signature for this contract is made over.
        domain: [u8; 32],
        /// The latest programme's number.
        programme_count: ProgrammeId,
        /// The latest voucher's number.
        voucher_count: VoucherId,
        /// The latest redemption's number.
        redemption_count: RedemptionId,
        /// Programmes by number.
        programmes: Mapping<ProgrammeId, Programme, ManualKey<0x564f_0001>>,
        /// Where a programme's money is.
        totals: Mapping<ProgrammeId, Totals, ManualKey<0x564f_0002>>,
        /// Who may create vouchers of a programme beside its owner.
        issuers: Mapping<(ProgrammeId, AccountId), (), ManualKey<0x564f_0003>>,
        /// Shops admitted to a programme.
        shops: Mapping<(ProgrammeId, ParticipantId), ShopRecord, ManualKey<0x564f_0004>>,
        /// Vouchers by number.
        vouchers: Mapping<VoucherId, VoucherRecord, ManualKey<0x564f_0005>>,
        /// A holder's newest voucher; the others follow by `previous`.
        newest: Mapping<ParticipantId, VoucherId, ManualKey<0x564f_0006>>,
        /// Redemptions by number, until they are cleared.
        redemptions: Mapping<RedemptionId, Redemption, ManualKey<0x564f_0007>>,
        /// How a shop stands with a voucher.
        standings: Mapping<(VoucherId, ParticipantId), Standing, ManualKey<0x564f_0008>>,
        /// What is owed to a participant in a bank's money.
        credits: Mapping<(ParticipantId, ParticipantId), Amount, ManualKey<0x564f_0009>>,
    }

    impl VoucherContract {
        // ---- constructors ----

        /// A new voucher contract. `genesis`: the hash of the chain's genesis block, so that signatures are worthless on
        /// any other chain.
        #[ink(constructor, default)]
        pub fn new(registry: AccountId, ledger: AccountId, genesis: [u8; 32]) -> Self {
            let account = Self::env().account_id();
            Self {
                registry: registry.into(),
                ledger: ledger.into(),
                domain: layout::domain_separator::<Chain>(&genesis, account.as_ref()),
                programme_count: 0,
                voucher_count: 0,
                redemption_count: 0,
                programmes: Mapping::new(),
                totals: Mapping::new(),
                issuers: Mapping::new(),
                shops: Mapping::new(),
                vouchers: Mapping::new(),
                newest: Mapping::new(),
                redemptions: Mapping::new(),
                standings: Mapping::new(),
                credits: Mapping::new(),
            }
        }

        // ---- asking ----

        fn ask(&self, subjects: Vec<Subject>) -> Result<Vec<Option<Credentials>>, Error> {
            registry::ask(&self.registry, subjects).ok_or(Error::RegistryUnavailable)
        }

        /// What the registry knows of the caller.
        fn caller(&self) -> Result<Option<Credentials>, Error> {
            Ok(self.ask(vec![Subject::Account(self.env().caller())])?.into_iter().flatten().next())
        }

        /// The caller, active in `role`.
        fn caller_as(&self, role: Role) -> Result<Credentials, Error> {
            self.caller()?.filter(|known| known.acts_as(role)).ok_or(Error::NotAllowed)
        }

        /// Checks that the caller is the active owner of the programme.
        fn must_own(&self, programme: &Programme) -> Result<(), Error> {
            match self.caller_as(Role::Government)?.number == programme.owner {
                true => Ok(()),
                false => Err(Error::NotAllowed),
            }
        }

        /// Checks that the caller owns the voucher's programme or is a regulator.
        fn must_supervise(&self, voucher: &VoucherRecord) -> Result<(), Error> {
            let owner = self.load_programme(voucher.programme)?.owner;
            match self.caller()? {
                Some(known) if known.acts_as(Role::Regulator) => Ok(()),
                Some(known) if known.acts_as(Role::Government) && known.number == owner => Ok(()),
                _ => Err(Error::NotAllowed),
            }
        }

        // ---- loading ----

        fn load_programme(&self, programme: ProgrammeId) -> Result<Programme, Error> {
            self.programmes.get(programme).ok_or(Error::UnknownProgramme { programme })
        }

        fn load_voucher(&self, voucher: VoucherId) -> Result<VoucherRecord, Error> {
            self.vouchers.get(voucher).ok_or(Error::UnknownVoucher { voucher })
        }

        fn load_redemption(&self, redemption: RedemptionId) -> Result<Redemption, Error> {
            self.redemptions.get(redemption).ok_or(Error::UnknownRedemption { redemption })
        }

        fn load_totals(&self, programme: ProgrammeId) -> Totals {
            self.totals.get(programme).unwrap_or_default()
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        // ---- doing ----

        fn add_credit(&mut self, to: ParticipantId, issuer: ParticipantId, amount: Amount) -> Result<(), Error> {
            if amount.is_zero() {
                return Ok(());
            }
            let credit = self.credits.get((to, issuer)).unwrap_or(Amount::ZERO).plus(amount)?;
            self.credits.insert((to, issuer), &credit);
            Ok(())
        }

        /// Creates one blank voucher; `holder` is what the registry knows of the account.
        fn create_blank(
            &mut self,
            number: ProgrammeId,
            programme: &Programme,
            new: &NewVoucher,
            holder: Option<Credentials>,
        ) -> Result<VoucherId, Error> {
            let now = self.now();
            let holder = holder.ok_or(Error::UnknownParticipant { account: new.holder })?;
            let participant = holder.number;
            if !(holder.acts_as(Role::Citizen) && holder.may_benefit(now)) {
                return Err(Error::HolderNotEligible { participant });
            }
            if !programme.categories.has(new.category) {
                return Err(Error::UnknownCategory { category: new.category });
            }
            let expires = programme.voucher_end(new.expires, now).map_err(|expires| Error::BadExpiry { expires })?;
            let voucher = self.voucher_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.voucher_count = voucher;
            let previous = self.newest.get(participant).unwrap_or(0);
            self.vouchers.insert(voucher, &VoucherRecord::blank(number, participant, new.category, expires, previous));
            self.newest.insert(participant, &voucher);
            self.env().emit_event(FundingRequested {
                voucher,
                bank: programme.bank,
                programme: number,
                holder: participant,
                category: new.category,
                expires,
            });
            Ok(voucher)
        }

        /// Creates blank vouchers for the programme's owner or an issuer, asking the registry once.
        fn create_rows(
            &mut self,
            number: ProgrammeId,
            rows: &[NewVoucher],
        ) -> Result<Vec<Result<VoucherId, Error>>, Error> {
            let programme = self.load_programme(number)?;
            let caller = self.env().caller();
            let mut subjects = vec![Subject::Account(caller)];
            subjects.extend(rows.iter().map(|row| Subject::Account(row.holder)));
            let mut answers = self.ask(subjects)?.into_iter();
            let is_issuer = self.issuers.contains((number, caller));
            let may = match answers.next().flatten() {
                Some(known) if known.acts_as(Role::Government) && known.number == programme.owner => true,
                Some(known) => known.is_active() && is_issuer,
                // A contract: the registry does not know it.
                None => is_issuer,
            };
            if !may {
                return Err(Error::NotAllowed);
            }
            Ok(rows
                .iter()
                .zip(answers)
                .map(|(row, holder)| self.create_blank(number, &programme, row, holder))
                .collect())
        }

        /// Puts money into one voucher of the programme, in the books of this contract.
        fn fund_one(
            &mut self,
            number: ProgrammeId,
            programme: &Programme,
            totals: &mut Totals,
            funding: &Funding,
        ) -> Result<Amount, Error> {
            let record = self.load_voucher(funding.voucher)?;
            if record.programme != number {
                return Err(Error::OtherProgramme { programme: record.programme });
            }
            let amount = Amount::positive(funding.amount)?;
            programme.within_budget(totals.funded, amount).map_err(|budget| Error::OverBudget { budget })?;
            let record = record.fund(amount, programme.most_per_voucher, self.now())?;
            *totals = totals.fund(amount)?;
            self.vouchers.insert(funding.voucher, &record);
            self.env().emit_event(VoucherFunded {
                voucher: funding.voucher,
                programme: number,
                amount: amount.balance(),
            });
            Ok(amount)
        }

        /// Puts money into vouchers of the programme and draws the sum from the bank, once.
        fn fund_rows(&mut self, number: ProgrammeId, rows: &[Funding]) -> Result<Vec<Result<(), Error>>, Error> {
            let programme = self.load_programme(number)?;
            let bank = self.caller_as(Role::Bank)?.number;
            if bank != programme.bank {
                return Err(Error::NotAllowed);
            }
            let mut totals = self.load_totals(number);
            let mut drawn = Amount::ZERO;
            let mut results = Vec::with_capacity(rows.len());
            for row in rows {
                let funded = self.fund_one(number, &programme, &mut totals, row);
                if let Ok(amount) = funded {
                    drawn = drawn.plus(amount)?;
                }
                results.push(funded.map(|_| ()));
            }
            if !drawn.is_zero() {
                self.totals.insert(number, &totals);
                let (from, to) = (self.env().caller(), self.env().account_id());
                answered(self.ledger.call_mut().transfer_from(from, to, bank, drawn.balance()).try_invoke())?;
            }
            Ok(results)
        }

        fn admit(
            &mut self,
            number: ProgrammeId,
            programme: &Programme,
            row: &Admission,
            shop: Option<Credentials>,
        ) -> Result<ParticipantId, Error> {
            let account = row.shop;
            let shop = shop.ok_or(Error::UnknownParticipant { account })?;
            if !shop.acts_as(Role::Shop) {
                return Err(Error::WrongRole { account });
            }
            let categories = Categories::of(&row.categories)
                .filter(|categories| !categories.is_empty())
                .ok_or(Error::Terms(TermsRefusal::Categories))?;
            if let Some(category) = row.categories.iter().copied().find(|one| !programme.categories.has(*one)) {
                return Err(Error::UnknownCategory { category });
            }
            let daily_cap = Amount::from_balance(row.daily_cap)?;
            let known = self.shops.get((number, shop.number));
            let record = match &known {
                Some(known) => known.readmitted(categories, daily_cap),
                None => ShopRecord::admitted(categories, daily_cap),
            };
            if known.as_ref() != Some(&record) {
                self.shops.insert((number, shop.number), &record);
                self.env().emit_event(ShopAdmitted { programme: number, shop: shop.number, record });
            }
            Ok(shop.number)
        }

        /// Checks the proof of a redemption and that its holder may spend, asking the registry once.
        fn must_prove(
            &self,
            number: RedemptionId,
            redemption: &Redemption,
            holder: ParticipantId,
            programme: &Programme,
            proof: Proof,
        ) -> Result<(), Error> {
            let claim = Claim { domain: self.domain, number, redemption, now: self.now() };
            match proof {
                Proof::Attestors(attestations) => {
                    must_be_as_many(attestations.len(), programme.attestors_needed)?;
                    let mut subjects = vec![Subject::Number(holder)];
                    subjects.extend(attestations.iter().map(|one| Subject::Number(one.attestor)));
                    let mut known = self.ask(subjects)?.into_iter();
                    must_be_able_to_spend(holder, known.next().flatten())?;
                    let attestations: Vec<_> = attestations.into_iter().zip(known).collect();
                    claim.attested::<Chain>(&attestations, &programme.attestors, programme.attestors_needed)?;
                }
                Proof::Holder { valid_until, signature } => {
                    let known = self.ask(vec![Subject::Number(holder)])?.into_iter().next().flatten();
                    let allowed = programme.holder_signature;
                    claim.signed_by_holder::<Chain>(holder, known.as_ref(), allowed, valid_until, &signature)?;
                }
            }
            Ok(())
        }

        /// A redemption ended unconfirmed: gives back what it held.
        fn end_unconfirmed(&mut self, number: RedemptionId, ended: Redemption) -> Result<(), Error> {
            let Redemption { voucher, shop, amount, requested_at, status, .. } = ended;
            let released = self.load_voucher(voucher)?.release(amount)?;
            let programme = released.voucher.programme;
            let totals = self.load_totals(programme).release(amount, released.returned)?;
            let bank = self.load_programme(programme)?.bank;
            self.redemptions.insert(number, &ended);
            self.vouchers.insert(voucher, &released.voucher);
            self.totals.insert(programme, &totals);
            self.add_credit(bank, bank, released.returned)?;
            let standing = self.standings.get((voucher, shop)).unwrap_or_default().strike(self.now());
            self.standings.insert((voucher, shop), &standing);
            if let Some(record) = self.shops.get((programme, shop)) {
                self.shops.insert((programme, shop), &record.give_back(amount, requested_at));
            }
            self.env().emit_event(RedemptionEnded {
                redemption: number,
                voucher,
                status,
                amount: amount.balance(),
                returned: released.returned.balance(),
            });
            Ok(())
        }
    }

    /// What the ledger answered; no answer means no.
    fn answered(
        answer: Result<ink::MessageResult<Result<(), amanah_interfaces::ledger::Error>>, ink::env::Error>,
    ) -> Result<(), Error> {
        match answer {
            Ok(Ok(answer)) => answer.map_err(Error::Ledger),
            _ => Err(Error::LedgerUnavailable),
        }
    }

    /// May the holder of a voucher spend it: is it active?
    fn must_be_able_to_spend(participant: ParticipantId, known: Option<Credentials>) -> Result<(), Error> {
        match known {
            Some(known) if known.is_active() => Ok(()),
            _ => Err(Error::HolderNotEligible { participant }),
        }
    }

    fn too_many_rows(given: u32) -> Error {
        Error::TooManyRows { most: MOST_ROWS, given }
    }

    impl Voucher for VoucherContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn voucher(&self, id: VoucherId) -> Option<VoucherRecord> {
            self.vouchers.get(id)
        }

        // ---- commands: programmes ----

        #[ink(message)]
        fn create_programme(&mut self, terms: Terms) -> Result<ProgrammeId, Error> {
            check_rows(terms.attestors.len()).map_err(|_| Error::Terms(TermsRefusal::Attestors))?;
            let mut subjects = vec![Subject::Account(self.env().caller()), Subject::Account(terms.bank)];
            subjects.extend(terms.attestors.iter().map(|account| Subject::Account(*account)));
            let mut answers = self.ask(subjects)?.into_iter();
            let mut next = |account, role| match answers.next().flatten() {
                None => Err(Error::UnknownParticipant { account }),
                Some(known) if known.acts_as(role) => Ok(known.number),
                Some(_) => Err(Error::WrongRole { account }),
            };
            let owner = next(self.env().caller(), Role::Government).map_err(|_| Error::NotAllowed)?;
            let bank = next(terms.bank, Role::Bank)?;
            let mut attestors = Vec::with_capacity(terms.attestors.len());
            for account in terms.attestors {
                attestors.push(next(account, Role::RedemptionAttestor)?);
            }
            let programme = Programme {
                owner,
                bank,
                categories: Categories::of(&terms.categories).unwrap_or_default(),
                mode: terms.mode,
                life: terms.life,
                window: terms.window,
                most_per_voucher: Amount::from_balance(terms.most_per_voucher)?,
                budget: Amount::from_balance(terms.budget)?,
                attestors,
                attestors_needed: terms.attestors_needed,
                holder_signature: terms.holder_signature,
                admitted_shops_only: terms.admitted_shops_only,
            }
            .checked()
            .map_err(Error::Terms)?;
            let number = self.programme_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.programme_count = number;
            self.programmes.insert(number, &programme);
            self.env().emit_event(ProgrammeCreated { programme: number, terms: programme });
            Ok(number)
        }

        #[ink(message)]
        fn set_issuer(&mut self, programme: ProgrammeId, issuer: AccountId, allowed: bool) -> Result<(), Error> {
            self.must_own(&self.load_programme(programme)?)?;
            if self.issuers.contains((programme, issuer)) == allowed {
                return Ok(());
            }
            if allowed {
                self.issuers.insert((programme, issuer), &());
            } else {
                self.issuers.remove((programme, issuer));
            }
            self.env().emit_event(IssuerSet { programme, issuer, allowed });
            Ok(())
        }

        #[ink(message)]
        fn admit_shops(
            &mut self,
            programme: ProgrammeId,
            admissions: Vec<Admission>,
        ) -> Result<Vec<Result<ParticipantId, Error>>, Error> {
            check_rows(admissions.len()).map_err(too_many_rows)?;
            let terms = self.load_programme(programme)?;
            self.must_own(&terms)?;
            let shops = self.ask(admissions.iter().map(|row| Subject::Account(row.shop)).collect())?;
            Ok(admissions.iter().zip(shops).map(|(row, shop)| self.admit(programme, &terms, row, shop)).collect())
        }

        // ---- commands: issue ----

        #[ink(message)]
        fn create(
            &mut self,
            programme: ProgrammeId,
            holder: AccountId,
            category: Category,
            expires: Option<Timestamp>,
        ) -> Result<VoucherId, Error> {
            let row = NewVoucher { holder, category, expires };
            self.create_rows(programme, &[row])?.into_iter().next().ok_or(Error::Corrupted)?
        }

        #[ink(message)]
        fn create_many(
            &mut self,
            programme: ProgrammeId,
            vouchers: Vec<NewVoucher>,
        ) -> Result<Vec<Result<VoucherId, Error>>, Error> {
            check_rows(vouchers.len()).map_err(too_many_rows)?;
            self.create_rows(programme, &vouchers)
        }

        #[ink(message)]
        fn fund(&mut self, voucher: VoucherId, amount: Balance) -> Result<(), Error> {
            let programme = self.load_voucher(voucher)?.programme;
            self.fund_rows(programme, &[Funding { voucher, amount }])?.into_iter().next().ok_or(Error::Corrupted)?
        }

        #[ink(message)]
        fn fund_many(
            &mut self,
            programme: ProgrammeId,
            fundings: Vec<Funding>,
        ) -> Result<Vec<Result<(), Error>>, Error> {
            check_rows(fundings.len()).map_err(too_many_rows)?;
            self.fund_rows(programme, &fundings)
        }

        // ---- commands: redemption ----

        #[ink(message)]
        fn request(
            &mut self,
            voucher: VoucherId,
            amount: Balance,
            category: Category,
            items: [u8; 32],
        ) -> Result<RedemptionId, Error> {
            let now = self.now();
            let account = self.env().caller();
            let record = self.load_voucher(voucher)?;
            let mut known = self.ask(vec![Subject::Account(account), Subject::Number(record.holder)])?.into_iter();
            let shop =
                known.next().flatten().filter(|known| known.acts_as(Role::Shop)).ok_or(Error::NotAllowed)?.number;
            must_be_able_to_spend(record.holder, known.next().flatten())?;
            let amount = Amount::positive(amount)?;
            let programme_number = record.programme;
            let programme = self.load_programme(programme_number)?;
            if record.holder == shop {
                return Err(RedemptionRefusal::OwnVoucher.into());
            }
            let record = record.reserve(amount, category, programme.mode, now)?;
            let totals = self.load_totals(programme_number).reserve(amount)?;
            if programme.admitted_shops_only {
                let place = self.shops.get((programme_number, shop)).ok_or(ShopRefusal::NotAdmitted)?;
                self.shops.insert((programme_number, shop), &place.take(amount, category, now)?);
            }
            let number = self.redemption_count.checked_add(1).ok_or(Error::Corrupted)?;
            let standing = self.standings.get((voucher, shop)).unwrap_or_default();
            let latest = self.redemptions.get(standing.latest).map(|latest| latest.status);
            let standing = standing.request(number, latest, now)?;
            let expires = time::after(now, programme.window);
            let redemption = Redemption {
                voucher,
                shop,
                account: *account.as_ref(),
                amount,
                requested_at: now,
                expires,
                status: RedemptionStatus::Open,
            };
            self.redemption_count = number;
            self.vouchers.insert(voucher, &record);
            self.totals.insert(programme_number, &totals);
            self.standings.insert((voucher, shop), &standing);
            self.redemptions.insert(number, &redemption);
            let amount = amount.balance();
            self.env().emit_event(RedemptionRequested {
                redemption: number,
                voucher,
                shop,
                account,
                amount,
                expires,
                items,
            });
            Ok(number)
        }

        #[ink(message)]
        fn confirm(&mut self, redemption: RedemptionId, proof: Proof) -> Result<(), Error> {
            let confirmed = self.load_redemption(redemption)?.confirmed(self.now())?;
            let Redemption { voucher, shop, amount, .. } = confirmed;
            let record = self.load_voucher(voucher)?.spend(amount)?;
            let programme = self.load_programme(record.programme)?;
            let totals = self.load_totals(record.programme).pay(amount)?;
            self.must_prove(redemption, &confirmed, record.holder, &programme, proof)?;
            self.redemptions.insert(redemption, &confirmed);
            self.vouchers.insert(voucher, &record);
            self.totals.insert(record.programme, &totals);
            self.add_credit(shop, programme.bank, amount)?;
            self.env().emit_event(RedemptionConfirmed { redemption, voucher, shop, amount: amount.balance() });
            Ok(())
        }

        #[ink(message)]
        fn cancel(&mut self, redemption: RedemptionId) -> Result<(), Error> {
            let cancelled = self.load_redemption(redemption)?.cancelled()?;
            let holder = self.load_voucher(cancelled.voucher)?.holder;
            match self.caller()? {
                Some(known) if known.number == cancelled.shop || known.number == holder => {}
                _ => return Err(RedemptionRefusal::NotYours.into()),
            }
            self.end_unconfirmed(redemption, cancelled)
        }

        #[ink(message)]
        fn expire(&mut self, redemption: RedemptionId) -> Result<(), Error> {
            let expired = self.load_redemption(redemption)?.expired(self.now())?;
            self.end_unconfirmed(redemption, expired)
        }

        #[ink(message)]
        fn clear(&mut self, redemption: RedemptionId) -> Result<(), Error> {
            let Redemption { voucher, shop, account, status, .. } = self.load_redemption(redemption)?;
            if AccountId::from(account) != self.env().caller() {
                return Err(RedemptionRefusal::NotYours.into());
            }
            if status == RedemptionStatus::Open {
                return Err(RedemptionRefusal::StillOpen.into());
            }
            self.redemptions.remove(redemption);
            let standing = self.standings.get((voucher, shop)).unwrap_or_default();
            match standing.cleared(redemption, status, self.now()) {
                Some(standing) => drop(self.standings.insert((voucher, shop), &standing)),
                None => self.standings.remove((voucher, shop)),
            }
            self.env().emit_event(RedemptionCleared { redemption });
            Ok(())
        }

        // ---- commands: the end of a voucher, supervision, settlement ----

        #[ink(message)]
        fn expire_voucher(&mut self, voucher: VoucherId) -> Result<(), Error> {
            let ended = self.load_voucher(voucher)?.expire(self.now())?;
            let number = ended.voucher.programme;
            let bank = self.load_programme(number)?.bank;
            let totals = self.load_totals(number).give_back(ended.returned)?;
            self.vouchers.insert(voucher, &ended.voucher);
            self.totals.insert(number, &totals);
            self.add_credit(bank, bank, ended.returned)?;
            self.env().emit_event(VoucherExpired { voucher, programme: number, returned: ended.returned.balance() });
            Ok(())
        }

        #[ink(message)]
        fn freeze(&mut self, voucher: VoucherId, reason: u16) -> Result<(), Error> {
            let record = self.load_voucher(voucher)?;
            self.must_supervise(&record)?;
            self.vouchers.insert(voucher, &record.freeze()?);
            self.env().emit_event(VoucherFrozen { voucher, reason });
            Ok(())
        }

        #[ink(message)]
        fn unfreeze(&mut self, voucher: VoucherId) -> Result<(), Error> {
            let record = self.load_voucher(voucher)?;
            self.must_supervise(&record)?;
            self.vouchers.insert(voucher, &record.unfreeze()?);
            self.env().emit_event(VoucherUnfrozen { voucher });
            Ok(())
        }

        #[ink(message)]
        fn withdraw(&mut self, issuer: ParticipantId, amount: Balance) -> Result<(), Error> {
            let caller = self.caller()?.filter(Credentials::is_active).ok_or(Error::NotAllowed)?.number;
            let amount = Amount::positive(amount)?;
            let credit = self.credits.get((caller, issuer)).unwrap_or(Amount::ZERO).minus(amount)?;
            self.credits.insert((caller, issuer), &credit);
            let to = self.env().caller();
            answered(self.ledger.call_mut().transfer(to, issuer, amount.balance()).try_invoke())?;
            self.env().emit_event(CreditWithdrawn { participant: caller, issuer, amount: amount.balance() });
            Ok(())
        }

        // ---- queries ----

        #[ink(message)]
        fn vouchers_of(
            &self,
            holder: ParticipantId,
            start: Option<VoucherId>,
            limit: u32,
        ) -> Vec<(VoucherId, VoucherRecord)> {
            let mut page = Vec::new();
            let mut next = start.or_else(|| self.newest.get(holder)).unwrap_or(0);
            for _ in 0..limit.min(MOST_PER_PAGE) {
                let Some(voucher) = self.vouchers.get(next).filter(|voucher| voucher.holder == holder) else { break };
                let previous = voucher.previous;
                page.push((next, voucher));
                next = previous;
            }
            page
        }

        #[ink(message)]
        fn redemption(&self, id: RedemptionId) -> Option<Redemption> {
            self.redemptions.get(id)
        }

        #[ink(message)]
        fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Balance {
            self.credits.get((participant, issuer)).unwrap_or(Amount::ZERO).balance()
        }

        #[ink(message)]
        fn programme(&self, id: ProgrammeId) -> Option<Programme> {
            self.programmes.get(id)
        }

        #[ink(message)]
        fn totals(&self, programme: ProgrammeId) -> Totals {
            self.load_totals(programme)
        }

        #[ink(message)]
        fn shop(&self, programme: ProgrammeId, shop: ParticipantId) -> Option<ShopRecord> {
            self.shops.get((programme, shop))
        }

        #[ink(message)]
        fn is_issuer(&self, programme: ProgrammeId, account: AccountId) -> bool {
            self.issuers.contains((programme, account))
        }

        #[ink(message)]
        fn standing(&self, voucher: VoucherId, shop: ParticipantId) -> Standing {
            self.standings.get((voucher, shop)).unwrap_or_default()
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
}
