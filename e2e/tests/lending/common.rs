//! What the tests of lending and crowdfunding share.

use amanah_client::{
    suite::{LedgerMessages, LoanMessages, RegistryMessages},
    Actor, Done, Event, Suite,
};
use amanah_domain::{
    ids::{CampaignId, CaseId, LoanId, ParticipantId, ProductId},
    time::{Millis, DAY},
};
use amanah_e2e::{lending::Lenders, Person, World, START};
use amanah_interfaces::{
    governance::Governed,
    ledger::Ledger,
    loan::{Due, Error, Loan, LoanMarked, LoanRefusal, LoanRepaid, LoanStatus, Method, Offer, Order, Share},
    Balance,
};

/// A world's people, apart from it, so that a test can name them while the world is at work.
pub struct Cast {
    pub suite: Suite,
    pub administrator: Actor,
    pub government: Person,
    pub regulator: Person,
    pub bank: Person,
    pub citizen: Person,
    pub department: Person,
    pub officer: Person,
    pub authenticator: Person,
    pub investors: [Person; 3],
    pub stranger: Actor,
}

impl Cast {
    pub fn loans(&self) -> LoanMessages {
        self.suite.loan()
    }

    pub fn ledger(&self) -> LedgerMessages {
        self.suite.ledger()
    }

    pub fn registry(&self) -> RegistryMessages {
        self.suite.registry()
    }
}

/// A new world of lenders and its people.
pub fn stage() -> (Lenders, Cast) {
    let lenders = Lenders::new();
    let World { suite, administrator, government, regulator, bank, citizen, stranger, .. } = &lenders.world;
    let cast = Cast {
        suite: suite.clone(),
        administrator: administrator.clone(),
        government: government.clone(),
        regulator: regulator.clone(),
        bank: bank.clone(),
        citizen: citizen.clone(),
        department: lenders.department.clone(),
        officer: lenders.officer.clone(),
        authenticator: lenders.authenticator.clone(),
        investors: lenders.investors.clone(),
        stranger: stranger.clone(),
    };
    (lenders, cast)
}

// ---- times of a loan that begins with the world ----

/// When its first payment is due: 2026-02-15.
pub const DUE: Millis = START + 31 * DAY;
/// Its second, third and fourth.
pub const DUE_2: Millis = START + 59 * DAY;
pub const DUE_3: Millis = START + 90 * DAY;
pub const DUE_4: Millis = START + 120 * DAY;
/// When the usual days of grace after the first are over.
pub const LATE: Millis = DUE + 5 * DAY;
/// When it may be marked as in default, by the usual terms.
pub const DEFAULT: Millis = DUE + 90 * DAY;

/// Terms that are easy to reckon with: a tenth of a per cent a day (36.5 % a year) by the borrower, 10 for each missed date.
pub fn plain(offer: &mut Offer) {
    offer.subsidised = false;
    offer.rate = 3_650;
    offer.order = Order::InterestFirst;
    offer.method = Method::EqualPrincipal;
}

/// The citizen has a loan by these terms of 1,000 for four months: 1 a day, and 250 by each due date.
#[track_caller]
pub fn lend_with(lenders: &mut Lenders, change: impl FnOnce(&mut Offer)) -> LoanId {
    let product = lenders.product_with(change);
    lenders.lend_of(product, 1_000, 4)
}

/// The same, by plain terms.
#[track_caller]
pub fn lend_plainly(lenders: &mut Lenders) -> LoanId {
    lend_with(lenders, plain)
}

/// The same, subsidised: the department owes the interest.
#[track_caller]
pub fn lend_subsidised(lenders: &mut Lenders) -> LoanId {
    lend_with(lenders, |offer| {
        plain(offer);
        offer.subsidised = true;
    })
}

// ---- what stands where ----

#[track_caller]
pub fn due(lenders: &mut Lenders, loan: LoanId) -> Due {
    let message = lenders.world.suite.loan().due(loan);
    lenders.world.ask(message).expect("the loan is there")
}

