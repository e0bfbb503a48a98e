//! A scheme: everything that sets one service of social security apart from another, as data.

use crate::{
    ids::{ParticipantId, ProgrammeId},
    money::{Amount, AmountError, Balance},
    programme::{Category, CATEGORIES},
    roles::Role,
    wire,
};
use alloc::vec::Vec;

/// The most stages that a scheme has.
pub const MOST_STAGES: usize = 8;
/// The most members of a role that a stage can need.
pub const MOST_NEEDED: u8 = 8;
/// The longest time for an appeal, in days.
pub const MOST_APPEAL_DAYS: u16 = 366;
/// The whole of something, in basis points.
pub const WHOLE: u16 = 10_000;
/// The same, for amounts.
const PARTS: Balance = WHOLE as Balance;

wire! {
    /// What people and indexes call a scheme. No rule depends on it.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum SchemeKind {
        /// Social insurance.
        Insurance,
        /// Assistance for people in need.
        Assistance,
        /// Welfare, such as after an injury at work.
        Welfare,
        /// A minimum that every household should have to live on.
        MinimumLiving,
        /// Anything else.
        Custom,
    }
}

wire! {
    /// What a stage does.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Action {
        /// Looks into how the applicant lives.
        Inspect,
        /// Takes the application on.
        Accept,
        /// Sets the benefit's amount: the only action that carries one.
        SetAmount,
        /// Reviews what was found so far.
        Review,
        /// Concludes as an expert.
        Conclude,
        /// Approves.
        Approve,
    }
}

wire! {
    /// A step of a scheme's review.
    #[derive(Copy)]
    pub struct Stage {
        /// Whose members decide.
        pub role: Role,
        /// What they do.
        pub action: Action,
        /// How many different members must accept: 1 to [`MOST_NEEDED`].
        pub needed: u8,
    }
}

wire! {
    /// What becomes of a form that fails the automatic check for what it says, not for who hands it in.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum OnFailure {
        /// It is rejected (Tang et al., algorithms 1 and 2).
        Reject,
        /// It goes back to be supplemented (algorithm 3).
        Return,
    }
}

wire! {
    /// What the automatic check asks for. Incomes are a month's.
    #[derive(Copy)]
    pub struct Rules {
        /// The lowest income.
        pub income_min: Option<Amount>,
        /// The highest income.
        pub income_max: Option<Amount>,
        /// The line that the income must be below.
        pub income_below: Option<Amount>,
        /// The line that the property must be below.
        pub property_below: Option<Amount>,
        /// The line that the household's income per head must be below.
        pub line_per_head: Option<Amount>,
        /// The lowest share of the income that can be chosen as premium (basis points).
        pub ratio_min: u16,
        /// The highest (basis points); both are 0 if there is no premium.
        pub ratio_max: u16,
        /// Must the household be given?
        pub needs_household: bool,
        /// The kinds of documents that must be handed in: bit n for kind n.
        pub documents: u32,
        /// What becomes of a form that fails.
        pub on_failure: OnFailure,
    }
}

wire! {
    /// What is paid in each period.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Benefit {
        /// Nothing: an insurance gives a certificate, and may take a premium.
        Nothing,
        /// The same for everybody.
        Fixed(Amount),
        /// What the household's income lacks to the line for each of its heads.
        TopUp {
            /// The line per head, a month.
            line: Amount,
        },
        /// What the stage that sets the amount says.
        ByStage {
            /// The most.
            most: Amount,
        },
    }
}

wire! {
    /// What a benefit is paid as.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Payout {
        /// Money.
        Money,
        /// A voucher.
        Voucher {
            /// The programme that it is of.
            programme: ProgrammeId,
            /// What it buys.
            category: Category,
        },
    }
}

