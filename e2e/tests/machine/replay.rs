//! What the events alone say of the suite: participants, balances, vouchers, redemptions, rolls and credits.

use amanah_client::Event;
use amanah_domain::{ids::ParticipantId, money::Amount, participant::Status, time::Millis};
use amanah_interfaces::{
    ledger::{Owner, WithdrawalStatus},
    registry::Participant,
    voucher::{Redemption, RedemptionStatus, VoucherRecord, VoucherStatus},
    Balance,
};
use scale::Encode;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Replay {
    pub people: BTreeMap<ParticipantId, Participant>,
    /// By owner (encoded) and bank.
    pub balances: BTreeMap<(Vec<u8>, ParticipantId), Balance>,
    /// Issued, settled and waiting, by bank.
    pub supply: BTreeMap<ParticipantId, [Balance; 3]>,
    /// Bank, amount and status.
    pub withdrawals: BTreeMap<u64, (ParticipantId, Balance, WithdrawalStatus)>,
    /// Banks of programmes.
    banks: BTreeMap<u64, ParticipantId>,
    pub vouchers: BTreeMap<u64, VoucherRecord>,
    newest: BTreeMap<ParticipantId, u64>,
    /// Those that are stored; without their places in lists.
    pub redemptions: BTreeMap<u64, Redemption>,
    pub credits: BTreeMap<(ParticipantId, ParticipantId), Balance>,
    /// Funded and not claimed, by roll.
    pub unclaimed: BTreeMap<u64, Balance>,
    /// By programme.
    pub funded: BTreeMap<u64, Balance>,
    pub paid: BTreeMap<u64, Balance>,
    pub returned: BTreeMap<u64, Balance>,
}

fn small(amount: Balance) -> Amount {
    Amount::from_balance(amount).expect("an amount is small")
}

impl Replay {
    pub fn balance(&self, owner: Owner, bank: ParticipantId) -> Balance {
        self.balances.get(&(owner.encode(), bank)).copied().unwrap_or_default()
    }

    fn person(&mut self, number: ParticipantId) -> &mut Participant {
        self.people.get_mut(&number).expect("the participant was registered")
    }

    fn voucher(&mut self, number: u64) -> &mut VoucherRecord {
        self.vouchers.get_mut(&number).expect("the voucher was created")
    }

    fn give(&mut self, owner: Owner, bank: ParticipantId, amount: Balance) {
        *self.balances.entry((owner.encode(), bank)).or_default() += amount;
    }

    fn take(&mut self, owner: Owner, bank: ParticipantId, amount: Balance) {
        let balance = self.balances.entry((owner.encode(), bank)).or_default();
        *balance = balance.checked_sub(amount).expect("nobody has less than nothing");
    }

    fn add_supply(&mut self, bank: ParticipantId, [issued, settled]: [Balance; 2]) {
        let supply = self.supply.entry(bank).or_default();
        supply[0] += issued;
        supply[1] += settled;
    }

    /// A withdrawal ends, once.
    fn end_withdrawal(&mut self, withdrawal: u64, to: WithdrawalStatus) {
        let (bank, amount, status) = self.withdrawals.get_mut(&withdrawal).expect("it was asked for");
        assert_eq!(*status, WithdrawalStatus::Open, "it ends once");
        *status = to;
        let waiting = &mut self.supply.entry(*bank).or_default()[2];
        *waiting = waiting.checked_sub(*amount).expect("it waited");
    }

    fn new_voucher(&mut self, number: u64, mut record: VoucherRecord) {
        record.previous = self.newest.insert(record.holder, number).unwrap_or_default();
        assert!(self.vouchers.insert(number, record).is_none(), "a voucher is created once");
    }

    fn return_to_bank(&mut self, programme: u64, amount: Balance) {
        let bank = self.banks[&programme];
        *self.credits.entry((bank, bank)).or_default() += amount;
        *self.returned.entry(programme).or_default() += amount;
    }

    /// A voucher ends, once, and gives back what it has.
    fn end_voucher(&mut self, number: u64, status: VoucherStatus, returned: Balance) {
        let record = self.voucher(number);
        assert!(
            matches!(record.status, VoucherStatus::Created | VoucherStatus::Active | VoucherStatus::Frozen),
            "a voucher ends once"
        );
        assert_eq!(record.available.balance(), returned);
        (record.status, record.available) = (status, Amount::ZERO);
        let programme = record.programme;
        self.return_to_bank(programme, returned);
    }

