//! A node to measure: a development chain in a process of its own, and what processors it uses.

use anyhow::{Context, Result};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
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
    ///
    /// # Errors
    /// When there is no free port.
    pub fn new(program: &Path, folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self { program: program.to_owned(), folder: folder.to_owned(), port, process: None })
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    /// Starts it with these options more, after stopping it if it runs.
    ///
    /// # Errors
    /// When it cannot be started, or does not answer.
    pub fn start(&mut self, options: &[&str]) -> Result<()> {
        self.stop()?;
        fs::create_dir_all(&self.folder)?;
        let log = fs::File::create(self.folder.join("node.log"))?;
        let mut command = Command::new(&self.program);
        command
            .args(["--dev", "--port=0", "--no-prometheus", "--no-telemetry", "--rpc-max-connections=200", "-lwarn"])
            .arg(format!("--rpc-port={}", self.port))
            .arg("--base-path")
            .arg(&self.folder)
            .args(options)
            .stdout(Stdio::null())
            .stderr(log);
        self.process = Some(command.spawn().with_context(|| format!("cannot start {}", self.program.display()))?);
        let patience = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if Instant::now() > patience {
                let log = fs::read_to_string(self.folder.join("node.log")).unwrap_or_default();
                anyhow::bail!("the node does not answer on port {}; it says:\n{log}", self.port);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
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
