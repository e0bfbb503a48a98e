//! What the tests of the loan contract share.

pub use amanah_client::Event as Emitted;

use amanah_client::{Actor, Done, Suite};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    flow::{Event, EventKind},
    ids::{CaseId, FlowId, ProductId},
    layout::VerdictStatement,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_e2e::{
    lending::{sign_verdict, Lenders},
    registration, Person,
};
use amanah_interfaces::{
    loan::{CaseStatus, Code, Error, Loan, UnlockRefused},
    registry::{Registration, Registry},
    Balance,
};

/// The people of a world in which money is lent, apart from it, so that a test can name them while the world is at work.
pub struct Cast {
    pub suite: Suite,
    pub administrator: Actor,
    pub government: Person,
    pub regulator: Person,
    pub bank: Person,
    pub shop: Person,
    pub citizen: Person,
    pub department: Person,
    pub civil_affairs: Person,
    pub officer: Person,
    pub investor: Person,
    pub stranger: Actor,
}

/// A world in which money is lent, and its people.
pub fn stage() -> (Lenders, Cast) {
    let lenders = Lenders::new();
    let cast = Cast {
        suite: lenders.suite.clone(),
        administrator: lenders.administrator.clone(),
        government: lenders.government.clone(),
        regulator: lenders.regulator.clone(),
        bank: lenders.bank.clone(),
        shop: lenders.shop.clone(),
        citizen: lenders.citizen.clone(),
        department: lenders.department.clone(),
        civil_affairs: lenders.civil_affairs.clone(),
        officer: lenders.officer.clone(),
        investor: lenders.investors[0].clone(),
        stranger: lenders.stranger.clone(),
    };
    (lenders, cast)
}

/// What a message has told.
#[track_caller]
pub fn told<T>(lenders: &Lenders, done: &Done<T>) -> Vec<Emitted> {
    lenders.events(&done.events)
}

/// Registers somebody with something unusual about it.
pub fn enrol_with(lenders: &mut Lenders, name: &str, roles: &[Role], change: impl FnOnce(&mut Registration)) -> Person {
    let (government, mut unusual) = (lenders.government.actor.clone(), registration(name, roles));
    change(&mut unusual);
    let register = lenders.suite.registry().register(unusual);
    let number = lenders.send(&government, register).value;
    Person { actor: Actor::named(name), number }
}

/// Government gives somebody one role more.
pub fn grant(lenders: &mut Lenders, person: &Person, role: Role) {
    let (government, message) = (lenders.government.actor.clone(), lenders.suite.registry().grant(person.number, role));
    lenders.send(&government, message);
}

/// Government takes a role from somebody.
pub fn revoke(lenders: &mut Lenders, person: &Person, role: Role) {
    let government = lenders.government.actor.clone();
    let message = lenders.suite.registry().revoke(person.number, role);
    lenders.send(&government, message);
}

/// The regulator puts a suspended participant back in good standing.
pub fn reinstate(lenders: &mut Lenders, person: &Person) {
    let (regulator, message) = (lenders.regulator.actor.clone(), lenders.suite.registry().reinstate(person.number));
    lenders.send(&regulator, message);
}

/// Somebody takes another signing key.
pub fn rotate_key(lenders: &mut Lenders, person: &Person, key: &Actor) {
    let message = lenders.suite.registry().rotate_key(key.account());
    lenders.send(&person.actor, message);
}

/// A flow for citizens whose cases stay open for so long.
pub fn flow_for(lenders: &mut Lenders, kind: EventKind, oracles: &[Role], validity: Millis) -> FlowId {
    let government = lenders.government.actor.clone();
    let message = lenders.suite.loan().configure_flow(kind, vec![Role::Citizen], oracles.to_vec(), validity);
    lenders.send(&government, message).value
}

/// A product that its bank grants alone, and that costs the borrower 5 % a year.
pub fn simple_product(lenders: &mut Lenders) -> ProductId {
    let flow = lenders.configure(EventKind::LoanApplication, &[Role::Bank]);
    lenders.product_with(|offer| {
        offer.flow = flow;
        offer.subsidised = false;
    })
}

/// Somebody's application for such a product.
pub fn simple_application(
    lenders: &mut Lenders,
    applicant: &Person,
    product: ProductId,
    principal: Balance,
    months: u16,
) -> Event {
    let terms = lenders.suite.loan().product(product);
    let flow = lenders.ask(terms).expect("the product is there").flow;
    let grantors = vec![lenders.bank.number];
    Event { flow, grantors, ..lenders.application_of(applicant, product, principal, months) }
}

