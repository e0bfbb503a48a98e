//! The contracts' events, decoded: told apart by the contract's address and the event's signature topic.

use crate::{chain::RawEvent, Suite};
use amanah_interfaces::{governance, ledger, loan, registry, voucher, welfare};
use ink::env::Event as InkEvent;
use scale::Decode;

/// Declares [`Event`]: a variant for each event of each contract and of what all have in common, and how it is decoded.
macro_rules! events {
    (all: $common:ident { $($of_all:ident),* $(,)? } $($contract:ident { $($name:ident),* $(,)? })*) => {
        /// An event of the suite.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // Each variant holds the event of the same name, which has its own text.
        pub enum Event {
            $($($name($contract::$name),)*)*
            $($of_all($common::$of_all),)*
        }

        impl Event {
            /// Decodes an event; `None` if it is not one of the suite's.
            pub fn decode(suite: &Suite, raw: &RawEvent) -> Option<Self> {
                let signature = raw.topics.first().copied();
                $(if raw.contract == suite.$contract {
                    $(if signature == <$contract::$name as InkEvent>::SIGNATURE_TOPIC {
                        return $contract::$name::decode(&mut raw.data.as_slice()).ok().map(Event::$name);
                    })*
                })*
                if [$(suite.$contract),*].contains(&raw.contract) {
                    $(if signature == <$common::$of_all as InkEvent>::SIGNATURE_TOPIC {
                        return $common::$of_all::decode(&mut raw.data.as_slice()).ok().map(Event::$of_all);
                    })*
                }
                None
            }

            /// Its name.
            pub fn name(&self) -> &'static str {
                match self {
                    $($(Event::$name(_) => stringify!($name),)*)*
                    $(Event::$of_all(_) => stringify!($of_all),)*
                }
            }
        }
    };
}

events! {
    all: governance { Paused, Unpaused, CodeProposed, CodeApproved, CodeCancelled, CodeReplaced }
    registry {
        Registered, RoleGranted, RoleRevoked, RoleRenounced, RoleDefined, RoleAdminSet, Suspended, Reinstated,
        Blacklisted, BlacklistCleared, IdentityRenewed, ApplicationFiled, ApplicationApproved, ApplicationDenied, ApplicationWithdrawn,
        ApplicationCleared, RebindProposed, RebindContested, RebindCancelled, Rebound, KeyRotated, AdminTransferBegun,
        AdminTransferCancelled, AdministratorChanged,
    }
    ledger {
        Issued, Transferred, Approved, WithdrawalRequested, WithdrawalSettled, WithdrawalRejected, WithdrawalCancelled,
        WithdrawalCleared, AccountLinked, AccountUnlinked, SuiteContractSet,
    }
    voucher {
        ProgrammeCreated, IssuerSet, ShopAdmitted, FundingRequested, VoucherFunded, RedemptionRequested,
        RedemptionConfirmed, RedemptionEnded, RedemptionCleared, VoucherExpired, VoucherFrozen, VoucherUnfrozen,
        CreditWithdrawn, ProgrammeUpdated, ProgrammeClosed, BundleCreated, RollPublished, RollFunded, RollClaimed,
        RollClosed, VoucherVoided, VoucherExtended,
    }
    loan {
        FlowConfigured, ProductOffered, ProductRetired, CaseLocked, CaseRevised, VerdictGiven, UnlockRefused, CaseFailed,
        CaseExecuted, CaseExpired, LoanOpened, LoanRepaid, InterestRefunded, LoanMarked, LoanRescheduled,
        CampaignProposed, CampaignDecided, Invested, Refunded, Claimed, RepaymentsWithdrawn, Challenged, Resolved,
    }    welfare {
        SchemeCreated, PayerAgreed, SchemeRetired, CaseOpened, CaseMoved, DocumentSealed, BenefitPaid, PremiumCollected, BenefitWithdrawn,
    }
}
