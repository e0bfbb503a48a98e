// docs/loan.md as far as a test can read it: its example is made anew from what the page itself says, its tables of bytes are
// compared with the golden vectors, and its names with the contract's metadata. No node is needed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Keyring } from '@polkadot/api';
import { hexToU8a, stringToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a, cryptoWaitReady, sr25519Verify } from '@polkadot/util-crypto';
import { bundle } from '../built.mjs';
import { digits, domainSeparator, integer } from '../layouts.mjs';
import { eventBytes, eventHash, factsBytes, factsHash, operationBytes, roleBytes, verdictBytes } from '../loan.mjs';

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/loan.md');
/** The page without its line breaks. */
const prose = page.replaceAll(/\s+/g, ' ');
const vectors = JSON.parse(read('crates/domain/vectors/layouts.json'));
const bytes = (hex) => hexToU8a(`0x${hex}`);
const hex = (value) => u8aToHex(value, -1, false);

/** What follows a line of the page, up to the next heading or table of another layout. */
function after(line) {
  const at = page.indexOf(`\n${line}`);
  assert.ok(at >= 0, `the page has no ${line}`);
  return page.slice(at + 1 + line.length).split(/^(?:##|\*\*)/m)[0];
}

/** The rows of the only table in a text, without its heading. */
function rows(text) {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}

/** The page's lines `name = value`. */
const LINE = /^(\w[\w ]*?) += ((?:[0-9a-f]{2})+|<Bytes>\w+<\/Bytes>)$/gm;
const said = Object.fromEntries([...page.matchAll(LINE)].map((line) => line.slice(1)));

/** The bytes that a row's value stands for. `names` are the values that other parts of the page define. */
function encoded(field, value, names) {
  const [, name, type = name] = /^([^,]+)(?:, (.*))?$/.exec(field);
  const number = BigInt(/^[\d,]*/.exec(value)[0].replaceAll(',', '') || 0);
  const width = /^u(\d+)$/.exec(type)?.[1];
  if (width) return integer(number, width / 8);
  if (type === 'bool') return [Number(value === 'yes')];
  if (type === 'variant') return [Number(number)];
  if (type === 'count') return [Number(number) * 4];
  if (type === 'tag') return tag(value);
  if (type === 'list of u64') {
    const items = value.split(', ');
    return u8aConcat([items.length * 4], ...items.map((item) => integer(item, 8)));
  }
  const named = names[value.replaceAll('`', '')];
  assert.ok(named, `what is ${field}, ${value}?`);
  return named;
}

/** All bytes of a table of the example, each row's checked against its value. */
function table(heading, names = {}) {
  const parts = rows(after(`### ${heading}`)).map((row) => {
    const [field, value, digits] = row.slice(-3);
    const given = bytes(digits.replaceAll('`', ''));
    assert.equal(hex(given), hex(Uint8Array.from(encoded(field, value, names))), `${heading}: ${field}`);
    return given;
  });
  assert.ok(parts.length > 0, heading);
  return u8aConcat(...parts);
}

/** Where the fields of a layout are: each begins where the one before it ends. */
function fieldsOf(line, total) {
  let end = 0;
  const fields = rows(after(line)).map(([offset, length, field, value = field]) => {
    assert.equal(Number(offset), end, `${line} ${field}`);
    end += Number(length);
    return { from: Number(offset), to: end, field, value };
  });
  assert.equal(end, total, line);
  return fields;
}

/** The text that a tag's cell has in quotes. */
const tag = (cell) => stringToU8a(/"(.*)"/.exec(cell)[1].replace('\\0', '\0'));

// The example's values, in the form in which the page's words have them; its tables are compared with these.
const salt = `0x${/salt is 32 bytes `(\w\w)`/.exec(prose)[1].repeat(32)}`;
const facts = {
  identity_matches: true,
  income: 800,
  assets: 2_000,
  debt: 5_000,
  issued_before: false,
  blacklisted: false,
};
const flow = { oracles: [{ bank: null }, { civilAffairs: null }, { financialDepartment: null }] };
const event = {
  flow: 1,
  applicant: 7,
  grantors: [2, 3, 4],
  request: { loan: { product: 1, principal: 30_000, months: 24, facts: `0x${said['facts hash']}` } },
};
const ACCOUNTS = /account is 32 bytes `(\w\w)`, on a chain whose genesis hash is 32 bytes `(\w\w)`/;
const [contract, genesis] = ACCOUNTS.exec(prose).slice(1).map((byte) => bytes(byte.repeat(32)));
const domain = domainSeparator(genesis, contract);

await cryptoWaitReady();
const [, phrase] = /^(bottom [a-z ]+)$/m.exec(page);
const bank = new Keyring({ type: 'sr25519' }).addFromUri(`${phrase}//Bank`);

test('the example’s facts and their hash are those of the page', () => {
  const given = table('The facts');
  assert.equal(hex(given), hex(factsBytes(facts)));
  assert.equal(given.length, 51);
  assert.equal(said['facts hash'], hex(factsHash(salt, facts)));
  assert.deepEqual(JSON.parse(/```json\n(.*?)```/s.exec(page)[1]), [{ salt, facts }]);
});

test('the example’s event, operations and roles hash to what the page says', () => {
  const names = { 'facts hash': bytes(said['facts hash']) };
  const parts = [table('The event', names), table('The operations'), table('The roles')];
  assert.deepEqual(parts.map(hex), [eventBytes(event), operationBytes(event, flow), roleBytes(flow)].map(hex));
  assert.equal(said['body hash'], hex(blake2AsU8a(parts[0])));
  assert.equal(said['event hash'], hex(blake2AsU8a(u8aConcat(...parts))));
  assert.equal(said['event hash'], hex(eventHash(event, flow)));
});

test('the example’s verdict is 138 bytes, and its signature is the published key’s', () => {
  assert.equal(said.D, hex(domain));
  const names = { D: domain, 'event hash': bytes(said['event hash']), "the bank's public key": bank.publicKey };
  const message = table('The verdict', names);
  assert.equal(message.length, 138);
  const about = { domain, caseNumber: 1, revision: 0, event: eventHash(event, flow), role: 1, epoch: 0 };
  const made = verdictBytes({ ...about, key: bank.publicKey, verdict: 1, validUntil: 1_768_439_100_000 });
  assert.equal(hex(message), hex(made));
  assert.equal(said.H, digits(message));
  assert.equal(said.signed, `<Bytes>${said.H}</Bytes>`);
  assert.equal(said.signed.length, 79);
  const accepts = (text) => sr25519Verify(stringToU8a(text), bytes(said.signature), bank.publicKey);
  assert.ok(accepts(said.signed));
  assert.ok(!accepts(said.H));
});

test('what the page shows of the oracle’s output is the example', () => {
  const shown = (name) => new RegExp(`^${name} +(.*)$`, 'm').exec(after('## Oracles'))[1];
  assert.equal(shown('event hash'), `0x${said['event hash']}`);
  assert.equal(shown('valid until'), '1768439100000');
  assert.equal(shown('sign'), said.H);
  assert.equal(shown('signature'), `0x${said.signature}`);
});

for (const [line, total, section] of [
  ['### The verdict', 138, 'verdict'],
  ["**Applicant's signature on an event, 148 bytes**", 148, 'applicant'],
  ['**Passkey approval, 140 bytes**', 140, 'passkey'],
  ['**Credit rating, 161 bytes**', 161, 'rating'],
]) {
  test(`the page’s table of the ${section} says where each field of the golden vectors is`, () => {
    const fields = fieldsOf(line, total);
    assert.ok(vectors[section].length > 0);
    for (const vector of vectors[section]) {
      for (const { from, to, field, value } of fields) {
        const known = vector[/^[a-z ]+/.exec(field)[0].trim().replaceAll(' ', '_')];
        const width = /, u(\d+)/.exec(field)?.[1] / 8;
        const expected = field.startsWith('tag') ? tag(value) : width ? integer(known, width) : bytes(known);
        assert.equal(hex(bytes(vector.message).slice(from, to)), hex(expected), `${line} ${field}`);
      }
    }
  });
}

test('the page’s codes are the contract’s, in their order', () => {
  const { def } = bundle('loan').types.map(({ type }) => type).find(({ path }) => path?.join('::').endsWith('chaincode::Code'));
  const codes = rows(after('## The lock and its key')).filter(([number]) => /^\d$/.test(number));
  assert.deepEqual(
    codes.map(([number, name]) => [Number(number), name]),
    def.variant.variants.map(({ index, name }) => [index, `\`${name}\``]),
  );
});

test('every message, error, event, field and term that the page names exists', () => {
  const { spec, types } = bundle('loan');
  const all = [...spec.messages, ...spec.events].map(({ label }) => label.split('::').pop());
  for (const { type } of types) {
    const { composite, variant } = type.def;
    const owners = composite ? [composite] : (variant?.variants ?? []);
    all.push(type.path?.at(-1), ...owners.map(({ name }) => name));
    all.push(...owners.flatMap(({ fields = [] }) => fields.map(({ name }) => name)));
  }
  const terms = JSON.parse(read('data/loan_terms.json'));
  const known = new Set([...all, ...Object.values(terms).flatMap(Object.keys)]);
  const words = [...page.matchAll(/`([A-Za-z][A-Za-z_]+)(?:\(.*?\)| \{.*?\})?`/g)].map(([, word]) => word);
  assert.ok(words.length > 50);
  assert.deepEqual([...new Set(words)].filter((word) => !known.has(word)), []);
});
