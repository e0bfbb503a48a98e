//! Vouchers: programmes, issue, rolls, redemption, settlement. What a voucher, a redemption, a roll, a shop, a holder or a
//! programme may become is decided in `amanah_domain::{voucher, redemption, roll, shop, member, programme}`; here it is
//! authorised, loaded, stored and emitted.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
mod contract {
    use amanah_domain::{
        bundle,
        ids::{ParticipantId, ProgrammeId, RedemptionId, RollId, VoucherId},
        layout,
        money::Amount,
        participant::Credentials,
        programme::{self, Categories, Category},
        redemption::{may_redeem, must_be_as_many, must_be_free, Claim},
        roles::Role,
        roll::{self, word_and_bit},
        time,
        voucher::Released,
    };
    use amanah_interfaces::{
        chain::Chain,
        check_rows,
        governance::{self, Governance, Governed, Step},
        ledger::{self, LedgerRef},
        registry::{self, RegistryRef, Subject},
        voucher::{
            Admission, BundleCreated, Changes, CreditWithdrawn, Denomination, Error, Funding, FundingRequested,
            IssuerSet, Links, Member, Neighbours, NewVoucher, Programme, ProgrammeClosed, ProgrammeCreated,
            ProgrammeUpdated, Proof, Redemption, RedemptionCleared, RedemptionConfirmed, RedemptionEnded,
            RedemptionRefusal, RedemptionRequested, RedemptionStatus, Roll, RollClaimed, RollClosed, RollEntry,
            RollFunded, RollHash, RollPublished, ShopAdmitted, ShopRecord, ShopRefusal, Standing, Terms, TermsRefusal,
            Totals, Voucher, VoucherExpired, VoucherExtended, VoucherFrozen, VoucherFunded, VoucherRecord,
            VoucherUnfrozen, VoucherVoided,
        },
        MOST_PER_PAGE, MOST_ROWS,
    };
    use ink::{
        prelude::{vec, vec::Vec},
        storage::{traits::ManualKey, Mapping},
        ToAccountId,
    };

    /// A holder's card with a shop or operator in a programme: programme, holder, operator.
    type Card = (ProgrammeId, ParticipantId, ParticipantId);

    // ---- storage ----

    #[ink(storage)]
    pub struct VoucherContract {
        /// Is new business stopped, and what code is proposed?
        governance: Governance,
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
        /// The latest roll's number.
        roll_count: RollId,
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
        /// The denominations of programmes that have bundles: rarely read, so apart from the programme.
        bundles: Mapping<ProgrammeId, Vec<Denomination>, ManualKey<0x564f_000a>>,
        /// What a holder has had of a programme that has bundles or a cap on holders.
        members: Mapping<(ProgrammeId, ParticipantId), Member, ManualKey<0x564f_000b>>,
        /// By which redemption a holder used its card with a shop or operator in a per-card programme; 0: free again.
        cards: Mapping<Card, RedemptionId, ManualKey<0x564f_000c>>,
        /// A shop's newest redemption whose record is stored; the others follow by `links`.
        latest: Mapping<ParticipantId, RedemptionId, ManualKey<0x564f_000d>>,
        /// Rolls by number.
        rolls: Mapping<RollId, Roll, ManualKey<0x564f_000e>>,
        /// Which entries of a roll were claimed: a bit each, 128 in a word.
        claimed: Mapping<(RollId, u64), u128, ManualKey<0x564f_000f>>,
    }

    impl VoucherContract {
        // ---- constructors ----

