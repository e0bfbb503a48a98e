//! The loan story: applications that three separate oracles unlock, one by wallets, what must not work, a challenge, and a
//! loan that is repaid, its interest by the financial department.

use super::{
    import::{Applicant, Gas},
    lenders::{
        allow, balance, does_not_fit, due, event, held, loan, lock, newest_loan, pass_of, provide, unlock, Lenders,
    },
    offices::{card, enrol, organisation, Registered},
    place::Whereabouts,
    stage::{Shown, Stage},
};
use crate::{
    loan::{
        applications::{self, Application, Wish},
        evaluate::{decide_all, prepare},
        panel::{Panel, ROLES},
        tally::{Outcome, Tally},
    },
    money::UNITS,
    oracle::terms::{names, Terms},
    report::{table, Report},
};
use amanah_client::Actor;
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    flow::{Event, Request},
    ids::{CaseId, LoanId},
    oracle::Facts,
    roles::Role,
    time::DAY,
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{Code, Finding, Loan, Matter},
    Balance,
};
use anyhow::{ensure, Context, Result};
use serde::Serialize;

/// How many applications are made on a node, where each takes some seconds.
const ON_A_NODE: usize = 20;
/// What each person of the story borrows.
const BORROWED: Balance = 12_000;
/// After how many days the loan is repaid: before the first payment is due, so nothing is late.
const DAYS: u64 = 25;
/// The reason code of the regulator's challenge.
const SUSPICION: u16 = 31;
/// What the oracles get to know of the story's people: every term holds.
const WISH: Wish = Wish {
    amount: BORROWED,
    months: 12,
    facts: Facts {
        identity_matches: true,
        income: 2_000,
        assets: 10_000,
        debt: 0,
        issued_before: false,
        blacklisted: false,
    },
};

/// What the story comes to, from the chain's state; amounts in whole units of account.
#[derive(Serialize)]
pub struct Summary {
    applications: usize,
    #[serde(flatten)]
    tally: Tally,
    /// The principal of the applications that were granted.
    lent: Balance,
    gas_per_lock: Gas,
    gas_per_unlock: Gas,
    repaid: Repaid,
    #[serde(flatten)]
    books: Books,
    refusals_shown: Vec<Shown>,
}

/// The loan that was repaid.
#[derive(Serialize)]
struct Repaid {
    principal: Balance,
    /// What the financial department paid.
    interest_refunded: Balance,
    status: String,
}

/// Where the bank's money is in the end.
#[derive(Serialize)]
struct Books {
    issued: Balance,
    borrowers_have: Balance,
    offices_have: Balance,
    contract_holds: Balance,
}

/// The story under way.
struct Story {
    stage: Stage,
    lenders: Lenders,
    other_bank: Registered,
    regulator: Registered,
    panel: Panel,
    /// Everybody who may have borrowed something.
    borrowers: Vec<Registered>,
}

/// Tells the story with so many of the sample's applications; gives its summary.
pub fn tell(report: Report, place: &Whereabouts, applications: Option<usize>) -> Result<Summary> {
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;
    let sample = sample(&stage, applications)?;
    stage.report.chapter("The offices that lend, their flows, and a product");
    let lenders = Lenders::register(&mut stage, &administrator)?;
    let government = lenders.government.clone();
    let other_bank = enrol(&mut stage, &government, "other bank", organisation("other bank"), Role::Bank)?;
    let regulator = enrol(&mut stage, &government, "regulator", organisation("regulator"), Role::Regulator)?;
    let count = sample.len();
    let (panel, applicants) = prepare(&mut stage, &lenders, sample, &Terms::read(None)?)?;
    let mut story = Story { stage, lenders, other_bank, regulator, panel, borrowers: Vec::new() };

    let (outcomes, costs) = story.applications(&applicants)?;
    let granted = applicants.iter().zip(&outcomes).filter(|(_, outcome)| outcome.code == Code::Success);
    let lent = granted.map(|(applicant, _)| applicant.wish.amount).sum();
    story.borrowers.extend(applicants.into_iter().map(|applicant| applicant.person));
    let bank = story.lenders.bank.clone();
    provide(&mut story.stage, &bank, &bank, 3 * BORROWED, "three more")?;

    let (siti, first) = story.wallets()?;
    story.attacks(first)?;
    story.challenged()?;
    let repaid = story.repaid(&siti)?;
    let books = story.reckoning()?;
    let [gas_per_lock, gas_per_unlock] = costs;
    let (tally, refusals_shown) = (Tally::of(&outcomes), story.stage.shown);
    Ok(Summary { applications: count, tally, lent, gas_per_lock, gas_per_unlock, repaid, books, refusals_shown })
}

