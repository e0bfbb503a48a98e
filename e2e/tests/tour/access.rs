//! Who may send which command, beside the one who did on the tour (an owner, a bank, a shop that asked).

use crate::tour;
use std::collections::BTreeSet;

/// Who may.
enum May {
    /// Nobody else.
    Alone,
    /// Active holders of these roles, and others named here.
    These(&'static [&'static str]),
    /// Every active participant.
    Active,
    /// Every active participant, and the suite's contracts.
    Owners,
    /// Anybody at all.
    Anybody,
}

use May::{Active, Alone, Anybody, Owners, These};

const TABLE: &[(&str, May)] = &[
    ("Ledger::approve", Owners),
    ("Ledger::decrease_allowance", Owners),
    ("Ledger::increase_allowance", Owners),
    ("Ledger::issue", These(&["Bank"])),
    ("Ledger::request_withdrawal", Active),
    ("Ledger::set_suite_contract", These(&["administrator"])),
    ("Ledger::settle_withdrawal", Alone),
    ("Ledger::transfer", Owners),
    ("Ledger::transfer_from", Owners),
    ("Registry::grant", These(&["Government"])),
    ("Registry::register", These(&["Government"])),
    ("Registry::register_many", These(&["Government"])),
    ("Registry::reinstate", These(&["Government", "Regulator"])),
    ("Registry::revoke", These(&["Government"])),
    ("Registry::suspend", These(&["Government", "Regulator"])),
    ("Voucher::admit_shops", Alone),
    ("Voucher::cancel", Alone),
    ("Voucher::clear", Alone),
    ("Voucher::confirm", Anybody),
    ("Voucher::create", Alone),
    ("Voucher::create_many", Alone),
    ("Voucher::create_programme", These(&["Government"])),
    ("Voucher::expire", Anybody),
    ("Voucher::expire_voucher", Anybody),
    ("Voucher::freeze", These(&["Regulator"])),
    ("Voucher::fund", Alone),
    ("Voucher::fund_many", Alone),
    ("Voucher::request", These(&["Shop"])),
    ("Voucher::set_issuer", Alone),
    ("Voucher::unfreeze", These(&["Regulator"])),
    ("Voucher::withdraw", Active),
];

#[test]
fn each_command_is_for_those_in_the_table_and_for_nobody_else() {
    let commands: Vec<&String> =
        tour().visits.iter().filter(|(_, visit)| visit.is_command).map(|(label, _)| label).collect();
    assert_eq!(commands, TABLE.iter().map(|(label, _)| label).collect::<Vec<_>>(), "each command has a row");
    let all = || tour().callers.iter().cloned();
    let active = |name: &String| {
        !name.starts_with("suspended") && !["stranger", "administrator", "contract"].contains(&name.as_str())
    };
    let mut wrong = Vec::new();
    for (label, may) in TABLE {
        let expected: BTreeSet<String> = match may {
            Alone => BTreeSet::new(),
            These(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            Active => all().filter(active).collect(),
            Owners => all().filter(|name| active(name) || name == "contract").collect(),
            Anybody => all().collect(),
        };
        let measured = &tour().visits[*label].may;
        let differ: Vec<_> = measured.symmetric_difference(&expected).collect();
        if !differ.is_empty() {
            wrong.push(format!("{label}: {differ:?}"));
        }
    }
    assert!(wrong.is_empty(), "the table and the contracts differ in these:\n{}", wrong.join("\n"));
}
