//! What a command prints: readable steps for people, or one JSON object for programs.

use crate::{money::grouped, output};
use amanah_client::Cost;
use clap::ValueEnum;
use comfy_table::{presets, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object on standard output.
    Json,
    /// For spreadsheets: rows with a heading on standard output. Only `amanah export` and `amanah loan evaluate` answer so.
    Csv,
}

/// Prints the steps of a story, unless the answer is for a program.
#[derive(Clone, Copy)]
pub struct Report {
    format: Format,
    tells: bool,
    chapter: u32,
}

impl Report {
    /// A new report.
    pub fn new(format: Format) -> Self {
        Self { format, tells: format == Format::Text, chapter: 0 }
    }

    /// A report of what nobody wants to read step by step: only progress is shown.
    pub fn quiet(format: Format) -> Self {
        Self { tells: false, ..Self::new(format) }
    }

    /// The title of a story that is told among others.
    pub fn title(&self, command: &str, title: &str) {
        self.line(format_args!("\n=== amanah demo {command}: {title}"));
    }

    /// The heading of the next chapter.
    pub fn chapter(&mut self, title: &str) {
        self.chapter += 1;
        self.line(format_args!("\n{}. {title}\n", self.chapter));
    }

    /// A line.
    pub fn line(&self, text: impl Display) {
        if self.tells {
            output::line_or_end(text);
        }
    }

    /// What a transaction cost, and what it made known.
    pub fn cost(&self, cost: &Cost, events: &str) {
        self.line(format_args!("     {}{}{events}", cost_text(cost), if events.is_empty() { "" } else { "; " }));
    }

    /// A progress bar on standard error; only on a terminal, and only for people.
    pub fn progress(&self, steps: u64, what: &'static str) -> ProgressBar {
        let target = match self.format {
            Format::Text | Format::Csv => ProgressDrawTarget::stderr(),
            Format::Json => ProgressDrawTarget::hidden(),
        };
        let style = ProgressStyle::with_template("   {msg} [{bar:40}] {pos}/{len} {eta}");
        ProgressBar::with_draw_target(Some(steps), target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_message(what)
    }
}

/// A cost in words: `gas 1,234 M ref_time, 56 kB proof; deposit 78`.
pub fn cost_text(cost: &Cost) -> String {
    let deposit = match cost.deposit {
        0 => String::new(),
        deposit if deposit < 0 => format!(", deposit {} given back", grouped(deposit.unsigned_abs(), ',')),
        deposit => format!(", deposit {} taken", grouped(deposit.unsigned_abs(), ',')),
    };
    format!(
        "gas {} M ref_time, {} kB proof{deposit}",
        grouped(u128::from(cost.ref_time / 1_000_000), ','),
        cost.proof_size.div_ceil(1_000)
    )
}

/// An empty table with these headings.
pub fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings.iter().map(|heading| heading.to_string()));
    table
}
