//! `amanah identity`: the registrar's key, and commitments to identity numbers.

use crate::{import, output, report::Format};
use amanah_domain::identity::{commitment, NumberType};
use anyhow::{ensure, Context, Result};
use clap::Subcommand;
use serde_json::json;
use std::{
    fs::OpenOptions,
    io::{self, BufRead, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

/// What can be done.
#[derive(Subcommand)]
pub enum Command {
    /// Makes a registrar's key: 32 random bytes as hex, in a file that only its owner can read. Whoever has it can find out
    /// who is registered by trying numbers, and whoever loses it cannot recognise anybody: keep it like the money.
    ///
    /// Example: amanah identity keygen --file registrar.key
    Keygen {
        /// The file, which must not exist.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Prints the commitment to an identity number, which is all that the chain gets to see of it. The number is read from
    /// standard input, so that it is in no list of processes.
    ///
    /// Example: echo 1203114902683264 | amanah identity commit --registrar-key registrar.key
    Commit {
        /// The file with the registrar's key.
        #[arg(long, value_name = "FILE")]
        registrar_key: PathBuf,
        /// What kind of number it is: national, passport or organisation.
        #[arg(long, value_name = "KIND", default_value = "national")]
        kind: String,
    },
}

/// Does it.
pub fn run(format: Format, command: &Command) -> Result<()> {
    let (name, value) = match command {
        Command::Keygen { file } => {
            let named = || file.display().to_string();
            let key: [u8; 32] = rand_key()?;
            let mut made =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).with_context(named)?;
            writeln!(made, "{}", hex::encode(key)).with_context(named)?;
            ("file", named())
        }
        Command::Commit { registrar_key, kind } => {
            let key = import::registrar_key(registrar_key)?;
            let kind = import::number_type(Some(kind), NumberType::National)?;
            let mut number = String::new();
            io::stdin().lock().read_line(&mut number)?;
            ensure!(!number.trim().is_empty(), "there is no number on standard input");
            ("commitment", format!("0x{}", hex::encode(commitment(&key, kind, number.trim()))))
        }
    };
    match format {
        Format::Json => output::json(&json!({ name: value })),
        Format::Text | Format::Csv => output::line(value),
    }
    Ok(())
}

fn rand_key() -> Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
    Ok(key)
}
