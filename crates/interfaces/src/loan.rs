//! Loans: chaincode that several oracles unlock, lending, crowdfunding (docs/loan.md).

use crate::{AccountId, Balance, Timestamp};
pub use amanah_domain::{
    campaign::{Campaign, CampaignRefusal, CampaignStatus, Share},
    case::{Case, CaseRefusal, CaseStatus},
    chaincode::{Code, SignedVerdict, Verdict},
    challenge::{Challenge, ChallengeRefusal, Finding, Matter},
    flow::{Event, EventKind, Flow, FlowRefusal, GrantorRefusal, Operation, Request},
    lending::{
        Due, Instalment, Lender, Loan as LoanRecord, LoanRefusal, LoanStatus, Method, Order, Paid, Product,
        ProductRefusal,
    },
    rating::Rating,
    signing::{Signed, SigningRefusal},
};
use amanah_domain::{
    ids::{CampaignId, CaseId, FlowId, LoanId, ParticipantId, ProductId},
    money::AmountError,
    roles::Role,
    wire,
};
use ink::prelude::vec::Vec;

/// The most cases, and the most loans, that one inspection shows. ink writes an answer into 16,384 bytes and traps beyond: of a
/// whole page of each, 50 cases of eight grantors take 8,100 and 50 loans 9,650.
pub const MOST_INSPECTED: u32 = 25;

wire! {
    /// What a bank or a loan administrator offers.
    pub struct Offer {
        /// The flow that an application goes through: one of kind `LoanApplication`. 0 for loans that campaigns collect.
        pub flow: FlowId,
        /// The most that one loan may be.
        pub limit: Balance,
        /// The longest time, 1 to 480 months.
        pub most_months: u16,
        /// After how many months somebody may have another loan of this product; 0 for never.
        pub again_after_months: u16,
        /// The interest (basis points a year), at most 10,000. A campaign's comes from its borrower's rating instead.
        pub rate: u32,
        /// How it is repaid.
        pub method: Method,
        /// What a payment covers first, after fees.
        pub order: Order,
        /// How many days after a due date lateness begins.
        pub grace_days: u16,
        /// What each missed due date costs.
        pub late_fee: Balance,
        /// How many days after a missed due date a loan may be marked as defaulted.
        pub default_after_days: u16,
        /// Does the financial department that grants a loan owe its interest, not the borrower?
        pub subsidised: bool,
    }
}

wire! {
    /// A campaign to be opened.
    pub struct NewCampaign {
        /// The product, of a loan administrator, whose terms the loan will have.
        pub product: ProductId,
        /// The number of the bank in whose money it collects.
        pub issuer: ParticipantId,
        /// What it collects: all of it or nothing.
        pub target: Balance,
        /// The least that somebody invests, unless less is missing.
        pub minimum: Balance,
        /// For how many months.
        pub months: u16,
        /// Until when it collects (milliseconds), at most a year ahead.
        pub deadline: Timestamp,
        /// The hash of the document that says what it is for.
        pub document: [u8; 32],
    }
}

wire! {
    /// A borrower's rating, signed by a loan administrator (161 bytes, docs/loan.md).
    pub struct SignedRating {
        /// The number of the loan administrator.
        pub signer: ParticipantId,
        /// What it found.
        pub rating: Rating,
        /// The salted hash of the facts that it is about.
        pub facts: [u8; 32],
        /// Its signature.
        pub signed: Signed,
    }
}

wire! {
    /// An authenticator's word that the borrower approved exactly this with its passkey (140 bytes, docs/loan.md).
    pub struct PasskeyApproval {
        /// The number of the authenticator.
        pub signer: ParticipantId,
        /// Its signature.
        pub signed: Signed,
    }
}

wire! {
    /// The latest nonces that were used up for a participant.
    #[derive(Copy, Default)]
    pub struct Nonces {
        /// By its own signatures on events.
        pub event: u64,
        /// By its ratings.
        pub rating: u64,
        /// By its passkey approvals.
        pub passkey: u64,
    }
}

