//! Borrowers who ask many investors: rated by a loan administrator, approved with their passkeys.

use super::{offices::Registered, stage::Stage};
use crate::{money::UNITS, report::table};
use amanah_domain::{
    campaign::{Wish, GRADES},
    crypto::{Crypto, Native},
    layout::{PasskeyStatement, RatingStatement},
    participant::Credentials,
    rating::{facts_hash, rate, Education, RatingFacts},
    time::{Millis, MINUTE},
};
use amanah_interfaces::{
    loan::{Loan, NewCampaign, PasskeyApproval, Rating, Signed, SignedRating},
    registry::Registry,
    Balance, MOST_PER_PAGE,
};
use anyhow::{Context, Result};
use scale::Encode;

/// The letters of the grades, best first.
const LETTERS: [&str; 5] = ["A", "B", "C", "D", "E"];
/// For how long what is signed counts.
const COUNTS_FOR: Millis = 60 * MINUTE;
/// The message that a passkey approves.
const OPEN_CAMPAIGN: &[u8] = b"Loan::open_campaign";

/// Somebody who asks investors for a loan.
pub struct Borrower {
    pub person: Registered,
    pub facts: RatingFacts,
    pub rating: Rating,
}

impl Borrower {
    /// Rates somebody by these facts.
    ///
    /// # Errors
    /// When that person is declined.
    pub fn rated(person: Registered, education: Education, money: [Balance; 3]) -> Result<Self> {
        let [income, debt, debt_service] = money;
        let facts = RatingFacts { education, income, debt, debt_service };
        let rating = rate(&facts).with_context(|| format!("{} is declined", person.actor.name()))?;
        Ok(Self { person, facts, rating })
    }

    pub fn name(&self) -> &str {
        self.person.actor.name()
    }

    /// The row of a table of ratings.
    pub fn row(&self) -> [String; 7] {
        let RatingFacts { education, income, debt, debt_service } = self.facts;
        let Rating { rate, most, .. } = self.rating;
        [
            self.name().to_owned(),
            format!("{education:?}"),
            UNITS.digits(income),
            format!("{}, {} a month", UNITS.digits(debt), UNITS.digits(debt_service)),
            self.grade().to_owned(),
            percent(rate),
            UNITS.digits(most),
        ]
    }

    /// The letter of its grade.
    pub fn grade(&self) -> &'static str {
        grade_letter(self.rating.grade)
    }
}

/// The letter of a grade.
fn grade_letter(grade: u8) -> &'static str {
    LETTERS.get(usize::from(grade)).copied().unwrap_or("?")
}

/// Basis points in words.
fn percent(rate: u32) -> String {
    format!("{}.{:02} %", rate / 100, rate % 100)
}

/// Investors walk the campaigns, the best grade first; one of them looks for something.
pub fn list(stage: &mut Stage, wish: &Wish) -> Result<()> {
    let now = stage.chain.now()?;
    let mut rows = table(&["campaign", "grade", "interest", "months", "target", "missing", "matches"]);
    for grade in 0..GRADES {
        for (number, record) in stage.ask(stage.suite.loan().campaigns(grade, None, MOST_PER_PAGE))? {
            rows.add_row([
                number.to_string(),
                grade_letter(grade).to_owned(),
                percent(record.rate),
                record.months.to_string(),
                UNITS.digits(record.target.balance()),
                UNITS.digits(record.missing().balance()),
                (if record.matches(wish, now) { "yes" } else { "no" }).to_owned(),
            ]);
        }
    }
    stage.report.line(format_args!(
        "   what investors see, the best grade first, and what matches who looks for grade {} or better at {} or more:",
        grade_letter(wish.worst_grade),
        percent(wish.least_rate)
    ));
    stage.report.line(rows);
    Ok(())
}

/// Who signs for campaigns.
pub struct Signers {
    /// The loan administrator, who rates.
    pub officer: Registered,
    /// The service that checks passkeys.
    pub authenticator: Registered,
}

impl Signers {
    /// The officer's rating of a borrower, with the next nonce.
    pub fn rating(&self, stage: &mut Stage, borrower: &Borrower) -> Result<SignedRating> {
        // In life the salt is random. These people are made up.
        let salt = Native::blake2b_256(&("rating", borrower.person.number).encode());
        let facts = facts_hash::<Native>(&salt, &borrower.facts);
        let (known, valid_until) = signer(stage, &self.officer)?;
        let nonce = stage.ask(stage.suite.loan().nonces(borrower.person.number))?.rating + 1;
        let rating = borrower.rating;
        let statement = RatingStatement {
            domain: stage.suite.loan_domain(),
            borrower: borrower.person.number,
            grade: rating.grade,
            rate: rating.rate,
            most: rating.most,
            facts,
            nonce,
            valid_until,
            epoch: known.epoch,
            key: known.key,
        };
        let signature = self.officer.actor.sign(&statement.signed_bytes::<Native>());
        let signed = Signed { nonce, valid_until, signature };
        Ok(SignedRating { signer: self.officer.number, rating, facts, signed })
    }

    /// The authenticator's word that the borrower approved exactly this campaign with its passkey.
    pub fn passkey(
        &self,
        stage: &mut Stage,
        borrower: &Borrower,
        campaign: &NewCampaign,
        rating: &SignedRating,
    ) -> Result<PasskeyApproval> {
        let (known, valid_until) = signer(stage, &self.authenticator)?;
        let nonce = stage.ask(stage.suite.loan().nonces(borrower.person.number))?.passkey + 1;
        // A message's selector is the beginning of the hash of its name.
        let [a, b, c, d, ..] = Native::blake2b_256(OPEN_CAMPAIGN);
        let arguments = ([a, b, c, d], campaign, rating).encode();
        let statement = PasskeyStatement {
            domain: stage.suite.loan_domain(),
            participant: borrower.person.number,
            nonce,
            arguments: Native::blake2b_256(&arguments),
            valid_until,
            epoch: known.epoch,
            key: known.key,
        };
        let signature = self.authenticator.actor.sign(&statement.signed_bytes::<Native>());
        Ok(PasskeyApproval { signer: self.authenticator.number, signed: Signed { nonce, valid_until, signature } })
    }
}

/// What the registry knows of a signer, and until when its signature counts.
fn signer(stage: &mut Stage, who: &Registered) -> Result<(Credentials, Millis)> {
    let known = stage.ask(stage.suite.registry().credentials_of(who.number))?.context("the signer is registered")?;
    Ok((known, stage.chain.now()?.saturating_add(COUNTS_FOR)))
}
