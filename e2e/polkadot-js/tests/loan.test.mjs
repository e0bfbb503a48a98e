// Loans from JavaScript on a node: a case is locked, oracles of three kinds sign their verdicts (the script oracle.mjs, a wallet,
// a program), and it is unlocked; wallets give verdicts from their own accounts; a campaign is rated, approved and closed.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compactStripLength, stringToU8a, u8aToHex } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { submit } from '../client.mjs';
import { digits, domainSeparator, signRaw } from '../layouts.mjs';
import {
  applicantBytes,
  eventBytes,
  eventHash,
  factsHash,
  passkeyBytes,
  ratingBytes,
  roleNumber,
  verdictBytes,
} from '../loan.mjs';
import { card, DAY, HOUR, organisation, reference, refused, registration, stage } from './stage.mjs';

const ORACLE = fileURLToPath(new URL('../oracle.mjs', import.meta.url));
const TERMS = fileURLToPath(new URL('../../../data/loan_terms.json', import.meta.url));

/** What the oracles are told of the citizen: poor enough for civil affairs, and able to repay. */
const SALT = `0x${'11'.repeat(32)}`;
const FACTS = {
  identity_matches: true,
  income: 800,
  assets: 2_000,
  debt: 5_000,
  issued_before: false,
  blacklisted: false,
};
/** An income that is too high for civil affairs, and good for the bank. */
const RICH = { ...FACTS, income: 9_000 };

/** Signs the 79 bytes by itself, as a program does, where a wallet is given the digits. */
const program = (pair, text) => pair.sign(stringToU8a(`<Bytes>${text}</Bytes>`));

const names = (events) => events.map(({ event }) => event);

