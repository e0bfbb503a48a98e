//! Welfare: schemes as data, applications, reviews in stages, benefits and premiums (docs/welfare.md).

use crate::{AccountId, Balance, Timestamp};
use amanah_domain::{
    ids::{ParticipantId, SchemeId, Signature, VoucherId, WelfareCaseId},
    money::AmountError,
    wire,
};
pub use amanah_domain::{
    roles::Role,
    welfare::{
        Action, Benefit, BenefitCase, BenefitRefusal, BenefitStatus, Decision, Document, Form, FormRefusal,
        MemberVerdict, OnFailure, Payout, Reason, Reasons, Rules, Scheme, SchemeKind, SchemeRefusal, Stage,
        VerdictRefusal,
    },
};
use ink::prelude::vec::Vec;

wire! {
    /// A scheme's terms.
    pub struct NewScheme {
        /// What people call it.
        pub kind: SchemeKind,
        /// The number of the participant whose digital account pays benefits and receives premiums.
        pub payer: ParticipantId,
        /// The number of the bank in whose money it pays.
        pub issuer: ParticipantId,
        /// The role that may apply.
        pub applicants: Role,
        /// Below and above which lines, with which papers.
        pub rules: Rules,
        /// Who reviews, in this order: 1 to 8 stages.
        pub stages: Vec<Stage>,
        /// What a period's benefit is.
        pub benefit: Benefit,
        /// As money, or as a voucher.
        pub payout: Payout,
        /// Does it exclude, and is it excluded by, other running benefits that do?
        pub exclusive: bool,
        /// The length of a period in months.
        pub period_months: u16,
        /// The most periods that are paid; 0 for no limit.
        pub most_payments: u16,
        /// After how many months a benefit must be certified anew; 0 for never.
        pub recertify_months: u16,
        /// How many days after a rejection an appeal is possible; 0 for no appeals.
        pub appeal_days: u16,
        /// The employer's share of a premium (basis points).
        pub employer_share: u16,
    }
}

wire! {
    /// Something that happened to a case.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Deed {
        /// The applicant applied, or tried again with more papers; how the automatic check ended is in the entry's status.
        Applied,
        /// A reviewer accepted it.
        Accepted,
        /// A reviewer returned it for more papers.
        Returned,
        /// A reviewer rejected it.
        Rejected,
        /// The applicant appealed.
        Appealed,
        /// The applicant gave it up.
        Withdrawn,
        /// A document was sealed.
        Sealed,
        /// The benefit was stopped for a time.
        Suspended,
        /// It went on.
        Resumed,
        /// It was certified anew, or failed to be.
        Recertified,
        /// It ended before its time.
        Terminated,
        /// The employer agreed to pay its share of the premiums.
        EmployerAgreed,
        /// A rejection became final.
        Closed,
    }
}

wire! {
    /// An entry of a case's history.
    pub struct Entry {
        /// When (milliseconds).
        pub at: Timestamp,
        /// Who.
        pub by: ParticipantId,
        /// What.
        pub deed: Deed,
        /// In which round of papers: 0 is the first.
        pub round: u32,
        /// At which stage: 0 is the first.
        pub stage: u8,
        /// How the case stood afterwards.
        pub status: BenefitStatus,
        /// The amount that a stage has set, or that holds after a recertification; none for everything else.
        pub amount: Option<Balance>,
        /// The reason code that was given; 0 for none.
        pub reason: u16,
        /// The document's CID, if there is one.
        pub document: Option<[u8; 36]>,
    }
}

wire! {
    /// That somebody takes part in a scheme.
    pub struct Certificate {
        /// The scheme.
        pub scheme: SchemeId,
        /// Who.
        pub participant: ParticipantId,
        /// Since when (milliseconds).
        pub since: Timestamp,
        /// Does it count now?
        pub is_valid: bool,
        /// A period's benefit; of an insurance, its premium.
        pub amount: Balance,
        /// All that was paid so far.
        pub sum: Balance,
    }
}

