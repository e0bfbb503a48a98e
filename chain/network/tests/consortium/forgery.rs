//! An organisation whose node takes what it should not: what it alone accepts does not take effect.

use crate::kit::{beside, step, until, Consortium};
use amanah_client::{node::transfer, Actor, Chain};
use amanah_domain::ids::Account;
use parity_wasm::elements::{self, External, Func, FuncBody, Instruction, Instructions, Internal, Module};
use std::{fs, path::Path, process::Command};
use subxt::{
    backend::legacy::LegacyRpcMethods,
    config::polkadot::PolkadotExtrinsicParamsBuilder,
    dynamic::Value,
    tx::{Signer, TxStatus},
    utils::{AccountId32, MultiAddress, MultiSignature, H256},
    OnlineClient, PolkadotConfig,
};

/// What the forger wants.
const LOOT: u128 = 1_000_000_000_000;

/// Signs for somebody else's account.
struct Forged {
    victim: Account,
    forger: Actor,
}

impl Signer<PolkadotConfig> for Forged {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.victim)
    }

    fn address(&self) -> MultiAddress<AccountId32, ()> {
        AccountId32(self.victim).into()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.forger.sign(payload))
    }
}

/// The runtime as an organisation might change it for its own node.
struct OwnRuntime {
    module: Module,
    /// The functions of the node that it calls: their names and types.
    imported: Vec<(String, u32)>,
}

impl OwnRuntime {
    fn new() -> Self {
        let wasm = amanah_runtime::WASM_BINARY_BLOATY.expect("it was built");
        let module: Module = elements::deserialize_buffer(wasm).expect("it is wasm");
        let imports = module.import_section().expect("it calls the node").entries().iter();
        let imported = imports.filter_map(|import| match import.external() {
            External::Function(kind) => Some((import.field().to_owned(), *kind)),
            _ => None,
        });
        Self { imported: imported.collect(), module }
    }

    fn imported(&self, name: &str) -> (u32, u32) {
        let found = self.imported.iter().enumerate().find(|(_, (own, _))| own == name);
        found.map(|(place, (_, kind))| (place as u32, *kind)).unwrap_or_else(|| panic!("it does not call {name}"))
    }

    /// Adds a function of this type; gives its number.
    fn add(&mut self, kind: u32, code: Vec<Instruction>) -> u32 {
        let number = self.module.functions_space() as u32;
        self.module.function_section_mut().expect("it has functions").entries_mut().push(Func::new(kind));
        let body = FuncBody::new(Vec::new(), Instructions::new(code));
        self.module.code_section_mut().expect("it has code").bodies_mut().push(body);
        number
    }

    /// Whoever signed: every signature is good.
    fn every_signature_is_good() -> Vec<u8> {
        let mut own = Self::new();
        let (verify, kind) = own.imported("ext_crypto_sr25519_verify_version_2");
        let good = own.add(kind, vec![Instruction::I32Const(1), Instruction::End]);
        for body in own.module.code_section_mut().expect("it has code").bodies_mut() {
            for instruction in body.code_mut().elements_mut() {
                if *instruction == Instruction::Call(verify) {
                    *instruction = Instruction::Call(good);
                }
            }
        }
        elements::serialize(own.module).expect("it is wasm")
    }

    /// Writes something into the state, whenever it makes a block, that no transaction has written.
    fn writes_into_the_state() -> Vec<u8> {
        const NAME: &str = "BlockBuilder_finalize_block";
        let mut own = Self::new();
        let (set, _) = own.imported("ext_storage_set_version_1");
        let exports = own.module.export_section().expect("it has entries").entries().iter();
        let finalize = exports.filter(|entry| entry.field() == NAME).find_map(|entry| match entry.internal() {
            Internal::Function(number) => Some(*number),
            _ => None,
        });
        let finalize = finalize.expect("it makes blocks");
        let place = finalize as usize - own.imported.len();
        let kind = own.module.function_section().expect("it has functions").entries()[place].type_ref();
        // 32 bytes of memory, whatever they are, as name and as value: length and address.
        let bytes = Instruction::I64Const((32 << 32) | 1_024);
        let wrapped = own.add(
            kind,
            vec![
                bytes.clone(),
                bytes,
                Instruction::Call(set),
                Instruction::GetLocal(0),
                Instruction::GetLocal(1),
                Instruction::Call(finalize),
                Instruction::End,
            ],
        );
        for entry in own.module.export_section_mut().expect("it has entries").entries_mut() {
            if entry.field() == NAME {
                *entry.internal_mut() = Internal::Function(wrapped);
            }
        }
        elements::serialize(own.module).expect("it is wasm")
    }
}

/// Restarts a validator with another runtime than the chain's, of the same version.
fn run_with(consortium: &mut Consortium, place: usize, runtime: &[u8]) {
    let folder = consortium.folder_of(place).join("own-runtime");
    fs::create_dir_all(&folder).expect("there is room");
    fs::write(folder.join("own.wasm"), runtime).expect("there is room");
    consortium.kill(place);
    let folder = folder.to_str().expect("its name is text").to_owned();
    consortium.start(&[place], &["--wasm-runtime-overrides", &folder]).unwrap_or_else(|error| panic!("{error:?}"));
}

fn free(consortium: &Consortium, place: usize, account: &Account) -> u128 {
    consortium.node(place).free_balance(account).expect("it answers")
}

