//! What the tests of welfare share.

use amanah_client::{
    suite::{LedgerMessages, RegistryMessages, WelfareMessages},
    Actor, Done, Event, Suite,
};
use amanah_domain::time::{Millis, DAY};
use amanah_e2e::{welfare::Offices, Person, World, START};
use amanah_interfaces::{
    governance::Governed,
    welfare::{BenefitRefusal, BenefitStatus, Error},
};

/// A world's people, apart from it, so that a test can name them while the world is at work.
pub struct Cast {
    pub suite: Suite,
    pub administrator: Actor,
    pub government: Person,
    pub regulator: Person,
    pub bank: Person,
    pub shop: Person,
    pub citizen: Person,
    /// The department that pays.
    pub payer: Person,
    pub stranger: Actor,
}

impl Cast {
    pub fn welfare(&self) -> WelfareMessages {
        self.suite.welfare()
    }

    pub fn ledger(&self) -> LedgerMessages {
        self.suite.ledger()
    }

    pub fn registry(&self) -> RegistryMessages {
        self.suite.registry()
    }
}

/// A new world of offices and its people.
pub fn stage() -> (Offices, Cast) {
    let offices = Offices::new();
    let World { suite, administrator, government, regulator, bank, shop, citizen, stranger, .. } = &offices.world;
    let cast = Cast {
        suite: suite.clone(),
        administrator: administrator.clone(),
        government: government.clone(),
        regulator: regulator.clone(),
        bank: bank.clone(),
        shop: shop.clone(),
        citizen: citizen.clone(),
        payer: offices.payer.clone(),
        stranger: stranger.clone(),
    };
    (offices, cast)
}

/// When the second and third period of a benefit are due that was granted when the world began: a month each.
pub const SECOND: Millis = START + 31 * DAY;
pub const THIRD: Millis = START + 59 * DAY;

/// The events of the suite's welfare contract among those of a step.
#[track_caller]
pub fn own_events<T>(offices: &Offices, done: &Done<T>) -> Vec<Event> {
    let contract = offices.world.suite.welfare;
    let own: Vec<_> = done.events.iter().filter(|event| event.contract == contract).cloned().collect();
    offices.world.events(&own)
}

pub fn pause(offices: &mut Offices) {
    let (administrator, suite) = (offices.world.administrator.clone(), offices.world.suite.clone());
    offices.world.send(&administrator, suite.governance(suite.welfare).pause());
}

pub fn unpause(offices: &mut Offices) {
    let (administrator, suite) = (offices.world.administrator.clone(), offices.world.suite.clone());
    offices.world.send(&administrator, suite.governance(suite.welfare).unpause());
}

pub fn wrong(status: BenefitStatus) -> Error {
    Error::Benefit(BenefitRefusal::WrongStatus { status })
}

pub const NOT_YOURS: Error = Error::Benefit(BenefitRefusal::NotYours);
