//! Rolls: many vouchers promised by one root, funded at once, claimed one by one.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    crypto::Native,
    ids::{ProgrammeId, RollId},
    ledger::Owner,
    merkle,
    money::{Amount, AmountError},
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{registration, Person, World, START};
use amanah_interfaces::{
    ledger::{Error as LedgerError, Ledger, Transferred},
    registry::{Registration, Registry},
    voucher::{
        Changes, Error, HolderRefusal, Roll, RollClaimed, RollClosed, RollEntry, RollFunded, RollHash, RollPublished,
        RollRefusal, RollStatus, Voucher, VoucherRecord, VoucherRefusal, VoucherStatus,
    },
    Balance,
};

const DEADLINE: Millis = START + 30 * DAY;

/// A list of people and amounts, hashed for one roll of the world's voucher contract.
struct List {
    number: RollId,
    entries: Vec<RollEntry>,
    leaves: Vec<RollHash>,
}

impl List {
    /// Entries of these amounts for category 0, all for the usual citizen, ending on the day after the deadline.
    fn of(world: &World, number: RollId, amounts: &[Balance]) -> Self {
        let holder = world.citizen.number;
        let entry = |(index, amount): (u64, &Balance)| RollEntry {
            index,
            holder,
            category: 0,
            amount: *amount,
            expires: DEADLINE + DAY,
        };
        Self::with(world, number, (0..).zip(amounts).map(entry).collect())
    }

    fn with(world: &World, number: RollId, entries: Vec<RollEntry>) -> Self {
        let domain = world.suite.voucher_domain();
        let leaves = entries.iter().map(|entry| entry.leaf::<Native>(&domain, number)).collect();
        Self { number, entries, leaves }
    }

    fn root(&self) -> RollHash {
        merkle::root::<Native>(&self.leaves).expect("a list is not empty")
    }

    fn proof(&self, index: usize) -> Vec<RollHash> {
        merkle::proof::<Native>(&self.leaves, index).expect("the list is longer")
    }

    fn total(&self) -> Balance {
        self.entries.iter().map(|entry| entry.amount).sum()
    }

    /// Government publishes it.
    #[track_caller]
    fn publish(&self, world: &mut World, programme: ProgrammeId) {
        let government = world.government.actor.clone();
        let (root, count, total) = (self.root(), self.leaves.len() as u64, self.total());
        let publish = world.suite.voucher().publish_roll(programme, root, count, total, DEADLINE);
        assert_eq!(world.send(&government, publish).value, self.number);
    }

    /// The bank funds it.
    #[track_caller]
    fn fund(&self, world: &mut World) {
        world.bank_has(self.total());
        let bank = world.bank.actor.clone();
        world.send(&bank, world.suite.voucher().fund_roll(self.number));
    }

    /// A stranger claims an entry.
    #[track_caller]
    fn claim(&self, world: &mut World, index: usize) -> u64 {
        let stranger = world.stranger.clone();
        let claim = world.suite.voucher().claim(self.number, self.entries[index], self.proof(index));
        world.send(&stranger, claim).value
    }

    /// A stranger's claim of an entry is refused.
    #[track_caller]
    fn refuses(&self, world: &mut World, index: usize, error: Error) {
        let stranger = world.stranger.clone();
        let claim = world.suite.voucher().claim(self.number, self.entries[index], self.proof(index));
        world.refuses(&stranger, claim, error);
    }
}

/// A roll of these amounts for the usual citizen in a programme with the usual terms, published and funded.
fn open_roll(world: &mut World, amounts: &[Balance]) -> (ProgrammeId, List) {
    let programme = world.programme(world.terms());
    let list = List::of(world, 1, amounts);
    list.publish(world, programme);
    list.fund(world);
    (programme, list)
}

fn roll(world: &mut World, number: RollId) -> Roll {
    world.ask(world.suite.voucher().roll(number)).expect("the roll is there")
}

fn unclaimed(world: &mut World, programme: ProgrammeId) -> Balance {
    world.ask(world.suite.voucher().totals(programme)).unclaimed.balance()
}

