//! `amanah import`: CSV files to the chain, row by row accounted for, and continued after any interruption.

mod batches;
mod files;
mod journal;
mod steps;

pub use files::{amount, number_type, registrar_key, Categories};

use crate::{
    exit::{Continues, InPart},
    network::{Network, Session},
    output,
    report::{table, Format, Report},
    rows::{read, Fields, Refused, Rows},
};
use amanah_client::{
    abi::{read_length, Scope},
    address, ask,
};
use amanah_domain::{
    crypto::{Crypto, Native},
    identity::NumberType,
    ids::{Account, ProgrammeId},
    roles::Role,
    time::Millis,
};
use amanah_interfaces::{
    registry::{Registration, Registry},
    voucher::{Admission, Funding},
    AccountId, MOST_ROWS,
};
use anyhow::{ensure, Context, Result};
use batches::Step;
use clap::{Args, Subcommand};
use journal::{About, Journal, Outcome};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// What is in the file.
#[derive(Subcommand)]
pub enum Command {
    /// Registers people as Citizen, and creates a blank voucher for each. By Government, the programme's owner.
    ///
    /// Columns: nik (16 digits), or identity_number and identity_type (national, passport, organisation); category; optionally
    /// row, name (which must not be empty then, and goes nowhere), account (an address or a name; without it the registrar
    /// keeps one), amount (for the bank: it is copied to the results). Others are ignored and go nowhere.
    ///
    /// Example: amanah import beneficiaries people.csv --programme 1 --registrar-key registrar.key --categories
    /// staples=0,protein=1 -x
    Beneficiaries(Box<Beneficiaries>),
    /// Registers shops and admits them to a programme. By Government, the programme's owner.
    ///
    /// Columns: licence, or identity_number and identity_type; categories (separated by |); optionally row, account, daily_cap
    /// (in the money's units; 0 or nothing for no limit).
    ///
    /// Example: amanah import shops shops.csv --programme 1 --registrar-key registrar.key --categories staples=0 -x
    Shops(Box<Beneficiaries>),
    /// Funds vouchers. By the programme's bank.
    ///
    /// Columns: voucher and amount (in the money's units): the results of `import beneficiaries` are such a file. Rows
    /// without a voucher are passed over.
    ///
    /// Example: amanah import fundings people.csv.results.csv --programme 1 --keystore bank.json -x
    Fundings(Box<Common>),
}

/// What an import of people needs.
#[derive(Args)]
pub struct Beneficiaries {
    /// The file whose 64 hex digits are the key of identity commitments; `amanah identity keygen` makes one. It never
    /// leaves the registrar.
    #[arg(long, value_name = "FILE")]
    registrar_key: PathBuf,
    /// The names of categories in the file, with their numbers on chain.
    #[arg(long, value_name = "NAME=NUMBER,..", default_value = "", value_parser = categories)]
    categories: Categories,
    /// How long the identities count as valid, from now: 365d for example.
    #[arg(long, value_name = "DURATION", default_value = "1825d", value_parser = read_length)]
    identity_valid_for: Millis,
    /// People who are registered already count as registered, instead of being refused.
    #[arg(long)]
    adopt: bool,
    #[command(flatten)]
    common: Common,
}

fn categories(text: &str) -> Result<Categories, String> {
    if text.is_empty() {
        Ok(Categories::default())
    } else {
        text.parse()
    }
}

/// What every import needs.
#[derive(Args)]
pub struct Common {
    /// The CSV file: UTF-8, with a heading.
    file: PathBuf,
    /// The programme's number.
    #[arg(long, value_name = "NUMBER")]
    programme: ProgrammeId,
    /// How many rows go into one transaction.
    #[arg(long, value_name = "ROWS", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_ROWS)))]
    batch: u32,
    /// Where each row's outcome is written, as CSV; usually FILE.results.csv. It holds no personal data.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Where what was sent is written down, so that the same command continues; usually FILE.KIND.journal. Keep it.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Sends it; without this the rows are only checked.
    #[arg(short = 'x', long)]
    execute: bool,
    #[command(flatten)]
    place: Network,
}

/// A row's end.
struct Ended {
    row: u64,
    line: u64,
    outcome: Result<(), String>,
    account: Option<Account>,
    participant: Option<u64>,
    voucher: Option<u64>,
    amount: Option<u128>,
}