wire! {
    /// A page of a participant's cases and loans.
    pub struct Inspection {
        /// Its cases, newest first.
        pub cases: Vec<(CaseId, Case)>,
        /// Its loans, newest first.
        pub loans: Vec<(LoanId, LoanRecord)>,
    }
}

wire! {
    /// Why the loan contract refuses.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Error {
        /// The caller may not do this.
        NotAllowed,
        /// The contract is paused: no new business.
        Paused,
        /// The registry does not answer, so the answer is no.
        RegistryUnavailable,
        /// The ledger does not answer, so the answer is no.
        LedgerUnavailable,
        /// The ledger refuses.
        Ledger(crate::ledger::Error),
        /// There is no such participant, or it is not active in the role that this needs.
        NotInGoodStanding {
            /// The number.
            participant: ParticipantId,
        },
        /// The applicant cannot have a new loan: not active in a role that may apply, blacklisted, or its identity card is
        /// out of date.
        NotEligible {
            /// The applicant.
            applicant: ParticipantId,
        },
        /// There is no such flow.
        UnknownFlow {
            /// The number.
            flow: FlowId,
        },
        /// The event must go through another flow.
        WrongFlow {
            /// That flow; 0 if none is configured.
            flow: FlowId,
        },
        /// There is no such product.
        UnknownProduct {
            /// The number.
            product: ProductId,
        },
        /// There is no such case.
        UnknownCase {
            /// The number.
            case: CaseId,
        },
        /// There is no such loan.
        UnknownLoan {
            /// The number.
            loan: LoanId,
        },
        /// There is no such campaign.
        UnknownCampaign {
            /// The number.
            campaign: CampaignId,
        },
        /// The event names another participant for this role than the one whose matter or money it is.
        WrongGrantor {
            /// The role.
            role: Role,
        },
        /// The matter is not the applicant's.
        NotYours,
        /// What the oracle has seen is not the event of this case.
        OtherEvent,
        /// A flow cannot be so.
        Flow(FlowRefusal),
        /// The participants that the event names cannot grant it.
        Grantor(GrantorRefusal),
        /// The case does not allow this.
        Case(CaseRefusal),
        /// The product does not allow this, or cannot be so.
        Product(ProductRefusal),
        /// The loan does not allow this.
        Loan(LoanRefusal),
        /// The campaign does not allow this.
        Campaign(CampaignRefusal),
        /// A challenge, or none, stands in the way.
        Challenge(ChallengeRefusal),
        /// Something signed does not count.
        Signing(SigningRefusal),
        /// There is less than is to move, nothing is to move, or it is too much to count.
        Amount(AmountError),
        /// What is stored cannot be read: the contract is broken, please report it.
        Corrupted,
    }
}

impl From<crate::ledger::Unmoved> for Error {
    fn from(reason: crate::ledger::Unmoved) -> Self {
        match reason {
            crate::ledger::Unmoved::Unavailable => Error::LedgerUnavailable,
            crate::ledger::Unmoved::Refused(refusal) => Error::Ledger(refusal),
        }
    }
}

/// Lets `?` turn a rule's refusal into the contract's error.
macro_rules! refusals {
    ($($refusal:ty => $variant:ident),* $(,)?) => {
        $(impl From<$refusal> for Error {
            fn from(refusal: $refusal) -> Self {
                Error::$variant(refusal)
            }
        })*
    };
}

refusals! {
    FlowRefusal => Flow,
    GrantorRefusal => Grantor,
    CaseRefusal => Case,
    ProductRefusal => Product,
    LoanRefusal => Loan,
    CampaignRefusal => Campaign,
    ChallengeRefusal => Challenge,
    SigningRefusal => Signing,
    AmountError => Amount,
}

/// A flow was configured; it is the present one of its kind.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowConfigured {
    /// The flow.
    #[ink(topic)]
    pub flow: FlowId,
    /// Who applies, who grants.
    pub terms: Flow,
}

/// A product was offered.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductOffered {
    /// The product.
    #[ink(topic)]
    pub product: ProductId,
    /// Its terms.
    pub terms: Product,
}

