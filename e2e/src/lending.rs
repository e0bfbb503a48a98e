//! The test kit of loans: a [`World`] with the offices that lend, their flows and one product of each kind.

use crate::{Person, World};
use amanah_client::{embedded::Embedded, Actor, Chain, Done, Failure};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    crypto::{Crypto, Native},
    flow::{self, Event, EventKind, Request},
    ids::{CampaignId, CaseId, FlowId, LoanId, ParticipantId, ProductId},
    layout::{ApplicantStatement, PasskeyStatement, RatingStatement, VerdictStatement},
    rating::Rating,
    roles::Role,
    signing::Signed,
    time::{Millis, DAY, MINUTE},
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{
        Campaign, Case, Code, Error, Loan, LoanRecord, Method, NewCampaign, Offer, Order, PasskeyApproval, SignedRating,
    },
    registry::Registry,
    Balance,
};
use scale::Encode;
use std::ops::{Deref, DerefMut};

/// How long a usual case stays open: a week.
pub const VALIDITY: Millis = 7 * DAY;

/// A world in which money is lent.
pub struct Lenders<C = Embedded> {
    pub world: World<C>,
    /// The department that pays the interest of subsidised loans.
    pub department: Person,
    pub civil_affairs: Person,
    /// The administrator of lending, who rates borrowers and approves campaigns.
    pub officer: Person,
    pub authenticator: Person,
    pub investors: [Person; 3],
    /// Loan application: bank, civil affairs, financial department.
    pub application: FlowId,
    /// Interest refund: bank, financial department.
    pub refund: FlowId,
    /// Campaign close: the administrator of lending.
    pub close: FlowId,
    /// Reschedule: bank.
    pub reschedule: FlowId,
    /// The bank's product, with the usual terms.
    pub product: ProductId,
    /// What campaigns collect for.
    pub campaign_product: ProductId,
    nonces: u64,
}

impl Default for Lenders {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> Deref for Lenders<C> {
    type Target = World<C>;

    fn deref(&self) -> &World<C> {
        &self.world
    }
}

impl<C> DerefMut for Lenders<C> {
    fn deref_mut(&mut self) -> &mut World<C> {
        &mut self.world
    }
}

impl Lenders {
    /// Offices, flows and products in a new world; nobody has money yet.
    pub fn new() -> Self {
        Self::of(World::new())
    }
}

impl<C: Chain> Lenders<C> {
    /// Offices, flows and products in this world.
    pub fn of(mut world: World<C>) -> Self {
        let department = world.enrol("financial department", &[Role::FinancialDepartment]);
        let civil_affairs = world.enrol("civil affairs", &[Role::CivilAffairs]);
        let officer = world.enrol("loan officer", &[Role::LoanAdministrator]);
        let authenticator = world.enrol("authenticator", &[Role::Authenticator]);
        let investors =
            ["first", "second", "third"].map(|name| world.enrol(&format!("{name} investor"), &[Role::Investor]));
        let mut lenders = Self {
            world,
            department,
            civil_affairs,
            officer,
            authenticator,
            investors,
            application: 0,
            refund: 0,
            close: 0,
            reschedule: 0,
            product: 0,
            campaign_product: 0,
            nonces: 0,
        };
        let all = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment];
        lenders.application = lenders.configure(EventKind::LoanApplication, &all);
        lenders.refund = lenders.configure(EventKind::InterestRefund, &[Role::Bank, Role::FinancialDepartment]);
        lenders.close = lenders.configure(EventKind::CampaignClose, &[Role::LoanAdministrator]);
        lenders.reschedule = lenders.configure(EventKind::Reschedule, &[Role::Bank]);
        let bank = lenders.world.bank.actor.clone();
        lenders.product = lenders.offer(&bank, lenders.usual_offer());
        let officer = lenders.officer.actor.clone();
        let offer = Offer { flow: 0, subsidised: false, order: Order::InterestFirst, ..lenders.usual_offer() };
        lenders.campaign_product = lenders.offer(&officer, offer);
        lenders
    }

    /// Configures a flow for citizens, by Government.
    pub fn configure(&mut self, kind: EventKind, oracles: &[Role]) -> FlowId {
        let government = self.world.government.actor.clone();
        let configure = self.world.suite.loan().configure_flow(kind, vec![Role::Citizen], oracles.to_vec(), VALIDITY);
        self.world.send(&government, configure).value
    }

