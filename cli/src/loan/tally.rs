//! Outcomes of applications, counted by the contract's code and by what did not hold.

use super::panel::ROLES;
use crate::{
    oracle::{roles::name_of, terms::name},
    report::table,
};
use amanah_domain::oracle::TermFailed;
use amanah_interfaces::loan::Code;
use comfy_table::Table;
use serde::Serialize;

/// What came of one application.
pub struct Outcome {
    pub row: u64,
    /// What did not hold, for each role; nothing means Pass.
    pub failed: [Vec<TermFailed>; 3],
    pub code: Code,
}

/// How many applications came to what.
#[derive(Serialize)]
pub struct Tally {
    pub codes: Vec<OfCode>,
    /// How many failed for which reason; one application may fail for several.
    pub reasons: Vec<OfReason>,
}

/// How many applications got a code.
#[derive(Serialize)]
pub struct OfCode {
    code: u8,
    name: String,
    count: usize,
}

/// How many applications an oracle failed for a reason.
#[derive(Serialize)]
pub struct OfReason {
    role: String,
    reason: &'static str,
    count: usize,
}

/// All codes, by number.
const CODES: [Code; 4] = [Code::Success, Code::OracleFailed, Code::EventMismatch, Code::TypeError];
/// All terms, in the order in which they are judged.
const TERMS: [TermFailed; 10] = [
    TermFailed::Identity,
    TermFailed::Amount,
    TermFailed::Months,
    TermFailed::IncomeTooLow,
    TermFailed::IncomeTooHigh,
    TermFailed::AssetsTooLow,
    TermFailed::AssetsTooHigh,
    TermFailed::Debt,
    TermFailed::IssuedBefore,
    TermFailed::Blacklisted,
];

impl Tally {
    /// Counts.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let codes = CODES.map(|code| {
            let count = outcomes.iter().filter(|outcome| outcome.code == code).count();
            OfCode { code: code.number(), name: format!("{code:?}"), count }
        });
        let mut reasons = Vec::new();
        for (at, role) in ROLES.into_iter().enumerate() {
            for term in TERMS {
                let count = outcomes.iter().filter(|outcome| outcome.failed[at].contains(&term)).count();
                if count > 0 {
                    reasons.push(OfReason { role: name_of(role), reason: name(term), count });
                }
            }
        }
        Self { codes: codes.into(), reasons }
    }

    /// Both counts as one table.
    pub fn table(&self) -> Table {
        let mut rows = table(&["code", "", "applications"]);
        for of in self.codes.iter().filter(|of| of.count > 0) {
            rows.add_row([of.code.to_string(), of.name.clone(), of.count.to_string()]);
        }
        for of in &self.reasons {
            rows.add_row([String::new(), format!("  {}: {}", of.role, of.reason), format!("  {}", of.count)]);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_application_has_one_code_and_as_many_reasons_as_terms_that_do_not_hold() {
        let nothing = || [Vec::new(), Vec::new(), Vec::new()];
        let mut failed = nothing();
        failed[0] = vec![TermFailed::Debt, TermFailed::Blacklisted];
        failed[2] = vec![TermFailed::Blacklisted];
        let tally = Tally::of(&[
            Outcome { row: 1, failed: nothing(), code: Code::Success },
            Outcome { row: 2, failed, code: Code::OracleFailed },
        ]);
        let codes: Vec<_> = tally.codes.iter().map(|of| (of.code, of.count)).collect();
        assert_eq!(codes, [(0, 1), (1, 1), (2, 0), (3, 0)]);
        let reasons: Vec<_> = tally.reasons.iter().map(|of| (of.role.as_str(), of.reason, of.count)).collect();
        let expected = [("bank", "debt", 1), ("bank", "blacklisted", 1), ("financial_department", "blacklisted", 1)];
        assert_eq!(reasons, expected);
    }
}
