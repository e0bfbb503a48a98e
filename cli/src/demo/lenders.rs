//! The offices that grant loans, their flows, and the steps that loans and campaigns have in common.

use super::{
    offices::{government, organisations, reference, Registered},
    stage::Stage,
};
use amanah_client::{ask, Actor};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    crypto::Native,
    flow::{EventKind, Request},
    ids::{CaseId, FlowId, LoanId, ParticipantId, ProductId},
    layout::VerdictStatement,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{Code, Due, Event, Loan, LoanRecord, Method, Offer, Order},
    registry::Registry,
    Balance,
};
use anyhow::{ensure, Context, Result};

/// How long a case stays open.
const VALIDITY: Millis = 30 * DAY;

/// The offices of bank loans.
pub struct Lenders {
    pub government: Actor,
    pub bank: Registered,
    pub civil_affairs: Registered,
    /// The financial department, which owes the interest of subsidised loans.
    pub department: Registered,
    /// Loan application: bank, civil affairs, financial department.
    pub application: FlowId,
    /// Interest refund: bank, financial department.
    pub refund: FlowId,
}

impl Lenders {
    /// Registers the offices and configures their flows.
    pub fn register(stage: &mut Stage, administrator: &Actor) -> Result<Self> {
        let government = government(stage, administrator)?;
        let rows = [
            ("bank", Role::Bank),
            ("civil affairs", Role::CivilAffairs),
            ("financial department", Role::FinancialDepartment),
        ];
        let what = "the government registers a bank, civil affairs and the financial department";
        let [bank, civil_affairs, department] = organisations(stage, &government, what, rows)?;
        let granting = rows.map(|(_, role)| role);
        let application = configure(stage, &government, EventKind::LoanApplication, &granting)?;
        let refund =
            configure(stage, &government, EventKind::InterestRefund, &[Role::Bank, Role::FinancialDepartment])?;
        Ok(Self { government, bank, civil_affairs, department, application, refund })
    }

    /// The bank offers a product: subsidised loans of up to `limit` for up to `most_months`, one a year for each person.
    pub fn offer(&self, stage: &mut Stage, limit: Balance, most_months: u16) -> Result<ProductId> {
        let offer = Offer {
            flow: self.application,
            limit,
            most_months,
            again_after_months: 12,
            rate: 500,
            method: Method::EqualPrincipal,
            order: Order::PrincipalFirst,
            grace_days: 5,
            late_fee: 10,
            default_after_days: 90,
            subsidised: true,
        };
        let message = stage.suite.loan().offer_product(offer);
        let what = "the bank offers a product; the financial department owes its interest, 5 % a year";
        Ok(stage.act(what, &self.bank.actor, message)?.value)
    }
}

/// The government says who grants events of a kind that citizens apply for.
pub fn configure(stage: &mut Stage, government: &Actor, kind: EventKind, oracles: &[Role]) -> Result<FlowId> {
    let message = stage.suite.loan().configure_flow(kind, vec![Role::Citizen], oracles.to_vec(), VALIDITY);
    Ok(stage.act(format!("the government says who grants {kind:?}: {oracles:?}"), government, message)?.value)
}

/// The bank issues money to somebody, who lets the loan contract take all that it has then.
pub fn provide(stage: &mut Stage, bank: &Registered, to: &Registered, amount: Balance, why: &str) -> Result<()> {
    let issue = stage.suite.ledger().issue(to.actor.id(), amount, reference(&format!("{why} {}", to.number)));
    stage.send("issue money", &bank.actor, issue)?;
    allow(stage, bank, to)
}

/// Somebody lets the loan contract take all that it has of the bank's money.
pub fn allow(stage: &mut Stage, bank: &Registered, who: &Registered) -> Result<()> {
    let has = balance(stage, who, bank)?;
    let approve = stage.suite.ledger().approve(stage.suite.loan.into(), bank.number, has);
    stage.send("let the loan contract take it", &who.actor, approve)?;
    Ok(())
}

/// What somebody has of the bank's money.
pub fn balance(stage: &mut Stage, of: &Registered, bank: &Registered) -> Result<Balance> {
    stage.ask(stage.suite.ledger().balance_of(of.actor.id(), bank.number))
}

