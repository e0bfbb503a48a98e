//! The schemes and applications of the sample data (`welfare_schemes.json`, `welfare_applications.json`), and school
//! meals, for tests and demonstrations. Lucy, Lily and Mark are the examples of Tang et al.

use super::{Action, Benefit, Document, Form, OnFailure, Payout, Reason, Rules, Scheme, SchemeKind, Stage};
use crate::{
    ids::ParticipantId,
    money::{Amount, Balance},
    participant::{Credentials, Status},
    roles::{Role, Roles},
    time::Millis,
};
use alloc::{vec, vec::Vec};

/// The day that the samples assume: 2026-01-15.
pub const TODAY: Millis = 1_768_435_200_000;
/// The office that runs the schemes.
pub const OFFICE: ParticipantId = 1;
/// Whose account pays benefits and receives premiums.
pub const PAYER: ParticipantId = 2;
/// The bank whose money it is.
pub const BANK: ParticipantId = 3;

/// A kind of document: a photo.
pub const PHOTO: u8 = 0;
/// A proof of income.
pub const INCOME: u8 = 1;
/// A proof of property.
pub const PROPERTY: u8 = 2;
/// A medical record.
pub const MEDICAL_RECORD: u8 = 3;
/// A proof of an injury at work.
pub const INJURY_PROOF: u8 = 4;
/// A proof that a child goes to school.
pub const ENROLMENT: u8 = 5;

/// The role, named at run time, of the schools that provide school meals.
pub const SCHOOL: Role = Role::Custom(0);

const NO_RULES: Rules = Rules {
    income_min: None,
    income_max: None,
    income_below: None,
    property_below: None,
    line_per_head: None,
    ratio_min: 0,
    ratio_max: 0,
    needs_household: false,
    documents: 0,
    on_failure: OnFailure::Reject,
};

/// Social insurance (algorithm 1).
pub fn insurance() -> Scheme {
    let rules = Rules {
        income_min: Some(Amount::new(1)),
        income_max: Some(Amount::new(100_000)),
        ratio_min: 400,
        ratio_max: 2_000,
        documents: kinds(&[PHOTO]),
        ..NO_RULES
    };
    let stages = [stage(Role::SocialInsuranceAgency, Action::Approve)];
    scheme(SchemeKind::Insurance, rules, &stages, Benefit::Nothing)
}

/// Assistance for people in need (algorithm 2).
pub fn assistance() -> Scheme {
    let rules = Rules {
        income_below: Some(Amount::new(500)),
        property_below: Some(Amount::new(10_000)),
        needs_household: true,
        documents: kinds(&[PHOTO, INCOME, PROPERTY]),
        ..NO_RULES
    };
    let stages = [
        stage(Role::NeighbourhoodCommittee, Action::Inspect),
        stage(Role::AccountingTeam, Action::SetAmount),
        stage(Role::DemocraticReviewTeam, Action::Review),
        stage(Role::CivilAffairs, Action::Approve),
    ];
    let benefit = Benefit::ByStage { most: Amount::new(500) };
    Scheme { most_payments: 12, ..scheme(SchemeKind::Assistance, rules, &stages, benefit) }
}

/// Welfare after an injury at work (algorithm 3).
pub fn welfare() -> Scheme {
    let rules = Rules {
        income_below: Some(Amount::new(1_000)),
        documents: kinds(&[MEDICAL_RECORD, INJURY_PROOF]),
        on_failure: OnFailure::Return,
        ..NO_RULES
    };
    let stages = [
        stage(Role::WelfareDepartment, Action::Accept),
        stage(Role::MedicalPanel, Action::Conclude),
        stage(Role::WelfareInstitute, Action::Approve),
    ];
    let benefit = Benefit::Fixed(Amount::new(400));
    Scheme { most_payments: 24, ..scheme(SchemeKind::Welfare, rules, &stages, benefit) }
}

/// The minimum living guarantee (ours).
pub fn minimum_living() -> Scheme {
    let line = Amount::new(300);
    let rules = Rules { line_per_head: Some(line), documents: kinds(&[INCOME]), ..NO_RULES };
    let stages = [
        stage(Role::NeighbourhoodCommittee, Action::Inspect),
        // The amount follows from the line: the team only checks what it is made of.
        stage(Role::AccountingTeam, Action::Review),
        stage(Role::CivilAffairs, Action::Approve),
    ];
    Scheme { recertify_months: 12, ..scheme(SchemeKind::MinimumLiving, rules, &stages, Benefit::TopUp { line }) }
}

/// School meals: a service that nobody has thought of before, with a role of its own. Two schools must accept, and the
/// benefit is a voucher.
pub fn school_meals() -> Scheme {
    let rules = Rules {
        income_below: Some(Amount::new(800)),
        needs_household: true,
        documents: kinds(&[ENROLMENT]),
        on_failure: OnFailure::Return,
        ..NO_RULES
    };
    let schools = Stage { needed: 2, ..stage(SCHOOL, Action::Approve) };
    let stages = [stage(Role::CivilAffairs, Action::Inspect), schools];
    let scheme = scheme(SchemeKind::Custom, rules, &stages, Benefit::Fixed(Amount::new(60)));
    Scheme { payout: Payout::Voucher { programme: 1, category: 3 }, exclusive: false, most_payments: 10, ..scheme }
}

