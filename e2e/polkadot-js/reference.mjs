// The pages of docs/reference, made from the bundles' metadata. `scripts/reference` renews them:
//
//   node reference.mjs FOLDER

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, bundleNames } from './built.mjs';
import { typeOf, within } from './metadata.mjs';

const PROJECT = /^amanah_/;
const GOVERNED = /^Governed::/;

/** What the metadata cannot say of a number or of bytes. */
const MEANING = {
  Account: 'an account’s public key',
  AccountHash: 'an ordinary account at a bank: the bank’s keyed hash of its number',
  AccountId: 'an account, which UIs show as its address',
  Amount: 'an amount in the smallest unit of the bank’s money',
  Balance: 'an amount in the smallest unit of the bank’s money',
  Categories: 'a set of categories, a bit each: category 0 is the lowest',
  Category: 'a kind of goods, from 0 to 31',
  IdentityCommitment: 'HMAC-SHA256 of an identity number, under the registrar’s key',
  Millis: 'a time since 1970, or a length of time, in milliseconds',
  PublicKey: 'an sr25519 public key',
  Reasons: 'a set of reasons why an application fails, a bit each',
  Reference: 'a bank’s own reference of a payment',
  Roles: 'a set of roles, a bit each: Government is the lowest',
  Signature: 'an sr25519 signature',
  Timestamp: 'a time since 1970, or a length of time, in milliseconds',
};

const HEADINGS = { changing: 'Changing messages', queries: 'Queries', governance: 'Pausing and code' };

/** The anchor that GitHub gives a heading. */
export const anchor = (heading) => heading.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-');
const code = (text) => `\`${text}\``;
const link = (text, page = '') => `[${code(text)}](${page}#${anchor(text)})`;
const table = (heads, rows) => {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
};
const upper = (word) => word[0].toUpperCase() + word.slice(1);
const isId = /Id$/;
const meaning = (name) => MEANING[name] ?? (isId.test(name) ? `a number: which ${words(name.replace(isId, ''))}` : '');
const words = (name) => name.replaceAll(/\B[A-Z]/g, ' $&').toLowerCase();