/// The sample's first applications: all of them on the embedded chain.
fn sample(stage: &Stage, wanted: Option<usize>) -> Result<Vec<Application>> {
    let mut sample = applications::read(None)?;
    let usual = if stage.chain.sets_time() { sample.len() } else { ON_A_NODE };
    let wanted = wanted.unwrap_or(usual);
    ensure!(
        (1..=sample.len()).contains(&wanted),
        "--applications is {wanted} and must be 1 to {}, as many as the sample has",
        sample.len()
    );
    sample.truncate(wanted);
    Ok(sample)
}

impl Story {
    /// The first application step by step, then all others in the same way.
    fn applications(&mut self, applicants: &[Applicant]) -> Result<(Vec<Outcome>, [Gas; 2])> {
        let stage = &mut self.stage;
        stage.report.chapter("Applications go through three oracles, each with its own terms, facts and key");
        let (first, others) = applicants.split_first().context("there is an application")?;
        let amount = UNITS.text(first.wish.amount);
        let event = self.panel.application(&first.person, &first.wish);
        let what = format!(
            "{} locks an application for {amount} over {} months",
            first.person.actor.name(),
            first.wish.months
        );
        let case = lock(stage, &what, &first.person, event.clone())?;
        let judged = self.panel.judge(stage, case)?;
        for (judged, role) in judged.iter().zip(ROLES) {
            let found = if judged.failed.is_empty() { String::new() } else { format!(": {}", names(&judged.failed)) };
            stage.report.line(format_args!("   {role:?} signs {:?}{found}", judged.verdict()));
        }
        let verdicts = self.panel.sign(stage, &judged)?;
        let message = stage.suite.loan().unlock(case, event, verdicts);
        let what = "anybody unlocks the case with the three signed verdicts";
        let unlocked = stage.act(what, &Actor::named("anybody"), message)?;
        let code = unlocked.value;
        stage.report.line(format_args!("     the contract answers {} ({code:?})", code.number()));
        let mut outcomes = vec![Outcome { row: first.row, failed: judged.map(|judged| judged.failed), code }];
        let (more, spent) = decide_all(stage, &mut self.panel, others)?;
        outcomes.extend(more);

        stage.report.line(format_args!("   {} more in the same way; each, on average:", others.len()));
        let [lock, unlock] = spent.map(|spent| Gas::of(&spent.cost, spent.transactions));
        stage.report.line(format_args!("     lock {lock}"));
        stage.report.line(format_args!("     unlock {unlock}"));
        stage.report.line(Tally::of(&outcomes).table());
        stage.report.line("   an application that several terms fail is counted for each of them");
        Ok((outcomes, [lock, unlock]))
    }

    /// Somebody new registers.
    fn person(&mut self, name: &str) -> Result<Registered> {
        let government = self.lenders.government.clone();
        let person = enrol(&mut self.stage, &government, name, card(name), Role::Citizen)?;
        self.borrowers.push(person.clone());
        Ok(person)
    }

    /// Somebody new locks an application that every oracle would pass.
    fn apply(&mut self, name: &str) -> Result<(Registered, Event, CaseId)> {
        let person = self.person(name)?;
        let event = self.panel.application(&person, &WISH);
        let what = format!("{name} locks an application for {}", UNITS.text(BORROWED));
        let case = lock(&mut self.stage, &what, &person, event.clone())?;
        Ok((person, event, case))
    }

    /// All oracles sign what they find of a case.
    fn verdicts(&mut self, case: CaseId) -> Result<Vec<SignedVerdict>> {
        let judged = self.panel.judge(&mut self.stage, case)?;
        self.panel.sign(&self.stage, &judged)
    }

