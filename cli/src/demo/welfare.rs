//! The welfare story: schemes from a file, applications from a file, each checked, reviewed stage by stage, and paid.

use super::{
    offices::{card, government, organisation, organisations, reference, registration, Registered},
    place::Whereabouts,
    stage::Stage,
};
use crate::{
    money::UNITS,
    report::{table, Report},
    welfare::{
        applications::{self, cid, Application},
        schemes::{self, File, Named},
    },
};
use amanah_client::{suite::new_scheme, Actor};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{SchemeId, WelfareCaseId},
    layout::SealStatement,
    money::Amount,
    roles::Role,
    time::{after, Millis},
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
    welfare::{BenefitCase, BenefitStatus, Decision, Form, Reason, Welfare},
    Balance,
};
use anyhow::{ensure, Context, Result};
use serde::Serialize;
use std::path::Path;

/// What came of an application, from the chain's state; amounts in whole units of account.
#[derive(Serialize)]
pub struct Told {
    scheme: String,
    name: String,
    /// `approved`, `refused`, or `returned` for supplement.
    outcome: &'static str,
    /// Why it was refused or returned: every condition that failed; a missing document by its name.
    reasons: Vec<String>,
    /// The stages that accepted it, in order.
    stages: Vec<String>,
    /// A month's benefit; of an insurance its premium.
    amount: Balance,
    /// Is there a certificate that counts?
    certificate: bool,
    /// What was paid to the applicant; of an insurance, by it.
    paid: Balance,
}

/// The story under way.
struct Story {
    stage: Stage,
    file: File,
    /// How much later than the file assumes it is: nothing on the embedded chain, but on a node it is what it is.
    later: Millis,
    government: Actor,
    bank: Registered,
    /// The department that pays.
    department: Registered,
    /// A reviewer for each role that a stage names.
    reviewers: Vec<(Role, Registered)>,
    /// The schemes' numbers, in the order of the file's schemes.
    numbers: Vec<SchemeId>,
}

/// An application with who made it and the case that it is.
struct Applied {
    application: Application,
    person: Registered,
    case: WelfareCaseId,
}

/// Tells the story; gives what came of each application.
pub fn tell(
    report: Report,
    schemes: Option<&Path>,
    applications: Option<&Path>,
    place: &Whereabouts,
) -> Result<Vec<Told>> {
    let file = schemes::read(schemes)?;
    let applications = applications::read(applications, &file)?;
    let administrator = Actor::named("administrator");
    let mut stage = Stage::beginning(file.today, report, &administrator, place)?;
    stage.report.chapter("Offices, and schemes as data");
    let government = government(&mut stage, &administrator)?;
    let rows = [("bank", Role::Bank), ("benefits department", Role::FinancialDepartment)];
    let what = "the government registers a bank, and the department that pays benefits";
    let [bank, department] = organisations(&mut stage, &government, what, rows)?;
    let later = stage.chain.now()?.saturating_sub(file.today);
    let mut story =
        Story { stage, file, later, government, bank, department, reviewers: Vec::new(), numbers: Vec::new() };
    story.register_reviewers()?;
    story.create_schemes()?;
    story.provide(&story.department.clone(), 1_000_000, "budget")?;

    story.stage.report.chapter("Applications: checked at once, reviewed stage by stage, paid");
    let mut all = Vec::new();
    for application in applications {
        all.push(story.hears(application)?);
    }
    story.attacks(&all)?;
    story.reckoning(&all)
}

impl Story {
    /// A reviewer for each role that a stage names, in one transaction.
    fn register_reviewers(&mut self) -> Result<()> {
        let mut roles: Vec<Role> = Vec::new();
        for stage in self.file.schemes.iter().flat_map(|named| &named.scheme.stages) {
            if !roles.contains(&stage.role) {
                roles.push(stage.role);
            }
        }
        for role in roles.iter().filter(|role| role.is_custom()) {
            let define = self.stage.suite.registry().define_role(*role, format!("{role:?}"), Role::Government);
            self.stage.act(format!("the government names a role of its own: {role:?}"), &self.government, define)?;
        }
        let mut rows = Vec::new();
        for role in &roles {
            let actor = Actor::named(&format!("{role:?}"));
            rows.push(registration(&actor, organisation(actor.name()), *role, &mut self.stage)?);
        }
        let message = self.stage.suite.registry().register_many(rows);
        let what = format!("the government registers a reviewer for each of {} roles", roles.len());
        let done = self.stage.act(what, &self.government, message)?;
        for (role, answer) in roles.into_iter().zip(done.value) {
            let number = answer.map_err(|error| anyhow::anyhow!("{role:?} was refused: {error:?}"))?;
            self.reviewers.push((role, Registered { actor: Actor::named(&format!("{role:?}")), number }));
        }
        Ok(())
    }

