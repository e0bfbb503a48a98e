//! Welfare on a node: from the application to the money on the beneficiary's account.

use crate::town::{Person, Town};
use amanah_client::{suite::new_scheme, Event};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    crypto::{Crypto, Native},
    ids::{SchemeId, WelfareCaseId},
    layout::{SealStatement, VerdictStatement},
    roles::Role,
    time::{DAY, MINUTE},
    welfare::samples,
};
use amanah_interfaces::{
    ledger::Ledger,
    welfare::{
        BenefitRefusal, BenefitStatus, Decision, Error, Form, MemberVerdict, Reason, Scheme, VerdictRefusal, Welfare,
    },
    Balance,
};

/// The price of an item of storage; a byte costs the 20,000th part.
const ITEM: i128 = 100_000_000_000;

/// A town with an office that grants benefits.
struct Office {
    town: Town,
    government: Person,
    bank: Person,
    payer: Person,
    citizen: Person,
    references: u8,
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::name).collect()
}

impl Office {
    async fn new() -> Self {
        let mut town = Town::new().await;
        let administrator = town.administrator.clone();
        let government = town.enrol(&administrator, "government", &[Role::Government]).await;
        let bank = town.enrol(&government, "bank", &[Role::Bank]).await;
        let payer = town.enrol(&government, "department", &[Role::FinancialDepartment]).await;
        let citizen = town.enrol(&government, "citizen", &[Role::Citizen]).await;
        Self { town, government, bank, payer, citizen, references: 0 }
    }

    /// The government creates a scheme of the samples, and the department agrees to pay.
    async fn scheme(&mut self, scheme: Scheme) -> SchemeId {
        let new = new_scheme(scheme, self.payer.number, self.bank.number);
        let suite = self.town.suite.clone();
        let number = self.town.send(&self.government, suite.welfare().create_scheme(new)).await.value;
        self.town.send(&self.payer, suite.welfare().agree_to_pay(number)).await;
        number
    }

    /// The bank issues somebody `amount`, who lets the welfare contract take it.
    async fn funds(&mut self, person: &Person, amount: Balance) {
        self.references += 1;
        let suite = self.town.suite.clone();
        self.town.send(&self.bank, suite.ledger().issue(person.id(), amount, [self.references; 32])).await;
        let allow = suite.ledger().increase_allowance(suite.welfare.into(), self.bank.number, amount);
        self.town.send(person, allow).await;
    }

    async fn owned(&mut self, account: amanah_interfaces::AccountId) -> Balance {
        let question = self.town.suite.ledger().balance_of(account, self.bank.number);
        self.town.ask(question).await
    }

    /// A member's signed Pass on the stage that a case is at, valid for an hour.
    async fn pass(&mut self, case: WelfareCaseId, member: &Person, role: Role) -> MemberVerdict {
        let suite = self.town.suite.clone();
        let record = self.town.ask(suite.welfare().benefit_case(case)).await.expect("the case is there");
        let event = self.town.ask(suite.welfare().verdict_hash(case, None)).await.expect("it is in review");
        let valid_until = self.town.now().await + 60 * MINUTE;
        let statement = VerdictStatement {
            domain: suite.welfare_domain(),
            case,
            revision: record.round,
            event,
            role: role.index().expect("a role"),
            epoch: 0,
            key: member.actor.account(),
            verdict: Verdict::Pass,
            valid_until,
        };
        let signature = member.actor.sign(&statement.signed_bytes::<Native>());
        MemberVerdict {
            member: member.number,
            verdict: SignedVerdict { verdict: Verdict::Pass, valid_until, signature },
        }
    }
}

