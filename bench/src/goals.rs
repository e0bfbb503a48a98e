//! The twelve goals, and how near them the measurements come.

use crate::{
    deploy::Deployments,
    gas::Figures,
    load::{Load, Results, Run},
    prices,
    scale::Point,
};
use std::collections::BTreeMap;

/// Transactions a second that LoC reached with its mix, on five endorsing peers of Hyperledger Fabric.
pub const LOC_MIX: f64 = 50.676;
/// Transactions a second that LoC reached with writes alone.
pub const LOC_WRITES: f64 = 18.982;
/// What an item of storage is charged (the chain's smallest unit).
const ITEM: i128 = 100_000_000_000;
/// What a byte of storage is charged.
const BYTE: i128 = 5_000_000;
/// What a contract's code may have (bytes).
const CODE: [(&str, usize); 5] =
    [("registry", 20_000), ("ledger", 18_000), ("voucher", 36_000), ("welfare", 36_000), ("loan", 56_000)];
/// The messages whose gas is compared with its floor.
pub const HOT: [&str; 4] = ["Voucher::request", "Voucher::confirm", "Loan::unlock", "Welfare::apply"];

/// What was measured, as far as it was.
#[derive(Default)]
pub struct Measured {
    /// Every message.
    pub gas: Vec<Figures>,
    /// Every message by what is stored.
    pub records: Vec<Point>,
    /// Batches.
    pub batches: Vec<Point>,
    /// Rolls.
    pub rolls: Vec<Point>,
    /// Oracles.
    pub oracles: Vec<Point>,
    /// Deposits.
    pub deposits: Vec<Point>,
    /// Contracts: bytes of code and messages.
    pub code: BTreeMap<String, (usize, usize)>,
    /// Loads on a development chain and in consortia.
    pub loads: Vec<Results>,
    /// Deployments.
    pub deployments: Option<Deployments>,
}

/// A goal and how it stands.
pub struct Goal {
    /// Its number in the design.
    pub number: u8,
    /// What is measured.
    pub metric: &'static str,
    /// What it should be.
    pub goal: &'static str,
    /// What it is.
    pub measured: String,
    /// Is it met? `None`: not measured, or only reported.
    pub met: Option<bool>,
    /// What measures it.
    pub command: &'static str,
}

/// Half of these are no larger.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut all: Vec<f64> = values.into_iter().collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}

/// The ends of the range of these.
pub fn least_and_most(values: &[f64]) -> [f64; 2] {
    [values.iter().copied().fold(f64::INFINITY, f64::min), values.iter().copied().fold(0.0, f64::max)]
}

/// The median, and the least and the most.
fn spread(values: &[f64], digits: usize) -> String {
    let [least, most] = least_and_most(values);
    format!("{:.digits$} ({least:.digits$} to {most:.digits$})", median(values.iter().copied()).unwrap_or(0.0))
}

fn find(points: &[Point], what: &str, size: u32) -> Option<f64> {
    points.iter().find(|point| point.what == what && point.size == size).map(|point| point.ref_time as f64)
}

/// Items and bytes that a deposit pays for.
fn stored(deposit: i128) -> (i128, i128) {
    (deposit / ITEM, deposit % ITEM / BYTE)
}

impl Measured {
    /// The goals in their order.
    pub fn goals(&self) -> Vec<Goal> {
        let dev = self.loads.iter().find(|load| load.chain == "dev");
        vec![
            self.efficiency(),
            self.oracle(),
            self.records(),
            self.deposits(),
            self.code(),
            self.batches(),
            self.rolls(),
            rate(dev, Load::Mix, 8, "LoC's mix, development chain", ">= 608/s (12 x LoC's 50.676/s)", 12.0 * LOC_MIX),
            rate(dev, Load::Writes, 9, "writes only", ">= 380/s (20 x LoC's 18.982/s)", 20.0 * LOC_WRITES),
            self.against_transfers(dev),
            self.consortium(),
            self.deployment(),
        ]
    }

    fn efficiency(&self) -> Goal {
        let hot: Vec<(&str, f64)> = HOT
            .into_iter()
            .filter_map(|name| Some((name, self.gas.iter().find(|figures| figures.message == name)?.efficiency()?)))
            .collect();
        let said = hot.iter().map(|(name, ratio)| format!("{name} {ratio:.2}")).collect::<Vec<_>>().join(", ");
        Goal {
            number: 1,
            metric: "floor / measured ref_time",
            goal: ">= 0.75 for request, confirm, unlock, apply",
            met: (hot.len() == HOT.len()).then(|| hot.iter().all(|(_, ratio)| *ratio >= 0.75)),
            measured: said,
            command: "amanah-bench gas",
        }
    }

