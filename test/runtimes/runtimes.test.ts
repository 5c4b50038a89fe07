/** The built program on Bun and on Deno: it starts, serves HTTP, SSE and WebSocket, and ends on SIGTERM. Not part of `npm test`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { build } from '../support/build.ts';
import { overSse, overWebSocket } from '../support/live-subscription.ts';
import { type Program, runCommand } from '../support/program.ts';
import { post } from '../support/stack.ts';
import { programFile } from '../support/start-command.ts';
import { within } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'runtimes-'));
const versions = { bun: '1.4.5', deno: '2.9.6' } as const;

beforeAll(async () => {
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...packages], { stdio: 'ignore' });
  await build();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

const subscription = 'subscription { messageReceived { message { body } } }';

describe.each([
  ['bun', [programFile]],
  ['deno', ['run', '--allow-all', programFile]],
] as const)('the program on %s', (name, args) => {
  let program: Program;
  let gateway: { readonly url: string };
  beforeAll(async () => {
    program = runCommand(join(folder, 'node_modules/.bin', name), args, {
      env: { PORT: '0', SANDBOX_PORT: '0', HOME: folder },
    });
    const [, url = ''] = await within(program.line(/GraphiQL\s+(\S+)\/graphql/), 60_000);
    gateway = { url };
  }, 90_000);
  afterAll(() => program[Symbol.asyncDispose]());

  it('answers a query and a mutation', async () => {
    const { data } = await post(gateway.url, { query: '{ me { displayName } }' });
    expect(data).toEqual({ me: { displayName: 'Ada Lovelace' } });
    const query =
      'mutation { sendMessage(input: { recipient: "grace@example.org", body: "Hello" }) { message { body } } }';
    expect((await post(gateway.url, { query })).data).toEqual({ sendMessage: { message: { body: 'Hello' } } });
  }, 30_000);

  it.each([
    ['WebSocket', overWebSocket],
    ['SSE', overSse],
  ])(
    'delivers messages over %s',
    async (_transport, subscribe) => {
      await using live = subscribe<SchemaData>(gateway, subscription);
      expect((await within(live.next())).data?.messageReceived.message.body).toMatch(/./);
    },
    40_000,
  );

  it('ends on SIGTERM', async () => {
    program.kill('SIGTERM');
    expect(await within(program.exit, 15_000)).toBe(0);
    expect(program.output()).toContain('"msg":"stopped"');
  }, 20_000);
});