/// A product is no longer offered; what exists goes on.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRetired {
    /// The product.
    #[ink(topic)]
    pub product: ProductId,
}

/// An event was locked: its oracles are asked for their verdicts.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLocked {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
    /// Who applies.
    #[ink(topic)]
    pub applicant: ParticipantId,
    /// The event.
    pub event: Event,
    /// Until when it can be unlocked (milliseconds).
    pub expires: Timestamp,
}

/// A failed case goes into its next revision.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRevised {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
    /// The revision.
    pub revision: u32,
    /// The event as it is now.
    pub event: Event,
    /// Until when it can be unlocked (milliseconds).
    pub expires: Timestamp,
}

/// An oracle gave its verdict from its own account.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictGiven {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
    /// The oracle.
    #[ink(topic)]
    pub oracle: ParticipantId,
    /// The revision that it is about.
    pub revision: u32,
    /// What it found.
    pub verdict: Verdict,
}

/// An unlocking code did not fit: nothing was changed.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlockRefused {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
    /// How it did not fit.
    pub code: Code,
}

/// A named oracle failed the event: the revision has ended.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailed {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
    /// The revision.
    pub revision: u32,
    /// The role in which it failed.
    pub role: Role,
}

/// All oracles passed, and all operations of the case ran.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseExecuted {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
    /// The revision.
    pub revision: u32,
}

/// A case's time was over.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseExpired {
    /// The case.
    #[ink(topic)]
    pub case: CaseId,
}

/// A loan began.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanOpened {
    /// The loan.
    #[ink(topic)]
    pub loan: LoanId,
    /// Who borrows.
    #[ink(topic)]
    pub borrower: ParticipantId,
    /// The loan as it is stored.
    pub record: LoanRecord,
}

/// Something was repaid of a loan, or recovered of one that had defaulted.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanRepaid {
    /// The loan.
    #[ink(topic)]
    pub loan: LoanId,
    /// Who paid.
    #[ink(topic)]
    pub by: ParticipantId,
    /// Of that, late fees.
    pub fees: Balance,
    /// Of that, interest.
    pub interest: Balance,
    /// Of that, principal.
    pub principal: Balance,
    /// How the loan stands now.
    pub status: LoanStatus,
}

/// A financial department paid the interest of a subsidised loan.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterestRefunded {
    /// The loan.
    #[ink(topic)]
    pub loan: LoanId,
    /// The department.
    #[ink(topic)]
    pub by: ParticipantId,
    /// How much.
    pub amount: Balance,
    /// How the loan stands now.
    pub status: LoanStatus,
}

/// A loan was marked as late or in default, or was written off.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanMarked {
    /// The loan.
    #[ink(topic)]
    pub loan: LoanId,
    /// How it stands now.
    pub status: LoanStatus,
}

/// What is left of a loan has a new schedule.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanRescheduled {
    /// The loan.
    #[ink(topic)]
    pub loan: LoanId,
    /// In how many months it ends now.
    pub months: u16,
    /// What each instalment is; 0 where everything is due at the end.
    pub instalment: Balance,
}

/// A campaign waits for the loan administrator's decision.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignProposed {
    /// The campaign.
    #[ink(topic)]
    pub campaign: CampaignId,
    /// Who borrows.
    #[ink(topic)]
    pub borrower: ParticipantId,
    /// The campaign as it is stored.
    pub record: Campaign,
}

/// A campaign was approved, rejected, cancelled, or funded.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignDecided {
    /// The campaign.
    #[ink(topic)]
    pub campaign: CampaignId,
    /// How it stands now.
    pub status: CampaignStatus,
    /// The reason code of a rejection; else 0.
    pub reason: u16,
}

