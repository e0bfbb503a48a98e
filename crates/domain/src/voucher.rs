//! The life of one voucher.
//!
//! ```text
//! Created --first funding--> Active <--freeze/unfreeze--> Frozen
//!    |                         |  \
//!    +----------expire---------+   +--all spent--> Exhausted
//!                              v
//!                           Expired        Created | Active | Frozen --void--> Void
//! ```
//! Exhausted, Expired and Void are final; Created, Active and Frozen ones can be given a later end. A voucher claimed from a
//! roll is Active at once. A reservation that is open when a voucher expires may still be spent, one of a void voucher may
//! not; what is released afterwards goes back to the bank.

use crate::{
    ids::{ParticipantId, ProgrammeId, RedemptionId, VoucherId},
    money::{Amount, AmountError, Balance},
    time::{is_before, Millis},
    wire,
};

wire! {
    /// Where a voucher stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum VoucherStatus {
        /// Its value is still blank: the bank has been asked to fund it.
        Created,
        /// It can be spent.
        Active,
        /// It is blocked: no request, no confirmation, no expiry.
        Frozen,
        /// Everything was spent.
        Exhausted,
        /// Its time is over; what was left went back to the bank.
        Expired,
        /// It was withdrawn; what was left went back to the bank.
        Void,
    }
}

wire! {
    /// How a programme's vouchers are spent.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Mode {
        /// In parts, until nothing is left.
        Balance,
        /// Whole, once.
        OneTime,
    }
}

wire! {
    /// A voucher, as it is stored: one item of 74 bytes.
    pub struct Voucher {
        /// The programme it belongs to.
        pub programme: ProgrammeId,
        /// Whose it is. Not transferable: only a re-bound participant changes its account.
        pub holder: ParticipantId,
        /// What it buys: a category's number, 0 to 31.
        pub category: u8,
        /// Where it stands.
        pub status: VoucherStatus,
        /// What it is meant to be worth: it is funded with exactly that, once; 0 for any sum up to the programme's cap.
        pub face: Amount,
        /// All that the bank has put in.
        pub funded: Amount,
        /// What can be requested.
        pub available: Amount,
        /// What open redemptions hold.
        pub reserved: Amount,
        /// Until when it can be requested (milliseconds).
        pub expires: Millis,
        /// The same holder's voucher before this one; 0 for the first.
        pub previous: VoucherId,
        /// The newest redemption of it whose record is stored; the others follow by `links`. 0 for none.
        pub latest: RedemptionId,
    }
}

wire! {
    /// Why something cannot be done with a voucher.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum VoucherRefusal {
        /// Its value is still blank.
        NotFunded,
        /// It does not stand as this needs.
        WrongStatus {
            /// Where it stands.
            status: VoucherStatus,
        },
        /// Its time is over.
        Expired {
            /// When it ended (milliseconds).
            expires: Millis,
        },
        /// Its time is not over yet.
        NotExpired {
            /// When it ends (milliseconds).
            expires: Millis,
        },
        /// It buys another category.
        WrongCategory {
            /// What it buys.
            category: u8,
            /// What was asked for.
            wanted: u8,
        },
        /// More than there is, nothing, or too much to count.
        Amount(AmountError),
        /// More than a voucher of this programme may be worth.
        OverVoucherCap {
            /// The most.
            most: Balance,
            /// What it would be worth.
            wanted: Balance,
        },
        /// A one-time voucher is spent whole.
        NotWhole {
            /// Its value.
            value: Balance,
        },
        /// It is funded with exactly what it is meant to be worth, once.
        NotFace {
            /// What it is meant to be worth.
            face: Balance,
        },
        /// It ends at that time or later anyway.
        NotLater {
            /// When it ends (milliseconds).
            expires: Millis,
        },
        /// A one-time voucher, of which something is reserved or spent, takes no more.
        InUse {
            /// What it is worth.
            value: Balance,
        },
    }
}

impl From<AmountError> for VoucherRefusal {
    fn from(error: AmountError) -> Self {
        VoucherRefusal::Amount(error)
    }
}

/// Money that leaves a voucher and goes back to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The voucher afterwards.
    pub voucher: Voucher,
    /// What goes back to the bank's credit; the rest became available again.
    pub returned: Amount,
}

