//! Everybody's balances, read in one block.

use super::{
    books::{Books, Line, Total, HOLDING},
    Export, Target,
};
use crate::{
    exit::Mismatch,
    network::{Network, Session},
    report::{table, Format, Report},
};
use amanah_client::{abi, abi::Scope, address, ask, chain::NotRun, node::Node, Suite};
use amanah_domain::ids::{Account, ParticipantId};
use amanah_interfaces::{ledger::Ledger, loan::Loan, registry::Registry, voucher::Voucher, welfare::Welfare, Balance};
use anyhow::Result;
use clap::Args;
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// The most that a contract lists at once.
const PAGE: u32 = 50;

/// Of which block.
#[derive(Args)]
pub struct Options {
    /// The number of the block after which to read; without it the newest that counts, as --wait says. A node may have
    /// forgotten what was in old ones unless it was started with --state-pruning archive.
    #[arg(long, value_name = "BLOCK")]
    block: Option<u32>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    place: Network,
}

/// Exports the balances, and fails if they do not add up.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let mut session = Session::open(&options.place)?;
    let block = match options.block {
        Some(block) => block,
        None => session.node.head()?,
    };
    session.node.pin(block)?;
    let suite = session.suite.clone();
    let accounts = accounts(&mut session.node, &suite)?;
    let progress = Report::quiet(format).progress(u64::try_from(accounts.len())?, "participants");
    let books = read(&mut session.node, &suite, &accounts, || progress.inc(1))?;
    progress.finish_and_clear();
    let mut totals = Vec::new();
    for issuer in books.issuers() {
        totals.push(books.total(issuer, &ask(&mut session.node, suite.ledger().supply(issuer))?));
    }
    let told = Told { block, decimals: session.decimals(), accounts: &accounts, books: &books, totals: &totals };
    told.export().write(format, &options.target)?;
    match totals.iter().find_map(Total::trouble) {
        None => Ok(()),
        Some(trouble) => Err(Mismatch(format!("the books of block {block} do not add up: {trouble}")).into()),
    }
}

/// Every participant's account.
fn accounts(node: &mut Node, suite: &Suite) -> Result<BTreeMap<ParticipantId, Account>, NotRun> {
    let mut accounts = BTreeMap::new();
    let mut start = 1;
    loop {
        let page = ask(node, suite.registry().participants(start, PAGE))?;
        let Some((last, _)) = page.last() else { return Ok(accounts) };
        start = last.saturating_add(1);
        accounts
            .extend(page.into_iter().map(|(number, record)| -> (u64, Account) { (number, *record.account.as_ref()) }));
    }
}

fn read(
    node: &mut Node,
    suite: &Suite,
    accounts: &BTreeMap<ParticipantId, Account>,
    mut each: impl FnMut(),
) -> Result<Books, NotRun> {
    let mut books = Books::default();
    for (place, contract) in [suite.voucher, suite.loan, suite.welfare].into_iter().enumerate() {
        books.put_contract(place, &account(node, suite, &contract)?);
    }
    let held = [0, 1, 2].map(|place| books.issuers_held(place));
    let [of_voucher, of_loan, of_welfare] = held;
    for (participant, owner) in accounts {
        books.put_account(*participant, &account(node, suite, owner)?);
        for issuer in &of_voucher {
            books.put_credit(0, *participant, *issuer, ask(node, suite.voucher().credit(*participant, *issuer))?);
        }
        for issuer in &of_loan {
            books.put_credit(1, *participant, *issuer, ask(node, suite.loan().credit(*participant, *issuer))?);
        }
        for issuer in &of_welfare {
            books.put_credit(2, *participant, *issuer, ask(node, suite.welfare().credit(*participant, *issuer))?);
        }
        each();
    }
    Ok(books)
}

/// All that is in somebody's digital account, by issuing bank.
fn account(node: &mut Node, suite: &Suite, owner: &Account) -> Result<Vec<(ParticipantId, Balance)>, NotRun> {
    let mut all = Vec::new();
    loop {
        let start = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let page = ask(node, suite.ledger().account((*owner).into(), start, PAGE))?;
        let is_full = u32::try_from(page.len()).is_ok_and(|length| length >= PAGE);
        all.extend(page);
        if !is_full {
            return Ok(all);
        }
    }
}

/// What is exported.
struct Told<'a> {
    block: u32,
    decimals: u8,
    accounts: &'a BTreeMap<ParticipantId, Account>,
    books: &'a Books,
    totals: &'a [Total],
}

