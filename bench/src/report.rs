//! What was measured, for people: tables and plots in one page, from the files that the other commands wrote.

use crate::{
    deploy::Deployments,
    gas::Figures,
    goals::{least_and_most, median, Goal, Measured},
    load::{Load, Results},
    prices,
    scale::Point,
};
use amanah_client::Bundle;
use anyhow::{anyhow, Context, Result};
use plotters::prelude::*;
use serde::{de::DeserializeOwned, Serialize};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

/// What others published, and under which conditions: for orientation, since the machines differ.
const PUBLISHED: [(&str, f64, &str); 4] = [
    (
        "LoC, its mix",
        50.676,
        "Hyperledger Fabric, five endorsing peers on hosts of their own; 40 % loan, 40 % refund, 20 % query",
    ),
    ("LoC, writes only", 18.982, "as before"),
    ("the system LoC wanted to replace", 200.0, "as the paper says it"),
    ("Fabric 2.1, published", 592.6, "simple transfers, a cluster of its own"),
];

/// Writes a file of results.
///
/// # Errors
/// When the folder cannot be written.
pub fn keep<T: Serialize>(folder: &Path, name: &str, results: &T) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(name);
    let text = serde_json::to_string_pretty(results)? + "\n";
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// Reads a file of results; `None` if it was not measured.
fn kept<T: DeserializeOwned>(file: &Path) -> Result<Option<T>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).map(Some).with_context(|| format!("{} is not what this program wrote", file.display()))
}

/// All results in a folder, and the sizes of the contracts.
///
/// # Errors
/// When a file cannot be read.
pub fn measured(folder: &Path) -> Result<Measured> {
    let points = |name: &str| kept::<Vec<Point>>(&folder.join(name)).map(Option::unwrap_or_default);
    let mut loads: Vec<Results> = Vec::new();
    if folder.exists() {
        let mut files: Vec<PathBuf> = fs::read_dir(folder)?.filter_map(|file| Some(file.ok()?.path())).collect();
        files.sort();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("load-") && name.ends_with(".json") {
                loads.extend(kept(&file)?);
            }
        }
    }
    let mut code = BTreeMap::new();
    for name in amanah_e2e::tour::CONTRACTS {
        let bundle = Bundle::load(&Bundle::folder(), name)?;
        let messages = bundle.metadata["spec"]["messages"].as_array().map_or(0, Vec::len);
        code.insert(name.to_owned(), (bundle.wasm.len(), messages));
    }
    Ok(Measured {
        gas: kept::<Vec<Figures>>(&folder.join("gas.json"))?.unwrap_or_default(),
        records: points("records.json")?,
        batches: points("batches.json")?,
        rolls: points("rolls.json")?,
        oracles: points("oracles.json")?,
        deposits: points("deposits.json")?,
        code,
        loads,
        deployments: kept::<Deployments>(&folder.join("deploy.json"))?,
    })
}

/// The goals as a table in Markdown.
pub fn table(goals: &[Goal]) -> String {
    let mut table =
        "| # | metric | goal | measured | met | command |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();
    for goal in goals {
        let measured = if goal.measured.is_empty() { "not measured" } else { &goal.measured };
        let met = match goal.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "-",
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {measured} | {met} | `{}` |",
            goal.number, goal.metric, goal.goal, goal.command
        );
    }
    table
}

/// A page with everything, in HTML; its plots are part of it.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn page(measured: &Measured) -> Result<String> {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Amanah, measured</title>\n<style>\
         body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}\
         table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left;\
         vertical-align:top}td.n{text-align:right}svg{max-width:100%;height:auto}</style></head>\n<body>\n\
         <h1>Amanah, measured</h1>\n",
    );
    goals(&mut page, &measured.goals())?;
    for load in &measured.loads {
        carried(&mut page, load)?;
    }
    published(&mut page)?;
    sizes(&mut page, measured)?;
    gas(&mut page, &measured.gas)?;
    page.push_str("</body>\n</html>\n");
    Ok(page)
}

