// Prints what a person signs to confirm a redemption, and until when that counts:
//
//   node what-to-sign.mjs VOUCHER_CONTRACT REDEMPTION SIGNER [ws://127.0.0.1:9944]
//
// The signer is the account of an attestor or of the voucher's holder.

import { connect, Suite } from './client.mjs';
import { attestation, digits } from './layouts.mjs';

const [address, redemption, signer, url = 'ws://127.0.0.1:9944'] = process.argv.slice(2);
if (!signer) {
  console.error('say: node what-to-sign.mjs VOUCHER_CONTRACT REDEMPTION SIGNER [NODE]');
  process.exit(2);
}

const api = await connect(url);
const suite = new Suite(api);
const voucher = suite.attach('voucher', address);
const registry = suite.attach('registry', await voucher.ask('Voucher::registry'));
const record = await voucher.ask('Voucher::redemption', redemption);
const known = await registry.ask('Registry::credentials', signer);
if (!record) throw new Error(`there is no redemption ${redemption}, or its record was cleared`);
if (!known) throw new Error(`nobody is registered under ${signer}`);

const message = attestation({
  domain: await voucher.ask('Voucher::domain_separator'),
  voucher: record.voucher,
  redemption,
  shop: record.account,
  amount: record.amount,
  validUntil: record.expires,
  epoch: known.epoch,
  key: known.key,
});
console.log(`redemption   ${redemption} of voucher ${record.voucher}: ${record.amount}, ${record.status}`);
console.log(`signer       ${known.number}`);
console.log(`valid until  ${record.expires}`);
console.log(`sign         ${digits(message)}`);
// The connection's timers would keep the process for some seconds.
process.exit();