    /// Usual terms of a product: a subsidised loan of up to 50,000 for up to three years at 5 %, in equal instalments of
    /// principal; five days of grace, default after ninety; one every year.
    pub fn usual_offer(&self) -> Offer {
        Offer {
            flow: self.application,
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
        }
    }

    /// Offers a product.
    pub fn offer(&mut self, by: &Actor, offer: Offer) -> ProductId {
        let message = self.world.suite.loan().offer_product(offer);
        self.world.send(by, message).value
    }

    /// The bank offers a product whose terms differ from the usual ones.
    pub fn product_with(&mut self, change: impl FnOnce(&mut Offer)) -> ProductId {
        let mut offer = self.usual_offer();
        change(&mut offer);
        let bank = self.world.bank.actor.clone();
        self.offer(&bank, offer)
    }

    /// Somebody has `amount` more of the bank's money, and lets the loan contract take all that it has.
    pub fn funds(&mut self, person: &Person, amount: Balance) {
        self.world.issue(person, amount);
        let everything = self.world.balance(person);
        let (bank, contract) = (self.world.bank.number, self.world.suite.loan.into());
        self.world.send(&person.actor, self.world.suite.ledger().approve(contract, bank, everything));
    }

    /// What the loan contract owns of the bank's money.
    pub fn held(&mut self) -> Balance {
        let message = self.world.suite.ledger().balance_of(self.world.suite.loan.into(), self.world.bank.number);
        self.world.ask(message)
    }

    // ---- events ----

    /// The citizen's application for a loan of the usual product.
    pub fn application(&self, principal: Balance, months: u16) -> Event {
        self.application_of(&self.world.citizen.clone(), self.product, principal, months)
    }

    /// Somebody's application for a loan of a product, to the usual grantors.
    pub fn application_of(&self, applicant: &Person, product: ProductId, principal: Balance, months: u16) -> Event {
        Event {
            flow: self.application,
            applicant: applicant.number,
            grantors: vec![self.world.bank.number, self.civil_affairs.number, self.department.number],
            request: Request::Loan { product, principal, months, facts: [7; 32] },
        }
    }

    /// The citizen asks that the department pays a loan's interest.
    pub fn interest_refund(&self, loan: LoanId) -> Event {
        Event {
            flow: self.refund,
            applicant: self.world.citizen.number,
            grantors: vec![self.world.bank.number, self.department.number],
            request: Request::InterestRefund { loan },
        }
    }

    /// The citizen asks for the money of its campaign.
    pub fn campaign_close(&self, campaign: CampaignId) -> Event {
        Event {
            flow: self.close,
            applicant: self.world.citizen.number,
            grantors: vec![self.officer.number],
            request: Request::CampaignClose { campaign },
        }
    }

    /// The citizen asks for a new schedule of a bank's loan.
    pub fn new_schedule(&self, loan: LoanId, months: u16) -> Event {
        Event {
            flow: self.reschedule,
            applicant: self.world.citizen.number,
            grantors: vec![self.world.bank.number],
            request: Request::Reschedule { loan, months },
        }
    }

    /// The citizen locks an event from its own account.
    #[track_caller]
    pub fn lock(&mut self, event: &Event) -> CaseId {
        let citizen = self.world.citizen.actor.clone();
        let message = self.world.suite.loan().lock(event.clone(), None);
        self.world.send(&citizen, message).value
    }

    /// A case, which must be there.
    #[track_caller]
    pub fn case(&mut self, case: CaseId) -> Case {
        self.world.ask(self.world.suite.loan().case(case)).expect("the case is there")
    }

    /// A loan, which must be there.
    #[track_caller]
    pub fn loan(&mut self, loan: LoanId) -> LoanRecord {
        self.world.ask(self.world.suite.loan().loan(loan)).expect("the loan is there")
    }

    /// A campaign, which must be there.
    #[track_caller]
    pub fn campaign(&mut self, campaign: CampaignId) -> Campaign {
        self.world.ask(self.world.suite.loan().campaign(campaign)).expect("the campaign is there")
    }

