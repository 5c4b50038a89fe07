/** Messages of the gateway at its start about an unusable or unsuitable Redis. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usedCommands } from '../../src/cluster/redis/used-commands.ts';
import type { Config } from '../../src/config/config.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { redisConfig, startReplica } from '../support/replicas.ts';
import { selfSigned } from '../support/self-signed.ts';
import { waitUntil } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
const cert = join(folder, 'cert.pem');
const key = join(folder, 'key.pem');
let sandbox: Sandbox;
let redis: RedisServer;
let tlsUrl: string;
beforeAll(async () => {
  const made = selfSigned('redis');
  writeFileSync(cert, made.cert);
  writeFileSync(key, made.key);
  const tlsPort = String(await freePort());
  tlsUrl = `rediss://127.0.0.1:${tlsPort}`;
  const tls = ['--tls-port', tlsPort, '--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
  [sandbox, redis] = await Promise.all([startSandbox(), startRedis([...tls, '--maxmemory', '100mb'])]);
});
afterAll(async () => {
  await sandbox.close();
  await redis[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const start = (config: Partial<Config>) => startReplica(sandbox.url, config);
/** `REDIS_URL` with the login of a user that has some rights. */
async function urlOf(user: string, ...rights: readonly string[]): Promise<string> {
  await redis.command('ACL', 'SETUSER', user, 'reset', 'on', '>hush', 'resetchannels', '-@all', ...rights);
  return redis.url.replace('//', `//${user}:hush@`);
}
const allRights = Object.keys(usedCommands).map((name) => `+${name}`);

/** Starts a gateway and stops it again. @returns Its warnings about Redis. */
async function warningsOf(config: Partial<Config>): Promise<string[]> {
  const { gateway, logLines } = await start(config);
  await gateway.close();
  return logLines
    .map((line) => JSON.parse(line) as { level: string; msg: string })
    .filter(({ level, msg }) => level === 'warn' && msg.startsWith('Redis'))
    .map(({ msg }) => msg);
}

describe('at its start the gateway', () => {
  it('accepts a correctly configured Redis and user', async () => {
    const url = await urlOf('gateway', '~tc:*', ...allRights);
    expect(await warningsOf(redisConfig(url))).toEqual([]);
  });

  it.each(['gateway:wrong@', 'unknown:hush@'])('reports a login that Redis rejects: %s', async (login) => {
    await urlOf('gateway', '~tc:*', ...allRights);
    const config = redisConfig(redis.url.replace('//', `//${login}`));
    await expect(start(config)).rejects.toThrow(/^REDIS_URL: Redis rejected the user or the password\.$/);
  });

  it('lists the permissions that its user lacks', async () => {
    const some = await urlOf('some', '~tc:*', ...allRights.filter((right) => right !== '+xadd' && right !== '+eval'));
    await expect(start(redisConfig(some))).rejects.toThrow(
      /^REDIS_URL: the user of Redis lacks the right to eval, xadd on tc:\*\.$/,
    );
    const elsewhere = await urlOf('elsewhere', '~other:*', ...allRights);
    await expect(start(redisConfig(elsewhere))).rejects.toThrow(/lacks the right to .* on tc:\*\.$/);
    expect(await warningsOf({ ...redisConfig(elsewhere), redisPrefix: 'other' })).toEqual([]);
  });

  it('reports an old version', async () => {
    const old = createServer((socket) => {
      socket.on('error', () => undefined);
      const answers: Readonly<Record<string, string>> = { info: 'redis_version:6.2.14\r\nloading:0', ping: 'PONG' };
      socket.on('data', (chunk) => {
        for (const [, name = ''] of String(chunk).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
          const text = answers[name] ?? '';
          socket.write(`$${Buffer.byteLength(text)}\r\n${text}\r\n`);
        }
      });
    }).listen(0, '127.0.0.1');
    await once(old, 'listening');
    const { port } = old.address() as AddressInfo; // it listens
    await expect(start(redisConfig(`redis://127.0.0.1:${port}`))).rejects.toThrow(
      /^REDIS_URL: expected Redis 7\.0 or later, or Valkey\.$/,
    );
    old.close();
  });

  it('warns of eviction and of persistence', async () => {
    const config = redisConfig(redis.url);
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await warningsOf(config)).toEqual([expect.stringContaining('set maxmemory-policy to noeviction')]);
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await redis.command('CONFIG', 'SET', 'save', '3600 1');
    expect(await warningsOf(config)).toEqual([expect.stringContaining('turn RDB and AOF off')]);
    await redis.command('CONFIG', 'SET', 'save', '');
    await redis.command('CONFIG', 'SET', 'appendonly', 'yes');
    expect(await warningsOf(config)).toEqual([expect.stringContaining('turn RDB and AOF off')]);
    await redis.command('CONFIG', 'SET', 'appendonly', 'no');
  });

  it('uses TLS with a client certificate, and reports an untrusted server certificate', async () => {
    await expect(start(redisConfig(tlsUrl))).rejects.toThrow(
      /^REDIS_CA_FILE: the certificate of Redis is not trusted \(\w+\)\.$/,
    );
    await expect(start({ ...redisConfig(tlsUrl), redisCaFile: join(folder, 'none.pem') })).rejects.toThrow(
      'REDIS_CA_FILE: expected a file that can be read (ENOENT).',
    );
    const files = { redisCaFile: cert, redisCertFile: cert, redisKeyFile: key };
    expect(await warningsOf({ ...redisConfig(tlsUrl), ...files })).toEqual([]);
  });

  it.each([{ upstreamCaFile: '/nonexistent/ca.pem' }, { auditLog: '/nonexistent/audit.log' }])(
    'leaves no connection to Redis when another error prevents the start: %j',
    async (config) => {
      await using own = await startRedis();
      await expect(start({ ...redisConfig(own.url), ...config })).rejects.toThrow(/^(?:UPSTREAM_CA_FILE|AUDIT_LOG): /);
      await expect.poll(async () => (await own.command('CLIENT', 'LIST')).match(/^id=/gm)).toHaveLength(1);
    },
  );

  it('starts without Redis, checks it once it is reachable, and reports problems then', async () => {
    await using late = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    await late.kill();
    const { gateway, logLines } = await start(redisConfig(late.url));
    expect(logLines.filter((line) => line.includes('Redis is away'))).toHaveLength(1);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    await late.restart();
    await waitUntil(() => logLines.some((line) => line.includes('set maxmemory-policy to noeviction')));
    expect(logLines.filter((line) => line.includes('Redis is back'))).toHaveLength(1);
    await gateway.close();
  });
});
