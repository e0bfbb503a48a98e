//! Vouchers: programmes, issue, redemption, settlement.

use crate::{AccountId, Balance, Timestamp};
pub use amanah_domain::{
    bundle::Denomination,
    layout::{RollEntry, RollHash},
    member::{HolderRefusal, Member},
    programme::{Category, Programme, TermsRefusal, Totals},
    redemption::{
        Attestation, Links, Neighbours, Proof, ProofRefusal, Redemption, RedemptionRefusal, RedemptionStatus, Standing,
    },
    roll::{Roll, RollRefusal, RollStatus},
    shop::{ShopRecord, ShopRefusal},
    voucher::{Mode, Voucher as VoucherRecord, VoucherRefusal, VoucherStatus},
};
use amanah_domain::{
    ids::{ParticipantId, ProgrammeId, RedemptionId, RollId, VoucherId},
    money::AmountError,
    wire,
};
use ink::prelude::vec::Vec;

wire! {
    /// The terms of a new programme.
    pub struct Terms {
        /// The account of the bank whose money it spends.
        pub bank: AccountId,
        /// What its vouchers may buy: category numbers from 0 to 31.
        pub categories: Vec<Category>,
        /// How its vouchers are spent: in parts, or whole and once.
        pub mode: Mode,
        /// How long a voucher lives unless its creator says otherwise (milliseconds).
        pub life: Timestamp,
        /// How long a redemption stays open, one second to one day (milliseconds); usually ten minutes.
        pub window: Timestamp,
        /// The most that one voucher may be worth.
        pub most_per_voucher: Balance,
        /// The most that the bank may put into all of its vouchers together.
        pub budget: Balance,
        /// The accounts of the participants whose attestations count, one to eight.
        pub attestors: Vec<AccountId>,
        /// How many distinct ones a confirmation needs.
        pub attestors_needed: u8,
        /// May a holder confirm by its own signature instead?
        pub holder_signature: bool,
        /// Must a shop be admitted, with what it may sell and a daily cap?
        pub admitted_shops_only: bool,
        /// The most that one holder's vouchers may be funded with, all together; 0 for no limit.
        pub most_per_holder: Balance,
        /// The vouchers of the bundle that a holder gets once; they must add up to `bundle_value`. Empty for no bundles.
        pub denominations: Vec<Denomination>,
        /// What a bundle is worth; 0 for no bundles.
        pub bundle_value: Balance,
        /// May anybody create an eligible holder's bundle, not only the owner and issuers?
        pub universal: bool,
        /// Does a holder redeem once at each payment operator or shop (with each card) in the whole programme?
        pub per_card: bool,
    }
}

wire! {
    /// What changes of a programme; what is not given stays. Bank, categories, mode, caps on holders, bundles and the ways
    /// of redeeming never change.
    #[derive(Default)]
    pub struct Changes {
        /// The most that the bank may put in, not less than it has put in.
        pub budget: Option<Balance>,
        /// The most that one voucher may be worth, not less than the largest denomination.
        pub most_per_voucher: Option<Balance>,
        /// How long a voucher made from now on lives (milliseconds).
        pub life: Option<Timestamp>,
        /// How long a redemption requested from now on stays open (milliseconds).
        pub window: Option<Timestamp>,
        /// The accounts of the participants whose attestations count, one to eight.
        pub attestors: Option<Vec<AccountId>>,
        /// How many distinct ones a confirmation needs.
        pub attestors_needed: Option<u8>,
        /// May a holder confirm by its own signature instead?
        pub holder_signature: Option<bool>,
    }
}

wire! {
    /// A blank voucher to be created.
    pub struct NewVoucher {
        /// The account of the person whose it is.
        pub holder: AccountId,
        /// What it buys.
        pub category: Category,
        /// When it ends (milliseconds); none means after the programme's usual life.
        pub expires: Option<Timestamp>,
    }
}

wire! {
    /// Money for a voucher.
    pub struct Funding {
        /// The voucher.
        pub voucher: VoucherId,
        /// How much.
        pub amount: Balance,
    }
}

