//! A town in which money is lent: the offices, their flows and products, and what they sign.

use crate::town::{Person, Town};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    crypto::{Crypto, Native},
    flow::{event_hash, EventKind},
    ids::{CaseId, FlowId, ParticipantId, ProductId},
    layout::{PasskeyStatement, RatingStatement, VerdictStatement},
    rating::Rating,
    roles::Role,
    signing::Signed,
    time::{DAY, MINUTE},
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{Event, Loan, Method, NewCampaign, Offer, Order, PasskeyApproval, Request, SignedRating},
    Balance,
};
use scale::Encode;
use std::ops::{Deref, DerefMut};

/// A town with offices that lend.
pub struct Lenders {
    pub town: Town,
    pub government: Person,
    pub bank: Person,
    pub civil_affairs: Person,
    pub department: Person,
    pub officer: Person,
    pub authenticator: Person,
    pub citizen: Person,
    /// Bank, civil affairs, financial department.
    pub application: FlowId,
    /// Bank, financial department.
    pub refund: FlowId,
    /// The loan administrator.
    pub close: FlowId,
    /// The bank's, subsidised.
    pub product: ProductId,
    /// What campaigns collect for.
    pub collected: ProductId,
    references: u8,
}

impl Deref for Lenders {
    type Target = Town;

    fn deref(&self) -> &Town {
        &self.town
    }
}

impl DerefMut for Lenders {
    fn deref_mut(&mut self) -> &mut Town {
        &mut self.town
    }
}

impl Lenders {
    pub async fn new() -> Self {
        let mut town = Town::new().await;
        let administrator = town.administrator.clone();
        let government = town.enrol(&administrator, "government", &[Role::Government]).await;
        let bank = town.enrol(&government, "bank", &[Role::Bank]).await;
        let civil_affairs = town.enrol(&government, "civil affairs", &[Role::CivilAffairs]).await;
        let department = town.enrol(&government, "department", &[Role::FinancialDepartment]).await;
        let officer = town.enrol(&government, "officer", &[Role::LoanAdministrator]).await;
        let authenticator = town.enrol(&government, "authenticator", &[Role::Authenticator]).await;
        let citizen = town.enrol(&government, "citizen", &[Role::Citizen]).await;
        let suite = town.suite.clone();
        let mut flows = Vec::new();
        for (kind, oracles) in [
            (EventKind::LoanApplication, vec![Role::Bank, Role::CivilAffairs, Role::FinancialDepartment]),
            (EventKind::InterestRefund, vec![Role::Bank, Role::FinancialDepartment]),
            (EventKind::CampaignClose, vec![Role::LoanAdministrator]),
        ] {
            let configure = suite.loan().configure_flow(kind, vec![Role::Citizen], oracles, DAY);
            flows.push(town.send(&government, configure).await.value);
        }
        let offer = Offer {
            flow: flows[0],
            limit: 50_000,
            most_months: 36,
            again_after_months: 12,
            rate: 500,
            method: Method::EqualPrincipal,
            order: Order::PrincipalFirst,
            grace_days: 5,
            late_fee: 10,
            default_after_days: 90,
            subsidised: true,
        };
        let campaigns =
            Offer { flow: 0, subsidised: false, order: Order::InterestFirst, grace_days: 30, ..offer.clone() };
        let product = town.send(&bank, suite.loan().offer_product(offer)).await.value;
        let collected = town.send(&officer, suite.loan().offer_product(campaigns)).await.value;
        let [application, refund, close] = flows.try_into().expect("three flows were configured");
        Self {
            town,
            government,
            bank,
            civil_affairs,
            department,
            officer,
            authenticator,
            citizen,
            application,
            refund,
            close,
            product,
            collected,
            references: 0,
        }
    }

    /// The bank issues somebody `amount`, who lets the loan contract take it.
    pub async fn funds(&mut self, person: &Person, amount: Balance) {
        self.references += 1;
        let (bank, suite, reference) = (self.bank.clone(), self.suite.clone(), [self.references; 32]);
        self.send(&bank, suite.ledger().issue(person.id(), amount, reference)).await;
        self.send(person, suite.ledger().increase_allowance(suite.loan.into(), bank.number, amount)).await;
    }

    /// What somebody owns of the bank's money.
    pub async fn owned(&mut self, account: amanah_interfaces::AccountId) -> Balance {
        let question = self.suite.ledger().balance_of(account, self.bank.number);
        self.ask(question).await
    }

    /// The citizen's event, to be granted by these.
    pub fn event(&self, flow: FlowId, grantors: &[&Person], request: Request) -> Event {
        let grantors: Vec<ParticipantId> = grantors.iter().map(|grantor| grantor.number).collect();
        Event { flow, applicant: self.citizen.number, grantors, request }
    }

    /// The verdicts of a case's oracles, all of them Pass and valid for an hour.
    pub async fn passes(&mut self, case: CaseId, oracles: &[&Person]) -> Vec<SignedVerdict> {
        let suite = self.suite.clone();
        let record = self.ask(suite.loan().case(case)).await.expect("the case is there");
        let flow = self.ask(suite.loan().flow(record.event.flow)).await.expect("the flow is there");
        let valid_until = self.now().await + 60 * MINUTE;
        let event = event_hash::<Native>(&flow, &record.event).expect("the event fits its flow");
        let signed = flow.oracles.iter().zip(oracles).map(|(role, oracle)| {
            let statement = VerdictStatement {
                domain: suite.loan_domain(),
                case,
                revision: record.revision,
                event,
                role: role.index().expect("a role"),
                epoch: 0,
                key: oracle.actor.account(),
                verdict: Verdict::Pass,
                valid_until,
            };
            let signature = oracle.actor.sign(&statement.signed_bytes::<Native>());
            SignedVerdict { verdict: Verdict::Pass, valid_until, signature }
        });
        signed.collect()
    }

    /// The officer's rating of the citizen, and the authenticator's word that it wants this campaign; each the first one.
    pub async fn rated(&mut self, campaign: &NewCampaign, rating: Rating) -> (SignedRating, PasskeyApproval) {
        let (domain, borrower, facts) = (self.suite.loan_domain(), self.citizen.number, [8; 32]);
        let (nonce, valid_until, epoch) = (1, self.now().await + 60 * MINUTE, 0);
        let Rating { grade, rate, most } = rating;
        let (officer, authenticator) = (self.officer.actor.clone(), self.authenticator.actor.clone());
        let key = officer.account();
        let statement = RatingStatement { domain, borrower, grade, rate, most, facts, nonce, valid_until, epoch, key };
        let signature = officer.sign(&statement.signed_bytes::<Native>());
        let signed = Signed { nonce, valid_until, signature };
        let rating = SignedRating { signer: self.officer.number, rating, facts, signed };

        let arguments = (ink::selector_bytes!("Loan::open_campaign"), campaign, &rating).encode();
        let (arguments, key) = (Native::blake2b_256(&arguments), authenticator.account());
        let statement = PasskeyStatement { domain, participant: borrower, nonce, arguments, valid_until, epoch, key };
        let signature = authenticator.sign(&statement.signed_bytes::<Native>());
        let signed = Signed { nonce, valid_until, signature };
        (rating, PasskeyApproval { signer: self.authenticator.number, signed })
    }
}
