//! Crowdfunding: many small investors lend one borrower money through an escrow (Kim, Hong 2017, sections on the lending
//! process), with what that paper lacks: a deadline, refunds, and a share in what a defaulted loan still brings.
//!
//! Every investor takes `floor(all repaid x share / target)` less what was taken before, at any time and in any order.
//! What rounding leaves, less than a unit an investor, goes to whoever takes last when the loan has ended: so all that was
//! repaid is paid out, and never a unit more.

use crate::{
    ids::{CampaignId, LoanId, ParticipantId, ProductId},
    money::{Amount, AmountError, Balance},
    time::{after, is_before, is_plausible, Millis, DAY},
    wire,
};

/// How long borrower and administrator have to close a campaign that has reached its target.
pub const CLOSING_WINDOW: Millis = DAY * 30;
/// The longest time that a campaign collects.
pub const LONGEST_CAMPAIGN: Millis = DAY * 366;
/// How many grades there are: 0 is the best.
pub const GRADES: u8 = 5;

wire! {
    /// How a campaign stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum CampaignStatus {
        /// The loan administrator has not decided about it.
        Proposed,
        /// It collects; or it has its target and waits to be closed; or its time is over and nobody asked for money back yet.
        Open,
        /// The loan administrator rejected it.
        Rejected,
        /// The borrower cancelled it.
        Cancelled,
        /// It missed its deadline or was not closed in time, and gives back.
        Failed,
        /// Closed: the borrower has the money, the loan runs.
        Funded,
    }
}

wire! {
    /// A campaign.
    pub struct Campaign {
        /// Who borrows.
        pub borrower: ParticipantId,
        /// In which bank's money.
        pub issuer: ParticipantId,
        /// The product whose terms the loan will have.
        pub product: ProductId,
        /// What it collects: all of it or nothing.
        pub target: Amount,
        /// The least that somebody invests, unless less is missing.
        pub minimum: Amount,
        /// The interest (basis points a year), by the borrower's rating.
        pub rate: u32,
        /// For how many months.
        pub months: u16,
        /// The borrower's grade: 0 is the best.
        pub grade: u8,
        /// Until when it collects (milliseconds).
        pub deadline: Millis,
        /// When it reached its target (milliseconds); 0 for not yet.
        pub reached_at: Millis,
        /// The hash of the document that says what it is for.
        pub document: [u8; 32],
        /// What is in escrow for it; once the loan runs, what was.
        pub raised: Amount,
        /// How it stands.
        pub status: CampaignStatus,
        /// The loan that came of it; 0 for none.
        pub loan: LoanId,
        /// What was repaid of the loan, interest and fees included.
        pub repaid: Amount,
        /// What investors have taken of that.
        pub claimed: Amount,
        /// The shares of those who may still take something.
        pub shares_left: Amount,
        /// The campaign before it in its grade's list; 0 for none.
        pub older: CampaignId,
    }
}

wire! {
    /// What somebody has invested in a campaign.
    #[derive(Copy, Default)]
    pub struct Share {
        /// How much.
        pub amount: Amount,
        /// What was taken of the repayments.
        pub claimed: Amount,
    }
}

/// What an investor looks for (Kim, Hong 2017: investors search campaigns and match their conditions). Searching is done off
/// chain, over pages of campaigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The worst grade: 0 is the best.
    pub worst_grade: u8,
    /// The least interest (basis points a year).
    pub least_rate: u32,
    /// The longest time in months.
    pub most_months: u16,
    /// In which bank's money; none for any.
    pub issuer: Option<ParticipantId>,
    /// How much it has to invest.
    pub amount: Amount,
}

wire! {
    /// Why a campaign does not allow something.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum CampaignRefusal {
        /// It stands otherwise.
        WrongStatus {
            /// How it stands.
            status: CampaignStatus,
        },
        /// The deadline is not in the future, over a year ahead, or no time in milliseconds.
        BadDeadline {
            /// The time given.
            deadline: Millis,
        },
        /// The least ticket is nothing, or more than the target.
        BadMinimum,
        /// The borrower's rating does not allow this target.
        OverRating {
            /// The most that it allows.
            most: Balance,
            /// The target.
            wanted: Balance,
        },
        /// There is no such grade.
        BadGrade {
            /// The number given.
            grade: u8,
        },
        /// Its time is over.
        TooLate {
            /// When it was (milliseconds).
            deadline: Millis,
        },
        /// More than is missing.
        OverTarget {
            /// What is missing.
            missing: Balance,
        },
        /// Less than the least ticket.
        BelowMinimum {
            /// The least.
            minimum: Balance,
        },
        /// It has not reached its target.
        NotReached {
            /// What is missing.
            missing: Balance,
        },
        /// It may still succeed, so nothing is given back.
        StillGoing {
            /// Until when (milliseconds).
            until: Millis,
        },
        /// The borrower does not invest in its own campaign.
        OwnCampaign,
        /// Nothing is there for this investor now.
        NothingToTake,
        /// An amount does not fit.
        Amount(AmountError),
    }
}

