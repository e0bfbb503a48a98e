// What a person does with the suite on a chain: deploys contracts, asks, tries, sends, and reads what came of it.

import { ApiPromise, WsProvider } from '@polkadot/api';
import { CodePromise, ContractPromise } from '@polkadot/api-contract';
import { randomAsHex } from '@polkadot/util-crypto';
import { bundle } from './built.mjs';

/** Who asks when it does not matter who does. */
const NOBODY = `0x${'00'.repeat(32)}`;

/** A contract refused a message. */
export class Refused extends Error {
  constructor(label, error) {
    super(`${label} is refused: ${JSON.stringify(error)}`);
    /** The contract's error, as UIs show it. */
    this.error = error;
  }
}

/** The chain refused a transaction. */
export class Failed extends Error {
  constructor(reason, events = []) {
    super(`the chain refuses: ${reason}`);
    /** The name of the chain's error. */
    this.reason = reason;
    /** The events of the transaction. */
    this.events = events;
  }
}

/** Connects to a node, or says that nobody answers; the provider would try for ever by itself. */
export async function connect(url) {
  const provider = new WsProvider(url, false);
  const api = ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
  await provider.connect();
  return api;
}

/** Signs a transaction and sends it; gives its events once it is in a block. */
export function submit(api, transaction, signer) {
  return new Promise((resolve, reject) => {
    const follow = ({ dispatchError, events, internalError, isError, status }) => {
      if (dispatchError) {
        reject(new Failed(reasonOf(api, dispatchError), events));
      } else if (internalError || isError) {
        reject(internalError ?? new Failed(status.type));
      } else if (status.isInBlock) {
        resolve(events);
      }
    };
    transaction.signAndSend(signer, follow).catch(reject);
  });
}

/** The contracts that belong together on one chain. */
export class Suite {
  constructor(api) {
    this.api = api;
    this.contracts = [];
    /** What was deployed and sent, in this order. */
    this.journal = [];
  }

  /** Uploads and instantiates a bundle by its constructor 0. The arguments are the constructor's. */
  async deploy(signer, name, ...args) {
    const made = new CodePromise(this.api, bundle(name), null);
    const [constructor] = made.abi.constructors;
    const [data, code, salt] = [constructor.toU8a(args), { Upload: made.code }, randomAsHex()];
    const { instantiate } = this.api.call.contractsApi;
    const { gasRequired, result } = await instantiate(signer.address, 0, null, null, code, data, salt);
    if (result.isErr) throw new Failed(reasonOf(this.api, result.asErr));
    const { lookupName, type } = constructor.returnType;
    answer(constructor, made.abi.registry.createTypeUnsafe(lookupName || type, [result.asOk.result.data.toU8a(true)]));

    const options = { gasLimit: gasRequired, storageDepositLimit: null, salt };
    const events = await submit(this.api, made.tx[constructor.method](options, ...args), signer);
    const { event } = events.find((record) => this.api.events.contracts.Instantiated.is(record.event));
    const contract = this.attach(name, event.data[1].toString());
    this.journal.push({ signer: signer.address, contract: name, message: constructor, args });
    return contract;
  }

  /** A contract that is on the chain already. */
  attach(name, address) {
    const contract = new Contract(this, name, address);
    this.contracts.push(contract);
    return contract;
  }

  /** What contracts of the suite say in a transaction's events, each by the metadata of the contract that says it. */
  decode(records) {
    return records
      .filter(({ event }) => this.api.events.contracts.ContractEmitted.is(event))
      .map((record) => {
        const { abi, name } = this.contracts.find(({ address }) => address === record.event.data[0].toString());
        const { args, event } = abi.decodeEvent(record);
        const fields = Object.fromEntries(event.args.map((field, at) => [field.name, args[at].toJSON()]));
        return { contract: name, event: event.identifier.split('::').pop(), fields };
      });
  }
}

/** A contract on the chain. Messages go by the label that UIs show, such as `Voucher::request`. */
class Contract {
  #suite;
  #contract;

  constructor(suite, name, address) {
    this.#suite = suite;
    this.#contract = new ContractPromise(suite.api, bundle(name), address);
    this.name = name;
    this.address = address;
    this.abi = this.#contract.abi;
  }

  /** Asks a question; anybody may, and it costs nothing. */
  async ask(label, ...args) {
    const { output } = await this.#dryRun(NOBODY, label, args);
    return answer(this.abi.findMessage(label), output);
  }

  /** Sends a message; gives the contract's answer and what contracts said. What a dry run sees refused is not sent. */
  async send(signer, label, ...args) {
    const message = this.abi.findMessage(label);
    const { gasRequired, output } = await this.#dryRun(signer.address, label, args);
    const value = answer(message, output);
    const events = await this.#submit(signer, message, gasRequired, args);
    this.#suite.journal.push({ signer: signer.address, contract: this.name, message, args });
    return { value, events: this.#suite.decode(events) };
  }

  /** Sends a message whatever a dry run says of it. */
  async sendAnyway(signer, label, ...args) {
    const { gasRequired } = await this.#dryRun(signer.address, label, args);
    return this.#submit(signer, this.abi.findMessage(label), gasRequired, args);
  }

  async #dryRun(origin, label, args) {
    const { api } = this.#suite;
    // Without a limit of its own, `query` of @polkadot/api-contract allows no proof size, which nothing fits into.
    const options = { gasLimit: api.consts.system.blockWeights.maxBlock, storageDepositLimit: null };
    const { method } = this.abi.findMessage(label);
    const outcome = await this.#contract.query[method](origin, options, ...args);
    if (outcome.result.isErr) throw new Failed(reasonOf(api, outcome.result.asErr));
    return outcome;
  }

  #submit(signer, { method }, gasLimit, args) {
    const { api } = this.#suite;
    return submit(api, this.#contract.tx[method]({ gasLimit, storageDepositLimit: null }, ...args), signer);
  }
}

/** The name of an error of the chain. */
function reasonOf(api, error) {
  return error.isModule ? api.registry.findMetaError(error.asModule).name : error.toString();
}

/**
 * What a message answers, as plain data. ink! wraps every answer in a result of its own, and around the answer of a message
 * that can be refused is the contract's.
 */
function answer({ identifier }, output) {
  if (output.isErr) throw new Refused(identifier, output.asErr.toHuman());
  const said = output.asOk;
  if (said.isErr === true) throw new Refused(identifier, said.asErr.toHuman());
  return (said.isOk === true ? said.asOk : said).toJSON();
}