wire! {
    /// A shop to be admitted to a programme.
    pub struct Admission {
        /// The shop's account.
        pub shop: AccountId,
        /// What it may sell, out of the programme's categories.
        pub categories: Vec<Category>,
        /// The most it may be paid a day; 0 for no limit.
        pub daily_cap: Balance,
    }
}

wire! {
    /// Why the voucher contract refuses.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The caller may not do this.
        NotAllowed,
        /// The contract is paused: no new business.
        Paused,
        /// The registry does not answer, so the answer is no.
        RegistryUnavailable,
        /// The ledger does not answer, so the answer is no.
        LedgerUnavailable,
        /// The ledger refuses.
        Ledger(crate::ledger::Error),
        /// Nobody is registered under this account.
        UnknownParticipant {
            /// The account.
            account: AccountId,
        },
        /// The account's participant is not active, or does not hold the role that this needs.
        WrongRole {
            /// The account.
            account: AccountId,
        },
        /// The holder cannot get a benefit (not an active citizen, blacklisted, or its identity card is out of date), or
        /// cannot spend one (not active).
        HolderNotEligible {
            /// The holder.
            participant: ParticipantId,
        },
        /// There is no such programme.
        UnknownProgramme {
            /// The number.
            programme: ProgrammeId,
        },
        /// There is no such voucher.
        UnknownVoucher {
            /// The number.
            voucher: VoucherId,
        },
        /// There is no such redemption, or its record was cleared.
        UnknownRedemption {
            /// The number.
            redemption: RedemptionId,
        },
        /// The voucher belongs to another programme.
        OtherProgramme {
            /// The programme that it belongs to.
            programme: ProgrammeId,
        },
        /// A term of the programme makes no sense.
        Terms(TermsRefusal),
        /// The programme does not have this category.
        UnknownCategory {
            /// The category.
            category: Category,
        },
        /// The voucher's end is not in the future, or not a plausible time in milliseconds.
        BadExpiry {
            /// The time given.
            expires: Timestamp,
        },
        /// The programme's budget would be passed.
        OverBudget {
            /// The budget.
            budget: Balance,
        },
        /// The voucher does not allow this.
        Voucher(VoucherRefusal),
        /// The redemption does not allow this.
        Redemption(RedemptionRefusal),
        /// The shop cannot be paid.
        Shop(ShopRefusal),
        /// The proof does not count.
        Proof(ProofRefusal),
        /// There is less than is to move, nothing is to move, or it is too much to count.
        Amount(AmountError),
        /// More rows than one message takes.
        TooManyRows {
            /// The most.
            most: u32,
            /// How many were given.
            given: u32,
        },
        /// What is stored cannot be read: the contract is broken, please report it.
        Corrupted,
        /// The programme is closed: no new vouchers, money or rolls.
        ProgrammeClosed {
            /// The programme.
            programme: ProgrammeId,
        },
        /// The programme has no bundles.
        NoBundle {
            /// The programme.
            programme: ProgrammeId,
        },
        /// The holder cannot have more of this programme.
        Holder(HolderRefusal),
        /// There is no such roll.
        UnknownRoll {
            /// The number.
            roll: RollId,
        },
        /// The roll does not allow this.
        Roll(RollRefusal),
    }
}

impl From<crate::ledger::Unmoved> for Error {
    fn from(reason: crate::ledger::Unmoved) -> Self {
        match reason {
            crate::ledger::Unmoved::Unavailable => Error::LedgerUnavailable,
            crate::ledger::Unmoved::Refused(refusal) => Error::Ledger(refusal),
        }
    }
}

impl From<AmountError> for Error {
    fn from(error: AmountError) -> Self {
        Error::Amount(error)
    }
}

impl From<VoucherRefusal> for Error {
    fn from(refusal: VoucherRefusal) -> Self {
        Error::Voucher(refusal)
    }
}

