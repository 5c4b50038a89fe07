/** How many calls run and wait: for all callers, for each, and in whose turn. */
import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { type Entrant, Lanes } from '../../src/upstream/transport/admission.ts';
import { ada } from '../support/endpoint-case.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

const bounds = { places: 2, placesPerCaller: 2, queue: 100, queuePerCaller: 100 };

class Waiting implements Entrant {
  lane: Entrant['lane'];
  row: object | undefined;
  before: Entrant | undefined;
  behind: Entrant | undefined;
  readonly granted: () => void;

  constructor(granted: () => void) {
    this.granted = granted;
  }
}

/** Enters and notes the name once a place is granted. */
function enter(lanes: Lanes, key: string, name: string, granted: string[]): Entrant {
  const entrant = new Waiting(() => granted.push(name));
  const admission = lanes.enter(key, entrant);
  if (admission === 'entered') granted.push(name);
  else if (admission !== 'waiting') granted.push(`${name} refused by ${admission}`);
  return entrant;
}

/** Lets those that were granted a place be told. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('places', () => {
  it('go to waiting callers in turn, not to the longest queue', async () => {
    const lanes = new Lanes(bounds);
    const granted: string[] = [];
    const busy = [1, 2, 3, 4, 5].map((call) => enter(lanes, 'busy', `busy ${call}`, granted));
    const quiet = enter(lanes, 'quiet', 'quiet 1', granted);
    enter(lanes, 'other', 'other 1', granted);
    for (const call of busy.slice(0, 2)) lanes.leave(call);
    await settled();
    lanes.leave(quiet);
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
    const first = enter(lanes, 'a', 'a 1', granted);
    const leaving = [0, 1].map((index) => enter(lanes, `leaver ${index}`, `leaver ${index}`, granted));
    const last = enter(lanes, 'b', 'b 1', granted);
    expect(leaving.map((entrant) => lanes.withdraw(entrant))).toEqual([true, true]);
    lanes.leave(first);
    await settled();
    expect(granted).toEqual(['a 1', 'b 1']);
    expect([first, ...leaving, last].map((entrant) => lanes.withdraw(entrant))).toEqual([false, false, false, false]);
    lanes.leave(last);
    expect([lanes.callers, lanes.running, lanes.waiting]).toEqual([0, 0, 0]);
  });

  it('hold their invariants whatever happens in whatever order', async () => {
    const limits = { places: 3, placesPerCaller: 2, queue: 12, queuePerCaller: 5 };
    const lanes = new Lanes(limits);
    const running = new Map<Entrant, string>();
    const waiting = new Set<Entrant>();
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let step = 0; step < 20_000; step++) {
      const key = `caller ${random(6)}`;
      const dice = random(10);
      if (dice < 5) {
        const entrant: Entrant = new Waiting(() => {
          waiting.delete(entrant);
          running.set(entrant, key);
        });
        const admission = lanes.enter(key, entrant);
        if (admission === 'entered') running.set(entrant, key);
        else if (admission === 'waiting') waiting.add(entrant);
      } else if (dice < 9) {
        const [held] = running.keys();
        if (held !== undefined) {
          running.delete(held);
          lanes.leave(held);
        }
      } else {
        // In the middle of its row, at its end, or alone in it.
        const leaver = [...waiting][random(waiting.size)];
        if (leaver !== undefined && lanes.withdraw(leaver)) waiting.delete(leaver);
      }
      if (step % 5 === 0) await settled();
      const callers = [...running.values()];
      expect(lanes.running).toBeLessThanOrEqual(limits.places);
      for (const caller of callers) {
        expect(callers.filter((each) => each === caller).length).toBeLessThanOrEqual(limits.placesPerCaller);
      }
      if (step % 5 === 0) {
        expect([lanes.running, lanes.waiting]).toEqual([running.size, waiting.size]);
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
