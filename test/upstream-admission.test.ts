/** How many calls run and wait: for all callers, for each, and in whose turn. */
import { describe, expect, it } from 'vitest';
import { Cancellation } from '../src/upstream/cancellation.ts';
import { createCredential } from '../src/upstream/credential.ts';
import { Lanes } from '../src/upstream/lanes.ts';
import { getMe } from '../src/upstream/user.ts';
import { ada } from './support/endpoint-case.ts';
import { connectTo, reply, startWireServer } from './support/wire-server.ts';

const bounds = { places: 2, placesPerCaller: 2, queue: 100, queuePerCaller: 100 };

/** Enters and notes the name once a place is granted. */
function enter(lanes: Lanes, key: string, name: string, granted: string[], call = new Cancellation()): void {
  const place = lanes.enter(key, call);
  if (place === undefined) granted.push(name);
  else if (typeof place === 'string') granted.push(`${name} refused by ${place}`);
  else {
    place.then(
      () => granted.push(name),
      () => granted.push(`${name} left`),
    );
  }
}

/** Lets promise callbacks run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('places', () => {
  it('go to waiting callers in turn, not to the longest queue', async () => {
    const lanes = new Lanes(bounds);
    const granted: string[] = [];
    for (let call = 1; call <= 5; call++) enter(lanes, 'busy', `busy ${call}`, granted);
    enter(lanes, 'quiet', 'quiet 1', granted);
    enter(lanes, 'other', 'other 1', granted);
    for (let freed = 0; freed < 2; freed++) lanes.leave('busy');
    await settled();
    lanes.leave('quiet');
    await settled();
    expect(granted).toEqual(['busy 1', 'busy 2', 'quiet 1', 'other 1', 'busy 3']);
    expect([lanes.running, lanes.waiting]).toEqual([2, 2]);
  });

  it('beyond a caller’s own bound stay free for others', () => {
    const lanes = new Lanes({ ...bounds, places: 3, placesPerCaller: 1 });
    const granted: string[] = [];
    enter(lanes, 'a', 'a 1', granted);
    enter(lanes, 'a', 'a 2', granted);
    enter(lanes, 'b', 'b 1', granted);
    expect(granted).toEqual(['a 1', 'b 1']);
  });

  it('are refused when a queue is full, naming whose', () => {
    const lanes = new Lanes({ places: 1, placesPerCaller: 1, queue: 3, queuePerCaller: 2 });
    const granted: string[] = [];
    for (let call = 1; call <= 4; call++) enter(lanes, 'a', `a ${call}`, granted);
    enter(lanes, 'b', 'b 1', granted);
    enter(lanes, 'c', 'c 1', granted);
    expect(granted).toEqual(['a 1', 'a 4 refused by caller', 'c 1 refused by everyone']);
    expect(lanes.callers).toBe(2);
  });

  it('are not lost by calls that leave the queue, and nothing is kept of idle callers', async () => {
    const lanes = new Lanes({ ...bounds, places: 1 });
    const granted: string[] = [];
    const leaving = [new Cancellation(), new Cancellation()];
    enter(lanes, 'a', 'a 1', granted);
    leaving.forEach((call, index) => {
      enter(lanes, `leaver ${index}`, `leaver ${index}`, granted, call);
    });
    enter(lanes, 'b', 'b 1', granted);
    for (const call of leaving) call.cancel(new Error('left'));
    lanes.leave('a');
    await settled();
    expect(granted).toEqual(['a 1', 'leaver 0 left', 'leaver 1 left', 'b 1']);
    lanes.leave('b');
    expect([lanes.callers, lanes.running, lanes.waiting]).toEqual([0, 0, 0]);
  });

  it('hold their invariants whatever happens in whatever order', async () => {
    const limits = { places: 3, placesPerCaller: 2, queue: 12, queuePerCaller: 5 };
    const lanes = new Lanes(limits);
    const running = new Map<string, number>();
    const waiting = new Set<Cancellation>();
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const begin = (key: string) => running.set(key, (running.get(key) ?? 0) + 1);
    for (let step = 0; step < 20_000; step++) {
      const key = `caller ${random(6)}`;
      const dice = random(10);
      if (dice < 5) {
        const call = new Cancellation();
        const place = lanes.enter(key, call);
        if (place === undefined) begin(key);
        else if (typeof place !== 'string') {
          waiting.add(call);
          place.then(
            () => {
              waiting.delete(call);
              begin(key);
            },
            () => waiting.delete(call),
          );
        }
      } else if (dice < 9) {
        const held = [...running].find(([, count]) => count > 0)?.[0];
        if (held !== undefined) {
          running.set(held, (running.get(held) ?? 0) - 1);
          lanes.leave(held);
        }
      } else {
        const [call] = waiting;
        call?.cancel(new Error('left'));
      }
      if (step % 5 === 0) await settled();
      const total = [...running.values()].reduce((sum, count) => sum + count, 0);
      expect(lanes.running).toBeLessThanOrEqual(limits.places);
      expect(Math.max(0, ...running.values())).toBeLessThanOrEqual(limits.placesPerCaller);
      if (step % 5 === 0) {
        expect([lanes.running, lanes.waiting]).toEqual([total, waiting.size]);
        // A place may stay free only when nobody could take it.
        if (waiting.size > 0 && running.size === 0) expect(lanes.running).toBe(limits.places);
      }
      expect(lanes.waiting).toBeLessThanOrEqual(limits.queue);
    }
  });
});

describe('calls', () => {
  it('of one credential never take more than its share, and others are served meanwhile', async () => {
    let running = 0;
    let most = 0;
    const held: (() => void)[] = [];
    await using server = await startWireServer(({ headers }, response) => {
      if (headers.authorization === 'Basic other') return reply(response, { token: 'other' });
      running++;
      most = Math.max(most, running);
      held.push(() => {
        running--;
        reply(response, { token: ada });
      });
    });
    await using side = connectTo(server.origin, { upstreamConnections: 8, upstreamConcurrencyPerCaller: 3 });
    const calls = Promise.all(Array.from({ length: 12 }, () => getMe(side.upstream)));
    await expect.poll(() => held.length).toBe(3);
    const other = side.client.for({ credential: createCredential('Basic other'), requestId: 'r' });
    expect((await getMe(other)).token).toBe('other');
    let answered = 0;
    await expect
      .poll(() => {
        const answer = held.shift();
        if (answer !== undefined) answered++;
        answer?.();
        return answered;
      })
      .toBe(12);
    expect(await calls).toHaveLength(12);
    expect(most).toBe(3);
  });

  it('beyond the queue of a credential are RATE_LIMITED, beyond everyone’s UPSTREAM_UNAVAILABLE', async () => {
    await using server = await startWireServer(() => {});
    await using side = connectTo(server.origin, {
      upstreamConnections: 1,
      upstreamQueuePerCaller: 2,
      upstreamQueue: 3,
      upstreamTimeoutMs: 300,
    });
    const waiting = Promise.allSettled(Array.from({ length: 3 }, () => getMe(side.upstream)));
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    const caller = (name: string) => side.client.for({ credential: createCredential(name), requestId: 'r' });
    const third = getMe(caller('Basic b')).catch((error: unknown) => error);
    await expect(getMe(caller('Basic c'))).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterSeconds: 1,
    });
    expect(await third).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await waiting;
  });
});
