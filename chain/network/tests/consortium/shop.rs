//! Shops that take vouchers all the time, each by a validator of its own as long as that answers, and remember what they were
//! told is final.

use crate::kit::Consortium;
use amanah_client::{
    chain::{raw, NotRun, RawCall},
    node::{Node, Signed, Wait},
    send,
    suite::plain_terms,
    Actor, Bundle, Chain, Event, Suite,
};
use amanah_domain::{
    crypto::{Crypto, Native},
    redemption::RedemptionStatus,
    roles::Role,
    time::DAY,
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::{Registration, Registry},
    voucher::{Funding, NewVoucher, Proof, Terms, Voucher},
};
use std::{
    collections::BTreeSet,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Arc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};
use subxt::dynamic::{tx, Value};

/// How many redemptions a shop asks for at once.
const AT_ONCE: usize = 3;
/// What each redemption takes.
const AMOUNT: u128 = 10;
/// What everybody who sends begins with: 5,000 UNIT.
const POCKET: u128 = 5_000_000_000_000_000;
/// What each voucher begins with.
const FUNDED: u128 = 1_000_000;

/// The suite with a programme, and a voucher for each of the shops.
pub struct Town {
    pub suite: Suite,
    programme: u64,
    attestor: Actor,
}

/// A shop that is open, and what it was told.
pub struct Shop {
    closing: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    working: JoinHandle<Told>,
}

/// What a shop was told is final.
#[derive(Default)]
pub struct Told {
    pub requested: BTreeSet<u64>,
    pub confirmed: BTreeSet<u64>,
    sent: Vec<Signed>,
}

fn shop(number: usize) -> Actor {
    Actor::named(&format!("shop {number}"))
}

impl Town {
    /// Deploys the suite by the first member; lets so many shops in.
    pub fn build(consortium: &Consortium, shops: usize) -> Self {
        let mut node = consortium.any(0);
        let administrator = &consortium.members[0];
        let (suite, _) =
            Suite::deploy(&mut node, administrator, DAY, &Bundle::folder(), b"consortium").expect("it deploys");
        let [government, bank, attestor, citizen] =
            ["government", "house bank", "attestor", "citizen"].map(Actor::named);
        let valid_until = node.now().expect("it answers") + 365 * DAY;
        let registration = |actor: &Actor, role| Registration {
            account: actor.id(),
            identity: Native::blake2b_256(actor.name().as_bytes()),
            identity_valid_until: valid_until,
            roles: vec![role],
            key: None,
        };
        let register = suite.registry().register(registration(&government, Role::Government));
        send(&mut node, &administrator.account(), register).expect("it is registered");
        let mut people = vec![
            registration(&bank, Role::Bank),
            registration(&attestor, Role::RedemptionAttestor),
            registration(&citizen, Role::Citizen),
        ];
        people.extend((0..shops).map(|number| registration(&shop(number), Role::Shop)));
        let mut paying = vec![government.clone(), bank.clone()];
        paying.extend((0..shops).map(shop));
        let transfers = paying.iter().map(|actor| {
            let to = Value::unnamed_variant("Id", [Value::from_bytes(actor.account())]);
            let transfer = Value::named_variant("transfer_keep_alive", [("dest", to), ("value", Value::u128(POCKET))]);
            Value::unnamed_variant("Balances", [transfer])
        });
        let transfers = tx("Utility", "batch_all", vec![Value::unnamed_composite(transfers)]);
        node.transact(&administrator.account(), &transfers).expect("they get tokens");
        paying.iter().for_each(|actor| node.know(actor));
        let register = suite.registry().register_many(people);
        let numbers = send(&mut node, &government.account(), register).expect("they are registered").value;
        let bank_number = *numbers[0].as_ref().expect("the bank is new");
        let all = FUNDED * shops as u128;
        send(&mut node, &bank.account(), suite.ledger().issue(bank.id(), all, [1; 32])).expect("the bank issues");
        let approve = suite.ledger().approve(suite.voucher.into(), bank_number, all);
        send(&mut node, &bank.account(), approve).expect("the bank approves");
        let plain = plain_terms(bank.id(), attestor.id(), vec![0], FUNDED, all);
        let terms = Terms { window: DAY / 2, ..plain };
        let programme = send(&mut node, &government.account(), suite.voucher().create_programme(terms));
        let programme = programme.expect("there is a programme").value;
        let blank = vec![NewVoucher { holder: citizen.id(), category: 0, expires: None }; shops];
        let made = send(&mut node, &government.account(), suite.voucher().create_many(programme, blank));
        let vouchers: Vec<u64> =
            made.expect("there are vouchers").value.into_iter().map(|made| made.expect("it is new")).collect();
        assert_eq!(vouchers, (1..=shops as u64).collect::<Vec<_>>(), "each shop's is its number and one");
        let fundings = vouchers.into_iter().map(|voucher| Funding { voucher, amount: FUNDED }).collect();
        let funded = send(&mut node, &bank.account(), suite.voucher().fund_many(programme, fundings));
        assert!(funded.expect("they are funded").value.iter().all(Result::is_ok));
        Self { suite, programme, attestor }
    }