wire! {
    /// Why the welfare contract refuses.
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
        /// The voucher contract does not answer, so the answer is no.
        VoucherUnavailable,
        /// The voucher contract refuses.
        Voucher(crate::voucher::Error),
        /// There is no such participant, or it is not active in the role that this needs.
        NotInGoodStanding {
            /// The number.
            participant: ParticipantId,
        },
        /// There is no such scheme.
        UnknownScheme {
            /// The number.
            scheme: SchemeId,
        },
        /// The scheme takes no new applications.
        SchemeRetired {
            /// The number.
            scheme: SchemeId,
        },
        /// Whoever is to pay has not agreed.
        NotAgreed {
            /// The number of the payer, or of the employer.
            payer: ParticipantId,
        },
        /// There is no such case.
        UnknownCase {
            /// The number.
            case: WelfareCaseId,
        },
        /// The participant has a running benefit that excludes this one.
        HasBenefit {
            /// The number.
            participant: ParticipantId,
        },
        /// A scheme cannot be so.
        Scheme(SchemeRefusal),
        /// A form cannot be so.
        Form(FormRefusal),
        /// The case does not allow this.
        Benefit(BenefitRefusal),
        /// A member's signed verdict does not count.
        Verdict(VerdictRefusal),
        /// A seal's signature does not verify.
        BadSeal,
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
    SchemeRefusal => Scheme,
    FormRefusal => Form,
    BenefitRefusal => Benefit,
    VerdictRefusal => Verdict,
    AmountError => Amount,
}

/// A scheme was created.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeCreated {
    /// The scheme.
    #[ink(topic)]
    pub scheme: SchemeId,
    /// Its terms, as they are stored.
    pub terms: Scheme,
}

/// A scheme's payer agreed to pay.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerAgreed {
    /// The scheme.
    #[ink(topic)]
    pub scheme: SchemeId,
    /// The payer.
    #[ink(topic)]
    pub payer: ParticipantId,
}

/// A scheme takes no new applications; what exists goes on.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeRetired {
    /// The scheme.
    #[ink(topic)]
    pub scheme: SchemeId,
}

/// Somebody applied.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOpened {
    /// The case.
    #[ink(topic)]
    pub case: WelfareCaseId,
    /// Who.
    #[ink(topic)]
    pub applicant: ParticipantId,
    /// For what.
    pub scheme: SchemeId,
    /// How the automatic check ended.
    pub status: BenefitStatus,
    /// Every condition that failed.
    pub reasons: Reasons,
    /// The kinds of papers that are missing, a bit each.
    pub missing: u32,
}

/// Something happened to a case: the same that its history has.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseMoved {
    /// The case.
    #[ink(topic)]
    pub case: WelfareCaseId,
    /// Who did it.
    #[ink(topic)]
    pub by: ParticipantId,
    /// What.
    pub entry: Entry,
}

/// A reviewer sealed a document: with the case's number, this is all that its signature was made over.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSealed {
    /// The case.
    #[ink(topic)]
    pub case: WelfareCaseId,
    /// The reviewer.
    #[ink(topic)]
    pub by: ParticipantId,
    /// The document's CID.
    pub cid: [u8; 36],
    /// The stage that the case was at: 0 is the first.
    pub stage: u8,
    /// The epoch of the reviewer's key.
    pub epoch: u32,
    /// The signature over 125 bytes (docs/welfare.md).
    pub seal: Signature,
}

/// A period's benefit was paid.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenefitPaid {
    /// The case.
    #[ink(topic)]
    pub case: WelfareCaseId,
    /// To whom.
    #[ink(topic)]
    pub beneficiary: ParticipantId,
    /// For which period: 1 is the first.
    pub period: u16,
    /// How much.
    pub amount: Balance,
    /// The voucher that it was paid as, which its programme's bank is to fund; none for money.
    pub voucher: Option<VoucherId>,
}

/// A period's premium was collected.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PremiumCollected {
    /// The case.
    #[ink(topic)]
    pub case: WelfareCaseId,
    /// The insured.
    #[ink(topic)]
    pub insured: ParticipantId,
    /// For which period: 1 is the first.
    pub period: u16,
    /// From the insured.
    pub own: Balance,
    /// From its employer.
    pub employers: Balance,
}

/// A beneficiary moved its credit to its digital account.
#[ink::event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenefitWithdrawn {
    /// Who.
    #[ink(topic)]
    pub participant: ParticipantId,
    /// Whose money.
    #[ink(topic)]
    pub issuer: ParticipantId,
    /// How much.
    pub amount: Balance,
}