/// Somebody invested in a campaign.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invested {
    /// The campaign.
    #[ink(topic)]
    pub campaign: CampaignId,
    /// Who.
    #[ink(topic)]
    pub investor: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// Somebody got its investment back.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The campaign.
    #[ink(topic)]
    pub campaign: CampaignId,
    /// Who.
    #[ink(topic)]
    pub investor: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// Somebody took its part of what was repaid.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The campaign.
    #[ink(topic)]
    pub campaign: CampaignId,
    /// Who.
    #[ink(topic)]
    pub investor: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// A lender moved its credit to its digital account.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepaymentsWithdrawn {
    /// Who.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// Whose money.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// A regulator challenged a case or a loan.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenged {
    /// What.
    #[ink(topic)]
    pub matter: Matter,
    /// The regulator.
    #[ink(topic)]
    pub by: ParticipantId,
    /// Its reason code.
    pub reason: u16,
    /// Until when that holds unless it is resolved (milliseconds).
    pub until: Timestamp,
}

/// A regulator resolved a challenge.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Of what.
    #[ink(topic)]
    pub matter: Matter,
    /// The regulator.
    #[ink(topic)]
    pub by: ParticipantId,
    /// What it found.
    pub finding: Finding,
}

/// Loans: events that several oracles unlock together, lending, and crowdfunding. Amounts in the smallest unit of the issuing
/// bank's money, interest in basis points a year, times in milliseconds.
#[ink::trait_definition]
pub trait Loan {
    /// A loan's record. Anyone may ask.
    #[ink(message)]
    fn loan(&self, id: LoanId) -> Option<LoanRecord>;

    /// Configures who applies for events of a kind and who grants them, in this order: at most 8 roles, all different, among
    /// them the role of whoever pays. (For an interest refund it is the borrower, whatever its roles.) `validity`: how long a case stays open, an hour to 366 days. The new flow is the
    /// present one of its kind; a product keeps the flow that it was offered with. Government.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `Flow`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `FlowConfigured`.
    #[ink(message)]
    fn configure_flow(
        &mut self,
        kind: EventKind,
        applicants: Vec<Role>,
        oracles: Vec<Role>,
        validity: Timestamp,
    ) -> Result<FlowId, Error>;

    /// Offers a product for good: it can be retired and not changed. A Bank, for loans in its own money; a LoanAdministrator,
    /// for loans that campaigns collect.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `Product`, `UnknownFlow`, `WrongFlow`, `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `ProductOffered`.
    #[ink(message)]
    fn offer_product(&mut self, offer: Offer) -> Result<ProductId, Error>;

    /// Ends an offer; loans that exist go on. Who offers it.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownProduct`, `Product` (`Retired`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `ProductRetired`.
    #[ink(message)]
    fn retire_product(&mut self, product: ProductId) -> Result<(), Error>;

    /// Locks an event: from now on its oracles can grant it, and all of them together run what it asks for. It names one
    /// participant for each role of its flow, in the flow's order. The applicant, from its registered account without
    /// `approval`, and for an interest refund also whom it names; anyone with the applicant's signature on the event (148
    /// bytes, docs/loan.md) as `approval`.
    ///
    /// # Errors
    /// `Paused` (an interest refund goes on), `NotAllowed`, `UnknownFlow`, `WrongFlow`, `Grantor`, `WrongGrantor`, `NotEligible`,
    /// `NotYours`, `Signing`, `UnknownProduct`, `Product`, `UnknownLoan`, `Loan`, `UnknownCampaign`, `Campaign`, `Challenge`,
    /// `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseLocked`.
    #[ink(message)]
    fn lock(&mut self, event: Event, approval: Option<Signed>) -> Result<CaseId, Error>;

    /// Unlocks a case with the event and its oracles' signed verdicts (138 bytes each, docs/loan.md), in the flow's order, and
    /// runs its operations. Answers `Success`; or, without changing anything, `OracleFailed` (a verdict does not pass),
    /// `EventMismatch` (not the locked event), `TypeError` (verdicts left over, or missing at the beginning). Only a named
    /// oracle's genuine, timely `Failed` ends the revision. Anyone.
    ///
    /// # Errors
    /// `Paused` (an interest refund goes on), `UnknownCase`, `Case`, `Challenge`; what the operations meet: as `lock`, `Ledger`,
    /// `LedgerUnavailable`; `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseExecuted` and what ran: `LoanOpened`, `InterestRefunded`, `LoanRescheduled`, `CampaignDecided`; or `CaseFailed`, or
    /// `UnlockRefused`.
    #[ink(message)]
    fn unlock(&mut self, case: CaseId, event: Event, verdicts: Vec<SignedVerdict>) -> Result<Code, Error>;

