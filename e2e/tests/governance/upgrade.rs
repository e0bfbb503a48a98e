//! A contract's code is replaced by three steps of two organisations and a delay, and what it stored stays.

use crate::contracts;
use amanah_client::{
    chain::{RawCall, RawOutcome},
    suite::SUITE_DELAY,
    Bundle, Chain, Event,
};
use amanah_domain::{delay::OPEN_FOR, roles::Role};
use amanah_e2e::{World, START};
use amanah_interfaces::{
    governance::{
        CodeApproved, CodeCancelled, CodeProposal, CodeProposed, CodeReplaced, Error, GovernanceRefusal, Governed,
    },
    ledger::Ledger,
    registry::Registry,
    voucher::Voucher,
    Balance,
};
use scale::{Decode, Encode};

type Hash = [u8; 32];

fn refused(refusal: GovernanceRefusal) -> Error {
    Error::Refused(refusal)
}

/// Uploads the second version of the ledger.
fn upload(world: &mut World) -> Hash {
    let bundle = Bundle::load(&Bundle::folder().join("fixtures"), "ledger-v2").expect("scripts/build tests was run");
    world.chain.upload(&world.administrator.account(), &bundle).expect("the chain takes the code")
}

/// Goes the whole way to other code.
fn upgrade(world: &mut World, contract: Hash, code: Hash) {
    let (administrator, regulator) = (world.administrator.clone(), world.regulator.actor.clone());
    world.send(&administrator, world.suite.governance(contract).propose_code(code));
    world.send(&regulator, world.suite.governance(contract).approve_code(code));
    world.chain.advance(SUITE_DELAY);
    let done = world.send(&administrator, world.suite.governance(contract).set_code());
    assert_eq!(world.events(&done.events), [Event::CodeReplaced(CodeReplaced { code_hash: code })]);
    assert_eq!(world.chain.code_hash(&contract).expect("it answers"), Some(code));
}

/// Sends a message of the second version, by its selector.
fn second_version(world: &mut World, selector: u8, arguments: impl Encode) -> RawOutcome {
    let data = [vec![0, 0, 0, selector], arguments.encode()].concat();
    let call = RawCall { from: world.stranger.account(), to: world.suite.ledger, data };
    world.chain.submit(&call).expect("the message runs")
}

#[test]
fn a_filled_ledger_goes_to_a_second_version_and_back_and_loses_nothing() {
    let mut world = World::new();
    let (programme, voucher) = world.funded_voucher(1_000);
    world.redeem(voucher, 400);
    let (bank, shop, citizen) = (world.bank.clone(), world.shop.clone(), world.citizen.clone());
    world.issue(&citizen, 77);
    let withdrawal = world.send(&citizen.actor, world.suite.ledger().request_withdrawal(bank.number, 7, None)).value;
    let (ledger, first) =
        (world.suite.ledger, world.chain.code_hash(&world.suite.ledger).expect("it answers").expect("it has code"));

    let second = upload(&mut world);
    upgrade(&mut world, ledger, second);
    let held = second_version(&mut world, 2, (citizen.number, bank.number));
    assert_eq!(
        <Result<Balance, ink::LangError>>::decode(&mut held.data.as_slice()),
        Ok(Ok(70)),
        "it reads what was stored"
    );
    assert!(!second_version(&mut world, 3, (citizen.number, 9u64)).reverted, "and stores something of its own");
    world.refuses(
        &shop.actor,
        world.suite.voucher().withdraw(bank.number, 400),
        amanah_interfaces::voucher::Error::LedgerUnavailable,
    );

    upgrade(&mut world, ledger, first);
    assert_eq!(world.balance(&citizen), 70);
    assert_eq!(world.ask(world.suite.ledger().withdrawal(withdrawal)).map(|one| one.amount.balance()), Some(7));
    assert_eq!(world.ask(world.suite.ledger().total_supply(bank.number)), 1_077);
    world.send(&shop.actor, world.suite.voucher().withdraw(bank.number, 400));
    world.send(&bank.actor, world.suite.ledger().settle_withdrawal(withdrawal, [1; 32]));
    world.check_books(programme, &[&shop, &bank]);
}

