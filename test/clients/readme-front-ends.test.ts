/** Type-checks and executes every program of README.md, schema/operations/README.md and src/store/README.md. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { buildPackage, root } from '../support/build.ts';
import { type ReadmePrograms, writeReadmePrograms } from '../support/readme-programs.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { post, startStack, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const strict = { config: { persistedOperations: 'only' } } as const;
/** The oldest Node the package admits has no WebSocket of its own, so no program may count on it. */
const oldestNode = 'delete globalThis.WebSocket;';

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  module: 'preserve',
  resolveJsonModule: true,
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable'],
  jsx: 'react-jsx',
  types: ['node'],
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

/** The program that the README starts with tsx. */
const startedWithTsx = 'subscription.ts';
/** The others, compiled at once by what tsx compiles with: it takes half a second of processor time and more for each start. */
const compiled = [
  'apollo.ts',
  'conversation.ts',
  'gateway.ts',
  'ids.ts',
  'live.ts',
  'registered.ts',
  'roster.ts',
  'stream.ts',
  'upload.ts',
];

interface Run extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly output: () => string;
}

let sandbox: Sandbox;
let gateway: Gateway;
let programs: ReadmePrograms;

const startHere = (port: number) =>
  startGateway({ config: testConfig(sandbox.url, { port }), log: createLog('silent') });

beforeAll(async () => {
  await buildPackage();
  sandbox = await startSandbox();
  gateway = await startHere(0);
  programs = await writeReadmePrograms(gateway.url);
  await prepare(programs.folder, compiled);
  await writeFile(join(programs.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
});
afterAll(async () => {
  await programs[Symbol.asyncDispose]();
  await gateway.close();
  await sandbox.close();
});

/** Writes into the folder what its programs are started with: each as JavaScript, with the files beside it that it imports. */
async function prepare(folder: string, names: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'oldest-node.mjs'), oldestNode);
  await build({
    entryPoints: names.map((name) => join(folder, name)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
}

function start(name: string, folder = programs.folder): Run {
  const program = name === startedWithTsx ? ['--import', 'tsx', name] : [name.replace(/\.ts$/, '.mjs')];
  const child = spawn(process.execPath, ['--import', './oldest-node.mjs', ...program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'exit');
  return {
    child,
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** What a program prints until it ends by itself. */
async function outputOf(name: string, folder?: string): Promise<string> {
  await using run = start(name, folder);
  await once(run.child, 'exit');
  return run.output();
}

async function say(body: string): Promise<void> {
  const query = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
  const variables = { input: { recipient: 'ada@example.org', body } };
  const { errors } = await post(gateway.url, { query, variables }, 'grace');
  expect(errors).toBeUndefined();
}

describe('README.md and schema/operations/README.md', { timeout: 300_000 }, () => {
  it.concurrent('has programs without type errors', async () => {
    expect(programs.names).toContain('list.tsx');
    expect(programs.names).toHaveLength(new Set(programs.names).size);
    const checked = promisify(execFile)('node', [
      join(root, 'node_modules/typescript-native/bin/tsc'),
      '-p',
      programs.folder,
    ]);
    await checked.catch(({ stdout }: { readonly stdout: string }) => expect(stdout).toBe(''));
  });

  it.concurrent.each([
    ['roster.ts', /^\S.+ \S+\n\S.+ \S+\n\S.+ \S+\n$/],
    ['upload.ts', /^result\.txt potassium 4\.1\n$/],
    ['apollo.ts', /^Ada Lovelace\n(?:[A-Z]+\n)*LIVE\n$/],
    ['ids.ts', /^Ada Lovelace\n$/],
    ['gateway.ts', /^200\n$/],
  ])('has a program %s that prints what it promises', async (name, pattern) => {
    expect(await outputOf(name)).toMatch(pattern);
  });

  it.concurrent('has a program that sends ids when only registered operations are accepted', async () => {
    await using only = await startStack(strict);
    await using there = await writeReadmePrograms(only.gateway.url);
    await prepare(there.folder, ['registered.ts']);
    expect(await outputOf('registered.ts', there.folder)).toContain("displayName: 'Ada Lovelace'");
  });

  it.concurrent('has a program registered.ts that gets an error when registered operations are off', async () => {
    expect(await outputOf('registered.ts')).toContain('registered operations are switched off');
  });

  it('has a program subscription.ts that prints what arrives', async () => {
    await using run = start('subscription.ts');
    const isConnected = async () => (await controlOf(sandbox).openStreams()).ada ?? 0;
    await expect.poll(isConnected).toBeGreaterThan(0);
    await say('for subscription.ts');
    await waitUntil(() => run.output().includes('for subscription.ts'));
  });

  it('has a program conversation.ts that shows what arrives, marks it as read and answers', async () => {
    await using run = start('conversation.ts');
    await waitUntil(() => / unread/.test(run.output()));
    await say('Are you there?');
    await waitUntil(() => /Grace Hopper: Are you there\? \(\w+\), \d+ unread/.test(run.output()));
    await waitUntil(() => /: On my way \(\w+\), 0 unread/.test(run.output()));
  });

  it.each(['live.ts', 'stream.ts'])(
    'has a program %s that continues after a rejected credential and a lost gateway',
    async (name) => {
      const control = controlOf(sandbox);
      await using run = start(name);
      const heard = (text: string) => waitUntil(() => run.output().includes(text));
      const isConnected = async () =>
        expect.poll(async () => (await control.openStreams()).ada ?? 0).toBeGreaterThan(0);
      await isConnected();
      await say('first of three');
      await heard('first of three');

      // The upstream rejects the credential once; the program signs in again.
      const fault = await control.fault({
        kind: 'status',
        operationId: 'createEvents',
        status: 401,
        caller: 'ada',
        count: 1,
      });
      await control.streams({ action: 'drop', caller: 'ada' });
      await expect.poll(async () => (await control.faults()).some(({ id }) => id === fault.id)).toBe(false);
      await isConnected();
      await say('second of three');
      await heard('second of three');

      const { port } = new URL(gateway.url);
      await gateway.close();
      gateway = await startHere(Number(port));
      await isConnected();
      await say('third of three');
      await heard('third of three');
      expect(run.child.exitCode).toBeNull();
    },
  );

  it('names existing scripts and files only', () => {
    const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(Object.keys(scripts)).toContain('app');
    expect(Object.keys(bin)).toEqual(['tigerconnect-graphql']);
  });
});
