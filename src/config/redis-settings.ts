/** Settings of Redis, through which replicas of the gateway share state. */
import * as z from 'zod';
import { boolean, integer, secretKeys } from './parsers.ts';
import { parseRedisAddress, type RedisAddress } from './redis-address.ts';
import { optional, type Setting, setting } from './setting.ts';

const redisUrl = () =>
  z.string().transform((text, context): RedisAddress => {
    const address = parseRedisAddress(text);
    if (address !== undefined) return address;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });

const redisKeys = () =>
  secretKeys().transform((keys): readonly Buffer[] => keys.map((key) => Buffer.from(key, 'base64')));

export const redisSettings = {
  redisUrl: optional(
    redisUrl,
    'redis://host, redis-sentinel://host,host/0#master or redis-cluster://host,host; with TLS rediss, rediss-sentinel or rediss-cluster; with user:password@ before the hosts, percent-encoded',
    'Redis 7 or later (or Valkey) that replicas share; needs UPSTREAM_URL and REDIS_KEYS. Unset: replicas share nothing.',
  ),
  redisKeys: optional(
    redisKeys,
    'keys of 32 bytes as base64, separated by commas, such as `openssl rand -base64 32` prints',
    'Secret keys, the same on all replicas. The last one derives the credential keys in Redis. To change it, stop the old replicas before the new ones start.',
  ),
  redisPrefix: setting(
    () => z.string().regex(/^[\w.-]{1,40}$/),
    'tc',
    'up to 40 letters, digits, dots, hyphens and underscores',
    'First part of every key in Redis; gateways with different prefixes may share one.',
  ),
  redisTimeoutMs: setting(
    integer(50, 60_000),
    '1000',
    'milliseconds, 50 to 60000',
    'Maximum time for Redis to answer or to accept a connection; then the replica works without it until it answers again.',
  ),
  shareEventStreams: setting(
    boolean,
    'false',
    'true or false',
    'Experimental: share event streams, `after:` and held events through Redis, so that clients of one credential can be on several replicas. The README of src/cluster has the known limits.',
  ),
  redisLeaseMs: setting(
    integer(1_000, 60_000),
    '4000',
    'milliseconds, 1000 to 60000',
    'Silence of a replica after which others take over its event streams; a heartbeat every quarter of it.',
  ),
  redisCaFile: optional(
    () => z.string(),
    'the path of a PEM file',
    'Certificate authorities trusted for Redis instead of the public ones.',
  ),
  redisCertFile: optional(
    () => z.string(),
    'the path of a PEM file, together with REDIS_KEY_FILE',
    'Client certificate for connections to Redis.',
  ),
  redisKeyFile: optional(
    () => z.string(),
    'the path of a PEM file, together with REDIS_CERT_FILE',
    'Private key of the client certificate.',
  ),
  redisAllowPlain: setting(
    boolean,
    'false',
    'true or false',
    'Allow REDIS_URL without TLS for another machine. The password and hashes of callers then travel unencrypted.',
  ),
} as const satisfies Record<string, Setting<unknown>>;
