//! The steps of a random sequence of welfare: who asks for what, and how often each is tried.

use crate::model::papers::{Sheet, Twist};
use amanah_domain::{
    ids::ParticipantId,
    roles::Role,
    time::{Millis, DAY},
    welfare::samples,
};
use amanah_interfaces::{welfare::Decision, Balance};
use proptest::prelude::*;

/// The cast, by number in the registry; 0 is nobody whom it knows.
pub const STRANGER: ParticipantId = 0;
pub const GOVERNMENTS: [ParticipantId; 2] = [1, 8];
pub const REGULATOR: ParticipantId = 2;
pub const BANKS: [ParticipantId; 2] = [3, 9];
pub const PAYER: ParticipantId = 7;
/// The last but one has a card that soon ends, the last one reviews too.
pub const CITIZENS: [ParticipantId; 4] = [5, 10, 11, 12];
pub const EMPLOYERS: [ParticipantId; 2] = [13, 14];
pub const REVIEWERS: [ParticipantId; 4] = [15, 16, 17, CITIZENS[3]];
pub const LAST: ParticipantId = 17;

/// The roles that stages ask for. Each reviewer holds all of them.
pub const REVIEWING: [Role; 10] = [
    Role::SocialInsuranceAgency,
    Role::NeighbourhoodCommittee,
    Role::AccountingTeam,
    Role::DemocraticReviewTeam,
    Role::CivilAffairs,
    Role::WelfareDepartment,
    Role::MedicalPanel,
    Role::WelfareInstitute,
    Role::Approver,
    samples::SCHOOL,
];

/// Who does it.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// One of those who may, as far as there is one.
    Right(usize),
    /// One of those who had to do with the case already.
    Suspect(usize),
    Number(ParticipantId),
}

/// An amount that is set.
#[derive(Clone, Copy, Debug)]
pub enum Set {
    /// Where one belongs: what the members before have said, or else this.
    Right(Balance),
    Exactly(Option<Balance>),
}

/// What is wrong with a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    Nothing,
    NoBank,
    NoStages,
    NoPeriod,
    Share,
    AppealTime,
}

/// What is wrong with a committee's verdicts: their number, or the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Nothing,
    OneShort,
    OneMore,
    Twice,
    Of(ParticipantId),
    Failed,
    Stale,
    Forged,
}

/// What is wrong with a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    Nothing,
    NoCid,
    OtherCase,
}

/// What somebody waits for.
#[derive(Clone, Copy, Debug)]
pub enum Edge {
    Due,
    EndOfAppeals,
    EndOfCertificate,
}

/// What is asked for. Schemes and cases are counted backwards among those that fit, or, from [`PLAIN`] on, among all;
/// `Model::resolve` makes them numbers, and says who does it. What `mends` is about somebody that was suspended,
/// blacklisted or has lost a role, if there is one.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    CreateScheme { by: By, template: usize, payer: ParticipantId, misfit: Misfit },
    AgreeToPay { by: By, scheme: u64 },
    RetireScheme { by: By, scheme: u64 },
    Apply { by: By, scheme: u64, sheet: Sheet },
    Supplement { by: By, case: u64, sheet: Sheet },
    WithdrawApplication { by: By, case: u64 },
    // Behind, it is about a hearing that is over.
    Decide { by: By, case: u64, behind: bool, decision: Decision, set: Set, reason: u16 },
    DecideSigned { case: u64, set: Set, first: usize, flaw: Flaw },
    Appeal { by: By, case: u64 },
    CloseCase { case: u64 },
    Pay { case: u64, off: i32 },
    CollectPremium { case: u64, off: i32 },
    AgreeAsEmployer { by: By, case: u64 },
    Suspend { by: By, case: u64, reason: u16 },
    Resume { by: By, case: u64 },
    Recertify { by: By, case: u64, sheet: Sheet },
    Terminate { by: By, case: u64, reason: u16 },
    AddDocument { by: By, case: u64, broken: Broken },
    // So many per cent of the credit, or exactly so much.
    Withdraw { by: By, bank: usize, percent: Result<Balance, Balance> },
    // Suspends a participant, or reinstates it.
    Stand { who: ParticipantId, mends: bool },
    Blacklist { who: ParticipantId, mends: bool },
    ChangeRole { who: ParticipantId, role: Role, mends: bool },
    // Lets the welfare contract take so much from now on.
    Approve { who: ParticipantId, bank: usize, amount: Balance },
    Issue { who: ParticipantId, bank: usize, amount: Balance },
    // Money from outside.
    Gift { bank: usize, amount: Balance },
    Pause,
    Unpause,
    Wait { by: Millis },
    // Until an edge of a case, or a millisecond before.
    WaitFor { case: u64, edge: Edge, early: bool },
}

