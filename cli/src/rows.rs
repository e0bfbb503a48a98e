//! CSV files: rows by the names of their columns, those that make sense and those that do not.

use anyhow::{ensure, Context, Result};
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

/// Reads the rows of a CSV text by the names of its columns, in whatever order they stand; `read` is given a row's number, its
/// line, and its fields. The first column is the row's number.
///
/// # Errors
/// When the text is no CSV, or lacks a column. A row that `read` refuses is no error.
pub fn rows<T, const N: usize>(
    text: &str,
    columns: [&str; N],
    read: impl Fn(u64, u64, [&str; N]) -> Result<T>,
) -> Result<Rows<T>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers()?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        *place = headings
            .iter()
            .position(|heading| heading == column)
            .with_context(|| format!("there is no column {column}; the columns must be {}", columns.join(", ")))?;
    }
    let mut found = Rows { count: 0, accepted: Vec::new(), refused: Vec::new() };
    for record in reader.records() {
        let record = record?;
        found.count += 1;
        let line = record.position().map_or(0, csv::Position::line);
        // A row without a number of its own goes by its place.
        let row = record.get(places[0]).and_then(|row| row.parse().ok()).unwrap_or(found.count as u64);
        match fields(&record, places, headings.len()).and_then(|fields| read(row, line, fields)) {
            Ok(value) => found.accepted.push(value),
            Err(error) => found.refused.push(Refused { row, line, reason: error.to_string() }),
        }
    }
    Ok(found)
}

fn fields<const N: usize>(record: &StringRecord, places: [usize; N], expected: usize) -> Result<[&str; N]> {
    ensure!(record.len() == expected, "the row has {} fields instead of {expected}", record.len());
    Ok(places.map(|place| record.get(place).unwrap_or_default()))
}
