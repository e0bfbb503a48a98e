//! How costs grow, on the node's own runtime: with what is stored, with rows in a batch, with entries on a roll, with oracles.

use crate::{own_runtime::OwnRuntime, prices};
use amanah_client::Cost;
use amanah_domain::{
    chaincode::Verdict,
    crypto::Native,
    flow::{Event, EventKind, Request},
    merkle,
    roles::Role,
    time::DAY,
};
use amanah_e2e::{
    lending::Lenders,
    registration,
    tour::{through_lending, through_welfare, Notes, Tour},
    welfare::Offices,
    Person, World, START,
};
use amanah_interfaces::{
    loan::Loan,
    registry::Registry,
    voucher::{Funding, NewVoucher, RollEntry, Terms, Voucher},
    MOST_ROWS,
};
use serde::{Deserialize, Serialize};

/// A figure at a size.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Point {
    /// What is measured.
    pub what: String,
    /// How many records, rows, entries or oracles.
    pub size: u32,
    /// Picoseconds, with the transaction around the call.
    pub ref_time: u64,
    /// Bytes.
    pub proof_size: u64,
    /// The chain's smallest unit.
    pub deposit: i128,
}

impl Point {
    fn of(what: &str, size: u32, cost: Cost) -> Self {
        let Cost { ref_time, proof_size, deposit } = cost;
        Self { what: what.to_owned(), size, ref_time: ref_time + prices::extrinsic(), proof_size, deposit }
    }
}

fn world() -> World<OwnRuntime> {
    World::on(OwnRuntime::new(START))
}

/// Every message in worlds with so many participants and vouchers, locked cases and welfare cases.
pub fn records(sizes: &[u32], mut each: impl FnMut(u32)) -> Vec<Point> {
    let mut points = Vec::new();
    for size in sizes {
        for (label, visit) in tour_among(*size).visits {
            points.push(Point::of(&label, *size, visit.cost));
        }
        each(*size);
    }
    points
}

/// The tour through all messages where so much is stored already.
fn tour_among(size: u32) -> Notes {
    let (rest, _) = through_lending(Tour::alone(world(), |world| {
        let mut lenders = Lenders::of(world);
        let citizens = fill(&mut lenders.world, size);
        for citizen in citizens {
            let event = lenders.application_of(&citizen, lenders.product, 1_000, 1);
            let lock = lenders.suite.loan().lock(event, None);
            lenders.send(&citizen.actor, lock);
        }
        lenders
    }));
    let (welfare, _) = through_welfare(Tour::alone(world(), |world| {
        let mut offices = Offices::of(world);
        let citizens = fill(&mut offices.world, size);
        for citizen in citizens {
            let injury = offices.injury;
            offices.apply(&citizen, injury, amanah_e2e::welfare::injury_form());
        }
        offices
    }));
    rest.and(welfare)
}

/// So many citizens, each with a funded voucher.
fn fill(world: &mut World<OwnRuntime>, size: u32) -> Vec<Person> {
    let programme = world.programme(Terms { budget: 1 << 60, ..world.terms() });
    world.bank_has(1 << 60);
    let (suite, government, bank) = (world.suite.clone(), world.government.actor.clone(), world.bank.actor.clone());
    let names: Vec<String> = (0..size).map(|number| format!("one of many {number}")).collect();
    let mut citizens = Vec::new();
    for some in names.chunks(MOST_ROWS as usize) {
        let rows: Vec<_> = some.iter().map(|name| registration(name, &[Role::Citizen])).collect();
        let holders: Vec<_> = rows.iter().map(|row| row.account).collect();
        let numbers = world.send(&government, suite.registry().register_many(rows)).value;
        let rows = holders.into_iter().map(|holder| NewVoucher { holder, category: 0, expires: None }).collect();
        let vouchers = world.send(&government, suite.voucher().create_many(programme, rows)).value;
        let rows =
            vouchers.into_iter().map(|voucher| Funding { voucher: voucher.expect("it is created"), amount: 100 });
        world.send(&bank, suite.voucher().fund_many(programme, rows.collect()));
        citizens.extend(some.iter().zip(numbers).map(|(name, number)| Person {
            actor: amanah_client::Actor::named(name),
            number: number.expect("it is registered"),
        }));
    }
    citizens
}

/// Creating vouchers, and funding them: one alone, and so many in a batch.
pub fn batches(sizes: &[u32]) -> Vec<Point> {
    let mut world = world();
    let programme = world.programme(Terms { budget: 1 << 60, ..world.terms() });
    world.bank_has(1 << 60);
    let (suite, government, bank) = (world.suite.clone(), world.government.actor.clone(), world.bank.actor.clone());
    let holder = world.citizen.id();
    let mut points = Vec::new();
    // The first time makes items that later work only changes.
    for warm in [true, false] {
        let done = world.send(&government, suite.voucher().create(programme, holder, 0, None));
        let funded = world.send(&bank, suite.voucher().fund(done.value, 100));
        if !warm {
            points.extend([Point::of("create", 1, done.cost), Point::of("fund", 1, funded.cost)]);
        }
    }
    for size in sizes {
        let row = NewVoucher { holder, category: 0, expires: None };
        let done = world.send(&government, suite.voucher().create_many(programme, vec![row; *size as usize]));
        let rows = done.value.iter().flatten().map(|voucher| Funding { voucher: *voucher, amount: 100 }).collect();
        let funded = world.send(&bank, suite.voucher().fund_many(programme, rows));
        assert!(funded.value.iter().all(Result::is_ok), "each row is funded");
        points.extend([Point::of("create_many", *size, done.cost), Point::of("fund_many", *size, funded.cost)]);
    }
    points
}

