//! `amanah loan evaluate`: outcomes against a recount, answers in every form, wrong input.

use crate::amanah;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A file of the sample data, from the package's folder, in which tests run.
pub fn sample(name: &str) -> PathBuf {
    Path::new("../data").join(name)
}

/// Row, verdicts of bank, civil affairs and financial department, code.
type Outcome = (u64, [u64; 3], u64);

/// The table of conditions of the paper (LoC, table 3) with the sample's bounds, straight from the file's columns. Also why
/// each role fails.
pub fn recount(csv: &str) -> Vec<(Outcome, [Vec<&'static str>; 3])> {
    let mut lines = csv.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let fields: BTreeMap<&str, u64> =
                columns.iter().copied().zip(line.split(',').map(|field| field.parse().unwrap())).collect();
            let holds = |named: &[(&'static str, bool)]| -> Vec<&'static str> {
                named.iter().filter(|(_, holds)| !holds).map(|(name, _)| *name).collect()
            };
            let identity = ("identity", fields["identity_matches"] == 1);
            let exceptions =
                [("issued before", fields["issued_before"] == 0), ("blacklisted", fields["blacklisted"] == 0)];
            let bank = [
                identity,
                ("amount", fields["amount"] <= 50_000),
                ("months", fields["months"] <= 36),
                ("income too low", fields["income"] >= 500),
                ("assets too low", fields["assets"] >= 2_000),
                ("debt", fields["debt"] <= 30_000),
                exceptions[0],
                exceptions[1],
            ];
            let civil_affairs = [
                identity,
                ("income too high", fields["income"] <= 3_000),
                ("assets too high", fields["assets"] <= 80_000),
                exceptions[0],
                exceptions[1],
            ];
            let department = [identity, exceptions[0], exceptions[1]];
            let reasons = [holds(&bank), holds(&civil_affairs), holds(&department)];
            let verdicts = reasons.each_ref().map(|reasons| u64::from(reasons.is_empty()));
            ((fields["row"], verdicts, u64::from(verdicts != [1; 3])), reasons)
        })
        .collect()
}

/// The rows of an answer in CSV, below its heading.
fn rows(csv: &str) -> Vec<Outcome> {
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("row,bank,civil_affairs,financial_department,code"));
    lines
        .map(|line| {
            let fields: Vec<u64> = line.split(',').map(|field| field.parse().unwrap()).collect();
            let [row, bank, civil_affairs, department, code] = fields[..] else { panic!("{line}") };
            (row, [bank, civil_affairs, department], code)
        })
        .collect()
}

/// A folder with these terms and applications.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new(terms: &str, applications: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("terms.json"), terms).unwrap();
        fs::write(folder.path().join("applications.csv"), applications).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn command(&self, output: &str) -> assert_cmd::Command {
        let (terms, applications) = (self.path("terms.json"), self.path("applications.csv"));
        amanah(&["loan", "evaluate", "--terms", &terms, "--applications", &applications, "--output", output])
    }

    /// The answer, which must be all that is printed: there is no terminal.
    fn answer(&self, output: &str) -> String {
        let answered = self.command(output).assert().success().get_output().clone();
        assert_eq!(String::from_utf8(answered.stderr).unwrap(), "");
        String::from_utf8(answered.stdout).unwrap()
    }

    /// What it says to wrong input, in one line.
    fn refusal(&self) -> String {
        let refused = self.command("csv").assert().code(1).get_output().clone();
        assert!(refused.stdout.is_empty(), "nothing but the error is printed");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        said.trim_end().to_owned()
    }
}

const NO_TERMS: &str = r#"{"bank": {}, "civil_affairs": {}, "financial_department": {}}"#;
const HEADING: &str = "row,amount,months,income,assets,debt,identity_matches,issued_before,blacklisted";
/// One that every term allows, and one for each that the sample's terms do not.
const FEW: &str = "row,amount,months,income,assets,debt,identity_matches,issued_before,blacklisted
7,50000,36,500,2000,30000,1,0,0
3,50001,48,3001,80001,30001,1,0,0
5,1,1,500,2000,0,1,0,1
";

#[test]
fn all_five_hundred_outcomes_of_the_sample_are_those_of_the_papers_table() {
    let terms = sample("loan_terms.json");
    let applications = sample("loan_applications.csv");
    let [terms, file] = [&terms, &applications].map(|path| path.to_str().unwrap());
    let answered = amanah(&["loan", "evaluate", "--terms", terms, "--applications", file, "--output", "csv"])
        .assert()
        .success()
        .get_output()
        .clone();
    let expected: Vec<Outcome> =
        recount(&fs::read_to_string(&applications).unwrap()).into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(expected.len(), 500);
    assert_eq!(rows(&String::from_utf8(answered.stdout).unwrap()), expected);
}

#[test]
fn limits_of_the_product_are_above_every_row_and_the_exceptions_bind_every_role() {
    let applications = format!(
        "{HEADING}
1,60000,480,0,0,0,1,0,0
2,18446744073708551615,1,0,0,18446744073709551615,1,0,0
3,1,1,0,0,0,0,0,0
4,1,1,0,0,0,1,1,0
5,1,1,0,0,0,1,0,1
"
    );
    let answer = Files::new(NO_TERMS, &applications).answer("csv");
    let (passed, failed) = (([1; 3], 0), ([0; 3], 1));
    let expected = [passed, passed, failed, failed, failed];
    assert_eq!(rows(&answer), (1..).zip(expected).map(|(row, (said, code))| (row, said, code)).collect::<Vec<_>>());
}

