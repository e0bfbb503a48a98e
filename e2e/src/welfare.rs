//! The test kit of welfare: a [`World`] with the offices that review, and the schemes of the sample data.

use crate::{Person, World};
use amanah_client::{embedded::Embedded, suite::new_scheme, Chain, Done, Message};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    crypto::{Crypto, Native},
    ids::{SchemeId, Signature, WelfareCaseId},
    layout::{SealStatement, VerdictStatement},
    roles::Role,
    time::MINUTE,
    welfare::samples,
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::Registry,
    welfare::{
        Action, BenefitCase, BenefitStatus, Decision, Error, Form, MemberVerdict, NewScheme, Payout, Scheme, Stage,
        Welfare,
    },
    Balance,
};
use scale::Encode;
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};

/// A world in which benefits are granted.
pub struct Offices<C = Embedded> {
    pub world: World<C>,
    /// The department whose account pays benefits and receives premiums.
    pub payer: Person,
    /// The usual reviewer of each role.
    reviewers: BTreeMap<u8, Person>,
    /// The schemes of the sample data.
    pub insurance: SchemeId,
    pub assistance: SchemeId,
    pub injury: SchemeId,
    pub minimum_living: SchemeId,
}

impl Default for Offices {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> Deref for Offices<C> {
    type Target = World<C>;

    fn deref(&self) -> &World<C> {
        &self.world
    }
}

impl<C> DerefMut for Offices<C> {
    fn deref_mut(&mut self) -> &mut World<C> {
        &mut self.world
    }
}

impl Offices {
    /// Offices and schemes in a new world; nobody has money yet.
    pub fn new() -> Self {
        Self::of(World::new())
    }
}

impl<C: Chain> Offices<C> {
    /// Offices and schemes in this world.
    pub fn of(mut world: World<C>) -> Self {
        let payer = world.enrol("benefits department", &[Role::FinancialDepartment]);
        let mut offices = Self {
            world,
            payer,
            reviewers: BTreeMap::new(),
            insurance: 0,
            assistance: 0,
            injury: 0,
            minimum_living: 0,
        };
        offices.insurance = offices.scheme(samples::insurance());
        offices.assistance = offices.scheme(samples::assistance());
        offices.injury = offices.scheme(samples::welfare());
        offices.minimum_living = offices.scheme(samples::minimum_living());
        offices
    }

    /// A scheme of the samples as Government would create it here: the department pays, in the bank's money.
    pub fn terms(&self, scheme: Scheme) -> NewScheme {
        new_scheme(scheme, self.payer.number, self.world.bank.number)
    }

    /// Government creates a scheme, and the department agrees to pay.
    #[track_caller]
    pub fn scheme(&mut self, scheme: Scheme) -> SchemeId {
        let (government, payer) = (self.world.government.actor.clone(), self.payer.actor.clone());
        let create = self.world.suite.welfare().create_scheme(self.terms(scheme));
        let number = self.world.send(&government, create).value;
        self.world.send(&payer, self.world.suite.welfare().agree_to_pay(number));
        number
    }

    /// School meals of the samples, in vouchers of a programme that Government creates for them.
    #[track_caller]
    pub fn school_meals(&mut self) -> Scheme {
        let programme = self.world.programme(self.world.terms());
        Scheme { payout: Payout::Voucher { programme, category: 3 }, ..samples::school_meals() }
    }

    /// Somebody has `amount` more of the bank's money, and lets the welfare contract take all that it has.
    pub fn funds(&mut self, person: &Person, amount: Balance) {
        self.world.issue(person, amount);
        let everything = self.world.balance(person);
        let (bank, contract) = (self.world.bank.number, self.world.suite.welfare.into());
        self.world.send(&person.actor, self.world.suite.ledger().approve(contract, bank, everything));
    }

    /// What the welfare contract owns of the bank's money.
    pub fn held(&mut self) -> Balance {
        let message = self.world.suite.ledger().balance_of(self.world.suite.welfare.into(), self.world.bank.number);
        self.world.ask(message)
    }

    /// What the welfare contract owes to somebody in the bank's money.
    pub fn credit(&mut self, of: &Person) -> Balance {
        let message = self.world.suite.welfare().credit(of.number, self.world.bank.number);
        self.world.ask(message)
    }

