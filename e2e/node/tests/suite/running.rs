//! A node with options of its own, which dies with the value that stands for it.

use crate::town::program;
use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A node that runs.
pub struct Running {
    process: Child,
    /// Where it answers.
    pub url: String,
}

impl Running {
    /// Starts a development chain with these options, on ports that are free.
    pub fn start(options: &[&OsStr]) -> Self {
        let process = Command::new(program())
            .args(["--dev", "--port=0", "--rpc-port=0"])
            .args(options)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the node starts");
        let mut running = Self { process, url: String::new() };
        let mut log = BufReader::new(running.process.stderr.take().expect("it has a log")).lines();
        let port = log.find_map(|line| {
            let line = line.ok()?;
            let (_, address) = line.split_once("Running JSON-RPC server: addr=127.0.0.1:")?;
            Some(address.chars().take_while(char::is_ascii_digit).collect::<String>())
        });
        // Whoever stops reading a log stops the one that writes it.
        std::thread::spawn(move || log.for_each(drop));
        running.url = format!("ws://127.0.0.1:{}", port.expect("it says its port"));
        running
    }
}

impl Drop for Running {
    /// At once, as by a power cut.
    fn drop(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }
}