/// An import under way.
struct Import<'a> {
    kind: &'static str,
    common: &'a Common,
    session: Session,
    journal: Journal,
    report: Report,
    started: Instant,
}

/// Imports a file.
pub fn run(format: Format, command: &Command) -> Result<()> {
    match command {
        Command::Beneficiaries(options) => beneficiaries(format, options),
        Command::Shops(options) => shops(format, options),
        Command::Fundings(common) => fundings(format, common),
    }
}

/// What a row of people says, beside who it is.
struct Row<T> {
    row: u64,
    registration: Registration,
    more: T,
}

fn beneficiaries(format: Format, options: &Beneficiaries) -> Result<()> {
    let key = registrar_key(&options.registrar_key)?;
    let session = Session::open(&options.common.place)?;
    let rows = people(&session, options, &key, NumberType::National, Role::Citizen, |fields| {
        let amount = files::amount(fields, "amount", &session)?;
        ensure!(amount != Some(0), "the amount is 0");
        Ok((options.categories.of(fields)?, amount))
    })?;
    if !options.common.execute {
        return checked(format, &rows.refused, rows.count);
    }
    let mut import = Import::begin("beneficiaries", format, &options.common, session)?;
    let registered = import.register(options.adopt, &rows.accepted)?;
    let blanks = registered.into_iter().map(|(line, holder, account, (category, _))| {
        (line, steps::Blank { holder, account, category: *category, expires: None })
    });
    import.run(&steps::Create { programme: options.common.programme }, "creating vouchers", blanks)?;
    let ended = import.ended(steps::Create::NAME, &rows.accepted).into_iter().zip(&rows.accepted);
    let ended = ended.map(|(ended, (line, row))| {
        let voucher = import.outcome(steps::Create::NAME, *line).ok();
        Ended { voucher, amount: row.more.1, ..ended }
    });
    let ended = ended.collect();
    import.end(format, ended, rows.refused)
}

fn shops(format: Format, options: &Beneficiaries) -> Result<()> {
    let key = registrar_key(&options.registrar_key)?;
    let session = Session::open(&options.common.place)?;
    let rows = people(&session, options, &key, NumberType::Organisation, Role::Shop, |fields| {
        Ok((options.categories.all_of(fields)?, files::amount(fields, "daily_cap", &session)?.unwrap_or(0)))
    })?;
    if !options.common.execute {
        return checked(format, &rows.refused, rows.count);
    }
    let mut import = Import::begin("shops", format, &options.common, session)?;
    let registered = import.register(options.adopt, &rows.accepted)?;
    let admissions = registered.into_iter().map(|(line, number, shop, (categories, daily_cap))| {
        (line, (number, Admission { shop, categories: categories.clone(), daily_cap: *daily_cap }))
    });
    import.run(&steps::Admit { programme: options.common.programme }, "admitting", admissions)?;
    let ended = import.ended(steps::Admit::NAME, &rows.accepted);
    import.end(format, ended, rows.refused)
}

fn fundings(format: Format, common: &Common) -> Result<()> {
    let session = Session::open(&common.place)?;
    let rows = read(&common.file, |fields| {
        let Some(voucher) = files::voucher(fields)? else { return Ok(None) };
        let amount = files::amount(fields, "amount", &session)?.context("the amount is missing")?;
        Ok(Some(Funding { voucher, amount }))
    })?;
    if !common.execute {
        return checked(format, &rows.refused, rows.count);
    }
    let mut import = Import::begin("fundings", format, common, session)?;
    let fundings: Vec<(u64, Funding)> =
        rows.accepted.into_iter().filter_map(|(line, funding)| Some((line, funding?))).collect();
    import.run(&steps::Fund { programme: common.programme }, "funding", fundings.iter().cloned())?;
    let ended = fundings.iter().map(|(line, funding)| Ended {
        row: *line,
        line: *line,
        outcome: import.outcome(steps::Fund::NAME, *line).map(|_| ()),
        account: None,
        participant: None,
        voucher: Some(funding.voucher),
        amount: Some(funding.amount),
    });
    let ended = ended.collect();
    import.end(format, ended, rows.refused)
}

