//! The programs in `scripts/examples` do on a node what they say, and a bad input changes nothing.

use crate::{
    lenders::Lenders,
    town::{beside, Person},
};
use amanah_client::{address, chain::RawEvent, Actor, Event};
use amanah_domain::{
    identity::{commitment, NumberType},
    ids::Account,
    ledger::WithdrawalStatus,
    roles::Role,
    time::{DAY, MINUTE},
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{CaseStatus, Loan, Request},
    registry::Registry,
    voucher::Voucher,
};
use ink_e2e::{subxt::backend::legacy::LegacyRpcMethods, PolkadotConfig};
use scale::Decode;
use serde_json::{json, Value};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Lines},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::sleep;

/// How long to wait before looking again whether something has happened.
const MOMENT: Duration = Duration::from_millis(20);

/// What the programs are given: the node, the file with the addresses, and a folder of their own.
struct Desk {
    folder: TempDir,
    node: String,
}

impl Desk {
    fn new(lenders: &Lenders) -> Self {
        let suite = &lenders.suite;
        let contracts: BTreeMap<&str, Value> = [
            ("registry", suite.registry),
            ("ledger", suite.ledger),
            ("voucher", suite.voucher),
            ("loan", suite.loan),
            ("welfare", suite.welfare),
        ]
        .map(|(name, account)| (name, json!({"address": address(&account), "code_hash": "0x00", "unheard_of": [1]})))
        .into();
        let deployment = json!({
            "network": "test", "genesis": hexed(&suite.genesis), "contracts": contracts, "also_unheard_of": null,
        });
        let desk =
            Self { folder: tempfile::tempdir().expect("there is room for files"), node: lenders.node.url().to_owned() };
        desk.write("deployment.json", &deployment.to_string());
        desk
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("a file can be written");
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("the file is there")
    }

    fn command(&self, program: &str, secrets: &[(&str, String)], arguments: &[&str]) -> Command {
        let mut command = Command::new(beside(program));
        command.current_dir(&self.folder).args(["--node", &self.node, "--deployment", "deployment.json"]);
        command.args(arguments).envs(secrets.iter().map(|(name, secret)| (name, secret)));
        command
    }

    fn output(&self, program: &str, secrets: &[(&str, String)], arguments: &[&str]) -> Output {
        self.command(program, secrets, arguments).output().expect("it runs")
    }

    /// What it prints, if all is well.
    fn done(&self, program: &str, secrets: &[(&str, String)], arguments: &[&str]) -> String {
        let output = self.output(program, secrets, arguments);
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it prints text")
    }

    /// The sentence in which it refuses something, after which the chain is as it was.
    async fn refused(
        &self,
        lenders: &Lenders,
        program: &str,
        secrets: &[(&str, String)],
        arguments: &[&str],
    ) -> String {
        let before = lenders.best().await;
        let output = self.output(program, secrets, arguments);
        assert_eq!(output.status.code(), Some(1), "{program} accepts what it must refuse");
        assert_eq!(lenders.best().await, before, "{program} has sent something");
        assert!(output.stdout.is_empty(), "{program} prints {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).expect("it prints text")
    }

    /// Starts it; it dies with what is returned.
    fn start(&self, program: &str, secrets: &[(&str, String)], arguments: &[&str]) -> Watching {
        let mut process = self.command(program, secrets, arguments).stdout(Stdio::piped()).spawn().expect("it starts");
        let lines = BufReader::new(process.stdout.take().expect("it has an output")).lines();
        Watching { process, lines }
    }
}

/// A program that goes on until it is killed.
struct Watching {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    fn next_line(&mut self) -> String {
        self.lines.next().expect("it ended").expect("it prints text")
    }

