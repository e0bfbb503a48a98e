//! Who governs: two thirds of the members, and nobody alone.

use crate::kit::{step, until, Consortium};
use amanah_client::{ask, send, Actor, Bundle, Chain, Suite};
use amanah_domain::{
    crypto::{Crypto, Native},
    identity::{commitment, NumberType},
    ids::Account,
    roles::Role,
    time::DAY,
};
use amanah_interfaces::registry::{Registration, Registry};
use subxt::{
    dynamic::{tx, Value},
    utils::AccountId32,
};

fn registration(node: &mut impl Chain, actor: &Actor) -> Registration {
    Registration {
        account: actor.id(),
        identity: commitment(&[1; 32], NumberType::Organisation, actor.name()),
        identity_valid_until: node.now().expect("it answers") + 365 * DAY,
        roles: vec![Role::Government],
        key: None,
    }
}

fn call(pallet: &str, name: &str, arguments: Vec<(&str, Value)>) -> Value {
    Value::unnamed_variant(pallet, [Value::named_variant(name, arguments)])
}

#[test]
fn two_thirds_decide_who_deploys_and_which_runtime_comes_next_and_contracts_outlive_it() {
    let mut consortium = Consortium::start();
    let mut node = consortium.any(0);
    let stranger = Actor::named("stranger");
    node.admit(&stranger).expect("it gets tokens");
    let bundle = Bundle::load(&Bundle::folder(), "registry").expect("it is built");

    step("who deploys");
    // Whoever is no member uploads nothing, and half of the members cannot allow it.
    let refused = node.upload(&stranger.account(), &bundle).expect_err("it is not allowed").to_string();
    assert!(refused.contains("Bad origin"), "{refused}");
    let who = Value::from_bytes(stranger.account());
    let allow = || call("Consortium", "allow_deploying", vec![("who", who.clone())]);
    consortium.decide(2, allow());
    node.upload(&stranger.account(), &bundle).expect_err("two of four are no two thirds");
    consortium.decide(3, allow());
    node.upload(&stranger.account(), &bundle).expect("three are");
    // Nor is there anybody who may do anything.
    assert_eq!(node.stored::<AccountId32>("Sudo", "Key", Vec::new()), Ok(None));

    step("runtime");
    // A suite with somebody in it; then the next runtime.
    let administrator = consortium.members[0].clone();
    let (suite, _) =
        Suite::deploy(&mut node, &administrator, DAY, &Bundle::folder(), b"governed").expect("a member deploys");
    let register = suite.registry().register(registration(&mut node, &stranger));
    let number = send(&mut node, &administrator.account(), register).expect("it is registered").value;
    let next = amanah_runtime::next::WASM_BINARY.expect("it was built");
    let authorize = |code: &[u8]| {
        call("Consortium", "authorize_upgrade", vec![("code_hash", Value::from_bytes(Native::blake2b_256(code)))])
    };
    let apply = |code: &[u8]| tx("System", "apply_authorized_upgrade", vec![Value::from_bytes(code)]);
    node.transact(&stranger.account(), &apply(next)).expect_err("nobody has decided it");
    consortium.decide(2, authorize(next));
    node.transact(&stranger.account(), &apply(next)).expect_err("two of four are no two thirds");
    consortium.decide(3, authorize(next));
    let present = amanah_runtime::WASM_BINARY.expect("it was built");
    node.transact(&stranger.account(), &apply(present)).expect_err("another code was decided on");
    node.transact(&stranger.account(), &apply(next)).expect("anybody may bring what was decided on");
    for place in 0..consortium.members.len() {
        let mut node = consortium.node(place);
        until("the runtime stays", || {
            version(&consortium.places[place].url()) == amanah_runtime::VERSION.spec_version + 1
        });
        let known = ask(&mut node, suite.registry().credentials(stranger.id())).expect("the contract answers");
        assert_eq!(known.map(|known| known.number), Some(number));
    }
    let other = Actor::named("another");
    let register = suite.registry().register(registration(&mut node, &other));
    send(&mut node, &administrator.account(), register).expect("contracts run on the next runtime");
    consortium.goes_on(0, 2);

    step("members");
    // A new member takes a founder's place, with a validator that has come meanwhile.
    let newcomer = Actor::named("newcomer");
    node.admit(&newcomer).expect("it gets tokens");
    let (founder, place) = (consortium.members[3].clone(), consortium.join_up(&newcomer));
    let keys = consortium.session_keys(place);
    let set = tx("Session", "set_keys", vec![keys, Value::from_bytes([])]);
    node.transact(&newcomer.account(), &set).expect("it tells its keys");
    let validators = || -> Vec<Account> {
        let stored = consortium.node(0).stored::<Vec<AccountId32>>("Session", "Validators", Vec::new());
        stored.expect("it answers").expect("there are some").into_iter().map(|account| account.0).collect()
    };
    assert!(!validators().contains(&newcomer.account()), "keys alone do not make a member");
    let swap = call(
        "Members",
        "swap_member",
        vec![
            ("remove", Value::unnamed_variant("Id", [Value::from_bytes(founder.account())])),
            ("add", Value::unnamed_variant("Id", [Value::from_bytes(newcomer.account())])),
        ],
    );
    consortium.decide(3, swap);
    until("the newcomer does not validate", || {
        let validators = validators();
        validators.contains(&newcomer.account()) && !validators.contains(&founder.account())
    });
    // Those who were validators make it final that they are not any more; then the founder's is not needed, nor one of the
    // others.
    consortium.goes_on(0, 4);
    consortium.kill(3);
    consortium.kill(2);
    consortium.goes_on(0, 4);
    consortium.agree(&[0, 1, place]);
}

/// The version of the runtime that this node runs.
fn version(url: &str) -> u32 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can be made");
    let client = runtime.block_on(subxt::OnlineClient::<subxt::PolkadotConfig>::from_url(url)).expect("it answers");
    client.runtime_version().spec_version
}
