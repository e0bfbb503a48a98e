//! `amanah loan evaluate`: every application through lock, three separate oracles and unlock, on the embedded chain.

use super::{
    applications::{self, Application},
    panel::{Panel, ROLES},
    tally::{Outcome, Tally},
};
use crate::{
    demo::{
        import::{register_applicants, Applicant, Spent},
        lenders::{provide, Lenders},
        place::Whereabouts,
        stage::Stage,
    },
    oracle::{
        roles::name_of,
        terms::{names, Terms},
    },
    output,
    report::{table, Format, Report},
};
use amanah_client::Actor;
use amanah_interfaces::Balance;
use anyhow::Result;
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};

/// A row of the answer: 1 for an oracle's Pass, 0 for its Failed, then the contract's code.
#[derive(Serialize)]
struct Row {
    row: u64,
    bank: u8,
    civil_affairs: u8,
    financial_department: u8,
    code: u8,
}

/// A row for programs, with what did not hold.
#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    row: Row,
    reasons: BTreeMap<String, Vec<&'static str>>,
}

/// All of it for programs.
#[derive(Serialize)]
struct Answer {
    applications: usize,
    #[serde(flatten)]
    tally: Tally,
    rows: Vec<Explained>,
}

/// Evaluates the applications of a file and prints their outcomes.
pub fn run(format: Format, terms: &Path, file: &Path, place: &Whereabouts) -> Result<()> {
    let terms = Terms::read(Some(terms))?;
    for role in ROLES {
        terms.of(role)?;
    }
    let applications = applications::read(Some(file))?;
    let outcomes = evaluate(Report::quiet(format), applications, &terms, place)?;
    match format {
        Format::Csv => csv(&outcomes),
        Format::Json => json(&outcomes),
        Format::Text => {
            text(&outcomes);
            Ok(())
        }
    }
}

/// Takes applications through lock, oracles and unlock in a new suite.
fn evaluate(
    report: Report,
    applications: Vec<Application>,
    terms: &Terms,
    place: &Whereabouts,
) -> Result<Vec<Outcome>> {
    if applications.is_empty() {
        return Ok(Vec::new());
    }
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;
    let lenders = Lenders::register(&mut stage, &administrator)?;
    let (mut panel, applicants) = prepare(&mut stage, &lenders, applications, terms)?;
    let (outcomes, _) = decide_all(&mut stage, &mut panel, &applicants)?;
    Ok(outcomes)
}

/// A product whose limits are above every application, money for all of them, and a person for each.
pub fn prepare(
    stage: &mut Stage,
    lenders: &Lenders,
    applications: Vec<Application>,
    terms: &Terms,
) -> Result<(Panel, Vec<Applicant>)> {
    let wishes = || applications.iter().map(|application| &application.wish);
    let limit = wishes().map(|wish| wish.amount).max().unwrap_or(1);
    let most_months = wishes().map(|wish| wish.months).max().unwrap_or(1);
    let total: Balance = wishes().map(|wish| wish.amount).sum();
    let product = lenders.offer(stage, limit, most_months)?;
    provide(stage, &lenders.bank, &lenders.bank, total, "to lend")?;
    let applicants = register_applicants(stage, &lenders.government, applications)?;
    Ok((Panel::new(stage, lenders, product, terms)?, applicants))
}

/// Decides every application; answers with the outcomes, in their order, and what locking and unlocking cost.
pub fn decide_all(
    stage: &mut Stage,
    panel: &mut Panel,
    applicants: &[Applicant],
) -> Result<(Vec<Outcome>, [Spent; 2])> {
    let bar = stage.report.progress(applicants.len() as u64, "evaluating");
    let mut spent = [Spent::default(), Spent::default()];
    let mut outcomes = Vec::with_capacity(applicants.len());
    for Applicant { row, person, wish } in applicants {
        let decision = panel.decide(stage, person, wish)?;
        spent[0].add(&decision.lock);
        spent[1].add(&decision.unlock);
        let failed = decision.judged.map(|judged| judged.failed);
        outcomes.push(Outcome { row: *row, failed, code: decision.code });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((outcomes, spent))
}

impl Row {
    fn of(outcome: &Outcome) -> Self {
        let [bank, civil_affairs, financial_department] = outcome.failed.each_ref().map(|failed| failed.is_empty());
        Self {
            row: outcome.row,
            bank: bank.into(),
            civil_affairs: civil_affairs.into(),
            financial_department: financial_department.into(),
            code: outcome.code.number(),
        }
    }
}

fn csv(outcomes: &[Outcome]) -> Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    // Written by itself, since it must be there for no applications too.
    writer.write_record(["row", "bank", "civil_affairs", "financial_department", "code"])?;
    for outcome in outcomes {
        writer.serialize(Row::of(outcome))?;
    }
    output::print(String::from_utf8(writer.into_inner()?)?);
    Ok(())
}

fn json(outcomes: &[Outcome]) -> Result<()> {
    let explained = |outcome: &Outcome| {
        let reasons = ROLES.into_iter().zip(&outcome.failed).filter(|(_, failed)| !failed.is_empty());
        let named = reasons.map(|(role, failed)| {
            (name_of(role), failed.iter().map(|term| crate::oracle::terms::name(*term)).collect())
        });
        Explained { row: Row::of(outcome), reasons: named.collect() }
    };
    let answer = Answer {
        applications: outcomes.len(),
        tally: Tally::of(outcomes),
        rows: outcomes.iter().map(explained).collect(),
    };
    output::line(serde_json::to_string_pretty(&answer)?);
    Ok(())
}

fn text(outcomes: &[Outcome]) {
    let mut rows = table(&["row", "bank", "civil affairs", "financial department", "code"]);
    for outcome in outcomes {
        let [bank, civil_affairs, department] = outcome.failed.each_ref().map(|failed| match failed.is_empty() {
            true => "Pass".to_owned(),
            false => format!("Failed: {}", names(failed)),
        });
        let code = format!("{} {:?}", outcome.code.number(), outcome.code);
        rows.add_row([outcome.row.to_string(), bank, civil_affairs, department, code]);
    }
    output::line(format_args!("{rows}\n{}", Tally::of(outcomes).table()));
}