/// What is owed of a loan: fees, interest, principal by the borrower; interest by the department.
#[track_caller]
pub fn owed(lenders: &mut Lenders, loan: LoanId) -> [Balance; 4] {
    let due = due(lenders, loan);
    [due.fees, due.interest, due.principal, due.subsidy]
}

/// What was paid of a loan: fees, interest, principal by the borrower; interest by the department.
#[track_caller]
pub fn paid(lenders: &mut Lenders, loan: LoanId) -> [Balance; 4] {
    let book = lenders.loan(loan).book;
    [book.fees_paid, book.interest_paid, book.principal_paid, book.subsidy_paid].map(|amount| amount.balance())
}

#[track_caller]
pub fn status(lenders: &mut Lenders, loan: LoanId) -> LoanStatus {
    lenders.loan(loan).status
}

/// What a lender has been repaid in the bank's money.
pub fn credit(lenders: &mut Lenders, of: &Person) -> Balance {
    let message = lenders.world.suite.loan().credit(of.number, lenders.world.bank.number);
    lenders.world.ask(message)
}

pub fn share(lenders: &mut Lenders, campaign: CampaignId, of: &Person) -> Share {
    let message = lenders.world.suite.loan().share(campaign, of.number);
    lenders.world.ask(message)
}

/// What somebody owns of a bank's money.
pub fn balance_at(lenders: &mut Lenders, of: &Person, bank: ParticipantId) -> Balance {
    let message = lenders.world.suite.ledger().balance_of(of.id(), bank);
    lenders.world.ask(message)
}

// ---- steps ----

/// The only event of the suite's loan contract among those of a step.
#[track_caller]
pub fn only<T>(lenders: &Lenders, done: &Done<T>) -> Event {
    let contract = lenders.world.suite.loan;
    let own: Vec<_> = done.events.iter().filter(|event| event.contract == contract).cloned().collect();
    let events = lenders.world.events(&own);
    assert_eq!(events.len(), 1, "{events:?}");
    events.into_iter().next().expect("there is one")
}

/// Somebody repays a loan with money that it gets for that: fees, interest and principal of it.
#[track_caller]
pub fn repay(lenders: &mut Lenders, payer: &Person, loan: LoanId, amount: Balance) -> [Balance; 3] {
    lenders.funds(payer, amount);
    let message = lenders.world.suite.loan().repay(loan, amount);
    payment(lenders, payer, loan, message)
}

/// Somebody pays back of a loan in default: fees, interest and principal of it.
#[track_caller]
pub fn recover(lenders: &mut Lenders, payer: &Person, loan: LoanId, amount: Balance) -> [Balance; 3] {
    lenders.funds(payer, amount);
    let message = lenders.world.suite.loan().recover(loan, amount);
    payment(lenders, payer, loan, message)
}

#[track_caller]
fn payment<A: scale::Encode>(
    lenders: &mut Lenders,
    payer: &Person,
    loan: LoanId,
    message: amanah_client::Message<A, Result<Balance, Error>>,
) -> [Balance; 3] {
    let done = lenders.world.send(&payer.actor, message);
    let status = status(lenders, loan);
    let event = only(lenders, &done);
    let Event::LoanRepaid(LoanRepaid { fees, interest, principal, .. }) = event else { panic!("{event:?}") };
    assert_eq!(event, Event::LoanRepaid(LoanRepaid { loan, by: payer.number, fees, interest, principal, status }));
    assert_eq!(done.value, fees + interest + principal, "the answer is what was taken");
    [fees, interest, principal]
}

/// A stranger marks a loan as late.
#[track_caller]
pub fn mark_delinquent(lenders: &mut Lenders, loan: LoanId) {
    let (stranger, message) = (lenders.world.stranger.clone(), lenders.world.suite.loan().mark_delinquent(loan));
    let done = lenders.world.send(&stranger, message);
    let marked = LoanMarked { loan, status: LoanStatus::Delinquent };
    assert_eq!(lenders.world.events(&done.events), [Event::LoanMarked(marked)]);
    assert_eq!(status(lenders, loan), LoanStatus::Delinquent);
}

