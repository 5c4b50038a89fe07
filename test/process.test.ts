import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from './support/build.ts';
import { run } from './support/program.ts';
import { post } from './support/stack.ts';

/** Processor time a process has used, in seconds (proc(5): fields 14 and 15 of stat, in hundredths). */
function cpuSeconds({ pid }: ChildProcess): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
  return (user + system) / 100;
}

describe('the process', () => {
  beforeAll(build, 300_000);

  it('starts sandbox and gateway, says where and who, answers, and stops cleanly on SIGTERM', async () => {
    await using gateway = run({});
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const { data } = await post(url, { query: '{ me { displayName } }' });
    expect(data).toEqual({ me: { displayName: 'Ada Lovelace' } });
    // Ten seconds to the first answer is what a user may expect; counted in the program's own work, as others may work here too.
    expect(cpuSeconds(gateway.child)).toBeLessThan(10);
    expect(gateway.output()).toContain('ada:demo');

    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    expect(gateway.output()).toContain('"msg":"stopped"');
  });

  it('stays below 250 MB with its sandbox after a roster query', async () => {
    await using gateway = run({});
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const query =
      '{ roster { entries { nodes { counterpart { ... on Group { members { nodes { displayName } } } } } } } }';
    expect((await post(url, { query })).errors).toBeUndefined();
    const status = readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8');
    const residentKiB = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
    expect(residentKiB).toBeLessThan(250 * 1024);
  });

  it('reports every wrong setting by name, with what was expected, and nothing else', async () => {
    await using gateway = run({ PORT: 'four thousand', UPSTREAM_URL: 'https://example.org/v2' });
    expect(await gateway.exit).toBe(1);
    expect(gateway.output()).toBe(
      'PORT: expected a port, 0 to 65535.\nUPSTREAM_URL: expected an origin such as https://api.example.org, without a path.\n',
    );
  });

  it.each(['PORT', 'SANDBOX_PORT'])('says in one line that the port of %s is taken', async (setting) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await using gateway = run({ [setting]: port });
    expect(await gateway.exit).toBe(1);
    expect(gateway.output()).toBe(`${setting}: port ${port} is taken by another program; choose another one.\n`);
    other.close();
  });
});
