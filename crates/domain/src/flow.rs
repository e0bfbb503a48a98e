//! Business flows: who applies, who grants and in which order is configuration; what is done follows from the event.
//!
//! | event | usual oracles, in order | operations |
//! | --- | --- | --- |
//! | loan application | bank, civil affairs, financial department | transfer (principal, bank to customer), open loan |
//! | interest refund | bank, financial department | query loan, repay interest (financial department) |
//! | campaign close | loan administrator | pay out (escrow to borrower), open loan |
//! | reschedule | bank, or loan administrator | reschedule |
//!
//! An event names one participant for each granting role (this bank, that department), so that no other bank's verdict
//! counts and money comes only from those named. Source: LoC, the chaincode's operations, events and granting roles.

use crate::{
    crypto::Crypto,
    ids::{CampaignId, FlowId, LoanId, ParticipantId, ProductId},
    money::Balance,
    participant::Credentials,
    roles::{Role, Roles},
    time::{Millis, DAY, MINUTE},
    wire,
};
use alloc::{vec, vec::Vec};
use scale::Encode;

/// The most oracles that a flow has.
pub const MOST_ORACLES: usize = 8;
/// The shortest time that a flow gives a case: one hour.
pub const LEAST_VALIDITY: Millis = 60 * MINUTE;
/// The longest time that a flow gives a case: 366 days.
pub const MOST_VALIDITY: Millis = 366 * DAY;

wire! {
    /// What an event may be about.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum EventKind {
        /// A customer applies for a loan.
        LoanApplication,
        /// A subsidised loan's interest is paid by the financial department.
        InterestRefund,
        /// A campaign's money is paid out to its borrower.
        CampaignClose,
        /// A loan gets a new schedule.
        Reschedule,
    }
}

wire! {
    /// A business flow.
    pub struct Flow {
        /// What it is about.
        pub kind: EventKind,
        /// Who may apply: one of these roles is enough. For an interest refund it is the borrower, whatever its roles.
        pub applicants: Roles,
        /// Who must grant, in order.
        pub oracles: Vec<Role>,
        /// How long a case is open (milliseconds).
        pub validity: Millis,
    }
}

wire! {
    /// Why a flow is refused.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum FlowRefusal {
        /// Nobody could apply.
        NoApplicants,
        /// Nobody would have to grant.
        NoOracles,
        /// More oracles than a flow may have.
        TooManyOracles {
            /// How many it may have.
            most: u8,
            /// How many were given, 255 standing for more.
            given: u8,
        },
        /// There is no such role.
        NoSuchRole {
            /// The role.
            role: Role,
        },
        /// One role twice among the oracles.
        Repeated {
            /// The role.
            role: Role,
        },
        /// A role whose money or decision it is does not grant.
        MustGrant {
            /// The role.
            role: Role,
        },
        /// Cases would be open too short or too long.
        BadValidity {
            /// The shortest time (milliseconds).
            least: Millis,
            /// The longest time (milliseconds).
            most: Millis,
            /// What was asked for (milliseconds).
            wanted: Millis,
        },
    }
}

impl EventKind {
    /// Whose money or decision such an event is: one of these roles must grant it.
    fn must_grant(self) -> &'static [Role] {
        match self {
            EventKind::LoanApplication => &[Role::Bank],
            EventKind::InterestRefund => &[Role::FinancialDepartment],
            EventKind::CampaignClose => &[Role::LoanAdministrator],
            EventKind::Reschedule => &[Role::Bank, Role::LoanAdministrator],
        }
    }
}

impl Flow {
    /// This flow, if it can be used.
    ///
    /// # Errors
    /// `NoApplicants`, `NoOracles`, `TooManyOracles`, `NoSuchRole`, `Repeated`, `MustGrant` (of two roles that would do, the
    /// first), `BadValidity`.
    pub fn checked(self) -> Result<Self, FlowRefusal> {
        if self.applicants.iter().next().is_none() {
            return Err(FlowRefusal::NoApplicants);
        }
        if self.oracles.is_empty() {
            return Err(FlowRefusal::NoOracles);
        }
        if self.oracles.len() > MOST_ORACLES {
            return Err(FlowRefusal::TooManyOracles { most: count(MOST_ORACLES), given: count(self.oracles.len()) });
        }
        let mut granting = Roles::NONE;
        for role in self.oracles.iter().copied() {
            if granting.has(role) {
                return Err(FlowRefusal::Repeated { role });
            }
            granting = granting.with(role).ok_or(FlowRefusal::NoSuchRole { role })?;
        }
        let must = self.kind.must_grant();
        if let (false, Some(&role)) = (granting.has_any(must), must.first()) {
            return Err(FlowRefusal::MustGrant { role });
        }
        if !(LEAST_VALIDITY..=MOST_VALIDITY).contains(&self.validity) {
            let (least, most, wanted) = (LEAST_VALIDITY, MOST_VALIDITY, self.validity);
            return Err(FlowRefusal::BadValidity { least, most, wanted });
        }
        Ok(self)
    }

