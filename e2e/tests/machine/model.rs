//! What the suite must be and answer, in plain numbers and maps. Written from the messages' texts, without the rules in
//! `amanah_domain`, of which only types are used.

use crate::steps::{Act, Change, Contract, Flaw, Step, Who, ATTESTORS, BANKS, CITIZENS, GOVERNMENTS, PLAIN};
use amanah_client::Actor;
use amanah_domain::{
    governance::GovernanceRefusal,
    ids::ParticipantId,
    money::AmountError,
    participant::Status,
    roles::Role,
    time::{Millis, DAY, MINUTE, SECOND},
};
use amanah_e2e::{CARDS_END, START};
use amanah_interfaces::{
    governance, ledger,
    registry::{self, DelayRefusal},
    voucher::{
        self, HolderRefusal, Mode, ProofRefusal, RedemptionRefusal, RedemptionStatus, RollRefusal, RollStatus,
        ShopRefusal, TermsRefusal, VoucherRefusal, VoucherStatus,
    },
    AccountId, Balance,
};
use std::collections::{BTreeMap, BTreeSet};

/// The largest amount.
const MOST: Balance = u64::MAX as Balance;
/// How long something that was started stays open, and how long what one starts alone must wait.
const OPEN_FOR: Millis = 30 * DAY;
const DELAY: Millis = 2 * DAY;
/// How long a bank has to settle a withdrawal.
const PATIENCE: Millis = 7 * DAY;
/// The account that never was.
const NOBODY: &str = "nobody";
pub const VAULT: &str = "the voucher contract";
pub const STRANGER: &str = "stranger";
pub const ADMINISTRATOR: &str = "administrator";
/// Owner of money: a participant's number, or this for the voucher contract.
pub const VAULT_OWNER: ParticipantId = 0;
/// The first category that no programme has.
const NO_CATEGORY: u8 = 3;

/// What a refused message answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    Registry(registry::Error),
    Ledger(ledger::Error),
    Voucher(voucher::Error),
    Governance(governance::Error),
}

macro_rules! refusals {
    ($($variant:ident($error:ty)),* $(,)?) => {
        $(impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Refusal::$variant(error.into())
            }
        })*
    };
}

refusals! {
    Registry(registry::Error), Registry(DelayRefusal),
    Ledger(ledger::Error), Ledger(ledger::WithdrawalRefusal),
    Voucher(voucher::Error), Voucher(VoucherRefusal), Voucher(RedemptionRefusal), Voucher(ShopRefusal),
    Voucher(HolderRefusal), Voucher(RollRefusal), Voucher(ProofRefusal),
    Governance(governance::Error),
}

type Answer<T = ()> = Result<T, Refusal>;
/// What the rows of a message that takes many answer; empty for the others.
pub type Rows = Vec<Result<(), voucher::Error>>;

#[derive(Clone, Debug)]
pub struct Person {
    /// Whose identity it is.
    pub name: String,
    /// The names of the actors whose accounts it has and had, and whose key it has and had.
    pub account: String,
    pub former: Option<String>,
    pub key: String,
    pub former_key: Option<String>,
    pub epoch: u32,
    pub roles: Vec<Role>,
    pub status: Status,
    pub blacklisted: bool,
    proposal: Option<Proposal>,
}

impl Person {
    pub fn new(name: &str, roles: &[Role]) -> Self {
        Self {
            name: name.to_owned(),
            account: name.to_owned(),
            former: None,
            key: name.to_owned(),
            former_key: None,
            epoch: 0,
            roles: roles.to_vec(),
            status: Status::Active,
            blacklisted: false,
            proposal: None,
        }
    }

    fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    fn acts_as(&self, role: Role) -> bool {
        self.is_active() && self.roles.contains(&role)
    }
}

#[derive(Clone, Debug)]
struct Proposal {
    account: String,
    by: ParticipantId,
    at: Millis,
    contested: bool,
}

#[derive(Clone, Debug)]
pub struct Withdrawal {
    pub owner: ParticipantId,
    pub bank: ParticipantId,
    pub amount: Balance,
    pub at: Millis,
    pub status: ledger::WithdrawalStatus,
    pub cleared: bool,
}

#[derive(Clone, Debug)]
pub struct Programme {
    pub owner: ParticipantId,
    pub bank: ParticipantId,
    pub mode: Mode,
    pub life: Millis,
    pub window: Millis,
    pub most_per_voucher: Balance,
    pub budget: Balance,
    pub listed: Vec<ParticipantId>,
    pub needed: u8,
    pub holder_signature: bool,
    pub most_per_holder: Balance,
    /// Category, face and count.
    pub pieces: Vec<(u8, Balance, u16)>,
    /// Only admitted shops, once with each card, bundles for anybody.
    pub strict: bool,
    pub closed: bool,
    pub funded: Balance,
    /// Category bits, cap, day, and the sum of that day.
    pub shops: BTreeMap<ParticipantId, (u8, Balance, u64, Balance)>,
    pub issuers: BTreeSet<String>,
    /// What holders' vouchers were funded with.
    pub had: BTreeMap<ParticipantId, Balance>,
    pub bundled: BTreeSet<ParticipantId>,
    pub cards: BTreeMap<(ParticipantId, ParticipantId), u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Voucher {
    pub programme: u64,
    pub holder: ParticipantId,
    pub category: u8,
    pub status: VoucherStatus,
    pub face: Balance,
    pub funded: Balance,
    pub available: Balance,
    pub reserved: Balance,
    pub expires: Millis,
    pub paid: Balance,
    pub returned: Balance,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Redemption {
    pub voucher: u64,
    pub shop: ParticipantId,
    pub account: String,
    pub amount: Balance,
    pub at: Millis,
    pub expires: Millis,
    pub status: RedemptionStatus,
    pub cleared: bool,
}

/// How a shop stands with a voucher.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    pub latest: u64,
    pub strikes: u8,
    pub barred_until: Millis,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub holder: ParticipantId,
    pub category: u8,
    pub amount: Balance,
    pub expires: Millis,
}

#[derive(Clone, Debug)]
pub struct Roll {
    pub programme: u64,
    pub entries: Vec<Entry>,
    pub total: Balance,
    pub unclaimed: Balance,
    pub returned: Balance,
    pub deadline: Millis,
    pub status: RollStatus,
    pub claimed: BTreeSet<u64>,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub now: Millis,
    /// The voucher contract's account.
    vault: AccountId,
    pub paused: [bool; 3],
    /// By number, from 1.
    pub people: Vec<Person>,
    pub balances: BTreeMap<(ParticipantId, ParticipantId), Balance>,
    pub allowances: BTreeMap<(ParticipantId, ParticipantId, ParticipantId), Balance>,
    pub issued: BTreeMap<ParticipantId, Balance>,
    pub settled: BTreeMap<ParticipantId, Balance>,
    references: BTreeSet<(ParticipantId, u64)>,
    /// The reference that a step uses, unless it repeats the first one.
    pub reference: u64,
    pub withdrawals: Vec<Withdrawal>,
    pub programmes: Vec<Programme>,
    pub vouchers: Vec<Voucher>,
    pub redemptions: Vec<Redemption>,
    pub standings: BTreeMap<(u64, ParticipantId), Standing>,
    pub rolls: Vec<Roll>,
    pub credits: BTreeMap<(ParticipantId, ParticipantId), Balance>,
    /// What was withdrawn of credits, by bank.
    pub withdrawn: BTreeMap<ParticipantId, Balance>,
    /// What others sent to the voucher contract without being asked, by bank.
    pub gifts: BTreeMap<ParticipantId, Balance>,
}

fn positive(amount: Balance) -> Result<(), AmountError> {
    match amount {
        0 => Err(AmountError::Zero),
        1..=MOST => Ok(()),
        _ => Err(AmountError::TooLarge),
    }
}

fn positive_money(amount: Balance) -> Answer {
    positive(amount).map_err(|error| ledger::Error::Amount(error).into())
}

fn id(name: &str) -> AccountId {
    Actor::named(name).id()
}

/// Which one of a list is meant by `back` (see [`Act`]); 0 if there is none.
fn pick<T>(list: &[T], back: u64, fits: impl Fn(&T) -> bool) -> u64 {
    let newest = list.len() as u64;
    if back >= PLAIN {
        return newest.saturating_sub(back - PLAIN);
    }
    let fit: Vec<u64> = (1..).zip(list).filter(|(_, one)| fits(one)).map(|(number, _)| number).collect();
    match fit.len() {
        0 => newest.saturating_sub(back),
        count => fit[count - 1 - usize::try_from(back).unwrap_or_default() % count],
    }
}

pub fn categories(bits: u8) -> Vec<u8> {
    (0..8).filter(|category| (bits >> category) & 1 == 1).collect()
}

/// One number's place in a list that starts with 1.
fn find<T>(list: &[T], number: u64) -> Option<&T> {
    list.get(usize::try_from(number.checked_sub(1)?).ok()?)
}

fn find_mut<T>(list: &mut [T], number: u64) -> Option<&mut T> {
    list.get_mut(usize::try_from(number.checked_sub(1)?).ok()?)
}

impl Model {
    /// A suite with these participants and nothing else.
    pub fn new(vault: AccountId, people: Vec<Person>) -> Self {
        Self {
            now: START,
            vault,
            paused: [false; 3],
            people,
            balances: BTreeMap::new(),
            allowances: BTreeMap::new(),
            issued: BTreeMap::new(),
            settled: BTreeMap::new(),
            references: BTreeSet::new(),
            reference: 0,
            withdrawals: Vec::new(),
            programmes: Vec::new(),
            vouchers: Vec::new(),
            redemptions: Vec::new(),
            standings: BTreeMap::new(),
            rolls: Vec::new(),
            credits: BTreeMap::new(),
            withdrawn: BTreeMap::new(),
            gifts: BTreeMap::new(),
        }
    }