    /// A loan that oracles grant from their wallets; answers with the borrower, and the verdicts signed for its case.
    fn wallets(&mut self) -> Result<(Registered, Vec<SignedVerdict>)> {
        self.stage.report.chapter("An application by wallets: each oracle submits its verdict from its own account");
        let (siti, _, case) = self.apply("Siti")?;
        let signed = self.verdicts(case)?;
        let offices = [&self.lenders.bank, &self.lenders.civil_affairs, &self.lenders.department].map(Clone::clone);
        let [_, civil_affairs, _] = &offices;
        let judged = self.panel.judge(&mut self.stage, case)?;
        let submit = |stage: &Stage, at: usize| {
            let found = &judged[at];
            stage.suite.loan().submit_verdict(case, found.revision, found.event_hash, found.verdict())
        };
        let early = submit(&self.stage, 1);
        self.stage.refused("civil affairs submits before the bank has", &civil_affairs.actor, early)?;
        for (at, office) in offices.iter().enumerate() {
            let message = submit(&self.stage, at);
            let what = format!("{} submits {:?}", office.actor.name(), judged[at].verdict());
            self.stage.act(what, &office.actor, message)?;
        }
        let has = balance(&mut self.stage, &siti, &self.lenders.bank)?;
        ensure!(has == BORROWED, "Siti has {has} and not what was lent");
        self.stage.report.line(format_args!("   the last Pass ran the operations: Siti has {}", UNITS.text(has)));
        Ok((siti, signed))
    }

    /// Everything that must not work, on an application that goes through all the same.
    fn attacks(&mut self, of_another_case: Vec<SignedVerdict>) -> Result<()> {
        self.stage.report.chapter("What must not work does not work");
        let budi = self.person("Budi")?;
        let event = self.panel.application(&budi, &WISH);
        let anybody = Actor::named("anybody");
        let named = |bank: &Registered| {
            let mut grantors = event.grantors.clone();
            grantors[0] = bank.number;
            Event { grantors, ..event.clone() }
        };
        let (own, foreign) = (self.stage.suite.loan().lock(event.clone(), None), named(&self.other_bank));
        self.stage.refused("a stranger applies in Budi's name", &anybody, own)?;
        let foreign = self.stage.suite.loan().lock(foreign, None);
        self.stage.refused("Budi names another bank for this bank's product", &budi.actor, foreign)?;
        let what = format!("Budi locks his application for {}", UNITS.text(BORROWED));
        let case = lock(&mut self.stage, &what, &budi, event.clone())?;

        let passes = self.verdicts(case)?;
        let stage = &mut self.stage;
        let junk = vec![SignedVerdict { signature: [7; 64], ..passes[0].clone() }; 3];
        does_not_fit(stage, "a stranger sends junk first", case, event.clone(), junk, Code::OracleFailed)?;
        let mut swapped = passes.clone();
        swapped[0] = pass_of(stage, case, &self.other_bank, Role::Bank)?;
        let tried = "another bank's genuine Pass in place of this bank's";
        does_not_fit(stage, tried, case, event.clone(), swapped, Code::OracleFailed)?;
        let tried = "the right oracles' Passes for Siti's case";
        does_not_fit(stage, tried, case, event.clone(), of_another_case, Code::OracleFailed)?;
        let reversed = passes.iter().rev().cloned().collect();
        does_not_fit(stage, "the right Passes in a wrong order", case, event.clone(), reversed, Code::OracleFailed)?;
        let tried = "the right Passes with an event that asks for more";
        does_not_fit(stage, tried, case, asking_for_more(&event), passes.clone(), Code::EventMismatch)?;
        let missing = passes[1..].to_vec();
        does_not_fit(stage, "the bank's Pass is missing", case, event.clone(), missing, Code::TypeError)?;
        let known = stage.ask(stage.suite.loan().event_hash(case))?.context("the case is on chain")?;
        let submit = stage.suite.loan().submit_verdict(case, 0, known, Verdict::Pass);
        stage.refused("the other bank submits a Pass from its own account", &self.other_bank.actor, submit)?;

        unlock(stage, "the case lives: the right Passes unlock it", case, event.clone(), passes.clone())?;
        let again = stage.suite.loan().unlock(case, event.clone(), passes);
        stage.refused("the same case is unlocked twice", &anybody, again)?;
        let second = stage.suite.loan().lock(event, None);
        stage.refused("Budi applies for a second loan of this product", &budi.actor, second)?;
        Ok(())
    }

