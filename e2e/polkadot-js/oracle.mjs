// An oracle of the loan contract: reads a case, looks for the facts that the applicant locked, judges them by its terms, and signs
// its verdict.
//
//   AMANAH_SURI='//Charlie' node oracle.mjs LOAN_CONTRACT CASE ROLE FACTS TERMS [ws://127.0.0.1:9944] [--submit]
//
// ROLE is one of the flow's, such as civil_affairs. FACTS and TERMS are JSON files as `amanah oracle run` takes them; docs/loan.md
// explains them. It prints the verdict for whoever unlocks the case; with --submit it sends it from the oracle's own account.

import { readFileSync } from 'node:fs';
import { Keyring } from '@polkadot/api';
import { stringCamelCase, u8aEq, u8aToHex } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { connect, Suite } from './client.mjs';
import { digits, domainSeparator, signRaw } from './layouts.mjs';
import { eventHash, factsHash, judge, roleNumber, verdictBytes } from './loan.mjs';

const HOUR = 3_600_000;

const given = process.argv.slice(2).filter((word) => word !== '--submit');
const [address, number, role, factsFile, termsFile, url = 'ws://127.0.0.1:9944'] = given;
if (!termsFile || !process.env.AMANAH_SURI) {
  console.error('say: AMANAH_SURI=KEY node oracle.mjs LOAN_CONTRACT CASE ROLE FACTS TERMS [NODE] [--submit]');
  process.exit(2);
}
const records = JSON.parse(readFileSync(factsFile, 'utf8'));
const terms = JSON.parse(readFileSync(termsFile, 'utf8'))[role];

const api = await connect(url);
await cryptoWaitReady();
const oracle = new Keyring({ type: 'sr25519' }).addFromUri(process.env.AMANAH_SURI);
const suite = new Suite(api);
const loan = suite.attach('loan', address);
const registry = suite.attach('registry', await loan.ask('Loan::registry'));

/** Nothing is signed unless everything is as it should be. */
function must(holds, otherwise) {
  if (holds) return;
  console.error(otherwise);
  process.exit(1);
}

// What is it about? The contract is asked for records only: hashes are made here, so that it cannot show one event and have
// another one signed.
const record = await loan.ask('Loan::case', number);
must(record?.status === 'Open', `case ${number} is not open`);
const { event, revision } = record;
const flow = await loan.ask('Loan::flow', event.flow);
const domain = domainSeparator(api.genesisHash, api.createType('AccountId', address).toU8a());
must(u8aEq(domain, await loan.ask('Loan::domain_separator')), 'the contract is of another chain');
const hash = eventHash(event, flow);
must(u8aEq(hash, await loan.ask('Loan::event_hash', number)), 'the contract says another hash of this event');

// Am I the one whom the event names for my role?
const at = flow.oracles.findIndex((one) => Object.keys(one)[0] === stringCamelCase(role));
must(at >= 0, `nobody grants this as ${role}`);
const known = await registry.ask('Registry::credentials_of', event.grantors[at]);
must(u8aEq(known.key, oracle.publicKey), `participant ${known.number} signs with another key`);

// Was I told the facts that the applicant locked, and do all terms hold?
const application = event.request.loan;
must(application, 'only applications for loans are judged by terms');
must(terms, `there are no terms of ${role}`);
const told = records.find(({ salt, facts }) => u8aEq(factsHash(salt, facts), application.facts));
must(told, 'the facts that were locked are not in the file');
const failed = judge(terms, application, told.facts);
const verdict = failed.length === 0 ? 'Pass' : 'Failed';

const validUntil = Math.min(record.expires, Date.now() + HOUR);
const { epoch, key } = known;
const about = { domain, caseNumber: number, revision, event: hash, role: roleNumber(flow.oracles[at]) };
const text = digits(verdictBytes({ ...about, epoch, key, verdict: Number(verdict === 'Pass'), validUntil }));
console.log(`case         ${number}, revision ${revision}`);
console.log(`verdict      ${[verdict, ...failed].join(', ')}`);
console.log(`event hash   ${u8aToHex(hash)}`);
console.log(`valid until  ${validUntil}`);
console.log(`sign         ${text}`);
console.log(`signature    ${u8aToHex(signRaw(oracle, text))}`);
if (process.argv.includes('--submit')) {
  const { events } = await loan.send(oracle, 'Loan::submit_verdict', number, revision, u8aToHex(hash), verdict);
  console.log(`submitted    ${events.map(({ event: name }) => name).join(', ')}`);
}
// The connection's timers would keep the process for some seconds.
process.exit();