    fn oracle(&self) -> Goal {
        // 138 bytes are signed.
        let price = (prices::signature(138) + prices::read()) as f64;
        let ratio = find(&self.oracles, "unlock", 5)
            .zip(find(&self.oracles, "unlock", 1))
            .map(|(five, one)| (five - one) / 4.0 / price);
        Goal {
            number: 2,
            metric: "one more oracle in an unlock / (signature + read)",
            goal: "<= 1.15",
            measured: ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            met: ratio.map(|ratio| ratio <= 1.15),
            command: "amanah-bench scale",
        }
    }

    fn records(&self) -> Goal {
        let most = self.records.iter().map(|point| point.size).max().unwrap_or(0);
        let least = self.records.iter().map(|point| point.size).min().unwrap_or(0);
        let ratios = self.records.iter().filter(|point| point.size == most).filter_map(|point| {
            Some((point.what.as_str(), point.ref_time as f64 / find(&self.records, &point.what, least)?))
        });
        let worst = ratios.max_by(|one, other| one.1.total_cmp(&other.1));
        Goal {
            number: 3,
            metric: "gas at 10,000 records / gas at 10",
            goal: "<= 1.02 for every message",
            measured: worst
                .map(|(name, ratio)| format!("at most {ratio:.3} ({name}), {least} to {most}"))
                .unwrap_or_default(),
            met: worst.filter(|_| most >= 10_000).map(|(_, ratio)| ratio <= 1.02),
            command: "amanah-bench scale",
        }
    }

    fn deposits(&self) -> Goal {
        let of = |what: &str| self.deposits.iter().find(|point| point.what == what).map(|point| stored(point.deposit));
        let all = of("a voucher").zip(of("a redemption that has ended")).zip(of("a case and its loan"));
        Goal {
            number: 4,
            metric: "storage deposit",
            goal: "voucher <= 1 item, 96 bytes; ended redemption 0; loan <= 2 items, 220 bytes",
            measured: all
                .map(|((voucher, ended), loan)| {
                    format!(
                        "voucher {} item(s), {} bytes; ended redemption {} items, {} bytes; case and loan {} items, {} bytes",
                        voucher.0, voucher.1, ended.0, ended.1, loan.0, loan.1
                    )
                })
                .unwrap_or_default(),
            met: all.map(|((voucher, ended), loan)| {
                voucher.0 <= 1 && voucher.1 <= 96 && ended.0 <= 0 && ended.1 <= 0 && loan.0 <= 2 && loan.1 <= 220
            }),
            command: "amanah-bench scale",
        }
    }

    fn code(&self) -> Goal {
        let sizes: Vec<String> = self
            .code
            .iter()
            .map(|(name, (bytes, messages))| format!("{name} {bytes} ({} a message)", bytes / messages.max(&1)))
            .collect();
        let fits = |(name, most): &(&str, usize)| {
            self.code.get(*name).is_some_and(|(bytes, messages)| bytes <= most && bytes / messages.max(&1) <= 1_300)
        };
        Goal {
            number: 5,
            metric: "code size (bytes)",
            goal: "registry 20,000, ledger 18,000, voucher 36,000, welfare 36,000, loan 56,000; 1,300 a message",
            measured: sizes.join(", "),
            met: (!self.code.is_empty()).then(|| CODE.iter().all(fits)),
            command: "amanah-bench gas",
        }
    }

    fn batches(&self) -> Goal {
        let base = prices::base() as f64;
        let ratio = |one: &str, many: &str| {
            Some(100.0 * (find(&self.batches, one, 1)? + base) / (find(&self.batches, many, 100)? + base))
        };
        let both = ratio("create", "create_many").zip(ratio("fund", "fund_many"));
        Goal {
            number: 6,
            metric: "100 single ones / a batch of 100",
            goal: ">= 6 x less weight a voucher",
            measured: both.map(|(create, fund)| format!("create {create:.1} x, fund {fund:.1} x")).unwrap_or_default(),
            met: both.map(|(create, _)| create >= 6.0),
            command: "amanah-bench scale",
        }
    }

    fn rolls(&self) -> Goal {
        let same = find(&self.rolls, "publish_roll", 100_000).zip(find(&self.rolls, "publish_roll", 100));
        let same = same.map(|(large, small)| large / small);
        let issue =
            find(&self.batches, "create", 1).zip(find(&self.batches, "fund", 1)).map(|(create, fund)| create + fund);
        let claim = find(&self.rolls, "claim", 100_000).zip(issue).map(|(claim, issue)| claim / issue);
        let both = same.zip(claim);
        Goal {
            number: 7,
            metric: "a roll of 100,000: publishing / of 100; a claim / creating and funding one voucher",
            goal: "1; <= 1.1",
            measured: both.map(|(same, claim)| format!("{same:.3}; {claim:.2}")).unwrap_or_default(),
            met: both.map(|(same, claim)| same <= 1.001 && claim <= 1.1),
            command: "amanah-bench scale",
        }
    }