    /// The regulator stops an application and lets it go on.
    fn challenged(&mut self) -> Result<()> {
        self.stage.report.chapter("The regulator challenges an application");
        let (_, event, case) = self.apply("Ani")?;
        let passes = self.verdicts(case)?;
        let (stage, matter) = (&mut self.stage, Matter::Case(case));
        let challenge = || stage.suite.loan().challenge(matter, SUSPICION);
        let (of_bank, of_regulator, again) = (challenge(), challenge(), challenge());
        let bank = self.lenders.bank.actor.clone();
        stage.refused("the bank challenges it, which is no regulator", &bank, of_bank)?;
        let what = format!("the regulator challenges Ani's case (reason {SUSPICION})");
        stage.act(what, &self.regulator.actor, of_regulator)?;
        let stopped = stage.suite.loan().unlock(case, event.clone(), passes.clone());
        stage.refused("anybody unlocks it with all Passes", &Actor::named("anybody"), stopped)?;
        let known = stage.ask(stage.suite.loan().event_hash(case))?.context("the case is on chain")?;
        let submit = stage.suite.loan().submit_verdict(case, 0, known, Verdict::Pass);
        stage.refused("the bank submits its Pass from its wallet", &bank, submit)?;
        let dismiss = stage.suite.loan().resolve(matter, Finding::Dismissed);
        stage.act("the regulator has found nothing and dismisses the challenge", &self.regulator.actor, dismiss)?;
        stage.refused("the same regulator challenges it again", &self.regulator.actor, again)?;
        unlock(stage, "the same Passes unlock it now", case, event, passes)
    }

    /// The borrower repays the principal, and the financial department the interest.
    fn repaid(&mut self, siti: &Registered) -> Result<Repaid> {
        self.stage.report.chapter("A loan is repaid, and the financial department pays its interest");
        let number = newest_loan(&mut self.stage, siti)?;
        let bank = self.lenders.bank.clone();
        let refund = if self.stage.chain.sets_time() { Some(self.early_refund(siti, number)?) } else { None };
        allow(&mut self.stage, &bank, siti)?;
        let repay = self.stage.suite.loan().repay(number, 2 * BORROWED);
        let what = format!("Siti offers {} and is asked for what she owes", UNITS.text(2 * BORROWED));
        let taken = self.stage.act(what, &siti.actor, repay)?.value;
        ensure!(taken == BORROWED, "Siti paid {taken} and borrowed {BORROWED}");
        match refund {
            Some(refund) => self.refund_interest(siti, number, refund)?,
            None => self.stage.report.line("   interest takes days, so the embedded chain alone tells of its refund"),
        }
        let record = loan(&mut self.stage, number)?;
        let credit = self.stage.ask(self.stage.suite.loan().credit(bank.number, bank.number))?;
        let repaid = record.book.principal_paid.plus(record.book.subsidy_paid).map(|repaid| repaid.balance());
        ensure!(Ok(credit) == repaid, "the bank's credit is {credit}, and {repaid:?} was repaid");
        let too_much = self.stage.suite.loan().withdraw(bank.number, credit + 1);
        self.stage.refused("the bank withdraws one more than it was repaid", &bank.actor, too_much)?;
        let withdraw = self.stage.suite.loan().withdraw(bank.number, credit);
        let what = format!("the bank moves {} to its digital account", UNITS.text(credit));
        self.stage.act(what, &bank.actor, withdraw)?;
        Ok(Repaid {
            principal: record.book.principal_paid.balance(),
            interest_refunded: record.book.subsidy_paid.balance(),
            status: format!("{:?}", record.status),
        })
    }

