import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { build, root } from '../support/build.ts';
import { basicOf } from '../support/sandbox-caller.ts';
import { waitUntil, within } from '../support/wait.ts';

/** Runs the sandbox as `npm run sandbox` does. */
function run(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(root, 'dist/program/sandbox.js')], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output, exited };
}

describe.concurrent('the sandbox on its own', () => {
  beforeAll(build);

  it('prints its address and credential, and stops on SIGTERM with a stream open', async () => {
    const { child, output, exited } = run({ SANDBOX_PORT: '0', SANDBOX_CONTROL_PORT: '0' });
    await waitUntil(() => output.out.includes('Try'));
    const url = /Sandbox\s+(\S+)/.exec(output.out)?.[1] ?? '';
    expect(output.out).toContain('ada:demo');
    const stream = await fetch(`${url}/v2/events`, { headers: { authorization: basicOf('ada') } });
    expect(stream.status).toBe(200);
    child.kill('SIGTERM');
    expect(await within(exited)).toBe(0);
    expect(output.err).toBe('');
    await stream.text().catch(() => undefined);
  });

  it('reports in one line that a port is in use, or that a setting is invalid', async () => {
    await using other = await startSandbox();
    const taken = run({ SANDBOX_PORT: new URL(other.url).port, SANDBOX_CONTROL_PORT: '0' });
    expect(await within(taken.exited)).toBe(1);
    expect(taken.output.err).toMatch(/^Port \d+ is taken\. .*\n$/);
    const wrong = run({ SANDBOX_PORT: 'many' });
    expect(await within(wrong.exited)).toBe(1);
    expect(wrong.output.err).toBe('SANDBOX_PORT: expected a port, 0 to 65535.\n');
    const unknown = run({ SANDBOX_PORT: '0', SANDBOX_API: 'v5' });
    expect(await within(unknown.exited)).toBe(1);
    expect(unknown.output.err).toBe('SANDBOX_API: expected v2 or both.\n');
  });
});