impl Voucher {
    /// A blank voucher, meant to be worth `face` (0 for any sum).
    pub fn blank(
        programme: ProgrammeId,
        holder: ParticipantId,
        category: u8,
        face: Amount,
        expires: Millis,
        previous: VoucherId,
    ) -> Self {
        Self {
            programme,
            holder,
            category,
            status: VoucherStatus::Created,
            face,
            funded: Amount::ZERO,
            available: Amount::ZERO,
            reserved: Amount::ZERO,
            expires,
            previous,
            latest: 0,
        }
    }

    /// The bank puts `amount` in; `most` is the programme's cap on a voucher.
    ///
    /// # Errors
    /// `WrongStatus` unless Created or Active, `Expired`, `NotFace`, `OverVoucherCap`, `InUse`, `Amount`.
    pub fn fund(self, amount: Amount, most: Amount, mode: Mode, now: Millis) -> Result<Self, VoucherRefusal> {
        if !matches!(self.status, VoucherStatus::Created | VoucherStatus::Active) {
            return Err(VoucherRefusal::WrongStatus { status: self.status });
        }
        self.must_be_in_time(now)?;
        let funded = self.funded.plus(amount)?;
        if !self.face.is_zero() && funded != self.face {
            return Err(VoucherRefusal::NotFace { face: self.face.balance() });
        }
        if funded > most {
            return Err(VoucherRefusal::OverVoucherCap { most: most.balance(), wanted: funded.balance() });
        }
        // It is only spent whole, so that nobody could spend what is added to the rest of it.
        if mode == Mode::OneTime && self.available != self.funded {
            return Err(VoucherRefusal::InUse { value: self.funded.balance() });
        }
        Ok(Self { status: VoucherStatus::Active, funded, available: self.available.plus(amount)?, ..self })
    }

    /// A shop asks to spend `amount` on goods of `category`: it is reserved (paper V, RedeemVoucher: amount <= balance,
    /// not expired).
    ///
    /// # Errors
    /// `NotFunded`, `WrongStatus`, `Expired`, `WrongCategory`, `NotWhole`, `Amount`.
    pub fn reserve(self, amount: Amount, category: u8, mode: Mode, now: Millis) -> Result<Self, VoucherRefusal> {
        match self.status {
            VoucherStatus::Active => {}
            VoucherStatus::Created => return Err(VoucherRefusal::NotFunded),
            VoucherStatus::Expired => return Err(VoucherRefusal::Expired { expires: self.expires }),
            status => return Err(VoucherRefusal::WrongStatus { status }),
        }
        self.must_be_in_time(now)?;
        if category != self.category {
            return Err(VoucherRefusal::WrongCategory { category: self.category, wanted: category });
        }
        let available = self.available.minus(amount)?;
        if mode == Mode::OneTime && amount != self.funded {
            return Err(VoucherRefusal::NotWhole { value: self.funded.balance() });
        }
        Ok(Self { available, reserved: self.reserved.plus(amount)?, ..self })
    }

    /// A reservation is confirmed: `amount` leaves the voucher for good. One that was open at the voucher's end may still
    /// finish.
    ///
    /// # Errors
    /// `WrongStatus` unless Active or Expired, `Amount`.
    pub fn spend(self, amount: Amount) -> Result<Self, VoucherRefusal> {
        let reserved = self.reserved.minus(amount)?;
        let status = match self.status {
            VoucherStatus::Active if reserved.is_zero() && self.available.is_zero() => VoucherStatus::Exhausted,
            VoucherStatus::Active | VoucherStatus::Expired => self.status,
            status => return Err(VoucherRefusal::WrongStatus { status }),
        };
        Ok(Self { reserved, status, ..self })
    }

    /// A reservation ends unspent: available again, or, if the voucher has ended meanwhile, back to the bank. Never
    /// blocked, since it only gives back.
    ///
    /// # Errors
    /// `Amount` when less is reserved.
    pub fn release(self, amount: Amount) -> Result<Released, VoucherRefusal> {
        let reserved = self.reserved.minus(amount)?;
        if matches!(self.status, VoucherStatus::Expired | VoucherStatus::Void) {
            return Ok(Released { voucher: Self { reserved, ..self }, returned: amount });
        }
        let available = self.available.plus(amount)?;
        Ok(Released { voucher: Self { reserved, available, ..self }, returned: Amount::ZERO })
    }

