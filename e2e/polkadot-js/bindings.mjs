// Writes the contracts' types for TypeScript programs that use dedot:
//
//   node bindings.mjs FOLDER
//
// makes FOLDER/registry and so on from the built bundles. docs/typescript.md shows how they are used.

import { generateContractTypes } from '@dedot/codegen';
import { bundle, bundleNames } from './built.mjs';

/** Names of arguments that no parameter has in TypeScript, and what is said instead; arguments go by their place. */
const INSTEAD = { case: 'caseNumber' };

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('say: node bindings.mjs FOLDER');
  process.exit(2);
}
for (const name of bundleNames()) {
  const metadata = bundle(name);
  for (const arg of metadata.spec.messages.flatMap(({ args }) => args)) arg.label = INSTEAD[arg.label] ?? arg.label;
  await generateContractTypes(metadata, name, folder, 'd.ts', true);
}
