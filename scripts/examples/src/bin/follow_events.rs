//! Follows finalized blocks and appends the suite's events to a file, a line of JSON each, such as
//! `{"block":7,"contract":"registry","event":"Registered","fields":{"participant":2, ..},"index":1}`.
//!
//! Where it stands is in a second file, the cursor, which is written after the lines of each block are on the disk. So nothing
//! is left out when it is killed, and the lines of one block may be there once more: whoever reads the file takes each pair
//! of `block` and `index` once. Finalized blocks never change. Without a cursor it begins at block 1; for less, write
//! a cursor by hand: a block's number and hash, as `7 0x..`. The bundles of the contracts say how events are read.
//!
//! `cargo run -p amanah-examples --bin follow_events -- --cursor events.cursor events.jsonl`
use amanah_client::Bundle;
use amanah_examples::{calls::emitted, json::Metadata, run, Connection, Place};
use anyhow::{ensure, Context, Result};
use clap::Parser;
use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use subxt::utils::H256;

/// Writes the suite's events as JSON lines, and goes on where it stopped.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    place: Place,
    /// The folder with the contracts' bundles; scripts/build makes them.
    #[arg(long, value_name = "FOLDER", default_value_os_t = Bundle::folder())]
    bundles: PathBuf,
    /// Ends at the newest finalized block, instead of waiting for more.
    #[arg(long)]
    once: bool,
    /// The file that says how far it has come.
    #[arg(long, value_name = "FILE")]
    cursor: PathBuf,
    /// The file that the lines are appended to.
    lines: PathBuf,
}

/// How each line begins.
const LINE: &[u8] = b"{\"block\":";

async fn follow(options: Options) -> Result<()> {
    let there = Connection::open(&options.place).await?;
    let metadata = Metadata::load(&there.suite, &options.bundles)?;
    let hash_of = |number: u64| there.rpc.chain_get_block_hash(Some(number.into()));
    let (mut done, hash) = read_cursor(&options.cursor, there.client.genesis_hash())?;
    ensure!(
        hash_of(done).await? == Some(hash),
        "{} is of another chain: its block {done} has the hash {hash:?}",
        options.cursor.display()
    );
    let mut lines = append(&options.lines).with_context(|| format!("cannot write {}", options.lines.display()))?;

    let mut newest = there.client.blocks().at_latest().await?;
    let mut more = there.client.blocks().subscribe_finalized().await?;
    loop {
        while done < u64::from(newest.number()) {
            let hash = hash_of(done + 1).await?.with_context(|| format!("the node has no block {}", done + 1))?;
            let mut text = String::new();
            for event in there.client.events().at(hash).await?.iter() {
                let event = event?;
                let index = event.index();
                if let Some(serde_json::Value::Object(mut line)) = emitted(&event)?.and_then(|raw| metadata.event(&raw))
                {
                    line.extend([("block".to_owned(), (done + 1).into()), ("index".to_owned(), index.into())]);
                    text += &format!("{}\n", serde_json::Value::Object(line));
                }
            }
            lines.write_all(text.as_bytes()).and_then(|()| lines.sync_data())?;
            done += 1;
            write_cursor(&options.cursor, done, hash)?;
        }
        if options.once {
            return Ok(());
        }
        newest = more.next().await.context("the node tells of no more blocks")??;
    }
}

/// The last block that is done; the first one of all, if there is no cursor yet.
fn read_cursor(file: &Path, genesis: H256) -> Result<(u64, H256)> {
    if !file.exists() {
        return Ok((0, genesis));
    }
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let cursor =
        text.trim().split_once(' ').and_then(|(number, hash)| Some((number.parse().ok()?, hash.parse().ok()?)));
    cursor
        .with_context(|| format!("{} must be a block's number and its hash, and is {:?}", file.display(), text.trim()))
}

/// Renaming replaces the old cursor in one step.
fn write_cursor(file: &Path, number: u64, hash: H256) -> Result<()> {
    let new = file.with_extension("new");
    let mut writing = File::create(&new).with_context(|| format!("cannot write {}", new.display()))?;
    writing.write_all(format!("{number} {hash:?}\n").as_bytes())?;
    writing.sync_all()?;
    fs::rename(&new, file).with_context(|| format!("cannot write {}", file.display()))
}

/// Opens the file at its end, without what a crash may have left of a last line: its block comes again.
fn append(file: &Path) -> Result<File> {
    let mut lines = File::options().read(true).write(true).create(true).truncate(false).open(file)?;
    let end = lines.metadata()?.len();
    lines.seek(SeekFrom::Start(end.saturating_sub(1 << 20)))?;
    let mut tail = Vec::new();
    lines.read_to_end(&mut tail)?;
    let torn = tail.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    ensure!(LINE.starts_with(&torn[..torn.len().min(LINE.len())]), "it does not end with a line of this program");
    lines.set_len(end - torn.len() as u64)?;
    lines.seek(SeekFrom::End(0))?;
    Ok(lines)
}

fn main() -> ExitCode {
    run(follow(Options::parse()))
}