    /// Gives one oracle's verdict on a case from its own account, for oracles with a wallet, in the flow's order; the last
    /// one runs the operations. Who has passed it may still fail it while it is open. `event_hash`: of the event that it
    /// looked at, so that it never passes another one. The participant that the event names.
    ///
    /// # Errors
    /// `NotAllowed`, `OtherEvent`, `Grantor`; else as `unlock`.
    ///
    /// # Events
    /// `VerdictGiven`; with the last one as `unlock`; after a Failed, `CaseFailed`.
    #[ink(message)]
    fn submit_verdict(
        &mut self,
        case: CaseId,
        revision: u32,
        event_hash: [u8; 32],
        verdict: Verdict,
    ) -> Result<(), Error>;

    /// Tries again with a changed event of the same flow and applicant, after an oracle failed the revision before. Who may,
    /// and `approval`: as `lock`, with the next revision's number signed over.
    ///
    /// # Errors
    /// `UnknownCase`, `Case` (`NotFailed`, `AnotherMatter`); else as `lock`.
    ///
    /// # Events
    /// `CaseRevised`.
    #[ink(message)]
    fn revise(&mut self, case: CaseId, event: Event, approval: Option<Signed>) -> Result<(), Error>;

    /// Ends a case whose time is over. Anyone.
    ///
    /// # Errors
    /// `UnknownCase`, `Case` (`TooEarly`, `NotOpen`).
    ///
    /// # Events
    /// `CaseExpired`.
    #[ink(message)]
    fn expire_case(&mut self, case: CaseId) -> Result<(), Error>;

    /// Repays a loan with the caller's money, which the ledger must let this contract take: late fees, then interest and
    /// principal in the product's order. Takes no more than is owed and answers with what it took. Any active participant; a
    /// suspended one its own loan.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownLoan`, `Loan` (`WrongStatus`, `NothingOwed`), `Amount`, `Ledger`, `LedgerUnavailable`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `LoanRepaid`.
    #[ink(message)]
    fn repay(&mut self, loan: LoanId, amount: Balance) -> Result<Balance, Error>;

    /// Pays what is still to be had of a loan in default or written off: principal, then interest, then fees. Else as `repay`.
    ///
    /// # Errors
    /// As `repay`.
    ///
    /// # Events
    /// `LoanRepaid`.
    #[ink(message)]
    fn recover(&mut self, loan: LoanId, amount: Balance) -> Result<Balance, Error>;

    /// Marks a loan as late, when a payment is missing after its days of grace. Anyone.
    ///
    /// # Errors
    /// `UnknownLoan`, `Loan` (`NotLate`, `WrongStatus`), `Challenge`.
    ///
    /// # Events
    /// `LoanMarked`.
    #[ink(message)]
    fn mark_delinquent(&mut self, loan: LoanId) -> Result<(), Error>;

    /// Marks a loan as in default, when a payment has been missing for as long as its product says. Anyone.
    ///
    /// # Errors
    /// `UnknownLoan`, `Loan` (`NotLate`, `WrongStatus`), `Challenge`.
    ///
    /// # Events
    /// `LoanMarked`.
    #[ink(message)]
    fn mark_defaulted(&mut self, loan: LoanId) -> Result<(), Error>;

    /// Writes a loan in default off: no more interest; what is recovered still counts. The bank that lent; of a campaign's
    /// loan, a LoanAdministrator who is not the borrower.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownLoan`, `Loan` (`WrongStatus`), `Challenge`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `LoanMarked`.
    #[ink(message)]
    fn write_off(&mut self, loan: LoanId) -> Result<(), Error>;

    /// Moves a bank's credit from repayments to its digital account. Any active participant with a credit.
    ///
    /// # Errors
    /// `NotAllowed`, `Amount`, `Ledger`, `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `RepaymentsWithdrawn`.
    #[ink(message)]
    fn withdraw(&mut self, issuer: ParticipantId, amount: Balance) -> Result<(), Error>;

