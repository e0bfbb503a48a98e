//! `amanah guide`: leads through a message, option by option.

use crate::{
    call::call,
    message,
    network::{Network, Session},
    output,
    report::Format,
    CONTRACTS,
};
use amanah_client::abi::{Abi, Kind, Message, Scope};
use anyhow::{Context, Result};
use clap::error::ErrorKind;
use dialoguer::{
    console::{truncate_str, Term},
    theme::ColorfulTheme,
    Confirm, FuzzySelect, Input,
};
use serde_json::Value;
use std::{collections::BTreeMap, io::IsTerminal};

/// Room that a list needs beside its items.
const MARGIN: usize = 4;

/// Asks on the terminal.
pub fn run(format: Format, network: &Network) -> Result<()> {
    if format != Format::Text || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        let sentence = "the guide speaks with people, in text on a terminal; programs call the messages themselves\n";
        clap::Error::raw(ErrorKind::InvalidValue, sentence).exit();
    }
    let mut session = Session::open(network)?;
    let (contract, _) = chosen("Contract", &CONTRACTS, |(name, about)| format!("{name}: {about}"))?;
    let abi = session.abi(contract)?.clone();
    let guide = chosen("Message", abi.messages(), |message| Guide::of(&abi, message).title())?;
    let guide = Guide::of(&abi, guide);
    output::note(format_args!("\n{}\n", guide.text()));
    let mut answers = Answers::new();
    for question in guide.questions() {
        if let Some(answer) = asked(&guide, &question, &session)? {
            answers.insert(question.path, answer);
        }
    }
    let sends = guide.message.mutates && session.settings.actor.is_some();
    let words = guide.words(&answers, sends, network);
    output::line(format_args!("\n{}\n", shell_words::join(&words)));
    let (arguments, name) = (guide.arguments(&answers)?, &guide.message.name);
    call(&mut session, &abi, name, &arguments, false)?.print(format);
    if sends && Confirm::with_theme(&theme()).with_prompt("Send it?").default(false).interact()? {
        call(&mut session, &abi, name, &arguments, true)?.print(format);
    }
    Ok(())
}

fn theme() -> ColorfulTheme {
    ColorfulTheme::default()
}

/// One of these, by typing some of its letters.
fn chosen<'a, T>(prompt: &str, all: &'a [T], line: impl Fn(&T) -> String) -> Result<&'a T> {
    let width = usize::from(Term::stderr().size().1).saturating_sub(MARGIN);
    let lines: Vec<String> = all.iter().map(|one| truncate_str(&line(one), width, "..").into_owned()).collect();
    let place = FuzzySelect::with_theme(&theme()).with_prompt(prompt).items(&lines).default(0).interact()?;
    all.get(place).context("nothing was chosen")
}

/// What somebody types for an option; `None` to leave it out.
fn asked(guide: &Guide, question: &Question, scope: &dyn Scope) -> Result<Option<String>> {
    let Question { option, help, example, optional, .. } = question;
    output::note(help);
    let theme = theme();
    let input = Input::<String>::with_theme(&theme).allow_empty(true);
    let input = match optional {
        true => input.with_prompt(format!("{option} (such as {example}; empty to leave it out)")),
        false => input.with_prompt(option).with_initial_text(example),
    };
    let typed = input.validate_with(|typed: &String| guide.check(question, typed, scope)).interact_text()?;
    Ok(Some(typed).filter(|typed| !question.is_left_out(typed)))
}

/// What was answered, by the paths of the options.
type Answers = BTreeMap<String, String>;

/// A message, and its command.
struct Guide<'a> {
    abi: &'a Abi,
    message: &'a Message,
    command: clap::Command,
}

/// An option to ask for.
struct Question {
    /// Where its value goes, as errors say it.
    path: String,
    /// Its name on the command line, with the dashes.
    option: String,
    help: String,
    example: String,
    optional: bool,
}

impl Question {
    fn is_left_out(&self, typed: &str) -> bool {
        self.optional && typed.trim().is_empty()
    }
}