#[test]
fn a_roll_is_published_without_money_and_the_bank_is_asked_for_it() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    assert_eq!(world.ask(world.suite.voucher().roll_count()), 0);
    let publish = world.suite.voucher().publish_roll(programme, [7; 32], 3, 600, DEADLINE);
    let done = world.send(&cast.government.actor, publish);
    assert_eq!(done.value, 1);
    let (bank, deadline) = (cast.bank.number, DEADLINE);
    let event = RollPublished { roll: 1, bank, programme, root: [7; 32], count: 3, total: 600, deadline };
    assert_eq!(world.events(&done.events), [Event::RollPublished(event)]);
    let stored = Roll {
        programme,
        root: [7; 32],
        count: 3,
        total: Amount::new(600),
        most_per_voucher: Amount::new(1_000_000),
        unclaimed: Amount::ZERO,
        claimed: 0,
        deadline,
        status: RollStatus::Published,
    };
    assert_eq!(roll(&mut world, 1), stored);
    assert_eq!(world.ask(world.suite.voucher().roll_count()), 1);
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([0; 5], 0));
}

#[test]
fn funding_draws_the_whole_total_once_from_the_bank() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let list = List::of(&world, 1, &[100, 200, 300]);
    list.publish(&mut world, programme);
    world.bank_has(1_000);
    let done = world.send(&cast.bank.actor, world.suite.voucher().fund_roll(1));
    let (from, to) = (Owner::Participant(cast.bank.number), Owner::Contract(world.suite.voucher));
    let moved = Transferred { from, to, issuer: cast.bank.number, amount: 600 };
    let event = RollFunded { roll: 1, programme, total: 600 };
    assert_eq!(world.events(&done.events), [Event::Transferred(moved), Event::RollFunded(event)]);
    let Roll { status, unclaimed: rest, .. } = roll(&mut world, 1);
    assert_eq!((status, rest), (RollStatus::Open, Amount::new(600)));
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([600, 0, 0, 0, 0], 600));
    assert_eq!((world.balance(&cast.bank), held(&mut world)), (400, 600));
    let again = Error::Roll(RollRefusal::WrongStatus { status: RollStatus::Open });
    world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(1), again);
}

#[test]
fn a_claimed_entry_is_an_active_funded_voucher_of_its_holder() {
    let (mut world, cast) = stage();
    let (programme, list) = open_roll(&mut world, &[100, 200, 300]);
    let earlier = world.blank_voucher(programme, &cast.citizen);
    let claim = world.suite.voucher().claim(1, list.entries[1], list.proof(1));
    let done = world.send(&cast.stranger, claim);
    let number = done.value;
    let event = RollClaimed { roll: 1, voucher: number, programme, entry: list.entries[1] };
    assert_eq!(world.events(&done.events), [Event::RollClaimed(event)]);
    let value = Amount::new(200);
    let blank = VoucherRecord::blank(programme, cast.citizen.number, 0, value, DEADLINE + DAY, earlier);
    let expected = VoucherRecord { status: VoucherStatus::Active, funded: value, available: value, ..blank };
    assert_eq!(voucher(&mut world, number), expected);
    let listed = world.ask(world.suite.voucher().vouchers_of(cast.citizen.number, None, 1));
    assert_eq!(listed, [(number, expected)]);
    assert_eq!(
        [0, 1, 2, 3].map(|index| world.ask(world.suite.voucher().is_claimed(1, index))),
        [false, true, false, false]
    );
    let Roll { claimed, unclaimed: rest, .. } = roll(&mut world, 1);
    assert_eq!((claimed, rest), (1, Amount::new(400)));
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([600, 200, 0, 0, 0], 400));
    world.redeem(number, 200);
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([600, 0, 0, 200, 0], 400));
}

#[test]
fn only_the_owner_publishes() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let issuer = world.enrol("issuer", &[Role::Charity]);
    world.send(&cast.government.actor, world.suite.voucher().set_issuer(programme, issuer.id(), true));
    let mut others = world.outsiders(&[Role::Government]);
    others.extend([second_government(&mut world).actor, issuer.actor]);
    for outsider in others {
        let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, 1, DEADLINE);
        world.refuses(&outsider, publish, Error::NotAllowed);
    }
}