    fn create_schemes(&mut self) -> Result<()> {
        let mut rows = table(&["scheme", "stages", "benefit"]);
        for Named { name, stages, scheme } in &self.file.schemes {
            rows.add_row([name.clone(), stages.join(", "), format!("{:?}", scheme.benefit)]);
            let new = new_scheme(scheme.clone(), self.department.number, self.bank.number);
            let create = self.stage.suite.welfare().create_scheme(new);
            let number = self.stage.act(format!("the government creates {name}"), &self.government, create)?.value;
            let agree = self.stage.suite.welfare().agree_to_pay(number);
            self.stage.act("the benefits department agrees to pay it", &self.department.actor, agree)?;
            self.numbers.push(number);
        }
        self.stage.report.line(rows);
        Ok(())
    }

    /// The bank issues money to somebody, who lets the welfare contract take that much.
    fn provide(&mut self, to: &Registered, amount: Balance, why: &str) -> Result<()> {
        let suite = &self.stage.suite;
        let issue = suite.ledger().issue(to.actor.id(), amount, reference(&format!("{why} {}", to.number)));
        let approve = suite.ledger().approve(suite.welfare.into(), self.bank.number, amount);
        self.stage.send("issue money", &self.bank.actor, issue)?;
        self.stage.send("let the welfare contract take it", &to.actor, approve)?;
        let (name, amount) = (to.actor.name(), UNITS.text(amount));
        self.stage.report.line(format_args!("   {name} has {amount}, which the welfare contract may take"));
        Ok(())
    }

    fn case(&mut self, case: WelfareCaseId) -> Result<BenefitCase> {
        self.stage.ask(self.stage.suite.welfare().benefit_case(case))?.context("the case is on chain")
    }

    fn reviewer(&self, role: Role) -> Result<Registered> {
        let found = self.reviewers.iter().find(|(one, _)| *one == role);
        Ok(found.context("each role of a stage has a reviewer")?.1.clone())
    }

    // ---- an application ----

    /// Somebody is registered and applies; reviewers decide; the first month is paid.
    fn hears(&mut self, application: Application) -> Result<Applied> {
        let named = &self.file.schemes[application.scheme];
        let (scheme, number) = (named.name.clone(), self.numbers[application.scheme]);
        self.stage.report.line(format_args!("\n   -- {} applies for {scheme}", application.name));
        let actor = Actor::named(&application.name);
        let new = Registration {
            account: actor.id(),
            identity: card(&application.name),
            identity_valid_until: after(application.card_valid_until, self.later),
            roles: vec![Role::Citizen],
            key: None,
        };
        let message = self.stage.suite.registry().register(new);
        let person = self.stage.send("register a person", &self.government, message)?.value;
        let person = Registered { actor, number: person };
        if application.balance > 0 {
            self.provide(&person, application.balance, "savings")?;
        }
        let apply = self.stage.suite.welfare().apply(number, application.form.clone());
        let case = self.stage.act("the application, without a name on it", &person.actor, apply)?.value;
        let applied = Applied { application, person, case };
        self.review(&applied)?;
        let standing = self.case(case)?;
        if standing.status != BenefitStatus::Running {
            let (outcome, reasons) = (outcome(&standing), self.reasons(&applied, &standing).join(", "));
            self.stage.report.line(format_args!("   {outcome}: {reasons}"));
            return Ok(applied);
        }
        let anybody = Actor::named("anybody");
        if self.is_insurance(&applied) {
            let collect = self.stage.suite.welfare().collect_premium(case, 1);
            self.stage.act("anybody has the first premium collected", &anybody, collect)?;
        } else {
            let pay = self.stage.suite.welfare().pay(case, 1);
            self.stage.act("anybody has the first month paid", &anybody, pay)?;
        }
        Ok(applied)
    }