impl Told<'_> {
    fn amount(&self, amount: Balance) -> String {
        abi::amount(amount, self.decimals)
    }

    fn export(&self) -> Export {
        Export {
            text: self.text(),
            json: self.json(),
            headings: &["owner", "account", "issuer", "ledger", "voucher_credit", "loan_credit", "welfare_credit"],
            rows: self.rows(),
        }
    }

    /// A row for each participant and bank, then one for each contract and bank.
    fn rows(&self) -> Vec<Vec<String>> {
        let of_participants = self.books.lines().map(|(participant, issuer, line)| {
            let Line { ledger, credits: [voucher, loan, welfare] } = *line;
            let account = self.accounts.get(&participant).map(address).unwrap_or_default();
            let amounts = [ledger, voucher, loan, welfare].map(|amount| self.amount(amount));
            [participant.to_string(), account, issuer.to_string()].into_iter().chain(amounts).collect()
        });
        let of_contracts = self.totals.iter().flat_map(|total| {
            let held = HOLDING.iter().zip(total.contracts).filter(|(_, amount)| *amount > 0);
            held.map(|(name, amount)| {
                let row = [name, "", &total.issuer.to_string(), &self.amount(amount), "", "", ""];
                row.map(str::to_owned).to_vec()
            })
        });
        of_participants.chain(of_contracts).collect()
    }

    fn json(&self) -> Value {
        let by_contract = |amounts: [Balance; 3]| -> Value {
            let named =
                HOLDING.iter().zip(amounts).map(|(name, amount)| ((*name).to_owned(), json!(self.amount(amount))));
            Value::Object(named.collect())
        };
        let balances = self.books.lines().map(|(participant, issuer, line)| {
            json!({
                "participant": participant,
                "account": self.accounts.get(&participant).map(address),
                "issuer": issuer,
                "ledger": self.amount(line.ledger),
                "credits": by_contract(line.credits),
            })
        });
        let totals = self.totals.iter().map(|total| {
            json!({
                "issuer": total.issuer,
                "participants": self.amount(total.participants),
                "contracts": by_contract(total.contracts),
                "credits": by_contract(total.credits),
                "withdrawing": self.amount(total.withdrawing),
                "found": self.amount(total.found()),
                "supply": self.amount(total.supply),
                "adds_up": total.trouble().is_none(),
            })
        });
        json!({
            "block": self.block,
            "decimals": self.decimals,
            "balances": balances.collect::<Vec<_>>(),
            "totals": totals.collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut rows =
            table(&["owner", "account", "bank", "ledger", "voucher credit", "loan credit", "welfare credit"]);
        for row in self.rows() {
            rows.add_row(row);
        }
        let mut sums = table(&["bank", "accounts", "voucher", "loan", "welfare", "withdrawing", "found", "issued", ""]);
        for total in self.totals {
            let [voucher, loan, welfare] = total.contracts;
            let amounts = [total.participants, voucher, loan, welfare, total.withdrawing, total.found(), total.supply];
            let verdict = if total.trouble().is_none() { "adds up" } else { "WRONG" };
            let amounts = amounts.map(|amount| self.amount(amount)).into_iter();
            sums.add_row([total.issuer.to_string()].into_iter().chain(amounts).chain([verdict.to_owned()]));
        }
        format!(
            "Balances after block {}\n{rows}\nThe money of each bank, and what it has issued and not settled\n{sums}",
            self.block
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_domain::money::Amount;
    use amanah_interfaces::ledger::Supply;

    #[test]
    fn each_form_tells_the_same_amounts() {
        let mut books = Books::default();
        books.put_account(7, &[(1, 1_250)]);
        books.put_contract(0, &[(1, 400)]);
        books.put_credit(0, 7, 1, 300);
        let supply = Supply { issued: Amount::new(1_650), ..Supply::default() };
        let totals = [books.total(1, &supply)];
        let accounts = BTreeMap::from([(7, [7; 32])]);
        let told = Told { block: 9, decimals: 2, accounts: &accounts, books: &books, totals: &totals };
        let Export { text, json, headings, rows } = told.export();
        let account = address(&[7; 32]);
        assert_eq!(rows[0], ["7", &account, "1", "12.50", "3.00", "0.00", "0.00"]);
        assert_eq!(rows[1], ["voucher", "", "1", "4.00", "", "", ""]);
        assert!(rows.iter().all(|row| row.len() == headings.len()));
        assert_eq!(json["balances"][0]["credits"]["voucher"], "3.00");
        assert_eq!((&json["totals"][0]["found"], &json["totals"][0]["adds_up"]), (&json!("16.50"), &json!(true)));
        assert!(text.contains("16.50") && text.contains("adds up") && !text.contains("WRONG"), "{text}");
    }
}
