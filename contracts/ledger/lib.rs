//! The ledger: digital accounts, an amount per owner and issuing bank. The book-keeping is in `amanah_domain::ledger`.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
mod contract {
    use amanah_domain::{
        ids::{ParticipantId, Reference, WithdrawalId},
        ledger::{self, Owner, Supply, Withdrawal, WithdrawalStatus},
        money::Amount,
        participant::Credentials,
        roles::Role,
    };
    use amanah_interfaces::{
        ledger::{
            Approved, Error, Issued, Ledger, SuiteContractSet, Transferred, WithdrawalRequested, WithdrawalSettled,
        },
        registry::{self, Registry, RegistryRef, Subject},
    };
    use ink::{
        codegen::TraitCallBuilder,
        prelude::{vec, vec::Vec},
        storage::{traits::ManualKey, Mapping},
    };

    // ---- storage ----

    #[ink(storage)]
    pub struct LedgerContract {
        /// Who knows the participants.
        registry: RegistryRef,
        /// The latest withdrawal's number.
        withdrawal_count: WithdrawalId,
        /// What an owner has of a bank's money.
        balances: Mapping<(Owner, ParticipantId), Amount, ManualKey<0x4c45_0001>>,
        /// What an owner lets a spender take of a bank's money.
        allowances: Mapping<Allowance, Amount, ManualKey<0x4c45_0002>>,
        /// Supply by bank.
        supplies: Mapping<ParticipantId, Supply, ManualKey<0x4c45_0003>>,
        /// Withdrawals by number.
        withdrawals: Mapping<WithdrawalId, Withdrawal, ManualKey<0x4c45_0004>>,
        /// References that a bank has used.
        references: Mapping<(ParticipantId, Reference), (), ManualKey<0x4c45_0005>>,
        /// The suite's contracts, which may hold money for others.
        suite: Mapping<AccountId, (), ManualKey<0x4c45_0006>>,
    }