    // ---- who ----

    /// The account that this participant is to be re-bound to; nobody's, if that is not proposed.
    pub fn proposed(&self, number: ParticipantId) -> String {
        let proposal = self.person(number).and_then(|person| person.proposal.as_ref());
        proposal.map_or_else(|| NOBODY.to_owned(), |proposal| proposal.account.clone())
    }

    pub fn person(&self, number: ParticipantId) -> Option<&Person> {
        find(&self.people, number)
    }

    /// The name of the account that this is.
    pub fn account(&self, who: Who) -> String {
        match who {
            Who::Person(number) => self.person(number).map_or(NOBODY, |person| &person.account),
            Who::Former(number) => self.person(number).and_then(|one| one.former.as_deref()).unwrap_or(NOBODY),
            Who::Stranger => STRANGER,
            Who::Administrator => ADMINISTRATOR,
            Who::Vault => VAULT,
        }
        .to_owned()
    }

    /// The account of this name as messages take it.
    pub fn id(&self, account: &str) -> AccountId {
        if account == VAULT {
            self.vault
        } else {
            id(account)
        }
    }

    /// The participant that acts from an account.
    fn known(&self, account: &str) -> Option<(ParticipantId, &Person)> {
        (1..).zip(&self.people).find(|(_, person)| person.account == account)
    }

    fn acting(&self, account: &str, role: Role) -> Option<ParticipantId> {
        self.known(account).filter(|(_, person)| person.acts_as(role)).map(|(number, _)| number)
    }

    fn owner_of_money(&self, account: &str) -> Answer<ParticipantId> {
        if account == VAULT {
            return Ok(VAULT_OWNER);
        }
        let found = self.known(account).map(|(number, _)| number);
        found.ok_or(ledger::Error::UnknownOwner { account: id(account) }.into())
    }

    fn may_spend(&self, owner: ParticipantId) -> Answer {
        match self.person(owner) {
            Some(person) if !person.is_active() => Err(ledger::Error::NotInGoodStanding { participant: owner }.into()),
            _ => Ok(()),
        }
    }

    fn calling_bank(&self, account: &str) -> Answer<ParticipantId> {
        self.acting(account, Role::Bank).ok_or(ledger::Error::NotAllowed.into())
    }

    fn must_be_eligible(&self, holder: ParticipantId) -> Result<(), voucher::Error> {
        let fit = |one: &Person| one.acts_as(Role::Citizen) && !one.blacklisted && self.now < CARDS_END;
        match self.person(holder) {
            Some(person) if fit(person) => Ok(()),
            _ => Err(voucher::Error::HolderNotEligible { participant: holder }),
        }
    }

    fn holder_must_be_active(&self, holder: ParticipantId) -> Answer {
        match self.person(holder) {
            Some(person) if person.is_active() => Ok(()),
            _ => Err(voucher::Error::HolderNotEligible { participant: holder }.into()),
        }
    }

    fn must_run(&self, contract: Contract) -> Answer {
        match (contract, self.paused[contract as usize]) {
            (_, false) => Ok(()),
            (Contract::Registry, _) => Err(registry::Error::Paused.into()),
            (Contract::Ledger, _) => Err(ledger::Error::Paused.into()),
            (Contract::Voucher, _) => Err(voucher::Error::Paused.into()),
        }
    }

    /// Is this the only active Government?
    fn is_last_government(&self, number: ParticipantId) -> bool {
        let active = (1..).zip(&self.people).filter(|(_, one)| one.acts_as(Role::Government));
        active.map(|(number, _)| number).collect::<Vec<_>>() == [number]
    }

    fn any(&self, role: Role) -> String {
        let found = self.people.iter().find(|person| person.acts_as(role));
        found.map_or(ADMINISTRATOR, |person| &person.account).to_owned()
    }

    /// The account from which a step is done.
    pub fn caller(&self, step: &Step) -> String {
        match step.by {
            Some(who) => self.account(who),
            None => self.rightful(&step.act),
        }
    }

    /// The account of whoever an act is up to, by what is recorded.
    fn rightful(&self, act: &Act) -> String {
        let of = |number: ParticipantId| self.account(Who::Person(number));
        let programme = |number: u64| find(&self.programmes, number);
        let target = self.target(act);
        let of_voucher = || programme(find(&self.vouchers, target)?.programme);
        let of_roll = || programme(find(&self.rolls, target)?.programme);
        let withdrawal = || find(&self.withdrawals, target);
        let redemption = || find(&self.redemptions, target);
        let found = match *act {
            Act::Register { .. } | Act::Grant { .. } | Act::Revoke { .. } => Some(self.any(Role::Government)),
            Act::Suspend { .. } | Act::Reinstate { .. } | Act::Blacklist { .. } | Act::ClearBlacklist { .. } => {
                Some(self.any(Role::Regulator))
            }
            Act::RotateKey { who, .. } => Some(of(who)),
            Act::Renounce { .. } | Act::Withdraw { .. } => Some(of(target)),
            Act::ProposeRebind { who, .. } => Some(of(GOVERNMENTS[usize::try_from(who % 2).unwrap_or(0)])),
            Act::ConfirmRebind { by_another, .. } => {
                let proposer = self.person(target).and_then(|one| Some(one.proposal.as_ref()?.by));
                let other = GOVERNMENTS.into_iter().find(|one| (Some(*one) == proposer) != by_another);
                Some(of(other.unwrap_or(GOVERNMENTS[0])))
            }
            Act::CancelRebind { by_officer, .. } => {
                Some(if by_officer { self.any(Role::Government) } else { of(target) })
            }
            Act::Issue { bank, .. } => Some(of(BANKS[bank])),
            Act::Transfer { from, .. } => Some(of(from)),
            Act::Approve { owner, .. }
            | Act::IncreaseAllowance { owner, .. }
            | Act::DecreaseAllowance { owner, .. }
            | Act::RequestWithdrawal { owner, .. } => Some(of(owner)),
            Act::TransferFrom { spender, .. } => Some(of(spender)),
            Act::SettleWithdrawal { .. } | Act::RejectWithdrawal { .. } => withdrawal().map(|one| of(one.bank)),
            Act::CancelWithdrawal { .. } | Act::ClearWithdrawal { .. } => withdrawal().map(|one| of(one.owner)),
            Act::CreateProgramme { .. } => Some(of(GOVERNMENTS[0])),
            Act::UpdateProgramme { programme: it, .. }
            | Act::CloseProgramme { programme: it }
            | Act::SetIssuer { programme: it, .. }
            | Act::AdmitShops { programme: it, .. }
            | Act::Create { programme: it, .. }
            | Act::CreateBundle { programme: it, .. }
            | Act::PublishRoll { programme: it, .. } => programme(it).map(|one| of(one.owner)),
            Act::FundMany { programme: it, .. } => programme(it).map(|one| of(one.bank)),
            Act::Fund { .. } => of_voucher().map(|one| of(one.bank)),
            Act::FundRoll { .. } => of_roll().map(|one| of(one.bank)),
            Act::Request { shop, .. } => Some(of(shop)),
            Act::Cancel { by_holder, .. } => redemption().and_then(|one| match by_holder {
                true => Some(of(find(&self.vouchers, one.voucher)?.holder)),
                false => Some(of(one.shop)),
            }),
            // The account that asked, or the one that the shop has now.
            Act::Clear { .. } if target % 2 == 0 => redemption().map(|one| one.account.clone()),
            Act::Clear { .. } => redemption().map(|one| of(one.shop)),
            Act::Freeze { by_regulator: true, .. } => Some(self.any(Role::Regulator)),
            Act::Extend { .. } | Act::Void { .. } | Act::Freeze { .. } | Act::Unfreeze { .. } => {
                of_voucher().map(|one| of(one.owner))
            }
            Act::Pause { .. } | Act::Unpause { .. } => Some(ADMINISTRATOR.to_owned()),
            Act::Claim { .. }
            | Act::CloseRoll { .. }
            | Act::Confirm { .. }
            | Act::ConfirmAsHolder { .. }
            | Act::Expire { .. }
            | Act::ExpireVoucher { .. }
            | Act::ExpireVouchers { .. }
            | Act::Wait { .. } => None,
        };
        found.unwrap_or(STRANGER.to_owned())
    }

    /// The voucher that is meant, by one of these states.
    pub fn voucher_in(&self, back: u64, states: &[VoucherStatus]) -> u64 {
        pick(&self.vouchers, back, |one| states.contains(&one.status))
    }

    /// A voucher that can be funded.
    pub fn fundable(&self, back: u64) -> u64 {
        let fits = |one: &Voucher| one.status == VoucherStatus::Created && self.now < one.expires;
        pick(&self.vouchers, back, fits)
    }

    /// A voucher that can be ended since its time is over.
    pub fn overdue(&self, back: u64) -> u64 {
        let states = [VoucherStatus::Created, VoucherStatus::Active];
        pick(&self.vouchers, back, |one| states.contains(&one.status) && self.now >= one.expires)
    }

