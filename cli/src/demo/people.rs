//! Beneficiaries and shops from CSV files: what a row must be before anything is sent for it.

use crate::rows::{content, named, rows, Rows};
use amanah_attestor::PhoneNumber;
use amanah_domain::{identity::is_nik, programme::Category};
use amanah_interfaces::Balance;
use anyhow::{ensure, Context, Result};
use std::path::Path;

/// The categories of the demo's programme, by number.
pub const CATEGORIES: [&str; 4] = ["staples", "protein", "education", "health"];

/// The most that a voucher of the demo's programme may be worth, in whole rupiah.
pub const MOST_PER_VOUCHER: Balance = 10_000_000;

/// The columns of a beneficiary's row that are read.
const BENEFICIARY_COLUMNS: [&str; 6] = ["row", "name", "nik", "phone", "category", "amount_idr"];
/// The columns of a shop's row that are read.
const SHOP_COLUMNS: [&str; 5] = ["row", "name", "licence", "categories", "daily_cap_idr"];

/// A beneficiary whose row makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beneficiary {
    /// The row's number, by its own column.
    pub row: u64,
    /// The file's line.
    pub line: u64,
    pub name: String,
    pub nik: String,
    pub phone: PhoneNumber,
    pub category: Category,
    /// Whole rupiah.
    pub amount: Balance,
}

/// A shop whose row makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    pub row: u64,
    pub line: u64,
    pub name: String,
    pub licence: String,
    pub categories: Vec<Category>,
    /// Whole rupiah; 0 for no limit.
    pub daily_cap: Balance,
}

/// Reads beneficiaries from a file, or the sample.
///
/// # Errors
/// When the file cannot be read, is no CSV, or lacks a column. A row that makes no sense is no error.
pub fn beneficiaries(file: Option<&Path>) -> Result<Rows<Beneficiary>> {
    let text = content(file, include_str!("../../../data/beneficiaries.csv"))?;
    rows(&text, BENEFICIARY_COLUMNS, |row, line, [_, name, nik, phone, category, amount]| {
        ensure!(!name.is_empty(), "the name is empty");
        ensure!(is_nik(nik), "the identity number (nik) has {} characters and must be 16 digits", nik.chars().count());
        let phone = PhoneNumber::new(phone).map_err(|error| anyhow::anyhow!("{error}"))?;
        let category = category_of(category)?;
        let amount = whole_rupiah("amount_idr", amount)?;
        ensure!(amount > 0, "the amount is 0");
        ensure!(
            amount <= MOST_PER_VOUCHER,
            "the amount is {amount}, a voucher of this programme holds at most {MOST_PER_VOUCHER}"
        );
        Ok(Beneficiary { row, line, name: name.to_owned(), nik: nik.to_owned(), phone, category, amount })
    })
    .with_context(|| named(file, "the sample of beneficiaries"))
}

/// Reads shops from a file, or the sample.
///
/// # Errors
/// As [`beneficiaries`].
pub fn shops(file: Option<&Path>) -> Result<Rows<Shop>> {
    let text = content(file, include_str!("../../../data/shops.csv"))?;
    rows(&text, SHOP_COLUMNS, |row, line, [_, name, licence, categories, daily_cap]| {
        ensure!(!name.is_empty(), "the name is empty");
        ensure!(!licence.is_empty(), "the licence is empty");
        let categories = categories.split('|').map(|category| category_of(category.trim())).collect::<Result<_>>()?;
        let daily_cap = whole_rupiah("daily_cap_idr", daily_cap)?;
        Ok(Shop { row, line, name: name.to_owned(), licence: licence.to_owned(), categories, daily_cap })
    })
    .with_context(|| named(file, "the sample of shops"))
}

fn category_of(name: &str) -> Result<Category> {
    CATEGORIES
        .iter()
        .zip(0..)
        .find_map(|(known, number)| (*known == name).then_some(number))
        .with_context(|| format!("the category {name:?} is unknown; the programme has {}", CATEGORIES.join(", ")))
}

fn whole_rupiah(column: &str, text: &str) -> Result<Balance> {
    let amount = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    amount.with_context(|| format!("{column} is {text:?} and must be whole rupiah, such as 300000"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn one(row: &str) -> Result<Beneficiary, String> {
        let text = format!("row,name,nik,phone,category,amount_idr,household_size\n{row}\n");
        let found = parse(&text).unwrap();
        assert_eq!(found.count, 1);
        found.accepted.into_iter().next().ok_or_else(|| found.refused[0].reason.clone())
    }

    fn parse(text: &str) -> Result<Rows<Beneficiary>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        beneficiaries(Some(file.path()))
    }

    #[test]
    fn the_sample_has_two_thousand_rows_of_which_four_make_no_sense_by_themselves() {
        let found = beneficiaries(None).unwrap();
        let refused: Vec<_> = found.refused.iter().map(|one| (one.row, one.line)).collect();
        assert_eq!((found.count, found.accepted.len()), (2_000, 1_996));
        assert_eq!(refused, [(1_301, 1_302), (1_501, 1_502), (1_651, 1_652), (1_802, 1_803)]);
    }

    #[test]
    fn the_sample_has_forty_shops() {
        let found = shops(None).unwrap();
        assert_eq!((found.count, found.accepted.len()), (40, 40));
        assert_eq!(found.accepted[0].categories, [2, 3, 0]);
    }

    #[test]
    fn each_wrong_field_is_named() {
        assert!(one("1,Nur,1203114902683264,+6288123980907,staples,300000,2").is_ok());
        for (row, reason) in [
            ("1,,1203114902683264,+6288123980907,staples,300000,2", "the name is empty"),
            (
                "1,Nur,12AB,+6288123980907,staples,300000,2",
                "the identity number (nik) has 4 characters and must be 16 digits",
            ),
            (
                "1,Nur,1203114902683264,0812,staples,300000,2",
                "a phone number is '+' and 8 to 15 digits, not beginning with 0",
            ),
            (
                "1,Nur,1203114902683264,+6288123980907,fireworks,300000,2",
                "the category \"fireworks\" is unknown; the programme has staples, protein, education, health",
            ),
            ("1,Nur,1203114902683264,+6288123980907,staples,0,2", "the amount is 0"),
            (
                "1,Nur,1203114902683264,+6288123980907,staples,-5,2",
                "amount_idr is \"-5\" and must be whole rupiah, such as 300000",
            ),
            (
                "1,Nur,1203114902683264,+6288123980907,staples,3.5,2",
                "amount_idr is \"3.5\" and must be whole rupiah, such as 300000",
            ),
            (
                "1,Nur,1203114902683264,+6288123980907,staples,,2",
                "amount_idr is \"\" and must be whole rupiah, such as 300000",
            ),
            (
                "1,Nur,1203114902683264,+6288123980907,staples,10000001,2",
                "the amount is 10000001, a voucher of this programme holds at most 10000000",
            ),
            ("1,Nur,1203114902683264", "the row has 3 fields instead of 7"),
        ] {
            assert_eq!(one(row), Err(reason.to_owned()), "{row}");
        }
    }

    #[test]
    fn columns_are_found_by_name_and_a_missing_one_is_named() {
        let text = "amount_idr,category,phone,nik,name,row\n300000,health,+6288123980907,1203114902683264,Nur,7\n";
        let found = parse(text).unwrap();
        assert_eq!((found.accepted[0].row, found.accepted[0].category), (7, 3));
        let error = parse("row,name,nik,phone,category\n").unwrap_err();
        assert!(format!("{error:#}").contains("there is no column amount_idr"), "{error:#}");
    }
}
