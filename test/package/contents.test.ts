import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildClientSchema, buildSchema, printSchema } from 'graphql';
import { build as bundle } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settings, variableOf } from '../../src/config/settings.ts';
import { buildPackage, root } from '../support/build.ts';
import { linkLockedPackages } from '../support/locked-packages.ts';
import { runCommand } from '../support/program.ts';
import { basic } from '../support/stack.ts';

const run = promisify(execFile);

/** What a front-end developer writes on the first day; a bundler resolves it. */
const page = `
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
import { type DateTime, documentId, RosterDocument, type RosterRowFragment } from 'tigerconnect-graphql/documents';
import manifest from 'tigerconnect-graphql/persisted-operations.json' with { type: 'json' };

export async function readRoster(url: string, variables: VariablesOf<typeof RosterDocument>) {
  const texts: Record<string, string> = manifest;
  const response = await fetch(url + '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Basic ' + btoa('ada:demo') },
    body: JSON.stringify({ query: texts[documentId(RosterDocument)], variables }),
  });
  const { data } = (await response.json()) as { data: ResultOf<typeof RosterDocument> };
  const rows: readonly (RosterRowFragment | null)[] = data.roster.entries?.nodes ?? [];
  const muted: DateTime | null = rows[0]?.mutedUntil ?? null;
  const names = rows.map((row) => (row?.counterpart?.__typename === 'Group' ? row.counterpart.name : row?.counterpart?.id));
  // @ts-expect-error: there is no such field
  void rows[0]?.colour;
  return { names, muted };
}

// @ts-expect-error: there is no such kind of conversation
export const wrong = () => readRoster('', { kinds: ['PERSON'] });
`;

/** The same in a program of its own, with a gateway and a sandbox in it, and every export that is a file. */
const program = `
import { readFileSync } from 'node:fs';
import { ConfigError, type Gateway, startGateway } from 'tigerconnect-graphql';
import { startSandbox } from 'tigerconnect-graphql/sandbox';
import { readRoster } from './page.js';

const sandbox = await startSandbox();
const refused: unknown = await startGateway({ upstreamUrl: 'nowhere', port: 0 }).catch((error: unknown) => error);
const gateway: Gateway = await startGateway({ upstreamUrl: sandbox.url, port: 0, logLevel: 'silent' });
const { names, muted } = await readRoster(gateway.url, { first: 3, kinds: ['GROUP'] });
const [schema = ''] = ['schema.graphql', 'persisted-operations.json', 'package.json'].map((file) =>
  readFileSync(new URL(import.meta.resolve('tigerconnect-graphql/' + file)), 'utf8'),
);
process.stdout.write(
  JSON.stringify({ names, muted, refused: refused instanceof ConfigError, hasSchema: schema.includes('type Query') }),
);
await gateway.close();
await sandbox.close();
`;

const strict = [
  '--strict',
  '--exactOptionalPropertyTypes',
  '--noUncheckedIndexedAccess',
  '--resolveJsonModule',
  '--target',
  'es2023',
];
/** The compiler in JavaScript, which many projects have, and the native one, which takes a fifth of the time. */
const compilers = {
  typescript: join(root, 'node_modules/typescript/bin/tsc'),
  native: join(root, 'node_modules/typescript-native/bin/tsc'),
};
const projects = [
  [
    'Node',
    'native',
    ['--module', 'nodenext', '--lib', 'es2023,esnext.disposable', '--types', 'node', '--outDir', 'out', 'program.ts'],
  ],
  [
    'a bundler',
    'native',
    ['--module', 'preserve', '--lib', 'es2023,dom,esnext.disposable', '--types', 'node', '--noEmit', 'program.ts'],
  ],
  ['a page', 'typescript', ['--module', 'preserve', '--lib', 'es2023,dom', '--noEmit', 'page.ts']],
] as const;

