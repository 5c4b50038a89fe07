/** Shared event streams at their bounds: a backlog that Redis does not take, evicted ids, lost messages. */
import { describe, expect, it } from 'vitest';
import { longLease, startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

const numbered = (count: number, letter = 'n') => Array.from({ length: count }, (_, index) => `${letter}${index}`);

/** Those that came, in the order in which they came, without gaps. */
const eventsOf = ({ got }: { readonly got: readonly string[] }) => got.filter((id) => id !== 'gap');

describe.concurrent('an owner', () => {
  it('delivers events that Redis does not take to its own subscribers, and to followers all of them or a gap, also beyond RESUME_EVENTS', async () => {
    await using pair = await startPair({ ...longLease, RESUME_EVENTS: '10', REDIS_TIMEOUT_MS: '5000' });
    const { redis, caller, atFirst, atSecond } = pair;
    const ids = numbered(60);
    redis.sleep();
    for (const id of ids) caller.push(id);
    await waitUntil(() => atFirst.got.length === 61);
    redis.wake();
    caller.push('last');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('last')));
    expect(atFirst.got).toEqual(['e1', ...ids, 'last']);
    const all = ['e1', ...ids, 'last'];
    const had = eventsOf(atSecond);
    // In order, each once; where some are missing the client knows.
    expect(had).toEqual(all.filter((id) => had.includes(id)));
    expect(atSecond.got.includes('gap')).toBe(had.length < all.length);
    await waitUntil(() => caller.stored().length === 0);
  });

  it('removes log entries whose ids exceed REMEMBERED_EVENT_IDS, acknowledged or not', async () => {
    await using pair = await startPair({ ...longLease, RESUME_EVENTS: '10', REMEMBERED_EVENT_IDS: '100' });
    const { redis, second, caller, atFirst } = pair;
    const manual = caller.subscribe(second, { acknowledge: 'MANUAL', after: 'e1' });
    await waitUntil(() => stateOf(second, 'follower'));
    for (let round = 0; round < 10; round += 1) {
      for (const id of numbered(100, `r${round}-`)) caller.push(id);
      const last = `r${round}-99`;
      await waitUntil(() => atFirst.got.includes(last));
    }
    expect(caller.stored().length).toBe(1_000);
    const [key = ''] = (await redis.command('KEYS', '*:log')).match(/tc:\S+:log/) ?? [];
    const length = async () => Number(/:(\d+)/.exec(await redis.command('XLEN', key))?.[1]);
    while ((await length()) >= 300) await new Promise((resolve) => setTimeout(resolve, 50));
    manual.cancel();
  });

  it('counts as alone while it is cut off from Redis', async () => {
    await using pair = await startPair();
    const { first, second } = pair;
    first.redisWire.cut();
    await waitUntil(() => stateOf(first, 'alone'));
    expect(stateOf(first, 'owner')).toBe(false);
    await waitUntil(() => stateOf(second, 'owner'));
    first.redisWire.mend();
    await waitUntil(() => stateOf(first, 'follower') && !stateOf(first, 'alone'));
  });
});

describe.concurrent('a replica whose inbox lost messages', () => {
  it('contacts the owner, and delivers each event once and in order', async () => {
    await using pair = await startPair(longLease);
    const { redis, caller, atFirst, atSecond } = pair;
    const ids = numbered(20);
    // It reads nothing, from half a second on.
    await redis.command('ACL', 'SETUSER', 'default', '-xread');
    await new Promise((resolve) => setTimeout(resolve, 700));
    for (const id of ids) caller.push(id);
    await waitUntil(() => atFirst.got.length === 21);
    const inboxes = async () => (await redis.command('KEYS', '*:in')).match(/tc:\S+:in/g) ?? [];
    while ((await inboxes()).length === 0);
    for (const inbox of await inboxes()) await redis.command('DEL', inbox);
    await redis.command('ACL', 'SETUSER', 'default', '+xread');
    await waitUntil(() => atSecond.got.length === 21);
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', ...ids],
      ['e1', ...ids],
    ]);
    await waitUntil(() => caller.stored().length === 0);
  });
});
