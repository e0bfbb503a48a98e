//! `amanah roll`: makes a roll of a CSV file (docs/rolls.md), compares it with what was published, proves its entries and
//! claims them.

use crate::{
    call::call,
    exit::{Mismatch, Shown},
    files,
    import::{amount, Categories},
    network::{Network, Session},
    output,
    report::{table, Format},
    rows::{read, Fields, Refused, Rows},
};
use amanah_client::{
    abi::{self, read_amount, read_point, Scope},
    ask,
};
use amanah_domain::{
    crypto::Native,
    ids::{ParticipantId, ProgrammeId, RollId},
    layout::{DomainSeparator, RollEntry, RollHash},
    merkle,
    money::Amount,
    programme,
    roll::RollStatus,
    time::{is_plausible, Millis},
};
use amanah_interfaces::{registry::Registry, voucher::Voucher, Balance};
use anyhow::{anyhow, ensure, Context, Result};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// What can be done with a roll.
#[derive(Subcommand)]
pub enum Command {
    /// Makes a roll of a CSV file and writes it down. Its root is what `amanah voucher publish-roll` wants, and by its file it is
    /// checked, proved and claimed. Nothing is sent.
    ///
    /// Columns: participant (its number in the registry), category, amount (in the money's units); optionally expires (when
    /// the voucher ends). One row for each participant and category. Others are ignored and go nowhere. A file with a wrong
    /// row makes no roll.
    ///
    /// Example: amanah roll make people.csv --programme 1 --categories staples=0 --expires +90d
    Make(Box<Make>),
    /// Compares a roll's file with what was published: for the bank, before it funds. Until then each entry is looked at as
    /// `amanah roll make` does, whoever made the roll: entries that could never be claimed are shown, and those that give
    /// somebody a second voucher of a category.
    ///
    /// Example: amanah roll check roll-1.json
    Check(Box<Check>),
    /// Prints an entry with its proof, as `voucher claim` wants them, here and in other tools. Asks no node.
    ///
    /// Example: amanah roll proof roll-1.json --participant 7
    Proof(Which),
    /// Claims an entry for its holder. Anybody may.
    ///
    /// Example: amanah roll claim roll-1.json --participant 7 -x
    Claim(Box<Claim>),
}

/// What a roll is made of.
#[derive(Args)]
pub struct Make {
    /// The CSV file: UTF-8, with a heading.
    rows: PathBuf,
    /// The number of the programme that the vouchers will belong to.
    #[arg(long, value_name = "NUMBER")]
    programme: ProgrammeId,
    /// The roll's number, which is part of every entry. Usually the next one, if nobody publishes another roll before.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    roll: Option<RollId>,
    /// The names of categories in the file, with their numbers on chain.
    #[arg(long, value_name = "NAME=NUMBER,..")]
    categories: Option<Categories>,
    /// When the vouchers end whose row does not say it: 2026-12-31 or +90d for example.
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// Where the roll is written; usually roll-NUMBER.json. The file must not be there: nobody can claim without it.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    place: Network,
}

/// What is compared.
#[derive(Args)]
pub struct Check {
    /// The roll's file, as `amanah roll make` wrote it.
    file: PathBuf,
    #[command(flatten)]
    place: Network,
}

/// Which entry.
#[derive(Args)]
pub struct Which {
    /// The roll's file, as `amanah roll make` wrote it.
    file: PathBuf,
    /// The entry's place on the roll, from 0.
    #[arg(long, value_name = "NUMBER", required_unless_present = "participant", conflicts_with = "participant")]
    index: Option<u64>,
    /// The holder's number in the registry, if it stands on the roll once.
    #[arg(long, value_name = "NUMBER")]
    participant: Option<ParticipantId>,
}

/// What is claimed.
#[derive(Args)]
pub struct Claim {
    #[command(flatten)]
    which: Which,
    /// Sends it; without this it is run dry, and nothing changes.
    #[arg(short = 'x', long)]
    execute: bool,
    #[command(flatten)]
    place: Network,
}

