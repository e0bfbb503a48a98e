//! The contracts arrive on a node as their bundles say.

use crate::town::{bundle, Person, Town};
use amanah_client::Actor;
use amanah_interfaces::{loan::Loan, registry::Registry, voucher::Voucher};

#[tokio::test]
async fn contracts_have_the_code_of_their_bundles_and_know_each_other() {
    let mut town = Town::new().await;
    let suite = town.suite.clone();
    for (name, account) in
        [("registry", suite.registry), ("ledger", suite.ledger), ("voucher", suite.voucher), ("loan", suite.loan)]
    {
        assert_eq!(town.code_hash(account).await, bundle(name).code_hash, "{name}");
    }
    assert_eq!(town.ask(suite.voucher().registry()).await, suite.registry.into());
    assert_eq!(town.ask(suite.voucher().ledger()).await, suite.ledger.into());
    assert_eq!(town.ask(suite.registry().administrator()).await, town.administrator.id());
    assert_eq!(town.ask(suite.voucher().domain_separator()).await, suite.voucher_domain());
    assert_eq!(town.ask(suite.loan().registry()).await, suite.registry.into());
    assert_eq!(town.ask(suite.loan().ledger()).await, suite.ledger.into());
    assert_eq!(town.ask(suite.loan().domain_separator()).await, suite.loan_domain());
}

#[tokio::test]
async fn a_suite_can_stand_beside_another_one_on_the_same_chain() {
    let mut town = Town::new().await;
    let other = town.stranger("another administrator").await;
    let registry = town.instantiate("registry", &other, (other.id(), 0u64)).await;
    assert_ne!(registry, town.suite.registry);
    let first = town.suite.registry().administrator();
    assert_eq!(town.ask(first).await, Person::new(Actor::alice()).id());
    town.suite.registry = registry;
    assert_eq!(town.ask(town.suite.registry().administrator()).await, other.id());
}