        /// A new voucher contract. `genesis`: the hash of the chain's genesis block, so that signatures are worthless on
        /// any other chain.
        #[ink(constructor, default)]
        pub fn new(registry: AccountId, ledger: AccountId, genesis: [u8; 32]) -> Self {
            let account = Self::env().account_id();
            Self {
                governance: Governance::default(),
                registry: registry.into(),
                ledger: ledger.into(),
                domain: layout::domain_separator::<Chain>(&genesis, account.as_ref()),
                programme_count: 0,
                voucher_count: 0,
                redemption_count: 0,
                roll_count: 0,
                programmes: Mapping::new(),
                totals: Mapping::new(),
                issuers: Mapping::new(),
                shops: Mapping::new(),
                vouchers: Mapping::new(),
                newest: Mapping::new(),
                redemptions: Mapping::new(),
                standings: Mapping::new(),
                credits: Mapping::new(),
                bundles: Mapping::new(),
                members: Mapping::new(),
                cards: Mapping::new(),
                latest: Mapping::new(),
                rolls: Mapping::new(),
                claimed: Mapping::new(),
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
            if self.governance.paused {
                return Err(Error::Paused);
            }
            Ok(())
        }

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

        /// The number of the caller, who must be an active government, and this one if one is given; and the numbers of
        /// others, each active in its role. Asks the registry once.
        fn government_and(
            &self,
            owner: Option<ParticipantId>,
            others: &[(AccountId, Role)],
        ) -> Result<(ParticipantId, Vec<ParticipantId>), Error> {
            let mut subjects = vec![Subject::Account(self.env().caller())];
            subjects.extend(others.iter().map(|(account, _)| Subject::Account(*account)));
            let mut answers = self.ask(subjects)?.into_iter();
            let caller = answers
                .next()
                .flatten()
                .filter(|known| known.acts_as(Role::Government) && owner.is_none_or(|owner| owner == known.number))
                .ok_or(Error::NotAllowed)?
                .number;
            let number = |(&(account, role), known): (&(AccountId, Role), Option<Credentials>)| match known {
                None => Err(Error::UnknownParticipant { account }),
                Some(known) if known.acts_as(role) => Ok(known.number),
                Some(_) => Err(Error::WrongRole { account }),
            };
            let others = others.iter().zip(answers).map(number).collect::<Result<_, _>>()?;
            Ok((caller, others))
        }

        /// Checks that the caller is the active owner of the programme.
        fn must_own(&self, programme: &Programme) -> Result<(), Error> {
            self.government_and(Some(programme.owner), &[]).map(drop)
        }

        /// Checks that the caller is the programme's active bank.
        fn must_fund(&self, programme: &Programme) -> Result<(), Error> {
            match self.caller_as(Role::Bank)?.number == programme.bank {
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

        /// The programme, which must not be closed.
        fn load_open_programme(&self, programme: ProgrammeId) -> Result<Programme, Error> {
            match self.load_programme(programme)? {
                terms if terms.closed => Err(Error::ProgrammeClosed { programme }),
                terms => Ok(terms),
            }
        }

        fn load_roll(&self, roll: RollId) -> Result<Roll, Error> {
            self.rolls.get(roll).ok_or(Error::UnknownRoll { roll })
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

        /// Draws the bank's money into this contract, within its allowance.
        fn draw(&mut self, bank: ParticipantId, amount: Amount) -> Result<(), Error> {
            let (from, to) = (self.env().caller(), self.env().account_id());
            Ok(ledger::transfer_from(&mut self.ledger, from, to, bank, amount.balance())?)
        }

        /// Stores a new voucher, as its holder's newest.
        fn store_new(&mut self, record: &VoucherRecord) -> Result<VoucherId, Error> {
            let voucher = self.voucher_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.voucher_count = voucher;
            self.vouchers.insert(voucher, record);
            self.newest.insert(record.holder, &voucher);
            Ok(voucher)
        }

        /// Creates one blank voucher for an eligible holder, and asks the bank to fund it.
        fn create_blank(
            &mut self,
            programme: ProgrammeId,
            bank: ParticipantId,
            holder: ParticipantId,
            (category, face): (Category, Amount),
            expires: Timestamp,
        ) -> Result<VoucherId, Error> {
            let previous = self.newest.get(holder).unwrap_or(0);
            let record = VoucherRecord::blank(programme, holder, category, face, expires, previous);
            let voucher = self.store_new(&record)?;
            let face = face.balance();
            self.env().emit_event(FundingRequested { voucher, bank, programme, holder, category, face, expires });
            Ok(voucher)
        }

        /// Creates the voucher of one row; `holder` is what the registry knows of the account.
        fn create_row(
            &mut self,
            number: ProgrammeId,
            programme: &Programme,
            row: &NewVoucher,
            holder: Option<Credentials>,
        ) -> Result<VoucherId, Error> {
            let now = self.now();
            let holder = holder.ok_or(Error::UnknownParticipant { account: row.holder })?;
            must_be_eligible(holder.number, Some(&holder), now)?;
            if !programme.categories.has(row.category) {
                return Err(Error::UnknownCategory { category: row.category });
            }
            let expires = programme.voucher_end(row.expires, now).map_err(|expires| Error::BadExpiry { expires })?;
            self.create_blank(number, programme.bank, holder.number, (row.category, Amount::ZERO), expires)
        }

        /// Checks that the caller may create vouchers of the programme: its owner, an issuer, or, where `anyone` may,
        /// anyone. Answers with what the registry knows of the holders, asking it once.
        fn must_issue(
            &self,
            number: ProgrammeId,
            owner: ParticipantId,
            anyone: bool,
            holders: impl Iterator<Item = AccountId>,
        ) -> Result<Vec<Option<Credentials>>, Error> {
            let caller = self.env().caller();
            let mut subjects = vec![Subject::Account(caller)];
            subjects.extend(holders.map(Subject::Account));
            let mut answers = self.ask(subjects)?.into_iter();
            let is_issuer = self.issuers.contains((number, caller));
            let may = match answers.next().flatten() {
                Some(known) if known.acts_as(Role::Government) && known.number == owner => true,
                Some(known) => known.is_active() && is_issuer,
                // Not known to the registry: a contract, or an account that a participant was re-bound from.
                None => is_issuer && self.env().is_contract(&caller),
            };
            match may || anyone {
                true => Ok(answers.collect()),
                false => Err(Error::NotAllowed),
            }
        }

        /// Creates blank vouchers for the programme's owner or an issuer.
        fn create_rows(
            &mut self,
            number: ProgrammeId,
            rows: &[NewVoucher],
        ) -> Result<Vec<Result<VoucherId, Error>>, Error> {
            let programme = self.load_open_programme(number)?;
            let holders = self.must_issue(number, programme.owner, false, rows.iter().map(|row| row.holder))?;
            Ok(rows.iter().zip(holders).map(|(row, holder)| self.create_row(number, &programme, row, holder)).collect())
        }

        /// What a holder has had, with `amount` more; `None` where the programme does not cap it.
        fn member_with(
            &self,
            number: ProgrammeId,
            programme: &Programme,
            holder: ParticipantId,
            amount: Amount,
        ) -> Result<Option<Member>, Error> {
            if programme.most_per_holder.is_zero() {
                return Ok(None);
            }
            let member = self.members.get((number, holder)).unwrap_or_default();
            Ok(Some(member.fund(amount, programme.most_per_holder)?))
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
            let record = record.fund(amount, programme.most_per_voucher, programme.mode, self.now())?;
            let member = self.member_with(number, programme, record.holder, amount)?;
            *totals = totals.fund(amount)?;
            self.vouchers.insert(funding.voucher, &record);
            if let Some(member) = member {
                self.members.insert((number, record.holder), &member);
            }
            self.env().emit_event(VoucherFunded {
                voucher: funding.voucher,
                programme: number,
                amount: amount.balance(),
            });
            Ok(amount)
        }

        /// Puts money into vouchers of the programme and draws the sum from the bank, once.
        fn fund_rows(&mut self, number: ProgrammeId, rows: &[Funding]) -> Result<Vec<Result<(), Error>>, Error> {
            let programme = self.load_open_programme(number)?;
            self.must_fund(&programme)?;
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
                self.draw(programme.bank, drawn)?;
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
            if !may_redeem(&shop) {
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

        /// Ends vouchers: reads and writes what they have in common once for each run of vouchers of one programme.
        fn end_vouchers(&mut self, vouchers: &[VoucherId]) -> Result<Vec<Result<Balance, Error>>, Error> {
            let now = self.now();
            let mut results = Vec::with_capacity(vouchers.len());
            let mut books: Option<(ProgrammeId, Totals, Amount)> = None;
            for voucher in vouchers.iter().copied() {
                let ended = match self.load_voucher(voucher).and_then(|record| Ok(record.expire(now)?)) {
                    Ok(ended) => ended,
                    Err(error) => {
                        results.push(Err(error));
                        continue;
                    }
                };
                let programme = ended.voucher.programme;
                let (totals, so_far) = match books {
                    Some((same, totals, so_far)) if same == programme => (totals, so_far),
                    _ => {
                        self.store_returned(books)?;
                        (self.load_totals(programme), Amount::ZERO)
                    }
                };
                books = Some((programme, totals.give_back(ended.returned)?, so_far.plus(ended.returned)?));
                self.vouchers.insert(voucher, &ended.voucher);
                let returned = ended.returned.balance();
                self.env().emit_event(VoucherExpired { voucher, programme, returned });
                results.push(Ok(returned));
            }
            self.store_returned(books)?;
            Ok(results)
        }

        /// Stores a programme's totals after some of its money went back, and credits the bank with that.
        fn store_returned(&mut self, books: Option<(ProgrammeId, Totals, Amount)>) -> Result<(), Error> {
            let Some((programme, totals, returned)) = books.filter(|(.., returned)| !returned.is_zero()) else {
                return Ok(());
            };
            let bank = self.load_programme(programme)?.bank;
            self.totals.insert(programme, &totals);
            self.add_credit(bank, bank, returned)
        }

        /// Changes a stored redemption's places in its lists; 0 is none.
        fn relink(&mut self, number: RedemptionId, change: &mut dyn FnMut(&mut Links)) {
            // No redemption has the number 0, and looking for it costs as much as any.
            if number == 0 {
                return;
            }
            if let Some(mut record) = self.redemptions.get(number) {
                change(&mut record.links);
                self.redemptions.insert(number, &record);
            }
        }

        /// Puts a new redemption at the head of its shop's list and its voucher's, whose newest was `of_voucher`; answers
        /// with its places.
        fn link(&mut self, number: RedemptionId, shop: ParticipantId, of_voucher: RedemptionId) -> Links {
            let of_shop = self.latest.get(shop).unwrap_or(0);
            self.relink(of_shop, &mut |links| links.shop.newer = number);
            self.relink(of_voucher, &mut |links| links.voucher.newer = number);
            self.latest.insert(shop, &number);
            Links { shop: Neighbours { older: of_shop, newer: 0 }, voucher: Neighbours { older: of_voucher, newer: 0 } }
        }

        /// Takes a redemption that is no longer stored out of its shop's list and its voucher's.
        fn unlink(&mut self, links: Links, shop: ParticipantId, voucher: VoucherId, record: VoucherRecord) {
            let Links { shop: of_shop, voucher: of_voucher } = links;
            self.relink(of_shop.older, &mut |links| links.shop.newer = of_shop.newer);
            self.relink(of_voucher.older, &mut |links| links.voucher.newer = of_voucher.newer);
            match (of_shop.newer, of_shop.older) {
                (0, 0) => self.latest.remove(shop),
                (0, older) => drop(self.latest.insert(shop, &older)),
                (newer, older) => self.relink(newer, &mut |links| links.shop.older = older),
            }
            match (of_voucher.newer, of_voucher.older) {
                (0, latest) => drop(self.vouchers.insert(voucher, &VoucherRecord { latest, ..record })),
                (newer, older) => self.relink(newer, &mut |links| links.voucher.older = older),
            }
        }

        /// A page of stored redemptions, from `start` on, as long as they are `listed`, which also says what comes next.
        fn redemptions_from(
            &self,
            start: RedemptionId,
            limit: u32,
            listed: &dyn Fn(&Redemption) -> Option<RedemptionId>,
        ) -> Vec<(RedemptionId, Redemption)> {
            let mut page = Vec::new();
            let mut next = start;
            for _ in 0..limit.min(MOST_PER_PAGE) {
                let Some(record) = self.redemptions.get(next) else { break };
                let Some(older) = listed(&record) else { break };
                page.push((next, record));
                next = older;
            }
            page
        }

        /// A redemption ended unconfirmed: gives back what it held.
        fn end_unconfirmed(&mut self, number: RedemptionId, ended: Redemption) -> Result<(), Error> {
            let Redemption { voucher, shop, amount, requested_at, status, .. } = ended;
            let released = self.load_voucher(voucher)?.release(amount)?;
            let programme = released.voucher.programme;
            let totals = self.load_totals(programme).release(amount, released.returned)?;
            let Programme { bank, per_card, .. } = self.load_programme(programme)?;
            self.redemptions.insert(number, &ended);
            if per_card {
                // Kept until the shop clears the record, so that its deposit goes back to the shop.
                self.cards.insert((programme, released.voucher.holder, shop), &0);
            }
            self.vouchers.insert(voucher, &released.voucher);
            self.totals.insert(programme, &totals);
            self.add_credit(bank, bank, released.returned)?;
            // It is gone only if the voucher has ended and the shop has cleared another record: then no strike counts.
            if let Some(standing) = self.standings.get((voucher, shop)) {
                self.standings.insert((voucher, shop), &standing.strike(self.now()));
            }
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

    /// May this participant get a voucher: is it an active citizen who may benefit?
    fn must_be_eligible(participant: ParticipantId, known: Option<&Credentials>, now: Timestamp) -> Result<(), Error> {
        match known {
            Some(known) if known.acts_as(Role::Citizen) && known.may_benefit(now) => Ok(()),
            _ => Err(Error::HolderNotEligible { participant }),
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

    #[amanah_interfaces::outline]
    impl Voucher for VoucherContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn voucher(&self, id: VoucherId) -> Option<VoucherRecord> {
            self.vouchers.get(id)
        }

        // ---- commands: programmes ----

        #[ink(message)]
        fn create_programme(&mut self, terms: Terms) -> Result<ProgrammeId, Error> {
            self.must_run()?;
            check_rows(terms.attestors.len()).map_err(|_| Error::Terms(TermsRefusal::Attestors))?;
            let mut wanted = vec![(terms.bank, Role::Bank)];
            wanted.extend(terms.attestors.iter().map(|account| (*account, Role::RedemptionAttestor)));
            let (owner, numbers) = self.government_and(None, &wanted)?;
            let (bank, attestors) = numbers.split_first().ok_or(Error::Corrupted)?;
            let programme = Programme {
                owner,
                bank: *bank,
                categories: Categories::of(&terms.categories).unwrap_or_default(),
                mode: terms.mode,
                life: terms.life,
                window: terms.window,
                most_per_voucher: Amount::from_balance(terms.most_per_voucher)?,
                budget: Amount::from_balance(terms.budget)?,
                attestors: attestors.to_vec(),
                attestors_needed: terms.attestors_needed,
                holder_signature: terms.holder_signature,
                admitted_shops_only: terms.admitted_shops_only,
                most_per_holder: Amount::from_balance(terms.most_per_holder)?,
                universal: terms.universal,
                per_card: terms.per_card,
                closed: false,
            }
            .checked()
            .and_then(|programme| programme.with_bundle(&terms.denominations, terms.bundle_value))
            .map_err(Error::Terms)?;
            let number = self.programme_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.programme_count = number;
            self.programmes.insert(number, &programme);
            let denominations = terms.denominations;
            if !denominations.is_empty() {
                self.bundles.insert(number, &denominations);
            }
            self.env().emit_event(ProgrammeCreated { programme: number, terms: programme, denominations });
            Ok(number)
        }

        #[ink(message)]
        fn update_programme(&mut self, programme: ProgrammeId, changes: Changes) -> Result<(), Error> {
            let terms = self.load_programme(programme)?;
            let attestors = changes.attestors.as_deref().unwrap_or_default();
            check_rows(attestors.len()).map_err(|_| Error::Terms(TermsRefusal::Attestors))?;
            let wanted: Vec<_> = attestors.iter().map(|account| (*account, Role::RedemptionAttestor)).collect();
            let (_, attestors) = self.government_and(Some(terms.owner), &wanted)?;
            let amount = |given: Option<Balance>| given.map(Amount::from_balance).transpose();
            let resolved = programme::Changes {
                budget: amount(changes.budget)?,
                most_per_voucher: amount(changes.most_per_voucher)?,
                life: changes.life,
                window: changes.window,
                attestors: changes.attestors.map(|_| attestors),
                attestors_needed: changes.attestors_needed,
                holder_signature: changes.holder_signature,
            };
            let denominations = self.bundle(programme);
            let changed = terms
                .clone()
                .changed(resolved, self.load_totals(programme).funded)
                .and_then(|changed| changed.with_bundle(&denominations, bundle::value_of(&denominations)))
                .map_err(Error::Terms)?;
            if changed != terms {
                self.programmes.insert(programme, &changed);
                self.env().emit_event(ProgrammeUpdated { programme, terms: changed });
            }
            Ok(())
        }

        #[ink(message)]
        fn close_programme(&mut self, programme: ProgrammeId) -> Result<(), Error> {
            let terms = self.load_programme(programme)?;
            self.must_own(&terms)?;
            if terms.closed {
                return Err(Error::ProgrammeClosed { programme });
            }
            self.programmes.insert(programme, &Programme { closed: true, ..terms });
            self.env().emit_event(ProgrammeClosed { programme });
            Ok(())
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
            self.must_run()?;
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
            self.must_run()?;
            let row = NewVoucher { holder, category, expires };
            self.create_rows(programme, &[row])?.into_iter().next().ok_or(Error::Corrupted)?
        }

        #[ink(message)]
        fn create_many(
            &mut self,
            programme: ProgrammeId,
            vouchers: Vec<NewVoucher>,
        ) -> Result<Vec<Result<VoucherId, Error>>, Error> {
            self.must_run()?;
            check_rows(vouchers.len()).map_err(too_many_rows)?;
            self.create_rows(programme, &vouchers)
        }

        #[ink(message)]
        fn create_bundle(&mut self, programme: ProgrammeId, holder: AccountId) -> Result<Vec<VoucherId>, Error> {
            self.must_run()?;
            let now = self.now();
            let terms = self.load_open_programme(programme)?;
            let denominations = self.bundles.get(programme).ok_or(Error::NoBundle { programme })?;
            let known = self.must_issue(programme, terms.owner, terms.universal, core::iter::once(holder))?;
            let known = known.into_iter().next().flatten().ok_or(Error::UnknownParticipant { account: holder })?;
            let holder = known.number;
            must_be_eligible(holder, Some(&known), now)?;
            let member = self.members.get((programme, holder)).unwrap_or_default().bundled(holder)?;
            let expires = terms.voucher_end(None, now).map_err(|expires| Error::BadExpiry { expires })?;
            self.members.insert((programme, holder), &member);
            let vouchers = bundle::pieces(&denominations)
                .into_iter()
                .map(|piece| self.create_blank(programme, terms.bank, holder, piece, expires))
                .collect::<Result<Vec<_>, _>>()?;
            let first = vouchers.first().copied().ok_or(Error::Corrupted)?;
            let count = u32::try_from(vouchers.len()).map_err(|_| Error::Corrupted)?;
            self.env().emit_event(BundleCreated { programme, holder, first, count });
            Ok(vouchers)
        }

        #[ink(message)]
        fn fund(&mut self, voucher: VoucherId, amount: Balance) -> Result<(), Error> {
            self.must_run()?;
            let programme = self.load_voucher(voucher)?.programme;
            self.fund_rows(programme, &[Funding { voucher, amount }])?.into_iter().next().ok_or(Error::Corrupted)?
        }

        #[ink(message)]
        fn fund_many(
            &mut self,
            programme: ProgrammeId,
            fundings: Vec<Funding>,
        ) -> Result<Vec<Result<(), Error>>, Error> {
            self.must_run()?;
            check_rows(fundings.len()).map_err(too_many_rows)?;
            self.fund_rows(programme, &fundings)
        }

        // ---- commands: rolls ----

        #[ink(message)]
        fn publish_roll(
            &mut self,
            programme: ProgrammeId,
            root: RollHash,
            count: u64,
            total: Balance,
            deadline: Timestamp,
        ) -> Result<RollId, Error> {
            self.must_run()?;
            let terms = self.load_open_programme(programme)?;
            self.must_own(&terms)?;
            let (amount, most) = (Amount::positive(total)?, terms.most_per_voucher);
            let record = Roll::published(programme, root, count, amount, most, deadline, self.now())?;
            let roll = self.roll_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.roll_count = roll;
            self.rolls.insert(roll, &record);
            let bank = terms.bank;
            self.env().emit_event(RollPublished { roll, bank, programme, root, count, total, deadline });
            Ok(roll)
        }

        #[ink(message)]
        fn fund_roll(&mut self, roll: RollId) -> Result<(), Error> {
            self.must_run()?;
            let record = self.load_roll(roll)?;
            let programme = record.programme;
            let terms = self.load_open_programme(programme)?;
            self.must_fund(&terms)?;
            let record = record.fund(self.now())?;
            let totals = self.load_totals(programme);
            terms.within_budget(totals.funded, record.total).map_err(|budget| Error::OverBudget { budget })?;
            self.rolls.insert(roll, &record);
            self.totals.insert(programme, &totals.fund_roll(record.total)?);
            self.draw(terms.bank, record.total)?;
            self.env().emit_event(RollFunded { roll, programme, total: record.total.balance() });
            Ok(())
        }

        #[ink(message)]
        fn claim(&mut self, roll: RollId, entry: RollEntry, proof: Vec<RollHash>) -> Result<VoucherId, Error> {
            self.must_run()?;
            let now = self.now();
            let record = self.load_roll(roll)?;
            let (programme, holder) = (record.programme, entry.holder);
            let terms = self.load_open_programme(programme)?;
            let (word, _) = word_and_bit(entry.index);
            let claimed = self.claimed.get((roll, word)).unwrap_or(0);
            let claim = roll::Claim { domain: self.domain, number: roll, entry: &entry, proof: &proof };
            let (record, claimed, amount) = record.claim::<Chain>(&claim, claimed, now)?;
            let known = self.ask(vec![Subject::Number(holder)])?.into_iter().next().flatten();
            must_be_eligible(holder, known.as_ref(), now)?;
            if !terms.categories.has(entry.category) {
                return Err(Error::UnknownCategory { category: entry.category });
            }
            let previous = self.newest.get(holder).unwrap_or(0);
            let blank = VoucherRecord::blank(programme, holder, entry.category, amount, entry.expires, previous);
            let funded = blank.fund(amount, record.most_per_voucher, terms.mode, now)?;
            let member = self.member_with(programme, &terms, holder, amount)?;
            let totals = self.load_totals(programme).claim(amount)?;
            self.rolls.insert(roll, &record);
            self.claimed.insert((roll, word), &claimed);
            if let Some(member) = member {
                self.members.insert((programme, holder), &member);
            }
            self.totals.insert(programme, &totals);
            let voucher = self.store_new(&funded)?;
            self.env().emit_event(RollClaimed { roll, voucher, programme, entry });
            Ok(voucher)
        }

        #[ink(message)]
        fn close_roll(&mut self, roll: RollId) -> Result<(), Error> {
            let (record, returned) = self.load_roll(roll)?.close(self.now())?;
            let programme = record.programme;
            let totals = self.load_totals(programme).close_roll(returned)?;
            self.rolls.insert(roll, &record);
            self.store_returned(Some((programme, totals, returned)))?;
            self.env().emit_event(RollClosed { roll, programme, returned: returned.balance() });
            Ok(())
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
            self.must_run()?;
            let now = self.now();
            let account = self.env().caller();
            let record = self.load_voucher(voucher)?;
            let mut known = self.ask(vec![Subject::Account(account), Subject::Number(record.holder)])?.into_iter();
            let shop = known.next().flatten().filter(may_redeem).ok_or(Error::NotAllowed)?.number;
            must_be_able_to_spend(record.holder, known.next().flatten())?;
            let amount = Amount::positive(amount)?;
            let programme_number = record.programme;
            let programme = self.load_programme(programme_number)?;
            if record.holder == shop {
                return Err(RedemptionRefusal::OwnVoucher.into());
            }
            let mut record = record.reserve(amount, category, programme.mode, now)?;
            let totals = self.load_totals(programme_number).reserve(amount)?;
            if programme.admitted_shops_only {
                let place = self.shops.get((programme_number, shop)).ok_or(ShopRefusal::NotAdmitted)?;
                self.shops.insert((programme_number, shop), &place.take(amount, category, now)?);
            }
            let number = self.redemption_count.checked_add(1).ok_or(Error::Corrupted)?;
            let standing = self.standings.get((voucher, shop)).unwrap_or_default();
            let latest = match standing.latest {
                0 => None,
                latest => self.redemptions.get(latest).map(|latest| latest.status),
            };
            let standing = standing.request(number, latest, now)?;
            if programme.per_card {
                let card = (programme_number, record.holder, shop);
                must_be_free(self.cards.get(card).unwrap_or(0))?;
                self.cards.insert(card, &number);
            }
            let links = self.link(number, shop, record.latest);
            record.latest = number;
            let expires = time::after(now, programme.window);
            let redemption = Redemption {
                voucher,
                shop,
                account: *account.as_ref(),
                amount,
                requested_at: now,
                expires,
                status: RedemptionStatus::Open,
                links,
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
            let Redemption { voucher, shop, account, status, links, .. } = self.load_redemption(redemption)?;
            // Whoever requested is known by its account; the shop may have moved to another one since.
            if AccountId::from(account) != self.env().caller()
                && self.caller()?.is_none_or(|known| known.number != shop)
            {
                return Err(RedemptionRefusal::NotYours.into());
            }
            if status == RedemptionStatus::Open {
                return Err(RedemptionRefusal::StillOpen.into());
            }
            self.redemptions.remove(redemption);
            let record = self.load_voucher(voucher)?;
            if let Some(standing) = self.standings.get((voucher, shop)) {
                if !standing.still_counts(redemption, status, record.has_ended(), self.now()) {
                    self.standings.remove((voucher, shop));
                }
            }
            let card = (record.programme, record.holder, shop);
            if self.cards.get(card) == Some(0) {
                self.cards.remove(card);
            }
            self.unlink(links, shop, voucher, record);
            self.env().emit_event(RedemptionCleared { redemption });
            Ok(())
        }

        // ---- commands: the end of a voucher, supervision, settlement ----

        #[ink(message)]
        fn expire_voucher(&mut self, voucher: VoucherId) -> Result<(), Error> {
            self.end_vouchers(&[voucher])?.into_iter().next().ok_or(Error::Corrupted)?.map(drop)
        }

        #[ink(message)]
        fn expire_vouchers(&mut self, vouchers: Vec<VoucherId>) -> Result<Vec<Result<Balance, Error>>, Error> {
            check_rows(vouchers.len()).map_err(too_many_rows)?;
            self.end_vouchers(&vouchers)
        }

        #[ink(message)]
        fn extend(&mut self, voucher: VoucherId, expires: Timestamp) -> Result<(), Error> {
            let record = self.load_voucher(voucher)?;
            let programme = self.load_programme(record.programme)?;
            self.must_own(&programme)?;
            let end =
                programme.voucher_end(Some(expires), self.now()).map_err(|expires| Error::BadExpiry { expires })?;
            self.vouchers.insert(voucher, &record.extend(end)?);
            self.env().emit_event(VoucherExtended { voucher, expires });
            Ok(())
        }

        #[ink(message)]
        fn void(&mut self, voucher: VoucherId, reason: u16) -> Result<(), Error> {
            let record = self.load_voucher(voucher)?;
            self.must_supervise(&record)?;
            let Released { voucher: void, returned } = record.void()?;
            let programme = void.programme;
            let totals = self.load_totals(programme).give_back(returned)?;
            self.vouchers.insert(voucher, &void);
            self.store_returned(Some((programme, totals, returned)))?;
            self.env().emit_event(VoucherVoided { voucher, programme, reason, returned: returned.balance() });
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
            ledger::transfer(&mut self.ledger, to, issuer, amount.balance())?;
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
        fn redemptions_of_shop(
            &self,
            shop: ParticipantId,
            start: Option<RedemptionId>,
            limit: u32,
        ) -> Vec<(RedemptionId, Redemption)> {
            let start = start.or_else(|| self.latest.get(shop)).unwrap_or(0);
            self.redemptions_from(start, limit, &|one| (one.shop == shop).then_some(one.links.shop.older))
        }

        #[ink(message)]
        fn redemptions_of_voucher(
            &self,
            voucher: VoucherId,
            start: Option<RedemptionId>,
            limit: u32,
        ) -> Vec<(RedemptionId, Redemption)> {
            let start = start.or_else(|| Some(self.vouchers.get(voucher)?.latest)).unwrap_or(0);
            self.redemptions_from(start, limit, &|one| (one.voucher == voucher).then_some(one.links.voucher.older))
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
        fn bundle(&self, programme: ProgrammeId) -> Vec<Denomination> {
            self.bundles.get(programme).unwrap_or_default()
        }

        #[ink(message)]
        fn member(&self, programme: ProgrammeId, holder: ParticipantId) -> Member {
            self.members.get((programme, holder)).unwrap_or_default()
        }

        #[ink(message)]
        fn card(&self, programme: ProgrammeId, holder: ParticipantId, operator: ParticipantId) -> RedemptionId {
            self.cards.get((programme, holder, operator)).unwrap_or(0)
        }

        #[ink(message)]
        fn roll(&self, id: RollId) -> Option<Roll> {
            self.rolls.get(id)
        }

        #[ink(message)]
        fn roll_count(&self) -> RollId {
            self.roll_count
        }

        #[ink(message)]
        fn is_claimed(&self, roll: RollId, index: u64) -> bool {
            let (word, bit) = word_and_bit(index);
            self.claimed.get((roll, word)).is_some_and(|claimed| claimed & bit != 0)
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

    #[amanah_interfaces::outline]
    impl Governed for VoucherContract {
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
