//! `amanah address`: the address book.

use crate::{
    network::{book::Book, keys},
    output,
    report::{table, Format},
};
use amanah_client::address;
use amanah_domain::ids::Account;
use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{json, Map};
use std::path::PathBuf;

/// What can be done with it.
#[derive(Subcommand)]
pub enum Command {
    /// Gives an account a name, which every command takes in place of the address from then on.
    ///
    /// Example: amanah address add warung-sari 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
    Add {
        /// Letters, digits, '-', '_' and '.'.
        name: String,
        /// The account, as SS58 or 0x and hex.
        #[arg(value_parser = keys::account)]
        account: Account,
        #[command(flatten)]
        place: Place,
    },
    /// Forgets a name.
    ///
    /// Example: amanah address remove warung-sari
    Remove {
        /// The name.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Shows all names.
    ///
    /// Example: amanah address list --output json
    List(Place),
}

/// Where the address book is.
#[derive(Args)]
pub struct Place {
    /// The address book's file, instead of the one in the user's configuration.
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
}

/// Does it.
pub fn run(format: Format, command: Command) -> Result<()> {
    let open = |place: &Place| Book::open(place.book.as_deref());
    let book = match command {
        Command::Add { name, account, place } => {
            let mut book = open(&place)?;
            book.add(&name, account)?;
            book
        }
        Command::Remove { name, place } => {
            let mut book = open(&place)?;
            book.remove(&name)?;
            book
        }
        Command::List(place) => open(&place)?,
    };
    match format {
        Format::Json => {
            let names: Map<_, _> =
                book.entries().map(|(name, account)| (name.to_owned(), json!(address(account)))).collect();
            output::json(&json!(names));
        }
        Format::Text | Format::Csv => {
            let mut rows = table(&["name", "address"]);
            for (name, account) in book.entries() {
                rows.add_row([name, &address(account)]);
            }
            output::line(rows);
        }
    }
    Ok(())
}
