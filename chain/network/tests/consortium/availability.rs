//! Validators that are killed, held up, and robbed of their databases, while shops take vouchers all the time.

use crate::{
    kit::{step, until, Consortium},
    shop::{Shop, Town},
};
use amanah_client::node::Wait;
use std::{thread, time::Duration};

/// How long a validator is held up.
const HELD_UP: Duration = Duration::from_secs(60);
/// How many blocks the other two make while nothing may become final.
const CONTROL: u32 = 4;

/// Waits until each of these shops has confirmed a redemption more.
fn business_goes_on(shops: &[Shop], but: Option<usize>) {
    let before: Vec<usize> = shops.iter().map(Shop::confirmed).collect();
    for (number, shop) in shops.iter().enumerate().filter(|(number, _)| Some(*number) != but) {
        until("a shop cannot work", || shop.confirmed() > before[number]);
    }
}

#[test]
fn one_validator_of_four_may_fail_two_stop_finality_and_nothing_that_was_acknowledged_is_lost_or_done_twice() {
    let mut consortium = Consortium::start();
    step("building the town");
    let town = Town::build(&consortium, consortium.members.len());
    let shops: Vec<Shop> = (0..consortium.members.len()).map(|number| town.open(&consortium, number)).collect();
    business_goes_on(&shops, None);

    // Each is killed in turn; the shop that used it finds another. One loses its database too, and gets it from the others.
    for victim in 0..consortium.members.len() {
        step(&format!("validator {victim} is killed"));
        consortium.kill(victim);
        let other = (victim + 1) % consortium.members.len();
        consortium.goes_on(other, 2);
        business_goes_on(&shops[victim..=victim], None);
        if victim == 2 {
            consortium.wipe(victim).expect("it does not run");
        }
        consortium.back(victim, other);
    }

    step("held up");
    // One is held up: it keeps its connections, and says nothing.
    consortium.pause(3).expect("it runs");
    let held = std::time::Instant::now();
    business_goes_on(&shops, Some(3));
    thread::sleep(HELD_UP.saturating_sub(held.elapsed()));
    consortium.goes_on(0, 2);
    consortium.go_on(3).expect("it runs");
    business_goes_on(&shops, None);

    step("two are killed");
    // Of two that are left, none may say that anything is final.
    consortium.kill(0);
    consortium.kill(1);
    let node = consortium.node(2);
    // What was voted on before may still become final.
    let best = node.newest(Wait::Best).expect("it answers");
    until("no blocks are made", || node.newest(Wait::Best).expect("it answers") > best);
    let (stopped, best) = (consortium.finalized(2), node.newest(Wait::Best).expect("it answers"));
    until("no blocks are made", || node.newest(Wait::Best).expect("it answers") >= best + CONTROL);
    assert_eq!(consortium.finalized(2), stopped, "two validators of four have finalized");
    consortium.back(0, 2);
    consortium.back(1, 2);
    consortium.goes_on(2, CONTROL);
    business_goes_on(&shops, None);

    step("closing");
    let told: Vec<_> = shops.into_iter().map(Shop::close).collect();
    consortium.stop_all().expect("all stop when they are asked to");
    let everyone: Vec<usize> = (0..=consortium.observer()).collect();
    consortium.start(&everyone, &[]).expect("all start again, and the observer too");
    consortium.back(consortium.observer(), 0);
    consortium.goes_on(0, 2);
    consortium.agree(&everyone);
    town.holds(&mut consortium.node(consortium.observer()).waiting_for(Wait::Finalized), &told);
}
