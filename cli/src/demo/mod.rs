//! The stories of `amanah demo`.

mod books;
mod borrowers;
pub mod campaign;
mod codes;
pub mod import;
pub mod lenders;
pub mod loan;
pub mod offices;
mod people;
pub mod phone;
pub mod place;
pub mod resident;
pub mod roll;
pub mod stage;
pub mod voucher;
pub mod welfare;

use crate::{
    output,
    report::{Format, Report},
};
use anyhow::Result;
use clap::Subcommand;
use place::Whereabouts;
use serde::Serialize;
use std::path::PathBuf;

/// What `amanah demo` can tell.
#[derive(Subcommand)]
pub enum Story {
    /// All stories, one after the other. `--output json` gives one object with a key for each: voucher, resident,
    /// phone, roll, loan, campaign, welfare.
    ///
    /// Example: amanah demo all --output json > demo.json
    All(Whereabouts),
    /// A voucher programme from registration to cash: wrong rows refused, a redemption by a one-time code, attacks shown
    /// live, and totals that prove that nothing was lost.
    ///
    /// Example: amanah demo voucher --beneficiaries people.csv --shops shops.csv --output json
    Voucher {
        /// CSV with the columns row, name, nik, phone, category and amount_idr (others are ignored); amounts in whole rupiah.
        /// Without it, a sample of 2,000 made-up people.
        #[arg(long, value_name = "FILE")]
        beneficiaries: Option<PathBuf>,
        /// CSV with the columns row, name, licence, categories (separated by |), daily_cap_idr; amounts in whole rupiah.
        /// Without it, a sample of 40 made-up shops.
        #[arg(long, value_name = "FILE")]
        shops: Option<PathBuf>,
        #[command(flatten)]
        place: Whereabouts,
    },
    /// Hong Kong's consumption vouchers: a resident applies, an officer approves, anybody triggers the bundle of
    /// HK$5,000, the bank funds it, and each payment card takes one voucher by a one-time code.
    ///
    /// Example: amanah demo resident --output json
    Resident(Whereabouts),
    /// A lost phone: the vouchers are frozen, two officers give the holder another account and key, and whoever has the
    /// old phone gets nothing; a single officer must wait, and the holder can object.
    ///
    /// Example: amanah demo phone --output json
    Phone(Whereabouts),
    /// A roll: a thousand vouchers promised by one Merkle root, funded in one transaction, claimed one by one by
    /// anybody; what nobody claims in time goes back to the bank.
    ///
    /// Example: amanah demo roll --output json
    Roll(Whereabouts),
    /// Loans: applications that three separate oracles unlock, one by wallets, attacks shown live, a challenge by the
    /// regulator, and a loan that is repaid, with its interest by the financial department.
    ///
    /// Example: amanah demo loan --output json
    Loan {
        /// How many of the sample's 500 applications are made. Without it all, or 20 on a node, where each takes some
        /// seconds.
        #[arg(long, value_name = "NUMBER")]
        applications: Option<usize>,
        #[command(flatten)]
        place: Whereabouts,
    },
    /// Campaigns: three people ask investors for a loan. One repays it to the last unit, one misses its target and gives
    /// everything back, one defaults, and the investors share the loss.
    ///
    /// Example: amanah demo campaign --output json
    Campaign(Whereabouts),
    /// Welfare: applications for insurance, assistance, an injury at work and minimum living are checked, reviewed stage by
    /// stage, and the first month is paid. `--output json` gives a list with an object for each application.
    ///
    /// Example: amanah demo welfare --output json
    Welfare {
        /// JSON with the schemes, what reviewers decide, and the day that it assumes, as data/welfare_schemes.json.
        #[arg(long, value_name = "FILE")]
        schemes: Option<PathBuf>,
        /// JSON with the applications, as data/welfare_applications.json.
        #[arg(long, value_name = "FILE")]
        applications: Option<PathBuf>,
        #[command(flatten)]
        place: Whereabouts,
    },
}

/// What all stories come to, by their names.
#[derive(Serialize)]
struct All {
    voucher: voucher::Summary,
    resident: resident::Summary,
    phone: phone::Summary,
    roll: roll::Summary,
    loan: loan::Summary,
    campaign: campaign::Summary,
    welfare: Vec<welfare::Told>,
}

/// Tells a story and prints it, or its summary as JSON.
pub fn run(format: Format, story: Story) -> Result<()> {
    let report = Report::new(format);
    match story {
        Story::All(place) => answer(format, &all(report, &place)?),
        Story::Voucher { beneficiaries, shops, place } => {
            voucher::run(format, beneficiaries.as_deref(), shops.as_deref(), &place)
        }
        Story::Resident(place) => answer(format, &resident::tell(report, &place)?),
        Story::Phone(place) => answer(format, &phone::tell(report, &place)?),
        Story::Roll(place) => answer(format, &roll::tell(report, &place)?),
        Story::Loan { applications, place } => answer(format, &loan::tell(report, &place, applications)?),
        Story::Campaign(place) => answer(format, &campaign::tell(report, &place)?),
        Story::Welfare { schemes, applications, place } => {
            answer(format, &welfare::tell(report, schemes.as_deref(), applications.as_deref(), &place)?)
        }
    }
}

/// Tells all stories, each from its own first chapter with a suite of its own.
fn all(report: Report, place: &Whereabouts) -> Result<All> {
    report.title("voucher", "a food programme, from registration to cash");
    let voucher = voucher::with_sample(report, place)?;
    report.title("resident", "consumption vouchers for every resident");
    let resident = resident::tell(report, place)?;
    report.title("phone", "a lost phone");
    let phone = phone::tell(report, place)?;
    report.title("roll", "a thousand vouchers by one root");
    let roll = roll::tell(report, place)?;
    report.title("loan", "applications through three oracles, and a loan that is repaid");
    let loan = loan::tell(report, place, None)?;
    report.title("campaign", "many investors lend to one person");
    let campaign = campaign::tell(report, place)?;
    report.title("welfare", "applications, reviews in stages, benefits");
    let welfare = welfare::tell(report, None, None, place)?;
    Ok(All { voucher, resident, phone, roll, loan, campaign, welfare })
}

/// Prints a summary, for programs.
fn answer(format: Format, summary: &impl Serialize) -> Result<()> {
    if format == Format::Json {
        output::line(serde_json::to_string_pretty(summary)?);
    }
    Ok(())
}