    /// The reviewers of each stage accept it, as the file says that all do; the last word of the first stage is sealed on a
    /// document.
    fn review(&mut self, applied: &Applied) -> Result<()> {
        loop {
            let case = self.case(applied.case)?;
            if case.status != BenefitStatus::Review {
                return Ok(());
            }
            let at = usize::from(case.stage);
            let named = &self.file.schemes[applied.application.scheme];
            let (text, role) = (named.stages[at].clone(), named.scheme.stages[at].role);
            let amount = match named.sets_amount(at) {
                false => None,
                true => {
                    let name = &applied.application.name;
                    let amount = self.file.amounts.get(name).copied();
                    Some(amount.with_context(|| format!("decisions has no accounting_amount for {name:?}"))?)
                }
            };
            let reviewer = self.reviewer(role)?;
            if at == 0 {
                self.seals(applied, &case, &reviewer)?;
            }
            let BenefitCase { round, stage, .. } = case;
            let decide = self.stage.suite.welfare().decide(applied.case, round, stage, Decision::Accept, amount, 0);
            self.stage.act(format!("{text}: accepted"), &reviewer.actor, decide)?;
        }
    }

    /// A reviewer signs what it looked at: the report's CID goes on chain, the report does not.
    fn seals(&mut self, applied: &Applied, case: &BenefitCase, reviewer: &Registered) -> Result<()> {
        let report = cid(format!("report on case {}", applied.case).as_bytes());
        let known = self.stage.ask(self.stage.suite.registry().credentials_of(reviewer.number))?;
        let known = known.context("the reviewer is registered")?;
        let statement = SealStatement {
            domain: self.stage.suite.welfare_domain(),
            case: applied.case,
            cid_hash: Native::blake2b_256(&report),
            stage: case.stage,
            epoch: known.epoch,
            key: known.key,
        };
        let seal = reviewer.actor.sign(&statement.signed_bytes::<Native>());
        let message = self.stage.suite.welfare().add_document(applied.case, report, seal);
        self.stage.act("its reviewer seals a report: only its CID goes on chain", &reviewer.actor, message)?;
        Ok(())
    }

    fn is_insurance(&self, applied: &Applied) -> bool {
        self.file.schemes[applied.application.scheme].scheme.rules.has_premium()
    }

    /// Every condition that failed; missing documents by name.
    fn reasons(&self, applied: &Applied, case: &BenefitCase) -> Vec<String> {
        let named = &self.file.schemes[applied.application.scheme];
        let Form { income, ratio, .. } = applied.application.form;
        let missing = (0u8..).zip(&self.file.documents).filter(|(kind, _)| (case.missing >> kind) & 1 == 1);
        let missing: Vec<String> = missing.map(|(_, name)| name.clone()).collect();
        let texts = case.reasons.iter().flat_map(|reason| match reason {
            Reason::DocumentMissing => missing.clone(),
            Reason::BalanceTooLow => {
                let needed = income.and_then(|income| named.premium(income, ratio)).map_or(0, Amount::balance);
                vec![format!("balance ({needed} needed, {} there)", applied.application.balance)]
            }
            other => vec![word(other).to_owned()],
        });
        texts.collect()
    }

    // ---- what must not work ----

    /// Shows what is refused, with the first benefit that runs.
    fn attacks(&mut self, all: &[Applied]) -> Result<()> {
        self.stage.report.chapter("What must not work");
        let mut running = None;
        for applied in all {
            if self.case(applied.case)?.status == BenefitStatus::Running && !self.is_insurance(applied) {
                running = Some(applied);
                break;
            }
        }
        let Some(applied) = running else {
            self.stage.report.line("   no benefit runs, so there is nothing to attack");
            return Ok(());
        };
        let (case, name) = (applied.case, applied.person.actor.name().to_owned());
        let BenefitCase { round, stage, .. } = self.case(case)?;
        let welfare = || self.stage.suite.welfare();
        let (again, early) = (welfare().pay(case, 1), welfare().pay(case, 2));
        let accept = welfare().decide(case, round, stage, Decision::Accept, None, 0);
        let end = welfare().terminate(case, 1);
        let too_much = welfare().withdraw(self.bank.number, 1_000_000_000);
        let form = applied.application.form.clone();
        let (second, anybody) =
            (welfare().apply(self.numbers[applied.application.scheme], form), Actor::named("anybody"));
        let (last, _) = self.reviewers.last().context("there are reviewers")?;
        let reviewer = self.reviewer(*last)?;
        self.stage.refused(&format!("{name}'s first month is paid a second time"), &anybody, again)?;
        self.stage.refused("the second month is paid before it is due", &anybody, early)?;
        self.stage.refused("a reviewer decides what is decided", &reviewer.actor, accept)?;
        self.stage.refused("a stranger ends the benefit", &anybody, end)?;
        self.stage.refused(&format!("{name} withdraws more than there is"), &applied.person.actor, too_much)?;
        let what = format!("{name} applies for a second benefit beside the first");
        let second = self.stage.send(&what, &applied.person.actor, second)?.value;
        let standing = self.case(second)?;
        ensure!(standing.reasons.has(Reason::DuplicateBenefit), "{what}: {:?}", standing.reasons);
        self.stage.show_refusal(&what, format!("case {second} is rejected: {}", word(Reason::DuplicateBenefit)));
        Ok(())
    }

