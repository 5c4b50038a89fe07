/** Gateways of one process that share a sandbox and a Redis, closed at the end of the test's block. */
import type { Config } from '../../src/config/config.ts';
import { parseRedisAddress } from '../../src/config/redis-address.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type GraphQLAnswer, post, testConfig } from './stack.ts';

export interface Replica {
  readonly gateway: Gateway;
  /** Every line it logged. */
  readonly logLines: readonly string[];
  query(query: string, variables?: object, as?: string | null): Promise<GraphQLAnswer>;
}

export interface Replicas extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly all: readonly Replica[];
}

/** Settings of Redis. @param url `REDIS_URL`. */
export function redisConfig(url: string): Partial<Config> {
  return { redisUrl: parseRedisAddress(url), redisKeys: [Buffer.alloc(32, 7)] };
}

/** Starts one gateway. @throws ConfigError as the gateway does. */
export async function startReplica(upstreamUrl: string, config: Partial<Config>): Promise<Replica> {
  const logLines: string[] = [];
  const log = createLog('debug', { write: (line: string) => void logLines.push(line) });
  const gateway = await startGateway({ config: testConfig(upstreamUrl, config), log });
  return {
    gateway,
    logLines,
    query: (query, variables, as = 'ada') => post(gateway.url, { query, variables }, as),
  };
}

export async function startReplicas(count: number, config: Partial<Config>): Promise<Replicas> {
  const sandbox = await startSandbox();
  const all = await Promise.all(Array.from({ length: count }, () => startReplica(sandbox.url, config)));
  return {
    sandbox,
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map(({ gateway }) => gateway.close()));
      await sandbox.close();
    },
  };
}
