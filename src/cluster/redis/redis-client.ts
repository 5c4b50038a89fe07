/** Creates clients of Redis from the settings, with their timeouts and without command queues or retries. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Config } from '../../config/config.ts';
import type { RedisAddress } from '../../config/redis-address.ts';
import type { Tls } from '../../upstream/transport/http/tls.ts';

/** A client of one server, or of a cluster; both have the same commands. */
export type RedisClient = Redis | Cluster;

export interface RedisClientOptions {
  readonly address: RedisAddress;
  readonly tls: Tls;
  /** Maximum time to connect, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Maximum time for a reply, in milliseconds; a blocking read needs more than its blocking time. */
  readonly commandTimeoutMs: number;
}

export type RedisSettings = Pick<
  Config,
  'redisPrefix' | 'redisTimeoutMs' | 'redisCaFile' | 'redisCertFile' | 'redisKeyFile'
> & { readonly redisUrl: RedisAddress; readonly redisKeys: readonly Buffer[] };

/** Milliseconds within which a connection that is being closed is destroyed when the other side does not answer. */
const disconnectTimeoutMs = 100;
/** Maximum delay before a reconnection attempt. */
const maxReconnectDelayMs = 500;

/** Doubles from 50 ms to half a second, half of it random, so that replicas that lost Redis together do not reconnect together. */
function reconnectDelayMs(attempt: number): number {
  return Math.min(25 * 2 ** attempt, maxReconnectDelayMs) * (0.5 + Math.random() / 2);
}

/**
 * A client that is not connected yet. A command fails at once without a connection, and when the connection it was sent on is lost:
 * none is queued or sent twice, because only the caller can decide whether it may be repeated. In a cluster a command is sent again
 * only where a node rejected it unexecuted (MOVED, ASK, TRYAGAIN).
 */
export function createRedisClient(options: RedisClientOptions): RedisClient {
  const { address, tls, connectTimeoutMs, commandTimeoutMs } = options;
  const common: RedisOptions = {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // It would need one more permission.
    disableClientInfo: true,
    // The reply of a master that a failover demoted: the next connection finds the new one. The command is not sent again.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.tls ? { tls: { ...tls } } : {}),
  };
  if (address.kind === 'cluster') {
    return new Cluster([...address.hosts], {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectDelayMs,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshTimeout: connectTimeoutMs,
      // Certificates contain host names, not the addresses of a lookup.
      ...(address.tls ? { dnsLookup: (host, callback) => callback(null, host) } : {}),
      redisOptions: common,
    });
  }
  const single: RedisOptions = {
    ...common,
    enableOfflineQueue: false,
    retryStrategy: reconnectDelayMs,
    db: address.db,
  };
  if (address.kind === 'single') return new Redis({ ...single, ...address.hosts[0] });
  return new Redis({
    ...single,
    sentinels: [...address.hosts],
    name: address.master ?? '',
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelCommandTimeout: connectTimeoutMs,
    ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: { ...tls } } : {}),
  });
}

/** Options of a connection to a Sentinel, which reconnects whenever it ends. */
export function sentinelOptions(address: RedisAddress, tls: Tls, timeoutMs: number): RedisOptions {
  return {
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    enableReadyCheck: false,
    autoResubscribe: false,
    disableClientInfo: true,
    retryStrategy: reconnectDelayMs,
    ...(address.tls ? { tls: { ...tls } } : {}),
  };
}