/// From here on, what is counted backwards is meant among all.
pub const PLAIN: u64 = 12;

fn back() -> impl Strategy<Value = u64> {
    prop_oneof![12 => 0u64..6, 1 => PLAIN..PLAIN + 9]
}

/// The right one nearly always.
fn by() -> impl Strategy<Value = By> {
    prop_oneof![8 => (0usize..6).prop_map(By::Right), 1 => (0..=LAST).prop_map(By::Number)]
}

fn reviewer() -> impl Strategy<Value = By> {
    prop_oneof![
        11 => (0usize..6).prop_map(By::Right),
        3 => (0usize..6).prop_map(By::Suspect),
        1 => (0..=LAST).prop_map(By::Number),
    ]
}

fn sheet() -> BoxedStrategy<Sheet> {
    let incomes = [Some(0), Some(1), Some(499), Some(500), Some(999), Some(1_200), Some(100_001), Some(1 << 64), None];
    let properties = [Some(4_999), Some(5_000), Some(10_000), None];
    let twist = prop_oneof![
        16 => Just(Twist::Nothing),
        1 => Just(Twist::Incomplete),
        3 => prop::sample::select(incomes.to_vec()).prop_map(Twist::Income),
        1 => prop::sample::select(properties.to_vec()).prop_map(Twist::Property),
        1 => prop_oneof![Just(0u16), Just(2), Just(9)].prop_map(Twist::Household),
        1 => prop_oneof![Just(0u16), Just(399), Just(400), Just(1_999), Just(2_001)].prop_map(Twist::Ratio),
        2 => (0usize..3).prop_map(Twist::Without),
        1 => prop_oneof![Just(Twist::BadPaper), Just(Twist::ManyPapers)],
    ];
    let employer = prop_oneof![Just(None), prop::sample::select(EMPLOYERS.to_vec()).prop_map(Some)];
    (twist, employer).prop_map(|(twist, employer)| Sheet { twist, employer }).boxed()
}

fn set() -> impl Strategy<Value = Set> {
    let amounts = [None, Some(0), Some(1), Some(250), Some(501), Some(1 << 64)];
    prop_oneof![
        16 => prop_oneof![Just(250u128), Just(500), Just(1)].prop_map(Set::Right),
        1 => prop::sample::select(amounts.to_vec()).prop_map(Set::Exactly),
    ]
}

/// Somebody applies, and some stages accept, so that there are benefits to go on with; perhaps one does not.
fn granting() -> BoxedStrategy<Vec<Act>> {
    let accept = prop_oneof![
        (reviewer(), set()).prop_map(|(by, set)| Act::Decide {
            by,
            case: 0,
            behind: false,
            decision: Decision::Accept,
            set,
            reason: 0
        }),
        (set(), 0usize..4).prop_map(|(set, first)| Act::DecideSigned { case: 0, set, first, flaw: Flaw::Nothing }),
    ];
    let accepts = prop::collection::vec(accept, 0..4);
    let other = prop_oneof![4 => Just(None), 2 => Just(Some(Decision::Return)), 1 => Just(Some(Decision::Reject))];
    let scheme = prop_oneof![12 => 0u64..10, 1 => PLAIN..PLAIN + 14];
    (by(), scheme, sheet(), accepts, other)
        .prop_map(|(by, scheme, sheet, accepts, other)| {
            let against = other.map(|decision| Act::Decide {
                by: By::Right(0),
                case: 0,
                behind: false,
                decision,
                set: Set::Exactly(None),
                reason: 0,
            });
            [vec![Act::Apply { by, scheme, sheet }], accepts, against.into_iter().collect()].concat()
        })
        .boxed()
}

fn deciding() -> BoxedStrategy<Act> {
    let flaw = prop_oneof![
        6 => Just(Flaw::Nothing),
        1 => Just(Flaw::OneShort),
        1 => Just(Flaw::OneMore),
        2 => Just(Flaw::Twice),
        4 => (1..=LAST).prop_map(Flaw::Of),
        2 => prop_oneof![Just(Flaw::Failed), Just(Flaw::Stale), Just(Flaw::Forged)],
    ];
    let behind = prop_oneof![19 => Just(false), 1 => Just(true)];
    let broken = prop_oneof![6 => Just(Broken::Nothing), 1 => Just(Broken::NoCid), 1 => Just(Broken::OtherCase)];
    let decision = prop_oneof![Just(Decision::Return), Just(Decision::Reject)];
    let against = prop_oneof![9 => Just(Set::Exactly(None)), 1 => set()];
    prop_oneof![
        6 => (reviewer(), back(), behind, set(), 0u16..3).prop_map(|(by, case, behind, set, reason)| {
            Act::Decide { by, case, behind, decision: Decision::Accept, set, reason }
        }),
        4 => (reviewer(), back(), decision, against, 0u16..3)
            .prop_map(|(by, case, decision, set, reason)| Act::Decide { by, case, behind: false, decision, set, reason }),
        10 => (back(), set(), 0usize..4, flaw)
            .prop_map(|(case, set, first, flaw)| Act::DecideSigned { case, set, first, flaw }),
        4 => (reviewer(), back(), broken).prop_map(|(by, case, broken)| Act::AddDocument { by, case, broken }),
    ]
    .boxed()
}