/// Welfare: applications for insurance, assistance, work injury, minimum living and whatever else is configured; reviews in
/// stages; benefits and premiums. Amounts in the smallest unit of the issuing bank's money, incomes a month, times in
/// milliseconds.
#[ink::trait_definition]
pub trait Welfare {
    /// A case's record. Anyone may ask.
    #[ink(message)]
    fn benefit_case(&self, id: WelfareCaseId) -> Option<BenefitCase>;

    /// Creates a scheme: its rules, who reviews in which order, what it pays. Nothing of it is code: a new service needs no new
    /// contract. Somebody else who is to pay must agree before anybody can apply. Government; where it pays in vouchers, the owner
    /// of their programme.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (also if the programme is another's), `Scheme`, `NotInGoodStanding` (the payer, or an issuer that is
    /// no bank), `Voucher` (`UnknownProgramme`), `VoucherUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `SchemeCreated`; `PayerAgreed` if Government itself pays.
    #[ink(message)]
    fn create_scheme(&mut self, scheme: NewScheme) -> Result<SchemeId, Error>;

    /// Agrees to pay a scheme's benefits out of the caller's digital account, within what the ledger lets this contract take.
    /// The scheme's payer.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownScheme`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `PayerAgreed`, if it had not.
    #[ink(message)]
    fn agree_to_pay(&mut self, scheme: SchemeId) -> Result<(), Error>;

    /// Ends new applications. The scheme's owner.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownScheme`, `SchemeRetired`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `SchemeRetired`.
    #[ink(message)]
    fn retire_scheme(&mut self, scheme: SchemeId) -> Result<(), Error>;

    /// Applies (the paper's ApplicationforInsurance, ApplicationforAid, ApplicationforSocialWelfare). The contract checks the
    /// form by the scheme's rules at once and names every condition that fails: the case is then rejected, or returned for more
    /// papers, else it goes to the first stage's reviewers. Any participant.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (not registered), `UnknownScheme`, `SchemeRetired`, `NotAgreed`, `Form`, `Amount` (the account has
    /// more than can be counted), `RegistryUnavailable`, `LedgerUnavailable`.
    ///
    /// # Events
    /// `CaseOpened`, `CaseMoved`.
    #[ink(message)]
    fn apply(&mut self, scheme: SchemeId, form: Form) -> Result<WelfareCaseId, Error>;

    /// Hands in more papers for a case that was returned: the whole form anew. The applicant.
    ///
    /// # Errors
    /// `Paused`, `NotAllowed` (not registered), `UnknownCase`, `Benefit` (`NotYours`, `WrongStatus`), `Form`, `Amount`,
    /// `RegistryUnavailable`, `LedgerUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn supplement(&mut self, case: WelfareCaseId, form: Form) -> Result<(), Error>;

    /// Gives an application up that is not decided. The applicant.
    ///
    /// # Errors
    /// `NotAllowed` (not registered), `UnknownCase`, `Benefit` (`NotYours`, `WrongStatus`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn withdraw_application(&mut self, case: WelfareCaseId) -> Result<(), Error>;

