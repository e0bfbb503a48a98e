//! A folder with a node's suite, from which the command line is run as people run it.

use crate::{running::Running, town::beside};
use amanah_client::{node::Node, Deployment, Suite};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

/// A desk at a node.
pub struct Desk {
    folder: TempDir,
    /// Where the node answers.
    pub url: String,
    _running: Option<Running>,
}

/// A command that goes on until its value goes away.
pub struct Background(pub Child);

impl Drop for Background {
    fn drop(&mut self) {
        self.0.kill().expect("it can be stopped");
        self.0.wait().expect("it ends");
    }
}

/// What a command came to.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub json: Value,
    pub errors: String,
}

impl Said {
    /// The failure's sentence.
    pub fn message(&self) -> &str {
        self.json["error"]["message"].as_str().unwrap_or(&self.errors)
    }
}

impl Desk {
    /// A desk at a new development chain.
    pub fn new() -> Self {
        let running = Running::start(&["--tmp".as_ref(), "--finalize-delay-sec=0".as_ref()]);
        let folder = tempfile::tempdir().expect("there is room for files");
        Self { folder, url: running.url.clone(), _running: Some(running) }
    }

    /// A desk at a node that somebody else keeps.
    pub fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is room for files");
        Self { folder, url: url.to_owned(), _running: None }
    }

    /// A desk with the suite deployed by Alice, in which Bob is Government, Charlie a Bank.
    pub fn with_suite() -> Self {
        let desk = Self::new();
        desk.deploy();
        desk
    }

    /// Puts the suite there.
    pub fn deploy(&self) {
        self.done("//Alice", &["deploy", "-x"]);
        for (name, suri) in [("government", "//Bob"), ("bank", "//Charlie"), ("attestor", "//Dave"), ("shop", "//Eve")]
        {
            let account = address_of(suri);
            self.done("//Alice", &["address", "add", name, &account]);
        }
        self.register("//Alice", "government", "Government");
        self.register("//Bob", "bank", "Bank");
        self.register("//Bob", "attestor", "RedemptionAttestor");
    }

    /// Registers somebody of the address book in a role.
    pub fn register(&self, by: &str, name: &str, role: &str) {
        let identity = format!("0x{}", hex_of(name));
        let arguments = ["registry", "register", "--account", name, "--identity", &identity, "--roles", role, "-x"];
        self.done(by, &[&arguments[..], &["--identity-valid-until", "+365d"]].concat());
    }

    /// Creates a programme of four categories, in whole units, confirmed by the attestor's codes.
    pub fn programme(&self) {
        let terms = [
            "voucher",
            "create-programme",
            "--bank",
            "bank",
            "--categories",
            "0,1,2,3",
            "--mode",
            "balance",
            "--life",
            "90d",
            "--window",
            "10m",
            "--most-per-voucher",
            "10000000",
            "--budget",
            "1000000000",
            "--attestors",
            "attestor",
            "--attestors-needed",
            "1",
            "--holder-signature",
            "no",
            "--admitted-shops-only",
            "no",
            "--most-per-holder",
            "0",
            "--denominations",
            "[]",
            "--bundle-value",
            "0",
            "--universal",
            "no",
            "--per-card",
            "no",
            "-x",
        ];
        self.done("//Bob", &terms);
    }

    /// A file of the desk.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes a file.
    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("a file can be written");
    }

    /// Reads a file.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("the file is there")
    }

    /// The command, to be run in the desk's folder by whoever has this secret.
    pub fn command<A: AsRef<OsStr>>(&self, suri: &str, arguments: &[A]) -> Command {
        let mut command = Command::new(beside("amanah"));
        command
            .current_dir(&self.folder)
            .env_remove("XDG_CONFIG_HOME")
            .env("HOME", self.folder.path())
            .env("AMANAH_URL", &self.url)
            .args(arguments)
            .stdin(Stdio::null());
        match suri {
            "" => command.env_remove("AMANAH_SURI"),
            suri => command.env("AMANAH_SURI", suri),
        };
        command
    }

    /// Runs it with `--output json`.
    pub fn run<A: AsRef<OsStr>>(&self, suri: &str, arguments: &[A]) -> Said {
        let output = self.command(suri, arguments).args(["--output", "json"]).output().expect("it runs");
        said(&output)
    }

    /// Runs what must succeed; gives what it says.
    pub fn done<A: AsRef<OsStr> + std::fmt::Debug>(&self, suri: &str, arguments: &[A]) -> Value {
        let said = self.run(suri, arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        said.json
    }

    /// Runs what must fail with this code and a sentence with this in it.
    pub fn fails(&self, suri: &str, arguments: &[&str], code: i32, with: &str) -> Said {
        let said = self.run(suri, arguments);
        assert_eq!(said.code, code, "{arguments:?}: {said:?}");
        assert!(said.message().contains(with), "{arguments:?}: {:?} has no {with:?}", said.message());
        said
    }

    /// The node, and the suite that was deployed, for whoever asks without the command line.
    pub fn suite(&self) -> (Node, Suite) {
        let deployment = Deployment::load(&self.path("deployments/development.json")).expect("it is deployed");
        let node = Node::connect(&self.url).expect("it answers");
        (node, deployment.suite().expect("it has all contracts"))
    }

    /// The answer of a query.
    pub fn answer(&self, arguments: &[&str]) -> Value {
        self.done("", arguments)["answer"].clone()
    }
}

/// What a process said.
pub fn said(output: &Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        json: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The address of a development account.
pub fn address_of(suri: &str) -> String {
    let address = match suri {
        "//Alice" => "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "//Bob" => "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        "//Charlie" => "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y",
        "//Dave" => "5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy",
        "//Eve" => "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw",
        other => panic!("{other} is nobody here"),
    };
    address.to_owned()
}

/// 32 bytes that stand for a name, as hex.
fn hex_of(name: &str) -> String {
    let mut bytes = [0u8; 32];
    for (place, byte) in bytes.iter_mut().zip(name.bytes()) {
        *place = byte;
    }
    hex::encode(bytes)
}
