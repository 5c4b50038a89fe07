/** How soon the content of messages that expired or were recalled has left Redis: every key, and a full copy of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { startRedis } from '../support/redis.ts';
import { newSharingCaller, startSharingReplica } from '../support/sharing-replica.ts';
import { waitUntil } from '../support/wait.ts';

export interface SharedContentReport {
  readonly events: number;
  /** Keys whose `DUMP` has content of one of these messages when the last is gone. */
  readonly inDumps: number;
  /** Messages in a copy of Redis while they are alive, and that can be read there. */
  readonly inCopyBefore: number;
  readonly readable: number;
  /** From the expiry of the last message, and from the first recall, until no key has the content. */
  readonly expiredMs: number;
  readonly recalledMs: number;
  /** From that expiry until a copy has none: Redis copies keys that expired a moment ago. */
  readonly inCopyMs: number;
}

/** @param options.lifeMs Life of the messages that expire; all are in Redis before. Default: 10 s. */
export async function runSharedContent(options: {
  readonly events: number;
  readonly lifeMs?: number;
}): Promise<SharedContentReport> {
  const { events, lifeMs = 10_000 } = options;
  await using redis = await startRedis(['--rdbcompression', 'no']);
  await using upstream = await EventUpstream.start();
  await using first = await startSharingReplica(redis, upstream);
  await using second = await startSharingReplica(redis, upstream);
  const client = new Redis(redis.port);
  await using _client = {
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };
  const caller = newSharingCaller(upstream);
  const subscriptions = [caller.subscribe(first)];
  await waitUntil(() => caller.streams() === 1);
  subscriptions.push(caller.subscribe(second));
  await waitUntil(() => second.streams.gauges.states['follower'] === 1);
  const ids = Array.from({ length: events }, (_, index) => `m${index}`);
  const isExpiring = (id: string) => Number(id.slice(1)) % 2 === 0;
  for (const id of ids) {
    const life = isExpiring(id) ? { expire_in: lifeMs / 1_000 } : { ttl: 60 };
    caller.push(id, { body: `canary-${id}`, ...life });
  }
  const expiresAt = performance.now() + lifeMs;
  const contentKeys = () => client.keys('tc:{*:c:*');
  while ((await contentKeys()).length < events) await pause(20);
  const recalled: string[] = [];
  const expiring: string[] = [];
  const parts: Buffer[] = [];
  for (const key of await contentKeys()) {
    const [left, value] = await Promise.all([client.pttl(key), client.getBuffer(key)]);
    (left <= lifeMs ? expiring : recalled).push(key);
    // Behind the nonce and the tag, which other content has as well.
    if (value !== null) parts.push(value.subarray(29, 61));
  }
  const copy = async () => {
    await client.save();
    const [, folder = ''] = (await client.config('GET', 'dir')) as string[]; // as Redis documents
    return readFile(join(folder, 'dump.rdb'));
  };
  const before = await copy();
  const goneAt = async (keys: readonly string[]) => {
    for (;;) {
      const left = new Set(await contentKeys());
      if (!keys.some((key) => left.has(key))) return performance.now();
      await pause(5);
    }
  };
  const recalledAt = performance.now();
  for (const id of ids) {
    if (isExpiring(id)) continue;
    const payload = { client_id: `message-${id}`, status: 'New', is_recalled: true };
    upstream.push(caller.authorization, { id: `r${id}`, json: json(`r${id}`, 'tigertext:iq:message:status', payload) });
  }
  const recalledMs = (await goneAt(recalled)) - recalledAt;
  const expiredMs = (await goneAt(expiring)) - expiresAt;
  const isContent = (bytes: Buffer) => parts.some((part) => bytes.includes(part));
  const dumps = await Promise.all((await client.keys('*')).map((key) => client.dumpBuffer(key)));
  for (let left = await copy(); isContent(left); ) left = await copy();
  const inCopyMs = performance.now() - expiresAt;
  for (const { cancel } of subscriptions) cancel();
  return {
    events,
    inDumps: dumps.filter((dump) => dump !== null && isContent(dump)).length,
    inCopyBefore: parts.filter((part) => before.includes(part)).length,
    readable: ids.filter((id) => before.includes(`canary-${id}`)).length,
    expiredMs: Math.round(Math.max(0, expiredMs)),
    recalledMs: Math.round(recalledMs),
    inCopyMs: Math.round(Math.max(0, inCopyMs)),
  };
}
