//! The form of an application, and the automatic check of it.
//!
//! The check names every condition that fails, so that somebody learns everything at once. Each algorithm of Tang et al.
//! is one set of rules: what a scheme's rules do not mention is not asked for.

use super::{premium, OnFailure, Scheme};
use crate::{
    ids::ParticipantId,
    money::{Amount, Balance},
    participant::Credentials,
    time::{is_before, Millis},
    wire,
};
use alloc::vec::Vec;
use scale::{Decode, Encode};

/// The most documents of a form.
pub const MOST_DOCUMENTS: usize = 16;

wire! {
    /// What somebody applies with. Numbers and hashes only: personal data stay off chain.
    pub struct Form {
        /// Were the personal data handed to the office?
        pub complete: bool,
        /// The income a month, of the household where the scheme asks for that.
        pub income: Option<Balance>,
        /// The property.
        pub property: Option<Balance>,
        /// How many heads the household has, the applicant among them; 0: not given.
        pub household: u16,
        /// The share of the income that is to be the premium (basis points); 0 where there is none.
        pub ratio: u16,
        /// The employer, if it is to pay its share of the premium.
        pub employer: Option<ParticipantId>,
        /// The documents, at most [`MOST_DOCUMENTS`].
        pub documents: Vec<Document>,
        /// The salted hash of the file.
        pub facts: [u8; 32],
    }
}

wire! {
    /// A document that is kept off chain, encrypted.
    #[derive(Copy)]
    pub struct Document {
        /// What it is: a number from 0 to 31 whose name is the scheme's affair.
        pub kind: u8,
        /// Its CIDv1 as bytes: version 1, codec (raw or dag-pb), sha2-256, 32, the hash.
        pub cid: [u8; 36],
    }
}

wire! {
    /// Why a form is not even checked.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum FormRefusal {
        /// It has too many documents.
        TooManyDocuments {
            /// The most.
            most: u8,
            /// How many were given, 255 standing for more.
            given: u8,
        },
        /// A document is of no kind, or its content id is none.
        BadDocument {
            /// Its place in the form, from 0.
            at: u8,
        },
    }
}

wire! {
    /// A condition that failed. The order is that of the bits in [`Reasons`]: add at the end only.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Reason {
        /// The applicant is not registered in the role that may apply.
        NotRegistered,
        /// The applicant is suspended.
        NotInGoodStanding,
        /// The applicant is on the blacklist.
        Blacklisted,
        /// The applicant's identity card is not valid any more.
        CardExpired,
        /// The personal data are not complete.
        FormIncomplete,
        /// The household is not given.
        HouseholdMissing,
        /// The income is not given.
        IncomeMissing,
        /// The income is below the lowest.
        IncomeTooLow,
        /// The income is above the highest, or not below a line.
        IncomeTooHigh,
        /// The property is not given.
        PropertyMissing,
        /// The property is not below its line.
        PropertyTooHigh,
        /// So much or so little of the income cannot be the premium.
        RatioOutOfRange,
        /// The digital account cannot pay one premium.
        BalanceTooLow,
        /// A document is missing, or is none.
        DocumentMissing,
        /// The applicant has a running benefit beside which there can be no other.
        DuplicateBenefit,
    }
}

/// Every reason, in the order of the bits.
const ALL: [Reason; 15] = [
    Reason::NotRegistered,
    Reason::NotInGoodStanding,
    Reason::Blacklisted,
    Reason::CardExpired,
    Reason::FormIncomplete,
    Reason::HouseholdMissing,
    Reason::IncomeMissing,
    Reason::IncomeTooLow,
    Reason::IncomeTooHigh,
    Reason::PropertyMissing,
    Reason::PropertyTooHigh,
    Reason::RatioOutOfRange,
    Reason::BalanceTooLow,
    Reason::DocumentMissing,
    Reason::DuplicateBenefit,
];

/// A set of reasons, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(all(feature = "std", feature = "ink"), derive(ink::storage::traits::StorageLayout))]
pub struct Reasons(u32);

impl Reasons {
    /// No reason.
    pub const NONE: Self = Self(0);

    /// The set of these reasons.
    pub fn of(reasons: &[Reason]) -> Self {
        Self(reasons.iter().fold(0, |set, reason| set | bit(*reason as u8)))
    }

    /// Is `reason` among these?
    pub fn has(self, reason: Reason) -> bool {
        self.0 & bit(reason as u8) != 0
    }

    /// The reasons in this set, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        ALL.into_iter().filter(move |reason| self.has(*reason))
    }

    /// Is there none?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These and those.
    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The reasons whose condition fails.
    fn failing(conditions: &[(bool, Reason)]) -> Self {
        conditions.iter().filter(|(fails, _)| *fails).fold(Self::NONE, |set, (_, reason)| set.and(Self::of(&[*reason])))
    }
}

wire! {
    /// What becomes of a form.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Outcome {
        /// The review begins.
        Pass,
        /// It is rejected.
        Reject,
        /// It goes back to be supplemented.
        Return,
    }
}

wire! {
    /// What the automatic check says.
    #[derive(Copy)]
    pub struct Judgement {
        /// Every condition that failed.
        pub reasons: Reasons,
        /// The kinds of documents that are missing: bit n for kind n.
        pub missing: u32,
        /// What becomes of the form.
        pub outcome: Outcome,
    }
}

impl Document {
    /// Has it a kind, and the content id of something hashed by sha2-256?
    pub fn is_valid(&self) -> bool {
        self.kind < 32 && matches!(self.cid, [1, 0x55 | 0x70, 0x12, 32, ..])
    }
}