    /// The voucher's time is over: what is available goes back to the bank.
    ///
    /// # Errors
    /// `WrongStatus` unless Created or Active, `NotExpired`.
    pub fn expire(self, now: Millis) -> Result<Released, VoucherRefusal> {
        if !matches!(self.status, VoucherStatus::Created | VoucherStatus::Active) {
            return Err(VoucherRefusal::WrongStatus { status: self.status });
        }
        if is_before(now, self.expires) {
            return Err(VoucherRefusal::NotExpired { expires: self.expires });
        }
        let returned = self.available;
        Ok(Released { voucher: Self { status: VoucherStatus::Expired, available: Amount::ZERO, ..self }, returned })
    }

    /// The voucher is withdrawn: what is available goes back to the bank. Open redemptions cannot be confirmed any more;
    /// what they hold goes to the bank when they end.
    ///
    /// # Errors
    /// `WrongStatus` unless Created, Active or Frozen.
    pub fn void(self) -> Result<Released, VoucherRefusal> {
        self.must_live()?;
        let returned = self.available;
        Ok(Released { voucher: Self { status: VoucherStatus::Void, available: Amount::ZERO, ..self }, returned })
    }

    /// The voucher ends later, at `expires`. One whose time is over, and that nobody has ended yet, lives again.
    ///
    /// # Errors
    /// `WrongStatus` unless Created, Active or Frozen, `NotLater`.
    pub fn extend(self, expires: Millis) -> Result<Self, VoucherRefusal> {
        self.must_live()?;
        match expires > self.expires {
            true => Ok(Self { expires, ..self }),
            false => Err(VoucherRefusal::NotLater { expires: self.expires }),
        }
    }

    /// Has it come to its end, so that nothing is ever requested of it again?
    pub fn has_ended(&self) -> bool {
        matches!(self.status, VoucherStatus::Exhausted | VoucherStatus::Expired | VoucherStatus::Void)
    }

    /// Blocks the voucher; its balance is kept.
    ///
    /// # Errors
    /// `WrongStatus` unless Active.
    pub fn freeze(self) -> Result<Self, VoucherRefusal> {
        self.step(VoucherStatus::Active, VoucherStatus::Frozen)
    }

    /// Unblocks the voucher.
    ///
    /// # Errors
    /// `WrongStatus` unless Frozen.
    pub fn unfreeze(self) -> Result<Self, VoucherRefusal> {
        self.step(VoucherStatus::Frozen, VoucherStatus::Active)
    }

    fn step(self, from: VoucherStatus, to: VoucherStatus) -> Result<Self, VoucherRefusal> {
        if self.status == from {
            Ok(Self { status: to, ..self })
        } else {
            Err(VoucherRefusal::WrongStatus { status: self.status })
        }
    }

    fn must_live(&self) -> Result<(), VoucherRefusal> {
        match self.status {
            VoucherStatus::Created | VoucherStatus::Active | VoucherStatus::Frozen => Ok(()),
            status => Err(VoucherRefusal::WrongStatus { status }),
        }
    }