    /// The newest stored redemption of a voucher is another one now.
    fn relink(&mut self, voucher: u64) {
        let of_voucher = self.redemptions.iter().filter(|(_, one)| one.voucher == voucher);
        let latest = of_voucher.map(|(number, _)| *number).max().unwrap_or_default();
        self.voucher(voucher).latest = latest;
    }

    fn end_redemption(&mut self, number: u64, status: RedemptionStatus) -> Redemption {
        let found = self.redemptions.get_mut(&number).expect("the redemption was requested");
        assert_eq!(found.status, RedemptionStatus::Open, "a redemption ends once");
        found.status = status;
        let ended = found.clone();
        let record = self.voucher(ended.voucher);
        record.reserved = record.reserved.minus(ended.amount).expect("it was reserved");
        ended
    }

    /// Adds an event of a block of this time.
    pub fn add(&mut self, now: Millis, event: Event) {
        match event {
            Event::Registered(it) => {
                let participant = Participant {
                    account: it.account,
                    identity: it.identity,
                    roles: it.roles,
                    status: Status::Active,
                    reason: 0,
                    key: it.key,
                    epoch: 0,
                    blacklisted: None,
                    identity_valid_until: it.identity_valid_until,
                    registered_at: now,
                };
                assert!(self.people.insert(it.participant, participant).is_none(), "a number is given once");
            }
            Event::RoleGranted(it) => {
                let person = self.person(it.participant);
                person.roles = person.roles.with(it.role).expect("the role exists");
            }
            Event::RoleRevoked(it) => {
                let person = self.person(it.participant);
                person.roles = person.roles.without(it.role);
            }
            Event::RoleRenounced(it) => {
                let person = self.person(it.participant);
                person.roles = person.roles.without(it.role);
            }
            Event::Suspended(it) => {
                let person = self.person(it.participant);
                (person.status, person.reason) = (Status::Suspended, it.reason);
            }
            Event::Reinstated(it) => {
                let person = self.person(it.participant);
                (person.status, person.reason) = (Status::Active, 0);
            }
            Event::Blacklisted(it) => self.person(it.participant).blacklisted = Some(it.reason),
            Event::BlacklistCleared(it) => self.person(it.participant).blacklisted = None,
            Event::IdentityRenewed(it) => {
                self.person(it.participant).identity_valid_until = it.identity_valid_until;
            }
            Event::Rebound(it) => {
                let person = self.person(it.participant);
                assert_eq!(person.account, it.former);
                (person.account, person.key, person.epoch) = (it.account, it.key, it.epoch);
            }
            Event::KeyRotated(it) => {
                let person = self.person(it.participant);
                (person.key, person.epoch) = (it.key, it.epoch);
            }
            Event::Issued(it) => {
                self.give(it.to, it.issuer, it.amount);
                self.add_supply(it.issuer, [it.amount, 0]);
            }
            Event::Transferred(it) => {
                self.take(it.from, it.issuer, it.amount);
                self.give(it.to, it.issuer, it.amount);
            }
            Event::WithdrawalRequested(it) => {
                self.take(Owner::Participant(it.owner), it.issuer, it.amount);
                self.supply.entry(it.issuer).or_default()[2] += it.amount;
                self.withdrawals.insert(it.withdrawal, (it.issuer, it.amount, WithdrawalStatus::Open));
            }
            Event::WithdrawalSettled(it) => {
                self.end_withdrawal(it.withdrawal, WithdrawalStatus::Settled);
                self.add_supply(it.issuer, [0, it.amount]);
            }
            Event::WithdrawalRejected(it) => {
                self.end_withdrawal(it.withdrawal, WithdrawalStatus::Rejected);
                self.give(Owner::Participant(it.owner), it.issuer, it.amount);
            }
            Event::WithdrawalCancelled(it) => {
                self.end_withdrawal(it.withdrawal, WithdrawalStatus::Cancelled);
                self.give(Owner::Participant(it.owner), it.issuer, it.amount);
            }
            Event::ProgrammeCreated(it) => drop(self.banks.insert(it.programme, it.terms.bank)),
            Event::FundingRequested(it) => {
                let (programme, holder, category) = (it.programme, it.holder, it.category);
                let blank = VoucherRecord::blank(programme, holder, category, small(it.face), it.expires, 0);
                self.new_voucher(it.voucher, blank);
            }
            Event::VoucherFunded(it) => {
                let record = self.voucher(it.voucher);
                record.status = VoucherStatus::Active;
                record.funded = small(record.funded.balance() + it.amount);
                record.available = small(record.available.balance() + it.amount);
                *self.funded.entry(it.programme).or_default() += it.amount;
            }
            Event::RollFunded(it) => {
                self.unclaimed.insert(it.roll, it.total);
                *self.funded.entry(it.programme).or_default() += it.total;
            }
            Event::RollClaimed(it) => {
                let left = self.unclaimed.get_mut(&it.roll).expect("the roll was funded");
                *left = left.checked_sub(it.entry.amount).expect("a roll pays what was put in");
                let (holder, category, amount) = (it.entry.holder, it.entry.category, small(it.entry.amount));
                let blank = VoucherRecord::blank(it.programme, holder, category, amount, it.entry.expires, 0);
                let status = VoucherStatus::Active;
                self.new_voucher(it.voucher, VoucherRecord { status, funded: amount, available: amount, ..blank });
            }
            Event::RollClosed(it) => {
                assert_eq!(self.unclaimed.insert(it.roll, 0).unwrap_or_default(), it.returned);
                self.return_to_bank(it.programme, it.returned);
            }
            Event::RedemptionRequested(it) => {
                let record = self.voucher(it.voucher);
                let amount = small(it.amount);
                record.available = record.available.minus(amount).expect("it was available");
                record.reserved = small(record.reserved.balance() + it.amount);
                let redemption = Redemption {
                    voucher: it.voucher,
                    shop: it.shop,
                    account: *it.account.as_ref(),
                    amount,
                    requested_at: now,
                    expires: it.expires,
                    status: RedemptionStatus::Open,
                    links: Default::default(),
                };
                self.redemptions.insert(it.redemption, redemption);
                self.relink(it.voucher);
            }
            Event::RedemptionConfirmed(it) => {
                let ended = self.end_redemption(it.redemption, RedemptionStatus::Confirmed);
                assert_eq!((ended.shop, ended.amount.balance()), (it.shop, it.amount));
                let record = self.voucher(it.voucher);
                let is_empty = record.available.is_zero() && record.reserved.is_zero();
                if record.status == VoucherStatus::Active && is_empty {
                    record.status = VoucherStatus::Exhausted;
                }
                let programme = record.programme;
                let bank = self.banks[&programme];
                *self.credits.entry((it.shop, bank)).or_default() += it.amount;
                *self.paid.entry(programme).or_default() += it.amount;
            }
            Event::RedemptionEnded(it) => {
                let ended = self.end_redemption(it.redemption, it.status);
                assert_eq!(ended.amount.balance(), it.amount);
                let record = self.voucher(it.voucher);
                record.available = small(record.available.balance() + it.amount - it.returned);
                let programme = record.programme;
                self.return_to_bank(programme, it.returned);
            }
            Event::RedemptionCleared(it) => {
                let gone = self.redemptions.remove(&it.redemption).expect("the redemption was stored");
                self.relink(gone.voucher);
            }
            Event::VoucherExpired(it) => self.end_voucher(it.voucher, VoucherStatus::Expired, it.returned),
            Event::VoucherVoided(it) => self.end_voucher(it.voucher, VoucherStatus::Void, it.returned),
            Event::VoucherFrozen(it) => self.voucher(it.voucher).status = VoucherStatus::Frozen,
            Event::VoucherUnfrozen(it) => self.voucher(it.voucher).status = VoucherStatus::Active,
            Event::VoucherExtended(it) => self.voucher(it.voucher).expires = it.expires,
            Event::CreditWithdrawn(it) => {
                let credit = self.credits.entry((it.participant, it.issuer)).or_default();
                *credit = credit.checked_sub(it.amount).expect("nobody gets more than is owed");
            }
            _ => {}
        }
    }
}
