//! The voucher's main path on a node: registered, funded, requested, confirmed, paid; and the way a refusal looks there.

use crate::town::{Person, Refusal, Town};
use amanah_client::Event;
use amanah_domain::{redemption::RedemptionStatus, roles::Role, time::MINUTE};
use amanah_interfaces::{
    ledger::Ledger,
    registry,
    voucher::{Error, Funding, Voucher},
};

/// The people of the story.
struct Cast {
    government: Person,
    bank: Person,
    shop: Person,
    citizen: Person,
    attestor: Person,
}

async fn cast(town: &mut Town) -> Cast {
    let administrator = town.administrator.clone();
    let government = town.enrol(&administrator, "government", &[Role::Government]).await;
    let bank = town.enrol(&government, "bank", &[Role::Bank]).await;
    let shop = town.enrol(&government, "shop", &[Role::Shop]).await;
    let citizen = town.enrol(&government, "citizen", &[Role::Citizen]).await;
    let attestor = town.enrol(&government, "attestor", &[Role::RedemptionAttestor]).await;
    Cast { government, bank, shop, citizen, attestor }
}

#[tokio::test]
async fn a_voucher_goes_from_the_programme_to_cash() {
    let mut town = Town::new().await;
    let Cast { government, bank, shop, citizen, attestor } = cast(&mut town).await;
    let suite = town.suite.clone();

    town.send(&bank, suite.ledger().issue(bank.id(), 1_000, [1; 32])).await;
    town.send(&bank, suite.ledger().approve(suite.voucher.into(), bank.number, 1_000)).await;
    let terms = town.terms(&bank, &attestor, 10 * MINUTE);
    let programme = town.send(&government, suite.voucher().create_programme(terms)).await.value;
    let voucher = town.send(&government, suite.voucher().create(programme, citizen.id(), 0, None)).await.value;
    let unfunded = town.refused(&shop, suite.voucher().request(voucher, 1, 0, [0; 32])).await;
    assert!(matches!(unfunded, Error::Voucher(_)), "{unfunded:?}");
    let rows = vec![Funding { voucher, amount: 1_000 }];
    let funded = town.send(&bank, suite.voucher().fund_many(programme, rows)).await;
    assert_eq!(funded.value, [Ok(())]);
    // The voucher contract books what it gets and then fetches it from the ledger, which has an event of its own.
    let names: Vec<_> = funded.events.iter().map(Event::name).collect();
    assert_eq!(names, ["VoucherFunded", "Transferred"]);

    let asked = town.send(&shop, suite.voucher().request(voucher, 400, 0, [7; 32])).await;
    let redemption = asked.value;
    match &asked.events[..] {
        [Event::RedemptionRequested(event)] => {
            assert_eq!((event.redemption, event.voucher, event.shop), (redemption, voucher, shop.number))
        }
        other => panic!("a request has one event, and here are {other:?}"),
    }
    let proof = town.proof(redemption, &attestor).await;
    let of_another = town.proof(redemption, &shop).await;
    let refused = town.refused(&shop, suite.voucher().confirm(redemption, of_another)).await;
    assert!(matches!(refused, Error::Proof(_)), "{refused:?}");
    let confirmed = town.send(&shop, suite.voucher().confirm(redemption, proof.clone())).await;
    assert_eq!(confirmed.events.iter().map(Event::name).collect::<Vec<_>>(), ["RedemptionConfirmed"]);
    let again = town.refused(&shop, suite.voucher().confirm(redemption, proof)).await;
    assert!(matches!(again, Error::Redemption(_)), "{again:?}");

    town.send(&shop, suite.voucher().withdraw(bank.number, 400)).await;
    let withdrawal = town.send(&shop, suite.ledger().request_withdrawal(bank.number, 400, None)).await.value;
    town.send(&bank, suite.ledger().settle_withdrawal(withdrawal, [2; 32])).await;

    let record = town.ask(suite.voucher().redemption(redemption)).await.expect("it is kept");
    assert_eq!(record.status, RedemptionStatus::Confirmed);
    let totals = town.ask(suite.voucher().totals(programme)).await;
    assert!(totals.is_balanced());
    assert_eq!((totals.available.balance(), totals.paid.balance()), (600, 400));
    assert_eq!(town.ask(suite.ledger().total_supply(bank.number)).await, 600, "what was paid in cash is burnt");
}

#[tokio::test]
async fn a_refusal_is_typed_in_the_dry_run_and_reverts_on_the_chain() {
    let mut town = Town::new().await;
    let stranger = town.stranger("nobody").await;
    let rogue = registry::Registration {
        account: stranger.id(),
        identity: [9; 32],
        identity_valid_until: town.now().await + MINUTE,
        roles: vec![Role::Government],
        key: None,
    };
    let register = registry::Registry::register(&mut town.suite.registry(), rogue);
    match town.try_send(&stranger, register).await {
        Err(Refusal::Contract(error)) => assert_eq!(error, registry::Error::NotAllowed),
        other => panic!("a stranger registers itself as a government: {:?}", other.map(|sent| sent.value)),
    }
    let known = registry::Registry::credentials(&town.suite.registry(), stranger.id());
    assert_eq!(town.ask(known).await, None);
}