#[test]
fn only_the_programmes_own_active_bank_funds() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let list = List::of(&world, 1, &[5]);
    list.publish(&mut world, programme);
    world.bank_has(5);
    let mut others = world.outsiders(&[Role::Bank]);
    others.extend([world.enrol("other bank", &[Role::Bank]).actor, cast.government.actor.clone()]);
    for outsider in others {
        world.refuses(&outsider, world.suite.voucher().fund_roll(1), Error::NotAllowed);
    }
    world.suspend(&cast.bank);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(1), Error::NotAllowed);
}

#[test]
fn a_roll_has_entries_money_and_a_deadline_in_the_future() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let from = &cast.government.actor;
    let most = 1 << 32;
    for count in [0, most + 1, u64::MAX] {
        let publish = world.suite.voucher().publish_roll(programme, [0; 32], count, 1, DEADLINE);
        world.refuses(from, publish, Error::Roll(RollRefusal::BadCount { most }));
    }
    for (total, error) in [(0, AmountError::Zero), (1 << 64, AmountError::TooLarge), (u128::MAX, AmountError::TooLarge)]
    {
        let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, total, DEADLINE);
        world.refuses(from, publish, Error::Amount(error));
    }
    for deadline in [0, START - 1, START, DEADLINE / 1_000, DEADLINE * 1_000, u64::MAX] {
        let publish = world.suite.voucher().publish_roll(programme, [0; 32], 1, 1, deadline);
        world.refuses(from, publish, Error::Roll(RollRefusal::BadDeadline { deadline }));
    }
    let publish = world.suite.voucher().publish_roll(programme, [0; 32], most, 1, START + 1);
    assert_eq!(world.send(from, publish).value, 1, "the refused ones took no number");
}

#[test]
fn a_roll_is_funded_within_the_budget_and_the_banks_means() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.budget = 1_000);
    world.funded_voucher_in(programme, 400);
    let list = List::of(&world, 1, &[601]);
    list.publish(&mut world, programme);
    world.bank_has(601);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(1), Error::OverBudget { budget: 1_000 });
    let list = List::of(&world, 2, &[600]);
    list.publish(&mut world, programme);
    let voucher_contract = world.suite.voucher.into();
    let less = world.suite.ledger().approve(voucher_contract, cast.bank.number, 599);
    world.send(&cast.bank.actor, less);
    let refused = Error::Ledger(LedgerError::Allowance { allowed: 599, wanted: 600 });
    world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(2), refused);
    let enough = world.suite.ledger().approve(voucher_contract, cast.bank.number, 600);
    world.send(&cast.bank.actor, enough);
    world.send(&cast.bank.actor, world.suite.voucher().fund_roll(2));
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([1_000, 400, 0, 0, 0], 600));
    let blank = world.blank_voucher(programme, &cast.citizen);
    world.refuses(&cast.bank.actor, world.suite.voucher().fund(blank, 1), Error::OverBudget { budget: 1_000 });
}