/// Somebody locks an event from its own account.
#[track_caller]
pub fn lock_by(lenders: &mut Lenders, applicant: &Person, event: &Event) -> CaseId {
    let message = lenders.suite.loan().lock(event.clone(), None);
    lenders.send(&applicant.actor, message).value
}

/// The citizen cannot lock this event.
#[track_caller]
pub fn cannot_lock(lenders: &mut Lenders, event: &Event, error: Error) {
    let citizen = lenders.citizen.actor.clone();
    let message = lenders.suite.loan().lock(event.clone(), None);
    lenders.refuses(&citizen, message, error);
}

/// A case that all of its oracles have passed, for as long as is needed, though nobody has handed that in yet.
pub struct Ready {
    pub case: CaseId,
    pub event: Event,
    pub verdicts: Vec<SignedVerdict>,
}

/// The citizen's event, locked and passed by all its oracles.
#[track_caller]
pub fn ready(lenders: &mut Lenders, event: &Event) -> Ready {
    let citizen = lenders.citizen.clone();
    ready_for(lenders, &citizen, event)
}

/// Somebody's event, locked from its account and passed by all its oracles for a year.
#[track_caller]
pub fn ready_for(lenders: &mut Lenders, applicant: &Person, event: &Event) -> Ready {
    let case = lock_by(lenders, applicant, event);
    let until = lenders.chain.now() + 365 * DAY;
    let oracles = lenders.oracles(case);
    let pass = |oracle: &Person| {
        let statement = lenders.statement(case, oracle, Verdict::Pass, until);
        sign_verdict(&statement, oracle)
    };
    let verdicts = oracles.iter().map(pass).collect();
    Ready { case, event: event.clone(), verdicts }
}

/// The citizen's application for 12,000 of the usual product, passed by all, and the bank has the money.
#[track_caller]
pub fn ready_application(lenders: &mut Lenders) -> Ready {
    let bank = lenders.bank.clone();
    lenders.funds(&bank, 12_000);
    let event = lenders.application(12_000, 12);
    ready(lenders, &event)
}

/// A stranger unlocks it.
#[track_caller]
pub fn unlock_ready(lenders: &mut Lenders, ready: &Ready) -> Done<Code> {
    let stranger = lenders.stranger.clone();
    let message = lenders.suite.loan().unlock(ready.case, ready.event.clone(), ready.verdicts.clone());
    let done = lenders.send(&stranger, message);
    assert_eq!(done.value, Code::Success);
    assert_eq!(lenders.case(ready.case).status, CaseStatus::Executed);
    done
}

/// A stranger who tries to unlock it is refused, and nothing changes.
#[track_caller]
pub fn cannot_unlock(lenders: &mut Lenders, ready: &Ready, error: Error) {
    let stranger = lenders.stranger.clone();
    let message = lenders.suite.loan().unlock(ready.case, ready.event.clone(), ready.verdicts.clone());
    lenders.refuses(&stranger, message, error);
}

/// A stranger's attempt to unlock a case ends with this code, says so, and stores nothing at all.
#[track_caller]
pub fn stores_nothing(lenders: &mut Lenders, case: CaseId, event: &Event, verdicts: &[SignedVerdict], code: Code) {
    let stranger = lenders.stranger.clone();
    let message = lenders.suite.loan().unlock(case, event.clone(), verdicts.to_vec());
    lenders.chain.endow(&stranger.account());
    let before = lenders.chain.state_root();
    let done = lenders.send(&stranger, message);
    let unchanged = lenders.chain.state_root() == before;
    assert_eq!(done.value, code);
    assert_eq!(told(lenders, &done), [Emitted::UnlockRefused(UnlockRefused { case, code })]);
    assert!(unchanged, "an unlocking code that does not fit changed the state");
}

/// What an oracle's Pass would say if something about it were different.
#[track_caller]
pub fn pass_with(
    lenders: &mut Lenders,
    case: CaseId,
    oracle: &Person,
    change: impl FnOnce(&mut VerdictStatement),
) -> VerdictStatement {
    let until = lenders.chain.now() + DAY;
    let mut statement = lenders.statement(case, oracle, Verdict::Pass, until);
    change(&mut statement);
    statement
}

/// What a lender has to its credit.
pub fn credit(lenders: &mut Lenders, of: &Person) -> Balance {
    let message = lenders.suite.loan().credit(of.number, lenders.bank.number);
    lenders.ask(message)
}
