//! Transactions that wait in the pool for one that is included already.

use crate::service::{Client, Hash, Pool};
use amanah_runtime::opaque::Block;
use futures::channel::mpsc;
use futures_timer::Delay;
use sc_transaction_pool::{ChainApi, ValidatedTransaction};
use sc_transaction_pool_api::{error::Error as Refusal, TransactionPool, TransactionSource};
use sp_blockchain::HeaderBackend;
use sp_runtime::transaction_validity::TransactionValidityError;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// How often the transactions that wait for others are checked again.
const PERIOD: Duration = Duration::from_secs(1);

/// Checks again and again whether what waits for other transactions has to, and tells while something may go into a block.
///
/// The pool checks a transaction against the block that is the newest when it comes. If it follows one that this block has not, it
/// waits for that one; the pool remembers for two blocks more which ones were included since. A check that takes longer than these blocks,
/// on a busy machine, leaves the transaction waiting for ever, and with it all that follow from the same account.
pub async fn second_looks(client: Arc<Client>, pool: Arc<Pool>, mut tell: mpsc::Sender<()>) {
    loop {
        Delay::new(PERIOD).await;
        if pool.status().future > 0 {
            look_again(&pool, client.info().best_hash).await;
        }
        if pool.status().ready > 0 {
            // It fails if somebody was told already, or where nobody listens because the clock makes blocks.
            let _ = tell.try_send(());
        }
    }
}

/// Checks what waits for other transactions against this block. The pool forgets what can never be included.
async fn look_again(pool: &Pool, at: Hash) {
    let (api, source) = (pool.api(), TransactionSource::External);
    let Ok(Some(number)) = api.block_id_to_number(&sp_runtime::generic::BlockId::<Block>::Hash(at)) else { return };
    let mut checked = HashMap::new();
    for (hash, transaction) in pool.pool().validated_pool().futures() {
        // A check that could not be made says nothing.
        let Ok(validity) = api.validate_transaction(at, source, transaction.clone()).await else { continue };
        let validated = match validity {
            Ok(valid) => {
                let (_, length) = api.hash_and_length(&transaction);
                ValidatedTransaction::valid_at(number.into(), hash, source, transaction, length, valid)
            }
            Err(TransactionValidityError::Invalid(why)) => {
                ValidatedTransaction::Invalid(hash, Refusal::InvalidTransaction(why).into())
            }
            Err(TransactionValidityError::Unknown(_)) => continue,
        };
        checked.insert(hash, validated);
    }
    pool.pool().resubmit(checked);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{remark, with_pool};
    use sp_core::Encode;
    use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
    use sp_runtime::transaction_validity::ValidTransaction;

    #[test]
    fn what_waits_for_an_included_transaction_goes_on_and_what_waits_for_a_missing_one_stays() {
        with_pool(|pool, genesis| async move {
            // As if each had been checked before one that it follows was included: Alice's is the first of her account, Bob's is not,
            // and Charlie's is of another chain.
            let all = [remark(Alice, 0, genesis), remark(Bob, 7, genesis), remark(Charlie, 0, Hash::zero())];
            let checked = all.map(|transaction| {
                let (hash, length) = pool.api().hash_and_length(&transaction);
                let (requires, provides) = (vec![b"included".to_vec()], vec![hash.encode()]);
                let validity = ValidTransaction { requires, provides, ..ValidTransaction::default() };
                ValidatedTransaction::valid_at(0, hash, TransactionSource::External, transaction, length, validity)
            });
            assert!(pool.pool().validated_pool().submit(checked).iter().all(Result::is_ok));
            assert_eq!((pool.status().ready, pool.status().future), (0, 3));

            look_again(&pool, genesis).await;
            assert_eq!((pool.status().ready, pool.status().future), (1, 1));
        });
    }
}