impl<'a> Guide<'a> {
    fn of(abi: &'a Abi, message: &'a Message) -> Self {
        Self { abi, message, command: message::command(abi, message) }
    }

    /// Its name, and the first sentence of its text.
    fn title(&self) -> String {
        format!("{}: {}", self.message.name, styled(self.command.get_about()))
    }

    /// Its text.
    fn text(&self) -> String {
        styled(self.command.get_long_about())
    }

    /// What is asked for, in order: single values, whose example can be encoded.
    fn questions(&self) -> Vec<Question> {
        let examples = message::example(self.abi, self.message);
        let singles = message::items(self.abi, self.message).into_iter().filter(|item| !item.is_whole);
        let question = |(item, example): (message::Item, &[String])| {
            let argument = self.command.get_arguments().find(|argument| *argument.get_id() == item.path());
            Question {
                path: item.path(),
                option: format!("--{}", item.name),
                help: styled(argument.and_then(|argument| argument.get_help())),
                example: example.last().cloned().unwrap_or_default(),
                optional: matches!(item.kind, Kind::Option(_)),
            }
        };
        singles.zip(examples.chunks(2)).map(question).collect()
    }

    /// May this be an option's value? All others are given their examples, so only this one can be wrong.
    fn check(&self, question: &Question, typed: &str, scope: &dyn Scope) -> Result<(), String> {
        let others = self.questions().into_iter().filter(|other| other.path != question.path);
        let mut answers: Answers = others.map(|other| (other.path, other.example)).collect();
        if !question.is_left_out(typed) {
            answers.insert(question.path.clone(), typed.to_owned());
        }
        let arguments = self.arguments(&answers).map_err(|error| format!("{error:#}"))?;
        let encoded = self.abi.encode(&self.message.name, &arguments, scope);
        encoded.map(drop).map_err(|error| error.to_string())
    }

    /// The options and values, as words of a command line.
    fn options(&self, answers: &Answers) -> Vec<String> {
        let word = |question: Question| {
            let value = answers.get(&question.path)?;
            // What begins with a dash would be taken for an option.
            Some(match value.starts_with('-') {
                true => vec![format!("{}={value}", question.option)],
                false => vec![question.option, value.clone()],
            })
        };
        self.questions().into_iter().filter_map(word).flatten().collect()
    }

    /// The equivalent command.
    fn words(&self, answers: &Answers, sends: bool, network: &Network) -> Vec<String> {
        let head = ["amanah", self.abi.contract(), &self.message.name].map(str::to_owned);
        let execute = sends.then(|| "-x".to_owned());
        head.into_iter().chain(self.options(answers)).chain(network.words()).chain(execute).collect()
    }

    /// The message's arguments, read as the command reads them.
    fn arguments(&self, answers: &Answers) -> Result<BTreeMap<String, Value>> {
        let words = std::iter::once(self.message.name.clone()).chain(self.options(answers));
        let matches = self.command.clone().try_get_matches_from(words)?;
        message::arguments(self.abi, self.message, &matches)
    }
}

