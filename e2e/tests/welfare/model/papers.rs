//! The schemes of a random sequence, the forms that are handed in, and by which lines each is to be checked: in plain
//! numbers, as the sample data and the papers say it.

use amanah_domain::{
    ids::ParticipantId,
    money::{Amount, AmountError},
    roles::Role,
    welfare::samples::{self, ENROLMENT, INCOME, INJURY_PROOF, MEDICAL_RECORD, PHOTO, PROPERTY},
};
use amanah_e2e::welfare::{assistance_form, injury_form, insurance_form, minimum_living_form};
use amanah_interfaces::{
    welfare::{
        Action, Benefit, BenefitRefusal, BenefitStatus, Form, FormRefusal, Reason, Reasons, Rules, Scheme, Stage,
    },
    Balance,
};

/// What a scheme is like: by which lines a form is checked, and what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Insurance,
    Assistance,
    Injury,
    Minimum,
    Meals,
    Care,
}

/// The schemes that there are, with the bank whose money they pay. The first four are the samples as they are, the others
/// come to their ends soon.
pub fn templates() -> Vec<(Family, usize, Scheme)> {
    let stage = |role, action, needed| Stage { role, action, needed };
    let insurance = Scheme { most_payments: 3, appeal_days: 2, employer_share: 3_333, ..samples::insurance() };
    let mut assistance = Scheme { most_payments: 2, appeal_days: 5, ..samples::assistance() };
    assistance.stages[1].needed = 2;
    let rules = Rules {
        property_below: Some(Amount::new(5_000)),
        documents: samples::kinds(&[MEDICAL_RECORD]),
        ..samples::welfare().rules
    };
    // One role decides twice in a row, and first two of its members.
    let care = Scheme {
        rules,
        stages: vec![stage(Role::Approver, Action::Review, 2), stage(Role::Approver, Action::Approve, 1)],
        benefit: Benefit::Fixed(Amount::new(75)),
        exclusive: false,
        period_months: 2,
        most_payments: 2,
        recertify_months: 3,
        appeal_days: 4,
        ..samples::welfare()
    };
    let minimum_living = Scheme { most_payments: 4, recertify_months: 2, appeal_days: 3, ..samples::minimum_living() };
    vec![
        (Family::Insurance, 0, samples::insurance()),
        (Family::Assistance, 0, samples::assistance()),
        (Family::Injury, 0, samples::welfare()),
        (Family::Minimum, 0, samples::minimum_living()),
        (Family::Injury, 0, Scheme { most_payments: 2, recertify_months: 1, appeal_days: 0, ..samples::welfare() }),
        (Family::Meals, 0, Scheme { most_payments: 2, appeal_days: 1, ..samples::school_meals() }),
        (Family::Minimum, 0, minimum_living),
        (Family::Care, 1, care),
        (Family::Assistance, 0, assistance),
        (Family::Insurance, 0, insurance),
    ]
}

/// How a form differs from one that passes.
#[derive(Clone, Copy, Debug)]
pub enum Twist {
    Nothing,
    Incomplete,
    Income(Option<Balance>),
    Property(Option<Balance>),
    Household(u16),
    Ratio(u16),
    /// One of its papers is missing.
    Without(usize),
    BadPaper,
    ManyPapers,
}

/// What somebody writes into a form.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    pub twist: Twist,
    pub employer: Option<ParticipantId>,
}

impl Sheet {
    pub fn form(self, family: Family) -> Form {
        let mut form = match family {
            Family::Insurance => insurance_form(),
            Family::Assistance => assistance_form(),
            Family::Injury => injury_form(),
            Family::Minimum => minimum_living_form(),
            Family::Meals => Form { household: 3, ..samples::form(300, &[ENROLMENT]) },
            Family::Care => Form { property: Some(100), ..samples::form(300, &[MEDICAL_RECORD]) },
        };
        form.employer = self.employer.filter(|_| family == Family::Insurance);
        match self.twist {
            Twist::Nothing => {}
            Twist::Incomplete => form.complete = false,
            Twist::Income(income) => form.income = income,
            Twist::Property(property) => form.property = property,
            Twist::Household(household) => form.household = household,
            Twist::Ratio(ratio) => form.ratio = ratio,
            Twist::Without(at) => drop(form.documents.remove(at % form.documents.len())),
            Twist::BadPaper => form.documents[0].cid[0] = 9,
            Twist::ManyPapers => form.documents = vec![samples::document(0); 17],
        }
        form
    }
}

/// What the automatic check must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub reasons: Reasons,
    /// The kinds of papers that are missing, a bit each.
    pub missing: u32,
    pub status: BenefitStatus,
}

impl Check {
    pub fn passes(&self) -> bool {
        self.status == BenefitStatus::Review
    }
}

/// Can the form be taken at all?
pub fn must_be_a_form(form: &Form) -> Result<(), FormRefusal> {
    match form.documents.iter().position(|document| document.cid[0] != 1) {
        _ if form.documents.len() > 16 => Err(FormRefusal::TooManyDocuments { most: 16, given: 17 }),
        Some(at) => Err(FormRefusal::BadDocument { at: at.try_into().expect("few papers") }),
        None => Ok(()),
    }
}