    /// What an oracle has to sign about a case as it stands, in the role that the event names it for.
    #[track_caller]
    pub fn statement(
        &mut self,
        case: CaseId,
        oracle: &Person,
        verdict: Verdict,
        valid_until: Millis,
    ) -> VerdictStatement {
        let record = self.case(case);
        let flow = self.world.ask(self.world.suite.loan().flow(record.event.flow)).expect("the flow is there");
        let named = record.event.grantors.iter().position(|grantor| *grantor == oracle.number);
        let role = flow.oracles[named.expect("the oracle is named")];
        let known = self.world.ask(self.world.suite.registry().credentials_of(oracle.number)).expect("registered");
        VerdictStatement {
            domain: self.world.suite.loan_domain(),
            case,
            revision: record.revision,
            event: flow::event_hash::<Native>(&flow, &record.event).expect("the event fits its flow"),
            role: role.index().expect("a role"),
            epoch: known.epoch,
            key: known.key,
            verdict,
            valid_until,
        }
    }

    /// An oracle's verdict on a case as it stands, valid for an hour.
    #[track_caller]
    pub fn verdict(&mut self, case: CaseId, oracle: &Person, verdict: Verdict) -> SignedVerdict {
        let until = self.world.now() + 60 * MINUTE;
        let statement = self.statement(case, oracle, verdict, until);
        sign_verdict(&statement, oracle)
    }

    /// The usual oracles of a case: those that its event names.
    #[track_caller]
    pub fn oracles(&mut self, case: CaseId) -> Vec<Person> {
        let named = self.case(case).event.grantors;
        let all = [&self.world.bank, &self.civil_affairs, &self.department, &self.officer];
        let find = |number: &ParticipantId| all.iter().find(|one| one.number == *number).expect("a usual oracle");
        named.iter().map(|number| (*find(number)).clone()).collect()
    }

    /// Passes by all oracles of a case.
    #[track_caller]
    pub fn passes(&mut self, case: CaseId) -> Vec<SignedVerdict> {
        self.oracles(case).iter().map(|oracle| self.verdict(case, oracle, Verdict::Pass)).collect()
    }

    /// A stranger unlocks a case with its event and these verdicts; what comes of it.
    #[track_caller]
    pub fn try_unlock(&mut self, case: CaseId, verdicts: Vec<SignedVerdict>) -> Result<Done<Code>, Failure<Error>> {
        let event = self.case(case).event;
        let stranger = self.world.stranger.clone();
        let message = self.world.suite.loan().unlock(case, event, verdicts);
        amanah_client::send(&mut self.world.chain, &stranger.account(), message)
    }

    /// Unlocks a case with everybody's Pass; it must succeed.
    #[track_caller]
    pub fn unlock(&mut self, case: CaseId) -> Done<Code> {
        let verdicts = self.passes(case);
        let done = self.try_unlock(case, verdicts).unwrap_or_else(|failure| panic!("not unlocked: {failure}"));
        assert_eq!(done.value, Code::Success);
        done
    }

    /// The citizen has a loan of the usual product, with the money for it from the bank.
    #[track_caller]
    pub fn lend(&mut self, principal: Balance, months: u16) -> LoanId {
        self.lend_of(self.product, principal, months)
    }

    /// The citizen has a loan of this product, with the money for it from the bank.
    #[track_caller]
    pub fn lend_of(&mut self, product: ProductId, principal: Balance, months: u16) -> LoanId {
        let (bank, citizen) = (self.world.bank.clone(), self.world.citizen.clone());
        self.funds(&bank, principal);
        let event = self.application_of(&citizen, product, principal, months);
        let case = self.lock(&event);
        self.unlock(case);
        let newest = self.world.ask(self.world.suite.loan().loans_of(citizen.number, None, 1));
        newest.first().expect("the loan was opened").0
    }

    /// Somebody repays a loan, with money that it gets for that; what was taken.
    #[track_caller]
    pub fn repay(&mut self, payer: &Person, loan: LoanId, amount: Balance) -> Balance {
        self.funds(payer, amount);
        let message = self.world.suite.loan().repay(loan, amount);
        self.world.send(&payer.actor, message).value
    }

    // ---- signatures ----

    /// The applicant's signature on an event for a revision, valid for an hour, with a new nonce.
    #[track_caller]
    pub fn approval(&mut self, event: &Event, revision: u32, applicant: &Person) -> Signed {
        let known = self.world.ask(self.world.suite.registry().credentials_of(applicant.number)).expect("registered");
        let (nonce, valid_until) = self.limits();
        let statement = ApplicantStatement {
            domain: self.world.suite.loan_domain(),
            flow: event.flow,
            applicant: applicant.number,
            nonce,
            revision,
            body: event.body_hash::<Native>(),
            epoch: known.epoch,
            key: known.key,
            valid_until,
        };
        Signed { nonce, valid_until, signature: applicant.actor.sign(&statement.signed_bytes::<Native>()) }
    }

