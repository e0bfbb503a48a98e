//! Who may do what is the same on a node as on the embedded chain, where the whole table is tested.

use crate::running::Running;
use amanah_client::{
    abi::{Abi, Answer, Scope},
    chain::{NotRun, RawCall},
    embedded::Embedded,
    node::Node,
    send, Actor, Bundle, Chain, Suite,
};
use amanah_domain::{
    identity::{commitment, NumberType},
    ids::Account,
    roles::Role,
    time::{Millis, DAY},
};
use amanah_interfaces::registry::{Registration, Registry};

/// Amounts with so many decimals, at a time, where nobody has a name.
pub struct Plain {
    pub decimals: u8,
    pub now: Millis,
}

impl Scope for Plain {
    fn decimals(&self) -> u8 {
        self.decimals
    }

    fn now(&self) -> Result<Millis, String> {
        Ok(self.now)
    }

    fn account(&self, _: &str) -> Option<Account> {
        None
    }
}

/// What a message comes to, without what depends on the clock: done, or the names of the refusal.
type Cell = (&'static str, String, &'static str, String);

/// Tries every message that changes something, as everybody, with nothing but zeros for arguments.
fn table(chain: &mut dyn Chain) -> Vec<Cell> {
    let plain = Plain { decimals: 0, now: 0 };
    let administrator = Actor::named("administrator");
    let (suite, _) = Suite::deploy(chain, &administrator, DAY, &Bundle::folder(), b"access").expect("it deploys");
    let nobody = Actor::named("nobody");
    chain.admit(&nobody).expect("it gets tokens");
    let mut callers =
        vec![("nobody", nobody.account()), ("a contract", suite.ledger), ("administrator", administrator.account())];
    let roles = [
        ("government", Role::Government),
        ("bank", Role::Bank),
        ("shop", Role::Shop),
        ("citizen", Role::Citizen),
        ("auditor", Role::Auditor),
        ("civil affairs", Role::CivilAffairs),
        ("suspended", Role::Bank),
    ];
    for (name, role) in roles {
        let by = if role == Role::Government { administrator.clone() } else { Actor::named("government") };
        let who = Actor::named(name);
        chain.admit(&by).expect("it gets tokens");
        let registration = Registration {
            account: who.id(),
            identity: commitment(&[1; 32], NumberType::Organisation, name),
            identity_valid_until: chain.now().expect("it answers") + 365 * DAY,
            roles: vec![role],
            key: None,
        };
        let number =
            send(chain, &by.account(), suite.registry().register(registration)).expect("it is registered").value;
        if name == "suspended" {
            send(chain, &by.account(), suite.registry().suspend(number, 1)).expect("it is suspended");
        }
        callers.push((name, who.account()));
    }
    let mut cells = Vec::new();
    for (contract, account) in suite.contracts() {
        let abi = Abi::of(&Bundle::load(&Bundle::folder(), contract).expect("it is built")).expect("it is a contract");
        for message in abi.messages().iter().filter(|message| message.mutates) {
            // Zeros are a value of every type here: nobody, nothing, an empty list.
            let data = [message.selector(), &[0; 512]].concat();
            for (caller, from) in &callers {
                let call = RawCall { from: *from, to: account, data: data.clone() };
                let cell = match chain.dry_run(&call) {
                    // The contract lets it pass, and it cannot pay for what it would store.
                    Err(NotRun::Refused(reason)) => reason,
                    Err(error) => panic!("{contract} {}: {error}", message.name),
                    Ok(outcome) => {
                        match abi.decode_answer(&message.name, &outcome.data, &plain).expect("it can be read") {
                            Answer::Done(_) => "done".to_owned(),
                            Answer::Refused(error) => names(&error),
                        }
                    }
                };
                cells.push((contract, message.name.clone(), *caller, cell));
            }
        }
    }
    cells
}

/// The names in a refusal, without its numbers.
fn names(error: &serde_json::Value) -> String {
    match error {
        serde_json::Value::String(name) => name.clone(),
        serde_json::Value::Object(fields) => {
            fields.iter().map(|(name, inner)| format!("{name} {}", names(inner))).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

#[test]
fn everybody_is_answered_on_a_node_as_on_the_embedded_chain_and_outsiders_may_change_nothing() {
    let running = Running::start(&["--tmp".as_ref()]);
    let mut node = Node::connect(&running.url).expect("it answers").with_faucet(Actor::alice());
    let on_the_node = table(&mut node);
    let embedded = table(&mut Embedded::new(1_800_000_000_000));
    assert!(embedded.len() > 900, "{}", embedded.len());
    for (one, other) in on_the_node.iter().zip(&embedded) {
        assert_eq!(one, other);
    }
    assert_eq!(on_the_node.len(), embedded.len());
    let done = |caller: &str| -> Vec<String> {
        let cells = on_the_node.iter().filter(|(_, _, who, cell)| *who == caller && cell == "done");
        cells.map(|(contract, message, _, _)| format!("{contract} {message}")).collect()
    };
    // An empty list of vouchers to expire is nobody's harm; and whoever is outside may apply to come in.
    assert_eq!(done("nobody"), ["registry apply", "voucher expire-vouchers"]);
    assert_eq!(done("a contract"), ["voucher expire-vouchers"]);
    assert_eq!(done("suspended"), ["voucher expire-vouchers"]);
}
