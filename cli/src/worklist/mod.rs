//! `amanah worklist`: what waits for an office, with the commands that do it.

mod item;
mod search;

use crate::{
    network::{Network, Session},
    oracle::roles::{name_of, role_named},
    output,
    report::Format,
};
use amanah_client::{address, ask};
use amanah_domain::{
    access::Actor,
    participant::Credentials,
    roles::{Role, Roles},
};
use amanah_interfaces::registry::Registry;
use anyhow::{bail, ensure, Result};
use clap::Args;
use serde_json::json;

/// The most that a contract lists at once.
const PAGE: u32 = 50;

/// Whose work.
#[derive(Args)]
#[command(after_help = "Example: amanah worklist --caller warung-sari

It lists open applications of the registry, withdrawals for the bank, redemptions of the shop, loan cases whose next oracle it \
is, and welfare cases at its stage. Words in capitals in a command are yours to fill in.")]
pub struct Options {
    /// What waits for anybody in this role, such as civil_affairs or custom_3, instead of for the sender or --caller.
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Option<Role>,
    #[command(flatten)]
    place: Network,
}

/// Lists it.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let mut session = Session::open(&options.place)?;
    let block = session.node.head()?;
    // Lists change places while they are read, unless they are read in one block.
    session.node.pin(block)?;
    let offices = match options.role {
        Some(role) => in_role(&mut session, role)?,
        None => vec![caller(&mut session)?],
    };
    let items = search::items(&mut session, &offices)?;
    match format {
        Format::Json => output::json(&json!({ "block": block, "waiting": items })),
        Format::Text | Format::Csv => {
            for item in &items {
                output::line(&item.about);
                for command in &item.commands {
                    output::line(format_args!("    {command}"));
                }
            }
            if items.is_empty() {
                output::line("nothing waits");
            }
        }
    }
    Ok(())
}

/// A role, written as in any other command.
fn role(text: &str) -> Result<Role, String> {
    let bare = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    let found = (0..=u8::MAX).filter_map(Role::from_index).find(|role| bare(&name_of(*role)) == bare(text));
    found.map_or_else(|| role_named(text), Ok)
}

/// The sender, or whom `--caller` names.
fn caller(session: &mut Session) -> Result<Actor> {
    if session.settings.actor.is_none() && session.settings.caller.is_none() {
        bail!("whose work? Give a key (--suri-file, --keystore ..), --caller or --role");
    }
    let account = session.caller()?;
    let suite = session.suite.clone();
    let actor = ask(&mut session.node, suite.registry().governor(account.into()))?.actor;
    ensure!(
        actor.is_administrator || actor.credentials.is_some(),
        "the account {} is not registered",
        address(&account)
    );
    Ok(actor)
}

/// Everybody in a role, with that role only.
fn in_role(session: &mut Session, role: Role) -> Result<Vec<Actor>> {
    let suite = session.suite.clone();
    let mut all = Vec::new();
    let mut start = 0;
    loop {
        let page = ask(&mut session.node, suite.registry().role_members(role, start, PAGE))?;
        if page.is_empty() {
            return Ok(all);
        }
        start = start.saturating_add(u32::try_from(page.len())?);
        for number in page {
            let known = ask(&mut session.node, suite.registry().credentials_of(number))?;
            all.extend(known.map(|known| only(Actor { is_administrator: false, credentials: Some(known) }, role)));
        }
    }
}

/// The same, with this role only.
fn only(actor: Actor, role: Role) -> Actor {
    let roles = Roles::of(&[role]).unwrap_or(Roles::NONE);
    let credentials = actor.credentials.map(|known| Credentials { roles, ..known });
    Actor { is_administrator: false, credentials }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_domain::participant::Status;

    #[test]
    fn a_role_is_read_as_everywhere() {
        for text in ["CivilAffairs", "civil_affairs", "civil-affairs"] {
            assert_eq!(role(text), Ok(Role::CivilAffairs));
        }
        assert_eq!(role("Custom-3"), Ok(Role::Custom(3)));
        assert!(role("Mayor").unwrap_err().starts_with("there is no role \"Mayor\""));
    }

    #[test]
    fn whoever_is_looked_at_in_a_role_acts_in_no_other() {
        let credentials = Credentials {
            number: 7,
            account: [7; 32],
            roles: Roles::of(&[Role::Bank, Role::Government]).unwrap(),
            status: Status::Active,
            key: [7; 32],
            epoch: 0,
            blacklisted: false,
            identity_valid_until: 0,
        };
        let bank = only(Actor { is_administrator: true, credentials: Some(credentials) }, Role::Bank);
        assert!(bank.acts_as(Role::Bank) && !bank.acts_as(Role::Government) && !bank.is_administrator);
    }
}
