//! Tests over every message of all five contracts, as their bundles describe them.

use super::{
    options::{has_parts, items, COMMON},
    *,
};
use crate::town::Town;
use amanah_client::{
    abi::{Abi, Kind, Message},
    Bundle,
};
use clap::{error::ErrorKind, Arg, ArgMatches, Command};
use serde_json::{json, Value};

/// A contract's description, and a program with its commands under the options that every command has.
struct Program {
    abi: Abi,
    command: Command,
}

impl Program {
    fn of(contract: &str) -> Self {
        let abi = Abi::of(&Bundle::load(&Bundle::folder(), contract).unwrap()).unwrap();
        let common = COMMON.into_iter().filter(|name| !["help", "version"].contains(name));
        let command = Command::new("amanah")
            .args(common.map(|name| Arg::new(name).long(name).global(true)))
            .version("1")
            .propagate_version(true)
            .subcommand_required(true)
            .subcommands(commands(&abi));
        Self { abi, command }
    }

    fn all() -> impl Iterator<Item = Self> {
        ["registry", "ledger", "voucher", "loan", "welfare"].into_iter().map(Self::of)
    }

    fn message(&self, name: &str) -> &Message {
        self.abi.message(name).unwrap()
    }

    fn parsed(&self, words: &[&str]) -> Result<(&Message, ArgMatches), clap::Error> {
        let mut matches = self.command.clone().try_get_matches_from([&["amanah"], words].concat())?;
        let (name, matches) = matches.remove_subcommand().unwrap();
        Ok((self.message(&name), matches))
    }

    /// What a command line gives: the message's bytes, or the sentence that refuses it.
    fn encoded(&self, words: &[&str]) -> Result<Vec<u8>, String> {
        let (message, matches) = self.parsed(words).map_err(|error| error.to_string())?;
        let arguments = arguments(&self.abi, message, &matches).map_err(|error| format!("{error:#}"))?;
        self.abi.encode(&message.name, &arguments, &Town).map_err(|error| error.to_string())
    }
}

fn words<'a>(name: &'a str, example: &'a [String]) -> Vec<&'a str> {
    [name].into_iter().chain(example.iter().map(String::as_str)).collect()
}

#[test]
fn every_message_has_a_command_with_a_text_and_an_example() {
    for program in Program::all() {
        let abi = &program.abi;
        program.command.clone().debug_assert();
        for message in abi.messages() {
            let command = program.command.find_subcommand(&message.name).unwrap_or_else(|| panic!("{}", message.label));
            let about = command.get_about().unwrap().to_string();
            assert!(about.len() > 5 && !about.contains('\n') && !about.ends_with('.'), "{}: {about}", message.label);
            let shown = command.get_after_help().unwrap().to_string();
            let shown = shell_words::split(shown.strip_prefix("Example: ").unwrap()).unwrap();
            let example = example(abi, message);
            assert_eq!(shown, [&["amanah", abi.contract()], &words(&message.name, &example)[..]].concat());
        }
    }
}

#[test]
fn no_option_is_called_as_one_that_every_command_has() {
    for program in Program::all() {
        let abi = &program.abi;
        for message in abi.messages() {
            for item in items(abi, message) {
                assert!(!COMMON.contains(&item.name.as_str()), "{} --{}", message.label, item.name);
                assert!(!COMMON.contains(&item.path().as_str()), "{} {}", message.label, item.path());
            }
        }
    }
}

#[test]
fn every_example_that_is_typed_in_is_the_message_with_plausible_arguments() {
    for program in Program::all() {
        let abi = &program.abi;
        for message in abi.messages() {
            let typed = example(abi, message);
            let arguments = message.arguments.iter().map(|part| (part.label.clone(), abi.example(part))).collect();
            let bytes = abi.encode(&message.name, &arguments, &Town).unwrap();
            assert!(bytes.starts_with(message.selector()), "{}", message.label);
            assert_eq!(program.encoded(&words(&message.name, &typed)), Ok(bytes), "{}: {typed:?}", message.label);
        }
    }
}

#[test]
fn a_wrong_value_of_any_option_is_refused_by_its_path_and_the_rule() {
    for program in Program::all() {
        let abi = &program.abi;
        for message in abi.messages() {
            let singles: Vec<_> = items(abi, message).into_iter().filter(|item| !item.is_whole).collect();
            for (at, item) in singles.iter().enumerate().filter(|(_, item)| item.kind != Kind::Text) {
                let mut example = example(abi, message);
                example[2 * at + 1] = "?!".to_owned();
                let refused = program.encoded(&words(&message.name, &example)).unwrap_err();
                let sentence = refused.starts_with(&item.path()) && refused.contains(" is \"?!\" and must be ");
                assert!(sentence && !refused.contains('\n'), "{} {}: {refused}", message.label, item.path());
            }
        }
    }
}