    /// The number of what an act is about: a participant, a withdrawal, a voucher, a redemption or a roll; 0 for none.
    pub fn target(&self, act: &Act) -> u64 {
        let now = self.now;
        let withdrawal = |back, fits: fn(ledger::WithdrawalStatus) -> bool| {
            pick(&self.withdrawals, back, |one: &Withdrawal| !one.cleared && fits(one.status))
        };
        let is_open = |status| status == ledger::WithdrawalStatus::Open;
        let redemption = |back, fits: &dyn Fn(&Redemption) -> bool| {
            pick(&self.redemptions, back, |one: &Redemption| !one.cleared && fits(one))
        };
        let roll = |back, fits: &dyn Fn(&Roll) -> bool| pick(&self.rolls, back, fits);
        match *act {
            Act::Reinstate { back } => pick(&self.people, back, |one| !one.is_active()),
            Act::ClearBlacklist { back } => pick(&self.people, back, |one| one.blacklisted),
            Act::Revoke { back, role } | Act::Renounce { back, role } => {
                pick(&self.people, back, |one| one.roles.contains(&role))
            }
            Act::Withdraw { back, bank, .. } => {
                let owed = |number: ParticipantId| self.credit_wanted(number, BANKS[bank], None) > 0;
                let creditors: Vec<_> = (1..).take(self.people.len()).map(owed).collect();
                pick(&creditors, back, |is_owed| *is_owed)
            }
            Act::ConfirmRebind { back, .. } | Act::CancelRebind { back, .. } => {
                pick(&self.people, back, |one| one.proposal.is_some())
            }
            Act::SettleWithdrawal { back, .. } | Act::RejectWithdrawal { back } => withdrawal(back, is_open),
            Act::CancelWithdrawal { back } => {
                let fits = |one: &Withdrawal| is_open(one.status) && now >= one.at + PATIENCE;
                pick(&self.withdrawals, back, fits)
            }
            Act::ClearWithdrawal { back } => withdrawal(back, |status| status != ledger::WithdrawalStatus::Open),
            Act::Fund { back, .. } => self.fundable(back),
            Act::ExpireVoucher { back } => self.overdue(back),
            Act::Request { back, .. } => {
                let fits =
                    |one: &Voucher| one.status == VoucherStatus::Active && one.available > 0 && now < one.expires;
                pick(&self.vouchers, back, fits)
            }
            Act::Freeze { back, .. } => self.voucher_in(back, &[VoucherStatus::Active]),
            Act::Unfreeze { back } => self.voucher_in(back, &[VoucherStatus::Frozen]),
            Act::Extend { back, .. } | Act::Void { back } => {
                self.voucher_in(back, &[VoucherStatus::Created, VoucherStatus::Active, VoucherStatus::Frozen])
            }
            Act::Confirm { back, .. } | Act::ConfirmAsHolder { back, .. } => {
                redemption(back, &|one| one.status == RedemptionStatus::Open && now < one.expires)
            }
            Act::Cancel { back, .. } => redemption(back, &|one| one.status == RedemptionStatus::Open),
            Act::Expire { back } => redemption(back, &|one| one.status == RedemptionStatus::Open && now >= one.expires),
            Act::Clear { back } => redemption(back, &|one| one.status != RedemptionStatus::Open),
            Act::FundRoll { back } => roll(back, &|one| one.status == RollStatus::Published && now < one.deadline),
            Act::Claim { back, .. } => roll(back, &|one| one.status == RollStatus::Open && now < one.deadline),
            Act::CloseRoll { back } => roll(back, &|one| one.status != RollStatus::Closed && now >= one.deadline),
            _ => 0,
        }
    }

    // ---- money ----

    pub fn balance(&self, owner: ParticipantId, bank: ParticipantId) -> Balance {
        self.balances.get(&(owner, bank)).copied().unwrap_or_default()
    }

    fn take(&mut self, owner: ParticipantId, bank: ParticipantId, amount: Balance) -> Answer {
        let available = self.balance(owner, bank);
        let insufficient = AmountError::Insufficient { available, wanted: amount };
        let rest = available.checked_sub(amount).ok_or(ledger::Error::Amount(insufficient))?;
        self.balances.insert((owner, bank), rest);
        Ok(())
    }

    fn give(&mut self, owner: ParticipantId, bank: ParticipantId, amount: Balance) {
        *self.balances.entry((owner, bank)).or_default() += amount;
    }

    fn move_money(&mut self, from: ParticipantId, to: ParticipantId, bank: ParticipantId, amount: Balance) -> Answer {
        self.take(from, bank, amount)?;
        self.give(to, bank, amount);
        Ok(())
    }

    fn gift(&mut self, to: ParticipantId, bank: ParticipantId, amount: Balance) {
        if to == VAULT_OWNER {
            *self.gifts.entry(bank).or_default() += amount;
        }
    }

    fn spend_allowance(
        &mut self,
        owner: ParticipantId,
        spender: ParticipantId,
        bank: ParticipantId,
        wanted: Balance,
    ) -> Answer {
        let allowed = self.allowances.entry((owner, spender, bank)).or_default();
        *allowed = allowed.checked_sub(wanted).ok_or(ledger::Error::Allowance { allowed: *allowed, wanted })?;
        Ok(())
    }

    fn change_allowance(
        &mut self,
        caller: &str,
        spender: &str,
        bank: ParticipantId,
        raises: bool,
        change: impl Fn(Balance) -> Result<Balance, ledger::Error>,
    ) -> Answer {
        let (owner, spender) = (self.owner_of_money(caller)?, self.owner_of_money(spender)?);
        // Contracts of the suite judge themselves from whom they take, and when.
        if spender != VAULT_OWNER {
            if raises {
                self.must_run(Contract::Ledger)?;
            }
            self.may_spend(owner)?;
        }
        let allowed = self.allowances.entry((owner, spender, bank)).or_default();
        *allowed = change(*allowed)?;
        Ok(())
    }

    fn use_reference(&mut self, bank: ParticipantId, again: bool) -> Answer {
        let reference = if again { 0 } else { self.reference };
        match self.references.insert((bank, reference)) {
            true => Ok(()),
            false => Err(ledger::Error::ReferenceUsed.into()),
        }
    }

    /// A withdrawal that the calling bank is to pay ends so.
    fn end_by_bank(
        &mut self,
        caller: &str,
        withdrawal: u64,
        status: ledger::WithdrawalStatus,
    ) -> Answer<(ParticipantId, ParticipantId, Balance)> {
        let bank = self.calling_bank(caller)?;
        let found = find_mut(&mut self.withdrawals, withdrawal).filter(|one| !one.cleared);
        let found = found.ok_or(ledger::Error::UnknownWithdrawal { withdrawal })?;
        if found.bank != bank {
            return Err(ledger::Error::NotAllowed.into());
        }
        if found.status != ledger::WithdrawalStatus::Open {
            return Err(ledger::WithdrawalRefusal::Ended { status: found.status }.into());
        }
        found.status = status;
        Ok((found.owner, bank, found.amount))
    }

    fn own_withdrawal(&mut self, caller: &str, withdrawal: u64) -> Answer<&mut Withdrawal> {
        let caller = self.known(caller).map(|(number, _)| number);
        let found = find_mut(&mut self.withdrawals, withdrawal).filter(|one| !one.cleared);
        let found = found.ok_or(ledger::Error::UnknownWithdrawal { withdrawal })?;
        match Some(found.owner) == caller {
            true => Ok(found),
            false => Err(ledger::Error::NotAllowed.into()),
        }
    }

    fn add_credit(&mut self, to: ParticipantId, bank: ParticipantId, amount: Balance) {
        *self.credits.entry((to, bank)).or_default() += amount;
    }

    /// The bank's money goes from its account into the voucher contract's.
    fn draw(&mut self, bank: ParticipantId, amount: Balance) -> Answer {
        let drawn = self.spend_allowance(bank, VAULT_OWNER, bank, amount);
        let moved = drawn.and_then(|()| self.move_money(bank, VAULT_OWNER, bank, amount));
        moved.map_err(|refusal| match refusal {
            Refusal::Ledger(error) => voucher::Error::Ledger(error).into(),
            other => other,
        })
    }

    // ---- vouchers ----

    fn programme(&self, programme: u64) -> Answer<&Programme> {
        find(&self.programmes, programme).ok_or(voucher::Error::UnknownProgramme { programme }.into())
    }

    fn programme_mut(&mut self, programme: u64) -> &mut Programme {
        &mut self.programmes[usize::try_from(programme - 1).unwrap_or_default()]
    }

    fn open_programme(&self, programme: u64) -> Answer<&Programme> {
        match self.programme(programme)? {
            found if found.closed => Err(voucher::Error::ProgrammeClosed { programme }.into()),
            found => Ok(found),
        }
    }

    fn must_own(&self, caller: &str, programme: &Programme) -> Answer {
        match self.acting(caller, Role::Government) {
            Some(number) if number == programme.owner => Ok(()),
            _ => Err(voucher::Error::NotAllowed.into()),
        }
    }

    fn must_fund(&self, caller: &str, programme: &Programme) -> Answer {
        match self.acting(caller, Role::Bank) {
            Some(number) if number == programme.bank => Ok(()),
            _ => Err(voucher::Error::NotAllowed.into()),
        }
    }

    fn voucher(&self, voucher: u64) -> Answer<&Voucher> {
        find(&self.vouchers, voucher).ok_or(voucher::Error::UnknownVoucher { voucher }.into())
    }

    fn voucher_mut(&mut self, voucher: u64) -> Result<&mut Voucher, voucher::Error> {
        find_mut(&mut self.vouchers, voucher).ok_or(voucher::Error::UnknownVoucher { voucher })
    }

