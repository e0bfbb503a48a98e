//! Puts many cases into a welfare contract at once: sent one by one, ten thousand applications would take minutes.
//!
//! The contract gets, by a usual upgrade, code that writes what it is told to where it is told, and then its own code back. What
//! is written is what the contract itself has stored of one application, with other numbers.

use crate::unavailable::replace_code;
use amanah_client::{chain::RawCall, Bundle, Chain};
use amanah_domain::ids::WelfareCaseId;
use amanah_e2e::welfare::Offices;
use amanah_interfaces::{
    governance::Governed,
    welfare::{BenefitCase, Welfare},
};
use scale::Encode;

/// How many cases one call writes: they fit into the planter's memory.
const BATCH: u64 = 250;

/// Where the contract keeps things: the numbers of its storage items.
const ROOT: u32 = 0;
const DOCKETS: u32 = 0x5745_0001;
const NEWEST: u32 = 0x5745_0002;
const HISTORIES: u32 = 0x5745_0003;
const DESK_COUNTS: u32 = 0x5745_0004;
const DESKS: u32 = 0x5745_0005;

/// Cells of storage as the planter reads them: the length of the key, the key, the length of the value, the value.
#[derive(Default)]
struct Cells(Vec<u8>);

impl Cells {
    fn put(&mut self, key: impl Encode, value: impl Encode) {
        for part in [key.encode(), value.encode()] {
            let length = u32::try_from(part.len()).expect("it is short");
            self.0.extend(length.to_le_bytes());
            self.0.extend(part);
        }
    }
}

/// Adds `count` applications that are like this one, which must be the newest of all and still wait for the first stage.
pub fn plant(offices: &mut Offices, like: WelfareCaseId, count: u64) {
    let (suite, administrator) = (offices.suite.clone(), offices.administrator.account());
    let original = offices.case(like);
    let role = offices.stage(like).role;
    let entry = offices.ask(suite.welfare().history(like, 0, 1)).remove(0);
    let waiting = u64::from(offices.ask(suite.welfare().worklist_count(role)));
    let governance = offices.ask(suite.governance(suite.welfare).governance());
    let schemes = offices.ask(suite.welfare().scheme_count());

    let code = offices.chain.code_hash(&suite.welfare).expect("it answers").expect("it is a contract");
    let bundle = Bundle { name: "planter".into(), wasm: planter(), code_hash: [0; 32], metadata: ().into() };
    let planter = offices.chain.upload(&administrator, &bundle).expect("the chain takes the planter");
    replace_code(offices, suite.welfare, planter);
    let mut write = |next_code: [u8; 32], cells: Cells| {
        let data = [next_code.to_vec(), cells.0].concat();
        let call = RawCall { from: administrator, to: suite.welfare, data };
        assert!(!offices.chain.submit(&call).expect("the planter runs").reverted);
    };
    let last = like + count;
    for first in (like + 1..=last).step_by(usize::try_from(BATCH).expect("a few")) {
        let mut cells = Cells::default();
        for case in first..=last.min(first + BATCH - 1) {
            let place = u32::try_from(waiting + case - like - 1).expect("a place");
            let record = BenefitCase { previous: case - 1, ..original.clone() };
            cells.put((DOCKETS, case), (record, 1_u32, place));
            cells.put((HISTORIES, case, 0_u32), &entry);
            cells.put((DESKS, role, place), case);
        }
        write(planter, cells);
    }
    let mut cells = Cells::default();
    cells.put((NEWEST, original.applicant), last);
    cells.put((DESK_COUNTS, role), u32::try_from(waiting + count).expect("a count"));
    let others = (suite.registry, suite.ledger, suite.voucher, suite.welfare_domain());
    cells.put(ROOT, (governance, others, schemes, last));
    write(code, cells);

    // The contract finds everything where it looks for it.
    assert_eq!(offices.chain.code_hash(&suite.welfare).expect("it answers"), Some(code));
    assert_eq!(offices.case(last), BenefitCase { previous: last - 1, ..original });
    assert_eq!(offices.ask(suite.welfare().history(last, 0, 50)), [entry]);
    assert_eq!(offices.ask(suite.welfare().worklist(role, 0, 1)).len(), 1);
}

