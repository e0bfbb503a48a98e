//! A world and its model side by side: every step is done in both, and they must agree.

use crate::{
    model::{self, Model, Person, Refusal, Rows, VAULT_OWNER},
    replay::Replay,
    steps::{Act, Change, Contract, Flaw, Step, Who, ATTESTORS, BANKS, CAST, CITIZENS, GOVERNMENTS, REGULATOR, SHOPS},
};
use amanah_client::{chain::RawEvent, suite::SUITE_DELAY, Actor, Bundle, Message, Suite};
use amanah_domain::{
    crypto::Native,
    ids::{ParticipantId, Signature},
    layout::RedemptionAttestation,
    merkle,
    roles::{Role, Roles},
};
use amanah_e2e::{registration, World};
use amanah_interfaces::{
    governance::Governed,
    ledger::{Ledger, Owner, WithdrawalStatus},
    registry::Registry,
    voucher::{
        self, Admission, Attestation, Changes, Denomination, Funding, Proof, RedemptionStatus, RollEntry, RollStatus,
        Terms, Voucher, VoucherStatus,
    },
    AccountId, Balance,
};
use scale::{Decode, Encode};
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Debug,
};

/// The reason's code of everything that has one.
const REASON: u16 = 7;

/// What was done: was it accepted, and what happened?
type Outcome = (bool, Vec<RawEvent>);

pub struct Run {
    pub world: World,
    pub model: Model,
    pub replay: Replay,
    /// By name, since keys take long to make.
    actors: HashMap<String, Actor>,
    steps: u64,
}

/// An expected refusal by the contract that this error is of.
trait Expected: Sized {
    fn of(refusal: Refusal) -> Option<Self>;
}

macro_rules! expected {
    ($($contract:ident = $variant:ident),* $(,)?) => {
        $(impl Expected for amanah_interfaces::$contract::Error {
            fn of(refusal: Refusal) -> Option<Self> {
                match refusal {
                    Refusal::$variant(error) => Some(error),
                    _ => None,
                }
            }
        })*
    };
}

expected!(registry = Registry, ledger = Ledger, voucher = Voucher, governance = Governance);

fn roles(number: ParticipantId) -> Vec<Role> {
    let role = match number {
        it if GOVERNMENTS.contains(&it) => Role::Government,
        REGULATOR => Role::Regulator,
        it if BANKS.contains(&it) => Role::Bank,
        it if it == SHOPS[2] => Role::Operator,
        it if SHOPS.contains(&it) => Role::Shop,
        it if CITIZENS.contains(&it) => Role::Citizen,
        _ => Role::RedemptionAttestor,
    };
    vec![role]
}

fn owner(world: &World, number: ParticipantId) -> Owner {
    match number {
        VAULT_OWNER => Owner::Contract(world.suite.voucher),
        number => Owner::Participant(number),
    }
}

impl Run {
    /// A suite on a new chain whose every event is replayed, so another one than that of the kit.
    pub fn new() -> Self {
        let mut world = World::new();
        let administrator = world.administrator.clone();
        let (suite, _) = Suite::deploy(&mut world.chain, &administrator, SUITE_DELAY, &Bundle::folder(), b"machine")
            .expect("the suite deploys");
        world.suite = suite;
        let mut replay = Replay::default();
        let mut people = Vec::new();
        let mut government = administrator;
        for number in 1..=CAST {
            let (name, roles) = (format!("participant {number}"), roles(number));
            let done = world.send(&government, world.suite.registry().register(registration(&name, &roles)));
            assert_eq!(done.value, number);
            for event in world.events(&done.events) {
                replay.add(world.chain.now(), event);
            }
            if number == 1 {
                government = Actor::named(&name);
            }
            people.push(Person::new(&name, &roles));
        }
        let model = Model::new(world.suite.voucher.into(), people);
        Self { world, model, replay, actors: HashMap::new(), steps: 0 }
    }