    // ---- cases ----

    /// Somebody applies; the case, however the automatic check ended.
    #[track_caller]
    pub fn apply(&mut self, applicant: &Person, scheme: SchemeId, form: Form) -> WelfareCaseId {
        let message = self.world.suite.welfare().apply(scheme, form);
        self.world.send(&applicant.actor, message).value
    }

    /// A case, which must be there.
    #[track_caller]
    pub fn case(&mut self, case: WelfareCaseId) -> BenefitCase {
        self.world.ask(self.world.suite.welfare().benefit_case(case)).expect("the case is there")
    }

    /// How a case stands.
    #[track_caller]
    pub fn status(&mut self, case: WelfareCaseId) -> BenefitStatus {
        self.case(case).status
    }

    /// The scheme of a case.
    #[track_caller]
    pub fn scheme_of(&mut self, case: WelfareCaseId) -> Scheme {
        let scheme = self.case(case).scheme;
        self.world.ask(self.world.suite.welfare().scheme(scheme)).expect("the scheme is there")
    }

    /// The stage that a case is at.
    #[track_caller]
    pub fn stage(&mut self, case: WelfareCaseId) -> Stage {
        let at = usize::from(self.case(case).stage);
        self.scheme_of(case).stages[at]
    }

    /// The usual reviewer of a role, who is registered when first asked for.
    pub fn reviewer(&mut self, role: Role) -> Person {
        let index = role.index().expect("a role");
        if let Some(known) = self.reviewers.get(&index) {
            return known.clone();
        }
        let person = self.world.enrol(&format!("reviewer {role:?}"), &[role]);
        self.reviewers.insert(index, person.clone());
        person
    }

    /// The usual reviewer of the stage that a case is at.
    #[track_caller]
    pub fn reviewer_of(&mut self, case: WelfareCaseId) -> Person {
        let role = self.stage(case).role;
        self.reviewer(role)
    }

    /// The usual reviewer decides the stage that a case is at.
    #[track_caller]
    pub fn decide(&mut self, case: WelfareCaseId, decision: Decision, amount: Option<Balance>) -> Done<()> {
        let reviewer = self.reviewer_of(case).actor;
        let message = self.decision(case, decision, amount, 0);
        self.world.send(&reviewer, message)
    }

    /// A decision about a case as it is heard now.
    #[track_caller]
    pub fn decision(
        &mut self,
        case: WelfareCaseId,
        decision: Decision,
        amount: Option<Balance>,
        reason: u16,
    ) -> Message<impl Encode, Result<(), Error>> {
        let BenefitCase { round, stage, .. } = self.case(case);
        self.world.suite.welfare().decide(case, round, stage, decision, amount, reason)
    }

    /// The usual reviewers accept every stage that is left; the stage that sets an amount sets this one.
    #[track_caller]
    pub fn accept_all(&mut self, case: WelfareCaseId, amount: Balance) {
        while self.status(case) == BenefitStatus::Review {
            let sets = self.stage(case).action == Action::SetAmount;
            self.decide(case, Decision::Accept, sets.then_some(amount));
        }
    }

    /// Somebody applies, and every stage accepts: a benefit that runs from now on.
    #[track_caller]
    pub fn grant(&mut self, applicant: &Person, scheme: SchemeId, form: Form) -> WelfareCaseId {
        let case = self.apply(applicant, scheme, form);
        self.accept_all(case, 250);
        assert_eq!(self.status(case), BenefitStatus::Running, "granted");
        case
    }

    /// The citizen has the work injury's benefit, and the department the money for it.
    #[track_caller]
    pub fn granted_injury(&mut self) -> WelfareCaseId {
        let (citizen, payer) = (self.world.citizen.clone(), self.payer.clone());
        self.funds(&payer, 100_000);
        self.grant(&citizen, self.injury, injury_form())
    }

    /// The citizen is insured with a premium of 160, and has the money for many.
    #[track_caller]
    pub fn granted_insurance(&mut self) -> WelfareCaseId {
        let citizen = self.world.citizen.clone();
        self.funds(&citizen, 5_000);
        self.grant(&citizen, self.insurance, insurance_form())
    }

