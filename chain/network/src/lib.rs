//! A consortium's chain on one machine, on loopback: a validator for each member, and one more node, an *observer*, for whoever
//! only reads and sends. Each is a process of its own, with keys, database, ports and log of its own.
//!
//! It is founded as any consortium is, by `amanah-node consortium`; that all of it runs on one machine makes it fit for trying
//! and testing, and for nothing else.

use anyhow::{anyhow, bail, Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    fmt::Write,
    fs::{self, File},
    io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a node may take until it answers.
const START: Duration = Duration::from_secs(90);
/// How long a node may take to stop when it is asked to.
const STOP: Duration = Duration::from_secs(15);
/// How often something is looked at that is waited for.
const PAUSE: Duration = Duration::from_millis(100);
/// What the network is written to, so that it can be started again.
const FILE: &str = "network.json";

/// An organisation.
#[derive(Clone, Debug)]
pub struct Member {
    /// What it is called: the name of its folder.
    pub name: String,
    /// Its account (SS58).
    pub account: String,
}

/// What the consortium decides.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How long a slot is, in which one validator makes one block.
    pub slot: Duration,
    /// After how many blocks the validators may change.
    pub session: u32,
    /// What each member's account begins with (UNIT).
    pub endowment: u64,
}

impl Default for Terms {
    /// Slots of six seconds, sessions of an hour, a million UNIT.
    fn default() -> Self {
        Self { slot: Duration::from_secs(6), session: 600, endowment: 1_000_000 }
    }
}

/// What of a node stays when it stops.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// What it is called: its member's name, or that of the observer.
    pub name: String,
    /// Its member's account (SS58), by which that votes; the observer has none.
    pub account: Option<String>,
    /// Where other nodes find it.
    p2p: u16,
    /// Where it answers.
    rpc: u16,
    /// Where it tells its metrics.
    metrics: u16,
}

impl Place {
    /// Where it answers.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc)
    }

    /// Where other nodes find it.
    fn address(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}", self.p2p)
    }

    /// Where Prometheus finds its metrics.
    pub fn metrics(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.metrics)
    }
}

/// The nodes of a consortium; they are killed when this is dropped.
pub struct Network {
    program: PathBuf,
    folder: PathBuf,
    /// The founders' validators in the order of their members, the observer, and who has joined since.
    pub places: Vec<Place>,
    running: Vec<Option<Child>>,
}

impl Network {
    /// Founds a consortium in an empty folder: keys, founding file, chain specification. `program` is `amanah-node`.
    ///
    /// # Errors
    /// What the program says, or that the folder cannot be written.
    pub fn found(program: &Path, folder: &Path, members: &[Member], terms: Terms) -> Result<Self> {
        let mut founding = format!(
            "name = \"Consortium on one machine\"\nid = \"consortium\"\nslot-duration = {}\nsession-length = {}\n\
             endowment = {}\nlocal = true\n",
            terms.slot.as_millis(),
            terms.session,
            terms.endowment
        );
        let mut places = Vec::new();
        for member in members {
            let (place, entry) = Self::join_as(program, folder, member)?;
            write!(founding, "\n{entry}")?;
            places.push(place);
        }
        places.push(Self::at_free_ports("observer", None)?);
        let file = folder.join("founding.toml");
        fs::write(&file, founding).with_context(|| format!("cannot write {}", file.display()))?;
        let spec = said(Command::new(program).args(["consortium", "build-spec"]).arg(file))?;
        fs::write(folder.join("chain.json"), spec)?;
        fs::write(folder.join(FILE), serde_json::to_string_pretty(&places)?)?;
        Self::open(program, folder)
    }

    /// A network that was founded here before; `None` if the folder has none.
    ///
    /// # Errors
    /// When what is written of it cannot be read.
    pub fn opened(program: &Path, folder: &Path) -> Result<Option<Self>> {
        folder.join(FILE).exists().then(|| Self::open(program, folder)).transpose()
    }

    fn open(program: &Path, folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let places: Vec<Place> =
            serde_json::from_str(&text).with_context(|| format!("{} is no network", file.display()))?;
        let running = places.iter().map(|_| None).collect();
        Ok(Self { program: program.to_owned(), folder: folder.to_owned(), places, running })
    }

