//! The steps of a random sequence, and how often each is tried.

use amanah_domain::{
    ids::ParticipantId,
    roles::Role,
    time::{Millis, DAY, MINUTE, SECOND},
};
use amanah_interfaces::Balance;
use proptest::prelude::*;

/// The cast, by number in the registry. Newcomers get the numbers after these.
pub const GOVERNMENTS: [ParticipantId; 2] = [1, 7];
pub const REGULATOR: ParticipantId = 2;
pub const BANKS: [ParticipantId; 2] = [3, 8];
/// Two shops and a payment operator.
pub const SHOPS: [ParticipantId; 3] = [4, 9, 10];
pub const CITIZENS: [ParticipantId; 3] = [5, 11, 12];
pub const ATTESTORS: [ParticipantId; 2] = [6, 13];
/// The last of them, and the last number that is ever asked about.
pub const CAST: ParticipantId = 13;
pub const LAST: ParticipantId = 15;

/// The roles that are granted and revoked.
const ROLES: [Role; 9] = [
    Role::Government,
    Role::Bank,
    Role::Shop,
    Role::Citizen,
    Role::Regulator,
    Role::RedemptionAttestor,
    Role::Charity,
    Role::Charity,
    Role::Charity,
];

/// Somebody with an account.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    Person(ParticipantId),
    /// The account that this participant had before it was re-bound; nobody's, if it never was.
    Former(ParticipantId),
    Stranger,
    Administrator,
    /// The voucher contract.
    Vault,
}

#[derive(Clone, Copy, Debug)]
pub enum Contract {
    Registry,
    Ledger,
    Voucher,
}

/// A change of a programme's terms.
#[derive(Clone, Debug)]
pub enum Change {
    Budget(Balance),
    MostPerVoucher(Balance),
    Window(Millis),
    HolderSignature(bool),
    Needed(u8),
    Listed(Vec<ParticipantId>),
}

/// What is wrong with a proof: with its last signature, or with their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    /// Signed for the redemption before this one.
    Another,
    /// Signed with the key and the epoch before the present ones.
    OldEpoch,
    Stale,
    OtherAmount,
    OneLess,
    Twice,
    NotListed,
}

/// From this `back` on, a plain number is meant.
pub const PLAIN: u64 = 8;

/// What is meant by `back` is counted backwards, 0 is the newest: of those that are in the right state for the act, or, from
/// [`PLAIN`] on, of all. An amount that is not given is what would fit.
#[derive(Clone, Debug)]
pub enum Act {
    // The registry.
    Register {
        newcomer: u8,
    },
    Suspend {
        who: ParticipantId,
    },
    Reinstate {
        back: u64,
    },
    Blacklist {
        who: ParticipantId,
    },
    ClearBlacklist {
        back: u64,
    },
    Grant {
        who: ParticipantId,
        role: Role,
    },
    Revoke {
        back: u64,
        role: Role,
    },
    Renounce {
        back: u64,
        role: Role,
    },
    /// To one of the spare accounts, or to somebody else's.
    ProposeRebind {
        who: ParticipantId,
        spare: u8,
        taken: bool,
    },
    ConfirmRebind {
        back: u64,
        by_another: bool,
    },
    CancelRebind {
        back: u64,
        by_officer: bool,
    },
    RotateKey {
        who: ParticipantId,
        fresh: bool,
    },
    // The ledger.
    Issue {
        bank: usize,
        to: Who,
        amount: Balance,
        again: bool,
    },
    Transfer {
        from: ParticipantId,
        to: Who,
        bank: usize,
        amount: Balance,
    },
    Approve {
        owner: ParticipantId,
        spender: Who,
        bank: usize,
        amount: Balance,
    },
    IncreaseAllowance {
        owner: ParticipantId,
        spender: Who,
        bank: usize,
        amount: Balance,
    },
    DecreaseAllowance {
        owner: ParticipantId,
        spender: Who,
        bank: usize,
        amount: Balance,
    },
    TransferFrom {
        spender: ParticipantId,
        from: Who,
        to: Who,
        bank: usize,
        amount: Balance,
    },
    RequestWithdrawal {
        owner: ParticipantId,
        bank: usize,
        amount: Balance,
    },
    SettleWithdrawal {
        back: u64,
        again: bool,
    },
    RejectWithdrawal {
        back: u64,
    },
    CancelWithdrawal {
        back: u64,
    },
    ClearWithdrawal {
        back: u64,
    },
    // The voucher contract.
    CreateProgramme {
        kind: u8,
        bank: usize,
    },
    UpdateProgramme {
        programme: u64,
        change: Change,
    },
    CloseProgramme {
        programme: u64,
    },
    SetIssuer {
        programme: u64,
        issuer: Who,
        allowed: bool,
    },
    AdmitShops {
        programme: u64,
        rows: Vec<(Who, u8, Balance)>,
    },
    Create {
        programme: u64,
        holder: Who,
        category: u8,
        expires_in: Option<Millis>,
    },
    CreateBundle {
        programme: u64,
        holder: Who,
    },
    Fund {
        back: u64,
        amount: Option<Balance>,
    },
    FundMany {
        programme: u64,
        rows: Vec<(u64, Option<Balance>)>,
    },
    PublishRoll {
        programme: u64,
        deadline_in: Millis,
        short: bool,
    },
    FundRoll {
        back: u64,
    },
    Claim {
        back: u64,
        index: u64,
        changed: bool,
    },
    CloseRoll {
        back: u64,
    },
    Request {
        shop: ParticipantId,
        back: u64,
        amount: Option<Balance>,
        other_category: bool,
    },
    Confirm {
        back: u64,
        first: usize,
        flaw: Flaw,
    },
    ConfirmAsHolder {
        back: u64,
        flaw: Flaw,
    },
    Cancel {
        back: u64,
        by_holder: bool,
    },
    Expire {
        back: u64,
    },
    Clear {
        back: u64,
    },
    ExpireVoucher {
        back: u64,
    },
    ExpireVouchers {
        rows: Vec<u64>,
    },
    Extend {
        back: u64,
        days: u64,
    },
    Void {
        back: u64,
    },
    Freeze {
        back: u64,
        by_regulator: bool,
    },
    Unfreeze {
        back: u64,
    },
    Withdraw {
        back: u64,
        bank: usize,
        amount: Option<Balance>,
    },
    // All of them, and none.
    Pause {
        contract: Contract,
    },
    Unpause {
        contract: Contract,
    },
    Wait {
        by: Millis,
    },
}

