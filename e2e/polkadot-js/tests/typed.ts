// The suite from TypeScript with dedot, on the node whose address is given; prints the address of the registry that it deploys.
// typescript.test.mjs checks its types against the bindings of the built bundles, and runs it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Keyring } from '@polkadot/keyring';
import { DedotClient, WsProvider } from 'dedot';
import { Contract, ContractDeployer } from 'dedot/contracts';
import type { GenericInstantiateSubmittableExtrinsic, InkGenericContractApi } from 'dedot/contracts';
import type { LedgerContractApi } from './bindings/ledger/index.js';
import type { LoanContractApi } from './bindings/loan/index.js';
import type { AmanahInterfacesRegistryRegistrationLike, RegistryContractApi } from './bindings/registry/index.js';
import type { VoucherContractApi } from './bindings/voucher/index.js';
import type { WelfareContractApi } from './bindings/welfare/index.js';

const DAY = 86_400_000n;
const ZEROS = `0x${'00'.repeat(32)}` as const;

const client = await DedotClient.legacy(new WsProvider(process.argv[2]));
const [administrator, government, shop] = ['Alice', 'Bob', 'Eve'].map((name) =>
  new Keyring({ type: 'sr25519' }).addFromUri(`//${name}`),
);

/** What deploys a bundle, as the administrator. */
function deployer<Api extends InkGenericContractApi>(name: string) {
  const bundle = JSON.parse(readFileSync(new URL(`${name}.contract`, import.meta.url), 'utf8'));
  return new ContractDeployer<Api>(client, bundle, bundle.source.wasm, { defaultCaller: administrator.address });
}

async function deployed<Api extends InkGenericContractApi>(made: GenericInstantiateSubmittableExtrinsic<Api>) {
  const result = await made.signAndSend(administrator).untilBestChainBlockIncluded();
  return result.contract();
}

/** What makes the contracts' addresses their own on a chain where this ran before. */
const salt = randomBytes(32);

// A constructor's dry run is refused, and the error has the value that is wrong.
const first = deployer<RegistryContractApi>('registry');
const { data: tooLong } = await first.query.new(administrator.address, 30n * DAY);
assert.ok(tooLong.isErr && tooLong.err.type === 'BadDelay');
const delay: bigint = tooLong.err.value;
assert.equal(delay, 30n * DAY);

const registry = await deployed(first.tx.new(administrator.address, 2n * DAY, { salt }));
const ledger = await deployed(deployer<LedgerContractApi>('ledger').tx.new(registry.address, { salt }));
const genesis = client.genesisHash as typeof ZEROS;
const voucher = await deployed(
  deployer<VoucherContractApi>('voucher').tx.new(registry.address, ledger.address, genesis, { salt }),
);

// A transaction, and the event that it leaves.
const registration: AmanahInterfacesRegistryRegistrationLike = {
  account: government.address,
  identity: `0x${'01'.repeat(32)}`,
  identityValidUntil: 4_102_444_800_000n,
  roles: [{ type: 'Government' }],
};
const { events } = await registry.tx
  .registryRegister(registration)
  .signAndSend(administrator)
  .untilBestChainBlockIncluded();
const registered = registry.events.Registered.find(events);
assert.ok(registered);
const participant: bigint = registered.data.participant;
assert.equal(participant, 1n);
assert.equal(registered.data.account.address(), government.address);

// A query.
const { data: known } = await registry.query.registryCredentials(government.address);
assert.ok(known);
const { number, status }: { number: bigint; status: 'Active' | 'Suspended' } = known;
assert.deepEqual({ number, status }, { number: 1n, status: 'Active' });
const { data: nobody } = await registry.query.registryCredentials(shop.address);
assert.equal(nobody, undefined);

// Dry runs that are refused, each with the value that explains it.
const { data: unknown } = await voucher.query.voucherRequest(7n, 100_000n, 0, ZEROS, { caller: shop.address });
assert.ok(unknown.isErr && unknown.err.type === 'UnknownVoucher');
const wanted: bigint = unknown.err.value;
assert.equal(wanted, 7n);
const { data: taken } = await registry.query.registryRegister(registration, { caller: government.address });
assert.deepEqual(taken.isErr && taken.err, { type: 'AccountTaken', value: participant });

/** What is never run, and whose types are checked all the same: what must not be written, and something of each bundle. */
export async function types(loan: Contract<LoanContractApi>, welfare: Contract<WelfareContractApi>) {
  // @ts-expect-error: numbers of 64 bits are of type bigint.
  await voucher.query.voucherRequest(7, 100_000n, 0, ZEROS);
  // @ts-expect-error: an argument is missing.
  await voucher.query.voucherRequest(7n, 100_000n, ZEROS);
  // @ts-expect-error: there is no such role.
  registry.tx.registryGrant(1n, { type: 'Banker' });
  // @ts-expect-error: an account may be unknown.
  known.number + (await registry.query.registryCredentials(shop.address)).data.number;
  // @ts-expect-error: this error has no value.
  if (taken.isErr && taken.err.type === 'NotAllowed') taken.err.value;
  // @ts-expect-error: there is no such error.
  if (taken.isErr) taken.err.type === 'Forbidden';
  // @ts-expect-error: the event has no such field.
  registered?.data.person;

  const { data: money } = await ledger.query.ledgerBalanceOf(shop.address, 2n);
  const { data: granted } = await loan.query.loanUnlock(1n, (await loan.query.loanCase(1n)).data!.event, []);
  const { data: waiting } = await welfare.query.welfareBenefitCase(1n);
  return { money, code: granted.isOk && granted.value, waiting: waiting?.status };
}

console.log(registry.address);
// dedot's timers would keep the process for some seconds.
process.exit();
