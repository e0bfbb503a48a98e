//! Long mixed sequences of everything that moves a programme's money, against a plain model: nothing is lost or made.

use crate::common::*;
use amanah_client::{send, Failure, Message};
use amanah_domain::{
    crypto::Native,
    ids::{RedemptionId, VoucherId},
    merkle,
    programme::USUAL_WINDOW,
    time::DAY,
};
use amanah_e2e::{Person, World, START};
use amanah_interfaces::{
    voucher::{Error, RollEntry, RollHash, Voucher, VoucherStatus},
    Balance,
};
use scale::{Decode, Encode};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// How many entries the roll has, and what each is worth.
const ENTRIES: u64 = 40;
const WORTH: Balance = 30;

struct Play {
    world: World,
    cast: Cast,
    shops: [Person; 2],
    dice: Dice,
    leaves: Vec<RollHash>,
    entries: Vec<RollEntry>,
    vouchers: Vec<VoucherId>,
    redemptions: Vec<RedemptionId>,
    /// How often each step was done.
    done: [u32; 11],
}

impl Play {
    fn new(seed: u64) -> Self {
        let (mut world, cast) = stage();
        let shops = [cast.shop.clone(), second_shop(&mut world)];
        world.programme(world.terms());
        world.bank_has(1_000_000);
        let holder = cast.citizen.number;
        let entry = |index| RollEntry { index, holder, category: 0, amount: WORTH, expires: START + 20 * DAY };
        let entries: Vec<_> = (0..ENTRIES).map(entry).collect();
        let domain = world.suite.voucher_domain();
        let leaves: Vec<_> = entries.iter().map(|entry| entry.leaf::<Native>(&domain, 1)).collect();
        let (root, total) = (merkle::root::<Native>(&leaves).unwrap(), Balance::from(ENTRIES) * WORTH);
        let publish = world.suite.voucher().publish_roll(1, root, ENTRIES, total, START + 3 * DAY);
        world.send(&cast.government.actor, publish);
        world.send(&cast.bank.actor, world.suite.voucher().fund_roll(1));
        let (vouchers, redemptions, done) = (Vec::new(), Vec::new(), [0; 11]);
        Self { world, cast, shops, dice: Dice(seed), leaves, entries, vouchers, redemptions, done }
    }

    /// Sends a message that may be refused; answers with its value if it was not.
    fn attempt<A: Encode, T: Decode>(&mut self, from: &Person, message: Message<A, Result<T, Error>>) -> Option<T> {
        match send(&mut self.world.chain, &from.actor.account(), message) {
            Ok(done) => Some(done.value),
            Err(Failure::Refused { .. }) => None,
            Err(other) => panic!("{other}"),
        }
    }

    /// One of these numbers, as often as not one of the three newest; 0 if there is none.
    fn any(&mut self, from: &[u64]) -> u64 {
        if from.is_empty() {
            return 0;
        }
        let among = if self.dice.below(2) == 0 { from.len() } else { from.len().min(3) };
        from[from.len() - 1 - self.dice.below(among)]
    }

    fn step(&mut self) {
        let kind = self.dice.below(self.done.len());
        let (government, bank) = (self.cast.government.clone(), self.cast.bank.clone());
        let holder = self.cast.citizen.clone();
        let at = self.dice.below(2);
        let (shop, amount) = (self.shops[at].clone(), 1 + self.dice.below(60) as Balance);
        let (voucher, redemption) = (self.any(&self.vouchers.clone()), self.any(&self.redemptions.clone()));
        let mut to = self.world.suite.voucher();
        let was_done = match kind {
            0 => {
                let made = self.attempt(&government, to.create(1, holder.id(), 0, None));
                self.vouchers.extend(made);
                made.is_some()
            }
            1 => self.attempt(&bank, to.fund(voucher, 10 * amount)).is_some(),
            2 | 3 => {
                let made = self.attempt(&shop, to.request(voucher, amount, 0, [0; 32]));
                self.redemptions.extend(made);
                made.is_some()
            }
            4 => {
                let stored = redemption != 0;
                stored && {
                    let proof = self.world.proof(redemption);
                    self.attempt(&shop, to.confirm(redemption, proof)).is_some()
                }
            }
            5 => self.attempt(&holder, to.cancel(redemption)).is_some(),
            6 => self.attempt(&holder, to.expire(redemption)).is_some(),
            7 => {
                let index = self.dice.below(ENTRIES as usize);
                let proof = merkle::proof::<Native>(&self.leaves, index).unwrap();
                let made = self.attempt(&holder, to.claim(1, self.entries[index], proof));
                self.vouchers.extend(made);
                made.is_some()
            }
            8 => match self.dice.below(3) {
                0 => self.attempt(&government, to.void(voucher, 1)).is_some(),
                1 => {
                    let end = START + (90 + self.dice.below(9) as u64) * DAY;
                    self.attempt(&government, to.extend(voucher, end)).is_some()
                }
                _ => match self.attempt(&government, to.freeze(voucher, 1)) {
                    Some(()) => true,
                    None => self.attempt(&government, to.unfreeze(voucher)).is_some(),
                },
            },
            9 if self.dice.below(2) == 0 => false,
            9 => {
                let by = [USUAL_WINDOW / 2, USUAL_WINDOW, DAY / 4];
                let by = by[self.dice.below(3)];
                self.world.chain.advance(by);
                true
            }
            _ => {
                let vouchers = self.vouchers.clone();
                let swept = self.attempt(&shop, to.expire_vouchers(vouchers.into_iter().rev().take(100).collect()));
                let closed = self.attempt(&shop, to.close_roll(1));
                swept.is_some_and(|rows| rows.iter().any(Result::is_ok)) || closed.is_some()
            }
        };
        self.done[kind] += u32::from(was_done);
    }

    /// Reads every voucher and redemption from the chain, and compares their sums with the programme's totals.
    fn check(&mut self) {
        let people = [self.shops[0].clone(), self.shops[1].clone(), self.cast.bank.clone()];
        let totals = self.world.check_books(1, &people.each_ref());
        let (mut available, mut reserved) = (0, 0);
        for number in self.vouchers.clone() {
            let record = voucher(&mut self.world, number);
            available += record.available.balance();
            reserved += record.reserved.balance();
            let gone = matches!(record.status, VoucherStatus::Expired | VoucherStatus::Void | VoucherStatus::Exhausted);
            assert!(!gone || record.available.is_zero(), "{record:?}");
        }
        let roll = self.world.ask(self.world.suite.voucher().roll(1)).expect("the roll is there");
        assert_eq!(totals.available.balance(), available);
        assert_eq!(totals.reserved.balance(), reserved);
        assert_eq!(totals.unclaimed, roll.unclaimed);
        let credits = people.each_ref().map(|one| credit(&mut self.world, one));
        assert_eq!(credits[0] + credits[1], totals.paid.balance(), "nobody withdrew");
        assert_eq!(credits[2], totals.returned.balance());
        assert_eq!(held(&mut self.world), totals.funded.balance(), "all that was put in is still there");
    }
}

#[test]
fn no_sequence_of_messages_loses_or_makes_money() {
    for seed in [1, 2] {
        let mut play = Play::new(seed);
        for step in 0..500 {
            play.step();
            if step % 20 == 19 {
                play.check();
            }
        }
        play.world.chain.set_time(START + 120 * DAY);
        for _ in 0..100 {
            play.step();
        }
        play.check();
        assert!(play.done.iter().all(|count| *count > 0), "each step was done: {:?}", play.done);
    }
}
