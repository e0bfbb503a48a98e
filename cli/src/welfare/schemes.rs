//! Schemes from a JSON file: `data/welfare_schemes.json` is one. Each key that is not among [`ABOUT`] is a scheme's name.

use super::{basis_points, begin, typed};
use crate::rows::{content, named};
use amanah_domain::{
    ids::ParticipantId,
    money::Amount,
    roles::Role,
    time::Millis,
    welfare::{Action, Benefit, OnFailure, Payout, Rules, Scheme, SchemeKind, Stage},
};
use amanah_interfaces::Balance;
use anyhow::{anyhow, bail, ensure, Context, Result};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, path::Path};

/// The keys that are no schemes: the day that the file assumes, what its amounts are, what reviewers decide, and what is to
/// come of it (which is for people to read).
const ABOUT: [&str; 4] = ["today", "units", "decisions", "expected"];
/// How a file writes the benefit that tops an income up to a line.
const TOP_UP: &str = "line x household size - household income";
/// What a file may say that all others decide.
const ACCEPT: &str = "accept at every stage";
/// For how many days a rejection can be appealed, unless a file says something else.
const APPEAL_DAYS: u16 = 30;

/// What a file says.
#[derive(Debug)]
pub struct File {
    /// When the day begins that it assumes (milliseconds).
    pub today: Millis,
    /// The kinds of documents by their numbers: a document's kind is its place here.
    pub documents: Vec<String>,
    /// The schemes, by name.
    pub schemes: Vec<Named>,
    /// The amounts that reviewers set, by the applicant's name.
    pub amounts: BTreeMap<String, Balance>,
}

/// A scheme with its name.
#[derive(Debug)]
pub struct Named {
    pub name: String,
    /// Its stages as the file writes them.
    pub stages: Vec<String>,
    pub scheme: Scheme,
}

/// A scheme as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    income_min: Option<u64>,
    income_max: Option<u64>,
    income_below: Option<u64>,
    property_below: Option<u64>,
    line_per_head: Option<u64>,
    #[serde(default)]
    ratio_min_percent: u16,
    #[serde(default)]
    ratio_max_percent: u16,
    household: Option<bool>,
    on_failure: Option<Failing>,
    documents: Vec<String>,
    stages: Vec<String>,
    benefit: Option<String>,
    benefit_fixed: Option<u64>,
    benefit_most: Option<u64>,
    exclusive: Option<bool>,
    period_months: Option<u16>,
    #[serde(default)]
    max_payments: u16,
    #[serde(default)]
    recertify_months: u16,
    appeal_days: Option<u16>,
}

/// What becomes of a form that fails.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Failing {
    Reject,
    Return,
}

/// What reviewers decide of somebody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    accounting_amount: u64,
}

/// Reads a file, or the sample.
///
/// # Errors
/// When it cannot be read, is no JSON, or says something that no scheme can be.
pub fn read(file: Option<&Path>) -> Result<File> {
    let text = content(file, include_str!("../../../data/welfare_schemes.json"))?;
    parse(&text).with_context(|| named(file, "the sample of schemes"))
}

fn parse(text: &str) -> Result<File> {
    let all: Map<String, Value> = serde_json::from_str(text)?;
    let today = all.get("today").context("there is no today: the day that the file assumes")?;
    let today: NaiveDate = typed(today).with_context(|| format!("today is {today}"))?;
    let mut documents = Vec::new();
    let mut schemes = Vec::new();
    for (name, value) in all.iter().filter(|(name, _)| !ABOUT.contains(&name.as_str())) {
        let terms: Terms = typed(value).with_context(|| format!("scheme {name}"))?;
        let stages = terms.stages.clone();
        let scheme = scheme(name, terms, &mut documents).with_context(|| format!("scheme {name}"))?;
        schemes.push(Named { name: name.clone(), stages, scheme });
    }
    ensure!(!schemes.is_empty(), "there is no scheme");
    Ok(File { today: begin(today)?, documents, schemes, amounts: decisions(all.get("decisions"))? })
}

/// The amounts that are decided by name.
fn decisions(value: Option<&Value>) -> Result<BTreeMap<String, Balance>> {
    let Some(value) = value else { return Ok(BTreeMap::new()) };
    let all: Map<String, Value> = typed(value).context("decisions")?;
    let mut amounts = BTreeMap::new();
    for (name, decided) in all {
        if name == "all_others" {
            ensure!(decided == ACCEPT, "decisions: all_others is {decided} and must be {ACCEPT:?}");
            continue;
        }
        let decided: Decided = typed(&decided).with_context(|| format!("decisions: {name}"))?;
        amounts.insert(name, decided.accounting_amount.into());
    }
    Ok(amounts)
}