fn answering() -> BoxedStrategy<Act> {
    prop_oneof![
        6 => (by(), back(), sheet()).prop_map(|(by, case, sheet)| Act::Supplement { by, case, sheet }),
        3 => (by(), back()).prop_map(|(by, case)| Act::WithdrawApplication { by, case }),
        6 => (by(), back()).prop_map(|(by, case)| Act::Appeal { by, case }),
        2 => back().prop_map(|case| Act::CloseCase { case }),
    ]
    .boxed()
}

/// An appeal, and who should hear it or should not.
fn appealing() -> BoxedStrategy<Vec<Act>> {
    let decide = |by, set| Act::Decide { by, case: 0, behind: false, decision: Decision::Accept, set, reason: 0 };
    (by(), back(), 0usize..2, reviewer(), set())
        .prop_map(move |(by, case, suspect, reviewer, set)| {
            vec![Act::Appeal { by, case }, decide(By::Suspect(suspect), set), decide(reviewer, set)]
        })
        .boxed()
}

fn paying() -> BoxedStrategy<Act> {
    let off = || prop_oneof![18 => Just(0), 1 => Just(1), 1 => Just(-1)];
    let percent = prop_oneof![
        5 => prop_oneof![Just(100u128), Just(101), Just(40)].prop_map(Ok),
        1 => prop_oneof![Just(0u128), Just(1), Just(1 << 64)].prop_map(Err),
    ];
    prop_oneof![
        6 => (back(), off()).prop_map(|(case, off)| Act::Pay { case, off }),
        4 => (back(), off()).prop_map(|(case, off)| Act::CollectPremium { case, off }),
        6 => (by(), back()).prop_map(|(by, case)| Act::AgreeAsEmployer { by, case }),
        4 => (by(), prop_oneof![4 => Just(0usize), 1 => Just(1)], percent).prop_map(|(by, bank, percent)| Act::Withdraw { by, bank, percent }),
    ]
    .boxed()
}

fn supervising() -> BoxedStrategy<Act> {
    prop_oneof![
        4 => (by(), back()).prop_map(|(by, case)| Act::Resume { by, case }),
        5 => (by(), back(), sheet()).prop_map(|(by, case, sheet)| Act::Recertify { by, case, sheet }),
        2 => (by(), back(), 0u16..3).prop_map(|(by, case, reason)| Act::Terminate { by, case, reason }),
    ]
    .boxed()
}

/// A benefit is stopped, and perhaps goes on.
fn suspending() -> BoxedStrategy<Vec<Act>> {
    (by(), back(), by(), back(), any::<bool>())
        .prop_map(|(by, case, other, again, then)| {
            let mut acts = vec![Act::Suspend { by, case, reason: 3 }, Act::Pay { case, off: 0 }];
            acts.extend(then.then_some(Act::Resume { by: other, case: again }));
            acts
        })
        .boxed()
}

fn governing() -> BoxedStrategy<Act> {
    let payer = prop_oneof![3 => Just(PAYER), 2 => Just(GOVERNMENTS[0]), 1 => Just(EMPLOYERS[1]), 1 => 0..=LAST + 1];
    let misfit = prop_oneof![
        5 => Just(Misfit::Nothing),
        1 => Just(Misfit::NoBank),
        1 => prop_oneof![Just(Misfit::NoStages), Just(Misfit::NoPeriod), Just(Misfit::Share), Just(Misfit::AppealTime)],
    ];
    let any_by = || prop_oneof![3 => by(), 1 => (0..=LAST).prop_map(By::Number)];
    prop_oneof![
        3 => (any_by(), 4usize..10, payer, misfit)
            .prop_map(|(by, template, payer, misfit)| Act::CreateScheme { by, template, payer, misfit }),
        3 => (any_by(), back()).prop_map(|(by, scheme)| Act::AgreeToPay { by, scheme }),
        2 => (any_by(), prop_oneof![2 => 0u64..10, 1 => PLAIN..PLAIN + 14])
            .prop_map(|(by, scheme)| Act::RetireScheme { by, scheme }),
    ]
    .boxed()
}