impl From<RedemptionRefusal> for Error {
    fn from(refusal: RedemptionRefusal) -> Self {
        Error::Redemption(refusal)
    }
}

impl From<ShopRefusal> for Error {
    fn from(refusal: ShopRefusal) -> Self {
        Error::Shop(refusal)
    }
}

impl From<HolderRefusal> for Error {
    fn from(refusal: HolderRefusal) -> Self {
        Error::Holder(refusal)
    }
}

impl From<RollRefusal> for Error {
    fn from(refusal: RollRefusal) -> Self {
        Error::Roll(refusal)
    }
}

impl From<ProofRefusal> for Error {
    fn from(refusal: ProofRefusal) -> Self {
        Error::Proof(refusal)
    }
}

/// A programme was created.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeCreated {
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// Its terms, as they are stored.
    pub terms: Programme,
    /// Its bundle; empty for none.
    pub denominations: Vec<Denomination>,
}

/// A programme's owner changed its terms.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeUpdated {
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// All its terms, as they are stored now.
    pub terms: Programme,
}

/// A programme was closed: no new vouchers, money or rolls.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeClosed {
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
}

/// A participant or contract may create vouchers of a programme, or no longer may.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerSet {
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// The issuer.
    #[ink(topic)]
    pub issuer: AccountId,
    /// May it now?
    pub allowed: bool,
}

/// A shop was admitted to a programme, or its terms changed.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopAdmitted {
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// The shop.
    #[ink(topic)]
    pub shop: ParticipantId,
    /// What it may sell and how much a day.
    pub record: ShopRecord,
}

/// A blank voucher was created; the bank is asked to fund it.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingRequested {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The bank.
    #[ink(topic)]
    pub bank: ParticipantId,
    /// The programme.
    pub programme: ProgrammeId,
    /// Whose it is.
    pub holder: ParticipantId,
    /// What it buys.
    pub category: Category,
    /// What it is meant to be worth: the bank funds it with exactly that; 0 for any sum.
    pub face: Balance,
    /// When it ends (milliseconds).
    pub expires: Timestamp,
}

/// A holder got its bundle; a `FundingRequested` for each of its vouchers came before.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleCreated {
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// Whose it is.
    #[ink(topic)]
    pub holder: ParticipantId,
    /// Its first voucher; the others have the numbers after it.
    pub first: VoucherId,
    /// How many vouchers it has.
    pub count: u32,
}

/// The bank funded a voucher.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherFunded {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// How much.
    pub amount: Balance,
}

/// The owner published a roll; the bank is asked to fund it.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollPublished {
    /// The roll.
    #[ink(topic)]
    pub roll: RollId,
    /// The bank.
    #[ink(topic)]
    pub bank: ParticipantId,
    /// The programme.
    pub programme: ProgrammeId,
    /// The root of its tree.
    pub root: RollHash,
    /// How many entries it has.
    pub count: u64,
    /// What they come to.
    pub total: Balance,
    /// Until when it can be funded and claimed (milliseconds).
    pub deadline: Timestamp,
}

/// The bank funded a roll in full: it can be claimed.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollFunded {
    /// The roll.
    #[ink(topic)]
    pub roll: RollId,
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// How much.
    pub total: Balance,
}

/// An entry of a roll was claimed: its holder has a funded voucher.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollClaimed {
    /// The roll.
    #[ink(topic)]
    pub roll: RollId,
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The programme.
    pub programme: ProgrammeId,
    /// What the roll says: place, holder, category, amount and end.
    pub entry: RollEntry,
}

/// A roll's time was over.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollClosed {
    /// The roll.
    #[ink(topic)]
    pub roll: RollId,
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// How much nobody had claimed, which went back to the bank.
    pub returned: Balance,
}

/// A shop asked to spend from a voucher: the amount is reserved.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedemptionRequested {
    /// The redemption.
    #[ink(topic)]
    pub redemption: RedemptionId,
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The shop.
    pub shop: ParticipantId,
    /// The account that it asked from.
    pub account: AccountId,
    /// How much.
    pub amount: Balance,
    /// Until when it can be confirmed (milliseconds).
    pub expires: Timestamp,
    /// A hash over the items, made by the shop with a salt of its own.
    pub items: [u8; 32],
}

