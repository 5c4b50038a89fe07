import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedSettings } from '../../src/config/changed-settings.ts';
import { parseConfig } from '../../src/config/config.ts';
import { build } from '../support/build.ts';
import { problemsOf } from '../support/config-problems.ts';
import { run } from '../support/program.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const logKey = 'canary of at least thirty-two characters';

let folder: string;
const file = (name: string, text: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a secret in a file', () => {
  it('is used in place of its variable, without line breaks at its end', () => {
    const env = {
      UPSTREAM_URL: 'https://api.example.org',
      LOG_KEY_FILE: file('log', `${logKey}\n`),
      SESSION_KEYS_FILE: file('session', `${key},${key}\r\n`),
      PRODUCT_KEY_FILE: file('product', 'product'),
      REDIS_URL_FILE: file('redis-url', 'rediss://gateway:canary@cache.example.org\n'),
      REDIS_KEYS_FILE: file('redis-keys', key),
      OTEL_EXPORTER_OTLP_HEADERS_FILE: file('headers', 'authorization=Bearer%20canary\n'),
    };
    expect(parseConfig(env)).toMatchObject({
      logKey,
      sessionKeys: [key, key],
      productKey: 'product',
      redisUrl: { username: 'gateway', password: 'canary' },
      redisKeys: [Buffer.alloc(32, 7)],
      otelExporterOtlpHeaders: 'authorization=Bearer%20canary',
    });
    // The log at the start names the files.
    expect(changedSettings(env)).toEqual({ ...env, UPSTREAM_URL: 'https://api.example.org/' });
  });

  it('is missed when the file cannot be used, which one line for each reports, without its content', () => {
    const large = file('large', 'x'.repeat(70_000));
    for (const [path, problem] of [
      [join(folder, 'nothing'), 'a file that can be read (ENOENT)'],
      [folder, 'a file that can be read (EISDIR)'],
      [file('empty', '\n'), 'a file that is not empty, of at most 64 KiB'],
      [large, 'a file that is not empty, of at most 64 KiB'],
    ] as const)
      expect(problemsOf({ LOG_KEY_FILE: path })).toEqual([`LOG_KEY_FILE: expected ${problem}.`]);
    const wrong = file('wrong', 'canary');
    expect(problemsOf({ LOG_KEY_FILE: wrong, SESSION_KEYS_FILE: wrong })).toEqual([
      'LOG_KEY_FILE: expected a file with a secret of at least 32 characters.',
      expect.stringMatching(/^SESSION_KEYS_FILE: expected a file with keys of 32 bytes as base64/),
    ]);
  });

  it('may begin with a byte order mark, and its path may have spaces', () => {
    const path = file('with spaces.txt', `\ufeff${logKey}\r\n\r\n`);
    expect(parseConfig({ LOG_KEY_FILE: path }).logKey).toBe(logKey);
    expect(problemsOf({ LOG_KEY_FILE: file('mark', '\ufeff\r\n') })).toEqual([
      'LOG_KEY_FILE: expected a file that is not empty, of at most 64 KiB.',
    ]);
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${logKey}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(logKey, 'utf16le')],
    ['Latin-1', Buffer.from(`${logKey}\xe9`, 'latin1')],
  ])('is not guessed from a file in %s', (name, bytes) => {
    expect(problemsOf({ LOG_KEY_FILE: file(name, bytes) })).toEqual([
      'LOG_KEY_FILE: expected a file with text in UTF-8.',
    ]);
  });

  it('may be as large as the limit, and a larger one is reported wherever a character is cut', () => {
    const path = file('full', 'x'.repeat(65_536));
    expect(parseConfig({ LOG_KEY_FILE: path }).logKey).toHaveLength(65_536);
    expect(problemsOf({ LOG_KEY_FILE: file('cut', `x${'é'.repeat(40_000)}`) })).toEqual([
      'LOG_KEY_FILE: expected a file that is not empty, of at most 64 KiB.',
    ]);
  });

  it.runIf(process.platform !== 'win32')('is not awaited from a pipe, and not read from a device', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero', '/dev/null'])
      expect(problemsOf({ LOG_KEY_FILE: path })).toEqual([
        'LOG_KEY_FILE: expected a regular file, not a pipe or a device.',
      ]);
  });

  it('is an error beside its variable', () => {
    const both = { LOG_KEY: logKey, LOG_KEY_FILE: file('log', logKey) };
    expect(problemsOf(both)).toEqual(['LOG_KEY, LOG_KEY_FILE: expected one of them, not both.']);
    expect(problemsOf({ ...both, LOG_KEY: '' })).toEqual([]);
    expect(problemsOf({ ...both, LOG_KEY_FILE: '' })).toEqual([]);
  });

  it('appears nowhere in the output of the program', async () => {
    await build();
    await using gateway = run({ LOG_KEY_FILE: file('log', logKey), AUDIT_LOG: 'stdout', LOG_LEVEL: 'debug' });
    await gateway.line(/GraphiQL\s+(\S+)\/graphql/);
    expect(gateway.output()).toContain('"LOG_KEY_FILE"');
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    expect(gateway.output()).not.toContain('canary');
  });
});