/// Does it.
pub fn run(format: Format, command: &Command) -> Result<()> {
    match command {
        Command::Make(options) => make(format, options),
        Command::Check(options) => check(format, options),
        Command::Proof(which) => {
            let roll = Roll::read(&which.file)?;
            output::json(&Value::Object(roll.arguments(roll.find(which)?)?.into_iter().collect()));
            Ok(())
        }
        Command::Claim(options) => claim(format, options),
    }
}

fn make(format: Format, options: &Make) -> Result<()> {
    let mut session = Session::open(&options.place)?;
    let number = match options.roll {
        Some(number) => number,
        None => ask(&mut session.node, session.suite.voucher().roll_count())?.saturating_add(1),
    };
    let file = options.file.clone().unwrap_or_else(|| format!("roll-{number}.json").into());
    ensure!(!file.exists(), "{} is there, and nobody can claim without it: name another one by --file", file.display());
    let limits = Limits::of(&mut session, options.programme)?;
    let end = options.expires.as_deref().map(|text| point(text, &session)).transpose().context("--expires")?;
    let categories = options.categories.clone().unwrap_or_default();
    let rows = read(&options.rows, |fields| {
        let entry = entry(fields, &categories, end, &session)?;
        limits.must_be_kept_by(&entry)?;
        Ok(entry)
    })?;
    let rows = without_repeated(rows, "line");
    if !rows.refused.is_empty() {
        let (wrong, all) = (rows.refused.len(), rows.count);
        show_refused(format, &rows, ["rows", "line"]);
        return Err(anyhow!("{wrong} of {all} rows are wrong, so no roll was made").context(Shown));
    }
    let entries = (0..).zip(rows.accepted).map(|(index, (_, entry))| RollEntry { index, ..entry }).collect();
    let domain = session.suite.voucher_domain();
    let roll = Roll::new(number, options.programme, domain, session.decimals(), entries)
        .with_context(|| options.rows.display().to_string())?;
    roll.write(&file)?;
    roll.tell(format, "file", file.display().to_string().into());
    if format != Format::Json {
        let (programme, root) = (roll.programme, hash(&roll.tree.root));
        output::line(format_args!(
            "publish it, with the day by which it must be claimed, before anybody publishes another roll:"
        ));
        output::line(format_args!(
            "  amanah voucher publish-roll --programme {programme} --root {root} --count {} --total {} --deadline TIME -x",
            roll.tree.entries.len(),
            abi::amount(roll.total, roll.decimals)
        ));
    }
    Ok(())
}

/// A row's entry; its place is given to it later.
fn entry(fields: &Fields, categories: &Categories, end: Option<Millis>, scope: &dyn Scope) -> Result<RollEntry> {
    let participant = fields.need("participant")?;
    let holder = participant.parse().ok().filter(|number| *number > 0);
    let holder = holder.with_context(|| format!("the participant {participant:?} is no number in the registry"))?;
    let amount = amount(fields, "amount", scope)?.context("the column amount is missing or empty")?;
    let expires = match fields.get("expires") {
        Some(text) => point(text, scope).context("expires")?,
        None => end.context("there is neither a column expires nor --expires")?,
    };
    Ok(RollEntry { index: 0, holder, category: categories.of(fields)?, amount, expires })
}

fn point(text: &str, scope: &dyn Scope) -> Result<Millis> {
    let at = read_point(text, scope).map_err(|rule| anyhow!("{text:?} must be {rule}"))?;
    ensure!(is_plausible(at), "{text:?} is no time between 2020 and 2200");
    Ok(at)
}

/// What an entry must keep to, or it could never be claimed.
struct Limits {
    /// The programme's.
    categories: programme::Categories,
    /// What a voucher of the programme is worth at most.
    most: Balance,
    /// The latest participant's number; they are numbered from 1, and stay.
    last: ParticipantId,
    /// How many decimals amounts have.
    decimals: u8,
    /// The chain's time.
    now: Millis,
}