    // ---- the end ----

    /// Beneficiaries withdraw what they were paid; where all of the bank's money is.
    fn reckoning(mut self, all: &[Applied]) -> Result<Vec<Told>> {
        self.stage.report.chapter("The reckoning: who was paid what, and nothing was lost");
        let bank = self.bank.number;
        let mut told = Vec::new();
        let mut people_have = 0;
        for applied in all {
            let credit = self.stage.ask(self.stage.suite.welfare().credit(applied.person.number, bank))?;
            if credit > 0 {
                let withdraw = self.stage.suite.welfare().withdraw(bank, credit);
                self.stage.send("withdraw a benefit", &applied.person.actor, withdraw)?;
            }
            people_have += self.balance(&applied.person)?;
            told.push(self.told(applied)?);
        }
        let mut rows = table(&["name", "scheme", "outcome", "why", "a month", "paid", "certificate"]);
        for one in &told {
            let certificate = if one.certificate { "yes" } else { "" };
            rows.add_row([
                one.name.clone(),
                one.scheme.clone(),
                one.outcome.to_owned(),
                one.reasons.join(", "),
                UNITS.digits(one.amount),
                UNITS.digits(one.paid),
                certificate.to_owned(),
            ]);
        }
        self.stage.report.line(rows);
        let issued = self.stage.ask(self.stage.suite.ledger().supply(bank))?.issued.balance();
        let department = self.balance(&self.department.clone())?;
        let held = self.stage.ask(self.stage.suite.ledger().balance_of(self.stage.suite.welfare.into(), bank))?;
        let mut rows = table(&[UNITS.name, ""]);
        for (what, amount) in [
            ("issued by the bank", issued),
            ("= with applicants, benefits withdrawn", people_have),
            ("+ with the department, premiums received", department),
            ("+ held by the welfare contract", held),
        ] {
            rows.add_row([what.to_owned(), UNITS.digits(amount)]);
        }
        self.stage.report.line(rows);
        ensure!(issued == people_have + department + held, "the sums do not agree");
        ensure!(held == 0, "everything was withdrawn, and the contract holds {held}");
        self.stage.report.line(format_args!("   {} attempts were refused", self.stage.shown.len()));
        Ok(told)
    }

    fn balance(&mut self, of: &Registered) -> Result<Balance> {
        self.stage.ask(self.stage.suite.ledger().balance_of(of.actor.id(), self.bank.number))
    }

    fn told(&mut self, applied: &Applied) -> Result<Told> {
        let case = self.case(applied.case)?;
        let certificate = self.stage.ask(self.stage.suite.welfare().certificate(applied.case))?;
        let named = &self.file.schemes[applied.application.scheme];
        let approved = case.approved_at != 0;
        Ok(Told {
            scheme: named.name.clone(),
            name: applied.application.name.clone(),
            outcome: outcome(&case),
            reasons: self.reasons(applied, &case),
            stages: if approved { named.stages.clone() } else { named.stages[..usize::from(case.stage)].to_vec() },
            amount: if approved { case.amount.balance() } else { 0 },
            certificate: certificate.is_some_and(|certificate| certificate.is_valid),
            paid: case.sum.balance(),
        })
    }
}

/// How an application stands, in a word.
fn outcome(case: &BenefitCase) -> &'static str {
    match case.status {
        BenefitStatus::Running | BenefitStatus::Suspended => "approved",
        BenefitStatus::Ended if case.approved_at != 0 => "approved",
        BenefitStatus::Returned => "returned",
        BenefitStatus::Review => "in review",
        BenefitStatus::Rejected | BenefitStatus::Ended => "refused",
    }
}

/// A reason in a word.
fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::NotRegistered => "registration",
        Reason::NotInGoodStanding => "standing",
        Reason::Blacklisted => "blacklist",
        Reason::CardExpired => "card",
        Reason::FormIncomplete => "form",
        Reason::HouseholdMissing => "household",
        Reason::IncomeMissing => "income missing",
        Reason::IncomeTooLow => "income too low",
        Reason::IncomeTooHigh => "income",
        Reason::PropertyMissing => "property missing",
        Reason::PropertyTooHigh => "property",
        Reason::RatioOutOfRange => "ratio",
        Reason::BalanceTooLow => "balance",
        Reason::DocumentMissing => "document",
        Reason::DuplicateBenefit => "duplicate",
    }
}
