// The layouts in JavaScript agree with the golden vectors that the Rust code is checked against.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hexToU8a, stringToU8a, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady, sr25519PairFromSeed, sr25519Sign, sr25519Verify } from '@polkadot/util-crypto';
import { attestation, digits, domainSeparator, identityCommitment, signRaw } from '../layouts.mjs';

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

for (const [at, vector] of vectors.redemption.entries()) {
  test(`redemption ${at + 1}: bytes and signatures are those of the vector`, () => {
    const { voucher, redemption, amount, epoch } = vector;
    const [domain, shop, key] = [vector.domain, vector.shop, vector.key].map(bytes);
    const message = attestation({ domain, voucher, redemption, shop, amount, validUntil: vector.valid_until, epoch, key });
    assert.equal(hex(message), vector.message);
    assert.equal(message.length, 156);
    assert.equal(signed(message), vector.signed);

    const accepts = (signature) => sr25519Verify(stringToU8a(vector.signed), signature, key);
    assert.ok(accepts(bytes(vector.signature)));
    assert.ok(!accepts(bytes(vector.signature_over_raw_message)));
    assert.ok(!accepts(bytes(vector.signature_over_bare_hex)));
  });

  test(`redemption ${at + 1}: what a wallet signs for the digits verifies, framed by hand or by the wallet`, () => {
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
