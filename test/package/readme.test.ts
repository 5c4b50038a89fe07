/** Executes the examples of the README, and compares its tables and links with the code. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { settings, variableOf } from '../../src/config/settings.ts';
import { errorCodes } from '../../src/errors.ts';
import { startStack } from '../support/stack.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const manual = readFileSync(new URL('src/deploy/README.md', root), 'utf8');
/** Every page of documentation, the README included. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'schema/README.md',
  'schema/operations/README.md',
  'src/README.md',
  'src/cluster/README.md',
  'src/config/README.md',
  'src/deploy/README.md',
  'src/server/README.md',
  'test/README.md',
  'test/bench/README.md',
  'test/bench/results/growth.md',
  'test/bench/results/results.md',
];

/** The fragments under which GitHub serves the headings of a page. */
const anchorsOf = (page: string) =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

function section(heading: string): string {
  const start = readme.indexOf(`\n## ${heading}\n`);
  expect(start, heading).toBeGreaterThan(0);
  const end = readme.indexOf('\n## ', start + 1);
  return readme.slice(start, end < 0 ? undefined : end);
}

/** A text in which an ellipsis is any text. */
const patternOf = (text: string) =>
  new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+')}$`);

function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code);
}

describe('the README', () => {
  it('shows a query that runs', async () => {
    await using stack = await startStack();
    const [query = ''] = codeBlocks(section('One query, one subscription'), 'graphql');
    const { data, errors } = await stack.query(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ me: { displayName: 'Ada Lovelace' }, roster: { entries: { nodes: [{}, {}] } } });
  });

  it('shows curl commands and their responses', async () => {
    await using stack = await startStack();
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    const text = section('One query, one subscription');
    const [commands, answers] = [codeBlocks(text, 'sh'), codeBlocks(text, 'json')];
    expect(commands).toHaveLength(2);
    for (const [index, command] of commands.entries()) {
      const here = command.replace('http://127.0.0.1:4000', stack.gateway.url).replace('curl ', 'curl --silent ');
      const { stdout } = await promisify(execFile)('bash', ['-c', here], { cwd: folder });
      expect(stdout.trim()).toBe(answers[index]?.trim());
    }
    await rm(folder, { recursive: true });
  });

  it('shows a subscription client that receives a message', async () => {
    await using stack = await startStack();
    const [snippet = ''] = codeBlocks(section('One query, one subscription'), 'ts');
    const body = snippet
      .replaceAll(/^import .*\n/gm, '')
      .replace('ws://127.0.0.1:4000', stack.gateway.url.replace('http', 'ws'))
      .replace('console.log(data);', 'if (received(data)) break;');
    const { createClient } = await import('graphql-ws');
    const { WebSocket } = await import('ws');
    const wanted = { messageReceived: { message: { body: 'Hello Ada', sender: { displayName: 'Grace Hopper' } } } };
    const seen: unknown[] = [];
    const run = new Function(
      'createClient',
      'WebSocket',
      'received',
      `return (async () => {${body}; await client.dispose(); })()`,
    );
    // What waited for Ada comes first; the loop ends with the message sent now.
    const ended: Promise<void> = run(createClient, WebSocket, (data: unknown) => {
      seen.push(data);
      return isDeepStrictEqual(data, wanted);
    });
    await stack.query(
      'mutation { sendMessage(input: { recipient: "ada@example.org", body: "Hello Ada" }) { message { id } } }',
      {},
      'grace',
    );
    await ended;
    expect(seen.at(-1)).toEqual(wanted);
  });

  it('lists the most used settings, and the page of settings all of them, with their defaults', () => {
    const rowsOf = (text: string) =>
      [...text.matchAll(/^\| `([A-Z_]+)` \| (\S+)/gm)].map(([, name, value]) => [name, value]);
    const expected = Object.entries(settings).map(([name, { default: value }]) => [
      variableOf(name),
      value === undefined ? 'unset' : value === '' ? 'empty' : `\`${value}\``,
    ]);
    expect(rowsOf(readFileSync(new URL('src/config/README.md', root), 'utf8'))).toEqual(expected);
    const main = rowsOf(section('Settings'));
    expect(main.length).toBeGreaterThan(10);
    expect(expected).toEqual(expect.arrayContaining(main));
  });

  it('lists every error code, and no other', () => {
    const rows = [...section('Errors').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(rows).toEqual(Object.keys(errorCodes));
  });

  it('lists every field of a log line, and no other', () => {
    const source = readFileSync(new URL('../../src/observability/log-fields.ts', import.meta.url), 'utf8');
    const fieldsOf = (type: string) => {
      const [, body = ''] = new RegExp(`^export interface ${type} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source) ?? [];
      return [...body.matchAll(/^ {2}readonly (\w+)\??: /gm)].map(([, name]) => name).toSorted();
    };
    const namedAfter = (start: RegExp) => {
      const [, text = ''] = new RegExp(`${start.source}([\\s\\S]*?)\\.\\n`).exec(manual) ?? [];
      return [...text.matchAll(/`([a-z]\w*)`/g)].map(([, name]) => name).toSorted();
    };
    expect(namedAfter(/no\s+other: /)).toEqual(fieldsOf('LogFields'));
    expect(namedAfter(/adds a line `operation` for each operation: /)).toEqual(fieldsOf('AccessFields'));
  });

  it('explains every line of the log that is a warning or an error, and no other', () => {
    const texts = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/^(?:sandbox|store|generated)\//.test(file))
      .map((file) => readFileSync(new URL(`src/${file}`, root), 'utf8'));
    const literal = /'((?:[^'\\]|\\.)*)'|`([^`]*)`/.source;
    // The text, or both of a condition.
    const call = new RegExp(
      `[lL]og\\.(?:warn|error)\\(\\s*(?:[\\w.#]+ \\? )?(?:${literal})(?:\\s*: (?:${literal}))?`,
      'g',
    );
    const written = texts
      .flatMap((text) => [...text.matchAll(call)].flatMap(([, ...parts]) => parts.filter((part) => part !== undefined)))
      .map((text) => text.replaceAll(/\$\{[^}]*\}/g, '…'));
    expect(written.length).toBeGreaterThan(40);
    const [, table = ''] = /^### What to do\n([\s\S]*?)^## /m.exec(manual) ?? [];
    const rows = [...table.matchAll(/^\| (`[^|]*) \| (?:warn|error) \|/gm)].map(([, lines = '']) => lines);
    const explained = rows.flatMap((lines) => [...lines.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text));
    const isSame = (one: string, other: string) => patternOf(one).test(other) || patternOf(other).test(one);
    expect(written.filter((text) => !explained.some((other) => isSame(text, other)))).toEqual([]);
    // Some texts are constants elsewhere.
    const all = texts.join('\n');
    const isWritten = (text: string) => written.some((other) => isSame(text, other)) || all.includes(`'${text}'`);
    expect(explained.filter((text) => !isWritten(text) && !all.includes(`msg: '${text}'`))).toEqual([]);
  });

  it.each(pages)('%s names only npm scripts, files and headings that exist', (page) => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: object };
    const text = readFileSync(new URL(page, root), 'utf8');
    for (const [, script = ''] of text.matchAll(/`npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
    const links = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(
      ([, link = '']) => new URL(link, new URL(page, root)),
    );
    expect(links.length, page).toBeGreaterThan(0);
    for (const link of links) {
      expect(existsSync(link), link.pathname).toBe(true);
      if (link.hash !== '') expect(anchorsOf(readFileSync(link, 'utf8')), link.href).toContain(link.hash.slice(1));
    }
  });
});

describe('schema/operations/README.md', () => {
  it('has every scalar of the SDL in its table for Kotlin and Swift', () => {
    const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
    const scalars = [...read('schema/schema.graphql').matchAll(/^scalar (\w+)/gm)].map(([, name]) => name);
    const [, table = ''] = read('schema/operations/README.md').split('| Scalar |');
    const rows = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(scalars.toSorted());
  });
});
