//! `amanah`: the command line of the suite.

// They panic when nobody reads: `output` prints.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod address;
mod call;
mod demo;
mod deploy;
mod events;
mod exit;
mod export;
mod files;
mod guide;
mod identity;
mod import;
mod loan;
mod message;
mod money;
mod network;
mod oracle;
mod otp;
mod output;
mod report;
mod roll;
mod rows;
mod status;
#[cfg(test)]
mod town;
mod upgrade;
mod vectors;
mod verify;
mod watch;
mod welfare;
mod worklist;

use amanah_client::{abi::Abi, Bundle};
use clap::{error::ErrorKind, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use report::Format;
use std::{path::PathBuf, process::ExitCode};

/// Social assistance on a chain that no single party controls: vouchers, digital accounts, roles.
#[derive(Parser)]
#[command(name = "amanah", version, propagate_version = true, after_help = exit::CODES)]
struct Arguments {
    /// How to answer: text for people, json for programs (one object, and nothing else, on standard output), csv for
    /// spreadsheets (`export` and `loan evaluate` only).
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    output: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Puts the whole suite on a chain, wires it, and writes down where it is.
    Deploy(deploy::Options),
    /// Checks a deployment: code hashes, genesis, wiring.
    Verify(verify::Options),
    /// Brings a contract's new code onto the chain, step by step, by two organisations.
    Upgrade(upgrade::Options),
    /// Brings CSV files to the chain: people with their vouchers, shops, the vouchers' money.
    Import {
        #[command(subcommand)]
        command: import::Command,
    },
    /// Mass issue by one hash: makes a roll of a CSV file, compares it with what was published, claims its entries.
    Roll {
        #[command(subcommand)]
        command: roll::Command,
    },
    /// The registrar's key, and commitments to identity numbers.
    Identity {
        #[command(subcommand)]
        command: identity::Command,
    },
    /// Shows the suite on one screen: chain, contracts, counts; and a participant, voucher, loan, case or programme.
    Status(status::Options),
    /// What waits for your office, each with the command that does it.
    Worklist(worklist::Options),
    /// Follows the suite's events, and prints each as a line.
    Watch(watch::Options),
    /// Events, an audit of one thing, or all balances, as text, JSON or CSV.
    Export {
        #[command(subcommand)]
        command: export::Command,
    },
    /// The address book: names for accounts.
    Address {
        #[command(subcommand)]
        command: address::Command,
    },
    /// Shows the suite at work, on an embedded chain (pallet-contracts in this process). Nothing is kept.
    Demo {
        #[command(subcommand)]
        story: demo::Story,
    },
    /// Messages of the contract for loans; and how applications for loans would be judged.
    Loan {
        #[command(subcommand)]
        command: loan::Command,
    },
    /// Offices that grant loans.
    Oracle {
        #[command(subcommand)]
        command: oracle::Command,
    },
    /// The desk of one-time codes, for holders who have no smartphone.
    Otp {
        #[command(subcommand)]
        command: otp::Command,
    },
    /// Leads through a message, option by option, on a terminal: says what each is, checks each value, shows the command that
    /// does the same, runs it dry, and asks before it sends anything.
    ///
    /// Example: amanah guide --suri-file shop.txt
    Guide(Box<network::Network>),
    /// Prints a script that completes commands in a shell.
    ///
    /// Example: amanah completions bash > ~/.local/share/bash-completion/completions/amanah
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Checks this program against the golden vectors of all signed byte layouts; `--output json` prints the vectors.
    ///
    /// Example: amanah vectors --output json > layouts.json
    Vectors,
}

impl Command {
    /// Can it answer with CSV?
    fn has_csv(&self) -> bool {
        match self {
            Command::Loan { command } => command.has_csv(),
            Command::Export { .. } => true,
            _ => false,
        }
    }
}

/// The contracts, each with what its messages are for.
const CONTRACTS: [(&str, &str); 5] = [
    ("registry", "Messages of the registry: who may act, in which role"),
    ("ledger", "Messages of the ledger: digital accounts of money that banks issue"),
    ("voucher", "Messages of the voucher contract: programmes, vouchers, redemptions"),
    ("loan", "Messages of the contract for loans; and how applications for loans would be judged"),
    ("welfare", "Messages of the contract for welfare: schemes, applications, benefits"),
];

/// The whole command line: what is known beforehand, and the messages that the bundles of these contracts have.
fn command_line(abis: &[Abi]) -> clap::Command {
    CONTRACTS.into_iter().fold(Arguments::command(), |command, (name, about)| {
        let abi = abis.iter().find(|abi| abi.contract() == name);
        let messages = abi.into_iter().flat_map(message::commands).map(call::with_options);
        match command.find_subcommand(name) {
            Some(_) => command.mut_subcommand(name, |contract| contract.subcommands(messages)),
            None => command
                .subcommand(clap::Command::new(name).about(about).subcommand_required(true).subcommands(messages)),
        }
    })
}

/// The descriptions of the contracts that the words of the command line speak of, or of all for what needs all.
///
/// The commands for messages follow from the bundles, so the bundles must be found before the command line can be read.
fn described(words: &[String]) -> Result<Vec<Abi>, anyhow::Error> {
    let after = |option: &str| {
        words.iter().enumerate().find_map(|(place, word)| match word.strip_prefix(option) {
            Some("") => words.get(place + 1).cloned(),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None => None,
        })
    };
    // As clap reads it: the option first, then the environment.
    let named = || after("--profile").or_else(|| std::env::var("AMANAH_PROFILE").ok());
    let profile = || network::config::profile(named().as_deref()).ok()?.bundles;
    let folder = after("--bundles").map(PathBuf::from).or_else(profile).unwrap_or_else(Bundle::folder);
    let all = words.iter().any(|word| word == "completions");
    let spoken_of = CONTRACTS.iter().filter(|(name, _)| all || words.iter().any(|word| word == name));
    spoken_of.map(|(name, _)| Ok(Abi::of(&Bundle::load(&folder, name)?)?)).collect()
}

/// The message of a contract that the command line means, if it means one.
fn message_meant<'a>(abis: &'a [Abi], matches: &'a ArgMatches) -> Option<(&'a Abi, &'a str, &'a ArgMatches)> {
    let (contract, inner) = matches.subcommand()?;
    let (message, arguments) = inner.subcommand()?;
    let abi = abis.iter().find(|abi| abi.contract() == contract)?;
    abi.messages().iter().any(|known| known.name == message).then_some((abi, message, arguments))
}