    /// May this participant apply: is it in good standing in one of the applicants' roles?
    pub fn may_apply(&self, known: &Credentials) -> bool {
        self.applicants.iter().any(|role| known.acts_as(role))
    }
}

wire! {
    /// What somebody applies for: the body that oracles judge and applicants sign.
    pub struct Event {
        /// The flow that it goes through.
        pub flow: FlowId,
        /// The applicant's number.
        pub applicant: ParticipantId,
        /// Who grants: one participant for each of the flow's oracles, in its order.
        pub grantors: Vec<ParticipantId>,
        /// What is applied for.
        pub request: Request,
    }
}

wire! {
    /// What is applied for.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Request {
        /// A loan.
        Loan {
            /// The product.
            product: ProductId,
            /// How much is lent.
            principal: Balance,
            /// For how many months.
            months: u16,
            /// `H(salt | facts)`, see [`crate::oracle::facts_hash`]: the facts stay off chain.
            facts: [u8; 32],
        },
        /// The interest of a subsidised loan, from the financial department.
        InterestRefund {
            /// The loan.
            loan: LoanId,
        },
        /// A full campaign's money, for its borrower.
        CampaignClose {
            /// The campaign.
            campaign: CampaignId,
        },
        /// A new schedule.
        Reschedule {
            /// The loan.
            loan: LoanId,
            /// Over how many months from now.
            months: u16,
        },
    }
}

wire! {
    /// What is done when every oracle has passed an event. Nobody writes operations: they follow from the event.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Operation {
        /// Money goes from one participant to another.
        Transfer {
            /// Who pays.
            from: ParticipantId,
            /// Who is paid.
            to: ParticipantId,
            /// How much.
            amount: Balance,
        },
        /// A campaign's escrow goes to its borrower.
        PayOut {
            /// The campaign.
            campaign: CampaignId,
            /// The borrower.
            to: ParticipantId,
        },
        /// The loan that the event is about begins.
        OpenLoan,
        /// The loan must be there and be due for what follows.
        QueryLoan {
            /// The loan.
            loan: LoanId,
        },
        /// A subsidised loan's interest goes to its lender's credit.
        RepayInterest {
            /// The loan.
            loan: LoanId,
            /// Who pays.
            from: ParticipantId,
        },
        /// The loan gets a new schedule.
        Reschedule {
            /// The loan.
            loan: LoanId,
            /// Over how many months from now.
            months: u16,
        },
    }
}

impl Request {
    /// Does it pay a lender what it is owed already? The loan says whose it is, how much, and by whom, and a lender waits for
    /// no borrower.
    pub fn is_owed(&self) -> bool {
        matches!(self, Request::InterestRefund { .. })
    }

    /// Which kind of event this is.
    pub fn kind(&self) -> EventKind {
        match self {
            Request::Loan { .. } => EventKind::LoanApplication,
            Request::InterestRefund { .. } => EventKind::InterestRefund,
            Request::CampaignClose { .. } => EventKind::CampaignClose,
            Request::Reschedule { .. } => EventKind::Reschedule,
        }
    }
}

impl Event {
    /// May this participant lock it from its own account? The applicant; and what is owed already, also whom it names.
    pub fn may_be_locked_by(&self, participant: ParticipantId) -> bool {
        participant == self.applicant || (self.request.is_owed() && self.grantors.contains(&participant))
    }

    /// What an applicant signs of it: `H(SCALE(event))`.
    pub fn body_hash<C: Crypto>(&self) -> [u8; 32] {
        C::blake2b_256(&self.encode())
    }
}