    fn actor(&mut self, name: &str) -> Actor {
        self.actors.entry(name.to_owned()).or_insert_with(|| Actor::named(name)).clone()
    }

    /// Does a step; was it accepted?
    pub fn take(&mut self, step: &Step) -> bool {
        self.steps += 1;
        let caller = self.model.caller(step);
        let mut after = self.model.clone();
        after.reference = self.steps;
        let expected = after.apply(&caller, &step.act);
        let actor = self.actor(&caller);
        let (accepted, events) = self.act(&actor, &step.act, expected);
        let now = self.world.chain.now();
        for event in self.world.events(&events) {
            self.replay.add(now, event);
        }
        // After a refused step the state is as it was, to the last bit: there is nothing to check.
        if accepted {
            self.check_terminal(&after);
            let before = std::mem::replace(&mut self.model, after);
            self.check(&step.act, &before);
        }
        accepted
    }

    /// Sends a message whose answer the model knows; a refused one must change nothing.
    fn send<A: Encode, T: Decode + Debug, E: Decode + Debug + PartialEq + Expected>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, E>>,
        expected: Result<Rows, Refusal>,
    ) -> Outcome {
        match expected {
            Ok(_) => (true, self.world.send(from, message).events),
            Err(refusal) => {
                let error =
                    E::of(refusal.clone()).unwrap_or_else(|| panic!("the model expects {refusal:?} of another"));
                self.world.refuses(from, message, error);
                (false, Vec::new())
            }
        }
    }

    /// As `send`, of a message of many rows; if none goes through, nothing must change.
    fn send_rows<A: Encode, T: Decode + Debug>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<Vec<Result<T, voucher::Error>>, voucher::Error>>,
        expected: Result<Rows, Refusal>,
    ) -> Outcome {
        let Ok(rows) = expected else { return self.send(from, message, expected) };
        let is_anything = rows.iter().any(Result::is_ok);
        self.world.chain.endow(&from.account());
        let before = self.world.chain.state_root();
        let done = self.world.send(from, message);
        let answers: Rows = done.value.into_iter().map(|row| row.map(drop)).collect();
        assert_eq!(answers, rows);
        if !is_anything {
            assert_eq!(done.events, []);
            assert!(self.world.chain.state_root() == before, "refused rows changed the state");
        }
        (is_anything, done.events)
    }

    fn act(&mut self, from: &Actor, act: &Act, expected: Result<Rows, Refusal>) -> Outcome {
        let (mut registry, mut ledger) = (self.world.suite.registry(), self.world.suite.ledger());
        let mut vouchers = self.world.suite.voucher();
        let model = &self.model;
        let id = |who: Who| model.id(&model.account(who));
        let target = model.target(act);
        let reference = |again: bool| {
            let mut reference = [0; 32];
            reference[..8].copy_from_slice(&if again { 0 } else { self.steps }.to_le_bytes());
            reference
        };
        macro_rules! send {
            ($message:expr) => {{
                let message = $message;
                self.send(from, message, expected)
            }};
        }
        macro_rules! send_rows {
            ($message:expr) => {{
                let message = $message;
                self.send_rows(from, message, expected)
            }};
        }
        match *act {
            Act::Register { newcomer } => {
                send!(registry.register(registration(&model::newcomer_name(newcomer), &[Role::Citizen])))
            }
            Act::Suspend { who } => send!(registry.suspend(who, REASON)),
            Act::Reinstate { .. } => send!(registry.reinstate(target)),
            Act::Blacklist { who } => send!(registry.blacklist(who, REASON)),
            Act::ClearBlacklist { .. } => send!(registry.clear_blacklist(target)),
            Act::Grant { who, role } => send!(registry.grant(who, role)),
            Act::Revoke { role, .. } => send!(registry.revoke(target, role)),
            Act::Renounce { role, .. } => send!(registry.renounce(role)),
            Act::ProposeRebind { who, spare, taken } => {
                send!(registry.propose_rebind(who, model.id(&model.spare(spare, taken)), None))
            }
            Act::ConfirmRebind { .. } => {
                send!(registry.confirm_rebind(target, model.id(&model.proposed(target)), None))
            }
            Act::CancelRebind { .. } => send!(registry.cancel_rebind(target)),
            Act::RotateKey { fresh, .. } => {
                let person = model.people.iter().find(|person| person.account == from.name());
                let key = person.map_or(from.name().to_owned(), |person| model::next_key(person, fresh));
                send!(registry.rotate_key(Actor::named(&key).account()))
            }
            Act::Issue { to, amount, again, .. } => send!(ledger.issue(id(to), amount, reference(again))),
            Act::Transfer { to, bank, amount, .. } => send!(ledger.transfer(id(to), BANKS[bank], amount)),
            Act::Approve { spender, bank, amount, .. } => send!(ledger.approve(id(spender), BANKS[bank], amount)),
            Act::IncreaseAllowance { spender, bank, amount, .. } => {
                send!(ledger.increase_allowance(id(spender), BANKS[bank], amount))
            }
            Act::DecreaseAllowance { spender, bank, amount, .. } => {
                send!(ledger.decrease_allowance(id(spender), BANKS[bank], amount))
            }
            Act::TransferFrom { from, to, bank, amount, .. } => {
                send!(ledger.transfer_from(id(from), id(to), BANKS[bank], amount))
            }
            Act::RequestWithdrawal { bank, amount, .. } => {
                send!(ledger.request_withdrawal(BANKS[bank], amount, None))
            }
            Act::SettleWithdrawal { again, .. } => {
                send!(ledger.settle_withdrawal(target, reference(again)))
            }
            Act::RejectWithdrawal { .. } => send!(ledger.reject_withdrawal(target, REASON)),
            Act::CancelWithdrawal { .. } => send!(ledger.cancel_withdrawal(target)),
            Act::ClearWithdrawal { .. } => send!(ledger.clear_withdrawal(target)),
            Act::CreateProgramme { kind, bank } => send!(vouchers.create_programme(self.terms(kind, bank))),
            Act::UpdateProgramme { programme, ref change } => {
                send!(vouchers.update_programme(programme, self.changes(change)))
            }
            Act::CloseProgramme { programme } => send!(vouchers.close_programme(programme)),
            Act::SetIssuer { programme, issuer, allowed } => {
                send!(vouchers.set_issuer(programme, id(issuer), allowed))
            }
            Act::AdmitShops { programme, ref rows } => {
                let row = |(shop, sold, daily_cap): &(Who, u8, Balance)| Admission {
                    shop: id(*shop),
                    categories: model::categories(*sold),
                    daily_cap: *daily_cap,
                };
                send_rows!(vouchers.admit_shops(programme, rows.iter().map(row).collect()))
            }
            Act::Create { programme, holder, category, expires_in } => {
                let expires = expires_in.map(|life| model.now + life);
                send!(vouchers.create(programme, id(holder), category, expires))
            }
            Act::CreateBundle { programme, holder } => send!(vouchers.create_bundle(programme, id(holder))),
            Act::Fund { amount, .. } => {
                send!(vouchers.fund(target, model.funding(target, amount)))
            }
            Act::FundMany { programme, ref rows } => {
                let row = |(back, amount): &(u64, Option<Balance>)| Funding {
                    voucher: model.fundable(*back),
                    amount: model.funding(model.fundable(*back), *amount),
                };
                send_rows!(vouchers.fund_many(programme, rows.iter().map(row).collect()))
            }
            Act::PublishRoll { programme, deadline_in, short } => {
                let (entries, next) = (model.entries(), model.rolls.len() as u64 + 1);
                let total = Model::roll_total(&entries, short);
                let leaves = self.leaves(next, &entries);
                let root = merkle::root::<Native>(&leaves).expect("a roll has entries");
                let (count, deadline) = (entries.len() as u64, model.now + deadline_in);
                send!(vouchers.publish_roll(programme, root, count, total, deadline))
            }
            Act::FundRoll { .. } => send!(vouchers.fund_roll(target)),
            Act::Claim { index, changed, .. } => {
                let (entry, proof) = self.claim(target, index, changed);
                send!(vouchers.claim(target, entry, proof))
            }
            Act::CloseRoll { .. } => send!(vouchers.close_roll(target)),
            Act::Request { amount, other_category, .. } => {
                let category = model.asked_category(target, other_category);
                send!(vouchers.request(target, model.wanted(target, amount), category, [0; 32]))
            }
            Act::Confirm { first, flaw, .. } => {
                let signers = model.signers(target, first, flaw);
                let valid_until = model.valid_until(flaw);
                let last = signers.len();
                let sign = |(at, signer)| Attestation {
                    attestor: signer,
                    valid_until,
                    signature: self.sign(target, signer, if at == last { flaw } else { Flaw::None }),
                };
                let proof = Proof::Attestors((1..).zip(signers).map(sign).collect());
                send!(vouchers.confirm(target, proof))
            }
            Act::ConfirmAsHolder { flaw, .. } => {
                let found = model.redemptions.get((target as usize).wrapping_sub(1));
                let holder = found.map_or(CITIZENS[0], |one| model.vouchers[one.voucher as usize - 1].holder);
                let valid_until = model.valid_until(flaw);
                let signature = self.sign(target, holder, flaw);
                send!(vouchers.confirm(target, Proof::Holder { valid_until, signature }))
            }
            Act::Cancel { .. } => send!(vouchers.cancel(target)),
            Act::Expire { .. } => send!(vouchers.expire(target)),
            Act::Clear { .. } => send!(vouchers.clear(target)),
            Act::ExpireVoucher { .. } => send!(vouchers.expire_voucher(target)),
            Act::ExpireVouchers { ref rows } => {
                send_rows!(vouchers.expire_vouchers(rows.iter().map(|back| model.overdue(*back)).collect()))
            }
            Act::Extend { days, .. } => {
                send!(vouchers.extend(target, model.now + days * amanah_domain::time::DAY))
            }
            Act::Void { .. } => send!(vouchers.void(target, REASON)),
            Act::Freeze { .. } => send!(vouchers.freeze(target, REASON)),
            Act::Unfreeze { .. } => send!(vouchers.unfreeze(target)),
            Act::Withdraw { bank, amount, .. } => {
                send!(vouchers.withdraw(BANKS[bank], model.credit_wanted(target, BANKS[bank], amount)))
            }
            Act::Pause { contract } => send!(self.governance(contract).pause()),
            Act::Unpause { contract } => send!(self.governance(contract).unpause()),
            Act::Wait { by } => {
                self.world.chain.advance(by);
                (true, Vec::new())
            }
        }
    }

    fn governance(&self, contract: Contract) -> amanah_client::suite::GovernedMessages {
        let suite = &self.world.suite;
        suite.governance([suite.registry, suite.ledger, suite.voucher][contract as usize])
    }

    fn person_id(&self, number: ParticipantId) -> AccountId {
        self.model.id(&self.model.account(Who::Person(number)))
    }

    fn terms(&self, kind: u8, bank: usize) -> Terms {
        let it = self.model.terms(kind, 0, BANKS[bank]);
        let piece = |(category, face, count): &(u8, Balance, u16)| Denomination {
            category: *category,
            face: *face,
            count: *count,
        };
        Terms {
            bank: self.person_id(it.bank),
            categories: vec![0, 1, 2],
            mode: it.mode,
            life: it.life,
            window: it.window,
            most_per_voucher: it.most_per_voucher,
            budget: it.budget,
            attestors: ATTESTORS.map(|one| self.person_id(one)).to_vec(),
            attestors_needed: it.needed,
            holder_signature: it.holder_signature,
            admitted_shops_only: it.strict,
            most_per_holder: it.most_per_holder,
            denominations: it.pieces.iter().map(piece).collect(),
            bundle_value: it.pieces.iter().map(|(_, face, count)| face * Balance::from(*count)).sum(),
            universal: it.strict,
            per_card: it.strict,
        }
    }

    fn changes(&self, change: &Change) -> Changes {
        let none = Changes::default();
        match change {
            Change::Budget(budget) => Changes { budget: Some(*budget), ..none },
            Change::MostPerVoucher(most) => Changes { most_per_voucher: Some(*most), ..none },
            Change::Window(window) => Changes { window: Some(*window), ..none },
            Change::HolderSignature(allowed) => Changes { holder_signature: Some(*allowed), ..none },
            Change::Needed(needed) => Changes { attestors_needed: Some(*needed), ..none },
            Change::Listed(listed) => {
                Changes { attestors: Some(listed.iter().map(|one| self.person_id(*one)).collect()), ..none }
            }
        }
    }

    fn entry(index: u64, entry: &model::Entry) -> RollEntry {
        let model::Entry { holder, category, amount, expires } = *entry;
        RollEntry { index, holder, category, amount, expires }
    }

    fn leaves(&self, roll: u64, entries: &[model::Entry]) -> Vec<[u8; 32]> {
        let domain = self.world.suite.voucher_domain();
        (0..).zip(entries).map(|(at, one)| Self::entry(at, one).leaf::<Native>(&domain, roll)).collect()
    }

    /// An entry of a roll and its proof; of a roll that is not there, or beyond its end, something.
    fn claim(&self, roll: u64, index: u64, changed: bool) -> (RollEntry, Vec<[u8; 32]>) {
        let found = self.model.rolls.get((roll as usize).wrapping_sub(1));
        let entries = found.map_or_else(|| self.model.entries(), |roll| roll.entries.clone());
        let proof = merkle::proof::<Native>(&self.leaves(roll, &entries), index as usize).unwrap_or_default();
        let mut entry = Self::entry(index, entries.get(index as usize).unwrap_or(&entries[0]));
        entry.amount += Balance::from(changed);
        (entry, proof)
    }

    /// A signature over a redemption, with this flaw.
    fn sign(&self, redemption: u64, signer: ParticipantId, flaw: Flaw) -> Signature {
        let Some(person) = self.model.person(signer) else { return [0; 64] };
        let of = |number: u64| self.model.redemptions.get((number as usize).wrapping_sub(1));
        let Some(mut signed) = of(redemption) else { return [0; 64] };
        let mut number = redemption;
        if flaw == Flaw::Another {
            number = if redemption > 1 { redemption - 1 } else { redemption + 1 };
            signed = of(number).unwrap_or(signed);
        }
        let (mut key, mut epoch) = (&person.key, person.epoch);
        if flaw == Flaw::OldEpoch {
            key = person.former_key.as_ref().unwrap_or(key);
            epoch = epoch.checked_sub(1).unwrap_or(1);
        }
        let key = Actor::named(key);
        let attestation = RedemptionAttestation {
            domain: self.world.suite.voucher_domain(),
            voucher: signed.voucher,
            redemption: number,
            shop: Actor::named(&signed.account).account(),
            amount: signed.amount + Balance::from(flaw == Flaw::OtherAmount),
            valid_until: self.model.valid_until(flaw),
            epoch,
            key: key.account(),
        };
        key.sign(&attestation.signed_bytes::<Native>())
    }

    // ---- what must hold after every step ----

    /// What has ended in the present model stays as it is in the next one.
    fn check_terminal(&self, after: &Model) {
        for (was, is) in self.model.vouchers.iter().zip(&after.vouchers) {
            if matches!(was.status, VoucherStatus::Exhausted | VoucherStatus::Expired | VoucherStatus::Void) {
                assert_eq!(was.status, is.status);
                assert_eq!((is.funded, is.available), (was.funded, 0));
            }
        }
        for (was, is) in self.model.redemptions.iter().zip(&after.redemptions) {
            assert!(was.status == RedemptionStatus::Open || was.status == is.status);
        }
        for (was, is) in self.model.withdrawals.iter().zip(&after.withdrawals) {
            assert!(was.status == WithdrawalStatus::Open || was.status == is.status);
        }
        for (was, is) in self.model.rolls.iter().zip(&after.rolls) {
            assert!(was.status != RollStatus::Closed || is.status == RollStatus::Closed);
        }
        for (was, is) in self.model.programmes.iter().zip(&after.programmes) {
            assert!(!was.closed || is.closed);
        }
    }

    /// What the events say is what the model says; and the invariants hold on the chain, which is asked about what the step
    /// changed, and about everything now and then.
    fn check(&mut self, act: &Act, before: &Model) {
        assert_eq!(self.world.chain.now(), self.model.now);
        self.check_replay();
        if let Act::Pause { contract } | Act::Unpause { contract } = *act {
            let paused = self.world.ask(self.governance(contract).governance()).paused;
            assert_eq!(paused, self.model.paused[contract as usize]);
        }
        for bank in BANKS {
            if self.steps % 8 == 0 || self.model.of_bank(bank) != before.of_bank(bank) {
                self.check_bank(bank);
            }
        }
        for at in 0..self.model.vouchers.len() {
            if before.vouchers.get(at) != self.model.vouchers.get(at) {
                self.check_voucher(at as u64 + 1);
            }
        }
        for at in 0..self.model.redemptions.len() {
            if before.redemptions.get(at) != self.model.redemptions.get(at) {
                self.check_redemption(at as u64 + 1);
            }
        }
    }

    /// A bank's money adds up, in the ledger and in the programmes that spend it.
    fn check_bank(&mut self, bank: ParticipantId) {
        let model = &self.model;
        let of_bank = |sums: &BTreeMap<(ParticipantId, ParticipantId), Balance>| -> Balance {
            sums.iter().filter(|((_, of), _)| *of == bank).map(|(_, sum)| sum).sum()
        };
        let (held, owed) = (of_bank(&model.balances), of_bank(&model.credits));
        let supply = self.world.ask(self.world.suite.ledger().supply(bank));
        let supply = [supply.issued, supply.settled, supply.withdrawing].map(|amount| amount.balance());
        assert_eq!(supply, self.replay.supply.get(&bank).copied().unwrap_or_default());
        let [issued, settled, waiting] = supply;
        assert_eq!(held + waiting, issued - settled, "balances and open withdrawals are what is in circulation");
        let vault = self.world.suite.voucher.into();
        let owned = self.world.ask(self.world.suite.ledger().balance_of(vault, bank));
        let (mut liabilities, mut received, mut given) = (owed, 0, 0);
        for (number, _) in (1..).zip(&model.programmes).filter(|(_, one)| one.bank == bank) {
            let totals = self.world.ask(self.world.suite.voucher().totals(number));
            let voucher::Totals { funded, unclaimed, available, reserved, paid, returned } = totals;
            let parts = [funded, unclaimed, available, reserved, paid, returned].map(|amount| amount.balance());
            assert_eq!(parts, model.totals(number), "programme {number}");
            assert_eq!(parts[0], parts[1..].iter().sum::<Balance>(), "programme {number}");
            liabilities += parts[1..4].iter().sum::<Balance>();
            received += parts[0];
            given += parts[4] + parts[5];
        }
        let gifts = model.gifts.get(&bank).copied().unwrap_or_default();
        let withdrawn = model.withdrawn.get(&bank).copied().unwrap_or_default();
        assert!(owned >= liabilities, "the voucher contract owns {owned} and owes {liabilities}");
        assert_eq!(owned, liabilities + gifts, "what is more than it owes was given to it");
        assert_eq!(owed + withdrawn, given, "what left the programmes is owed or was taken");
        assert!(withdrawn <= received, "nobody takes more than the bank put in");
    }

    fn check_voucher(&mut self, number: u64) {
        let record = self.world.ask(self.world.suite.voucher().voucher(number));
        assert_eq!(record.as_ref(), self.replay.vouchers.get(&number), "voucher {number}");
        let record = record.expect("it was created");
        assert!(record.available.balance() + record.reserved.balance() <= record.funded.balance());
    }

    fn check_redemption(&mut self, number: u64) {
        let mut record = self.world.ask(self.world.suite.voucher().redemption(number));
        if let Some(record) = &mut record {
            record.links = Default::default();
        }
        assert_eq!(record.as_ref(), self.replay.redemptions.get(&number), "redemption {number}");
    }

    /// The events say the same as the model, of people, money, vouchers and redemptions.
    fn check_replay(&self) {
        let (model, replay) = (&self.model, &self.replay);
        assert_eq!(replay.people.len(), model.people.len());
        for (person, record) in model.people.iter().zip(replay.people.values()) {
            assert_eq!((record.status, record.epoch), (person.status, person.epoch), "{}", person.name);
            assert_eq!(Some(record.roles), Roles::of(&person.roles), "{}", person.name);
            assert_eq!(record.blacklisted.is_some(), person.blacklisted, "{}", person.name);
        }
        for ((number, bank), balance) in &model.balances {
            assert_eq!(replay.balance(owner(&self.world, *number), *bank), *balance, "owner {number}, bank {bank}");
        }
        let sum = |balances: &mut dyn Iterator<Item = &Balance>| balances.sum::<Balance>();
        assert_eq!(sum(&mut replay.balances.values()), sum(&mut model.balances.values()));
        for (place, credit) in &model.credits {
            assert_eq!(replay.credits.get(place).copied().unwrap_or_default(), *credit, "{place:?}");
        }
        assert_eq!(sum(&mut replay.credits.values()), sum(&mut model.credits.values()));
        assert_eq!(replay.vouchers.len(), model.vouchers.len());
        for (record, voucher) in replay.vouchers.values().zip(&model.vouchers) {
            let money = [record.face, record.funded, record.available, record.reserved].map(|one| one.balance());
            assert_eq!(money, [voucher.face, voucher.funded, voucher.available, voucher.reserved]);
            assert_eq!((record.status, record.expires), (voucher.status, voucher.expires));
            assert_eq!((record.programme, record.holder), (voucher.programme, voucher.holder));
            assert_eq!(record.category, voucher.category);
        }
        for (number, redemption) in (1..).zip(&model.redemptions) {
            let record = replay.redemptions.get(&number);
            assert_eq!(record.map(|one| one.status), (!redemption.cleared).then_some(redemption.status));
        }
        for (number, withdrawal) in (1..).zip(&model.withdrawals) {
            assert_eq!(replay.withdrawals[&number].2, withdrawal.status);
        }
        for programme in 1..=model.programmes.len() as u64 {
            let [funded, _, _, _, paid, returned] = model.totals(programme);
            let of = |map: &BTreeMap<u64, Balance>| map.get(&programme).copied().unwrap_or_default();
            assert_eq!([of(&replay.funded), of(&replay.paid), of(&replay.returned)], [funded, paid, returned]);
        }
    }

    /// Everything that the chain stores is what the events and the model say; for the end of a sequence.
    pub fn check_everything(&mut self) {
        BANKS.into_iter().for_each(|bank| self.check_bank(bank));
        let people = self.world.ask(self.world.suite.registry().participants(1, 50));
        assert_eq!(people, self.replay.people.clone().into_iter().collect::<Vec<_>>());
        let owners: Vec<_> = (0..=people.len() as ParticipantId).collect();
        for bank in BANKS {
            for number in owners.iter().copied() {
                let account = match number {
                    VAULT_OWNER => self.world.suite.voucher.into(),
                    number => self.person_id(number),
                };
                let balance = self.world.ask(self.world.suite.ledger().balance_of(account, bank));
                assert_eq!(balance, self.replay.balance(owner(&self.world, number), bank), "owner {number}");
                let credit = self.world.ask(self.world.suite.voucher().credit(number, bank));
                assert_eq!(credit, self.replay.credits.get(&(number, bank)).copied().unwrap_or_default());
            }
        }
        for ((from, spender, bank), allowed) in self.model.allowances.clone() {
            let account = |number| match number {
                VAULT_OWNER => self.world.suite.voucher.into(),
                number => self.person_id(number),
            };
            let (from, spender) = (account(from), account(spender));
            assert_eq!(self.world.ask(self.world.suite.ledger().allowance(from, spender, bank)), allowed);
        }
        for (number, expected) in (1..).zip(self.model.withdrawals.clone()) {
            let record = self.world.ask(self.world.suite.ledger().withdrawal(number));
            let Some(record) = record else {
                assert!(expected.cleared);
                continue;
            };
            assert!(!expected.cleared);
            assert_eq!(
                (record.owner, record.issuer, record.amount.balance()),
                (expected.owner, expected.bank, expected.amount)
            );
            assert_eq!((record.status, record.requested_at), (expected.status, expected.at));
        }
        for number in 1..=self.model.vouchers.len() as u64 {
            self.check_voucher(number);
        }
        for number in 1..=self.model.redemptions.len() as u64 {
            self.check_redemption(number);
        }
        self.check_programmes();
        for ((voucher, shop), expected) in self.model.standings.clone() {
            let standing = self.world.ask(self.world.suite.voucher().standing(voucher, shop));
            let has = model::Standing {
                latest: standing.latest,
                strikes: standing.strikes,
                barred_until: standing.barred_until,
            };
            assert_eq!(has, expected);
        }
        for (number, expected) in (1..).zip(self.model.rolls.clone()) {
            let roll = self.world.ask(self.world.suite.voucher().roll(number)).expect("it was published");
            assert_eq!((roll.status, roll.unclaimed.balance()), (expected.status, expected.unclaimed));
            assert_eq!(roll.claimed, expected.claimed.len() as u64);
            assert_eq!(self.replay.unclaimed.get(&number).copied().unwrap_or_default(), expected.unclaimed);
            for index in 0..expected.entries.len() as u64 {
                let is_claimed = self.world.ask(self.world.suite.voucher().is_claimed(number, index));
                assert_eq!(is_claimed, expected.claimed.contains(&index));
            }
        }
    }

    fn check_programmes(&mut self) {
        for (number, expected) in (1..).zip(self.model.programmes.clone()) {
            let terms = self.world.ask(self.world.suite.voucher().programme(number)).expect("it was created");
            assert_eq!((terms.owner, terms.bank, terms.closed), (expected.owner, expected.bank, expected.closed));
            assert_eq!((terms.budget.balance(), terms.window), (expected.budget, expected.window));
            assert_eq!((&terms.attestors, terms.attestors_needed), (&expected.listed, expected.needed));
            for (holder, had) in &expected.had {
                let member = self.world.ask(self.world.suite.voucher().member(number, *holder));
                assert_eq!((member.has_bundle, member.funded.balance()), (expected.bundled.contains(holder), *had));
            }
            for (shop, (_, cap, _, today)) in &expected.shops {
                let record = self.world.ask(self.world.suite.voucher().shop(number, *shop)).expect("it was admitted");
                assert_eq!((record.daily_cap.balance(), record.today.balance()), (*cap, *today));
            }
            for holder in CITIZENS {
                for shop in SHOPS {
                    let card = self.world.ask(self.world.suite.voucher().card(number, holder, shop));
                    assert_eq!(card, expected.cards.get(&(holder, shop)).copied().unwrap_or_default());
                }
            }
        }
    }
}