fn scheme(name: &str, terms: Terms, documents: &mut Vec<String>) -> Result<Scheme> {
    let kind = match name {
        "insurance" => SchemeKind::Insurance,
        "assistance" => SchemeKind::Assistance,
        "welfare" => SchemeKind::Welfare,
        "minimum_living" => SchemeKind::MinimumLiving,
        _ => SchemeKind::Custom,
    };
    let on_failure = match (&terms.on_failure, kind) {
        // Tang et al., algorithm 3: what is missing is returned for supplement.
        (Some(Failing::Return), _) | (None, SchemeKind::Welfare) => OnFailure::Return,
        _ => OnFailure::Reject,
    };
    let mut wanted = 0;
    for document in &terms.documents {
        wanted |= 1u32 << kind_of(document, documents)?;
    }
    let rules = Rules {
        income_min: terms.income_min.map(Amount::new),
        income_max: terms.income_max.map(Amount::new),
        income_below: terms.income_below.map(Amount::new),
        property_below: terms.property_below.map(Amount::new),
        line_per_head: terms.line_per_head.map(Amount::new),
        ratio_min: basis_points("ratio_min_percent", terms.ratio_min_percent)?,
        ratio_max: basis_points("ratio_max_percent", terms.ratio_max_percent)?,
        needs_household: terms.household.unwrap_or(kind == SchemeKind::Assistance),
        documents: wanted,
        on_failure,
    };
    let benefit = benefit(&terms, &rules)?;
    let by_stage = matches!(benefit, Benefit::ByStage { .. });
    let stages = terms.stages.iter().map(|text| stage(text, by_stage)).collect::<Result<Vec<_>>>()?;
    let scheme = Scheme {
        owner: ParticipantId::default(),
        payer: ParticipantId::default(),
        issuer: ParticipantId::default(),
        kind,
        applicants: Role::Citizen,
        rules,
        stages,
        benefit,
        payout: Payout::Money,
        exclusive: terms.exclusive.unwrap_or(benefit != Benefit::Nothing),
        period_months: terms.period_months.unwrap_or(1),
        most_payments: terms.max_payments,
        recertify_months: terms.recertify_months,
        appeal_days: terms.appeal_days.unwrap_or(APPEAL_DAYS),
        employer_share: 0,
        retired: false,
    };
    scheme.checked().map_err(|refusal| anyhow!("this cannot be a scheme: {refusal:?}"))
}

/// The number of a kind of document; a new one gets the next.
fn kind_of(document: &str, documents: &mut Vec<String>) -> Result<u8> {
    let at = documents.iter().position(|known| known == document).unwrap_or_else(|| {
        documents.push(document.to_owned());
        documents.len() - 1
    });
    u8::try_from(at)
        .ok()
        .filter(|kind| *kind < 32)
        .with_context(|| format!("{document:?} is the 33rd kind of document"))
}

/// What a scheme pays: a fixed benefit, what tops up to the line, what a stage sets, or nothing.
fn benefit(terms: &Terms, rules: &Rules) -> Result<Benefit> {
    let sets = terms.stages.iter().any(|stage| stage.ends_with(":set_amount"));
    match (&terms.benefit, terms.benefit_fixed) {
        (Some(text), None) => {
            ensure!(text == TOP_UP, "benefit is {text:?} and must be {TOP_UP:?}");
            let line = rules.line_per_head.context("a benefit that tops up to a line needs line_per_head")?;
            Ok(Benefit::TopUp { line })
        }
        (None, Some(units)) => Ok(Benefit::Fixed(Amount::new(units))),
        (None, None) if sets => {
            let most = terms.benefit_most.or(terms.income_below);
            let most = most.context("a benefit that a stage sets needs benefit_most, or income_below")?;
            Ok(Benefit::ByStage { most: Amount::new(most) })
        }
        (None, None) => Ok(Benefit::Nothing),
        (Some(_), Some(_)) => bail!("there are both benefit and benefit_fixed"),
    }
}

