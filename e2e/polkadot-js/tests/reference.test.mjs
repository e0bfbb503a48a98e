// docs/reference is what the metadata of the built bundles gives, and all of it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle, bundleNames } from '../built.mjs';
import { anchor, pages } from '../reference.mjs';

const folder = new URL('../../../docs/reference/', import.meta.url);
const made = pages();
const headings = (page) => [...page.matchAll(/^#+ `?(.*?)`?$/gm)].map(([, heading]) => heading);

test('the committed pages are those of the present metadata; scripts/reference renews them', () => {
  assert.deepEqual(readdirSync(folder).sort(), [...made.keys()].sort());
  for (const [file, page] of made) {
    const committed = readFileSync(new URL(file, folder), 'utf8').split('\n');
    const lines = page.split('\n');
    const at = lines.findIndex((line, index) => line !== committed[index]);
    assert.ok(at < 0, `docs/reference/${file}, line ${at + 1}: is "${committed[at]}", should be "${lines[at]}"`);
    assert.equal(committed.length, lines.length, `docs/reference/${file} has lines too many`);
  }
});

test('every message, event and error of every contract is on a page once', () => {
  const all = [...made.values()].flatMap(headings);
  for (const name of bundleNames()) {
    const page = made.get(`${name}.md`);
    const { spec: { events, messages }, types } = bundle(name);
    for (const { label, selector } of messages) {
      assert.equal(headings(page).filter((heading) => heading === label).length, 1, label);
      assert.ok(page.includes(`- Selector: \`${selector}\``), label);
    }
    for (const { label } of events) assert.ok(all.includes(label), label);
    const error = types.find(({ type: { path } }) => path?.join('::') === `amanah_interfaces::${name}::Error`);
    for (const { index, name: variant } of error.type.def.variant.variants) {
      assert.ok(page.includes(`| ${index} | \`${variant}\` |`), `${name}: ${variant}`);
    }
  }
});

test('headings are unique in a page, and every link leads to a heading or a file', () => {
  for (const [file, page] of made) {
    const anchors = headings(page).map(anchor);
    assert.deepEqual(anchors.filter((one, at) => anchors.indexOf(one) !== at), [], file);
    for (const [, path, target] of page.matchAll(/\]\(([^)#]*)#?([^)]*)\)/g)) {
      const other = made.get(path || file) ?? readFileSync(fileURLToPath(new URL(path, folder)), 'utf8');
      assert.ok(!target || headings(other).map(anchor).includes(target), `${file}: ${path}#${target}`);
    }
  }
});