    /// Decides a stage of a case: accepts it, returns it for more papers, or rejects it with a reason code. `round`, `stage`:
    /// where the case was when the reviewer read it; a form that was handed in since is not decided. `amount`: a period's
    /// benefit, where the stage sets it. Whoever holds the stage's role; nobody about its own case, nor twice in a
    /// stage and round; on an appeal not whoever decided before. (The paper's UploadIncomeAccounting,
    /// FeedbackOnDemocraticReviewResults, ApplyForMedicalConsultationTeam, HandleSocialWelfare.)
    ///
    /// # Errors
    /// `Paused`, `NotAllowed`, `UnknownCase`, `Benefit`, `Amount` (too large), `RegistryUnavailable`; where the benefit would
    /// begin, `NotInGoodStanding` (the applicant, or it has not the role) and `HasBenefit`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn decide(
        &mut self,
        case: WelfareCaseId,
        round: u32,
        stage: u8,
        decision: Decision,
        amount: Option<Balance>,
        reason: u16,
    ) -> Result<(), Error>;

    /// Accepts a stage of a case by the signed verdicts of as many members of its role as it needs. Anyone.
    ///
    /// # Errors
    /// `Paused`, `UnknownCase`, `Verdict`, `Benefit`, `Amount`, `RegistryUnavailable`; where the benefit would begin,
    /// `NotInGoodStanding` and `HasBenefit`.
    ///
    /// # Events
    /// `CaseMoved` for each member.
    #[ink(message)]
    fn decide_signed(
        &mut self,
        case: WelfareCaseId,
        amount: Option<Balance>,
        verdicts: Vec<MemberVerdict>,
    ) -> Result<(), Error>;

    /// Contests a rejection once, within the scheme's days for appeals: the stage that rejected hears it again, with other
    /// reviewers. The applicant.
    ///
    /// # Errors
    /// `NotAllowed` (not registered), `UnknownCase`, `Benefit` (`NotYours`, `WrongStatus`, `AlreadyAppealed`, `TooLate`),
    /// `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn appeal(&mut self, case: WelfareCaseId) -> Result<(), Error>;

    /// Ends a rejected case against which no appeal is possible any more. Anyone.
    ///
    /// # Errors
    /// `UnknownCase`, `Benefit` (`WrongStatus`, `TooEarly`).
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn close_case(&mut self, case: WelfareCaseId) -> Result<(), Error>;

    /// Pays a period's benefit, once it is due: to the beneficiary's credit here, or as a blank voucher of the scheme's
    /// programme, which its bank is to fund. Anyone.
    ///
    /// # Errors
    /// `UnknownCase`, `Benefit` (`WrongStatus`, `TooEarly`, `AllPaid`, `Uncertified`), `NotInGoodStanding`, `Ledger`,
    /// `LedgerUnavailable`, `Voucher`, `VoucherUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `BenefitPaid`.
    #[ink(message)]
    fn pay(&mut self, case: WelfareCaseId, period: u16) -> Result<(), Error>;

    /// Collects a period's premium of an insurance, once it is due, from the insured and its employer, by what both let this
    /// contract take. Anyone.
    ///
    /// # Errors
    /// `UnknownCase`, `Benefit` (`WrongStatus`, `TooEarly`), `NotAgreed` (the employer), `NotInGoodStanding`, `Ledger`,
    /// `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `PremiumCollected`.
    #[ink(message)]
    fn collect_premium(&mut self, case: WelfareCaseId, period: u16) -> Result<(), Error>;

    /// Agrees to pay the employer's share of a case's premiums, and no more of each than it is now: before the grant what follows
    /// from the form, afterwards its share of the premium that holds. If the insured hands in another form later, a larger share
    /// must be agreed to anew. The employer that the form names.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCase`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`, if it had not.
    #[ink(message)]
    fn agree_as_employer(&mut self, case: WelfareCaseId) -> Result<(), Error>;

    /// Stops a benefit for a time, with a reason code. The scheme's owner, or a Regulator.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCase`, `Benefit` (`WrongStatus`), `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn suspend(&mut self, case: WelfareCaseId, reason: u16) -> Result<(), Error>;

    /// Lets a stopped benefit go on. The scheme's owner, or a Regulator.
    ///
    /// # Errors
    /// As `suspend`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn resume(&mut self, case: WelfareCaseId) -> Result<(), Error>;

    /// Hands in the form anew when a benefit is to be certified again: if it still fits the rules it goes on, else it is stopped.
    /// No reviewer sees this form, so a benefit that follows from it can only become less, and a premium only more; who needs
    /// more ends the benefit and applies anew. The beneficiary.
    ///
    /// # Errors
    /// `NotAllowed` (not registered), `UnknownCase`, `Benefit` (`NotYours`, `WrongStatus`), `Form`, `Amount`,
    /// `RegistryUnavailable`, `LedgerUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn recertify(&mut self, case: WelfareCaseId, form: Form) -> Result<(), Error>;

    /// Ends a benefit, with a reason code. The scheme's owner, a Regulator, or the beneficiary.
    ///
    /// # Errors
    /// As `suspend`.
    ///
    /// # Events
    /// `CaseMoved`.
    #[ink(message)]
    fn terminate(&mut self, case: WelfareCaseId, reason: u16) -> Result<(), Error>;

    /// Notes a document that a reviewer has looked at and sealed: its CID, with the reviewer's signature (125 bytes,
    /// docs/welfare.md). The document itself is kept elsewhere, encrypted. Whoever holds the role of the stage that the case is
    /// at.
    ///
    /// # Errors
    /// `NotAllowed`, `UnknownCase`, `Benefit` (`WrongStatus`, `OwnCase`), `Form` (no CID), `BadSeal`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `CaseMoved`, `DocumentSealed`.
    #[ink(message)]
    fn add_document(&mut self, case: WelfareCaseId, cid: [u8; 36], seal: Signature) -> Result<(), Error>;

    /// Moves a beneficiary's credit to its digital account. Any active participant with a credit.
    ///
    /// # Errors
    /// `NotAllowed`, `Amount`, `Ledger`, `LedgerUnavailable`, `RegistryUnavailable`.
    ///
    /// # Events
    /// `BenefitWithdrawn`.
    #[ink(message)]
    fn withdraw(&mut self, issuer: ParticipantId, amount: Balance) -> Result<(), Error>;

    /// A scheme. Anyone may ask.
    #[ink(message)]
    fn scheme(&self, id: SchemeId) -> Option<Scheme>;

    /// How many schemes there are; their numbers are 1 to this. Anyone may ask.
    #[ink(message)]
    fn scheme_count(&self) -> SchemeId;

    /// Has whoever is to pay a scheme's benefits agreed? Anyone may ask.
    #[ink(message)]
    fn has_agreed(&self, scheme: SchemeId) -> bool;

    /// That somebody takes part in a scheme; `None` unless it was approved. Anyone may ask, and so anyone can verify.
    #[ink(message)]
    fn certificate(&self, case: WelfareCaseId) -> Option<Certificate>;

    /// What happened to a case, oldest first: at most `limit` (50) entries from `start` (0 is the first). Anyone may ask.
    #[ink(message)]
    fn history(&self, case: WelfareCaseId, start: u32, limit: u32) -> Vec<Entry>;

    /// A participant's cases, newest first: at most `limit` (50), beginning with `start`, or with the newest if none is given.
    /// To go on, start with the last one's `previous`. Anyone may ask.
    #[ink(message)]
    fn cases_of(
        &self,
        applicant: ParticipantId,
        start: Option<WelfareCaseId>,
        limit: u32,
    ) -> Vec<(WelfareCaseId, BenefitCase)>;

    /// The numbers of the cases that wait for reviewers of a role: at most `limit` (50) from position `start` (0 is the first).
    /// When one is decided, the last takes its position. Anyone may ask.
    #[ink(message)]
    fn worklist(&self, role: Role, start: u32, limit: u32) -> Vec<WelfareCaseId>;

    /// How many cases wait for reviewers of a role. Anyone may ask.
    #[ink(message)]
    fn worklist_count(&self, role: Role) -> u32;

    /// When the next period of a case can be paid or collected (milliseconds); none when it is not running or all is paid.
    /// Anyone may ask.
    #[ink(message)]
    fn next_due(&self, case: WelfareCaseId) -> Option<Timestamp>;

    /// What the signed verdict of a committee member is about, at the stage that a case is at (docs/welfare.md). Anyone may
    /// ask.
    #[ink(message)]
    fn verdict_hash(&self, case: WelfareCaseId, amount: Option<Balance>) -> Option<[u8; 32]>;

    /// A beneficiary's credit in a bank's money. Anyone may ask.
    #[ink(message)]
    fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Balance;

    /// What every signature for this contract is made over. Anyone may ask.
    #[ink(message)]
    fn domain_separator(&self) -> [u8; 32];

    /// The registry. Anyone may ask.
    #[ink(message)]
    fn registry(&self) -> AccountId;

    /// The ledger. Anyone may ask.
    #[ink(message)]
    fn ledger(&self) -> AccountId;

    /// The voucher contract. Anyone may ask.
    #[ink(message)]
    fn voucher(&self) -> AccountId;

    /// The version of this contract's code. Anyone may ask.
    #[ink(message)]
    fn version(&self) -> u32;
}

/// How others call the welfare contract.
pub type WelfareRef = ink::contract_ref!(Welfare, ink::env::DefaultEnvironment);
