// The voucher story from JavaScript on a node: from deployment to cash, with what is refused on the way. docs/polkadot-js.md
// leads through the same steps in a browser.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stringToU8a, u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';
import { Failed, submit } from '../client.mjs';
import { attestation, digits, domainSeparator, signRaw } from '../layouts.mjs';
import { compareWithGuide } from './guide.mjs';
import { card, CARDS_END, DAY, HOUR, organisation, reference, refused, registration, stage } from './stage.mjs';

/** What a shop's list of goods becomes on chain: a hash that cannot be guessed without the shop's salt. */
const items = (salt, goods) => blake2AsHex(`${salt}: ${goods}`);

const ZEROS = `0x${'00'.repeat(32)}`;

test('the voucher story', { timeout: 600_000 }, async (t) => {
  const { accounts, api, keyring, step, suite, url } = await stage(t);
  const [administrator, government, bank, service, shop, citizen] = accounts;
  const [governmentNumber, bankNumber, serviceNumber, shopNumber, citizenNumber] = [1, 2, 3, 4, 5];
  const [programme, number, category] = [1, 1, 0];

  // What is another value in each run, and the guide's words for it.
  const dynamic = [[api.genesisHash.toHex(), 'the hash of block 0']];
  let registry, ledger, voucher;

  await step('a constructor that refuses says why', async () => {
    await assert.rejects(
      suite.deploy(administrator, 'registry', administrator.address, 30 * DAY),
      refused({ BadDelay: { delay: '2,592,000,000' } }),
    );
  });

  await step('the administrator deploys the three contracts and lets the voucher contract hold money', async () => {
    registry = await suite.deploy(administrator, 'registry', administrator.address, 2 * DAY);
    ledger = await suite.deploy(administrator, 'ledger', registry.address);
    voucher = await suite.deploy(administrator, 'voucher', registry.address, ledger.address, api.genesisHash.toHex());
    assert.equal(await voucher.ask('Voucher::registry'), registry.address);
    assert.equal(await voucher.ask('Voucher::ledger'), ledger.address);

    const { events } = await ledger.send(administrator, 'Ledger::set_suite_contract', voucher.address, true);
    assert.deepEqual(events, [
      { contract: 'ledger', event: 'SuiteContractSet', fields: { contract: voucher.address, marked: true } },
    ]);
  });

  await step('the contract’s domain separator is the one that is computed off chain', async () => {
    const account = api.createType('AccountId', voucher.address).toU8a();
    assert.equal(
      await voucher.ask('Voucher::domain_separator'),
      u8aToHex(domainSeparator(api.genesisHash.toU8a(), account)),
    );
  });

  await step('the administrator registers the government, and the government the others', async () => {
    const first = registration(government, organisation('government'), 'Government');
    const { value, events } = await registry.send(administrator, 'Registry::register', first);
    assert.equal(value, governmentNumber);
    assert.deepEqual(events, [
      {
        contract: 'registry',
        event: 'Registered',
        fields: {
          participant: governmentNumber,
          account: government.address,
          identity: first.identity,
          // A bit for each role; Government's is the first.
          roles: 1,
          key: u8aToHex(government.publicKey),
          identityValidUntil: CARDS_END,
        },
      },
    ]);

    const rows = [
      registration(bank, organisation('bank'), 'Bank'),
      registration(service, organisation('one-time codes'), 'RedemptionAttestor'),
      registration(shop, organisation('shop'), 'Shop'),
    ];
    const many = await registry.send(government, 'Registry::register_many', rows);
    assert.deepEqual(many.value, [{ ok: bankNumber }, { ok: serviceNumber }, { ok: shopNumber }]);
    assert.equal(many.events.length, 3);
  });

  await step('a citizen applies, and the government approves', async () => {
    const applied = await registry.send(citizen, 'Registry::apply', 'Citizen', ZEROS);
    assert.equal(applied.value, 1);
    const identity = card('1203114902683264');
    const approved = await registry.send(government, 'Registry::approve', 1, identity, CARDS_END, null);
    assert.equal(approved.value, citizenNumber);
    assert.deepEqual(
      approved.events.map(({ event }) => event),
      ['Registered', 'ApplicationApproved'],
    );
    assert.equal(await registry.ask('Registry::find', identity), citizenNumber);
  });

  await step('anybody can ask what the registry knows', async () => {
    const known = await registry.ask('Registry::credentials', shop.address);
    assert.equal(known.number, shopNumber);
    // Records that the rules keep give accounts as bytes.
    assert.equal(known.account, u8aToHex(shop.publicKey));
    assert.equal(known.status, 'Active');
    assert.equal(await registry.ask('Registry::check', shop.address, 'Shop'), true);
    assert.equal(await registry.ask('Registry::check', shop.address, 'Bank'), false);
    assert.equal(await registry.ask('Registry::credentials', administrator.address), null);
  });

  await step('the bank issues money and lets the voucher contract draw on it', async () => {
    const issued = await ledger.send(bank, 'Ledger::issue', bank.address, 1_000_000, reference('opening'));
    assert.deepEqual(issued.events, [
      {
        contract: 'ledger',
        event: 'Issued',
        fields: {
          issuer: bankNumber,
          to: { participant: bankNumber },
          amount: 1_000_000,
          reference: reference('opening'),
        },
      },
    ]);
    await ledger.send(bank, 'Ledger::approve', voucher.address, bankNumber, 600_000);
    assert.equal(await ledger.ask('Ledger::balance_of', bank.address, bankNumber), 1_000_000);
    assert.equal(await ledger.ask('Ledger::allowance', bank.address, voucher.address, bankNumber), 600_000);
  });

  await step('the government creates a programme and a blank voucher', async () => {
    const terms = {
      bank: bank.address,
      // Polkadot.js takes a list of categories as bytes.
      categories: '0x0001',
      mode: 'Balance',
      life: 90 * DAY,
      window: HOUR,
      mostPerVoucher: 300_000,
      budget: 600_000,
      attestors: [service.address],
      attestorsNeeded: 1,
      holderSignature: true,
      admittedShopsOnly: false,
      mostPerHolder: 0,
      denominations: [],
      bundleValue: 0,
      universal: false,
      perCard: false,
    };
    const created = await voucher.send(government, 'Voucher::create_programme', terms);
    assert.equal(created.value, programme);
    const stored = await voucher.ask('Voucher::programme', programme);
    assert.equal(stored.owner, governmentNumber);
    assert.equal(stored.bank, bankNumber);
    assert.deepEqual(stored.attestors, [serviceNumber]);
    assert.equal(stored.budget, 600_000);

    const blank = await voucher.send(government, 'Voucher::create', programme, citizen.address, category, null);
    assert.equal(blank.value, number);
    const { expires, status } = await voucher.ask('Voucher::voucher', number);
    assert.equal(status, 'Created');
    assert.deepEqual(blank.events, [
      {
        contract: 'voucher',
        event: 'FundingRequested',
        fields: { voucher: number, bank: bankNumber, programme, holder: citizenNumber, category, face: 0, expires },
      },
    ]);
  });

  await step('a blank voucher cannot be spent: a dry run tells why, and sent anyway it changes nothing', async () => {
    const wish = [number, 100_000, category, ZEROS];
    const state = async () => [
      await voucher.ask('Voucher::voucher', number),
      await voucher.ask('Voucher::totals', programme),
      await voucher.ask('Voucher::redemptions_of_shop', shopNumber, null, 50),
    ];
    const before = await state();
    await assert.rejects(voucher.send(shop, 'Voucher::request', ...wish), refused({ Voucher: 'NotFunded' }));
    await assert.rejects(voucher.sendAnyway(shop, 'Voucher::request', ...wish), (thrown) => {
      assert.ok(thrown instanceof Failed, `${thrown}`);
      assert.equal(thrown.reason, 'ContractReverted');
      assert.deepEqual(suite.decode(thrown.events), []);
      return true;
    });
    assert.deepEqual(await state(), before);
  });

  await step('the bank funds the voucher', async () => {
    const { events } = await voucher.send(bank, 'Voucher::fund', number, 300_000);
    const contract = u8aToHex(api.createType('AccountId', voucher.address).toU8a());
    assert.deepEqual(events, [
      { contract: 'voucher', event: 'VoucherFunded', fields: { voucher: number, programme, amount: 300_000 } },
      {
        contract: 'ledger',
        event: 'Transferred',
        fields: { from: { participant: bankNumber }, to: { contract }, issuer: bankNumber, amount: 300_000 },
      },
    ]);
    assert.equal(await ledger.ask('Ledger::balance_of', voucher.address, bankNumber), 300_000);
    assert.equal((await voucher.ask('Voucher::voucher', number)).status, 'Active');
  });

  await step('what may not be bought with it is refused, with what the voucher buys and what was asked for', async () => {
    await assert.rejects(
      voucher.send(shop, 'Voucher::request', number, 100_000, 1, ZEROS),
      refused({ Voucher: { WrongCategory: { category: '0', wanted: '1' } } }),
    );
    // An account that nobody has registered, with tokens from the administrator to pay fees with.
    const stranger = keyring.addFromUri('//Alice//stranger');
    await submit(api, api.tx.balances.transferKeepAlive(stranger.address, 10n ** 15n), administrator);
    await assert.rejects(
      voucher.send(stranger, 'Voucher::request', number, 100_000, category, ZEROS),
      refused('NotAllowed'),
    );
  });

  /** The shop asks for an amount; gives until when that can be confirmed, which is how long signatures for it count too. */
  const request = async (redemption, amount, list) => {
    const asked = await voucher.send(shop, 'Voucher::request', number, amount, category, list);
    assert.equal(asked.value, redemption);
    const { account, expires, status } = await voucher.ask('Voucher::redemption', redemption);
    assert.deepEqual([account, status], [u8aToHex(shop.publicKey), 'Open']);
    assert.deepEqual(asked.events, [
      {
        contract: 'voucher',
        event: 'RedemptionRequested',
        fields: {
          redemption,
          voucher: number,
          shop: shopNumber,
          account: shop.address,
          amount,
          expires,
          items: list,
        },
      },
    ]);
    return expires;
  };

  /** The bytes that a signer signs for a redemption, before they are hashed and framed. */
  const agreement = async (redemption, amount, validUntil, { publicKey }) =>
    attestation({
      domain: await voucher.ask('Voucher::domain_separator'),
      voucher: number,
      redemption,
      shop: shop.publicKey,
      amount,
      validUntil,
      epoch: 0,
      key: publicKey,
    });

  await step('the service for one-time codes signs as a wallet does, and that confirms a redemption', async () => {
    const validUntil = await request(1, 100_000, items('salt 1', 'rice'));
    const bytes = await agreement(1, 100_000, validUntil, service);
    const text = digits(bytes);
    const proof = (signature) => ({
      Attestors: [{ attestor: serviceNumber, validUntil, signature: u8aToHex(signature) }],
    });

    const without = [service.sign(bytes), service.sign(stringToU8a(text))];
    for (const signature of [...without, signRaw(citizen, text)]) {
      await assert.rejects(
        voucher.send(shop, 'Voucher::confirm', 1, proof(signature)),
        refused({ Proof: { BadSignature: { signer: `${serviceNumber}` } } }),
      );
    }
    const signature = signRaw(service, text);
    const { events } = await voucher.send(shop, 'Voucher::confirm', 1, proof(signature));
    assert.deepEqual(events, [
      {
        contract: 'voucher',
        event: 'RedemptionConfirmed',
        fields: { redemption: 1, voucher: number, shop: shopNumber, amount: 100_000 },
      },
    ]);
    dynamic.push([validUntil, 'valid until'], [u8aToHex(signature), 'the signature']);
  });

  await step('the holder signs what a script prints, and that confirms another one', async () => {
    const validUntil = await request(2, 50_000, items('salt 2', 'oil'));
    const script = fileURLToPath(new URL('../what-to-sign.mjs', import.meta.url));
    const given = [script, voucher.address, '2', citizen.address, url];
    const { stdout } = await promisify(execFile)(process.execPath, given);
    const text = digits(await agreement(2, 50_000, validUntil, citizen));
    assert.deepEqual(stdout.trim().split('\n'), [
      'redemption   2 of voucher 1: 50000, Open',
      `signer       ${citizenNumber}`,
      `valid until  ${validUntil}`,
      `sign         ${text}`,
    ]);

    const signature = u8aToHex(signRaw(citizen, text));
    const proof = { Holder: { validUntil, signature } };
    await voucher.send(citizen, 'Voucher::confirm', 2, proof);
    await assert.rejects(
      voucher.send(citizen, 'Voucher::confirm', 2, proof),
      refused({ Redemption: { NotOpen: { status: 'Confirmed' } } }),
    );
    dynamic.push([validUntil, 'valid until'], [signature, 'the signature']);
  });

  await step('the shop turns its credit into cash', async () => {
    assert.equal(await voucher.ask('Voucher::credit', shopNumber, bankNumber), 150_000);
    await voucher.send(shop, 'Voucher::withdraw', bankNumber, 150_000);
    assert.equal(await ledger.ask('Ledger::balance_of', shop.address, bankNumber), 150_000);
    const asked = await ledger.send(shop, 'Ledger::request_withdrawal', bankNumber, 150_000, null);
    assert.equal(asked.value, 1);
    await ledger.send(bank, 'Ledger::settle_withdrawal', 1, reference('cash 1'));
    assert.equal(await ledger.ask('Ledger::balance_of', shop.address, bankNumber), 0);
  });

  await step('nothing was lost', async () => {
    const { status, funded, available, reserved } = await voucher.ask('Voucher::voucher', number);
    assert.deepEqual([status, funded, available, reserved], ['Active', 300_000, 150_000, 0]);
    assert.deepEqual(await voucher.ask('Voucher::totals', programme), {
      funded: 300_000,
      unclaimed: 0,
      available: 150_000,
      reserved: 0,
      paid: 150_000,
      returned: 0,
    });
    assert.equal(await ledger.ask('Ledger::balance_of', bank.address, bankNumber), 700_000);
    assert.equal(await ledger.ask('Ledger::balance_of', voucher.address, bankNumber), 150_000);
    assert.equal(await ledger.ask('Ledger::total_supply', bankNumber), 850_000);
  });

  await step('the guide in docs/polkadot-js.md leads through these very steps', async () => {
    const words = new Map([
      ...keyring.getPairs().map(({ address, meta }) => [address, meta.name]),
      ...suite.contracts.map(({ address, name }) => [address, `the ${name} contract`]),
      ...dynamic,
    ]);
    compareWithGuide(suite.journal, (value) => words.get(value) ?? String(value));
  });
});
