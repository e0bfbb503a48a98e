//! What the welfare story comes to.

use crate::{amanah, among_all, evaluate::sample, told};
use serde_json::Value;
use std::fs;

fn text<'a>(of: &'a Value, field: &str) -> &'a str {
    of[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {of}"))
}

fn texts(of: &Value, field: &str) -> Vec<String> {
    of[field].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// What came of an application, in the words of the sample's `expected`.
fn in_words(of: &Value) -> String {
    let (reasons, amount) = (texts(of, "reasons").join(", "), of["amount"].as_u64().unwrap());
    match text(of, "outcome") {
        "approved" if text(of, "scheme") == "insurance" && of["certificate"] == true => {
            format!("premium {amount} a period, certificate")
        }
        "approved" => format!("approved, {amount} a month"),
        "refused" => format!("refused: {reasons}"),
        "returned" => format!("returned for supplement: {reasons}"),
        other => panic!("{other}"),
    }
}

#[test]
fn each_application_of_the_sample_ends_as_the_sample_says() {
    let schemes: Value = serde_json::from_str(&fs::read_to_string(sample("welfare_schemes.json")).unwrap()).unwrap();
    let all = among_all("welfare").as_array().unwrap();
    assert_eq!(all.len(), 8);
    for one in all {
        let name = text(one, "name");
        let expected = schemes["expected"][name].as_str().unwrap();
        // How a sum was worked out is explained behind it.
        let expected = if expected.starts_with("approved") { expected.split(" (").next().unwrap() } else { expected };
        assert_eq!(in_words(one), expected, "{name}");
        let stages = texts(&schemes[text(one, "scheme")], "stages");
        let approved = text(one, "outcome") == "approved";
        assert_eq!(texts(one, "stages"), if approved { stages } else { Vec::new() }, "{name}");
        assert_eq!(one["paid"], if approved { one["amount"].clone() } else { 0.into() }, "{name}");
    }
}

#[test]
fn other_schemes_and_applications_are_told_of_too() {
    let folder = tempfile::tempdir().unwrap();
    let (schemes, applications) = (folder.path().join("schemes.json"), folder.path().join("applications.json"));
    fs::write(
        &schemes,
        r#"{"today": "2026-01-15", "school_meals": {"income_below": 800, "household": true, "on_failure": "return",
            "documents": ["enrolment"], "stages": ["CivilAffairs:inspect", "Custom(0):set_amount"], "max_payments": 1},
            "decisions": {"Sari": {"accounting_amount": 60}}}"#,
    )
    .unwrap();
    let people = |sari: &str| {
        format!(
            r#"[{{"scheme": "school_meals", "name": "Sari", "card_valid_until": "2034-01-01", "income": {sari},
                 "household": {{"parents": 1, "children": 2}}, "form_complete": true, "documents": ["enrolment"]}}]"#
        )
    };
    let files = ["--schemes", schemes.to_str().unwrap(), "--applications", applications.to_str().unwrap()];
    fs::write(&applications, people("799")).unwrap();
    let granted = told("welfare", &files);
    assert_eq!(in_words(&granted[0]), "approved, 60 a month");
    assert_eq!(texts(&granted[0], "stages"), ["CivilAffairs:inspect", "Custom(0):set_amount"]);
    fs::write(&applications, people("800")).unwrap();
    assert_eq!(in_words(&told("welfare", &files)[0]), "returned for supplement: income");

    fs::write(&applications, people("-1")).unwrap();
    let refused = amanah(&["demo", "welfare"]).args(files).assert().code(1);
    let error = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(error.contains("applications.json: application 1: income is -1: "), "{error}");
}

#[test]
fn the_story_for_people_shows_what_is_refused_and_where_the_money_is() {
    let told = amanah(&["demo", "welfare"]).assert().success();
    let text = String::from_utf8(told.get_output().stdout.clone()).unwrap();
    for part in [
        "the benefits department agrees to pay",
        "AccountingTeam:set_amount: accepted",
        "refused: balance (160 needed, 159 there)",
        "returned: medical_record",
        "first month is paid a second time\n     Benefit(WrongPeriod { next: 2 })",
        "the second month is paid before it is due\n     Benefit(TooEarly",
        "a reviewer decides what is decided\n     Benefit(WrongStatus { status: Running })",
        "a stranger ends the benefit\n     NotAllowed",
        "withdraws more than there is\n     Amount(Insufficient",
        "applies for a second benefit beside the first\n     case 9 is rejected: duplicate",
        "+ held by the welfare contract",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}