impl Act {
    pub fn kind(&self) -> String {
        format!("{self:?}").split(' ').next().unwrap_or_default().to_owned()
    }
}

/// An act, and who does it; none: whoever it is up to.
#[derive(Clone, Debug)]
pub struct Step {
    pub by: Option<Who>,
    pub act: Act,
}

impl Step {
    pub fn rightly(act: Act) -> Self {
        Self { by: None, act }
    }
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(these: &'static [T]) -> impl Strategy<Value = T> {
    (0..these.len()).prop_map(|at| these[at])
}

fn anybody() -> impl Strategy<Value = ParticipantId> {
    prop_oneof![12 => 1..=CAST, 2 => CAST + 1..=LAST]
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        12 => anybody().prop_map(Who::Person),
        2 => anybody().prop_map(Who::Former),
        1 => Just(Who::Stranger),
        1 => Just(Who::Administrator),
    ]
}

fn payee() -> impl Strategy<Value = Who> {
    prop_oneof![4 => who(), 1 => Just(Who::Vault)]
}

fn holder() -> impl Strategy<Value = Who> {
    prop_oneof![9 => one_of(&CITIZENS).prop_map(Who::Person), 1 => who()]
}

/// Whoever it is sensible to suspend now and then: everybody but for the first government.
fn culprit() -> impl Strategy<Value = ParticipantId> {
    prop_oneof![
        4 => one_of(&CITIZENS), 3 => one_of(&SHOPS), 2 => one_of(&ATTESTORS), 2 => one_of(&GOVERNMENTS), 1 => anybody()
    ]
}

fn citizen() -> impl Strategy<Value = ParticipantId> {
    prop_oneof![6 => one_of(&CITIZENS), 1 => anybody()]
}

/// Whose phone is lost or stolen.
fn victim() -> impl Strategy<Value = ParticipantId> {
    prop_oneof![10 => one_of(&[CITIZENS[0], SHOPS[0], ATTESTORS[0]]), 1 => anybody()]
}

fn back() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0u64..3, 3 => 3u64..PLAIN, 1 => PLAIN..PLAIN + 6, 1 => PLAIN..PLAIN + 40]
}

fn amount() -> impl Strategy<Value = Balance> {
    let edge = Balance::from(u64::MAX);
    prop_oneof![14 => 1u128..250, 1 => Just(0), 1 => Just(edge), 1 => Just(edge + 1)]
}

fn what_fits() -> impl Strategy<Value = Option<Balance>> {
    prop_oneof![3 => Just(None), 2 => amount().prop_map(Some)]
}

fn programme() -> impl Strategy<Value = u64> {
    prop_oneof![6 => Just(1u64), 6 => Just(2u64), 1 => 0u64..5]
}