    fn redemption_mut(&mut self, redemption: u64) -> Answer<&mut Redemption> {
        let found = find_mut(&mut self.redemptions, redemption).filter(|one| !one.cleared);
        found.ok_or(voucher::Error::UnknownRedemption { redemption }.into())
    }

    fn roll(&self, roll: u64) -> Answer<(usize, &Roll)> {
        let found = find(&self.rolls, roll).ok_or(voucher::Error::UnknownRoll { roll })?;
        Ok((usize::try_from(roll - 1).unwrap_or_default(), found))
    }

    fn must_supervise(&self, caller: &str, voucher: &Voucher) -> Answer {
        let is_regulator = self.acting(caller, Role::Regulator).is_some();
        match is_regulator || self.must_own(caller, self.programme(voucher.programme)?).is_ok() {
            true => Ok(()),
            false => Err(voucher::Error::NotAllowed.into()),
        }
    }

    /// Checks that the caller may create vouchers. An issuer's account that is nobody's any more is nobody; contracts do not
    /// call here.
    fn must_issue(&self, caller: &str, programme: &Programme) -> Answer {
        let is_issuer = programme.issuers.contains(caller);
        let may = match self.known(caller) {
            Some((number, one)) if one.acts_as(Role::Government) && number == programme.owner => true,
            Some((_, one)) => one.is_active() && is_issuer,
            None => false,
        };
        match may {
            true => Ok(()),
            false => Err(voucher::Error::NotAllowed.into()),
        }
    }

    fn holder(&self, account: &str) -> Result<ParticipantId, voucher::Error> {
        let unknown = voucher::Error::UnknownParticipant { account: self.id(account) };
        let holder = self.known(account).map(|(number, _)| number).ok_or(unknown)?;
        self.must_be_eligible(holder)?;
        Ok(holder)
    }

    fn blank(&mut self, programme: u64, holder: ParticipantId, category: u8, face: Balance, expires: Millis) {
        self.vouchers.push(Voucher {
            programme,
            holder,
            category,
            status: VoucherStatus::Created,
            face,
            funded: 0,
            available: 0,
            reserved: 0,
            expires,
            paid: 0,
            returned: 0,
        });
    }

    /// What would fit as the funding of a voucher.
    pub fn funding(&self, voucher: u64, amount: Option<Balance>) -> Balance {
        let face = find(&self.vouchers, voucher).map_or(0, |one| one.face);
        amount.unwrap_or(if face > 0 { face } else { 150 })
    }

    /// A holder's vouchers are funded with more.
    fn have(&mut self, programme: u64, holder: ParticipantId, amount: Balance) -> Result<(), voucher::Error> {
        let terms = self.programme_mut(programme);
        let most = terms.most_per_holder;
        if most == 0 {
            return Ok(());
        }
        let had = terms.had.entry(holder).or_default();
        if *had + amount > most {
            return Err(HolderRefusal::OverHolderCap { most, wanted: *had + amount }.into());
        }
        *had += amount;
        Ok(())
    }

    fn fund_one(&mut self, number: u64, voucher: u64, amount: Balance) -> Result<(), voucher::Error> {
        let now = self.now;
        let Some(Voucher { programme, holder, status, face, funded, available, expires, .. }) =
            find(&self.vouchers, voucher).cloned()
        else {
            return Err(voucher::Error::UnknownVoucher { voucher });
        };
        if programme != number {
            return Err(voucher::Error::OtherProgramme { programme });
        }
        positive(amount)?;
        let terms = self.programme_mut(programme).clone();
        let wanted = funded + amount;
        if terms.funded + amount > terms.budget {
            return Err(voucher::Error::OverBudget { budget: terms.budget });
        }
        if status != VoucherStatus::Created && status != VoucherStatus::Active {
            return Err(VoucherRefusal::WrongStatus { status }.into());
        }
        if now >= expires {
            return Err(VoucherRefusal::Expired { expires }.into());
        }
        if face != 0 && wanted != face {
            return Err(VoucherRefusal::NotFace { face }.into());
        }
        if wanted > terms.most_per_voucher {
            return Err(VoucherRefusal::OverVoucherCap { most: terms.most_per_voucher, wanted }.into());
        }
        if terms.mode == Mode::OneTime && available != funded {
            return Err(VoucherRefusal::InUse { value: funded }.into());
        }
        self.have(programme, holder, amount)?;
        self.programme_mut(programme).funded += amount;
        let record = self.voucher_mut(voucher)?;
        record.status = VoucherStatus::Active;
        record.funded += amount;
        record.available += amount;
        Ok(())
    }

    fn fund_rows(&mut self, caller: &str, programme: u64, rows: &[(u64, Balance)]) -> Answer<Rows> {
        let terms = self.open_programme(programme)?;
        let bank = terms.bank;
        self.must_fund(caller, terms)?;
        let mut answers = Rows::new();
        let mut drawn = 0;
        for (voucher, amount) in rows {
            let answer = self.fund_one(programme, *voucher, *amount);
            drawn += if answer.is_ok() { *amount } else { 0 };
            answers.push(answer);
        }
        if drawn > 0 {
            self.draw(bank, drawn)?;
        }
        Ok(answers)
    }

    /// What is available of a voucher goes back to the bank.
    fn give_back(&mut self, voucher: u64, status: VoucherStatus) -> Result<(), voucher::Error> {
        let record = self.voucher_mut(voucher)?;
        let (programme, returned) = (record.programme, record.available);
        record.status = status;
        record.available = 0;
        record.returned += returned;
        let bank = self.programme_mut(programme).bank;
        self.add_credit(bank, bank, returned);
        Ok(())
    }

    fn expire_voucher(&mut self, voucher: u64) -> Result<(), voucher::Error> {
        let now = self.now;
        let Voucher { status, expires, .. } = *self.voucher_mut(voucher)?;
        if status != VoucherStatus::Created && status != VoucherStatus::Active {
            return Err(VoucherRefusal::WrongStatus { status }.into());
        }
        if now < expires {
            return Err(VoucherRefusal::NotExpired { expires }.into());
        }
        self.give_back(voucher, VoucherStatus::Expired)
    }

    fn must_live(record: &Voucher) -> Answer {
        match record.status {
            VoucherStatus::Created | VoucherStatus::Active | VoucherStatus::Frozen => Ok(()),
            status => Err(VoucherRefusal::WrongStatus { status }.into()),
        }
    }

    /// What would fit as the amount of a request.
    pub fn wanted(&self, voucher: u64, amount: Option<Balance>) -> Balance {
        let available = find(&self.vouchers, voucher).map_or(0, |one| one.available);
        amount.unwrap_or(available.max(1))
    }

    fn request(&mut self, caller: &str, voucher: u64, amount: Balance, category: u8) -> Answer {
        let now = self.now;
        let record = self.voucher(voucher)?.clone();
        let shop = self.acting(caller, Role::Shop).or(self.acting(caller, Role::Operator));
        let shop = shop.ok_or(voucher::Error::NotAllowed)?;
        self.holder_must_be_active(record.holder)?;
        positive(amount).map_err(voucher::Error::Amount)?;
        if record.holder == shop {
            return Err(RedemptionRefusal::OwnVoucher.into());
        }
        let terms = self.programme(record.programme)?.clone();
        match record.status {
            VoucherStatus::Created => return Err(VoucherRefusal::NotFunded.into()),
            VoucherStatus::Active if now < record.expires => {}
            VoucherStatus::Active | VoucherStatus::Expired => {
                return Err(VoucherRefusal::Expired { expires: record.expires }.into())
            }
            status => return Err(VoucherRefusal::WrongStatus { status }.into()),
        }
        if category != record.category {
            return Err(VoucherRefusal::WrongCategory { category: record.category, wanted: category }.into());
        }
        if amount > record.available {
            let insufficient = AmountError::Insufficient { available: record.available, wanted: amount };
            return Err(VoucherRefusal::Amount(insufficient).into());
        }
        if terms.mode == Mode::OneTime && amount != record.funded {
            return Err(VoucherRefusal::NotWhole { value: record.funded }.into());
        }
        if terms.strict {
            self.count_for_shop(record.programme, shop, amount, category)?;
        }
        let next = self.redemptions.len() as u64 + 1;
        let latest = |one: &Standing| find(&self.redemptions, one.latest).filter(|one| !one.cleared);
        let mut standing = self.standings.get(&(voucher, shop)).cloned().unwrap_or_default();
        let status = latest(&standing).map(|one| one.status);
        if status == Some(RedemptionStatus::Open) {
            return Err(RedemptionRefusal::AnotherIsOpen { redemption: standing.latest }.into());
        }
        if now < standing.barred_until {
            return Err(RedemptionRefusal::Barred { until: standing.barred_until }.into());
        }
        if status == Some(RedemptionStatus::Confirmed) || standing.strikes >= 3 {
            standing.strikes = 0;
        }
        (standing.latest, standing.barred_until) = (next, 0);
        if terms.strict {
            let card = (record.holder, shop);
            if let Some(redemption) = terms.cards.get(&card).copied() {
                return Err(RedemptionRefusal::CardUsed { redemption }.into());
            }
            self.programme_mut(record.programme).cards.insert(card, next);
        }
        self.standings.insert((voucher, shop), standing);
        let record = self.voucher_mut(voucher)?;
        record.available -= amount;
        record.reserved += amount;
        self.redemptions.push(Redemption {
            voucher,
            shop,
            account: caller.to_owned(),
            amount,
            at: now,
            expires: now + terms.window,
            status: RedemptionStatus::Open,
            cleared: false,
        });
        Ok(())
    }