#[test]
fn a_missing_option_is_named() {
    let voucher = Program::of("voucher");
    let refused = voucher.parsed(&["request", "--voucher", "7", "--amount", "12.50", "--category", "1"]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::MissingRequiredArgument);
    assert!(refused.to_string().contains("--items <HEX>"), "{refused}");
    let refused = voucher.parsed(&["create-programme", "--life", "30d"]).unwrap_err().to_string();
    assert!(refused.contains("--bank <ACCOUNT>") && refused.contains("--per-card"), "{refused}");
}

#[test]
fn a_struct_is_given_by_fields_or_whole_or_whole_with_single_fields_overridden() {
    let voucher = Program::of("voucher");
    let message = voucher.message("create-programme");
    let fields = example(&voucher.abi, message);
    let single = voucher.encoded(&words("create-programme", &fields)).unwrap();
    let (_, matches) = voucher.parsed(&words("create-programme", &fields)).unwrap();
    let terms = arguments(&voucher.abi, message, &matches).unwrap().remove("terms").unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("terms.json");
    std::fs::write(&file, terms.to_string()).unwrap();
    let given = format!("@{}", file.display());
    assert_eq!(voucher.encoded(&["create-programme", "--terms", &given]).unwrap(), single);

    let mut other = terms.clone();
    other["budget"] = json!("99");
    let other = other.to_string();
    assert_ne!(voucher.encoded(&["create-programme", "--terms", &other]).unwrap(), single);
    let overridden = ["create-programme", "--terms", &other, "--budget", "12.50"];
    assert_eq!(voucher.encoded(&overridden).unwrap(), single);

    std::fs::write(&file, "{").unwrap();
    let refused = voucher.encoded(&["create-programme", "--terms", &given]).unwrap_err();
    assert!(refused.starts_with("terms: ") && refused.contains("terms.json is no JSON"), "{refused}");
    let refused = voucher.encoded(&["create-programme", "--terms", "@/nowhere", "--budget", "1"]).unwrap_err();
    assert!(refused.starts_with("terms: cannot read /nowhere"), "{refused}");
    let refused = voucher.encoded(&["create-programme", "--terms", "[1]", "--budget", "1"]).unwrap_err();
    assert_eq!(refused, "terms must be a JSON object if budget is given beside it");
    let refused = voucher.encoded(&["create-programme", "--terms", "{}"]).unwrap_err();
    assert!(refused.starts_with("terms.bank is missing and must be an SS58 address"), "{refused}");
}

#[test]
fn changes_of_a_programme_are_what_is_given_and_nothing_else() {
    let voucher = Program::of("voucher");
    let one = voucher.encoded(&["update-programme", "--programme", "7", "--budget", "1"]).unwrap();
    let whole = json!({"budget": "1.00", "life": null}).to_string();
    assert_eq!(voucher.encoded(&["update-programme", "--programme", "7", "--changes", &whole]).unwrap(), one);
    let none = voucher.encoded(&["update-programme", "--programme", "7"]).unwrap();
    assert_eq!(none[12..], [0; 7], "seven times None");
}

#[test]
fn fields_of_the_same_name_carry_their_arguments_names() {
    let loan = Program::of("loan");
    let names: Vec<String> =
        items(&loan.abi, loan.message("open-campaign")).into_iter().map(|item| item.name).collect();
    for name in ["rating-signer", "passkey-signer", "rating", "rating-rating", "target"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
}

#[test]
fn what_the_papers_call_a_message_is_its_name_too() {
    let welfare = Program::of("welfare");
    let message = welfare.message("decide");
    let example = example(&welfare.abi, message);
    assert_eq!(welfare.parsed(&words("HandleSocialWelfare", &example)).unwrap().0.name, "decide");
    for (contract, alias) in [
        ("welfare", "ApplicationforInsurance"),
        ("welfare", "UploadIncomeAccounting"),
        ("voucher", "CreateVoucher"),
        ("voucher", "TransferToken"),
        ("voucher", "RedeemVoucher"),
        ("voucher", "ConfirmRedeemVoucher"),
    ] {
        let program = Program::of(contract);
        let command = program.command.find_subcommand(alias).unwrap_or_else(|| panic!("{alias}"));
        assert!(command.get_visible_aliases().any(|known| known == alias), "{alias}");
    }
}

#[test]
fn the_help_says_type_unit_and_form() {
    let voucher = Program::of("voucher");
    let help = voucher.parsed(&["request", "--help"]).unwrap_err().to_string();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "--amount <AMOUNT>",
        "An amount in units of the bank's money, such as 12.50",
        "--items <HEX>",
        "0x and 64 hex digits",
        "Errors: Paused",
        "Events: RedemptionRequested",
        "Example: amanah voucher request --voucher 7 --amount 12.50 --category 1 --items 0x5a5a",
    ] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
}

#[test]
fn a_text_is_never_taken_for_a_file() {
    let registry = Program::of("registry");
    let text = ["define-role", "--role", "custom-3", "--name", "@home", "--administered-by", "Government"];
    let (message, matches) = registry.parsed(&text).unwrap();
    let given = arguments(&registry.abi, message, &matches).unwrap();
    assert_eq!(given["name"], Value::from("@home"));
    assert!(!has_parts(&registry.abi, &registry.abi.kind(&message.arguments[1])));
}
