//! Who is called what, and who has which phone: the desk's own file, since the chain knows neither.

use crate::{network::keys, rows};
use amanah_attestor::PhoneNumber;
use amanah_domain::ids::{Account, ParticipantId};
use anyhow::{bail, ensure, Context, Result};
use std::{collections::HashMap, path::Path};

/// How somebody is named in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    Number(ParticipantId),
    Account(Account),
}

/// Somebody in the file.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    /// Shops need none.
    pub phone: Option<PhoneNumber>,
}

/// The file.
#[derive(Clone, Debug)]
pub struct Directory(HashMap<Who, Entry>);

impl Directory {
    /// Reads the file: CSV with the columns `who`, `name` and `phone`.
    ///
    /// # Errors
    /// When it cannot be read, lacks a column, or any row makes no sense: the line is named. Phone numbers are not repeated.
    pub fn read(file: &Path) -> Result<Self> {
        let text = rows::content(Some(file), "")?;
        Self::of(&text).with_context(|| file.display().to_string())
    }

    fn of(text: &str) -> Result<Self> {
        let rows = rows::rows(text, ["who", "name", "phone"], |_, line, fields| Ok((line, row(fields)?)))?;
        if let Some(refused) = rows.refused.first() {
            bail!("line {}: {}", refused.line, refused.reason);
        }
        let mut entries = HashMap::new();
        for (line, (who, entry)) in rows.accepted {
            ensure!(entries.insert(who, entry).is_none(), "line {line}: {who} is on an earlier line already");
        }
        Ok(Self(entries))
    }

    /// The entry of a participant, which may be named by its number or by its account.
    ///
    /// # Errors
    /// When there is none.
    pub fn entry(&self, number: ParticipantId, account: Account) -> Result<&Entry> {
        let entry = self.0.get(&Who::Number(number)).or_else(|| self.0.get(&Who::Account(account)));
        entry.with_context(|| {
            format!("{} is not in the directory, neither by number nor by account", Who::Number(number))
        })
    }
}

fn row([who, name, phone]: [&str; 3]) -> Result<(Who, Entry)> {
    let who = match who.parse() {
        Ok(0) => bail!("no participant has the number 0"),
        Ok(number) => Who::Number(number),
        Err(_) => Who::Account(keys::account(who).map_err(|_| {
            anyhow::anyhow!(
                "who is {who:?} and must be a participant's number, an SS58 address, or 0x and 64 hex digits"
            )
        })?),
    };
    ensure!(!name.is_empty(), "{who} has no name");
    let phone = match phone {
        "" => None,
        phone => Some(PhoneNumber::new(phone)?),
    };
    Ok((who, Entry { name: name.to_owned(), phone }))
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "participant {number}"),
            Self::Account(account) => f.write_str(&amanah_client::address(account)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_found_by_number_and_by_account_and_nobody_else_is() {
        let text = format!("phone,who,name\n+6281234567890,7,Siti\n,0x{},Warung Sari\n", "03".repeat(32));
        let directory = Directory::of(&text).unwrap();
        let siti = directory.entry(7, [9; 32]).unwrap();
        assert_eq!((siti.name.as_str(), siti.phone.as_ref().unwrap().as_str()), ("Siti", "+6281234567890"));
        let shop = directory.entry(4, [3; 32]).unwrap();
        assert_eq!((shop.name.as_str(), shop.phone.is_none()), ("Warung Sari", true));
        let refused = directory.entry(8, [9; 32]).unwrap_err().to_string();
        assert_eq!(refused, "participant 8 is not in the directory, neither by number nor by account");
    }

    #[test]
    fn a_row_that_makes_no_sense_is_named_by_its_line_and_its_phone_is_not_repeated() {
        for (row, reason) in [
            ("0,Siti,+6281234567890", "line 3: no participant has the number 0"),
            ("7,,+6281234567890", "line 3: participant 7 has no name"),
            ("7,Siti,081234567890", "line 3: a phone number is '+' and 8 to 15 digits, not beginning with 0"),
            (
                "siti,Siti,",
                "line 3: who is \"siti\" and must be a participant's number, an SS58 address, or 0x and 64 hex digits",
            ),
            ("1,Siti,", "line 3: participant 1 is on an earlier line already"),
            ("7,Siti", "line 3: the row has 2 fields instead of 3"),
        ] {
            let refused = Directory::of(&format!("who,name,phone\n1,Ani,\n{row}\n")).unwrap_err().to_string();
            assert_eq!(refused, reason);
        }
    }

    #[test]
    fn a_missing_column_is_named() {
        let refused = Directory::of("who,name\n1,Ani\n").unwrap_err().to_string();
        assert!(refused.contains("there is no column phone"), "{refused}");
    }
}