    /// Anybody pays a period of a benefit.
    #[track_caller]
    pub fn pay(&mut self, case: WelfareCaseId, period: u16) -> Done<()> {
        let stranger = self.world.stranger.clone();
        self.world.send(&stranger, self.world.suite.welfare().pay(case, period))
    }

    // ---- signatures ----

    /// What a committee member has to sign about a case as it stands, valid for an hour.
    #[track_caller]
    pub fn statement(&mut self, case: WelfareCaseId, member: &Person, amount: Option<Balance>) -> VerdictStatement {
        let role = self.stage(case).role;
        let event = self.world.ask(self.world.suite.welfare().verdict_hash(case, amount)).expect("it is in review");
        let known = self.world.ask(self.world.suite.registry().credentials_of(member.number)).expect("registered");
        VerdictStatement {
            domain: self.world.suite.welfare_domain(),
            case,
            revision: self.case(case).round,
            event,
            role: role.index().expect("a role"),
            epoch: known.epoch,
            key: known.key,
            verdict: Verdict::Pass,
            valid_until: self.world.now() + 60 * MINUTE,
        }
    }

    /// A committee member's signed Pass.
    #[track_caller]
    pub fn pass(&mut self, case: WelfareCaseId, member: &Person, amount: Option<Balance>) -> MemberVerdict {
        signed(&self.statement(case, member, amount), member)
    }

    /// A reviewer's seal on a document.
    #[track_caller]
    pub fn seal(&mut self, case: WelfareCaseId, cid: [u8; 36], reviewer: &Person) -> Signature {
        let known = self.world.ask(self.world.suite.registry().credentials_of(reviewer.number)).expect("registered");
        let statement = SealStatement {
            domain: self.world.suite.welfare_domain(),
            case,
            cid_hash: Native::blake2b_256(&cid),
            stage: self.case(case).stage,
            epoch: known.epoch,
            key: known.key,
        };
        reviewer.actor.sign(&statement.signed_bytes::<Native>())
    }

    /// All cases that wait for a role, page by page.
    pub fn worklist(&mut self, role: Role) -> Vec<WelfareCaseId> {
        let mut all = Vec::new();
        loop {
            let start = u32::try_from(all.len()).expect("few cases");
            let page = self.world.ask(self.world.suite.welfare().worklist(role, start, 50));
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// Another reviewer of a role than the usual one.
    pub fn second_reviewer(&mut self, role: Role) -> Person {
        self.world.enrol(&format!("second reviewer {role:?}"), &[role])
    }

    /// Somebody new who may apply.
    pub fn applicant(&mut self, name: &str) -> Person {
        self.world.enrol(name, &[Role::Citizen])
    }

    /// Checks that the welfare contract owns what it owes to these people.
    #[track_caller]
    pub fn check_books(&mut self, creditors: &[&Person]) {
        let owed: Balance = creditors.iter().map(|one| self.credit(one)).sum();
        assert_eq!(self.held(), owed, "what the welfare contract holds is what it owes");
    }
}

/// Lucy's form: an income of 2,000, 8 % of it as premium.
pub fn insurance_form() -> Form {
    Form { ratio: 800, ..samples::form(2_000, &[samples::PHOTO]) }
}

/// Lily's form: four heads, an income of 200, a property of 2,000.
pub fn assistance_form() -> Form {
    let documents = [samples::PHOTO, samples::INCOME, samples::PROPERTY];
    Form { property: Some(2_000), household: 4, ..samples::form(200, &documents) }
}

/// Mark's form: a medical record and the proof of an injury.
pub fn injury_form() -> Form {
    samples::form(200, &[samples::MEDICAL_RECORD, samples::INJURY_PROOF])
}

/// A form of four heads with an income of 600: half of the line.
pub fn minimum_living_form() -> Form {
    Form { household: 4, ..samples::form(600, &[samples::INCOME]) }
}

/// A member signs a statement.
pub fn signed(statement: &VerdictStatement, member: &Person) -> MemberVerdict {
    let signature = member.actor.sign(&statement.signed_bytes::<Native>());
    let verdict = SignedVerdict { verdict: statement.verdict, valid_until: statement.valid_until, signature };
    MemberVerdict { member: member.number, verdict }
}
