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
    /// Every participant, also suspended ones.
    Participants,
    /// Anybody but suspended participants.
    Newcomers,
    /// Anybody at all.
    Anybody,
}

use May::{Active, Alone, Anybody, Newcomers, Owners, Participants, These};

const TABLE: &[(&str, May)] = &[
    ("Ledger::approve", Owners),
    ("Ledger::cancel_withdrawal", Alone),
    ("Ledger::clear_withdrawal", Alone),
    ("Ledger::decrease_allowance", Owners),
    ("Ledger::increase_allowance", Owners),
    ("Ledger::issue", These(&["Bank"])),
    ("Ledger::link_account", These(&["Bank"])),
    ("Ledger::reject_withdrawal", Alone),
    ("Ledger::request_withdrawal", Active),
    ("Ledger::set_suite_contract", These(&["administrator"])),
    ("Ledger::settle_withdrawal", Alone),
    ("Ledger::transfer", Owners),
    ("Ledger::transfer_from", Owners),
    ("Ledger::unlink_account", These(&["Bank"])),
    ("Loan::approve_campaign", These(&["LoanAdministrator"])),
    ("Loan::cancel_campaign", Alone),
    ("Loan::challenge", These(&["Regulator"])),
    ("Loan::claim", Alone),
    ("Loan::configure_flow", These(&["Government"])),
    ("Loan::expire_case", Anybody),
    ("Loan::inspect", These(&["Bank", "CivilAffairs", "Regulator"])),
    ("Loan::invest", These(&["Investor"])),
    ("Loan::lock", Alone),
    ("Loan::mark_defaulted", Anybody),
    ("Loan::mark_delinquent", Anybody),
    ("Loan::offer_product", These(&["Bank", "LoanAdministrator"])),
    ("Loan::open_campaign", These(&["Citizen"])),
    ("Loan::recover", Active),
    ("Loan::refund", Alone),
    ("Loan::reject_campaign", These(&["LoanAdministrator"])),
    ("Loan::repay", Active),
    ("Loan::resolve", These(&["Regulator"])),
    ("Loan::retire_product", Alone),
    ("Loan::revise", Alone),
    ("Loan::submit_verdict", Alone),
    ("Loan::unlock", Anybody),
    ("Loan::withdraw", Active),
    ("Loan::write_off", Alone),
    ("Registry::accept_admin_transfer", Alone),
    ("Registry::apply", Newcomers),
    ("Registry::approve", These(&["Government"])),
    ("Registry::begin_admin_transfer", These(&["administrator"])),
    ("Registry::blacklist", These(&["Government", "Regulator"])),
    ("Registry::cancel_admin_transfer", These(&["administrator"])),
    ("Registry::cancel_rebind", These(&["Government"])),
    ("Registry::clear_application", Alone),
    ("Registry::clear_blacklist", These(&["Government", "Regulator"])),
    ("Registry::confirm_rebind", These(&["Government"])),
    ("Registry::define_role", These(&["Government"])),
    ("Registry::deny", These(&["Government"])),
    ("Registry::grant", These(&["Government"])),
    ("Registry::propose_rebind", These(&["Government"])),
    ("Registry::register", These(&["Government"])),
    ("Registry::register_many", These(&["Government"])),
    ("Registry::reinstate", These(&["Government", "Regulator"])),
    ("Registry::renew_identity", These(&["Government"])),
    ("Registry::renounce", Active),
    ("Registry::revoke", These(&["Government"])),
    ("Registry::rotate_key", Active),
    ("Registry::set_role_admin", These(&["Government"])),
    ("Registry::suspend", These(&["Government", "Regulator"])),
    ("Registry::withdraw_application", Alone),
    ("Voucher::admit_shops", Alone),
    ("Voucher::cancel", Alone),
    ("Voucher::claim", Anybody),
    ("Voucher::clear", Alone),
    ("Voucher::close_programme", Alone),
    ("Voucher::close_roll", Anybody),
    ("Voucher::confirm", Anybody),
    ("Voucher::create", Alone),
    ("Voucher::create_bundle", Alone),
    ("Voucher::create_many", Alone),
    ("Voucher::create_programme", These(&["Government"])),
    ("Voucher::expire", Anybody),
    ("Voucher::expire_voucher", Anybody),
    ("Voucher::expire_vouchers", Anybody),
    ("Voucher::extend", Alone),
    ("Voucher::freeze", These(&["Regulator"])),
    ("Voucher::fund", Alone),
    ("Voucher::fund_many", Alone),
    ("Voucher::fund_roll", Alone),
    ("Voucher::publish_roll", Alone),
    ("Voucher::request", These(&["Operator", "Shop"])),
    ("Voucher::set_issuer", Alone),
    ("Voucher::unfreeze", These(&["Regulator"])),
    ("Voucher::update_programme", Alone),
    ("Voucher::void", These(&["Regulator"])),
    ("Voucher::withdraw", Active),
    ("Welfare::add_document", These(&["WelfareDepartment"])),
    ("Welfare::agree_as_employer", Alone),
    ("Welfare::agree_to_pay", Alone),
    ("Welfare::appeal", Alone),
    ("Welfare::apply", Participants),
    ("Welfare::close_case", Anybody),
    ("Welfare::collect_premium", Anybody),
    ("Welfare::create_scheme", These(&["Government"])),
    ("Welfare::decide", These(&["WelfareDepartment"])),
    ("Welfare::decide_signed", Anybody),
    ("Welfare::pay", Anybody),
    ("Welfare::recertify", Alone),
    ("Welfare::resume", These(&["Regulator"])),
    ("Welfare::retire_scheme", Alone),
    ("Welfare::supplement", Alone),
    ("Welfare::suspend", These(&["Regulator"])),
    ("Welfare::terminate", These(&["Regulator"])),
    ("Welfare::withdraw", Active),
    ("Welfare::withdraw_application", Alone),
    ("ledger/Governed::approve_code", These(&["Regulator", "Auditor"])),
    ("ledger/Governed::cancel_code", These(&["Auditor", "Government", "Regulator", "administrator"])),
    ("ledger/Governed::pause", These(&["Regulator", "administrator"])),
    ("ledger/Governed::propose_code", These(&["administrator"])),
    ("ledger/Governed::set_code", These(&["administrator"])),
    ("ledger/Governed::unpause", These(&["Regulator", "administrator"])),
    ("loan/Governed::approve_code", These(&["Regulator", "Auditor"])),
    ("loan/Governed::cancel_code", These(&["Auditor", "Government", "Regulator", "administrator"])),
    ("loan/Governed::pause", These(&["Regulator", "administrator"])),
    ("loan/Governed::propose_code", These(&["administrator"])),
    ("loan/Governed::set_code", These(&["administrator"])),
    ("loan/Governed::unpause", These(&["Regulator", "administrator"])),
    ("registry/Governed::approve_code", These(&["Regulator", "Auditor"])),
    ("registry/Governed::cancel_code", These(&["Auditor", "Government", "Regulator", "administrator"])),
    ("registry/Governed::pause", These(&["Regulator", "administrator"])),
    ("registry/Governed::propose_code", These(&["administrator"])),
    ("registry/Governed::set_code", These(&["administrator"])),
    ("registry/Governed::unpause", These(&["Regulator", "administrator"])),
    ("voucher/Governed::approve_code", These(&["Regulator", "Auditor"])),
    ("voucher/Governed::cancel_code", These(&["Auditor", "Government", "Regulator", "administrator"])),
    ("voucher/Governed::pause", These(&["Regulator", "administrator"])),
    ("voucher/Governed::propose_code", These(&["administrator"])),
    ("voucher/Governed::set_code", These(&["administrator"])),
    ("voucher/Governed::unpause", These(&["Regulator", "administrator"])),
    ("welfare/Governed::approve_code", These(&["Regulator", "Auditor"])),
    ("welfare/Governed::cancel_code", These(&["Auditor", "Government", "Regulator", "administrator"])),
    ("welfare/Governed::pause", These(&["Regulator", "administrator"])),
    ("welfare/Governed::propose_code", These(&["administrator"])),
    ("welfare/Governed::set_code", These(&["administrator"])),
    ("welfare/Governed::unpause", These(&["Regulator", "administrator"])),
];

#[test]
fn each_command_is_for_those_in_the_table_and_for_nobody_else() {
    let commands: Vec<&String> =
        tour().visits.iter().filter(|(_, visit)| visit.is_guarded).map(|(label, _)| label).collect();
    assert_eq!(commands, TABLE.iter().map(|(label, _)| label).collect::<Vec<_>>(), "each command has a row");
    let all = || tour().callers.iter().cloned();
    let registered = |name: &String| !["stranger", "administrator", "contract"].contains(&name.as_str());
    let active = |name: &String| !name.starts_with("suspended") && registered(name);
    let mut wrong = Vec::new();
    for (label, may) in TABLE {
        let expected: BTreeSet<String> = match may {
            Alone => BTreeSet::new(),
            These(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            Active => all().filter(active).collect(),
            Owners => all().filter(|name| active(name) || name == "contract").collect(),
            Participants => all().filter(registered).collect(),
            Newcomers => all().filter(|name| !name.starts_with("suspended")).collect(),
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
