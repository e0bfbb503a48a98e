// A development node for the time of a test.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { target } from './built.mjs';

/** How long a node may take to start on a busy machine, and to stop; in milliseconds. */
const [STARTING, STOPPING] = [180_000, 10_000];

/** The chain in memory, ports that are free, and nobody but this machine. */
const OPTIONS = [
  '--dev',
  '--tmp',
  '--rpc-port=0',
  '--listen-addr=/ip4/127.0.0.1/tcp/0',
  '--no-prometheus',
  '--no-telemetry',
];

/**
 * Starts a node and waits until it answers; gives its address, and how to stop it. CONTRACTS_NODE names another program than
 * the project's own, CONTRACTS_NODE_URL a node that runs already and is left running.
 */
export async function startNode() {
  const running = process.env.CONTRACTS_NODE_URL;
  if (running) return { url: running, stop: async () => {} };

  const program = process.env.CONTRACTS_NODE ?? join(target, 'debug', 'amanah-node');
  const child = spawn(program, OPTIONS, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close').catch(() => {});
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  // By default these end the process without 'exit'.
  const leave = () => process.exit(1);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, leave);

  const stop = async () => {
    child.kill();
    const late = setTimeout(kill, STOPPING);
    await ended;
    clearTimeout(late);
    process.off('exit', kill);
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, leave);
  };
  try {
    return { url: await address(child, program), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address that a node writes into its log once it answers there. */
function address(child, program) {
  const log = [];
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(late);
      reject(new Error(`${program} ${why}\n${log.slice(-20).join('\n')}`));
    };
    const late = setTimeout(() => fail(`did not start within ${STARTING / 1000} s`), STARTING);
    child.once('error', ({ message }) => fail(`cannot be run: ${message}`));
    child.once('close', (code) => fail(`ended with code ${code}`));
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      const port = /Running JSON-RPC server: addr=127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (!port) return;
      clearTimeout(late);
      resolve(`ws://127.0.0.1:${port}`);
    });
  });
}
