// The bytes that are signed and hashed off chain, as docs/redemption.md has them. Integers are little-endian.

import { createHmac } from 'node:crypto';
import { bnToU8a, stringToU8a, u8aConcat, u8aToHex, u8aToU8a, u8aWrapBytes } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';

/** An integer of fixed width. */
export const integer = (value, bytes) => bnToU8a(BigInt(value), { bitLength: bytes * 8, isLe: true });

/** What makes a signature worthless in any other contract and on any other chain. */
export function domainSeparator(genesis, contract) {
  return blake2AsU8a(u8aConcat(stringToU8a('amanah-domain/1\0'), u8aToU8a(genesis), u8aToU8a(contract)));
}

/** The 156 bytes by which an attestor, or the holder, says that a redemption may go through. */
export function attestation({ domain, voucher, redemption, shop, amount, validUntil, epoch, key }) {
  return u8aConcat(
    stringToU8a('amanah-redeem/1\0'),
    u8aToU8a(domain),
    integer(voucher, 8),
    integer(redemption, 8),
    u8aToU8a(shop),
    integer(amount, 16),
    integer(validUntil, 8),
    integer(epoch, 4),
    u8aToU8a(key),
  );
}

/** The text that a person gives a wallet to sign: the hash of `message` as 64 digits. */
export function digits(message) {
  return u8aToHex(blake2AsU8a(message), -1, false);
}

/** Signs a text as wallets' `signRaw` and the page "Sign and verify" do: with `<Bytes>` around it. */
export function signRaw(pair, text) {
  return pair.sign(u8aWrapBytes(stringToU8a(text)));
}

/** What the registry keeps of an identity number: only the registrar, who has the key, can make it or try numbers. */
export function identityCommitment(key, type, number) {
  const normal = number.normalize('NFKC').replace(/\p{White_Space}/gu, '').toUpperCase();
  const message = u8aConcat(stringToU8a('amanah-identity\0'), [type], stringToU8a(normal));
  return new Uint8Array(createHmac('sha256', key).update(message).digest());
}

/** The kinds of identity numbers. */
export const IDENTITY = { national: 0, passport: 1, organisation: 2 };