impl Limits {
    /// Those of a programme now; a roll that was published keeps the most of that day.
    fn of(session: &mut Session, number: ProgrammeId) -> Result<Self> {
        let programme = ask(&mut session.node, session.suite.voucher().programme(number))?;
        let programme = programme.with_context(|| format!("there is no programme {number}"))?;
        Ok(Self {
            categories: programme.categories,
            most: programme.most_per_voucher.balance(),
            last: ask(&mut session.node, session.suite.registry().participant_count())?,
            decimals: session.decimals(),
            now: session.now().map_err(anyhow::Error::msg)?,
        })
    }

    fn must_be_kept_by(&self, entry: &RollEntry) -> Result<()> {
        let RollEntry { holder, category, amount, expires, .. } = *entry;
        let text = |amount| abi::amount(amount, self.decimals);
        let (last, most, now) = (self.last, self.most, self.now);
        ensure!((1..=last).contains(&holder), "there is no participant {holder}; the last one is {last}");
        ensure!(self.categories.has(category), "the programme has no category {category}");
        ensure!(amount > 0, "the amount is 0");
        ensure!(amount <= most, "the amount is {}, and a voucher is worth at most {}", text(amount), text(most));
        ensure!(expires > now, "the voucher would end at {}, and it is {}", abi::point(expires), abi::point(now));
        Ok(())
    }
}

/// Of several entries for one participant and category, the first. `place` says what their numbers count.
fn without_repeated(rows: Rows<(u64, RollEntry)>, place: &str) -> Rows<(u64, RollEntry)> {
    let mut rows = rows.first_of_each(
        |entry| (entry.holder, entry.category),
        |line, _, first| {
            let reason = format!("participant and category are those of {place} {first}, which came first");
            Refused { row: line, line, reason }
        },
    );
    rows.refused.sort_by_key(|one| one.line);
    rows
}

/// Shows what is wrong with which. They are called `all` together, and each by its `place`.
fn show_refused(format: Format, rows: &Rows<(u64, RollEntry)>, [all, place]: [&str; 2]) {
    match format {
        Format::Json => {
            let refused = rows.refused.iter().map(|one| json!({ place: one.line, "reason": one.reason }));
            output::json(&json!({ all: rows.count, "refused": refused.collect::<Vec<_>>() }));
        }
        Format::Text | Format::Csv => {
            let mut shown = table(&[place, "wrong because"]);
            for one in &rows.refused {
                shown.add_row([one.line.to_string(), one.reason.clone()]);
            }
            output::line(shown);
        }
    }
}

fn check(format: Format, options: &Check) -> Result<()> {
    let roll = Roll::read(&options.file)?;
    let mut session = Session::open(&options.place)?;
    roll.must_be_of(&session)?;
    let number = roll.number;
    let there = ask(&mut session.node, session.suite.voucher().roll(number))?;
    let there = there.with_context(|| format!("roll {number} was not published"))?;
    let units = |amount| abi::amount(amount, roll.decimals);
    for (what, in_file, published) in [
        ("root", hash(&roll.tree.root), hash(&there.root)),
        ("count", roll.tree.entries.len().to_string(), there.count.to_string()),
        ("total", units(roll.total), units(there.total.balance())),
        ("programme", roll.programme.to_string(), there.programme.to_string()),
    ] {
        if in_file != published {
            let file = options.file.display();
            return Err(
                Mismatch(format!("the {what} of roll {number} is {published}, and {file} has {in_file}")).into()
            );
        }
    }
    // Who funds it will want to know; later on entries end, or are claimed.
    if there.status == RollStatus::Published {
        let most = there.most_per_voucher.balance();
        let limits = Limits { most, ..Limits::of(&mut session, roll.programme)? };
        let entries = looked_at(&roll.tree.entries, &limits);
        if !entries.refused.is_empty() {
            let (wrong, all) = (entries.refused.len(), entries.count);
            show_refused(format, &entries, ["entries", "entry"]);
            return Err(anyhow!("{wrong} of the {all} entries of roll {number} are wrong").context(Shown));
        }
    }
    roll.tell(format, "status", format!("{:?}", there.status).into());
    Ok(())
}