    /// Proposes a campaign that asks many people for a loan, with a rating that a LoanAdministrator signed and an approval that
    /// an Authenticator, another participant with another key, signed after the borrower's passkey. A Citizen who may have a
    /// new loan.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (no active Citizen), `NotEligible`, `NotInGoodStanding`, `Signing`, `UnknownProduct`, `WrongFlow`,
    /// `Product`, `Campaign`, `Loan` (`TooSoon`), `Amount`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CampaignProposed`.
    #[ink(message)]
    fn open_campaign(
        &mut self,
        campaign: NewCampaign,
        rating: SignedRating,
        passkey: PasskeyApproval,
    ) -> Result<CampaignId, Error>;

    /// Lets a campaign collect. A LoanAdministrator who is not the borrower.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownCampaign`, `Campaign` (`WrongStatus`, `TooLate`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `CampaignDecided`.
    #[ink(message)]
    fn approve_campaign(&mut self, campaign: CampaignId) -> Result<(), Error>;

    /// Rejects a campaign before it is closed, with a reason code: investors may take their money back. A LoanAdministrator
    /// who is not the borrower.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCampaign`, `Campaign` (`WrongStatus`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `CampaignDecided`.
    #[ink(message)]
    fn reject_campaign(&mut self, campaign: CampaignId, reason: u16) -> Result<(), Error>;

    /// Gives up a campaign that is not closed: investors may take their money back. The borrower.
    ///
    /// # Errors
    /// `NotYours`, `UnknownCampaign`, `Campaign` (`WrongStatus`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `CampaignDecided`.
    #[ink(message)]
    fn cancel_campaign(&mut self, campaign: CampaignId) -> Result<(), Error>;

    /// Invests in a campaign: the caller's money, which the ledger must let this contract take, goes into escrow. Never more
    /// than is missing. An Investor who is not the borrower.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownCampaign`, `Campaign` (`WrongStatus`, `TooLate`, `OverTarget`, `BelowMinimum`,
    /// `OwnCampaign`), `Amount`, `Ledger`, `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Invested`.
    #[ink(message)]
    fn invest(&mut self, campaign: CampaignId, amount: Balance) -> Result<(), Error>;

    /// Takes the caller's investment back from a campaign that was rejected or cancelled, missed its deadline, or was not
    /// closed within 30 days after it reached its target. Who invested, however it stands.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCampaign`, `Campaign` (`StillGoing`, `WrongStatus`, `NothingToTake`), `Ledger`,
    /// `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `Refunded`.
    #[ink(message)]
    fn refund(&mut self, campaign: CampaignId) -> Result<(), Error>;

    /// Takes the caller's part of what was repaid of a campaign's loan: its share of all of it, rounded down, less what it took
    /// before; when the loan has ended, the last one takes what rounding left. Answers with the amount. Who invested, however
    /// it stands.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCampaign`, `Campaign` (`WrongStatus`, `NothingToTake`), `Ledger`, `LedgerUnavailable`,
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `Claimed`.
    #[ink(message)]
    fn claim(&mut self, campaign: CampaignId) -> Result<Balance, Error>;

    /// Challenges a case or a loan, with a reason code: a case cannot be unlocked, and to a loan nothing happens but repayments,
    /// until the challenge is resolved, for 30 days at most. A Regulator; not the same one twice in a row.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCase`, `UnknownLoan`, `Challenge` (`Frozen`, `Repeated`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `Challenged`.
    #[ink(message)]
    fn challenge(&mut self, matter: Matter, reason: u16) -> Result<(), Error>;

    /// Resolves a challenge: `Dismissed` lets the matter go on, `Upheld` freezes it until a challenge is dismissed. A
    /// Regulator; to uphold it, another one than who raised it.
    ///
    /// # Errors
    /// `NotAllowed`, `Challenge` (`NotFrozen`, `Own`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `Resolved`.
    #[ink(message)]
    fn resolve(&mut self, matter: Matter, finding: Finding) -> Result<(), Error>;