/// What is done when this event is granted, in the order in which it is done; `None` if the event does not fit the flow:
/// of another kind, with another number of grantors, or without the one whose money or decision it is.
pub fn operations(flow: &Flow, event: &Event) -> Option<Vec<Operation>> {
    if event.request.kind() != flow.kind || event.grantors.len() != flow.oracles.len() {
        return None;
    }
    let must = flow.kind.must_grant();
    let at = flow.oracles.iter().position(|role| must.contains(role))?;
    let payer = *event.grantors.get(at)?;
    let applicant = event.applicant;
    Some(match event.request {
        Request::Loan { principal, .. } => {
            vec![Operation::Transfer { from: payer, to: applicant, amount: principal }, Operation::OpenLoan]
        }
        Request::InterestRefund { loan } => {
            vec![Operation::QueryLoan { loan }, Operation::RepayInterest { loan, from: payer }]
        }
        Request::CampaignClose { campaign } => {
            vec![Operation::PayOut { campaign, to: applicant }, Operation::OpenLoan]
        }
        Request::Reschedule { loan, months } => vec![Operation::Reschedule { loan, months }],
    })
}

/// What an oracle's verdict is about: `H(SCALE(event) | SCALE(operations) | SCALE(required roles))`; `None` if the event
/// does not fit the flow.
pub fn event_hash<C: Crypto>(flow: &Flow, event: &Event) -> Option<[u8; 32]> {
    let operations = operations(flow, event)?;
    Some(C::blake2b_256(&(event, operations, &flow.oracles).encode()))
}

wire! {
    /// Why the participants that an event names cannot grant it.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum GrantorRefusal {
        /// Not one for each of the flow's oracles.
        WrongCount {
            /// How many the flow needs.
            needed: u8,
            /// How many were given, 255 standing for more.
            given: u8,
        },
        /// Not registered, suspended, or without the role.
        NotInGoodStanding {
            /// Its number.
            grantor: ParticipantId,
        },
        /// Named twice, or under the key of one named before.
        Repeated {
            /// Its number.
            grantor: ParticipantId,
        },
        /// The applicant itself, by number or by key.
        IsApplicant {
            /// Its number.
            grantor: ParticipantId,
        },
    }
}

/// Are so many grantors one for each of the flow's oracles?
///
/// # Errors
/// `WrongCount`.
pub fn counted(flow: &Flow, given: usize) -> Result<(), GrantorRefusal> {
    match given == flow.oracles.len() {
        true => Ok(()),
        false => Err(GrantorRefusal::WrongCount { needed: count(flow.oracles.len()), given: count(given) }),
    }
}

/// May an event be locked under these grantors? `known` is what the registry knows of each, in order: each must act in
/// its role, no two may share a number or a key, and none may share the applicant's (of what is owed already, none may share its
/// number).
///
/// # Errors
/// `WrongCount`, then the first [`GrantorRefusal`] in the order of the grantors.
pub fn named(
    flow: &Flow,
    event: &Event,
    applicant: &Credentials,
    known: &[Option<Credentials>],
) -> Result<(), GrantorRefusal> {
    counted(flow, event.grantors.len())?;
    counted(flow, known.len())?;
    for (at, role) in flow.oracles.iter().enumerate() {
        grantor(event, Some(applicant), known, at, *role)?;
    }
    Ok(())
}

/// What the registry knows of the grantor at this place, if it can grant this event in this role.
pub(crate) fn grantor<'a>(
    event: &Event,
    applicant: Option<&Credentials>,
    known: &'a [Option<Credentials>],
    at: usize,
    role: Role,
) -> Result<&'a Credentials, GrantorRefusal> {
    let grantor = event.grantors.get(at).copied().unwrap_or(0);
    let this = known
        .get(at)
        .and_then(Option::as_ref)
        .filter(|this| this.number == grantor && this.acts_as(role))
        .ok_or(GrantorRefusal::NotInGoodStanding { grantor })?;
    // Anybody can take another one's public key for its own, and so would hold up what it owes.
    let shares_key = !event.request.is_owed() && applicant.is_some_and(|applicant| applicant.key == this.key);
    if grantor == event.applicant || shares_key {
        return Err(GrantorRefusal::IsApplicant { grantor });
    }
    let earlier_number = event.grantors.iter().take(at).any(|earlier| *earlier == grantor);
    let earlier_key = known.iter().take(at).flatten().any(|earlier| earlier.key == this.key);
    if earlier_number || earlier_key {
        return Err(GrantorRefusal::Repeated { grantor });
    }
    Ok(this)
}

/// A length for an error, held at 255.
fn count(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
