//! What the tests of the voucher contract share.

use amanah_client::{Actor, Done};
use amanah_domain::ids::{ProgrammeId, RedemptionId, VoucherId};
use amanah_domain::roles::Role;
use amanah_e2e::{Person, World};
use amanah_interfaces::{
    ledger::Ledger,
    voucher::{Redemption, Standing, Terms, Voucher, VoucherRecord},
    Balance,
};

/// A world's people, apart from it, so that a test can name them while the world is at work.
pub struct Cast {
    pub administrator: Actor,
    pub government: Person,
    pub regulator: Person,
    pub bank: Person,
    pub shop: Person,
    pub citizen: Person,
    pub attestor: Person,
    pub stranger: Actor,
}

/// A new world and its people.
pub fn stage() -> (World, Cast) {
    let world = World::new();
    let cast = Cast {
        administrator: world.administrator.clone(),
        government: world.government.clone(),
        regulator: world.regulator.clone(),
        bank: world.bank.clone(),
        shop: world.shop.clone(),
        citizen: world.citizen.clone(),
        attestor: world.attestor.clone(),
        stranger: world.stranger.clone(),
    };
    (world, cast)
}

/// A voucher, which must exist.
#[track_caller]
pub fn voucher(world: &mut World, number: VoucherId) -> VoucherRecord {
    world.ask(world.suite.voucher().voucher(number)).expect("the voucher is there")
}

/// A voucher's money: funded, available, reserved.
#[track_caller]
pub fn money(world: &mut World, number: VoucherId) -> [Balance; 3] {
    let record = voucher(world, number);
    [record.funded, record.available, record.reserved].map(|amount| amount.balance())
}

/// A redemption, whose record must be there.
#[track_caller]
pub fn redemption(world: &mut World, number: RedemptionId) -> Redemption {
    world.ask(world.suite.voucher().redemption(number)).expect("the redemption is there")
}

/// How a shop stands with a voucher.
pub fn standing(world: &mut World, voucher: VoucherId, shop: &Person) -> Standing {
    world.ask(world.suite.voucher().standing(voucher, shop.number))
}

/// What the contract owes somebody in the bank's money.
pub fn credit(world: &mut World, of: &Person) -> Balance {
    world.ask(world.suite.voucher().credit(of.number, world.bank.number))
}

/// What the contract owns of the bank's money.
pub fn held(world: &mut World) -> Balance {
    world.ask(world.suite.ledger().balance_of(world.suite.voucher.into(), world.bank.number))
}

/// Checks the books and gives a programme's totals: funded, available, reserved, paid, returned. The creditors are the
/// usual shop and bank.
#[track_caller]
pub fn books(world: &mut World, programme: ProgrammeId) -> [Balance; 5] {
    let (shop, bank) = (world.shop.clone(), world.bank.clone());
    let totals = world.check_books(programme, &[&shop, &bank]);
    [totals.funded, totals.available, totals.reserved, totals.paid, totals.returned].map(|amount| amount.balance())
}

/// A programme with the usual terms but for what `change` changes.
#[track_caller]
pub fn programme_with(world: &mut World, change: impl FnOnce(&mut Terms)) -> ProgrammeId {
    let mut terms = world.terms();
    change(&mut terms);
    world.programme(terms)
}

/// A shop requests a redemption of category 0.
#[track_caller]
pub fn request(world: &mut World, shop: &Person, voucher: VoucherId, amount: Balance) -> RedemptionId {
    world.send(&shop.actor, world.suite.voucher().request(voucher, amount, 0, [0; 32])).value
}

/// A stranger confirms a redemption with the usual proof.
#[track_caller]
pub fn confirm(world: &mut World, redemption: RedemptionId) -> Done<()> {
    let proof = world.proof(redemption);
    let stranger = world.stranger.clone();
    world.send(&stranger, world.suite.voucher().confirm(redemption, proof))
}

/// The usual shop cancels a redemption.
#[track_caller]
pub fn cancel(world: &mut World, redemption: RedemptionId) -> Done<()> {
    let shop = world.shop.actor.clone();
    world.send(&shop, world.suite.voucher().cancel(redemption))
}

/// The regulator freezes a voucher.
#[track_caller]
pub fn freeze(world: &mut World, voucher: VoucherId) {
    let regulator = world.regulator.actor.clone();
    world.send(&regulator, world.suite.voucher().freeze(voucher, 1));
}

/// A stranger ends a voucher whose time is over.
#[track_caller]
pub fn expire_voucher(world: &mut World, voucher: VoucherId) -> Done<()> {
    let stranger = world.stranger.clone();
    world.send(&stranger, world.suite.voucher().expire_voucher(voucher))
}

/// A second shop.
pub fn second_shop(world: &mut World) -> Person {
    world.enrol("second shop", &[Role::Shop])
}

/// A second government, which owns nothing yet.
pub fn second_government(world: &mut World) -> Person {
    world.enrol("second government", &[Role::Government])
}
