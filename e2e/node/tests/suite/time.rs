//! Time on a node is milliseconds since 1970, and passes with blocks.

use crate::{running::Running, town::Town};
use amanah_client::{node::Node, Actor, Chain};
use amanah_domain::{
    roles::Role,
    time::{Millis, DAY, SECOND},
};
use amanah_interfaces::{
    registry::{self, Registration, Registry},
    voucher::{Error, TermsRefusal, Voucher},
};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// 2100-01-01 in milliseconds; in seconds it would be far in the past, in microseconds far in the future.
const YEAR_2100: Millis = 4_102_444_800_000;

#[tokio::test]
async fn the_chain_counts_milliseconds_and_seconds_are_refused() {
    let mut town = Town::new().await;
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    let (clock, chain) = (u64::try_from(clock.as_millis()).expect("it is not so late"), town.now().await);
    assert!(chain.abs_diff(clock) < 600 * SECOND, "the chain says {chain}, the clock {clock}");
    assert!(chain < YEAR_2100);

    let administrator = town.administrator.clone();
    let stranger = town.stranger("somebody").await;
    let in_seconds = chain / 1_000 + 365 * DAY / 1_000;
    let registration = Registration {
        account: stranger.id(),
        identity: [1; 32],
        identity_valid_until: in_seconds,
        roles: vec![Role::Government],
        key: None,
    };
    let refused = town.refused(&administrator, town.suite.registry().register(registration)).await;
    assert_eq!(refused, registry::Error::ImplausibleTime { at: in_seconds });

    let government = town.enrol(&administrator, "government", &[Role::Government]).await;
    let bank = town.enrol(&government, "bank", &[Role::Bank]).await;
    let attestor = town.enrol(&government, "attestor", &[Role::RedemptionAttestor]).await;
    // Ten minutes, taken for a number of seconds.
    let terms = town.terms(&bank, &attestor, 600);
    let refused = town.refused(&government, town.suite.voucher().create_programme(terms)).await;
    assert_eq!(refused, Error::Terms(TermsRefusal::Window));
}

/// Blocks come by themselves, so time passes though nobody sends anything; and each has a later time than the one before.
#[test]
fn with_a_block_time_the_chain_s_time_passes_without_transactions() {
    if std::env::var_os("CONTRACTS_NODE").is_some() {
        // substrate-contracts-node has no such option.
        return;
    }
    let running = Running::start(&["--tmp".as_ref(), "--block-time=200".as_ref()]);
    let mut node = Node::connect(&running.url).expect("it answers");
    let (started, mut times) = (Instant::now(), vec![node.now().expect("it answers")]);
    while times.len() < 4 && started.elapsed() < Duration::from_secs(60) {
        let now = node.now().expect("it answers");
        if times.last() != Some(&now) {
            times.push(now);
        }
    }
    assert_eq!(times.len(), 4, "time stands still: {times:?}");
    assert!(times.is_sorted(), "{times:?}");
    let soon = times[3] + SECOND;
    node.admit(&Actor::alice()).expect("it answers");
    node.wait_until(soon).expect("it answers");
    assert!(node.now().expect("it answers") >= soon);
}
