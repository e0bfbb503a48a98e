//! Storage has its price on a node: whoever stores pays a deposit, and gets it back with the storage.

use crate::town::{Person, Refusal, Town, UNIT};
use amanah_client::Actor;
use amanah_domain::{roles::Role, time::SECOND};
use amanah_interfaces::{
    ledger::Ledger,
    registry::Registry,
    voucher::{Funding, Voucher},
};
use ink_e2e::{subxt::dynamic::Value, ChainBackend};

/// What an account must hold to exist: 0.001 UNIT.
const EXISTENTIAL_DEPOSIT: u128 = UNIT / 1_000;
/// The price of an item of storage; a byte costs the 20,000th part.
const ITEM: i128 = 100_000_000_000;

#[tokio::test]
async fn a_deposit_is_taken_for_what_is_stored_and_given_back_for_what_is_cleared() {
    let mut town = Town::new().await;
    let administrator = town.administrator.clone();
    let government = town.enrol(&administrator, "government", &[Role::Government]).await;
    let bank = town.enrol(&government, "bank", &[Role::Bank]).await;
    let shop = town.enrol(&government, "shop", &[Role::Shop]).await;
    let citizen = town.enrol(&government, "citizen", &[Role::Citizen]).await;
    let attestor = town.enrol(&government, "attestor", &[Role::RedemptionAttestor]).await;
    let suite = town.suite.clone();
    town.send(&bank, suite.ledger().issue(bank.id(), 1_000, [1; 32])).await;
    town.send(&bank, suite.ledger().approve(suite.voucher.into(), bank.number, 1_000)).await;
    let terms = town.terms(&bank, &attestor, SECOND);
    let programme = town.send(&government, suite.voucher().create_programme(terms)).await.value;
    town.send(&government, suite.voucher().create(programme, citizen.id(), 0, None)).await;

    let before = town.free(government.actor.account()).await;
    let created = town.send(&government, suite.voucher().create(programme, citizen.id(), 0, None)).await;
    assert!((ITEM..4 * ITEM).contains(&created.deposit), "a voucher takes a deposit of {}", created.deposit);
    let taken = before - town.free(government.actor.account()).await;
    assert!(taken > created.deposit.unsigned_abs(), "the deposit and a fee are paid: {taken}");
    let rows = vec![Funding { voucher: created.value, amount: 1_000 }];
    town.send(&bank, suite.voucher().fund_many(programme, rows)).await;

    let asked = town.send(&shop, suite.voucher().request(created.value, 400, 0, [7; 32])).await;
    assert!(asked.deposit > 0, "a redemption takes a deposit");
    let expires = town.ask(suite.voucher().redemption(asked.value)).await.expect("it is open").expires;
    town.pass_until(expires).await;
    let expired = town.send(&shop, suite.voucher().expire(asked.value)).await;
    let cleared = match town.ask(suite.voucher().redemption(asked.value)).await {
        None => 0,
        Some(_) => town.send(&shop, suite.voucher().clear(asked.value)).await.deposit,
    };
    let back = -(expired.deposit + cleared);
    // What whoever stores gets back is its share of all that the contract holds, which is not exact to the last unit.
    assert!(back > 0 && back <= asked.deposit + ITEM, "{} was taken and {back} given back", asked.deposit);
}

#[tokio::test]
async fn an_account_below_the_existential_deposit_does_not_come_to_be_and_one_without_a_deposit_stores_nothing() {
    let mut town = Town::new().await;
    let poor = Person::new(Actor::named("poor"));
    let to = |person: &Person| Value::unnamed_variant("Id", [Value::from_bytes(person.actor.account())]);
    let alice = town.administrator.key.clone();
    let too_little = vec![to(&poor), Value::u128(EXISTENTIAL_DEPOSIT - 1)];
    let refused = town.client.runtime_call(&alice, "Balances", "transfer_keep_alive", too_little).await;
    let Err(refused) = refused else { panic!("an account begins with less than the existential deposit") };
    let refused = refused.to_string();
    assert!(refused.contains("Account cannot exist with the funds that would be given"), "{refused}");
    assert_eq!(town.free(poor.actor.account()).await, 0);

    let enough_to_exist = vec![to(&poor), Value::u128(EXISTENTIAL_DEPOSIT + UNIT / 20)];
    let done = town.client.runtime_call(&alice, "Balances", "transfer_keep_alive", enough_to_exist).await;
    done.unwrap_or_else(|error| panic!("{error}"));
    match town.try_send(&poor, town.suite.registry().apply(Role::Citizen, [1; 32])).await {
        Err(Refusal::Chain(error)) => assert!(error.contains("StorageDepositLimitExhausted"), "{error}"),
        other => panic!("an application was stored without a deposit: {:?}", other.map(|sent| sent.value)),
    }
    assert_eq!(town.ask(town.suite.registry().credentials(poor.id())).await, None);
    // Contracts are accounts too.
    assert!(town.free(town.suite.voucher).await >= EXISTENTIAL_DEPOSIT);
}
