// What stories on a node begin with: the node, the accounts of its development chain, and people's identities.

import assert from 'node:assert/strict';
import { Keyring } from '@polkadot/api';
import { stringToU8a, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { connect, Refused, Suite } from '../client.mjs';
import { IDENTITY, identityCommitment } from '../layouts.mjs';
import { startNode } from '../node.mjs';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** 2100-01-01: identity cards that are valid throughout a story. */
export const CARDS_END = 4_102_444_800_000;

/** The registrar's key for identity commitments. The people are made up, so it need not be secret. */
const REGISTRAR = new Uint8Array(32).fill(7);
export const organisation = (name) => u8aToHex(identityCommitment(REGISTRAR, IDENTITY.organisation, name));
export const card = (number) => u8aToHex(identityCommitment(REGISTRAR, IDENTITY.national, number));

/** How somebody is registered, with its account's own key. */
export const registration = ({ address }, identity, role) => ({
  account: address,
  identity,
  identityValidUntil: CARDS_END,
  roles: [role],
  key: null,
});

/** A bank's reference, as 32 bytes. */
export const reference = (text) => u8aToHex(stringToU8a(text.padEnd(32, '\0')));

/** A contract refuses a message with exactly this error. */
export const refused = (error) => (thrown) => {
  assert.ok(thrown instanceof Refused, `${thrown}`);
  assert.deepEqual(thrown.error, error);
  return true;
};

/**
 * A node for the time of a test, with the accounts of its development chain: Alice, Bob, Charlie, Dave, Eve, Ferdie. Each
 * `step` needs those before it: after one has failed the others are not tried.
 */
export async function stage(t) {
  const node = await startNode();
  let api;
  t.after(async () => {
    await api?.disconnect();
    await node.stop();
  });
  api = await connect(node.url);
  await cryptoWaitReady();

  const keyring = new Keyring({ type: 'sr25519' });
  const names = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];
  const accounts = names.map((name) => keyring.addFromUri(`//${name}`, { name }));
  let broken = false;
  const step = (name, run) =>
    t.test(name, { skip: broken && 'an earlier step failed' }, async () => {
      broken = true;
      await run();
      broken = false;
    });
  return { accounts, api, keyring, step, suite: new Suite(api), url: node.url };
}
