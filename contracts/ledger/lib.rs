//! The ledger: digital accounts, an amount per owner and issuing bank. The book-keeping is in `amanah_domain::ledger`.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
mod contract {
    use amanah_domain::{
        ids::{AccountHash, ParticipantId, Reference, WithdrawalId},
        ledger::{self, Book, Ends, Link, Owner, Place, Supply, Withdrawal, WithdrawalList},
        money::Amount,
        participant::Credentials,
        roles::Role,
    };
    use amanah_interfaces::{
        governance::{self, Governance, Governed, Step},
        ledger::{
            AccountLinked, AccountUnlinked, Approved, Error, Issued, Ledger, SuiteContractSet, Transferred,
            WithdrawalCancelled, WithdrawalCleared, WithdrawalRejected, WithdrawalRequested, WithdrawalSettled,
            MOST_SUITE_CONTRACTS,
        },
        registry::{self, Registry, RegistryRef, Subject},
        MOST_PER_PAGE,
    };
    use ink::{
        codegen::TraitCallBuilder,
        prelude::vec::Vec,
        storage::{traits::ManualKey, Mapping},
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct LedgerContract {
        /// Is new business stopped, and what code is proposed?
        governance: Governance,
        /// Who knows the participants.
        registry: RegistryRef,
        /// The latest withdrawal's number.
        withdrawal_count: WithdrawalId,
        /// The suite's contracts, which may hold money for others: few, and here, so that no payment reads more than this record to
        /// tell them from participants.
        suite: Vec<AccountId>,
        /// What an owner has of a bank's money. An item of 0 stays: it says that the bank is in the owner's list.
        balances: Mapping<(Owner, ParticipantId), Amount, ManualKey<0x4c45_0001>>,
        /// What an owner lets a spender take of a bank's money, unless that is nothing.
        allowances: Mapping<Allowance, Amount, ManualKey<0x4c45_0002>>,
        /// Supply and open withdrawals by bank.
        books: Mapping<ParticipantId, Book, ManualKey<0x4c45_0003>>,
        /// Withdrawals by number, until they are cleared.
        withdrawals: Mapping<WithdrawalId, Withdrawal, ManualKey<0x4c45_0004>>,
        /// References that a bank has used.
        references: Mapping<(ParticipantId, Reference), (), ManualKey<0x4c45_0005>>,
        /// Of how many banks an owner ever had money.
        issuer_counts: Mapping<Owner, u32, ManualKey<0x4c45_0007>>,
        /// Which banks these are, in the order in which the owner first had their money.
        issuers: Mapping<(Owner, u32), ParticipantId, ManualKey<0x4c45_0008>>,
        /// The ends of a participant's list of withdrawals.
        withdrawal_lists: Mapping<ParticipantId, Ends, ManualKey<0x4c45_0009>>,
        /// Whose an ordinary account at a bank is.
        links: Mapping<BankAccount, Link, ManualKey<0x4c45_000a>>,
        /// How many ordinary accounts are linked with a participant's.
        link_counts: Mapping<ParticipantId, u32, ManualKey<0x4c45_000b>>,
        /// Which ordinary accounts these are, without gaps.
        linked: Mapping<(ParticipantId, u32), BankAccount, ManualKey<0x4c45_000c>>,
    }

    /// An allowance's key: owner, spender, bank.
    type Allowance = (Owner, Owner, ParticipantId);

    /// An ordinary account: the bank that keeps it, and the bank's keyed hash of it.
    type BankAccount = (ParticipantId, AccountHash);

    /// Somebody who may own money.
    struct Party {
        owner: Owner,
        /// What the registry knows, of a participant.
        known: Option<Credentials>,
    }

    impl Party {
        /// May it send, spend and withdraw? Active participants and the suite's contracts may.
        fn must_be_able_to_spend(&self) -> Result<(), Error> {
            self.must(Credentials::is_active)
        }

        /// May it be paid? Suspended participants may too.
        fn must_be_able_to_receive(&self) -> Result<(), Error> {
            self.must(Credentials::may_receive)
        }

        /// May `spender` be let take of its money? What the suite's contracts take is for them to judge: a suspended
        /// participant repays a loan, and does not invest.
        fn must_be_able_to_pay(&self, spender: Owner) -> Result<(), Error> {
            match spender {
                Owner::Contract(_) => self.must_be_able_to_receive(),
                Owner::Participant(_) => self.must_be_able_to_spend(),
            }
        }

        fn must(&self, standing: fn(&Credentials) -> bool) -> Result<(), Error> {
            match &self.known {
                Some(known) if !standing(known) => Err(Error::NotInGoodStanding { participant: known.number }),
                _ => Ok(()),
            }
        }
    }

    impl LedgerContract {
        // ---- constructors ----

        /// A new ledger for the participants of `registry`.
        #[ink(constructor, default)]
        pub fn new(registry: AccountId) -> Self {
            Self {
                governance: Governance::default(),
                registry: registry.into(),
                withdrawal_count: 0,
                suite: Vec::new(),
                balances: Mapping::new(),
                allowances: Mapping::new(),
                books: Mapping::new(),
                withdrawals: Mapping::new(),
                references: Mapping::new(),
                issuer_counts: Mapping::new(),
                issuers: Mapping::new(),
                withdrawal_lists: Mapping::new(),
                links: Mapping::new(),
                link_counts: Mapping::new(),
                linked: Mapping::new(),
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

        /// Who stands behind these accounts, where somebody does; the registry is asked once, about those that are no
        /// contracts of the suite.
        fn find(&self, accounts: &[AccountId]) -> Result<Vec<Option<Party>>, Error> {
            let mut asked = Vec::new();
            let mut found = Vec::new();
            for account in accounts {
                let is_suites = self.suite.contains(account);
                if !is_suites {
                    asked.push(Subject::Account(*account));
                }
                found.push(is_suites.then(|| Party { owner: Owner::Contract(*account.as_ref()), known: None }));
            }
            if asked.is_empty() {
                return Ok(found);
            }
            let answers = registry::ask(&self.registry, asked).ok_or(Error::RegistryUnavailable)?;
            let participants = found.iter_mut().filter(|party| party.is_none());
            for (party, answer) in participants.zip(answers) {
                *party = answer.map(|known| Party { owner: Owner::Participant(known.number), known: Some(known) });
            }
            Ok(found)
        }

        /// Who stands behind these accounts: somebody, each time.
        fn parties<const N: usize>(&self, accounts: [AccountId; N]) -> Result<[Party; N], Error> {
            self.all_of(&accounts)?.try_into().map_err(|_| Error::Corrupted)
        }

        /// As `parties`, of however many.
        fn all_of(&self, accounts: &[AccountId]) -> Result<Vec<Party>, Error> {
            let found = self.find(accounts)?.into_iter().zip(accounts);
            found.map(|(party, account)| party.ok_or(Error::UnknownOwner { account: *account })).collect()
        }

        /// The owner behind this account, if there is one and the registry answers.
        fn owner(&self, account: AccountId) -> Option<Owner> {
            let party = self.all_of(&[account]).ok()?.pop()?;
            Some(party.owner)
        }

        /// The participant that calls, however it stands.
        fn caller(&self) -> Result<Option<Credentials>, Error> {
            Ok(self.find(&[self.env().caller()])?.into_iter().flatten().next().and_then(|party| party.known))
        }

        /// The active bank that calls.
        fn calling_bank(&self) -> Result<ParticipantId, Error> {
            acting_bank(self.caller()?)
        }

        /// The active bank that calls, and who stands behind this account.
        fn calling_bank_and(&self, account: AccountId) -> Result<(ParticipantId, Party), Error> {
            let mut found = self.find(&[self.env().caller(), account])?.into_iter();
            let bank = acting_bank(found.next().flatten().and_then(|party| party.known))?;
            let party = found.next().flatten().ok_or(Error::UnknownOwner { account })?;
            Ok((bank, party))
        }

        // ---- balances ----

        fn balance(&self, owner: Owner, issuer: ParticipantId) -> Amount {
            self.balances.get((owner, issuer)).unwrap_or(Amount::ZERO)
        }

        /// Stores a balance; the first one in a bank's money puts the bank into the owner's list.
        fn set_balance(&mut self, owner: Owner, issuer: ParticipantId, balance: Amount) -> Result<(), Error> {
            if self.balances.insert((owner, issuer), &balance).is_none() {
                let count = self.issuer_counts.get(owner).unwrap_or(0);
                self.issuers.insert((owner, count), &issuer);
                self.issuer_counts.insert(owner, &count.checked_add(1).ok_or(Error::Corrupted)?);
            }
            Ok(())
        }

        fn allowed(&self, owner: Owner, spender: Owner, issuer: ParticipantId) -> Amount {
            self.allowances.get((owner, spender, issuer)).unwrap_or(Amount::ZERO)
        }

        /// Stores an allowance; of nothing, no item is kept.
        fn set_allowance(&mut self, owner: Owner, spender: Owner, issuer: ParticipantId, allowed: Amount) {
            let key = (owner, spender, issuer);
            if allowed.is_zero() {
                self.allowances.remove(key);
            } else {
                self.allowances.insert(key, &allowed);
            }
        }

        fn book(&self, issuer: ParticipantId) -> Book {
            self.books.get(issuer).unwrap_or_default()
        }

        fn move_money(&mut self, from: Owner, to: Owner, issuer: ParticipantId, amount: Amount) -> Result<(), Error> {
            let there = self.balance(from, issuer);
            if from == to {
                there.minus(amount)?;
                return Ok(());
            }
            let (left, right) = ledger::transfer(there, self.balance(to, issuer), amount)?;
            self.set_balance(from, issuer, left)?;
            self.set_balance(to, issuer, right)?;
            self.env().emit_event(Transferred { from, to, issuer, amount: amount.balance() });
            Ok(())
        }

        /// Sets what the caller lets `spender` take, from what it lets it take now and an amount; raising it for a participant
        /// is new business.
        fn change_allowance(
            &mut self,
            spender: AccountId,
            issuer: ParticipantId,
            amount: Balance,
            change: fn(Amount, Balance) -> Result<Amount, Error>,
            raises: bool,
        ) -> Result<(), Error> {
            let [owner, spender] = self.parties([self.env().caller(), spender])?;
            if raises && !matches!(spender.owner, Owner::Contract(_)) {
                self.must_run()?;
            }
            owner.must_be_able_to_pay(spender.owner)?;
            let before = self.allowed(owner.owner, spender.owner, issuer);
            let allowed = change(before, amount)?;
            if allowed != before {
                self.set_allowance(owner.owner, spender.owner, issuer, allowed);
                self.env().emit_event(Approved {
                    owner: owner.owner,
                    spender: spender.owner,
                    issuer,
                    allowed: allowed.balance(),
                });
            }
            Ok(())
        }

        /// Notes that a bank uses this reference, which it may do once.
        fn use_reference(&mut self, bank: ParticipantId, reference: Reference) -> Result<(), Error> {
            if self.references.contains((bank, reference)) {
                return Err(Error::ReferenceUsed);
            }
            self.references.insert((bank, reference), &());
            Ok(())
        }

        // ---- withdrawals ----

        fn load_withdrawal(&self, withdrawal: WithdrawalId) -> Result<Withdrawal, Error> {
            self.withdrawals.get(withdrawal).ok_or(Error::UnknownWithdrawal { withdrawal })
        }

        /// A withdrawal that the calling bank is to pay.
        fn banks_withdrawal(&self, withdrawal: WithdrawalId) -> Result<Withdrawal, Error> {
            let bank = self.calling_bank()?;
            let record = self.load_withdrawal(withdrawal)?;
            match record.issuer == bank {
                true => Ok(record),
                false => Err(Error::NotAllowed),
            }
        }

        /// A withdrawal of the calling participant, however it stands.
        fn own_withdrawal(&self, withdrawal: WithdrawalId) -> Result<Withdrawal, Error> {
            let caller = self.caller()?;
            let record = self.load_withdrawal(withdrawal)?;
            match caller {
                Some(known) if known.number == record.owner => Ok(record),
                _ => Err(Error::NotAllowed),
            }
        }

        /// Puts a withdrawal at the newest end of a list; the record itself is left to be stored.
        fn add_to(
            &mut self,
            list: WithdrawalList,
            ends: Ends,
            withdrawal: WithdrawalId,
            record: Withdrawal,
        ) -> Result<(Ends, Withdrawal), Error> {
            let (ends, place) = ends.with(withdrawal);
            self.move_in(list, place.older, withdrawal, Place::before)?;
            Ok((ends, record.at(list, place)))
        }

        /// Takes a withdrawal out of a list; the record itself is left to be stored.
        fn take_from(
            &mut self,
            list: WithdrawalList,
            ends: Ends,
            record: Withdrawal,
        ) -> Result<(Ends, Withdrawal), Error> {
            let gone = record.place(list);
            self.move_in(list, gone.older, gone.newer, Place::before)?;
            self.move_in(list, gone.newer, gone.older, Place::after)?;
            Ok((ends.without(gone), record.at(list, Place::default())))
        }

        /// Gives a stored withdrawal (0 is none) another neighbour in a list.
        fn move_in(
            &mut self,
            list: WithdrawalList,
            withdrawal: WithdrawalId,
            neighbour: WithdrawalId,
            to: fn(Place, WithdrawalId) -> Place,
        ) -> Result<(), Error> {
            if withdrawal != 0 {
                let record = self.withdrawals.get(withdrawal).ok_or(Error::Corrupted)?;
                let place = to(record.place(list), neighbour);
                self.withdrawals.insert(withdrawal, &record.at(list, place));
            }
            Ok(())
        }

        /// Stores how a withdrawal ended and takes it from its bank's desk; the bank's book has the rest of it already.
        fn leave_desk(&mut self, withdrawal: WithdrawalId, ended: Withdrawal, book: Book) -> Result<(), Error> {
            let (desk, ended) = self.take_from(WithdrawalList::OnDesk, book.desk, ended)?;
            self.books.insert(ended.issuer, &Book { desk, ..book });
            self.withdrawals.insert(withdrawal, &ended);
            Ok(())
        }

        /// Gives the amount of a withdrawal that ended unpaid back to its owner.
        fn give_back(&mut self, withdrawal: WithdrawalId, ended: Withdrawal) -> Result<(), Error> {
            let (owner, issuer, amount) = (Owner::Participant(ended.owner), ended.issuer, ended.amount);
            let book = self.book(issuer);
            let supply = book.supply.return_withdrawal(amount)?;
            let balance = self.balance(owner, issuer).plus(amount)?;
            self.set_balance(owner, issuer, balance)?;
            self.leave_desk(withdrawal, ended, Book { supply, ..book })
        }

        /// A page of a participant's list that begins with `start` (0 is nowhere).
        fn page(
            &self,
            list: WithdrawalList,
            whose: ParticipantId,
            start: WithdrawalId,
            limit: u32,
        ) -> Vec<(WithdrawalId, Withdrawal)> {
            let mut page = Vec::new();
            let mut next = start;
            for _ in 0..limit.min(MOST_PER_PAGE) {
                match self.withdrawals.get(next) {
                    Some(record) if record.is_in(list, whose) => {
                        let number = next;
                        next = record.next_in(list);
                        page.push((number, record));
                    }
                    _ => break,
                }
            }
            page
        }

        // ---- links ----

        /// Is this ordinary account linked, and with this owner? Its place in the owner's list.
        fn linked_with(&self, owner: ParticipantId, account: BankAccount) -> Result<u32, Error> {
            match self.links.get(account) {
                Some(link) if link.owner == owner => Ok(link.at),
                _ => Err(Error::NotLinked),
            }
        }
    }

    /// The number of who is asked about, if that is an active bank.
    fn acting_bank(known: Option<Credentials>) -> Result<ParticipantId, Error> {
        match known {
            Some(known) if known.acts_as(Role::Bank) => Ok(known.number),
            _ => Err(Error::NotAllowed),
        }
    }

    /// The positions of a page: at most `limit` of `count`, from `start`.
    fn positions(start: u32, limit: u32, count: u32) -> core::ops::Range<u32> {
        start..start.saturating_add(limit.min(MOST_PER_PAGE)).min(count)
    }

    #[amanah_interfaces::outline]
    impl Ledger for LedgerContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn balance_of(&self, account: AccountId, issuer: ParticipantId) -> Balance {
            self.owner(account).map_or(0, |owner| self.balance(owner, issuer).balance())
        }

        // ---- commands ----

        #[ink(message)]
        fn issue(&mut self, to: AccountId, amount: Balance, reference: Reference) -> Result<(), Error> {
            self.must_run()?;
            let (issuer, to) = self.calling_bank_and(to)?;
            to.must_be_able_to_receive()?;
            let amount = Amount::positive(amount)?;
            let book = self.book(issuer);
            let supply = book.supply.issue(amount)?;
            let balance = self.balance(to.owner, issuer).plus(amount)?;
            self.use_reference(issuer, reference)?;
            self.books.insert(issuer, &Book { supply, ..book });
            self.set_balance(to.owner, issuer, balance)?;
            self.env().emit_event(Issued { issuer, to: to.owner, amount: amount.balance(), reference });
            Ok(())
        }

        #[ink(message)]
        fn transfer(&mut self, to: AccountId, issuer: ParticipantId, amount: Balance) -> Result<(), Error> {
            let [from, to] = self.parties([self.env().caller(), to])?;
            from.must_be_able_to_spend()?;
            to.must_be_able_to_receive()?;
            self.move_money(from.owner, to.owner, issuer, Amount::positive(amount)?)
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, issuer: ParticipantId, amount: Balance) -> Result<(), Error> {
            self.change_allowance(spender, issuer, amount, |_, amount| Ok(Amount::from_balance(amount)?), true)
        }

        #[ink(message)]
        fn increase_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error> {
            self.change_allowance(spender, issuer, by, |before, by| Ok(before.plus(Amount::positive(by)?)?), true)
        }

        #[ink(message)]
        fn decrease_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error> {
            let lowered = |before: Amount, by| {
                let less = before.minus(Amount::positive(by)?);
                less.map_err(|_| Error::Allowance { allowed: before.balance(), wanted: by })
            };
            self.change_allowance(spender, issuer, by, lowered, false)
        }

        #[ink(message)]
        fn transfer_from(
            &mut self,
            from: AccountId,
            to: AccountId,
            issuer: ParticipantId,
            amount: Balance,
        ) -> Result<(), Error> {
            let [spender, from, to] = self.parties([self.env().caller(), from, to])?;
            spender.must_be_able_to_spend()?;
            from.must_be_able_to_pay(spender.owner)?;
            to.must_be_able_to_receive()?;
            let amount = Amount::positive(amount)?;
            let allowed = self.allowed(from.owner, spender.owner, issuer);
            let rest = allowed
                .minus(amount)
                .map_err(|_| Error::Allowance { allowed: allowed.balance(), wanted: amount.balance() })?;
            self.set_allowance(from.owner, spender.owner, issuer, rest);
            self.move_money(from.owner, to.owner, issuer, amount)
        }

        #[ink(message)]
        fn request_withdrawal(
            &mut self,
            issuer: ParticipantId,
            amount: Balance,
            to: Option<AccountHash>,
        ) -> Result<WithdrawalId, Error> {
            let account = self.env().caller();
            let party = self.all_of(&[account])?.pop().ok_or(Error::Corrupted)?;
            party.must_be_able_to_spend()?;
            let Owner::Participant(owner) = party.owner else {
                return Err(Error::UnknownOwner { account });
            };
            let amount = Amount::positive(amount)?;
            let balance = self.balance(party.owner, issuer).minus(amount)?;
            if let Some(hash) = to {
                self.linked_with(owner, (issuer, hash))?;
            }
            let book = self.book(issuer);
            let supply = book.supply.open_withdrawal(amount)?;
            let withdrawal = self.withdrawal_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.withdrawal_count = withdrawal;
            let record = Withdrawal::requested(owner, issuer, amount, to, self.env().block_timestamp());
            let own = self.withdrawal_lists.get(owner).unwrap_or_default();
            let (own, record) = self.add_to(WithdrawalList::OfOwner, own, withdrawal, record)?;
            let (desk, record) = self.add_to(WithdrawalList::OnDesk, book.desk, withdrawal, record)?;
            self.set_balance(party.owner, issuer, balance)?;
            self.books.insert(issuer, &Book { supply, desk });
            self.withdrawal_lists.insert(owner, &own);
            self.withdrawals.insert(withdrawal, &record);
            self.env().emit_event(WithdrawalRequested { withdrawal, issuer, owner, amount: amount.balance(), to });
            Ok(withdrawal)
        }

        #[ink(message)]
        fn settle_withdrawal(&mut self, withdrawal: WithdrawalId, reference: Reference) -> Result<(), Error> {
            let settled = self.banks_withdrawal(withdrawal)?.settle()?;
            let (issuer, amount) = (settled.issuer, settled.amount);
            let book = self.book(issuer);
            let supply = book.supply.settle_withdrawal(amount)?;
            self.use_reference(issuer, reference)?;
            self.leave_desk(withdrawal, settled, Book { supply, ..book })?;
            self.env().emit_event(WithdrawalSettled { withdrawal, issuer, amount: amount.balance(), reference });
            Ok(())
        }

        #[ink(message)]
        fn reject_withdrawal(&mut self, withdrawal: WithdrawalId, reason: u16) -> Result<(), Error> {
            let rejected = self.banks_withdrawal(withdrawal)?.reject()?;
            let (issuer, owner, amount) = (rejected.issuer, rejected.owner, rejected.amount.balance());
            self.give_back(withdrawal, rejected)?;
            self.env().emit_event(WithdrawalRejected { withdrawal, issuer, owner, amount, reason });
            Ok(())
        }

        #[ink(message)]
        fn cancel_withdrawal(&mut self, withdrawal: WithdrawalId) -> Result<(), Error> {
            let cancelled = self.own_withdrawal(withdrawal)?.cancel(self.env().block_timestamp())?;
            let (issuer, owner, amount) = (cancelled.issuer, cancelled.owner, cancelled.amount.balance());
            self.give_back(withdrawal, cancelled)?;
            self.env().emit_event(WithdrawalCancelled { withdrawal, issuer, owner, amount });
            Ok(())
        }

        #[ink(message)]
        fn clear_withdrawal(&mut self, withdrawal: WithdrawalId) -> Result<(), Error> {
            let record = self.own_withdrawal(withdrawal)?;
            record.must_have_ended()?;
            let owner = record.owner;
            let own = self.withdrawal_lists.get(owner).ok_or(Error::Corrupted)?;
            let (own, _) = self.take_from(WithdrawalList::OfOwner, own, record)?;
            if own.are_empty() {
                self.withdrawal_lists.remove(owner);
            } else {
                self.withdrawal_lists.insert(owner, &own);
            }
            self.withdrawals.remove(withdrawal);
            self.env().emit_event(WithdrawalCleared { withdrawal });
            Ok(())
        }

        #[ink(message)]
        fn link_account(&mut self, owner: AccountId, account_hash: AccountHash) -> Result<(), Error> {
            self.must_run()?;
            let account = owner;
            let (bank, party) = self.calling_bank_and(account)?;
            party.must_be_able_to_receive()?;
            let Owner::Participant(owner) = party.owner else {
                return Err(Error::UnknownOwner { account });
            };
            if let Some(link) = self.links.get((bank, account_hash)) {
                return Err(Error::AlreadyLinked { owner: link.owner });
            }
            let at = self.link_counts.get(owner).unwrap_or(0);
            self.link_counts.insert(owner, &at.checked_add(1).ok_or(Error::Corrupted)?);
            self.linked.insert((owner, at), &(bank, account_hash));
            self.links.insert((bank, account_hash), &Link { owner, at });
            self.env().emit_event(AccountLinked { owner, bank, account_hash });
            Ok(())
        }

        #[ink(message)]
        fn unlink_account(&mut self, owner: AccountId, account_hash: AccountHash) -> Result<(), Error> {
            let (bank, party) = self.calling_bank_and(owner)?;
            let Owner::Participant(owner) = party.owner else {
                return Err(Error::NotLinked);
            };
            let at = self.linked_with(owner, (bank, account_hash))?;
            let last = self.link_counts.get(owner).and_then(|count| count.checked_sub(1)).ok_or(Error::Corrupted)?;
            if at != last {
                // The last one takes its place.
                let moved = self.linked.get((owner, last)).ok_or(Error::Corrupted)?;
                self.linked.insert((owner, at), &moved);
                self.links.insert(moved, &Link { owner, at });
            }
            self.linked.remove((owner, last));
            self.links.remove((bank, account_hash));
            if last == 0 {
                self.link_counts.remove(owner);
            } else {
                self.link_counts.insert(owner, &last);
            }
            self.env().emit_event(AccountUnlinked { owner, bank, account_hash });
            Ok(())
        }

        // ---- queries ----

        #[ink(message)]
        fn allowance(&self, owner: AccountId, spender: AccountId, issuer: ParticipantId) -> Balance {
            match self.parties([owner, spender]) {
                Ok([owner, spender]) => self.allowed(owner.owner, spender.owner, issuer).balance(),
                Err(_) => 0,
            }
        }

        #[ink(message)]
        fn account(&self, owner: AccountId, start: u32, limit: u32) -> Vec<(ParticipantId, Balance)> {
            let Some(owner) = self.owner(owner) else { return Vec::new() };
            let held = self.issuer_counts.get(owner).unwrap_or(0);
            positions(start, limit, held)
                .filter_map(|at| self.issuers.get((owner, at)))
                .map(|issuer| (issuer, self.balance(owner, issuer).balance()))
                .collect()
        }

        #[ink(message)]
        fn links(&self, owner: AccountId, start: u32, limit: u32) -> Vec<(ParticipantId, AccountHash)> {
            let Some(Owner::Participant(owner)) = self.owner(owner) else { return Vec::new() };
            let linked = self.link_counts.get(owner).unwrap_or(0);
            positions(start, limit, linked).filter_map(|at| self.linked.get((owner, at))).collect()
        }

        #[ink(message)]
        fn linked_owner(&self, bank: ParticipantId, account_hash: AccountHash) -> Option<ParticipantId> {
            Some(self.links.get((bank, account_hash))?.owner)
        }

        #[ink(message)]
        fn withdrawals_of(
            &self,
            owner: AccountId,
            start: Option<WithdrawalId>,
            limit: u32,
        ) -> Vec<(WithdrawalId, Withdrawal)> {
            let Some(Owner::Participant(owner)) = self.owner(owner) else { return Vec::new() };
            let start = start.unwrap_or_else(|| self.withdrawal_lists.get(owner).unwrap_or_default().newest);
            self.page(WithdrawalList::OfOwner, owner, start, limit)
        }

        #[ink(message)]
        fn open_withdrawals(
            &self,
            issuer: ParticipantId,
            start: Option<WithdrawalId>,
            limit: u32,
        ) -> Vec<(WithdrawalId, Withdrawal)> {
            let start = start.unwrap_or_else(|| self.book(issuer).desk.oldest);
            self.page(WithdrawalList::OnDesk, issuer, start, limit)
        }

        #[ink(message)]
        fn supply(&self, issuer: ParticipantId) -> Supply {
            self.book(issuer).supply
        }

        #[ink(message)]
        fn total_supply(&self, issuer: ParticipantId) -> Balance {
            self.book(issuer).supply.total().balance()
        }

        #[ink(message)]
        fn withdrawal(&self, id: WithdrawalId) -> Option<Withdrawal> {
            self.withdrawals.get(id)
        }

        #[ink(message)]
        fn is_suite_contract(&self, contract: AccountId) -> bool {
            self.suite.contains(&contract)
        }

        #[ink(message)]
        fn version(&self) -> u32 {
            1
        }

        // ---- administration ----

        #[ink(message)]
        fn set_suite_contract(&mut self, contract: AccountId, marked: bool) -> Result<(), Error> {
            match self.registry.call().administrator().try_invoke() {
                Ok(Ok(administrator)) if administrator == self.env().caller() => {}
                Ok(Ok(_)) => return Err(Error::NotAllowed),
                _ => return Err(Error::RegistryUnavailable),
            }
            if self.suite.contains(&contract) == marked {
                return Ok(());
            }
            if !marked {
                self.suite.retain(|known| *known != contract);
            } else if self.suite.len() < MOST_SUITE_CONTRACTS {
                self.suite.push(contract);
            } else {
                return Err(Error::SuiteFull);
            }
            self.env().emit_event(SuiteContractSet { contract, marked });
            Ok(())
        }
    }

    #[amanah_interfaces::outline]
    impl Governed for LedgerContract {
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