    fn must_be_in_time(&self, now: Millis) -> Result<(), VoucherRefusal> {
        if is_before(now, self.expires) {
            Ok(())
        } else {
            Err(VoucherRefusal::Expired { expires: self.expires })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scale::Encode;

    const END: Millis = 1_000;
    const MOST: Amount = Amount::new(10_000);

    fn blank() -> Voucher {
        Voucher::blank(1, 2, 3, Amount::ZERO, END, 0)
    }

    fn funded(amount: u64) -> Voucher {
        blank().fund(Amount::new(amount), MOST, Mode::Balance, 0).unwrap()
    }

    fn reserve(voucher: Voucher, amount: u64, now: Millis) -> Result<Voucher, VoucherRefusal> {
        voucher.reserve(Amount::new(amount), 3, Mode::Balance, now)
    }

    #[test]
    fn a_stored_voucher_takes_74_bytes() {
        assert_eq!(funded(5).encode().len(), 74);
    }

    #[test]
    fn a_blank_voucher_cannot_be_spent() {
        assert_eq!(reserve(blank(), 1, 0), Err(VoucherRefusal::NotFunded));
    }

    #[test]
    fn a_request_is_open_until_just_before_the_end_and_closed_at_it() {
        assert!(reserve(funded(5), 1, END - 1).is_ok());
        assert_eq!(reserve(funded(5), 1, END), Err(VoucherRefusal::Expired { expires: END }));
        assert_eq!(reserve(funded(5), 1, END + 1), Err(VoucherRefusal::Expired { expires: END }));
    }

    #[test]
    fn expiry_is_refused_just_before_the_end_and_done_at_it() {
        assert_eq!(funded(5).expire(END - 1), Err(VoucherRefusal::NotExpired { expires: END }));
        let gone = funded(5).expire(END).unwrap();
        assert_eq!((gone.voucher.status, gone.returned), (VoucherStatus::Expired, Amount::new(5)));
        assert!(gone.voucher.available.is_zero());
        assert!(gone.voucher.clone().expire(END).is_err(), "only once");
        assert_eq!(
            reserve(gone.voucher, 1, 0),
            Err(VoucherRefusal::Expired { expires: END }),
            "not even with an earlier clock"
        );
    }

    #[test]
    fn funding_stops_at_the_cap_at_the_end_and_out_of_created_and_active() {
        assert_eq!(
            funded(10_000).fund(Amount::new(1), MOST, Mode::Balance, 0),
            Err(VoucherRefusal::OverVoucherCap { most: 10_000, wanted: 10_001 })
        );
        assert_eq!(
            blank().fund(Amount::new(1), MOST, Mode::Balance, END),
            Err(VoucherRefusal::Expired { expires: END })
        );
        assert!(blank().fund(Amount::new(1), MOST, Mode::Balance, END - 1).is_ok());
        let frozen = funded(5).freeze().unwrap();
        assert_eq!(
            frozen.fund(Amount::new(1), MOST, Mode::Balance, 0),
            Err(VoucherRefusal::WrongStatus { status: VoucherStatus::Frozen })
        );
    }

    #[test]
    fn a_voucher_with_a_face_is_funded_with_exactly_that_and_once() {
        let blank = Voucher::blank(1, 2, 3, Amount::new(50), END, 0);
        let fund = |voucher: &Voucher, amount| voucher.clone().fund(Amount::new(amount), MOST, Mode::Balance, 0);
        let refused = Err(VoucherRefusal::NotFace { face: 50 });
        for other in [1, 49, 51, 20_000] {
            assert_eq!(fund(&blank, other), refused);
        }
        let funded = fund(&blank, 50).unwrap();
        assert_eq!((funded.status, funded.available), (VoucherStatus::Active, Amount::new(50)));
        for more in [1, 50] {
            assert_eq!(fund(&funded, more), refused);
        }
    }

    #[test]
    fn a_void_voucher_gives_back_what_is_available_at_once_and_what_is_held_when_it_is_released() {
        let void = reserve(funded(5), 2, 0).unwrap().void().unwrap();
        assert_eq!((void.voucher.status, void.returned), (VoucherStatus::Void, Amount::new(3)));
        assert!(void.voucher.available.is_zero());
        let refused = VoucherRefusal::WrongStatus { status: VoucherStatus::Void };
        assert_eq!(void.voucher.clone().spend(Amount::new(2)), Err(refused));
        assert_eq!(reserve(void.voucher.clone(), 1, 0), Err(refused));
        assert_eq!(void.voucher.clone().fund(Amount::new(1), MOST, Mode::Balance, 0), Err(refused));
        assert_eq!(void.voucher.clone().expire(END), Err(refused));
        assert_eq!(void.voucher.clone().freeze(), Err(refused));
        let released = void.voucher.release(Amount::new(2)).unwrap();
        assert_eq!((released.returned, released.voucher.reserved), (Amount::new(2), Amount::ZERO));
    }

    /// A voucher in each status: first those that live, then those that ended.
    fn each_status() -> ([Voucher; 3], [Voucher; 3]) {
        let exhausted = reserve(funded(5), 5, 0).unwrap().spend(Amount::new(5)).unwrap();
        let expired = funded(5).expire(END).unwrap().voucher;
        let void = funded(5).void().unwrap().voucher;
        ([blank(), funded(5), funded(5).freeze().unwrap()], [exhausted, expired, void])
    }

    #[test]
    fn a_voucher_that_lives_is_voided_or_extended_and_one_that_ended_is_not() {
        let (living, ended) = each_status();
        for voucher in living {
            assert!(!voucher.has_ended());
            let later = voucher.clone().extend(END + 1).unwrap();
            assert_eq!(later, Voucher { expires: END + 1, ..voucher.clone() });
            assert_eq!(voucher.clone().void().unwrap().voucher.status, VoucherStatus::Void);
            for early in [0, END - 1, END] {
                assert_eq!(voucher.clone().extend(early), Err(VoucherRefusal::NotLater { expires: END }));
            }
        }
        for voucher in ended {
            assert!(voucher.has_ended());
            let refused = VoucherRefusal::WrongStatus { status: voucher.status };
            assert_eq!(voucher.clone().extend(END + 1), Err(refused));
            assert_eq!(voucher.void(), Err(refused));
        }
    }

    #[test]
    fn another_category_is_refused() {
        assert_eq!(
            funded(5).reserve(Amount::new(1), 4, Mode::Balance, 0),
            Err(VoucherRefusal::WrongCategory { category: 3, wanted: 4 })
        );
    }

    #[test]
    fn more_than_is_available_is_refused_with_both_figures() {
        let voucher = reserve(funded(5), 3, 0).unwrap();
        assert_eq!(
            reserve(voucher, 3, 0),
            Err(VoucherRefusal::Amount(AmountError::Insufficient { available: 2, wanted: 3 }))
        );
    }

    #[test]
    fn a_one_time_voucher_is_spent_whole_and_once() {
        let spend = |voucher: Voucher, amount| voucher.reserve(Amount::new(amount), 3, Mode::OneTime, 0);
        assert_eq!(spend(funded(5), 4), Err(VoucherRefusal::NotWhole { value: 5 }));
        let whole = spend(funded(5), 5).unwrap();
        assert!(spend(whole.clone(), 5).is_err());
        assert_eq!(whole.spend(Amount::new(5)).unwrap().status, VoucherStatus::Exhausted);
    }

    #[test]
    fn a_one_time_voucher_takes_more_until_it_is_asked_for_and_again_once_nothing_of_it_is_held() {
        let more = |voucher: &Voucher| voucher.clone().fund(Amount::new(300), MOST, Mode::OneTime, 0);
        let spend = |voucher: &Voucher, amount| voucher.clone().reserve(Amount::new(amount), 3, Mode::OneTime, 0);
        let voucher = more(&blank()).unwrap();
        let voucher = more(&voucher).unwrap();
        assert_eq!((voucher.funded, voucher.available), (Amount::new(600), Amount::new(600)));
        let held = spend(&voucher, 600).unwrap();
        assert_eq!(more(&held), Err(VoucherRefusal::InUse { value: 600 }));
        let free = held.clone().release(Amount::new(600)).unwrap().voucher;
        assert_eq!(spend(&more(&free).unwrap(), 900).unwrap().reserved, Amount::new(900));
        // One that is spent in parts takes more at any time.
        assert!(held.clone().fund(Amount::new(300), MOST, Mode::Balance, 0).is_ok());
        let used = VoucherRefusal::WrongStatus { status: VoucherStatus::Exhausted };
        assert_eq!(more(&held.spend(Amount::new(600)).unwrap()), Err(used));
    }

    #[test]
    fn a_frozen_voucher_blocks_request_confirmation_and_expiry_and_keeps_its_balance() {
        let frozen = reserve(funded(5), 2, 0).unwrap().freeze().unwrap();
        let refused = VoucherRefusal::WrongStatus { status: VoucherStatus::Frozen };
        assert_eq!(reserve(frozen.clone(), 1, 0), Err(refused));
        assert_eq!(frozen.clone().spend(Amount::new(2)), Err(refused));
        assert_eq!(frozen.clone().expire(END), Err(refused));
        assert_eq!(frozen.clone().freeze(), Err(refused));
        let released = frozen.clone().release(Amount::new(2)).unwrap();
        assert_eq!((released.voucher.available, released.returned), (Amount::new(5), Amount::ZERO));
        assert_eq!(frozen.unfreeze().unwrap().status, VoucherStatus::Active);
        assert_eq!(funded(5).unfreeze(), Err(VoucherRefusal::WrongStatus { status: VoucherStatus::Active }));
    }

    #[test]
    fn a_redemption_open_at_the_end_may_still_be_spent_or_goes_back_to_the_bank() {
        let ended = reserve(funded(5), 2, 0).unwrap().expire(END).unwrap();
        assert_eq!(ended.returned, Amount::new(3));
        let spent = ended.voucher.clone().spend(Amount::new(2)).unwrap();
        assert_eq!((spent.status, spent.reserved), (VoucherStatus::Expired, Amount::ZERO));
        let released = ended.voucher.release(Amount::new(2)).unwrap();
        assert_eq!((released.returned, released.voucher.available), (Amount::new(2), Amount::ZERO));
    }

    #[test]
    fn a_voucher_is_exhausted_only_when_nothing_is_available_or_reserved() {
        let voucher = reserve(reserve(funded(5), 3, 0).unwrap(), 2, 0).unwrap();
        let voucher = voucher.spend(Amount::new(3)).unwrap();
        assert_eq!(voucher.status, VoucherStatus::Active);
        assert_eq!(voucher.spend(Amount::new(2)).unwrap().status, VoucherStatus::Exhausted);
    }

    proptest! {
        /// A one-time voucher is spent whole or not at all: whatever is done, what can be asked for is all of it, or nothing.
        #[test]
        fn no_part_of_a_one_time_voucher_is_ever_stranded(steps in proptest::collection::vec((0u8..4, 1u64..50), 0..40)) {
            let mut voucher = blank();
            for (kind, amount) in steps {
                let (before, amount) = (voucher.clone(), Amount::new(amount));
                let whole = before.available.max(before.reserved);
                let next = match kind {
                    0 => before.fund(amount, MOST, Mode::OneTime, 0),
                    1 => before.reserve(whole, 3, Mode::OneTime, 0),
                    2 => before.release(whole).map(|released| released.voucher),
                    _ if amount.balance() < 10 => before.spend(whole),
                    _ => before.reserve(amount, 3, Mode::OneTime, 0),
                };
                voucher = next.unwrap_or(voucher);
                prop_assert!(voucher.available.is_zero() || voucher.available == voucher.funded);
            }
        }

        /// funded = available + reserved + spent + returned after every step, and final states stay.
        #[test]
        fn no_sequence_of_steps_loses_or_makes_money(steps in proptest::collection::vec((0u8..10, 0u64..50, 0u64..2 * END), 0..80)) {
            let (mut voucher, mut spent, mut returned) = (blank(), 0u128, 0u128);
            for (kind, amount, now) in steps {
                let before = voucher.clone();
                let amount = Amount::new(amount);
                let next = match kind {
                    0 => before.clone().fund(amount, MOST, Mode::Balance, now),
                    1 | 2 => before.clone().reserve(amount, 3, Mode::Balance, now),
                    3 => before.clone().spend(amount).inspect(|_| spent += amount.balance()),
                    4 => before.clone().release(amount).map(|r| { returned += r.returned.balance(); r.voucher }),
                    5 => before.clone().expire(now).map(|r| { returned += r.returned.balance(); r.voucher }),
                    6 => before.clone().extend(now),
                    7 if amount.balance() < 5 => {
                        before.clone().void().map(|r| { returned += r.returned.balance(); r.voucher })
                    }
                    _ => before.clone().freeze().or_else(|_| before.clone().unfreeze()),
                };
                if let Ok(next) = next {
                    voucher = next;
                }
                if before.has_ended() {
                    prop_assert_eq!(voucher.status, before.status);
                }
                prop_assert_eq!(
                    voucher.funded.balance(),
                    voucher.available.balance() + voucher.reserved.balance() + spent + returned
                );
            }
        }
    }
}