#[test]
fn a_roll_is_funded_and_claimed_until_just_before_its_deadline_and_closed_at_it() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let (one, two) = (List::of(&world, 1, &[100, 200]), List::of(&world, 2, &[50]));
    for list in [&one, &two] {
        list.publish(&mut world, programme);
    }
    world.chain.set_time(DEADLINE - 1);
    one.fund(&mut world);
    one.claim(&mut world, 0);
    for number in [1, 2] {
        let early = Error::Roll(RollRefusal::TooEarly { deadline: DEADLINE });
        world.refuses(&cast.stranger, world.suite.voucher().close_roll(number), early);
    }
    let late = Error::Roll(RollRefusal::TooLate { deadline: DEADLINE });
    for at in [DEADLINE, DEADLINE + 1] {
        world.chain.set_time(at);
        one.refuses(&mut world, 1, late);
        world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(2), late);
    }
    let done = world.send(&cast.stranger, world.suite.voucher().close_roll(1));
    let event = RollClosed { roll: 1, programme, returned: 200 };
    assert_eq!(world.events(&done.events), [Event::RollClosed(event)]);
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([300, 100, 0, 0, 200], 0));
    assert_eq!(credit(&mut world, &cast.bank), 200);
    let Roll { status, unclaimed: rest, .. } = roll(&mut world, 1);
    assert_eq!((status, rest), (RollStatus::Closed, Amount::ZERO));
    let closed = Error::Roll(RollRefusal::WrongStatus { status: RollStatus::Closed });
    world.refuses(&cast.stranger, world.suite.voucher().close_roll(1), closed);
    one.refuses(&mut world, 1, closed);
    let done = world.send(&cast.stranger, world.suite.voucher().close_roll(2));
    let event = RollClosed { roll: 2, programme, returned: 0 };
    assert_eq!(world.events(&done.events), [Event::RollClosed(event)], "one that was never funded");
    world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(2), closed);
    assert_eq!(books(&mut world, programme), [300, 100, 0, 0, 200]);
}

#[test]
fn an_unfunded_roll_cannot_be_claimed() {
    let (mut world, _) = stage();
    let programme = world.programme(world.terms());
    let list = List::of(&world, 1, &[5, 6]);
    list.publish(&mut world, programme);
    let refused = Error::Roll(RollRefusal::WrongStatus { status: RollStatus::Published });
    list.refuses(&mut world, 0, refused);
}

#[test]
fn an_entry_is_claimed_once() {
    let (mut world, cast) = stage();
    let (programme, list) = open_roll(&mut world, &[5, 6, 7]);
    list.claim(&mut world, 2);
    list.refuses(&mut world, 2, Error::Roll(RollRefusal::Claimed));
    let spent = list.claim(&mut world, 0);
    world.redeem(spent, 5);
    list.refuses(&mut world, 0, Error::Roll(RollRefusal::Claimed));
    list.claim(&mut world, 1);
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([18, 13, 0, 5, 0], 0));
    let own = world.suite.voucher().claim(1, list.entries[1], list.proof(1));
    world.refuses(&cast.citizen.actor, own, Error::Roll(RollRefusal::Claimed));
}

#[test]
fn an_entry_or_proof_with_anything_changed_is_not_on_the_roll() {
    let (mut world, cast) = stage();
    let (_, list) = open_roll(&mut world, &[5, 6, 7, 8, 9]);
    let (good, proof) = (list.entries[1], list.proof(1));
    let second = world.enrol("second citizen", &[Role::Citizen]);
    let not_on_roll = Error::Roll(RollRefusal::NotOnRoll);
    let changed = [
        RollEntry { index: 0, ..good },
        RollEntry { index: 4, ..good },
        RollEntry { holder: second.number, ..good },
        RollEntry { category: 1, ..good },
        RollEntry { amount: 7, ..good },
        RollEntry { expires: good.expires + 1, ..good },
    ];
    for entry in changed {
        let claim = world.suite.voucher().claim(1, entry, proof.clone());
        world.refuses(&cast.stranger, claim, not_on_roll);
    }
    let mut other = proof.clone();
    other[1][31] ^= 1;
    let too_long = [proof.clone(), vec![[0; 32]; 31]].concat();
    for proof in [vec![], proof[..2].to_vec(), proof[1..].to_vec(), other, too_long, vec![[0; 32]; 33]] {
        let claim = world.suite.voucher().claim(1, good, proof);
        world.refuses(&cast.stranger, claim, not_on_roll);
    }
    let beyond = world.suite.voucher().claim(1, RollEntry { index: 5, ..good }, proof.clone());
    world.refuses(&cast.stranger, beyond, Error::Roll(RollRefusal::NoSuchEntry { count: 5 }));
    let unknown = world.suite.voucher().claim(2, good, proof);
    world.refuses(&cast.stranger, unknown, Error::UnknownRoll { roll: 2 });
    list.claim(&mut world, 1);
}

