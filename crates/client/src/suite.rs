//! The suite's contracts: deployed, wired, and addressed by typed messages.

use crate::{
    bundle::BundleError,
    chain::{ask, send, Chain, Cost, NotRun},
    Actor, Bundle,
};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{Account, ParticipantId, RedemptionId},
    layout::{domain_separator, DomainSeparator},
    participant::Credentials,
    programme::USUAL_WINDOW,
    redemption::{Claim, Redemption},
    time::{Millis, DAY},
};
use amanah_interfaces::{
    governance::GovernedRef,
    ledger::{Ledger, LedgerRef},
    loan::LoanRef,
    registry::RegistryRef,
    voucher::{Attestation, Category, Mode, Terms, VoucherRef},
    welfare::{NewScheme, Scheme, WelfareRef},
    AccountId, Balance,
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

/// An instance that is to be made.
#[derive(Clone, Debug)]
pub struct Step {
    /// The contract's name.
    pub name: &'static str,
    /// Its code.
    pub bundle: Bundle,
    /// The constructor's selector and arguments, SCALE encoded.
    pub input: Vec<u8>,
    /// The account that it will have.
    pub account: Account,
}

impl Step {
    /// Makes the instance and says what it cost; `None` if it is there already.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn take(&self, chain: &mut (impl Chain + ?Sized), from: &Account, salt: &[u8]) -> Result<Option<Cost>, NotRun> {
        if chain.code_hash(&self.account)?.is_some() {
            return Ok(None);
        }
        let (account, cost) = chain.deploy(from, &self.bundle, self.input.clone(), salt.to_vec())?;
        match account == self.account {
            true => Ok(Some(cost)),
            false => {
                Err(NotRun::refused(format!("the chain gave {} another account than pallet-contracts does", self.name)))
            }
        }
    }
}

/// The account that pallet-contracts gives an instance.
fn contract_account(deployer: &Account, code_hash: &[u8; 32], input: &[u8], salt: &[u8]) -> Account {
    Native::blake2b_256(&(b"contract_addr_v1", deployer, code_hash, input, salt).encode())
}

/// Why a deployment stopped.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A bundle cannot be loaded.
    #[error(transparent)]
    Bundle(#[from] BundleError),
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

/// Plain terms of a voucher programme: vouchers of these categories and of at most so much each, spent in parts within ninety
/// days anywhere, each redemption confirmed by this attestor within the usual window. Amounts are smallest units of the bank's
/// money.
pub fn plain_terms(
    bank: AccountId,
    attestor: AccountId,
    categories: Vec<Category>,
    most_per_voucher: Balance,
    budget: Balance,
) -> Terms {
    Terms {
        bank,
        categories,
        mode: Mode::Balance,
        life: 90 * DAY,
        window: USUAL_WINDOW,
        most_per_voucher,
        budget,
        attestors: vec![attestor],
        attestors_needed: 1,
        holder_signature: false,
        admitted_shops_only: false,
        most_per_holder: 0,
        denominations: Vec::new(),
        bundle_value: 0,
        universal: false,
        per_card: false,
    }
}

impl Suite {
    /// Uploads and instantiates all contracts from the bundles in `folder`, with `administrator` as the suite's
    /// administrator, and marks those that hold money. What is there already is left as it is. What one party starts alone must wait for `delay` (milliseconds,
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
        let account = administrator.account();
        chain.admit(administrator)?;
        let (suite, plan) = Self::plan(chain.genesis_hash(), &account, &account, delay, folder, salt)?;
        let mut steps = Vec::new();
        for step in plan {
            let cost = step.take(chain, &account, salt)?.unwrap_or_default();
            let Step { name, account, bundle, .. } = step;
            steps.push(Deployed { name, account, code_bytes: bundle.wasm.len(), cost });
        }
        for contract in suite.unmarked(chain)? {
            send(chain, &account, suite.ledger().set_suite_contract(contract.into(), true))
                .map_err(|error| DeployError::Wiring(error.to_string()))?;
        }
        Ok((suite, steps))
    }

    /// Where the contracts from the bundles in `folder` will be when `deployer` instantiates them, with `administrator` as
    /// the suite's administrator, and what instantiates each, in order. The accounts follow from all that is given here.
    ///
    /// # Errors
    /// When a bundle cannot be loaded.
    pub fn plan(
        genesis: [u8; 32],
        deployer: &Account,
        administrator: &Account,
        delay: Millis,
        folder: &Path,
        salt: &[u8],
    ) -> Result<(Self, Vec<Step>), BundleError> {
        let mut steps = Vec::new();
        let mut step = |name, arguments: Vec<u8>| -> Result<Account, BundleError> {
            let bundle = Bundle::load(folder, name)?;
            let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
            let account = contract_account(deployer, &bundle.code_hash, &input, salt);
            steps.push(Step { name, bundle, input, account });
            Ok(account)
        };
        let registry = step("registry", (administrator, delay).encode())?;
        let ledger = step("ledger", registry.encode())?;
        let voucher = step("voucher", (registry, ledger, genesis).encode())?;
        let loan = step("loan", (registry, ledger, genesis).encode())?;
        let welfare = step("welfare", (registry, ledger, voucher, genesis).encode())?;
        Ok((Self { registry, ledger, voucher, loan, welfare, genesis }, steps))
    }

    /// The contracts that hold money for others and that the ledger does not know as such yet.
    ///
    /// # Errors
    /// [`NotRun`] when the ledger does not answer.
    pub fn unmarked(&self, chain: &mut (impl Chain + ?Sized)) -> Result<Vec<Account>, NotRun> {
        let mut unmarked = Vec::new();
        for contract in [self.voucher, self.loan, self.welfare] {
            if !ask(chain, self.ledger().is_suite_contract(contract.into()))? {
                unmarked.push(contract);
            }
        }
        Ok(unmarked)
    }

    /// The contracts by their names.
    pub fn contracts(&self) -> [(&'static str, Account); 5] {
        [
            ("registry", self.registry),
            ("ledger", self.ledger),
            ("voucher", self.voucher),
            ("loan", self.loan),
            ("welfare", self.welfare),
        ]
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
        domain_separator::<Native>(&self.genesis, &self.voucher)
    }

    /// What `signer`, of whom the registry has `known`, says of the redemption of this number as it stands, signed, until
    /// `valid_until` (milliseconds).
    pub fn attest(
        &self,
        signer: &Actor,
        known: &Credentials,
        number: RedemptionId,
        redemption: &Redemption,
        valid_until: Millis,
    ) -> Attestation {
        // The time matters to whoever checks a claim, not to what is signed.
        let claim = Claim { domain: self.voucher_domain(), number, redemption, now: 0 };
        let bytes = claim.attestation(known, valid_until).signed_bytes::<Native>();
        Attestation { attestor: known.number, valid_until, signature: signer.sign(&bytes) }
    }

    /// What every signature for the loan contract is made over.
    pub fn loan_domain(&self) -> DomainSeparator {
        domain_separator::<Native>(&self.genesis, &self.loan)
    }
    /// What every signature for the welfare contract is made over.
    pub fn welfare_domain(&self) -> DomainSeparator {
        domain_separator::<Native>(&self.genesis, &self.welfare)
    }
}
