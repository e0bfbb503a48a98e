//! The batches of the stories with many people: rows become participants, admitted shops and funded vouchers. A row
//! that the contract refuses is reported like one that made no sense; the others go through.

use super::{
    offices::{self, card, registration, Offices, REGISTRAR},
    people::{Beneficiary, Shop},
    stage::Stage,
};
use crate::{
    loan::applications::{Application, Wish},
    money::{grouped, rupiah},
    report::{cost_text, table},
    rows::{Refused, Rows},
};
use amanah_client::{Actor, Cost};
use amanah_domain::{
    crypto::{Crypto, Native},
    identity::{commitment, NumberType},
    ids::{IdentityCommitment, ParticipantId, ProgrammeId, VoucherId},
    programme::Category,
    roles::Role,
    time::Millis,
};
use amanah_interfaces::{
    registry::{self, Registry},
    voucher::{Admission, Funding, NewVoucher, Voucher},
    Balance, MOST_ROWS,
};
use anyhow::{bail, ensure, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many rows go into one message.
const BATCH: usize = MOST_ROWS as usize;

/// A beneficiary with an account and a voucher.
pub struct Holder {
    pub person: Beneficiary,
    pub actor: Actor,
    pub number: ParticipantId,
    pub voucher: VoucherId,
}

/// A shop with an account.
pub struct Seller {
    pub shop: Shop,
    pub actor: Actor,
    pub number: ParticipantId,
}

/// Somebody who applies for a loan.
pub struct Applicant {
    pub row: u64,
    pub person: offices::Registered,
    pub wish: Wish,
}

impl Seller {
    /// Does it sell this?
    pub fn sells(&self, category: Category) -> bool {
        self.shop.categories.contains(&category)
    }

    /// Does so much fit into its daily cap?
    pub fn can_take(&self, amount: Balance) -> bool {
        self.shop.daily_cap == 0 || self.shop.daily_cap >= amount
    }
}

/// Registers shops in batches.
pub fn register_shops(stage: &mut Stage, offices: &Offices, rows: Rows<Shop>) -> Result<(Vec<Seller>, Vec<Refused>)> {
    let identity = |shop: &Shop| commitment(&REGISTRAR, NumberType::Organisation, &shop.licence);
    let entries = rows.accepted.into_iter().map(|shop| Entry {
        row: shop.row,
        line: shop.line,
        actor: kept("shop", shop.row, &shop.licence),
        identity: identity(&shop),
        value: shop,
    });
    let (registered, refused) =
        register(stage, &offices.government, "shops", entries.collect(), Role::Shop, rows.refused)?;
    let sellers =
        registered.into_iter().map(|(number, entry)| Seller { shop: entry.value, actor: entry.actor, number });
    Ok((sellers.collect(), refused))
}

/// Registers beneficiaries in batches.
pub fn register_beneficiaries(
    stage: &mut Stage,
    offices: &Offices,
    rows: Rows<Beneficiary>,
) -> Result<(Vec<Holder>, Vec<Refused>)> {
    let identity = |person: &Beneficiary| commitment(&REGISTRAR, NumberType::National, &person.nik);
    let entries = rows.accepted.into_iter().map(|person| Entry {
        row: person.row,
        line: person.line,
        actor: kept("beneficiary", person.row, &person.nik),
        identity: identity(&person),
        value: person,
    });
    let (registered, refused) =
        register(stage, &offices.government, "beneficiaries", entries.collect(), Role::Citizen, rows.refused)?;
    let holders = registered.into_iter().map(|(number, entry)| Holder {
        person: entry.value,
        actor: entry.actor,
        number,
        voucher: 0,
    });
    Ok((holders.collect(), refused))
}

/// Registers the applicants of loans in batches, each row as a person of its own.
///
/// # Errors
/// When one of them is refused: an evaluation leaves no row out.
pub fn register_applicants(
    stage: &mut Stage,
    government: &Actor,
    applications: Vec<Application>,
) -> Result<Vec<Applicant>> {
    let entries = applications.into_iter().map(|application| {
        let name = format!("applicant of row {}", application.row);
        Entry {
            row: application.row,
            line: application.line,
            actor: kept("applicant", application.row, &name),
            identity: card(&name),
            value: application.wish,
        }
    });
    let (registered, refused) =
        register(stage, government, "applicants", entries.collect(), Role::Citizen, Vec::new())?;
    if let Some(first) = refused.first() {
        bail!("row {} (line {}): {}", first.row, first.line, first.reason);
    }
    let applicants = registered.into_iter().map(|(number, entry)| Applicant {
        row: entry.row,
        person: offices::Registered { actor: entry.actor, number },
        wish: entry.value,
    });
    Ok(applicants.collect())
}

/// Admits the shops to the programme, with what each may sell and how much a day.
pub fn admit_shops(stage: &mut Stage, offices: &Offices, programme: ProgrammeId, sellers: &[Seller]) -> Result<()> {
    let mut spent = Spent::default();
    for batch in sellers.chunks(BATCH) {
        let rows = batch.iter().map(|seller| Admission {
            shop: seller.actor.id(),
            categories: seller.shop.categories.clone(),
            daily_cap: seller.shop.daily_cap,
        });
        let message = stage.suite.voucher().admit_shops(programme, rows.collect());
        let done = stage.send("admit shops", &offices.government, message)?;
        spent.add(&done.cost);
        for (seller, row) in batch.iter().zip(done.value) {
            row.map_err(|error| anyhow::anyhow!("{} was not admitted: {error:?}", seller.shop.name))?;
        }
    }
    stage.report.line(format_args!(
        "   {} shops are admitted to the programme, each with what it may sell and a daily cap",
        sellers.len()
    ));
    stage.report.line(format_args!("     {spent}"));
    Ok(())
}

/// Creates a blank voucher for everybody; the one at `short` ends at `short_end`, the others after the usual life.
pub fn create_vouchers(
    stage: &mut Stage,
    offices: &Offices,
    programme: ProgrammeId,
    holders: &mut [Holder],
    short: usize,
    short_end: Millis,
) -> Result<()> {
    let bar = stage.report.progress(holders.len() as u64, "creating vouchers");
    let (mut spent, mut asked) = (Spent::default(), 0);
    let mut at = 0;
    for batch in holders.chunks_mut(BATCH) {
        let rows = batch.iter().map(|holder| {
            let expires = (at == short).then_some(short_end);
            at += 1;
            NewVoucher { holder: holder.actor.id(), category: holder.person.category, expires }
        });
        let message = stage.suite.voucher().create_many(programme, rows.collect());
        let done = stage.send("create vouchers", &offices.government, message)?;
        spent.add(&done.cost);
        asked += done.events.len();
        for (holder, row) in batch.iter_mut().zip(done.value) {
            holder.voucher =
                row.map_err(|error| anyhow::anyhow!("row {} got no voucher: {error:?}", holder.person.row))?;
        }
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    stage
        .report
        .line(format_args!("   {} blank vouchers; {asked} times FundingRequested tells the bank", holders.len()));
    stage.report.line(format_args!("     {spent}"));
    Ok(())
}

/// The bank funds every voucher with its row's amount.
pub fn fund_vouchers(stage: &mut Stage, offices: &Offices, programme: ProgrammeId, holders: &[Holder]) -> Result<()> {
    let bar = stage.report.progress(holders.len() as u64, "funding vouchers");
    let (mut spent, mut total) = (Spent::default(), 0);
    for batch in holders.chunks(BATCH) {
        let rows = batch.iter().map(|holder| Funding { voucher: holder.voucher, amount: holder.person.amount });
        let message = stage.suite.voucher().fund_many(programme, rows.collect());
        let done = stage.send("fund vouchers", &offices.bank, message)?;
        spent.add(&done.cost);
        for (holder, row) in batch.iter().zip(done.value) {
            row.map_err(|error| anyhow::anyhow!("voucher {} was not funded: {error:?}", holder.voucher))?;
            total += holder.person.amount;
        }
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    stage.report.line(format_args!("   the bank funds {} vouchers with {}", holders.len(), rupiah(total)));
    stage.report.line(format_args!("     {spent}"));
    Ok(())
}

/// A row that is about to be registered.
struct Entry<T> {
    row: u64,
    line: u64,
    actor: Actor,
    identity: IdentityCommitment,
    value: T,
}

/// A row that was registered, with its number.
type Registered<T> = (ParticipantId, Entry<T>);

/// Registers entries in batches, in `role`; answers with those that went through, and all refused rows in their order.
fn register<T>(
    stage: &mut Stage,
    government: &Actor,
    what: &'static str,
    entries: Vec<Entry<T>>,
    role: Role,
    mut refused: Vec<Refused>,
) -> Result<(Vec<Registered<T>>, Vec<Refused>)> {
    let bar = stage.report.progress(entries.len() as u64, "registering");
    let mut spent = Spent::default();
    let mut registered: Vec<Registered<T>> = Vec::with_capacity(entries.len());
    let mut rows_by_number = BTreeMap::new();
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let batch: Vec<Entry<T>> = entries.by_ref().take(BATCH).collect();
        let rows = batch
            .iter()
            .map(|entry| registration(&entry.actor, entry.identity, role, stage))
            .collect::<Result<Vec<_>>>()?;
        let message = stage.suite.registry().register_many(rows);
        let done = stage.send("register", government, message)?;
        spent.add(&done.cost);
        bar.inc(batch.len() as u64);
        ensure!(done.value.len() == batch.len(), "the registry answered {} of {} rows", done.value.len(), batch.len());
        for (entry, answer) in batch.into_iter().zip(done.value) {
            match answer {
                Ok(number) => {
                    rows_by_number.insert(number, entry.row);
                    registered.push((number, entry));
                }
                Err(error) => {
                    refused.push(Refused { row: entry.row, line: entry.line, reason: reason(&error, &rows_by_number) })
                }
            }
        }
    }
    bar.finish_and_clear();
    refused.sort_by_key(|one| one.line);
    let rows = if refused.len() == 1 { "row" } else { "rows" };
    stage.report.line(format_args!("   {} {what} are registered, {} {rows} refused", registered.len(), refused.len()));
    stage.report.line(format_args!("     {spent}"));
    if !refused.is_empty() {
        let mut rows = table(&["line", "row", "refused because"]);
        for one in &refused {
            rows.add_row([one.line.to_string(), one.row.to_string(), one.reason.clone()]);
        }
        stage.report.line(rows);
    }
    Ok((registered, refused))
}

/// Why the registry refused a row, with the row that stands in its way.
fn reason(error: &registry::Error, rows_by_number: &BTreeMap<ParticipantId, u64>) -> String {
    match error {
        registry::Error::IdentityTaken { participant } => match rows_by_number.get(participant) {
            Some(row) => format!("the identity number is that of row {row}, which came first ({error:?})"),
            None => format!("the identity number is registered already ({error:?})"),
        },
        other => format!("the registry refused it: {other:?}"),
    }
}

/// The account that the registrar keeps for somebody without a wallet; made from the row, so that the same file gives
/// the same accounts.
fn kept(kind: &str, row: u64, number: &str) -> Actor {
    let seed = Native::blake2b_256(&[&REGISTRAR[..], kind.as_bytes(), &row.to_le_bytes(), number.as_bytes()].concat());
    Actor::from_seed(&format!("{kind} of row {row}"), seed)
}

/// What several transactions cost together.
#[derive(Default)]
pub struct Spent {
    pub transactions: u32,
    pub cost: Cost,
}

impl Spent {
    /// One more.
    pub fn add(&mut self, cost: &Cost) {
        self.transactions += 1;
        self.cost.ref_time += cost.ref_time;
        self.cost.proof_size += cost.proof_size;
        self.cost.deposit += cost.deposit;
    }
}

/// What a transaction costs; of several, on average.
#[derive(Serialize)]
pub struct Gas {
    ref_time: u64,
    proof_size: u64,
    deposit: i128,
}

impl Gas {
    /// The average of so many transactions.
    pub fn of(cost: &Cost, transactions: u32) -> Self {
        let count = transactions.max(1);
        Self {
            ref_time: cost.ref_time / u64::from(count),
            proof_size: cost.proof_size / u64::from(count),
            deposit: cost.deposit / i128::from(count),
        }
    }
}

impl std::fmt::Display for Gas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { ref_time, proof_size, deposit } = *self;
        write!(f, "{}", cost_text(&Cost { ref_time, proof_size, deposit }))
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} transactions, {}", grouped(self.transactions.into(), ','), cost_text(&self.cost))
    }
}
