//! `amanah otp` and `amanah guide` where no node is needed: keys, wrong files, what is refused before anybody is asked.

use crate::amanah;
use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

/// A folder with all that `amanah otp send` needs, except a node: no port 1 listens anywhere.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write("people.csv", "who,name,phone\n7,Siti,+6281234567890\n4,Warung Sari,\n");
        desk.write("otp.key", &format!("0x{}\n", "5a".repeat(32)));
        desk
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    /// The program in this folder, with no configuration but this.
    fn amanah(&self, words: &[&str]) -> Command {
        let mut command = amanah(words);
        command.current_dir(self.0.path()).env("XDG_CONFIG_HOME", self.0.path()).env("AMANAH_URL", "ws://127.0.0.1:1");
        for name in ["AMANAH_SURI", "AMANAH_PROFILE", "AMANAH_DEPLOYMENT", "AMANAH_PASSWORD"] {
            command.env_remove(name);
        }
        command
    }

    fn send(&self) -> Command {
        let words = "otp send --redemption 33 --directory people.csv --store codes --store-key otp.key --currency Rp";
        self.amanah(&words.split(' ').collect::<Vec<_>>())
    }

    /// What a command says that must fail with this code, without having begun anything.
    fn refused(&self, mut command: Command, code: i32) -> String {
        let refused = command.assert().code(code);
        assert!(refused.get_output().stdout.is_empty());
        assert!(!self.0.path().join("codes").exists() && !self.0.path().join("tried").exists());
        String::from_utf8(refused.get_output().stderr.clone()).unwrap()
    }
}

#[test]
fn a_store_key_is_made_for_its_owner_only_and_never_over_another_one() {
    let desk = Desk::new();
    let made = desk.amanah(&["otp", "keygen", "--file", "new.key", "--output", "json"]).assert().success();
    let told: Value = serde_json::from_slice(&made.get_output().stdout).unwrap();
    assert_eq!(told["file"], "new.key");
    let file = desk.0.path().join("new.key");
    let key = fs::read_to_string(&file).unwrap();
    assert!(key.len() == 67 && key.starts_with("0x") && key.ends_with('\n'), "{} bytes", key.len());
    assert!(!String::from_utf8_lossy(&made.get_output().stdout).contains(key.trim()), "the key itself is not shown");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let told = desk.refused(desk.amanah(&["otp", "keygen", "--file", "new.key"]), 1);
    assert!(told.contains("cannot make the key file new.key, which must be a new one"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), key);
}

#[test]
fn a_wrong_row_of_the_directory_is_named_and_nothing_is_begun() {
    for (row, reason) in [
        ("siti,Siti,+6281234567890", "who is \"siti\" and must be a participant's number"),
        ("8,,+6281234567890", "participant 8 has no name"),
        ("8,Budi,081234567891", "a phone number is '+' and 8 to 15 digits, not beginning with 0"),
        ("7,Ani,", "participant 7 is on an earlier line already"),
    ] {
        let desk = Desk::new();
        desk.write("people.csv", &format!("who,name,phone\n7,Siti,+6281234567890\n{row}\n"));
        let mut send = desk.send();
        send.args(["--outbox", "tried", "--suri", "//Attestor"]);
        let told = desk.refused(send, 1);
        assert!(told.contains("people.csv: line 3: ") && told.contains(reason), "{told}");
        assert!(!told.contains("81234567891"), "phone numbers are not repeated: {told}");
    }
}

#[test]
fn what_is_wrong_without_a_node_is_refused_before_one_is_asked() {
    let desk = Desk::new();
    desk.write("short.key", "0x5a");
    let with = |words: &[&str]| {
        let mut send = desk.send();
        send.args(["--outbox", "tried"]).args(words);
        desk.refused(send, 1)
    };
    for (words, reason) in [
        (vec!["--suri", "//Attestor", "--wait", "best"], "the desk cannot work with --wait best"),
        (vec![], "the desk needs the attestor's key"),
        (vec!["--suri", "no secret"], "this is no secret"),
    ] {
        let told = with(&words);
        assert!(told.contains(reason), "{told}");
    }
    let enter =
        |key| ["otp", "enter", "--redemption", "33", "--store", "codes", "--store-key", key, "--suri", "//Attestor"];
    for (key, reason) in
        [("short.key", "it must be 0x and 64 hex digits"), ("none.key", "`amanah otp keygen` makes one")]
    {
        let mut command = desk.amanah(&enter(key));
        command.write_stdin("012345\n");
        let told = desk.refused(command, 1);
        assert!(told.contains(key) && told.contains(reason), "{told}");
    }
    let mut command = desk.amanah(&enter("otp.key"));
    command.write_stdin("\n");
    let told = desk.refused(command, 1);
    assert!(told.contains("no code was given"), "{told}");
}

#[test]
fn messages_go_out_in_exactly_one_way_and_a_currency_has_no_digits() {
    let desk = Desk::new();
    let told = desk.refused(desk.send(), 2);
    assert!(told.contains("--outbox <FOLDER>") && told.contains("--sms-command <PROGRAM>"), "{told}");
    let mut both = desk.send();
    both.args(["--outbox", "tried", "--sms-command", "./send"]);
    let told = desk.refused(both, 2);
    assert!(told.contains("cannot be used with"), "{told}");
    let mut digits = desk.amanah(&["otp", "send", "--currency", "Rp 1"]);
    digits.args(["--redemption", "33"]);
    let told = desk.refused(digits, 2);
    assert!(told.contains("characters without digits, such as Rp or HK$"), "{told}");
}

#[test]
fn every_command_of_the_desk_has_a_help_text_with_an_example() {
    for name in ["keygen", "send", "enter", "run"] {
        let help = amanah(&["otp", name, "--help"]).assert().success();
        let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
        assert!(help.contains(&format!("Example: amanah otp {name} ")), "{help}");
    }
}

#[test]
fn the_guide_wants_a_terminal() {
    let desk = Desk::new();
    let told = desk.refused(desk.amanah(&["guide"]), 2);
    assert!(told.contains("the guide speaks with people, in text on a terminal"), "{told}");
    assert_eq!(told.trim().lines().count(), 1, "{told}");
}
