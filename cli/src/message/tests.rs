//! Tests over every message of all five contracts, as their bundles describe them.

use super::{
    options::{has_parts, items, COMMON},
    *,
};
use amanah_client::{
    abi::{Abi, Kind, Message, Scope},
    Bundle,
};
use amanah_domain::{ids::Account, time::Millis};
use clap::{error::ErrorKind, Arg, ArgMatches, Command};
use serde_json::{json, Value};

const CONTRACTS: [&str; 5] = ["registry", "ledger", "voucher", "loan", "welfare"];

/// A money with two decimals, and nobody who has a name.
struct Town;

impl Scope for Town {
    fn decimals(&self) -> u8 {
        2
    }

    fn now(&self) -> Result<Millis, String> {
        Ok(1_800_000_000_000)
    }

    fn account(&self, _: &str) -> Option<Account> {
        None
    }
}

fn abis() -> impl Iterator<Item = Abi> {
    CONTRACTS.into_iter().map(|contract| Abi::of(&Bundle::load(&Bundle::folder(), contract).unwrap()).unwrap())
}

fn abi(contract: &str) -> Abi {
    abis().find(|abi| abi.contract() == contract).unwrap()
}

/// The commands of a contract under a program that has the options which every command has.
fn program(abi: &Abi) -> Command {
    let common = COMMON.into_iter().filter(|name| !["help", "version"].contains(name));
    Command::new("amanah")
        .args(common.map(|name| Arg::new(name).long(name).global(true)))
        .version("1")
        .propagate_version(true)
        .subcommand_required(true)
        .subcommands(commands(abi))
}

fn parsed<'a>(abi: &'a Abi, words: &[&str]) -> Result<(&'a Message, ArgMatches), clap::Error> {
    let mut matches = program(abi).try_get_matches_from([&["amanah"], words].concat())?;
    let (name, matches) = matches.remove_subcommand().unwrap();
    Ok((abi.message(&name).unwrap(), matches))
}

/// What a command line gives: the message's bytes, or the sentence that refuses it.
fn encoded(abi: &Abi, words: &[&str]) -> Result<Vec<u8>, String> {
    let (message, matches) = parsed(abi, words).map_err(|error| error.to_string())?;
    let arguments = arguments(abi, message, &matches).map_err(|error| format!("{error:#}"))?;
    abi.encode(&message.name, &arguments, &Town).map_err(|error| error.to_string())
}

fn words<'a>(name: &'a str, example: &'a [String]) -> Vec<&'a str> {
    [name].into_iter().chain(example.iter().map(String::as_str)).collect()
}

#[test]
fn every_message_has_a_command_with_a_text_and_an_example() {
    for abi in abis() {
        let program = program(&abi);
        program.clone().debug_assert();
        for message in abi.messages() {
            let command = program.find_subcommand(&message.name).unwrap_or_else(|| panic!("{}", message.label));
            let about = command.get_about().unwrap().to_string();
            assert!(about.len() > 5 && !about.contains('\n') && !about.ends_with('.'), "{}: {about}", message.label);
            let example = command.get_after_help().unwrap().to_string();
            assert!(example.starts_with(&format!("Example: amanah {} {}", abi.contract(), message.name)), "{example}");
        }
    }
}

#[test]
fn no_option_is_called_as_one_that_every_command_has() {
    for abi in abis() {
        for message in abi.messages() {
            for item in items(&abi, message) {
                assert!(!COMMON.contains(&item.name.as_str()), "{} --{}", message.label, item.name);
                assert!(!COMMON.contains(&item.path().as_str()), "{} {}", message.label, item.path());
            }
        }
    }
}

#[test]
fn every_example_is_a_message() {
    for abi in abis() {
        for message in abi.messages() {
            let example = example(&abi, message);
            let bytes = encoded(&abi, &words(&message.name, &example));
            assert!(bytes.is_ok_and(|bytes| bytes.len() >= 4), "{}: {example:?}", message.label);
        }
    }
}

#[test]
fn a_wrong_value_of_any_option_is_refused_by_its_path_and_the_rule() {
    for abi in abis() {
        for message in abi.messages() {
            let singles: Vec<_> = items(&abi, message).into_iter().filter(|item| !item.is_whole).collect();
            for (at, item) in singles.iter().enumerate().filter(|(_, item)| item.kind != Kind::Text) {
                let mut example = example(&abi, message);
                example[2 * at + 1] = "?!".to_owned();
                let refused = encoded(&abi, &words(&message.name, &example)).unwrap_err();
                let sentence = refused.starts_with(&item.path()) && refused.contains(" is \"?!\" and must be ");
                assert!(sentence && !refused.contains('\n'), "{} {}: {refused}", message.label, item.path());
            }
        }
    }
}

#[test]
fn a_missing_option_is_named() {
    let voucher = abi("voucher");
    let refused = parsed(&voucher, &["request", "--voucher", "7", "--amount", "12.50", "--category", "1"]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::MissingRequiredArgument);
    assert!(refused.to_string().contains("--items <HEX>"), "{refused}");
    let refused = parsed(&voucher, &["create-programme", "--life", "30d"]).unwrap_err().to_string();
    assert!(refused.contains("--bank <ACCOUNT>") && refused.contains("--per-card <YES|NO>"), "{refused}");
}