#[test]
fn an_entry_of_another_roll_or_contract_is_not_on_this_one() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    // The same people and amounts twice, and once as another contract would hash them.
    let elsewhere = List::of(&world, 9, &[5, 6]);
    let (one, two) = (List::of(&world, 1, &[5, 6]), List::of(&world, 2, &[5, 6]));
    for list in [&one, &two] {
        list.publish(&mut world, programme);
        list.fund(&mut world);
    }
    let not_on_roll = Error::Roll(RollRefusal::NotOnRoll);
    for (number, proof) in [(1, two.proof(0)), (2, one.proof(0)), (1, elsewhere.proof(0))] {
        let claim = world.suite.voucher().claim(number, one.entries[0], proof);
        world.refuses(&cast.stranger, claim, not_on_roll);
    }
    one.claim(&mut world, 0);
    two.claim(&mut world, 0);
}

#[test]
fn the_holder_of_an_entry_must_be_an_eligible_citizen_when_it_is_claimed() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let card_ends = START + DAY;
    let wanted = Registration { identity_valid_until: card_ends, ..registration("old card", &[Role::Citizen]) };
    let old_card = world.send(&cast.government.actor, world.suite.registry().register(wanted)).value;
    let holders = [cast.citizen.number, cast.shop.number, 99, old_card];
    let entry = |(index, holder)| RollEntry { index, holder, category: 0, amount: 5, expires: DEADLINE + DAY };
    let list = List::with(&world, 1, (0..).zip(holders).map(entry).collect());
    list.publish(&mut world, programme);
    list.fund(&mut world);
    world.chain.set_time(card_ends);
    for (at, participant) in [(1, cast.shop.number), (2, 99), (3, old_card)] {
        list.refuses(&mut world, at, Error::HolderNotEligible { participant });
    }
    world.suspend(&cast.citizen);
    list.refuses(&mut world, 0, Error::HolderNotEligible { participant: cast.citizen.number });
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(cast.citizen.number));
    list.claim(&mut world, 0);
}

#[test]
fn an_entry_outside_the_programmes_terms_cannot_be_claimed() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| {
        (terms.most_per_voucher, terms.most_per_holder) = (100, 150);
    });
    let holder = cast.citizen.number;
    let soon = START + DAY;
    let rows =
        [(0, 101, DEADLINE), (4, 5, DEADLINE), (0, 0, DEADLINE), (0, 100, DEADLINE), (0, 51, DEADLINE), (0, 5, soon)];
    let entry = |(index, (category, amount, expires))| RollEntry { index, holder, category, amount, expires };
    let list = List::with(&world, 1, (0..).zip(rows).map(entry).collect());
    list.publish(&mut world, programme);
    list.fund(&mut world);
    list.refuses(&mut world, 0, Error::Voucher(VoucherRefusal::OverVoucherCap { most: 100, wanted: 101 }));
    list.refuses(&mut world, 1, Error::UnknownCategory { category: 4 });
    list.refuses(&mut world, 2, Error::Roll(RollRefusal::Amount(AmountError::Zero)));
    list.claim(&mut world, 3);
    let over = HolderRefusal::OverHolderCap { most: 150, wanted: 151 };
    list.refuses(&mut world, 4, Error::Holder(over));
    world.chain.set_time(soon);
    list.refuses(&mut world, 5, Error::Roll(RollRefusal::EntryExpired { expires: soon }));
    world.chain.set_time(DEADLINE);
    world.send(&cast.stranger, world.suite.voucher().close_roll(1));
    assert_eq!(books(&mut world, programme), [262, 100, 0, 0, 162], "what nobody could claim goes back");
}

#[test]
fn a_later_change_of_the_cap_on_a_voucher_spoils_no_roll() {
    let (mut world, cast) = stage();
    let (programme, list) = open_roll(&mut world, &[100, 200]);
    let lower = Changes { most_per_voucher: Some(150), ..Changes::default() };
    world.send(&cast.government.actor, world.suite.voucher().update_programme(programme, lower));
    let number = list.claim(&mut world, 1);
    assert_eq!(money(&mut world, number), [200, 200, 0]);
    let next = List::of(&world, 2, &[151]);
    next.publish(&mut world, programme);
    next.fund(&mut world);
    next.refuses(&mut world, 0, Error::Voucher(VoucherRefusal::OverVoucherCap { most: 150, wanted: 151 }));
}

