//! Messages to contracts by subxt: asked, run dry and sent.

use crate::Connection;
use amanah_client::{
    chain::{raw, RawCall, RawEvent},
    Actor, Event, Message,
};
use anyhow::{bail, Context, Result};
use scale::{Decode, Encode};
use std::fmt::Debug;
use subxt::{
    config::polkadot::PolkadotExtrinsicParamsBuilder,
    dynamic::{tx, Value},
    error::DispatchError,
    events::EventDetails,
    utils::AccountId32,
    PolkadotConfig,
};

/// What a transaction did.
pub struct Sent<T> {
    /// What the message returned in its dry run. Where others send at the same time, the events say what happened.
    pub value: T,
    /// The suite's events.
    pub events: Vec<Event>,
}

/// A contract refused; nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the contract refuses: {0:?}")]
pub struct Refused<E: Debug>(pub E);

#[derive(Decode)]
struct Weight {
    #[codec(compact)]
    ref_time: u64,
    #[codec(compact)]
    proof_size: u64,
}

/// What a dry run measured: the beginning of the answer of `ContractsApi_call`.
#[derive(Decode)]
struct Measured {
    _consumed: Weight,
    required: Weight,
    /// For storage: 0 and what is given back, or 1 and what is taken.
    deposit: (u8, u128),
    _debug_message: Vec<u8>,
}

impl Connection {
    /// Asks a query, as of the newest block.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub async fn ask<A: Encode, T: Decode>(&self, message: Message<A, T>) -> Result<T> {
        answer(&self.dry_run(&raw(&[0; 32], message)).await?.1)
    }

    /// Runs a message dry; if the contract agrees, sends it within the limits found, and waits until it is final.
    ///
    /// # Errors
    /// [`Refused`] with the contract's error; else when the chain does not run it.
    pub async fn send<A, T, E>(&self, from: &Actor, message: Message<A, Result<T, E>>) -> Result<Sent<T>>
    where
        A: Encode,
        T: Decode,
        E: Decode + Debug + Send + Sync + 'static,
    {
        let call = raw(&from.account(), message);
        let (measured, data) = self.dry_run(&call).await?;
        let value = answer::<Result<T, E>>(&data)?.map_err(Refused)?;
        // A tenth more than measured, for what changes until the transaction is in its block.
        let more = |amount: u128| Value::u128(amount.saturating_add(amount / 10));
        let (time, proof) = (measured.required.ref_time.into(), measured.required.proof_size.into());
        let deposit = match measured.deposit {
            (1, taken) => taken,
            _ => 0,
        };
        let arguments = vec![
            Value::unnamed_variant("Id", [Value::from_bytes(call.to)]),
            Value::u128(0),
            Value::named_composite([("ref_time", more(time)), ("proof_size", more(proof))]),
            Value::unnamed_variant("Some", [more(deposit)]),
            Value::from_bytes(call.data),
        ];
        // The pool's count of what the account has sent, and an end after which the transaction is void.
        let nonce = self.rpc.system_account_next_index(&AccountId32(call.from)).await?;
        let newest = self.client.blocks().at_latest().await?;
        let params = PolkadotExtrinsicParamsBuilder::new().nonce(nonce).mortal(newest.header(), 64).build();
        let signed = self.client.tx().create_signed_offline(&tx("Contracts", "call", arguments), from, params)?;
        let done = signed.submit_and_watch().await?.wait_for_finalized_success().await?;
        let mut events = Vec::new();
        for event in done.iter() {
            events.extend(emitted(&event?)?.and_then(|event| Event::decode(&self.suite, &event)));
        }
        Ok(Sent { value, events })
    }

    /// What a call would need and return.
    async fn dry_run(&self, call: &RawCall) -> Result<(Measured, Vec<u8>)> {
        let question = (call.from, call.to, 0u128, None::<()>, None::<u128>, &call.data).encode();
        let answer = self.rpc.state_call("ContractsApi_call", Some(&question), None).await?;
        let input = &mut &answer[..];
        let measured = Measured::decode(input).context("this is no answer of pallet-contracts")?;
        let failed = u8::decode(input).context("this is no answer of pallet-contracts")? != 0;
        if failed {
            let error = DispatchError::decode_from(*input, self.client.metadata())?;
            bail!("the chain does not run the call: {error}");
        }
        let (_flags, data) = <(u32, Vec<u8>)>::decode(input).context("this is no answer of pallet-contracts")?;
        Ok((measured, data))
    }
}

/// What a message returned, without ink!'s own layer around it.
fn answer<T: Decode>(data: &[u8]) -> Result<T> {
    let answer = ink::MessageResult::<T>::decode(&mut &*data).ok().and_then(Result::ok);
    answer.context("the contract's answer cannot be read; are these programs from the version that is deployed?")
}

/// What a contract emitted, if this is about it.
///
/// # Errors
/// When it cannot be read.
pub fn emitted(event: &EventDetails<PolkadotConfig>) -> Result<Option<RawEvent>> {
    if (event.pallet_name(), event.variant_name()) != ("Contracts", "ContractEmitted") {
        return Ok(None);
    }
    let (contract, data) = Decode::decode(&mut event.field_bytes())?;
    Ok(Some(RawEvent { contract, topics: event.topics().iter().map(|topic| topic.0).collect(), data }))
}