/// Rolls of so many entries: publishing one, funding it, and the second claim of it by the same holder.
pub fn rolls(sizes: &[u32]) -> Vec<Point> {
    let mut world = world();
    let (suite, government, bank) = (world.suite.clone(), world.government.actor.clone(), world.bank.actor.clone());
    let (stranger, holder) = (world.stranger.clone(), world.citizen.number);
    let programme = world.programme(Terms { budget: 1 << 60, ..world.terms() });
    world.bank_has(1 << 60);
    let domain = suite.voucher_domain();
    let deadline = world.now() + DAY;
    let mut points = Vec::new();
    for (number, size) in (1..).zip(sizes) {
        let entries = (0..*size).map(|index| RollEntry {
            index: index.into(),
            holder,
            category: 0,
            amount: 1,
            expires: deadline + DAY,
        });
        let leaves: Vec<_> = entries.clone().map(|entry| entry.leaf::<Native>(&domain, number)).collect();
        let root = merkle::root::<Native>(&leaves).expect("a roll is not empty");
        let total = u128::from(*size);
        let publish = suite.voucher().publish_roll(programme, root, (*size).into(), total, deadline);
        points.push(Point::of("publish_roll", *size, world.send(&government, publish).cost));
        points.push(Point::of("fund_roll", *size, world.send(&bank, suite.voucher().fund_roll(number)).cost));
        for index in [size / 2, size / 2 + 1] {
            let entry = entries.clone().nth(index as usize).expect("it is on the roll");
            let proof = merkle::proof::<Native>(&leaves, index as usize).expect("it is on the roll");
            let cost = world.send(&stranger, suite.voucher().claim(number, entry, proof)).cost;
            if index > size / 2 {
                points.push(Point::of("claim", *size, cost));
            }
        }
    }
    points
}

/// Unlocking a loan that so many oracles grant, one to five.
pub fn oracles() -> Vec<Point> {
    let mut lenders = Lenders::of(world());
    let committee = lenders.enrol("neighbourhood committee", &[Role::NeighbourhoodCommittee]);
    let offices = [
        (Role::Bank, lenders.bank.clone()),
        (Role::CivilAffairs, lenders.civil_affairs.clone()),
        (Role::FinancialDepartment, lenders.department.clone()),
        (Role::Regulator, lenders.regulator.clone()),
        (Role::NeighbourhoodCommittee, committee),
    ];
    let (bank, suite) = (lenders.bank.clone(), lenders.suite.clone());
    lenders.funds(&bank, 1_000_000);
    let mut points = Vec::new();
    // The first time makes items that later work only changes.
    for count in [1, 1, 2, 3, 4, 5] {
        let (roles, people): (Vec<_>, Vec<_>) = offices[..count].iter().cloned().unzip();
        let flow = lenders.configure(EventKind::LoanApplication, &roles);
        let offer = amanah_interfaces::loan::Offer { flow, subsidised: false, ..lenders.usual_offer() };
        let product = lenders.offer(&bank.actor, offer);
        let request = Request::Loan { product, principal: 1_000, months: 12, facts: [7; 32] };
        let grantors = people.iter().map(|office| office.number).collect();
        let event = Event { flow, applicant: lenders.citizen.number, grantors, request };
        let case = lenders.lock(&event);
        let verdicts = people.iter().map(|office| lenders.verdict(case, office, Verdict::Pass)).collect();
        let stranger = lenders.stranger.clone();
        let done = lenders.send(&stranger, suite.loan().unlock(case, event, verdicts));
        points.retain(|point: &Point| point.size != count as u32);
        points.push(Point::of("unlock", count as u32, done.cost));
    }
    points
}

/// What stays stored of a voucher, a redemption that has ended and was cleared, and a loan: not the first ones, which make
/// items that later ones only change.
pub fn deposits() -> Vec<Point> {
    let mut lenders = Lenders::of(world());
    let suite = lenders.suite.clone();
    let (government, shop, stranger) =
        (lenders.government.actor.clone(), lenders.shop.actor.clone(), lenders.stranger.clone());
    let (bank, product, holder) = (lenders.bank.clone(), lenders.product, lenders.citizen.id());
    let (programme, voucher) = lenders.funded_voucher(1_000);
    lenders.funds(&bank, 1_000_000);
    let mut points = Vec::new();
    for (turn, name) in ["first borrower", "second borrower"].into_iter().enumerate() {
        let created = lenders.send(&government, suite.voucher().create(programme, holder, 0, None)).cost;
        let requested = lenders.send(&shop, suite.voucher().request(voucher, 100, 0, [7; 32]));
        let proof = lenders.proof(requested.value);
        let confirmed = lenders.send(&shop, suite.voucher().confirm(requested.value, proof)).cost;
        let cleared = lenders.send(&shop, suite.voucher().clear(requested.value)).cost;
        let borrower = lenders.enrol(name, &[Role::Citizen]);
        let event = lenders.application_of(&borrower, product, 1_000, 12);
        let locked = lenders.send(&borrower.actor, suite.loan().lock(event.clone(), None));
        let verdicts = lenders.passes(locked.value);
        let unlocked = lenders.send(&stranger, suite.loan().unlock(locked.value, event, verdicts)).cost;
        let stays = |parts: &[Cost]| Cost { deposit: parts.iter().map(|part| part.deposit).sum(), ..parts[0] };
        if turn > 0 {
            points.push(Point::of("a voucher", 1, created));
            points.push(Point::of("a redemption that has ended", 1, stays(&[requested.cost, confirmed, cleared])));
            points.push(Point::of("a case and its loan", 1, stays(&[locked.cost, unlocked])));
        }
    }
    points
}