    fn at_free_ports(name: &str, account: Option<&str>) -> Result<Place> {
        // All three are held until all are known, so that they differ.
        let free = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0"));
        let mut ports = Vec::new();
        for listener in &free {
            let listener = listener.as_ref().map_err(|error| anyhow!("there is no free port: {error}"))?;
            ports.push(listener.local_addr()?.port());
        }
        let [p2p, rpc, metrics] = ports[..] else { bail!("three ports are needed") };
        Ok(Place { name: name.to_owned(), account: account.map(str::to_owned), p2p, rpc, metrics })
    }

    /// How many of the nodes are validators.
    pub fn validators(&self) -> usize {
        self.places.iter().filter(|place| place.account.is_some()).count()
    }

    /// The processes of the nodes that run.
    pub fn processes(&self) -> Vec<u32> {
        self.running.iter().flatten().map(Child::id).collect()
    }

    /// Where the nodes answer.
    pub fn urls(&self) -> Vec<String> {
        self.places.iter().map(Place::url).collect()
    }

    /// The chain specification, from which any node of the chain starts.
    pub fn chain_spec(&self) -> PathBuf {
        self.folder.join("chain.json")
    }

    /// The folder of a node: its keys, its database, its log.
    pub fn folder_of(&self, place: usize) -> PathBuf {
        self.folder.join(&self.places[place].name)
    }

    /// Makes the keys of a validator that is no founder's; gives its place. Until the members admit its account, it only
    /// follows.
    ///
    /// # Errors
    /// What the program says, or that there is no free port.
    pub fn join(&mut self, member: &Member) -> Result<usize> {
        let (place, _) = Self::join_as(&self.program, &self.folder, member)?;
        self.places.push(place);
        self.running.push(None);
        Ok(self.places.len() - 1)
    }

    /// A member's place, and its part of the founding file.
    fn join_as(program: &Path, folder: &Path, member: &Member) -> Result<(Place, String)> {
        let place = Self::at_free_ports(&member.name, Some(&member.account))?;
        let mut make = Command::new(program);
        make.args(["consortium", "new-member", "--name", &member.name, "--account", &member.account])
            .args(["--address", &place.address(), "--folder"])
            .arg(folder.join(&member.name));
        let entry = said(&mut make)?;
        Ok((place, entry))
    }

    /// Starts those of these nodes that do not run, with these options beside their own, and waits until they answer.
    ///
    /// # Errors
    /// When one stops or does not answer: the end of its log.
    pub fn start(&mut self, places: &[usize], options: &[&str]) -> Result<()> {
        places.iter().try_for_each(|place| self.spawn(*place, options))?;
        places.iter().try_for_each(|place| self.answers(*place))
    }