fn goals(page: &mut String, goals: &[Goal]) -> Result<()> {
    page.push_str("<h2>Goals</h2>\n<table><tr><th>#<th>metric<th>goal<th>measured<th>met<th>command</tr>\n");
    for goal in goals {
        let met = match goal.met {
            Some(true) => "yes",
            Some(false) => "<b>no</b>",
            None => "",
        };
        let cells = [goal.metric, goal.goal, &goal.measured].map(escaped).join("<td>");
        writeln!(page, "<tr><td>{}<td>{cells}<td>{met}<td><code>{}</code></tr>", goal.number, goal.command)?;
    }
    page.push_str("</table>\n");
    Ok(())
}

fn carried(page: &mut String, results: &Results) -> Result<()> {
    let machine = &results.machine;
    writeln!(page, "<h2>Load: {}</h2>", escaped(&results.chain))?;
    writeln!(
        page,
        "<p>{} cores of {}, {} GiB, Linux {}; {}. The load runs on the same machine.</p>",
        machine.cores,
        escaped(&machine.processor),
        machine.memory,
        escaped(&machine.kernel),
        escaped(&machine.node)
    )?;
    page.push_str(
        "<table><tr><th>load<th>run<th>at a time<th>done<th>a second<th>in a block after (s): p50, p95, p99<th>final after\
         <th>processors: nodes, load</tr>\n",
    );
    for run in &results.runs {
        let three = |all: [f64; 3]| all.map(|one| format!("{one:.3}")).join(", ");
        writeln!(
            page,
            "<tr><td>{}<td class=n>{}<td class=n>{}<td class=n>{} of {}<td class=n>{:.1}<td>{}<td>{}<td>{:.2}, {:.2}</tr>",
            run.load.name(),
            if run.run == 0 { "ramp".to_owned() } else { run.run.to_string() },
            run.most,
            run.succeeded,
            run.operations,
            run.rate,
            three(run.inclusion),
            run.finality.map(three).unwrap_or_default(),
            run.processors[0],
            run.processors[1]
        )?;
    }
    page.push_str("</table>\n");
    let ramp: Vec<_> = results.runs.iter().filter(|run| run.run == 0).collect();
    if !ramp.is_empty() {
        let rates = ramp.iter().map(|run| (run.most as f64, run.rate)).collect();
        page.push_str(&plot("Operations a second against operations under way", "at a time", &[("mix", rates)])?);
        let percentiles = ["p50", "p95", "p99"].iter().enumerate();
        let lines: Vec<(&str, Vec<(f64, f64)>)> = percentiles
            .map(|(place, name)| (*name, ramp.iter().map(|run| (run.most as f64, run.inclusion[place])).collect()))
            .collect();
        page.push_str(&plot("Seconds until a block has it, against operations under way", "at a time", &lines)?);
    }
    Ok(())
}

fn published(page: &mut String) -> Result<()> {
    page.push_str("<h2>Published by others</h2>\n<table><tr><th>what<th>a second<th>conditions</tr>\n");
    for (what, rate, conditions) in PUBLISHED {
        writeln!(page, "<tr><td>{what}<td class=n>{rate}<td>{conditions}</tr>")?;
    }
    page.push_str("</table>\n");
    Ok(())
}

fn sizes(page: &mut String, measured: &Measured) -> Result<()> {
    page.push_str("<h2>Gas against size</h2>\n");
    let line = |points: &[Point], what: &str, each: bool| -> Vec<(f64, f64)> {
        let of = points.iter().filter(|point| point.what == what);
        of.map(|point| {
            let rows = if each { f64::from(point.size) } else { 1.0 };
            (f64::from(point.size), point.ref_time as f64 / rows / 1e6)
        })
        .collect()
    };
    let plots = [
        (
            "Millions of ref_time a voucher, against rows in a batch",
            "rows",
            &measured.batches,
            ["create_many", "fund_many"],
            true,
        ),
        (
            "Millions of ref_time against entries on a roll",
            "entries",
            &measured.rolls,
            ["publish_roll", "claim"],
            false,
        ),
        ("Millions of ref_time of an unlock against oracles", "oracles", &measured.oracles, ["unlock", ""], false),
        (
            "Millions of ref_time against what is stored",
            "records of each kind",
            &measured.records,
            ["Voucher::request", "Loan::unlock"],
            false,
        ),
    ];
    for (title, axis, points, names, each) in plots {
        let lines: Vec<(&str, Vec<(f64, f64)>)> = names
            .into_iter()
            .map(|name| (name, line(points, name, each)))
            .filter(|(_, line)| !line.is_empty())
            .collect();
        if !lines.is_empty() {
            page.push_str(&plot(title, axis, &lines)?);
        }
    }
    Ok(())
}

