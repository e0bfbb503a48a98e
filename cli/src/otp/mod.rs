//! `amanah otp`: the desk of one-time codes, for holders who have no smartphone.

mod desk;
mod directory;
mod key;
mod money;
mod process;
mod sms;

use crate::{network::Network, report::Format};
use amanah_domain::ids::{ParticipantId, RedemptionId};
use anyhow::{ensure, Context, Result};
use clap::{Args, Subcommand};
use std::{
    fs::DirBuilder,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

/// What the desk can do.
#[derive(Subcommand)]
pub enum Command {
    /// Makes a key for a store of codes, in a file that only its owner can read. Keep a copy where the store is not: without
    /// it the store cannot be opened.
    ///
    /// Example: amanah otp keygen --file otp.key
    Keygen {
        /// The file, which must not be there yet.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Draws the code of a redemption and sends it to the voucher's holder, with the shop's name and the amount. Again, it
    /// sends the same code, and only if none is known to have gone out.
    ///
    /// Example: amanah otp send --redemption 33 --directory people.csv --store codes --store-key otp.key --sms-command
    /// ./send-sms --currency Rp --suri-file attestor.txt
    Send(Box<Send>),
    /// Takes the code that the holder told the shop, and answers with the attestation, as `amanah voucher confirm --proof`
    /// takes it. After three wrong codes the redemption is dead here.
    ///
    /// Example: amanah otp enter --redemption 33 --store codes --store-key otp.key --suri-file attestor.txt -x
    Enter(Box<Enter>),
    /// Follows the final blocks, sends a code for each redemption of a programme that lists this attestor, and answers lines
    /// `REDEMPTION CODE` on standard input, each with one line: confirmed, wrong (with the tries left), dead, or refused.
    ///
    /// It goes on where it stopped. With `--output json`, each line is an object with `redemption` and `did`.
    ///
    /// Example: amanah otp run --directory people.csv --store codes --store-key otp.key --outbox tried --currency Rp
    /// --suri-file attestor.txt -x
    Run(Box<Run>),
}

/// Whose desk it is, and where it keeps its records.
#[derive(Args)]
struct Place {
    /// The folder with the desk's records, which are encrypted; it is made if it is not there. One process uses it at a time.
    #[arg(long, value_name = "FOLDER")]
    store: PathBuf,
    /// The file with the store's key, as `amanah otp keygen` makes it.
    #[arg(long, value_name = "FILE")]
    store_key: PathBuf,
    /// The attestor's number in the registry; without it, that of the participant whose account is the key's. It is needed
    /// once the registered key is no longer the account's.
    #[arg(long, value_name = "NUMBER")]
    attestor: Option<ParticipantId>,
    #[command(flatten)]
    network: Network,
}

/// Whom to ask, and how.
#[derive(Args)]
struct Asking {
    /// Holders and shops: CSV with the columns who (an account, or a number in the registry), name (for shops at most 40
    /// characters) and phone (+ and 8 to 15 digits; shops need none). A wrong row refuses the file.
    #[arg(long, value_name = "FILE")]
    directory: PathBuf,
    /// What stands before the amount in the message, such as Rp or HK$; no digits.
    #[arg(long, value_name = "TEXT", value_parser = money::currency)]
    currency: String,
    #[command(flatten)]
    way: Way,
}

/// How messages go out.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Way {
    /// For trying: messages are not sent, but written to outbox.jsonl in this folder, codes in clear.
    #[arg(long, value_name = "FOLDER")]
    outbox: Option<PathBuf>,
    /// A program that sends a message: its argument is the phone number, its standard input the text. If it ends with
    /// another code than 0, the message was not sent.
    #[arg(long, value_name = "PROGRAM")]
    sms_command: Option<PathBuf>,
}

/// What `amanah otp send` needs.
#[derive(Args)]
pub struct Send {
    /// The redemption's number.
    #[arg(long, value_name = "NUMBER")]
    redemption: RedemptionId,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    place: Place,
}

/// What `amanah otp enter` needs.
#[derive(Args)]
pub struct Enter {
    /// The redemption's number.
    #[arg(long, value_name = "NUMBER")]
    redemption: RedemptionId,
    /// The six digits. Others on this machine may see them here: without it they are asked for on the terminal, or are the
    /// first line of standard input.
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Submits the attestation too, if the programme needs no other one.
    #[arg(long, short = 'x')]
    execute: bool,
    #[command(flatten)]
    place: Place,
}

/// What `amanah otp run` needs.
#[derive(Args)]
pub struct Run {
    #[command(flatten)]
    asking: Asking,
    /// Submits each attestation too, if the programme needs no other one.
    #[arg(long, short = 'x')]
    execute: bool,
    /// The number of the block to begin with, instead of the one where it stopped, or of the newest final one in a new store.
    #[arg(long, value_name = "BLOCK")]
    from: Option<u32>,
    /// How often it looks for new blocks, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    every: u64,
    #[command(flatten)]
    place: Place,
}

/// Does it.
pub fn run(format: Format, command: Command) -> Result<()> {
    match command {
        Command::Keygen { file } => key::generate(format, &file),
        Command::Send(options) => desk::send(format, &options),
        Command::Enter(options) => desk::enter(format, &options),
        Command::Run(options) => process::run(format, &options),
    }
}

/// The code from the terminal, unseen, or from the first line of standard input.
fn asked_code() -> Result<String> {
    let line = match io::stdin().is_terminal() {
        true => rpassword::prompt_password("Code: ")?,
        false => {
            let mut line = String::new();
            io::stdin().read_line(&mut line)?;
            line
        }
    };
    let code = line.trim().to_owned();
    ensure!(!code.is_empty(), "no code was given: type it, or give it as the first line of standard input");
    Ok(code)
}

/// Makes a folder for its owner only, unless it is there.
fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}
