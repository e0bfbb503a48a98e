// The layouts in JavaScript agree with the golden vectors that the Rust code is checked against.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hexToU8a, stringToU8a, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady, sr25519PairFromSeed, sr25519Sign, sr25519Verify } from '@polkadot/util-crypto';
import { attestation, digits, domainSeparator, identityCommitment, signRaw } from '../layouts.mjs';
import { applicantBytes, passkeyBytes, ratingBytes, verdictBytes } from '../loan.mjs';
import { sealBytes } from '../welfare.mjs';

const vectors = JSON.parse(
  readFileSync(new URL('../../../crates/domain/vectors/layouts.json', import.meta.url), 'utf8'),
);
const bytes = (hex) => hexToU8a(`0x${hex}`);
const hex = (bytes) => u8aToHex(bytes, -1, false);
const signed = (message) => `<Bytes>${digits(message)}</Bytes>`;

await cryptoWaitReady();

test('domain separators are those of the vectors', () => {
  for (const vector of vectors.domain_separator) {
    assert.equal(hex(domainSeparator(bytes(vector.genesis), bytes(vector.contract))), vector.separator);
  }
});

test('what is signed for a message is that of the vectors', () => {
  for (const vector of vectors.wrapped) {
    assert.equal(signed(bytes(vector.message)), vector.signed);
  }
});

/** What signers sign: each section of the vectors, how long its messages are, and how they are made. */
const STATEMENTS = {
  redemption: [156, attestation],
  verdict: [138, verdictBytes],
  applicant: [148, applicantBytes],
  passkey: [140, passkeyBytes],
  rating: [161, ratingBytes],
  seal: [125, sealBytes],
};
/** The vectors' fields that are bytes; the others are integers. */
const BYTES = ['domain', 'key', 'shop', 'event', 'body', 'arguments', 'facts', 'cid'];
/** The vectors' names of fields that JavaScript has other names for. */
const NAMES = { valid_until: 'validUntil', case: 'caseNumber', arguments: 'args' };

test('there are vectors of every statement', () => {
  for (const section of Object.keys(STATEMENTS)) assert.ok(vectors[section]?.length > 0, section);
});

const signedVectors = Object.keys(STATEMENTS).flatMap((section) =>
  (vectors[section] ?? []).map((vector, at) => ({ section, vector, at })),
);
for (const { section, vector, at } of signedVectors) {
  const [length, make] = STATEMENTS[section];

  test(`${section} ${at + 1}: bytes and signatures are those of the vector`, () => {
    const fields = Object.entries(vector).map(([name, value]) => [
      NAMES[name] ?? name,
      BYTES.includes(name) ? bytes(value) : value,
    ]);
    const message = make(Object.fromEntries(fields));
    assert.equal(hex(message), vector.message);
    assert.equal(message.length, length);
    assert.equal(signed(message), vector.signed);

    const accepts = (signature) => sr25519Verify(stringToU8a(vector.signed), signature, bytes(vector.key));
    assert.ok(accepts(bytes(vector.signature)));
    assert.ok(!accepts(bytes(vector.signature_over_raw_message)));
    assert.ok(!accepts(bytes(vector.signature_over_bare_hex)));
  });

  test(`${section} ${at + 1}: what a wallet signs for the digits verifies, framed by hand or by the wallet`, () => {
    const pair = sr25519PairFromSeed(bytes(vector.seed));
    assert.equal(hex(pair.publicKey), vector.key);
    const wallet = { sign: (message) => sr25519Sign(message, pair) };
    const text = digits(bytes(vector.message));
    for (const given of [text, vector.signed]) {
      assert.ok(sr25519Verify(stringToU8a(vector.signed), signRaw(wallet, given), pair.publicKey));
    }
    assert.ok(!sr25519Verify(stringToU8a(vector.signed), wallet.sign(stringToU8a(text)), pair.publicKey));
  });
}

test('identity commitments are those of the vectors', () => {
  for (const { key, type, number, commitment } of vectors.identity) {
    assert.equal(hex(identityCommitment(bytes(key), Number(type), number)), commitment);
  }
});
