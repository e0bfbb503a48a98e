//! What pallet-contracts (version 38) is asked and answers over RPC, and its transactions: shapes as in
//! `pallet_contracts::ContractsApi` and `pallet_contracts::Call`, SCALE encoded.

use crate::chain::Cost;
use amanah_domain::ids::Account;
use scale::{Decode, Encode};
use subxt::{
    error::DispatchError,
    ext::scale_encode::EncodeAsType,
    tx::DefaultPayload,
    utils::{AccountId32, MultiAddress},
    Metadata,
};

/// What may be used, or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Weight {
    #[codec(compact)]
    pub ref_time: u64,
    #[codec(compact)]
    pub proof_size: u64,
}

impl Weight {
    /// A tenth more, for what changes between the dry run and the block.
    fn with_headroom(self) -> Self {
        let more = |part: u64| part.saturating_add(part / 10);
        Self { ref_time: more(self.ref_time), proof_size: more(self.proof_size) }
    }
}

#[derive(Clone, Copy, Decode)]
enum Deposit {
    Refund(u128),
    Charge(u128),
}

#[derive(Decode)]
struct Measured {
    gas_consumed: Weight,
    gas_required: Weight,
    deposit: Deposit,
    _debug_message: Vec<u8>,
}

/// What a contract returned.
#[derive(Decode)]
pub struct Returned {
    flags: u32,
    pub data: Vec<u8>,
}

impl Returned {
    /// Did it revert?
    pub fn reverted(&self) -> bool {
        self.flags & 1 == 1
    }
}

/// What an instantiation returned.
#[derive(Decode)]
pub struct Instantiated {
    pub returned: Returned,
    pub account: Account,
}

/// What a real run is given, as a dry run found.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    gas: Weight,
    /// The most that it may take for storage.
    deposit: u128,
}

/// A dry run that came to its end.
pub struct DryRun<T> {
    pub value: T,
    pub cost: Cost,
    pub limits: Limits,
}

impl<T: Decode> DryRun<T> {
    /// Reads the chain's answer; the chain's error in its own words if there is one.
    pub fn read(mut answer: &[u8], metadata: &Metadata) -> Result<Self, String> {
        let input = &mut answer;
        let measured = Measured::decode(input).map_err(unreadable)?;
        let value = read_result(input, metadata)?;
        let (deposit, charge) = match measured.deposit {
            Deposit::Charge(amount) => (i128::try_from(amount).unwrap_or(i128::MAX), amount),
            Deposit::Refund(amount) => (-i128::try_from(amount).unwrap_or(i128::MAX), 0),
        };
        let Weight { ref_time, proof_size } = measured.gas_consumed;
        Ok(Self {
            value,
            cost: Cost { ref_time, proof_size, deposit },
            limits: Limits { gas: measured.gas_required.with_headroom(), deposit: charge.saturating_add(charge / 10) },
        })
    }
}

fn unreadable(error: scale::Error) -> String {
    format!("the answer of the node's pallet-contracts cannot be read: {error}")
}

/// A value, or the chain's error in its own words.
fn read_result<T: Decode>(answer: &mut &[u8], metadata: &Metadata) -> Result<T, String> {
    let failed = u8::decode(answer).map_err(unreadable)? != 0;
    if failed {
        return Err(match DispatchError::decode_from(*answer, metadata.clone()) {
            Ok(error) => error_name(&error),
            Err(error) => error.to_string(),
        });
    }
    T::decode(answer).map_err(unreadable)
}

/// The name of a pallet's error, or the chain's words for another.
pub fn error_name(error: &DispatchError) -> String {
    match error {
        DispatchError::Module(module) => match module.details() {
            Ok(details) => details.variant.name.clone(),
            Err(_) => module.details_string(),
        },
        other => other.to_string(),
    }
}

