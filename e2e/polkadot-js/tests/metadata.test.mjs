// What UIs need of the contracts' metadata, for every bundle that was built. No node is needed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Abi } from '@polkadot/api-contract';
import { isWasm } from '@polkadot/util';
import { bundle, bundleNames } from '../built.mjs';
import { fieldName, fields, listsFirst, specs, variants, within } from '../metadata.mjs';

/** The messages that UIs preselect: what a person wants to know first. A contract that is not here begins with any query. */
const FIRST = {
  registry: 'Registry::credentials',
  ledger: 'Ledger::balance_of',
  voucher: 'Voucher::voucher',
  loan: 'Loan::loan',
  welfare: 'Welfare::benefit_case',
};

/** Large numbers that are no amounts: UIs show them as they are. Interest is summed up in parts of a unit of money. */
const NO_AMOUNTS = ['amanah_domain::lending::loan::Book::accrued'];

/** The messages that take the chain's token; for them UIs show a field for its value. */
const PAYABLE = [];

const names = bundleNames();

it('every contract has a bundle', () => {
  for (const name of Object.keys(FIRST)) {
    assert.ok(names.includes(name), `${name} is missing; scripts/build makes it`);
  }
});

for (const name of names) {
  describe(name, () => {
    const json = bundle(name);
    const abi = new Abi(json);
    const trait = name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
    const callable = [...abi.constructors, ...abi.messages];

    it('has metadata of version 5 and code', () => {
      assert.equal(abi.metadata.version.toString(), '5');
      assert.equal(abi.info.contract.name.toString(), `amanah-${name}`);
      assert.ok(isWasm(abi.info.source.wasm));
    });

    it('begins with the usual constructor and a harmless query', () => {
      const [constructor, message] = [abi.constructors[0], abi.messages[0]];
      assert.equal(constructor.identifier, 'new');
      assert.ok(constructor.isDefault);
      assert.equal(message.identifier, FIRST[name] ?? message.identifier);
      assert.ok(message.identifier.startsWith(`${trait}::`));
      assert.ok(!message.isMutating);
    });

    it('labels messages with the name of their trait', () => {
      for (const { identifier } of abi.messages) {
        assert.match(identifier, new RegExp(`^(${trait}|Governed)::[a-z][a-z0-9_]*$`));
      }
      // Of two messages whose camel-cased names are equal, Polkadot.js keeps only the first.
      assert.equal(new Set(abi.messages.map(({ method }) => method)).size, abi.messages.length);
    });

    it('documents every constructor, message and event', () => {
      for (const { identifier, docs } of [...callable, ...abi.events]) {
        assert.ok(docs[0]?.trim(), `${identifier} is not documented`);
      }
      for (const { identifier, docs } of abi.messages.filter(({ isMutating }) => isMutating)) {
        assert.ok(docs.includes('# Errors') && docs.includes('# Events'), `${identifier} is documented in part`);
      }
    });

    it('announces only errors and events that exist', () => {
      const events = abi.events.map(({ identifier }) => identifier.split('::').pop());
      for (const { label, docs, returnType } of [...json.spec.constructors, ...json.spec.messages]) {
        const errors = within(json, returnType.type).flatMap((id) => variants(json, id).map((variant) => variant.name));
        for (const word of announced(docs, '# Errors')) assert.ok(errors.includes(word), `${label}: no error ${word}`);
        for (const word of announced(docs, '# Events')) assert.ok(events.includes(word), `${label}: no event ${word}`);
      }
    });

    it('names every argument and asks for no tokens', () => {
      for (const { args, identifier, isPayable } of callable) {
        for (const arg of args) assert.match(arg.name, /^[a-z]\w*$/, identifier);
        assert.equal(isPayable, PAYABLE.includes(identifier), identifier);
      }
    });

    it('calls amounts Balance and accounts AccountId, by which UIs choose their fields', () => {
      const shown = [...abi.constructors, ...abi.messages, ...abi.events];
      let found = 0;
      for (const [at, { label, args }] of specs(json).entries()) {
        for (const [index, { type }] of args.entries()) {
          const expected = fieldName(json, type.type);
          if (!expected) continue;
          assert.equal(type.displayName.at(-1), expected, `argument ${index} of ${label}`);
          assert.equal(shown[at].args[index].type.type, expected, `argument ${index} of ${label}`);
          found += 1;
        }
      }
      assert.ok(found > 0);
      const used = specs(json).flatMap(({ args, returnType }) => [returnType, ...args.map(({ type }) => type)]);
      const types = within(json, ...used.filter(Boolean).map(({ type }) => type));
      for (const { where, type, typeName } of fields(json, types)) {
        const expected = NO_AMOUNTS.includes(where) ? undefined : fieldName(json, type);
        if (expected) assert.equal(typeName, expected, where);
      }
    });

    it('takes no enum that begins with a list: Contracts UI 2.0 goes blank when such a message is chosen', () => {
      for (const { label, args } of [...json.spec.constructors, ...json.spec.messages]) {
        assert.deepEqual(listsFirst(json, within(json, ...args.map(({ type }) => type.type))), [], label);
      }
    });

    it('answers with results whose errors decode', () => {
      let errors = 0;
      for (const { identifier, returnType } of callable) {
        assert.equal(returnType.namespace, 'Result', identifier);
        const [answer] = returnType.sub;
        if (answer.namespace !== 'Result') continue;
        const [, error] = abi.registry.lookup.getTypeDef(answer.lookupIndex).sub;
        for (const { index, name: variant } of variants(json, error.lookupIndex)) {
          // Ok of the call, Err of the message, the variant's number, and zeros for whatever fields it has.
          const bytes = Uint8Array.from([0, 1, index, ...new Array(256).fill(0)]);
          const decoded = abi.registry.createTypeUnsafe(returnType.lookupName || returnType.type, [bytes]);
          assert.equal(decoded.asOk.asErr.type, variant, identifier);
          errors += 1;
        }
      }
      assert.ok(errors > 0);
    });

    it('tells events apart by a topic, and indexes no more fields than the chain takes', () => {
      const topics = abi.events.map(({ signatureTopic }) => signatureTopic);
      assert.ok(topics.length > 0 && topics.every(Boolean));
      assert.equal(new Set(topics).size, topics.length);
      const most = abi.environment.get('maxEventTopics').toNumber() - 1;
      for (const { args, identifier } of abi.events) {
        assert.ok(args.filter(({ indexed }) => indexed).length <= most, identifier);
      }
    });
  });
}

/** The errors or events in backticks under a heading of a message's text; messages there begin with a small letter. */
function announced(docs, heading) {
  const from = docs.indexOf(heading);
  if (from < 0) return [];
  const rest = docs.slice(from + 1);
  const to = rest.findIndex((line) => line.startsWith('#'));
  const text = rest.slice(0, to < 0 ? undefined : to).join('\n');
  return [...text.matchAll(/`([A-Z]\w*)`/g)].map(([, word]) => word);
}