/// A redemption was confirmed: the voucher is down, the shop is up.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedemptionConfirmed {
    /// The redemption.
    #[ink(topic)]
    pub redemption: RedemptionId,
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The shop.
    pub shop: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// A redemption ended unconfirmed: what it held is available again, or went back to the bank.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedemptionEnded {
    /// The redemption.
    #[ink(topic)]
    pub redemption: RedemptionId,
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// `Cancelled` or `Expired`.
    pub status: RedemptionStatus,
    /// How much was held.
    pub amount: Balance,
    /// How much of it went back to the bank.
    pub returned: Balance,
}

/// The record of an ended redemption was cleared.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedemptionCleared {
    /// The redemption.
    #[ink(topic)]
    pub redemption: RedemptionId,
}

/// A voucher's time was over.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherExpired {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// How much went back to the bank.
    pub returned: Balance,
}

/// A voucher was blocked.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherFrozen {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The reason's code.
    pub reason: u16,
}

/// A voucher was unblocked.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherUnfrozen {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
}

/// A voucher was withdrawn. What open redemptions still hold goes to the bank when they end.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherVoided {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// The programme.
    #[ink(topic)]
    pub programme: ProgrammeId,
    /// The reason's code.
    pub reason: u16,
    /// How much went back to the bank at once.
    pub returned: Balance,
}

/// A voucher ends later than it was to.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherExtended {
    /// The voucher.
    #[ink(topic)]
    pub voucher: VoucherId,
    /// When it ends now (milliseconds).
    pub expires: Timestamp,
}

/// Somebody moved its credit to its digital account.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditWithdrawn {
    /// Whose credit.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// The bank whose money it is.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// Vouchers for social assistance. Government creates a programme and blank vouchers, the bank funds them, shops request
/// redemptions, and a proof of the holder's consent confirms them.
///
/// Per programme, at all times: funded = unclaimed + available + reserved + paid + returned.
#[ink::trait_definition]
pub trait Voucher {
    /// A voucher: whose it is, what it buys, what is left, until when. Anyone may ask.
    #[ink(message)]
    fn voucher(&self, id: VoucherId) -> Option<VoucherRecord>;

    /// Creates a programme that the caller owns; answers with its number. Government. The denominations of its bundle, if
    /// it has one, must add up to the bundle's value: at most fifty vouchers, none above the most per voucher, together not
    /// above the most per holder.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownParticipant`, `WrongRole` (the bank, an attestor), `Terms`, `Amount`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `ProgrammeCreated`.
    #[ink(message)]
    fn create_programme(&mut self, terms: Terms) -> Result<ProgrammeId, Error>;

    /// Changes terms that no voucher already made loses by: budget (not below what was put in), most per voucher (not below
    /// a denomination), life, window, attestors, and whether holders may sign; who may attest counts for open redemptions too,
    /// from now on. All else stays. Closed programmes too. The programme's owner.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownProgramme`, `UnknownParticipant`, `WrongRole` (an attestor), `Terms`, `Amount`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `ProgrammeUpdated`, if anything changed.
    #[ink(message)]
    fn update_programme(&mut self, programme: ProgrammeId, changes: Changes) -> Result<(), Error>;

    /// Closes a programme for good: no new vouchers, no more money, no new rolls or claims. Vouchers that exist live on until
    /// they are spent or end; unspent money goes back to the bank when they do. The programme's owner.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownProgramme`, `ProgrammeClosed` (already), `RegistryUnavailable`.
    ///
    /// # Events
    /// `ProgrammeClosed`.
    #[ink(message)]
    fn close_programme(&mut self, programme: ProgrammeId) -> Result<(), Error>;