    /// An admitted shop may sell this category, within its cap for the day.
    fn count_for_shop(&mut self, programme: u64, shop: ParticipantId, amount: Balance, category: u8) -> Answer {
        let today = self.now / DAY;
        let place = self.programme_mut(programme).shops.get_mut(&shop).ok_or(ShopRefusal::NotAdmitted)?;
        let (sold, most, day, so_far) = place;
        if (*sold >> category) & 1 == 0 {
            return Err(ShopRefusal::CategoryNotSold { category }.into());
        }
        let wanted = amount + if *day == today { *so_far } else { 0 };
        if *most > 0 && wanted > *most {
            return Err(ShopRefusal::OverDailyCap { most: *most, wanted }.into());
        }
        (*day, *so_far) = (today, wanted);
        Ok(())
    }

    /// What a redemption must be for its confirmation, apart from the proof.
    fn confirmable(&self, redemption: u64) -> Answer<(Redemption, Programme, ParticipantId)> {
        let found = find(&self.redemptions, redemption).filter(|one| !one.cleared);
        let found = found.ok_or(voucher::Error::UnknownRedemption { redemption })?.clone();
        if found.status != RedemptionStatus::Open {
            return Err(RedemptionRefusal::NotOpen { status: found.status }.into());
        }
        if self.now >= found.expires {
            return Err(RedemptionRefusal::TooLate { expires: found.expires }.into());
        }
        let record = self.voucher(found.voucher)?;
        match record.status {
            VoucherStatus::Active | VoucherStatus::Expired => {}
            status => return Err(VoucherRefusal::WrongStatus { status }.into()),
        }
        let programme = self.programme(record.programme)?.clone();
        Ok((found, programme, record.holder))
    }

    /// Who signs a proof of a redemption.
    pub fn signers(&self, redemption: u64, first: usize, flaw: Flaw) -> Vec<ParticipantId> {
        let found = find(&self.redemptions, redemption);
        let terms = found.and_then(|one| find(&self.programmes, find(&self.vouchers, one.voucher)?.programme));
        let (listed, needed) = terms.map_or((&ATTESTORS[..1], 1), |terms| (&terms.listed[..], terms.needed));
        let mut signers: Vec<_> = (0..usize::from(needed)).map(|at| listed[(first + at) % listed.len()]).collect();
        match flaw {
            Flaw::OneLess => drop(signers.pop()),
            Flaw::Twice => {
                let last = signers.len() - 1;
                signers[last] = signers[0];
            }
            Flaw::NotListed => {
                let last = signers.len() - 1;
                signers[last] = BANKS[0];
            }
            _ => {}
        }
        signers
    }

    /// Until when a proof with this flaw counts.
    pub fn valid_until(&self, flaw: Flaw) -> Millis {
        self.now + if flaw == Flaw::Stale { 0 } else { 60 * MINUTE }
    }

    /// What a flaw of a signature itself is answered with.
    fn signed(&self, signer: ParticipantId, flaw: Flaw) -> Answer {
        match flaw {
            Flaw::Stale => Err(ProofRefusal::Stale { signer, valid_until: self.now }.into()),
            Flaw::Another | Flaw::OldEpoch | Flaw::OtherAmount => Err(ProofRefusal::BadSignature { signer }.into()),
            _ => Ok(()),
        }
    }

    fn confirm(&mut self, redemption: u64) -> Answer {
        let Some(found) = find_mut(&mut self.redemptions, redemption) else {
            return Err(voucher::Error::UnknownRedemption { redemption }.into());
        };
        found.status = RedemptionStatus::Confirmed;
        let (voucher, shop, amount) = (found.voucher, found.shop, found.amount);
        let record = self.voucher_mut(voucher)?;
        record.reserved -= amount;
        record.paid += amount;
        if record.status == VoucherStatus::Active && record.reserved == 0 && record.available == 0 {
            record.status = VoucherStatus::Exhausted;
        }
        let programme = record.programme;
        let bank = self.programme_mut(programme).bank;
        self.add_credit(shop, bank, amount);
        Ok(())
    }

    /// An open redemption ends unconfirmed.
    fn end_unconfirmed(&mut self, redemption: u64, status: RedemptionStatus) -> Answer {
        let now = self.now;
        let found = self.redemption_mut(redemption)?;
        found.status = status;
        let Redemption { voucher, shop, amount, at, .. } = found.clone();
        let record = self.voucher_mut(voucher)?;
        let (programme, holder) = (record.programme, record.holder);
        record.reserved -= amount;
        let has_ended = matches!(record.status, VoucherStatus::Expired | VoucherStatus::Void);
        if has_ended {
            record.returned += amount;
        } else {
            record.available += amount;
        }
        let terms = self.programme_mut(programme);
        terms.cards.remove(&(holder, shop));
        if let Some((_, _, day, today)) = terms.shops.get_mut(&shop).filter(|place| place.2 == at / DAY) {
            debug_assert!(*day == at / DAY);
            *today = today.saturating_sub(amount);
        }
        let bank = terms.bank;
        if has_ended {
            self.add_credit(bank, bank, amount);
        }
        let standing = self.standings.entry((voucher, shop)).or_default();
        // It was dropped since, with another record: the voucher has ended.
        if standing.latest == 0 {
            return Ok(());
        }
        standing.strikes += 1;
        if standing.strikes >= 3 {
            standing.barred_until = now + DAY;
        }
        Ok(())
    }

    /// The terms of a new programme: of kind 0 spent in parts at every shop, of kind 1 strict.
    pub fn terms(&self, kind: u8, owner: ParticipantId, bank: ParticipantId) -> Programme {
        let strict = kind == 1;
        Programme {
            owner,
            bank,
            mode: if strict { Mode::OneTime } else { Mode::Balance },
            life: if strict { 20 * DAY } else { 60 * DAY },
            window: 10 * MINUTE,
            most_per_voucher: 400,
            budget: 6_000,
            listed: ATTESTORS.to_vec(),
            needed: if strict { 2 } else { 1 },
            holder_signature: !strict,
            most_per_holder: if strict { 900 } else { 0 },
            pieces: if strict { vec![(0, 50, 2), (1, 100, 1)] } else { Vec::new() },
            strict,
            closed: false,
            funded: 0,
            shops: BTreeMap::new(),
            issuers: BTreeSet::new(),
            had: BTreeMap::new(),
            bundled: BTreeSet::new(),
            cards: BTreeMap::new(),
        }
    }