/// What the loan contract holds of the bank's money.
pub fn held(stage: &mut Stage, bank: &Registered) -> Result<Balance> {
    stage.ask(stage.suite.ledger().balance_of(stage.suite.loan.into(), bank.number))
}

/// A loan's record.
pub fn loan(stage: &mut Stage, loan: LoanId) -> Result<LoanRecord> {
    stage.ask(stage.suite.loan().loan(loan))?.context("the loan is on chain")
}

/// What is owed of a loan now.
pub fn due(stage: &mut Stage, loan: LoanId) -> Result<Due> {
    stage.ask(stage.suite.loan().due(loan))?.map_err(|error| anyhow::anyhow!("loan {loan}: {error:?}"))
}

/// Somebody's newest loan.
pub fn newest_loan(stage: &mut Stage, borrower: &Registered) -> Result<LoanId> {
    let loans = stage.ask(stage.suite.loan().loans_of(borrower.number, None, 1))?;
    Ok(loans.first().context("the loan was opened")?.0)
}

/// Somebody locks its own event; answers with the case.
pub fn lock(stage: &mut Stage, what: &str, applicant: &Registered, event: Event) -> Result<CaseId> {
    let message = stage.suite.loan().lock(event, None);
    Ok(stage.act(what, &applicant.actor, message)?.value)
}

/// The event of somebody who applies for something that these participants grant.
pub fn event(flow: FlowId, applicant: &Registered, grantors: &[&Registered], request: Request) -> Event {
    let grantors: Vec<ParticipantId> = grantors.iter().map(|grantor| grantor.number).collect();
    Event { flow, applicant: applicant.number, grantors, request }
}

/// A person in an office has looked at a case itself, and signs its Pass in this role.
pub fn pass_of(stage: &mut Stage, case: CaseId, office: &Registered, role: Role) -> Result<SignedVerdict> {
    let record = stage.ask(stage.suite.loan().case(case))?.context("the case is on chain")?;
    let event = stage.ask(stage.suite.loan().event_hash(case))?.context("the case has an event")?;
    let known = ask(&mut *stage.chain, stage.suite.registry().credentials_of(office.number))?;
    let known = known.context("the office is registered")?;
    let statement = VerdictStatement {
        domain: stage.suite.loan_domain(),
        case,
        revision: record.revision,
        event,
        role: role.index().context("the role has a number")?,
        epoch: known.epoch,
        key: known.key,
        verdict: Verdict::Pass,
        valid_until: record.expires,
    };
    let signature = office.actor.sign(&statement.signed_bytes::<Native>());
    Ok(SignedVerdict { verdict: statement.verdict, valid_until: statement.valid_until, signature })
}

/// Anybody unlocks a case with these verdicts, and it succeeds.
pub fn unlock(stage: &mut Stage, what: &str, case: CaseId, event: Event, verdicts: Vec<SignedVerdict>) -> Result<()> {
    let message = stage.suite.loan().unlock(case, event, verdicts);
    let code = stage.act(what, &Actor::named("anybody"), message)?.value;
    ensure!(code == Code::Success, "case {case} was not unlocked: {code:?}");
    Ok(())
}

/// Anybody tries to unlock a case with something that does not fit; the contract must answer with this code and change
/// nothing, which is shown.
pub fn does_not_fit(
    stage: &mut Stage,
    tried: &str,
    case: CaseId,
    event: Event,
    verdicts: Vec<SignedVerdict>,
    expected: Code,
) -> Result<()> {
    let before = stage.ask(stage.suite.loan().case(case))?;
    let message = stage.suite.loan().unlock(case, event, verdicts);
    let code = stage.send(tried, &Actor::named("anybody"), message)?.value;
    ensure!(code == expected, "{tried}: the contract answers {code:?} and not {expected:?}");
    ensure!(stage.ask(stage.suite.loan().case(case))? == before, "{tried}: the case has changed");
    stage.show_refusal(tried, format!("{code:?}: code {}, and nothing is stored", code.number()));
    Ok(())
}