fn run(format: Format, abis: &[Abi], matches: &ArgMatches) -> anyhow::Result<()> {
    if let Some((abi, message, arguments)) = message_meant(abis, matches) {
        return call::run(format, abi, message, arguments);
    }
    let arguments = Arguments::from_arg_matches(matches)?;
    if format == Format::Csv && !arguments.command.has_csv() {
        let refusal = "this command answers in text or json";
        Arguments::command().error(ErrorKind::InvalidValue, refusal).exit();
    }
    match arguments.command {
        Command::Deploy(options) => deploy::run(format, &options),
        Command::Verify(options) => verify::run(format, &options),
        Command::Upgrade(options) => upgrade::run(format, &options),
        Command::Import { command } => import::run(format, &command),
        Command::Roll { command } => roll::run(format, &command),
        Command::Identity { command } => identity::run(format, &command),
        Command::Status(options) => status::run(format, &options),
        Command::Worklist(options) => worklist::run(format, &options),
        Command::Watch(options) => watch::run(format, &options),
        Command::Export { command } => export::run(format, command),
        Command::Address { command } => address::run(format, command),
        Command::Demo { story } => demo::run(format, story),
        Command::Loan { command } => loan::run(format, command),
        Command::Oracle { command } => oracle::run(format, command),
        Command::Otp { command } => otp::run(format, command),
        Command::Guide(network) => guide::run(format, &network),
        Command::Completions { shell } => {
            // It would panic if nobody read it.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command_line(abis), "amanah", &mut script);
            output::print(String::from_utf8_lossy(&script));
            Ok(())
        }
        Command::Vectors => vectors::run(format),
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let described = described(&words);
    let abis = described.as_deref().unwrap_or_default();
    let matches = match command_line(abis).try_get_matches() {
        Ok(matches) => matches,
        // Without its bundle, a contract has no commands.
        Err(error) => match described {
            Err(missing) if error.use_stderr() => return exit::failed(Format::Text, &missing),
            _ => error.exit(),
        },
    };
    let format = matches.get_one::<Format>("output").copied().unwrap_or(Format::Text);
    match run(format, abis, &matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::failed(format, &error),
    }
}