    /// An allowance's key: owner, spender, bank.
    type Allowance = (Owner, Owner, ParticipantId);

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
                registry: registry.into(),
                withdrawal_count: 0,
                balances: Mapping::new(),
                allowances: Mapping::new(),
                supplies: Mapping::new(),
                withdrawals: Mapping::new(),
                references: Mapping::new(),
                suite: Mapping::new(),
            }
        }

        // ---- private helpers ----

        /// Who stands behind these accounts; the registry is asked once, about those that are no contracts of the suite.
        fn parties<const N: usize>(&self, accounts: [AccountId; N]) -> Result<[Party; N], Error> {
            let asked: Vec<Subject> =
                accounts.iter().filter(|account| !self.suite.contains(account)).map(|a| Subject::Account(*a)).collect();
            let answers = if asked.is_empty() {
                Vec::new()
            } else {
                registry::ask(&self.registry, asked.clone()).ok_or(Error::RegistryUnavailable)?
            };
            let mut found = Vec::with_capacity(N);
            let mut answers = asked.into_iter().zip(answers).peekable();
            for account in accounts {
                let party = match answers.next_if(|(subject, _)| *subject == Subject::Account(account)) {
                    None => Party { owner: Owner::Contract(*account.as_ref()), known: None },
                    Some((_, Some(known))) => Party { owner: Owner::Participant(known.number), known: Some(known) },
                    Some((_, None)) => return Err(Error::UnknownOwner { account }),
                };
                found.push(party);
            }
            found.try_into().map_err(|_| Error::Corrupted)
        }

        /// The active bank that calls.
        fn calling_bank(&self) -> Result<ParticipantId, Error> {
            let answers = registry::ask(&self.registry, vec![Subject::Account(self.env().caller())])
                .ok_or(Error::RegistryUnavailable)?;
            match answers.into_iter().flatten().next() {
                Some(known) if known.acts_as(Role::Bank) => Ok(known.number),
                _ => Err(Error::NotAllowed),
            }
        }

        fn balance(&self, owner: Owner, issuer: ParticipantId) -> Amount {
            self.balances.get((owner, issuer)).unwrap_or(Amount::ZERO)
        }

        fn allowed(&self, owner: Owner, spender: Owner, issuer: ParticipantId) -> Amount {
            self.allowances.get((owner, spender, issuer)).unwrap_or(Amount::ZERO)
        }

        fn supply_of(&self, issuer: ParticipantId) -> Supply {
            self.supplies.get(issuer).unwrap_or_default()
        }

        fn move_money(&mut self, from: Owner, to: Owner, issuer: ParticipantId, amount: Amount) -> Result<(), Error> {
            let there = self.balance(from, issuer);
            if from == to {
                there.minus(amount)?;
                return Ok(());
            }
            let (left, right) = ledger::transfer(there, self.balance(to, issuer), amount)?;
            self.balances.insert((from, issuer), &left);
            self.balances.insert((to, issuer), &right);
            self.env().emit_event(Transferred { from, to, issuer, amount: amount.balance() });
            Ok(())
        }

        /// Sets what the caller lets `spender` take, from what it lets it take now.
        fn change_allowance(
            &mut self,
            spender: AccountId,
            issuer: ParticipantId,
            change: impl FnOnce(Amount) -> Result<Amount, Error>,
        ) -> Result<(), Error> {
            let [owner, spender] = self.parties([self.env().caller(), spender])?;
            owner.must_be_able_to_spend()?;
            let before = self.allowed(owner.owner, spender.owner, issuer);
            let allowed = change(before)?;
            if allowed != before {
                self.allowances.insert((owner.owner, spender.owner, issuer), &allowed);
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
    }

    impl Ledger for LedgerContract {
        // ---- the question that everybody asks ----

        #[ink(message, default)]
        fn balance_of(&self, account: AccountId, issuer: ParticipantId) -> Balance {
            match self.parties([account]) {
                Ok([party]) => self.balance(party.owner, issuer).balance(),
                Err(_) => 0,
            }
        }

        // ---- commands ----

        #[ink(message)]
        fn issue(&mut self, to: AccountId, amount: Balance, reference: Reference) -> Result<(), Error> {
            let issuer = self.calling_bank()?;
            let [to] = self.parties([to])?;
            to.must_be_able_to_receive()?;
            let amount = Amount::positive(amount)?;
            let supply = self.supply_of(issuer).issue(amount)?;
            let balance = self.balance(to.owner, issuer).plus(amount)?;
            self.use_reference(issuer, reference)?;
            self.supplies.insert(issuer, &supply);
            self.balances.insert((to.owner, issuer), &balance);
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
            self.change_allowance(spender, issuer, |_| Ok(Amount::from_balance(amount)?))
        }

        #[ink(message)]
        fn increase_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error> {
            self.change_allowance(spender, issuer, |before| Ok(before.plus(Amount::positive(by)?)?))
        }

        #[ink(message)]
        fn decrease_allowance(&mut self, spender: AccountId, issuer: ParticipantId, by: Balance) -> Result<(), Error> {
            self.change_allowance(spender, issuer, |before| {
                before
                    .minus(Amount::positive(by)?)
                    .map_err(|_| Error::Allowance { allowed: before.balance(), wanted: by })
            })
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
            from.must_be_able_to_spend()?;
            to.must_be_able_to_receive()?;
            let amount = Amount::positive(amount)?;
            let allowed = self.allowed(from.owner, spender.owner, issuer);
            let rest = allowed
                .minus(amount)
                .map_err(|_| Error::Allowance { allowed: allowed.balance(), wanted: amount.balance() })?;
            self.allowances.insert((from.owner, spender.owner, issuer), &rest);
            self.move_money(from.owner, to.owner, issuer, amount)
        }

        #[ink(message)]
        fn request_withdrawal(&mut self, issuer: ParticipantId, amount: Balance) -> Result<WithdrawalId, Error> {
            let account = self.env().caller();
            let [party] = self.parties([account])?;
            party.must_be_able_to_spend()?;
            let Owner::Participant(owner) = party.owner else {
                return Err(Error::UnknownOwner { account });
            };
            let amount = Amount::positive(amount)?;
            let balance = self.balance(party.owner, issuer).minus(amount)?;
            let supply = self.supply_of(issuer).open_withdrawal(amount)?;
            let withdrawal = self.withdrawal_count.checked_add(1).ok_or(Error::Corrupted)?;
            self.withdrawal_count = withdrawal;
            self.balances.insert((party.owner, issuer), &balance);
            self.supplies.insert(issuer, &supply);
            let record = Withdrawal {
                owner,
                issuer,
                amount,
                requested_at: self.env().block_timestamp(),
                status: WithdrawalStatus::Open,
            };
            self.withdrawals.insert(withdrawal, &record);
            self.env().emit_event(WithdrawalRequested { withdrawal, issuer, owner, amount: amount.balance() });
            Ok(withdrawal)
        }

        #[ink(message)]
        fn settle_withdrawal(&mut self, withdrawal: WithdrawalId, reference: Reference) -> Result<(), Error> {
            let issuer = self.calling_bank()?;
            let record = self.withdrawals.get(withdrawal).ok_or(Error::UnknownWithdrawal { withdrawal })?;
            if record.issuer != issuer {
                return Err(Error::NotAllowed);
            }
            if record.status != WithdrawalStatus::Open {
                return Err(Error::WithdrawalEnded { status: record.status });
            }
            let amount = record.amount;
            let supply = self.supply_of(issuer).settle_withdrawal(amount)?;
            self.use_reference(issuer, reference)?;
            self.supplies.insert(issuer, &supply);
            self.withdrawals.insert(withdrawal, &Withdrawal { status: WithdrawalStatus::Settled, ..record });
            self.env().emit_event(WithdrawalSettled { withdrawal, issuer, amount: amount.balance(), reference });
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
        fn supply(&self, issuer: ParticipantId) -> Supply {
            self.supply_of(issuer)
        }

        #[ink(message)]
        fn total_supply(&self, issuer: ParticipantId) -> Balance {
            self.supply_of(issuer).total().balance()
        }

        #[ink(message)]
        fn withdrawal(&self, id: WithdrawalId) -> Option<Withdrawal> {
            self.withdrawals.get(id)
        }

        #[ink(message)]
        fn is_suite_contract(&self, contract: AccountId) -> bool {
            self.suite.contains(contract)
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
            if self.suite.contains(contract) == marked {
                return Ok(());
            }
            if marked {
                self.suite.insert(contract, &());
            } else {
                self.suite.remove(contract);
            }
            self.env().emit_event(SuiteContractSet { contract, marked });
            Ok(())
        }
    }
}