#[test]
fn what_one_organisation_alone_accepts_does_not_take_effect() {
    let mut consortium = Consortium::start();
    let honest = [0, 1, 2];
    let forger_s = 3;
    let (victim, forger) = (consortium.members[0].account(), Actor::named("forger"));
    consortium.any(0).admit(&forger).expect("it gets tokens");
    consortium.goes_on(forger_s, 3);
    let before: Vec<u128> = [&victim, &forger.account()].map(|account| free(&consortium, 0, account)).to_vec();

    step("forged signature");
    // A transfer that the victim has not signed. An honest validator's pool does not take it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("it can be made");
    let theft = transfer(&forger.account(), LOOT);
    let forged = Forged { victim, forger: forger.clone() };
    let steal_at = async |url: &str| -> Result<u128, subxt::Error> {
        let client = OnlineClient::<PolkadotConfig>::from_url(url).await?;
        let rpc = LegacyRpcMethods::<PolkadotConfig>::new(subxt::backend::rpc::RpcClient::from_url(url).await?);
        let nonce = rpc.system_account_next_index(&AccountId32(victim)).await?;
        let params = PolkadotExtrinsicParamsBuilder::new().nonce(nonce).build();
        let theft = client.tx().create_signed_offline(&theft, &forged, params)?;
        let mut progress = theft.submit_and_watch().await?;
        loop {
            match progress.next().await.transpose()? {
                Some(TxStatus::InBestBlock(block)) => {
                    return taken(&client, block.block_hash(), &forger.account()).await;
                }
                Some(TxStatus::Invalid { message } | TxStatus::Dropped { message } | TxStatus::Error { message }) => {
                    return Err(subxt::Error::Other(message))
                }
                Some(_) => {}
                None => return Err(subxt::Error::Other("it is not told any more".to_owned())),
            }
        }
    };
    let refused = runtime.block_on(steal_at(&consortium.places[0].url())).expect_err("nobody signed it").to_string();
    assert!(refused.contains("bad signature"), "{refused}");

    // The forger's own node takes every signature for good: it makes a block with the theft, seals it with its own good key,
    // and sees the forger rich. Nobody else does.
    run_with(&mut consortium, forger_s, &OwnRuntime::every_signature_is_good());
    let rich = runtime.block_on(steal_at(&consortium.places[forger_s].url())).expect("its own node takes it");
    assert_eq!(rich, before[1] + LOOT, "on the forger's own node the theft takes effect");
    consortium.goes_on(0, 4);
    for place in honest {
        let now = [&victim, &forger.account()].map(|account| free(&consortium, place, account));
        assert_eq!(now.to_vec(), before, "{} lets the theft happen", consortium.places[place].name);
    }
    consortium.agree(&honest);

    // It writes into the state what no transaction has written, and seals that.
    step("changed state");
    let refusals = |consortium: &Consortium| -> usize {
        honest.iter().map(|place| consortium.log(*place).matches("root must match").count()).sum()
    };
    let before_it = refusals(&consortium);
    run_with(&mut consortium, forger_s, &OwnRuntime::writes_into_the_state());
    until("its state is not refused", || refusals(&consortium) > before_it);
    consortium.goes_on(0, 2);
    consortium.agree(&honest);

    step("back again");
    // With the chain's own runtime, and what the others have, it is one of them again.
    consortium.kill(forger_s);
    consortium.wipe(forger_s).expect("it does not run");
    consortium.back(forger_s, 0);
    consortium.agree(&[0, 1, 2, 3]);
    step("changed blocks");
    a_changed_block_is_refused(&mut consortium);
}

/// What the forger has after a block.
async fn taken(client: &OnlineClient<PolkadotConfig>, block: H256, account: &Account) -> Result<u128, subxt::Error> {
    let address = subxt::dynamic::storage("System", "Account", vec![Value::from_bytes(account)]);
    let info = client.storage().at(block).fetch(&address).await?.expect("it has an account").to_value()?;
    let free = subxt::dynamic::At::at(&info, "data").and_then(|data| subxt::dynamic::At::at(data, "free"));
    Ok(free.and_then(|free| free.as_u128()).expect("it has a balance"))
}

/// Blocks as one validator has them, with a byte of one changed, are given to another one's empty database.
fn a_changed_block_is_refused(consortium: &mut Consortium) {
    let (giver, taker) = (2, 1);
    consortium.goes_on(giver, 2);
    consortium.kill(giver);
    consortium.kill(taker);
    consortium.wipe(taker).expect("it does not run");
    let blocks = consortium.folder_of(giver).join("blocks");
    let on = |place: usize, command: &str, more: &[&Path]| {
        let mut run = Command::new(beside("amanah-node"));
        run.arg(command).arg("--chain").arg(consortium.chain_spec()).arg("--base-path");
        run.arg(consortium.folder_of(place).join("database")).args(more);
        run.output().expect("it runs")
    };
    let exported = on(giver, "export-blocks", &["--binary".as_ref(), "--from=1".as_ref(), "--to=1".as_ref(), &blocks]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let good = fs::read(&blocks).expect("they are written");
    let import = |bytes: &[u8]| {
        let file = consortium.folder_of(taker).join("blocks");
        fs::write(&file, bytes).expect("there is room");
        let _ = fs::remove_dir_all(consortium.folder_of(taker).join("database"));
        let imported = on(taker, "import-blocks", &["--binary".as_ref(), &file]);
        let told = String::from_utf8_lossy(&imported.stderr).into_owned();
        (imported.status.success(), told)
    };
    let (taken, told) = import(&good);
    assert!(taken, "{told}");
    // In the state's root, in the seal, and in the block's time. The file begins with how many blocks there are and with the
    // hash of the block before the first.
    for place in [41, 128, 200] {
        let mut changed = good.clone();
        changed[place] ^= 1;
        let (taken, told) = import(&changed);
        assert!(!taken, "the changed block is taken: {told}");
    }
}
