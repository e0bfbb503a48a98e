//! The suite's contracts: deployed, wired, and addressed by typed messages.

use crate::{
    chain::{send, Chain, Cost, NotRun},
    Actor, Bundle,
};
use amanah_domain::{
    ids::{Account, ParticipantId},
    layout::{domain_separator, DomainSeparator},
    time::{Millis, DAY},
};
use amanah_interfaces::{
    governance::GovernedRef,
    ledger::{Ledger, LedgerRef},
    loan::LoanRef,
    registry::RegistryRef,
    voucher::VoucherRef,
    welfare::{NewScheme, Scheme, WelfareRef},
    AccountId,
};
use ink::codegen::TraitCallBuilder;
use scale::Encode;
use std::path::Path;

/// Builds messages for an instance of the registry.
pub type RegistryMessages = <RegistryRef as TraitCallBuilder>::Builder;
/// Builds messages for an instance of the ledger.
pub type LedgerMessages = <LedgerRef as TraitCallBuilder>::Builder;
/// Builds messages for an instance of the voucher contract.
pub type VoucherMessages = <VoucherRef as TraitCallBuilder>::Builder;
/// Builds messages for an instance of the loan contract.
pub type LoanMessages = <LoanRef as TraitCallBuilder>::Builder;
/// Builds messages for an instance of the welfare contract.
pub type WelfareMessages = <WelfareRef as TraitCallBuilder>::Builder;

/// How long what one party starts alone must wait in a usual suite: two days.
pub const SUITE_DELAY: Millis = DAY * 2;

/// Builds messages for the governance of any of them.
pub type GovernedMessages = <GovernedRef as TraitCallBuilder>::Builder;

/// Where the suite's contracts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// The registry's account.
    pub registry: Account,
    /// The ledger's account.
    pub ledger: Account,
    /// The voucher contract's account.
    pub voucher: Account,
    /// The loan contract's account.
    pub loan: Account,
    /// The welfare contract's account.
    pub welfare: Account,
    /// The genesis hash of the chain that they are on.
    pub genesis: [u8; 32],
}

/// A step of a deployment.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The contract's name.
    pub name: &'static str,
    /// Its account.
    pub account: Account,
    /// The size of its code in bytes.
    pub code_bytes: usize,
    /// What uploading and instantiating it cost.
    pub cost: Cost,
}

/// Why a deployment stopped.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A bundle cannot be loaded.
    #[error(transparent)]
    Bundle(#[from] crate::bundle::BundleError),
    /// The chain refused.
    #[error(transparent)]
    NotRun(#[from] NotRun),
    /// The contracts could not be wired.
    #[error("cannot wire the suite: {0}")]
    Wiring(String),
}

/// What Government sends to create a scheme with these terms, for which this participant pays in this bank's money. Whoever
/// sends it becomes its owner.
pub fn new_scheme(terms: Scheme, payer: ParticipantId, issuer: ParticipantId) -> NewScheme {
    NewScheme {
        kind: terms.kind,
        payer,
        issuer,
        applicants: terms.applicants,
        rules: terms.rules,
        stages: terms.stages,
        benefit: terms.benefit,
        payout: terms.payout,
        exclusive: terms.exclusive,
        period_months: terms.period_months,
        most_payments: terms.most_payments,
        recertify_months: terms.recertify_months,
        appeal_days: terms.appeal_days,
        employer_share: terms.employer_share,
    }
}

impl Suite {
    /// Uploads and instantiates all contracts from the bundles in `folder`, with `administrator` as the suite's
    /// administrator, and marks those that hold money. What one party starts alone must wait for `delay` (milliseconds,
    /// [`SUITE_DELAY`] usually). The salt tells suites on one chain apart.
    ///
    /// # Errors
    /// [`DeployError`].
    pub fn deploy(
        chain: &mut (impl Chain + ?Sized),
        administrator: &Actor,
        delay: Millis,
        folder: &Path,
        salt: &[u8],
    ) -> Result<(Self, Vec<Deployed>), DeployError> {
        let mut steps = Vec::new();
        let genesis = chain.genesis_hash();
        chain.admit(administrator)?;
        let mut deploy = |name, arguments: Vec<u8>| -> Result<Account, DeployError> {
            let bundle = Bundle::load(folder, name)?;
            let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
            let (account, cost) = chain.deploy(&administrator.account(), &bundle, input, salt.to_vec())?;
            steps.push(Deployed { name, account, code_bytes: bundle.wasm.len(), cost });
            Ok(account)
        };
        let registry = deploy("registry", (administrator.account(), delay).encode())?;
        let ledger = deploy("ledger", registry.encode())?;
        let voucher = deploy("voucher", (registry, ledger, genesis).encode())?;
        let loan = deploy("loan", (registry, ledger, genesis).encode())?;
        let welfare = deploy("welfare", (registry, ledger, voucher, genesis).encode())?;
        let suite = Self { registry, ledger, voucher, loan, welfare, genesis };
        for holds_money in [voucher, loan, welfare] {
            send(chain, &administrator.account(), suite.ledger().set_suite_contract(holds_money.into(), true))
                .map_err(|error| DeployError::Wiring(error.to_string()))?;
        }
        Ok((suite, steps))
    }

    /// Messages for the registry.
    pub fn registry(&self) -> RegistryMessages {
        AccountId::from(self.registry).into()
    }

    /// Messages for the ledger.
    pub fn ledger(&self) -> LedgerMessages {
        AccountId::from(self.ledger).into()
    }

    /// Messages for the voucher contract.
    pub fn voucher(&self) -> VoucherMessages {
        AccountId::from(self.voucher).into()
    }

    /// Messages for the loan contract.
    pub fn loan(&self) -> LoanMessages {
        AccountId::from(self.loan).into()
    }

    /// Messages for the welfare contract.
    pub fn welfare(&self) -> WelfareMessages {
        AccountId::from(self.welfare).into()
    }

    /// Messages for the governance of one of the suite's contracts.
    pub fn governance(&self, contract: Account) -> GovernedMessages {
        AccountId::from(contract).into()
    }

    /// What every signature for the voucher contract is made over.
    pub fn voucher_domain(&self) -> DomainSeparator {
        domain_separator::<amanah_domain::crypto::Native>(&self.genesis, &self.voucher)
    }

    /// What every signature for the loan contract is made over.
    pub fn loan_domain(&self) -> DomainSeparator {
        domain_separator::<amanah_domain::crypto::Native>(&self.genesis, &self.loan)
    }
    /// What every signature for the welfare contract is made over.
    pub fn welfare_domain(&self) -> DomainSeparator {
        domain_separator::<amanah_domain::crypto::Native>(&self.genesis, &self.welfare)
    }
}