/// The premium of a form, and how much of it is the employer's. The premium is rounded up, the employer's share down.
pub fn premium(form: &Form, share: u16) -> Option<(Balance, Balance)> {
    let income = form.income.filter(|income| income >> 64 == 0)?;
    let premium = (income * Balance::from(form.ratio) + 9_999) / 10_000;
    let employers = if form.employer.is_some() { premium * Balance::from(share) / 10_000 } else { 0 };
    Some((premium, employers))
}

impl Family {
    /// The papers that must be there.
    fn papers(self) -> &'static [u8] {
        match self {
            Family::Insurance => &[PHOTO],
            Family::Assistance => &[PHOTO, INCOME, PROPERTY],
            Family::Injury => &[MEDICAL_RECORD, INJURY_PROOF],
            Family::Minimum => &[INCOME],
            Family::Meals => &[ENROLMENT],
            Family::Care => &[MEDICAL_RECORD],
        }
    }

    /// Does a form that fails go back, and is not rejected?
    fn returns(self) -> bool {
        matches!(self, Family::Injury | Family::Meals | Family::Care)
    }

    /// Checks a form of somebody about whom these reasons are known already. `balance`: what it has; `share`: the
    /// employer's.
    pub fn check(self, form: &Form, of_the_person: &[Reason], balance: Balance, share: u16) -> Check {
        let mut failing = of_the_person.to_vec();
        let mut must = |holds: bool, otherwise: Reason| failing.extend((!holds).then_some(otherwise));
        must(form.complete, Reason::FormIncomplete);
        must(form.income.is_some(), Reason::IncomeMissing);
        let income_is = |fits: &dyn Fn(Balance) -> bool| form.income.is_none_or(fits);
        let property_is_below = |line: Balance| form.property.is_none_or(|property| property < line);
        let heads = Balance::from(form.household);
        match self {
            Family::Insurance => {
                must(income_is(&|income| income >= 1), Reason::IncomeTooLow);
                must(income_is(&|income| income <= 100_000), Reason::IncomeTooHigh);
                must((400..=2_000).contains(&form.ratio), Reason::RatioOutOfRange);
                let pays = premium(form, share).is_none_or(|(premium, employers)| premium - employers <= balance);
                must(pays, Reason::BalanceTooLow);
            }
            Family::Assistance => {
                must(heads > 0, Reason::HouseholdMissing);
                must(income_is(&|income| income < 500), Reason::IncomeTooHigh);
                must(form.property.is_some(), Reason::PropertyMissing);
                must(property_is_below(10_000), Reason::PropertyTooHigh);
            }
            Family::Injury => must(income_is(&|income| income < 1_000), Reason::IncomeTooHigh),
            Family::Minimum => {
                must(heads > 0, Reason::HouseholdMissing);
                must(heads == 0 || income_is(&|income| income < 300 * heads), Reason::IncomeTooHigh);
            }
            Family::Meals => {
                must(heads > 0, Reason::HouseholdMissing);
                must(income_is(&|income| income < 800), Reason::IncomeTooHigh);
            }
            Family::Care => {
                must(income_is(&|income| income < 1_000), Reason::IncomeTooHigh);
                must(form.property.is_some(), Reason::PropertyMissing);
                must(property_is_below(5_000), Reason::PropertyTooHigh);
            }
        }
        must(self == Family::Insurance || form.ratio == 0, Reason::RatioOutOfRange);
        let is_there = |kind: &u8| form.documents.iter().any(|document| document.kind == *kind);
        let missing: Vec<u8> = self.papers().iter().copied().filter(|kind| !is_there(kind)).collect();
        must(missing.is_empty(), Reason::DocumentMissing);
        let status = match (failing.len(), self.returns()) {
            (0, _) => BenefitStatus::Review,
            (_, true) if of_the_person.is_empty() => BenefitStatus::Returned,
            _ => BenefitStatus::Rejected,
        };
        Check { reasons: Reasons::of(&failing), missing: samples::kinds(&missing), status }
    }

    /// What a period pays by this form, or of an insurance its premium; `set`: what a stage has set.
    pub fn worth(self, form: &Form, set: Option<Balance>) -> Result<Balance, BenefitRefusal> {
        let worth = match self {
            Family::Insurance if !(400..=2_000).contains(&form.ratio) => return Err(BenefitRefusal::NoAmount),
            Family::Insurance if form.income.is_some_and(|income| income >> 64 > 0) => {
                return Err(BenefitRefusal::Amount(AmountError::TooLarge))
            }
            Family::Insurance => premium(form, 0).map(|(premium, _)| premium),
            Family::Assistance => set,
            Family::Injury => Some(400),
            Family::Minimum => form.income.map(|income| (300 * Balance::from(form.household)).saturating_sub(income)),
            Family::Meals => Some(60),
            Family::Care => Some(75),
        };
        match worth {
            None => Err(BenefitRefusal::NoAmount),
            Some(0) => Err(BenefitRefusal::Amount(AmountError::Zero)),
            Some(worth) => Ok(worth),
        }
    }
}