    fn spawn(&mut self, place: usize, options: &[&str]) -> Result<()> {
        if self.running[place].is_some() {
            return Ok(());
        }
        let own = self.folder_of(place);
        fs::create_dir_all(&own)?;
        let node = &self.places[place];
        let log = File::options().create(true).append(true).open(own.join("log"))?;
        let mut command = Command::new(&self.program);
        command
            .arg("--chain")
            .arg(self.chain_spec())
            .arg("--base-path")
            .arg(own.join("database"))
            .arg("--node-key-file")
            .arg(own.join("node-key"))
            .arg("--keystore-path")
            .arg(own.join("keystore"))
            .args(["--name", &node.name, "--listen-addr", &node.address(), "--public-addr", &node.address()])
            .args([format!("--rpc-port={}", node.rpc), format!("--prometheus-port={}", node.metrics)])
            .args(["--no-mdns", "--no-telemetry", "--rpc-max-connections=1000"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        if node.account.is_some() {
            command.arg("--validator");
        } else {
            // Whoever reads what happened long ago asks a node that keeps it all.
            command.args(["--state-pruning=archive", "--blocks-pruning=archive"]);
        }
        if !own.join("node-key").exists() {
            said(Command::new(&self.program).args(["key", "generate-node-key", "--file"]).arg(own.join("node-key")))?;
        }
        self.running[place] = Some(command.spawn().with_context(|| format!("cannot run {}", self.program.display()))?);
        Ok(())
    }

    fn answers(&mut self, place: usize) -> Result<()> {
        let by = Instant::now() + START;
        let address = format!("127.0.0.1:{}", self.places[place].rpc);
        loop {
            let child = self.running[place].as_mut().context("it is not started")?;
            if let Some(status) = child.try_wait()? {
                self.running[place] = None;
                bail!(
                    "{} has stopped ({status}); the end of its log:\n{}",
                    self.places[place].name,
                    self.log_end(place)
                );
            }
            if std::net::TcpStream::connect(&address).is_ok() {
                return Ok(());
            }
            if Instant::now() > by {
                bail!("{} does not answer; the end of its log:\n{}", self.places[place].name, self.log_end(place));
            }
            thread::sleep(PAUSE);
        }
    }

    /// The newest lines of a node's log.
    pub fn log_end(&self, place: usize) -> String {
        let log = self.log(place);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// A node's log, from its first start on.
    pub fn log(&self, place: usize) -> String {
        fs::read(self.folder_of(place).join("log"))
            .map_or_else(|error| error.to_string(), |log| String::from_utf8_lossy(&log).into_owned())
    }

    /// Ends a node at once, as by a power cut.
    pub fn kill(&mut self, place: usize) {
        if let Some(mut child) = self.running[place].take() {
            // It may have ended by itself; then there is nothing to do.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Holds a node up: it stays, and does nothing.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause(&self, place: usize) -> Result<()> {
        self.signal(place, "STOP")
    }

    /// Lets a node go on that was held up.
    ///
    /// # Errors
    /// When it does not run.
    pub fn go_on(&self, place: usize) -> Result<()> {
        self.signal(place, "CONT")
    }

    fn signal(&self, place: usize, signal: &str) -> Result<()> {
        let child =
            self.running[place].as_ref().with_context(|| format!("{} does not run", self.places[place].name))?;
        let sent =
            Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", signal, &child.id().to_string()]).status()?;
        if !sent.success() {
            bail!("{} cannot be signalled", self.places[place].name);
        }
        Ok(())
    }

    /// Removes the database of a node that does not run; its keys stay.
    ///
    /// # Errors
    /// When it runs, or its folder cannot be removed.
    pub fn wipe(&self, place: usize) -> Result<()> {
        if self.running[place].is_some() {
            bail!("{} runs", self.places[place].name);
        }
        Ok(fs::remove_dir_all(self.folder_of(place).join("database"))?)
    }

    /// Asks all nodes to stop, and waits until they have.
    ///
    /// # Errors
    /// When one must be killed.
    pub fn stop_all(&mut self) -> Result<()> {
        for place in 0..self.places.len() {
            if self.running[place].is_some() {
                self.signal(place, "TERM")?;
            }
        }
        let by = Instant::now() + STOP;
        let mut stubborn = Vec::new();
        for place in 0..self.places.len() {
            let Some(mut child) = self.running[place].take() else { continue };
            while child.try_wait()?.is_none() {
                if Instant::now() > by {
                    child.kill()?;
                    child.wait()?;
                    stubborn.push(self.places[place].name.as_str());
                }
                thread::sleep(PAUSE);
            }
        }
        match stubborn.is_empty() {
            true => Ok(()),
            false => bail!("{} had to be killed", stubborn.join(", ")),
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        (0..self.places.len()).for_each(|place| self.kill(place));
    }
}

/// What a command prints, when all goes well.
fn said(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Makes an account for an organisation, whose secret phrase is kept in `file`; gives the account (SS58). One that is there is
/// kept.
///
/// # Errors
/// What the program says, or that the file cannot be written.
pub fn account(program: &Path, file: &Path) -> Result<String> {
    if !file.exists() {
        let key = said(Command::new(program).args(["key", "generate", "--output-type=json"]))?;
        write_secret(file, &key).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let key: serde_json::Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let account = key["ss58Address"].as_str().with_context(|| format!("{} has no account", file.display()))?;
    Ok(account.to_owned())
}

/// Makes a file that only its owner can read, from the first moment on.
fn write_secret(file: &Path, secret: &str) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(file)?, secret.as_bytes())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_secret_is_for_its_owner_only_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("account.json");
        write_secret(&file, "twelve words").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(write_secret(&file, "other words").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&file).unwrap(), "twelve words");
    }
}