#[test]
fn a_roll_that_promises_more_than_its_total_pays_no_more_than_that() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let list = List::of(&world, 1, &[60, 60]);
    let publish = world.suite.voucher().publish_roll(programme, list.root(), 2, 100, DEADLINE);
    world.send(&cast.government.actor, publish);
    world.bank_has(500);
    world.send(&cast.bank.actor, world.suite.voucher().fund_roll(1));
    list.claim(&mut world, 1);
    let insufficient = AmountError::Insufficient { available: 40, wanted: 60 };
    list.refuses(&mut world, 0, Error::Roll(RollRefusal::Amount(insufficient)));
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([100, 60, 0, 0, 0], 40));
}

#[test]
fn closing_the_programme_stops_claims_and_the_money_goes_back_at_the_deadline() {
    let (mut world, cast) = stage();
    let (programme, list) = open_roll(&mut world, &[5, 6]);
    let kept = list.claim(&mut world, 0);
    world.send(&cast.government.actor, world.suite.voucher().close_programme(programme));
    list.refuses(&mut world, 1, Error::ProgrammeClosed { programme });
    world.redeem(kept, 5);
    world.chain.set_time(DEADLINE);
    world.send(&cast.stranger, world.suite.voucher().close_roll(1));
    assert_eq!((books(&mut world, programme), unclaimed(&mut world, programme)), ([11, 0, 0, 5, 6], 0));
}

#[test]
fn a_roll_that_does_not_exist_is_not_funded_claimed_or_closed() {
    let (mut world, cast) = stage();
    let (_, list) = open_roll(&mut world, &[5]);
    for roll in [0, 2, u64::MAX] {
        let unknown = Error::UnknownRoll { roll };
        world.refuses(&cast.bank.actor, world.suite.voucher().fund_roll(roll), unknown);
        world.refuses(&cast.stranger, world.suite.voucher().claim(roll, list.entries[0], vec![]), unknown);
        world.refuses(&cast.stranger, world.suite.voucher().close_roll(roll), unknown);
        assert_eq!(world.ask(world.suite.voucher().roll(roll)), None);
    }
}

#[test]
fn three_hundred_entries_are_claimed_in_any_order_each_for_its_own_holder() {
    let (mut world, cast) = stage();
    let programme = world.programme(world.terms());
    let people: Vec<Person> = (0..3).map(|n| world.enrol(&format!("citizen {n}"), &[Role::Citizen])).collect();
    let entries = (0..300u64).map(|index| RollEntry {
        index,
        holder: people[index as usize % 3].number,
        category: (index % 4) as u8,
        amount: 1 + Balance::from(index),
        expires: DEADLINE + DAY,
    });
    let list = List::with(&world, 1, entries.collect());
    list.publish(&mut world, programme);
    list.fund(&mut world);
    // A step that shares no divisor with 300 visits every entry; every fifth is left unclaimed.
    let order: Vec<usize> = (0..300).map(|n| n * 77 % 300).filter(|index| index % 5 != 3).collect();
    let mut claimed = 0;
    for index in &order {
        let number = list.claim(&mut world, *index);
        let record = voucher(&mut world, number);
        assert_eq!(record.holder, people[index % 3].number);
        claimed += 1 + *index as Balance;
    }
    for index in 0..300 {
        assert_eq!(world.ask(world.suite.voucher().is_claimed(1, index)), index % 5 != 3, "{index}");
    }
    let total = list.total();
    assert_eq!(books(&mut world, programme), [total, claimed, 0, 0, 0]);
    assert_eq!(roll(&mut world, 1).claimed, order.len() as u64);
    world.chain.set_time(DEADLINE);
    world.send(&cast.stranger, world.suite.voucher().close_roll(1));
    assert_eq!(books(&mut world, programme), [total, claimed, 0, 0, total - claimed]);
}
