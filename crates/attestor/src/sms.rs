//! Messages to holders, and the ways they go.

use crate::{code::Code, request::PhoneNumber};
use serde::Serialize;
use std::{
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// What a holder is sent. It carries the code, so `Debug` hides it, and the phone number too.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsMessage {
    to: PhoneNumber,
    shop: String,
    amount: String,
    code: Code,
}

/// A way to send messages.
pub trait Sms {
    /// Sends the message, or hands it to somebody who surely will.
    ///
    /// # Errors
    /// `NotSent` only if the message certainly did not and will not go out: it does not count then. `Uncertain` in every
    /// other case, such as a lost connection.
    fn send(&mut self, message: &SmsMessage) -> Result<(), SmsError>;
}

/// Why a message was not sent, or may not have been.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// It did not go out and will not.
    #[error("it did not go out: {detail}")]
    NotSent {
        /// What the transport says; without the code.
        detail: String,
    },
    /// It may have gone out.
    #[error("it may or may not have gone out: {detail}")]
    Uncertain {
        /// What the transport says; without the code.
        detail: String,
    },
}

impl SmsMessage {
    pub(crate) fn new(to: PhoneNumber, shop: String, amount: String, code: Code) -> Self {
        Self { to, shop, amount, code }
    }

    /// Whom to send it to.
    pub fn to(&self) -> &PhoneNumber {
        &self.to
    }

    /// The shop's name.
    pub fn shop(&self) -> &str {
        &self.shop
    }

    /// The amount as the holder reads it.
    pub fn amount(&self) -> &str {
        &self.amount
    }

    /// The six digits, for transports with wordings of their own. Never to be logged.
    pub fn code(&self) -> &str {
        self.code.reveal()
    }

    /// The message in English; at most 160 characters. The shop and the amount come first: whoever reads the code has
    /// read what it is for.
    pub fn text(&self) -> String {
        let Self { shop, amount, .. } = self;
        format!("{shop}: {amount}. Code {}. Tell it to the shop only if you are buying this now.", self.code())
    }
}

impl fmt::Debug for SmsMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { to, shop, amount, code } = self;
        f.debug_struct("SmsMessage")
            .field("to", to)
            .field("shop", shop)
            .field("amount", amount)
            .field("code", code)
            .finish()
    }
}

impl<T: Sms + ?Sized> Sms for Box<T> {
    fn send(&mut self, message: &SmsMessage) -> Result<(), SmsError> {
        (**self).send(message)
    }
}

/// Keeps the messages where they can be looked at: for tests and demonstrations.
#[derive(Clone, Debug, Default)]
pub struct MemoryOutbox {
    messages: Vec<SmsMessage>,
}

impl MemoryOutbox {
    /// An empty outbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// All messages, oldest first.
    pub fn messages(&self) -> &[SmsMessage] {
        &self.messages
    }

    /// The latest message to this number.
    pub fn latest_to(&self, phone: &PhoneNumber) -> Option<&SmsMessage> {
        self.messages.iter().rev().find(|message| message.to == *phone)
    }
}

impl Sms for MemoryOutbox {
    fn send(&mut self, message: &SmsMessage) -> Result<(), SmsError> {
        self.messages.push(message.clone());
        Ok(())
    }
}

/// Appends the messages to a file, one JSON object `{"to", "text"}` a line, for a modem or another program to send. The
/// codes are in it in clear, so nobody but its owner may read it.
#[derive(Debug)]
pub struct FileOutbox {
    file: File,
}

#[derive(Serialize)]
struct OutboxLine<'a> {
    to: &'a str,
    text: &'a str,
}

impl FileOutbox {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut file = crate::store::private_file().append(true).create(true).open(path)?;
        // A line that a crash tore must not swallow the next one.
        if file.seek(SeekFrom::End(0))? > 0 {
            file.seek(SeekFrom::End(-1))?;
            let mut last = [0];
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        Ok(Self { file })
    }

    fn append(&mut self, message: &SmsMessage) -> io::Result<()> {
        let line = OutboxLine { to: message.to.as_str(), text: &message.text() };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)?;
        self.file.sync_data()
    }
}

impl Sms for FileOutbox {
    fn send(&mut self, message: &SmsMessage) -> Result<(), SmsError> {
        self.append(message).map_err(|error| SmsError::Uncertain { detail: error.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{MOST_AMOUNT_TEXT, MOST_SHOP_NAME};

    fn message(shop: &str, amount: &str) -> SmsMessage {
        let to = PhoneNumber::new("+6281234567890").unwrap();
        SmsMessage::new(to, shop.to_owned(), amount.to_owned(), Code::parse("012345").unwrap())
    }

    #[test]
    fn a_message_tells_the_shop_the_amount_and_the_code() {
        assert_eq!(
            message("Warung Sari", "Rp 50.000").text(),
            "Warung Sari: Rp 50.000. Code 012345. Tell it to the shop only if you are buying this now."
        );
    }

    #[test]
    fn the_longest_message_fits_in_one_sms() {
        let text = message(&"W".repeat(MOST_SHOP_NAME), &"9".repeat(MOST_AMOUNT_TEXT)).text();
        assert!(text.chars().count() <= 160, "{}", text.chars().count());
    }

    #[test]
    fn debugging_output_hides_the_code_and_the_number() {
        let mut outbox = MemoryOutbox::new();
        outbox.send(&message("Warung Sari", "Rp 50.000")).unwrap();
        let shown = format!("{outbox:?}");
        assert!(shown.contains("Warung Sari"));
        assert!(!shown.contains("012345") && !shown.contains("81234567890"), "{shown}");
    }

    #[test]
    fn the_outbox_finds_the_latest_message_to_a_number() {
        let mut outbox = MemoryOutbox::new();
        for shop in ["Warung Sari", "Toko Maju"] {
            outbox.send(&message(shop, "Rp 1")).unwrap();
        }
        assert_eq!(outbox.messages().len(), 2);
        assert_eq!(outbox.latest_to(&PhoneNumber::new("+6281234567890").unwrap()).unwrap().shop(), "Toko Maju");
        assert_eq!(outbox.latest_to(&PhoneNumber::new("+6281234567891").unwrap()), None);
    }

    #[test]
    fn a_file_outbox_has_one_message_a_line_also_after_a_torn_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outbox.jsonl");
        FileOutbox::open(&path).unwrap().send(&message("Warung Sari", "Rp 1")).unwrap();
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"to\":\"+62").unwrap();
        FileOutbox::open(&path).unwrap().send(&message("Toko \"Maju\"", "Rp 2")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().map(serde_json::from_str::<serde_json::Value>).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].as_ref().unwrap()["text"], message("Warung Sari", "Rp 1").text());
        assert!(lines[1].is_err());
        assert_eq!(lines[2].as_ref().unwrap()["text"], message("Toko \"Maju\"", "Rp 2").text());
        assert_eq!(lines[2].as_ref().unwrap()["to"], "+6281234567890");
    }

    #[test]
    #[cfg(unix)]
    fn a_file_outbox_is_for_its_owners_eyes_only() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outbox.jsonl");
        FileOutbox::open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_message_that_could_not_be_written_may_have_gone_out() {
        let full = std::fs::OpenOptions::new().append(true).open("/dev/full").unwrap();
        let sent = FileOutbox { file: full }.send(&message("Warung Sari", "Rp 1"));
        assert!(matches!(sent, Err(SmsError::Uncertain { .. })), "{sent:?}");
    }
}