wire! {
    /// A scheme, as it is stored.
    pub struct Scheme {
        /// The office that runs it.
        pub owner: ParticipantId,
        /// Whose digital account pays the benefits, by allowance, and receives the premiums.
        pub payer: ParticipantId,
        /// The bank whose money it is.
        pub issuer: ParticipantId,
        /// What people call it.
        pub kind: SchemeKind,
        /// Who may apply.
        pub applicants: Role,
        /// What the automatic check asks for.
        pub rules: Rules,
        /// Who then decides, in order.
        pub stages: Vec<Stage>,
        /// What is paid in each period.
        pub benefit: Benefit,
        /// What it is paid as.
        pub payout: Payout,
        /// May somebody have no other running benefit of an exclusive scheme beside it?
        pub exclusive: bool,
        /// How many months a period has.
        pub period_months: u16,
        /// How many periods are paid at most; 0: no limit.
        pub most_payments: u16,
        /// After how many months it must be certified again that the rules are met; 0: never.
        pub recertify_months: u16,
        /// For how many days a rejection can be appealed; 0: not at all.
        pub appeal_days: u16,
        /// The employer's share of a premium (basis points).
        pub employer_share: u16,
        /// Does it take no more applications?
        pub retired: bool,
    }
}

wire! {
    /// Why a scheme is refused.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum SchemeRefusal {
        /// Nobody would decide, or too many.
        BadStages {
            /// The most stages; the least is 1.
            most: u8,
            /// How many were given, 255 standing for more.
            given: u8,
        },
        /// There is no such role.
        NoSuchRole {
            /// The role.
            role: Role,
        },
        /// A stage cannot need so many members.
        BadNeeded {
            /// The stage, from 0.
            stage: u8,
            /// The most; the least is 1.
            most: u8,
            /// What was asked for.
            wanted: u8,
        },
        /// Another number of stages sets the amount than the benefit needs.
        BadAmountStages {
            /// How many it needs.
            needed: u8,
            /// How many were given.
            given: u8,
        },
        /// A period would have no months.
        NoPeriod,
        /// The benefit would be nothing, without saying so.
        NoBenefit,
        /// A premium beside a benefit, one that can be nothing, or of more than the whole income.
        BadRatio {
            /// The lowest that was asked for (basis points).
            min: u16,
            /// The highest (basis points).
            max: u16,
        },
        /// A top-up needs the rule that the income per head is below the same line.
        LineDiffers,
        /// No income is both high and low enough.
        BadIncomes,
        /// A premium is a share of an income, so there must be a lowest one, above 0.
        NoIncomeMin,
        /// A voucher cannot have this category.
        NoSuchCategory {
            /// The category.
            category: Category,
        },
        /// The employer's share is more than the whole premium.
        BadShare {
            /// The most (basis points).
            most: u16,
            /// What was asked for (basis points).
            wanted: u16,
        },
        /// The time for an appeal is too long.
        BadAppealTime {
            /// The most days.
            most: u16,
            /// What was asked for.
            wanted: u16,
        },
    }
}

impl Scheme {
    /// This scheme, if it can be run. Whether the participants and the programme exist is the caller's to ask.
    ///
    /// # Errors
    /// The first [`SchemeRefusal`] of: applicants and stages, benefit, rules, times and shares.
    pub fn checked(self) -> Result<Self, SchemeRefusal> {
        must_exist(self.applicants)?;
        self.stages_must_fit()?;
        self.benefit_must_fit()?;
        self.rules.must_fit()?;
        if self.period_months == 0 {
            return Err(SchemeRefusal::NoPeriod);
        }
        if self.employer_share > WHOLE {
            return Err(SchemeRefusal::BadShare { most: WHOLE, wanted: self.employer_share });
        }
        if self.appeal_days > MOST_APPEAL_DAYS {
            return Err(SchemeRefusal::BadAppealTime { most: MOST_APPEAL_DAYS, wanted: self.appeal_days });
        }
        Ok(self)
    }

    /// How a premium is shared: `(own, employer's)`, for somebody who named an employer; without one, all of it is its
    /// own, see [`Form::premium_shares`](super::Form::premium_shares). The employer's share is rounded down, and both add up to the premium.
    pub fn premium_shares(&self, premium: Amount) -> (Amount, Amount) {
        let share = premium.balance().saturating_mul(self.employer_share.into()) / PARTS;
        let employers = held(share).min(premium);
        (premium.minus(employers).unwrap_or(Amount::ZERO), employers)
    }

