// What is signed about welfare, as docs/welfare.md has it. Integers are little-endian. A committee's verdicts are those of
// loan.mjs.

import { stringToU8a, u8aConcat, u8aToU8a } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { integer } from './layouts.mjs';

/** The 125 bytes of a reviewer's seal on a document. `cid`: the document's CIDv1 as bytes. */
export function sealBytes({ domain, caseNumber, cid, stage, epoch, key }) {
  return u8aConcat(
    stringToU8a('amanah-docseal/1'),
    u8aToU8a(domain),
    integer(caseNumber, 8),
    blake2AsU8a(u8aToU8a(cid)),
    integer(stage, 1),
    integer(epoch, 4),
    u8aToU8a(key),
  );
}
