//! `amanah-bench`: what the contracts cost and how much a node carries.

use amanah_bench::{
    deploy, gas,
    load::{self, Load, Plan, Results},
    report, scale,
};
use anyhow::{bail, Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use comfy_table::{presets::UTF8_HORIZONTAL_ONLY, CellAlignment, Table};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// What the contracts cost and how much a node carries, measured.
///
/// Results are kept in a folder, from which `report` makes a page; gas, proof size and deposits are exact and the same on every
/// machine, rates and times are not.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Where results are kept [default: bench in $CARGO_TARGET_DIR].
    #[arg(long, global = true, value_name = "FOLDER")]
    folder: Option<PathBuf>,

    /// What is printed.
    #[arg(long, global = true, value_enum, default_value_t = Output::Text)]
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What every message costs: on the node's own runtime, where it goes, and on the embedded chain.
    Gas,

    /// How costs grow: with what is stored, with rows in a batch, entries on a roll, oracles; and what stays stored.
    Scale {
        /// How many records of each kind are stored at most: 10, and then ten times as many until this.
        #[arg(long, default_value_t = 10_000)]
        most: u32,
    },

    /// How many operations a chain carries in a second.
    Load(LoadOptions),

    /// How long deploying each contract takes on a development chain.
    Deploy {
        /// The node's program [default: amanah-node beside this program].
        #[arg(long, value_name = "FILE")]
        node: Option<PathBuf>,

        /// How many fresh chains it is deployed on.
        #[arg(long, default_value_t = 5)]
        runs: usize,
    },

    /// Makes a page with tables and plots from the results in the folder, and prints how the goals stand.
    Report,
}

#[derive(Debug, clap::Args)]
struct LoadOptions {
    /// The node's program [default: amanah-node beside this program].
    #[arg(long, value_name = "FILE")]
    node: Option<PathBuf>,

    /// A consortium of so many validators on this machine, instead of a development chain.
    #[arg(long, value_name = "VALIDATORS")]
    consortium: Option<usize>,

    /// How long a slot of the consortium is (milliseconds).
    #[arg(long, value_name = "MS", default_value_t = 2_000, requires = "consortium")]
    slot_duration: u64,

    /// How many operations a run has.
    #[arg(long, default_value_t = 1_000)]
    operations: usize,

    /// How often each load is run.
    #[arg(long, default_value_t = 5)]
    runs: usize,

    /// How many operations are under way at a time.
    #[arg(long, value_name = "NUMBER", default_value_t = 500)]
    at_a_time: usize,

    /// How many operations each step of the ramp has, which finds the rate at 1 to 4,096 operations at a time; 0: no ramp.
    #[arg(long, default_value_t = 400)]
    ramp: usize,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let folder = cli.folder.clone().unwrap_or_else(usual_folder);
    match cli.command {
        Command::Gas => measure_gas(&folder, cli.output),
        Command::Scale { most } => measure_scale(&folder, most, cli.output),
        Command::Load(options) => measure_load(&folder, &options, cli.output),
        Command::Deploy { node, runs } => {
            let progress = progress("deploying");
            let results = deploy::measure(&program(node)?, runs)?;
            progress.finish_and_clear();
            let rows = results.seconds.iter().map(|(name, all)| {
                let all = all.iter().map(|seconds| format!("{seconds:.3}")).collect::<Vec<_>>().join("  ");
                vec![name.clone(), all]
            });
            finish(&folder, "deploy.json", &results, &["contract", "seconds"], rows, cli.output)
        }
        Command::Report => make_report(&folder, cli.output),
    }
}

fn measure_gas(folder: &Path, output: Output) -> Result<()> {
    let progress = progress("sending every message, on both chains");
    let figures = gas::measure()?;
    progress.finish_and_clear();
    let millions = |part: u64| format!("{:.0}", part as f64 / 1e6);
    let rows = figures.iter().map(|one| {
        let parts = &one.parts;
        vec![
            one.message.clone(),
            millions(one.node.ref_time),
            millions(parts.code),
            millions(parts.rest),
            format!("{}/{}/{}", parts.read, parts.written, parts.contracts),
            one.node.proof_size.to_string(),
            one.node.deposit.to_string(),
            millions(one.embedded.ref_time),
            one.efficiency().map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        ]
    });
    let columns = [
        "message",
        "node, M ref_time",
        "of it code",
        "of it rest",
        "reads/writes/contracts",
        "proof, B",
        "deposit",
        "embedded, M",
        "floor / measured",
    ];
    finish(folder, "gas.json", &figures, &columns, rows, output)
}

fn measure_scale(folder: &Path, most: u32, output: Output) -> Result<()> {
    let progress = progress("batches");
    let batches = scale::batches(&[1, 2, 5, 10, 20, 50, 100]);
    progress.set_message("rolls");
    let rolls = scale::rolls(&[100, 1_000, 10_000, 100_000]);
    progress.set_message("oracles");
    let oracles = scale::oracles();
    let deposits = scale::deposits();
    let sizes: Vec<u32> =
        std::iter::successors(Some(10u32), |size| size.checked_mul(10)).take_while(|size| *size <= most).collect();
    progress.set_message(format!("every message among {} to {most} records", sizes.first().unwrap_or(&most)));
    let records =
        scale::records(&sizes, |size| progress.set_message(format!("every message; done with {size} records")));
    progress.finish_and_clear();
    for (name, points) in [("batches", &batches), ("rolls", &rolls), ("oracles", &oracles), ("deposits", &deposits)] {
        report::keep(folder, &format!("{name}.json"), points)?;
    }
    report::keep(folder, "records.json", &records)?;
    let few: Vec<_> = [batches, rolls, oracles, deposits].concat();
    let rows = few.iter().map(|point| {
        vec![
            point.what.clone(),
            point.size.to_string(),
            format!("{:.0}", point.ref_time as f64 / 1e6),
            point.proof_size.to_string(),
            point.deposit.to_string(),
        ]
    });
    finish(folder, "scale.json", &few, &["what", "size", "M ref_time", "proof, B", "deposit"], rows, output)
}