/** What a text says under its headings; what is above the first one is under ''. Pages that it names become links. */
function sections(docs) {
  const parts = docs.join('\n').replaceAll(/docs\/([\w-]+\.md)/g, '[$1](../$1)').split(/^# (.*)\n/m);
  const named = { '': parts[0].trim() };
  for (let at = 1; at < parts.length; at += 2) named[parts[at]] = parts[at + 1].trim();
  return named;
}

/** A contract's page. */
class Page {
  /** Numbers and bytes by the names they have on this page, each with what it is. */
  #simple = new Map();

  constructor(contract) {
    this.contract = contract;
    this.json = bundle(contract);
    const { constructors, events, messages } = this.json.spec;
    // The metadata of each contract lists the events of the whole suite, in the order in which the linker met them.
    const from = (module) => events.filter((event) => moduleOf(event) === module);
    const byName = (one, other) => (one.label < other.label ? -1 : 1);
    this.events = [contract, 'governance'].flatMap((module) => from(module).sort(byName));
    this.groups = {
      changing: messages.filter(({ label, mutates }) => mutates && !GOVERNED.test(label)),
      queries: messages.filter(({ label, mutates }) => !mutates && !GOVERNED.test(label)),
      governance: messages.filter(({ label }) => GOVERNED.test(label)),
    };
    const used = [...constructors, ...messages].flatMap(({ args, returnType }) => [
      ...Object.values(this.#answers(returnType)),
      ...args.map(({ type }) => type.type),
    ]);
    const told = this.events.flatMap(({ args }) => args.map(({ type }) => type.type));
    this.types = within(this.json, ...used.filter((id) => id !== undefined), ...told).filter((id) => this.#isOwn(id));
  }

  /** A type that the project defines and that is more than a name for a number. */
  #isOwn(id) {
    const { def, path } = typeOf(this.json, id);
    const [field, ...others] = def.composite?.fields ?? [];
    const wraps = field && !field.name && others.length === 0;
    return PROJECT.test(path?.[0]) && !wraps;
  }

  /** The last part of a type's path; of several equal ones only the contract's own is without the name of its module. */
  #name(id) {
    const { path } = typeOf(this.json, id);
    const [module, name] = path.slice(-2);
    const same = this.types.filter((other) => typeOf(this.json, other).path.at(-1) === name);
    return same.length === 1 || module === this.contract ? name : upper(module) + name;
  }

  /** A type in words. `said` is what the sources call it, where that is known. */
  #type(id, said = '') {
    const { def, params = [], path = [] } = typeOf(this.json, id);
    const inner = /^\w+<(.*)>$/.exec(said)?.[1];
    if (this.#isOwn(id)) return link(this.#name(id));
    if (path[0] === 'Option') return `${this.#type(params[0].type, inner)} or none`;
    if (path[0] === 'Result') return params.map(({ type }) => this.#type(type)).join(' or ');
    if (def.tuple?.length === 0) return 'nothing';
    if (def.tuple) {
      const names = said.replaceAll(/[()]/g, '').split(', ');
      return `(${def.tuple.map((type, at) => this.#type(type, names[at])).join(', ')})`;
    }
    if (def.sequence && !this.#isByte(def.sequence.type)) return `list of ${this.#type(def.sequence.type, inner)}`;
    return this.#simply(id, path.length > 0 ? path.at(-1) : said);
  }

  #isByte(id) {
    return typeOf(this.json, id).def.primitive === 'u8';
  }

  /** A number, bytes or a text, by its own name if the sources give it one. */
  #simply(id, name) {
    const { def } = typeOf(this.json, id);
    const wrapped = def.composite?.fields[0].type;
    if (wrapped !== undefined && !name) return this.#simply(wrapped);
    const is = def.primitive ?? (def.sequence ? 'bytes' : def.array ? `${def.array.len} bytes` : this.#simply(wrapped));
    if (!/^[A-Z]\w*$/.test(name) || ['String', 'Vec'].includes(name)) return is === 'str' ? 'text' : is;
    this.#simple.set(name, is);
    return code(name);
  }

  /** What a message answers, and its error if it has one: ink! wraps both in a result of its own. */
  #answers({ type }) {
    const [answer] = typeOf(this.json, type).params;
    const { path, params } = typeOf(this.json, answer.type);
    if (path?.[0] !== 'Result') return { value: answer.type };
    const [value, error] = params.map((param) => param.type);
    return { value, error };
  }

  #called({ args, docs, label, returnType, selector }) {
    const { '': text, Errors: errors, Events: events, ...others } = sections(docs);
    const { value, error } = this.#answers(returnType);
    const rows = args.map((arg) => [code(arg.label), this.#type(arg.type.type, arg.type.displayName.at(-1))]);
    const notes = [
      ['Answers', this.#type(value)],
      error !== undefined && ['Errors', [this.#type(error), errors && oneLine(errors)].filter(Boolean).join(': ')],
      events && ['Events', oneLine(events).replaceAll(/`([A-Z]\w*)`/g, (_, name) => this.#eventLink(name))],
      ...Object.entries(others).map(([name, more]) => [name, oneLine(more)]),
      ['Selector', code(selector)],
    ];
    const list = notes.filter(Boolean).map(([name, said]) => `- ${name}: ${said}`).join('\n');
    return [`### ${code(label)}`, text, rows.length > 0 && table(['argument', 'type'], rows), list];
  }

  /** Some events are another contract's. */
  #eventLink(name) {
    const event = this.json.spec.events.find(({ label }) => label === name);
    return link(name, this.events.includes(event) ? '' : `${moduleOf(event)}.md`);
  }

  #event({ args, docs, label, signature_topic: topic }) {
    const rows = args.map((arg) => [
      code(arg.label),
      this.#type(arg.type.type, arg.type.displayName.at(-1)),
      arg.indexed ? 'yes' : '',
      oneLine(arg.docs.join('\n')),
    ]);
    const fields = rows.length > 0 && table(['field', 'type', 'topic', 'what it is'], rows);
    return [`### ${code(label)}`, docs.join('\n'), fields, `Signature topic: ${code(topic)}`];
  }

  #sorted(ids) {
    return ids.sort((one, other) => this.#name(one).localeCompare(this.#name(other)));
  }

  /** A struct's fields or an enum's variants. */
  #defined(id) {
    const { def } = typeOf(this.json, id);
    const fields = (list = []) => list.map(({ name, type, typeName }) => [name, this.#type(type, typeName)]);
    const heading = `### ${code(this.#name(id))}`;
    if (def.composite) {
      return [heading, table(['field', 'type'], fields(def.composite.fields).map(([name, type]) => [code(name), type]))];
    }
    const rows = def.variant.variants.map(({ index, name, fields: list }) => {
      const values = fields(list).map(([field, type]) => (field ? `${code(field)}: ${type}` : type));
      return [index, code(name), values.join(', ')];
    });
    const heads = rows.some(([, , values]) => values) ? ['number', 'name', 'with'] : ['number', 'name'];
    return [heading, table(heads, rows.map((row) => row.slice(0, heads.length)))];
  }

  /** The page as Markdown. */
  text() {
    const { contract, spec } = this.json;
    const isError = (id) => /(Error|Refusal)$/.test(typeOf(this.json, id).path.at(-1));
    const overview = (messages) => {
      const rows = messages.map(({ docs, label }) => [link(label), firstSentence(docs)]);
      return table(['message', 'in short'], rows);
    };
    const parts = [
      ['## Constructor', ...spec.constructors.flatMap((one) => this.#called(one))],
      ...Object.entries(this.groups).map(([group, messages]) => [
        `## ${HEADINGS[group]}`,
        overview(messages),
        ...messages.flatMap((message) => this.#called(message)),
      ]),
      ['## Events', ...this.events.flatMap((event) => this.#event(event))],
      ['## Errors', ...this.types.filter(isError).flatMap((id) => this.#defined(id))],
      ['## Types', ...this.#sorted(this.types.filter((id) => !isError(id))).flatMap((id) => this.#defined(id))],
    ];
    const simple = [...this.#simple].sort(([one], [other]) => one.localeCompare(other));
    const names = table(['name', 'is', 'which is'], simple.map(([name, is]) => [code(name), is, meaning(name)]));
    const heads = [...parts.map(([head]) => head.slice(3)), 'Numbers and bytes'];
    return paragraphs(
      `# The ${this.contract} contract`,
      `${contract.description}.`,
      heads.map((head) => `[${head}](#${anchor(head)})`).join(' · '),
      MADE,
      ...parts.flat(),
      '## Numbers and bytes',
      names,
    );
  }

  /** The page's row in the index. */
  row() {
    const counts = Object.values(this.groups).map((messages) => messages.length);
    return [`[${upper(this.contract)}](${this.contract}.md)`, this.json.contract.description, ...counts, this.events.length];
  }
}

const MADE = 'Made by `scripts/reference` from the contract’s metadata: change the texts in `crates/interfaces` instead.';
const moduleOf = ({ module_path: path }) => path.split('::').pop();
const oneLine = (text) => text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
const firstSentence = (docs) => /^.*?[.:](?= |$)/.exec(oneLine(sections(docs)['']))?.[0].replace(/:$/, '.') ?? '';
const paragraphs = (...parts) => `${parts.filter(Boolean).join('\n\n')}\n`;

/** All pages, by the names of their files. */
export function pages() {
  const made = bundleNames().map((name) => new Page(name));
  const heads = ['contract', 'what it keeps', 'changing messages', 'queries', 'pausing and code', 'events'];
  const index = paragraphs(
    '# Reference',
    `Every message, event, error and type of the contracts. ${MADE}`,
    table(heads, made.map((page) => page.row())),
    `Messages go by the label that UIs show, such as \`Voucher::request\`. Who may call one is said in its text, and *Anyone* means
any account. *Errors* names what the contract refuses with; each has its fields in the table of the error, and what another
contract or a rule says is within it. *Events* are what a transaction leaves if it succeeds. A *topic* is a field by which
nodes can search. A selector is the first four bytes of a call.`,
    `How the contracts belong together: [architecture](../architecture.md). From TypeScript: [dedot](../typescript.md). By clicks:
[the guide](../polkadot-js.md).`,
  );
  return new Map([['README.md', index], ...made.map((page) => [`${page.contract}.md`, page.text()])]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder] = process.argv.slice(2);
  if (!folder) {
    console.error('say: node reference.mjs FOLDER');
    process.exit(2);
  }
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of pages()) writeFileSync(join(folder, file), text);
}