/// A stage from `Role:action`. Where the amount follows from the form, a stage that would set it reviews what it is made of.
fn stage(text: &str, by_stage: bool) -> Result<Stage> {
    let (role, action) = text.split_once(':').with_context(|| format!("stage {text:?} must be Role:action"))?;
    let known = (0..64).filter_map(Role::from_index).find(|known| format!("{known:?}") == role);
    let role = known.with_context(|| format!("stage {text:?}: there is no role {role:?}"))?;
    let action = match action {
        "inspect" => Action::Inspect,
        "accept" => Action::Accept,
        "set_amount" if by_stage => Action::SetAmount,
        "set_amount" | "review" => Action::Review,
        "conclude" => Action::Conclude,
        "approve" => Action::Approve,
        _ => bail!(
            "stage {text:?}: the action must be inspect, accept, set_amount, review, conclude or approve, and is {action:?}"
        ),
    };
    Ok(Stage { role, action, needed: 1 })
}

impl Named {
    /// Does this stage set the amount?
    pub fn sets_amount(&self, stage: usize) -> bool {
        self.scheme.stages.get(stage).is_some_and(|stage| stage.action == Action::SetAmount)
    }

    /// A period's premium for such an income and share of it.
    pub fn premium(&self, income: Balance, ratio: u16) -> Option<Amount> {
        let income = Amount::from_balance(income).ok()?;
        self.scheme.rules.has_premium().then(|| amanah_domain::welfare::premium(income, ratio).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_domain::welfare::samples;

    fn error(change: impl FnOnce(&mut Value)) -> String {
        let mut value: Value = serde_json::from_str(include_str!("../../../data/welfare_schemes.json")).unwrap();
        change(&mut value);
        format!("{:#}", parse(&value.to_string()).unwrap_err())
    }

    #[test]
    fn the_sample_is_what_the_rules_are_tested_with() {
        let file = read(None).unwrap();
        assert_eq!(file.today, samples::TODAY);
        assert_eq!(file.amounts, BTreeMap::from([("Lily".to_owned(), 250)]));
        let tested = [
            ("insurance", samples::insurance()),
            ("assistance", samples::assistance()),
            ("welfare", samples::welfare()),
            ("minimum_living", samples::minimum_living()),
        ];
        for (name, expected) in tested {
            let read = file.schemes.iter().find(|scheme| scheme.name == name).unwrap();
            let office =
                Scheme { owner: samples::OFFICE, payer: samples::PAYER, issuer: samples::BANK, ..read.scheme.clone() };
            // The numbers of documents are the file's own; here only how many there are.
            let counted = office.rules.documents.count_ones();
            assert_eq!(counted, expected.rules.documents.count_ones(), "{name}");
            let rules = Rules { documents: expected.rules.documents, ..office.rules };
            assert_eq!(Scheme { rules, ..office }, expected, "{name}");
        }
        assert_eq!(file.documents.len(), 5);
    }

    #[test]
    fn what_no_scheme_can_be_is_named_with_its_value() {
        let cases = [
            (
                error(|file| file["insurance"]["ratio_max_percent"] = 101.into()),
                "ratio_max_percent is 101 and must be from 0 to 100",
            ),
            (error(|file| file["insurance"]["ratio_min_percent"] = 21.into()), "BadRatio { min: 2100, max: 2000 }"),
            (error(|file| file["welfare"]["stages"][0] = "Nobody:accept".into()), "there is no role \"Nobody\""),
            (error(|file| file["welfare"]["stages"][0] = "MedicalPanel:guess".into()), "and is \"guess\""),
            (error(|file| file["welfare"]["stages"] = Value::Array(Vec::new())), "BadStages"),
            (error(|file| file["welfare"]["colour"] = 1.into()), "unknown field `colour`"),
            (error(|file| file["minimum_living"]["benefit"] = "a lot".into()), "benefit is \"a lot\" and must be"),
            (error(|file| file["decisions"]["all_others"] = "reject".into()), "all_others is \"reject\""),
            (error(|file| file["today"] = "yesterday".into()), "today is \"yesterday\""),
        ];
        for (error, part) in cases {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_new_service_is_a_new_key() {
        let meals = r#"{"today": "2026-01-15", "school_meals": {"income_below": 800, "household": true, "on_failure": "return",
            "documents": ["enrolment"], "stages": ["CivilAffairs:inspect", "Custom(0):approve"], "benefit_fixed": 60}}"#;
        let file = parse(meals).unwrap();
        let scheme = &file.schemes[0].scheme;
        assert_eq!((scheme.kind, scheme.stages[1].role), (SchemeKind::Custom, Role::Custom(0)));
        assert_eq!(scheme.benefit, Benefit::Fixed(Amount::new(60)));
    }
}
