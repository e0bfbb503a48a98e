//! Rows of CSV files, by the names of their columns.

use crate::keys;
use anyhow::{anyhow, Context, Result};
use std::{any::type_name, collections::HashMap, path::Path, str::FromStr};

/// A row.
#[derive(Clone)]
pub struct Row {
    /// The file and the line, for messages.
    pub at: String,
    cells: HashMap<String, String>,
}

/// Reads a file with a heading.
///
/// # Errors
/// When it cannot be read, or a row has more or fewer cells than the heading.
pub fn read(file: &Path) -> Result<Vec<Row>> {
    let name = file.display();
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("cannot read {name}"))?;
    let rows = reader.deserialize().enumerate().map(|(row, cells)| {
        let cells = cells.with_context(|| name.to_string())?;
        Ok(Row { at: format!("{name}, row {}", row + 1), cells })
    });
    rows.collect()
}

impl Row {
    /// What is written in a column.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn text(&self, column: &str) -> Result<&str> {
        let cell = self.cells.get(column).map(|cell| cell.trim());
        cell.ok_or_else(|| anyhow!("{}: there is no column {column}", self.at))
    }

    /// The whole number in a column.
    ///
    /// # Errors
    /// When there is none, or it does not fit.
    pub fn number<T: FromStr>(&self, column: &str) -> Result<T> {
        let text = self.text(column)?;
        text.parse()
            .map_err(|_| anyhow!("{}: {column} is {text:?} and must be a whole number ({})", self.at, type_name::<T>()))
    }

    /// The account in a column, as [`keys::account`] takes it.
    ///
    /// # Errors
    /// When it is none.
    pub fn account(&self, column: &str) -> Result<[u8; 32]> {
        keys::account(self.text(column)?).with_context(|| format!("{}: {column}", self.at))
    }
}
