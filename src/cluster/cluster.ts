/** What replicas of the gateway share through Redis. Nothing of this folder is loaded without `REDIS_URL`. */
import { randomBytes } from 'node:crypto';
import { type Config, ConfigError } from '../config/config.ts';
import type { Log } from '../observability/log.ts';
import { Changes } from './changes.ts';
import { CredentialKeys } from './credential-key.ts';
import { RedisConnection } from './redis/connection.ts';
import { checkRedis } from './redis/redis-check.ts';
import type { RedisSettings } from './redis/redis-client.ts';
import { createSharedRateLimit } from './shared-rate-limit.ts';
import { SharedStreams, type SharingSettings } from './shared-streams.ts';

export interface ClusterOptions {
  readonly settings: RedisSettings & SharingSettings & Pick<Config, 'shareEventStreams'>;
  /** `RATE_LIMIT`; 0: no limit. */
  readonly rateLimit: number;
  /** Maximum credentials whose keys are kept in memory. */
  readonly maxCredentials: number;
  readonly log: Log;
}

export interface Cluster {
  readonly connection: RedisConnection;
  readonly keys: CredentialKeys;
  readonly changes: Changes;
  /** Undefined unless `SHARE_EVENT_STREAMS` is set. */
  readonly streams: SharedStreams | undefined;
  /** Counts an operation of all replicas; undefined without a limit. */
  readonly consumeOperation: ReturnType<typeof createSharedRateLimit> | undefined;
  /** Hands over event streams. */
  close(): Promise<void>;
}

/** @throws ConfigError for a Redis that cannot be used. One that cannot be reached is waited for in the background. */
export async function startCluster({ settings, rateLimit, maxCredentials, log }: ClusterOptions): Promise<Cluster> {
  const { redisPrefix: prefix, redisKeys } = settings;
  const connection = await RedisConnection.open(settings, log);
  const check = () => checkRedis(connection.client, prefix, log);
  await check().catch((error: unknown) => {
    if (error instanceof ConfigError) {
      connection.close();
      throw error;
    }
    checkOnceUp(connection, check, log);
  });
  const keys = new CredentialKeys(redisKeys, maxCredentials);
  // Random, so that a replica that starts again is another one.
  const replica = randomBytes(9).toString('base64url');
  const changes = new Changes({ connection, keys, prefix, replica });
  changes.start();
  const streams = settings.shareEventStreams
    ? new SharedStreams({ connection, keys, operatorKeys: redisKeys, replica, settings, log })
    : undefined;
  await streams?.start();
  const consumeOperation =
    rateLimit === 0
      ? undefined
      : createSharedRateLimit({
          connection,
          keys,
          prefix,
          operationsPerMinute: rateLimit,
          replicas: () => streams?.replicas ?? 1,
        });
  return {
    connection,
    keys,
    changes,
    streams,
    consumeOperation,
    async close() {
      await streams?.close();
      changes.close();
      connection.close();
    },
  };
}

/** A Redis that is away at the start is checked when it comes. */
function checkOnceUp(connection: RedisConnection, check: () => Promise<void>, log: Log): void {
  let isChecked = false;
  connection.onUp(() => {
    if (isChecked) return;
    isChecked = true;
    check().catch((error: unknown) => {
      if (error instanceof ConfigError) log.error(error.message, { setting: 'REDIS_URL' });
      else isChecked = false;
    });
  });
}
