//! The load itself, small: every operation must do what it should, so that a rate counts nothing else.

use amanah_bench::load::{self, Load, Plan};
use indicatif::ProgressBar;
use std::env;

#[test]
fn a_small_load_on_a_development_chain_loses_nothing() {
    let test = env::current_exe().expect("a test is a file");
    let node = test.ancestors().nth(2).expect("tests are in a folder of the build").join("amanah-node");
    assert!(node.exists(), "{} is not built; cargo build --workspace builds it", node.display());
    let plan = Plan { operations: 20, runs: 1, most: 20, ramp: 0 };
    let mut samples = 0;
    let results = load::development(&node, plan, &ProgressBar::hidden(), &mut |some| {
        samples += some.len();
        Ok(())
    });
    let results = results.unwrap_or_else(|error| panic!("{error:?}"));
    let loads: Vec<Load> = results.runs.iter().map(|run| run.load).collect();
    assert_eq!(loads, [Load::Transfers, Load::Token, Load::Confirms, Load::Mix, Load::Writes]);
    for run in &results.runs {
        assert_eq!((run.succeeded, run.operations), (20, 20), "{run:?}");
        assert!(run.rate > 0.0 && run.inclusion[0] <= run.inclusion[2], "{run:?}");
    }
    assert_eq!(samples, 5 * 20);
}
