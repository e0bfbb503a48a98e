//! Applications for loans from a CSV file: what a row must be before anything is sent for it.

use crate::rows::{content, named, rows};
use amanah_domain::{lending::MOST_MONTHS, money::Amount, oracle::Facts};
use amanah_interfaces::Balance;
use anyhow::{anyhow, bail, ensure, Context, Result};
use std::{collections::BTreeMap, path::Path};

/// The columns of a row.
const COLUMNS: [&str; 9] =
    ["row", "amount", "months", "income", "assets", "debt", "identity_matches", "issued_before", "blacklisted"];

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The row's number, by its own column.
    pub row: u64,
    /// The file's line.
    pub line: u64,
    pub wish: Wish,
}

/// What somebody applies for, and who that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// In smallest units of money.
    pub amount: Balance,
    pub months: u16,
    /// What the oracles get to know of the applicant; none of it goes on chain.
    pub facts: Facts,
}

/// Reads applications from a file, or the sample. Each row is another person.
///
/// # Errors
/// When the file cannot be read, is no CSV, lacks a column, or has a row that makes no sense: each row has its outcome, so
/// none is left out.
pub fn read(file: Option<&Path>) -> Result<Vec<Application>> {
    let text = content(file, include_str!("../../../data/loan_applications.csv"))?;
    parse(&text).with_context(|| named(file, "the sample of applications"))
}

fn parse(text: &str) -> Result<Vec<Application>> {
    let found = rows(text, COLUMNS, |row, line, fields| {
        let [number, amount, months, income, assets, debt, identity, before, blacklisted] = fields;
        ensure!(
            digits(number).is_some_and(|number| number == Balance::from(row)),
            "row is {number:?} and must be a whole number below 2^64"
        );
        let amount = money("amount", amount)?;
        ensure!(amount > 0, "amount is 0 and must be 1 or more");
        let months = digits(months)
            .and_then(|months| u16::try_from(months).ok())
            .filter(|months| (1..=MOST_MONTHS).contains(months))
            .ok_or_else(|| anyhow!("months is {months:?} and must be a whole number from 1 to {MOST_MONTHS}"))?;
        let facts = Facts {
            identity_matches: flag("identity_matches", identity)?,
            income: money("income", income)?,
            assets: money("assets", assets)?,
            debt: money("debt", debt)?,
            issued_before: flag("issued_before", before)?,
            blacklisted: flag("blacklisted", blacklisted)?,
        };
        Ok(Application { row, line, wish: Wish { amount, months, facts } })
    })?;
    if let Some(first) = found.refused.first() {
        bail!("row {} (line {}): {}", first.row, first.line, first.reason);
    }
    let mut lines = BTreeMap::new();
    let mut total = Amount::ZERO;
    for Application { row, line, wish: Wish { amount, .. } } in &found.accepted {
        if let Some(first) = lines.insert(*row, *line) {
            bail!(
                "row {row} (line {line}): line {first} has the number {row} too, and each row must be another person"
            );
        }
        total = Amount::from_balance(*amount).and_then(|amount| total.plus(amount)).map_err(|_| {
            anyhow!(
                "row {row} (line {line}): amount is {amount}, and all amounts together must be below 2^64, as a bank's money is"
            )
        })?;
    }
    Ok(found.accepted)
}

/// A number without sign, point or blanks.
fn digits(text: &str) -> Option<Balance> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn money(column: &str, text: &str) -> Result<Balance> {
    digits(text)
        .filter(|amount| Amount::from_balance(*amount).is_ok())
        .ok_or_else(|| anyhow!("{column} is {text:?} and must be a whole number below 2^64, such as 30000"))
}