    /// Lets an account (a participant's or a contract's) create vouchers of a programme beside its owner, or no longer.
    /// The programme's owner.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownProgramme`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `IssuerSet`, if it changed.
    #[ink(message)]
    fn set_issuer(&mut self, programme: ProgrammeId, issuer: AccountId, allowed: bool) -> Result<(), Error>;

    /// Admits up to 100 shops or payment operators to a programme, with what each may sell and how much a day, or changes
    /// that. Each row gets its own answer. The programme's owner.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownProgramme`, `TooManyRows`, `RegistryUnavailable`; a row: `UnknownParticipant`,
    /// `WrongRole`, `UnknownCategory`, `Terms`, `Amount`.
    ///
    /// # Events
    /// `ShopAdmitted` for each row that went through.
    #[ink(message)]
    fn admit_shops(
        &mut self,
        programme: ProgrammeId,
        admissions: Vec<Admission>,
    ) -> Result<Vec<Result<ParticipantId, Error>>, Error>;

    /// Creates a voucher whose value is still blank and asks the bank to fund it; answers with its number. The programme's
    /// owner and issuers. `expires`: milliseconds; none means after the programme's usual life.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownProgramme`, `ProgrammeClosed`, `UnknownParticipant`, `HolderNotEligible`, `UnknownCategory`,
    /// `BadExpiry`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `FundingRequested`.
    #[ink(message)]
    fn create(
        &mut self,
        programme: ProgrammeId,
        holder: AccountId,
        category: Category,
        expires: Option<Timestamp>,
    ) -> Result<VoucherId, Error>;

    /// Creates up to 100 blank vouchers at once. Each row gets its own answer; refused rows change nothing and the others
    /// go through. The programme's owner and issuers.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownProgramme`, `ProgrammeClosed`, `TooManyRows`, `RegistryUnavailable`; a row: as `create`.
    ///
    /// # Events
    /// `FundingRequested` for each row that went through.
    #[ink(message)]
    fn create_many(
        &mut self,
        programme: ProgrammeId,
        vouchers: Vec<NewVoucher>,
    ) -> Result<Vec<Result<VoucherId, Error>>, Error>;

    /// Creates the bundle of a holder: a voucher for each piece of the programme's denominations, which the bank is asked to
    /// fund with exactly its value. Answers with their numbers. Once per holder. The programme's owner and issuers; anyone
    /// where the programme is universal.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownProgramme`, `ProgrammeClosed`, `NoBundle`, `UnknownParticipant`, `HolderNotEligible`, `Holder`
    /// (has its bundle), `RegistryUnavailable`.
    ///
    /// # Events
    /// `FundingRequested` for each voucher, `BundleCreated`.
    #[ink(message)]
    fn create_bundle(&mut self, programme: ProgrammeId, holder: AccountId) -> Result<Vec<VoucherId>, Error>;

    /// Puts money into a voucher, from the bank's digital account by its allowance to this contract. The programme's bank.
    /// Only then can the voucher be spent. A voucher of a bundle takes exactly its value; one that is spent whole takes more only
    /// while nothing of it is reserved or spent.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownVoucher`, `ProgrammeClosed`, `Voucher`, `Holder` (over its cap), `OverBudget`, `Amount`,
    /// `Ledger`, `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `VoucherFunded`.
    #[ink(message)]
    fn fund(&mut self, voucher: VoucherId, amount: Balance) -> Result<(), Error>;

    /// Puts money into up to 100 vouchers of a programme, drawing the sum once. Each row gets its own answer. The
    /// programme's bank.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownProgramme`, `ProgrammeClosed`, `TooManyRows`, `Ledger`, `LedgerUnavailable`,
    /// `RegistryUnavailable`; a row: as `fund`, and `OtherProgramme`.
    ///
    /// # Events
    /// `VoucherFunded` for each row that went through.
    #[ink(message)]
    fn fund_many(&mut self, programme: ProgrammeId, fundings: Vec<Funding>) -> Result<Vec<Result<(), Error>>, Error>;