#[tokio::test]
async fn a_benefit_is_applied_for_sealed_granted_by_a_committee_and_paid_month_after_month() {
    let mut office = Office::new().await;
    let suite = office.town.suite.clone();
    let (government, citizen, payer) = (office.government.clone(), office.citizen.clone(), office.payer.clone());
    let county = office.town.enrol(&government, "county", &[Role::WelfareDepartment]).await;
    let panel = [
        office.town.enrol(&government, "first doctor", &[Role::MedicalPanel]).await,
        office.town.enrol(&government, "second doctor", &[Role::MedicalPanel]).await,
    ];
    let institute = office.town.enrol(&government, "institute", &[Role::WelfareInstitute]).await;
    let mut terms = samples::welfare();
    terms.stages[1].needed = 2;
    let scheme = office.scheme(terms).await;
    office.funds(&payer, 10_000).await;

    // Without a medical record it comes back.
    let incomplete = samples::form(200, &[samples::INJURY_PROOF]);
    let applied = office.town.send(&citizen, suite.welfare().apply(scheme, incomplete)).await;
    assert_eq!(names(&applied.events), ["CaseOpened", "CaseMoved"]);
    // The case, the first entry of its history, and the beginning of the applicant's list.
    assert!((3 * ITEM..4 * ITEM).contains(&applied.deposit), "a case takes a deposit of {}", applied.deposit);
    let case = applied.value;
    let record = office.town.ask(suite.welfare().benefit_case(case)).await.expect("it is there");
    assert_eq!(record.status, BenefitStatus::Returned);
    assert!(record.reasons.has(Reason::DocumentMissing));
    let form = samples::form(200, &[samples::MEDICAL_RECORD, samples::INJURY_PROOF]);
    office.town.send(&citizen, suite.welfare().supplement(case, form)).await;

    // The county seals a report; somebody else's seal is worth nothing.
    let cid = samples::document(samples::MEDICAL_RECORD).cid;
    let statement = SealStatement {
        domain: suite.welfare_domain(),
        case,
        cid_hash: Native::blake2b_256(&cid),
        stage: 0,
        epoch: 0,
        key: county.actor.account(),
    };
    let [seal, forged] = [&county, &citizen].map(|signer| signer.actor.sign(&statement.signed_bytes::<Native>()));
    let refused = office.town.refused(&county, suite.welfare().add_document(case, cid, forged)).await;
    assert_eq!(refused, Error::BadSeal);
    office.town.send(&county, suite.welfare().add_document(case, cid, seal)).await;
    office.town.send(&county, suite.welfare().decide(case, 1, 0, Decision::Accept, None, 0)).await;

    // Both doctors sign; one alone is not enough.
    let verdicts = [
        office.pass(case, &panel[0], Role::MedicalPanel).await,
        office.pass(case, &panel[1], Role::MedicalPanel).await,
    ];
    let one = suite.welfare().decide_signed(case, None, verdicts[..1].to_vec());
    let refused = office.town.refused(&citizen, one).await;
    assert_eq!(refused, Error::Verdict(VerdictRefusal::WrongCount { needed: 2, given: 1 }));
    let both = suite.welfare().decide_signed(case, None, verdicts.to_vec());
    let done = office.town.send(&citizen, both).await;
    assert_eq!(names(&done.events), ["CaseMoved", "CaseMoved"]);

    // Granted forty days ago: two months are due, and the third is not.
    let granted = office.town.now().await - 40 * DAY;
    let last = office.pass(case, &institute, Role::WelfareInstitute).await;
    office.town.send_at(granted, suite.welfare().decide_signed(case, None, vec![last])).await;
    for period in [1, 2] {
        let paid = office.town.send(&citizen, suite.welfare().pay(case, period)).await;
        assert_eq!(names(&paid.events), ["Transferred", "BenefitPaid"]);
    }
    let refused = office.town.refused(&citizen, suite.welfare().pay(case, 3)).await;
    assert!(matches!(refused, Error::Benefit(BenefitRefusal::TooEarly { .. })), "{refused:?}");
    let certificate = office.town.ask(suite.welfare().certificate(case)).await.expect("it was granted");
    assert!(certificate.is_valid);
    assert_eq!((certificate.since, certificate.amount, certificate.sum), (granted, 400, 800));

    assert_eq!(office.owned(suite.welfare.into()).await, 800);
    office.town.send(&citizen, suite.welfare().withdraw(office.bank.number, 800)).await;
    assert_eq!(office.owned(citizen.id()).await, 800);
    assert_eq!(office.owned(suite.welfare.into()).await, 0);
    assert_eq!(office.owned(payer.id()).await, 9_200);
}

#[tokio::test]
async fn a_premium_is_collected_from_the_insured_and_its_employer() {
    let mut office = Office::new().await;
    let suite = office.town.suite.clone();
    let (government, citizen, payer) = (office.government.clone(), office.citizen.clone(), office.payer.clone());
    let agency = office.town.enrol(&government, "agency", &[Role::SocialInsuranceAgency]).await;
    let employer = office.town.enrol(&government, "employer", &[Role::Employer]).await;
    let scheme = office.scheme(Scheme { employer_share: 2_500, ..samples::insurance() }).await;
    let form = Form { ratio: 800, employer: Some(employer.number), ..samples::form(2_000, &[samples::PHOTO]) };
    let poor = office.town.send(&citizen, suite.welfare().apply(scheme, form.clone())).await.value;
    let record = office.town.ask(suite.welfare().benefit_case(poor)).await.expect("it is there");
    assert_eq!(record.status, BenefitStatus::Rejected);
    assert!(record.reasons.has(Reason::BalanceTooLow));

    office.funds(&citizen, 1_000).await;
    office.funds(&employer, 1_000).await;
    let case = office.town.send(&citizen, suite.welfare().apply(scheme, form)).await.value;
    office.town.send(&agency, suite.welfare().decide(case, 0, 0, Decision::Accept, None, 0)).await;
    let collect = || suite.welfare().collect_premium(case, 1);
    let refused = office.town.refused(&agency, collect()).await;
    assert_eq!(refused, Error::NotAgreed { payer: employer.number });
    office.town.send(&employer, suite.welfare().agree_as_employer(case)).await;
    let collected = office.town.send(&agency, collect()).await;
    assert_eq!(names(&collected.events), ["Transferred", "Transferred", "PremiumCollected"]);
    assert_eq!(office.owned(citizen.id()).await, 1_000 - 120);
    assert_eq!(office.owned(employer.id()).await, 1_000 - 40);
    assert_eq!(office.owned(payer.id()).await, 160);
}