fn gas(page: &mut String, figures: &[Figures]) -> Result<()> {
    page.push_str(
        "<h2>Gas of every message</h2>\n<p>Millions of ref_time, without the transaction around the call; on the node's runtime \
         (pallet-contracts 38), where it goes; on the embedded chain (31) beside it.</p>\n<table><tr><th>message<th>node\
         <th>reads<th>writes<th>events<th>calls<th>signatures<th>code<th>rest<th>proof (B)<th>deposit<th>embedded<th>floor / \
         measured</tr>\n",
    );
    for one in figures {
        let parts = &one.parts;
        let all = [
            one.node.ref_time,
            parts.reads,
            parts.writes,
            parts.events,
            parts.calls,
            parts.signatures,
            parts.code,
            parts.rest,
        ];
        let cells = all.map(|part| format!("<td class=n>{:.0}", part as f64 / 1e6)).join("");
        writeln!(
            page,
            "<tr><td>{}{cells}<td class=n>{}<td class=n>{}<td class=n>{:.0}<td class=n>{}</tr>",
            one.message,
            one.node.proof_size,
            one.node.deposit,
            one.embedded.ref_time as f64 / 1e6,
            one.efficiency().map(|ratio| format!("{ratio:.2}")).unwrap_or_default()
        )?;
    }
    let base = prices::extrinsic() as f64 / 1e6;
    writeln!(page, "</table>\n<p>The transaction around each call: {base:.0}.</p>")?;
    Ok(())
}

/// A plot with a logarithmic axis of sizes, as part of a page.
fn plot(title: &str, axis: &str, lines: &[(&str, Vec<(f64, f64)>)]) -> Result<String> {
    let mut svg = String::new();
    let failed = |error: &dyn std::fmt::Display| anyhow!("cannot draw '{title}': {error}");
    let all = || lines.iter().flat_map(|(_, line)| line.iter().copied());
    let least = all().map(|(x, _)| x).fold(f64::INFINITY, f64::min);
    let most = all().map(|(x, _)| x).fold(least, f64::max).max(least * 1.01);
    let top = all().map(|(_, y)| y).fold(0.0, f64::max) * 1.1;
    {
        let area = SVGBackend::with_string(&mut svg, (800, 360)).into_drawing_area();
        area.fill(&WHITE).map_err(|error| failed(&error))?;
        let up: Range<f64> = 0.0..top.max(f64::MIN_POSITIVE);
        let mut chart = ChartBuilder::on(&area)
            .caption(title, ("sans-serif", 18))
            .margin(12)
            .margin_right(40)
            .x_label_area_size(40)
            .y_label_area_size(70)
            .build_cartesian_2d((least..most).log_scale(), up)
            .map_err(|error| failed(&error))?;
        chart.configure_mesh().x_desc(axis).draw().map_err(|error| failed(&error))?;
        for (place, (name, line)) in lines.iter().enumerate() {
            let colour = Palette99::pick(place).to_rgba();
            chart
                .draw_series(LineSeries::new(line.iter().copied(), colour.stroke_width(2)).point_size(3))
                .map_err(|error| failed(&error))?
                .label(*name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour));
        }
        chart
            .configure_series_labels()
            // No plot here has a line there.
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE)
            .border_style(BLACK)
            .draw()
            .map_err(|error| failed(&error))?;
        area.present().map_err(|error| failed(&error))?;
    }
    Ok(svg)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The runs of a load in a line for the terminal: the median rate and how far the runs are apart.
pub fn line(results: &Results, load: Load) -> Option<String> {
    let rates = crate::goals::rates_of(&results.runs, load);
    let middle = median(rates.iter().copied())?;
    let [least, most] = least_and_most(&rates);
    Some(format!("{:<10} {middle:>8.1}/s  ({least:.1} to {most:.1}, {} runs)", load.name(), rates.len()))
}