    /// The interest is asked for too early; answers with the case, which stays open.
    fn early_refund(&mut self, siti: &Registered, number: LoanId) -> Result<(CaseId, Event)> {
        self.stage.chain.pass(DAYS * DAY)?;
        self.stage.report.line(format_args!("   ... {DAYS} days pass"));
        let owed = due(&mut self.stage, number)?;
        let mut rows = table(&["owed of Siti's loan", ""]);
        rows.add_row(["principal, by Siti".to_owned(), UNITS.digits(owed.principal)]);
        rows.add_row(["interest, by the department".to_owned(), UNITS.digits(owed.subsidy)]);
        rows.add_row(["late fees, by Siti".to_owned(), UNITS.digits(owed.fees)]);
        self.stage.report.line(rows);
        let (case, event) = self.ask_for_refund(siti, number)?;
        let passes = self.refund_passes(case)?;
        let early = self.stage.suite.loan().unlock(case, event.clone(), passes);
        self.stage.refused("the department pays before the principal is repaid", &Actor::named("anybody"), early)?;
        Ok((case, event))
    }

    fn ask_for_refund(&mut self, siti: &Registered, number: LoanId) -> Result<(CaseId, Event)> {
        let (bank, department) = (&self.lenders.bank, &self.lenders.department);
        let request = Request::InterestRefund { loan: number };
        let event = event(self.lenders.refund, siti, &[bank, department], request);
        let what = "Siti asks that the department pays the interest";
        let case = lock(&mut self.stage, what, siti, event.clone())?;
        Ok((case, event))
    }

    fn refund_passes(&mut self, case: CaseId) -> Result<Vec<SignedVerdict>> {
        let bank = pass_of(&mut self.stage, case, &self.lenders.bank, Role::Bank)?;
        let department = pass_of(&mut self.stage, case, &self.lenders.department, Role::FinancialDepartment)?;
        Ok(vec![bank, department])
    }

    /// The department pays, once.
    fn refund_interest(&mut self, siti: &Registered, number: LoanId, (case, event): (CaseId, Event)) -> Result<()> {
        let interest = due(&mut self.stage, number)?.subsidy;
        let (bank, department) = (self.lenders.bank.clone(), self.lenders.department.clone());
        provide(&mut self.stage, &bank, &department, interest, "the department's budget")?;
        let passes = self.refund_passes(case)?;
        let what = format!("the same case now: the department pays {}", UNITS.text(interest));
        unlock(&mut self.stage, &what, case, event, passes)?;
        let (case, event) = self.ask_for_refund(siti, number)?;
        let passes = self.refund_passes(case)?;
        let twice = self.stage.suite.loan().unlock(case, event, passes);
        self.stage.refused("the interest is refunded a second time", &Actor::named("anybody"), twice)
    }

    /// Where all of the bank's money is.
    fn reckoning(&mut self) -> Result<Books> {
        let stage = &mut self.stage;
        stage.report.chapter("The reckoning: nothing was lost");
        let Lenders { bank, civil_affairs, department, .. } = &self.lenders;
        let issued = stage.ask(stage.suite.ledger().supply(bank.number))?.issued.balance();
        let (mut borrowers_have, mut offices_have) = (0, 0);
        let bar = stage.report.progress(self.borrowers.len() as u64, "reading every account");
        for borrower in &self.borrowers {
            borrowers_have += balance(stage, borrower, bank)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        for office in [bank, civil_affairs, department, &self.other_bank] {
            offices_have += balance(stage, office, bank)?;
        }
        let contract_holds = held(stage, bank)?;
        let mut rows = table(&[UNITS.name, ""]);
        for (what, amount) in [
            ("issued by the bank", issued),
            ("= in borrowers' accounts", borrowers_have),
            ("+ in the offices' accounts", offices_have),
            ("+ held by the loan contract", contract_holds),
        ] {
            rows.add_row([what.to_owned(), UNITS.digits(amount)]);
        }
        stage.report.line(rows);
        ensure!(issued == borrowers_have + offices_have + contract_holds, "the sums do not agree");
        ensure!(contract_holds == 0, "all credits were withdrawn, and the contract holds {contract_holds}");
        stage.report.line("   every account was read from the chain; the sums agree");
        Ok(Books { issued, borrowers_have, offices_have, contract_holds })
    }
}

/// The same application for one unit more.
fn asking_for_more(event: &Event) -> Event {
    let request = match event.request {
        Request::Loan { product, principal, months, facts } => {
            Request::Loan { product, principal: principal + 1, months, facts }
        }
        other => other,
    };
    Event { request, ..event.clone() }
}
