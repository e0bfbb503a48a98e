//! Events of past blocks.

use super::{Export, Target};
use crate::{
    events::{signed, Concern, Filter, Of, Seen, Which},
    network::{Network, Session},
    report::{Format, Report},
};
use amanah_client::chain::NotRun;
use anyhow::{ensure, Result};
use clap::Args;
use serde_json::json;
use std::{
    thread,
    time::{Duration, Instant},
};

/// How often a block is asked for that the node has not yet.
const PAUSE: Duration = Duration::from_millis(300);

/// Which events, of which blocks.
#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    record: Record,
}

/// What to audit.
#[derive(Args)]
pub struct AuditOptions {
    /// Everything about this one: participant, voucher, redemption, loan, case, campaign, programme, roll, withdrawal, scheme or
    /// application, and its number. A case is one of loan and of welfare: `--contract` tells them apart.
    #[arg(long, value_name = "KIND=NUMBER")]
    concerning: Concern,
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    record: Record,
}

/// Which part of the chain's record, and where to.
#[derive(Args)]
struct Record {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    place: Network,
}

/// Which blocks. A node may have forgotten old ones unless it was started with `--state-pruning archive`.
#[derive(Args)]
struct Span {
    /// The number of the first block.
    #[arg(long, value_name = "BLOCK", default_value_t = 1)]
    from: u32,
    /// The number of the last block; without it the newest that counts, as --wait says (usually the newest final one).
    #[arg(long, value_name = "BLOCK")]
    to: Option<u32>,
}

impl Span {
    /// The first and the last block, in a chain with this newest one.
    fn of(&self, newest: u32) -> Result<(u32, u32)> {
        let (from, to) = (self.from, self.to.unwrap_or(newest));
        ensure!(to <= newest, "--to {to}: the chain ends with block {newest}");
        ensure!(from <= to, "--from {from} is after the last block, {to}");
        Ok((from, to))
    }
}

impl Record {
    /// The node, and the first and the last block.
    fn open(&self) -> Result<(Session, (u32, u32))> {
        let session = Session::open(&self.place)?;
        let blocks = self.span.of(session.node.head()?)?;
        Ok((session, blocks))
    }
}

/// Exports events.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let (mut session, (from, to)) = options.record.open()?;
    let seen = collect(format, &mut session, &options.which, (from, to), false)?;
    let rows = seen.iter().map(|one| row(one, false)).collect();
    Export {
        text: lines(&seen),
        json: json!({ "from": from, "to": to, "events": seen }),
        headings: &["block", "hash", "time", "transaction", "contract", "event", "fields"],
        rows,
    }
    .write(format, &options.record.target)
}

/// Exports all that happened to one thing, with who did it.
pub fn audit(format: Format, options: &AuditOptions) -> Result<()> {
    let (mut session, (from, to)) = options.record.open()?;
    let which = Which { of: options.of.clone(), concerning: Some(options.concerning), ..Which::default() };
    let seen = collect(format, &mut session, &which, (from, to), true)?;
    let rows = seen.iter().map(|one| row(one, true)).collect();
    Export {
        text: lines(&seen),
        json: json!({ "concerning": options.concerning.text(), "from": from, "to": to, "events": seen }),
        headings: &["block", "hash", "time", "transaction", "signer", "contract", "event", "fields"],
        rows,
    }
    .write(format, &options.record.target)
}

fn collect(
    format: Format,
    session: &mut Session,
    which: &Which,
    (from, to): (u32, u32),
    with_signers: bool,
) -> Result<Vec<Seen>> {
    let filter = Filter::of(session, which)?;
    let progress = Report::quiet(format).progress(u64::from(to.saturating_sub(from)).saturating_add(1), "blocks");
    let mut all = Vec::new();
    for number in from..=to {
        let block = awaited(number, session.settings.patience, || session.node.block(number))?;
        let seen = filter.seen(session, &block);
        all.extend(match with_signers && !seen.is_empty() {
            true => signed(seen, &session.node.signers(&block)?),
            false => seen,
        });
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(all)
}

/// A block that the chain has. A node that is asked in the place of a lost one may be behind it: it is waited for, since a record
/// with a block left out looks like a whole one.
fn awaited<T>(
    number: u32,
    patience: Duration,
    mut look: impl FnMut() -> Result<Option<T>, NotRun>,
) -> Result<T, NotRun> {
    let begun = Instant::now();
    loop {
        match look()? {
            Some(found) => return Ok(found),
            None if begun.elapsed() < patience => thread::sleep(PAUSE),
            None => {
                let behind = format!("the node that answers now is behind: it has no block {number} that counts");
                return Err(NotRun::Unreachable(behind));
            }
        }
    }
}

fn lines(seen: &[Seen]) -> String {
    seen.iter().map(|one| one.line() + "\n").collect()
}

fn row(one: &Seen, with_signer: bool) -> Vec<String> {
    let Seen { block, hash, time, transaction, signer, contract, event, fields } = one;
    let mut row = vec![block.to_string(), hash.clone(), time.clone(), transaction.to_string()];
    if with_signer {
        row.push(signer.clone().unwrap_or_default());
    }
    row.extend([(*contract).to_owned(), event.clone().unwrap_or_default(), fields.to_string()]);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_lies_within_the_chain() {
        let span = |from, to| Span { from, to }.of(20).map_err(|refused| refused.to_string());
        assert_eq!(span(1, None), Ok((1, 20)));
        assert_eq!(span(3, Some(7)), Ok((3, 7)));
        assert_eq!(span(20, Some(20)), Ok((20, 20)));
        assert_eq!(span(1, Some(21)), Err("--to 21: the chain ends with block 20".into()));
        assert_eq!(span(8, Some(7)), Err("--from 8 is after the last block, 7".into()));
        assert_eq!(span(21, None), Err("--from 21 is after the last block, 20".into()));
    }

    #[test]
    fn a_block_that_the_node_has_not_yet_is_waited_for_and_never_left_out() {
        let mut answers = [None, Some("block 7")].into_iter();
        let found = awaited(7, Duration::from_secs(60), || Ok(answers.next().flatten()));
        assert_eq!(found, Ok("block 7"));
        let missing = awaited::<&str>(7, Duration::ZERO, || Ok(None)).unwrap_err();
        assert!(matches!(&missing, NotRun::Unreachable(why) if why.contains("no block 7")), "{missing:?}");
        let lost = NotRun::Unreachable("gone".into());
        assert_eq!(awaited::<&str>(7, Duration::ZERO, || Err(lost.clone())), Err(lost));
    }

    #[test]
    fn a_row_has_a_field_for_each_heading() {
        let one = Seen {
            block: 12,
            hash: "0x12".into(),
            time: "2026-01-02T03:04:05Z".into(),
            transaction: 1,
            signer: Some("5Alice".into()),
            contract: "voucher",
            event: Some("VoucherUnfrozen".into()),
            fields: json!({ "voucher": 3 }),
        };
        let plain = ["12", "0x12", "2026-01-02T03:04:05Z", "1", "voucher", "VoucherUnfrozen", "{\"voucher\":3}"];
        assert_eq!(row(&one, false), plain);
        let signed =
            ["12", "0x12", "2026-01-02T03:04:05Z", "1", "5Alice", "voucher", "VoucherUnfrozen", "{\"voucher\":3}"];
        assert_eq!(row(&one, true), signed);
    }
}