impl Form {
    /// This form, if it can be stored and checked.
    ///
    /// # Errors
    /// `TooManyDocuments`, `BadDocument`.
    pub fn checked(self) -> Result<Self, FormRefusal> {
        let count = |length| u8::try_from(length).unwrap_or(u8::MAX);
        if self.documents.len() > MOST_DOCUMENTS {
            let (most, given) = (count(MOST_DOCUMENTS), count(self.documents.len()));
            return Err(FormRefusal::TooManyDocuments { most, given });
        }
        match self.documents.iter().position(|document| !document.is_valid()) {
            Some(at) => Err(FormRefusal::BadDocument { at: count(at) }),
            None => Ok(self),
        }
    }

    /// The kinds of its documents: bit n for kind n. What is not valid does not count.
    pub fn kinds(&self) -> u32 {
        let valid = self.documents.iter().filter(|document| document.is_valid());
        valid.fold(0, |kinds, document| kinds | bit(document.kind))
    }

    /// A period's premium under this scheme: `(own share, employer's share)`. Without an employer all of it is its own.
    /// `None` if the scheme has no premium, or the form gives no income that fits an amount.
    pub fn premium_shares(&self, scheme: &Scheme) -> Option<(Amount, Amount)> {
        if !scheme.rules.has_premium() {
            return None;
        }
        let income = Amount::from_balance(self.income?).ok()?;
        let premium = premium(income, self.ratio).ok()?;
        Some(match self.employer {
            Some(_) => scheme.premium_shares(premium),
            None => (premium, Amount::ZERO),
        })
    }
}

/// The automatic check of a form (Tang et al., algorithms 1 to 3, and ours for minimum living).
///
/// `applicant` is what the registry knows of whoever applies, `balance` what is in its digital account in the scheme's
/// money, and `has_running_benefit` says whether the same person has a running benefit of an exclusive scheme.
///
/// What fails for who applies rejects the form; everything else is followed by what the rules say.
pub fn judge(
    scheme: &Scheme,
    form: &Form,
    applicant: Option<&Credentials>,
    balance: Amount,
    has_running_benefit: bool,
    now: Millis,
) -> Judgement {
    let missing = scheme.rules.documents & !form.kinds();
    let of_the_person = fails_for_the_person(scheme, applicant, has_running_benefit, now);
    let of_the_form = fails_for_the_form(scheme, form, balance, missing);
    let outcome = match (of_the_person.is_empty(), of_the_form.is_empty(), scheme.rules.on_failure) {
        (true, true, _) => Outcome::Pass,
        (true, false, OnFailure::Return) => Outcome::Return,
        _ => Outcome::Reject,
    };
    Judgement { reasons: of_the_person.and(of_the_form), missing, outcome }
}

fn fails_for_the_person(scheme: &Scheme, applicant: Option<&Credentials>, duplicate: bool, now: Millis) -> Reasons {
    let is_registered = applicant.is_some_and(|known| known.roles.has(scheme.applicants));
    Reasons::failing(&[
        (!is_registered, Reason::NotRegistered),
        (applicant.is_some_and(|known| !known.is_active()), Reason::NotInGoodStanding),
        (applicant.is_some_and(|known| known.blacklisted), Reason::Blacklisted),
        (applicant.is_some_and(|known| !is_before(now, known.identity_valid_until)), Reason::CardExpired),
        (scheme.exclusive && duplicate, Reason::DuplicateBenefit),
    ])
}

fn fails_for_the_form(scheme: &Scheme, form: &Form, balance: Amount, missing: u32) -> Reasons {
    let rules = &scheme.rules;
    // Below the line per head: of a household that is not given, nobody can say.
    let line = rules.line_per_head.filter(|_| form.household > 0);
    let household_line = line.map(|line| line.balance().saturating_mul(form.household.into()));
    let is_above = |income: Balance| {
        // What no amount can hold is too high for every scheme.
        income > rules.income_max.unwrap_or(Amount::MAX).balance()
            || rules.income_below.is_some_and(|line| income >= line.balance())
            || household_line.is_some_and(|line| income >= line)
    };
    let is_below = |income: Balance| rules.income_min.is_some_and(|least| income < least.balance());
    let own_premium = form.premium_shares(scheme).map(|(own, _)| own);
    Reasons::failing(&[
        (!form.complete, Reason::FormIncomplete),
        (rules.needs_heads() && form.household == 0, Reason::HouseholdMissing),
        (rules.needs_income() && form.income.is_none(), Reason::IncomeMissing),
        (form.income.is_some_and(is_below), Reason::IncomeTooLow),
        (form.income.is_some_and(is_above), Reason::IncomeTooHigh),
        (rules.property_below.is_some() && form.property.is_none(), Reason::PropertyMissing),
        (reaches(form.property, rules.property_below), Reason::PropertyTooHigh),
        (!(rules.ratio_min..=rules.ratio_max).contains(&form.ratio), Reason::RatioOutOfRange),
        (own_premium.is_some_and(|own| own > balance), Reason::BalanceTooLow),
        (missing != 0, Reason::DocumentMissing),
    ])
}

/// Is a value given that is not below its line?
fn reaches(value: Option<Balance>, line: Option<Amount>) -> bool {
    value.zip(line).is_some_and(|(value, line)| value >= line.balance())
}

fn bit(index: u8) -> u32 {
    1u32.checked_shl(index.into()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