    fn runs(&mut self) -> bool {
        self.process.try_wait().expect("it can be asked").is_none()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }
}

fn hexed(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// A person's secret, as the programs take it.
fn suri(person: &Person) -> String {
    hexed(person.actor.seed().expect("it has a seed"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_example_does_what_it_says_and_refuses_what_makes_no_sense() {
    let mut lenders = Lenders::new().await;
    let desk = Desk::new(&lenders);
    let mut followed = desk.start("follow_events", &[], &["--cursor", "cursor", "events.jsonl"]);
    people_are_registered_and_have_funded_vouchers(&mut lenders, &desk).await;
    waiting_withdrawals_are_settled_once(&mut lenders, &desk).await;
    an_office_gives_its_verdicts_when_it_is_its_turn(&mut lenders, &desk).await;
    while fs::read_to_string(desk.path("events.jsonl")).unwrap_or_default().is_empty() {
        assert!(followed.runs(), "it ended before it had written anything");
        sleep(MOMENT).await;
    }
    drop(followed);
    every_event_is_written_and_after_a_crash_at_most_one_block_twice(&mut lenders, &desk).await;
}

async fn people_are_registered_and_have_funded_vouchers(lenders: &mut Lenders, desk: &Desk) {
    let (government, bank, suite) = (lenders.government.clone(), lenders.bank.clone(), lenders.suite.clone());
    let attestor = lenders.enrol(&government, "attestor", &[Role::RedemptionAttestor]).await;
    let terms = lenders.terms(&bank, &attestor, 10 * MINUTE);
    let programme = lenders.send(&government, suite.voucher().create_programme(terms)).await.value;
    lenders.send(&bank, suite.ledger().issue(bank.id(), 1_000, [200; 32])).await;
    lenders.send(&bank, suite.ledger().approve(suite.voucher.into(), bank.number, 1_000)).await;

    let key = [9; 32];
    let secrets = [
        ("AMANAH_GOVERNMENT_SURI", suri(&government)),
        ("AMANAH_BANK_SURI", suri(&bank)),
        ("AMANAH_IDENTITY_KEY", hexed(&key)[2..].to_owned()),
    ];
    let (until, budi) = (lenders.now().await + DAY, Actor::named("Budi"));
    let people = format!(
        "account,number_type,number,valid_until,category,amount\n\
         //Alice,national,1203114902683264,{until},0,300\n\
         {taken},national,1203114902683265,{until},0,100\n\
         {budi},passport,AB 123,{until},1,250\n",
        taken = address(&lenders.citizen.actor.account()),
        budi = address(&budi.account()),
    );
    let arguments = ["--programme", &programme.to_string(), "people.csv"];
    desk.write("people.csv", &people.replace(",250", ",2.50"));
    let refused = desk.refused(lenders, "register_and_issue", &secrets, &arguments).await;
    assert_eq!(refused, "error: people.csv, row 3: amount is \"2.50\" and must be a whole number (u128)\n");

    // Alice is no participant of the suite, only its administrator; the account in the second row is the citizen's.
    desk.write("people.csv", &people);
    let output = desk.output("register_and_issue", &secrets, &arguments);
    let errors = String::from_utf8(output.stderr).expect("it prints text");
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let citizen = lenders.citizen.number;
    let refusals = [
        &format!("people.csv, row 2 is not registered: AccountTaken {{ participant: {citizen} }}"),
        "error: 1 of 3 rows did not go through",
    ];
    assert_eq!(errors.lines().collect::<Vec<_>>(), refusals);
    let printed = String::from_utf8(output.stdout).expect("it prints text");
    let mut printed = printed.lines();
    assert_eq!(printed.next(), Some("account,participant,voucher,amount"));
    let expected = [
        (lenders.administrator.actor.clone(), NumberType::National, "1203114902683264", 0, 300),
        (budi, NumberType::Passport, "ab123", 1, 250),
    ];
    for (who, kind, number, category, amount) in expected {
        let identity = commitment(&key, kind, number);
        let participant = lenders.ask(suite.registry().find(identity)).await.expect("it is registered");
        let known = lenders.ask(suite.registry().credentials(who.id())).await.expect("it is registered");
        assert_eq!((known.number, known.identity_valid_until), (participant, until));
        assert!(known.acts_as(Role::Citizen));
        let newest = lenders.ask(suite.voucher().vouchers_of(participant, None, 50)).await;
        let [(voucher, record)] = &newest[..] else { panic!("somebody has one voucher, not {newest:?}") };
        assert_eq!((record.category, record.available.balance(), record.programme), (category, amount, programme));
        let line = format!("{},{participant},{voucher},{amount}", address(&who.account()));
        assert_eq!(printed.next(), Some(line.as_str()));
    }
    assert_eq!(printed.next(), None);
}

async fn waiting_withdrawals_are_settled_once(lenders: &mut Lenders, desk: &Desk) {
    let (bank, citizen, suite) = (lenders.bank.clone(), lenders.citizen.clone(), lenders.suite.clone());
    // The reference that would be made for the second one was used before.
    let mut used = [0; 32];
    used[..15].copy_from_slice(b"2 of 2026-11-22");
    lenders.send(&bank, suite.ledger().issue(citizen.id(), 100, used)).await;
    for (at, amount) in [10, 20, 30].into_iter().enumerate() {
        let request = suite.ledger().request_withdrawal(bank.number, amount, None);
        assert_eq!(lenders.send(&citizen, request).await.value, at as u64 + 1);
    }
    let before = lenders.ask(suite.ledger().total_supply(bank.number)).await;

    let secrets = [("AMANAH_BANK_SURI", suri(&bank))];
    let by_file = ["--day", "2026-11-22", "--references", "references.csv"];
    let long = "x".repeat(33);
    desk.write("references.csv", &format!("withdrawal,reference\n1,PAY-1\n2,{long}\n"));
    let refused = desk.refused(lenders, "settle_a_day", &secrets, &by_file).await;
    let rule = format!("error: references.csv, row 2: reference is {long:?} and must have 1 to 32 bytes\n");
    assert_eq!(refused, rule);

    let output = desk.output("settle_a_day", &secrets, &["--day", "2026-11-22", "--page", "2"]);
    let errors = String::from_utf8(output.stderr).expect("it prints text");
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "withdrawal 2 stays open: reference \"2 of 2026-11-22\" was used before\n");
    let head = "withdrawal,participant,account_hash,amount,reference";
    let number = citizen.number;
    let paid = format!("{head}\n1,{number},,10,1 of 2026-11-22\n3,{number},,30,3 of 2026-11-22\n");
    assert_eq!(String::from_utf8(output.stdout), Ok(paid));
    for (withdrawal, status) in
        [(1, WithdrawalStatus::Settled), (2, WithdrawalStatus::Open), (3, WithdrawalStatus::Settled)]
    {
        let record = lenders.ask(suite.ledger().withdrawal(withdrawal)).await.expect("it is there");
        assert_eq!(record.status, status, "withdrawal {withdrawal}");
    }
    assert_eq!(lenders.ask(suite.ledger().total_supply(bank.number)).await, before - 40);

    desk.write("references.csv", "withdrawal,reference\n2,PAY-2\n");
    assert_eq!(desk.done("settle_a_day", &secrets, &by_file), format!("{head}\n2,{number},,20,PAY-2\n"));
    assert_eq!(lenders.ask(suite.ledger().total_supply(bank.number)).await, before - 60);
}

async fn an_office_gives_its_verdicts_when_it_is_its_turn(lenders: &mut Lenders, desk: &Desk) {
    let [bank, civil_affairs, department, citizen] =
        [&lenders.bank, &lenders.civil_affairs, &lenders.department, &lenders.citizen].map(Person::clone);
    let suite = lenders.suite.clone();
    let secret = |person: &Person| [("AMANAH_ORACLE_SURI", suri(person))];
    let stranger = Person::new(Actor::named("stranger"));
    let refused = desk.refused(lenders, "oracle", &secret(&stranger), &["--limit", "9"]).await;
    assert_eq!(refused, "error: the account of AMANAH_ORACLE_SURI is not registered\n");

    let mut watching = desk.start("oracle", &secret(&bank), &["--limit", "10000"]);
    for (case, principal, said) in [(1, 10_000, "Pass"), (2, 10_001, "Failed")] {
        let request = Request::Loan { product: lenders.product, principal, months: 12, facts: [7; 32] };
        let event = lenders.event(lenders.application, &[&bank, &civil_affairs, &department], request);
        assert_eq!(lenders.send(&citizen, suite.loan().lock(event, None)).await.value, case);
        assert_eq!(watching.next_line(), format!("case {case}, revision 0: {said}"));
    }
    drop(watching);

    // The department speaks after civil affairs.
    let before = lenders.best().await;
    let once = ["--limit", "10000", "--once"];
    assert_eq!(desk.done("oracle", &secret(&department), &once), "");
    assert_eq!(lenders.best().await, before, "the department spoke before its turn");
    assert_eq!(desk.done("oracle", &secret(&civil_affairs), &once), "case 1, revision 0: Pass\n");
    for (case, passed, status) in [(1, 2, CaseStatus::Open), (2, 0, CaseStatus::Failed)] {
        let record = lenders.ask(suite.loan().case(case)).await.expect("it is there");
        assert_eq!((record.passed, record.status), (passed, status), "case {case}");
    }
}

/// A line is known by its block and its event's place there.
type Place = (u64, u64);

fn places(lines: &str) -> Vec<Place> {
    let number = |line: &Value, name: &str| line[name].as_u64().unwrap_or_else(|| panic!("{line} has no {name}"));
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is whole"));
    lines.map(|line| (number(&line, "block"), number(&line, "index"))).collect()
}

async fn every_event_is_written_and_after_a_crash_at_most_one_block_twice(lenders: &mut Lenders, desk: &Desk) {
    let again = ["--cursor", "cursor", "--once", "events.jsonl"];
    // It followed until it was killed; what came after that is written now.
    let early = desk.read("events.jsonl").lines().count();
    let citizen = lenders.citizen.clone();
    lenders.funds(&citizen, 5).await;
    let newest = lenders.best().await;
    while lenders.node.client().blocks().at_latest().await.expect("it answers").hash() != newest {
        sleep(MOMENT).await;
    }
    desk.done("follow_events", &[], &again);
    let written = desk.read("events.jsonl");
    let there = on_chain(lenders).await;
    assert!(early < there.len(), "{early} lines were written while it followed");
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let named = lines.iter().map(|line| line["event"].as_str().expect("an event has a name"));
    let kept: BTreeMap<Place, &str> = places(&written).into_iter().zip(named).collect();
    let expected = there.iter().map(|(place, event)| (*place, event.name()));
    assert_eq!(kept, expected.collect());

    // Fields are those of the typed events.
    let registered = lines.iter().rfind(|line| line["event"] == "Registered").expect("somebody was registered");
    let typed = there.iter().rev().find_map(|(_, event)| match event {
        Event::Registered(event) => Some(event),
        _ => None,
    });
    let typed = typed.expect("somebody was registered");
    let fields = &registered["fields"];
    assert_eq!(fields["participant"], typed.participant);
    assert_eq!(fields["account"], address(typed.account.as_ref()));
    assert_eq!(fields["identity"], hexed(&typed.identity));
    assert_eq!(registered["contract"], "registry");

    // As if it had died after its last lines and before the cursor, in the middle of another line.
    let last = places(&written).last().expect("there are events").0;
    let node = LegacyRpcMethods::<PolkadotConfig>::new(lenders.node.rpc());
    let before = node.chain_get_block_hash(Some((last - 1).into())).await.expect("it answers").expect("it is there");
    desk.write("cursor", &format!("{} {before:?}\n", last - 1));
    desk.write("events.jsonl", &format!("{written}{{\"block\":"));
    desk.done("follow_events", &[], &again);
    let of_last = written.lines().filter(|line| places(line)[0].0 == last);
    let twice = of_last.fold(written.clone(), |lines, line| lines + line + "\n");
    assert_eq!(desk.read("events.jsonl"), twice);

    // Somebody else's file is left alone.
    desk.write("letter", "Dear Sir");
    let refused = desk.refused(lenders, "follow_events", &[], &["--cursor", "cursor", "--once", "letter"]).await;
    assert_eq!(refused, "error: cannot write letter: it does not end with a line of this program\n");
    assert_eq!(desk.read("letter"), "Dear Sir");

    let other = hexed(&[1; 32]);
    desk.write("other", &format!("3 {other}"));
    let refused = desk.refused(lenders, "follow_events", &[], &["--cursor", "other", "--once", "events.jsonl"]).await;
    assert_eq!(refused, format!("error: other is of another chain: its block 3 has the hash {other}\n"));
    assert_eq!(desk.read("events.jsonl"), twice);
}

/// The suite's events in all finalized blocks, in order.
async fn on_chain(lenders: &Lenders) -> Vec<(Place, Event)> {
    let (client, rpc) = (lenders.node.client(), LegacyRpcMethods::<PolkadotConfig>::new(lenders.node.rpc()));
    let newest = client.blocks().at_latest().await.expect("it answers").number();
    let mut all = Vec::new();
    for block in 1..=newest {
        let hash = rpc.chain_get_block_hash(Some(block.into())).await.expect("it answers").expect("it is there");
        for event in client.events().at(hash).await.expect("it answers").iter() {
            let event = event.expect("events decode");
            if event.variant_name() == "ContractEmitted" {
                let (contract, data) =
                    <(Account, Vec<u8>)>::decode(&mut event.field_bytes()).expect("it has two fields");
                let raw = RawEvent { contract, topics: event.topics().iter().map(|topic| topic.0).collect(), data };
                let place = (block.into(), event.index().into());
                all.push((place, Event::decode(&lenders.suite, &raw).expect("it is the suite's")));
            }
        }
    }
    all
}
