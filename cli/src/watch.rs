//! `amanah watch`: the suite's events, as they happen.

use crate::{
    events::{Filter, Seen, Which},
    files,
    network::{Network, Session},
    output,
    report::Format,
};
use anyhow::{Context, Result};
use clap::Args;
use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// What to watch, and from where on.
#[derive(Args)]
#[command(after_help = "Example: amanah watch --contract voucher --concerning participant=7 --cursor watch.cursor

Each event is a line; with --output json an object with block, hash, time, transaction, contract, event and fields.")]
pub struct Options {
    #[command(flatten)]
    which: Which,
    /// The number of the first block. Without it, and without a cursor, the block after the newest; with --until-head, block 1.
    #[arg(long, value_name = "BLOCK")]
    from: Option<u32>,
    /// A file that keeps the number of the next block, so that the command goes on there when it is run again; then --from
    /// counts the first time only. It is written after a block's lines are: if the machine fails between, they come once more.
    #[arg(long, value_name = "FILE")]
    cursor: Option<PathBuf>,
    /// Stops after the block that is the newest when it starts.
    #[arg(long)]
    until_head: bool,
    /// How often to ask for new blocks (milliseconds).
    #[arg(long, value_name = "MS", default_value_t = 500, value_parser = clap::value_parser!(u64).range(10..))]
    every: u64,
    #[command(flatten)]
    place: Network,
}

/// Prints events until it is stopped, or nobody reads them.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let kept = options.cursor.as_deref().map(kept).transpose()?.flatten();
    let mut session = Session::open(&options.place)?;
    let filter = Filter::of(&mut session, &options.which)?;
    let newest = session.node.head()?;
    let mut next = kept.or(options.from).unwrap_or_else(|| match options.until_head {
        true => 1,
        false => newest.saturating_add(1),
    });
    if next > newest.saturating_add(1) {
        output::note(format_args!("amanah: block {next} is next, and the chain ends with block {newest}"));
    }
    let mut head = newest;
    loop {
        while next <= head {
            let Some(block) = session.node.block(next)? else { break };
            let seen = filter.seen(&session, &block);
            print(format, &seen)?;
            next = next.saturating_add(1);
            if let Some(cursor) = &options.cursor {
                files::replace(cursor, format!("{next}\n").as_bytes())?;
            }
        }
        if options.until_head && next > newest {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(options.every));
        if !options.until_head {
            head = session.node.head()?;
        }
    }
}

/// The block's number in a cursor's file; none if there is no file yet.
fn kept(file: &Path) -> Result<Option<u32>> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.with_context(|| format!("cannot read {}", file.display()))?,
    };
    let number = text.trim().parse();
    let number = number.with_context(|| format!("{} must hold a block's number, not {text:?}", file.display()))?;
    Ok(Some(number))
}

fn print(format: Format, seen: &[Seen]) -> Result<()> {
    for one in seen {
        match format {
            Format::Json => output::line_or_end(serde_json::to_string(one)?),
            Format::Text | Format::Csv => output::line_or_end(one.line()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_blocks_number_or_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cursor");
        assert_eq!(kept(&file).unwrap(), None);
        files::replace(&file, b"17\n").unwrap();
        assert_eq!(kept(&file).unwrap(), Some(17));
        for wrong in ["", "seventeen", "-1", "4294967296"] {
            files::replace(&file, wrong.as_bytes()).unwrap();
            let refused = kept(&file).unwrap_err().to_string();
            assert!(refused.contains("must hold a block's number") && refused.contains(wrong), "{refused}");
        }
    }
}
