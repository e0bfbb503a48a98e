//! What can be seen of the commands that look at a chain, without one.

use super::amanah;
use std::fs;

#[test]
fn every_command_that_looks_at_the_chain_says_what_it_does_with_an_example() {
    for (words, about) in [
        (&["watch"][..], "Follows the suite's events"),
        (&["status"], "Shows the suite on one screen"),
        (&["worklist"], "What waits for your office"),
        (&["export", "events"], "All events of some blocks"),
        (&["export", "audit"], "Everything that happened to one"),
        (&["export", "balances"], "What everybody has of each bank's money"),
        (&["roll", "make"], "Makes a roll of a CSV file and writes it down"),
        (&["roll", "check"], "Compares a roll's file with what was published"),
        (&["roll", "proof"], "Prints an entry with its proof"),
        (&["roll", "claim"], "Claims an entry for its holder"),
    ] {
        let output = amanah(words).arg("--help").assert().success().get_output().clone();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.starts_with(about), "{help}");
        assert!(help.contains(&format!("Example: amanah {}", words.join(" "))), "{help}");
    }
}

#[test]
fn a_wrong_option_is_refused_with_the_rule_before_any_node_is_asked() {
    for (words, rule) in [
        (&["watch", "--concerning", "person=3"][..], "\"person\" is none of participant, voucher"),
        (&["watch", "--contract", "vouchers"], "[possible values: registry, ledger, voucher, loan, welfare]"),
        (&["export", "audit"], "--concerning <KIND=NUMBER>"),
        (&["export", "audit", "--concerning", "voucher=x"], "after voucher= there must be its number, not \"x\""),
        (&["worklist", "--role", "Mayor"], "there is no role \"Mayor\""),
        (&["status", "--output", "csv"], "this command answers in text or json"),
    ] {
        let output = amanah(words).assert().code(2).get_output().clone();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(rule), "{told}");
    }
}

#[test]
fn a_cursor_that_is_none_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cursor");
    fs::write(&file, "seventeen").unwrap();
    let output = amanah(&["watch", "--cursor"]).arg(&file).assert().code(1).get_output().clone();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("cursor must hold a block's number, not \"seventeen\""), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "seventeen");
}

#[test]
fn messages_are_read_by_the_bundles_of_the_profile_that_the_environment_or_the_command_line_names() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("amanah.toml"), "[profiles.pilot]\nbundles = \"elsewhere\"\n").unwrap();
    let words = ["voucher", "freeze", "--voucher", "1", "--reason", "1"];
    let (mut by_variable, mut by_option) = (amanah(&words), amanah(&words));
    by_variable.env("AMANAH_PROFILE", "pilot");
    by_option.args(["--profile", "pilot"]);
    for mut command in [by_variable, by_option] {
        let output = command.current_dir(folder.path()).assert().code(1).get_output().clone();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("elsewhere/voucher.contract"), "{told}");
    }
}