impl From<AmountError> for CampaignRefusal {
    fn from(error: AmountError) -> Self {
        CampaignRefusal::Amount(error)
    }
}

impl Campaign {
    /// Checks a new campaign, which wants at most `most` by its borrower's rating.
    ///
    /// # Errors
    /// `BadGrade`, `BadMinimum`, `OverRating`, `BadDeadline`.
    pub fn proposed(self, most: Balance, now: Millis) -> Result<Self, CampaignRefusal> {
        if self.grade >= GRADES {
            return Err(CampaignRefusal::BadGrade { grade: self.grade });
        }
        if self.minimum.is_zero() || self.minimum > self.target {
            return Err(CampaignRefusal::BadMinimum);
        }
        let wanted = self.target.balance();
        if wanted > most {
            return Err(CampaignRefusal::OverRating { most, wanted });
        }
        let deadline = self.deadline;
        let in_reach = is_before(now, deadline) && deadline <= after(now, LONGEST_CAMPAIGN);
        if !in_reach || !is_plausible(deadline) {
            return Err(CampaignRefusal::BadDeadline { deadline });
        }
        Ok(self)
    }

    /// The loan administrator lets it collect.
    ///
    /// # Errors
    /// `WrongStatus`, `TooLate`.
    pub fn approved(self, now: Millis) -> Result<Self, CampaignRefusal> {
        self.must_be(&[CampaignStatus::Proposed])?;
        self.must_be_in_time(now)?;
        Ok(Self { status: CampaignStatus::Open, ..self })
    }

    /// The loan administrator rejects it before it is closed: what it has collected goes back.
    ///
    /// # Errors
    /// `WrongStatus`.
    pub fn rejected(self) -> Result<Self, CampaignRefusal> {
        self.must_be(&[CampaignStatus::Proposed, CampaignStatus::Open])?;
        Ok(Self { status: CampaignStatus::Rejected, ..self })
    }

    /// The borrower gives it up before it is closed.
    ///
    /// # Errors
    /// `WrongStatus`.
    pub fn cancelled(self) -> Result<Self, CampaignRefusal> {
        self.must_be(&[CampaignStatus::Proposed, CampaignStatus::Open])?;
        Ok(Self { status: CampaignStatus::Cancelled, ..self })
    }

    /// `investor`, who has `share` of it, puts `amount` more into escrow.
    ///
    /// # Errors
    /// `WrongStatus`, `TooLate`, `OwnCampaign`, `OverTarget`, `BelowMinimum`, `Amount`.
    pub fn invested(
        self,
        investor: ParticipantId,
        share: Share,
        amount: Amount,
        now: Millis,
    ) -> Result<(Self, Share), CampaignRefusal> {
        self.must_be(&[CampaignStatus::Open])?;
        self.must_be_in_time(now)?;
        if investor == self.borrower {
            return Err(CampaignRefusal::OwnCampaign);
        }
        let missing = self.missing();
        if amount > missing {
            return Err(CampaignRefusal::OverTarget { missing: missing.balance() });
        }
        if amount < self.minimum && amount != missing {
            return Err(CampaignRefusal::BelowMinimum { minimum: self.minimum.balance() });
        }
        let reached_at = if amount == missing { now } else { 0 };
        let share = Share { amount: share.amount.plus(amount)?, ..share };
        Ok((Self { raised: self.raised.plus(amount)?, reached_at, ..self }, share))
    }

    /// Can somebody who looks for `wish` invest in it now?
    pub fn matches(&self, wish: &Wish, now: Millis) -> bool {
        let missing = self.missing();
        let collects = self.status == CampaignStatus::Open && is_before(now, self.deadline) && !missing.is_zero();
        let terms = self.grade <= wish.worst_grade && self.rate >= wish.least_rate && self.months <= wish.most_months;
        let money = wish.issuer.is_none_or(|issuer| issuer == self.issuer) && wish.amount >= self.minimum.min(missing);
        collects && terms && money
    }