    /// Publishes a roll: `count` vouchers (at most 2^32) promised by the root of their Merkle tree, worth `total` together,
    /// that can be claimed until just before `deadline` (milliseconds). Answers with the roll's number, which the tree's
    /// entries contain: it is `roll_count` + 1. The bank should compare root and list before it funds. The programme's
    /// owner.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownProgramme`, `ProgrammeClosed`, `Roll` (count, deadline), `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `RollPublished`.
    #[ink(message)]
    fn publish_roll(
        &mut self,
        programme: ProgrammeId,
        root: RollHash,
        count: u64,
        total: Balance,
        deadline: Timestamp,
    ) -> Result<RollId, Error>;

    /// Puts the whole total of a roll in, within the programme's budget, from the bank's digital account by its allowance to
    /// this contract; then it can be claimed. The programme's bank.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownRoll`, `ProgrammeClosed`, `Roll`, `OverBudget`, `Amount`, `Ledger`, `LedgerUnavailable`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `RollFunded`.
    #[ink(message)]
    fn fund_roll(&mut self, roll: RollId) -> Result<(), Error>;

    /// Claims an entry of a roll for its holder, once: it becomes a funded voucher, whose number is the answer. `proof`: the
    /// hashes beside the way from the entry to the root, from the bottom up, 32 at most. Anyone; the caller pays the
    /// voucher's storage deposit.
    ///
    /// # Errors
    /// `Paused`, `UnknownRoll`, `ProgrammeClosed`, `Roll`, `HolderNotEligible`, `UnknownCategory`, `Voucher` (over the cap), `Holder`
    /// (over its cap), `RegistryUnavailable`.
    ///
    /// # Events
    /// `RollClaimed`.
    #[ink(message)]
    fn claim(&mut self, roll: RollId, entry: RollEntry, proof: Vec<RollHash>) -> Result<VoucherId, Error>;

    /// Ends a roll at its deadline or later: what nobody claimed goes to the bank's credit. Anyone.
    ///
    /// # Errors
    /// `UnknownRoll`, `Roll`.
    ///
    /// # Events
    /// `RollClosed`.
    #[ink(message)]
    fn close_roll(&mut self, roll: RollId) -> Result<(), Error>;

    /// A shop asks to spend `amount` of a voucher on goods of `category`: the amount is reserved for the programme's window
    /// (usually ten minutes). Answers with the redemption's number. `items`: a hash over the items, with a salt of the
    /// shop's own. A shop has one open redemption of a voucher at a time; after three that ended unconfirmed it cannot ask
    /// for that voucher for a day. In a per-card programme a holder redeems once at each shop or operator. The caller, an
    /// active Shop or Operator, pays a storage deposit and gets it back by `clear`.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (no active Shop or Operator), `UnknownVoucher`, `HolderNotEligible`, `Voucher`, `Redemption`, `Shop`, `Amount`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `RedemptionRequested`.
    #[ink(message)]
    fn request(
        &mut self,
        voucher: VoucherId,
        amount: Balance,
        category: Category,
        items: [u8; 32],
    ) -> Result<RedemptionId, Error>;

    /// Confirms a redemption: the reserved amount becomes the shop's credit. Anyone with a valid proof may call: signatures
    /// of the programme's attestors, or the holder's own where the programme allows it.
    ///
    /// # Errors
    /// `UnknownRedemption`, `Redemption`, `Voucher` (frozen or void), `HolderNotEligible`, `Proof`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `RedemptionConfirmed`.
    #[ink(message)]
    fn confirm(&mut self, redemption: RedemptionId, proof: Proof) -> Result<(), Error>;

    /// Gives up an open redemption. The shop that asked for it, or the voucher's holder. What it held is available again; of a
    /// voucher that has expired or was voided it goes to the bank's credit.
    ///
    /// # Errors
    /// `UnknownRedemption`, `Redemption`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `RedemptionEnded`.
    #[ink(message)]
    fn cancel(&mut self, redemption: RedemptionId) -> Result<(), Error>;