fn outside() -> BoxedStrategy<Act> {
    let all = [&CITIZENS[..], &EMPLOYERS, &REVIEWERS, &[PAYER]].concat();
    let who = move || prop::sample::select(all.clone());
    let payers = || prop::sample::select([&[PAYER; 6][..], &CITIZENS, &EMPLOYERS].concat());
    let amount = || prop_oneof![Just(0u128), Just(130), Just(400), Just(100_000), Just(100_000)];
    let mends = || prop::bool::weighted(0.6);
    let roles = [&REVIEWING[..], &[Role::Citizen, Role::Employer]].concat();
    prop_oneof![
        3 => (who(), mends()).prop_map(|(who, mends)| Act::Stand { who, mends }),
        2 => (prop::sample::select(CITIZENS.to_vec()), mends()).prop_map(|(who, mends)| Act::Blacklist { who, mends }),
        3 => (who(), prop::sample::select(roles), mends())
            .prop_map(|(who, role, mends)| Act::ChangeRole { who, role, mends }),
        3 => (payers(), 0usize..2, amount()).prop_map(|(who, bank, amount)| Act::Approve { who, bank, amount }),
        3 => (payers(), 0usize..2, 1u128..900).prop_map(|(who, bank, amount)| Act::Issue { who, bank, amount }),
        1 => (0usize..2, 1u128..5).prop_map(|(bank, amount)| Act::Gift { bank, amount }),
    ]
    .boxed()
}

/// Something by anybody.
fn meddling() -> BoxedStrategy<Act> {
    (0..=LAST, back(), sheet(), 0usize..12)
        .prop_map(|(who, case, sheet, kind)| {
            let (by, reason) = (By::Number(who), 1);
            match kind {
                0 => Act::AgreeToPay { by, scheme: case },
                1 => Act::RetireScheme { by, scheme: case },
                2 => Act::Supplement { by, case, sheet },
                3 => Act::WithdrawApplication { by, case },
                4 => Act::Appeal { by, case },
                5 => Act::AgreeAsEmployer { by, case },
                6 => Act::Suspend { by, case, reason },
                7 => Act::Resume { by, case },
                8 => Act::Recertify { by, case, sheet },
                9 => Act::Terminate { by, case, reason },
                10 => Act::AddDocument { by, case, broken: Broken::Nothing },
                _ => Act::Withdraw { by, bank: 0, percent: Ok(100) },
            }
        })
        .boxed()
}

fn edge() -> impl Strategy<Value = (Edge, bool)> {
    let edge = prop_oneof![4 => Just(Edge::Due), 2 => Just(Edge::EndOfAppeals), 2 => Just(Edge::EndOfCertificate)];
    (edge, prop::bool::weighted(0.35))
}

/// To an edge of a case, and what happens at it.
fn at_an_edge() -> BoxedStrategy<Vec<Act>> {
    (back(), edge(), any::<bool>())
        .prop_map(|(case, (edge, early), other)| {
            let mut acts = vec![Act::WaitFor { case, edge, early }];
            acts.extend(match (edge, other) {
                (Edge::EndOfAppeals, false) => vec![Act::Appeal { by: By::Right(0), case }],
                (Edge::EndOfAppeals, true) => vec![Act::CloseCase { case }],
                (_, false) => vec![Act::Pay { case, off: 0 }, Act::CollectPremium { case: 0, off: 0 }],
                (_, true) => vec![Act::CollectPremium { case, off: 0 }, Act::Pay { case: 0, off: 0 }],
            });
            acts
        })
        .boxed()
}

pub fn steps() -> impl Strategy<Value = Vec<Act>> {
    let waiting = prop_oneof![Just(1), Just(DAY), Just(3 * DAY), Just(31 * DAY)].prop_map(|by| Act::Wait { by });
    let one = prop_oneof![
        9 => deciding(),
        8 => answering(),
        8 => paying(),
        6 => supervising(),
        3 => governing(),
        5 => outside(),
        6 => meddling(),
        1 => waiting,
    ];
    let one = one.boxed();
    // Some things while new business is stopped.
    let pausing = (one.clone(), deciding(), granting());
    let pausing = pausing.prop_map(|(one, other, more)| vec![Act::Pause, one, other, more[0], Act::Unpause]);
    let acts = prop_oneof![5 => granting(), 16 => one.prop_map(|act| vec![act]), 3 => at_an_edge(), 2 => appealing(),
        1 => suspending(), 1 => pausing];
    // In pieces, so that a failing sequence shrinks by pieces first.
    let pieces = prop::collection::vec(prop::collection::vec(acts, 6..9), 8..10);
    pieces.prop_map(|pieces| pieces.into_iter().flatten().flatten().collect())
}
