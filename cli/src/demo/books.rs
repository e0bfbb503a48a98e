//! The reckoning that every story ends with: what the chain says, added up from its single vouchers and credits.

use super::stage::Stage;
use crate::{money::Currency, report::table};
use amanah_domain::ids::{ParticipantId, ProgrammeId, VoucherId};
use amanah_interfaces::{ledger::Ledger, voucher::Voucher, Balance};
use anyhow::{ensure, Context, Result};
use serde::Serialize;

/// What is to be added up.
pub struct Accounts<'a> {
    pub programme: ProgrammeId,
    pub bank: ParticipantId,
    /// All vouchers of the programme.
    pub vouchers: Vec<VoucherId>,
    /// All who may have a credit with the contract, beside the bank.
    pub creditors: Vec<ParticipantId>,
    /// What closed rolls gave back to the bank unclaimed: it never was in a voucher.
    pub never_claimed: Balance,
    pub money: &'a Currency,
}

/// What a story comes to, in whole units of its money.
#[derive(Serialize)]
pub struct Books {
    pub issued: Balance,
    pub funded: Balance,
    pub available: Balance,
    pub reserved: Balance,
    pub paid: Balance,
    pub returned: Balance,
}

impl Accounts<'_> {
    /// Adds everything up from the chain's state.
    ///
    /// # Errors
    /// When anything is missing or too much.
    pub fn reckon(&self, stage: &mut Stage) -> Result<Books> {
        stage.report.chapter("The reckoning: nothing was lost");
        let Self { programme, bank, .. } = *self;
        let totals = stage.ask(stage.suite.voucher().totals(programme))?;
        let supply = stage.ask(stage.suite.ledger().supply(bank))?;
        let held = stage.ask(stage.suite.ledger().balance_of(stage.suite.voucher.into(), bank))?;
        let (mut available, mut reserved, mut funded) = (0, 0, 0);
        let bar = stage.report.progress(self.vouchers.len() as u64, "reading every voucher");
        for number in &self.vouchers {
            bar.inc(1);
            let voucher = stage.ask(stage.suite.voucher().voucher(*number))?.context("the voucher is on chain")?;
            available += voucher.available.balance();
            reserved += voucher.reserved.balance();
            funded += voucher.funded.balance();
        }
        bar.finish_and_clear();
        let mut credits = stage.ask(stage.suite.voucher().credit(bank, bank))?;
        for creditor in &self.creditors {
            credits += stage.ask(stage.suite.voucher().credit(*creditor, bank))?;
        }
        let mut rows = table(&[self.money.name, ""]);
        for (what, amount) in [
            ("issued by the bank", supply.issued.balance()),
            ("funded", totals.funded.balance()),
            ("= available", totals.available.balance()),
            ("+ reserved", totals.reserved.balance()),
            ("+ paid to shops", totals.paid.balance()),
            ("+ returned to the bank", totals.returned.balance()),
            ("settled in cash and burnt", supply.settled.balance()),
            ("the voucher contract holds", held),
            ("and owes (available + reserved + credits)", available + reserved + credits),
        ] {
            rows.add_row([what.to_owned(), self.money.digits(amount)]);
        }
        stage.report.line(rows);
        ensure!(totals.is_balanced(), "the programme's totals do not balance: {totals:?}");
        ensure!(totals.unclaimed.is_zero(), "the story leaves an open roll behind: {totals:?}");
        ensure!(
            (funded + self.never_claimed, available, reserved)
                == (totals.funded.balance(), totals.available.balance(), totals.reserved.balance()),
            "the vouchers, read one by one, do not add up to the totals"
        );
        ensure!(held == available + reserved + credits, "the contract holds {held} and owes something else");
        stage.report.line("   every voucher was read from the chain; the sums agree");
        Ok(Books {
            issued: supply.issued.balance(),
            funded: totals.funded.balance(),
            available: totals.available.balance(),
            reserved: totals.reserved.balance(),
            paid: totals.paid.balance(),
            returned: totals.returned.balance(),
        })
    }
}