    /// What is missing to its target.
    pub fn missing(&self) -> Amount {
        self.target.minus(self.raised).unwrap_or(Amount::ZERO)
    }

    /// Can it be closed: has it reached its target, not too long ago?
    ///
    /// # Errors
    /// `WrongStatus`, `NotReached`, `TooLate`.
    pub fn must_be_closable(&self, now: Millis) -> Result<(), CampaignRefusal> {
        self.must_be(&[CampaignStatus::Open])?;
        let missing = self.missing();
        if !missing.is_zero() {
            return Err(CampaignRefusal::NotReached { missing: missing.balance() });
        }
        let deadline = after(self.reached_at, CLOSING_WINDOW);
        match is_before(now, deadline) {
            true => Ok(()),
            false => Err(CampaignRefusal::TooLate { deadline }),
        }
    }

    /// The borrower gets the money, as `loan`.
    ///
    /// # Errors
    /// As `must_be_closable`.
    pub fn funded(self, loan: LoanId, now: Millis) -> Result<Self, CampaignRefusal> {
        self.must_be_closable(now)?;
        Ok(Self { status: CampaignStatus::Funded, loan, shares_left: self.target, ..self })
    }

    /// An investor takes its money back.
    ///
    /// # Errors
    /// `StillGoing`, `WrongStatus` (Proposed, Funded), `NothingToTake`, `Amount`.
    pub fn refunded(self, share: Share, now: Millis) -> Result<Self, CampaignRefusal> {
        let status = match self.status {
            CampaignStatus::Open => {
                let until = match self.missing().is_zero() {
                    true => after(self.reached_at, CLOSING_WINDOW),
                    false => self.deadline,
                };
                if is_before(now, until) {
                    return Err(CampaignRefusal::StillGoing { until });
                }
                CampaignStatus::Failed
            }
            CampaignStatus::Rejected | CampaignStatus::Cancelled | CampaignStatus::Failed => self.status,
            status => return Err(CampaignRefusal::WrongStatus { status }),
        };
        if share.amount.is_zero() {
            return Err(CampaignRefusal::NothingToTake);
        }
        Ok(Self { status, raised: self.raised.minus(share.amount)?, ..self })
    }

    /// Something was repaid of its loan.
    ///
    /// # Errors
    /// `Amount`.
    pub fn repaid(self, amount: Amount) -> Result<Self, CampaignRefusal> {
        Ok(Self { repaid: self.repaid.plus(amount)?, ..self })
    }

    /// An investor takes what is there for its `share`: gives the campaign, the share if something may still come (not if
    /// the loan has `ended`), and the amount.
    ///
    /// # Errors
    /// `WrongStatus`, `NothingToTake`, `Amount`.
    pub fn claimed(self, share: Share, ended: bool) -> Result<(Self, Option<Share>, Amount), CampaignRefusal> {
        self.must_be(&[CampaignStatus::Funded])?;
        if share.amount.is_zero() {
            return Err(CampaignRefusal::NothingToTake);
        }
        let shares_left = if ended { self.shares_left.minus(share.amount)? } else { self.shares_left };
        let amount = match shares_left.is_zero() {
            true => self.repaid.minus(self.claimed)?,
            false => self.due_to(share.amount)?.minus(share.claimed)?,
        };
        if amount.is_zero() && !ended {
            return Err(CampaignRefusal::NothingToTake);
        }
        let left = Share { claimed: share.claimed.plus(amount)?, ..share };
        let campaign = Self { claimed: self.claimed.plus(amount)?, shares_left, ..self };
        Ok((campaign, (!ended).then_some(left), amount))
    }

    /// What is due to a share of this size of all that was repaid, rounded down.
    fn due_to(&self, share: Amount) -> Result<Amount, AmountError> {
        let product = self.repaid.balance().checked_mul(share.balance()).ok_or(AmountError::TooLarge)?;
        Amount::from_balance(product.checked_div(self.target.balance()).unwrap_or(0))
    }

    fn must_be(&self, wanted: &[CampaignStatus]) -> Result<(), CampaignRefusal> {
        match wanted.contains(&self.status) {
            true => Ok(()),
            false => Err(CampaignRefusal::WrongStatus { status: self.status }),
        }
    }

    fn must_be_in_time(&self, now: Millis) -> Result<(), CampaignRefusal> {
        match is_before(now, self.deadline) {
            true => Ok(()),
            false => Err(CampaignRefusal::TooLate { deadline: self.deadline }),
        }
    }
}

#[cfg(test)]
mod tests;
