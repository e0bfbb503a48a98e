// What was built: the contracts' bundles, and the node.

import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the build puts everything. */
export const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache', 'amanah', 'target');
const folder = process.env.AMANAH_BUNDLES ?? join(target, 'bundles');
const extension = '.contract';

/** The names of all bundles, such as `voucher`. */
export function bundleNames() {
  let files;
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw new Error(`no bundles in ${folder}; scripts/build makes them, AMANAH_BUNDLES names another folder`, { cause });
  }
  return files.filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length)).sort();
}

/** A bundle as parsed JSON. */
export function bundle(name) {
  return JSON.parse(readFileSync(join(folder, name + extension), 'utf8'));
}