    /// What is owed of a loan now, what of it is overdue, and when the next payment is due. Anyone may ask.
    #[ink(message)]
    fn due(&self, loan: LoanId) -> Result<Due, Error>;

    /// A loan's instalments as they are expected when each is paid on its day: at most `limit` (50), after the first `start`.
    /// Fees, and interest that was owed when the schedule began, are not in it. Anyone may ask.
    #[ink(message)]
    fn schedule(&self, loan: LoanId, start: u16, limit: u16) -> Vec<Instalment>;

    /// A participant's loans, newest first: at most `limit` (50), beginning with `start`, or with the newest if none is given.
    /// To go on, start with the last one's `previous`. Anyone may ask.
    #[ink(message)]
    fn loans_of(&self, borrower: ParticipantId, start: Option<LoanId>, limit: u32) -> Vec<(LoanId, LoanRecord)>;

    /// A participant's cases and loans together, newest first: at most `limit` (25) of each, beginning with `start_case` and
    /// `start_loan`, or with the newest. The participant itself, a Regulator, CivilAffairs, or a Bank; the chain's records are
    /// public, so this is for interfaces that show people only what is theirs to see.
    ///
    /// # Errors
    /// `NotAllowed`, `RegistryUnavailable`.
    #[ink(message)]
    fn inspect(
        &self,
        participant: ParticipantId,
        start_case: Option<CaseId>,
        start_loan: Option<LoanId>,
        limit: u32,
    ) -> Result<Inspection, Error>;

    /// A case's record. Anyone may ask.
    #[ink(message)]
    fn case(&self, id: CaseId) -> Option<Case>;

    /// The hash of a case's present event, its operations and the roles that grant it: what verdicts are about. Anyone may
    /// ask.
    #[ink(message)]
    fn event_hash(&self, case: CaseId) -> Option<[u8; 32]>;

    /// A flow. Anyone may ask.
    #[ink(message)]
    fn flow(&self, id: FlowId) -> Option<Flow>;

    /// The number of the present flow of this kind; 0 for none. Anyone may ask.
    #[ink(message)]
    fn present_flow(&self, kind: EventKind) -> FlowId;

    /// A product. Anyone may ask.
    #[ink(message)]
    fn product(&self, id: ProductId) -> Option<Product>;

    /// A campaign. Anyone may ask.
    #[ink(message)]
    fn campaign(&self, id: CampaignId) -> Option<Campaign>;

    /// The campaigns of borrowers of a grade (0 is the best), newest first: at most `limit` (50), beginning with `start`, or
    /// with the newest if none is given. To go on, start with the last one's `older`. Anyone may ask.
    #[ink(message)]
    fn campaigns(&self, grade: u8, start: Option<CampaignId>, limit: u32) -> Vec<(CampaignId, Campaign)>;

    /// What somebody has in a campaign. Anyone may ask.
    #[ink(message)]
    fn share(&self, campaign: CampaignId, investor: ParticipantId) -> Share;

    /// A lender's credit in a bank's money. Anyone may ask.
    #[ink(message)]
    fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Balance;

    /// The latest challenge of a case or a loan, however it ended. Anyone may ask.
    #[ink(message)]
    fn challenge_of(&self, matter: Matter) -> Option<Challenge>;

    /// The latest nonces that were used up for a participant: the next ones must be above. Anyone may ask.
    #[ink(message)]
    fn nonces(&self, participant: ParticipantId) -> Nonces;

    /// What every signature for this contract is made over (docs/loan.md). Anyone may ask.
    #[ink(message)]
    fn domain_separator(&self) -> [u8; 32];

    /// The registry. Anyone may ask.
    #[ink(message)]
    fn registry(&self) -> AccountId;

    /// The ledger. Anyone may ask.
    #[ink(message)]
    fn ledger(&self) -> AccountId;

    /// The version of this contract's code. Anyone may ask.
    #[ink(message)]
    fn version(&self) -> u32;
}

/// How others call the loan contract.
pub type LoanRef = ink::contract_ref!(Loan, ink::env::DefaultEnvironment);