// ---- the code that writes ----

const I32: u8 = 0x7f;
/// Two pages of 64 KiB.
const PAGES: u8 = 2;

/// A WebAssembly module that takes a code hash and cells, writes the cells, and goes on with that code.
fn planter() -> Vec<u8> {
    let types: [&[u8]; 4] =
        [&[0x60, 2, I32, I32, 0], &[0x60, 4, I32, I32, I32, I32, 1, I32], &[0x60, 1, I32, 1, I32], &[0x60, 0, 0]];
    let import = |module, name, what: &[u8]| [text(module), text(name), what.to_vec()].concat();
    let imports = [
        import("seal0", "input", &[0, 0]),
        import("seal2", "set_storage", &[0, 1]),
        import("seal0", "set_code_hash", &[0, 2]),
        import("env", "memory", &[2, 1, PAGES, PAGES]),
    ];
    let exports = [[text("deploy"), vec![0, 3]].concat(), [text("call"), vec![0, 4]].concat()];
    // Addresses: the input's length at 0, the code hash at 8, the cells from 40 on.
    #[rustfmt::skip]
    let call: &[u8] = &[
        1, 2, I32,                                      // two variables: 0 is where it reads, 1 is the end
        0x41, 0, 0x41, 0xf0, 0xff, 7, 0x36, 2, 0,       // so much fits: 131,056 bytes
        0x41, 8, 0x41, 0, 0x10, 0,                      // input(8, 0)
        0x41, 0, 0x28, 2, 0, 0x41, 8, 0x6a, 0x21, 1,    // the end is 8 + the input's length
        0x41, 40, 0x21, 0,                              // it reads from 40 on
        0x02, 0x40, 0x03, 0x40,                         // again and again
        0x20, 0, 0x20, 1, 0x4f, 0x0d, 1,                // until the end:
        0x20, 0, 0x41, 4, 0x6a,                         // where the key begins
        0x20, 0, 0x28, 2, 0,                            // how long it is
        0x20, 0, 0x20, 0, 0x28, 2, 0, 0x6a, 0x41, 4, 0x6a, 0x22, 0, // go on after the key
        0x41, 4, 0x6a,                                  // where the value begins
        0x20, 0, 0x28, 2, 0,                            // how long it is
        0x10, 1, 0x1a,                                  // set_storage
        0x20, 0, 0x20, 0, 0x28, 2, 0, 0x6a, 0x41, 4, 0x6a, 0x21, 0, // go on after the value
        0x0c, 0, 0x0b, 0x0b,
        0x41, 8, 0x10, 2, 0x1a,                         // set_code_hash(8)
        0x0b,
    ];
    let bodies = [[0, 0x0b].as_slice(), call].map(|body| [length(body.len()), body.to_vec()].concat());
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &types.map(<[u8]>::to_vec)),
        section(2, &imports),
        section(3, &[vec![3], vec![3]]),
        section(7, &exports),
        section(10, &bodies),
    ]
    .concat()
}

fn section(kind: u8, items: &[Vec<u8>]) -> Vec<u8> {
    let body = [length(items.len()), items.concat()].concat();
    [vec![kind], length(body.len()), body].concat()
}

fn text(text: &str) -> Vec<u8> {
    [length(text.len()), text.as_bytes().to_vec()].concat()
}

/// A length as WebAssembly writes it: seven bits a byte, the lowest first.
fn length(length: usize) -> Vec<u8> {
    let byte = |bits: usize| u8::try_from(bits & 0x7f).expect("seven bits");
    match length {
        0..=0x7f => vec![byte(length)],
        _ => vec![byte(length) | 0x80, byte(length >> 7)],
    }
}