fn measure_load(folder: &Path, options: &LoadOptions, output: Output) -> Result<()> {
    let &LoadOptions { operations, runs, at_a_time: most, ramp, .. } = options;
    if operations < 10 || runs == 0 || most == 0 || (ramp > 0 && ramp < 10) {
        bail!("a run has 10 operations at least, and there is one run and one operation at a time at least");
    }
    let plan = Plan { operations, runs, most, ramp };
    let program = program(options.node.clone())?;
    let name = match options.consortium {
        Some(validators) => format!("load-consortium-{validators}"),
        None => "load-dev".to_owned(),
    };
    fs::create_dir_all(folder)?;
    let mut table = csv::Writer::from_path(folder.join(format!("{name}.csv")))?;
    let progress = ProgressBar::new(0).with_style(ProgressStyle::with_template("{elapsed_precise} {msg} {pos}/{len}")?);
    progress.enable_steady_tick(Duration::from_millis(200));
    let mut keep = |samples: &[load::Sample]| {
        samples.iter().try_for_each(|sample| table.serialize(sample))?;
        Ok(table.flush()?)
    };
    let results = match options.consortium {
        Some(validators) => {
            let slot = Duration::from_millis(options.slot_duration);
            load::consortium(&program, validators, slot, plan, &progress, &mut keep)?
        }
        None => load::development(&program, plan, &progress, &mut keep)?,
    };
    progress.finish_and_clear();
    let rows = results.runs.iter().map(|run| {
        vec![
            run.load.name().to_owned(),
            if run.run == 0 { "ramp".to_owned() } else { run.run.to_string() },
            run.most.to_string(),
            format!("{}/{}", run.succeeded, run.operations),
            format!("{:.1}", run.rate),
            run.inclusion.map(|seconds| format!("{seconds:.2}")).join(" "),
            run.finality.map(|all| all.map(|seconds| format!("{seconds:.2}")).join(" ")).unwrap_or_default(),
            run.processors.map(|one| format!("{one:.2}")).join(" "),
        ]
    });
    let columns = ["load", "run", "at a time", "done", "a second", "in a block, s", "final, s", "processors"];
    finish(folder, &format!("{name}.json"), &results, &columns, rows, output)?;
    if output == Output::Text {
        summarise(&results);
    }
    Ok(())
}

fn summarise(results: &Results) {
    println!();
    for load in [Load::Transfers, Load::Token, Load::Confirms, Load::Mix, Load::Writes] {
        if let Some(line) = report::line(results, load) {
            println!("{line}");
        }
    }
}

fn make_report(folder: &Path, output: Output) -> Result<()> {
    let measured = report::measured(folder)?;
    let goals = measured.goals();
    let page = folder.join("report.html");
    fs::create_dir_all(folder)?;
    fs::write(&page, report::page(&measured)?).with_context(|| format!("cannot write {}", page.display()))?;
    match output {
        Output::Text => {
            print!("{}", report::table(&goals));
            eprintln!("the page with all tables and plots: {}", page.display());
        }
        Output::Json => {
            let all: Vec<_> = goals
                .iter()
                .map(|goal| {
                    serde_json::json!({
                        "number": goal.number, "metric": goal.metric, "goal": goal.goal,
                        "measured": goal.measured, "met": goal.met, "command": goal.command,
                    })
                })
                .collect();
            println!("{}", serde_json::json!({ "goals": all, "page": page }));
        }
    }
    Ok(())
}

/// Keeps results and prints them.
fn finish<T: Serialize>(
    folder: &Path,
    name: &str,
    results: &T,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    output: Output,
) -> Result<()> {
    let file = report::keep(folder, name, results)?;
    match output {
        Output::Json => println!("{}", serde_json::to_string(results)?),
        Output::Text => {
            let mut table = Table::new();
            table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(columns).add_rows(rows);
            for column in table.column_iter_mut().skip(1) {
                column.set_cell_alignment(CellAlignment::Right);
            }
            println!("{table}");
            eprintln!("kept in {}", file.display());
        }
    }
    Ok(())
}

fn progress(message: &'static str) -> ProgressBar {
    let progress = ProgressBar::new_spinner().with_message(message);
    progress.enable_steady_tick(Duration::from_millis(200));
    progress
}

/// The node's program: the given one, or the one that was built with this.
fn program(given: Option<PathBuf>) -> Result<PathBuf> {
    let program = match given {
        Some(program) => program,
        None => env::current_exe()?.with_file_name("amanah-node"),
    };
    if !program.exists() {
        bail!("{} is not there; build it, or say --node FILE", program.display());
    }
    Ok(program)
}

fn usual_folder() -> PathBuf {
    let variable = |name| env::var_os(name).map(PathBuf::from);
    variable("CARGO_TARGET_DIR")
        .unwrap_or_else(|| variable("HOME").unwrap_or_default().join(".cache/amanah/target"))
        .join("bench")
}