fn flaw() -> impl Strategy<Value = Flaw> {
    use Flaw::{Another, NotListed, OldEpoch, OneLess, OtherAmount, Stale, Twice};
    let other =
        prop_oneof![3 => one_of(&[Another, OldEpoch]), 2 => one_of(&[Stale, OtherAmount, OneLess, Twice, NotListed])];
    prop_oneof![2 => Just(Flaw::None), 1 => other]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0u128..8_000).prop_map(Change::Budget),
        (0u128..1_000).prop_map(Change::MostPerVoucher),
        one_of(&[SECOND - 1, MINUTE, 10 * MINUTE, DAY]).prop_map(Change::Window),
        any::<bool>().prop_map(Change::HolderSignature),
        (0u8..4).prop_map(Change::Needed),
        Just(Change::Listed(vec![ATTESTORS[0]])),
        Just(Change::Listed(ATTESTORS.to_vec())),
    ]
}

fn registry() -> impl Strategy<Value = Act> {
    let role = || one_of(&ROLES);
    prop_oneof![
        2 => (0u8..3).prop_map(|newcomer| Act::Register { newcomer }),
        3 => culprit().prop_map(|who| Act::Suspend { who }),
        8 => back().prop_map(|back| Act::Reinstate { back }),
        2 => citizen().prop_map(|who| Act::Blacklist { who }),
        2 => back().prop_map(|back| Act::ClearBlacklist { back }),
        3 => (anybody(), role()).prop_map(|(who, role)| Act::Grant { who, role }),
        1 => (back(), role()).prop_map(|(back, role)| Act::Revoke { back, role }),
        2 => (back(), role()).prop_map(|(back, role)| Act::Renounce { back, role }),
        6 => (victim(), 0u8..3, prop::bool::weighted(0.1))
            .prop_map(|(who, spare, taken)| Act::ProposeRebind { who, spare, taken }),
        4 => (back(), prop::bool::weighted(0.7))
            .prop_map(|(back, by_another)| Act::ConfirmRebind { back, by_another }),
        3 => (back(), any::<bool>()).prop_map(|(back, by_officer)| Act::CancelRebind { back, by_officer }),
        3 => (prop_oneof![2 => one_of(&ATTESTORS), 1 => anybody()], any::<bool>())
            .prop_map(|(who, fresh)| Act::RotateKey { who, fresh }),
    ]
}

fn ledger() -> impl Strategy<Value = Act> {
    let again = || prop::bool::weighted(0.2);
    let bank = || 0..BANKS.len();
    let owner = || prop_oneof![2 => one_of(&BANKS), 2 => Just(CITIZENS[1]), 1 => anybody()];
    let bank_or_anybody = || prop_oneof![one_of(&BANKS), anybody()];
    prop_oneof![
        3 => (bank(), payee(), amount(), again())
            .prop_map(|(bank, to, amount, again)| Act::Issue { bank, to, amount, again }),
        3 => (owner(), payee(), bank(), amount())
            .prop_map(|(from, to, bank, amount)| Act::Transfer { from, to, bank, amount }),
        2 => (bank_or_anybody(), payee(), bank(), amount())
            .prop_map(|(owner, spender, bank, amount)| Act::Approve { owner, spender, bank, amount }),
        2 => (bank_or_anybody(), payee(), bank(), amount())
            .prop_map(|(owner, spender, bank, amount)| Act::IncreaseAllowance { owner, spender, bank, amount }),
        2 => (one_of(&BANKS), Just(Who::Vault), bank(), amount())
            .prop_map(|(owner, spender, bank, amount)| Act::DecreaseAllowance { owner, spender, bank, amount }),
        3 => (one_of(&CITIZENS), one_of(&BANKS).prop_map(Who::Person), payee(), bank(), amount())
            .prop_map(|(spender, from, to, bank, amount)| Act::TransferFrom { spender, from, to, bank, amount }),
        4 => (owner(), bank(), amount())
            .prop_map(|(owner, bank, amount)| Act::RequestWithdrawal { owner, bank, amount }),
        2 => (back(), again()).prop_map(|(back, again)| Act::SettleWithdrawal { back, again }),
        1 => back().prop_map(|back| Act::RejectWithdrawal { back }),
        3 => back().prop_map(|back| Act::CancelWithdrawal { back }),
        2 => back().prop_map(|back| Act::ClearWithdrawal { back }),
    ]
}

