//! The roll story: a thousand vouchers are promised by one Merkle root, funded in one transaction, and claimed one by
//! one by anybody for their holders.

use super::{
    books::{Accounts, Books},
    import::{self, Gas, Holder, Spent},
    offices::Offices,
    people::{self, Beneficiary, CATEGORIES, MOST_PER_VOUCHER},
    place::Whereabouts,
    stage::{Shown, Stage},
};
use crate::{
    money::{grouped, rupiah, RUPIAH},
    report::Report,
    roll::Tree,
    rows::Rows,
};
use amanah_client::{Actor, Cost};
use amanah_domain::{
    ids::{RollId, VoucherId},
    layout::DomainSeparator,
    time::{Millis, DAY, MINUTE},
};
use amanah_interfaces::{
    ledger::Ledger,
    voucher::{RollEntry, Voucher},
    Balance,
};
use anyhow::{ensure, Context, Result};
use serde::Serialize;

/// How many entries the roll has.
const ENTRIES: usize = 1_000;
/// How many of them nobody claims.
const LEFT: usize = 10;
/// How long the roll can be claimed: in life, and on a node, where the story must have claimed it before.
const OPEN: [Millis; 2] = [30 * DAY, 4 * MINUTE];
/// How long its vouchers live.
const LIFE: Millis = 90 * DAY;

/// What the story comes to, from the chain's state; amounts in whole rupiah.
#[derive(Serialize)]
pub struct Summary {
    entries: usize,
    root: String,
    total: Balance,
    claimed: u64,
    unclaimed_returned: Balance,
    publish_gas: Gas,
    fund_gas: Gas,
    gas_per_claim: Gas,
    #[serde(flatten)]
    books: Books,
    refusals_shown: Vec<Shown>,
}

/// The list that the root stands for.
struct List {
    number: RollId,
    /// When its vouchers end.
    end: Millis,
    tree: Tree,
}

/// Tells the story; gives its summary.
pub fn tell(report: Report, place: &Whereabouts) -> Result<Summary> {
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;
    stage.report.chapter("A thousand people are registered");
    let offices = Offices::register(&mut stage, &administrator)?;
    let (holders, _) = import::register_beneficiaries(&mut stage, &offices, first_people()?)?;
    ensure!(holders.len() == ENTRIES, "the sample gives {} people and not {ENTRIES}", holders.len());

    stage.report.chapter("A programme, and a roll of what each of them gets");
    let total: Balance = holders.iter().map(|holder| holder.person.amount).sum();
    let terms = offices.terms((0..).take(CATEGORIES.len()).collect(), MOST_PER_VOUCHER, total);
    let programme = offices.create_programme(&mut stage, "a programme", terms)?;
    let number = stage.ask(stage.suite.voucher().roll_count())? + 1;
    let now = stage.chain.now()?;
    let deadline = now.saturating_add(stage.chain.lasting(OPEN[0], OPEN[1]));
    let list = List::new(&holders, &stage.suite.voucher_domain(), number, now.saturating_add(LIFE))?;
    let root = hex::encode(list.tree.root);
    stage.report.line(format_args!("   {ENTRIES} entries worth {}; their Merkle root is", rupiah(total)));
    stage.report.line(format_args!("     0x{root}"));
    let publish = stage.suite.voucher().publish_roll(programme, list.tree.root, ENTRIES as u64, total, deadline);
    let published = stage.act("the government publishes it: one transaction", &offices.government, publish)?;
    ensure!(published.value == number, "the roll has number {} and not the expected {number}", published.value);

    let funded = fund(&mut stage, &offices, &holders, &list, total)?;
    let (vouchers, spent) = claim(&mut stage, &list)?;
    let returned = close(&mut stage, &offices, &list, deadline)?;

    let bank = offices.bank_number;
    let accounts =
        Accounts { programme, bank, vouchers, creditors: Vec::new(), never_claimed: returned, money: &RUPIAH };
    let books = accounts.reckon(&mut stage)?;
    let roll = stage.ask(stage.suite.voucher().roll(number))?.context("the roll is on chain")?;
    Ok(Summary {
        entries: ENTRIES,
        root,
        total,
        claimed: roll.claimed,
        unclaimed_returned: returned,
        publish_gas: Gas::of(&published.cost, 1),
        fund_gas: Gas::of(&funded, 1),
        gas_per_claim: Gas::of(&spent.cost, spent.transactions),
        books,
        refusals_shown: stage.shown,
    })
}

/// As many of the sample's first rows as give a thousand people: one of them (778) repeats another one's identity
/// number.
fn first_people() -> Result<Rows<Beneficiary>> {
    let mut rows = people::beneficiaries(None)?;
    rows.accepted.truncate(ENTRIES + 1);
    rows.refused.clear();
    rows.count = rows.accepted.len();
    Ok(rows)
}