/// What `ContractsApi_call` is asked: a call of this contract by this account, with no limits of its own.
pub fn call_question(from: &Account, to: &Account, data: &[u8]) -> Vec<u8> {
    (from, to, 0u128, None::<Weight>, None::<u128>, data).encode()
}

/// What a call returned, of what `ContractsApi_call` answered; `None` if it did not run, or nothing of that can be read.
pub fn returned(mut answer: &[u8]) -> Option<Vec<u8>> {
    let input = &mut answer;
    Measured::decode(input).ok()?;
    let value = Result::<Returned, ()>::decode(input).ok()?.ok()?;
    Some(value.data)
}

/// Where an instance's code comes from.
#[derive(Encode)]
enum Code<'a> {
    Upload(&'a [u8]),
}

/// What `ContractsApi_instantiate` is asked: an upload of this code and an instance of it, with no limits of its own.
pub fn instantiate_question(from: &Account, code: &[u8], data: &[u8], salt: &[u8]) -> Vec<u8> {
    (from, 0u128, None::<Weight>, None::<u128>, Code::Upload(code), data, salt).encode()
}

/// What an upload comes to.
#[derive(Decode)]
pub struct Uploaded {
    pub code_hash: [u8; 32],
    deposit: u128,
}

impl Uploaded {
    /// Reads the chain's answer; the chain's error in its own words if there is one.
    pub fn read(mut answer: &[u8], metadata: &Metadata) -> Result<Self, String> {
        read_result(&mut answer, metadata)
    }
}

/// What `ContractsApi_upload_code` is asked: an upload of this code, with no limit of its own.
pub fn upload_question(from: &Account, code: &[u8]) -> Vec<u8> {
    (from, code, None::<u128>, ENFORCED).encode()
}

/// The variant of `Determinism` that all our code has.
const ENFORCED: u8 = 0;

/// Whether code must run the same everywhere.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum Determinism {
    Enforced,
}

/// The arguments of `contracts.upload_code`.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct UploadCode {
    code: Vec<u8>,
    storage_deposit_limit: Option<u128>,
    determinism: Determinism,
}

/// The transaction that uploads code, within the deposit that a dry run found.
pub fn upload(code: Vec<u8>, dry: &Uploaded) -> DefaultPayload<UploadCode> {
    let most = dry.deposit.saturating_add(dry.deposit / 10);
    let upload = UploadCode { code, storage_deposit_limit: Some(most), determinism: Determinism::Enforced };
    DefaultPayload::new("Contracts", "upload_code", upload)
}

/// The arguments of `contracts.call`.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Call {
    dest: MultiAddress<AccountId32, ()>,
    value: u128,
    gas_limit: Weight,
    storage_deposit_limit: Option<u128>,
    data: Vec<u8>,
}

/// The transaction that calls a contract, within the limits that a dry run found.
pub fn call(to: &Account, data: Vec<u8>, limits: Limits) -> DefaultPayload<Call> {
    DefaultPayload::new(
        "Contracts",
        "call",
        Call {
            dest: AccountId32(*to).into(),
            value: 0,
            gas_limit: limits.gas,
            storage_deposit_limit: Some(limits.deposit),
            data,
        },
    )
}

/// The arguments of `contracts.instantiate_with_code`.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct InstantiateWithCode {
    value: u128,
    gas_limit: Weight,
    storage_deposit_limit: Option<u128>,
    code: Vec<u8>,
    data: Vec<u8>,
    salt: Vec<u8>,
}

/// The transaction that uploads code and makes an instance of it, within the limits that a dry run found.
pub fn instantiate(code: Vec<u8>, data: Vec<u8>, salt: Vec<u8>, limits: Limits) -> DefaultPayload<InstantiateWithCode> {
    DefaultPayload::new(
        "Contracts",
        "instantiate_with_code",
        InstantiateWithCode {
            value: 0,
            gas_limit: limits.gas,
            storage_deposit_limit: Some(limits.deposit),
            code,
            data,
            salt,
        },
    )
}
