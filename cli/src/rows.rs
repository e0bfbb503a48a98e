//! CSV files: rows by the names of their columns, those that make sense and those that do not.

use anyhow::{anyhow, ensure, Context, Result};
use csv::StringRecord;
use serde::Serialize;
use std::{collections::BTreeMap, fs, path::Path};

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The row's number, by its own column.
    pub row: u64,
    /// The file's line.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// The rows of a file: how many there are, those that make sense, and those that do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    pub count: usize,
    pub accepted: Vec<T>,
    pub refused: Vec<Refused>,
}

impl<T> Rows<(u64, T)> {
    /// Of several rows with one key, the first. `refused` says of a later one why, from its line, what it says, and the line of
    /// the first.
    pub fn first_of_each<K: Ord>(mut self, key: impl Fn(&T) -> K, refused: impl Fn(u64, &T, u64) -> Refused) -> Self {
        let mut first = BTreeMap::new();
        let others = &mut self.refused;
        self.accepted.retain(|(line, row)| {
            let of_key = *first.entry(key(row)).or_insert(*line);
            if of_key != *line {
                others.push(refused(*line, row, of_key));
            }
            of_key == *line
        });
        self
    }
}

/// The file's name for an error, or the sample's.
pub fn named(file: Option<&Path>, sample: &str) -> String {
    file.map_or(sample.to_owned(), |file| file.display().to_string())
}

/// The file's text, or the sample's.
///
/// # Errors
/// When the file cannot be read, or is no UTF-8 text.
pub fn content(file: Option<&Path>, sample: &str) -> Result<String> {
    match file {
        None => Ok(sample.to_owned()),
        Some(path) => {
            let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))
        }
    }
}

/// A row's fields by the names of their columns, in whatever order these stand.
pub struct Fields<'a> {
    headings: &'a StringRecord,
    record: &'a StringRecord,
}

impl Fields<'_> {
    /// The field of a column, `None` if there is no such column or nothing in it.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.first(|heading| heading == column)
    }

    /// Is there such a column?
    pub fn has(&self, column: &str) -> bool {
        self.headings.iter().any(|heading| heading == column)
    }

    /// The field of a column whose name may have a unit at its end: `amount`, `amount_idr`.
    pub fn with_unit(&self, column: &str) -> Option<&str> {
        self.first(|heading| heading.strip_prefix(column).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
    }

    /// The field of a column that must be there.
    ///
    /// # Errors
    /// When there is no such column, or nothing in it.
    pub fn need(&self, column: &str) -> Result<&str> {
        self.get(column).with_context(|| format!("the column {column} is missing or empty"))
    }

    fn first(&self, column: impl Fn(&str) -> bool) -> Option<&str> {
        let place = self.headings.iter().position(column)?;
        self.record.get(place).filter(|field| !field.is_empty())
    }
}

/// Reads a file's rows, each with its line.
///
/// # Errors
/// When the file cannot be read, or is no CSV. A row that `read` refuses is no error.
pub fn read<T>(file: &Path, read: impl Fn(&Fields) -> Result<T>) -> Result<Rows<(u64, T)>> {
    let text = content(Some(file), "")?;
    table(&text, &[], |_, line, fields| Ok((line, read(fields)?))).with_context(|| file.display().to_string())
}

/// Reads the rows of a CSV text that must have these columns; `read` is given a row's number, which the first of them has, its
/// line, and its fields.
///
/// # Errors
/// When the text is no CSV, or lacks a column. A row that `read` refuses is no error.
pub fn rows<T, const N: usize>(
    text: &str,
    columns: [&str; N],
    read: impl Fn(u64, u64, [&str; N]) -> Result<T>,
) -> Result<Rows<T>> {
    table(text, &columns, |row, line, fields| {
        read(row, line, columns.map(|column| fields.get(column).unwrap_or_default()))
    })
}

fn table<T>(text: &str, columns: &[&str], read: impl Fn(u64, u64, &Fields) -> Result<T>) -> Result<Rows<T>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers()?.clone();
    for column in columns {
        ensure!(
            headings.iter().any(|heading| heading == *column),
            "there is no column {column}; the columns must be {}",
            columns.join(", ")
        );
    }
    let number = columns.first().copied().unwrap_or("row");
    let mut found = Rows { count: 0, accepted: Vec::new(), refused: Vec::new() };
    for record in reader.records() {
        let record = record?;
        found.count += 1;
        let line = record.position().map_or(0, csv::Position::line);
        let fields = Fields { headings: &headings, record: &record };
        // A row without a number of its own goes by its place.
        let row = fields.get(number).and_then(|row| row.parse().ok()).unwrap_or(found.count as u64);
        let value = match record.len() == headings.len() {
            true => read(row, line, &fields),
            false => Err(anyhow!("the row has {} fields instead of {}", record.len(), headings.len())),
        };
        match value {
            Ok(value) => found.accepted.push(value),
            Err(error) => found.refused.push(Refused { row, line, reason: format!("{error:#}") }),
        }
    }
    Ok(found)
}