test('the loan story', { timeout: 600_000 }, async (t) => {
  const { accounts, api, keyring, step, suite, url } = await stage(t);
  const [administrator, government, bank, civilAffairs, department, citizen] = accounts;
  // These sign, and send nothing, so they need no tokens; but for the investor.
  const [poor, officer, authenticator, investor] = ['poor', 'officer', 'authenticator', 'investor'].map((name) =>
    keyring.addFromUri(`//Alice//${name}`, { name }),
  );
  const number = { government: 1, bank: 2, civilAffairs: 3, department: 4, citizen: 5, poor: 6, officer: 7 };
  Object.assign(number, { authenticator: 8, investor: 9 });
  const flow = { application: 1, refund: 2, close: 3, reschedule: 4 };
  const [product, other, collected] = [1, 2, 3];

  const folder = mkdtempSync(join(tmpdir(), 'amanah-oracle-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (name, facts) => {
    writeFileSync(join(folder, name), JSON.stringify([{ salt: SALT, facts }]));
    return join(folder, name);
  };
  const [locked, rich] = [file('facts.json', FACTS), file('rich.json', RICH)];
  let registry, ledger, loan, domain;

  /** Runs the script; gives its exit code, and its lines by their first words or what it complained about. */
  const oracle = (suri, ...given) =>
    new Promise((resolve) => {
      const env = { ...process.env, AMANAH_SURI: suri };
      execFile(process.execPath, [ORACLE, loan.address, ...given, url], { env }, (error, stdout, stderr) => {
        const lines = stdout.trim().split('\n').map((line) => [line.slice(0, 13).trim(), line.slice(13)]);
        resolve({ code: error?.code ?? 0, said: Object.fromEntries(lines), complaint: stderr.trim() });
      });
    });
  const printed = ({ code, said, complaint }) => {
    assert.equal(code, 0, complaint);
    return { verdict: said.verdict.split(',')[0], validUntil: said['valid until'], signature: said.signature };
  };

  /** An oracle's verdict on a case as it stands, with the hash that is made here and not asked for. */
  const verdict = async (caseNumber, pair, signs = signRaw, at = 0) => {
    const { event, revision } = await loan.ask('Loan::case', caseNumber);
    const terms = await loan.ask('Loan::flow', event.flow);
    const validUntil = Date.now() + HOUR;
    const role = roleNumber(terms.oracles[at]);
    const about = { domain, caseNumber, revision, event: eventHash(event, terms), role, epoch: 0, key: pair.publicKey };
    const signature = u8aToHex(signs(pair, digits(verdictBytes({ ...about, verdict: 1, validUntil }))));
    return { verdict: 'Pass', validUntil, signature };
  };

  const application = (wanted, facts = FACTS, applicant = number.citizen, of = product) => ({
    flow: flow.application,
    applicant,
    grantors: [number.bank, number.civilAffairs, number.department],
    request: { loan: { product: of, principal: wanted, months: 24, facts: u8aToHex(factsHash(SALT, facts)) } },
  });

  await step('the contracts are deployed, and money may be held by the loan contract', async () => {
    const genesis = api.genesisHash.toHex();
    registry = await suite.deploy(administrator, 'registry', administrator.address, 2 * DAY);
    ledger = await suite.deploy(administrator, 'ledger', registry.address);
    loan = await suite.deploy(administrator, 'loan', registry.address, ledger.address, genesis);
    await ledger.send(administrator, 'Ledger::set_suite_contract', loan.address, true);
    domain = domainSeparator(api.genesisHash.toU8a(), api.createType('AccountId', loan.address).toU8a());
    assert.equal(await loan.ask('Loan::domain_separator'), u8aToHex(domain));
    assert.equal(await loan.ask('Loan::registry'), registry.address);
    assert.equal(await loan.ask('Loan::ledger'), ledger.address);
  });

  await step('everybody is registered, and the bank lets the loan contract draw', async () => {
    const first = registration(government, organisation('government'), 'Government');
    await registry.send(administrator, 'Registry::register', first);
    const rows = [
      registration(bank, organisation('bank'), 'Bank'),
      registration(civilAffairs, organisation('civil affairs'), 'CivilAffairs'),
      registration(department, organisation('financial department'), 'FinancialDepartment'),
      registration(citizen, card('1203114902683264'), 'Citizen'),
      registration(poor, card('1203114902683265'), 'Citizen'),
      registration(officer, organisation('lending'), 'LoanAdministrator'),
      registration(authenticator, organisation('passkeys'), 'Authenticator'),
      registration(investor, card('1203114902683266'), 'Investor'),
    ];
    const { value } = await registry.send(government, 'Registry::register_many', rows);
    assert.deepEqual(value, [2, 3, 4, 5, 6, 7, 8, 9].map((ok) => ({ ok })));
    await ledger.send(bank, 'Ledger::issue', bank.address, 1_000_000, reference('opening'));
    await ledger.send(bank, 'Ledger::approve', loan.address, number.bank, 100_000);
  });

  await step('the government configures flows, and none by which a bank would not be asked for its money', async () => {
    const configure = (by, kind, oracles) =>
      loan.send(by, 'Loan::configure_flow', kind, ['Citizen'], oracles, DAY);
    const all = ['Bank', 'CivilAffairs', 'FinancialDepartment'];
    await assert.rejects(configure(bank, 'LoanApplication', all), refused('NotAllowed'));
    const without = configure(government, 'LoanApplication', ['CivilAffairs']);
    await assert.rejects(without, refused({ Flow: { MustGrant: { role: 'Bank' } } }));
    const { value, events } = await configure(government, 'LoanApplication', all);
    assert.equal(value, flow.application);
    const oracles = [{ bank: null }, { civilAffairs: null }, { financialDepartment: null }];
    // A bit for each role: Citizen is the fourth.
    const terms = { kind: 'LoanApplication', applicants: 8, oracles, validity: DAY };
    assert.deepEqual(events, [{ contract: 'loan', event: 'FlowConfigured', fields: { flow: 1, terms } }]);
    await configure(government, 'InterestRefund', ['Bank', 'FinancialDepartment']);
    await configure(government, 'CampaignClose', ['LoanAdministrator']);
    await configure(government, 'Reschedule', ['Bank']);
    assert.equal(await loan.ask('Loan::present_flow', 'Reschedule'), flow.reschedule);
  });

  await step('the bank and the loan administrator offer products', async () => {
    const tokens = api.tx.balances.transferKeepAlive;
    for (const { address } of [officer, investor]) await submit(api, tokens(address, 10n ** 15n), administrator);
    const offer = {
      flow: flow.application,
      limit: 50_000,
      mostMonths: 36,
      againAfterMonths: 12,
      rate: 500,
      method: 'EqualPrincipal',
      order: 'PrincipalFirst',
      graceDays: 5,
      lateFee: 10,
      defaultAfterDays: 90,
      subsidised: true,
    };
    assert.equal((await loan.send(bank, 'Loan::offer_product', offer)).value, product);
    assert.equal((await loan.send(bank, 'Loan::offer_product', offer)).value, other);
    const campaigns = { ...offer, flow: 0, subsidised: false };
    assert.equal((await loan.send(officer, 'Loan::offer_product', campaigns)).value, collected);
    const { owner, terms } = await loan.ask('Loan::product', product);
    assert.deepEqual([owner, terms.method, terms.subsidised], [number.bank, 'EqualPrincipal', true]);
  });

  await step('the citizen locks an application, and what is refused says why', async () => {
    const lock = (by, event) => loan.send(by, 'Loan::lock', event, null);
    await assert.rejects(lock(bank, application(30_000)), refused('NotAllowed'));
    const tooMuch = { Product: { OverLimit: { most: '50,000', wanted: '50,001' } } };
    await assert.rejects(lock(citizen, application(50_001)), refused(tooMuch));
    const event = application(30_000);
    const { value, events } = await lock(citizen, event);
    assert.equal(value, 1);
    const { expires } = await loan.ask('Loan::case', 1);
    const fields = { case: 1, applicant: number.citizen, event, expires };
    assert.deepEqual(events, [{ contract: 'loan', event: 'CaseLocked', fields }]);
    const terms = await loan.ask('Loan::flow', flow.application);
    assert.equal(await loan.ask('Loan::event_hash', 1), u8aToHex(eventHash(event, terms)));
  });

  await step('the JavaScript oracle signs for nobody else, and for no facts but those that were locked', async () => {
    const others = await oracle('//Charlie', '1', 'bank', rich, TERMS);
    assert.deepEqual([others.code, others.complaint], [1, 'the facts that were locked are not in the file']);
    const stranger = await oracle('//Eve', '1', 'bank', locked, TERMS);
    assert.deepEqual([stranger.code, stranger.complaint], [1, 'participant 2 signs with another key']);
    const nobody = await oracle('//Charlie', '1', 'auditor', locked, TERMS);
    assert.deepEqual([nobody.code, nobody.complaint], [1, 'nobody grants this as auditor']);
    assert.equal((await oracle('//Charlie', '2', 'bank', locked, TERMS)).complaint, 'case 2 is not open');
  });

  await step('a script, a wallet and a program sign, and the three verdicts unlock the loan', async () => {
    const event = application(30_000);
    const passes = [
      printed(await oracle('//Charlie', '1', 'bank', locked, TERMS)),
      await verdict(1, civilAffairs, signRaw, 1),
      await verdict(1, department, program, 2),
    ];
    const unlock = (given, verdicts) => loan.send(citizen, 'Loan::unlock', 1, given, verdicts);
    const before = await loan.ask('Loan::case', 1);
    const [one, two, three] = passes;
    for (const [code, given, verdicts] of [
      ['OracleFailed', event, [two, one, three]],
      ['TypeError', event, [two, three]],
      ['TypeError', event, [one, one, two, three]],
      ['EventMismatch', application(30_001), passes],
    ]) {
      // Junk is told by the paper's code, and stores nothing.
      const { value, events } = await unlock(given, verdicts);
      assert.equal(value, code);
      assert.deepEqual(events, [{ contract: 'loan', event: 'UnlockRefused', fields: { case: 1, code } }]);
      assert.deepEqual(await loan.ask('Loan::case', 1), before);
    }
    const { value, events } = await unlock(event, passes);
    assert.equal(value, 'Success');
    assert.deepEqual(names(events), ['Transferred', 'LoanOpened', 'CaseExecuted']);
    const { borrower, lender, principal, status, subsidisedBy } = await loan.ask('Loan::loan', 1);
    assert.deepEqual([borrower, lender, principal, status], [5, { bank: number.bank }, 30_000, 'Active']);
    assert.equal(subsidisedBy, number.department);
    assert.equal(await ledger.ask('Ledger::balance_of', citizen.address, number.bank), 30_000);
    await assert.rejects(unlock(event, passes), refused({ Case: { NotOpen: { status: 'Executed' } } }));
  });

  await step('somebody without tokens applies by its signature, which serves once', async () => {
    const event = application(20_000, FACTS, number.poor);
    const validUntil = Date.now() + HOUR;
    const body = blake2AsU8a(eventBytes(event));
    const about = { domain, flow: event.flow, applicant: number.poor, nonce: 1, revision: 0, body };
    const message = applicantBytes({ ...about, epoch: 0, key: poor.publicKey, validUntil });
    const signed = { nonce: 1, validUntil, signature: u8aToHex(signRaw(poor, digits(message))) };
    const lock = (given, approval) => loan.send(citizen, 'Loan::lock', given, approval);
    const changed = lock({ ...event, grantors: [...event.grantors].reverse() }, signed);
    await assert.rejects(changed, refused({ Signing: { BadSignature: { signer: `${number.poor}` } } }));
    assert.equal((await lock(event, signed)).value, 2);
    await assert.rejects(lock(event, signed), refused({ Signing: { NonceUsed: { latest: '1' } } }));
  });

  await step('oracles give their verdicts from wallets, in their order, and the last one opens the loan', async () => {
    const hash = await loan.ask('Loan::event_hash', 2);
    const give = (by, about = hash) => loan.send(by, 'Loan::submit_verdict', 2, 0, about, 'Pass');
    await assert.rejects(give(civilAffairs), refused({ Case: { NotYourTurn: { next: `${number.bank}` } } }));
    await assert.rejects(give(bank, await loan.ask('Loan::event_hash', 1)), refused('OtherEvent'));
    await assert.rejects(give(citizen), refused('NotAllowed'));
    const { said } = await oracle('//Charlie', '2', 'bank', locked, TERMS, '--submit');
    assert.deepEqual([said.verdict, said.submitted], ['Pass', 'VerdictGiven']);
    const { events } = await give(civilAffairs);
    const fields = { case: 2, oracle: number.civilAffairs, revision: 0, verdict: 'Pass' };
    assert.deepEqual(events, [{ contract: 'loan', event: 'VerdictGiven', fields }]);
    const last = await give(department);
    assert.deepEqual(names(last.events), ['VerdictGiven', 'Transferred', 'LoanOpened', 'CaseExecuted']);
    assert.equal((await loan.ask('Loan::loan', 2)).borrower, number.poor);
  });

  await step('an oracle that fails an application ends its revision, and the next one is judged anew', async () => {
    const again = loan.send(citizen, 'Loan::lock', application(1_000), null);
    await assert.rejects(again, ({ error }) => Boolean(error.Loan?.TooSoon));
    const event = application(1_000, RICH, number.citizen, other);
    assert.equal((await loan.send(citizen, 'Loan::lock', event, null)).value, 3);
    const judged = await oracle('//Dave', '3', 'civil_affairs', rich, TERMS);
    assert.equal(judged.said.verdict, 'Failed, income too high');
    const verdicts = [await verdict(3, bank), printed(judged), await verdict(3, department, signRaw, 2)];
    const { value, events } = await loan.send(citizen, 'Loan::unlock', 3, event, verdicts);
    assert.equal(value, 'OracleFailed');
    const fields = { case: 3, revision: 0, role: { civilAffairs: null } };
    assert.deepEqual(events, [{ contract: 'loan', event: 'CaseFailed', fields }]);

    const better = application(1_000, FACTS, number.citizen, other);
    const { events: revised } = await loan.send(citizen, 'Loan::revise', 3, better, null);
    assert.deepEqual([names(revised), revised[0].fields.revision], [['CaseRevised'], 1]);
    const old = await loan.send(citizen, 'Loan::unlock', 3, better, verdicts);
    assert.equal(old.value, 'OracleFailed');
    assert.deepEqual(names(old.events), ['UnlockRefused'], 'a verdict on an older revision fails nothing');
    const passes = [printed(await oracle('//Dave', '3', 'civil_affairs', locked, TERMS))];
    passes.unshift(await verdict(3, bank));
    passes.push(await verdict(3, department, program, 2));
    assert.equal((await loan.send(citizen, 'Loan::unlock', 3, better, passes)).value, 'Success');
  });

  await step('the hashes of all other events are those that are made off chain', async () => {
    const about = (kind, grantors, request) => ({ flow: flow[kind], applicant: number.citizen, grantors, request });
    const refund = about('refund', [number.bank, number.department], { interestRefund: { loan: 1 } });
    const reschedule = about('reschedule', [number.bank], { reschedule: { loan: 1, months: 12 } });
    for (const [at, event] of [refund, reschedule].entries()) {
      const { value } = await loan.send(citizen, 'Loan::lock', event, null);
      assert.equal(value, 4 + at);
      const hash = eventHash(event, await loan.ask('Loan::flow', event.flow));
      assert.equal(await loan.ask('Loan::event_hash', value), u8aToHex(hash));
    }
    const done = await loan.send(citizen, 'Loan::unlock', 5, reschedule, [await verdict(5, bank)]);
    assert.deepEqual(names(done.events), ['LoanRescheduled', 'CaseExecuted']);
    // The department cannot be asked for interest before the term is over.
    const verdicts = [await verdict(4, bank), await verdict(4, department, signRaw, 1)];
    const early = loan.send(citizen, 'Loan::unlock', 4, refund, verdicts);
    await assert.rejects(early, ({ error }) => Boolean(error.Loan?.TooEarly));
  });

  await step('a loan is repaid, and the bank withdraws what came in', async () => {
    await ledger.send(citizen, 'Ledger::approve', loan.address, number.bank, 10_000);
    const { value, events } = await loan.send(citizen, 'Loan::repay', 1, 10_000);
    assert.equal(value, 10_000);
    const fields = { loan: 1, by: number.citizen, fees: 0, interest: 0, principal: 10_000, status: 'Active' };
    const said = events.filter(({ contract }) => contract === 'loan');
    assert.deepEqual(said, [{ contract: 'loan', event: 'LoanRepaid', fields }]);
    assert.equal((await loan.ask('Loan::due', 1)).principal, 20_000);
    await loan.send(bank, 'Loan::withdraw', number.bank, 10_000);
    assert.equal(await loan.ask('Loan::credit', number.bank, number.bank), 0);
  });

  await step('a campaign is rated and approved off chain, filled, and closed by the administrator’s verdict', async () => {
    const validUntil = Date.now() + HOUR;
    const wanted = {
      product: collected,
      issuer: number.bank,
      target: 1_000,
      minimum: 100,
      months: 12,
      deadline: Date.now() + 10 * DAY,
      document: `0x${'09'.repeat(32)}`,
    };
    const facts = `0x${'08'.repeat(32)}`;
    const rating = { grade: 1, rate: 800, most: 9_600 };
    const signers = { domain, nonce: 1, validUntil, epoch: 0 };
    const rated = ratingBytes({ ...signers, borrower: number.citizen, ...rating, facts, key: officer.publicKey });
    const signed = (pair, message) => ({ nonce: 1, validUntil, signature: u8aToHex(signRaw(pair, digits(message))) });
    const signedRating = { signer: number.officer, rating, facts, signed: signed(officer, rated) };
    /** An authenticator's word that the borrower wants this campaign. */
    const passkey = (campaign) => {
      // The call's data with any approval, less its length and the approval's 88 bytes.
      const blank = { signer: 0, signed: { nonce: 0, validUntil: 0, signature: `0x${'00'.repeat(64)}` } };
      const data = loan.abi.findMessage('Loan::open_campaign').toU8a([campaign, signedRating, blank]);
      const args = blake2AsU8a(compactStripLength(data)[1].slice(0, -88));
      const about = { ...signers, participant: number.citizen, args, key: authenticator.publicKey };
      return { signer: number.authenticator, signed: signed(authenticator, passkeyBytes(about)) };
    };
    const open = (approval) => loan.send(citizen, 'Loan::open_campaign', wanted, signedRating, approval);
    const another = open(passkey({ ...wanted, target: 999 }));
    await assert.rejects(another, refused({ Signing: { BadSignature: { signer: `${number.authenticator}` } } }));
    const { value: campaign, events } = await open(passkey(wanted));
    assert.deepEqual(names(events), ['CampaignProposed']);

    await loan.send(officer, 'Loan::approve_campaign', campaign);
    await ledger.send(bank, 'Ledger::transfer', investor.address, number.bank, 1_000);
    await ledger.send(investor, 'Ledger::approve', loan.address, number.bank, 1_000);
    await loan.send(investor, 'Loan::invest', campaign, 1_000);
    const request = { campaignClose: { campaign } };
    const close = { flow: flow.close, applicant: number.citizen, grantors: [number.officer], request };
    assert.equal((await loan.send(citizen, 'Loan::lock', close, null)).value, 6);
    const hash = eventHash(close, await loan.ask('Loan::flow', flow.close));
    assert.equal(await loan.ask('Loan::event_hash', 6), u8aToHex(hash));
    const done = await loan.send(citizen, 'Loan::unlock', 6, close, [await verdict(6, officer)]);
    assert.deepEqual(names(done.events), ['Transferred', 'CampaignDecided', 'LoanOpened', 'CaseExecuted']);
    const { status, loan: opened } = await loan.ask('Loan::campaign', campaign);
    assert.deepEqual([status, (await loan.ask('Loan::loan', opened)).terms.rate], ['Funded', 800]);
  });
});