#[test]
fn each_step_is_announced_and_can_be_seen() {
    let mut world = World::new();
    let auditor = world.enrol("auditor", &[Role::Auditor]);
    let code = upload(&mut world);
    let administrator = world.administrator.clone();
    for contract in contracts(&world) {
        let governance = || amanah_client::Suite::governance(&world.suite, contract);
        let (propose, approve, cancel) =
            (governance().propose_code(code), governance().approve_code(code), governance().cancel_code());
        let (see, see_again) = (governance().governance(), governance().governance());
        let done = world.send(&administrator, propose);
        assert_eq!(world.events(&done.events), [Event::CodeProposed(CodeProposed { code_hash: code })]);
        let done = world.send(&auditor.actor, approve);
        let ready_at = START + SUITE_DELAY;
        let event = CodeApproved { code_hash: code, by: auditor.number, ready_at };
        assert_eq!(world.events(&done.events), [Event::CodeApproved(event)]);
        let proposal = CodeProposal { code_hash: code, approved_by: Some(auditor.number), ready_at };
        assert_eq!(world.ask(see).proposal, Some(proposal));
        let done = world.send(&auditor.actor, cancel);
        let event = CodeCancelled { code_hash: code, by: auditor.id() };
        assert_eq!(world.events(&done.events), [Event::CodeCancelled(event)]);
        assert_eq!(world.ask(see_again).proposal, None);
    }
}

#[test]
fn code_is_not_replaced_by_one_party_nor_before_the_delay_nor_long_after_it() {
    let mut world = World::new();
    let (administrator, regulator) = (world.administrator.clone(), world.regulator.actor.clone());
    let code = upload(&mut world);
    let (suite, contract) = (world.suite.clone(), world.suite.ledger);
    let governance = || suite.governance(contract);
    world.refuses(&administrator, governance().set_code(), refused(GovernanceRefusal::NotProposed));
    world.send(&administrator, governance().propose_code(code));
    world.refuses(&administrator, governance().set_code(), refused(GovernanceRefusal::NotApproved));
    world.refuses(&administrator, governance().approve_code(code), refused(GovernanceRefusal::NotAllowed));
    world.refuses(&regulator, governance().approve_code([9; 32]), refused(GovernanceRefusal::NotProposed));
    world.send(&regulator, governance().approve_code(code));
    world.refuses(&regulator, governance().set_code(), refused(GovernanceRefusal::NotAllowed));
    let ready_at = START + SUITE_DELAY;
    world.chain.set_time(ready_at - 1);
    world.refuses(&administrator, governance().set_code(), refused(GovernanceRefusal::TooEarly { ready_at }));
    world.chain.set_time(ready_at + OPEN_FOR);
    world.refuses(&administrator, governance().set_code(), refused(GovernanceRefusal::Stale));
    world.chain.set_time(ready_at + OPEN_FOR - 1);
    world.send(&administrator, governance().set_code());
}

#[test]
fn an_administrator_who_is_also_a_regulator_is_no_second_organisation() {
    let mut world = World::new();
    let (administrator, government) = (world.administrator.clone(), world.government.actor.clone());
    let regulator = amanah_interfaces::registry::Registration {
        account: administrator.id(),
        ..amanah_e2e::registration("the administrator", &[Role::Regulator])
    };
    world.send(&government, world.suite.registry().register(regulator));
    let (suite, contract) = (world.suite.clone(), world.suite.voucher);
    world.send(&administrator, suite.governance(contract).propose_code([9; 32]));
    world.refuses(
        &administrator,
        suite.governance(contract).approve_code([9; 32]),
        refused(GovernanceRefusal::NotAllowed),
    );
}

#[test]
fn code_that_was_never_uploaded_is_not_set() {
    let mut world = World::new();
    let (administrator, regulator) = (world.administrator.clone(), world.regulator.actor.clone());
    let (suite, contract, code_hash) = (world.suite.clone(), world.suite.registry, [9; 32]);
    world.send(&administrator, suite.governance(contract).propose_code(code_hash));
    world.send(&regulator, suite.governance(contract).approve_code(code_hash));
    world.chain.advance(SUITE_DELAY);
    world.refuses(&administrator, suite.governance(contract).set_code(), Error::UnknownCode { code_hash });
}
