//! What the stories of loans and campaigns come to.

use crate::{
    amanah, among_all, assert_refusals,
    evaluate::{recount, sample},
    figures, number, told,
};
use serde_json::Value;
use std::{collections::BTreeMap, fs};

fn counts(summary: &Value) -> Vec<u64> {
    summary["codes"].as_array().unwrap().iter().map(|of| of["count"].as_u64().unwrap()).collect()
}

/// How often each role fails for each reason.
fn reasons(summary: &Value) -> BTreeMap<(String, String), u64> {
    let text = |of: &Value, field: &str| of[field].as_str().unwrap().to_owned();
    let all = summary["reasons"].as_array().unwrap().iter();
    all.map(|of| ((text(of, "role"), text(of, "reason")), of["count"].as_u64().unwrap())).collect()
}

#[test]
fn the_loan_story_decides_all_applications_by_the_papers_table_and_shows_what_is_refused() {
    let summary = among_all("loan");
    let csv = fs::read_to_string(sample("loan_applications.csv")).unwrap();
    let expected = recount(&csv);
    let granted = expected.iter().filter(|((_, _, code), _)| *code == 0).count() as u64;
    assert_eq!(number(summary, "applications"), 500);
    assert_eq!(counts(summary), [granted, 500 - granted, 0, 0]);
    let mut why = BTreeMap::new();
    for (_, of_roles) in &expected {
        for (role, terms) in ["bank", "civil_affairs", "financial_department"].into_iter().zip(of_roles) {
            for term in terms {
                *why.entry((role.to_owned(), (*term).to_owned())).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(reasons(summary), why);
    let rows: Vec<u128> =
        expected.iter().map(|((row, _, code), _)| u128::from(*row) * u128::from(*code == 0)).collect();
    let lent: u128 = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|field| field.parse::<u128>().unwrap()).collect::<Vec<_>>())
        .filter(|fields| rows.contains(&fields[0]))
        .map(|fields| fields[1])
        .sum();
    assert_eq!(number(summary, "lent"), lent, "the principal of the rows that the table grants");

    for transaction in ["gas_per_lock", "gas_per_unlock"] {
        let costs = figures(&summary[transaction], ["ref_time", "proof_size", "deposit"]);
        assert!(costs.iter().all(|cost| *cost > 0), "{transaction}: {costs:?}");
    }
    // 5 % of 12,000 for 25 days is 41.1, and debts are rounded up.
    assert_eq!(figures(&summary["repaid"], ["principal", "interest_refunded"]), [12_000, 42]);
    assert_eq!(summary["repaid"]["status"], "Closed");
    let [issued, borrowers, offices, contract] =
        figures(summary, ["issued", "borrowers_have", "offices_have", "contract_holds"]);
    assert_eq!((issued, contract), (borrowers + offices, 0));
    // The applicants, and two of the story's three people; the third has repaid.
    assert_eq!(borrowers, lent + 2 * 12_000);
    assert_refusals(summary, &REFUSED);
}

const REFUSED: [(&str, &str); 19] = [
    ("civil affairs submits before the bank has", "Case(NotYourTurn { next: 2 })"),
    ("a stranger applies in Budi's name", "NotAllowed"),
    ("Budi names another bank for this bank's product", "WrongGrantor { role: Bank }"),
    ("a stranger sends junk first", "OracleFailed: code 1, and nothing is stored"),
    ("another bank's genuine Pass in place of this bank's", "OracleFailed: code 1, and nothing is stored"),
    ("the right oracles' Passes for Siti's case", "OracleFailed: code 1, and nothing is stored"),
    ("the right Passes in a wrong order", "OracleFailed: code 1, and nothing is stored"),
    ("the right Passes with an event that asks for more", "EventMismatch: code 2, and nothing is stored"),
    ("the bank's Pass is missing", "TypeError: code 3, and nothing is stored"),
    ("the other bank submits a Pass from its own account", "NotAllowed"),
    ("the same case is unlocked twice", "Case(NotOpen { status: Executed })"),
    ("Budi applies for a second loan of this product", "Loan(TooSoon"),
    ("the bank challenges it, which is no regulator", "NotAllowed"),
    ("anybody unlocks it with all Passes", "Challenge(Frozen"),
    ("the bank submits its Pass from its wallet", "Challenge(Frozen"),
    ("the same regulator challenges it again", "Challenge(Repeated)"),
    ("the department pays before the principal is repaid", "Loan(TooEarly"),
    ("the interest is refunded a second time", "Loan(WrongStatus { status: Closed })"),
    ("the bank withdraws one more than it was repaid", "Amount(Insufficient { available: 12042, wanted: 12043 })"),
];

#[test]
fn the_loan_story_takes_as_many_applications_as_are_asked_for() {
    let summary = told("loan", &["--applications", "2"]);
    assert_eq!(number(&summary, "applications"), 2);
    assert_eq!(counts(&summary), [1, 1, 0, 0]);
    let why = [(("civil_affairs".to_owned(), "assets too high".to_owned()), 1)];
    assert_eq!(reasons(&summary), why.into());
    for wrong in ["0", "501"] {
        let refused = amanah(&["demo", "loan", "--applications", wrong, "--output", "json"]).assert().code(1);
        let said = String::from_utf8(refused.get_output().stdout.clone()).unwrap();
        assert!(said.contains(&format!("--applications is {wrong} and must be 1 to 500")), "{said}");
    }
}

/// What each investor gave and got.
fn stakes(campaign: &Value) -> Vec<[u128; 2]> {
    campaign["investors"].as_array().unwrap().iter().map(|stake| figures(stake, ["invested", "got"])).collect()
}

#[test]
fn one_campaign_is_repaid_to_the_last_unit_one_gives_everything_back_and_one_shares_its_loss() {
    let summary = among_all("campaign");
    let campaigns = summary["campaigns"].as_array().unwrap();
    let standing: Vec<_> = campaigns
        .iter()
        .map(|one| (one["borrower"].as_str().unwrap(), one["grade"].as_str().unwrap(), one["status"].as_str().unwrap()))
        .collect();
    assert_eq!(standing, [("Dewi", "A", "Funded"), ("Eko", "C", "Failed"), ("Fitri", "D", "Funded")]);
    let loans: Vec<_> = campaigns.iter().map(|one| one["loan"].as_str()).collect();
    assert_eq!(loans, [Some("Closed"), None, Some("WrittenOff")]);

    let [repaid, claimed] = figures(&campaigns[0], ["repaid", "claimed"]);
    assert_eq!((repaid, claimed), (1_009, 1_009), "5 % a year for three months in instalments is 9");
    let shares = [333, 333, 334];
    let paid = stakes(&campaigns[0]);
    assert_eq!(paid.iter().map(|[invested, _]| *invested).collect::<Vec<_>>(), shares);
    // The last one takes what rounding left.
    let floors = shares.map(|share| 1_009 * share / 1_000);
    assert_eq!(
        paid.iter().map(|[_, got]| *got).collect::<Vec<_>>(),
        [floors[0], floors[1], 1_009 - floors[0] - floors[1]]
    );

    assert_eq!(stakes(&campaigns[1]), [[400, 400], [250, 250], [0, 0]]);

    let [repaid, claimed] = figures(&campaigns[2], ["repaid", "claimed"]);
    let paid = stakes(&campaigns[2]);
    for [invested, got] in &paid {
        assert_eq!(*got, repaid * invested / 900, "of what came in, each has its share rounded down");
        assert!(got < invested, "and so its share of the loss");
    }
    assert_eq!(paid.iter().map(|[_, got]| got).sum::<u128>(), claimed);
    let [issued, people, contract] = figures(summary, ["issued", "people_have", "contract_holds"]);
    assert_eq!((issued, contract), (people + contract, repaid - claimed));
    assert_refusals(summary, &REFUSED_CAMPAIGNS);
}

const REFUSED_CAMPAIGNS: [(&str, &str); 22] = [
    ("Dewi proposes it at a lower interest than she was rated for", "Signing(BadSignature { signer: 3 })"),
    ("Dewi proposes one for more than her rating allows", "Campaign(OverRating"),
    ("Dewi's passkey has approved a campaign for less", "Signing(BadSignature { signer: 4 })"),
    ("Dewi proposes another campaign with the same rating", "Signing(NonceUsed { latest: 1 })"),
    ("an investor invests before it is approved", "Campaign(WrongStatus { status: Proposed })"),
    ("Dewi approves her own campaign", "NotAllowed"),
    ("an investor invests less than the smallest ticket", "Campaign(BelowMinimum { minimum: 100 })"),
    ("an investor invests more than is missing", "Campaign(OverTarget { missing: 1000 })"),
    ("an investor takes money back while it collects", "Campaign(StillGoing"),
    ("the borrower asks for the money before the target", "Campaign(NotReached { missing: 1000 })"),
    ("an investor takes its money back from a running loan", "Campaign(WrongStatus { status: Funded })"),
    ("Gita claims again before more is repaid", "Campaign(NothingToTake)"),
    ("Gita claims again when all is paid out", "Campaign(NothingToTake)"),
    ("an investor brings what is missing at the deadline", "Campaign(TooLate"),
    ("Eko asks for what there is", "Campaign(NotReached { missing: 850 })"),
    ("Gita takes it back twice", "Campaign(NothingToTake)"),
    ("Indah, who invested nothing, takes money back", "Campaign(NothingToTake)"),
    ("anybody marks the loan as late on that day", "Loan(NotLate)"),
    ("anybody marks it as defaulted on the same day", "Loan(NotLate)"),
    ("the loan administrator writes it off already", "Loan(WrongStatus { status: Delinquent })"),
    ("Fitri pays one unit, as if nothing had happened", "Loan(WrongStatus { status: Defaulted })"),
    ("an investor writes it off", "NotAllowed"),
];
