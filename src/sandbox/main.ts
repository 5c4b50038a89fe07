/** Entry point of `npm run sandbox`: the sandbox alone, with simulated demo people. */
import process from 'node:process';
import { limits } from './bounds.ts';
import type { Api } from './contract-document.ts';
import { type Sandbox, startSandbox } from './server.ts';

const { SANDBOX_PORT = '4010', SANDBOX_CONTROL_PORT = '4011', HOST = '127.0.0.1' } = process.env;
const { SANDBOX_API = 'both', SANDBOX_ROSTER_PAGE = String(limits.rosterPage) } = process.env;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) fail(`${name}: expected a port, 0 to 65535.`);
  return port;
}

function apiOf(text: string): Api {
  if (text !== 'v2' && text !== 'both') fail('SANDBOX_API: expected v2 or both.');
  return text;
}

function pageOf(text: string): number {
  const size = Number(text);
  if (!/^\d+$/.test(text) || size < 1 || size > limits.rosterPage) {
    fail(`SANDBOX_ROSTER_PAGE: expected 1 to ${limits.rosterPage}.`);
  }
  return size;
}

function explain(error: unknown): never {
  const { code = '', port = '' } = error as NodeJS.ErrnoException & { port?: number }; // what listening throws
  if (code === 'EADDRINUSE') fail(`Port ${port} is taken. Set SANDBOX_PORT and SANDBOX_CONTROL_PORT to free ones.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') fail('HOST: expected an address of this machine.');
  if (code === 'EACCES') fail(`Port ${port} may not be used by this user.`);
  throw error;
}

function stopOnSignals(sandbox: Sandbox): void {
  let isStopping = false;
  // Ctrl-C may arrive twice: from the terminal, and from npm, which passes it on.
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    sandbox.close().then(() => process.exit(0), explain);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

const sandbox = await startSandbox({
  host: HOST,
  port: portOf('SANDBOX_PORT', SANDBOX_PORT),
  controlPort: portOf('SANDBOX_CONTROL_PORT', SANDBOX_CONTROL_PORT),
  api: apiOf(SANDBOX_API),
  rosterPage: pageOf(SANDBOX_ROSTER_PAGE),
  simulateActivity: true,
}).catch(explain);
stopOnSignals(sandbox);
say(`Sandbox      ${sandbox.url}`);
say(`Overview     ${sandbox.url}/`);
say(`Control      ${sandbox.controlUrl}`);
say('Credentials  ada:demo (API key and secret; also grace:demo, alan:demo, ... or any first name of the overview)');
say(`Try          curl -u ada:demo ${sandbox.url}/v2/roster`);