    fn against_transfers(&self, dev: Option<&Results>) -> Goal {
        let weight = |name: &str| {
            let figures = self.gas.iter().find(|figures| figures.message == name)?;
            Some((figures.node.ref_time + prices::extrinsic() + prices::base()) as f64)
        };
        let transfer = (prices::transfer() + prices::base()) as f64;
        let expected = weight("Voucher::confirm").map(|confirm| transfer / confirm);
        let rates = |load| dev.map(|dev| rates_of(&dev.runs, load)).unwrap_or_default();
        let (confirms, transfers) = (rates(Load::Confirms), rates(Load::Transfers));
        let ratios: Vec<f64> = confirms.iter().zip(&transfers).map(|(confirm, transfer)| confirm / transfer).collect();
        let part = median(ratios.iter().copied()).zip(expected).map(|(ratio, expected)| ratio / expected);
        Goal {
            number: 10,
            metric: "(confirms/s / transfers/s) / ratio of their weights",
            goal: ">= 0.8",
            measured: part
                .map(|part| {
                    format!(
                        "{part:.1}: confirms/transfers {}, weights {:.3}",
                        spread(&ratios, 2),
                        expected.unwrap_or(0.0)
                    )
                })
                .unwrap_or_default(),
            met: part.map(|part| part >= 0.8),
            command: "amanah-bench load",
        }
    }

    fn consortium(&self) -> Goal {
        let said: Vec<String> = self
            .loads
            .iter()
            .filter(|load| load.chain != "dev")
            .map(|load| {
                let rates = rates_of(&load.runs, Load::Mix);
                let median_of = |part: fn(&Run) -> Option<[f64; 3]>| {
                    let all: Vec<[f64; 3]> =
                        load.runs.iter().filter(|run| run.load == Load::Mix).filter_map(part).collect();
                    [0, 1, 2].map(|place| median(all.iter().map(|one| one[place])).unwrap_or(0.0))
                };
                let [a, b, c] = median_of(|run| Some(run.inclusion));
                let [d, e, f] = median_of(|run| run.finality);
                format!(
                    "{}: {}/s; in a block after {a:.1}, {b:.1}, {c:.1} s, final after {d:.1}, {e:.1}, {f:.1} s (p50, p95, p99)",
                    load.chain,
                    spread(&rates, 0)
                )
            })
            .collect();
        Goal {
            number: 11,
            metric: "consortium, the same load",
            goal: "reported",
            measured: said.join("; "),
            met: None,
            command: "amanah-bench load --consortium 4",
        }
    }

    fn deployment(&self) -> Goal {
        let all = self.deployments.as_ref().map(|all| &all.seconds);
        let said = all.map(|all| {
            all.iter().map(|(name, seconds)| format!("{name} {}", spread(seconds, 2))).collect::<Vec<_>>().join(", ")
        });
        Goal {
            number: 12,
            metric: "deploying a contract, until a block has it (s)",
            goal: "< 0.25 each",
            measured: said.unwrap_or_default(),
            met: all
                .map(|all| all.values().all(|seconds| median(seconds.iter().copied()).is_some_and(|took| took < 0.25))),
            command: "amanah-bench deploy",
        }
    }
}

/// The rates of a load's runs, the ramp left out.
pub fn rates_of(runs: &[Run], load: Load) -> Vec<f64> {
    runs.iter().filter(|run| run.load == load && run.run > 0).map(|run| run.rate).collect()
}

fn rate(
    results: Option<&Results>,
    load: Load,
    number: u8,
    metric: &'static str,
    goal: &'static str,
    least: f64,
) -> Goal {
    let runs: Vec<&Run> =
        results.iter().flat_map(|dev| &dev.runs).filter(|run| run.load == load && run.run > 0).collect();
    let rates: Vec<f64> = runs.iter().map(|run| run.rate).collect();
    let lost: usize = runs.iter().map(|run| run.operations - run.succeeded).sum();
    let median = median(rates.iter().copied());
    Goal {
        number,
        metric,
        goal,
        measured: median.map(|_| format!("{}/s, {lost} lost", spread(&rates, 0))).unwrap_or_default(),
        met: median.map(|median| median >= least && lost == 0),
        command: "amanah-bench load",
    }
}
