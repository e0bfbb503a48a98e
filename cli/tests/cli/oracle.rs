//! `amanah oracle run`: the processes of three offices on a node, and what they say.

use crate::{amanah, evaluate::sample};
use amanah_client::{address, ask, node::Node, send, Actor, Bundle, Chain, Message, Suite};
use amanah_domain::{
    chaincode::{SignedVerdict, Verdict},
    crypto::{Crypto, Native},
    flow::{Event, EventKind, Request},
    ids::{CaseId, FlowId, ParticipantId, ProductId},
    oracle::{facts_hash, Facts},
    roles::Role,
    time::DAY,
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{Case, CaseStatus, Code, Loan, Method, Offer, Order},
    registry::{Registration, Registry},
};
use scale::{Decode, Encode};
use serde_json::{json, Value};
use std::{
    env,
    fmt::Debug,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const ROLES: [(Role, &str); 3] =
    [(Role::Bank, "bank"), (Role::CivilAffairs, "civil_affairs"), (Role::FinancialDepartment, "financial_department")];
const GOOD: Facts =
    Facts { identity_matches: true, income: 2_000, assets: 10_000, debt: 0, issued_before: false, blacklisted: false };

/// A process that dies with the value that stands for it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The node's program: the one of this build, or the one that `CONTRACTS_NODE` names.
fn program() -> PathBuf {
    env::var_os("CONTRACTS_NODE").map_or_else(|| assert_cmd::cargo::cargo_bin("amanah-node"), PathBuf::from)
}

/// Starts a development chain; answers with where it is.
fn start() -> (Running, String) {
    let mut node = Command::new(program())
        .args(["--dev", "--tmp", "--port=0", "--rpc-port=0"])
        .stderr(Stdio::piped())
        .spawn()
        .map(Running)
        .unwrap_or_else(|error| panic!("{}: {error}; cargo build --workspace builds it", program().display()));
    let mut log = BufReader::new(node.0.stderr.take().unwrap()).lines();
    let port = log.find_map(|line| {
        let line = line.ok()?;
        let (_, address) = line.split_once("Running JSON-RPC server: addr=127.0.0.1:")?;
        Some(address.chars().take_while(char::is_ascii_digit).collect::<String>())
    });
    // Whoever stops reading a log stops the one that writes it.
    std::thread::spawn(move || log.for_each(drop));
    (node, format!("ws://127.0.0.1:{}", port.expect("it says its port")))
}

/// A node with the suite on it, two banks and the offices that lend, and a file of facts.
struct Town {
    node: Node,
    url: String,
    suite: Suite,
    government: Actor,
    /// Bank, civil affairs, financial department, other bank, with their numbers.
    offices: [(Actor, ParticipantId); 4],
    flow: FlowId,
    products: [ProductId; 2],
    folder: TempDir,
    records: Vec<Value>,
    _running: Running,
}

impl Town {
    fn new() -> Self {
        let (running, url) = start();
        let mut node = Node::connect(&url).unwrap().with_faucet(Actor::alice());
        let administrator = Actor::named("administrator");
        let (suite, _) = Suite::deploy(&mut node, &administrator, 0, &Bundle::folder(), b"oracles").unwrap();
        let government = Actor::named("government");
        let mut town = Self {
            node,
            url,
            suite,
            government: government.clone(),
            offices: ["bank", "civil affairs", "department", "other bank"].map(|name| (Actor::named(name), 0)),
            flow: 0,
            products: [0; 2],
            folder: tempfile::tempdir().unwrap(),
            records: Vec::new(),
            _running: running,
        };
        town.enrol(&administrator, &government, Role::Government);
        let roles = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment, Role::Bank];
        for (at, role) in roles.into_iter().enumerate() {
            let office = town.offices[at].0.clone();
            town.offices[at].1 = town.enrol(&government, &office, role);
        }
        let configure = town.suite.loan().configure_flow(
            EventKind::LoanApplication,
            vec![Role::Citizen],
            ROLES.map(|(role, _)| role).to_vec(),
            30 * DAY,
        );
        town.flow = town.send(&government, configure);
        for (product, bank) in [(0, 0), (1, 3)] {
            let (bank, number) = town.offices[bank].clone();
            let offer = town.suite.loan().offer_product(town.offer());
            town.products[product] = town.send(&bank, offer);
            let issue = town.suite.ledger().issue(bank.id(), 1_000_000, [1; 32]);
            town.send(&bank, issue);
            let approve = town.suite.ledger().approve(town.suite.loan.into(), number, 1_000_000);
            town.send(&bank, approve);
        }
        fs::copy(sample("loan_terms.json"), town.path("terms.json")).unwrap();
        town.write_facts();
        town
    }

    fn offer(&self) -> Offer {
        Offer {
            flow: self.flow,
            limit: 100_000,
            most_months: 48,
            again_after_months: 12,
            rate: 500,
            method: Method::EqualPrincipal,
            order: Order::PrincipalFirst,
            grace_days: 5,
            late_fee: 10,
            default_after_days: 90,
            subsidised: true,
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write_facts(&self) {
        fs::write(self.path("facts.json"), serde_json::to_string(&self.records).unwrap()).unwrap();
    }

    #[track_caller]
    fn send<A: Encode, T: Decode, E: Decode + Debug>(&mut self, from: &Actor, message: Message<A, Result<T, E>>) -> T {
        self.node.admit(from).unwrap();
        send(&mut self.node, &from.account(), message).unwrap_or_else(|failure| panic!("{from:?}: {failure}")).value
    }

    fn enrol(&mut self, by: &Actor, who: &Actor, role: Role) -> ParticipantId {
        let registration = Registration {
            account: who.id(),
            identity: Native::blake2b_256(who.name().as_bytes()),
            identity_valid_until: self.node.now().unwrap() + 365 * DAY,
            roles: vec![role],
            key: None,
        };
        let message = self.suite.registry().register(registration);
        // Offices pay for what they submit.
        self.node.admit(who).unwrap();
        self.send(by, message)
    }

    /// The offices get to know somebody's facts.
    fn tell(&mut self, salt: &[u8; 32], facts: &Facts) {
        self.records.push(json!({
            "salt": format!("0x{}", hex::encode(salt)),
            "facts": {
                "identity_matches": facts.identity_matches,
                "income": facts.income as u64,
                "assets": facts.assets as u64,
                "debt": facts.debt as u64,
                "issued_before": facts.issued_before,
                "blacklisted": facts.blacklisted,
            },
        }));
        self.write_facts();
    }

    /// Somebody new applies at the bank, or at the other one, and the facts are told if `told`.
    fn apply(&mut self, name: &str, facts: Facts, told: bool, other_bank: bool) -> (CaseId, Event) {
        let applicant = Actor::named(name);
        let government = self.government.clone();
        let number = self.enrol(&government, &applicant, Role::Citizen);
        let salt = Native::blake2b_256(name.as_bytes());
        if told {
            self.tell(&salt, &facts);
        }
        let [bank, civil_affairs, department, other] = self.offices.each_ref().map(|(_, number)| *number);
        let event = Event {
            flow: self.flow,
            applicant: number,
            grantors: vec![if other_bank { other } else { bank }, civil_affairs, department],
            request: Request::Loan {
                product: self.products[usize::from(other_bank)],
                principal: 12_000,
                months: 12,
                facts: facts_hash::<Native>(&salt, &facts),
            },
        };
        let lock = self.suite.loan().lock(event.clone(), None);
        (self.send(&applicant, lock), event)
    }

    /// Somebody asks that the department pays the interest of the loan that came of a case.
    fn ask_for_refund(&mut self, borrower: &Actor, case: CaseId) -> CaseId {
        let government = self.government.clone();
        let oracles = vec![Role::Bank, Role::FinancialDepartment];
        let kind = EventKind::InterestRefund;
        let configure = self.suite.loan().configure_flow(kind, vec![Role::Citizen], oracles, 30 * DAY);
        let flow = self.send(&government, configure);
        let Event { applicant, grantors, .. } = self.case(case).event;
        let loans = ask(&mut self.node, self.suite.loan().loans_of(applicant, None, 1)).unwrap();
        let request = Request::InterestRefund { loan: loans[0].0 };
        let event = Event { flow, applicant, grantors: vec![grantors[0], grantors[2]], request };
        let lock = self.suite.loan().lock(event, None);
        self.send(borrower, lock)
    }

    fn case(&mut self, case: CaseId) -> Case {
        ask(&mut self.node, self.suite.loan().case(case)).unwrap().unwrap()
    }

    /// What `amanah oracle run` is given for the office at this place.
    fn arguments(&self, office: usize, more: &[&str]) -> Vec<String> {
        let suri = format!("0x{}", hex::encode(self.offices[office].0.seed().expect("it has a seed")));
        let contract = address(&self.suite.loan);
        let (terms, facts) = (self.path("terms.json"), self.path("facts.json"));
        let given = ["oracle", "run", "--role", ROLES[office].1, "--terms", &terms, "--facts", &facts];
        let there = ["--node", &self.url, "--contract", &contract, "--suri", &suri];
        given.into_iter().chain(there).chain(more.iter().copied()).map(str::to_owned).collect()
    }

    /// Runs an office once; answers with the lines that it prints.
    fn run(&self, office: usize, more: &[&str]) -> Vec<String> {
        let output = amanah(&[]).args(self.arguments(office, &["--once"])).args(more).assert().success();
        let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

/// The verdict of a printed line, as `unlock` takes it.
fn verdict(line: &str) -> (CaseId, SignedVerdict) {
    let signed: Value = serde_json::from_str(line).unwrap();
    let verdict = &signed["verdict"];
    let signature = hex::decode(verdict["signature"].as_str().unwrap().trim_start_matches("0x")).unwrap();
    let said = match verdict["verdict"].as_str().unwrap() {
        "Pass" => Verdict::Pass,
        other => panic!("{other} in {line}"),
    };
    let valid_until = verdict["valid_until"].as_u64().unwrap();
    let signature = signature.try_into().unwrap();
    (signed["case"].as_u64().unwrap(), SignedVerdict { verdict: said, valid_until, signature })
}

#[test]
fn three_oracles_sign_submit_or_stay_silent_as_their_facts_and_turns_are() {
    let mut town = Town::new();
    let (first, event) = town.apply("Siti", GOOD, true, false);

    // Signed off chain, and unlocked by anybody.
    let signed: Vec<SignedVerdict> = (0..3)
        .map(|office| {
            let lines = town.run(office, &["--sign-only"]);
            assert_eq!(lines.len(), 1, "{lines:?}");
            let (case, verdict) = verdict(&lines[0]);
            assert_eq!(case, first);
            verdict
        })
        .collect();
    assert_eq!(town.case(first).passed, 0, "signing submits nothing");
    let unlock = town.suite.loan().unlock(first, event, signed);
    assert_eq!(town.send(&Actor::alice(), unlock), Code::Success);

    // Submitted: only in turn, only with facts, only where the event names this bank.
    let (failing, debtor) = town.apply("Budi", Facts { debt: 30_001, ..GOOD }, true, false);
    let (unknown, _) = town.apply("Ani", GOOD, false, false);
    let (foreign, _) = town.apply("Dewi", GOOD, true, true);
    let [bank, _, _, other] = town.offices.each_ref().map(|(_, number)| *number);
    let applicants = [failing, foreign].map(|case| town.case(case).event.applicant);
    let no_facts = format!("case {unknown}: no verdict: no record of the facts has the hash that the event carries");
    let waits = |case: CaseId, applicant: ParticipantId, next: ParticipantId| {
        let found = format!("participant {applicant}, revision 0: Pass");
        format!("case {case}: {found}; waits until participant {next} has passed it")
    };
    let expected = [waits(failing, applicants[0], bank), no_facts.clone(), waits(foreign, applicants[1], other)];
    assert_eq!(town.run(1, &[]), expected);
    let failed = format!("case {failing}: participant {}, revision 0: Failed (debt); submitted", applicants[0]);
    assert_eq!(town.run(0, &[]), [failed, no_facts.clone()]);
    assert_eq!(town.case(failing).status, CaseStatus::Failed);
    let (untouched, others) = (town.case(unknown), town.case(foreign));
    assert_eq!([(untouched.status, untouched.passed), (others.status, others.passed)], [(CaseStatus::Open, 0); 2]);
    assert_eq!(town.run(0, &[]), [no_facts], "a failed case is nobody's");
    let lines = town.run(1, &["--output", "json"]);
    let said: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said[0], json!({ "case": unknown, "did": "unknown_facts" }));
    let found = json!({ "applicant": applicants[1], "revision": 0, "verdict": "Pass", "reasons": [] });
    assert_eq!(said[1], json!({ "case": foreign, "found": found, "did": "waits", "next": other }));

    let refund = town.ask_for_refund(&Actor::named("Siti"), first);
    let person = format!("case {refund}: no verdict: terms say nothing about InterestRefund, a person decides");
    assert_eq!(town.run(0, &[]).last(), Some(&person));

    follow(&mut town, failing, debtor);
    wrong_ways(&town);
}

/// Three processes follow the node: what is locked while they run is granted, also when its facts come later, and what had
/// failed is granted when it is revised.
fn follow(town: &mut Town, failed: CaseId, event: Event) {
    let mut running = Vec::new();
    for office in 0..3 {
        let process = Command::new(assert_cmd::cargo::cargo_bin("amanah"))
            .args(town.arguments(office, &["--every", "1"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        running.push(Running(process));
    }
    let (case, _) = town.apply("Eko", GOOD, false, false);
    let (second, _) = town.apply("Fitri", GOOD, true, false);
    let wait_for = |town: &mut Town, case: CaseId| {
        let started = Instant::now();
        while town.case(case).status != CaseStatus::Executed {
            assert!(started.elapsed() < PATIENCE, "case {case} is not granted: {:?}", town.case(case));
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    wait_for(town, second);
    assert_eq!((town.case(case).status, town.case(case).passed), (CaseStatus::Open, 0), "its facts are not known");
    assert_eq!(town.case(failed).status, CaseStatus::Failed);
    town.tell(&Native::blake2b_256(b"Eko"), &GOOD);
    let salt = Native::blake2b_256(b"Budi again");
    town.tell(&salt, &GOOD);
    let facts = facts_hash::<Native>(&salt, &GOOD);
    let product = town.products[0];
    let request = Request::Loan { product, principal: 12_000, months: 12, facts };
    let revise = town.suite.loan().revise(failed, Event { request, ..event }, None);
    town.send(&Actor::named("Budi"), revise);
    wait_for(town, case);
    wait_for(town, failed);
    assert_eq!(town.case(failed).revision, 1);
}

/// What cannot be an oracle.
fn wrong_ways(town: &Town) {
    let refused = |arguments: &[String], code: i32| {
        let refused = amanah(&[]).args(arguments).assert().code(code);
        assert!(refused.get_output().stdout.is_empty());
        String::from_utf8(refused.get_output().stderr.clone()).unwrap()
    };
    let with = |option: &str, value: &str| {
        let mut arguments = town.arguments(0, &["--once"]);
        let at = arguments.iter().position(|argument| argument == option).unwrap();
        arguments[at + 1] = value.to_owned();
        arguments
    };
    let department = format!("0x{}", hex::encode(town.offices[2].0.seed().expect("it has a seed")));
    let said = refused(&with("--suri", &department), 1);
    assert!(said.contains("may not act as bank: suspended, or without the role"), "{said}");
    let said = refused(&with("--suri", "//Nobody"), 1);
    assert!(said.contains("is not registered"), "{said}");
    let said = refused(&with("--suri", "not a secret"), 1);
    assert!(said.contains("--suri: this is no secret") && !said.contains("not a secret"), "{said}");
    let said = refused(&with("--contract", &address(&town.suite.ledger)), 6);
    assert!(said.contains("is there a loan contract at"), "{said}");
    let said = refused(&with("--contract", "5Gxyz"), 2);
    assert!(said.contains("this is no SS58 address"), "{said}");
    let said = refused(&with("--role", "banker"), 2);
    assert!(said.contains("there is no role \"banker\"; the roles are government, bank,"), "{said}");
    let said = refused(&with("--node", "ws://127.0.0.1:1"), 5);
    assert!(said.contains("cannot reach a node at ws://127.0.0.1:1"), "{said}");
    let wrong = town.path("wrong.json");
    fs::write(&wrong, r#"[{"salt": "0x12", "facts": {}}]"#).unwrap();
    let said = refused(&with("--facts", &wrong), 1);
    assert!(said.contains("wrong.json: record 1: "), "{said}");
}