fn issue() -> impl Strategy<Value = Act> {
    let expires_in = one_of(&[None, None, Some(0), Some(MINUTE), Some(8 * DAY)]);
    let shop = prop_oneof![8 => one_of(&SHOPS).prop_map(Who::Person), 1 => who()];
    let row = (shop, 0u8..8, one_of(&[0u128, 150, 400]));
    prop_oneof![
        1 => (0u8..2, 0..BANKS.len()).prop_map(|(kind, bank)| Act::CreateProgramme { kind, bank }),
        2 => (programme(), change()).prop_map(|(programme, change)| Act::UpdateProgramme { programme, change }),
        1 => (2u64..5).prop_map(|programme| Act::CloseProgramme { programme }),
        2 => (programme(), who(), any::<bool>())
            .prop_map(|(programme, issuer, allowed)| Act::SetIssuer { programme, issuer, allowed }),
        2 => (programme(), prop::collection::vec(row, 1..3))
            .prop_map(|(programme, rows)| Act::AdmitShops { programme, rows }),
        6 => (programme(), holder(), 0u8..4, expires_in)
            .prop_map(|(programme, holder, category, expires_in)| Act::Create { programme, holder, category, expires_in }),
        3 => (programme(), holder()).prop_map(|(programme, holder)| Act::CreateBundle { programme, holder }),
        8 => (back(), what_fits()).prop_map(|(back, amount)| Act::Fund { back, amount }),
        5 => (programme(), prop::collection::vec((back(), what_fits()), 1..4))
            .prop_map(|(programme, rows)| Act::FundMany { programme, rows }),
        3 => (programme(), one_of(&[0, 10 * MINUTE, 45 * DAY, 45 * DAY, 45 * DAY]), prop::bool::weighted(0.3))
            .prop_map(|(programme, deadline_in, short)| Act::PublishRoll { programme, deadline_in, short }),
        3 => back().prop_map(|back| Act::FundRoll { back }),
        6 => (back(), 0u64..4, prop::bool::weighted(0.15))
            .prop_map(|(back, index, changed)| Act::Claim { back, index, changed }),
        2 => back().prop_map(|back| Act::CloseRoll { back }),
    ]
}

fn redemption() -> impl Strategy<Value = Act> {
    let shop = || prop_oneof![12 => one_of(&SHOPS), 1 => anybody()];
    prop_oneof![
        16 => (shop(), back(), what_fits(), prop::bool::weighted(0.1))
            .prop_map(|(shop, back, amount, other_category)| Act::Request { shop, back, amount, other_category }),
        12 => (back(), 0usize..2, flaw()).prop_map(|(back, first, flaw)| Act::Confirm { back, first, flaw }),
        4 => (back(), flaw()).prop_map(|(back, flaw)| Act::ConfirmAsHolder { back, flaw }),
        4 => (back(), any::<bool>()).prop_map(|(back, by_holder)| Act::Cancel { back, by_holder }),
        5 => back().prop_map(|back| Act::Expire { back }),
        5 => back().prop_map(|back| Act::Clear { back }),
        4 => back().prop_map(|back| Act::ExpireVoucher { back }),
        2 => prop::collection::vec(back(), 1..4).prop_map(|rows| Act::ExpireVouchers { rows }),
        3 => (back(), 0u64..90).prop_map(|(back, days)| Act::Extend { back, days }),
        1 => back().prop_map(|back| Act::Void { back }),
        2 => (back(), any::<bool>()).prop_map(|(back, by_regulator)| Act::Freeze { back, by_regulator }),
        4 => back().prop_map(|back| Act::Unfreeze { back }),
        4 => (back(), 0..BANKS.len(), what_fits())
            .prop_map(|(back, bank, amount)| Act::Withdraw { back, bank, amount }),
    ]
}

fn governance() -> impl Strategy<Value = Act> {
    let contract = || one_of(&[Contract::Registry, Contract::Ledger, Contract::Voucher]);
    prop_oneof![
        1 => contract().prop_map(|contract| Act::Pause { contract }),
        6 => contract().prop_map(|contract| Act::Unpause { contract }),
    ]
}

fn time() -> impl Strategy<Value = Act> {
    let by = prop_oneof![
        4 => one_of(&[1, SECOND, 59 * SECOND]),
        6 => one_of(&[10 * MINUTE - 1, 10 * MINUTE]),
        4 => one_of(&[DAY, 2 * DAY, 7 * DAY]),
        1 => one_of(&[21 * DAY, 30 * DAY]),
    ];
    by.prop_map(|by| Act::Wait { by })
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let act = prop_oneof![
        20 => registry(),
        18 => ledger(),
        26 => issue(),
        46 => redemption(),
        5 => governance(),
        11 => time(),
    ];
    // What is seldom refused to whom it is up to.
    let tries = |act: &Act| match act {
        Act::Pause { .. } | Act::Unpause { .. } | Act::Suspend { .. } | Act::Blacklist { .. } => 4,
        Act::Register { .. } | Act::CreateProgramme { .. } | Act::Create { .. } => 3,
        _ => 1,
    };
    let step =
        (0..11, who(), act).prop_map(move |(turn, who, act)| Step { by: (turn < tries(&act)).then_some(who), act });
    // In pieces, so that a failing sequence shrinks by pieces first.
    let pieces = prop::collection::vec(prop::collection::vec(step, 8..12), 8..13);
    pieces.prop_map(|pieces| pieces.concat())
}