describe('the package', () => {
  let project: string;

  beforeAll(async () => {
    await buildPackage();
    project = await mkdtemp(join(tmpdir(), 'package-'));
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root });
    const { name, version, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}');
    await writeFile(join(project, 'program.ts'), program);
    await writeFile(join(project, 'page.ts'), page);
    await linkLockedPackages(project, ['@types/node', 'undici-types']);
    const options = ['--prefer-offline', '--engine-strict', '--no-audit', '--no-fund', '--loglevel=error'];
    await run(
      'npm',
      ['install', ...options, `./${name}-${version}.tgz`, `@types/node@${devDependencies['@types/node']}`],
      { cwd: project },
    );
  });

  afterAll(() => rm(project, { recursive: true }));

  it.concurrent.each(projects)(
    'is typed for %s, its declarations included',
    async (_name, compiler, options) => {
      const compiled = run('node', [compilers[compiler], ...strict, ...options], { cwd: project });
      // What the compiler complains about is on standard output.
      await compiled.catch(({ stdout }: { readonly stdout: string }) => expect(stdout).toBe(''));
    },
    120_000,
  );

  it('starts a gateway on a sandbox and answers a typed document', async () => {
    const { stdout } = await run('node', ['--no-warnings', 'out/program.js'], { cwd: project });
    const name = expect.any(String);
    expect(JSON.parse(stdout)).toEqual({ names: [name, name, name], muted: null, refused: true, hasSchema: true });
  });

  it('has a command that lists every setting', async () => {
    const command = join(project, 'node_modules/.bin/tigerconnect-graphql');
    const { stdout } = await run(command, ['--help'], { cwd: project });
    expect(stdout).toContain('--upstream-url (unset)');
    for (const name of Object.keys(settings))
      expect(stdout).toContain(`--${variableOf(name).toLowerCase().replaceAll('_', '-')} (`);
    expect((await run(command, ['print', 'alerts'], { cwd: project })).stdout).toContain('alert: TigerConnect');
    await expect(run('npx', ['tigerconnect-graphql', '--port', 'none'], { cwd: project })).rejects.toMatchObject({
      stderr: expect.stringContaining('PORT: expected a port, 0 to 65535.'),
    });
    await expect(run(command, ['--colour', 'red'], { cwd: project })).rejects.toMatchObject({
      stderr: "Unknown option '--colour'.\nTry --help.\n",
    });
  });

  it.each([
    [['sandbox', '--port', '1'], 'sandbox does not take --port. It takes --host, --sandbox-port, --sandbox-api, '],
    [['--sandbox-control-port', '1'], 'gateway does not take --sandbox-control-port.'],
    [['introspection', '--log-level', 'debug'], 'introspection does not take --log-level.'],
    [['print', 'compose', '--port', '1'], 'print does not take --port.'],
  ])('has a command that rejects a flag without an effect: %j', async (words, message) => {
    const command = join(project, 'node_modules/.bin/tigerconnect-graphql');
    await expect(run(command, words, { cwd: project, timeout: 60_000 })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`The command ${message}`),
    });
  });

  it('has a command that prints its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const flag of ['--version', '-v']) {
      const { stdout } = await run('node_modules/.bin/tigerconnect-graphql', [flag], { cwd: project });
      expect(stdout).toBe(`${version}\n`);
    }
  });

  it('has a command that starts the gateway as in the README, or the sandbox alone', async () => {
    const command = join(project, 'node_modules/.bin/tigerconnect-graphql');
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, flags = ''] = /^npx tigerconnect-graphql (.+)$/m.exec(readme) ?? [];
    const origin = 'http://localhost:5173';
    expect(flags).toContain(origin);
    await using gateway = runCommand(command, [...flags.split(' '), '--port', '0', '--sandbox-port', '0'], {
      cwd: project,
    });
    const [, url = ''] = await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic('ada'), origin },
      body: JSON.stringify({ query: '{ me { displayName } }' }),
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(await answer.json()).toEqual({ data: { me: { displayName: 'Ada Lovelace' } } });

    const ports = ['--sandbox-port', '0', '--sandbox-control-port', '0'];
    await using sandbox = runCommand(command, ['sandbox', ...ports], { cwd: project });
    const [, upstream = ''] = await sandbox.line(/Sandbox\s+(\S+)/);
    expect((await fetch(`${upstream}/v2/roster`, { headers: { authorization: basic('ada') } })).status).toBe(200);
  });

  it('has a command that prints the schema for code generators that read introspection', async () => {
    const { stdout } = await run('node_modules/.bin/tigerconnect-graphql', ['introspection'], {
      cwd: project,
      maxBuffer: 4_000_000,
    });
    const sdl = await readFile(join(root, 'schema/schema.graphql'), 'utf8');
    expect(printSchema(buildClientSchema(JSON.parse(stdout)))).toBe(printSchema(buildSchema(sdl)));
  });

  it('has the schema and the operations', async () => {
    const read = (path: string) => readFile(join(project, 'node_modules/tigerconnect-graphql/schema', path), 'utf8');
    expect(await read('schema.graphql')).toContain('type Query');
    expect(await read('operations/user.graphql')).toContain('fragment UserCard');
  });

  /** Bytes of a bundle with this export of `./documents`, compressed, and its text. */
  async function bundleOf(exported: string): Promise<{ readonly gzip: number; readonly text: string }> {
    const entry = join(project, 'entry.js');
    await writeFile(entry, `export ${exported} from 'tigerconnect-graphql/documents';`);
    const result = await bundle({
      root: project,
      configFile: false,
      logLevel: 'error',
      build: { write: false, lib: { entry, formats: ['es'] }, minify: true },
    });
    const output = [result].flat().flatMap((part) => ('output' in part ? part.output : []));
    const text = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
    return { gzip: gzipSync(text).length, text };
  }

  it('has documents of at most 20 KB all together, with nothing to load at run time', async () => {
    const { gzip, text } = await bundleOf('*');
    expect(gzip).toBeLessThanOrEqual(20 * 1024);
    expect(text).not.toMatch(/\b(import|require)\b/);
  });

  it('has documents that are loaded individually', async () => {
    const { gzip, text } = await bundleOf('{ SignOutDocument }');
    expect(text).toContain('SignOut');
    expect(text).not.toContain('Roster');
    // Half of it makes documents of the compact form, once for all.
    expect(gzip).toBeLessThan(1_200);
  });
});
