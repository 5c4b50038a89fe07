/** The state that replicas share through Redis. Nothing of this folder is loaded without `REDIS_URL`. */
import { type Config, ConfigError } from '../config/config.ts';
import type { Log } from '../observability/log.ts';
import { Changes } from './changes.ts';
import { CredentialKeys } from './credential-key.ts';
import { newReplicaId } from './log/format.ts';
import { RedisConnection } from './redis/connection.ts';
import { checkRedis } from './redis/redis-check.ts';
import type { RedisSettings } from './redis/redis-client.ts';
import { createSharedRateLimit } from './shared-rate-limit.ts';
import { SharedStreams, type SharingSettings } from './shared-streams.ts';

export interface ClusterOptions {
  readonly settings: RedisSettings & SharingSettings & Pick<Config, 'shareEventStreams'>;
  /** `RATE_LIMIT`; 0: no limit. */
  readonly rateLimit: number;
  /** Maximum credentials whose keys are cached. */
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

/** @throws ConfigError for a Redis that cannot be used. An unreachable Redis is no error: it is connected in the background. */
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
  const replica = newReplicaId();
  const changes = new Changes({ connection, keys, prefix, replica });
  changes.start();
  const streams = settings.shareEventStreams
    ? new SharedStreams({ connection, keys, operatorKeys: redisKeys, replica, settings, log })
    : undefined;
  await streams?.start().catch((error: unknown) => {
    changes.close();
    connection.close();
    throw error;
  });
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

/** Checks a Redis that is unreachable at the start once it answers. */
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
