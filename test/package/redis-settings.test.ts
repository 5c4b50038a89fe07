import { describe, expect, it } from 'vitest';
import { changedSettings } from '../../src/config/changed-settings.ts';
import { parseConfig } from '../../src/config/config.ts';
import { parseRedisAddress } from '../../src/config/redis-address.ts';
import { problemsOf } from '../support/config-problems.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const complete = { UPSTREAM_URL: 'https://api.example.org', REDIS_URL: 'redis://127.0.0.1', REDIS_KEYS: key };

describe('REDIS_URL', () => {
  const none = { username: undefined, password: undefined, db: 0, master: undefined };
  it.each([
    ['redis://127.0.0.1', { ...none, kind: 'single', tls: false, hosts: [{ host: '127.0.0.1', port: 6379 }] }],
    [
      'rediss://gate%40way:p%2Fw:1@cache.example.org:7000/2',
      {
        ...none,
        kind: 'single',
        tls: true,
        hosts: [{ host: 'cache.example.org', port: 7000 }],
        username: 'gate@way',
        password: 'p/w:1',
        db: 2,
      },
    ],
    [
      'redis-sentinel://:pw@one,two:5000/1#main',
      {
        ...none,
        kind: 'sentinel',
        tls: false,
        hosts: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 5000 },
        ],
        password: 'pw',
        db: 1,
        master: 'main',
      },
    ],
    [
      'rediss-cluster://[::1]:7001,b',
      {
        ...none,
        kind: 'cluster',
        tls: true,
        hosts: [
          { host: '::1', port: 7001 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
  ])('%s', (text, address) => {
    expect(parseRedisAddress(text)).toEqual(address);
  });

  it.each([
    'http://127.0.0.1',
    'redis://:80',
    'redis://one,two',
    'redis://one#main',
    'redis-sentinel://one/0',
    'redis-cluster://one/1',
    'redis://one:0',
    'redis://one:70000',
    'redis://one/x',
    'redis://one?db=1',
    'redis://user:pa/ss@one',
    'redis://user:pa#ss@one',
    'redis://user:100%@one',
    'redis://user:a b@one',
  ])('is not %s, and the error does not repeat it', (text) => {
    const [problem = '', ...others] = problemsOf({ ...complete, REDIS_URL: text });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^REDIS_URL: expected redis:\/\/host, redis-sentinel:.*\.$/);
    expect(problem).not.toContain(text);
  });
});

describe('the settings of Redis', () => {
  it('are complete with an address, keys and an upstream', () => {
    expect(problemsOf(complete)).toEqual([]);
    expect(parseConfig({ ...complete, REDIS_KEYS: `${key}, ${key}` }).redisKeys).toHaveLength(2);
  });

  it.each([
    [{ REDIS_KEYS: '' }, /^REDIS_KEYS: expected keys of 32 bytes as base64, .* because REDIS_URL is set\.$/],
    [{ REDIS_KEYS: Buffer.alloc(16, 1).toString('base64') }, /^REDIS_KEYS: expected keys of 32 bytes as base64/],
    [{ REDIS_KEYS: `${key},` }, /^REDIS_KEYS: expected keys of 32 bytes as base64/],
    [{ UPSTREAM_URL: '' }, /^UPSTREAM_URL: expected with REDIS_URL, because each replica would start a sandbox/],
    [{ REDIS_URL: 'redis://cache.example.org' }, /^REDIS_URL: expected rediss, .* REDIS_ALLOW_PLAIN=true overrides\.$/],
    [{ REDIS_URL: 'redis-cluster://127.0.0.1,cache.example.org' }, /^REDIS_URL: expected rediss/],
    [{ REDIS_CERT_FILE: '/cert.pem' }, /^REDIS_CERT_FILE, REDIS_KEY_FILE: expected both or neither\.$/],
    [{ REDIS_TIMEOUT_MS: '1' }, /^REDIS_TIMEOUT_MS: expected milliseconds, 50 to 60000\.$/],
    [{ REDIS_PREFIX: 'a:b' }, /^REDIS_PREFIX: expected up to 40 letters/],
  ])('are invalid with %j, which one line reports', (change, problem) => {
    const problems = problemsOf({ ...complete, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('may name another machine with TLS, or without it when that is allowed', () => {
    expect(problemsOf({ ...complete, REDIS_URL: 'rediss://cache.example.org' })).toEqual([]);
    expect(problemsOf({ ...complete, REDIS_URL: 'redis://cache.example.org', REDIS_ALLOW_PLAIN: 'true' })).toEqual([]);
    for (const host of ['localhost', '127.0.0.1:1', '[::1]']) {
      expect(problemsOf({ ...complete, REDIS_URL: `redis://${host}` })).toEqual([]);
    }
  });

  it('appear in the log without user, password and keys', () => {
    const shown = (url: string) => changedSettings({ REDIS_URL: url, REDIS_KEYS: key });
    expect(shown('redis://user:secret@one:1/2')).toEqual({ REDIS_URL: 'redis://one:1/2', REDIS_KEYS: 'set' });
    for (const url of ['redis-sentinel://user:secret@one:1,two:2/0#main', 'rediss-cluster://:secret@one:1,two:2']) {
      expect(shown(url)['REDIS_URL']).toMatch(/^rediss?-\w+:\/\/one:1,two:2(?:\/0)?$/);
    }
  });
});
