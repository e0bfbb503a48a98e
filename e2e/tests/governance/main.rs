//! What all contracts have in common: pausing, and replacing their code.

mod pausing;
mod upgrade;

use amanah_domain::ids::Account;
use amanah_e2e::World;

/// All contracts of the suite.
fn contracts(world: &World) -> [Account; 4] {
    [world.suite.registry, world.suite.ledger, world.suite.voucher, world.suite.loan]
}
