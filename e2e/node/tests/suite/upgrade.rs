//! A contract's code is replaced on a running chain, and what it stored stays.

use crate::town::{bundle, Town};
use amanah_client::{Bundle, Event};
use amanah_domain::roles::Role;
use amanah_interfaces::{
    governance::{CodeReplaced, Governed},
    ledger::Ledger,
};
use ink_e2e::{subxt::dynamic::Value, ChainBackend};

#[tokio::test]
async fn a_ledger_goes_to_a_second_version_and_back_and_loses_nothing() {
    let mut town = Town::new().await;
    let administrator = town.administrator.clone();
    let government = town.enrol(&administrator, "government", &[Role::Government]).await;
    let regulator = town.enrol(&government, "regulator", &[Role::Regulator]).await;
    let bank = town.enrol(&government, "bank", &[Role::Bank]).await;
    let suite = town.suite.clone();
    town.send(&bank, suite.ledger().issue(bank.id(), 77, [1; 32])).await;

    let second = Bundle::load(&Bundle::folder().join("fixtures"), "ledger-v2").expect("scripts/build tests was run");
    let upload = vec![
        Value::from_bytes(&second.wasm),
        Value::unnamed_variant("None", []),
        Value::unnamed_variant("Enforced", []),
    ];
    let uploaded = town.client.runtime_call(&administrator.key, "Contracts", "upload_code", upload).await;
    uploaded.unwrap_or_else(|error| panic!("the code is not taken: {error}"));

    for code in [&second, &bundle("ledger")] {
        let code_hash = code.code_hash;
        let governance = || suite.governance(suite.ledger);
        let (propose, approve, set) =
            (governance().propose_code(code_hash), governance().approve_code(code_hash), governance().set_code());
        let alone = governance().set_code();
        town.send(&administrator, propose).await;
        town.refused(&administrator, alone).await;
        town.send(&regulator, approve).await;
        let done = town.send(&administrator, set).await;
        assert_eq!(done.events, [Event::CodeReplaced(CodeReplaced { code_hash })]);
        assert_eq!(town.code_hash(suite.ledger).await, code_hash);
    }
    assert_eq!(town.ask(suite.ledger().balance_of(bank.id(), bank.number)).await, 77);
}