/// The people of a file.
fn people<T>(
    session: &Session,
    options: &Beneficiaries,
    key: &[u8; 32],
    kind: NumberType,
    role: Role,
    more: impl Fn(&Fields) -> Result<T>,
) -> Result<Rows<(u64, Row<T>)>> {
    let valid_until = session.now().map_err(anyhow::Error::msg)?.saturating_add(options.identity_valid_for);
    let rows = read(&options.common.file, |fields| {
        let files::Person { identity, account } = files::person(fields, key, kind, session)?;
        Ok(Row {
            row: fields.get("row").and_then(|row| row.parse().ok()).unwrap_or(0),
            registration: Registration {
                account: account.into(),
                identity,
                identity_valid_until: valid_until,
                roles: vec![role],
                key: None,
            },
            more: more(fields)?,
        })
    })?;
    // The registry would refuse the others.
    Ok(rows.first_of_each(
        |row| row.registration.identity,
        |line, row, first| {
            let reason = format!("the identity number is that of line {first}, which came first");
            Refused { row: row.row, line, reason }
        },
    ))
}

impl<'a> Import<'a> {
    fn begin(kind: &'static str, format: Format, common: &'a Common, session: Session) -> Result<Self> {
        let bytes = fs::read(&common.file).with_context(|| common.file.display().to_string())?;
        let about = About {
            kind: kind.to_owned(),
            file: format!("0x{}", hex::encode(Native::blake2b_256(&bytes))),
            genesis: session.deployment.genesis.clone(),
            programme: Some(common.programme),
            sender: address(&session.actor()?.account()),
        };
        let usual = || beside(&common.file, &format!("{kind}.journal"));
        let journal = Journal::open(&common.journal.clone().unwrap_or_else(usual), &about)?;
        Ok(Self { kind, common, session, journal, report: Report::new(format), started: Instant::now() })
    }

    fn run<S: Step>(&mut self, step: &S, doing: &'static str, rows: impl Iterator<Item = (u64, S::Row)>) -> Result<()> {
        let rows: Vec<(u64, S::Row)> = rows.collect();
        let bar = self.report.progress(rows.len() as u64, doing);
        let known = rows.iter().filter(|(line, _)| self.journal.outcome(S::NAME, *line).is_some()).count();
        bar.inc(known as u64);
        let batch = self.common.batch as usize;
        let done = batches::run(&mut self.session, &mut self.journal, step, &rows, batch, &bar);
        bar.finish_and_clear();
        done.with_context(|| Continues(format!("{doing} stopped; the same command continues where it was")))
    }