    /// The entries of a roll that is published now.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |(at, holder): (u64, ParticipantId)| Entry {
            holder,
            category: u8::try_from(at).unwrap_or_default(),
            amount: 100 + 20 * Balance::from(at),
            expires: self.now + if at == 0 { 5 * DAY } else { 50 * DAY },
        };
        (0..).zip(CITIZENS).map(entry).collect()
    }

    pub fn roll_total(entries: &[Entry], short: bool) -> Balance {
        entries.iter().map(|one| one.amount).sum::<Balance>() - if short { 30 } else { 0 }
    }

    fn update(&mut self, caller: &str, programme: u64, change: &Change) -> Answer {
        let mut terms = self.programme(programme)?.clone();
        self.must_own(caller, &terms)?;
        let refused = |refusal| Err(voucher::Error::Terms(refusal).into());
        match change {
            Change::Budget(budget) => terms.budget = *budget,
            Change::MostPerVoucher(most) => terms.most_per_voucher = *most,
            Change::Window(window) => terms.window = *window,
            Change::HolderSignature(allowed) => terms.holder_signature = *allowed,
            Change::Needed(needed) => terms.needed = *needed,
            Change::Listed(listed) => {
                for number in listed {
                    let account = self.account(Who::Person(*number));
                    self.acting(&account, Role::RedemptionAttestor)
                        .ok_or(voucher::Error::WrongRole { account: id(&account) })?;
                }
                terms.listed.clone_from(listed);
            }
        }
        if terms.window < SECOND {
            return refused(TermsRefusal::Window);
        }
        if terms.most_per_voucher == 0 {
            return refused(TermsRefusal::MostPerVoucher);
        }
        if terms.budget == 0 {
            return refused(TermsRefusal::Budget);
        }
        if terms.needed == 0 || usize::from(terms.needed) > terms.listed.len() {
            return refused(TermsRefusal::AttestorsNeeded);
        }
        if terms.budget < terms.funded {
            return refused(TermsRefusal::BudgetUsed { funded: terms.funded });
        }
        if terms.pieces.iter().any(|(_, face, _)| *face > terms.most_per_voucher) {
            return refused(TermsRefusal::Denominations);
        }
        *self.programme_mut(programme) = terms;
        Ok(())
    }

    fn admit(&mut self, programme: u64, (shop, sold, cap): (Who, u8, Balance)) -> Result<(), voucher::Error> {
        let account = self.account(shop);
        let known = self.known(&account);
        let (number, one) = known.ok_or(voucher::Error::UnknownParticipant { account: self.id(&account) })?;
        if !one.acts_as(Role::Shop) && !one.acts_as(Role::Operator) {
            return Err(voucher::Error::WrongRole { account: id(&account) });
        }
        if sold == 0 {
            return Err(voucher::Error::Terms(TermsRefusal::Categories));
        }
        let place = self.programme_mut(programme).shops.entry(number).or_default();
        (place.0, place.1) = (sold, cap);
        Ok(())
    }

    // ---- the registry ----

    fn record(&mut self, participant: ParticipantId) -> Result<&mut Person, registry::Error> {
        find_mut(&mut self.people, participant).ok_or(registry::Error::UnknownParticipant { participant })
    }

    fn officer(&self, caller: &str) -> Answer<ParticipantId> {
        self.acting(caller, Role::Government).ok_or(registry::Error::NotAllowed.into())
    }

    fn must_discipline(&self, caller: &str) -> Answer {
        let may = [Role::Government, Role::Regulator].iter().any(|role| self.acting(caller, *role).is_some());
        match may {
            true => Ok(()),
            false => Err(registry::Error::NotAllowed.into()),
        }
    }

    fn must_administer(&self, caller: &str, role: Role) -> Answer {
        let names_government = caller == ADMINISTRATOR && role == Role::Government;
        match names_government || self.acting(caller, Role::Government).is_some() {
            true => Ok(()),
            false => Err(registry::Error::NotAllowed.into()),
        }
    }

    fn leave(&mut self, who: ParticipantId, role: Role) -> Answer {
        let is_last = role == Role::Government && self.is_last_government(who);
        let person = self.record(who)?;
        if !person.roles.contains(&role) {
            return Err(registry::Error::NotHeld { role }.into());
        }
        if is_last {
            return Err(registry::Error::LastHolder { role }.into());
        }
        person.roles.retain(|one| *one != role);
        Ok(())
    }

    fn must_be_free(&self, account: &str) -> Answer {
        match self.known(account) {
            Some((participant, _)) => Err(registry::Error::AccountTaken { participant }.into()),
            None => Ok(()),
        }
    }

    fn registry(&mut self, caller: &str, act: &Act) -> Answer {
        let (now, target) = (self.now, self.target(act));
        match *act {
            Act::Register { newcomer } => {
                self.must_run(Contract::Registry)?;
                self.officer(caller)?;
                let name = newcomer_name(newcomer);
                self.must_be_free(&name)?;
                if let Some((participant, _)) = (1..).zip(&self.people).find(|(_, one)| one.name == name) {
                    return Err(registry::Error::IdentityTaken { participant }.into());
                }
                self.people.push(Person::new(&name, &[Role::Citizen]));
            }
            Act::Suspend { who } => {
                self.must_discipline(caller)?;
                let is_last = self.is_last_government(who);
                let person = self.record(who)?;
                if !person.is_active() {
                    return Err(registry::Error::WrongStatus { status: person.status }.into());
                }
                if is_last {
                    return Err(registry::Error::LastHolder { role: Role::Government }.into());
                }
                person.status = Status::Suspended;
            }
            Act::Reinstate { .. } => {
                let who = target;
                self.must_discipline(caller)?;
                let person = self.record(who)?;
                if person.is_active() {
                    return Err(registry::Error::WrongStatus { status: person.status }.into());
                }
                person.status = Status::Active;
            }
            Act::Blacklist { who } => {
                self.must_discipline(caller)?;
                let person = self.record(who)?;
                if person.blacklisted {
                    return Err(registry::Error::AlreadyBlacklisted { reason: 7 }.into());
                }
                person.blacklisted = true;
            }
            Act::ClearBlacklist { .. } => {
                let who = target;
                self.must_discipline(caller)?;
                if self.known(caller).is_some_and(|(number, _)| number == who) {
                    return Err(registry::Error::NotAllowed.into());
                }
                let person = self.record(who)?;
                if !person.blacklisted {
                    return Err(registry::Error::NotBlacklisted.into());
                }
                person.blacklisted = false;
            }
            Act::Grant { who, role } => {
                self.must_run(Contract::Registry)?;
                self.must_administer(caller, role)?;
                let person = self.record(who)?;
                if person.roles.contains(&role) {
                    return Err(registry::Error::AlreadyHeld { role }.into());
                }
                person.roles.push(role);
            }
            Act::Revoke { role, .. } => {
                let who = target;
                self.must_administer(caller, role)?;
                self.record(who)?;
                self.leave(who, role)?;
            }
            Act::Renounce { role, .. } => {
                let (number, person) = self.known(caller).ok_or(registry::Error::NotAllowed)?;
                if !person.is_active() {
                    return Err(registry::Error::WrongStatus { status: person.status }.into());
                }
                self.leave(number, role)?;
            }
            Act::ProposeRebind { who, spare, taken } => {
                let by = self.officer(caller)?;
                self.record(who)?;
                let account = self.spare(spare, taken);
                self.must_be_free(&account)?;
                let person = self.record(who)?;
                if person.proposal.as_ref().is_some_and(|earlier| now < earlier.at + OPEN_FOR) {
                    return Err(registry::Error::RebindOpen { participant: who }.into());
                }
                person.proposal = Some(Proposal { account, by, at: now, contested: false });
            }
            Act::ConfirmRebind { .. } => {
                let who = target;
                let officer = self.officer(caller)?;
                let proposal = self.person(who).and_then(|one| one.proposal.clone());
                let proposal = proposal.ok_or(registry::Error::NoRebind { participant: who })?;
                let (from, at) = (proposal.at + DELAY, proposal.at + OPEN_FOR);
                if now >= at {
                    return Err(DelayRefusal::TooLate { at }.into());
                }
                if officer == proposal.by {
                    if proposal.contested {
                        return Err(registry::Error::Contested { participant: who }.into());
                    }
                    if now < from {
                        return Err(DelayRefusal::TooEarly { from }.into());
                    }
                }
                self.must_be_free(&proposal.account)?;
                let person = self.record(who)?;
                person.former = Some(std::mem::replace(&mut person.account, proposal.account.clone()));
                person.former_key = Some(std::mem::replace(&mut person.key, proposal.account));
                person.epoch += 1;
                person.proposal = None;
            }
            Act::CancelRebind { .. } => {
                let who = target;
                let (by, caller) = self.known(caller).ok_or(registry::Error::NotAllowed)?;
                let is_officer = caller.acts_as(Role::Government);
                if !is_officer && by != who {
                    return Err(registry::Error::NotAllowed.into());
                }
                let none = registry::Error::NoRebind { participant: who };
                let person = self.record(who).map_err(|_| none)?;
                let proposal = person.proposal.as_mut().ok_or(none)?;
                if is_officer && (by != who || by == proposal.by) {
                    person.proposal = None;
                    return Ok(());
                }
                if now >= proposal.at + OPEN_FOR {
                    return Err(DelayRefusal::TooLate { at: proposal.at + OPEN_FOR }.into());
                }
                if proposal.contested {
                    return Err(registry::Error::Contested { participant: who }.into());
                }
                proposal.contested = true;
            }
            Act::RotateKey { fresh, .. } => {
                let (number, person) = self.known(caller).ok_or(registry::Error::NotAllowed)?;
                if !person.is_active() {
                    return Err(registry::Error::WrongStatus { status: person.status }.into());
                }
                let person = self.record(number)?;
                let key = next_key(person, fresh);
                person.former_key = Some(std::mem::replace(&mut person.key, key));
                person.epoch += 1;
            }
            _ => {}
        }
        Ok(())
    }

    /// The account that a re-binding is to lead to.
    pub fn spare(&self, spare: u8, taken: bool) -> String {
        match taken {
            true => self.account(Who::Person(BANKS[0])),
            false => format!("spare account {spare}"),
        }
    }

    // ---- everything ----

    /// What a step does to the suite, and what the rows of its message answer; after an error this model is to be thrown
    /// away.
    pub fn apply(&mut self, caller: &str, act: &Act) -> Answer<Rows> {
        let (now, target) = (self.now, self.target(act));
        match *act {
            Act::Wait { by } => self.now += by,
            Act::Pause { contract } | Act::Unpause { contract } => {
                if caller != ADMINISTRATOR && self.acting(caller, Role::Regulator).is_none() {
                    return Err(governance::Error::Refused(GovernanceRefusal::NotAllowed).into());
                }
                self.paused[contract as usize] = matches!(act, Act::Pause { .. });
            }
            Act::Issue { bank: _, to, amount, again } => {
                self.must_run(Contract::Ledger)?;
                let bank = self.calling_bank(caller)?;
                let to = self.owner_of_money(&self.account(to))?;
                positive_money(amount)?;
                let issued = self.issued.entry(bank).or_default();
                *issued += amount;
                if *issued > MOST {
                    return Err(ledger::Error::Amount(AmountError::TooLarge).into());
                }
                self.use_reference(bank, again)?;
                self.give(to, bank, amount);
                self.gift(to, bank, amount);
            }
            Act::Transfer { to, bank, amount, .. } => {
                let bank = BANKS[bank];
                let (from, to) = (self.owner_of_money(caller)?, self.owner_of_money(&self.account(to))?);
                self.may_spend(from)?;
                positive_money(amount)?;
                self.move_money(from, to, bank, amount)?;
                self.gift(to, bank, amount);
            }
            Act::Approve { spender, bank, amount, .. } => {
                self.change_allowance(caller, &self.account(spender), BANKS[bank], true, |_| match amount {
                    0..=MOST => Ok(amount),
                    _ => Err(AmountError::TooLarge.into()),
                })?;
            }
            Act::IncreaseAllowance { spender, bank, amount, .. } => {
                self.change_allowance(caller, &self.account(spender), BANKS[bank], true, |before| {
                    positive(amount)?;
                    match before + amount {
                        sum @ 0..=MOST => Ok(sum),
                        _ => Err(AmountError::TooLarge.into()),
                    }
                })?;
            }
            Act::DecreaseAllowance { spender, bank, amount, .. } => {
                self.change_allowance(caller, &self.account(spender), BANKS[bank], false, |allowed| {
                    positive(amount)?;
                    allowed.checked_sub(amount).ok_or(ledger::Error::Allowance { allowed, wanted: amount })
                })?;
            }
            Act::TransferFrom { from, to, bank, amount, .. } => {
                let (from, to) = (self.account(from), self.account(to));
                let spender = self.owner_of_money(caller)?;
                let (from, to) = (self.owner_of_money(&from)?, self.owner_of_money(&to)?);
                self.may_spend(spender)?;
                self.may_spend(from)?;
                positive_money(amount)?;
                self.spend_allowance(from, spender, BANKS[bank], amount)?;
                self.move_money(from, to, BANKS[bank], amount)?;
                self.gift(to, BANKS[bank], amount);
            }
            Act::RequestWithdrawal { bank, amount, .. } => {
                let (owner, bank) = (self.owner_of_money(caller)?, BANKS[bank]);
                self.may_spend(owner)?;
                positive_money(amount)?;
                self.take(owner, bank, amount)?;
                let status = ledger::WithdrawalStatus::Open;
                self.withdrawals.push(Withdrawal { owner, bank, amount, at: now, status, cleared: false });
            }
            Act::SettleWithdrawal { again, .. } => {
                let (_, bank, amount) = self.end_by_bank(caller, target, ledger::WithdrawalStatus::Settled)?;
                self.use_reference(bank, again)?;
                *self.settled.entry(bank).or_default() += amount;
            }
            Act::RejectWithdrawal { .. } => {
                let (owner, bank, amount) = self.end_by_bank(caller, target, ledger::WithdrawalStatus::Rejected)?;
                self.give(owner, bank, amount);
            }
            Act::CancelWithdrawal { .. } => {
                let found = self.own_withdrawal(caller, target)?;
                let until = found.at + PATIENCE;
                if found.status != ledger::WithdrawalStatus::Open {
                    return Err(ledger::WithdrawalRefusal::Ended { status: found.status }.into());
                }
                if now < until {
                    return Err(ledger::WithdrawalRefusal::TooEarly { until }.into());
                }
                found.status = ledger::WithdrawalStatus::Cancelled;
                let Withdrawal { owner, bank, amount, .. } = *found;
                self.give(owner, bank, amount);
            }
            Act::ClearWithdrawal { .. } => {
                let found = self.own_withdrawal(caller, target)?;
                if found.status == ledger::WithdrawalStatus::Open {
                    return Err(ledger::WithdrawalRefusal::StillOpen.into());
                }
                found.cleared = true;
            }
            Act::FundMany { programme, ref rows } => {
                self.must_run(Contract::Voucher)?;
                let row = |(back, amount): &(u64, Option<Balance>)| {
                    let voucher = self.fundable(*back);
                    (voucher, self.funding(voucher, *amount))
                };
                let rows: Vec<_> = rows.iter().map(row).collect();
                return self.fund_rows(caller, programme, &rows);
            }
            Act::AdmitShops { programme, ref rows } => {
                self.must_run(Contract::Voucher)?;
                self.must_own(caller, self.programme(programme)?)?;
                return Ok(rows.iter().map(|row| self.admit(programme, *row)).collect());
            }
            Act::ExpireVouchers { ref rows } => {
                let rows: Vec<_> = rows.iter().map(|back| self.overdue(*back)).collect();
                return Ok(rows.into_iter().map(|voucher| self.expire_voucher(voucher)).collect());
            }
            ref act => {
                self.registry(caller, act)?;
                self.vouchers(caller, act)?;
            }
        }
        Ok(Rows::new())
    }

    fn vouchers(&mut self, caller: &str, act: &Act) -> Answer {
        let (now, target) = (self.now, self.target(act));
        match *act {
            Act::CreateProgramme { kind, bank } => {
                self.must_run(Contract::Voucher)?;
                let owner = self.acting(caller, Role::Government).ok_or(voucher::Error::NotAllowed)?;
                let terms = self.terms(kind, owner, BANKS[bank]);
                let attestors = ATTESTORS.map(|one| (one, Role::RedemptionAttestor));
                for (number, role) in [(terms.bank, Role::Bank)].into_iter().chain(attestors) {
                    let account = self.account(Who::Person(number));
                    self.acting(&account, role).ok_or(voucher::Error::WrongRole { account: id(&account) })?;
                }
                self.programmes.push(terms);
            }
            Act::UpdateProgramme { programme, ref change } => {
                self.update(caller, programme, change)?;
            }
            Act::CloseProgramme { programme } => {
                let terms = self.programme(programme)?;
                self.must_own(caller, terms)?;
                self.open_programme(programme)?;
                self.programme_mut(programme).closed = true;
            }
            Act::SetIssuer { programme, issuer, allowed } => {
                self.must_own(caller, self.programme(programme)?)?;
                let issuer = self.account(issuer);
                let issuers = &mut self.programme_mut(programme).issuers;
                match allowed {
                    true => issuers.insert(issuer),
                    false => issuers.remove(&issuer),
                };
            }
            Act::Create { programme, holder, category, expires_in } => {
                self.must_run(Contract::Voucher)?;
                let terms = self.open_programme(programme)?.clone();
                self.must_issue(caller, &terms)?;
                let holder = self.holder(&self.account(holder))?;
                if category >= NO_CATEGORY {
                    return Err(voucher::Error::UnknownCategory { category }.into());
                }
                let expires = now + expires_in.unwrap_or(terms.life);
                if expires == now {
                    return Err(voucher::Error::BadExpiry { expires }.into());
                }
                self.blank(programme, holder, category, 0, expires);
            }
            Act::CreateBundle { programme, holder } => {
                self.must_run(Contract::Voucher)?;
                let terms = self.open_programme(programme)?.clone();
                if terms.pieces.is_empty() {
                    return Err(voucher::Error::NoBundle { programme }.into());
                }
                if !terms.strict {
                    self.must_issue(caller, &terms)?;
                }
                let holder = self.holder(&self.account(holder))?;
                if !self.programme_mut(programme).bundled.insert(holder) {
                    return Err(HolderRefusal::HasBundle { holder }.into());
                }
                for (category, face, count) in terms.pieces {
                    for _ in 0..count {
                        self.blank(programme, holder, category, face, now + terms.life);
                    }
                }
            }
            Act::Fund { amount, .. } => {
                self.must_run(Contract::Voucher)?;
                let voucher = target;
                let programme = self.voucher(voucher)?.programme;
                let amount = self.funding(voucher, amount);
                self.fund_rows(caller, programme, &[(voucher, amount)])?.remove(0)?;
            }
            Act::PublishRoll { programme, deadline_in, short } => {
                self.must_run(Contract::Voucher)?;
                self.must_own(caller, self.open_programme(programme)?)?;
                let (entries, deadline) = (self.entries(), now + deadline_in);
                if deadline == now {
                    return Err(RollRefusal::BadDeadline { deadline }.into());
                }
                let total = Self::roll_total(&entries, short);
                let status = RollStatus::Published;
                let claimed = BTreeSet::new();
                self.rolls.push(Roll {
                    programme,
                    entries,
                    total,
                    unclaimed: 0,
                    returned: 0,
                    deadline,
                    status,
                    claimed,
                });
            }
            Act::FundRoll { .. } => {
                self.must_run(Contract::Voucher)?;
                let (at, roll) = self.roll(target)?;
                let (programme, total, deadline, status) = (roll.programme, roll.total, roll.deadline, roll.status);
                let terms = self.open_programme(programme)?;
                self.must_fund(caller, terms)?;
                if status != RollStatus::Published {
                    return Err(RollRefusal::WrongStatus { status }.into());
                }
                if now >= deadline {
                    return Err(RollRefusal::TooLate { deadline }.into());
                }
                let (bank, budget) = (terms.bank, terms.budget);
                if terms.funded + total > budget {
                    return Err(voucher::Error::OverBudget { budget }.into());
                }
                self.draw(bank, total)?;
                self.programme_mut(programme).funded += total;
                (self.rolls[at].status, self.rolls[at].unclaimed) = (RollStatus::Open, total);
            }
            Act::Claim { index, changed, .. } => {
                self.must_run(Contract::Voucher)?;
                let (at, roll) = self.roll(target)?;
                let roll = roll.clone();
                let terms = self.open_programme(roll.programme)?.clone();
                if roll.status != RollStatus::Open {
                    return Err(RollRefusal::WrongStatus { status: roll.status }.into());
                }
                if now >= roll.deadline {
                    return Err(RollRefusal::TooLate { deadline: roll.deadline }.into());
                }
                let count = roll.entries.len() as u64;
                let Some(entry) = find(&roll.entries, index + 1) else {
                    return Err(RollRefusal::NoSuchEntry { count }.into());
                };
                if roll.claimed.contains(&index) {
                    return Err(RollRefusal::Claimed.into());
                }
                if changed {
                    return Err(RollRefusal::NotOnRoll.into());
                }
                let Entry { holder, category, amount, expires } = *entry;
                if now >= expires {
                    return Err(RollRefusal::EntryExpired { expires }.into());
                }
                let unclaimed =
                    roll.unclaimed.checked_sub(amount).ok_or(RollRefusal::Amount(AmountError::Insufficient {
                        available: roll.unclaimed,
                        wanted: amount,
                    }))?;
                self.must_be_eligible(holder)?;
                if amount > terms.most_per_voucher {
                    return Err(VoucherRefusal::OverVoucherCap { most: terms.most_per_voucher, wanted: amount }.into());
                }
                self.have(roll.programme, holder, amount)?;
                self.rolls[at].unclaimed = unclaimed;
                self.rolls[at].claimed.insert(index);
                self.blank(roll.programme, holder, category, amount, expires);
                if let Some(new) = self.vouchers.last_mut() {
                    (new.status, new.funded, new.available) = (VoucherStatus::Active, amount, amount);
                }
            }
            Act::CloseRoll { .. } => {
                let (at, roll) = self.roll(target)?;
                let (programme, returned, deadline) = (roll.programme, roll.unclaimed, roll.deadline);
                if roll.status == RollStatus::Closed {
                    return Err(RollRefusal::WrongStatus { status: roll.status }.into());
                }
                if now < deadline {
                    return Err(RollRefusal::TooEarly { deadline }.into());
                }
                let roll = &mut self.rolls[at];
                (roll.status, roll.unclaimed, roll.returned) = (RollStatus::Closed, 0, returned);
                let bank = self.programme_mut(programme).bank;
                self.add_credit(bank, bank, returned);
            }
            Act::Request { amount, other_category, .. } => {
                self.must_run(Contract::Voucher)?;
                let voucher = target;
                let category = self.asked_category(voucher, other_category);
                self.request(caller, voucher, self.wanted(voucher, amount), category)?;
            }
            Act::Confirm { first, flaw, .. } => {
                let (found, terms, holder) = self.confirmable(target)?;
                let signers = self.signers(target, first, flaw);
                if signers.len() != usize::from(terms.needed) {
                    let given = u8::try_from(signers.len()).unwrap_or(u8::MAX);
                    return Err(ProofRefusal::WrongCount { needed: terms.needed, given }.into());
                }
                self.holder_must_be_active(holder)?;
                for (at, signer) in signers.iter().copied().enumerate() {
                    if !terms.listed.contains(&signer) {
                        return Err(ProofRefusal::NotListed { signer }.into());
                    }
                    if !self.person(signer).is_some_and(|one| one.acts_as(Role::RedemptionAttestor)) {
                        return Err(ProofRefusal::NotInGoodStanding { signer }.into());
                    }
                    if signer == found.shop {
                        return Err(ProofRefusal::IsTheShop { signer }.into());
                    }
                    if signers[..at].contains(&signer) {
                        return Err(ProofRefusal::Repeated { signer }.into());
                    }
                    if at + 1 == signers.len() {
                        self.signed(signer, flaw)?;
                    }
                }
                self.confirm(target)?;
            }
            Act::ConfirmAsHolder { flaw, .. } => {
                let (_, terms, holder) = self.confirmable(target)?;
                if !terms.holder_signature {
                    return Err(ProofRefusal::HolderNotAllowed.into());
                }
                if !self.person(holder).is_some_and(Person::is_active) {
                    return Err(ProofRefusal::NotInGoodStanding { signer: holder }.into());
                }
                self.signed(holder, flaw)?;
                self.confirm(target)?;
            }
            Act::Cancel { .. } => {
                let found = self.redemption_mut(target)?;
                let (status, shop, voucher) = (found.status, found.shop, found.voucher);
                if status != RedemptionStatus::Open {
                    return Err(RedemptionRefusal::NotOpen { status }.into());
                }
                let holder = self.voucher(voucher)?.holder;
                match self.known(caller) {
                    Some((number, _)) if number == shop || number == holder => {}
                    _ => return Err(RedemptionRefusal::NotYours.into()),
                }
                self.end_unconfirmed(target, RedemptionStatus::Cancelled)?;
            }
            Act::Expire { .. } => {
                let found = self.redemption_mut(target)?;
                if found.status != RedemptionStatus::Open {
                    return Err(RedemptionRefusal::NotOpen { status: found.status }.into());
                }
                if now < found.expires {
                    return Err(RedemptionRefusal::TooEarly { expires: found.expires }.into());
                }
                self.end_unconfirmed(target, RedemptionStatus::Expired)?;
            }
            Act::Clear { .. } => {
                let redemption = target;
                let calling = self.known(caller).map(|(number, _)| number);
                let found = self.redemption_mut(target)?;
                if found.account != caller && calling != Some(found.shop) {
                    return Err(RedemptionRefusal::NotYours.into());
                }
                if found.status == RedemptionStatus::Open {
                    return Err(RedemptionRefusal::StillOpen.into());
                }
                found.cleared = true;
                let (status, place) = (found.status, (found.voucher, found.shop));
                let ended = [VoucherStatus::Exhausted, VoucherStatus::Expired, VoucherStatus::Void];
                let is_over = ended.contains(&self.voucher(place.0)?.status);
                let standing = self.standings.entry(place).or_default();
                let is_clean = status == RedemptionStatus::Confirmed || standing.strikes == 0;
                let was_served = standing.strikes >= 3 && now >= standing.barred_until;
                if is_over || (standing.latest == redemption && (is_clean || was_served)) {
                    *standing = Standing::default();
                }
            }
            Act::ExpireVoucher { .. } => self.expire_voucher(target)?,
            Act::Extend { days, .. } => {
                let voucher = target;
                let record = self.voucher(voucher)?;
                self.must_own(caller, self.programme(record.programme)?)?;
                let expires = now + days * DAY;
                if days == 0 {
                    return Err(voucher::Error::BadExpiry { expires }.into());
                }
                Self::must_live(record)?;
                if expires <= record.expires {
                    return Err(VoucherRefusal::NotLater { expires: record.expires }.into());
                }
                self.voucher_mut(voucher)?.expires = expires;
            }
            Act::Void { .. } => {
                let voucher = target;
                let record = self.voucher(voucher)?;
                self.must_supervise(caller, record)?;
                Self::must_live(record)?;
                self.give_back(voucher, VoucherStatus::Void)?;
            }
            Act::Freeze { .. } => self.block(caller, target, VoucherStatus::Active, VoucherStatus::Frozen)?,
            Act::Unfreeze { .. } => self.block(caller, target, VoucherStatus::Frozen, VoucherStatus::Active)?,
            Act::Withdraw { bank, amount, .. } => {
                let bank = BANKS[bank];
                let known = self.known(caller).filter(|(_, one)| one.is_active());
                let caller = known.ok_or(voucher::Error::NotAllowed)?.0;
                let amount = self.credit_wanted(target, bank, amount);
                positive(amount).map_err(voucher::Error::Amount)?;
                let available = self.credits.get(&(caller, bank)).copied().unwrap_or_default();
                let insufficient = AmountError::Insufficient { available, wanted: amount };
                let rest = available.checked_sub(amount).ok_or(voucher::Error::Amount(insufficient))?;
                self.credits.insert((caller, bank), rest);
                *self.withdrawn.entry(bank).or_default() += amount;
                self.move_money(VAULT_OWNER, caller, bank, amount)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What a shop says that it sells.
    pub fn asked_category(&self, voucher: u64, other: bool) -> u8 {
        let category = find(&self.vouchers, voucher).map_or(0, |one| one.category);
        if other {
            (category + 1) % NO_CATEGORY
        } else {
            category
        }
    }

    /// What would fit as a withdrawal of credit.
    pub fn credit_wanted(&self, who: ParticipantId, bank: ParticipantId, amount: Option<Balance>) -> Balance {
        amount.unwrap_or(self.credits.get(&(who, bank)).copied().unwrap_or_default())
    }

    fn block(&mut self, caller: &str, voucher: u64, from: VoucherStatus, to: VoucherStatus) -> Answer {
        let record = self.voucher(voucher)?;
        self.must_supervise(caller, record)?;
        if record.status != from {
            return Err(VoucherRefusal::WrongStatus { status: record.status }.into());
        }
        self.voucher_mut(voucher)?.status = to;
        Ok(())
    }

    // ---- sums ----

    /// All that there is of a bank's money: by owner, by creditor, and by programme.
    pub fn of_bank(&self, bank: ParticipantId) -> (Vec<Balance>, Vec<Balance>, Vec<[Balance; 6]>) {
        let sums = |all: &BTreeMap<(ParticipantId, ParticipantId), Balance>| {
            all.iter().filter(|((_, of), _)| *of == bank).map(|(_, sum)| *sum).collect()
        };
        let programmes = (1..).zip(&self.programmes).filter(|(_, one)| one.bank == bank);
        (sums(&self.balances), sums(&self.credits), programmes.map(|(number, _)| self.totals(number)).collect())
    }

    /// Where a programme's money is: funded, unclaimed, available, reserved, paid, returned.
    pub fn totals(&self, programme: u64) -> [Balance; 6] {
        let vouchers = || self.vouchers.iter().filter(move |one| one.programme == programme);
        let rolls = || self.rolls.iter().filter(move |one| one.programme == programme);
        [
            find(&self.programmes, programme).map_or(0, |one| one.funded),
            rolls().map(|one| one.unclaimed).sum(),
            vouchers().map(|one| one.available).sum(),
            vouchers().map(|one| one.reserved).sum(),
            vouchers().map(|one| one.paid).sum(),
            vouchers().map(|one| one.returned).sum::<Balance>() + rolls().map(|one| one.returned).sum::<Balance>(),
        ]
    }
}

/// The key that a participant changes to.
pub fn next_key(person: &Person, fresh: bool) -> String {
    match fresh {
        true => format!("{} key {}", person.name, person.epoch + 1),
        false => person.key.clone(),
    }
}

pub fn newcomer_name(newcomer: u8) -> String {
    format!("newcomer {newcomer}")
}
