/** Checks at the start that the gateway can use this Redis: its version, its settings, and the permissions of the user. */
import { Cluster, type Redis } from 'ioredis';
import { ConfigError } from '../../config/config.ts';
import type { Log } from '../../observability/log.ts';
import type { RedisClient } from './redis-client.ts';
import { usedCommands } from './used-commands.ts';

const minMajorVersion = 7;

/**
 * @param prefix `REDIS_PREFIX`.
 * @throws ConfigError for an old Redis or missing permissions, and Redis' own error when it does not answer.
 */
export async function checkRedis(client: RedisClient, prefix: string, log: Log): Promise<void> {
  const missing = await missingRights(client, `${prefix}:check`);
  if (missing.length > 0) {
    throw new ConfigError([`REDIS_URL: the user of Redis lacks the right to ${missing.join(', ')} on ${prefix}:*.`]);
  }
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const findings = new Set((await Promise.all(nodes.map(inspect))).flat());
  for (const finding of findings) log.warn(finding, { setting: 'REDIS_URL' });
}

/** What is wrong with the settings of one server. @throws ConfigError for an old one. */
async function inspect(node: Redis): Promise<string[]> {
  const info = parseInfo(await node.info());
  if (!(Number.parseInt(info.get('redis_version') ?? '', 10) >= minMajorVersion)) {
    throw new ConfigError([`REDIS_URL: expected Redis ${minMajorVersion}.0 or later, or Valkey.`]);
  }
  const findings: string[] = [];
  if ((info.get('maxmemory_policy') ?? 'noeviction') !== 'noeviction') {
    findings.push('Redis evicts keys when it is full: set maxmemory-policy to noeviction');
  }
  if (info.get('aof_enabled') === '1' || Number(info.get('rdb_saves') ?? 0) > 0 || (await savesItself(node))) {
    findings.push('Redis writes to disk, which the gateway does not need: turn RDB and AOF off');
  }
  return findings;
}

/**
 * Whether RDB is on. Reading settings, which contain passwords, is a permission that the user need not have; without it RDB is not
 * checked.
 */
async function savesItself(node: Redis): Promise<boolean> {
  if (node.options.username !== undefined && node.options.username !== null) return false;
  const reply: unknown = await node.config('GET', 'save').catch(() => []);
  return Array.isArray(reply) && reply.length > 1 && reply[1] !== '';
}

/** `name:value` lines. */
function parseInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
}

/** Names of the commands that Redis denies. */
async function missingRights(client: RedisClient, key: string): Promise<string[]> {
  const missing: string[] = [];
  for (const [name, argumentsFor] of Object.entries(usedCommands)) {
    await client.call(name, ...argumentsFor(key)).catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'ReplyError')) throw error;
      if (error.message.startsWith('NOPERM')) missing.push(name);
    });
  }
  return missing;
}
