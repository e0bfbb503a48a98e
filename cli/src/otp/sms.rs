//! How messages go out.

use super::{private_folder, Way};
use amanah_attestor::{FileOutbox, MemoryOutbox, Sms, SmsError, SmsMessage};
use anyhow::{Context, Result};
use std::{
    io::{self, Write},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a program may take for a message.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A way for messages.
pub type Outbox = Box<dyn Sms>;

impl Way {
    /// Opens it.
    ///
    /// # Errors
    /// When the outbox cannot be made.
    pub fn open(&self) -> Result<Outbox> {
        Ok(match (&self.outbox, &self.sms_command) {
            (Some(folder), _) => {
                private_folder(folder)?;
                let file = folder.join("outbox.jsonl");
                Box::new(FileOutbox::open(&file).with_context(|| format!("cannot write {}", file.display()))?)
            }
            (None, Some(program)) => Box::new(Program { program: program.clone(), patience: PATIENCE }),
            (None, None) => unsent(),
        })
    }

    /// Where messages go, for people.
    pub fn name(&self) -> String {
        match (&self.outbox, &self.sms_command) {
            (Some(folder), _) => format!("only written to {} for trying", folder.join("outbox.jsonl").display()),
            (None, Some(program)) => format!("sent by {}", program.display()),
            (None, None) => "not sent".to_owned(),
        }
    }
}

/// For what sends no messages.
pub fn unsent() -> Outbox {
    Box::new(MemoryOutbox::new())
}

/// A program that sends a message: its argument is the phone number, its standard input the text.
struct Program {
    program: PathBuf,
    patience: Duration,
}

impl Program {
    /// How the program ended, unless it had to be ended, and whether it was given the whole text.
    fn run(&self, mut child: Child, text: &str) -> io::Result<(Option<ExitStatus>, bool)> {
        // Dropped when written, so that the program sees the end.
        let written = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
        let given = matches!(written, Some(Ok(())));
        let until = Instant::now() + self.patience;
        while Instant::now() < until {
            if let Some(status) = child.try_wait()? {
                return Ok((Some(status), given));
            }
            thread::sleep(LOOK);
        }
        child.kill()?;
        child.wait()?;
        Ok((None, given))
    }
}

impl Sms for Program {
    fn send(&mut self, message: &SmsMessage) -> Result<(), SmsError> {
        let shown = self.program.display();
        let uncertain = |detail: String| Err(SmsError::Uncertain { detail });
        let child = Command::new(&self.program)
            .arg(message.to().as_str())
            .stdin(Stdio::piped())
            // Standard output is for the desk's own answers.
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| SmsError::NotSent { detail: format!("cannot start {shown}: {error}") })?;
        match self.run(child, &message.text()) {
            Ok((Some(status), true)) if status.success() => Ok(()),
            Ok((Some(status), false)) if status.success() => uncertain(format!("{shown} did not read the text")),
            Ok((Some(status), _)) if status.code().is_some() => {
                Err(SmsError::NotSent { detail: format!("{shown} ended with {status}") })
            }
            Ok((Some(status), _)) => uncertain(format!("{shown} was killed: {status}")),
            Ok((None, _)) => uncertain(format!("{shown} took longer than {} s", self.patience.as_secs())),
            Err(error) => uncertain(format!("{shown}: {error}")),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use amanah_attestor::{Attestor, Error, Identity, MemoryStore, PhoneNumber, Request, StoreKey, Ticket};
    use amanah_domain::money::Amount;
    use std::{
        fs,
        os::unix::fs::PermissionsExt,
        path::Path,
        sync::{Mutex, PoisonError},
    };

    const NOW: u64 = 1_800_000_000_000;

    /// A program that is being written by one thread cannot be run while another one starts a process.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    /// What comes of a message that a script sends; without one, the program is not there.
    fn sent(folder: &Path, script: Option<&str>, patience: Duration) -> Result<Ticket, Error> {
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let program = folder.join("send");
        if let Some(script) = script {
            fs::write(&program, format!("#!/bin/sh\ncd '{}' || exit 9\n{script}\n", folder.display())).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        }
        let program = Program { program, patience };
        let pair = schnorrkel::Keypair::generate();
        let identity = Identity::new([1; 32], 5, 0, pair);
        let mut desk = Attestor::new(identity, StoreKey::generate()?, MemoryStore::new(), program);
        let request = Request {
            voucher: 11,
            redemption: 33,
            shop: [2; 32],
            shop_name: "Warung Sari".to_owned(),
            amount: Amount::new(50_000),
            amount_text: "Rp 50,000".to_owned(),
            expires: NOW + 600_000,
            phone: PhoneNumber::new("+6281234567890").unwrap(),
        };
        desk.open(&request, NOW)
    }

    fn not_sent(sent: Result<Ticket, Error>) -> bool {
        matches!(sent, Err(Error::Sms(SmsError::NotSent { .. })))
    }

    fn uncertain(sent: Result<Ticket, Error>) -> bool {
        matches!(sent, Err(Error::Sms(SmsError::Uncertain { .. })))
    }

    #[test]
    fn the_program_gets_the_phone_as_argument_and_the_text_on_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        sent(folder.path(), Some("echo \"$# $1\" > to; cat > text"), PATIENCE).unwrap();
        let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("to"), "1 +6281234567890\n");
        let text = read("text");
        assert!(text.starts_with("Warung Sari: Rp 50,000. Code ") && text.ends_with("buying this now."), "{text}");
    }

    #[test]
    fn a_program_that_fails_or_is_not_there_has_sent_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(not_sent(sent(folder.path(), None, PATIENCE)));
        assert!(not_sent(sent(folder.path(), Some("cat > /dev/null; exit 3"), PATIENCE)));
    }

    #[test]
    fn a_program_that_is_killed_or_takes_too_long_may_have_sent_something() {
        let folder = tempfile::tempdir().unwrap();
        assert!(uncertain(sent(folder.path(), Some("kill -9 $$"), PATIENCE)));
        assert!(uncertain(sent(folder.path(), Some("exec sleep 600"), Duration::from_millis(50))));
    }
}