    /// The officer's rating of a borrower.
    #[track_caller]
    pub fn rating(&mut self, borrower: &Person, rating: Rating) -> SignedRating {
        let (officer, facts) = (self.officer.clone(), [8; 32]);
        let known = self.world.ask(self.world.suite.registry().credentials_of(officer.number)).expect("registered");
        let (nonce, valid_until) = self.limits();
        let statement = RatingStatement {
            domain: self.world.suite.loan_domain(),
            borrower: borrower.number,
            grade: rating.grade,
            rate: rating.rate,
            most: rating.most,
            facts,
            nonce,
            valid_until,
            epoch: known.epoch,
            key: known.key,
        };
        let signature = officer.actor.sign(&statement.signed_bytes::<Native>());
        SignedRating { signer: officer.number, rating, facts, signed: Signed { nonce, valid_until, signature } }
    }

    /// The authenticator's word that the borrower approved exactly this campaign.
    #[track_caller]
    pub fn passkey(&mut self, borrower: &Person, campaign: &NewCampaign, rating: &SignedRating) -> PasskeyApproval {
        let signer = self.authenticator.clone();
        let known = self.world.ask(self.world.suite.registry().credentials_of(signer.number)).expect("registered");
        let (nonce, valid_until) = self.limits();
        let arguments = (ink::selector_bytes!("Loan::open_campaign"), campaign, rating).encode();
        let statement = PasskeyStatement {
            domain: self.world.suite.loan_domain(),
            participant: borrower.number,
            nonce,
            arguments: Native::blake2b_256(&arguments),
            valid_until,
            epoch: known.epoch,
            key: known.key,
        };
        let signature = signer.actor.sign(&statement.signed_bytes::<Native>());
        PasskeyApproval { signer: signer.number, signed: Signed { nonce, valid_until, signature } }
    }

    /// A nonce above all others, and an hour from now.
    fn limits(&mut self) -> (u64, Millis) {
        self.nonces += 1;
        (self.nonces, self.world.now() + 60 * MINUTE)
    }

    // ---- campaigns ----

    /// A usual rating: grade B, 8 %, up to 100,000.
    pub fn usual_rating(&self) -> Rating {
        Rating { grade: 1, rate: 800, most: 100_000 }
    }

    /// A usual campaign for `target`: tickets of 100, a year, ten days to collect.
    pub fn new_campaign(&self, target: Balance) -> NewCampaign {
        NewCampaign {
            product: self.campaign_product,
            issuer: self.world.bank.number,
            target,
            minimum: 100,
            months: 12,
            deadline: self.world.now() + 10 * DAY,
            document: [9; 32],
        }
    }

    /// The citizen proposes a campaign, rated and approved as usual.
    #[track_caller]
    pub fn propose(&mut self, campaign: NewCampaign) -> CampaignId {
        let citizen = self.world.citizen.clone();
        let rating = self.rating(&citizen, self.usual_rating());
        let passkey = self.passkey(&citizen, &campaign, &rating);
        let message = self.world.suite.loan().open_campaign(campaign, rating, passkey);
        self.world.send(&citizen.actor, message).value
    }

    /// A usual campaign that collects.
    #[track_caller]
    pub fn open_campaign(&mut self, target: Balance) -> CampaignId {
        let campaign = self.propose(self.new_campaign(target));
        let officer = self.officer.actor.clone();
        self.world.send(&officer, self.world.suite.loan().approve_campaign(campaign));
        campaign
    }

    /// Somebody invests, with money that it gets for that.
    #[track_caller]
    pub fn invest(&mut self, investor: &Person, campaign: CampaignId, amount: Balance) {
        self.funds(investor, amount);
        let message = self.world.suite.loan().invest(campaign, amount);
        self.world.send(&investor.actor, message);
    }
}

/// An oracle signs a statement.
pub fn sign_verdict(statement: &VerdictStatement, oracle: &Person) -> SignedVerdict {
    let signature = oracle.actor.sign(&statement.signed_bytes::<Native>());
    SignedVerdict { verdict: statement.verdict, valid_until: statement.valid_until, signature }
}
