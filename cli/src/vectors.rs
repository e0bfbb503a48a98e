//! `amanah vectors`: the golden vectors of the byte layouts, checked and printed.

use crate::{
    output,
    report::{table, Format},
};
use amanah_domain::vectors::{check, LAYOUTS};
use anyhow::{ensure, Result};

/// Checks the vectors and prints what was checked, or the vectors themselves as JSON.
pub fn run(format: Format) -> Result<()> {
    let checked = check(LAYOUTS)?;
    let wrong = checked.iter().filter(|one| !one.agrees).count();
    match format {
        Format::Json => output::print(LAYOUTS),
        Format::Text | Format::Csv => {
            let mut table = table(&["layout", "vector", "compared", ""]);
            for one in &checked {
                let verdict = if one.agrees { "agrees" } else { "DIFFERS" };
                table.add_row([one.layout, &one.number.to_string(), one.what, verdict]);
            }
            output::line(table);
            output::line(format_args!("{} of {} checks agree", checked.len() - wrong, checked.len()));
        }
    }
    ensure!(wrong == 0, "{wrong} checks differ: this program would sign or accept other bytes than everybody else");
    Ok(())
}