fn styled(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{command_line, message_meant, network::Until, town::Town};
    use amanah_client::Bundle;
    use clap::FromArgMatches;

    fn abis() -> Vec<Abi> {
        CONTRACTS.map(|(name, _)| Abi::of(&Bundle::load(&Bundle::folder(), name).unwrap()).unwrap()).into()
    }

    fn network() -> Network {
        Network {
            url: vec!["ws://a:1".into(), "ws://b:2".into()],
            bundles: Some("two words".into()),
            suri: Some("//Secret".into()),
            decimals: Some(2),
            wait: Some(Until::Best),
            ..Network::default()
        }
    }

    /// What the program makes of a line that a shell is given: the message's bytes, whether it is sent, and where.
    fn read(program: &mut clap::Command, abi: &Abi, line: &str) -> (Vec<u8>, bool, Network) {
        let matches = program.try_get_matches_from_mut(shell_words::split(line).unwrap()).unwrap();
        let (abi, name, matches) = message_meant(std::slice::from_ref(abi), &matches).unwrap();
        let arguments = message::arguments(abi, abi.message(name).unwrap(), matches).unwrap();
        let bytes = abi.encode(name, &arguments, &Town).unwrap();
        (bytes, matches.get_flag("execute"), Network::from_arg_matches(matches).unwrap())
    }

    fn encoded(guide: &Guide, answers: &Answers) -> Vec<u8> {
        guide.abi.encode(&guide.message.name, &guide.arguments(answers).unwrap(), &Town).unwrap()
    }

    #[test]
    fn the_command_that_is_shown_is_the_message_that_is_sent() {
        for abi in &abis() {
            let mut program = command_line(std::slice::from_ref(abi));
            for message in abi.messages() {
                let guide = Guide::of(abi, message);
                let all: Answers = guide.questions().into_iter().map(|one| (one.path, one.example)).collect();
                let needed = guide.questions().into_iter().filter(|one| !one.optional);
                let least: Answers = needed.map(|one| (one.path, one.example)).collect();
                for (answers, sends) in [(all, true), (least, false)] {
                    let line = shell_words::join(guide.words(&answers, sends, &network()));
                    let (bytes, execute, network) = read(&mut program, abi, &line);
                    assert_eq!((bytes, execute), (encoded(&guide, &answers), sends), "{line}");
                    assert_eq!(network.url, ["ws://a:1", "ws://b:2"]);
                    assert_eq!(network.bundles, Some("two words".into()));
                    assert_eq!(network.suri.as_deref(), Some("-"), "a secret is not shown");
                }
            }
        }
    }

    #[test]
    fn words_that_a_shell_or_the_program_could_misread_arrive_as_they_were_typed() {
        let abis = abis();
        let registry = abis.iter().find(|abi| abi.contract() == "registry").unwrap();
        let mut program = command_line(std::slice::from_ref(registry));
        let guide = Guide::of(registry, registry.message("define-role").unwrap());
        let mut answers: Answers = guide.questions().into_iter().map(|one| (one.path, one.example)).collect();
        let before = encoded(&guide, &answers);
        for name in ["it's \"odd\" $HOME `x`", "--name", "-x", "", "two  spaces\\", "a\nb"] {
            answers.insert("name".into(), name.into());
            let line = shell_words::join(guide.words(&answers, false, &Network::default()));
            let (bytes, execute, _) = read(&mut program, registry, &line);
            assert_eq!((bytes.clone(), execute), (encoded(&guide, &answers), false), "{line}");
            assert_ne!(bytes, before, "{line}");
        }
    }

    #[test]
    fn every_example_passes_and_a_wrong_value_is_refused_by_its_path() {
        for abi in abis() {
            for message in abi.messages() {
                let guide = Guide::of(&abi, message);
                for question in guide.questions() {
                    assert!(!question.help.is_empty(), "{}: {}", message.label, question.path);
                    assert_eq!(guide.check(&question, &question.example, &Town), Ok(()), "{}", message.label);
                    if question.optional {
                        assert_eq!(guide.check(&question, " ", &Town), Ok(()), "{}", message.label);
                    }
                    let item = message::items(&abi, message).into_iter().find(|item| item.path() == question.path);
                    if item.unwrap().kind != Kind::Text {
                        let refused = guide.check(&question, "?!", &Town).unwrap_err();
                        assert!(refused.starts_with(&question.path) && refused.contains("must be"), "{refused}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_message_is_listed_by_its_name_and_first_sentence() {
        let abis = abis();
        let voucher = abis.iter().find(|abi| abi.contract() == "voucher").unwrap();
        let guide = Guide::of(voucher, voucher.message("freeze").unwrap());
        assert_eq!(guide.title(), "freeze: Blocks a voucher; its balance is kept");
        assert!(guide.text().contains("Errors: NotAllowed"), "{}", guide.text());
    }
}