/// The entries, those apart that could never be claimed or give somebody a second voucher of a category.
fn looked_at(entries: &[RollEntry], limits: &Limits) -> Rows<(u64, RollEntry)> {
    let mut rows = Rows { count: entries.len(), accepted: Vec::new(), refused: Vec::new() };
    for entry in entries {
        match limits.must_be_kept_by(entry) {
            Ok(()) => rows.accepted.push((entry.index, *entry)),
            Err(error) => {
                rows.refused.push(Refused { row: entry.index, line: entry.index, reason: error.to_string() });
            }
        }
    }
    without_repeated(rows, "entry")
}

fn claim(format: Format, options: &Claim) -> Result<()> {
    let roll = Roll::read(&options.which.file)?;
    let at = roll.find(&options.which)?;
    let mut session = Session::open(&options.place)?;
    roll.must_be_of(&session)?;
    let arguments = roll.arguments(at)?;
    let abi = session.abi("voucher")?.clone();
    call(&mut session, &abi, "claim", &arguments, options.execute)?.print(format);
    Ok(())
}

/// A roll, whose tree is made.
#[derive(Debug)]
struct Roll {
    number: RollId,
    programme: ProgrammeId,
    domain: DomainSeparator,
    decimals: u8,
    tree: Tree,
    total: Balance,
}

/// Entries, and the Merkle tree over them.
#[derive(Debug)]
pub struct Tree {
    pub entries: Vec<RollEntry>,
    leaves: Vec<RollHash>,
    pub root: RollHash,
}

impl Tree {
    /// The tree of this roll's entries.
    ///
    /// # Errors
    /// When there is no entry.
    pub fn new(domain: &DomainSeparator, number: RollId, entries: Vec<RollEntry>) -> Result<Self> {
        let leaves: Vec<RollHash> = entries.iter().map(|entry| entry.leaf::<Native>(domain, number)).collect();
        let root = merkle::root::<Native>(&leaves).context("a roll needs an entry")?;
        Ok(Self { entries, leaves, root })
    }

    /// What proves the entry at this place.
    ///
    /// # Errors
    /// When there is none.
    pub fn proof(&self, place: usize) -> Result<Vec<RollHash>> {
        merkle::proof::<Native>(&self.leaves, place).with_context(|| format!("the roll has no entry {place}"))
    }
}

/// The same in its file. Root, count and total follow from the entries, and show when these were changed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    roll: RollId,
    programme: ProgrammeId,
    /// The voucher contract's domain separator, which is part of every entry.
    domain: String,
    /// How many decimals amounts have.
    decimals: u8,
    root: String,
    count: u64,
    total: String,
    entries: Vec<Line>,
}

/// An entry in a file; its place is where it stands.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    holder: ParticipantId,
    category: u8,
    /// In the money's units.
    amount: String,
    /// In milliseconds since 1970.
    expires: Millis,
}

impl Roll {
    fn new(
        number: RollId,
        programme: ProgrammeId,
        domain: DomainSeparator,
        decimals: u8,
        entries: Vec<RollEntry>,
    ) -> Result<Self> {
        let tree = Tree::new(&domain, number, entries)?;
        let total = tree.entries.iter().try_fold(0, |sum: Balance, entry| sum.checked_add(entry.amount));
        let total = total.filter(|total| Amount::from_balance(*total).is_ok());
        let total = total.context("the amounts are together more than there can be")?;
        Ok(Self { number, programme, domain, decimals, tree, total })
    }