/// A stranger marks a loan as in default.
#[track_caller]
pub fn mark_defaulted(lenders: &mut Lenders, loan: LoanId) {
    let (stranger, message) = (lenders.world.stranger.clone(), lenders.world.suite.loan().mark_defaulted(loan));
    let done = lenders.world.send(&stranger, message);
    let marked = LoanMarked { loan, status: LoanStatus::Defaulted };
    assert_eq!(lenders.world.events(&done.events), [Event::LoanMarked(marked)]);
    assert_eq!(status(lenders, loan), LoanStatus::Defaulted);
}

/// A loan that began with the world is in default, on the first day that this is possible.
#[track_caller]
pub fn default(lenders: &mut Lenders, loan: LoanId) {
    lenders.world.chain.set_time(DEFAULT);
    mark_delinquent(lenders, loan);
    mark_defaulted(lenders, loan);
}

/// Whoever may writes a loan off.
#[track_caller]
pub fn write_off(lenders: &mut Lenders, by: &Person, loan: LoanId) {
    let message = lenders.world.suite.loan().write_off(loan);
    let done = lenders.world.send(&by.actor, message);
    let marked = LoanMarked { loan, status: LoanStatus::WrittenOff };
    assert_eq!(lenders.world.events(&done.events), [Event::LoanMarked(marked)]);
}

pub fn pause(lenders: &mut Lenders) {
    let (administrator, suite) = (lenders.world.administrator.clone(), lenders.world.suite.clone());
    lenders.world.send(&administrator, suite.governance(suite.loan).pause());
}

pub fn unpause(lenders: &mut Lenders) {
    let (administrator, suite) = (lenders.world.administrator.clone(), lenders.world.suite.clone());
    lenders.world.send(&administrator, suite.governance(suite.loan).unpause());
}

/// The citizen's full campaign is closed: the loan that comes of it.
#[track_caller]
pub fn close(lenders: &mut Lenders, campaign: CampaignId) -> LoanId {
    let case = lenders.lock(&lenders.campaign_close(campaign));
    lenders.unlock(case);
    lenders.campaign(campaign).loan
}

/// A campaign of the citizen that collects from the three investors, and the loan that comes of it: 8 % for a year.
#[track_caller]
pub fn fund(lenders: &mut Lenders, amounts: [Balance; 3]) -> (CampaignId, LoanId) {
    let campaign = lenders.open_campaign(amounts.iter().sum());
    for (investor, amount) in lenders.investors.clone().iter().zip(amounts) {
        lenders.invest(investor, campaign, amount);
    }
    let loan = close(lenders, campaign);
    (campaign, loan)
}

/// An investor takes what is there for it.
#[track_caller]
pub fn claim(lenders: &mut Lenders, investor: &Person, campaign: CampaignId) -> Balance {
    let message = lenders.world.suite.loan().claim(campaign);
    lenders.world.send(&investor.actor, message).value
}

/// A new bank that offers a product by the usual terms, but for what `change` changes; nobody else's world changes.
pub fn other_bank(lenders: &mut Lenders, change: impl FnOnce(&mut Offer)) -> (Person, ProductId) {
    let bank = lenders.world.enrol("other bank", &[amanah_domain::roles::Role::Bank]);
    let mut offer = lenders.usual_offer();
    change(&mut offer);
    let product = lenders.offer(&bank.actor, offer);
    (bank, product)
}

/// With everybody's Pass, a case is refused all the same, and stays as it is.
#[track_caller]
pub fn unlock_refused(lenders: &mut Lenders, case: CaseId, error: Error) {
    let (event, verdicts) = (lenders.case(case).event, lenders.passes(case));
    let stranger = lenders.world.stranger.clone();
    let message = lenders.world.suite.loan().unlock(case, event, verdicts);
    lenders.world.refuses(&stranger, message, error);
}

// ---- refusals ----

pub fn wrong(status: LoanStatus) -> Error {
    Error::Loan(LoanRefusal::WrongStatus { status })
}

pub const NOT_LATE: Error = Error::Loan(LoanRefusal::NotLate);
pub const NOTHING_OWED: Error = Error::Loan(LoanRefusal::NothingOwed);
