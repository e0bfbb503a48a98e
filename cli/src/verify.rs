//! `amanah verify`: is what is on the chain what the deployment's file and the bundles say?

use crate::{
    exit::{Mismatch, Shown},
    network::{session::Settings, Network},
    output,
    report::{table, Format},
};
use amanah_client::{address, ask, chain::Chain, node::Node, Bundle, Deployment, Suite};
use amanah_domain::ids::Account;
use amanah_interfaces::{ledger::Ledger, loan::Loan, voucher::Voucher, welfare::Welfare};
use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;

/// What to check.
#[derive(Args)]
#[command(after_help = "Example: amanah verify --deployment deployments/pilot.json")]
pub struct Options {
    #[command(flatten)]
    place: Network,
}

/// One thing that must hold.
struct Check {
    of: String,
    what: &'static str,
    expected: String,
    found: String,
}

/// Checks everything, and fails if something does not hold.
pub fn run(format: Format, options: &Options) -> Result<()> {
    let settings = Settings::of(&options.place)?;
    let deployment = Deployment::load(&settings.deployment)?;
    let suite = deployment.suite().map_err(anyhow::Error::msg)?;
    let mut node = settings.connect()?;
    let hex = |bytes: [u8; 32]| format!("0x{}", hex::encode(bytes));
    let mut checks = vec![Check {
        of: "chain".to_owned(),
        what: "genesis",
        expected: deployment.genesis.clone(),
        found: hex(node.genesis_hash()),
    }];
    let mut all_there = checks.iter().all(Check::holds);
    for (name, account) in suite.contracts() {
        let expected = hex(Bundle::load(&settings.bundles, name)?.code_hash);
        let found = node.code_hash(&account)?;
        all_there &= found.is_some();
        let written = deployment.contracts.get(name).map_or(String::new(), |one| one.code_hash.clone());
        let found = found.map_or("no contract".to_owned(), hex);
        checks.push(Check { of: name.to_owned(), what: "code in the bundle", expected, found: found.clone() });
        checks.push(Check { of: name.to_owned(), what: "code in the file", expected: written, found });
    }
    if all_there {
        checks.extend(wiring(&mut node, &suite).context("the contracts do not answer")?);
    }
    let wrong: Vec<&Check> = checks.iter().filter(|check| !check.holds()).collect();
    match format {
        Format::Json => {
            let list: Vec<_> = checks
                .iter()
                .map(|one| json!({ "of": one.of, "what": one.what, "expected": one.expected, "found": one.found, "holds": one.holds() }))
                .collect();
            output::json(&json!({ "holds": wrong.is_empty(), "checks": list }));
        }
        Format::Text | Format::Csv => {
            let mut rows = table(&["of", "what", "", "found"]);
            for one in &checks {
                rows.add_row([one.of.as_str(), one.what, if one.holds() { "ok" } else { "WRONG" }, &one.found]);
            }
            output::line(rows);
        }
    }
    match wrong.first() {
        None => Ok(()),
        Some(first) => Err(anyhow::Error::new(Mismatch(format!(
            "{} of {} checks fail; the first: {} of {} is {} and should be {}",
            wrong.len(),
            checks.len(),
            first.what,
            first.of,
            first.found,
            first.expected
        )))
        .context(Shown)),
    }
}

impl Check {
    fn holds(&self) -> bool {
        self.expected == self.found
    }
}

/// Does every contract know the right others, and the right chain?
fn wiring(node: &mut Node, suite: &Suite) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    let mut check = |of: &str, what, expected: String, found: String| {
        checks.push(Check { of: of.to_owned(), what, expected, found });
    };
    let account = |id: amanah_interfaces::AccountId| -> Account { *id.as_ref() };
    let hex = |bytes: [u8; 32]| format!("0x{}", hex::encode(bytes));
    let (registry, ledger) = (address(&suite.registry), address(&suite.ledger));
    check("voucher", "registry", registry.clone(), address(&account(ask(node, suite.voucher().registry())?)));
    check("voucher", "ledger", ledger.clone(), address(&account(ask(node, suite.voucher().ledger())?)));
    check("loan", "registry", registry.clone(), address(&account(ask(node, suite.loan().registry())?)));
    check("loan", "ledger", ledger.clone(), address(&account(ask(node, suite.loan().ledger())?)));
    check("welfare", "registry", registry, address(&account(ask(node, suite.welfare().registry())?)));
    check("welfare", "ledger", ledger, address(&account(ask(node, suite.welfare().ledger())?)));
    let voucher = address(&suite.voucher);
    check("welfare", "voucher", voucher, address(&account(ask(node, suite.welfare().voucher())?)));
    let separator = "domain separator";
    check("voucher", separator, hex(suite.voucher_domain()), hex(ask(node, suite.voucher().domain_separator())?));
    check("loan", separator, hex(suite.loan_domain()), hex(ask(node, suite.loan().domain_separator())?));
    check("welfare", separator, hex(suite.welfare_domain()), hex(ask(node, suite.welfare().domain_separator())?));
    for (name, contract) in [("voucher", suite.voucher), ("loan", suite.loan), ("welfare", suite.welfare)] {
        let marked = ask(node, suite.ledger().is_suite_contract(contract.into()))?;
        check(name, "may hold money for others", "true".to_owned(), marked.to_string());
    }
    Ok(checks)
}
