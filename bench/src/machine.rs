//! On what something was measured.

use serde::{Deserialize, Serialize};
use std::{fs, path::Path, process::Command};

/// A machine and the programs that were measured on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Machine {
    /// The processor, as the system names it.
    pub processor: String,
    /// How many of its cores there are to use.
    pub cores: usize,
    /// Memory (GiB).
    pub memory: u64,
    /// The kernel.
    pub kernel: String,
    /// What the node says of its version, and which of cargo's folders it lies in, by which one sees how it was compiled.
    pub node: String,
    /// The day (UTC, seconds since 1970 divided by a day's).
    pub unix_day: u64,
}

impl Machine {
    /// This one, and the program of the node.
    pub fn here(node: &Path) -> Self {
        let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let kilobytes = field(&read("/proc/meminfo"), "MemTotal");
        let kilobytes = kilobytes.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
        let said = Command::new(node).arg("--version").output();
        let version = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default();
        let folder = node.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self {
            processor: field(&read("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: kilobytes >> 20,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            node: format!("{version}, {folder}"),
            unix_day: since_1970.as_secs() / 86_400,
        }
    }
}