/// The bank makes the tree itself and funds the roll at once.
fn fund(stage: &mut Stage, offices: &Offices, holders: &[Holder], list: &List, total: Balance) -> Result<Cost> {
    stage.report.chapter("The bank compares root and list, and funds all of it in one transaction");
    let anybody = Actor::named("anybody");
    let early = stage.suite.voucher().claim(list.number, list.tree.entries[0], list.tree.proof(0)?);
    stage.refused("an entry is claimed before the roll has money", &anybody, early)?;
    let record = stage.ask(stage.suite.voucher().roll(list.number))?.context("the roll is on chain")?;
    let own = List::new(holders, &stage.suite.voucher_domain(), list.number, list.end)?;
    ensure!(own.tree.root == record.root, "the published root is not the list's");
    stage.report.line("   the bank's own tree of the list has the published root");
    offices.issue_money(stage, total, &RUPIAH)?;
    let fund = stage.suite.voucher().fund_roll(list.number);
    Ok(stage.act(format!("the bank funds the roll with {}", rupiah(total)), &offices.bank, fund)?.cost)
}

/// Anybody claims all entries but the last ones for their holders; answers with the vouchers, and what claiming cost.
fn claim(stage: &mut Stage, list: &List) -> Result<(Vec<VoucherId>, Spent)> {
    stage.report.chapter("Anybody claims the entries for their holders");
    let anybody = Actor::named("anybody");
    let first = list.tree.entries[0];
    let more = RollEntry { amount: first.amount + 1, ..first };
    let claim = |entry, proof| stage.suite.voucher().claim(list.number, entry, proof);
    let other = RollEntry { holder: first.holder + 1, ..first };
    let (wrong, taken) = (claim(more, list.tree.proof(0)?), claim(other, list.tree.proof(0)?));
    let (foreign, again) = (claim(first, list.tree.proof(1)?), claim(first, list.tree.proof(0)?));
    stage.refused("an entry with a wrong amount: one rupiah more", &anybody, wrong)?;
    stage.refused("an entry with another holder", &anybody, taken)?;
    stage.refused("an entry with its neighbour's proof", &anybody, foreign)?;

    let claimed = ENTRIES - LEFT;
    let bar = stage.report.progress(claimed as u64, "claiming");
    let (mut vouchers, mut spent) = (Vec::with_capacity(claimed), Spent::default());
    let (mut least, mut most) = (u64::MAX, 0);
    for (at, entry) in list.tree.entries.iter().take(claimed).enumerate() {
        let claim = stage.suite.voucher().claim(list.number, *entry, list.tree.proof(at)?);
        let done = match at {
            0 => stage.act(
                format!("entry 0: {} for participant {}", rupiah(entry.amount), entry.holder),
                &anybody,
                claim,
            )?,
            _ => stage.send("claim", &anybody, claim)?,
        };
        vouchers.push(done.value);
        spent.add(&done.cost);
        (least, most) = (least.min(done.cost.ref_time), most.max(done.cost.ref_time));
        bar.inc(1);
    }
    bar.finish_and_clear();
    stage.report.line(format_args!("   {claimed} of {ENTRIES} entries are claimed"));
    stage.report.line(format_args!("     {spent}"));
    let each = Gas::of(&spent.cost, spent.transactions);
    let [least, most] = [least, most].map(|ref_time| grouped((ref_time / 1_000_000).into(), ','));
    stage.report.line(format_args!("     each, on average: {each}; ref_time from {least} to {most} M"));
    stage.refused("an entry is claimed a second time", &anybody, again)?;
    Ok((vouchers, spent))
}

/// The deadline passes; answers with what went back to the bank.
fn close(stage: &mut Stage, offices: &Offices, list: &List, deadline: Millis) -> Result<Balance> {
    stage.report.chapter("The deadline: what nobody claimed goes back to the bank");
    let anybody = Actor::named("anybody");
    let close = || stage.suite.voucher().close_roll(list.number);
    let (early, on_time) = (close(), close());
    stage.refused("the roll is closed before its deadline", &anybody, early)?;
    stage.chain.wait_until(deadline)?;
    stage.report.line("   ... the deadline comes");
    let late = stage.suite.voucher().claim(list.number, list.tree.entries[ENTRIES - 1], list.tree.proof(ENTRIES - 1)?);
    stage.refused("an entry is claimed at the deadline", &anybody, late)?;
    stage.act("anybody closes the roll", &anybody, on_time)?;
    let bank = offices.bank_number;
    let returned = stage.ask(stage.suite.voucher().credit(bank, bank))?;
    let withdraw = stage.suite.voucher().withdraw(bank, returned);
    stage.act(format!("the bank takes {} back to its digital account", rupiah(returned)), &offices.bank, withdraw)?;
    let has = stage.ask(stage.suite.ledger().balance_of(offices.bank.id(), bank))?;
    let left: Balance = list.tree.entries.iter().rev().take(LEFT).map(|entry| entry.amount).sum();
    ensure!(has == returned && returned == left, "the bank has {has} back instead of {left}");
    Ok(returned)
}

impl List {
    /// An entry for each holder, of what its row says.
    fn new(holders: &[Holder], domain: &DomainSeparator, number: RollId, end: Millis) -> Result<Self> {
        let entry = |(index, holder): (u64, &Holder)| RollEntry {
            index,
            holder: holder.number,
            category: holder.person.category,
            amount: holder.person.amount,
            expires: end,
        };
        let entries = (0..).zip(holders).map(entry).collect();
        Ok(Self { number, end, tree: Tree::new(domain, number, entries)? })
    }
}
