import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/build.ts';
import { runCommand } from '../support/program.ts';
import { post } from '../support/stack.ts';

const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };

it('npm start builds the programs and no more, and starts the sandbox of a fresh checkout', async () => {
  const checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  try {
    for (const part of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'bundle.ts', 'src', 'schema'])
      cpSync(join(root, part), join(checkout, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    await using start = runCommand('npm', ['start'], {
      cwd: checkout,
      env: { PORT: '0', SANDBOX_PORT: '0' },
      isGroup: true,
    });
    const [, url = ''] = await start.line(/GraphiQL\s+(\S+)\/graphql/);
    expect((await post(url, { query: '{ me { displayName } }' })).data).toEqual({
      me: { displayName: 'Ada Lovelace' },
    });
    // Modules and declarations are for the package; the compiler needs most of half a minute for them.
    expect(readdirSync(join(checkout, 'dist'))).toEqual(['program']);
    // As Ctrl-C does: npm, its shell and the program all get it.
    start.kill('SIGINT');
    await start.exit;
    await expect.poll(start.output).toContain('"msg":"stopped"');
  } finally {
    rmSync(checkout, { recursive: true });
  }
}, 60_000);

it('what is published is built whole', () => {
  expect(scripts['prepack']).toBe('npm run --silent build');
  expect(scripts['build']).toContain('build:modules');
  expect(scripts['build']).toContain('build:programs');
});
