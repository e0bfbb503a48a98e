//! Sub-commands from a contract's description.

use super::{
    example,
    options::{items, Item},
};
use amanah_client::abi::{Abi, Kind, Message, Set};
use clap::{Arg, Command};

/// What the papers call a message, where that is not its own name.
const ALIASES: [(&str, &str, &[&str]); 6] = [
    ("welfare", "apply", &["ApplicationforInsurance", "ApplicationforAid", "ApplicationforSocialWelfare"]),
    (
        "welfare",
        "decide",
        &[
            "UploadIncomeAccounting",
            "FeedbackOnDemocraticReviewResults",
            "ApplyForMedicalConsultationTeam",
            "HandleSocialWelfare",
        ],
    ),
    ("voucher", "create", &["CreateVoucher"]),
    ("voucher", "fund", &["TransferToken"]),
    ("voucher", "request", &["RedeemVoucher"]),
    ("voucher", "confirm", &["ConfirmRedeemVoucher"]),
];

/// A sub-command for each message of a contract.
pub fn commands(abi: &Abi) -> Vec<Command> {
    abi.messages().iter().map(|message| command(abi, message)).collect()
}

/// The sub-command for a message.
pub fn command(abi: &Abi, message: &Message) -> Command {
    let is_it = |(contract, name, _): &&(&str, &str, _)| *contract == abi.contract() && *name == message.name;
    let aliases = ALIASES.iter().find(is_it).map_or(&[][..], |(_, _, aliases)| *aliases);
    let items = items(abi, message);
    let shown = example::shown(abi, message);
    Command::new(message.name.clone())
        .about(first_sentence(&message.docs))
        .long_about(paragraphs(&message.docs))
        .visible_aliases(aliases.iter().copied())
        .after_help(format!("Example: amanah {} {}", abi.contract(), shown))
        .args(items.iter().map(|item| argument(abi, item)))
}

fn argument(abi: &Abi, item: &Item) -> Arg {
    let argument = Arg::new(item.path())
        .long(item.name.clone())
        .value_name(value_name(abi, &item.kind))
        .help(help(abi, item))
        .allow_negative_numbers(true);
    let argument = match item.kind {
        Kind::Bool => argument.num_args(0..=1).default_missing_value("yes"),
        _ => argument,
    };
    match &item.field_of {
        _ if item.is_whole || item.kind.is_optional() => argument,
        Some(whole) => argument.required_unless_present(whole.clone()),
        None => argument.required(true),
    }
}

/// What stands for the value in the help.
fn value_name(abi: &Abi, kind: &Kind) -> String {
    let name = match kind {
        Kind::Amount => "AMOUNT",
        Kind::Point => "TIME",
        Kind::Length => "DURATION",
        Kind::Account => "ACCOUNT",
        Kind::Cid => "CID",
        Kind::Bytes(_) => "HEX",
        Kind::Number(_) => "NUMBER",
        Kind::Bool => "YES|NO",
        Kind::Text => "TEXT",
        Kind::Set(Set::Roles) => "ROLE,..",
        Kind::Set(_) => "NUMBER,..",
        Kind::Choice { is_role: true, .. } => "ROLE",
        Kind::Choice { .. } if !kind.has_parts() => "NAME",
        Kind::Option(inner) => return value_name(abi, &abi.kind(inner)),
        Kind::List(item) => match abi.kind(item) {
            item @ Kind::Choice { is_role: true, .. } => return format!("{},..", value_name(abi, &item)),
            item if item.has_parts() => "JSON|@FILE",
            item => return format!("{},..", value_name(abi, &item)),
        },
        Kind::Tuple(_) | Kind::Struct(_) | Kind::Choice { .. } | Kind::Foreign => "JSON|@FILE",
    };
    name.to_owned()
}

fn help(abi: &Abi, item: &Item) -> String {
    let form = form(abi, &item.kind);
    match item.is_whole {
        true => format!("All of the following at once, as {form}; single options override it"),
        false => capitalised(&form),
    }
}

/// What a value is, in which unit, and how it is written.
fn form(abi: &Abi, kind: &Kind) -> String {
    match kind {
        Kind::Amount => "an amount in units of the bank's money, such as 12.50".to_owned(),
        Kind::Option(inner) => format!("{}; may be left out", form(abi, &abi.kind(inner))),
        Kind::List(item) => match abi.kind(item) {
            item @ Kind::Struct(_) => format!("a JSON list, each {}", form(abi, &item)),
            item => format!("any number, separated by commas or as a JSON list, each {}", form(abi, &item)),
        },
        // Only amounts depend on how many decimals the money has.
        kind => kind.rule(0),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The first sentence of a text, without its full stop.
fn first_sentence(docs: &[String]) -> String {
    let text = paragraphs(docs);
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let end = [". ", "? "].into_iter().filter_map(|end| paragraph.find(end)).min();
    let sentence = end.map_or(paragraph, |end| &paragraph[..=end]);
    sentence.trim_end_matches('.').to_owned()
}

/// A text with a line for each paragraph, and headings in one line with what follows.
fn paragraphs(docs: &[String]) -> String {
    let line = |line: &String| match line.trim().strip_prefix("# ") {
        Some(heading) => format!("{heading}:"),
        None => line.trim().replace('`', ""),
    };
    let text = docs.iter().map(line).collect::<Vec<_>>().join("\n");
    text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}
