import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/build.ts';
import { runCommand } from '../support/program.ts';
import { post } from '../support/stack.ts';

const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };

describe('npm start in a fresh checkout', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'checkout-'));

  beforeAll(() => {
    for (const part of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'bundle.ts', 'src', 'schema'])
      cpSync(join(root, part), join(checkout, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  });

  afterAll(() => {
    rmSync(checkout, { recursive: true });
  });

  const npm = (...args: readonly string[]) =>
    runCommand('npm', args, { cwd: checkout, env: { PORT: '0', SANDBOX_PORT: '0' }, isGroup: true });

  it('builds the programs and no more, starts the sandbox, and stops once for Ctrl-C', async () => {
    await using start = npm('start');
    const [, url = ''] = await start.line(/GraphiQL\s+(\S+)\/graphql/);
    expect((await post(url, { query: '{ me { displayName } }' })).data).toEqual({
      me: { displayName: 'Ada Lovelace' },
    });
    // Modules and declarations are for the package; the compiler needs most of half a minute for them.
    expect(readdirSync(join(checkout, 'dist'))).toEqual(['program']);
    // Ctrl-C reaches npm and the program, and npm passes it on to the program.
    start.kill('SIGINT');
    await start.exit;
    await expect.poll(start.output).toContain('"msg":"stopped"');
  });

  it('ends the gateway and waits for its end when only npm gets a signal', async () => {
    // Without its build, which the test above has made.
    await using start = npm('start', '--ignore-scripts');
    const [, url = ''] = await start.line(/GraphiQL\s+(\S+)\/graphql/);
    start.child.kill('SIGTERM');
    expect(await start.exit).toBe(0);
    expect(start.output()).toContain('"msg":"stopped"');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  });
});

it('the published package is built completely', () => {
  expect(scripts['prepack']).toBe('npm run --silent build');
  expect(scripts['build']).toContain('build:modules');
  expect(scripts['build']).toContain('build:programs');
});