/// The four schemes of the sample data, and school meals.
pub fn schemes() -> Vec<Scheme> {
    vec![insurance(), assistance(), welfare(), minimum_living(), school_meals()]
}

fn scheme(kind: SchemeKind, rules: Rules, stages: &[Stage], benefit: Benefit) -> Scheme {
    Scheme {
        owner: OFFICE,
        payer: PAYER,
        issuer: BANK,
        kind,
        applicants: Role::Citizen,
        rules,
        stages: stages.into(),
        benefit,
        payout: Payout::Money,
        exclusive: benefit != Benefit::Nothing,
        period_months: 1,
        most_payments: 0,
        recertify_months: 0,
        appeal_days: 30,
        employer_share: 0,
        retired: false,
    }
}

/// A stage at which one member of the role is enough.
fn stage(role: Role, action: Action) -> Stage {
    Stage { role, action, needed: 1 }
}

/// An application of the sample data, and what must come of it.
pub struct Sample {
    /// Whose it is.
    pub name: &'static str,
    /// Under which scheme.
    pub scheme: Scheme,
    /// What is applied with.
    pub form: Form,
    /// Until when the identity card is valid.
    pub card_valid_until: Millis,
    /// What is in the digital account.
    pub balance: Amount,
    /// The conditions that fail.
    pub fails: &'static [Reason],
    /// The kinds of documents that are missing, a bit each.
    pub missing: u32,
    /// What the stage that sets the amount says.
    pub set_amount: Option<Balance>,
    /// What is paid in each period: the benefit, or of an insurance the premium; 0 where the check fails.
    pub amount: Amount,
}

impl Sample {
    /// What the registry knows of the applicant.
    pub fn applicant(&self) -> Credentials {
        Credentials { identity_valid_until: self.card_valid_until, ..citizen() }
    }
}

/// Somebody in good standing who may apply for all of these schemes.
pub fn citizen() -> Credentials {
    Credentials {
        number: 11,
        account: [11; 32],
        roles: Roles::of(&[Role::Citizen]).unwrap_or_default(),
        status: Status::Active,
        key: [11; 32],
        epoch: 0,
        blacklisted: false,
        identity_valid_until: YEAR_2034,
    }
}

/// A complete form with these documents.
pub fn form(income: Balance, documents: &[u8]) -> Form {
    Form {
        complete: true,
        income: Some(income),
        property: None,
        household: 0,
        ratio: 0,
        employer: None,
        documents: documents.iter().map(|kind| document(*kind)).collect(),
        facts: [9; 32],
    }
}

/// A document of this kind.
pub fn document(kind: u8) -> Document {
    let mut cid = [kind; 36];
    cid[..4].copy_from_slice(&[1, 0x55, 0x12, 32]);
    Document { kind, cid }
}

/// The set of these kinds of documents, a bit each.
pub fn kinds(kinds: &[u8]) -> u32 {
    kinds.iter().fold(0, |set, kind| set | 1u32.checked_shl(u32::from(*kind)).unwrap_or(0))
}

/// 2034-01-01.
const YEAR_2034: Millis = 2_019_686_400_000;

/// The eight applications of the sample data.
pub fn samples() -> Vec<Sample> {
    let insured = |name, income, balance| Sample {
        form: Form { ratio: 800, ..form(income, &[PHOTO]) },
        balance: Amount::new(balance),
        ..sample(name, insurance())
    };
    let in_need = |name, property, household| Sample {
        form: Form { property: Some(property), household, ..form(200, &[PHOTO, INCOME, PROPERTY]) },
        ..sample(name, assistance())
    };
    let injured = |name, documents: &[u8]| Sample { form: form(200, documents), ..sample(name, welfare()) };
    vec![
        Sample { card_valid_until: 2_051_222_400_000, amount: Amount::new(160), ..insured("Lucy", 2_000, 5_000) },
        Sample {
            card_valid_until: 2_003_702_400_000,
            set_amount: Some(250),
            amount: Amount::new(250),
            // Herself, two parents, a child.
            ..in_need("Lily", 2_000, 4)
        },
        Sample {
            card_valid_until: 1_924_905_600_000,
            amount: Amount::new(400),
            ..injured("Mark", &[MEDICAL_RECORD, INJURY_PROOF])
        },
        Sample {
            card_valid_until: 1_577_836_800_000,
            fails: &[Reason::CardExpired],
            ..insured("Card expired", 1_500, 5_000)
        },
        Sample { fails: &[Reason::BalanceTooLow], ..insured("No money", 2_000, 159) },
        Sample { fails: &[Reason::PropertyTooHigh], ..in_need("Too rich", 900_000, 1) },
        Sample {
            fails: &[Reason::DocumentMissing],
            missing: kinds(&[MEDICAL_RECORD]),
            ..injured("No record", &[INJURY_PROOF])
        },
        Sample {
            form: Form { household: 4, ..form(600, &[INCOME]) },
            amount: Amount::new(600),
            ..sample("Family of four", minimum_living())
        },
    ]
}

fn sample(name: &'static str, scheme: Scheme) -> Sample {
    Sample {
        name,
        scheme,
        form: form(0, &[]),
        card_valid_until: YEAR_2034,
        balance: Amount::ZERO,
        fails: &[],
        missing: 0,
        set_amount: None,
        amount: Amount::ZERO,
    }
}
