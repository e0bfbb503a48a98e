//! A node to measure: a development chain in a process of its own, and what processors it uses.

use anyhow::{bail, ensure, Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How many ticks of the processor's clock Linux counts in a second.
const TICKS: f64 = 100.0;

/// A development chain; it is killed when this is dropped.
pub struct DevNode {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl DevNode {
    /// A node that keeps its chain in this folder. `program` is amanah-node, or substrate-contracts-node.
    pub fn new(program: &Path, folder: &Path) -> Self {
        Self { program: program.to_owned(), folder: folder.to_owned(), port: 0, process: None }
    }

    /// Where it answers, once it was started.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// Starts it with these options more, after stopping it if it runs: at a free port, and from then on at the same one.
    ///
    /// # Errors
    /// When it cannot be started, or does not answer.
    pub fn start(&mut self, options: &[&str]) -> Result<()> {
        self.stop()?;
        fs::create_dir_all(&self.folder)?;
        let log = self.folder.join("node.log");
        let mut command = Command::new(&self.program);
        command
            .args(["--dev", "--port=0", "--no-prometheus", "--no-telemetry", "--rpc-max-connections=200"])
            // Events of thousands of preparations are read while a fast node goes on.
            .arg("--state-pruning=archive")
            .args(["-lwarn,sc_rpc_server=info", &format!("--rpc-port={}", self.port)])
            .arg("--base-path")
            .arg(&self.folder)
            .args(options)
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?);
        let mut process = command.spawn().with_context(|| format!("cannot start {}", self.program.display()))?;
        let patience = Instant::now() + Duration::from_secs(60);
        let port = loop {
            let says = fs::read_to_string(&log).unwrap_or_default();
            if let Some(port) = answering_port(&says) {
                break port;
            }
            if process.try_wait()?.is_some() || Instant::now() > patience {
                // Killing it fails if it has ended by itself.
                let _ = process.kill();
                process.wait()?;
                bail!("the node does not answer; it says:\n{says}");
            }
            thread::sleep(Duration::from_millis(50));
        };
        self.process = Some(process);
        ensure!([0, port].contains(&self.port), "port {} is taken, and the node answers at {port}", self.port);
        self.port = port;
        Ok(())
    }

    /// Stops it in an orderly way.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            Command::new("kill").args(["-INT", &process.id().to_string()]).status()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Seconds of a processor that it has used.
    pub fn processor(&self) -> f64 {
        self.process.as_ref().and_then(|process| used(process.id())).unwrap_or(0.0)
    }
}

impl Drop for DevNode {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The port at which a node that says this answers.
fn answering_port(says: &str) -> Option<u16> {
    let (_, address) = says.split_once("Running JSON-RPC server: addr=127.0.0.1:")?;
    // Without what follows it the number may not be whole yet.
    let (port, _) = address.split_once(|sign: char| !sign.is_ascii_digit())?;
    port.parse().ok()
}

/// Seconds of a processor that a process has used.
pub fn used(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name may have spaces; what follows it begins after the last bracket.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS)
}

/// Seconds of processors that this process has used: the load's own share.
pub fn own_processor() -> f64 {
    used(std::process::id()).unwrap_or(0.0)
}