    /// Ends a redemption whose time is over; what it held is available again, or goes to the bank as by `cancel`. Anyone.
    ///
    /// # Errors
    /// `UnknownRedemption`, `Redemption`.
    ///
    /// # Events
    /// `RedemptionEnded`.
    #[ink(message)]
    fn expire(&mut self, redemption: RedemptionId) -> Result<(), Error>;

    /// Frees the record of an ended redemption, and with it what is known of the shop's standing with a voucher that has ended; the
    /// storage deposit goes back to the caller. The account that requested it, or its shop from the account that it has now.
    ///
    /// # Errors
    /// `UnknownRedemption`, `Redemption`, `RegistryUnavailable` (for another account than the one that requested).
    ///
    /// # Events
    /// `RedemptionCleared`.
    #[ink(message)]
    fn clear(&mut self, redemption: RedemptionId) -> Result<(), Error>;

    /// Ends a voucher whose time is over: what is available goes to the bank's credit. Open redemptions may still finish.
    /// Anyone.
    ///
    /// # Errors
    /// `UnknownVoucher`, `Voucher`.
    ///
    /// # Events
    /// `VoucherExpired`.
    #[ink(message)]
    fn expire_voucher(&mut self, voucher: VoucherId) -> Result<(), Error>;

    /// Ends up to 100 vouchers whose time is over, of any programmes. Each row gets its own answer: what went back to the
    /// bank. Anyone.
    ///
    /// # Errors
    /// `TooManyRows`; a row: as `expire_voucher`.
    ///
    /// # Events
    /// `VoucherExpired` for each row that went through.
    #[ink(message)]
    fn expire_vouchers(&mut self, vouchers: Vec<VoucherId>) -> Result<Vec<Result<Balance, Error>>, Error>;

    /// Lets a voucher end later, at `expires` (milliseconds): in the future and later than now set. One whose time is over
    /// lives again, unless it was ended by `expire_voucher`. The programme's owner.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownVoucher`, `BadExpiry`, `Voucher`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `VoucherExtended`.
    #[ink(message)]
    fn extend(&mut self, voucher: VoucherId, expires: Timestamp) -> Result<(), Error>;

    /// Withdraws a voucher for good: what is available goes to the bank's credit at once. Open redemptions cannot be
    /// confirmed any more; what they hold goes to the bank when somebody cancels or expires them. The programme's owner or
    /// a Regulator. `reason`: a code, no personal data.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownVoucher`, `Voucher`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `VoucherVoided`.
    #[ink(message)]
    fn void(&mut self, voucher: VoucherId, reason: u16) -> Result<(), Error>;

    /// Blocks a voucher; its balance is kept. The programme's owner or a Regulator.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownVoucher`, `Voucher`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `VoucherFrozen`.
    #[ink(message)]
    fn freeze(&mut self, voucher: VoucherId, reason: u16) -> Result<(), Error>;

    /// Unblocks a voucher. The programme's owner or a Regulator.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownVoucher`, `Voucher`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `VoucherUnfrozen`.
    #[ink(message)]
    fn unfreeze(&mut self, voucher: VoucherId) -> Result<(), Error>;

    /// Moves `amount` of the caller's credit in bank number `issuer`'s money to its digital account. Active participants:
    /// shops what they were paid, banks what came back.
    ///
    /// # Errors
    /// `NotAllowed`, `Amount`, `Ledger`, `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CreditWithdrawn`.
    #[ink(message)]
    fn withdraw(&mut self, issuer: ParticipantId, amount: Balance) -> Result<(), Error>;

    /// The vouchers of a holder, newest first: at most `limit` (50), beginning with `start`, or with the newest if none is
    /// given. To go on, start with the last one's `previous`. Anyone may ask.
    #[ink(message)]
    fn vouchers_of(
        &self,
        holder: ParticipantId,
        start: Option<VoucherId>,
        limit: u32,
    ) -> Vec<(VoucherId, VoucherRecord)>;

