// docs/polkadot-js.md as far as a test can read it: its steps, each "**7. Bob, voucher, `voucher::create`**" and what follows.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isHex } from '@polkadot/util';

const STEP = /^\*\*(\d+)\. (\w+), (\w+), `([\w:]+)`\*\*$/gm;

/** The guide's steps, in its order. */
function steps() {
  const text = readFileSync(new URL('../../../docs/polkadot-js.md', import.meta.url), 'utf8');
  const heads = [...text.matchAll(STEP)];
  return heads.map(({ index, 1: number, 2: who, 3: contract, 4: method }, at) => {
    const body = text.slice(index, heads[at + 1]?.index).split(/^#/m)[0];
    return { number: Number(number), who, contract, method, body };
  });
}

/**
 * Checks that the guide has exactly the steps of a journal, with their accounts and values. `word` gives the guide's word for a
 * value, such as an account's name.
 */
export function compareWithGuide(journal, word) {
  const guide = steps();
  const line = ({ who, contract, method }) => `${who}, ${contract}, ${method}`;
  assert.deepEqual(
    guide.map(line),
    journal.map(({ signer, contract, message }) => line({ who: word(signer), contract, method: message.method })),
  );
  for (const [at, { message, args }] of journal.entries()) {
    const { number, body } = guide[at];
    assert.equal(number, at + 1);
    for (const [index, { name }] of message.args.entries()) {
      for (const [field, value] of leaves(name, args[index])) {
        const said = body.split('\n').some((row) => row.includes(`\`${field}\``) && row.includes(word(value)));
        assert.ok(said, `step ${number} of the guide does not say that ${field} is ${word(value)}`);
      }
    }
  }
}

/** The single values that an argument consists of, each with the name of its field. */
function leaves(name, value) {
  if (Array.isArray(value)) return value.length > 0 ? value.flatMap((item) => leaves(name, item)) : [[name, 'empty']];
  if (value !== null && typeof value === 'object' && !isHex(value)) {
    return Object.entries(value).flatMap(([field, inner]) => leaves(field, inner));
  }
  return [[name, value ?? 'none']];
}