    /// Registers people; gives the line, number, account and what else the row says of each who is registered then.
    fn register<'r, T>(&mut self, adopt: bool, rows: &'r [(u64, Row<T>)]) -> Result<Vec<(u64, u64, AccountId, &'r T)>> {
        let registrations = rows.iter().map(|(line, row)| (*line, row.registration.clone()));
        self.run(&steps::Register { adopt }, "registering", registrations)?;
        let mut registered = Vec::new();
        for (line, row) in rows {
            if let Some((number, account)) = self.registered(*line, row.registration.account)? {
                registered.push((*line, number, account, &row.more));
            }
        }
        Ok(registered)
    }

    /// The number and account of the participant that a row was registered as, or had been already.
    fn registered(&mut self, line: u64, account: AccountId) -> Result<Option<(u64, AccountId)>> {
        let (number, was_there) = match self.journal.outcome(steps::Register::NAME, line) {
            Some((Outcome::Done(number), transaction)) => (*number, transaction.is_none()),
            _ => return Ok(None),
        };
        if !was_there {
            return Ok(Some((number, account)));
        }
        let there = ask(&mut self.session.node, self.session.suite.registry().credentials_of(number))?;
        Ok(there.map(|there| (number, there.account.into())))
    }

    /// What came of people's registration and of a second step.
    fn ended<T>(&self, second: &str, rows: &[(u64, Row<T>)]) -> Vec<Ended> {
        let ended = rows.iter().map(|(line, row)| {
            let registered = self.outcome(steps::Register::NAME, *line);
            Ended {
                row: row.row,
                line: *line,
                outcome: registered.clone().and(self.outcome(second, *line)).map(drop),
                account: Some(*row.registration.account.as_ref()),
                participant: registered.ok(),
                voucher: None,
                amount: None,
            }
        });
        ended.collect()
    }

    fn outcome(&self, step: &str, line: u64) -> Result<u64, String> {
        match self.journal.outcome(step, line) {
            Some((Outcome::Done(number), _)) => Ok(*number),
            Some((Outcome::Refused(reason), _)) => Err(reason.clone()),
            None => Err("not reached".to_owned()),
        }
    }

    /// Writes the results, and says how it went.
    fn end(self, format: Format, ended: Vec<Ended>, senseless: Vec<Refused>) -> Result<()> {
        let results = self.common.results.clone().unwrap_or_else(|| beside(&self.common.file, "results.csv"));
        let mut refused: Vec<Refused> = senseless;
        refused.extend(ended.iter().filter_map(|one| {
            let reason = one.outcome.as_ref().err()?.clone();
            Some(Refused { row: one.row, line: one.line, reason })
        }));
        refused.sort_by_key(|one| one.line);
        self.write_results(&results, &ended, &refused).with_context(|| unwritten(&results))?;
        let done = ended.iter().filter(|one| one.outcome.is_ok()).count();
        let seconds = self.started.elapsed().as_secs_f64();
        let rows = done + refused.len();
        match format {
            Format::Json => output::json(&json!({ "kind": self.kind, "rows": rows, "done": done, "refused": refused,
                    "results": results.display().to_string(), "seconds": seconds })),
            Format::Text | Format::Csv => {
                if !refused.is_empty() {
                    let mut shown = table(&["line", "row", "refused because"]);
                    for one in &refused {
                        shown.add_row([one.line.to_string(), one.row.to_string(), one.reason.clone()]);
                    }
                    output::line(shown);
                }
                output::line(format_args!(
                    "{done} of {rows} rows are done ({seconds:.1} s); {} says what became of each",
                    results.display()
                ));
            }
        }
        in_part(refused.len(), rows)
    }

    fn write_results(&self, path: &Path, ended: &[Ended], refused: &[Refused]) -> Result<()> {
        let new = path.with_extension("new");
        let mut csv = csv::Writer::from_path(&new)?;
        csv.write_record(["line", "row", "outcome", "account", "participant", "voucher", "amount", "reason"])?;
        let number = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
        let mut lines: BTreeMap<u64, [String; 8]> = BTreeMap::new();
        for one in refused {
            let Refused { row, line, reason } = one;
            let bare = String::new;
            lines.insert(
                *line,
                [line.to_string(), row.to_string(), "refused".into(), bare(), bare(), bare(), bare(), reason.clone()],
            );
        }
        for one in ended.iter().filter(|one| one.outcome.is_ok()) {
            let account = one.account.map_or(String::new(), |account| address(&account));
            let amount =
                one.amount.map_or(String::new(), |amount| amanah_client::abi::amount(amount, self.session.decimals()));
            let (line, row) = (one.line.to_string(), one.row.to_string());
            let (participant, voucher) = (number(one.participant), number(one.voucher));
            lines.insert(one.line, [line, row, "done".into(), account, participant, voucher, amount, String::new()]);
        }
        for line in lines.values() {
            csv.write_record(line)?;
        }
        csv.flush()?;
        fs::rename(&new, path)?;
        Ok(())
    }
}

/// What has been done by then.
fn unwritten(results: &Path) -> String {
    format!(
        "every row was sent or refused, and only the results are missing: once {} can be written, the same command writes it and \
         sends nothing again",
        results.display()
    )
}

/// What a check without sending says.
fn checked(format: Format, refused: &[Refused], rows: usize) -> Result<()> {
    match format {
        Format::Json => output::json(&json!({ "sent": false, "rows": rows, "refused": refused })),
        Format::Text | Format::Csv => {
            for one in refused {
                output::line(format_args!("line {}: {}", one.line, one.reason));
            }
            output::line(format_args!(
                "{} of {rows} rows make sense; nothing was sent, -x sends them",
                rows - refused.len()
            ));
        }
    }
    in_part(refused.len(), rows)
}

fn in_part(refused: usize, rows: usize) -> Result<()> {
    match refused {
        0 => Ok(()),
        refused => Err(InPart { refused, rows }.into()),
    }
}

/// The file's name with something at its end.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}