#[test]
fn rows_keep_their_order_and_columns_are_found_by_name() {
    let terms = fs::read_to_string(sample("loan_terms.json")).unwrap();
    let answer = Files::new(&terms, FEW).answer("csv");
    assert_eq!(rows(&answer), [(7, [1, 1, 1], 0), (3, [0, 0, 1], 1), (5, [0, 0, 0], 1)]);
    let turned: Vec<String> = FEW.lines().map(|line| line.split(',').rev().collect::<Vec<_>>().join(",")).collect();
    assert_eq!(Files::new(&terms, &turned.join("\r\n")).answer("csv"), answer);
}

#[test]
fn no_applications_have_no_outcomes() {
    let none = Files::new(NO_TERMS, HEADING);
    assert_eq!(none.answer("csv"), "row,bank,civil_affairs,financial_department,code\n");
}

#[test]
fn programs_and_people_are_told_what_did_not_hold() {
    let terms = fs::read_to_string(sample("loan_terms.json")).unwrap();
    let files = Files::new(&terms, FEW);
    let answer: Value = serde_json::from_str(&files.answer("json")).unwrap();
    assert_eq!(answer["applications"], 3);
    let row = &answer["rows"][1];
    let numbers =
        ["row", "bank", "civil_affairs", "financial_department", "code"].map(|name| row[name].as_u64().unwrap());
    assert_eq!(numbers, [3, 0, 0, 1, 1]);
    let reasons = serde_json::json!({
        "bank": ["amount", "months", "debt"],
        "civil_affairs": ["income too high", "assets too high"],
    });
    assert_eq!(row["reasons"], reasons);
    assert_eq!(answer["rows"][0]["reasons"], serde_json::json!({}));
    let counted: Vec<_> = answer["codes"].as_array().unwrap().iter().map(|of| of["count"].as_u64().unwrap()).collect();
    assert_eq!(counted, [1, 2, 0, 0]);

    let text = files.answer("text");
    for part in ["Failed: amount, months, debt", "Failed: income too high, assets too high", "0 Success", "bank: debt"]
    {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
}

#[test]
fn wrong_applications_are_one_sentence_with_row_value_and_rule() {
    for (row, said) in [
        ("9,0,1,0,0,0,1,0,0", "row 9 (line 2): amount is 0 and must be 1 or more"),
        ("9,1,481,0,0,0,1,0,0", "row 9 (line 2): months is \"481\" and must be a whole number from 1 to 480"),
        ("9,1,1,-4,0,0,1,0,0", "row 9 (line 2): income is \"-4\" and must be a whole number below 2^64, such as 30000"),
        ("9,1,1,0,0,0,true,0,0", "row 9 (line 2): identity_matches is \"true\" and must be 0 (no) or 1 (yes)"),
        ("9,1,1,0,0,0,1,0", "row 9 (line 2): the row has 8 fields instead of 9"),
        (
            "9,1,1,0,0,0,1,0,0\n9,2,1,0,0,0,1,0,0",
            "row 9 (line 3): line 2 has the number 9 too, and each row must be another person",
        ),
    ] {
        let files = Files::new(NO_TERMS, &format!("{HEADING}\n{row}\n"));
        assert_eq!(files.refusal(), format!("amanah: {}: {said}", files.path("applications.csv")), "{row}");
    }
    let narrow = Files::new(NO_TERMS, "row,amount,months\n");
    assert!(narrow.refusal().contains("applications.csv: there is no column income; the columns must be row, amount,"));
}

#[test]
fn wrong_terms_are_one_sentence_with_role_value_and_rule() {
    for (terms, said) in [
        (
            r#"{"bank": {"amount_max": "50000"}, "civil_affairs": {}, "financial_department": {}}"#,
            "bank: amount_max is \"50000\" and must be a whole number from 0 to 18446744073709551615",
        ),
        (
            r#"{"bank": {}, "civil_affairs": {"income": 1}, "financial_department": {}}"#,
            "civil_affairs: there is no term \"income\"; the terms are amount_max, months_max, income_min, income_max, \
             asset_min, asset_max, debt_max",
        ),
        (
            r#"{"bank": {}, "financial_department": {}}"#,
            "there are no terms for civil_affairs; a role without conditions has \"civil_affairs\": {}",
        ),
    ] {
        let files = Files::new(terms, FEW);
        assert_eq!(files.refusal(), format!("amanah: {}: {said}", files.path("terms.json")));
    }
    assert!(Files::new("{", FEW).refusal().contains("terms.json: this is no JSON: "));
}

#[test]
fn files_and_bundles_that_are_not_there_are_named() {
    let files = Files::new(NO_TERMS, FEW);
    fs::remove_file(files.path("applications.csv")).unwrap();
    assert!(files.refusal().starts_with(&format!("amanah: cannot read {}: ", files.path("applications.csv"))));
    let files = Files::new(NO_TERMS, FEW);
    let refused = files.command("csv").args(["--bundles", &files.path("")]).assert().code(1);
    let said = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(said.contains("registry.contract") && said.contains("scripts/build"), "{said}");
}