    /// Opens the shop of this number, which begins with the validator of the same number.
    pub fn open(&self, consortium: &Consortium, number: usize) -> Shop {
        let mut node = consortium.any(number).waiting_for(Wait::Finalized);
        let (suite, attestor, actor) = (self.suite.clone(), self.attestor.clone(), shop(number));
        node.know(&actor);
        let (closing, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (is_closing, so_far) = (closing.clone(), done.clone());
        let working = thread::spawn(move || {
            let mut told = Told::default();
            while !is_closing.load(Ordering::Relaxed) {
                redeem(&mut node, &suite, &attestor, &actor, number as u64 + 1, &mut told);
                so_far.store(told.confirmed.len(), Ordering::Relaxed);
            }
            told
        });
        Shop { closing, done, working }
    }

    /// Everything that these shops were told is final is there exactly once, and nothing else, as this node sees it; sent
    /// again, it does nothing.
    pub fn holds(&self, node: &mut Node, told: &[Told]) {
        let requested: usize = told.iter().map(|told| told.requested.len()).sum();
        let confirmed: usize = told.iter().map(|told| told.confirmed.len()).sum();
        let totals = |node: &mut Node| {
            let totals = node.ask_final(self.suite.voucher().totals(self.programme)).expect("it answers");
            (totals.available.balance(), totals.reserved.balance(), totals.paid.balance())
        };
        let all = FUNDED * told.len() as u128;
        let (paid, asked) = (AMOUNT * confirmed as u128, AMOUNT * requested as u128);
        let expected = (all - asked, asked - paid, paid);
        assert_eq!(totals(node), expected, "{requested} requests and {confirmed} confirms were acknowledged");
        for told in told {
            for redemption in &told.requested {
                let record = node.ask_final(self.suite.voucher().redemption(*redemption)).expect("it answers");
                let status = record.expect("it was acknowledged").status;
                assert_eq!(status == RedemptionStatus::Confirmed, told.confirmed.contains(redemption));
            }
            node.settle(&told.sent[..told.sent.len().min(10)], true, |_, settled| {
                settled.expect("the blocks know that it ran");
            });
        }
        assert_eq!(totals(node), expected, "what was sent again ran again");
    }
}

impl Shop {
    /// How many redemptions are known to be confirmed.
    pub fn confirmed(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Closes it, when what it has sent is settled.
    pub fn close(self) -> Told {
        self.closing.store(true, Ordering::Relaxed);
        self.working.join().expect("the shop has worked to its end")
    }
}

/// Some redemptions from request to confirmation. What a node refuses or cannot answer is not sent.
fn redeem(node: &mut Node, suite: &Suite, attestor: &Actor, shop: &Actor, voucher: u64, told: &mut Told) {
    let request = raw(&shop.account(), suite.voucher().request(voucher, AMOUNT, 0, [7; 32]));
    let requests: Vec<RawCall> = vec![request; AT_ONCE];
    let mut open = Vec::new();
    for event in run(node, suite, &requests, told) {
        if let Event::RedemptionRequested(event) = event {
            assert!(told.requested.insert(event.redemption), "{} is acknowledged twice", event.redemption);
            open.push(event.redemption);
        }
    }
    let mut confirms = Vec::new();
    while let Some(redemption) = open.pop() {
        match proof(node, suite, attestor, redemption) {
            Some(proof) => confirms.push(raw(&shop.account(), suite.voucher().confirm(redemption, proof))),
            // This node has still to hear of it.
            None => {
                open.push(redemption);
                thread::sleep(Duration::from_millis(500));
            }
        }
    }
    for event in run(node, suite, &confirms, told) {
        if let Event::RedemptionConfirmed(event) = event {
            assert!(told.confirmed.insert(event.redemption), "{} is acknowledged twice", event.redemption);
        }
    }
}

/// Sends these calls at once, as often as it takes to know what became of them; gives the events of those that ran.
fn run(node: &mut Node, suite: &Suite, calls: &[RawCall], told: &mut Told) -> Vec<Event> {
    let mut open: Vec<Signed> = Vec::new();
    for call in calls {
        if let Ok(Ok((_, signed))) = node.sign(call) {
            open.push(signed);
        }
    }
    let mut events = Vec::new();
    let mut sent_before = false;
    while !open.is_empty() {
        let mut unknown = Vec::new();
        node.settle(&open, sent_before, |place, settled| match settled {
            Ok(included) => {
                events.extend(included.events.iter().filter_map(|raw| Event::decode(suite, raw)));
                told.sent.push(open[place].clone());
            }
            Err(NotRun::Refused(_) | NotRun::NonceTaken(_)) => {}
            Err(_) => unknown.push(open[place].clone()),
        });
        open = unknown;
        sent_before = true;
    }
    events
}

/// An attestor's proof of a redemption, if this node knows it as final.
fn proof(node: &Node, suite: &Suite, attestor: &Actor, redemption: u64) -> Option<Proof> {
    let record = node.ask_final(suite.voucher().redemption(redemption)).ok()??;
    let known = node.ask_final(suite.registry().credentials(attestor.id())).ok()??;
    Some(Proof::Attestors(vec![suite.attest(attestor, &known, redemption, &record, record.expires)]))
}
