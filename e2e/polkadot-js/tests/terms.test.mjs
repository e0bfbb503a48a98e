// The JavaScript oracle judges as docs/loan.md says: every term at its bound, one unit beyond it, and together with others.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { u8aToHex } from '@polkadot/util';
import { factsHash, judge } from '../loan.mjs';

const terms = JSON.parse(readFileSync(new URL('../../../data/loan_terms.json', import.meta.url), 'utf8'));
const ALL = { ...terms.bank, ...terms.civil_affairs };

/** An application at as many bounds at once as there can be. */
const application = { principal: 50_000, months: 36 };
const SALT = `0x${'5a'.repeat(32)}`;
const facts = {
  identity_matches: true,
  income: 500,
  assets: 2_000,
  debt: 30_000,
  issued_before: false,
  blacklisted: false,
};

/** What breaks each term by one unit. */
const BROKEN = [
  ['identity', { identity_matches: false }],
  ['amount', { principal: 50_001 }],
  ['months', { months: 37 }],
  ['income too low', { income: 499 }],
  ['income too high', { income: 3_001 }],
  ['assets too low', { assets: 1_999 }],
  ['assets too high', { assets: 80_001 }],
  ['debt', { debt: 30_001 }],
  ['issued before', { issued_before: true }],
  ['blacklisted', { blacklisted: true }],
];

const judged = (asked, change) => judge(asked, { ...application, ...change }, { ...facts, ...change });

test('an application at every bound passes', () => {
  assert.deepEqual(judged(ALL, {}), []);
  assert.deepEqual(judged(ALL, { income: 3_000, assets: 80_000 }), []);
});

test('one unit beyond a bound fails that term alone', () => {
  for (const [term, change] of BROKEN) assert.deepEqual(judged(ALL, change), [term]);
});

test('of what is broken together each term is named', () => {
  const change = Object.assign({}, ...BROKEN.filter(([term]) => !term.endsWith('low')).map(([, broken]) => broken));
  const names = BROKEN.map(([term]) => term).filter((term) => !term.endsWith('low'));
  assert.deepEqual(judged(ALL, change), names);
});

test('a role is not asked for terms that it does not have, and identity, first loan and blacklist bind every role', () => {
  for (const [term, change] of BROKEN) {
    const binds = ['identity', 'issued before', 'blacklisted'].includes(term);
    assert.deepEqual(judged(terms.financial_department, change), binds ? [term] : []);
  }
  assert.deepEqual(judged(terms.civil_affairs, { income: 499 }), [], 'a low income is the bank’s concern');
});

test('amounts beyond the exact numbers of JavaScript are judged exactly', () => {
  const most = { debt_max: '18446744073709551614' };
  assert.deepEqual(judge(most, application, { ...facts, debt: '0xfffffffffffffffe' }), []);
  assert.deepEqual(judge(most, application, { ...facts, debt: '0xffffffffffffffff' }), ['debt']);
});

test('the facts’ hash is the one that the Rust rules and Python make, and another one for any other fact', () => {
  // crates/domain/src/oracle.rs has the same.
  const known = { ...facts, income: 800, debt: 5_000 };
  const hash = 'd6848d477796a7ce21d481ea219f446dbf40620f3beebd18828f3365760473a7';
  const made = (salt, facts) => u8aToHex(factsHash(salt, facts), -1, false);
  assert.equal(made(SALT, known), hash);
  assert.notEqual(made(`0x${'5b'.repeat(32)}`, known), hash);
  const changes = [
    { identity_matches: false },
    { income: 801 },
    { assets: 2_001 },
    { debt: 5_001 },
    { issued_before: true },
    { blacklisted: true },
  ];
  for (const change of changes) assert.notEqual(made(SALT, { ...known, ...change }), hash);
});