fn flag(column: &str, text: &str) -> Result<bool> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => bail!("{column} is {text:?} and must be 0 (no) or 1 (yes)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "row,amount,months,income,assets,debt,identity_matches,issued_before,blacklisted";

    fn refusal(rows: &str) -> String {
        format!("{:#}", parse(&format!("{HEADING}\n{rows}\n")).unwrap_err())
    }

    #[test]
    fn the_sample_has_five_hundred_applications_of_as_many_people() {
        let sample = read(None).unwrap();
        assert_eq!((sample.len(), sample[0].row, sample[499].row), (500, 1, 500));
        let facts = Facts {
            identity_matches: true,
            income: 3_000,
            assets: 80_001,
            debt: 0,
            issued_before: false,
            blacklisted: false,
        };
        let wish = Wish { amount: 30_000, months: 24, facts };
        assert_eq!(sample[0], Application { row: 1, line: 2, wish });
        let some = |flag: fn(Facts) -> bool| sample.iter().any(|one| flag(one.wish.facts));
        assert!(some(|facts| !facts.identity_matches) && some(|facts| facts.issued_before));
        assert!(some(|facts| facts.blacklisted), "the sample has every exception");
    }

    #[test]
    fn a_row_at_the_edge_of_everything_is_an_application() {
        let least = parse(&format!("{HEADING}\n0,1,1,0,0,0,0,0,0\n")).unwrap();
        assert_eq!((least[0].wish.amount, least[0].wish.months), (1, 1));
        let most = u64::MAX;
        let row = format!("{most},{most},{MOST_MONTHS},{most},{most},{most},1,1,1");
        let most = parse(&format!("{HEADING}\n{row}\n")).unwrap();
        assert_eq!((most[0].row, most[0].wish.amount, most[0].wish.months), (u64::MAX, u64::MAX.into(), 480));
    }

    #[test]
    fn each_wrong_value_is_named_with_its_row_and_the_rule() {
        let number = "must be a whole number below 2^64";
        for (row, reason) in [
            ("x,1,1,0,0,0,1,0,0", format!("row 1 (line 2): row is \"x\" and {number}")),
            ("7,0,1,0,0,0,1,0,0", "row 7 (line 2): amount is 0 and must be 1 or more".to_owned()),
            ("7,-5,1,0,0,0,1,0,0", format!("row 7 (line 2): amount is \"-5\" and {number}, such as 30000")),
            ("7,,1,0,0,0,1,0,0", format!("row 7 (line 2): amount is \"\" and {number}, such as 30000")),
            (
                "7,18446744073709551616,1,0,0,0,1,0,0",
                format!("row 7 (line 2): amount is \"18446744073709551616\" and {number}, such as 30000"),
            ),
            (
                "7,1,0,0,0,0,1,0,0",
                "row 7 (line 2): months is \"0\" and must be a whole number from 1 to 480".to_owned(),
            ),
            (
                "7,1,481,0,0,0,1,0,0",
                "row 7 (line 2): months is \"481\" and must be a whole number from 1 to 480".to_owned(),
            ),
            ("7,1,1,1.5,0,0,1,0,0", format!("row 7 (line 2): income is \"1.5\" and {number}, such as 30000")),
            ("7,1,1,0,?,0,1,0,0", format!("row 7 (line 2): assets is \"?\" and {number}, such as 30000")),
            ("7,1,1,0,0,+1,1,0,0", format!("row 7 (line 2): debt is \"+1\" and {number}, such as 30000")),
            (
                "7,1,1,0,0,0,yes,0,0",
                "row 7 (line 2): identity_matches is \"yes\" and must be 0 (no) or 1 (yes)".to_owned(),
            ),
            ("7,1,1,0,0,0,1,2,0", "row 7 (line 2): issued_before is \"2\" and must be 0 (no) or 1 (yes)".to_owned()),
            ("7,1,1,0,0,0,1,0,", "row 7 (line 2): blacklisted is \"\" and must be 0 (no) or 1 (yes)".to_owned()),
            ("7,1,1,0,0,0,1,0", "row 7 (line 2): the row has 8 fields instead of 9".to_owned()),
            (
                "7,1,1,0,0,0,1,0,0\n7,2,1,0,0,0,1,0,0",
                "row 7 (line 3): line 2 has the number 7 too, and each row must be another person".to_owned(),
            ),
            (
                "1,18446744073709551615,1,0,0,0,1,0,0\n2,1,1,0,0,0,1,0,0",
                "row 2 (line 3): amount is 1, and all amounts together must be below 2^64, as a bank's money is"
                    .to_owned(),
            ),
        ] {
            assert_eq!(refusal(row), reason, "{row}");
        }
    }
}