    fn read(file: &Path) -> Result<Self> {
        let read = || {
            let text = fs::read_to_string(file)?;
            Self::parse(&text)
        };
        read().with_context(|| file.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let Written { roll, programme, domain, decimals, root, count, total, entries } =
            serde_json::from_str(text).map_err(|error| anyhow!("this is no roll: {error}"))?;
        let mut separator = [0; 32];
        hex::decode_to_slice(domain.trim_start_matches("0x"), &mut separator)
            .map_err(|_| anyhow!("domain is {domain:?} and must be 32 bytes in hex"))?;
        let entry = |(index, line): (u64, Line)| {
            let amount = read_amount(&line.amount, decimals);
            let amount =
                amount.map_err(|rule| anyhow!("entry {index}: amount is {:?} and must be {rule}", line.amount))?;
            let Line { holder, category, expires, .. } = line;
            Ok(RollEntry { index, holder, category, amount, expires })
        };
        let entries = (0..).zip(entries).map(entry).collect::<Result<_>>()?;
        let read = Self::new(roll, programme, separator, decimals, entries)?;
        let follows = (hash(&read.tree.root), read.tree.entries.len() as u64, abi::amount(read.total, decimals));
        ensure!(
            follows == (root, count, total),
            "its root, count and total do not follow from its entries: it was changed"
        );
        Ok(read)
    }

    fn write(&self, file: &Path) -> Result<()> {
        let line = |entry: &RollEntry| Line {
            holder: entry.holder,
            category: entry.category,
            amount: abi::amount(entry.amount, self.decimals),
            expires: entry.expires,
        };
        let written = Written {
            roll: self.number,
            programme: self.programme,
            domain: hash(&self.domain),
            decimals: self.decimals,
            root: hash(&self.tree.root),
            count: self.tree.entries.len() as u64,
            total: abi::amount(self.total, self.decimals),
            entries: self.tree.entries.iter().map(line).collect(),
        };
        files::replace(file, &serde_json::to_vec_pretty(&written)?)
    }

    /// The place of the entry that is meant.
    fn find(&self, which: &Which) -> Result<usize> {
        let count = self.tree.entries.len();
        if let Some(index) = which.index {
            let place = usize::try_from(index).ok().filter(|place| *place < count);
            return place
                .with_context(|| format!("roll {} has the entries 0 to {}, and no {index}", self.number, count - 1));
        }
        let holder = which.participant.unwrap_or_default();
        let mut of_holder = self.tree.entries.iter().filter(|entry| entry.holder == holder).map(|entry| entry.index);
        let first = of_holder.next().with_context(|| format!("participant {holder} is not on roll {}", self.number))?;
        let others: Vec<String> = of_holder.map(|index| index.to_string()).collect();
        ensure!(
            others.is_empty(),
            "participant {holder} has the entries {first}, {}: say which one by --index",
            others.join(", ")
        );
        Ok(usize::try_from(first)?)
    }

    /// What `voucher claim` wants for the entry at this place.
    fn arguments(&self, place: usize) -> Result<BTreeMap<String, Value>> {
        let proof = self.tree.proof(place)?;
        let RollEntry { index, holder, category, amount, expires } = self.tree.entries[place];
        let amount = abi::amount(amount, self.decimals);
        let entry =
            json!({ "index": index, "holder": holder, "category": category, "amount": amount, "expires": expires });
        let proof = proof.iter().map(hash).collect::<Vec<_>>();
        let arguments = [("roll", json!(self.number)), ("entry", entry), ("proof", json!(proof))];
        Ok(arguments.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// Must be of this suite's voucher contract, on this chain, and count its money in the same units.
    fn must_be_of(&self, session: &Session) -> Result<()> {
        let (here, there) = (hash(&self.domain), hash(&session.suite.voucher_domain()));
        let wrong = if here != there {
            format!(
                "the roll was made for another voucher contract or chain: its domain separator is {here}, and this one's {there}"
            )
        } else if self.decimals != session.decimals() {
            format!("the roll's amounts have {} decimals, and the money has {}", self.decimals, session.decimals())
        } else {
            return Ok(());
        };
        Err(Mismatch(wrong).into())
    }

    fn tell(&self, format: Format, more: &str, value: Value) {
        let (count, total) = (self.tree.entries.len(), abi::amount(self.total, self.decimals));
        let (number, root) = (self.number, hash(&self.tree.root));
        match format {
            Format::Json => output::json(&json!({
                "roll": number, "programme": self.programme, "root": root, "count": count, "total": total, more: value
            })),
            Format::Text | Format::Csv => {
                output::line(format_args!("roll {number}: {count} entries worth {total} together, root {root}"));
                output::line(format_args!("  {more}: {}", abi::spoken(&value)));
            }
        }
    }
}

fn hash(bytes: &RollHash) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::town::Town;

    const END: Millis = 1_810_000_000_000;

    fn limits() -> Limits {
        let categories = programme::Categories::of(&[0, 1]).unwrap();
        Limits { categories, most: 1_250, last: 9, decimals: 2, now: Town.now().unwrap() }
    }

    fn rows(text: &str) -> Rows<(u64, RollEntry)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        fs::write(&path, text).unwrap();
        let categories: Categories = "staples=0,protein=1".parse().unwrap();
        let read = read(&path, |fields| {
            let entry = entry(fields, &categories, Some(END), &Town)?;
            limits().must_be_kept_by(&entry)?;
            Ok(entry)
        });
        without_repeated(read.unwrap(), "line")
    }

    fn three() -> Roll {
        let text = "participant,category,amount,expires\n7,staples,12.50,\n9,protein,3,2027-06-01\n7,protein,1,\n";
        let rows = rows(text);
        assert_eq!(rows.refused, []);
        let entries = (0..).zip(rows.accepted).map(|(index, (_, entry))| RollEntry { index, ..entry }).collect();
        Roll::new(3, 1, [5; 32], 2, entries).unwrap()
    }

    fn which(index: Option<u64>, participant: Option<u64>) -> Which {
        Which { file: PathBuf::new(), index, participant }
    }

    #[test]
    fn rows_become_entries_in_their_order_with_the_usual_end_where_they_have_none() {
        let roll = three();
        let entry = |index, holder, category, amount, expires| RollEntry { index, holder, category, amount, expires };
        let june = 1_811_808_000_000;
        assert_eq!(
            roll.tree.entries,
            [entry(0, 7, 0, 1_250, END), entry(1, 9, 1, 300, june), entry(2, 7, 1, 100, END)]
        );
        assert_eq!(roll.total, 1_650);
    }

    #[test]
    fn a_wrong_row_is_named_with_its_line_and_the_rule() {
        let text = "participant,category,amount,expires\n7,staples,0,\nsiti,staples,1,\n0,staples,1,\n7,shoes,1,\n7,staples,x,\n\
                    7,staples,1,2026-01-01\n8,staples,1,\n8,staples,2,\n7,staples,1,1800000000\n7,,1,\n";
        let refused: Vec<_> = rows(text).refused.into_iter().map(|one| (one.line, one.reason)).collect();
        for ((line, reason), (expected, with)) in refused.iter().zip([
            (2, "the amount is 0"),
            (3, "\"siti\" is no number"),
            (4, "\"0\" is no number"),
            (5, "the category \"shoes\" is unknown"),
            (6, "amount is \"x\""),
            (7, "would end at 2026-01-01T00:00:00Z"),
            (9, "those of line 8"),
            (10, "no time between 2020 and 2200"),
            (11, "category is missing or empty"),
        ]) {
            assert_eq!(*line, expected, "{reason}");
            assert!(reason.contains(with), "line {line}: {reason}");
        }
        assert_eq!(refused.len(), 9, "{refused:?}");
    }

    #[test]
    fn what_the_programme_never_takes_is_refused_before_money_is_locked_for_it() {
        let fits = |entry: &RollEntry| limits().must_be_kept_by(entry).map_err(|error| error.to_string());
        let first = three().tree.entries[0];
        assert_eq!(fits(&first), Ok(()));
        for (entry, reason) in [
            (RollEntry { holder: 10, ..first }, "there is no participant 10; the last one is 9"),
            (RollEntry { holder: 0, ..first }, "there is no participant 0; the last one is 9"),
            (RollEntry { category: 3, ..first }, "the programme has no category 3"),
            (RollEntry { amount: 1_251, ..first }, "the amount is 12.51, and a voucher is worth at most 12.50"),
            (RollEntry { amount: 0, ..first }, "the amount is 0"),
        ] {
            assert_eq!(fits(&entry), Err(reason.to_owned()));
        }
        let now = limits().now;
        assert!(fits(&RollEntry { expires: now + 1, ..first }).is_ok());
        assert!(fits(&RollEntry { expires: now, ..first }).is_err(), "it would end as it begins");
    }

    #[test]
    fn whoever_funds_a_roll_that_others_made_is_shown_who_stands_there_twice_and_what_cannot_be_claimed() {
        let mut entries = three().tree.entries;
        assert_eq!(looked_at(&entries, &limits()).refused, []);
        entries.push(RollEntry { index: 3, holder: 7, category: 1, amount: 2, expires: END });
        entries.push(RollEntry { index: 4, holder: 8, category: 2, amount: 2, expires: END });
        let found = looked_at(&entries, &limits());
        let shown: Vec<_> = found.refused.iter().map(|one| (one.line, one.reason.as_str())).collect();
        let twice = "participant and category are those of entry 2, which came first";
        assert_eq!(shown, [(3, twice), (4, "the programme has no category 2")]);
        assert_eq!((found.count, found.accepted.len()), (5, 3));
    }

    #[test]
    fn each_entrys_proof_leads_to_the_root_that_the_contract_compares() {
        let roll = three();
        for place in 0..3 {
            let arguments = roll.arguments(place).unwrap();
            let proof: Vec<RollHash> = arguments["proof"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| hex::decode(&one.as_str().unwrap()[2..]).unwrap().try_into().unwrap())
                .collect();
            let leaf = roll.tree.entries[place].leaf::<Native>(&[5; 32], 3);
            assert!(merkle::proves::<Native>(leaf, place as u64, 3, &proof, &roll.tree.root));
        }
        let first = &roll.arguments(0).unwrap()["entry"];
        assert_eq!(*first, json!({ "index": 0, "holder": 7, "category": 0, "amount": "12.50", "expires": END }));
    }

    #[test]
    fn an_entry_is_found_by_its_place_or_by_a_holder_who_stands_there_once() {
        let roll = three();
        assert_eq!(roll.find(&which(Some(2), None)).unwrap(), 2);
        assert_eq!(roll.find(&which(None, Some(9))).unwrap(), 1);
        let refused = |which| roll.find(&which).unwrap_err().to_string();
        assert_eq!(refused(which(Some(3), None)), "roll 3 has the entries 0 to 2, and no 3");
        assert_eq!(refused(which(None, Some(8))), "participant 8 is not on roll 3");
        assert_eq!(refused(which(None, Some(7))), "participant 7 has the entries 0, 2: say which one by --index");
    }

    #[test]
    fn a_file_gives_the_same_roll_and_one_that_was_changed_gives_none() {
        let folder = tempfile::tempdir().unwrap();
        let (file, roll) = (folder.path().join("roll.json"), three());
        roll.write(&file).unwrap();
        let read = Roll::read(&file).unwrap();
        assert_eq!((read.tree.root, &read.tree.entries, read.total), (roll.tree.root, &roll.tree.entries, roll.total));
        let text = fs::read_to_string(&file).unwrap();
        for (from, to) in [
            ("\"12.50\"", "\"12.51\""),
            ("\"holder\": 9", "\"holder\": 8"),
            ("\"roll\": 3", "\"roll\": 4"),
            ("\"total\": \"16.50\"", "\"total\": \"16.51\""),
            ("\"count\": 3", "\"count\": 4"),
            ("\"decimals\": 2", "\"decimals\": 3"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            let refused = Roll::parse(&changed).unwrap_err().to_string();
            assert!(refused.contains("it was changed"), "{from}: {refused}");
        }
        for wrong in ["", "{}", &text.replace("\"16.50\"", "16.5"), &text.replace("0x0505", "0xzz05")] {
            assert!(Roll::parse(wrong).is_err(), "{wrong}");
        }
    }
}