#[test]
fn a_struct_is_given_by_fields_or_whole_or_whole_with_single_fields_overridden() {
    let voucher = abi("voucher");
    let message = voucher.message("create-programme").unwrap();
    let fields = example(&voucher, message);
    let single = encoded(&voucher, &words("create-programme", &fields)).unwrap();
    let (_, matches) = parsed(&voucher, &words("create-programme", &fields)).unwrap();
    let terms = arguments(&voucher, message, &matches).unwrap().remove("terms").unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("terms.json");
    std::fs::write(&file, terms.to_string()).unwrap();
    let given = format!("@{}", file.display());
    assert_eq!(encoded(&voucher, &["create-programme", "--terms", &given]).unwrap(), single);

    let mut other = terms.clone();
    other["budget"] = json!("99");
    let other = other.to_string();
    assert_ne!(encoded(&voucher, &["create-programme", "--terms", &other]).unwrap(), single);
    let overridden = ["create-programme", "--terms", &other, "--budget", "12.50"];
    assert_eq!(encoded(&voucher, &overridden).unwrap(), single);

    std::fs::write(&file, "{").unwrap();
    let refused = encoded(&voucher, &["create-programme", "--terms", &given]).unwrap_err();
    assert!(refused.starts_with("terms: ") && refused.contains("terms.json is no JSON"), "{refused}");
    let refused = encoded(&voucher, &["create-programme", "--terms", "@/nowhere", "--budget", "1"]).unwrap_err();
    assert!(refused.starts_with("terms: cannot read /nowhere"), "{refused}");
    let refused = encoded(&voucher, &["create-programme", "--terms", "[1]", "--budget", "1"]).unwrap_err();
    assert_eq!(refused, "terms must be a JSON object if budget is given beside it");
    let refused = encoded(&voucher, &["create-programme", "--terms", "{}"]).unwrap_err();
    assert!(refused.starts_with("terms.bank is missing and must be an SS58 address"), "{refused}");
}

#[test]
fn changes_of_a_programme_are_what_is_given_and_nothing_else() {
    let voucher = abi("voucher");
    let one = encoded(&voucher, &["update-programme", "--programme", "7", "--budget", "1"]).unwrap();
    let whole = json!({"budget": "1.00", "life": null}).to_string();
    assert_eq!(encoded(&voucher, &["update-programme", "--programme", "7", "--changes", &whole]).unwrap(), one);
    let none = encoded(&voucher, &["update-programme", "--programme", "7"]).unwrap();
    assert_eq!(none[12..], [0; 7], "seven times None");
}

#[test]
fn fields_of_the_same_name_carry_their_arguments_names() {
    let loan = abi("loan");
    let names: Vec<String> =
        items(&loan, loan.message("open-campaign").unwrap()).into_iter().map(|item| item.name).collect();
    for name in ["rating-signer", "passkey-signer", "rating", "rating-rating", "target"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
}

#[test]
fn what_the_papers_call_a_message_is_its_name_too() {
    let welfare = abi("welfare");
    let message = welfare.message("pay").unwrap();
    let example = example(&welfare, message);
    assert_eq!(parsed(&welfare, &words("HandleSocialWelfare", &example)).unwrap().0.name, "pay");
    for (contract, alias) in [
        ("welfare", "ApplicationforInsurance"),
        ("welfare", "UploadIncomeAccounting"),
        ("voucher", "CreateVoucher"),
        ("voucher", "TransferToken"),
        ("voucher", "RedeemVoucher"),
        ("voucher", "ConfirmRedeemVoucher"),
    ] {
        let program = program(&abi(contract));
        let command = program.find_subcommand(alias).unwrap_or_else(|| panic!("{alias}"));
        assert!(command.get_visible_aliases().any(|known| known == alias), "{alias}");
    }
}

#[test]
fn the_help_says_type_unit_and_form() {
    let voucher = abi("voucher");
    let help = program(&voucher).try_get_matches_from(["amanah", "request", "--help"]).unwrap_err().to_string();
    for part in [
        "--amount <AMOUNT>",
        "An amount in units of the bank's money, such as 12.50",
        "--items <HEX>",
        "0x and 64 hex digits",
        "Errors: Paused",
        "Events: RedemptionRequested",
        "Example: amanah voucher request --voucher 7 --amount 12.50 --category 1 --items 0x..",
    ] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
}

#[test]
fn a_text_is_never_taken_for_a_file() {
    let registry = abi("registry");
    let text = ["define-role", "--role", "custom-3", "--name", "@home", "--administered-by", "Government"];
    let (message, matches) = parsed(&registry, &text).unwrap();
    let given = arguments(&registry, message, &matches).unwrap();
    assert_eq!(given["name"], Value::from("@home"));
    assert!(!has_parts(&registry, &registry.kind(&message.arguments[1])));
}
