import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from '../support/build.ts';
import { processorSeconds, residentBytes } from '../support/process-figures.ts';
import { run } from '../support/program.ts';
import { post } from '../support/stack.ts';

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
}

// Each runs a process of its own.
describe.concurrent('the process', () => {
  beforeAll(build);

  it('starts sandbox and gateway, prints addresses and credential, serves, and stops cleanly on SIGTERM', async () => {
    await using gateway = run({ AUDIT_LOG: 'stdout', LOG_KEY: 'a key of at least thirty-two characters' });
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const { data } = await post(url, { query: '{ me { displayName } }' });
    expect(data).toEqual({ me: { displayName: 'Ada Lovelace' } });
    // Ten seconds to the first answer is what a user may expect; counted in the program's own work, as others may work here too.
    expect(processorSeconds(pidOf(gateway.child))).toBeLessThan(10);
    expect(gateway.output()).toContain('ada:demo');
    const mute = 'mutation { mute(input: { counterpart: "grace@example.org", minutes: 5 }) { mutedUntil } }';
    expect((await post(url, { query: mute })).errors).toBeUndefined();

    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    expect(gateway.output()).toContain('"msg":"stopped"');
    expect(gateway.output()).toMatch(/^\{"audit":1,.*"action":"mute","outcome":"DONE"/m);
    expect(gateway.output()).not.toContain('thirty-two');
  });

  it('continues after SIGHUP, also without an audit log', async () => {
    await using gateway = run({});
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    gateway.child.kill('SIGHUP');
    expect((await post(url, { query: '{ me { displayName } }' })).errors).toBeUndefined();
    gateway.child.kill('SIGHUP');
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
  });

  it('stops once for signals in quick succession, and ends at once for a later one', async () => {
    await using gateway = run({ DRAIN_DELAY_MS: '60000', SHUTDOWN_TIMEOUT_MS: '120000' });
    await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const firstAt = performance.now();
    const repeat = setInterval(() => gateway.child.kill('SIGTERM'), 50);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(1);
    clearInterval(repeat);
    expect(performance.now() - firstAt).toBeGreaterThan(400);
    expect(gateway.output().match(/"msg":"stopping"/g)).toHaveLength(1);
  });

  it('stays below 250 MB with its sandbox after a roster query', async () => {
    await using gateway = run({});
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const query =
      '{ roster { entries { nodes { counterpart { ... on Group { members { nodes { displayName } } } } } } } }';
    expect((await post(url, { query })).errors).toBeUndefined();
    expect(residentBytes(pidOf(gateway.child))).toBeLessThan(250 * 1024 * 1024);
  });

  // The program holds parts of some packages only: of the one behind this limit, too.
  it('rejects requests beyond RATE_LIMIT', async () => {
    await using gateway = run({ RATE_LIMIT: '1' });
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const query = '{ me { displayName } }';
    expect((await post(url, { query })).errors).toBeUndefined();
    expect((await post(url, { query })).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });

  it('reports every invalid setting by name, with the expected value, and nothing else', async () => {
    await using gateway = run({ PORT: 'four thousand', UPSTREAM_URL: 'https://example.org/v2' });
    expect(await gateway.exit).toBe(1);
    expect(gateway.output()).toBe(
      'PORT: expected a port, 0 to 65535.\nUPSTREAM_URL: expected an origin such as https://api.example.org, without a path.\n',
    );
  });

  it.each(['PORT', 'SANDBOX_PORT'])('reports in one line that the port of %s is in use', async (setting) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await using gateway = run({ [setting]: port });
    expect(await gateway.exit).toBe(1);
    expect(gateway.output()).toBe(`${setting}: port ${port} is in use; choose another one.\n`);
    other.close();
  });

  // No machine has an address of this network (RFC 5737).
  it.each([
    ['HOST', {}],
    ['METRICS_HOST', { METRICS_PORT: '0' }],
  ])('reports in one line that %s is not an address of the machine', async (setting, env) => {
    await using gateway = run({ [setting]: '192.0.2.1', UPSTREAM_URL: 'http://127.0.0.1:1', ...env });
    expect(await gateway.exit).toBe(1);
    expect(gateway.output()).toBe(`${setting}: 192.0.2.1 is no address of this machine.\n`);
  });
});
