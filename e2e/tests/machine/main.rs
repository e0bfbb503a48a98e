//! A state machine over the whole suite: random interleavings of the messages of the registry, the ledger and the voucher
//! contract, each answered as a plain model says; after every step the invariants of the books hold, and the events alone
//! rebuild what the chain stores.
//!
//! `AMANAH_CASES` sets how many sequences are tried; without it a few, always the same.

mod model;
mod replay;
mod run;
mod steps;

use amanah_domain::time::DAY;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use run::Run;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    panic::{catch_unwind, resume_unwind, AssertUnwindSafe},
};
use steps::{steps, Act, Flaw, Step, Who, ATTESTORS, BANKS, CITIZENS, SHOPS};

/// How many sequences are tried unless `AMANAH_CASES` says otherwise.
const CASES: u32 = 18;

/// Rotated keys, both programmes, money, admitted shops, vouchers, a bundle, a roll and an open redemption.
fn beginning() -> Vec<Step> {
    let vault = Who::Vault;
    let mut acts = Vec::new();
    for (bank, number) in BANKS.into_iter().enumerate() {
        acts.push(Act::Issue { bank, to: Who::Person(number), amount: 9_000, again: false });
        acts.push(Act::Approve { owner: number, spender: vault, bank, amount: 5_000 });
        acts.push(Act::Approve { owner: number, spender: Who::Person(CITIZENS[0]), bank, amount: 300 });
        acts.push(Act::Issue { bank, to: Who::Person(CITIZENS[1]), amount: 300, again: false });
        acts.push(Act::RequestWithdrawal { owner: CITIZENS[1], bank, amount: 100 });
    }
    // Each attestor has an older signature behind it, one of them made with the same key.
    acts.extend([(ATTESTORS[0], false), (ATTESTORS[1], true)].map(|(who, fresh)| Act::RotateKey { who, fresh }));
    acts.extend([Act::CreateProgramme { kind: 0, bank: 0 }, Act::CreateProgramme { kind: 1, bank: 1 }]);
    let rows = SHOPS.map(|shop| (Who::Person(shop), 7, 600)).to_vec();
    acts.push(Act::AdmitShops { programme: 2, rows });
    acts.push(Act::CreateBundle { programme: 2, holder: Who::Person(CITIZENS[0]) });
    acts.extend([0; 3].map(|back| Act::Fund { back, amount: None }));
    acts.push(Act::PublishRoll { programme: 1, deadline_in: 45 * DAY, short: false });
    acts.push(Act::FundRoll { back: 0 });
    acts.push(Act::Claim { back: 0, index: 1, changed: false });
    for holder in CITIZENS {
        acts.push(Act::Create { programme: 1, holder: Who::Person(holder), category: 0, expires_in: None });
        acts.push(Act::Fund { back: 0, amount: None });
    }
    acts.push(Act::Request { shop: SHOPS[0], back: 0, amount: Some(40), other_category: false });
    acts.push(Act::Confirm { back: 0, first: 0, flaw: Flaw::None });
    acts.push(Act::Request { shop: SHOPS[1], back: 1, amount: Some(40), other_category: false });
    acts.into_iter().map(Step::rightly).collect()
}

#[test]
fn in_any_interleaving_each_message_is_answered_as_the_model_says_and_the_events_rebuild_the_state() {
    let cases = std::env::var("AMANAH_CASES").ok().map(|cases| cases.parse().expect("a number of cases"));
    let beginning = beginning();
    let seen = RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    // The same sequences in each run: a failure of one run is a failure of the next.
    let config =
        Config { cases: cases.unwrap_or(CASES), failure_persistence: None, max_shrink_iters: 120, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&steps(), |steps| {
        let mut run = Run::new();
        for step in &beginning {
            assert!(run.take(step), "{step:?}");
        }
        for step in &steps {
            let accepted = catch_unwind(AssertUnwindSafe(|| run.take(step))).unwrap_or_else(|panic| {
                eprintln!("at {step:?} by {}", run.model.caller(step));
                resume_unwind(panic)
            });
            seen.borrow_mut().entry(step.act.kind()).or_default()[usize::from(accepted)] += 1;
        }
        run.check_everything();
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    let is_lopsided =
        |(kind, [refused, accepted]): (&String, &[usize; 2])| *accepted == 0 || (*refused == 0 && kind != "Wait");
    let seen = seen.into_inner();
    eprintln!("refused and accepted: {seen:?}");
    assert_eq!(seen.iter().filter(|(kind, counts)| is_lopsided((kind, counts))).collect::<Vec<_>>(), []);
}
