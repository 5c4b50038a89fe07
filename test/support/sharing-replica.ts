/**
 * A replica that shares event streams, as a hub of this process, with connections to Redis and to the upstream that tests can cut.
 */

import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { RedisConnection } from '../../src/cluster/redis/connection.ts';
import { SharedStreams } from '../../src/cluster/shared-streams.ts';
import { parseConfig } from '../../src/config/config.ts';
import { GatewayError } from '../../src/errors.ts';
import {
  createEventHub,
  type Delivery,
  type EventHub,
  type EventSubscription,
  type SubscribeOptions,
} from '../../src/events/hub.ts';
import { createLog } from '../../src/observability/log.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { everything, messageEvent } from './event-hub.ts';
import { type EventUpstream, frame } from './event-upstream.ts';
import type { RedisServer } from './redis.ts';
import type { RedisCluster } from './redis-topologies.ts';
import { startBalancer } from './tcp-balancer.ts';
import { waitUntil } from './wait.ts';

/** A connection that can be cut for new and old sockets. */
export interface Wire {
  cut(): void;
  mend(): void;
}

export interface SharingReplica extends AsyncDisposable {
  readonly hub: EventHub;
  readonly streams: SharedStreams;
  readonly redisWire: Wire;
  readonly upstreamWire: Wire;
}

export const operatorKey = Buffer.alloc(32, 5);

/**
 * @param redis A server, or what can be reached without a wire that can be cut.
 * @param replica Its id. Default: random.
 * @param maxBehindMs Default: that of the gateway.
 */
export async function startSharingReplica(
  redis: Pick<RedisServer, 'port'> | Pick<RedisCluster, 'url'>,
  upstream: EventUpstream,
  env: Readonly<Record<string, string>> = {},
  replica = `replica-${Math.random().toString(36).slice(2)}`,
  maxBehindMs?: number,
): Promise<SharingReplica> {
  const [redisWire, upstreamWire] = await Promise.all([
    startWire('port' in redis ? redis.port : 0),
    startWire(Number(new URL(upstream.url).port)),
  ]);
  const url = 'port' in redis ? redisWire.url.replace('http:', 'redis:') : redis.url;
  const own = {
    UPSTREAM_URL: upstreamWire.url,
    REDIS_URL: url,
    REDIS_LEASE_MS: '1000',
    STREAM_LINGER_MS: '100',
    ...env,
  };
  const { hub, streams, close } = await startSharingHub(own, replica, maxBehindMs);
  return {
    hub,
    streams,
    redisWire,
    upstreamWire,
    async [Symbol.asyncDispose]() {
      await close();
      await Promise.all([redisWire.close(), upstreamWire.close()]);
    },
  };
}

/** A hub of this process that shares event streams. @param env Names at least upstream and Redis. */
export async function startSharingHub(env: Readonly<Record<string, string>>, replica: string, maxBehindMs?: number) {
  const log = createLog('silent');
  const config = parseConfig({ REDIS_KEYS: operatorKey.toString('base64'), ...env });
  const { redisUrl, redisKeys, upstreamUrl } = config;
  if (redisUrl === undefined || redisKeys === undefined || upstreamUrl === undefined) throw new Error('all are set');
  const settings = { ...config, redisUrl, redisKeys };
  const connection = await RedisConnection.open(settings, log);
  const keys = new CredentialKeys(redisKeys, 100);
  const streams = new SharedStreams({ connection, keys, operatorKeys: redisKeys, replica, settings, log, maxBehindMs });
  await streams.start();
  const client = createUpstreamClient({ config: { ...config, upstreamUrl }, log });
  const hub = createEventHub({
    origin: upstreamUrl,
    settings: config,
    log,
    sharing: streams,
    acknowledge: (credential, ids) => acknowledgeEvents(client.for({ credential, requestId: 'test' }), ids),
  });
  return {
    hub,
    streams,
    async close() {
      await hub.close();
      await streams.close();
      await client.close();
      connection.close();
    },
  };
}

async function startWire(port: number): Promise<Wire & { readonly url: string; close(): Promise<void> }> {
  const balancer = await startBalancer([port]);
  return {
    url: balancer.url,
    cut() {
      balancer.targets = [];
      balancer.cut(port);
    },
    mend() {
      balancer.targets = [port];
    },
    async close() {
      await balancer[Symbol.asyncDispose]();
    },
  };
}

/** An event that is not stored: a subscriber without a place does not get it. */
const typing = { sender_token: 'x', status: 'typing' };

let callers = 0;

/** A caller of its own, with what tests do for it. */
export function newSharingCaller(upstream: EventUpstream) {
  callers += 1;
  const authorization = `Basic ${Buffer.from(`canary-caller-${callers}:x`).toString('base64')}`;
  const credential = createCredential(authorization);
  return {
    authorization,
    push: (id: string, message: object = {}) => upstream.push(authorization, messageEvent(id, message)),
    subscribe: (
      { hub }: SharingReplica,
      options: Partial<Pick<SubscribeOptions, 'after' | 'acknowledge' | 'wants'>> & { readonly isSlow?: boolean } = {},
    ) => {
      const { isSlow, ...own } = options;
      return reading(hub.subscribe(credential, { wants: everything, acknowledge: 'AUTO', ...own }), isSlow === true);
    },
    acknowledge: ({ hub }: SharingReplica, ids: string[]) => hub.acknowledge(credential, ids),
    /**
     * Resolves when each subscriber has its place, a little later than its replica has a role: until then what another one has had
     * is not new to it. All have had nothing by then.
     */
    placed: async (...subscribers: readonly { readonly got: string[] }[]) => {
      let id = '';
      let sentAt = Number.NEGATIVE_INFINITY;
      let repeatAfterMs = 50;
      await waitUntil(() => {
        if (id !== '' && subscribers.every(({ got }) => got.at(-1) === id)) return true;
        if (performance.now() - sentAt < repeatAfterMs) return false;
        sentAt = performance.now();
        repeatAfterMs *= 2;
        id = `typing-${Math.round(sentAt)}`;
        upstream.send(authorization, frame(id, 'tigertext:iq:message:is_typing', typing));
        return false;
      });
      for (const { got } of subscribers) got.length = 0;
    },
    streams: () => upstream.streamsOf(authorization).length,
    stored: () => upstream.stored(authorization),
  };
}

/** Reads a subscription as it comes, and confirms each item; a slow one first when it may. */
function reading(subscription: EventSubscription, isSlow: boolean) {
  const got: string[] = [];
  let mayRead = !isSlow;
  const read = () => {
    if (!mayRead) return;
    try {
      for (let item: Delivery | undefined = subscription.read(); item !== undefined; item = subscription.read()) {
        got.push(item.kind === 'event' ? item.id : item.kind);
        // A socket confirms later, when all subscribers have been offered the event.
        setImmediate(() => subscription.ack());
      }
    } catch (error) {
      got.push(error instanceof GatewayError ? error.code : String(error));
    }
  };
  subscription.onReadable(read);
  read();
  return {
    got,
    cancel: () => subscription.cancel(),
    readOn() {
      mayRead = true;
      read();
    },
  };
}