    /// A redemption, unless its record was cleared. Anyone may ask.
    #[ink(message)]
    fn redemption(&self, id: RedemptionId) -> Option<Redemption>;

    /// A shop's (or operator's) redemptions whose records are stored, newest first: at most `limit` (50), beginning with
    /// `start`, or with the newest if none is given. To go on, start with the last one's `links.shop.older`; if that was
    /// cleared meanwhile, begin again. Anyone may ask.
    #[ink(message)]
    fn redemptions_of_shop(
        &self,
        shop: ParticipantId,
        start: Option<RedemptionId>,
        limit: u32,
    ) -> Vec<(RedemptionId, Redemption)>;

    /// A voucher's redemptions whose records are stored, newest first: as `redemptions_of_shop`, going on with the last
    /// one's `links.voucher.older`. Anyone may ask.
    #[ink(message)]
    fn redemptions_of_voucher(
        &self,
        voucher: VoucherId,
        start: Option<RedemptionId>,
        limit: u32,
    ) -> Vec<(RedemptionId, Redemption)>;

    /// What the contract owes a participant in bank number `issuer`'s money. Anyone may ask.
    #[ink(message)]
    fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Balance;

    /// A programme's terms. Anyone may ask.
    #[ink(message)]
    fn programme(&self, id: ProgrammeId) -> Option<Programme>;

    /// The denominations of a programme's bundle; empty for none. Anyone may ask.
    #[ink(message)]
    fn bundle(&self, programme: ProgrammeId) -> Vec<Denomination>;

    /// Has a holder had its bundle, and (where the programme caps it) what were its vouchers funded with? Anyone may ask.
    #[ink(message)]
    fn member(&self, programme: ProgrammeId, holder: ParticipantId) -> Member;

    /// The redemption by which a holder used its card with this shop or operator in a per-card programme, or is about to; 0
    /// if it is free. Anyone may ask.
    #[ink(message)]
    fn card(&self, programme: ProgrammeId, holder: ParticipantId, operator: ParticipantId) -> RedemptionId;

    /// A roll. Anyone may ask.
    #[ink(message)]
    fn roll(&self, id: RollId) -> Option<Roll>;

    /// How many rolls were published; their numbers are 1 to this. Anyone may ask.
    #[ink(message)]
    fn roll_count(&self) -> RollId;

    /// Was the entry at `index` of a roll claimed? Anyone may ask.
    #[ink(message)]
    fn is_claimed(&self, roll: RollId, index: u64) -> bool;

    /// Where a programme's money is. Anyone may ask.
    #[ink(message)]
    fn totals(&self, programme: ProgrammeId) -> Totals;

    /// A shop's place in a programme, if it was admitted. Anyone may ask.
    #[ink(message)]
    fn shop(&self, programme: ProgrammeId, shop: ParticipantId) -> Option<ShopRecord>;

    /// May this account create vouchers of the programme beside its owner? Anyone may ask.
    #[ink(message)]
    fn is_issuer(&self, programme: ProgrammeId, account: AccountId) -> bool;

    /// How a shop stands with one voucher: its latest redemption, and how many ended unconfirmed. Anyone may ask.
    #[ink(message)]
    fn standing(&self, voucher: VoucherId, shop: ParticipantId) -> Standing;

    /// The separator that every signature for this contract is made over. Anyone may ask.
    #[ink(message)]
    fn domain_separator(&self) -> [u8; 32];

    /// The registry that this contract asks. Anyone may ask.
    #[ink(message)]
    fn registry(&self) -> AccountId;

    /// The ledger that this contract keeps its money in. Anyone may ask.
    #[ink(message)]
    fn ledger(&self) -> AccountId;

    /// The version of this contract's code. Anyone may ask.
    #[ink(message)]
    fn version(&self) -> u32;
}

/// How contracts keep the voucher contract's address and call it.
pub type VoucherRef = ink::contract_ref!(Voucher, ink::env::DefaultEnvironment);
