// TypeScript with dedot: types are made of all bundles; the example of docs/typescript.md and typed.ts are checked against them
// by the page's own commands, and do on a node what they say.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Keyring } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { bundle, bundleNames } from '../built.mjs';
import { startNode } from '../node.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const page = readFileSync(here('../../../docs/typescript.md'), 'utf8');
const shown = (pattern) => pattern.exec(page)?.[1] ?? assert.fail(`the page has no ${pattern}`);

/** A project as somebody would have it: the packages, the bundles, and two programs. */
function project(t) {
  const folder = mkdtempSync(join(tmpdir(), 'amanah-typescript-'));
  t.after(() => rmSync(folder, { recursive: true }));
  symlinkSync(here('../node_modules'), join(folder, 'node_modules'));
  for (const name of bundleNames()) writeFileSync(join(folder, `${name}.contract`), JSON.stringify(bundle(name)));
  copyFileSync(here('typed.ts'), join(folder, 'typed.ts'));
  writeFileSync(join(folder, 'package.json'), shown(/^```json\n(.*?)```/ms));
  writeFileSync(join(folder, 'example.ts'), shown(/^```ts\n(.*?)```/ms));
  return folder;
}

test('TypeScript', { timeout: 600_000 }, async (t) => {
  const cwd = project(t);
  /** Runs a program of JavaScript; gives what it prints. What the compiler complains about is there too. */
  const run = async (...given) => {
    const { stdout } = await promisify(execFile)(process.execPath, given, { cwd }).catch((error) => {
      assert.fail(`${given.join(' ')}\n${error.stdout}${error.stderr}`);
    });
    return stdout;
  };

  await t.test('types are made of all bundles, and programs with wrong types are refused', async () => {
    await run(here('../bindings.mjs'), 'bindings');
    const options = shown(/^npx tsc (.*) example\.ts$/m).split(' ');
    await run(here('../node_modules/typescript/bin/tsc'), ...options, 'example.ts', 'typed.ts');
  });

  await t.test('typed programs deploy, ask, send, and read errors and events on a node', async () => {
    const node = await startNode();
    t.after(node.stop);
    const registry = (await run('typed.js', node.url)).trim();
    await cryptoWaitReady();
    const government = new Keyring({ type: 'sr25519' }).addFromUri('//Bob');
    const said = shown(/^\$ node example\.js .*\n([^]*?)```/m);
    assert.equal(await run('example.js', node.url, registry, government.address), said);
  });
});