    fn stages_must_fit(&self) -> Result<(), SchemeRefusal> {
        if !(1..=MOST_STAGES).contains(&self.stages.len()) {
            return Err(SchemeRefusal::BadStages { most: count(MOST_STAGES), given: count(self.stages.len()) });
        }
        for (stage, Stage { role, needed, .. }) in (0..).zip(&self.stages) {
            must_exist(*role)?;
            if !(1..=MOST_NEEDED).contains(needed) {
                return Err(SchemeRefusal::BadNeeded { stage, most: MOST_NEEDED, wanted: *needed });
            }
        }
        Ok(())
    }

    fn benefit_must_fit(&self) -> Result<(), SchemeRefusal> {
        let needed = u8::from(matches!(self.benefit, Benefit::ByStage { .. }));
        let given = count(self.stages.iter().filter(|stage| stage.action == Action::SetAmount).count());
        if given != needed {
            return Err(SchemeRefusal::BadAmountStages { needed, given });
        }
        let Rules { line_per_head, ratio_min, ratio_max, .. } = self.rules;
        let has_benefit = match self.benefit {
            Benefit::Nothing => false,
            Benefit::Fixed(Amount::ZERO) | Benefit::ByStage { most: Amount::ZERO } => {
                return Err(SchemeRefusal::NoBenefit)
            }
            Benefit::TopUp { line } if line_per_head != Some(line) => return Err(SchemeRefusal::LineDiffers),
            _ => true,
        };
        if has_benefit && self.rules.has_premium() {
            return Err(SchemeRefusal::BadRatio { min: ratio_min, max: ratio_max });
        }
        match self.payout {
            Payout::Voucher { category, .. } if category >= CATEGORIES => {
                Err(SchemeRefusal::NoSuchCategory { category })
            }
            _ => Ok(()),
        }
    }
}

impl Rules {
    /// Is a premium paid?
    pub fn has_premium(&self) -> bool {
        (self.ratio_min, self.ratio_max) != (0, 0)
    }

    /// Does a rule ask for the income?
    pub fn needs_income(&self) -> bool {
        let lines = [self.income_min, self.income_max, self.income_below, self.line_per_head];
        self.has_premium() || lines.iter().any(Option::is_some)
    }

    /// Does a rule ask how many heads the household has?
    pub fn needs_heads(&self) -> bool {
        self.needs_household || self.line_per_head.is_some()
    }

    fn must_fit(&self) -> Result<(), SchemeRefusal> {
        let (min, max) = (self.ratio_min, self.ratio_max);
        if self.has_premium() && !(0 < min && min <= max && max <= WHOLE) {
            return Err(SchemeRefusal::BadRatio { min, max });
        }
        let lowest = self.income_min.unwrap_or(Amount::ZERO);
        if self.has_premium() && lowest.is_zero() {
            return Err(SchemeRefusal::NoIncomeMin);
        }
        let too_high = self.income_max.is_some_and(|highest| lowest > highest);
        let at_a_line = [self.income_below, self.line_per_head].iter().flatten().any(|line| line.is_zero());
        let below_a_line = self.income_below.is_some_and(|line| lowest >= line);
        if too_high || at_a_line || below_a_line {
            return Err(SchemeRefusal::BadIncomes);
        }
        Ok(())
    }
}

/// A period's premium: this share (basis points) of the income, rounded up (Tang et al., algorithm 1).
///
/// # Errors
/// `TooLarge`, only for a share above the whole.
pub fn premium(income: Amount, ratio: u16) -> Result<Amount, AmountError> {
    Amount::from_balance(income.balance().saturating_mul(ratio.into()).div_ceil(PARTS))
}

/// What a household of so many heads lacks a month to the line for each; held at the largest amount.
pub fn top_up(line: Amount, household: u16, income: Balance) -> Amount {
    held(line.balance().saturating_mul(household.into()).saturating_sub(income))
}

fn must_exist(role: Role) -> Result<(), SchemeRefusal> {
    role.index().map(|_| ()).ok_or(SchemeRefusal::NoSuchRole { role })
}

/// As an amount, the largest standing for more.
fn held(value: Balance) -> Amount {
    Amount::from_balance(value).unwrap_or(Amount::MAX)
}

/// A length for an error, held at 255.
fn count(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
